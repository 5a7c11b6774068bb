"""Who is who in a corpus: the spellings of one speaker joined by a rule that can be overruled.

`find_quotes` follows a speaker through one article. Here the speakers of all articles are
compared: their names, their source types and the heads of their roles.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.arabic import fold, tokenize
from analysis.attribution_lexicon import ARTICLE, Lexicon, load_lexicon
from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.errors import require_choice
from analysis.sources import describe_source
from analysis.tables import SOURCE_TYPES, require_columns

Words = tuple[str, ...]

_UNKNOWN = "other"
# ابن is written without its alef inside a name.
_SON = {"ابن": "بن"}
_VOWELS = "اويىئؤء"
# Letters in use for one sound of another language: غ, ج, ك and ق for the g of Gore.
_ALIKE = str.maketrans(
    dict.fromkeys("غكق", "ج") | dict.fromkeys("ثزشصظ", "س") | dict.fromkeys("ذض", "د")
    | {"ط": "ت", "ڤ": "ف"}
)  # fmt: skip
_SHORTEST_WITHOUT_ARTICLE = 3
_SHORTEST_SKELETON = 2
_LETTERS_FOR_ONE_CHANGE = 3


@dataclass(frozen=True)
class Aliases:
    """What overrules the rule of `name_speakers`, made by `load_aliases`.

    `same` gives the name to show for the compared words of a name; `different` holds lists of
    folded names of which no two are one person.
    """

    same: Mapping[Words, str] = field(default_factory=dict)
    different: Sequence[frozenset[str]] = ()


class _Name(NamedTuple):
    """One spelling with one source type, and what is compared of it.

    `heads` are the words for what the person is, `folded` the name as `different` of the
    aliases has it.
    """

    spelling: str
    source_type: str
    words: Words
    folded: str
    is_personal: bool
    heads: frozenset[str]
    quotes: int


class _Person:
    """Names taken for one person; `joined_to` is who has taken them over, if anybody."""

    def __init__(self, names: Iterable[_Name]) -> None:
        self.names: list[_Name] = []
        self.joined_to: _Person | None = None
        self.add(names)

    def add(self, names: Iterable[_Name]) -> None:
        self.names = sorted([*self.names, *names], key=_by_weight)
        self.quotes = sum(name.quotes for name in self.names)
        self.spelled = list(dict.fromkeys(name.words for name in self.names))
        self.heads = frozenset(head for name in self.names for head in name.heads)
        self.is_personal = any(name.is_personal for name in self.names)
        self.source_type = _commonest_type(self.names)


def name_speakers(quotes: pd.DataFrame, *, aliases: Aliases | None = None) -> pd.DataFrame:
    """Say of each quote who speaks, as the same person through all articles.

    Weak quotes are named too. Returns a table with the index of `quotes`, so that
    `quotes[name_speakers(quotes)["speaker"] == name]` are all quotes of a person:

    - `speaker`: the most frequent spelling of the name, of equally frequent ones the longest;
      null where `quotes` has none
    - `source_type`: that of the person; differs from the quote's where that is `other`

    The rule. Two names are one person when their source types are equal, or one is `other`, and

    1. their words are equal but for hamza, vowel marks, ى and ة, the article, hash signs, and
       a space after عبد, أبو, بن and their like (عبد الله and عبدالله). This joins bodies and
       the unnamed too. A name whose type is `other` goes to the type that the name has most
       often, a single word to none; nor is the article of a single word left out (حسن, الحسن);
    2. or they have the same number of words, two or more, and each word is a respelling of its
       counterpart: the same but for long vowels, doubled letters and letters that stand for one
       sound of another language (غ ج ك ق; ث س ز ش ص ظ; ت ط; د ذ ض; ف ڤ; ش تش), with at most one
       letter of three changed. The heads of their roles agree (وزير), or a word that is no
       usual given name is spelled alike. Two Arabic given names that differ are two names:
       حسن and حسين;
    3. or one is a part of the other that ends like it (الوادي, سمير الوادي), the heads of their
       roles agree, and there is no other whom it can be a part of. A single word must be
       rarer than the full name, and no usual given name.

    Only 1 joins what is no name of a person. `aliases` (those of `load_aliases()` when None)
    overrule it all: names of `same` are one person of any source type, who has the type of
    most of the quotes, and names of `different` are never joined.

    What it joins on purpose though it may be wrong: two persons of one name and type, such as
    two citizens called محمد, and everybody whom articles call خبراء. What it misses on
    purpose: persons to whom articles give contradicting types (a minister who was an expert
    before), a surname alone without a role, other words for one name (جيم, جيمس), and sounds
    that are written with other letters than those above (جاويش, تشاووش).

    Measured on 29,890 articles of 2018 by five outlets (skynews, alarabia, BBC, CNN, france24):
    4,000 of them, drawn at random, have 329 joins of two spellings. Of 200 of these, drawn at
    random and read, 1 is wrong. Of the 834 that 2 and 3 make in all articles, read too, about 13
    are wrong, most of them no names. Of 100 full names of type `other` that were given to a
    person of their name, 5 are somebody else.

    Raises InputError when a column is missing or a source type is not known.

    >>> quotes = pd.DataFrame({"speaker": ["غوستاف ميريل", "جوستاف ميريل", None],
    ...     "role": ["وزير النقل", "الوزير", ""], "source_type": ["official"] * 2 + ["other"]})
    >>> name_speakers(quotes)["speaker"].tolist()
    ['جوستاف ميريل', 'جوستاف ميريل', nan]
    """
    require_columns(quotes, ["speaker", "role", "source_type"], name="quotes")
    for source_type in quotes["source_type"].unique():
        require_choice(source_type, SOURCE_TYPES, name="a source_type of quotes")
    aliases = load_aliases() if aliases is None else aliases
    persons = {
        (name.spelling, name.source_type): (_shown_name(person, aliases), person.source_type)
        for person in _join(_read_names(quotes), aliases)
        for name in person.names
    }
    pairs = zip(quotes["speaker"], quotes["source_type"], strict=True)
    return pd.DataFrame(
        [persons.get(pair, (None, pair[1])) for pair in pairs],
        columns=["speaker", "source_type"],
        index=quotes.index,
        dtype="str",
    )


def _shown_name(person: "_Person", aliases: Aliases) -> str:
    listed = (aliases.same[name.words] for name in person.names if name.words in aliases.same)
    quotes: Counter[str] = Counter()
    for name in person.names:
        quotes[name.spelling] += name.quotes
    return next(listed, min(quotes, key=lambda word: (-quotes[word], -len(word), word)))


@lru_cache(maxsize=1 << 14)
def role_head(role: str) -> str:
    """Return the word of a role that says what somebody is, as a dictionary has it, or "".

    >>> role_head("إحدى الباحثات في علم المناخ"), role_head("وزيرة الخارجية"), role_head("")
    ('باحث', 'وزير', '')
    """
    lexicon = load_lexicon()
    for form in tokenize(role).forms:
        head = lexicon.roles.get(form) or lexicon.roles.get(form.removeprefix("و"))
        if head and (head.source_type != _UNKNOWN or form not in lexicon.words["determiners"]):
            return _written_heads()[head.lemma]
    return ""


@cache
def _written_heads() -> dict[str, str]:
    """Return the words of roles.yml as written there, by their folded form; محام is محامي."""

    def words(value: Any) -> Iterator[str]:
        for group in value.values():
            yield from words(group) if isinstance(group, dict) else group

    roles = load_yaml(data_path("lexicons", "roles.yml")).content
    written = words({field: roles[field] for field in (*SOURCE_TYPES, "by_body")})
    lemmas = {entry.split("/")[0] for entry in written}
    return {fold(lemma): lemma + "ي" if lemma + "ي" in lemmas else lemma for lemma in lemmas}


# ── names ───────────────────────────────────────────────────────────────────────────────


def _read_names(quotes: pd.DataFrame) -> list[_Name]:
    """Return every spelling with each of its source types."""
    lexicon = load_lexicon()
    known = quotes.loc[quotes["speaker"].notna(), ["speaker", "source_type", "role"]]
    counted = known.fillna({"role": ""}).value_counts().rename("quotes").reset_index()
    roles: dict[str, set[str]] = defaultdict(set)
    heads: dict[tuple[str, str], set[str]] = defaultdict(set)
    numbers: Counter[tuple[str, str]] = Counter()
    for speaker, source_type, role, number in counted.itertuples(index=False):
        roles[speaker].add(role)
        heads[speaker, source_type].add(role_head(role))
        numbers[speaker, source_type] += number
    return [
        _Name(
            spelling,
            source_type,
            compared_words(spelling),
            _folded(spelling),
            _is_personal(spelling, roles[spelling], lexicon),
            frozenset(heads[spelling, source_type] - {""}),
            number,
        )
        for (spelling, source_type), number in sorted(numbers.items())
    ]


def compared_words(name: str) -> Words:
    """Return the words of a name as they are compared: folded, without article, prefixes joined.

    >>> compared_words("أبو بكر عبد الله الوادي"), compared_words("ابوبكر عبدالله وادي")
    (('ابوبكر', 'عبدالله', 'وادي'), ('ابوبكر', 'عبدالله', 'وادي'))
    """
    lexicon = load_lexicon()
    words: list[str] = []
    prefix = ""
    for form in _plain(name):
        if form in lexicon.words["name_prefixes"]:
            prefix += _SON.get(form, form)
        elif form in lexicon.words["name_suffixes"] and words and not prefix:
            words[-1] += form
        else:
            bare = _without_article(form) if prefix in ("", ARTICLE) else form
            words.append(prefix + bare)
            prefix = ""
    return tuple([*words, prefix] if prefix else words) or (name,)


def _plain(name: str) -> list[str]:
    return [form for form in tokenize(name).forms if form.isalnum()]


def _folded(name: str) -> str:
    return " ".join(_plain(name))


def _without_article(form: str) -> str:
    rest = form.removeprefix(ARTICLE)
    return rest if len(rest) >= _SHORTEST_WITHOUT_ARTICLE else form


def _is_personal(spelling: str, roles: Iterable[str], lexicon: Lexicon) -> bool:
    """Tell the name of a person from a body and from a description of somebody unnamed."""
    forms = _plain(spelling)
    if not forms or spelling in roles:
        return False
    described = describe_source(forms, 0, len(forms), lexicon)
    if any(roles):
        return described.kind in ("person", "role")
    return described.kind == "person" and described.name == (0, len(forms))


# ── joining ─────────────────────────────────────────────────────────────────────────────


def _join(names: Iterable[_Name], aliases: Aliases) -> list[_Person]:
    persons = _join_equal(names, aliases)
    personal = sorted((person for person in persons if person.is_personal), key=_by_quotes)
    _join_spelled_alike(personal, aliases)
    _join_parts([person for person in personal if person.joined_to is None], aliases)
    return [person for person in persons if person.joined_to is None]


def _join_equal(names: Iterable[_Name], aliases: Aliases) -> list[_Person]:
    """Join names of the same words; of an unknown type they go to the most quoted known one."""
    same: dict[object, list[_Name]] = defaultdict(list)
    listed = frozenset().union(*aliases.different)
    for name in names:
        alone = name.is_personal and len(name.words) == 1
        own = name.folded if alone or name.folded in listed else None
        same[aliases.same.get(name.words) or (name.words, own)].append(name)
    persons: list[_Person] = []
    for key, group in same.items():
        by_type: dict[str, list[_Name]] = defaultdict(list)
        for name in group:
            by_type["" if isinstance(key, str) else name.source_type].append(name)
        unknown = by_type.pop(_UNKNOWN, [])
        known = sorted(map(_Person, by_type.values()), key=_by_quotes)
        if known and unknown and len(unknown[0].words) > 1:
            known[0].add(unknown)
        elif unknown:
            known.append(_Person(unknown))
        persons += known
    return persons


def _join_spelled_alike(persons: Iterable[_Person], aliases: Aliases) -> None:
    """Join names whose words differ as the spellings of a foreign name do."""
    alike: dict[Words, list[tuple[_Person, Words]]] = defaultdict(list)
    for person in persons:
        for words in person.spelled:
            if len(words) > 1:
                alike[tuple(map(_skeleton, words))].append((person, words))
    for group in alike.values():
        for (first, words), (second, others) in combinations(group, 2):
            one, two = _now(first), _now(second)
            if (
                one is not two
                and _may_be_one(one, two, aliases)
                and all(map(_is_respelled, words, others))
                and (one.heads & two.heads or _share_surname(words, others))
            ):
                _take(one, two)


def _join_parts(persons: Sequence[_Person], aliases: Aliases) -> None:
    """Join a part of a name to the only full name that it can be a part of."""
    by_last: dict[str, list[tuple[_Person, Words]]] = defaultdict(list)
    for person in persons:
        for words in person.spelled:
            by_last[words[-1]].append((person, words))
    for part in sorted(persons, key=lambda person: -max(map(len, person.spelled))):
        full = {
            _now(person)
            for words in part.spelled
            if not _is_given_name(words)
            for person, longer in by_last[words[-1]]
            if _is_part(words, longer)
            and (len(words) > 1 or part.quotes < _now(person).quotes)
            and _now(person) is not part
            and _may_be_one(part, _now(person), aliases)
            and part.heads & _now(person).heads
        }
        if len(full) == 1:
            _take(full.pop(), part)


def _take(one: _Person, other: _Person) -> None:
    one.add(other.names)
    other.joined_to = one


def _now(person: _Person) -> _Person:
    while person.joined_to is not None:
        person = person.joined_to
    return person


def _may_be_one(one: _Person, two: _Person, aliases: Aliases) -> bool:
    """Tell whether neither the source types nor the aliases speak against it."""
    if one.source_type != two.source_type and _UNKNOWN not in (one.source_type, two.source_type):
        return False
    shown = {aliases.same[words] for words in (*one.spelled, *two.spelled) if words in aliases.same}
    folded = {name.folded for name in (*one.names, *two.names)}
    return len(shown) < 2 and all(len(names & folded) < 2 for names in aliases.different)


def _skeleton(word: str) -> str:
    """Return the consonants that the spellings of a foreign name share, and a first vowel.

    >>> _skeleton("غوتيريش") == _skeleton("جوتيريس"), _skeleton("اديب") == _skeleton("دياب")
    (True, False)
    """
    letters = word.replace("تش", "ش").translate(_ALIKE)
    first = "ا" if letters[0] in _VOWELS else letters[0]
    rest = [letter for letter in letters[1:].removesuffix("ه") if letter not in _VOWELS]
    skeleton = first
    for letter in rest:
        skeleton += letter * (letter != skeleton[-1])
    return skeleton


def _is_respelled(word: str, other: str) -> bool:
    """Tell whether two words of one skeleton are near enough to be one word."""
    if word == other:
        return True
    allowed = max(len(word), len(other)) // _LETTERS_FOR_ONE_CHANGE
    return (
        len(_skeleton(word)) >= _SHORTEST_SKELETON
        and not {word, other} <= _arabic_given_names()
        and _count_changes(word, other) <= allowed
    )


@cache
def _arabic_given_names() -> frozenset[str]:
    """Return the given names of which a vowel makes another name: حسن and حسين.

    They stand in the groups of names.yml that are called Arabic.
    """
    given_names = load_yaml(data_path("lexicons", "names.yml")).content["given_names"]
    return frozenset(
        fold(name)
        for groups in given_names.values()
        for group, names in groups.items()
        if group.startswith("Arabic")
        for name in names
    )


def _count_changes(word: str, other: str) -> int:
    """Return how many letters must be put in, left out or replaced to make a word another."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(word, start=1):
        above, row = row, [number]
        for place, wanted in enumerate(other):
            row.append(min(above[place] + (letter != wanted), above[place + 1] + 1, row[-1] + 1))
    return row[-1]


def _share_surname(words: Words, others: Words) -> bool:
    """Tell whether a word that is no usual given name is the same in both."""
    given = load_lexicon().given_names
    return any(
        word == other and word not in given for word, other in zip(words, others, strict=True)
    )


def _is_given_name(words: Words) -> bool:
    return len(words) == 1 and words[0] in load_lexicon().given_names


def _is_part(words: Words, longer: Words) -> bool:
    """Tell whether a name is the end of a longer one, some of its words left out."""
    if len(words) >= len(longer) or words[-1] != longer[-1]:
        return False
    rest = iter(longer[:-1])
    return all(word in rest for word in words[:-1])


def _commonest_type(names: Iterable[_Name]) -> str:
    quotes: Counter[str] = Counter()
    for name in names:
        quotes[name.source_type] += name.quotes
    known = [source_type for source_type in SOURCE_TYPES if source_type in quotes]
    return max(known, key=lambda kind: (kind != _UNKNOWN, quotes[kind]))


def _by_weight(name: _Name) -> tuple[int, int, str, str]:
    """Order the names of a person: the most frequent first, then the longest."""
    return -name.quotes, -len(name.spelling), name.spelling, name.source_type


def _by_quotes(person: _Person) -> tuple[int, tuple[int, int, str, str]]:
    return -person.quotes, _by_weight(person.names[0])


# ── aliases ─────────────────────────────────────────────────────────────────────────────


def load_aliases(path: str | Path | None = None) -> Aliases:
    """Load names that are one person and names that are not; the shipped file when None.

    The top of `data/lexicons/aliases.yml` says how to write such a file. Raises DataFileError,
    with file and line, for an unknown field, a name without letters, a spelling of two persons,
    and two names that are both the same and different.

    >>> load_aliases().same[compared_words("جيم ماتيس")]
    'جيمس ماتيس'
    """
    file = load_yaml(data_path("lexicons", "aliases.yml") if path is None else path)
    file.check_fields((), file.content, required=(), optional=("same", "different"))
    same = _read_same(file)
    return Aliases(same, tuple(_read_different(file, same)))


def _read_same(file: DataFile) -> dict[Words, str]:
    """Return the name to show for each name of `same`, by its compared words."""
    persons = file.content.get("same") or {}
    if not isinstance(persons, dict):
        file.fail(("same",), f"expected names with lists of spellings, found {persons!r}.")
    same: dict[Words, str] = {}
    places: dict[Words, Place] = {}
    for shown, spellings in persons.items():
        place: Place = ("same", shown)
        if not isinstance(spellings, list):
            file.fail(place, f"expected a list, found {spellings!r}; write it in brackets.")
        listed = [(place, shown), *(((*place, i), name) for i, name in enumerate(spellings))]
        for where, name in listed:
            words = compared_words(_require_name(file, where, name))
            if words in same:
                line = file.lines[places[words]]
                file.fail(where, f"`{name}` is `{same[words]}` by line {line} already; remove one.")
            same[words], places[words] = shown, where
    return same


def _read_different(file: DataFile, same: Mapping[Words, str]) -> Iterator[frozenset[str]]:
    """Return the lists of `different`, their names folded."""
    lists = file.content.get("different") or []
    if not isinstance(lists, list):
        file.fail(("different",), f"expected lists of names, found {lists!r}.")
    for number, names in enumerate(lists):
        place: Place = ("different", number)
        if not isinstance(names, list) or len(names) < 2:
            file.fail(place, f"expected a list of two names or more, found {names!r}.")
        for i, name in enumerate(names):
            where: Place = (*place, i)
            _require_name(file, where, name)
            for earlier in names[:i]:
                if _folded(earlier) == _folded(name):
                    file.fail(
                        where, f"`{earlier}` and `{name}` are found as one name; remove the list."
                    )
                shown = same.get(compared_words(name))
                if shown is not None and shown == same.get(compared_words(earlier)):
                    line = file.lines["same", shown]
                    file.fail(
                        where,
                        f"`{earlier}` and `{name}` are one person by line {line}; remove one.",
                    )
        yield frozenset(map(_folded, names))


def _require_name(file: DataFile, place: Place, name: object) -> str:
    if not isinstance(name, str) or not _plain(name):
        file.fail(place, f"expected a name, found {name!r}; put it in quotes.")
    return name
