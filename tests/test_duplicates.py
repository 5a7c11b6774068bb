"""Duplicates: the same text anywhere in a corpus is found, and nothing is dropped."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles import load_articles
from analysis.cleaning import mask_text
from analysis.copies import read_sequences, read_words
from analysis.duplicates import (
    DUPLICATES,
    Signed,
    find_duplicates,
    group_signatures,
    join_signed,
    mark_duplicates,
    order_articles,
    reorder_signed,
    sign_texts,
)
from analysis.errors import InputError
from analysis.tables import ARTICLES, make_table

REPORT = (
    "أعلنت إدارة المتحف في الضفة أن القاعة الشرقية ستفتح أبوابها للزوار مطلع الربيع بعد عامين من "
    "الترميم، وقالت إن سقف القاعة كان قد تشقق في شتاء ماطر وإن ثلاثين لوحة نقلت إلى المخزن، وأضافت "
    "أن الدخول سيكون دون أجر في الأسبوع الأول"
)


def numbered(*ranges):
    """Return a text of words that stand nowhere else: of n words in a row n - 4 sequences."""
    return " ".join(f"لفظ{number}" for first, after in ranges for number in range(first, after))


def articles_of(rows, **columns):
    """Build articles from (article_id, date or None, text)."""
    return make_table(
        [
            {
                "article_id": article_id,
                "outlet": "المرصد",
                "published": pd.NaT if date is None else pd.Timestamp(date),
                "title": "",
                "text": text,
                "skip": [],
                "source_file": "composed",
            }
            for article_id, date, text in rows
        ],
        ARTICLES,
    ).assign(**columns)


def found(rows, **options):
    duplicates = find_duplicates(articles_of(rows), **options)
    return list(zip(duplicates["article_id"], duplicates["duplicate_of"], strict=True))


# ── the same text ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        REPORT.replace("،", "").replace(" ", "\n"),
        REPORT.replace("أن", "ان").replace("ة", "ه") + ".",
        REPORT.replace("المتحف", "المُتحَـف"),
    ],
)
def test_the_same_words_are_the_same_text_whenever_printed(text):
    articles = articles_of([("1", "2031-01-01", REPORT), ("2", "2034-12-31", text)])
    duplicates = find_duplicates(articles)
    assert duplicates.to_dict("records") == [
        {"article_id": "2", "duplicate_of": "1", "similarity": 1.0, "exact": True}
    ]
    assert duplicates.dtypes.astype("str").to_dict() == dict(DUPLICATES)


def test_what_is_marked_as_boilerplate_plays_no_part():
    start = "المرصد - الضفة\n"
    articles = articles_of([("1", "2031-01-01", REPORT), ("2", "2031-01-02", start + REPORT)])
    assert not find_duplicates(articles)["exact"].any()
    articles["skip"] = [[], [(0, len(start))]]
    assert find_duplicates(articles)["exact"].tolist() == [True]


def test_short_texts_are_only_compared_exactly():
    assert found([("1", "2031-01-01", "صورة اليوم"), ("2", "2031-01-02", "صورة اليوم.")]) == [
        ("2", "1")
    ]
    # 24 words have 20 sequences; with one word more at the end the two share 20 of 21.
    for words, expected in ((24, [("2", "1")]), (23, [])):
        rows = [
            ("1", "2031-01-01", numbered((0, words))),
            ("2", "2031-01-02", numbered((0, words + 1))),
        ]
        assert found(rows, least_similarity=0.7) == expected


@pytest.mark.parametrize("text", ["", " \n ", "...", "!؟"])
def test_texts_without_a_word_repeat_nobody(text):
    assert found([("1", "2031-01-01", text), ("2", "2031-01-02", text)]) == []


def test_a_text_of_other_words_is_no_duplicate():
    rows = [("1", "2031-01-01", numbered((0, 100))), ("2", "2031-01-01", numbered((100, 200)))]
    assert found(rows, least_similarity=0.01) == []


# ── nearly the same ──────────────────────────────────────────────────────────────────────


def test_the_limit_is_a_share_of_all_sequences_of_both():
    # 1,004 words have 1,000 sequences; the second shares 900 of 1,100, the third 700 of 1,300.
    first = ("1", "2031-01-01", numbered((0, 1004)))
    near = ("2", "2031-01-02", numbered((0, 904), (2000, 2096)))
    far = ("3", "2031-01-02", numbered((0, 704), (3000, 3296)))
    assert found([first, near, far], least_similarity=0.7) == [("2", "1")]
    assert found([first, near, far], least_similarity=0.92) == []
    assert found([first, far], least_similarity=0.45) == [("3", "1")]
    duplicates = find_duplicates(articles_of([first, near]), least_similarity=0.7)
    assert duplicates["similarity"].tolist() == pytest.approx([0.82], abs=0.08)
    assert duplicates["exact"].tolist() == [False]


def test_a_text_inside_a_much_longer_one_is_no_duplicate():
    rows = [("1", "2031-01-01", numbered((0, 100))), ("2", "2031-01-02", numbered((0, 300)))]
    assert found(rows) == []


def test_editions_do_not_chain():
    # Each edition shares 900 of 1,100 sequences with the one before, and 800 of 1,200, 700 of
    # 1,300 with those before that.
    rows = [
        (str(day), f"2031-01-0{day}", numbered((100 * day, 100 * day + 1004)))
        for day in range(1, 5)
    ]
    assert found(rows, least_similarity=0.74) == [("2", "1"), ("4", "3")]


def test_of_several_the_most_similar_is_repeated_and_of_equals_the_first():
    other = ("0", "2031-01-01", numbered((5000, 6004)))
    rows = [
        ("1", "2031-01-01", numbered((0, 1004))),
        ("2", "2031-01-02", numbered((400, 1404))),
        ("3", "2031-01-03", numbered((350, 1354))),
    ]
    assert found([other, *rows], least_similarity=0.5) == [("3", "2")]
    apart = [("1", "2031-01-01", numbered((0, 500))), ("2", "2031-01-01", numbered((0, 500)))]
    assert found([*apart, ("3", None, numbered((0, 500)))]) == [("2", "1"), ("3", "1")]


def test_the_same_text_as_a_near_duplicate_belongs_to_the_first_of_its_group():
    rows = [
        ("1", "2031-01-01", numbered((0, 1004))),
        ("2", "2031-01-02", numbered((0, 1020))),
        ("3", "2031-01-03", numbered((0, 1020))),
    ]
    duplicates = find_duplicates(articles_of(rows))
    assert duplicates["duplicate_of"].tolist() == ["1", "1"]
    assert duplicates["exact"].tolist() == [False, False]
    assert duplicates["similarity"].nunique() == 1


def test_a_very_long_text_is_signed_in_parts(monkeypatch):
    texts = [numbered((0, 3000)), numbered((0, 2950))]
    whole = sign_texts(texts, [[], []])
    monkeypatch.setattr("analysis.duplicates._AT_ONCE", 100)
    assert (sign_texts(texts, [[], []]).signatures == whole.signatures).all()


# ── order ────────────────────────────────────────────────────────────────────────────────


def test_the_first_is_the_earliest_then_of_the_smallest_id_and_undated_come_last():
    rows = [("1", None, REPORT), ("3", "2031-01-02", REPORT), ("2", "2031-01-02", REPORT)]
    assert found(rows) == [("3", "2"), ("1", "2")]
    assert order_articles(articles_of(rows)).tolist() == [2, 1, 0]


@st.composite
def printed(draw):
    """Articles of blocks of twenty words, of which a few are printed again and again."""
    rows = []
    for number in range(draw(st.integers(0, 8))):
        blocks = draw(st.lists(st.integers(0, 4), max_size=6))
        day = draw(st.none() | st.integers(1, 3))
        text = " ".join(numbered((20 * block, 20 * block + 20)) for block in blocks)
        rows.append((str(number), None if day is None else f"2031-01-0{day}", text))
    return articles_of(rows)


@given(printed(), st.floats(0.1, 1))
def test_law_a_group_has_one_first_which_is_no_duplicate(articles, least_similarity):
    duplicates = find_duplicates(articles, least_similarity=least_similarity)
    assert duplicates["article_id"].is_unique
    assert not set(duplicates["duplicate_of"]) & set(duplicates["article_id"])
    assert duplicates["similarity"].between(least_similarity, 1).all()
    words = {
        row.article_id: read_words(row.text, row.skip).tolist() for row in articles.itertuples()
    }
    for row in duplicates.itertuples():
        assert row.exact == (words[row.article_id] == words[row.duplicate_of])


@given(printed(), st.randoms(use_true_random=False))
def test_law_the_order_of_rows_is_nothing(articles, random):
    order = list(range(len(articles)))
    random.shuffle(order)
    turned = articles.iloc[order].set_axis([7] * len(order))
    pd.testing.assert_frame_equal(find_duplicates(articles), find_duplicates(turned))


@given(printed(), st.integers(0, 8))
def test_law_texts_may_be_signed_in_batches(articles, cut):
    parts = [sign_texts(part["text"], part["skip"]) for part in (articles[:cut], articles[cut:])]
    order = order_articles(articles)
    signed = reorder_signed(join_signed(parts), order)
    ids = articles["article_id"].iloc[order].tolist()
    pd.testing.assert_frame_equal(group_signatures(ids, signed), find_duplicates(articles))


def test_signatures_do_not_depend_on_the_run():
    code = (
        "from analysis.datasets import load_sample; from analysis.duplicates import sign_texts;"
        "sample = load_sample(); signed = sign_texts(sample['text'], sample['skip']);"
        "print(signed.digests.sum(), signed.signatures.sum(axis=0).tolist())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


# ── how exact it is ──────────────────────────────────────────────────────────────────────


def test_the_estimate_is_near_the_similarity():
    # 1,004 words have 1,000 sequences; shared are 1,000 - n of 1,000 + n.
    errors = []
    for shift in range(0, 500, 10):
        texts = numbered((0, 1004)), numbered((shift, 1004 + shift))
        signed = sign_texts(texts, [[], []])
        estimate = (signed.signatures[0] == signed.signatures[1]).mean()
        errors.append(estimate - (1000 - shift) / (1000 + shift))
    assert abs(np.mean(errors)) < 0.02
    assert np.std(errors) < 0.04


def test_near_duplicates_planted_in_a_real_corpus_are_found(shared):
    articles = load_articles(shared / "corpora" / "ant_2018.parquet")[0]
    articles = articles[articles["published"] < "2018-03-01"]
    before = find_duplicates(articles)
    long = articles[articles["text"].str.count(" ") > 120].sort_values("article_id").iloc[::20]
    long = long[~long["article_id"].isin(before["article_id"])]
    planted = long.assign(
        article_id="نسخة " + long["article_id"],
        published=long["published"] + pd.Timedelta(days=900),
        text=[
            " ".join(words[: -len(words) // 20])
            for words in map(str.split, map(mask_text, long["text"], long["skip"]))
        ],
        skip=pd.Series([[]] * len(long), index=long.index),
    )
    duplicates = find_duplicates(pd.concat([articles, planted]))
    is_planted = duplicates["article_id"].str.startswith("نسخة ")
    found_planted = duplicates[is_planted]
    right = found_planted["article_id"] == "نسخة " + found_planted["duplicate_of"]
    assert len(planted) > 50
    assert right.sum() == len(planted)
    pd.testing.assert_frame_equal(duplicates[~is_planted].reset_index(drop=True), before)


def test_most_near_duplicates_of_a_real_corpus_are_found(shared):
    articles = load_articles(shared / "corpora" / "ant_2018.parquet")[0]
    articles = articles[articles["published"].between("2018-05-01", "2018-05-15")]
    texts = [
        set(read_sequences(read_words(row.text, row.skip)).tolist())
        for row in articles.itertuples()
    ]
    owners = {}
    for number, sequences in enumerate(texts):
        for sequence in sequences:
            owners.setdefault(sequence, []).append(number)
    pairs = {(a, b) for listed in owners.values() for a in listed for b in listed if a < b}
    near = [
        (a, b)
        for a, b in pairs
        if min(len(texts[a]), len(texts[b])) >= 20
        and len(texts[a] & texts[b]) >= 0.85 * len(texts[a] | texts[b])
    ]
    group = find_duplicates(articles).set_index("article_id")["duplicate_of"]
    ids = articles["article_id"].tolist()
    together = [group.get(ids[a], ids[a]) == group.get(ids[b], ids[b]) for a, b in near]
    assert len(near) >= 5
    assert np.mean(together) >= 0.9


# ── tables ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rows", [[], [("1", "2031-01-01", REPORT)]])
def test_no_duplicates_are_a_table_without_rows(rows):
    duplicates = find_duplicates(articles_of(rows))
    assert len(duplicates) == 0
    assert duplicates.dtypes.astype("str").to_dict() == dict(DUPLICATES)


def test_duplicates_are_marked_and_kept():
    articles = articles_of(
        [("1", "2031-01-01", REPORT), ("2", "2031-01-02", REPORT), ("3", None, numbered((0, 9)))],
        duplicate_of="?",
    )
    before = articles.copy(deep=True)
    duplicates = find_duplicates(articles)
    marked = mark_duplicates(articles, duplicates)
    assert marked.columns.tolist() == [*ARTICLES, "duplicate_of"]
    assert marked["duplicate_of"].fillna("").tolist() == ["", "1", ""]
    assert marked["duplicate_of"].dtype == "str"
    pd.testing.assert_frame_equal(articles, before)
    nothing = mark_duplicates(articles, find_duplicates(articles[:1]))
    assert nothing["duplicate_of"].isna().all()
    assert nothing["duplicate_of"].dtype == "str"


@pytest.mark.parametrize("least_similarity", [0, -1, 1.01, 80])
def test_a_limit_out_of_range_is_told(least_similarity):
    with pytest.raises(InputError) as error:
        find_duplicates(articles_of([]), least_similarity=least_similarity)
    assert str(error.value) == (
        f"least_similarity is {least_similarity}; choose a share above 0 and up to 1."
    )


def test_tables_that_cannot_be_used_are_told():
    articles = articles_of([("1", "2031-01-01", REPORT)])
    with pytest.raises(InputError) as error:
        find_duplicates(articles.drop(columns=["skip", "source_file"]))
    assert str(error.value) == (
        "the table `articles` has no column `skip`; "
        "it has: article_id, outlet, published, title, text."
    )
    with pytest.raises(InputError) as error:
        find_duplicates(pd.concat([articles, articles]))
    assert str(error.value) == (
        "the table `articles` has several rows for the article_id '1'; "
        "it needs one for each article."
    )
    duplicates = pd.DataFrame({"article_id": ["1", "1"], "duplicate_of": ["2", "3"]})
    with pytest.raises(InputError) as error:
        mark_duplicates(articles, duplicates)
    assert str(error.value) == (
        "the table `duplicates` has several rows for the article_id '1'; "
        "it needs one for each article."
    )
    with pytest.raises(InputError) as error:
        mark_duplicates(articles, duplicates[["article_id"]])
    assert str(error.value) == (
        "the table `duplicates` has no column `duplicate_of`; it has: article_id."
    )
    with pytest.raises(InputError) as error:
        mark_duplicates(articles[["text"]], duplicates)
    assert str(error.value) == "the table `articles` has no column `article_id`; it has: text."


def test_signatures_that_agree_by_chance_of_a_bucket_are_compared_in_full():
    # The first band is the same, the rest is not: the articles share a bucket and are apart.
    signatures = np.arange(1, 513, dtype=np.uint16).reshape(2, 256)
    signatures[1, :7] = signatures[0, :7]
    signed = Signed(np.array([50, 50], np.int32), np.array([1, 2], np.uint64), signatures)
    assert group_signatures(["1", "2"], signed).empty
    signatures[1, :205] = signatures[0, :205]
    assert group_signatures(["1", "2"], signed)["similarity"].tolist() == [205 / 256]
