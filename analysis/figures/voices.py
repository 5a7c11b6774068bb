"""Who is quoted, and who speaks of what."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_choice
from analysis.figures.layout import axes_size, settle, text_size, wrap_text
from analysis.figures.legends import Entry, few_entries, interval_entries
from analysis.figures.margins import draw_margins
from analysis.figures.panels import label_outer_panels, panel_grid
from analysis.figures.style import (
    BLUE,
    EMPTY,
    GREY,
    figure_style,
    labels_on_the_right,
    new_axes,
    reach_of,
    set_type,
)
from analysis.figures.words import (
    Labels,
    Writing,
    choose_writing,
    label_of,
    number_format,
    source_type_labels,
    write_digits,
    write_number,
)
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ABREAST = 3
_NAMES = 0.3
_SIZE = 8
_GAP = 4


def plot_voices(
    data: pd.DataFrame,
    *,
    x: str = "quotes",
    y: str = "source_type",
    most: int = 15,
    language: str = "en",
    digits: str = "western",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a bar per source type or speaker, the longest first, its number at the end.

    Takes a table with the column `y` (source_type or speaker), the number of quotes (`x`) and,
    when known, `articles`: in how many articles these quotes stand. Only the first `most` bars
    are drawn; the axis says of how many, and how many of all quotes they hold. With Arabic
    words the bars grow from right to left. A table without rows gives a figure without
    bars. Raises InputError when a column is missing.
    """
    writing = choose_writing(language, digits=digits)
    words = writing.words
    require_choice(y, ["source_type", "speaker"], name="y")
    require_columns(data, [y, x], name="data")
    rows = data.sort_values([x, y], ascending=[False, True]).head(most)
    names = rows[y].astype("object").where(rows[y].notna(), words["unknown"])
    if y == "source_type":
        names = names.replace(source_type_labels(language=language))
    with figure_style():
        ax = ax or new_axes(8.5, 1.6 + 0.36 * len(rows))
        set_type(ax)
        places = np.arange(len(rows))
        ax.barh(places, rows[x], color=BLUE)
        width = _NAMES * axes_size(ax)[0]
        ax.set_yticks(places, [wrap_text(ax, name, width, size=_SIZE) for name in names])
        ax.set_ylim(max(1, len(rows)) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.locator_params(axis="x", integer=True, nbins=6)
        ax.xaxis.set_major_formatter(number_format("quotes", writing))
        if writing.is_arabic:
            labels_on_the_right(ax)
        settle(ax)
        numbers = _voice_numbers(rows, x, writing)
        ax.set_xlim(0, _longest(ax, rows[x], numbers))
        if writing.is_arabic:
            ax.invert_xaxis()
        _write_at_the_ends(ax, rows[x], numbers, writing)
        settle(ax)
        shown = words["quotes_shown"].format(
            shown=len(rows), rows=len(data), part=f"{rows[x].sum():,}", whole=f"{data[x].sum():,}"
        )
        ax.set_xlabel(wrap_text(ax, write_digits(shown, writing), axes_size(ax)[0]))
        title = words["voices_title" if y == "source_type" else "speakers_title"]
        draw_margins(ax, writing, title=title, measure="")
    return ax


def plot_compared_voices(
    data: pd.DataFrame,
    *,
    x: str = "log_ratio",
    y: str = "voice",
    group: str = "category",
    categories: Sequence[str] | None = None,
    abreast: int = _ABREAST,
    language: str = "en",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw one panel per category: how often each voice speaks of it against the reporter.

    Takes a table from `compare_voices`. A point is the log ratio of a voice, its line the
    interval; right of zero the voice speaks of the category more often than the reporter.
    All panels have one scale. Hollow points are voices heard in fewer than `few` articles, and
    their intervals may leave the panel; a cross has no mention, and so no interval; a voice
    that is never heard has no mark. At most `abreast` panels stand side by side; they are the
    `child_axes` of the axes returned, and in Arabic the first is on the right. Raises
    InputError when a column or a category is missing.
    """
    writing = choose_writing(language, digits=digits, labels=labels)
    words = writing.words
    bounds = [f"{x}_low", f"{x}_high"]
    require_columns(data, [group, y, "articles", "mentions", x, *bounds, "level"], name="data")
    if data.empty:
        raise InputError("the table `data` has no rows; there is nothing to draw.")
    known = data[group].unique().tolist()
    for category in categories or ():
        require_choice(category, known, name="category")
    chosen = list(categories or known)
    shown = data[data[group].isin(chosen) & (data[y] != "reporter")]
    names = {"quoted": words["all_quotes"], **source_type_labels(language=language)}
    reach = reach_of(shown, x, bounds, few)
    with figure_style():
        columns, lines = min(abreast, len(chosen)), -(-len(chosen) // abreast)
        ax = ax or new_axes(2.2 + 2.2 * columns, 1.7 + 2.7 * lines)
        room = max(text_size(ax, name, size=_SIZE)[0] for name in names.values())
        titles = [label_of(category, writing) for category in chosen]
        grid = panel_grid(ax, titles, abreast, writing, names=room)
        panels = [panel for line in grid for panel in line]
        for panel, category in zip(panels, chosen, strict=True):
            rows = shown[shown[group] == category].reset_index(drop=True)
            set_type(panel)
            _draw_voices(panel, rows, x, few)
            panel.set_xlim(-reach, reach)
            panel.set_yticks(rows.index, rows[y].map(names))
            panel.xaxis.set_major_formatter(number_format(x, writing))
        label_outer_panels(grid, writing)
        draw_margins(
            ax,
            writing,
            title=words["compared_title"],
            measure=words["log_ratio"],
            is_beside=False,
            entries=[
                *_silent_entries(shown, x, writing),
                *interval_entries(shown["level"].iloc[0], writing),
                *few_entries(shown["articles"], few, writing),
            ],
        )
    return ax


def _silent_entries(shown: pd.DataFrame, x: str, writing: Writing) -> list[Entry]:
    from matplotlib.lines import Line2D

    if not (shown[x].notna() & (shown["mentions"] == 0)).any():
        return []
    look = Line2D([], [], color=GREY, marker="x", linestyle="")
    return [Entry(look, writing.words["unsaid"])]


def _draw_voices(ax: "Axes", rows: pd.DataFrame, x: str, few: int) -> None:
    colour = BLUE
    ax.axvline(0, color="black", linewidth=0.8)
    ax.hlines(
        rows.index,
        rows[f"{x}_low"],
        rows[f"{x}_high"],
        color=colour,
        alpha=0.35,
        linewidth=4,
    )
    silent, thin = rows["mentions"] == 0, rows["articles"] < few
    marks: list[tuple[pd.Series, dict[str, Any]]] = [
        (silent, {"marker": "x", "color": GREY}),
        (~silent & ~thin, {"marker": "o", "color": colour}),
        (~silent & thin, {"marker": "o", "color": colour, "markerfacecolor": "white"}),
    ]
    for chosen, look in marks:
        ax.plot(rows[x][chosen], rows.index[chosen], linestyle="", **look)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.locator_params(axis="x", nbins=4, integer=True)
    ax.grid(axis="x", color=EMPTY)
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)


def _voice_numbers(rows: pd.DataFrame, x: str, writing: Writing) -> list[str]:
    quotes = [write_number(number, "articles", writing) for number in rows[x]]
    if "articles" not in rows:
        return quotes
    return [
        writing.words["quotes_and_articles"].format(
            quotes=number, articles=write_number(articles, "articles", writing)
        )
        for number, articles in zip(quotes, rows["articles"], strict=True)
    ]


def _longest(ax: "Axes", lengths: pd.Series, numbers: Sequence[str]) -> float:
    """Return the end of the axis that leaves room for the number behind each bar."""
    room = axes_size(ax)[0]
    ends = [
        length / max(0.1, 1 - (text_size(ax, number)[0] + 2 * _GAP) / room)
        for length, number in zip(lengths, numbers, strict=True)
    ]
    return float(max([1.0, *ends]))


def _write_at_the_ends(
    ax: "Axes", lengths: pd.Series, numbers: Sequence[str], writing: Writing
) -> None:
    # Not `bar_label`: on a reversed axis it puts the number of an empty bar on the name.
    for place, (length, number) in enumerate(zip(lengths, numbers, strict=True)):
        ax.annotate(
            number,
            (length, place),
            xytext=(-_GAP if writing.is_arabic else _GAP, 0),
            textcoords="offset points",
            ha="right" if writing.is_arabic else "left",
            va="center",
        )
