"""Parts of files: large files of lines are divided, so that several processes can read them."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from analysis.readers.containers import is_container
from analysis.readers.encodings import SAMPLE, tell_encoding
from analysis.readers.folders import InputFile
from analysis.readers.formats import choose_format
from analysis.readers.rows import Source

PART_SIZE = 3_000_000
_BLOCK = 1 << 16


class Part(NamedTuple):
    """A whole file, or a run of whole lines of it: bytes `start` to `stop`.

    `state` is what `look_at` said of the file when it was divided.
    """

    path: Path
    start: int = 0
    stop: int | None = None
    first_row: int = 1
    state: tuple[int, int] | None = None


Task = list[tuple[InputFile, Part]]


def split_file(file: InputFile) -> Iterator[Part]:
    """Divide a file into parts that can be read each by itself, in order.

    Only large files of a format that has one row on every line are divided, in UTF-8.
    """
    if file.status:
        yield Part(file.path)
        return
    try:
        state = look_at(file.path)
        if state[0] > PART_SIZE and _is_divisible(file.path):
            yield from (part._replace(state=state) for part in _split_lines(file.path, state[0]))
            return
    except OSError:
        state = None
    yield Part(file.path, state=state)


def group_parts(files: Iterable[InputFile]) -> Iterator[Task]:
    """Yield parts of files in tasks of about the same size: small files go together."""
    task: Task = []
    size = 0
    for file in files:
        for part in split_file(file):
            task.append((file, part))
            if part.stop is not None:
                size += part.stop - part.start
            elif part.state:
                size += part.state[0]
            if size >= PART_SIZE:
                yield task
                task, size = [], 0
    if task:
        yield task


def look_at(path: Path) -> tuple[int, int]:
    """Return the size of a file and when it was changed, to see later whether it still is."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


@contextmanager
def open_part(part: Part) -> Iterator[BinaryIO]:
    """Open a part of a file as if it were a file of its own."""
    with part.path.open("rb") as file:
        if part.stop is None:
            yield file
        else:
            file.seek(part.start)
            with io.BufferedReader(_Slice(file, part.stop - part.start), _BLOCK) as piece:
                yield cast(BinaryIO, piece)


class _Slice(io.RawIOBase):
    """Some bytes of a file from where it stands."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._start = file.tell()
        self._length = length
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._length}[whence]
        self._place = base + offset
        self._file.seek(self._start + self._place)
        return self._place

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        block = self._file.read(max(0, min(len(buffer), self._length - self._place)))
        buffer[: len(block)] = block
        self._place += len(block)
        return len(block)


def _is_divisible(path: Path) -> bool:
    with path.open("rb") as file:
        if is_container(file):
            return False
        form = choose_format(Source(file, path.name))
        if form is None or not form.by_line:
            return False
        head = file.read(SAMPLE)
    is_text = bool(head.strip()) and b"\0" not in head
    return is_text and tell_encoding(head, is_whole=False)[0] == "utf-8"


def _split_lines(path: Path, size: int) -> Iterator[Part]:
    stop, row = 0, 1
    with path.open("rb") as file:
        while stop < size:
            start, first_row = stop, row
            while stop - start < PART_SIZE and (block := file.read(_BLOCK)):
                stop += len(block)
                row += block.count(b"\n")
            while rest := file.readline(_BLOCK):
                stop += len(rest)
                if rest.endswith(b"\n"):
                    row += 1
                    break
            yield Part(path, start, stop, first_row)
