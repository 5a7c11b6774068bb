import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter
from statsmodels.regression.linear_model import OLS

from analysis.arabic import WORD
from analysis.errors import DataFileError, InputError
from analysis.events import (
    EVENT_CHANGES,
    EVENTS,
    INTERRUPTED,
    WINDOWS,
    _uncorrelated_after,
    compare_around_events,
    event_windows,
    interrupted_series,
    load_events,
)
from analysis.framing import framing_by_period
from analysis.inference import adjust_p_values
from analysis.lexicon import all_categories, load_lexicons
from analysis.tables import COUNTS, make_table

GAP = float("nan")
FIRST = pd.Timestamp("2031-01-01")


# ── the list of events ──────────────────────────────────────────────────────────────────


def test_the_list_that_ships_is_whole():
    events = load_events()
    assert events.dtypes.astype("str").to_dict() == dict(EVENTS)
    assert events["event"].is_unique
    assert events["date"].is_monotonic_increasing
    assert events["date"].dt.year.between(2014, 2024).all()
    assert (
        events["name_ar"].map(lambda name: bool(re.fullmatch(r"[\u0600-\u06FF\d ]+", name))).all()
    )
    assert events["name_ar"].map(WORD.findall).str.len().min() >= 2
    assert events["name_en"].is_unique
    assert events["name_ar"].is_unique
    known = set(all_categories(load_lexicons()))
    named = {theme for themes in events["themes"] for theme in themes.split(",") if theme}
    assert named == known


def test_some_days_are_those_of_other_sources():
    # Opening and closing ceremonies as the IOC gives them, and days named by resolutions.
    events = load_events().set_index("event")
    spans = events[events["themes"].str.contains("olympics")]
    days = spans["date"].dt.strftime("%Y-%m-%d ") + spans["end"].dt.strftime("%m-%d")
    assert days.tolist() == [
        "2014-02-07 02-23",
        "2016-08-05 08-21",
        "2018-02-09 02-25",
        "2021-07-23 08-08",
        "2022-02-04 02-20",
        "2024-07-26 08-11",
    ]
    assert events.loc["iran_nuclear_deal", "date"] == pd.Timestamp("2015-07-14")
    assert pd.isna(events.loc["iran_nuclear_deal", "end"])


def write(tmp_path, text):
    path = tmp_path / "own.yml"
    path.write_text(text, "utf-8")
    return path


ENTRY = """own:
  - event: summit
    date: 2031-02-03
    name: {en: Summit, ar: قمة}
    themes: [diplomacy]
    source: Communiqué of the summit
"""


def test_an_own_list_takes_the_place_of_the_shipped_one(tmp_path):
    later = ENTRY.replace("summit", "talks").replace("02-03", "01-09\n    end: 2031-01-11")
    later = later.replace("[diplomacy]", "[]").removeprefix("own:\n")
    events = load_events(write(tmp_path, ENTRY + later))
    assert events[["event", "themes", "name_ar"]].values.tolist() == [
        ["talks", "", "قمة"],
        ["summit", "diplomacy", "قمة"],
    ]
    assert events["end"].tolist() == [pd.Timestamp("2031-01-11"), pd.NaT]


@pytest.mark.parametrize(
    ("change", "line", "problem"),
    [
        (
            ("    source: Communiqué of the summit\n", ""),
            2,
            "the field `source` is missing; add it.",
        ),
        (
            ("source", "origin"),
            6,
            "unknown field `origin`; choose from: event, date, name, themes, source, end.",
        ),
        (("ar: قمة", "fr: Sommet"), 4, "unknown field `fr`; choose from: en, ar."),
        (("event: summit", "event: 2031"), 2, "event is 2031; write it in words."),
        (("ar: قمة", "ar: ' '"), 4, "ar is ' '; write it in words."),
        (
            ("2031-02-03", "3 February"),
            3,
            "date is '3 February'; write a day such as 2031-01-09.",
        ),
        (
            ("2031-02-03", "2031-02-03\n    end:"),
            4,
            "end is None; write a day such as 2031-01-09.",
        ),
        (
            ("2031-02-03", "2031-02-03\n    end: 2031-02-01"),
            4,
            "the event ends before 2031-02-03; give its last day.",
        ),
        (
            ("[diplomacy]", "diplomacy"),
            5,
            "themes is 'diplomacy'; write a list of categories such as [diplomacy], or [].",
        ),
        (
            ("[diplomacy]", "['diplomacy,security']"),
            5,
            "themes is ['diplomacy,security']; "
            "write a list of categories such as [diplomacy], or [].",
        ),
    ],
)
def test_a_mistake_in_the_list_is_told_with_its_line(tmp_path, change, line, problem):
    path = write(tmp_path, ENTRY.replace(*change))
    with pytest.raises(DataFileError) as error:
        load_events(path)
    assert str(error.value) == f"{path}:{line}: {problem}"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("- summit", 1, "expected groups with lists of events, found ['summit']."),
        ("own: summit", 1, "expected a list of events, found 'summit'."),
        ("own:\n  - summit", 2, "expected fields, found 'summit'."),
    ],
)
def test_the_list_is_groups_of_events(tmp_path, text, line, problem):
    path = write(tmp_path, text)
    with pytest.raises(DataFileError) as error:
        load_events(path)
    assert str(error.value) == f"{path}:{line}: {problem}"


def test_an_identifier_stands_once(tmp_path):
    path = write(tmp_path, ENTRY + ENTRY.removeprefix("own:\n"))
    with pytest.raises(DataFileError) as error:
        load_events(path)
    assert str(error.value) == (
        f"{path}:7: the event `summit` stands on line 2 already; rename one."
    )


# ── windows ─────────────────────────────────────────────────────────────────────────────


def make_events(*days, themes="", end=None):
    """Build events from days counted from the first day of the corpus."""
    rows = [
        {
            "event": f"حدث {day}",
            "date": FIRST + pd.Timedelta(days=day),
            "end": pd.NaT if end is None else FIRST + pd.Timedelta(days=end),
            "themes": themes,
        }
        for day in days
    ]
    return make_table(rows, EVENTS)


def test_windows_by_hand():
    windows = event_windows(make_events(40, end=45), days=28)
    assert windows.dtypes.astype("str").to_dict() == dict(WINDOWS)
    assert windows[["window", "side"]].values.tolist() == [
        ["حدث 40 before", "before"],
        ["حدث 40 during", "during"],
        ["حدث 40 after", "after"],
    ]
    days = windows["start"].dt.strftime("%d.%m-") + windows["end"].dt.strftime("%d.%m")
    assert days.tolist() == [
        "13.01-09.02",
        "10.02-15.02",
        "10.02-09.03",
    ]
    lasting_a_day = event_windows(make_events(40, 50), days=1)
    assert lasting_a_day["side"].tolist() == ["before", "after"] * 2
    assert (lasting_a_day["start"] == lasting_a_day["end"]).all()
    assert event_windows(make_events()).dtypes.astype("str").to_dict() == dict(WINDOWS)


def make_counts(mentions, *, tokens=100, categories=("security",), outlets=("المرصد",), **columns):
    """Build counts from the mentions of each category in the articles of each day."""
    rows = [
        {
            "article_id": f"{day:04}-{number:03}",
            "outlet": outlets[number % len(outlets)],
            "published": FIRST + pd.Timedelta(days=day),
            "category": category,
            "mentions": own,
            "tokens": tokens,
            **{name: value(day, number) for name, value in columns.items()},
        }
        for day, articles in enumerate(mentions)
        for number, found in enumerate(articles)
        for category, own in zip(categories, np.atleast_1d(found), strict=True)
    ]
    return make_table(rows, COUNTS)


def draw_mentions(seed, days, *, per_day=4, rate=1.0):
    generator = np.random.default_rng(seed)
    return [generator.poisson(rate, per_day).tolist() for _ in range(days)]


def test_windows_are_those_of_framing_and_of_the_comparison():
    counts = make_counts(
        [list(zip(*day, strict=True)) for day in zip(
            draw_mentions(1, 60), draw_mentions(2, 60), strict=True
        )],
        categories=("diplomacy", "security"),
    )  # fmt: skip
    events = make_events(30)
    framing = framing_by_period(counts, windows=event_windows(events, days=14), replicates=100)
    measures = ["share", "per_1000", "balance"]
    changes = compare_around_events(counts, events, days=14, measures=measures)
    for side in ("before", "after"):
        rows = framing[framing["window"] == f"حدث 30 {side}"].set_index("category")
        for _, change in changes.iterrows():
            category = change["category"].removesuffix(" / diplomacy")
            assert change[side] == pytest.approx(rows.loc[category, change["measure"]])
            assert change[f"articles_{side}"] == rows.loc[category, "articles"]
            assert change[f"tokens_{side}"] == rows.loc[category, "tokens"]


# ── changes around events ───────────────────────────────────────────────────────────────


def compare(mentions, *days, counts=None, **options):
    table = make_counts(mentions) if counts is None else counts
    return compare_around_events(table, make_events(*days), **options)


def test_a_change_by_hand():
    days = [[0], [3, 1], [0, 0], [4], [2], [9]]
    changes = compare(days, 3, days=2)
    assert changes.dtypes.astype("str").to_dict() == dict(EVENT_CHANGES)
    assert changes["measure"].tolist() == ["share", "per_1000"]
    counted = ["articles", "articles_with", "mentions", "tokens", "days"]
    for side, numbers in (("before", [4, 2, 4, 400, 2]), ("after", [2, 2, 6, 200, 2])):
        found = changes[[f"{name}_{side}" for name in counted]]
        assert found.drop_duplicates().values.tolist() == [numbers]
    assert changes[["before", "after", "change"]].values.tolist() == [[0.5, 1, 0.5], [10, 30, 20]]


def test_a_balance_by_hand():
    days = [[(0, 3)], [(1, 1), (0, 0)], [(2, 0)], [(4, 0), (0, 1)]]
    counts = make_counts(days, categories=("diplomacy", "security"))
    [row] = compare(None, 2, counts=counts, days=2, measures=["balance"]).to_dict("records")
    assert row["category"] == "security / diplomacy"
    assert row["before"] == pytest.approx(math.log2(4.5 / 1.5))
    assert row["after"] == pytest.approx(math.log2(1.5 / 6.5))
    assert [row["mentions_before"], row["articles_with_before"]] == [5, 2]
    assert [row["mentions_after"], row["articles_with_after"]] == [7, 3]
    turned = compare(
        None, 2, counts=counts, days=2, measures=["balance"], pair=("diplomacy", "security")
    )
    assert turned["change"].tolist() == pytest.approx([-row["change"]])


def test_the_interval_is_nearly_the_normal_one():
    mentions = draw_mentions(3, 60, per_day=20)
    counts = make_counts(mentions, outlets=("المرصد", "الضفة"))
    row = compare(None, 30, counts=counts, measures=["per_1000"], replicates=4000).iloc[0]
    before, after = (
        10 * np.array([own for day in mentions[span] for own in day])
        for span in (slice(2, 30), slice(30, 58))
    )
    error = math.sqrt(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after))
    assert row["change"] == pytest.approx(after.mean() - before.mean())
    assert row["change_high"] - row["change"] == pytest.approx(1.96 * error, rel=0.06)
    assert row["change"] - row["change_low"] == pytest.approx(row["change_high"] - row["change"])


def test_strata_keep_differences_between_outlets_out_of_the_interval():
    counts = make_counts([[4, 0] * 3] * 20, outlets=("المرصد", "الضفة"))
    across = compare(None, 10, counts=counts, days=7, stratify=None)
    assert (across["change_low"] < 0).all()
    within = compare(None, 10, counts=counts, days=7)
    assert within[["change_low", "change_high"]].isna().all(axis=None)


def test_nothing_to_vary_gives_no_interval():
    bounds = ["change_low", "change_high"]
    assert compare([[0, 0]] * 8, 4, days=2)[bounds].isna().all(axis=None)
    assert compare([[1]] * 8, 4, days=1)[bounds].isna().all(axis=None)
    assert compare([[1], [0]] * 8, 8, days=2)[bounds].notna().all(axis=None)


def test_events_outside_the_corpus_keep_their_rows():
    changes = compare(draw_mentions(4, 100), -400, 50, 700, days=7)
    assert changes["event"].tolist() == ["حدث -400"] * 2 + ["حدث 50"] * 2 + ["حدث 700"] * 2
    outside = changes.drop(index=[2, 3])
    counted = [name for name in EVENT_CHANGES if name.endswith(("_before", "_after"))]
    assert (outside[[*counted, "placebos"]] == 0).all(axis=None)
    numbers = ["before", "after", "change", "change_low", "change_high", "p_value", "q_value"]
    assert outside[numbers].isna().all(axis=None)
    assert changes.loc[[2, 3], ["change", "change_low"]].notna().all(axis=None)


def test_no_events_give_an_empty_table():
    changes = compare_around_events(make_counts([[1]]), make_events())
    assert changes.dtypes.astype("str").to_dict() == dict(EVENT_CHANGES)
    assert changes.empty


def test_windows_are_cut_at_the_edges_of_the_corpus():
    changes = compare([[1]] * 20, 5, 0, 18, 20, days=7).iloc[::2]
    assert changes[["days_before", "days_after"]].values.tolist() == [
        [0, 7],
        [5, 7],
        [7, 2],
        [7, 0],
    ]
    assert changes["change"].isna().tolist() == [True, False, False, True]


def test_placebo_dates_share_no_day_with_the_event():
    # Only the window after the event mentions anything: no placebo window may see it.
    mentions = [[0, 0]] * 150 + [[1, 1]] * 7 + [[0, 0]] * 143
    row = compare(mentions, 150, days=7, fewest_articles=1).iloc[0]
    # Dates 5 days apart, from 136 (after: to 142) down to 11, from 164 (before: from 157) to 289.
    assert row["placebos"] == 26 + 26
    assert row["p_value"] == pytest.approx(1 / 53)
    assert row["method"] == (
        "t interval, standard error from a bootstrap of articles within window and outlet, 1000 "
        "replicates, seed 20240726; p_value: share of placebo dates, 5 days apart, with a change "
        "as large; level 0.95"
    )
    lasting = compare_around_events(
        make_counts(mentions), make_events(150, end=170), days=7, fewest_articles=1
    )
    assert lasting["placebos"].tolist() == [26 + 24] * 2


def test_a_change_in_either_direction_counts_as_large():
    falling = [[0, 0]] * 60 + [[3, 3]] * 7 + [[0, 0]] * 233
    # The seven loud days make placebo changes up and down as large as the event's own 0.
    row = compare(falling, 150, days=7, fewest_articles=1).iloc[0]
    assert (row["change"], row["p_value"]) == (0, 1)
    step = [[1, 1]] * 150 + [[0, 0]] * 150
    row = compare(step, 150, days=7, fewest_articles=1).iloc[0]
    assert (row["change"], row["p_value"]) == (-1, pytest.approx(1 / (1 + row["placebos"])))


def test_too_few_placebo_dates_or_articles_give_no_p_value():
    mentions = draw_mentions(5, 262)
    few = compare(mentions, 130, days=28).iloc[0]
    assert few["placebos"] == 6
    assert pd.isna(few["p_value"])
    assert "; p_value: none, 6 placebo dates are fewer than 19; " in few["method"]
    quiet = compare(mentions, 130, days=7, fewest_articles=29).iloc[0]
    assert quiet["placebos"] == 0
    assert pd.isna(quiet["p_value"])
    assert "; p_value: none, a window of the event has fewer than 29 articles; " in quiet["method"]
    assert compare(mentions, 130, days=7, fewest_articles=28)["p_value"].notna().all()


def test_placebo_windows_must_be_filled():
    mentions = draw_mentions(6, 300)
    whole = compare(mentions, 150, days=7).iloc[0]
    mentions[200:260] = [[]] * 60
    thinned = compare(mentions, 150, days=7).iloc[0]
    # Of the dates 164, 169, ... 194 to 264 in steps of 5 have an empty day too many on a side.
    assert whole["placebos"] - thinned["placebos"] == len(range(199, 265, 5))


@given(st.integers(1, 60), st.integers(1, 60))
def test_law_changes_of_neighbouring_placebo_dates_are_uncorrelated(before, after):
    def weigh_days(first):
        days = np.zeros(200)
        days[first : first + before] = -1 / before
        days[first + before : first + before + after] = 1 / after
        return days

    apart = _uncorrelated_after(before, after)
    assert weigh_days(0) @ weigh_days(apart) < 1e-9
    assert weigh_days(0) @ weigh_days(apart - 1) > 0


@pytest.mark.parametrize(("days", "apart"), [(7, 5), (14, 10), (28, 19)])
def test_placebo_dates_stand_two_thirds_of_a_window_apart(days, apart):
    assert _uncorrelated_after(days, days) == apart


def test_p_values_are_adjusted_over_the_whole_table():
    counts = make_counts(
        [list(zip(*day, strict=True)) for day in zip(
            draw_mentions(7, 300), draw_mentions(8, 300), strict=True
        )],
        categories=("diplomacy", "security"),
    )  # fmt: skip
    changes = compare_around_events(counts, make_events(100, 200, 900), days=7)
    assert len(changes) == 3 * 2 * 2
    assert changes["p_value"].notna().sum() == 8
    assert changes["q_value"].tolist() == pytest.approx(
        adjust_p_values(changes["p_value"]).tolist(), nan_ok=True
    )
    chosen = compare_around_events(
        counts, make_events(100, themes="security,olympics"), days=7, themes_only=True,
        measures=["share", "balance"],
    )  # fmt: skip
    assert chosen[["category", "measure"]].values.tolist() == [
        ["security", "share"],
        ["security / diplomacy", "balance"],
    ]
    assert chosen["q_value"].tolist() == pytest.approx(adjust_p_values(chosen["p_value"]).tolist())
    named = compare_around_events(counts, make_events(100), categories=["security"], days=7)
    assert named["category"].unique().tolist() == ["security"]


def test_copies_are_weighed_or_dropped():
    def copy_of(day, number):
        return f"{day:04}-000" if number == 1 else None

    counts = make_counts([[1, 1, 0]] * 10, copy_of=copy_of)
    events = make_events(5)
    counted, weighed, dropped = (
        compare_around_events(counts, events, days=3, copies=copies, measures=["share"]).iloc[0]
        for copies in ("count", "weight", "drop")
    )
    assert [counted["articles_before"], counted["before"]] == [9, pytest.approx(2 / 3)]
    assert [weighed["articles_before"], weighed["before"]] == [6, 0.5]
    assert [dropped["articles_before"], dropped["before"]] == [6, 0.5]
    types = compare_around_events(counts, events, days=3, copies="weight").dtypes
    assert types[["articles_before", "tokens_after", "days_before"]].tolist() == [
        np.float64, np.float64, np.int64,
    ]  # fmt: skip


def autocorrelated_mentions(generator, days, likeness, *, at=None, factor=1.0, length=0):
    noise = lfilter([1], [1, -likeness], generator.normal(size=days + 50))[50:]
    rate = np.exp(0.4 * math.sqrt(1 - likeness**2) * noise)
    if at is not None:
        rate[at : at + length] *= factor
    return [generator.poisson(own, 6).tolist() for own in rate]


def test_law_placebo_dates_keep_the_level_and_find_a_planted_change():
    generator = np.random.default_rng(9)
    found = {1.0: 0, 2.5: 0}
    for _ in range(40):
        at = int(generator.integers(14, 200))
        for factor in found:
            mentions = autocorrelated_mentions(generator, 214, 0.3, at=at, factor=factor, length=14)
            row = compare(mentions, at, days=7, measures=["per_1000"], replicates=100).iloc[0]
            found[factor] += row["p_value"] <= 0.05
    # Binomial(40, .05) is at most 6 in more than 99 % of draws.
    assert found[1.0] <= 6
    assert found[2.5] >= 16


def test_neither_row_order_nor_other_events_change_the_draws():
    counts = make_counts(draw_mentions(10, 120), outlets=("المرصد", None))
    events = make_events(60, 80)
    whole = compare_around_events(counts, events, days=14)
    shuffled = compare_around_events(
        counts.sample(frac=1, random_state=3), events.iloc[::-1], days=14
    )
    pd.testing.assert_frame_equal(shuffled, whole)
    alone = compare_around_events(counts, events.iloc[1:], days=14)
    own = whole[whole["event"] == "حدث 80"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.drop(columns="q_value"), own.drop(columns="q_value"))
    other = compare_around_events(counts, events, days=14, seed=1)
    assert other["change"].equals(whole["change"])
    assert (other["change_low"] != whole["change_low"]).all()


def test_the_inputs_are_left_as_they_are():
    counts, events = make_counts(draw_mentions(11, 30)), make_events(15)
    before = counts.copy(deep=True), events.copy(deep=True)
    compare_around_events(counts, events, days=7)
    event_windows(events)
    pd.testing.assert_frame_equal(counts, before[0])
    pd.testing.assert_frame_equal(events, before[1])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"days": 0}, "days is 0; give a whole number, 1 or more."),
        ({"fewest_articles": 0}, "fewest_articles is 0; give a whole number, 1 or more."),
        (
            {"measures": ["sum"]},
            "measure is 'sum'; choose one of 'share', 'per_1000', 'balance'.",
        ),
        ({"categories": ["war"]}, "category is 'war'; choose one of 'security'."),
        ({"measures": ["balance"]}, "a frame of pair is 'diplomacy'; choose one of 'security'."),
        (
            {"categories": []},
            "there is nothing to compare; name at least one category and measure.",
        ),
        ({"level": 95}, "level is 95; choose a number between 0 and 1, such as 0.95."),
        (
            {"replicates": 10},
            "replicates is 10; choose at least 100, 1000 for results to publish.",
        ),
        (
            {"stratify": "author"},
            "the table `counts` has no column `author`; "
            "it has: article_id, outlet, published, category, mentions, tokens.",
        ),
        ({"copies": "hide"}, "copies is 'hide'; choose one of 'count', 'weight', 'drop'."),
    ],
)
def test_errors_say_what_to_change(options, message):
    with pytest.raises(InputError) as error:
        compare([[1]] * 5, 2, **options)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda events: events.drop(columns="end"),
            "the table `events` has no column `end`; "
            "it has: event, date, name_en, name_ar, source, themes.",
        ),
        (
            lambda events: events.assign(date=["2031-01-03", "2031-01-04"]),
            "the column `date` of `events` holds str, not dates without a time zone; "
            "convert it with pandas.to_datetime.",
        ),
        (
            lambda events: events.assign(date=[pd.NaT, FIRST]),
            "the event 'حدث 2' has no date; give its first day.",
        ),
        (
            lambda events: events.assign(end=FIRST + pd.Timedelta(days=2)),
            "the event 'حدث 3' ends before it starts; give its last day as `end`.",
        ),
        (
            lambda events: events.assign(event="حدث"),
            "the event 'حدث' stands twice in `events`; give each a name of its own.",
        ),
    ],
)
def test_mistakes_in_a_table_of_events(change, message):
    events = change(make_events(2, 3))
    for function in (event_windows, lambda own: compare_around_events(make_counts([[1]]), own)):
        with pytest.raises(InputError) as error:
            function(events)
        assert str(error.value) == message


def test_only_expected_themes_need_their_column():
    with pytest.raises(InputError) as error:
        compare_around_events(
            make_counts([[1]]), make_events(2)[["event", "date", "end"]], themes_only=True
        )
    assert str(error.value) == (
        "the table `events` has no column `themes`; it has: event, date, end."
    )


# ── interrupted series ──────────────────────────────────────────────────────────────────


def make_framing(*series, freq="MS"):
    periods = pd.date_range(FIRST, periods=len(series[0]), freq=freq)
    return pd.concat(
        [
            pd.DataFrame(
                {"period": periods, "category": f"فئة {number:03}", "articles": 9, "share": values}
            )
            for number, values in enumerate(series)
        ],
        ignore_index=True,
    ).astype({"share": "float64"})


def interrupt(date, *series, **options):
    return interrupted_series(make_framing(*series), date, measure="share", **options)


def years_from(date, size):
    periods = pd.date_range(FIRST, periods=size, freq="MS")
    return (periods - pd.Timestamp(date)).days.to_numpy() / 365.25


def test_two_lines_are_found_again():
    years = years_from("2032-01-01", 24)
    after = years >= 0
    values = 5 + 2 * years + after * (3 - 4 * years)
    table = interrupt("2032-01-01", values)
    assert table.dtypes.astype("str").to_dict() | {"date": "datetime64[us]"} == dict(INTERRUPTED)
    assert table["term"].tolist() == ["level_before", "slope_before", "step", "slope_change"]
    assert table["estimate"].tolist() == pytest.approx([5, 2, 3, -4])
    assert table[["periods_before", "periods_after"]].values.tolist() == [[12, 12]] * 4


def test_estimates_are_those_of_least_squares_and_errors_are_enlarged():
    generator = np.random.default_rng(12)
    values = generator.normal(size=60)
    table = interrupt("2033-07-01", values)
    years = years_from("2033-07-01", 60)
    after = years >= 0
    design = np.column_stack([np.ones(60), years, after, after * years])
    plain = OLS(values, design).fit(cov_type="HAC", cov_kwds={"maxlags": 3}, use_t=True)
    assert table["estimate"].tolist() == pytest.approx(plain.params.tolist())
    assert table["lags"].unique().tolist() == [3]
    classical = OLS(values, design).fit().bse
    reach = ((table["high"] - table["low"]) / 2).to_numpy()
    # By t of 6 degrees of freedom at least, and of those of the regression at most.
    assert (reach > 1.96 * plain.bse).all()
    assert (reach < 4 * classical).all()
    assert (table["p_value"] < 0.05).tolist() == ((table["low"] > 0) | (table["high"] < 0)).tolist()


def test_a_period_that_holds_the_date_is_of_neither_side():
    values = [0.0] * 6 + [100.0] + [1.0] * 6
    table = interrupt("2031-07-15", values).set_index("term")
    assert table[["periods_before", "periods_after"]].iloc[0].tolist() == [6, 6]
    assert table.loc["step", "estimate"] == pytest.approx(1)
    on_the_day = interrupt("2031-07-01", values).set_index("term")
    assert on_the_day[["periods_before", "periods_after"]].iloc[0].tolist() == [6, 7]


def test_empty_periods_and_short_sides():
    values = [0.1, 0.3, GAP, 0.2, 0.1, 0.5, 0.4, GAP, 0.5, 0.6]
    table = interrupt("2031-06-01", values)
    assert table[["periods_before", "periods_after"]].iloc[0].tolist() == [4, 4]
    assert table[["estimate", "low", "p_value"]].notna().all(axis=None)
    for date in ("2031-05-01", "2020-01-01", "2040-01-01"):
        short = interrupt(date, values)
        assert short[["estimate", "low", "high", "p_value", "q_value"]].isna().all(axis=None)
        assert len(short) == 4
    assert interrupt("2040-01-01", values)["periods_after"].tolist() == [0] * 4


def test_a_series_that_does_not_vary_has_no_errors():
    table = interrupt("2031-07-01", [0.5] * 12)
    assert table["estimate"].tolist() == pytest.approx([0.5, 0, 0, 0])
    assert table[["low", "high", "p_value", "q_value"]].isna().all(axis=None)


@pytest.mark.parametrize("likeness", [0, 0.5])
def test_law_a_step_is_called_significant_as_rarely_as_it_says(likeness):
    generator = np.random.default_rng(13)
    noise = generator.normal(size=(300, 110)) * math.sqrt(1 - likeness**2)
    series = lfilter([1], [1, -likeness], noise, axis=1)[:, 50:]
    table = interrupt("2033-07-01", *series)
    # Binomial(300, .05) lies within 5 and 27 in more than 99 % of draws.
    for term in ("step", "slope_change"):
        assert 5 <= (table.loc[table["term"] == term, "p_value"] <= 0.05).sum() <= 27
    planted = series + 2 * (np.arange(60) >= 30)
    table = interrupt("2033-07-01", *planted[:50])
    steps = table[table["term"] == "step"]
    assert (steps["p_value"] <= 0.05).mean() > (0.9 if likeness == 0 else 0.4)
    assert steps["estimate"].mean() == pytest.approx(2, abs=0.3)


def test_q_values_are_of_the_terms_about_the_event():
    series = np.random.default_rng(14).normal(size=(3, 30))
    table = interrupt("2032-01-01", *series)
    asked = table["term"].isin(["step", "slope_change"])
    assert table.loc[~asked, "q_value"].isna().all()
    assert table.loc[asked, "q_value"].tolist() == pytest.approx(
        adjust_p_values(table.loc[asked, "p_value"]).tolist()
    )


def test_lags_follow_the_number_of_periods_or_are_given():
    values = np.random.default_rng(15).normal(size=100)
    assert interrupt("2035-01-01", values)["lags"].unique().tolist() == [4]
    assert interrupt("2032-06-01", values[:30])["lags"].unique().tolist() == [3]
    none = interrupt("2035-01-01", values, lags=0, level=0.9)
    assert none["lags"].unique().tolist() == [0]
    assert none["method"].unique().tolist() == [
        "segmented least squares of statsmodels, periods not weighted; Newey-West errors with 0 "
        "lags, enlarged by what they fall short of under a first-order autoregression; "
        "Satterthwaite's degrees of freedom; level 0.9"
    ]


def test_groups_stand_first_and_row_order_does_not_matter():
    framing = make_framing(*np.random.default_rng(16).normal(size=(2, 24)))
    framing.insert(1, "outlet", np.repeat(["صدى المشرق", None], 24))
    table = interrupted_series(framing, "2032-01-01", measure="share")
    assert table.columns.tolist() == ["outlet", *INTERRUPTED]
    assert table["outlet"].isna().tolist() == [False] * 4 + [True] * 4
    shuffled = framing.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        interrupted_series(shuffled, "2032-01-01", measure="share"), table
    )


@pytest.mark.parametrize(
    ("date", "options", "message"),
    [
        ("spring", {}, "date is 'spring'; give a day, such as '2031-01-09'."),
        (None, {}, "date is None; give a day, such as '2031-01-09'."),
        ("2031-03-01", {"lags": -1}, "lags is -1; give a whole number, 0 or more."),
        (
            "2031-03-01",
            {"level": 0},
            "level is 0; choose a number between 0 and 1, such as 0.95.",
        ),
        (
            "2031-03-01",
            {"measure": "sum"},
            "measure is 'sum'; choose one of 'share', 'per_1000', 'balance'.",
        ),
    ],
)
def test_errors_of_an_interrupted_series(date, options, message):
    with pytest.raises(InputError) as error:
        interrupted_series(make_framing([0.1] * 9), date, **{"measure": "share", **options})
    assert str(error.value) == message
