"""The sentences about leads, falls and rhythms of two frames, in both languages."""

import pandas as pd
import pytest
from captions_tables import ARABIC, make_rows

from analysis import captions
from analysis.errors import InputError
from analysis.leads import CORRELATIONS, FALLING, summarise_lead
from analysis.rhythms import RHYTHM_DIFFERENCES, RHYTHMS

NAN = float("nan")
FRAMES = {"first": "security", "second": "diplomacy", "measure": "per_1000", "level": 0.95}


def make_lags(*correlations, chances=None):
    """Build correlations at lags around 0, within a band of -.5 to .5."""
    reach = len(correlations) // 2
    rows = [
        {"lag": lag, "pairs": 40 - abs(lag), "correlation": value}
        for lag, value in zip(range(-reach, reach + 1), correlations, strict=True)
    ]
    table = pd.DataFrame(rows)
    beyond = table["correlation"].abs() > 0.5
    chances = beyond.map({True: 0.01, False: 0.7}) if chances is None else chances
    same = {"band_low": -0.5, "band_high": 0.5, "p_simultaneous": chances}
    return make_rows(CORRELATIONS, table, **same, **FRAMES)


def test_the_first_frame_leads():
    assert captions.describe_lags(make_lags(-0.1, 0.2, 0.1, 0.914, -0.6)) == (
        "Security moves before diplomacy: their changes from period to period correlate most with "
        "security ahead by 1 (in periods; r = .91; 95 % band of unrelated series over all lags "
        "−.50 to .50; p = .01; pairs of periods: 39; outside the band also: 2). That one moves "
        "first is no proof that it moves the other."
    )


def test_the_second_frame_leads_in_arabic():
    lags = make_lags(-0.7, 0.2, 0.1, 0.2, 0.0)
    assert captions.describe_lags(lags, language="ar", labels=ARABIC) == (
        "إطار «الدبلوماسية» يسبق إطار «الأمن»: أقوى ارتباط بين تغيّراتهما من فترة إلى فترة حين "
        "يتقدم الأول (عدد فترات التقدم 2؛ r = \u200e−.70؛ نطاق 95 % مما لا صلة بينه لجميع "
        "الإزاحات من \u200e−.50 إلى \u200e.50؛ p = .01؛ عدد أزواج الفترات 38). والسبق ليس دليلا "
        "على أن أحدهما يحرك الآخر."
    )


def test_the_frames_move_together():
    lags = make_lags(-0.7, 0.1, 0.8, 0.2, 0.6)
    assert captions.describe_lags(lags) == (
        "Security and diplomacy move together: their changes from period to period correlate most "
        "at lag 0 (r = .80; 95 % band of unrelated series over all lags −.50 to .50; p = .01; "
        "pairs of periods: 40; outside the band also: −2, 2)."
    )
    assert captions.describe_lags(lags, language="ar", labels=ARABIC) == (
        "إطارا «الأمن» و«الدبلوماسية» يتحركان معا: أقوى ارتباط بين تغيّراتهما من فترة إلى فترة "
        "عند الإزاحة 0 (r = \u200e.80؛ نطاق 95 % مما لا صلة بينه لجميع الإزاحات من \u200e−.50 إلى "
        "\u200e.50؛ p = .01؛ عدد أزواج الفترات 40؛ وخارج النطاق أيضا الإزاحات \u200e−2، \u200e2)."
    )


def test_no_lead():
    lags = make_lags(0.1, -0.4, 0.2)
    assert captions.describe_lags(lags) == (
        "No relation of the changes of security and diplomacy from period to period is found at "
        "any lag from −1 to 1; the strongest is at 0 (r = −.40; 95 % band of unrelated series "
        "over all lags −.50 to .50; p = .70; pairs of periods: 40). That none is found is no "
        "proof that there is none."
    )
    assert captions.describe_lags(lags, language="ar", labels=ARABIC) == (
        "لا تظهر صلة بين تغيّرات إطاري «الأمن» و«الدبلوماسية» من فترة إلى فترة عند أي إزاحة من "
        "\u200e−1 إلى \u200e1؛ وأقوى ارتباط عند الإزاحة \u200e0 (r = \u200e−.40؛ نطاق 95 % مما لا "
        "صلة بينه لجميع الإزاحات من \u200e−.50 إلى \u200e.50؛ p = .70؛ عدد أزواج الفترات 40). "
        "وعدم ظهور الصلة ليس دليلا على عدم وجودها."
    )


def test_leads_of_groups_have_q_values_and_groups_without_correlations_are_told():
    tables = {
        "Mirror": make_lags(-0.1, 0.1, 0.9),
        "Shore": make_lags(0.1, 0.1, 0.2),
        "": make_lags(NAN, NAN, NAN, chances=[NAN] * 3),
    }
    lags = pd.concat(tables, names=["outlet"]).reset_index("outlet").reset_index(drop=True)
    said = captions.describe_lags(lags, summarise_lead(lags))
    assert said == (
        "Unknown: too few pairs of periods to correlate security and diplomacy; Mirror: security "
        "moves before diplomacy: their changes from period to period correlate most with security "
        "ahead by 1 (in periods; r = .90; 95 % band of unrelated series over all lags −.50 to "
        ".50; p = .01, q = .02; pairs of periods: 39); Shore: no relation of the changes of "
        "security and diplomacy from period to period is found at any lag from −1 to 1; the "
        "strongest is at 1 (r = .20; 95 % band of unrelated series over all lags −.50 to .50; p = "
        ".70, q = .70; pairs of periods: 39). That one moves first is no proof that it moves the "
        "other. That none is found is no proof that there is none."
    )


def test_lags_of_an_outlet_without_a_name():
    lags = make_lags(0.1, 0.8, 0.2)
    lags.insert(0, "outlet", pd.Series([None] * 3, dtype="str"))
    assert captions.describe_lags(lags).startswith("Unknown: security and diplomacy move together")


@pytest.fixture
def falling():
    row = {
        "periods_falling": 14,
        "periods_rising": 23,
        "second_when_falling": -2.0,
        "second_when_rising": 1.5,
        "change_when_falling": -1.5,
        "change_when_falling_low": -2.5,
        "change_when_falling_high": -0.5,
        "change_when_rising": 1.0,
        "change_when_rising_low": 0.5,
        "change_when_rising_high": 1.5,
        "difference": -2.5,
        "difference_low": -4.0,
        "difference_high": -1.0,
        "p_value": 0.003,
        "q_value": 0.003,
    }
    return make_rows(FALLING, [row], **FRAMES)


def test_frames_that_fall_together(falling):
    assert captions.describe_falling(falling) == (
        "When diplomacy falls (periods: 14; on average −2.00 mentions per 1,000 words), security "
        "changes by −1.50 (95 % interval −2.50 to −0.50), when it rises (periods: 23; on average "
        "+1.50), by +1.00 (+0.50 to +1.50); the two move together (difference −2.50; −4.00 to "
        "−1.00; p < .01)."
    )
    assert captions.describe_falling(falling, language="ar", labels=ARABIC) == (
        "حين يتراجع إطار «الدبلوماسية» (عدد الفترات 14؛ في المتوسط \u200e−2.00 لكل ألف كلمة) "
        "يتغيّر إطار «الأمن» بمقدار \u200e−1.50 (مجال الثقة 95 % من \u200e−2.50 إلى \u200e−0.50)، "
        "وحين يصعد (عدد الفترات 23؛ في المتوسط \u200e+1.50) بمقدار \u200e+1.00 (من \u200e+0.50 "
        "إلى \u200e+1.50)؛ فالإطاران يتحركان معا (الفرق \u200e−2.50؛ من \u200e−4.00 إلى "
        "\u200e−1.00؛ p < .01)."
    )


def test_one_frame_takes_the_place_of_the_other(falling):
    told = falling.assign(difference=2.5, difference_low=1.0, difference_high=4.0, measure="share")
    assert captions.describe_falling(told).endswith(
        "one takes the place of the other (difference +250.0; +100.0 to +400.0; p < .01)."
    )
    assert captions.describe_falling(told, language="ar", labels=ARABIC).endswith(
        "فأحدهما يحل محل الآخر (الفرق \u200e+250.0؛ من \u200e+100.0 إلى \u200e+400.0؛ p < .01)."
    )


def test_a_frame_that_may_hold_or_not(falling):
    told = falling.assign(p_value=0.05, q_value=0.05)
    assert captions.describe_falling(told).endswith(
        "no difference is shown (difference −2.50; −4.00 to −1.00; p = .05), which is no proof "
        "that security holds."
    )
    assert captions.describe_falling(told, language="ar", labels=ARABIC).endswith(
        "ولا يظهر فرق بين الحالين (الفرق \u200e−2.50؛ من \u200e−4.00 إلى \u200e−1.00؛ p = .05)، "
        "وليس ذلك دليلا على ثبات إطار «الأمن»."
    )


def test_too_few_falls(falling):
    few = falling.assign(difference=NAN, periods_falling=2)
    few = pd.concat([few, falling.assign(q_value=0.006)], ignore_index=True)
    few.insert(0, "outlet", ["Mirror", "Shore"])
    assert captions.describe_falling(few) == (
        "Mirror: too few periods in which diplomacy falls (2) or rises (23); Shore: when "
        "diplomacy falls (periods: 14; on average −2.00 mentions per 1,000 words), security "
        "changes by −1.50 (95 % interval −2.50 to −0.50), when it rises (periods: 23; on average "
        "+1.50), by +1.00 (+0.50 to +1.50); the two move together (difference −2.50; −4.00 to "
        "−1.00; p < .01, q < .01)."
    )
    assert captions.describe_falling(few[:1].drop(columns="outlet"), language="ar") == (
        "الفترات التي يتراجع فيها إطار «diplomacy\u200f» (2) أو يصعد (23) أقل من أن يُقاس بها."
    )


@pytest.fixture
def rhythms():
    rows = [
        # category, noise share, fast share, low, high, half-life, low, high, periods
        ("security", 0.1, 0.3, 0.1, 0.6, 1.42, 0.5, float("inf"), 38),
        ("diplomacy", 0.2, 0.05, 0.0, 0.2, 7.0, 2.0, 30.0, 40),
        ("migration", 1.4, NAN, NAN, NAN, NAN, NAN, NAN, 38),
        ("terrorism", NAN, NAN, NAN, NAN, NAN, NAN, NAN, 9),
    ]
    spans = [
        f"{name}{end}" for name in ("fast_share", "half_life") for end in ("", "_low", "_high")
    ]
    table = pd.DataFrame(rows, columns=["category", "noise_share", *spans, "periods"])
    return make_rows(RHYTHMS, table, measure="per_1000", shorter_than=4.0, level=0.95)


def test_rhythms(rhythms):
    assert captions.describe_rhythms(rhythms) == (
        "Share of the variance left after sampling noise in changes faster than 4 periods, and "
        "half-life in periods: security 30.0 % (95 % interval 10.0 % to 60.0 %) and 1.4 (0.5 to "
        "∞); diplomacy 5.0 % (0.0 % to 20.0 %) and 7.0 (2.0 to 30.0); periods with articles: 38 "
        "to 40. Nothing beyond sampling noise is seen in migration; periods with articles: 38. "
        "Too few periods or no change to measure in terrorism; periods with articles: 9."
    )


def test_rhythms_in_arabic(rhythms):
    assert captions.describe_rhythms(rhythms, language="ar", labels=ARABIC) == (
        "حصة التغيّرات السريعة (ما تقل مدته بالفترات عن 4) من التباين بعد طرح تباين المعاينة، "
        "وعمر النصف بالفترات: الأمن 30.0 % (مجال الثقة 95 % من 10.0 % إلى 60.0 %) و1.4 (من 0.5 "
        "إلى ∞)؛ الدبلوماسية 5.0 % (من 0.0 % إلى 20.0 %) و7.0 (من 2.0 إلى 30.0)؛ عدد الفترات التي "
        "فيها مقالات من 38 إلى 40. ولا يظهر ما يتجاوز تباين المعاينة في سلسلة الهجرة؛ عدد الفترات "
        "التي فيها مقالات 38. ولا تُقاس سلسلة الإرهاب لقلة فتراتها أو لثباتها؛ عدد الفترات التي "
        "فيها مقالات 9."
    )


def test_rhythms_with_their_sampling_noise(rhythms):
    assert captions.describe_rhythms(rhythms[:1].assign(noise_share=NAN)) == (
        "Share of the variance in changes faster than 4 periods, and half-life in periods: "
        "security 30.0 % (95 % interval 10.0 % to 60.0 %) and 1.4 (0.5 to ∞); periods with "
        "articles: 38."
    )


def make_differences(fast, memory, chances):
    """Build the two differences of two frames, with their q-values."""
    rows = [
        {"quantity": "autocorrelation", "difference": memory, "q_value": chances[1]},
        {"quantity": "fast_share", "difference": fast, "q_value": chances[0]},
    ]
    table = pd.DataFrame(rows)
    spans = {"low": table["difference"] - 0.5, "high": table["difference"] + 0.5}
    return make_rows(RHYTHM_DIFFERENCES, table, p_value=0.03, **spans, **FRAMES)


def test_the_faster_frame(rhythms):
    known = rhythms[:1]
    alone = captions.describe_rhythms(known)
    faster = make_differences(0.36, -0.87, (0.04, 0.06))
    assert captions.describe_rhythms(known, faster) == alone + (
        " Security has a faster rhythm than diplomacy (security less diplomacy: difference in the "
        "share of fast changes +36.0 percentage points, 95 % interval −14.0 to +86.0, p = .03, q "
        "= .04; in the autocorrelation −0.87, −1.37 to −0.37, p = .03, q = .06)."
    )
    slower = make_differences(-0.36, 0.87, (0.04, 0.04))
    assert captions.describe_rhythms(known, slower, language="ar", labels=ARABIC).endswith(
        " إطار «الدبلوماسية» أسرع إيقاعا من إطار «الأمن» («الأمن» ناقص «الدبلوماسية»: الفرق في "
        "حصة التغيّرات السريعة \u200e−36.0 نقطة مئوية، مجال الثقة 95 % من \u200e−86.0 إلى "
        "\u200e+14.0، p = .03، q = .04؛ وفي الارتباط الذاتي \u200e+0.87، من \u200e+0.37 إلى "
        "\u200e+1.37، p = .03، q = .04)."
    )


def test_no_faster_frame(rhythms):
    known = rhythms[:1]
    alike = make_differences(0.36, -0.87, (0.05, 0.06))
    assert captions.describe_rhythms(known, alike).endswith(
        " No difference in rhythm is shown (security less diplomacy: difference in the share of "
        "fast changes +36.0 percentage points, 95 % interval −14.0 to +86.0, p = .03, q = .05; in "
        "the autocorrelation −0.87, −1.37 to −0.37, p = .03, q = .06), which is no proof that "
        "there is none."
    )
    unclear = make_differences(0.36, 0.87, (0.01, 0.01))
    assert "The two measures disagree on which frame is faster (" in captions.describe_rhythms(
        known, unclear
    )
    unknown = make_differences(NAN, NAN, (NAN, NAN))
    assert captions.describe_rhythms(known, unknown).endswith(
        " The rhythms of security and diplomacy cannot be compared."
    )
    assert captions.describe_rhythms(known, unknown, language="ar", labels=ARABIC).endswith(
        " تعذرت المقارنة بين إيقاعي إطاري «الأمن» و«الدبلوماسية»."
    )


def test_an_empty_table_says_nothing(rhythms):
    with pytest.raises(InputError) as caught:
        captions.describe_rhythms(rhythms[:0])
    assert str(caught.value) == "the table `rhythms` has no rows; there is nothing to say."
