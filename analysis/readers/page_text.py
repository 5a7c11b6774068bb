"""The running text of a web page: its blocks, and which of them are the article."""

import copy
import logging
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis.readers.page_labels import PageLabels, has_word
from analysis.readers.page_metadata import squeeze

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_ELEMENTS = 30_000
DEEPEST = 256
MOST_LETTERS = 1_000_000
"""Elements, depth and letters of the largest page given to trafilatura: its time grows faster."""
THIN = 200
"""Letters below which what trafilatura found is compared with the plain text of the page."""
_SHORT = 40
_PROSE = 60
_SENTENCE = 80
_BEFORE = 8
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SENTENCE_END = re.compile(r"[.!?؟۔…][\"'»”’)\]]*$")
_BULLET = re.compile(r"^-")
# fmt: off
_BLOCK_TAGS = frozenset({
    "address", "amp-ad", "amp-embed", "amp-sidebar", "amp-social-share",
    "amp-user-notification", "article", "aside", "blockquote", "body", "caption", "center",
    "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
    "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html",
    "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})
_UNSEEN_TAGS = frozenset({
    "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "math", "noembed",
    "noframes", "noscript", "object", "script", "select", "style", "svg", "template",
    "textarea", "video",
})
# fmt: on
_PARAGRAPH_TAGS = frozenset({"blockquote", "h2", "h3", "h4", "h5", "h6", "li", "p", "pre"})
_HEADINGS = frozenset({"h1", "h2"})
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


class Block(NamedTuple):
    """A run of text between two line breaks: its node, and how many letters of it are links."""

    text: str
    node: int
    linked: int


class Node(NamedTuple):
    """An element that holds blocks: `parent` is its place among the nodes, -1 for the top."""

    parent: int
    tag: str
    is_aside: bool
    is_byline: bool


class Moment(NamedTuple):
    """A <time>: the place of the block it stands in or before, its node and its value."""

    at: int
    node: int
    value: str


class Choice(NamedTuple):
    """The places of the blocks that are the article, and the <time> near its beginning or ""."""

    places: list[int]
    moment: str


class Layout(NamedTuple):
    """A page: blocks in order, their nodes, its moments, its count of elements and its depth."""

    blocks: list[Block]
    nodes: list[Node]
    moments: list[Moment]
    elements: int
    depth: int

    def tag(self, block: int) -> str:
        """Return the tag of the node that holds a block."""
        return self.nodes[self.blocks[block].node].tag


def read_layout(root: "HtmlElement", labels: PageLabels) -> Layout:
    """Return the blocks of a page: text between block elements, <br> and lines of <pre>.

    White space is one blank, as browsers show it; everything else is verbatim. What a
    browser shows no text of (scripts, forms' fields, frames, drawings) is left out.
    """
    from lxml import etree

    nodes: list[Node] = []
    blocks: list[Block] = []
    moments: list[Moment] = []
    open_nodes = [-1]
    pieces: list[str] = []
    linked = links = unseen = elements = depth = deepest = 0

    def end_block() -> None:
        nonlocal linked
        text = _BLANKS.sub(" ", "".join(pieces)).strip(" \xa0\u200b\u200e\u200f\ufeff")
        if text:
            blocks.append(Block(text, max(open_nodes[-1], 0), linked))
        pieces.clear()
        linked = 0

    def add(text: str | None) -> None:
        nonlocal linked
        if not text or unseen:
            return
        if nodes and nodes[open_nodes[-1]].tag == "pre":
            for line in text.splitlines()[:-1]:
                pieces.append(line)
                end_block()
            text = text.splitlines()[-1]
        pieces.append(text)
        if links:
            linked += len(text.strip())

    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            add(element.tail)
            continue
        tag = element.tag
        depth += 1 if event == "start" else -1
        if event == "start":
            elements += 1
            deepest = max(depth, deepest)
            if tag in _UNSEEN_TAGS:
                unseen += 1
                continue
            if tag in _BLOCK_TAGS:
                end_block()
                nodes.append(_make_node(element, open_nodes[-1], labels))
                open_nodes.append(len(nodes) - 1)
            elif tag == "br":
                end_block()
            elif tag == "a" and element.get("href"):
                links += 1
            if tag in {"time", "abbr"} and (moment := _read_moment(element)):
                moments.append(Moment(len(blocks), max(open_nodes[-1], 0), moment))
            add(element.text)
            continue
        if tag in _UNSEEN_TAGS:
            unseen -= 1
        elif tag in _BLOCK_TAGS:
            end_block()
            open_nodes.pop()
        elif tag == "a" and element.get("href"):
            links -= 1
        add(element.tail)
    end_block()
    return Layout(blocks, nodes or [Node(-1, "body", False, False)], moments, elements, deepest)


def ask_trafilatura(root: "HtmlElement", layout: Layout) -> str:
    """Return the main text that trafilatura finds in a page, "" where it finds none.

    Comments are left out, and tables unless they hold half of the page's text: then they are
    its layout. A page of more than 30,000 elements or a million letters or nested more than 256
    deep, on which it would take minutes, and one on which it fails have no text here.
    """
    letters = _letters(layout, range(len(layout.blocks)))
    if layout.elements > MOST_ELEMENTS or layout.depth > DEEPEST or letters > MOST_LETTERS:
        return ""
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        text = extract(
            copy.deepcopy(root),
            include_comments=False,
            include_tables=_is_laid_out_by_tables(layout),
            deduplicate=False,
        )
    except Exception:  # a page it cannot take is read without it
        return ""
    return text or ""


def choose_blocks(
    layout: Layout, main_text: str, *, title: str, is_one: bool = False, is_live: bool = False
) -> Choice:
    """Return which blocks are the article.

    `main_text` is what trafilatura found; `is_one` says that the page calls itself one article,
    `is_live` that each entry of it may be an <article>. The rules, in order:

    1. The blocks whose words stand in `main_text` are taken, but for those in a part that the
       page itself calls something else (comments, related, share...), and those that are
       links. Where they hold less than 200 letters, or less than half of the prose in the
       smallest part of the page that holds three quarters of it, that prose is taken.
    2. Of several <article> that of the title is kept; without it all of them where the page is
       one article, else the one with most text.
    3. What is lost between two taken blocks comes back if it is no link and belongs to the
       same part; so do the sentences directly before and after.
    4. The lines between the title and the text that have a figure or are called a byline are
       taken, for the date in them; the title itself is not.
    """
    heading = _find_heading(layout, title)
    aside = _find_asides(layout, heading)
    articles = _find_articles(layout)
    taken = [at for at in _match(layout, main_text) if not _is_link(layout.blocks[at])]
    clear = [at for at in taken if not aside[layout.blocks[at].node]]
    if 2 * _letters(layout, clear) >= _letters(layout, taken):
        taken = clear
    prose = _find_prose(layout, aside)
    plain = _find_plain(layout, prose, aside)
    found, there = _letters(layout, taken), _letters(layout, plain)
    if found < there and (found < THIN or 2 * found < there):
        taken = plain
    if not is_live:
        taken = _keep_one_article(layout, taken, prose, heading, articles, is_one)
    titles = {squeeze(title)} | ({squeeze(layout.blocks[heading].text)} if heading >= 0 else set())
    taken = [at for at in taken if squeeze(layout.blocks[at].text) not in titles]
    below = [at for at in taken if at > heading]
    if 2 * _letters(layout, below) > _letters(layout, taken):
        taken = below
    if not taken:
        return Choice([], "")
    taken = _fill(layout, taken, aside, articles, titles)
    moment = _find_moment_near(layout, taken, heading, aside)
    return Choice([*_find_byline(layout, taken[0], heading, aside, articles), *taken], moment)


def _make_node(element: "HtmlElement", parent: int, labels: PageLabels) -> Node:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
    is_aside = (
        element.tag in labels.aside_tags
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
        or (bool(names) and has_word(names, labels.aside_words))
    )
    is_byline = bool(names) and has_word(names, labels.byline_words)
    return Node(parent, element.tag, is_aside, is_byline)


def _find_moment_near(
    layout: Layout, taken: Sequence[int], heading: int, aside: Sequence[bool]
) -> str:
    first = min(heading, taken[0]) if heading >= 0 else taken[0]
    last = max(heading, taken[min(2, len(taken) - 1)])
    near = (
        moment.value
        for moment in layout.moments
        if first - _BEFORE // 2 <= moment.at <= last and not aside[moment.node]
    )
    return next(near, "")


def _read_moment(element: "HtmlElement") -> str:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    if ("updated" in names or "modified" in names) and "published" not in names:
        return ""
    if element.tag == "abbr":
        return (element.get("title") or "").strip() if "published" in names else ""
    return (element.get("datetime") or "").strip()


def _letters(layout: Layout, places: Sequence[int]) -> int:
    return sum(len(layout.blocks[at].text) for at in places)


def _is_link(block: Block) -> bool:
    return block.linked > 0.8 * len(block.text)


def _is_free(block: Block) -> bool:
    return 2 * block.linked < len(block.text)


def _weigh_nodes(layout: Layout, places: Sequence[int]) -> list[int]:
    """Return for every node how many letters of some blocks stand in it."""
    weights = [0] * len(layout.nodes)
    for at in places:
        weights[layout.blocks[at].node] += len(layout.blocks[at].text)
    for node in range(len(weights) - 1, 0, -1):
        if layout.nodes[node].parent >= 0:
            weights[layout.nodes[node].parent] += weights[node]
    return weights


def _find_asides(layout: Layout, heading: int) -> list[bool]:
    """Say of every node whether it is set aside: by its name, unless it holds the article."""
    weights = _weigh_nodes(layout, range(len(layout.blocks)))
    held = set()
    node = layout.blocks[heading].node if heading >= 0 else -1
    while node >= 0:
        held.add(node)
        node = layout.nodes[node].parent
    aside: list[bool] = []
    for i, node_i in enumerate(layout.nodes):
        own = node_i.is_aside and i not in held and 10 * weights[i] < 9 * weights[0]
        aside.append(own or (node_i.parent >= 0 and aside[node_i.parent]))
    return aside


def _find_heading(layout: Layout, title: str) -> int:
    """Return the block that shows the title, an <h1> before any other; -1 without one."""
    wanted = squeeze(title)
    same = [
        at for at, block in enumerate(layout.blocks) if wanted and squeeze(block.text) == wanted
    ]
    headings = [at for at in same if layout.tag(at) in _HEADINGS]
    first = [at for at in range(len(layout.blocks)) if layout.tag(at) == "h1"]
    return next(iter([*headings, *same, *(first if len(first) == 1 else [])]), -1)


def _match(layout: Layout, main_text: str) -> list[int]:
    """Return the blocks that stand in a text that was found elsewhere."""
    lines = {_BULLET.sub("", squeeze(line)) for line in main_text.splitlines()} - {""}
    joined = squeeze(main_text)
    found = []
    for at, block in enumerate(layout.blocks):
        text = squeeze(block.text)
        if text in lines or (len(text) >= 25 and (text[:60] in joined or text[-60:] in joined)):
            found.append(at)
    return found


def _find_prose(layout: Layout, aside: Sequence[bool]) -> list[int]:
    return [
        at
        for at, block in enumerate(layout.blocks)
        if len(block.text) >= _PROSE and _is_free(block) and not aside[block.node]
    ]


def _find_plain(layout: Layout, prose: Sequence[int], aside: Sequence[bool]) -> list[int]:
    """Return the blocks from the first to the last prose of the part that holds most of it."""
    if not prose:
        return []
    weights = _weigh_nodes(layout, prose)
    smallest = max(node for node, weight in enumerate(weights) if 4 * weight >= 3 * weights[0])
    inside: list[bool] = []
    for i, node in enumerate(layout.nodes):
        inside.append(i == smallest or (node.parent >= 0 and inside[node.parent]))
    ends = [at for at in prose if inside[layout.blocks[at].node]]
    return [
        at
        for at in range(ends[0], ends[-1] + 1)
        if inside[layout.blocks[at].node]
        and _is_free(layout.blocks[at])
        and not aside[layout.blocks[at].node]
    ]


def _find_articles(layout: Layout) -> list[int]:
    """Return for every node the outermost <article> around it, -1 without one."""
    articles: list[int] = []
    for i, node in enumerate(layout.nodes):
        outer = articles[node.parent] if node.parent >= 0 else -1
        articles.append(i if outer < 0 and node.tag == "article" else outer)
    return articles


def _keep_one_article(
    layout: Layout,
    taken: list[int],
    prose: Sequence[int],
    heading: int,
    articles: Sequence[int],
    is_one: bool,
) -> list[int]:
    """Keep the blocks of one <article>, or the prose of the title's own where it was missed."""
    letters: dict[int, int] = {}
    for at in taken:
        article = articles[layout.blocks[at].node]
        letters[article] = letters.get(article, 0) + len(layout.blocks[at].text)
    letters.pop(-1, None)
    mine = articles[layout.blocks[heading].node] if heading >= 0 else -1
    own = [at for at in prose if mine >= 0 and articles[layout.blocks[at].node] == mine]
    if letters and 2 * letters.get(mine, 0) < _letters(layout, own):
        return own
    if len(letters) < 2:
        return taken
    if mine not in letters:
        if is_one:
            return taken
        mine = max(letters, key=lambda article: letters[article])
    return [at for at in taken if articles[layout.blocks[at].node] == mine]


def _fill(
    layout: Layout,
    taken: Sequence[int],
    aside: Sequence[bool],
    articles: Sequence[int],
    titles: set[str],
) -> list[int]:
    """Add the blocks that were lost between the taken ones, and the sentences at their ends."""
    homes = _find_homes(layout)
    taken = _trim_end(layout, taken, homes)
    home = {homes[layout.blocks[at].node] for at in taken}
    article = {articles[layout.blocks[at].node] for at in taken}

    def belongs(at: int, least: int) -> bool:
        block = layout.blocks[at]
        return (
            len(block.text) >= least
            and _is_free(block)
            and not aside[block.node]
            and articles[block.node] in article
            and squeeze(block.text) not in titles
        )

    def is_sibling(at: int) -> bool:
        return homes[layout.blocks[at].node] in home

    def is_lost(at: int) -> bool:
        in_paragraph = layout.tag(at) in _PARAGRAPH_TAGS or layout.blocks[at].node in home
        return belongs(at, 1 if is_sibling(at) and in_paragraph else _SHORT)

    def is_sentence(at: int) -> bool:
        ends = _SENTENCE_END.search(layout.blocks[at].text)
        return is_sibling(at) and bool(ends) and belongs(at, _SENTENCE)

    kept = set(taken)
    filled = [at for at in range(taken[0], taken[-1] + 1) if at in kept or is_lost(at)]
    first, last = taken[0], taken[-1]
    while first > 0 and is_sentence(first - 1):
        first -= 1
    while last + 1 < len(layout.blocks) and is_sentence(last + 1):
        last += 1
    return [*range(first, taken[0]), *filled, *range(taken[-1] + 1, last + 1)]


def _trim_end(layout: Layout, taken: Sequence[int], homes: Sequence[int]) -> Sequence[int]:
    """Leave out the short lines at the end that stand elsewhere and are no sentences."""
    letters: dict[int, int] = {}
    for at in taken:
        home = homes[layout.blocks[at].node]
        letters[home] = letters.get(home, 0) + len(layout.blocks[at].text)
    main = max(letters, key=lambda home: letters[home])
    end = len(taken)
    while end > 1:
        block = layout.blocks[taken[end - 1]]
        if (
            homes[block.node] == main
            or len(block.text) >= _PROSE
            or _SENTENCE_END.search(block.text)
        ):
            break
        end -= 1
    return taken[:end]


def _find_homes(layout: Layout) -> list[int]:
    """Return for every node the nearest around it that holds more than one block."""
    counts = [0] * len(layout.nodes)
    for block in layout.blocks:
        counts[block.node] += 1
    for node in range(len(counts) - 1, 0, -1):
        if layout.nodes[node].parent >= 0:
            counts[layout.nodes[node].parent] += counts[node]
    homes: list[int] = []
    for i, node_i in enumerate(layout.nodes):
        alone = counts[i] < 2 and node_i.parent >= 0
        homes.append(homes[node_i.parent] if alone else i)
    return homes


def _find_byline(
    layout: Layout, first: int, heading: int, aside: Sequence[bool], articles: Sequence[int]
) -> list[int]:
    """Return the short lines between the title and the text that may tell author and date."""
    if not 0 <= heading < first:
        return []
    article = articles[layout.blocks[first].node]
    return [
        at
        for at in range(max(heading + 1, first - _BEFORE), first)
        if _is_free(layout.blocks[at])
        and not aside[layout.blocks[at].node]
        and articles[layout.blocks[at].node] == article
        and len(layout.blocks[at].text) <= 200
        and (
            layout.nodes[layout.blocks[at].node].is_byline
            or any(letter.isdigit() for letter in layout.blocks[at].text)
        )
    ]


def _is_laid_out_by_tables(layout: Layout) -> bool:
    """Say whether the cells of tables hold half of the page's text."""
    in_cell: list[bool] = []
    for node in layout.nodes:
        in_cell.append(node.tag in {"td", "th"} or (node.parent >= 0 and in_cell[node.parent]))
    inside = sum(len(block.text) for block in layout.blocks if in_cell[block.node])
    return 2 * inside >= sum(len(block.text) for block in layout.blocks)
