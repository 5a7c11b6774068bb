"""The files that paths name or hold: each once, in sorted order, and none without a word."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from analysis.errors import InputError
from analysis.readers.containers import show_name


class InputFile(NamedTuple):
    """A file, its path below the folder that was given, and its name in tables.

    `status` and `reason` say why it is not to be opened, if so. `is_member` says that it
    stands in an archive.
    """

    path: Path
    name: PurePosixPath
    source: str
    status: str = ""
    reason: str = ""
    is_member: bool = False


def find_files(paths: Sequence[Path]) -> list[InputFile]:
    """Return the files that these paths name or hold, each once, in sorted order.

    Listed with the reason why they are not opened: hidden files and folders below a given
    folder, what Word and browsers leave beside a document or page, links that lead nowhere
    or to a folder, what is no ordinary file, and folders that cannot be listed. InputError is
    raised for a path that does not exist.
    """
    if not paths:
        raise InputError("inputs is empty; name at least one file or folder.")
    files: dict[Path, InputFile] = {}
    for path in paths:
        if not path.exists():
            raise InputError(f"there is no file or folder {str(path)!r}; check the path.")
        for file in sorted(_list_folder(path)) if path.is_dir() else [_describe(path, path.parent)]:
            files.setdefault(file.path if file.status else file.path.resolve(), file)
    return list(files.values())


def _list_folder(folder: Path) -> Iterator[InputFile]:
    closed: list[OSError] = []
    for root, folders, listed in os.walk(folder, onerror=closed.append):
        here = Path(root)
        names = frozenset(listed)
        for name in [*folders, *listed]:
            path = here / name
            if name in folders and _is_of_page(name, names):
                reason = "what a browser saved beside a page: its pictures and scripts."
                yield _refuse(path, folder, "skipped", reason)
            elif name.startswith("."):
                yield _refuse(path, folder, "skipped", "hidden: its name begins with a dot.")
            elif name.startswith("~$"):
                yield _refuse(path, folder, "skipped", "left by Word while a document was open.")
            elif name in names:
                yield _describe(path, folder)
            elif path.is_symlink():
                yield _refuse(path, folder, "skipped", "a link to a folder; not followed.")
        folders[:] = [
            name for name in folders if not (name.startswith(".") or _is_of_page(name, names))
        ]
    for error in closed:
        reason = f"cannot be listed: {error.strerror}; change its permissions."
        yield _refuse(Path(error.filename), folder, "failed", reason)


def _is_of_page(folder: str, files: Collection[str]) -> bool:
    """Say whether a folder belongs to a page that a browser saved beside it."""
    page, _, ending = folder.rpartition("_")
    return ending in ("files", "ملفات") and any(
        f"{page}{end}" in files for end in (".html", ".htm")
    )


def _describe(path: Path, folder: Path) -> InputFile:
    if path.is_file():
        return _refuse(path, folder, "", "")
    if path.is_symlink() and not path.exists():
        return _refuse(path, folder, "failed", "a link that leads nowhere; remove it.")
    return _refuse(path, folder, "skipped", "no ordinary file; not opened.")


def _refuse(path: Path, folder: Path, status: str, reason: str) -> InputFile:
    name = PurePosixPath(show_name(path.relative_to(folder).as_posix()))
    return InputFile(path, name, show_name(path.as_posix()), status, reason)
