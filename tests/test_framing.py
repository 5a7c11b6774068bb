import math

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import InputError
from analysis.framing import FRAMING, framing_by_period
from analysis.periods import count_by_period
from analysis.tables import COUNTS, make_table

INTERVALS = ["low", "high", "per_1000_low", "per_1000_high", "balance_low", "balance_high"]


def make_counts(articles):
    """Build counts from (outlet, date, security, diplomacy, tokens), one per article."""
    rows = [
        {
            "article_id": f"{number:05}",
            "outlet": outlet,
            "published": pd.Timestamp(published),
            "category": category,
            "mentions": mentions,
            "tokens": tokens,
        }
        for number, (outlet, published, security, diplomacy, tokens) in enumerate(articles)
        for category, mentions in (("security", security), ("diplomacy", diplomacy))
    ]
    return make_table(rows, COUNTS)


def draw_articles(seed, size, *, outlets=("المرصد",), published="2031-01-15"):
    generator = np.random.default_rng(seed)
    return [
        (
            outlets[number % len(outlets)],
            published,
            int(generator.poisson(2)),
            int(generator.poisson(1)),
            int(generator.integers(80, 120)),
        )
        for number in range(size)
    ]


def security_row(counts, **options):
    framing = framing_by_period(counts, **options)
    return framing[framing["category"] == "security"].iloc[0]


def test_columns_types_and_counts_are_those_of_the_contract():
    counts = make_counts(draw_articles(1, 6))
    framing = framing_by_period(counts)
    assert framing.dtypes.astype("str").to_dict() == FRAMING
    periods = count_by_period(counts)
    pd.testing.assert_frame_equal(framing[periods.columns.tolist()], periods)


def test_balance_computed_by_hand():
    counts = make_counts(
        [
            ("المرصد", "2031-01-01", 5, 1, 100),
            ("الضفة", "2031-01-02", 2, 0, 100),
            ("المرصد", "2031-03-01", 0, 0, 100),
        ]
    )
    framing = framing_by_period(counts).set_index(["period", "category"])
    for category in ("security", "diplomacy"):
        assert framing.loc[("2031-01-01", category), "balance"] == pytest.approx(
            math.log2(7.5 / 1.5)
        )
        assert framing.loc[("2031-03-01", category), "balance"] == 0
        assert pd.isna(framing.loc[("2031-02-01", category), "balance"])
    turned = framing_by_period(counts, pair=("diplomacy", "security"))
    assert turned["balance"].iloc[0] == pytest.approx(-math.log2(7.5 / 1.5))
    assert turned["pair"].unique().tolist() == ["diplomacy / security"]


def test_share_has_the_wilson_interval():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 81 of 263, Wilson score.
    articles = [("المرصد", "2031-01-01", int(number < 81), 0, 100) for number in range(263)]
    row = security_row(make_counts(articles))
    assert (round(row["low"], 4), round(row["high"], 4)) == (0.2553, 0.3662)
    # The same table: 0 of 20.
    row = security_row(make_counts([("المرصد", "2031-01-01", 0, 1, 100)] * 20))
    assert (round(row["low"], 4), round(row["high"], 4)) == (0.0, 0.1611)


def test_bootstrap_of_a_rate_agrees_with_the_normal_interval():
    articles = [(*article[:4], 100) for article in draw_articles(2, 400)]
    row = security_row(make_counts(articles), replicates=4000)
    rates = np.array([10 * security for _, _, security, _, _ in articles])
    error = 1.96 * rates.std(ddof=1) / math.sqrt(len(rates))
    assert row["per_1000_low"] == pytest.approx(rates.mean() - error, rel=0.02)
    assert row["per_1000_high"] == pytest.approx(rates.mean() + error, rel=0.02)


def test_small_strata_do_not_shrink_the_interval():
    # 200 outlets of two articles: drawing 2 of 2 would give 1 / sqrt(2) of this width.
    articles = draw_articles(3, 400, outlets=[f"صحيفة {number}" for number in range(200)])
    articles = [(*article[:4], 100) for article in articles]
    row = security_row(make_counts(articles), replicates=4000)
    rates = np.array([10 * security for _, _, security, _, _ in articles])
    width = 2 * 1.96 * rates.std(ddof=1) / math.sqrt(len(rates))
    assert row["per_1000_high"] - row["per_1000_low"] == pytest.approx(width, rel=0.12)


def test_strata_keep_differences_between_outlets_out_of_the_interval():
    often = [("المرصد", "2031-01-01", 4, 0, 100)] * 30
    never = [("الضفة", "2031-01-01", 0, 1, 100)] * 30
    within = security_row(make_counts(often + never))
    assert within[["per_1000_low", "per_1000_high"]].tolist() == pytest.approx([20, 20])
    across = security_row(make_counts(often + never), stratify=None)
    assert across["per_1000_low"] < 17
    assert across["per_1000_high"] > 23


def test_outlets_with_one_article_are_resampled_together():
    articles = draw_articles(4, 30, outlets=[f"صحيفة {number}" for number in range(30)])
    alone = security_row(make_counts(articles))
    assert alone["per_1000_high"] - alone["per_1000_low"] > 5


def test_frames_are_resampled_in_the_same_articles():
    articles = [("المرصد", "2031-01-01", 10 * number, 10 * number, 1000) for number in range(1, 40)]
    row = security_row(make_counts(articles))
    assert row["per_1000_high"] - row["per_1000_low"] > 10
    assert row["balance_low"] == row["balance_high"] == 0


def test_law_nominal_coverage_is_kept():
    covered = {"per_1000": 0, "balance": 0}
    trials = 100
    for seed in range(trials):
        counts = make_counts(draw_articles(seed, 60, outlets=("المرصد", "الضفة", "الندى")))
        row = security_row(counts, replicates=200, level=0.9)
        covered["per_1000"] += row["per_1000_low"] <= 20 <= row["per_1000_high"]
        covered["balance"] += row["balance_low"] <= 1 <= row["balance_high"]
    # Binomial(100, .9) lies within these bounds in more than 99.5 % of draws.
    assert all(0.81 <= number / trials <= 0.98 for number in covered.values()), covered


def test_a_single_article_and_a_frame_never_found_have_no_bootstrap_interval():
    one = security_row(make_counts([("المرصد", "2031-01-01", 3, 1, 100)]))
    assert one[INTERVALS].isna().tolist() == [False, False, True, True, True, True]
    never = security_row(make_counts([("المرصد", "2031-01-01", 0, 0, 100)] * 5))
    assert never[INTERVALS].isna().tolist() == [False, False, True, True, True, True]
    assert never["balance"] == 0
    gap = framing_by_period(
        make_counts([("المرصد", day, 1, 1, 100) for day in ("2031-01-01", "2031-03-01")])
    )
    assert gap.loc[gap["articles"] == 0, [*INTERVALS, "balance"]].isna().all(axis=None)


def test_articles_without_words_have_no_rate():
    row = security_row(make_counts([("المرصد", "2031-01-01", 1, 1, 0)] * 3))
    assert pd.isna(row["per_1000"])
    assert pd.isna(row["per_1000_low"])


def test_same_seed_same_intervals_in_any_row_order():
    counts = make_counts(draw_articles(5, 40, outlets=("المرصد", None)))
    framing = framing_by_period(counts)
    shuffled = counts.sample(frac=1, random_state=7)
    pd.testing.assert_frame_equal(framing_by_period(shuffled), framing)
    other = framing_by_period(counts, seed=1)
    assert (other["balance_low"] != framing["balance_low"]).all()
    assert other["low"].equals(framing["low"])


def test_other_periods_and_groups_do_not_change_the_draws():
    january = draw_articles(6, 30)
    more = draw_articles(7, 30, outlets=("الضفة",), published="2031-04-02")
    alone = framing_by_period(make_counts(january), by="outlet")
    among = framing_by_period(make_counts(january + more), by="outlet")
    kept = among[(among["outlet"] == "المرصد") & (among["period"] == "2031-01-01")]
    pd.testing.assert_frame_equal(kept.reset_index(drop=True), alone)


def test_a_narrower_level_gives_narrower_intervals():
    counts = make_counts(draw_articles(8, 50))
    wide, narrow = framing_by_period(counts), framing_by_period(counts, level=0.5)
    for low, high in zip(INTERVALS[::2], INTERVALS[1::2], strict=True):
        assert (narrow[low] > wide[low]).all()
        assert (narrow[high] < wide[high]).all()
    assert narrow["level"].unique().tolist() == [0.5]


def test_the_input_is_left_as_it_is():
    counts = make_counts(draw_articles(9, 10))
    before = counts.copy(deep=True)
    framing_by_period(counts, by="outlet")
    pd.testing.assert_frame_equal(counts, before)


def test_the_method_names_each_interval():
    counts = make_counts(draw_articles(10, 5))
    assert framing_by_period(counts)["method"].unique().tolist() == [
        "share: Wilson score; per_1000 and balance: t interval of the logarithm, standard error "
        "from a bootstrap of articles within outlet, 1000 replicates, seed 20240726; "
        "copies: count; level 0.95"
    ]
    options = {"stratify": None, "replicates": 200, "seed": 3, "level": 0.9}
    assert framing_by_period(counts, **options)["method"].unique().tolist() == [
        "share: Wilson score; per_1000 and balance: t interval of the logarithm, standard error "
        "from a bootstrap of articles, 200 replicates, seed 3; copies: count; level 0.9"
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"pair": ("security", "war")},
            "pair names 'war', which `counts` does not hold; "
            "choose two of its categories: 'diplomacy', 'security'.",
        ),
        (
            {"pair": ("security", "security")},
            "pair is ('security', 'security'); name two different categories.",
        ),
        ({"level": 95}, "level is 95; choose a number between 0 and 1, such as 0.95."),
        ({"replicates": 10}, "replicates is 10; choose at least 100, 1000 for results to publish."),
        ({"seed": -1}, "seed is -1; choose a whole number from 0 up."),
        (
            {"stratify": "section"},
            "the table `counts` has no column `section`; "
            "it has: article_id, outlet, published, category, mentions, tokens.",
        ),
        ({"freq": "D"}, "freq is 'D'; choose one of 'W', 'MS', 'QS', 'YS'."),
    ],
)
def test_errors_say_what_to_change(options, message):
    with pytest.raises(InputError) as raised:
        framing_by_period(make_counts(draw_articles(11, 3)), **options)
    assert str(raised.value) == message


def test_a_lone_article_of_an_outlet_varies_too():
    quiet = [("صدى", "2031-01-05", 0, 0, 100)] * 4
    row = security_row(make_counts([*quiet, ("أطلس", "2031-01-06", 3, 5, 100)]))
    assert row["per_1000_low"] < 0.1 * row["per_1000"]
    assert row["per_1000_high"] > row["per_1000"]


def mark(counts, **copy_of):
    return counts.assign(copy_of=counts["article_id"].map(copy_of))


def test_copies_are_counted_weighed_or_dropped():
    articles = [
        ("المرصد", "2031-01-01", 4, 0, 100),
        ("الضفة", "2031-01-02", 4, 0, 100),
        ("الضفة", "2031-01-03", 0, 2, 200),
    ]
    counts = make_counts(articles).assign(article_id=lambda table: "n" + table["article_id"])
    marked = mark(counts, n00001="n00000")
    numbers = ["articles", "articles_with", "mentions", "tokens", "share", "per_1000", "balance"]
    rows = {
        copies: security_row(marked, copies=copies)[numbers].tolist()
        for copies in ("count", "weight", "drop")
    }
    assert rows["count"] == pytest.approx([3, 2, 8, 400, 2 / 3, 20, math.log2(8.5 / 2.5)])
    assert rows["weight"] == pytest.approx([2, 1, 4, 300, 1 / 2, 40 / 3, math.log2(4.5 / 2.5)])
    assert rows["drop"] == rows["weight"]
    weighed = framing_by_period(marked, copies="weight")
    effective = 2**2 / (0.25 + 0.25 + 1)
    plain = proportion_confint(0.5 * effective, effective, method="wilson")
    assert weighed["low"].tolist()[1] == pytest.approx(plain[0])
    assert weighed["high"].tolist()[1] == pytest.approx(plain[1])


def test_copies_need_their_marks():
    with pytest.raises(InputError) as error:
        framing_by_period(make_counts(draw_articles(3, 4)), copies="drop")
    assert str(error.value).startswith("the table `counts` has no column `copy_of`; it has: ")


def test_windows_may_overlap_and_keep_their_names_and_days():
    counts = make_counts(
        [
            ("المرصد", "2031-01-01", 1, 0, 100),
            ("المرصد", "2031-01-10T18:00", 0, 1, 100),
            ("المرصد", "2031-02-01", 5, 5, 100),
        ]
    )
    windows = pd.DataFrame(
        {
            "window": ["قبل", "بعد", "لاحقا"],
            "start": pd.to_datetime(["2031-01-01", "2031-01-10", "2031-06-01"]),
            "end": pd.to_datetime(["2031-01-10", "2031-01-20", "2031-06-09"]),
        }
    )
    framing = framing_by_period(counts, windows=windows)
    assert list(framing)[:4] == ["period", "window", "end", "category"]
    assert framing["articles"].tolist() == [2, 2, 1, 1, 0, 0]
    assert framing["window"].tolist() == ["قبل", "قبل", "بعد", "بعد", "لاحقا", "لاحقا"]
    assert framing["end"].tolist() == windows["end"].repeat(2).tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"end": pd.Timestamp("2030-12-01")},
            "the window 'بعد' ends before it starts; swap `start` and `end`.",
        ),
        (
            {"start": pd.Timestamp("2030-01-01"), "end": pd.Timestamp("2030-02-01")},
            "no article falls into a window; the articles are of 2031-01-15 to 2031-01-15, the "
            "windows of 2030-01-01 to 2030-02-01.",
        ),
    ],
)
def test_windows_that_hold_nothing_are_told(change, message):
    row = {"window": "بعد", "start": pd.Timestamp("2031-01-01"), "end": pd.Timestamp("2031-02-01")}
    with pytest.raises(InputError) as error:
        framing_by_period(make_counts(draw_articles(3, 4)), windows=pd.DataFrame([row | change]))
    assert str(error.value) == message


def test_no_interval_of_a_rate_passes_all_words():
    counts = make_counts([("المرصد", "2031-01-01", *pair, 100) for pair in ((90, 0), (1, 1))])
    assert security_row(counts)["per_1000_high"] == 1000
