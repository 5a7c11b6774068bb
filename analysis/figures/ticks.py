"""Ticks and labels of the axis of time; imported only when a figure is drawn."""

# mypy: disallow-untyped-calls=False

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator

from analysis.figures.words import Writing, write_digits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MOST_TICKS = 13
_GAP = 0.8
_MONTH = pd.Timedelta(days=28)
_MONTHS = (1, 2, 3, 6)
_YEARS = (1, 2, 5, 10, 20, 50)
_EVERY = (2, 5, 10, 20, 50, 100)


class PeriodLocator(AutoDateLocator):
    """Ticks at the finest step of the calendar whose labels fit side by side.

    A tick stands under the middle of the period it names. Weeks too many to be named give way
    to months, which then stand on their first day.
    """

    def __init__(self, calendar: pd.IntervalIndex) -> None:
        super().__init__()
        self.choices = _choices(calendar)
        self._found: dict[tuple[float, ...], FixedLocator] = {}

    def get_locator(self, dmin: datetime, dmax: datetime) -> FixedLocator:
        """Return the ticks that fit, as matplotlib asks for them many times when it draws."""
        axis: Any = self.axis
        low, high = date2num([dmin, dmax])
        font = axis.get_major_ticks(1)[0].label1.get_fontproperties()
        figure = axis.get_figure(root=True)
        size = (low, high, axis.axes.bbox.width, figure.dpi, font.get_size_in_points())
        if size not in self._found:
            self._found[size] = self._find(low, high, figure, font)
        return self._found[size]

    def _find(self, low: float, high: float, figure: Figure, font: FontProperties) -> FixedLocator:
        for choice in self.choices:
            ticks = choice.index[(choice.index >= low) & (choice.index <= high)].to_numpy()
            if 0 < len(ticks) <= _MOST_TICKS and self._fit(ticks, figure, font):
                break
        locator = FixedLocator(ticks.tolist())
        locator.set_axis(self.axis)
        return locator

    def _fit(self, ticks: "NDArray[np.float64]", figure: Figure, font: FontProperties) -> bool:
        """Return whether the labels of the ticks stand side by side with a gap between."""
        axis: Any = self.axis
        labels = axis.get_major_formatter().format_ticks(ticks)
        texts = [Text(0, 0, label, figure=figure, font=font) for label in labels]
        halves = np.array([text.get_window_extent().width / 2 for text in texts])
        places = axis.axes.transData.transform([(tick, 0) for tick in ticks])[:, 0]
        gap = _GAP * font.get_size_in_points() / 72 * figure.dpi
        return bool((np.diff(places) >= halves[:-1] + halves[1:] + gap).all())


class PeriodFormatter(ConciseDateFormatter):
    """Dates with the names of months of the figure, the year under the first of each year.

    The names come from the words of the figure and not from the language the computer is set to.
    """

    def __init__(self, locator: PeriodLocator, writing: Writing) -> None:
        day = "%d <%m>"
        super().__init__(
            locator,
            formats=["%Y", "<%m>", day, day, day, day],
            zero_formats=["%Y", "<%m>", day, day, day, day],
            show_offset=False,
        )
        self._writing = writing
        self._named = pd.concat(locator.choices)
        self._named = self._named[~self._named.index.duplicated()]

    def format_ticks(self, values: "ArrayLike") -> list[str]:
        """Return the labels of all ticks; each names the period in whose middle it stands."""
        dates = [self._named.get(value) for value in np.asarray(values)]
        if any(date is None for date in dates):
            return super().format_ticks(values)  # type: ignore[no-any-return]
        labels = super().format_ticks(date2num(dates))
        texts, year = [], None
        for date, label in zip(dates, labels, strict=True):
            text = label.replace(f"<{date:%m}>", self._writing.months[date.month - 1])
            text = text.removeprefix("0")
            if date.year != year and text != f"{date.year}":
                text += f"\n{date.year}"
            year = date.year
            texts.append(write_digits(text, self._writing))
        return texts


def _choices(calendar: pd.IntervalIndex) -> list[pd.Series]:
    """Return the ticks to choose from, finest first: the dates they name by where they stand."""
    starts, middles = calendar.left, calendar.mid
    choices = []
    if calendar.length.min() < _MONTH:
        choices += [(middles[::every], starts[::every]) for every in (1, 2)]
        starts = middles = pd.date_range(starts[0], calendar.right[-1], freq="MS")
    starts = pd.DatetimeIndex(starts)
    months = starts.month - 1
    masks = [months % step == 0 for step in _MONTHS]
    masks += [(months == 0) & (starts.year % step == 0) for step in _YEARS]
    choices += [(middles[mask], starts[mask]) for mask in masks]
    # For a calendar of the user's own, whose periods begin in no round month.
    choices += [(calendar.mid[::every], calendar.left[::every]) for every in _EVERY]
    return [pd.Series(dates, index=date2num(places)) for places, dates in choices]
