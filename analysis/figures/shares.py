"""Shares over time in small panels: who is quoted, and which themes a frame carries."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError, require_at_least, require_choice
from analysis.figures.beside import require_few_hues
from analysis.figures.dates import calendar_of, label_dates
from analysis.figures.legends import Entry, few_entries, interval_entries, line_entries
from analysis.figures.lines import draw_line
from analysis.figures.margins import draw_margins
from analysis.figures.panels import label_outer_panels, panel_grid
from analysis.figures.rows import split_rows
from analysis.figures.style import (
    BLUE,
    EMPTY,
    STYLES,
    Look,
    figure_style,
    height_of,
    new_axes,
    set_type,
)
from analysis.figures.words import (
    Labels,
    Writing,
    choose_writing,
    label_of,
    number_format,
    source_type_labels,
    write_number,
)
from analysis.tables import SOURCE_TYPES, require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BOUNDS = ("low", "high")
_ALONE = Look(BLUE, "o", "-")
_NUMBERS = 40.0


def plot_voices_over_time(
    data: pd.DataFrame,
    *,
    x: str = "period",
    y: str = "share",
    hue: str | None = None,
    types: Sequence[str] | None = None,
    abreast: int = 4,
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a panel per source type: its share of the quotes of each period, with intervals.

    Takes a table from `count_voices_by_period`, for one group, or with `hue` the column that
    has a line for each value, such as the outlet. `types` are the source types to draw, else
    all that are ever quoted. All panels have one scale; each title says how many quotes the panel
    rests on. Points are hollow where fewer than `few` articles quote anyone, lines broken where
    none does. At most `abreast` panels stand side by side; they are the `child_axes` of the axes
    returned, and in Arabic the first is on the right. `labels` names the values of `hue`;
    `months` and `digits` as in `plot_framing`. Raises InputError when a column or a source type
    is missing, when nobody is quoted, when several rows hold the same period and line, and for
    more lines than can be told apart.
    """
    writing = choose_writing(language, months, digits, labels)
    needed = [x, "source_type", *([hue] if hue else []), "quotes", "articles_quoting", y]
    require_columns(data, [*needed, *_BOUNDS, "level"], name="data")
    for name in types or ():
        require_choice(name, SOURCE_TYPES, name="type")
    quotes = data.groupby("source_type")["quotes"].sum()
    chosen = types or [name for name in SOURCE_TYPES if quotes.get(name, 0) > 0]
    if not chosen:
        raise InputError("the table `data` has no quotes; there is nothing to draw.")
    names = source_type_labels(language=language)
    titles = {
        name: writing.words["panel_quotes"].format(
            name=names[name], quotes=write_number(quotes.get(name, 0), "quotes", writing)
        )
        for name in chosen
    }
    rows = data[data["source_type"].isin(chosen)]
    rows = rows.assign(articles=rows["articles_quoting"])
    return _draw_panels(
        rows,
        titles,
        writing,
        x=x,
        y=y,
        hue=hue,
        group="source_type",
        abreast=abreast,
        few=few,
        ax=ax,
        title=writing.words["voices_over_time_title"],
        measure=writing.words["share_of_quotes"],
        few_of=("plot_voices_over_time", "choose the rows of fewer groups"),
    )


def plot_carried_themes(
    data: pd.DataFrame,
    *,
    x: str = "period",
    y: str = "share",
    hue: str = "frame",
    group: str = "theme",
    frames: Sequence[str] | None = None,
    themes: Sequence[str] | None = None,
    abreast: int = 4,
    language: str = "en",
    months: str = "general",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a panel per theme: how much of what each frame says mentions the theme.

    Takes a table from `count_carried_themes`. A line per frame is the share of its sentences
    (paragraphs, articles) that mention the theme; the legend says how many of them the frame
    has. `frames` and `themes` choose some, in their order. All panels have one scale. Points of
    fewer than `few` articles are hollow, lines broken where the frame does not occur. At most
    `abreast` panels stand side by side; they are the `child_axes` of the axes returned, and in
    Arabic the first is on the right. `labels`, `months` and `digits` as in `plot_framing`.
    Raises InputError when a column, a frame or a theme is missing, when the table has no rows,
    when several rows hold the same period, theme and frame, and for more frames than can be told
    apart.
    """
    writing = choose_writing(language, months, digits, labels)
    needed = [x, hue, group, "within", "articles", "units_frame", y, *_BOUNDS, "level"]
    require_columns(data, needed, name="data")
    if data.empty:
        raise InputError("the table `data` has no rows; there is nothing to draw.")
    rows = data
    for column, named in ((hue, frames), (group, themes)):
        known = rows[column].unique().tolist()
        for name in named or ():
            require_choice(name, known, name=column)
        rows = rows[rows[column].isin(list(named or known))]
        place = pd.Categorical(rows[column], list(named or known))
        rows = rows.assign(place=place).sort_values("place", kind="stable")
    within = rows["within"].iloc[0]
    units = rows[rows[group] == rows[group].iloc[0]].groupby(hue)["units_frame"].sum()
    lines = {
        name: writing.words[f"units_{within}"].format(
            name=label_of(name, writing), units=write_number(units[name], "articles", writing)
        )
        for name in rows[hue].unique()
    }
    return _draw_panels(
        rows.assign(articles=rows["articles"].where(rows["units_frame"] > 0, 0)),
        {name: label_of(name, writing) for name in rows[group].unique()},
        writing,
        x=x,
        y=y,
        hue=hue,
        group=group,
        lines=lines,
        abreast=abreast,
        few=few,
        ax=ax,
        title=writing.words["carried_title"],
        measure=writing.words[f"carried_{within}"],
        few_of=("plot_carried_themes", "name fewer in `frames`"),
    )


def _draw_panels(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    writing: Writing,
    *,
    x: str,
    y: str,
    hue: str | None,
    group: str,
    abreast: int,
    few: int,
    ax: "Axes | None",
    title: str,
    measure: str,
    few_of: tuple[str, str],
    lines: Mapping[str, str] | None = None,
) -> "Axes":
    """Draw a panel of lines under each title, all with one scale and the same time."""
    require_at_least(1, abreast, name="abreast")
    _check_rows(rows, x, [group, *([hue] if hue else [])])
    looks: dict[str, Look] = {"": _ALONE}
    if hue:
        known = list(split_rows(rows.sort_values(hue) if lines is None else rows, hue, writing))
        name, remedy = few_of
        require_few_hues(len(known), name, remedy=remedy)
        looks = dict(zip(known, STYLES, strict=False))
    top = height_of(rows, y, _BOUNDS, few)
    calendar = calendar_of(rows[x])
    with figure_style():
        columns = min(abreast, len(titles))
        ax = ax or new_axes(1 + 2.2 * columns, 1.8 + 1.5 * -(-len(titles) // columns))
        grid = panel_grid(ax, list(titles.values()), abreast, writing, names=_NUMBERS)
        panels = [panel for line in grid for panel in line]
        for panel, name in zip(panels, titles, strict=True):
            own = rows[rows[group] == name]
            parts = split_rows(own, hue, writing) if hue else {"": own}
            for line, look in looks.items():
                if line not in parts:
                    continue
                label = (lines or {}).get(line, label_of(line, writing)) if hue else None
                draw_line(
                    panel,
                    parts[line],
                    calendar,
                    look,
                    x=x,
                    y=y,
                    bounds=_BOUNDS,
                    few=few,
                    label=label,
                    abreast=len(grid[0]),
                )
            set_type(panel)
            panel.locator_params(axis="y", nbins=4)
            panel.yaxis.set_major_formatter(number_format("share", writing))
            panel.grid(color=EMPTY)
            panel.set_axisbelow(True)
            panel.set_ylim(0, top)
            label_dates(panel, calendar, writing)
            panel.set_xlabel("")
        label_outer_panels(grid, writing)
        panels[-1].set_xlabel(writing.words["time"])
        draw_margins(
            ax,
            writing,
            title=title,
            measure=writing.words["one_scale"].format(measure=measure),
            entries=[
                *_line_entries(panels),
                *interval_entries(rows["level"].iloc[0], writing),
                *few_entries(rows["articles"], few, writing),
            ],
            is_beside=False,
        )
    return ax


def _check_rows(rows: pd.DataFrame, x: str, keys: Sequence[str]) -> None:
    if not pd.api.types.is_datetime64_any_dtype(rows[x]):
        raise InputError(f"the column {x!r} of the table `data` holds no dates; name one in `x`.")
    doubled = rows.duplicated([x, *keys])
    if doubled.any():
        raise InputError(
            f"the table `data` has several rows for {rows.loc[doubled, keys[0]].iloc[0]!r} in one "
            "period; choose the rows of one group first."
        )


def _line_entries(panels: "Sequence[Axes]") -> list[Entry]:
    """Return an entry for each line that any of the panels has."""
    found = {entry.text: entry for panel in panels for entry in line_entries(panel)}
    return list(found.values())
