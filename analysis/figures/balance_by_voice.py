"""The balance of two frames in the words of each voice."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import InputError
from analysis.figures.beside import name_rows, write_columns, write_directions
from analysis.figures.layout import is_narrow
from analysis.figures.legends import few_entries, interval_entries
from analysis.figures.margins import draw_margins
from analysis.figures.style import BLUE, GREY, figure_style, new_axes
from analysis.figures.words import (
    Labels,
    Writing,
    choose_writing,
    label_of,
    number_format,
    source_type_labels,
    write_number,
)
from analysis.framing import PAIR_SEPARATOR
from analysis.tables import require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GROUPED = ("reporter", "quoted")
_MENTIONS = ["first_mentions", "second_mentions"]
_ROW_HEIGHT = 0.3
_LEAST_SIDE = 0.35
_MARGIN = 1.08


def plot_balance_by_voice(
    data: pd.DataFrame,
    *,
    x: str = "balance",
    y: str = "voice",
    language: str = "en",
    digits: str = "western",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the balance of two frames, with its interval, for the reporter and each voice.

    Takes a table from `balance_by_voice`, of one period. To the right a voice speaks more of
    the first frame of the table's `pair`. Beside the rows stand the articles in which a voice
    has words, and its mentions of both frames where there is room. A grey line parts the
    reporter and all quotes together from the source types. Hollow points are voices in fewer
    than `few` articles, and their intervals may leave the figure; a voice without a mention of
    either frame has no point. `labels` names frames. Raises InputError when a column is
    missing, the table has no rows, or several rows hold the same voice.
    """
    writing = choose_writing(language, digits=digits, labels=labels)
    words = writing.words
    bounds = (f"{x}_low", f"{x}_high")
    require_columns(data, [y, "articles", *_MENTIONS, x, *bounds, "pair", "level"], name="data")
    if data.empty:
        raise InputError("the table `data` has no rows; there is nothing to draw.")
    doubled = data.duplicated([y])
    if doubled.any():
        raise InputError(
            f"the table `data` has several rows for {data.loc[doubled, y].iloc[0]!r}; "
            "choose the rows of one period first."
        )
    names = _name_voices(writing)
    order = {name: place for place, name in enumerate(names)}
    rows = data.sort_values(y, key=lambda voices: voices.map(order), ignore_index=True)
    spoken = rows[_MENTIONS].sum(axis=1) > 0
    pair = [label_of(frame, writing) for frame in rows["pair"].iloc[0].split(PAIR_SEPARATOR)]
    more = [words["more"].format(frame=frame) for frame in pair]
    with figure_style():
        ax = ax or new_axes(8.5, 2 + _ROW_HEIGHT * len(rows))
        name_rows(ax, [names.get(voice, label_of(voice, writing)) for voice in rows[y]], writing)
        _draw_balance(ax, rows, rows[x].where(spoken), bounds, rows["articles"] < few)
        grouped = int(rows[y].isin(_GROUPED).sum())
        if 0 < grouped < len(rows):
            ax.axhline(grouped - 0.5, color=GREY, linewidth=0.8)
        ax.set_xlim(*_ends(rows[spoken], x, bounds, few))
        ax.locator_params(axis="x", nbins=7)
        ax.xaxis.set_major_formatter(number_format("balance", writing))
        columns = {words["articles"]: "articles"}
        if not is_narrow(ax):
            columns |= dict(zip(pair, _MENTIONS, strict=True))
        texts = {
            head: [write_number(number, "articles", writing) for number in rows[column]]
            for head, column in columns.items()
        }
        write_columns(ax, "", texts, writing)
        write_directions(ax, more[::-1], writing)
        draw_margins(
            ax,
            writing,
            title=words["balance_by_voice_title"].format(first=pair[0], second=pair[1]),
            measure=words["balance"],
            entries=[
                *interval_entries(rows["level"].iloc[0], writing),
                *few_entries(rows["articles"], few, writing),
            ],
            is_beside=False,
        )
    return ax


def _name_voices(writing: Writing) -> dict[str, str]:
    """Return what the voices are called, in the order of the rows."""
    return {
        "reporter": writing.words["reporter"],
        "quoted": writing.words["all_quotes"],
        **source_type_labels(language=writing.language),
    }


def _draw_balance(
    ax: "Axes", rows: pd.DataFrame, values: pd.Series, bounds: tuple[str, str], thin: pd.Series
) -> None:
    ax.axvline(0, color="black", linewidth=0.8)
    low, high = (rows[bound].where(values.notna()) for bound in bounds)
    ax.hlines(rows.index, low, high, color=BLUE, alpha=0.35, linewidth=4)
    for chosen, fill in ((~thin, BLUE), (thin, "white")):
        ax.plot(values[chosen], rows.index[chosen], **_point(fill))


def _ends(rows: pd.DataFrame, x: str, bounds: tuple[str, str], few: int) -> tuple[float, float]:
    """Return the ends of the axis, with room on both sides of 0.

    Intervals of hollow points may leave it, else they would flatten all others.
    """
    plain = rows["articles"] >= few
    shown = pd.concat([rows[x], *(rows[bound][plain] for bound in bounds)])
    least = _LEAST_SIDE * shown.abs().max() or 1.0
    low, high = shown.min(), shown.max()
    return _MARGIN * min(low, -least), _MARGIN * max(high, least)


def _point(fill: str) -> dict[str, Any]:
    return {
        "color": BLUE,
        "marker": "o",
        "markerfacecolor": fill,
        "markersize": 5.5,
        "linestyle": "",
    }
