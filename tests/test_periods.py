import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.periods import (
    PERIODS,
    assign_periods,
    count_by_category,
    count_by_period,
    count_undated,
    suggest_frequency,
)
from analysis.tables import COUNTS, make_table

CATEGORIES = ("diplomacy", "security")
WHOLE = ["articles", "articles_with", "mentions", "tokens"]


def article(article_id, published, mentions, *, tokens=100, outlet="المرصد"):
    """Return the rows of one article: its mentions of diplomacy and of security."""
    return [
        {
            "article_id": article_id,
            "outlet": outlet,
            "published": pd.Timestamp(published),
            "category": category,
            "mentions": number,
            "tokens": tokens,
        }
        for category, number in zip(CATEGORIES, mentions, strict=True)
    ]


def counts_of(*articles):
    return make_table([row for rows in articles for row in rows], COUNTS)


JANUARY_AND_MARCH = counts_of(
    article("1", "2031-01-01", (0, 3), tokens=200),
    article("2", "2031-01-31 23:59", (1, 0), tokens=400),
    article("3", "2031-03-15", (0, 2), tokens=0),
    article("4", None, (5, 5)),
)


def test_counts_shares_and_rates_of_sums():
    periods = count_by_period(JANUARY_AND_MARCH)
    security = periods[periods["category"] == "security"]
    assert security["period"].tolist() == [pd.Timestamp(f"2031-0{month}-01") for month in (1, 2, 3)]
    assert security[WHOLE].to_numpy().tolist() == [[2, 1, 3, 600], [0, 0, 0, 0], [1, 1, 2, 0]]
    assert security["share"].tolist()[::2] == [0.5, 1.0]
    assert security["per_1000"].iloc[0] == 5.0


def test_a_rate_is_the_ratio_of_sums_not_the_mean_of_ratios():
    counts = counts_of(
        article("1", "2031-01-01", (0, 1), tokens=10),
        article("2", "2031-01-02", (0, 0), tokens=990),
    )
    assert count_by_period(counts)["per_1000"].tolist() == [0.0, 1.0]


def test_a_ratio_without_a_denominator_is_missing():
    periods = count_by_period(JANUARY_AND_MARCH).set_index(["period", "category"])
    assert pd.isna(periods.loc[("2031-02-01", "security"), "share"])
    assert pd.isna(periods.loc[("2031-02-01", "security"), "per_1000"])
    march = periods.loc[("2031-03-01", "diplomacy")]
    assert march["share"] == 0
    assert pd.isna(march["per_1000"])


def test_columns_and_types_are_the_contract():
    periods = count_by_period(JANUARY_AND_MARCH)
    assert periods.dtypes.astype("str").to_dict() == PERIODS
    assert count_by_period(JANUARY_AND_MARCH, by="outlet").columns.tolist() == [
        "period",
        "outlet",
        *list(PERIODS)[1:],
    ]


@pytest.mark.parametrize(
    ("freq", "expected"),
    [
        ("W", ["2030-12-30", "2031-01-06"]),  # the Sunday belongs to the week before Monday
        ("MS", ["2031-01-01"]),
        ("QS", ["2031-01-01"]),
        ("YS", ["2031-01-01"]),
    ],
)
def test_a_period_is_named_by_its_first_day(freq, expected):
    counts = counts_of(article("1", "2031-01-05", (0, 0)), article("2", "2031-01-06", (0, 0)))
    found = count_by_period(counts, freq=freq)["period"].drop_duplicates()
    assert found.dt.strftime("%Y-%m-%d").tolist() == expected


def test_every_group_has_every_period_and_category():
    counts = counts_of(
        article("1", "2031-01-10", (1, 0), outlet="المرصد"),
        article("2", "2031-04-10", (1, 0), outlet="الضفة"),
    )
    periods = count_by_period(counts, by="outlet")
    assert len(periods) == 4 * 2 * 2
    assert periods["articles"].sum() == 2 * 2
    assert periods.equals(periods.sort_values(["period", "outlet", "category"], ignore_index=True))


def test_groups_may_be_several_columns_and_have_no_name():
    counts = counts_of(
        article("1", "2031-01-10", (1, 0), outlet=None),
        article("2", "2031-01-11", (1, 0), outlet="الضفة"),
    ).assign(section=["محليات", "محليات", "اقتصاد", "اقتصاد"])
    periods = count_by_period(counts, by=["outlet", "section"])
    assert len(periods) == 4
    assert periods["articles"].tolist() == [1, 1, 1, 1]


def test_undated_articles_are_left_out_and_counted():
    assert count_undated(JANUARY_AND_MARCH) == 1
    assert count_by_period(JANUARY_AND_MARCH)["mentions"].sum() == 6


DAYS = st.dates(pd.Timestamp("2030-11-01").date(), pd.Timestamp("2031-06-30").date())
ARTICLES = st.lists(
    st.tuples(
        DAYS, st.integers(0, 3), st.integers(0, 3), st.integers(0, 500), st.sampled_from("ابت")
    ),
    min_size=1,
    max_size=12,
)


def _drawn_counts(drawn):
    return counts_of(
        *(
            article(str(number), day, (first, second), tokens=tokens, outlet=outlet)
            for number, (day, first, second, tokens, outlet) in enumerate(drawn)
        )
    )


@settings(max_examples=25, deadline=None)
@given(drawn=ARTICLES, freq=st.sampled_from(["W", "MS", "QS", "YS"]), shuffle=st.randoms())
def test_law_periods_and_groups_add_up_to_the_totals_in_any_row_order(drawn, freq, shuffle):
    counts = _drawn_counts(drawn)
    periods = count_by_period(counts, freq=freq)
    order = list(range(len(counts)))
    shuffle.shuffle(order)
    pd.testing.assert_frame_equal(count_by_period(counts.iloc[order], freq=freq), periods)
    grouped = count_by_period(counts, freq=freq, by="outlet")
    again = grouped.groupby(["period", "category"])[WHOLE].sum().reset_index()
    pd.testing.assert_frame_equal(again, periods[["period", "category", *WHOLE]])
    totals = periods.groupby("category")[WHOLE].sum()
    assert totals["articles"].eq(len(drawn)).all()
    assert totals["mentions"].to_dict() == counts.groupby("category")["mentions"].sum().to_dict()
    assert totals["tokens"].eq(sum(tokens for *_, tokens, _ in drawn)).all()


@settings(max_examples=25, deadline=None)
@given(drawn=ARTICLES, freq=st.sampled_from(["W", "MS", "QS", "YS"]))
def test_law_the_calendar_is_complete_and_shares_lie_between_0_and_1(drawn, freq):
    periods = count_by_period(_drawn_counts(drawn), freq=freq)
    starts = periods["period"].drop_duplicates()
    every = pd.date_range(starts.min(), starts.max(), freq="W-MON" if freq == "W" else freq)
    assert starts.tolist() == every.tolist()
    assert periods["share"].dropna().between(0, 1).all()
    assert (periods["articles_with"] <= periods["articles"]).all()


@pytest.mark.parametrize(
    ("first", "last", "every", "expected"),
    [
        ("2031-01-01", "2031-01-03", "1D", "W"),
        ("2031-01-01", "2032-02-01", "2D", "W"),
        ("2031-01-01", "2032-06-01", "2D", "MS"),
        ("2031-01-01", "2031-11-30", "5D", "MS"),
        ("2031-01-01", "2041-12-31", "30D", "QS"),
        ("2031-01-01", "2041-12-31", "90D", "YS"),
        ("2031-01-01", "2131-12-31", "30D", "YS"),
    ],
)
def test_the_finest_frequency_that_can_be_read(first, last, every, expected):
    published = pd.Series([*pd.date_range(first, last, freq=every), pd.NaT])
    articles = pd.DataFrame({"article_id": range(len(published)), "published": published})
    assert suggest_frequency(articles) == expected
    assert suggest_frequency(pd.concat([articles] * 6)) == expected


def _message(call, *arguments, **options):
    with pytest.raises(InputError) as raised:
        call(*arguments, **options)
    return str(raised.value)


def test_errors_say_what_to_change():
    counts = JANUARY_AND_MARCH
    assert _message(count_by_period, counts, freq="M") == (
        "freq is 'M'; choose one of 'W', 'MS', 'QS', 'YS'."
    )
    assert _message(count_by_period, counts, by="section") == (
        "the table `counts` has no column `section`; "
        "it has: article_id, outlet, published, category, mentions, tokens."
    )
    assert _message(count_by_period, counts, by="category") == (
        "by is 'category', but periods have a column `category` of their own; "
        "group by another column, such as 'outlet'."
    )
    assert _message(count_by_period, counts.iloc[1:]) == (
        "`counts` has 7 rows for 4 articles and 2 categories; "
        "it needs one row for each article and category, zeros included."
    )
    assert _message(count_by_period, pd.concat([counts, counts])) == (
        "`counts` has 16 rows for 4 articles and 2 categories; "
        "it needs one row for each article and category, zeros included."
    )
    assert _message(assign_periods, counts.assign(published="أمس")) == (
        "the column `published` of `counts` holds str, not dates without a time zone; "
        "convert it with pandas.to_datetime."
    )
    assert _message(count_by_period, counts[counts["published"].isna()]) == (
        "no article of `counts` has a date (1 without one); fill the column `published`."
    )
    assert _message(count_by_period, make_table([], COUNTS)) == (
        "no article of `counts` has a date (0 without one); fill the column `published`."
    )
    assert _message(suggest_frequency, counts.iloc[6:]) == (
        "`published` holds no date; there is no span to divide into periods."
    )


def test_totals_by_category_hold_undated_articles_too():
    rows = [*article("1", "2031-01-09", (0, 3)), *article("2", None, (2, 0), tokens=300)]
    totals = count_by_category(make_table(rows, COUNTS)).set_index("category")
    assert totals.loc["security"].to_dict() == {
        "articles": 2,
        "articles_with": 1,
        "mentions": 3,
        "tokens": 400,
        "share": 0.5,
        "per_1000": 7.5,
    }
    assert totals.loc["diplomacy", "per_1000"] == 5
