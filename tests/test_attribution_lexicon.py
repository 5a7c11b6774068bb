"""The language data is folded, complete and checked with file and line."""

import shutil

import pytest

from analysis import attribution_lexicon
from analysis.arabic import fold
from analysis.attribution_lexicon import find_phrase, find_tag, load_lexicon
from analysis.data_files import data_path
from analysis.errors import DataFileError
from analysis.tables import SOURCE_TYPES


@pytest.fixture
def lexicons(tmp_path, monkeypatch):
    """Copy the data files to a folder that a test may spoil."""
    for name in ("cues", "roles", "organizations", "names"):
        shutil.copy(data_path("lexicons", f"{name}.yml"), tmp_path)
    monkeypatch.setattr(attribution_lexicon, "data_path", lambda _, name: tmp_path / name)
    return tmp_path


def spoil(folder, name, old, new):
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), "utf-8")
    return f"{path}:{line}: "


AS_WRITTEN = {"resumptive", "called", "negated_complementizers"}


def message_of_loading():
    with pytest.raises(DataFileError) as error:
        load_lexicon.__wrapped__()
    return str(error.value)


def test_forms_are_folded_but_for_the_preposition_ala():
    lexicon = load_lexicon()
    forms = [*lexicon.cues, *lexicon.roles, *lexicon.complementizers]
    forms += [form for name, words in lexicon.words.items() if name not in AS_WRITTEN
              for form in " ".join(words).split()]  # fmt: skip
    assert [form for form in forms if fold(form) != form and not form.endswith("على")] == []


def test_every_type_is_a_source_type():
    lexicon = load_lexicon()
    types = {role.source_type for role in lexicon.roles.values()}
    types |= set(lexicon.body_types.values()) | set(lexicon.titles_of.values())
    assert types <= set(SOURCE_TYPES)


@pytest.mark.parametrize(
    ("form", "lemma", "kind", "gender", "number"),
    [
        ("وقالت", "قال", "verb", "f", "s"),
        ("يؤكدون", "أكد", "verb", "m", "p"),
        ("نفت", "نفى", "verb", "f", "s"),
        ("ومشيرا", "أشار", "participle", "m", "s"),
        ("موضحه", "أوضح", "participle", "f", "s"),
        ("بقولها", "قول", "nominal", "f", "s"),
        ("يصفه", "وصف", "verb", "m", "s"),
    ],
)
def test_forms_of_cues(form, lemma, kind, gender, number):
    cue = load_lexicon().cues[form]
    assert (cue.verb.lemma, cue.kind, cue.gender, cue.number) == (lemma, kind, gender, number)


@pytest.mark.parametrize("form", ["بين", "دون", "عبر", "علم", "مدينه", "مصر", "تبين"])
def test_homographs_that_are_no_cues_or_strict_ones(form):
    cue = load_lexicon().cues.get(form)
    assert cue is None or cue.verb.strict


def test_the_longest_phrase_wins():
    lexicon = load_lexicon()
    assert find_phrase(lexicon.bodies, ["وكاله", "الانباء"], 0) == 2
    assert find_phrase(lexicon.bodies, ["وكاله", "جديده"], 0) == 1
    assert find_phrase(lexicon.bodies, ["شجره"], 0) == 0


def test_tags_take_a_pronoun():
    lexicon = load_lexicon()
    length, cue = find_tag(lexicon, ["على", "حد", "قولها"], 0)
    assert (length, cue.verb.lemma) == (3, "على حد قول")
    assert find_tag(lexicon, ["على", "حد", "قول"], 0) == (0, None)


def test_an_unknown_field_of_a_verb(lexicons):
    place = spoil(lexicons, "cues.yml", "  قال: {present: يقول", "  قال: {presnt: يقول")
    message = message_of_loading()
    assert message.startswith(place + "unknown field `presnt`; choose from: present, participle")


def test_a_word_that_is_no_word(lexicons):
    place = spoil(lexicons, "cues.yml", "additive: [كما, وكما]", "additive: [كما, 7]")
    assert message_of_loading() == place + "expected a word, found 7; put it in quotes."


def test_a_missing_list(lexicons):
    spoil(lexicons, "names.yml", "given_names:\n  m:", "given_names:\n  x:")
    assert "unknown field `x`; choose from: f, m." in message_of_loading()


@pytest.mark.parametrize(
    ("name", "old", "new", "field"),
    [
        ("roles.yml", "  media:\n    writing", "  press:\n    writing", "press"),
        ("organizations.yml", "  citizen:\n    families", "  people:\n    families", "people"),
        ("names.yml", "  official:\n    ranks", "  army:\n    ranks", "army"),
    ],
)
def test_an_unknown_source_type(lexicons, name, old, new, field):
    place = spoil(lexicons, name, old, new)
    assert message_of_loading() == (
        f"{place}unknown field `{field}`; choose from: {', '.join(SOURCE_TYPES)}."
    )


def line_of(folder, name, words):
    text = (folder / name).read_text("utf-8")
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "old", "new", "word"),
    [
        ("cues.yml", "[أن, بأن, بكون, لكون]", "[أن, بأن, بكون, لكون, إن]", "إن"),
        ("cues.yml", "قد, فقد, كانوا]", "قد, فقد, هناك]", "هناك"),
        ("roles.yml", "writing: [كاتب", "writing: [مفكر, كاتب", "مفكر"),
        ("organizations.yml", "broadcast and web: [قناة",
         "broadcast and web: [قناة, وزارة", "وزارة"),
        ("names.yml", " فاطمة,", " فاطمة, محمد,", "محمد"),
    ],
)  # fmt: skip
def test_a_word_that_stands_twice(lexicons, name, old, new, word):
    place = spoil(lexicons, name, old, new)
    message = message_of_loading()
    assert message.startswith(f"{place}`{word}` stands on line ")
    assert message.endswith(" already; remove one.")


def test_the_other_place_of_a_word_that_stands_twice_is_named(lexicons):
    first = line_of(lexicons, "roles.yml", "[مؤرخ, مفكر")
    place = spoil(lexicons, "roles.yml", "writing: [كاتب", "writing: [مفكر, كاتب")
    assert message_of_loading() == f"{place}`مفكر` stands on line {first} already; remove one."


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (
            "names.yml",
            "courtesies:\n",
            "courtesy:\n",
            "unknown field `courtesy`; choose from: titles, second_ranks, offices, courtesies, "
            "name_prefixes, name_suffixes, titles_of, given_names.",
        ),
        (
            "cues.yml",
            "additive: [كما, وكما]",
            "additive: كما",
            "expected a list of words, found 'كما'; write it in brackets.",
        ),
        (
            "cues.yml",
            "  أبان: {}",
            "  أبان: {strict: yes please}",
            "expected true, found 'yes please'; or leave it out.",
        ),
        (
            "cues.yml",
            "  أبان: {}",
            "  أبان: {present: 3}",
            "expected a word, found 3; put it in quotes.",
        ),
        (
            "cues.yml",
            "  أبان: {}",
            "  أبان: {weak: [كي]}",
            "unknown object `كي`; choose from: noun, object, ب, إلى, على, عن, في, من.",
        ),
        (
            "organizations.yml",
            "  ال: [documents]",
            "  ال: [document]",
            "there is no list `document`; name one of this file.",
        ),
    ],
)
def test_mistakes_in_fields(lexicons, name, old, new, problem):
    place = spoil(lexicons, name, old, new)
    assert message_of_loading() == place + problem


def test_a_list_that_is_left_out(lexicons):
    text = (lexicons / "names.yml").read_text("utf-8")
    start, end = text.index("courtesies:"), text.index("name_prefixes:")
    (lexicons / "names.yml").write_text(text[:start] + text[end:], "utf-8")
    assert message_of_loading() == (
        f"{lexicons / 'names.yml'}:{line_of(lexicons, 'names.yml', 'titles:')}: "
        "the field `courtesies` is missing; add it."
    )


def test_heads_and_documents_take_the_article():
    lexicon = load_lexicon()
    assert lexicon.body_types[("الوزاره",)] == lexicon.body_types[("وزاره",)] == "official"
    assert {"دراسه", "الدراسه"} <= lexicon.words["documents"]


@pytest.mark.parametrize("name", ["cues", "roles", "organizations", "names"])
def test_no_line_is_longer_than_a_hundred_letters(name):
    lines = data_path("lexicons", f"{name}.yml").read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 100] == []
