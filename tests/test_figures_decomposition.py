"""What makes up a change: a panel per part, all outlets first, then each of them."""

import numpy as np
import pandas as pd
from analysis_tables import OUTLETS, columns_of, make_decomposition, measure_of, names_of
from drawing import axes_of, error_of, legend_of

from analysis.figures import plot_decomposition


def bars_of(panel):
    return np.array([bar.get_width() for bar in panel.containers[0]])


def titles_of(axes, side="left"):
    return [panel.get_title(side).replace("\n", " ") for panel in axes.child_axes]


def test_the_whole_change_comes_first_and_its_parts_add_up_to_it_in_every_row():
    axes = plot_decomposition(make_decomposition())
    assert titles_of(axes) == [
        "total: -2",
        "outlet mix: +1 (-50%)",
        "within outlets: -2.5 (125%)",
        "copies: -0.5 (25%)",
    ]
    whole, *parts = (bars_of(panel) for panel in axes.child_axes)
    assert whole[0] == -2
    assert np.allclose(sum(parts), whole)
    assert len({panel.get_xlim() for panel in axes.child_axes}) == 1


def test_outlets_come_by_what_they_add_to_the_whole_change():
    axes = plot_decomposition(make_decomposition())
    assert names_of(axes.child_axes[0]) == ["all together", *reversed(OUTLETS)]
    assert [label.get_fontweight() for label in axes.child_axes[0].get_yticklabels()] == [
        "bold",
        *["normal"] * 3,
    ]
    assert (np.diff(np.abs(bars_of(axes.child_axes[0])[1:])) <= 0).all()


def test_articles_of_both_spans_stand_once_beside_the_first_panels():
    axes = plot_decomposition(make_decomposition())
    beside = [columns_of(panel) for panel in axes.child_axes]
    assert beside[:3] == [{}, {}, {}]
    assert beside[3] == {0: ["300", "270"], 1: ["97", "87"], 2: ["98", "88"], 3: ["99", "89"]}
    narrow = plot_decomposition(make_decomposition(), ax=axes_of(4, 9))
    assert [bool(columns_of(panel)) for panel in narrow.child_axes] == [True, False, False, False]


def test_outlets_after_the_first_are_one_row_without_interval():
    axes = plot_decomposition(make_decomposition(copies=False), most=1)
    panel = axes.child_axes[0]
    assert names_of(panel) == ["all together", "صدى المشرق", "others (2)"]
    assert np.isclose(bars_of(panel)[1:].sum(), -2 * 1.02)
    assert np.isnan(panel.lines[0].get_xdata()).tolist() == [False, False, True]
    assert columns_of(axes.child_axes[-1])[2] == ["197", "177"]


def test_shares_change_in_percentage_points():
    axes = plot_decomposition(make_decomposition(copies=False, measure="share"))
    assert titles_of(axes)[:2] == ["total: -2", "outlet mix: +0.5 (-25%)"]
    assert measure_of(axes) == (
        "change of the articles that mention it, in percentage points; from 25% to 23%"
    )
    panel = axes.child_axes[0]
    assert panel.xaxis.get_major_formatter()(0.015) == "1.5"


def test_outlets_with_few_articles_or_in_one_span_only_are_hatched():
    table = make_decomposition()
    table.loc[table["group"] == "المرصد", "articles_before"] = 0
    table.loc[table["group"] == "الضفة", "articles_after"] = 3
    axes = plot_decomposition(table)
    hatched = [bool(bar.get_hatch()) for bar in axes.child_axes[0].containers[0]]
    assert hatched == [False, False, True, True]
    assert legend_of(axes) == ["95% interval", "fewer than 5 articles", "in one span only"]


def test_an_outlet_without_a_name_is_called_unknown():
    table = make_decomposition()
    table.loc[table["group"] == "المرصد", "group"] = None
    assert names_of(plot_decomposition(table).child_axes[0])[-1] == "unknown"


def test_the_first_panel_stands_on_the_right_in_arabic():
    labels = {"security": "الأمن"}
    axes = plot_decomposition(make_decomposition(), language="ar", labels=labels)
    axes.figure.draw_without_rendering()
    lefts = [panel.get_window_extent().x0 for panel in axes.child_axes]
    assert lefts == sorted(lefts, reverse=True)
    assert titles_of(axes, "right")[1] == "تركيبة المنابر: \u2066+1\u2069 (\u2066-50%\u2069)"


def test_without_a_change_no_share_of_it_is_told():
    table = make_decomposition().assign(share_of_change=np.nan)
    assert titles_of(plot_decomposition(table))[1] == "outlet mix: +1"


def test_errors_say_what_to_change():
    table = make_decomposition()
    assert error_of(plot_decomposition, table[:0]) == (
        "the table `data` has no rows; there is nothing to draw."
    )
    assert error_of(plot_decomposition, pd.concat([table, table])) == (
        "the table `data` holds more than one decomposition; choose the rows of one first."
    )
    assert error_of(plot_decomposition, table[table["group"] != ""]) == (
        "the table `data` has no row for the total of all groups; pass the whole table of "
        "`decompose_change`."
    )
    assert error_of(plot_decomposition, table, most=0) == (
        "most is 0; give a whole number, 1 or more."
    )
