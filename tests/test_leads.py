"""Leads: planted ones are found, unrelated series are left alone."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_frames import (
    FEW,
    check_errors_of_a_pair,
    check_that_only_the_seed_matters,
    framing_of,
    framing_of_two_outlets,
    message,
    remember,
)

from analysis.leads import (
    CORRELATIONS,
    FALLING,
    LEADS,
    compare_when_falling,
    correlate_at_lags,
    summarise_lead,
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


CALLS = [
    lambda framing, **options: correlate_at_lags(framing, **FEW, **options),
    lambda framing, **options: compare_when_falling(framing, **FEW, **options),
]


@pytest.mark.parametrize("call", CALLS)
def test_tables_depend_on_the_seed_and_not_on_the_order_of_rows_or_other_groups(call):
    check_that_only_the_seed_matters(call)


def test_tables_are_those_of_framing_by_period():
    correlations = correlate_at_lags(framing_of_two_outlets(), **FEW)
    assert summarise_lead(correlations)["outlet"].tolist() == ["الضفة", "المرصد"]


@pytest.mark.parametrize("call", [correlate_at_lags, compare_when_falling])
def test_errors_of_a_pair_say_what_to_change(call):
    check_errors_of_a_pair(call)


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
