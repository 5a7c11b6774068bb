"""Every way to measure a change is a row, and each row is what measuring it so would give."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from two_spans import PAIR, SECURITY, SPANS, TERMS, make_tables

from analysis.errors import InputError
from analysis.framing import framing_by_period
from analysis.influence import leave_one_out, leave_one_term_out
from analysis.lexicon import Category, Lexicon, Term
from analysis.periods import COPIES
from analysis.robustness import (
    ALL_TERMS,
    AS_GIVEN,
    ROBUSTNESS,
    SURE_TERMS,
    WITHOUT_MOST_FREQUENT,
    check_robustness,
)
from analysis.themes import count_themes, find_themes

LEXICONS = (
    Lexicon(
        "frames",
        1,
        (
            Category("security", "frame", "الأمن", "Security", (Term("أمن", sure=True),)),
            Category("diplomacy", "frame", "الدبلوماسية", "Diplomacy", (Term("قمة", sure=True),)),
        ),
    ),
)


def make_days(articles):
    """Build counts and mentions from articles with the days since 2031-01-01 as their dates."""
    first = pd.Timestamp("2031-01-01")
    return make_tables(
        [(outlet, first + pd.Timedelta(days=day), *rest) for outlet, day, *rest in articles]
    )


def draw_tables(seed, *, days=range(-10, 70), base=1.0, later=1.0, terms=tuple(TERMS)):
    generator = np.random.default_rng(seed)
    return make_days(
        [
            (
                ("المرصد", "الضفة")[int(generator.integers(2))],
                day,
                int(generator.integers(80, 120)),
                {
                    term: int(
                        generator.poisson(
                            later if day > 30 and TERMS[term][0] == "security" else base
                        )
                    )
                    for term in terms
                },
            )
            for day in days
            for _ in range(2)
        ]
    )  # fmt: skip


def mark_copies_of(counts, seed=0):
    """Let some articles copy the one before the last that copies nobody."""
    generator = np.random.default_rng(seed)
    ids = counts["article_id"].unique()
    first = ids[0]
    copy_of = {}
    for article_id in ids[1:]:
        if generator.random() < 0.3:
            copy_of[article_id] = first
        else:
            first = article_id
    return counts.assign(copy_of=counts["article_id"].map(copy_of).astype("str"))


def test_a_row_for_each_combination_in_a_fixed_order():
    counts, mentions = draw_tables(1)
    table = check_robustness(
        mark_copies_of(counts), mentions, **SECURITY, pair=PAIR, lexicons=LEXICONS, **SPANS
    )
    assert table.dtypes.astype("str").to_dict() == dict(ROBUSTNESS)
    windows = [AS_GIVEN, "shorter", "longer", "apart"]
    common = [ALL_TERMS, WITHOUT_MOST_FREQUENT, SURE_TERMS]
    of_security = [*common, "without security/army", "without security/state"]
    # Beside people, diplomacy has a term that stands directly in it.
    of_pair = [*common, "without diplomacy/people", *of_security[3:]]
    assert table[["measure", "window", "lexicon", "copies"]].values.tolist() == [
        *map(list, itertools.product(["per_1000", "share"], windows, of_security, COPIES)),
        *map(
            list,
            itertools.product(["balance", "balance_of_articles"], windows, of_pair, COPIES),
        ),
    ]
    assert table["main"].tolist() == [True] + [False] * (len(table) - 1)
    assert (table["agrees"] == (table["change"] * table["change"].iloc[0] > 0)).all()


def test_choices_that_the_tables_do_not_offer_have_no_rows():
    counts, mentions = draw_tables(2)
    table = check_robustness(counts, **SECURITY, days=0, **SPANS)
    assert table[["measure", "window", "lexicon", "copies"]].values.tolist() == [
        ["per_1000", AS_GIVEN, ALL_TERMS, "count"],
        ["share", AS_GIVEN, ALL_TERMS, "count"],
    ]
    table = check_robustness(counts, mentions, pair=PAIR, days=0, **SPANS)
    assert SURE_TERMS not in table["lexicon"].tolist()
    assert table["measure"].unique().tolist() == ["balance", "balance_of_articles"]


def test_a_variant_that_leaves_nothing_is_left_out():
    counts, mentions = draw_tables(3, terms=("جيش", "سفير", "قمة"))
    security = check_robustness(counts, mentions, **SECURITY, lexicons=LEXICONS, days=0, **SPANS)
    assert security["lexicon"].unique().tolist() == [ALL_TERMS]
    pair = check_robustness(counts, mentions, pair=PAIR, lexicons=LEXICONS, days=0, **SPANS)
    assert pair["lexicon"].unique().tolist() == [ALL_TERMS, "without diplomacy/people"]


def test_the_main_row_is_the_change_as_measured_elsewhere():
    counts, mentions = draw_tables(4)
    names = ["before", "after", "change", "low", "high"]
    for of, measure in (
        (SECURITY, "per_1000"),
        (SECURITY, "share"),
        ({"pair": PAIR}, "balance"),
    ):
        elsewhere = leave_one_out(counts, **of, measure=measure, replicates=500, **SPANS)
        table = check_robustness(mark_copies_of(counts), mentions, **of, **SPANS)
        row = table[table["measure"] == measure].iloc[0]
        np.testing.assert_allclose(row[names].astype(float), elsewhere[names].iloc[0])


def test_law_each_window_and_way_with_copies_is_that_of_framing_by_period():
    counts = mark_copies_of(draw_tables(5)[0])
    table = check_robustness(counts, **SECURITY, pair=PAIR, days=6, **SPANS)
    for copies, rows in table.groupby("copies"):
        for side in ("before", "after"):
            windows = rows.drop_duplicates("window").rename(
                columns={f"{side}_start": "start", f"{side}_end": "end"}
            )
            framing = framing_by_period(
                counts, windows=windows[["window", "start", "end"]], copies=copies, replicates=100
            )
            framing = framing[framing["category"] == "security"].set_index("window")
            for measure in ("per_1000", "share", "balance"):
                own = rows[rows["measure"] == measure].set_index("window")
                expected = framing.loc[own.index]
                np.testing.assert_allclose(own[side], expected[measure])
                np.testing.assert_allclose(own[f"articles_{side}"], expected["articles"])
                np.testing.assert_allclose(own[f"tokens_{side}"], expected["tokens"])


def test_windows_move_their_far_and_near_ends():
    counts, _ = draw_tables(6)
    names = ["before_start", "before_end", "after_start", "after_end"]
    table = check_robustness(counts, **SECURITY, **SPANS).drop_duplicates("window")
    days = table.set_index("window")[names].apply(lambda column: column.dt.strftime("%m-%d"))
    # A quarter of the 28 days of February are 7.
    assert days.T.to_dict("list") == {
        "as given": ["01-01", "01-31", "02-01", "02-28"],
        "shorter": ["01-08", "01-31", "02-01", "02-21"],
        "longer": ["12-25", "01-31", "02-01", "03-07"],
        "apart": ["01-01", "01-24", "02-08", "02-28"],
    }


def test_balances_of_mentions_and_of_articles_by_hand():
    articles = [
        ("المرصد", 1, 100, {"أمن": 5, "سفير": 1}),
        ("المرصد", 2, 100, {"أمن": 2}),
        ("المرصد", 40, 100, {"أمن": 1, "سفير": 1}),
        ("المرصد", 41, 100, {"سفير": 6}),
    ]
    table = check_robustness(make_days(articles)[0], pair=PAIR, days=0, **SPANS)
    assert table["measure"].tolist() == ["balance", "balance_of_articles"]
    assert table["before"].tolist() == pytest.approx([math.log2(7.5 / 1.5), math.log2(2.5 / 1.5)])
    assert table["after"].tolist() == pytest.approx([math.log2(1.5 / 7.5), math.log2(1.5 / 2.5)])


def test_variants_of_the_lexicon_count_the_terms_they_say():
    counts, mentions = draw_tables(7)
    table = check_robustness(counts, mentions, **SECURITY, lexicons=LEXICONS, days=0, **SPANS)
    kept = {
        SURE_TERMS: ["أمن"],
        "without security/army": ["أمن", "شرطة"],
        "without security/state": ["جيش"],
    }
    keys = ["article_id", "category"]
    for lexicon, terms in kept.items():
        found = mentions[mentions["term"].isin(terms)].groupby(keys).size()
        index = pd.MultiIndex.from_frame(counts[keys])
        recounted = counts.assign(mentions=found.reindex(index, fill_value=0).to_numpy())
        expected = check_robustness(recounted, **SECURITY, days=0, **SPANS)
        names = ["before", "after", "change", "low", "high", "standardised_change"]
        rows = table[table["lexicon"] == lexicon]
        np.testing.assert_allclose(rows[names], expected[names])


def test_the_most_frequent_terms_are_named_and_left_out():
    articles = [
        ("المرصد", day, 100, {"أمن": 2, "جيش": 1, "شرطة": 2, "سفير": 1, "قمة": 3})
        for day in (*range(5), *range(40, 50))
    ]
    # In the longer window only: it is not counted for what is most frequent.
    articles.append(("المرصد", 61, 100, {"جيش": 900}))
    counts, mentions = make_days(articles)
    table = check_robustness(counts, mentions, **SECURITY, pair=PAIR, **SPANS)
    named = table[table["lexicon"] == WITHOUT_MOST_FREQUENT].groupby("measure")["left_out"]
    assert named.unique().map(list).map("".join).to_dict() == {
        "per_1000": "أمن",
        "share": "أمن",
        "balance": "قمة، أمن",
        "balance_of_articles": "قمة، أمن",
    }
    assert (table.loc[table["lexicon"] != WITHOUT_MOST_FREQUENT, "left_out"] == "").all()
    elsewhere = leave_one_term_out(counts, mentions, **SECURITY, replicates=500, **SPANS)
    expected = elsewhere[elsewhere["left_out"] == "أمن"].iloc[0]
    row = table[(table["measure"] == "per_1000") & (table["left_out"] == "أمن")].iloc[0]
    assert row["before"] == expected["before"] == 30


def test_the_standardised_change_is_in_standard_errors():
    counts, mentions = draw_tables(8)
    table = check_robustness(counts, mentions, **SECURITY, pair=PAIR, days=0, level=0.9, **SPANS)
    articles = (table["articles_before"] + table["articles_after"]).iloc[0]
    reach = student(articles - 4).ppf(0.95)
    error = (table["high"] - table["low"]) / 2 / reach
    np.testing.assert_allclose(table["standardised_change"], table["change"] / error)


def test_a_planted_rise_is_found_in_whatever_way_it_is_measured():
    counts, mentions = draw_tables(9, base=0.3, later=1.5)
    table = check_robustness(
        mark_copies_of(counts), mentions, **SECURITY, lexicons=LEXICONS, **SPANS
    )
    assert len(table) == 2 * 4 * 5 * 3
    assert table["agrees"].all()
    assert (table["low"] > 0).all()


def test_without_a_change_few_rows_are_far_from_nothing():
    counts, mentions = draw_tables(10)
    table = check_robustness(counts, mentions, **SECURITY, pair=PAIR, **SPANS)
    assert table["standardised_change"].abs().median() < 2


def test_what_does_not_vary_has_no_interval():
    articles = [("المرصد", day, 100, {"أمن": 2}) for day in (*range(4), *range(40, 44))]
    table = check_robustness(make_days(articles)[0], **SECURITY, days=0, **SPANS)
    assert table["change"].tolist() == [0, 0]
    assert table[["low", "high", "standardised_change"]].isna().all(axis=None)
    assert table["agrees"].all()


def test_a_window_without_articles_is_a_row_without_numbers():
    articles = [("المرصد", day, 100, {"أمن": day % 7}) for day in (*range(9), *range(40, 59))]
    table = check_robustness(make_days(articles)[0], **SECURITY, days=10, **SPANS)
    row = table[(table["window"] == "shorter") & (table["measure"] == "per_1000")].iloc[0]
    assert row[["articles_before", "articles_after"]].tolist() == [0, 9]
    names = ["before", "change", "low", "high", "standardised_change"]
    assert row[names].isna().all()
    assert not row["agrees"]


def test_the_sample_s_planted_fall_holds_in_every_specification(sample):
    mentions = find_themes(sample)
    counts = count_themes(sample, mentions)
    # data/sample/gold/phases.csv: from phase 4 to 5 diplomacy falls from high to low.
    table = check_robustness(
        counts,
        mentions,
        category="diplomacy",
        before=("2018-01-01", "2019-12-31"),
        after=("2020-01-01", "2021-03-31"),
    )
    assert len(table) > 50
    assert table["agrees"].all()
    assert (table["change"] < 0).all()


def test_rows_do_not_depend_on_the_order_of_the_input_and_leave_it():
    counts, mentions = draw_tables(11)
    counts = mark_copies_of(counts)
    kept = counts.copy(deep=True), mentions.copy(deep=True)
    options = SECURITY | SPANS | {"pair": PAIR, "lexicons": LEXICONS}
    table = check_robustness(counts, mentions, **options)
    shuffled = counts.sample(frac=1, random_state=1), mentions.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(check_robustness(*shuffled, **options), table)
    pd.testing.assert_frame_equal(counts, kept[0])
    pd.testing.assert_frame_equal(mentions, kept[1])
    other = check_robustness(counts, mentions, **options, seed=1)
    assert (other["low"] != table["low"]).all()


def test_the_method_says_how():
    counts, _ = draw_tables(12)
    options = {"replicates": 200, "seed": 3, "level": 0.9, "stratify": None}
    table = check_robustness(counts, **SECURITY, **SPANS, **options)
    assert table["method"].unique().tolist() == [
        "t interval, standard error from a bootstrap of articles within span, 200 replicates, "
        "seed 3; level 0.9"
    ]
    table = check_robustness(counts, **SECURITY, **SPANS)
    assert table["method"].unique().tolist() == [
        "t interval, standard error from a bootstrap of articles within span and outlet, "
        "500 replicates, seed 20240726; level 0.95"
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"category": None},
            "neither category nor pair is given; name what changes, such as category='security' "
            "or pair=('security', 'diplomacy').",
        ),
        (
            {"pair": ("diplomacy", "security")},
            "category is 'security' and pair is ('diplomacy', 'security'); name the category "
            "first in the pair, so that a rise has the same sign in both.",
        ),
        ({"category": "war"}, "category is 'war'; choose one of 'diplomacy', 'security'."),
        (
            {"category": None, "pair": ("security", "security")},
            "the categories are ['security', 'security']; name each once, at least one.",
        ),
        ({"days": -1}, "days is -1; give a whole number, 0 or more."),
        ({"days": 28}, "days is 28, but the shorter span has only 28; choose fewer."),
        ({"replicates": 10}, "replicates is 10; choose at least 100, 1000 for results to publish."),
        (
            {"before": ("2031-01-31", "2031-01-01")},
            "before ends on 2031-01-01, before it starts on 2031-01-31; swap the two days.",
        ),
        (
            {"before": ("2031-01-01", "2031-02-01")},
            "before ends on 2031-02-01 and after starts on 2031-02-01; "
            "name two spans that share no day, the earlier one first.",
        ),
        (
            {"stratify": "section"},
            "the table `counts` has no column `section`; "
            "it has: article_id, outlet, published, category, mentions, tokens.",
        ),
        (
            {"mentions": pd.DataFrame({"article_id": [], "category": [], "term": []})},
            "the table `mentions` has no column `subcategory`; it has: article_id, category, term.",
        ),
    ],
)
def test_errors_say_what_to_change(options, message):
    counts, _ = draw_tables(13)
    with pytest.raises(InputError) as raised:
        check_robustness(counts, **(SECURITY | SPANS | options))
    assert str(raised.value) == message
