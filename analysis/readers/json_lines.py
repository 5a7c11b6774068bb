"""JSON Lines: one object, which is one article, on every line."""

import json
from collections.abc import Iterator
from typing import Any

from analysis.errors import InputError
from analysis.readers.encodings import open_text
from analysis.readers.rows import Failure, Record, Rows, Source

LONGEST_LINE = 50_000_000
"""Bytes of the longest line that is read; a longer one fails, and the next goes on."""
_EXACT = 2.0**63


def read_json_lines(source: Source) -> Rows:
    """Read one JSON object per line; rows are numbered by line, blank lines are no rows.

    A NUL in the first line fails the whole file: a binary file has no lines to account for.
    """
    text = open_text(source)
    encoding = text.encoding
    lines = _lines_of_bytes(source) if encoding == "utf-8" else _lines_of_text(text.lines)
    for number, line in enumerate(lines, start=source.first_row):
        if line is None:
            yield Failure(
                number,
                f"line {number} is longer than {LONGEST_LINE:,} bytes; write one article "
                "on a line.",
            )
        elif number == 1 and b"\0" in line:
            raise InputError("not a text file (it holds NUL bytes); save it as UTF-8 text.")
        elif not line.isspace():
            yield _read_line(number, line, encoding)


def _lines_of_bytes(source: Source) -> Iterator[bytes | None]:
    """Yield every line, and None for one that is too long to be read."""
    while line := source.file.readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line.endswith(b"\n"):
            yield line.removeprefix(b"\xef\xbb\xbf")
            continue
        while line and not line.endswith(b"\n"):
            line = source.file.readline(LONGEST_LINE)
        yield None


def _lines_of_text(lines: Any) -> Iterator[bytes | None]:
    while line := lines.readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line.endswith("\n"):
            yield line.encode("utf-8", "surrogateescape")
            continue
        while line and not line.endswith("\n"):
            line = lines.readline(LONGEST_LINE)
        yield None


def _read_line(number: int, line: bytes, encoding: str) -> Record | Failure:
    try:
        fields, is_text = _parse(line)
    except (ValueError, RecursionError) as error:
        return Failure(number, f"line {number} is not JSON ({error}); correct the line.")
    if isinstance(fields, dict):
        return Record(number, fields, is_text=is_text, encoding=encoding)
    return Failure(
        number,
        f"line {number} is no JSON object but {type(fields).__name__}; "
        'write {"text": ...} on one line.',
    )


def _parse(line: bytes) -> tuple[Any, bool]:
    """Return what a line holds, and whether all its strings are known to be text.

    orjson reads what is JSON and valid text throughout, but whole numbers of more than 64
    bits as if they had a fraction. Those, and what it refuses, are left to Python's reader,
    which also says what is wrong.
    """
    import orjson

    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line.decode("utf-8", "surrogateescape")), False
    if isinstance(fields, dict) and any(
        type(value) is float and abs(value) >= _EXACT for value in fields.values()
    ):
        return json.loads(line), False
    return fields, b"\\u" not in line
