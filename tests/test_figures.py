"""What holds for every figure: no text on another, the words, the bytes, the errors."""

import re
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from drawing import (
    MONTHS,
    VOICES,
    axes_of,
    drawn_texts,
    error_of,
    every_figure,
    figures_in,
    legend_of,
    make_compared,
    make_counts,
    make_events,
    make_framing,
    make_windows,
    overlaps_of,
)
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread

from analysis.data_files import data_path
from analysis.errors import DataFileError
from analysis.figures import (
    plot_articles,
    plot_balance,
    plot_compared_voices,
    plot_framing,
    plot_framing_by_group,
    plot_heat_map,
    plot_themes,
    plot_voices,
    save_figure,
    source_type_labels,
    words,
)
from analysis.figures.words import DIGITS, choose_writing, write_digits
from analysis.figures.words import MONTHS as REGIONS
from analysis.framing import framing_by_period
from analysis.periods import count_by_period
from analysis.tables import SOURCE_TYPES


def margins_of(picture):
    """Return the blank inches on the left, right, top and bottom of a saved PNG."""
    drawn = imread(picture)[..., :3].min(axis=2) < 0.97
    columns, rows = (np.flatnonzero(drawn.any(axis=axis)) for axis in (0, 1))
    height, width = drawn.shape
    return np.array([columns[0], width - columns[-1], rows[0], height - rows[-1]]) / 150


@pytest.fixture(scope="module")
def tables():
    """Return counts of three years by month and week, in total and by outlet."""
    calendar = pd.date_range("2029-01-01", periods=31, freq="MS").strftime("%Y-%m")
    counts = make_counts(dict.fromkeys(calendar, 6) | {calendar[4]: 2})
    many = make_counts(dict.fromkeys(calendar, 6), categories=list("abcdef"))
    return {
        "months": framing_by_period(counts, replicates=100),
        "weeks": framing_by_period(counts, freq="W", replicates=100),
        "outlets": framing_by_period(counts, freq="QS", by="outlet", replicates=100),
        "many": count_by_period(many, freq="QS"),
        "cells": count_by_period(counts, freq="W", by="outlet"),
    }


@pytest.mark.parametrize(
    ("width", "language", "months", "digits"),
    [
        (4, "ar", "levant", "arabic"),
        (6, "ar", "maghreb", "western"),
        (8.5, "en", "general", "western"),
        (12, "ar", "morocco", "arabic"),
    ],
)
def test_no_text_covers_another(tables, width, language, months, digits):
    look = {"language": language, "digits": digits}
    timed = {**look, "months": months}
    long_names = dict.fromkeys("abcdef", "Migration and asylum in the ports of the region")
    events = make_events(["2029-02-03", "2029-02-20", "2030-06-01", "2031-06-20", "2031-07-28"])
    marks = {"events": events, "windows": make_windows(events)}
    crowded = make_events(pd.date_range("2029-02-01", periods=12, freq="14D"))
    drawings = {
        "months": (5, lambda ax: plot_framing(tables["months"], **timed, **marks, ax=ax)),
        "weeks": (5, lambda ax: plot_framing(tables["weeks"], **timed, ax=ax)),
        "crowded": (6, lambda ax: plot_framing(tables["weeks"], **timed, events=crowded, ax=ax)),
        "balance": (5, lambda ax: plot_balance(tables["months"], **timed, **marks, ax=ax)),
        "themes": (
            9,
            lambda ax: plot_themes(tables["many"], **timed, labels=long_names, ax=ax),
        ),
        "groups": (7, lambda ax: plot_framing_by_group(tables["outlets"], **timed, ax=ax)),
        "heat map": (
            6,
            lambda ax: plot_heat_map(tables["many"], **timed, labels=long_names, ax=ax),
        ),
        "cells": (4, lambda ax: plot_articles(tables["cells"], **timed, ax=ax)),
        "bars": (4, lambda ax: plot_articles(tables["months"], y=None, **timed, ax=ax)),
        "voices": (4, lambda ax: plot_voices(VOICES, **look, ax=ax)),
        "compared": (
            12,
            lambda ax: plot_compared_voices(
                make_compared("abcdef"), **look, labels=long_names, ax=ax
            ),
        ),
    }
    found = {
        name: overlaps_of(draw(axes_of(width, height))) for name, (height, draw) in drawings.items()
    }
    assert found == {name: [] for name in drawings}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_text_covers_another_at_the_sizes_of_the_library(language):
    drawn = figures_in(language)
    found = {name: overlaps_of(axes) for name, axes in drawn.items()}
    assert found == {name: [] for name in drawn}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_arabic_figures_hold_arabic_words_only(language):
    for name, axes in figures_in(language).items():
        written = " ".join(text.get_text() for text in drawn_texts(axes))
        if language == "ar":
            assert not re.search("[A-Za-z]", written), name
        else:
            allowed = {"المرصد", "الضفة"} if "outlet" in name else set()
            assert set(re.findall("[\u0600-\u06ff]+", written)) == allowed, name


def test_arabic_digits_stand_in_the_place_of_all_others():
    for name, axes in every_figure("ar", digits="arabic").items():
        if name not in {"voices", "compared voices"}:
            written = [text.get_text() for text in drawn_texts(axes)]
            assert not [text for text in written if re.search("[0-9]", text)], name
            assert re.search("[٠-٩]", " ".join(written)), name
    assert plot_voices(VOICES, language="ar", digits="arabic").texts[0].get_text() == (
        "١٬٢٠٠ (المقالات: ٧٠٠)"
    )
    english = choose_writing("en", months="levant", digits="arabic")
    assert (write_digits("7%", english), english.months[0]) == ("7%", "Jan")


def test_axes_of_the_caller_are_used_and_no_figure_stays_open():
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams)
    for draw, table in [
        (plot_framing, make_framing()),
        (plot_balance, make_framing()),
        (plot_themes, make_framing()),
        (plot_framing_by_group, make_framing("outlet")),
        (plot_heat_map, make_framing()),
        (plot_articles, make_framing("outlet")),
        (plot_voices, VOICES),
        (plot_compared_voices, make_compared()),
    ]:
        mine = Figure().subplots()
        assert draw(table, ax=mine) is mine
        assert isinstance(draw(table), Axes)
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before


def test_tables_are_left_as_they_are():
    tables = [make_framing(), make_framing("outlet"), VOICES, make_events()]
    copies = [table.copy(deep=True) for table in tables]
    every_figure("ar")
    for table, copy in zip(tables, copies, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_rows_in_any_order_give_the_same_bytes(tmp_path):
    framing = make_framing()
    turned = framing.iloc[::-1]
    chosen = ["security", "diplomacy"]
    for name, draw in {
        "framing": plot_framing,
        "themes": plot_themes,
        "heat": plot_heat_map,
    }.items():
        for run, table in (("first", framing), ("second", turned)):
            save_figure(draw(table, categories=chosen), tmp_path / run / name, framing)
        first, second = (tmp_path / run / f"{name}.svg" for run in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_saved_figures_are_the_same_bytes_each_time(tmp_path):
    for run, drawn in {"first": figures_in("ar"), "second": every_figure("ar")}.items():
        for name, axes in drawn.items():
            save_figure(axes, tmp_path / run / name, make_framing())
    first = sorted((tmp_path / "first").iterdir())
    assert len(first) == 3 * 13
    for path in first:
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_saved_page_hugs_what_is_drawn(language, tmp_path):
    for name, axes in figures_in(language).items():
        _, picture, _ = save_figure(axes, tmp_path / name, make_framing())
        margins = margins_of(picture)
        assert margins.min() > 0.05, (name, margins)
        assert margins.max() < 0.2, (name, margins)


def test_save_figure_writes_outlines_and_the_table(tmp_path):
    table = pd.DataFrame({"speaker": ["=SUM(A1)", "سالم"], "quotes": [-2, 3]})
    axes = plot_framing(make_framing(), language="ar")
    paths = save_figure(axes, tmp_path / "new" / "a.b", table)
    assert [path.name for path in paths] == ["a.b.svg", "a.b.png", "a.b.csv"]
    svg = paths[0].read_text("utf-8")
    assert "<text" not in svg
    assert "<dc:date>" not in svg
    assert "Software" not in paths[1].read_bytes()[:400].decode("latin-1")
    assert paths[2].read_text("utf-8") == "speaker,quotes\n'=SUM(A1),-2\nسالم,3\n"


def test_save_figure_takes_a_figure_and_a_path_with_suffix(tmp_path):
    framing = make_framing()
    figure = plot_framing(framing).figure
    paths = save_figure(figure, tmp_path / "framing.png", framing)
    assert [path.name for path in paths] == ["framing.svg", "framing.png", "framing.csv"]
    assert paths[2].read_text("utf-8").splitlines()[1].startswith("2031-01-01,diplomacy,8,")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_source_type_has_a_label(language):
    assert set(source_type_labels(language=language)) == set(SOURCE_TYPES)


@pytest.mark.parametrize(
    ("old", "new", "line_of", "message"),
    [
        (
            "articles: {en: articles, ar: المقالات}",
            "articles: {en: articles}",
            "  articles: {en: articles}",
            "the field `ar` is missing; add it.",
        ),
        ("[Jan, Feb,", "[Feb,", "  english:", "english has 11 months; a year has 12."),
        (
            "  levant:",
            "  mashriq:",
            "  mashriq:",
            "unknown field `mashriq`; choose from: english, general, levant, maghreb, morocco.",
        ),
        (
            "words:",
            "terms:",
            "terms:",
            "unknown field `terms`; choose from: version, months, words, source_types, categories.",
        ),
    ],
)
def test_a_mistake_in_the_words_is_told_with_its_line(
    tmp_path, monkeypatch, old, new, line_of, message
):
    text = data_path("lexicons", "labels.yml").read_text("utf-8")
    assert old in text
    text = text.replace(old, new)
    path = tmp_path / "labels.yml"
    path.write_text(text, "utf-8")
    monkeypatch.setattr(words, "data_path", lambda *_: path)
    with pytest.raises(DataFileError) as raised:
        words._load_labels.__wrapped__()
    line = 1 + text[: text.index(line_of)].count("\n")
    assert str(raised.value) == f"{path}:{line}: {message}"


def test_importing_the_package_loads_no_drawing_library():
    code = (
        "import sys, analysis.figures; "
        "print({'matplotlib', 'seaborn', 'statsmodels'} & sys.modules.keys())"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout == "set()\n"


def test_months_without_articles_leave_the_legend_plain():
    assert legend_of(plot_framing(make_framing(), few=2)) == [
        "diplomacy",
        "security",
        "95% interval",
    ]
    assert len(MONTHS) == 5
    assert (REGIONS, DIGITS) == (("general", "levant", "maghreb", "morocco"), ("western", "arabic"))


def test_errors_say_what_to_change():
    framing = make_framing()
    assert error_of(plot_framing, framing, y="mentions") == (
        "y is 'mentions'; choose one of 'share', 'per_1000'."
    )
    assert error_of(plot_themes, framing, language="fr") == (
        "language is 'fr'; choose one of 'en', 'ar'."
    )
    assert error_of(plot_themes, framing, months="iraq") == (
        "months is 'iraq'; choose one of 'general', 'levant', 'maghreb', 'morocco'."
    )
    assert error_of(plot_heat_map, framing, digits="indian") == (
        "digits is 'indian'; choose one of 'western', 'arabic'."
    )
    assert error_of(plot_framing, framing, categories=["war"]) == (
        "category is 'war'; choose one of 'diplomacy', 'security'."
    )
    assert error_of(plot_framing, framing.iloc[:0]) == (
        "the table `data` has no rows; there is nothing to draw."
    )
    assert error_of(plot_framing, framing.astype({"period": "str"})) == (
        "the column 'period' of the table `data` holds no dates; name one in `x`."
    )
    assert error_of(plot_balance, count_by_period(make_counts())) == (
        "the table `data` has no column `pair`, `balance`, `balance_low`, `balance_high`, "
        "`level`; it has: period, category, articles, articles_with, mentions, tokens, share, "
        "per_1000."
    )
    assert error_of(plot_themes, count_by_period(make_counts(), by="outlet")) == (
        "the table `data` has several rows for 'diplomacy' in one period; "
        "choose the rows of one group first."
    )
    assert error_of(plot_framing, make_framing("outlet"), hue="outlet") == (
        "hue is 'outlet', and the rows are of 2 categories; name one in `categories`."
    )
    many = framing_by_period(
        make_counts(categories=[f"theme_{number}" for number in range(9)]),
        pair=("theme_0", "theme_1"),
        replicates=100,
    )
    assert error_of(plot_framing, many) == (
        "plot_framing tells 8 lines apart, not 9; name fewer in `categories`, "
        "choose the rows of fewer groups, or use plot_themes."
    )
    assert error_of(plot_voices, VOICES, y="role") == (
        "y is 'role'; choose one of 'source_type', 'speaker'."
    )
    assert error_of(plot_voices, VOICES, y="speaker") == (
        "the table `data` has no column `speaker`; it has: source_type, quotes, articles."
    )
    compared = pd.DataFrame({"category": ["security"], "voice": ["expert"]})
    assert error_of(plot_compared_voices, compared) == (
        "the table `data` has no column `articles`, `mentions`, `log_ratio`, "
        "`log_ratio_low`, `log_ratio_high`, `level`; it has: category, voice."
    )
    assert error_of(source_type_labels, language="fr") == (
        "language is 'fr'; choose one of 'en', 'ar'."
    )
