"""Whether a change holds under other choices: the curve of specifications."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.figures.layout import PER_INCH, axes_size, inset_panel, root, text_size
from analysis.figures.legends import Entry
from analysis.figures.margins import draw_margins
from analysis.figures.style import (
    BLUE,
    DARK,
    EMPTY,
    GREY,
    STYLES,
    figure_style,
    labels_on_the_right,
    new_axes,
    set_type,
)
from analysis.figures.words import (
    Labels,
    Writing,
    choose_writing,
    label_of,
    number_format,
    write_number,
)
from analysis.lexicon import Lexicon, all_categories, choose_lexicons
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CHOICES = ("measure", "window", "lexicon", "copies")
_ORDER = (
    "per_1000",
    "share",
    "balance",
    "balance_of_articles",
    "as given",
    "shorter",
    "longer",
    "apart",
    "all terms",
    "without the most frequent term",
    "sure terms only",
    "count",
    "weight",
    "drop",
)
_WITHOUT = "without "
_REACH = 1.96
_CURVE = 0.38
_NAMES = 0.4
_ROW_HEIGHT = 0.175
_SMALLEST, _LARGEST = 5.0, 8.0
_MAIN = STYLES[0].colour


def plot_robustness(
    data: pd.DataFrame,
    *,
    y: str = "standardised_change",
    lexicons: Sequence[Lexicon] | None = None,
    language: str = "en",
    digits: str = "western",
    labels: Labels = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the change under every combination of choices, and under each which choices it is.

    Takes a table from `check_robustness`. Above stand the changes in units of their standard
    error, from the lowest to the highest, each with 1.96 to either side; those of the other
    direction than the main one are hollow. Below stands a stroke for each choice that a
    specification makes; choices that are the same in all rows are left out. A line through both
    marks the main specification. Rows without a standard error stand last and have no point.
    The subtitle says how many agree with the main one: a description, no test.

    `lexicons` are those that name the parts left out, by default the shipped ones; `labels`
    names categories and parts ("security/police") before them. The curve and the choices are
    the `child_axes` of the axes returned. Raises InputError when a column is missing, and when
    not exactly one row is the main one.

    Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, 1208-1214.
    """
    writing = choose_writing(language, digits=digits, labels=labels)
    words = writing.words
    require_columns(data, [*_CHOICES, y, "agrees", "main"], name="data")
    if data["main"].sum() != 1:
        raise InputError(
            f"{data['main'].sum()} rows of the table `data` are the main one; pass the table of "
            "one `check_robustness`."
        )
    rows = data.sort_values([y, *_CHOICES], ignore_index=True)
    names = _list_choices(data, writing, lexicons)
    with figure_style():
        ax = ax or new_axes(8.5, 3.4 + _ROW_HEIGHT * len(names))
        ax.spines[:].set_visible(False)
        ax.set_xticks([])
        ax.set_yticks([])
        curve = inset_panel(ax, (0, 1 - _CURVE, 1, _CURVE), title=0)
        choices = inset_panel(ax, (0, 0, 1, 1 - _CURVE), title=6, sharex=curve)
        main = int(np.flatnonzero(rows["main"])[0])
        _draw_curve(curve, rows, y, main, writing)
        _draw_choices(choices, rows, names, main, writing)
        curve.set_xlim(-0.5 - 0.01 * len(rows), len(rows) - 0.5 + 0.01 * len(rows))
        if writing.is_arabic:
            labels_on_the_right(curve)
        choices.set_xlabel(words["specifications"])
        agreeing, whole = (
            write_number(number, "articles", writing)
            for number in (rows["agrees"].sum(), len(rows))
        )
        draw_margins(
            ax,
            writing,
            title=words["robustness_title"],
            measure=words["robustness"].format(agree=agreeing, rows=whole),
            entries=_explain(rows, writing),
            is_beside=False,
        )
    return ax


def _list_choices(
    data: pd.DataFrame, writing: Writing, lexicons: Sequence[Lexicon] | None
) -> list[tuple[str, str, str]]:
    """Return the rows below the curve: choice, value and name; a head has no value.

    Choices without a second value have no rows.
    """
    parts = _name_parts(writing, lexicons)
    table = []
    for choice in _CHOICES:
        values = sorted(data[choice].unique(), key=_place)
        if len(values) < 2:
            continue
        table.append((choice, "", writing.words[f"choice_{choice}"]))
        for value in values:
            if value in _ORDER:
                name = writing.words[f"choice_{value.replace(' ', '_')}"]
                table.append((choice, value, name))
        left_out = [value for value in values if value not in _ORDER]
        if left_out:
            table.append((choice, "", writing.words["choice_without"]))
        for value in left_out:
            part = value.removeprefix(_WITHOUT)
            table.append((choice, value, parts.get(part, label_of(part, writing))))
    return table


def _place(value: str) -> tuple[int, str]:
    """Return what sorts values: those of `check_robustness` in its order, then parts by name."""
    return (_ORDER.index(value) if value in _ORDER else len(_ORDER), value)


def _name_parts(writing: Writing, lexicons: Sequence[Lexicon] | None) -> dict[str, str]:
    """Return what the parts of all categories are called, such as "security/police"."""
    return {
        f"{category.name}/{part.name}": writing.labels.get(
            f"{category.name}/{part.name}", getattr(part, f"label_{writing.language}")
        )
        for category in all_categories(choose_lexicons(lexicons)).values()
        for part in category.subcategories
    }


def _draw_curve(ax: "Axes", rows: pd.DataFrame, y: str, main: int, writing: Writing) -> None:
    places, values = np.arange(len(rows)), rows[y].to_numpy()
    width = _stroke(ax, len(rows))
    ax.vlines(places, values - _REACH, values + _REACH, color=GREY, linewidth=width, alpha=0.8)
    ax.axhline(0, color="black", linewidth=0.8)
    ax.axvline(main, color=_MAIN, linewidth=1.2, zorder=1)
    agrees = rows["agrees"].to_numpy()
    size = float(np.clip(2.5 * width, 1.8, 5))
    for chosen, fill in ((agrees, BLUE), (~agrees, "white")):
        ax.plot(places[chosen], values[chosen], **_point(fill, size))
    ax.plot([main], values[[main]], color=_MAIN, marker="D", markersize=6, linestyle="", zorder=4)
    set_type(ax)
    ax.locator_params(axis="y", nbins=5)
    ax.yaxis.set_major_formatter(number_format(y, writing))
    ax.grid(axis="y", color=EMPTY)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", bottom=False, labelbottom=False)
    ax.spines["bottom"].set_visible(False)


def _draw_choices(
    ax: "Axes",
    rows: pd.DataFrame,
    choices: Sequence[tuple[str, str, str]],
    main: int,
    writing: Writing,
) -> None:
    """Draw a stroke in each row for the specifications that make its choice."""
    width = _stroke(ax, len(rows))
    ax.axvline(main, color=_MAIN, linewidth=1.2, zorder=1)
    for height, (choice, value, _) in enumerate(choices):
        chosen = np.flatnonzero(rows[choice] == value)
        for places, colour, thick in (
            (chosen, DARK, width),
            (chosen[chosen == main], _MAIN, max(width, 2.5)),
        ):
            ax.vlines(places, height - 0.36, height + 0.36, color=colour, linewidth=thick, zorder=2)
    row = axes_size(ax)[1] / max(1, len(choices))
    size = float(np.clip(0.72 * row, _SMALLEST, _LARGEST))
    room = _NAMES * PER_INCH * root(ax).get_figwidth()
    names = [_shorten(ax, name, room, size) for _, _, name in choices]
    ax.set_yticks(np.arange(len(choices)), names)
    ax.set_ylim(len(choices) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0, labelsize=size)
    ax.tick_params(axis="x", bottom=False, labelbottom=False)
    ax.spines[:].set_visible(False)
    if writing.is_arabic:
        labels_on_the_right(ax)
    for label, (_, value, _) in zip(ax.get_yticklabels(), choices, strict=True):
        if not value:
            label.set_fontweight("bold")


def _shorten(ax: "Axes", name: str, room: float, size: float) -> str:
    """Return a name without the last words that have no room."""
    words, shown = name.split(" "), name
    while len(words) > 1 and text_size(ax, shown, size=size)[0] > room:
        words.pop()
        shown = " ".join(words) + "…"
    return shown


def _stroke(ax: "Axes", rows: int) -> float:
    """Return how thick a stroke can be in points for neighbours to stand apart."""
    return float(np.clip(0.7 * axes_size(ax)[0] / rows, 0.25, 3))


def _point(fill: str, size: float) -> dict[str, Any]:
    return {
        "color": BLUE,
        "marker": "o",
        "markersize": size,
        "markerfacecolor": fill,
        "markeredgewidth": 0.6,
        "linestyle": "",
        "zorder": 3,
    }


def _explain(rows: pd.DataFrame, writing: Writing) -> list[Entry]:
    from matplotlib.lines import Line2D

    entries = [
        Entry(Line2D([], [], color=_MAIN, marker="D", markersize=6), writing.words["main"]),
        Entry(Line2D([], [], **_point(BLUE, 5)), writing.words["agrees"]),
    ]
    if rows["agrees"].all():
        return entries
    return [*entries, Entry(Line2D([], [], **_point("white", 5)), writing.words["differs"])]
