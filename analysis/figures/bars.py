"""Bars to the left and right of zero, with whiskers for their intervals."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.figures.legends import Entry
from analysis.figures.style import BLUE, STYLES
from analysis.figures.words import Writing, write_digits

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MORE, LESS = BLUE, STYLES[0].colour


def draw_bars(ax: "Axes", rows: pd.DataFrame, column: str, *, hatched: pd.Series) -> None:
    """Draw a bar per row from the top down, its whisker from `low` to `high`."""
    places = np.arange(len(rows))
    colours = np.where(rows[column] < 0, LESS, MORE).tolist()
    bars = ax.barh(places, rows[column], 0.7, color=colours, edgecolor=colours, linewidth=0.8)
    for bar, is_hatched in zip(bars, hatched, strict=True):
        if is_hatched:
            bar.set(facecolor="white", hatch="////")
    ax.hlines(places, rows["low"], rows["high"], color="black", linewidth=1)
    for bound in ("low", "high"):
        ax.plot(rows[bound], places, color="black", marker="|", markersize=5, linestyle="")
    ax.axvline(0, color="black", linewidth=0.8)


def whisker_entries(level: float, writing: Writing) -> list[Entry]:
    """Return the entry of the whiskers."""
    from matplotlib.lines import Line2D

    text = write_digits(writing.words["interval"].format(level=f"{100 * level:g}%"), writing)
    return [Entry(Line2D([], [], color="black", linewidth=1, marker="|", markersize=5), text)]


def reach_of_bars(rows: pd.DataFrame, column: str) -> tuple[float, float]:
    """Return the ends of the axis: all bars and whiskers, and zero, with a margin."""
    shown = rows[[column, "low", "high"]]
    low, high = min(0.0, shown.min().min()), max(0.0, shown.max().max())
    if low == high:
        return -1.0, 1.0
    margin = 0.06 * (high - low)
    return (low - margin if low < 0 else low), high + margin if high > 0 else high
