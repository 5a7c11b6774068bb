"""Pair quotation marks as newspapers type them: mixed, reversed, nested or left open."""

from collections.abc import Container
from typing import NamedTuple

from analysis.arabic import Token

_OPENING = frozenset("«“„‹")
_CLOSING = frozenset("»”›")
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
    the writer left the marks open.
    """

    open: int
    close: int
    start: int
    end: int
    words: int


def find_quoted_spans(
    text: str,
    tokens: list[Token],
    *,
    cues: Container[str] = (),
    clitics: Container[str] = (),
) -> list[QuotedSpan]:
    r"""Return the outermost quoted spans of a text, in order.

    A mark opens or closes by the spaces around it and by what is already open; the shape of
    the glyph only settles doubt, and only in a text with as many opening as closing ones,
    since ”…“ and »…« are typed both ways. Marks inside marks
    belong to the outer span. A span left open ends where its paragraph ends, unless one of
    the next paragraphs begins by closing it; or, when marks open again, before the cue (a
    form in `cues`) that introduces the new words. After a word of `clitics` (بـ"…") a mark
    opens.

    >>> from analysis.arabic import tokenize
    >>> text = 'قال: ”نعم يا "سعد" نعم“ ثم «لا\nوكفى».'
    >>> [text[s.start:s.end] for s in find_quoted_spans(text, tokenize(text))]
    ['نعم يا "سعد" نعم', 'لا\nوكفى']
    """
    marks = [number for number, token in enumerate(tokens) if token.form in MARKS]
    balanced = all(text.count(a) == text.count(b) for a, b in ("«»", "“”"))
    spans: list[QuotedSpan] = []
    opened: int | None = None
    inner: int | None = None
    for place, number in enumerate(marks):
        if opened is not None and _paragraphs_between(text, tokens, opened, number):
            if not _continues(text, tokens, opened, number):
                spans.append(_left_open(text, tokens, opened))
                opened = None
            inner = None
        side = _side(text, tokens[number], clitics)
        if side == "either" and balanced:
            side = _shape(tokens[number])
        if opened is None:
            stray = side == "close" and _last_of_paragraph(text, tokens, marks, place)
            if not stray:
                opened = number
        elif inner is not None:
            inner = None
        elif side == "open" and (cue := _last_cue(tokens, opened, number, cues)):
            spans.append(_span(tokens, opened, cue))
            opened = number
        elif side == "open" and _closes_soon(text, tokens, marks, place, opened):
            inner = number
        elif side == "open" and _same_family(tokens, opened, number):
            spans.append(_left_open(text, tokens, opened, before=number))
            opened = number
        elif _same_family(tokens, opened, number):
            spans.append(_span(tokens, opened, number))
            opened = None
    if opened is not None:
        spans.append(_left_open(text, tokens, opened))
    return [span for span in spans if span.words]


def _side(text: str, mark: Token, clitics: Container[str] = ()) -> str:
    before = text[mark.start - 1] if mark.start else " "
    after = text[mark.end] if mark.end < len(text) else " "
    left = before.isspace() or before in "([ـ" or _after_clitic(text, mark.start, clitics)
    right = after.isspace() or after in _PUNCTUATION
    if left and not right:
        return "open"
    if right and not left:
        return "close"
    return "either"


def _shape(mark: Token) -> str:
    if mark.form in _OPENING:
        return "open"
    return "close" if mark.form in _CLOSING else "either"


def _after_clitic(text: str, place: int, clitics: Container[str]) -> bool:
    word = place
    while word and not text[word - 1].isspace():
        word -= 1
    return text[word:place].rstrip("ـ") in clitics


def _paragraphs_between(text: str, tokens: list[Token], first: int, last: int) -> int:
    return text.count("\n", tokens[first].end, tokens[last].start)


def _continues(text: str, tokens: list[Token], opened: int, number: int) -> bool:
    breaks = _paragraphs_between(text, tokens, opened, number)
    return (
        breaks <= _PARAGRAPHS_LEFT_OPEN
        and _side(text, tokens[number]) == "close"
        and _same_family(tokens, opened, number)
        and tokens[number].form in _CLOSING
    )


def _last_of_paragraph(text: str, tokens: list[Token], marks: list[int], place: int) -> bool:
    if place + 1 == len(marks):
        return True
    return bool(_paragraphs_between(text, tokens, marks[place], marks[place + 1]))


def _closes_soon(text: str, tokens: list[Token], marks: list[int], place: int, opened: int) -> bool:
    """Tell whether a mark inside a quotation opens a short inner one, closed before the outer."""
    if place + 2 >= len(marks):
        return False
    closing, outer = marks[place + 1], marks[place + 2]
    return (
        closing - marks[place] <= _NESTED_WORDS + 1
        and _side(text, tokens[closing]) == "close"
        and not _paragraphs_between(text, tokens, opened, outer)
    )


def _last_cue(tokens: list[Token], opened: int, number: int, cues: Container[str]) -> int | None:
    """Return the last token of a span left open, before a cue that begins a clause."""
    for place in range(number - 1, opened + 1, -1):
        if tokens[place].form in cues and tokens[place - 1].form in ".،,!؟":
            return place
    return None


def _same_family(tokens: list[Token], first: int, second: int) -> bool:
    return (tokens[first].form in _GUILLEMETS) == (tokens[second].form in _GUILLEMETS)


def _span(tokens: list[Token], opened: int, closed: int) -> QuotedSpan:
    inside = tokens[opened + 1 : closed]
    while inside and inside[-1].form in {".", "،", ","}:
        inside = inside[:-1]
    words = sum(len(token.form) > 1 and token.form[0].isalnum() for token in inside)
    if not inside:
        return QuotedSpan(opened, closed, tokens[opened].end, tokens[opened].end, 0)
    return QuotedSpan(opened, closed, inside[0].start, inside[-1].end, words)


def _left_open(
    text: str, tokens: list[Token], opened: int, *, before: int | None = None
) -> QuotedSpan:
    """Close a span by its paragraph, or by the last full stop before marks open again."""
    line_end = text.find("\n", tokens[opened].end)
    limit = len(tokens) if before is None else before
    last = opened + 1
    while last < limit and (line_end < 0 or tokens[last].start < line_end):
        last += 1
    if before is not None:
        for place in range(last - 2, opened + 1, -1):
            if tokens[place].form in ".!؟?" and not tokens[place + 1].form.isdigit():
                return _span(tokens, opened, place + 1)
    return _span(tokens, opened, last)
