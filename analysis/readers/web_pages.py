"""Web pages as they were saved or scraped: the article in them, and what they say of it."""

import codecs
import html
import re
from typing import TYPE_CHECKING

from analysis.errors import InputError
from analysis.readers.encodings import Decoded, decode, refuse_noise
from analysis.readers.page_labels import load_page_labels
from analysis.readers.page_metadata import (
    clean,
    find_day_in_url,
    keep_url,
    name_article,
    read_metadata,
)
from analysis.readers.page_text import THIN, ask_trafilatura, choose_blocks, read_layout
from analysis.readers.press_exports import split_press_export
from analysis.readers.rows import Failure, Record, Rows, Source, read_bytes

if TYPE_CHECKING:
    from email.message import Message

    from lxml.html import HtmlElement

LARGEST_PAGE = 64_000_000
"""Bytes of the largest page that is read; pictures saved inside a page count too."""
LARGEST_MARKUP = 20_000_000
"""Letters of a page that are parsed, without the pictures saved inside it and blanks."""
_LONGEST_VALUE = 20_000
_HEAD = 8192
_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,300}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE,
)
_KNOWN_CHARSET = re.compile(
    r"(?:x-)?(?:windows-|cp|ibm)\d{3,5}|iso-?8859-\d+|(?:x-)?mac-?\w+|asmo-?708|latin-?\d|koi8-\w|"
    r"us-ascii|ascii|gb\w+|big5|euc-\w+|shift[-_]jis|utf-?8|utf-?16(?:[bl]e)?",
    re.IGNORECASE,
)
_ARABIC_ARTICLE = re.compile(r"(?:^|[\s>])ال", re.MULTILINE)
_MARKUP = re.compile(rb"<[A-Za-z!?/][A-Za-z!-]")
_LONG_TAG = re.compile(r"<[a-z][^<>]{20000,}", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LONG_BLANKS = re.compile(r"[ \t\r\n\f]{200,}")
_EMBEDDED = re.compile(r"(?<=[\"'(]data:)[\w/+.-]{1,100};[^\"')\s]{500,}")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^<>]*>", re.IGNORECASE)
_HEAD_TAGS = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})
# fmt: off
_FLAT_TAGS = frozenset({
    "a", "br", "h1", "h2", "h3", "head", "li", "link", "meta", "p", "script", "style", "time",
    "title",
})
_INLINE_TAGS = frozenset({
    "b", "big", "em", "font", "i", "s", "small", "span", "strike", "strong", "sub", "sup", "tt",
    "u",
})
# fmt: on
_HAS_TAGS = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)


def read_web_page(source: Source) -> Rows:
    r"""Read one page of HTML as one article, or a page saved from a press database as its many.

    Fields, each only where it is known:

    - `text`: the paragraphs of the article in order, verbatim, with the line of author and
      date that stands under the title. Entities are the characters they stand for; white
      space is one blank, as browsers show it.
    - `title`: the headline of the JSON-LD, og:title, <h1>, or <title> without the outlet.
    - `published`: as written in JSON-LD, <meta>, itemprop or the <time> under the title; else
      year, month and day in the page's own address, which `note` then says. Never anything
      else.
    - `outlet`: the publisher of the JSON-LD, og:site_name, the host of the page's address, or
      what <title> has beside the title.
    - `url`: the canonical address, og:url, or the one a browser wrote into the saved page.
    - `author`: JSON-LD, <meta>, itemprop or rel=author.

    Letters: UTF-8 where the bytes are UTF-8 whatever the page declares, then the declared
    encoding if it can be right, else what `decode` tells.

    The main text is what trafilatura finds, set right by the page's own blocks: see
    `page_text.choose_blocks`. A page whose text stands in its JSON-LD alone is read from there.

    A page without running text is a Failure that says why: it is made of frames, writes its
    text by script, or has none. InputError is raised for more than 64 million bytes, or more
    than 20 million letters without the pictures saved inside the page.

    What it misses on purpose: the articles of a page of many but the main one, captions,
    tables of figures, comments, and text that a script would fetch.

    >>> import io
    >>> page = "<title>خطة - المرصد</title><h1>خطة</h1><p>أعلنت الوزارة خطة للمياه.<p>وبدأ العمل."
    >>> next(read_web_page(Source(io.BytesIO(page.encode()), "a.html"))).fields
    {'text': 'أعلنت الوزارة خطة للمياه.\nوبدأ العمل.', 'title': 'خطة', 'outlet': 'المرصد'}
    """
    yield from _read_page(read_bytes(source, limit=LARGEST_PAGE))


def read_mhtml(source: Source) -> Rows:
    r"""Read a page that a browser saved in one file (.mht, .mhtml): its first part of HTML.

    Fields and rules are those of `read_web_page`; the address is the one the browser noted,
    where the page has none of its own, and likewise the title. A file without a part of HTML
    is a Failure.

    >>> import io
    >>> saved = "Content-Type: text/html; charset=utf-8\n\n<p>أعلنت الوزارة خطة."
    >>> next(read_mhtml(Source(io.BytesIO(saved.encode()), "a.mht"))).fields
    {'text': 'أعلنت الوزارة خطة.'}
    """
    import email
    from email import policy

    content = read_bytes(source)
    try:
        message = email.message_from_bytes(content, policy=policy.compat32)
        part = next((one for one in message.walk() if one.get_content_type() == "text/html"), None)
        page = part.get_payload(decode=True) if part is not None else None
    except Exception as error:  # mail parsers raise many kinds on broken headers
        yield Failure(None, f"no page saved by a browser ({_tell(error)}); save it again as .html.")
        return
    if part is None or not isinstance(page, bytes):
        yield Failure(None, "no page of HTML in this file; save the page again as .html.")
        return
    if len(page) > LARGEST_PAGE:
        raise InputError(f"larger than {LARGEST_PAGE:,} bytes, the most that is read as one page.")
    yield from _read_page(
        page,
        declared=str(part.get_param("charset", "")),
        url=_find_location(message, part),
        title=_read_subject(message),
    )


def decode_page(content: bytes, declared: str = "") -> Decoded:
    """Return the letters of a page, whatever it declares, with the name of the encoding.

    1. What is UTF-8 or UTF-16 by itself is that, also where the page declares another.
    2. The encoding that `declared` or the page names is taken if all bytes are letters in it
       and `decode` does not find more words with the Arabic article ال.
    3. Otherwise the rules of `decode` hold.

    >>> decode_page('<meta charset="utf-8">قال الوزير'.encode("cp1256")).encoding
    'windows-1256'
    """
    told = decode(content)
    names = [
        declared,
        *(one.decode("ascii", "replace") for one in _DECLARED.findall(content[:_HEAD])),
    ]
    known = [name for name in names if _KNOWN_CHARSET.fullmatch(name)]
    if not known or (told.encoding.startswith("utf") and not told.note):
        return told
    try:
        codec = codecs.lookup(known[0].lower().removeprefix("x-"))
        text = content.decode(codec.name)
    except (LookupError, UnicodeError):
        return told
    if len(_ARABIC_ARTICLE.findall(told.text)) > len(_ARABIC_ARTICLE.findall(text)):
        return told
    return told if text == told.text else Decoded(text, known[0].lower(), "")


def _read_page(content: bytes, *, declared: str = "", url: str = "", title: str = "") -> Rows:
    zeros = 0
    if _MARKUP.search(content[:_HEAD]):
        zeros = content.count(b"\0")
        content = content.replace(b"\0", b"")
    text, encoding, note = decode_page(content, declared)
    zeros += text.count("\0")
    text = text.replace("\0", "")
    refuse_noise(text)
    if zeros:
        note = f"{note} {zeros:,} zero bytes were left out.".strip()
    text = _LONG_TAG.sub(_limit, _EMBEDDED.sub("", _LONG_BLANKS.sub(_shorten, text)))
    if len(text) > LARGEST_MARKUP:
        raise InputError(
            f"more than {LARGEST_MARKUP:,} letters, the most that is read as one page; "
            "save its text as .txt."
        )
    try:
        rows = _read_markup(text, url, title)
    except Exception as error:  # a reader of hostile pages ends here, not in a traceback
        yield Failure(None, f"cannot be read as a web page ({_tell(error)}); save it as .txt.")
        return
    for row in rows:
        if isinstance(row, Record):
            row = row._replace(encoding=encoding, note=f"{note} {row.note}".strip())
            note = ""
        yield row


def _read_markup(text: str, url: str, title: str) -> list[Record | Failure]:
    root, note = _parse(text)
    if root is None:
        return [_fail("the file is empty")]
    _drop_long_values(root)
    labels = load_page_labels()
    layout = read_layout(root, labels)
    lines = [block.text for block in layout.blocks]
    if rows := split_press_export(lines):
        return rows
    metadata = read_metadata(root, labels)
    metadata = metadata._replace(url=metadata.url or keep_url(url))
    headings = [line for at, line in enumerate(lines) if layout.tag(at) == "h1"]
    naming = name_article(metadata, lines, headings)
    chosen = choose_blocks(
        layout,
        ask_trafilatura(root, layout),
        title=naming.title,
        is_one=metadata.is_article,
        is_live=metadata.is_live,
    )
    paragraphs = [lines[at] for at in chosen.places]
    body = _split_body(metadata.body)
    if sum(map(len, paragraphs)) < THIN and sum(map(len, body)) > sum(map(len, paragraphs)):
        paragraphs = body
        note = f"{note} the text stands in the page's metadata alone.".strip()
    if not paragraphs:
        return [_fail(_explain_absence(root))]
    published = metadata.published or chosen.moment
    if not published and (published := find_day_in_url(metadata.url)):
        note = f"{note} the date is that of the page's address.".strip()
    fields = {
        "text": "\n".join(paragraphs),
        "title": naming.title or title,
        "published": published,
        "outlet": naming.outlet,
        "url": metadata.url,
        "author": metadata.author,
    }
    return [Record(None, {name: value for name, value in fields.items() if value}, note=note)]


def _parse(text: str) -> "tuple[HtmlElement | None, str]":
    """Return the tree of a page, None for an empty one, and a note on what it lost.

    The parser drops what is nested more than 2,048 deep: such a page is read again with
    nothing but its paragraphs.
    """
    from lxml import etree
    from lxml import html as lxml_html

    def parse(markup: str) -> "tuple[HtmlElement, bool]":
        parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
        root = lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
        _mend_head(root)
        return root, any("depth" in entry.message for entry in parser.error_log)

    if not text.strip():
        return None, ""
    try:
        root, is_too_deep = parse(text)
        if not is_too_deep:
            return root, ""
        root, _ = parse(_TAG.sub(_flatten, text))
    except etree.ParserError:
        return None, ""
    return root, "nested too deep for its layout to be read."


def _mend_head(root: "HtmlElement") -> None:
    """Move to the body what the parser leaves in the head where a page does not open its body."""
    from lxml import etree

    head = root.find("head")
    if head is None:
        return
    children = list(head)
    strange = (
        at
        for at, child in enumerate(children)
        if isinstance(child.tag, str) and child.tag not in _HEAD_TAGS
    )
    first = next(strange, None)
    if first is None:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    for at, child in enumerate(children[first:]):
        body.insert(at, child)


def _flatten(match: re.Match[str]) -> str:
    name = match.group(2).lower()
    if name in _FLAT_TAGS:
        return match.group()
    return "" if name in _INLINE_TAGS else "<br>"


def _limit(match: re.Match[str]) -> str:
    """Leave a tag without its attributes where it has thousands, which take minutes to parse."""
    words = _QUOTED.sub("", match.group()).split()
    return match.group() if len(words) < 1000 else words[0] + " "


def _drop_long_values(root: "HtmlElement") -> None:
    for element in root.iter("*"):
        for name, value in element.items():
            if len(value) > _LONGEST_VALUE:
                del element.attrib[name]


def _shorten(match: re.Match[str]) -> str:
    return "\n" if "\n" in match.group() else " "


def _split_body(body: str) -> list[str]:
    """Return the paragraphs of a text that stands in JSON-LD, as text or as HTML."""
    body = html.unescape(body) if "&lt;" in body else body
    if _HAS_TAGS.search(body):
        root, _ = _parse(f"<div>{body}</div>")
        if root is not None:
            return [block.text for block in read_layout(root, load_page_labels()).blocks]
    lines = (clean(html.unescape(line)) for line in body.splitlines())
    return [line for line in lines if line]


def _fail(reason: str, advice: str = "save the page again, or its text as .txt") -> Failure:
    return Failure(None, f"no running text found: {reason}; {advice}.")


def _explain_absence(root: "HtmlElement") -> str:
    if next(root.iter("frame"), None) is not None:
        return "the page is made of frames"
    if next(root.iter("script"), None) is not None:
        return "the page writes its text by script, or has none outside its menus"
    return "the page has none outside its menus"


def _find_location(message: "Message", part: "Message") -> str:
    names = ("Snapshot-Content-Location", "Content-Location")
    found = [str(one.get(name, "")) for one in (message, part) for name in names]
    return next((url for url in map(keep_url, found) if url), "")


def _read_subject(message: "Message") -> str:
    from email.header import decode_header, make_header

    try:
        return clean(str(make_header(decode_header(str(message.get("Subject", ""))))))
    except Exception:  # a subject that cannot be decoded is none
        return ""


def _tell(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
