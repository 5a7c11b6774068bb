"""Lexicons: categories of terms read from YAML, checked, and the forms a term takes in text.

The entries say what to look for; `clitics.yml` says how Arabic inflects and joins words.
Both are data: a linguist changes them without reading any code.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.arabic import MARKS, fold
from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.errors import InputError
from analysis.tables import require_choice

KINDS = ("theme", "frame")
_ARABIC_WORD = re.compile(f"[\u0621-\u064a{MARKS}]+")
_MARKS = re.compile(f"[{MARKS}\u0640]")
_SHIPPED = ("themes.yml", "frames.yml")

Phrase = tuple[frozenset[str], ...]
"""A phrase to look for: for each of its words in order, the folded forms it may take."""


@dataclass(frozen=True)
class Exceptions:
    """Contexts that cancel a term: neighbours, words in the same sentence, spellings."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """One entry: `pos` is how it inflects (None: told from its last letter)."""

    term: str
    pos: str | None = None
    forms: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    exceptions: Exceptions = Exceptions()


@dataclass(frozen=True)
class Category:
    """A theme or a frame; an article speaks of it from `present_from` mentions."""

    name: str
    kind: str
    label_ar: str
    label_en: str
    terms: tuple[Term, ...]
    present_from: int = 1


@dataclass(frozen=True)
class Lexicon:
    """The categories of one file, in its order; `version` counts changes of its entries."""

    name: str
    version: int
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class _EndingRule:
    ends: str
    prefixes: tuple[str, ...]
    endings: tuple[str, ...]
    bare_endings: tuple[str, ...]
    before_pronoun: tuple[str, ...]


@dataclass(frozen=True)
class _WordClass:
    proclitics: tuple[str, ...]
    article: bool
    rules: tuple[_EndingRule, ...]


@dataclass(frozen=True)
class _Clitics:
    article: str
    pronouns: tuple[str, ...]
    short_letters: int
    short_proclitics: tuple[str, ...]
    short_pronouns: tuple[str, ...]
    classes: dict[str, _WordClass]


def load_lexicons(*paths: str | Path) -> tuple[Lexicon, ...]:
    """Load these lexicon files, or the shipped themes and frames when none is named.

    Raises DataFileError as `load_lexicon` does, and InputError when two files hold a
    category of the same name.

    >>> [category.name for lexicon in load_lexicons() for category in lexicon.categories]
    ['terrorism', 'migration', 'cybercrime', 'olympics', 'security', 'diplomacy']
    """
    lexicons = tuple(map(load_lexicon, paths)) if paths else _load_shipped()
    all_categories(lexicons)
    return lexicons


def all_categories(lexicons: Iterable[Lexicon]) -> dict[str, Category]:
    """Return the categories of several lexicons by name; a name in two of them raises."""
    categories: dict[str, Category] = {}
    for lexicon in lexicons:
        for category in lexicon.categories:
            if category.name in categories:
                raise InputError(
                    f"lexicons hold the category `{category.name}` twice; rename one of them."
                )
            categories[category.name] = category
    return categories


def category_labels(
    lexicons: Iterable[Lexicon] | None = None, *, language: str = "en"
) -> dict[str, str]:
    """Return the label of each category in Arabic or English, in the order of the files.

    >>> category_labels(language="ar")["olympics"]
    'الألعاب الأولمبية'
    """
    require_choice(language, ("ar", "en"), name="language")
    categories = all_categories(load_lexicons() if lexicons is None else lexicons)
    return {name: getattr(chosen, f"label_{language}") for name, chosen in categories.items()}


@functools.cache
def _load_shipped() -> tuple[Lexicon, ...]:
    return tuple(load_lexicon(data_path("lexicons", name)) for name in _SHIPPED)


def load_lexicon(path: str | Path) -> Lexicon:
    """Load one lexicon file; its format is described in data/lexicons/README.md.

    Raises DataFileError, with file and line, for an unknown or missing field, a duplicate
    key, an empty term, a term that is not made of Arabic words, an unknown `pos` or one
    that does not fit the term, and a term that stands twice: in one category, or in two
    without `shared: true`.
    """
    file = load_yaml(path)
    file.check_fields((), file.content, required=["version", "categories"], optional=["kind"])
    version = file.content["version"]
    if type(version) is not int:
        file.fail(("version",), f"version is {version!r}; give a whole number.")
    if not isinstance(file.content["categories"], dict) or not file.content["categories"]:
        file.fail(("categories",), "expected at least one category with its terms.")
    categories = tuple(_read_category(file, name) for name in file.content["categories"])
    _check_claims(file, categories)
    return Lexicon(file.path.stem, version, categories)


def _read_category(file: DataFile, name: Any) -> Category:
    place: Place = ("categories", name)
    if not isinstance(name, str):
        file.fail(place, f"the category {name!r} is not a name; put it in quotation marks.")
    fields = file.content["categories"][name]
    file.check_fields(
        place, fields, required=["label", "terms"], optional=["kind", "note", "present_from"]
    )
    kind = fields.get("kind", file.content.get("kind"))
    if kind not in KINDS:
        own = "kind" in fields or "kind" not in file.content
        file.fail(
            (*place, "kind") if own else ("kind",),
            f"kind is {kind!r}; choose one of {', '.join(map(repr, KINDS))}.",
        )
    label = fields["label"]
    file.check_fields((*place, "label"), label, required=["ar", "en"])
    present_from = fields.get("present_from", 1)
    if type(present_from) is not int or present_from < 1:
        file.fail(
            (*place, "present_from"),
            f"present_from is {present_from!r}; give a number of mentions, 1 or more.",
        )
    if not isinstance(fields["terms"], list) or not fields["terms"]:
        file.fail((*place, "terms"), "expected a list of terms.")
    terms = tuple(
        _read_term(file, (*place, "terms", index), value)
        for index, value in enumerate(fields["terms"])
    )
    return Category(name, kind, label["ar"], label["en"], terms, present_from)


def _read_term(file: DataFile, place: Place, value: Any) -> Term:
    if isinstance(value, str):
        value = {"term": value}
    file.check_fields(
        place,
        value,
        required=["term"],
        optional=["pos", "forms", "near", "except", "shared", "note"],
    )
    pos = value.get("pos")
    classes = _load_clitics().classes
    if pos is not None and pos not in classes:
        file.fail((*place, "pos"), f"pos is {pos!r}; choose one of {', '.join(classes)}.")
    term = Term(
        _read_phrase(file, (*place, "term"), value["term"], pos),
        pos,
        _read_phrases(file, (*place, "forms"), value.get("forms", []), pos),
        _read_phrases(file, (*place, "near"), value.get("near", [])),
        _read_exceptions(file, (*place, "except"), value.get("except", {})),
    )
    if type(value.get("shared", True)) is not bool:
        file.fail((*place, "shared"), f"shared is {value['shared']!r}; write true or leave it out.")
    return term


def _read_exceptions(file: DataFile, place: Place, value: Any) -> Exceptions:
    kinds = ["before", "after", "near", "forms"]
    file.check_fields(place, value, required=[], optional=kinds)
    return Exceptions(
        **{kind: _read_phrases(file, (*place, kind), value.get(kind, [])) for kind in kinds}
    )


def _read_phrases(
    file: DataFile, place: Place, values: Any, pos: str | None = None
) -> tuple[str, ...]:
    if not isinstance(values, list):
        file.fail(place, f"expected a list, found {values!r}.")
    return tuple(
        _read_phrase(file, (*place, index), value, pos) for index, value in enumerate(values)
    )


def _read_phrase(file: DataFile, place: Place, value: Any, pos: str | None = None) -> str:
    if not is_arabic_phrase(value):
        file.fail(place, f"{value!r} is not an Arabic word or phrase; write it in Arabic letters.")
    if not _rules_for(value.split()[0], pos):
        file.fail(place, f"`{value}` does not end as pos {pos!r} asks; see clitics.yml.")
    return " ".join(value.split())


def is_arabic_phrase(value: object) -> bool:
    """Say whether a value is one or more words of Arabic letters, and nothing else.

    >>> is_arabic_phrase("هجرة سرية"), is_arabic_phrase("NATO"), is_arabic_phrase("")
    (True, False, False)
    """
    words = value.split() if isinstance(value, str) else []
    return bool(words) and all(_ARABIC_WORD.fullmatch(word) for word in words)


def _check_claims(file: DataFile, categories: tuple[Category, ...]) -> None:
    claims: dict[str, tuple[str, bool]] = {}
    for category in categories:
        values = file.content["categories"][category.name]["terms"]
        for index, (term, value) in enumerate(zip(category.terms, values, strict=True)):
            shared = isinstance(value, dict) and value.get("shared", False)
            for entry in dict.fromkeys(fold(form) for form in (term.term, *term.forms)):
                place = ("categories", category.name, "terms", index)
                owner, owner_shares = claims.get(entry, (None, True))
                if owner == category.name:
                    file.fail(place, f"`{entry}` stands twice in `{owner}`; remove one.")
                if owner and not (shared and owner_shares):
                    file.fail(
                        place,
                        f"`{entry}` also stands in `{owner}`; remove one, or write "
                        "`shared: true` in both when both mean it.",
                    )
                claims[entry] = (category.name, shared)


def expand_phrase(phrase: str, pos: str | None = None) -> Phrase:
    """Return the folded forms of each word of a phrase.

    The first word inflects as `pos` says and takes every clitic. The others inflect by
    their own last letter and take the article and pronouns, but no one-letter words, unless
    `pos` is name or exact: then they stay as written. So هجرة غير شرعية finds الهجرة غير
    الشرعية, and مجلس الأمن, where the article is written, never finds مجلس أمن.

    >>> head, second = expand_phrase("خلية إرهابية")
    >>> "بالخلايا" in head, "للخليه" in head, "الارهابيه" in second, "بارهابيه" in second
    (False, True, True, False)
    """
    first, *others = _MARKS.sub("", phrase).split()
    head = expand_word(first, pos)
    if pos in ("name", "exact"):
        return head, *(frozenset([fold(word)]) for word in others)
    return head, *(expand_word(word, proclitics=False) for word in others)


@functools.lru_cache(maxsize=4096)
def expand_word(word: str, pos: str | None = None, *, proclitics: bool = True) -> frozenset[str]:
    """Return every folded form a word may be written in, clitics and endings joined to it.

    Without `pos`, a word of four letters or more that ends in ي is a nisba, any other a noun.

    >>> forms = expand_word("دولة")
    >>> "وللدوله" in forms, "دولتهم" in forms, "دوليه" in forms, "الدولتهم" in forms
    (True, True, False, False)
    """
    clitics = _load_clitics()
    word_class = clitics.classes[pos or _guess_pos(word)]
    short = len(word) <= clitics.short_letters
    pronouns = clitics.short_pronouns if short else clitics.pronouns
    forms: set[str] = set()
    for rule in _rules_for(word, pos):
        stem = word.removesuffix(rule.ends)
        if rule.prefixes:
            stem = stem.removeprefix("ا").removeprefix("أ")
        for prefix in rule.prefixes or ("",):
            forms.update(prefix + stem + ending for ending in rule.endings + rule.bare_endings)
            forms.update(
                prefix + stem + ending + pronoun
                for ending in rule.before_pronoun
                for pronoun in (pronouns if rule.before_pronoun else ())
            )
        if word_class.article:
            forms.update(clitics.article + stem + ending for ending in rule.endings)
    if proclitics:
        allowed = word_class.proclitics
        if short:
            allowed = tuple(p for p in allowed if p in clitics.short_proclitics)
        forms = {joined for form in forms for joined in _join(allowed, form, clitics.article)}
    return frozenset(map(fold, forms))


def _join(proclitics: Iterable[str], form: str, article: str) -> Iterator[str]:
    yield form
    for proclitic in proclitics:
        yield proclitic + form
        if proclitic.endswith("ل") and form.startswith(article):
            # ل swallows the alef of the article, and never makes three: للجيش، للجنة.
            rest = form.removeprefix(article)
            yield proclitic + (rest if rest.startswith("ل") else "ل" + rest)


def _guess_pos(word: str) -> str:
    return "nisba" if word.endswith("ي") and len(word) > 3 else "noun"


def _rules_for(word: str, pos: str | None) -> list[_EndingRule]:
    rules = _load_clitics().classes[pos or _guess_pos(word)].rules
    fitting = [rule for rule in rules if word.endswith(rule.ends)]
    longest = max((len(rule.ends) for rule in fitting), default=0)
    return [rule for rule in fitting if len(rule.ends) == longest]


@functools.cache
def _load_clitics() -> _Clitics:
    file = load_yaml(data_path("lexicons", "clitics.yml"))
    data = file.content
    file.check_fields(
        (), data, required=["version", "proclitics", "article", "pronouns", "short", "pos"]
    )
    file.check_fields(("short",), data["short"], required=["letters", "proclitics", "pronouns"])
    classes = {}
    for name, fields in data["pos"].items():
        place: Place = ("pos", name)
        file.check_fields(place, fields, required=["proclitics", "article", "rules"])
        rules = []
        for index, rule in enumerate(fields["rules"]):
            file.check_fields(
                (*place, "rules", index),
                rule,
                required=["ends", "endings"],
                optional=["prefixes", "bare_endings", "before_pronoun"],
            )
            parts = ("prefixes", "endings", "bare_endings", "before_pronoun")
            rules.append(_EndingRule(rule["ends"], *(tuple(rule.get(part, ())) for part in parts)))
        proclitics = tuple(data["proclitics"][fields["proclitics"]])
        classes[name] = _WordClass(proclitics, fields["article"], tuple(rules))
    short = data["short"]
    return _Clitics(
        data["article"],
        tuple(data["pronouns"]),
        short["letters"],
        tuple(short["proclitics"]),
        tuple(short["pronouns"]),
        classes,
    )
