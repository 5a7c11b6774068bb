"""Which of the places where terms stand count: contexts that are asked for, and that cancel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.blocks import Block, Bools, Ints


class Conditions(NamedTuple):
    """The contexts a term asks for, and those that cancel it, by number."""

    near: tuple[int, ...]
    not_near: tuple[int, ...]
    not_before: tuple[int, ...]
    not_after: tuple[int, ...]


class Places(NamedTuple):
    """Where spellings stand in a block: whose each is, its first and its last word."""

    owner: Ints
    first: Ints
    last: Ints

    def choose(self, which: Bools | Ints) -> Places:
        """Return some of the places."""
        return Places(self.owner[which], self.first[which], self.last[which])


class _Contexts:
    """The contexts found in a block, in its order, to be asked by their numbers."""

    def __init__(self, places: Places, block: Block, number_of_contexts: int) -> None:
        self._places = places.choose(np.argsort(places.first, kind="stable"))
        self._sentence = block.sentence_of(self._places.first)
        self._by_owner = np.argsort(self._places.owner, kind="stable")
        counts = np.bincount(self._places.owner, minlength=number_of_contexts)
        self._bounds = np.concatenate([[0], np.cumsum(counts)]).tolist()
        self._chosen: dict[tuple[int, ...], tuple[Ints, Ints, Ints]] = {}

    def choose(self, numbers: tuple[int, ...]) -> tuple[Ints, Ints, Ints]:
        """Return first word, last word and sentence of some contexts, each sorted."""
        if numbers not in self._chosen:
            bounds = [(self._bounds[n], self._bounds[n + 1]) for n in numbers]
            found = [self._by_owner[begin:end] for begin, end in bounds if begin < end]
            which = np.sort(np.concatenate([np.zeros(0, np.int64), *found]))
            _, first, last = self._places.choose(which)
            self._chosen[numbers] = first, np.sort(last), self._sentence[which]
        return self._chosen[numbers]

    def stand_near(
        self, numbers: tuple[int, ...], sentence: Ints, first: Ints, last: Ints
    ) -> Bools:
        """Say of places whether one of the contexts stands in the sentence, outside the place."""
        firsts, lasts, sentences = self.choose(numbers)
        in_sentence = sentences.searchsorted(sentence, "right") - sentences.searchsorted(sentence)
        inside = firsts.searchsorted(last, "right") - lasts.searchsorted(first)
        return np.asarray(in_sentence > inside)


def asks_for_contexts(terms: Places, conditions: Sequence[Conditions]) -> Bools:
    """Say of every place of a term whether the term has conditions."""
    has_conditions = np.fromiter(map(any, conditions), np.bool_, len(conditions))
    return np.asarray(has_conditions[terms.owner])


def check_conditions(
    terms: Places, contexts: Places, conditions: Sequence[Conditions], block: Block
) -> Bools:
    """Say of every place of a term whether its conditions hold there.

    `conditions` are those of every term, by number.
    """
    holds = np.ones(len(terms.owner), np.bool_)
    checked = np.flatnonzero(asks_for_contexts(terms, conditions))
    checked = checked[np.argsort(terms.owner[checked], kind="stable")]
    sentence = block.sentence_of(terms.first[checked])
    numbers = (number for each in conditions for listed in each for number in listed)
    found = _Contexts(contexts, block, 1 + max(numbers, default=0))
    bounds = np.flatnonzero(np.diff(terms.owner[checked], prepend=-1, append=-1))
    for begin, end in pairwise(bounds.tolist()):
        places = checked[begin:end]
        owner, first, last = terms.choose(places)
        near, not_near, not_before, not_after = conditions[owner[0]]
        here = np.ones(len(places), np.bool_)
        if near:
            here &= found.stand_near(near, sentence[begin:end], first, last)
        if not_near:
            here &= ~found.stand_near(not_near, sentence[begin:end], first, last)
        if not_before:
            here &= ~_is_joined(first - 1, found.choose(not_before)[1], first - 1, block)
        if not_after:
            here &= ~_is_joined(last + 1, found.choose(not_after)[0], last, block)
        holds[places] = here
    return holds


def _is_joined(places: Ints, words: Ints, joints: Ints, block: Block) -> Bools:
    """Say of places whether they are among the sorted words, and joined there to the term."""
    found = np.append(words, -2)[words.searchsorted(places)] == places
    found[found] = block.joins_next(joints[found])
    return np.asarray(found)
