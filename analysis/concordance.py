"""Words in their context (KWIC): a table in logical order, and its page for right-to-left text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from html import escape

import pandas as pd

from analysis.arabic import WORD, fold
from analysis.cleaning import mask_text
from analysis.data_files import load_words
from analysis.errors import InputError
from analysis.lexicon import (
    Category,
    Lexicon,
    Term,
    all_categories,
    choose_lexicons,
    is_arabic_phrase,
)
from analysis.matching import compile_lexicons, find_terms_in
from analysis.tables import Columns, make_table, require_columns

CONCORDANCE: Columns = {
    "article_id": "str",
    "outlet": "str",
    "published": "datetime64[us]",
    "before": "str",
    "node": "str",
    "after": "str",
    "start": "int64",
    "end": "int64",
    "category": "str",
    "term": "str",
}
CONTEXT = 60
"""Characters of `quote_in_line` on either side of the place, cut to whole words."""

_SHOWN = ["outlet", "published", "before", "node", "after"]


def find_in_context(
    articles: pd.DataFrame,
    word: str,
    *,
    words: int = 8,
    lexicons: Sequence[Lexicon] | None = None,
) -> pd.DataFrame:
    """Find a category, a lexicon term or any Arabic word or phrase, each with its context.

    `word` is, in this order: the name of a category (all its mentions), an entry of the
    lexicons with its forms and exceptions, or any other word or phrase, found as a noun
    would be: with clitics, article and endings. Places inside `skip` are not found and not
    shown in a context.

    Returns one row per occurrence, in the order of the articles and their text:
    `article_id`, `outlet`, `published`, `before` and `after` (up to `words` words of the
    text, line breaks as spaces, in logical order: `before` is what is read first), `node`
    (`text[start:end]`), `start`, `end`, `category` (missing for a word outside the
    lexicons) and `term`.

    Raises InputError when `word` is neither a category nor Arabic, or `words` is negative.

    >>> articles = pd.DataFrame(
    ...     {
    ...         "article_id": ["1"], "outlet": ["صدى المشرق"], "published": [pd.NaT],
    ...         "text": ["زار الوفد المدينة ومدارسها أمس."], "skip": [[]],
    ...     }
    ... )
    >>> find_in_context(articles, "مدينة", words=2)[["before", "node", "after"]].values.tolist()
    [['زار الوفد', 'المدينة', 'ومدارسها أمس']]
    """
    require_columns(
        articles, ["article_id", "outlet", "published", "text", "skip"], name="articles"
    )
    if words < 0:
        raise InputError(f"words is {words!r}; give the number of words of context, 0 or more.")
    lexicons = choose_lexicons(lexicons)
    category = _wanted(word, all_categories(lexicons))
    matcher = compile_lexicons((Lexicon(category.name, 1, (category,)),))
    names = ["article_id", "outlet", "published", "text"]
    columns = [articles[name].tolist() for name in names]
    visible = list(map(mask_text, articles["text"], articles["skip"]))
    found = find_terms_in(visible, matcher)
    rows = []
    shown, spans = -1, list[tuple[int, int]]()
    for number, term, start, end in zip(*(column.tolist() for column in found[:4]), strict=True):
        article_id, outlet, published, text = (column[number] for column in columns)
        if number != shown:
            shown, spans = number, [word.span() for word in WORD.finditer(visible[number])]
        first, last = bisect_left(spans, (start, 0)), bisect_left(spans, (end, 0))
        context = spans[max(0, first - words) : last + words]
        rows.append(
            {
                "article_id": article_id,
                "outlet": outlet,
                "published": published,
                "before": " ".join(visible[number][context[0][0] : start].split()),
                "node": text[start:end],
                "after": " ".join(visible[number][end : context[-1][1]].split()),
                "start": start,
                "end": end,
                "category": category.name or None,
                "term": matcher.terms[term].term.term,
            }
        )
    return make_table(rows, CONCORDANCE)


def _wanted(word: str, categories: dict[str, Category]) -> Category:
    """Return a category of nothing but the entry or phrase asked for."""
    if word in categories:
        return categories[word]
    for category in categories.values():
        for term in category.terms:
            if fold(term.term) == fold(word):
                return replace(category, terms=(term,))
    if not is_arabic_phrase(word):
        raise InputError(
            f"word is {word!r}; give an Arabic word or phrase, or a category: "
            f"{', '.join(categories)}."
        )
    return Category("", "theme", "", "", (Term(" ".join(word.split())),))


def quote_in_line(text: str, start: int, end: int) -> str:
    r"""Return a place in brackets between the words around it, on one line.

    >>> quote_in_line("زار الوفد\nالمدينة أمس.", 10, 17)
    'زار الوفد [المدينة] أمس.'
    """
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    if start > CONTEXT and not text[start - CONTEXT - 1].isspace():
        before = before.split(maxsplit=1)[-1]
    if end + CONTEXT < len(text) and not text[end + CONTEXT].isspace():
        after = after.rsplit(maxsplit=1)[0]
    return " ".join(f"{before}[{text[start:end]}]{after}".split())


def concordance_html(table: pd.DataFrame, *, language: str = "ar") -> str:
    """Return a concordance as an HTML table that reads from right to left.

    The columns stand in logical order (before, node, after), so that `before` is on the
    right. The direction is that of the text, Arabic, on any page; `language` (ar or en) is
    that of the headings. Every context is isolated, so that Latin names and digits do not
    jump, and escaped.

    >>> row = {"outlet": "صدى المشرق", "before": "زار", "node": "المدينة", "after": "<أمس>"}
    >>> table = make_table([row | {"start": 0, "end": 0}], CONCORDANCE)
    >>> "<bdi>&lt;أمس&gt;</bdi>" in concordance_html(table)
    True
    """
    words = load_words("words", language)
    require_columns(table, _SHOWN, name="table")
    headings = "".join(
        f'<th scope="col" lang="{language}">{escape(words[name])}</th>' for name in _SHOWN
    )
    lines = [
        '<table dir="rtl" lang="ar" class="concordance">',
        f"<thead><tr>{headings}</tr></thead>",
        "<tbody>",
    ]
    rows = table[_SHOWN].fillna({"outlet": ""})
    for outlet, published, before, node, after in rows.itertuples(index=False):
        day = "" if pd.isna(published) else f"{published:%Y-%m-%d}"
        lines.append(
            f"<tr><td>{isolated_html(outlet)}</td>"
            f'<td style="white-space:nowrap">{isolated_html(day)}</td>'
            f'<td style="text-align:end">{isolated_html(before)}</td>'
            f'<td style="text-align:center"><b>{isolated_html(node)}</b></td>'
            f'<td style="text-align:start">{isolated_html(after)}</td></tr>'
        )
    return "\n".join([*lines, "</tbody>", "</table>", ""])


def isolated_html(text: str) -> str:
    """Return a text escaped, and set apart so that no neighbour changes its direction.

    >>> isolated_html("<b>قال</b>")
    '<bdi>&lt;b&gt;قال&lt;/b&gt;</bdi>'
    """
    return f"<bdi>{escape(text)}</bdi>"
