"""The language data of quote attribution, read once and folded for matching.

Data files: `cues.yml` (verbs, verbal nouns, prepositions, frames), `roles.yml` (who
people are), `organizations.yml` (bodies and documents) and `names.yml`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from analysis.arabic import fold
from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.inflection import PRONOUNS, inflect_noun, inflect_role, inflect_verb
from analysis.tables import SOURCE_TYPES

Phrase = tuple[str, ...]
Phrases = Mapping[str, list[Phrase]]

_CONJUNCTIONS = ("و", "ف")
_VERB_FIELDS = (
    "present",
    "participle",
    "clause",
    "weak",
    "postposed",
    "strict",
    "after",
    "document",
    "question",
    "object",
    "takes_object",
    "except",
)
_WITH_CONJUNCTION = (
    "govern_clause",
    "clause_breakers",
    "act_nouns",
    "source_stops",
    "adverbs",
)
_PHRASES = (
    "according_to",
    "according_to_verb",
    "connectors",
    "names_with_complementizers",
)


@dataclass(frozen=True)
class Verb:
    """One reporting verb and the frames it takes; `cues.yml` explains each field."""

    lemma: str
    clause: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    postposed: bool = False
    strict: bool = False
    after: tuple[Phrase, ...] = ()
    document: bool = False
    question: bool = False
    takes_object: bool = False


class CueForm(NamedTuple):
    """One form of a cue; kind is verb, participle, nominal or according_to.

    `joined` is the conjunction written on it, or nothing.
    """

    verb: Verb
    kind: str
    gender: str = ""
    number: str = ""
    joined: str = ""


class Role(NamedTuple):
    """One form of a word for what somebody is.

    `by_body`: the source type is that of the body the role names, where it is known.
    """

    lemma: str
    source_type: str
    by_body: bool
    gender: str
    number: str
    definite: bool


@dataclass(frozen=True)
class Lexicon:
    """Everything the attribution rules look words up in; all forms are folded.

    `words` holds the plain word lists of the data files under their names there.
    """

    cues: Mapping[str, CueForm]
    complementizers: frozenset[str]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Phrases]
    tags: Mapping[str, CueForm]
    roles: Mapping[str, Role]
    bodies: Phrases
    body_types: Mapping[Phrase, str]
    given_names: Mapping[str, str]
    titles_of: Mapping[str, str]
    role_prepositions: Mapping[str, frozenset[str]]


@cache
def load_lexicon() -> Lexicon:
    """Read the four data files; a mistake in one raises DataFileError with file and line."""
    cues, roles, bodies, names = (
        load_yaml(data_path("lexicons", f"{name}.yml"))
        for name in ("cues", "roles", "organizations", "names")
    )
    body_types = dict(_body_types(bodies))
    words = {name: words for file in (cues, roles, bodies, names) for name, words in _lists(file)}
    for name in _WITH_CONJUNCTION:
        words[name] |= {"و" + form for form in words[name]}
    words["resumptive_forms"] = words["resumptive"]
    words["resumptive"] = frozenset(cues.content["resumptive"])
    words["body_heads"] = frozenset(
        phrase[0] for phrase in _heads(bodies) if len(phrase) == 1 and phrase[0][:2] != "ال"
    )
    reserved = {phrase[0] for phrase in body_types if len(phrase) == 1} | words["documents"]
    return Lexicon(
        cues=_cue_forms(cues),
        complementizers=frozenset(_complementizers(words)),
        words=words,
        phrases={name: _by_first_word(_joined(_phrases(cues, (name,)))) for name in _PHRASES},
        tags=dict(_tags(cues)),
        roles=_role_forms(roles, reserved),
        bodies=_by_first_word(body_types),
        body_types=body_types,
        given_names=_by_group(names, "given_names", ("f", "m")),
        titles_of=_by_group(names, "titles_of", SOURCE_TYPES),
        role_prepositions={
            _fold(preposition): frozenset(_words(cues, ("role_prepositions", preposition)))
            for preposition in cues.content["role_prepositions"]
        },
    )


def find_phrase(phrases: Phrases, forms: Sequence[str], place: int) -> int:
    """Return how many words of the longest phrase starting at `place` match, or 0."""
    for phrase in phrases.get(forms[place], ()):
        if len(phrase) == 1 or tuple(forms[place : place + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def find_tag(lexicon: Lexicon, forms: Sequence[str], place: int) -> tuple[int, CueForm | None]:
    """Return the length and the cue of a tag starting at `place` (على حد قولها), or (0, None)."""
    for length in (3, 2):
        words = forms[place : place + length]
        for pronoun in PRONOUNS:
            if len(words) == length and words[-1].endswith(pronoun):
                tag = " ".join([*words[:-1], words[-1].removesuffix(pronoun)])
                if tag in lexicon.tags:
                    return length, lexicon.tags[tag]
    return 0, None


def _fold(words: str) -> str:
    """Fold words, but keep the preposition على apart from the name علي."""
    return " ".join(
        fold(word)[:-1] + "ى" if word.endswith("على") else fold(word) for word in words.split()
    )


def _words(file: DataFile, place: Place) -> list[str]:
    """Return the folded words of a list, or fail with the line of what is not a word."""
    value = file.content
    for step in place:
        if not isinstance(value, dict) or step not in value:
            file.fail(place[:-1], f"the list `{step}` is missing; add it.")
        value = value[step]
    if not isinstance(value, list):
        file.fail(place, f"expected a list of words, found {value!r}.")
    for number, word in enumerate(value):
        if not isinstance(word, str) or not word.strip():
            file.fail((*place, number), f"expected a word, found {word!r}; put it in quotes.")
    return [_fold(word) for word in value]


def _phrases(file: DataFile, place: Place) -> list[Phrase]:
    return [tuple(phrase.split()) for phrase in _words(file, place)]


def _lists(file: DataFile) -> Iterator[tuple[str, frozenset[str]]]:
    for name, value in file.content.items():
        if isinstance(value, list):
            yield name, frozenset(_words(file, (name,)))


def _by_group(file: DataFile, name: str, groups: Sequence[str]) -> dict[str, str]:
    """Return the words of a mapping of lists, each with the name of its list."""
    file.check_fields((name,), file.content.get(name), required=(), optional=groups)
    return {word: group for group in file.content[name] for word in _words(file, (name, group))}


def _joined(phrases: Iterable[Phrase]) -> Iterator[Phrase]:
    for phrase in phrases:
        yield phrase
        for conjunction in _CONJUNCTIONS:
            yield (conjunction + phrase[0], *phrase[1:])


def _by_first_word(phrases: Iterable[Phrase]) -> Phrases:
    """Index phrases by their first word, the longest first."""
    index: dict[str, list[Phrase]] = {}
    for phrase in sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase)):
        index.setdefault(phrase[0], []).append(phrase)
    return index


def _complementizers(words: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for word in words["complementizers"]:
        for pronoun in ("", *words["complementizer_pronouns"]):
            if word + pronoun not in words["not_complementizers"]:
                yield word + pronoun


def _tags(cues: DataFile) -> Iterator[tuple[str, CueForm]]:
    """Return the prepositions of sources and the tags of a speaker, with و and without."""
    for name in ("according_to", "nominal_tags"):
        for written, phrase in zip(cues.content[name], _phrases(cues, (name,)), strict=True):
            form = CueForm(Verb(lemma=written), "according_to")
            for variant in _joined([phrase]):
                yield " ".join(variant), form


def _cue_forms(cues: DataFile) -> dict[str, CueForm]:
    """Return every form of every cue; of two verbs with the same form the first has it."""
    forms: dict[str, CueForm] = {}
    for lemma in cues.content["verbs"]:
        place = ("verbs", lemma)
        fields = cues.content["verbs"][lemma]
        cues.check_fields(place, fields, required=(), optional=_VERB_FIELDS)
        lists = {
            name: frozenset(_words(cues, (*place, name)) if name in fields else ())
            for name in ("clause", "weak", "except")
        }
        verb = Verb(
            lemma=lemma,
            clause=lists["clause"],
            weak=lists["weak"],
            after=tuple(_phrases(cues, (*place, "after"))) if "after" in fields else (),
            **{
                name: bool(fields.get(name))
                for name in ("postposed", "strict", "document", "question", "takes_object")
            },
        )
        for form, kind, gender, number in inflect_verb(lemma, fields):
            if form not in lists["except"]:
                forms.setdefault(form, CueForm(verb, kind, gender, number))
    for noun in cues.content["nominal"]:
        for form, kind, gender, number in inflect_noun(noun):
            forms.setdefault(form, CueForm(Verb(lemma=noun), kind, gender, number))
    for noun, form in zip(
        cues.content["bare_nominal"], _words(cues, ("bare_nominal",)), strict=True
    ):
        forms.setdefault(form, CueForm(Verb(lemma=noun), "nominal"))
    for form, cue in list(forms.items()):
        for conjunction in _CONJUNCTIONS:
            forms.setdefault(conjunction + form, cue._replace(joined=conjunction))
    return forms


def _role_forms(roles: DataFile, reserved: set[str] | frozenset[str]) -> dict[str, Role]:
    """Return every form of every role, with the article and without.

    A form made by rule that is the name of a body (منظم, منظمة) is left to the body.
    """
    forms: dict[str, Role] = {}
    for group in (*SOURCE_TYPES, "body"):
        for lemma, value in roles.content[group].items():
            source_type = group
            place: Place = (group, lemma)
            if group == "body":
                roles.check_fields(place, value, required=["default"], optional=["plurals"])
                source_type, place = value["default"], (group, lemma, "plurals")
                if source_type not in SOURCE_TYPES:
                    roles.fail(
                        (group, lemma, "default"),
                        f"unknown source type `{source_type}`; "
                        f"choose from: {', '.join(SOURCE_TYPES)}.",
                    )
            plurals = _words(roles, place) if value and value != {"default": source_type} else []
            if lemma in roles.content["body"] and group != "body":
                roles.fail((group, lemma), f"`{lemma}` also stands under `body`; remove one.")
            for form, _, gender, number in inflect_role(lemma, plurals):
                if form != fold(lemma) and form in reserved:
                    continue
                role = Role(fold(lemma), source_type, group == "body", gender, number, False)
                forms.setdefault(form, role)
                forms.setdefault("ال" + form, role._replace(definite=True))
    return forms


def _heads(bodies: DataFile) -> Iterator[Phrase]:
    for source_type in bodies.content["heads"]:
        yield from _phrases(bodies, ("heads", source_type))


def _body_types(bodies: DataFile) -> Iterator[tuple[Phrase, str]]:
    """Return heads (with the article too), names and longer heads with their source types."""
    for kind in ("heads", "names"):
        bodies.check_fields((kind,), bodies.content[kind], required=(), optional=SOURCE_TYPES)
        for source_type in bodies.content[kind]:
            for phrase in _phrases(bodies, (kind, source_type)):
                yield phrase, source_type
                if kind == "heads" and len(phrase) == 1 and phrase[0][:2] != "ال":
                    yield ("ال" + phrase[0],), source_type
    for words, source_type in bodies.content["longer_heads"].items():
        if source_type not in SOURCE_TYPES:
            bodies.fail(
                ("longer_heads", words),
                f"unknown source type `{source_type}`; choose from: {', '.join(SOURCE_TYPES)}.",
            )
        yield tuple(_fold(words).split()), source_type
