"""Counts straight from files: their texts are read, counted and let go by several processes.

The tables are those that `load_articles`, `find_themes` and `count_themes` give.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.blocks import Ints
from analysis.cleaning import mask_text
from analysis.lexicon import Lexicon, all_categories, choose_lexicons
from analysis.line_survey import survey_lines
from analysis.matching import (
    Found,
    Matcher,
    compile_lexicons,
    find_terms_in,
    nothing_found,
    number_terms,
    read_surfaces,
)
from analysis.parallel import map_in_order
from analysis.readers.folders import InputFile, find_files
from analysis.readers.parts import PART_SIZE, Task, group_parts
from analysis.records import (
    Entry,
    Ids,
    Paths,
    Reading,
    as_paths,
    mark_skip,
    plan_reading,
    read_entries,
)

if TYPE_CHECKING:
    import pandas as pd


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
    inputs: Paths,
    *,
    lexicons: Sequence[Lexicon] | None = None,
    columns: Mapping[str, str] | None = None,
    date_order: str | None = None,
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
    reading = plan_reading(columns, date_order)
    paths = as_paths(inputs)
    chosen = choose_lexicons(lexicons)
    if match == "rules":
        compile_lexicons(chosen)  # before other processes are forked, which then have it
    files = find_files(paths)
    reading = survey_lines(files, reading, processes=processes)
    work = functools.partial(
        _count_task, reading=reading, lexicons=chosen, match=match, mentions=mentions
    )
    results = map_in_order(work, group_parts(files), processes=processes)
    return _settle(itertools.chain.from_iterable(results), chosen, paths)


def _count_task(
    task: Task,
    *,
    reading: Reading,
    lexicons: tuple[Lexicon, ...],
    match: str,
    mentions: bool,
) -> list[_PartCounts]:
    """Count what a task holds, a few million letters at a time, since a part may be large."""
    if match == "lemma":
        from analysis.morphology import compile_lexicons_by_lemma

        matcher = compile_lexicons_by_lemma(lexicons)
    else:
        matcher = compile_lexicons(lexicons)
    categories = len(all_categories(lexicons))
    counted: list[_PartCounts] = []
    entries: list[tuple[InputFile, Entry]] = []
    texts: list[str] = []
    size = 0
    for file, part in task:
        for found, entry in read_entries(file, part, reading):
            entries.append((found, entry))
            if entry.article:
                mark_skip(entry.article, reading.repeated)
                text = entry.article["text"]
                texts.append(mask_text(text, entry.article["skip"]))
                size += len(text)
                entry.article = {name: entry.article[name] for name in ("outlet", "published")}
            if size >= PART_SIZE:
                counted.append(_count_texts(entries, texts, matcher, categories, mentions))
                entries, texts, size = [], [], 0
    counted.append(_count_texts(entries, texts, matcher, categories, mentions))
    return counted


def _count_texts(
    entries: list[tuple[InputFile, Entry]],
    texts: list[str],
    matcher: Matcher,
    categories: int,
    mentions: bool,
) -> _PartCounts:
    found = find_terms_in(texts, matcher)
    category = np.array([term.category_number for term in matcher.terms])[found.term]
    counted = np.zeros((len(texts), categories), np.int64)
    np.add.at(counted, (found.text, category), 1)
    places = found if mentions else nothing_found()
    return _PartCounts(entries, counted, found.words, places, read_surfaces(places, texts))


def _settle(
    results: Iterable[_PartCounts], lexicons: tuple[Lexicon, ...], paths: Sequence[Path]
) -> Iterator[Counted]:
    """Give articles their ids, leave out duplicates, and make the tables."""
    from analysis.articles import nothing_usable

    ids = Ids()
    without_articles: list[pd.DataFrame] = []
    found_any = False
    for result in results:
        for _, entry in result.entries:
            ids.settle(entry)
        tables = _make_tables(result, lexicons)
        found_any = found_any or len(tables.counts) > 0
        if not found_any:
            without_articles.append(tables.manifest)
        yield tables
    if not found_any:
        raise nothing_usable(paths, without_articles)


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
