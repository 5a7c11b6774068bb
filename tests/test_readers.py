import io

import pandas as pd
import pytest
import yaml
from conftest import ROOT

from analysis.errors import InputError
from analysis.readers import (
    FORMATS,
    Failure,
    Record,
    Source,
    json_lines,
    read_rows,
    register_format,
)
from analysis.readers import rows as contract
from analysis.readers.formats import choose_format

UNREADABLE = yaml.safe_load((ROOT / "tests/cases/unreadable.yml").read_text("utf-8"))


def read(name, content):
    source = Source(io.BytesIO(content if isinstance(content, bytes) else content.encode()), name)
    return list(read_rows(source, choose_format(source)))


def fields(rows):
    return [(row.row, row.fields) if isinstance(row, Record) else row for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        (
            "a.txt",
            " قال:\r\n«نعم»\u2028\n\n",
            [Record(None, {"text": " قال:\r\n«نعم»\u2028\n\n"})],
        ),
        (
            "a.jsonl",
            '{"text": "أ\\nب", "n": 1}\r\n\n{"text": "ج\u2028د"}',
            [Record(1, {"text": "أ\nب", "n": 1}), Record(3, {"text": "ج\u2028د"})],
        ),
        ("a.NDJSON", '{"text": "أ"}\n', [Record(1, {"text": "أ"})]),
        (
            "a.csv",
            'id,text\r\n\r\n7,"قال ""نعم""\r\nثم غاب, ولم يعد"\r\n',
            [Record(1, {"id": "7", "text": 'قال "نعم"\r\nثم غاب, ولم يعد'})],
        ),
        ("a.csv", "id;text\n7;أ, ب\n", [Record(1, {"id": "7", "text": "أ, ب"})]),
        ("a.csv", ",text\n0,أ\n", [Record(1, {"column 1": "0", "text": "أ"})]),
        ("a.tsv", "id\ttext\n7\tأ, ب; ج\n", [Record(1, {"id": "7", "text": "أ, ب; ج"})]),
        ("a.csv", "id,text\n", []),
    ],
)
def test_rows_are_read_as_they_stand(encoding, name, content, rows):
    assert fields(read(name, content.encode(encoding))) == fields(rows)


def test_parquet_is_read_row_by_row_with_its_types():
    table = pd.DataFrame(
        {"text": ["أ", None], "day": pd.to_datetime(["2031-01-02", None]), "skip": [[[0, 1]], []]}
    )
    first, second = fields(read("a.parquet", table.to_parquet()))
    assert first == (1, {"text": "أ", "day": table["day"][0], "skip": [[0, 1]]})
    assert second == (2, {"text": None, "day": None, "skip": []})


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: case["file"])
def test_what_cannot_be_read_is_told_and_the_rest_is_read(case):
    rows = read(case["file"], case["content"].encode("utf-8", "surrogateescape"))
    told = {row.row or 0: row.reason for row in rows if isinstance(row, Failure)}
    assert told == case["failures"]
    assert sum(isinstance(row, Record) for row in rows) == case["read"]


def test_a_file_that_is_no_parquet_is_told():
    (failure,) = read("a.parquet", "text")
    assert failure.row is None
    assert failure.reason.startswith("not a readable Parquet file (")
    assert failure.reason.endswith("); write it again.")


def test_strings_inside_lists_are_looked_at_too():
    (row,) = read("a.parquet", pd.DataFrame({"text": ["أ"], "tags": [["x", "y\0"]]}).to_parquet())
    assert row.reason == ("the field 'tags' holds a NUL character; save the file as UTF-8 text.")


def test_whole_numbers_of_any_length_stay_whole():
    number = 123456789012345678901234567890
    (row,) = read("a.jsonl", f'{{"text": "أ", "id": {number}}}')
    assert row.fields["id"] == number


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_that_is_too_long_fails_and_the_next_is_read(monkeypatch, encoding):
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 40)
    lines = ['{"text": "أ"}', f'{{"text": "{"x" * 100}"}}', '{"text": "ب"}']
    first, failed, last = read("a.jsonl", "\n".join(lines).encode(encoding))
    assert failed == Failure(2, "line 2 is longer than 40 bytes; write one article on a line.")
    assert (first.fields, last.row, last.fields) == ({"text": "أ"}, 3, {"text": "ب"})


def test_a_text_that_is_too_large_for_one_article_fails(monkeypatch):
    monkeypatch.setattr(contract, "LARGEST_DOCUMENT", 10)
    with pytest.raises(InputError) as error:
        contract.read_bytes(Source(io.BytesIO(b"x" * 11), "a.txt"), limit=10)
    assert str(error.value) == (
        "larger than 10 bytes, the most that is read as one document; divide it, or write its "
        "articles as JSON Lines."
    )


def test_what_a_reader_raises_is_told():
    def read_badly(source):
        yield Record(1, {"text": "أ"})
        raise OSError(5, "Input/output error")

    register_format(".bad", read_badly)
    try:
        first, failed = read("a.bad", b"x")
    finally:
        del FORMATS[".bad"]
    assert first == Record(1, {"text": "أ"})
    assert failed == Failure(None, "cannot be read: Input/output error.")


def test_reading_stops_where_the_reader_is_left():
    source = Source(io.BytesIO(b'{"text": "x"}\n' * 3), "a.jsonl")
    rows = read_rows(source, FORMATS[".jsonl"])
    assert next(rows).fields == {"text": "x"}
    rows.close()
    assert not source.file.closed


def test_a_reader_that_fails_in_its_own_way_loses_its_file_alone():
    def read_badly(source):
        raise KeyError("الجدول")
        yield

    register_format(".bad", read_badly)
    try:
        (failed,) = read("a.bad", b"x")
    finally:
        del FORMATS[".bad"]
    assert failed.reason == "cannot be read (KeyError: 'الجدول'); save it in another format."


def test_a_name_that_is_no_text_is_told():
    (failed,) = read("a.jsonl", '{"text": "أ", "\\ud800": 1}')
    assert failed.reason == "the name of the field '\\ud800' is no text; correct it."


def test_a_list_on_one_line_of_many_is_a_bad_line():
    failed, good = read("a.jsonl", '[{"text": 1}]\n{"text": "أ"}\n')
    assert (failed.row, good.fields) == (1, {"text": "أ"})


def test_a_column_that_stands_twice_in_parquet_is_told():
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([pa.array(["أ"]), pa.array(["ب"])], ["text", "text"]), file)
    assert read("a.parquet", file.getvalue()) == [
        Failure(None, "the column 'text' stands twice; rename one.")
    ]
