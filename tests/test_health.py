"""The health of a corpus: each check fires when it should, and on nothing else."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.articles import iter_articles, load_articles
from analysis.datasets import sample_corpus
from analysis.duplicates import find_duplicates
from analysis.errors import InputError, NothingUsable
from analysis.health import (
    FOUND,
    GROUPS,
    INPUTS,
    LONGEST,
    MONTHS,
    OUTLETS,
    PAIRS,
    PROBLEMS,
    SHORTEST,
    survey,
)
from analysis.health_report import load_checks
from analysis.tables import ARTICLES, MANIFEST, make_table

SYLLABLES = ["با", "تا", "جا", "دا", "را", "سا", "عا", "فا", "كا", "ما"]


def words(number, seed=0):
    """Return that many words of an invented Arabic text, others for each seed."""
    return " ".join(
        "ال" + "".join(SYLLABLES[int(digit)] for digit in str(seed * 100_000 + place))
        for place in range(number)
    )


SENTENCE = (
    "أعلنت وزارة الزراعة في الضفة أن الحقول الجديدة ستروى بماء البحيرة القديمة وقالت المهندسة سلمى "
    "الراوي إن المضخة وصلت إلى القرية "
)


def article(number, **values):
    """Return a sound article that no other is like."""
    return {
        "article_id": f"م{number}",
        "outlet": "المرصد",
        "published": pd.Timestamp(2031, 1, 1) + pd.Timedelta(days=number),
        "title": "عنوان",
        "text": SENTENCE + words(80, seed=number + 1),
        "skip": [],
        "source_file": "corpus.jsonl",
        **values,
    }


def line(number, **values):
    return {
        "source_file": "corpus.jsonl",
        "row": number + 1,
        "status": "read",
        "reason": "",
        "article_id": f"م{number}",
        "date_from": "column",
        "encoding": "",
        **values,
    }


def tables_of(articles, manifest=None):
    if manifest is None:
        manifest = [line(number) for number in range(len(articles))]
        for row, own in zip(manifest, articles, strict=True):
            row["article_id"] = own["article_id"]
    return make_table(articles, ARTICLES), make_table(manifest, MANIFEST)


def problems_of(articles, manifest=None):
    """Return problems as (check, outlet, period, articles, of, detail, example)."""
    health = survey([tables_of(articles, manifest)])
    return list(health.problems.itertuples(index=False, name=None))


def sound(number=12):
    return [article(n) for n in range(number)]


def with_last(number=12, **values):
    """Return sound articles of which the last has other values."""
    return [*sound(number - 1), article(number - 1, **values)]


def test_a_sound_corpus_has_no_problem():
    assert problems_of(sound()) == []


# ── texts ────────────────────────────────────────────────────────────────────────────────

SOUND = SENTENCE + words(80, seed=99)
ENGLISH = "The minister said that the water will reach the fields. " * 9


@pytest.mark.parametrize(
    ("values", "check", "detail"),
    [
        ({"text": SOUND + "<br>"}, "html", ""),
        ({"text": SOUND + " �"}, "lost_letters", ""),
        ({"text": SOUND + "ﺏ" * 30}, "presentation_forms", ""),
        ({"text": SOUND + " Ø§Ù„Ø¬Ø¯"}, "mojibake", ""),
        ({"text": "\n".join(part[::-1] for part in SOUND.split("\n"))}, "reversed", ""),
        ({"title": ""}, "untitled", ""),
        ({"title": "  "}, "untitled", ""),
        ({"title": None}, "untitled", ""),
        ({"text": ENGLISH}, "other_language", "en"),
        ({"text": words(49, seed=50)}, "very_short", ""),
        ({"text": words(1100, seed=50)}, "very_long", ""),
        ({"skip": [[0, 480]]}, "much_boilerplate", ""),
    ],
)
def test_one_article_of_twelve_has_the_problem_and_no_other(values, check, detail):
    assert problems_of(with_last(**values)) == [(check, "المرصد", "", 1, 12, detail, "م11")]


def test_very_short_and_very_long_are_counted_without_boilerplate():
    text = words(60, seed=50)
    start = text.index(text.split()[11])
    assert problems_of(with_last(text=text)) == []
    # The first eleven words are skipped, which leaves 49.
    short = problems_of(with_last(text=text, skip=[[0, start]]))
    assert [problem[0] for problem in short] == ["very_short"]
    exactly = problems_of(with_last(text=words(SHORTEST, seed=50)))
    assert exactly == []


def test_very_long_is_ten_times_the_usual_between_1000_and_5000_words():
    def limit(usual):
        texts = [article(n, text=words(usual, seed=n + 1)) for n in range(3)]
        return survey([tables_of(texts)]).longest

    assert limit(60) == LONGEST // 5
    assert limit(150) == 1500
    assert limit(600) == LONGEST
    assert survey([]).longest == LONGEST // 5


def test_damaged_texts_have_no_language():
    damaged = [article(n, text=SOUND[: 100 + n].encode().decode("latin-1")) for n in range(3)]
    assert "other_language" not in {problem[0] for problem in problems_of(damaged)}


def test_the_language_is_told_by_what_is_not_skipped():
    foreign = "Follow us on all channels of the newspaper and do not miss any story\n"
    text = foreign * 10 + SOUND
    checks = [p[0] for p in problems_of(with_last(text=text, skip=[[0, 10 * len(foreign)]]))]
    assert checks == ["much_boilerplate"]


def test_problems_are_told_by_outlet_the_most_first():
    articles = [
        article(n, outlet="الضفة" if n % 3 else "المرصد", title="" if n < 5 else "عنوان")
        for n in range(9)
    ]
    assert problems_of(articles) == [
        ("untitled", "الضفة", "", 3, 6, "", "م1"),
        ("untitled", "المرصد", "", 2, 3, "", "م0"),
    ]


# ── outlets ──────────────────────────────────────────────────────────────────────────────


def test_no_outlet_is_told():
    assert problems_of(with_last(outlet="")) == [("no_outlet", "", "", 1, 1, "", "م11")]
    assert problems_of(with_last(outlet=None)) == [("no_outlet", "", "", 1, 1, "", "م11")]


def test_so_many_outlets_are_told_as_a_wrong_column():
    many = [article(n, outlet=f"كاتب {n}") for n in range(20)]
    assert problems_of(many) == [
        ("many_outlets", "", "", 20, 20, "20 outlets", "كاتب 0, كاتب 1, كاتب 2")
    ]
    assert problems_of(many[:19]) == []
    assert problems_of([*many, *(article(n, outlet="كاتب 0") for n in range(20, 40))]) == []


def test_the_table_of_outlets():
    articles = [
        article(0, outlet="الضفة", published=pd.Timestamp(2031, 3, 1, 9), skip=[[0, 27]]),
        article(1, outlet="الضفة", published=pd.Timestamp(2031, 2, 1), title=""),
        article(2, outlet="الضفة", published=pd.Timestamp(2031, 3, 31)),
        article(3, outlet="الضفة", published=pd.NaT),
        article(4, outlet="المرصد", published=pd.NaT),
    ]
    health = survey([tables_of(articles)])
    assert health.outlets.dtypes.astype("str").to_dict() == dict(OUTLETS)
    characters = sum(len(own["text"]) for own in articles[:4])
    assert health.outlets.iloc[0].to_dict() == {
        "outlet": "الضفة",
        "articles": 4,
        "first": pd.Timestamp(2031, 2, 1),
        "last": pd.Timestamp(2031, 3, 31),
        "undated": 1,
        "words": 101.0,
        "untitled": 1,
        "boilerplate": 27 / characters,
        "busiest": "2031-03",
        "busiest_share": 2 / 3,
    }
    last = health.outlets.iloc[1]
    assert (last["outlet"], last["undated"], last["busiest"]) == ("المرصد", 1, "")
    assert pd.isna(last["first"])
    assert pd.isna(last["busiest_share"])
    assert health.months.to_dict("records") == [
        {"period": "2031-02", "outlet": "الضفة", "articles": 1},
        {"period": "2031-03", "outlet": "الضفة", "articles": 2},
    ]
    assert health.months.dtypes.astype("str").to_dict() == dict(MONTHS)


# ── dates ────────────────────────────────────────────────────────────────────────────────


def in_months(counts, outlet="المرصد", start=0):
    """Return articles, so many in each month of 2031 and after, on the first days of it."""
    listed = []
    for month, count in counts.items():
        for day in range(count):
            published = pd.Timestamp(month) + pd.Timedelta(hours=6 * day)
            number = start + len(listed)
            listed.append(article(number, outlet=outlet, published=published))
    return listed


def test_empty_months_are_named():
    articles = in_months({"2031-01": 2, "2031-02": 1, "2031-04": 3, "2031-11": 1, "2032-01": 3})
    assert problems_of(articles) == [
        ("empty_months", "المرصد", "2031-03", 0, 10, "", ""),
        ("empty_months", "المرصد", "2031-05 to 2031-10", 0, 10, "", ""),
        ("empty_months", "المرصد", "2031-12", 0, 10, "", ""),
    ]


def test_dates_before_1990_are_told():
    for date, expected in (
        ("1989-12-31", [("old_dates", "الضفة", "", 1, 1, "", "م11")]),
        ("1990-01-01", []),
    ):
        articles = with_last(outlet="الضفة", published=pd.Timestamp(date))
        found = problems_of(articles)
        assert [problem for problem in found if problem[0] != "far_dates"] == expected


def test_a_date_years_away_from_all_others_is_told():
    articles = in_months({"2031-01": 12, "2035-02": 1})
    found = [problem for problem in problems_of(articles) if problem[0] == "far_dates"]
    assert [(problem[1], *problem[3:5]) for problem in found] == [("المرصد", 1, 13)]
    near = in_months({"2031-01": 12, "2032-02": 1})
    assert "far_dates" not in [problem[0] for problem in problems_of(near)]


def test_gaps_are_those_of_each_outlet():
    articles = [
        *in_months({"2031-01": 2, "2031-03": 2}),
        *in_months({"2031-02": 2}, outlet="الضفة", start=50),
    ]
    assert problems_of(articles) == [("empty_months", "المرصد", "2031-02", 0, 4, "", "")]


def test_an_outlet_with_articles_in_few_months_is_sparse():
    months = ["2031-01", "2031-03", "2031-06", "2031-09", "2031-12"]
    assert problems_of(in_months(dict.fromkeys(months, 1))) == [
        ("sparse", "المرصد", "2031-01 to 2031-12", 5, 5, "in 5 of 12 months", "")
    ]
    fewer = problems_of(in_months(dict.fromkeys(months[:4], 1)))
    assert [problem[0] for problem in fewer] == ["empty_months"] * 3


def test_thin_months_have_less_than_a_tenth_of_the_usual():
    counts = {"2031-01": 1, "2031-02": 20, "2031-03": 21, "2031-04": 1, "2031-05": 22, "2031-06": 1}
    assert problems_of(in_months(counts | {"2031-07": 20, "2031-08": 20})) == [
        ("thin_months", "المرصد", "2031-04", 1, 106, "", ""),
        ("thin_months", "المرصد", "2031-06", 1, 106, "", ""),
    ]
    enough = in_months(dict.fromkeys(counts, 10) | {"2031-03": 1})
    assert problems_of(enough) == []
    few = in_months(dict.fromkeys(counts, 9) | {"2031-03": 1})
    assert problems_of(few) == []


def test_empty_days_are_told_of_a_daily_collection():
    days = ["2031-01-01", "2031-01-02", "2031-01-05", "2031-01-07"]
    articles = [
        article(number, published=pd.Timestamp(day))
        for number, day in enumerate(day for day in days for _ in range(6))
    ]
    assert problems_of(articles) == [
        ("empty_days", "", "2031-01-03 to 2031-01-04", 0, 24, "", ""),
        ("empty_days", "", "2031-01-06", 0, 24, "", ""),
    ]
    # 20 articles in 7 days are fewer than 3 a day.
    assert problems_of(articles[4:]) == []


def test_a_month_with_more_than_half_of_an_outlet_is_told():
    months = ["2031-01", "2031-02", "2031-03", "2031-04", "2031-05", "2031-06"]
    crowded = in_months(dict.fromkeys(months, 1) | {"2031-04": 6})
    undated = article(90, published=pd.NaT)
    assert problems_of([*crowded, undated]) == [
        ("undated", "المرصد", "", 1, 12, "", "م90"),
        ("crowded_month", "المرصد", "2031-04", 6, 11, "", ""),
    ]
    number_for_date = article(91, published=pd.Timestamp(1970, 1, 1))
    assert [problem[0] for problem in problems_of([*crowded[:3], number_for_date])] == ["old_dates"]
    assert problems_of(in_months(dict.fromkeys(months, 1) | {"2031-04": 5})) == []
    assert problems_of(in_months(dict.fromkeys(months[:5], 1) | {"2031-04": 6})) == []


def test_how_dates_were_found_and_why_others_were_not():
    articles = [*sound(1), article(1, published=pd.NaT), article(2), article(3, published=pd.NaT)]
    articles += [article(4), article(5)]
    manifest = [
        line(0),
        line(1, date_from="", reason="no date: '03/04/2031' puts the day or the month first."),
        line(2, date_from="byline"),
        line(3, date_from="", reason="no date: '05/06/2031' puts the day or the month first."),
        line(4),
        line(5),
        line(6, status="failed", article_id=None, date_from=None, reason="not JSON."),
    ]
    health = survey([tables_of(articles[:2], manifest[:2]), tables_of(articles[2:], manifest[2:])])
    assert health.dates.to_dict("records") == [
        {"found": "column", "articles": 3, "example": "corpus.jsonl, row 1"},
        {
            "found": "no date: '…' puts the day or the month first.",
            "articles": 2,
            "example": "corpus.jsonl, row 2",
        },
        {"found": "byline", "articles": 1, "example": "corpus.jsonl, row 3"},
    ]
    assert list(health.problems["check"]) == ["failed", "undated"]


# ── inputs ───────────────────────────────────────────────────────────────────────────────


def test_inputs_are_counted_by_status_and_reason():
    manifest = [
        line(0),
        line(1),
        line(2, reason="the Hijri date '1 رمضان 1453' was converted to 2031-12-20."),
        line(3, status="skipped", article_id=None, reason="the text is empty."),
        line(4, status="skipped", article_id=None, reason="the text is empty."),
        line(5, status="duplicate", article_id="م0", reason="the same id and text as 'م0'."),
        line(6, status="failed", article_id=None, reason="not JSON at line 1, column 17."),
        line(7, status="failed", article_id=None, reason="not JSON at line 1, column 99."),
        line(8, status="failed", article_id=None, reason="no reader for '.doc'.", row=None),
    ]
    health = survey([tables_of(sound(3), manifest)])
    assert health.inputs.dtypes.astype("str").to_dict() == dict(INPUTS)
    assert list(health.inputs.itertuples(index=False, name=None)) == [
        ("read", "", 2, "corpus.jsonl, row 1"),
        ("skipped", "the text is empty.", 2, "corpus.jsonl, row 4"),
        ("failed", "not JSON at line …, column ….", 2, "corpus.jsonl, row 7"),
        ("read", "the Hijri date '…' was converted to ….", 1, "corpus.jsonl, row 3"),
        ("duplicate", "the same id and text as '…'.", 1, "corpus.jsonl, row 6"),
        ("failed", "no reader for '.doc'.", 1, "corpus.jsonl"),
    ]
    assert (health.articles, health.rows, health.files) == (3, 9, 1)
    told = health.problems[["check", "articles", "of", "example"]]
    assert list(told.itertuples(index=False, name=None)) == [
        ("failed", 2, 9, "corpus.jsonl, row 7"),
        ("failed", 1, 9, "corpus.jsonl"),
        ("skipped", 2, 9, "corpus.jsonl, row 4"),
        ("duplicate", 1, 9, "corpus.jsonl, row 6"),
        ("noted", 1, 9, "corpus.jsonl, row 3"),
    ]


def test_old_encodings_are_told_and_unicode_is_not():
    names = ["utf-8", "windows-1256", "UTF-16", "", "windows-1256", "macarabic", "ascii"]
    manifest = [line(n, encoding=name) for n, name in enumerate(names)]
    health = survey([tables_of(sound(7), manifest)])
    assert [tuple(row) for row in health.encodings[["found", "articles"]].to_numpy()] == [
        ("windows-1256", 2),
        ("utf-8", 1),
        ("UTF-16", 1),
        ("macarabic", 1),
        ("ascii", 1),
    ]
    assert list(health.problems.itertuples(index=False, name=None)) == [
        ("legacy_encoding", "", "", 2, 7, "windows-1256", "corpus.jsonl, row 2"),
        ("legacy_encoding", "", "", 1, 7, "macarabic", "corpus.jsonl, row 6"),
    ]


def test_that_nothing_is_usable_is_told_and_no_error():
    manifest = make_table(
        [line(0, status="failed", article_id=None, reason="the file is damaged.")], MANIFEST
    )

    def batches():
        yield make_table([], ARTICLES), manifest
        raise NothingUsable("no article.", manifest)

    health = survey(batches())
    assert health.articles == 0
    assert list(health.problems["check"]) == ["failed"]


def test_an_empty_corpus_has_all_tables():
    health = survey([])
    for name, columns in {
        "inputs": INPUTS,
        "outlets": OUTLETS,
        "months": MONTHS,
        "dates": FOUND,
        "encodings": FOUND,
        "languages": FOUND,
        "pairs": PAIRS,
        "problems": PROBLEMS,
    }.items():
        table = getattr(health, name)
        assert len(table) == 0
        assert table.dtypes.astype("str").to_dict() == dict(columns), name
    assert health.duplicates.to_dict("records") == [
        {"kind": kind, "articles": 0, "groups": 0, "largest": 0} for kind in ("exact", "near")
    ]
    assert health.duplicates.dtypes.astype("str").to_dict() == dict(GROUPS)


def test_tables_without_their_columns_are_told():
    articles, manifest = tables_of(sound(1))
    with pytest.raises(InputError) as error:
        survey([(articles.drop(columns="title"), manifest)])
    assert str(error.value) == (
        "the table `articles` has no column `title`; "
        "it has: article_id, outlet, published, text, skip, source_file."
    )
    with pytest.raises(InputError) as error:
        survey([(articles, manifest.drop(columns="status"))])
    assert str(error.value) == (
        "the table `manifest` has no column `status`; "
        "it has: source_file, row, reason, article_id, date_from, encoding."
    )


# ── duplicates and languages ─────────────────────────────────────────────────────────────


def test_duplicates_are_counted_with_their_outlets():
    text = SENTENCE + words(200, seed=70)
    articles = [
        *sound(3),
        article(3, text=text),
        article(4, text=text + "."),
        article(5, text=text, outlet="الضفة"),
        article(6, text=text + " " + words(9, seed=71), outlet="صدى المشرق"),
    ]
    health = survey([tables_of(articles)])
    assert health.duplicates.to_dict("records") == [
        {"kind": "exact", "articles": 2, "groups": 1, "largest": 3},
        {"kind": "near", "articles": 1, "groups": 1, "largest": 2},
    ]
    assert health.pairs.to_dict("records") == [
        {"outlet": "الضفة", "other": "المرصد", "articles": 1},
        {"outlet": "المرصد", "other": "صدى المشرق", "articles": 1},
    ]
    assert list(health.problems.itertuples(index=False, name=None)) == [
        ("exact_duplicates", "المرصد", "", 1, 5, "", "م4"),
        ("exact_duplicates", "الضفة", "", 1, 1, "", "م5"),
        ("near_duplicates", "صدى المشرق", "", 1, 1, "", "م6"),
        ("across_outlets", "الضفة", "", 1, 1, "", "م5"),
        ("across_outlets", "صدى المشرق", "", 1, 1, "", "م6"),
    ]


def test_languages_are_counted():
    persian = "وزیر کشاورزی در شهر گفت که آب دریاچه به زمین‌های تازه می‌رسد و پمپ بزرگ آمد "
    articles = [
        *sound(2),
        article(2, text=persian + words(60, seed=3)[:60]),
        article(3, text="صورة"),
    ]
    health = survey([tables_of(articles)])
    assert list(health.languages.itertuples(index=False, name=None)) == [
        ("ar", 2, "م0"),
        ("fa", 1, "م2"),
        ("", 1, "م3"),
    ]
    told = health.problems[health.problems["check"] == "other_language"]
    assert told["detail"].tolist() == ["fa"]


# ── as a whole ───────────────────────────────────────────────────────────────────────────


DATES = [pd.NaT, pd.Timestamp(2031, 1, 1), pd.Timestamp(2033, 5, 1)]


@st.composite
def corpora(draw):
    """A corpus with a few damaged articles, and the places where it is cut into batches."""
    texts = [SOUND, words(10, seed=8), SOUND + "<br>", "Some text of the English paper " * 9, ""]
    articles = [
        article(
            number,
            outlet=draw(st.sampled_from(["المرصد", "الضفة", ""])),
            published=draw(st.sampled_from(DATES)),
            title=draw(st.sampled_from(["", "عنوان"])),
            text=draw(st.sampled_from([*texts, words(90, seed=number + 10)])),
        )
        for number in range(draw(st.integers(1, 7)))
    ]
    return articles, draw(st.integers(0, len(articles)))


@settings(max_examples=25)
@given(corpora())
def test_law_batches_are_nothing(corpus):
    articles, cut = corpus
    whole = survey([tables_of(articles)])
    cut_in_two = survey(
        tables_of(articles[start:stop], [line(n) for n in range(start, stop)])
        for start, stop in ((0, cut), (cut, len(articles)))
    )
    for one, other in zip(whole, cut_in_two, strict=True):
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, other)
        else:
            assert one == other


@settings(max_examples=25)
@given(corpora())
def test_law_no_problem_is_true_of_more_than_all(corpus):
    articles, _ = corpus
    health = survey([tables_of(articles)])
    assert (health.problems["articles"] <= health.problems["of"]).all()
    assert set(health.problems["check"]) <= set(load_checks())
    assert health.outlets["articles"].sum() == len(articles)
    assert health.languages["articles"].sum() == len(articles)
    assert health.dates["articles"].sum() == len(articles)
    dated = sum(not pd.isna(own["published"]) for own in articles)
    assert health.months["articles"].sum() == dated


def test_the_sample_corpus_is_surveyed_in_batches_of_any_size():
    whole = survey(iter_articles(sample_corpus()))
    parts = survey(iter_articles(sample_corpus(), batch_size=7))
    pd.testing.assert_frame_equal(whole.problems, parts.problems)
    articles = load_articles(sample_corpus())[0]
    assert whole.articles == len(articles)
    repeated = find_duplicates(articles)
    assert whole.duplicates["articles"].tolist() == [
        int(repeated["exact"].sum()),
        int((~repeated["exact"]).sum()),
    ]
