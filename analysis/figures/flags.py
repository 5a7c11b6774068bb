"""Where names stand above a chart, each like a flag on the staff that rises from its event."""

from collections.abc import Sequence
from typing import NamedTuple


class Flag(NamedTuple):
    """A name: its staff, where it begins and ends, and its row, from 0 at the foot."""

    staff: float
    left: float
    right: float
    row: int


def place_flags(
    staffs: Sequence[float],
    widths: Sequence[float],
    room: float,
    *,
    most_rows: int,
    may_cross: bool = False,
) -> list[Flag] | None:
    """Return a place for each name in as few rows as can be; None when they have no room.

    `staffs` come in order. A name flies to the right of its staff or to the left: of all the
    ways to divide the names in two, the one with the fewest rows is taken. No two names of a
    row touch, all lie between 0 and `room`, and unless it `may_cross`, no staff runs through
    a name.

    >>> [flag.row for flag in place_flags([10, 20, 90], [30, 30, 30], 100, most_rows=4)]
    [1, 0, 0]
    """
    ways = [
        [(number < first) is right_first for number in range(len(staffs))]
        for first in range(len(staffs), -1, -1)
        for right_first in (True, False)
    ]
    found = (
        _place(staffs, widths, room, on_right, rows, may_cross)
        for rows in range(1, most_rows + 1)
        for on_right in ways
    )
    return next((flags for flags in found if flags is not None), None)


def _place(
    staffs: Sequence[float],
    widths: Sequence[float],
    room: float,
    on_right: Sequence[bool],
    most_rows: int,
    may_cross: bool,
) -> list[Flag] | None:
    """Place the names on their sides, those first that others must reach over."""
    numbers = range(len(staffs))
    order = [number for number in reversed(numbers) if on_right[number]]
    order += [number for number in numbers if not on_right[number]]
    placed: dict[int, Flag] = {}
    for number in order:
        staff, width = staffs[number], widths[number]
        left = staff if on_right[number] else staff - width
        if left < 0 or left + width > room:
            return None
        choices = (Flag(staff, left, left + width, row) for row in range(most_rows))
        free = (
            flag
            for flag in choices
            if not any(_clash(flag, other, may_cross) for other in placed.values())
        )
        flag = next(free, None)
        if flag is None:
            return None
        placed[number] = flag
    return [placed[number] for number in numbers]


def _clash(flag: Flag, other: Flag, may_cross: bool) -> bool:
    if flag.row == other.row:
        return flag.left < other.right and other.left < flag.right
    lower, higher = sorted([flag, other], key=lambda one: one.row)
    return not may_cross and lower.left < higher.staff < lower.right
