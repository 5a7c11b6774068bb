"""Boilerplate of scraped pages: marked by place, never cut out, so that offsets stay true.

Here is what one article shows by itself: known phrases, addresses, headlines of other stories
below a label, bylines, the repeated abstract. What only many articles together show, a line
that they share, is found in `analysis.repeated_lines`.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.arabic import WORD, fold, split_paragraphs
from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.tables import require_columns

if TYPE_CHECKING:
    import pandas as pd

MATCHES = ("line", "starts", "ends")
PLACES = ("beginning", "end")
LONGEST_LINE = 250
_PIECE = re.compile(r"[^\W_]+|[^\s\w]|_")

MOST_HEADLINES = 6
"""Headlines of other stories that are marked below one label."""
LONGEST_HEADLINE = 15
"""Words of such a headline at most."""
_NO_HEADLINE = re.compile(r"[.:،؛,;][»”\"')\]\s]*$")

_ADDRESS = re.compile(r"[^\w@]*(?:[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|@\w{1,64})\W*")

LONGEST_BYLINE = 60
_MOST_LINES_BEFORE = 3
_LONGEST_TITLE = 150
_DASH = re.compile(r"\s[-–—]\s?|[-–—]\s|\sـ\s")
_NO_BYLINE = re.compile(r"[\d«»\"“”؟!؛،…]|\.\.|[.:]\s*$")
_OF_A_COUNTRY = re.compile(r"(ال)?\w{2,}(?:ي|يه)")

LEAST_REPEATED = 3
"""Words of a first line that is the next line, too."""
LEAST_REPEATED_LATER = 8
"""Words of a first line that begins the next, or is a line further down."""
_LONGEST_DATELINE = 30
_HEAD = 20
_MOST_PLACES = 50
_MOST_ROUNDS = 10
_AROUND = " \t\r_\u0640.,:;!?\"'()[]{}«»“”‘’…•*|/\\-–—؟،؛\u200e\u200f\xa0"

Span = tuple[int, int]
Spans = list[Span]


class Phrase(NamedTuple):
    """One entry of the boilerplate list: its folded pieces, where they stand, the limit.

    `outlets` are the folded names of the only outlets it holds for, all when empty; `place` is
    "beginning" or "end" where the line must stand there; below a line with nothing but a
    phrase with `headlines`, headlines of other stories follow.
    """

    pieces: tuple[str, ...]
    match: str
    max_words: int
    outlets: tuple[str, ...] = ()
    place: str = ""
    headlines: bool = False


class _Index(NamedTuple):
    """Phrases by their first or last word, the longest first: most lines have none of these.

    `heads` and `tails` are the first and last two letters of these words, and the first and
    last one: that a line has none of them shows without folding a word of it.
    """

    by_first: dict[str, list[Phrase]]
    by_last: dict[str, list[Phrase]]
    heads: frozenset[str]
    tails: frozenset[str]


def find_boilerplate(
    text: str, *, outlet: str = "", phrases: Sequence[Phrase] | None = None
) -> list[tuple[int, int]]:
    r"""Return the (start, end) of every line that is no part of the article, as far as it shows.

    Only whole lines are marked; spans are in order and do not overlap. In this order:

    1. Phrases: one of the list must be the line, begin it or end it, and the line may not have
       more words than the entry allows; a phrase of some outlets counts for these `outlet`
       only, one of the beginning or the end there only. A line of more than 250 characters is
       prose and never marked.
    2. Addresses: a line of nothing but a mail address or the name of an account (@name). All
       of the 85 different ones in real corpora are the author's or the desk's.
    3. Headlines of other stories below a label that stands alone (`find_related`).
    4. The abstract that the text repeats (`find_repeated_abstract`) and bylines before the
       first paragraph (`find_bylines`).

    The marks of 3, and again those of 4, are all left out where they would take more than half
    of what is left of the text.

    What it misses on purpose: boilerplate glued to a sentence on one line, headlines of
    other stories without a label, a name that stands alone, an abstract in other words.

    >>> text = "اقرأ المزيد\nأعلنت الوزارة خطة لقراءة المزيد من الكتب.\nتابعونا على تويتر"
    >>> [text[start:end] for start, end in find_boilerplate(text)]
    ['اقرأ المزيد', 'تابعونا على تويتر']
    """
    lines = split_paragraphs(text)
    candidates = _find_candidates(text, lines, _index(None if phrases is None else tuple(phrases)))
    found = _match_lines(text, candidates, outlet, place="") if candidates else {}
    marked = list(found)
    if "@" in text:
        marked += [
            (start, end)
            for start, end in _without(lines, marked)
            if end - start <= LONGEST_LINE and _ADDRESS.fullmatch(text, start, end)
        ]
    left = _without(lines, marked) if marked else lines
    labels = [line for line, phrase in found.items() if _is_label(text[slice(*line)], phrase)]
    if labels:
        related = _at_most_half(find_related(text, lines, labels, marked), left)
        marked += related
        left = _without(left, related)
    framing = _find_framing(text, left, candidates, outlet)
    if framing:
        marked += _at_most_half(framing, left)
    marked.sort()
    return marked


def find_related(text: str, lines: Spans, labels: Spans, marked: Spans) -> Spans:
    r"""Return the headlines of other stories that follow labels («اقرأ أيضا:») on own lines.

    `lines` are the lines of the text, `labels` those that are a label and nothing else,
    `marked` those that are boilerplate anyway. From a label on, a line is a headline while it
    has at most 15 words and ends with no full stop, colon or comma, and up to 6 of them; a
    paragraph of the article ends the block. In real corpora 29 of the 30 lines so marked are
    headlines of other stories; the last one is a question that opens a section of the article.

    >>> text = "بدأ العمل.\nاقرأ أيضا:\nالوزير يفتتح الجسر\nوقال الوزير إن العمل بدأ."
    >>> lines = split_paragraphs(text)
    >>> [text[start:end] for start, end in find_related(text, lines, lines[1:2], lines[1:2])]
    ['الوزير يفتتح الجسر']
    """
    known, starts = set(marked), set(labels)
    found: Spans = []
    left = 0
    for line in lines:
        if line in starts:
            left = MOST_HEADLINES
        elif left and line not in known and _is_headline(text[slice(*line)]):
            found.append(line)
            left -= 1
        else:
            left = 0
    return found


def find_bylines(text: str, lines: Spans) -> Spans:
    r"""Return the lines before the first paragraph that have the form of a byline.

    Names of people, outlets and places joined by dashes, «المرصد – سليم الراعي – الضفة»: two or
    three parts of one to four words, at most 60 characters, without a digit, a quotation mark
    or a stop, and no adjectives of two countries («مغربي - فرنسي»), as headlines have them: of
    60,920 headlines 14 have the form of a byline. `lines` are the lines of the text that are not
    marked yet. Before the first paragraph (a line of more than 60 characters, but for a first
    line without a full stop, which may be the title) at most three lines may stand, else they
    are a poem or a list.

    In real corpora 1,725 lines are so marked. Of 227 different ones read, 222 are bylines, .98;
    three name the person in a picture, two are headings.

    >>> text = "المرصد – سليم الراعي – الضفة\n" + "أعلنت وزارة النقل أمس خطة جديدة " * 3
    >>> [text[start:end] for start, end in find_bylines(text, split_paragraphs(text))]
    ['المرصد – سليم الراعي – الضفة']
    """
    return [line for line in _lines_before(text, lines) if _is_byline(text[slice(*line)])]


def find_repeated_abstract(text: str, lines: Spans) -> Spans:
    r"""Return the first lines whose words stand again below: an abstract, or the title twice.

    Among the first lines, up to the second one that is not repeated, a line is marked

    - of at least 3 words, where the next line is the same
    - of at least 8 words, where the next line begins with the same words, after a dateline of
      at most 30 characters if there is one, or where a line further down is the same

    Words are compared folded, but the first 20 characters as they are; the earlier one is
    marked. In real corpora 30 lines are so marked, all rightly. What it misses on purpose: an
    abstract that is told in other words, and a short title that begins the first sentence.

    >>> text = "الوزارة تعلن خطة جديدة\nالوزارة تعلن خطة جديدة\nقال الوزير إن العمل بدأ أمس."
    >>> find_repeated_abstract(text, split_paragraphs(text))
    [(0, 22)]
    """
    found: Spans = []
    single = 0
    for line, following in itertools.pairwise(lines):
        if _is_repeated(text, line, following):
            found.append(line)
            continue
        single += 1
        if single == 2:
            break
    return found


def mark_boilerplate(articles: pd.DataFrame) -> pd.DataFrame:
    r"""Return the articles with `skip` filled where it is missing; lists already there stay.

    `skip` is a list of (start, end) spans of `text`, empty when nothing is boilerplate. The
    column `outlet`, where there is one, says which phrases hold (see `find_boilerplate`).
    InputError is raised when the table has no column `text`.

    >>> import pandas as pd
    >>> mark_boilerplate(pd.DataFrame({"text": ["خبر\nاقرأ المزيد"]}))["skip"].tolist()
    [[(4, 15)]]
    """
    import pandas as pd

    require_columns(articles, ["text"], name="articles")
    known = articles["skip"] if "skip" in articles else [None] * len(articles)
    outlets = articles["outlet"].fillna("") if "outlet" in articles else [""] * len(articles)
    skip = [
        spans
        if isinstance(spans, Sequence | np.ndarray)
        else find_boilerplate(text, outlet=str(outlet))
        for text, outlet, spans in zip(articles["text"], outlets, known, strict=True)
    ]
    return articles.assign(skip=pd.Series(skip, index=articles.index, dtype=object))


def mask_text(text: str, skip: Iterable[Sequence[int]]) -> str:
    r"""Return the text with the skipped places turned into line breaks, of the same length.

    Line breaks end sentences, so none crosses a skipped place, and offsets stay true.

    >>> mask_text("خبر شارك خبر", [(4, 8)])
    'خبر \n\n\n\n خبر'
    """
    parts = []
    done = 0
    for start, end in sorted((int(start), int(end)) for start, end in skip):
        parts += [text[done:start], "\n" * (end - max(start, done))]
        done = max(end, done)
    return "".join([*parts, text[done:]])


def load_boilerplate(path: str | Path | None = None) -> tuple[Phrase, ...]:
    """Read and check a list of boilerplate phrases; by default the one that ships.

    DataFileError, with file and line, is raised for an unknown field or kind of match, a
    phrase without a word, a `max_words` that is missing or has no use, and `outlets`, `place`
    or `headlines` with a value they cannot have.

    >>> load_boilerplate()[0]
    Phrase(pieces=('sorry',), match='line', max_words=1, outlets=(), place='', headlines=False)
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
    optional = ["max_words", "outlets", "place", "headlines", "note"]
    file.check_fields(place, entry, required=["phrase", "match"], optional=optional)
    written, match = entry["phrase"], entry["match"]
    pieces = _pieces(written) if isinstance(written, str) else ()
    if not _count_words(pieces):
        file.fail((*place, "phrase"), f"phrase is {written!r}; write at least one word.")
    if match not in MATCHES:
        file.fail((*place, "match"), f"match is {match!r}; choose one of: {', '.join(MATCHES)}.")
    return Phrase(
        _trim(pieces) if match == "line" else pieces,
        str(match),
        _read_max_words(file, place, entry, _count_words(pieces)),
        _read_outlets(file, place, entry),
        _read_place(file, place, entry),
        _read_headlines(file, place, entry),
    )


def _read_max_words(file: DataFile, place: Place, entry: dict[str, object], length: int) -> int:
    max_words = entry.get("max_words")
    if entry["match"] == "line":
        if max_words is not None:
            file.fail((*place, "max_words"), "max_words has no use with match: line; remove it.")
        return length
    if not isinstance(max_words, int) or max_words < length:
        file.fail(place, f"max_words is {max_words!r}; write a whole number, {length} or more.")
    return max_words


def _read_outlets(file: DataFile, place: Place, entry: dict[str, object]) -> tuple[str, ...]:
    outlets = entry.get("outlets", [])
    names = outlets if isinstance(outlets, list) else []
    usable = [name for name in names if isinstance(name, str) and _fold_outlet(name)]
    if "outlets" in entry and (not usable or len(usable) < len(names)):
        file.fail((*place, "outlets"), f"outlets is {outlets!r}; write a list of names.")
    return tuple(map(_fold_outlet, usable))


def _read_place(file: DataFile, place: Place, entry: dict[str, object]) -> str:
    where = entry.get("place", "")
    if "place" in entry and where not in PLACES:
        file.fail((*place, "place"), f"place is {where!r}; choose one of: {', '.join(PLACES)}.")
    return str(where)


def _read_headlines(file: DataFile, place: Place, entry: dict[str, object]) -> bool:
    headlines = entry.get("headlines", False)
    if not isinstance(headlines, bool):
        file.fail((*place, "headlines"), f"headlines is {headlines!r}; write true or leave it out.")
    if headlines and entry.get("place"):
        file.fail((*place, "headlines"), "headlines has no use with place; remove one of them.")
    return headlines


@functools.lru_cache(maxsize=8)
def _index(phrases: tuple[Phrase, ...] | None) -> _Index:
    by_first: dict[str, list[Phrase]] = {}
    by_last: dict[str, list[Phrase]] = {}
    listed = load_boilerplate() if phrases is None else phrases
    for phrase in sorted(listed, key=lambda phrase: -len(phrase.pieces)):
        words = _trim(phrase.pieces)
        if phrase.match == "ends":
            by_last.setdefault(words[-1], []).append(phrase)
        else:
            by_first.setdefault(words[0], []).append(phrase)
    heads = {word[:length] for word in by_first for length in (1, 2)}
    tails = {word[-length:] for word in by_last for length in (1, 2)}
    return _Index(by_first, by_last, frozenset({"", *heads}), frozenset({"", *tails}))


def _find_candidates(text: str, lines: Spans, index: _Index) -> dict[Span, list[Phrase]]:
    """Return the lines that begin or end with a word of phrases, with these phrases."""
    found: dict[Span, list[Phrase]] = {}
    by_first, by_last, heads, tails = index
    for start, end in lines:
        if end - start > LONGEST_LINE:
            continue
        line = text[start:end]
        if _letters(line.lstrip(_AROUND)[:2]) in heads:
            phrases = by_first.get(_first_word(line))
            if phrases:
                found[start, end] = phrases
        if _letters(line.rstrip(_AROUND)[-2:]) in tails:
            phrases = by_last.get(_last_word(line))
            if phrases:
                found[start, end] = [*found.get((start, end), ()), *phrases]
    return found


def _match_lines(
    text: str, candidates: Mapping[Span, Iterable[Phrase]], outlet: str, *, place: str
) -> dict[Span, Phrase]:
    """Return the lines that a phrase of a place makes boilerplate, with the first such."""
    found = {}
    for line, phrases in candidates.items():
        of_place = [phrase for phrase in phrases if phrase.place == place]
        phrase = _match(text[slice(*line)], of_place, outlet) if of_place else None
        if phrase:
            found[line] = phrase
    return found


def _match(line: str, phrases: Iterable[Phrase], outlet: str) -> Phrase | None:
    """Return the first of the phrases that makes a line boilerplate, or None."""
    pieces = _pieces(line)
    words = _count_words(pieces)
    inside = _trim(pieces)
    first_word = pieces.index(inside[0])
    for phrase in phrases:
        found = inside
        if phrase.match == "starts":
            start = max(first_word - _count_marks(phrase.pieces), 0)
            found = pieces[start : start + len(phrase.pieces)]
        elif phrase.match == "ends":
            found = pieces[-len(phrase.pieces) :]
        if found == phrase.pieces and words <= phrase.max_words and _holds_for(phrase, outlet):
            return phrase
    return None


def _count_marks(pieces: tuple[str, ...]) -> int:
    """Count the punctuation marks before the first word."""
    return next(place for place, piece in enumerate(pieces) if piece.isalnum())


def _holds_for(phrase: Phrase, outlet: str) -> bool:
    return not phrase.outlets or _fold_outlet(outlet) in phrase.outlets


def _fold_outlet(name: str) -> str:
    return " ".join(_fold(name).split())


def _is_label(line: str, phrase: Phrase) -> bool:
    """Say whether a line has a phrase that headlines follow, and no other word."""
    return phrase.headlines and _count_words(_pieces(line)) == _count_words(phrase.pieces)


def _without(lines: Spans, marked: Collection[Span]) -> Spans:
    if not marked:
        return lines
    known = set(marked)
    return [line for line in lines if line not in known]


def _at_most_half(found: Spans, lines: Spans) -> Spans:
    """Return what was found among the lines, nothing if it is more than half of them."""
    if not found:
        return found
    whole = sum(end - start for start, end in lines)
    return found if 2 * sum(end - start for start, end in found) <= whole else []


def _find_framing(
    text: str, lines: Spans, candidates: Mapping[Span, Iterable[Phrase]], outlet: str
) -> Spans:
    """Return abstract, bylines and phrases of beginning and end, until no more is found.

    What is found may bring a further line to the beginning or the end: marking a text again
    with these places hidden finds nothing new.
    """
    found: Spans = []
    left = lines
    for _ in range(_MOST_ROUNDS):
        new = find_repeated_abstract(text, left)
        before = _lines_before(text, _without(left, new) if new else left)
        new += [line for line in before if _is_byline(text[slice(*line)])]
        if candidates:
            here = {line: candidates[line] for line in before if line in candidates}
            new += _match_lines(text, here, outlet, place="beginning")
            new += _find_end(text, left, candidates, outlet)
        if not new:
            break
        found += new
        left = _without(left, new)
    return list(dict.fromkeys(found))


def _find_end(
    text: str, lines: Spans, candidates: Mapping[Span, Iterable[Phrase]], outlet: str
) -> Spans:
    """Return the last lines that phrases of the end mark."""
    found: Spans = []
    for line in reversed(lines):
        last = {line: candidates[line]} if line in candidates else {}
        if not _match_lines(text, last, outlet, place="end"):
            break
        found.append(line)
    return found


def _is_headline(line: str) -> bool:
    return (
        len(line) <= LONGEST_LINE
        and not _NO_HEADLINE.search(line)
        and 0 < len(WORD.findall(line)) <= LONGEST_HEADLINE
    )


def _lines_before(text: str, lines: Spans) -> Spans:
    """Return the short lines before the first paragraph, none when they are too many."""
    before: Spans = []
    for place, (start, end) in enumerate(lines[: _MOST_LINES_BEFORE + 1]):
        if end - start <= LONGEST_BYLINE:
            before.append((start, end))
        elif place or end - start > _LONGEST_TITLE or text[start:end].rstrip().endswith("."):
            return before
    return []


def _is_byline(line: str) -> bool:
    if len(line) > LONGEST_BYLINE or _NO_BYLINE.search(line):
        return False
    parts = [_words(part) for part in _DASH.split(line.strip())]
    if not 2 <= len(parts) <= 3 or not all(1 <= len(words) <= 4 for words in parts):
        return False
    return not any(_are_countries(left[-1], right[0]) for left, right in itertools.pairwise(parts))


def _are_countries(left: str, right: str) -> bool:
    """Say whether two words are adjectives of countries («مغربي - فرنسي»), as in headlines."""
    first, second = _OF_A_COUNTRY.fullmatch(left), _OF_A_COUNTRY.fullmatch(right)
    return first is not None and second is not None and first.group(1) == second.group(1)


def _is_repeated(text: str, line: Span, following: Span) -> bool:
    """Say whether the words of a line begin the following one, or are a later line."""
    start, end = line
    head = text[start : min(start + _HEAD, end)]
    again = text.find(head, end)
    if again < 0:
        return False
    words = _words(text[start:end])
    if len(words) < LEAST_REPEATED_LATER:
        return len(words) >= LEAST_REPEATED and _words(text[slice(*following)]) == words
    if again < min(following[0] + _LONGEST_DATELINE + 1, following[1]):
        return _words(text[again : following[1]])[: len(words)] == words
    for _ in range(_MOST_PLACES):
        stop = text.find("\n", again)
        whole = text[again : stop if stop >= 0 else len(text)]
        if text[again - 1] == "\n" and _words(whole) == words:
            return True
        again = text.find(head, again + 1)
        if again < 0:
            break
    return False


def _words(text: str) -> list[str]:
    return [_fold(word) for word in WORD.findall(text)]


def _first_word(line: str) -> str:
    """Return the first word of a line, folded; "" where there is none."""
    words = _words_of(line.split(None, 1)[0]) or _words_of(line)
    return words[0] if words else ""


def _last_word(line: str) -> str:
    words = _words_of(line.rsplit(None, 1)[-1]) or _words_of(line)
    return words[-1] if words else ""


@functools.lru_cache(maxsize=1 << 12)
def _letters(text: str) -> str:
    """Return one or two letters folded, "" when they are no letters or become more."""
    folded = _fold(text) if text.isalnum() else ""
    return folded if len(folded) <= 2 else ""


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
