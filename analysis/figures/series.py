"""Lines over time: the framing, and the balance of two frames."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import require_choice
from analysis.figures.dates import calendar_of
from analysis.figures.layout import is_narrow
from analysis.figures.legends import (
    Entry,
    few_entries,
    interval_entries,
    line_entries,
)
from analysis.figures.lines import BOUNDS, draw_line
from analysis.figures.margins import draw_margins
from analysis.figures.marks import draw_breaks, draw_events, draw_smooth, draw_windows
from analysis.figures.rows import choose_rows, require_few_lines, require_one_category, split_rows
from analysis.figures.strip import draw_articles_below
from analysis.figures.style import (
    EMPTY,
    STYLES,
    Look,
    figure_style,
    height_of,
    new_axes,
    reach_of,
    set_type,
)
from analysis.figures.words import Labels, Writing, choose_writing, label_of, number_format
from analysis.framing import PAIR_SEPARATOR
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BALANCE = Look("#4B3F8F", "o", "-")


def plot_framing(
    data: pd.DataFrame,
    *,
    x: str = "period",
    y: str = "share",
    hue: str = "category",
    categories: Sequence[str] | None = None,
    events: pd.DataFrame | None = None,
    windows: pd.DataFrame | None = None,
    breaks: pd.DataFrame | None = None,
    smooth: pd.DataFrame | None = None,
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw one line with its interval per category, and the articles of each period below.

    `data` is a table from `framing_by_period`; `y` is its column `share` or `per_1000`. `hue`
    is the column that tells the lines apart: the category of one group (choose the rows of
    one outlet first), or for one category the outlet or another column of groups. A point
    stands in the middle of its period; with fewer than `few` articles it is hollow, and
    without any the line is broken.

    What else the chart can show, each from a table:

    - `events` (`load_events`): a dotted line at each event, a shaded span when it lasts, its
      name above the axes, or a number there and the name in the legend when there is no room
    - `windows` (`event_windows`): the days before an event as an empty bar at the foot, the days
      after it as a full one
    - `breaks` (`find_breaks`): a line in the colour of the series where its new level begins,
      and across it the interval of the date
    - `smooth` (`smooth_series`): the smooth course with its band, and the series faint behind

    `labels` names categories and outlets. In Arabic figures `months` chooses the names of months
    (`general`, `levant`, `maghreb`, `morocco`) and `digits` is `western` or `arabic`. Names of
    events are placed for the size the axes have: for another size than that of the library,
    make a figure and pass its axes as `ax`.

    Raises InputError when a column or a category is missing, when several rows hold the same
    period and line, for more lines than can be told apart, for breaks or a smooth course of
    another measure, and when the events leave no room for the chart.

    >>> framing = pd.DataFrame({"period": pd.to_datetime(["2031-01-01", "2031-02-01"]),
    ...     "category": "security", "articles": [8, 6], "share": [0.25, 0.5], "low": [0.1, 0.2],
    ...     "high": [0.5, 0.8], "level": 0.95})
    >>> axes = plot_framing(framing, language="ar", labels={"security": "أمن الموانئ"})
    >>> [line.get_label() for line in axes.get_lines()][0]
    'أمن الموانئ'
    """
    writing = choose_writing(language, months, digits, labels)
    require_choice(y, ["share", "per_1000"], name="y")
    bounds = BOUNDS[y]
    needed = dict.fromkeys([x, hue, "category", "articles", y, *bounds, "level"])
    require_columns(data, needed, name="data")
    shown = choose_rows(data, categories, x=x, groups=[hue])
    require_one_category(shown, hue, name="hue")
    lines = split_rows(shown, hue, writing)
    require_few_lines(lines, "plot_framing")
    looks = dict(zip(lines, STYLES, strict=False))
    with figure_style():
        is_own = ax is None
        ax = ax or new_axes(8.5, 4.8)
        calendar = calendar_of(shown[x])
        for name, look in looks.items():
            draw_line(
                ax,
                lines[name],
                calendar,
                look,
                x=x,
                y=y,
                bounds=bounds,
                few=few,
                label=label_of(name, writing),
                is_faint=smooth is not None,
            )
        headroom = 1 + (0.06 * len(lines) if breaks is not None else 0)
        ax.yaxis.set_major_formatter(number_format(y, writing))
        ax.set_ylim(0, headroom * height_of(shown, y, bounds, few))
        names = shown["category"].unique().tolist()
        marks = _draw_marks(
            ax,
            calendar,
            writing,
            looks,
            hue,
            y,
            names,
            windows=windows,
            breaks=breaks,
            smooth=smooth,
        )
        title = writing.words["framing_title"]
        if hue != "category":
            title = f"{title}: {label_of(names[0], writing)}"
        _finish(
            ax,
            shown,
            calendar,
            few,
            writing,
            x=x,
            title=title,
            measure=writing.words[y],
            marks=marks,
            events=events,
            may_grow=is_own,
        )
    return ax


def plot_balance(
    data: pd.DataFrame,
    *,
    x: str = "period",
    y: str = "balance",
    hue: str | None = None,
    events: pd.DataFrame | None = None,
    windows: pd.DataFrame | None = None,
    breaks: pd.DataFrame | None = None,
    smooth: pd.DataFrame | None = None,
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the balance of two frames with its interval, around a line of equal mentions.

    Up is more of the first frame of the table's `pair`. `hue` names a column of groups, such
    as the outlet, for a line each. All else, and InputError, as in `plot_framing`.
    """
    writing = choose_writing(language, months, digits, labels)
    bounds = (f"{y}_low", f"{y}_high")
    groups = [hue] if hue else []
    require_columns(
        data, [x, *groups, "category", "articles", "pair", y, *bounds, "level"], name="data"
    )
    shown = choose_rows(data, None, x=x, groups=groups)
    shown = shown[shown["category"] == shown["category"].iloc[0]]
    lines = split_rows(shown, hue or "pair", writing)
    require_few_lines(lines, "plot_balance")
    styles = STYLES if hue else [_BALANCE]
    looks = dict(zip(lines, styles, strict=False))
    pair = shown["pair"].iloc[0]
    first, second = (label_of(frame, writing) for frame in pair.split(PAIR_SEPARATOR))
    directions = [
        f"{arrow} {writing.words['more'].format(frame=frame)}"
        for arrow, frame in (("↑", first), ("↓", second))
    ]
    with figure_style():
        is_own = ax is None
        ax = ax or new_axes(8.5, 4.8)
        calendar = calendar_of(shown[x])
        ax.axhline(0, color="black", linewidth=0.8)
        for name, look in looks.items():
            draw_line(
                ax,
                lines[name],
                calendar,
                look,
                x=x,
                y=y,
                bounds=bounds,
                few=few,
                label=label_of(name, writing) if hue else None,
                is_faint=smooth is not None,
            )
        reach = reach_of(shown, y, bounds, few)
        ax.yaxis.set_major_formatter(number_format("balance", writing))
        ax.set_ylim(-reach, reach)
        marks = _draw_marks(
            ax,
            calendar,
            writing,
            looks,
            hue or "category",
            "balance",
            [pair],
            windows=windows,
            breaks=breaks,
            smooth=smooth,
        )
        measure = writing.words["balance"]
        if is_narrow(ax):
            measure = writing.words["then"].join([measure, *directions])
        else:
            _write_directions(ax, directions)
        _finish(
            ax,
            shown,
            calendar,
            few,
            writing,
            x=x,
            title=writing.words["balance_title"].format(first=first, second=second),
            measure=measure,
            marks=marks,
            events=events,
            may_grow=is_own,
        )
    return ax


def _draw_marks(
    ax: "Axes",
    calendar: pd.IntervalIndex,
    writing: Writing,
    looks: Mapping[str, Look],
    hue: str,
    y: str,
    names: Sequence[str],
    *,
    windows: pd.DataFrame | None,
    breaks: pd.DataFrame | None,
    smooth: pd.DataFrame | None,
) -> list[Entry]:
    """Draw what else the chart shows, and return what the legend says of it."""
    entries = []
    if smooth is not None:
        own = smooth[smooth["category"].isin(names)] if "category" in smooth else smooth
        entries += draw_smooth(ax, own, looks, calendar, writing, y=y, hue=hue)
    if breaks is not None:
        own = breaks[breaks["category"].isin(names)] if "category" in breaks else breaks
        entries += draw_breaks(ax, own, looks, writing, y=y, hue=hue)
    if windows is not None:
        entries += draw_windows(ax, windows, calendar, writing)
    return entries


def _write_directions(ax: "Axes", directions: Sequence[str]) -> None:
    """Say beside the axes what lies above zero and what below."""
    for place, text in zip((1, 0), directions, strict=True):
        ax.annotate(text, (1.02, place), xycoords="axes fraction", va="top" if place else "bottom")


def _finish(
    ax: "Axes",
    shown: pd.DataFrame,
    calendar: pd.IntervalIndex,
    few: int,
    writing: Writing,
    *,
    x: str,
    title: str,
    measure: str,
    marks: Sequence[Entry],
    events: pd.DataFrame | None,
    may_grow: bool,
) -> None:
    """Draw the strip of articles, then all that stands around the chart."""
    set_type(ax)
    ax.grid(axis="y", color=EMPTY)
    ax.set_axisbelow(True)
    first = shown["category"] == shown["category"].iloc[0]
    articles = shown[first].groupby(x)["articles"].sum()
    draw_articles_below(ax, articles, calendar, few, writing)
    drawn = [] if events is None else draw_events(ax, events, calendar, writing)
    draw_margins(
        ax,
        writing,
        title=title,
        measure=measure,
        entries=[
            *line_entries(ax),
            *interval_entries(shown["level"].iloc[0], writing),
            *few_entries(shown["articles"], few, writing),
            *marks,
        ],
        events=drawn,
        calendar=calendar,
        may_grow=may_grow,
    )
