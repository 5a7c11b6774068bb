"""Tables on disk: what is written is what was there, whole or not at all."""

import datetime
import json
import subprocess
import sys

import numpy as np
import openpyxl
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from analysis import storage
from analysis.errors import InputError
from analysis.readers.rows import Source
from analysis.readers.spreadsheets import read_spreadsheet
from analysis.storage import (
    SUFFIXES,
    merge_parquet,
    neutralise_formulas,
    save_batches,
    save_table,
)
from analysis.tables import ARTICLES, QUOTES, make_table

QUOTE = {
    **dict.fromkeys(QUOTES, "نص"),
    **dict.fromkeys(("content_start", "content_end", "cue_start", "cue_end"), 3),
    "source": None,
    "source_start": None,
    "source_end": None,
    "weak": False,
}


@pytest.fixture
def quotes():
    return make_table([QUOTE, {**QUOTE, "source_start": 5, "source_end": 9}], QUOTES)


def test_parquet_gives_back_the_same_table(tmp_path, quotes):
    path = save_table(quotes, tmp_path / "new" / "quotes.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(path), quotes)


def test_json_lines_hold_whole_numbers_and_null(tmp_path, quotes):
    path = save_table(quotes, tmp_path / "quotes.jsonl")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [row["source_start"] for row in rows] == [None, 5]
    assert rows[0]["content"] == "نص"


def test_csv_runs_no_formula(tmp_path):
    table = pd.DataFrame({"node": ["=HYPERLINK()", "-قال", "قال"], "change": [-1, 2, -3]})
    path = save_table(table, tmp_path / "kwic.csv")
    expected = "node,change\n'=HYPERLINK(),-1\n'-قال,2\nقال,-3\n"
    assert path.read_text("utf-8") == expected
    assert table["node"].tolist() == ["=HYPERLINK()", "-قال", "قال"]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_every_way_to_begin_a_formula_is_neutralised(first):
    table = pd.DataFrame({"text": [f"{first}1"], "skip": [[(0, 1)]]})
    assert neutralise_formulas(table)["text"].tolist() == [f"'{first}1"]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet", "xlsx"])
def test_batches_are_one_table(tmp_path, quotes, suffix):
    whole = save_table(quotes, tmp_path / f"whole.{suffix}")
    parts = save_batches([quotes[:1], quotes[1:]], tmp_path / f"parts.{suffix}")
    if suffix == "parquet":
        pd.testing.assert_frame_equal(pd.read_parquet(parts), pd.read_parquet(whole))
    else:
        assert parts.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_stopped_run_leaves_nothing_and_keeps_the_old(tmp_path, quotes, suffix):
    path = save_table(quotes, tmp_path / f"quotes.{suffix}")
    before = path.read_bytes()

    def stopped():
        yield quotes
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_batches(stopped(), path)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before


def test_an_unknown_suffix_is_named(tmp_path, quotes):
    with pytest.raises(InputError) as error:
        save_table(quotes, "quotes.doc")
    assert str(error.value) == (
        "cannot write 'quotes.doc'; end the name in .parquet, .csv, .jsonl or .xlsx."
    )


def test_merging_keeps_columns_that_only_some_parts_have(tmp_path):
    one = make_table([{**dict.fromkeys(ARTICLES, "نص"), "published": None, "skip": []}], ARTICLES)
    two = one.assign(skip=[[(0, 2), (3, 4)]], url="https://sada.example/2")
    paths = [save_table(one, tmp_path / "1.parquet"), save_table(two, tmp_path / "2.parquet")]
    merged = pd.read_parquet(merge_parquet(paths, tmp_path / "all.parquet"))
    assert merged["url"].isna().tolist() == [True, False]
    assert [[list(span) for span in cell] for cell in merged["skip"]] == [[], [[0, 2], [3, 4]]]
    assert merged["published"].isna().all()


def _sheet(path):
    return openpyxl.load_workbook(path).active


def test_excel_holds_every_value_as_what_it_is(tmp_path):
    table = pd.DataFrame(
        {
            "text": ["قال:\n«نعم»\r\n & <ثم> ", None],
            "count": pd.array([3, None], "Int64"),
            "share": [0.5, float("nan")],
            "weak": [True, False],
            "day": pd.to_datetime(["2031-01-02 00:00:00", "2031-01-02 03:04:05"]),
            "skip": [[(0, 2), (3, 4)], np.array([[1, 2]])],
            "long_id": [1234567890123456789, 12],
            "limit": [float("inf"), -1e300],
        }
    )
    sheet = _sheet(save_table(table, tmp_path / "a.xlsx"))
    assert list(sheet.values) == [
        ("text", "count", "share", "weak", "day", "skip", "long_id", "limit"),
        (
            "قال:\n«نعم»\r\n & <ثم> ",
            3,
            0.5,
            True,
            datetime.datetime(2031, 1, 2),
            "[[0, 2], [3, 4]]",
            "1234567890123456789",
            "inf",
        ),
        (
            None,
            None,
            None,
            False,
            datetime.datetime(2031, 1, 2, 3, 4, 5),
            "[[1, 2]]",
            12,
            "-1e+300",
        ),
    ]
    assert [sheet[name].number_format for name in ("E2", "E3")] == [
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm:ss",
    ]
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_excel_runs_no_formula_and_keeps_the_text(tmp_path, first):
    sheet = _sheet(save_table(pd.DataFrame({"=node": [f"{first}1+1"]}), tmp_path / "a.xlsx"))
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in sheet["A"]] == [
        ("=node", "s", True),
        (f"{first}1+1", "s", True),
    ]


def test_dates_that_excel_does_not_know_are_text(tmp_path):
    days = [
        datetime.date(1899, 12, 31),
        datetime.date(1900, 2, 28),
        datetime.date(1900, 3, 1),
        datetime.datetime(2031, 1, 2, 3, tzinfo=datetime.UTC),
    ]
    sheet = _sheet(save_table(pd.DataFrame({"day": days}), tmp_path / "a.xlsx"))
    assert [cell.value for cell in sheet["A"][1:]] == [
        "1899-12-31",
        "1900-02-28",
        datetime.datetime(1900, 3, 1),
        "2031-01-02T03:00:00+00:00",
    ]


def test_what_excel_forbids_is_replaced(tmp_path):
    texts = ["a\0b", "\x0bc", "\ud83d", "\uffff", "x\ud7ff"]
    table = pd.DataFrame({"text": texts}, dtype=object)
    sheet = _sheet(save_table(table, tmp_path / "a.xlsx"))
    assert [cell.value for cell in sheet["A"][1:]] == [
        "a\ufffdb",
        "\ufffdc",
        "\ufffd",
        "\ufffd",
        "x\ud7ff",
    ]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\uffff\ufffe")),
            st.one_of(st.none(), st.integers(-(10**14), 10**14), st.floats(-1e9, 1e9)),
        ),
        max_size=5,
    )
)
def test_excel_gives_back_the_same_table(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("excel") / "a.xlsx"
    save_table(pd.DataFrame(rows, columns=["text", "number"], dtype=object), path)
    with path.open("rb") as file:
        read = [row.fields for row in read_spreadsheet(Source(file, "a.xlsx"))]
    allowed = [(storage._FORBIDDEN.sub("\ufffd", text), number) for text, number in rows]
    assert read == [
        {"text": text or None, "number": number}
        for text, number in allowed
        if text or number is not None
    ]


def test_what_looks_like_an_escape_of_excel_is_escaped(tmp_path):
    path = save_table(pd.DataFrame({"text": ["_x0041_", "_x000D__x000a_"]}), tmp_path / "a.xlsx")
    with path.open("rb") as file:
        read = [row.fields["text"] for row in read_spreadsheet(Source(file, "a.xlsx"))]
    assert read == ["_x0041_", "_x000D__x000a_"]


@pytest.mark.parametrize(("text", "is_arabic"), [("قال", True), ("Said", False)])
def test_an_arabic_sheet_runs_from_right_to_left(tmp_path, text, is_arabic):
    sheet = _sheet(save_table(pd.DataFrame({"text": [text]}), tmp_path / "a.xlsx"))
    assert bool(sheet.sheet_view.rightToLeft) is is_arabic


@pytest.mark.parametrize("text", ["ن" * 32_768, "\U0001f4f0" * 16_384])
def test_a_cell_too_long_for_excel_is_told(tmp_path, text):
    with pytest.raises(InputError) as error:
        save_table(pd.DataFrame({"text": ["أ", text]}), tmp_path / "a.xlsx")
    assert str(error.value) == (
        "the cell 'text' of row 3 has 32,768 characters, more than the 32,767 that Excel holds; "
        "write .parquet or .csv."
    )
    assert list(tmp_path.iterdir()) == []


def test_the_longest_cell_of_excel_is_written(tmp_path):
    text = "\U0001f4f0" * 16_383 + "ن"
    sheet = _sheet(save_table(pd.DataFrame({"text": [text]}), tmp_path / "a.xlsx"))
    assert sheet["A2"].value == text


@pytest.mark.parametrize(
    ("limit", "table", "told"),
    [
        ("MOST_ROWS", pd.DataFrame({"n": [1, 2, 3]}), "more than 2 rows"),
        ("MOST_COLUMNS", pd.DataFrame([[1, 2, 3, 4]]), "more than 3 columns"),
        ("_LARGEST_SHEET", pd.DataFrame({"n": [1]}), "more than 3 bytes"),
    ],
)
def test_a_table_too_large_for_excel_is_told(tmp_path, monkeypatch, limit, table, told):
    monkeypatch.setattr(storage, limit, 3)
    with pytest.raises(InputError) as error:
        save_table(table, tmp_path / "a.xlsx")
    assert str(error.value) == (
        f"the table has {told}, the most that a sheet of Excel holds; write .parquet or .csv."
    )
    assert list(tmp_path.iterdir()) == []


def test_the_limits_are_those_of_excel():
    assert (storage.MOST_ROWS, storage.MOST_COLUMNS, storage.LONGEST_CELL) == (
        2**20,
        2**14,
        2**15 - 1,
    )


def test_the_same_table_gives_the_same_workbook_at_any_time(tmp_path, quotes, monkeypatch):
    first = save_table(quotes, tmp_path / "1.xlsx").read_bytes()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert save_table(quotes, tmp_path / "2.xlsx").read_bytes() == first


def test_a_workbook_without_tables_is_an_empty_sheet(tmp_path):
    assert list(_sheet(save_batches([], tmp_path / "a.xlsx")).values) == []


FULL_DISK = """
import resource, sys
import numpy as np
import pandas as pd
from analysis.storage import save_table
texts = np.random.default_rng(1).bytes(400_000).hex()
table = pd.DataFrame({"text": [texts[i : i + 400] for i in range(0, len(texts), 400)]})
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    save_table(table, sys.argv[1])
except OSError as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, path], capture_output=True, text=True, cwd=ROOT
    )
    assert (done.stdout, done.returncode) == ("OSError\n", 0), done.stderr
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_error_while_writing_passes_through(tmp_path, quotes, suffix):
    def fail():
        yield quotes
        raise OSError("no space")

    with pytest.raises(OSError, match=r"^no space$"):
        save_batches(fail(), tmp_path / f"a{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_a_lone_carriage_return_ends_no_row_and_opens_no_formula(tmp_path):
    path = tmp_path / "a.csv"
    save_table(pd.DataFrame({"=title": ["ع\r=1+1", "ب"]}), path)
    assert path.read_bytes().decode() == '"\'=title"\n"ع\r=1+1"\n"ب"\n'
