"""Load articles from any files into one table, and account for every row in another."""

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import pandas as pd

from analysis.arabic import count_words, split_paragraphs
from analysis.cleaning import find_boilerplate, mark_boilerplate
from analysis.dates import is_missing, parse_date
from analysis.errors import InputError
from analysis.readers import FORMATS, Failure, Record, read_rows
from analysis.tables import ARTICLES, MANIFEST, make_table, require_choice

Paths = str | Path | Sequence[str | Path]
Tables = tuple[pd.DataFrame, pd.DataFrame]
_Row = dict[str, Any]

# Of several names that an input has, the first one here is taken; case does not count.
FIELD_NAMES = {
    "id": ("article_id", "id", "doc_id", "docno"),
    "text": ("text", "content", "body", "full_text", "article"),
    "title": ("title", "headline"),
    "published": (
        "published",
        "pubdate",
        "publish_date",
        "date",
        "date_extracted",
        "timestamp",
        "time",
    ),
    "outlet": ("outlet", "source", "publisher", "newspaper", "media_name", "site"),
}
LONGEST_TITLE = 25
_FILE_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


class NothingUsable(InputError):  # noqa: N818  (it names the outcome, like StopIteration)
    """No article could be read; `manifest` says why for every input."""

    def __init__(self, message: str, manifest: pd.DataFrame) -> None:
        super().__init__(message)
        self.manifest = manifest


class _InputFile(NamedTuple):
    """A file, and its path below the folder that was given."""

    path: Path
    name: PurePosixPath


class _Found(NamedTuple):
    """The columns that hold the fields, and the names under which the others pass through."""

    fields: dict[str, str]
    extra: dict[str, str]


class _Ids(NamedTuple):
    """Ids given so far: by wanted id and text, all of them, and how often one was wanted."""

    known: dict[tuple[str, int], str]
    taken: set[str]
    wanted: Counter[str]


def load_articles(
    inputs: Paths, *, columns: Mapping[str, str] | None = None, progress: bool = False
) -> Tables:
    r"""Read files and folders into the table of articles and the manifest.

    Articles: `article_id`, unique; `outlet`, "" when unknown; `published`, without time
    zone, in UTC where the input names one, NaT when unknown; `title`; `text`, verbatim;
    `skip`, the (start, end) spans of boilerplate; `source_file`; then all other columns.
    Manifest: one row for every row of every input, or for a file that is one article or
    yields none: `source_file`; `row`, the line of JSON Lines, the number below the header
    of a table, null for a whole file; `status` (read, skipped, duplicate or failed);
    `reason`, also of a row that is read but changed; `article_id` of the article it became
    or repeats. With `progress` a bar that counts these rows goes to standard error.

    The rules, in order:

    1. A folder is searched to the bottom, in sorted order, without hidden files and
       folders; a file that is reached twice is read once.
    2. `columns` maps id, text, title, published and outlet to columns of the input; the
       others are found by the names in `FIELD_NAMES`. A column that passes through under
       a name of the articles table gets the prefix `input_`.
    3. A text file is one article. Its id is its path below the folder, without suffix; its
       outlet the sub-folder it stands in; its date a YYYY-MM-DD in its name; its title the
       first line that is neither boilerplate nor the outlet's name, when more text follows,
       it has at most 25 words and ends without a full stop. The title stays part of the
       text.
    4. A row without id gets the name of its file and its row number. A second text under
       an id gets `-2` after it; the same text under the same id is a duplicate and left
       out. The same text under another id stays.
    5. Dates must be year first. 03/04/2018 may be April or March, and a number may count
       seconds or days: such a row is read with the reason and no date.

    InputError is raised for a path that does not exist and an unknown key of `columns`;
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
        for batch in iter_articles(inputs, columns=columns):
            batches.append(batch)
            bar.update(len(batch[1]))
    return _concat(batch[0] for batch in batches), _concat(batch[1] for batch in batches)


def iter_articles(
    inputs: Paths, *, columns: Mapping[str, str] | None = None, batch_size: int = 2000
) -> Iterator[Tables]:
    """Read the same as `load_articles`, in batches of `batch_size` rows of the manifest.

    No table is ever in memory as a whole, and ids stay unique across batches: kept are the
    ids and one number for each text. Articles may be missing from a batch. The errors of
    `load_articles` are raised at once, but NothingUsable only after the last batch.
    """
    if batch_size < 1:
        raise InputError(f"batch_size is {batch_size!r}; give a whole number, 1 or more.")
    for field in columns or {}:
        require_choice(field, tuple(FIELD_NAMES), name="a key of columns")
    paths = [Path(path) for path in ([inputs] if isinstance(inputs, str | Path) else inputs)]
    return _iter_batches(paths, _find_files(paths), dict(columns or {}), batch_size)


def _find_files(paths: Sequence[Path]) -> list[_InputFile]:
    if not paths:
        raise InputError("inputs is empty; name at least one file or folder.")
    files: dict[Path, _InputFile] = {}
    for path in paths:
        if not path.exists():
            raise InputError(f"there is no file or folder {str(path)!r}; check the path.")
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            name = file.relative_to(path) if path.is_dir() else Path(file.name)
            hidden = path.is_dir() and any(part.startswith(".") for part in name.parts)
            if file.is_file() and not hidden:
                files.setdefault(file.resolve(), _InputFile(file, PurePosixPath(name.as_posix())))
    return list(files.values())


def _iter_batches(
    paths: Sequence[Path],
    files: Sequence[_InputFile],
    columns: Mapping[str, str],
    batch_size: int,
) -> Iterator[Tables]:
    ids = _Ids({}, set(), Counter())
    entries = (entry for file in files for entry in _read_file(file, columns, ids))
    without_articles: list[pd.DataFrame] = []
    while batch := list(itertools.islice(entries, batch_size)):
        articles = make_table([article for _, article in batch if article], ARTICLES)
        manifest = make_table([entry for entry, _ in batch], MANIFEST)
        if not ids.taken:
            without_articles.append(manifest)
        yield mark_boilerplate(articles), manifest
    if not ids.taken:
        manifest = _concat(without_articles) if without_articles else make_table([], MANIFEST)
        raise NothingUsable(_explain_nothing(paths, manifest), manifest)


def _concat(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([table for table in tables if not table.empty], ignore_index=True)


def _read_file(
    file: _InputFile, columns: Mapping[str, str], ids: _Ids
) -> Iterator[tuple[_Row, _Row | None]]:
    """Yield for every row its entry of the manifest, and the article if it becomes one."""
    suffix = file.path.suffix.lower()
    if suffix not in FORMATS:
        reason = f"no reader for the suffix {suffix!r}; supported are {', '.join(FORMATS)}."
        yield _entry(file, None, "skipped", reason), None
        return
    fixed_columns = FORMATS[suffix].fixed_columns
    empty = True
    for row in read_rows(file.path):
        empty = False
        if isinstance(row, Failure):
            yield _entry(file, row.row, "failed", row.reason), None
            continue
        mapped = () if row.row is None else tuple(columns.items())
        try:
            found = _find_columns(tuple(row.fields), mapped, fixed_columns)
        except InputError as error:
            yield _entry(file, None if fixed_columns else row.row, "failed", str(error)), None
            if fixed_columns:
                return
            continue
        yield _read_article(row, file, found, ids)
    if empty:
        yield _entry(file, None, "skipped", "the file has no rows."), None


@functools.lru_cache(maxsize=256)
def _find_columns(
    names: tuple[str, ...], mapped: tuple[tuple[str, str], ...], fixed_columns: bool
) -> _Found:
    """Say which column holds which field; where columns vary by row, only text is required."""
    fields = dict(mapped)
    for field, column in fields.items():
        if column not in names and (fixed_columns or field == "text"):
            raise InputError(
                f"no column {column!r}; the columns are: {', '.join(names)}; "
                f"correct --{field} or columns={{{field!r}: ...}}."
            )
    free = {name.strip().casefold(): name for name in names if name not in fields.values()}
    for field, known in FIELD_NAMES.items():
        for name in known:
            if name in free:
                fields.setdefault(field, free[name])
    if "text" not in fields:
        raise InputError(
            f"no column for the text; the columns are: {', '.join(names)}; "
            "name it with --text or columns={'text': ...}."
        )
    extra = {
        name: f"input_{name}" if name in ARTICLES else name
        for name in names
        if name not in {*fields.values(), "skip", "source_file"}
    }
    return _Found(fields, extra)


def _read_article(
    record: Record, file: _InputFile, found: _Found, ids: _Ids
) -> tuple[_Row, _Row | None]:
    values = {field: record.fields.get(column) for field, column in found.fields.items()}
    text = values["text"]
    if is_missing(text):
        return _entry(file, record.row, "skipped", "the text is empty."), None
    if not isinstance(text, str):
        reason = f"the field {found.fields['text']!r} holds {type(text).__name__}, not text."
        return _entry(file, record.row, "failed", reason), None
    if record.row is None:
        values = {**_describe_file(file, text), **values}
    wanted = _name_id(values.get("id"), f"{file.name.stem}-{record.row}")
    article_id, repeats = _settle_id(wanted, text, ids)
    if repeats:
        reason = f"the same id and text as {article_id!r}."
        return _entry(file, record.row, "duplicate", reason, article_id), None
    published, problem = parse_date(values.get("published"))
    problems = [problem] if problem else []
    problems += [
        f"no {field}: the row has no field {column!r}."
        for field, column in found.fields.items()
        if column not in record.fields and field != "published"
    ]
    if article_id != wanted:
        problems.append(f"the id {wanted!r} belongs to another text.")
    article = {name: record.fields[column] for column, name in found.extra.items()}
    article |= {
        "article_id": article_id,
        "outlet": _as_text(values.get("outlet")),
        "published": published,
        "title": _as_text(values.get("title")),
        "text": text,
        "skip": None,
        "source_file": file.path.as_posix(),
    }
    if "skip" in record.fields:
        article["skip"] = _read_spans(record.fields["skip"], len(text))
        if article["skip"] is None:
            article["input_skip"] = record.fields["skip"]
    return _entry(file, record.row, "read", " ".join(problems), article_id), article


def _describe_file(file: _InputFile, text: str) -> _Row:
    """Say what the name of a file, and its first line, tell of the one article in it."""
    day = _FILE_DATE.search(file.name.name)
    outlet = file.name.parent.name
    return {
        "id": file.name.with_suffix("").as_posix(),
        "title": _find_title(text, outlet),
        "published": day.group() if day else None,
        "outlet": outlet,
    }


def _find_title(text: str, outlet: str) -> str:
    starts = {start for start, _ in find_boilerplate(text)}
    lines = [text[start:end] for start, end in split_paragraphs(text) if start not in starts]
    titles = [line.strip() for line in lines[:-1] if line.strip() != outlet][:1]
    if not titles or count_words(titles[0]) > LONGEST_TITLE or titles[0].endswith("."):
        return ""
    return titles[0]


def _name_id(value: object, default: str) -> str:
    if is_missing(value):
        return default
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _settle_id(wanted: str, text: str, ids: _Ids) -> tuple[str, bool]:
    """Return the id of an article and whether the same text already has it."""
    key = (wanted, hash(text))
    if key in ids.known:
        return ids.known[key], True
    article_id = wanted
    while article_id in ids.taken:
        ids.wanted[wanted] += 1
        article_id = f"{wanted}-{ids.wanted[wanted] + 1}"
    ids.taken.add(article_id)
    ids.known[key] = article_id
    return article_id, False


def _read_spans(value: object, length: int) -> list[tuple[int, int]] | None:
    """Return spans that an earlier run wrote, or None if the value is something else."""
    if not isinstance(value, list):
        return None
    spans = []
    end_before = 0
    for span in value:
        match span:
            case [int(start), int(end)] if end_before <= start <= end <= length:
                spans.append((start, end))
                end_before = end
            case _:
                return None
    return spans


def _entry(
    file: _InputFile, row: int | None, status: str, reason: str, article_id: str | None = None
) -> _Row:
    return {
        "source_file": file.path.as_posix(),
        "row": row,
        "status": status,
        "reason": reason,
        "article_id": article_id,
    }


def _explain_nothing(paths: Sequence[Path], manifest: pd.DataFrame) -> str:
    where = ", ".join(repr(str(path)) for path in paths)
    if manifest.empty:
        return f"no article in {where}: there is no file; supported are {', '.join(FORMATS)}."
    counts = sorted(Counter(manifest["status"]).items())
    tally = ", ".join(f"{number} {status}" for status, number in counts)
    first = manifest.iloc[0]
    return f"no article in {where}: {tally}; the first is {first.source_file}: {first.reason}"


def _as_text(value: object) -> str:
    return "" if is_missing(value) else str(value)
