"""Speakers of a corpus: which names are one person, and what overrules that."""

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.data_files import data_path
from analysis.errors import DataFileError, InputError
from analysis.identities import (
    Aliases,
    _arabic_given_names,
    compared_words,
    load_aliases,
    name_speakers,
    role_head,
)

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "identities.yml").read_text("utf-8"))


def quotes_of(*speakers):
    """Build quotes from (name, role, source type, number of quotes), the number 1 if left out."""
    rows = [speaker[:3] for speaker in speakers for _ in range(speaker[3] if speaker[3:] else 1)]
    return pd.DataFrame(rows, columns=["speaker", "role", "source_type"])


def persons_of(*speakers, aliases=None):
    named = name_speakers(quotes_of(*speakers), aliases=aliases)
    return list(named.itertuples(index=False, name=None))


def aliases_of(tmp_path, text):
    path = tmp_path / "aliases.yml"
    path.write_text(text, "utf-8")
    return load_aliases(path)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_who_is_one_person(case):
    (kind, speakers) = next((kind, case[kind]) for kind in ("one", "apart") if kind in case)
    found = set(persons_of(*speakers))
    assert len(found) == (1 if kind == "one" else len(speakers))


def test_the_most_frequent_spelling_is_shown_then_the_longest():
    once, twice, long = "سمير الوادي", "سمير وادي", "سمير  الوادي"
    quotes = [(once, "", "official"), (twice, "", "official", 2), (long, "", "official")]
    assert persons_of(*quotes)[0][0] == twice
    assert persons_of(quotes[0], quotes[2])[0][0] == long


def test_the_type_is_the_known_one():
    named = persons_of(("سمير الوادي", "", "other", 5), ("سمير الوادي", "الباحث", "expert"))
    assert set(named) == {("سمير الوادي", "expert")}


def test_the_table_has_the_index_of_the_quotes_and_null_for_nobody():
    quotes = quotes_of(("سمير الوادي", "", "official"), (None, "", "other"))
    quotes.index = [7, 3]
    named = name_speakers(quotes)
    assert named.index.tolist() == [7, 3]
    assert named["speaker"].isna().tolist() == [False, True]
    assert named["source_type"].tolist() == ["official", "other"]


def test_no_quotes_are_no_speakers():
    assert name_speakers(quotes_of()).columns.tolist() == ["speaker", "source_type"]


def test_a_missing_column_is_named():
    with pytest.raises(InputError) as error:
        name_speakers(pd.DataFrame({"speaker": [], "role": []}))
    assert str(error.value) == (
        "the table `quotes` has no column `source_type`; it has: speaker, role."
    )


def test_an_unknown_type_is_named():
    with pytest.raises(InputError) as error:
        persons_of(("سمير الوادي", "", "witness"))
    assert str(error.value).startswith("a source_type of quotes is 'witness'; choose one of ")


# ── laws ────────────────────────────────────────────────────────────────────────────────

SPEAKERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "سمير الوادي", "سمير وادي", "سمير بن علي الوادي", "حنان الوادي", "الوادي", "سمير",
                "غوستاف ميريلدن", "جوستاف ميريلدن", "جوستاف ميرلدن", "كوستاف ميرلدين", "ميرلدن",
                "حسن الساحلي", "حسين الساحلي", "الساحلي", "خبراء", "الخبراء", "وزارة المياه",
            ]
        ),
        st.sampled_from(["", "وزير النقل", "الوزيرة", "خبير المياه"]),
        st.sampled_from(["official", "expert", "other"]),
    ),
    min_size=1,
    max_size=14,
)  # fmt: skip


@given(SPEAKERS, st.randoms())
def test_the_order_of_the_quotes_does_not_matter(speakers, random):
    quotes = quotes_of(*speakers)
    order = list(range(len(quotes)))
    random.shuffle(order)
    shuffled = name_speakers(quotes.iloc[order])
    pd.testing.assert_frame_equal(shuffled.sort_index(), name_speakers(quotes))


@given(SPEAKERS)
def test_persons_divide_the_names(speakers):
    """A name with a type is one person's, whose name is a spelling of it and whose type fits."""
    quotes = quotes_of(*speakers)
    named = name_speakers(quotes)
    both = quotes.assign(shown=named["speaker"], known=named["source_type"])
    persons = both.groupby(["speaker", "source_type"])[["shown", "known"]].nunique()
    assert (persons == 1).all(axis=None)
    assert all(
        shown in set(group["speaker"]) for (shown, _), group in both.groupby(["shown", "known"])
    )
    assert ((both["source_type"] == both["known"]) | (both["source_type"] == "other")).all()


@given(SPEAKERS)
def test_every_name_apart_by_aliases_is_apart(speakers):
    names = sorted({name for name, *_ in speakers})
    different = tuple(frozenset(pair) for pair in combinations(names, 2))
    aliases = Aliases({}, different)
    found = name_speakers(quotes_of(*speakers), aliases=aliases)["speaker"]
    assert found.tolist() == [name for name, *_ in speakers]


# ── aliases ─────────────────────────────────────────────────────────────────────────────


def test_names_of_one_person_are_joined_over_types_and_shown_as_listed(tmp_path):
    aliases = aliases_of(tmp_path, "same:\n  سمير الوادي: [أبو ليلى]\n")
    named = persons_of(
        ("ابو ليلي", "القائد", "armed_group", 2), ("سمير الوادي", "", "expert"), aliases=aliases
    )
    assert set(named) == {("سمير الوادي", "armed_group")}


def test_a_name_without_others_is_one_person_of_any_type(tmp_path):
    quotes = [("سمير الوادي", "", "expert"), ("سمير الوادي", "", "official", 2)]
    assert len(set(persons_of(*quotes))) == 2
    aliases = aliases_of(tmp_path, "same:\n  سمير الوادي: []\n")
    assert set(persons_of(*quotes, aliases=aliases)) == {("سمير الوادي", "official")}


def test_the_rule_joins_no_two_names_that_are_listed_as_two_persons(tmp_path):
    quotes = [("غوستاف ميريلدن", "الوزير", "official"), ("جوستاف ميريلدن", "الوزير", "official")]
    assert len(set(persons_of(*quotes))) == 1
    listed = "same:\n  غوستاف ميريلدن: []\n  جوستاف ميريلدن: []\n"
    assert len(set(persons_of(*quotes, aliases=aliases_of(tmp_path, listed)))) == 2


@pytest.mark.parametrize(
    ("speakers", "pair"),
    [
        (
            [("سمير الوادي", "", "official"), ("سمير وادي", "", "official")],
            "سمير الوادي, سمير وادي",
        ),
        (
            [("غوستاف ميريل", "الوزير", "official"), ("جوستاف ميريل", "الوزير", "official")],
            "غوستاف ميريل, جوستاف ميريل",
        ),
        (
            [("سمير الوادي", "الوزير", "official", 2), ("الوادي", "الوزير", "official")],
            "الوادي, سمير الوادي",
        ),
    ],
)
def test_names_that_differ_by_the_aliases_are_never_joined(tmp_path, speakers, pair):
    assert len(set(persons_of(*speakers))) == 1
    aliases = aliases_of(tmp_path, f"different:\n  - [{pair}]\n")
    assert len(set(persons_of(*speakers, aliases=aliases))) == 2


def test_who_is_not_meant_is_no_candidate(tmp_path):
    speakers = [
        ("سمير الوادي", "الوزير", "official", 2),
        ("حنان الوادي", "الوزيرة", "official", 2),
        ("الوادي", "الوزير", "official"),
    ]
    aliases = aliases_of(tmp_path, "different:\n  - [حنان الوادي, الوادي]\n")
    assert persons_of(*speakers, aliases=aliases)[-1][0] == "سمير الوادي"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("equal: {}\n", "1: unknown field `equal`; choose from: same, different."),
        (
            "same: [سمير]\n",
            "1: expected names with lists of spellings, found ['سمير'].",
        ),
        (
            "same:\n  سمير الوادي: أبو ليلى\n",
            "2: expected a list, found 'أبو ليلى'; write it in brackets.",
        ),
        ("same:\n  سمير: [7]\n", "2: expected a name, found 7; put it in quotes."),
        ("same:\n  سمير:\n    - '...'\n", "3: expected a name, found '...'; put it in quotes."),
        (
            "same:\n  سمير الوادي: [أبو ليلى]\n  حنان:\n    - أبوليلى\n",
            "4: `أبوليلى` is `سمير الوادي` by line 2 already; remove one.",
        ),
        (
            "same:\n  سمير الوادي:\n    - سمير وادي\n",
            "3: `سمير وادي` is `سمير الوادي` by line 2 already; remove one.",
        ),
        ("different: {}\nsame: 3\n", "2: expected names with lists of spellings, found 3."),
        ("different: سمير\n", "1: expected lists of names, found 'سمير'."),
        (
            "different:\n  - [سمير]\n",
            "2: expected a list of two names or more, found ['سمير'].",
        ),
        (
            "different:\n  - [إسماعيل, اسماعيل]\n",
            "2: `إسماعيل` and `اسماعيل` are found as one name; remove the list.",
        ),
        (
            "same:\n  سمير: [أبو ليلى]\n\ndifferent:\n  - [أبو ليلى, حنان, سمير]\n",
            "5: `أبو ليلى` and `سمير` are one person by line 2; remove one.",
        ),
    ],
)
def test_mistakes_in_aliases_are_told_with_file_and_line(tmp_path, text, message):
    with pytest.raises(DataFileError) as error:
        aliases_of(tmp_path, text)
    assert str(error.value) == f"{tmp_path / 'aliases.yml'}:{message}"


def test_empty_fields_of_aliases_overrule_nothing(tmp_path):
    aliases = aliases_of(tmp_path, "same:\n  # none yet\ndifferent:\n")
    assert (dict(aliases.same), list(aliases.different)) == ({}, [])


def test_the_shipped_aliases_are_the_default():
    assert load_aliases() == load_aliases(data_path("lexicons", "aliases.yml"))
    shown = load_aliases().same[compared_words("جيم ماتيس")]
    assert persons_of(("جيم ماتيس", "", "official"))[0][0] == shown


# ── roles and names ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "head"),
    [
        ("وزير الخارجية", "وزير"),
        ("رئيسة الوزراء", "رئيس"),
        ("نائب رئيس اللجنة", "نائب"),
        ("أحد الخبراء", "خبير"),
        ("كبير الاقتصاديين", "اقتصادي"),
        ("محامٍ جنائي", "محامي"),
        ("بطلة السباق", "بطل"),
        ("الراوي", ""),
        ("", ""),
    ],
)
def test_role_heads_are_words_of_the_dictionary(role, head):
    assert role_head(role) == head


def test_arabic_given_names_are_told_from_others():
    assert {"حسن", "حسين", "مريم"} <= _arabic_given_names()
    assert "انجيلا" not in _arabic_given_names()
