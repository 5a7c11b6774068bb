"""Tables as text: fields divided by commas, semicolons, tabs and their like, in quotes or not."""

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TextIO

from analysis.errors import InputError
from analysis.readers.encodings import open_text
from analysis.readers.rows import Failure, Record, Rows, Source
from analysis.readers.web_exports import explain_table_without_header

LONGEST_FIELD = 10_000_000
LONGEST_LINE = 20_000_000
"""Characters of the longest line that is read; the row of a longer one fails."""
DELIMITERS = (",", ";", "\t", "|", "^", "\x01", "؛", "،")
"""In the order in which they are taken where the file speaks for several alike."""
SAMPLE = 1_000_000
"""Characters by which delimiter and quotation marks are told."""
_PUNCTUATION = ("؛", "،")
_RARELY_QUOTED = ("\t", "|", "^", "\x01")
_NONE = "\ufdd0"
_ENDLESS = "unexpected end of data"
_SHARE_OF_PUNCTUATION = 0.5
_LONGEST_NAME = 200
_EXCEL_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)
_COMMENT = re.compile(rf'#(?![{re.escape("".join(DELIMITERS))}"\r\n]|$)')


class _Dialect(NamedTuple):
    delimiter: str
    options: dict[str, Any]


_QUOTED: dict[str, Any] = {}
_BLANK_BEFORE_QUOTES: dict[str, Any] = {"skipinitialspace": True}
_BACKSLASH: dict[str, Any] = {"escapechar": "\\", "doublequote": False}
_UNQUOTED: dict[str, Any] = {"quoting": csv.QUOTE_NONE}


def read_delimited(source: Source) -> Rows:
    r"""Read a table with a header line; rows are numbered from 1, the header not counted.

    How the file is written is told by its first million characters:

    1. Blank lines and lines of comment (`# ...`) before the header are passed over, and
       Excel's `sep=;` names the delimiter.
    2. Otherwise the delimiter is the one of `DELIMITERS` that gives the most columns in rows
       as long as the header; what stands in quotation marks does not count. A header without
       any is one column.
    3. Quotation marks inside a field are written twice; or `\"`, with `\N` for nothing, as
       databases export, where that leaves fewer broken rows; a blank before them is allowed
       and dropped by the same rule. Where a file of tabs, bars or the like has no field in
       quotation marks and reading them as such breaks rows, they are letters.

    Reading is strict: a lenient reader would alter the text in silence. A row fails that has
    more or fewer fields than the header, unless the surplus is empty; so does one that has
    a line of more than `LONGEST_LINE` characters. A field that never ends, or of more than
    `LONGEST_FIELD` characters, ends the reading. InputError is raised for a header that
    cannot be one.

    >>> import io
    >>> content = "outlet;text\nالمرصد;\"قال: نعم; ثم غاب\"\n"
    >>> next(read_delimited(Source(io.BytesIO(content.encode()), "a.csv"))).fields
    {'outlet': 'المرصد', 'text': 'قال: نعم; ثم غاب'}
    """
    text = open_text(source)
    too_long: list[int] = []
    lines = _read_lines(text.lines, too_long)
    sample, is_whole = _take_sample(lines)
    preamble, delimiter = _skip_preamble(sample)
    sample = sample[preamble:]
    if not sample:
        return
    dialect = _find_dialect(sample, delimiter, is_whole)
    rest: Iterator[str] = itertools.chain(sample, lines)
    if dialect.options is _BACKSLASH:
        rest = _drop_nulls(rest, dialect.delimiter)
    rows = csv.reader(rest, delimiter=dialect.delimiter, strict=True, **dialect.options)
    for row in _read_table(rows, preamble, too_long):
        if isinstance(row, Record):
            row = row._replace(encoding=text.encoding, note=text.note)
        yield row


def _read_lines(lines: TextIO, too_long: list[int]) -> Iterator[str]:
    """Yield the lines; of one that is too long the start, and its number is added to a list."""
    for number in itertools.count(1):
        line = lines.readline(LONGEST_LINE)
        if not line:
            return
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            too_long.append(number)
            while (rest := lines.readline(SAMPLE)) and not rest.endswith(("\n", "\r")):
                pass
        yield line


def _take_sample(lines: Iterator[str]) -> tuple[list[str], bool]:
    """Take the first lines, and say whether they are all."""
    sample: list[str] = []
    size = 0
    for line in lines:
        sample.append(line)
        size += len(line)
        if size >= SAMPLE:
            return sample, False
    return sample, True


def _skip_preamble(sample: list[str]) -> tuple[int, str | None]:
    """Count the lines before the header, and return the delimiter if one of them names it."""
    for place, line in enumerate(sample):
        if named := _EXCEL_LINE.fullmatch(line):
            return place + 1, named[1]
        if not (line.isspace() or _COMMENT.match(line)):
            return place, None
    return len(sample), None


@contextmanager
def _long_fields() -> Iterator[None]:
    previous = csv.field_size_limit(LONGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(previous)


def _find_dialect(sample: list[str], delimiter: str | None, is_whole: bool) -> _Dialect:
    delimiter = delimiter or _find_delimiter(sample, is_whole)
    candidates = [_QUOTED, _BLANK_BEFORE_QUOTES]
    if any('\\"' in line for line in sample):
        candidates.append(_BACKSLASH)
    if delimiter in _RARELY_QUOTED and not _has_quoted_fields(sample, delimiter):
        candidates.append(_UNQUOTED)
    broken = [_count_broken(sample, delimiter, is_whole, options) for options in candidates]
    return _Dialect(delimiter, candidates[broken.index(min(broken))])


def _find_delimiter(sample: list[str], is_whole: bool) -> str:
    """Return the delimiter with the most columns in rows as long as the header."""
    best, most = _NONE, 0.0
    for delimiter in DELIMITERS:
        if delimiter not in sample[0]:
            continue
        header, *others = (row for row, *_ in _iter_rows(csv.reader(sample, delimiter=delimiter)))
        if not is_whole and len(others) > 1:
            others.pop()
        share = sum(_fits(row, len(header)) for row in others) / len(others) if others else 1.0
        if len(header) < 2 or (delimiter in _PUNCTUATION and share < _SHARE_OF_PUNCTUATION):
            continue
        # A header with columns is proof enough where every row is broken.
        if (columns := len(header) * max(share, 0.01)) > most:
            best, most = delimiter, columns
    return best


def _fits(row: list[str], columns: int) -> bool:
    return len(row) >= columns and not any(row[columns:])


def _has_quoted_fields(sample: list[str], delimiter: str) -> bool:
    edge = re.escape(delimiter)
    quoted = re.compile(rf'(?:^|{edge})"[^"]*(?:""[^"]*)*"(?:{edge}|[\r\n]|$)')
    return any(quoted.search(line) for line in sample)


def _count_broken(
    sample: list[str], delimiter: str, is_whole: bool, options: dict[str, Any]
) -> int:
    broken, columns = 0, 0
    rows = csv.reader(sample, delimiter=delimiter, strict=True, **options)
    for row, problem, _ in _iter_rows(rows):
        columns = columns or len(row)
        is_cut_off = problem == _ENDLESS and not is_whole
        broken += not is_cut_off and (bool(problem) or not _fits(row, columns))
    return broken


def _drop_nulls(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    edge = re.escape(delimiter)
    null = re.compile(rf"(?:^|(?<={edge}))\\N(?={edge}|[\r\n]|$)")
    return (null.sub("", line) for line in lines)


def _iter_rows(rows: Any) -> Iterator[tuple[list[str], str, int]]:
    """Yield the rows that are not blank, why one cannot be read, if so, and its first line."""
    while True:
        problem, row, line = "", None, rows.line_num + 1
        with _long_fields():
            try:
                row = next(rows, None)
            except csv.Error as error:
                problem = str(error)
        if row is None and not problem:
            return
        if row or problem:
            yield row or [], problem, line


def _read_table(rows: Any, preamble: int, too_long: list[int]) -> Rows:
    columns: list[str] = []
    for number, (row, problem, line) in enumerate(_iter_rows(rows)):
        where = f"row {number} (line {preamble + line})"
        long_line = _find_long(too_long, preamble + line, preamble + rows.line_num)
        if not number:
            columns = _read_header(row, long_line or problem)
        elif long_line:
            yield Failure(number, f"{where} cannot be read ({long_line}); shorten it.")
        elif problem == _ENDLESS or "field larger" in problem:
            yield Failure(
                number,
                f"{where} has a field without end, and nothing after it was read; "
                "close its quotation mark.",
            )
            return
        elif problem:
            yield Failure(
                number,
                f"{where} cannot be read ({problem}); write quotation marks inside a field twice.",
            )
        elif _fits(row, len(columns)):
            yield Record(number, dict(zip(columns, row, strict=False)))
        else:
            yield Failure(
                number,
                f"{where} has {len(row)} fields, the header {len(columns)}; "
                "put fields with a delimiter or a line break in quotation marks.",
            )


def _find_long(too_long: list[int], first: int, last: int) -> str:
    if not any(first <= line <= last for line in too_long):
        return ""
    return f"a line of it is longer than {LONGEST_LINE:,} characters"


def _read_header(header: list[str], problem: str) -> list[str]:
    if problem:
        raise InputError(f"the header cannot be read ({problem}); check its quotes.")
    if reason := explain_table_without_header(header):
        raise InputError(reason)
    columns = [name or f"column {i}" for i, name in enumerate(header, start=1)]
    times = Counter(columns)
    for name in columns:
        if not _is_text(name):
            raise InputError("the header is not valid text; save the file as UTF-8.")
        if len(name) > _LONGEST_NAME or name.startswith(("http://", "https://")):
            raise InputError(
                f"the first line is no header, it holds {name[:40]!r}; put a line with the names "
                "of the columns above it."
            )
        if times[name] > 1:
            raise InputError(f"the header has the column {name!r} twice; rename one.")
    return columns


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in name
