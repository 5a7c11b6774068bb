"""The text layer of PDF files: letters by where they stand, brought to the order of reading.

A PDF places letters on a page; the order in which it lists them, and what libraries make of
it, is not to be trusted for Arabic. Lines are therefore built from the places of the letters
and turned into the order of reading here. Pages without letters are told, not guessed.
"""

import bisect
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from analysis.readers.pdf_letters import Letter, Letters, read_letters
from analysis.readers.rows import Failure, Record, Rows, Source, read_bytes
from analysis.readers.word_documents import is_sensible_title

_END = re.compile(rb"%%EOF\s*\Z")
_ARABIC = re.compile("[\u0620-\u064a\u0671-\u06d3\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_SHAPED = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_DIGIT = re.compile(r"\d")
_WORD = re.compile("[\u0620-\u064a]{3,}")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_OPENING = "([{«‹"
_CLOSING = ")]}»›"
_SEPARATORS = ".,:/٫٬،"
_BESIDE_NUMBERS = "%$€£°#"
_IN_ORDER = re.compile("ل[اأإآ]|.*لله|.*[ةى]", re.DOTALL)
_NO_LETTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ue000-\uf8ff\ufffd-\uffff]")
_LETTER_WIDTH = 0.15
"""Of the size of the letters: a gap this wide separates words."""
_COLUMN_GAP = 3.0
_COLUMN_LINES = 60
"""Lines before and after one that tell the edges of its column."""
_SAME_LINE = 0.5
_SHORT_LINE = 0.12
"""Of the width of a column: a line that ends this far before its edge ends a paragraph."""
_SENTENCE_END = tuple('.!?؟…:»"')


class _Line(NamedTuple):
    """A line in the order of reading, and the place of its box on the page."""

    text: str
    left: float
    right: float
    base: float
    size: float


def read_pdf(source: Source) -> Rows:
    """Read the text layer of a PDF as one article.

    1. Letters that stand on one height and near each other are a line, from the right where
       the file is mostly Arabic; numbers and Latin words keep their own order, brackets are
       mirrored. A line that then reads backwards, as words do that begin with ة or end with
       the article, was drawn in the order of reading and is kept as it was drawn.
    2. Presentation forms (U+FB50 to U+FEFC) become plain letters, nothing else is changed.
    3. Lines are joined to paragraphs until one is short, the next is indented, set in
       another size, or further away.
    4. In files of three pages or more a line that stands in the same place of more than half
       of them (a running header, a page number) is left out; `note` says so, and says which
       pages are pictures without text or cannot be read.

    A file that is encrypted, damaged, only pictures, of more than 2,000 pages or 2 million
    letters, that takes more than a minute, or whose fonts do not say what their letters are,
    is a Failure.

    What it misses on purpose: columns of one page whose lines are drawn in turn, rotated
    text, the order of table cells, and words that are hyphenated.

    >>> import io
    >>> next(read_pdf(Source(io.BytesIO(b"text"), "a.pdf"))).reason
    'not a readable PDF (Data format error); save or download it again.'
    """
    content = read_bytes(source)
    yield _write_text(read_letters(content), is_whole=bool(_END.search(content[-2048:])))


def _write_text(letters: Letters, *, is_whole: bool) -> Record | Failure:
    if letters.problem:
        return Failure(None, letters.problem)
    together = "".join(letter.text for page in letters.pages for letter in page)
    if not together:
        return Failure(None, _explain_empty(letters))
    if len(_NO_LETTER.findall(together)) * 4 > len(together):
        return Failure(
            None,
            "the fonts of the PDF do not say which letters they draw; recognise its text (OCR).",
        )
    is_arabic = len(_ARABIC.findall(together)) >= len(_LATIN.findall(together))
    lines = [_find_lines(page) for page in _join_ligatures(letters.pages)]
    pages, left_out = _leave_out_repeated(_write_lines(lines, is_arabic=is_arabic))
    text = "\n".join(_join_paragraphs(pages, is_arabic=is_arabic))
    notes = _tell_pages(letters)
    if left_out:
        notes.append(f"{left_out:,} running headers, footers or page numbers were left out.")
    if not is_whole:
        notes.append("the file has no end; the text may be cut off.")
    return Record(None, {"text": text} | _describe(letters, text), note=" ".join(notes))


def _explain_empty(letters: Letters) -> str:
    if told := _tell_pages(letters):
        return " ".join(told)
    count = letters.page_count
    return f"none of the {count:,} pages has text; if it is drawn as shapes, recognise it (OCR)."


def _tell_pages(letters: Letters) -> list[str]:
    """Say which pages gave no text, and what to do."""
    told = []
    count = letters.page_count
    if pages := letters.pictures:
        what = "is a picture" if len(pages) == 1 else "are pictures"
        told.append(f"{_list(pages, count)} {what} without text; recognise it (OCR) first.")
    if pages := letters.damaged:
        told.append(f"{_list(pages, count)} cannot be read; save or download the PDF again.")
    return told


def _list(pages: Sequence[int], count: int) -> str:
    shown = ", ".join(map(str, pages[:10])) + (" …" if len(pages) > 10 else "")
    return f"{'page' if len(pages) == 1 else 'pages'} {shown} of {count:,}"


def _describe(letters: Letters, text: str) -> dict[str, str]:
    title, author = letters.title.strip(), letters.author.strip()
    found = {"title": title} if is_sensible_title(title) else {}
    return found | ({"author": author} if author and author in text else {})


def _join_ligatures(drawn: Sequence[Sequence[Letter]]) -> list[list[Letter]]:
    """Join the letters that stand in one place, which are one ligature, in the order of reading.

    Where each has a box of its own the boxes tell the order. Else the library lists the
    letters backwards when the file gives them one by one, and in order when it gives a
    ligature by its own code: what it does with lam and alef, of which there is no ligature
    in the other order, tells what it does with others.
    """
    pages = [[list(group) for _, group in itertools.groupby(page, _spot_of)] for page in drawn]
    pairs = Counter(
        "".join(glyph.text for glyph in group)
        for page in pages
        for group in page
        if len(group) == 2 and group[0].left == group[1].left
    )
    forward = sum(pairs[f"ل{alef}"] for alef in "اأإآ")
    is_backward = sum(pairs[f"{alef}ل"] for alef in "اأإآ") >= forward
    return [[_join_ligature(group, is_backward=is_backward) for group in page] for page in pages]


def _spot_of(glyph: Letter) -> tuple[float, float, bool]:
    return glyph.origin, glyph.base, bool(unicodedata.combining(glyph.text))


def _join_ligature(group: list[Letter], *, is_backward: bool) -> Letter:
    text = "".join(glyph.text for glyph in group)
    if len(group) > 1 and _ARABIC.match(text):
        if len({glyph.left for glyph in group}) > 1:
            text = "".join(glyph.text for glyph in sorted(group, key=lambda glyph: -glyph.left))
        elif (is_backward and not _IN_ORDER.fullmatch(text)) or _IN_ORDER.fullmatch(text[::-1]):
            text = text[::-1]
    first = group[0]
    left, right = min(glyph.left for glyph in group), max(glyph.right for glyph in group)
    if abs(first.origin - left) < first.size:
        left = min(left, first.origin)
    plain = _SHAPED.sub(lambda shaped: unicodedata.normalize("NFKC", shaped[0]).strip(), text)
    return first._replace(text=plain, left=left, right=right)


class _Run(NamedTuple):
    """Letters of one line as they come, and how far they reach."""

    letters: list[Letter]
    left: float
    right: float


def _find_lines(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Gather the letters that stand on one height and near each other, each line by place."""
    runs: list[_Run] = []
    for letter in letters:
        near = range(len(runs) - 1, max(len(runs) - 4, 0) - 1, -1)
        i = next((i for i in near if _belongs(letter, runs[i])), None)
        if i is None:
            runs.append(_Run([letter], letter.left, letter.right))
            continue
        run = runs[i]
        run.letters.append(letter)
        runs[i] = _Run(run.letters, min(run.left, letter.left), max(run.right, letter.right))
    return [part for run in _join_runs(runs) for part in _split_columns(run.letters)]


def _join_runs(runs: Iterable[_Run]) -> list[_Run]:
    """Join runs that follow each other in the file and stand side by side."""
    joined: list[_Run] = []
    for run in runs:
        before = joined[-1] if joined else None
        size = run.letters[0].size
        if (
            before
            and _is_level(run.letters[0], before.letters)
            and max(run.left - before.right, before.left - run.right) <= _COLUMN_GAP * size
        ):
            joined[-1] = _Run(
                [*before.letters, *run.letters],
                min(run.left, before.left),
                max(run.right, before.right),
            )
        else:
            joined.append(run)
    return joined


def _belongs(letter: Letter, run: _Run) -> bool:
    distance = max(run.left - letter.right, letter.left - run.right)
    return _is_level(letter, run.letters) and distance <= _COLUMN_GAP * letter.size


def _is_level(letter: Letter, line: Sequence[Letter]) -> bool:
    """Say whether a letter stands on the height of a line, a vowel mark a little above."""
    last = line[0] if unicodedata.combining(line[-1].text[0]) else line[-1]
    if unicodedata.combining(letter.text[0]):
        return abs(letter.base - last.base) <= 1.2 * last.size
    return abs(letter.base - last.base) <= _SAME_LINE * max(letter.size, last.size)


def _split_columns(line: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Divide a line where it has a gap as wide as between columns."""
    ordered = sorted(line, key=lambda glyph: glyph.left + glyph.right)
    part: list[Letter] = []
    parts = []
    edge = ordered[0].left
    for glyph in ordered:
        if part and glyph.left - edge > _COLUMN_GAP * glyph.size:
            parts.append(part)
            part = []
        part.append(glyph)
        edge = max(edge, glyph.right)
    yield from reversed([*parts, part])


def _write_lines(pages: Sequence[list[list[Letter]]], *, is_arabic: bool) -> list[list[_Line]]:
    """Write every line in the order of reading."""
    pieces = [[_mark_gaps(line) for line in page] for page in pages]
    mirrors = is_arabic and _brackets_are_drawn(itertools.chain.from_iterable(pieces))
    written = []
    for page, page_pieces in zip(pages, pieces, strict=True):
        lines = []
        for line, drawn in zip(page, page_pieces, strict=True):
            text = _read_line(drawn, is_arabic=is_arabic, mirrors=mirrors)
            sizes = Counter(round(glyph.size, 1) for glyph in line)
            lines.append(
                _Line(
                    text,
                    min(glyph.left for glyph in line),
                    max(glyph.right for glyph in line),
                    sorted(glyph.base for glyph in line)[len(line) // 2],
                    sizes.most_common(1)[0][0],
                )
            )
        written.append(lines)
    return written


def _mark_gaps(line: Sequence[Letter]) -> list[str]:
    """Return the letters from left to right, with their marks, and a blank for every gap."""
    letters = [glyph for glyph in line if not unicodedata.combining(glyph.text[0])]
    marks = [glyph for glyph in line if unicodedata.combining(glyph.text[0])]
    if not letters:
        return ["".join(glyph.text for glyph in marks)]
    over: dict[int, str] = {}
    centres = [glyph.left + glyph.right for glyph in letters]
    for mark in marks:
        nearest = _find_nearest(centres, mark.left + mark.right)
        over[nearest] = over.get(nearest, "") + mark.text
    pieces: list[str] = []
    edge = letters[0].left
    for i, glyph in enumerate(letters):
        if pieces and glyph.left - edge > _LETTER_WIDTH * glyph.size:
            pieces.append(" ")
        pieces.append(glyph.text + over.get(i, ""))
        edge = max(edge, glyph.right)
    return pieces


def _find_nearest(places: Sequence[float], place: float) -> int:
    after = bisect.bisect_left(places, place)
    near = [i for i in (after - 1, after) if 0 <= i < len(places)]
    return min(near, key=lambda i: abs(places[i] - place))


def _brackets_are_drawn(lines: Iterator[list[str]]) -> bool:
    """Say whether brackets are given by their shape on the page, the opening one at the left."""
    balance = 0
    for line in lines:
        first = next((piece for piece in line if piece in _OPENING or piece in _CLOSING), "")
        if first:
            balance += 1 if first in _OPENING else -1
    return balance >= 0


def _read_line(drawn: Sequence[str], *, is_arabic: bool, mirrors: bool) -> str:
    """Return a line in the order of reading; `drawn` is its letters from left to right."""
    if not is_arabic:
        return "".join(_turn_words(drawn))
    turned = "".join(_turn_line(drawn, mirrors=mirrors))
    kept = "".join(drawn)
    backwards = _reads_backwards(turned)
    return kept if backwards > 0 and backwards > _reads_backwards(kept) else turned


def _reads_backwards(text: str) -> int:
    """Count what is found in Arabic read backwards, less what is found in Arabic."""
    score = 0
    for word in _WORD.findall(text):
        score += (word[0] in "ةى") - (word[-1] in "ةى")
        score += word.endswith("لا") - word.startswith(("ال", "وال", "بال"))
    return score


def _turn_words(drawn: Sequence[str]) -> list[str]:
    """Turn every run of Arabic words inside a line that is read from the left."""
    turned: list[str] = []
    place = 0
    while place < len(drawn):
        end = place + 1
        if _ARABIC.match(drawn[place]):
            for i in range(place, len(drawn)):
                if _ARABIC.match(drawn[i]):
                    end = i + 1
                elif drawn[i].isalnum():
                    break
        turned += drawn[place:end][::-1]
        place = end
    return turned


def _turn_line(drawn: Sequence[str], *, mirrors: bool) -> list[str]:
    """Turn a line that is read from the right, and back what in it is read from the left.

    A hyphen joins numbers only where no Arabic stands on the line: after Arabic letters
    screens and printers set 2031-01-02 from the right, part by part.
    """
    joins = _SEPARATORS if any(map(_ARABIC.match, drawn)) else f"{_SEPARATORS}-+"
    turned: list[str] = []
    place = 0
    while place < len(drawn):
        end = _end_of_run(drawn, place, joins)
        run = list(drawn[place:end])
        if not run:
            end = place + 1
            run = [drawn[place].translate(_MIRRORED) if mirrors else drawn[place]]
        turned += reversed(run)
        place = end
    return turned[::-1]


def _end_of_run(drawn: Sequence[str], start: int, joins: str) -> int:
    """Return where a run of Latin words or a number that begins here ends, `start` if none does."""
    if _DIGIT.match(drawn[start]):
        return _end_of_number(drawn, start, joins)
    return _end_of_latin(drawn, start) if _LATIN.match(drawn[start]) else start


def _end_of_number(drawn: Sequence[str], start: int, joins: str) -> int:
    """Return the end of a number, with the Latin word or the sign it touches."""
    end = start
    while end < len(drawn):
        if _DIGIT.match(drawn[end]):
            end += 1
        elif drawn[end] in joins and end + 1 < len(drawn) and _DIGIT.match(drawn[end + 1]):
            end += 2
        else:
            break
    if end < len(drawn) and _LATIN.match(drawn[end]):
        return _end_of_latin(drawn, end)
    if end < len(drawn) and drawn[end] in _BESIDE_NUMBERS and drawn[end - 1] in "0123456789":
        return end + 1
    return end


def _end_of_latin(drawn: Sequence[str], start: int) -> int:
    end = start
    for i in range(start, len(drawn)):
        if _LATIN.match(drawn[i]) or drawn[i] in "0123456789":
            end = i + 1
        elif _ARABIC.match(drawn[i]) or _DIGIT.match(drawn[i]):
            break
    return end


def _leave_out_repeated(pages: list[list[_Line]]) -> tuple[list[list[_Line]], int]:
    """Leave out the lines at the top and bottom that most pages share, but for their digits."""
    if len(pages) < 3:
        return pages, 0
    seen = Counter(key for page in pages for key in {_place_of(line) for line in _outer(page)})
    repeated = {key for key, times in seen.items() if times >= 3 and times * 2 > len(pages)}
    kept = []
    for page in pages:
        outer = {id(line) for line in _outer(page) if _place_of(line) in repeated}
        kept.append([line for line in page if id(line) not in outer])
    return kept, sum(map(len, pages)) - sum(map(len, kept))


def _outer(page: Sequence[_Line]) -> list[_Line]:
    by_height = sorted(page, key=lambda line: -line.base)
    return by_height[:3] + by_height[3:][-3:]


def _place_of(line: _Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.base / 4)


def _join_paragraphs(pages: Sequence[Sequence[_Line]], *, is_arabic: bool) -> list[str]:
    paragraphs: list[str] = []
    before: _Line | None = None
    is_full = False
    for page in pages:
        distance = _usual_distance(page)
        for i, line in enumerate(page):
            around = page[max(0, i - _COLUMN_LINES) : i + _COLUMN_LINES]
            start, end, width = _column_of(line, around, is_arabic=is_arabic)
            is_first = i == 0
            if (
                before
                and is_full
                and start <= line.size
                and _continues(before, line, distance, is_first=is_first)
            ):
                paragraphs[-1] += f" {line.text}"
            else:
                paragraphs.append(line.text)
            before, is_full = line, end <= _SHORT_LINE * width
    return [text for text in paragraphs if text.strip()]


def _column_of(
    line: _Line, around: Sequence[_Line], *, is_arabic: bool
) -> tuple[float, float, float]:
    """Return how far a line begins and ends from the edges of its column, and its width.

    The column is the lines of about the same size that stand above or below this one.
    """
    column = [
        other
        for other in around
        if abs(other.size - line.size) <= 0.1 * line.size
        and min(other.right, line.right) - max(other.left, line.left)
        > 0.5 * min(other.right - other.left, line.right - line.left)
    ] or [line]
    left, right = min(o.left for o in column), max(o.right for o in column)
    at_left, at_right = line.left - left, right - line.right
    start, end = (at_right, at_left) if is_arabic else (at_left, at_right)
    return start, end, max(right - left, 1.0)


def _usual_distance(page: Sequence[_Line]) -> float:
    """Return the least distance of two lines of one paragraph."""
    distances = [
        before.base - line.base
        for before, line in itertools.pairwise(page)
        if _are_alike(before, line) and before.base - line.base >= 0.8 * line.size
    ]
    return min(distances, default=0.0)


def _are_alike(before: _Line, line: _Line) -> bool:
    return abs(before.size - line.size) <= 0.1 * line.size


def _continues(before: _Line, line: _Line, distance: float, *, is_first: bool) -> bool:
    """Say whether a line goes on with the paragraph of the full line before it."""
    if not _are_alike(before, line):
        return False
    if is_first or line.base > before.base:
        return not before.text.endswith(_SENTENCE_END)
    return before.base - line.base <= min(1.3 * distance, 2.2 * line.size)
