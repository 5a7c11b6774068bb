"""The sentences about voices, carried themes and copies, in both languages."""

import pandas as pd
import pytest
from captions_tables import ARABIC, make_rows

from analysis import captions
from analysis.cooccurrence import BALANCE_BY_VOICE, CARRIED_THEMES
from analysis.copies import COPIES
from analysis.errors import InputError
from analysis.voices import VOICES_BY_PERIOD

NAN = float("nan")
MONTHS = pd.to_datetime(["2031-01-01", "2031-02-01", "2031-03-01"])


@pytest.fixture
def voices():
    rows = [
        # period, source type, quotes, all quotes, articles quoting, articles, share, low, high
        (0, "official", 30, 40, 20, 30, 0.75, 0.6, 0.85),
        (0, "expert", 10, 40, 20, 30, 0.25, 0.15, 0.4),
        (0, "media", 0, 40, 20, 30, 0.0, 0.0, 0.1),
        (1, "official", 6, 20, 10, 12, 0.3, 0.1, 0.6),
        (1, "expert", 14, 20, 10, 12, 0.7, 0.4, 0.9),
        (1, "media", 0, 20, 10, 12, 0.0, 0.0, 0.2),
        # Two articles that quote are too few for a peak.
        (2, "official", 2, 2, 2, 3, 1.0, NAN, NAN),
        (2, "expert", 0, 2, 2, 3, 0.0, NAN, NAN),
        (2, "media", 0, 2, 2, 3, 0.0, NAN, NAN),
    ]
    names = ["source_type", "quotes", "all_quotes", "articles_quoting", "articles", "share"]
    table = pd.DataFrame(rows, columns=["period", *names, "low", "high"])
    table["period"] = table["period"].map(dict(enumerate(MONTHS)))
    return make_rows(VOICES_BY_PERIOD, table, level=0.95)


def test_voices_over_time(voices):
    assert captions.describe_voices_over_time(voices, freq="MS") == (
        "Quotes: 62 (articles with quotes: 32 of 45); of these official 61.3 % (38), at its "
        "highest in 2031-01 with 75.0 % (95 % interval 60.0 % to 85.0 %; quotes: 40) and at its "
        "lowest in 2031-02 with 30.0 % (10.0 % to 60.0 %; quotes: 20); expert 38.7 % (24), at its "
        "highest in 2031-02 with 70.0 % (95 % interval 40.0 % to 90.0 %; quotes: 20) and at its "
        "lowest in 2031-01 with 25.0 % (15.0 % to 40.0 %; quotes: 40). Highest and lowest are "
        "sought among the periods of at least 5 articles with quotes."
    )


def test_voices_over_time_in_arabic(voices):
    said = captions.describe_voices_over_time(
        voices, freq="MS", most=1, language="ar", labels=ARABIC
    )
    assert said == (
        "عدد الاقتباسات 62 (المقالات التي فيها اقتباس 32 من 45)؛ منها مسؤول رسمي: 61.3 % (38)، "
        "والذروة في 2031-01 بنسبة 75.0 % (مجال الثقة 95 % من 60.0 % إلى 85.0 %؛ عدد الاقتباسات "
        "40)، والأدنى في 2031-02 بنسبة 30.0 % (من 10.0 % إلى 60.0 %؛ عدد الاقتباسات 20). يُطلب "
        "الأعلى والأدنى بين الفترات التي فيها 5 مقالات فيها اقتباس على الأقل."
    )


def test_nobody_is_quoted(voices):
    none = voices.assign(quotes=0, all_quotes=0, articles_quoting=0, share=NAN)
    expected = "No quote is found; articles: 45."
    assert captions.describe_voices_over_time(none, freq="MS") == expected
    assert captions.describe_voices_over_time(none, freq="MS", language="ar") == (
        "لم يُعثر على أي اقتباس؛ عدد المقالات 45."
    )


def test_voices_of_several_outlets_are_refused(voices):
    with pytest.raises(InputError) as caught:
        captions.describe_voices_over_time(pd.concat([voices, voices]), freq="MS")
    assert str(caught.value) == (
        "the table `voices` has several rows for the same period and source_type; choose the rows "
        "of one group first."
    )


@pytest.fixture
def balances():
    rows = [
        # voice, first, second, balance, low, high, difference, low, high
        ("reporter", 400, 200, 1.0, 0.8, 1.2, 0.0, 0.0, 0.0),
        ("quoted", 60, 90, -0.58, -1.0, -0.16, -1.58, -2.0, -1.16),
        ("expert", 20, 10, 0.97, 0.1, 1.84, -0.03, -0.9, 0.84),
        ("official", 30, 80, -1.4, -2.0, -0.8, -2.4, -3.0, -1.8),
        ("media", 3, 9, -1.44, -2.5, -0.4, -2.44, -4.0, -0.9),
        ("citizen", 10, 1, 2.8, 1.9, 3.7, 1.8, 0.2, 3.4),
        ("other", 0, 0, NAN, NAN, NAN, NAN, NAN, NAN),
    ]
    spans = [f"{name}{end}" for name in ("balance", "difference") for end in ("", "_low", "_high")]
    table = pd.DataFrame(rows, columns=["voice", "first_mentions", "second_mentions", *spans])
    return make_rows(BALANCE_BY_VOICE, table, articles=40, pair="security / diplomacy", level=0.95)


def test_balance_by_voice(balances):
    assert captions.describe_balance_by_voice(balances) == (
        "Balance of security and diplomacy: the reporter +1.00 (95 % interval +0.80 to +1.20; "
        "mentions: 400 and 200); all who are quoted −0.58 (95 % interval −1.00 to −0.16; "
        "mentions: 60 and 90). Closer to security than the reporter: citizen (difference +1.80; "
        "95 % interval +0.20 to +3.40). Closer to diplomacy than the reporter: media (difference "
        "−2.44; 95 % interval −4.00 to −0.90); official (difference −2.40; −3.00 to −1.80). The "
        "intervals are not adjusted for the number of voices (6)."
    )


def test_balance_by_voice_in_arabic(balances):
    rows = balances[balances["voice"].isin(["reporter", "quoted", "official"])]
    assert captions.describe_balance_by_voice(rows, language="ar", labels=ARABIC) == (
        "الميزان بين «الأمن» و«الدبلوماسية»: المحرر \u200e+1.00 (مجال الثقة 95 % من \u200e+0.80 "
        "إلى \u200e+1.20؛ مرات الذكر 400 و200)؛ جميع من اقتُبس كلامهم \u200e−0.58 (مجال الثقة 95 "
        "% من \u200e−1.00 إلى \u200e−0.16؛ مرات الذكر 60 و90). وأقرب من المحرر إلى إطار "
        "«الدبلوماسية»: مسؤول رسمي (الفرق \u200e−2.40؛ مجال الثقة 95 % من \u200e−3.00 إلى "
        "\u200e−1.80). ولم تُعدَّل مجالات الثقة بحسب عدد الأصوات (2)."
    )


def test_no_voice_differs(balances):
    rows = balances[balances["voice"].isin(["reporter", "quoted", "expert"])]
    rows = rows.assign(balance=rows["balance"].where(rows["voice"] != "quoted"))
    assert captions.describe_balance_by_voice(rows) == (
        "Balance of security and diplomacy: the reporter +1.00 (95 % interval +0.80 to +1.20; "
        "mentions: 400 and 200); all who are quoted without a word. No voice differs from the "
        "reporter beyond its interval, which is no proof that they agree. The intervals are not "
        "adjusted for the number of voices (2)."
    )
    assert (
        "جميع من اقتُبس كلامهم بلا كلام. ولا صوت يبتعد عن المحرر بما يتجاوز مجال الثقة، وليس ذلك "
        "دليلا على اتفاقهم. ولم تُعدَّل"
    ) in captions.describe_balance_by_voice(rows, language="ar")


@pytest.fixture
def balances_by_period(balances):
    rows = balances[balances["voice"] == "quoted"]
    table = pd.concat([rows] * 3, ignore_index=True).assign(
        difference=[-1.0, 0.5, NAN],
        difference_low=[-2.0, NAN, NAN],
        difference_high=[-0.1, NAN, NAN],
    )
    table.insert(0, "period", MONTHS)
    return table


def test_balance_of_a_voice_by_period(balances_by_period):
    assert captions.describe_balance_by_voice(balances_by_period, freq="MS") == (
        "Balance of security and diplomacy: that of all who are quoted is above the reporter's in "
        "1 of 2 periods in which both can be compared. The difference is highest in 2031-02 "
        "(+0.50; no interval) and lowest in 2031-01 (−1.00; 95 % interval −2.00 to −0.10)."
    )
    said = captions.describe_balance_by_voice(
        balances_by_period, freq="MS", language="ar", labels=ARABIC
    )
    assert said == (
        "الميزان بين «الأمن» و«الدبلوماسية»: ميزان جميع من اقتُبس كلامهم فوق ميزان المحرر في 1 من "
        "2 من الفترات التي تصح فيها المقارنة. أعلى الفرق في 2031-02 (\u200e+0.50؛ بلا مجال ثقة) "
        "وأدناه في 2031-01 (\u200e−1.00؛ مجال الثقة 95 % من \u200e−2.00 إلى \u200e−0.10)."
    )


def test_a_voice_that_can_be_compared_in_no_period(balances_by_period):
    none = balances_by_period.assign(difference=NAN)
    assert captions.describe_balance_by_voice(none, freq="MS") == (
        "Balance of security and diplomacy: all who are quoted and the reporter can be compared "
        "in none of the periods (3)."
    )
    assert captions.describe_balance_by_voice(none, freq="MS", language="ar", labels=ARABIC) == (
        "الميزان بين «الأمن» و«الدبلوماسية»: لا تصح المقارنة بين جميع من اقتُبس كلامهم والمحرر في "
        "أي فترة (عدد الفترات 3)."
    )


def test_periods_of_balances_need_their_frequency_and_a_voice(balances_by_period):
    with pytest.raises(InputError) as caught:
        captions.describe_balance_by_voice(balances_by_period)
    assert str(caught.value) == "freq is None; choose one of 'W', 'MS', 'QS', 'YS'."
    with pytest.raises(InputError) as caught:
        captions.describe_balance_by_voice(balances_by_period, freq="MS", voice="poet")
    assert str(caught.value) == "voice is 'poet'; choose one of 'quoted'."


@pytest.fixture
def carried():
    rows = [
        # period, frame, theme, units of the frame, units of both, share, low, high
        (0, "security", "migration", 40, 10, 0.25, 0.1, 0.4),
        (0, "security", "terrorism", 40, 20, 0.5, 0.4, 0.6),
        (1, "security", "migration", 10, 5, 0.5, 0.2, 0.8),
        (1, "security", "terrorism", 10, 0, 0.0, 0.0, 0.3),
        # One sentence of two is no peak.
        (2, "security", "migration", 1, 1, 1.0, 0.2, 1.0),
        (2, "security", "terrorism", 1, 0, 0.0, 0.0, 0.8),
        (0, "diplomacy", "migration", 0, 0, NAN, NAN, NAN),
        (0, "diplomacy", "terrorism", 0, 0, NAN, NAN, NAN),
    ]
    names = ["frame", "theme", "units_frame", "units_both", "share", "low", "high"]
    table = pd.DataFrame(rows, columns=["period", *names])
    table["period"] = table["period"].map(dict(enumerate(MONTHS)))
    return make_rows(CARRIED_THEMES, table, within="sentence", level=0.95)


def test_carried_themes(carried):
    assert captions.describe_carried_themes(carried, freq="MS", most=2) == (
        "security (sentences: 51): terrorism in 39.2 % (20), at its highest in 2031-01 with 50.0 "
        "% (95 % interval 40.0 % to 60.0 %; sentences: 40); migration in 31.4 % (16), at its "
        "highest in 2031-02 with 50.0 % (95 % interval 20.0 % to 80.0 %; sentences: 10). "
        "diplomacy (sentences: 0): migration in none; terrorism in none. Highest and lowest are "
        "sought among the periods of at least 5 such sentences."
    )


def test_carried_themes_in_arabic(carried):
    table = carried.assign(within="paragraph")
    said = captions.describe_carried_themes(table, freq="MS", most=1, language="ar", labels=ARABIC)
    assert said == (
        "الأمن (عدد الفقرات 51): الإرهاب في 39.2 % منها (20)، والذروة في 2031-01 بنسبة 50.0 % "
        "(مجال الثقة 95 % من 40.0 % إلى 60.0 %؛ عدد الفقرات 40). الدبلوماسية (عدد الفقرات 0): "
        "الهجرة بلا ذكر فيها. يُطلب الأعلى والأدنى بين الفترات التي فيها 5 فقرات من هذا القبيل "
        "على الأقل."
    )


@pytest.fixture
def articles():
    outlets = ["المرصد"] * 3 + ["الضفة"] * 3 + ["صدى المشرق", None]
    return pd.DataFrame({"article_id": list("abcdefgh"), "outlet": outlets})


@pytest.fixture
def copies():
    rows = [("d", "a"), ("e", "b"), ("c", "f"), ("g", "a"), ("b", "a"), ("h", "g")]
    table = pd.DataFrame(rows, columns=["article_id", "copy_of"])
    return make_rows(COPIES, table, shared=0.9)


def test_copies(copies, articles):
    assert captions.describe_copies(copies, articles, most=2) == (
        "Copies of an earlier article: 6 of 8 articles (75.0 %); articles copied: 4; copies in "
        "another outlet: 5, in the same one: 1. Most are shared by الضفة\u200e and المرصد\u200e "
        "(3), unknown and صدى المشرق\u200e (1)."
    )


def test_copies_in_arabic(copies, articles):
    assert captions.describe_copies(copies, articles, most=1, language="ar") == (
        "النسخ المكررة عن مقال سابق 6 من 8 من المقالات (75.0 %)؛ عدد المقالات المنسوخة 4؛ والنسخ "
        "في منبر آخر 5 وفي المنبر نفسه 1. وأكثرها بين الضفة والمرصد (3)."
    )


def test_copies_within_outlets_share_no_pair(copies, articles):
    assert captions.describe_copies(copies[4:5], articles) == (
        "Copies of an earlier article: 1 of 8 articles (12.5 %); articles copied: 1; copies in "
        "another outlet: 0, in the same one: 1."
    )


def test_no_copies(copies, articles):
    assert captions.describe_copies(copies[:0], articles) == (
        "No copy of an earlier article is found; articles: 8. Reports told anew are not found."
    )
    assert captions.describe_copies(copies[:0], articles, language="ar") == (
        "لم يُعثر على نسخة مكررة عن مقال سابق؛ عدد المقالات 8. ولا يُكشف الخبر المعاد بصياغة جديدة."
    )
