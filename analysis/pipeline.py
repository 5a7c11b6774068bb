"""The whole way for a corpus of any size: batches through every step, then the summary.

Each batch is analysed and kept on disk before the next is read. A run that is stopped and
started again with the same input, options and version goes on where it was.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.articles import iter_articles
from analysis.duplicates import (
    Signed,
    group_signatures,
    join_signed,
    mark_duplicates,
    order_articles,
    reorder_signed,
    sign_texts,
)
from analysis.errors import NothingUsable
from analysis.quotes import find_quotes
from analysis.records import Paths
from analysis.report import summarise
from analysis.resuming import Tables, analyse_batches, keep_batches, read_manifests
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
    date_order: str | None = None,
    language: str = "en",
    freq: str | None = None,
    by: str | None = None,
    processes: int = 1,
    progress: bool = False,
) -> pd.DataFrame:
    """Analyse articles from files to report and return the manifest.

    Leaves in the folder `out`: `articles` (with `duplicate_of`, see
    `analysis.duplicates.find_duplicates`), `mentions`, `quotes` and `counts` as Parquet;
    `manifest`, `periods`, `framing`, `speakers` as CSV; `figures/` (SVG and PNG, each with
    the CSV it plots); `report.html`. `freq` is W, MS, QS or YS, the one
    that `suggest_frequency` gives when None; `by` is outlet, to compare outlets in
    `periods` and `framing`. Memory holds one batch
    of 500 articles per process; with several processes the tables are the same.

    Raises NothingUsable (its `manifest` says why) when no article could be read, and
    InputError for an argument that cannot be used.
    """
    check_outside(out, inputs)
    batches = iter_articles(inputs, columns=columns, date_order=date_order, batch_size=BATCH)
    options = {"columns": dict(columns or {}), "date_order": date_order, "batch": BATCH}
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with keep_batches(out / "unfinished", inputs, **options) as folder:
        try:
            parts = analyse_batches(
                batches,
                folder,
                analyse_batch,
                processes=processes,
                progress=progress,
            )
        except NothingUsable as error:
            save_table(error.manifest, out / "manifest.csv")
            raise
        manifest = read_manifests(parts)
        save_table(manifest, out / "manifest.csv")
        _mark_duplicates(parts)
        for table in TABLES[:-1]:
            merge_parquet([part / f"{table}.parquet" for part in parts], out / f"{table}.parquet")
        summarise(out, language=language, freq=freq, by=by)
    return manifest


def analyse_batch(articles: pd.DataFrame) -> Tables:
    """Return the tables of one batch of articles."""
    quotes = find_quotes(articles)
    mentions = find_themes(articles, quotes=quotes)
    counts = count_themes(articles, mentions)
    return {
        "articles": articles,
        "mentions": mentions,
        "quotes": quotes,
        "counts": counts,
        "signatures": _sign_articles(articles),
    }


def _mark_duplicates(parts: Sequence[Path]) -> None:
    """Add `duplicate_of` to the articles of finished batches, whose texts are compared."""
    kept = [(part, pd.read_parquet(part / "signatures.parquet")) for part in parts]
    articles = pd.concat([table for _, table in kept], ignore_index=True)
    order = order_articles(articles)
    signed = reorder_signed(join_signed(_read_signed(table) for _, table in kept), order)
    duplicates = group_signatures(articles["article_id"].iloc[order].tolist(), signed)
    for part, _ in kept:
        path = part / "articles.parquet"
        save_table(mark_duplicates(pd.read_parquet(path), duplicates), path)


def _sign_articles(articles: pd.DataFrame) -> pd.DataFrame:
    words, digests, signatures = sign_texts(articles["text"], articles["skip"])
    return articles[["article_id", "published"]].assign(
        words=words, digest=digests, signature=[row.tobytes() for row in signatures]
    )


def _read_signed(table: pd.DataFrame) -> Signed:
    signatures = np.frombuffer(b"".join(table["signature"]), np.uint16)
    return Signed(
        table["words"].to_numpy(np.int32),
        table["digest"].to_numpy(np.uint64),
        signatures.reshape(len(table), -1) if len(table) else sign_texts([], []).signatures,
    )


def save_quotes(
    inputs: Paths,
    out: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    date_order: str | None = None,
    processes: int = 1,
    progress: bool = False,
) -> pd.DataFrame:
    """Find the quotes of articles in files of any size, and return the manifest.

    Writes the table of `find_quotes` to `out` (.parquet, .csv, .jsonl or .xlsx). Until it is
    whole, finished batches stand beside it in a hidden folder, so that a run that was
    stopped goes on where it was. Memory holds a batch of 500 articles per process; the
    table is the same whatever their number.

    Raises NothingUsable (its `manifest` says why) when no article could be read, and
    InputError for an argument that cannot be used.
    """
    out = check_table_path(out)
    check_outside(out, inputs)
    batches = iter_articles(inputs, columns=columns, date_order=date_order, batch_size=BATCH)
    options = {"columns": dict(columns or {}), "date_order": date_order, "batch": BATCH}
    unfinished = out.with_name(f".{out.name}.batches")
    with keep_batches(unfinished, inputs, **options) as folder:
        parts = analyse_batches(
            batches, folder, _quotes_of_batch, processes=processes, progress=progress
        )
        manifest = read_manifests(parts)
        save_batches((pd.read_parquet(part / "quotes.parquet") for part in parts), out)
    return manifest


def _quotes_of_batch(articles: pd.DataFrame) -> Tables:
    return {"quotes": find_quotes(articles)}
