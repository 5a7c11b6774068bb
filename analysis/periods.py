"""Counts by period: a complete calendar or windows, and a denominator beside every number."""

from collections.abc import Sequence
from typing import Any

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
COPIES = ("count", "weight", "drop")
"""What to do with articles that copy another: count each, let a group weigh one, keep the first."""
_CALENDARS = dict(zip(FREQUENCIES, ("W-SUN", "M", "Q", "Y"), strict=True))
_MOST_PERIODS = 60
_FEWEST_ARTICLES = 3


def count_by_period(
    counts: pd.DataFrame,
    *,
    freq: str = "MS",
    windows: pd.DataFrame | None = None,
    by: str | Sequence[str] | None = None,
    copies: str = "count",
) -> pd.DataFrame:
    """Add up counts by week, month, quarter or year, or by windows around events.

    Rates are ratios of sums: all mentions of a period over all its words, never the mean
    of the articles' own rates, so a short article weighs no more than its words.

    `windows`, a table such as that of `event_windows`, takes the place of the calendar: each
    has a name (`window`) and its first and last day (`start`, `end`). Windows may overlap: an
    article counts in each that holds its day. `copies` says what becomes of articles that
    `mark_copies` has marked: `count` counts each, `weight` gives every article of a group of n
    the weight 1 / n, `drop` keeps the first of a group.

    Returns one row per period, group and category, sorted by them, from the first dated
    period to the last, periods without articles included:

    - `period`: first day of the period; weeks start on Monday
    - `window`, `end`: its name and last day, for windows only
    - the columns named in `by`
    - `category`
    - `articles`: articles in the period and group, whether they mention anything or not
    - `articles_with`: those of them that mention the category at least once
    - `mentions`: mentions of the category
    - `tokens`: words of all `articles`
    - `share`: articles_with / articles, NaN without articles
    - `per_1000`: 1000 * mentions / tokens, NaN without words

    With `copies="weight"` the four numbers are sums of weights and need not be whole. Articles
    without a date are left out; `count_undated` says how many. The groups are
    those that occur in `counts`: an outlet with no article at all has no row.

    Raises InputError when `freq` is none of W, MS, QS, YS, when a column is missing, when
    an article lacks a row for a category (its denominator would be lost), when a window ends
    before it starts, and when no article has a date.

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
    dated = assign_periods(counts, freq=freq, windows=windows, by=by, copies=copies)
    return add_up_periods(dated, counts, freq=freq, windows=windows, by=by)


def add_up_periods(
    dated: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    freq: str,
    windows: pd.DataFrame | None = None,
    by: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the table of `count_by_period` for rows that `assign_periods` has given a period.

    `counts`, which the rows were made of, says which groups and categories there are.
    """
    groups = group_columns(by)
    known = counts[counts["published"].notna()]
    cell = period_columns(windows)
    keys = [*cell, *groups, "category"]
    calendar = _window_starts(windows) if windows is not None else _calendar(dated, freq)
    if groups:
        calendar = calendar.merge(known[groups].drop_duplicates(), how="cross")
    calendar = calendar.merge(known[["category"]].drop_duplicates(), how="cross")
    table = calendar.merge(_add_up(dated, keys), on=keys, how="left")
    table = table.sort_values(keys, ignore_index=True)
    numbers = ["articles", "articles_with", "mentions", "tokens"]
    whole = "weight" not in dated or (dated["weight"] == 1).all()
    table[numbers] = table[numbers].fillna(0).astype("int64" if whole else "float64")
    return _add_rates(table)


def _calendar(dated: pd.DataFrame, freq: str) -> pd.DataFrame:
    span = pd.period_range(dated["period"].min(), dated["period"].max(), freq=_CALENDARS[freq])
    return pd.DataFrame({"period": span.start_time.astype(PERIODS["period"])})


def _window_starts(windows: pd.DataFrame) -> pd.DataFrame:
    table = windows[["start", "window", "end"]].rename(columns={"start": "period"})
    return table.astype({"period": PERIODS["period"], "end": PERIODS["period"]})


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
    weight: Any = counts.get("weight", 1)
    return (
        counts[keys]
        .assign(
            articles=weight,
            articles_with=weight * (counts["mentions"] > 0),
            mentions=weight * counts["mentions"],
            tokens=weight * counts["tokens"],
        )
        .groupby(keys, dropna=False, observed=True, sort=False)
        .sum()
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
    counts: pd.DataFrame,
    *,
    freq: str = "MS",
    windows: pd.DataFrame | None = None,
    by: str | Sequence[str] | None = None,
    copies: str = "count",
) -> pd.DataFrame:
    """Return the dated rows of counts with a further column `period`, its first day.

    With `windows` a row stands once for each window that holds its day, with `window` and
    `end`. Unless `copies` is `count`, a column `weight` says what an article weighs.

    Raises InputError as `count_by_period` does.
    """
    require_choice(freq, FREQUENCIES, name="freq")
    groups = group_columns(by)
    require_columns(counts, [*COUNTS, *groups], name="counts")
    _require_dates(counts)
    _require_every_category(counts, ["article_id", *groups])
    dated = weigh_copies(counts[counts["published"].notna()], copies=copies)
    if windows is not None:
        return _assign_windows(dated, windows)
    starts = dated["published"].dt.to_period(_CALENDARS[freq]).dt.start_time
    return dated.assign(period=starts.astype(PERIODS["period"]))


def _assign_windows(dated: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    require_columns(windows, ["window", "start", "end"], name="windows")
    if windows.empty:
        raise InputError("the table `windows` has no rows; name at least one window.")
    backwards = windows["end"] < windows["start"]
    if backwards.any():
        raise InputError(
            f"the window {windows.loc[backwards, 'window'].iloc[0]!r} ends before it starts; "
            "swap `start` and `end`."
        )
    day = dated["published"].dt.normalize()
    spans = _window_starts(windows)
    inside = [
        dated[day.between(start, end)].assign(period=start, window=name, end=end)
        for start, name, end in spans.itertuples(index=False, name=None)
    ]
    rows = pd.concat(inside)
    if rows.empty:
        raise InputError(
            f"no article falls into a window; the articles are of {day.min():%Y-%m-%d} to "
            f"{day.max():%Y-%m-%d}, the windows of {spans['period'].min():%Y-%m-%d} to "
            f"{spans['end'].max():%Y-%m-%d}."
        )
    typed: pd.DataFrame = rows.astype(spans.dtypes.to_dict())
    return typed


def weigh_copies(counts: pd.DataFrame, *, copies: str) -> pd.DataFrame:
    """Return the counts in which copied articles weigh what `copies` says.

    `count` leaves the table as it is, `drop` leaves out the articles that copy another, and
    `weight` adds a column `weight`, 1 / n for each of the n articles of a group: the first one
    and those that copy it. A group is counted over the whole table, whatever its periods.

    Raises InputError for another word, and when `counts` has no column `copy_of`.

    >>> counts = pd.DataFrame({"article_id": ["أ", "ب", "ج"], "copy_of": [None, "أ", None],
    ...     "category": "security"})
    >>> weigh_copies(counts, copies="weight")["weight"].tolist()
    [0.5, 0.5, 1.0]
    """
    require_choice(copies, COPIES, name="copies")
    if copies == "count":
        return counts
    require_columns(counts, ["copy_of"], name="counts")
    if copies == "drop":
        return counts[counts["copy_of"].isna()]
    first = counts["copy_of"].fillna(counts["article_id"])
    alike = counts["article_id"].groupby([first, counts["category"]])
    return counts.assign(weight=1 / alike.transform("size"))


def period_columns(windows: pd.DataFrame | None) -> list[str]:
    """Return the columns that name a period: its first day, and for windows name and last day.

    >>> period_columns(None)
    ['period']
    """
    return ["period"] if windows is None else ["period", "window", "end"]


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
