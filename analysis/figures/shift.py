"""Which terms make a difference between two sets of articles."""

from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError, require_at_least, require_choice
from analysis.figures.bars import draw_bars, reach_of_bars, whisker_entries
from analysis.figures.beside import (
    change_format,
    name_rows,
    write_change,
    write_columns,
    write_directions,
)
from analysis.figures.legends import few_entries
from analysis.figures.margins import draw_margins
from analysis.figures.style import figure_style, new_axes
from analysis.figures.words import Labels, Writing, choose_writing, label_of, write_number
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SETS = ("first", "second")
_ROW_HEIGHT = 0.24


def plot_shift(
    data: pd.DataFrame,
    *,
    x: str = "difference",
    y: str = "term",
    category: str | None = None,
    most: int = 20,
    language: str = "en",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a bar per term: what it adds to the difference of a category, the largest first.

    Takes a table from `compare_terms`; name the `category` when it holds several. Terms that
    the second set of articles uses more go to the right, each with its interval, and beside
    them stand the articles of both sets that have the term; bars of terms in fewer than `few`
    articles in all are hatched. After the first `most` terms comes one bar for the sum of all
    others, without interval. The line under the title says what all terms add up to. `labels`
    names the category, and as `first` and `second` the two sets. Raises InputError when a
    column or the category is missing, and when the table has no rows.
    """
    writing = choose_writing(language, digits=digits, labels=labels)
    words = writing.words
    require_at_least(1, most, name="most")
    counted = [f"articles_{name}" for name in SETS]
    needed = ["category", y, x, "low", "high", "difference_of_category", *counted, "level"]
    require_columns(data, needed, name="data")
    rows = _choose_category(data, category)
    category = str(rows["category"].iloc[0])
    weight = -rows[x].abs()
    rows = rows.assign(weight=weight).sort_values(["weight", y], ignore_index=True)
    shown, rest = rows.head(most), rows.iloc[most:]
    articles = shown[counted].sum(axis=1)
    names = [str(term) for term in shown[y]]
    if len(rest):
        names.append(
            words["other_terms"].format(terms=write_number(len(rest), "articles", writing))
        )
        shown = pd.concat([shown[[x, "low", "high"]], rest[[x]].sum().to_frame().T])
    sets = name_sets(writing)
    with figure_style():
        ax = ax or new_axes(8.5, 1.9 + _ROW_HEIGHT * len(names))
        name_rows(ax, names, writing)
        draw_bars(ax, shown, x, hatched=(articles < few).reindex(shown.index, fill_value=False))
        ax.set_xlim(*reach_of_bars(shown, x))
        ax.locator_params(axis="x", nbins=6)
        ax.xaxis.set_major_formatter(change_format("per_1000", writing))
        columns = {
            head: [write_number(number, "articles", writing) for number in rows[name].head(most)]
            for head, name in zip(sets, counted, strict=True)
        }
        write_columns(ax, words["articles"], columns, writing)
        more = [words["more_in"].format(name=name) for name in sets]
        write_directions(ax, more, writing)
        total = write_change(rows["difference_of_category"].iloc[0], "per_1000", writing)
        draw_margins(
            ax,
            writing,
            title=words["shift_title"].format(category=label_of(category, writing)),
            measure=words["then"].join(
                [
                    words["shift"].format(**dict(zip(SETS, sets, strict=True))),
                    words["shift_total"].format(total=total),
                ]
            ),
            entries=[
                *whisker_entries(rows["level"].iloc[0], writing),
                *few_entries(articles, few, writing, hatched=True),
            ],
            is_beside=False,
        )
    return ax


def name_sets(writing: Writing) -> list[str]:
    """Return what a figure calls the two sets of articles."""
    return [writing.labels.get(name, writing.words[f"{name}_set"]) for name in SETS]


def _choose_category(data: pd.DataFrame, category: str | None) -> pd.DataFrame:
    """Return the rows of one category."""
    if data.empty:
        raise InputError("the table `data` has no rows; there is nothing to draw.")
    known = data["category"].unique().tolist()
    if category is None and len(known) > 1:
        raise InputError(
            f"the table `data` is of {len(known)} categories; name one of them in `category`: "
            f"{', '.join(map(repr, known))}."
        )
    require_choice(category or known[0], known, name="category")
    return data[data["category"] == (category or known[0])]
