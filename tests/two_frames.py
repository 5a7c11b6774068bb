"""Series of two frames, made up: what tests of leads and of rhythms are made of."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.framing import framing_by_period
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


def framing_of_two_outlets():
    """Build framing by week of 150 articles, as `framing_by_period` makes it."""
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
    return framing_by_period(make_table(rows, COUNTS), freq="W", by="outlet", replicates=100)


def check_that_only_the_seed_matters(call):
    """Check that a table depends on the seed, not on the order of rows or on other groups."""
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


def message(call, *arguments, **options):
    with pytest.raises(InputError) as error:
        call(*arguments, **options)
    return str(error.value)


def check_errors_of_a_pair(call, **options):
    """Check what is said of a wrong pair, measure or level; `options` are passed with the level."""
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
    assert message(call, framing, level=95, **options) == (
        "level is 95; choose a number between 0 and 1, such as 0.95."
    )
