"""Which columns of a table hold the fields of an article."""

import functools
from pathlib import Path
from typing import NamedTuple

from analysis.arabic import fold
from analysis.data_files import data_path, load_yaml
from analysis.errors import InputError
from analysis.readers.web_exports import explain_missing_text
from analysis.tables import ARTICLES

FIELDS = ("id", "text", "title", "published", "outlet")
"""The fields of an article that a table may hold; only the text must be there."""

Mapped = tuple[tuple[str, str], ...]


class Found(NamedTuple):
    """The columns that hold the fields, and the names under which the others pass through."""

    fields: dict[str, str]
    extra: dict[str, str]


@functools.cache
def load_column_names(path: str | Path | None = None) -> dict[str, tuple[str, ...]]:
    """Read and check the names of columns; by default those that ship.

    DataFileError, with file and line, is raised for a field that is unknown or missing, and
    for a name that is no text or stands twice.

    >>> load_column_names()["text"][:2]
    ('text', 'content')
    """
    file = load_yaml(data_path("lexicons", "columns.yml") if path is None else path)
    file.check_fields((), file.content, required=FIELDS)
    seen: set[str] = set()
    for field, names in file.content.items():
        if not isinstance(names, list) or not names:
            file.fail((field,), f"expected a list of names, found {names!r}.")
        for place, name in enumerate(names):
            if not isinstance(name, str) or _known_by(name) in seen:
                file.fail((field, place), f"the name {name!r} is no text or stands twice.")
            seen.add(_known_by(name))
    return {field: tuple(names) for field, names in file.content.items()}


@functools.lru_cache(maxsize=256)
def find_columns(names: tuple[str, ...], mapped: Mapped, *, fixed_columns: bool) -> Found:
    """Say which column holds which field; where columns vary by row, only text is required.

    `mapped` are the fields whose columns the user names. Raises InputError when one of these
    is missing, or no column can be the text.

    >>> find_columns(("العنوان", "النص", "n"), (), fixed_columns=True).fields
    {'text': 'النص', 'title': 'العنوان'}
    """
    fields = dict(mapped)
    for field, column in fields.items():
        if column not in names and (fixed_columns or field == "text"):
            raise InputError(
                f"no column {column!r}; the columns are: {', '.join(names)}; "
                f"correct --{field} or columns={{{field!r}: ...}}."
            )
    free = {_known_by(name): name for name in names if name not in fields.values()}
    for field, known in load_column_names().items():
        for name in known:
            if _known_by(name) in free:
                fields.setdefault(field, free[_known_by(name)])
    if "text" not in fields:
        export = explain_missing_text(names)
        raise InputError(
            f"no column for the text; the columns are: {', '.join(names)}; "
            "name it with --text or columns={'text': ...}."
            + (f" This is {export}" if export else "")
        )
    extra = {
        name: f"input_{name}" if name in ARTICLES else name
        for name in names
        if name not in {*fields.values(), "skip", "source_file"}
    }
    return Found(fields, extra)


@functools.lru_cache(maxsize=4096)
def _known_by(name: str) -> str:
    return fold(name.strip()).casefold()
