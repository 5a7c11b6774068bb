"""Panels under and beside each other: themes, outlets, voices."""

import re

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from drawing import (
    axes_of,
    drawn_texts,
    error_of,
    legend_of,
    lines_of,
    make_compared,
    make_counts,
    make_framing,
    panels_of,
    strip_below,
)
from matplotlib.colors import to_hex

from analysis.figures import plot_compared_voices, plot_framing_by_group, plot_themes
from analysis.periods import count_by_period


def months_of(line):
    return [date.month for date in mdates.num2date(line.get_xdata(orig=False))]


def title_of(panel, side="left"):
    return panel.get_title(loc=side).strip("\u200f").replace("\xa0", " ")


def test_each_theme_has_its_panel_and_breaks_where_no_article_stands():
    framing = make_framing()
    axes = plot_themes(framing, categories=["security", "diplomacy"], labels={"security": "army"})
    panels = panels_of(axes)
    assert list(panels) == ["army", "diplomacy"]
    for category, panel in zip(["security", "diplomacy"], panels.values(), strict=True):
        share = framing.loc[framing["category"] == category, "share"]
        line, _ = panel.get_lines()
        assert months_of(line) == [1, 2, 3, 4, 5, 6, 7]
        np.testing.assert_array_equal(line.get_ydata(), share)
        assert np.isnan(line.get_ydata()[[2, 4]]).all()
    drawn_texts(axes)
    tops = [panel.get_position().y1 for panel in axes.child_axes]
    assert tops == sorted(tops, reverse=True)


def test_panels_share_the_time_axis_and_have_their_own_scale():
    rare = make_framing().copy()
    rare.loc[rare["category"] == "diplomacy", ["share", "low", "high"]] *= 0.01
    axes = plot_themes(rare)
    bottoms, tops = zip(*(panel.get_ylim() for panel in panels_of(axes).values()), strict=True)
    assert bottoms == (0, 0)
    assert 0.008 < tops[0] < 0.0151
    assert 0.8 < tops[1] < 1.51
    for panel in panels_of(axes).values():
        assert panel.get_xlim() == strip_below(axes).get_xlim()
        assert 2 <= sum(tick <= panel.get_ylim()[1] for tick in panel.get_yticks()) <= 4
    drawn_texts(axes)
    labels = [label.get_text() for label in panels_of(axes)["diplomacy"].get_yticklabels()]
    assert labels[:2] == ["0%", "0.5%"]


@pytest.mark.parametrize(
    ("language", "note", "side"),
    [
        ("en", "articles that mention it (% of all); each panel has its own scale", "left"),
        ("ar", "حصة ما ورد فيه الذكر من المقالات (٪)؛ لكل لوحة مقياسها", "right"),
    ],
)
def test_themes_say_what_is_measured_and_that_the_scales_differ(language, note, side):
    axes = plot_themes(make_framing(), language=language)
    assert (axes.get_ylabel(), axes.yaxis.label.get_ha()) == (note, side)
    titles = [panel.get_title(loc=side) for panel in axes.child_axes[:-1]]
    assert titles == {"en": ["diplomacy", "security"], "ar": ["الدبلوماسية", "الأمن"]}[language]
    alone = plot_themes(make_framing(), categories=["security"], language=language)
    assert alone.get_ylabel() == re.split("[;؛]", note)[0]


def test_few_articles_are_hollow_in_every_panel():
    axes = plot_themes(make_framing())
    for panel in panels_of(axes).values():
        _, hollow = panel.get_lines()
        assert to_hex(hollow.get_markerfacecolor()) == "#ffffff"
        assert months_of(hollow) == [3, 4, 5]
        assert np.isfinite(hollow.get_ydata()).tolist() == [False, True, False]
    assert [bool(bar.get_hatch()) for bar in strip_below(axes).patches[2:5]] == [True] * 3
    assert legend_of(axes) == ["95% interval", "fewer than 5 articles"]
    plain = plot_themes(count_by_period(make_counts()), few=2)
    assert plain.get_legend() is None


@pytest.mark.parametrize(
    ("measure", "low", "high"),
    [("share", "low", "high"), ("per_1000", "per_1000_low", "per_1000_high")],
)
def test_panels_show_the_intervals_a_table_has(measure, low, high):
    framing = make_framing()
    panel = panels_of(plot_themes(framing, y=measure))["security"]
    rows = framing[framing["category"] == "security"]
    strokes = [stroke[:, 1] for stroke in panel.collections[1].get_segments() if len(stroke)]
    drawn = [list(stroke) for stroke in strokes if not np.isnan(stroke).any()]
    assert drawn == rows[[low, high]].dropna().to_numpy().tolist()
    bare = panels_of(plot_themes(count_by_period(make_counts()), y=measure))
    assert not any(panel.collections for panel in bare.values())


def test_a_wide_interval_leaves_the_panel_instead_of_flattening_its_points():
    rows = make_framing()
    rows = rows[rows["category"] == "security"]
    wide = rows.assign(share=rows["share"] * 0.01)
    top = panels_of(plot_themes(wide))["security"].get_ylim()[1]
    assert top == pytest.approx(1.4 * 1.08 * wide["share"].max())
    assert wide["high"].max() > 10 * top


def test_a_theme_never_found_lies_at_the_foot_of_its_panel():
    periods = count_by_period(make_counts())
    for share in (0.0, np.nan):
        panel = panels_of(plot_themes(periods.assign(share=share)))["security"]
        assert panel.get_ylim()[0] == 0
        assert panel.get_ylim()[1] == pytest.approx(1)


def test_each_outlet_has_its_panel_with_all_lines_and_its_articles():
    grouped = make_framing("outlet")
    axes = plot_framing_by_group(grouped)
    panels = axes.child_axes
    assert [title_of(panel) for panel in panels] == [
        "الضفة (articles: 16)",
        "المرصد (articles: 19)",
    ]
    for outlet, panel in zip(["الضفة", "المرصد"], panels, strict=True):
        for category, line in lines_of(panel).items():
            rows = grouped[(grouped["outlet"] == outlet) & (grouped["category"] == category)]
            np.testing.assert_array_equal(
                line.get_ydata(), rows["share"].where(rows["articles"] > 0)
            )
    assert legend_of(axes) == ["diplomacy", "security", "95% interval", "fewer than 5 articles"]
    assert axes.get_ylabel() == "articles that mention it (% of all); all panels have one scale"


def test_panels_of_outlets_share_both_scales_and_only_the_outer_ones_are_labelled():
    tables = [
        make_framing("outlet").assign(outlet=f"{name}{number}")
        for number, name in enumerate("abcde")
    ]
    five = pd.concat([table.drop_duplicates(["period", "category"]) for table in tables])
    axes = plot_framing_by_group(five)
    drawn_texts(axes)
    panels = axes.child_axes
    assert len({panel.get_ylim() for panel in panels}) == 1
    assert len({panel.get_xlim() for panel in panels}) == 1
    look = [panel.yaxis.get_tick_params()["labelleft"] for panel in panels]
    assert look == [True, False, False, True, False]
    dated = [panel.xaxis.get_tick_params()["labelbottom"] for panel in panels]
    assert dated == [False, False, True, True, True]
    places = [panel.get_position().x0 for panel in panels]
    assert places[:3] == sorted(places[:3])
    assert places[0] == places[3]


def test_panels_of_outlets_stand_from_the_right_in_arabic_and_fewer_abreast_when_narrow():
    grouped = make_framing("outlet")
    arabic = plot_framing_by_group(grouped, language="ar")
    drawn_texts(arabic)
    first, second = (panel.get_position() for panel in arabic.child_axes)
    assert first.x0 > second.x0
    assert title_of(arabic.child_axes[0], "right") == "الضفة (المقالات: 16)"
    narrow = plot_framing_by_group(grouped, ax=axes_of(3, 5))
    drawn_texts(narrow)
    first, second = (panel.get_position() for panel in narrow.child_axes)
    assert first.x0 == second.x0
    assert first.y0 > second.y1


def test_groups_can_be_chosen_and_lines_be_of_another_column():
    grouped = make_framing("outlet")
    axes = plot_framing_by_group(grouped, groups=["المرصد"])
    assert [title_of(panel) for panel in axes.child_axes] == ["المرصد (articles: 19)"]
    turned = plot_framing_by_group(grouped, group="category", hue="outlet", categories=["security"])
    assert [title_of(panel) for panel in turned.child_axes] == ["security (articles: 35)"]
    assert list(lines_of(turned.child_axes[0])) == ["الضفة", "المرصد"]
    assert error_of(plot_framing_by_group, grouped, groups=["صدى المشرق"]) == (
        "group is 'صدى المشرق'; choose one of 'الضفة', 'المرصد'."
    )
    assert error_of(plot_framing_by_group, grouped, abreast=0) == (
        "abreast is 0; give a whole number, 1 or more."
    )
    assert error_of(plot_framing_by_group, make_framing()) == (
        f"the table `data` has no column `outlet`; it has: {', '.join(make_framing().columns)}."
    )


def test_each_voice_has_its_point_interval_and_look():
    axes = plot_compared_voices(make_compared(), categories=["diplomacy", "security"])
    assert [panel.get_title(loc="left") for panel in axes.child_axes] == ["diplomacy", "security"]
    for panel in axes.child_axes:
        zero, crosses, filled, hollow = panel.get_lines()
        assert list(zero.get_xdata()) == [0, 0]
        assert (crosses.get_xdata()[0], crosses.get_ydata()[0]) == (-0.7, 2)
        assert list(zip(filled.get_xdata(), filled.get_ydata(), strict=True)) == [(0.5, 0), (1, 1)]
        assert list(zip(hollow.get_xdata(), hollow.get_ydata(), strict=True)) == [(1.5, 3)]
        assert to_hex(hollow.get_markerfacecolor()) == "#ffffff"
        strokes = [stroke for stroke in panel.collections[0].get_segments() if len(stroke)]
        assert [stroke[:, 0].tolist() for stroke in strokes] == [[0.2, 0.8], [0.4, 1.6], [-6, 9]]
        # The interval of a hollow point may leave the panel.
        assert panel.get_xlim() == pytest.approx((-1.08 * 1.6, 1.08 * 1.6))
        assert panel.get_ylim()[0] > panel.get_ylim()[1]
    assert legend_of(axes) == ["no mention", "95% interval", "fewer than 5 articles"]
    assert axes.get_ylabel() == "rate over the reporter's own (log2; +1 = twice as often)"


def test_only_the_outer_panels_name_voices_and_only_the_lowest_say_numbers():
    for language, side in (("en", "left"), ("ar", "right")):
        axes = plot_compared_voices(make_compared("abcde"), language=language)
        drawn_texts(axes)
        looks = [panel.yaxis.get_tick_params() for panel in axes.child_axes]
        assert [look[f"label{side}"] for look in looks] == [True, False, False, True, False]
        assert axes.child_axes[0].yaxis.get_ticks_position() == side
        numbered = [panel.xaxis.get_tick_params()["labelbottom"] for panel in axes.child_axes]
        assert numbered == [False, False, True, True, True]
        places = [panel.get_position().x0 for panel in axes.child_axes[:3]]
        assert places == sorted(places, reverse=language == "ar")


def test_a_category_that_nobody_speaks_of_has_an_empty_panel():
    silent = make_compared().assign(
        mentions=0, log_ratio=np.nan, log_ratio_low=np.nan, log_ratio_high=np.nan
    )
    axes = plot_compared_voices(silent)
    assert legend_of(axes) == ["95% interval", "fewer than 5 articles"]
    assert axes.child_axes[0].get_xlim() == (-1.0, 1.0)
