"""The files of one commit of a git repository, fetched as an archive and read from it."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from analysis.downloads import find_recorded, record_download, writing_in
from analysis.errors import InputError

_LARGEST_FILE = 5_000_000
_LARGEST_REPOSITORY = 1_000_000_000


def fetch_commit(address: str, commit: str, place: Path) -> Path:
    """Return an archive of the files of a commit, which no other file is written from.

    git names every object by the hash of its content and the commit by all of them, so what
    was fetched under the name of the commit is what was published. An archive has no such
    name: its checksum is recorded beside it in `place`, and one that is there and as it was
    recorded is used, without git and without any connection.

    Raises InputError where git is needed and missing, and OSError when git cannot fetch the
    commit, and when the folder is full or cannot be written.
    """
    path = place / f"{commit}.tar"
    if find_recorded(place) == path:
        return path
    git = shutil.which("git")
    if git is None:
        raise InputError(f"{address} is fetched with git; install git and try again.")
    progress = "--progress" if sys.stderr.isatty() else "--quiet"
    with writing_in(place):
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetching-", dir=place) as repository:
            of_repository = [git, "-c", "init.defaultBranch=main", "--git-dir", repository]
            _run_git([*of_repository, "init", "--quiet", "--bare", "--template="])
            fetch = ["fetch", progress, "--depth=1", "--no-tags", "--", address, commit]
            _run_git([*of_repository, *fetch])
            archive = Path(repository, "files.tar")
            _run_git([*of_repository, "archive", "--format=tar", f"--output={archive}", commit])
            archive.replace(path)
    record_download(place, path, {"address": address, "commit": commit})
    return path


def _run_git(command: list[str]) -> None:
    """Run git, which writes to standard error itself, and never lets it ask for a password."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603  (no shell)
    if done.returncode:
        raise OSError(f"git ended with exit status {done.returncode}; see what it said above.")


def read_archive(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the ordinary files of an archive; links are passed over.

    Raises InputError when a file, or all of them, are larger than news can be.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "sada.txt").write_text("نعم", "utf-8")
    ...     with tarfile.open(Path(folder, "files.tar"), "w") as files:
    ...         files.add(Path(folder, "sada.txt"), "sada.txt")
    ...     [(name, content.decode()) for name, content in read_archive(Path(folder, "files.tar"))]
    [('sada.txt', 'نعم')]
    """
    size = 0
    with tarfile.open(archive, "r:") as files:
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            if content is None:
                continue
            size += member.size
            if member.size > _LARGEST_FILE or size > _LARGEST_REPOSITORY:
                raise InputError(
                    f"too large to be news: {member.name!r} has {member.size:,} bytes, all files "
                    f"up to it {size:,}; at most {_LARGEST_FILE:,} and {_LARGEST_REPOSITORY:,} "
                    "are read."
                )
            yield member.name, content.read()
