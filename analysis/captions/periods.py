"""Names of periods, and the highest and lowest of them.

These are sought among the periods of at least `FEW` articles, where there are any: a share of
one article in one is no peak. Of periods that tie all are named, the one with the most
articles first.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from analysis.captions.words import Words
from analysis.errors import require_choice
from analysis.tables import FREQUENCIES

FEW = 5
_MOST_NAMED = 3
_MARKS = {"W": "%Y-%m-%d", "MS": "%Y-%m", "YS": "%Y"}


class Extreme(NamedTuple):
    """The row of the highest or lowest period, the names of it and its ties, and the choice."""

    row: Any
    name: str
    leaves_out: bool


def name_period(start: pd.Timestamp, freq: str) -> str:
    """Return the name of the period that begins on a day, such as 2031-Q1; a week is its Monday.

    >>> name_period(pd.Timestamp("2031-04-01"), "QS")
    '2031-Q2'
    """
    require_choice(freq, FREQUENCIES, name="freq")
    return f"{start.year}-Q{start.quarter}" if freq == "QS" else f"{start:{_MARKS[freq]}}"


def find_extreme(
    rows: pd.DataFrame,
    measure: str,
    freq: str,
    words: Words,
    *,
    size: str = "articles",
    lowest: bool = False,
) -> Extreme:
    """Find the highest or lowest period; `size` is the column of what a value rests on."""
    known = rows[(rows[size] > 0) & rows[measure].notna()]
    enough = known[known[size] >= FEW]
    eligible = known if enough.empty else enough
    best = eligible[measure].min() if lowest else eligible[measure].max()
    tied = eligible[eligible[measure] == best].sort_values(size, ascending=False, kind="stable")
    name, *others = (name_period(start, freq) for start in tied["period"])
    if len(others) > _MOST_NAMED:
        name = words["as_in_many"].format(period=name, others=len(others))
    elif others:
        name = words["as_in"].format(period=name, others=words["comma"].join(others))
    return Extreme(tied.iloc[0], name, len(eligible) < len(known))


def say_few(extremes: Iterable[Extreme], words: Words, *, units: str = "articles") -> str:
    """Say that periods were left out of the search for the highest and lowest, if any were."""
    few = any(each.leaves_out for each in extremes)
    return words["few"].format(few=FEW, units=words[f"few_{units}"]) if few else ""
