"""Exports of news databases that hold no articles, only where the articles stand."""

import re
from collections.abc import Collection, Sequence

_KEY = r"\d{14}-T?\d+"
_TIME = r"\d{14}"
_DAY = r"\d{8}"
_ID = r"\d{6,}"
_GDELT_TABLES = (
    ("GKG", (27,), (_KEY, _TIME), "5 (DocumentIdentifier)"),
    ("events", (58, 61), (_ID, _DAY), "{last} (SOURCEURL)"),
    ("mentions", (16,), (_ID, _TIME, _TIME), "6 (MentionIdentifier)"),
)
_EXPORTS = {
    "Media Cloud": {"media_name", "media_url", "publish_date", "url"},
    "the DOC API of GDELT": {"seendate", "domain", "sourcecountry", "url"},
    "the GKG of GDELT": {"sourceurls", "themes", "tone"},
}
_ADVICE = "get the articles from these addresses and give them with a column `text`"


def explain_table_without_header(fields: Sequence[str]) -> str:
    """Say what a line of a GDELT file lacks, by its shape; nothing for any other line.

    GDELT's files are tables without a header, of 27 columns (GKG), 58 or 61 (events), or 16
    (mentions), whose first columns are numbers and times.

    >>> explain_table_without_header(["20310102030000-T7", "20310102030000", *[""] * 25])
    'a table of GDELT (GKG), which holds codes and addresses but no articles; get the articles from
    the addresses in column 5 (DocumentIdentifier) and give them with a column `text`.'
    >>> explain_table_without_header(["outlet", "text"])
    ''
    """
    for name, widths, shapes, column in _GDELT_TABLES:
        if len(fields) in widths and all(map(re.fullmatch, shapes, fields)):
            return (
                f"a table of GDELT ({name}), which holds codes and addresses but no articles; get "
                f"the articles from the addresses in column {column.format(last=len(fields))} and "
                "give them with a column `text`."
            )
    return ""


def explain_missing_text(columns: Collection[str]) -> str:
    """Say why a known export has no column for the text; nothing for any other table.

    >>> explain_missing_text(["id", "title", "media_name", "media_url", "publish_date", "url"])
    'an export of Media Cloud, which holds titles and addresses but no articles; get the articles
    from these addresses and give them with a column `text`, or name the column of the titles
    with --text title.'
    >>> explain_missing_text(["outlet", "date"])
    ''
    """
    names = {column.strip().casefold() for column in columns}
    for name, marks in _EXPORTS.items():
        if marks <= names:
            if "title" not in names:
                return f"an export of {name}, which holds addresses but no articles; {_ADVICE}."
            return (
                f"an export of {name}, which holds titles and addresses but no articles; "
                f"{_ADVICE}, or name the column of the titles with --text title."
            )
    return ""
