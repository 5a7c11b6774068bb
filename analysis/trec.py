"""Read articles from files in TREC's form: one file an article, each field between two tags."""

import re
import warnings
from collections.abc import Iterable
from datetime import date

from analysis.errors import InputError

_TAGS = {
    "article_id": "DOCNO",
    "title": "TITLE",
    "text": "TEXT",
    "outlet": "SRC",
    "url": "URL",
    "category": "CAT",
}
_DAY_IN_ID = re.compile(r"-(\d{4})(\d{2})(\d{2})$")


def read_trec_articles(
    files: Iterable[tuple[str, bytes]], *, first_day: date
) -> list[dict[str, str]]:
    r"""Return the articles of files in TREC's form, those of the earliest day first.

    The rules, in order:

    1. A file that is no such article (no UTF-8, or no DOCNO or TEXT between tags) is passed
       over, and a warning counts these files and names the first.
    2. The day of an article is the date at the end of its DOCNO; one without it has none. What
       was published before `first_day` is left out.
    3. Outlets give one article to several sections, each with a file of its own. Of the files
       of one text only the first by day and id is kept, whatever the outlet.

    `files` are names with contents. Each article has `article_id`, `title`, `text`,
    `published`, `outlet`, `url` and `category`. The lines of a text are its paragraphs, without
    empty lines and without white space around them. ABSTRACT, AUTHOR and TIME are not read:
    most outlets repeat the abstract as the first paragraph.

    >>> document = ("<DOC><DOCNO>SD-world-7-20310105</DOCNO><SRC>صدى المشرق</SRC>"
    ...     "<TITLE>هدوء على الحدود</TITLE><TEXT>\nالحدود هادئة.\n \nوالسوق مفتوحة.\n</TEXT></DOC>")
    >>> articles = read_trec_articles([("7.txt", document.encode())], first_day=date(2031, 1, 1))
    >>> articles[0]["published"], articles[0]["text"]
    ('2031-01-05', 'الحدود هادئة.\nوالسوق مفتوحة.')
    """
    articles = []
    faults = []
    for name, content in files:
        try:
            articles.append(_parse_article(content))
        except InputError as error:
            faults.append(f"{name}: {error}")
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


def _parse_article(content: bytes) -> dict[str, str]:
    try:
        document = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text (byte {error.start}).") from None
    fields = {field: _between_tags(document, tag) for field, tag in _TAGS.items()}
    for field in ("article_id", "text"):
        if not fields[field]:
            raise InputError(f"nothing between <{_TAGS[field]}> and </{_TAGS[field]}>.")
    day = _DAY_IN_ID.search(fields["article_id"])
    return fields | {"published": "-".join(day.groups()) if day else ""}


def _between_tags(document: str, tag: str) -> str:
    """Return what stands between the first opening tag and the last closing one, line by line."""
    _, _, rest = document.partition(f"<{tag}>")
    content, _, _ = rest.rpartition(f"</{tag}>")
    lines = (line.strip() for line in content.split("\n"))
    return "\n".join(line for line in lines if line)


def _first_of_each_text(articles: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    first: dict[str, dict[str, str]] = {}
    for article in articles:
        first.setdefault(article["text"], article)
    return list(first.values())
