"""Workbooks of Excel (.xlsx, .xlsm), read as a stream.

The parts of the file are read with the XML parser of Python (expat), event by event, so that
memory is bounded by a row whatever the file claims about itself; openpyxl knows its dates.
"""

import datetime
import itertools
import math
import posixpath
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from xml.parsers import expat

from analysis.errors import InputError
from analysis.readers.rows import Failure, Record, Rows, Source

LARGEST_WORKBOOK = 200_000_000
"""Bytes of all parts of a workbook together, unpacked."""
MOST_COMPRESSED = 200
"""How many times its packed size a part of more than ten million bytes may have."""
LONGEST_CELL = 10_000_000
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
_LARGE = 10_000_000
_DEEPEST = 100
_CHUNK = 1 << 16
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_EXACT = 10**15
_ROWS_BEFORE_HEADER = 3
_LONGEST_NAME = 60
_NAMED_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_MERGED = re.compile(rb'mergeCell ref="([A-Z]{1,3})([1-9]\d{0,6}):[A-Z]{1,3}([1-9]\d{0,6})"')
_MOST_MERGED = 100_000
_LONGEST_TAG = 100
_MOST_NOTES = 5
_DAMAGE = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_ESCAPED = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")

Attributes = dict[str, str]


class _Event(NamedTuple):
    """The start of an element, its end (`attributes` is None), or text (`name` is "")."""

    name: str
    attributes: Attributes | None = None
    text: str = ""


class _Workbook(NamedTuple):
    archive: zipfile.ZipFile
    strings: Sequence[str]
    date_styles: frozenset[int]
    duration_styles: frozenset[int]
    epoch: datetime.datetime


class _Cell(NamedTuple):
    value: Any
    problem: str = ""


class _Line(NamedTuple):
    """The cells of a row that are not empty, by column, and its number in the sheet."""

    number: int
    cells: dict[int, _Cell]


Lines = Iterator[_Line | Failure]


def read_spreadsheet(source: Source) -> Rows:
    """Read every sheet of a workbook that has a header and rows under it.

    Rows are numbered from 1, headers and blank rows not counted, and go on from sheet to
    sheet. The header is the first row that is not blank; up to three rows of one cell are a
    title, left out and noted, where a row of two short texts or more and a row of two cells or
    more follow. Where several sheets of the workbook have cells, the field `sheet` names the
    sheet.

    Values are what Excel last showed: dates as datetime, times and durations as text, whole
    numbers as int, the results of formulas. An error such as #REF!, a formula that was
    never computed and a date out of range become None, and cells outside the columns of the
    header are left out; each is noted. A value in cells merged downwards counts for every
    row; the mark _x000D_ and its like are the characters they stand for.

    Failures: a sheet whose header has a name twice, and a sheet or file that breaks off, each
    after the rows before it. InputError is raised for a file that is no workbook, is
    encrypted, or is larger than `LARGEST_WORKBOOK` or packed more than `MOST_COMPRESSED` times.
    """
    start = source.file.read(4)
    source.file.seek(0)
    if start == _OLD_EXCEL:
        raise InputError(
            "an old workbook (.xls) or one with a password; open it in Excel and save it as "
            ".xlsx without a password."
        )
    try:
        with zipfile.ZipFile(source.file) as archive:
            _check_size(archive)
            yield from _read_workbook(archive)
    except InputError:
        raise
    except _DAMAGE as error:
        raise InputError(
            f"not a readable workbook ({_say(error)}); open it in Excel and save it again as .xlsx."
        ) from None


def _say(error: Exception) -> str:
    return str(error) or type(error).__name__


def _check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    if size > LARGEST_WORKBOOK:
        raise InputError(
            f"unpacked the workbook has {size:,} bytes, more than the {LARGEST_WORKBOOK:,} that "
            "are read; divide it, or save its sheets as CSV."
        )
    for part in parts:
        if part.file_size > max(_LARGE, part.compress_size * MOST_COMPRESSED):
            raise InputError(
                f"its part {part.filename!r} unpacks to more than {MOST_COMPRESSED} times its "
                "size, as in an archive made to do harm; save its sheets as CSV."
            )


def _read_workbook(archive: zipfile.ZipFile) -> Rows:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names or "mimetype" in names:
        kind = ".xlsb" if "xl/workbook.bin" in names else ".ods"
        raise InputError(f"a workbook of the kind {kind}; save it as .xlsx.")
    workbook, sheets = _open_workbook(archive, names)
    filled = [(name, part) for name, part in sheets if part in names and _has_cells(archive, part)]
    row = 0
    for name, part in filled:
        field = {"sheet": name} if len(filled) > 1 else {}
        for result in _read_sheet(workbook, name, part, row):
            if isinstance(result, Record):
                result = result._replace(fields=result.fields | field)
            row = result.row or row
            yield result


def _open_workbook(
    archive: zipfile.ZipFile, names: set[str]
) -> tuple[_Workbook, list[tuple[str, str]]]:
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

    main = _find_main_part(archive)
    folder = posixpath.dirname(main)
    targets = _read_relations(archive, main)
    sheets = []
    epoch = WINDOWS_EPOCH
    for event in _iter_events(archive, main):
        if event.name == "sheet" and event.attributes:
            target = targets.get(event.attributes.get("id", ""), ("", ""))[1]
            sheets.append((event.attributes.get("name", ""), target))
        if event.name == "workbookPr" and event.attributes:
            epoch = MAC_EPOCH if event.attributes.get("date1904") in ("1", "true") else epoch
    by_kind = dict(targets.values())
    strings = by_kind.get("sharedStrings", f"{folder}/sharedStrings.xml")
    styles = by_kind.get("styles", f"{folder}/styles.xml")
    dates, durations = _find_date_styles(archive, styles) if styles in names else ((), ())
    texts = list(_read_strings(archive, strings)) if strings in names else []
    return _Workbook(archive, texts, frozenset(dates), frozenset(durations), epoch), sheets


def _find_main_part(archive: zipfile.ZipFile) -> str:
    targets = _read_relations(archive, "")
    return next(
        (target for kind, target in targets.values() if kind == "officeDocument"),
        "xl/workbook.xml",
    )


def _read_relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the name of the parts that a part refers to, by their ids."""
    folder, name = posixpath.split(part)
    relations = {}
    for event in _iter_events(archive, posixpath.join(folder, "_rels", f"{name}.rels")):
        if event.name == "Relationship" and event.attributes:
            target = posixpath.normpath(posixpath.join(f"/{folder}", event.attributes["Target"]))
            kind = posixpath.basename(event.attributes.get("Type", ""))
            relations[event.attributes.get("Id", "")] = (kind, target.lstrip("/"))
    return relations


def _find_date_styles(archive: zipfile.ZipFile, part: str) -> tuple[list[int], list[int]]:
    """Return the numbers of the cell styles that show a date, and of those of durations."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

    formats: dict[str, str] = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    dates, durations = [], []
    inside = False
    style = 0
    for event in _iter_events(archive, part):
        attributes = event.attributes or {}
        if event.name == "numFmt" and attributes:
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif event.name == "cellXfs":
            inside = event.attributes is not None
        elif inside and event.name == "xf" and event.attributes is not None:
            code = formats.get(attributes.get("numFmtId", "0"), "")
            if is_timedelta_format(code):
                durations.append(style)
            elif is_date_format(code):
                dates.append(style)
            style += 1
    return dates, durations


def _read_strings(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    """Yield the strings that cells refer to by number; how a name sounds is no part of it."""
    pieces: list[str] = []
    reads = False
    sounds = 0
    for event in _iter_events(archive, part):
        is_start = event.attributes is not None
        if not event.name:
            if reads and not sounds:
                pieces.append(event.text)
        elif event.name == "t":
            reads = is_start
        elif event.name == "rPh":
            sounds += 1 if is_start else -1
        elif event.name == "si" and not is_start:
            yield _unescape("".join(pieces))
            pieces.clear()


def _iter_events(archive: zipfile.ZipFile, part: str) -> Iterator[_Event]:
    """Parse a part of the archive, without the prefixes of names; a DTD is refused."""
    events: list[_Event] = []
    depth = 0
    size = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth, size
        depth += 1
        size = 0
        if depth > _DEEPEST:
            raise InputError(f"{part!r} is nested deeper than {_DEEPEST} levels; save it as CSV.")
        events.append(_Event(_local(name), {_local(key): attributes[key] for key in attributes}))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        events.append(_Event(_local(name)))

    def add(text: str) -> None:
        nonlocal size
        size += len(text)
        if size > LONGEST_CELL:
            raise InputError(
                f"{part!r} has a text of more than {LONGEST_CELL:,} characters; shorten it."
            )
        events.append(_Event("", text=text))

    def refuse(*_: object) -> None:
        raise InputError(
            f"{part!r} declares entities of XML, as no workbook does that Excel has written; "
            "save it again as .xlsx."
        )

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = add
    parser.StartDoctypeDeclHandler = refuse
    with archive.open(part) as file:
        is_whole = False
        while not is_whole:
            chunk = file.read(_CHUNK)
            is_whole = not chunk
            error = None
            try:
                parser.Parse(chunk, is_whole)
            except (expat.ExpatError, InputError) as found:
                error = found
            yield from events
            events.clear()
            if error:
                raise error


def _local(name: str) -> str:
    return name[name.rfind(":") + 1 :]


def _has_cells(archive: zipfile.ZipFile, part: str) -> bool:
    try:
        return any(event.name == "c" for event in _iter_events(archive, part))
    except _DAMAGE:
        return True


def _read_sheet(workbook: _Workbook, name: str, part: str, row: int) -> Rows:
    """Read a sheet; `row` is the number of the last row that was read before it."""
    title, header, lines = _find_header(_read_lines(workbook, name, part))
    try:
        columns = _name_columns(header)
    except InputError as error:
        yield Failure(None, f"sheet {name!r}: {error}")
        return
    note = f"the rows above the header were left out: {title}." if title else ""
    for line in _fill_merged(lines, _find_merged(workbook.archive, part)):
        if isinstance(line, Failure):
            yield line
        else:
            row += 1
            yield _make_record(row, line, columns, note)
            note = ""


def _read_lines(workbook: _Workbook, name: str, part: str) -> Lines:
    try:
        yield from _iter_lines(workbook, part)
    except InputError as error:
        yield Failure(None, f"sheet {name!r}: {error}")
    except _DAMAGE as error:
        yield Failure(
            None,
            f"sheet {name!r} breaks off or is damaged ({_say(error)}), and nothing after it was "
            "read; open it in Excel and save it again as .xlsx.",
        )


def _iter_lines(workbook: _Workbook, part: str) -> Iterator[_Line]:
    """Yield the rows of a sheet that have cells."""
    number = column = sounds = 0
    cells: dict[int, _Cell] = {}
    attributes: Attributes = {}
    text: list[str] | None = None
    reads = has_formula = False
    for event in _iter_events(workbook.archive, part):
        is_start = event.attributes is not None
        if not event.name:
            if reads and not sounds and text is not None:
                text.append(event.text)
        elif event.name == "row" and event.attributes is not None:
            number = _read_row_number(event.attributes, number)
            cells, column = {}, 0
        elif event.name == "row":
            if cells:
                yield _Line(number, cells)
        elif event.name == "c" and event.attributes is not None:
            attributes, text, has_formula = event.attributes, None, False
            column = _read_column(attributes, column)
        elif event.name == "c":
            value = None if text is None else "".join(text)
            cell = _read_cell(workbook, attributes, value, has_formula)
            if cell.problem or cell.value not in (None, ""):
                cells[column] = cell
        elif event.name in ("v", "t"):
            reads = is_start
            text = [] if text is None else text
        elif event.name == "rPh":
            sounds += 1 if is_start else -1
        elif event.name == "f":
            has_formula = True


def _read_row_number(attributes: Attributes, before: int) -> int:
    number = attributes.get("r", str(before + 1))
    if not re.fullmatch(r"\d{1,7}", number) or not 1 <= int(number) <= LAST_ROW:
        raise InputError(
            f"it has a row {number[:20]!r}, which no sheet has; save it again in Excel."
        )
    return int(number)


def _read_column(attributes: Attributes, before: int) -> int:
    name = attributes.get("r")
    if name is None:
        column = before + 1
    else:
        match = _NAMED_CELL.fullmatch(name)
        column = _count_column(match[1]) if match else LAST_COLUMN + 1
    if column > LAST_COLUMN:
        raise InputError(
            f"it has a cell {str(name)[:20]!r}, which no sheet has; save it again in Excel."
        )
    return column


def _count_column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _read_cell(
    workbook: _Workbook, attributes: Attributes, text: str | None, has_formula: bool
) -> _Cell:
    kind = attributes.get("t", "n")
    if kind in ("inlineStr", "str") and text is not None:
        return _Cell(_unescape(text))
    if not text:
        return _Cell(None, "a formula that was never computed" if has_formula else "")
    if kind == "s":
        if text.isdecimal() and int(text[:10]) < len(workbook.strings):
            return _Cell(workbook.strings[int(text[:10])])
        return _Cell(None, "a text that is missing in the file")
    if kind == "b":
        return _Cell(text in ("1", "true"))
    if kind == "e":
        return _Cell(None, f"the error {text}")
    if kind == "d":
        return _Cell(text)
    return _read_number(workbook, text, attributes.get("s", "0"))


def _read_number(workbook: _Workbook, text: str, style: str) -> _Cell:
    from openpyxl.utils.datetime import from_excel

    try:
        number = float(text)
        if not math.isfinite(number):
            return _Cell(None, f"the number {text[:20]}")
    except ValueError:
        return _Cell(None, f"{text[:20]!r} as a number")
    shows = int(style) if style.isdecimal() and len(style) < 10 else 0
    try:
        if shows in workbook.duration_styles:
            return _Cell(str(datetime.timedelta(days=number)))
        if shows in workbook.date_styles:
            moment = from_excel(number, workbook.epoch)
            return _Cell(moment if isinstance(moment, datetime.datetime) else moment.isoformat())
    except (OverflowError, ValueError):
        return _Cell(None, f"a date out of range ({text[:20]})")
    return _Cell(int(number) if number.is_integer() and abs(number) <= _EXACT else number)


def _unescape(text: str) -> str:
    """Write the characters for which Excel writes their code in hexadecimal."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(_decode_escapes, text)


def _decode_escapes(match: re.Match[str]) -> str:
    codes = [int(code, 16) for code in re.findall("_x([0-9A-Fa-f]{4})_", match[0])]
    units = b"".join(code.to_bytes(2, "little") for code in codes)
    return units.decode("utf-16-le", "surrogatepass")


def _find_header(lines: Lines) -> tuple[str, _Line, Lines]:
    """Return the title above the header, the header, and the lines under it."""
    first = list(itertools.islice(lines, _ROWS_BEFORE_HEADER + 2))
    rows = [line for line in first if isinstance(line, _Line)]
    if not rows:
        return "", _Line(0, {}), iter(first)
    place = next((i for i, line in enumerate(rows) if len(line.cells) > 1), 0)
    if not (place and _looks_like_header(*rows[place : place + 2])):
        place = 0
    title = "; ".join(str(cell.value) for line in rows[:place] for cell in line.cells.values())
    return title, rows[place], itertools.chain(first[place + 1 :], lines)


def _looks_like_header(line: _Line, under: _Line | None = None) -> bool:
    """Say whether a line is the header of a table in spite of a title above it.

    It has nothing but short texts, without a gap, and under it stands a row of several cells.
    """
    texts = [cell.value for cell in line.cells.values()]
    return (
        under is not None
        and len(under.cells) > 1
        and max(line.cells) - min(line.cells) + 1 == len(texts)
        and all(isinstance(text, str) and len(text) <= _LONGEST_NAME for text in texts)
    )


def _name_columns(header: _Line) -> dict[int, str]:
    from openpyxl.utils import get_column_letter

    if not header.cells:
        return {}
    columns = {
        column: str(header.cells[column].value)
        if column in header.cells
        else f"column {get_column_letter(column)}"
        for column in range(min(header.cells), max(header.cells) + 1)
    }
    for name, count in Counter(columns.values()).items():
        if count > 1:
            raise InputError(f"the header has the column {name!r} twice; rename one.")
    return columns


def _make_record(row: int, line: _Line, columns: dict[int, str], note: str) -> Record:
    from openpyxl.utils import get_column_letter

    notes = [note] if note else []
    for column, cell in line.cells.items():
        name = f"cell {get_column_letter(column)}{line.number}"
        if column not in columns:
            notes.append(f"{name} stands outside the table and was left out.")
        elif cell.problem:
            notes.append(f"{name} holds {cell.problem}; it was read as empty.")
    fields = {
        name: line.cells[column].value if column in line.cells else None
        for column, name in columns.items()
    }
    return Record(row, fields, note=" ".join(notes[:_MOST_NOTES]))


def _find_merged(archive: zipfile.ZipFile, part: str) -> dict[int, list[tuple[int, int]]]:
    """Return, by row, the columns in which a cell begins that is merged downwards, and its end.

    They stand behind the rows, so that the part is searched for them beforehand.
    """
    merged: dict[int, list[tuple[int, int]]] = {}
    count = 0
    left = b""
    with archive.open(part) as file, suppress(*_DAMAGE):
        while chunk := file.read(_CHUNK):
            block = left + chunk
            for letters, first, last in _MERGED.findall(block):
                if int(last) > int(first) and count < _MOST_MERGED:
                    count += 1
                    begun = (_count_column(letters.decode()), int(last))
                    merged.setdefault(int(first), []).append(begun)
            left = block[max(block.rfind(b"<"), len(block) - _LONGEST_TAG, 0) :]
    return merged


def _fill_merged(lines: Lines, merged: dict[int, list[tuple[int, int]]]) -> Lines:
    """Write the value of a cell that is merged downwards into every row it covers."""
    open_cells: dict[int, tuple[int, _Cell]] = {}
    for line in lines:
        if isinstance(line, Failure):
            yield line
            continue
        open_cells = {
            column: (last, cell)
            for column, (last, cell) in open_cells.items()
            if line.number <= last
        }
        above = {column: cell for column, (_, cell) in open_cells.items()}
        for column, last in merged.get(line.number, ()):
            if column in line.cells:
                open_cells[column] = (last, line.cells[column])
        yield line._replace(cells=above | line.cells)
