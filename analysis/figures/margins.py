"""What stands around a chart: the names of events, the legend, the title."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError
from analysis.figures.flags import Flag, place_flags
from analysis.figures.layout import (
    GAP,
    PER_INCH,
    axes_size,
    draw_heading,
    inches_from,
    is_narrow,
    root,
    settle,
    start_of,
    text_size,
    wrap_text,
)
from analysis.figures.legends import Entry, draw_legend
from analysis.figures.marks import Event
from analysis.figures.style import DARK
from analysis.figures.words import Writing, write_digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_LINES = 5
_ENTRY = 13.5
_LEAST = 60.0
_SIZE = 8
_LINE = 11.5
_WIDTHS = (1000.0, 90.0, 60.0)
"""How wide the names of events may be, in points, before they are broken into lines."""


def draw_margins(
    ax: "Axes",
    writing: Writing,
    *,
    title: str,
    measure: str,
    entries: Sequence[Entry] = (),
    events: Sequence[Event] = (),
    calendar: pd.IntervalIndex | None = None,
    is_beside: bool = True,
    may_grow: bool = False,
) -> None:
    """Write the names of events, the legend and the title around the axes, none on another.

    The legend stands above the axes when they are narrow or others stand beside them.
    Names of events stand right above the axes. Where they have no room, numbers stand in
    their place and the legend, or a line above when it is full, says what they are. A figure
    that `may_grow` gets higher by what the events take. Raises InputError when they leave no
    room for the chart of one that may not.
    """
    numbers = [write_digits(f"{number}", writing) for number in range(1, len(events) + 1)]
    names = [event.name for event in events]
    key = [f"{number}\u00a0{name}" for number, name in zip(numbers, names, strict=True)]
    is_beside = is_beside and not is_narrow(ax)
    settle(ax)
    most = axes_size(ax)[1] / _ENTRY
    for texts, added in ((names, []), (numbers, key)):
        listed = added if is_beside and len(entries) + len(added) <= most else []
        if is_beside:
            draw_legend(ax, [*entries, *map(_text_entry, listed)], writing, is_beside=True)
        settle(ax)
        above = _draw_names(ax, events, texts, calendar, are_numbers=texts is numbers)
        if above is not None:
            break
    above = _draw_key(ax, [] if listed else added, writing, above=above or 0.0)
    _make_room(ax, above, len(events), may_grow=may_grow)
    if not is_beside:
        above = draw_legend(ax, entries, writing, is_beside=False, above=above)
    draw_heading(ax, title, measure, writing, above=above)


def _make_room(ax: "Axes", taken: float, events: int, *, may_grow: bool) -> None:
    """Make the figure higher by what the events take, or see that enough is left."""
    if may_grow:
        root(ax).set_figheight(root(ax).get_figheight() + taken / PER_INCH)
    elif events and axes_size(ax)[1] - taken < _LEAST:
        raise InputError(
            f"the axes have no room for the names of {events} events; "
            "choose fewer of them, or make the figure larger."
        )


def _text_entry(text: str) -> Entry:
    from matplotlib.lines import Line2D

    return Entry(Line2D([], [], linestyle=""), text)


def _draw_key(ax: "Axes", key: Sequence[str], writing: Writing, *, above: float) -> float:
    """Write what the numbers of events stand for, and return the points taken above the axes."""
    if not key:
        return above
    text = wrap_text(ax, writing.words["then"].join(key), axes_size(ax)[0], size=_SIZE)
    ax.annotate(
        text,
        (int(writing.is_arabic), 1),
        xycoords="axes fraction",
        xytext=(0, above + GAP),
        textcoords="offset points",
        size=_SIZE,
        ha=start_of(writing),
        va="bottom",
    )
    return above + GAP + text_size(ax, text, size=_SIZE)[1]


def _draw_names(
    ax: "Axes",
    events: Sequence[Event],
    texts: Sequence[str],
    calendar: pd.IntervalIndex | None,
    *,
    are_numbers: bool,
) -> float | None:
    """Write the texts in rows above the axes, each on a staff.

    Returns the points they take; None when names need more than a few lines. Numbers may stand
    in any number of rows, and on a staff where all else fails.
    """
    if calendar is None or not events:
        return 0.0
    room = axes_size(ax)[0]
    whole = calendar.right[-1] - calendar.left[0]
    staffs = [room * ((event.date - calendar.left[0]) / whole) for event in events]
    for width in _WIDTHS:
        wrapped = [wrap_text(ax, text, width, size=_SIZE) for text in texts]
        lines = 1 + max(text.count("\n") for text in wrapped)
        widths = [text_size(ax, text, size=_SIZE)[0] + 2 * GAP for text in wrapped]
        most = len(texts) if are_numbers else _MOST_LINES // lines
        flags = place_flags(staffs, widths, room, most_rows=most)
        if flags is None and are_numbers:
            flags = place_flags(staffs, widths, room, most_rows=most, may_cross=True)
        if flags is not None:
            _draw_flags(ax, events, wrapped, flags, lines)
            return GAP + (1 + max(flag.row for flag in flags)) * lines * _LINE
    return None


def _draw_flags(
    ax: "Axes", events: Sequence[Event], texts: Sequence[str], flags: Sequence[Flag], lines: int
) -> None:
    """Write the texts, each beside a staff that rises from the line of its event."""
    tops = []
    for event, text, flag in zip(events, texts, flags, strict=True):
        on_the_right = flag.left >= flag.staff
        ax.annotate(
            text,
            (event.date, 1),
            xycoords=("data", "axes fraction"),
            xytext=(GAP / 2 if on_the_right else -GAP / 2, GAP + flag.row * lines * _LINE),
            textcoords="offset points",
            size=_SIZE,
            ha="left" if on_the_right else "right",
            va="bottom",
            annotation_clip=False,
        )
        tops.append((GAP + (flag.row * lines + 1 + text.count("\n")) * _LINE - 1) / PER_INCH)
    ax.vlines(
        pd.DatetimeIndex([event.date for event in events]),
        0,
        tops,
        transform=inches_from(ax, 1, along=ax.transData),
        color=DARK,
        linewidth=0.6,
        clip_on=False,
    )
