"""Many texts at once as arrays: where their words stand, and what breaks phrases and sentences.

Each character becomes one byte by a look-up in a table of 65,536, so that an offset into the
array is an offset into the text. What is a word, a mark and the end of a sentence is said
in `analysis.arabic`; here it is only written down as tables.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from analysis.arabic import lookup_form, strip_marks

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ARABIC = [chr(code) for code in (*range(0x621, 0x63B), *range(0x641, 0x64B))]
"""The letters an entry of a lexicon is made of."""

SPACE, MARK, LIGATURE, OTHER = range(4)
_FIRST_LETTER = 4
_FOREIGN = "A"
_PLAIN = {letter: number for number, letter in enumerate(ARABIC, start=_FIRST_LETTER)}

# What may stand between two words of a phrase: no line break, stop or comma, but a quotation
# mark or bracket may open (تنظيم «داعش»), and a hashtag joins its words with underscores.
_SOFT = "-–_()[]\"'«»“”‘’\u200e\u200f"
_STOP, _CLOSER, _WHITE, _LINE_BREAK = range(1, 5)


_WHITE_SPACE = [code for code in range(0x3001) if chr(code).isspace()]


@functools.cache
def _letter_table() -> Bytes:
    """Return the byte of every character: of letters as `lookup_form` writes them."""
    is_letter = np.array([chr(code).isalnum() for code in range(0x10000)])
    table = np.where(is_letter, OTHER, SPACE).astype(np.uint8)
    for code in (*range(0x600, 0x700), *range(0xFB50, 0xFEFD)):
        if not strip_marks(chr(code)):
            table[code] = MARK
        elif is_letter[code]:
            plain = lookup_form(chr(code))
            table[code] = _PLAIN.get(plain, OTHER if len(plain) == 1 else LIGATURE)
    return table


@functools.cache
def _break_table() -> Bytes:
    """Return 1 for characters that end a phrase when they stand between two of its words."""
    table = np.ones(0x10000, np.uint8)
    table[_letter_table() != SPACE] = 0
    table[[ord(character) for character in _SOFT]] = 0
    table[_WHITE_SPACE] = 0
    table[ord("\n")] = 1
    return table


@functools.cache
def _sentence_table() -> Bytes:
    table = np.zeros(0x10000, np.uint8)
    table[_WHITE_SPACE] = _WHITE
    table[[ord(character) for character in ".!?؟…"]] = _STOP
    table[[ord(character) for character in '»”"']] = _CLOSER
    table[ord("\n")] = _LINE_BREAK
    return table


def spell(words: Iterable[str]) -> Bytes:
    """Return words as the bytes of their letters, with a space before and after each."""
    letters: Bytes = _letter_table()[_code_points(f" {' '.join(words)} ")]
    return letters


def _code_points(text: str) -> npt.NDArray[np.uint16]:
    """Return the number of each character; what lies beyond 16 bits as a letter or a symbol."""
    encoded = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    if len(encoded) == len(text):
        return encoded
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").copy()
    for place in np.flatnonzero(wide > 0xFFFF):
        wide[place] = ord(_FOREIGN) if text[place].isalnum() else 0xFFFF
    return wide.astype(np.uint16)


class Block:
    """A text as arrays; words are numbered from 0, `text[starts[n]:ends[n]]` is word n.

    `letters` are the letters of all words without their marks, with spaces between words.
    """

    def __init__(self, text: str) -> None:
        self._code_points = _code_points(text)
        self._length = len(text)
        letters = np.full(len(text) + 2, SPACE, np.uint8)
        np.take(_letter_table(), self._code_points, out=letters[1:-1], mode="clip")
        marks = np.flatnonzero(letters == MARK)
        loose = marks[letters[marks - 1] == SPACE]
        while len(loose):
            letters[loose] = SPACE
            loose = loose[letters[loose + 1] == MARK] + 1
        self.starts, self.ends = _edges(letters)
        if len(marks):
            letters = letters[letters != MARK]
        self.letters = letters
        self._text = text

    def written_words(self) -> Iterator[str]:
        """Yield the words as the text writes them."""
        spans = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return (self._text[start:end] for start, end in spans)

    def words_with_ligatures(self) -> tuple[Ints, Bytes]:
        """Return the numbers of words that are written with ligatures (ﻻ), and their letters.

        Characters that stand for a mark alone count as ligatures too.
        """
        ligatures = np.flatnonzero(self.letters == LIGATURE) - 1
        words = np.unique(np.searchsorted(_edges(self.letters)[0], ligatures, "right") - 1)
        written = [self._text[self.starts[word] : self.ends[word]] for word in words]
        plain = (lookup_form(word).replace(" ", "") for word in written)
        return words, spell(word or _FOREIGN for word in plain)

    @functools.cached_property
    def _breaks(self) -> Ints:
        return np.flatnonzero(np.take(_break_table(), self._code_points, mode="clip"))

    def joins_next(self, words: Ints) -> Bools:
        """Say of words whether a phrase that holds them can go on with the next word."""
        before = np.searchsorted(self._breaks, self.ends[words])
        after = np.searchsorted(self._breaks, self.starts[words + 1])
        return np.asarray(before == after)

    @functools.cached_property
    def _sentence_ends(self) -> Ints:
        parts = np.zeros(len(self._code_points) + 1, np.uint8)
        np.take(_sentence_table(), self._code_points, out=parts[:-1], mode="clip")
        stops = np.flatnonzero(parts == _STOP)
        after = stops + 1
        while (closing := parts[after] == _CLOSER).any():
            after += closing
        is_end = parts == _LINE_BREAK
        is_end[stops[parts[after] >= _WHITE]] = True
        return np.flatnonzero(is_end)

    def sentence_of(self, words: Ints) -> Ints:
        """Return the number of the sentence of words, by the rules of `split_sentences`."""
        return np.searchsorted(self._sentence_ends, self.starts[words])

    def words_of_sentences(self, words: Ints) -> Ints:
        """Return all words of the sentences that some words stand in."""
        sentences = np.unique(self.sentence_of(words))
        ends = np.append(self._sentence_ends, self._length)
        begin = np.searchsorted(self.starts, np.append([0], ends)[sentences])
        end = np.searchsorted(self.starts, ends[sentences])
        return join_ranges(begin, end - begin)


def join_ranges(starts: Ints, lengths: Ints) -> Ints:
    """Return the numbers of ranges one after the other.

    >>> join_ranges(np.array([5, 20]), np.array([2, 3])).tolist()
    [5, 6, 20, 21, 22]
    """
    before = np.cumsum(lengths) - lengths
    return np.asarray(np.arange(lengths.sum()) + np.repeat(starts - before, lengths))


def _edges(letters: Bytes) -> tuple[Ints, Ints]:
    """Return where words start and end, in an array with a space before and after."""
    is_word = letters != SPACE
    edges = np.flatnonzero(is_word[1:] != is_word[:-1])
    return edges[0::2], edges[1::2]


def word_edges(letters: Bytes) -> tuple[Ints, Ints]:
    """Return the first letter of every word and its length."""
    starts, ends = _edges(letters)
    return starts + 1, ends - starts
