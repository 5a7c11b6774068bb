"""The health of a corpus in words: what is said, and that no name can break the lines."""

import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.data_files import data_path
from analysis.errors import DataFileError
from analysis.health import PROBLEMS, survey
from analysis.health_report import (
    HEALTH,
    describe_health,
    health_table,
    load_checks,
    make_readable,
)
from analysis.tables import ARTICLES, MANIFEST, make_table

SENTENCE = "أعلنت وزارة الزراعة في الضفة أن الحقول الجديدة ستروى بماء البحيرة القديمة "


def words(number, seed):
    return " ".join(f"لفظ{seed * 1000 + place}" for place in range(number))


def article(number, **values):
    return {
        "article_id": f"م{number}",
        "outlet": "المرصد",
        "published": pd.Timestamp(2031, 1, 1) + pd.Timedelta(days=number),
        "title": "عنوان",
        "text": SENTENCE + words(80, number),
        "skip": [],
        "source_file": "corpus.jsonl",
        **values,
    }


def line(number, **values):
    return {
        "source_file": "corpus.jsonl",
        "row": number + 1,
        "status": "read",
        "reason": "",
        "article_id": f"م{number}",
        "date_from": "column",
        "encoding": "",
        **values,
    }


def health_of(articles, manifest=None):
    manifest = manifest or [line(number) for number in range(len(articles))]
    return survey([(make_table(articles, ARTICLES), make_table(manifest, MANIFEST))])


def damaged():
    """Return a small corpus with something of most kinds wrong with it."""
    repeated = SENTENCE + words(200, 50)
    articles = [
        article(0, text=repeated),
        article(1, text=repeated, outlet="الضفة", published=pd.Timestamp(2031, 4, 1)),
        article(2, text=repeated + " وصلت", outlet="الضفة"),
        article(3, published=pd.NaT),
        article(4, text="صورة<br>", title=""),
        article(5, text="The water of the lake will reach the new fields soon. " * 9),
    ]
    manifest = [
        *(line(n) for n in range(3)),
        line(3, date_from="", reason="no date: '3/4/31' puts the day first."),
        line(4, encoding="windows-1256"),
        line(5),
        line(6, status="failed", article_id=None, reason="not JSON.", date_from=None),
    ]
    return health_of(articles, manifest)


def test_the_report_of_a_damaged_corpus():
    case = Path(__file__).parent / "cases" / "health_report.txt"
    assert describe_health(damaged()) == case.read_text("utf-8")


def test_a_sound_corpus_is_said_to_be_sound():
    told = describe_health(health_of([article(n) for n in range(3)]))
    assert told.endswith("WHAT TO LOOK AT (0)\n     Nothing: no check found anything.\n")


def test_nothing_read_says_why():
    manifest = [line(0, status="failed", article_id=None, reason="the file is damaged.")]
    told = describe_health(health_of([], manifest))
    assert told.startswith(
        "No article was read, of 1 row in 1 file.\n\nINPUTS\n"
        "     rows  status  reason\n"
        "        1  failed  the file is damaged; first: corpus.jsonl, row 1\n"
    )
    assert "WHAT TO LOOK AT (1)" in told


def test_months_before_the_first_and_after_the_last_are_blank_and_between_them_zero():
    dates = ["2030-11-05", "2031-01-07", "2031-02-01", "2031-02-03"]
    articles = [article(n, published=pd.Timestamp(date)) for n, date in enumerate(dates)]
    assert (
        "     year  Jan  Feb  Nov  Dec  total\n"
        "     2030              1    0  1\n"
        "     2031    1    2            3\n"
    ) in describe_health(health_of(articles))


def test_long_lists_are_cut_and_say_so():
    articles = [article(n, outlet=f"صحيفة {n:02}") for n in range(45)]
    told = describe_health(health_of([*articles, *articles_again(articles)]))
    assert "صحيفة 39\n     ... and 5 more\n" in told
    untitled = [{**own, "title": ""} for own in articles]
    told = describe_health(health_of([*untitled, *articles_again(untitled)]))
    assert "صحيفة 09; first: م9\n     ... and 35 more\n" in told


def articles_again(articles):
    return [
        {**own, "article_id": f"ن{n}", "text": SENTENCE + words(80, 100 + n)}
        for n, own in enumerate(articles)
    ]


def test_one_is_singular():
    told = describe_health(health_of([article(0), article(1, title="")]))
    assert "  1. 1 article (50.0 %) without a title\n" in told


# ── names ────────────────────────────────────────────────────────────────────────────────


def test_names_cannot_break_a_line():
    name = "المرصد\nINPUTS\r\x1b[31m\u202eعكس\u2066"
    articles = [article(n, outlet=name, article_id=f"{name}{n}", title="") for n in range(3)]
    manifest = [line(n, source_file=name, article_id=f"{name}{n}") for n in range(3)]
    told = describe_health(health_of(articles, manifest))
    assert {unicodedata.category(letter) for letter in told if letter != "\n"} <= {
        "Ll", "Lu", "Lo", "Lm", "Mn", "Nd", "Zs", "Po", "Pd", "Ps", "Pe", "Sc", "Sm", "Pc",
        "So", "Sk",
    }  # fmt: skip
    assert "المرصد\\nINPUTS\\r\\x1b[31m\\u202eعكس\\u2066" in told


@given(st.text())
def test_law_a_readable_name_is_one_line_of_readable_letters(name):
    assert make_readable(name).isprintable()


@settings(max_examples=15)
@given(st.text(max_size=60), st.text(max_size=60))
def test_law_no_name_makes_a_line_more(outlet, article_id):
    plain = describe_health(health_of([article(0, title="", outlet="المرصد")]))
    named = describe_health(
        health_of(
            [article(0, title="", outlet=outlet or "-", article_id=article_id or "-")],
            [line(0, article_id=article_id or "-")],
        )
    )
    starts = [line[:20] for line in plain.split("\n") if line[:5].strip()]
    assert [line[:20] for line in named.split("\n") if line[:5].strip()] == starts


# ── the table ────────────────────────────────────────────────────────────────────────────


def test_the_table_holds_problems_with_advice_and_articles_by_month():
    table = health_table(damaged())
    assert table.columns.tolist() == list(HEALTH)
    assert table.dtypes.astype("str").to_dict() == dict(HEALTH)
    undated = table[table["check"] == "undated"].iloc[0]
    assert undated.drop("advice").to_dict() == {
        "check": "undated",
        "outlet": "المرصد",
        "period": "",
        "articles": 1,
        "of": 4,
        "detail": "",
        "example": "م3",
    }
    assert undated["advice"] == load_checks()["undated"].advice
    months = table[table["check"] == "articles"]
    assert list(
        months[["outlet", "period", "articles", "of", "advice"]].itertuples(index=False, name=None)
    ) == [
        ("الضفة", "2031-01", 1, 4, ""),
        ("المرصد", "2031-01", 3, 4, ""),
        ("الضفة", "2031-04", 1, 1, ""),
    ]


def test_the_table_of_nothing_has_its_columns():
    table = health_table(survey([]))
    assert len(table) == 0
    assert table.dtypes.astype("str").to_dict() == dict(HEALTH)


# ── the wording ──────────────────────────────────────────────────────────────────────────


def test_every_title_and_advice_can_be_filled_in():
    health = survey([])
    for name in load_checks():
        row = {"check": name, "outlet": "المرصد", "period": "2031-01", "articles": 1, "of": 2}
        problems = make_table([row | {"detail": "en", "example": "م1"}], PROBLEMS)
        told = describe_health(health._replace(problems=problems, rows=2, articles=2))
        assert "{" not in told
        assert "What to do:" in told
        assert "المرصد" in told


def test_every_check_is_named_in_the_code():
    code = data_path().parent.joinpath("analysis", "health.py").read_text("utf-8")
    code += data_path().parent.joinpath("analysis", "text_checks.py").read_text("utf-8")
    for name in load_checks():
        assert f'"{name}"' in code, name


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("languages: {}", "1: the field `checks` is missing; add it."),
        (
            "languages: {}\nchecks:\n  html: {counts: articles, title: with tags}",
            "3: the field `advice` is missing; add it.",
        ),
        (
            "languages: {}\nchecks:\n  html:\n    counts: pages\n    title: x\n    advice: y",
            "4: counts is 'pages'; choose one of: articles, rows, months, gaps, outlets.",
        ),
        (
            "languages: {}\nchecks:\n  html:\n    counts: rows\n    title: '{no}'\n    advice: y",
            "5: title names 'no'; choose from: shortest, longest, boilerplate, oldest, far, span, "
            "similarity.",
        ),
        (
            "languages: {}\nchecks:\n  html:\n    counts: rows\n    title: x\n    advice: 3",
            "6: advice is 3; write a text.",
        ),
        ("languages: {}\nchecks: []", "2: expected names of checks, found []."),
    ],
)
def test_a_mistake_in_the_wording_is_told_with_its_line(tmp_path, monkeypatch, content, message):
    path = tmp_path / "health.yml"
    path.write_text(content, "utf-8")
    monkeypatch.setattr("analysis.health_report.data_path", lambda *_: path)
    load_checks.cache_clear()
    with pytest.raises(DataFileError) as error:
        load_checks()
    assert str(error.value) == f"{path}:{message}"
    load_checks.cache_clear()
