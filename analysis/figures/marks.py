"""What stands on the time of a chart: events, windows, breaks and the smooth course."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analysis.errors import InputError
from analysis.figures.legends import Entry
from analysis.figures.style import DARK, GREY, Look
from analysis.figures.words import Writing
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Event(NamedTuple):
    """An event of a figure: where its line stands, and its name."""

    date: pd.Timestamp
    name: str


_DAY = pd.Timedelta(days=1)
_SIDES = ("before", "after")
_BREAK_STEP = 0.045
_FOOT = 0.03


def draw_windows(
    ax: "Axes", windows: pd.DataFrame, calendar: pd.IntervalIndex, writing: Writing
) -> list[Entry]:
    """Draw at the foot of the chart an empty bar for the days before an event, a full one after.

    Takes a table with `side` (before or after), `start` and `end`, such as that of
    `event_windows`; returns what the legend says of them.
    """
    from matplotlib.patches import Patch

    require_columns(windows, ["side", "start", "end"], name="windows")
    entries = []
    for side, colour in zip(_SIDES, ("white", DARK), strict=True):
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": DARK, "linewidth": 0.8}
        rows = _within(windows[windows["side"] == side], calendar, "start", "end")
        for start, end in zip(rows["start"], rows["end"], strict=True):
            ax.axvspan(start, end + _DAY, ymax=_FOOT, zorder=2, **look)
        if len(rows):
            entries.append(Entry(Patch(**look), writing.words[f"window_{side}"]))
    return entries


def draw_events(
    ax: "Axes", events: pd.DataFrame, calendar: pd.IntervalIndex, writing: Writing
) -> list[Event]:
    """Draw a thin dotted line at each event, and its span when it lasts; return those drawn.

    Takes a table such as that of `load_events`: `date`, `end` and the names in both languages.
    Events outside the time of the figure are left out.
    """
    name = f"name_{writing.language}"
    require_columns(events, ["date", "end", name], name="events")
    last = events["end"].fillna(events["date"])
    rows = _within(events.assign(last=last), calendar, "date", "last").sort_values("date")
    for date, end in zip(rows["date"], rows["end"], strict=True):
        if pd.notna(end):
            ax.axvspan(date, end + _DAY, color=DARK, alpha=0.12, linewidth=0, zorder=0)
        ax.axvline(date, color=DARK, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=1)
    return [Event(date, text) for date, text in zip(rows["date"], rows[name], strict=True)]


def draw_breaks(
    ax: "Axes",
    breaks: pd.DataFrame,
    looks: Mapping[str, Look],
    writing: Writing,
    *,
    y: str,
    hue: str,
) -> list[Entry]:
    """Draw a line where each series breaks, and across it the interval of the date.

    Takes a table such as that of `find_breaks`: `period`, `period_low`, `period_high` and the
    column `hue`, whose values are the names of the lines (`looks`). The line stands on the
    first day of the new level, in the colour of its series. Returns what the legend says.
    """
    from matplotlib.lines import Line2D

    require_columns(breaks, [hue, "period", "period_low", "period_high"], name="breaks")
    _require_measure(breaks, y, name="breaks")
    rows = breaks[breaks[hue].isin(list(looks))]
    across = ax.get_xaxis_transform()
    for place, (name, look) in enumerate(looks.items()):
        own = rows[rows[hue] == name]
        height = 0.98 - _BREAK_STEP * place
        ax.vlines(own["period"], 0, 1, transform=across, color=look.colour, linewidth=1.4, zorder=2)
        ax.hlines(
            [height] * len(own),
            own["period_low"],
            own["period_high"],
            transform=across,
            color=look.colour,
            linewidth=1.4,
            zorder=2,
        )
        for column, marker in (("period_low", "|"), ("period_high", "|"), ("period", look.marker)):
            ax.plot(
                own[column],
                [height] * len(own),
                transform=across,
                color=look.colour,
                marker=marker,
                markersize=5,
                linestyle="",
                clip_on=False,
                in_layout=False,
            )
    if rows.empty:
        return []
    sign = Line2D([], [], color=GREY, marker="|", markersize=8, linewidth=1.4)
    return [Entry(sign, writing.words["break"])]


def draw_smooth(
    ax: "Axes",
    smooth: pd.DataFrame,
    looks: Mapping[str, Look],
    calendar: pd.IntervalIndex,
    writing: Writing,
    *,
    y: str,
    hue: str,
) -> list[Entry]:
    """Draw the smooth course of each series, with its band, over the points.

    Takes a table such as that of `smooth_series`: `period`, `smooth`, `low`, `high` and the
    column `hue`, whose values are the names of the lines (`looks`). Returns what the legend says.
    """
    from matplotlib.lines import Line2D

    require_columns(smooth, [hue, "period", "smooth", "low", "high"], name="smooth")
    _require_measure(smooth, y, name="smooth")
    rows = smooth[smooth[hue].isin(list(looks))]
    if rows.duplicated([hue, "period"]).any():
        raise InputError(
            "the table `smooth` has several rows for one line and period; choose the rows of "
            "one group first."
        )
    for name, look in looks.items():
        own = rows[rows[hue] == name].set_index("period").reindex(calendar.left)
        ax.fill_between(
            calendar.mid, own["low"], own["high"], color=look.colour, alpha=0.2, linewidth=0
        )
        ax.plot(
            calendar.mid,
            own["smooth"],
            color=look.colour,
            linestyle=look.line,
            linewidth=2.4,
            zorder=4,
            in_layout=False,
        )
    if rows.empty:
        return []
    return [Entry(Line2D([], [], color=GREY, linewidth=2.4), writing.words["smooth"])]


def _require_measure(table: pd.DataFrame, y: str, *, name: str) -> None:
    """Raise InputError when a table is of another measure than the figure shows."""
    found = table["measure"].unique().tolist() if "measure" in table else [y]
    if set(found) - {y}:
        raise InputError(
            f"the table `{name}` is of the measure {', '.join(map(repr, found))}, and the figure "
            f"shows {y!r}; make it with measure={y!r}."
        )


def _within(table: pd.DataFrame, calendar: pd.IntervalIndex, start: str, end: str) -> pd.DataFrame:
    """Return the rows that lie in the time of the figure, cut to it where they reach beyond."""
    first, last = calendar.left[0], calendar.right[-1] - _DAY
    rows: pd.DataFrame = table[(table[end] >= first) & (table[start] <= last)]
    return rows.assign(**{start: rows[start].clip(lower=first)})
