"""Read files row by row, as they stand: one small generator for each format.

A reader yields a `Record` for every row it can read and a `Failure` for every one it
cannot, and raises InputError when the file as a whole is unreadable. It holds one row (of
Parquet: a hundred) in memory. A new format is a new reader and one entry in `FORMATS`.
"""

import csv
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TextIO

from analysis.errors import InputError

LONGEST_FIELD = 10_000_000
PART_SIZE = 3_000_000
_PARQUET_ROWS = 100
_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


class Record(NamedTuple):
    """The fields of one row; `row` is None when the whole file is one article.

    `is_text` says that the reader has made sure that no string is damaged.
    """

    row: int | None
    fields: dict[str, Any]
    is_text: bool = False


class Failure(NamedTuple):
    """Why a row, or the rest of the file when `row` is None, cannot be read; what to do."""

    row: int | None
    reason: str


Rows = Iterator[Record | Failure]


class Part(NamedTuple):
    """A whole file, or a run of whole lines of it: bytes `start` to `stop`."""

    path: Path
    start: int = 0
    stop: int | None = None
    first_row: int = 1


class Format(NamedTuple):
    """A reader, whether every row of a file has the same columns, whether lines stand alone."""

    read: Callable[[Part], Rows]
    fixed_columns: bool
    by_line: bool = False


def split_file(path: Path) -> Iterator[Part]:
    """Divide a file into parts that can be read each by itself, in order.

    Only large files of a format that has one row on every line are divided, in UTF-8.
    """
    form = FORMATS.get(path.suffix.lower())
    try:
        divisible = form is not None and form.by_line and path.stat().st_size > PART_SIZE
        if not divisible or _encoding(path) != "utf-8" or _first_line_is_binary(path):
            yield Part(path)
            return
        yield from _split_lines(path)
    except OSError:
        yield Part(path)


def _split_lines(path: Path) -> Iterator[Part]:
    stop, row, size = 0, 1, path.stat().st_size
    with path.open("rb") as file:
        while stop < size:
            start, first_row = stop, row
            while stop - start < PART_SIZE and (block := file.read(1 << 16)):
                stop += len(block)
                row += block.count(b"\n")
            rest = file.readline()
            yield Part(path, start, stop + len(rest), first_row)
            stop += len(rest)
            row += rest.endswith(b"\n")


def _first_line_is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\0" in file.readline()


def read_rows(part: Part) -> Rows:
    """Read a part of a file by its suffix; whatever is wrong with it becomes a Failure.

    A row is a Failure too when one of its strings is no text: undecoded bytes, a NUL, or
    half of a surrogate pair. KeyError is raised for a suffix that is not in `FORMATS`.
    """
    reader = FORMATS[part.path.suffix.lower()].read
    try:
        for row in reader(part):
            problem = None
            if isinstance(row, Record) and not row.is_text:
                problem = _find_damage(row.fields)
            yield row if problem is None else Failure(row.row, problem)
    except InputError as error:
        yield Failure(None, str(error))
    except UnicodeError as error:
        yield Failure(None, f"not valid text ({error}); save the file as UTF-8.")
    except OSError as error:
        yield Failure(None, f"cannot be read: {error.strerror or error}.")


def read_text(part: Part) -> Rows:
    """Read a text file as one article, verbatim but for a byte-order mark."""
    with _open(part.path) as file:
        yield Record(None, {"text": file.read()})


def read_json_lines(part: Part) -> Rows:
    """Read one JSON object per line; rows are numbered by line, blank lines are no rows.

    A NUL in the first line fails the whole file: a binary file has no lines to account for.
    """
    with _open_lines(part) as lines:
        for number, (line, is_clean) in enumerate(lines, start=part.first_row):
            if line.isspace():
                continue
            if number == 1 and "\0" in line:
                raise InputError("not a text file (it holds NUL bytes); save it as UTF-8 text.")
            try:
                fields = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Failure(number, f"line {number} is not JSON ({error}); correct the line.")
                continue
            if isinstance(fields, dict):
                yield Record(number, fields, is_text=is_clean and "\\u" not in line)
            else:
                yield Failure(
                    number,
                    f"line {number} is no JSON object but {type(fields).__name__}; "
                    'write {"text": ...} on one line.',
                )


def read_delimited(part: Part) -> Rows:
    """Read a table with a header line; rows are numbered from 1, the header not counted.

    The delimiter is the comma, semicolon or tab, whichever the header has most of.
    Quotation marks are read strictly: a lenient reader would alter the text in silence.
    """
    with _open(part.path) as file:
        first_line = file.readline()
        rows = csv.reader(
            itertools.chain([first_line], file),
            delimiter=max(",;\t", key=first_line.count),
            strict=True,
        )
        previous_limit = csv.field_size_limit(LONGEST_FIELD)
        try:
            yield from _read_table(rows)
        finally:
            csv.field_size_limit(previous_limit)


def read_parquet(part: Part) -> Rows:
    """Read a Parquet file in batches; rows are numbered from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = itertools.count(1)
    try:
        with pq.ParquetFile(part.path) as file:
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
                for fields in batch.to_pylist():
                    yield Record(next(number), fields)
    except pa.ArrowException as error:
        raise InputError(f"not a readable Parquet file ({error}); write it again.") from None


FORMATS = {
    ".txt": Format(read_text, fixed_columns=False),
    ".jsonl": Format(read_json_lines, fixed_columns=False, by_line=True),
    ".ndjson": Format(read_json_lines, fixed_columns=False, by_line=True),
    ".csv": Format(read_delimited, fixed_columns=True),
    ".tsv": Format(read_delimited, fixed_columns=True),
    ".parquet": Format(read_parquet, fixed_columns=True),
}


def _open(path: Path, *, newline: str = "") -> TextIO:
    """Open UTF-8 (or UTF-16 with its mark); bytes that are neither come out as surrogates."""
    return path.open(encoding=_encoding(path), errors="surrogateescape", newline=newline)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(3)
    marks = (name for mark, name in _BYTE_ORDER_MARKS.items() if head.startswith(mark))
    return next(marks, "utf-8")


@contextmanager
def _open_lines(part: Part) -> Iterator[Iterable[tuple[str, bool]]]:
    """Give the lines of a part, and of each whether all its bytes are known to be text."""
    if part.stop is None:
        with _open(part.path, newline="\n") as lines:
            yield ((line, False) for line in lines)
    else:
        with part.path.open("rb") as file:
            file.seek(part.start)
            yield _lines_until(file, part.stop)


def _lines_until(file: BinaryIO, stop: int) -> Iterator[tuple[str, bool]]:
    while file.tell() < stop:
        line = file.readline()
        try:
            yield line.decode("utf-8"), True
        except UnicodeDecodeError:
            yield line.decode("utf-8", "surrogateescape"), False


def _read_table(rows: Any) -> Rows:
    try:
        columns = _name_columns(next(rows, []))
    except csv.Error as error:
        raise InputError(f"the header cannot be read ({error}); check its quotes.") from None
    number = 0
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            number += 1
            if str(error) == "unexpected end of data" or "field larger" in str(error):
                yield Failure(
                    number,
                    f"row {number} (line {line}) has a field without end, and nothing after it was "
                    "read; close its quotation mark.",
                )
                return
            yield Failure(
                number,
                f"row {number} (line {line}) cannot be read ({error}); write quotation marks "
                "inside a field twice.",
            )
            continue
        if row is None:
            return
        if not row:
            continue
        number += 1
        if len(row) == len(columns):
            yield Record(number, dict(zip(columns, row, strict=True)))
        else:
            yield Failure(
                number,
                f"row {number} (line {line}) has {len(row)} fields, the header {len(columns)}; "
                "put fields with a delimiter or a line break in quotation marks.",
            )


def _name_columns(header: list[str]) -> list[str]:
    columns = [name or f"column {i}" for i, name in enumerate(header, start=1)]
    for name in columns:
        if _find_damage({"header": name}):
            raise InputError("the header is not valid text; save the file as UTF-8.")
        if columns.count(name) > 1:
            raise InputError(f"the header has the column {name!r} twice; rename one.")
    return columns


def _find_damage(fields: dict[str, Any]) -> str | None:
    """Say what makes a string of this row unusable as text, if anything does."""
    for name, value in fields.items():
        if not isinstance(value, str):
            continue
        if "\0" in value:
            return f"the field {name!r} holds a NUL character; save the file as UTF-8 text."
        try:
            value.encode()
        except UnicodeEncodeError as error:
            code = ord(value[error.start])
            if 0xDC80 <= code <= 0xDCFF:
                byte = code - 0xDC00
                return f"the field {name!r} is not UTF-8 (byte {byte:#x}); save the file as UTF-8."
            return f"the field {name!r} holds half a character (\\u{code:04x}); remove it."
    return None
