"""Work on batches of articles that can be stopped and goes on where it was.

Each batch is analysed and kept on disk before the next is read. Started again with the same
input, options and version, finished batches are not analysed again.
"""

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pandas as pd
from tqdm.auto import tqdm

from analysis.errors import InputError, NothingUsable
from analysis.parallel import map_in_order
from analysis.records import Paths, as_paths
from analysis.storage import save_table

LONGEST_WAIT = 2
"""Seconds until the processes of a run that was killed have ended."""

Tables = Mapping[str, pd.DataFrame]
_Task = tuple[pd.DataFrame, pd.DataFrame, Path]


def analyse_batches(
    batches: Iterable[tuple[pd.DataFrame, pd.DataFrame]],
    folder: Path,
    analyse: Callable[[pd.DataFrame], Tables],
    *,
    processes: int = 1,
    progress: bool = False,
) -> list[Path]:
    """Analyse batch after batch, those excepted that an earlier run has finished.

    `batches` are tables of articles with their manifests; `analyse` gives named tables for
    one. Returns the folders of the batches in order; in each stand those tables, and the
    manifest, as Parquet. `analyse` must be picklable, as for `multiprocessing`.
    """
    parts: list[Path] = []

    def tasks() -> Iterator[_Task]:
        for number, (articles, manifest) in enumerate(batches):
            parts.append(folder / f"{number:06}")
            yield articles, manifest, parts[-1]

    with tqdm(unit=" articles", disable=not progress) as bar:
        for articles in map_in_order(_Analyse(analyse), tasks(), processes=processes):
            bar.update(articles)
    return parts


class _Analyse:
    """One batch to its folder, unless it stands there; a class so that it can be pickled."""

    def __init__(self, analyse: Callable[[pd.DataFrame], Tables]) -> None:
        self._analyse = analyse

    def __call__(self, task: _Task) -> int:
        articles, manifest, folder = task
        if not folder.exists():
            begun = folder.with_suffix(".begun")
            shutil.rmtree(begun, ignore_errors=True)
            for name, table in {**self._analyse(articles), "manifest": manifest}.items():
                save_table(table, begun / f"{name}.parquet")
            begun.rename(folder)
        return len(articles)


def read_manifests(parts: Iterable[Path]) -> pd.DataFrame:
    """Return the manifests of finished batches as one."""
    return pd.concat(
        [pd.read_parquet(part / "manifest.parquet") for part in parts], ignore_index=True
    )


@contextlib.contextmanager
def keep_batches(folder: Path, inputs: Paths, **options: object) -> Iterator[Path]:
    """Give a folder for finished batches, with those of an earlier run, to this run alone.

    It stands in `folder`, with the fingerprint of what the batches depend on and a lock.
    Batches stay when input, options, code and data are the same, else they are removed. When
    all went well, or there was nothing to analyse, the batches are gone, and `folder` unless
    something else stands in it; what stops a run leaves them, and so does `kill -9`.
    InputError is raised when another run is at work in it, or when it is a link.
    """
    from filelock import FileLock, Timeout

    if folder.is_symlink():
        raise InputError(f"{str(folder)!r} is a link; remove it, or choose another place.")
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=LONGEST_WAIT)
    except Timeout:
        raise InputError(
            f"another run is writing to {str(folder.parent)!r}; wait for it, or choose another "
            "place for the results."
        ) from None
    try:
        _keep_if_same(folder, _fingerprint(inputs, options))
        try:
            yield folder / "batches"
        except NothingUsable:
            _remove(folder)
            raise
        _remove(folder)
    finally:
        lock.release()


def _keep_if_same(folder: Path, fingerprint: str) -> None:
    mark = folder / "fingerprint"
    shutil.rmtree(folder / "done", ignore_errors=True)
    if not mark.exists() or mark.read_text() != fingerprint:
        shutil.rmtree(folder / "batches", ignore_errors=True)
        mark.write_text(fingerprint)
    (folder / "batches").mkdir(exist_ok=True)


def _remove(folder: Path) -> None:
    """Remove finished batches, so that a run that is stopped here finds all of them or none."""
    (folder / "batches").rename(folder / "done")
    shutil.rmtree(folder / "done")
    for name in ("fingerprint", "lock"):
        (folder / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def _fingerprint(inputs: Paths, options: Mapping[str, object]) -> str:
    """Return a digest of all that the finished batches depend on."""
    code = Path(__file__).parent
    data = [path for path in (code / "data", code.parent / "data") if path.is_dir()]
    seen = hashlib.sha256(json.dumps(options, sort_keys=True).encode())
    for root in [*as_paths(inputs), *data, *code.rglob("*.py")]:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file():
                status = path.stat()
                seen.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return seen.hexdigest()
