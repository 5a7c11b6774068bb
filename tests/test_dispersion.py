"""Dispersion: even is 0, clumped near 1, and few mentions are no clump by being few."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.dispersion import (
    DISPERSION,
    TERM_DISPERSION,
    deviation_of_proportions,
    measure_dispersion,
)
from analysis.errors import InputError
from analysis.tables import COUNTS, make_table


def make_counts(articles, categories=("security", "diplomacy")):
    """Build counts from (outlet, date, words), one per article."""
    rows = [
        {
            "article_id": f"م{number:03}",
            "outlet": outlet,
            "published": pd.Timestamp(published) if published else pd.NaT,
            "category": category,
            "mentions": 0,
            "tokens": words,
        }
        for number, (outlet, published, words) in enumerate(articles)
        for category in categories
    ]
    return make_table(rows, COUNTS)


def make_mentions(places):
    """Build mentions from (article number, category, term, times)."""
    rows = [
        {"article_id": f"م{number:03}", "category": category, "term": term}
        for number, category, term, times in places
        for _ in range(times)
    ]
    columns = {"article_id": "str", "category": "str", "term": "str"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def test_values_of_the_published_definition():
    # Gries (2008): the word a in parts of 9, 10, 10, 10 and 11 words; |1/15 - .18| and so on.
    mentions, words = [1, 2, 3, 4, 5], [9, 10, 10, 10, 11]
    deviation = (0.18 - 1 / 15) + (0.2 - 2 / 15) + (4 / 15 - 0.2) + (5 / 15 - 0.22)
    assert deviation_of_proportions(mentions, words) == pytest.approx(deviation / 2)
    assert deviation_of_proportions(mentions, words) == pytest.approx(0.18)
    # Lijffijt and Gries (2012): over 1 less the smallest share.
    normalised = deviation_of_proportions(mentions, words, normalised=True)
    assert normalised == pytest.approx(0.18 / 0.82)


def test_published_counts_of_a_word_in_tenths_of_a_corpus():
    # Lyne (1985), allemand in his corpus of French business letters; 0.4990705 by the R
    # package tlda.
    mentions = [2, 0, 1, 1, 3, 0, 3, 0, 0, 0]
    words = [8143, 8058, 8271, 8125, 7959, 7941, 8146, 8001, 8003, 7930]
    assert deviation_of_proportions(mentions, words) == pytest.approx(0.4990705, abs=1e-7)


def test_even_is_nothing_and_the_smallest_part_alone_is_the_most():
    assert deviation_of_proportions([1, 2, 3], [10, 20, 30]) == pytest.approx(0)
    assert deviation_of_proportions([5, 0, 0], [10, 20, 30]) == pytest.approx(5 / 6)
    assert deviation_of_proportions([5, 0, 0], [10, 20, 30], normalised=True) == pytest.approx(1)
    assert deviation_of_proportions([5, 0, 0, 0], [10, 20, 30, 0], normalised=True) == 1
    assert math.isnan(deviation_of_proportions([0, 0], [10, 20]))
    assert deviation_of_proportions([3], [10]) == 0
    assert math.isnan(deviation_of_proportions([3], [10], normalised=True))


parts = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 500)), min_size=2, max_size=12)


@given(parts, st.integers(2, 9))
def test_law_bounds_and_scale(parts, factor):
    mentions, words = map(np.array, zip(*parts, strict=True))
    deviation = deviation_of_proportions(mentions, words)
    if not mentions.sum():
        assert math.isnan(deviation)
        return
    largest = 1 - words.min() / words.sum()
    assert -1e-12 <= deviation <= largest + 1e-12
    normalised = deviation_of_proportions(mentions, words, normalised=True)
    assert normalised == pytest.approx(deviation / largest)
    scaled = deviation_of_proportions(factor * mentions, factor * words)
    assert scaled == pytest.approx(deviation)
    order = np.argsort(words)
    assert deviation_of_proportions(mentions[order], words[order]) == pytest.approx(deviation)
    # Parts put together hide what differs between them.
    together = deviation_of_proportions(
        [mentions[:2].sum(), *mentions[2:]], [words[:2].sum(), *words[2:]]
    )
    assert together <= deviation + 1e-12


COUNTED = make_counts(
    [
        ("المرصد", "2031-01-05", 100),
        ("المرصد", "2031-01-20", 300),
        ("الضفة", "2031-03-01", 200),
        ("الضفة", None, 400),
        (None, "2031-03-09", 0),
    ]
)
MENTIONED = make_mentions(
    [(0, "security", "أمن", 2), (0, "security", "جيش", 1), (2, "security", "أمن", 1)]
)


def test_articles_by_hand():
    table = measure_dispersion(MENTIONED, COUNTED)
    assert table.dtypes.astype("str").to_dict() == dict(DISPERSION)
    assert table["category"].tolist() == ["security", "diplomacy"]
    # Shares of the words .1, .3, .2, .4, of the mentions .75, 0, .25, 0.
    assert table.loc[0, "mentions":"parts"].tolist() == [4, 1000, 2, 5, 2, 4]
    assert table.loc[0, "dispersion"] == pytest.approx((0.65 + 0.3 + 0.05 + 0.4) / 2)
    assert table.loc[0, "dispersion_normalised"] == pytest.approx(0.7 / 0.9)
    assert table.loc[1, "mentions":"parts"].tolist() == [0, 1000, 0, 5, 0, 4]
    assert table.loc[1, "dispersion":].isna().all()


def test_outlets_by_hand():
    table = measure_dispersion(MENTIONED, COUNTED, by="outlet")
    assert table.loc[0, "mentions":"parts"].tolist() == [4, 1000, 2, 5, 2, 2]
    assert table.loc[0, "dispersion"] == pytest.approx(0.35)
    assert table.loc[0, "dispersion_normalised"] == pytest.approx(0.35 / 0.6)


def test_periods_by_hand_without_the_undated():
    table = measure_dispersion(MENTIONED, COUNTED, by="period")
    # January has 400 of 600 words and three of four mentions; February has no article.
    assert table.loc[0, "mentions":"parts"].tolist() == [4, 600, 2, 4, 2, 2]
    assert table.loc[0, "dispersion"] == pytest.approx(0.75 - 400 / 600)
    weekly = measure_dispersion(MENTIONED, COUNTED, by="period", freq="W")
    assert weekly["parts"].tolist() == [3, 3]


def test_terms_by_hand_the_most_mentioned_first():
    table = measure_dispersion(MENTIONED, COUNTED, of="term", by="outlet")
    assert table.dtypes.astype("str").to_dict() == dict(TERM_DISPERSION)
    assert table[["category", "term", "mentions", "parts_with"]].values.tolist() == [
        ["security", "أمن", 3, 2],
        ["security", "جيش", 1, 1],
    ]
    assert table["dispersion"].tolist() == pytest.approx([abs(2 / 3 - 0.4), 0.6])
    empty = measure_dispersion(MENTIONED[:0], COUNTED, of="term")
    assert empty.dtypes.astype("str").to_dict() == dict(TERM_DISPERSION)
    assert empty.empty


def test_mean_by_chance_over_all_places_of_the_mentions():
    counts = make_counts([("المرصد", "2031-01-01", words) for words in (1, 2, 3)], ("security",))
    mentions = make_mentions([(1, "security", "أمن", 4)])
    by_chance = measure_dispersion(mentions, counts)["dispersion_by_chance"].iloc[0]
    words = [0, 1, 1, 2, 2, 2]
    all_places = [
        deviation_of_proportions(np.bincount(places, minlength=3), [1, 2, 3])
        for places in itertools.product(words, repeat=4)
    ]
    assert by_chance == pytest.approx(np.mean(all_places))


def test_few_mentions_at_random_are_no_clump():
    generator = np.random.default_rng(3)
    articles = [("المرصد", "2031-01-01", int(words)) for words in generator.integers(50, 400, 300)]
    counts = make_counts(articles)
    words = counts["tokens"].to_numpy()[::2]
    drawn = generator.choice(300, 40, p=words / words.sum())
    scattered = [(int(number), "security", "أمن", 1) for number in drawn]
    clumped = [(number, "diplomacy", "حوار", 10) for number in range(4)]
    table = measure_dispersion(make_mentions(scattered + clumped), counts)
    assert (table["dispersion"] > 0.8).all()
    excess = table["dispersion"] - table["dispersion_by_chance"]
    assert abs(excess[0]) < 0.03
    assert excess[1] > 0.1


def test_same_values_in_any_row_order():
    articles = [("المرصد", "2031-01-01", 100 + 7 * number) for number in range(40)]
    counts = make_counts(articles)
    mentions = make_mentions([(number, "security", "أمن", number % 4) for number in range(40)])
    before = counts.copy(deep=True), mentions.copy(deep=True)
    for options in ({}, {"of": "term"}, {"by": "period"}):
        table = measure_dispersion(mentions, counts, **options)
        shuffled = measure_dispersion(
            mentions.sample(frac=1, random_state=1), counts[::-1], **options
        )
        pd.testing.assert_frame_equal(
            shuffled.sort_values("category", ignore_index=True),
            table.sort_values("category", ignore_index=True),
        )
    pd.testing.assert_frame_equal(counts, before[0])
    pd.testing.assert_frame_equal(mentions, before[1])


def message(mentions=MENTIONED, counts=COUNTED, **options):
    with pytest.raises(InputError) as raised:
        measure_dispersion(mentions, counts, **options)
    return str(raised.value)


def test_errors_say_what_to_change():
    assert message(of="word") == "of is 'word'; choose one of 'category', 'term'."
    assert message(by="section") == (
        "the table `counts` has no column `section`; "
        "it has: article_id, outlet, published, category, mentions, tokens."
    )
    assert message(by="period", freq="D") == "freq is 'D'; choose one of 'W', 'MS', 'QS', 'YS'."
    assert message(MENTIONED.drop(columns="term"), of="term") == (
        "the table `mentions` has no column `term`; it has: article_id, category."
    )
    assert message(MENTIONED.assign(article_id="س")) == (
        "mentions has article_id 'س', which the counts do not have; "
        "pass the counts of the same articles and lexicons."
    )
    assert message(MENTIONED.assign(category="tourism")) == (
        "mentions has category 'tourism', which the counts do not have; "
        "pass the counts of the same articles and lexicons."
    )
