"""How evenly mentions are spread: over the parts of a corpus, and over its time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_at_least, require_choice
from analysis.figures.beside import require_few_hues
from analysis.figures.legends import Entry, few_entries
from analysis.figures.margins import draw_margins
from analysis.figures.places import label_points
from analysis.figures.style import BLUE, DARK, EMPTY, STYLES, Look, figure_style, new_axes, set_type
from analysis.figures.words import (
    Labels,
    Writing,
    choose_writing,
    label_of,
    number_format,
    write_number,
)
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

_BELOW = 0.4
_MARGIN = 0.1
_MEASURES = ("dispersion", "dispersion_normalised")
_ALIKE = Look(BLUE, "o", "")


def plot_dispersion(
    data: pd.DataFrame,
    *,
    x: str = "mentions",
    y: str = "dispersion",
    hue: str = "category",
    name: str | None = None,
    categories: Sequence[str] | None = None,
    most: int = 40,
    language: str = "en",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw how evenly each category or term is spread against how often it is mentioned.

    Takes a table from `measure_dispersion`; `y` is its column `dispersion` or
    `dispersion_normalised`. The higher a point, the more its mentions stand together. The
    dashed line is where mentions scattered by chance would stand (for `dispersion`): rare terms
    cannot be even, and are clumped only above it. `name` is the column that names the points,
    by default the term, else the category; names stand where they cover nothing, those of the
    most frequent first and at most `most`, so that some points have none. Hollow points are in
    fewer than `few` articles. What is never mentioned has no point. `labels` names categories.
    Raises InputError when a column or a category is missing, when nothing is mentioned, and for
    more categories than can be told apart.
    """
    from matplotlib.ticker import NullFormatter

    writing = choose_writing(language, digits=digits, labels=labels)
    require_choice(y, _MEASURES, name="y")
    require_at_least(0, most, name="most")
    name = name or ("term" if "term" in data else "category")
    needed = [hue, name, x, y, "articles_with", "parts", "dispersion_by_chance"]
    require_columns(data, dict.fromkeys(needed), name="data")
    rows = _choose_mentioned(data, hue, x, y, categories)
    looks = _choose_looks(rows, hue, name)
    rows = rows.sort_values([x, y, name], ascending=[False, False, True], ignore_index=True)
    with figure_style():
        ax = ax or new_axes(8.5, 5.2)
        set_type(ax)
        ax.set_xscale("log")
        _draw_points(ax, rows, looks, x=x, y=y, hue=hue, few=few)
        chance = rows.sort_values(x)[[x, "dispersion_by_chance"]].to_numpy("float64")
        by_chance = _draw_chance(ax, chance, writing) if y == "dispersion" else []
        ax.set_ylim(*_reach(rows[y], chance[:, 1] if by_chance else rows[y]))
        ax.set_xlim(rows[x].min() / 2.2, rows[x].max() * 2.2)
        ax.xaxis.set_major_formatter(number_format(x, writing))
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.yaxis.set_major_formatter(number_format(y, writing))
        ax.set_xlabel(writing.words["mentions_log"])
        ax.grid(color=EMPTY)
        ax.set_axisbelow(True)
        parts = write_number(rows["parts"].max(), "articles", writing)
        draw_margins(
            ax,
            writing,
            title=writing.words["dispersion_title"],
            measure=writing.words["then"].join(
                [writing.words[y], writing.words["parts"].format(parts=parts)]
            ),
            entries=[
                *_hue_entries(looks, writing),
                *by_chance,
                *few_entries(rows["articles_with"], few, writing),
            ],
        )
        label_points(
            ax,
            rows[[x, y]].to_numpy("float64"),
            [label_of(value, writing) if name == hue else str(value) for value in rows[name]],
            most=most,
            course=chance if by_chance else None,
        )
    return ax


def _choose_mentioned(
    data: pd.DataFrame, hue: str, x: str, y: str, categories: Sequence[str] | None
) -> pd.DataFrame:
    """Return the rows that have a point, of the chosen categories."""
    known = data[hue].unique().tolist()
    for category in categories or ():
        require_choice(category, known, name="category")
    rows = data[data[hue].isin(list(categories or known)) & (data[x] > 0) & data[y].notna()]
    if rows.empty:
        raise InputError("the table `data` has no row with a mention; there is nothing to draw.")
    return rows


def _choose_looks(rows: pd.DataFrame, hue: str, name: str) -> dict[str, Look]:
    """Return how the points of each category look; alike where each has its own name."""
    known = sorted(rows[hue].unique())
    if name == hue:
        return dict.fromkeys(known, _ALIKE)
    require_few_hues(len(known), "plot_dispersion")
    return dict(zip(known, STYLES if len(known) > 1 else [_ALIKE], strict=False))


def _draw_points(
    ax: "Axes", rows: pd.DataFrame, looks: dict[str, Look], *, x: str, y: str, hue: str, few: int
) -> None:
    thin = rows["articles_with"] < few
    for name, look in looks.items():
        for is_thin, fill in ((False, look.colour), (True, "white")):
            chosen = rows[(rows[hue] == name) & (thin == is_thin)]
            ax.plot(chosen[x], chosen[y], **_point(look, fill))


def _point(look: Look, fill: str) -> dict[str, Any]:
    return {
        "color": look.colour,
        "marker": look.marker,
        "markerfacecolor": fill,
        "markersize": 4,
        "linestyle": "",
    }


def _draw_chance(ax: "Axes", chance: "NDArray[np.float64]", writing: Writing) -> list[Entry]:
    """Draw where mentions scattered by chance would stand, and return its entry."""
    [line] = ax.plot(chance[:, 0], chance[:, 1], color=DARK, linestyle="--", linewidth=1)
    return [Entry(line, writing.words["by_chance"])]


def _reach(values: pd.Series, chance: "ArrayLike") -> tuple[float, float]:
    """Return the ends of the axis: all points, and as much of the line of chance as has room."""
    low, high = float(values.min()), float(max(values.max(), np.max(chance)))
    span = max(high - low, 0.05)
    low = max(min(low, float(np.min(chance))), low - _BELOW * span)
    return max(0.0, low - _MARGIN * span), high + _MARGIN * span


def _hue_entries(looks: dict[str, Look], writing: Writing) -> list[Entry]:
    from matplotlib.lines import Line2D

    if len(set(looks.values())) == 1:
        return []
    return [
        Entry(Line2D([], [], **_point(look, look.colour)), label_of(name, writing))
        for name, look in looks.items()
    ]
