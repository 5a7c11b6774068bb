"""Who is quoted by period: a complete calendar, denominators, intervals of whole articles."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import InputError
from analysis.tables import SOURCE_TYPES
from analysis.voices import VOICES_BY_PERIOD, count_voices, count_voices_by_period

ARTICLES = pd.DataFrame(
    {
        "article_id": ["1", "2", "3", "4", "5"],
        "outlet": ["المرصد", "الضفة", "المرصد", "المرصد", "الضفة"],
        "published": pd.to_datetime(
            ["2031-01-09", "2031-01-20", "2031-03-02", "2031-03-05", None], format="%Y-%m-%d"
        ).astype("datetime64[us]"),
    }
)
QUOTES = pd.DataFrame(
    [
        ("1", "official", "الحدود مغلقة", False),
        ("1", "official", "نعم", False),
        ("2", "official", "لا", False),
        ("2", "expert", "ثلاث كلمات هنا", False),
        ("2", "expert", "إلى الحوار", True),
        ("3", "citizen", "وصلنا أمس", False),
        ("5", "citizen", "بلا تاريخ", False),
    ],
    columns=["article_id", "source_type", "content", "weak"],
)


def cell(table, period, source_type):
    chosen = (table["period"] == period) & (table["source_type"] == source_type)
    [row] = table[chosen].to_dict("records")
    return row


def many_quotes(quotes_of_articles, rest="other"):
    """Build articles of one month, each with so many quotes of officials and of others."""
    rows = [
        {"article_id": f"{number:04}", "source_type": kind, "content": "كلمة", "weak": False}
        for number, (official, other) in enumerate(quotes_of_articles)
        for kind, times in (("official", official), (rest, other))
        for _ in range(times)
    ]
    articles = pd.DataFrame(
        {
            "article_id": [f"{number:04}" for number in range(len(quotes_of_articles))],
            "outlet": "المرصد",
            "published": pd.Timestamp("2031-01-09"),
        }
    )
    columns = ["article_id", "source_type", "content", "weak"]
    return pd.DataFrame(rows, columns=columns).astype({"weak": "bool"}), articles


def test_every_period_and_type_has_a_row_with_its_denominators():
    table = count_voices_by_period(QUOTES, ARTICLES)
    assert table.dtypes.astype("str").to_dict() == dict(VOICES_BY_PERIOD)
    assert table["source_type"].tolist() == list(SOURCE_TYPES) * 3
    assert table["period"].dt.month.unique().tolist() == [1, 2, 3]
    official = cell(table, "2031-01-01", "official")
    numbers = ["quotes", "all_quotes", "articles_with", "articles_quoting", "articles", "words"]
    assert [official[name] for name in numbers] == [3, 4, 2, 2, 2, 4]
    assert official["share"] == 0.75
    march = cell(table, "2031-03-01", "citizen")
    assert [march[name] for name in numbers] == [1, 1, 1, 1, 2, 2]
    assert np.isnan([march["low"], march["high"]]).all()
    empty = cell(table, "2031-02-01", "official")
    assert [empty[name] for name in numbers] == [0] * 6
    assert np.isnan([empty["share"], empty["low"], empty["high"]]).all()


def test_weak_records_and_articles_without_a_date_are_left_out():
    table = count_voices_by_period(QUOTES, ARTICLES)
    assert cell(table, "2031-01-01", "expert")["quotes"] == 1
    assert table["quotes"].sum() == len(QUOTES) - 2


def test_groups_stand_after_the_period_and_an_outlet_without_a_name_has_rows():
    articles = ARTICLES.assign(outlet=["المرصد", None, "المرصد", "المرصد", "الضفة"])
    table = count_voices_by_period(QUOTES, articles, by="outlet")
    assert table.columns[:3].tolist() == ["period", "outlet", "source_type"]
    unnamed = table[table["outlet"].isna() & (table["period"] == "2031-01-01")]
    assert unnamed.set_index("source_type").loc["official", ["quotes", "all_quotes"]].tolist() == [
        1,
        2,
    ]
    assert len(table) == 3 * 2 * len(SOURCE_TYPES)


def test_one_long_period_has_the_numbers_of_count_voices():
    dated = QUOTES[QUOTES["article_id"] != "5"]
    table = count_voices_by_period(dated, ARTICLES, freq="YS").set_index("source_type")
    whole = count_voices(dated).set_index("source_type").loc[table.index]
    assert table["quotes"].tolist() == whole["quotes"].tolist()
    assert table["articles_with"].tolist() == whole["articles"].tolist()
    assert table["words"].tolist() == whole["words"].tolist()
    assert np.allclose(table["share"], whole["share"])


def test_the_interval_is_wilsons_for_the_effective_number_of_quotes():
    quotes, articles = many_quotes([(3, 1), (0, 2), (2, 2), (1, 0)])
    table = count_voices_by_period(quotes, articles, level=0.9)
    row = cell(table, "2031-01-01", "official")
    # Share 6/11. By article: quotes less share times all quotes, squared, times 4/3, over 11^2.
    share = 6 / 11
    residuals = [3 - 4 * share, 0 - 2 * share, 2 - 4 * share, 1 - share]
    variance = 4 / 3 * sum(own**2 for own in residuals) / 121
    effective = share * (1 - share) / variance
    t = 2.3533634348018264  # of Student's distribution with 3 degrees of freedom, at .95
    centre = (share + t**2 / (2 * effective)) / (1 + t**2 / effective)
    reach = (
        t
        * np.sqrt(share * (1 - share) / effective + t**2 / (4 * effective**2))
        / (1 + t**2 / effective)
    )
    assert effective < 11
    assert np.allclose([row["low"], row["high"]], [centre - reach, centre + reach])


def test_articles_that_quote_one_type_only_widen_the_interval():
    mixed = count_voices_by_period(*many_quotes([(2, 2)] * 9 + [(3, 1)]))
    apart = count_voices_by_period(*many_quotes([(4, 0)] * 5 + [(0, 4)] * 5))
    narrow, wide = (cell(table, "2031-01-01", "official") for table in (mixed, apart))
    assert wide["high"] - wide["low"] > 1.5 * (narrow["high"] - narrow["low"])
    plain = proportion_confint(20, 40, method="wilson")
    assert wide["high"] - wide["low"] > plain[1] - plain[0]
    assert narrow["high"] - narrow["low"] >= plain[1] - plain[0]


def test_a_type_nobody_quotes_has_an_interval_that_narrows_with_articles():
    few, many = (
        cell(count_voices_by_period(*many_quotes([(0, 3)] * number)), "2031-01-01", "official")
        for number in (5, 50)
    )
    assert few["low"] == many["low"] == 0
    assert 0 < many["high"] < few["high"] < 1


def test_intervals_hold_the_true_share_nearly_as_often_as_they_say():
    generator = np.random.default_rng(8)
    months = pd.date_range("2001-01-01", periods=400, freq="MS")
    rows, dates = [], []
    for month in months:
        for _ in range(8):
            likely = generator.beta(0.3 * 7 / 3, 0.7 * 7 / 3)
            number = f"{len(dates):05}"
            dates.append((number, month))
            for _ in range(1 + generator.poisson(3)):
                kind = "official" if generator.random() < likely else "other"
                rows.append((number, kind, "كلمة", False))
    quotes = pd.DataFrame(rows, columns=["article_id", "source_type", "content", "weak"])
    articles = pd.DataFrame(dates, columns=["article_id", "published"]).assign(outlet="المرصد")
    table = count_voices_by_period(quotes, articles)
    official = table[table["source_type"] == "official"]
    held = official["low"].le(0.3) & official["high"].ge(0.3)
    assert 0.92 < held.mean() < 0.99


@settings(max_examples=40, deadline=None)
@given(
    numbers=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12),
    turn=st.randoms(use_true_random=False),
)
def test_shares_add_up_and_lie_in_their_intervals_in_any_order(numbers, turn):
    quotes, articles = many_quotes(numbers)
    table = count_voices_by_period(quotes, articles)
    if quotes.empty:
        assert table["share"].isna().all()
    else:
        assert np.isclose(table["share"].sum(), 1)
    known = table.dropna()
    assert (known["low"] <= known["share"] + 1e-12).all()
    assert (known["share"] <= known["high"] + 1e-12).all()
    assert known["low"].ge(-1e-12).all()
    assert known["high"].le(1 + 1e-12).all()
    order = list(range(len(quotes)))
    turn.shuffle(order)
    turned = count_voices_by_period(quotes.iloc[order], articles.iloc[::-1])
    pd.testing.assert_frame_equal(turned, table)


def test_without_any_quote_all_rows_are_zeros():
    table = count_voices_by_period(QUOTES[:0], ARTICLES)
    assert len(table) == 3 * len(SOURCE_TYPES)
    assert table["quotes"].sum() == 0
    assert table["share"].isna().all()


@pytest.mark.parametrize(
    ("quotes", "articles", "options", "message"),
    [
        (
            QUOTES.drop(columns="content"),
            ARTICLES,
            {},
            "the table `quotes` has no column `content`; it has: article_id, source_type, weak.",
        ),
        (
            QUOTES,
            ARTICLES,
            {"by": "section"},
            "the table `articles` has no column `section`; it has: article_id, outlet, published.",
        ),
        (
            QUOTES,
            ARTICLES[1:],
            {},
            "quotes has article_id '1', which the articles do not have; pass the same articles.",
        ),
        (
            QUOTES.assign(source_type="poet"),
            ARTICLES,
            {},
            "a source_type of quotes is 'poet'; choose one of 'expert', 'official', "
            "'organization', 'media', 'citizen', 'armed_group', 'anonymous', 'other'.",
        ),
        (
            QUOTES,
            ARTICLES.assign(published=pd.NaT),
            {},
            "no article of `articles` has a date; fill the column `published`.",
        ),
        (
            QUOTES,
            ARTICLES,
            {"level": 95},
            "level is 95; choose a number between 0 and 1, such as 0.95.",
        ),
        (
            QUOTES,
            ARTICLES,
            {"freq": "D"},
            "freq is 'D'; choose one of 'W', 'MS', 'QS', 'YS'.",
        ),
    ],
)
def test_errors_say_what_to_change(quotes, articles, options, message):
    with pytest.raises(InputError) as error:
        count_voices_by_period(quotes, articles, **options)
    assert str(error.value) == message


def test_the_tables_given_are_left_as_they_are():
    quotes, articles = QUOTES.copy(deep=True), ARTICLES.copy(deep=True)
    count_voices_by_period(quotes, articles, by="outlet")
    pd.testing.assert_frame_equal(quotes, QUOTES)
    pd.testing.assert_frame_equal(articles, ARTICLES)
