"""The sentence under a figure says what the table says."""

from string import Formatter

import pandas as pd
import pytest
from captions_tables import ARABIC

from analysis import captions
from analysis.data_files import load_words
from analysis.framing import framing_by_period
from analysis.periods import count_by_period
from analysis.tables import COUNTS, make_table

PAIR = ["security", "diplomacy"]


@pytest.fixture
def counts():
    """Security in 3 of 4 articles, diplomacy in one, an empty February."""
    told = [("2031-01-05", 2, 0), ("2031-01-20", 0, 4), ("2031-03-02", 1, 0), ("2031-03-09", 5, 0)]
    return make_table(
        [
            {
                "article_id": str(number),
                "outlet": "صدى" if number % 2 else "أطلس",
                "published": pd.Timestamp(day),
                "category": category,
                "mentions": mentions,
                "tokens": 250,
            }
            for number, (day, *both) in enumerate(told)
            for category, mentions in zip(PAIR, both, strict=True)
        ],
        COUNTS,
    )


@pytest.fixture
def framing(counts):
    return framing_by_period(counts, freq="MS", replicates=100)


def test_articles(counts):
    periods = count_by_period(counts, freq="MS", by="outlet")
    assert captions.describe_articles(periods, freq="MS") == (
        "Articles: 4; outlets: 2; from 2031-01 to 2031-03, most in 2031-01 (as in 2031-03) (2); "
        "periods without articles: 1 of 3."
    )


def test_an_unknown_outlet_is_not_an_outlet(counts):
    periods = count_by_period(counts.assign(outlet=""), freq="MS", by="outlet")
    assert "outlets: 0;" in captions.describe_articles(periods, freq="MS")


def test_themes_name_part_and_whole(framing):
    labels = {"security": "Security"}
    assert captions.describe_themes(framing, ["security"], freq="MS", labels=labels) == (
        "Security: in 75.0 % of the articles (3 of 4), at its highest in 2031-03 with 100.0 % (2 "
        "of 2)."
    )


def test_a_theme_nobody_mentions(framing):
    none = framing.assign(articles_with=0, mentions=0, share=0.0)
    expected = "security: in none of the articles (4)."
    assert captions.describe_themes(none, ["security"], freq="MS") == expected
    assert captions.describe_framing(none, ["security"], freq="MS") == expected


def test_framing_gives_the_interval_of_the_peak(framing):
    assert captions.describe_framing(framing, ["security"], freq="MS") == (
        "security: in 75.0 % of the articles (3 of 4), at its highest in 2031-03 with 100.0 % "
        "(interval 34.2 % to 100.0 %; articles: 2)."
    )


def test_a_period_of_few_articles_is_no_peak(framing):
    thick = framing.assign(articles=framing["articles"].where(framing["period"].dt.month > 1, 40))
    assert captions.describe_framing(thick, ["security"], freq="MS") == (
        "security: in 7.1 % of the articles (3 of 42), at its highest in 2031-01 with 50.0 % "
        "(interval 9.5 % to 90.5 %; articles: 40). Highest and lowest are sought among the "
        "periods of at least 5 articles."
    )


def test_rates_name_the_words(framing):
    said = captions.describe_framing(framing, ["security"], freq="MS", measure="per_1000")
    assert said.startswith(
        "security: 8.00 mentions per 1,000 words (8 in 1,000), at its highest in 2031-03 with "
        "12.00 (interval "
    )


def test_a_period_that_cannot_vary_has_no_interval(framing):
    single = framing.assign(per_1000_low=float("nan"), per_1000_high=float("nan"))
    said = captions.describe_framing(single, ["security"], freq="MS", measure="per_1000")
    assert said.endswith("with 12.00 (no interval; articles: 2).")


def test_balance_skips_periods_without_articles(framing):
    said = captions.describe_balance(framing, freq="MS")
    assert said.startswith(
        "security is mentioned more often than diplomacy in 1 of 2 periods with articles. The "
        "balance is highest in 2031-03 (+3.7; interval "
    )


def test_experts():
    experts = pd.DataFrame(
        {"speaker": ["منى السالمي"], "field": ["الهجرة"], "quotes": [3], "articles": [2]}
    )
    assert captions.describe_experts(experts, 12) == (
        "Named experts: 1, with 3 of 12 quotes (25.0 %). The one quoted most is منى السالمي "
        "(field: الهجرة; quotes: 3; articles: 2)."
    )
    assert captions.describe_experts(experts[:0], 12) == "No named expert is quoted; quotes: 12."


def test_sentences_in_arabic(framing, counts):
    said = {"freq": "MS", "language": "ar", "labels": ARABIC}
    periods = count_by_period(counts, freq="MS", by="outlet")
    assert captions.describe_articles(periods, freq="MS", language="ar") == (
        "عدد المقالات 4، وعدد المنابر 2، من 2031-01 إلى 2031-03؛ أكثرها في 2031-01 (ومثلها "
        "2031-03) (2)؛ الفترات الخالية من المقالات 1 من 3."
    )
    assert captions.describe_themes(framing, ["security"], **said) == (
        "الأمن: في 75.0 % من المقالات (3 من 4)، والذروة في 2031-03 بنسبة 100.0 % (2 من 2)."
    )
    assert captions.describe_framing(framing, ["security"], **said) == (
        "الأمن: في 75.0 % من المقالات (3 من 4)، والذروة في 2031-03 بنسبة 100.0 % (مجال الثقة من "
        "34.2 % إلى 100.0 %؛ عدد المقالات 2)."
    )
    none = framing.assign(articles_with=0, mentions=0, share=0.0)
    assert captions.describe_framing(none, ["security"], **said) == (
        "الأمن: لا ذكر في أي مقال (عدد المقالات 4)."
    )
    single = framing.assign(balance_low=float("nan"), balance_high=float("nan"))
    assert captions.describe_balance(single, **said) == (
        "يزيد ذكر «الأمن» على ذكر «الدبلوماسية» في 1 من 2 من الفترات التي فيها مقالات. أعلى "
        "الميزان في 2031-03 (\u200e+3.7؛ بلا مجال ثقة) وأدناه في 2031-01 (\u200e−0.8؛ بلا مجال "
        "ثقة)."
    )


def test_periods_that_tie_are_named_or_counted(framing):
    def describe(months):
        days = pd.date_range("2031-01-01", periods=months, freq="MS")
        same = {"articles": 9, "articles_with": 9, "share": 1.0, "category": "security"}
        return captions.describe_themes(
            pd.DataFrame({"period": days}).assign(**same), ["security"], freq="MS"
        )

    assert "at its highest in 2031-01 (as in 2031-02, 2031-03, 2031-04) with" in describe(4)
    assert "at its highest in 2031-01 (other periods like it: 4) with" in describe(5)


def test_both_languages_say_the_same_of_the_same_numbers():
    def parts(language):
        return {
            name: {part for _, part, *_ in Formatter().parse(text) if part}
            for name, text in load_words("captions", language).items()
        }

    assert parts("en") == parts("ar")


def test_a_name_against_the_direction_of_the_sentence_is_followed_by_a_mark():
    experts = pd.DataFrame({"source_type": ["المرصد", "Mirror"], "quotes": [3, 1]})
    assert captions.describe_voices(experts) == (
        "Quotes: 4; of these المرصد\u200e 3 (75.0 %), Mirror 1 (25.0 %)."
    )
    assert captions.describe_voices(experts, language="ar") == (
        "عدد الاقتباسات 4، منها المرصد: 3 (75.0 %)، Mirror\u200f: 1 (25.0 %)."
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_sentence_exists_in_both_languages(framing, counts, language):
    voices = pd.DataFrame({"source_type": ["expert"], "quotes": [1]})
    periods = count_by_period(counts, freq="MS", by="outlet")
    said = [
        captions.describe_articles(periods, freq="MS", language=language),
        captions.describe_themes(framing, PAIR, freq="MS", language=language),
        captions.describe_framing(framing, PAIR, freq="MS", language=language),
        captions.describe_balance(framing, freq="MS", language=language),
        captions.describe_voices(voices, language=language),
    ]
    arabic = [any("؀" < letter < "ۿ" for letter in sentence) for sentence in said]
    assert arabic == [language == "ar"] * len(said)
    assert not any("{" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("freq", "name"), [("W", "2031-04-07"), ("MS", "2031-04"), ("QS", "2031-Q2"), ("YS", "2031")]
)
def test_periods_have_names(freq, name):
    assert captions.name_period(pd.Timestamp("2031-04-07"), freq) == name
