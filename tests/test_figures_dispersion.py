"""Dispersion against frequency: points, the line of chance, names that cover nothing."""

import numpy as np
import pandas as pd
from analysis_tables import make_dispersion, measure_of, points_of
from drawing import drawn_texts, error_of, legend_of
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.dispersion import measure_dispersion
from analysis.figures import plot_dispersion
from analysis.figures.places import place_labels


def names_in(axes):
    return {text.get_text() for text in axes.texts}


def test_points_stand_at_mentions_and_dispersion_on_a_logarithmic_scale():
    axes = plot_dispersion(make_dispersion())
    assert axes.get_xscale() == "log"
    assert [(x, y, filled) for x, y, filled, _ in points_of(axes)] == [
        (5, 0.95, False),
        (40, 0.8, True),
        (300, 0.4, True),
        (400, 0.5, True),
        (900, 0.3, True),
    ]
    assert legend_of(axes) == [
        "diplomacy",
        "security",
        "if spread by chance",
        "fewer than 5 articles",
    ]
    assert measure_of(axes).endswith("parts: 1,500")


def test_the_line_of_chance_rises_towards_rare_terms():
    axes = plot_dispersion(make_dispersion())
    [line] = [own for own in axes.lines if own.get_linestyle() == "--"]
    assert line.get_xydata().tolist() == [[5, 0.9], [40, 0.6], [300, 0.25], [400, 0.2], [900, 0.1]]
    normalised = plot_dispersion(make_dispersion(), y="dispersion_normalised")
    assert not [own for own in normalised.lines if own.get_linestyle() == "--"]


def test_the_axis_holds_all_points_though_not_all_of_the_line_of_chance():
    low, high = plot_dispersion(make_dispersion()).get_ylim()
    assert 0 <= low < 0.3
    assert high > 0.95
    flat = make_dispersion().assign(dispersion=0.99)
    assert plot_dispersion(flat).get_ylim()[0] > 0.9


def test_every_point_with_room_is_named_and_most_limits_the_names():
    assert names_in(plot_dispersion(make_dispersion())) == {"جيش", "شرطة", "حاجز", "سفير", "قمة"}
    assert names_in(plot_dispersion(make_dispersion(), most=2)) == {"جيش", "شرطة"}
    assert names_in(plot_dispersion(make_dispersion(), most=0)) == set()


def test_in_a_crowd_only_names_that_cover_nothing_are_written():
    generator = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "category": "security",
            "term": [f"كلمة {number}" for number in range(150)],
            "mentions": generator.integers(100, 200, 150),
            "articles_with": 50,
            "dispersion": generator.uniform(0.4, 0.6, 150),
            "dispersion_by_chance": 0.3,
            "parts": 900,
        }
    )
    axes = plot_dispersion(table, most=150)
    boxes = [box for text, box in drawn_texts(axes).items() if text in axes.texts]
    assert 5 < len(boxes) < 150
    places = axes.transData.transform([point[:2] for point in points_of(axes)])
    for box in boxes:
        assert not any(box.contains(x, y) for x, y in places)


def test_categories_are_named_in_words_and_look_alike():
    table = make_dispersion().drop(columns="term").drop_duplicates("category")
    axes = plot_dispersion(table, language="ar", labels={"diplomacy": "الدبلوماسية"})
    assert names_in(axes) == {"الأمن", "الدبلوماسية"}
    assert {marker for *_, marker in points_of(axes)} == {"o"}
    assert legend_of(axes) == ["لو انتشر بالمصادفة"]


def test_the_table_of_the_library_is_drawn():
    counts = pd.DataFrame(
        {
            "article_id": list("أبجد"),
            "outlet": "المرصد",
            "category": "security",
            "mentions": [4, 0, 1, 0],
            "tokens": 100,
        }
    )
    mentions = pd.DataFrame({"article_id": list("أأأأج"), "category": "security", "term": "أمن"})
    axes = plot_dispersion(measure_dispersion(mentions, counts, of="term"))
    [[x, y, *_]] = points_of(axes)
    assert (x, y) == (5, 0.55)


@settings(max_examples=60, deadline=None)
@given(
    points=st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), min_size=1, max_size=25),
    width=st.floats(5, 60),
)
def test_labels_never_touch_each_other_a_point_or_the_edge(points, width):
    places = np.array(points)
    size = np.array([width, 9.0])
    centres = place_labels(places, np.tile(size, (len(places), 1)), (300, 200))
    written = centres[~np.isnan(centres).any(axis=1)]
    low, high = written - size / 2, written + size / 2
    assert (low >= 0).all()
    assert (high <= [300, 200]).all()
    for number, (start, end) in enumerate(zip(low, high, strict=True)):
        inside = ((places > start) & (places < end)).all(axis=1)
        assert not inside.any()
        others = np.delete(np.arange(len(low)), number)
        apart = (high[others] <= start + 1e-9) | (low[others] >= end - 1e-9)
        assert apart.any(axis=1).all()


def test_errors_say_what_to_change():
    table = make_dispersion()
    assert error_of(plot_dispersion, table, y="range") == (
        "y is 'range'; choose one of 'dispersion', 'dispersion_normalised'."
    )
    assert error_of(plot_dispersion, table, categories=["war"]) == (
        "category is 'war'; choose one of 'security', 'diplomacy'."
    )
    assert error_of(plot_dispersion, table[table["mentions"] == 0]) == (
        "the table `data` has no row with a mention; there is nothing to draw."
    )
    many = pd.concat([table.assign(category=f"theme_{number}") for number in range(9)])
    assert error_of(plot_dispersion, many) == (
        "plot_dispersion tells 8 categories apart, not 9; name fewer in `categories`."
    )
    assert error_of(plot_dispersion, table, most=-1) == (
        "most is -1; give a whole number, 0 or more."
    )
