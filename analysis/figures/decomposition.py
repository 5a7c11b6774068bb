"""What makes up a change: the mix of outlets, the change within them, copies."""

from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError, require_at_least
from analysis.figures.bars import draw_bars, reach_of_bars, whisker_entries
from analysis.figures.beside import (
    SIZE,
    change_format,
    name_rows,
    width_of_columns,
    wrap_names,
    write_change,
    write_columns,
    write_share,
)
from analysis.figures.layout import axes_size, text_size
from analysis.figures.legends import Entry, few_entries
from analysis.figures.margins import draw_margins
from analysis.figures.panels import label_outer_panels, panel_grid
from analysis.figures.style import GREY, figure_style, new_axes
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

_TOTAL = "total"
_PARTS = (_TOTAL, "outlet mix", "within outlets", "copies")
_SIDES = ("before", "after")
_NAMES = 0.22
_ROW_HEIGHT = 0.26
_KEYS = ["category", "measure", "part", "group"]
_SIZES = [f"articles_{side}" for side in _SIDES]


def plot_decomposition(
    data: pd.DataFrame,
    *,
    x: str = "value",
    y: str = "group",
    most: int = 12,
    abreast: int = 4,
    language: str = "en",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a panel per part of a change: all outlets together, then what each of them adds.

    Takes a table from `decompose_change`. The first panel is the whole change, the others are
    its parts (outlet mix, within outlets, copies), all with one scale; read along a row, the
    parts of an outlet add up to its bar in the first. The title of a panel says how much the
    part adds and what share of the change that is. Beside the first panels stand the articles
    of both spans, copies included; bars of outlets with fewer than `few` in one of them are
    hatched. Outlets come in the order of what they add; those after the first `most` are one
    row, without interval. At most `abreast` panels stand side by side; they are the
    `child_axes` of the axes returned, and in Arabic the first is on the right. `labels` names
    categories and outlets.
    Raises InputError when a column is missing, when the table has no rows, and when it holds
    more than one decomposition.
    """
    writing = choose_writing(language, digits=digits, labels=labels)
    words = writing.words
    require_at_least(1, most, name="most")
    require_at_least(1, abreast, name="abreast")
    needed = [*dict.fromkeys([*_KEYS, y]), *_SIZES, *_SIDES, x, "low", "high"]
    require_columns(data, [*needed, "share_of_change", "level"], name="data")
    parts = _split_parts(data, x, y, most, writing)
    whole = parts[_TOTAL].iloc[0]
    names = [str(name) for name in parts[_TOTAL].index]
    with figure_style():
        columns = min(abreast, len(parts))
        lines = -(-len(parts) // columns)
        ax = ax or new_axes(3.4 + 1.7 * columns, 1.6 + lines * (0.6 + _ROW_HEIGHT * len(names)))
        room = _NAMES * axes_size(ax)[0]
        names = wrap_names(ax, names, room=room)
        sizes = {
            words[side]: [
                write_number(number, "articles", writing) for number in parts[_TOTAL][size]
            ]
            for side, size in zip(_SIDES, _SIZES, strict=True)
        }
        beside = max(text_size(ax, name, size=SIZE)[0] for name in names)
        beside += width_of_columns(ax, sizes)
        titles = [_title(part, rows.iloc[0], x, writing) for part, rows in parts.items()]
        grid = panel_grid(ax, titles, abreast, writing, names=beside)
        panels = [panel for line in grid for panel in line]
        ends = reach_of_bars(pd.concat(parts.values()), x)
        for panel, rows in zip(panels, parts.values(), strict=True):
            name_rows(panel, names, writing, room=float("inf"))
            panel.get_yticklabels()[0].set_fontweight("bold")
            draw_bars(panel, rows, x, hatched=rows[_SIZES].min(axis=1) < few)
            panel.axhline(0.5, color=GREY, linewidth=0.8)
            panel.set_xlim(*ends)
            panel.locator_params(axis="x", nbins=4)
            panel.xaxis.set_major_formatter(change_format(whole["measure"], writing))
        label_outer_panels(grid, writing)
        write_columns(grid[0][-1], words["articles"], sizes, writing)
        draw_margins(
            ax,
            writing,
            title=words["decomposition_title"].format(
                category=label_of(whole["category"], writing)
            ),
            measure=_measure(whole, writing),
            entries=[
                *whisker_entries(whole["level"], writing),
                *few_entries(parts[_TOTAL][_SIZES].min(axis=1), few, writing, hatched=True),
                *_one_span_entries(parts[_TOTAL], writing),
            ],
            is_beside=False,
        )
    return ax


def _split_parts(
    data: pd.DataFrame, x: str, y: str, most: int, writing: Writing
) -> dict[str, pd.DataFrame]:
    """Return the rows of each part, the whole change first; all groups, then each by its name."""
    if data.empty:
        raise InputError("the table `data` has no rows; there is nothing to draw.")
    if data.duplicated(["part", y]).any():
        raise InputError(
            "the table `data` holds more than one decomposition; choose the rows of one first."
        )
    unknown = writing.words["unknown"]
    names = data[y].astype("object").where(data[y].notna(), unknown)
    rows = data.assign(name=[label_of(name, writing) for name in names])
    rows.loc[names == "", "name"] = writing.words["all_groups"]
    parts = {part: rows[rows["part"] == part].set_index("name") for part in _PARTS}
    whole = parts[_TOTAL]
    if not (whole[y] == "").any():
        raise InputError(
            "the table `data` has no row for the total of all groups; pass the whole table of "
            "`decompose_change`."
        )
    order = (
        whole.assign(is_group=whole[y] != "", weight=-whole[x].abs())
        .sort_values(["is_group", "weight", "name"])
        .index
    )
    return {
        part: _add_rest(own.loc[order], x, most, writing) for part, own in parts.items() if len(own)
    }


def _add_rest(rows: pd.DataFrame, x: str, most: int, writing: Writing) -> pd.DataFrame:
    """Return the first rows, and the sum of all others as one more."""
    shown, rest = rows.head(1 + most), rows.iloc[1 + most :]
    if rest.empty:
        return shown
    name = writing.words["other_groups"].format(groups=write_number(len(rest), "articles", writing))
    return pd.concat([shown, rest[[x, *_SIZES]].sum().to_frame(name).T])


def _title(part: str, whole: pd.Series, x: str, writing: Writing) -> str:
    """Return the name of a part, what it adds, and what share of the whole change that is."""
    value = write_change(whole[x], whole["measure"], writing)
    name = writing.words[part.replace(" ", "_")]
    if part == _TOTAL or pd.isna(whole["share_of_change"]):
        return writing.words["part"].format(part=name, value=value)
    percent = write_share(whole["share_of_change"], writing)
    return writing.words["part_of_change"].format(part=name, value=value, percent=percent)


def _measure(whole: pd.Series, writing: Writing) -> str:
    measure = str(whole["measure"])
    levels = {side: number_format(measure, writing)(float(f"{whole[side]:.3g}")) for side in _SIDES}
    said = [writing.words[f"change_of_{measure}"], writing.words["from_to"].format(**levels)]
    return writing.words["then"].join(said)


def _one_span_entries(rows: pd.DataFrame, writing: Writing) -> list[Entry]:
    """Return the entry of groups that have articles in one of the spans only, if there are any."""
    from matplotlib.patches import Patch

    if not (rows[_SIZES].min(axis=1) == 0).any():
        return []
    return [
        Entry(Patch(facecolor="white", edgecolor=GREY, hatch="////"), writing.words["one_span"])
    ]
