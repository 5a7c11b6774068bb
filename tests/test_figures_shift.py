"""Which terms make a difference: bars by size, whiskers, the rest in one bar, articles beside."""

import numpy as np
import pandas as pd
from analysis_tables import columns_of, make_shift, measure_of, names_of, spans_of
from drawing import error_of, legend_of

from analysis.figures import plot_shift


def bars_of(axes):
    return [bar.get_width() for bar in axes.containers[0]]


def test_terms_come_by_the_size_of_what_they_add():
    axes = plot_shift(make_shift())
    assert names_of(axes) == ["جيش", "شرطة", "حدود", "حاجز", "سلاح"]
    assert bars_of(axes) == [1.0, -0.6, 0.5, 0.2, -0.2]
    assert axes.get_ylim() == (4.5, -0.5)


def test_each_bar_has_its_interval_and_the_axis_holds_all_of_them():
    axes = plot_shift(make_shift())
    assert spans_of(axes.collections[0])[:2] == [[0.6, 0, 1.4, 0], [-0.9, 1, -0.3, 1]]
    low, high = axes.get_xlim()
    assert low < -0.9
    assert high > 1.4


def test_other_terms_are_one_bar_of_their_sum_without_interval():
    axes = plot_shift(make_shift(), most=2)
    assert names_of(axes) == ["جيش", "شرطة", "other terms (3)"]
    assert np.allclose(bars_of(axes), [1.0, -0.6, 0.5])
    assert len(spans_of(axes.collections[0])) == 2
    assert columns_of(axes) == {0: ["40", "60"], 1: ["30", "20"]}


def test_bars_add_up_to_the_total_under_the_title():
    table = make_shift()
    for most in (1, 3, 20):
        axes = plot_shift(table, most=most)
        assert np.isclose(sum(bars_of(axes)), 0.9)
        assert measure_of(axes) == (
            "mentions per 1,000 words, second set less first set; all terms: +0.9"
        )


def test_terms_in_few_articles_are_hatched():
    axes = plot_shift(make_shift())
    hatched = [bool(bar.get_hatch()) for bar in axes.containers[0]]
    assert hatched == [False, False, True, False, False]
    assert legend_of(axes) == ["95% interval", "fewer than 5 articles"]
    assert legend_of(plot_shift(make_shift(), few=1)) == ["95% interval"]


def test_labels_name_the_sets_and_say_where_more_of_a_term_is():
    names = {"first": "January", "second": "June", "security": "Security"}
    axes = plot_shift(make_shift(), labels=names)
    assert axes.get_title("left") == "Terms behind the difference: Security"
    written = [text.get_text() for text in axes.texts]
    assert {"January", "June", "articles"} <= set(written)
    assert written[-2:] == ["←\u00a0more in January", "more in June\u00a0→"]


def test_arabic_rows_are_named_on_the_right_and_positive_stays_on_the_right():
    axes = plot_shift(make_shift(), language="ar", labels={"security": "الأمن"})
    assert axes.get_title("right") == "الكلمات وراء الفرق: الأمن"
    assert axes.yaxis.get_ticks_position() == "right"
    assert axes.get_xlim()[0] < 0 < axes.get_xlim()[1]
    assert measure_of(axes).endswith("\u2066+0.9\u2069")


def test_errors_say_what_to_change():
    both = pd.concat([make_shift(), make_shift("diplomacy")])
    assert error_of(plot_shift, both) == (
        "the table `data` is of 2 categories; name one of them in `category`: 'security', "
        "'diplomacy'."
    )
    assert error_of(plot_shift, both, category="war") == (
        "category is 'war'; choose one of 'security', 'diplomacy'."
    )
    assert error_of(plot_shift, make_shift()[:0]) == (
        "the table `data` has no rows; there is nothing to draw."
    )
    assert error_of(plot_shift, make_shift(), most=0) == (
        "most is 0; give a whole number, 1 or more."
    )
    assert len(names_of(plot_shift(both, category="diplomacy"))) == 5
