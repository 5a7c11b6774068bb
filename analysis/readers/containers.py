"""Files inside files: archives and compressed files, opened within stated limits.

Nothing is unpacked under a name of the archive's choice: the bytes of a member go to a
temporary file without a name, a member at a time, and never more of them than the limits.
"""

import bz2
import gzip
import lzma
import stat
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple, cast

CONTAINERS = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".zst")
LARGEST_MEMBER = 4_000_000_000
"""Bytes that one member may have, uncompressed."""
HIGHEST_RATIO = 200
"""Times that a member or an archive may be larger than its compressed bytes ..."""
SMALLEST_BOMB = 100_000_000
"""... once so many bytes have come out of it. News has a ratio of 3 to 10."""
MOST_MEMBERS = 1_000_000
DEEPEST = 3
"""Archives within archives."""
_IN_MEMORY = 16_000_000
_BLOCK = 1 << 20
_ZST_BLOCK = 2048
_ZST_WINDOW = 1 << 27
_TAR_MARK = slice(257, 262)
_BOMB = (
    f"more than {HIGHEST_RATIO} times larger than its compressed bytes, as no news is; "
    "if you trust it, unpack it first."
)
_OF_NAMES = ("cp1256", "cp720")
_BAD_ARCHIVE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class Member(NamedTuple):
    """A file in an archive, or the archive itself when it is none; `name` is its path in it.

    Without a file, `status` and `reason` say why it was not opened.
    """

    name: PurePosixPath
    file: BinaryIO | None
    status: str = ""
    reason: str = ""


class _TooLarge(Exception):  # noqa: N818  (it names the outcome)
    """What comes out is more than the limits allow; the message says which."""


@dataclass
class _Budget:
    """The bytes of the outermost archive, and those that have come out of it at any depth."""

    given: int
    spent: int = 0


def iter_members(
    file: BinaryIO, name: PurePosixPath, *, depth: int = 0, budget: _Budget | None = None
) -> Iterator[Member]:
    """Yield a file that is no archive, or what an archive holds, archives in it included.

    A zip file that is a document of Word or Excel is no archive here. Refused, each with its
    reason: members whose path leads out of the archive, links and devices, encrypted or
    damaged ones, and what goes beyond the limits of this module.
    """
    kind = _find_kind(file)
    if kind is None:
        yield Member(name, file)
        return
    if depth == DEEPEST:
        yield Member(
            name, None, "failed", f"more than {DEEPEST} archives one inside the other; unpack it."
        )
        return
    budget = budget or _Budget(_size(file))
    read = {"zip": _iter_zip, "tar": _iter_tar}.get(kind)
    members = read(file, name, budget) if read else _iter_compressed(file, name, kind, budget)
    with closing(members):
        for member in members:
            if member.file is None:
                yield member
            else:
                with member.file as opened:
                    yield from iter_members(opened, member.name, depth=depth + 1, budget=budget)


def is_container(file: BinaryIO) -> bool:
    """Say whether a file is an archive or compressed; it is put back to its start."""
    return _find_kind(file) is not None


def _find_kind(file: BinaryIO) -> str | None:
    head = file.read(512)
    file.seek(0)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return None if _is_document(file) else "zip"
    if head[_TAR_MARK] == b"ustar":
        return "tar"
    marks = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\x28\xb5\x2f\xfd": "zst", b"\xfd7zXZ\0": "xz"}
    return next((kind for mark, kind in marks.items() if head.startswith(mark)), None)


def _is_document(file: BinaryIO) -> bool:
    """Say whether a zip file is one document of an office program or a book."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = set(archive.namelist())
    except _BAD_ARCHIVE:
        return False
    finally:
        file.seek(0)
    return "[Content_Types].xml" in members or "mimetype" in members


def _iter_compressed(
    file: BinaryIO, name: PurePosixPath, kind: str, budget: _Budget
) -> Generator[Member, None, None]:
    inner = name.with_suffix("") if name.suffix else name
    if name.suffix.lower() in (".tgz", ".tbz2", ".txz"):
        inner = name.with_suffix(".tar")
    read = {"gz": _read_gz, "zst": _read_zst, "bz2": _read_bz2, "xz": _read_xz}[kind]
    compressed = _size(file)
    try:
        spooled = _spool(read(file), compressed, budget)
    except (*_BAD_ARCHIVE, OSError, _TooLarge) as error:
        yield Member(inner, None, "failed", _explain(error))
        return
    yield Member(inner, spooled)


def _read_blocks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while block := stream.read(_BLOCK):
            yield block


def _read_gz(file: BinaryIO) -> Iterator[bytes]:
    return _read_blocks(cast(BinaryIO, gzip.open(file, "rb")))


def _read_bz2(file: BinaryIO) -> Iterator[bytes]:
    return _read_streams(file, bz2.BZ2Decompressor)


def _read_xz(file: BinaryIO) -> Iterator[bytes]:
    return _read_streams(file, lzma.LZMADecompressor)


def _read_streams(file: BinaryIO, make: Callable[[], Any]) -> Iterator[bytes]:
    """Yield what streams one after the other hold; what follows them must be zeros."""
    stream = make()
    block = file.read(_BLOCK)
    while block.strip(b"\0") or not stream.eof:
        if stream.eof:
            stream, block = make(), block.lstrip(b"\0")
        yield stream.decompress(block, _BLOCK)
        while not stream.eof and not stream.needs_input:
            yield stream.decompress(b"", _BLOCK)
        block = stream.unused_data if stream.eof else file.read(_BLOCK)
        if stream.eof and not block.strip(b"\0"):
            block = file.read(_BLOCK)
        if not block:
            break
    if not stream.eof:
        raise EOFError


def _read_zst(file: BinaryIO) -> Iterator[bytes]:
    """Yield what Zstandard frames hold, from a few bytes at a time since they may grow much."""
    import zstandard

    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZST_WINDOW)
    try:
        while block := file.read(_ZST_BLOCK):
            frame = decompressor.decompressobj()
            while True:
                yield frame.decompress(block)
                if frame.eof:
                    file.seek(-len(frame.unused_data), 1)
                    break
                block = file.read(_ZST_BLOCK)
                if not block:
                    raise EOFError
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from None


def _iter_zip(
    file: BinaryIO, name: PurePosixPath, budget: _Budget
) -> Generator[Member, None, None]:
    try:
        archive = zipfile.ZipFile(file)
    except _BAD_ARCHIVE as error:
        yield Member(name, None, "failed", _explain(error))
        return
    with archive:
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]
        if len(members) > MOST_MEMBERS:
            yield Member(name, None, "failed", f"more than {MOST_MEMBERS:,} files; divide it.")
            return
        for member in sorted(members, key=lambda each: each.filename):
            if _is_bomb(budget.spent, budget.given):
                yield Member(name, None, "failed", f"{_BOMB} The rest was not read.")
                return
            path = _name_of(member).replace("\\", "/")
            if refused := _refuse(path, name, _kind_of(member)):
                yield refused
                continue
            try:
                blocks = _read_blocks(cast(BinaryIO, archive.open(member)))
                spooled = _spool(blocks, member.compress_size, budget)
            except (*_BAD_ARCHIVE, OSError, _TooLarge) as error:
                yield Member(name / path, None, "failed", _explain(error))
                continue
            yield Member(name / path, spooled)


def _kind_of(member: zipfile.ZipInfo) -> str:
    mode = member.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "device"
    return "encrypted" if member.flag_bits & 0x1 else "file"


def _name_of(member: zipfile.ZipInfo) -> str:
    """Return the name of a member.

    Old programs wrote UTF-8 without saying so, or the Arabic letters of Windows or DOS.
    """
    if member.flag_bits & 0x800 or member.filename.isascii():
        return member.filename
    try:
        written = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        readings = [written.decode(encoding, "replace") for encoding in _OF_NAMES]
    arabic, number = max(((name, _count_arabic(name)) for name in readings), key=lambda r: r[1])
    foreign = sum(not letter.isascii() for letter in arabic)
    return arabic if number * 10 >= foreign * 9 else member.filename


def _count_arabic(name: str) -> int:
    """Count Arabic letters, those of the article ال twice, since it tells encodings apart."""
    return sum("\u0620" <= letter <= "\u064a" for letter in name) + name.count("ال")


def _iter_tar(
    file: BinaryIO, name: PurePosixPath, budget: _Budget
) -> Generator[Member, None, None]:
    try:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            for number, member in enumerate(archive, start=1):
                if number > MOST_MEMBERS:
                    yield Member(name, None, "failed", f"more than {MOST_MEMBERS:,} files.")
                    return
                if member.isdir():
                    continue
                kind = "link" if member.issym() or member.islnk() else "device"
                kind = "file" if member.isfile() else kind
                if refused := _refuse(member.name, name, kind):
                    yield refused
                    continue
                stream = archive.extractfile(member)
                if stream is not None:
                    blocks = _read_blocks(cast(BinaryIO, stream))
                    yield Member(name / member.name, _spool(blocks, member.size, budget))
            if problem := _look_behind(file, archive.offset):
                yield Member(name, None, "failed", f"{problem}; the rest was not read.")
    except (*_BAD_ARCHIVE, OSError, _TooLarge) as error:
        yield Member(name, None, "failed", f"{_explain(error)} The rest was not read.")


def _look_behind(file: BinaryIO, offset: int) -> str:
    """Say what is wrong with a tar file behind its last member: nothing but zeros may follow."""
    file.seek(offset)
    blocks = iter(lambda: file.read(_BLOCK), b"")
    first = next(blocks, b"")
    if not first:
        return "cut off: the archive has no end; get it again"
    if any(block.strip(b"\0") for block in (first, *blocks)):
        return "damaged, or several archives one behind the other; unpack it"
    return ""


def _refuse(path: str, archive: PurePosixPath, kind: str) -> Member | None:
    """Return why a member is not opened, if there is a reason."""
    shown = archive / path.replace("\\", "/").lstrip("/")
    parts = [part for part in path.replace("\\", "/").split("/") if part != "."] or [""]
    if ".." in parts or parts[0] == "" or parts[0].endswith(":"):
        return Member(shown, None, "failed", "its path leads out of the archive; not opened.")
    if parts[0] == "__MACOSX" or any(part.startswith(".") for part in parts):
        return Member(shown, None, "skipped", "a hidden file.")
    reasons = {
        "link": "a link to another file; not followed.",
        "device": "no ordinary file; not opened.",
        "encrypted": "encrypted; unpack it with its password first.",
    }
    return Member(shown, None, "failed", reasons[kind]) if kind in reasons else None


def _spool(blocks: Iterator[bytes], compressed: int, budget: _Budget) -> BinaryIO:
    """Copy blocks of bytes to a temporary file that has no name, within the limits.

    What does not become a member is no loss to the budget of its archive.
    """
    spooled = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (the caller closes)
    size = 0
    try:
        for block in blocks:
            size += len(block)
            budget.spent += len(block)
            if size > LARGEST_MEMBER:
                raise _TooLarge(f"larger than {LARGEST_MEMBER:,} bytes; divide it.")
            if _is_bomb(size, compressed) or _is_bomb(budget.spent, budget.given):
                raise _TooLarge(_BOMB)
            spooled.write(block)
    except BaseException:
        if _is_bomb(size, compressed):
            budget.spent -= size
        spooled.close()
        raise
    spooled.seek(0)
    return cast(BinaryIO, spooled)


def _is_bomb(size: int, compressed: int) -> bool:
    return size > SMALLEST_BOMB and size > HIGHEST_RATIO * compressed


def _size(file: BinaryIO) -> int:
    size = file.seek(0, 2)
    file.seek(0)
    return size


def _explain(error: BaseException) -> str:
    if isinstance(error, _TooLarge):
        return str(error)
    if isinstance(error, EOFError):
        return "cut off: its compressed bytes end too early; get it again."
    return f"cannot be unpacked ({error}); get it again, or pack it with another program."


def show_name(path: str) -> str:
    r"""Return a path as one can read it: what would hide or turn letters is written out.

    Names of files may hold line breaks, marks that reverse the direction of writing, and
    bytes that are no letters.

    >>> show_name("خبر\u202egpj.txt"), show_name("a\nb")
    ('خبر\\u202egpj.txt', 'a\\nb')
    """
    return "".join(
        letter.encode("unicode_escape").decode("ascii")
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co")
        and letter not in "\u200c\u200d"
        else letter
        for letter in path
    )
