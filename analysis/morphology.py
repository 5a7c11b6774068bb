"""Words by their lemmas, as CAMeL Tools' morphology gives them: slow, and exact about plurals.

Nothing of CAMeL Tools is imported before it is asked for, and each distinct word is
analysed once in a process.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.arabic import lookup_form
from analysis.blocks import Block, Ints
from analysis.errors import InputError
from analysis.lexicon import Lexicon
from analysis.matching import MatchedTerm, Matcher, compile_lexicons
from analysis.spellings import SpellingFinder, make_finder
from analysis.word_forms import broken_plurals, is_lookalike
from analysis.word_table import Words

DATABASE = "calima-msa-r13"
# Parts of speech an entry of a lexicon may have that is not a verb.
_NOMINAL = frozenset(
    ["noun", "adj", "noun_prop", "noun_quant", "noun_num", "adj_comp", "adj_num", "adv"]
)
_PROCLITICS = ("prc1", "prc2", "prc3")


class Reading(NamedTuple):
    """One way to read a word: its lemma with vowel marks, part of speech, root and frequency.

    `frequency` is the decimal logarithm of how often words of this lemma and part of speech
    stand in the texts that the database was made from; minus infinity where it does not say.
    """

    lemma: str
    pos: str
    root: str
    frequency: float


class Lemmas(NamedTuple):
    """The lemmas a word may belong to, and among them the most frequent."""

    possible: frozenset[str]
    likely: frozenset[str]


def find_lemmas(word: str, *, verb: bool = False) -> Lemmas:
    """Return the lemmas, with vowel marks, that the morphology gives a word.

    Only nouns and adjectives, or verbs, are asked for. A word that is not in the database has
    no lemma. Raises InputError when CAMeL Tools or its database is not installed.
    """
    readings = find_readings(word)
    if verb:
        kinds = frozenset(["verb"])
    else:
        kinds = frozenset(["noun_prop"]) if is_lookalike(word) else _NOMINAL
    chosen = [reading for reading in readings if reading.pos in kinds]
    most = max((reading.frequency for reading in readings), default=0)
    return Lemmas(
        frozenset(reading.lemma for reading in chosen),
        frozenset(reading.lemma for reading in chosen if reading.frequency >= most),
    )


@functools.lru_cache(maxsize=2**20)
def find_readings(word: str) -> tuple[Reading, ...]:
    """Return the ways to read a word, each lemma and part of speech once.

    Left out, when there are others, are readings that spell the word otherwise than it stands
    (شرطة as «its condition», شرطه); that take ي for «my» or the ending of a dual, where
    news nearly always means the nisba; and that split off a one-letter word where the whole
    is a lemma (كمين is no «like» with مين).

    Raises InputError when CAMeL Tools or its database is not installed.
    """
    written = lookup_form(word)
    found = list(load_morphology().analyze(word))
    found = [a for a in found if "1s" not in (a.get("enc0") or "")] or found
    found = [a for a in found if lookup_form(a["diac"]) == written] or found
    if written.endswith("ي"):
        found = [a for a in found if lookup_form(a["stem"]).endswith("ي")] or found
    if any(lookup_form(a["lex"]) == written for a in found):
        found = [a for a in found if not any(_is_split_off(a, place) for place in _PROCLITICS)]
    readings = dict.fromkeys(
        Reading(a["lex"], a["pos"], a.get("root") or "", float(a["pos_lex_freq"] or "-inf"))
        for a in found
    )
    return tuple(readings)


def _is_split_off(analysis: dict[str, Any], place: str) -> bool:
    return analysis.get(place) not in (None, "0", "na")


@functools.cache
def load_morphology() -> Any:
    """Return CAMeL Tools' analyser; raise InputError when it or its database is missing."""
    # CAMeL Tools, imported without its data, tries to download it and fails with a traceback.
    folder = Path(os.environ.get("CAMELTOOLS_DATA") or Path.home() / ".camel_tools")
    database = folder / "data" / "morphology_db" / DATABASE / "morphology.db"
    if not database.is_file():
        raise InputError(
            f"the morphology of CAMeL Tools is not installed: there is no {database}; install "
            "it with `camel_data -i morphology-db-msa-r13`, or set CAMELTOOLS_DATA to the folder "
            "that holds it."
        )
    try:
        from camel_tools.morphology.analyzer import Analyzer
        from camel_tools.morphology.database import MorphologyDB
    except ImportError:
        raise InputError(
            "CAMeL Tools is not installed; install it with `pip install 'khitab[morphology]'`."
        ) from None
    return Analyzer(MorphologyDB(str(database), "a"))


@functools.lru_cache(maxsize=8)
def compile_lexicons_by_lemma(lexicons: tuple[Lexicon, ...]) -> Matcher:
    """Make lexicons ready for `find_terms_in`, single words matched by lemma.

    A word is found by an entry when the entry is spelled like the word's most frequent
    lemma; or when the rules of `clitics.yml` find it and the morphology does not know the
    word, does not know the entry as a lemma, or allows the entry among the word's lemmas.
    Phrases, names and exact entries are matched by the rules.

    Raises InputError when CAMeL Tools or its database is not installed.
    """
    load_morphology()
    matcher = compile_lexicons(lexicons)
    codes = _CodesByLemma(matcher.terms, matcher.of_terms)
    return replace(matcher, of_terms=make_finder(matcher.of_terms.spellings, codes))


class _CodesByLemma:
    """Codes by form, corrected by lemma."""

    def __init__(self, terms: Sequence[MatchedTerm], by_form: SpellingFinder) -> None:
        self._by_form = by_form.codes
        self.book = by_form.codes.book
        self._code_of_word: dict[tuple[str, int], int] = {}
        self._entries = {False: _EntryLemmas({}, {}), True: _EntryLemmas({}, {})}
        for owner, text, slots in by_form.spellings:
            pos = terms[owner].term.pos
            if len(slots) == 1 and pos not in ("name", "exact"):
                self._entries[pos == "verb"].add(text, slots[0], verb=pos == "verb")

    def of_words(self, block: Block, words: Words, chosen: Ints | None = None) -> Ints:
        """Return the code of every word of a block; 0 for those that are not chosen."""
        by_form = self._by_form.of_words(block, words, chosen).tolist()
        written = zip(block.written_words(), by_form, strict=True)
        codes = np.array([self._code_of(word, code) for word, code in written], np.int64)
        if chosen is not None:
            codes[np.setdiff1d(np.arange(len(codes)), chosen)] = 0
        return codes

    def _code_of(self, word: str, code: int) -> int:
        if (word, code) not in self._code_of_word:
            slots = self.book.slots_of_code[code]
            for verb, entries in self._entries.items():
                if entries.lemmas:
                    slots = entries.correct(slots, find_lemmas(word, verb=verb))
            self._code_of_word[word, code] = self.book.code_of(slots)
        return self._code_of_word[word, code]


class _EntryLemmas(NamedTuple):
    """Of the entries of a lexicon: the lemmas each slot allows, the slots of each lemma."""

    lemmas: dict[int, frozenset[str]]
    slots: dict[str, set[int]]

    def add(self, word: str, slot: int, *, verb: bool) -> None:
        """Note the lemmas that are spelled like an entry, and those like its broken plurals."""
        own = _lemmas_spelled(word, verb=verb)
        for lemma in own:
            self.slots.setdefault(lemma, set()).add(slot)
        plurals = (_lemmas_spelled(plural, verb=verb) for plural in broken_plurals(word))
        if allowed := own.union(*plurals):
            self.lemmas[slot] = allowed

    def correct(self, by_rule: frozenset[int], found: Lemmas) -> frozenset[int]:
        """Return the slots a word with these lemmas fills."""
        refused = {
            slot
            for slot in by_rule & self.lemmas.keys()
            if found.possible and self.lemmas[slot].isdisjoint(found.possible)
        }
        return (by_rule - refused).union(*(self.slots.get(lemma, ()) for lemma in found.likely))


def _lemmas_spelled(word: str, *, verb: bool) -> frozenset[str]:
    written = lookup_form(word)
    possible = find_lemmas(word, verb=verb).possible
    return frozenset(lemma for lemma in possible if lookup_form(lemma) == written)
