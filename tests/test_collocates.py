"""Collocates: words near a mention, compared with where else they stand in the article."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.collocates import COLLOCATES, find_collocates
from analysis.errors import InputError
from analysis.themes import find_terms, find_themes


def articles_of(texts, skips=None):
    return pd.DataFrame(
        {
            "article_id": [f"م{number:03}" for number in range(len(texts))],
            "text": texts,
            "skip": skips or [[] for _ in texts],
        }
    )


def collocates(texts, node="حدود", *, skips=None, **options):
    """Find the collocates of a word, however few articles they stand in."""
    articles = articles_of(texts, skips)
    options = {"least_articles": 1, "replicates": 100} | options
    return find_collocates(articles, find_terms(articles, [node]), node, **options)


def near(table):
    """Return the words that are near, with how often."""
    chosen = table[table["together"] > 0].sort_values("word")
    return dict(zip(chosen["word"], chosen["together"], strict=True))


def test_columns_types_and_numbers_by_hand():
    texts = ["أغلق الجيش الحدود أمس وغادر الجيش", "فتحت الحدود. وغاب الجيش طويلا جدا", "لا شيء"]
    table = collocates(texts, span=1)
    assert table.dtypes.astype("str").to_dict() == dict(COLLOCATES)
    row = table.set_index("word").loc["الجيش"]
    # The first article has 5 words outside the mention, 2 of them near; the second 5 and 1.
    assert row["together":"mentions"].tolist() == [1, 3, 3, 10, 2]
    assert row["expected"] == pytest.approx(2 * 2 / 5 + 1 * 1 / 5)
    assert row["log_ratio"] == pytest.approx(math.log2(1.5 / 1.5))
    assert row["log_dice"] == pytest.approx(14 + math.log2(2 * 1 / (2 + 3)))
    assert row[["articles_together", "articles"]].tolist() == [1, 2]
    assert table["word"].isin(["لا", "شيء", "الحدود"]).sum() == 0


def test_log_dice_by_hand():
    # Together 8 times, the node 230 and the word 389 times: 14 + log2(16 / 619).
    texts = ["الحدود أمس"] * 8 + ["أمس. الحدود"] * 222
    texts[8] = "أمس. " * 160 + "الحدود"
    table = collocates(texts, span=1)
    assert table[["mentions", "count", "together"]].values.tolist() == [[230, 389, 8]]
    assert table["log_dice"].tolist() == [pytest.approx(8.726204, abs=1e-6)]


def test_span_counts_words_to_either_side():
    text = "واحد اثنان ثلاثة الحدود أربعة خمسة ستة"
    assert near(collocates([text], span=1)) == {"ثلاثة": 1, "أربعة": 1}
    assert near(collocates([text], span=2)) == {"ثلاثة": 1, "أربعة": 1, "اثنان": 1, "خمسة": 1}
    assert sum(near(collocates([text], span=9)).values()) == 6
    assert near(collocates([text], span=9)) == near(collocates([text], span=None))


def test_span_ends_with_the_sentence_and_at_skipped_places():
    text = "الطقس بارد. فتحت الحدود أمس! وغادروا\nثم عادوا"
    assert near(collocates([text], span=5)) == {"فتحت": 1, "أمس": 1}
    assert near(collocates([text], span=None)) == {"فتحت": 1, "أمس": 1}
    text = "اليوم إعلان فتحت الحدود إعلان أمس"
    skips = [[(6, 11), (24, 29)]]
    assert text[6:11] == text[24:29] == "إعلان"
    table = collocates([text], skips=skips)
    assert near(table) == {"فتحت": 1}
    assert table["words"].unique().tolist() == [3]


def test_words_of_mentions_are_no_collocates_and_are_near_once():
    text = "عند الحدود ثم حدود البلد"
    table = collocates([text], span=2)
    assert near(table) == {"عند": 1, "ثم": 1, "البلد": 1}
    assert table[["mentions", "words_near", "words"]].iloc[0].tolist() == [2, 3, 3]


def test_phrases_have_their_span_outside_them():
    articles = articles_of(["تزايدت الهجرة غير الشرعية أمس كثيرا"])
    table = find_collocates(articles, find_themes(articles), "migration", span=1, least_articles=1)
    assert near(table) == {"تزايدت": 1, "أمس": 1}
    term = find_themes(articles)["term"].iloc[0]
    of_term = find_collocates(articles, find_themes(articles), term, span=1, least_articles=1)
    assert near(of_term) == near(table)


def test_words_of_few_articles_are_left_out_but_stay_in_the_denominator():
    texts = ["فتحت الحدود أمس", "أغلقت الحدود أمس", "فتحت السوق. الحدود"]
    table = collocates(texts, least_articles=2)
    assert sorted(table["word"]) == ["أمس", "فتحت"]
    assert table["words"].unique().tolist() == [6]
    empty = collocates(texts, least_articles=4)
    assert empty.empty
    assert empty.dtypes.astype("str").to_dict() == dict(COLLOCATES)


def test_words_never_near_stay_in_the_table():
    row = collocates(["فتحت الحدود. الطقس بارد"]).set_index("word").loc["الطقس"]
    assert row[["together", "p_value"]].tolist() == [0, 1]
    assert pd.isna(row["log_dice"])


def test_p_value_agrees_with_all_moves():
    texts = [
        "السوق بعيد هنا والجيش عند الحدود اليوم والجيش غاب كثيرا طويلا",
        "والجيش والحدود والجيش وصلوا والبلد هادئ والطقس بارد اليوم",
    ]
    table = collocates(texts, span=1, replicates=1000).set_index("word")
    # Without the mention 10 words in the first, the army at 3 and 6, near at 4 and 5;
    # 8 in the second, the army at 0 and 1, both near.
    moved = [
        sum(((place + move) % 10) in (4, 5) for place in (3, 6))
        + sum(((place + other) % 8) in (0, 1) for place in (0, 1))
        for move in range(10)
        for other in range(8)
    ]
    row = table.loc["والجيش"]
    assert row["together"] == 2
    exact = np.mean(np.array(moved) >= 2)
    assert row["expected"] == pytest.approx(np.mean(moved))
    assert row["p_value"] == pytest.approx(exact, abs=4 * math.sqrt(exact / row["draws"]))


def simulated(seed, *, liking):
    """Draw articles with a node at random places, and a word put beside it or anywhere."""
    generator = np.random.default_rng(seed)
    names = [f"كلمة{letter}{other}" for letter in "بتجدرسعف" for other in "قكلمن"]
    texts = []
    for _ in range(60):
        words = generator.choice(names, 80).tolist()
        for place in generator.choice(76, 4, replace=False):
            words[place] = "الحدود"
            is_beside = generator.random() < liking
            words[place + 1 if is_beside else generator.integers(80)] = "السياج"
        texts.append(" ".join(words))
    return texts


def test_a_word_put_beside_the_node_is_found_and_no_other():
    table = collocates(simulated(1, liking=0.5), span=2)
    assert table["word"].iloc[0] == "السياج"
    assert table["log_ratio"].iloc[0] > 1
    assert table[table["q_value"] < 0.05]["word"].tolist() == ["السياج"]


def test_a_word_of_the_same_articles_is_no_collocate():
    small = []
    for seed in range(10):
        table = collocates(simulated(seed, liking=0), span=3)
        small.append((table["p_value"] <= 0.05).mean())
        fence = table[table["word"] == "السياج"].iloc[0]
        assert abs(fence["log_ratio"]) < 0.8
        assert fence["q_value"] > 0.05
    assert 0.02 < np.mean(small) < 0.08


words = st.lists(st.sampled_from(["الحدود", "أمس", "الجيش", "السوق", ".", "\n", "،"]), max_size=25)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=4), st.sampled_from([1, 2, 5, None]))
def test_law_denominators_hold_all_words(parts, span):
    texts = [" ".join(part) for part in [["الحدود"], *parts]]
    table = collocates(texts, span=span)
    with_node = [text for text in texts if "الحدود" in text]
    outside = sum(text.count(word) for text in with_node for word in ("أمس", "الجيش", "السوق"))
    assert table["count"].sum() == outside
    if len(table):
        assert table["words"].unique().tolist() == [outside]
        assert table["words_near"].unique().tolist() == [table["together"].sum()]
        assert table["expected"].sum() == pytest.approx(table["together"].sum())
        assert table["articles"].unique().tolist() == [len(with_node)]
    assert (table["together"] <= table["count"]).all()
    assert (table["articles_together"] <= table["together"]).all()
    assert table["p_value"].between(0, 1, inclusive="right").all()


def test_same_seed_same_table_in_any_order():
    articles = articles_of(simulated(2, liking=0.2))
    mentions = find_terms(articles, ["حدود"])
    table = find_collocates(articles, mentions, "حدود")
    shuffled = find_collocates(
        articles.sample(frac=1, random_state=1),
        pd.concat([mentions, mentions]).sample(frac=1, random_state=2),
        "حدود",
    )
    pd.testing.assert_frame_equal(shuffled, table)
    other = find_collocates(articles, mentions, "حدود", seed=1)
    assert (other["p_value"] != table["p_value"]).any()
    assert table["method"].unique().tolist() == [
        "p_value: places near the node moved along each article, up to 100000 draws, seed 20240726"
    ]


def test_the_input_is_left_as_it_is():
    articles = articles_of(simulated(3, liking=0.2)[:5])
    mentions = find_terms(articles, ["حدود"])
    before = articles.copy(deep=True), mentions.copy(deep=True)
    find_collocates(articles, mentions, "حدود", replicates=100)
    pd.testing.assert_frame_equal(articles, before[0])
    pd.testing.assert_frame_equal(mentions, before[1])


def message(node="migration", *, drop=None, articles=None, **options):
    table = articles_of(["تزايدت الهجرة أمس"])
    mentions = find_themes(table)
    if drop:
        mentions = mentions.drop(columns=drop)
    with pytest.raises(InputError) as raised:
        find_collocates(table if articles is None else articles, mentions, node, **options)
    return str(raised.value)


def test_errors_say_what_to_change():
    assert message("security") == (
        "node is 'security', which `mentions` does not hold; choose one of its terms or one of "
        "its categories: 'migration'."
    )
    assert message(drop=["start", "surface", "quote_id", "subcategory"]) == (
        "the table `mentions` has no column `start`; it has: article_id, category, kind, term, end."
    )
    assert message(articles=articles_of([])) == (
        "mentions has article_id 'م000', which the articles do not have; pass the same articles."
    )
    assert message(articles=articles_of([]).drop(columns="text")) == (
        "the table `articles` has no column `text`; it has: article_id, skip."
    )
    assert message(span=0) == "span is 0; give a whole number, 1 or more."
    assert message(least_articles=0) == "least_articles is 0; give a whole number, 1 or more."
    assert message(replicates=10) == (
        "replicates is 10; choose at least 100, 1000 for results to publish."
    )
    assert message(seed=-1) == "seed is -1; choose a whole number from 0 up."
