"""Find many terms in many texts: the hot loop.

Each distinct word of a corpus is folded and looked up once; after that a text costs one
regular expression and one dictionary look-up per word. Phrases, contexts and offsets are
worked out only where the first word of a term stands.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import NamedTuple, TypeVar

from analysis.arabic import WORD, fold, split_sentences
from analysis.lexicon import (
    Category,
    Lexicon,
    Phrase,
    Term,
    all_categories,
    expand_phrase,
)

# What may stand between two words of a phrase: no line break, stop or comma, but a quotation
# mark or bracket may open (تنظيم «داعش»), and a hashtag joins its words with underscores.
_GAP = re.compile("(?:[^\\S\n]|[-–_()\\[\\]\"'«»“”‘’\u200e\u200f])*")

Span = tuple[int, int]
Owner = TypeVar("Owner")
_Place = tuple[Owner, int, int]
"""Whose phrase stands in a text, with its first and last word."""

_fold = functools.lru_cache(maxsize=2**18)(fold)


class Match(NamedTuple):
    """One place where a term stands: `text[start:end]`."""

    category: str
    kind: str
    term: str
    start: int
    end: int


class _Index(dict[str, tuple[tuple[Owner, Phrase], ...]]):
    """For a word as a text writes it: whose phrases start so, and how each goes on.

    It fills itself, so that each distinct word of a corpus is folded once.
    """

    def __init__(self, phrases: Iterable[tuple[Owner, Phrase]]) -> None:
        by_form: dict[str, list[tuple[Owner, Phrase]]] = defaultdict(list)
        for owner, (first, *rest) in phrases:
            start = (owner, tuple(rest))
            for form in first:
                by_form[form].append(start)
        self._by_form = {form: tuple(starts) for form, starts in by_form.items()}

    def __missing__(self, word: str) -> tuple[tuple[Owner, Phrase], ...]:
        self[word] = found = self._by_form.get(fold(word), ())
        return found


class _Entry(NamedTuple):
    category: Category
    term: Term
    asks_neighbours: bool
    asks_sentence: bool
    other_words: frozenset[str]


class Matcher(NamedTuple):
    """Lexicons made ready for `find_matches`: their terms, and the contexts terms ask for."""

    terms: _Index[_Entry]
    contexts: _Index[str]
    longest_context: int


@functools.lru_cache(maxsize=8)
def compile_lexicons(lexicons: tuple[Lexicon, ...]) -> Matcher:
    """Make lexicons ready for `find_matches`: every form of every term, worked out once."""
    entries = [
        _Entry(
            category,
            term,
            bool(term.exceptions.before or term.exceptions.after),
            bool(term.near or term.exceptions.near),
            frozenset(map(fold, term.exceptions.forms)),
        )
        for category in all_categories(lexicons).values()
        for term in category.terms
    ]
    contexts = {
        phrase: None
        for term in (entry.term for entry in entries)
        for phrases in (
            term.near,
            term.exceptions.before,
            term.exceptions.after,
            term.exceptions.near,
        )
        for phrase in phrases
    }
    return Matcher(
        _Index(
            (entry, expand_phrase(spelling, entry.term.pos))
            for entry in entries
            for spelling in (entry.term.term, *entry.term.forms)
        ),
        _Index((phrase, expand_phrase(phrase)) for phrase in contexts),
        max((len(phrase.split()) for phrase in contexts), default=0),
    )


def find_matches(text: str, matcher: Matcher) -> list[Match]:
    """Return the terms found in a text, in order, the longest only where some overlap.

    Categories do not compete: a place may count for several. A phrase may not cross a line
    break, a stop or a comma.

    >>> from analysis.lexicon import load_lexicons
    >>> matcher = compile_lexicons(load_lexicons())
    >>> text = "ناقشا الهجرة غير الشرعية"
    >>> [(m.category, text[m.start:m.end]) for m in find_matches(text, matcher)]
    [('migration', 'الهجرة غير الشرعية')]
    """
    words = WORD.findall(text)
    places = _find_places(words, matcher.terms)
    if not places:
        return []
    spans = list(map(re.Match.span, WORD.finditer(text)))
    places = [
        (entry, first, last)
        for entry, first, last in places
        if _is_joined(text, spans, first, last) and _is_that_word(words[first], entry)
    ]
    places = _drop_cancelled(places, matcher, text, words, spans)
    return [
        Match(category.name, category.kind, term.term, spans[first][0], spans[last][1])
        for (category, term, *_), first, last in _keep_longest(places)
    ]


def _find_places(
    words: Sequence[str], index: _Index[Owner], start: int = 0, end: int | None = None
) -> list[_Place[Owner]]:
    found = list(map(index.__getitem__, words[start:end]))
    return [
        (owner, first, first + len(rest))
        for first, phrases in compress(enumerate(found, start), found)
        for owner, rest in phrases
        if not rest or _continues(words, first + 1, rest)
    ]


def _continues(words: Sequence[str], place: int, rest: Phrase) -> bool:
    for forms in rest:
        if place == len(words) or _fold(words[place]) not in forms:
            return False
        place += 1
    return True


def _is_joined(text: str, spans: Sequence[Span], first: int, last: int) -> bool:
    return first == last or all(
        _GAP.fullmatch(text, spans[i][1], spans[i + 1][0]) for i in range(first, last)
    )


def _is_that_word(word: str, entry: _Entry) -> bool:
    # Hamza is left out carelessly, madda is not put in: آمن (safe) is never أمن (security).
    if "آ" in word and not any("آ" in form for form in (entry.term.term, *entry.term.forms)):
        return False
    return _fold(word) not in entry.other_words


def _drop_cancelled(
    places: Sequence[_Place[_Entry]],
    matcher: Matcher,
    text: str,
    words: Sequence[str],
    spans: Sequence[Span],
) -> list[_Place[_Entry]]:
    bounds: list[int] = []
    kept = []
    for place in places:
        entry, first, last = place
        if entry.asks_sentence:
            bounds = bounds or _sentence_bounds(text, spans)
            sentence = bisect_right(bounds, first)
            contexts = _find_places(words, matcher.contexts, *bounds[sentence - 1 : sentence + 1])
        elif entry.asks_neighbours:
            start = max(0, first - matcher.longest_context)
            contexts = _find_places(words, matcher.contexts, start, last + 2)
        else:
            kept.append(place)
            continue
        if _conditions_hold(place, contexts, text, spans):
            kept.append(place)
    return kept


def _sentence_bounds(text: str, spans: Sequence[Span]) -> list[int]:
    starts = [bisect_left(spans, (start, 0)) for start, _ in split_sentences(text)]
    return [*starts, len(spans)]


def _conditions_hold(
    place: _Place[_Entry], contexts: Sequence[_Place[str]], text: str, spans: Sequence[Span]
) -> bool:
    (_, term, *_), first, last = place
    exceptions = term.exceptions
    is_near = not term.near
    for phrase, start, end in contexts:
        if start <= last and first <= end:
            continue
        if phrase in term.near:
            is_near = True
        if (
            phrase in exceptions.near
            or (
                end + 1 == first
                and phrase in exceptions.before
                and _is_joined(text, spans, start, first)
            )
            or (
                last + 1 == start
                and phrase in exceptions.after
                and _is_joined(text, spans, last, end)
            )
        ):
            return False
    return is_near


def _keep_longest(places: Sequence[_Place[_Entry]]) -> list[_Place[_Entry]]:
    taken: set[tuple[str, int]] = set()
    kept = []
    for place in sorted(places, key=lambda place: (place[1] - place[2], place[1])):
        entry, first, last = place
        own = {(entry.category.name, word) for word in range(first, last + 1)}
        if taken.isdisjoint(own):
            taken |= own
            kept.append(place)
    return sorted(kept, key=lambda place: place[1])
