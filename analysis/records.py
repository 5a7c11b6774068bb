"""From rows of files to articles, a row at a time and without tables.

What is read of one part of a file depends on that part alone, so that parts can be read by
several processes. Ids are settled afterwards, in order (`Ids`).
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np

from analysis.arabic import count_words, split_paragraphs
from analysis.cleaning import find_boilerplate
from analysis.columns import FIELDS, Found, Mapped, find_columns
from analysis.dates import day_order, find_file_date, is_date_part, is_missing
from analysis.errors import InputError, require_choice
from analysis.publication import needs_order, settle_date
from analysis.readers import Failure, Record, Source, read_rows
from analysis.readers.containers import CONTAINERS, Member, iter_members, show_name
from analysis.readers.folders import InputFile
from analysis.readers.formats import choose_format, explain_no_reader
from analysis.readers.parts import Part, look_at, open_part
from analysis.repeated_lines import Repeated, find_repeated_lines, join_spans

Paths = str | Path | Sequence[str | Path]
Row = dict[str, Any]

LONGEST_TITLE = 25
_CUT = re.compile(r"\[\+\d+ chars\]\s*$")
_LAST = 20_000
_LARGEST_WHOLE = 2**63
FIRST_ROWS, ROWS_FOR_ORDER = 10, 1000
"""Where the first rows of a table have dates such as 03/04/2018, more are searched for proof of
what comes first in them."""


class Reading(NamedTuple):
    """How inputs are read: which columns hold the fields, and how 03/04/2018 is meant.

    `repeated` are the lines that the outlets of the inputs share, once they are known.
    """

    columns: Mapped = ()
    date_order: str | None = None
    repeated: Repeated = {}  # noqa: RUF012  (never changed)


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
    date_from: str = ""
    encoding: str = ""


def as_paths(inputs: Paths) -> list[Path]:
    """Return one path or several as a list of paths."""
    return [Path(path) for path in ([inputs] if isinstance(inputs, str | Path) else inputs)]


def plan_reading(
    columns: Mapping[str, str] | None = None, date_order: str | None = None
) -> Reading:
    """Check how inputs are to be read.

    Raises InputError unless every key of `columns` is a field of an article and `date_order`
    is day, month or None.
    """
    for field in columns or {}:
        require_choice(field, FIELDS, name="a key of columns")
    require_choice(date_order, (None, "day", "month"), name="date_order")
    return Reading(tuple((columns or {}).items()), date_order)


def read_entries(
    file: InputFile, part: Part, reading: Reading
) -> Iterator[tuple[InputFile, Entry]]:
    """Yield an entry for every row of a part of a file, with the file or archive member it is of.

    A file or member without rows has one entry that says so. When a file changes while it is
    read, a last entry tells of it.
    """
    if file.status:
        yield file, Entry(None, file.status, file.reason)
        return
    try:
        is_empty = True
        with open_part(part) as opened:
            for member in iter_members(opened, PurePosixPath(file.name.name)):
                is_empty = False
                found = _describe_member(file, member)
                if member.file is None:
                    yield found, Entry(None, member.status, member.reason)
                    continue
                source = Source(member.file, member.name.name, part.first_row)
                empty = True
                for entry in _read_source(found, source, part, reading):
                    empty = False
                    yield found, entry
                if empty and part.start == 0:
                    yield found, Entry(None, "skipped", "the file has no rows.")
        if is_empty:
            yield file, Entry(None, "skipped", "the archive holds no file.")
        if part.state and look_at(file.path) != part.state:
            reason = "changed while it was read, and its rows may be torn; run again."
            yield file, Entry(None, "failed", reason)
    except OSError as error:
        yield file, Entry(None, "failed", f"cannot be read: {error.strerror or error}.")


def _describe_member(file: InputFile, member: Member) -> InputFile:
    """Name a member of an archive as if the archive were a folder of its name."""
    inside = member.name.parts[1:]
    if not inside:
        return file._replace(name=file.name.with_name(member.name.name))
    return InputFile(
        file.path,
        PurePosixPath(file.name.parent, file.name.name.split(".")[0], show_name("/".join(inside))),
        "/".join([file.source, show_name("/".join(inside))]),
        is_member=True,
    )


def _read_source(file: InputFile, source: Source, part: Part, reading: Reading) -> Iterator[Entry]:
    form = choose_format(source)
    if form is None:
        suffix = Path(source.name).suffix.lower()
        status = "failed" if suffix in CONTAINERS else "skipped"
        yield Entry(None, status, explain_no_reader(suffix))
        return
    mapped = reading.columns if form.is_table else ()
    date_order = reading.date_order
    rows = read_rows(source, form)
    if form.is_table and date_order is None:
        head = list(itertools.islice(rows, FIRST_ROWS))
        if any(map(needs_order, _read_dates(head, mapped))):
            if part.stop is None:
                head += itertools.islice(rows, ROWS_FOR_ORDER - FIRST_ROWS)
                date_order = day_order(_read_dates(head, mapped))
            else:
                date_order = _find_order_of_file(part.path, part.state, mapped)
        rows = itertools.chain(head, rows)
    for row in rows:
        if isinstance(row, Failure):
            yield Entry(row.row, "failed", row.reason)
            continue
        try:
            found = find_columns(tuple(row.fields), mapped, fixed_columns=form.fixed_columns)
        except InputError as error:
            yield Entry(None if form.fixed_columns else row.row, "failed", str(error))
            if form.fixed_columns:
                return
            continue
        yield _read_article(row, file, found, is_table=form.is_table, date_order=date_order)


@functools.lru_cache(maxsize=64)
def _find_order_of_file(path: Path, state: tuple[int, int] | None, mapped: Mapped) -> str | None:
    """Say what comes first in the dates of a file that is read in parts, by its first rows.

    `state` tells the file from what it was when it was asked for before.
    """
    with path.open("rb") as file:
        source = Source(file, path.name)
        form = choose_format(source)
        rows = read_rows(source, form) if form else iter(())
        return day_order(_read_dates(itertools.islice(rows, ROWS_FOR_ORDER), mapped))


def _read_dates(rows: Iterable[Record | Failure], mapped: Mapped) -> Iterator[object]:
    """Yield what stands in the column of dates."""
    for row in rows:
        if isinstance(row, Record):
            try:
                found = find_columns(tuple(row.fields), mapped, fixed_columns=False)
            except InputError:
                continue
            yield row.fields.get(found.fields.get("published", ""))


def _read_article(
    record: Record, file: InputFile, found: Found, *, is_table: bool, date_order: str | None
) -> Entry:
    values = {field: record.fields.get(column) for field, column in found.fields.items()}
    text = values["text"]
    if is_missing(text):
        return Entry(record.row, "skipped", record.note or "the text is empty.")
    if not isinstance(text, str):
        reason = f"the field {found.fields['text']!r} holds {type(text).__name__}, not text."
        return Entry(record.row, "failed", reason)
    is_file = record.row is None
    if is_file:
        known = {name: value for name, value in values.items() if not is_missing(value)}
        values = {**_describe_file(file, text), **known}
    date = settle_date(
        values.get("published"),
        text,
        origin="column" if is_table else "metadata",
        file_date=find_file_date(file.name.as_posix()) if is_file else None,
        order=date_order,
    )
    cut = "NewsAPI gives its beginning alone." if _CUT.search(text) else ""
    notes = [record.note, date.note, cut] + [
        f"no {field}: the row has no field {column!r}."
        for field, column in found.fields.items()
        if column not in record.fields and field != "published"
    ]
    article = {name: _as_cell(record.fields[column]) for column, name in found.extra.items()}
    article |= {
        "outlet": _as_text(values.get("outlet")),
        "published": date.published,
        "title": _as_text(values.get("title")),
        "text": text,
        "skip": None,
        "source_file": file.source,
    }
    if "skip" in record.fields:
        article["skip"] = _read_spans(record.fields["skip"], len(text))
        if article["skip"] is None:
            article["input_skip"] = record.fields["skip"]
    label = file.name.with_suffix("").as_posix() if file.is_member else file.name.stem
    return Entry(
        record.row,
        "read",
        " ".join(note for note in notes if note),
        _name_id(values.get("id"), f"{label}-{record.row}"),
        _digest(text),
        article,
        date.found_in,
        record.encoding,
    )


def _describe_file(file: InputFile, text: str) -> Row:
    """Say what the name of a file, and its first line, tell of the one article in it."""
    folders = [name for name in file.name.parent.parts if not is_date_part(name)]
    outlet = folders[-1] if folders else ""
    return {
        "id": file.name.with_suffix("").as_posix(),
        "title": _find_title(text, outlet),
        "outlet": outlet,
    }


def _find_title(text: str, outlet: str) -> str:
    starts = {start for start, _ in find_boilerplate(text, outlet=outlet)}
    lines = [text[start:end] for start, end in split_paragraphs(text) if start not in starts]
    titles = [line.strip() for line in lines[:-1] if line.strip() != outlet][:1]
    if not titles or count_words(titles[0]) > LONGEST_TITLE or titles[0].endswith("."):
        return ""
    return titles[0]


def mark_skip(article: Row, repeated: Repeated) -> None:
    """Mark the boilerplate of an article, unless its input did."""
    if article["skip"] is None:
        text, outlet = article["text"], article["outlet"]
        lines = find_repeated_lines(text, outlet, repeated, title=article["title"])
        article["skip"] = join_spans(find_boilerplate(text, outlet=outlet), lines)


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
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _as_cell(value: object) -> object:
    """Return what a table can hold: of lists and objects what JSON writes for them."""
    if isinstance(value, dict | list | tuple | np.ndarray):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value) if isinstance(value, int) and abs(value) >= _LARGEST_WHOLE else value


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
