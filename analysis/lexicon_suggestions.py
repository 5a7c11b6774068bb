"""Propose terms to add to a lexicon, from the words of a corpus."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm.auto import tqdm

from analysis.arabic import WORD, lookup_form, split_sentences, strip_marks
from analysis.blocks import Bools, Ints
from analysis.cleaning import mask_text
from analysis.concordance import quote_in_line
from analysis.entry_lemmas import (
    SEPARATOR,
    Entry,
    count_arabic_words,
    find_covered,
    read_entry,
    read_word,
)
from analysis.errors import require_at_least, require_choice
from analysis.lexicon import Lexicon, choose_lexicons
from analysis.matching import Found, Matcher, compile_lexicons, find_terms_in
from analysis.morphology import Reading, load_morphology
from analysis.tables import Columns, make_table, require_columns

SUGGESTIONS: Columns = {
    "category": "str",
    "term": "str",
    "lemma": "str",
    "pos": "str",
    "reason": "str",
    "entries": "str",
    "forms": "str",
    "hits": "int64",
    "tokens": "int64",
    "articles": "int64",
    "rest_hits": "int64",
    "rest_tokens": "int64",
    "all_articles": "int64",
    "g2": "float64",
    "log_ratio": "float64",
    "example": "str",
}
CRITICAL_G2 = 15.13
"""A G2 above it has p < 0.0001 with one degree of freedom."""

# Parts of speech, as CAMeL Tools names them, of words with a meaning of their own.
_CONTENT = frozenset(["noun", "adj", "adj_comp", "verb", "noun_prop", "abbrev"])
_SHOWN_FORMS = 3
_Floats = npt.NDArray[np.float64]
_Place = tuple[int, int, int]


def suggest_terms(
    articles: pd.DataFrame,
    *,
    lexicons: Sequence[Lexicon] | None = None,
    category: str | None = None,
    limit: int = 50,
    min_frequency: int = 2,
    min_articles: int = 5,
    seed: int = 0,
    progress: bool = False,
) -> pd.DataFrame:
    """Propose terms to add to each category of a lexicon, or to the one named.

    Words are counted by their most frequent lemma; a word that the morphology does not know,
    mostly a name, counts as it is written. Function words, numerals, words that a term of the
    category finds in some context and all forms of its lemmas are left out. The reasons, in
    order:

    1. `root`: the lemma has the root of a single-word entry (تهديد, مهدد) and stands in
       `min_articles` articles of the corpus.
    2. `keyness`: it is more frequent in the sentences that mention the category than in all
       others, in `min_articles` articles, with a G2 above 15.13 (p < 0.0001).

    G2 is the log-likelihood ratio of the two-by-two table of hits and other words (Dunning
    1993, Accurate methods for the statistics of surprise and coincidence, Computational
    Linguistics 19). The log ratio is the effect size, 1 for twice as frequent (Hardie 2014,
    Log Ratio), here with one more hit, spread over both as their words are. Mentions
    themselves are no part of the sentences. Words that stand fewer than `min_frequency` times
    are not analysed.

    Returns up to `limit` rows per category and reason, the highest log ratio first: `category`;
    `term`, as an entry would be spelled; `lemma` and `pos`, empty for an unknown word;
    `reason`; `entries` of the same root; its most frequent `forms`; `hits` in the sentences
    that mention the category, out of `tokens`, their words; `articles` with such hits;
    `rest_hits` out of `rest_tokens` in all other sentences; `all_articles` that hold the
    lemma; `g2`, `log_ratio`; `example`, a line drawn by `seed` from those sentences, or from
    any where it never stands in them.

    What it misses on purpose: phrases, and whether a word belongs to the category: G2 finds
    company, not meaning. Words of one sentence are no independent sample, so that G2 sorts
    and does not test.

    Raises InputError when CAMeL Tools or its database is not installed, when the lexicons do
    not hold `category`, and for an option below 1.

        suggest_terms(articles, category="migration", limit=20)[["term", "reason", "example"]]
    """
    require_columns(articles, ["text", "skip"], name="articles")
    options = {"limit": limit, "min_frequency": min_frequency, "min_articles": min_articles}
    for name, value in options.items():
        require_at_least(1, value, name=name)
    chosen = choose_lexicons(lexicons)
    matcher = compile_lexicons(chosen)
    names = list(dict.fromkeys(matched.category.name for matched in matcher.terms))
    if category is not None:
        require_choice(category, names, name="category")
    load_morphology()
    texts = list(map(mask_text, articles["text"], articles["skip"]))
    words = count_arabic_words(texts, min_frequency)
    vocabulary = _read_vocabulary(words, progress=progress)
    covered = find_covered(list(words), chosen)
    wanted = [name for name in names if category in (None, name)]
    mentions = _mentions_by_category(find_terms_in(texts, matcher), matcher, wanted)
    proposals: dict[str, list[_Proposal]] = {}
    for name, counts in _count_near(texts, mentions, vocabulary).items():
        entries = [read_entry(term, of) for term, of, _ in matcher.terms if of.name == name]
        is_new = _are_new(vocabulary, entries, covered[name])
        proposals[name] = _propose(vocabulary, entries, is_new, counts, limit, min_articles)
    places = _draw_places(texts, mentions, vocabulary, proposals, seed)
    rows = (
        _suggestion_row(name, proposal, vocabulary, quote_in_line(texts[text], start, end))
        for name, proposed in proposals.items()
        for proposal, (text, start, end) in zip(proposed, places[name], strict=True)
    )
    return make_table(rows, SUGGESTIONS)


class _Vocabulary(NamedTuple):
    """The lexemes of a corpus: lemmas, and words that the morphology does not know.

    `lexeme_of` gives the number of the lexeme of a word as it is written, `forms` the
    frequency of the forms of each lexeme.
    """

    lexemes: list[Reading]
    lexeme_of: dict[str, int]
    forms: list[Counter[str]]


class _Counts(NamedTuple):
    """Of each lexeme: hits and articles near the mentions of a category, and elsewhere."""

    hits: Ints
    articles: Ints
    rest_hits: Ints
    all_articles: Ints
    tokens: int
    rest_tokens: int

    def of(self, lexeme: int) -> dict[str, int]:
        """Return the counts of one lexeme, with their denominators."""
        return {
            name: int(column[lexeme] if isinstance(column, np.ndarray) else column)
            for name, column in self._asdict().items()
        }


class _Proposal(NamedTuple):
    lexeme: int
    reason: str
    entries: tuple[str, ...]
    fields: dict[str, float]


def _read_vocabulary(words: Mapping[str, int], *, progress: bool) -> _Vocabulary:
    numbers: dict[tuple[str, str], int] = {}
    vocabulary = _Vocabulary([], {}, [])
    for word, count in tqdm(words.items(), disable=not progress, unit=" words"):
        readings = read_word(word)
        lexeme = readings[0] if readings else Reading(lookup_form(word), "", "", 0)
        number = numbers.setdefault((lexeme.lemma, lexeme.pos), len(numbers))
        if number == len(vocabulary.lexemes):
            vocabulary.lexemes.append(lexeme)
            vocabulary.forms.append(Counter())
        vocabulary.lexeme_of[word] = number
        vocabulary.forms[number][strip_marks(word)] += count
    return vocabulary


class _Mentions(NamedTuple):
    """The mentions of one category: number of the text, `text[start:end]`, in order."""

    text: Ints
    start: Ints
    end: Ints

    def of_text(self, number: int) -> tuple[Ints, Ints]:
        """Return where the mentions of a text start and end."""
        chosen = slice(*np.searchsorted(self.text, [number, number + 1]))
        return self.start[chosen], self.end[chosen]


def _mentions_by_category(
    found: Found, matcher: Matcher, categories: Sequence[str]
) -> dict[str, _Mentions]:
    names = np.array([matched.category.name for matched in matcher.terms])[found.term]
    chosen = {category: names == category for category in categories}
    return {
        category: _Mentions(found.text[is_of], found.start[is_of], found.end[is_of])
        for category, is_of in chosen.items()
    }


class _Words(NamedTuple):
    """The words of a text: where they stand, their lexemes (-1: none), their sentences."""

    starts: Ints
    ends: Ints
    lexemes: Ints
    sentence: Ints
    sentence_starts: Ints

    def choose_near(self, starts: Ints, ends: Ints) -> tuple[Bools, Bools]:
        """Say of words whether they stand in a sentence with a mention, and outside all."""
        mentioning = np.searchsorted(self.sentence_starts, starts, "right")
        opened = np.searchsorted(starts, self.starts, "right")
        closed = np.searchsorted(ends, self.starts, "right")
        return np.isin(self.sentence, mentioning), np.asarray(opened == closed)


def _read_words(text: str, lexeme_of: Mapping[str, int]) -> _Words:
    words = list(WORD.finditer(text))
    spans = np.array([word.span() for word in words], np.int64).reshape(-1, 2)
    lexemes = np.array([lexeme_of.get(word.group(), -1) for word in words], np.int64)
    sentences = np.array([start for start, _ in split_sentences(text)], np.int64)
    sentence = np.searchsorted(sentences, spans[:, 0], "right")
    return _Words(spans[:, 0], spans[:, 1], lexemes, sentence, sentences)


def _count_near(
    texts: Sequence[str], mentions: Mapping[str, _Mentions], vocabulary: _Vocabulary
) -> dict[str, _Counts]:
    size = len(vocabulary.lexemes)
    every, all_articles = np.zeros((2, size + 1), np.int64)
    near, outside, articles = np.zeros((3, len(mentions), size + 1), np.int64)
    for number, text in enumerate(texts):
        words = _read_words(text, vocabulary.lexeme_of)
        np.add.at(every, words.lexemes, 1)
        all_articles[words.lexemes] += 1
        for row, of_category in enumerate(mentions.values()):
            starts, ends = of_category.of_text(number)
            if len(starts):
                is_near, is_outside = words.choose_near(starts, ends)
                np.add.at(near[row], words.lexemes[is_near], 1)
                chosen = words.lexemes[is_near & is_outside]
                np.add.at(outside[row], chosen, 1)
                articles[row, chosen] += 1
    return {
        category: _Counts(
            outside[row, :-1],
            articles[row, :-1],
            every[:-1] - near[row, :-1],
            all_articles[:-1],
            int(outside[row].sum()),
            int(every.sum() - near[row].sum()),
        )
        for row, category in enumerate(mentions)
    }


def _propose(
    vocabulary: _Vocabulary,
    entries: Sequence[Entry],
    is_new: Sequence[bool],
    counts: _Counts,
    limit: int,
    min_articles: int,
) -> list[_Proposal]:
    g2, log_ratio = _keyness(counts)
    entries_of_root: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for root in dict.fromkeys(reading.root for reading in entry.sought):
            if _is_root(root):
                entries_of_root[root].append(entry.term.term)
    proposals: dict[str, list[_Proposal]] = {"root": [], "keyness": []}
    for lexeme in np.lexsort((-g2, -log_ratio)).tolist():
        reading = vocabulary.lexemes[lexeme]
        same_root = tuple(entries_of_root.get(reading.root, ()))
        is_key = counts.articles[lexeme] >= min_articles and g2[lexeme] > CRITICAL_G2
        if not is_new[lexeme] or counts.all_articles[lexeme] < min_articles:
            continue
        if same_root or (is_key and log_ratio[lexeme] > 0):
            reason = "root" if same_root else "keyness"
            fields = counts.of(lexeme) | {"g2": g2[lexeme], "log_ratio": log_ratio[lexeme]}
            proposals[reason].append(_Proposal(lexeme, reason, same_root, fields))
    return [proposal for listed in proposals.values() for proposal in listed[:limit]]


def _keyness(counts: _Counts) -> tuple[_Floats, _Floats]:
    """Return G2 and log ratio of each lexeme."""
    tokens, rest_tokens = float(counts.tokens), float(counts.rest_tokens)
    everything = max(tokens + rest_tokens, 1.0)
    used = (counts.hits + counts.rest_hits).astype(float)
    observed = np.array(
        [counts.hits, counts.rest_hits, tokens - counts.hits, rest_tokens - counts.rest_hits]
    )
    sizes = np.array([[tokens], [rest_tokens]])
    expected = np.vstack([used * sizes, (everything - used) * sizes]) / everything
    is_filled = observed > 0
    ratio = np.divide(observed, expected, out=np.ones_like(observed), where=is_filled)
    g2 = 2 * (observed * np.log(ratio)).sum(axis=0)
    # One more hit, spread as the words are, draws the ratio of rare words towards nothing.
    shares = observed[:2] / np.maximum(sizes, 1.0) + 1.0 / everything
    return g2, np.log2(shares[0] / shares[1])


def _is_root(root: str) -> bool:
    """Say whether a root is one: names have none, and two weak letters fit too many words."""
    return root.count(".") >= 2 and root.count("#") <= 1


def _are_new(
    vocabulary: _Vocabulary, entries: Sequence[Entry], covered: frozenset[str]
) -> list[bool]:
    """Say of each lexeme whether it has a meaning and the entries know nothing of it."""
    known = frozenset[str]().union(*(entry.own for entry in entries))
    found = {vocabulary.lexeme_of[word] for word in covered}
    return [
        number not in found and reading.pos in (_CONTENT | {""}) and reading.lemma not in known
        for number, reading in enumerate(vocabulary.lexemes)
    ]


def _suggestion_row(
    category: str, proposal: _Proposal, vocabulary: _Vocabulary, example: str
) -> dict[str, object]:
    reading = vocabulary.lexemes[proposal.lexeme]
    forms = vocabulary.forms[proposal.lexeme].most_common(_SHOWN_FORMS)
    return {
        "category": category,
        "term": strip_marks(reading.lemma).replace("ٱ", "ا"),
        "lemma": reading.lemma if reading.pos else "",
        "pos": reading.pos,
        "reason": proposal.reason,
        "entries": SEPARATOR.join(proposal.entries),
        "forms": SEPARATOR.join(form for form, _ in forms),
        **proposal.fields,
        "example": example,
    }


def _draw_places(
    texts: Sequence[str],
    mentions: Mapping[str, _Mentions],
    vocabulary: _Vocabulary,
    proposals: Mapping[str, Sequence[_Proposal]],
    seed: int,
) -> dict[str, list[_Place]]:
    """Return a place of each proposal, near a mention if its word stands near any."""
    places: dict[str, dict[int, list[_Place]]] = {
        name: {proposal.lexeme: [] for proposal in proposed} for name, proposed in proposals.items()
    }
    anywhere = {
        name: [proposal.lexeme for proposal in proposed if not proposal.fields["hits"]]
        for name, proposed in proposals.items()
    }
    for number, text in enumerate(texts):
        words = _read_words(text, vocabulary.lexeme_of)
        for name, of_category in places.items():
            if not anywhere[name] and not len(mentions[name].of_text(number)[0]):
                continue
            is_near, is_outside = words.choose_near(*mentions[name].of_text(number))
            is_asked = (is_near & is_outside) | np.isin(words.lexemes, anywhere[name])
            for word in np.flatnonzero(is_asked & np.isin(words.lexemes, list(of_category))):
                place = (number, int(words.starts[word]), int(words.ends[word]))
                of_category[int(words.lexemes[word])].append(place)
    generator = np.random.default_rng(seed)
    return {
        name: [listed[generator.integers(len(listed))] for listed in of_category.values()]
        for name, of_category in places.items()
    }
