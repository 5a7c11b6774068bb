from pathlib import Path

import pytest

from analysis.errors import DataFileError, InputError
from analysis.lexicon import (
    Exceptions,
    LexiconWarning,
    Subcategory,
    Term,
    category_labels,
    is_arabic_phrase,
    load_lexicon,
    load_lexicons,
    make_term,
)

HEAD = "version: 1\nkind: theme\ncategories:\n  health:\n    label: {ar: الصحة, en: Health}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.yml"


def load_text(path: Path, text: str) -> tuple[Term, ...]:
    path.write_text(text, "utf-8")
    return load_lexicon(path).categories[0].terms


def test_every_field_of_a_term(path: Path) -> None:
    text = HEAD + (
        "    present_from: 3\n    note: reason\n    terms:\n      - لقاح\n"
        "      - {term: عدوى, pos: noun, forms: [عدوة], near: [مرض], shared: true,\n"
        "         note: Also said of fashions., source: A dictionary.,\n"
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
            note="Also said of fashions.",
            source="A dictionary.",
        ),
    )
    lexicon = load_lexicon(path)
    assert (lexicon.name, lexicon.version, lexicon.remarks) == ("mine", 1, ())
    category = lexicon.categories[0]
    assert (category.name, category.kind, category.present_from) == ("health", "theme", 3)
    assert (category.label_ar, category.label_en) == ("الصحة", "Health")
    assert category.subcategories == ()


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
            "unknown field `after`; choose from: term, pos, forms, near, except, shared, sure, "
            "note, source.",
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
            "pos is 'adverb'; choose one of noun, adjective, person, nisba, plural, verb, "
            "invariable, name, exact.",
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
        (
            TERMS + "      - {term: باب, note: 7}\n",
            7,
            "note is 7; write a sentence.",
        ),
        (
            TERMS + "      - {term: باب, source: [دار]}\n",
            7,
            "source is ['دار']; write a sentence.",
        ),
        (TERMS + "      - رأى\n      - رَأي\n", 8, "`رَأي` stands twice in `health`; remove one."),
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
            "the category 7 is not a name; write letters in quotation marks.",
        ),
        (
            HEAD.replace("health", "health/care") + "    terms: [باب]\n",
            4,
            "the category 'health/care' is not a name; write letters in quotation marks.",
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


NESTED = (
    HEAD
    + """\
    terms: [علاج]
    categories:
      places:
        label: {ar: الأماكن, en: Places}
        categories:
          field:
            label: {ar: في الميدان, en: In the field}
            terms: [خيمة]
          town:
            label: {ar: في المدينة, en: In town}
            terms: [{term: مستشفى, forms: [مشفى]}]
      persons:
        label: {ar: الأشخاص, en: Persons}
        note: Those who treat.
        terms: [ممرض]
"""
)


def test_categories_inside_a_category_are_paths_below_it(path: Path) -> None:
    path.write_text(NESTED, "utf-8")
    (category,) = load_lexicon(path).categories
    assert category.subcategories == (
        Subcategory("places", "الأماكن", "Places"),
        Subcategory("places/field", "في الميدان", "In the field"),
        Subcategory("places/town", "في المدينة", "In town"),
        Subcategory("persons", "الأشخاص", "Persons"),
    )
    assert category.terms == (
        Term("علاج"),
        Term("خيمة", subcategory="places/field"),
        Term("مستشفى", forms=("مشفى",), subcategory="places/town"),
        Term("ممرض", subcategory="persons"),
    )


INNER = HEAD + "    categories:\n"
LABEL = "        label: {ar: الأماكن, en: Places}\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (
            INNER + "      places:\n        terms: [باب]\n",
            7,
            "the field `label` is missing; add it.",
        ),
        (
            INNER + "      places:\n        label: {ar: الأماكن}\n        terms: [باب]\n",
            8,
            "the field `en` is missing; add it.",
        ),
        (INNER + "      places:\n" + LABEL, 7, "the field `terms` is missing; add it."),
        (
            INNER + "      places:\n" + LABEL + "        terms: []\n",
            9,
            "expected a list of terms.",
        ),
        (
            INNER + "      in/out:\n" + LABEL + "        terms: [باب]\n",
            7,
            "the category 'in/out' is not a name; write letters in quotation marks.",
        ),
        (
            INNER + "      2024:\n" + LABEL + "        terms: [باب]\n",
            7,
            "the category 2024 is not a name; write letters in quotation marks.",
        ),
        (
            HEAD + "    categories: [places]\n",
            6,
            "expected categories by name, found ['places'].",
        ),
        (
            INNER + "      places: [باب]\n",
            7,
            "expected fields, found ['باب'].",
        ),
        (
            INNER + "      places:\n" + LABEL + "        present_from: 2\n        terms: [باب]\n",
            9,
            "unknown field `present_from`; choose from: label, terms, categories, note.",
        ),
        (
            NESTED.replace("[ممرض]", "[خيمة]"),
            20,
            "`خيمة` stands twice in `health`; remove one.",
        ),
        (
            HEAD + "    categories: {}\n",
            6,
            "expected categories by name, found {}.",
        ),
    ],
)
def test_mistakes_in_inner_categories_are_reported_with_file_and_line(
    path: Path, text: str, line: int, problem: str
) -> None:
    with pytest.raises(DataFileError) as caught:
        load_text(path, text)
    assert str(caught.value) == f"{path}:{line}: {problem}"


TRADE = "  trade:\n    label: {ar: تجارة, en: Trade}\n    terms:\n"
REMEDY = "; remove one, or write `shared: true` in both when both mean it."


@pytest.mark.parametrize(
    ("text", "line", "claim"),
    [
        (
            TERMS + "      - مدينة\n      - مدن\n",
            8,
            "`مدن` of `health` is also a form of `مدينة` of `health` (line 7)",
        ),
        (
            TERMS + "      - مدن\n      - مدينة\n",
            7,
            "`مدن` of `health` is also a form of `مدينة` of `health` (line 8)",
        ),
        (
            TERMS + "      - مدينة\n" + TRADE + "      - {term: سوق, forms: [مدن]}\n",
            11,
            "`مدن` of `trade` is also a form of `مدينة` of `health` (line 7)",
        ),
        (
            TERMS + "      - {term: مدينة, shared: true}\n" + TRADE + "      - مدن\n",
            11,
            "`مدن` of `trade` is also a form of `مدينة` of `health` (line 7)",
        ),
        (
            TERMS + "      - مجلس مدينة\n      - للمجلس المدن\n",
            8,
            "`للمجلس المدن` of `health` is also a form of `مجلس مدينة` of `health` (line 7)",
        ),
        (
            NESTED.replace("[ممرض]", "[علاجات]"),
            20,
            "`علاجات` of `health` is also a form of `علاج` of `health` (line 6)",
        ),
        pytest.param(
            TERMS + "      - دعوى\n      - دعاوى\n",
            8,
            "`دعاوى` of `health` is also a form of `دعوى` of `health` (line 7)",
        ),
    ],
)
def test_a_term_that_is_a_form_of_another_is_warned_of(
    path: Path, text: str, line: int, claim: str
) -> None:
    path.write_text(text, "utf-8")
    with pytest.warns(LexiconWarning) as caught:
        lexicon = load_lexicon(path)
    message = f"{path}:{line}: {claim}{REMEDY}"
    assert [str(warning.message) for warning in caught] == [message]
    assert lexicon.remarks == (message,)
    assert caught[0].filename == __file__


def test_of_several_such_terms_the_first_is_told_and_all_are_remarks(path: Path) -> None:
    words = ["مدن", "دول", "دولة", "مدينة", "قلم", "أقلام"]
    path.write_text(TERMS + "".join(f"      - {word}\n" for word in words), "utf-8")
    with pytest.warns(LexiconWarning) as caught:
        lexicon = load_lexicon(path)
    claims = [(7, "مدن", "مدينة", 10), (8, "دول", "دولة", 9), (12, "أقلام", "قلم", 11)]
    assert lexicon.remarks == tuple(
        f"{path}:{line}: `{word}` of `health` is also a form of `{other}` of `health` "
        f"(line {other_line}){REMEDY}"
        for line, word, other, other_line in claims
    )
    assert [str(warning.message) for warning in caught] == [
        f"{lexicon.remarks[0]} And 2 more: see `khitab lexicon check`."
    ]


@pytest.mark.parametrize(
    "text",
    [
        TERMS
        + "      - {term: باب, shared: true}\n"
        + TRADE
        + "      - {term: باب, shared: true}\n",
        TERMS
        + "      - {term: مدن, shared: true}\n"
        + TRADE
        + "      - {term: مدينة, shared: true}\n",
        TERMS + "      - {term: مدن, shared: true}\n      - {term: مدينة, shared: true}\n",
        # A form of one's own is no claim, nor is a word of a phrase.
        TERMS + "      - {term: مدينة, forms: [مدن]}\n      - مجلس مدن\n",
    ],
)
def test_nothing_is_said_of_terms_that_are_meant_to_be_shared(path: Path, text: str) -> None:
    assert load_text(path, text)
    assert load_lexicon(path).remarks == ()


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


def test_a_term_is_made_of_its_words() -> None:
    assert make_term(" هجرة  سرية ") == Term("هجرة سرية")
    assert make_term("مهرب", "person") == Term("مهرب", "person")


@pytest.mark.parametrize(
    ("phrase", "pos", "problem"),
    [
        ("", None, "'' is not an Arabic word or phrase; write it in Arabic letters."),
        ("باب 7", None, "'باب 7' is not an Arabic word or phrase; write it in Arabic letters."),
        ("باب", "nisba", "`باب` does not end as pos 'nisba' asks; see clitics.yml."),
        (
            "باب",
            "adverb",
            "pos is 'adverb'; choose one of 'noun', 'adjective', 'person', 'nisba', 'plural', "
            "'verb', 'invariable', 'name', 'exact'.",
        ),
    ],
)
def test_what_is_no_term_is_refused(phrase: str, pos: str | None, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        make_term(phrase, pos)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    "phrase",
    [
        pytest.param(
            "ـَ",
        ),
        pytest.param(
            "ػؼؽ",
        ),
    ],
)
def test_words_without_letters_that_can_be_found_are_refused(phrase: str) -> None:
    with pytest.raises(InputError):
        make_term(phrase)
