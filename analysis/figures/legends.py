"""Legends: what a line, a hollow point, a hatched bar means; always outside the data."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analysis.figures.layout import GAP, PER_INCH, axes_size, over_axes, root, wrap_text
from analysis.figures.style import GREY
from analysis.figures.words import Writing, write_digits

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_WIDTH = 165.0


class Entry(NamedTuple):
    """A line of a legend: how a thing looks, and what it is."""

    handle: "Artist"
    text: str


def line_entries(ax: "Axes") -> list[Entry]:
    """Return an entry for each line of the axes that has a label, in its full strength."""
    from matplotlib.lines import Line2D

    return [
        Entry(
            Line2D(
                [],
                [],
                color=line.get_color(),
                marker=line.get_marker(),
                linestyle=line.get_linestyle(),
            ),
            str(text),
        )
        for line, text in zip(*ax.get_legend_handles_labels(), strict=True)
        if isinstance(line, Line2D)
    ]


def interval_entries(level: float | None, writing: Writing) -> list[Entry]:
    """Return the entry of the shaded intervals, none when the table has no level."""
    from matplotlib.patches import Patch

    if level is None:
        return []
    text = writing.words["interval"].format(level=f"{100 * level:g}%")
    return [Entry(Patch(color=GREY, alpha=0.5, linewidth=0), write_digits(text, writing))]


def few_entries(
    articles: pd.Series, few: int, writing: Writing, *, hatched: bool = False
) -> list[Entry]:
    """Return the entry of periods with few articles, hollow or hatched, when there are any."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if not ((articles > 0) & (articles < few)).any():
        return []
    look = (
        Patch(facecolor="white", edgecolor=GREY, hatch="////")
        if hatched
        else Line2D([], [], color=GREY, marker="o", markerfacecolor="w", linestyle="")
    )
    return [Entry(look, write_digits(writing.words["few"].format(few=few), writing))]


def draw_legend(
    ax: "Axes", entries: Sequence[Entry], writing: Writing, *, is_beside: bool, above: float = 0.0
) -> float:
    """Draw the legend outside the data and return how many points it takes above the axes.

    It stands beside the axes, or above them in as many columns as fit.
    """
    import matplotlib as mpl

    if not entries:
        return above
    look: dict[str, Any] = {
        "frameon": False,
        "markerfirst": not writing.is_arabic,
        "handlelength": 2.6,
    }
    width = axes_size(ax)[0] if not is_beside else _WIDTH
    room = width - 4.6 * mpl.rcParams["font.size"]
    size = mpl.rcParams["legend.fontsize"]
    handles = [entry.handle for entry in entries]
    texts = [wrap_text(ax, entry.text, room, size=size) for entry in entries]
    if is_beside:
        ax.legend(handles, texts, loc="center left", bbox_to_anchor=(1.01, 0.5), **look)
        return above
    points = PER_INCH / root(ax).dpi
    place = over_axes(ax, up=above + GAP)
    for columns in range(len(entries), 0, -1):
        shown = list(zip(handles, texts, strict=True))
        if writing.is_arabic:
            shown = _from_the_right(shown, columns)
        legend = ax.legend(
            [handle for handle, _ in shown],
            [text for _, text in shown],
            loc="lower right" if writing.is_arabic else "lower left",
            bbox_to_anchor=(int(writing.is_arabic), 1),
            bbox_transform=place,
            borderaxespad=0,
            ncols=columns,
            columnspacing=1.2,
            **look,
        )
        box = legend.get_window_extent()
        if box.width * points <= width:
            break
    return float(above + GAP + box.height * points)


def _from_the_right(shown: list[tuple["Artist", str]], columns: int) -> list[tuple["Artist", str]]:
    """Return the entries with blank ones, so that the first column stands on the right."""
    from matplotlib.lines import Line2D

    rows = -(-len(shown) // columns)
    filled = [*shown, *[(Line2D([], [], linestyle=""), "")] * (rows * columns - len(shown))]
    blocks = [filled[start : start + rows] for start in range(0, len(filled), rows)]
    return [entry for block in reversed(blocks) for entry in block]
