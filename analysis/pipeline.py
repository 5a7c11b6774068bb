"""The whole way for a corpus of any size: batches through every step, then the summary.

Each batch is analysed and kept on disk before the next is read. A run that is stopped and
started again with the same input, options and version goes on where it was.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.articles import iter_articles
from analysis.errors import NothingUsable
from analysis.quotes import find_quotes
from analysis.records import Paths
from analysis.report import summarise
from analysis.resuming import Tables, analyse_batches, keep_if_same, read_manifests
from analysis.storage import (
    check_outside,
    check_table_path,
    merge_parquet,
    save_batches,
    save_table,
)
from analysis.themes import count_themes, find_themes

TABLES = ("articles", "mentions", "quotes", "counts", "manifest")
BATCH = 500


def run(
    inputs: Paths,
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
    keep_if_same(unfinished, inputs, columns=dict(columns or {}), batch=BATCH)
    try:
        parts = analyse_batches(
            batches, unfinished, analyse_batch, processes=processes, progress=progress
        )
    except NothingUsable as error:
        shutil.rmtree(unfinished)
        save_table(error.manifest, out / "manifest.csv")
        raise
    manifest = read_manifests(parts)
    save_table(manifest, out / "manifest.csv")
    for table in TABLES[:-1]:
        merge_parquet([part / f"{table}.parquet" for part in parts], out / f"{table}.parquet")
    summarise(out, language=language, freq=freq, by=by)
    shutil.rmtree(unfinished)
    return manifest


def analyse_batch(articles: pd.DataFrame) -> Tables:
    """Return the tables of one batch of articles."""
    quotes = find_quotes(articles)
    mentions = find_themes(articles, quotes=quotes)
    counts = count_themes(articles, mentions)
    return {"articles": articles, "mentions": mentions, "quotes": quotes, "counts": counts}


def save_quotes(
    inputs: Paths,
    out: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    processes: int = 1,
    progress: bool = False,
) -> pd.DataFrame:
    """Find the quotes of articles in files of any size, and return the manifest.

    Writes the table of `find_quotes` to `out` (.parquet, .csv or .jsonl). Until it is
    whole, finished batches stand beside it in a hidden folder, so that a run that was
    stopped goes on where it was. Memory holds a batch of 500 articles per process; the
    table is the same whatever their number.

    Raises NothingUsable (its `manifest` says why) when no article could be read, and
    InputError for an argument that cannot be used.
    """
    out = check_table_path(out)
    check_outside(out, inputs)
    batches = iter_articles(inputs, columns=columns, batch_size=BATCH)
    unfinished = out.with_name(f".{out.name}.batches")
    keep_if_same(unfinished, inputs, columns=dict(columns or {}), batch=BATCH)
    try:
        parts = analyse_batches(
            batches, unfinished, _quotes_of_batch, processes=processes, progress=progress
        )
    except NothingUsable:
        shutil.rmtree(unfinished)
        raise
    manifest = read_manifests(parts)
    save_batches((pd.read_parquet(part / "quotes.parquet") for part in parts), out)
    shutil.rmtree(unfinished)
    return manifest


def _quotes_of_batch(articles: pd.DataFrame) -> Tables:
    return {"quotes": find_quotes(articles)}
