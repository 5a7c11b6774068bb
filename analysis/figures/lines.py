"""One line over time: points, intervals, gaps, hollow points."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.figures.style import Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BOUNDS = {
    "share": ("low", "high"),
    "per_1000": ("per_1000_low", "per_1000_high"),
    "balance": ("balance_low", "balance_high"),
}
"""The columns of the interval of each measure."""
_MOST_LARGE_POINTS = 24
_MOST_POINTS = 60


def draw_line(
    ax: "Axes",
    rows: pd.DataFrame,
    calendar: pd.IntervalIndex,
    look: Look,
    *,
    x: str,
    y: str,
    bounds: Sequence[str],
    few: int,
    label: str | None = None,
    is_faint: bool = False,
    abreast: int = 1,
) -> None:
    """Draw one line with its interval; it breaks where a period has no articles.

    Points with fewer than `few` articles are hollow. A line of many periods carries a point
    here and there only, to be told from others; `abreast` panels side by side make it narrow
    as well. A faint line stands behind its smooth course.
    """
    rows = rows.set_index(x).reindex(calendar.left)
    dates, thin = calendar.mid, (rows["articles"] < few).to_numpy()
    values = rows[y].where(rows["articles"] > 0).to_numpy()
    strength = 0.35 if is_faint else 1.0
    if bounds:
        low, high = (rows[bound].to_numpy() for bound in bounds)
        ax.fill_between(
            dates, low, high, where=~thin, color=look.colour, alpha=0.15 * strength, linewidth=0
        )
        # Hollow points and points between two gaps have no shaded area: a stroke shows theirs.
        ax.vlines(dates, low, high, color=look.colour, alpha=0.35 * strength, linewidth=1)
    shape: dict[str, Any] = {
        "color": look.colour,
        "marker": look.marker,
        "alpha": strength,
        "clip_on": False,
        "zorder": 3,
        # A line without points would count as one in the corner of the page, and widen it.
        "in_layout": False,
    }
    crowd = abreast * len(rows)
    large = crowd <= _MOST_LARGE_POINTS
    dense = crowd > _MOST_POINTS
    every = -(-crowd // _MOST_LARGE_POINTS) if dense else 1
    ax.plot(
        dates,
        values,
        linestyle=look.line,
        linewidth=1.0 if dense else 1.5,
        markersize=6 if large else 4,
        markevery=np.flatnonzero(~thin)[::every].tolist(),
        label=label,
        **shape,
    )
    ax.plot(
        dates[thin],
        values[thin],
        linestyle="",
        markerfacecolor="white",
        markersize=6 if large else 2.5 if dense else 4,
        markeredgewidth=0.6 if dense else 1.0,
        **shape,
    )
