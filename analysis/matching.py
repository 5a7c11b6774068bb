"""Find many terms in many texts: the hot loop.

Texts are scanned in blocks (see `analysis.blocks`). Each word becomes a code by one look-up;
words of the same code can fill the same places in phrases. Phrases, conditions and overlaps
are then worked out on arrays, for the few words that have a code.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from analysis.arabic import lookup_form
from analysis.blocks import Block, Ints
from analysis.conditions import Conditions, Places, check_conditions
from analysis.lexicon import Category, Lexicon, Term, all_categories
from analysis.word_codes import CodeBook, WordCodes, code_forms
from analysis.word_forms import Phrase, WordForms, inflect_phrase, leave_out

BLOCK = 3_000_000
"""Characters scanned at a time, which bounds the memory."""
_PAIR = 2**31
"""A pair of codes is written as one number: the first times this, plus the second."""


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


class Spelling(NamedTuple):
    """A phrase to look for: the number of its owner, a term or after the terms a context."""

    owner: int
    text: str
    slots: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Matcher:
    """Lexicons made ready for `find_terms_in`; `owners` counts their terms and contexts."""

    terms: tuple[MatchedTerm, ...]
    conditions: tuple[Conditions, ...]
    spellings: tuple[Spelling, ...]
    owners: int
    codes: WordCodes
    index: SpellingIndex


class SpellingIndex:
    """The spellings that words of each code are or begin, for the codes given so far."""

    def __init__(self, spellings: Iterable[Spelling], book: CodeBook) -> None:
        self._book = book
        self._single: dict[int, list[int]] = defaultdict(list)
        self._phrases: dict[int, list[Spelling]] = defaultdict(list)
        self._second_slots: set[int] = set()
        for spelling in spellings:
            first, *rest = spelling.slots
            if rest:
                self._phrases[first].append(spelling)
                self._second_slots.add(rest[0])
            else:
                self._single[first].append(spelling.owner)
        self._owners_of_code: list[list[int]] = []
        self._opens: list[bool] = []
        self._goes_on: list[bool] = []
        self._phrases_of_pair: dict[int, tuple[Spelling, ...]] = {}
        self.update()

    def update(self) -> None:
        """Take in the codes that are new in the book."""
        new = self._book.slots_of_code[len(self._opens) :]
        if not new:
            return
        for slots in new:
            owners = {owner for slot in slots for owner in self._single.get(slot, ())}
            self._owners_of_code.append(sorted(owners))
            self._opens.append(not self._phrases.keys().isdisjoint(slots))
            self._goes_on.append(not self._second_slots.isdisjoint(slots))
        self.counts = np.fromiter(map(len, self._owners_of_code), np.int64)
        self.offsets = np.cumsum(self.counts) - self.counts
        owners_in_order = (owner for owners in self._owners_of_code for owner in owners)
        self.owners = np.fromiter(owners_in_order, np.int64)
        self.opens_phrase = np.array(self._opens, np.bool_)
        self.continues_phrase = np.array(self._goes_on, np.bool_)

    def phrases_from(self, pairs: Ints) -> list[tuple[Spelling, ...]]:
        """Return for each pair of codes the phrases that two such words can begin."""
        keys = pairs.tolist()
        for pair in set(keys) - self._phrases_of_pair.keys():
            first, second = (self._book.slots_of_code[code] for code in divmod(pair, _PAIR))
            self._phrases_of_pair[pair] = tuple(
                spelling
                for slot in first
                for spelling in self._phrases.get(slot, ())
                if spelling.slots[1] in second
            )
        return [self._phrases_of_pair[pair] for pair in keys]


@functools.lru_cache(maxsize=8)
def compile_lexicons(lexicons: tuple[Lexicon, ...]) -> Matcher:
    """Make lexicons ready for `find_terms_in`: every form of every term, worked out once."""
    terms = number_terms(lexicons)
    conditions, phrases = _number_phrases(terms)
    slot_of: dict[WordForms, int] = {}
    spellings = tuple(
        Spelling(owner, text, tuple(slot_of.setdefault(forms, len(slot_of)) for forms in phrase))
        for owner, text, phrase in phrases
    )
    codes = code_forms(list(slot_of))
    owners = 1 + max((spelling.owner for spelling in spellings), default=0)
    index = SpellingIndex(spellings, codes.book)
    return Matcher(terms, conditions, spellings, owners, codes, index)


def number_terms(lexicons: Iterable[Lexicon]) -> tuple[MatchedTerm, ...]:
    """Return the terms of lexicons in the order that `Found.term` numbers them in."""
    return tuple(
        MatchedTerm(term, category, number)
        for number, category in enumerate(all_categories(lexicons).values())
        for term in category.terms
    )


def _number_phrases(
    terms: Sequence[MatchedTerm],
) -> tuple[tuple[Conditions, ...], list[tuple[int, str, Phrase]]]:
    contexts: dict[str, int] = {}
    phrases: list[tuple[int, str, Phrase]] = []
    conditions = []
    for number, (term, *_) in enumerate(terms):
        refused = [lookup_form(form) for form in term.exceptions.forms]
        for spelling in (term.term, *term.forms):
            first, *rest = inflect_phrase(spelling, term.pos)
            phrases.append((number, spelling, (leave_out(first, refused), *rest)))
        listed = (
            term.near,
            term.exceptions.near,
            term.exceptions.before,
            term.exceptions.after,
        )
        conditions.append(
            Conditions(
                *(
                    tuple(contexts.setdefault(c, len(terms) + len(contexts)) for c in each)
                    for each in listed
                )
            )
        )
    phrases += [(number, context, inflect_phrase(context)) for context, number in contexts.items()]
    return tuple(conditions), phrases


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
    codes = matcher.codes.of_words(block)
    text_starts = _starts(texts)
    first_words = np.searchsorted(block.starts, text_starts)
    places = _find_spellings(block, codes, matcher)
    is_term = places.owner < len(matcher.terms)
    terms, contexts = places.choose(is_term), places.choose(~is_term)
    terms = terms.choose(
        check_conditions(terms, contexts, matcher.conditions, block, matcher.owners)
    )
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


def _find_spellings(block: Block, codes: Ints, matcher: Matcher) -> Places:
    """Return all places where a spelling of a term or context stands."""
    index = matcher.index
    index.update()
    words = np.flatnonzero(codes)
    word_codes = codes[words]
    counts = index.counts[word_codes]
    first = np.repeat(words, counts)
    ordinal = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    owner = index.owners[np.repeat(index.offsets[word_codes], counts) + ordinal]
    opening = words[index.opens_phrase[word_codes]]
    opening = opening[opening + 1 < len(codes)]
    opening = opening[index.continues_phrase[codes[opening + 1]]]
    opening = opening[block.joins_next(opening)]
    phrases = np.array(list(_find_phrases(block, opening, codes, matcher)), np.int64).reshape(-1, 3)
    return Places(
        np.concatenate([owner, phrases[:, 0]]),
        np.concatenate([first, phrases[:, 1]]),
        np.concatenate([first, phrases[:, 2]]),
    )


def _find_phrases(
    block: Block, opening: Ints, codes: Ints, matcher: Matcher
) -> Iterator[tuple[int, int, int]]:
    """Yield owner, first and last word of the phrases that begin at some words."""
    pairs, number = np.unique(_PAIR * codes[opening] + codes[opening + 1], return_inverse=True)
    phrases = matcher.index.phrases_from(pairs)
    begins = np.flatnonzero(np.fromiter(map(len, phrases), np.int64, len(phrases))[number])
    for word, pair in zip(opening[begins].tolist(), number[begins].tolist(), strict=True):
        for owner, _, slots in phrases[pair]:
            if len(slots) == 2 or _goes_on(block, word + 1, slots[2:], codes, matcher):
                yield owner, word, word + len(slots) - 1


def _goes_on(block: Block, word: int, slots: Sequence[int], codes: Ints, matcher: Matcher) -> bool:
    """Say whether the words after a word fill these slots."""
    slots_of_code = matcher.codes.book.slots_of_code
    for place, slot in enumerate(slots, start=word):
        if place + 1 == len(codes) or slot not in slots_of_code[codes[place + 1]]:
            return False
        if not block.joins_next(np.array([place]))[0]:
            return False
    return True


def _keep_longest(category: Ints, places: Places) -> Ints:
    """Return the numbers of the places to keep, in the order of the text."""
    owner, first, last = places
    length = last - first
    order = np.lexsort((owner, first, -length))
    phrases = order[length[order] > 0]
    words = order[length[order] == 0]
    taken: set[tuple[int, int]] = set()
    kept = []
    columns = (category[phrases], first[phrases], last[phrases])
    for place, number, begin, end in zip(phrases, *(c.tolist() for c in columns), strict=True):
        own = [(number, word) for word in range(begin, end + 1)]
        if taken.isdisjoint(own):
            taken.update(own)
            kept.append(place)
    size = int(category.max(initial=0)) + 1
    cells = first[words] * size + category[words]
    _, firsts = np.unique(cells, return_index=True)
    words = words[firsts]
    used = np.array([word * size + number for number, word in taken], np.int64)
    words = words[~np.isin(cells[firsts], used)]
    kept_places = np.concatenate([np.array(kept, np.int64), words])
    return kept_places[np.lexsort((category[kept_places], first[kept_places]))]
