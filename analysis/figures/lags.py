"""Which of two frames moves first: correlations by lag."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_at_least
from analysis.figures.beside import point_at, write_directions
from analysis.figures.legends import Entry
from analysis.figures.margins import draw_margins
from analysis.figures.panels import label_outer_panels, panel_grid
from analysis.figures.rows import split_rows
from analysis.figures.style import BLUE, DARK, EMPTY, GREY, figure_style, new_axes, set_type
from analysis.figures.words import (
    Labels,
    Writing,
    choose_writing,
    label_of,
    number_format,
    write_digits,
)
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BANDS = ("low", "high", "band_low", "band_high")
_NUMBERS = 40.0


def plot_lags(
    data: pd.DataFrame,
    *,
    x: str = "lag",
    y: str = "correlation",
    group: str | None = None,
    abreast: int = 3,
    language: str = "en",
    digits: str = "western",
    labels: Labels = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the correlation of two frames at each lag, and how far chance alone takes it.

    Takes a table from `correlate_at_lags`. To the right of 0 the first frame leads, to the left
    the second. The grey area is where the correlation of one lag lies when the frames are
    unrelated, the dashed lines where those of all lags together lie; points beyond the lines
    are filled. The figure says from how many pairs of periods the correlations are. `group` is
    a column with a panel for each value, such as the outlet; all panels have one scale, at most
    `abreast` stand side by side, and they are the `child_axes` of the axes returned. `labels`
    names frames and groups. Raises InputError when a column is missing, the table has no rows,
    or several rows hold the same lag and panel.
    """
    writing = choose_writing(language, digits=digits, labels=labels)
    require_at_least(1, abreast, name="abreast")
    groups = [group] if group else []
    needed = [*groups, "first", "second", "measure", x, "pairs", y, *_BANDS, "level"]
    require_columns(data, needed, name="data")
    if data.empty:
        raise InputError("the table `data` has no rows; there is nothing to draw.")
    doubled = data.duplicated([*groups, x])
    if doubled.any():
        raise InputError(
            f"the table `data` has several rows for the lag {data.loc[doubled, x].iloc[0]}; "
            "choose the rows of one group first, or name its column in `group`."
        )
    parts = split_rows(data, group, writing) if group else {"": data}
    frames = [label_of(data[name].iloc[0], writing) for name in ("second", "first")]
    sides = [writing.words["leads"].format(frame=frame) for frame in frames]
    measure = [writing.words["lags"], writing.words[data["measure"].iloc[0]]]
    with figure_style():
        if group:
            ax, panels = _draw_grid(parts, abreast, writing, ax)
            pointed = point_at(sides, writing)
            measure += reversed(pointed) if writing.is_arabic else pointed
        else:
            ax = ax or new_axes(8.5, 4.2)
            panels = [ax]
            measure.append(writing.words["pairs"].format(pairs=_pairs(data, writing)))
        for panel, rows in zip(panels, parts.values(), strict=True):
            _draw_lags(panel, rows, x, y)
            panel.set_ylim(-_reach(data, y), _reach(data, y))
            panel.yaxis.set_major_formatter(number_format(y, writing))
            panel.xaxis.set_major_formatter(number_format(x, writing))
        if not group:
            write_directions(ax, sides, writing)
        panels[-1].set_xlabel(writing.words["lag"])
        draw_margins(
            ax,
            writing,
            title=writing.words["lags_title"],
            measure=writing.words["then"].join(measure),
            entries=_explain(data, y, writing),
            is_beside=not group,
        )
    return ax


def _draw_grid(
    parts: Mapping[str, pd.DataFrame], abreast: int, writing: Writing, ax: "Axes | None"
) -> "tuple[Axes, list[Axes]]":
    columns = min(abreast, len(parts))
    ax = ax or new_axes(1 + 2.5 * columns, 2 + 1.8 * -(-len(parts) // columns))
    panel = writing.words["panel_pairs"]
    titles = [
        panel.format(
            name=label_of(name, writing), pairs=_pairs(rows, writing).replace(" ", "\u00a0")
        )
        for name, rows in parts.items()
    ]
    grid = panel_grid(ax, titles, abreast, writing, names=_NUMBERS)
    label_outer_panels(grid, writing)
    return ax, [panel for line in grid for panel in line]


def _pairs(rows: pd.DataFrame, writing: Writing) -> str:
    """Return from how many pairs of periods the correlations are, the fewest and the most."""
    low, high = rows["pairs"].min(), rows["pairs"].max()
    pairs = writing.words["range"].format(low=low, high=high) if low < high else f"{low}"
    return write_digits(pairs, writing)


def _draw_lags(ax: "Axes", rows: pd.DataFrame, x: str, y: str) -> None:
    lags = np.arange(rows[x].min(), rows[x].max() + 1)
    rows = rows.set_index(x).reindex(lags)
    edges = np.append(lags, lags[-1] + 1) - 0.5
    ax.stairs(
        rows["high"], edges, baseline=rows["low"].to_numpy(), fill=True, color=GREY, alpha=0.4
    )
    for bound in ("band_low", "band_high"):
        ax.stairs(rows[bound], edges, baseline=None, color=DARK, linestyle="--", linewidth=1)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.vlines(lags, 0, rows[y], color=BLUE, linewidth=1.6)
    beyond = _is_beyond(rows, y)
    for chosen, fill in ((beyond, BLUE), (~beyond, "white")):
        ax.plot(lags[chosen], rows[y][chosen], linestyle="", **_point(fill))
    set_type(ax)
    ax.set_xlim(edges[0], edges[-1])
    ax.locator_params(axis="x", integer=True, nbins=9)
    ax.locator_params(axis="y", nbins=5)
    ax.grid(axis="y", color=EMPTY)
    ax.set_axisbelow(True)


def _point(fill: str) -> dict[str, Any]:
    return {"marker": "o", "color": BLUE, "markerfacecolor": fill, "markersize": 5, "zorder": 3}


def _is_beyond(rows: pd.DataFrame, y: str) -> pd.Series:
    return (rows[y] < rows["band_low"]) | (rows[y] > rows["band_high"])


def _reach(rows: pd.DataFrame, y: str) -> float:
    """Return the end of the axis to either side of 0."""
    largest = rows[[y, *_BANDS]].abs().max().max()
    return 1.0 if pd.isna(largest) else 1.12 * float(largest)


def _explain(rows: pd.DataFrame, y: str, writing: Writing) -> list[Entry]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    level = write_digits(f"{100 * rows['level'].iloc[0]:g}%", writing)
    words = {name: writing.words[name].format(level=level) for name in ("one_lag", "all_lags")}
    entries = [
        Entry(Patch(color=GREY, alpha=0.4, linewidth=0), words["one_lag"]),
        Entry(Line2D([], [], color=DARK, linestyle="--", linewidth=1), words["all_lags"]),
    ]
    if not _is_beyond(rows, y).any():
        return entries
    return [
        *entries,
        Entry(Line2D([], [], linestyle="", **_point(BLUE)), writing.words["outside"]),
        Entry(Line2D([], [], linestyle="", **_point("white")), writing.words["inside"]),
    ]
