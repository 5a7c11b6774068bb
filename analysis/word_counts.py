"""The words of articles as numbers: where each stands, and how often it is in each article."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.arabic import fold, strip_marks
from analysis.blocks import Block
from analysis.cleaning import mask_text
from analysis.errors import require_at_least
from analysis.tables import require_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.intp]
    Codes = NDArray[np.int32]

LEAST_ARTICLES = 3
_FIRST_DRAWS = 100
_ENOUGH_REACHED = 10
_SMALL_Q = 0.01
MOST_DRAWS = 100
"""Times `replicates`: how often `draw_p_values` draws a word at most."""


class WordsInOrder(NamedTuple):
    """The words of articles one after the other, as arrays of one length.

    `word` is the number of a word in `vocabulary`, `article` the number of its article,
    `sentence` that of its sentence, counted through all articles, and `text[start:end]` its
    place.
    """

    vocabulary: list[str]
    word: Codes
    article: Codes
    sentence: Codes
    start: Codes
    end: Codes


class WordCounts(NamedTuple):
    """How often each word stands in each article.

    `counts` has a row for each of `article_ids` and a column for each of `words`. `tokens` is
    the DENOMINATOR: all words of an article outside `skip`, those without a column included.
    """

    article_ids: list[str]
    words: list[str]
    counts: csr_array
    tokens: NDArray[np.int64]


def read_words(articles: pd.DataFrame) -> WordsInOrder:
    """Read the words of the articles outside `skip`, in the order of the table.

    Spellings that `arabic.fold` makes one are one word (الإرهاب and الارهاب, على and علي),
    because some outlets write hamza and the dots of ى and ة and others do not. A word is named
    by its most frequent spelling in these articles, without vowel marks. Clitics stay: والهجرة
    and الهجرة are two words, because what a first و or ب is cannot be told from the letters
    alone. Numbers and words in other letters are words too.

    Raises InputError when a column is missing.

    >>> articles = pd.DataFrame({"text": ["الإرهاب والارهاب! الإرهاب", "الارهاب"],
    ...     "skip": [[], []]})
    >>> words = read_words(articles)
    >>> [words.vocabulary[number] for number in words.word], words.sentence.tolist()
    (['الإرهاب', 'والارهاب', 'الإرهاب', 'الإرهاب'], [0, 0, 1, 2])
    """
    require_columns(articles, ["text", "skip"], name="articles")
    numbers: dict[str, int] = {}
    parts = [np.zeros((5, 0), np.int32)]
    sentences = 0
    for article, (text, skip) in enumerate(zip(articles["text"], articles["skip"], strict=True)):
        block = Block(mask_text(text, skip))
        written = [numbers.setdefault(word, len(numbers)) for word in block.written_words()]
        if not written:
            continue
        sentence = sentences + block.sentence_of(np.arange(len(written)))
        sentences = int(sentence[-1]) + 1
        parts.append(
            np.array(
                [written, np.full(len(written), article), sentence, block.starts, block.ends],
                np.int32,
            )
        )
    written, article, sentence, start, end = np.concatenate(parts, axis=1)
    vocabulary, word_of = _merge_spellings(list(numbers), np.bincount(written))
    return WordsInOrder(vocabulary, word_of[written], article, sentence, start, end)


def _merge_spellings(written: list[str], counts: Indices) -> tuple[list[str], Codes]:
    """Return the words in the order of their folded forms, and the word of each spelling."""
    spellings = pd.DataFrame(
        {
            "form": list(map(fold, written)),
            "spelling": list(map(strip_marks, written)),
            "count": counts,
        }
    )
    usual = (
        spellings.groupby(["form", "spelling"])["count"]
        .sum()
        .reset_index()
        .sort_values(["form", "count", "spelling"], ascending=[True, False, True])
        .drop_duplicates("form")
    )
    word_of = pd.Index(usual["form"]).get_indexer(pd.Index(spellings["form"]))
    return usual["spelling"].tolist(), word_of.astype(np.int32)


def count_article_words(
    articles: pd.DataFrame, *, least_articles: int = LEAST_ARTICLES
) -> WordCounts:
    """Count the words of each article, as `read_words` tells them apart.

    Words that stand in fewer than `least_articles` articles have no column; all words are in
    `tokens`. Of frequent words none is left out: no list says which words have no meaning.

    Raises InputError when a column is missing or an option is out of range.

    >>> articles = pd.DataFrame({"article_id": ["أ", "ب"], "skip": [[], []],
    ...     "text": ["الحدود مغلقة الحدود", "الحدود هادئة"]})
    >>> counted = count_article_words(articles, least_articles=2)
    >>> counted.words, counted.counts.toarray().tolist(), counted.tokens.tolist()
    (['الحدود'], [[2], [1]], [3, 2])
    """
    from scipy.sparse import coo_array

    require_columns(articles, ["article_id", "text", "skip"], name="articles")
    require_at_least(1, least_articles, name="least_articles")
    words = read_words(articles)
    shape = (len(articles), len(words.vocabulary))
    once = np.ones(len(words.word), np.int32)
    counts = coo_array((once, (words.article, words.word)), shape=shape).tocsr()
    kept = np.flatnonzero(np.bincount(counts.indices, minlength=shape[1]) >= least_articles)
    return WordCounts(
        articles["article_id"].tolist(),
        [words.vocabulary[number] for number in kept],
        counts[:, kept],
        np.bincount(words.article, minlength=len(articles)).astype(np.int64),
    )


def draw_p_values(
    words: int, count_reached: Callable[[Indices, int], Indices], *, replicates: int
) -> tuple[Numbers, Indices]:
    """Return the p-value of each of many words, and how often it was drawn.

    `count_reached(numbers, draws)` draws so many times and returns how often each of the words
    reached what was observed. All words are drawn 100 times. Those that fewer than ten draws
    have reached are drawn on, `replicates` times, then ten and a hundred times as often,
    because one of 20,000 words needs a small p-value to be told from chance, and most words
    are soon known to have none. It ends before when those that no draw reaches have a q-value
    (`adjust_p_values`) of 0.01 or less.

    Source: Besag and Clifford (1991), Biometrika 78, 301-304.

    >>> p_values, drawn = draw_p_values(2, lambda numbers, draws: numbers * draws // 2,
    ...     replicates=1000)
    >>> p_values.round(4).tolist(), drawn.tolist()
    ([0.001, 0.505], [1000, 100])
    """
    reached, drawn = np.zeros((2, words), np.intp)
    open_words = np.arange(words)
    done = 0
    for draws in sorted({_FIRST_DRAWS, *(n * replicates for n in (1, 10, MOST_DRAWS))}):
        reached[open_words] += count_reached(open_words, draws - done)
        drawn[open_words] = done = draws
        open_words = open_words[reached[open_words] < _ENOUGH_REACHED]
        if words <= _SMALL_Q * (1 + draws) * (reached == 0).sum() or not len(open_words):
            break
    return (1 + reached) / (1 + drawn), drawn
