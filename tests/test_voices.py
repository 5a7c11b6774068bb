"""Whose voice: every source type and every denominator stays in the table."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.quotes import find_quotes
from analysis.tables import ARTICLES, SOURCE_TYPES, make_table
from analysis.themes import count_themes, find_themes
from analysis.voices import COMPARISON, VOICES, compare_voices, count_voices

QUOTES = pd.DataFrame(
    [
        ("1", "1:q1", "official", "الحدود مغلقة", False),
        ("1", "1:q2", "official", "نعم", False),
        ("2", "2:q1", "official", "لا", False),
        ("2", "2:q2", "expert", "ثلاث كلمات هنا", False),
        ("2", "2:q3", "expert", "إلى الحوار", True),
    ],
    columns=["article_id", "quote_id", "source_type", "content", "weak"],
)


def test_voices_leave_out_weak_records_and_keep_silent_types():
    voices = count_voices(QUOTES).set_index("source_type")
    assert voices.index.tolist()[:2] == ["official", "expert"]
    assert set(voices.index) == set(SOURCE_TYPES)
    assert voices.loc["official"].to_dict() == {
        "quotes": 3,
        "articles": 2,
        "words": 4,
        "share": 0.75,
    }
    assert voices.loc["citizen", ["quotes", "articles", "words", "share"]].tolist() == [0] * 4


def test_no_quotes_at_all_is_zeros_without_a_share():
    voices = count_voices(QUOTES[:0])
    assert voices["quotes"].sum() == 0
    assert voices["share"].isna().all()


def test_a_missing_column_is_named():
    with pytest.raises(InputError) as error:
        count_voices(QUOTES.drop(columns="weak"))
    assert str(error.value) == (
        "the table `quotes` has no column `weak`; "
        "it has: article_id, quote_id, source_type, content."
    )


WORD = "كلمة "
INTERVAL = ["log_ratio_low", "log_ratio_high"]


def articles_of(texts, skips=None):
    rows = [
        {
            "article_id": f"م{number:03}",
            "outlet": ("المرصد", "الضفة")[number % 2],
            "published": pd.NaT,
            "title": "",
            "text": text,
            "skip": [] if skips is None else skips[number],
            "source_file": "composed",
        }
        for number, text in enumerate(texts)
    ]
    return make_table(rows, ARTICLES)


def quotes_of(spans):
    """Build quotes from (article number, start, end, source type, weak)."""
    columns = ["article_id", "content_start", "content_end", "source_type", "weak"]
    rows = [(f"م{number:03}", *span) for number, *span in spans]
    return pd.DataFrame(rows, columns=columns).astype({"article_id": "str", "weak": "bool"})


def mentions_of(places):
    """Build mentions from (article number, category, start, end)."""
    rows = [(f"م{number:03}", *place) for number, *place in places]
    return pd.DataFrame(rows, columns=["article_id", "category", "start", "end"]).astype(
        {"article_id": "str", "category": "str", "start": "int64", "end": "int64"}
    )


def word_at(number):
    start = number * len(WORD)
    return start, start + len(WORD) - 1


def words_from(first, after):
    return first * len(WORD), after * len(WORD) - 1


def row_of(table, category, voice):
    chosen = (table["category"] == category) & (table["voice"] == voice)
    return table[chosen].iloc[0]


def test_every_word_and_mention_has_one_voice():
    articles = articles_of(
        [
            "قال الخبير سمير الوادي إن الهجرة السرية تتراجع، فيما تزداد الهجرة. "
            "وأكدت وزيرة الداخلية هدى المرواني أن المهاجرين بخير. ودعت إلى وقف الهجرة."
        ]
    )
    quotes = find_quotes(articles)
    assert quotes[["source_type", "weak"]].values.tolist() == [
        ["expert", False],
        ["official", False],
        ["official", True],
    ]
    compared = compare_voices(find_themes(articles), quotes, articles)
    assert compared.dtypes.astype("str").to_dict() == dict(COMPARISON)
    assert compared["voice"].tolist() == list(VOICES) * 6
    migration = compared[compared["category"] == "migration"].set_index("voice")
    numbers = migration[["articles", "mentions", "words"]]
    assert numbers.loc["reporter"].tolist() == [1, 1, 15]
    assert numbers.loc["quoted"].tolist() == [1, 3, 8]
    assert numbers.loc["expert"].tolist() == [1, 2, 6]
    assert numbers.loc["official"].tolist() == [1, 1, 2]
    assert numbers.loc["citizen"].tolist() == [0, 0, 0]


def test_rates_and_log_ratios_by_hand():
    articles = articles_of([WORD * 30, WORD * 10])
    quotes = quotes_of([(0, *words_from(0, 10), "expert", False)])
    mentions = mentions_of(
        [(0, "migration", *word_at(place)) for place in (1, 2, 15)] + [(1, "security", *word_at(0))]
    )
    compared = compare_voices(mentions, quotes, articles)
    reporter = row_of(compared, "migration", "reporter")
    expert = row_of(compared, "migration", "expert")
    assert reporter[["articles", "mentions", "words"]].tolist() == [2, 1, 30]
    assert expert[["articles", "mentions", "words"]].tolist() == [1, 2, 10]
    assert (expert["share"], expert["per_1000"]) == (pytest.approx(2 / 3), 200)
    # Three mentions in 40 words: 10 words would have 0.75 of them, 30 words 2.25.
    expected = math.log2((2.5 / 1.25) / (1.5 / 2.75))
    assert expert["log_ratio"] == pytest.approx(expected)
    assert row_of(compared, "migration", "quoted")["log_ratio"] == pytest.approx(expected)
    assert reporter["log_ratio"] == 0
    silent = row_of(compared, "security", "expert")
    assert silent["log_ratio"] == pytest.approx(math.log2((0.5 / 0.75) / (1.5 / 1.25)))
    assert silent[INTERVAL].isna().all()


def test_a_voice_of_few_words_without_a_mention_comes_near_zero():
    articles = articles_of([WORD * 1002])
    quotes = quotes_of([(0, *words_from(0, 2), "citizen", False)])
    mentions = mentions_of([(0, "security", *word_at(place)) for place in range(500, 510)])
    citizen = row_of(compare_voices(mentions, quotes, articles), "security", "citizen")
    assert -0.1 < citizen["log_ratio"] < 0


def test_nothing_to_compare_is_not_a_number():
    articles = articles_of([WORD * 10, WORD * 10])
    quotes = quotes_of([(0, *words_from(0, 5), "expert", False)])
    mentions = mentions_of([(0, "security", *word_at(0))])
    compared = compare_voices(mentions, quotes, articles)
    unsaid = compared[compared["category"] == "olympics"]
    assert unsaid[["share", "log_ratio", *INTERVAL]].isna().all(axis=None)
    unheard = row_of(compared, "security", "official")
    assert unheard[["per_1000", "log_ratio", *INTERVAL]].isna().all()
    assert unheard["share"] == 0
    all_said = quotes_of([(number, *words_from(0, 10), "expert", False) for number in (0, 1)])
    compared = compare_voices(mentions, all_said, articles)
    assert row_of(compared, "security", "reporter")["words"] == 0
    assert compared["log_ratio"].isna().all()


def test_of_nested_quotes_the_shortest_speaks():
    articles = articles_of([WORD * 20])
    mentions = mentions_of(
        [(0, "security", *word_at(place)) for place in (2, 6, 15)]
        # Crosses the border of the inner quote, then of the outer one.
        + [(0, "security", word_at(4)[0], word_at(5)[1]), (0, "security", *words_from(9, 11))]
    )
    quotes = quotes_of(
        [
            (0, *words_from(5, 8), "media", False),
            (0, *words_from(0, 10), "official", False),
            (0, *words_from(0, 3), "citizen", True),
        ]
    )
    compared = compare_voices(mentions, quotes, articles)
    security = compared[compared["category"] == "security"].set_index("voice")
    numbers = security.loc[["reporter", "official", "media", "citizen"], ["mentions", "words"]]
    assert numbers.values.tolist() == [[2, 10], [2, 7], [1, 3], [0, 0]]


def test_skipped_places_have_no_voice():
    articles = articles_of([WORD * 20], skips=[[words_from(8, 12)]])
    quotes = quotes_of([(0, *words_from(5, 10), "expert", False)])
    compared = compare_voices(mentions_of([]), quotes, articles)
    assert compared.groupby("voice")["words"].first()[["expert", "reporter"]].tolist() == [3, 13]


def test_no_articles_give_every_row_without_a_rate():
    compared = compare_voices(mentions_of([]), quotes_of([]), articles_of([]))
    assert len(compared) == 6 * len(VOICES)
    assert (compared[["articles", "mentions", "words"]] == 0).all(axis=None)
    assert compared[["share", "per_1000", "log_ratio", *INTERVAL]].isna().all(axis=None)


def simulated(seed, articles=60):
    """Articles of 100 words of the reporter and 50 of experts, with 2 mentions each on average."""
    generator = np.random.default_rng(seed)
    places = []
    for number in range(articles):
        for first, words in ((0, 50), (50, 100)):
            chosen = generator.integers(first, first + words, size=generator.poisson(2))
            places += [(number, "security", *word_at(place)) for place in chosen.tolist()]
    return (
        mentions_of(places),
        quotes_of([(number, *words_from(0, 50), "expert", False) for number in range(articles)]),
        articles_of([WORD * 150] * articles),
    )


def test_law_nominal_coverage_is_kept():
    covered, trials = 0, 100
    for seed in range(trials):
        compared = compare_voices(*simulated(seed), replicates=200, level=0.9)
        expert = row_of(compared, "security", "expert")
        covered += expert["log_ratio_low"] <= 1 <= expert["log_ratio_high"]
    # Binomial(100, .9) lies within these bounds in more than 99.5 % of draws.
    assert 81 <= covered <= 98, covered


def test_intervals_depend_on_the_seed_and_not_on_the_order_of_rows():
    mentions, quotes, articles = simulated(1, articles=12)
    first = compare_voices(mentions, quotes, articles)
    turned = compare_voices(mentions[::-1], quotes[::-1], articles[::-1])
    pd.testing.assert_frame_equal(first, turned)
    other = compare_voices(mentions, quotes, articles, seed=1)
    expert = [row_of(table, "security", "expert") for table in (first, other)]
    assert expert[0]["log_ratio"] == expert[1]["log_ratio"]
    assert expert[0]["log_ratio_low"] != expert[1]["log_ratio_low"]
    assert first["method"].unique().tolist() == [
        "log_ratio: percentile bootstrap of articles within outlet, 1000 replicates, "
        "seed 20240726; level 0.95"
    ]
    assert compare_voices(mentions, quotes, articles, stratify=None)["method"][0].startswith(
        "log_ratio: percentile bootstrap of articles, 1000"
    )


def test_strata_keep_differences_between_outlets_out_of_the_interval():
    quotes = quotes_of([(number, *words_from(0, 50), "expert", False) for number in range(40)])
    articles = articles_of([WORD * 150] * 40)
    mentions = mentions_of(
        [(number, "security", *word_at(number % 2 * 60)) for number in range(40)]
    )
    within = row_of(compare_voices(mentions, quotes, articles), "security", "expert")
    across = row_of(compare_voices(mentions, quotes, articles, stratify=None), "security", "expert")
    assert within["log_ratio_low"] == pytest.approx(within["log_ratio_high"])
    assert across["log_ratio_low"] < within["log_ratio"] < across["log_ratio_high"]


def a_place(length):
    return st.tuples(st.integers(0, length), st.integers(0, length)).map(sorted)


@st.composite
def a_corpus(draw):
    letters = st.text(alphabet="ابت َ،.\n «»", max_size=40)
    texts = draw(st.lists(letters, min_size=1, max_size=4))
    skips = [draw(st.lists(a_place(len(text)), max_size=1)) for text in texts]
    numbers = st.integers(0, len(texts) - 1)
    spans, places = [], []
    for number in draw(st.lists(numbers, max_size=6)):
        start, end = draw(a_place(len(texts[number])))
        spans.append((number, start, end, draw(st.sampled_from(SOURCE_TYPES)), draw(st.booleans())))
    for number in draw(st.lists(numbers, max_size=6)):
        start, end = draw(a_place(len(texts[number])))
        places.append((number, draw(st.sampled_from(["security", "olympics"])), start, end))
    return mentions_of(places), quotes_of(spans), articles_of(texts, skips)


@settings(max_examples=60)
@given(a_corpus())
def test_law_words_and_mentions_of_the_voices_add_up(corpus):
    mentions, quotes, articles = corpus
    compared = compare_voices(mentions, quotes, articles, replicates=100)
    counts = count_themes(articles, mentions)
    assert (compared[["articles", "mentions", "words"]] >= 0).all(axis=None)
    for category, rows in compared.set_index("voice").groupby("category"):
        numbers = rows[["mentions", "words"]]
        assert (numbers.loc["quoted"] == numbers.loc[list(SOURCE_TYPES)].sum()).all()
        total = counts[counts["category"] == category][["mentions", "tokens"]].sum()
        assert numbers.loc[["reporter", "quoted"]].sum().tolist() == total.tolist()
        assert rows["share"].drop("quoted").sum() == pytest.approx(float(total["mentions"] > 0))
        low, ratio, high = (
            rows[name].dropna() for name in ("log_ratio_low", "log_ratio", "log_ratio_high")
        )
        assert (low <= high).all()
        assert np.isfinite(ratio).all()


def message(*tables, **options):
    with pytest.raises(InputError) as error:
        compare_voices(*tables, **options)
    return str(error.value)


def test_errors_say_what_to_change():
    mentions, quotes, articles = simulated(1, articles=3)
    assert message(mentions, quotes.drop(columns="weak"), articles) == (
        "the table `quotes` has no column `weak`; "
        "it has: article_id, content_start, content_end, source_type."
    )
    assert message(mentions.drop(columns="start"), quotes, articles) == (
        "the table `mentions` has no column `start`; it has: article_id, category, end."
    )
    assert message(mentions[:0], quotes, articles[:1]) == (
        "quotes has article_id 'م001', which the articles do not have; pass the same articles."
    )
    assert message(mentions.assign(category="tourism"), quotes, articles) == (
        "mentions has category 'tourism', which the lexicons do not have; pass the same lexicons."
    )
    assert message(mentions, quotes.assign(source_type="poet"), articles) == (
        "a source_type of quotes is 'poet'; choose one of 'expert', 'official', 'organization', "
        "'media', 'citizen', 'armed_group', 'anonymous', 'other'."
    )
    assert message(mentions, quotes, articles, level=95) == (
        "level is 95; choose a number between 0 and 1, such as 0.95."
    )
    assert message(mentions, quotes, articles, replicates=10) == (
        "replicates is 10; choose at least 100, 1000 for results to publish."
    )
    assert message(mentions, quotes, articles, seed=-1) == (
        "seed is -1; choose a whole number from 0 up."
    )
    assert message(mentions, quotes, articles.drop(columns="outlet"), stratify="outlet") == (
        "the table `articles` has no column `outlet`; "
        "it has: article_id, published, title, text, skip, source_file."
    )
