"""The series a table of framing holds: one number per period, for each group and category."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_choice
from analysis.framing import FRAMING
from analysis.tables import require_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEASURES = ("share", "per_1000", "balance")


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
