"""Lines over time: what is drawn where, and what else stands on the chart."""

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from drawing import (
    axes_of,
    date_labels,
    drawn_texts,
    error_of,
    legend_of,
    lines_of,
    make_breaks,
    make_counts,
    make_events,
    make_framing,
    make_smooth,
    make_windows,
    overlaps_of,
    strip_below,
)
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from analysis.figures import plot_balance, plot_framing
from analysis.figures.style import STYLES
from analysis.framing import framing_by_period


def rows_of(category, framing=None):
    framing = make_framing() if framing is None else framing
    return framing[framing["category"] == category]


def months_of(line):
    return [date.month for date in mdates.num2date(line.get_xdata(orig=False))]


def day(text):
    return mdates.date2num(pd.Timestamp(text))


def segments_of(collection):
    """Return the strokes of a collection that have both ends."""
    strokes = [stroke for stroke in collection.get_segments() if len(stroke)]
    return [stroke.tolist() for stroke in strokes if not np.isnan(stroke).any()]


def test_lines_show_the_shares_and_break_where_no_article_stands():
    lines = lines_of(plot_framing(make_framing()))
    assert list(lines) == ["diplomacy", "security"]
    for category, line in lines.items():
        assert months_of(line) == [1, 2, 3, 4, 5, 6, 7]
        np.testing.assert_array_equal(line.get_ydata(), rows_of(category)["share"])
        assert np.isnan(line.get_ydata()[[2, 4]]).all()


def test_a_point_stands_in_the_middle_of_its_period():
    line = lines_of(plot_framing(make_framing()))["security"]
    assert line.get_xdata(orig=False)[1] == day("2031-02-15")
    bar = strip_below(plot_framing(make_framing())).patches[1]
    assert bar.get_x() + bar.get_width() / 2 == day("2031-02-15")
    assert day("2031-02-01") < bar.get_x()
    assert bar.get_x() + bar.get_width() < day("2031-03-01")


def test_no_line_crosses_a_period_that_the_table_leaves_out():
    framing = make_framing()
    gaps = framing[framing["articles"] > 0]
    line = lines_of(plot_framing(gaps))["security"]
    assert months_of(line) == [1, 2, 3, 4, 5, 6, 7]
    assert np.isnan(line.get_ydata()).tolist() == [False, False, True, False, True, False, False]
    never_asked = framing.assign(share=framing["share"].fillna(0))
    assert np.isnan(lines_of(plot_framing(never_asked))["security"].get_ydata()[[2, 4]]).all()


def test_rates_have_their_own_interval():
    axes = plot_framing(make_framing(), y="per_1000", categories=["security"])
    rows = rows_of("security")
    np.testing.assert_array_equal(lines_of(axes)["security"].get_ydata(), rows["per_1000"])
    drawn = [sorted(height for _, height in stroke) for stroke in segments_of(axes.collections[1])]
    assert drawn == rows[["per_1000_low", "per_1000_high"]].dropna().to_numpy().tolist()
    assert axes.get_ylabel() == "mentions per 1,000 words"


def test_few_articles_are_hollow_and_the_legend_says_so():
    axes = plot_framing(make_framing(), categories=["security"])
    filled, hollow = axes.get_lines()
    assert to_hex(filled.get_markerfacecolor()) == to_hex(filled.get_color())
    assert filled.get_markevery() == [0, 1, 5, 6]
    assert to_hex(hollow.get_markerfacecolor()) == "#ffffff"
    assert months_of(hollow) == [3, 4, 5]
    assert np.isnan(hollow.get_ydata()).tolist() == [True, False, True]
    assert legend_of(axes) == ["security", "95% interval", "fewer than 5 articles"]
    bars = strip_below(axes).patches
    assert [bool(bar.get_hatch()) for bar in bars] == [False, False, True, True, True, False, False]


def test_a_line_of_many_periods_carries_fewer_points():
    calendar = pd.date_range("2021-01-01", periods=100, freq="MS").strftime("%Y-%m")
    counts = make_counts(dict.fromkeys(calendar, 5))
    axes = plot_framing(framing_by_period(counts, replicates=100), categories=["security"])
    points = axes.get_lines()[0].get_markevery()
    assert points == list(range(0, 100, 5))


def test_no_interval_of_a_hollow_point_stretches_the_axis():
    rows = rows_of("security")
    plain = rows[rows["articles"] >= 5]
    top = plot_framing(make_framing(), categories=["security"]).get_ylim()[1]
    assert top == pytest.approx(1.08 * max(plain["high"].max(), rows["share"].max()))


def test_one_wide_interval_does_not_flatten_the_lines():
    framing = make_framing().assign(share=0.1, low=0.05, high=0.12)
    framing.loc[0, "high"] = 0.9
    assert plot_framing(framing).get_ylim()[1] == pytest.approx(1.4 * 1.08 * 0.1)


def test_the_strip_below_shows_the_articles_of_each_period():
    strip = strip_below(plot_framing(make_framing()))
    assert [bar.get_height() for bar in strip.patches] == [8, 9, 0, 3, 0, 7, 8]
    assert [label.get_text() for label in strip.get_yticklabels()] == ["9"]
    assert [text.get_text() for text in strip.texts] == ["articles"]


def test_categories_keep_the_order_asked_for_and_take_labels():
    axes = plot_framing(
        make_framing(), categories=["security", "diplomacy"], labels={"security": "security frame"}
    )
    assert list(lines_of(axes)) == ["security frame", "diplomacy"]


def test_no_two_lines_look_alike_in_colour_or_in_grey():
    assert len({look.colour for look in STYLES}) == len(STYLES)
    assert len({look.marker for look in STYLES}) == len(STYLES)
    for number, look in enumerate(STYLES[:4]):
        assert look.line not in [other.line for other in STYLES[:4][:number]]
    first, second = lines_of(plot_framing(make_framing())).values()
    assert (first.get_color(), first.get_marker(), first.get_linestyle()) == STYLES[0]
    assert (second.get_color(), second.get_marker(), second.get_linestyle()) == STYLES[1]


def test_lines_by_outlet_for_one_category():
    grouped = make_framing("outlet")
    axes = plot_framing(grouped, hue="outlet", categories=["security"])
    lines = lines_of(axes)
    assert list(lines) == ["الضفة", "المرصد"]
    for outlet, line in lines.items():
        rows = rows_of("security", grouped)
        rows = rows[(rows["outlet"] == outlet) & (rows["articles"] > 0)]
        drawn = line.get_ydata()
        np.testing.assert_array_equal(drawn[~np.isnan(drawn)], rows["share"])
    assert [bar.get_height() for bar in strip_below(axes).patches] == [8, 9, 0, 3, 0, 7, 8]
    assert axes.get_title(loc="left") == "Framing over time: security"
    named = plot_framing(
        grouped.assign(outlet=grouped["outlet"].where(grouped["outlet"] == "الضفة")),
        hue="outlet",
        categories=["security"],
        labels={"الضفة": "The Bank"},
    )
    assert list(lines_of(named)) == ["The Bank", "unknown"]


def test_other_columns_can_stand_on_the_axes():
    renamed = make_framing().rename(columns={"period": "month", "category": "frame"})
    renamed["category"] = "all"
    axes = plot_framing(renamed, x="month", hue="frame")
    assert list(lines_of(axes)) == ["diplomacy", "security"]


def test_balance_has_a_zero_line_and_names_both_directions():
    axes = plot_balance(make_framing())
    zero, line, _ = axes.get_lines()
    assert list(zero.get_ydata()) == [0, 0]
    np.testing.assert_array_equal(line.get_ydata(), rows_of("security")["balance"])
    assert {text.get_text(): text.xy[1] for text in axes.texts} == {
        "↑ more security": 1,
        "↓ more diplomacy": 0,
    }
    assert axes.get_ylim()[0] == -axes.get_ylim()[1]
    turned = framing_by_period(make_counts(), pair=("diplomacy", "security"), replicates=100)
    assert plot_balance(turned).texts[0].get_text() == "↑ more diplomacy"
    assert plot_balance(make_framing(), language="ar").texts[0].get_text() == "↑ غلبة الأمن"


def test_a_narrow_balance_names_both_directions_under_its_title():
    axes = plot_balance(make_framing(), ax=axes_of(4, 4))
    assert " ".join(axes.get_ylabel().split()) == (
        "balance (log2; +1 = twice as many); ↑ more security; ↓ more diplomacy"
    )


def test_the_balance_of_each_outlet_is_a_line():
    lines = lines_of(plot_balance(make_framing("outlet"), hue="outlet"))
    assert list(lines) == ["الضفة", "المرصد"]


def test_events_are_dotted_lines_spans_and_names_above_the_axes():
    axes = plot_framing(make_framing(), events=make_events())
    dotted = [line for line in axes.get_lines() if line.get_linestyle() == "--"]
    assert [line.get_xdata()[0] for line in dotted if len(line.get_xdata()) == 2] == [
        pd.Timestamp(date) for date in ("2031-02-03", "2031-02-20", "2031-06-01")
    ]
    [span] = axes.patches
    assert (span.get_x(), span.get_x() + span.get_width()) == (day("2031-02-03"), day("2031-02-13"))
    boxes = drawn_texts(axes)
    names = {text.get_text(): boxes[text] for text in axes.texts}
    assert list(names) == [
        "Conference of the harbours",
        "The crossing closed",
        "Truce of the two banks",
    ]
    assert all(box.y0 > axes.get_window_extent().y1 for box in names.values())
    title = next(box for text, box in boxes.items() if text.get_text() == "Framing over time")
    assert all(box.y1 < title.y0 for box in names.values())
    arabic = plot_balance(make_framing(), events=make_events(), language="ar")
    assert "هدنة الضفتين" in [text.get_text() for text in arabic.texts]


def test_numbers_stand_for_names_without_room_and_the_legend_says_what_they_are():
    events = make_events(pd.date_range("2031-02-01", periods=9, freq="7D"))
    axes = plot_framing(make_framing(), events=events)
    assert [text.get_text() for text in axes.texts] == [f"{number}" for number in range(1, 10)]
    assert legend_of(axes)[-9:][:2] == [
        "1\xa0Conference of the harbours",
        "2\xa0The crossing closed",
    ]
    narrow = plot_framing(
        make_framing(), events=events, ax=axes_of(4, 5), language="ar", digits="arabic"
    )
    written = [text.get_text() for text in narrow.texts]
    assert written[:2] == ["١", "٢"]
    assert written[-1].startswith("١\xa0مؤتمر الموانئ؛ ٢\xa0إغلاق المعبر؛")


def test_a_figure_gets_higher_by_what_its_events_take():
    many = make_events(pd.date_range("2031-01-02", periods=40, freq="5D"))
    axes = plot_framing(make_framing(), events=many)
    assert axes.figure.get_figheight() > 5.5
    assert overlaps_of(axes) == []
    assert not [text for text in legend_of(axes) if "harbours" in text]  # the legend is full
    assert axes.texts[-1].get_text().startswith("1\xa0Conference of the harbours; 2\xa0The")
    mine = axes_of(8.5, 4)
    assert error_of(plot_framing, make_framing(), events=many, ax=mine) == (
        "the axes have no room for the names of 40 events; "
        "choose fewer of them, or make the figure larger."
    )


def test_events_outside_the_time_of_the_figure_are_left_out():
    events = make_events(["2030-12-25", "2031-04-01", "2031-09-01"])
    axes = plot_framing(make_framing(), events=events)
    names = [text.get_text() for text in axes.texts]
    assert names == ["Conference of the harbours", "The crossing closed"]
    [span] = axes.patches  # the span that began before is cut
    assert (span.get_x(), span.get_x() + span.get_width()) == (day("2031-01-01"), day("2031-01-04"))
    assert axes.get_xlim() == plot_framing(make_framing()).get_xlim()
    none = plot_framing(make_framing(), events=events.iloc[2:])
    assert not none.texts


def test_breaks_are_lines_in_the_colour_of_their_series_with_the_interval_of_the_date():
    axes = plot_framing(make_framing(), breaks=make_breaks())
    colour = lines_of(axes)["security"].get_color()
    strokes = [
        stroke
        for collection in axes.collections
        if isinstance(collection, LineCollection)
        and to_hex(collection.get_color()[0]) == to_hex(colour)
        for stroke in segments_of(collection)
        if stroke[0][0] in {day("2031-04-01"), day("2031-02-01")}
    ]
    upright, across = (
        [stroke for stroke in strokes if (stroke[0][0] == stroke[1][0]) is same]
        for same in (True, False)
    )
    assert upright == [[[day("2031-04-01"), 0.0], [day("2031-04-01"), 1.0]]]
    assert [(left[0], right[0]) for left, right in across] == [
        (day("2031-02-01"), day("2031-06-01"))
    ]
    assert legend_of(axes)[-1] == "break and interval of its date"
    assert axes.get_ylim()[1] > plot_framing(make_framing()).get_ylim()[1]
    elsewhere = plot_framing(make_framing(), breaks=make_breaks("war"))
    assert "break and interval of its date" not in legend_of(elsewhere)


def test_breaks_of_the_balance_go_by_the_pair():
    axes = plot_balance(
        make_framing(), breaks=make_breaks("security / diplomacy", measure="balance")
    )
    assert legend_of(axes)[-1] == "break and interval of its date"


def test_the_smooth_course_stands_before_a_faint_series():
    axes = plot_framing(make_framing(), smooth=make_smooth(make_framing()))
    raw = lines_of(axes)["security"]
    assert raw.get_alpha() < 0.5
    [smooth] = [
        line
        for line in axes.get_lines()
        if line.get_color() == raw.get_color() and line.get_linewidth() > 2
    ]
    assert list(smooth.get_ydata()) == [0.5] * 7
    assert smooth.get_linestyle() == raw.get_linestyle()
    assert legend_of(axes)[-1] == "smooth course"
    handle = axes.get_legend().legend_handles[0]
    assert handle.get_alpha() is None


def test_windows_are_empty_bars_before_an_event_and_full_ones_after_it():
    events = make_events(["2031-04-10"])
    axes = plot_framing(make_framing(), windows=make_windows(events))
    before, after = axes.patches
    assert (before.get_x(), after.get_x()) == (day("2031-03-27"), day("2031-04-10"))
    assert before.get_x() + before.get_width() == after.get_x()
    assert to_hex(before.get_facecolor()) == "#ffffff"
    assert to_hex(after.get_facecolor()) != "#ffffff"
    assert legend_of(axes)[-2:] == ["days before an event", "days after an event"]


def test_arabic_dates_run_from_left_to_right_and_the_figure_says_so():
    strip = strip_below(plot_framing(make_framing(), language="ar"))
    assert date_labels(strip)[:3] == ["يناير\n2031", "فبراير", "مارس"]
    assert strip.get_xlabel() == "الزمن من اليسار إلى اليمين"
    left, right = strip.get_xlim()
    assert left < right
    assert strip_below(plot_framing(make_framing())).get_xlabel() == ""


def test_errors_of_marks_say_what_to_change():
    framing = make_framing()
    assert error_of(plot_framing, framing, breaks=make_breaks(measure="per_1000")) == (
        "the table `breaks` is of the measure 'per_1000', and the figure shows 'share'; "
        "make it with measure='share'."
    )
    assert error_of(plot_framing, framing, y="per_1000", smooth=make_smooth(framing)) == (
        "the table `smooth` is of the measure 'share', and the figure shows 'per_1000'; "
        "make it with measure='per_1000'."
    )
    doubled = pd.concat([make_smooth(framing)] * 2)
    assert error_of(plot_framing, framing, smooth=doubled) == (
        "the table `smooth` has several rows for one line and period; "
        "choose the rows of one group first."
    )
    events = make_events().drop(columns="name_ar")
    assert error_of(plot_framing, framing, events=events, language="ar") == (
        "the table `events` has no column `name_ar`; it has: event, date, end, name_en."
    )
    assert error_of(plot_framing, framing, windows=make_windows(make_events())[["start"]]) == (
        "the table `windows` has no column `side`, `end`; it has: start."
    )
    assert error_of(plot_balance, make_framing("outlet")) == (
        "the table `data` has several rows for 'diplomacy' in one period; "
        "choose the rows of one group first."
    )
