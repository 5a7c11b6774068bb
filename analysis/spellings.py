"""Find where words and phrases stand in a block, whose forms have been worked out before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.blocks import Block, Ints, join_ranges
from analysis.conditions import Places
from analysis.word_codes import CodeBook, WordCodes, code_forms
from analysis.word_forms import Phrase, WordForms
from analysis.word_table import Words

_PAIR = 2**31
"""A pair of codes is written as one number: the first times this, plus the second."""


class Spelling(NamedTuple):
    """A phrase to look for, the number of its owner, and the slots of its words."""

    owner: int
    text: str
    slots: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class SpellingFinder:
    """Words and phrases to look for, and the codes of the words that can be part of them."""

    spellings: tuple[Spelling, ...]
    codes: WordCodes
    index: _Index

    def find(self, block: Block, words: Words, chosen: Ints | None = None) -> Places:
        """Return all places where they stand, or those made of chosen words only."""
        codes = self.codes.of_words(block, words, chosen)
        index = self.index
        index.update()
        coded = np.flatnonzero(codes)
        first, owner = _spread(coded, codes[coded], index.single)
        opening = coded[index.opens_phrase[codes[coded]]]
        opening = opening[opening + 1 < len(codes)]
        opening = opening[index.continues_phrase[codes[opening + 1]]]
        opening = opening[block.joins_next(opening)]
        pairs, number = np.unique(_PAIR * codes[opening] + codes[opening + 1], return_inverse=True)
        of_two, longer = index.phrases_from(pairs)
        first_of_two, owner_of_two = _spread(opening, number, of_two)
        long = np.array(list(self._find_long(block, opening, number, codes, longer)), np.int64)
        long = long.reshape(-1, 3)
        return Places(
            np.concatenate([owner, owner_of_two, long[:, 0]]),
            np.concatenate([first, first_of_two, long[:, 1]]),
            np.concatenate([first, first_of_two + 1, long[:, 2]]),
        )

    def _find_long(
        self,
        block: Block,
        opening: Ints,
        number: Ints,
        codes: Ints,
        longer: Sequence[Sequence[Spelling]],
    ) -> Iterator[tuple[int, int, int]]:
        """Yield owner, first and last word of phrases of three words or more."""
        begins = np.flatnonzero(np.fromiter(map(len, longer), np.int64, len(longer))[number])
        for word, pair in zip(opening[begins].tolist(), number[begins].tolist(), strict=True):
            for owner, _, slots in longer[pair]:
                if self._goes_on(block, word + 1, slots[2:], codes):
                    yield owner, word, word + len(slots) - 1

    def _goes_on(self, block: Block, word: int, slots: Sequence[int], codes: Ints) -> bool:
        """Say whether the words after a word fill these slots."""
        slots_of_code = self.codes.book.slots_of_code
        for place, slot in enumerate(slots, start=word):
            if place + 1 == len(codes) or slot not in slots_of_code[codes[place + 1]]:
                return False
            if not block.joins_next(np.array([place]))[0]:
                return False
        return True


def make_finder(spellings: Iterable[Spelling], codes: WordCodes) -> SpellingFinder:
    """Return a finder of spellings whose words these codes know."""
    listed = tuple(spellings)
    return SpellingFinder(listed, codes, _Index(listed, codes.book))


def compile_phrases(phrases: Iterable[tuple[int, str, Phrase]]) -> SpellingFinder:
    """Return a finder of phrases, given the owner, the text and the forms of each."""
    slot_of: dict[WordForms, int] = {}
    spellings = [
        Spelling(owner, text, tuple(slot_of.setdefault(forms, len(slot_of)) for forms in phrase))
        for owner, text, phrase in phrases
    ]
    return make_finder(spellings, code_forms(list(slot_of)))


class _Lists(NamedTuple):
    """Lists of owners one after the other: list n is `owners[offsets[n]:][:counts[n]]`."""

    owners: Ints
    offsets: Ints
    counts: Ints

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> _Lists:
        """Write lists as arrays."""
        counts = np.fromiter(map(len, lists), np.int64, len(lists))
        owners = np.fromiter((owner for listed in lists for owner in listed), np.int64)
        return cls(owners, np.cumsum(counts) - counts, counts)


def _spread(words: Ints, numbers: Ints, lists: _Lists) -> tuple[Ints, Ints]:
    """Return each word once for every owner in the list of its number, and that owner."""
    counts = lists.counts[numbers]
    return np.repeat(words, counts), lists.owners[join_ranges(lists.offsets[numbers], counts)]


class _Index:
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
        self._phrases_of_pair: dict[int, tuple[list[int], list[Spelling]]] = {}
        self.update()

    def update(self) -> None:
        """Take in the codes that are new in the book."""
        new = self._book.slots_of_code[len(self._opens) :]
        for slots in new:
            owners = {owner for slot in slots for owner in self._single.get(slot, ())}
            self._owners_of_code.append(sorted(owners))
            self._opens.append(not self._phrases.keys().isdisjoint(slots))
            self._goes_on.append(not self._second_slots.isdisjoint(slots))
        if new:
            self.single = _Lists.of(self._owners_of_code)
            self.opens_phrase = np.array(self._opens, np.bool_)
            self.continues_phrase = np.array(self._goes_on, np.bool_)

    def phrases_from(self, pairs: Ints) -> tuple[_Lists, list[list[Spelling]]]:
        """Return the phrases each pair of codes can begin: owners of two words, and longer."""
        keys = pairs.tolist()
        for pair in set(keys) - self._phrases_of_pair.keys():
            first, second = (self._book.slots_of_code[code] for code in divmod(pair, _PAIR))
            begun = [
                spelling
                for slot in first
                for spelling in self._phrases.get(slot, ())
                if spelling.slots[1] in second
            ]
            self._phrases_of_pair[pair] = (
                [spelling.owner for spelling in begun if len(spelling.slots) == 2],
                [spelling for spelling in begun if len(spelling.slots) > 2],
            )
        found = [self._phrases_of_pair[pair] for pair in keys]
        return _Lists.of([owners for owners, _ in found]), [longer for _, longer in found]
