"""Which rows of a table a figure shows, and in which order."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.errors import InputError, require_choice
from analysis.figures.style import STYLES
from analysis.figures.words import Writing


def choose_rows(
    data: pd.DataFrame,
    categories: Sequence[str] | None,
    *,
    x: str = "period",
    groups: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the rows of the chosen categories, in their order and in that of time.

    Raises InputError when the table has no rows, x holds no dates, a category is missing, and
    when several rows hold the same x, category and groups.
    """
    if data.empty:
        raise InputError("the table `data` has no rows; there is nothing to draw.")
    if not pd.api.types.is_datetime64_any_dtype(data[x]):
        raise InputError(f"the column {x!r} of the table `data` holds no dates; name one in `x`.")
    known = data["category"].unique().tolist()
    for category in categories or ():
        require_choice(category, known, name="category")
    order = {category: place for place, category in enumerate(categories or known)}
    rows = data[data["category"].isin(list(order))]
    keys = list(dict.fromkeys(["category", x, *groups]))
    doubled = rows.duplicated(keys)
    if doubled.any():
        raise InputError(
            f"the table `data` has several rows for {rows.loc[doubled, 'category'].iloc[0]!r} "
            "in one period; choose the rows of one group first."
        )
    return rows.sort_values(
        keys, key=lambda column: column.map(order) if column.name == "category" else column
    )


def split_rows(rows: pd.DataFrame, column: str, writing: Writing) -> dict[str, pd.DataFrame]:
    """Return the rows of each value of a column, in the order in which the values come.

    A missing or empty value, such as that of an outlet without a name, is called unknown.
    """
    values = rows[column].astype("object").where(rows[column].notna(), "")
    names = values.replace("", writing.words["unknown"])
    return {str(name): part for name, part in rows.groupby(names, sort=False)}


def require_one_category(data: pd.DataFrame, column: str, *, name: str) -> None:
    """Raise InputError when lines or rows go by another column and categories would mix."""
    found = data["category"].unique().tolist()
    if column != "category" and len(found) > 1:
        raise InputError(
            f"{name} is {column!r}, and the rows are of {len(found)} categories; "
            "name one in `categories`."
        )


def require_few_lines(lines: Mapping[str, pd.DataFrame], name: str) -> None:
    """Raise InputError when there are more lines than a figure can tell apart."""
    if len(lines) > len(STYLES):
        raise InputError(
            f"{name} tells {len(STYLES)} lines apart, not {len(lines)}; name fewer in "
            "`categories`, choose the rows of fewer groups, or use plot_themes."
        )
