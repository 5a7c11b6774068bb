"""Two spans of time: their articles, what these count, and sums of them with intervals."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_choice
from analysis.inference import (
    check_resampling,
    count_strata,
    resample_sums,
    seeded_generator,
    t_interval,
)
from analysis.periods import assign_periods, weigh_copies
from analysis.tables import require_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

Day = str | datetime.date
Days = tuple[Day, Day]

SCALES = {"share": 1, "per_1000": 1000}
BASES = {"share": 1, "per_1000": 0, "balance": 0}
"""The column of `count_articles` that a measure is divided by: words, or articles."""


class Span(NamedTuple):
    """The articles of a span or set, sorted by id, with a column of mentions for each category.

    `strata` says within what each article is resampled, "" where that is unknown; `key`, the
    first and the last day or the name of the set, says what is drawn.
    """

    articles: pd.DataFrame
    mentions: "Numbers"
    tokens: "Numbers"
    strata: pd.Series
    key: tuple[str, ...]


class Resampling(NamedTuple):
    """How intervals are made."""

    level: float
    replicates: int
    seed: int


def choose_resampling(level: float, replicates: int, seed: int) -> Resampling:
    """Return the options of the intervals together, or raise InputError."""
    check_resampling(level=level, replicates=replicates, seed=seed)
    return Resampling(level, replicates, seed)


def read_two_spans(
    counts: pd.DataFrame,
    *,
    before: Days,
    after: Days,
    categories: Sequence[str],
    stratify: str | None,
) -> tuple[Span, Span]:
    """Return the articles of two spans, neither of them empty, the first of which ends first."""
    last, first = read_days(before, name="before")[1], read_days(after, name="after")[0]
    if last >= first:
        raise InputError(
            f"before ends on {last:%Y-%m-%d} and after starts on {first:%Y-%m-%d}; "
            "name two spans that share no day, the earlier one first."
        )
    spans = read_spans(
        counts, {"before": before, "after": after}, categories=categories, stratify=stratify
    )
    for name, span in spans.items():
        if span.articles.empty:
            published = counts["published"]
            raise InputError(
                f"no article falls into {name}, {' to '.join(span.key)}; the articles are of "
                f"{published.min():%Y-%m-%d} to {published.max():%Y-%m-%d}."
            )
    return spans["before"], spans["after"]


def read_spans(
    counts: pd.DataFrame,
    spans: Mapping[str, Days],
    *,
    categories: Sequence[str],
    stratify: str | None,
) -> dict[str, Span]:
    """Return the articles of each span by its name; a span may be empty, and spans may overlap."""
    windows = pd.DataFrame(
        [(name, *read_days(days, name=name)) for name, days in spans.items()],
        columns=["window", "start", "end"],
    )
    require_columns(counts, ["category"], name="counts")
    require_categories(counts, categories)
    dated = assign_periods(counts, windows=windows, by=stratify)
    return {
        name: read_articles(
            dated[dated["window"] == name],
            categories=categories,
            stratify=stratify,
            key=(f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}"),
        )
        for name, start, end in windows.itertuples(index=False, name=None)
    }


def read_days(days: Days, *, name: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day of a span as dates.

    >>> [f"{day:%d.%m.%Y}" for day in read_days(("2031-01-09", "2031-02-01"), name="before")]
    ['09.01.2031', '01.02.2031']
    """
    try:
        first, last = (pd.Timestamp(day).normalize() for day in days)
    except (TypeError, ValueError, AttributeError):
        raise InputError(
            f"{name} is {days!r}; give its first and its last day, such as "
            "('2031-01-01', '2031-03-31')."
        ) from None
    if last < first:
        raise InputError(
            f"{name} ends on {last:%Y-%m-%d}, before it starts on {first:%Y-%m-%d}; "
            "swap the two days."
        )
    return first, last


def read_articles(
    rows: pd.DataFrame, *, categories: Sequence[str], stratify: str | None, key: tuple[str, ...]
) -> Span:
    """Return the articles of rows of counts."""
    by_category = [
        rows[rows["category"] == category].sort_values("article_id", ignore_index=True)
        for category in categories
    ]
    articles = by_category[0]
    unknown = pd.Series("", index=articles.index)
    return Span(
        articles,
        np.column_stack([table["mentions"].to_numpy("float64") for table in by_category]),
        articles["tokens"].to_numpy("float64"),
        articles[stratify].astype("str").fillna("") if stratify else unknown,
        key,
    )


def weigh_articles(
    counts: pd.DataFrame, spans: Iterable[Span], ways: Sequence[str]
) -> list["Numbers"]:
    """Return for each span the weights of its articles, a column for each way with copies.

    Each way is one of those of `weigh_copies`; an article that it drops weighs 0.
    """
    rows = counts[counts["published"].notna()].assign(weight=1.0)
    rows = rows[rows["category"] == rows["category"].iloc[0]]
    weights = pd.DataFrame(index=rows["article_id"])
    for way in ways:
        weights[way] = weigh_copies(rows, copies=way).set_index("article_id")["weight"]
    weights = weights.fillna(0)
    return [weights.loc[span.articles["article_id"]].to_numpy() for span in spans]


def count_articles(span: Span, measure: str) -> "Numbers":
    """Return for each article its words, 1, and what it adds to the count of each category.

    That is its mentions; for a share 1 when it has any.
    """
    counted = span.mentions > 0 if measure == "share" else span.mentions
    return np.column_stack([span.tokens, np.ones(len(span.tokens)), counted])


def count_terms(
    mentions: pd.DataFrame, spans: Sequence[Span], categories: Sequence[str]
) -> tuple[list[Any], pd.DataFrame]:
    """Return for each span a sparse matrix, articles by terms, and the terms, a row for each.

    The terms (`category`, `term`) are those that any span mentions. Raises InputError when the
    mentions of an article are not as many as its counts say.
    """
    from scipy.sparse import csr_array

    require_columns(mentions, ["article_id", "category", "term"], name="mentions")
    ids = pd.Index(pd.concat([span.articles["article_id"] for span in spans]).unique())
    chosen = mentions[mentions["category"].isin(categories) & mentions["article_id"].isin(ids)]
    by_term = chosen.groupby(["category", "term"], observed=True)
    table = by_term.size().index.to_frame(index=False)
    places = ids.get_indexer(pd.Index(chosen["article_id"])), by_term.ngroup()
    matrix = csr_array((np.ones(len(chosen)), places), shape=(len(ids), len(table)))
    matrices = [matrix[ids.get_indexer(pd.Index(span.articles["article_id"]))] for span in spans]
    for span, own in zip(spans, matrices, strict=True):
        _require_same(span, own @ mark_categories(table, categories), categories)
    return matrices, table


def mark_categories(terms: pd.DataFrame, categories: Sequence[str]) -> "Numbers":
    """Return for each term 1 in the column of its category, 0 in the others."""
    return np.asarray(terms["category"].to_numpy()[:, None] == np.array(categories), "float64")


def list_strata(spans: Iterable[Span]) -> list[str]:
    """Return the strata of all spans in order."""
    return sorted(pd.concat([span.strata for span in spans]).unique())


def resample_columns(columns: Any, span: Span, resampling: Resampling) -> "Numbers":
    """Return the sums of columns over the articles of a span, then those of each resample.

    The columns may be a sparse matrix. Those of two calls are summed over the same draws.
    """
    draws = resample_sums(
        columns,
        span.strata,
        replicates=resampling.replicates,
        generator=seeded_generator(resampling.seed, *span.key),
    )
    return np.vstack([columns.sum(axis=0), draws])


def resample_strata(
    values: "Numbers", span: Span, names: Sequence[str], resampling: Resampling
) -> "Numbers":
    """Return what `resample_columns` does, the last axis being the strata of these names."""
    from scipy.sparse import csr_array

    articles, *shape = values.shape
    width = values[0].size
    strata = pd.Index(names).get_indexer(pd.Index(span.strata))
    places = np.arange(width) * len(names) + strata[:, None]
    columns = csr_array(
        (values.ravel(), places.ravel(), np.arange(articles + 1) * width),
        shape=(articles, width * len(names)),
    )
    return resample_columns(columns, span, resampling).reshape(-1, *shape, len(names))


def measure_sums(counted: "Numbers", denominator: "Numbers", *, measure: str) -> "Numbers":
    """Return a share, rate or balance of sums; the last axis of `counted` is the categories.

    >>> measure_sums(np.array([[3.0]]), np.array([200.0]), measure="per_1000").tolist()
    [15.0]
    """
    if measure in SCALES:
        some = np.where(denominator > 0, denominator, np.nan)
        return np.asarray(SCALES[measure] * counted[..., 0] / some)
    smoothed = np.log2(counted + 0.5)
    return np.where(denominator > 0, smoothed[..., 0] - smoothed[..., 1], np.nan)


def bound(
    values: "Numbers", strata: Sequence[pd.Series], *, level: float
) -> tuple["Numbers", "Numbers"]:
    """Return the bounds of the first of the values, the others being those of resamples.

    `strata` holds for each span the stratum of each article: what is free to vary are the
    articles less the strata of all spans together. NaN when nothing varies in one of the spans.

    >>> low, high = bound(np.array([5.0, 4.0, 5.0, 6.0]), [pd.Series(["المرصد"] * 6)] * 2,
    ...     level=0.95)
    >>> round(float(low), 2), round(float(high), 2)
    (2.77, 7.23)
    """
    own = [len(span) - count_strata(span) if len(span) else 0 for span in strata]
    freedom = sum(own) if min(own) > 0 else 0
    return t_interval(values[0], values[1:], level=level, freedom=freedom)


def say_method(unit: str, stratify: str | None, resampling: Resampling) -> str:
    """Return the sentence that says how intervals were made.

    >>> say_method("span", "outlet", Resampling(0.9, 200, 7)).partition("; ")[2]
    'level 0.9'
    """
    within = f"{unit} and {stratify}" if stratify else unit
    return (
        f"t interval, standard error from a bootstrap of articles within {within}, "
        f"{resampling.replicates} replicates, seed {resampling.seed}; level {resampling.level:g}"
    )


def require_categories(counts: pd.DataFrame, categories: Sequence[str]) -> None:
    """Raise InputError unless each of the categories is in the counts and named once."""
    known = tuple(sorted(counts["category"].unique()))
    for category in categories:
        require_choice(category, known, name="category")
    if not categories or len(set(categories)) < len(categories):
        raise InputError(f"the categories are {list(categories)!r}; name each once, at least one.")


def require_some(span: Span, denominator: float) -> None:
    """Raise InputError when the words or articles of a span, what it is divided by, are none."""
    if not denominator > 0:
        raise InputError(
            f"the articles of {' to '.join(span.key)} ({len(span.articles)}) have no words, or all "
            "are copies; choose other articles, or leave out `copy_of`."
        )


def _require_same(span: Span, found: "Numbers", categories: Sequence[str]) -> None:
    for category, own, counted in zip(categories, found.T, span.mentions.T, strict=True):
        wrong = np.flatnonzero(counted != own)
        if len(wrong):
            raise InputError(
                f"the article {span.articles['article_id'].iloc[wrong[0]]!r} has "
                f"{own[wrong[0]]:g} mentions of {category!r} in `mentions` and "
                f"{counted[wrong[0]]:g} in `counts` (articles that differ: {len(wrong)}); "
                "pass tables made from the same articles with the same lexicons."
            )
