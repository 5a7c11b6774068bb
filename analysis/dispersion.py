"""How evenly mentions are spread over the articles, outlets or periods of a corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import require_choice
from analysis.periods import assign_periods
from analysis.tables import Columns, make_table, require_columns
from analysis.themes import require_known

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DISPERSION: Columns = {
    "category": "str",
    "mentions": "int64",
    "words": "int64",
    "articles_with": "int64",
    "articles": "int64",
    "parts_with": "int64",
    "parts": "int64",
    "dispersion": "float64",
    "dispersion_normalised": "float64",
    "dispersion_by_chance": "float64",
}
TERM_DISPERSION: Columns = {"category": "str", "term": "str", **DISPERSION}
_UNITS = {"category": ["category"], "term": ["category", "term"]}


def measure_dispersion(
    mentions: pd.DataFrame,
    counts: pd.DataFrame,
    *,
    of: str = "category",
    by: str = "article",
    freq: str = "MS",
) -> pd.DataFrame:
    """Measure how evenly the mentions of each category or term are spread.

    `of` is "category", or "term": every term that `mentions` holds. The parts that mentions
    are spread over are the articles (`by="article"`), the values of a column of `counts`
    ("outlet"), or the periods (`by="period"`, by `freq` as in `count_by_period`; articles
    without a date are left out). A part is as large as it has words; what has no word, such as
    an empty period, is no part. Returns one row per category, in the order of `counts`, or per
    term, the one with most mentions first:

    - `category`, and `term` with `of="term"`
    - `mentions`: its mentions, out of `words`
    - `words`: the DENOMINATOR, all words of the articles
    - `articles_with`: its range, the articles that mention it, out of `articles`
    - `articles`: all articles
    - `parts_with`: the parts that mention it, out of `parts`
    - `parts`: all parts
    - `dispersion`: Gries's deviation of proportions (`deviation_of_proportions`): 0 when each
      part has the share of the mentions that it has of the words, near 1 when they all stand
      in one small part; NaN without mentions
    - `dispersion_normalised`: `dispersion` over the largest value that these parts allow, so
      that 1 can be reached; NaN when there is one part
    - `dispersion_by_chance`: the mean `dispersion` of as many mentions that stand at words
      drawn at random. Few mentions cannot be even over many parts: five in 1,000 articles have
      a `dispersion` near 1 by chance too, and are clumped only if it is higher than this

    Raises InputError when a column is missing, an option or an article or category of
    `mentions` is not known, and with `by="period"` as `count_by_period` does.

    Sources: Gries (2008), International Journal of Corpus Linguistics 13, 403-437; Lijffijt and
    Gries (2012), the same journal 17, 147-149, for the normalised value; for the mean by
    chance, De Moivre's mean deviation of the binomial distribution, in Diaconis and Zabell
    (1991), Statistical Science 6, 284-302.

    >>> counts = pd.DataFrame({"article_id": ["أ", "ب"], "outlet": ["المرصد", "الضفة"],
    ...     "category": "security", "mentions": [4, 0], "tokens": [100, 300]})
    >>> mentions = pd.DataFrame({"article_id": ["أ"] * 4, "category": "security", "term": "أمن"})
    >>> spread = measure_dispersion(mentions, counts, by="outlet")
    >>> spread[["mentions", "parts_with", "parts", "dispersion", "dispersion_normalised"]]
       mentions  parts_with  parts  dispersion  dispersion_normalised
    0         4           1      2        0.75                    1.0
    """
    require_choice(of, tuple(_UNITS), name="of")
    names = _UNITS[of]
    column = "article_id" if by == "article" else by
    require_columns(mentions, ["article_id", *names], name="mentions")
    rows = assign_periods(counts, freq=freq) if by == "period" else counts
    require_columns(rows, ["article_id", "category", "tokens", column], name="counts")
    for name in ("article_id", "category"):
        require_known(
            mentions[name].drop_duplicates(),
            counts[name].unique(),
            "the counts",
            "pass the counts of the same articles and lexicons",
            table="mentions",
        )
    articles = rows.drop_duplicates("article_id").sort_values("article_id")
    part = pd.factorize(articles[column], use_na_sentinel=False)[0]
    words = np.bincount(part, articles["tokens"])
    article = pd.Index(articles["article_id"]).get_indexer(pd.Index(mentions["article_id"]))
    found, article = mentions[article >= 0], article[article >= 0]
    table = _list_terms(found) if of == "term" else counts[names].drop_duplicates()
    unit = pd.MultiIndex.from_frame(table).get_indexer(pd.MultiIndex.from_frame(found[names]))

    spread = []
    for row, labels in enumerate(table.itertuples(index=False, name=None)):
        mentioning = article[unit == row]
        in_parts = np.bincount(part[mentioning], minlength=len(words))
        spread.append(
            {
                **dict(zip(names, labels, strict=True)),
                "mentions": len(mentioning),
                "words": words.sum(),
                "articles_with": len(np.unique(mentioning)),
                "articles": len(articles),
                "parts_with": (in_parts > 0).sum(),
                "parts": (words > 0).sum(),
                "dispersion": deviation_of_proportions(in_parts, words),
                "dispersion_normalised": deviation_of_proportions(in_parts, words, normalised=True),
                "dispersion_by_chance": _deviate_by_chance(len(mentioning), words),
            }
        )
    return make_table(spread, TERM_DISPERSION if of == "term" else DISPERSION)


def _list_terms(mentions: pd.DataFrame) -> pd.DataFrame:
    """Return the terms, the one with most mentions first."""
    names = _UNITS["term"]
    sizes = mentions.groupby(names).size().rename("size").reset_index()
    return sizes.sort_values(["size", *names], ascending=[False, True, True])[names]


def deviation_of_proportions(
    mentions: ArrayLike, words: ArrayLike, *, normalised: bool = False
) -> float:
    """Return half the sum, over parts, of how far the share of mentions is from that of words.

    `mentions` and `words` are those of each part; parts without words are left out. With
    `normalised` it is divided by 1 less the share of the smallest part, the most it can be. NaN
    without mentions, and normalised when there is one part.

    Sources: Gries (2008), International Journal of Corpus Linguistics 13, 403-437; Lijffijt and
    Gries (2012), the same journal 17, 147-149.

    >>> round(deviation_of_proportions([1, 2, 3, 4, 5], [9, 10, 10, 10, 11]), 2)
    0.18
    """
    found, size = np.asarray(mentions, "float64"), np.asarray(words, "float64")
    found, size = found[size > 0], size[size > 0]
    if not found.sum():
        return float("nan")
    shares = size / size.sum()
    deviation = np.abs(found / found.sum() - shares).sum() / 2
    if normalised:
        return float(deviation / (1 - shares.min())) if len(shares) > 1 else float("nan")
    return float(deviation)


def _deviate_by_chance(mentions: int, words: NDArray[np.int64]) -> float:
    """Return the mean deviation of proportions of mentions that stand at words drawn at random."""
    from scipy.stats import binom

    if not mentions:
        return float("nan")
    sizes, parts = np.unique(words[words > 0], return_counts=True)
    share = sizes / words.sum()
    above = np.floor(mentions * share) + 1
    deviations = 2 * above * (1 - share) * binom.pmf(above, mentions, share) / mentions
    return float((parts * deviations).sum() / 2)
