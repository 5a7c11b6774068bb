"""Lexicons: categories of terms, read from YAML and checked."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from analysis.arabic import MARKS, lookup_form
from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.errors import InputError, require_choice
from analysis.word_forms import (
    Phrase,
    all_proclitics,
    fits_kind,
    has_form,
    inflect_phrase,
    kinds_of_word,
)

KINDS = ("theme", "frame")
_ARABIC_WORD = re.compile(f"[\u0621-\u063a\u0641-\u064a][\u0621-\u063a\u0640-\u064a{MARKS}]*")
_SHIPPED = ("themes.yml", "frames.yml")


class LexiconWarning(UserWarning):
    """Two terms of a lexicon find the same words; the message says where they stand."""


@dataclass(frozen=True)
class Exceptions:
    """Contexts that cancel a term: neighbours, words in the same sentence, spellings."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """One entry: `pos` is how it inflects (None: told from its last letter).

    `subcategory` is the path of names below its category, "" when it stands directly in it; of
    a `sure` term one mention is enough to label an article, however long it is;
    `note` gives the reason of its conditions, `source` where the entry was taken from.
    """

    term: str
    pos: str | None = None
    forms: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    exceptions: Exceptions = Exceptions()
    subcategory: str = ""
    sure: bool = False
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class Subcategory:
    """A part of a category; its name is the path below the category: groups/local."""

    name: str
    label_ar: str
    label_en: str


@dataclass(frozen=True)
class Category:
    """A theme or a frame with all its terms, those of its subcategories too.

    An article speaks of it from `present_from` mentions that are `present_rate` or more of
    its 1,000 words. `weight` is what a mention counts when frames are compared.
    """

    name: str
    kind: str
    label_ar: str
    label_en: str
    terms: tuple[Term, ...]
    present_from: int = 1
    present_rate: float = 0
    weight: float = 1
    subcategories: tuple[Subcategory, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """The categories of one file, in its order; `version` counts changes of its entries.

    `remarks` are what a careful author should look at: terms that another one finds too.
    """

    name: str
    version: int
    categories: tuple[Category, ...]
    remarks: tuple[str, ...] = ()


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


def choose_lexicons(lexicons: Iterable[Lexicon] | None) -> tuple[Lexicon, ...]:
    """Return these lexicons, or the shipped themes and frames for None."""
    return load_lexicons() if lexicons is None else tuple(lexicons)


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
    categories = all_categories(choose_lexicons(lexicons))
    return {name: getattr(chosen, f"label_{language}") for name, chosen in categories.items()}


@functools.cache
def _load_shipped() -> tuple[Lexicon, ...]:
    return tuple(load_lexicon(data_path("lexicons", name)) for name in _SHIPPED)


def load_lexicon(path: str | Path) -> Lexicon:
    """Load one lexicon file; its format is described in data/lexicons/README.md.

    Raises DataFileError, with file and line, for an unknown or missing field, a duplicate
    key, an empty term, a term that is not made of Arabic words, an unknown `pos` or one
    that does not fit the term, and a term that stands twice: in one category, or in two.
    Warns (LexiconWarning) of a term that is a form of another one, which then shadows it or
    claims it for its own category. `shared: true` in both says that both mean it.
    """
    file = load_yaml(path)
    file.check_fields((), file.content, required=["version", "categories"], optional=["kind"])
    version = file.content["version"]
    if type(version) is not int:
        file.fail(("version",), f"version is {version!r}; give a whole number.")
    if not isinstance(file.content["categories"], dict) or not file.content["categories"]:
        file.fail(("categories",), "expected at least one category with its terms.")
    entries: list[_Entry] = []
    categories = tuple(_read_category(file, name, entries) for name in file.content["categories"])
    claims = _find_claims(file, entries)
    if claims:
        warnings.warn(_tell(claims), LexiconWarning, stacklevel=2)
    return Lexicon(file.path.stem, version, categories, claims)


def _tell(claims: Sequence[str]) -> str:
    if len(claims) == 1:
        return claims[0]
    return f"{claims[0]} And {len(claims) - 1} more: see `khitab lexicon check`."


class _Entry(NamedTuple):
    """A term with the place in the file and the category it was read from."""

    term: Term
    place: Place
    category: str
    shared: bool


def _read_category(file: DataFile, name: Any, entries: list[_Entry]) -> Category:
    place: Place = ("categories", name)
    fields = file.content["categories"][name]
    label_ar, label_en = _read_heading(
        file, place, fields, optional=["kind", "present_from", "present_rate", "weight"]
    )
    kind = fields.get("kind", file.content.get("kind"))
    if kind not in KINDS:
        own = "kind" in fields or "kind" not in file.content
        file.fail(
            (*place, "kind") if own else ("kind",),
            f"kind is {kind!r}; choose one of {', '.join(map(repr, KINDS))}.",
        )
    present_from = fields.get("present_from", 1)
    if type(present_from) is not int or present_from < 1:
        file.fail(
            (*place, "present_from"),
            f"present_from is {present_from!r}; give a number of mentions, 1 or more.",
        )
    present_rate, weight = (
        _read_number(file, place, fields, name) for name in ("present_rate", "weight")
    )
    first = len(entries)
    subcategories: list[Subcategory] = []
    _read_terms(file, place, fields, (name,), entries, subcategories)
    terms = tuple(entry.term for entry in entries[first:])
    return Category(
        name,
        kind,
        label_ar,
        label_en,
        terms,
        present_from,
        present_rate,
        weight,
        tuple(subcategories),
    )


def _read_number(file: DataFile, place: Place, fields: dict[str, Any], name: str) -> float:
    value = fields.get(name, getattr(Category, name))
    if type(value) not in (int, float) or not 0 <= value < float("inf"):
        file.fail((*place, name), f"{name} is {value!r}; give a number, 0 or more.")
    return float(value)


def _read_heading(
    file: DataFile, place: Place, fields: Any, *, optional: Sequence[str] = ()
) -> tuple[str, str]:
    name = place[-1]
    if not isinstance(name, str) or "/" in name:
        file.fail(place, f"the category {name!r} is not a name; write letters in quotation marks.")
    file.check_fields(
        place, fields, required=["label"], optional=["terms", "categories", "note", *optional]
    )
    label = fields["label"]
    file.check_fields((*place, "label"), label, required=["ar", "en"])
    return label["ar"], label["en"]


def _read_terms(
    file: DataFile,
    place: Place,
    fields: dict[str, Any],
    names: tuple[str, ...],
    entries: list[_Entry],
    subcategories: list[Subcategory],
) -> None:
    """Read the terms of a category, then those of the categories inside it."""
    if "terms" not in fields and "categories" not in fields:
        file.fail(place, "the field `terms` is missing; add it.")
    if "terms" in fields and not (isinstance(fields["terms"], list) and fields["terms"]):
        file.fail((*place, "terms"), "expected a list of terms.")
    for index, value in enumerate(fields.get("terms", [])):
        at = (*place, "terms", index)
        shared = isinstance(value, dict) and value.get("shared", False)
        entries.append(
            _Entry(_read_term(file, at, value, "/".join(names[1:])), at, names[0], shared)
        )
    inner = fields.get("categories", {})
    if not isinstance(inner, dict) or ("categories" in fields and not inner):
        file.fail((*place, "categories"), f"expected categories by name, found {inner!r}.")
    for name, part in inner.items():
        at = (*place, "categories", name)
        label_ar, label_en = _read_heading(file, at, part)
        path = (*names, name)
        subcategories.append(Subcategory("/".join(path[1:]), label_ar, label_en))
        _read_terms(file, at, part, path, entries, subcategories)


def _read_term(file: DataFile, place: Place, value: Any, subcategory: str) -> Term:
    if isinstance(value, str):
        value = {"term": value}
    file.check_fields(
        place,
        value,
        required=["term"],
        optional=["pos", "forms", "near", "except", "shared", "sure", "note", "source"],
    )
    pos = value.get("pos")
    if pos is not None and pos not in kinds_of_word():
        file.fail((*place, "pos"), f"pos is {pos!r}; choose one of {', '.join(kinds_of_word())}.")
    for field in ("shared", "sure"):
        if type(value.get(field, True)) is not bool:
            file.fail((*place, field), f"{field} is {value[field]!r}; write true or leave it out.")
    for field in ("note", "source"):
        if not isinstance(value.get(field, ""), str):
            file.fail((*place, field), f"{field} is {value[field]!r}; write a sentence.")
    return Term(
        _read_phrase(file, (*place, "term"), value["term"], pos),
        pos,
        _read_phrases(file, (*place, "forms"), value.get("forms", []), pos),
        _read_phrases(file, (*place, "near"), value.get("near", [])),
        _read_exceptions(file, (*place, "except"), value.get("except", {})),
        subcategory,
        value.get("sure", False),
        value.get("note", ""),
        value.get("source", ""),
    )


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
    phrases: dict[str, None] = {}
    for index, value in enumerate(values):
        at = (*place, index)
        found = (
            _read_phrases(file, at, value, pos)
            if isinstance(value, list)
            else (_read_phrase(file, at, value, pos),)
        )
        phrases |= dict.fromkeys(found)
    return tuple(phrases)


def _read_phrase(file: DataFile, place: Place, value: Any, pos: str | None = None) -> str:
    if problem := _find_fault(value, pos):
        file.fail(place, problem)
    return " ".join(value.split())


@functools.lru_cache(maxsize=8192)
def _find_fault(phrase: object, pos: str | None) -> str | None:
    if not isinstance(phrase, str) or not is_arabic_phrase(phrase):
        return f"{phrase!r} is not an Arabic word or phrase; write it in Arabic letters."
    if not fits_kind(phrase.split()[0], pos):
        return f"`{phrase}` does not end as pos {pos!r} asks; see clitics.yml."
    return None


def make_term(phrase: str, pos: str | None = None) -> Term:
    """Return an entry for a word or phrase, checked as those of a file are.

    >>> make_term("NATO")
    Traceback (most recent call last):
    analysis.errors.InputError: 'NATO' is not an Arabic word or phrase; write it in Arabic letters.
    """
    if pos is not None:
        require_choice(pos, kinds_of_word(), name="pos")
    if problem := _find_fault(phrase, pos):
        raise InputError(problem)
    return Term(" ".join(phrase.split()), pos)


def is_arabic_phrase(value: object) -> bool:
    """Say whether a value is one or more words of Arabic letters, and nothing else.

    >>> is_arabic_phrase("هجرة سرية"), is_arabic_phrase("NATO"), is_arabic_phrase("")
    (True, False, False)
    """
    words = value.split() if isinstance(value, str) else []
    return bool(words) and all(_ARABIC_WORD.fullmatch(word) for word in words)


def _find_claims(file: DataFile, entries: Sequence[_Entry]) -> tuple[str, ...]:
    """Say which terms find a spelling of another; fail where one spelling stands twice."""
    written: dict[str, list[tuple[tuple[str, ...], str, int]]] = {}
    for number, entry in enumerate(entries):
        for spelling in dict.fromkeys([entry.term.term, *entry.term.forms]):
            words = tuple(map(lookup_form, spelling.split()))
            for same, _, other in written.get(words[0], []):
                if same == words and other != number:
                    _fail_twice(file, spelling, entries[other], entry)
            written.setdefault(words[0], []).append((words, spelling, number))
    claims = {}
    stripped = _without_proclitics(written)
    for number, entry in enumerate(entries):
        for spelling in (entry.term.term, *entry.term.forms):
            phrase = inflect_phrase(spelling, entry.term.pos)
            found = {
                word
                for group in phrase[0]
                for form in group.forms & stripped.keys()
                for proclitic, word in stripped[form]
                if proclitic in group.proclitics
            }
            for first in found:
                for words, spelled, other in written[first]:
                    theirs = entries[other]
                    shared = entry.shared and theirs.shared
                    if number != other and not shared and _fills(words, phrase):
                        place = (file.lines[theirs.place], spelled)
                        claims[place] = (
                            f"{file.path}:{place[0]}: `{place[1]}` of `{theirs.category}` is also "
                            f"a form of `{entry.term.term}` of `{entry.category}` (line "
                            f"{file.lines[entry.place]}); remove one, or write `shared: true` in "
                            "both when both mean it."
                        )
    return tuple(claims[place] for place in sorted(claims))


def _without_proclitics(words: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Return what words may be without a proclitic, with that proclitic and the word."""
    stripped: dict[str, list[tuple[str, str]]] = {}
    for word in words:
        for proclitic in ("", *all_proclitics()):
            if word.startswith(proclitic):
                rest = word.removeprefix(proclitic)
                stripped.setdefault(rest, []).append((proclitic, word))
    return stripped


def _fills(words: tuple[str, ...], phrase: Phrase) -> bool:
    return len(words) == len(phrase) and all(map(has_form, phrase, words))


def _fail_twice(file: DataFile, spelling: str, first: _Entry, second: _Entry) -> None:
    if first.shared and second.shared:
        return
    if first.category == second.category:
        file.fail(second.place, f"`{spelling}` stands twice in `{first.category}`; remove one.")
    file.fail(
        second.place,
        f"`{spelling}` also stands in `{first.category}`; remove one, or write "
        "`shared: true` in both when both mean it.",
    )
