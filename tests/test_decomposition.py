"""A change splits into parts that add up, whatever the outlets, and each is found in its place."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student
from two_spans import BY_HAND, EARLIER, LATER, SPANS, make_counts

from analysis.decomposition import DECOMPOSITION, decompose_change
from analysis.errors import InputError
from analysis.periods import count_by_period
from analysis.themes import count_themes, find_themes


def decompose(counts, **options):
    return decompose_change(counts, **({"category": "security"} | SPANS | options))


def values_of(table):
    return {(part, group): value for part, group, value in
            table[["part", "group", "value"]].itertuples(index=False)}  # fmt: skip


def test_a_rate_decomposed_by_hand():
    counts = make_counts(BY_HAND)
    table = decompose(counts)
    assert table.dtypes.astype("str").to_dict() == dict(DECOMPOSITION)
    before, after = 17.5, 38.75
    level = (before + after) / 2
    values = values_of(table)
    assert values == pytest.approx(
        {
            ("outlet mix", ""): 0.5 * 45 - 0.5 * 7.5,
            ("outlet mix", "الضفة"): -0.5 * (7.5 - level),
            ("outlet mix", "المرصد"): 0.5 * (45 - level),
            ("within outlets", ""): 5 - 2.5,
            ("within outlets", "الضفة"): -5 * 0.5,
            ("within outlets", "المرصد"): 10 * 0.5,
            ("total", ""): after - before,
            ("total", "الضفة"): -0.5 * (7.5 - level) - 2.5,
            ("total", "المرصد"): 0.5 * (45 - level) + 5,
        }
    )
    row = table[(table["part"] == "outlet mix") & (table["group"] == "المرصد")].iloc[0]
    names = ["articles_before", "articles_after", "weight_before", "weight_after", "before"]
    assert row[names].tolist() == [1, 1, 0.25, 0.75, 40]
    assert table["share_of_change"].tolist() == pytest.approx([v / 21.25 for v in values.values()])


def test_a_share_is_weighed_by_articles():
    articles = [("المرصد", EARLIER, 900, {"أمن": 1}), ("الضفة", EARLIER, 10, {})]
    articles += [("المرصد", LATER, 10, {"أمن": 7})] * 3 + [("الضفة", LATER, 900, {})]
    table = decompose(make_counts(articles), measure="share")
    assert values_of(table[table["group"] == ""]) == {
        ("outlet mix", ""): 0.25,
        ("within outlets", ""): 0,
        ("total", ""): 0.25,
    }
    assert table["weight_after"].iloc[:3].tolist() == [1, 0.25, 0.75]


def test_an_outlet_of_one_span_is_mix_measured_from_the_overall_level():
    articles = [
        ("المرصد", EARLIER, 100, {"أمن": 1}),
        ("المرصد", LATER, 100, {"أمن": 1}),
        ("صدى المشرق", LATER, 100, {"أمن": 5}),
    ]
    table = decompose(make_counts(articles))
    level = (10 + 30) / 2
    assert values_of(table[table["part"] != "total"]) == pytest.approx(
        {
            ("outlet mix", ""): 20,
            ("outlet mix", "المرصد"): -0.5 * (10 - level),
            ("outlet mix", "صدى المشرق"): 0.5 * (50 - level),
            ("within outlets", ""): 0,
            ("within outlets", "المرصد"): 0,
            ("within outlets", "صدى المشرق"): 0,
        }
    )
    assert table["occurs"].tolist() == ["both", "both", "after"] * 3
    assert table["before"].isna().tolist() == [False, False, True] * 3


def test_copies_are_a_part_of_their_own():
    articles = [
        ("المرصد", EARLIER, 100, {"أمن": 1}),
        ("الضفة", EARLIER, 100, {"أمن": 1}),
        ("المرصد", LATER, 100, {"أمن": 2}),
        ("الضفة", LATER, 100, {"أمن": 2}),
        ("الضفة", LATER, 100, {"أمن": 8}),
    ]
    counts = make_counts(articles)
    counts["copy_of"] = counts["article_id"].map({"م00004": "م00003"})
    table = decompose(counts)
    # 10 to 20 without the copy, 10 to 40 with it.
    assert values_of(table[table["group"] == ""]) == pytest.approx(
        {
            ("outlet mix", ""): 0,
            ("within outlets", ""): 10,
            ("copies", ""): 20,
            ("total", ""): 30,
        }
    )
    assert table.loc[table["group"] == "الضفة", "articles_after"].tolist() == [1, 1, 2, 2]
    assert table.loc[table["group"] == "الضفة", "after"].tolist() == [20, 20, 50, 50]
    only_copies = counts.assign(copy_of=counts["copy_of"].fillna("م00000"))
    with pytest.raises(InputError) as error:
        decompose(only_copies)
    assert str(error.value) == (
        "the articles of 2031-01-01 to 2031-01-31 (2) have no words, or all are copies; "
        "choose other articles, or leave out `copy_of`."
    )


some_articles = st.lists(
    st.tuples(
        st.sampled_from(["المرصد", "الضفة", "صدى المشرق", None]),
        st.integers(0, 400),
        st.integers(0, 9),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def spread_over_spans(earlier, later):
    counts = make_counts(
        [
            (outlet, date, tokens, {"أمن": times})
            for date, articles in ((EARLIER, earlier), (LATER, later))
            for outlet, tokens, times, _ in [("المرصد", 50, 1, False), *articles]
        ]
    )
    copied = [False, *(a[3] for a in earlier), False, *(a[3] for a in later)]
    return counts, np.repeat(copied, 2)


@given(some_articles, some_articles, st.sampled_from(["share", "per_1000"]), st.booleans())
@settings(max_examples=40)
def test_law_parts_and_groups_add_up(earlier, later, measure, marked):
    counts, copied = spread_over_spans(earlier, later)
    if marked:
        counts["copy_of"] = pd.Series(np.where(copied, "م00000", None), dtype="str")
    table = decompose(counts, measure=measure, replicates=100)
    for _, part in table.groupby("part"):
        assert part["value"].iloc[1:].sum() == pytest.approx(part["value"].iloc[0], abs=1e-9)
    whole = table[table["group"] == ""].set_index("part")["value"]
    assert whole.drop("total").sum() == pytest.approx(whole["total"], abs=1e-9)
    months = count_by_period(counts)
    levels = months.loc[months["category"] == "security", measure]
    assert whole["total"] == pytest.approx(levels.diff().iloc[-1], abs=1e-9)


@given(some_articles, some_articles)
@settings(max_examples=20)
def test_law_time_turned_round_turns_every_sign(earlier, later):
    there = decompose(spread_over_spans(earlier, later)[0], replicates=100)
    back = decompose(spread_over_spans(later, earlier)[0], replicates=100)
    np.testing.assert_allclose(there["value"], -back["value"], atol=1e-9)
    assert there["group"].equals(back["group"])


def test_an_unknown_outlet_is_a_group_without_a_name():
    articles = [(None, EARLIER, 100, {"أمن": 1}), ("المرصد", LATER, 100, {})]
    table = decompose(make_counts(articles))
    assert table["group"].isna().tolist() == [False, True, False] * 3
    assert table["occurs"].tolist() == ["both", "before", "after"] * 3


def test_what_is_planted_is_found_in_its_part():
    rates = {"المرصد": 6, "الضفة": 1}
    generator = np.random.default_rng(3)

    def months(sizes, factor):
        return [
            (outlet, date, 100, {"أمن": int(generator.poisson(rates[outlet] * times))})
            for date, size, times in ((EARLIER, sizes[0], 1), (LATER, sizes[1], factor))
            for outlet in rates
            for _ in range(size[outlet])
        ]

    even, shifted = {"المرصد": 60, "الضفة": 60}, {"المرصد": 100, "الضفة": 20}
    for articles, moved, still in (
        (months((even, shifted), 1), "outlet mix", "within outlets"),
        (months((even, even), 2), "within outlets", "outlet mix"),
    ):
        table = decompose(make_counts(articles))
        rows = table[table["group"] == ""].set_index("part")
        assert rows.loc[moved, "low"] > 10
        assert rows.loc[still, "low"] <= 0 <= rows.loc[still, "high"]


def test_the_interval_of_a_share_agrees_with_the_binomial_one():
    articles = [("المرصد", EARLIER, 100, {"أمن": int(n < 60)}) for n in range(200)]
    articles += [("المرصد", LATER, 100, {"أمن": int(n < 150)}) for n in range(300)]
    row = decompose(make_counts(articles), measure="share", replicates=4000).iloc[-2]
    error = math.sqrt(0.3 * 0.7 / 199 + 0.5 * 0.5 / 299)
    reach = student(498).ppf(0.975) * error
    assert row["value"] == pytest.approx(0.2)
    assert [row["low"], row["high"]] == pytest.approx([0.2 - reach, 0.2 + reach], abs=0.004)


def test_law_nominal_coverage_is_kept():
    # True rates 10 and 20 in both outlets, whose weights change: mix 0, within 10.
    covered = {"outlet mix": 0, "within outlets": 0, "total": 0}
    truth = {"outlet mix": 0, "within outlets": 10, "total": 10}
    for seed in range(100):
        generator = np.random.default_rng(seed)
        articles = [
            (outlet, date, int(generator.integers(80, 120)), {"أمن": int(generator.poisson(mean))})
            for date, mean, sizes in ((EARLIER, 1, (20, 40)), (LATER, 2, (40, 20)))
            for outlet, size in zip(("المرصد", "الضفة"), sizes, strict=True)
            for _ in range(size)
        ]
        table = decompose(make_counts(articles), replicates=100, level=0.9)
        rows = table[table["group"] == ""].set_index("part")
        for part, value in truth.items():
            covered[part] += rows.loc[part, "low"] <= value <= rows.loc[part, "high"]
    # Binomial(100, .9) lies within these bounds in more than 99.5 % of draws.
    assert all(81 <= number <= 98 for number in covered.values()), covered


def test_the_sample_s_planted_changes_lie_within_outlets(sample):
    counts = count_themes(sample, find_themes(sample))
    # data/sample/gold/phases.csv: from phase 1 to 2 security rises and diplomacy falls.
    spans = {"before": ("2014-01-01", "2014-12-31"), "after": ("2015-01-01", "2016-09-30")}
    for category, sign in (("security", 1), ("diplomacy", -1)):
        table = decompose_change(counts, category=category, **spans)
        rows = table[table["group"] == ""].set_index("part")
        assert sign * rows.loc["within outlets", "value"] > 0.9 * sign * rows.loc["total", "value"]
        assert sign * rows.loc["total", "low"] > 0
        assert sign * rows.loc["total", "high"] > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"measure": "balance"},
            "measure is 'balance'; choose one of 'share', 'per_1000'.",
        ),
        ({"category": "war"}, "category is 'war'; choose one of 'diplomacy', 'security'."),
        ({"level": 95}, "level is 95; choose a number between 0 and 1, such as 0.95."),
        ({"replicates": 10}, "replicates is 10; choose at least 100, 1000 for results to publish."),
        (
            {"by": "section"},
            "the table `counts` has no column `section`; "
            "it has: article_id, outlet, published, category, mentions, tokens.",
        ),
        (
            {"before": "2031-01-01"},
            "before is '2031-01-01'; give its first and its last day, such as "
            "('2031-01-01', '2031-03-31').",
        ),
        (
            {"after": ("2031-02-28", "2031-02-01")},
            "after ends on 2031-02-01, before it starts on 2031-02-28; swap the two days.",
        ),
        (
            {"after": ("2031-01-31", "2031-02-28")},
            "before ends on 2031-01-31 and after starts on 2031-01-31; "
            "name two spans that share no day, the earlier one first.",
        ),
        (
            {"after": ("2033-01-01", "2033-02-01")},
            "no article falls into after, 2033-01-01 to 2033-02-01; "
            "the articles are of 2031-01-15 to 2031-02-15.",
        ),
    ],
)
def test_decompose_change_says_what_to_change(options, message):
    with pytest.raises(InputError) as raised:
        decompose(make_counts(BY_HAND), **options)
    assert str(raised.value) == message


def test_a_share_needs_no_words():
    articles = [("المرصد", EARLIER, 0, {"أمن": 1}), ("المرصد", LATER, 100, {"أمن": 1})]
    assert decompose(make_counts(articles), measure="share")["value"].tolist() == [0] * 6
