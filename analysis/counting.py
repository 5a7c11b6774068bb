"""Counts straight from files: their texts are read, counted and let go by several processes.

The tables are those that `load_articles`, `find_themes` and `count_themes` give.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.blocks import Ints
from analysis.cleaning import find_boilerplate, mask_text
from analysis.lexicon import Lexicon, all_categories, choose_lexicons
from analysis.matching import (
    Found,
    compile_lexicons,
    find_terms_in,
    nothing_found,
    number_terms,
    read_surfaces,
)
from analysis.parallel import map_in_order
from analysis.readers import PART_SIZE, Part, split_file
from analysis.records import (
    Entry,
    Ids,
    InputFile,
    as_paths,
    check_columns,
    find_files,
    no_rows,
    read_entries,
)

if TYPE_CHECKING:
    import pandas as pd

Task = list[tuple[InputFile, Part]]


class Counted(NamedTuple):
    """Tables of some articles; `mentions` is empty unless it was asked for."""

    counts: pd.DataFrame
    mentions: pd.DataFrame
    manifest: pd.DataFrame


class _PartCounts(NamedTuple):
    """What is kept of the texts of one task: `found` and `surfaces` only when asked for."""

    entries: list[tuple[InputFile, Entry]]
    counted: Ints
    words: Ints
    found: Found
    surfaces: list[str]


def count_files(
    inputs: str | Path | Sequence[str | Path],
    *,
    lexicons: Sequence[Lexicon] | None = None,
    columns: Mapping[str, str] | None = None,
    match: str = "rules",
    mentions: bool = False,
    processes: int = 1,
) -> Iterator[Counted]:
    """Count the themes of the articles in files and folders, a part of a file at a time.

    Yields tables of the columns that `count_themes`, `find_themes` and `load_articles`
    give, in the order of the input; `mentions` holds rows only with `mentions=True`, and no
    `quote_id`. Memory holds a few parts of 4 MB per process, and one number for each article.

    Raises InputError for a path or argument that cannot be used, and NothingUsable, after
    the last part, when there is no article at all.

    >>> from analysis.datasets import sample_corpus
    >>> tables = next(count_files(sample_corpus()))
    >>> tables.counts["category"].unique().tolist()[:2]
    ['terrorism', 'migration']
    """
    check_columns(columns)
    paths = as_paths(inputs)
    chosen = choose_lexicons(lexicons)
    work = functools.partial(
        _count_task, columns=dict(columns or {}), lexicons=chosen, match=match, mentions=mentions
    )
    if match == "rules":
        compile_lexicons(chosen)  # before other processes are forked, which then have it
    files = find_files(paths)
    results = map_in_order(work, _group_parts(files), processes=processes)
    return _settle(results, chosen, files, paths)


def _group_parts(files: Iterable[InputFile]) -> Iterator[Task]:
    """Yield tasks of about the same size: small files together, large ones in parts."""
    task: Task = []
    size = 0
    for file in files:
        for part in split_file(file.path):
            task.append((file, part))
            size += (part.stop or _size(file.path)) - part.start
            if size >= PART_SIZE:
                yield task
                task, size = [], 0
    if task:
        yield task


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _count_task(
    task: Task,
    *,
    columns: Mapping[str, str],
    lexicons: tuple[Lexicon, ...],
    match: str,
    mentions: bool,
) -> _PartCounts:
    if match == "lemma":
        from analysis.morphology import compile_lexicons_by_lemma

        matcher = compile_lexicons_by_lemma(lexicons)
    else:
        matcher = compile_lexicons(lexicons)
    entries: list[tuple[InputFile, Entry]] = []
    texts = []
    for file, part in task:
        for entry in read_entries(file, part, columns):
            entries.append((file, entry))
            if entry.article:
                text, skip = entry.article["text"], entry.article["skip"]
                texts.append(mask_text(text, find_boilerplate(text) if skip is None else skip))
                entry.article = {name: entry.article[name] for name in ("outlet", "published")}
    found = find_terms_in(texts, matcher)
    category = np.array([term.category_number for term in matcher.terms])[found.term]
    counted = np.zeros((len(texts), len(all_categories(lexicons))), np.int64)
    np.add.at(counted, (found.text, category), 1)
    places = found if mentions else nothing_found()
    return _PartCounts(entries, counted, found.words, places, read_surfaces(places, texts))


def _settle(
    results: Iterable[_PartCounts],
    lexicons: tuple[Lexicon, ...],
    files: Sequence[InputFile],
    paths: Sequence[Path],
) -> Iterator[Counted]:
    """Give articles their ids, leave out duplicates, and make the tables."""
    from analysis.articles import manifest_table, nothing_usable

    ids = Ids()
    with_rows: set[InputFile] = set()
    without_articles: list[pd.DataFrame] = []
    found_any = False
    for result in results:
        for file, entry in result.entries:
            ids.settle(entry)
            with_rows.add(file)
        tables = _make_tables(result, lexicons)
        found_any = found_any or len(tables.counts) > 0
        if not found_any:
            without_articles.append(tables.manifest)
        yield tables
    empty = manifest_table((file, no_rows()) for file in files if file not in with_rows)
    if len(empty):
        yield Counted(tables.counts[:0], tables.mentions[:0], empty)
    if not found_any:
        raise nothing_usable(paths, [*without_articles, empty])


def _make_tables(result: _PartCounts, lexicons: tuple[Lexicon, ...]) -> Counted:
    from analysis.articles import manifest_table
    from analysis.themes import counts_table, mentions_table

    read = [entry for _, entry in result.entries if entry.status in ("read", "duplicate")]
    kept = np.array([entry.article is not None for entry in read], np.bool_)
    articles = [(entry.article_id or "", entry.article) for entry in read if entry.article]
    fields = {
        "article_id": [article_id for article_id, _ in articles],
        "outlet": [article["outlet"] for _, article in articles],
        "published": [article["published"] for _, article in articles],
    }
    mentions = mentions_table(
        [entry.article_id or "" for entry in read],
        result.found,
        result.surfaces,
        number_terms(lexicons),
    )
    return Counted(
        counts_table(
            fields, list(all_categories(lexicons)), result.counted[kept], result.words[kept]
        ),
        mentions[kept[result.found.text]].reset_index(drop=True),
        manifest_table(result.entries),
    )
