"""Key words: which words one slice of articles uses more than another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import (
    LEVEL,
    REPLICATES,
    SEED,
    adjust_p_values,
    check_resampling,
    seeded_generator,
)
from analysis.tables import Columns, require_columns
from analysis.themes import require_known
from analysis.word_counts import (
    LEAST_ARTICLES,
    MOST_DRAWS,
    WordCounts,
    count_article_words,
    draw_p_values,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.intp]

KEYNESS: Columns = {
    "word": "str",
    "count_first": "int64",
    "count_second": "int64",
    "words_first": "int64",
    "words_second": "int64",
    "per_1000_first": "float64",
    "per_1000_second": "float64",
    "articles_first": "int64",
    "articles_second": "int64",
    "articles_in_first": "int64",
    "articles_in_second": "int64",
    "share_of_articles_first": "float64",
    "share_of_articles_second": "float64",
    "expected_first": "float64",
    "expected_second": "float64",
    "log_ratio": "float64",
    "low": "float64",
    "high": "float64",
    "p_value": "float64",
    "q_value": "float64",
    "draws": "int64",
    "level": "float64",
    "method": "str",
}
_SIDES = ("first", "second")
_NUMBERS_AT_ONCE = 4_000_000
_ROUNDING = 1e-9


def compare_wording(
    articles: pd.DataFrame,
    *,
    first: Iterable[str],
    second: Iterable[str],
    least_articles: int = LEAST_ARTICLES,
    stratify: str | None = None,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Compare how often two slices of articles use each word.

    `first` and `second` are ids of articles, such as `articles.loc[is_may, "article_id"]`;
    articles in neither are not read. Words are told apart as in `word_counts.read_words`:
    clitics stay, so that والهجرة and الهجرة are two words. Those that stand in fewer than
    `least_articles` articles of both slices together are left out. Returns one row per word,
    from those of the first slice to those of the second:

    - `word`, in its most frequent spelling
    - `count_first`, `count_second`: how often it stands in each slice
    - `words_first`, `words_second`: the DENOMINATOR, all words of the slice outside `skip`
    - `per_1000_first`, `per_1000_second`: 1000 * count / words, NaN without words
    - `articles_first`, `articles_second`: articles of the slice with the word
    - `articles_in_first`, `articles_in_second`: all articles of the slice
    - `share_of_articles_first`, `share_of_articles_second`: the one over the other
    - `expected_first`, `expected_second`: how often it would stand in each slice if both used
      it at one rate: words of the slice * count in both / words of both. With `stratify` at
      one rate in each outlet, summed over the outlets
    - `log_ratio`: the effect size, 1 where the first slice uses it twice as often as the
      second, -1 half as often; half a mention is added, so that rare words come near 0:

          log2((count + 1/2) / (expected + 1/2)) of the first less the same of the second

    - `low`, `high`: the interval of `log_ratio`, t standard errors to either side. The error
      is that of sums of whole articles, because the words of an article are not independent.
      NaN when a slice does not hold the word or has one article
    - `p_value`: how often articles that change slices at random, each slice keeping its
      number, take `count_first` as far from `expected_first`, to either side
    - `q_value`: `p_value` adjusted to the false discovery rate of all words of the table
    - `draws`: how many times articles changed slices for this word; its smallest possible
      p-value is 1 / (1 + draws)
    - `level`: of the interval
    - `method`: how it and the p-value were made, with the seed

    With `stratify="outlet"` articles change slices within their outlet only, and all of
    `expected`, `log_ratio`, its interval and `p_value` compare like with like: a word that one
    outlet uses more is no key word because that outlet wrote more in one of the slices. Outlets
    with articles in a single slice say nothing then, and draw `log_ratio` towards 0.

    Whole articles change slices, not single words: a long article that repeats a name makes it
    no key word. The usual log-likelihood G2 takes every word for an independent draw and calls
    words significant in slices drawn at random; it is not given. A word in few articles can
    have a large `log_ratio` by chance: read the rows with a small `q_value`.

    Missed on purpose: agency copy counts each time (leave it out of the slices), articles that
    report one event are taken for independent, and a word is not its meaning: see it in
    context with `find_in_context`.

    Raises InputError when a column is missing, a slice is empty, an article is unknown or in
    both slices, no stratum has articles in both, or an option is out of range.

    Sources: Hardie (2014), "Log Ratio: an informal introduction", ESRC Centre for Corpus
    Approaches to Social Science; for tests over texts and not over words, Lijffijt et al.
    (2016), Digital Scholarship in the Humanities 31, 374-397; for the standard error of a ratio
    of sums, Cochran (1977), Sampling Techniques, chapter 6; `draw_p_values` and
    `adjust_p_values` name theirs.

    >>> texts = ["الحدود مغلقة", "الحدود هادئة", "الحدود والجيش",
    ...     "السوق هادئة", "السوق مغلقة", "السوق والجيش"]
    >>> articles = pd.DataFrame({"article_id": list("أبجدهو"), "text": texts, "skip": [[]] * 6})
    >>> compared = compare_wording(articles, first="أبج", second="دهو")
    >>> compared[["word", "count_first", "words_first", "count_second", "log_ratio"]].round(2)
         word  count_first  words_first  count_second  log_ratio
    0  الحدود            3            6             0       2.81
    1   السوق            0            6             3      -2.81
    """
    check_resampling(level=level, replicates=replicates, seed=seed)
    slices = _cut_slices(articles, first, second, stratify)
    counted = count_article_words(slices.articles, least_articles=least_articles)
    sums = _add_up(counted, slices)
    p_values, draws = draw_p_values(
        len(counted.words),
        _exchange_articles(counted, slices, sums, seeded_generator(seed, "wording")),
        replicates=replicates,
    )
    log_ratio, reach = _log_ratio(sums), _reach(sums, level)
    table = pd.DataFrame(
        {
            "word": counted.words,
            "log_ratio": log_ratio,
            "low": log_ratio - reach,
            "high": log_ratio + reach,
            "p_value": p_values,
            "q_value": adjust_p_values(p_values),
            "draws": draws,
            "level": level,
        }
    )
    for side, name in enumerate(_SIDES):
        words, articles_in = sums.words[side].sum(), sums.articles[side].sum()
        table[f"count_{name}"] = sums.counts[:, side].sum(axis=-1)
        table[f"words_{name}"] = words
        table[f"per_1000_{name}"] = 1000 * table[f"count_{name}"] / (words or np.nan)
        table[f"articles_{name}"] = sums.articles_with[:, side].sum(axis=-1)
        table[f"articles_in_{name}"] = articles_in
        table[f"share_of_articles_{name}"] = table[f"articles_{name}"] / articles_in
        table[f"expected_{name}"] = _expect(sums)[:, side].sum(axis=-1)
    within = f" within {stratify}" if stratify else ""
    table["method"] = (
        f"log_ratio: t interval, standard error from sums of articles{within}; p_value: articles "
        f"exchanged between the slices{within}, up to {MOST_DRAWS * replicates} draws, "
        f"seed {seed}; level {level:g}"
    )
    table = table.sort_values(["log_ratio", "word"], ascending=[False, True], ignore_index=True)
    return table[list(KEYNESS)].astype(dict(KEYNESS))


class _Slices(NamedTuple):
    """The articles of both slices, sorted by stratum and id; side 0 is the first slice."""

    articles: pd.DataFrame
    side: Indices
    stratum: Indices


def _cut_slices(
    articles: pd.DataFrame, first: Iterable[str], second: Iterable[str], stratify: str | None
) -> _Slices:
    names = ["article_id", "text", "skip", *([stratify] if stratify else [])]
    require_columns(articles, names, name="articles")
    chosen = [pd.Series(list(ids), name="article_id", dtype="object") for ids in (first, second)]
    for name, ids in zip(_SIDES, chosen, strict=True):
        require_known(
            ids,
            articles["article_id"],
            "the articles",
            "give ids of articles, such as articles.loc[is_may, 'article_id']",
            table=name,
        )
        if ids.empty:
            raise InputError(f"{name} names no article; a slice needs one or more.")
    shared = chosen[0][chosen[0].isin(chosen[1])]
    if len(shared):
        raise InputError(
            f"the article {shared.iloc[0]!r} is in both slices; leave it out of one of them."
        )
    rows = articles.loc[articles["article_id"].isin(pd.concat(chosen)), names]
    strata = rows[stratify].astype("str").fillna("") if stratify else pd.Series("", rows.index)
    rows = rows.assign(stratum=pd.factorize(strata, sort=True)[0])
    rows = rows.sort_values(["stratum", "article_id"], ignore_index=True)
    stratum = rows["stratum"].to_numpy()
    side = rows["article_id"].isin(chosen[1]).to_numpy().astype(np.intp)
    if not np.intersect1d(stratum[side == 0], stratum[side == 1]).size:
        raise InputError(
            f"stratify is {stratify!r}, but no {stratify} has articles in both slices; "
            "use stratify=None."
        )
    return _Slices(rows, side, stratum)


class _Sums(NamedTuple):
    """Sums over the articles of each side and stratum, the last two axes; the first is words.

    Of an article `counts` is how often a word stands in it, `words` how many it has.
    """

    counts: Numbers
    counts_squared: Numbers
    counts_times_words: Numbers
    articles_with: Numbers
    words: Numbers
    words_squared: Numbers
    articles: Numbers


def _add_up(counted: WordCounts, slices: _Slices) -> _Sums:
    strata = int(slices.stratum.max()) + 1
    cell = slices.side * strata + slices.stratum
    cells = (np.arange(2 * strata) == cell[:, None]).astype("float64")
    counts, words = counted.counts.T.astype("float64"), counted.tokens.astype("float64")
    sums = (
        counts @ cells,
        counts.power(2) @ cells,
        counts @ (words[:, None] * cells),
        counts.sign() @ cells,
        words @ cells,
        words**2 @ cells,
        cells.sum(axis=0),
    )
    return _Sums(*(each.reshape(*each.shape[:-1], 2, strata) for each in sums))


def _expect(sums: _Sums) -> Numbers:
    """Return the counts of each side and stratum if both sides had the rate of the stratum."""
    return np.asarray(_rates(sums)[:, None] * sums.words)


def _rates(sums: _Sums) -> Numbers:
    """Return the rate of each word in each stratum."""
    return np.asarray(sums.counts.sum(axis=1) / np.maximum(sums.words.sum(axis=0), 1))


def _log_ratio(sums: _Sums) -> Numbers:
    smoothed = np.log2(sums.counts.sum(axis=-1) + 0.5) - np.log2(_expect(sums).sum(axis=-1) + 0.5)
    return np.asarray(smoothed[:, 0] - smoothed[:, 1])


def _reach(sums: _Sums, level: float) -> Numbers:
    """Return t standard errors of the log ratio.

    To first order an article changes the log ratio by `by_count` times its count plus
    `by_words` times its words; the error is that of the sum of these over the articles.
    """
    from scipy.special import stdtrit

    sign = np.array([[1.0], [-1.0]])
    share = sums.words / np.maximum(sums.words.sum(axis=0), 1)
    observed = 1 / (sums.counts.sum(axis=-1, keepdims=True) + 0.5)
    expected = 1 / (_expect(sums).sum(axis=-1, keepdims=True) + 0.5)
    by_count = sign * observed - (sign * share * expected).sum(axis=1, keepdims=True)
    by_words = -sign * share[::-1] * (_rates(sums) * expected.sum(axis=1))[:, None]
    total = by_count * sums.counts + by_words * sums.words
    squares = (
        by_count**2 * sums.counts_squared
        + 2 * by_count * by_words * sums.counts_times_words
        + by_words**2 * sums.words_squared
    )
    size = np.maximum(sums.articles, 1)
    variance = (squares - total**2 / size) * size / np.maximum(size - 1, 1)
    error = np.sqrt(np.maximum(variance, 0).sum(axis=(1, 2))) / np.log(2)
    freedom = sums.articles.sum() - (sums.articles > 0).sum()
    is_varying = (sums.counts.sum(axis=-1) > 0).all(axis=1) & (sums.articles.sum(axis=1) > 1).all()
    return np.where(is_varying, stdtrit(max(freedom, 1), (1 + level) / 2) * error, np.nan)


def _exchange_articles(
    counted: WordCounts, slices: _Slices, sums: _Sums, generator: np.random.Generator
) -> Callable[[Indices, int], Indices]:
    """Return what counts how often exchanged articles reach the differences of words.

    The side with fewer articles is drawn, which gives the same differences with the other sign.
    """
    counts = counted.counts.T.tocsr().astype("float32")
    rates = _rates(sums)
    observed = np.abs((sums.counts - _expect(sums))[:, 0].sum(axis=-1, keepdims=True))
    drawn = np.argmin(sums.articles.sum(axis=1))
    strata = [np.flatnonzero(slices.stratum == n) for n in range(sums.articles.shape[1])]
    sizes = sums.articles[drawn].astype(int)

    def count_reached(numbers: Indices, draws: int) -> Indices:
        at_once = max(1, _NUMBERS_AT_ONCE // max(len(slices.side), len(numbers)))
        chosen = counts[numbers]
        reached = np.zeros(len(numbers), np.intp)
        for done in range(0, draws, at_once):
            is_drawn = np.zeros((min(at_once, draws - done), len(slices.side)), np.bool_)
            words = np.zeros((len(strata), len(is_drawn)))
            for draw, row in enumerate(is_drawn):
                for stratum, (members, size) in enumerate(zip(strata, sizes, strict=True)):
                    exchanged = generator.choice(members, size, replace=False, shuffle=False)
                    row[exchanged] = True
                    words[stratum, draw] = counted.tokens[exchanged].sum()
            counts_drawn = chosen @ np.ascontiguousarray(is_drawn.T).astype("float32")
            difference = counts_drawn - rates[numbers] @ words
            reached += (np.abs(difference) >= observed[numbers] - _ROUNDING).sum(axis=1)
        return reached

    return count_reached
