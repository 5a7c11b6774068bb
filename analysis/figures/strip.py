"""The strip of articles below a chart: how much each period rests on."""

from typing import TYPE_CHECKING

import pandas as pd

from analysis.figures.dates import label_dates
from analysis.figures.layout import PER_INCH, inches_from
from analysis.figures.style import GREY, set_type
from analysis.figures.words import Writing, write_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 26
_ABOVE = 20


def draw_articles_below(
    ax: "Axes", articles: pd.Series, calendar: pd.IntervalIndex, few: int, writing: Writing
) -> None:
    """Draw a strip of bars under the axes, and the dates under the strip.

    `articles` has the periods as its index. The strip is as high in a small figure as in a
    large one.
    """
    strip = ax.inset_axes(
        (0, -(_ABOVE + _HEIGHT) / PER_INCH, 1, _HEIGHT / PER_INCH),
        transform=inches_from(ax, 0, along=ax.transAxes),
        sharex=ax,
    )
    set_type(strip)
    draw_article_bars(strip, articles, calendar, few)
    most = articles.max()
    strip.set_yticks([most], [write_number(most, "articles", writing)])
    side, x = ("right", 1) if writing.is_arabic else ("left", 0)
    strip.annotate(
        writing.words["articles"],
        (x, 1),
        xycoords="axes fraction",
        xytext=(0, 3),
        textcoords="offset points",
        ha=side,
    )
    label_dates(strip, calendar, writing)
    ax.tick_params(axis="x", bottom=False, labelbottom=False)


def draw_article_bars(
    ax: "Axes", articles: pd.Series, calendar: pd.IntervalIndex, few: int
) -> None:
    """Draw a bar per period; with fewer than `few` articles it is hatched."""
    shown = articles.reindex(calendar.left).fillna(0)
    bars = ax.bar(
        calendar.mid,
        shown,
        0.8 * calendar.length,
        color=GREY,
        edgecolor=GREY,
        linewidth=0,
    )
    for bar, number in zip(bars, shown, strict=True):
        if number < few:
            bar.set(facecolor="white", hatch="////", linewidth=1)
