"""Key words: what two sets of articles have more of, each on its side."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_at_least
from analysis.figures.beside import name_rows, write_columns, write_directions
from analysis.figures.legends import few_entries, interval_entries
from analysis.figures.margins import draw_margins
from analysis.figures.shift import SETS, name_sets
from analysis.figures.style import BLUE, GREY, STYLES, Look, figure_style, new_axes, reach_of
from analysis.figures.words import (
    Labels,
    choose_writing,
    number_format,
    write_digits,
    write_number,
)
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BOUNDS = ("low", "high")
_ROW_HEIGHT = 0.22
_LOOKS = (Look(BLUE, "o", ""), Look(STYLES[0].colour, "s", ""))


def plot_keyness(
    data: pd.DataFrame,
    *,
    x: str = "log_ratio",
    y: str = "word",
    most: int = 15,
    q_below: float = 0.05,
    language: str = "en",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the words each set of articles has most more of, with intervals.

    Takes a table from `compare_wording`. Of the words with a q-value below `q_below` (2 lets all
    of them through) the `most` with the largest log ratio stand above, those of the second set
    below; the figure says how many there are. Beside them stand the articles with the word in
    each set, and over them how many articles the set has. Hollow points are words in fewer than
    `few` articles of both together; their intervals may leave the figure. A word that one set
    lacks has no interval. `labels` names the two sets as `first` and `second`. Raises
    InputError when a column is missing, and when no word is left to draw.
    """
    writing = choose_writing(language, digits=digits, labels=labels)
    words = writing.words
    require_at_least(1, most, name="most")
    counted = [f"articles_{name}" for name in SETS]
    of_all = [f"articles_in_{name}" for name in SETS]
    require_columns(data, [y, x, *_BOUNDS, "q_value", *counted, *of_all, "level"], name="data")
    known = data[(data["q_value"] < q_below) & (data[x].abs() > 0)]
    if known.empty:
        raise InputError(
            f"no word of the table `data` has a q-value below {q_below:g}; "
            "there is nothing to draw."
        )
    known = known.sort_values([x, y], ascending=[False, True], ignore_index=True)
    rows = pd.concat([known[known[x] > 0].head(most), known[known[x] < 0].tail(most)])
    rows = rows.assign(articles=rows[counted].sum(axis=1)).reset_index(drop=True)
    sets = name_sets(writing)
    with figure_style():
        ax = ax or new_axes(8.5, 1.9 + _ROW_HEIGHT * len(rows))
        name_rows(ax, [str(word) for word in rows[y]], writing)
        _draw_words(ax, rows, x, few)
        reach = reach_of(rows, x, _BOUNDS, few)
        ax.set_xlim(-reach if rows[x].min() < 0 else 0, reach if rows[x].max() > 0 else 0)
        ax.locator_params(axis="x", nbins=7, integer=True)
        ax.xaxis.set_major_formatter(number_format(x, writing))
        heads = [
            words["set_of"].format(
                name=name, articles=write_number(rows[size].iloc[0], "articles", writing)
            )
            for name, size in zip(sets, of_all, strict=True)
        ]
        columns = {
            head: [write_number(number, "articles", writing) for number in rows[name]]
            for head, name in zip(heads, counted, strict=True)
        }
        write_columns(ax, words["articles"], columns, writing)
        more = [words["more_in"].format(name=name) for name in sets]
        write_directions(ax, more[::-1], writing)
        said = [words["keyness"]]
        if q_below <= 1:
            shown = words["keyness_words"].format(q=f"{q_below:g}", words=f"{len(known):,}")
            said.append(write_digits(shown, writing))
        draw_margins(
            ax,
            writing,
            title=words["keyness_title"],
            measure=words["then"].join(said),
            entries=[
                *interval_entries(rows["level"].iloc[0], writing),
                *few_entries(rows["articles"], few, writing),
            ],
            is_beside=False,
        )
    return ax


def _draw_words(ax: "Axes", rows: pd.DataFrame, x: str, few: int) -> None:
    """Draw the points, those of the first set above the line that parts them."""
    ax.axvline(0, color="black", linewidth=0.8)
    sides = (rows[x] > 0, rows[x] < 0)
    thin = rows["articles"] < few
    for look, side in zip(_LOOKS, sides, strict=True):
        own = rows[side]
        ax.hlines(own.index, own["low"], own["high"], color=look.colour, alpha=0.35, linewidth=4)
        for chosen, fill in ((side & ~thin, look.colour), (side & thin, "white")):
            ax.plot(rows[x][chosen], rows.index[chosen], **_point(look, fill))
    if all(side.any() for side in sides):
        ax.axhline(np.flatnonzero(sides[1])[0] - 0.5, color=GREY, linewidth=0.8)


def _point(look: Look, fill: str) -> dict[str, Any]:
    return {
        "color": look.colour,
        "marker": look.marker,
        "markerfacecolor": fill,
        "markersize": 5,
        "linestyle": "",
    }
