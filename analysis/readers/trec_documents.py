"""Files in TREC's form, such as ANT and Arabic Newswire: each field between two tags."""

import html
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from analysis.errors import InputError
from analysis.readers.encodings import decode
from analysis.readers.rows import Failure, Record, Rows, Source, read_bytes

_TAGS = (
    ("title", "TITLE"),
    ("title", "HEADLINE"),
    ("outlet", "SRC"),
    ("url", "URL"),
    ("category", "CAT"),
    ("author", "AUTHOR"),
    ("dateline", "DATELINE"),
    ("published", "DATE_TIME"),
    ("published", "DATE"),
)
_NOT_CLOSED = "is not closed; the document may be cut off, get it again."
_FETCHED = ("article_id", "title", "text", "outlet", "url", "category", "published")
_OPENING = re.compile(r"<DOC(?:\s[^<>]*)?>", re.IGNORECASE)
_CLOSING = re.compile(r"</DOC\s*>", re.IGNORECASE)
_ID = re.compile(r"""\sid\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?P(?:\s[^<>]*)?>", re.IGNORECASE)
_DAY_IN_ID = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:[._]\w+)*$")


def read_trec_documents(source: Source) -> Rows:
    r"""Read files in TREC's form: one `<DOC>` or many, whatever stands between them.

    The rules, in order:

    1. The one document of a file is the article of the file; several are rows from 1.
    2. `article_id` is DOCNO, or the id that stands in the `<DOC>` itself; `text` is TEXT.
       Without one of the two, or where one is not closed, the document fails.
    3. Further fields, where there are such tags: `title` (TITLE or HEADLINE), `outlet` (SRC),
       `url`, `category` (CAT), `author`, `dateline`. A tag that is not closed is named in the
       note. ABSTRACT and TIME are not read: most outlets repeat the abstract as the first
       paragraph.
    4. `published` is the date at the end of the id, or before its running number
       (19940513_AFP_ARB.0001), else DATE_TIME or DATE as it is written.
    5. The lines of a text are its paragraphs, without empty lines and without white space
       around them. Where paragraphs stand in `<P>`, each is one line, and `&amp;` and its like
       are the letters they mean.

    >>> import io
    >>> document = ("<DOC><DOCNO>SD-world-7-20310105</DOCNO><SRC>صدى المشرق</SRC>"
    ...     "<TITLE>هدوء على الحدود</TITLE><TEXT>\nالحدود هادئة.\n \nوالسوق مفتوحة.\n</TEXT></DOC>")
    >>> record, = read_trec_documents(Source(io.BytesIO(document.encode()), "7.txt"))
    >>> record.fields["published"], record.fields["text"]
    ('2031-01-05', 'الحدود هادئة.\nوالسوق مفتوحة.')
    """
    text, encoding, note = decode(read_bytes(source))
    for row in parse_trec_documents(text):
        if isinstance(row, Record):
            yield row._replace(encoding=encoding, note=f"{row.note} {note}".strip())
        else:
            yield row


def parse_trec_documents(text: str) -> Rows:
    """Read the documents of a text as `read_trec_documents` says; one may stand without `<DOC>`.

    >>> [row.reason for row in parse_trec_documents("<DOC><DOCNO>7</DOCNO><TEXT>هدوء</DOC>")]
    ['<TEXT> is not closed; the document may be cut off, get it again.']
    """
    documents = _split(text)
    first = next(documents, None)
    if first is None:
        yield Failure(None, "no documents: there is no <DOC>, <DOCNO> or <TEXT> in the file.")
        return
    second = next(documents, None)
    if second is None:
        yield _parse_document(None, *first)
        return
    yield _parse_document(1, *first)
    yield _parse_document(2, *second)
    for row, (head, content) in enumerate(documents, start=3):
        yield _parse_document(row, head, content)


def read_trec_articles(
    files: Iterable[tuple[str, bytes]], *, first_day: date
) -> list[dict[str, str]]:
    r"""Return the articles of files in TREC's form, those of the earliest day first.

    The rules, in order:

    1. A file that is no such article (no UTF-8, or no DOCNO or TEXT between tags) is passed
       over, and a warning counts these files and names the first. The articles are read as
       `read_trec_documents` says.
    2. What was published before `first_day` is left out.
    3. Outlets give one article to several sections, each with a file of its own. Of the files
       of one text only the first by day and id is kept, whatever the outlet.

    `files` are names with contents. Each article has `article_id`, `title`, `text`, `outlet`,
    `url`, `category` and `published`, which may be empty.

    >>> document = "<DOC><DOCNO>SD-world-7-20310105</DOCNO><TEXT>الحدود هادئة.</TEXT></DOC>"
    >>> articles = read_trec_articles([("7.txt", document.encode())], first_day=date(2031, 1, 1))
    >>> articles[0]["published"], articles[0]["text"]
    ('2031-01-05', 'الحدود هادئة.')
    """
    articles = []
    faults = []
    for name, content in files:
        try:
            document = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            faults.append(f"{name}: not UTF-8 text (byte {error.start}).")
            continue
        for row in parse_trec_documents(document):
            if isinstance(row, Failure):
                faults.append(f"{name}: {row.reason}")
            else:
                articles.append({field: row.fields.get(field, "") for field in _FETCHED})
    if faults:
        warnings.warn(
            f"{len(faults)} files are no articles and were passed over; the first is {faults[0]}",
            stacklevel=2,
        )
    recent = [
        article
        for article in articles
        if not article["published"] or article["published"] >= first_day.isoformat()
    ]
    recent.sort(key=lambda article: (article["published"], article["article_id"]))
    return _first_of_each_text(recent)


def _split(text: str) -> Iterator[tuple[str, str]]:
    """Yield the opening tag of every document and what stands between it and the next one."""
    openings = list(_OPENING.finditer(text))
    if not openings and (_tags("DOCNO")[0].search(text) or _tags("TEXT")[0].search(text)):
        yield "", text
    ends = [*(opening.start() for opening in openings[1:]), len(text)]
    for opening, end in zip(openings, ends, strict=False):
        yield opening.group(), text[opening.end() : end]


def _parse_document(row: int | None, head: str, content: str) -> Record | Failure:
    try:
        text, rest = _require(content, "TEXT")
        identifier = _ID.search(head)
        article_id = identifier[1] if identifier else _require(rest, "DOCNO")[0]
    except InputError as error:
        return Failure(row, str(error))
    fields = {"article_id": article_id, "text": text}
    faults = [] if not head or _CLOSING.search(content) else [f"<DOC> {_NOT_CLOSED}"]
    for field, tag in _TAGS:
        try:
            value, rest = _cut(rest, tag)
        except InputError as error:
            faults.append(str(error))
            continue
        if value:
            fields.setdefault(field, value.replace("\n", " "))
    if day := _find_day(article_id):
        fields["published"] = day
    return Record(row, fields, note=" ".join(faults))


def _require(content: str, tag: str) -> tuple[str, str]:
    value, rest = _cut(content, tag)
    if not value:
        raise InputError(f"nothing between <{tag}> and </{tag}>.")
    return value, rest


def _cut(content: str, tag: str) -> tuple[str, str]:
    """Return what stands between the first opening tag and the last closing one, and the rest."""
    opening, closing = _tags(tag)
    first = opening.search(content)
    if first is None:
        return "", content
    last = max(closing.finditer(content, first.end()), key=re.Match.start, default=None)
    if last is None:
        raise InputError(f"<{tag}> {_NOT_CLOSED}")
    inside = content[first.end() : last.start()]
    return _clean(inside), content[: first.start()] + content[last.end() :]


@cache
def _tags(name: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(rf"<{name}(?:\s[^<>]*)?>", re.IGNORECASE),
        re.compile(rf"</{name}\s*>", re.IGNORECASE),
    )


def _clean(content: str) -> str:
    """Return the paragraphs of a field, a line each."""
    paragraphs = content.split("\n")
    if _PARAGRAPH.search(content):
        blocks = _PARAGRAPH.split(content)
        paragraphs = [html.unescape(" ".join(block.split())) for block in blocks]
    lines = (paragraph.strip() for paragraph in paragraphs)
    return "\n".join(line for line in lines if line)


def _find_day(article_id: str) -> str:
    day = _DAY_IN_ID.search(article_id)
    try:
        return date(*map(int, day.groups())).isoformat() if day else ""
    except ValueError:
        return ""


def _first_of_each_text(articles: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    first: dict[str, dict[str, str]] = {}
    for article in articles:
        first.setdefault(article["text"], article)
    return list(first.values())
