"""From rows of files to articles, a row at a time and without tables.

What is read of one part of a file depends on that part alone, so that parts can be read by
several processes. Ids are settled afterwards, in order (`Ids`).
"""

from __future__ import annotations

import functools
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np

from analysis.arabic import count_words, split_paragraphs
from analysis.cleaning import find_boilerplate
from analysis.dates import is_missing, parse_date
from analysis.errors import InputError, require_choice
from analysis.readers import FORMATS, Failure, Part, Record, read_rows
from analysis.tables import ARTICLES

Paths = str | Path | Sequence[str | Path]
Row = dict[str, Any]

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
_LAST = 20_000
_FILE_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


class InputFile(NamedTuple):
    """A file, its path below the folder that was given, and its name in tables."""

    path: Path
    name: PurePosixPath
    source: str


class _Found(NamedTuple):
    """The columns that hold the fields, and the names under which the others pass through."""

    fields: dict[str, str]
    extra: dict[str, str]


@dataclass(slots=True)
class Entry:
    """What became of one row, or of a file: its line in the manifest, and the article if any.

    `article_id` is the id that the row asks for, `digest` a number for its text.
    """

    row: int | None
    status: str
    reason: str
    article_id: str | None = None
    digest: int = 0
    article: Row | None = None


def as_paths(inputs: Paths) -> list[Path]:
    """Return one path or several as a list of paths."""
    return [Path(path) for path in ([inputs] if isinstance(inputs, str | Path) else inputs)]


def check_columns(columns: Mapping[str, str] | None) -> None:
    """Raise InputError unless every key of `columns` is a field of an article."""
    for field in columns or {}:
        require_choice(field, tuple(FIELD_NAMES), name="a key of columns")


def find_files(paths: Sequence[Path]) -> list[InputFile]:
    """Return the files that these paths name or hold, each once, in sorted order."""
    if not paths:
        raise InputError("inputs is empty; name at least one file or folder.")
    files: dict[Path, InputFile] = {}
    for path in paths:
        if not path.exists():
            raise InputError(f"there is no file or folder {str(path)!r}; check the path.")
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            name = file.relative_to(path) if path.is_dir() else Path(file.name)
            hidden = path.is_dir() and any(part.startswith(".") for part in name.parts)
            if file.is_file() and not hidden:
                files.setdefault(
                    file.resolve(),
                    InputFile(file, PurePosixPath(name.as_posix()), file.as_posix()),
                )
    return list(files.values())


def read_entries(file: InputFile, part: Part, columns: Mapping[str, str]) -> Iterator[Entry]:
    """Yield an entry for every row of a part of a file; none when it has no rows."""
    suffix = file.path.suffix.lower()
    if suffix not in FORMATS:
        reason = f"no reader for the suffix {suffix!r}; supported are {', '.join(FORMATS)}."
        yield Entry(None, "skipped", reason)
        return
    fixed_columns = FORMATS[suffix].fixed_columns
    for row in read_rows(part):
        if isinstance(row, Failure):
            yield Entry(row.row, "failed", row.reason)
            continue
        mapped = () if row.row is None else tuple(columns.items())
        try:
            found = _find_columns(tuple(row.fields), mapped, fixed_columns)
        except InputError as error:
            yield Entry(None if fixed_columns else row.row, "failed", str(error))
            if fixed_columns:
                return
            continue
        yield _read_article(row, file, found)


def no_rows() -> Entry:
    """Return the entry of a file without rows."""
    return Entry(None, "skipped", "the file has no rows.")


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


def _read_article(record: Record, file: InputFile, found: _Found) -> Entry:
    values = {field: record.fields.get(column) for field, column in found.fields.items()}
    text = values["text"]
    if is_missing(text):
        return Entry(record.row, "skipped", "the text is empty.")
    if not isinstance(text, str):
        reason = f"the field {found.fields['text']!r} holds {type(text).__name__}, not text."
        return Entry(record.row, "failed", reason)
    if record.row is None:
        values = {**_describe_file(file, text), **values}
    published, problem = parse_date(values.get("published"))
    problems = [problem] if problem else []
    problems += [
        f"no {field}: the row has no field {column!r}."
        for field, column in found.fields.items()
        if column not in record.fields and field != "published"
    ]
    article = {name: record.fields[column] for column, name in found.extra.items()}
    article |= {
        "outlet": _as_text(values.get("outlet")),
        "published": published,
        "title": _as_text(values.get("title")),
        "text": text,
        "skip": None,
        "source_file": file.source,
    }
    if "skip" in record.fields:
        article["skip"] = _read_spans(record.fields["skip"], len(text))
        if article["skip"] is None:
            article["input_skip"] = record.fields["skip"]
    return Entry(
        record.row,
        "read",
        " ".join(problems),
        _name_id(values.get("id"), f"{file.name.stem}-{record.row}"),
        _digest(text),
        article,
    )


def _describe_file(file: InputFile, text: str) -> Row:
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


def _as_text(value: object) -> str:
    return "" if is_missing(value) else str(value)


def _digest(text: str) -> int:
    """Return a number that tells texts of the same id apart: the same in every process."""
    return (len(text) & 0x3FFFFFFF) << 32 | zlib.crc32(text.encode("utf-16-le", "surrogatepass"))


class Ids:
    """The ids given so far, with one number for the text of each."""

    def __init__(self) -> None:
        self._text_of = _Numbers()
        self._renamed: dict[tuple[str, int], str] = {}
        self._wanted: Counter[str] = Counter()

    def settle(self, entry: Entry) -> None:
        """Give an article its id, or turn its entry into a duplicate of an earlier one."""
        if entry.article is None or entry.article_id is None:
            return
        wanted = article_id = entry.article_id
        known_text = self._text_of.get(hash(wanted))
        if known_text is None:
            self._text_of.add(hash(wanted), entry.digest)
            return
        known = self._renamed.get((wanted, entry.digest))
        if known or known_text == entry.digest:
            entry.status, entry.article, entry.article_id = "duplicate", None, known or wanted
            entry.reason = f"the same id and text as {entry.article_id!r}."
            return
        while self._text_of.get(hash(article_id)) is not None:
            self._wanted[wanted] += 1
            article_id = f"{wanted}-{self._wanted[wanted] + 1}"
        self._text_of.add(hash(article_id), entry.digest)
        self._renamed[wanted, entry.digest] = entry.article_id = article_id
        problem = f"the id {wanted!r} belongs to another text."
        entry.reason = f"{entry.reason} {problem}".lstrip()


class _Numbers:
    """A number for each of many keys in sixteen bytes, but for the last, which are in a dict."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._keys = np.zeros(0, np.int64)
        self._values = np.zeros(0, np.int64)

    def add(self, key: int, value: int) -> None:
        """Add a key that is new."""
        self._last[key] = value
        if len(self._last) == _LAST:
            keys = np.concatenate([self._keys, np.fromiter(self._last, np.int64, _LAST)])
            added = np.fromiter(self._last.values(), np.int64, _LAST)
            order = np.argsort(keys)
            self._keys = keys[order]
            self._values = np.concatenate([self._values, added])[order]
            self._last.clear()

    def get(self, key: int) -> int | None:
        """Return the number of a key, or None."""
        if key in self._last:
            return self._last[key]
        place = int(self._keys.searchsorted(key))
        if place < len(self._keys) and self._keys[place] == key:
            return int(self._values[place])
        return None
