"""The download of one address: resumed, checked by its checksum, and kept in a cache."""

import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.storage import finished_or_gone

if TYPE_CHECKING:
    import requests

CACHE_VARIABLE = "KHITAB_CACHE"
"""The environment variable that names the folder of downloaded files."""
_BLOCK = 1 << 16
_SECONDS = (10, 60)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_RECORD = "record.json"
_OTHER_CACHE = f"name another folder with --cache or {CACHE_VARIABLE}"


def choose_cache(cache: str | Path | None) -> Path:
    """Return `cache`, else the folder KHITAB_CACHE names, else where the system keeps such files.

    >>> choose_cache("downloads").as_posix()
    'downloads'
    """
    import pooch

    return Path(cache or os.environ.get(CACHE_VARIABLE) or pooch.os_cache("khitab")).expanduser()


@contextmanager
def lock_folder(place: Path) -> Iterator[None]:
    """Let a second call for the same folder wait; a folder that cannot be written is only read.

    The folder is made where it is missing. A call that waits says so in the log of pooch.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, lock_folder(Path(folder, "sada")):
    ...     Path(folder, "sada").is_dir()
    True
    """
    import pooch
    from filelock import FileLock, Timeout

    lock = FileLock(place / ".lock")
    try:
        place.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        pooch.get_logger().warning("waiting until another download into %s ends.", place)
        lock.acquire()
    except OSError:
        pass
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing_in(folder: Path, *, advice: str = _OTHER_CACHE) -> Iterator[None]:
    """Say what to do when a folder is full or cannot be written, in an OSError; others pass.

    >>> with writing_in(Path("sada"), advice="name another"):
    ...     raise PermissionError
    Traceback (most recent call last):
    OSError: sada cannot be written; name another.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise OSError(f"the disk of {folder} is full; make room, or {advice}.") from None
        if isinstance(error, PermissionError | FileExistsError | NotADirectoryError):
            raise OSError(f"{folder} cannot be written; {advice}.") from None
        raise


def download(address: str, checksum: str, path: Path) -> Path:
    """Return the file of this checksum, `algorithm:digest`: what is there, or else a new one.

    The rules, in order:

    1. A file at `path` that has the checksum is used, without any connection.
    2. What arrives is kept beside it in a file whose name ends in .part, and bears the beginning
       of the checksum. It stays when the connection is cut, and the next call asks for the rest.
       A server that does not give the rest is asked for the whole. Parts of the same name with
       another checksum are removed.
    3. What has arrived takes the place of `path` only with the right checksum; else it is removed.

    Raises InputError for a wrong checksum, and OSError when the address cannot be reached or does
    not have the file, and when the folder is full or cannot be written.

    >>> import hashlib, tempfile
    >>> checksum = "sha256:" + hashlib.sha256("قال: نعم.".encode()).hexdigest()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sada.txt")
    ...     _ = path.write_text("قال: نعم.", "utf-8")
    ...     download("https://sada.example/sada.txt", checksum, path) == path
    True
    """
    import pooch

    algorithm, _, digest = checksum.partition(":")
    if path.is_file() and pooch.file_hash(str(path), algorithm) == digest:
        return path
    part = path.with_name(f"{path.name}.{digest[:8]}.part")
    with writing_in(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        for other in path.parent.glob("*.part"):
            if other.name.startswith(f"{path.name}.") and other != part:
                other.unlink()
        try:
            pooch.retrieve(
                address,
                checksum,
                fname=path.name,
                path=path.parent,
                downloader=lambda _, output, __: _fetch_part(address, part, path).replace(output),
            )
        except ValueError:
            raise InputError(
                f"{address} is not the file that was published: its {algorithm.upper()} is not "
                f"{digest}. It was removed; fetch again. If that does not help, the publisher "
                "has changed it, or something between alters what is downloaded."
            ) from None
    return path


def download_newest(address: str, path: Path) -> Path:
    """Download a file that has no checksum to `path`; without a network what is there stays.

    It is fetched whole at every call. Raises OSError when it cannot be fetched and none is there,
    and when the folder is full or cannot be written and none is there.
    """
    part = path.with_name(f"{path.name}.part")
    with writing_in(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            _fetch_part(address, part, path, resumed=False).replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            if not path.exists():
                raise
    return path


def _fetch_part(address: str, part: Path, path: Path, *, resumed: bool = True) -> Path:
    """Download what is missing of a file to `part`, which stays when the connection is cut."""
    import requests

    try:
        _fetch_rest(address, part)
    except requests.RequestException as error:
        kept = part.stat().st_size if resumed and part.exists() else 0
        goes_on = f" {kept:,} bytes are kept, and the next call goes on from there." if kept else ""
        raise OSError(
            f"{address} cannot be downloaded: {_explain(error)}.{goes_on} Check the network and "
            f"fetch again, or put the file there yourself, as {path}."
        ) from None
    return part


def _fetch_rest(address: str, part: Path) -> None:
    import requests
    from tqdm import tqdm

    start = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": _name_program(), "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with requests.get(address, headers=headers, stream=True, timeout=_SECONDS) as answer:
        given = answer.headers.get("Content-Range", "")
        if start and answer.status_code == requests.codes.requested_range_not_satisfiable:
            if given == f"bytes */{start}":
                return
            is_usable = False
        else:
            answer.raise_for_status()
            is_partial = answer.status_code == requests.codes.partial_content
            is_usable = not start or not is_partial or given.startswith(f"bytes {start}-")
        if is_usable:
            length = answer.headers.get("Content-Length", "")
            with (
                part.open("ab" if is_partial else "wb") as file,
                tqdm(
                    desc=part.name.rpartition(".")[0].rpartition(".")[0],
                    total=int(length) if length.isdecimal() else None,
                    unit="B",
                    unit_scale=True,
                    disable=not sys.stderr.isatty(),
                ) as progress,
            ):
                for block in answer.iter_content(_BLOCK):
                    file.write(block)
                    progress.update(len(block))
            return
    part.unlink()
    _fetch_rest(address, part)


def _name_program() -> str:
    """Return what a server is told of who asks; some refuse programs without a name."""
    from importlib.metadata import version

    from analysis import __version__

    return f"khitab/{__version__} (research on Arabic news) python-requests/{version('requests')}"


def _explain(error: "requests.RequestException") -> str:
    import requests

    if error.response is not None:
        return f"the server answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection was cut"
    if isinstance(error, requests.exceptions.SSLError):
        return "the certificate of the server is not accepted"
    if isinstance(error, requests.Timeout):
        return "the server does not answer"
    if isinstance(error, requests.ConnectionError):
        return "there is no connection to the server"
    return f"the address is no good ({error})"


def find_recorded(place: Path) -> Path | None:
    """Return the file that `record_download` names in a folder, if it is as it was then.

    >>> find_recorded(Path("nowhere")) is None
    True
    """
    import pooch

    try:
        record = json.loads((place / _RECORD).read_text("utf-8"))
        path = place / Path(record["file"]).name
        return path if pooch.file_hash(str(path)) == record["sha256"] else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def record_download(place: Path, path: Path, details: Mapping[str, str]) -> None:
    """Write down which file was fetched into a folder, its SHA-256 and `details`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sada.txt")
    ...     _ = path.write_text("قال: نعم.", "utf-8")
    ...     record_download(Path(folder), path, {"address": "https://sada.example/sada.txt"})
    ...     find_recorded(Path(folder)) == path
    True
    """
    import pooch

    record = {"file": path.name, "sha256": pooch.file_hash(str(path)), **details}
    with writing_in(place), finished_or_gone(place / _RECORD) as unfinished:
        unfinished.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
