"""Source phrases read into name, role and type; the table of speakers."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.arabic import fold
from analysis.attribution_lexicon import load_lexicon
from analysis.document import read_document
from analysis.errors import InputError
from analysis.identities import name_speakers
from analysis.lexicon import load_lexicons
from analysis.quotes import find_quotes
from analysis.sources import describe_source
from analysis.speakers import (
    count_experts_by_field,
    count_speakers,
    expert_field,
    list_experts,
    measure_concentration,
)
from analysis.tables import ARTICLES, SOURCE_TYPES, make_table
from analysis.themes import find_themes

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "sources.yml").read_text("utf-8"))


def read(phrase):
    lexicon = load_lexicon()
    document = read_document(phrase, lexicon)
    described = describe_source(document.forms, 0, len(document.forms), lexicon)

    def words(part):
        return (
            None if part is None else phrase[document.starts[part[0]] : document.ends[part[1] - 1]]
        )

    return described.kind, words(described.name), words(described.role), described.source_type


@pytest.mark.parametrize("case", CASES, ids=[case["phrase"] for case in CASES])
def test_source_phrases(case):
    expected = (case["kind"], case["name"], case["role"], case["source_type"])
    assert read(case["phrase"]) == expected


@pytest.mark.parametrize(
    ("role", "field"),
    [
        ("المتخصص في العلاقات الدولية", "العلاقات الدولية"),
        ("الباحث في السياسات الأمنية", "السياسات الأمنية"),
        ("الخبيرة في أمن المعلومات", "أمن المعلومات"),
        ("الباحث في الحركات الإسلامية", "الحركات الإسلامية"),
        ("الباحث في مركز الأفق للدراسات", ""),
        ("أستاذ القانون الدولي بجامعة الساحل", "القانون الدولي"),
        ("الخبير الاقتصادي", "الاقتصادي"),
        ("الخبيرة الاقتصادية", "الاقتصادية"),
        ("الخبير بشؤون الطاقة", "شؤون الطاقة"),
        ("الباحثة في دبلوماسية المناخ", "دبلوماسية المناخ"),
        ("الطبيبة المختصة في أمراض القلب", "أمراض القلب"),
        ("المهندس الزراعي", "الزراعي"),
        ("الباحثة في مركز الأفق", ""),
        ("الأستاذ الجامعي", ""),
        ("طبيب المنتخب الوطني لكرة القدم", ""),
        ("الطبيب في المنتخب الوطني لكرة القدم", ""),
        ("محامي العائلة", ""),
        ("وزير العدل", ""),
        ("المتخصصة بالشؤون البحرية", "الشؤون البحرية"),
        ("الخبير السعودي في تحلية المياه", "تحلية المياه"),
        ("الطبيب النفسي في القضية", "النفسي"),
        ("عالم الآثار في القصر", "الآثار"),
        ("أستاذ العلوم السياسية بجامعة الساحل", "العلوم السياسية"),
        ("الخبير في شؤون الجماعات المتطرفة", "شؤون الجماعات المتطرفة"),
        ("الباحثة الرئيسية في الدراسة", ""),
        ("المؤرخ الشهير", ""),
        ("محامي الشركة السابق", ""),
        ("محام جنائي", "جنائي"),
        ("محام آخر للشركة", ""),
        ("المحلل في وزارة التجارة", ""),
        ("الخبير الاقتصادي والكاتب", "الاقتصادي"),
        ("", ""),
    ],
)
def test_expert_field(role, field):
    assert expert_field(role) == field


# ── the table ───────────────────────────────────────────────────────────────────────────

COLUMNS = [
    "speaker", "role", "role_head", "field", "source_type", "spellings",
    "articles", "quotes", "words",
]  # fmt: skip


def quotes_of(*rows):
    """Build quotes from (article, name, role, source type, content)."""
    columns = ["article_id", "speaker", "role", "source_type", "content"]
    quotes = pd.DataFrame(rows, columns=columns)
    return quotes.assign(weak=False, quote_id=[f"q{number}" for number in range(len(quotes))])


def articles_of(*rows):
    """Build articles from (id, outlet, day)."""
    columns = ["article_id", "outlet", "published"]
    return make_table([dict(zip(columns, row, strict=True)) for row in rows], ARTICLES)


def test_speakers_are_counted_over_articles_and_spellings(make_articles):
    articles = make_articles(
        "قال الباحث في علم المناخ سمير عبد الواحد إن المطر قليل. وأضاف أن البحر دافئ. "
        "ودعا عبد الواحد إلى ترشيد الماء.",
        "قالت وزارة المياه إن السدود ممتلئة. وقال الباحث في علم المناخ سمير عبدالواحد إن "
        "الثلج نادر.",
    )
    assert count_speakers(find_quotes(articles)).to_dict("records") == [
        {
            "speaker": "سمير عبد الواحد",
            "role": "الباحث في علم المناخ",
            "role_head": "باحث",
            "field": "علم المناخ",
            "source_type": "expert",
            "spellings": 2,
            "articles": 2,
            "quotes": 3,
            "words": 6,
        },
        {
            "speaker": "وزارة المياه",
            "role": "",
            "role_head": "",
            "field": "",
            "source_type": "official",
            "spellings": 1,
            "articles": 1,
            "quotes": 1,
            "words": 2,
        },
    ]


def test_the_role_is_the_most_frequent_one_and_the_field_of_one_that_says_it():
    (speaker,) = count_speakers(
        quotes_of(
            ("1", "سمير الوادي", "الخبير في علم المناخ بجامعة الساحل", "expert", "نعم"),
            ("2", "سمير الوادي", "الخبير", "expert", "نعم"),
            ("3", "سمير الوادي", "الخبير", "expert", "نعم"),
            ("4", "سمير الوادي", "", "expert", "نعم"),
        )
    ).to_dict("records")
    assert (speaker["role"], speaker["field"]) == ("الخبير", "علم المناخ")


def test_of_equally_frequent_roles_the_longest_is_shown():
    quotes = quotes_of(
        ("1", "سمير الوادي", "الوزير", "official", "نعم"),
        ("2", "سمير الوادي", "وزير النقل", "official", "لا"),
    )
    assert count_speakers(quotes)["role"].tolist() == ["وزير النقل"]


def test_the_unnamed_stay_unnamed_in_all_spellings():
    quotes = quotes_of(
        ("1", "خبير المياه", "خبير المياه", "expert", "نعم"),
        ("2", "خبير مياه", "خبير مياه", "expert", "نعم"),
        ("3", "خبير مياه", "خبير مياه", "expert", "نعم"),
    )
    speakers = count_speakers(quotes)
    assert speakers[["speaker", "role"]].to_numpy().tolist() == [["خبير مياه", "خبير مياه"]]
    assert list_experts(speakers).empty


def test_weak_records_and_unknown_speakers_are_left_out():
    quotes = quotes_of(
        ("1", "سمير الوادي", "", "official", "نعم"),
        ("1", "سمير الوادي", "", "official", "إلى الحوار"),
        ("1", None, "", "other", "لا"),
    ).assign(weak=[False, True, False])
    assert count_speakers(quotes)[["quotes", "words"]].to_numpy().tolist() == [[1, 1]]


def test_outlets_and_days_come_from_the_articles():
    articles = articles_of(
        ("1", "صدى المشرق", "2031-05-07 18:30"),
        ("2", "صدى المشرق", "2031-02-03"),
        ("3", "أطلس", None),
        ("4", "", "2031-03-01"),
        ("5", "الضفة", "2030-01-01"),
    )
    quotes = quotes_of(
        *((str(number), "سمير الوادي", "", "official", "نعم") for number in (1, 2, 3, 4)),
        ("3", "حنان الساحلي", "", "expert", "نعم"),
    )
    speakers = count_speakers(quotes, articles=articles).set_index("speaker")
    first, second = (speakers.loc[name] for name in ("سمير الوادي", "حنان الساحلي"))
    assert (first["articles"], first["outlets"]) == (4, 2)
    assert (first["first"], first["last"]) == (
        pd.Timestamp("2031-02-03"),
        pd.Timestamp("2031-05-07"),
    )
    assert second["outlets"] == 1
    assert pd.isna(second["first"])


def test_themes_are_counted_inside_the_quotes_only(make_articles):
    articles = make_articles(
        "شددت الشرطة الرقابة على الهجرة. وقال الوزير سمير الوادي إن الهجرة السرية تتراجع، "
        "وأضاف أن الهجرة حق.",
        "قالت الخبيرة حنان الساحلي إن المطر قليل.",
    )
    quotes = find_quotes(articles)
    mentions = find_themes(articles, quotes=quotes)
    speakers = count_speakers(quotes, mentions=mentions).set_index("speaker")
    assert speakers.columns[-6:].tolist() == [
        "terrorism", "migration", "cybercrime", "olympics", "security", "diplomacy"
    ]  # fmt: skip
    assert speakers["migration"].to_dict() == {"سمير الوادي": 2, "حنان الساحلي": 0}


def test_the_quotes_behind_a_row_can_be_filtered(sample):
    quotes = find_quotes(sample)
    spoken = quotes[~quotes["weak"]]
    named = name_speakers(quotes).loc[spoken.index]
    for row in count_speakers(quotes).itertuples():
        behind = spoken[
            (named["speaker"] == row.speaker) & (named["source_type"] == row.source_type)
        ]
        assert len(behind) == row.quotes
        assert behind["article_id"].nunique() == row.articles


def test_the_sample_has_no_speaker_that_is_no_name(sample):
    speakers = count_speakers(find_quotes(sample))["speaker"]
    lexicon = load_lexicon()
    words = lexicon.words
    first = speakers.map(lambda name: fold(name.split()[0]))
    speakers = speakers[~first.isin(lexicon.given_names)]
    for group in ("not_speakers", "source_stops", "frame_prepositions", "clause_breakers"):
        assert speakers[first.isin(words[group])].tolist() == []


def test_no_quotes_are_a_table_without_rows(make_articles):
    articles = make_articles("لا كلام هنا.")
    quotes = find_quotes(articles)
    assert count_speakers(quotes).columns.tolist() == COLUMNS
    mentions = find_themes(articles, quotes=quotes)
    table = count_speakers(quotes, articles=articles, mentions=mentions)
    assert table.empty
    assert str(table["first"].dtype) == "datetime64[us]"
    assert str(table["security"].dtype) == "int64"


def test_a_missing_column_is_named():
    with pytest.raises(InputError) as error:
        count_speakers(pd.DataFrame({"speaker": []}))
    assert str(error.value) == (
        "the table `quotes` has no column `article_id`, `role`, `source_type`, `content`, `weak`; "
        "it has: speaker."
    )


def test_other_articles_are_refused():
    quotes = quotes_of(("9", "سمير الوادي", "", "official", "نعم"))
    with pytest.raises(InputError) as error:
        count_speakers(quotes, articles=articles_of(("1", "", None)))
    assert str(error.value) == (
        "quotes has article_id '9', which the articles do not have; pass the same articles."
    )


def test_mentions_of_other_lexicons_are_refused():
    mentions = pd.DataFrame({"category": ["health"], "quote_id": [None]})
    with pytest.raises(InputError) as error:
        count_speakers(quotes_of(), mentions=mentions)
    assert str(error.value) == (
        "mentions has category 'health', which the lexicons do not have; pass the same lexicons."
    )


def test_a_category_cannot_be_named_like_a_column(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text(
        "version: 1\nkind: theme\ncategories:\n  words:\n"
        "    label: {ar: كلام, en: Words}\n    terms: [كلمة]\n",
        "utf-8",
    )
    mentions = pd.DataFrame({"category": [], "quote_id": []})
    with pytest.raises(InputError) as error:
        count_speakers(quotes_of(), mentions=mentions, lexicons=load_lexicons(path))
    assert str(error.value) == (
        "a category is named 'words', like a column of this table; rename it."
    )


# ── laws ────────────────────────────────────────────────────────────────────────────────

QUOTES = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3"]),
        st.sampled_from(["سمير الوادي", "سمير وادي", "الوادي", "خبراء", "الخبراء", None]),
        st.sampled_from(["", "وزير النقل", "الوزير", "الخبير في المناخ"]),
        st.sampled_from(["official", "expert", "other"]),
        st.sampled_from(["نعم", "الطريق مفتوح"]),
        st.booleans(),
    ),
    max_size=12,
)


def drawn(rows):
    return quotes_of(*(row[:5] for row in rows)).assign(weak=[row[5] for row in rows])


@given(QUOTES, st.randoms())
def test_the_order_of_the_quotes_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(count_speakers(drawn(shuffled)), count_speakers(drawn(rows)))


@given(QUOTES)
def test_quotes_words_and_mentions_add_up(rows):
    quotes = drawn(rows).astype({"weak": "bool"})
    mentions = pd.DataFrame({"category": "security", "quote_id": quotes["quote_id"]})
    speakers = count_speakers(quotes, mentions=mentions)
    counted = quotes[~quotes["weak"] & quotes["speaker"].notna()]
    assert speakers["quotes"].sum() == speakers["security"].sum() == len(counted)
    assert speakers["words"].sum() == counted["content"].str.split().str.len().sum()


# ── experts and concentration ───────────────────────────────────────────────────────────


def experts_of(*rows):
    """Build speakers from (name, role, field, quotes)."""
    speakers = pd.DataFrame(rows, columns=["speaker", "role", "field", "quotes"])
    return speakers.assign(source_type="expert", words=speakers["quotes"] * 10)


def test_experts_are_counted_by_field():
    table = count_experts_by_field(
        experts_of(
            ("سمير الوادي", "الخبير الاقتصادي", "الاقتصادي", 2),
            ("حنان الساحلي", "الخبيرة الاقتصادية", "الاقتصادية", 5),
            ("ليلى الأزرق", "خبيرة المناخ", "المناخ", 1),
            ("عمر الأزرق", "المؤرخ", "", 2),
            ("خبراء", "خبراء", "", 9),
        )
    )
    assert table.to_numpy().tolist() == [
        ["الاقتصادية", 2, 7, 70, 0.7],
        ["", 1, 2, 20, 0.2],
        ["المناخ", 1, 1, 10, 0.1],
    ]


def test_without_experts_there_are_no_fields():
    table = count_experts_by_field(experts_of())
    assert table.columns.tolist() == ["field", "experts", "quotes", "words", "share"]
    assert table.empty


def test_concentration_has_every_type_and_all():
    speakers = pd.DataFrame(
        {
            "source_type": ["expert"] * 4 + ["official"],
            "quotes": [4, 3, 2, 1, 30],
        }
    )
    table = measure_concentration(speakers).set_index("source_type")
    assert table.index.tolist() == [*SOURCE_TYPES, "all"]
    assert table.loc["expert"].tolist() == [4, 10, 2, 0.4, 0.5]
    assert table.loc["all"].tolist() == [5, 40, 1, 0.75, 0.5]
    assert table.loc["citizen", ["speakers", "quotes", "speakers_for_share"]].tolist() == [0, 0, 0]
    assert pd.isna(table.loc["citizen", "largest_share"])


@pytest.mark.parametrize(("share", "needed"), [(0.1, 1), (0.4, 1), (0.7, 2), (0.71, 3), (1, 4)])
def test_concentration_of_a_share(share, needed):
    speakers = pd.DataFrame({"source_type": ["expert"] * 4, "quotes": [1, 2, 3, 4]})
    assert measure_concentration(speakers, share=share)["speakers_for_share"].iloc[0] == needed


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=20),
    st.floats(0, 1, exclude_min=True, allow_nan=False),
)
def test_as_few_speakers_as_can_have_the_share(quotes, share):
    speakers = pd.DataFrame({"source_type": "expert", "quotes": quotes})
    needed = measure_concentration(speakers, share=share)["speakers_for_share"].iloc[0]
    largest = sorted(quotes, reverse=True)
    assert sum(largest[:needed]) >= share * sum(quotes) - 1e-6
    assert needed <= 1 or sum(largest[: needed - 1]) < share * sum(quotes)


@pytest.mark.parametrize("share", [0, -0.5, 1.5, float("nan")])
def test_a_share_out_of_range_is_refused(share):
    with pytest.raises(InputError) as error:
        measure_concentration(experts_of(), share=share)
    assert str(error.value) == (
        f"share is {share!r}; choose a number above 0, at most 1, such as 0.5."
    )
