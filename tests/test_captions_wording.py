"""The sentences about key words, collocates and dispersion, in both languages."""

import pandas as pd
import pytest
from captions_tables import ARABIC, make_rows

from analysis import captions
from analysis.collocates import COLLOCATES
from analysis.dispersion import DISPERSION, TERM_DISPERSION
from analysis.errors import InputError
from analysis.keyness import KEYNESS

NAN = float("nan")


@pytest.fixture
def keyness():
    rows = [
        # word, log ratio, low, high, articles of both sets, q-value
        ("اللغز", 6.0, NAN, NAN, 3, 0, 0.2),
        ("المرفأ", 3.25, NAN, NAN, 9, 0, 0.01),
        ("الحدود", 2.5, 1.0, 4.0, 8, 1, 0.04),
        ("السد", 1.5, 0.5, 2.5, 7, 2, 0.01),
        ("الوادي", -0.5, -0.9, -0.1, 6, 9, 0.049),
        ("السوق", -2.0, -3.0, -1.0, 1, 12, 0.01),
        ("الطقس", -3.0, -5.0, -1.0, 1, 12, 0.05),
    ]
    names = [
        *("word", "log_ratio", "low", "high"),
        *("articles_first", "articles_second", "q_value"),
    ]
    return make_rows(
        KEYNESS,
        pd.DataFrame(rows, columns=names),
        words_first=900,
        words_second=12_000,
        articles_in_first=10,
        articles_in_second=14,
        level=0.95,
    )


def test_keyness(keyness):
    assert captions.describe_keyness(keyness, most=2, labels={"first": "May 2031"}) == (
        "Words compared: 7; with q < .05: 5. More in May 2031 (articles: 10; words: 900): 3, most "
        "of all “المرفأ\u200e” (log2 ratio +3.25; no interval; articles with it: 9 and 0); "
        "“الحدود\u200e” (log2 ratio +2.50; 95 % interval +1.00 to +4.00; articles with it: 8 and "
        "1). More in the second set (articles: 14; words: 12,000): 2, most of all “السوق\u200e” "
        "(log2 ratio −2.00; 95 % interval −3.00 to −1.00; articles with it: 1 and 12); "
        "“الوادي\u200e” (log2 ratio −0.50; −0.90 to −0.10; articles with it: 6 and 9)."
    )


def test_keyness_in_arabic(keyness):
    assert captions.describe_keyness(keyness[:4], most=1, language="ar") == (
        "عدد الكلمات المقارنة 4، منها 3 يتفاوت استعمالها (q < .05). الأكثر في المجموعة الأولى "
        "(عدد المقالات 10؛ عدد الكلمات 900): 3، وأبرزها «المرفأ» (لوغاريتم النسبة \u200e+3.25؛ "
        "بلا مجال ثقة؛ المقالات التي وردت فيها 9 و0). الأكثر في المجموعة الثانية (عدد المقالات "
        "14؛ عدد الكلمات 12,000): لا شيء."
    )


def test_no_key_word(keyness):
    assert captions.describe_keyness(keyness, q_below=0.001) == (
        "Words compared: 7; none has q < .001 (articles: 10 and 14), which is no proof that both "
        "sets use the same words."
    )
    assert captions.describe_keyness(keyness, q_below=0.001, language="ar") == (
        "عدد الكلمات المقارنة 7، لا يتفاوت استعمال أي منها (q < .001؛ عدد المقالات 10 و14)، وليس "
        "ذلك دليلا على أن المجموعتين تستعملان الكلمات نفسها."
    )


@pytest.fixture
def collocates():
    rows = [
        # word, together, expected, log ratio, articles together, q-value
        ("مهجور", 3, 0.08, 2.59, 3, 0.01),
        ("مغلقة", 19, 3.722, 2.21, 19, 0.04),
        ("أوصت", 8, 1.26, 2.27, 5, 0.049),
        ("حارة", 9, 1.5, 2.25, 9, 0.05),
        ("الطقس", 0, 2.0, -2.3, 0, 0.01),
    ]
    names = ["word", "together", "expected", "log_ratio", "articles_together", "q_value"]
    table = pd.DataFrame(rows, columns=names)
    return make_rows(COLLOCATES, table, mentions=1204, articles=220)


def test_collocates(collocates):
    assert captions.describe_collocates(collocates, "security", most=2) == (
        "Mentions of security: 1,204 (articles: 220); words compared: 5; of these near it more "
        "often than expected (q < .05): 3. Most of all, in at least 5 articles: “أوصت\u200e” "
        "(log2 ratio +2.27; together 8, expected 1.26; articles: 5); “مغلقة\u200e” (log2 ratio "
        "+2.21; together 19, expected 3.72; articles: 19)."
    )


def test_collocates_in_arabic(collocates):
    said = captions.describe_collocates(collocates[:1], "security", language="ar", labels=ARABIC)
    assert said == (
        "مرات ذكر الأمن 1,204 (عدد المقالات 220)؛ عدد الكلمات المقارنة 1، منها 1 تجاور مواضع "
        "الذكر أكثر من المتوقع (q < .05). وأبرزها: «مهجور» (لوغاريتم النسبة \u200e+2.59؛ مرات "
        "المجاورة 3 والمتوقع 0.08؛ عدد المقالات 3)."
    )


def test_no_collocate(collocates):
    assert captions.describe_collocates(collocates[3:]) == (
        "Mentions of the node: 1,204 (articles: 220); words compared: 2; none is near it more "
        "often than expected (q < .05), which is no proof that it has no company of its own."
    )
    assert captions.describe_collocates(collocates[3:], language="ar") == (
        "مرات ذكر الكلمة المدروسة 1,204 (عدد المقالات 220)؛ عدد الكلمات المقارنة 2، لا تجاور أي "
        "منها مواضع الذكر أكثر من المتوقع (q < .05)، وليس ذلك دليلا على أن لا جوار خاصا لها."
    )


@pytest.fixture
def dispersion():
    rows = [
        # category, mentions, articles with it, dispersion, by chance
        ("security", 3000, 40, 0.5, 0.4),
        ("diplomacy", 200, 30, 0.8, 0.5),
        ("migration", 20, 9, 0.975, 0.95),
        ("terrorism", 0, 0, NAN, NAN),
    ]
    names = ["category", "mentions", "articles_with", "dispersion", "dispersion_by_chance"]
    table = pd.DataFrame(rows, columns=names)
    return make_rows(DISPERSION, table, articles=1200, parts=1199)


def test_dispersion(dispersion):
    assert captions.describe_dispersion(dispersion, most=4) == (
        "Deviation of proportions over 1,199 parts: diplomacy 0.80, by chance 0.50 (mentions: "
        "200; articles with it: 30); security 0.50, by chance 0.40 (mentions: 3,000; articles "
        "with it: 40); migration 0.97, by chance 0.95 (mentions: 20; articles with it: 9); "
        "terrorism without a mention; articles in all: 1,200."
    )


def test_dispersion_in_arabic(dispersion):
    said = captions.describe_dispersion(dispersion, most=1, language="ar", labels=ARABIC)
    assert said == (
        "انحراف النِّسب على أجزاء عددها 1,199؛ أبعدها فوق المصادفة (1 من 4): الدبلوماسية 0.80 "
        "وبالمصادفة 0.50 (مرات الذكر 200؛ المقالات التي ورد فيها 30)؛ عدد المقالات كلها 1,200."
    )
    none = captions.describe_dispersion(dispersion[3:], language="ar", labels=ARABIC)
    assert none == "انحراف النِّسب على أجزاء عددها 1,199: الإرهاب بلا ذكر؛ عدد المقالات كلها 1,200."


def test_dispersion_of_terms(dispersion):
    terms = make_rows(TERM_DISPERSION, dispersion[:2].assign(term=["سلاح", "سفير"]))
    assert captions.describe_dispersion(terms, most=1) == (
        "Deviation of proportions over 1,199 parts; furthest above chance (1 of 2): “سفير\u200e” "
        "(diplomacy) 0.80, by chance 0.50 (mentions: 200; articles with it: 30); articles in all: "
        "1,200."
    )
    assert captions.describe_dispersion(terms[1:]) == (
        "Deviation of proportions over 1,199 parts: “سفير\u200e” 0.80, by chance 0.50 (mentions: "
        "200; articles with it: 30); articles in all: 1,200."
    )


@pytest.mark.parametrize("name", ["keyness", "collocates", "dispersion"])
def test_none_of_the_most_is_refused(name, request):
    describe = getattr(captions, f"describe_{name}")
    with pytest.raises(InputError) as caught:
        describe(request.getfixturevalue(name), most=0)
    assert str(caught.value) == "most is 0; give a whole number, 1 or more."
