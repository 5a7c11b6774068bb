"""Find many terms in many texts: the hot loop.

Texts are scanned in blocks (see `analysis.blocks`). Each word becomes a code by one look-up;
words of the same code can fill the same places in phrases. Phrases, conditions and overlaps
are then worked out on arrays, for the few words that have a code.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple, Protocol

import numpy as np

from analysis.arabic import lookup_form
from analysis.blocks import Block, Bools, Ints, spell
from analysis.lexicon import Category, Lexicon, Term, all_categories
from analysis.word_forms import Phrase, WordForms, all_proclitics, inflect_phrase, leave_out
from analysis.word_table import Words, WordTable, read_words

BLOCK = 2_000_000
"""Characters scanned at a time, which bounds the memory."""

_Slots = frozenset[int]


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


class _Spelling(NamedTuple):
    """A phrase to look for: the number of its owner, a term or after the terms a context."""

    owner: int
    text: str
    slots: tuple[int, ...]


class _Conditions(NamedTuple):
    """The contexts a term asks for, and those that cancel it, by the number of the owner."""

    near: tuple[int, ...]
    not_near: tuple[int, ...]
    not_before: tuple[int, ...]
    not_after: tuple[int, ...]


class Codes(Protocol):
    """Whatever gives codes to words."""

    def of_words(self, block: Block) -> Ints:
        """Return the code of every word of a block."""


@dataclass(frozen=True, eq=False)
class _RuleCodes:
    """Codes of words by their forms: a table of forms without proclitics.

    `joined[code, p]` is the code of a form of that code behind the proclitic number p, where
    0 is none; `union` gives one code for several.
    """

    table: WordTable
    proclitics: tuple[str, ...]
    joined: Ints
    slots_of_code: list[_Slots]
    code_of_slots: dict[_Slots, int]

    def of_words(self, block: Block) -> Ints:
        """Return the code of every word of a block."""
        codes = self._look_up(read_words(block.letters))
        words, letters = block.words_with_ligatures()
        if len(words):
            codes[words] = self._look_up(read_words(letters))
        return codes

    def _look_up(self, words: Words) -> Ints:
        codes: Ints = self.joined[self.table.look_up(words), 0]
        for length, numbers in self._by_first_letters(words):
            joined = np.flatnonzero(numbers)
            stems = words.choose(joined).without_first(length)
            found = self.joined[self.table.look_up(stems), numbers[joined]]
            hits = np.flatnonzero(found)
            self._unite(codes, joined[hits], found[hits])
        return codes

    def _by_first_letters(self, words: Words) -> Iterator[tuple[int, Ints]]:
        """Yield for one letter and for two which proclitic each word may begin with."""
        first, second = words.first_letters()
        one = np.zeros(256, np.int64)
        two = np.zeros((256, 256), np.int64)
        for number, proclitic in enumerate(self.proclitics, start=1):
            letters = spell([proclitic])[1:-1]
            if len(letters) == 1:
                one[letters[0]] = number
            else:
                two[letters[0], letters[1]] = number
        yield 1, one[first]
        yield 2, two[first, second]

    def _unite(self, codes: Ints, words: Ints, found: Ints) -> None:
        both = np.flatnonzero(codes[words])
        for place in both.tolist():
            slots = self.slots_of_code[codes[words[place]]] | self.slots_of_code[found[place]]
            found[place] = code_for(slots, self.code_of_slots, self.slots_of_code)
        codes[words] = found


def code_for(slots: _Slots, code_of_slots: dict[_Slots, int], slots_of_code: list[_Slots]) -> int:
    """Return the code of a set of slots, a new one when it has none yet."""
    if slots not in code_of_slots:
        code_of_slots[slots] = len(slots_of_code)
        slots_of_code.append(slots)
    return code_of_slots[slots]


@dataclass(frozen=True, eq=False)
class Matcher:
    """Lexicons made ready for `find_terms_in`.

    A slot is a place in phrases, with the forms that can fill it. A code stands for the set of
    slots that a word can fill; 0 is the code of all words that fill none.
    """

    terms: tuple[MatchedTerm, ...]
    conditions: tuple[_Conditions, ...]
    spellings: tuple[_Spelling, ...]
    codes: Codes
    slots_of_code: Sequence[_Slots]
    pairs: dict[tuple[int, int], tuple[_Spelling, ...]] = field(default_factory=dict)


@functools.lru_cache(maxsize=8)
def compile_lexicons(lexicons: tuple[Lexicon, ...]) -> Matcher:
    """Make lexicons ready for `find_terms_in`: every form of every term, worked out once."""
    terms, conditions, phrases = _number_phrases(lexicons)
    slot_of: dict[WordForms, int] = {}
    spellings = tuple(
        _Spelling(owner, text, tuple(slot_of.setdefault(forms, len(slot_of)) for forms in phrase))
        for owner, text, phrase in phrases
    )
    codes = _code_forms(slot_of)
    return Matcher(terms, conditions, spellings, codes, codes.slots_of_code)


def number_terms(lexicons: Iterable[Lexicon]) -> tuple[MatchedTerm, ...]:
    """Return the terms of lexicons in the order that `Found.term` numbers them in."""
    return tuple(
        MatchedTerm(term, category, number)
        for number, category in enumerate(all_categories(lexicons).values())
        for term in category.terms
    )


def _number_phrases(
    lexicons: tuple[Lexicon, ...],
) -> tuple[tuple[MatchedTerm, ...], tuple[_Conditions, ...], list[tuple[int, str, Phrase]]]:
    terms = number_terms(lexicons)
    contexts: dict[str, int] = {}
    phrases: list[tuple[int, str, Phrase]] = []
    conditions = []
    for number, (term, *_) in enumerate(terms):
        refused = [lookup_form(form) for form in term.exceptions.forms]
        for spelling in (term.term, *term.forms):
            first, *rest = inflect_phrase(spelling, term.pos)
            phrases.append((number, spelling, (leave_out(first, refused), *rest)))
        conditions.append(
            _Conditions(
                *(
                    tuple(contexts.setdefault(c, len(terms) + len(contexts)) for c in listed)
                    for listed in (
                        term.near,
                        term.exceptions.near,
                        term.exceptions.before,
                        term.exceptions.after,
                    )
                )
            )
        )
    phrases += [(number, context, inflect_phrase(context)) for context, number in contexts.items()]
    return terms, tuple(conditions), phrases


def _code_forms(slot_of: dict[WordForms, int]) -> _RuleCodes:
    """Give each form a code: the same to forms that fill the same slots."""
    cells = [(slot, group) for forms, slot in slot_of.items() for group in forms]
    words = read_words(spell(form for _, group in cells for form in group.forms))
    cell_of_word = np.repeat(np.arange(len(cells)), [len(group.forms) for _, group in cells])
    numbers = np.arange(1, words.number + 1)
    table = WordTable(words, numbers)
    same_form = table.look_up(words)
    cells_of_form: dict[int, set[int]] = defaultdict(set)
    for place in np.flatnonzero((same_form != numbers) & (same_form > 0)).tolist():
        first = int(same_form[place]) - 1
        cells_of_form[first] |= {int(cell_of_word[first]), int(cell_of_word[place])}
    several: dict[frozenset[int], int] = {}
    forms = cell_of_word + 1
    for place, filled in cells_of_form.items():
        forms[place] = 1 + len(cells) + several.setdefault(frozenset(filled), len(several))
    proclitics = all_proclitics()
    slots_of_code: list[_Slots] = [frozenset()]
    code_of_slots: dict[_Slots, int] = {frozenset(): 0}
    joined = [
        [
            code_for(
                frozenset(cells[n][0] for n in filled if proclitic in cells[n][1].proclitics),
                code_of_slots,
                slots_of_code,
            )
            for proclitic in ("", *proclitics)
        ]
        for filled in [(), *((number,) for number in range(len(cells))), *several]
    ]
    return _RuleCodes(
        table.renumber(forms), proclitics, np.array(joined), slots_of_code, code_of_slots
    )


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
    owner, first, last = _find_spellings(block, codes, matcher)
    is_term = owner < len(matcher.terms)
    contexts = _Contexts(owner[~is_term], first[~is_term], last[~is_term], block)
    owner, first, last = owner[is_term], first[is_term], last[is_term]
    holds = _check_conditions(owner, first, last, contexts, block, matcher)
    owner, first, last = owner[holds], first[holds], last[holds]
    category = np.array([term.category_number for term in matcher.terms], np.int64)[owner]
    kept = _keep_longest(category, owner, first, last)
    owner, first, last = owner[kept], first[kept], last[kept]
    number = np.searchsorted(first_words, first, "right") - 1
    return Found(
        number + first_number,
        owner,
        block.starts[first] - text_starts[number],
        block.ends[last] - text_starts[number],
        np.diff(first_words),
    )


def _find_spellings(block: Block, codes: Ints, matcher: Matcher) -> tuple[Ints, Ints, Ints]:
    """Return owner, first and last word wherever a spelling of a term or context stands."""
    tables = _tables(matcher, len(matcher.slots_of_code))
    words = np.flatnonzero(codes)
    word_codes = codes[words]
    counts = tables.counts[word_codes]
    first = np.repeat(words, counts)
    ordinal = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    owner = tables.owners[np.repeat(tables.offsets[word_codes], counts) + ordinal]
    opening = words[tables.opens_phrase[word_codes]]
    opening = opening[opening + 1 < len(codes)]
    opening = opening[codes[opening + 1] > 0]
    opening = opening[block.joins_next(opening)]
    phrases = list(_find_phrases(block, opening, codes, matcher, tables))
    if phrases:
        owners, firsts, lasts = np.array(phrases, np.int64).T
        return (
            np.concatenate([owner, owners]),
            np.concatenate([first, firsts]),
            np.concatenate([first, lasts]),
        )
    return owner, first, first


def _find_phrases(
    block: Block, opening: Ints, codes: Ints, matcher: Matcher, tables: _Tables
) -> Iterator[tuple[int, int, int]]:
    """Yield owner, first and last word of phrases; most pairs of words begin none."""
    size = len(matcher.slots_of_code)
    pairs, number = np.unique(codes[opening] * size + codes[opening + 1], return_inverse=True)
    phrases = [_phrases_from(divmod(pair, size), matcher, tables) for pair in pairs.tolist()]
    begins = np.array([bool(found) for found in phrases], np.bool_)[number]
    for word, pair in zip(opening[begins].tolist(), number[begins].tolist(), strict=True):
        for owner, _, slots in phrases[pair]:
            if len(slots) == 2 or _continues(block, word + 1, slots[2:], codes, matcher):
                yield owner, word, word + len(slots) - 1


def _phrases_from(
    pair: tuple[int, int], matcher: Matcher, tables: _Tables
) -> tuple[_Spelling, ...]:
    if pair not in matcher.pairs:
        first, second = (matcher.slots_of_code[code] for code in pair)
        matcher.pairs[pair] = tuple(
            spelling
            for slot in first & tables.phrases_by_slot.keys()
            for spelling in tables.phrases_by_slot[slot]
            if spelling.slots[1] in second
        )
    return matcher.pairs[pair]


def _continues(
    block: Block, word: int, slots: Sequence[int], codes: Ints, matcher: Matcher
) -> bool:
    for place, slot in enumerate(slots, start=word):
        if place + 1 == len(codes) or slot not in matcher.slots_of_code[codes[place + 1]]:
            return False
        if not block.joins_next(np.array([place]))[0]:
            return False
    return True


class _Tables(NamedTuple):
    """For each code: its one-word spellings (owners[offset:offset + count]), and phrases."""

    owners: Ints
    offsets: Ints
    counts: Ints
    opens_phrase: Bools
    phrases_by_slot: dict[int, tuple[_Spelling, ...]]


@functools.lru_cache(maxsize=8)
def _tables(matcher: Matcher, codes: int) -> _Tables:
    """Return the tables of a matcher; it may have learnt new codes since the last time."""
    single: dict[int, list[int]] = defaultdict(list)
    phrases: dict[int, list[_Spelling]] = defaultdict(list)
    for spelling in matcher.spellings:
        if len(spelling.slots) == 1:
            single[spelling.slots[0]].append(spelling.owner)
        else:
            phrases[spelling.slots[0]].append(spelling)
    owners = [
        sorted({owner for slot in slots & single.keys() for owner in single[slot]})
        for slots in matcher.slots_of_code
    ]
    counts = np.array([len(of_code) for of_code in owners], np.int64)
    return _Tables(
        np.array([owner for of_code in owners for owner in of_code], np.int64),
        np.cumsum(counts) - counts,
        counts,
        np.array([not phrases.keys().isdisjoint(slots) for slots in matcher.slots_of_code]),
        {slot: tuple(starting) for slot, starting in phrases.items()},
    )


class _Contexts:
    """The contexts found in a block, to be asked by their numbers."""

    def __init__(self, owner: Ints, first: Ints, last: Ints, block: Block) -> None:
        order = np.argsort(owner, kind="stable")
        self._owner, self._first, self._last = owner[order], first[order], last[order]
        self._sentence = block.sentence_of(self._first)
        self._chosen: dict[tuple[int, ...], tuple[Ints, Ints, Ints]] = {}

    def choose(self, numbers: tuple[int, ...]) -> tuple[Ints, Ints, Ints]:
        """Return first word, last word and sentence of some contexts, each sorted."""
        if numbers not in self._chosen:
            places = np.concatenate(
                [
                    np.arange(*np.searchsorted(self._owner, [number, number + 1]))
                    for number in numbers
                ]
            )
            self._chosen[numbers] = (
                np.sort(self._first[places]),
                np.sort(self._last[places]),
                np.sort(self._sentence[places]),
            )
        return self._chosen[numbers]

    def stand_near(
        self, numbers: tuple[int, ...], sentence: Ints, first: Ints, last: Ints
    ) -> Bools:
        """Say of places whether one of the contexts stands in the sentence, outside the place."""
        firsts, lasts, sentences = self.choose(numbers)
        in_sentence = np.searchsorted(sentences, sentence, "right") - np.searchsorted(
            sentences, sentence
        )
        inside = np.searchsorted(firsts, last, "right") - np.searchsorted(lasts, first)
        return np.asarray(in_sentence > inside)


def _check_conditions(
    owner: Ints, first: Ints, last: Ints, contexts: _Contexts, block: Block, matcher: Matcher
) -> Bools:
    holds = np.ones(len(owner), np.bool_)
    is_conditioned = np.array([any(conditions) for conditions in matcher.conditions], np.bool_)
    checked = np.flatnonzero(is_conditioned[owner])
    checked = checked[np.argsort(owner[checked], kind="stable")]
    bounds = np.flatnonzero(np.diff(owner[checked], prepend=-1, append=-1))
    sentence = block.sentence_of(first[checked])
    for begin, end in pairwise(bounds):
        places = checked[begin:end]
        near, not_near, not_before, not_after = matcher.conditions[owner[places[0]]]
        start, stop, in_sentence = first[places], last[places], sentence[begin:end]
        if near:
            holds[places] &= contexts.stand_near(near, in_sentence, start, stop)
        if not_near:
            holds[places] &= ~contexts.stand_near(not_near, in_sentence, start, stop)
        if not_before:
            previous = start - 1
            follows = _stand_in(contexts.choose(not_before)[1], previous)
            follows[follows] = block.joins_next(previous[follows])
            holds[places] &= ~follows
        if not_after:
            precedes = _stand_in(contexts.choose(not_after)[0], stop + 1)
            precedes[precedes] = block.joins_next(stop[precedes])
            holds[places] &= ~precedes
    return holds


def _stand_in(words: Ints, places: Ints) -> Bools:
    """Say of places whether they are among the sorted words."""
    found = np.searchsorted(words, places)
    return np.asarray(np.append(words, -2)[found] == places)


def _keep_longest(category: Ints, owner: Ints, first: Ints, last: Ints) -> Ints:
    """Return the numbers of the places to keep, in the order of the text."""
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
    places = np.concatenate([np.array(kept, np.int64), words])
    return places[np.lexsort((category[places], first[places]))]
