"""Does a change hold when it is measured otherwise: one row for each way to measure it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_at_least
from analysis.inference import LEVEL, SEED
from analysis.lexicon import Lexicon, all_categories, choose_lexicons
from analysis.periods import COPIES
from analysis.spans import (
    Days,
    Resampling,
    Span,
    bound,
    choose_resampling,
    count_terms,
    mark_categories,
    measure_sums,
    read_days,
    read_spans,
    read_two_spans,
    resample_columns,
    say_method,
    weigh_articles,
)
from analysis.tables import Columns, require_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

ROBUSTNESS: Columns = {
    "measure": "str",
    "window": "str",
    "before_start": "datetime64[us]",
    "before_end": "datetime64[us]",
    "after_start": "datetime64[us]",
    "after_end": "datetime64[us]",
    "lexicon": "str",
    "left_out": "str",
    "copies": "str",
    "articles_before": "float64",
    "articles_after": "float64",
    "tokens_before": "float64",
    "tokens_after": "float64",
    "before": "float64",
    "after": "float64",
    "change": "float64",
    "low": "float64",
    "high": "float64",
    "standardised_change": "float64",
    "agrees": "bool",
    "main": "bool",
    "level": "float64",
    "method": "str",
}
OF_CATEGORY = ("per_1000", "share")
OF_PAIR = ("balance", "balance_of_articles")
AS_GIVEN = "as given"
ALL_TERMS = "all terms"
WITHOUT_MOST_FREQUENT = "without the most frequent term"
SURE_TERMS = "sure terms only"
_BY_ARTICLES = ("share", "balance_of_articles")
_LEAST_ERROR = 1e-9


class _Variant(NamedTuple):
    """A way to read the lexicon: its name, the terms it leaves out, which terms it counts."""

    name: str
    left_out: str
    counted: "Flags"


def check_robustness(
    counts: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    *,
    before: Days,
    after: Days,
    category: str | None = None,
    pair: tuple[str, str] | None = None,
    days: int | None = None,
    lexicons: Sequence[Lexicon] | None = None,
    level: float = LEVEL,
    replicates: int = 500,
    seed: int = SEED,
    stratify: str | None = "outlet",
) -> pd.DataFrame:
    """Measure the change between two spans in every combination of the choices one could make.

    A finding that rests on one choice among many that were as good is none. The table holds a
    row for each combination of:

    - `measure`: with `category` its mentions per 1,000 words (`per_1000`) and the share of
      articles that mention it (`share`); with `pair` the balance of its mentions (`balance`)
      and that of the articles that mention each (`balance_of_articles`), both
      log2((first + 1/2) / (second + 1/2)). With both, the category is the first of the pair, so
      that one sign means the same throughout
    - `window`: the spans as given; `shorter` and `longer`, their far ends moved inwards and
      outwards by `days`; and `apart`, their near ends moved away from each other. `days` is a
      quarter of the shorter span when it is not named; 0 leaves the spans as given
    - `lexicon`, with `mentions`: all terms; without the most frequent term (in the spans as given,
      for a balance that of either category); only the terms the lexicon marks as sure; and
      without each subcategory in turn. A variant that leaves a category of the measure no
      mention in the spans as given is left out
    - `copies`, when `counts` has a column `copy_of`: articles that copy another one counted,
      weighed together as one (`weight`) or dropped, as in `count_by_period`

    Returns one row per combination, in this order, the main one first:

    - `measure`, `window`
    - `before_start`, `before_end`, `after_start`, `after_end`: first and last days of the spans
    - `lexicon`, and `left_out`: the most frequent terms, where they are what is left out
    - `copies`
    - `articles_before`, `articles_after`, `tokens_before`, `tokens_after`: articles and their
      words, the DENOMINATORS of `share` and `per_1000`; sums of weights need not be whole
    - `before`, `after`: the measure in each span; NaN without articles
    - `change`: after less before
    - `low`, `high`: bootstrap interval of `change`; NaN when nothing varies
    - `standardised_change`: change / its bootstrap standard error, without a unit, so that rows
      of different measures can stand in one figure; NaN when nothing varies
    - `agrees`: whether the change has the sign of the main one; false when it is NaN
    - `main`: true for the first row: mentions per 1,000 words (or their balance), the spans as
      given, all terms, copies counted
    - `level`: of the interval
    - `method`: how it was made, with its seed

    The bootstrap draws whole articles within span and outlet (`stratify`), as
    `framing_by_period` does; rows of the same window share their draws. The rows are no
    independent tests: how many of them agree is a description, not a p-value.

    Missed on purpose: choices made before counting (the corpus, the rules of matching), and
    that copies are not independent of what they copy, for which intervals with copies counted
    are too narrow.

    Raises InputError when a column is missing, a span as given has no article, the spans
    overlap, a category is unknown, neither `category` nor `pair` is named, they do not fit each
    other, the mentions do not fit the counts, or an option is out of range.

    Source: for all combinations of defensible choices, Steegen et al. (2016), Perspectives on
    Psychological Science 11, 702-712; Simonsohn, Simmons and Nelson (2020), Nature Human
    Behaviour 4, 1208-1214.

    >>> rows = [("1", "2031-01-05", 4, 200), ("2", "2031-01-20", 2, 200),
    ...         ("3", "2031-02-05", 9, 300), ("4", "2031-02-20", 0, 100)]
    >>> counts = pd.DataFrame(rows, columns=["article_id", "published", "mentions", "tokens"])
    >>> counts = counts.assign(category="security", outlet="صدى المشرق")
    >>> counts["published"] = pd.to_datetime(counts["published"])
    >>> grid = check_robustness(counts, category="security", days=0,
    ...     before=("2031-01-01", "2031-01-31"), after=("2031-02-01", "2031-02-28"))
    >>> grid[["measure", "before", "after", "change", "agrees", "main"]]
        measure  before  after  change  agrees   main
    0  per_1000    15.0   22.5     7.5    True   True
    1     share     1.0    0.5    -0.5   False  False
    """
    resampling = choose_resampling(level, replicates, seed)
    windows = {AS_GIVEN: (before, after), **_other_windows(before, after, days)}
    table = pd.concat(
        [
            _check_measures(
                counts,
                mentions,
                windows,
                categories=categories,
                measures=measures,
                lexicons=lexicons,
                resampling=resampling,
                stratify=stratify,
            )
            for categories, measures in _choose_measures(category, pair)
        ],
        ignore_index=True,
    )
    return table.assign(
        agrees=np.sign(table["change"]) == np.sign(table["change"].iloc[0]),
        main=table.index == 0,
        level=level,
        method=say_method("span", stratify, resampling),
    )[list(ROBUSTNESS)].astype(dict(ROBUSTNESS))


def _choose_measures(
    category: str | None, pair: tuple[str, str] | None
) -> list[tuple[list[str], tuple[str, ...]]]:
    """Return the categories to count, and what is measured of them."""
    if category is None and pair is None:
        raise InputError(
            "neither category nor pair is given; name what changes, such as category='security' "
            "or pair=('security', 'diplomacy')."
        )
    if category and pair and category != pair[0]:
        raise InputError(
            f"category is {category!r} and pair is {pair!r}; name the category first in the "
            "pair, so that a rise has the same sign in both."
        )
    of_category = [([category], OF_CATEGORY)] if category else []
    of_pair = [([*pair], OF_PAIR)] if pair else []
    return [*of_category, *of_pair]


def _check_measures(
    counts: pd.DataFrame,
    mentions: pd.DataFrame | None,
    windows: Mapping[str, tuple[Days, Days]],
    *,
    categories: Sequence[str],
    measures: Sequence[str],
    lexicons: Sequence[Lexicon] | None,
    resampling: Resampling,
    stratify: str | None,
) -> pd.DataFrame:
    """Return the rows of measures that are of the same categories."""
    spans = _read_windows(counts, windows, categories, stratify)
    variants, mentioned = _read_variants(mentions, spans, categories, lexicons)
    copies = COPIES if "copy_of" in counts else COPIES[:1]
    weights = weigh_articles(counts, spans, copies)
    sums = [
        _sum_up(span, own, weight, resampling)
        for span, own, weight in zip(spans, mentioned, weights, strict=True)
    ]
    cells = []
    for measure in measures:
        values = [_measure(own, measure, len(variants)) for own in sums]
        for number, window in enumerate(windows):
            both = slice(2 * number, 2 * number + 2)
            denominators = [own[0, :, :2] for own in sums[both]]
            cell = _compare_spans(spans[both], values[both], denominators, resampling.level)
            cells.append(cell.assign(measure=measure, window=window))
    return pd.concat(cells).assign(
        lexicon=[variant.name for variant in variants for _ in copies] * len(cells),
        left_out=[variant.left_out for variant in variants for _ in copies] * len(cells),
        copies=[*copies] * len(variants) * len(cells),
    )


def _other_windows(before: Days, after: Days, days: int | None) -> dict[str, tuple[Days, Days]]:
    (first, end), (start, last) = read_days(before, name="before"), read_days(after, name="after")
    shortest = 1 + min((end - first).days, (last - start).days)
    if days is None:
        days = shortest // 4
    require_at_least(0, days, name="days")
    if days >= shortest:
        raise InputError(f"days is {days}, but the shorter span has only {shortest}; choose fewer.")
    moved = pd.Timedelta(days=days)
    others: dict[str, tuple[Days, Days]] = {
        "shorter": ((first + moved, end), (start, last - moved)),
        "longer": ((first - moved, end), (start, last + moved)),
        "apart": ((first, end - moved), (start + moved, last)),
    }
    return others if days else {}


def _read_windows(
    counts: pd.DataFrame,
    windows: Mapping[str, tuple[Days, Days]],
    categories: Sequence[str],
    stratify: str | None,
) -> list[Span]:
    """Return the spans of the windows, before and after in turn; those as given are not empty."""
    before, after = windows[AS_GIVEN]
    as_given = read_two_spans(
        counts, before=before, after=after, categories=categories, stratify=stratify
    )
    others = {
        f"{window} {side}": days
        for window, both in windows.items()
        if window != AS_GIVEN
        for side, days in zip(("before", "after"), both, strict=True)
    }
    if not others:
        return [*as_given]
    read = read_spans(counts, others, categories=categories, stratify=stratify)
    return [*as_given, *read.values()]


def _read_variants(
    mentions: pd.DataFrame | None,
    spans: Sequence[Span],
    categories: Sequence[str],
    lexicons: Sequence[Lexicon] | None,
) -> tuple[list[_Variant], list["Numbers"]]:
    """Return the variants, and for each span the mentions by article, variant and category."""
    if mentions is None:
        return [_Variant(ALL_TERMS, "", np.ones(0, "bool"))], [
            span.mentions[:, None] for span in spans
        ]
    require_columns(mentions, ["subcategory"], name="mentions")
    matrices, terms = count_terms(mentions, spans, categories)
    terms["mentions"] = sum(matrix.sum(axis=0) for matrix in matrices[:2])
    known = mentions.drop_duplicates(["category", "term"])[["category", "term", "subcategory"]]
    terms = terms.merge(known, on=["category", "term"], how="left")
    variants = [
        variant
        for variant in _vary_lexicon(terms, lexicons)
        if variant.name == ALL_TERMS
        or terms.loc[variant.counted & (terms["mentions"] > 0), "category"].nunique()
        == len(categories)
    ]
    own = mark_categories(terms, categories)
    chosen = np.stack([own * variant.counted[:, None] for variant in variants], axis=1)
    return variants, [
        (matrix @ chosen.reshape(len(terms), -1)).reshape(matrix.shape[0], *chosen.shape[1:])
        for matrix in matrices
    ]


def _vary_lexicon(terms: pd.DataFrame, lexicons: Sequence[Lexicon] | None) -> Iterator[_Variant]:
    yield _Variant(ALL_TERMS, "", np.ones(len(terms), "bool"))
    ranked = terms.sort_values(["category", "mentions", "term"], ascending=[True, False, True])
    most = ranked.drop_duplicates("category")
    yield _Variant(WITHOUT_MOST_FREQUENT, "، ".join(most["term"]), ~terms.index.isin(most.index))
    yield _Variant(SURE_TERMS, "", _find_sure(terms, lexicons))
    part = terms["subcategory"].fillna("").str.split("/").str[0]
    names = terms["category"] + "/" + part
    for name in sorted(names[(part != "") & (terms["mentions"] > 0)].unique()):
        yield _Variant(f"without {name}", "", (names != name).to_numpy())


def _find_sure(terms: pd.DataFrame, lexicons: Sequence[Lexicon] | None) -> "Flags":
    categories = all_categories(choose_lexicons(lexicons)).values()
    sure = {(own.name, term.term) for own in categories for term in own.terms if term.sure}
    return np.array([key in sure for key in zip(terms["category"], terms["term"], strict=True)])


def _sum_up(
    span: Span, mentioned: "Numbers", weights: "Numbers", resampling: Resampling
) -> "Numbers":
    """Return the sums of a span, then of its resamples, for each way with copies.

    The last axis holds words and articles, then mentions, then articles with mentions, for each
    variant of the lexicon and each category.
    """
    flat = mentioned.reshape(len(mentioned), math.prod(mentioned.shape[1:]))
    values = np.column_stack([span.tokens, np.ones(len(flat)), flat, flat > 0])
    weighed = weights[:, :, None] * values[:, None]
    shape = (weights.shape[1], values.shape[1])
    columns = weighed.reshape(len(values), math.prod(shape))
    return resample_columns(columns, span, resampling).reshape(-1, *shape)


def _measure(sums: "Numbers", measure: str, variants: int) -> "Numbers":
    """Return the measure of a span, then of its resamples, by way with copies and variant."""
    by_articles = int(measure in _BY_ARTICLES)
    counted = sums[..., 2:].reshape(*sums.shape[:2], 2, variants, -1)[:, :, by_articles]
    kind = measure if measure in OF_CATEGORY else "balance"
    return measure_sums(counted, sums[..., by_articles, None], measure=kind)


def _compare_spans(
    spans: Sequence[Span],
    values: Sequence["Numbers"],
    denominators: Sequence["Numbers"],
    level: float,
) -> pd.DataFrame:
    """Return a row for each variant of the lexicon and way with copies, of one window."""
    before, after = values
    change = after - before
    error = change[1:].std(axis=0, ddof=1)
    error = np.where(error > _LEAST_ERROR, error, np.nan)
    low, high = bound(change, [span.strata for span in spans], level=level)
    cells = {
        "before": before[0],
        "after": after[0],
        "change": change[0],
        "low": np.where(error > 0, low, np.nan),
        "high": np.where(error > 0, high, np.nan),
        "standardised_change": change[0] / error,
    }
    table = pd.DataFrame({name: numbers.T.ravel() for name, numbers in cells.items()})
    for side, span, sums in zip(("before", "after"), spans, denominators, strict=True):
        for number, name in enumerate(("tokens", "articles")):
            table[f"{name}_{side}"] = np.tile(sums[:, number], change.shape[-1])
        table[f"{side}_start"], table[f"{side}_end"] = map(pd.Timestamp, span.key)
    return table
