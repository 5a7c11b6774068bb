"""The axis of time: which stretch a period covers, and how dates are written under it."""

from typing import TYPE_CHECKING

import pandas as pd

from analysis.figures.words import Writing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LENGTHS = (
    (360, pd.DateOffset(years=1)),
    (88, pd.DateOffset(months=3)),
    (28, pd.DateOffset(months=1)),
)
_ALONE = pd.DateOffset(months=1)


def calendar_of(periods: pd.Series) -> pd.IntervalIndex:
    """Return every period from the first to the last, as stretches of time.

    The length is that of the shortest step between two periods, in whole years, quarters or
    months when it is as long. A point of a figure stands in the middle of its stretch, so
    that the date of an event falls among the days it belongs to. Periods that a table leaves
    out are in the calendar all the same: no line must run across them.

    >>> calendar_of(pd.Series(pd.to_datetime(["2031-01-01", "2031-02-01", "2031-04-01"]))).left
    DatetimeIndex(['2031-01-01', '2031-02-01', '2031-03-01', '2031-04-01'],
                  dtype='datetime64[us]', freq=None)
    """
    starts = pd.DatetimeIndex(periods.drop_duplicates().sort_values())
    step: pd.DateOffset | pd.Timedelta = _ALONE
    if len(starts) > 1:
        shortest = (starts[1:] - starts[:-1]).min()
        step = next((long for days, long in _LENGTHS if shortest.days >= days), shortest)
    edges = pd.date_range(starts[0], starts[-1] + step, freq=step)
    if not starts.isin(edges).all():
        edges = pd.DatetimeIndex([*starts, starts[-1] + step])
    return pd.IntervalIndex.from_breaks(edges.as_unit("us"), closed="left")


def label_dates(ax: "Axes", calendar: pd.IntervalIndex, writing: Writing) -> None:
    """Label as many periods as fit side by side, at any size the figure is given.

    Time runs from left to right in Arabic figures too, and they say so.
    """
    from analysis.figures.ticks import PeriodFormatter, PeriodLocator

    locator = PeriodLocator(calendar)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(PeriodFormatter(locator, writing))
    ax.set_xlim(calendar.left[0], calendar.right[-1])
    ax.set_xlabel(writing.words["time"])
