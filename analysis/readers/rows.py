"""What a reader is given and what it yields."""

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

from analysis.errors import InputError

LARGEST_DOCUMENT = 200_000_000
"""Bytes of the largest file that is read as a whole; lines and rows are read one by one."""


class Source(NamedTuple):
    """A file as a reader sees it, wherever it stands: bytes from its start, and its name.

    `file` can be searched (`seek`); `first_row` is the number of its first line when the
    file is a part of a larger one.
    """

    file: BinaryIO
    name: str
    first_row: int = 1


class Record(NamedTuple):
    """The fields of one article; `row` is None when the whole file is one article.

    `is_text` says that the reader has made sure that no string is damaged, `note` what it
    had to repair or could not find, in a sentence, and `encoding` how the bytes were read
    as letters, where the file does not say so itself.
    """

    row: int | None
    fields: dict[str, Any]
    is_text: bool = False
    note: str = ""
    encoding: str = ""


class Failure(NamedTuple):
    """Why a row, or the rest of the file when `row` is None, cannot be read; what to do."""

    row: int | None
    reason: str


Rows = Iterator[Record | Failure]
Reader = Callable[[Source], Rows]


def read_bytes(source: Source, *, limit: int = LARGEST_DOCUMENT) -> bytes:
    """Return the whole of a file; InputError is raised when it is larger than `limit`."""
    content = source.file.read(limit + 1)
    if len(content) > limit:
        raise InputError(
            f"larger than {limit:,} bytes, the most that is read as one document; "
            "divide it, or write its articles as JSON Lines."
        )
    return content
