"""Boilerplate by repetition: lines that many articles of one outlet share.

One article does not show that a line of it is a byline, the address of the desk or the headline
of another story; the other articles of its outlet do. What is counted can be counted in parts,
by several processes, and put together in any order: the result is the same.
"""

from __future__ import annotations

import hashlib
import math
import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.arabic import WORD, fold, split_paragraphs
from analysis.cleaning import LONGEST_LINE, mark_boilerplate
from analysis.errors import InputError, require_at_least
from analysis.tables import require_columns

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.uint64]
Span = tuple[int, int]

FIRST_LINES = 3
LAST_LINES = 4
"""Lines at the two ends of an article where boilerplate stands."""
INNER_SHARE = 0.05
"""Share of the outlet's articles that must have a line elsewhere."""
LONGEST_SENTENCE = 6
"""Words of a line with a full stop that may still be boilerplate."""
LEAST_TITLE = 4
"""Words of a title at least: a shorter one may be a heading of another article, too."""
LEAST_IN_SMALL = 4
SMALL_SHARE = 0.2
"""In an outlet with few texts a line needs 4 of them at least, and a fifth."""

_CLOSING = " \t\r\xa0\u200e\u200f»”\"')]"
_STOPS = (".", "!", "…")
_QUOTATION_MARK = re.compile(r"[«»\"“”„{}]|\(\(|\)\)")
_INNER = np.uint64(1)


class OutletLines(NamedTuple):
    """Of one outlet: the texts it has, the lines that may be boilerplate, and its titles.

    Texts, lines and titles are numbers of 64 bits; the lowest bit of a line says that it stands
    inside the article and not at one of its ends. `lines[n]` stands in the text `owners[n]`.
    All are sorted and stand once.
    """

    texts: Codes
    owners: Codes
    lines: Codes
    titles: Codes


class OutletRepeated(NamedTuple):
    """Of one outlet: the numbers of its boilerplate lines and of its titles, both sorted."""

    lines: Codes
    titles: Codes


LineCounts = Mapping[str, OutletLines]
Repeated = Mapping[str, OutletRepeated]


def count_lines(articles: Iterable[tuple[str, str, str]]) -> LineCounts:
    r"""Note the lines of articles, given as (outlet, title, text), that may be boilerplate.

    A line is noted once for each text; a text that stands in several articles is one text, so
    that a doubled export does not make its lines repeated. Titles are noted too, because the
    headline of another story in the middle of an article is the title of that other article.
    Never boilerplate, and not noted, are

    - lines of more than 250 characters
    - lines that end in a colon («وقال:»), since a quotation follows
    - lines with a quotation mark, a brace or double brackets, since they quote
    - lines of more than 6 words that end in a full stop: the background that an outlet repeats
      in every report of a long story looks the same as its boilerplate
    - lines without a word

    It costs 16 bytes for each line noted and 16 for each article. Real articles have a line to
    note in two, so a million of them cost some 24 MB, and a few times that while counts are put
    together.

    >>> counts = count_lines([("المرصد", "", "خبر أول طويل.\nتحرير الضفة")] * 2)
    >>> len(counts["المرصد"].texts)
    1
    """
    noted: dict[str, tuple[array[int], array[int], array[int], array[int]]] = {}
    for outlet, title, text in articles:
        if outlet not in noted:
            noted[outlet] = (array("Q"), array("Q"), array("Q"), array("Q"))
        texts, owners, lines, titles = noted[outlet]
        owner = _number(text)
        texts.append(owner)
        for line in _note_lines(text):
            owners.append(owner)
            lines.append(line)
        number = _number_title(title)
        if number is not None:
            titles.append(number)
    return {
        outlet: _settle(*(np.array(numbers, np.uint64) for numbers in columns))
        for outlet, columns in noted.items()
    }


def merge_counts(counts: Iterable[LineCounts]) -> LineCounts:
    """Put counts of several parts of a corpus together: the same in any order and grouping.

    >>> part = count_lines([("المرصد", "", "تحرير الضفة")])
    >>> merge_counts([part, part])["المرصد"].lines.tolist() == part["المرصد"].lines.tolist()
    True
    """
    parts: dict[str, list[OutletLines]] = {}
    for part in counts:
        for outlet, lines in part.items():
            parts.setdefault(outlet, []).append(lines)
    return {
        outlet: _settle(*(np.concatenate(columns) for columns in zip(*listed, strict=True)))
        for outlet, listed in parts.items()
    }


def choose_repeated(
    counts: LineCounts, *, least_articles: int = 10, least_share: float = 0.001
) -> Repeated:
    r"""Say which lines are boilerplate, for each outlet by itself.

    A line is boilerplate where it stands among the first three or the last four lines of at
    least `least_articles` texts of the outlet and of the share `least_share` of them (from
    10,000 texts on that is more), or further inside in a twentieth of them. Of an outlet with
    fewer than 50 texts it needs only a fifth of them, but four. Titles of four words or more
    are kept for `find_repeated_lines`.

    How well it chooses: see `find_repeated_lines`. Raises InputError when an option is out of
    range.

    >>> articles = [("المرصد", "", f"خبر رقم {n} من الضفة\nتحرير الضفة") for n in range(12)]
    >>> len(choose_repeated(count_lines(articles))["المرصد"].lines)
    1
    """
    require_at_least(2, least_articles, name="least_articles")
    if not 0 <= least_share <= 1:
        raise InputError(f"least_share is {least_share!r}; choose a share from 0 to 1.")
    return {
        outlet: OutletRepeated(_choose(lines, least_articles, least_share), lines.titles)
        for outlet, lines in counts.items()
    }


def find_repeated_lines(
    text: str, outlet: str, repeated: Repeated, *, title: str = ""
) -> list[Span]:
    r"""Return the (start, end) of the lines of an article that its outlet repeats, in order.

    These are lines that were chosen as boilerplate, wherever they stand, and headlines: lines
    but the first that are the title of another article of the outlet, not `title` itself.
    Where they are more than half of the text, nothing is marked.

    In 61,919 real articles of 22 outlets it marks 161 different lines 3,387 times, and 645
    headlines of other stories 855 times. All of these lines and 182 of the headlines, drawn at
    random, were read: two lines are the greeting with which a columnist ends, four headlines
    belong to a chronicle made of headlines; the others are no part of the article, .98. What
    it misses on purpose: a line that few articles have, and a headline whose own article is not
    in the corpus.

    >>> articles = [("المرصد", "", f"خبر رقم {n} من الضفة\nتحرير الضفة") for n in range(12)]
    >>> repeated = choose_repeated(count_lines(articles))
    >>> find_repeated_lines("أعلنت الوزارة خطة جديدة أمس\nتحرير الضفة", "المرصد", repeated)
    [(28, 39)]
    """
    known = repeated.get(outlet)
    if known is None or not (len(known.lines) or len(known.titles)):
        return []
    lines = split_paragraphs(text)
    own = _number_title(title)
    found = [
        (start, end)
        for place, (start, end) in enumerate(lines)
        if end - start <= LONGEST_LINE
        and _is_repeated(text[start:end], known, own, first=place == 0)
    ]
    marked = sum(end - start for start, end in found)
    return found if 2 * marked <= sum(end - start for start, end in lines) else []


def mark_repeated_lines(
    articles: pd.DataFrame, *, least_articles: int = 10, least_share: float = 0.001
) -> pd.DataFrame:
    r"""Return the articles with the lines that their outlet repeats added to `skip`.

    Takes a table with `text`, `outlet` and, where they are known, `title` and `skip`; a
    missing `skip` is filled by `mark_boilerplate` first. Spans of `skip` stay as they are, but
    those that overlap are joined. The order of the articles does not matter. The options are
    those of `choose_repeated`.

    Raises InputError when a column is missing or an option is out of range.

    >>> import pandas as pd
    >>> texts = [f"خبر رقم {n} من الضفة\nتحرير الضفة" for n in range(12)]
    >>> marked = mark_repeated_lines(pd.DataFrame({"outlet": "المرصد", "text": texts}))
    >>> marked["skip"][0]
    [(19, 30)]
    """
    import pandas as pd

    require_columns(articles, ["text", "outlet"], name="articles")
    articles = mark_boilerplate(articles)
    outlets = articles["outlet"].fillna("").astype(str)
    titles = (
        articles["title"].fillna("").astype(str) if "title" in articles else [""] * len(outlets)
    )
    rows = list(zip(outlets, titles, articles["text"], strict=True))
    repeated = choose_repeated(
        count_lines(rows), least_articles=least_articles, least_share=least_share
    )
    skip = [
        join_spans(spans, find_repeated_lines(text, outlet, repeated, title=title))
        for (outlet, title, text), spans in zip(rows, articles["skip"], strict=True)
    ]
    return articles.assign(skip=pd.Series(skip, index=articles.index, dtype=object))


def join_spans(spans: Iterable[Sequence[int]], more: Iterable[Sequence[int]]) -> list[Span]:
    """Return spans of two lists in order, those that overlap joined.

    >>> join_spans([(5, 9)], [(0, 2), (7, 12)])
    [(0, 2), (5, 12)]
    """
    joined: list[Span] = []
    for start, end in sorted((int(start), int(end)) for start, end in [*spans, *more]):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _settle(texts: Codes, owners: Codes, lines: Codes, titles: Codes) -> OutletLines:
    order = np.lexsort([lines, owners])
    owners, lines = owners[order], lines[order]
    new = np.ones(len(owners), np.bool_)
    new[1:] = (np.diff(owners) != 0) | (np.diff(lines) != 0)
    return OutletLines(np.unique(texts), owners[new], lines[new], np.unique(titles))


def _choose(outlet: OutletLines, least_articles: int, least_share: float) -> Codes:
    texts = len(outlet.texts)
    small = max(LEAST_IN_SMALL, math.ceil(SMALL_SHARE * texts))
    needed = max(min(least_articles, small), math.ceil(least_share * texts))
    lines, counts = np.unique(outlet.lines, return_counts=True)
    inner = (lines & _INNER).astype(np.bool_)
    enough = np.where(inner, max(needed, math.ceil(INNER_SHARE * texts)), needed)
    return np.unique(lines[counts >= enough] | _INNER)


def _note_lines(text: str) -> Iterator[int]:
    lines = split_paragraphs(text)
    for place, (start, end) in enumerate(lines):
        number = _number_line(text[start:end]) if end - start <= LONGEST_LINE else None
        if number is not None:
            inside = FIRST_LINES <= place < len(lines) - LAST_LINES
            yield number if inside else number - 1


def _number_line(line: str) -> int | None:
    """Return the number of a line that may be boilerplate, with its lowest bit set."""
    shown = line.rstrip(_CLOSING)
    if shown.endswith(":") or (
        shown.endswith(_STOPS) and len(shown.split(None, LONGEST_SENTENCE)) > LONGEST_SENTENCE
    ):
        return None
    words = [] if _QUOTATION_MARK.search(line) else _read_words(line)
    return _number(" ".join(words)) | 1 if words else None


def _number_title(title: str) -> int | None:
    words = _read_words(title) if len(title) <= LONGEST_LINE else []
    return _number(" ".join(words)) | 1 if len(words) >= LEAST_TITLE else None


def _is_repeated(line: str, known: OutletRepeated, own: int | None, *, first: bool) -> bool:
    number = _number_line(line)
    if number is not None and _has(known.lines, number):
        return True
    if first or not len(known.titles) or line.rstrip(_CLOSING).endswith(_STOPS):
        return False
    headline = _number_title(line)
    return headline is not None and headline != own and _has(known.titles, headline)


def _has(codes: Codes, number: int) -> bool:
    place = int(codes.searchsorted(np.uint64(number)))
    return place < len(codes) and int(codes[place]) == number


def _read_words(line: str) -> list[str]:
    return WORD.findall(fold(line).casefold())


def _number(text: str) -> int:
    """Return a number of 64 bits, the same in every process."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
