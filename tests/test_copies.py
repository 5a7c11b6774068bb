"""Copies: what is printed again is found, what is only alike is not."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.arabic import WORD, fold
from analysis.articles import load_articles
from analysis.cleaning import mask_text
from analysis.copies import COPIES, LEAST_SEQUENCES, WORDS, find_copies, mark_copies
from analysis.data_files import data_path
from analysis.datasets import load_sample
from analysis.errors import InputError
from analysis.periods import weigh_copies
from analysis.tables import ARTICLES, make_table

WIRE = [
    "أعلنت وزارة الموانئ في الجزيرة، صباح الثلاثاء، أن الرصيف الجنوبي سيغلق أمام السفن الكبيرة "
    "مدة شهرين، لأن أعمدته لم تعد تحتمل أمواج الشتاء.",
    "وقال المهندس نادر الشامي، المشرف على الأشغال، إن الغواصين عثروا على شقوق في تسعة من الأعمدة، "
    "وإن إصلاحها يحتاج إلى رافعة تصل من الشمال في نهاية الأسبوع.",
    "وطلبت غرفة التجار تعويضا عن البضائع التي ستتأخر، وحذرت من ارتفاع أسعار السكر والزيت في أسواق "
    "المدينة القديمة قبل موسم الأعياد.",
    "وكان الرصيف قد بني قبل أربعين عاما على يد شركة محلية، ولم يرمم منذ ذلك الحين إلا مرة واحدة "
    "بعد عاصفة الخريف الكبرى.",
]
OWN = [
    "قرر عمال الشحن في مدينتنا أن ينقلوا ما يصل من البضائع على عربات صغيرة إلى حين يعود الرصيف إلى "
    "العمل، وقالوا إنهم لن يطلبوا أجرا فوق أجرهم.",
    "وتجمع عشرات الصيادين أمام مكتب الميناء يسألون عن مراكبهم، فيما وعدهم مدير المكتب بمرسى مؤقت "
    "عند الخليج الصغير حتى ينتهي الإصلاح.",
    "ويرى سكان الحي أن إغلاق الرصيف الجنوبي كان منتظرا، فقد رأوا الماء يدخل من تحته في كل ليلة "
    "عاصفة منذ الشتاء الماضي.",
    "ومن المنتظر أن يزور وزير الموانئ المكان يوم الخميس، وأن يجيب عن أسئلة التجار والصيادين في "
    "قاعة البلدية.",
]


def articles_of(rows, **columns):
    """Build articles from (article_id, outlet, date or None, text)."""
    return make_table(
        [
            {
                "article_id": article_id,
                "outlet": outlet,
                "published": pd.NaT if date is None else pd.Timestamp(date),
                "title": "",
                "text": text,
                "skip": [],
                "source_file": "composed",
            }
            for article_id, outlet, date, text in rows
        ],
        ARTICLES,
    ).assign(**columns)


def numbered(*ranges):
    """Return a text of words that stand nowhere else: of n words in a row n - 4 sequences."""
    return " ".join(f"لفظ{number}" for first, after in ranges for number in range(first, after))


def pairs_of(copies):
    return list(zip(copies["article_id"], copies["copy_of"], strict=True))


def found(rows, **options):
    return pairs_of(find_copies(articles_of(rows), **options))


# ── what is a copy ───────────────────────────────────────────────────────────────────────


def test_a_wire_report_that_is_cut_with_another_beginning_and_a_paragraph_more():
    other_beginning = "علمت «الضفة» أن أكبر أرصفة الجزيرة سيتوقف عن العمل قريبا بسبب الأمواج."
    articles = articles_of(
        [
            ("1", "المرصد", "2031-11-04 07:00", "\n".join(WIRE)),
            ("2", "الضفة", "2031-11-05 09:30", "\n".join([other_beginning, *WIRE[1:]])),
            ("3", "صدى المشرق", "2031-11-04 18:00", "\n".join([*WIRE[:3], OWN[2]])),
            ("4", "صدى المشرق", "2031-11-06 08:00", "\n".join(WIRE[1:3])),
        ]
    )
    copies = find_copies(articles)
    assert copies.dtypes.astype("str").to_dict() == dict(COPIES)
    assert pairs_of(copies) == [("3", "1"), ("2", "1"), ("4", "1")]
    assert copies["shared"].iloc[2] == 1


def test_articles_of_one_event_in_their_own_words_are_no_copies():
    rows = [
        ("1", "المرصد", "2031-11-04", "\n".join(WIRE)),
        ("2", "الضفة", "2031-11-04", "\n".join(OWN[:2])),
        ("3", "صدى المشرق", "2031-11-05", "\n".join([*OWN[2:], WIRE[3]])),
    ]
    assert found(rows) == []


def test_one_sentence_quoted_is_no_copy():
    quoting = "\n".join([*OWN, WIRE[1]])
    assert (
        found(
            [("1", "المرصد", "2031-11-04", "\n".join(WIRE)), ("2", "الضفة", "2031-11-04", quoting)]
        )
        == []
    )


def test_between_outlets_the_limit_is_a_share_of_the_shorter_text():
    # 104 words have 100 sequences, and 54 words 50: exactly a half of the shorter text.
    wire = ("1", "المرصد", "2031-01-01", numbered((0, 104)))
    half = ("2", "الضفة", "2031-01-02", numbered((0, 54), (500, 550)))
    copies = find_copies(articles_of([wire, half]))
    assert pairs_of(copies) == [("2", "1")]
    assert copies["shared"].tolist() == [0.5]
    assert found([wire, half], least_shared=0.51) == []
    less = ("2", "الضفة", "2031-01-02", numbered((0, 53), (500, 551)))
    assert found([wire, less]) == []
    assert found([wire, less], least_shared=0.49) == [("2", "1")]


def test_a_copy_inside_a_longer_article_has_a_small_share():
    copies = find_copies(
        articles_of(
            [
                ("1", "المرصد", "2031-01-01", numbered((0, 54))),
                ("2", "الضفة", "2031-01-01", numbered((0, 54), (500, 650))),
            ]
        )
    )
    assert pairs_of(copies) == [("2", "1")]
    assert copies["shared"].tolist() == [50 / 200]


def test_in_one_outlet_only_what_is_printed_again_as_a_whole_is_a_copy():
    first = ("1", "المرصد", "2031-01-01", numbered((0, 104)))
    follow_up = ("2", "المرصد", "2031-01-02", numbered((500, 522), (0, 82)))
    assert found([first, follow_up]) == []
    reprint = ("2", "المرصد", "2031-01-02", numbered((500, 520), (0, 84)))
    assert found([first, reprint]) == [("2", "1")]
    assert found([first, reprint], least_repeated=0.81) == []
    brief = ("2", "المرصد", "2031-01-02", numbered((0, 60)))
    assert found([first, brief]) == []
    assert found([first, brief], least_repeated=0.56) == [("2", "1")]


def test_unknown_outlets_count_as_one():
    half = [("1", "", "2031-01-01", numbered((0, 104))), ("2", "", "2031-01-01", numbered((0, 60)))]
    assert found(half) == []
    missing = articles_of(half).assign(outlet=pd.Series([None, ""], dtype="str"))
    assert find_copies(missing).empty
    assert found([half[0], ("2", "", "2031-01-01", numbered((0, 104)))]) == [("2", "1")]


def test_captions_of_one_fact_are_no_copies():
    for words, expected in ((23, []), (24, [("2", "1")])):
        texts = numbered((0, words)), numbered((0, words), (500, 600))
        rows = [("1", "المرصد", "2031-01-01", texts[0]), ("2", "الضفة", "2031-01-01", texts[1])]
        assert found(rows) == expected


def test_days_are_days_of_the_calendar():
    def second(published):
        return ("2", "الضفة", published, numbered((0, 104)))

    first = ("1", "المرصد", "2031-01-01 23:50", numbered((0, 104)))
    assert found([first, second("2031-01-04 23:59")]) == [("2", "1")]
    assert found([first, second("2031-01-05 00:00")]) == []
    assert found([first, second("2031-01-05 00:00")], days=4) == [("2", "1")]
    assert found([first, second("2031-01-02 00:00")], days=0) == []
    assert found([first, second("2031-01-01 23:59")], days=0) == [("2", "1")]


def test_the_earlier_article_is_the_first():
    text = numbered((0, 104))
    rows = [("1", "المرصد", "2031-01-02", text), ("2", "الضفة", "2031-01-01", text)]
    assert found(rows) == [("1", "2")]
    same_moment = [("ب", "المرصد", "2031-01-01", text), ("أ", "الضفة", "2031-01-01", text)]
    assert found(same_moment) == [("ب", "أ")]


# ── groups ───────────────────────────────────────────────────────────────────────────────


def test_copies_do_not_chain():
    # Each shares 60 % with the one before, and 20 % or nothing with those before that.
    rows = [
        (str(day), ("المرصد", "الضفة")[day % 2], f"2031-01-0{day}", numbered((first, first + 104)))
        for day, first in ((1, 0), (2, 40), (3, 80), (4, 120))
    ]
    assert found(rows) == [("2", "1"), ("4", "3")]


def test_of_several_articles_the_one_is_copied_that_shares_most():
    rows = [
        ("1", "المرصد", "2031-01-01", numbered((0, 104))),
        ("2", "الضفة", "2031-01-01", numbered((200, 304))),
        ("3", "صدى المشرق", "2031-01-02", numbered((0, 60), (200, 270))),
    ]
    assert found(rows) == [("3", "2")]


def test_of_equals_the_first_is_copied():
    rows = [
        ("1", "المرصد", "2031-01-01", numbered((0, 104))),
        ("2", "الضفة", "2031-01-01", numbered((200, 304))),
        ("3", "صدى المشرق", "2031-01-02", numbered((0, 60), (200, 260))),
    ]
    assert found(rows) == [("3", "1")]


def test_articles_without_a_date_are_compared_with_all_and_come_last():
    text = numbered((0, 104))
    rows = [
        ("1", "المرصد", None, text),
        ("2", "الضفة", None, text),
        ("3", "صدى المشرق", "2031-01-01", text),
        ("4", "المرصد", "2031-06-01", text),
    ]
    assert found(rows[:2]) == [("2", "1")]
    assert found(rows[:3]) == [("1", "3"), ("2", "3")]
    # The two with a date are months apart: the earlier one is copied.
    assert found(rows) == [("1", "3"), ("2", "3")]


# ── what is compared ─────────────────────────────────────────────────────────────────────


def test_boilerplate_ties_nothing_together():
    footer = numbered((0, 80))
    rows = [
        (f"{outlet}{number}", outlet, "2031-01-01", f"{numbered((start, start + 40))} {footer}")
        for outlet, beginning in (("أ", 1000), ("ب", 2000))
        for number in range(11)
        for start in [beginning + 40 * number]
    ]
    assert found(rows) == []
    # Ten of each outlet may have it: those of the other outlet are then taken for copies.
    ten = [row for row in rows if row[0] not in ("أ10", "ب10")]
    assert found(ten) == [(f"ب{number}", "أ0") for number in range(10)]
    # A real copy is found among them: 36 of the 40 sequences of the first outside the footer,
    # and of 100 of its own.
    text = f"{numbered((1000, 1040), (3000, 3060))} {footer}"
    copies = find_copies(articles_of([*rows, ("ج", "ج", "2031-01-02", text)]))
    assert pairs_of(copies) == [("ج", "أ0")]
    assert copies["shared"].tolist() == [0.36]


def test_skipped_places_are_left_out():
    footer = numbered((0, 60))
    texts = [f"{footer}\n{numbered((start, start + 44))}" for start in (100, 200)]
    rows = [("1", "المرصد", "2031-01-01", texts[0]), ("2", "الضفة", "2031-01-01", texts[1])]
    assert found(rows) == [("2", "1")]
    skip = pd.Series([[(0, len(footer))]] * 2)
    assert find_copies(articles_of(rows, skip=skip)).empty


def test_spelling_does_not_hide_a_copy():
    plain = "\n".join(WIRE)
    shaped = plain.replace("لا", "\ufefb").replace("ش", "\ufeb7\u064e")
    loose = plain.replace("أ", "ا").replace("ة", "ه").replace("الر", "الـــر")
    rows = [
        ("1", "المرصد", "2031-01-01", plain),
        ("2", "الضفة", "2031-01-01", loose),
        ("3", "صدى المشرق", "2031-01-01", shaped),
    ]
    copies = find_copies(articles_of(rows))
    assert pairs_of(copies) == [("2", "1"), ("3", "1")]
    assert copies["shared"].tolist() == [1, 1]


def test_punctuation_emoji_and_case_do_not_hide_a_copy():
    text = " ".join(f"كلمة{number} Word_{number}" for number in range(30))
    rows = [
        ("1", "المرصد", "2031-01-01", text),
        ("2", "الضفة", "2031-01-01", text.replace(" ", "، \U0001f600 ").replace("W", "w")),
    ]
    assert found(rows) == [("2", "1")]


def test_other_numbers_are_other_words():
    def report(first):
        return " ".join(f"بلغ السعر {first + number}" for number in range(60))

    rows = [
        ("1", "المرصد", "2031-01-01", report(100)),
        ("2", "الضفة", "2031-01-01", report(300)),
    ]
    assert found(rows) == []


def test_the_order_of_words_counts():
    words = numbered((0, 104)).split()
    rows = [
        ("1", "المرصد", "2031-01-01", " ".join(words)),
        ("2", "الضفة", "2031-01-01", " ".join(reversed(words))),
    ]
    assert found(rows) == []


# ── laws ─────────────────────────────────────────────────────────────────────────────────


def copies_by_definition(articles, days, least_shared, least_repeated):
    """Find copies as the rule is written, with sets of words and no arithmetic of days."""
    rows = articles.sort_values(["published", "article_id"])
    texts = {}
    for row in rows.itertuples():
        words = [fold(word) for word in WORD.findall(mask_text(row.text, row.skip))]
        texts[row.article_id] = {tuple(words[n : n + WORDS]) for n in range(len(words) - WORDS + 1)}
    copies, firsts = [], []
    for row in rows.itertuples():
        mine, best, most = texts[row.article_id], None, 0
        for first in firsts:
            theirs = texts[first.article_id]
            shared = len(mine & theirs)
            same = row.outlet == first.outlet
            size = max(len(mine), len(theirs)) if same else min(len(mine), len(theirs))
            near = pd.isna(row.published) or (
                row.published.date() - first.published.date()
            ) <= pd.Timedelta(days=days)
            share = shared / size if size else 0
            enough = share >= (least_repeated if same else least_shared)
            if near and enough and shared >= LEAST_SEQUENCES and shared > most:
                best, most = first.article_id, shared
        if best is None:
            firsts.append(row)
        else:
            copies.append((row.article_id, best, most / len(mine)))
    return copies


@st.composite
def printed(draw):
    """Articles of blocks of twelve words, of which a few are printed again and again."""
    rows = []
    for number in range(draw(st.integers(0, 9))):
        blocks = draw(st.lists(st.integers(0, 7), min_size=0, max_size=6))
        hour = draw(st.none() | st.integers(0, 24 * 5))
        published = None if hour is None else pd.Timestamp("2031-01-01") + pd.Timedelta(hours=hour)
        text = " \n".join(numbered((12 * block, 12 * block + 12)) for block in blocks)
        rows.append((f"{number}", draw(st.sampled_from(["المرصد", "الضفة"])), published, text))
    articles = articles_of(rows)
    if rows and draw(st.booleans()):
        articles["skip"] = [[(0, min(70, len(text)))] for text in articles["text"]]
    return articles


@given(
    printed(),
    st.integers(0, 4),
    st.floats(0.05, 1),
    st.floats(0.05, 1),
)
def test_law_copies_are_those_of_the_definition(articles, days, least_shared, least_repeated):
    options = {"days": days, "least_shared": least_shared, "least_repeated": least_repeated}
    copies = find_copies(articles, **options)
    expected = copies_by_definition(articles, **options)
    assert list(copies.itertuples(index=False, name=None)) == expected


def test_many_articles_are_compared_in_parts(monkeypatch):
    rows = [
        (f"{day:02}{outlet}", outlet, f"2031-01-{day:02}", numbered((first, first + 104)))
        for day in range(1, 20)
        for outlet, first in (("أ", 60 * day), ("ب", 60 * day + 10))
    ]
    articles = articles_of([*rows, ("بلا تاريخ", "ج", None, numbered((300, 404)))])
    whole = find_copies(articles)
    assert len(whole) >= 20
    monkeypatch.setattr("analysis.copies._BATCH", 3)
    pd.testing.assert_frame_equal(find_copies(articles), whole)


@given(printed(), st.randoms(use_true_random=False))
def test_law_the_order_of_rows_is_nothing(articles, random):
    order = list(range(len(articles)))
    random.shuffle(order)
    turned = articles.iloc[order].set_axis([7] * len(order))
    pd.testing.assert_frame_equal(find_copies(articles), find_copies(turned))


@given(printed(), st.floats(0.1, 0.9))
def test_law_a_group_has_one_first_which_is_no_copy(articles, least_shared):
    copies = find_copies(articles, least_shared=least_shared)
    assert copies["article_id"].is_unique
    assert not set(copies["copy_of"]) & set(copies["article_id"])
    assert copies["shared"].between(0, 1, inclusive="right").all()


def test_the_numbers_of_words_do_not_depend_on_the_run():
    code = (
        "from analysis.datasets import load_sample; from analysis.copies import find_copies;"
        "print(find_copies(load_sample()).to_csv())"
    )
    printed_copies = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed_copies) == 1


# ── corpora ──────────────────────────────────────────────────────────────────────────────


def test_the_wire_copies_of_the_sample_are_found_and_nothing_else():
    plan = pd.read_csv(data_path("sample", "gold", "plan.csv"), keep_default_na=False)
    planned = plan[plan["copy_of"] != ""]
    sample = load_sample()
    published = sample.set_index("article_id")["published"]
    pairs = pairs_of(find_copies(sample))
    assert len(pairs) >= 7
    expected = zip(planned["article_id"], planned["copy_of"], strict=True)
    assert {frozenset(pair) for pair in pairs} == {frozenset(pair) for pair in expected}
    assert all(published[copy] >= published[first] for copy, first in pairs)


def test_planted_copies_are_found_in_a_real_corpus(shared):
    articles = load_articles(shared / "corpora" / "ant_2018.parquet")[0]
    articles = articles[articles["published"] < "2018-03-01"]
    long = articles[articles["text"].str.count(" ") > 120].sort_values("article_id").iloc[::20]
    before = find_copies(articles)
    long = long[~long["article_id"].isin(before["article_id"])]
    planted = long.assign(
        article_id="نسخة " + long["article_id"],
        outlet="المرصد",
        published=long["published"] + pd.Timedelta(days=1),
        # A new first sentence, and the first fifth and the last quarter of the words cut.
        text=[
            OWN[0] + " " + " ".join(words[len(words) // 5 : -len(words) // 4])
            for words in long["text"].str.split()
        ],
        skip=pd.Series([[]] * len(long), index=long.index),
    )
    copies = find_copies(pd.concat([articles, planted]))
    found_planted = copies[copies["article_id"].str.startswith("نسخة ")]
    right = found_planted["article_id"] == "نسخة " + found_planted["copy_of"]
    assert len(planted) > 50
    assert right.sum() >= 0.97 * len(planted)
    others = copies[~copies["article_id"].str.startswith("نسخة ")].reset_index(drop=True)
    pd.testing.assert_frame_equal(others, before)


# ── tables ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rows", [[], [("1", "المرصد", "2031-01-01", "")], [("1", "", None, " ")]])
def test_no_copies_are_a_table_without_rows(rows):
    copies = find_copies(articles_of(rows))
    assert len(copies) == 0
    assert copies.dtypes.astype("str").to_dict() == dict(COPIES)


def test_the_input_is_left_as_it_is():
    articles = articles_of([("1", "المرصد", "2031-01-01", numbered((0, 50)))])
    before = articles.copy(deep=True)
    mark_copies(articles, find_copies(articles))
    pd.testing.assert_frame_equal(articles, before)


def test_copies_are_marked_in_any_table_and_can_be_weighed():
    text = numbered((0, 60))
    articles = articles_of(
        [
            ("1", "المرصد", "2031-01-01", text),
            ("2", "الضفة", "2031-01-02", text),
            ("3", "صدى المشرق", "2031-01-03", numbered((100, 160))),
        ]
    )
    copies = find_copies(articles)
    marked = mark_copies(articles, copies)
    assert marked.columns.tolist() == [*ARTICLES, "copy_of"]
    assert marked["copy_of"].fillna("").tolist() == ["", "1", ""]
    counts = pd.DataFrame(
        {
            "article_id": np.repeat(["3", "2", "1"], 2),
            "category": ["security", "diplomacy"] * 3,
            "copy_of": "?",
        }
    )
    counted = mark_copies(counts, copies)
    assert counted["copy_of"].fillna("").tolist() == ["", "", "1", "1", "", ""]
    assert weigh_copies(counted, copies="weight")["weight"].tolist() == [1, 1, 0.5, 0.5, 0.5, 0.5]
    nothing = mark_copies(counts, find_copies(articles[:1]))
    assert nothing["copy_of"].isna().all()
    assert nothing["copy_of"].dtype == counted["copy_of"].dtype == "str"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"days": -1}, "days is -1; give a whole number, 0 or more."),
        ({"least_shared": 0}, "least_shared is 0; choose a share above 0 and up to 1."),
        ({"least_shared": 50}, "least_shared is 50; choose a share above 0 and up to 1."),
        ({"least_repeated": 1.5}, "least_repeated is 1.5; choose a share above 0 and up to 1."),
    ],
)
def test_options_out_of_range_are_told(options, message):
    with pytest.raises(InputError) as error:
        find_copies(articles_of([]), **options)
    assert str(error.value) == message


def test_tables_that_cannot_be_used_are_told():
    articles = articles_of([("1", "المرصد", "2031-01-01", "خبر")])
    with pytest.raises(InputError) as error:
        find_copies(articles.drop(columns=["skip", "source_file"]))
    assert str(error.value) == (
        "the table `articles` has no column `skip`; "
        "it has: article_id, outlet, published, title, text."
    )
    with pytest.raises(InputError) as error:
        find_copies(pd.concat([articles, articles]))
    assert str(error.value) == (
        "the table `articles` has several rows for the article_id '1'; "
        "it needs one for each article."
    )
    with pytest.raises(InputError) as error:
        find_copies(articles.assign(published="2031-01-01"))
    assert str(error.value) == (
        "the column `published` of `articles` holds str, not dates without a time zone; "
        "convert it with pandas.to_datetime."
    )
    copies = pd.DataFrame({"article_id": ["1", "1"], "copy_of": ["2", "3"]})
    with pytest.raises(InputError) as error:
        mark_copies(articles, copies)
    assert str(error.value) == (
        "the table `copies` has several rows for the article_id '1'; it needs one for each article."
    )
    with pytest.raises(InputError) as error:
        mark_copies(articles, copies[["article_id"]])
    assert str(error.value) == "the table `copies` has no column `copy_of`; it has: article_id."
    with pytest.raises(InputError) as error:
        mark_copies(articles[["text"]], copies)
    assert str(error.value) == "the table `table` has no column `article_id`; it has: text."
