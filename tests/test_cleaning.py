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
PARAGRAPH = "أعلنت وزارة النقل في المدينة أمس خطة جديدة لبناء الجسور والطرق في القرى البعيدة."


def marked(text, **options):
    return [text[start:end] for start, end in find_boilerplate(text, **options)]


def own_phrases(tmp_path, *entries):
    path = tmp_path / "own.yml"
    path.write_text("own:\n" + "".join(f"  - {entry}\n" for entry in entries), "utf-8")
    return load_boilerplate(path)


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


@pytest.mark.parametrize("line", CASES["beginning"])
def test_a_byline_is_marked_before_the_first_paragraph_only(line):
    assert marked(f"{line}\n{PARAGRAPH}\n{AFTER}") == [line]
    assert marked(f"{PARAGRAPH}\n{line}\n{AFTER}") == []


@pytest.mark.parametrize("line", CASES["beginning"])
def test_a_byline_may_stand_below_the_title(line):
    title = "وزارة النقل تعلن خطة جديدة لبناء الجسور والطرق في كل القرى البعيدة"
    assert marked(f"{title}\n{line}\n{PARAGRAPH}") == [line]


@pytest.mark.parametrize("line", [*CASES["kept"], *CASES["kept_at_beginning"]])
def test_a_line_of_the_article_is_kept_at_the_beginning(line):
    assert marked(f"{line}\n{PARAGRAPH}\n{AFTER}") == []


def test_many_short_lines_before_a_paragraph_are_no_bylines():
    verses = ["المرصد – الضفة", "ليل – نهار", "بر – بحر"]
    assert marked("\n".join([*verses, PARAGRAPH])) == verses
    assert marked("\n".join([*verses, "شمس – قمر", PARAGRAPH])) == []
    assert marked("\n".join(verses)) == []


def test_a_phrase_holds_for_its_outlets_only(tmp_path):
    phrases = own_phrases(
        tmp_path,
        "{phrase: سمات, match: starts, max_words: 9, outlets: [صدى المشرق, sada]}",
        "{phrase: شارك, match: line}",
    )
    text = f"سمات المدينة\n{PARAGRAPH}\nشارك"
    both, one = ["سمات المدينة", "شارك"], ["شارك"]
    assert marked(text, phrases=phrases, outlet="صدي  المشرق ") == both
    assert marked(text, phrases=phrases, outlet="SADA") == both
    assert marked(text, phrases=phrases, outlet="المرصد") == one
    assert marked(text, phrases=phrases) == one


def test_a_phrase_of_the_end_marks_last_lines_only(tmp_path):
    phrases = own_phrases(tmp_path, "{phrase: سمات, match: starts, max_words: 9, place: end}")
    text = f"سمات أولى\n{PARAGRAPH}\nسمات ثانية\nسمات ثالثة"
    assert marked(text, phrases=phrases) == ["سمات ثانية", "سمات ثالثة"]


@pytest.mark.parametrize(
    ("phrase", "line"),
    [("(إعداد", "(إعداد سليم الراعي)"), ("«إعداد", "* «إعداد سليم"), ("إعداد", "(إعداد سليم)")],
)
def test_marks_before_the_first_word_of_a_phrase_count(tmp_path, phrase, line):
    phrases = own_phrases(tmp_path, f"{{phrase: {phrase}, match: starts, max_words: 9}}")
    assert marked(line, phrases=phrases) == [line]


def test_a_mark_that_is_missing_before_the_first_word_keeps_the_line(tmp_path):
    phrases = own_phrases(tmp_path, "{phrase: (إعداد, match: starts, max_words: 9}")
    assert marked("إعداد سليم", phrases=phrases) == []


HEADLINES = ["وزير النقل يفتتح الجسر", "من هو سليم الراعي؟", "مقتل «زعيم» في الوادي", "خبر رابع"]


@pytest.mark.parametrize("label", ["اقرأ أيضا:", "مواضيع ذات صلة", "شاهد أيضاً", "قد يهمك أيضا|"])
def test_headlines_below_a_label_are_marked_up_to_the_next_paragraph(label):
    for number in range(1, len(HEADLINES) + 1):
        block = [label, *HEADLINES[:number]]
        text = "\n".join([PARAGRAPH, AFTER * 4, *block, AFTER, "ختام قصير"])
        assert marked(text) == block


@pytest.mark.parametrize(
    "following",
    [
        PARAGRAPH,
        AFTER,
        "وقال:",
        "وقال الوزير،",
        "قال: «انتهى العمل».",
        "كلمة " * 16,
        "وقال «نعم.»",
    ],
)
def test_what_follows_a_label_may_be_the_article(following):
    assert marked(f"{PARAGRAPH}\nاقرأ أيضا:\n{following}\n{PARAGRAPH} ثم") == ["اقرأ أيضا:"]


def test_no_more_than_six_headlines_belong_to_a_label():
    lines = [f"خبر قصير رقم {number}" for number in range(8)]
    text = "\n".join([PARAGRAPH, AFTER * 4, "اقرأ أيضا", *lines])
    assert marked(text) == ["اقرأ أيضا", *lines[:6]]


def test_a_label_with_a_headline_on_its_line_takes_no_other_line():
    text = f"{PARAGRAPH}\nاقرأ أيضا: الوزير يفتتح الجسر\nعنوان فرعي\n{PARAGRAPH} ثم"
    assert marked(text) == ["اقرأ أيضا: الوزير يفتتح الجسر"]


def test_headlines_that_are_more_than_half_of_the_text_stay():
    assert marked("خبر\nاقرأ أيضا\nالوزير يفتتح الجسر") == ["اقرأ أيضا"]
    assert marked("اقرأ أيضا\nالوزير يفتتح الجسر") == ["اقرأ أيضا"]


REPEATED = PARAGRAPH.removesuffix(".")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([REPEATED, PARAGRAPH, AFTER], [0]),
        ([PARAGRAPH, PARAGRAPH + " وقال الوزير إن العمل بدأ.", AFTER], [0]),
        ([PARAGRAPH, "الضفة (المرصد) - " + PARAGRAPH, AFTER], [0]),
        ([PARAGRAPH, AFTER * 9, PARAGRAPH], [0]),
        ([PARAGRAPH, PARAGRAPH.replace("أمس", "أمــسِ"), AFTER], [0]),
        (["عنوان من كلمات", "عنوان من كلمات", PARAGRAPH], [0]),
        ([BEFORE, PARAGRAPH, PARAGRAPH, AFTER * 3], [1]),
        ([BEFORE, AFTER, PARAGRAPH, PARAGRAPH], []),
        (["وزارة النقل", "وزارة النقل", PARAGRAPH], []),
        (["وزارة النقل تعلن", "وزارة النقل تعلن خطة جديدة للقرى.", PARAGRAPH], []),
        (["وزارة النقل تعلن", PARAGRAPH, "وزارة النقل تعلن"], []),
        ([PARAGRAPH, PARAGRAPH.replace("القرى", "المدن"), AFTER], []),
        ([PARAGRAPH, AFTER * 9, "وقال: " + PARAGRAPH], []),
        ([PARAGRAPH, PARAGRAPH], [0]),
        ([PARAGRAPH + "   ", PARAGRAPH], []),
        ([PARAGRAPH, PARAGRAPH, PARAGRAPH], []),
    ],
)
def test_the_repeated_abstract_is_marked_where_it_stands_first(lines, found):
    text = "\n".join(lines)
    assert find_boilerplate(text) == [split_paragraphs(text)[place] for place in found]


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


LINES = [line for kind in CASES.values() for line in kind]


@given(st.lists(st.sampled_from([*LINES, *HEADLINES, PARAGRAPH, "", " \t", "\r"])), st.text())
def test_spans_are_whole_lines_in_order_and_masking_keeps_the_length(lines, tail):
    text = "\n".join([*lines, tail])
    spans = find_boilerplate(text)
    assert spans == sorted(set(spans) & set(split_paragraphs(text)))
    masked = mask_text(text, spans)
    assert len(masked) == len(text)
    hidden = {i for start, end in spans for i in range(start, end)}
    assert all(new == ("\n" if i in hidden else text[i]) for i, new in enumerate(masked))
    assert find_boilerplate(masked) == []


def test_masking_takes_spans_in_any_order_and_overlapping():
    assert mask_text("أب شارك جد", [(8, 10), (3, 6), (4, 7)]) == "أب \n\n\n\n \n\n"


def test_many_repeated_lines_are_read_in_bounded_time(tmp_path):
    phrases = [
        *load_boilerplate(),
        *own_phrases(tmp_path, "{phrase: سمات, match: starts, max_words: 9, place: end}"),
    ]
    texts = ["سمات كلمة\n" * 20_000, "اقرأ أيضا\nخبر\n" * 20_000, f"{PARAGRAPH}\n" * 5_000]
    texts.append("".join(f"{PARAGRAPH[:-1]} رقم {number}\n" for number in range(3_000)) * 2)
    for text in texts:
        spans = find_boilerplate(text, phrases=phrases)
        assert mask_text(text, spans).count("\n") >= text.count("\n")


def test_masking_takes_spans_as_parquet_returns_them():
    assert mask_text("أب شارك جد", np.array([np.array([3, 7])], dtype=object)) == "أب \n\n\n\n جد"


def test_only_missing_skip_lists_are_filled():
    rows = [{"text": "شارك", "skip": []}, {"text": "شارك", "skip": None}]
    articles = make_table(rows, ARTICLES)
    assert mark_boilerplate(articles)["skip"].tolist() == [[], [(0, 4)]]
    assert articles["skip"].tolist() == [[], None]


def test_the_column_of_outlets_chooses_the_phrases():
    phrase = next(phrase for phrase in load_boilerplate() if phrase.outlets and not phrase.place)
    text = f"{PARAGRAPH}\n{' '.join(phrase.pieces)}"
    outlets = [phrase.outlets[0], "المرصد", None]
    articles = pd.DataFrame({"outlet": outlets, "text": [text] * 3})
    assert mark_boilerplate(articles)["skip"].map(len).tolist() == [1, 0, 0]
    assert mark_boilerplate(articles.drop(columns="outlet"))["skip"].map(len).tolist() == [0] * 3


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
            "unknown field `why`; choose from: phrase, match, max_words, outlets, "
            "place, headlines, note.",
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
        (
            "own:\n  - {phrase: عاجل, match: line, outlets: المرصد}",
            2,
            "outlets is 'المرصد'; write a list of names.",
        ),
        (
            "own:\n  - {phrase: عاجل, match: line, outlets: []}",
            2,
            "outlets is []; write a list of names.",
        ),
        (
            "own:\n  - {phrase: عاجل, match: line, outlets: [المرصد, 5]}",
            2,
            "outlets is ['المرصد', 5]; write a list of names.",
        ),
        (
            "own:\n  - phrase: عاجل\n    match: line\n    outlets: [' ']",
            4,
            "outlets is [' ']; write a list of names.",
        ),
        (
            "own:\n  - phrase: عاجل\n    match: line\n    place: middle",
            4,
            "place is 'middle'; choose one of: beginning, end.",
        ),
        (
            "own:\n  - phrase: عاجل\n    match: line\n    headlines: 3",
            4,
            "headlines is 3; write true or leave it out.",
        ),
        (
            "own:\n  - phrase: عاجل\n    match: line\n    place: end\n    headlines: true",
            5,
            "headlines has no use with place; remove one of them.",
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
        outlet = phrase.outlets[0] if phrase.outlets else ""
        text = f"{PARAGRAPH}\n{line}" if phrase.place == "end" else f"{line}\n{PARAGRAPH}"
        assert marked(text, outlet=outlet, phrases=[phrase]) == [line], phrase
        assert marked(text, outlet="المرصد", phrases=[phrase]) == [line] * (not phrase.outlets)


def test_the_boilerplate_of_a_scraped_page_is_found(shared):
    text = (shared / "seed/article.txt").read_text("utf-8")
    lines = [text[start:end] for start, end in split_paragraphs(text)]
    places = [lines.index(line) for line in marked(text)]
    # JavaScript notice, photo caption, summary label, read more, related nodes, section link
    assert places == [0, 3, 4, 16, 17, len(lines) - 1]
