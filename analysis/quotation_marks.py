"""Pair quotation marks as newspapers type them: mixed, reversed, nested or left open."""

import re
from bisect import bisect
from collections.abc import Container
from typing import NamedTuple

from analysis.arabic import Tokens

_OPENING = frozenset("«“„‹‘")
_CLOSING = frozenset("»”›’")
_GUILLEMETS = frozenset("«»‹›")
MARKS = _OPENING | _CLOSING | {'"', "''"}
_PUNCTUATION = frozenset(".,،؛:;!?؟)]…-")
# Quotations of several paragraphs are rarely longer; beyond it the closing mark is another's.
_PARAGRAPHS_LEFT_OPEN = 6
# Marks inside marks hold a name or a title.
_NESTED_WORDS = 6


class QuotedSpan(NamedTuple):
    """One quotation: token numbers of its marks, offsets and length of the words inside.

    `close` is the number of the closing mark, or of the first token after the words when
    the writer left the marks open. `repaired` says that the marks were left open, or typed
    the wrong way round.
    """

    open: int
    close: int
    start: int
    end: int
    words: int
    repaired: bool = False


def find_quoted_spans(
    text: str,
    tokens: Tokens,
    *,
    cues: Container[str] = (),
    clitics: Container[str] = (),
) -> list[QuotedSpan]:
    r"""Return the outermost quoted spans of a text, in order.

    A mark opens or closes by the spaces around it and by what is already open; the shape of
    the glyph only settles doubt, and only in a text with as many opening as closing ones,
    since ”…“ and »…« are typed both ways. Marks inside marks
    belong to the outer span. A span left open ends where its paragraph ends, unless one of
    the next paragraphs begins by closing it or opens it again at its head; or, when marks
    open again, before the cue (a form in `cues`) that introduces the new words. After a word
    of `clitics` (بـ"…") a mark opens.

    >>> from analysis.arabic import tokenize
    >>> text = 'قال: ”نعم يا "سعد" نعم“ ثم «لا\nوكفى».'
    >>> [text[s.start:s.end] for s in find_quoted_spans(text, tokenize(text))]
    ['نعم يا "سعد" نعم', 'لا\nوكفى']
    """
    paragraphs = _number_paragraphs(text, tokens)
    marks = [
        number
        for number, form in enumerate(tokens.forms)
        if form in MARKS and not _is_apostrophe(text, tokens, number)
    ]
    sides = [_side(text, tokens, number, clitics) for number in marks]
    if all(text.count(a) == text.count(b) for a, b in ("«»", "“”")):
        sides = [
            _shape(tokens.forms[number]) if side == "either" else side
            for number, side in zip(marks, sides, strict=True)
        ]
    spans: list[QuotedSpan] = []
    opened: int | None = None
    inner: int | None = None
    cue: int | None = None
    reached = 0
    for place, number in enumerate(marks):
        side = sides[place]
        if opened is not None and reached != paragraphs[number]:
            breaks = paragraphs[number] - reached
            if breaks == 1 and side == "open" and paragraphs[number - 1] != paragraphs[number]:
                reached = paragraphs[number]
                continue
            continues = (
                breaks <= _PARAGRAPHS_LEFT_OPEN
                and side == "close"
                and tokens.forms[number] in _CLOSING
                and _same_family(tokens, opened, number)
            )
            if not continues:
                spans.append(_left_open(text, tokens, opened))
                opened = None
            inner = None
        if opened is not None:
            last = marks[place - 1]
            cue = _last_cue(tokens, max(last, opened + 1), number, cues) or cue
        if opened is None:
            is_last = place + 1 == len(marks) or paragraphs[marks[place + 1]] != paragraphs[number]
            if not (side == "close" and is_last):
                opened, cue = number, None
                reached = paragraphs[number]
        elif inner is not None:
            inner = None
        elif side == "open" and cue:
            spans.append(_span(tokens, opened, cue))
            opened, cue = number, None
        elif side == "open" and _closes_soon(marks, sides, paragraphs, place, opened):
            inner = number
        elif side == "open" and _same_family(tokens, opened, number):
            spans.append(_left_open(text, tokens, opened, before=number))
            opened, cue = number, None
        elif _same_family(tokens, opened, number):
            spans.append(_span(tokens, opened, number))
            opened = None
    if opened is not None:
        spans.append(_left_open(text, tokens, opened))
    return [span for span in spans if span.words]


def _number_paragraphs(text: str, tokens: Tokens) -> list[int]:
    """Return for each token the number of line breaks before it."""
    breaks = [match.start() for match in re.finditer("\n", text)]
    return (
        [bisect(breaks, start) for start in tokens.starts] if breaks else [0] * len(tokens.starts)
    )


def _is_apostrophe(text: str, tokens: Tokens, number: int) -> bool:
    """Tell ’ inside a word (l’Économiste) from a mark."""
    start, end = tokens.starts[number], tokens.ends[number]
    inside = text[start - 1 : start].isalnum() and text[end : end + 1].isalnum()
    return inside and tokens.forms[number] in "‘’"


def _side(text: str, tokens: Tokens, number: int, clitics: Container[str]) -> str:
    start, end = tokens.starts[number], tokens.ends[number]
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    left = before.isspace() or before in "([ـ" or _after_clitic(text, start, clitics)
    right = after.isspace() or after in _PUNCTUATION
    if left and not right:
        return "open"
    if right and not left:
        return "close"
    return "either"


def _shape(mark: str) -> str:
    if mark in _OPENING:
        return "open"
    return "close" if mark in _CLOSING else "either"


def _after_clitic(text: str, place: int, clitics: Container[str]) -> bool:
    word = place
    while word and not text[word - 1].isspace():
        word -= 1
    return text[word:place].rstrip("ـ") in clitics


def _closes_soon(
    marks: list[int], sides: list[str], paragraphs: list[int], place: int, opened: int
) -> bool:
    """Tell whether a mark inside a quotation opens a short inner one, closed before the outer."""
    if place + 2 >= len(marks):
        return False
    closing, outer = marks[place + 1], marks[place + 2]
    return (
        closing - marks[place] <= _NESTED_WORDS + 1
        and sides[place + 1] == "close"
        and paragraphs[opened] == paragraphs[outer]
    )


def _last_cue(tokens: Tokens, first: int, number: int, cues: Container[str]) -> int | None:
    """Return the last token of a span left open, before a cue that begins a clause."""
    for place in range(number - 1, first, -1):
        if tokens.forms[place] in cues and tokens.forms[place - 1] in ".،,!؟":
            return place
    return None


def _same_family(tokens: Tokens, first: int, second: int) -> bool:
    return (tokens.forms[first] in _GUILLEMETS) == (tokens.forms[second] in _GUILLEMETS)


def _span(tokens: Tokens, opened: int, closed: int) -> QuotedSpan:
    first, last = opened + 1, closed
    while last > first and tokens.forms[last - 1] in {".", "،", ","}:
        last -= 1
    if last == first:
        return QuotedSpan(opened, closed, tokens.ends[opened], tokens.ends[opened], 0)
    closing = tokens.forms[closed] if closed < len(tokens.forms) else ""
    repaired = tokens.forms[opened] in _CLOSING or closing in _OPENING or closing not in MARKS
    words = sum(len(form) > 1 and form[0].isalnum() for form in tokens.forms[first:last])
    return QuotedSpan(opened, closed, tokens.starts[first], tokens.ends[last - 1], words, repaired)


def _left_open(text: str, tokens: Tokens, opened: int, *, before: int | None = None) -> QuotedSpan:
    """Close a span by its paragraph, or by the last full stop before marks open again."""
    line_end = text.find("\n", tokens.ends[opened])
    limit = len(tokens.forms) if before is None else before
    last = opened + 1
    while last < limit and (line_end < 0 or tokens.starts[last] < line_end):
        last += 1
    if before is not None:
        for place in range(last - 2, opened + 1, -1):
            if tokens.forms[place] in ".!؟?" and not tokens.forms[place + 1].isdigit():
                return _span(tokens, opened, place + 1)
    return _span(tokens, opened, last)
