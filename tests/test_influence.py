"""What is left out is left out everywhere: a change without it is that of tables without it."""

import math

import numpy as np
import pytest
from two_spans import (
    BY_HAND,
    EARLIER,
    INTERVAL,
    LATER,
    PAIR,
    SECURITY,
    SPANS,
    draw_articles,
    make_counts,
    make_tables,
    two_months,
)

from analysis.errors import InputError
from analysis.influence import LEFT_OUT, TERM_LEFT_OUT, leave_one_out, leave_one_term_out
from analysis.themes import count_themes, find_themes


@pytest.mark.parametrize("measure", ["share", "per_1000", "balance"])
def test_law_leaving_an_outlet_out_is_having_none_of_its_articles(measure):
    counts = make_counts(two_months(9, 24, outlets=("المرصد", "الضفة", "صدى المشرق")))
    of = {"pair": PAIR} if measure == "balance" else SECURITY
    options = SPANS | of | {"measure": measure}
    table = leave_one_out(counts, **options).set_index("left_out")
    assert table.index.tolist() == ["", "الضفة", "المرصد", "صدى المشرق"]
    names = ["articles_before", "articles_after", "tokens_before", "tokens_after", "before",
             "after", "change"]  # fmt: skip
    for outlet in table.index[1:]:
        rest = leave_one_out(counts[counts["outlet"] != outlet], **options)
        np.testing.assert_allclose(table.loc[outlet, names].astype(float), rest[names].iloc[0])
        # The last outlet is drawn last: without it the draws of the others are the same.
        last = outlet == table.index[-1]
        np.testing.assert_allclose(
            table.loc[outlet, INTERVAL].astype(float),
            rest[INTERVAL].iloc[0],
            atol=1e-9 if last else 0.2 * (rest["high"] - rest["low"]).iloc[0],
        )
    whole = table["change"].iloc[0]
    np.testing.assert_allclose(table["difference"], table["change"] - whole)
    assert (table["sign_holds"] == (table["change"] * whole > 0)).all()


def test_a_change_made_by_one_outlet_does_not_hold_without_it():
    articles = [
        (outlet, date, 100, {"أمن": times, "سفير": 1})
        for outlet, earlier, later in (("المرصد", 1, 9), ("الضفة", 4, 3), ("صدى المشرق", 3, 3))
        for date, times in ((EARLIER, earlier), (LATER, later))
        for _ in range(5)
    ]
    counts = make_counts(articles)
    table = leave_one_out(counts, **SECURITY, **SPANS)
    assert table.dtypes.astype("str").to_dict() == dict(LEFT_OUT)
    assert table["change"].tolist() == pytest.approx([70 / 3, 40, -5, 35])
    assert table["sign_holds"].tolist() == [True, True, False, True]
    balance = leave_one_out(counts, pair=PAIR, measure="balance", **SPANS)
    assert balance["before"].iloc[0] == pytest.approx(math.log2(40.5 / 15.5))
    assert balance["after"].iloc[2] == pytest.approx(math.log2(30.5 / 10.5))
    assert balance["sign_holds"].tolist() == [True, True, False, True]


def test_nothing_varies_when_one_article_a_span_is_left():
    articles = [("المرصد", date, 100, {"أمن": n}) for date in (EARLIER, LATER) for n in range(6)]
    articles += [("الضفة", date, 100, {"أمن": 2}) for date in (EARLIER, LATER)]
    table = leave_one_out(make_counts(articles), **SECURITY, **SPANS)
    assert table["left_out"].tolist() == ["", "الضفة", "المرصد"]
    assert table["low"].isna().tolist() == [False, False, True]
    assert table["change"].tolist() == [0, 0, 0]


def test_without_the_only_outlet_nothing_is_left():
    counts = make_counts(draw_articles(10, 6) + draw_articles(11, 6, date=LATER, outlets=("صدى",)))
    for of in (
        SECURITY,
        {"pair": PAIR, "measure": "balance"},
    ):
        row = leave_one_out(counts, **of, **SPANS).set_index("left_out").loc["صدى"]
        assert row[["articles_before", "articles_after"]].tolist() == [6, 0]
        assert row[["after", "change", *INTERVAL]].isna().all()
        assert not row["sign_holds"]


def test_an_unknown_outlet_has_no_name():
    articles = [(None, EARLIER, 100, {"أمن": 1}), ("المرصد", LATER, 100, {})]
    left = leave_one_out(make_counts(articles), **SECURITY, **SPANS)
    assert left["left_out"].isna().tolist() == [False, True, False]
    assert left["articles_before"].tolist() == [1, 0, 1]


@pytest.mark.parametrize("measure", ["share", "per_1000", "balance"])
def test_law_leaving_a_term_out_is_not_counting_its_mentions(measure):
    counts, mentions = make_tables(two_months(12, 20, rate=0.8))
    of = {"pair": PAIR} if measure == "balance" else SECURITY
    options = SPANS | of | {"measure": measure}
    table = leave_one_term_out(counts, mentions, **options)
    assert table.dtypes.astype("str").to_dict() == dict(TERM_LEFT_OUT)
    terms = ["أمن", "جيش", "سفير", "قمة"] if measure == "balance" else ["أمن", "جيش"]
    assert sorted(table["left_out"].iloc[1:]) == terms
    assert table["difference"].iloc[1:].abs().is_monotonic_decreasing
    names = ["articles_before", "tokens_after", "before", "after", "change", *INTERVAL]
    for _, row in table.iterrows():
        rest = mentions[mentions["term"] != row["left_out"]]
        keys = ["article_id", "category"]
        recounted = counts.drop(columns="mentions").merge(
            rest.groupby(keys).size().rename("mentions").reset_index(), on=keys, how="left"
        )
        recounted["mentions"] = recounted["mentions"].fillna(0).astype("int64")
        expected = leave_one_term_out(recounted, rest, **options)
        np.testing.assert_allclose(row[names].astype(float), expected[names].iloc[0], atol=1e-9)


def test_mentions_of_each_term_stand_beside_its_row():
    table = leave_one_term_out(*make_tables(BY_HAND), **SECURITY, **SPANS)
    columns = ["category", "left_out", "mentions_before", "mentions_after", "change", "sign_holds"]
    assert table[columns].values.tolist() == [
        ["security", "", 7, 31, 21.25, True],
        ["security", "أمن", 7, 30, 1.25, True],
        ["security", "جيش", 0, 1, 20, True],
    ]
    both = leave_one_term_out(*make_tables(BY_HAND), pair=PAIR, measure="balance", **SPANS)
    assert both["category"].iloc[0] == "security / diplomacy"
    assert sorted(both["category"].iloc[1:]) == ["diplomacy", "security", "security"]


def test_without_strata_the_whole_span_is_resampled():
    often = [("المرصد", date, 100, {"أمن": 4}) for date in (EARLIER, LATER)] * 20
    never = [("الضفة", date, 100, {}) for date in (EARLIER, LATER)] * 20
    tables = make_tables(often + never)
    within = leave_one_term_out(*tables, **SECURITY, **SPANS)
    across = leave_one_term_out(*tables, **SECURITY, stratify=None, **SPANS)
    assert within["high"].iloc[0] == pytest.approx(0, abs=1e-9)
    assert across["high"].iloc[0] > 5


def test_the_sample_s_planted_changes_do_not_hang_on_one_outlet_or_term(sample):
    mentions = find_themes(sample)
    counts = count_themes(sample, mentions)
    # data/sample/gold/phases.csv: from phase 1 to 2 security rises and diplomacy falls.
    spans = {"before": ("2014-01-01", "2014-12-31"), "after": ("2015-01-01", "2016-09-30")}
    for category, sign in (("security", 1), ("diplomacy", -1)):
        for left in (
            leave_one_out(counts, category=category, **spans),
            leave_one_term_out(counts, mentions, category=category, **spans),
        ):
            assert len(left) > 2
            assert (sign * left["change"] > 0).all()
            assert left["sign_holds"].all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"measure": "balance", "category": "security"},
            "measure is 'balance', which compares two categories; give `pair`, such as "
            "('security', 'diplomacy'), and no `category`.",
        ),
        (
            {},
            "measure is 'per_1000', which is of one category; give `category`, such as "
            "'security', and no `pair`.",
        ),
        (
            {"measure": "rate", "category": "security"},
            "measure is 'rate'; choose one of 'share', 'per_1000', 'balance'.",
        ),
        (
            {"measure": "balance", "pair": ("security", "security")},
            "the categories are ['security', 'security']; name each once, at least one.",
        ),
    ],
)
def test_leaving_out_says_what_to_change(options, message):
    counts, mentions = make_tables(BY_HAND)
    for leave in (
        lambda: leave_one_out(counts, **SPANS, **options),
        lambda: leave_one_term_out(counts, mentions, **SPANS, **options),
    ):
        with pytest.raises(InputError) as raised:
            leave()
        assert str(raised.value) == message
