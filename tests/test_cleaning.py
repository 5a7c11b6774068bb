import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from analysis.arabic import split_paragraphs
from analysis.cleaning import find_boilerplate, load_boilerplate, mark_boilerplate, mask_text
from analysis.errors import DataFileError, InputError
from analysis.tables import ARTICLES, make_table

CASES = yaml.safe_load((ROOT / "tests/cases/boilerplate.yml").read_text("utf-8"))
BEFORE, AFTER = "أعلنت الوزارة خطة.", "ورد الاتحاد ببيان."


def marked(text):
    return [text[start:end] for start, end in find_boilerplate(text)]


@pytest.mark.parametrize("line", CASES["marked"])
def test_boilerplate_is_marked_and_nothing_else(line):
    assert marked(f"{BEFORE}\n{line}\n{AFTER}") == [line]


@pytest.mark.parametrize("line", CASES["kept"])
def test_a_line_of_the_article_is_kept(line):
    assert marked(f"{BEFORE}\n{line}\n{AFTER}") == []


@pytest.mark.parametrize("line", CASES["missed"])
@pytest.mark.xfail(strict=True, reason="not to be told from the article by a list of phrases")
def test_boilerplate_that_is_missed(line):
    assert marked(f"{BEFORE}\n{line}\n{AFTER}") == [line]


def test_a_phrase_at_the_head_of_a_long_paragraph_does_not_mark_it():
    assert marked("للمزيد: " + "تحدث الوزير عن النقل " * 30) == []
    assert marked("اقرأ أيضا " + "نص " * 24) == []
    assert marked("اقرأ أيضا " + "نص " * 23) == ["اقرأ أيضا " + "نص " * 23]


def test_own_phrases_replace_the_list(tmp_path):
    path = tmp_path / "own.yml"
    path.write_text("own:\n  - {phrase: عاجل, match: starts, max_words: 3}\n", "utf-8")
    text = "عاجل: زلزال\nعاجل من دون أي تفاصيل\nاقرأ المزيد"
    assert find_boilerplate(text, phrases=load_boilerplate(path)) == [(0, 11)]
    assert find_boilerplate(text, phrases=[]) == []


@given(st.lists(st.sampled_from([*CASES["marked"], *CASES["kept"], "", " \t", "\r"])), st.text())
def test_spans_are_whole_lines_in_order_and_masking_keeps_the_length(lines, tail):
    text = "\n".join([*lines, tail])
    spans = find_boilerplate(text)
    assert spans == sorted(set(spans) & set(split_paragraphs(text)))
    masked = mask_text(text, spans)
    assert len(masked) == len(text)
    hidden = {i for start, end in spans for i in range(start, end)}
    assert all(new == ("\n" if i in hidden else text[i]) for i, new in enumerate(masked))
    assert find_boilerplate(masked) == []


def test_masking_takes_spans_as_parquet_returns_them():
    assert mask_text("أب شارك جد", np.array([np.array([3, 7])], dtype=object)) == "أب \n\n\n\n جد"


def test_only_missing_skip_lists_are_filled():
    rows = [{"text": "شارك", "skip": []}, {"text": "شارك", "skip": None}]
    articles = make_table(rows, ARTICLES)
    assert mark_boilerplate(articles)["skip"].tolist() == [[], [(0, 4)]]
    assert articles["skip"].tolist() == [[], None]


def test_marking_an_empty_table_keeps_its_columns():
    assert mark_boilerplate(make_table([], ARTICLES)).columns.tolist() == list(ARTICLES)


def test_marking_needs_texts():
    with pytest.raises(InputError) as error:
        mark_boilerplate(pd.DataFrame({"body": ["نص"]}))
    assert str(error.value) == "the table `articles` has no column `text`; it has: body."


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("- عاجل", 1, "expected kinds with lists of phrases, found ['عاجل']."),
        ("own: عاجل", 1, "expected a list of phrases, found 'عاجل'."),
        ("own:\n  - عاجل", 2, "expected fields, found 'عاجل'."),
        ("own:\n  - {phrase: عاجل}", 2, "the field `match` is missing; add it."),
        (
            "own:\n  - phrase: عاجل\n    match: line\n    why: x",
            4,
            "unknown field `why`; choose from: phrase, match, max_words, note.",
        ),
        (
            "own:\n  - phrase: عاجل\n    match: contains",
            3,
            "match is 'contains'; choose one of: line, starts, ends.",
        ),
        (
            "own:\n  - {phrase: '...', match: line}",
            2,
            "phrase is '...'; write at least one word.",
        ),
        ("own:\n  - {phrase: 5, match: line}", 2, "phrase is 5; write at least one word."),
        (
            "own:\n  - {phrase: خبر عاجل, match: starts}",
            2,
            "max_words is None; write a whole number, 2 or more.",
        ),
        (
            "own:\n  - {phrase: خبر عاجل, match: ends, max_words: 1}",
            2,
            "max_words is 1; write a whole number, 2 or more.",
        ),
        (
            "own:\n  - phrase: عاجل\n    match: line\n    max_words: 3",
            4,
            "max_words has no use with match: line; remove it.",
        ),
    ],
)
def test_a_mistake_in_the_list_is_told_with_its_line(tmp_path, content, line, problem):
    path = tmp_path / "own.yml"
    path.write_text(content, "utf-8")
    with pytest.raises(DataFileError) as error:
        load_boilerplate(path)
    assert str(error.value) == f"{path}:{line}: {problem}"


def test_every_shipped_phrase_marks_itself():
    for phrase in load_boilerplate():
        line = " ".join(phrase.pieces)
        assert find_boilerplate(line, phrases=[phrase]) == [(0, len(line))], phrase


def test_the_boilerplate_of_a_scraped_page_is_found(shared):
    text = (shared / "seed/article.txt").read_text("utf-8")
    lines = [text[start:end] for start, end in split_paragraphs(text)]
    places = [lines.index(line) for line in marked(text)]
    # JavaScript notice, photo caption, summary label, read more, related nodes, section link
    assert places == [0, 3, 4, 16, 17, len(lines) - 1]
