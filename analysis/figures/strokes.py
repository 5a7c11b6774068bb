"""Where in the time of a corpus mentions stand: a stroke for each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError, require_at_least, require_choice
from analysis.figures.beside import name_rows, write_columns
from analysis.figures.dates import calendar_of, label_dates
from analysis.figures.margins import draw_margins
from analysis.figures.strip import draw_articles_below
from analysis.figures.style import DARK, figure_style, new_axes
from analysis.figures.words import (
    Labels,
    Writing,
    choose_writing,
    label_of,
    write_digits,
    write_number,
)
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW_HEIGHT = 0.3
_DAYS_NAMED = 62
_MANY = 300
_DAY = pd.Timedelta(days=1)


def plot_dispersion_strip(
    data: pd.DataFrame,
    *,
    x: str = "published",
    y: str = "term",
    names: Sequence[str] | None = None,
    periods: pd.DataFrame | None = None,
    most: int = 15,
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a stroke for each mention where it stands in time, a row per term.

    Takes mentions with the dates of their articles, such as
    `mentions.merge(articles[["article_id", "published", "outlet"]])`. `y` is the column with a
    row for each value: term, category or outlet; `names` are those to draw, else the `most` with
    most mentions. Mentions of one day stand side by side within it. Many strokes can come from
    many articles: `periods`, a table of `count_by_period`, draws a strip of articles below, and
    beside the rows stand their mentions and articles. A row with more mentions than strokes fit
    turns black: see `plot_heat_map` for the rate of each period. Mentions without a date are not
    drawn, and the figure says how many. `labels`, `months` and `digits` as in `plot_framing`.
    Raises InputError when a column or a name is missing, and when no mention has a date.
    """
    writing = choose_writing(language, months, digits, labels)
    require_at_least(1, most, name="most")
    require_columns(data, dict.fromkeys(["article_id", x, y]), name="data")
    if not pd.api.types.is_datetime64_any_dtype(data[x]) or data[x].isna().all():
        raise InputError(f"the column {x!r} of the table `data` holds no dates; name one in `x`.")
    if periods is not None:
        require_columns(periods, ["period", "category", "articles"], name="periods")
    size = data[y].value_counts().rename_axis(y).reset_index()
    known = size.sort_values(["count", y], ascending=[False, True])[y].tolist()
    for name in names or ():
        require_choice(name, known, name="name")
    chosen = list(names or known[:most])
    rows = data[data[y].isin(chosen)]
    dated = rows[rows[x].notna()]
    with figure_style():
        height = 1.9 + _ROW_HEIGHT * len(chosen) + (0 if periods is None else 0.7)
        ax = ax or new_axes(8.5, height)
        calendar = _calendar(dated[x]) if periods is None else calendar_of(periods["period"])
        name_rows(ax, [label_of(name, writing) for name in chosen], writing)
        for place, name in enumerate(chosen):
            _draw_strokes(ax, dated.loc[dated[y] == name, x], place)
        ax.grid(visible=False)
        if periods is None:
            label_dates(ax, calendar, writing)
        else:
            draw_articles_below(ax, _articles(periods), calendar, few, writing)
        write_columns(ax, "", _count_rows(dated, y, chosen, writing), writing)
        said = [writing.words["strip"]]
        if len(chosen) < len(known):
            shown = {"shown": f"{len(chosen):,}", "rows": f"{len(known):,}"}
            said.append(writing.words["rows_shown"].format(**shown))
        if len(dated) < len(rows):
            undated = f"{len(rows) - len(dated):,}"
            said.append(writing.words["undated"].format(mentions=undated))
        draw_margins(
            ax,
            writing,
            title=writing.words["strip_title"],
            measure=write_digits(writing.words["then"].join(said), writing),
        )
    return ax


def _calendar(dates: pd.Series) -> pd.IntervalIndex:
    """Return the months of these dates, or the days when they are few."""
    first, last = dates.min().normalize(), dates.max().normalize()
    if last - first < _DAYS_NAMED * _DAY:
        return calendar_of(pd.Series(pd.date_range(first, last)))
    return calendar_of(pd.Series(pd.date_range(first.replace(day=1), last, freq="MS")))


def _draw_strokes(ax: "Axes", dates: pd.Series, place: int) -> None:
    """Draw a stroke per mention; those of one day stand evenly within it."""
    days = dates.dt.normalize().sort_values()
    at_day = days.groupby(days)
    within = (at_day.cumcount() + 0.5) / at_day.transform("size")
    thick, strength = (0.8, 0.9) if len(days) < _MANY else (0.5, 0.35)
    ax.vlines(
        days + within * _DAY,
        place - 0.36,
        place + 0.36,
        color=DARK,
        linewidth=thick,
        alpha=strength,
    )


def _articles(periods: pd.DataFrame) -> pd.Series:
    first = periods["category"] == periods["category"].iloc[0]
    articles: pd.Series = periods[first].groupby("period")["articles"].sum()
    return articles


def _count_rows(
    rows: pd.DataFrame, y: str, names: Sequence[str], writing: Writing
) -> dict[str, list[str]]:
    """Return the columns beside the rows: mentions, and the articles they stand in."""
    at_row = rows.groupby(y)["article_id"]
    columns = {"mentions": at_row.size(), "articles": at_row.nunique()}
    return {
        writing.words[head]: [
            write_number(numbers.get(name, 0), "articles", writing) for name in names
        ]
        for head, numbers in columns.items()
    }
