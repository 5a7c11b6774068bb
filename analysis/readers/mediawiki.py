"""Dumps of MediaWiki, such as Arabic Wikinews: every page of the XML with its wikitext as text."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import quote
from xml.parsers import expat

from analysis.data_files import DataFile, data_path, load_yaml
from analysis.errors import InputError
from analysis.readers.rows import Failure, Record, Rows, Source

LARGEST_PAGE = 500_000
"""Letters of the longest wikitext that is read, a hundred times those of a long article."""
LONGEST_TAG = 10_000_000
"""Bytes of the longest tag or comment of the XML."""
DEEPEST_ELEMENT = 50
"""Elements of the XML one inside the other; a dump has five."""
_BLOCK = 1 << 16
_FILE_NAMESPACES = ("6", "14", "-2")
_FIELDS = {
    ("page", "title"),
    ("page", "ns"),
    ("page", "id"),
    ("revision", "timestamp"),
    ("revision", "text"),
    ("siteinfo", "sitename"),
    ("siteinfo", "base"),
    ("namespaces", "namespace"),
}
_OF_A_PAGE = ("title", "ns", "id", "redirect")
_DEEPEST_MARKUP = 30
_OPENING = {"]]": "[[", "}}": "{{", "|}": "{|", "]": "["}
_MARKUP = re.compile(
    r"<!--|\[\[|\]\]|\{\{|\}\}|\{\||\|\}(?!\})|\[(?=[a-zA-Z]+:|//)|\]"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?=(?P<rest>[^<>]*>)?)"
)
_ESCAPES = str.maketrans({"[": "&#91;", "{": "&#123;", "<": "&lt;"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]+)*")
_SWITCH = re.compile(r"__[^\W\d_]+(?:_[^\W\d_]+)*__")
_ITEM = "\x1e"  # no XML can hold it, so that it can mark where an item of a list begins
_BLANKS = re.compile(r"[ \t\r]+")


class _Words(NamedTuple):
    """The content of `data/lexicons/mediawiki.yml`."""

    date_templates: frozenset[str]
    date_parts: Mapping[str, tuple[str, ...]]
    text_templates: Mapping[str, tuple[str, ...]]
    hidden_namespaces: frozenset[str]
    redirects: tuple[str, ...]
    hidden_elements: frozenset[str]
    block_elements: frozenset[str]


class _Site(NamedTuple):
    """What a dump says of its wiki: its name, where its pages stand, its namespaces."""

    name: str
    pages: str
    namespaces: Mapping[str, str]
    hidden: frozenset[str]


class _Event(NamedTuple):
    """A piece of the XML: the `start` or `end` of an element, or `text`, and what stands there."""

    kind: str
    content: str
    attributes: Mapping[str, str]


class _Edit(NamedTuple):
    """What is written in place of the letters from `start` to `end`."""

    start: int
    end: int
    text: str


def read_mediawiki_dump(source: Source) -> Rows:
    r"""Read the pages of a MediaWiki export, the articles among them with their plain text.

    The rules, in order:

    1. Pages are numbered from 1. A redirect, a page of another namespace than that of
       articles, and a page without words have an empty text, and the note says which it is.
    2. The fields are `article_id` (the number of the page), `title`, `text`, `published`,
       `revised` (when the page was last changed), `outlet` (the name of the wiki) and `url`.
       Of several revisions the last in the file is taken.
    3. `published` is what the first date template of the page says, as it is written there
       (`data/lexicons/mediawiki.yml`), and not what one inside a note or another template
       says. Without one there is none: a revision tells when somebody wrote, not when the
       news appeared.
    4. A paragraph, a heading and an item of a list are a line each. Links show their words;
       pictures, categories, notes, tables and templates are left out, but for templates whose
       argument is part of the text. Marks that are opened and never closed are text, as on
       the wiki.
    5. XML that breaks off, or is not well-formed, fails from there on. A document type, and so
       every entity of one's own, is refused.

    >>> import io
    >>> dump = ("<mediawiki><siteinfo><sitename>المرصد</sitename></siteinfo>"
    ...     "<page><title>هدوء</title><ns>0</ns><id>7</id><revision><text>{{تاريخ|4 مارس 2031}}"
    ...     "\n\nزار [[وزير|الوزير]] '''الميناء'''.</text></revision></page></mediawiki>")
    >>> record, = read_mediawiki_dump(Source(io.BytesIO(dump.encode()), "dump.xml"))
    >>> record.fields["published"], record.fields["text"]
    ('4 مارس 2031', 'زار الوزير الميناء.')
    """
    row = 0
    try:
        for row, (site, page) in enumerate(_iter_pages(_iter_events(source.file)), start=1):
            yield _read_page(row, page, site)
    except expat.ExpatError as error:
        yield Failure(
            None,
            f"the XML cannot be read from line {error.lineno} on "
            f"({expat.errors.messages[error.code]}); whole pages before it: {row:,}. "
            "Get the file again, it may be cut off.",
        )
    except InputError as error:
        yield Failure(None, str(error))
    else:
        if row == 0:
            yield Failure(None, "a MediaWiki dump without pages; export it again.")


def _iter_events(file: BinaryIO) -> Iterator[_Event]:
    """Yield the pieces of an XML file; nothing of it is kept, nothing outside it is read."""
    events: list[_Event] = []
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = lambda name, attributes: events.append(
        _Event("start", name.rpartition(":")[2], attributes)
    )
    parser.EndElementHandler = lambda name: events.append(
        _Event("end", name.rpartition(":")[2], {})
    )
    parser.CharacterDataHandler = lambda text: events.append(_Event("text", text, {}))
    problem: Exception | None = None
    silent = 0
    while problem is None:
        block = file.read(_BLOCK)
        try:
            parser.Parse(block, not block)
        except (expat.ExpatError, InputError) as error:
            problem = error
        silent = 0 if events else silent + len(block)
        if silent > LONGEST_TAG:
            problem = InputError(f"a tag of more than {LONGEST_TAG:,} bytes; get the file again.")
        yield from events
        events.clear()
        if not block:
            break
    if problem is not None:
        raise problem


def _refuse_document_type(*_: object) -> None:
    raise InputError(
        "it declares a document type (DOCTYPE), which no dump does and which can hide entities "
        "without end; remove the declaration."
    )


def _iter_pages(events: Iterator[_Event]) -> Iterator[tuple[_Site, dict[str, str]]]:
    """Yield every page with what is known of the wiki by then."""
    path: list[str] = []
    site: dict[str, str] = {}
    page: dict[str, str] = {}
    namespaces: dict[str, str] = {}
    parts: list[str] = []
    size = 0
    key = ""
    for kind, content, attributes in events:
        if kind == "text":
            size += len(content)
            if tuple(path[-2:]) in _FIELDS and size <= LARGEST_PAGE:
                parts.append(content)
            continue
        if kind == "start":
            _check_place(path, content)
            path.append(content)
            if content == "page":
                page = {}
            elif content == "revision":
                page = {name: page[name] for name in page if name in _OF_A_PAGE}
            elif content == "redirect":
                page["redirect"] = "yes"
            key = attributes.get("key", "")
        else:
            if path[-1] == "namespace":
                namespaces[key] = "".join(parts)
            elif tuple(path[-2:]) in _FIELDS:
                fields = site if path[-2] == "siteinfo" else page
                fields[path[-1]] = "".join(parts)
                if size > LARGEST_PAGE:
                    page["is_too_large"] = "yes"
            if path.pop() == "page":
                yield _describe_site(site, namespaces), page
        parts, size = [], 0


def _check_place(path: list[str], name: str) -> None:
    if not path and name != "mediawiki":
        raise InputError(
            f"its outermost element is <{name[:40]}>, not <mediawiki>: of XML only dumps of "
            "MediaWiki are read; convert it to .txt, .csv or .jsonl."
        )
    if len(path) == DEEPEST_ELEMENT:
        raise InputError(f"more than {DEEPEST_ELEMENT} elements one inside the other; no dump.")


def _describe_site(site: Mapping[str, str], namespaces: Mapping[str, str]) -> _Site:
    start = re.match(r"https?://.*[/=]", site.get("base", ""))
    hidden = [_fold(namespaces[key]) for key in _FILE_NAMESPACES if key in namespaces]
    return _Site(
        site.get("sitename", "").strip(),
        start.group() if start else "",
        {_fold(name): key for key, name in namespaces.items() if name},
        _load_words().hidden_namespaces | frozenset(hidden),
    )


def _read_page(row: int, page: Mapping[str, str], site: _Site) -> Record | Failure:
    title = page.get("title", "").strip()
    if "is_too_large" in page:
        return Failure(
            row,
            f"the page {title!r} has more than {LARGEST_PAGE:,} letters; divide it on the wiki.",
        )
    fields: dict[str, Any] = {
        "article_id": page.get("id", "").strip(),
        "title": title,
        "text": "",
        "revised": page.get("timestamp", "").strip(),
        "outlet": site.name,
        "url": site.pages and site.pages + quote(title.replace(" ", "_"), safe=";:@$!*(),/~"),
    }
    fields = {name: value for name, value in fields.items() if value or name == "text"}
    wikitext = page.get("text", "")
    if reason := _find_reason_to_skip(page, wikitext, site):
        return Record(row, fields, note=reason)
    try:
        text, published = _convert(wikitext, site)
    except Exception as error:
        return Failure(
            row,
            f"the wikitext of {title!r} cannot be read ({type(error).__name__}: {error}); "
            "correct it on the wiki.",
        )
    if published:
        fields["published"] = published
    note = "" if text else "nothing but templates, pictures and categories."
    return Record(row, fields | {"text": text}, note=note)


def _find_reason_to_skip(page: Mapping[str, str], wikitext: str, site: _Site) -> str:
    namespace = page.get("ns", "").strip()
    if not namespace:  # the first dumps tell it by the title alone
        prefix, colon, _ = page.get("title", "").partition(":")
        namespace = site.namespaces.get(_fold(prefix), "0") if colon else "0"
    if namespace != "0":
        return f"namespace {namespace}, no article."
    first_word = wikitext.lstrip()[:20].casefold()
    if "redirect" in page or first_word.startswith(_load_words().redirects):
        return "a redirect."
    return "" if wikitext.strip() else "a page without words."


def _convert(wikitext: str, site: _Site) -> tuple[str, str]:
    """Return the plain text of wikitext, and what its first date template says."""
    import mwparserfromhell

    code = mwparserfromhell.parse(_escape_unclosed(wikitext))
    words = _load_words()
    dates = (
        _read_date(template, site)
        for template in code.filter_templates(recursive=False)
        if _fold(str(template.name)) in words.date_templates
    )
    return _join_lines(_SWITCH.sub("", _show(code, site))), next(filter(None, dates), "")


def _escape_unclosed(wikitext: str) -> str:
    """Write every opening mark that is never closed as an entity, items of HTML as lines.

    A parser that tries each of them to the end of the page takes the square of its length;
    this takes one pass.
    """
    from mwparserfromhell.definitions import is_single, is_single_only

    edits: list[_Edit] = []
    opened: list[tuple[str, _Edit]] = []
    start = 0
    last_comment_end = wikitext.rfind("-->")
    while match := _MARKUP.search(wikitext, start):
        start, mark = match.end(), match.group()
        name, rest = (match["name"] or mark).lower(), match["rest"]
        escaped = _Edit(match.start(), start, mark.translate(_ESCAPES))
        if mark == "<!--":
            if start > last_comment_end:
                edits.append(escaped)
            else:
                start = wikitext.index("-->", start) + 3
        elif match["name"] and (not rest or _has_open_quote(rest)):
            edits.append(escaped)
        elif match["name"] and is_single(name) and not is_single_only(name):
            start = match.end("rest")
            edits.append(_Edit(match.start(), start, "\n\n"))
        elif match["end"] or mark in _OPENING:
            _close(_OPENING.get(mark, name), opened, edits)
        elif match["name"] and (rest.endswith("/>") or is_single(name)):
            continue
        elif len(opened) == _DEEPEST_MARKUP:
            edits.append(escaped)
        else:
            opened.append((name, escaped))
    return _apply(wikitext, sorted([*edits, *(edit for _, edit in opened)]))


def _has_open_quote(attributes: str) -> bool:
    return bool(attributes.count('"') % 2 or ("='" in attributes and attributes.count("'") % 2))


def _close(name: str, opened: list[tuple[str, _Edit]], edits: list[_Edit]) -> None:
    """Take the mark of this name off what is open, with all that was opened after it."""
    place = next((at for at in reversed(range(len(opened))) if opened[at][0] == name), None)
    if place is not None:
        edits += [edit for _, edit in opened[place + 1 :]]
        del opened[place:]


def _apply(wikitext: str, edits: list[_Edit]) -> str:
    pieces = []
    start = 0
    for edit in edits:
        pieces += [wikitext[start : edit.start], edit.text]
        start = edit.end
    return "".join([*pieces, wikitext[start:]])


def _show(code: Any, site: _Site) -> str:
    return "".join(_show_node(node, site) for node in code.nodes)


def _show_node(node: Any, site: _Site) -> str:
    from mwparserfromhell import nodes

    match node:
        case nodes.Text():
            return str(node.value)
        case nodes.Wikilink():
            return _show_link(node, site)
        case nodes.ExternalLink():
            if node.title is not None:
                return _show(node.title, site)
            return "" if node.brackets else str(node.url)
        case nodes.HTMLEntity():
            return _show_entity(node)
        case nodes.Heading():
            return f"\n\n{_show(node.title, site).strip()}\n\n"
        case nodes.Tag():
            return _show_element(node, site)
        case nodes.Template():
            return _show_template(node, site)
    return ""


def _show_link(link: Any, site: _Site) -> str:
    """Show the words of a link; links to other languages stand beside the article."""
    title = _show(link.title, site).strip()
    prefix, colon, _ = title.partition(":")
    if colon and prefix:
        if _fold(prefix) in site.hidden:
            return ""
        if link.text is None and _LANGUAGE.fullmatch(prefix.strip().lower()):
            return ""
    return title.removeprefix(":") if link.text is None else _show(link.text, site)


def _show_entity(entity: Any) -> str:
    try:
        letter = str(entity.normalize())
    except (ValueError, OverflowError):
        return str(entity)
    is_text = all(unicodedata.category(part) not in ("Cc", "Cs", "Cn") for part in letter)
    return letter if is_text else str(entity)


def _show_element(element: Any, site: _Site) -> str:
    words = _load_words()
    name = str(element.tag).strip().lower()
    if element.wiki_markup and name in ("li", "dt", "dd"):
        return _ITEM
    if name in words.hidden_elements:
        return ""
    content = "" if element.contents is None else _show(element.contents, site)
    return f"\n\n{content}\n\n" if name in words.block_elements else content


def _show_template(template: Any, site: _Site) -> str:
    for name in _load_words().text_templates.get(_fold(str(template.name)), ()):
        if template.has(name, ignore_empty=True):
            return _show(template.get(name).value, site).strip()
    return ""


def _read_date(template: Any, site: _Site) -> str:
    """Return the date in a template as it is written there, its parts in one string."""
    values = {
        str(parameter.name).strip().casefold(): _join_lines(_show(parameter.value, site))
        for parameter in template.params
    }
    named = [
        next((values[name] for name in names if values.get(name)), "")
        for names in _load_words().date_parts.values()
    ]
    parts = named if all(named) else [values.get(str(place), "") for place in (1, 2, 3)]
    parts = [part for part in parts if part]
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        return _join_numbers(parts, is_ordered=all(named))
    return " ".join(parts)


def _join_numbers(parts: list[str], *, is_ordered: bool) -> str:
    """Join three numbers so that it can be told whether their order is known."""
    if is_ordered:
        parts = parts[::-1]
    return ("-" if len(parts[0]) == 4 else "/").join(parts)


def _join_lines(text: str) -> str:
    """Return each paragraph and each item of a list as one line, as a wiki shows them."""
    paragraphs: list[list[str]] = [[]]
    for raw in text.split("\n"):
        line = _BLANKS.sub(" ", raw.replace(_ITEM, " ")).strip()
        is_item = _ITEM in raw
        if not line or is_item:
            paragraphs.append([])
        if line:
            paragraphs[-1].append(line)
        if is_item:
            paragraphs.append([])
    return "\n".join(" ".join(lines) for lines in paragraphs if lines)


def _fold(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


@cache
def _load_words() -> _Words:
    return _parse_words(load_yaml(data_path("lexicons", "mediawiki.yml")))


def _parse_words(source: DataFile) -> _Words:
    source.check_fields((), source.content, required=_Words._fields)
    source.check_fields(
        ("date_parts",), source.content["date_parts"], required=("day", "month", "year")
    )
    lists = {
        name: frozenset(_parse_list(source, (name,)))
        for name in _Words._fields
        if name not in ("date_parts", "text_templates", "redirects")
    }
    if not isinstance(source.content["text_templates"], dict):
        source.fail(("text_templates",), "expected templates and the arguments that they show.")
    parts = source.content["date_parts"]
    templates = source.content["text_templates"]
    return _Words(
        date_parts={part: _parse_list(source, ("date_parts", part)) for part in parts},
        text_templates={
            _fold(name): _parse_list(source, ("text_templates", name)) for name in templates
        },
        redirects=_parse_list(source, ("redirects",)),
        **lists,
    )


def _parse_list(source: DataFile, place: tuple[str, ...]) -> tuple[str, ...]:
    content: Any = source.content
    for step in place:
        content = content[step]
    if not isinstance(content, list) or not content:
        source.fail(place, f"expected a list of words, found {content!r}.")
    for number, word in enumerate(content):
        if not isinstance(word, str):
            source.fail((*place, number), f"{word!r} is no word; write it in quotation marks.")
    return tuple(_fold(word) for word in content)
