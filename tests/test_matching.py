import re
from collections.abc import Sequence
from itertools import cycle, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

import analysis.matching
from analysis.arabic import MARKS, WORD, count_words, lookup_form, split_sentences
from analysis.data_files import data_path
from analysis.lexicon import Category, Exceptions, Lexicon, Term, load_lexicons
from analysis.matching import Found, Matcher, compile_lexicons, count_words_in, find_terms_in
from analysis.word_forms import expand_word, inflect_phrase, join_proclitics, kinds_of_word

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "matching.yml").read_text("utf-8"))
CLITICS = yaml.safe_load(data_path("lexicons", "clitics.yml").read_text("utf-8"))


Place = tuple[int, int]
"""The first and the last word of a phrase."""


class Match(NamedTuple):
    category: str
    kind: str
    term: str
    start: int
    end: int


def matches_of(found: Found, matcher: Matcher) -> list[tuple[int, Match]]:
    """Return what was found as (number of the text, match)."""
    return [
        (text, Match(category.name, category.kind, term.term, start, end))
        for text, (term, category, _), start, end in zip(
            found.text.tolist(),
            (matcher.terms[number] for number in found.term.tolist()),
            found.start.tolist(),
            found.end.tolist(),
            strict=True,
        )
    ]


def find_matches(text: str, matcher: Matcher) -> list[Match]:
    return [match for _, match in matches_of(find_terms_in([text], matcher), matcher)]


def lexicon(**categories: list[Term]) -> tuple[Lexicon]:
    return (
        Lexicon(
            "test",
            1,
            tuple(
                Category(name, "theme", name, name, tuple(terms))
                for name, terms in categories.items()
            ),
        ),
    )


def surfaces(text: str, *terms: Term) -> list[str]:
    matches = find_matches(text, compile_lexicons(lexicon(all=list(terms))))
    return [text[match.start : match.end] for match in matches]


def _cases() -> list[object]:
    return [
        pytest.param(
            case["text"],
            case["found"],
            id=f"{group}-{number}",
            marks=[pytest.mark.xfail(strict=True)] if group == "known failures" else [],
        )
        for group, cases in CASES.items()
        for number, case in enumerate(cases)
    ]


@pytest.mark.parametrize(("text", "expected"), _cases())
def test_shipped_lexicons_on_composed_sentences(text: str, expected: dict[str, list[str]]) -> None:
    found: dict[str, list[str]] = {}
    for match in find_matches(text, compile_lexicons(load_lexicons())):
        found.setdefault(match.category, []).append(text[match.start : match.end])
    assert found == expected


def test_a_match_names_its_entry_and_kind() -> None:
    text = "عودة اللاجئات"
    assert find_matches(text, compile_lexicons(load_lexicons())) == [
        ("migration", "theme", "لاجئ", 5, 13)
    ]


def test_of_terms_that_fit_the_same_words_the_first_counts() -> None:
    one, two = Term("مدينة"), Term("مدن")
    for terms in ([one, two], [two, one]):
        matches = find_matches("المدن", compile_lexicons(lexicon(all=terms)))
        assert [match.term for match in matches] == [terms[0].term]


def test_an_empty_lexicon_finds_nothing_and_counts_the_words() -> None:
    for lexicons in ((), lexicon(all=[])):
        found = find_terms_in(["باب دار", "باب"], compile_lexicons(lexicons))
        assert [array.tolist() for array in found] == [[], [], [], [], [2, 1]]


def test_longest_wins_within_a_category_and_categories_do_not_compete() -> None:
    matcher = compile_lexicons(
        lexicon(one=[Term("باب"), Term("باب خشب"), Term("خشب كبير")], two=[Term("خشب")])
    )
    text = "باب خشب كبير"
    assert [(m.category, m.term) for m in find_matches(text, matcher)] == [
        ("one", "باب خشب"),
        ("two", "خشب"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("باب خشب كبير قديم", ["باب", "خشب كبير قديم"]),
        ("باب خشب كبير", ["باب خشب", "كبير"]),
        ("باب خشب وباب كبير", ["باب خشب", "وباب", "كبير"]),
        ("كبير باب خشب", ["كبير باب", "خشب"]),
    ],
)
def test_longer_phrases_win_and_of_equally_long_ones_the_first_in_the_text(
    text: str, found: list[str]
) -> None:
    words = ["باب خشب", "خشب كبير", "خشب كبير قديم", "كبير باب", "باب", "خشب", "كبير"]
    assert surfaces(text, *map(Term, words)) == found


def test_one_word_may_be_several_words_with_and_without_a_clitic() -> None:
    matcher = compile_lexicons(
        lexicon(one=[Term("ورد")], two=[Term("رد")], three=[Term("برد")], four=[Term("رد قديم")])
    )
    for text, found in (
        ("ورد", ["one", "two"]),
        ("ورد قديم", ["one", "two", "four"]),
        ("وبرد", ["two", "three"]),
        ("وورد", ["one"]),
    ):
        assert [match.category for match in find_matches(text, matcher)] == found


def test_a_cancelled_phrase_leaves_the_shorter_one_inside_it() -> None:
    long = Term("باب خشب", exceptions=Exceptions(after=("قديم",)))
    assert surfaces("باب خشب قديم", long, Term("باب")) == ["باب"]
    assert surfaces("باب خشب جديد", long, Term("باب")) == ["باب خشب"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("سوق الكتب مفتوح", 0),
        ("وبالسوق كتاب", 1),
        ("السوق، الكتب", 1),
        ("سوق\nكتب", 1),
    ],
)
def test_a_neighbour_cancels_only_when_joined(text: str, count: int) -> None:
    term = Term("سوق", exceptions=Exceptions(after=("كتب",)))
    assert len(surfaces(text, term)) == count


def test_a_neighbouring_phrase_before_the_term() -> None:
    term = Term("سوق", exceptions=Exceptions(before=("في كل يوم من",)))
    assert surfaces("يفتح في كل يوم من السوق باب", term) == []
    assert surfaces("يفتح من السوق باب", term) == ["السوق"]


def test_near_asks_for_the_same_sentence() -> None:
    term = Term("سوق", near=("سمك", "فاكهة طازجة"))
    assert surfaces("باع السمك في السوق.", term) == ["السوق"]
    assert surfaces("في السوق الفاكهة الطازجة", term) == ["السوق"]
    assert surfaces("باع السمك. ثم زار السوق.", term) == []
    assert surfaces("باع السمك\nثم زار السوق", term) == []


def test_near_is_not_satisfied_by_the_term_itself() -> None:
    assert surfaces("سوق", Term("سوق", near=("سوق",))) == []
    assert surfaces("سوق وسوق", Term("سوق", near=("سوق",))) == ["سوق", "وسوق"]


def test_near_as_exception_cancels_in_the_same_sentence() -> None:
    term = Term("سوق", exceptions=Exceptions(near=("مال",)))
    assert surfaces("هبط السوق مع المال. فتح السوق.", term) == ["السوق"]
    assert surfaces("... هبط السوق ... ! مال", term) == ["السوق"]


def test_other_words_are_told_apart_as_they_are_spelled() -> None:
    term = Term("قمة", exceptions=Exceptions(forms=("لقمة",)))
    assert surfaces("قمة لقمة للقمة", term) == ["قمة", "للقمة"]
    term = Term("قمة", exceptions=Exceptions(forms=("لقمة", "لقمتهم", "ولقممها")))
    text = "قمة ولقمة قمتهم بقمتهم قممها لقممها لقمة لقمتهم ولقممها"
    assert surfaces(text, term) == text.split()[:-3]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        (Term("أمن"), "أمن وامن وآمن وإمن", ["أمن", "وامن"]),
        (Term("آثار"), "آثار واثار وأثار", ["آثار", "واثار"]),
        (Term("إعلام"), "إعلام الاعلام أعلام", ["إعلام", "الاعلام"]),
        (Term("شرطة"), "شرطة الشرطه شرطه", ["شرطة", "الشرطه"]),
        (Term("محكمة"), "محكمه ومحاكمها", ["محكمه", "ومحاكمها"]),
        (Term("مسؤول"), "مسئول ومسؤولون", ["مسئول", "ومسؤولون"]),
        (Term("مستشفى"), "المستشفي المستشفى", ["المستشفي", "المستشفى"]),
    ],
)
def test_what_is_written_tells_words_apart(term: Term, text: str, found: list[str]) -> None:
    assert surfaces(text, term) == found


def test_skipped_places_end_phrases() -> None:
    assert surfaces("سوق \n\n\n كبير", Term("سوق كبير")) == []


DOORS = [Term("باب"), Term("باب خشب"), Term("لاجئ"), Term("الله", "name")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Ligatures and other presentation forms, as copied from PDF.
        ("ﻻجئ وﻻﺟﺌﻮﻥ", ["ﻻجئ", "وﻻﺟﺌﻮﻥ"]),
        ("ﷲ وﷲ والله", ["ﷲ", "وﷲ", "والله"]),
        ("ﻻ ﺑﺎﺏ ﷲ", ["ﺑﺎﺏ", "ﷲ"]),
        # Characters that are two in UTF-16.
        ("😀 باب", ["باب"]),
        ("😀باب😀خشب🧵 باب خشب", ["باب", "باب خشب"]),
        ("𝒜𝒷 باب، 𐤀 باب", ["باب", "باب"]),
        ("𝒜باب باب", ["باب"]),
        # Tatweel in a word, and as a dash.
        ("بـــاب ولــلاجــئــيــن", ["بـــاب", "ولــلاجــئــيــن"]),
        ("بابـ", ["بابـ"]),
        ("ـباب", ["باب"]),
        ("باب ـ خشب", ["باب ـ خشب"]),
        ("ب ـ اب", []),
        # Vowel marks in a word, and loose ones.
        ("بَابٌ وَلِلَّاجِئِينَ", ["بَابٌ", "وَلِلَّاجِئِينَ"]),
        ("َباب", ["باب"]),
        ("باب ًًخشب", ["باب ًًخشب"]),
        ("ًًً باب ً، َ", ["باب"]),
        # Words that hold other letters are other words.
        ("بابA باب7 با7ب", []),
        ("الـباب7 باب", ["باب"]),
    ],
)
def test_offsets_are_true_whatever_the_characters(text: str, found: list[str]) -> None:
    assert surfaces(text, *DOORS) == found


def test_lone_surrogates_are_no_letters() -> None:
    text = "\ud83d باب\udc00 خشب \ud83d\ude00\ud800باب\udfff 😀 باب"
    assert surfaces(text, *DOORS) == ["باب"] * 3


@pytest.mark.parametrize("text", ["ﺑﹷﺎﺏ", "ﺑﺎﺏﱞ"])
def test_presentation_forms_of_vowel_marks_count_for_nothing(text: str) -> None:
    assert surfaces(text, *DOORS) == [text]


LEXICONS = lexicon(
    one=[
        Term("باب"),
        Term("باب دار"),
        Term("دار", exceptions=Exceptions(before=("سور",), after=("علم",))),
        Term("غرفة واسعة جدا", forms=("غرفة دار",)),
        Term("سكن باب"),
        Term("واسعة شيء"),
        Term("جدا"),
        Term("شيء غرفة"),
        Term("دار سكن", exceptions=Exceptions(near=("غرفة واسعة",), forms=("بالدار",))),
    ],
    two=[Term("دار", near=("سكن",)), Term("باب", exceptions=Exceptions(near=("رزق", "سور")))],
    three=[Term("مدينة"), Term("سكن", "verb", near=("غرفة", "سكن"))],
)
MATCHER = compile_lexicons(LEXICONS)
WORDS = "باب بالدار دار سكن الرزق علم سور غرفة واسعة جدا الغرفة مدنها وسيسكنها شيء"
LETTERS = st.text(alphabet="ابتجدرسعفقكلمنهويةىأإآء ،.«»\nً", max_size=20)
TEXTS = st.lists(st.sampled_from([*WORDS.split(), *"،.!»«\n"]) | LETTERS, max_size=25).map(" ".join)


class PlainMatcher:
    """What README.md says of matching, word by word and slowly, for one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = list(WORD.finditer(text))
        self.forms = [lookup_form(word.group()) for word in self.words]
        ends = [end for _, end in split_sentences(text)]
        self.sentences = [sum(end <= word.start() for end in ends) for word in self.words]

    def joins(self, word: int) -> bool:
        between = self.text[self.words[word].end() : self.words[word + 1].start()]
        return re.search(r"[\n،.!]", between) is None

    def places(self, phrase: str, pos: str | None = None, other: Sequence[str] = ()) -> set[Place]:
        first, *rest = map(join_proclitics, inflect_phrase(phrase, pos))
        slots = [first - set(other), *rest]
        return {
            (begin, begin + len(slots) - 1)
            for begin in range(len(self.words) - len(slots) + 1)
            if all(self.forms[begin + place] in slot for place, slot in enumerate(slots))
            and all(self.joins(begin + place) for place in range(len(slots) - 1))
        }

    def stands_near(self, phrases: Sequence[str], place: Place) -> bool:
        return any(
            self.sentences[begin] == self.sentences[place[0]]
            and (end < place[0] or begin > place[1])
            for phrase in phrases
            for begin, end in self.places(phrase)
        )

    def counts(self, term: Term, place: Place) -> bool:
        first, last = place
        not_ = term.exceptions
        return (
            (not term.near or self.stands_near(term.near, place))
            and not self.stands_near(not_.near, place)
            and not any(
                e + 1 == first and self.joins(e) for p in not_.before for _, e in self.places(p)
            )
            and not any(
                b - 1 == last and self.joins(last) for p in not_.after for b, _ in self.places(p)
            )
        )

    def search(self, category: Category) -> list[Match]:
        candidates = {
            (first - last, first, last, number)
            for number, term in enumerate(category.terms)
            for phrase in (term.term, *term.forms)
            for first, last in self.places(phrase, term.pos, term.exceptions.forms)
            if self.counts(term, (first, last))
        }
        taken: set[int] = set()
        matches = []
        for _, first, last, number in sorted(candidates):
            if taken.isdisjoint(range(first, last + 1)):
                taken.update(range(first, last + 1))
                start, end = self.words[first].start(), self.words[last].end()
                term = category.terms[number].term
                matches.append(Match(category.name, category.kind, term, start, end))
        return matches


@given(TEXTS)
@example("سور دار علم، غرفة واسعة جدا. دار سكن باب دار سكن")
def test_what_is_found_is_what_a_plain_search_finds(text: str) -> None:
    plain = PlainMatcher(text)
    expected = [match for category in LEXICONS[0].categories for match in plain.search(category)]
    assert sorted(find_matches(text, MATCHER)) == sorted(expected)


@given(TEXTS)
def test_surfaces_are_places_of_the_text_and_never_overlap_within_a_category(text: str) -> None:
    matches = find_matches(text, MATCHER)
    assert matches == sorted(matches, key=lambda match: match.start)
    for name in {match.category for match in matches}:
        own = [match for match in matches if match.category == name]
        assert all(0 <= match.start < match.end <= len(text) for match in own)
        assert all(left.end <= right.start for left, right in pairwise(own))


@given(TEXTS, st.lists(st.sampled_from(["", "", "َ", "ًّ", "ـ", "ـــ", "ـِـ", "ٰ"]), min_size=1))
def test_matching_is_blind_to_vowel_marks_and_tatweel(text: str, signs: list[str]) -> None:
    text = re.sub(f"[{MARKS}]", "", text)
    sign = cycle(signs)
    dressed = "".join(letter + next(sign) if letter.isalpha() else letter for letter in text)
    plain = [(*match[:3], text[match.start : match.end]) for match in find_matches(text, MATCHER)]
    found = [
        (*match[:3], re.sub(f"[{MARKS}ـ]", "", dressed[match.start : match.end]))
        for match in find_matches(dressed, MATCHER)
    ]
    assert found == plain


def legal_forms(word: str, kind: str) -> list[str]:
    """Return a word with every clitic of its kind, as clitics.yml lists them."""
    rules, short = CLITICS["pos"][kind], CLITICS["short"]
    before, after = CLITICS["proclitics"][rules["proclitics"]], CLITICS["pronouns"]
    if len(word) <= short["letters"]:
        before = [clitic for clitic in before if clitic in short["proclitics"]]
        after = short["pronouns"]
    if kind in ("nisba", "invariable", "name", "exact"):
        after = []  # None at all, or (a nisba) only behind its feminine.
    before = ["", *before]
    forms = [clitic + word + pronoun for clitic in before for pronoun in ["", *after]]
    if rules["article"]:
        forms += [clitic + ("ل" if clitic.endswith("ل") else "ال") + word for clitic in before]
    return forms


CONSONANTS = "بتثجحدرسصعفقكمنهو"
ENTRIES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(CONSONANTS),
        st.text("ابتدرسعقلمنويئأ", min_size=1, max_size=5),
        st.sampled_from(CONSONANTS),
    ),
)


@given(ENTRIES, ENTRIES, st.sampled_from(kinds_of_word()))
def test_a_term_finds_its_own_forms_behind_every_clitic_of_its_kind(
    word: str, other: str, kind: str
) -> None:
    ending = "ي" if kind == "nisba" else ""
    words = (word + ending, other + ending)
    text = " ".join(form for spelling in words for form in legal_forms(spelling, kind))
    assert surfaces(text, Term(words[0], kind, forms=words[1:])) == text.split()


@given(LETTERS)
def test_every_form_of_a_term_is_found_wherever_it_stands_alone(text: str) -> None:
    matcher = compile_lexicons(lexicon(one=[Term("رسالة")]))
    for form in sorted(expand_word("رسالة"))[::40]:
        place = len(text) + 2
        matches = find_matches(f"{text}. {form} .{text}", matcher)
        assert (place, place + len(form)) in [(match.start, match.end) for match in matches]


@given(st.lists(st.text(st.characters())))
def test_any_characters_can_be_searched(texts: list[str]) -> None:
    found = find_terms_in(texts, compile_lexicons(load_lexicons()))
    assert len(found.words) == len(texts)
    for number, start, end in zip(found.text, found.start, found.end, strict=True):
        assert 0 <= start < end <= len(texts[number])


def one_by_one(texts: Sequence[str]) -> list[tuple[int, Match]]:
    return [
        (number, match)
        for number, text in enumerate(texts)
        for match in find_matches(text, MATCHER)
    ]


@given(st.lists(TEXTS | st.just(""), max_size=8), st.integers(1, 80))
@example(["باب", "دار", "", "", "سكن دار"], 2_000_000)
@example(["باب", "دار", "", "", "سكن دار"], 1)
def test_many_texts_are_searched_as_each_alone_in_blocks_of_any_size(
    texts: list[str], size: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis.matching, "BLOCK", size)
        found = find_terms_in(iter(texts), MATCHER)
        words = count_words_in(iter(texts))
    assert matches_of(found, MATCHER) == one_by_one(texts)
    assert found.words.tolist() == words.tolist() == [count_words(text) for text in texts]


@pytest.mark.parametrize("size", [1, 12, 2_000_000])
def test_neither_phrases_nor_contexts_go_on_in_the_next_text(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis.matching, "BLOCK", size)
    texts = ["ضاق سور", "دار", "علم", "سكن", "باب", "دار", "باب رزق", "", "باب"]
    found = find_terms_in(texts, MATCHER)
    assert [(n, m.category, m.term) for n, m in matches_of(found, MATCHER)] == [
        (1, "one", "دار"),
        (4, "one", "باب"),
        (4, "two", "باب"),
        (5, "one", "دار"),
        (6, "one", "باب"),
        (8, "one", "باب"),
        (8, "two", "باب"),
    ]


def test_no_text_gives_empty_arrays_of_whole_numbers() -> None:
    for array in (*find_terms_in([], MATCHER), count_words_in([])):
        assert array.tolist() == []
        assert array.dtype == np.int64
