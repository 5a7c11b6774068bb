"""Panels side by side or one under the other: one per theme, or one per outlet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import require_at_least, require_choice
from analysis.figures.dates import calendar_of, label_dates
from analysis.figures.layout import (
    GAP,
    PANEL_TITLE,
    axes_size,
    inset_panel,
    set_panel_title,
    settle,
    text_size,
    wrap_text,
)
from analysis.figures.legends import few_entries, interval_entries, line_entries
from analysis.figures.lines import BOUNDS, draw_line
from analysis.figures.margins import draw_margins
from analysis.figures.rows import choose_rows, require_few_lines, require_one_category, split_rows
from analysis.figures.strip import draw_articles_below
from analysis.figures.style import (
    BLUE,
    EMPTY,
    STYLES,
    Look,
    figure_style,
    height_of,
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

_MEASURES = ("share", "per_1000")
_THEME = Look(BLUE, "o", "-")
_ABREAST = 3
_TITLE = 16.0
_PANEL_WIDTH = 120.0
_BETWEEN = 0.02
_NUMBERS = 40.0


def plot_themes(
    data: pd.DataFrame,
    *,
    x: str = "period",
    y: str = "share",
    group: str = "category",
    categories: Sequence[str] | None = None,
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw one panel per category, each with its own scale from zero, and the articles below.

    Takes a table from `count_by_period` or `framing_by_period`, for one group; `y` is its
    column `share` or `per_1000`, `group` the column that has a panel for each value: the
    category, or for one category a column such as the outlet. The panels share the time axis;
    their heights are not to be compared, and the figure says so. Intervals are drawn when the
    table has them; the widest may leave a panel. Hollow points have fewer than `few` articles.
    `labels`, `months` and `digits` as in `plot_framing`. The panels, and last the strip of
    articles, are the `child_axes` of the axes returned. Raises InputError when a column or a
    category is missing, and when several rows hold the same period and panel.
    """
    writing = choose_writing(language, months, digits, labels)
    require_choice(y, _MEASURES, name="y")
    require_columns(data, dict.fromkeys([x, group, "category", "articles", y]), name="data")
    shown = choose_rows(data, categories, x=x, groups=[group])
    require_one_category(shown, group, name="group")
    parts = split_rows(shown, group, writing)
    known = {*BOUNDS[y], "level"} <= set(shown)
    bounds = BOUNDS[y] if known else ()
    level = shown["level"].iloc[0] if known else None
    note = writing.words["own_scale"] if len(parts) > 1 else "{measure}"
    with figure_style():
        ax = ax or new_axes(8.5, 2 + 0.95 * max(2, len(parts)))
        calendar = calendar_of(shown[x])
        ax.spines[:].set_visible(False)
        ax.set_yticks([])
        step = 1 / len(parts)
        for place, (name, rows) in enumerate(parts.items(), start=1):
            panel = inset_panel(ax, (0, 1 - place * step, 1, step), title=_TITLE, sharex=ax)
            draw_line(panel, rows, calendar, _THEME, x=x, y=y, bounds=bounds, few=few)
            _finish_panel(panel, y, writing)
            set_panel_title(panel, label_of(name, writing), writing)
            panel.set_ylim(0, height_of(rows, y, bounds, few))
            panel.tick_params(axis="x", bottom=False, labelbottom=False)
        first = shown["category"] == shown["category"].iloc[0]
        articles = shown[first].groupby(x)["articles"].sum()
        draw_articles_below(ax, articles, calendar, few, writing)
        draw_margins(
            ax,
            writing,
            title=writing.words["themes_title"],
            measure=note.format(measure=writing.words[y]),
            entries=[
                *interval_entries(level, writing),
                *few_entries(shown["articles"], few, writing),
            ],
        )
    return ax


def plot_framing_by_group(
    data: pd.DataFrame,
    *,
    x: str = "period",
    y: str = "share",
    hue: str = "category",
    group: str = "outlet",
    categories: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    abreast: int = _ABREAST,
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw one small panel per outlet, all with the same scale and the same time.

    Takes a table from `framing_by_period(by=...)`; `group` is the column that has a panel for
    each value (`groups` names some of them, in their order), `hue` the one that tells the
    lines of a panel apart, and `y` the column `share` or `per_1000`. Each title says how many
    articles the panel rests on; points with fewer than `few` are hollow, and a line is broken
    where an outlet has none. At most `abreast` panels stand side by side; in Arabic the first
    is on the right. `labels`, `months` and `digits` as in `plot_framing`. The panels are the
    `child_axes` of the axes returned.

    Raises InputError when a column, a category or a group is missing, when several rows hold
    the same period, panel and line, and for more lines than can be told apart.

    >>> framing = pd.DataFrame({"period": pd.to_datetime(["2031-01-01"] * 2),
    ...     "outlet": ["المرصد", "الضفة"], "category": "security", "articles": [8, 6],
    ...     "share": [0.25, 0.5], "low": [0.1, 0.2], "high": [0.5, 0.8], "level": 0.95})
    >>> axes = plot_framing_by_group(framing)
    >>> [panel.get_title(loc="left").split()[0] for panel in axes.child_axes]
    ['الضفة', 'المرصد']
    """
    writing = choose_writing(language, months, digits, labels)
    require_choice(y, _MEASURES, name="y")
    require_at_least(1, abreast, name="abreast")
    needed = dict.fromkeys([x, group, hue, "category", "articles", y, *BOUNDS[y], "level"])
    require_columns(data, needed, name="data")
    shown = choose_rows(data, categories, x=x, groups=[group, hue])
    if group != "category":
        require_one_category(shown, hue, name="hue")
    parts = split_rows(shown, group, writing)
    for name in groups or ():
        require_choice(name, list(parts), name="group")
    parts = {name: parts[name] for name in groups or parts}
    shown = pd.concat(parts.values())
    looks = dict(zip(split_rows(shown, hue, writing), STYLES, strict=False))
    require_few_lines(split_rows(shown, hue, writing), "plot_framing_by_group")
    top = height_of(shown, y, BOUNDS[y], few)
    with figure_style():
        columns = min(abreast, len(parts))
        ax = ax or new_axes(1 + 2.3 * columns, 1.8 + 1.5 * -(-len(parts) // columns))
        titles = [_title(name, rows, writing) for name, rows in parts.items()]
        grid = panel_grid(ax, titles, abreast, writing, names=_NUMBERS)
        panels = [panel for line in grid for panel in line]
        calendar = calendar_of(shown[x])
        for panel, rows in zip(panels, parts.values(), strict=True):
            for name, part in split_rows(rows, hue, writing).items():
                draw_line(
                    panel,
                    part,
                    calendar,
                    looks[name],
                    x=x,
                    y=y,
                    bounds=BOUNDS[y],
                    few=few,
                    label=label_of(name, writing),
                    abreast=len(grid[0]),
                )
            _finish_panel(panel, y, writing)
            panel.set_ylim(0, top)
            label_dates(panel, calendar, writing)
            panel.set_xlabel("")
        label_outer_panels(grid, writing)
        panels[-1].set_xlabel(writing.words["time"])
        entries = {entry.text: entry for panel in panels for entry in line_entries(panel)}
        draw_margins(
            ax,
            writing,
            title=writing.words["framing_title"],
            is_beside=False,
            measure=writing.words["one_scale"].format(measure=writing.words[y]),
            entries=[
                *entries.values(),
                *interval_entries(shown["level"].iloc[0], writing),
                *few_entries(shown["articles"], few, writing),
            ],
        )
    return ax


def _title(name: str, rows: pd.DataFrame, writing: Writing) -> str:
    """Return the title of a panel, with the number of articles it rests on."""
    articles = rows.loc[rows["category"] == rows["category"].iloc[0], "articles"].sum()
    return writing.words["panel"].format(
        name=label_of(name, writing), articles=write_number(articles, "articles", writing)
    )


def _finish_panel(panel: "Axes", y: str, writing: Writing) -> None:
    set_type(panel)
    panel.locator_params(axis="y", nbins=3)
    panel.yaxis.set_major_formatter(number_format(y, writing))
    panel.grid(color=EMPTY)
    panel.set_axisbelow(True)


def panel_grid(
    ax: "Axes", titles: Sequence[str], abreast: int, writing: Writing, *, names: float
) -> "list[list[Axes]]":
    """Return lines of panels, one under each title, in Arabic figures from the right.

    `names` is the room in points that the labels of the first column take. Fewer than
    `abreast` stand side by side where the axes are too narrow for as many.
    """
    ax.spines[:].set_visible(False)
    ax.set_xticks([])
    ax.set_yticks([])
    settle(ax)
    room = axes_size(ax)[0] - names
    columns = max(1, min(abreast, len(titles), int(room // _PANEL_WIDTH)))
    width = (1 - _BETWEEN * (columns - 1)) / columns
    font: dict[str, Any] = {"size": PANEL_TITLE, "weight": "bold"}
    titles = [wrap_text(ax, title, width * room - GAP, **font) for title in titles]
    grid = []
    lines = -(-len(titles) // columns)
    for line in range(lines):
        shown = titles[line * columns : (line + 1) * columns]
        above = 2 * GAP + max(text_size(ax, title, **font)[1] for title in shown)
        panels = []
        for column, title in enumerate(shown):
            place = columns - column - 1 if writing.is_arabic else column
            left = place * (width + _BETWEEN)
            bounds = (left, 1 - (line + 1) / lines, width, 1 / lines)
            panel = inset_panel(ax, bounds, title=above)
            set_panel_title(panel, title, writing)
            panels.append(panel)
        grid.append(panels)
    return grid


def label_outer_panels(grid: "list[list[Axes]]", writing: Writing) -> None:
    """Leave labels to the first panel of each line, and to those with none below them."""
    for line, below in zip(grid, [*grid[1:], []], strict=True):
        for column, panel in enumerate(line):
            panel.tick_params(axis="x", labelbottom=column >= len(below))
            panel.tick_params(axis="y", labelleft=column == 0)
            if writing.is_arabic:
                labels_on_the_right(panel, named=column == 0)
