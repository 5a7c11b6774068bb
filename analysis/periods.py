"""Counts by calendar period: a complete calendar, and a denominator beside every number."""

from collections.abc import Sequence

import pandas as pd

from analysis.errors import InputError, require_choice
from analysis.tables import COUNTS, FREQUENCIES, Columns, require_columns

PERIODS: Columns = {
    "period": "datetime64[us]",
    "category": "str",
    "articles": "int64",
    "articles_with": "int64",
    "mentions": "int64",
    "tokens": "int64",
    "share": "float64",
    "per_1000": "float64",
}
_CALENDARS = dict(zip(FREQUENCIES, ("W-SUN", "M", "Q", "Y"), strict=True))
_MOST_PERIODS = 60
_FEWEST_ARTICLES = 3


def count_by_period(
    counts: pd.DataFrame, *, freq: str = "MS", by: str | Sequence[str] | None = None
) -> pd.DataFrame:
    """Add up counts by week, month, quarter or year.

    Rates are ratios of sums: all mentions of a period over all its words, never the mean
    of the articles' own rates, so a short article weighs no more than its words.

    Returns one row per period, group and category, sorted by them, from the first dated
    period to the last, periods without articles included:

    - `period`: first day of the period; weeks start on Monday
    - the columns named in `by`
    - `category`
    - `articles`: articles in the period and group, whether they mention anything or not
    - `articles_with`: those of them that mention the category at least once
    - `mentions`: mentions of the category
    - `tokens`: words of all `articles`
    - `share`: articles_with / articles, NaN without articles
    - `per_1000`: 1000 * mentions / tokens, NaN without words

    Articles without a date are left out; `count_undated` says how many. The groups are
    those that occur in `counts`: an outlet with no article at all has no row.

    Raises InputError when `freq` is none of W, MS, QS, YS, when a column is missing, when
    an article lacks a row for a category (its denominator would be lost), and when no
    article has a date.

    >>> from analysis.tables import make_table
    >>> counts = make_table(
    ...     [
    ...         {"article_id": "1", "outlet": "المرصد", "published": pd.Timestamp("2031-01-09"),
    ...          "category": "security", "mentions": 3, "tokens": 200},
    ...         {"article_id": "2", "outlet": "المرصد", "published": pd.Timestamp("2031-01-30"),
    ...          "category": "security", "mentions": 0, "tokens": 400},
    ...     ],
    ...     COUNTS,
    ... )
    >>> count_by_period(counts)[["period", "articles", "share", "per_1000"]]
          period  articles  share  per_1000
    0 2031-01-01         2    0.5       5.0
    """
    dated = assign_periods(counts, freq=freq, by=by)
    groups = group_columns(by)
    keys = ["period", *groups, "category"]
    sums = _add_up(dated, keys)
    span = pd.period_range(dated["period"].min(), dated["period"].max(), freq=_CALENDARS[freq])
    calendar = pd.DataFrame({"period": span.start_time.astype(PERIODS["period"])})
    if groups:
        calendar = calendar.merge(dated[groups].drop_duplicates(), how="cross")
    calendar = calendar.merge(dated[["category"]].drop_duplicates(), how="cross")
    table = calendar.merge(sums, on=keys, how="left").sort_values(keys, ignore_index=True)
    whole = ["articles", "articles_with", "mentions", "tokens"]
    table[whole] = table[whole].fillna(0).astype("int64")
    return _add_rates(table)


def count_by_category(counts: pd.DataFrame) -> pd.DataFrame:
    """Add up counts over all articles, dated or not.

    Returns one row per category, in the order of `counts`, with the columns that
    `count_by_period` gives from `category` on. Raises InputError when a column is missing
    or an article lacks a row for a category.

    >>> counts = pd.DataFrame({"article_id": ["أ", "ب"], "category": ["security"] * 2,
    ...     "mentions": [3, 0], "tokens": [200, 400]})
    >>> count_by_category(counts)[["category", "articles", "share", "per_1000"]].values.tolist()
    [['security', 2, 0.5, 5.0]]
    """
    require_columns(counts, ["article_id", "category", "mentions", "tokens"], name="counts")
    _require_every_category(counts, ["article_id"])
    return _add_rates(_add_up(counts, ["category"]))


def _add_up(counts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return (
        counts.assign(articles_with=counts["mentions"] > 0)
        .groupby(keys, dropna=False, observed=True, sort=False)
        .agg(
            articles=("article_id", "size"),
            articles_with=("articles_with", "sum"),
            mentions=("mentions", "sum"),
            tokens=("tokens", "sum"),
        )
        .reset_index()
        .astype(counts[keys].dtypes.to_dict())
    )


def _add_rates(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(
        share=table["articles_with"] / table["articles"],
        per_1000=1000 * table["mentions"] / table["tokens"].where(table["tokens"] > 0),
    )


def count_undated(counts: pd.DataFrame) -> int:
    """Count the articles without a date: the ones no period can hold."""
    require_columns(counts, ["article_id", "published"], name="counts")
    return int(counts.loc[counts["published"].isna(), "article_id"].nunique())


def suggest_frequency(articles: pd.DataFrame) -> str:
    """Return the finest frequency whose chart can be read: W, MS, QS or YS.

    That is one with at most 60 periods, of which the middle one (the median, empty periods
    included) has at least 3 articles; years when no frequency is so. Takes any table with
    `article_id` and `published`. Raises InputError when no article has a date.

    >>> days = pd.date_range("2031-01-09", "2031-11-30", freq="5D")
    >>> suggest_frequency(pd.DataFrame({"article_id": range(len(days)), "published": days}))
    'MS'
    """
    require_columns(articles, ["article_id", "published"], name="articles")
    dated = articles.drop_duplicates("article_id")["published"].dropna()
    if dated.empty:
        raise InputError("`published` holds no date; there is no span to divide into periods.")
    for freq, calendar in _CALENDARS.items():
        per_period = dated.dt.to_period(calendar).value_counts()
        span = pd.period_range(dated.min(), dated.max(), freq=calendar)
        middle = per_period.reindex(span, fill_value=0).median()
        if len(span) <= _MOST_PERIODS and middle >= _FEWEST_ARTICLES:
            return freq
    return "YS"


def assign_periods(
    counts: pd.DataFrame, *, freq: str = "MS", by: str | Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the dated rows of counts with a further column `period`, its first day.

    Raises InputError as `count_by_period` does.
    """
    require_choice(freq, FREQUENCIES, name="freq")
    groups = group_columns(by)
    require_columns(counts, [*COUNTS, *groups], name="counts")
    _require_dates(counts)
    _require_every_category(counts, ["article_id", *groups])
    dated = counts[counts["published"].notna()]
    starts = dated["published"].dt.to_period(_CALENDARS[freq]).dt.start_time
    return dated.assign(period=starts.astype(PERIODS["period"]))


def group_columns(by: str | Sequence[str] | None) -> list[str]:
    """Return the columns to group by as a list.

    >>> group_columns("outlet"), group_columns(None)
    (['outlet'], [])
    """
    groups = [by] if isinstance(by, str) else list(by or ())
    taken = [name for name in groups if name in PERIODS]
    if taken:
        raise InputError(
            f"by is {by!r}, but periods have a column `{taken[0]}` of their own; "
            "group by another column, such as 'outlet'."
        )
    return groups


def _require_dates(counts: pd.DataFrame) -> None:
    published = counts["published"]
    if not pd.api.types.is_datetime64_dtype(published):
        raise InputError(
            f"the column `published` of `counts` holds {published.dtype}, not dates without a "
            "time zone; convert it with pandas.to_datetime."
        )
    if published.isna().all():
        raise InputError(
            f"no article of `counts` has a date ({count_undated(counts)} without one); "
            "fill the column `published`."
        )


def _require_every_category(counts: pd.DataFrame, unit: list[str]) -> None:
    articles = len(counts[unit].drop_duplicates())
    categories = counts["category"].nunique()
    rows = len(counts[[*unit, "category"]].drop_duplicates())
    if not len(counts) == rows == articles * categories:
        raise InputError(
            f"`counts` has {len(counts)} rows for {articles} articles and {categories} categories; "
            "it needs one row for each article and category, zeros included."
        )
