"""Write tables to disk in the format their suffix names, whole or as a stream of batches."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES = (".parquet", ".csv", ".jsonl")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def check_table_path(path: str | Path) -> Path:
    """Return the path when its suffix names a format we write, else raise InputError.

    >>> check_table_path("quotes.doc")
    Traceback (most recent call last):
    analysis.errors.InputError: cannot write 'quotes.doc'; end the name in .parquet, .csv or .jsonl.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"cannot write {str(path)!r}; end the name in .parquet, .csv or .jsonl.")
    return path


def check_outside(out: str | Path, inputs: str | Path | Sequence[str | Path]) -> None:
    """Raise InputError when results would stand in a folder that is read as input.

    >>> check_outside("data/sample/out", "data/sample")
    Traceback (most recent call last):
    analysis.errors.InputError: 'data/sample/out' lies in the input 'data/sample', where the next
    run would read it as articles; write to a folder outside.
    """
    for path in [inputs] if isinstance(inputs, str | Path) else inputs:
        if Path(path).is_dir() and Path(out).resolve().is_relative_to(Path(path).resolve()):
            raise InputError(
                f"{str(out)!r} lies in the input {str(path)!r}, where the next run would read it "
                "as articles; write to a folder outside."
            )


def save_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write one table as .parquet, .csv or .jsonl, whole or not at all.

    In CSV a text cell that a spreadsheet would run as a formula gets a leading apostrophe
    (see `neutralise_formulas`); Parquet and JSON Lines hold the text as it is.
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
    writers = {".parquet": _write_parquet, ".csv": _write_csv, ".jsonl": _write_jsonl}
    with finished_or_gone(path) as unfinished, writers[path.suffix.lower()](unfinished) as write:
        yield write


def neutralise_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before every text a spreadsheet would compute.

    Those are the cells that begin with = + - @, a tab or a carriage return; numbers stay.

    >>> neutralise_formulas(pd.DataFrame({"node": ["=1+1", "الأمن"]}))["node"].tolist()
    ["'=1+1", 'الأمن']
    """
    safe = table.copy()
    for name in safe.select_dtypes(["object", "str"]):
        risky = safe[name].map(lambda cell: isinstance(cell, str) and cell.startswith(_FORMULA))
        if risky.any():
            safe[name] = safe[name].where(~risky, "'" + safe[name].astype("str"))
    return safe


@contextmanager
def _write_csv(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    with path.open("w", encoding="utf-8", newline="") as file:

        def write(table: pd.DataFrame) -> None:
            is_first = file.tell() == 0
            neutralise_formulas(table).to_csv(
                file, index=False, header=is_first, lineterminator="\n"
            )

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
            kinds[field.name] = field.type if pa.types.is_null(known) else pa.large_string()
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

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    for place, field in enumerate(arrow.schema):
        if field.name == "skip":
            spans = pa.array(
                [[list(span) for span in cell] for cell in table["skip"]],
                pa.list_(pa.list_(pa.int64())),
            )
            arrow = arrow.set_column(place, "skip", spans)
    return arrow


@contextmanager
def finished_or_gone(path: Path) -> Iterator[Path]:
    """Give a path to write to, which takes the name `path` only when all went well."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
