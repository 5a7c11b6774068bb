"""Term shifts: which terms make the difference of a category between two sets of articles."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import LEVEL, REPLICATES, SEED
from analysis.periods import count_by_category, group_columns
from analysis.spans import (
    Span,
    bound,
    choose_resampling,
    count_terms,
    measure_sums,
    read_articles,
    require_categories,
    require_some,
    resample_columns,
    say_method,
)
from analysis.tables import Columns, require_columns
from analysis.themes import require_known

TERM_SHIFT: Columns = {
    "category": "str",
    "term": "str",
    "mentions_first": "int64",
    "mentions_second": "int64",
    "tokens_first": "int64",
    "tokens_second": "int64",
    "per_1000_first": "float64",
    "per_1000_second": "float64",
    "difference": "float64",
    "low": "float64",
    "high": "float64",
    "share_of_difference": "float64",
    "difference_of_category": "float64",
    "articles_first": "int64",
    "articles_second": "int64",
    "all_articles_first": "int64",
    "all_articles_second": "int64",
    "level": "float64",
    "method": "str",
}


def compare_terms(
    mentions: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    first: Iterable[str],
    second: Iterable[str],
    categories: Sequence[str] | None = None,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
    stratify: str | None = "outlet",
) -> pd.DataFrame:
    """Say how much each term adds to the difference of a category between two sets of articles.

    The rate of a category is the sum of the rates of its terms, since every mention belongs to
    one term. So the contribution of a term to the difference is the difference of its own rate,
    and the contributions add up to the difference of the category with no rest: the simplest of
    the word shifts. `first` and `second` are the ids of the articles, such as
    `counts.loc[counts["published"] < "2031-02-01", "article_id"]`; an id may stand repeatedly.
    `categories` are all of `counts` when none is named.

    Returns one row per category and term that either set mentions, for each category those that
    add most, upwards or downwards, first:

    - `category`, `term`
    - `mentions_first`, `mentions_second`: of the term, 0 where it is in only one set
    - `tokens_first`, `tokens_second`: the DENOMINATOR, all words of all articles of the set
    - `per_1000_first`, `per_1000_second`: 1000 * mentions / tokens
    - `difference`: second less first, per 1,000 words: the contribution of the term
    - `low`, `high`: bootstrap interval of `difference`; NaN when a set has too few articles
    - `share_of_difference`: difference / difference_of_category, negative for a term that runs
      against it; NaN when the category does not differ
    - `difference_of_category`: of the category as a whole, per 1,000 words
    - `articles_first`, `articles_second`: articles that mention the term
    - `all_articles_first`, `all_articles_second`: the DENOMINATOR, all articles of the set
    - `level`: of the interval
    - `method`: how it was made, with its seed

    The bootstrap draws whole articles within each outlet (`stratify`), as `framing_by_period`
    does, and the interval reaches t standard errors to either side. Intervals are not
    adjusted for the number of terms. Of a term that stands in very few articles they are rough:
    see `articles_first` and `articles_second`.

    Missed on purpose: terms that neither set mentions, and words outside the lexicon.

    Raises InputError when a column is missing, an id is unknown or in both sets, a set has no
    article or no words, a category is unknown, the mentions do not fit the counts, or an option
    is out of range.

    Source: Gallagher et al. (2021), Generalized word shift graphs, EPJ Data Science 10, 4.

    >>> counts = pd.DataFrame({"article_id": ["1", "2"], "outlet": ["المرصد", "الضفة"],
    ...     "category": "diplomacy", "mentions": [3, 1], "tokens": [100, 100]})
    >>> mentions = pd.DataFrame({"article_id": ["1", "1", "1", "2"], "category": "diplomacy",
    ...     "term": ["سفير", "سفير", "قمة", "قمة"]})
    >>> shift = compare_terms(mentions, counts, first=["1"], second=["2"])
    >>> shift[["term", "per_1000_first", "per_1000_second", "difference", "share_of_difference"]]
       term  per_1000_first  per_1000_second  difference  share_of_difference
    0  سفير            20.0              0.0       -20.0                  1.0
    1   قمة            10.0             10.0         0.0                 -0.0
    """
    resampling = choose_resampling(level, replicates, seed)
    require_columns(counts, ["category", *group_columns(stratify)], name="counts")
    chosen = sorted(counts["category"].unique()) if categories is None else list(categories)
    require_categories(counts, chosen)
    spans = _read_sets(counts, first, second, categories=chosen, stratify=stratify)
    matrices, table = count_terms(mentions, spans, chosen)
    rates, of_category = [], []
    for span, matrix in zip(spans, matrices, strict=True):
        table = table.assign(**_describe_terms(span, matrix))
        found = resample_columns(matrix, span, resampling)
        words = resample_columns(span.tokens[:, None], span, resampling)
        rates.append(measure_sums(found[..., None], words, measure="per_1000"))
        of_category.append(1000 * span.mentions.sum(axis=0) / span.tokens.sum())
    difference = rates[1] - rates[0]
    low, high = bound(difference, [span.strata for span in spans], level=level)
    number = pd.Index(chosen).get_indexer(pd.Index(table["category"]))
    whole = (of_category[1] - of_category[0])[number]
    table = table.assign(
        difference=difference[0],
        low=low,
        high=high,
        share_of_difference=difference[0] / np.where(whole == 0, np.nan, whole),
        difference_of_category=whole,
        level=level,
        method=say_method("set", stratify, resampling),
        number=number,
        weighty=-np.abs(difference[0]),
    )
    table = table.sort_values(["number", "weighty", "term"], ignore_index=True)
    return table[list(TERM_SHIFT)].astype(dict(TERM_SHIFT))


def _read_sets(
    counts: pd.DataFrame,
    first: Iterable[str],
    second: Iterable[str],
    *,
    categories: Sequence[str],
    stratify: str | None,
) -> list[Span]:
    count_by_category(counts)
    ids = [_read_ids(counts, given, name) for name, given in (("first", first), ("second", second))]
    both = ids[0][ids[0].isin(ids[1])]
    if len(both):
        raise InputError(
            f"first and second share articles ({len(both)}), such as {both.min()!r}; "
            "compare sets that share none."
        )
    spans = [
        read_articles(
            counts[counts["article_id"].isin(chosen)],
            categories=categories,
            stratify=stratify,
            key=(name,),
        )
        for name, chosen in zip(("first", "second"), ids, strict=True)
    ]
    for span in spans:
        require_some(span, span.tokens.sum())
    return spans


def _read_ids(counts: pd.DataFrame, given: Iterable[str], name: str) -> pd.Series:
    chosen = pd.Series(list(given), dtype="str", name="article_id").drop_duplicates()
    if chosen.empty:
        raise InputError(f"{name} holds no article; give ids of articles of `counts`.")
    known = counts["article_id"].drop_duplicates()
    require_known(chosen, known, "the counts", "give ids of articles they have", table=name)
    return chosen


def _describe_terms(span: Span, matrix: Any) -> dict[str, Any]:
    """Return the columns of `compare_terms` about one set of articles."""
    [name] = span.key
    mentioned, words = matrix.sum(axis=0), span.tokens.sum()
    return {
        f"mentions_{name}": mentioned,
        f"tokens_{name}": words,
        f"per_1000_{name}": 1000 * mentioned / words,
        f"articles_{name}": (matrix > 0).sum(axis=0),
        f"all_articles_{name}": len(span.articles),
    }
