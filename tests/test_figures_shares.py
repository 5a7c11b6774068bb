"""Shares over time in panels: voices by source type, themes by frame."""

import numpy as np
import pandas as pd
from analysis_tables import make_carried, make_voices_over_time, measure_of
from drawing import axes_of, error_of, legend_of

from analysis.figures import plot_carried_themes, plot_voices_over_time

DAY = pd.Timedelta(days=1)


def titles_of(axes, side="left"):
    return [panel.get_title(side).replace("\n", " ") for panel in axes.child_axes]


def lines_of(panel):
    """Return the values of each labelled line of a panel."""
    return {
        line.get_label(): np.asarray(line.get_ydata(), "float64")
        for line in panel.lines
        if line.get_linestyle() != "None"
    }


def test_each_type_that_is_quoted_has_a_panel_with_its_quotes():
    table = make_voices_over_time()
    axes = plot_voices_over_time(table)
    totals = table.groupby("source_type")["quotes"].sum()
    assert titles_of(axes) == [
        f"{name} (quotes:\u00a0{totals[name]})" for name in ("expert", "official", "citizen")
    ]
    assert measure_of(axes) == ("share of the quotes of each period (%); all panels have one scale")


def test_a_panel_shows_the_share_of_its_type_with_gaps_where_nobody_is_quoted():
    table = make_voices_over_time()
    axes = plot_voices_over_time(table, types=["official"])
    [panel] = axes.child_axes
    [values] = lines_of(panel).values()
    own = table[table["source_type"] == "official"]["share"].to_numpy()
    assert np.array_equal(values, own, equal_nan=True)
    assert np.isnan(values).tolist() == [False, False, True, False, True, False, False]


def test_all_panels_have_one_scale_and_the_axis_begins_at_zero():
    axes = plot_voices_over_time(make_voices_over_time())
    limits = {panel.get_ylim() for panel in axes.child_axes}
    assert len(limits) == 1
    assert limits.pop()[0] == 0


def test_points_are_hollow_where_few_articles_quote_anyone():
    table = make_voices_over_time()
    axes = plot_voices_over_time(table, types=["official"])
    hollow = [line for line in axes.child_axes[0].lines if line.get_markerfacecolor() == "white"]
    thin = table[(table["articles_quoting"] < 5) & (table["articles_quoting"] > 0)]
    shown = np.asarray(hollow[0].get_ydata())
    assert np.isfinite(shown).sum() == thin["period"].nunique() == 1
    assert legend_of(axes) == ["95% interval", "fewer than 5 articles"]


def test_hue_draws_a_line_for_each_outlet():
    table = make_voices_over_time("outlet")
    axes = plot_voices_over_time(table, hue="outlet", types=["official", "expert"])
    assert list(lines_of(axes.child_axes[0])) == ["الضفة", "المرصد"]
    assert legend_of(axes)[:2] == ["الضفة", "المرصد"]
    assert titles_of(axes)[0].startswith("official (quotes:\u00a0")


def test_arabic_panels_begin_on_the_right():
    axes = plot_voices_over_time(make_voices_over_time(), language="ar", months="levant")
    axes.figure.draw_without_rendering()
    lefts = [panel.get_window_extent().x0 for panel in axes.child_axes]
    assert lefts == sorted(lefts, reverse=True)
    assert "خبير" in titles_of(axes, "right")[0]


def test_each_theme_has_a_panel_with_a_line_per_frame():
    axes = plot_carried_themes(make_carried(), labels={"migration": "Migration"})
    assert titles_of(axes) == ["Migration", "terrorism"]
    lines = lines_of(axes.child_axes[1])
    assert list(lines) == ["security (sentences:\u00a0200)", "diplomacy (sentences:\u00a0200)"]
    assert np.allclose(
        lines["security (sentences:\u00a0200)"],
        [4 / 40, 5 / 40, np.nan, 7 / 40, 8 / 40, 9 / 40],
        equal_nan=True,
    )
    assert measure_of(axes) == (
        "sentences with the frame that mention the theme (%); all panels have one scale"
    )
    assert legend_of(axes)[2:] == ["95% interval", "fewer than 5 articles"]


def test_frames_and_themes_are_chosen_in_their_order():
    axes = plot_carried_themes(
        make_carried(), frames=["diplomacy", "security"], themes=["terrorism"]
    )
    assert titles_of(axes) == ["terrorism"]
    assert [name.split(" ")[0] for name in legend_of(axes)[:2]] == ["diplomacy", "security"]


def test_units_are_called_what_they_are():
    for within, name in (("paragraph", "paragraphs"), ("article", "articles")):
        axes = plot_carried_themes(make_carried(within))
        assert measure_of(axes).startswith(f"{name} with the frame that mention the theme")
        assert legend_of(axes)[0] == f"security ({name}:\u00a0200)"


def test_fewer_panels_stand_abreast_where_there_is_no_room():
    wide, narrow = (
        plot_voices_over_time(make_voices_over_time(), ax=axes_of(width, 8)) for width in (12, 4)
    )
    for axes, lines in ((wide, 1), (narrow, 2)):
        axes.figure.draw_without_rendering()
        assert len({round(own.get_window_extent().y0) for own in axes.child_axes}) == lines


def test_errors_say_what_to_change():
    table = make_voices_over_time()
    assert error_of(plot_voices_over_time, table, types=["poet"]).startswith(
        "type is 'poet'; choose one of 'expert', 'official', 'organization'"
    )
    assert error_of(plot_voices_over_time, table.assign(quotes=0)) == (
        "the table `data` has no quotes; there is nothing to draw."
    )
    assert error_of(plot_voices_over_time, make_voices_over_time("outlet")) == (
        "the table `data` has several rows for 'expert' in one period; "
        "choose the rows of one group first."
    )
    assert error_of(plot_voices_over_time, table.astype({"period": "str"})) == (
        "the column 'period' of the table `data` holds no dates; name one in `x`."
    )
    carried = make_carried()
    assert error_of(plot_carried_themes, carried[:0]) == (
        "the table `data` has no rows; there is nothing to draw."
    )
    assert error_of(plot_carried_themes, carried, frames=["war"]) == (
        "frame is 'war'; choose one of 'security', 'diplomacy'."
    )
    assert error_of(plot_carried_themes, carried, themes=["war"]) == (
        "theme is 'war'; choose one of 'migration', 'terrorism'."
    )
    many = pd.concat([carried.assign(frame=f"frame_{number}") for number in range(9)])
    assert error_of(plot_carried_themes, many.drop_duplicates(["period", "frame", "theme"])) == (
        "plot_carried_themes tells 8 categories apart, not 9; name fewer in `frames`."
    )
    assert error_of(plot_carried_themes, carried, abreast=0) == (
        "abreast is 0; give a whole number, 1 or more."
    )
