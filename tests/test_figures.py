import io
import re
import subprocess
import sys
from unittest import mock

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from analysis import figures
from analysis.data_files import data_path
from analysis.errors import DataFileError, InputError
from analysis.figures import (
    plot_articles,
    plot_balance,
    plot_compared_voices,
    plot_framing,
    plot_themes,
    plot_voices,
    save_figure,
    source_type_labels,
)
from analysis.framing import framing_by_period
from analysis.periods import count_by_period
from analysis.tables import COUNTS, SOURCE_TYPES, make_table

MONTHS = {"2031-01": 8, "2031-02": 9, "2031-04": 3, "2031-06": 7, "2031-07": 8}


def make_counts(months=MONTHS, categories=("diplomacy", "security")):
    generator = np.random.default_rng(5)
    rows = [
        {
            "article_id": f"{month}/{number:03}",
            "outlet": ("المرصد", "الضفة")[number % 2],
            "published": pd.Timestamp(f"{month}-10"),
            "category": category,
            "mentions": int(generator.poisson(1.5)),
            "tokens": 200,
        }
        for month, articles in months.items()
        for number in range(articles)
        for category in categories
    ]
    return make_table(rows, COUNTS)


@pytest.fixture(scope="module")
def framing():
    return framing_by_period(make_counts(), replicates=100)


@pytest.fixture(scope="module")
def voices():
    return pd.DataFrame(
        {
            "source_type": ["media", "expert", "official", "armed_group"],
            "quotes": [0, 40, 1200, 3],
            "articles": [0, 30, 700, 3],
        }
    )


def make_compared(categories=("security", "diplomacy")):
    """Build a table as `compare_voices` gives it, with the same log ratios for each category."""
    rows = [
        # voice, articles, mentions, log ratio and its interval
        ("reporter", 40, 60, 0, 0, 0),
        ("quoted", 40, 50, 0.5, 0.2, 0.8),
        ("expert", 30, 40, 1, 0.4, 1.6),
        ("official", 9, 0, -0.7, np.nan, np.nan),
        ("organization", 3, 9, 1.5, -6, 9),
        *((voice, 0, 0, np.nan, np.nan, np.nan) for voice in SOURCE_TYPES[3:]),
    ]
    columns = ["voice", "articles", "mentions", "log_ratio", "log_ratio_low", "log_ratio_high"]
    table = pd.DataFrame(rows, columns=columns).assign(level=0.95)
    return pd.concat([table.assign(category=name) for name in categories])


def every_figure(framing, voices, language):
    by_outlet = count_by_period(make_counts(), by="outlet")
    return {
        "framing": plot_framing(framing, language=language),
        "rates": plot_framing(framing, measure="per_1000", language=language),
        "balance": plot_balance(framing, language=language),
        "themes": plot_themes(framing, language=language),
        "theme rates": plot_themes(framing, measure="per_1000", language=language),
        "articles": plot_articles(framing, by=None, language=language),
        "articles by outlet": plot_articles(by_outlet, language=language),
        "voices": plot_voices(voices, language=language),
        "compared voices": plot_compared_voices(make_compared(), language=language),
    }


def lines_of(axes):
    """Return the labelled lines of the axes by label."""
    handles, labels = axes.get_legend_handles_labels()
    return dict(zip(labels, handles, strict=True))


def legend_of(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def date_labels(axes):
    return [label.get_text() for label in axes.get_xticklabels()]


def strip_below(axes):
    return axes.child_axes[-1]


def panels_of(axes):
    """Return the panels of plot_themes by their titles, which stand on the left."""
    return {panel.get_title(loc="left"): panel for panel in axes.child_axes[:-1]}


def margins_of(picture):
    """Return the blank inches on the left, right, top and bottom of a saved PNG."""
    drawn = imread(picture)[..., :3].min(axis=2) < 0.97
    columns, rows = (np.flatnonzero(drawn.any(axis=axis)) for axis in (0, 1))
    height, width = drawn.shape
    return np.array([columns[0], width - columns[-1], rows[0], height - rows[-1]]) / 150


def drawn_texts(axes):
    """Draw the figure and return the box of every text that is seen on it."""
    seen = []
    draw = Text.draw

    def keep(text, *arguments, **options):
        seen.append(text)
        draw(text, *arguments, **options)

    with mock.patch.object(Text, "draw", keep):
        axes.figure.savefig(io.BytesIO(), format="png")
    shown = [text for text in seen if text.get_visible() and text.get_text().strip()]
    return {text: text.get_window_extent() for text in shown}


def test_lines_show_the_shares_and_break_where_no_article_stands(framing):
    axes = plot_framing(framing)
    lines = lines_of(axes)
    assert list(lines) == ["diplomacy", "security"]
    for category, line in lines.items():
        rows = framing[framing["category"] == category]
        assert mdates.num2date(line.get_xdata(orig=False))[2].strftime("%Y-%m") == "2031-03"
        np.testing.assert_array_equal(line.get_ydata(), rows["share"])
        assert np.isnan(line.get_ydata()[[2, 4]]).all()


def test_rates_have_their_own_interval(framing):
    axes = plot_framing(framing, measure="per_1000", categories=["security"])
    rows = framing[framing["category"] == "security"]
    np.testing.assert_array_equal(lines_of(axes)["security"].get_ydata(), rows["per_1000"])
    strokes = axes.collections[1].get_segments()
    drawn = [sorted(stroke[:, 1]) for stroke in strokes if len(stroke)]
    expected = rows[["per_1000_low", "per_1000_high"]].dropna().to_numpy().tolist()
    assert [stroke for stroke in drawn if not np.isnan(stroke).any()] == expected
    assert axes.get_ylabel() == "mentions per 1,000 words"


def test_few_articles_are_hollow_and_the_legend_says_so(framing):
    axes = plot_framing(framing, categories=["security"])
    filled, hollow = axes.get_lines()
    assert to_hex(filled.get_markerfacecolor()) == to_hex(filled.get_color())
    assert to_hex(hollow.get_markerfacecolor()) == "#ffffff"
    assert [date.month for date in mdates.num2date(hollow.get_xdata(orig=False))] == [3, 4, 5]
    assert np.isnan(hollow.get_ydata()).tolist() == [True, False, True]
    assert legend_of(axes) == ["security", "95% interval", "fewer than 5 articles"]
    bars = strip_below(axes).patches
    assert [bool(bar.get_hatch()) for bar in bars] == [False, False, True, True, True, False, False]
    assert legend_of(plot_framing(framing, few=2)) == ["diplomacy", "security", "95% interval"]


def test_no_interval_of_a_hollow_point_stretches_the_axis(framing):
    rows = framing[framing["category"] == "security"]
    plain = rows[rows["articles"] >= 5]
    top = plot_framing(framing, categories=["security"]).get_ylim()[1]
    assert top == pytest.approx(1.08 * max(plain["high"].max(), rows["share"].max()))


def test_the_strip_below_shows_the_articles_of_each_period(framing):
    strip = strip_below(plot_framing(framing))
    assert [bar.get_height() for bar in strip.patches] == [8, 9, 0, 3, 0, 7, 8]
    assert [label.get_text() for label in strip.get_yticklabels()] == ["9"]
    assert strip.get_ylabel() == "articles"


def test_categories_keep_the_order_asked_for_and_take_labels(framing):
    axes = plot_framing(
        framing, categories=["security", "diplomacy"], labels={"security": "security frame"}
    )
    assert list(lines_of(axes)) == ["security frame", "diplomacy"]
    first, second = lines_of(axes).values()
    assert first.get_marker() != second.get_marker()
    assert first.get_linestyle() != second.get_linestyle()


def test_balance_has_a_zero_line_and_names_both_directions(framing):
    axes = plot_balance(framing)
    zero, line, _ = axes.get_lines()
    assert list(zero.get_ydata()) == [0, 0]
    one = framing[framing["category"] == "security"]
    np.testing.assert_array_equal(line.get_ydata(), one["balance"])
    assert {text.get_text(): text.xy[1] for text in axes.texts} == {
        "↑ more security": 1,
        "↓ more diplomacy": 0,
    }
    assert axes.get_ylim()[0] == -axes.get_ylim()[1]
    turned = framing_by_period(make_counts(), pair=("diplomacy", "security"), replicates=100)
    assert plot_balance(turned).texts[0].get_text() == "↑ more diplomacy"
    assert plot_balance(framing, language="ar").texts[0].get_text() == "↑ غلبة الأمن"


def test_each_theme_has_its_panel_and_breaks_where_no_article_stands(framing):
    axes = plot_themes(framing, categories=["security", "diplomacy"], labels={"security": "army"})
    panels = panels_of(axes)
    assert list(panels) == ["army", "diplomacy"]
    for category, panel in zip(["security", "diplomacy"], panels.values(), strict=True):
        share = framing.loc[framing["category"] == category, "share"]
        line, _ = panel.get_lines()
        assert mdates.num2date(line.get_xdata(orig=False))[2].strftime("%Y-%m") == "2031-03"
        np.testing.assert_array_equal(line.get_ydata(), share)
        assert np.isnan(line.get_ydata()[[2, 4]]).all()
    tops = [panel.get_position().y1 for panel in axes.child_axes]
    assert tops == sorted(tops, reverse=True)


def test_panels_share_the_time_axis_and_have_their_own_scale(framing):
    rare = framing.copy()
    rare.loc[rare["category"] == "diplomacy", ["share", "low", "high"]] *= 0.01
    axes = plot_themes(rare)
    bottoms, tops = zip(*(panel.get_ylim() for panel in panels_of(axes).values()), strict=True)
    assert bottoms == (0, 0)
    assert 0.008 < tops[0] < 0.0151
    assert 0.8 < tops[1] < 1.51
    for panel in panels_of(axes).values():
        assert panel.get_xlim() == strip_below(axes).get_xlim()
        assert 2 <= sum(tick <= panel.get_ylim()[1] for tick in panel.get_yticks()) <= 4
    drawn_texts(axes)
    labels = [label.get_text() for label in panels_of(axes)["diplomacy"].get_yticklabels()]
    assert labels[:2] == ["0%", "0.5%"]


@pytest.mark.parametrize(
    ("language", "note", "side"),
    [
        ("en", "articles that mention it (% of all); each panel has its own scale", "left"),
        ("ar", "حصة ما ورد فيه الذكر من المقالات (٪)؛ لكل لوحة مقياسها", "right"),
    ],
)
def test_themes_say_what_is_measured_and_that_the_scales_differ(framing, language, note, side):
    axes = plot_themes(framing, language=language)
    assert [(text.get_text(), text.get_ha()) for text in axes.texts] == [(note, side)]
    titles = [panel.get_title(loc=side) for panel in axes.child_axes[:-1]]
    assert titles == {"en": ["diplomacy", "security"], "ar": ["الدبلوماسية", "الأمن"]}[language]
    alone = plot_themes(framing, categories=["security"], language=language)
    assert alone.texts[0].get_text() == re.split("[;؛]", note)[0]


def test_few_articles_are_hollow_in_every_panel(framing):
    axes = plot_themes(framing)
    for panel in panels_of(axes).values():
        _, hollow = panel.get_lines()
        assert to_hex(hollow.get_markerfacecolor()) == "#ffffff"
        assert [date.month for date in mdates.num2date(hollow.get_xdata(orig=False))] == [3, 4, 5]
        assert np.isfinite(hollow.get_ydata()).tolist() == [False, True, False]
    assert [bool(bar.get_hatch()) for bar in strip_below(axes).patches[2:5]] == [True] * 3
    assert legend_of(axes) == ["95% interval", "fewer than 5 articles"]
    plain = plot_themes(count_by_period(make_counts()), few=2)
    assert plain.get_legend() is None


def test_panels_show_the_intervals_a_table_has(framing):
    for measure, low, high in [
        ("share", "low", "high"),
        ("per_1000", "per_1000_low", "per_1000_high"),
    ]:
        panel = panels_of(plot_themes(framing, measure=measure))["security"]
        rows = framing[framing["category"] == "security"]
        strokes = [stroke[:, 1] for stroke in panel.collections[1].get_segments() if len(stroke)]
        drawn = [list(stroke) for stroke in strokes if not np.isnan(stroke).any()]
        assert drawn == rows[[low, high]].dropna().to_numpy().tolist()
    panels = panels_of(plot_themes(count_by_period(make_counts())))
    assert not any(panel.collections for panel in panels.values())


def test_a_wide_interval_leaves_the_panel_instead_of_flattening_its_points(framing):
    rows = framing[framing["category"] == "security"]
    wide = rows.assign(share=rows["share"] * 0.01)
    top = panels_of(plot_themes(wide))["security"].get_ylim()[1]
    assert top == pytest.approx(1.4 * 1.08 * wide["share"].max())
    assert wide["high"].max() > 10 * top


def test_a_theme_never_found_lies_at_the_foot_of_its_panel():
    periods = count_by_period(make_counts())
    for share in (0.0, np.nan):
        panel = panels_of(plot_themes(periods.assign(share=share)))["security"]
        assert panel.get_ylim() == (0, 1)


def test_articles_by_outlet_and_in_all(framing):
    periods = count_by_period(make_counts(), by="outlet")
    axes = plot_articles(periods)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["الضفة", "المرصد"]
    cells = axes.collections[0].get_array()
    assert cells.filled(0).tolist() == [[4, 4, 0, 1, 0, 3, 4], [4, 5, 0, 2, 0, 4, 4]]
    assert [text.get_text() for text in axes.texts] == list("4413445244")
    hatched = [(patch.get_x(), patch.get_y()) for patch in axes.patches if patch.get_hatch()]
    assert hatched == [(0, 0), (1, 0), (3, 0), (5, 0), (6, 0), (0, 1), (3, 1), (5, 1), (6, 1)]
    assert legend_of(axes) == ["fewer than 5 articles", "no articles"]
    bars = plot_articles(framing, by=None).patches
    assert [bar.get_height() for bar in bars] == [8, 9, 0, 3, 0, 7, 8]


def test_the_scale_of_articles_counts_whole_articles():
    periods = count_by_period(make_counts({"2031-01": 2, "2031-02": 3}), by="outlet")
    _, bar = plot_articles(periods).figure.axes
    assert bar.get_yticks().tolist() == [0, 1, 2]
    empty = plot_articles(periods.assign(articles=0)).collections[0]
    assert empty.get_clim() == (0, 1)
    assert empty.get_array().mask.all()


def test_an_outlet_without_a_name_has_its_cells():
    periods = count_by_period(make_counts().assign(outlet=None), by="outlet")
    axes = plot_articles(periods)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["unknown"]


def test_the_longest_bar_stands_first_with_its_number_and_denominators(voices):
    axes = plot_voices(voices, most=3)
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "official",
        "expert",
        "armed group",
    ]
    assert [bar.get_width() for bar in axes.patches] == [1200, 40, 3]
    assert [text.get_text() for text in axes.texts] == [
        "1,200 (articles: 700)",
        "40 (articles: 30)",
        "3 (articles: 3)",
    ]
    assert axes.get_xlabel() == "quotes (bars: 3 of 4; 1,243 of 1,243 quotes)"
    bottom, top = axes.get_ylim()
    assert bottom > top


def test_speakers_keep_their_names_as_written():
    names = ["شركة $النور$ و$الضياء$", None, "الناطق الرسمي باسم هيئة الموانئ والمنافذ البحرية"]
    table = pd.DataFrame({"speaker": names, "quotes": [5, 4, 3]})
    axes = plot_voices(table, by="speaker")
    drawn_texts(axes)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == [
        "شركة $النور$ و$الضياء$",
        "unknown",
        "الناطق الرسمي باسم هيئة الموانئ\nوالمنافذ البحرية",
    ]
    assert not any(label.get_parse_math() for label in axes.get_yticklabels())
    assert [text.get_text() for text in axes.texts] == ["5", "4", "3"]


def test_arabic_bars_grow_from_the_names_on_the_right(voices):
    axes = plot_voices(voices, language="ar")
    assert axes.xaxis.get_inverted()
    assert axes.yaxis.get_ticks_position() == "right"
    boxes = drawn_texts(axes)
    names = {label.get_text(): boxes[label] for label in axes.get_yticklabels()}
    numbers = [boxes[text] for text in axes.texts]
    assert all(box.x1 < names["وسيلة إعلام"].x0 for box in numbers)


def test_each_voice_has_its_point_interval_and_look():
    axes = plot_compared_voices(make_compared(), categories=["diplomacy", "security"])
    assert [panel.get_title(loc="left") for panel in axes.child_axes] == ["diplomacy", "security"]
    for panel in axes.child_axes:
        zero, crosses, filled, hollow = panel.get_lines()
        assert list(zero.get_xdata()) == [0, 0]
        assert (crosses.get_xdata()[0], crosses.get_ydata()[0]) == (-0.7, 2)
        assert list(zip(filled.get_xdata(), filled.get_ydata(), strict=True)) == [(0.5, 0), (1, 1)]
        assert list(zip(hollow.get_xdata(), hollow.get_ydata(), strict=True)) == [(1.5, 3)]
        assert to_hex(hollow.get_markerfacecolor()) == "#ffffff"
        strokes = [stroke for stroke in panel.collections[0].get_segments() if len(stroke)]
        assert [stroke[:, 0].tolist() for stroke in strokes] == [[0.2, 0.8], [0.4, 1.6], [-6, 9]]
        # The interval of a hollow point may leave the panel.
        assert panel.get_xlim() == pytest.approx((-1.08 * 1.6, 1.08 * 1.6))
        assert panel.get_ylim()[0] > panel.get_ylim()[1]
    assert legend_of(axes) == ["no mention", "95% interval", "fewer than 5 articles"]
    assert axes.get_xlabel() == "rate over the reporter's own (log2; +1 = twice as often)"


def test_only_the_outer_panels_name_voices_and_only_the_lowest_say_numbers():
    for language, side in (("en", "left"), ("ar", "right")):
        axes = plot_compared_voices(make_compared("abcde"), language=language)
        drawn_texts(axes)
        named = [bool(panel.get_yticklabels()[0].get_text()) for panel in axes.child_axes]
        assert named == [True, False, False, True, False]
        assert axes.child_axes[0].yaxis.get_ticks_position() == side
        numbered = [
            panel.xaxis.get_tick_params()["labelbottom"] is not False for panel in axes.child_axes
        ]
        assert numbered == [False, False, True, True, True]
        places = [panel.get_position().x0 for panel in axes.child_axes[:3]]
        assert places == sorted(places, reverse=language == "ar")


def test_a_category_that_nobody_speaks_of_has_an_empty_panel():
    silent = make_compared().assign(
        mentions=0, log_ratio=np.nan, log_ratio_low=np.nan, log_ratio_high=np.nan
    )
    axes = plot_compared_voices(silent)
    assert legend_of(axes) == ["95% interval", "fewer than 5 articles"]
    assert axes.child_axes[0].get_xlim() == (-1.0, 1.0)


def test_a_table_without_quotes_gives_a_figure_without_bars(voices):
    assert not plot_voices(voices.iloc[:0]).patches
    axes = plot_voices(voices.assign(quotes=0))
    assert axes.get_xlim()[1] > 0


@pytest.mark.parametrize(
    ("freq", "dates", "expected"),
    [
        ("MS", ["2030-11-05", "2031-02-05"], ["Nov\n2030", "Dec", "Jan\n2031", "Feb"]),
        ("W", ["2030-12-25", "2031-01-08"], ["23 Dec\n2030", "30 Dec", "6 Jan\n2031"]),
        ("QS", ["2030-11-05", "2031-02-05"], ["Oct\n2030", "Jan\n2031"]),
        ("YS", ["2029-11-05", "2031-02-05"], ["2029", "2030", "2031"]),
        ("MS", ["2031-05-05"], ["1 May\n2031"]),
        (
            "MS",
            ["2030-01-05", "2031-06-05"],
            ["Jan\n2030", "Mar", "May", "Jul", "Sep", "Nov", "Jan\n2031", "Mar", "May"],
        ),
    ],
)
def test_dates_name_the_periods_and_the_first_of_each_year(freq, dates, expected):
    rows = [
        {
            "article_id": date,
            "outlet": "المرصد",
            "published": pd.Timestamp(date),
            "category": "security",
            "mentions": 1,
            "tokens": 10,
        }
        for date in dates
    ]
    periods = count_by_period(make_table(rows, COUNTS), freq=freq)
    assert date_labels(plot_articles(periods, by=None)) == expected
    assert date_labels(strip_below(plot_themes(periods))) == expected


def test_arabic_dates_run_from_left_to_right_and_the_figure_says_so(framing):
    strip = strip_below(plot_framing(framing, language="ar"))
    assert date_labels(strip)[:3] == ["يناير\n2031", "فبراير", "مارس"]
    assert strip.get_xlabel() == "الزمن من اليسار إلى اليمين"
    left, right = strip.get_xlim()
    assert left < right
    assert strip_below(plot_framing(framing)).get_xlabel() == ""


@pytest.mark.parametrize(("language", "months"), [("en", 31), ("ar", 9)])
def test_no_text_covers_another(framing, voices, language, months):
    calendar = pd.date_range("2029-01-01", periods=months, freq="MS").strftime("%Y-%m")
    counts = make_counts(dict.fromkeys(calendar, 6) | {calendar[4]: 2})
    drawn = {
        **every_figure(framing, voices, language),
        "by month": plot_framing(framing_by_period(counts, replicates=100), language=language),
        "by week": plot_framing(
            framing_by_period(counts, freq="W", replicates=100), language=language
        ),
        "themes by week": plot_themes(count_by_period(counts, freq="W"), language=language),
        "six panels": plot_compared_voices(
            make_compared("abcdef"),
            language=language,
            labels=dict.fromkeys("abcdef", "Migration and asylum"),
        ),
    }
    for name, axes in drawn.items():
        boxes = list(drawn_texts(axes).items())
        page = axes.figure.bbox
        for place, (text, box) in enumerate(boxes):
            assert page.x0 <= box.x0, (name, text)
            assert box.x1 <= page.x1, (name, text)
            for other, other_box in boxes[:place]:
                assert not box.padded(-1).overlaps(other_box.padded(-1)), (name, text, other)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_arabic_figures_hold_arabic_words_only(framing, voices, language):
    for name, axes in every_figure(framing, voices, language).items():
        words = " ".join(text.get_text() for text in drawn_texts(axes))
        if language == "ar":
            assert not re.search("[A-Za-z]", words), name
        else:
            allowed = {"المرصد", "الضفة"} if "outlet" in name else set()
            assert set(re.findall("[\u0600-\u06ff]+", words)) == allowed, name


def test_axes_of_the_caller_are_used_and_no_figure_stays_open(framing):
    import matplotlib.pyplot as plt

    mine = Figure().subplots()
    before = dict(mpl.rcParams)
    assert plot_framing(framing, ax=mine) is mine
    other = Figure().subplots()
    assert plot_themes(framing, ax=other) is other
    assert isinstance(plot_themes(framing), Axes)
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before


def test_tables_are_left_as_they_are(framing, voices):
    copies = framing.copy(deep=True), voices.copy(deep=True)
    every_figure(framing, voices, "ar")
    pd.testing.assert_frame_equal(framing, copies[0])
    pd.testing.assert_frame_equal(voices, copies[1])


def test_saved_figures_are_the_same_bytes_each_time(framing, voices, tmp_path):
    for run in ("first", "second"):
        for name, axes in every_figure(framing, voices, "ar").items():
            save_figure(axes, tmp_path / run / name, framing)
    first = sorted((tmp_path / "first").iterdir())
    assert len(first) == 3 * 9
    for path in first:
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_saved_page_hugs_what_is_drawn(framing, voices, language, tmp_path):
    options = {"language": language, "few": 0}  # no point is hollow
    by_outlet = count_by_period(make_counts(), by="outlet")
    for name, axes in {
        "framing": plot_framing(framing, **options),
        "balance": plot_balance(framing, **options),
        "themes": plot_themes(framing, **options),
        "articles": plot_articles(by_outlet, language=language),
        "voices": plot_voices(voices, language=language),
        "compared voices": plot_compared_voices(make_compared(), **options),
    }.items():
        _, picture, _ = save_figure(axes, tmp_path / name, framing)
        margins = margins_of(picture)
        assert margins.min() > 0.05, (name, margins)
        assert margins.max() < 0.2, (name, margins)


def test_save_figure_writes_outlines_and_the_table(framing, tmp_path):
    table = pd.DataFrame({"speaker": ["=SUM(A1)", "سالم"], "quotes": [-2, 3]})
    paths = save_figure(plot_framing(framing, language="ar"), tmp_path / "new" / "a.b", table)
    assert [path.name for path in paths] == ["a.b.svg", "a.b.png", "a.b.csv"]
    svg = paths[0].read_text("utf-8")
    assert "<text" not in svg
    assert "<dc:date>" not in svg
    assert "Software" not in paths[1].read_bytes()[:400].decode("latin-1")
    assert paths[2].read_text("utf-8") == "speaker,quotes\n'=SUM(A1),-2\nسالم,3\n"


def test_save_figure_takes_a_figure_and_a_path_with_suffix(framing, tmp_path):
    figure = plot_framing(framing).figure
    paths = save_figure(figure, tmp_path / "framing.png", framing)
    assert [path.name for path in paths] == ["framing.svg", "framing.png", "framing.csv"]
    assert paths[2].read_text("utf-8").splitlines()[1].startswith("2031-01-01,diplomacy,8,")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_source_type_has_a_label(language):
    assert set(source_type_labels(language=language)) == set(SOURCE_TYPES)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  - {en: Jan, ar: يناير}", "  - {en: Jan}", "the field `ar` is missing; add it."),
        ("  - {en: Jan, ar: يناير}\n", "", "months has 11 entries; a year has 12."),
        (
            "words:",
            "terms:",
            "unknown field `terms`; choose from: version, words, months, source_types, categories.",
        ),
    ],
)
def test_a_mistake_in_the_words_is_told_with_its_line(tmp_path, monkeypatch, old, new, message):
    text = data_path("lexicons", "labels.yml").read_text("utf-8")
    assert old in text
    path = tmp_path / "labels.yml"
    path.write_text(text.replace(old, new), "utf-8")
    monkeypatch.setattr(figures, "data_path", lambda *_: path)
    with pytest.raises(DataFileError) as raised:
        figures._load_labels.__wrapped__()
    line = 1 + text[: text.index("months:" if not new else old)].count("\n")
    assert str(raised.value) == f"{path}:{line}: {message}"


def test_importing_the_module_loads_no_drawing_library():
    code = "import sys, analysis.figures; print('matplotlib' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "False\n"


def _message(call, *arguments, **options):
    with pytest.raises(InputError) as raised:
        call(*arguments, **options)
    return str(raised.value)


def test_errors_say_what_to_change(framing, voices):
    assert _message(plot_framing, framing, measure="mentions") == (
        "measure is 'mentions'; choose one of 'share', 'per_1000'."
    )
    assert _message(plot_themes, framing, language="fr") == (
        "language is 'fr'; choose one of 'en', 'ar'."
    )
    assert _message(plot_framing, framing, categories=["war"]) == (
        "category is 'war'; choose one of 'diplomacy', 'security'."
    )
    assert _message(plot_framing, framing.iloc[:0]) == (
        "the table `framing` has no rows; there is nothing to draw."
    )
    assert _message(plot_balance, count_by_period(make_counts())) == (
        "the table `framing` has no column `pair`, `balance`, `balance_low`, `balance_high`, "
        "`level`; it has: period, category, articles, articles_with, mentions, tokens, share, "
        "per_1000."
    )
    assert _message(plot_themes, count_by_period(make_counts(), by="outlet")) == (
        "the table `periods` has several rows for 'diplomacy' in one period; "
        "choose the rows of one group first."
    )
    many = framing_by_period(
        make_counts(categories=[f"theme_{number}" for number in range(9)]),
        pair=("theme_0", "theme_1"),
        replicates=100,
    )
    assert _message(plot_framing, many) == (
        "plot_framing tells 8 categories apart, not 9; "
        "name fewer in `categories`, or use plot_themes."
    )
    assert _message(plot_voices, voices, by="role") == (
        "by is 'role'; choose one of 'source_type', 'speaker'."
    )
    assert _message(plot_voices, voices, by="speaker") == (
        "the table `voices` has no column `speaker`; it has: source_type, quotes, articles."
    )
    compared = pd.DataFrame({"category": ["security"], "voice": ["expert"]})
    assert _message(plot_compared_voices, compared) == (
        "the table `compared` has no column `articles`, `mentions`, `log_ratio`, "
        "`log_ratio_low`, `log_ratio_high`, `level`; it has: category, voice."
    )
    assert _message(source_type_labels, language="fr") == (
        "language is 'fr'; choose one of 'en', 'ar'."
    )
