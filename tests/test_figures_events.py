"""Changes around events: a row per event by date, filled where the change stands out."""

import numpy as np
import pandas as pd
from analysis_tables import columns_of, make_changes, measure_of, names_of, points_of, spans_of
from drawing import axes_of, error_of, legend_of, make_events

from analysis.figures import plot_events

FILLED = ["security", "diplomacy"]


def test_events_come_by_date_and_have_the_articles_of_both_windows_beside_them():
    axes = plot_events(make_changes())
    assert [name.replace("\u00a0", " ") for name in names_of(axes)] == [
        "harbours (3 Feb 2031)",
        "crossing (20 Feb 2031)",
        "truce (1 Jun 2031)",
    ]
    assert columns_of(axes) == {0: ["60", "70"], 1: ["30", "3"], 2: ["40", "50"]}


def test_a_point_is_filled_when_its_q_value_is_small():
    points = points_of(plot_events(make_changes(), categories=FILLED))
    known = [point for point in points if np.isfinite(point[0])]
    assert [(x, filled, marker) for x, _, filled, marker in known] == [
        (-2, False, "o"),
        (0.5, True, "o"),
        (1, False, "o"),
        (3, True, "s"),
    ]
    heights = {x: y for x, y, *_ in known}
    assert heights[0.5] == 0
    assert np.isclose(heights[-2] + heights[3], 4)
    assert heights[-2] < heights[3]


def test_intervals_are_drawn_and_those_of_small_windows_may_leave_the_figure():
    axes = plot_events(make_changes(), categories=["security"])
    assert spans_of(axes.collections[0]) == [[0.1, 0, 0.9, 0], [-8, 1, 10, 1], [-4, 2, 0, 2]]
    low, high = axes.get_xlim()
    assert -5 < low < -4
    assert high == -low
    wide = plot_events(make_changes(), categories=["security"], few=2)
    assert wide.get_xlim()[1] > 10


def test_events_without_articles_are_left_out_and_counted():
    axes = plot_events(make_changes())
    assert measure_of(axes) == (
        "change of the mentions per 1,000 words; events without articles, not shown: 1"
    )
    seen = make_changes()[lambda table: table["event"] != "old"]
    assert measure_of(plot_events(seen)) == "change of the mentions per 1,000 words"


def test_the_legend_explains_filled_and_hollow_points():
    assert legend_of(plot_events(make_changes())) == [
        "diplomacy",
        "security",
        "95% interval",
        "q-value below 0.05",
        "q-value of 0.05 or more, or not tested",
    ]
    sure = make_changes().assign(q_value=0.01)
    assert legend_of(plot_events(sure))[-1] == "q-value below 0.05"


def test_names_come_from_the_table_of_events_and_labels_go_before_it():
    events = make_events().assign(event=["truce", "crossing", "harbours"])
    axes = plot_events(make_changes(), events=events, labels={"truce": "Truce"}, ax=axes_of(12, 5))
    assert [name.split(" (")[0] for name in names_of(axes)] == [
        "Truce of the two banks",
        "The crossing closed",
        "Truce",
    ]
    arabic = plot_events(make_changes(), events=events, language="ar", months="levant")
    assert "إغلاق المعبر" in names_of(arabic)[1]
    assert "20\u00a0شباط\u00a02031" in names_of(arabic)[1]


def test_shares_change_in_percentage_points():
    table = pd.concat([make_changes(), make_changes("share")])
    axes = plot_events(table, measure="share")
    assert axes.xaxis.get_major_formatter()(0.05) == "5"
    assert measure_of(axes).startswith("change of the articles that mention it, in percentage")


def test_errors_say_what_to_change():
    table = make_changes()
    assert error_of(plot_events, table, measure="share") == (
        "measure is 'share'; choose one of 'per_1000'."
    )
    assert error_of(plot_events, table, measure="rate") == (
        "measure is 'rate'; choose one of 'share', 'per_1000', 'balance'."
    )
    assert error_of(plot_events, table, categories=["war"]) == (
        "category is 'war'; choose one of 'security', 'diplomacy'."
    )
    assert error_of(plot_events, pd.concat([table, table])) == (
        "the table `data` has several rows for 'security' at one event; "
        "choose the rows of one group first."
    )
    assert error_of(plot_events, table[table["event"] == "old"]) == (
        "no event of the table `data` has an article in its windows."
    )
    many = pd.concat([table.assign(category=f"theme_{number}") for number in range(9)])
    assert error_of(plot_events, many.drop_duplicates(["event", "category"])) == (
        "plot_events tells 8 categories apart, not 9; name fewer in `categories`."
    )
    assert error_of(plot_events, table, events=make_events().drop(columns="name_en")).startswith(
        "the table `events` has no column `name_en`; it has: event, date, end, name_ar"
    )
