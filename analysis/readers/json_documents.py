"""JSON documents: a list of objects, an object that holds the list, or one article.

The file is cut into its entries by brackets and quotation marks before any of them is
parsed, so that memory is bounded by one entry and a mistake costs only the entry it is in.
"""

import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple, TextIO

from analysis.errors import InputError
from analysis.readers.encodings import Text, open_text
from analysis.readers.json_lines import LONGEST_LINE, read_json_lines
from analysis.readers.rows import Failure, Record, Rows, Source

LONGEST_ENTRY = 20_000_000
"""Characters of the longest entry that is read; a longer one fails, and the next goes on."""
CHUNK = 1_000_000
"""Characters that are read at once."""
LIST_NAMES = (
    "articles",
    "data",
    "items",
    "results",
    "rows",
    "records",
    "documents",
    "docs",
    "hits",
    "posts",
    "value",
)
"""Names under which exports keep their list; of several lists, the one so named is read."""
TEXT_NAMES = ("text", "content", "body", "full_text", "article")
"""An object with one of these is an article itself, whatever lists it has."""
_LIST_DEPTH = 4
_DEEPEST = 1000
_HOPELESS = 1_000_000
_LONGEST_NUMBER = 1000
_WHOLE_NUMBERS = range(-(2**63), 2**63)
_MOST_NESTED = 5
_EACH = "[]"
_BLANK = " \t\r\n,"
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(rf'[\s,:]*+(?:[{{}}\[\]]|{_STRING}|[^\s{{}}\[\],:"]++)', re.DOTALL)

Keys = tuple[str, ...]


class _Parsed(NamedTuple):
    value: Any
    failure: str = ""
    note: str = ""


def read_json_document(source: Source) -> Rows:
    r"""Read a JSON document; rows are numbered by entry of its list, from 1.

    What is read, in order:

    1. A file whose first line is a whole object, and that goes on, is JSON Lines under
       another name.
    2. A list: each of its objects is an article.
    3. An object with a text of its own (`TEXT_NAMES`) is one article.
    4. An object that holds a list of objects, at most four deep: that list is read; of
       several, one with a name of `LIST_NAMES`, then the longest. Elasticsearch's `_source`
       is the article.
    5. Any other object is one article.

    An object inside an article becomes fields of its own: `source.name`. What is deeper, and
    lists other than `skip`, become JSON text. NaN and Infinity, which are no JSON, become
    None and are noted; a whole number too long for 64 bits becomes text. An entry fails that
    is not JSON, has a key twice, or is nested too deep for Python; where the file breaks off,
    the entries before it are read. Control characters in strings are let through as they are.

    >>> import io
    >>> content = '[{"title": "نداء", "text": "قال الوزير", "source": {"name": "المرصد"}}]'
    >>> list(read_json_document(Source(io.BytesIO(content.encode()), "a.json")))[0].fields
    {'title': 'نداء', 'text': 'قال الوزير', 'source.name': 'المرصد'}
    """
    if _is_json_lines(source):
        for row in read_json_lines(source):
            yield row._replace(fields=_flatten(row.fields)) if isinstance(row, Record) else row
        return
    layout = _find_layout(source)
    with _opened(source) as text:
        tokens = _cut_tokens(text.lines)
        for number, entry in enumerate(_cut_entries(tokens, layout), start=1):
            row = _read_entry(number, entry, is_list=layout.kind != "object")
            if isinstance(row, Record):
                row = row._replace(encoding=text.encoding, note=f"{row.note} {text.note}".strip())
            yield row
            if isinstance(entry, _Broken):
                return
        if not layout.keys and next(tokens, None) is not None:
            yield Failure(
                None,
                f"after the {layout.kind} there is more, which was not read; put all articles "
                "into one list.",
            )


class _Layout(NamedTuple):
    """How articles stand in a file, and the keys that lead to their list."""

    kind: Literal["list", "object", "series"]
    keys: Keys = ()


class _Broken(NamedTuple):
    """The end of a file before its list is closed, inside an entry or between two."""

    is_inside: bool


Entry = str | None | _Broken


@contextmanager
def _opened(source: Source) -> Iterator[Text]:
    """Open a source as text and put it back at its start, still open."""
    start = source.file.tell()
    text = open_text(source)
    try:
        yield text
    finally:
        text.lines.detach()  # type: ignore[attr-defined]
        source.file.seek(start)


def _is_json_lines(source: Source) -> bool:
    with _opened(source) as text:
        first = _next_line(text.lines)
        if not first.startswith("{") or not _next_line(text.lines):
            return False
    tokens = _cut_tokens(io.StringIO(first))
    return isinstance(next(_cut_list(tokens)), str) and next(tokens, None) is None


def _next_line(lines: TextIO) -> str:
    while line := lines.readline(LONGEST_LINE):
        if not line.isspace():
            return line.strip()
    return ""


def _find_layout(source: Source) -> _Layout:
    with _opened(source) as text:
        tokens = _cut_tokens(text.lines)
        first = next(tokens, "").strip(_BLANK)
        if first == "[":
            return _Layout("list")
        if not first:
            raise InputError("the file is empty.")
        if first != "{":
            raise InputError(
                f"not JSON, it begins with {first[:20]!r}; write a list of objects, "
                '[{"text": ...}, ...].'
            )
        lists: Counter[Keys] = Counter()
        is_article = False
        for path, token in _walk(tokens):
            if len(path) == 1 and path[0].casefold() in TEXT_NAMES and token[-1] == '"':
                is_article = True
            if token[-1] == "[" and _EACH not in path and len(path) <= _LIST_DEPTH:
                lists[path] += 0
            elif token[-1] == "{" and path[-1] == _EACH and path[:-1] in lists:
                lists[path[:-1]] += 1
        if next(tokens, "").strip(_BLANK) == "{":
            return _Layout("series")
    filled = [path for path, count in lists.items() if count]
    if is_article or not filled:
        return _Layout("object")
    keys = max(filled, key=lambda path: (path[-1].casefold() in LIST_NAMES, lists[path]))
    return _Layout("list", keys)


def _cut_entries(tokens: Iterator[str], layout: _Layout) -> Iterator[Entry]:
    if layout.kind == "object":
        yield next(_cut_list(tokens))
    elif layout.kind == "series":
        for entry in _cut_list(tokens):
            if not isinstance(entry, _Broken) or entry.is_inside:
                yield entry
    else:
        next(tokens)
        if layout.keys:
            opens = (at == layout.keys and token[-1] == "[" for at, token in _walk(tokens))
            any(opens)
        yield from _cut_list(tokens)


def _walk(tokens: Iterator[str]) -> Iterator[tuple[Keys, str]]:
    """Yield the values of an object that has been opened, with their paths.

    A value in a list has the path of the list and `[]`. Containers are yielded when they
    open; what is nested deeper than any list of articles is passed over.
    """
    open_at: list[Keys] = [()]
    deeper = 0
    previous = ""
    for token in tokens:
        mark = token[-1]
        if mark in "}]":
            if deeper:
                deeper -= 1
            else:
                open_at.pop()
            if not open_at:
                return
        elif deeper or len(open_at) > _DEEPEST:
            deeper += mark in "{["
            _check_depth(deeper)
        else:
            is_member = ":" in token[: -len(token.lstrip(f"{_BLANK}:"))]
            path = (*open_at[-1], _unquote(previous) if is_member else _EACH)
            previous = token
            if mark in "{[":
                open_at.append(path)
            if mark in "{[" or is_member:
                yield path, token


def _check_depth(depth: int) -> None:
    if depth > _HOPELESS:
        raise InputError(
            f"nested deeper than {_HOPELESS:,} levels, and nothing after it was read; write a list "
            "of articles."
        )


def _unquote(token: str) -> str:
    try:
        return str(json.loads(token.lstrip(f"{_BLANK}:"), strict=False))
    except ValueError:
        return token


def _cut_list(tokens: Iterable[str]) -> Iterator[Entry]:
    """Yield the entries of a list that has been opened, None for one that is too long."""
    entry = io.StringIO()
    depth = length = 0
    for token in tokens:
        mark = token[-1]
        if mark in "{[":
            depth += 1
            _check_depth(depth)
        elif mark in "}]":
            depth -= 1
        if depth < 0:
            return
        length += len(token)
        if length <= LONGEST_ENTRY:
            entry.write(token)
        if not depth:
            yield entry.getvalue().lstrip(_BLANK) if length <= LONGEST_ENTRY else None
            entry, length = io.StringIO(), 0
    yield _Broken(is_inside=depth > 0)


def _cut_tokens(lines: TextIO) -> Iterator[str]:
    """Cut a text into brackets, strings and other words, each with what stands before it.

    The tokens put together are the text again. A string without end is no token.
    """
    buffer, place, at_end = "", 0, False
    while not at_end:
        left = buffer[place:]
        if len(left) > LONGEST_ENTRY:
            raise InputError(
                f"it has a string longer than {LONGEST_ENTRY:,} characters, or one without end; "
                "nothing after it was read."
            )
        more = lines.read(max(CHUNK, len(left)))
        buffer, place, at_end = left + more, 0, not more
        while match := _TOKEN.match(buffer, place):
            if match.end() == len(buffer) and not at_end:
                break
            yield match.group()
            place = match.end()


def _read_entry(number: int, entry: Entry, *, is_list: bool) -> Record | Failure:
    name = f"entry {number}" if is_list else "the object"
    if isinstance(entry, _Broken):
        if not is_list or entry.is_inside:
            return Failure(
                number if is_list else None,
                f"the file breaks off inside {name}; get it again, or close its brackets.",
            )
        return Failure(
            None,
            f"the file breaks off after entry {number - 1}, before its list is closed; there may "
            "be more, get it again.",
        )
    if entry is None:
        return Failure(
            number,
            f"{name} is longer than {LONGEST_ENTRY:,} characters; write one article as one object.",
        )
    value, failure, note = _parse(entry)
    if failure:
        return Failure(number, f"{name} {failure}")
    if not isinstance(value, dict):
        return Failure(
            number,
            f'{name} is no JSON object but {type(value).__name__}; write {{"text": ...}}.',
        )
    return Record(number, _flatten(value), note=note)


def _parse(entry: str) -> _Parsed:
    failures: list[str] = []
    not_numbers: list[str] = []

    def parse_whole_number(digits: str) -> int | str:
        if len(digits) > _LONGEST_NUMBER:
            failures.append(f"has a number of {len(digits):,} digits; write it as text.")
            return digits
        return number if (number := int(digits)) in _WHOLE_NUMBERS else digits

    def make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            twice = next(
                key for key, count in Counter(key for key, _ in pairs).items() if count > 1
            )
            failures.append(f"has the key {twice!r} twice; rename one.")
        return fields

    try:
        value = json.loads(
            entry,
            strict=False,
            parse_int=parse_whole_number,
            parse_constant=not_numbers.append,
            object_pairs_hook=make_object,
        )
    except RecursionError:
        return _Parsed(None, "is nested too deep; write its lists and objects flat.")
    except ValueError as error:
        return _Parsed(None, f"is not JSON ({error}); correct it.")
    found = ", ".join(dict.fromkeys(not_numbers))
    note = f"{found} is no JSON; read as a missing value." if found else ""
    return _Parsed(value, failures[0] if failures else "", note)


def _flatten(fields: dict[str, Any]) -> dict[str, Any]:
    """Give objects inside an article as fields of their own, and lists as JSON text."""
    source = fields.get("_source")
    if isinstance(source, dict):
        fields = {name: value for name, value in fields.items() if name != "_source"} | source
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        inner = {f"{name}.{key}": each for key, each in value.items()} if _is_small(value) else {}
        if inner and not inner.keys() & fields.keys():
            flat |= {key: _as_text(each) for key, each in inner.items()}
        else:
            flat[name] = value if name == "skip" else _as_text(value)
    return flat


def _is_small(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= _MOST_NESTED


def _as_text(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value
