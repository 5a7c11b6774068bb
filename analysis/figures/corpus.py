"""What the corpus holds: articles by period and outlet."""

from typing import TYPE_CHECKING

import pandas as pd

from analysis.figures.dates import calendar_of, label_dates
from analysis.figures.heat import draw_cells
from analysis.figures.legends import few_entries
from analysis.figures.margins import draw_margins
from analysis.figures.rows import choose_rows
from analysis.figures.strip import draw_article_bars
from analysis.figures.style import figure_style, new_axes, set_type
from analysis.figures.words import Labels, choose_writing, number_format
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_articles(
    data: pd.DataFrame,
    *,
    x: str = "period",
    y: str | None = "outlet",
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw how many articles each period has: a row of cells per outlet, or bars for all.

    Takes a table from `count_by_period` made with `by` the column `y`; None draws the bars.
    Crossed grey cells have no articles, hatched cells and bars fewer than `few`. `labels`
    names outlets, `months` and `digits` as in `plot_framing`. Raises InputError when a column
    is missing, or when several rows hold the same period, group and category.
    """
    writing = choose_writing(language, months, digits, labels)
    groups = [y] if y else []
    require_columns(data, [x, *groups, "category", "articles"], name="data")
    shown = choose_rows(data, None, x=x, groups=groups)
    shown = shown[shown["category"] == shown["category"].iloc[0]]
    title = writing.words["articles_title"]
    with figure_style():
        if y:
            return draw_cells(shown, x, y, "articles", few, writing, title=title, ax=ax)
        ax = ax or new_axes(8.5, 3.2)
        set_type(ax)
        calendar = calendar_of(shown[x])
        draw_article_bars(ax, shown.set_index(x)["articles"], calendar, few)
        ax.locator_params(axis="y", integer=True)
        ax.yaxis.set_major_formatter(number_format("articles", writing))
        label_dates(ax, calendar, writing)
        draw_margins(
            ax,
            writing,
            title=title,
            measure=writing.words["articles"],
            entries=few_entries(shown["articles"], few, writing, hatched=True),
        )
    return ax
