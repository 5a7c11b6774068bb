"""Read files and folders into the articles table and the manifest."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.errors import NothingUsable, require_at_least
from analysis.line_survey import survey_lines
from analysis.readers import FORMATS
from analysis.readers.folders import InputFile, find_files
from analysis.readers.parts import split_file
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
from analysis.tables import ARTICLES, MANIFEST, make_table

Tables = tuple[pd.DataFrame, pd.DataFrame]


def load_articles(
    inputs: Paths,
    *,
    columns: Mapping[str, str] | None = None,
    date_order: str | None = None,
    progress: bool = False,
) -> Tables:
    r"""Read files and folders into the table of articles and the manifest.

    Articles: `article_id`, unique; `outlet`, "" when unknown; `published`, the time that
    is written, without its time zone, NaT when unknown; `title`; `text`, verbatim;
    `skip`, the (start, end) spans of boilerplate; `source_file`; then all other columns.
    Manifest: one row for every row of every input, or for a file that is one article or
    yields none: `source_file` (of a member, its path in the archive after that of the
    archive); `row`, the line of JSON Lines, the number below the header of a table, null for
    a whole file; `status` (read, skipped, duplicate or failed); `reason`, also of a row that
    is read but changed; `article_id` of the article it became or repeats; `date_from`, where
    the date was found (column, metadata, file name or byline, "" for none); `encoding`, where
    the reader had to tell it. With `progress` a bar that counts these rows goes to standard
    error.

    The rules, in order:

    1. A folder is searched to the bottom, in sorted order; hidden files and folders are
       skipped, and a file that is reached twice is read once. An archive is read as a folder
       of its name. `docs/formats.md` lists what is read, `docs/reliability.md` the limits.
    2. `columns` maps id, text, title, published and outlet to columns of the input; the
       others are found by the names in `columns.yml`. A column that passes through under
       a name of the articles table gets the prefix `input_`.
    3. A file that is one article (text, web page, Word, RTF, PDF) has its path below the
       folder, without suffix, as id. What the file itself does not tell is taken from there:
       the outlet from the nearest sub-folder that is no year, month or day, the title from
       the first line that is neither boilerplate nor the outlet's name, when more text
       follows, it has at most 25 words and ends without a full stop. The title of a text file
       stays part of the text.
    4. A row without id gets the name of its file and its row number. A second text under
       an id gets `-2` after it; the same text under the same id is a duplicate and left
       out. The same text under another id stays.
    5. A date is looked for in the column or the metadata, the name of a file that is one
       article, and the byline, and read as `parse_date` says. 03/04/2018 may be April or
       March: it is read where the first 1,000 rows of its table prove what comes first, or
       as `date_order` (day or month) says. What cannot be read is no date, with the reason.
    6. Boilerplate is what `find_boilerplate` finds in a text, and the lines that many
       articles of its outlet share in these inputs (`analysis.repeated_lines`). A list in a
       column `skip`, as an earlier run wrote it, stays as it is.

    InputError is raised for a path that does not exist, an unknown key of `columns` and an
    unknown `date_order`;
    NothingUsable, which carries the manifest, when there is no article at all.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "2018-03-04_بيان.txt")
    ...     _ = path.write_text("بيان مشترك\nأعلنت الوزارتان خطة.", "utf-8")
    ...     articles, manifest = load_articles(folder)
    >>> articles.loc[0, ["article_id", "title"]].tolist()
    ['2018-03-04_بيان', 'بيان مشترك']
    >>> manifest["status"].tolist()
    ['read']
    """
    from tqdm.auto import tqdm

    batches = []
    with tqdm(unit=" rows", disable=not progress) as bar:
        for batch in iter_articles(inputs, columns=columns, date_order=date_order):
            batches.append(batch)
            bar.update(len(batch[1]))
    return _concat(batch[0] for batch in batches), _concat(batch[1] for batch in batches)


def iter_articles(
    inputs: Paths,
    *,
    columns: Mapping[str, str] | None = None,
    date_order: str | None = None,
    batch_size: int = 2000,
) -> Iterator[Tables]:
    """Read the same as `load_articles`, in batches of `batch_size` rows of the manifest.

    Files are read twice, first for the lines that outlets repeat. No table is ever in memory
    as a whole, and ids stay unique across batches: kept are the ids and one number for each
    text. Articles may be missing from a batch. The errors of
    `load_articles` are raised at once, but NothingUsable only after the last batch.
    """
    require_at_least(1, batch_size, name="batch_size")
    reading = plan_reading(columns, date_order)
    paths = as_paths(inputs)
    return _iter_batches(paths, find_files(paths), reading, batch_size)


def _iter_batches(
    paths: Sequence[Path],
    files: Sequence[InputFile],
    reading: Reading,
    batch_size: int,
) -> Iterator[Tables]:
    reading = survey_lines(files, reading)
    entries = (
        entry
        for file in files
        for part in split_file(file)
        for entry in read_entries(file, part, reading)
    )
    ids = Ids()
    found = False
    without_articles: list[pd.DataFrame] = []
    while batch := list(itertools.islice(entries, batch_size)):
        for _, entry in batch:
            ids.settle(entry)
            if entry.article:
                mark_skip(entry.article, reading.repeated)
        rows = [
            {"article_id": entry.article_id, **entry.article} for _, entry in batch if entry.article
        ]
        manifest = manifest_table(batch)
        found = found or bool(rows)
        if not found:
            without_articles.append(manifest)
        yield make_table(rows, ARTICLES), manifest
    if not found:
        raise nothing_usable(paths, without_articles)


def manifest_table(entries: Iterable[tuple[InputFile, Entry]]) -> pd.DataFrame:
    """Return the lines of the manifest for some rows of files."""
    listed = list(entries)
    columns = {
        "source_file": [file.source for file, _ in listed],
        "row": [entry.row for _, entry in listed],
        "status": [entry.status for _, entry in listed],
        "reason": [entry.reason for _, entry in listed],
        "article_id": [entry.article_id for _, entry in listed],
        "date_from": [entry.date_from for _, entry in listed],
        "encoding": [entry.encoding for _, entry in listed],
    }
    return pd.DataFrame(columns).astype(dict(MANIFEST))


def nothing_usable(paths: Sequence[Path], manifests: Sequence[pd.DataFrame]) -> NothingUsable:
    """Return the error that says why no input became an article."""
    manifest = _concat(manifests) if manifests else make_table([], MANIFEST)
    return NothingUsable(_explain_nothing(paths, manifest), manifest)


def _concat(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([table for table in tables if not table.empty], ignore_index=True)


def _explain_nothing(paths: Sequence[Path], manifest: pd.DataFrame) -> str:
    where = ", ".join(repr(str(path)) for path in paths)
    if manifest.empty:
        return f"no article in {where}: there is no file; supported are {', '.join(FORMATS)}."
    counts = sorted(Counter(manifest["status"]).items())
    tally = ", ".join(f"{number} {status}" for status, number in counts)
    first = manifest.iloc[0]
    return f"no article in {where}: {tally}; the first is {first.source_file}: {first.reason}"
