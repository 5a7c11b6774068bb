"""What the words of a corpus, and the entries of a lexicon, may mean: their lemmas.

All of it asks CAMeL Tools' morphology about distinct words, each once in a process (see
`analysis.morphology`).
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from analysis.arabic import WORD, lookup_form, strip_marks
from analysis.lexicon import Category, Exceptions, Lexicon, Term, is_arabic_phrase
from analysis.matching import compile_lexicons, find_terms_in
from analysis.morphology import Reading, find_readings
from analysis.word_forms import broken_plurals, is_lookalike

SEPARATOR = "، "
"""Stands between the lemmas or forms of one cell."""


class Entry(NamedTuple):
    """A term and the lemmas of its single-word spellings.

    `own` are all lemmas that it may mean, `sought` the most frequent of those that are
    spelled like it: forms of these are missed when the term does not find them.
    """

    term: Term
    category: Category
    own: frozenset[str]
    sought: tuple[Reading, ...]


@functools.lru_cache(maxsize=8192)
def read_entry(term: Term, category: Category) -> Entry:
    """Return a term with the lemmas it may mean, and those whose forms it should find."""
    words = [spelling for spelling in (term.term, *term.forms) if " " not in spelling]
    own: set[str] = set()
    sought: list[Reading] = []
    for word in words:
        readings = _read_as(word, term.pos)
        spelled = _spelled_like(word, readings)
        own.update(reading.lemma for reading in spelled or most_frequent(readings))
        if term.pos not in ("name", "exact"):
            is_verb = term.pos == "verb"
            sought += [r for r in most_frequent(spelled) if (r.pos == "verb") == is_verb]
        for plural in broken_plurals(word):
            plurals = _spelled_like(plural, _read_as(plural, term.pos))
            own.update(reading.lemma for reading in plurals)
    return Entry(term, category, frozenset(own), tuple(sought))


def _read_as(word: str, pos: str | None) -> list[Reading]:
    """Return the readings of an entry as a verb, or as anything else, where it has such."""
    readings = read_word(word)
    if pos in ("name", "exact"):
        return readings
    return [found for found in readings if (found.pos == "verb") == (pos == "verb")] or readings


def _spelled_like(word: str, readings: Iterable[Reading]) -> list[Reading]:
    written = lookup_form(word)
    return [reading for reading in readings if lookup_form(reading.lemma) == written]


def read_word(word: str) -> list[Reading]:
    """Return what a word may be, the most frequent first; nothing when it is unknown."""
    readings = find_readings(strip_marks(word))
    names = [reading for reading in readings if reading.pos == "noun_prop"]
    if is_lookalike(word) and names:
        return names
    return sorted(readings, key=lambda reading: (-reading.frequency, reading))


def most_frequent(readings: Sequence[Reading]) -> list[Reading]:
    """Return the first of sorted readings, and those as frequent as it."""
    return [reading for reading in readings if reading.frequency == readings[0].frequency]


def count_arabic_words(texts: Iterable[str], min_frequency: int) -> Counter[str]:
    """Count the Arabic words of texts as they are written, rare ones left out."""
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(WORD.findall(text))
    spelled: Counter[str] = Counter()
    for word, count in counted.items():
        spelled[lookup_form(word)] += count
    return Counter(
        {
            word: count
            for word, count in counted.items()
            if spelled[lookup_form(word)] >= min_frequency and is_arabic_phrase(word)
        }
    )


def find_covered(words: Sequence[str], lexicons: Iterable[Lexicon]) -> dict[str, frozenset[str]]:
    """Return for each category the words that one of its terms finds in some context."""
    bare = tuple(
        replace(lexicon, categories=tuple(map(_without_conditions, lexicon.categories)))
        for lexicon in lexicons
    )
    matcher = compile_lexicons(bare)
    found = find_terms_in(words, matcher)
    covered: dict[str, set[str]] = {category.name: set() for _, category, _ in matcher.terms}
    for word, term in zip(found.text.tolist(), found.term.tolist(), strict=True):
        covered[matcher.terms[term].category.name].add(words[word])
    return {name: frozenset(of_category) for name, of_category in covered.items()}


def _without_conditions(category: Category) -> Category:
    terms = (replace(term, near=(), exceptions=Exceptions()) for term in category.terms)
    return replace(category, terms=tuple(terms))
