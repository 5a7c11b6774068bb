"""The forms an entry takes in text: clitics, endings, broken plurals, usual spellings.

`clitics.yml` and `broken_plurals.yml` say how Arabic inflects and joins words. Both are data:
a linguist changes them without reading any code.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from analysis.arabic import lookup_form, strip_marks
from analysis.data_files import DataFile, Place, data_path, load_yaml

_ROOT_LETTERS = "فعل"
_PLURALS_OF = ("noun", "adjective", "person", "nisba")
# Careful and careless writers spell these letters differently: what each may also look like;
# so does a bare first alef (الإعتداء، الإنقلاب).
_ALSO_WRITTEN = {"أ": "أا", "إ": "إا", "آ": "آا"}
# Of so many letters, teh marbuta counted: a bare heh after three letters is the pronoun.
_SHORT_WITH_TEH = 4
# Kinds of entries that stand as they are written, the article included.
_WITH_ARTICLE = ("name", "exact")


class Group(NamedTuple):
    """Forms of a word, and the one-letter words each may be joined to, "" for none."""

    proclitics: tuple[str, ...]
    forms: frozenset[str]


WordForms = tuple[Group, ...]
Phrase = tuple[WordForms, ...]
"""A phrase to look for: for each of its words in order, the forms it may take."""


@dataclass(frozen=True)
class _Rule:
    shapes: tuple[re.Pattern[str], ...]
    cut: str
    person_letters: tuple[str, ...]
    endings: tuple[str, ...]
    bare_endings: tuple[str, ...]
    accusatives: tuple[str, ...]
    before_pronoun: tuple[str, ...]


@dataclass(frozen=True)
class _Kind:
    proclitics: tuple[str, ...]
    article: bool
    paradigms: tuple[tuple[_Rule, ...], ...]


@dataclass(frozen=True)
class _Pattern:
    singular: re.Pattern[str]
    root: str
    plurals: tuple[str, ...]


@dataclass(frozen=True)
class _Morphology:
    article: str
    conjunctions: tuple[str, ...]
    pronouns: tuple[str, ...]
    short_letters: int
    short_proclitics: tuple[str, ...]
    short_pronouns: tuple[str, ...]
    kinds: dict[str, _Kind]
    lookalikes: frozenset[str]
    plural_patterns: tuple[_Pattern, ...]
    irregular_plurals: dict[str, tuple[str, ...]]


def kinds_of_word() -> tuple[str, ...]:
    """Return the values that `pos` of an entry may have."""
    return tuple(_load_morphology().kinds)


def guess_kind(word: str) -> str:
    """Say how a word inflects by its last letter: four letters or more in ي are a nisba.

    >>> guess_kind("أمني"), guess_kind("أمن")
    ('nisba', 'noun')
    """
    letters = strip_marks(word)
    return "nisba" if letters.endswith("ي") and len(letters) > 3 else "noun"


def fits_kind(word: str, pos: str | None) -> bool:
    """Say whether a word has the shape that its kind asks for (a nisba ends in ي)."""
    return all(_fitting_rules(strip_marks(word), pos or guess_kind(word)))


def expand_phrase(phrase: str, pos: str | None = None) -> tuple[frozenset[str], ...]:
    """Return every form of each word of a phrase, one-letter words joined to the first.

    >>> first, second = expand_phrase("هجرة سرية")
    >>> "وللهجرة" in first, "السرية" in second, "بسرية" in second
    (True, True, False)
    """
    return tuple(map(join_proclitics, inflect_phrase(phrase, pos)))


def inflect_phrase(phrase: str, pos: str | None = None) -> Phrase:
    """Return the forms of each word of a phrase, before one-letter words are joined to them.

    The first word inflects as `pos` says and takes every clitic. The others inflect by
    their own last letter and take the article and pronouns, but no one-letter words, unless
    `pos` is name or exact: then they stay as written. So هجرة غير شرعية finds الهجرة غير
    الشرعية, and مجلس الأمن, where the article is written, never finds مجلس أمن.

    >>> head, second = map(join_proclitics, inflect_phrase("خلية إرهابية"))
    >>> "بالخلايا" in head, "للخلية" in head, "الارهابية" in second, "بارهابية" in second
    (True, True, True, False)
    """
    first, *others = strip_marks(phrase).split()
    kind = pos if pos in ("name", "exact") else None
    rest = (inflect_word(word, kind and "exact", proclitics=False) for word in others)
    return inflect_word(first, pos), *rest


def is_lookalike(word: str) -> bool:
    """Say whether a word is the name of a country and spelled like a nisba's accusative.

    >>> is_lookalike("وروسيا"), is_lookalike("روسي")
    (True, False)
    """
    morphology = _load_morphology()
    written = lookup_form(word)
    return any(
        written.removeprefix(proclitic) in morphology.lookalikes
        for proclitic in ("", *morphology.kinds["noun"].proclitics)
    )


@functools.cache
def all_proclitics() -> tuple[str, ...]:
    """Return the one-letter words and pairs of them that any word may be joined to."""
    kinds = _load_morphology().kinds.values()
    return tuple(dict.fromkeys(p for kind in kinds for p in kind.proclitics))


def expand_word(word: str, pos: str | None = None, *, proclitics: bool = True) -> frozenset[str]:
    """Return every form a word may be written in, as `lookup_form` gives it.

    Clitics, the article, endings and pronouns are joined to it as its kind allows, to its
    broken plurals too where a pattern or a list gives them. Spellings usual in newspapers are
    among the forms: alef without its hamza, heh for teh marbuta (after three letters only
    with the article, since شرطه is «its condition»), ئ split in two. Without `pos`, a word of
    four letters or more that ends in ي is a nisba, any other a noun.

    >>> forms = expand_word("دولة")
    >>> "وللدولة" in forms, "الدوله" in forms, "دولتهم" in forms, "دولية" in forms
    (True, True, True, False)
    """
    return join_proclitics(inflect_word(word, pos, proclitics=proclitics))


def join_proclitics(forms: WordForms) -> frozenset[str]:
    """Return the forms of a word with the one-letter words written together with them."""
    return frozenset(p + form for group in forms for p in group.proclitics for form in group.forms)


def has_form(forms: WordForms, word: str) -> bool:
    """Say whether a word, as `lookup_form` writes it, is among the forms, proclitics included.

    >>> has_form(inflect_word("باب"), "وبالباب"), has_form(inflect_word("باب"), "بابة")
    (True, False)
    """
    return any(
        word.startswith(proclitic) and word.removeprefix(proclitic) in group.forms
        for group in forms
        for proclitic in group.proclitics
    )


def leave_out(forms: WordForms, words: Sequence[str]) -> WordForms:
    """Return the forms of a word without some, given as they are written.

    A written form may have a proclitic (لقمة of قمة): only that joined form is left out.

    >>> forms = leave_out(inflect_word("قمة"), ["لقمة"])
    >>> "لقمة" in join_proclitics(forms), "وقمة" in join_proclitics(forms)
    (False, True)
    """
    spelled = {spelling for word in words for spelling in _spellings(word)}
    for word in spelled:
        forms = tuple(part for group in forms for part in _split(group, word))
    return forms


def _split(group: Group, word: str) -> Iterator[Group]:
    """Yield the group without one word: a form may go on behind the other proclitics."""
    proclitics = [p for p in group.proclitics if word.startswith(p)]
    refused = [p for p in proclitics if word.removeprefix(p) in group.forms]
    if not refused:
        yield group
        return
    forms = {p: word.removeprefix(p) for p in refused}
    yield Group(group.proclitics, group.forms - set(forms.values()))
    for proclitic, form in forms.items():
        rest = tuple(p for p in group.proclitics if p != proclitic)
        yield Group(rest, frozenset([form]))


@functools.lru_cache(maxsize=8192)
def inflect_word(word: str, pos: str | None = None, *, proclitics: bool = True) -> WordForms:
    """Return the forms of `expand_word` before the one-letter words are joined to them.

    >>> [group.proclitics for group in inflect_word("قبض", "exact")]
    [('',)]
    """
    word = strip_marks(word)
    kind = pos or guess_kind(word)
    morphology = _load_morphology()
    groups: dict[tuple[str, ...], set[str]] = {}
    is_short = len(word) <= morphology.short_letters
    _inflect(word, kind, groups, proclitics=proclitics, is_short=is_short)
    if kind in _PLURALS_OF:
        for plural in broken_plurals(word):
            _inflect(plural, "plural", groups, proclitics=proclitics, is_short=False)
    refused = morphology.lookalikes if kind == "nisba" else frozenset[str]()
    return tuple(Group(before, frozenset(forms - refused)) for before, forms in groups.items())


def broken_plurals(word: str) -> tuple[str, ...]:
    """Return the plurals that `broken_plurals.yml` gives for a noun, by its list or its patterns.

    >>> broken_plurals("خبير"), broken_plurals("مشروع")
    (('خبراء',), ('مشاريع',))
    """
    morphology = _load_morphology()
    if word in morphology.irregular_plurals:
        return morphology.irregular_plurals[word]
    plurals = []
    for pattern in morphology.plural_patterns:
        if root := pattern.singular.fullmatch(word):
            letters = str.maketrans(dict(zip(pattern.root, root.groups(), strict=True)))
            plurals += [plural.translate(letters) for plural in pattern.plurals]
    return tuple(plurals)


def _fitting_rules(word: str, kind: str) -> list[_Rule | None]:
    return [
        next((rule for rule in rules if any(s.fullmatch(word) for s in rule.shapes)), None)
        for rules in _load_morphology().kinds[kind].paradigms
    ]


def _inflect(
    word: str,
    kind: str,
    groups: dict[tuple[str, ...], set[str]],
    *,
    proclitics: bool,
    is_short: bool,
) -> None:
    morphology = _load_morphology()
    chosen = morphology.kinds[kind]
    before = chosen.proclitics if proclitics else ()
    pronouns = morphology.pronouns
    if is_short:
        before = tuple(p for p in before if p in morphology.short_proclitics)
        pronouns = morphology.short_pronouns
    conjunctions = tuple(p for p in before if p in morphology.conjunctions)
    for rule in filter(None, _fitting_rules(word, kind)):
        is_defined = kind in _WITH_ARTICLE and word.startswith(morphology.article)
        uncut = word.removesuffix(rule.cut)
        for stem in _spellings(uncut, rule.person_letters, is_defined=is_defined):
            bare = rule.endings + rule.bare_endings
            if len(stem) > morphology.short_letters:
                bare = _careless(bare)
            bare += tuple(e + p for e in rule.before_pronoun for p in pronouns)
            if is_defined:
                _add_defined(groups, before, stem, bare)
            else:
                _add(groups, before, stem, bare)
            _add(groups, conjunctions, stem, rule.accusatives)
            if chosen.article:
                _add_defined(groups, before, morphology.article + stem, _careless(rule.endings))


def _add(
    groups: dict[tuple[str, ...], set[str]],
    proclitics: tuple[str, ...],
    stem: str,
    endings: Iterable[str],
) -> None:
    groups.setdefault(("", *proclitics), set()).update(stem + ending for ending in endings)


def _add_defined(
    groups: dict[tuple[str, ...], set[str]],
    proclitics: tuple[str, ...],
    stem: str,
    endings: Iterable[str],
) -> None:
    """Add forms of a word that begins with the article."""
    article = _load_morphology().article
    if with_lam := tuple(p for p in proclitics if p.endswith("ل")):
        # ل swallows the alef of the article, and never makes three: للجيش، للجنة.
        proclitics = tuple(p for p in proclitics if p not in with_lam)
        rest = stem.removeprefix(article)
        joined = "ل" + (rest if rest.startswith("ل") else "ل" + rest)
        before = tuple(p.removesuffix("ل") for p in with_lam)
        groups.setdefault(before, set()).update(joined + ending for ending in endings)
    _add(groups, proclitics, stem, endings)


def _spellings(
    stem: str, person_letters: Iterable[str] = (), *, is_defined: bool = False
) -> Iterator[str]:
    """Yield the ways a stem is spelled: hamza written or not, and a verb's person letters.

    The alef of the article, where the stem `is_defined`, has one spelling.
    """
    if person_letters:
        stem = stem[1:] if stem.startswith(("ا", "أ")) else stem
    letters = [_ALSO_WRITTEN.get(letter, letter) for letter in lookup_form(stem)]
    if stem.startswith("ا") and len(stem) > 2 and not is_defined:
        letters[0] = "اأإ"
    if stem.endswith("ة") and len(stem) > _SHORT_WITH_TEH:
        letters[-1] = "ةه"
    for spelled in map("".join, itertools.product(*letters)):
        for person in person_letters or ("",):
            yield person + spelled
            if spelled.endswith("ئ"):
                yield person + spelled[:-1] + "يء"


@functools.cache
def _careless(endings: tuple[str, ...]) -> tuple[str, ...]:
    """Add the endings with heh for teh marbuta."""
    return tuple(dict.fromkeys(e for end in endings for e in (end, end.replace("ة", "ه"))))


@functools.cache
def _load_morphology() -> _Morphology:
    file = load_yaml(data_path("lexicons", "clitics.yml"))
    data = file.content
    file.check_fields(
        (),
        data,
        required=[
            "version",
            "proclitics",
            "conjunctions",
            "article",
            "pronouns",
            "short",
            "pos",
            "lookalikes",
        ],
    )
    short = data["short"]
    file.check_fields(("short",), short, required=["letters", "proclitics", "pronouns"])
    plurals = load_yaml(data_path("lexicons", "broken_plurals.yml"))
    plurals.check_fields((), plurals.content, required=["version", "patterns", "irregular"])
    return _Morphology(
        data["article"],
        tuple(data["conjunctions"]),
        tuple(data["pronouns"]),
        short["letters"],
        tuple(short["proclitics"]),
        tuple(short["pronouns"]),
        {name: _read_kind(file, ("pos", name), fields) for name, fields in data["pos"].items()},
        _spell_lookalikes(data),
        tuple(_read_pattern(*entry) for entry in plurals.content["patterns"].items()),
        {word: tuple(listed) for word, listed in plurals.content["irregular"].items()},
    )


def _spell_lookalikes(data: dict[str, Any]) -> frozenset[str]:
    return frozenset(spelled for word in data["lookalikes"] for spelled in _spellings(word))


def _read_kind(file: DataFile, place: Place, fields: dict[str, Any]) -> _Kind:
    file.check_fields(place, fields, required=["proclitics", "article", "paradigms"])
    parts = ("endings", "bare_endings", "accusatives", "before_pronoun")
    paradigms = []
    for number, rules in enumerate(fields["paradigms"]):
        paradigm = []
        for index, rule in enumerate(rules):
            file.check_fields(
                (*place, "paradigms", number, index),
                rule,
                required=["shapes", "endings"],
                optional=["cut", "person_letters", *parts],
            )
            paradigm.append(
                _Rule(
                    tuple(map(re.compile, rule["shapes"])),
                    rule.get("cut", ""),
                    tuple(rule.get("person_letters", ())),
                    *(tuple(map(lookup_form, rule.get(part, ()))) for part in parts),
                )
            )
        paradigms.append(tuple(paradigm))
    proclitics = tuple(file.content["proclitics"][fields["proclitics"]])
    return _Kind(proclitics, fields["article"], tuple(paradigms))


def _read_pattern(singular: str, plurals: Sequence[str]) -> _Pattern:
    root = "".join(letter for letter in singular if letter in _ROOT_LETTERS)
    shape = "".join("([^اآىةء])" if letter in root else letter for letter in singular)
    return _Pattern(re.compile(shape), root, tuple(plurals))
