"""Write tables to disk in the format their suffix names, whole or as a stream of batches."""

import csv
import datetime
import io
import itertools
import json
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from analysis.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES = (".parquet", ".csv", ".jsonl", ".xlsx")
MOST_ROWS = 1_048_576
"""Rows of a sheet of Excel, the header among them."""
MOST_COLUMNS = 16_384
LONGEST_CELL = 32_767
"""Characters of a cell of Excel, counted as Excel does: a rare one may count as two."""
_LARGEST_SHEET = 2_000_000_000
_MOST_DIGITS = 15
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LIKE_ESCAPES = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ARABIC = re.compile("[\u0620-\u064a]")
_SHEET = "xl/worksheets/sheet1.xml"
_BEGINNING = (1980, 1, 1, 0, 0, 0)
_FIRST_DAY = pd.Timestamp(1900, 3, 1)
_DAY_ZERO = pd.Timestamp(1899, 12, 30)


def check_table_path(path: str | Path) -> Path:
    """Return the path when its suffix names a format we write, else raise InputError.

    >>> check_table_path("quotes.doc")
    Traceback (most recent call last):
    analysis.errors.InputError: cannot write 'quotes.doc'; end the name in .parquet, .csv, .jsonl
    or .xlsx.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"cannot write {str(path)!r}; end the name in .parquet, .csv, .jsonl or .xlsx."
        )
    return path


def check_outside(out: str | Path, inputs: str | Path | Sequence[str | Path]) -> None:
    """Raise InputError when results would stand in a folder that is read as input.

    >>> check_outside("data/sample/out", "data/sample")
    Traceback (most recent call last):
    analysis.errors.InputError: 'data/sample/out' lies in the input 'data/sample', where the next
    run would read it as articles; write to a folder outside.
    """
    for path in [inputs] if isinstance(inputs, str | Path) else inputs:
        if Path(path).is_file() and Path(path).resolve().is_relative_to(Path(out).resolve()):
            raise InputError(
                f"{str(out)!r} is or holds the input {str(path)!r}, which would be overwritten; "
                "write somewhere else."
            )
        if Path(path).is_dir() and Path(out).resolve().is_relative_to(Path(path).resolve()):
            raise InputError(
                f"{str(out)!r} lies in the input {str(path)!r}, where the next run would read it "
                "as articles; write to a folder outside."
            )


def save_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write one table as .parquet, .csv, .jsonl or .xlsx, whole or not at all.

    In CSV a text cell that a spreadsheet would run as a formula gets a leading apostrophe
    (see `neutralise_formulas`); the other formats hold the text as it is. In Excel every text
    is marked as text, and one that looks like a formula also as quoted, so that it stays text
    when it is edited. What Excel cannot hold is told with InputError, never cut: a cell of
    more than 32,767 characters, more rows or columns than a sheet has. Characters that Excel
    forbids become U+FFFD, lists JSON, numbers of more than 15 digits text; a date is a date,
    unless it has a time zone or lies before March 1900. The sheet runs from right to left
    when the first rows have Arabic. The same table gives the same bytes.
    """
    return save_batches([table], path)


def save_batches(batches: Iterable[pd.DataFrame], path: str | Path) -> Path:
    """Write tables of the same columns one after the other into one file (see `open_table`)."""
    with open_table(path) as write:
        for table in batches:
            write(table)
    return Path(path)


@contextmanager
def open_table(path: str | Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    """Give a function that adds a table to a file; all must have the columns of the first.

    Only one table is in memory at a time. The file appears under its name when the last
    is written: a run that is stopped leaves no half table behind.
    """
    path = check_table_path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    writers = {
        ".parquet": _write_parquet,
        ".csv": _write_csv,
        ".jsonl": _write_jsonl,
        ".xlsx": _write_excel,
    }
    with finished_or_gone(path) as unfinished, writers[path.suffix.lower()](unfinished) as write:
        yield write


def neutralise_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before every text a spreadsheet would compute.

    Those are the cells that begin with = + - @, a tab or a carriage return; numbers stay.

    >>> neutralise_formulas(pd.DataFrame({"node": ["=1+1", "الأمن"]}))["node"].tolist()
    ["'=1+1", 'الأمن']
    """
    safe = table.copy()
    for name in safe.select_dtypes(exclude=["number", "bool", "datetime"]):
        risky = safe[name].astype("object").map(_is_formula)
        if risky.any():
            safe[name] = safe[name].where(~risky, "'" + safe[name].astype("str"))
    return safe.rename(columns=lambda name: f"'{name}" if _is_formula(name) else name)


def _is_formula(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith(_FORMULA)


def _as_text(cell: Any) -> str | None:
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:
        return None
    return cell if isinstance(cell, str) else str(cell)


@contextmanager
def _write_csv(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    with path.open("w", encoding="utf-8", newline="") as file:

        def write(table: pd.DataFrame) -> None:
            is_first = file.tell() == 0
            safe = neutralise_formulas(table)
            text = safe.to_csv(index=False, header=is_first, lineterminator="\n")
            if "\r" in text:  # which Python leaves bare, though it ends a line for most readers
                text = safe.to_csv(
                    index=False,
                    header=is_first,
                    lineterminator="\n",
                    quoting=csv.QUOTE_NONNUMERIC,
                )
            file.write(text)

        yield write


@contextmanager
def _write_jsonl(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    with path.open("w", encoding="utf-8") as file:

        def write(table: pd.DataFrame) -> None:
            for row in table.astype(object).where(table.notna(), None).to_dict("records"):
                file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")

        yield write


def merge_parquet(parts: Sequence[str | Path], path: str | Path) -> Path:
    """Write Parquet files one after the other into one, a file at a time.

    Columns that only some of the parts have are kept, empty where they are missing; a column
    whose type differs between parts becomes text.
    """
    import pyarrow as pa
    from pyarrow import parquet

    schemas = [parquet.read_schema(part) for part in parts]
    kinds: dict[str, pa.DataType] = {}
    for field in (field for schema in schemas for field in schema):
        known = kinds.get(field.name, pa.null())
        if known != field.type and not pa.types.is_null(field.type):
            kinds[field.name] = _join_types(known, field.type)
        else:
            kinds.setdefault(field.name, field.type)
    schema = pa.schema(kinds.items(), metadata=schemas[0].metadata)
    path = Path(path)
    with finished_or_gone(path) as unfinished, parquet.ParquetWriter(unfinished, schema) as writer:
        for part in parts:
            table = parquet.read_table(part)
            for name, kind in kinds.items():
                if name not in table.column_names:
                    table = table.append_column(name, pa.nulls(len(table), kind))
            writer.write_table(table.select(list(kinds)).cast(schema))
    return path


def _join_types(one: "pa.DataType", other: "pa.DataType") -> "pa.DataType":
    """Return the type that holds both without loss, else text."""
    import pyarrow as pa

    if pa.types.is_null(one):
        return other
    numbers = {pa.int64(), pa.float64()}
    return pa.float64() if {one, other} == numbers else pa.large_string()


@contextmanager
def _write_parquet(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    from pyarrow import parquet

    with ExitStack() as stack:
        writer = None

        def write(table: pd.DataFrame) -> None:
            nonlocal writer
            arrow = _to_arrow(table)
            if writer is None:
                writer = stack.enter_context(parquet.ParquetWriter(path, arrow.schema))
            writer.write_table(arrow.cast(writer.schema))

        yield write


def _to_arrow(table: pd.DataFrame) -> "pa.Table":
    import pyarrow as pa

    try:
        arrow = pa.Table.from_pandas(table, preserve_index=False)
    except (pa.ArrowException, OverflowError, ValueError):
        texts = table.copy()
        for name in table:
            if table[name].dtype == object and name != "skip":
                texts[name] = [_as_text(cell) for cell in table[name]]
        arrow = pa.Table.from_pandas(texts, preserve_index=False)
    for place, field in enumerate(arrow.schema):
        if field.name == "skip":
            spans = pa.array(
                [[list(span) for span in cell] for cell in table["skip"]],
                pa.list_(pa.list_(pa.int64())),
            )
            arrow = arrow.set_column(place, "skip", spans)
    return arrow


@contextmanager
def _write_excel(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    """Write the rows as they come into the one sheet of a workbook made by openpyxl."""
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(path, "w"))
        sheet: list[IO[bytes]] = []
        rows = size = 0
        tail = b""

        def write(table: pd.DataFrame) -> None:
            nonlocal rows, size, tail
            lines: Iterable[Sequence[Any]] = table.astype(object).itertuples(index=False, name=None)
            if not sheet:
                head, tail = _write_frame(archive, is_arabic=_has_arabic(table))
                sheet.append(stack.enter_context(archive.open(_zip_entry(_SHEET), "w")))
                sheet[0].write(head)
                lines = itertools.chain([[str(name) for name in table]], lines)
            for line in lines:
                rows += 1
                content = _format_row(rows, line, table.columns)
                size += len(content)
                _check_size(rows, len(table.columns), size)
                sheet[0].write(content)

        yield write
        if not sheet:
            write(pd.DataFrame())
        sheet[0].write(tail)


def _check_size(rows: int, columns: int, size: int) -> None:
    problem = ""
    if rows > MOST_ROWS:
        problem = f"more than {MOST_ROWS - 1:,} rows"
    if columns > MOST_COLUMNS:
        problem = f"more than {MOST_COLUMNS:,} columns"
    if size > _LARGEST_SHEET:
        problem = f"more than {_LARGEST_SHEET:,} bytes"
    if problem:
        raise InputError(
            f"the table has {problem}, the most that a sheet of Excel holds; write .parquet or "
            ".csv."
        )


def _zip_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _BEGINNING)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _write_frame(archive: zipfile.ZipFile, *, is_arabic: bool) -> tuple[bytes, bytes]:
    """Write all parts of a workbook but its sheet, and return what stands around its rows.

    Its cell styles are, from 0: none, a date, a date with its time, a quoted text.
    """
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    workbook = Workbook()
    workbook.properties.created = workbook.properties.modified = datetime.datetime(*_BEGINNING)
    sheet = workbook.active
    sheet.sheet_view.rightToLeft = is_arabic
    sheet.freeze_panes = "A2"
    _add_style(sheet, number_format="yyyy-mm-dd")
    _add_style(sheet, number_format="yyyy-mm-dd hh:mm:ss")
    _add_style(sheet, quotePrefix=True)
    content = io.BytesIO()
    ExcelWriter(workbook, zipfile.ZipFile(content, "w")).save()
    with zipfile.ZipFile(content) as parts:
        for name in parts.namelist():
            if name != _SHEET:
                archive.writestr(_zip_entry(name), parts.read(name))
        frame = re.sub(rb"<dimension[^>]*>", b"", parts.read(_SHEET))
    head, tail = re.split(rb"<sheetData ?/>|<sheetData></sheetData>", frame)
    return head + b"<sheetData>", b"</sheetData>" + tail


def _add_style(sheet: Any, **properties: str | bool) -> int:
    """Add a style to a workbook and return its number."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    for name, value in properties.items():
        setattr(cell, name, value)
    return int(cell.style_id)


def _has_arabic(table: pd.DataFrame) -> bool:
    cells = (cell for name in table for cell in table[name].array[:100])
    return any(isinstance(cell, str) and _ARABIC.search(cell) for cell in cells)


def _format_row(number: int, row: Sequence[Any], columns: Iterable[Any]) -> bytes:
    from openpyxl.utils import get_column_letter

    cells = []
    for place, (name, cell) in enumerate(zip(columns, row, strict=True), start=1):
        value = _simplify(cell)
        if isinstance(value, str):
            _check_length(number, name, value)
        if value is not None:
            cells.append(_format_cell(f"{get_column_letter(place)}{number}", value))
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()


def _simplify(cell: Any) -> Any:
    """Return a cell as text, number, truth value, moment, or None."""
    if isinstance(cell, np.ndarray):
        cell = cell.tolist()
    if isinstance(cell, list | tuple | dict):
        return json.dumps(cell, ensure_ascii=False, default=str)
    if isinstance(cell, str):
        return cell
    if pd.isna(cell):
        return None
    if isinstance(cell, int | float | np.number | np.bool_):
        is_exact = math.isfinite(cell) and abs(cell) < 10**_MOST_DIGITS
        return cell if is_exact else str(cell)
    if isinstance(cell, datetime.date):
        moment = pd.Timestamp(cell)
        is_known = moment.tzinfo is None and moment >= _FIRST_DAY
        return moment if is_known else cell.isoformat()
    return str(cell)


def _check_length(row: int, column: object, text: str) -> None:
    if len(text) * 2 <= LONGEST_CELL:
        return
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if length > LONGEST_CELL:
        raise InputError(
            f"the cell {str(column)!r} of row {row:,} has {length:,} characters, more than the "
            f"{LONGEST_CELL:,} that Excel holds; write .parquet or .csv."
        )


def _format_cell(name: str, value: Any) -> str:
    if isinstance(value, str):
        return _format_text(name, value)
    if isinstance(value, bool | np.bool_):
        return f'<c r="{name}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, pd.Timestamp):
        return _format_date(name, value)
    return f'<c r="{name}"><v>{value}</v></c>'


def _format_text(name: str, text: str) -> str:
    style = ' s="3"' if text.startswith(_FORMULA) else ""
    text = _LIKE_ESCAPES.sub("_x005F_", _FORBIDDEN.sub("\ufffd", text))
    content = escape(text, {"\r": "&#13;"})
    return f'<c r="{name}" t="inlineStr"{style}><is><t xml:space="preserve">{content}</t></is></c>'


def _format_date(name: str, moment: pd.Timestamp) -> str:
    """Write a moment as the days that Excel counts, for which 1900 had a day too many."""
    days = (moment - _DAY_ZERO) / pd.Timedelta(days=1)
    return f'<c r="{name}" s="{1 if days.is_integer() else 2}"><v>{days!r}</v></c>'


@contextmanager
def finished_or_gone(path: Path) -> Iterator[Path]:
    """Give a path to write to, which takes the name `path` only when all went well."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
