from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arabic import fold
from analysis.errors import DataFileError, InputError
from analysis.lexicon import (
    Exceptions,
    Term,
    category_labels,
    expand_phrase,
    expand_word,
    is_arabic_phrase,
    load_lexicon,
    load_lexicons,
)

HEAD = "version: 1\nkind: theme\ncategories:\n  health:\n    label: {ar: الصحة, en: Health}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.yml"


def load_text(path: Path, text: str) -> tuple[Term, ...]:
    path.write_text(text, "utf-8")
    return load_lexicon(path).categories[0].terms


@pytest.mark.parametrize(
    ("word", "pos", "found", "other"),
    [
        ("دولة", None, "دولة الدولة للدولة ولدولتهم دولات وبدولتين", "دولي دولية الدولتهم دولتي"),
        ("انتخاب", None, "انتخاب الانتخابات انتخاباته بانتخاب", "انتخابي انتخابية الانتخابهم"),
        ("شمال", None, "الشمال وشمالها", "شمالي شمالية الشمالية"),
        ("أمن", None, "أمن الأمن للأمن وبأمنها امنهم", "كامن أمني أمنية الأمنهم"),
        ("أمني", None, "أمنية الأمنيون والأمنيين أمنيا للأمنيات", "أمن أمنه"),
        ("لجنة", None, "للجنة لجنتهم اللجنة", "لللجنة لجان"),
        ("مهرب", "person", "مهربو ومهربي المهربون مهربيهم", "مهربيون"),
        ("مهاجر", "noun", "مهاجرون المهاجرات", "مهاجري مهاجرو"),
        ("اعتقل", "verb", "اعتقلت وسيعتقلونه تعتقل فاعتقلوا", "الاعتقل معتقل باعتقل"),
        ("فجر", "verb", "يفجر ستفجرها فجرت", "الفجر"),
        ("داعش", "name", "داعش لداعش وبداعش", "الداعش داعشي داعشها"),
        ("القاعدة", "name", "القاعدة للقاعدة بالقاعدة", "قاعدة القاعدات لقاعدة"),
        ("هاكرز", "invariable", "الهاكرز للهاكرز", "هاكرزات هاكرزه"),
        ("قبض", "exact", "قبض", "وقبض القبض قبضه"),
        ("مستشفى", None, "مستشفياتهم المستشفى مستشفاه", "مستشفية"),
        ("وزراء", None, "وزراؤه وزرائهم الوزراء", "وزراءي"),
        ("سَفيــر", None, "السفير", "سفر"),
    ],
)
def test_forms_of_a_word(word: str, pos: str | None, found: str, other: str) -> None:
    forms = expand_phrase(word, pos)[0]
    assert [form for form in found.split() if fold(form) not in forms] == []
    assert [form for form in other.split() if fold(form) in forms] == []


def test_only_the_first_word_of_a_phrase_takes_one_letter_words() -> None:
    first, second, third = expand_phrase("هجرة غير شرعية")
    assert {fold("وللهجرة"), fold("بهجرة")} <= first
    assert {"غير", "الغير"} <= second
    assert {fold("الشرعية"), fold("شرعية")} <= third
    assert fold("للشرعية") not in third


def test_a_written_article_is_required() -> None:
    assert fold("أمن") not in expand_phrase("مجلس الأمن")[1]
    assert fold("الأمن") in expand_phrase("مجلس أمن")[1]


def test_a_name_of_several_words_stays_as_written() -> None:
    assert expand_phrase("جبهة النصرة", "name")[1] == {fold("النصرة")}


ARABIC = st.text(alphabet="ابتثجحدرزسشصعفقكلمنهوي", min_size=2, max_size=8)


@given(ARABIC, st.sampled_from(["noun", "person", "verb", "name", "invariable", "exact"]))
def test_a_word_is_among_its_forms_and_all_are_folded(word: str, pos: str) -> None:
    forms = expand_word(word, pos)
    assert fold(word) in forms
    assert {fold(form) for form in forms} == forms


@given(ARABIC)
def test_no_noun_takes_an_ending_of_the_nisba(word: str) -> None:
    assert expand_word(word, "noun").isdisjoint({word + "ي", word + "يون", "ال" + word + "يه"})


def test_every_field_of_a_term(path: Path) -> None:
    text = HEAD + (
        "    present_from: 3\n    note: reason\n    terms:\n      - لقاح\n"
        "      - {term: عدوى, pos: noun, forms: [عدوة], near: [مرض], shared: true, note: why,\n"
        "         except: {before: [نقل], after: [فكرية], near: [سوق], forms: [عدوان]}}\n"
    )
    assert load_text(path, text) == (
        Term("لقاح"),
        Term(
            "عدوى",
            "noun",
            ("عدوة",),
            ("مرض",),
            Exceptions(("نقل",), ("فكرية",), ("سوق",), ("عدوان",)),
        ),
    )
    lexicon = load_lexicon(path)
    assert (lexicon.name, lexicon.version) == ("mine", 1)
    category = lexicon.categories[0]
    assert (category.name, category.kind, category.present_from) == ("health", "theme", 3)
    assert (category.label_ar, category.label_en) == ("الصحة", "Health")


def test_a_category_may_state_its_own_kind(path: Path) -> None:
    path.write_text(
        "version: 1\ncategories:\n  a:\n    kind: frame\n"
        "    label: {ar: أ, en: A}\n    terms: [باب]\n",
        "utf-8",
    )
    assert load_lexicon(path).categories[0].kind == "frame"


TERMS = HEAD + "    terms:\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (
            TERMS + "      - {term: باب, after: [دار]}\n",
            7,
            "unknown field `after`; choose from: term, pos, forms, near, except, shared, note.",
        ),
        (
            TERMS + "      - {term: باب, except: {until: [دار]}}\n",
            7,
            "unknown field `until`; choose from: before, after, near, forms.",
        ),
        (TERMS + "      - {pos: noun}\n", 7, "the field `term` is missing; add it."),
        (
            TERMS + "      - باب\n      - ''\n",
            8,
            "'' is not an Arabic word or phrase; write it in Arabic letters.",
        ),
        (
            TERMS + "      - NATO\n",
            7,
            "'NATO' is not an Arabic word or phrase; write it in Arabic letters.",
        ),
        (
            TERMS + "      - {term: باب, near: [دار, 7]}\n",
            7,
            "7 is not an Arabic word or phrase; write it in Arabic letters.",
        ),
        (TERMS + "      - {term: باب, near: دار}\n", 7, "expected a list, found 'دار'."),
        (
            TERMS + "      - {term: باب, pos: adverb}\n",
            7,
            "pos is 'adverb'; choose one of noun, person, nisba, verb, invariable, name, exact.",
        ),
        (
            TERMS + "      - {term: باب, pos: nisba}\n",
            7,
            "`باب` does not end as pos 'nisba' asks; see clitics.yml.",
        ),
        (
            TERMS + "      - {term: باب, shared: often}\n",
            7,
            "shared is 'often'; write true or leave it out.",
        ),
        (TERMS + "      - رأى\n      - راي\n", 8, "`راي` stands twice in `health`; remove one."),
        (
            TERMS + "      - باب\n  trade:\n    label: {ar: تجارة, en: Trade}\n    terms:\n"
            "      - {term: دار, forms: [باب], shared: true}\n",
            11,
            "`باب` also stands in `health`; remove one, or write `shared: true` in both when both "
            "mean it.",
        ),
        (
            TERMS + "      - باب\n      - باب ال\n    terms: []\n",
            9,
            "the key `terms` stands twice; remove one.",
        ),
        (HEAD + "    terms: []\n", 6, "expected a list of terms."),
        (HEAD, 4, "the field `terms` is missing; add it."),
        (
            HEAD + "    present_from: 0\n    terms: [باب]\n",
            6,
            "present_from is 0; give a number of mentions, 1 or more.",
        ),
        (
            HEAD.replace("theme", "topic") + "    terms: [باب]\n",
            2,
            "kind is 'topic'; choose one of 'theme', 'frame'.",
        ),
        (
            HEAD + "    kind: topic\n    terms: [باب]\n",
            6,
            "kind is 'topic'; choose one of 'theme', 'frame'.",
        ),
        (
            HEAD.replace("health", "7") + "    terms: [باب]\n",
            4,
            "the category 7 is not a name; put it in quotation marks.",
        ),
        (
            HEAD.replace("version: 1", "version: new") + "    terms: [باب]\n",
            1,
            "version is 'new'; give a whole number.",
        ),
        ("version: 1\ncategories: {}\n", 2, "expected at least one category with its terms."),
    ],
)
def test_mistakes_are_reported_with_file_and_line(
    path: Path, text: str, line: int, problem: str
) -> None:
    with pytest.raises(DataFileError) as caught:
        load_text(path, text)
    assert str(caught.value) == f"{path}:{line}: {problem}"


def test_two_categories_may_share_a_term_when_both_say_so(path: Path) -> None:
    shared = "      - {term: باب, shared: true}\n"
    text = TERMS + shared + "  trade:\n    label: {ar: تجارة, en: Trade}\n    terms:\n" + shared
    assert load_text(path, text) == (Term("باب"),)


def test_a_category_in_two_files_is_refused(path: Path) -> None:
    path.write_text(TERMS + "      - باب\n", "utf-8")
    with pytest.raises(InputError) as caught:
        load_lexicons(path, path)
    assert str(caught.value) == "lexicons hold the category `health` twice; rename one of them."


def test_shipped_lexicons_give_a_label_in_two_languages() -> None:
    for language in ("ar", "en"):
        labels = category_labels(language=language)
        assert len(labels) == 6
        assert all(labels.values())


def test_shipped_frames_and_themes_hold_what_they_say() -> None:
    kinds = {
        category.name: category.kind
        for lexicon in load_lexicons()
        for category in lexicon.categories
    }
    assert kinds == dict.fromkeys(
        ["terrorism", "migration", "cybercrime", "olympics"], "theme"
    ) | dict.fromkeys(["security", "diplomacy"], "frame")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("هجرة سرية", True),
        ("الهِجرة", True),
        ("7", False),
        ("", False),
        (None, False),
        ("a ب", False),
    ],
)
def test_is_arabic_phrase(value: object, expected: bool) -> None:
    assert is_arabic_phrase(value) is expected
