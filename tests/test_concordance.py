import re
from collections.abc import Callable
from html.parser import HTMLParser

import pandas as pd
import pytest

from analysis.concordance import CONCORDANCE, concordance_html, find_in_context, quote_in_line
from analysis.errors import InputError

MakeArticles = Callable[..., pd.DataFrame]
TEXT = "زار وفد المدينة القديمة،\nثم عاد للمدينة مع سفيره في باريس (Paris) عام 2031."


@pytest.fixture
def articles(make_articles: MakeArticles) -> pd.DataFrame:
    return make_articles(TEXT, "لا شيء هنا")


def lines(table: pd.DataFrame) -> list[list[str]]:
    return table[["before", "node", "after"]].values.tolist()


def test_any_word_is_found_with_its_clitics_and_context(articles: pd.DataFrame) -> None:
    found = find_in_context(articles, "مدينة", words=2)
    assert found.columns.tolist() == list(CONCORDANCE)
    assert lines(found) == [
        ["زار وفد", "المدينة", "القديمة، ثم"],
        ["ثم عاد", "للمدينة", "مع سفيره"],
    ]
    assert [TEXT[s:e] for s, e in found[["start", "end"]].values] == ["المدينة", "للمدينة"]
    assert found["category"].isna().all()
    assert found["term"].tolist() == ["مدينة", "مدينة"]
    assert found["outlet"].tolist() == ["صدى المشرق"] * 2
    assert found["published"].tolist() == [articles["published"][0]] * 2


def test_a_phrase_is_found(articles: pd.DataFrame) -> None:
    assert lines(find_in_context(articles, " مدينة  قديمة ", words=1)) == [
        ["وفد", "المدينة القديمة", "، ثم"]
    ]


def test_a_category_gives_all_its_mentions(articles: pd.DataFrame) -> None:
    found = find_in_context(articles, "diplomacy", words=1)
    assert lines(found) == [["مع", "سفيره", "في"]]
    assert found[["category", "term"]].values.tolist() == [["diplomacy", "سفير"]]


def test_an_entry_is_found_with_its_forms_and_exceptions(make_articles: MakeArticles) -> None:
    articles = make_articles("سفراء الدول وسفيرة النوايا الحسنة")
    found = find_in_context(articles, "سفير", words=0)
    assert lines(found) == [["", "سفراء", ""]]
    assert found["category"].tolist() == ["diplomacy"]


def test_contexts_end_with_the_text_and_leave_out_skipped_places(
    make_articles: MakeArticles,
) -> None:
    articles = make_articles("اشترك الآن زار المدينة مساء")
    articles["skip"] = [[(0, 10)]]
    assert lines(find_in_context(articles, "مدينة")) == [["زار", "المدينة", "مساء"]]


def test_nothing_found_keeps_the_columns(articles: pd.DataFrame) -> None:
    found = find_in_context(articles, "قطار")
    assert found.empty
    assert found.columns.tolist() == list(CONCORDANCE)


@pytest.mark.parametrize("word", ["tourism", "", "7"])
def test_a_word_that_is_not_arabic_is_refused(articles: pd.DataFrame, word: str) -> None:
    with pytest.raises(InputError) as caught:
        find_in_context(articles, word)
    assert str(caught.value) == (
        f"word is {word!r}; give an Arabic word or phrase, or a category: "
        "terrorism, migration, cybercrime, olympics, security, diplomacy."
    )


def test_a_negative_context_is_refused(articles: pd.DataFrame) -> None:
    with pytest.raises(InputError) as caught:
        find_in_context(articles, "مدينة", words=-1)
    assert str(caught.value) == "words is -1; give the number of words of context, 0 or more."


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "bdi" in self.open:
            self.cells[-1] += data


def test_html_reads_from_right_to_left_and_isolates_every_cell(articles: pd.DataFrame) -> None:
    page = concordance_html(find_in_context(articles, "مدينة", words=2))
    assert page.startswith('<table dir="rtl" lang="ar"')
    parser = _Cells()
    parser.feed(page)
    assert parser.open == []
    assert parser.cells[:5] == ["صدى المشرق", "2031-01-01", "زار وفد", "المدينة", "القديمة، ثم"]
    assert page.count("<bdi>") == len(parser.cells) == 10
    assert not re.search("left|right", page)
    assert page.count("text-align:end") == page.count("text-align:start") == 2


def test_html_escapes_what_articles_say(make_articles: MakeArticles) -> None:
    articles = make_articles("في <script>alert(1)</script> المدينة & <b>").assign(outlet='<i>"')
    page = concordance_html(find_in_context(articles, "مدينة"))
    assert "<script" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;" in page


def test_html_without_date_or_outlet(articles: pd.DataFrame) -> None:
    table = find_in_context(articles.assign(outlet=None, published=pd.NaT), "مدينة")
    html = concordance_html(table)
    assert '<td><bdi></bdi></td><td style="white-space:nowrap"><bdi></bdi></td>' in html


def test_headings_in_two_languages(articles: pd.DataFrame) -> None:
    table = find_in_context(articles, "مدينة")
    assert '<th scope="col" lang="en">before</th>' in concordance_html(table, language="en")
    with pytest.raises(InputError) as caught:
        concordance_html(table, language="fr")
    assert str(caught.value) == "language is 'fr'; choose one of 'ar', 'en'."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("قبل لاجئ بعد", "قبل [لاجئ] بعد"),
        ("لاجئ", "[لاجئ]"),
        (f"{'كلمة ' * 30}«لاجئ»، {'كلمات ' * 30}", "كلمة «[لاجئ]»، كلمات"),
        (f"سطر\nآخر{' ' * 90}لاجئ\nبعد", "[لاجئ] بعد"),
    ],
)
def test_a_context_is_one_line_of_whole_words(text: str, line: str) -> None:
    start = text.index("لاجئ")
    shown = quote_in_line(text, start, start + 4)
    assert line in shown
    assert set(shown.split()) <= {*line.split(), *text.split()}
