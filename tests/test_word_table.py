from itertools import product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.arabic import lookup_form
from analysis.blocks import ARABIC, spell
from analysis.word_table import LONGEST, WordTable, read_words

# Few beginnings, so that words differ in their last letters only, or one continues another.
BEGINNINGS = ["", "و", "وال", "والمست", "وبالمستشف", "ابابابابابابابا", "ابابابابابابابابابابابا"]
WORDS = st.builds(
    lambda beginning, rest: (beginning + rest)[:LONGEST],
    st.sampled_from(BEGINNINGS),
    st.text(st.sampled_from("اب") | st.sampled_from(ARABIC), min_size=1, max_size=LONGEST),
)


def table_of(words: list[str]) -> WordTable:
    return WordTable(read_words(spell(words)), np.arange(1, len(words) + 1))


def look_up(table: WordTable, *words: str) -> list[int]:
    return table.look_up(read_words(spell(words))).tolist()


@given(st.lists(WORDS, max_size=40), st.lists(WORDS, max_size=40))
@example(["اب", "ابا", "اب"], ["ا", "اب", "ابا", "اباب"])
@example(["ى", "ي", "ئ", "ؤ"], ["ي", "ى", "ؤ", "أ"])
def test_just_the_words_of_the_table_are_found_and_of_equal_ones_the_first(
    listed: list[str], asked: list[str]
) -> None:
    first: dict[str, int] = {}
    for number, word in enumerate(listed, start=1):
        first.setdefault(lookup_form(word), number)
    expected = [first.get(lookup_form(word), 0) for word in [*asked, *listed]]
    assert look_up(table_of(listed), *asked, *listed) == expected


@pytest.mark.parametrize("size", [7, 8, 9, 12])
def test_thousands_of_words_of_the_same_letters_are_told_apart(size: int) -> None:
    words = ["".join(letters) for letters in product("ابت", repeat=min(size, 7))]
    words = ["م" * (size - 7) + word for word in words]
    table = table_of(words)
    assert look_up(table, *words) == list(range(1, len(words) + 1))
    assert set(look_up(table, *(word + "ا" for word in words))) == {0}
    assert set(look_up(table, *(word[:-1] for word in words))) == {0}
    assert set(look_up(table, *(word.replace("ت", "ث") for word in words if "ت" in word))) == {0}


def test_a_word_longer_than_the_longest_is_never_found() -> None:
    longest = "با" * (LONGEST // 2)
    table = table_of([longest + "ب", longest, "باب"])
    assert look_up(table, longest + "ب", longest, longest + "بب", "باب") == [0, 2, 0, 3]


def test_a_table_may_be_empty() -> None:
    assert look_up(table_of([]), "باب", "دار") == [0, 0]
    assert look_up(table_of(["باب"])) == []


def test_words_that_hold_other_letters_are_not_found() -> None:
    assert look_up(table_of(["باب"]), "NATO", "بابA", "باب3", "باب") == [0, 0, 0, 1]


def test_renumbered_words_have_their_new_numbers_in_a_table_of_their_own() -> None:
    table = table_of(["باب", "دار", "باب", "بيت"])
    other = table.renumber(np.array([50, 60, 70, 60]))
    assert look_up(other, "بيت", "باب", "سوق", "دار") == [60, 50, 0, 60]
    assert look_up(table, "بيت", "باب", "سوق", "دار") == [4, 1, 0, 2]


@given(st.lists(WORDS, min_size=1, max_size=20), st.integers(1, 7))
def test_words_without_their_first_letters_are_words_too(words: list[str], letters: int) -> None:
    rests = [lookup_form(word[letters:]) for word in words]
    listed = list(filter(None, rests))
    asked = read_words(spell(words)).without_first(letters)
    assert table_of(listed).look_up(asked).tolist() == [
        listed.index(rest) + 1 if rest else 0 for rest in rests
    ]


@given(st.lists(WORDS, min_size=1, max_size=20), st.data())
def test_chosen_words_keep_their_letters(words: list[str], data: st.DataObject) -> None:
    read = read_words(spell(words))
    chosen = data.draw(st.lists(st.integers(0, len(words) - 1)))
    assert read.number == len(words)
    keys = read.choose(np.array(chosen, np.int64)).keys
    assert keys.T.tolist() == [read.keys[:, number].tolist() for number in chosen]


def test_the_first_two_letters_of_words() -> None:
    first, second = read_words(spell(["وب", "بالباب", "و"])).first_letters()
    w, b, a = spell("وبا")[1:-1:2].tolist()
    assert first.tolist() == [w, b, w]
    assert second.tolist() == [b, a, 0]
