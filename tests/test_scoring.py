"""Comparing what was found with what was coded by hand."""

import json
import re
import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.quotes import find_quotes
from analysis.scoring import compare_quotes, score_mentions, score_quotes
from analysis.storage import save_table


def quotes(*rows):
    columns = ["article_id", "content_start", "content_end", "speaker", "weak"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(type="direct", role="الوزير", source_type="official")


def test_the_closest_pairs_are_taken_one_to_one():
    coded = quotes(("a", 0, 10, "سمير", False), ("a", 20, 30, "سمير", False))
    found = quotes(("a", 0, 14, "سمير", False), ("a", 0, 11, "سمير", False))
    pairs = compare_quotes(coded, found)
    assert pairs[["outcome", "coded", "found"]].fillna(-1).values.tolist() == [
        ["matched", 0, 1],
        ["missed", 1, -1],
        ["extra", -1, 0],
    ]


def test_articles_are_never_mixed():
    coded, found = quotes(("a", 0, 10, "سمير", False)), quotes(("b", 0, 10, "سمير", False))
    assert compare_quotes(coded, found)["outcome"].tolist() == ["missed", "extra"]


@pytest.mark.parametrize(
    ("coded", "found", "same"),
    [
        ("سمير الوادي", "الوزير سمير الوادي", True),
        ("سمير الوادي", "الوادي", True),
        ("سمير الوادي", "سمير", False),
        ("سمير بن علي الوادي", "سمير علي", True),
        ("إلياس", "الياس", True),
        (None, None, True),
        (None, "سمير", False),
        ("وزارة النقل", "وزارة الصحة", False),
    ],
)
def test_speakers_that_agree(coded, found, same):
    pairs = compare_quotes(quotes(("a", 0, 10, coded, False)), quotes(("a", 0, 10, found, False)))
    assert bool(pairs["speaker"].iloc[0]) is same


def test_weak_quotes_count_for_nothing():
    coded = quotes(("a", 0, 10, "سمير", True), ("a", 20, 30, "سمير", True))
    scored = score_quotes(coded, coded.head(1)).iloc[0]
    assert scored[["coded", "found", "matched"]].tolist() == [0, 0, 0]


def test_a_role_that_was_not_coded_is_not_compared():
    coded = quotes(("a", 0, 10, "سمير", False)).assign(role="")
    assert compare_quotes(coded, coded)["role"].isna().all()


def test_missing_columns_are_named():
    with pytest.raises(InputError, match="`coded` has no column"):
        score_quotes(pd.DataFrame({"article_id": []}), quotes())
    with pytest.raises(InputError, match="`found` has no column"):
        score_mentions(
            pd.DataFrame(columns=["article_id", "category", "start", "end"]), pd.DataFrame()
        )


def test_mentions_of_another_category_do_not_count():
    coded = pd.DataFrame({"article_id": ["a"], "category": ["security"], "start": [0], "end": [4]})
    scored = score_mentions(coded, coded.assign(category="diplomacy")).set_index("category")
    assert scored.loc["all", ["precision", "recall", "f1"]].tolist() == [0, 0, 0]
    assert score_mentions(coded, coded).set_index("category").loc["security", "f1"] == 1


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 50), st.integers(1, 20)), max_size=12)
)
def test_anything_agrees_with_itself(spans):
    table = quotes(*((article, start, start + length, "سمير", False)
                     for article, start, length in spans))  # fmt: skip
    scored = score_quotes(table, table).iloc[0]
    assert scored["matched"] == len(table)
    assert scored["attribution_f1"] == (1 if len(table) else 0)


def test_the_rule_is_that_of_the_shared_scorer(shared, tmp_path):
    folder = shared / "eval" / "dev" / "quotes"
    records = [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]
    articles = pd.DataFrame(
        {"article_id": [str(record["id"]) for record in records],
         "text": [record["text"] for record in records]}
    )  # fmt: skip
    found = find_quotes(articles)
    predicted = save_table(found, tmp_path / "quotes.jsonl")
    script = shared / "eval" / "score_quotes.py"
    told = subprocess.run([sys.executable, script, folder, predicted],
                          capture_output=True, text=True, check=True).stdout  # fmt: skip
    coded = pd.DataFrame(
        [quote | {"article_id": str(record["id"]), "weak": bool(quote.get("weak"))}
         for record in records for quote in record["quotes"]]
    )  # fmt: skip
    ours = score_quotes(coded, found).iloc[0]
    for name, column in (("P", "precision"), ("R", "recall"), ("F1", "f1"), ("speaker", "speaker"),
                         ("type", "type"), ("source_type", "source_type")):  # fmt: skip
        value = float(re.search(rf" {name} ([\d.]+)", told.splitlines()[0])[1])
        assert ours[column] == pytest.approx(value, abs=0.01), name
