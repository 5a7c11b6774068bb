"""What stands beside the rows of a chart: names, columns of numbers, which way is which."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.errors import InputError
from analysis.figures.layout import (
    GAP,
    PER_INCH,
    axes_size,
    root,
    settle,
    start_of,
    text_size,
    wrap_text,
)
from analysis.figures.style import EMPTY, STYLES, labels_on_the_right, set_type
from analysis.figures.words import Writing, write_digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ticker import Formatter

SIZE = 8
_NAMES = 0.32
_WIDER = (1.0, 1.25, 1.5)
_ROWS = 0.8
_COLUMN = 0.13
_WIDEST_COLUMN = 64.0
_LINE = 11.5
_TICKS = 18.0


def name_rows(
    ax: "Axes", names: Sequence[str], writing: Writing, *, room: float | None = None
) -> None:
    """Write the names of rows 0, 1, ... from the top down, broken into lines where they are long.

    They take `room` points or, without it, a third of the axes, and more where rows are too low
    for several lines. In Arabic figures they stand on the right, where reading begins.
    """
    set_type(ax)
    ax.set_ylim(max(1, len(names)) - 0.5, -0.5)
    ax.set_yticks(np.arange(len(names)), wrap_names(ax, names, room=room))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color=EMPTY)
    ax.set_axisbelow(True)
    if writing.is_arabic:
        labels_on_the_right(ax)


def wrap_names(ax: "Axes", names: Sequence[str], *, room: float | None = None) -> list[str]:
    """Return names in as many lines as their rows are high, and as their room asks for."""
    width, height = axes_size(ax)
    lines = max(1, int(_ROWS * height / max(1, len(names)) / _LINE))
    room = room or _NAMES * width
    wrapped = []
    for name in names:
        for wider in _WIDER:
            text = wrap_text(ax, name, wider * room, size=SIZE)
            if text.count("\n") < lines:
                break
        wrapped.append(text)
    return wrapped


def require_few_hues(number: int, name: str, *, remedy: str = "name fewer in `categories`") -> None:
    """Raise InputError when there are more categories than a figure can tell apart."""
    if number > len(STYLES):
        raise InputError(f"{name} tells {len(STYLES)} categories apart, not {number}; {remedy}.")


def write_columns(
    ax: "Axes", title: str, columns: Mapping[str, Sequence[str]], writing: Writing
) -> None:
    """Write columns of numbers at the end of the rows, each under its head, a title over all.

    The first column stands next to the axes: on their right, in Arabic figures on their left.
    """
    side, sign = (0, -1) if writing.is_arabic else (1, 1)
    start, top = 2 * GAP, 0.0
    for head, texts in columns.items():
        width, head = _measure_column(ax, head, texts)
        edge = start if writing.is_arabic else start + width
        for place, text in enumerate(texts):
            ax.annotate(
                text,
                (side, place),
                xycoords=("axes fraction", "data"),
                xytext=(sign * edge, 0),
                textcoords="offset points",
                size=SIZE,
                ha="right",
                va="center",
                annotation_clip=False,
            )
        _write_above(ax, head, side, sign * edge, GAP, "right")
        top = max(top, text_size(ax, head, size=SIZE)[1])
        start += width + 2.5 * GAP
    if title:
        title = wrap_text(ax, title, start - 2 * GAP, size=SIZE)
        _write_above(ax, title, side, sign * 2 * GAP, top + 1.5 * GAP, start_of(writing))


def width_of_columns(ax: "Axes", columns: Mapping[str, Sequence[str]]) -> float:
    """Return the width in points that `write_columns` takes."""
    widths = [_measure_column(ax, head, texts)[0] for head, texts in columns.items()]
    return 2 * GAP + sum(width + 2.5 * GAP for width in widths)


def _measure_column(ax: "Axes", head: str, texts: Sequence[str]) -> tuple[float, str]:
    """Return the width of a column in points, and its head in as many lines as it takes."""
    width = min(_WIDEST_COLUMN, _COLUMN * PER_INCH * root(ax).get_figwidth())
    head = wrap_text(ax, head, width, size=SIZE)
    return max(text_size(ax, text, size=SIZE)[0] for text in [head, *texts]), head


def _write_above(ax: "Axes", text: str, side: int, right: float, up: float, ha: str) -> None:
    ax.annotate(
        text,
        (side, 1),
        xycoords="axes fraction",
        xytext=(right, up),
        textcoords="offset points",
        size=SIZE,
        ha=ha,
        va="bottom",
    )


def write_directions(ax: "Axes", sides: Sequence[str], writing: Writing) -> None:
    """Say under the axis what lies left of zero and what right of it, with arrows.

    Numbers rise from left to right in Arabic figures too.
    """
    settle(ax)
    width = 0.48 * axes_size(ax)[0]
    texts = [wrap_text(ax, text, width, size=SIZE) for text in point_at(sides, writing)]
    for text, place, side in zip(texts, (0, 1), ("left", "right"), strict=True):
        ax.annotate(
            text,
            (place, 0),
            xycoords="axes fraction",
            xytext=(0, -_TICKS),
            textcoords="offset points",
            size=SIZE,
            ha=side,
            va="top",
            annotation_clip=False,
        )
    ax.xaxis.labelpad = GAP + _LINE * (1 + max(text.count("\n") for text in texts))


def point_at(sides: Sequence[str], writing: Writing) -> list[str]:
    """Return the texts for left and right, each with an arrow where it points to.

    >>> from analysis.figures.words import choose_writing
    >>> point_at(["less", "more"], choose_writing("en")) == ["←\u00a0less", "more\u00a0→"]
    True
    """
    left, right = sides
    if writing.is_arabic:
        return [f"{left}\u00a0←", f"→\u00a0{right}"]
    return [f"←\u00a0{left}", f"{right}\u00a0→"]


def write_change(number: float, measure: str, writing: Writing) -> str:
    """Return a difference with its sign, that of a share in percentage points.

    In Arabic sentences invisible marks keep the sign on the left of the number.

    >>> from analysis.figures.words import choose_writing
    >>> write_change(0.0525, "share", choose_writing("en"))
    '+5.25'
    """
    number = 100 * number if measure == "share" else number
    text = write_digits(f"{number:+.3g}" if abs(number) < 100 else f"{number:+,.0f}", writing)
    return f"\u2066{text}\u2069" if writing.is_arabic else text


def write_share(share: float, writing: Writing) -> str:
    """Return a share of a whole in percent; it can be below 0 or above 100.

    >>> from analysis.figures.words import choose_writing
    >>> write_share(-0.125, choose_writing("en"))
    '-12%'
    """
    text = write_digits(f"{100 * share:.0f}%", writing)
    return f"\u2066{text}\u2069" if writing.is_arabic else text


def change_format(measure: str, writing: Writing) -> "Formatter":
    """Return the formatter of an axis of differences: those of shares in percentage points."""
    from matplotlib.ticker import FuncFormatter

    scale = 100 if measure == "share" else 1
    return FuncFormatter(lambda number, _: write_digits(f"{scale * number:,.6g}", writing))
