"""Collocates: the words that stand near the mentions of a category or a term."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.blocks import join_ranges
from analysis.errors import InputError, require_at_least
from analysis.inference import (
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
    WordsInOrder,
    draw_p_values,
    read_words,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Indices = NDArray[np.intp]
    Integers = NDArray[np.integer[Any]]

COLLOCATES: Columns = {
    "word": "str",
    "together": "int64",
    "count": "int64",
    "words_near": "int64",
    "words": "int64",
    "mentions": "int64",
    "expected": "float64",
    "log_ratio": "float64",
    "log_dice": "float64",
    "articles_together": "int64",
    "articles": "int64",
    "p_value": "float64",
    "q_value": "float64",
    "draws": "int64",
    "method": "str",
}
_HIGHEST_LOG_DICE = 14
_BITS = 32


def find_collocates(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    node: str,
    *,
    span: int | None = 5,
    least_articles: int = LEAST_ARTICLES,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Find the words that stand near the mentions of a category or term, the node.

    `node` is a category of `mentions`, or one of its terms. A word is near when it is one of
    the `span` words before or after a mention in the same sentence; with `span=None` every
    word of the sentence is. No span crosses the end of a sentence or a place in `skip`. The
    words of the node's own mentions are neither collocates nor counted, and a word near two
    mentions is near once. Words are told apart as in `word_counts.read_words`: clitics stay, so
    that والحدود and الحدود are two words.

    What is near is compared with all other words of the same article. So a word that is
    merely frequent in articles on the node's subject is no collocate, one that seeks the node's
    company in them is. The words of the subject are found by `compare_wording`, with the
    articles that mention the node for the first slice.

    Returns one row per word that stands in `least_articles` or more of the articles that
    mention the node, zeros included, the highest `log_ratio` first:

    - `word`, in its most frequent spelling
    - `together`: places of the word near the node, out of `words_near`
    - `count`: all places of the word in the articles, out of `words`
    - `words_near`: the DENOMINATOR of `together`, all words near the node
    - `words`: the DENOMINATOR of `count`, all words of the articles outside `skip` and the
      mentions of the node
    - `mentions`: mentions of the node
    - `expected`: `together` if the word had no liking for the node: its places in an article
      times the share of the article's words that are near, summed over the articles
    - `log_ratio`: the effect size, log2((together + 1/2) / (expected + 1/2)): 1 is twice as
      often as expected; the half mention draws rare words towards 0
    - `log_dice`: 14 + log2(2 * together / (mentions + count)), which ranks words by how much
      of both stands together, so that frequent words come first; NaN when never together
    - `articles_together`: articles where the word is near the node, out of `articles`
    - `articles`: articles that mention the node
    - `p_value`: how often the word is near as many times or more when the places near the node
      are moved along each article by a random number of words, its end joined to its beginning.
      So both words and places cluster as they do. Only attraction gives a small p-value
    - `q_value`: `p_value` adjusted to the false discovery rate of all words of the table
    - `draws`: how many times the places were moved for this word; its smallest possible
      p-value is 1 / (1 + draws)
    - `method`: how the p-value was made, with the seed

    Read the rows with a small `q_value` and several `articles_together`: a sentence that is
    printed many times over makes collocates of its words (leave copies out first).

    Missed on purpose: company across sentences, and what grammar puts beside any noun (من، إلى)
    is not told from what discourse does.

    Raises InputError when a column is missing, `mentions` does not hold the node or names an
    article that is not there, or an option is out of range.

    Sources: Church and Hanks (1990), Computational Linguistics 16, 22-29, for the ratio to what
    is expected; Rychlý (2008), Proceedings of Recent Advances in Slavonic Natural Language
    Processing, 6-9, for logDice; `draw_p_values` and `adjust_p_values` name theirs.

    >>> from analysis.themes import find_themes
    >>> articles = pd.DataFrame({"article_id": list("أبج"), "skip": [[]] * 3, "text": [
    ...     "ناقش الوزير الهجرة السرية أمس. والطقس بارد.", "تتراجع الهجرة السرية أمس.",
    ...     "تزايدت الهجرة السرية أمس. والطقس حار."]})
    >>> mentions = find_themes(articles)
    >>> found = find_collocates(articles, mentions, "migration", span=1, least_articles=2)
    >>> found[["word", "together", "count", "words_near", "words", "expected", "log_ratio"]]
         word  together  count  words_near  words  expected  log_ratio
    0     أمس         3      3           6     11       1.9   0.544321
    1  والطقس         0      2           6     11       0.9  -1.485427
    """
    require_columns(articles, ["article_id", "text", "skip"], name="articles")
    require_columns(mentions, ["article_id", "category", "term", "start", "end"], name="mentions")
    require_at_least(1, least_articles, name="least_articles")
    if span is not None:
        require_at_least(1, span, name="span")
    check_resampling(replicates=replicates, seed=seed)
    chosen = _choose_mentions(mentions, node)
    mentioning = chosen["article_id"].drop_duplicates()
    require_known(
        mentioning,
        articles["article_id"],
        "the articles",
        "pass the same articles",
        table="mentions",
    )
    rows = articles[articles["article_id"].isin(mentioning)]
    rows = rows.sort_values("article_id", ignore_index=True)
    words = read_words(rows)
    places = _find_places(words, rows, chosen, span)
    word, article = words.word[~places.is_node], words.article[~places.is_node]
    is_near = places.is_near[~places.is_node]
    every_word = len(words.vocabulary)
    shares = np.bincount(article, is_near) / np.maximum(np.bincount(article), 1)
    counts = pd.DataFrame(
        {
            "word": words.vocabulary,
            "together": np.bincount(word[is_near], minlength=every_word),
            "count": np.bincount(word, minlength=every_word),
            "words_near": is_near.sum(),
            "words": len(word),
            "mentions": places.mentions,
            "expected": np.bincount(word, shares[article], minlength=every_word),
            "articles_together": _count_articles(word[is_near], article[is_near], every_word),
            "articles": len(mentioning),
        }
    )
    kept = np.flatnonzero(_count_articles(word, article, every_word) >= least_articles)
    table = counts.iloc[kept].reset_index(drop=True)
    together = table["together"]
    table["log_ratio"] = np.log2((together + 0.5) / (table["expected"] + 0.5))
    table["log_dice"] = _HIGHEST_LOG_DICE + np.log2(
        2 * together.where(together > 0) / (table["mentions"] + table["count"])
    )
    count_reached = _move_places(
        _Tokens(word, is_near, article), kept, together.to_numpy(), seeded_generator(seed, node)
    )
    table["p_value"], table["draws"] = draw_p_values(
        len(kept), count_reached, replicates=replicates
    )
    table["q_value"] = adjust_p_values(table["p_value"])
    table["method"] = (
        f"p_value: places near the node moved along each article, up to "
        f"{MOST_DRAWS * replicates} draws, seed {seed}"
    )
    table = table.sort_values(["log_ratio", "word"], ascending=[False, True], ignore_index=True)
    return table[list(COLLOCATES)].astype(dict(COLLOCATES))


def _choose_mentions(mentions: pd.DataFrame, node: str) -> pd.DataFrame:
    """Return the places of the node: of a category, or else of a term."""
    column = "category" if (mentions["category"] == node).any() else "term"
    chosen = mentions.loc[mentions[column] == node, ["article_id", "start", "end"]]
    if chosen.empty:
        categories = ", ".join(map(repr, sorted(mentions["category"].unique())))
        raise InputError(
            f"node is {node!r}, which `mentions` does not hold; choose one of its terms or one of "
            f"its categories: {categories}."
        )
    return chosen.drop_duplicates()


class _Places(NamedTuple):
    """Which words belong to mentions of the node, which are near any, and how many mentions."""

    is_node: Bools
    is_near: Bools
    mentions: int


def _find_places(
    words: WordsInOrder, articles: pd.DataFrame, chosen: pd.DataFrame, span: int | None
) -> _Places:
    article = pd.Index(articles["article_id"]).get_indexer(pd.Index(chosen["article_id"]))
    starts, ends = chosen["start"].to_numpy(), chosen["end"].to_numpy()
    first = np.searchsorted(_key(words.article, words.end), _key(article, starts), "right")
    last = np.searchsorted(_key(words.article, words.start), _key(article, ends)) - 1
    first, last = first[first <= last], last[first <= last]
    is_node, is_near = np.zeros((2, len(words.word)), np.bool_)
    is_node[join_ranges(first, last - first + 1)] = True
    if span is None:
        is_near = np.isin(words.sentence, words.sentence[is_node])
    else:
        steps = np.arange(1, span + 1)
        for edge, place in ((first, first[:, None] - steps), (last, last[:, None] + steps)):
            inside = np.clip(place, 0, len(words.word) - 1)
            same = words.sentence[inside] == words.sentence[edge][:, None]
            is_near[inside[same]] = True
    return _Places(is_node, is_near, len(first))


def _key(article: Integers, place: Integers) -> Indices:
    """Return numbers in the order of the articles and of the places in them."""
    return np.asarray(article.astype(np.int64) << _BITS | place)


def _count_articles(word: Integers, article: Integers, size: int) -> Indices:
    """Count the articles that each word stands in."""
    pairs = np.unique(_key(article, word))
    return np.bincount(pairs & ((1 << _BITS) - 1), minlength=size)


class _Tokens(NamedTuple):
    """Words in the order of the text, without those of the node."""

    word: Integers
    is_near: Bools
    article: Integers


def _move_places(
    tokens: _Tokens, kept: Indices, together: Indices, generator: np.random.Generator
) -> Callable[[Indices, int], Indices]:
    """Return what counts how often moved places hold words as often as the true places do."""
    order = np.argsort(tokens.word, kind="stable")
    counts = np.bincount(tokens.word, minlength=kept.max(initial=-1) + 1)
    begin = np.cumsum(counts) - counts
    lengths = np.bincount(tokens.article)
    # Each article stands twice in `doubled`, so that a move need not turn at its end.
    in_first = np.arange(len(tokens.word)) + (np.cumsum(lengths) - lengths)[tokens.article]
    doubled = np.zeros(2 * len(tokens.word), np.bool_)
    doubled[in_first] = doubled[in_first + lengths[tokens.article]] = tokens.is_near

    def count_reached(numbers: Indices, draws: int) -> Indices:
        chosen = kept[numbers]
        of_words = order[join_ranges(begin[chosen], counts[chosen])]
        edges = np.cumsum(counts[chosen]) - counts[chosen]
        places, article = in_first[of_words], tokens.article[of_words]
        reached = np.zeros(len(numbers), np.intp)
        for _ in range(draws):
            moves = (generator.random(len(lengths)) * lengths).astype(np.intp)
            is_near = doubled[places + moves[article]]
            reached += np.add.reduceat(is_near, edges, dtype=np.intp) >= together[numbers]
        return reached

    return count_reached
