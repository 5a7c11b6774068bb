"""Quotation marks as typed: mixed shapes, nested, reversed, left open."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arabic import tokenize
from analysis.quotation_marks import find_quoted_spans


def spans(text, cues=()):
    return [
        text[s.start : s.end]
        for s in find_quoted_spans(text, tokenize(text), cues=cues, clitics=("ب", "و"))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('قال "نعم نعم" ثم مضى', ["نعم نعم"]),
        ("قال «نعم نعم».", ["نعم نعم"]),
        ("قال »نعم نعم« ثم", ["نعم نعم"]),
        ("قال “نعم نعم” ثم", ["نعم نعم"]),
        ("قال ”نعم نعم“ ثم", ["نعم نعم"]),
        ('قال" نعم نعم " ثم', ["نعم نعم"]),
        ("قال «نعم نعم «.", ["نعم نعم"]),
        ('قال "إن "الأفق" بخير".', ['إن "الأفق" بخير']),
        ('«إن "الأفق" بخير»', ['إن "الأفق" بخير']),
        ('بـ"الأفق" و"الضفة"', ["الأفق", "الضفة"]),
        ("«بدأ هنا\nوانتهى هنا».", ["بدأ هنا\nوانتهى هنا"]),
        ("«بدأ هنا ولم ينته.\nسطر آخر", ["بدأ هنا ولم ينته"]),
        ('نص بلا فتح".', []),
        ('""', []),
    ],
)
def test_spans(text, expected):
    assert spans(text) == expected


def test_an_open_span_ends_before_the_next_cue():
    text = "«لا جديد اليوم. وقال «غدا نرى»."
    assert spans(text, cues={"وقال"}) == ["لا جديد اليوم", "غدا نرى"]


@given(st.text(alphabet='ab «»“”".،\n', max_size=60))
def test_spans_are_in_order_and_apart(text):
    found = find_quoted_spans(text, tokenize(text))
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
