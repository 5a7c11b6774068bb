"""Tables on disk: what is written is what was there, whole or not at all."""

import json

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.storage import merge_parquet, neutralise_formulas, save_batches, save_table
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


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_batches_are_one_table(tmp_path, quotes, suffix):
    whole = save_table(quotes, tmp_path / f"whole.{suffix}")
    parts = save_batches([quotes[:1], quotes[1:]], tmp_path / f"parts.{suffix}")
    if suffix == "parquet":
        pd.testing.assert_frame_equal(pd.read_parquet(parts), pd.read_parquet(whole))
    else:
        assert parts.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
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
        "cannot write 'quotes.doc'; end the name in .parquet, .csv or .jsonl."
    )


def test_merging_keeps_columns_that_only_some_parts_have(tmp_path):
    one = make_table([{**dict.fromkeys(ARTICLES, "نص"), "published": None, "skip": []}], ARTICLES)
    two = one.assign(skip=[[(0, 2), (3, 4)]], url="https://sada.example/2")
    paths = [save_table(one, tmp_path / "1.parquet"), save_table(two, tmp_path / "2.parquet")]
    merged = pd.read_parquet(merge_parquet(paths, tmp_path / "all.parquet"))
    assert merged["url"].isna().tolist() == [True, False]
    assert [[list(span) for span in cell] for cell in merged["skip"]] == [[], [[0, 2], [3, 4]]]
    assert merged["published"].isna().all()
