"""What changes around events."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import InputError, require_choice
from analysis.figures.beside import change_format, name_rows, require_few_hues, write_columns
from analysis.figures.legends import Entry, interval_entries
from analysis.figures.margins import draw_margins
from analysis.figures.style import DARK, EMPTY, STYLES, Look, figure_style, new_axes, reach_of
from analysis.figures.words import (
    Labels,
    Writing,
    choose_writing,
    label_of,
    write_digits,
    write_number,
)
from analysis.series import MEASURES
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SURE = 0.05
_SIDES = ("before", "after")
_BOUNDS = ("change_low", "change_high")
_SIZES = [f"articles_{side}" for side in _SIDES]
_CHARACTERS = 34
_FILL = 0.75


def plot_events(
    data: pd.DataFrame,
    *,
    x: str = "change",
    y: str = "event",
    hue: str = "category",
    measure: str = "per_1000",
    categories: Sequence[str] | None = None,
    events: pd.DataFrame | None = None,
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 20,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a row per event: the change of each category around it, with its interval.

    Takes a table from `compare_around_events`; `measure` says which of its measures is shown. A
    point is filled when its q-value is below .05, which says that it stands out from changes at
    other dates; all others are hollow. The two may disagree: an interval away from 0 only says
    that the windows differ. Beside the rows stand the articles of both windows. Intervals of
    windows with fewer than `few` articles may leave the figure. Events without an article in
    both windows are left out, and the figure says how many.

    Events come by date. Their names are those of `events` (a table of `load_events`), or what
    `labels` calls them, or the column `y`; `labels` names categories too. `months` and `digits`
    as in `plot_framing`. Raises InputError when a column or a category is missing, no row is of
    the measure, an event has several rows for a category, no event has articles, or more
    categories are drawn than can be told apart.
    """
    writing = choose_writing(language, months, digits, labels)
    words = writing.words
    require_choice(measure, MEASURES, name="measure")
    needed = ["date", "measure", *_SIZES, x, *_BOUNDS, "q_value", "level"]
    require_columns(data, dict.fromkeys([y, hue, *needed]), name="data")
    rows, unseen = _choose_rows(data, measure, categories, y, hue)
    names = _name_events(rows, y, events, writing)
    looks = dict(zip(rows.sort_values("place")[hue].unique(), STYLES, strict=False))
    with figure_style():
        ax = ax or _new_axes(list(names.values()), rows[y].value_counts().max())
        name_rows(ax, list(names.values()), writing)
        _draw_changes(ax, rows, looks, list(names), x=x, y=y, hue=hue)
        reach = reach_of(rows.assign(articles=rows[_SIZES].min(axis=1)), x, _BOUNDS, few)
        ax.set_xlim(-reach, reach)
        ax.locator_params(axis="x", nbins=6)
        ax.xaxis.set_major_formatter(change_format(measure, writing))
        sizes = rows.drop_duplicates(y).set_index(y)[_SIZES]
        columns = {
            words[side]: [write_number(number, "articles", writing) for number in sizes[size]]
            for side, size in zip(_SIDES, _SIZES, strict=True)
        }
        write_columns(ax, words["articles"], columns, writing)
        said = [words[f"change_of_{measure}"]]
        if unseen:
            said.append(write_digits(words["unseen_events"].format(events=unseen), writing))
        draw_margins(
            ax,
            writing,
            title=words["events_title"],
            measure=words["then"].join(said),
            entries=[
                *_hue_entries(looks, writing),
                *interval_entries(rows["level"].iloc[0], writing),
                *_q_entries(rows, writing),
            ],
            is_beside=False,
        )
    return ax


def _new_axes(names: Sequence[str], points: int) -> "Axes":
    """Return axes high enough for the names, and for the points under each other."""
    lines = 1 + max(len(name) for name in names) // _CHARACTERS
    return new_axes(8.5, 2 + len(names) * max(0.2 + 0.13 * lines, 0.2 + 0.1 * points))


def _choose_rows(
    data: pd.DataFrame, measure: str, categories: Sequence[str] | None, y: str, hue: str
) -> tuple[pd.DataFrame, int]:
    """Return the rows of events with articles, by date, and how many events have none."""
    known = data["measure"].unique().tolist()
    require_choice(measure, known, name="measure")
    rows = data[data["measure"] == measure]
    found = rows[hue].unique().tolist()
    for category in categories or ():
        require_choice(category, found, name="category")
    chosen = list(categories or sorted(found))
    require_few_hues(len(chosen), "plot_events")
    rows = rows[rows[hue].isin(chosen)]
    doubled = rows.duplicated([y, hue])
    if doubled.any():
        raise InputError(
            f"the table `data` has several rows for {rows.loc[doubled, hue].iloc[0]!r} at one "
            "event; choose the rows of one group first."
        )
    seen = (rows[_SIZES] > 0).any(axis=1)
    if not seen.any():
        raise InputError("no event of the table `data` has an article in its windows.")
    unseen = rows.loc[~seen, y].nunique()
    order = {category: place for place, category in enumerate(chosen)}
    rows = rows[seen].assign(place=rows.loc[seen, hue].map(order))
    return rows.sort_values(["date", y, "place"], ignore_index=True), unseen


def _name_events(
    rows: pd.DataFrame, y: str, events: pd.DataFrame | None, writing: Writing
) -> dict[str, str]:
    """Return the name and date of each event, in the order of the rows."""
    known = {}
    if events is not None:
        name = f"name_{writing.language}"
        require_columns(events, ["event", name], name="events")
        known = dict(zip(events["event"], events[name], strict=True))
    dates = rows.drop_duplicates(y).set_index(y)["date"]
    named = {event: writing.labels.get(str(event)) or known.get(event) for event in dates.index}
    return {
        event: writing.words["event_date"].format(
            name=name or label_of(event, writing), date=_write_date(dates[event], writing)
        )
        for event, name in named.items()
    }


def _write_date(date: pd.Timestamp, writing: Writing) -> str:
    text = f"{date.day}\u00a0{writing.months[date.month - 1]}\u00a0{date.year}"
    return write_digits(text.replace(" ", "\u00a0"), writing)


def _draw_changes(
    ax: "Axes",
    rows: pd.DataFrame,
    looks: Mapping[str, Look],
    events: Sequence[str],
    *,
    x: str,
    y: str,
    hue: str,
) -> None:
    """Draw the points of each row, one category under the other, and lines between rows."""
    for place in range(0, len(events), 2):
        ax.axhspan(place - 0.5, place + 0.5, color=EMPTY, alpha=0.5, linewidth=0, zorder=0)
    ax.axvline(0, color="black", linewidth=0.8)
    places = {event: place for place, event in enumerate(events)}
    at_event = rows.groupby(y, sort=False)[hue]
    size = at_event.transform("size")
    rank = at_event.cumcount() - (size - 1) / 2
    rows = rows.assign(height=rows[y].map(places) + _FILL * rank / size.max())
    for name, look in looks.items():
        own = rows[rows[hue] == name]
        heights = own["height"]
        low, high = (own[bound] for bound in _BOUNDS)
        ax.hlines(heights, low, high, color=look.colour, alpha=0.4, linewidth=2.5)
        sure = own["q_value"] < SURE
        for chosen, fill in ((sure, look.colour), (~sure, "white")):
            ax.plot(own[x][chosen], heights[chosen], **_point(look, fill))


def _point(look: Look, fill: str) -> dict[str, Any]:
    return {
        "color": look.colour,
        "marker": look.marker,
        "markerfacecolor": fill,
        "markersize": 5,
        "linestyle": "",
        "zorder": 3,
    }


def _hue_entries(looks: Mapping[str, Look], writing: Writing) -> list[Entry]:
    from matplotlib.lines import Line2D

    return [
        Entry(Line2D([], [], **_point(look, look.colour)), label_of(name, writing))
        for name, look in looks.items()
    ]


def _q_entries(rows: pd.DataFrame, writing: Writing) -> list[Entry]:
    """Return the entries of filled and hollow points."""
    from matplotlib.lines import Line2D

    sure = rows["q_value"] < SURE
    look = Look(DARK, "o", "")
    return [
        Entry(
            Line2D([], [], **_point(look, fill)),
            write_digits(writing.words[name].format(q=SURE), writing),
        )
        for name, fill, shown in (
            ("q_below", DARK, sure.any()),
            ("q_above", "white", not sure.all()),
        )
        if shown
    ]
