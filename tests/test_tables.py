"""Tables keep their columns and types, rows or none."""

import pandas as pd
import pytest

from analysis.errors import InputError, require_choice
from analysis.tables import MENTIONS, QUOTES, make_table, require_columns


def test_an_empty_table_has_the_types_of_a_full_one():
    row = {name: 1 for name, kind in QUOTES.items() if kind.lower() in {"int64", "bool"}}
    text = {name: "نص" for name, kind in QUOTES.items() if kind == "str"}
    full = make_table([row | text], QUOTES)
    pd.testing.assert_series_equal(full.dtypes, make_table([], QUOTES).dtypes)


def test_further_columns_pass_through_behind():
    row = dict.fromkeys(MENTIONS, 1)
    assert make_table([{"url": "x", **row}], MENTIONS).columns.tolist() == [*MENTIONS, "url"]


def test_a_missing_column_is_named():
    with pytest.raises(InputError) as error:
        require_columns(pd.DataFrame(), ["text"], name="articles")
    assert str(error.value) == "the table `articles` has no column `text`; it has: no columns."


def test_a_wrong_choice_names_the_right_ones():
    with pytest.raises(InputError) as error:
        require_choice("D", ["W", "MS"], name="freq")
    assert str(error.value) == "freq is 'D'; choose one of 'W', 'MS'."
