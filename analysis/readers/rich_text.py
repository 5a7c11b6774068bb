r"""Rich text (.rtf): letters written as \u and as bytes of a code page, Arabic in both.

The format is read here and not with a library: those at hand read Windows-1256 bytes in a
font without a character set as Western European, and halves of a surrogate pair as letters.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from analysis.readers.press_exports import split_press_export
from analysis.readers.rows import Failure, Record, Rows, Source, read_bytes
from analysis.readers.word_documents import is_sensible_title

DEEPEST_GROUP = 10_000
_TOKEN = re.compile(
    rb"(?P<word>\\([A-Za-z]{1,32})(-?\d{1,10})? ?)|(?P<codes>(?:\\'[0-9A-Fa-f]{2})+)"
    rb"|\\(?P<symbol>[^A-Za-z'])|(?P<brace>[{}])|[\r\n]+|(?P<plain>[^\\{}\r\n]+)"
    rb"|\\'?[0-9A-Fa-f]?",
    re.DOTALL,
)
_CHARSETS = {
    77: "mac_roman",
    81: "mac_greek",
    84: "mac_arabic",
    128: "cp932",
    129: "cp949",
    134: "cp936",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_OTHER_NAMES = {10004: "mac_arabic", 28596: "iso8859_6", 65001: "utf-8"}
_SIGNS = {
    **dict.fromkeys(["par", "line", "sect", "page", "column", "row", "cell"], "\n"),
    **dict.fromkeys(["nestrow", "nestcell"], "\n"),
    "tab": "\t",
    "emdash": "\u2014",
    "endash": "\u2013",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "ltrmark": "\u200e",
    "rtlmark": "\u200f",
}
_SYMBOLS = {b"~": "\xa0", b"_": "\u2011", b"\n": "\n", b"\r": "\n"}
_LITERAL = b"{}\\"
_UNREAD = frozenset(
    {
        *("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "nonshppict", "fldinst"),
        *("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"),
        *("footnote", "annotation", "atnid", "atnauthor", "listtable", "listoverridetable"),
        *("revtbl", "rsidtbl", "xmlnstbl", "themedata", "colorschememapping", "datastore"),
        *("latentstyles", "generator", "pntext", "tc", "xe", "rxe", "template", "upr", "filetbl"),
        *("ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "private", "userprops"),
    }
)
_READ_AGAIN = {"ud": "text", "result": "text", "title": "title", "author": "author"}


class _Group(NamedTuple):
    """What holds inside a group: where its letters go, and how they are written.

    `skip` letters stand in for each code, of which `to_skip` are still to come.
    """

    sink: str = "text"
    code_page: str = "cp1252"
    default_font: int = -1
    font: int = -1
    other_font: int = -1
    skip: int = 1
    to_skip: int = 0
    is_right_to_left: bool = False
    is_hidden: bool = False
    is_starred: bool = False
    is_font_table: bool = False


class _Page(NamedTuple):
    """What was found: pieces by where they go, and the code pages of fonts."""

    pieces: dict[str, list[str]]
    fonts: dict[int, str]
    problem: str = ""
    is_whole: bool = False


class _Token(NamedTuple):
    kind: str
    name: str = ""
    value: int | None = None
    letters: bytes = b""


def read_rich_text(source: Source) -> Rows:
    r"""Read a file of rich text as one article, or as many when it is an export.

    1. Letters are \u codes, whose stand-ins are passed over, and bytes in the code page of
       their font, else of the document (\ansicpg), else Windows-1252.
    2. Paragraphs, lines, cells and rows end lines of `text`. Hidden and deleted text,
       headers, footers, footnotes and pictures are left out.
    3. A text that `split_press_export` divides gives a row for each of its documents.
    4. `title` and `author` are those of the file's properties, as in Word documents.

    A file that does not begin with {\rtf is a Failure, and one with groups nested deeper
    than 10,000. In a file that breaks off, what was read is kept, and the note says so.

    >>> import io
    >>> file = io.BytesIO(rb"{\rtf1\ansi\ansicpg1256 \'de\'c7\'e1\par \u1606?\u1593?\u1605?}")
    >>> next(read_rich_text(Source(file, "a.rtf"))).fields
    {'text': 'قال\nنعم'}
    """
    content = read_bytes(source).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not content.startswith(b"{\\rtf"):
        yield Failure(None, "not rich text: it does not begin with {\\rtf; save it again as .rtf.")
        return
    page = _read_groups(content)
    if page.problem:
        yield Failure(None, page.problem)
        return
    text = _join(page.pieces["text"])
    notes = []
    if not page.is_whole:
        notes.append("the file breaks off inside a group; the text may be cut off.")
    if bad := text.count("\ufffd"):
        notes.append(f"{bad:,} letters could not be read and became \ufffd.")
    rows = split_press_export(text.split("\n"))
    if rows is None:
        rows = [_make_article(text, page)]
    if notes and isinstance(rows[-1], Record):
        rows[-1] = rows[-1]._replace(note=" ".join([*notes, rows[-1].note]).strip())
    yield from rows


def _make_article(text: str, page: _Page) -> Record | Failure:
    text = "\n".join(line for line in text.split("\n") if line.strip())
    if not text:
        return Failure(None, "the file has no text; open it, and save it again as .docx.")
    fields = {"text": text}
    title, author = (_join(page.pieces[name]).strip() for name in ("title", "author"))
    if is_sensible_title(title):
        fields["title"] = title
    if author and author in text:
        fields["author"] = author
    return Record(None, fields)


def _join(pieces: list[str]) -> str:
    """Join the pieces of a text, and the halves of letters that were written as two codes."""
    units = "".join(pieces).encode("utf-16-le", "surrogatepass")
    return units.decode("utf-16-le", "replace")


def _read_tokens(content: bytes) -> Iterator[_Token]:
    """Yield braces, control words, signs and letters; pictures as bytes are passed over."""
    place = 0
    while match := _TOKEN.match(content, place):
        place = match.end()
        kind = match.lastgroup
        if kind == "word":
            name, value = match[2].decode(), int(match[3]) if match[3] else None
            if name == "bin":
                place += max(value or 0, 0)
            else:
                yield _Token("word", name, value)
        elif kind == "codes":
            yield _Token("letters", letters=bytes.fromhex(match[0].decode().replace("\\'", "")))
        elif kind == "plain" or (kind == "symbol" and match["symbol"] in _LITERAL):
            yield _Token("letters", letters=match["plain"] or match["symbol"])
        elif kind == "symbol":
            yield _Token("sign", _SYMBOLS.get(match["symbol"], match["symbol"].decode("latin-1")))
        elif kind == "brace":
            yield _Token(match[0].decode())
        if place >= len(content):
            return


def _read_groups(content: bytes) -> _Page:
    page = _Page({"text": [], "title": [], "author": []}, {})
    stack: list[_Group] = []
    group = _Group()
    for token in _read_tokens(content):
        if token.kind == "{":
            if len(stack) >= DEEPEST_GROUP:
                problem = f"groups nested deeper than {DEEPEST_GROUP:,}; save it again as .docx."
                return page._replace(problem=problem)
            stack.append(group._replace(to_skip=0))
            group = group._replace(to_skip=0, is_starred=False)
        elif token.kind == "}":
            group = stack.pop()
            if not stack:
                return page._replace(is_whole=True)
        elif token.kind == "letters":
            group = _write_letters(page, group, token.letters)
        elif token.kind == "sign":
            group = _write_sign(page, group, token.name)
        else:
            group = _follow_word(page, group, token.name, token.value)
    return page


def _write_letters(page: _Page, group: _Group, letters: bytes) -> _Group:
    written = letters[group.to_skip :]
    if written:
        other = page.fonts.get(group.other_font, "") if group.is_right_to_left else ""
        encoding = page.fonts.get(group.font, "") or other or group.code_page
        _put(page, group, written.decode(encoding, "replace"))
    return group._replace(to_skip=group.to_skip - len(letters) + len(written))


def _write_sign(page: _Page, group: _Group, sign: str) -> _Group:
    if sign == "*":
        return group._replace(sink="", is_starred=True)
    if sign in _SYMBOLS.values():
        _put(page, group, sign)
    return group


def _follow_word(page: _Page, group: _Group, name: str, value: int | None) -> _Group:
    """Do what a control word says: a letter, a sign, a code page, or a property."""
    number = -1 if value is None else value
    if name == "u" and value is not None:
        _put(page, group, chr(value % 0x10000))
        return group._replace(to_skip=group.skip)
    if group.to_skip and name != "uc":
        return group._replace(to_skip=group.to_skip - 1)
    if name in _SIGNS:
        _put(page, group, _SIGNS[name])
    elif group.is_font_table and name in ("fcharset", "cpg"):
        page.fonts[group.font] = _CHARSETS.get(number, "") if name == "fcharset" else _find(number)
    elif name == "ansicpg":
        return group._replace(code_page=_find(number) or group.code_page)
    elif name in _CODE_PAGES:
        return group._replace(code_page=_CODE_PAGES[name])
    elif name == "deff":
        return group._replace(default_font=number, font=number)
    elif name == "fonttbl":
        return group._replace(is_font_table=True, sink="")
    return _set_property(group, name, number)


def _put(page: _Page, group: _Group, written: str) -> None:
    if group.sink and not group.is_hidden:
        page.pieces[group.sink].append(written)


def _find(code_page: int) -> str:
    """Return the name of a code page, "" for an unknown one."""
    name = _OTHER_NAMES.get(code_page, f"cp{code_page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def _set_property(group: _Group, name: str, value: int) -> _Group:
    """Return the group after a control word that writes nothing; -1 is no number."""
    if name in _READ_AGAIN and (group.is_starred or name != "ud") and not group.sink:
        return group._replace(sink=_READ_AGAIN[name])
    if name in _UNREAD:
        return group._replace(sink="")
    match name:
        case "uc":
            return group._replace(skip=min(max(value, 0), 100))
        case "f":
            return group._replace(font=value)
        case "af":
            return group._replace(other_font=value)
        case "rtlch" | "ltrch":
            return group._replace(is_right_to_left=name == "rtlch")
        case "v" | "deleted":
            return group._replace(is_hidden=value != 0)
        case "plain":
            return group._replace(font=group.default_font, other_font=-1, is_hidden=False)
    return group
