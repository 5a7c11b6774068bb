import time
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.lexicon import Category, Exceptions, Lexicon, Term, expand_word, load_lexicons
from analysis.matching import compile_lexicons, find_matches

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "matching.yml").read_text("utf-8"))


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


def test_longest_wins_within_a_category_and_categories_do_not_compete() -> None:
    matcher = compile_lexicons(
        lexicon(one=[Term("باب"), Term("باب خشب"), Term("خشب كبير")], two=[Term("خشب")])
    )
    text = "باب خشب كبير"
    assert [(m.category, m.term) for m in find_matches(text, matcher)] == [
        ("one", "باب خشب"),
        ("two", "خشب"),
    ]


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


def test_madda_is_told_apart_from_hamza() -> None:
    assert surfaces("أمن وامن وآمن", Term("أمن")) == ["أمن", "وامن"]
    assert surfaces("آثار واثار", Term("آثار")) == ["آثار", "واثار"]


def test_skipped_places_end_phrases() -> None:
    assert surfaces("سوق \n\n\n كبير", Term("سوق كبير")) == []


LETTERS = st.text(alphabet="ابتجدرسعفقكلمنهويةىأإآء ،.«»\nً", max_size=60)


@given(LETTERS)
def test_matches_are_true_places_in_order_that_never_overlap(text: str) -> None:
    matcher = compile_lexicons(lexicon(one=[Term("باب"), Term("باب دار"), Term("دار")]))
    matches = find_matches(text, matcher)
    assert all(0 <= m.start < m.end <= len(text) for m in matches)
    assert all(left.end <= right.start for left, right in pairwise(matches))
    assert find_matches(text, matcher) == matches


@given(LETTERS)
def test_every_form_of_a_term_is_found_wherever_it_stands_alone(text: str) -> None:
    matcher = compile_lexicons(lexicon(one=[Term("رسالة")]))
    for form in sorted(expand_word("رسالة"))[::40]:
        place = len(text) + 2
        match = find_matches(f"{text}. {form} .{text}", matcher)
        assert (place, place + len(form)) in [(m.start, m.end) for m in match]


def test_real_news_matches_at_a_fair_speed(shared: Path) -> None:
    texts = pd.read_parquet(shared / "corpora" / "ant_2018.parquet", columns=["text"])["text"][
        :3000
    ]
    matcher = compile_lexicons(load_lexicons())
    start = time.process_time()
    found = sum(len(find_matches(text, matcher)) for text in texts)
    seconds = time.process_time() - start
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    assert found > 5000
    assert megabytes / seconds > 3, "a guard against a slow path, not a benchmark"
