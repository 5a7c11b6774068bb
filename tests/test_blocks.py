"""Texts as arrays say the same of words and sentences as `analysis.arabic` does of texts."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.arabic import WORD, lookup_form, split_sentences
from analysis.blocks import ARABIC, SPACE, Block, Bytes, spell

# Small waw and yeh (ۥۦ) are letters and marks at once, see the known failure below.
BOTH = "\u06e5\u06e6"
ANYTHING = st.text(st.characters(exclude_characters=BOTH))
NEWS = st.text("ابةىأـًّ 1.،؟«»\"_-'\n\u200fa\U0001f600\U0001d49cﻻﷲﹰ\u2028", max_size=60)


def spans(text: str) -> list[tuple[int, int]]:
    block = Block(text)
    return list(zip(block.starts.tolist(), block.ends.tolist(), strict=True))


@given(ANYTHING | NEWS)
@example("\ud800ا \udfffب\ud83d\ude00ج")
@example("\u064eا ـ ب\u0640 \u064e\u064eج\u064e\u0640د")
def test_words_stand_where_the_expression_for_words_finds_them(text: str) -> None:
    assert spans(text) == [match.span() for match in WORD.finditer(text)]


def test_every_character_is_a_letter_a_mark_or_neither_as_in_the_expression() -> None:
    characters = [chr(code) for code in range(0x11000) if chr(code) not in BOTH]
    text = "\n".join(
        f"{character} {character}ا ا{character} ا{character}ا" for character in characters
    )
    lines = np.cumsum([0, *(len(line) + 1 for line in text.split("\n"))])
    differing = {
        start for start, _ in set(spans(text)) ^ {match.span() for match in WORD.finditer(text)}
    }
    assert {text[lines[np.searchsorted(lines, start, "right") - 1]] for start in differing} == set()


@pytest.mark.parametrize("text", [f"{character}ا" for character in BOTH])
def test_small_letters_of_the_quran_are_the_same_to_both(text: str) -> None:
    assert spans(text) == [match.span() for match in WORD.finditer(text)]


def split(letters: Bytes) -> list[bytes]:
    return letters.tobytes().replace(bytes([SPACE]), b" ").split()


@given(st.text([*ARABIC, *"ًُّـٰ .،«\n"], max_size=60))
def test_letters_are_those_of_the_forms_that_words_are_looked_up_by(text: str) -> None:
    assert split(Block(text).letters) == split(spell(map(lookup_form, WORD.findall(text))))


@pytest.mark.parametrize(
    ("text", "numbers", "spelled"),
    [
        ("لا إله", [], []),
        ("ﻻ ريب وﻻ شك", [0, 2], ["لا", "ولا"]),
        ("قال: ﷲ أكبر", [1], ["الله"]),
        ("ﻻﻻ", [0], ["لالا"]),
        ("بـﷺ ثم ﻵل", [0, 2], ["بصليالله" + "عليهوسلم", "لآل"]),
    ],
)
def test_words_with_ligatures_are_spelled_out(
    text: str, numbers: list[int], spelled: list[str]
) -> None:
    words, letters = Block(text).words_with_ligatures()
    assert words.tolist() == numbers
    assert split(letters) == split(spell(spelled))


@pytest.mark.parametrize(
    ("between", "joins"),
    [
        *((text, True) for text in (" ", "  ", "\t", "\u00a0", "-", " – ", "_", " ـ ", " \u064e")),
        *((text, True) for text in (" «", "» ", ' "', "”", " (", ") ", "] ", "'", "\u200f ")),
        *((text, False) for text in ("\n", " \n ", "، ", ", ", ". ", "؛ ", ": ", "؟ ", "… ")),
        *((text, False) for text in ("/", " + ", "\U0001f600", " \U0001f600 ", " * ")),
        pytest.param("\ud800", False, id="surrogate"),
    ],
)
def test_what_may_stand_between_the_words_of_a_phrase(between: str, joins: bool) -> None:
    block = Block(f"، باب{between}دار.")
    assert block.joins_next(np.array([0])).tolist() == [joins]


PIECES = ["ا", "باب", " ", "  ", "\n", ".", "!", "؟", "…", "?", "»", "”", '"', "«", "،"]


def sentences(text: str) -> list[int]:
    """Return for each word the number of its sentence, by `split_sentences`."""
    ends = [end for _, end in split_sentences(text)]
    return [int(np.searchsorted(ends, match.start(), "right")) for match in WORD.finditer(text)]


def check_sentences(text: str) -> None:
    block = Block(text)
    found = block.sentence_of(np.arange(len(block.starts))).tolist()
    expected = sentences(text)
    assert found == sorted(found)
    assert [a == b for a, b in pairwise(found)] == [a == b for a, b in pairwise(expected)]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@example("بلغت 3.5 بالمئة. هل تراجعت؟\nنعم")
@example("«نعم!» ثم «لا؟!”» و…")
def test_sentences_are_those_that_split_sentences_finds(text: str) -> None:
    check_sentences(text)


def test_a_sentence_ends_behind_any_number_of_quotation_marks() -> None:
    check_sentences('قال: «كتب: «رد: "نعم."»» ثم غادر')


def test_words_are_told_apart_by_their_sentences() -> None:
    block = Block("باب دار. باب\nدار «نعم.» باب 3.5 دار")
    assert block.sentence_of(np.arange(len(block.starts))).tolist() == [0, 0, 1, 2, 2, 3, 3, 3, 3]
