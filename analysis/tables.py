"""The tables every step reads and returns: their columns, in order, with their types.

Column names are contracts. A table may carry further columns (they pass through), but
the ones named here are always there, in an empty table too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from analysis.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Columns = Mapping[str, str]

ARTICLES: Columns = {
    "article_id": "str",
    "outlet": "str",
    "published": "datetime64[us]",
    "title": "str",
    "text": "str",
    "skip": "object",
    "source_file": "str",
}
MANIFEST: Columns = {
    "source_file": "str",
    "row": "Int64",
    "status": "str",
    "reason": "str",
    "article_id": "str",
    "date_from": "str",
    "encoding": "str",
}
MENTIONS: Columns = {
    "article_id": "str",
    "category": "str",
    "kind": "str",
    "term": "str",
    "start": "int64",
    "end": "int64",
    "surface": "str",
    "quote_id": "str",
    "subcategory": "str",
}
COUNTS: Columns = {
    "article_id": "str",
    "outlet": "str",
    "published": "datetime64[us]",
    "category": "str",
    "mentions": "int64",
    "tokens": "int64",
}
QUOTES: Columns = {
    "article_id": "str",
    "quote_id": "str",
    "type": "str",
    "content": "str",
    "content_start": "int64",
    "content_end": "int64",
    "cue": "str",
    "cue_start": "Int64",
    "cue_end": "Int64",
    "cue_lemma": "str",
    "cue_kind": "str",
    "source": "str",
    "source_start": "Int64",
    "source_end": "Int64",
    "speaker": "str",
    "role": "str",
    "source_type": "str",
    "weak": "bool",
    "rule": "str",
    "repaired": "bool",
}
FREQUENCIES = ("W", "MS", "QS", "YS")
"""Weeks, months, quarters and years, as pandas names them."""
SOURCE_TYPES = (
    "expert",
    "official",
    "organization",
    "media",
    "citizen",
    "armed_group",
    "anonymous",
    "other",
)


def make_table(rows: Iterable[Mapping[str, object]], columns: Columns) -> pd.DataFrame:
    """Build a table with these columns first, of these types, also when there are no rows.

    >>> make_table([], COUNTS).columns.tolist()
    ['article_id', 'outlet', 'published', 'category', 'mentions', 'tokens']
    """
    import pandas as pd

    table = pd.DataFrame(list(rows))
    for name in columns:
        if name not in table:
            table[name] = pd.NaT if columns[name].startswith("datetime") else None
    extra = [name for name in table if name not in columns]
    return table[[*columns, *extra]].astype(dict(columns))


def require_columns(table: pd.DataFrame, columns: Iterable[str], *, name: str) -> None:
    """Raise InputError, naming the table, when a column is missing.

    >>> import pandas as pd
    >>> require_columns(pd.DataFrame({"text": []}), ["article_id", "text"], name="articles")
    Traceback (most recent call last):
    analysis.errors.InputError: the table `articles` has no column `article_id`; it has: text.
    """
    missing = [column for column in columns if column not in table]
    if missing:
        raise InputError(
            f"the table `{name}` has no column {_listed(missing)}; "
            f"it has: {', '.join(map(str, table.columns)) or 'no columns'}."
        )


def require_once(table: pd.DataFrame, *, name: str) -> None:
    """Raise InputError, naming the table, when an article has several rows.

    >>> import pandas as pd
    >>> require_once(pd.DataFrame({"article_id": ["أ", "أ"]}), name="articles")
    Traceback (most recent call last):
    analysis.errors.InputError: the table `articles` has several rows for the article_id 'أ'; it
    needs one for each article.
    """
    doubled = table["article_id"].duplicated()
    if doubled.any():
        raise InputError(
            f"the table `{name}` has several rows for the article_id "
            f"{table.loc[doubled, 'article_id'].iloc[0]!r}; it needs one for each article."
        )


def interval_columns(names: Iterable[str]) -> list[str]:
    """Return the names of the columns that hold the intervals of these columns.

    >>> interval_columns(["share"])
    ['share_low', 'share_high']
    """
    return [f"{name}_{bound}" for name in names for bound in ("low", "high")]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
