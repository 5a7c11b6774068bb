"""Boilerplate of scraped pages: marked by place, never cut out, so that offsets stay true."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.arabic import WORD, fold, split_paragraphs
from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.tables import require_columns

if TYPE_CHECKING:
    import pandas as pd

MATCHES = ("line", "starts", "ends")
LONGEST_LINE = 250
_PIECE = re.compile(r"[^\W_]+|[^\s\w]|_")


class Phrase(NamedTuple):
    """One entry of the boilerplate list: its folded pieces, where they stand, the limit."""

    pieces: tuple[str, ...]
    match: str
    max_words: int


class _Index(NamedTuple):
    """Phrases by their first or last word, as most lines begin and end with none of these."""

    by_first: dict[str, list[Phrase]]
    by_last: dict[str, list[Phrase]]


def find_boilerplate(
    text: str, *, phrases: Sequence[Phrase] | None = None
) -> list[tuple[int, int]]:
    r"""Return the (start, end) of every line that is boilerplate of a web page.

    Only whole lines are marked: a phrase of the list must be the line, begin it or end it,
    and the line may not have more words than the entry allows. A line of more than 250
    characters is prose and never marked. Spans are in order and do not overlap.

    What it misses on purpose: boilerplate glued to a sentence on one line, headlines of
    other stories without a label, bylines and addresses.

    >>> text = "اقرأ المزيد\nأعلنت الوزارة خطة لقراءة المزيد من الكتب.\nتابعونا على تويتر"
    >>> [text[start:end] for start, end in find_boilerplate(text)]
    ['اقرأ المزيد', 'تابعونا على تويتر']
    """
    index = _index(None if phrases is None else tuple(phrases))
    return [
        (start, end)
        for start, end in split_paragraphs(text)
        if end - start <= LONGEST_LINE and _is_boilerplate(text, start, end, index)
    ]


def mark_boilerplate(articles: pd.DataFrame) -> pd.DataFrame:
    r"""Return the articles with `skip` filled where it is missing; lists already there stay.

    `skip` is a list of (start, end) spans of `text`, empty when nothing is boilerplate.
    InputError is raised when the table has no column `text`.

    >>> import pandas as pd
    >>> mark_boilerplate(pd.DataFrame({"text": ["خبر\nاقرأ المزيد"]}))["skip"].tolist()
    [[(4, 15)]]
    """
    import pandas as pd

    require_columns(articles, ["text"], name="articles")
    known = articles["skip"] if "skip" in articles else [None] * len(articles)
    skip = [
        spans if isinstance(spans, Sequence | np.ndarray) else find_boilerplate(text)
        for text, spans in zip(articles["text"], known, strict=True)
    ]
    return articles.assign(skip=pd.Series(skip, index=articles.index, dtype=object))


def mask_text(text: str, skip: Iterable[Sequence[int]]) -> str:
    r"""Return the text with the skipped places turned into line breaks, of the same length.

    Line breaks end sentences, so none crosses a skipped place, and offsets stay true.

    >>> mask_text("خبر شارك خبر", [(4, 8)])
    'خبر \n\n\n\n خبر'
    """
    for start, end in skip:
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def load_boilerplate(path: str | Path | None = None) -> tuple[Phrase, ...]:
    """Read and check a list of boilerplate phrases; by default the one that ships.

    DataFileError, with file and line, is raised for an unknown field or kind of match, a
    phrase without a word, and a `max_words` that is missing or has no use.

    >>> load_boilerplate()[0]
    Phrase(pieces=('sorry',), match='line', max_words=1)
    """
    file = load_yaml(data_path("lexicons", "boilerplate.yml") if path is None else path)
    if not isinstance(file.content, dict):
        file.fail((), f"expected kinds with lists of phrases, found {file.content!r}.")
    phrases = []
    for kind, entries in file.content.items():
        if not isinstance(entries, list):
            file.fail((kind,), f"expected a list of phrases, found {entries!r}.")
        phrases += [_phrase(file, (kind, i), entry) for i, entry in enumerate(entries)]
    return tuple(phrases)


def _phrase(file: DataFile, place: Place, entry: dict[str, object]) -> Phrase:
    file.check_fields(place, entry, required=["phrase", "match"], optional=["max_words", "note"])
    written, match, max_words = entry["phrase"], entry["match"], entry.get("max_words")
    pieces = _pieces(written) if isinstance(written, str) else ()
    length = _count_words(pieces)
    if not length:
        file.fail((*place, "phrase"), f"phrase is {written!r}; write at least one word.")
    if match not in MATCHES:
        file.fail((*place, "match"), f"match is {match!r}; choose one of: {', '.join(MATCHES)}.")
    if match == "line":
        if max_words is not None:
            file.fail((*place, "max_words"), "max_words has no use with match: line; remove it.")
        return Phrase(_trim(pieces), "line", length)
    if not isinstance(max_words, int) or max_words < length:
        file.fail(place, f"max_words is {max_words!r}; write a whole number, {length} or more.")
    return Phrase(pieces, str(match), max_words)


@functools.lru_cache(maxsize=8)
def _index(phrases: tuple[Phrase, ...] | None) -> _Index:
    index = _Index({}, {})
    for phrase in load_boilerplate() if phrases is None else phrases:
        words = _trim(phrase.pieces)
        if phrase.match == "ends":
            index.by_last.setdefault(words[-1], []).append(phrase)
        else:
            index.by_first.setdefault(words[0], []).append(phrase)
    return index


def _is_boilerplate(text: str, start: int, end: int, index: _Index) -> bool:
    line = text[start:end]
    first, last = _outer_words(line)
    phrases = [*index.by_first.get(first, ()), *index.by_last.get(last, ())]
    if not phrases:
        return False
    pieces = _pieces(line)
    words = _count_words(pieces)
    inside = _trim(pieces)
    from_first_word = pieces[pieces.index(inside[0]) :]
    for phrase in phrases:
        length = len(phrase.pieces)
        found = {
            "line": inside,
            "starts": from_first_word[:length],
            "ends": pieces[-length:],
        }[phrase.match]
        if found == phrase.pieces and words <= phrase.max_words:
            return True
    return False


def _outer_words(line: str) -> tuple[str, str]:
    """Return the first and the last word of a line, folded; "" where there is none."""
    first, last = _words_of(line.split(None, 1)[0]), _words_of(line.rsplit(None, 1)[-1])
    if not (first and last):
        first = last = _words_of(line)
    return (first[0], last[-1]) if first else ("", "")


@functools.lru_cache(maxsize=1 << 16)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(map(_fold, WORD.findall(text)))


def _pieces(line: str) -> tuple[str, ...]:
    """Return the folded words and the punctuation marks of a line."""
    return tuple(_PIECE.findall(_fold(line)))


def _count_words(pieces: Iterable[str]) -> int:
    return sum(piece.isalnum() for piece in pieces)


def _trim(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the punctuation around the words of a line."""
    words = [i for i, piece in enumerate(pieces) if piece.isalnum()]
    return pieces[words[0] : words[-1] + 1] if words else ()


@functools.lru_cache(maxsize=1 << 16)
def _fold(text: str) -> str:
    return fold(text).casefold()
