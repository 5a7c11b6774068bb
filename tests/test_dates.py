"""Dates are read when they can be read in one way, and never guessed."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from analysis.dates import parse_date

NO_DATE = "no date: name its column, or write YYYY-MM-DD into the name of a text file."
DAY_OR_MONTH = " puts the day or the month first; write it as YYYY-MM-DD."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2031-05-06", datetime(2031, 5, 6)),
        (" 2031/5/6 ", datetime(2031, 5, 6)),
        ("2031-05-06 07:08", datetime(2031, 5, 6, 7, 8)),
        ("2031-05-06T07:08:09Z", datetime(2031, 5, 6, 7, 8, 9)),
        ("2031-05-06T01:08:09.5+0300", datetime(2031, 5, 5, 22, 8, 9, 500_000)),
        ("٢٠٣١-٠٥-٠٦", datetime(2031, 5, 6)),
        (date(2031, 5, 6), datetime(2031, 5, 6)),
        (datetime(2031, 5, 6, 7, tzinfo=UTC), datetime(2031, 5, 6, 7)),
        (pd.Timestamp("2031-05-06 07:08:09.123456789"), datetime(2031, 5, 6, 7, 8, 9, 123_456)),
    ],
)
def test_dates_that_are_read(value, expected):
    assert parse_date(value) == (expected, "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, NO_DATE),
        ("  ", NO_DATE),
        (float("nan"), NO_DATE),
        ("03/04/2031", "no date: '03/04/2031'" + DAY_OR_MONTH),
        ("13.4.31 10:00", "no date: '13.4.31 10:00'" + DAY_OR_MONTH),
        ("2031-02-30", "no date: '2031-02-30' is not in the calendar; correct it."),
        ("2031-05/06", "no date: '2031-05/06' is not in the form YYYY-MM-DD; rewrite it."),
        ("6 مايو 2031", "no date: '6 مايو 2031' is not in the form YYYY-MM-DD; rewrite it."),
        (1935792000, "no date: 1935792000 is not in the form YYYY-MM-DD; rewrite it."),
    ],
)
def test_dates_that_are_not_guessed(value, reason):
    assert parse_date(value) == (None, reason)
