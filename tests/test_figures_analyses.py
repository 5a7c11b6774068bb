"""What holds for the figures of all analyses: texts apart, words, digits, bytes, axes."""

import re

import matplotlib as mpl
import pandas as pd
import pytest
from analysis_tables import (
    OUTLETS,
    make_balances,
    make_carried,
    make_changes,
    make_dated,
    make_decomposition,
    make_dispersion,
    make_grid,
    make_keyness,
    make_lags,
    make_periods,
    make_shift,
    make_voices_over_time,
)
from drawing import axes_of, drawn_texts, overlaps_of
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import figures
from analysis.cooccurrence import BALANCE_BY_VOICE, CARRIED_THEMES
from analysis.decomposition import DECOMPOSITION
from analysis.dispersion import TERM_DISPERSION
from analysis.events import EVENT_CHANGES
from analysis.figures import (
    plot_balance_by_voice,
    plot_carried_themes,
    plot_decomposition,
    plot_dispersion,
    plot_dispersion_strip,
    plot_events,
    plot_keyness,
    plot_lags,
    plot_robustness,
    plot_shift,
    plot_voices_over_time,
    save_figure,
)
from analysis.keyness import KEYNESS
from analysis.leads import CORRELATIONS
from analysis.robustness import ROBUSTNESS
from analysis.term_shifts import TERM_SHIFT
from analysis.voices import VOICES_BY_PERIOD

ARABIC = {
    "truce": "الهدنة",
    "crossing": "إغلاق المعبر الحدودي بين الضفتين",
    "harbours": "مؤتمر الموانئ",
    "migration": "الهجرة",
    "terrorism": "الإرهاب",
    **{f"security/part_{number}": "الشرطة والحدود" for number in range(25)},
}
# Name of the figure, how it is drawn, the table, options, its height when others choose the width.
DRAWINGS = {
    "lags": (plot_lags, make_lags(), {}, 4.5),
    "lags by outlet": (plot_lags, make_lags(OUTLETS), {"group": "outlet"}, 8),
    "shift": (plot_shift, make_shift(), {"most": 3}, 5),
    "decomposition": (plot_decomposition, make_decomposition(), {}, 9),
    "decomposition of shares": (
        plot_decomposition,
        make_decomposition(copies=False, measure="share"),
        {"most": 2},
        8,
    ),
    "events": (plot_events, make_changes(), {}, 5),
    "robustness": (plot_robustness, make_grid(), {}, 7),
    "large robustness": (plot_robustness, make_grid(parts=25), {}, 9),
    "dispersion": (plot_dispersion, make_dispersion(), {}, 5),
    "strip": (plot_dispersion_strip, make_dated(), {}, 4),
    "strip and articles": (plot_dispersion_strip, make_dated(), {"periods": make_periods()}, 5),
    "keyness": (plot_keyness, make_keyness(), {}, 4.5),
    "voices over time": (plot_voices_over_time, make_voices_over_time(), {}, 6),
    "voices by outlet": (
        plot_voices_over_time,
        make_voices_over_time("outlet"),
        {"hue": "outlet"},
        7,
    ),
    "carried themes": (plot_carried_themes, make_carried(), {}, 6),
    "balance by voice": (plot_balance_by_voice, make_balances(), {}, 5),
}
TIMED = {
    "events",
    "strip",
    "strip and articles",
    "voices over time",
    "voices by outlet",
    "carried themes",
}
OF_WORDS = {"shift", "keyness", "dispersion", "strip", "strip and articles"}
OF_OUTLETS = {"lags by outlet", "decomposition", "decomposition of shares", "voices by outlet"}

OLDER = {f"analysis.figures.{name}" for name in ("corpus", "heat", "panels", "series", "voices")}


def draw(name, ax=None, months="general", **options):
    plot, table, own, _ = DRAWINGS[name]
    if name in TIMED:
        options["months"] = months
    if options.get("language") == "ar":
        options["labels"] = ARABIC
    return plot(table, **own, **options, ax=ax)


@pytest.mark.parametrize(
    ("width", "language", "months", "digits"),
    [
        (4, "ar", "levant", "arabic"),
        (6, "ar", "maghreb", "western"),
        (8.5, "en", "general", "western"),
        (12, "ar", "morocco", "arabic"),
    ],
)
def test_no_text_covers_another(width, language, months, digits):
    found = {
        name: overlaps_of(
            draw(name, axes_of(width, height), months, language=language, digits=digits)
        )
        for name, (*_, height) in DRAWINGS.items()
    }
    assert found == {name: [] for name in DRAWINGS}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_text_covers_another_at_the_sizes_of_the_library(language):
    found = {name: overlaps_of(draw(name, language=language)) for name in DRAWINGS}
    assert found == {name: [] for name in DRAWINGS}


def test_arabic_figures_hold_arabic_words_only():
    for name in DRAWINGS:
        written = " ".join(text.get_text() for text in drawn_texts(draw(name, language="ar")))
        assert not re.search("[A-Za-z]", written), name
        assert re.search("[\u0600-\u06ff]", written), name


def test_english_figures_hold_no_arabic_but_terms_and_outlets():
    for name in DRAWINGS.keys() - OF_WORDS - OF_OUTLETS:
        written = " ".join(text.get_text() for text in drawn_texts(draw(name)))
        assert not re.search("[\u0600-\u06ff]", written), name


def test_arabic_digits_stand_in_the_place_of_all_others():
    for name in DRAWINGS:
        axes = draw(name, language="ar", digits="arabic")
        written = [text.get_text() for text in drawn_texts(axes)]
        assert not [text for text in written if re.search("[0-9]", text)], name
        assert re.search("[٠-٩]", " ".join(written)), name


def test_axes_of_the_caller_are_used_and_no_figure_stays_open():
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams)
    for name in DRAWINGS:
        mine = Figure().subplots()
        assert draw(name, mine) is mine
        assert isinstance(draw(name), Axes)
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before


def test_rows_in_any_order_give_the_same_bytes_and_stay_as_they_are(tmp_path):
    chosen = {"frames": ["security", "diplomacy"], "themes": ["migration", "terrorism"]}
    for name, (plot, table, options, _) in DRAWINGS.items():
        if name == "large robustness":
            continue
        options = {**options, **(chosen if name == "carried themes" else {})}
        kept = table.copy(deep=True)
        first = save_figure(plot(table, **options), tmp_path / "first" / name, table)
        shuffled = table.sample(frac=1, random_state=1)
        turned = save_figure(plot(shuffled, **options), tmp_path / "turned" / name, table)
        pd.testing.assert_frame_equal(table, kept)
        for own, other in zip(first, turned, strict=True):
            assert own.read_bytes() == other.read_bytes(), own.name


def test_the_tables_drawn_here_have_the_columns_of_the_library():
    columns = {
        "lags": CORRELATIONS,
        "shift": TERM_SHIFT,
        "decomposition": DECOMPOSITION,
        "events": EVENT_CHANGES,
        "robustness": ROBUSTNESS,
        "dispersion": TERM_DISPERSION,
        "keyness": KEYNESS,
        "voices over time": VOICES_BY_PERIOD,
        "carried themes": CARRIED_THEMES,
        "balance by voice": BALANCE_BY_VOICE,
    }
    for name, known in columns.items():
        table = DRAWINGS[name][1]
        assert set(table) <= set(known), name


def test_every_figure_of_an_analysis_is_tested_here():
    plots = {plot.__name__ for plot, *_ in DRAWINGS.values()}
    known = {
        name
        for name in figures.__all__
        if name.startswith("plot_") and getattr(figures, name).__module__ not in OLDER
    }
    assert plots == known
