"""What all tables of two spans share: their articles, weights, draws and errors."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from two_spans import (
    BY_HAND,
    EARLIER,
    INTERVAL,
    LATER,
    SECURITY,
    SPANS,
    draw_articles,
    make_counts,
    make_tables,
    two_months,
)

from analysis.decomposition import decompose_change
from analysis.errors import InputError
from analysis.influence import leave_one_out, leave_one_term_out
from analysis.spans import (
    Resampling,
    count_terms,
    list_strata,
    read_spans,
    read_two_spans,
    resample_columns,
    resample_strata,
    weigh_articles,
)
from analysis.term_shifts import compare_terms


def read(counts, **spans):
    return read_spans(counts, spans, categories=["security", "diplomacy"], stratify="outlet")


def test_spans_hold_the_articles_of_their_days():
    counts = make_counts(BY_HAND).sample(frac=1, random_state=1)
    spans = read(counts, day=("2031-01-15", "2031-01-15"), both=("2031-01-15", "2031-02-15"),
                 none=("2031-03-01", "2031-03-02"))  # fmt: skip
    assert [span.articles["article_id"].tolist() for span in spans.values()] == [
        ["م00000", "م00001"],
        ["م00000", "م00001", "م00002", "م00003"],
        [],
    ]
    both = spans["both"]
    assert both.mentions.tolist() == [[4, 0], [3, 0], [30, 0], [1, 9]]
    assert both.tokens.tolist() == [100, 300, 600, 200]
    assert both.strata.tolist() == ["المرصد", "الضفة"] * 2
    assert both.key == ("2031-01-15", "2031-02-15")
    assert spans["none"].mentions.shape == (0, 2)


def test_copies_weigh_what_each_way_says():
    counts = make_counts([("المرصد", date, 9, {}) for date in (EARLIER, EARLIER, LATER, LATER)])
    counts["copy_of"] = counts["article_id"].map({"م00001": "م00000", "م00002": "م00000"})
    spans = read_two_spans(counts, categories=["security"], stratify=None, **SPANS)
    for order in (counts, counts.sample(frac=1, random_state=2)):
        before, after = weigh_articles(order, spans, ("count", "weight", "drop"))
        np.testing.assert_allclose(before, [[1, 1 / 3, 1], [1, 1 / 3, 0]])
        np.testing.assert_allclose(after, [[1, 1 / 3, 0], [1, 1, 1]])


def test_terms_are_counted_for_each_article():
    counts, mentions = make_tables(BY_HAND)
    spans = read_two_spans(counts, categories=["security"], stratify=None, **SPANS)
    (before, after), terms = count_terms(mentions, spans, ["security"])
    assert terms.values.tolist() == [["security", "أمن"], ["security", "جيش"]]
    assert before.toarray().tolist() == [[4, 0], [3, 0]]
    assert after.toarray().tolist() == [[30, 0], [0, 1]]


@pytest.mark.parametrize("size", [0, 1, 2, 40])
def test_sparse_columns_are_drawn_as_others(size):
    counts = make_counts([*draw_articles(3, size), ("صدى المشرق", LATER, 100, {"أمن": 1})])
    span = read(counts, before=SPANS["before"], after=SPANS["after"])["before"]
    resampling = Resampling(0.95, 100, 1)
    drawn = resample_columns(span.mentions, span, resampling)
    assert drawn.shape == (101, 2)
    assert drawn[0].tolist() == span.mentions.sum(axis=0).tolist()
    np.testing.assert_array_equal(
        resample_columns(csr_array(span.mentions), span, resampling), drawn
    )


def test_law_strata_add_up_to_the_span_in_every_draw():
    outlets = ("المرصد", "الضفة", None)
    spans = read(make_counts(two_months(4, 30, outlets=outlets)), **SPANS)
    names = list_strata(spans.values())
    assert names == ["", "الضفة", "المرصد"]
    resampling = Resampling(0.95, 100, 1)
    for span in spans.values():
        values = np.stack([span.mentions, 2 * span.mentions], axis=1)
        drawn = resample_strata(values, span, names, resampling)
        assert drawn.shape == (101, 2, 2, 3)
        whole = resample_columns(span.mentions, span, resampling)
        np.testing.assert_allclose(drawn.sum(axis=-1)[:, 0], whole)
        np.testing.assert_allclose(drawn[:, 1], 2 * drawn[:, 0])
        own = span.mentions[span.strata == "الضفة"].sum(axis=0)
        assert drawn[0, 0, :, 1].tolist() == own.tolist()


def test_nothing_varies_in_a_span_of_one_article():
    articles = [*draw_articles(1, 9), ("المرصد", LATER, 100, {"أمن": 3})]
    counts, mentions = make_tables(articles)
    ids = counts["article_id"].unique()
    tables = [
        decompose_change(counts, **SECURITY, **SPANS),
        leave_one_out(counts, **SECURITY, **SPANS),
        leave_one_term_out(counts, mentions, **SECURITY, **SPANS),
        compare_terms(mentions, counts, first=ids[:-1], second=ids[-1:]),
    ]
    for table in tables:
        assert table[INTERVAL].isna().all(axis=None)
        assert len(table) > 1


def test_the_change_with_all_is_the_same_in_every_table():
    counts, mentions = make_tables(two_months(5, 30))
    options = SPANS | SECURITY | {"measure": "share"}
    names = ["before", "after", "low", "high"]
    decomposed = decompose_change(counts, **options)
    expected = decomposed[(decomposed["part"] == "total") & (decomposed["group"] == "")]
    for table in (
        leave_one_out(counts, **options),
        leave_one_term_out(counts, mentions, **options),
    ):
        np.testing.assert_allclose(table[names].iloc[0], expected[names].iloc[0])
        assert table["change"].iloc[0] == pytest.approx(expected["value"].iloc[0])


def test_tables_do_not_depend_on_the_order_of_rows_and_leave_their_input():
    counts, mentions = make_tables(two_months(6, 20, outlets=("المرصد", "الضفة", None)))
    ids = counts["article_id"].unique()
    kept = counts.copy(deep=True), mentions.copy(deep=True)
    shuffled = counts.sample(frac=1, random_state=1), mentions.sample(frac=1, random_state=2)

    def all_tables(counts, mentions, **seed):
        options = SPANS | SECURITY | seed
        return [
            decompose_change(counts, **options),
            leave_one_out(counts, **options),
            leave_one_term_out(counts, mentions, **options),
            compare_terms(mentions, counts, first=ids[:20], second=ids[20:], **seed),
        ]

    for table, again, other in zip(
        all_tables(counts, mentions),
        all_tables(*shuffled),
        all_tables(counts, mentions, seed=1),
        strict=True,
    ):
        pd.testing.assert_frame_equal(table, again)
        assert not np.allclose(table["low"], other["low"], rtol=1e-6, atol=0)
    pd.testing.assert_frame_equal(counts, kept[0])
    pd.testing.assert_frame_equal(mentions, kept[1])


def test_methods_say_how():
    counts, mentions = make_tables(two_months(13, 5))
    ids = counts["article_id"].unique()
    options = {"replicates": 200, "seed": 3, "level": 0.9}
    tail = "200 replicates, seed 3; level 0.9"
    head = "t interval, standard error from a bootstrap of articles within"
    security = SPANS | SECURITY | options
    sets = {"first": ids[:5], "second": ids[5:]} | options
    methods = {
        f"symmetrical decomposition of Kitagawa; {head} span and outlet, {tail}": decompose_change(
            counts, **security
        ),
        f"{head} span and outlet, {tail}": leave_one_out(counts, **security),
        f"{head} span, {tail}": leave_one_term_out(counts, mentions, stratify=None, **security),
        f"{head} set and outlet, {tail}": compare_terms(mentions, counts, **sets),
    }
    for method, table in methods.items():
        assert table["method"].unique().tolist() == [method]
        assert table["level"].unique().tolist() == [0.9]


def test_mentions_must_be_those_of_the_counts():
    counts, mentions = make_tables(BY_HAND)
    fewer = mentions[mentions["article_id"] != "م00001"]
    message = (
        "the article 'م00001' has 0 mentions of 'security' in `mentions` and 3 in `counts` "
        "(articles that differ: 1); pass tables made from the same articles with the same lexicons."
    )
    with pytest.raises(InputError) as raised:
        leave_one_term_out(counts, fewer, **SECURITY, **SPANS)
    assert str(raised.value) == message
    with pytest.raises(InputError) as raised:
        compare_terms(fewer, counts, first=["م00000", "م00001"], second=["م00003"])
    assert str(raised.value) == message


def test_articles_without_words_have_no_rate():
    articles = [("المرصد", EARLIER, 0, {"أمن": 1}), ("المرصد", LATER, 100, {"أمن": 1})]
    counts, mentions = make_tables(articles)
    message = (
        "the articles of 2031-01-01 to 2031-01-31 (1) have no words, or all are copies; "
        "choose other articles, or leave out `copy_of`."
    )
    for call in (
        lambda: decompose_change(counts, **SECURITY, **SPANS),
        lambda: leave_one_out(counts, **SECURITY, **SPANS),
        lambda: leave_one_term_out(counts, mentions, **SECURITY, **SPANS),
    ):
        with pytest.raises(InputError) as raised:
            call()
        assert str(raised.value) == message
