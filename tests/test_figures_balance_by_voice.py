"""The balance of two frames by voice: reporter and all quotes first, then source types."""

import numpy as np
import pandas as pd
from analysis_tables import columns_of, make_balances, measure_of, names_of, points_of, spans_of
from drawing import axes_of, error_of, legend_of

from analysis.figures import plot_balance_by_voice


def test_the_reporter_and_all_quotes_stand_above_the_source_types():
    axes = plot_balance_by_voice(make_balances())
    assert names_of(axes)[:4] == ["reporter", "all quotes", "expert", "official"]
    [parting] = [line for line in axes.lines if list(line.get_ydata()) == [1.5, 1.5]]
    assert parting.get_xdata() == [0, 1]
    assert axes.get_title("left") == "Who speaks of security, who of diplomacy"
    assert measure_of(axes) == "balance (log2; +1 = twice as many)"


def test_a_voice_that_says_nothing_of_either_frame_has_no_mark():
    axes = plot_balance_by_voice(make_balances())
    points = [point for point in points_of(axes) if np.isfinite(point[0])]
    assert len(points) == 9
    assert 6 not in {y for _, y, *_ in points}
    assert len(spans_of(axes.collections[0])) == 9
    assert spans_of(axes.collections[0])[0] == [1, 0, 3, 0]


def test_voices_in_few_articles_are_hollow():
    axes = plot_balance_by_voice(make_balances())
    assert [y for _, y, filled, _ in points_of(axes) if not filled] == [9, 8]
    assert legend_of(axes) == ["95% interval", "fewer than 5 articles"]


def test_the_axis_has_room_on_both_sides_of_zero():
    table = make_balances()
    low, high = plot_balance_by_voice(table).get_xlim()
    assert low < -2.5
    assert high > 3
    one_sided = table.assign(balance=2.0, balance_low=1.0, balance_high=3.0)
    low, high = plot_balance_by_voice(one_sided).get_xlim()
    assert -2 < low < 0
    assert high > 3


def test_articles_and_mentions_stand_beside_the_rows_where_there_is_room():
    wide = plot_balance_by_voice(make_balances(), ax=axes_of(12, 5))
    assert columns_of(wide)[0] == ["100", "80", "20"]
    narrow = plot_balance_by_voice(make_balances(), ax=axes_of(4, 5))
    assert columns_of(narrow)[0] == ["100"]


def test_words_below_say_what_lies_on_which_side():
    axes = plot_balance_by_voice(make_balances())
    assert [text.get_text() for text in axes.texts][-2:] == [
        "←\u00a0more diplomacy",
        "more security\u00a0→",
    ]
    arabic = plot_balance_by_voice(make_balances(), language="ar")
    assert [text.get_text() for text in arabic.texts][-2:] == [
        "غلبة الدبلوماسية\u00a0←",
        "→\u00a0غلبة الأمن",
    ]


def test_voices_keep_their_order_whatever_that_of_the_rows():
    table = make_balances()
    turned = plot_balance_by_voice(table.iloc[::-1])
    assert names_of(turned) == names_of(plot_balance_by_voice(table))


def test_errors_say_what_to_change():
    table = make_balances()
    assert error_of(plot_balance_by_voice, table[:0]) == (
        "the table `data` has no rows; there is nothing to draw."
    )
    assert error_of(plot_balance_by_voice, pd.concat([table, table])) == (
        "the table `data` has several rows for 'reporter'; choose the rows of one period first."
    )
    assert error_of(plot_balance_by_voice, table.drop(columns="pair")) == (
        "the table `data` has no column `pair`; it has: voice, articles, first_mentions, "
        "second_mentions, balance, level, balance_low, balance_high."
    )
