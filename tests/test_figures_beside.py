"""Names, columns and arrows beside rows, and bars with whiskers."""

import numpy as np
import pandas as pd
from analysis_tables import columns_of, spans_of
from drawing import axes_of, overlaps_of

from analysis.figures.bars import LESS, MORE, draw_bars, reach_of_bars
from analysis.figures.beside import (
    change_format,
    name_rows,
    width_of_columns,
    wrap_names,
    write_change,
    write_columns,
    write_directions,
)
from analysis.figures.words import choose_writing

ENGLISH, ARABIC = choose_writing("en"), choose_writing("ar", digits="arabic")
ROWS = pd.DataFrame({"value": [2.0, -1.0], "low": [1.0, np.nan], "high": [3.0, np.nan]})
COLUMNS = {"before the truce": ["1,204", "7"], "after": ["33", "1"]}


def test_rows_are_named_from_the_top_and_in_arabic_on_the_right():
    for writing, side in ((ENGLISH, "left"), (ARABIC, "right")):
        axes = axes_of(6, 3)
        name_rows(axes, ["expert", "official"], writing)
        assert [label.get_text() for label in axes.get_yticklabels()] == ["expert", "official"]
        assert axes.get_ylim() == (1.5, -0.5)
        assert axes.yaxis.get_ticks_position() == side


def test_names_are_broken_only_where_the_rows_are_high_enough():
    name = "The ship is kept out of the harbours of the two banks"
    high, low = (wrap_names(axes_of(5, height), [name] * 4)[0] for height in (8, 1.5))
    assert high.count("\n") >= 2
    assert low.count("\n") < high.count("\n")
    assert high.replace("\n", " ") == low.replace("\n", " ") == name


def test_columns_stand_at_the_end_of_the_rows_the_first_next_to_the_axes():
    for writing in (ENGLISH, ARABIC):
        axes = axes_of(7, 3)
        name_rows(axes, ["expert", "official"], writing)
        write_columns(axes, "articles", COLUMNS, writing)
        assert columns_of(axes) == {0: ["1,204", "33"], 1: ["7", "1"]}
        axes.figure.draw_without_rendering()
        first, second = (
            text.get_window_extent().x0 for text in axes.texts if text.get_text() in {"1,204", "33"}
        )
        assert (first < second) is not writing.is_arabic
        assert overlaps_of(axes) == []


def test_the_width_of_columns_is_the_room_they_take():
    axes = axes_of(7, 3)
    name_rows(axes, ["expert", "official"], ENGLISH)
    expected = width_of_columns(axes, COLUMNS)
    write_columns(axes, "", COLUMNS, ENGLISH)
    axes.figure.draw_without_rendering()
    right = max(text.get_window_extent().x1 for text in axes.texts)
    taken = (right - axes.get_window_extent().x1) * 72 / axes.figure.dpi
    assert expected - 12 < taken <= expected


def test_directions_stand_at_both_ends_under_the_axis():
    axes = axes_of(7, 3)
    write_directions(axes, ["more in May", "more in June"], ENGLISH)
    left, right = axes.texts
    assert (left.get_text(), left.get_ha()) == ("←\u00a0more in May", "left")
    assert (right.get_text(), right.get_ha()) == ("more in June\u00a0→", "right")
    axes.set_xlabel("lag in periods")
    assert overlaps_of(axes) == []


def test_changes_have_a_sign_and_those_of_shares_are_in_points():
    assert write_change(-0.0525, "share", ENGLISH) == "-5.25"
    assert write_change(1234.5, "per_1000", ENGLISH) == "+1,234"
    assert write_change(0.5, "balance", ARABIC) == "\u2066+٠٫٥\u2069"
    assert change_format("share", ENGLISH)(0.125) == "12.5"
    assert change_format("per_1000", ARABIC)(-1500) == "-١٬٥٠٠"


def test_bars_go_to_the_side_of_their_sign_with_their_whiskers():
    axes = axes_of(6, 3)
    draw_bars(axes, ROWS, "value", hatched=pd.Series([False, True]))
    more, less = axes.containers[0]
    assert (more.get_width(), less.get_width()) == (2, -1)
    assert more.get_facecolor() != less.get_facecolor()
    assert (more.get_hatch(), less.get_hatch()) == (None, "////")
    assert spans_of(axes.collections[0]) == [[1, 0, 3, 0]]
    assert MORE != LESS


def test_the_axis_holds_all_bars_and_begins_at_zero_when_they_go_one_way():
    low, high = reach_of_bars(ROWS, "value")
    assert low < -1
    assert high > 3
    assert reach_of_bars(ROWS.head(1), "value")[0] == 0
    assert reach_of_bars(ROWS.assign(value=0.0, low=np.nan, high=np.nan), "value") == (-1, 1)
