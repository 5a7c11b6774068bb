"""Influence: whether a change still holds without each outlet, or without each term."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_choice
from analysis.framing import PAIR_SEPARATOR
from analysis.inference import LEVEL, REPLICATES, SEED
from analysis.series import MEASURES
from analysis.spans import (
    BASES,
    Days,
    bound,
    choose_resampling,
    count_articles,
    count_terms,
    list_strata,
    measure_sums,
    read_two_spans,
    require_some,
    resample_columns,
    resample_strata,
    say_method,
)
from analysis.tables import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.intp]

LEFT_OUT: Columns = {
    "left_out": "str",
    "measure": "str",
    "articles_before": "int64",
    "articles_after": "int64",
    "tokens_before": "int64",
    "tokens_after": "int64",
    "before": "float64",
    "after": "float64",
    "change": "float64",
    "low": "float64",
    "high": "float64",
    "difference": "float64",
    "sign_holds": "bool",
    "level": "float64",
    "method": "str",
}
TERM_LEFT_OUT: Columns = {
    "category": "str",
    "left_out": "str",
    "mentions_before": "int64",
    "mentions_after": "int64",
    **{name: kind for name, kind in LEFT_OUT.items() if name != "left_out"},
}


def leave_one_out(
    counts: pd.DataFrame,
    *,
    before: Days,
    after: Days,
    category: str | None = None,
    pair: tuple[str, str] | None = None,
    measure: str = "per_1000",
    by: str = "outlet",
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Measure a change between two spans again without each outlet in turn.

    A change that one outlet alone makes says more about the outlet than about the news.
    `measure` is `share` or `per_1000` of a `category`, or `balance` of a `pair`.

    Returns a row with all outlets, then one per outlet, by name:

    - `left_out`: the outlet, or what `by` names; "" for the change with all, missing where the
      outlet is unknown
    - `measure`
    - `articles_before`, `articles_after`: articles that remain
    - `tokens_before`, `tokens_after`: their words
    - `before`, `after`: articles with the category / articles for `share`, mentions per 1,000
      words for `per_1000`, log2((first + 1/2) / (second + 1/2)) of the mentions for `balance`;
      NaN when nothing remains
    - `change`: after less before
    - `low`, `high`: bootstrap interval of `change`; NaN when too few articles remain
    - `difference`: this change less the change with all
    - `sign_holds`: whether the change has the same sign as with all; false when it is NaN
    - `level`: of the interval
    - `method`: how it was made, with its seed

    The bootstrap draws whole articles within span and outlet, as `framing_by_period` does, and
    the interval reaches t standard errors to either side.

    Missed on purpose: two outlets that make the change together. With one of them left out the
    other still shows it.

    Raises InputError as `decompose_change` does, and when `category` or `pair` does not fit
    `measure`.

    Source: for leaving out one group at a time, Efron and Tibshirani (1993), An Introduction to
    the Bootstrap, chapter 11.

    >>> rows = [("1", "المرصد", "2031-01-05", 4, 200), ("2", "الضفة", "2031-01-06", 1, 200),
    ...         ("3", "المرصد", "2031-02-05", 8, 200), ("4", "الضفة", "2031-02-06", 0, 200)]
    >>> names = ["article_id", "outlet", "published", "mentions", "tokens"]
    >>> counts = pd.DataFrame(rows, columns=names).assign(category="security")
    >>> counts["published"] = pd.to_datetime(counts["published"])
    >>> left = leave_one_out(counts, category="security",
    ...     before=("2031-01-01", "2031-01-31"), after=("2031-02-01", "2031-02-28"))
    >>> left[["left_out", "before", "after", "change", "sign_holds"]]
      left_out  before  after  change  sign_holds
    0             12.5   20.0     7.5        True
    1    الضفة    20.0   40.0    20.0        True
    2   المرصد     5.0    0.0    -5.0       False
    """
    categories = _choose_categories(category, pair, measure)
    resampling = choose_resampling(level, replicates, seed)
    spans = read_two_spans(counts, before=before, after=after, categories=categories, stratify=by)
    names = list_strata(spans)
    sums = []
    for span in spans:
        values = count_articles(span, measure)
        require_some(span, values[:, BASES[measure]].sum())
        sums.append(_without_each(resample_strata(values, span, names, resampling)))
    table, change = _tabulate_changes(sums[0], sums[1], measure)
    groups: list[Any] = ["", *(name or None for name in names)]
    remaining = [
        [span.strata for span in spans],
        *([span.strata[span.strata != name] for span in spans] for name in names),
    ]
    table["low"], table["high"] = np.transpose(
        [bound(own, strata, level=level) for own, strata in zip(change.T, remaining, strict=True)]
    )
    return table.assign(
        left_out=groups,
        level=level,
        method=say_method("span", by, resampling),
    )[list(LEFT_OUT)].astype(dict(LEFT_OUT))


def leave_one_term_out(
    counts: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    before: Days,
    after: Days,
    category: str | None = None,
    pair: tuple[str, str] | None = None,
    measure: str = "per_1000",
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
    stratify: str | None = "outlet",
) -> pd.DataFrame:
    """Measure a change between two spans again without each term of the lexicon in turn.

    A change that one word makes may be a change of that word alone: a name that came up, or an
    entry of the lexicon that also means something else. Without a term its mentions do not
    count; words and articles stay.

    Returns a row with all terms, then one per term that either span mentions, those whose
    absence alters the change most first:

    - `category`: of the term; in the first row the category or the pair
    - `left_out`: the term, "" for the change with all
    - `mentions_before`, `mentions_after`: mentions of the term; of all in the first row
    - the other columns as in `leave_one_out`, articles and words being those of all

    Missed on purpose: that with a term gone from the lexicon a shorter one inside it would be
    found in its place. For that, find the mentions again with a lexicon without it.

    Raises InputError as `leave_one_out` does, and when the mentions do not fit the counts.

    >>> rows = [("1", "المرصد", "2031-01-05", 1, 200), ("2", "المرصد", "2031-02-05", 3, 200)]
    >>> names = ["article_id", "outlet", "published", "mentions", "tokens"]
    >>> counts = pd.DataFrame(rows, columns=names).assign(category="diplomacy")
    >>> counts["published"] = pd.to_datetime(counts["published"])
    >>> mentions = pd.DataFrame({"article_id": ["1", "2", "2", "2"], "category": "diplomacy",
    ...     "term": ["سفير", "قمة", "قمة", "قمة"]})
    >>> left = leave_one_term_out(counts, mentions, category="diplomacy",
    ...     before=("2031-01-01", "2031-01-31"), after=("2031-02-01", "2031-02-28"))
    >>> left[["left_out", "before", "after", "change", "sign_holds"]]
      left_out  before  after  change  sign_holds
    0              5.0   15.0    10.0        True
    1      قمة     5.0    0.0    -5.0       False
    2     سفير     0.0   15.0    15.0        True
    """
    categories = _choose_categories(category, pair, measure)
    resampling = choose_resampling(level, replicates, seed)
    spans = read_two_spans(
        counts, before=before, after=after, categories=categories, stratify=stratify
    )
    matrices, terms = count_terms(mentions, spans, categories)
    place = pd.Index(categories).get_indexer(pd.Index(terms["category"]))
    sums = []
    for span, matrix in zip(spans, matrices, strict=True):
        values = count_articles(span, measure)
        require_some(span, values[:, BASES[measure]].sum())
        lost = _alone(matrix, span.mentions[:, place]) if measure == "share" else matrix
        all_terms = resample_columns(values, span, resampling)
        sums.append(_without_each_term(all_terms, resample_columns(lost, span, resampling), place))
    table, change = _tabulate_changes(sums[0], sums[1], measure)
    table["low"], table["high"] = bound(change, [span.strata for span in spans], level=level)
    for side, span, matrix in zip(("before", "after"), spans, matrices, strict=True):
        table[f"mentions_{side}"] = [span.mentions.sum(), *matrix.sum(axis=0)]
    table = table.assign(
        category=[PAIR_SEPARATOR.join(categories), *terms["category"]],
        left_out=["", *terms["term"]],
        level=level,
        method=say_method("span", stratify, resampling),
        later=table.index > 0,
        weighty=-table["difference"].abs(),
        number=[-1, *place],
    )
    table = table.sort_values(["later", "weighty", "number", "left_out"], ignore_index=True)
    return table[list(TERM_LEFT_OUT)].astype(dict(TERM_LEFT_OUT))


def _choose_categories(
    category: str | None, pair: tuple[str, str] | None, measure: str
) -> list[str]:
    """Return the categories a measure needs: one for a share or rate, two for a balance."""
    require_choice(measure, MEASURES, name="measure")
    if measure == "balance":
        if pair is None or category is not None:
            raise InputError(
                "measure is 'balance', which compares two categories; give `pair`, such as "
                "('security', 'diplomacy'), and no `category`."
            )
        return list(pair)
    if category is None or pair is not None:
        raise InputError(
            f"measure is {measure!r}, which is of one category; give `category`, such as "
            "'security', and no `pair`."
        )
    return [category]


def _without_each(sums: "Numbers") -> "Numbers":
    """Return, as the next to last axis, the sums of all groups, then without each of them."""
    whole = sums.sum(axis=-1, keepdims=True)
    return np.moveaxis(np.concatenate([whole, whole - sums], axis=-1), -1, -2)


def _without_each_term(sums: "Numbers", lost: "Numbers", place: "Indices") -> "Numbers":
    """Return the same for terms: `lost` is what each adds to the category in its `place`."""
    table = np.repeat(sums[:, None], len(place) + 1, axis=1)
    table[:, np.arange(1, len(place) + 1), 2 + place] -= lost
    return table


def _alone(matrix: Any, mentions: "Numbers") -> Any:
    """Return 1 where all mentions of the term's category in an article are of the term."""
    alone = matrix.tocoo()
    alone.data = (alone.data == mentions[alone.row, alone.col]).astype("float64")
    return alone.tocsr()


def _tabulate_changes(
    before: "Numbers", after: "Numbers", measure: str
) -> tuple[pd.DataFrame, "Numbers"]:
    """Return a row for all and without each, and the change of each, then that of resamples."""
    columns: dict[str, Any] = {}
    values = []
    for side, sums in (("before", before), ("after", after)):
        values.append(measure_sums(sums[..., 2:], sums[..., BASES[measure]], measure=measure))
        columns[f"tokens_{side}"], columns[f"articles_{side}"] = sums[0, :, 0], sums[0, :, 1]
        columns[side] = values[-1][0]
    change = values[1] - values[0]
    whole, *_ = change[0]
    table = pd.DataFrame(columns).assign(
        measure=measure,
        change=change[0],
        difference=change[0] - whole,
        sign_holds=np.sign(change[0]) == np.sign(whole),
    )
    return table, change
