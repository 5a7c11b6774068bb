"""Parquet files, a few rows in memory at a time."""

import itertools
from typing import Any

from analysis.errors import InputError
from analysis.readers.rows import Record, Rows, Source

_ROWS = 50


def read_parquet(source: Source) -> Rows:
    """Read a Parquet file in batches; rows are numbered from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = itertools.count(1)
    try:
        with pq.ParquetFile(source.file, pre_buffer=False) as file:
            for batch in file.iter_batches(batch_size=_ROWS):
                names = batch.schema.names
                if len(set(names)) < len(names):
                    twice = next(name for name in names if names.count(name) > 1)
                    raise InputError(f"the column {twice!r} stands twice; rename one.")
                columns = [column.to_pylist() for column in batch.columns]
                for values in zip(*columns, strict=True):
                    fields = dict(zip(names, values, strict=True))
                    yield Record(next(number), fields, is_text=all(map(_is_text, values)))
    except (pa.ArrowException, OSError) as error:
        problem = " ".join(str(error).split())
        raise InputError(f"not a readable Parquet file ({problem}); write it again.") from None


def _is_text(value: Any) -> bool:
    """Say that a value is no damaged string: what Parquet holds is UTF-8, but it may hold NULs."""
    return "\0" not in value if isinstance(value, str) else not isinstance(value, list | dict)
