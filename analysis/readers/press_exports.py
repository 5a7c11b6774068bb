"""Exports of press databases: many articles in one file, told apart by the lines around them."""

import functools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.data_files import DataFile, data_path, load_yaml
from analysis.readers.rows import Failure, Record, Rows

LONGEST_WRAPPED = 100
"""Characters of the longest line in a file whose lines were broken by the database."""
_MARKS = "\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
_SPACE = re.compile(r"[\s\xa0]+")
_YEAR = re.compile(r"\d{4}")
_RIGHTS = re.compile(r"(?:copyright|©|\(c\)|all rights reserved)\b.*|©.*", re.IGNORECASE)
_PAGE = re.compile(r"page \d+ of \d+", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?(?: [A-Z]{2,5})?", re.IGNORECASE)
_CODE = re.compile(r"[A-Z0-9_]{3,10}")
_SEPARATOR = re.compile(r"_{10,}")
_SOURCE_CODE = r"[A-Z][A-Z0-9]{3,11}(?:19|20)\d{6}[A-Za-z0-9]{4,16}"
_NAMES = {
    "nexis": (
        *("opening", "closing", "body", "section", "length", "author", "other", "after"),
        "edition",
    ),
    "factiva": ("closing", "words", "author", "language", "rights"),
    "proquest": (
        *("text", "title", "published", "outlet", "author", "section", "article_id", "url"),
        "other",
    ),
    "months": ("English", "French", "German"),
}


class Labels(NamedTuple):
    """The labels of each database, folded for comparison, and the names of months."""

    nexis: dict[str, tuple[str, ...]]
    factiva: dict[str, tuple[str, ...]]
    tags: dict[str, str]
    proquest: dict[str, tuple[str, ...]]
    months: tuple[str, ...]


class _Patterns(NamedTuple):
    """What the labels look like on a line."""

    labels: Labels
    opening: re.Pattern[str]
    date: re.Pattern[str]
    words: re.Pattern[str]
    accession: re.Pattern[str]
    tag: re.Pattern[str]


def split_press_export(paragraphs: Sequence[str]) -> list[Record | Failure] | None:
    r"""Return the articles of an export of a press database, or None for any other text.

    The paragraphs, or lines, of the file are taken for an export only when several of its
    marks stand together, in this order:

    1. Factiva: the number that closes a document (Document ALMRSD0020310304ee340000a) below
       the tags HD and LP or TD, or below a line «523 words» with a date after it.
    2. ProQuest: lines of underscores, and between two of them «Full text:» with
       «Publication date:» or «ProQuest document ID:».
    3. Nexis: a line «1 of 200 DOCUMENTS» or «End of Document», and in the same document
       «Load-Date:», «Length:» with a number, or the heading «Body» over it.

    Each document has a row, from 1. Fields: `text`, and as far as the export has them `title`,
    `published`, `outlet`, `author`, `section`, `article_id`, `url` and `length`. Of a date
    what `parse_date` does not read is left out: weekday, hour and time zone. A document
    without text is a Failure. `note` tells when the last document is cut off, or when the
    export counts more documents than there are.

    What it misses on purpose: the captions and the index terms below a text, and a byline
    of Factiva's untagged form that neither begins with By nor is shorter than the title.

    >>> rows = split_press_export([
    ...     "HD", "خطة للمياه", "WC", "3 words", "PD", "4 March 2031", "SN", "المرصد",
    ...     "LP", "أعلنت الوزارة خطة.", "TD", "وبدأ العمل.", "AN",
    ...     "Document ALMRSD0020310304ee340000a"])
    >>> rows[0].row, rows[0].fields["published"], rows[0].fields["text"]
    (1, '4 March 2031', 'أعلنت الوزارة خطة.\nوبدأ العمل.')
    >>> split_press_export(["خطة للمياه", "أعلنت الوزارة خطة."]) is None
    True
    """
    patterns = _patterns(None)
    lines = [_clean(paragraph) for paragraph in paragraphs]
    for split in (_split_factiva, _split_proquest, _split_nexis):
        rows = split(lines, patterns)
        if rows is not None:
            return rows
    return None


def add_encoding(rows: Sequence[Record | Failure], encoding: str, note: str) -> Rows:
    """Yield rows with the encoding of their file, and the note on it with the first article."""
    for row in rows:
        if isinstance(row, Record):
            row = row._replace(encoding=encoding, note=f"{note} {row.note}".strip())
            note = ""
        yield row


def load_export_labels(path: str | Path | None = None) -> Labels:
    """Read and check the labels of exports; by default those that ship.

    DataFileError, with file and line, is raised for a database or label that is missing or
    unknown, and for a list with anything but words in it.

    >>> load_export_labels().nexis["closing"]
    ('end of document', 'ende des dokuments', 'fin du document')
    """
    file = load_yaml(data_path("lexicons", "export_labels.yml") if path is None else path)
    file.check_fields((), file.content, required=["nexis", "factiva", "proquest", "months"])
    return Labels(
        nexis=_lists(file, "nexis"),
        factiva=_lists(file, "factiva", other=("tags",)),
        tags=_tags(file),
        proquest=_lists(file, "proquest"),
        months=tuple(name for names in _lists(file, "months").values() for name in names),
    )


def _lists(
    file: DataFile, database: str, *, other: Sequence[str] = ()
) -> dict[str, tuple[str, ...]]:
    written = file.content[database]
    file.check_fields((database,), written, required=[*_NAMES[database], *other])
    for name in _NAMES[database]:
        value = written[name]
        good = isinstance(value, list) and value and all(isinstance(w, str) and w for w in value)
        if not good:
            file.fail((database, name), f"expected a list of words, found {value!r}.")
    return {name: tuple(map(str.casefold, written[name])) for name in _NAMES[database]}


def _tags(file: DataFile) -> dict[str, str]:
    tags = file.content["factiva"]["tags"]
    fields = ["", "section", "title", "author", "length", "published", "outlet", "text"]
    if not isinstance(tags, dict):
        file.fail(("factiva", "tags"), f"expected tags with fields, found {tags!r}.")
    for tag, field in tags.items():
        if field not in fields:
            file.fail(
                ("factiva", "tags", tag),
                f"the field is {field!r}; choose one of {', '.join(map(repr, fields))}.",
            )
    return dict(tags)


@functools.lru_cache(maxsize=4)
def _patterns(path: str | None) -> _Patterns:
    labels = load_export_labels(path)
    opening = "|".join(
        re.escape(form).replace(r"\{number\}", r"\d+").replace(r"\{total\}", r"\d+")
        for form in labels.nexis["opening"]
    )
    month = _either(labels.months)
    day = (
        rf"{month}\.? \d{{1,2}}, \d{{4}}|\d{{1,2}}\.? {month}\.?,? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    )
    tags = "|".join(map(re.escape, labels.tags))
    return _Patterns(
        labels,
        re.compile(opening, re.IGNORECASE),
        re.compile(rf"(?:[^\W\d]+,? )?({day})(?!\d).{{0,40}}", re.IGNORECASE),
        re.compile(rf"\d[\d., ]* {_either(labels.factiva['words'])}", re.IGNORECASE),
        re.compile(rf"(?:AN )?(?i:{_either(labels.factiva['closing'])}) ({_SOURCE_CODE})"),
        re.compile(rf"({tags})(?:( )(.*))?"),
    )


def _either(words: Any) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"


def _clean(paragraph: str) -> str:
    """Take blanks and direction marks from the ends of a paragraph."""
    return paragraph.strip(_MARKS + " \t\r\n\xa0")


def _plain(line: str) -> str:
    """Return a line as labels are compared: without marks, with single blanks, folded."""
    return _SPACE.sub(" ", line.strip(_MARKS)).casefold()


def _is_one(line: str, labels: Sequence[str]) -> bool:
    return len(line) <= 60 and _plain(line).rstrip(": ") in labels


def _find_label(line: str, labels: Sequence[str]) -> tuple[str, str] | None:
    """Return the label that begins a line, and what follows its colon."""
    label, colon, value = line.partition(":")
    if colon and len(label) <= 40 and _plain(label).strip() in labels:
        return _plain(label).strip(), _clean(value)
    return None


def _make_row(row: int, fields: dict[str, str | None], note: str = "") -> Record | Failure:
    if not fields.get("text"):
        return Failure(
            row,
            f"document {row} of the export has no text; export it again with the full text.",
        )
    return Record(row, {name: value for name, value in fields.items() if value}, note=note)


def _reduce_date(line: str, patterns: _Patterns) -> str:
    """Return the day alone where a line tells more, else the line as it is."""
    match = patterns.date.fullmatch(_SPACE.sub(" ", line))
    return match.group(1) if match else line


# Factiva


def _split_factiva(lines: Sequence[str], patterns: _Patterns) -> list[Record | Failure] | None:
    documents: list[tuple[list[str], str | None]] = []
    start = 0
    for i, line in enumerate(lines):
        match = patterns.accession.fullmatch(_SPACE.sub(" ", line)) if len(line) < 80 else None
        if match:
            documents.append(([line for line in lines[start:i] if line], match.group(1)))
            start = i + 1
    if not documents:
        return None
    rest = [line for line in lines[start:] if line]
    if _read_factiva(rest, patterns).get("text"):
        documents.append((rest, None))
    found = [(_read_factiva(part, patterns), number) for part, number in documents]
    if not any(fields for fields, _ in found):
        return None
    cut = "the export ends before the end of this document; it may be cut off."
    return [
        _make_row(row, fields | {"article_id": number}, "" if number else cut)
        for row, (fields, number) in enumerate(found, start=1)
    ]


def _read_factiva(lines: Sequence[str], patterns: _Patterns) -> dict[str, str | None]:
    """Return the fields of a document in one of the two forms, none when it is in neither."""
    tagged = _find_tags(lines, patterns)
    names = {tag for _, tag, _ in tagged}
    if "HD" in names and names & {"LP", "TD", "PD"}:
        return _read_tagged(lines, tagged, patterns)
    return _read_untagged(lines, patterns)


def _find_tags(lines: Sequence[str], patterns: _Patterns) -> list[tuple[int, str, str]]:
    """Return the place, the tag and the rest of its line, of every line that has a tag.

    A tag followed by a single blank could be the first word of a sentence: it counts when it
    comes later in the order of tags than the one before, and below the text only with codes.
    """
    order = {tag: place for place, tag in enumerate(patterns.labels.tags)}
    found: list[tuple[int, str, str]] = []
    last = -1
    in_text = False
    for i, line in enumerate(lines):
        match = patterns.tag.fullmatch(_SPACE.sub(" ", line[:2000]))
        if match is None:
            continue
        tag, rest = match.group(1), match.group(3) or ""
        written_apart = not rest or line[len(tag) : len(tag) + 2] == "  " or line[len(tag)] == "\t"
        coded = " : " in rest or "|" in rest
        if written_apart or (order[tag] > last and (not in_text or coded or tag == "TD")):
            found.append((i, tag, _clean(line[len(tag) :])))
            last = order[tag]
            in_text = patterns.labels.tags[tag] == "text" or in_text
    return found


def _read_tagged(
    lines: Sequence[str], tagged: Sequence[tuple[int, str, str]], patterns: _Patterns
) -> dict[str, str | None]:
    fields: dict[str, str | None] = {}
    stops = [i for i, _, _ in tagged[1:]] + [len(lines)]
    for (i, tag, rest), stop in zip(tagged, stops, strict=True):
        field = patterns.labels.tags[tag]
        if not field:
            continue
        values = [value for value in (rest, *lines[i + 1 : stop]) if value]
        joined = ("\n" if field == "text" else " ").join(values)
        before = fields.get(field)
        fields[field] = f"{before}\n{joined}" if before and joined else before or joined
    if fields.get("published"):
        fields["published"] = _reduce_date(str(fields["published"]), patterns)
    return fields


def _read_untagged(lines: Sequence[str], patterns: _Patterns) -> dict[str, str | None]:
    """Read a document by the order of its lines: title, count of words, date, outlet, text."""
    count = next((i for i, line in enumerate(lines) if patterns.words.fullmatch(line)), None)
    if count is None or count == 0 or count + 2 >= len(lines) or not _YEAR.search(lines[count + 1]):
        return {}
    fields = _read_heading(lines[max(0, count - 3) : count], patterns)
    fields["length"] = lines[count]
    fields["published"] = _reduce_date(lines[count + 1], patterns)
    place = count + 2
    if _CLOCK.fullmatch(lines[place]):
        place += 1
    if place < len(lines):
        fields["outlet"] = lines[place]
    fields["text"] = "\n".join(lines[_find_body(lines, place + 1, patterns) :])
    return fields


def _read_heading(lines: Sequence[str], patterns: _Patterns) -> dict[str, str | None]:
    """Tell section, title and byline apart among the lines above the count of words."""
    first, *more = lines
    starts = tuple(f"{word} " for word in patterns.labels.factiva["author"])
    if not more:
        return {"title": first}
    if len(more) == 2:
        return {"section": first, "title": more[0], "author": more[1]}
    second = more[0]
    short, long = len(first.split()), len(second.split())
    if second.casefold().startswith(starts):
        return {"title": first, "author": second}
    if short <= 3 and long > short:
        return {"section": first, "title": second}
    return {"title": first, "author": second} if long <= 4 else {"title": f"{first} {second}"}


def _find_body(lines: Sequence[str], start: int, patterns: _Patterns) -> int:
    """Return the place after the last of the few lines that tell code, language and rights."""
    body = start
    rights = patterns.labels.factiva["rights"]
    for i, line in enumerate(lines[start : start + 8], start=start):
        if _plain(line).startswith(rights):
            return i + 1
        if _CODE.fullmatch(line) or _is_one(line, patterns.labels.factiva["language"]):
            body = i + 1
    return body


# ProQuest


def _split_proquest(lines: Sequence[str], patterns: _Patterns) -> list[Record | Failure] | None:
    found = [_read_proquest(part, patterns) for part in _parts_between(lines)]
    if not any("text" in part and {"published", "article_id"} & part.keys() for part in found):
        return None
    documents = [part for part in found if {"article_id", "text"} & part.keys()]
    return [_make_row(row, fields) for row, fields in enumerate(documents, start=1)]


def _parts_between(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines between lines of underscores; nothing where there is no such line."""
    places = [i for i, line in enumerate(lines) if _SEPARATOR.fullmatch(line)]
    for start, stop in zip(places, [*places[1:], len(lines)], strict=False):
        yield [line for line in lines[start + 1 : stop] if line]


def _read_proquest(lines: Sequence[str], patterns: _Patterns) -> dict[str, str | None]:
    labels = patterns.labels.proquest
    field_of = {label: field for field, names in labels.items() for label in names}
    fields: dict[str, str | None] = {}
    heading: list[str] = []
    text: list[str] = []
    field = "heading"
    for line in lines:
        label = _find_label(line, tuple(field_of))
        if label is not None:
            field = field_of[label[0]]
            if field != "other":
                fields.setdefault(field, label[1])
        elif field == "heading" and not patterns.opening.fullmatch(line):
            heading.append(line)
        elif field == "text":
            text.append(line)
    if "text" in fields:
        fields["text"] = _join_text([fields["text"] or "", *text])
    if heading and field != "heading":
        fields.setdefault("title", heading[0])
    return fields


def _join_text(lines: Sequence[str]) -> str:
    text = "\n".join(filter(None, lines))
    return "" if _plain(text).rstrip(".") in {"not available", "non disponible"} else text


# Nexis


def _split_nexis(lines: Sequence[str], patterns: _Patterns) -> list[Record | Failure] | None:
    openings = [i for i, line in enumerate(lines) if patterns.opening.fullmatch(line)]
    if openings:
        ends = [*openings[1:], len(lines)]
        parts = [lines[i + 1 : end] for i, end in zip(openings, ends, strict=True)]
    else:
        parts = _parts_before(lines, patterns.labels.nexis["closing"])
    parts = [_cut_at_closing(part, patterns) for part in parts]
    if not any(_has_mark(part, patterns) for part in parts):
        return None
    is_wrapped = bool(openings) and max(map(len, lines)) <= LONGEST_WRAPPED and "" in lines
    found = [
        _read_nexis(_unwrap(part) if is_wrapped else list(filter(None, part)), patterns, openings)
        for part in parts
    ]
    rows = [_make_row(row, fields) for row, fields in enumerate(found, start=1)]
    return _tell_missing(rows, parts, [lines[i] for i in openings], patterns)


def _parts_before(lines: Sequence[str], closing: Sequence[str]) -> list[Sequence[str]]:
    """Return the lines up to each closing line, that line included, and the rest if any."""
    parts: list[Sequence[str]] = []
    start = 0
    for i, line in enumerate(lines):
        if _is_one(line, closing):
            parts.append(lines[start : i + 1])
            start = i + 1
    if parts and any(lines[start:]):
        parts.append(lines[start:])
    return parts


def _cut_at_closing(part: Sequence[str], patterns: _Patterns) -> Sequence[str]:
    closing = patterns.labels.nexis["closing"]
    end = next((i for i, line in enumerate(part) if _is_one(line, closing)), len(part) - 1)
    return part[: end + 1]


def _has_mark(part: Sequence[str], patterns: _Patterns) -> bool:
    """Say whether a document has what none but a document of Nexis has."""
    labels = patterns.labels.nexis
    for line in part:
        counted = _find_label(line, labels["length"])
        if counted and re.match(r"\d", counted[1]):
            return True
        if _is_one(line, labels["body"]) or _find_label(line, labels["after"]):
            return True
    return False


def _unwrap(lines: Sequence[str]) -> list[str]:
    """Join the lines between two blank ones to one paragraph."""
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [" ".join(paragraph) for paragraph in paragraphs if paragraph]


def _read_nexis(
    lines: Sequence[str], patterns: _Patterns, openings: Sequence[int]
) -> dict[str, str | None]:
    labels = patterns.labels.nexis
    above = (*labels["section"], *labels["length"], *labels["author"], *labels["other"])
    every = (*above, *labels["body"], *labels["after"], *labels["closing"])
    lines = [line for line in lines if not _PAGE.fullmatch(line)]
    top = next((i for i, x in enumerate(lines) if _find_label(x, every) or _is_one(x, every)), 0)
    fields: dict[str, str | None] = {}
    start = top
    for i, line in enumerate(lines[top:], start=top):
        label = _find_label(line, above)
        if label is None:
            break
        for field in ("section", "length", "author"):
            if label[0] in labels[field]:
                fields.setdefault(field, label[1])
        start = i + 1
    body = next((i for i, x in enumerate(lines[top:], top) if _is_one(x, labels["body"])), None)
    heading = [line for line in lines[:top] if not _RIGHTS.fullmatch(line)]
    rest = _read_nexis_heading(heading, fields, patterns, is_older=bool(openings))
    below = lines[start if body is None else body + 1 :]
    after = (*labels["after"], *labels["closing"])
    end = next((i for i, x in enumerate(below) if _find_label(x, after) or _is_one(x, after)), None)
    text = [*rest, *below[:end]]
    while text and _RIGHTS.fullmatch(text[-1]):
        text.pop()
    fields["text"] = "\n".join(text)
    return fields


def _read_nexis_heading(
    lines: Sequence[str], fields: dict[str, str | None], patterns: _Patterns, *, is_older: bool
) -> Sequence[str]:
    """Find title, outlet and date above the labels; return what can only be text.

    The newer form has title, outlet, date; the older one outlet, date, title. Where it has
    no label above the text, the text follows the title.
    """
    edition = patterns.labels.nexis["edition"]
    dates = [i for i, line in enumerate(lines) if patterns.date.fullmatch(line)]
    if not dates:
        fields["title"] = lines[-1] if lines else None
        return ()
    day = dates[0] if is_older else dates[-1]
    fields["published"] = _reduce_date(lines[day], patterns)
    fields["outlet"] = lines[day - 1] if day else None
    if day >= 2 or not is_older:
        fields["title"] = lines[day - 2] if day >= 2 else None
        return ()
    following = [x for x in lines[day + 1 :] if not set(_plain(x).strip(";").split()) & {*edition}]
    if fields.keys() & {"section", "length", "author"}:
        fields["title"] = " ".join(following)
        return ()
    fields["title"] = following[0] if following else None
    return following[1:]


def _tell_missing(
    rows: list[Record | Failure],
    parts: Sequence[Sequence[str]],
    openings: Sequence[str],
    patterns: _Patterns,
) -> list[Record | Failure]:
    """Note with the last article that it is cut off, or that others are missing."""
    labels = patterns.labels.nexis
    ends = (*labels["after"], *labels["closing"])
    closed = [any(_find_label(x, ends) or _is_one(x, ends) for x in part) for part in parts]
    notes = []
    if any(closed) and not closed[-1]:
        notes.append("the export ends before the end of this document; it may be cut off.")
    total = max(
        (int(number) for line in openings for number in re.findall(r"\d+", line)), default=0
    )
    if total > len(parts):
        notes.append(f"the export counts {total:,} documents, the file holds {len(parts):,}.")
    if notes and isinstance(rows[-1], Record):
        rows[-1] = rows[-1]._replace(note=" ".join(notes))
    return rows
