"""The whole way for a corpus of any size: batches through every step, then the summary.

Each batch is analysed and kept on disk before the next is read. A run that is stopped and
started again with the same input, options and version goes on where it was.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
from tqdm.auto import tqdm

from analysis.articles import iter_articles
from analysis.errors import NothingUsable
from analysis.parallel import map_in_order
from analysis.quotes import find_quotes
from analysis.report import summarise
from analysis.storage import check_outside, merge_parquet, save_table
from analysis.themes import count_themes, find_themes

TABLES = ("articles", "mentions", "quotes", "counts", "manifest")
BATCH = 500


def run(
    inputs: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    language: str = "en",
    freq: str | None = None,
    by: str | None = None,
    processes: int = 1,
    progress: bool = False,
) -> pd.DataFrame:
    """Analyse articles from files to report and return the manifest.

    Leaves in the folder `out`: `articles`, `mentions`, `quotes` and `counts` as Parquet;
    `manifest`, `periods`, `framing`, `speakers` as CSV; `figures/` (SVG and PNG, each with
    the CSV it plots); `report.html`. `freq` is W, MS, QS or YS, the one
    that `suggest_frequency` gives when None; `by` is outlet, to compare outlets in
    `periods` and `framing`. Memory holds one batch
    of 500 articles per process; with several processes the tables are the same.

    Raises NothingUsable (its `manifest` says why) when no article could be read, and
    InputError for an argument that cannot be used.
    """
    check_outside(out, inputs)
    batches = iter_articles(inputs, columns=columns, batch_size=BATCH)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    unfinished = out / "unfinished"
    _keep_if_same_run(unfinished, _fingerprint(inputs, columns))
    try:
        parts = _analyse(batches, unfinished, processes, progress)
    except NothingUsable as error:
        shutil.rmtree(unfinished)
        save_table(error.manifest, out / "manifest.csv")
        raise
    manifest = pd.concat(
        [pd.read_parquet(part / "manifest.parquet") for part in parts], ignore_index=True
    )
    save_table(manifest, out / "manifest.csv")
    for table in TABLES[:-1]:
        merge_parquet([part / f"{table}.parquet" for part in parts], out / f"{table}.parquet")
    summarise(out, language=language, freq=freq, by=by)
    shutil.rmtree(unfinished)
    return manifest


def _analyse(
    batches: Iterable[tuple[pd.DataFrame, pd.DataFrame]],
    folder: Path,
    processes: int,
    progress: bool,
) -> list[Path]:
    """Analyse batch after batch, those excepted that an earlier run has finished."""
    parts: list[Path] = []

    def tasks() -> Iterator[tuple[pd.DataFrame, pd.DataFrame, Path]]:
        for number, (articles, manifest) in enumerate(batches):
            parts.append(folder / f"{number:06}")
            yield articles, manifest, parts[-1]

    with tqdm(unit=" articles", disable=not progress) as bar:
        for articles in map_in_order(_analyse_once, tasks(), processes=processes):
            bar.update(articles)
    return parts


def _analyse_once(task: tuple[pd.DataFrame, pd.DataFrame, Path]) -> int:
    articles, manifest, part = task
    if not part.exists():
        analyse_batch(articles, manifest, part)
    return len(articles)


def analyse_batch(articles: pd.DataFrame, manifest: pd.DataFrame, folder: Path) -> None:
    """Write the five tables of one batch into `folder`, which appears when all are written."""
    quotes = find_quotes(articles)
    mentions = find_themes(articles, quotes=quotes)
    counts = count_themes(articles, mentions)
    tables = (articles, mentions, quotes, counts, manifest)
    begun = folder.with_suffix(".begun")
    shutil.rmtree(begun, ignore_errors=True)
    for name, table in zip(TABLES, tables, strict=True):
        save_table(table, begun / f"{name}.parquet")
    begun.rename(folder)


def _fingerprint(
    inputs: str | Path | Sequence[str | Path], columns: Mapping[str, str] | None
) -> str:
    """Return a digest of all that the finished batches depend on."""
    code = Path(__file__).parent
    data = [path for path in (code / "data", code.parent / "data") if path.is_dir()]
    seen = hashlib.sha256(json.dumps([dict(columns or {}), BATCH], sort_keys=True).encode())
    for root in [*_as_paths(inputs), *data, *code.glob("*.py")]:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file():
                status = path.stat()
                seen.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _as_paths(inputs: str | Path | Sequence[str | Path]) -> list[Path]:
    return [Path(inputs)] if isinstance(inputs, str | Path) else [Path(path) for path in inputs]


def _keep_if_same_run(folder: Path, fingerprint: str) -> None:
    mark = folder / "fingerprint"
    if not mark.exists() or mark.read_text() != fingerprint:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        mark.write_text(fingerprint)
