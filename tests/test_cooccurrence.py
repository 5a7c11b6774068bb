"""What is said together: units counted by hand, planted ties found, chance ones left alone."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arabic import split_paragraphs, split_sentences
from analysis.cleaning import mask_text
from analysis.cooccurrence import (
    BALANCE_BY_VOICE,
    CARRIED_THEMES,
    COOCCURRENCES,
    balance_by_voice,
    count_carried_themes,
    count_cooccurrences,
)
from analysis.errors import InputError
from analysis.quotes import find_quotes
from analysis.tables import ARTICLES, MENTIONS, make_table
from analysis.themes import find_themes
from analysis.voices import VOICES, compare_voices

FEW = {"replicates": 100}
SENTENCE = "كلمة كلمة كلمة. "
"""A sentence of three words, to be repeated; the first letter of each is at a known place."""
WORD = "كلمة "


def articles_of(texts, *, skips=None, published=None):
    rows = [
        {
            "article_id": f"م{number:03}",
            "outlet": ("المرصد", "الضفة")[number % 2],
            "published": pd.Timestamp(published[number]) if published else pd.NaT,
            "title": "",
            "text": text,
            "skip": skips[number] if skips else [],
            "source_file": "composed",
        }
        for number, text in enumerate(texts)
    ]
    return make_table(rows, ARTICLES)


def mentions_of(places):
    """Build mentions from (article number, category, start)."""
    frames = ("security", "diplomacy")
    rows = [
        {
            "article_id": f"م{number:03}",
            "category": category,
            "kind": "frame" if category in frames else "theme",
            "start": start,
            "end": start + 4,
        }
        for number, category, start in places
    ]
    return make_table(rows, MENTIONS)


def in_sentence(number, place=0):
    return number * len(SENTENCE) + place * len(WORD)


def row_of(table, first, second):
    return table[(table["first"] == first) & (table["second"] == second)].iloc[0]


def test_sentences_with_both_by_hand():
    articles = articles_of([SENTENCE * 6, SENTENCE * 4])
    mentions = mentions_of(
        [
            (0, "security", in_sentence(0)),
            (0, "security", in_sentence(0, 1)),
            (0, "migration", in_sentence(0, 2)),
            (0, "migration", in_sentence(3)),
            (0, "diplomacy", in_sentence(5)),
            (1, "security", in_sentence(0)),
            (1, "security", in_sentence(1)),
            (1, "migration", in_sentence(1, 1)),
        ]
    )
    table = count_cooccurrences(articles, mentions, **FEW)
    assert table.dtypes.astype("str").to_dict() == COOCCURRENCES
    assert table[["first", "second"]].values.tolist() == [
        ["diplomacy", "migration"],
        ["diplomacy", "security"],
        ["migration", "security"],
    ]
    both = row_of(table, "migration", "security")
    names = ["units", "units_first", "units_second", "units_both", "articles", "articles_both"]
    assert both[names].tolist() == [10, 3, 3, 2, 2, 2]
    assert both["expected"] == pytest.approx(0.9)
    assert both["log_ratio"] == pytest.approx(math.log2(2.5 / 1.4))
    assert both[["share_of_first", "share_of_second"]].tolist() == pytest.approx([2 / 3, 2 / 3])
    apart = row_of(table, "diplomacy", "security")
    assert apart[names].tolist() == [10, 1, 3, 0, 2, 0]
    assert apart["share_of_first"] == 0
    assert apart["log_ratio"] == pytest.approx(math.log2(0.5 / 0.8))
    assert apart[["log_ratio_low", "log_ratio_high"]].isna().all()


@pytest.mark.parametrize(
    ("within", "units", "both"), [("sentence", 5, 0), ("paragraph", 3, 1), ("article", 2, 2)]
)
def test_units_are_sentences_paragraphs_or_articles(within, units, both):
    text = "كلمة أولى. كلمة ثانية.\nكلمة ثالثة"
    articles = articles_of([text, text[: text.index("\n")]], skips=[[], []])
    second = text.index("ثانية")
    mentions = mentions_of(
        [
            (0, "security", 0),
            (0, "migration", text.index("ثالثة")),
            (1, "security", 0),
            (1, "migration", second),
        ]
    )
    [row] = count_cooccurrences(articles, mentions, within=within, **FEW).to_dict("records")
    assert (row["units"], row["units_both"], row["within"]) == (units, both, within)


def test_a_mention_belongs_to_the_unit_that_holds_its_start():
    articles = articles_of(["كلمة.  كلمة كلمة"])
    for start, both in ((4, 0), (11, 1), (12, 1), (15, 1)):
        mentions = mentions_of([(0, "migration", start), (0, "security", 7)])
        [row] = count_cooccurrences(articles, mentions, **FEW).to_dict("records")
        assert (row["units"], row["units_both"]) == (2, both)


@pytest.mark.parametrize(
    ("places", "apart"),
    [
        ([("security", 0, 12), ("terrorism", 7, 12)], 0),
        ([("security", 0, 12), ("terrorism", 7, 12), ("security", 15, 20)], 1),
        ([("security", 0, 12), ("terrorism", 7, 12), ("terrorism", 12, 16)], 1),
        ([("security", 0, 4), ("terrorism", 0, 4)], 0),
        ([("security", 5, 9), ("terrorism", 0, 4)], 1),
    ],
)
def test_a_word_of_both_lists_is_no_tie_unless_it_is_asked_for(places, apart):
    articles = articles_of([WORD * 6], published=["2031-01-05"])
    mentions = mentions_of([(0, category, start) for category, start, _ in places])
    mentions["end"] = [end for _, _, end in places]
    for shared_words, both in (("leave", apart), ("count", 1)):
        [row] = count_cooccurrences(articles, mentions, shared_words=shared_words, **FEW).to_dict(
            "records"
        )
        assert (row["units_first"], row["units_second"], row["units_both"]) == (1, 1, both)
        [row] = count_carried_themes(
            articles, mentions, frames=["security"], shared_words=shared_words
        ).to_dict("records")
        assert (row["theme"], row["units_frame"], row["units_both"]) == ("terrorism", 1, both)


def test_skipped_places_are_no_units_and_end_sentences():
    articles = articles_of(["كلمة كلمة كلمة كلمة"], skips=[[(5, 10)]])
    mentions = mentions_of([(0, "security", 0), (0, "migration", 15)])
    [row] = count_cooccurrences(articles, mentions, **FEW).to_dict("records")
    assert (row["units"], row["units_both"]) == (2, 0)
    with pytest.raises(InputError) as error:
        count_cooccurrences(articles, mentions_of([(0, "security", 6)]))
    assert str(error.value) == (
        "mentions has a mention at 6 of article 'م000', where no sentence stands; "
        "pass the articles, with the `skip`, in which it was found."
    )


def test_categories_that_are_never_mentioned_stay_when_they_are_named():
    articles = articles_of([SENTENCE * 4])
    mentions = mentions_of([(0, "security", 0), (0, "migration", 0)])
    table = count_cooccurrences(articles, mentions, categories=["security", "olympics"], **FEW)
    [row] = table.to_dict("records")
    assert (row["first"], row["second"]) == ("security", "olympics")
    assert (row["units_first"], row["units_second"], row["expected"]) == (1, 0, 0)
    assert (row["log_ratio"], row["share_of_first"]) == (0, 0)
    assert math.isnan(row["share_of_second"])


def test_no_articles_and_no_mentions():
    none = count_cooccurrences(articles_of([]), mentions_of([]), **FEW)
    assert none.dtypes.astype("str").to_dict() == COOCCURRENCES
    assert none.empty
    [row] = count_cooccurrences(
        articles_of([]), mentions_of([]), categories=["security", "diplomacy"], **FEW
    ).to_dict("records")
    assert (row["units"], row["units_both"], row["articles"]) == (0, 0, 0)
    assert math.isnan(row["expected"])
    assert math.isnan(row["log_ratio"])


def simulated(seed, *, articles=60, tie=0.0, freq_days=0):
    """Articles of ten sentences; both categories in some of them, more often together by tie."""
    generator = np.random.default_rng(seed)
    places = []
    for number in range(articles):
        for sentence in range(10):
            security = generator.random() < 0.3
            rate = 0.2 + (tie if security else 0)
            places += [(number, "security", in_sentence(sentence))] * security
            places += [(number, "migration", in_sentence(sentence, 1))] * (
                generator.random() < rate
            )
    published = [
        pd.Timestamp("2031-01-01") + pd.Timedelta(days=freq_days * number)
        for number in range(articles)
    ]
    return articles_of([SENTENCE * 10] * articles, published=published), mentions_of(places)


def test_law_nominal_coverage_of_the_log_ratio_is_kept():
    covered, trials = 0, 80
    for seed in range(trials):
        [row] = count_cooccurrences(*simulated(seed), level=0.9, **FEW).to_dict("records")
        covered += row["log_ratio_low"] <= 0 <= row["log_ratio_high"]
    # Binomial(80, .9) lies within these bounds in more than 99.5 % of draws.
    assert 64 <= covered <= 79, covered


def test_a_planted_tie_is_found():
    [row] = count_cooccurrences(*simulated(1, tie=0.3)).to_dict("records")
    assert row["log_ratio_low"] > 0
    # Migration stands in 0.5 of the sentences with security and in 0.29 of all.
    assert row["log_ratio_low"] < math.log2(0.5 / 0.29) < row["log_ratio_high"]


def test_many_categories_have_the_intervals_of_the_same_draws():
    articles, mentions = simulated(2, articles=20)
    names = [f"فئة {number:02}" for number in range(16)]
    extra = mentions_of([(0, name, 0) for name in names])
    [alone] = count_cooccurrences(articles, mentions, **FEW).to_dict("records")
    many = count_cooccurrences(articles, pd.concat([mentions, extra]), **FEW)
    assert len(many) == math.comb(18, 2)
    assert row_of(many, "migration", "security").to_dict() == pytest.approx(alone)


@st.composite
def a_corpus(draw):
    letters = st.text(alphabet="ابت َ،.\n «»؟", max_size=40)
    texts = draw(st.lists(letters, min_size=1, max_size=4))
    skips = [
        draw(st.lists(st.tuples(*[st.integers(0, len(text))] * 2).map(sorted), max_size=1))
        for text in texts
    ]
    places = []
    for number, text in enumerate(texts):
        shown = [
            place for place, sign in enumerate(mask_text(text, skips[number])) if not sign.isspace()
        ]
        if shown:
            chosen = draw(
                st.lists(st.tuples(st.sampled_from("ٱحد"), st.sampled_from(shown)), max_size=6)
            )
            places += [(number, category, start) for category, start in chosen]
    return articles_of(texts, skips=skips), mentions_of(places)


@settings(max_examples=60, deadline=None)
@given(
    a_corpus(),
    st.sampled_from([("sentence", split_sentences), ("paragraph", split_paragraphs)]),
    st.sampled_from(["leave", "count"]),
)
def test_law_units_are_those_found_one_by_one(corpus, unit, shared_words):
    articles, mentions = corpus
    within, split = unit
    held = []
    for article_id, text, skip in articles[["article_id", "text", "skip"]].itertuples(index=False):
        own = mentions[mentions["article_id"] == article_id]
        for start, end in split(mask_text(text, skip)):
            inside = own["start"].between(start, end - 1)
            held.append(own.loc[inside, ["category", "start"]].values.tolist())
    table = count_cooccurrences(
        articles,
        mentions,
        within=within,
        categories=list("ٱحد"),
        shared_words=shared_words,
        **FEW,
    ).set_index(["first", "second"])
    assert (table["units"] == len(held)).all()
    for pair in combinations("ٱحد", 2):
        starts = [
            [{start for name, start in unit if name == category} for category in pair]
            for unit in held
        ]
        row = table.loc[pair]
        assert row["units_first"] == sum(bool(of_first) for of_first, _ in starts)
        # Mentions are 4 letters long.
        assert row["units_both"] == sum(
            any(
                shared_words == "count" or abs(one - other) >= 4
                for one in of_first
                for other in of_second
            )
            for of_first, of_second in starts
        )


CARRIED = ["units_frame", "units_both", "articles"]


def test_themes_in_the_sentences_of_frames_by_hand():
    articles = articles_of(
        [SENTENCE * 5, SENTENCE * 5, SENTENCE, SENTENCE],
        published=["2031-01-05", "2031-01-20", "2031-03-01", "2031-03-02"],
    )
    mentions = mentions_of(
        [(0, "security", in_sentence(place)) for place in range(4)]
        + [(0, "migration", in_sentence(0, 1)), (0, "migration", in_sentence(4))]
        + [(0, "terrorism", in_sentence(0, 2)), (1, "security", in_sentence(0))]
        + [(1, "diplomacy", in_sentence(2)), (1, "migration", in_sentence(2, 1))]
    )
    table = count_carried_themes(articles, mentions)
    assert table.dtypes.astype("str").to_dict() == CARRIED_THEMES
    assert len(table) == 3 * 2 * 2
    table = table.set_index(["period", "frame", "theme"])
    january, february = table.loc["2031-01-01"], table.loc["2031-02-01"]
    assert january.loc[("security", "migration"), CARRIED].tolist() == [5, 1, 2]
    assert january.loc[("security", "terrorism"), CARRIED].tolist() == [5, 1, 2]
    assert january.loc[("diplomacy", "migration"), CARRIED].tolist() == [1, 1, 2]
    assert january.loc[("security", "migration"), "share"] == 0.2
    assert (february[CARRIED] == 0).all(axis=None)
    assert february[["share", "low", "high"]].isna().all(axis=None)
    march = table.loc["2031-03-01"]
    assert march["articles"].tolist() == [2] * 4
    assert march["units_frame"].tolist() == [0] * 4


def test_independent_units_have_the_plain_wilson_interval():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 15 of 148, Wilson score.
    articles = articles_of([SENTENCE] * 148, published=["2031-01-05"] * 148)
    places = [(number, "security", 0) for number in range(148)]
    places += [(number, "migration", in_sentence(0, 1)) for number in range(15)]
    [row] = count_carried_themes(articles, mentions_of(places), frames=["security"]).to_dict(
        "records"
    )
    # One sentence for each article: the design effect is n / (n - 1).
    assert row["design_effect"] == pytest.approx(148 / 147)
    assert (round(row["low"], 3), round(row["high"], 3)) == (0.062, 0.161)


def test_the_design_effect_of_articles_that_say_it_always_or_never():
    articles = articles_of([SENTENCE * 5] * 40, published=["2031-01-05", "2031-02-05"] * 20)
    places = [
        (number, "security", in_sentence(sentence)) for number in range(40) for sentence in range(5)
    ]
    places += [
        (number, "migration", in_sentence(sentence, 1))
        for number in range(10)
        for sentence in range(5)
    ]
    table = count_carried_themes(articles, mentions_of(places), frames=["security"])
    # Each article is worth one unit: 5, times 40 / (40 - 2) for the two periods.
    assert table["design_effect"].tolist() == pytest.approx([5 * 40 / 38] * 2)
    assert table["share"].tolist() == [0.25, 0.25]


def test_law_articles_that_repeat_themselves_are_covered():
    covered, trials = 0, 100
    for seed in range(trials):
        generator = np.random.default_rng(seed)
        rates = generator.beta(1, 3, size=40)
        places = [(n, "security", in_sentence(s)) for n in range(40) for s in range(8)]
        places += [
            (n, "migration", in_sentence(s, 1))
            for n in range(40)
            for s in np.flatnonzero(generator.random(8) < rates[n])
        ]
        articles = articles_of([SENTENCE * 8] * 40, published=["2031-01-05"] * 40)
        table = count_carried_themes(
            articles, mentions_of(places), frames=["security"], level=0.9
        ).iloc[0]
        covered += table["low"] <= 0.25 <= table["high"]
    # Binomial(100, .9) lies within these bounds in more than 99.5 % of draws.
    assert 81 <= covered <= 98, covered


def test_frames_and_themes_are_those_that_are_named():
    articles, mentions = simulated(3, articles=4)
    table = count_carried_themes(
        articles,
        mentions,
        freq="YS",
        frames=["diplomacy", "security"],
        themes=["terrorism", "migration"],
        within="article",
    )
    assert table[["frame", "theme"]].values.tolist() == [
        ["diplomacy", "terrorism"],
        ["diplomacy", "migration"],
        ["security", "terrorism"],
        ["security", "migration"],
    ]
    assert table["within"].unique().tolist() == ["article"]
    security = set(mentions.loc[mentions["category"] == "security", "article_id"])
    migration = set(mentions.loc[mentions["category"] == "migration", "article_id"])
    assert table["units_frame"].tolist() == [0, 0, len(security), len(security)]
    assert table["units_both"].tolist() == [0, 0, 0, len(security & migration)]


def test_without_a_theme_no_theme_is_carried():
    articles, mentions = simulated(4, articles=3)
    table = count_carried_themes(articles, mentions[mentions["kind"] == "frame"])
    assert table.empty
    assert table.dtypes.astype("str").to_dict() == CARRIED_THEMES


def test_articles_without_a_date_are_left_out():
    articles, mentions = simulated(5, articles=6)
    articles.loc[:2, "published"] = pd.NaT
    table = count_carried_themes(articles, mentions, frames=["security"])
    assert table["articles"].tolist() == [3]


def quotes_of(spans):
    """Build quotes from (article number, first word, after last word, source type)."""
    rows = [
        (f"م{number:03}", first * len(WORD), after * len(WORD) - 1, source_type, False)
        for number, first, after, source_type in spans
    ]
    columns = ["article_id", "content_start", "content_end", "source_type", "weak"]
    return pd.DataFrame(rows, columns=columns).astype({"article_id": "str", "weak": "bool"})


def at_word(number, category, word):
    return (number, category, word * len(WORD))


def spoken(seed, *, articles=40, published=None):
    """Articles of 40 words, half of an expert: of security twice as often as the reporter."""
    generator = np.random.default_rng(seed)
    places = []
    for number in range(articles):
        for begin, security in ((0, 4), (20, 2)):
            for category, rate in (("security", security), ("diplomacy", 2)):
                words = generator.integers(begin, begin + 20, size=generator.poisson(rate))
                places += [at_word(number, category, int(word)) for word in words]
    return (
        mentions_of(places),
        quotes_of([(number, 0, 20, "expert") for number in range(articles)]),
        articles_of([WORD * 40] * articles, published=published),
    )


INTERVALS = ["balance_low", "balance_high", "difference_low", "difference_high"]


def test_balances_of_voices_by_hand():
    articles = articles_of([WORD * 20, WORD * 10])
    quotes = quotes_of([(0, 0, 8, "expert"), (1, 0, 2, "official")])
    mentions = mentions_of(
        [at_word(0, "security", word) for word in (0, 1, 2, 12)]
        + [at_word(0, "diplomacy", word) for word in (3, 13, 14)]
        + [at_word(1, "security", 0), at_word(1, "diplomacy", 5), at_word(1, "migration", 6)]
    )
    table = balance_by_voice(mentions, quotes, articles, **FEW)
    assert table.dtypes.astype("str").to_dict() == BALANCE_BY_VOICE
    assert table["voice"].tolist() == list(VOICES)
    table = table.set_index("voice")
    names = ["articles", "words", "first_mentions", "second_mentions"]
    assert table.loc["reporter", names].tolist() == [2, 20, 1, 3]
    assert table.loc["quoted", names].tolist() == [2, 10, 4, 1]
    assert table.loc["expert", names].tolist() == [1, 8, 3, 1]
    assert table.loc["official", names].tolist() == [1, 2, 1, 0]
    assert table.loc["citizen", names].tolist() == [0, 0, 0, 0]
    assert table.loc["reporter", "balance"] == pytest.approx(math.log2(1.5 / 3.5))
    assert table.loc["expert", "balance"] == pytest.approx(math.log2(3.5 / 1.5))
    assert table.loc["expert", "difference"] == pytest.approx(2 * math.log2(3.5 / 1.5))
    assert table.loc["reporter", "difference"] == 0
    # Neither spoke in a second article, and the citizen in none.
    assert table.loc[["expert", "official", "citizen"], INTERVALS].isna().all(axis=None)
    assert table.loc["citizen", ["balance", "difference"]].isna().all()
    assert table["pair"].unique().tolist() == ["security / diplomacy"]


def test_mentions_and_words_are_those_of_compare_voices():
    articles = articles_of(
        [
            "قال الخبير سمير الوادي إن الجيش يحمي الحدود. وتستمر المفاوضات بين الوفدين.",
            "أكدت وزيرة الخارجية هدى المرواني أن الحوار مستمر. وانتشر الجيش.",
        ]
    )
    mentions, quotes = find_themes(articles), find_quotes(articles)
    compared = compare_voices(mentions, quotes, articles, **FEW)
    table = balance_by_voice(mentions, quotes, articles, **FEW)
    for name, frame in (("first_mentions", "security"), ("second_mentions", "diplomacy")):
        rows = compared[compared["category"] == frame]
        assert table[name].tolist() == rows["mentions"].tolist()
        assert table["words"].tolist() == rows["words"].tolist()
        assert table["articles"].tolist() == rows["articles"].tolist()
    assert table["first_mentions"].sum() > 0


def test_who_speaks_more_of_security_is_found():
    table = balance_by_voice(*spoken(1)).set_index("voice")
    expert = table.loc["expert"]
    assert expert["difference_low"] > 0
    assert expert["difference_low"] < 1 < expert["difference_high"]
    turned = balance_by_voice(*spoken(1), pair=("diplomacy", "security")).set_index("voice")
    assert turned.loc["expert", "balance"] == pytest.approx(-expert["balance"])
    assert table.loc["reporter", ["difference_low", "difference_high"]].tolist() == [0, 0]


def test_law_nominal_coverage_of_the_difference_is_kept():
    covered, trials = 0, 60
    for seed in range(trials):
        table = balance_by_voice(*spoken(seed), level=0.9, **FEW).set_index("voice")
        covered += (
            table.loc["expert", "difference_low"] <= 1 <= table.loc["expert", "difference_high"]
        )
    # Binomial(60, .9) lies within these bounds in more than 99.5 % of draws.
    assert 46 <= covered <= 60, covered


def test_periods_have_all_voices_and_empty_ones_stay():
    published = ["2031-01-05"] * 10 + ["2031-03-05"] * 10
    tables = spoken(2, articles=20, published=published)
    table = balance_by_voice(*tables, freq="MS", **FEW)
    assert table.dtypes.astype("str").to_dict() == {"period": "datetime64[us]", **BALANCE_BY_VOICE}
    assert table["period"].dt.month.tolist() == [1] * 10 + [2] * 10 + [3] * 10
    assert table["voice"].tolist() == list(VOICES) * 3
    empty = table[table["period"] == "2031-02-01"]
    assert (empty[["articles", "words", "first_mentions"]] == 0).all(axis=None)
    assert empty[["balance", "difference", *INTERVALS]].isna().all(axis=None)
    whole = balance_by_voice(*tables, **FEW)
    sums = table.groupby("voice", sort=False)[["articles", "words", "first_mentions"]].sum()
    assert sums.values.tolist() == whole[list(sums)].values.tolist()
    first = [each[each["article_id"] < "م010"] for each in tables]
    alone = balance_by_voice(*first, freq="MS", **FEW)
    pd.testing.assert_frame_equal(table[:10], alone)


@pytest.mark.parametrize("shuffled", [False, True])
def test_results_depend_on_the_seed_and_not_on_the_order_of_rows(shuffled):
    def order(table):
        return table.sample(frac=1, random_state=1) if shuffled else table

    articles, mentions = simulated(6, articles=12)
    first = count_cooccurrences(articles, mentions, **FEW)
    again = count_cooccurrences(order(articles), order(mentions), **FEW)
    pd.testing.assert_frame_equal(first, again)
    other = count_cooccurrences(articles, mentions, seed=1, **FEW)
    assert other["log_ratio_low"][0] != first["log_ratio_low"][0]
    assert first["method"][0] == (
        "log_ratio: bootstrap standard errors, Student's t, articles drawn within outlet, "
        "100 replicates, seed 20240726; level 0.95"
    )
    carried = count_carried_themes(articles, mentions)
    pd.testing.assert_frame_equal(carried, count_carried_themes(order(articles), order(mentions)))
    tables = spoken(3, articles=12)
    voices = balance_by_voice(*tables, **FEW)
    pd.testing.assert_frame_equal(voices, balance_by_voice(*map(order, tables), **FEW))
    assert not balance_by_voice(*tables, seed=1, **FEW)[INTERVALS].equals(voices[INTERVALS])
    loose = balance_by_voice(*tables, stratify=None, **FEW)
    assert loose["method"][0] == (
        "balance and difference: bootstrap standard errors, Student's t, articles drawn, "
        "100 replicates, seed 20240726; level 0.95"
    )


def message(call, *arguments, **options):
    with pytest.raises(InputError) as error:
        call(*arguments, **options)
    return str(error.value)


@pytest.mark.parametrize("call", [count_cooccurrences, count_carried_themes])
def test_errors_of_units_say_what_to_change(call):
    articles, mentions = simulated(7, articles=3, freq_days=1)
    assert message(call, articles, mentions, shared_words="split") == (
        "shared_words is 'split'; choose one of 'leave', 'count'."
    )
    assert message(call, articles, mentions, within="page") == (
        "within is 'page'; choose one of 'sentence', 'paragraph', 'article'."
    )
    assert message(call, articles.drop(columns="skip"), mentions) == (
        "the table `articles` has no column `skip`; "
        "it has: article_id, outlet, published, title, text, source_file."
    )
    assert message(call, articles, mentions.drop(columns="start")) == (
        "the table `mentions` has no column `start`; it has: article_id, category, kind, term, "
        "end, surface, quote_id, subcategory."
    )
    assert message(call, articles[:1], mentions) == (
        "mentions has article_id 'م001', which the articles do not have; pass the same articles."
    )
    assert message(call, articles, mentions, level=95) == (
        "level is 95; choose a number between 0 and 1, such as 0.95."
    )


def test_errors_of_other_options_say_what_to_change():
    articles, mentions = simulated(8, articles=3)
    assert message(count_cooccurrences, articles, mentions, categories=["security"] * 2) == (
        "categories are ['security', 'security']; name each once."
    )
    assert message(count_cooccurrences, articles, mentions, replicates=10) == (
        "replicates is 10; choose at least 100, 1000 for results to publish."
    )
    assert message(count_carried_themes, articles, mentions, freq="D") == (
        "freq is 'D'; choose one of 'W', 'MS', 'QS', 'YS'."
    )
    assert message(
        count_carried_themes, articles, mentions, frames=["security"], themes=["security"]
    ) == ("categories are ['security', 'security']; name each once.")
    assert message(
        count_cooccurrences, articles, mentions_of([(0, "security", 1000)]), within="article"
    ) == (
        "mentions has a mention at 1000 of article 'م000', where no article stands; "
        "pass the articles, with the `skip`, in which it was found."
    )
    tables = spoken(4, articles=3)
    assert message(balance_by_voice, *tables, pair=("security", "tourism")) == (
        "pair has frame 'tourism', which the lexicons do not have; choose two of their categories."
    )
    assert message(balance_by_voice, *tables, pair=("security", "security")) == (
        "pair is ('security', 'security'); name two different categories."
    )
    assert message(balance_by_voice, *tables, freq="MS") == (
        "no article of `counts` has a date (3 without one); fill the column `published`."
    )
    assert message(balance_by_voice, tables[0], tables[1].drop(columns="weak"), tables[2]) == (
        "the table `quotes` has no column `weak`; "
        "it has: article_id, content_start, content_end, source_type."
    )
