"""Rhythms: planted speeds are found, and chance is not taken for one."""

import math

import numpy as np
import pandas as pd
import pytest
from two_frames import (
    FEW,
    check_errors_of_a_pair,
    check_that_only_the_seed_matters,
    framing_of,
    framing_of_two_outlets,
    message,
    remember,
)

from analysis.framing import framing_by_period
from analysis.rhythms import RHYTHM_DIFFERENCES, RHYTHMS, compare_rhythms, measure_rhythm
from analysis.tables import COUNTS, make_table


def test_columns_and_types_are_those_of_the_contract():
    framing = framing_of(*np.random.default_rng(1).normal(size=(2, 30)), outlet="المرصد")
    for table, columns in (
        (measure_rhythm(framing, sampling_noise="keep", **FEW), RHYTHMS),
        (compare_rhythms(framing, sampling_noise="keep", **FEW), RHYTHM_DIFFERENCES),
    ):
        assert table.dtypes.astype("str").to_dict() == {"outlet": "str", **columns}


def rhythm_of(values, **options):
    framing = framing_of(values, values)
    options = {"sampling_noise": "keep", "categories": ["security"], **options}
    return measure_rhythm(framing, **options).iloc[0]


def test_raw_speeds_of_plain_waves():
    time = np.arange(48)
    slow = rhythm_of(np.sin(time * 2 * math.pi / 12), **FEW)
    fast = rhythm_of(np.sin(time * 2 * math.pi / 3), **FEW)
    assert slow["fast_share_raw"] < 0.01
    assert fast["fast_share_raw"] > 0.99
    assert slow["autocorrelation_raw"] > 0.8
    assert fast["autocorrelation_raw"] == pytest.approx(-0.5, abs=0.02)
    assert slow["variance"] == pytest.approx(0.5, abs=0.1)
    # A wave of 8 periods is fast among those that come back in fewer than 9, slow otherwise.
    wave = np.sin(time * 2 * math.pi / 8)
    assert rhythm_of(wave, shorter_than=9, **FEW)["fast_share_raw"] > 0.9
    assert rhythm_of(wave, shorter_than=8, **FEW)["fast_share_raw"] < 0.1


def test_trends_are_no_rhythm():
    values = np.random.default_rng(14).normal(size=40)
    plain, trended = rhythm_of(values, **FEW), rhythm_of(values + 3 * np.arange(40), **FEW)
    names = ["variance", "fast_share", "autocorrelation", "fast_share_low", "fast_share_high"]
    assert trended[names].tolist() == pytest.approx(plain[names].tolist())


@pytest.mark.parametrize("shorter_than", [3, 4, 6.5])
@pytest.mark.parametrize("persistence", [-0.5, 0, 0.6])
def test_long_series_have_the_share_of_their_spectrum(persistence, shorter_than):
    values = remember(np.random.default_rng(15), persistence, 4000)
    frequencies = (np.arange(100_000) + 0.5) / 200_000
    spectrum = 1 / (1 + persistence**2 - 2 * persistence * np.cos(2 * math.pi * frequencies))
    expected = spectrum[frequencies > 1 / shorter_than].sum() / spectrum.sum()
    found = rhythm_of(values, shorter_than=shorter_than, **FEW)
    assert found["fast_share"] == pytest.approx(expected, abs=0.04)
    assert found["fast_share_raw"] == pytest.approx(expected, abs=0.04)
    assert found["autocorrelation"] == pytest.approx(persistence, abs=0.05)


def test_the_half_life_is_that_of_the_autocorrelation():
    found = rhythm_of(remember(np.random.default_rng(16), 0.6, 200), **FEW)
    for name in ("", "_low", "_high"):
        expected = math.log(0.5) / math.log(found[f"autocorrelation{name}"])
        assert found[f"half_life{name}"] == pytest.approx(expected)
    there_and_back = rhythm_of(np.tile([1.0, 2], 20) + np.arange(40) ** 2 / 1e4, **FEW)
    assert there_and_back["half_life"] == 0
    never_back = rhythm_of(np.cumsum(np.random.default_rng(17).normal(size=40)), **FEW)
    assert never_back["half_life_high"] == math.inf


@pytest.mark.parametrize("persistence", [0, 0.7])
def test_law_nominal_coverage_is_kept(persistence):
    generator = np.random.default_rng(18)
    covered, trials = 0, 100
    for seed in range(trials):
        values = remember(generator, persistence, 40)
        found = rhythm_of(values, level=0.9, seed=seed, **FEW)
        covered += found["autocorrelation_low"] <= persistence <= found["autocorrelation_high"]
    # Binomial(100, .9) lies within these bounds in more than 99.5 % of draws.
    assert 81 <= covered <= 98, covered


def test_chance_is_not_taken_for_a_fast_rhythm():
    generator = np.random.default_rng(19)
    slow = 0.4 + 0.1 * np.sin(np.arange(60) * math.pi / 15)
    shares = generator.binomial(40, slow) / 40
    framing = framing_of(shares, shares, measure="share", articles=40)
    kept = measure_rhythm(framing, measure="share", sampling_noise="keep").iloc[1]
    found = measure_rhythm(framing, measure="share").iloc[1]
    assert np.isnan(kept["noise_share"])
    expected = (shares * (1 - shares) / 39).mean() / found["variance"]
    assert found["noise_share"] == pytest.approx(expected)
    assert kept["fast_share"] > 0.1
    assert found["fast_share"] < kept["fast_share"] / 2
    assert found["fast_share_raw"] == kept["fast_share_raw"]


def test_where_chance_is_all_nothing_is_said():
    shares = np.tile([0.4, 0.6], 20)
    framing = framing_of(shares, shares, measure="share", articles=5)
    found = measure_rhythm(framing, measure="share", **FEW).iloc[0]
    # Of each period p(1 - p) / (n - 1) = 0.24 / 4; the variance is 0.01 less its trend.
    assert found["noise_share"] == pytest.approx(0.06 / found["variance"])
    assert found["noise_share"] > 1
    names = ["fast_share", "fast_share_low", "autocorrelation", "half_life", "half_life_high"]
    assert found[names].isna().all()
    assert found["fast_share_raw"] > 0.99


def test_the_noise_of_a_rate_is_that_of_its_interval():
    generator = np.random.default_rng(20)
    rows = [
        {
            "article_id": f"{week:03}-{number:03}",
            "outlet": "المرصد",
            "published": pd.Timestamp("2031-01-06") + pd.Timedelta(weeks=week),
            "category": category,
            "mentions": int(generator.poisson(3)),
            "tokens": 100,
        }
        for week in range(20)
        for number in range(50)
        for category in ("security", "diplomacy")
    ]
    framing = framing_by_period(make_table(rows, COUNTS), freq="W")
    # 50 articles with 3 mentions of variance 3 each, in 5,000 words.
    expected = (1000 / 5000) ** 2 * 50 * 3
    found = measure_rhythm(framing, **FEW)
    assert (found["noise_share"] * found["variance"]).tolist() == pytest.approx(
        [expected] * 2, rel=0.15
    )
    balance = measure_rhythm(framing, measure="balance", **FEW)
    assert balance["category"].tolist() == ["security / diplomacy"]
    # Of a log2 of two sums of 150: 2 / 150 / log(2)^2.
    assert (balance["noise_share"] * balance["variance"]).tolist() == pytest.approx(
        [2 / 150 / math.log(2) ** 2], rel=0.15
    )


def test_gaps_are_bridged_and_counted():
    values = np.random.default_rng(21).normal(size=30)
    gapped = np.concatenate([[np.nan, np.nan], values, [np.nan]])
    gapped[[10, 11]] = np.nan
    bridged = values.copy()
    bridged[[8, 9]] = values[7] + np.array([1, 2]) / 3 * (values[10] - values[7])
    found, whole = rhythm_of(gapped, **FEW), rhythm_of(bridged, **FEW)
    assert found[["periods", "periods_empty"]].tolist() == [28, 2]
    names = ["variance", "fast_share", "fast_share_low", "autocorrelation_raw"]
    assert found[names].tolist() == pytest.approx(whole[names].tolist())


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (np.arange(11) % 3, {}),
        (np.arange(15) % 3, {"shorter_than": 8}),
        (np.full(30, 0.1), {}),
        (np.full(30, np.nan), {}),
    ],
)
def test_what_is_too_short_or_never_changes_has_no_rhythm(values, options):
    found = rhythm_of(values, **options, **FEW)
    names = ["fast_share", "fast_share_raw", "autocorrelation", "half_life", "half_life_high"]
    assert found[names].isna().all()


def test_a_wider_level_gives_a_wider_interval():
    values = remember(np.random.default_rng(22), 0.4, 60)
    narrow, wide = (rhythm_of(values, level=level, **FEW) for level in (0.5, 0.95))
    for quantity in ("fast_share", "autocorrelation"):
        assert (
            wide[f"{quantity}_low"]
            < narrow[f"{quantity}_low"]
            < narrow[quantity]
            < narrow[f"{quantity}_high"]
            < wide[f"{quantity}_high"]
        )


def test_the_faster_of_two_frames_is_found():
    generator = np.random.default_rng(23)
    framing = framing_of(generator.normal(size=80), remember(generator, 0.9, 80))
    found = compare_rhythms(framing, sampling_noise="keep").set_index("quantity")
    turned = compare_rhythms(
        framing, pair=("diplomacy", "security"), sampling_noise="keep"
    ).set_index("quantity")
    alone = measure_rhythm(framing, sampling_noise="keep").set_index("category")
    for quantity, sign in (("fast_share", 1), ("autocorrelation", -1)):
        row, other = found.loc[quantity], turned.loc[quantity]
        assert sign * row["difference"] > 0.2
        assert row["p_value"] < 0.01
        assert row["low"] < row["difference"] < row["high"]
        assert row["first_value"] == alone.loc["security", quantity]
        assert row["second_value"] == alone.loc["diplomacy", quantity]
        names = ["difference", "low", "high", "p_value"]
        assert other[names].tolist() == pytest.approx(
            [-row["difference"], -row["high"], -row["low"], row["p_value"]]
        )


def test_law_frames_of_one_rhythm_seldom_differ():
    generator = np.random.default_rng(24)
    trials, false = 40, 0
    for seed in range(trials):
        framing = framing_of(*(remember(generator, 0.5, 40) for _ in range(2)))
        found = compare_rhythms(framing, sampling_noise="keep", seed=seed, **FEW)
        false += found["p_value"][0] < 0.1
    # Binomial(40, .1) goes beyond 11 in less than 1 of 1,000 draws.
    assert false <= 11, false


def test_chance_does_not_decide_which_frame_is_faster():
    generator = np.random.default_rng(25)
    slow = np.sin(np.arange(80) * math.pi / 10)
    clear, noisy = (generator.binomial(60, middle * (1 + 0.5 * slow)) / 60 for middle in (0.4, 0.1))
    framing = framing_of(noisy, clear, measure="share", articles=60)
    options = {"measure": "share", **FEW}
    kept = compare_rhythms(framing, sampling_noise="keep", **options)
    found = compare_rhythms(framing, **options)
    assert kept["p_value"].max() < 0.05
    assert found["p_value"].min() > 0.05


CALLS = [
    lambda framing, **options: measure_rhythm(framing, sampling_noise="keep", **FEW, **options),
    lambda framing, **options: compare_rhythms(framing, sampling_noise="keep", **FEW, **options),
]


@pytest.mark.parametrize("call", CALLS)
def test_tables_depend_on_the_seed_and_not_on_the_order_of_rows_or_other_groups(call):
    check_that_only_the_seed_matters(call)


def test_tables_are_those_of_framing_by_period():
    framing = framing_of_two_outlets()
    assert len(measure_rhythm(framing, **FEW)) == 6
    assert len(compare_rhythms(framing, measure="share", **FEW)) == 4


def test_errors_of_a_pair_say_what_to_change():
    check_errors_of_a_pair(compare_rhythms, sampling_noise="keep")


def test_errors_of_other_options_say_what_to_change():
    framing = framing_of(*np.random.default_rng(29).normal(size=(2, 30)))
    for call in (measure_rhythm, compare_rhythms):
        assert message(call, framing, shorter_than=2) == (
            "shorter_than is 2; give a number of periods, 3 or more: "
            "a change and its return take two periods at least."
        )
        assert message(call, framing, sampling_noise="double") == (
            "sampling_noise is 'double'; choose one of 'subtract', 'keep'."
        )
        assert message(call, framing) == (
            "the table `framing` has no column `per_1000_low`, `per_1000_high`, `level`; "
            "it has: period, category, articles, per_1000."
        )
    assert message(measure_rhythm, framing, categories=["tourism"]) == (
        "categories names 'tourism', which `framing` does not hold; choose among its categories: "
        "'diplomacy', 'security'."
    )
    assert message(measure_rhythm, framing, categories=[]) == (
        "categories is []; name at least one, or leave it out for all."
    )
