import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.breaks import BREAKS, SWEEP, find_breaks, subtract_levels, sweep_penalties
from analysis.errors import InputError
from analysis.series import MEASURES

FEW = {"replicates": 199}


def framing_of(values, *, category="security", **columns):
    size = len(values)
    return pd.DataFrame(
        {
            "period": pd.date_range("2031-01-01", periods=size, freq="MS"),
            **columns,
            "category": category,
            "articles": np.where(np.isnan(values), 0, 20),
            "per_1000": values,
            "share": values,
            "balance": values,
            "pair": "security / diplomacy",
        }
    )


def noise(seed, size=48, likeness=0.0):
    generator = np.random.default_rng(seed)
    values = np.zeros(size + 50)
    for place in range(1, size + 50):
        values[place] = likeness * values[place - 1] + generator.normal()
    return values[50:]


def steps(*levels):
    return np.concatenate([np.full(size, level, float) for size, level in levels])


def test_two_planted_breaks_are_found_with_their_levels_and_dates():
    values = noise(1) + steps((16, 0), (16, 5), (16, 1))
    found = find_breaks(framing_of(values))
    assert {**found.dtypes.astype("str")} == dict(BREAKS)
    assert found["period"].dt.strftime("%Y-%m").tolist() == ["2032-05", "2033-09"]
    assert found["break"].tolist() == [1, 2]
    levels = [values[:16].mean(), values[16:32].mean(), values[32:].mean()]
    assert found["before"].tolist() == pytest.approx(levels[:2])
    assert found["after"].tolist() == pytest.approx(levels[1:])
    assert found["change"].tolist() == pytest.approx(np.diff(levels))
    assert (found["p_value"] < 0.01).all()
    assert found["periods"].tolist() == [48, 48]
    assert (found["period_low"] <= found["period"]).all()
    assert (found["period"] <= found["period_high"]).all()


def test_a_small_break_has_a_wider_interval_of_its_date_than_a_large_one():
    widths = []
    for size in (1.5, 6):
        found = find_breaks(framing_of(noise(4) + steps((24, 0), (24, size))))
        assert len(found) == 1
        widths.append((found["period_high"] - found["period_low"]).iloc[0])
    assert widths[0] > widths[1]


def test_noise_that_wanders_has_no_break_although_it_looks_like_it():
    found = [
        (
            len(find_breaks(framing_of(noise(seed, 36, likeness=0.6)), **FEW)),
            len(find_breaks(framing_of(noise(seed, 36, likeness=0.6)), noise="independent", **FEW)),
        )
        for seed in range(20)
    ]
    wandering, independent = (
        sum(number > 0 for number in column) for column in zip(*found, strict=True)
    )
    # 5 % of 20 is 1; more than 4 would be chance in 3 of 1,000 runs.
    assert wandering <= 4
    assert independent >= 8


def test_empty_periods_are_passed_over():
    values = noise(2) + steps((24, 0), (24, 5))
    values[[3, 24, 40]] = np.nan
    found = find_breaks(framing_of(values), **FEW)
    assert found["period"].dt.strftime("%Y-%m").tolist() == ["2033-02"]
    assert found["periods"].tolist() == [45]


def test_categories_searched_together_share_their_breaks():
    level = steps((20, 0), (28, 1.2))
    both = pd.concat(
        [
            framing_of(noise(11) + level),
            framing_of(noise(12) - level, category="diplomacy"),
        ]
    )
    together = find_breaks(both, jointly=True, **FEW)
    assert together["category"].tolist() == ["diplomacy", "security"]
    assert together["period"].nunique() == together["p_value"].nunique() == 1
    assert together["change"].iloc[0] < 0 < together["change"].iloc[1]
    turned = find_breaks(both.iloc[::-1], jointly=True, **FEW)
    pd.testing.assert_frame_equal(together, turned)


def test_groups_are_searched_on_their_own():
    framing = pd.concat(
        [
            framing_of(noise(5) + steps((24, 0), (24, 5)), outlet="المرصد"),
            framing_of(noise(6), outlet="الضفة"),
        ]
    )
    found = find_breaks(framing, **FEW)
    assert list(found)[:3] == ["outlet", "category", "measure"]
    assert found["outlet"].tolist() == ["المرصد"]


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_can_be_searched(measure):
    found = find_breaks(framing_of(noise(5) + steps((24, 0), (24, 9))), measure=measure, **FEW)
    assert "2033-01" in found["period"].dt.strftime("%Y-%m").tolist()
    assert found["measure"].unique().tolist() == [measure]
    category = "security / diplomacy" if measure == "balance" else "security"
    assert found["category"].unique().tolist() == [category]


def test_row_order_and_other_series_do_not_matter():
    values = noise(7) + steps((30, 0), (18, 2))
    framing = framing_of(values)
    other = framing_of(noise(8), category="diplomacy")
    first = find_breaks(framing, **FEW)
    again = find_breaks(pd.concat([framing.sample(frac=1, random_state=1), other]), **FEW)
    pd.testing.assert_frame_equal(first, again[again["category"] == "security"])
    assert not find_breaks(framing, seed=3, **FEW)["p_value"].empty


def test_the_sweep_shows_what_was_found_and_what_was_not():
    values = noise(1) + steps((16, 0), (16, 5), (16, 1))
    swept = sweep_penalties(framing_of(values), most_breaks=4, **FEW)
    assert {**swept.dtypes.astype("str")} == dict(SWEEP)
    assert (swept["breaks"].diff().dropna() > 0).all()
    assert swept["breaks"].max() <= 4
    assert swept["periods"].unique().tolist() == [48]
    found = find_breaks(framing_of(values), **FEW)
    kept = swept[swept["breaks"] == len(found)]
    assert kept["starts"].tolist() == [", ".join(found["period"].dt.strftime("%Y-%m-%d"))]


def test_short_and_constant_series_have_no_break():
    assert find_breaks(framing_of(noise(1, size=11) + steps((5, 0), (6, 50))), **FEW).empty
    constant = find_breaks(framing_of(np.full(30, 2.0)), **FEW)
    assert list(constant) == list(BREAKS)
    assert constant.empty


@given(
    st.lists(st.floats(-100, 100), min_size=4, max_size=30),
    st.integers(1, 3),
)
def test_law_what_is_left_has_mean_zero_between_breaks(values, place):
    left = subtract_levels(np.array(values)[:, None], [place])
    assert left.shape == (len(values), 1)
    for stretch in (left[:place], left[place:]):
        assert stretch.mean() == pytest.approx(0, abs=1e-9)


@settings(max_examples=5, deadline=None)
@given(st.floats(0.01, 1000), st.floats(-1000, 1000))
def test_law_scale_and_origin_do_not_matter(scale, origin):
    values = noise(9) + steps((24, 0), (24, 3))
    plain = find_breaks(framing_of(values), **FEW)
    moved = find_breaks(framing_of(scale * values + origin), **FEW)
    assert moved["period"].tolist() == plain["period"].tolist()
    assert moved["change"].tolist() == pytest.approx((scale * plain["change"]).tolist(), rel=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"noise": "pink"}, "noise is 'pink'; choose one of 'autocorrelated', 'independent'."),
        ({"categories": ["tourism"]}, "category is 'tourism'; choose one of 'security'."),
        ({"least_periods": 1}, "least_periods is 1; give a whole number, 2 or more."),
        ({"measure": "mean"}, "measure is 'mean'; choose one of 'share', 'per_1000', 'balance'."),
        ({"level": 95}, "level is 95; choose a number between 0 and 1, such as 0.95."),
    ],
)
def test_errors_say_what_to_change(options, message):
    with pytest.raises(InputError) as error:
        find_breaks(framing_of(noise(1)), **options)
    assert str(error.value) == message


def test_a_joint_search_needs_the_same_periods():
    gap = noise(1)
    gap[4] = np.nan
    both = pd.concat([framing_of(noise(2)), framing_of(gap, category="diplomacy")])
    with pytest.raises(InputError) as error:
        find_breaks(both, jointly=True)
    assert str(error.value) == (
        "the categories have values in different periods; a joint search needs the same."
    )
