"""Mentions over time: a stroke for each, within its day; mentions and articles beside."""

import numpy as np
import pandas as pd
from analysis_tables import columns_of, make_dated, make_periods, measure_of, names_of, spans_of
from drawing import date_labels, error_of, strip_below
from matplotlib.dates import date2num

from analysis.figures import plot_dispersion_strip


def test_rows_come_by_mentions_with_one_stroke_for_each_dated_one():
    table = make_dated()
    axes = plot_dispersion_strip(table)
    assert names_of(axes) == ["جيش", "شرطة", "حاجز"]
    assert [len(spans_of(own)) for own in axes.collections] == [60, 25, 6]
    own = table[table["term"] == "حاجز"].dropna()
    days = sorted(int(span[0]) for span in spans_of(axes.collections[2]))
    assert days == sorted(date2num(own["published"]).astype(int))
    assert all(span[1::2] == [1.64, 2.36] for span in spans_of(axes.collections[2]))


def test_mentions_of_one_day_stand_side_by_side_within_it():
    table = pd.DataFrame(
        {"article_id": "1", "term": "جيش", "published": [pd.Timestamp("2031-01-10 18:00")] * 4}
    )
    strokes = plot_dispersion_strip(table).collections[0]
    day = date2num(pd.Timestamp("2031-01-10"))
    places = [span[0] - day for span in spans_of(strokes)]
    assert np.allclose(places, [0.125, 0.375, 0.625, 0.875])


def test_mentions_and_their_articles_stand_beside_each_row():
    table = make_dated()
    dated = table[(table["term"] == "حاجز") & table["published"].notna()]
    beside = columns_of(plot_dispersion_strip(table))
    assert beside[2] == ["6", str(dated["article_id"].nunique())]
    assert beside[0][0] == "60"


def test_names_choose_rows_in_their_order_and_most_the_largest():
    assert names_of(plot_dispersion_strip(make_dated(), names=["حاجز", "جيش"])) == ["حاجز", "جيش"]
    axes = plot_dispersion_strip(make_dated(), most=1)
    assert names_of(axes) == ["جيش"]
    assert measure_of(axes) == (
        "one stroke for each mention; rows: 1 of 3; mentions without a date, not shown: 1"
    )
    assert measure_of(plot_dispersion_strip(make_dated().dropna())) == (
        "one stroke for each mention"
    )


def test_a_name_without_a_date_keeps_an_empty_row():
    table = make_dated()
    table.loc[table["term"] == "حاجز", "published"] = pd.NaT
    axes = plot_dispersion_strip(table)
    assert columns_of(axes)[2] == ["0", "0"]


def test_the_articles_of_the_periods_stand_below():
    axes = plot_dispersion_strip(make_dated(), periods=make_periods())
    bars = [bar.get_height() for bar in strip_below(axes).patches]
    assert bars == [6] * 6
    assert date2num(pd.Timestamp("2031-01-01")) == axes.get_xlim()[0]


def test_few_days_are_named_by_day_and_years_by_year():
    table = make_dated().dropna()
    short = table[table["published"] < "2031-02-01"]
    assert "Jan" in " ".join(date_labels(plot_dispersion_strip(short)))
    first = short["published"].min()
    assert date_labels(plot_dispersion_strip(short))[0].startswith(f"{first.day}")
    years = table.assign(published=table["published"] + (table.index % 9) * pd.Timedelta(days=365))
    assert "2035" in date_labels(plot_dispersion_strip(years))


def test_errors_say_what_to_change():
    table = make_dated()
    assert error_of(plot_dispersion_strip, table.assign(published="2031")) == (
        "the column 'published' of the table `data` holds no dates; name one in `x`."
    )
    assert error_of(plot_dispersion_strip, table.tail(1)) == (
        "the column 'published' of the table `data` holds no dates; name one in `x`."
    )
    assert error_of(plot_dispersion_strip, table, names=["قمة"]) == (
        "name is 'قمة'; choose one of 'جيش', 'شرطة', 'حاجز'."
    )
    assert error_of(plot_dispersion_strip, table, y="outlet") == (
        "the table `data` has no column `outlet`; it has: article_id, term, published."
    )
    assert error_of(plot_dispersion_strip, table, periods=table) == (
        "the table `periods` has no column `period`, `category`, `articles`; "
        "it has: article_id, term, published."
    )
