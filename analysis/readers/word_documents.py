"""Word documents (.docx, .docm): the paragraphs of the body, with bounded memory."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zipfile import ZipFile, ZipInfo

from analysis.readers.press_exports import split_press_export
from analysis.readers.rows import LARGEST_DOCUMENT, Failure, Record, Rows, Source

LEAST_HEADINGS = 3
"""Headings of the first level from which on a document may hold several articles: it is noted."""
LARGEST_XML = 100_000_000
"""Bytes of the largest part that is read, unpacked."""
MOST_MEMBERS = 10_000
LARGEST_RATIO = 200
"""How many times larger than packed a part above ten million bytes may be."""
_SMALL = 10_000_000
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = re.compile(r"application/.*\b(?:document|template)\b.*\bmain\+xml")
_NO_TITLE = re.compile(
    r"\s*\S*\s*\d*\s*|Microsoft Word - .*|.*\.(?:docx?|rtf|pdf|indd)", re.IGNORECASE | re.DOTALL
)
_UNREAD = frozenset(
    {"del", "moveFrom", "Fallback", "pPr", "rPr", "sdtPr", "sectPr", "tblPr", "tcPr", "trPr", "rt"}
)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}


class _Paragraph(NamedTuple):
    text: str
    style: str


def read_word_document(source: Source) -> Rows:
    """Read a Word document as one article, or as many when it is an export of a database.

    1. A file that is no zip archive, or one whose directory announces more than 200 MB, a
       part of more than 100 MB, or a part of more than 10 MB packed to less than a 200th,
       is a Failure; nothing of it is unpacked.
    2. `text` is the paragraphs of the body in order, those in tables, text boxes, fields,
       links and content controls too. Tracked insertions are read, tracked deletions not.
    3. A text that `split_press_export` divides gives a row for each of its documents.
    4. `title` is the first paragraph in the style Title or Heading 1, else the title of the
       file's properties where that is not a name of a file or program; `author` is that of
       the properties where the text has the name too.

    What it misses on purpose: headers, footers, footnotes and comments; the dates of the
    file, which tell when it was saved and not when the article was published.

    >>> import io
    >>> next(read_word_document(Source(io.BytesIO(b"text"), "a.docx"))).reason
    'not a Word document, or cut off (File is not a zip file); save it again as .docx.'
    """
    start = source.file.read(len(_OLD_WORD))
    source.file.seek(0)
    if start == _OLD_WORD:
        yield Failure(
            None,
            "encrypted or an old .doc; open it in Word, remove the password, save it as .docx.",
        )
        return
    try:
        with ZipFile(source.file) as archive:
            problem = _find_bomb(archive.infolist())
            if problem:
                yield Failure(None, problem)
                return
            rows = _read_archive(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        yield Failure(None, f"not a Word document, or cut off ({error}); save it again as .docx.")
        return
    except Exception as error:  # a hostile archive or XML raises errors of many kinds
        yield Failure(
            None,
            f"the Word document is damaged ({type(error).__name__}: {error}); open it in Word, "
            "let it be repaired, and save it again as .docx.",
        )
        return
    yield from rows


def is_sensible_title(title: str) -> bool:
    """Say whether the title in a file's properties can be one of an article.

    It has two words or more, and is no name of a file, nor what Word calls a printed one.

    >>> is_sensible_title("خطة للمياه"), is_sensible_title("Microsoft Word - a1.doc")
    (True, False)
    """
    return not _NO_TITLE.fullmatch(title)


def _find_bomb(members: list[ZipInfo]) -> str:
    if len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > LARGEST_DOCUMENT:
        return (
            f"more than {LARGEST_DOCUMENT:,} bytes or {MOST_MEMBERS:,} parts when unpacked; "
            "divide the document, or take its pictures out."
        )
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _SMALL and ratio > LARGEST_RATIO:
            return (
                f"its part {member.filename!r} unpacks to {member.file_size:,} bytes, "
                f"{ratio:,.0f} times its size, as in an archive made to fill the memory; save "
                "the document again."
            )
        if member.file_size > LARGEST_XML and member.filename.endswith(".xml"):
            return (
                f"its part {member.filename!r} has more than {LARGEST_XML:,} bytes; divide the "
                "document."
            )
    return ""


def _read_archive(archive: ZipFile) -> list[Record | Failure]:
    parts = _find_parts(archive)
    styles = _read_styles(archive, parts)
    paragraphs = list(_read_paragraphs(_parse(archive.read(parts["document"])), styles))
    lines = [line for paragraph in paragraphs for line in paragraph.text.split("\n")]
    rows = split_press_export(lines)
    if rows is not None:
        return rows
    text = "\n".join(paragraph.text for paragraph in paragraphs if paragraph.text.strip())
    if not text:
        reason = "the document has no text; if it holds pictures of text, recognise them (OCR)."
        return [Failure(None, reason)]
    fields = {"text": text} | _describe(archive, parts, paragraphs, text)
    headings = sum(p.style == "heading 1" and bool(p.text.strip()) for p in paragraphs)
    note = f"{headings} headings of the first level; save each article by itself."
    return [Record(None, fields, note=note if headings >= LEAST_HEADINGS else "")]


def _find_parts(archive: ZipFile) -> dict[str, str]:
    """Return the names of the parts that are read: the document, its styles, its properties."""
    types = _parse(archive.read("[Content_Types].xml"))
    kinds = {
        "document": _MAIN,
        "styles": re.compile(r".*wordprocessingml\.styles\+xml"),
        "properties": re.compile(r".*core-properties\+xml"),
    }
    members = set(archive.namelist())
    found: dict[str, str] = {}
    for override in types:
        name = str(override.get("PartName", "")).lstrip("/")
        for kind, pattern in kinds.items():
            if name in members and pattern.fullmatch(str(override.get("ContentType", ""))):
                found.setdefault(kind, name)
    if "document" not in found:
        raise ValueError("it has no text part")
    return found


def _parse(content: bytes) -> Any:
    """Parse XML without entities, network and huge trees; a document type is never needed."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("its XML has a document type, which Word never writes")
    return root


def _name_of(element: Any) -> str:
    """Return the name of an element without its namespace, "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _value_of(element: Any, name: str) -> str:
    values = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return str(next(values, ""))


def _read_styles(archive: ZipFile, parts: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the styles, which are English in every Word, by their ids."""
    if "styles" not in parts:
        return {}
    names: dict[str, str] = {}
    for style in _parse(archive.read(parts["styles"])):
        for child in style:
            if _name_of(child) == "name":
                names[_value_of(style, "styleId")] = _value_of(child, "val").casefold()
    return names


def _read_paragraphs(root: Any, styles: Mapping[str, str]) -> Iterator[_Paragraph]:
    """Yield the paragraphs of the body; one inside another (a text box) comes before it."""
    from lxml import etree

    open_paragraphs: list[list[str]] = []
    styles_of: list[str] = []
    unread = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = _name_of(element)
        if event == "end":
            unread -= name in _UNREAD
            if name == "p" and open_paragraphs and not unread:
                yield _Paragraph("".join(open_paragraphs.pop()), styles_of.pop())
            continue
        if name == "pStyle" and styles_of:
            styles_of[-1] = styles.get(_value_of(element, "val"), "")
        unread += name in _UNREAD
        if unread:
            continue
        if name == "p":
            open_paragraphs.append([])
            styles_of.append("")
        elif open_paragraphs:
            open_paragraphs[-1].append(element.text or "" if name == "t" else _SIGNS.get(name, ""))


def _describe(
    archive: ZipFile, parts: Mapping[str, str], paragraphs: list[_Paragraph], text: str
) -> dict[str, str]:
    """Return the title, and the author of the properties when the text names them."""
    properties: dict[str, str] = {}
    if "properties" in parts:
        for element in _parse(archive.read(parts["properties"])):
            properties[_name_of(element)] = (element.text or "").strip()
    marked = (p.text for p in paragraphs if p.style in {"title", "heading 1"} and p.text.strip())
    title = next(marked, properties.get("title", ""))
    author = properties.get("creator", "")
    found = {}
    if is_sensible_title(title):
        found["title"] = title.strip()
    if author and author in text:
        found["author"] = author
    return found
