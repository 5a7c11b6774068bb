"""Correlations by lag: stems, two bands, and words that say which frame leads."""

import numpy as np
from analysis_tables import OUTLETS, make_lags, measure_of, points_of, spans_of
from drawing import axes_of, error_of, legend_of
from matplotlib.collections import LineCollection
from matplotlib.patches import StepPatch

from analysis.figures import plot_lags

LABELS = {"security": "الأمن", "diplomacy": "الدبلوماسية"}


def texts_below(axes):
    return [text.get_text() for text in axes.texts if text.xy[1] == 0]


def test_each_lag_has_a_stem_and_those_beyond_all_bands_are_filled():
    axes = plot_lags(make_lags())
    assert points_of(axes) == [
        (-2, -0.1, False, "o"),
        (-1, 0.2, False, "o"),
        (0, 0.45, False, "o"),
        (1, -0.7, True, "o"),
        (2, 0.05, False, "o"),
    ]
    [stems] = [own for own in axes.collections if isinstance(own, LineCollection)]
    assert spans_of(stems)[3] == [1, 0, 1, -0.7]
    assert axes.get_xlim() == (-2.5, 2.5)
    assert np.allclose(axes.get_ylim(), (-0.7 * 1.12, 0.7 * 1.12))


def test_the_band_of_one_lag_is_shaded_and_that_of_all_lags_dashed():
    axes = plot_lags(make_lags())
    steps = [own for own in axes.patches if isinstance(own, StepPatch)]
    shaded, *dashed = steps
    assert shaded.get_fill()
    assert (shaded.get_data().values == 0.4).all()
    assert (shaded.get_data().baseline == -0.4).all()
    assert shaded.get_data().edges.tolist() == [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]
    assert [own.get_data().values[0] for own in dashed] == [-0.6, 0.6]
    assert {own.get_linestyle() for own in dashed} == {"--"}


def test_words_say_which_frame_leads_and_how_many_pairs_there_are():
    axes = plot_lags(make_lags())
    assert texts_below(axes) == ["←\u00a0diplomacy leads", "security leads\u00a0→"]
    assert axes.get_title("left") == "Which frame moves first"
    assert measure_of(axes) == (
        "correlation of changes from period to period; mentions per 1,000 words; "
        "pairs of periods: 28 to 30"
    )
    assert axes.get_xlabel() == "lag in periods"
    assert legend_of(axes)[2:] == ["outside the band of all lags", "inside it"]


def test_numbers_rise_from_left_to_right_in_arabic_too():
    axes = plot_lags(make_lags(), language="ar", labels=LABELS)
    assert texts_below(axes) == ["الأسبق الدبلوماسية\u00a0←", "→\u00a0الأسبق الأمن"]
    assert axes.get_xlim() == (-2.5, 2.5)


def test_the_legend_names_points_only_when_some_are_beyond():
    axes = plot_lags(make_lags(beyond=False), ax=axes_of(4, 4))
    assert legend_of(axes) == [
        "95% of unrelated series, one lag",
        "95% of unrelated series, all lags",
    ]


def test_one_pair_number_is_no_range_and_a_single_lag_has_a_band():
    axes = plot_lags(make_lags()[lambda table: table["lag"] == 0])
    assert measure_of(axes).endswith("pairs of periods: 30")
    assert axes.get_xlim() == (-0.5, 0.5)


def test_a_lag_without_a_correlation_has_no_point_and_all_unknown_draw_an_empty_chart():
    table = make_lags()
    table.loc[0, "correlation"] = np.nan
    assert len([x for x, y, *_ in points_of(plot_lags(table)) if np.isfinite(y)]) == 4
    unknown = table.assign(correlation=np.nan, low=np.nan, high=np.nan)
    axes = plot_lags(unknown.assign(band_low=np.nan, band_high=np.nan))
    assert axes.get_ylim() == (-1, 1)


def test_groups_have_a_panel_each_with_one_scale():
    table = make_lags(OUTLETS)
    table.loc[0, "correlation"] = -0.9
    axes = plot_lags(table, group="outlet", labels={"المرصد": "Observer"})
    titles = [panel.get_title("left").replace("\n", " ") for panel in axes.child_axes]
    assert titles[0] == "Observer (pairs:\u00a028\u00a0to\u00a030)"
    assert len({panel.get_ylim() for panel in axes.child_axes}) == 1
    assert axes.child_axes[0].get_ylim()[1] > 0.9
    assert measure_of(axes).endswith("←\u00a0diplomacy leads; security leads\u00a0→")


def test_errors_say_what_to_change():
    assert error_of(plot_lags, make_lags(OUTLETS)) == (
        "the table `data` has several rows for the lag -2; choose the rows of one group first, "
        "or name its column in `group`."
    )
    assert error_of(plot_lags, make_lags()[:0]) == (
        "the table `data` has no rows; there is nothing to draw."
    )
    assert error_of(plot_lags, make_lags(), group="outlet").startswith(
        "the table `data` has no column `outlet`; it has: lag, pairs, correlation, first, "
    )
    assert error_of(plot_lags, make_lags(), abreast=0) == (
        "abreast is 0; give a whole number, 1 or more."
    )
