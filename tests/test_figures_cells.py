"""Cells: the heat map, and the articles of the corpus."""

import numpy as np
import pandas as pd
import pytest
from drawing import (
    axes_of,
    date_labels,
    drawn_texts,
    error_of,
    legend_of,
    make_counts,
    make_framing,
)
from matplotlib.colors import rgb_to_hsv, to_rgb

from analysis.figures import plot_articles, plot_heat_map
from analysis.figures.heat import _colours
from analysis.figures.style import EMPTY
from analysis.periods import count_by_period


def row_names(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def hatched_cells(axes, hatch):
    """Return the first and last month and the row of each hatched piece."""
    pieces = [
        path.get_extents()
        for collection in axes.collections
        if collection.get_hatch() == hatch
        for path in collection.get_paths()
    ]
    first = pd.Timestamp("1970-01-01")
    return sorted(
        (
            int(piece.y0),
            (first + pd.Timedelta(days=piece.x0)).month,
            (first + pd.Timedelta(days=piece.x1 - 1)).month,
        )
        for piece in pieces
    )


def test_cells_hold_the_values_and_where_no_article_stands_nothing():
    framing = make_framing()
    axes = plot_heat_map(framing)
    assert row_names(axes) == ["diplomacy", "security"]
    cells = axes.collections[0].get_array()
    shares = framing.pivot(index="category", columns="period", values="share").to_numpy()
    np.testing.assert_array_equal(cells.filled(np.nan), shares)
    assert cells.mask[0].tolist() == [False, False, True, False, True, False, False]
    bar = axes.child_axes[-1]
    assert bar.get_xlabel() == "articles that mention it (% of all)"
    written = [text.get_text() for text in axes.texts]
    assert written == [f"{100 * share:.0f}" for share in shares.ravel() if not np.isnan(share)]
    assert legend_of(axes) == ["fewer than 5 articles", "no articles"]
    assert hatched_cells(axes, "///") == [(0, 4, 4), (1, 4, 4)]
    assert hatched_cells(axes, "xxx") == [(0, 3, 3), (0, 5, 5), (1, 3, 3), (1, 5, 5)]
    assert axes.get_title(loc="left") == "Themes by period"


def test_rows_can_be_outlets_and_values_rates():
    grouped = make_framing("outlet")
    axes = plot_heat_map(grouped, y="outlet", value="per_1000", categories=["security"])
    assert row_names(axes) == ["الضفة", "المرصد"]
    rates = grouped[grouped["category"] == "security"].pivot(
        index="outlet", columns="period", values="per_1000"
    )
    np.testing.assert_array_equal(axes.collections[0].get_array().filled(np.nan), rates)
    assert axes.child_axes[-1].get_xlabel() == "mentions per 1,000 words"
    assert axes.get_title(loc="left") == "security"


def test_numbers_stand_in_cells_only_where_all_fit():
    counts = make_counts(
        dict.fromkeys(pd.date_range("2021-01-01", periods=30, freq="MS").strftime("%Y-%m"), 6)
    )
    periods = count_by_period(counts)
    assert not plot_heat_map(periods, ax=axes_of(4, 3)).texts
    assert len(plot_heat_map(periods, ax=axes_of(14, 3)).texts) == 60
    wide = plot_heat_map(make_framing())
    boxes = drawn_texts(wide)
    edges = wide.transData.transform([(edge, 0) for edge in wide.get_xlim()])[:, 0]
    cell = (edges[1] - edges[0]) / 8
    assert all(boxes[text].width < cell for text in wide.texts)


def test_colours_get_evenly_darker_and_none_passes_for_an_empty_cell():
    grey = np.array([0.299, 0.587, 0.114])
    shades = _colours()(np.linspace(0, 1, 256))[:, :3] @ grey
    assert (np.diff(shades) <= 0).all()
    assert shades[0] - shades[-1] > 0.6
    assert np.array(to_rgb(EMPTY)) @ grey > shades[0] + 0.1
    assert rgb_to_hsv(to_rgb(EMPTY))[1] == 0


def test_cells_too_narrow_for_a_hatch_have_none_and_the_legend_does_not_speak_of_it():
    weeks = pd.date_range("2021-01-04", periods=400, freq="7D")
    periods = pd.DataFrame({"period": weeks, "outlet": "المرصد", "category": "security"})
    periods["articles"] = np.where(np.arange(400) % 2, 3, 9)
    periods.loc[100:180, "articles"] = 0
    axes = plot_articles(periods)
    assert legend_of(axes) == ["no articles"]
    assert len(hatched_cells(axes, "xxx")) == 1
    assert date_labels(axes)[0] == "2022"


def test_articles_by_outlet_and_in_all():
    periods = count_by_period(make_counts(), by="outlet")
    axes = plot_articles(periods)
    assert row_names(axes) == ["الضفة", "المرصد"]
    cells = axes.collections[0].get_array()
    assert cells.filled(0).tolist() == [[4, 4, 0, 1, 0, 3, 4], [4, 5, 0, 2, 0, 4, 4]]
    assert [text.get_text() for text in axes.texts] == list("4413445244")
    assert hatched_cells(axes, "///") == [
        (0, 1, 2), (0, 4, 4), (0, 6, 7), (1, 1, 1), (1, 4, 4), (1, 6, 7)
    ]  # fmt: skip
    assert legend_of(axes) == ["fewer than 5 articles", "no articles"]
    bars = plot_articles(make_framing(), y=None).patches
    assert [bar.get_height() for bar in bars] == [8, 9, 0, 3, 0, 7, 8]


def test_the_scale_of_articles_counts_whole_articles():
    periods = count_by_period(make_counts({"2031-01": 2, "2031-02": 3}), by="outlet")
    [bar] = plot_articles(periods).child_axes
    assert bar.get_xticks().tolist() == [0, 1, 2]
    empty = plot_articles(periods.assign(articles=0)).collections[0]
    assert empty.get_clim() == (0, 1)
    assert empty.get_array().mask.all()
    bars = plot_articles(count_by_period(make_counts({"2031-01": 2})), y=None)
    assert all(tick == int(tick) for tick in bars.get_yticks())


def test_an_outlet_without_a_name_has_its_cells():
    periods = count_by_period(make_counts().assign(outlet=None), by="outlet")
    assert row_names(plot_articles(periods)) == ["unknown"]
    assert row_names(plot_articles(periods, labels={"unknown": "?"})) == ["?"]


def test_names_of_rows_stand_on_the_right_in_arabic():
    axes = plot_heat_map(make_framing(), language="ar")
    boxes = drawn_texts(axes)
    names = [boxes[label] for label in axes.get_yticklabels()]
    assert all(box.x0 > axes.get_window_extent().x1 for box in names)
    assert axes.get_xlim()[0] < axes.get_xlim()[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"value": "balance"}, "value is 'balance'; choose one of 'share', 'per_1000'."),
        (
            {"y": "outlet"},
            "y is 'outlet', and the rows are of 2 categories; name one in `categories`.",
        ),
    ],
)
def test_errors_say_what_to_change(options, message):
    assert error_of(plot_heat_map, make_framing("outlet"), **options) == message
