"""Rhythms: planted leads and speeds are found, unrelated series are left alone."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.framing import framing_by_period
from analysis.rhythms import (
    CORRELATIONS,
    FALLING,
    LEADS,
    RHYTHM_DIFFERENCES,
    RHYTHMS,
    compare_rhythms,
    compare_when_falling,
    correlate_at_lags,
    measure_rhythm,
    summarise_lead,
)
from analysis.tables import COUNTS, make_table

FEW = {"replicates": 100}


def remember(generator, persistence, size):
    """Draw an autoregression of first order with variance 1."""
    news = generator.normal(size=size + 100) * math.sqrt(1 - persistence**2)
    values = np.zeros(size + 100)
    for time in range(1, size + 100):
        values[time] = persistence * values[time - 1] + news[time]
    return values[100:]


def framing_of(security, diplomacy, *, freq="W-MON", outlet=None, measure="per_1000", articles=200):
    """Build rows like those of `framing_by_period`; NaN is a period without articles."""
    group = {} if outlet is None else {"outlet": outlet}
    return pd.concat(
        (
            pd.DataFrame(
                {
                    "period": pd.date_range("2030-01-07", periods=len(values), freq=freq),
                    **group,
                    "category": category,
                    "articles": np.where(np.isnan(values), 0, articles),
                    measure: np.asarray(values, "float64"),
                }
            )
            for category, values in (("security", security), ("diplomacy", diplomacy))
        ),
        ignore_index=True,
    )


def following(seed, *, size=60, lag=2, strength=0.8):
    """Build a pair in which the second frame follows the first."""
    generator = np.random.default_rng(seed)
    first = generator.normal(size=size + lag)
    own = generator.normal(size=size) * math.sqrt(1 - strength**2)
    return framing_of(first[lag:], strength * first[:size] + own)


def at_lag(table, lag):
    return table.set_index("lag").loc[lag]


def test_columns_and_types_are_those_of_the_contract():
    framing = framing_of(*np.random.default_rng(1).normal(size=(2, 30)), outlet="المرصد")
    correlations = correlate_at_lags(framing, **FEW)
    for table, columns in (
        (correlations, CORRELATIONS),
        (summarise_lead(correlations), LEADS),
        (compare_when_falling(framing, **FEW), FALLING),
        (measure_rhythm(framing, sampling_noise="keep", **FEW), RHYTHMS),
        (compare_rhythms(framing, sampling_noise="keep", **FEW), RHYTHM_DIFFERENCES),
    ):
        assert table.dtypes.astype("str").to_dict() == {"outlet": "str", **columns}


def test_correlations_of_changes_by_hand():
    generator = np.random.default_rng(2)
    security, diplomacy = generator.normal(size=(2, 20))
    security[7] = np.nan
    table = correlate_at_lags(framing_of(security, diplomacy), most_lag=3, **FEW)
    assert table["lag"].tolist() == [-3, -2, -1, 0, 1, 2, 3]
    first, second = np.diff(security), np.diff(diplomacy)
    for lag in range(-3, 4):
        places = [
            time
            for time in range(19)
            if 0 <= time + lag < 19 and not np.isnan(first[time] + second[time + lag])
        ]
        later = [time + lag for time in places]
        row = at_lag(table, lag)
        assert row["pairs"] == len(places) == 19 - abs(lag) - 2
        expected = np.corrcoef(first[places], second[later])[0, 1]
        assert row["correlation"] == pytest.approx(expected)
    assert (table["low"] == -table["high"]).all()
    assert (table["band_low"] == -table["band_high"]).all()
    assert (table["band_high"] > table["high"]).all()


def test_with_all_else_equal_the_lags_are_a_quarter_of_the_changes_and_at_most_twelve():
    draws = np.random.default_rng(3).normal(size=(2, 80))
    assert correlate_at_lags(framing_of(*draws), **FEW)["lag"].max() == 12
    assert correlate_at_lags(framing_of(*draws[:, :30]), **FEW)["lag"].max() == 7
    assert correlate_at_lags(framing_of(*draws), most_lag=0, **FEW)["lag"].tolist() == [0]


@pytest.mark.parametrize(
    ("pair", "lag"), [(("security", "diplomacy"), 2), (("diplomacy", "security"), -2)]
)
def test_a_planted_lead_is_found(pair, lag):
    [found] = summarise_lead(correlate_at_lags(following(4), pair=pair)).to_dict("records")
    assert (found["lag"], found["leads"]) == (lag, "security")
    assert found["p_value"] < 0.01
    assert found["lags_outside"].split(", ").count(str(lag)) == 1
    assert (found["lags"], found["pairs"]) == (25, 57)


def test_power_a_correlation_of_six_tenths_is_found_in_most_of_sixty_periods():
    found = [
        summarise_lead(correlate_at_lags(following(seed, strength=0.6), **FEW)).iloc[0]
        for seed in range(30)
    ]
    hits = sum(row["leads"] == "security" and row["lag"] == 2 for row in found)
    # Of 200 such series 80 of 100 were found; binomial(30, .8) is below 17 in 1 of 1,000 draws.
    assert hits >= 17, hits


@pytest.mark.parametrize("persistence", [0, 0.6])
def test_law_unrelated_series_seldom_lead(persistence):
    generator = np.random.default_rng(5)
    trials = 100
    false = sum(
        summarise_lead(
            correlate_at_lags(
                framing_of(*(remember(generator, persistence, 60) for _ in range(2))),
                replicates=200,
                seed=seed,
            )
        )["p_value"][0]
        < 0.05
        for seed in range(trials)
    )
    # Binomial(100, .06) goes beyond 14 in less than 1 of 1,000 draws.
    assert false <= 14, false


def test_law_bursts_of_unrelated_series_seldom_make_a_lead():
    generator = np.random.default_rng(30)
    false = sum(
        summarise_lead(
            correlate_at_lags(
                framing_of(*(np.exp(remember(generator, 0.5, 60)) for _ in range(2))),
                replicates=200,
                seed=seed,
            )
        )["p_value"][0]
        < 0.05
        for seed in range(100)
    )
    # Binomial(100, .07) goes beyond 16 in less than 1 of 1,000 draws.
    assert false <= 16, false


def test_trends_alone_are_no_relation():
    generator = np.random.default_rng(6)
    rising = np.arange(60) + generator.normal(size=(2, 60))
    assert np.corrcoef(rising)[0, 1] > 0.99
    assert summarise_lead(correlate_at_lags(framing_of(*rising)))["leads"].tolist() == ["none"]


@pytest.mark.parametrize(
    ("freq", "periods", "preparation"),
    [
        ("MS", 24, "differenced once, the mean of each month taken out"),
        ("MS", 23, "differenced once"),
        ("QS", 12, "differenced once, the mean of each quarter taken out"),
        ("QS", 7, "differenced once"),
        ("W-MON", 120, "differenced once"),
        ("YS", 30, "differenced once"),
    ],
)
def test_the_season_taken_out_fits_the_calendar(freq, periods, preparation):
    framing = framing_of(*np.random.default_rng(7).normal(size=(2, periods)), freq=freq)
    for table in (correlate_at_lags(framing, **FEW), compare_when_falling(framing, **FEW)):
        assert table["preparation"].unique().tolist() == [preparation]


def test_a_season_alone_is_no_relation():
    generator = np.random.default_rng(8)
    season = 5 * np.sin(np.arange(60) * math.pi / 6)
    together = {"none": [], "month": []}
    for _ in range(30):
        framing = framing_of(*(season + generator.normal(size=(2, 60))), freq="MS")
        for taken_out, correlations in together.items():
            table = correlate_at_lags(framing, season=taken_out, most_lag=0, **FEW)
            correlations += table["correlation"].tolist()
    assert np.mean(together["none"]) > 0.5
    # The mean of 30 correlations, each with a standard deviation of about 0.18.
    assert abs(np.mean(together["month"])) < 0.11


def test_changes_without_their_mean_of_each_month_by_hand():
    generator = np.random.default_rng(9)
    values = generator.normal(size=(2, 36))
    framing = framing_of(*values, freq="MS")
    months = framing["period"][1:36].dt.month.to_numpy()
    changes = [
        change - pd.Series(change).groupby(months).transform("mean").to_numpy()
        for change in np.diff(values)
    ]
    found = at_lag(correlate_at_lags(framing, season="month", most_lag=0, **FEW), 0)
    assert found["correlation"] == pytest.approx(np.corrcoef(changes)[0, 1])


def test_what_never_changes_or_is_too_short_has_no_correlation():
    generator = np.random.default_rng(10)
    for framing in (
        framing_of(np.ones(30), generator.normal(size=30)),
        framing_of(*generator.normal(size=(2, 8))),
        framing_of(*generator.normal(size=(2, 1))),
    ):
        table = correlate_at_lags(framing, **FEW)
        assert table[["correlation", "high", "band_high", "p_value"]].isna().all(axis=None)
        [found] = summarise_lead(table).to_dict("records")
        assert (found["leads"], found["lags_outside"]) == ("none", "")
        assert pd.isna(found["lag"])
        assert pd.isna(found["p_value"])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.one_of(st.none(), st.floats(0, 100, width=32))] * 2), min_size=1, max_size=40
    )
)
def test_law_correlations_and_p_values_keep_their_bounds(rows):
    security, diplomacy = np.array(rows, "float64").T
    table = correlate_at_lags(framing_of(security, diplomacy), **FEW)
    known = table[table["correlation"].notna()]
    assert (known["correlation"].abs() <= 1 + 1e-9).all()
    assert (known["p_simultaneous"] >= known["p_value"]).all()
    assert known["p_value"].between(1 / 101, 1).all()
    assert (known["pairs"] >= 8).all()
    assert (table["pairs"] <= max(len(rows) - 1, 0) - table["lag"].abs()).all()


def summary_of(correlations, *, lags=(-1, 0, 1), bands=0.4, p_values=(0.9, 0.9, 0.9)):
    return pd.DataFrame(
        {
            "outlet": "الضفة",
            "first": "security",
            "second": "diplomacy",
            "measure": "share",
            "lag": lags,
            "pairs": 50,
            "correlation": correlations,
            "band_high": bands,
            "p_simultaneous": p_values,
            "level": 0.95,
        }
    )


@pytest.mark.parametrize(
    ("correlations", "p_values", "lag", "leads", "outside"),
    [
        ((0.1, 0.2, -0.6), (0.9, 0.9, 0.01), 1, "security", "1"),
        ((0.7, 0.5, -0.6), (0.01, 0.02, 0.01), -1, "diplomacy", "-1, 0, 1"),
        ((0.1, -0.5, 0.2), (0.9, 0.02, 0.9), 0, "together", "0"),
        ((0.1, 0.2, 0.39), (0.9, 0.9, 0.06), 1, "none", ""),
        ((0.1, 0.2, 0.41), (0.9, 0.9, 0.05), 1, "security", "1"),
        ((0.1, 0.2, 0.41), (0.9, 0.9, 0.051), 1, "none", "1"),
    ],
)
def test_the_strongest_lag_says_who_leads(correlations, p_values, lag, leads, outside):
    [found] = summarise_lead(summary_of(correlations, p_values=p_values)).to_dict("records")
    assert (found["outlet"], found["lag"], found["leads"]) == ("الضفة", lag, leads)
    assert (found["lags_outside"], found["lags"]) == (outside, 3)
    assert found["correlation"] == correlations[lag + 1]
    assert found["p_value"] == p_values[lag + 1]


def test_the_strongest_lag_is_the_one_furthest_beyond_its_own_band():
    found = summarise_lead(summary_of((0.5, 0.1, 0.6), bands=(0.3, 0.3, 0.5)))
    assert found["lag"].tolist() == [-1]


def test_groups_are_adjusted_for_one_another():
    groups = pd.concat(
        summary_of((0, 0, 0.5), p_values=(0.9, 0.9, p_value)).assign(outlet=outlet)
        for outlet, p_value in (("المرصد", 0.03), ("الضفة", 0.01), ("صدى المشرق", 0.6))
    )
    found = summarise_lead(groups).set_index("outlet")["q_value"]
    assert found.to_dict() == pytest.approx({"الضفة": 0.03, "المرصد": 0.045, "صدى المشرق": 0.6})


def test_no_correlations_have_no_summary():
    found = summarise_lead(summary_of((0, 0, 0))[:0])
    assert found.empty
    assert found.columns.tolist() == ["outlet", *LEADS]


def test_changes_when_falling_by_hand():
    security = [4.0, 6, 5, 5, 9, 8, 8, 7, 9, 6]
    diplomacy = [5.0, 3, 4, 4, 1, 2, 0, 3, 2, 6]
    # Falls in 1, 4, 6, 8 (security +2, +4, 0, +2); rises in 2, 5, 7, 9 (-1, -1, -1, -3).
    found = compare_when_falling(framing_of(security, diplomacy), **FEW).iloc[0]
    assert found[["periods_falling", "periods_rising"]].tolist() == [4, 4]
    assert found["second_when_falling"] == pytest.approx(-(2 + 3 + 2 + 1) / 4)
    assert found["second_when_rising"] == pytest.approx((1 + 1 + 3 + 4) / 4)
    assert found["change_when_falling"] == pytest.approx(2)
    assert found["change_when_rising"] == pytest.approx(-1.5)
    assert found["difference"] == pytest.approx(3.5)
    for name in ("change_when_falling", "change_when_rising", "difference"):
        middle = (found[f"{name}_low"] + found[f"{name}_high"]) / 2
        assert middle == pytest.approx(found[name])


@pytest.mark.parametrize(("share", "sign"), [(0.9, -1), (-0.9, 1)])
def test_frames_that_move_together_or_take_turns_are_found(share, sign):
    generator = np.random.default_rng(11)
    diplomacy = remember(generator, 0.5, 60)
    security = share * diplomacy + 0.3 * generator.normal(size=60)
    found = compare_when_falling(framing_of(security, diplomacy)).iloc[0]
    assert sign * found["difference"] > 0
    assert sign * found["change_when_falling"] > 0
    assert found["p_value"] < 0.01
    bounds = found[["change_when_falling_low", "change_when_falling_high"]]
    assert (sign * bounds > 0).all()


def test_law_a_frame_that_holds_is_said_to_hold():
    generator = np.random.default_rng(12)
    covered, trials = 0, 100
    for seed in range(trials):
        framing = framing_of(*(remember(generator, 0.3, 40) for _ in range(2)))
        found = compare_when_falling(framing, level=0.9, seed=seed, **FEW).iloc[0]
        covered += found["change_when_falling_low"] <= 0 <= found["change_when_falling_high"]
    # Binomial(100, .9) lies within these bounds in more than 99.5 % of draws.
    assert 81 <= covered <= 98, covered


def test_without_falls_there_is_nothing_to_compare():
    generator = np.random.default_rng(13)
    found = compare_when_falling(framing_of(generator.normal(size=20), np.arange(20)), **FEW)
    row = found.iloc[0]
    assert row[["periods_falling", "periods_rising"]].tolist() == [0, 19]
    assert pd.isna(row["second_when_falling"])
    assert row["second_when_rising"] == 1
    assert row[["change_when_falling", "difference", "difference_low", "p_value"]].isna().all()


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
    lambda framing, **options: correlate_at_lags(framing, **FEW, **options),
    lambda framing, **options: compare_when_falling(framing, **FEW, **options),
    lambda framing, **options: measure_rhythm(framing, sampling_noise="keep", **FEW, **options),
    lambda framing, **options: compare_rhythms(framing, sampling_noise="keep", **FEW, **options),
]


@pytest.mark.parametrize("call", CALLS)
def test_tables_depend_on_the_seed_and_not_on_the_order_of_rows_or_other_groups(call):
    generator = np.random.default_rng(26)
    framing = pd.concat(
        framing_of(*generator.normal(size=(2, 30)), outlet=outlet) for outlet in ("المرصد", "الضفة")
    )
    before = framing.copy()
    whole = call(framing)
    pd.testing.assert_frame_equal(framing, before)
    pd.testing.assert_frame_equal(whole, call(framing.sample(frac=1, random_state=1)))
    alone = call(framing[framing["outlet"] == "المرصد"]).drop(columns="q_value", errors="ignore")
    of_one = whole[whole["outlet"] == "المرصد"].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_one[alone.columns.tolist()], alone)
    other = call(framing, seed=1)
    assert not other.drop(columns="method").equals(whole.drop(columns="method"))
    assert "100 replicates" in whole["method"][0]
    assert "seed 20240726" in whole["method"][0]


def test_tables_are_those_of_framing_by_period():
    generator = np.random.default_rng(27)
    rows = [
        {
            "article_id": f"{number:03}",
            "outlet": ("المرصد", "الضفة")[number % 2],
            "published": pd.Timestamp("2031-01-06") + pd.Timedelta(days=int(number)),
            "category": category,
            "mentions": int(generator.poisson(2)),
            "tokens": 100,
        }
        for number in range(150)
        for category in ("security", "diplomacy", "migration")
    ]
    framing = framing_by_period(make_table(rows, COUNTS), freq="W", by="outlet", replicates=100)
    assert summarise_lead(correlate_at_lags(framing, **FEW))["outlet"].tolist() == [
        "الضفة",
        "المرصد",
    ]
    assert len(measure_rhythm(framing, **FEW)) == 6
    assert len(compare_rhythms(framing, measure="share", **FEW)) == 4


def message(call, *arguments, **options):
    with pytest.raises(InputError) as error:
        call(*arguments, **options)
    return str(error.value)


@pytest.mark.parametrize("call", [correlate_at_lags, compare_when_falling, compare_rhythms])
def test_errors_of_a_pair_say_what_to_change(call):
    framing = framing_of(*np.random.default_rng(28).normal(size=(2, 30)), outlet="الضفة")
    assert message(call, framing, pair=("security", "tourism")) == (
        "pair names 'tourism', which `framing` does not hold; choose among its categories: "
        "'diplomacy', 'security'."
    )
    assert message(call, framing, pair=("security", "security")) == (
        "pair is ('security', 'security'); name two different categories."
    )
    assert message(call, framing, measure="balance") == (
        "measure is 'balance'; choose one of 'share', 'per_1000'."
    )
    assert message(call, framing, measure="share") == (
        "the table `framing` has no column `share`; "
        "it has: period, outlet, category, articles, per_1000."
    )
    assert message(call, framing[:-1]) == (
        "the two frames of `framing` do not have the same periods in the group الضفة; "
        "keep the rows of `framing_by_period` for both, periods without articles included."
    )
    assert message(call, framing.drop(columns="outlet")[:-1]) == (
        "the two frames of `framing` do not have the same periods; "
        "keep the rows of `framing_by_period` for both, periods without articles included."
    )
    options = {"sampling_noise": "keep"} if call is compare_rhythms else {}
    assert message(call, framing, level=95, **options) == (
        "level is 95; choose a number between 0 and 1, such as 0.95."
    )


def test_errors_of_other_options_say_what_to_change():
    framing = framing_of(*np.random.default_rng(29).normal(size=(2, 30)))
    for call in (correlate_at_lags, compare_when_falling):
        assert message(call, framing, season="week") == (
            "season is 'week'; choose one of 'none', 'month', 'quarter'."
        )
    assert message(correlate_at_lags, framing, most_lag=-1) == (
        "most_lag is -1; give a whole number, 0 or more."
    )
    assert message(summarise_lead, framing) == (
        "the table `correlations` has no column `first`, `second`, `measure`, `lag`, `pairs`, "
        "`correlation`, `band_high`, `p_simultaneous`, `level`; "
        "it has: period, category, articles, per_1000."
    )
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
