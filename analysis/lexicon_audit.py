"""Audit a lexicon against a corpus: what each term finds, doubtful hits, missed forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from analysis.arabic import WORD, lookup_form
from analysis.cleaning import mask_text
from analysis.concordance import quote_in_line
from analysis.entry_lemmas import (
    SEPARATOR,
    Entry,
    count_arabic_words,
    find_covered,
    most_frequent,
    read_entry,
    read_word,
)
from analysis.errors import require_at_least
from analysis.lexicon import Lexicon, Term, choose_lexicons, is_arabic_phrase
from analysis.matching import Matcher, compile_lexicons, find_terms_in
from analysis.morphology import load_morphology
from analysis.tables import Columns, make_table, require_columns

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
    require_at_least(0, examples, name="examples")
    require_at_least(1, min_frequency, name="min_frequency")
    load_morphology()
    texts = list(map(mask_text, articles["text"], articles["skip"]))
    chosen = choose_lexicons(lexicons)
    matcher = compile_lexicons(chosen)
    entries = [read_entry(term, category) for term, category, _ in matcher.terms]
    words = list(count_arabic_words(texts, min_frequency))
    missed = _find_missed(words, entries, find_covered(words, chosen), progress=progress)
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


def _find_missed(
    words: Iterable[str],
    entries: Sequence[Entry],
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
        readings = most_frequent(read_word(word))
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
    entries: Sequence[Entry],
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


def _judge(form: str, entry: Entry, *, is_found: bool) -> dict[str, object]:
    """Return the lemmas of a form, and whether it is doubtful that the entry means it."""
    readings = read_word(form) if is_arabic_phrase(form) and " " not in form else []
    lemmas = list(dict.fromkeys(reading.lemma for reading in readings))
    likely = {reading.lemma for reading in most_frequent(readings)}
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
    drawn["line"] = [quote_in_line(texts[text], start, end) for text, start, end in spans]
    lines = drawn.groupby(keys)["line"].agg("\n".join)
    return lines.reindex(pd.MultiIndex.from_frame(places[keys].drop_duplicates()), fill_value="")
