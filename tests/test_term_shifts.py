"""The terms of a category make its difference between two sets of articles, with no rest."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student
from two_spans import (
    BY_HAND,
    EARLIER,
    INTERVAL,
    LATER,
    SPANS,
    make_counts,
    make_tables,
    two_months,
)

from analysis.errors import InputError
from analysis.periods import count_by_period
from analysis.term_shifts import TERM_SHIFT, compare_terms


def compare(articles, **options):
    counts, mentions = make_tables(articles)
    early = counts["published"] < SPANS["after"][0]
    ids = counts["article_id"]
    return compare_terms(mentions, counts, first=ids[early], second=ids[~early], **options)


def test_terms_compared_by_hand():
    table = compare(BY_HAND)
    assert table.dtypes.astype("str").to_dict() == dict(TERM_SHIFT)
    assert table[["category", "term"]].values.tolist() == [
        ["diplomacy", "سفير"],
        ["security", "أمن"],
        ["security", "جيش"],
    ]
    security = table[table["category"] == "security"]
    columns = ["mentions_first", "mentions_second", "tokens_first", "tokens_second"]
    assert security[columns].values.tolist() == [[7, 30, 400, 800], [0, 1, 400, 800]]
    columns = ["articles_first", "articles_second", "all_articles_first", "all_articles_second"]
    assert security[columns].values.tolist() == [[2, 1, 2, 2], [0, 1, 2, 2]]
    assert security["per_1000_first"].tolist() == [17.5, 0]
    assert security["per_1000_second"].tolist() == [37.5, 1.25]
    assert security["difference"].tolist() == [20, 1.25]
    assert security["difference_of_category"].tolist() == [21.25, 21.25]
    assert security["share_of_difference"].tolist() == pytest.approx([20 / 21.25, 1.25 / 21.25])


def test_categories_are_chosen_and_keep_their_order():
    assert compare(BY_HAND, categories=["security"])["category"].unique().tolist() == ["security"]
    turned = compare(BY_HAND, categories=["security", "diplomacy"])
    assert turned["category"].unique().tolist() == ["security", "diplomacy"]
    silent = compare([("المرصد", EARLIER, 9, {}), ("المرصد", LATER, 9, {})])
    assert silent.dtypes.astype("str").to_dict() == dict(TERM_SHIFT)
    assert silent.empty


@given(st.integers(0, 1000), st.integers(2, 12))
@settings(max_examples=20)
def test_law_terms_add_up_to_the_difference_of_their_category(seed, size):
    articles = two_months(seed, size)
    table = compare(articles, replicates=100)
    months = count_by_period(make_counts(articles)).set_index(["category", "period"])["per_1000"]
    for category, rows in table.groupby("category"):
        difference = months[category].diff().iloc[-1]
        assert rows["difference"].sum() == pytest.approx(difference, abs=1e-9)
        assert rows["difference_of_category"].tolist() == pytest.approx([difference] * len(rows))
        assert rows["difference"].abs().is_monotonic_decreasing


def test_the_interval_of_a_term_agrees_with_the_normal_one():
    generator = np.random.default_rng(4)
    articles = [
        ("المرصد", date, 100, {"أمن": int(generator.poisson(mean)), "جيش": 1})
        for date, mean in ((EARLIER, 1), (LATER, 3))
        for _ in range(200)
    ]
    table = compare(articles, replicates=4000).set_index("term")
    rates = np.array([10 * terms["أمن"] for *_, terms in articles]).reshape(2, 200)
    reach = student(398).ppf(0.975) * math.sqrt(rates.var(axis=1, ddof=1).sum() / 200)
    row = table.loc["أمن"]
    assert row["high"] - row["difference"] == pytest.approx(reach, rel=0.04)
    assert row["difference"] - row["low"] == pytest.approx(reach, rel=0.04)
    assert table.loc["جيش", INTERVAL].tolist() == pytest.approx([0, 0], abs=1e-9)


def test_without_strata_the_whole_set_is_resampled():
    often = [("المرصد", date, 100, {"أمن": 4}) for date in (EARLIER, LATER)] * 20
    never = [("الضفة", date, 100, {}) for date in (EARLIER, LATER)] * 20
    assert compare(often + never)["high"].tolist() == pytest.approx([0], abs=1e-9)
    # Half of the articles have a rate of 40, the others of 0.
    reach = student(78).ppf(0.975) * math.sqrt(2 * 20**2 / 39)
    across = compare(often + never, stratify=None, replicates=4000)
    assert across["high"].tolist() == pytest.approx([reach], rel=0.05)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"first": []}, "first holds no article; give ids of articles of `counts`."),
        (
            {"second": ["م00009"]},
            "second has article_id 'م00009', which the counts do not have; "
            "give ids of articles they have.",
        ),
        (
            {"second": ["م00003", "م00001"]},
            "first and second share articles (1), such as 'م00001'; compare sets that share none.",
        ),
        ({"categories": ["war"]}, "category is 'war'; choose one of 'diplomacy', 'security'."),
        ({"seed": -1}, "seed is -1; choose a whole number from 0 up."),
        (
            {"stratify": "section"},
            "the table `counts` has no column `section`; "
            "it has: article_id, outlet, published, category, mentions, tokens.",
        ),
    ],
)
def test_compare_terms_says_what_to_change(options, message):
    counts, mentions = make_tables(BY_HAND)
    sets = {"first": ["م00000", "م00001"], "second": ["م00002", "م00003"]}
    with pytest.raises(InputError) as raised:
        compare_terms(mentions, counts, **(sets | options))
    assert str(raised.value) == message
