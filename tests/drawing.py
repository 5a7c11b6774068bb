"""Tables to draw and ways to look at what is drawn, for the tests of figures."""

from functools import cache
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.errors import InputError
from analysis.figures import (
    plot_articles,
    plot_balance,
    plot_compared_voices,
    plot_framing,
    plot_framing_by_group,
    plot_heat_map,
    plot_themes,
    plot_voices,
)
from analysis.framing import framing_by_period
from analysis.periods import count_by_period
from analysis.tables import COUNTS, SOURCE_TYPES, make_table

MONTHS = {"2031-01": 8, "2031-02": 9, "2031-04": 3, "2031-06": 7, "2031-07": 8}
VOICES = pd.DataFrame(
    {
        "source_type": ["media", "expert", "official", "armed_group"],
        "quotes": [0, 40, 1200, 3],
        "articles": [0, 30, 700, 3],
    }
)


def make_counts(months=MONTHS, categories=("diplomacy", "security")):
    generator = np.random.default_rng(5)
    rows = [
        {
            "article_id": f"{month}/{number:03}",
            "outlet": ("المرصد", "الضفة")[number % 2],
            "published": pd.Timestamp(f"{month}-10"),
            "category": category,
            "mentions": int(generator.poisson(1.5)),
            "tokens": 200,
        }
        for month, articles in months.items()
        for number in range(articles)
        for category in categories
    ]
    return make_table(rows, COUNTS)


@cache
def make_framing(by=None):
    return framing_by_period(make_counts(), by=by, replicates=100)


def make_compared(categories=("security", "diplomacy")):
    """Build a table as `compare_voices` gives it, with the same log ratios for each category."""
    rows = [
        # voice, articles, mentions, log ratio and its interval
        ("reporter", 40, 60, 0, 0, 0),
        ("quoted", 40, 50, 0.5, 0.2, 0.8),
        ("expert", 30, 40, 1, 0.4, 1.6),
        ("official", 9, 0, -0.7, np.nan, np.nan),
        ("organization", 3, 9, 1.5, -6, 9),
        *((voice, 0, 0, np.nan, np.nan, np.nan) for voice in SOURCE_TYPES[3:]),
    ]
    columns = ["voice", "articles", "mentions", "log_ratio", "log_ratio_low", "log_ratio_high"]
    table = pd.DataFrame(rows, columns=columns).assign(level=0.95)
    return pd.concat([table.assign(category=name) for name in categories])


def make_events(dates=("2031-02-03", "2031-02-20", "2031-06-01")):
    names = ["مؤتمر الموانئ", "إغلاق المعبر", "هدنة الضفتين"]
    english = ["Conference of the harbours", "The crossing closed", "Truce of the two banks"]
    events = pd.DataFrame(
        {
            "event": [f"event_{number}" for number in range(len(dates))],
            "date": pd.to_datetime(list(dates)),
            "end": pd.Series(pd.NaT, index=range(len(dates)), dtype="datetime64[us]"),
            "name_en": [english[number % 3] for number in range(len(dates))],
            "name_ar": [names[number % 3] for number in range(len(dates))],
        }
    )
    events.loc[0, "end"] = events.loc[0, "date"] + pd.Timedelta(days=9)
    return events


def make_breaks(category="security", measure="share"):
    days = {"period": "2031-04-01", "period_low": "2031-02-01", "period_high": "2031-06-01"}
    return pd.DataFrame(
        [
            {
                "category": category,
                "measure": measure,
                **{name: pd.Timestamp(day) for name, day in days.items()},
                "p_value": 0.01,
            }
        ]
    )


def make_smooth(framing, measure="share"):
    smooth = framing[["period", "category"]].assign(measure=measure, smooth=0.5)
    return smooth.assign(low=0.25, high=0.75)


def make_windows(events):
    day = pd.Timedelta(days=1)
    rows = [
        {"window": f"{event} {side}", "event": event, "side": side, "start": start, "end": end}
        for event, date in zip(events["event"], events["date"], strict=True)
        for side, start, end in (
            ("before", date - 14 * day, date - day),
            ("after", date, date + 13 * day),
        )
    ]
    return pd.DataFrame(rows)


def every_figure(language, **options):
    """Draw each figure once; `options` go to those with an axis of time."""
    framing, grouped = make_framing(), make_framing("outlet")
    by_outlet = count_by_period(make_counts(), by="outlet")
    events = make_events()
    options["language"] = language
    return {
        "framing": plot_framing(framing, **options),
        "rates": plot_framing(framing, y="per_1000", **options),
        "outlets": plot_framing(grouped, hue="outlet", categories=["security"], **options),
        "marked": plot_framing(
            framing,
            events=events,
            windows=make_windows(events),
            breaks=make_breaks(),
            smooth=make_smooth(framing),
            **options,
        ),
        "balance": plot_balance(framing, events=events, **options),
        "themes": plot_themes(framing, **options),
        "theme rates": plot_themes(framing, y="per_1000", **options),
        "framing by outlet": plot_framing_by_group(grouped, **options),
        "heat map": plot_heat_map(framing, **options),
        "articles": plot_articles(framing, y=None, **options),
        "articles by outlet": plot_articles(by_outlet, **options),
        "voices": plot_voices(VOICES, language=language),
        "compared voices": plot_compared_voices(make_compared(), language=language),
    }


@cache
def figures_in(language):
    """Return each figure, drawn once for all tests that only look at it."""
    return every_figure(language)


def axes_of(width, height):
    """Return axes as a caller makes them, of this size in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.subplots()


def lines_of(axes):
    """Return the labelled lines of the axes by label."""
    handles, labels = axes.get_legend_handles_labels()
    return dict(zip(labels, handles, strict=True))


def legend_of(axes):
    texts = [text.get_text().replace("\n", " ") for text in axes.get_legend().get_texts()]
    return [text for text in texts if text]


def date_labels(axes):
    """Draw the figure, whose size says how many dates fit, and return those written."""
    drawn_texts(axes)
    return [label.get_text() for label in axes.get_xticklabels()]


def strip_below(axes):
    return axes.child_axes[-1]


def panels_of(axes):
    """Return the panels of plot_themes by their titles, which stand on the left."""
    return {panel.get_title(loc="left"): panel for panel in axes.child_axes[:-1]}


def drawn_texts(axes):
    """Draw the figure and return the box of every text that is seen on it."""
    seen = []
    draw = Text.draw

    def keep(text, *arguments, **options):
        seen.append(text)
        draw(text, *arguments, **options)

    with mock.patch.object(Text, "draw", keep):
        axes.figure.draw_without_rendering()
    shown = [text for text in seen if text.get_visible() and text.get_text().strip()]
    return {text: text.get_window_extent() for text in shown}


def _lies_in(box, page):
    return page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1


def overlaps_of(axes):
    """Return the texts that cover another, or that reach out of the page."""
    boxes = list(drawn_texts(axes).items())
    page = axes.figure.bbox
    out = [text.get_text() for text, box in boxes if not _lies_in(box, page)]
    return out + [
        (text.get_text(), other.get_text())
        for place, (text, box) in enumerate(boxes)
        for other, other_box in boxes[:place]
        if box.padded(-1).overlaps(other_box.padded(-1))
    ]


def error_of(call, *arguments, **options):
    """Return the message of the InputError that a call raises."""
    with pytest.raises(InputError) as raised:
        call(*arguments, **options)
    return str(raised.value)
