"""Words as numbers: every word of a text outside `skip` is one, and keeps its place."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cleaning import mask_text
from analysis.errors import InputError
from analysis.matching import count_words_in
from analysis.word_counts import count_article_words, draw_p_values, read_words


def articles_of(texts, skips=None):
    return pd.DataFrame(
        {
            "article_id": [f"م{number:03}" for number in range(len(texts))],
            "text": texts,
            "skip": skips or [[] for _ in texts],
        }
    )


def named(words):
    return [words.vocabulary[number] for number in words.word]


def test_words_keep_their_order_and_place():
    texts = ["وصل الوفدُ مساءً.", "غادر الوفد، أمس!"]
    words = read_words(articles_of(texts))
    assert named(words) == ["وصل", "الوفد", "مساء", "غادر", "الوفد", "أمس"]
    assert words.article.tolist() == [0, 0, 0, 1, 1, 1]
    written = [
        texts[article][start:end]
        for article, start, end in zip(words.article, words.start, words.end, strict=True)
    ]
    assert written == ["وصل", "الوفدُ", "مساءً", "غادر", "الوفد", "أمس"]


def test_sentences_end_at_stops_line_breaks_skipped_places_and_articles():
    text = "بلغت 3.5 درجة. ثم بردت\nأمس شارك اليوم"
    skipped = (text.index("شارك"), text.index(" اليوم"))
    articles = articles_of([text, "الطقس حار"], [[skipped], []])
    words = read_words(articles)
    sentences = {}
    for word, sentence in zip(named(words), words.sentence, strict=True):
        sentences.setdefault(sentence, []).append(word)
    assert list(sentences.values()) == [
        ["بلغت", "3", "5", "درجة"],
        ["ثم", "بردت"],
        ["أمس"],
        ["اليوم"],
        ["الطقس", "حار"],
    ]


def test_spellings_that_fold_alike_are_one_word_named_by_the_usual_one():
    words = read_words(articles_of(["الادارة الإدارة إدارة", "الإدارةُ والإدارة على علي علي"]))
    assert named(words) == [
        "الإدارة",
        "الإدارة",
        "إدارة",
        "الإدارة",
        "والإدارة",
        "علي",
        "علي",
        "علي",
    ]


def test_equally_usual_spellings_are_named_in_alphabetical_order():
    assert read_words(articles_of(["ان أن"])).vocabulary == ["أن"]
    assert read_words(articles_of(["أن ان"])).vocabulary == ["أن"]


def test_counts_by_hand_with_a_column_for_words_of_enough_articles():
    articles = articles_of(["سوق سوق نفط", "سوق", "نفط سفر", ""])
    counted = count_article_words(articles, least_articles=2)
    assert counted.article_ids == articles["article_id"].tolist()
    assert counted.words == ["سوق", "نفط"]
    assert counted.counts.toarray().tolist() == [[2, 1], [1, 0], [0, 1], [0, 0]]
    assert counted.tokens.tolist() == [3, 1, 2, 0]
    assert count_article_words(articles).words == []
    assert count_article_words(articles).counts.shape == (4, 0)


def test_no_articles_have_no_words():
    counted = count_article_words(articles_of([]))
    assert counted.counts.shape == (0, 0)
    assert len(read_words(articles_of(["", " ."])).word) == 0


texts = st.lists(st.text(alphabet="ابهةىيأإو ُـ.،\n12ab«»", max_size=40), min_size=1, max_size=6)


@settings(max_examples=80)
@given(texts, st.data())
def test_law_every_word_outside_skip_is_counted_once(texts, data):
    skips = []
    for text in texts:
        places = st.integers(0, len(text))
        bounds = sorted(data.draw(st.lists(places, max_size=2)))
        skips.append([bounds] if len(bounds) == 2 else [])
    articles = articles_of(texts, skips)
    counted = count_article_words(articles, least_articles=1)
    expected = count_words_in(map(mask_text, texts, skips))
    assert counted.tokens.tolist() == expected.tolist()
    assert counted.counts.sum(axis=1).tolist() == expected.tolist()
    assert len(set(counted.words)) == len(counted.words)
    turned = count_article_words(articles[::-1], least_articles=1)
    assert turned.words == counted.words
    assert turned.counts.toarray()[::-1].tolist() == counted.counts.toarray().tolist()


def drawn_from(probabilities, *, seed=1, replicates=1000):
    generator = np.random.default_rng(seed)
    return draw_p_values(
        len(probabilities),
        lambda numbers, draws: generator.binomial(draws, np.asarray(probabilities)[numbers]),
        replicates=replicates,
    )


def test_words_are_drawn_until_ten_draws_reach_them():
    probabilities = [0.5, 0.04, 0.004, 0.0004, 1e-9] + [0.5] * 995
    p_values, draws = drawn_from(probabilities)
    assert draws[:5].tolist() == [100, 1000, 10_000, 100_000, 100_000]
    assert p_values[:4] == pytest.approx(probabilities[:4], rel=0.4)
    assert p_values[4] == 1 / 100_001


def test_drawing_ends_when_words_never_reached_are_told_from_chance():
    # Of 100 words 20 never reached in 1,000 draws have a q-value of 100 / 20 / 1,001 < 0.01.
    assert drawn_from([1e-9] * 20 + [0.5] * 80)[1].max() == 1000
    # One of 100 has 100 / 1,001 then, and 100 / 10,001 < 0.01 in the next round.
    assert drawn_from([1e-9] + [0.5] * 99)[1].max() == 10_000
    assert drawn_from([])[0].tolist() == []


def test_law_p_values_of_chance_are_small_as_rarely_as_they_say():
    # Under chance the probability to be reached is uniform.
    probabilities = np.random.default_rng(5).random(20_000)
    p_values, _ = drawn_from(probabilities)
    for level in (0.1, 0.05, 0.01, 0.001):
        error = np.sqrt(level / len(p_values))
        assert (p_values <= level).mean() == pytest.approx(level, abs=4 * error + 0.1 * level)


def test_errors_say_what_to_change():
    articles = articles_of(["نفط"])
    with pytest.raises(InputError) as raised:
        count_article_words(articles.drop(columns="skip"))
    assert str(raised.value) == (
        "the table `articles` has no column `skip`; it has: article_id, text."
    )
    with pytest.raises(InputError) as raised:
        count_article_words(articles, least_articles=0)
    assert str(raised.value) == "least_articles is 0; give a whole number, 1 or more."
