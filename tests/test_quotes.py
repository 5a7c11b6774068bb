"""Attributions found in composed texts, and what must hold for any text."""

import os
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.quotes import find_quotes
from analysis.tables import QUOTES

CASES = [
    case
    for file in sorted((Path(__file__).parent / "cases" / "quotes").glob("*.yml"))
    for case in yaml.safe_load(file.read_text("utf-8"))
]


def quotes_of(text: str, skip: tuple[tuple[int, int], ...] = ()) -> pd.DataFrame:
    return find_quotes(pd.DataFrame({"article_id": ["a"], "text": [text], "skip": [list(skip)]}))


def cases():
    for case in CASES:
        marks = []
        if "known_failure" in case:
            marks.append(pytest.mark.xfail(reason=case["known_failure"], strict=True))
        yield pytest.param(case["text"], case["quotes"], id=case["name"], marks=marks)


def plain(value):
    return None if pd.isna(value) else value


@pytest.mark.parametrize(("text", "expected"), list(cases()))
def test_composed_texts(text, expected):
    found = quotes_of(text)
    rows = [
        {name: plain(row[name]) for name in wanted}
        for row, wanted in zip(found.to_dict("records"), expected, strict=False)
    ]
    assert rows == expected
    assert len(found) == len(expected), found[["content", "rule"]]


def test_case_names_are_unique():
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))


def test_columns_types_and_identifiers():
    found = quotes_of("قال الوزير سمير الوادي إن الطريق مفتوح. وأضاف أن الجسر مغلق.")
    assert found.columns.tolist() == list(QUOTES)
    assert found["quote_id"].tolist() == ["a:q1", "a:q2"]
    assert found.dtypes.astype(str).to_dict() == dict(QUOTES)


def test_no_articles_and_empty_texts_give_an_empty_table():
    empty = find_quotes(pd.DataFrame({"article_id": [], "text": [], "skip": []}))
    assert empty.columns.tolist() == list(QUOTES)
    assert quotes_of("").empty
    assert quotes_of(" \n ").empty


def test_the_table_must_have_a_text():
    with pytest.raises(InputError) as error:
        find_quotes(pd.DataFrame({"article_id": ["a"]}))
    assert str(error.value) == ("the table `articles` has no column `text`; it has: article_id.")


def test_boilerplate_is_not_read():
    text = "قال الوزير سمير الوادي إن الطريق مفتوح.\nقال الوزير سمير الوادي إن الجسر مغلق."
    first_line = text.index("\n")
    found = quotes_of(text, ((0, first_line),))
    assert found["content"].tolist() == ["الجسر مغلق"]


def test_offsets_count_in_the_original_text_with_vowels_and_tatweel():
    text = "وقــالَ الوَزير سمير الوادي: «نَعَم، الطّريق مفتوح»."
    row = quotes_of(text).iloc[0]
    assert text[row["content_start"] : row["content_end"]] == "نَعَم، الطّريق مفتوح"
    assert text[row["cue_start"] : row["cue_end"]] == row["cue"] == "وقــالَ"
    assert text[row["source_start"] : row["source_end"]] == row["source"]


@pytest.mark.parametrize(
    "part", ["وقال سمير إن المطر قادم، ", "قال ", 'قال "نعم ', "وأضاف (نعم، ", "قال محمد «"]
)
def test_a_paragraph_without_an_end_is_read_to_its_end(part):
    found = quotes_of(part * 3000 + "\nقال الوزير سمير الوادي إن الطريق مفتوح.")
    assert found.iloc[-1][["content", "speaker"]].tolist() == ["الطريق مفتوح", "سمير الوادي"]


WORDS = st.sampled_from(
    [
        "قال",
        "وأضاف",
        "مضيفا",
        "أكد",
        "إن",
        "أن",
        "إلى",
        "بأن",
        "وفق",
        "بحسب",
        "كما",
        "الوزير",
        "سمير",
        "الوادي",
        "البيان",
        "المصدر",
        "ذاته",
        "،",
        ":",
        ".",
        '"',
        "«",
        "»",
        "“",
        "”",
        "(",
        ")",
        "-",
        "قوله",
        "على",
        "حد",
        "جاء",
        "في",
        "من",
        "الذي",
        "تعبيره",
        "بينما",
        "وقالت",
        "التي",
        "#حق",
        "ج",
        "؟",
        "ـ",
    ]
) | st.just("\n")


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_any_text_is_read_and_every_span_is_verbatim(text):
    found = quotes_of(text)
    for row in found.to_dict("records"):
        assert text[row["content_start"] : row["content_end"]] == row["content"]
        assert row["content"].strip()
        assert text[row["cue_start"] : row["cue_end"]] == row["cue"]
        if not pd.isna(row["source"]):
            assert text[row["source_start"] : row["source_end"]] == row["source"]
        assert row["source_type"] in {
            "expert", "official", "organization", "media", "citizen", "armed_group",
            "anonymous", "other",
        }  # fmt: skip


def seed_article() -> str:
    folder = os.environ.get("KHITAB_SHARED")
    if not folder:
        pytest.skip("KHITAB_SHARED is not set")
    return (Path(folder) / "seed" / "article.txt").read_text("utf-8")


def test_the_article_the_project_began_with():
    found = quotes_of(seed_article())
    voices = dict(list(found.groupby("speaker")))
    nour = voices["أحمد نور الدين"]
    assert set(nour["role"]) == {"المتخصص في العلاقات الدولية"}
    assert set(nour["source_type"]) == {"expert"}
    assert set(nour["type"]) >= {"direct", "indirect"}
    assert len(nour) >= 8
    hafidi = voices["إحسان الحافظي"]
    assert set(hafidi["role"]) == {"الباحث في السياسات الأمنية"}
    assert set(hafidi["source_type"]) == {"expert"}
    assert "المتحدث ذاته" in set(hafidi["source"])
    assert voices["مديرية الأمن الوطني بالمغرب"]["source_type"].tolist()[0] == "official"
    spain = voices["الشرطة الإسبانية"]
    assert set(spain["source_type"]) == {"official"}
    assert {"موضحة", "مبرزة"} <= set(spain["cue"])
    assert not found["content"].isin(["داعش", "باتاكلان", "حمامات دم"]).any()
