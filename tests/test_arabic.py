"""Folding, words and sentences, and the law that offsets index the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arabic import (
    WORD,
    count_words,
    fold,
    lookup_form,
    split_paragraphs,
    split_sentences,
    tokenize,
)

NEWS = st.text(alphabet='اأإبةىيهمـًُ لنو 12.؟!،:«»"\n_-x…', max_size=80)


@pytest.mark.parametrize(
    ("written", "matched"),
    [
        ("الأمنيّة", "الامنيه"),
        ("إلى", "الي"),
        ("مُشيرًا", "مشيرا"),
        ("الـــرباط", "الرباط"),
        ("ﺍﺳﺘﻬﺪﻑ", "استهدف"),
        ("ﻻ", "لا"),
        ("سئل", "سئل"),
        ("مسؤول", "مسؤول"),
        ("Paris", "Paris"),
    ],
)
def test_fold(written, matched):
    assert fold(written) == matched


@pytest.mark.parametrize(
    ("written", "looked_up"),
    [
        # What tells words apart where it is written stays; hamza on waw is hamza on yeh.
        ("أعلام", "أعلام"),
        ("إعلام", "إعلام"),
        ("آمن", "آمن"),
        ("شرطة", "شرطة"),
        ("شرطه", "شرطه"),
        ("مسؤول", "مسئول"),
        ("وزراؤه", "وزرائه"),
        ("سيل", "سيل"),
        # The rest is folded.
        ("إلى", "إلي"),
        ("أُمنيّـــةٌ", "أمنية"),
        ("هٰذا", "هذا"),
        ("ـ", ""),
        ("ﺍﻹﺭﻫﺎﺏ", "الإرهاب"),
        ("ﻵ", "لآ"),
        ("ﷲ", "الله"),
        ("کہٱی", "كهاي"),
        ("Paris 24", "Paris 24"),
    ],
)
def test_lookup_form(written, looked_up):
    assert lookup_form(written) == looked_up


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("وقال: «نعم».", ["وقال", "نعم"]),
        ("#كأس_العالم", ["كأس", "العالم"]),
        ("الـ35 سنة", ["الـ35", "سنة"]),
        ("مُهِمّ جدًّا", ["مُهِمّ", "جدًّا"]),
        ("...", []),
        # Tatweel stretches a word; alone or before one it is a dash, as is a loose vowel mark.
        ("الـــرباط ـ مدينة", ["الـــرباط", "مدينة"]),
        ("ـ ـــ", []),
        ("ـنعم ولاـ", ["نعم", "ولاـ"]),
        ("نعمـَـلا", ["نعمـَـلا"]),
        ("نعم َلا َ", ["نعم", "لا"]),
    ],
)
def test_words(text, words):
    assert WORD.findall(text) == words
    assert count_words(text) == len(words)


def test_a_sentence_ends_at_its_stop_and_keeps_the_closing_mark():
    text = "قال: «انتهى الأمر.» ثم غادر! 3.5 بالمئة\nسطر ثان"
    found = [text[start:end] for start, end in split_sentences(text)]
    assert found == ["قال: «انتهى الأمر.»", "ثم غادر!", "3.5 بالمئة", "سطر ثان"]


@given(NEWS)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(NEWS)
def test_a_form_to_look_up_stays_and_is_folded_as_the_word_is(text):
    form = lookup_form(text)
    assert lookup_form(form) == form
    assert fold(form) == fold(text)


@given(NEWS)
def test_tokens_are_in_order_and_fold_from_the_original(text):
    forms, starts, ends = tokenize(text)
    assert forms == [fold(text[slice(*span)]) for span in zip(starts, ends, strict=True)]
    assert all(start < end for start, end in zip(starts, ends, strict=True))
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


@given(NEWS)
def test_no_word_is_lost_between_sentences(text):
    parts = [text[start:end] for start, end in split_sentences(text)]
    assert sum(map(count_words, parts)) == count_words(text)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(NEWS)
def test_a_paragraph_holds_no_line_break(text):
    assert all("\n" not in text[start:end] for start, end in split_paragraphs(text))


@given(st.text(alphabet=" \t\r\n\u2028\u00a0أ.", max_size=40))
def test_paragraphs_are_the_lines_that_hold_anything(text):
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    assert split_paragraphs(text) == [
        (start, start + len(line))
        for start, line in zip(starts, lines, strict=True)
        if line.strip()
    ]


def test_a_million_blanks_are_no_trouble():
    assert split_paragraphs(" " * 1_000_000) == []
