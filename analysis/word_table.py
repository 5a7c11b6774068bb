"""A dictionary from words to numbers that is asked for millions of words at a time.

Up to 16 letters of a word are read as two 64-bit numbers, which are compared exactly; a
hash only says where to compare. Nothing is allocated for a word.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.blocks import SPACE, Bytes, Ints, word_edges

LONGEST = 16
"""Letters of the longest word that can be found: وبالاستخباراتيين has 16."""

_Keys = npt.NDArray[np.uint64]
_MASKS = np.array([2 ** (8 * length) - 1 for length in range(9)], np.uint64)
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)


@dataclass(frozen=True)
class Words:
    """Words as numbers: two for each, made of its letters."""

    keys: _Keys

    @property
    def number(self) -> int:
        """How many words there are."""
        return int(self.keys.shape[1])

    def choose(self, which: Ints) -> Words:
        """Return some of the words."""
        return Words(self.keys[:, which])

    def replace(self, which: Ints, others: Words) -> Words:
        """Return the words with others in some places."""
        keys = self.keys.copy()
        keys[:, which] = others.keys
        return Words(keys)

    def first_letters(self) -> tuple[Bytes, Bytes]:
        """Return the first and the second letter of every word."""
        return self.keys[0].astype(np.uint8), (self.keys[0] >> np.uint64(8)).astype(np.uint8)

    def without_first(self, letters: int) -> Words:
        """Return the words without their first letters, fewer than eight."""
        down, up = np.uint64(8 * letters), np.uint64(64 - 8 * letters)
        keys = self.keys >> down
        keys[0] |= self.keys[1] << up
        return Words(keys)


def read_words(letters: Bytes) -> Words:
    """Read the words of `Block.letters` or `spell`; words of more than 16 letters become 0."""
    padded = np.concatenate([letters, np.full(LONGEST, SPACE, np.uint8)])
    starts, lengths = word_edges(padded)
    eight = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
    keys = np.zeros((2, len(starts)), np.uint64)
    keys[0] = eight[starts] & _MASKS[np.minimum(lengths, 8)]
    longer = np.flatnonzero(lengths > 8)
    rest = np.minimum(lengths[longer] - 8, 8)
    keys[1, longer] = eight[starts[longer] + 8] & _MASKS[rest]
    keys[:, longer[lengths[longer] > LONGEST]] = 0
    return Words(keys)


class WordTable:
    """Words and the number of each, from 1; of a word twice the first."""

    def __init__(self, words: Words, numbers: Ints) -> None:
        self._bits = max(words.number, 16).bit_length() + 3
        places = self._place(words.keys)
        order = np.argsort(places, kind="stable")
        order = order[words.keys[0, order] > 0]
        self._keys = words.keys[:, order]
        self._numbers = numbers[order]
        counts = np.bincount(places[order], minlength=1 << self._bits)
        self._is_used = counts > 0
        self._longest = int(counts.max(initial=0))
        self._bounds = np.concatenate([[0], np.cumsum(counts, dtype=np.int32)])

    def renumber(self, numbers: Ints) -> WordTable:
        """Return the table with `numbers[n - 1]` in place of n."""
        table = copy(self)
        table._numbers = numbers[self._numbers - 1]
        return table

    def _place(self, keys: _Keys) -> npt.NDArray[np.intp]:
        mixed = keys[0] * _FACTORS[0] + keys[1] * _FACTORS[1]
        places: npt.NDArray[np.intp] = (mixed >> np.uint64(64 - self._bits)).astype(np.intp)
        return places

    def look_up(self, words: Words) -> Ints:
        """Return the number of every word, 0 for a word not in the table."""
        places = self._place(words.keys)
        numbers = np.zeros(words.number, np.int64)
        asked = np.flatnonzero(self._is_used[places])
        places = places[asked]
        for step in range(self._longest):
            entries = self._bounds[places] + step
            inside = np.flatnonzero(entries < self._bounds[places + 1])
            asked, places, entries = asked[inside], places[inside], entries[inside]
            same = (self._keys[:, entries] == words.keys[:, asked]).all(axis=0)
            numbers[asked[same]] = self._numbers[entries[same]]
            asked, places = asked[~same], places[~same]
        return numbers
