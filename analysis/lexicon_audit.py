"""Audit a lexicon against a corpus: doubtful hits, missed forms, terms to add.

All of it asks CAMeL Tools' morphology about the distinct words of the corpus, each once in
a process (see `analysis.morphology`).
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm.auto import tqdm

from analysis.arabic import MARKS, WORD, lookup_form, split_sentences
from analysis.blocks import Bools, Ints
from analysis.cleaning import mask_text
from analysis.errors import InputError, require_choice
from analysis.lexicon import (
    Category,
    Exceptions,
    Lexicon,
    Term,
    is_arabic_phrase,
    load_lexicons,
)
from analysis.matching import Found, Matcher, compile_lexicons, find_terms_in
from analysis.morphology import Reading, find_readings, load_morphology
from analysis.tables import Columns, make_table, require_columns
from analysis.word_forms import broken_plurals, is_lookalike

AUDIT: Columns = {
    "category": "str",
    "subcategory": "str",
    "term": "str",
    "form": "str",
    "status": "str",
    "hits": "int64",
    "share": "float64",
    "articles": "int64",
    "lemma": "str",
    "other_lemmas": "str",
    "doubtful": "bool",
    "examples": "str",
}
AUDIT_SUMMARY: Columns = {
    "category": "str",
    "subcategory": "str",
    "term": "str",
    "hits": "int64",
    "forms": "int64",
    "analysed_hits": "int64",
    "doubtful_hits": "int64",
    "doubtful_share": "float64",
    "missed_forms": "int64",
    "missed_hits": "int64",
}
SUGGESTIONS: Columns = {
    "category": "str",
    "term": "str",
    "lemma": "str",
    "pos": "str",
    "reason": "str",
    "entries": "str",
    "forms": "str",
    "hits": "int64",
    "tokens": "int64",
    "articles": "int64",
    "rest_hits": "int64",
    "rest_tokens": "int64",
    "all_articles": "int64",
    "g2": "float64",
    "log_ratio": "float64",
    "example": "str",
}
SEPARATOR = "، "
"""Stands between the lemmas or forms of one cell."""

CONTEXT = 60
"""Characters of an example on either side of the word, cut to whole words."""

_MARKS = re.compile(f"[{MARKS}\u0640]")
# Parts of speech, as CAMeL Tools names them, of words with a meaning of their own.
_CONTENT = frozenset(["noun", "adj", "adj_comp", "verb", "noun_prop", "abbrev"])
_SHOWN_FORMS = 3
_Floats = npt.NDArray[np.float64]


class _Entry(NamedTuple):
    """A term and the lemmas of its single-word spellings.

    `own` are all lemmas that it may mean, `sought` the most frequent of those that are
    spelled like it: forms of these are missed when the term does not find them.
    """

    term: Term
    category: Category
    own: frozenset[str]
    sought: tuple[Reading, ...]


def audit_lexicon(
    articles: pd.DataFrame,
    *,
    lexicons: Sequence[Lexicon] | None = None,
    examples: int = 3,
    min_frequency: int = 2,
    seed: int = 0,
    progress: bool = False,
) -> pd.DataFrame:
    """Show what each term of a lexicon finds in a corpus, wrongly perhaps, and what it misses.

    Forms are told apart by `lookup_form` and shown as they are written most often. A form is
    found when the rules and conditions of `find_themes` find it. It is doubtful when its most
    frequent lemma is none of the term's own: those spelled like the term, one of its `forms`
    or a broken plural (البحار, mostly «the seas», for بحار, «sailor»). A form is missed when
    its most frequent lemma is the term's and no term of the category can find it in any
    context: a broken plural above all. Missed forms are looked for among the words that stand
    `min_frequency` times or more in the corpus; terms that are phrases or whose `pos` is name
    or exact have none.

    Only distinct words are analysed, about 1,500 in a second: of 30,000 articles a minute and
    a half with the words that stand twice or more, two and a half with all.

    Returns one row per category, term and form, in the order of the lexicons, of a term the
    found forms first, the most frequent first: `category`, `subcategory`, `term`, `form`;
    `status`: found, missed, or absent for a term that is nowhere found; `hits`: of a found
    form the mentions of the term, of a missed form all its occurrences; `share` of the term's
    hits, the DENOMINATOR, missing where the form is not found; `articles` with such hits;
    `lemma`, the most frequent, and `other_lemmas` the form could be, by frequency, both empty
    for a phrase and for a word that the morphology does not know; `doubtful`; `examples`: up
    to `examples` lines with the form in brackets, each of another article, drawn by `seed`.

    What it misses on purpose: the context. Doubt is about the word alone, so a homonym whose
    lemma is the term's own (القاعدة) is not doubtful; and CAMeL's frequencies are of news in
    general.

    Raises InputError when CAMeL Tools or its database is not installed, and for a number
    below 0 in `examples` or below 1 in `min_frequency`.

        audit = audit_lexicon(articles, lexicons=load_lexicons("mine.yml"))
        audit[(audit["term"] == "بحار") & audit["doubtful"]]
    """
    require_columns(articles, ["text", "skip"], name="articles")
    _require_at_least(0, examples, name="examples")
    _require_at_least(1, min_frequency, name="min_frequency")
    load_morphology()
    texts = list(map(mask_text, articles["text"], articles["skip"]))
    chosen = _chosen(lexicons)
    matcher = compile_lexicons(chosen)
    entries = [_read_entry(term, category) for term, category, _ in matcher.terms]
    words = list(_count_words(texts, min_frequency))
    missed = _find_missed(words, entries, _find_covered(words, chosen), progress=progress)
    places = pd.concat(
        [_found_places(texts, matcher), _missed_places(texts, missed)], ignore_index=True
    )
    return make_table(_audit_rows(texts, entries, places, examples, seed), AUDIT)


def summarise_audit(audit: pd.DataFrame) -> pd.DataFrame:
    """Return one row per term of an audit: how much of it is doubtful, how much is missed.

    Columns: `category`, `subcategory`, `term`; `hits`, mentions of the term, and `forms`,
    how many it was found in; `analysed_hits`, those whose form has a lemma, the DENOMINATOR
    of `doubtful_share`; `doubtful_hits`; `missed_forms` and their occurrences `missed_hits`.
    Sorted by doubtful hits, then by missed hits, then in the order of the audit: what would
    change the counts most stands first. The share is missing where nothing was analysed.

    Raises InputError when a column is missing.

    >>> found = {"category": "sea", "subcategory": "", "term": "بحار", "status": "found"}
    >>> audit = pd.DataFrame(
    ...     [
    ...         found | {"form": "بحارة", "hits": 3, "lemma": "بَحّار", "doubtful": False},
    ...         found | {"form": "البحار", "hits": 1, "lemma": "بَحْر", "doubtful": True},
    ...     ]
    ... )
    >>> summarise_audit(audit)[["term", "hits", "doubtful_hits", "doubtful_share"]].values.tolist()
    [['بحار', 4, 1, 0.25]]
    """
    keys = ["category", "subcategory", "term"]
    require_columns(audit, [*keys, "status", "hits", "lemma", "doubtful"], name="audit")
    is_found, is_missed = audit["status"] == "found", audit["status"] == "missed"
    hits = audit["hits"]
    counted = audit[keys].assign(
        hits=hits.where(is_found, 0),
        forms=is_found.astype("int64"),
        analysed_hits=hits.where(is_found & (audit["lemma"] != ""), 0),
        doubtful_hits=hits.where(is_found & audit["doubtful"], 0),
        missed_forms=is_missed.astype("int64"),
        missed_hits=hits.where(is_missed, 0),
    )
    summary = counted.groupby(keys, sort=False).sum().reset_index()
    summary["doubtful_share"] = summary["doubtful_hits"] / summary["analysed_hits"]
    summary = summary.sort_values(
        ["doubtful_hits", "missed_hits"], ascending=False, kind="stable", ignore_index=True
    )
    return summary[list(AUDIT_SUMMARY)].astype(dict(AUDIT_SUMMARY))


def show_audit(audit: pd.DataFrame) -> str:
    """Return an audit as text to read on a screen, the terms with most doubtful hits first.

    Terms that stand nowhere in the corpus are listed at the end. Of each form is said how often
    it stands, and what else it could be; one example is shown.
    """
    summary = summarise_audit(audit)
    is_anywhere = (summary["hits"] > 0) | (summary["missed_hits"] > 0)
    of_term: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in _records(audit):
        of_term.setdefault((row["category"], row["term"]), []).append(row)
    lines: list[str] = []
    for term in _records(summary[is_anywhere]):
        doubtful = f"{term['doubtful_hits']} of {term['analysed_hits']} analysed doubtful"
        lines += ["", f"{term['category']} · {term['term']} · hits: {term['hits']}, {doubtful}"]
        for row in of_term[term["category"], term["term"]]:
            mark = "missed: " if row["status"] == "missed" else "? " if row["doubtful"] else ""
            others = f" (or: {row['other_lemmas']})" if row["other_lemmas"] else ""
            lines.append(f"  {mark}{row['form']} {row['hits']}{others}")
            if mark and row["examples"]:
                lines.append(f"      {row['examples'].splitlines()[0]}")
    nowhere = summary.loc[~is_anywhere, "term"]
    return "\n".join([*lines, "", f"Nowhere in these articles: {'، '.join(nowhere) or '—'}"])


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def suggest_terms(
    articles: pd.DataFrame,
    *,
    lexicons: Sequence[Lexicon] | None = None,
    category: str | None = None,
    limit: int = 50,
    min_frequency: int = 2,
    min_articles: int = 5,
    seed: int = 0,
    progress: bool = False,
) -> pd.DataFrame:
    """Propose terms to add to each category of a lexicon, or to the one named.

    Words are counted by their most frequent lemma; a word that the morphology does not know,
    mostly a name, counts as it is written. Function words, numerals, words that a term of the
    category finds in some context and all forms of its lemmas are left out. The reasons, in
    order:

    1. `root`: the lemma has the root of a single-word entry (تهديد, مهدد) and stands in
       `min_articles` articles of the corpus.
    2. `keyness`: it is more frequent in the sentences that mention the category than in all
       others, in `min_articles` articles, with a G2 above 15.13 (p < 0.0001).

    G2 is the log-likelihood ratio of the two-by-two table of hits and other words (Dunning
    1993, Accurate methods for the statistics of surprise and coincidence, Computational
    Linguistics 19). The log ratio is the effect size, 1 for twice as frequent (Hardie 2014,
    Log Ratio), here with one more hit, spread over both as their words are. Mentions
    themselves are no part of the sentences. Words that stand fewer than `min_frequency` times
    are not analysed.

    Returns up to `limit` rows per category and reason, the highest log ratio first: `category`;
    `term`, as an entry would be spelled; `lemma` and `pos`, empty for an unknown word;
    `reason`; `entries` of the same root; its most frequent `forms`; `hits` in the sentences
    that mention the category, out of `tokens`, their words; `articles` with such hits;
    `rest_hits` out of `rest_tokens` in all other sentences; `all_articles` that hold the
    lemma; `g2`, `log_ratio`; `example`, a line drawn by `seed` from those sentences, or from
    any where it never stands in them.

    What it misses on purpose: phrases, and whether a word belongs to the category: G2 finds
    company, not meaning. Words of one sentence are no independent sample, so that G2 sorts
    and does not test.

    Raises InputError when CAMeL Tools or its database is not installed, when the lexicons do
    not hold `category`, and for an option below 1.

        suggest_terms(articles, category="migration", limit=20)[["term", "reason", "example"]]
    """
    require_columns(articles, ["text", "skip"], name="articles")
    options = {"limit": limit, "min_frequency": min_frequency, "min_articles": min_articles}
    for name, value in options.items():
        _require_at_least(1, value, name=name)
    chosen = _chosen(lexicons)
    matcher = compile_lexicons(chosen)
    names = list(dict.fromkeys(matched.category.name for matched in matcher.terms))
    if category is not None:
        require_choice(category, names, name="category")
    load_morphology()
    texts = list(map(mask_text, articles["text"], articles["skip"]))
    words = _count_words(texts, min_frequency)
    vocabulary = _read_vocabulary(words, progress=progress)
    covered = _find_covered(list(words), chosen)
    wanted = [name for name in names if category in (None, name)]
    mentions = _mentions_by_category(find_terms_in(texts, matcher), matcher, wanted)
    proposals: dict[str, list[_Proposal]] = {}
    for name, counts in _count_near(texts, mentions, vocabulary).items():
        entries = [_read_entry(term, of) for term, of, _ in matcher.terms if of.name == name]
        is_new = _are_new(vocabulary, entries, covered[name])
        proposals[name] = _propose(vocabulary, entries, is_new, counts, limit, min_articles)
    places = _draw_places(texts, mentions, vocabulary, proposals, seed)
    rows = (
        _suggestion_row(name, proposal, vocabulary, _in_context(texts[text], start, end))
        for name, proposed in proposals.items()
        for proposal, (text, start, end) in zip(proposed, places[name], strict=True)
    )
    return make_table(rows, SUGGESTIONS)


def _chosen(lexicons: Sequence[Lexicon] | None) -> tuple[Lexicon, ...]:
    return load_lexicons() if lexicons is None else tuple(lexicons)


def _require_at_least(least: int, value: int, *, name: str) -> None:
    if value < least:
        raise InputError(f"{name} is {value!r}; give a whole number, {least} or more.")


# Words and lemmas.


def _plain(word: str) -> str:
    return _MARKS.sub("", word)


def _count_words(texts: Iterable[str], min_frequency: int) -> Counter[str]:
    """Count the Arabic words of texts as they are written, rare ones left out."""
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(WORD.findall(text))
    spelled: Counter[str] = Counter()
    for word, count in counted.items():
        spelled[lookup_form(word)] += count
    return Counter(
        {
            word: count
            for word, count in counted.items()
            if spelled[lookup_form(word)] >= min_frequency and is_arabic_phrase(word)
        }
    )


def _read(word: str) -> list[Reading]:
    """Return what a word may be, the most frequent first; nothing when it is unknown."""
    readings = find_readings(_plain(word))
    names = [reading for reading in readings if reading.pos == "noun_prop"]
    if is_lookalike(word) and names:
        return names
    return sorted(readings, key=lambda reading: (-reading.frequency, reading))


def _most_frequent(readings: Sequence[Reading]) -> list[Reading]:
    return [reading for reading in readings if reading.frequency == readings[0].frequency]


@functools.lru_cache(maxsize=8192)
def _read_entry(term: Term, category: Category) -> _Entry:
    words = [spelling for spelling in (term.term, *term.forms) if " " not in spelling]
    own: set[str] = set()
    sought: list[Reading] = []
    for word in words:
        readings = _read_as(word, term.pos)
        spelled = _spelled_like(word, readings)
        own.update(reading.lemma for reading in spelled or _most_frequent(readings))
        if term.pos not in ("name", "exact"):
            is_verb = term.pos == "verb"
            sought += [r for r in _most_frequent(spelled) if (r.pos == "verb") == is_verb]
        for plural in broken_plurals(word):
            plurals = _spelled_like(plural, _read_as(plural, term.pos))
            own.update(reading.lemma for reading in plurals)
    return _Entry(term, category, frozenset(own), tuple(sought))


def _read_as(word: str, pos: str | None) -> list[Reading]:
    """Return the readings of an entry as a verb, or as anything else, where it has such."""
    readings = _read(word)
    if pos in ("name", "exact"):
        return readings
    return [found for found in readings if (found.pos == "verb") == (pos == "verb")] or readings


def _spelled_like(word: str, readings: Iterable[Reading]) -> list[Reading]:
    written = lookup_form(word)
    return [reading for reading in readings if lookup_form(reading.lemma) == written]


def _find_covered(words: Sequence[str], lexicons: Iterable[Lexicon]) -> dict[str, frozenset[str]]:
    """Return for each category the words that one of its terms finds in some context."""
    bare = tuple(
        replace(lexicon, categories=tuple(map(_without_conditions, lexicon.categories)))
        for lexicon in lexicons
    )
    matcher = compile_lexicons(bare)
    found = find_terms_in(words, matcher)
    covered: dict[str, set[str]] = {category.name: set() for _, category, _ in matcher.terms}
    for word, term in zip(found.text.tolist(), found.term.tolist(), strict=True):
        covered[matcher.terms[term].category.name].add(words[word])
    return {name: frozenset(of_category) for name, of_category in covered.items()}


def _without_conditions(category: Category) -> Category:
    terms = (replace(term, near=(), exceptions=Exceptions()) for term in category.terms)
    return replace(category, terms=tuple(terms))


# The audit.


def _find_missed(
    words: Iterable[str],
    entries: Sequence[_Entry],
    covered: Mapping[str, frozenset[str]],
    *,
    progress: bool,
) -> dict[str, list[int]]:
    """Return for each word that is missed the numbers of the entries that miss it."""
    seekers: dict[tuple[str, bool], dict[str, int]] = defaultdict(dict)
    for number, entry in enumerate(entries):
        for reading in entry.sought:
            key = (reading.lemma, reading.pos == "verb")
            seekers[key].setdefault(entry.category.name, number)
    missed: dict[str, list[int]] = {}
    for word in tqdm(words, disable=not progress, unit=" words"):
        readings = _most_frequent(_read(word))
        by_category = {
            category: number
            for reading in readings
            for category, number in seekers.get((reading.lemma, reading.pos == "verb"), {}).items()
            if word not in covered[category]
        }
        if by_category:
            missed[word] = list(by_category.values())
    return missed


def _found_places(texts: Sequence[str], matcher: Matcher) -> pd.DataFrame:
    found = find_terms_in(texts, matcher)
    places = zip(found.text.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    return pd.DataFrame(
        {
            "entry": found.term,
            "status": "found",
            "text": found.text,
            "start": found.start,
            "end": found.end,
            "surface": [
                " ".join(texts[number][start:end].split()) for number, start, end in places
            ],
        }
    )


def _missed_places(texts: Sequence[str], missed: Mapping[str, Sequence[int]]) -> pd.DataFrame:
    rows = [
        (entry, "missed", number, *word.span(), word.group())
        for number, text in enumerate(texts if missed else ())
        for word in WORD.finditer(text)
        for entry in missed.get(word.group(), ())
    ]
    return pd.DataFrame(rows, columns=["entry", "status", "text", "start", "end", "surface"])


def _audit_rows(
    texts: Sequence[str],
    entries: Sequence[_Entry],
    places: pd.DataFrame,
    examples: int,
    seed: int,
) -> Iterator[dict[str, object]]:
    lookup = {surface: lookup_form(surface) for surface in places["surface"].unique()}
    places["form"] = places["surface"].map(lookup)
    keys = ["entry", "status", "form"]
    forms = places.groupby(keys).agg(hits=("text", "size"), articles=("text", "nunique"))
    forms["shown"] = _most_written(places, keys)
    forms["examples"] = _draw_examples(texts, places, keys, examples, seed)
    forms = forms.reset_index().sort_values(
        ["entry", "status", "hits", "form"], ascending=[True, True, False, True]
    )
    found = forms[forms["status"] == "found"]
    totals = found.groupby("entry")["hits"].sum()
    by_entry = dict(list(forms.groupby("entry")))
    for number, entry in enumerate(entries):
        heading = {
            "category": entry.category.name,
            "subcategory": entry.term.subcategory,
            "term": entry.term.term,
        }
        if number not in totals.index:
            yield heading | _absent_row(entry.term)
        for row in by_entry.get(number, forms[:0]).to_dict("records"):
            is_found = row["status"] == "found"
            share = row["hits"] / totals[number] if is_found else np.nan
            judged = _judge(row["shown"], entry, is_found=is_found)
            counts = {name: row[name] for name in ("status", "hits", "articles", "examples")}
            yield heading | counts | judged | {"form": row["shown"], "share": share}


def _absent_row(term: Term) -> dict[str, object]:
    empty = dict.fromkeys(("lemma", "other_lemmas", "examples"), "")
    counts = {"hits": 0, "articles": 0, "share": np.nan}
    return {"form": term.term, "status": "absent", "doubtful": False, **counts, **empty}


def _judge(form: str, entry: _Entry, *, is_found: bool) -> dict[str, object]:
    """Return the lemmas of a form, and whether it is doubtful that the entry means it."""
    readings = _read(form) if is_arabic_phrase(form) and " " not in form else []
    lemmas = list(dict.fromkeys(reading.lemma for reading in readings))
    likely = {reading.lemma for reading in _most_frequent(readings)}
    return {
        "lemma": "".join(lemmas[:1]),
        "other_lemmas": SEPARATOR.join(lemmas[1:]),
        "doubtful": is_found and bool(readings) and entry.own.isdisjoint(likely),
    }


def _most_written(places: pd.DataFrame, keys: list[str]) -> pd.Series[str]:
    """Return the most frequent surface of each form."""
    written = places.groupby([*keys, "surface"]).size().rename("count").reset_index()
    written = written.sort_values(["count", "surface"], ascending=[False, True])
    return written.drop_duplicates(keys).set_index(keys)["surface"]


def _draw_examples(
    texts: Sequence[str], places: pd.DataFrame, keys: list[str], number: int, seed: int
) -> pd.Series[str]:
    """Return for each form some lines of different articles, one below the other."""
    drawn = places.sample(frac=1, random_state=seed).drop_duplicates([*keys, "text"])
    drawn = drawn.groupby(keys).head(number).sort_values(["text", "start"])
    spans = drawn[["text", "start", "end"]].itertuples(index=False)
    drawn["line"] = [_in_context(texts[text], start, end) for text, start, end in spans]
    lines = drawn.groupby(keys)["line"].agg("\n".join)
    return lines.reindex(pd.MultiIndex.from_frame(places[keys].drop_duplicates()), fill_value="")


def _in_context(text: str, start: int, end: int) -> str:
    """Return a place in brackets between the words around it, on one line."""
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    if start > CONTEXT and not text[start - CONTEXT - 1].isspace():
        before = before.split(maxsplit=1)[-1]
    if end + CONTEXT < len(text) and not text[end + CONTEXT].isspace():
        after = after.rsplit(maxsplit=1)[0]
    return " ".join(f"{before}[{text[start:end]}]{after}".split())


# Suggestions.


class _Vocabulary(NamedTuple):
    """The lexemes of a corpus: lemmas, and words that the morphology does not know.

    `lexeme_of` gives the number of the lexeme of a word as it is written, `forms` the
    frequency of the forms of each lexeme.
    """

    lexemes: list[Reading]
    lexeme_of: dict[str, int]
    forms: list[Counter[str]]


class _Counts(NamedTuple):
    """Of each lexeme: hits and articles near the mentions of a category, and elsewhere."""

    hits: Ints
    articles: Ints
    rest_hits: Ints
    all_articles: Ints
    tokens: int
    rest_tokens: int

    def of(self, lexeme: int) -> dict[str, int]:
        """Return the counts of one lexeme, with their denominators."""
        return {
            name: int(column[lexeme] if isinstance(column, np.ndarray) else column)
            for name, column in self._asdict().items()
        }


class _Proposal(NamedTuple):
    lexeme: int
    reason: str
    entries: tuple[str, ...]
    fields: dict[str, float]


def _read_vocabulary(words: Mapping[str, int], *, progress: bool) -> _Vocabulary:
    numbers: dict[tuple[str, str], int] = {}
    vocabulary = _Vocabulary([], {}, [])
    for word, count in tqdm(words.items(), disable=not progress, unit=" words"):
        readings = _read(word)
        lexeme = readings[0] if readings else Reading(lookup_form(word), "", "", 0)
        number = numbers.setdefault((lexeme.lemma, lexeme.pos), len(numbers))
        if number == len(vocabulary.lexemes):
            vocabulary.lexemes.append(lexeme)
            vocabulary.forms.append(Counter())
        vocabulary.lexeme_of[word] = number
        vocabulary.forms[number][_plain(word)] += count
    return vocabulary


class _Mentions(NamedTuple):
    """The mentions of one category: number of the text, `text[start:end]`, in order."""

    text: Ints
    start: Ints
    end: Ints

    def of_text(self, number: int) -> tuple[Ints, Ints]:
        """Return where the mentions of a text start and end."""
        chosen = slice(*np.searchsorted(self.text, [number, number + 1]))
        return self.start[chosen], self.end[chosen]


def _mentions_by_category(
    found: Found, matcher: Matcher, categories: Sequence[str]
) -> dict[str, _Mentions]:
    names = np.array([matched.category.name for matched in matcher.terms])[found.term]
    chosen = {category: names == category for category in categories}
    return {
        category: _Mentions(found.text[is_of], found.start[is_of], found.end[is_of])
        for category, is_of in chosen.items()
    }


class _Words(NamedTuple):
    """The words of a text: where they stand, their lexemes (-1: none), their sentences."""

    starts: Ints
    ends: Ints
    lexemes: Ints
    sentence: Ints
    sentence_starts: Ints

    def choose_near(self, starts: Ints, ends: Ints) -> tuple[Bools, Bools]:
        """Say of words whether they stand in a sentence with a mention, and outside all."""
        mentioning = np.searchsorted(self.sentence_starts, starts, "right")
        opened = np.searchsorted(starts, self.starts, "right")
        closed = np.searchsorted(ends, self.starts, "right")
        return np.isin(self.sentence, mentioning), np.asarray(opened == closed)


def _read_words(text: str, lexeme_of: Mapping[str, int]) -> _Words:
    words = list(WORD.finditer(text))
    spans = np.array([word.span() for word in words], np.int64).reshape(-1, 2)
    lexemes = np.array([lexeme_of.get(word.group(), -1) for word in words], np.int64)
    sentences = np.array([start for start, _ in split_sentences(text)], np.int64)
    sentence = np.searchsorted(sentences, spans[:, 0], "right")
    return _Words(spans[:, 0], spans[:, 1], lexemes, sentence, sentences)


def _count_near(
    texts: Sequence[str], mentions: Mapping[str, _Mentions], vocabulary: _Vocabulary
) -> dict[str, _Counts]:
    size = len(vocabulary.lexemes)
    every, all_articles = np.zeros((2, size + 1), np.int64)
    near, outside, articles = np.zeros((3, len(mentions), size + 1), np.int64)
    for number, text in enumerate(texts):
        words = _read_words(text, vocabulary.lexeme_of)
        np.add.at(every, words.lexemes, 1)
        all_articles[words.lexemes] += 1
        for row, of_category in enumerate(mentions.values()):
            starts, ends = of_category.of_text(number)
            if len(starts):
                is_near, is_outside = words.choose_near(starts, ends)
                np.add.at(near[row], words.lexemes[is_near], 1)
                chosen = words.lexemes[is_near & is_outside]
                np.add.at(outside[row], chosen, 1)
                articles[row, chosen] += 1
    return {
        category: _Counts(
            outside[row, :-1],
            articles[row, :-1],
            every[:-1] - near[row, :-1],
            all_articles[:-1],
            int(outside[row].sum()),
            int(every.sum() - near[row].sum()),
        )
        for row, category in enumerate(mentions)
    }


def _propose(
    vocabulary: _Vocabulary,
    entries: Sequence[_Entry],
    is_new: Sequence[bool],
    counts: _Counts,
    limit: int,
    min_articles: int,
) -> list[_Proposal]:
    g2, log_ratio = _keyness(counts)
    entries_of_root: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for root in dict.fromkeys(reading.root for reading in entry.sought):
            if _is_root(root):
                entries_of_root[root].append(entry.term.term)
    proposals: dict[str, list[_Proposal]] = {"root": [], "keyness": []}
    for lexeme in np.lexsort((-g2, -log_ratio)).tolist():
        reading = vocabulary.lexemes[lexeme]
        same_root = tuple(entries_of_root.get(reading.root, ()))
        is_key = counts.articles[lexeme] >= min_articles and g2[lexeme] > CRITICAL_G2
        if not is_new[lexeme] or counts.all_articles[lexeme] < min_articles:
            continue
        if same_root or (is_key and log_ratio[lexeme] > 0):
            reason = "root" if same_root else "keyness"
            fields = counts.of(lexeme) | {"g2": g2[lexeme], "log_ratio": log_ratio[lexeme]}
            proposals[reason].append(_Proposal(lexeme, reason, same_root, fields))
    return [proposal for listed in proposals.values() for proposal in listed[:limit]]


CRITICAL_G2 = 15.13
"""A G2 above it has p < 0.0001 with one degree of freedom."""


def _keyness(counts: _Counts) -> tuple[_Floats, _Floats]:
    """Return G2 and log ratio of each lexeme."""
    tokens, rest_tokens = float(counts.tokens), float(counts.rest_tokens)
    everything = max(tokens + rest_tokens, 1.0)
    used = (counts.hits + counts.rest_hits).astype(float)
    observed = np.array(
        [counts.hits, counts.rest_hits, tokens - counts.hits, rest_tokens - counts.rest_hits]
    )
    sizes = np.array([[tokens], [rest_tokens]])
    expected = np.vstack([used * sizes, (everything - used) * sizes]) / everything
    is_filled = observed > 0
    ratio = np.divide(observed, expected, out=np.ones_like(observed), where=is_filled)
    g2 = 2 * (observed * np.log(ratio)).sum(axis=0)
    # One more hit, spread as the words are, draws the ratio of rare words towards nothing.
    shares = observed[:2] / np.maximum(sizes, 1.0) + 1.0 / everything
    return g2, np.log2(shares[0] / shares[1])


def _is_root(root: str) -> bool:
    """Say whether a root is one: names have none, and two weak letters fit too many words."""
    return root.count(".") >= 2 and root.count("#") <= 1


def _are_new(
    vocabulary: _Vocabulary, entries: Sequence[_Entry], covered: frozenset[str]
) -> list[bool]:
    """Say of each lexeme whether it has a meaning and the entries know nothing of it."""
    known = frozenset[str]().union(*(entry.own for entry in entries))
    found = {vocabulary.lexeme_of[word] for word in covered}
    return [
        number not in found and reading.pos in (_CONTENT | {""}) and reading.lemma not in known
        for number, reading in enumerate(vocabulary.lexemes)
    ]


def _suggestion_row(
    category: str, proposal: _Proposal, vocabulary: _Vocabulary, example: str
) -> dict[str, object]:
    reading = vocabulary.lexemes[proposal.lexeme]
    forms = vocabulary.forms[proposal.lexeme].most_common(_SHOWN_FORMS)
    return {
        "category": category,
        "term": _plain(reading.lemma).replace("ٱ", "ا"),
        "lemma": reading.lemma if reading.pos else "",
        "pos": reading.pos,
        "reason": proposal.reason,
        "entries": SEPARATOR.join(proposal.entries),
        "forms": SEPARATOR.join(form for form, _ in forms),
        **proposal.fields,
        "example": example,
    }


_Place = tuple[int, int, int]


def _draw_places(
    texts: Sequence[str],
    mentions: Mapping[str, _Mentions],
    vocabulary: _Vocabulary,
    proposals: Mapping[str, Sequence[_Proposal]],
    seed: int,
) -> dict[str, list[_Place]]:
    """Return a place of each proposal, near a mention if its word stands near any."""
    places: dict[str, dict[int, list[_Place]]] = {
        name: {proposal.lexeme: [] for proposal in proposed} for name, proposed in proposals.items()
    }
    anywhere = {
        name: [proposal.lexeme for proposal in proposed if not proposal.fields["hits"]]
        for name, proposed in proposals.items()
    }
    for number, text in enumerate(texts):
        words = _read_words(text, vocabulary.lexeme_of)
        for name, of_category in places.items():
            if not anywhere[name] and not len(mentions[name].of_text(number)[0]):
                continue
            is_near, is_outside = words.choose_near(*mentions[name].of_text(number))
            is_asked = (is_near & is_outside) | np.isin(words.lexemes, anywhere[name])
            for word in np.flatnonzero(is_asked & np.isin(words.lexemes, list(of_category))):
                place = (number, int(words.starts[word]), int(words.ends[word]))
                of_category[int(words.lexemes[word])].append(place)
    generator = np.random.default_rng(seed)
    return {
        name: [listed[generator.integers(len(listed))] for listed in of_category.values()]
        for name, of_category in places.items()
    }
