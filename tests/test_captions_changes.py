"""The sentences about breaks, events and what is behind a change, in both languages."""

import pandas as pd
import pytest
from captions_tables import ARABIC, make_rows

from analysis import captions
from analysis.breaks import BREAKS, SWEEP
from analysis.decomposition import DECOMPOSITION
from analysis.errors import InputError
from analysis.events import EVENT_CHANGES, EVENTS
from analysis.influence import LEFT_OUT, TERM_LEFT_OUT
from analysis.robustness import ROBUSTNESS
from analysis.term_shifts import TERM_SHIFT

NAN = float("nan")
LOW, HIGH = "low", "high"


@pytest.fixture
def breaks():
    rows = [
        # break, period, low, high, before, after, p-value
        (1, "2032-03", "2032-02", "2032-05", 2.0, 6.0, 0.002),
        (2, "2032-09", "2032-09", "2032-09", 6.0, 3.0, 0.04),
    ]
    names = ["break", "period", "period_low", "period_high", "before", "after", "p_value"]
    table = pd.DataFrame(rows, columns=names)
    for name in names[1:4]:
        table[name] = pd.to_datetime(table[name])
    return make_rows(BREAKS, table, category="security", measure="per_1000", periods=40, level=0.95)


@pytest.fixture
def sweep():
    rows = [
        {"category": "security", "breaks": 2, "p_value": 0.002, "periods": 40},
        # Past one half the search has ended: the .01 of a finer segmentation counts no more.
        {"category": "diplomacy", "breaks": 1, "p_value": 0.23, "periods": 40},
        {"category": "diplomacy", "breaks": 2, "p_value": 0.11, "periods": 40},
        {"category": "diplomacy", "breaks": 3, "p_value": 0.8, "periods": 40},
        {"category": "diplomacy", "breaks": 4, "p_value": 0.01, "periods": 40},
        {"category": "migration", "breaks": 1, "p_value": 0.995, "periods": 38},
    ]
    return make_rows(SWEEP, rows, measure="per_1000")


def test_breaks(breaks, sweep):
    assert captions.describe_breaks(breaks, sweep, freq="MS") == (
        "Breaks in the level: 2 (averages of the periods). security: in 2032-03 (95 % interval of "
        "the date 2032-02 to 2032-05; p < .01) from 2.00 to 6.00 mentions per 1,000 words, then "
        "in 2032-09 (95 % interval of the date: this period alone; p = .04) from 6.00 to 3.00 "
        "mentions per 1,000 words (periods with articles: 40). No break is found in the level of "
        "diplomacy (p = .11), migration (p > .99); periods with articles: 38 to 40. That is no "
        "proof that there is none."
    )


def test_breaks_in_arabic(breaks, sweep):
    said = captions.describe_breaks(breaks, sweep, freq="MS", language="ar", labels=ARABIC)
    assert said == (
        "عدد نقاط التحوّل في المستوى 2 (بمتوسط الفترات). الأمن: في 2032-03 (مجال الثقة 95 % "
        "للتاريخ من 2032-02 إلى 2032-05؛ p < .01) من 2.00 إلى 6.00 لكل ألف كلمة، ثم في 2032-09 "
        "(مجال الثقة 95 % للتاريخ: هذه الفترة وحدها؛ p = .04) من 6.00 إلى 3.00 لكل ألف كلمة (عدد "
        "الفترات التي فيها مقالات 40). لم تظهر أي نقطة تحوّل في مستوى الدبلوماسية (p = .11)، "
        "والهجرة (p > .99)؛ عدد الفترات التي فيها مقالات من 38 إلى 40. وعدم ظهورها ليس دليلا على "
        "عدم وجودها."
    )


def test_no_break(breaks, sweep):
    none = breaks[:0]
    assert captions.describe_breaks(none, freq="MS") == (
        "No break in the level is found. That is no proof that there is none."
    )
    assert captions.describe_breaks(none, freq="MS", language="ar") == (
        "لم تظهر أي نقطة تحوّل في المستوى. وعدم ظهورها ليس دليلا على عدم وجودها."
    )
    alone = sweep[sweep["category"] == "migration"]
    assert captions.describe_breaks(none, alone, freq="MS") == (
        "No break is found in the level of migration (p > .99); periods with articles: 38. That "
        "is no proof that there is none."
    )


def test_a_sweep_whose_series_all_break_adds_nothing(breaks, sweep):
    alone = captions.describe_breaks(breaks, freq="MS")
    assert captions.describe_breaks(breaks, sweep[:1], freq="MS") == alone
    jointly = sweep[:1].assign(category="diplomacy + security")
    assert captions.describe_breaks(breaks, jointly, freq="MS") == alone


def test_breaks_of_groups_name_them(breaks, sweep):
    breaks = breaks[:1]
    breaks.insert(0, "outlet", "Mirror")
    sweep = pd.concat([sweep[:1], sweep[:1]])
    sweep.insert(0, "outlet", ["Mirror", "Shore"])
    assert captions.describe_breaks(breaks, sweep, freq="MS") == (
        "Breaks in the level: 1 (averages of the periods). security (Mirror): in 2032-03 (95 % "
        "interval of the date 2032-02 to 2032-05; p < .01) from 2.00 to 6.00 mentions per 1,000 "
        "words (periods with articles: 40). No break is found in the level of security (Shore) (p "
        "< .01); periods with articles: 40. That is no proof that there is none."
    )


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("share", "from 20.0 % to 60.0 % of the articles"),
        ("balance", "from +0.20 to +0.60 on the log2 scale of the balance"),
    ],
)
def test_breaks_have_the_unit_of_their_measure(breaks, measure, told):
    one = breaks[:1].assign(measure=measure, before=0.2, after=0.6)
    assert told in captions.describe_breaks(one, freq="MS")


@pytest.fixture
def changes():
    rows = [
        # event, category, measure, before, after, change, low, high, placebos, p, q
        ("summit", "diplomacy", "share", 0.1, 0.3, 0.2, 0.1, 0.3, 45, 0.004, 0.016),
        ("summit", "security", "share", 0.5, 0.1, -0.4, -0.5, -0.3, 45, 0.3, 0.5),
        ("summit", "diplomacy", "per_1000", 2.0, 8.5, 6.5, 3.0, 10.0, 45, 0.02, 0.049),
        ("games", "diplomacy", "share", 0.2, 0.25, 0.05, NAN, NAN, 12, NAN, NAN),
        ("games", "security", "share", NAN, NAN, NAN, NAN, NAN, 0, NAN, NAN),
    ]
    names = [
        *("event", "category", "measure", "before", "after", "change", "change_low"),
        *("change_high", "placebos", "p_value", "q_value"),
    ]
    return make_rows(
        EVENT_CHANGES,
        pd.DataFrame(rows, columns=names),
        date=pd.Timestamp("2031-02-08"),
        articles_before=40,
        articles_after=1050,
        level=0.95,
    )


@pytest.fixture
def events():
    rows = [
        {"event": "summit", "name_en": "Summit of the two ports", "name_ar": "قمة المرفأين"},
        {"event": "games", "name_en": "Games of the valley", "name_ar": "ألعاب الوادي"},
    ]
    return make_rows(EVENTS, rows)


def test_event_changes(changes, events):
    assert captions.describe_event_changes(changes, events=events) == (
        "Changes compared around events: 5 (events: 2); without articles in one of the windows: "
        "1; with a p-value from placebo dates (for each event 45): 3; of these with q < .05: 2. "
        "Largest of these: diplomacy around “Summit of the two ports” (2031-02-08), from 10.0 % "
        "to 30.0 % of the articles, a change of +20.0 percentage points (95 % interval +10.0 to "
        "+30.0; p < .01, q = .02; articles before: 40, after: 1,050; placebo dates: 45); "
        "diplomacy around “Summit of the two ports” (2031-02-08), from 2.00 to 8.50 mentions per "
        "1,000 words, a change of +6.50 mentions per 1,000 words (95 % interval +3.00 to +10.00; "
        "p = .02, q = .049; articles before: 40, after: 1,050; placebo dates: 45)."
    )


def test_event_changes_in_arabic(changes, events):
    said = captions.describe_event_changes(changes, events=events, language="ar", labels=ARABIC)
    assert said == (
        "قورن التغيّر حول الأحداث في 5 من الحالات (عدد الأحداث 2)؛ ولا مقالات في إحدى المدتين في "
        "1 منها؛ وقيس 3 منها إلى تواريخ مقارنة لا حدث فيها (عددها لكل حدث 45)، فكانت q < .05 في "
        "2. وأكبر التغيّر في هذه: الدبلوماسية حول حدث «قمة المرفأين» (2031-02-08): من 10.0 % إلى "
        "30.0 % من المقالات، أي بفارق \u200e+20.0 نقطة مئوية (مجال الثقة 95 % من \u200e+10.0 إلى "
        "\u200e+30.0؛ p < .01، q = .02؛ المقالات قبله 40 وبعده 1,050؛ تواريخ المقارنة 45)؛ "
        "الدبلوماسية حول حدث «قمة المرفأين» (2031-02-08): من 2.00 إلى 8.50 لكل ألف كلمة، أي بفارق "
        "\u200e+6.50 لكل ألف كلمة (مجال الثقة 95 % من \u200e+3.00 إلى \u200e+10.00؛ p = .02، q = "
        ".049؛ المقالات قبله 40 وبعده 1,050؛ تواريخ المقارنة 45)."
    )


def test_event_changes_of_which_none_stands_out(changes):
    rows = changes[changes["event"] == "summit"].assign(q_value=0.05)
    rows.loc[rows.index[0], "placebos"] = 40
    said = captions.describe_event_changes(rows[rows["measure"] == "share"])
    assert said == (
        "Changes compared around events: 2 (events: 1); with a p-value from placebo dates (for "
        "each event 40 to 45): 2. None stands out from the changes at placebo dates (q < .05), "
        "which is no proof that nothing changed. Largest change: security around “summit” "
        "(2031-02-08), from 50.0 % to 10.0 % of the articles, a change of −40.0 percentage points "
        "(95 % interval −50.0 to −30.0; p = .30, q = .05; articles before: 40, after: 1,050; "
        "placebo dates: 45)."
    )


def test_event_changes_without_enough_placebo_dates(changes):
    rows = changes[changes["event"] == "games"]
    assert captions.describe_event_changes(rows) == (
        "Changes compared around events: 2 (events: 1); without articles in one of the windows: "
        "1; none has a p-value, for want of placebo dates or of articles. Largest change: "
        "diplomacy around “games” (2031-02-08), from 20.0 % to 25.0 % of the articles, a change "
        "of +5.0 percentage points (no interval; no p-value; articles before: 40, after: 1,050; "
        "placebo dates: 12)."
    )
    assert captions.describe_event_changes(rows[1:], language="ar") == (
        "قورن التغيّر حول الأحداث في 1 من الحالات (عدد الأحداث 1)؛ ولا مقالات في إحدى المدتين في "
        "1 منها؛ ولم تُحسب القيمة p لأي منها لقلة تواريخ المقارنة أو المقالات. وتعذر قياس أي "
        "تغيّر."
    )


def test_event_changes_of_no_event(changes):
    assert captions.describe_event_changes(changes[:0]) == (
        "Changes compared around events: 0 (events: 0); none has a p-value, for want of placebo "
        "dates or of articles. No change could be measured."
    )


@pytest.fixture
def parts():
    rows = [
        # part, group, value, low, high
        ("outlet mix", "", 3.0, 1.0, 5.0),
        ("outlet mix", "المرصد", 3.0, 1.0, 5.0),
        ("within outlets", "", 2.5, 1.0, 4.0),
        ("copies", "", -0.5, -1.0, 0.0),
        ("total", "", 5.0, 2.0, 8.0),
        ("total", "الضفة", -1.0, -2.0, 0.0),
        ("total", "المرصد", 6.0, 3.0, 9.0),
    ]
    return make_rows(
        DECOMPOSITION,
        pd.DataFrame(rows, columns=["part", "group", "value", LOW, HIGH]),
        category="security",
        measure="per_1000",
        articles_before=40,
        articles_after=50,
        before=12.5,
        after=17.5,
        level=0.9,
    )


def test_decomposition(parts):
    assert captions.describe_decomposition(parts) == (
        "security: from 12.50 to 17.50 mentions per 1,000 words (articles before: 40, after: 50), "
        "a change of +5.00 mentions per 1,000 words (90 % interval +2.00 to +8.00). Of this: "
        "outlet mix +3.00 (+1.00 to +5.00); within outlets +2.50 (+1.00 to +4.00); copies −0.50 "
        "(−1.00 to 0.00). المرصد\u200e adds most (+6.00; +3.00 to +9.00)."
    )


def test_decomposition_in_arabic(parts):
    table = parts.assign(
        measure="share", before=0.125, after=0.175, value=parts["value"] / 100, low=-0.01, high=0.1
    )
    said = captions.describe_decomposition(table, language="ar", labels=ARABIC)
    ten = "من \u200e−1.0 إلى \u200e+10.0"
    assert said == (
        "الأمن: من 12.5 % إلى 17.5 % من المقالات (المقالات في المدة الأولى 40 وفي الثانية 50)، أي "
        f"بفارق \u200e+5.0 نقطة مئوية (مجال الثقة 90 % {ten}). ويتوزع الفارق كما يلي: تركيبة "
        f"المنابر \u200e+3.0 ({ten})؛ داخل المنابر \u200e+2.5 ({ten})؛ النسخ المكررة \u200e−0.5 "
        f"({ten}). وأكبر إسهام فيه من المرصد (\u200e+6.0؛ {ten}). ومجال ثقة الفارق كله يشمل الصفر."
    )


def test_nothing_changed_and_no_outlet_adds_most(parts):
    table = parts.assign(value=0.0, low=NAN, high=NAN, after=12.5)
    assert captions.describe_decomposition(table) == (
        "security: from 12.50 to 12.50 mentions per 1,000 words (articles before: 40, after: 50), "
        "a change of 0.00 mentions per 1,000 words (no interval). Of this: outlet mix 0.00 (no "
        "interval); within outlets 0.00 (no interval); copies 0.00 (no interval)."
    )


def test_an_outlet_without_a_name_is_called_unknown(parts):
    table = parts.assign(group=parts["group"].replace("المرصد", None))
    assert captions.describe_decomposition(table).endswith(
        "unknown adds most (+6.00; +3.00 to +9.00)."
    )


def test_two_decompositions_are_one_too_many(parts):
    with pytest.raises(InputError) as caught:
        captions.describe_decomposition(pd.concat([parts, parts]))
    assert str(caught.value) == (
        "2 rows of the table `parts` are the total; pass the table of one `decompose_change`."
    )


@pytest.fixture
def shift():
    rows = [
        # term, mentions, difference, low, high, articles
        ("حدود", 10, 60, 2.0, NAN, NAN, 9, 30),
        ("جيش", 30, 20, -2.0, -3.0, -1.0, 20, 12),
        ("شرطة", 0, 20, 1.0, 0.5, 1.5, 0, 11),
        ("سلاح", 0, 10, 0.5, 0.2, 0.8, 0, 7),
    ]
    names = [
        *("term", "mentions_first", "mentions_second", "difference", LOW, HIGH),
        *("articles_first", "articles_second"),
    ]
    return make_rows(
        TERM_SHIFT,
        pd.DataFrame(rows, columns=names),
        category="security",
        tokens_first=10_000,
        tokens_second=20_000,
        difference_of_category=1.5,
        all_articles_first=50,
        all_articles_second=90,
        level=0.95,
    )


def test_shift(shift):
    labels = {"first": "the spring of 2031", "second": "the autumn"}
    assert captions.describe_shift(shift, labels=labels) == (
        "security: 4.00 mentions per 1,000 words in the spring of 2031 (40 in 10,000; articles: "
        "50) and 5.50 in the autumn (110 in 20,000; articles: 90), a difference of +1.50. Of the "
        "terms (4) these add most: “حدود\u200e” +2.00 (no interval; articles with it: 9 and 30); "
        "“جيش\u200e” −2.00 (95 % interval −3.00 to −1.00; articles with it: 20 and 12); "
        "“شرطة\u200e” +1.00 (+0.50 to +1.50; articles with it: 0 and 11)."
    )


def test_shift_in_arabic(shift):
    said = captions.describe_shift(shift[1:], most=1, language="ar", labels=ARABIC)
    assert said == (
        "الأمن: 3.00 لكل ألف كلمة في المجموعة الأولى (30 من 10,000؛ عدد المقالات 50) مقابل 2.50 "
        "في المجموعة الثانية (50 من 20,000؛ عدد المقالات 90)، والفارق \u200e+1.50. وأكثر الكلمات "
        "إسهاما فيه (عددها 3): «جيش» \u200e−2.00 (مجال الثقة 95 % من \u200e−3.00 إلى \u200e−1.00؛ "
        "المقالات التي وردت فيها 20 و12)."
    )


def test_shift_of_several_categories_names_one(shift):
    both = pd.concat([shift, shift.assign(category="diplomacy")], ignore_index=True)
    one = captions.describe_shift(both, category="security")
    assert one == captions.describe_shift(shift)
    with pytest.raises(InputError) as caught:
        captions.describe_shift(both)
    assert str(caught.value) == (
        "the table `shift` is of 2 categories; name one of them in `category`: 'security', "
        "'diplomacy'."
    )
    with pytest.raises(InputError) as caught:
        captions.describe_shift(both, category="sport")
    assert str(caught.value) == "category is 'sport'; choose one of 'security', 'diplomacy'."


@pytest.fixture
def left():
    rows = [
        # left out, change, low, high, difference, sign holds
        ("", 4.0, 1.0, 7.0, 0.0, True),
        ("الضفة", 5.0, 1.0, 9.0, 1.0, True),
        ("المرصد", -2.0, -5.0, 1.0, -6.0, False),
        ("صدى المشرق", -2.0, -3.0, -1.0, -6.0, False),
    ]
    names = ["left_out", "change", LOW, HIGH, "difference", "sign_holds"]
    return make_rows(
        LEFT_OUT,
        pd.DataFrame(rows, columns=names),
        measure="per_1000",
        articles_before=40,
        articles_after=50,
        before=1.0,
        after=5.0,
        level=0.95,
    )


def test_influence(left):
    assert captions.describe_influence(left) == (
        "A change of +4.00 mentions per 1,000 words (95 % interval +1.00 to +7.00; articles "
        "before: 40, after: 50). Left out one at a time: 3; the sign stays in 1 of them, the "
        "interval leaves out 0 in 2. The change differs most without المرصد\u200e: −2.00 mentions "
        "per 1,000 words (95 % interval −5.00 to +1.00)."
    )


def test_influence_in_arabic(left):
    assert captions.describe_influence(left, language="ar") == (
        "الفارق \u200e+4.00 لكل ألف كلمة (مجال الثقة 95 % من \u200e+1.00 إلى \u200e+7.00؛ "
        "المقالات في المدة الأولى 40 وفي الثانية 50). وأُعيد القياس بحذف واحد كل مرة (عدد المرات "
        "3)، فبقي الاتجاه كما هو في 1 منها، وخلا مجال الثقة من الصفر في 2. وأبعد النتائج عنه عند "
        "حذف المرصد: \u200e−2.00 لكل ألف كلمة (مجال الثقة 95 % من \u200e−5.00 إلى \u200e+1.00)."
    )


@pytest.fixture
def terms_left(left):
    table = left.drop(columns="left_out").assign(
        left_out=["", "حدود", "قمة", "سفير"],
        category=["security / diplomacy", "security", "diplomacy", "diplomacy"],
        measure="balance",
    )
    return make_rows(TERM_LEFT_OUT, table)


def test_influence_of_terms(terms_left):
    assert captions.describe_influence(terms_left) == (
        "Security / diplomacy: a change of +4.00 on the log2 scale (95 % interval +1.00 to +7.00; "
        "articles before: 40, after: 50). Terms left out one at a time: 3; the sign stays in 1 of "
        "them, the interval leaves out 0 in 2. The change differs most without “قمة\u200e” "
        "(diplomacy): −2.00 on the log2 scale (95 % interval −5.00 to +1.00)."
    )


def test_influence_of_terms_in_arabic(terms_left):
    said = captions.describe_influence(terms_left[:2], language="ar", labels=ARABIC)
    assert said == (
        "الأمن / الدبلوماسية: الفارق \u200e+4.00 على السلّم اللوغاريتمي (مجال الثقة 95 % من "
        "\u200e+1.00 إلى \u200e+7.00؛ المقالات في المدة الأولى 40 وفي الثانية 50). وأُعيد القياس "
        "بحذف كلمة كل مرة (عدد المرات 1)، فبقي الاتجاه كما هو في 1 منها، وخلا مجال الثقة من الصفر "
        "في 1. وأبعد النتائج عنه عند حذف «حدود»: \u200e+5.00 على السلّم اللوغاريتمي (مجال الثقة "
        "95 % من \u200e+1.00 إلى \u200e+9.00)."
    )


def test_with_a_single_outlet_nothing_remains_to_compare(left):
    alone = left[:2].assign(change=[4.0, NAN], low=[1.0, NAN], high=[7.0, NAN])
    alone = alone.assign(difference=[0.0, NAN], sign_holds=[True, False])
    assert captions.describe_influence(alone) == (
        "A change of +4.00 mentions per 1,000 words (95 % interval +1.00 to +7.00; articles "
        "before: 40, after: 50). Left out one at a time: 1; the sign stays in 0 of them, the "
        "interval leaves out 0 in 0."
    )


@pytest.fixture
def grid():
    rows = [
        # change, low, high, agrees, main
        (1.5, 0.5, 2.5, True, True),
        (0.5, -0.5, 1.5, True, False),
        (-0.5, -0.9, -0.1, False, False),
        (NAN, NAN, NAN, False, False),
    ]
    return make_rows(
        ROBUSTNESS,
        pd.DataFrame(rows, columns=["change", LOW, HIGH, "agrees", "main"]),
        measure="balance",
        articles_before=40.0,
        articles_after=1050.0,
        before=0.5,
        after=2.0,
        level=0.95,
    )


def test_robustness(grid):
    assert captions.describe_robustness(grid) == (
        "Specifications: 4; 2 agree in sign with the main one, a change of +1.50 on the log2 "
        "scale (95 % interval +0.50 to +2.50; articles before: 40, after: 1,050). The interval "
        "leaves out 0 in 2, 1 of them with the opposite sign. They are no independent tests."
    )


def test_robustness_in_arabic(grid):
    assert captions.describe_robustness(grid, language="ar") == (
        "عدد طرق القياس 4؛ يوافق 2 منها اتجاه التحليل الرئيسي، والفارق فيه \u200e+1.50 على السلّم "
        "اللوغاريتمي (مجال الثقة 95 % من \u200e+0.50 إلى \u200e+2.50؛ المقالات في المدة الأولى 40 "
        "وفي الثانية 1,050). ويخلو مجال الثقة من الصفر في 2 منها، والاتجاه معاكس في 1 من هذه. "
        "وليست هذه اختبارات مستقلة بعضها عن بعض."
    )


def test_robustness_needs_one_main_specification(grid):
    with pytest.raises(InputError) as caught:
        captions.describe_robustness(grid[1:])
    assert str(caught.value) == (
        "0 rows of the table `grid` are the main specification; pass the table of one "
        "`check_robustness`."
    )
