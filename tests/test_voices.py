"""Whose voice: every source type and every denominator stays in the table."""

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.tables import SOURCE_TYPES
from analysis.voices import count_mentions_by_voice, count_voices

QUOTES = pd.DataFrame(
    [
        ("1", "1:q1", "official", "الحدود مغلقة", False),
        ("1", "1:q2", "official", "نعم", False),
        ("2", "2:q1", "official", "لا", False),
        ("2", "2:q2", "expert", "ثلاث كلمات هنا", False),
        ("2", "2:q3", "expert", "إلى الحوار", True),
    ],
    columns=["article_id", "quote_id", "source_type", "content", "weak"],
)


def test_voices_leave_out_weak_records_and_keep_silent_types():
    voices = count_voices(QUOTES).set_index("source_type")
    assert voices.index.tolist()[:2] == ["official", "expert"]
    assert set(voices.index) == set(SOURCE_TYPES)
    assert voices.loc["official"].to_dict() == {
        "quotes": 3,
        "articles": 2,
        "words": 4,
        "share": 0.75,
    }
    assert voices.loc["citizen", ["quotes", "articles", "words", "share"]].tolist() == [0] * 4


def test_no_quotes_at_all_is_zeros_without_a_share():
    voices = count_voices(QUOTES[:0])
    assert voices["quotes"].sum() == 0
    assert voices["share"].isna().all()


def test_a_mention_belongs_to_the_reporter_or_to_the_source_of_its_quote():
    mentions = pd.DataFrame(
        {
            "category": ["migration", "migration", "security", "migration"],
            "quote_id": ["1:q1", None, "2:q2", "2:q2"],
        }
    )
    table = count_mentions_by_voice(mentions, QUOTES).set_index(["category", "voice"])
    assert len(table) == 2 * (1 + len(SOURCE_TYPES))
    assert table.loc[("migration", "reporter"), "share"] == pytest.approx(1 / 3)
    assert table.loc[("migration", "official"), "mentions"] == 1
    assert table.loc[("security", "expert"), "share"] == 1
    assert table.groupby("category")["share"].sum().tolist() == pytest.approx([1, 1])


def test_a_missing_column_is_named():
    with pytest.raises(InputError) as error:
        count_voices(QUOTES.drop(columns="weak"))
    assert str(error.value) == (
        "the table `quotes` has no column `weak`; "
        "it has: article_id, quote_id, source_type, content."
    )
