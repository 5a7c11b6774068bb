import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter
from statsmodels.nonparametric.smoothers_lowess import lowess

from analysis.errors import InputError
from analysis.framing import framing_by_period
from analysis.inference import autocorrelation
from analysis.tables import COUNTS, make_table
from analysis.trends import (
    DESCRIPTION,
    SMOOTH,
    describe_series,
    estimate_autocorrelation,
    smooth_series,
)

GAP = float("nan")


def make_framing(*series, freq="MS", names=None, articles=10):
    """Build a table of framing with one category for each list of shares."""
    periods = pd.date_range("2031-01-01", periods=len(series[0]), freq=freq)
    names = names or [f"فئة {number:03}" for number in range(len(series))]
    return pd.concat(
        [
            pd.DataFrame(
                {"period": periods, "category": name, "articles": articles, "share": values}
            )
            for name, values in zip(names, series, strict=True)
        ],
        ignore_index=True,
    ).astype({"period": "datetime64[us]", "share": "float64"})


def draw_series(seed, size, *, likeness, number=1):
    """Draw autocorrelated series around 0, of variance 1."""
    generator = np.random.default_rng(seed)
    shocks = generator.normal(size=(number, size + 60)) * np.sqrt(1 - likeness**2)
    return lfilter([1], [1, -likeness], shocks, axis=1)[:, 60:]


def describe(*series, **options):
    return describe_series(make_framing(*series), measure="share", **options)


def smooth(*series, **options):
    return smooth_series(make_framing(*series), measure="share", **options)


def test_columns_and_types_are_those_of_the_contract():
    framing = make_framing(*draw_series(1, 10, likeness=0, number=2))
    described = describe_series(framing, measure="share")
    assert described.dtypes.astype("str").to_dict() == dict(DESCRIPTION)
    line = smooth_series(framing, measure="share")
    assert line.dtypes.astype("str").to_dict() == dict(SMOOTH)


def test_mean_and_slope_by_hand():
    row = describe([GAP, 0.2, 0.1, GAP, 0.6, GAP]).iloc[0]
    assert row[["periods", "periods_empty", "articles"]].tolist() == [3, 3, 60]
    assert row["mean"] == pytest.approx(0.3)
    assert [row["first"], row["last"]] == [pd.Timestamp("2031-02-01"), pd.Timestamp("2031-05-01")]
    # Days 0, 28 and 89 from the first: mean 39, sum of squares 1521 + 121 + 2500 = 4142.
    products = -39 * 0.2 - 11 * 0.1 + 50 * 0.6
    assert row["slope_per_year"] == pytest.approx(365.25 * products / 4142)


def test_few_periods_have_no_interval_and_no_line():
    numbers = ["mean_low", "mean_high", "slope_low", "slope_high", "autocorrelation", "block"]
    seven = [0.1, 0.2, 0.1, 0.3, 0.2, 0.1, 0.2]
    row = describe([*seven, GAP]).iloc[0]
    assert row[numbers].isna().all()
    assert row[["mean", "slope_per_year"]].notna().all()
    line = smooth([*seven, GAP])
    assert line[["smooth", "low", "high"]].isna().all(axis=None)
    assert describe([*seven, 0.1]).iloc[0][numbers].notna().all()
    assert smooth([*seven, 0.1])[["smooth", "low", "high"]].notna().all(axis=None)
    one = describe([GAP, 0.2]).iloc[0]
    assert one["mean"] == 0.2
    assert pd.isna(one["slope_per_year"])
    none = describe([GAP, GAP]).iloc[0]
    assert none[["mean", "slope_per_year", "first", "last"]].isna().all()
    assert none[["periods", "periods_empty"]].tolist() == [0, 2]
    assert smooth([GAP, GAP])[["value", "smooth", "fraction"]].isna().all(axis=None)


def test_a_series_that_does_not_vary_has_a_line_and_no_interval():
    line = smooth([0.5] * 12)
    assert line["smooth"].tolist() == pytest.approx([0.5] * 12)
    assert line[["low", "high"]].isna().all(axis=None)
    row = describe([0.5] * 12).iloc[0]
    assert (row["mean"], row["slope_per_year"]) == (0.5, pytest.approx(0))
    assert row[["mean_low", "mean_high", "slope_low", "slope_high"]].isna().all()


def test_the_line_is_that_of_statsmodels_without_robust_iterations():
    values = draw_series(2, 30, likeness=0.3)[0]
    values[20] = 50
    line = smooth(values, fraction=0.4)
    places = np.arange(30.0)
    expected = lowess(values, places, frac=0.4, it=0, return_sorted=False)
    assert line["smooth"].tolist() == pytest.approx(expected.tolist())
    values[[0, 7, 8, 29]] = GAP
    known = ~np.isnan(values)
    expected = lowess(values[known], places[known], frac=0.4, it=0, xvals=places[1:29])
    line = smooth(values, fraction=0.4)
    assert line["smooth"].iloc[1:29].tolist() == pytest.approx(expected.tolist())
    missing = line[["smooth", "low", "high"]].isna()
    assert missing.loc[[0, 29]].all(axis=None)
    assert not missing.loc[1:28].any(axis=None)
    assert line["value"].isna().tolist() == (~known).tolist()


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-5, 5), st.floats(-1, 1), st.lists(st.booleans(), min_size=12, max_size=24).map(
        lambda gaps: [True, *gaps, True]
    ).filter(lambda known: sum(known) >= 8),
)  # fmt: skip
def test_law_a_straight_line_is_kept(level, slope, known):
    values = np.where(known, level + slope * np.arange(len(known)), GAP)
    line = smooth(values, replicates=100)
    expected = level + slope * np.arange(len(known))
    assert line["smooth"].tolist() == pytest.approx(expected.tolist(), abs=1e-8)


def test_the_fraction_follows_the_number_of_periods():
    values = draw_series(3, 60, likeness=0)[0]
    assert smooth(values[:12])["fraction"].unique() == pytest.approx([12**-0.2])
    assert smooth(values)["fraction"].unique() == pytest.approx([60**-0.2])
    values[:40] = GAP
    assert smooth(values)["fraction"].unique() == pytest.approx([20**-0.2])
    assert smooth(values, fraction=0.5)["fraction"].unique() == [0.5]
    # Five of the twenty periods are the fewest in a fit.
    assert smooth(values, fraction=0.1)["fraction"].unique() == [0.25]


def test_independent_periods_have_nearly_the_classical_interval():
    values = draw_series(4, 200, likeness=0)[0]
    row = describe(values, replicates=4000).iloc[0]
    slope, level = np.polyfit(np.arange(200), values, 1)
    error = np.std(values - level - slope * np.arange(200), ddof=2) / np.sqrt(200)
    assert row["autocorrelation"] < 0.1
    assert row["mean_high"] - row["mean"] == pytest.approx(1.97 * error, rel=0.15)
    assert row["mean"] - row["mean_low"] == pytest.approx(row["mean_high"] - row["mean"])


def test_likeness_of_neighbours_widens_intervals_and_bands():
    smoother, rough = draw_series(5, 60, likeness=0.6)[0], draw_series(5, 60, likeness=0)[0]
    first, second = (row for _, row in describe(smoother, rough).iterrows())
    assert first["autocorrelation"] > 0.4
    assert first["mean_high"] - first["mean_low"] > 1.5 * (second["mean_high"] - second["mean_low"])
    band = smooth(smoother, rough).assign(width=lambda line: line["high"] - line["low"])
    assert band["width"].iloc[:60].mean() > 1.3 * band["width"].iloc[60:].mean()


@pytest.mark.parametrize("likeness", [0, 0.3, 0.6])
def test_law_nominal_coverage_is_kept_at_60_periods(likeness):
    series = draw_series(6, 60, likeness=likeness, number=200)
    described = describe(*series, level=0.9, replicates=200)
    # Binomial(200, .9) lies within 168 and 192 in more than 99 % of draws.
    for low, high in (("mean_low", "mean_high"), ("slope_low", "slope_high")):
        assert 168 <= ((described[low] <= 0) & (described[high] >= 0)).sum() <= 192


def test_law_the_band_covers_a_wave_as_often_as_it_says():
    truth = np.sin(2 * np.pi * np.arange(60) / 59)
    series = draw_series(7, 60, likeness=0.3, number=100) + truth
    line = smooth(*series, level=0.9, replicates=200)
    covered = (line["low"].to_numpy() <= np.tile(truth, 100)) & (
        np.tile(truth, 100) <= line["high"].to_numpy()
    )
    assert 0.84 <= covered.mean() <= 0.96


def test_a_planted_slope_is_found():
    values = draw_series(8, 60, likeness=0.3)[0] + 1.2 * np.arange(60) / 12
    row = describe(values).iloc[0]
    assert row["slope_low"] < 1.2 < row["slope_high"]
    assert row["slope_low"] > 0.5


def test_autocorrelation_is_put_right_for_what_the_line_takes():
    size = 40
    design = np.column_stack([np.ones(size), np.arange(size)])
    maker = np.eye(size) - design @ np.linalg.pinv(design)
    residuals = draw_series(9, size, likeness=0.5, number=300) @ maker
    found = [estimate_autocorrelation(own, maker, np.arange(size)) for own in residuals]
    likeness, variance = np.mean(found, axis=0)
    assert np.mean([autocorrelation(own) for own in residuals]) < 0.42
    assert likeness == pytest.approx(0.5, abs=0.03)
    assert variance == pytest.approx(1, abs=0.1)


def test_autocorrelation_where_there_is_none_to_find():
    maker = np.eye(8) - 1 / 8
    turning = maker @ np.array([1.0, -1] * 4)
    assert estimate_autocorrelation(turning, maker, np.arange(8)) == (0, pytest.approx(8 / 7))
    rising = maker @ np.arange(8.0)
    assert estimate_autocorrelation(rising, maker, 2 * np.arange(8)) == (0, pytest.approx(6))
    assert estimate_autocorrelation(rising, maker, np.arange(8))[0] > 0.5
    assert estimate_autocorrelation(np.zeros(8), maker, np.arange(8)) == (0, 0)


def test_gaps_are_places_in_the_calendar():
    values = draw_series(10, 80, likeness=0.7)[0]
    whole = describe(values).iloc[0]
    values[np.random.default_rng(1).permutation(80)[:20]] = GAP
    gaps = describe(values).iloc[0]
    assert gaps["autocorrelation"] == pytest.approx(whole["autocorrelation"], abs=0.25)
    assert gaps["periods_empty"] == 20


def test_neither_row_order_nor_other_series_change_the_draws():
    framing = make_framing(*draw_series(11, 20, likeness=0.3, number=3))
    for function in (describe_series, smooth_series):
        whole = function(framing, measure="share")
        shuffled = framing.sample(frac=1, random_state=5)
        pd.testing.assert_frame_equal(function(shuffled, measure="share"), whole)
        alone = function(framing[framing["category"] == "فئة 001"], measure="share")
        own = whole[whole["category"] == "فئة 001"].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, own)


def test_the_seed_changes_intervals_only():
    framing = make_framing(draw_series(12, 20, likeness=0)[0])
    first, other = (describe_series(framing, measure="share", seed=seed) for seed in (1, 2))
    assert first["mean"].equals(other["mean"])
    assert (first["mean_low"] != other["mean_low"]).all()
    lines = [smooth_series(framing, measure="share", seed=seed) for seed in (1, 2)]
    assert lines[0]["smooth"].equals(lines[1]["smooth"])
    assert (lines[0]["low"] != lines[1]["low"]).all()


def test_a_narrower_level_gives_a_narrower_band():
    values = draw_series(13, 20, likeness=0)[0]
    wide, narrow = smooth(values), smooth(values, level=0.5)
    assert (narrow["low"] > wide["low"]).all()
    assert (narrow["high"] < wide["high"]).all()


def make_counts(size=400):
    generator = np.random.default_rng(14)
    days = pd.date_range("2031-01-01", "2031-10-31", periods=size).normalize()
    rows = [
        {
            "article_id": f"{number:04}",
            "outlet": ("المرصد", "الضفة", None)[number % 3],
            "published": day,
            "category": category,
            "mentions": int(generator.poisson(2)),
            "tokens": 100,
        }
        for number, day in enumerate(days)
        for category in ("diplomacy", "security")
    ]
    return make_table(rows, COUNTS)


def test_groups_and_a_balance_are_series_of_their_own():
    framing = framing_by_period(make_counts(), by="outlet", replicates=100)
    before = framing.copy(deep=True)
    described = describe_series(framing)
    assert described.columns.tolist() == ["outlet", *DESCRIPTION]
    assert described["outlet"].fillna("؟").tolist() == [
        "الضفة", "الضفة", "المرصد", "المرصد", "؟", "؟",
    ]  # fmt: skip
    assert described["articles"].tolist() == [133, 133, 134, 134, 133, 133]
    balance = describe_series(framing, measure="balance")
    assert balance["category"].tolist() == ["security / diplomacy"] * 3
    line = smooth_series(framing, measure="balance")
    assert line.columns.tolist() == ["period", "outlet", *[n for n in SMOOTH if n != "period"]]
    assert len(line) == 30
    pd.testing.assert_frame_equal(framing, before)


def test_weighted_articles_stay_fractions():
    framing = make_framing(draw_series(15, 10, likeness=0)[0], articles=2.5)
    assert describe_series(framing, measure="share")["articles"].tolist() == [25.0]
    assert smooth_series(framing, measure="share")["articles"].tolist() == [2.5] * 10


def test_the_method_says_how():
    values = draw_series(16, 10, likeness=0)[0]
    how = (
        "t interval, standard error from a bootstrap of errors as an autoregression with "
        "innovations in blocks, 200 replicates, seed 3; level 0.9"
    )
    options = {"replicates": 200, "seed": 3, "level": 0.9}
    assert describe(values, **options)["method"].tolist() == [
        f"mean of periods and least-squares line, periods not weighted; {how}"
    ]
    assert smooth(values, **options)["method"].unique().tolist() == [
        "LOWESS of statsmodels without robust iterations, periods not weighted; band: " + how
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"measure": "sum"},
            "measure is 'sum'; choose one of 'share', 'per_1000', 'balance'.",
        ),
        ({"level": 95}, "level is 95; choose a number between 0 and 1, such as 0.95."),
        (
            {"replicates": 10},
            "replicates is 10; choose at least 100, 1000 for results to publish.",
        ),
        ({"seed": -1}, "seed is -1; choose a whole number from 0 up."),
        (
            {"measure": "per_1000"},
            "the table `framing` has no column `per_1000`; "
            "it has: period, category, articles, share.",
        ),
    ],
)
def test_errors_say_what_to_change(options, message):
    framing = make_framing([0.1, 0.2])
    for function in (describe_series, smooth_series):
        with pytest.raises(InputError) as error:
            function(framing, **{"measure": "share", **options})
        assert str(error.value) == message


@pytest.mark.parametrize("fraction", [0, 1.5])
def test_a_fraction_lies_between_0_and_1(fraction):
    with pytest.raises(InputError) as error:
        smooth([0.1, 0.2], fraction=fraction)
    assert str(error.value) == (
        f"fraction is {fraction!r}; choose a number over 0 and up to 1, such as 0.4, or leave it "
        "out."
    )
