"""Cells of colour: one row per theme or outlet, one column per period."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import require_choice
from analysis.figures.dates import calendar_of, label_dates
from analysis.figures.layout import (
    PER_INCH,
    axes_size,
    inches_from,
    root,
    settle,
    text_size,
    wrap_text,
)
from analysis.figures.legends import Entry, few_entries
from analysis.figures.margins import draw_margins
from analysis.figures.rows import choose_rows, require_one_category, split_rows
from analysis.figures.style import (
    DARK,
    EMPTY,
    GREY,
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
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from numpy.typing import NDArray

_SIZE = 8
_ROW_HEIGHT = 0.38
_NAMES = 0.3
_FINE = 6.0
_BAR = 9
_UNDER_DATES = 34
_UNDER_LABEL = 14
_DARK = 0.55


def plot_heat_map(
    data: pd.DataFrame,
    *,
    x: str = "period",
    y: str = "category",
    value: str = "share",
    categories: Sequence[str] | None = None,
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a cell for each row and period, the darker the higher the value.

    Takes a table from `count_by_period` or `framing_by_period`: `value` is its column `share`
    or `per_1000`, `y` the column that has a row for each value: the category of one group, or
    for one category the outlet. Numbers stand in the cells where they fit (shares in percent).
    Cells without articles are grey and crossed, cells with fewer than `few` hatched. `labels`,
    `months` and `digits` as in `plot_framing`. Raises InputError when a column or a category
    is missing, and when several rows hold the same period and row.

    >>> periods = pd.DataFrame({"period": pd.to_datetime(["2031-01-01", "2031-02-01"]),
    ...     "category": "الموانئ", "articles": [8, 0], "share": [0.25, None]})
    >>> axes = plot_heat_map(periods)
    >>> [label.get_text() for label in axes.get_yticklabels()], axes.texts[0].get_text()
    (['الموانئ'], '25')
    """
    writing = choose_writing(language, months, digits, labels)
    require_choice(value, ["share", "per_1000"], name="value")
    require_columns(data, dict.fromkeys([x, y, "category", "articles", value]), name="data")
    shown = choose_rows(data, categories, x=x, groups=[y])
    require_one_category(shown, y, name="y")
    title = writing.words["heat_title"]
    if y != "category":
        title = label_of(shown["category"].iloc[0], writing)
    with figure_style():
        return draw_cells(shown, x, y, value, few, writing, title=title, ax=ax)


def draw_cells(
    shown: pd.DataFrame,
    x: str,
    y: str,
    value: str,
    few: int,
    writing: Writing,
    *,
    title: str,
    ax: "Axes | None",
) -> "Axes":
    """Draw the cells of chosen rows, their colour bar, legend and title."""
    parts = split_rows(shown, y, writing)
    calendar = calendar_of(shown[x])
    ax = ax or new_axes(8.5, 1.9 + _ROW_HEIGHT * len(parts))
    values, articles = (
        np.array([rows.set_index(x)[name].reindex(calendar.left) for rows in parts.values()])
        for name in (value, "articles")
    )
    values = np.where(articles > 0, values, np.nan)
    top = np.nanmax(values) if np.isfinite(values).any() else 1.0
    mesh = ax.pcolormesh(
        _edges(calendar),
        np.arange(len(parts) + 1),
        np.ma.masked_invalid(values),
        cmap=_colours(),
        vmin=0,
        vmax=top or 1.0,
    )
    ax.set_facecolor(EMPTY)
    ax.set_ylim(len(parts), 0)
    label_dates(ax, calendar, writing)
    _name_rows(ax, list(parts), writing)
    thin, dark = (articles > 0) & (articles < few), values > _DARK * (top or 1.0)
    settle(ax)
    hatched = [
        _hatch(ax, calendar, thin & ~dark, "///", DARK),
        _hatch(ax, calendar, thin & dark, "///", "white"),
    ]
    _hatch(ax, calendar, ~(articles > 0), "xxx", GREY)
    ax.hlines(np.arange(1, len(parts)), *ax.get_xlim(), color="white", linewidth=1.5)
    entries = []
    if any(hatched):
        entries += few_entries(shown["articles"], few, writing, hatched=True)
    if not (articles > 0).all():
        entries.append(_empty_entry(writing))
    _draw_bar(ax, mesh, value, writing)
    draw_margins(
        ax,
        writing,
        title=title,
        measure="",
        entries=entries,
        is_beside=False,
    )
    settle(ax)
    _write_numbers(ax, calendar, values, value, writing, dark)
    return ax


def _edges(calendar: pd.IntervalIndex) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(calendar.left.append(calendar.right[-1:]))


def _colours() -> "Colormap":
    """Return colours that get evenly darker, so that a copy in grey reads the same."""
    import seaborn as sns
    from matplotlib.colors import ListedColormap

    # Not from end to end: the lightest would pass for an empty cell, on the darkest no hatch shows.
    return ListedColormap(sns.color_palette("mako_r", as_cmap=True)(np.linspace(0.12, 0.9, 256)))


def _name_rows(ax: "Axes", names: Sequence[str], writing: Writing) -> None:
    set_type(ax)
    width = _NAMES * axes_size(ax)[0]
    texts = [wrap_text(ax, label_of(name, writing), width, size=_SIZE) for name in names]
    ax.set_yticks(np.arange(len(names)) + 0.5, texts)
    ax.tick_params(axis="y", length=0)
    ax.spines[:].set_visible(False)
    if writing.is_arabic:
        labels_on_the_right(ax)


def _hatch(
    ax: "Axes",
    calendar: pd.IntervalIndex,
    chosen: "NDArray[np.bool_]",
    hatch: str,
    colour: str,
) -> bool:
    """Hatch the chosen cells, those side by side in one piece, where there is room for a hatch.

    Returns whether any cell is hatched.
    """
    edges = _edges(calendar)
    least = _FINE * (edges[-1] - edges[0]) / axes_size(ax)[0]
    any_hatched = False
    for row, flags in enumerate(chosen):
        turns = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
        pieces = [
            (edges[start], edges[end] - edges[start])
            for start, end in zip(turns[::2], turns[1::2], strict=True)
            if edges[end] - edges[start] >= least
        ]
        if pieces:
            any_hatched = True
            ax.broken_barh(
                pieces, (row, 1), facecolor="none", hatch=hatch, edgecolor=colour, linewidth=0
            )
    return any_hatched


def _draw_bar(ax: "Axes", mesh: Any, value: str, writing: Writing) -> None:
    """Draw the scale of colours under the cells, and say what is measured."""
    from matplotlib.ticker import MaxNLocator

    foot = _UNDER_DATES + (_UNDER_LABEL if ax.get_xlabel() else 0)
    place = ax.inset_axes(
        (0, -(foot + _BAR) / PER_INCH, 1, _BAR / PER_INCH),
        transform=inches_from(ax, 0, along=ax.transAxes),
    )
    bar = root(ax).colorbar(
        mesh,
        cax=place,
        orientation="horizontal",
        ticks=MaxNLocator(nbins=5, integer=value == "articles"),
        format=number_format(value, writing),
    )
    set_type(place)
    bar.set_label(wrap_text(ax, writing.words[value], axes_size(ax)[0], size=_SIZE), size=_SIZE)
    bar.outline.set_visible(False)


def _empty_entry(writing: Writing) -> Entry:
    from matplotlib.patches import Patch

    look = Patch(facecolor=EMPTY, edgecolor=GREY, hatch="xxx", linewidth=0)
    return Entry(look, writing.words["none"])


def _write_numbers(
    ax: "Axes",
    calendar: pd.IntervalIndex,
    values: "NDArray[np.float64]",
    value: str,
    writing: Writing,
    dark: "NDArray[np.bool_]",
) -> None:
    """Write each value in its cell, when all of them fit."""
    rows, columns = values.shape
    width, height = axes_size(ax)
    texts = {
        (row, column): write_number(values[row, column], value, writing)
        for row, column in np.argwhere(np.isfinite(values))
    }
    if columns > 60 or not texts:
        return
    widest, highest = np.max([text_size(ax, text, size=_SIZE) for text in texts.values()], axis=0)
    narrowest = width * (calendar.length.min() / (calendar.right[-1] - calendar.left[0]))
    if widest + _FINE > narrowest or highest > height / rows:
        return
    for (row, column), text in texts.items():
        ax.text(
            calendar.mid[column],
            row + 0.5,
            text,
            ha="center",
            va="center",
            size=_SIZE,
            color="white" if dark[row, column] else "black",
        )
