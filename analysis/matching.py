"""Find many terms in many texts: the hot loop.

Texts are scanned in blocks (see `analysis.blocks`). Each word becomes a code by one look-up;
words of the same code can fill the same places in phrases. Phrases, conditions and overlaps
are then worked out on arrays, for the few words that have a code.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from analysis.arabic import lookup_form
from analysis.blocks import Block, Bools, Ints, join_ranges
from analysis.conditions import Conditions, Places, asks_for_contexts, check_conditions
from analysis.lexicon import Category, Lexicon, Term, all_categories
from analysis.spellings import SpellingFinder, compile_phrases
from analysis.word_codes import block_words
from analysis.word_forms import Phrase, inflect_phrase, inflect_word, leave_out

BLOCK = 3_000_000
"""Characters scanned at a time, which bounds the memory."""


class Found(NamedTuple):
    """Where terms stand in a list of texts.

    `text`, `term`, `start` and `end` are parallel arrays in the order of the texts and the
    places in them: the number of the text, the number of the term in `Matcher.terms`, and
    `text[start:end]`. `words` holds the number of words of each text.
    """

    text: Ints
    term: Ints
    start: Ints
    end: Ints
    words: Ints


class MatchedTerm(NamedTuple):
    """A term with its category and the number of that category."""

    term: Term
    category: Category
    category_number: int


@dataclass(frozen=True, eq=False)
class Matcher:
    """Lexicons made ready for `find_terms_in`.

    Contexts are looked for only in sentences with a term that asks for them.
    """

    terms: tuple[MatchedTerm, ...]
    conditions: tuple[Conditions, ...]
    of_terms: SpellingFinder
    of_contexts: SpellingFinder


@functools.lru_cache(maxsize=8)
def compile_lexicons(lexicons: tuple[Lexicon, ...]) -> Matcher:
    """Make lexicons ready for `find_terms_in`: every form of every term, worked out once."""
    terms = number_terms(lexicons)
    contexts: dict[str, int] = {}
    matcher = Matcher(
        terms,
        tuple(_number_contexts(term, contexts) for term, *_ in terms),
        compile_phrases(_phrases_of(terms)),
        compile_phrases((number, text, inflect_phrase(text)) for text, number in contexts.items()),
    )
    inflect_word.cache_clear()  # the forms now stand in tables, which take far less memory
    return matcher


def number_terms(lexicons: Iterable[Lexicon]) -> tuple[MatchedTerm, ...]:
    """Return the terms of lexicons in the order that `Found.term` numbers them in."""
    return tuple(
        MatchedTerm(term, category, number)
        for number, category in enumerate(all_categories(lexicons).values())
        for term in category.terms
    )


def _number_contexts(term: Term, contexts: dict[str, int]) -> Conditions:
    """Return the contexts of a term by number; new ones are added to `contexts`."""
    exceptions = term.exceptions
    listed = (term.near, exceptions.near, exceptions.before, exceptions.after)
    return Conditions(
        *(tuple(contexts.setdefault(text, len(contexts)) for text in each) for each in listed)
    )


def _phrases_of(terms: Sequence[MatchedTerm]) -> Iterator[tuple[int, str, Phrase]]:
    for number, (term, *_) in enumerate(terms):
        refused = [lookup_form(form) for form in term.exceptions.forms]
        for text in (term.term, *term.forms):
            first, *rest = inflect_phrase(text, term.pos)
            yield number, text, (leave_out(first, refused), *rest)


def find_terms_in(texts: Iterable[str], matcher: Matcher) -> Found:
    """Return the terms found in texts, the longest only where some of a category overlap.

    Categories do not compete: a place may count for several. Of terms of a category that fit
    the same words, the one that stands first in the lexicon counts. A phrase may not cross a
    line break, a stop or a comma.

    >>> from analysis.lexicon import load_lexicons
    >>> matcher = compile_lexicons(load_lexicons())
    >>> text = "ناقشا الهجرة غير الشرعية"
    >>> found = find_terms_in([text], matcher)
    >>> [(matcher.terms[n].category.name, text[a:b]) for _, n, a, b in zip(*found[:4])]
    [('migration', 'الهجرة غير الشرعية')]
    """
    blocks = []
    first = 0
    for block in _blocks(texts):
        blocks.append(_scan(block, first, matcher))
        first += len(block)
    return Found(*map(np.concatenate, zip(*blocks, strict=True))) if blocks else nothing_found()


def nothing_found() -> Found:
    """Return what is found in no texts at all."""
    return Found(*(np.zeros(0, np.int64) for _ in Found._fields))


def read_surfaces(found: Found, texts: Sequence[str]) -> list[str]:
    """Return what stands in the texts at each place."""
    places = zip(found.text.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    return [texts[number][start:end] for number, start, end in places]


def count_words_in(texts: Iterable[str]) -> Ints:
    """Count the words of each text: the denominator of every rate.

    >>> count_words_in(["وقالت الوزارة: «لا تعليق».", ""]).tolist()
    [4, 0]
    """
    counts = [
        np.diff(np.searchsorted(Block("\n".join(texts)).starts, _starts(texts)))
        for texts in _blocks(texts)
    ]
    return np.concatenate([*counts, np.zeros(0, np.int64)])


def _starts(texts: Sequence[str]) -> Ints:
    """Return where each text starts when they are joined by line breaks, and where all end."""
    return np.fromiter(accumulate((len(text) + 1 for text in texts), initial=0), np.int64)


def _blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    size = 0
    for text in texts:
        if block and size + len(text) > BLOCK:
            yield block
            block, size = [], 0
        block.append(text)
        size += len(text) + 1
    if block:
        yield block


def _scan(texts: Sequence[str], first_number: int, matcher: Matcher) -> Found:
    block = Block("\n".join(texts))
    text_starts = _starts(texts)
    first_words = np.searchsorted(block.starts, text_starts)
    words = block_words(block)
    terms = matcher.of_terms.find(block, words)
    asking = terms.first[asks_for_contexts(terms, matcher.conditions)]
    contexts = matcher.of_contexts.find(block, words, block.words_of_sentences(asking))
    terms = terms.choose(check_conditions(terms, contexts, matcher.conditions, block))
    category = np.array([term.category_number for term in matcher.terms], np.int64)
    terms = terms.choose(_keep_longest(category[terms.owner], terms))
    number = np.searchsorted(first_words, terms.first, "right") - 1
    return Found(
        number + first_number,
        terms.owner,
        block.starts[terms.first] - text_starts[number],
        block.ends[terms.last] - text_starts[number],
        np.diff(first_words),
    )


def _keep_longest(category: Ints, places: Places) -> Ints:
    """Return the numbers of the places to keep, in the order of the text."""
    owner, first, last = places
    size = int(category.max(initial=0)) + 1
    order = np.lexsort((owner, first, first - last))
    phrases = order[first[order] < last[order]]
    kept = phrases[_free(phrases, category, places)]
    words = order[first[order] == last[order]]
    cells = first[words] * size + category[words]
    cells, firsts = np.unique(cells, return_index=True)
    length = last[kept] - first[kept] + 1
    taken = join_ranges(first[kept], length) * size + np.repeat(category[kept], length)
    kept = np.concatenate([kept, words[firsts][~np.isin(cells, taken)]])
    return np.asarray(kept[np.lexsort((category[kept], first[kept]))])


def _free(phrases: Ints, category: Ints, places: Places) -> Bools:
    """Say of phrases, the longest first, whether none before takes a word of theirs."""
    _, first, last = places
    reach = int(last.max(initial=0)) + 1
    starts = category[phrases] * reach + first[phrases]
    ends = category[phrases] * reach + last[phrases]
    order = np.argsort(starts, kind="stable")
    meets_before = np.zeros(len(order), np.bool_)
    meets_before[1:] = starts[order][1:] <= np.maximum.accumulate(ends[order])[:-1]
    meets = meets_before.copy()
    meets[:-1] |= meets_before[1:]
    is_free = np.ones(len(phrases), np.bool_)
    taken: set[int] = set()
    for number in np.sort(order[meets]).tolist():
        own = range(int(starts[number]), int(ends[number]) + 1)
        is_free[number] = taken.isdisjoint(own)
        if is_free[number]:
            taken.update(own)
    return is_free
