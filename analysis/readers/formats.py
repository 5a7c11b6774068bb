"""Which reader reads a file: chosen by what its first bytes show, else by its suffix."""

import re
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

from analysis.readers.containers import CONTAINERS
from analysis.readers.delimited import read_delimited
from analysis.readers.json_documents import read_json_document
from analysis.readers.json_lines import read_json_lines
from analysis.readers.mediawiki import read_mediawiki_dump
from analysis.readers.parquet import read_parquet
from analysis.readers.pdf import read_pdf
from analysis.readers.plain_text import read_text
from analysis.readers.rich_text import read_rich_text
from analysis.readers.rows import Reader, Source
from analysis.readers.spreadsheets import read_spreadsheet
from analysis.readers.trec_documents import read_trec_documents
from analysis.readers.web_pages import read_mhtml, read_web_page
from analysis.readers.word_documents import read_word_document

HEAD = 4096
"""Bytes that are looked at to know a format."""


class Format(NamedTuple):
    """A reader, and what its rows are.

    `is_table`: rows are what the user's columns say; otherwise the reader itself gives our
    fields. `fixed_columns`: all rows of a file have the same columns. `by_line`: each line
    stands alone, so that a large file can be divided.
    """

    read: Reader
    is_table: bool = False
    fixed_columns: bool = False
    by_line: bool = False


FORMATS = {
    ".txt": Format(read_text),
    ".html": Format(read_web_page),
    ".htm": Format(read_web_page),
    ".xhtml": Format(read_web_page),
    ".mhtml": Format(read_mhtml),
    ".mht": Format(read_mhtml),
    ".docx": Format(read_word_document),
    ".docm": Format(read_word_document),
    ".rtf": Format(read_rich_text),
    ".pdf": Format(read_pdf),
    ".csv": Format(read_delimited, is_table=True, fixed_columns=True),
    ".tsv": Format(read_delimited, is_table=True, fixed_columns=True),
    ".tab": Format(read_delimited, is_table=True, fixed_columns=True),
    ".xlsx": Format(read_spreadsheet, is_table=True),
    ".xlsm": Format(read_spreadsheet, is_table=True),
    ".json": Format(read_json_document, is_table=True),
    ".jsonl": Format(read_json_lines, is_table=True, by_line=True),
    ".ndjson": Format(read_json_lines, is_table=True, by_line=True),
    ".parquet": Format(read_parquet, is_table=True, fixed_columns=True),
    ".xml": Format(read_mediawiki_dump),
    ".trec": Format(read_trec_documents),
    ".sgm": Format(read_trec_documents),
}
"""Readers by suffix; `register_format` adds one."""

OTHER_FORMATS = {
    (".doc", ".odt", ".wpd", ".pages"): "save it as .docx",
    (".xls", ".xlsb", ".ods", ".numbers"): "save it as .xlsx",
    (".7z", ".rar"): "unpack it, or pack it as .zip",
    (".epub", ".mobi", ".ppt", ".pptx"): "save its text as .txt or .docx",
    (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif", ".webp", ".djvu"): (
        "a picture; recognise its text (OCR) first"
    ),
    (".sql", ".db", ".sqlite", ".mdb", ".accdb"): "export its table as .csv",
    (".dta", ".sav", ".rds", ".rdata"): "export its table as .csv or .parquet",
}

_BY_BYTES = {
    b"%PDF-": ".pdf",
    b"{\\rtf": ".rtf",
    b"PAR1": ".parquet",
    b"MIME-Version:": ".mhtml",
}
_OPENING_TAG = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+)?([a-z]+)",
    re.DOTALL | re.IGNORECASE,
)
_LIST_ON_A_LINE = re.compile(rb"\s*\[.*\]\s*\n\s*\S")
_LIST_OF_OBJECTS = re.compile(rb"\s*\[\s*\{")
_BY_TAG = {b"html": ".html", b"mediawiki": ".xml", b"doc": ".trec"}
_BY_MEMBER = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}
_BY_TEXT = (".txt", ".html", ".htm", ".xhtml", ".xml", ".trec", ".sgm", ".doc", ".xls", "")


def register_format(
    suffix: str, read: Reader, *, is_table: bool = False, fixed_columns: bool = False
) -> None:
    """Add the reader of a format of yours, or put another in place of ours.

    A reader is a function that takes a `Source` and yields a `Record` or a `Failure` for
    every article; see `analysis.readers.rows`. `is_table` says that its fields are columns
    under the names of the file, which `--text` and the like may name.

    >>> from analysis.readers import Record
    >>> def read_verses(source):
    ...     for number, line in enumerate(source.file, start=1):
    ...         yield Record(number, {"text": line.decode()})
    >>> register_format(".verses", read_verses)
    >>> ".verses" in FORMATS
    True
    >>> del FORMATS[".verses"]
    """
    FORMATS[suffix.lower()] = Format(read, is_table=is_table, fixed_columns=fixed_columns)


def choose_format(source: Source) -> Format | None:
    """Return the format of a file, None for one we cannot read; the file is put back.

    What the first bytes show without doubt goes before the suffix: a .doc may be a web
    page, a .txt a TREC file. Of markup only files that have no suffix of a table are asked.
    """
    name = source.name.lower()
    suffix = name[name.rindex(".") :] if "." in name.lstrip(".") else ""
    head = source.file.read(HEAD)
    source.file.seek(0)
    return FORMATS.get(_find_suffix(source, head, suffix) or suffix)


def _find_suffix(source: Source, head: bytes, suffix: str) -> str | None:
    for mark, known in _BY_BYTES.items():
        if head.startswith(mark):
            return known
    if head.startswith(b"PK\3\4"):
        return _find_office_format(source)
    text = head.removeprefix(b"\xef\xbb\xbf")
    if suffix in _BY_TEXT and (tag := _OPENING_TAG.match(text)):
        return _BY_TAG.get(tag[1].lower())
    if (
        suffix in (".jsonl", ".ndjson")
        and _LIST_OF_OBJECTS.match(text)
        and not _LIST_ON_A_LINE.match(text)
    ):
        return ".json"
    return None


def _find_office_format(source: Source) -> str | None:
    """Tell a document of Word or Excel from an archive; both are zip files."""
    try:
        with zipfile.ZipFile(source.file) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    finally:
        source.file.seek(0)
    return next((known for member, known in _BY_MEMBER.items() if member in members), None)


def explain_no_reader(suffix: str, formats: Mapping[str, Format] = FORMATS) -> str:
    """Say what to do with a file that has no reader."""
    if suffix in CONTAINERS:
        return f"no {suffix} file, for it does not begin as one; get it again."
    for suffixes, advice in OTHER_FORMATS.items():
        if suffix in suffixes:
            return f"no reader for {suffix}; {advice}."
    return f"no reader for the suffix {suffix!r}; supported are {', '.join(formats)}."
