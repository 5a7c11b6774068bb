"""Bars of voices and speakers."""

import pandas as pd
from drawing import VOICES, axes_of, drawn_texts

from analysis.figures import plot_voices


def row_names(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def test_the_longest_bar_stands_first_with_its_number_and_denominators():
    axes = plot_voices(VOICES, most=3)
    assert row_names(axes) == ["official", "expert", "armed group"]
    assert [bar.get_width() for bar in axes.patches] == [1200, 40, 3]
    assert [text.get_text() for text in axes.texts] == [
        "1,200 (articles: 700)",
        "40 (articles: 30)",
        "3 (articles: 3)",
    ]
    assert axes.get_xlabel() == "quotes (bars: 3 of 4; 1,243 of 1,243 quotes)"
    bottom, top = axes.get_ylim()
    assert bottom > top


def test_the_axis_leaves_room_for_the_number_of_the_longest_bar():
    for width in (4, 8.5):
        axes = plot_voices(VOICES, ax=axes_of(width, 3))
        boxes = drawn_texts(axes)
        assert all(boxes[text].x1 <= axes.get_window_extent().x1 for text in axes.texts)


def test_speakers_keep_their_names_as_written():
    names = ["شركة $النور$ و$الضياء$", None, "الناطق الرسمي باسم هيئة الموانئ والمنافذ البحرية"]
    table = pd.DataFrame({"speaker": names, "quotes": [5, 4, 3]})
    axes = plot_voices(table, y="speaker")
    drawn_texts(axes)
    assert row_names(axes) == [
        "شركة $النور$ و$الضياء$",
        "unknown",
        "الناطق الرسمي باسم هيئة الموانئ والمنافذ\nالبحرية",
    ]
    assert not any(label.get_parse_math() for label in axes.get_yticklabels())
    assert [text.get_text() for text in axes.texts] == ["5", "4", "3"]


def test_another_column_can_hold_the_quotes():
    table = VOICES.rename(columns={"quotes": "heard"})
    assert [bar.get_width() for bar in plot_voices(table, x="heard").patches] == [1200, 40, 3, 0]


def test_arabic_bars_grow_from_the_names_on_the_right():
    axes = plot_voices(VOICES, language="ar")
    assert axes.xaxis.get_inverted()
    assert axes.yaxis.get_ticks_position() == "right"
    boxes = drawn_texts(axes)
    names = {label.get_text(): boxes[label] for label in axes.get_yticklabels()}
    numbers = [boxes[text] for text in axes.texts]
    assert all(box.x1 < names["وسيلة إعلام"].x0 for box in numbers)


def test_a_table_without_quotes_gives_a_figure_without_bars():
    assert not plot_voices(VOICES.iloc[:0]).patches
    axes = plot_voices(VOICES.assign(quotes=0))
    assert axes.get_xlim()[1] > 0
