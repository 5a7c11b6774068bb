"""What the head of a web page says of its article: title, date, outlet, address, author."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from analysis.readers.page_labels import PageLabels

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LONGEST_JSON = 5_000_000
_MOST_NODES = 10_000
_BLANKS = re.compile(r"\s+")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_DATE_PROPERTIES = ("datePublished", "schema:datePublished", "dc:created", "dc:issued", "dc:date")
_ARTICLE_TYPES = ("BlogPosting", "LiveBlogPosting", "Report")
_SEPARATOR = r"\s*(?:\s[-–—|/]|[|»«•]|::)\s+|\s*[|»«]\s*"
_SEPARATORS = re.compile(_SEPARATOR)
_EDGES = " \t\r\n\xa0-–—|:»«•/·"
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|$)")
_SAVED_FROM = re.compile(r"\s*saved from url=\(\d+\)\s*(\S+)")


class PageMetadata(NamedTuple):
    """What the page says of itself; "" for what it does not say.

    `headlines` are titles as the page gives them, the most certain first, `page_title` is
    its <title>, `body` the text that stands in the metadata themselves. `is_article` says
    that the page calls itself one article, `is_live` one that is written as things happen.
    """

    headlines: tuple[str, ...]
    page_title: str
    published: str
    outlet: str
    url: str
    author: str
    body: str
    is_article: bool
    is_live: bool


class Naming(NamedTuple):
    """The title of an article and the name of its outlet, each "" when unknown."""

    title: str
    outlet: str


def read_metadata(root: "HtmlElement", labels: PageLabels) -> PageMetadata:
    """Read JSON-LD, <meta>, microdata and links; nothing is guessed.

    For every field the first of these that has it counts: the article of the JSON-LD (of
    several the one whose headline the page bears), the names of `labels` in <meta>, then
    `itemprop`. The date is returned as it is written there.
    """
    metas = _read_metas(root)
    page_title = clean("".join(root.xpath("string(//head/title)"))) or clean(
        "".join(root.xpath("string(//title[not(ancestor::svg)])"))
    )
    nodes = list(_iter_nodes(root))
    known = {node["@id"]: node for node in reversed(nodes) if _has_name(node)}
    shown = [metas.get("og:title", ""), page_title, *_texts_of(root, "h1")]
    articles = [node for node in nodes if _is_article(node)]
    article = _choose_article(articles, shown, og_type=metas.get("og:type", ""))
    pages = [node for node in nodes if "WebPage" in _types_of(node)]
    headlines = (_text_in(article, "headline"), metas.get("og:title", ""))
    return PageMetadata(
        headlines=tuple(headline for headline in headlines if headline),
        page_title=page_title,
        published=_first(
            _date_in(article),
            *(_dated(metas.get(name, "")) for name in labels.date_names),
            _dated(_read_property(root, _DATE_PROPERTIES)),
            *(_date_in(page) for page in pages),
        ),
        outlet=_first(
            _name_of(article.get("publisher"), known),
            *(metas.get(name, "") for name in labels.outlet_names),
        ),
        url=_read_url(root, article, metas),
        author=_first(
            _name_of(article.get("author"), known),
            *(_not_url(metas.get(name, "")) for name in labels.author_names),
            _not_url(_read_property(root, ("author",))),
            *_texts_of(root, "a", rel="author"),
        ),
        body=_read_body(article),
        is_article=bool(article) or metas.get("og:type", "").lower() == "article",
        is_live="LiveBlogPosting" in _types_of(article),
    )


def name_article(metadata: PageMetadata, lines: Sequence[str], headings: Sequence[str]) -> Naming:
    """Return the title and the outlet of a page with the lines it shows.

    1. The title is the first headline of the metadata, else the first of the headings that
       <title> has in it, else <title> itself without the outlet's name, else the first
       heading. A headline that is cut off gives way to the heading that completes it.
    2. The outlet is that of the metadata, else the host of the page's address, else what
       <title> has beside the title. Where a line of the page is the beginning or the end of
       <title>, it is the title and the rest the outlet; otherwise the shorter part at the
       outer separator (« - », « | ») is the outlet, if it has five words or fewer.

    >>> page = PageMetadata((), "خطة للمياه - المرصد", "", "", "", "", "", False, False)
    >>> name_article(page, [], [])
    Naming(title='خطة للمياه', outlet='المرصد')
    """
    host = (urlsplit(metadata.url).hostname or "") if metadata.url else ""
    host = host.removeprefix("www.")
    shown_title, shown_outlet = _split_title(metadata.page_title, [*headings, *lines])
    outlet = metadata.outlet or host or shown_outlet
    names = [metadata.outlet, shown_outlet, host]
    headline = next(iter(metadata.headlines), "")
    if headline:
        headline = _complete(_without_outlet(headline, names, headings), headings)
    in_title = [one for one in headings if squeeze(one) in squeeze(metadata.page_title)]
    title = _first(headline, *in_title, _without_outlet(shown_title, names, ()), *headings)
    return Naming(title, outlet)


def find_day_in_url(url: str) -> str:
    """Return the day that stands in the path of an address as year, month and day, else "".

    >>> find_day_in_url("https://marsad.example/2031/3/4/water")
    '2031-03-04'
    >>> find_day_in_url("https://marsad.example/2031/03/water")
    ''
    """
    match = _DAY_IN_PATH.search(urlsplit(url).path) if url else None
    if match is None:
        return ""
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        return ""


def keep_url(url: str) -> str:
    """Return an address of the web that names a host, "" for any other."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return url if valid and not _BLANKS.search(url) else ""


def clean(text: object) -> str:
    """Return a string on one line without blanks at its ends, "" for what is no string.

    Half characters, which JSON can hold, become U+FFFD.
    """
    if not isinstance(text, str):
        return ""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _BLANKS.sub(" ", text.replace("\0", "")).strip()


def squeeze(text: str) -> str:
    """Return a text as two copies of it are compared: composed, without blanks and controls."""
    joined = "".join(unicodedata.normalize("NFC", text).split())
    return joined if joined.isprintable() else "".join(filter(str.isprintable, joined))


def _first(*values: str) -> str:
    return next((value for value in values if value), "")


def _not_url(value: str) -> str:
    return "" if "://" in value else value


def _dated(value: str) -> str:
    return value if re.search("[1-9١-٩۱-۹]", value) else ""


def _read_metas(root: "HtmlElement") -> dict[str, str]:
    """Return the first content of every name, property and itemprop of <meta>."""
    metas: dict[str, str] = {}
    for element in root.iter("meta"):
        content = clean(element.get("content"))
        for attribute in ("property", "name", "itemprop"):
            name = clean(element.get(attribute)).lower()
            if name and content:
                metas.setdefault(name, content)
    return metas


def _read_property(root: "HtmlElement", names: Sequence[str]) -> str:
    """Return the first value of a property of microdata or RDFa; a name inside it counts as it."""
    wanted = set(names)
    for element in root.iter("*"):
        properties = f"{element.get('itemprop') or ''} {element.get('property') or ''}"
        if not wanted.intersection(properties.split()):
            continue
        inner = element.xpath("(.//*[@itemprop='name'])[1]")
        for one in (*inner, element):
            value = clean(one.get("content") or one.get("datetime") or "".join(one.itertext()))
            if value:
                return value
    return ""


def _texts_of(root: "HtmlElement", tag: str, rel: str = "") -> list[str]:
    texts = [
        clean("".join(element.itertext()))
        for element in root.iter(tag)
        if not rel or rel in (element.get("rel") or "").split()
    ]
    return [text for text in texts if text]


def _read_url(root: "HtmlElement", article: dict[str, Any], metas: dict[str, str]) -> str:
    """Return the first address of the page that is whole; one with a path goes before a host."""
    found = [
        *(link.get("href") or "" for link in root.iter("link") if _rel(link) == "canonical"),
        metas.get("og:url", ""),
        clean(article.get("url")),
        clean(_id_of(article.get("mainEntityOfPage"))),
        *_find_saved_from(root),
    ]
    urls = [url for url in map(keep_url, found) if url]
    return _first(*(url for url in urls if urlsplit(url).path.strip("/")), *urls)


def _rel(link: "HtmlElement") -> str:
    return (link.get("rel") or "").strip().lower()


def _find_saved_from(root: "HtmlElement") -> list[str]:
    """Return the address that a browser wrote into a comment when the page was saved."""
    comments = root.xpath("/comment() | /html/comment() | /html/head/comment()")
    matches = (_SAVED_FROM.match(comment.text or "") for comment in comments)
    return [match.group(1) for match in matches if match]


# JSON-LD


def _iter_nodes(root: "HtmlElement") -> Iterator[dict[str, Any]]:
    """Yield the top nodes of all JSON-LD, those of lists and of @graph, in order."""
    left = _MOST_NODES
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        waiting = [_parse_json("".join(script.itertext()))]
        while waiting and left:
            left -= 1
            value = waiting.pop()
            if isinstance(value, list):
                waiting += reversed(value)
            elif isinstance(value, dict):
                yield value
                waiting += [value[key] for key in ("mainEntity", "@graph") if key in value]


def _parse_json(text: str) -> Any:
    """Read JSON as pages write it: wrapped in comments, line ends in strings, last commas."""
    if len(text) > LONGEST_JSON:
        return None
    text = text.replace("<![CDATA[", "").replace("]]>", "")
    start = re.search(r"[{\[]", text)
    text = text[start.start() : max(text.rfind("}"), text.rfind("]")) + 1] if start else ""
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _types_of(node: dict[str, Any]) -> list[str]:
    types = node.get("@type")
    types = types if isinstance(types, list) else [types]
    return [one.rsplit("/", 1)[-1] for one in types if isinstance(one, str)]


def _is_article(node: dict[str, Any]) -> bool:
    return any(one.endswith("Article") or one in _ARTICLE_TYPES for one in _types_of(node))


def _choose_article(
    articles: Sequence[dict[str, Any]], shown: Sequence[str], *, og_type: str
) -> dict[str, Any]:
    """Return the article that the page bears the title of, else the first; {} for a list."""
    wanted = [squeeze(text) for text in shown if text]
    for article in articles:
        headline = squeeze(_text_in(article, "headline"))
        if headline and any(headline in text for text in wanted):
            return article
    if not articles or (len(articles) > 1 and og_type.lower() == "website"):
        return {}
    return articles[0]


def _text_in(node: dict[str, Any], key: str) -> str:
    """Return a text of JSON-LD; pages put entities into it, as if it were HTML."""
    return clean(html.unescape(clean(node.get(key))))


def _date_in(node: dict[str, Any]) -> str:
    return _dated(_text_in(node, "datePublished"))


def _has_name(node: dict[str, Any]) -> bool:
    return isinstance(node.get("@id"), str) and isinstance(node.get("name"), str)


def _id_of(value: Any) -> Any:
    return value.get("@id") if isinstance(value, dict) else value


def _name_of(value: Any, known: dict[str, dict[str, Any]]) -> str:
    """Return the name of a person or an organisation, or the names of several."""
    if isinstance(value, list):
        names = [_name_of(one, known) for one in value[:50] if not isinstance(one, list)]
        return "; ".join(dict.fromkeys(name for name in names if name))
    if isinstance(value, dict):
        named = value if value.get("name") else known.get(str(value.get("@id")), {})
        return _text_in(named, "name")
    return _not_url(clean(html.unescape(clean(value))))


def _read_body(article: dict[str, Any]) -> str:
    body = article.get("articleBody")
    return body.replace("\0", "") if isinstance(body, str) else ""


# Titles


def _split_title(page_title: str, lines: Sequence[str]) -> tuple[str, str]:
    """Divide <title> into title and outlet, by a line of the page that is one end of it."""
    ends = [line for line in lines if (_cut(page_title, line) or "").strip(_EDGES)]
    if ends:
        title = max(ends, key=len)
        rest = _SEPARATORS.split((_cut(page_title, title) or "").strip(_EDGES))
        return title, rest[-1 if page_title.startswith(title) else 0]
    parts = _SEPARATORS.split(page_title)
    if len(parts) < 2:
        return page_title, ""
    first, last = parts[0], parts[-1]
    if len(last) <= len(first) and len(last.split()) <= 5:
        return page_title[: page_title.rindex(last)].rstrip(_EDGES), last
    if len(first.split()) <= 5:
        return page_title[len(first) :].strip(_EDGES), first
    return page_title, ""


def _cut(page_title: str, line: str) -> str | None:
    """Return what <title> has beside a line that is its beginning or its end."""
    if not 0 < len(line) < len(page_title):
        return None
    if page_title.startswith(line) and page_title[len(line)] in _EDGES:
        return page_title[len(line) :]
    if page_title.endswith(line) and page_title[-len(line) - 1] in _EDGES:
        return page_title[: -len(line)]
    return None


def _without_outlet(title: str, names: Sequence[str], headings: Sequence[str]) -> str:
    """Return a title without the name of the outlet that stands before or behind it."""
    for heading in headings:
        rest = (_cut(title, heading) or "").strip(_EDGES)
        if rest and len(rest.split()) <= 5 and len(heading) >= 10 and _SEPARATORS.search(title):
            return heading
    for name in names:
        rest = (_cut(title, name) or "").strip()
        if rest != rest.strip(_EDGES) and rest.strip(_EDGES):
            return rest.strip(_EDGES)
    return title


def _complete(title: str, headings: Sequence[str]) -> str:
    start = title.rstrip(".… ")
    if start == title or len(start) < 20:
        return title
    return next((one for one in headings if one.startswith(start) and len(one) > len(title)), title)
