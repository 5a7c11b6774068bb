"""Key words: those of the first set above, of the second below, document frequency beside."""

import numpy as np
from analysis_tables import columns_of, make_keyness, measure_of, names_of, points_of, spans_of
from drawing import error_of, legend_of

from analysis.figures import plot_keyness


def test_words_of_both_sets_stand_on_their_sides_the_strongest_outermost():
    axes = plot_keyness(make_keyness())
    assert names_of(axes) == ["المعبر", "الهدنة", "القمة", "الحصاد", "الميناء"]
    assert [(x, y, marker) for x, y, _, marker in points_of(axes)] == [
        (-3, 4, "s"),
        (-1.5, 3, "s"),
        (1, 2, "o"),
        (2.5, 1, "o"),
        (4, 0, "o"),
    ]
    [parting] = [line for line in axes.lines if list(line.get_ydata()) == [2.5, 2.5]]
    assert parting.get_xdata() == [0, 1]


def test_only_words_with_a_small_q_value_are_drawn_and_counted():
    assert measure_of(plot_keyness(make_keyness())) == (
        "ratio of the rates (log2; +1 = twice as often); words with a q-value below 0.05: 5"
    )
    axes = plot_keyness(make_keyness(), q_below=0.015)
    assert names_of(axes) == ["المعبر", "الهدنة", "الميناء"]
    everything = plot_keyness(make_keyness(), q_below=2)
    assert "اليوم" in names_of(everything)
    assert measure_of(everything) == "ratio of the rates (log2; +1 = twice as often)"


def test_most_limits_each_side():
    assert names_of(plot_keyness(make_keyness(), most=1)) == ["المعبر", "الميناء"]


def test_a_word_that_one_set_lacks_has_no_interval():
    axes = plot_keyness(make_keyness())
    first, second = axes.collections[:2]
    assert spans_of(first) == [[1.5, 1, 3.5, 1], [0.2, 2, 1.8, 2]]
    assert spans_of(second) == [[-2.5, 3, -0.5, 3]]
    low, high = axes.get_xlim()
    assert high > 4
    assert low == -high


def test_articles_stand_beside_each_word_under_the_size_of_the_sets():
    axes = plot_keyness(make_keyness(), labels={"first": "May", "second": "June"})
    assert columns_of(axes)[0] == ["12", "0"]
    written = [text.get_text().replace("\n", " ") for text in axes.texts]
    assert {"May (of\u00a0813)", "June (of\u00a0687)", "articles"} <= set(written)
    assert written[-2:] == ["←\u00a0more in June", "more in May\u00a0→"]


def test_words_in_few_articles_are_hollow():
    points = points_of(plot_keyness(make_keyness()))
    assert [x for x, _, filled, _ in points if not filled] == [1]
    assert legend_of(plot_keyness(make_keyness())) == ["95% interval", "fewer than 5 articles"]


def test_one_side_alone_is_drawn_from_zero():
    table = make_keyness()
    axes = plot_keyness(table[table["log_ratio"] > 0])
    assert axes.get_xlim()[0] == 0
    assert len(points_of(axes)) == 3


def test_errors_say_what_to_change():
    assert error_of(plot_keyness, make_keyness(), q_below=0.001) == (
        "no word of the table `data` has a q-value below 0.001; there is nothing to draw."
    )
    unknown = make_keyness().assign(q_value=np.nan)
    assert error_of(plot_keyness, unknown) == (
        "no word of the table `data` has a q-value below 0.05; there is nothing to draw."
    )
    assert error_of(plot_keyness, make_keyness(), most=0) == (
        "most is 0; give a whole number, 1 or more."
    )
