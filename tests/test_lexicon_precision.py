"""Every term of the shipped lexicons has its measured precision in the README beside them."""

import re

import pytest

from analysis.data_files import data_path
from analysis.lexicon import load_lexicons

ROW = re.compile(r"\| (?P<term>[^|]+?) \| (?P<hits>[\d,]+) \| (?P<read>\d+) \| (?P<right>\d+) \|")
LEAST = 0.9
ENOUGH = 20


@pytest.fixture(scope="module")
def measured():
    text = data_path("lexicons", "README.md").read_text("utf-8")
    tables = text.split("<!-- precision: begin")[1].split("<!-- precision: end")[0]
    rows = {}
    for part in tables.split("<summary>")[1:]:
        category = part.split(":", 1)[0]
        for row in ROW.finditer(part):
            figures = (row[name].replace(",", "") for name in ("hits", "read", "right"))
            rows[category, row["term"]] = tuple(map(int, figures))
    return rows


def entries():
    return {
        (category.name, term.term): term
        for lexicon in load_lexicons()
        for category in lexicon.categories
        for term in category.terms
    }


def test_every_term_is_in_the_tables_and_no_other(measured):
    assert measured.keys() == entries().keys()


def test_every_frequent_term_was_read(measured):
    unread = [entry for entry, (hits, read, _) in measured.items() if hits >= ENOUGH > read]
    assert unread == []


def test_a_frequent_term_of_lower_precision_has_a_written_reason(measured):
    weak = [
        entry
        for entry, (hits, read, right) in measured.items()
        if hits >= ENOUGH and right < LEAST * read
    ]
    assert [entry for entry in weak if not entries()[entry].note] == []
