"""Words by their lemmas; these tests need CAMeL Tools' database, which cannot be shipped."""

import pytest

from analysis.lexicon import Category, Exceptions, Lexicon, Term
from analysis.matching import compile_lexicons, find_terms_in, read_surfaces
from analysis.morphology import compile_lexicons_by_lemma, find_lemmas, find_readings

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.usefixtures("camel"),
]


@pytest.mark.parametrize(
    ("word", "lemma", "other"),
    [
        ("الدول", "دَوْلَة", "دَوْلِيّ"),
        ("وخبرائها", "خَبِير", "خُبْر"),
        ("شرطة", "شُرْطَة", "شَرْط"),
        ("قانوني", "قانُونِيّ", "قانُون"),
        ("كمين", "كَمِين", "مِيناء"),
        ("روسيا", "رُوسِيا", "رُوسِيّ"),
    ],
)
def test_lemmas_of_a_word(word, lemma, other):
    possible, likely = find_lemmas(word)
    assert lemma in possible
    assert likely <= possible
    assert other not in possible


def test_verbs_are_asked_for():
    assert "اِعْتَقَل" in {
        lemma.replace("ٱ", "ا") for lemma in find_lemmas("واعتقلت", verb=True).possible
    }
    assert find_lemmas("واعتقلت").possible == frozenset()


def test_a_word_that_is_not_in_the_database_has_no_reading():
    assert find_readings("داعشوش") == ()


def lexicon(*terms: Term) -> tuple[Lexicon]:
    return (Lexicon("test", 1, (Category("all", "theme", "", "", terms),)),)


def surfaces(text: str, *terms: Term, by_lemma: bool) -> list[str]:
    compiled = compile_lexicons_by_lemma if by_lemma else compile_lexicons
    return read_surfaces(find_terms_in([text], compiled(lexicon(*terms))), [text])


def test_a_country_is_not_its_nisba() -> None:
    assert surfaces("زار الروس روسيا", Term("روسي"), by_lemma=True) == ["الروس"]


def test_a_form_of_another_lemma_is_refused() -> None:
    text = "غيروا وجهة السفر إلى الجهة الأخرى"
    assert surfaces(text, Term("جهة"), by_lemma=False) == ["وجهة", "الجهة"]
    assert surfaces(text, Term("جهة"), by_lemma=True) == ["الجهة"]


def test_a_broken_plural_that_nobody_listed_is_found_by_lemma() -> None:
    text = "شقوا الجداول، وهذه جداول أخرى"
    assert surfaces(text, Term("جدول"), by_lemma=False) == []
    assert surfaces(text, Term("جدول"), by_lemma=True) == ["الجداول", "جداول"]


def test_phrases_names_and_conditions_are_as_by_rule():
    terms = [
        Term("هجرة سرية"),
        Term("القاعدة", pos="name", near=("تنظيم",)),
        Term("سوق", exceptions=Exceptions(after=("سوداء",))),
    ]
    text = "ناقشوا الهجرة السرية. تنظيم القاعدة في الأسواق. القاعدة بعيدة، والسوق السوداء قريبة"
    by_lemma = surfaces(text, *terms, by_lemma=True)
    assert by_lemma == ["الهجرة السرية", "القاعدة", "الأسواق"]


def test_words_unknown_to_the_morphology_keep_their_rules():
    text = "والسيبرانيين"
    assert surfaces(text, Term("سيبراني"), by_lemma=True) == [text]
