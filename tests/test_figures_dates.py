"""The axis of time: what a period covers, which dates are written, in which words."""

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from drawing import axes_of, date_labels, drawn_texts, strip_below
from matplotlib.dates import date2num

from analysis.data_files import data_path, load_yaml
from analysis.figures import plot_articles, plot_themes
from analysis.figures.dates import calendar_of, label_dates
from analysis.figures.style import figure_style, set_type
from analysis.figures.words import choose_writing
from analysis.periods import count_by_period
from analysis.tables import COUNTS, make_table

WRITINGS = [
    ("en", "general", "western"),
    ("ar", "general", "arabic"),
    ("ar", "levant", "western"),
    ("ar", "maghreb", "arabic"),
    ("ar", "morocco", "western"),
]


def bare_axes(starts, width=8.5, writing=None):
    """Return axes with nothing but the labels of dates."""
    with figure_style():
        ax = axes_of(width, 2)
        set_type(ax)
        label_dates(ax, calendar_of(pd.Series(starts)), writing or choose_writing("en"))
    return ax


def count_dates(dates, freq):
    rows = [
        {
            "article_id": date,
            "outlet": "المرصد",
            "published": pd.Timestamp(date),
            "category": "security",
            "mentions": 1,
            "tokens": 10,
        }
        for date in dates
    ]
    return count_by_period(make_table(rows, COUNTS), freq=freq)


@pytest.mark.parametrize(
    ("freq", "dates", "expected"),
    [
        ("MS", ["2030-11-05", "2031-02-05"], ["Nov\n2030", "Dec", "Jan\n2031", "Feb"]),
        ("W", ["2030-12-25", "2031-01-08"], ["23 Dec\n2030", "30 Dec", "6 Jan\n2031"]),
        ("QS", ["2030-11-05", "2031-02-05"], ["Oct\n2030", "Jan\n2031"]),
        ("YS", ["2029-11-05", "2031-02-05"], ["2029", "2030", "2031"]),
        ("MS", ["2031-05-05"], ["1 May\n2031"]),
        ("YS", ["2001-05-05", "2031-05-05"], ["2005", "2010", "2015", "2020", "2025", "2030"]),
    ],
)
def test_dates_name_the_periods_and_the_first_of_each_year(freq, dates, expected):
    periods = count_dates(dates, freq)
    assert date_labels(plot_articles(periods, y=None)) == expected
    assert date_labels(strip_below(plot_themes(periods))) == expected


def test_ticks_stand_under_the_middle_of_their_periods_and_months_of_weeks_on_their_first_day():
    months = bare_axes(pd.date_range("2031-01-01", periods=4, freq="MS"))
    middles = ["2031-01-16 12:00", "2031-02-15", "2031-03-16 12:00", "2031-04-16"]
    assert (
        months.get_xticks().tolist() == date2num(pd.to_datetime(middles, format="ISO8601")).tolist()
    )
    weeks = bare_axes(pd.date_range("2031-01-06", periods=30, freq="7D"))
    assert date_labels(weeks) == ["Feb\n2031", "Mar", "Apr", "May", "Jun", "Jul", "Aug"]
    firsts = pd.date_range("2031-02-01", "2031-08-01", freq="MS")
    assert weeks.get_xticks().tolist() == date2num(firsts).tolist()


@pytest.mark.parametrize(("language", "months", "digits"), WRITINGS)
@pytest.mark.parametrize("width", [4, 7, 12])
def test_dates_never_touch(width, language, months, digits):
    writing = choose_writing(language, months, digits)
    for freq, numbers in {
        "W-MON": [6, 37, 110, 520],
        "MS": [6, 18, 60, 132],
        "QS": [6, 44],
        "YS": [6, 30],
    }.items():
        for number in numbers:
            starts = pd.date_range("2027-08-30", periods=number, freq=freq)
            ax = bare_axes(starts, width, writing)
            boxes = drawn_texts(ax)
            labels = [label for label in ax.get_xticklabels() if label in boxes]
            places = [boxes[label] for label in labels]
            gaps = [right.x0 - left.x1 for left, right in pairwise(places)]
            assert all(gap > 3 for gap in gaps), (freq, number, gaps)
            assert 2 <= len(labels) <= 13, (freq, number)
            years = {label.get_text()[-4:] for label in labels}
            assert len(years) >= 1
            assert labels[0].get_text()[-4:].isdigit()


def test_a_figure_given_another_size_is_labelled_anew():
    ax = bare_axes(pd.date_range("2031-01-01", periods=12, freq="MS"), 12)
    assert len(date_labels(ax)) == 12
    ax.figure.set_size_inches(3, 2)
    assert date_labels(ax) == ["Jan\n2031", "Mar", "May", "Jul", "Sep", "Nov"]


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ("general", ["يناير\n2031", "يوليو", "أغسطس", "ديسمبر"]),
        ("levant", ["كانون الثاني\n2031", "تموز", "آب", "كانون الأول"]),
        ("maghreb", ["جانفي\n2031", "جويلية", "أوت", "ديسمبر"]),
        ("morocco", ["يناير\n2031", "يوليوز", "غشت", "دجنبر"]),
    ],
)
def test_each_region_has_its_names_of_months(months, expected):
    ax = bare_axes(
        pd.date_range("2031-01-01", periods=12, freq="MS"), 16, choose_writing("ar", months)
    )
    labels = date_labels(ax)
    assert [labels[month - 1] for month in (1, 7, 8, 12)] == expected


def test_no_region_uses_one_name_for_two_months():
    for region, names in load_yaml(data_path("lexicons", "labels.yml")).content["months"].items():
        assert len(set(names)) == 12, region


def test_dates_can_have_arabic_digits():
    ax = bare_axes(
        pd.date_range("2030-12-02", periods=6, freq="7D"),
        writing=choose_writing("ar", digits="arabic"),
    )
    assert date_labels(ax)[0] == "٢ ديسمبر\n٢٠٣٠"


def test_the_language_of_the_computer_decides_nothing():
    formatter = bare_axes(
        pd.date_range("2031-01-01", periods=3, freq="MS")
    ).xaxis.get_major_formatter()
    asked = "".join([*formatter.formats, *formatter.zero_formats])
    assert set(re.findall("%.", asked)) == {"%Y", "%m", "%d"}  # numbers, the same everywhere


@pytest.mark.parametrize(
    ("starts", "edges"),
    [
        (["2031-01-06", "2031-01-20"], ["2031-01-06", "2031-01-20", "2031-02-03"]),
        (["2031-01-01", "2031-04-01"], ["2031-01-01", "2031-04-01", "2031-07-01"]),
        (["2031-01-01", "2031-03-01", "2031-02-01"], None),
        (["2031-01-01", "2032-01-01"], ["2031-01-01", "2032-01-01", "2033-01-01"]),
        # Periods of the user's own stay as they are.
        (
            ["2031-01-01", "2031-01-11", "2031-02-04"],
            ["2031-01-01", "2031-01-11", "2031-02-04", "2031-02-14"],
        ),
    ],
)
def test_a_period_lasts_until_the_next(starts, edges):
    calendar = calendar_of(pd.Series(pd.to_datetime(starts)))
    edges = edges or ["2031-01-01", "2031-02-01", "2031-03-01", "2031-04-01"]
    assert [*calendar.left, calendar.right[-1]] == [pd.Timestamp(edge) for edge in edges]


def test_periods_that_are_left_out_are_in_the_calendar():
    weeks = pd.Series(pd.to_datetime(["2031-01-06", "2031-01-13", "2031-02-03"]))
    assert len(calendar_of(weeks)) == 5
    assert (np.diff(calendar_of(weeks).left) == np.timedelta64(7, "D")).all()


def test_periods_that_begin_in_no_round_month_are_labelled_all_the_same():
    starts = pd.date_range("2029-02-10", periods=20, freq=pd.DateOffset(months=1))
    labels = date_labels(bare_axes(starts, 4))
    assert labels[:6] == ["Mar\n2029", "May", "Jul", "Sep", "Nov", "Jan\n2030"]
