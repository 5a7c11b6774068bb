"""The series a table of framing holds: one number per period, for each group and category."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_choice
from analysis.framing import FRAMING
from analysis.tables import Columns, require_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEASURES = ("share", "per_1000", "balance")
MEASURES_OF_A_PAIR = ("share", "per_1000")
"""What two frames can be compared by: a balance is one series of both."""


class Series(NamedTuple):
    """One row per period in order, of one group and one category (for a balance, one pair)."""

    group: dict[str, object]
    category: str
    rows: pd.DataFrame
    values: "NDArray[np.float64]"


def split_series(framing: pd.DataFrame, *, measure: str) -> list[Series]:
    """Return the series of a table from `framing_by_period` or `count_by_period`.

    `measure` is `share`, `per_1000` or `balance`. The columns a table has been grouped by are
    those that stand between `period` and `category`. Values are NaN where a period has no
    articles. A balance is one series for each group, and its category is the `pair`.

    Raises InputError when a column is missing, the table has no rows, or several rows hold the
    same period, group and category.

    >>> table = pd.DataFrame({"period": pd.to_datetime(["2031-01-01", "2031-02-01"]),
    ...     "outlet": "المرصد", "category": "security", "articles": [4, 0],
    ...     "share": [0.5, float("nan")]})
    >>> [series] = split_series(table, measure="share")
    >>> series.group, series.category, series.values.tolist()
    ({'outlet': 'المرصد'}, 'security', [0.5, nan])
    """
    require_choice(measure, MEASURES, name="measure")
    name = "pair" if measure == "balance" else "category"
    require_columns(framing, ["period", "category", "articles", name, measure], name="framing")
    if framing.empty:
        raise InputError("the table `framing` has no rows.")
    groups = series_groups(framing)
    table = framing.drop_duplicates(["period", *groups]) if measure == "balance" else framing
    doubled = table.duplicated(["period", *groups, name])
    if doubled.any():
        raise InputError(
            f"the table `framing` has several rows for {table.loc[doubled, name].iloc[0]!r} "
            "in one period and group; it needs one for each."
        )
    return [
        Series(
            dict(zip(groups, key[:-1], strict=True)),
            str(key[-1]),
            rows.sort_values("period", ignore_index=True),
            rows.sort_values("period")[measure].to_numpy("float64"),
        )
        for key, rows in table.groupby([*groups, name], dropna=False, observed=True, sort=False)
    ]


def series_groups(framing: pd.DataFrame) -> list[str]:
    """Return the columns by which a table of periods is grouped, such as outlet."""
    names = [str(name) for name in framing]
    return [name for name in names[: names.index("category")] if name not in FRAMING]


def split_pairs(
    framing: pd.DataFrame, pair: tuple[str, str], measure: str
) -> list[tuple[Series, Series]]:
    """Return the series of two frames, in the order of `pair`, for each group.

    Raises InputError as `split_series` does, when the measure is not of MEASURES_OF_A_PAIR,
    when a frame is missing or named twice, and when the two do not have the same periods.

    >>> table = pd.DataFrame({"period": pd.to_datetime(["2031-01-01"] * 2), "articles": 4,
    ...     "outlet": "الضفة", "category": ["diplomacy", "security"], "share": [0.25, 0.5]})
    >>> table = table[["period", "outlet", "category", "articles", "share"]]
    >>> [frames] = split_pairs(table, ("security", "diplomacy"), "share")
    >>> [(frame.category, frame.values.tolist()) for frame in frames]
    [('security', [0.5]), ('diplomacy', [0.25])]
    """
    require_choice(measure, MEASURES_OF_A_PAIR, name="measure")
    require_columns(framing, ["category"], name="framing")
    require_categories(pair, framing["category"], name="pair")
    if len(set(pair)) != 2:
        raise InputError(f"pair is {pair!r}; name two different categories.")
    frames = framing[framing["category"].isin(pair)]
    groups: dict[tuple[str, ...], dict[str, Series]] = {}
    for each in split_series(frames, measure=measure):
        groups.setdefault(tuple(map(str, each.group.values())), {})[each.category] = each
    for name, group in groups.items():
        calendars = [each.rows["period"].tolist() for each in group.values()]
        if len(calendars) != 2 or calendars[0] != calendars[1]:
            raise InputError(
                f"the two frames of `framing` do not have the same periods{_in_group(name)}; "
                "keep the rows of `framing_by_period` for both, periods without articles included."
            )
    return [(group[pair[0]], group[pair[1]]) for group in groups.values()]


def _in_group(name: tuple[str, ...]) -> str:
    return f" in the group {', '.join(name)}" if name else ""


def require_categories(names: Iterable[str], held: Iterable[str], *, name: str) -> None:
    """Raise InputError when a category named in an argument is none of those held.

    >>> require_categories(["security", "sport"], ["security"], name="pair")
    Traceback (most recent call last):
    analysis.errors.InputError: pair names 'sport', which `framing` does not hold;
    choose among its categories: 'security'.
    """
    known = sorted(set(held))
    missing = [each for each in names if each not in known]
    if missing:
        raise InputError(
            f"{name} names {', '.join(map(repr, missing))}, which `framing` does not hold; "
            f"choose among its categories: {', '.join(map(repr, known))}."
        )


def arrange_rows(
    table: pd.DataFrame, groups: list[str], columns: Columns, order: list[str]
) -> pd.DataFrame:
    """Return the columns declared, after those of the groups, with their types and in order.

    >>> table = pd.DataFrame({"lag": [1.0, 0.0], "outlet": "المرصد", "left": 0})
    >>> arrange_rows(table, ["outlet"], {"lag": "int64"}, ["lag"])
       outlet  lag
    0  المرصد    0
    1  المرصد    1
    """
    arranged = table.sort_values([*groups, *order], ignore_index=True)
    return arranged[[*groups, *columns]].astype(dict(columns))
