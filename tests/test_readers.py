import csv

import pandas as pd
import pytest
import yaml
from conftest import ROOT

from analysis.readers import FORMATS, LONGEST_FIELD, Failure, Part, Record, read_rows

UNREADABLE = yaml.safe_load((ROOT / "tests/cases/unreadable.yml").read_text("utf-8"))


@pytest.fixture
def read(tmp_path):
    def read(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_rows(Part(path)))

    return read


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
def test_rows_are_read_as_they_stand(read, encoding, name, content, rows):
    assert read(name, content.encode(encoding)) == rows


def test_parquet_is_read_row_by_row_with_its_types(tmp_path):
    table = pd.DataFrame(
        {"text": ["أ", None], "day": pd.to_datetime(["2031-01-02", None]), "skip": [[[0, 1]], []]}
    )
    table.to_parquet(tmp_path / "a.parquet")
    first, second = read_rows(Part(tmp_path / "a.parquet"))
    assert first == Record(1, {"text": "أ", "day": table["day"][0], "skip": [[0, 1]]})
    assert second == Record(2, {"text": None, "day": None, "skip": []})


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: case["file"])
def test_what_cannot_be_read_is_told_and_the_rest_is_read(read, case):
    rows = read(case["file"], case["content"].encode(case.get("encoding", "utf-8")))
    told = {row.row or 0: row.reason for row in rows if isinstance(row, Failure)}
    assert told == case["failures"]
    assert sum(isinstance(row, Record) for row in rows) == case["read"]


def test_a_field_that_swallows_the_file_is_told(read):
    assert read("a.csv", f'id,text\n1,"{"x" * LONGEST_FIELD}\n2,ب\n') == [
        Failure(
            1,
            "row 1 (line 2) has a field without end, and nothing after it was read; "
            "close its quotation mark.",
        )
    ]


def test_text_that_breaks_off_inside_a_character_is_told(read):
    assert read("a.txt", "قال".encode("utf-16")[:-1]) == [
        Failure(
            None,
            "not valid text ('utf-16-le' codec can't decode byte 0x44 in position 6: truncated "
            "data); save the file as UTF-8.",
        )
    ]


def test_a_file_that_is_no_parquet_is_told(read):
    (failure,) = read("a.parquet", "text")
    assert failure.row is None
    assert failure.reason.startswith("not a readable Parquet file (")
    assert failure.reason.endswith("); write it again.")


def test_a_file_that_is_gone_is_told(tmp_path):
    rows = list(read_rows(Part(tmp_path / "a.txt")))
    assert rows == [Failure(None, "cannot be read: No such file or directory.")]


def test_long_fields_are_read_and_the_limit_of_the_csv_module_is_put_back(read):
    before = csv.field_size_limit()
    (row,) = read("a.csv", "id,text\n1," + "ن" * (before + 1) + "\n")
    assert len(row.fields["text"]) == before + 1
    assert csv.field_size_limit() == before


def test_reading_stops_where_the_reader_is_left(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "أ"}\n' * 3, "utf-8")
    rows = read_rows(Part(path))
    assert next(rows) == Record(1, {"text": "أ"})
    rows.close()


def test_the_suffixes():
    assert list(FORMATS) == [".txt", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"]
