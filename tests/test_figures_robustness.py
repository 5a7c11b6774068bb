"""The curve of specifications: changes in order above, the choices of each below."""

import numpy as np
import pandas as pd
from analysis_tables import make_grid, measure_of, points_of, spans_of
from drawing import axes_of, error_of, legend_of

from analysis.figures import plot_robustness
from analysis.lexicon import all_categories, choose_lexicons


def panels_of(axes):
    curve, choices = axes.child_axes
    return curve, choices


def rows_of(choices):
    """Return for each name below the curve the places of its strokes."""
    strokes = choices.collections
    names = [label.get_text() for label in choices.get_yticklabels()]
    all_of = strokes[::2]
    return {
        name: [int(ends[0]) for ends in spans_of(own)]
        for name, own in zip(names, all_of, strict=True)
    }


def test_changes_stand_in_order_each_with_its_reach():
    table = make_grid()
    curve, _ = panels_of(plot_robustness(table))
    values = np.sort(table["standardised_change"])
    small = [(x, y) for x, y, _, marker in points_of(curve) if marker == "o"]
    assert np.allclose(small, np.column_stack([np.arange(len(table)), values]))
    ends = np.array(spans_of(curve.collections[0]))
    assert np.allclose(ends[:, 3] - ends[:, 1], 2 * 1.96)


def test_the_main_specification_is_marked_in_both_panels():
    table = make_grid()
    place = int((table["standardised_change"] < -2.5).sum())
    curve, choices = panels_of(plot_robustness(table))
    assert [point[:2] for point in points_of(curve) if point[3] == "D"] == [(place, -2.5)]
    for panel in (curve, choices):
        assert any(list(line.get_xdata()) == [place, place] for line in panel.lines)


def test_each_specification_makes_one_choice_of_every_kind():
    table = make_grid()
    rows = rows_of(panels_of(plot_robustness(table))[1])
    kinds = {
        "measure": ["mentions per 1,000 words", "share of articles"],
        "spans of time": ["as given", "shorter", "longer", "further apart"],
        "copies": ["counted", "weighed as one", "left out"],
    }
    for head, names in kinds.items():
        assert rows[head] == []
        assert sorted(place for name in names for place in rows[name]) == list(range(len(table)))
    ordered = table.sort_values("standardised_change", ignore_index=True)
    assert rows["shorter"] == ordered.index[ordered["window"] == "shorter"].tolist()


def test_choices_that_never_change_have_no_rows():
    table = make_grid(windows=("as given",), parts=0).query("lexicon == 'all terms'")
    names = list(rows_of(panels_of(plot_robustness(table))[1]))
    assert names == [
        "measure",
        "mentions per 1,000 words",
        "share of articles",
        "copies",
        "counted",
        "weighed as one",
        "left out",
    ]


def test_heads_are_bold_in_both_languages():
    for language in ("en", "ar"):
        choices = panels_of(plot_robustness(make_grid(), language=language))[1]
        weights = [label.get_fontweight() for label in choices.get_yticklabels()]
        assert weights[:3] == ["bold", "normal", "normal"]
        assert weights.count("bold") == 5


def test_parts_left_out_are_named_by_labels_then_by_the_lexicons():
    category = next(own for own in all_categories(choose_lexicons(None)).values())
    part = category.subcategories[0]
    table = make_grid()
    table["lexicon"] = table["lexicon"].replace(
        "without security/part_0", f"without {category.name}/{part.name}"
    )
    wide = {"ax": axes_of(12, 8)}
    assert part.label_en in rows_of(panels_of(plot_robustness(table, **wide))[1])
    named = {f"{category.name}/{part.name}": "Units"}
    rows = rows_of(panels_of(plot_robustness(table, labels=named, ax=axes_of(12, 8)))[1])
    assert "Units" in rows
    unknown = rows_of(panels_of(plot_robustness(make_grid()))[1])
    assert "security/part 0" in unknown


def test_long_names_are_cut_between_words_in_a_narrow_figure():
    labels = {"security/part_0": "Everything that ever was said about the borders of the two banks"}
    choices = panels_of(plot_robustness(make_grid(), labels=labels, ax=axes_of(4, 7)))[1]
    [name] = [own for own in rows_of(choices) if own.startswith("Everything")]
    assert name.endswith("…")
    assert labels["security/part_0"].startswith(name.removesuffix("…"))


def test_the_figure_says_how_many_agree_and_shows_the_others_hollow():
    table = make_grid()
    axes = plot_robustness(table)
    agreeing = int(table["agrees"].sum())
    assert measure_of(axes).endswith(f"same direction as the main one: {agreeing} of {len(table)}")
    hollow = [y for _, y, filled, _ in points_of(panels_of(axes)[0]) if not filled]
    assert len(hollow) == len(table) - agreeing
    assert min(hollow) > 0
    assert legend_of(axes) == ["main specification", "same direction", "other direction"]
    alike = table.assign(agrees=True)
    assert legend_of(plot_robustness(alike)) == ["main specification", "same direction"]


def test_rows_without_a_standard_error_stand_last():
    table = make_grid()
    table.loc[[3, 7], "standardised_change"] = np.nan
    rows = rows_of(panels_of(plot_robustness(table))[1])
    assert rows["mentions per 1,000 words"][-2:] == [len(table) - 2, len(table) - 1]


def test_errors_say_what_to_change():
    table = make_grid()
    assert error_of(plot_robustness, table.assign(main=False)) == (
        "0 rows of the table `data` are the main one; pass the table of one `check_robustness`."
    )
    assert error_of(plot_robustness, pd.concat([table, table])) == (
        "2 rows of the table `data` are the main one; pass the table of one `check_robustness`."
    )
    assert error_of(plot_robustness, table.drop(columns="window")) == (
        "the table `data` has no column `window`; it has: measure, lexicon, copies, "
        "standardised_change, agrees, main."
    )
