"""What the press of 2018 is known to have written about, in 29,890 real articles."""

import pandas as pd
import pytest

from analysis.counting import count_files
from analysis.framing import framing_by_period


@pytest.fixture(scope="module")
def weekly(shared):
    parts = count_files(shared / "corpora" / "ant_2018.parquet")
    counts = pd.concat([part.counts for part in parts], ignore_index=True)
    return framing_by_period(counts, freq="W").set_index(["category", "period"])


def test_the_olympics_peak_in_the_weeks_of_the_winter_games(weekly):
    games = weekly.loc["olympics"]
    games = games[games["articles"] >= 100]
    held = games.loc["2018-02-05":"2018-02-19"]
    after = games.loc["2018-03-26":]
    assert games["share"].idxmax() in held.index
    assert games["per_1000"].idxmax() in held.index
    assert held["low"].min() > after["share"].median()


def test_diplomacy_rises_around_the_korean_summits(weekly):
    diplomacy = weekly.loc["diplomacy"]
    before = diplomacy.loc["2018-04-02":"2018-04-16", "per_1000"]
    assert diplomacy.loc["2018-04-23", "per_1000_low"] > before.max()
    summer = diplomacy.loc["2018-06-04":"2018-06-11", "per_1000"]
    assert summer.min() > diplomacy.loc["2018-05-28", "per_1000"]
    assert summer.min() > diplomacy.loc["2018-06-18", "per_1000_high"]
