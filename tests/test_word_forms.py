from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.arabic import lookup_form
from analysis.word_forms import (
    all_proclitics,
    broken_plurals,
    expand_word,
    fits_kind,
    guess_kind,
    inflect_phrase,
    inflect_word,
    is_lookalike,
    join_proclitics,
    kinds_of_word,
    leave_out,
)

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "word_forms.yml").read_text("utf-8"))
WORDS = st.text(alphabet="ابتثجحدرزسشصعفقكلمنهوي", min_size=2, max_size=8)
SPELLINGS = st.text(alphabet="ابتجدرسعفقكلمنهويىةأإآءئؤ", min_size=1, max_size=9)


def expand_phrase(phrase: str, pos: str | None = None) -> list[frozenset[str]]:
    return [join_proclitics(forms) for forms in inflect_phrase(phrase, pos)]


def _cases() -> list[object]:
    return [
        pytest.param(
            case["word"],
            case.get("pos"),
            case.get("found", "").split(),
            case.get("other", "").split(),
            id=f"{group}: {case['word']} {case.get('pos', '')}",
            marks=[pytest.mark.xfail(strict=True)] if group == "known failures" else [],
        )
        for group, cases in CASES.items()
        for case in cases
    ]


@pytest.mark.parametrize(("word", "pos", "found", "other"), _cases())
def test_forms_of_a_word(word: str, pos: str | None, found: list[str], other: list[str]) -> None:
    forms = expand_word(word, pos)
    assert [form for form in found if lookup_form(form) not in forms] == []
    assert [form for form in other if lookup_form(form) in forms] == []


def test_without_proclitics_the_article_stays() -> None:
    forms = expand_word("محكمة", proclitics=False)
    assert {"محكمة", "المحكمة", "محكمتهم"} <= forms
    assert forms.isdisjoint({"ومحكمة", "للمحكمة", "بالمحكمة"})


def test_only_the_first_word_of_a_phrase_takes_one_letter_words() -> None:
    first, second, third = expand_phrase("هجرة غير شرعية")
    assert {"وللهجرة", "بهجرة"} <= first
    assert {"غير", "الغير"} <= second
    assert {"الشرعية", "شرعية"} <= third
    assert "للشرعية" not in third


def test_only_the_first_word_of_a_phrase_is_of_its_kind() -> None:
    first, second = expand_phrase("مهرب سلاح", "person")
    assert "مهربو" in first
    assert {"السلاح", "أسلحة"} <= second
    assert "سلاحو" not in second


def test_a_written_article_is_required() -> None:
    assert "أمن" not in expand_phrase("مجلس الأمن")[1]
    assert "الأمن" in expand_phrase("مجلس أمن")[1]


@pytest.mark.parametrize("pos", ["name", "exact"])
def test_a_name_of_several_words_stays_as_written(pos: str) -> None:
    first, second = expand_phrase("جبهة النصرة", pos)
    assert second == {"النصرة", "النصره"}
    assert ("بجبهة" in first) is (pos == "name")


def test_marks_and_tatweel_of_an_entry_count_for_nothing() -> None:
    assert expand_phrase("هِجرةٌ سرّيــة") == expand_phrase("هجرة سرية")


@pytest.mark.parametrize(
    ("word", "refused", "left_out"),
    [
        ("قمة", ["لقمة"], ["لقمة"]),
        ("قمة", ["قمة"], ["قمة"]),
        ("قمة", ["لقمة", "لقمتهم", "وقمم"], ["لقمة", "لقمتهم", "وقمم"]),
        ("لجنة", ["للجنة"], ["للجنة", "للجنه"]),
        # As the text may spell it: alef without its hamza as well.
        ("أمني", ["أمنية", "أمنيات"], ["أمنية", "امنية", "أمنيات", "امنيات"]),
        ("قمة", ["سوق"], []),
        ("قمة", [], []),
    ],
)
def test_what_is_left_out_is_just_the_written_form(
    word: str, refused: list[str], left_out: list[str]
) -> None:
    forms = join_proclitics(leave_out(inflect_word(word), refused))
    assert expand_word(word) - forms == set(left_out)
    assert forms <= expand_word(word)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("روسيا", True),
        ("وروسيا", True),
        ("بألمانيا", True),
        ("المانيا", True),
        ("روسي", False),
        ("روسية", False),
        ("دنيا", False),
    ],
)
def test_countries_that_look_like_a_nisba(word: str, expected: bool) -> None:
    assert is_lookalike(word) is expected


def test_one_letter_words_of_all_kinds_are_listed_once() -> None:
    clitics = all_proclitics()
    assert len(clitics) == len(set(clitics))
    assert {"و", "ول", "س", "فس", "ب", "وب"} <= set(clitics)
    assert {len(clitic) for clitic in clitics} == {1, 2}


@pytest.mark.parametrize(
    ("word", "plurals"),
    [
        # One word for each pattern.
        ("قلم", ("أقلام",)),
        ("حال", ("أحوال", "حالات")),
        ("خبير", ("خبراء",)),
        ("حقيبة", ("حقائب",)),
        ("مركز", ("مراكز",)),
        ("محكمة", ("محاكم",)),
        ("مفتاح", ("مفاتيح",)),
        ("مشروع", ("مشاريع",)),
        ("ناقوس", ("نواقيس",)),
        ("تقرير", ("تقارير",)),
        ("قافلة", ("قوافل",)),
        ("أصغر", ("صغرى",)),
        ("أعلى", ("عليا",)),
        # The list goes before the patterns, which would make أبلاد.
        ("بلد", ("بلدان", "بلاد")),
        # Weak letters are no root letters, and many words have no broken plural.
        ("دعا", ()),
        ("سوء", ()),
        ("معسكر", ()),
        # Patterns left out, since the plural would be another word (وسائط, دفاع, أخيرة).
        ("وساطة", ()),
        ("دافع", ()),
        ("خيار", ()),
        ("دبلوماسي", ()),
        pytest.param(
            "باب",
            ("أبواب",),
        ),
    ],
)
def test_broken_plurals(word: str, plurals: tuple[str, ...]) -> None:
    assert broken_plurals(word) == plurals


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("أمني", "nisba"),
        ("نبي", "noun"),
        ("أمن", "noun"),
        ("مستشفى", "noun"),
        ("دولية", "noun"),
        ("", "noun"),
    ],
)
def test_the_last_letter_says_how_a_word_inflects(word: str, kind: str) -> None:
    assert guess_kind(word) == kind


@pytest.mark.parametrize(
    ("word", "pos", "fits"),
    [
        ("أمني", "nisba", True),
        ("أمن", "nisba", False),
        ("أمنية", "nisba", False),
        ("أمن", None, True),
        ("نبي", None, True),
        ("دولة", "verb", True),
        pytest.param(
            "أمنيّ",
            "nisba",
            True,
        ),
    ],
)
def test_a_word_fits_its_kind(word: str, pos: str | None, fits: bool) -> None:
    assert fits_kind(word, pos) is fits


@given(SPELLINGS, st.sampled_from(kinds_of_word()))
def test_a_word_is_among_its_forms_and_all_are_looked_up_as_they_are(word: str, pos: str) -> None:
    word += "ي" if pos == "nisba" else ""
    forms = expand_word(word, pos)
    assert lookup_form(word) in forms
    assert {lookup_form(form) for form in forms} == forms


@given(WORDS)
def test_no_noun_takes_an_ending_of_the_nisba(word: str) -> None:
    assert expand_word(word, "noun").isdisjoint({word + "ي", word + "يون", "ال" + word + "ية"})


@given(SPELLINGS, st.sampled_from(kinds_of_word()))
def test_without_proclitics_there_are_fewer_forms_and_no_other(word: str, pos: str) -> None:
    assert expand_word(word, pos, proclitics=False) <= expand_word(word, pos)
