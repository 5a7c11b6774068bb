"""Sentences, words and marks as the attribution rules see them."""

import pytest

from analysis.attribution_lexicon import load_lexicon
from analysis.document import read_document


def read(text):
    return read_document(text, load_lexicon())


def sentences(text):
    document = read(text)
    return [
        text[document.starts[first] : document.ends[after - 1]]
        for first, after in document.sentences
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("جاء الصيف. وذهب الناس", ["جاء الصيف.", "وذهب الناس"]),
        ("جاء الصيف.وذهب الناس", ["جاء الصيف.", "وذهب الناس"]),
        ("بلغ 3.5 بالمئة. وتراجع", ["بلغ 3.5 بالمئة.", "وتراجع"]),
        ("قال د. سمير إنه بخير", ["قال د. سمير إنه بخير"]),
        ("مر الصيف.. وبقي الحر", ["مر الصيف.. وبقي الحر"]),
        ("قال «نعم. لا بأس» ومضى", ["قال «نعم. لا بأس» ومضى"]),
        ('قال "لن نعود أبدا." وأضاف', ['قال "لن نعود أبدا."', "وأضاف"]),
        ('"لن نعود أبدا." يقول سمير', ['"لن نعود أبدا." يقول سمير']),
        ("سطر\nآخر", ["سطر", "آخر"]),
        ("بيروت (وكالة) -- عاد الهدوء", ["بيروت (وكالة) --", "عاد الهدوء"]),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("على الطريق", "على"),
        ("علي الطريق", "على"),
        ("علي نائم", "علي"),
        ("محمد علي الحسن", "علي"),
    ],
)
def test_the_preposition_is_told_from_the_name(text, form):
    assert form in read(text).forms


def test_the_preposition_after_wifqan_is_cut_off():
    text = "وفقا للوزارة"
    document = read(text)
    assert document.forms == ["وفقا", "ل", "الوزاره"]
    assert text[document.starts[2] : document.ends[2]] == "لوزارة"


def test_marks_of_direction_and_hashtags_are_no_words():
    assert read("#بوتين_قال \u200fنعم").forms == ["بوتين", "قال", "نعم"]


def test_words_in_marks_are_no_cues():
    document = read('قال "أكد نعم أنه"')
    assert [document.forms[place] for place in document.cues] == ["قال"]
