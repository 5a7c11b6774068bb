"""The page: everything in it, nothing from outside it, hostile text harmless."""

import re

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.pipeline import run
from analysis.report import summarise

HOSTILE = (
    '<script>alert(1)</script> قال "الخبير الأمني" سالم <img src=x onerror=alert(2)> إن '
    "الشرطة أغلقت الحدود أمام المهاجرين، وأضاف أن الأمن مستتب."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    pd.DataFrame(
        {
            "id": ["</td><script>alert(3)</script>", "b"],
            "outlet": ["<b>صدى</b>", "أطلس"],
            "date": ["2031-01-04", "2031-03-05"],
            "text": [HOSTILE, "بحث السفراء اتفاقا جديدا."],
        }
    ).to_csv(folder / "news.csv", index=False)
    run(folder / "news.csv", folder / "out")
    return folder / "out"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_the_page_says_its_language_and_direction(folder, language, direction):
    page = summarise(folder, language=language).read_text("utf-8")
    assert f'<html lang="{language}" dir="{direction}">' in page


def test_article_text_stays_text(folder):
    page = summarise(folder).read_text("utf-8")
    assert "<script" not in page
    assert not re.search(r"<img (?!src=\"data:)", page)
    assert "&lt;" in page


def test_nothing_comes_from_the_network(folder):
    page = summarise(folder).read_text("utf-8")
    assert not re.search(r"(?:src|href)=[\"'](?!data:)", page)
    assert "http:" not in page
    assert "https:" not in page


def test_figures_carry_the_sentence_a_reader_would_write(folder):
    page = summarise(folder).read_text("utf-8")
    assert page.count("<figure>") == 5
    assert "Articles: 2; outlets: 2;" in page


def test_an_unknown_language_is_named(folder):
    with pytest.raises(InputError) as error:
        summarise(folder, language="fr")
    assert str(error.value) == "language is 'fr'; choose one of 'ar', 'en'."
