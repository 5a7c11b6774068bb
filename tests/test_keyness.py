"""Key words: articles change slices, and no word is key because one article repeats it."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.inference import resample_sums
from analysis.keyness import KEYNESS, compare_wording
from analysis.lexicon_suggestions import CRITICAL_G2

OUTLETS = ("المرصد", "الضفة")
LETTERS = "بتجدرسعفقكلمن"


def articles_of(texts, outlets=OUTLETS[:1]):
    return pd.DataFrame(
        {
            "article_id": [f"م{number:04}" for number in range(len(texts))],
            "outlet": [outlets[number % len(outlets)] for number in range(len(texts))],
            "text": texts,
            "skip": [[] for _ in texts],
        }
    )


def compare(articles, size, **options):
    """Compare the first `size` articles with the others."""
    ids = articles["article_id"]
    return compare_wording(articles, first=ids[:size], second=ids[size:], **options)


def row_of(table, word):
    return table[table["word"] == word].iloc[0]


def draw_texts(seed, articles, *, words=400, length=(40, 120), burst=4.0):
    """Draw texts whose words come in bursts: some articles use a word often, most never."""
    generator = np.random.default_rng(seed)
    frequency = 1 / np.arange(2, words + 2)
    names = ["".join(letters) for letters in itertools.product(LETTERS, repeat=3)][:words]
    texts = []
    for size in generator.integers(*length, articles):
        rates = frequency * generator.gamma(1 / burst, burst, words)
        drawn = generator.choice(words, size, p=rates / rates.sum())
        texts.append([names[number] for number in drawn])
    return texts


def g2(row):
    """Return the log-likelihood that takes every word for an independent draw."""
    total = 0.0
    for side in ("first", "second"):
        if row[f"count_{side}"]:
            ratio = row[f"count_{side}"] / row[f"expected_{side}"]
            total += 2 * row[f"count_{side}"] * math.log(ratio)
    return total


def test_columns_types_and_numbers_by_hand():
    articles = articles_of(["نفط نفط سوق", "سفر نفط", "سوق سفر سفر", "سوق"])
    articles.at[2, "skip"] = [(0, 3)]
    table = compare(articles, 2, least_articles=1)
    assert table.dtypes.astype("str").to_dict() == dict(KEYNESS)
    assert table["word"].tolist() == ["نفط", "سوق", "سفر"]
    oil = row_of(table, "نفط")
    assert oil["count_first":"share_of_articles_second"].tolist() == [
        *(3, 0, 5, 3, 600, 0, 2, 0, 2, 2, 1, 0)
    ]
    # Eight words in all, of which the first slice has five.
    assert oil[["expected_first", "expected_second"]].tolist() == [15 / 8, 9 / 8]
    ratio = math.log2(3.5 / (15 / 8 + 0.5)) - math.log2(0.5 / (9 / 8 + 0.5))
    assert oil["log_ratio"] == pytest.approx(ratio)
    travel = row_of(table, "سفر")
    assert travel["count_first":"per_1000_second"].tolist() == [1, 2, 5, 3, 200, 2000 / 3]
    assert row_of(table, "سوق")[["articles_first", "articles_second"]].tolist() == [1, 1]


def test_equal_rates_have_a_log_ratio_of_nothing():
    table = compare(articles_of(["نفط سوق", "سوق نفط", "سوق نفط نفط سوق"]), 2)
    assert table["log_ratio"].tolist() == [0, 0]
    assert table["p_value"].tolist() == [1, 1]


def test_words_of_few_articles_are_left_out_but_stay_in_the_denominator():
    articles = articles_of(["نفط سوق", "نفط سفر", "نفط", "بحر"])
    table = compare(articles, 2)
    assert table[["word", "words_first", "words_second"]].values.tolist() == [["نفط", 4, 2]]
    empty = compare(articles, 2, least_articles=4)
    assert empty.empty
    assert empty.dtypes.astype("str").to_dict() == dict(KEYNESS)


def test_p_value_agrees_with_all_exchanges_of_articles():
    counts = [3, 2, 0, 1, 0, 0, 0, 0]
    sizes = [9, 7, 8, 5, 6, 9, 7, 9]
    texts = [" ".join(["نفط"] * n + ["سوق"] * (m - n)) for n, m in zip(counts, sizes, strict=True)]
    row = row_of(compare(articles_of(texts), 3), "نفط")
    rate = sum(counts) / sum(sizes)

    def difference(chosen):
        return abs(sum(counts[n] - rate * sizes[n] for n in chosen))

    exchanges = [difference(chosen) for chosen in itertools.combinations(range(8), 3)]
    exact = np.mean(np.array(exchanges) >= difference(range(3)) - 1e-9)
    assert row["p_value"] == pytest.approx(exact, abs=4 * math.sqrt(exact / row["draws"]))


def test_strata_by_hand():
    # The first outlet has 4 + 4 words in the slices, the second 2 + 6.
    texts = ["نفط نفط نفط سوق", "نفط سوق", "نفط سوق سوق سوق", "نفط سوق سوق سوق سوق سوق"]
    table = compare(articles_of(texts, OUTLETS), 2, stratify="outlet", least_articles=1)
    row = row_of(table, "نفط")
    assert row["expected_first"] == pytest.approx(4 * 4 / 8 + 2 * 2 / 8)
    assert row["expected_second"] == pytest.approx(4 * 4 / 8 + 6 * 2 / 8)
    assert row["log_ratio"] == pytest.approx(math.log2(4.5 / 3) - math.log2(2.5 / 4))


def test_what_one_outlet_writes_is_no_key_word_within_outlets():
    often, never = "نفط سوق سوق سوق", "سوق سوق سوق سوق"
    articles = articles_of([often] * 40 + [never] * 10 + [often] * 10 + [never] * 40)
    articles["outlet"] = np.where(articles["text"] == often, *OUTLETS)
    mixed = row_of(compare(articles, 50), "نفط")
    assert mixed["log_ratio"] > 1.5
    assert mixed["q_value"] < 0.01
    within = row_of(compare(articles, 50, stratify="outlet"), "نفط")
    assert within["log_ratio"] == pytest.approx(0)
    assert within["p_value"] == 1
    assert within["low"] == pytest.approx(0)


@pytest.mark.parametrize("stratify", [None, "outlet"])
def test_interval_agrees_with_a_bootstrap_of_articles(stratify):
    outlets = ("المرصد", "الضفة", "الضفة")
    texts = draw_texts(1, 300, length=(20, 400), burst=0.2)
    articles = articles_of([" ".join(text) for text in texts], outlets)
    table = compare(articles, 120, stratify=stratify, level=0.95)
    common = table[table["articles_first"] + table["articles_second"] > 60]
    assert len(common) > 10
    size = articles["text"].str.split().str.len().to_numpy()
    for row in common.itertuples():
        count = articles["text"].map(lambda text, word=row.word: text.split().count(word))
        strata = articles["outlet"] if stratify else pd.Series("", articles.index)
        ratios = {"first": 0.0, "second": 0.0}
        draws = {}
        for side, chosen in (("first", slice(0, 120)), ("second", slice(120, None))):
            for name in strata.unique():
                rows = (strata[chosen] == name).to_numpy()
                values = np.column_stack([count[chosen][rows], size[chosen][rows]])
                draws[side, name] = resample_sums(
                    values.astype("float64"),
                    None,
                    replicates=2000,
                    generator=np.random.default_rng(len(draws)),
                )
        for side in ratios:
            observed = sum(draws[side, name][:, 0] for name in strata.unique())
            expected = sum(
                draws[side, name][:, 1]
                * (draws["first", name] + draws["second", name])[:, 0]
                / (draws["first", name] + draws["second", name])[:, 1]
                for name in strata.unique()
            )
            ratios[side] = np.log2((observed + 0.5) / (expected + 0.5))
        error = (ratios["first"] - ratios["second"]).std()
        assert (row.high - row.low) / 2 / 1.97 == pytest.approx(error, rel=0.15)
        assert (row.high + row.low) / 2 == pytest.approx(row.log_ratio)


def test_law_nominal_coverage_is_kept():
    articles = articles_of([" ".join(text) for text in draw_texts(2, 400, words=800)])
    table = compare(articles, 200, level=0.9)
    known = table[table["low"].notna() & (table["articles_first"] + table["articles_second"] > 40)]
    assert len(known) > 90
    covered = ((known["low"] <= 0) & (known["high"] >= 0)).mean()
    assert 0.84 <= covered <= 0.96


def test_missing_words_and_single_articles_have_no_interval():
    articles = articles_of(["نفط سوق", "نفط سوق", "سوق سفر", "سوق"])
    table = compare(articles, 2, least_articles=1)
    assert table.set_index("word")["low"].isna().to_dict() == {
        "نفط": True,
        "سوق": False,
        "سفر": True,
    }
    assert compare(articles, 3, least_articles=1)["high"].isna().all()


def test_planted_key_words_are_found_and_a_repeated_name_is_not():
    texts = draw_texts(3, 240)
    for text in texts[:120]:
        text.extend(["حصار"] * 2)
    for text in texts[::4]:
        text.append("حصار")
    texts[5].extend(["سمير"] * 40)
    for text in texts[::60]:
        text.append("سمير")
    table = compare(articles_of([" ".join(text) for text in texts]), 120)
    siege, name = row_of(table, "حصار"), row_of(table, "سمير")
    assert siege["log_ratio"] > 2
    assert siege["q_value"] < 0.01
    assert g2(name) > CRITICAL_G2
    assert name["log_ratio"] > 3
    assert name["p_value"] > 0.05


def test_slices_drawn_at_random_have_no_key_words_where_g2_finds_them():
    runs, runs_with_any, found_by_g2, small = 12, 0, 0, []
    for seed in range(runs):
        table = compare(articles_of([" ".join(text) for text in draw_texts(seed, 200)]), 80)
        runs_with_any += (table["q_value"] <= 0.05).any()
        found_by_g2 += (table.apply(g2, axis=1) > CRITICAL_G2).sum()
        small.append((table["p_value"] <= 0.05).mean())
    # Binomial(12, .05) is above 2 in 2 % of draws.
    assert runs_with_any <= 2
    assert 0.035 < np.mean(small) < 0.065
    # G2 above its threshold promises one word in 10,000; these are some 4,800.
    assert found_by_g2 > 20


def test_turned_slices_turn_the_sign():
    articles = articles_of([" ".join(text) for text in draw_texts(6, 60)])
    ids = articles["article_id"]
    table = compare_wording(articles, first=ids[:20], second=ids[20:])
    turned = compare_wording(articles, first=ids[20:], second=ids[:20])
    both = table.merge(turned, on="word", suffixes=("", "_turned"))
    assert both["log_ratio"].tolist() == pytest.approx((-both["log_ratio_turned"]).tolist())
    assert both["low"].fillna(0).tolist() == pytest.approx(
        (-both["high_turned"]).fillna(0).tolist()
    )
    assert (both["count_first"] == both["count_second_turned"]).all()


def test_same_seed_same_table_in_any_order():
    articles = articles_of([" ".join(text) for text in draw_texts(7, 50)], OUTLETS)
    articles.loc[3, "outlet"] = None
    table = compare(articles, 20, stratify="outlet")
    ids = articles["article_id"]
    shuffled = compare_wording(
        articles.sample(frac=1, random_state=1),
        first=list(ids[:20])[::-1],
        second=set(ids[20:]),
        stratify="outlet",
    )
    pd.testing.assert_frame_equal(shuffled, table)
    other = compare(articles, 20, stratify="outlet", seed=1)
    assert (other["p_value"] != table["p_value"]).any()
    assert other["low"].equals(table["low"])


def test_the_input_is_left_as_it_is():
    articles = articles_of(["نفط سوق", "نفط", "سوق"])
    before = articles.copy(deep=True)
    compare(articles, 1)
    pd.testing.assert_frame_equal(articles, before)


def test_the_method_names_test_and_interval():
    articles = articles_of(["نفط سوق", "نفط", "سوق نفط"])
    assert compare(articles, 1)["method"].unique().tolist() == [
        "log_ratio: t interval, standard error from sums of articles; p_value: articles "
        "exchanged between the slices, up to 100000 draws, seed 20240726; level 0.95"
    ]
    options = {"stratify": "outlet", "replicates": 200, "seed": 3, "level": 0.9}
    assert compare(articles, 1, **options)["method"].unique().tolist() == [
        "log_ratio: t interval, standard error from sums of articles within outlet; p_value: "
        "articles exchanged between the slices within outlet, up to 20000 draws, seed 3; level 0.9"
    ]


def message(**options):
    articles = articles_of(["نفط سوق", "نفط", "سوق", "سوق"], OUTLETS)
    ids = articles["article_id"]
    with pytest.raises(InputError) as raised:
        compare_wording(articles, **({"first": ids[:2], "second": ids[2:]} | options))
    return str(raised.value)


def test_errors_say_what_to_change():
    assert message(first=[]) == "first names no article; a slice needs one or more."
    assert message(second=["س"]) == (
        "second has article_id 'س', which the articles do not have; "
        "give ids of articles, such as articles.loc[is_may, 'article_id']."
    )
    assert message(second=["م0003", "م0001"]) == (
        "the article 'م0001' is in both slices; leave it out of one of them."
    )
    assert message(first=["م0000"], second=["م0003"], stratify="outlet") == (
        "stratify is 'outlet', but no outlet has articles in both slices; use stratify=None."
    )
    assert message(stratify="section") == (
        "the table `articles` has no column `section`; it has: article_id, outlet, text, skip."
    )
    assert message(least_articles=0) == "least_articles is 0; give a whole number, 1 or more."
    assert message(level=95) == "level is 95; choose a number between 0 and 1, such as 0.95."
    assert message(replicates=10) == (
        "replicates is 10; choose at least 100, 1000 for results to publish."
    )
    assert message(seed=-1) == "seed is -1; choose a whole number from 0 up."
