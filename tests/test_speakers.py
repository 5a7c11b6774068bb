"""Source phrases read into name, role and type; the table of speakers."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis.arabic import fold
from analysis.articles import load_articles
from analysis.attribution_lexicon import load_lexicon
from analysis.datasets import sample_corpus
from analysis.document import read_document
from analysis.errors import InputError
from analysis.quotes import find_quotes
from analysis.sources import describe_source
from analysis.speakers import expert_field, list_speakers

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
        ("", ""),
    ],
)
def test_expert_field(role, field):
    assert expert_field(role) == field


def test_list_speakers_counts_articles_quotes_and_words():
    articles = pd.DataFrame(
        {
            "article_id": ["1", "2"],
            "skip": [[], []],
            "text": [
                "قال الباحث في علم المناخ سمير الوادي إن المطر قليل. وأضاف أن البحر دافئ. "
                "ودعا الوادي إلى ترشيد الماء.",
                "قالت وزارة المياه إن السدود ممتلئة. وقال الباحث في علم المناخ سمير الوادي إن "
                "الثلج نادر.",
            ],
        }
    )
    assert list_speakers(find_quotes(articles)).to_dict("records") == [
        {
            "speaker": "سمير الوادي",
            "role": "الباحث في علم المناخ",
            "field": "علم المناخ",
            "source_type": "expert",
            "articles": 2,
            "quotes": 3,
            "words": 6,
        },
        {
            "speaker": "وزارة المياه",
            "role": "",
            "field": "",
            "source_type": "official",
            "articles": 1,
            "quotes": 1,
            "words": 2,
        },
    ]


def test_the_sample_has_no_speaker_that_is_no_name():
    articles, _ = load_articles(sample_corpus())
    speakers = list_speakers(find_quotes(articles))["speaker"]
    words = load_lexicon().words
    first = speakers.map(lambda name: fold(name.split()[0]))
    for group in ("not_speakers", "source_stops", "frame_prepositions", "clause_breakers"):
        assert speakers[first.isin(words[group])].tolist() == []


def test_list_speakers_of_no_quotes_is_empty():
    articles = pd.DataFrame({"article_id": ["1"], "text": ["لا كلام هنا."], "skip": [[]]})
    table = list_speakers(find_quotes(articles))
    assert table.empty
    assert table.columns.tolist() == [
        "speaker", "role", "field", "source_type", "articles", "quotes", "words"
    ]  # fmt: skip


def test_list_speakers_names_a_missing_column():
    with pytest.raises(InputError) as error:
        list_speakers(pd.DataFrame({"speaker": []}))
    assert str(error.value) == (
        "the table `quotes` has no column `article_id`, `role`, `source_type`, `content`, `weak`; "
        "it has: speaker."
    )
