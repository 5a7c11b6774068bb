"""Give every word a code: the same to words that can fill the same places in phrases.

The forms of all entries, before one-letter words are joined to them, stand in one table. A
word is looked up whole, and without its first one or two letters where they may be such
words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analysis.blocks import Block, Ints, spell
from analysis.word_forms import WordForms, all_proclitics
from analysis.word_table import Words, WordTable, read_words

Slots = frozenset[int]
"""Places in phrases, by number, that a word can fill."""


class CodeBook:
    """Codes of sets of slots, from 0 for no slot; a set that is new gets the next code."""

    def __init__(self, sets: Sequence[Slots] = ()) -> None:
        self.slots_of_code: list[Slots] = []
        self._code_of: dict[Slots, int] = {}
        for slots in (Slots(), *sets):
            self.code_of(slots)

    def code_of(self, slots: Slots) -> int:
        """Return the code of a set of slots."""
        if slots not in self._code_of:
            self._code_of[slots] = len(self.slots_of_code)
            self.slots_of_code.append(slots)
        return self._code_of[slots]


class WordCodes(Protocol):
    """Whatever gives codes to words."""

    @property
    def book(self) -> CodeBook:
        """The codes given so far; words of a block can add new ones."""

    def of_words(self, block: Block, words: Words, chosen: Ints | None = None) -> Ints:
        """Return the code of every word of a block; 0 for those that are not chosen."""


@dataclass(frozen=True, eq=False)
class CodesByForm:
    """Codes of words by their forms.

    `table` gives the number of a form; `joined[number, p]` is its code behind the proclitic
    number p, where 0 is none.
    """

    book: CodeBook
    table: WordTable
    joined: Ints
    one_letter: Ints
    two_letters: Ints

    def of_words(self, block: Block, words: Words, chosen: Ints | None = None) -> Ints:
        """Return the code of every word of a block; 0 for those that are not chosen."""
        if chosen is None:
            return self._look_up(words)
        codes = np.zeros(words.number, np.int64)
        codes[chosen] = self._look_up(words.choose(chosen))
        return codes

    def _look_up(self, words: Words) -> Ints:
        codes: Ints = self.joined[self.table.look_up(words), 0]
        first, second = words.first_letters()
        for length, proclitic in (
            (1, self.one_letter[first]),
            (2, self.two_letters[first, second]),
        ):
            begin = np.flatnonzero(proclitic)
            stems = words.choose(begin).without_first(length)
            found = self.joined[self.table.look_up(stems), proclitic[begin]]
            hits = np.flatnonzero(found)
            self._add(codes, begin[hits], found[hits])
        return codes

    def _add(self, codes: Ints, words: Ints, found: Ints) -> None:
        """Add the codes found to those that words have already."""
        slots = self.book.slots_of_code
        for place in np.flatnonzero(codes[words]).tolist():
            both = slots[codes[words[place]]] | slots[found[place]]
            found[place] = self.book.code_of(both)
        codes[words] = found


def block_words(block: Block) -> Words:
    """Return the words of a block as numbers."""
    words = read_words(block.letters)
    places, letters = block.words_with_ligatures()
    return words.replace(places, read_words(letters)) if len(places) else words


def code_forms(slots: Sequence[WordForms]) -> CodesByForm:
    """Make codes for words, given the forms that can fill each slot.

    >>> from analysis.word_forms import inflect_word
    >>> codes = code_forms([inflect_word("باب"), inflect_word("دار")])
    >>> block = Block("وبابها وللدار خبر")
    >>> of_words = codes.of_words(block, block_words(block))
    >>> [sorted(codes.book.slots_of_code[code]) for code in of_words]
    [[0], [1], []]
    """
    groups = [(slot, group) for slot, forms in enumerate(slots) for group in forms]
    table, sets = _number_forms([group.forms for _, group in groups])
    book = CodeBook([Slots([slot]) for slot in range(len(slots))])
    proclitics = ("", *all_proclitics())
    kinds = {group.proclitics for _, group in groups}
    takes_of_kind = {kind: [proclitic in kind for proclitic in proclitics] for kind in kinds}
    takes = [takes_of_kind[group.proclitics] for _, group in groups]
    nothing = [0] * len(proclitics)
    alone = [[(slot + 1) * taken for taken in takes[n]] for n, (slot, _) in enumerate(groups)]
    together = [
        [
            book.code_of(Slots(groups[n][0] for n in several if takes[n][proclitic]))
            for proclitic in range(len(proclitics))
        ]
        for several in sets
    ]
    joined = np.array([nothing, *alone, *together], np.int64)
    return CodesByForm(book, table, joined, *_proclitic_tables(proclitics))


def _number_forms(groups: Sequence[Collection[str]]) -> tuple[WordTable, list[frozenset[int]]]:
    """Return a table of forms with the number of their group, and sets of groups.

    Groups are numbered from 1. A form that stands in several has the number of their set: the
    sets are numbered after the groups, in the order they are returned.
    """
    words = read_words(spell(form for forms in groups for form in forms))
    group = np.repeat(np.arange(len(groups)), [len(forms) for forms in groups])
    entries = np.arange(1, words.number + 1)
    table = WordTable(words, entries)
    same_form = table.look_up(words)
    groups_of: dict[int, set[int]] = defaultdict(set)
    for place in np.flatnonzero((same_form != entries) & (same_form > 0)).tolist():
        first = int(same_form[place]) - 1
        groups_of[first] |= {int(group[first]), int(group[place])}
    numbers = group + 1
    sets: dict[frozenset[int], int] = {}
    for place, several in groups_of.items():
        numbers[place] = 1 + len(groups) + sets.setdefault(frozenset(several), len(sets))
    return table.renumber(numbers), list(sets)


def _proclitic_tables(proclitics: Sequence[str]) -> tuple[Ints, Ints]:
    """Return the number of the proclitic that each letter, and pair of letters, is."""
    one, two = np.zeros(256, np.int64), np.zeros((256, 256), np.int64)
    for number, letters in enumerate(map(_letters, proclitics)):
        if len(letters) == 1:
            one[letters[0]] = number
        elif letters:
            two[letters[0], letters[1]] = number
    return one, two


def _letters(word: str) -> list[int]:
    letters: list[int] = spell([word])[1:-1].tolist() if word else []
    return letters
