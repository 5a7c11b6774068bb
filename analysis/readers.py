"""Read files row by row, as they stand: one small generator for each format.

A reader yields a `Record` for every row it can read and a `Failure` for every one it
cannot, and raises InputError when the file as a whole is unreadable. It holds one row (of
Parquet: a hundred) in memory. A new format is a new reader and one entry in `FORMATS`.
"""

import csv
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from analysis.errors import InputError

LONGEST_FIELD = 10_000_000
_PARQUET_ROWS = 100
_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


class Record(NamedTuple):
    """The fields of one row; `row` is None when the whole file is one article."""

    row: int | None
    fields: dict[str, Any]


class Failure(NamedTuple):
    """Why a row, or the rest of the file when `row` is None, cannot be read; what to do."""

    row: int | None
    reason: str


Rows = Iterator[Record | Failure]


class Format(NamedTuple):
    """A reader, and whether every row of a file has the same columns."""

    read: Callable[[Path], Rows]
    fixed_columns: bool


def read_rows(path: Path) -> Rows:
    """Read a file by the reader of its suffix; whatever is wrong with it becomes a Failure.

    A row is a Failure too when one of its strings is no text: undecoded bytes, a NUL, or
    half of a surrogate pair. KeyError is raised for a suffix that is not in `FORMATS`.
    """
    reader = FORMATS[path.suffix.lower()].read
    try:
        for row in reader(path):
            problem = _find_damage(row.fields) if isinstance(row, Record) else None
            yield row if problem is None else Failure(row.row, problem)
    except InputError as error:
        yield Failure(None, str(error))
    except UnicodeError as error:
        yield Failure(None, f"not valid text ({error}); save the file as UTF-8.")
    except OSError as error:
        yield Failure(None, f"cannot be read: {error.strerror or error}.")


def read_text(path: Path) -> Rows:
    """Read a text file as one article, verbatim but for a byte-order mark."""
    with _open(path) as file:
        yield Record(None, {"text": file.read()})


def read_json_lines(path: Path) -> Rows:
    """Read one JSON object per line; rows are numbered by line, blank lines are no rows.

    A NUL in the first line fails the whole file: a binary file has no lines to account for.
    """
    with _open(path, newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
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
                yield Record(number, fields)
            else:
                yield Failure(
                    number,
                    f"line {number} is no JSON object but {type(fields).__name__}; "
                    'write {"text": ...} on one line.',
                )


def read_delimited(path: Path) -> Rows:
    """Read a table with a header line; rows are numbered from 1, the header not counted.

    The delimiter is the comma, semicolon or tab, whichever the header has most of.
    Quotation marks are read strictly: a lenient reader would alter the text in silence.
    """
    with _open(path) as file:
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


def read_parquet(path: Path) -> Rows:
    """Read a Parquet file in batches; rows are numbered from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = itertools.count(1)
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
                for fields in batch.to_pylist():
                    yield Record(next(number), fields)
    except pa.ArrowException as error:
        raise InputError(f"not a readable Parquet file ({error}); write it again.") from None


FORMATS = {
    ".txt": Format(read_text, fixed_columns=False),
    ".jsonl": Format(read_json_lines, fixed_columns=False),
    ".ndjson": Format(read_json_lines, fixed_columns=False),
    ".csv": Format(read_delimited, fixed_columns=True),
    ".tsv": Format(read_delimited, fixed_columns=True),
    ".parquet": Format(read_parquet, fixed_columns=True),
}


def _open(path: Path, *, newline: str = "") -> TextIO:
    """Open UTF-8 (or UTF-16 with its mark); bytes that are neither come out as surrogates."""
    with path.open("rb") as file:
        head = file.read(3)
    marks = (name for mark, name in _BYTE_ORDER_MARKS.items() if head.startswith(mark))
    encoding = next(marks, "utf-8")
    return path.open(encoding=encoding, errors="surrogateescape", newline=newline)


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
