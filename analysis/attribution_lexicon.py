"""The language data of quote attribution, read once and folded for matching.

Data files: `cues.yml` (verbs, verbal nouns, prepositions, frames), `roles.yml` (who
people are), `organizations.yml` (bodies and documents) and `names.yml`. A word list there
is a list, or groups of lists whose names are for the reader. Every mistake raises
DataFileError with the file, the line and the remedy.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from analysis.arabic import fold
from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.inflection import PRONOUNS, inflect_noun, inflect_role, inflect_verb
from analysis.tables import SOURCE_TYPES

Phrase = tuple[str, ...]
Phrases = Mapping[str, list[Phrase]]

ARTICLE = "ال"
_CONJUNCTIONS = ("و", "ف")
_PRINCIPAL_PARTS = ("present", "participle")
_VERB_LISTS = ("clause", "weak", "after", "needs", "except", "doubtful")
_VERB_FLAGS = ("postposed", "strict", "document", "question", "object", "takes_object", "verdict")
_PHRASES = (
    "according_to",
    "according_to_verb",
    "connectors",
    "names_with_complementizers",
    "question_words",
    "adverb_phrases",
    "interviews",
    "remarks",
)
_TAGS = ("according_to", "nominal_tags")
_BODIES = ("heads", "names", "longer_heads")

# The word lists of each file, by name; beside them stand the fields with a form of their own.
_LISTS = {
    "cues": (
        "nominal", "bare_nominal", "leads_to_saying", "nominal_tags", "according_to",
        "according_to_verb", "additive", "ascribing", "split_after", "complementizers",
        "complementizer_pronouns", "not_complementizers", "names_with_complementizers",
        "question_words", "frame_prepositions", "close_prepositions", "attached",
        "name_or_preposition", "not_openers", "reflexives", "light_words", "first_person",
        "false_friends", "before_nouns", "not_asserted_after", "past_after", "keeps_negation",
        "not_speakers", "needs_subject", "conditional_before", "govern_clause", "clause_breakers",
        "connectors", "opposition", "topic_markers", "topic_verbs", "subordinators", "trailers",
        "adverb_phrases", "adverbs", "venues", "from_frames", "dates", "source_stops",
        "time_nouns", "time_adjectives", "years", "demonstratives", "relative_pronouns",
        "addressees", "addressee_objects", "act_nouns", "scare_quotes_after", "where",
        "names_afterwards", "going_on", "circumstances", "before_venues", "who_is", "states",
        "workplaces_after", "years_old", "meanwhile", "thus", "returning", "before_going_on",
        "soon_after", "denials", "before_verbs", "answer_labels", "interviews", "topics",
        "remarks",
    ),
    "roles": (
        "determiners", "general", "secretaries", "performers", "pointers", "any_source",
        "adjective_endings", "adjectives", "practitioners", "relations", "fields", "research",
        "posts", "holding", "leads", "stances", "spokespersons", "capacities", "fields_end",
        "against", "construct", "prepositions", "former",
    ),
    "organizations": ("ministries", "documents", "issued_by", "issue_adverbs"),
    "names": ("titles", "second_ranks", "offices", "courtesies", "name_prefixes", "name_suffixes"),
}  # fmt: skip
_OTHER_FIELDS = {
    "cues": (
        "verbs",
        "written_on",
        "resumptive",
        "negated_complementizers",
        "called",
        "role_prepositions",
    ),
    "roles": (*SOURCE_TYPES, "by_body", "callings"),
    "organizations": (*_BODIES, "places", "written_on"),
    "names": ("titles_of", "given_names"),
}


@dataclass(frozen=True)
class Verb:
    """One reporting verb and the frames it takes; `cues.yml` explains each field."""

    lemma: str
    clause: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    postposed: bool = False
    strict: bool = False
    after: tuple[Phrase, ...] = ()
    needs: frozenset[str] = frozenset()
    document: bool = False
    question: bool = False
    object: bool = False
    takes_object: bool = False
    verdict: bool = False


class CueForm(NamedTuple):
    """One form of a cue; kind is verb, participle, nominal or according_to.

    `joined` is the conjunction written on it (or ل: عاد فلان ليؤكد), or nothing.
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

    `words` holds the plain word lists of the data files under their names there; `signals`
    the words with which a cue, a tag or a phrase of attribution can begin. `doubtful_cues` are
    forms that are another word unless a preposition of theirs and أن follow (لافتة إلى أن).
    """

    cues: Mapping[str, CueForm]
    doubtful_cues: Mapping[str, CueForm]
    complementizers: frozenset[str]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Phrases]
    tags: Mapping[str, CueForm]
    signals: frozenset[str]
    roles: Mapping[str, Role]
    role_forms: Mapping[str, Sequence[str]]
    bodies: Phrases
    body_types: Mapping[Phrase, str]
    given_names: Mapping[str, str]
    titles_of: Mapping[str, str]
    callings: Mapping[str, str]
    role_prepositions: Mapping[str, frozenset[str]]

    def is_known(self, form: str) -> bool:
        """Tell whether a form stands anywhere in the data."""
        return (
            form in self.cues
            or form in self.roles
            or form in self.bodies
            or form in self.given_names
            or any(form in words for words in self.words.values())
        )


@cache
def load_lexicon() -> Lexicon:
    """Read the four data files; a mistake in one raises DataFileError with file and line.

    >>> lexicon = load_lexicon()
    >>> lexicon.cues["واوضحت"].verb.lemma, lexicon.roles["الخبراء"].source_type
    ('أوضح', 'expert')
    """
    files = {name: load_yaml(data_path("lexicons", f"{name}.yml")) for name in _LISTS}
    words: dict[str, frozenset[str]] = {}
    for name, file in files.items():
        file.check_fields((), file.content, required=(*_LISTS[name], *_OTHER_FIELDS[name]))
        words |= {field: frozenset(_words(file, (field,))) for field in _LISTS[name]}
        _write_on(file, words)
    cues, roles, bodies, names = files.values()
    words["resumptive"] = frozenset(_words(cues, ("resumptive",), as_written=True))
    words["negated_complementizers"] = frozenset(
        _words(cues, ("negated_complementizers",), as_written=True)
    )
    words["called"] = frozenset(_words(cues, ("called",), as_written=True))
    words["called_forms"] = frozenset(map(_fold, words["called"]))
    words["resumptive_forms"] = frozenset(map(_fold, words["resumptive"]))
    body_types = _body_types(bodies)
    words["body_heads"] = frozenset(
        head
        for source_type in bodies.content["heads"]
        for head in _words(bodies, ("heads", source_type))
        if " " not in head and not head.startswith(ARTICLE)
    )
    words["places"] = frozenset(_places(bodies))
    reserved = {phrase[0] for phrase in body_types if len(phrase) == 1} | words["documents"]
    cue_forms, doubtful_cues = _cue_forms(cues)
    tags = dict(_tags(cues))
    phrases = {name: _by_first_word(_joined(_phrases(cues, (name,)))) for name in _PHRASES}
    adverbs = {*cue_forms, *words["adverbs"], *words["source_stops"]}
    adverbs -= {speaker + "ا" for speaker in words["spokespersons"]}
    role_of = _role_forms(roles, reserved, adverbs)
    role_forms: dict[str, list[str]] = {}
    for form, role in role_of.items():
        role_forms.setdefault(role.lemma, []).append(form)
    return Lexicon(
        cues=cue_forms,
        doubtful_cues=doubtful_cues,
        complementizers=frozenset(_complementizers(words)),
        words=words,
        phrases=phrases,
        tags=tags,
        signals=frozenset(cue_forms)
        | doubtful_cues.keys()
        | {first + end for tag in tags for first in tag.split()[:1] for end in ("", *PRONOUNS)}
        | phrases["according_to"].keys()
        | phrases["according_to_verb"].keys(),
        roles=role_of,
        role_forms=role_forms,
        bodies=_by_first_word(body_types),
        body_types=body_types,
        given_names=_by_group(names, "given_names", ("f", "m")),
        titles_of=_by_group(names, "titles_of", SOURCE_TYPES),
        callings=_by_group(roles, "callings", SOURCE_TYPES),
        role_prepositions={
            _fold(preposition): frozenset(_words(cues, ("role_prepositions", preposition)))
            for preposition in cues.content["role_prepositions"]
        },
    )


def find_phrase(
    phrases: Phrases, forms: Sequence[str], place: int, *, end: int | None = None
) -> int:
    """Return how many words of the longest phrase from `place` on match before `end`, or 0.

    >>> find_phrase({"وكاله": [("وكاله", "انباء"), ("وكاله",)]}, ["وكاله", "انباء"], 0)
    2
    """
    for phrase in phrases.get(forms[place], ()):
        after = place + len(phrase)
        if len(phrase) == 1 or (
            (end is None or after <= end) and tuple(forms[place:after]) == phrase
        ):
            return len(phrase)
    return 0


def find_tag(lexicon: Lexicon, forms: Sequence[str], place: int) -> tuple[int, CueForm | None]:
    """Return the length and the cue of a tag starting at `place`, or (0, None).

    A tag is a phrase that ends in a pronoun of the speaker (على حد قولها).

    >>> length, cue = find_tag(load_lexicon(), ["بحسب", "تعبيرها"], 0)
    >>> length, cue.verb.lemma
    (2, 'بحسب تعبير')
    """
    for length in (3, 2, 1):
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


# ── word lists ──────────────────────────────────────────────────────────────────────────


def _entries(file: DataFile, place: Place) -> Iterator[tuple[Place, str]]:
    """Return each word of a list, or of all groups of a list, with its place."""
    value: Any = file.content
    for step in place:
        value = value[step]
    if isinstance(value, dict):
        for group in value:
            yield from _entries(file, (*place, group))
        return
    if not isinstance(value, list):
        file.fail(place, f"expected a list of words, found {value!r}; write it in brackets.")
    for number, word in enumerate(value):
        if not isinstance(word, str) or not word.strip():
            file.fail((*place, number), f"expected a word, found {word!r}; put it in quotes.")
        yield (*place, number), word


def _words(file: DataFile, place: Place, *, as_written: bool = False) -> list[str]:
    """Return the words of a list, folded; a word that stands twice in it is a mistake."""
    found: dict[str, Place] = {}
    for where, word in _entries(file, place):
        _add_once(file, found, where, word, word if as_written else _fold(word))
    return list(found)


def _add_once(file: DataFile, found: dict[str, Place], place: Place, word: str, form: str) -> None:
    if form in found:
        first = file.lines[found[form]]
        file.fail(place, f"`{word}` stands on line {first} already; remove one.")
    found[form] = place


def _by_group(file: DataFile, name: str, groups: Sequence[str]) -> dict[str, str]:
    """Return the words of a mapping of lists, each with the name of its list, and in one only."""
    file.check_fields((name,), file.content[name], required=(), optional=groups)
    found: dict[str, Place] = {}
    for place, word in _entries(file, (name,)):
        _add_once(file, found, place, word, _fold(word))
    return {form: str(place[1]) for form, place in found.items()}


def _write_on(file: DataFile, words: dict[str, frozenset[str]]) -> None:
    """Add the forms with an article or a conjunction to the lists that `written_on` names."""
    for letters in file.content.get("written_on", {}):
        for place, name in _entries(file, ("written_on", letters)):
            if name not in words:
                file.fail(place, f"there is no list `{name}`; name one of this file.")
            words[name] |= {letters + word for word in words[name]}


def _phrases(file: DataFile, place: Place) -> list[Phrase]:
    return [tuple(phrase.split()) for phrase in _words(file, place)]


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


# ── cues ────────────────────────────────────────────────────────────────────────────────


def _complementizers(words: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for word in words["complementizers"]:
        for pronoun in ("", *words["complementizer_pronouns"]):
            if word + pronoun not in words["not_complementizers"]:
                yield word + pronoun


def _tags(cues: DataFile) -> Iterator[tuple[str, CueForm]]:
    """Return the prepositions of sources and the tags of a speaker, with و and without."""
    for name in _TAGS:
        for _, written in _entries(cues, (name,)):
            form = CueForm(Verb(lemma=written), "according_to")
            for variant in _joined([tuple(_fold(written).split())]):
                yield " ".join(variant), form


def _cue_forms(cues: DataFile) -> tuple[dict[str, CueForm], dict[str, CueForm]]:
    """Return every form of every cue but the doubtful ones, and those.

    Of two verbs with the same form the first has it.
    """
    forms: dict[str, CueForm] = {}
    doubtful: dict[str, CueForm] = {}
    for lemma, fields in cues.content["verbs"].items():
        verb, left_out, in_doubt = _read_verb(cues, lemma, fields)
        for form, kind, gender, number in inflect_verb(lemma, fields):
            if form in in_doubt:
                doubtful[form] = CueForm(verb, kind, gender, number)
            elif form not in left_out:
                forms.setdefault(form, CueForm(verb, kind, gender, number))
    for _, noun in _entries(cues, ("nominal",)):
        for form, kind, gender, number in inflect_noun(noun):
            forms.setdefault(form, CueForm(Verb(lemma=noun), kind, gender, number))
    for _, noun in _entries(cues, ("bare_nominal",)):
        forms.setdefault(_fold(noun), CueForm(Verb(lemma=noun), "nominal"))
    for form, cue in list(forms.items()):
        if cue.kind == "verb" and form.startswith(("ي", "ت")) and not cue.verb.strict:
            forms.setdefault("ل" + form, cue._replace(joined="ل"))
    for form, cue in list(forms.items()):
        if cue.joined:
            continue
        for conjunction in _CONJUNCTIONS:
            forms.setdefault(conjunction + form, cue._replace(joined=conjunction))
    for form, cue in list(doubtful.items()):
        doubtful["و" + form] = cue._replace(joined="و")
    return forms, doubtful


def _read_verb(
    cues: DataFile, lemma: str, fields: Any
) -> tuple[Verb, frozenset[str], frozenset[str]]:
    """Return a verb with its frames, the derived forms that are another word, and the doubtful."""
    place: Place = ("verbs", lemma)
    cues.check_fields(
        place, fields, required=(), optional=(*_PRINCIPAL_PARTS, *_VERB_LISTS, *_VERB_FLAGS)
    )
    for part in _PRINCIPAL_PARTS:
        if not isinstance(fields.get(part, ""), str):
            cues.fail((*place, part), f"expected a word, found {fields[part]!r}; put it in quotes.")
    for flag in _VERB_FLAGS:
        if fields.get(flag, True) is not True:
            cues.fail((*place, flag), f"expected true, found {fields[flag]!r}; or leave it out.")
    lists = {name: _words(cues, (*place, name)) if name in fields else [] for name in _VERB_LISTS}
    known = ["noun", "object", "ب", *(word for _, word in _entries(cues, ("frame_prepositions",)))]
    for number, preposition in enumerate(lists["weak"]):
        if preposition not in map(_fold, known):
            cues.fail(
                (*place, "weak", number),
                f"unknown object `{preposition}`; choose from: {', '.join(known)}.",
            )
    verb = Verb(
        lemma=lemma,
        clause=frozenset(lists["clause"]),
        weak=frozenset(lists["weak"]),
        after=tuple(tuple(phrase.split()) for phrase in lists["after"]),
        needs=frozenset(lists["needs"]),
        postposed="postposed" in fields,
        strict="strict" in fields,
        document="document" in fields,
        question="question" in fields,
        object="object" in fields,
        takes_object="takes_object" in fields,
        verdict="verdict" in fields,
    )
    return verb, frozenset(lists["except"]), frozenset(lists["doubtful"])


# ── roles and bodies ────────────────────────────────────────────────────────────────────


def _role_forms(roles: DataFile, reserved: set[str], adverbs: set[str]) -> dict[str, Role]:
    """Return every form of every role, with the article and without.

    A form made by rule that is the name of a body (منظم, منظمة) is left to the body, and an
    accusative that says how somebody speaks (معلقا) to `adverbs`. The plural before a noun
    (مالكي الشركة) takes no article: المالكي is a name. Of قاض and قاضي, which are one word, the
    first is the head of both.
    """
    roles.check_fields(("by_body",), roles.content["by_body"], required=(), optional=SOURCE_TYPES)
    forms: dict[str, Role] = {}
    lemmas: dict[str, Place] = {}
    entries = [
        (field, place, entry)
        for field in (*SOURCE_TYPES, "by_body")
        for place, entry in _entries(roles, (field,))
    ]
    for _, place, entry in entries:
        lemma = entry.split("/")[0]
        _add_once(roles, lemmas, place, lemma, _fold(lemma))
    for field, place, entry in entries:
        lemma, *plurals = entry.split("/")
        head = fold(lemma).removesuffix("ي") if fold(lemma)[:-1] in lemmas else fold(lemma)
        by_body = field == "by_body"
        source_type = str(place[1]) if by_body else field
        for form, _, gender, number in inflect_role(lemma, plurals):
            if form != fold(lemma) and form in reserved:
                continue
            if form == fold(lemma) + "ا" and form in adverbs:
                continue
            possessed = form.endswith(("ها", "هم", "نا")) or form in (
                fold(lemma)[:-1] + "ته",
                fold(lemma) + "ته",
            )
            role = Role(head, source_type, by_body, gender, number, possessed)
            forms.setdefault(form, role)
            if form != fold(lemma) + "ي":
                forms.setdefault(ARTICLE + form, role._replace(definite=True))
    return forms


def _places(bodies: DataFile) -> Iterator[str]:
    """Return the names of the groups that `places` lists, which name states by their places."""
    for place, group in _entries(bodies, ("places",)):
        if group not in bodies.content["names"]["official"]:
            bodies.fail(place, f"there is no group `{group}`; name one of names, official.")
        yield from _words(bodies, ("names", "official", group))


def _body_types(bodies: DataFile) -> dict[Phrase, str]:
    """Return heads (with the article too), names and longer heads with their source types."""
    types: dict[Phrase, str] = {}
    found: dict[str, Place] = {}
    for kind in _BODIES:
        bodies.check_fields((kind,), bodies.content[kind], required=(), optional=SOURCE_TYPES)
        for place, written in _entries(bodies, (kind,)):
            form = _fold(written)
            _add_once(bodies, found, place, written, form)
            types[tuple(form.split())] = str(place[1])
            if kind == "heads" and " " not in form and not form.startswith(ARTICLE):
                types[(ARTICLE + form,)] = str(place[1])
    return types
