"""Colours, lines, sizes of type and what else all figures share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from matplotlib.axes import Axes


class Look(NamedTuple):
    """How a line is drawn."""

    colour: str
    marker: str
    line: str


# Okabe and Ito (2008), told apart by colour-blind readers; marker and line differ as well,
# for print in black and white.
STYLES = (
    Look("#D55E00", "o", "-"),
    Look("#0072B2", "s", "--"),
    Look("#009E73", "^", "-."),
    Look("#CC79A7", "D", ":"),
    Look("#E69F00", "v", "-"),
    Look("#56B4E9", "P", "--"),
    Look("#000000", "X", "-."),
    Look("#7F7F7F", "*", ":"),
)
BLUE = "#0072B2"
GREY = "#B0B0B0"
DARK = "#4D4D4D"
EMPTY = "#EBEBEB"
_RC = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 11,
    "axes.labelsize": 9,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.constrained_layout.w_pad": 0.12,  # less cuts the title of a colour bar
    "hatch.linewidth": 0.6,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "svg.fonttype": "path",
    "svg.hashsalt": "khitab",
}


def figure_style() -> "AbstractContextManager[None]":
    """Return a context in which matplotlib draws as this library does, and after it as before."""
    import matplotlib as mpl

    return mpl.rc_context(_RC)  # type: ignore[arg-type]


def new_axes(width: float, height: float) -> "Axes":
    """Return the axes of a new figure that belongs to no window; sizes in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)  # a canvas that measures texts quickly
    return figure.subplots()


def set_type(ax: "Axes") -> None:
    """Give all labels their size: those of ticks still to come, and those of a caller's axes."""
    import matplotlib as mpl

    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set_fontsize(mpl.rcParams["axes.labelsize"])
    ax.tick_params(axis="x", labelsize=mpl.rcParams["xtick.labelsize"])
    ax.tick_params(axis="y", labelsize=mpl.rcParams["ytick.labelsize"])


def labels_on_the_right(ax: "Axes", *, named: bool = True) -> None:
    """Move the labels of the y axis to the right, where Arabic reading begins."""
    ax.yaxis.tick_right()
    ax.tick_params(axis="y", labelright=named, labelleft=False)
    ax.spines["right"].set_visible(ax.spines["left"].get_visible())
    ax.spines["left"].set_visible(False)


def reach_of(rows: pd.DataFrame, column: str, bounds: Sequence[str], few: int) -> float:
    """Return the largest distance from zero to show.

    The intervals of hollow points may leave the frame, else they would flatten all others.
    """
    plain = rows[rows["articles"] >= few]
    shown = [rows[column], *(plain[bound] for bound in bounds)]
    largest = pd.concat(shown).abs().max()
    return 1.0 if pd.isna(largest) or largest == 0 else 1.08 * float(largest)


def height_of(rows: pd.DataFrame, column: str, bounds: Sequence[str], few: int) -> float:
    """Return the top of an axis that begins at zero.

    An interval may be cut: that of a period with few words would flatten all lines.
    """
    return min(1.4 * reach_of(rows, column, (), few), reach_of(rows, column, bounds, few))
