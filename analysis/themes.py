"""Themes and frames of articles: every mention with its place, counts, and article labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from analysis.blocks import Ints
from analysis.cleaning import mask_text
from analysis.errors import InputError, require_choice
from analysis.lexicon import Category, Lexicon, all_categories, choose_lexicons, make_term
from analysis.matching import (
    Found,
    MatchedTerm,
    compile_lexicons,
    count_words_in,
    find_terms_in,
    read_surfaces,
)
from analysis.tables import COUNTS, MENTIONS, require_columns

MATCHES = ("rules", "lemma")


def find_themes(
    articles: pd.DataFrame,
    *,
    lexicons: Sequence[Lexicon] | None = None,
    match: str = "rules",
    quotes: pd.DataFrame | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Find every mention of a theme or frame in the texts of articles.

    A mention is a lexicon entry in one of its forms: clitics, article, endings, broken
    plurals, loose spellings and phrases (`analysis.word_forms.expand_phrase` gives them).
    Within a category the longest entry wins, so nested entries count once; categories do
    not compete. Nothing is found inside `skip`, in the title, or where an entry's exceptions
    hold.

    `match` is "rules" or "lemma": then single words are matched by the lemmas that CAMeL
    Tools' morphology gives them instead of by the rules of `clitics.yml`. That is exact about
    broken plurals and slow (about 1,000 distinct words a second), and needs the `morphology`
    extra and its data.

    Returns one row per mention, in the order of the articles and their text: `article_id`,
    `category`, `kind`, `term` (the lexicon entry), `start`, `end`, `surface`
    (`text[start:end]`), `quote_id`: with `quotes`, the quote whose content holds the
    whole mention (of nested quotes the shortest), else missing; and `subcategory`, the path
    below the category, "" for a term directly in it.

    What it misses on purpose: synonyms outside the lexicon, pronouns that stand for an
    entry, and irony or negation: it finds what is spoken of, not what is claimed.

    >>> articles = pd.DataFrame(
    ...     {"article_id": ["1"], "text": ["بحث الوزيران الهجرة السرية."], "skip": [[]]}
    ... )
    >>> find_themes(articles)[["category", "term", "start", "end"]].values.tolist()
    [['migration', 'هجرة سرية', 13, 26]]
    """
    require_columns(articles, ["article_id", "text", "skip"], name="articles")
    return _find(articles, choose_lexicons(lexicons), match, quotes, progress)


def find_terms(
    articles: pd.DataFrame,
    terms: Iterable[str] | Mapping[str, Iterable[str]],
    *,
    pos: str | None = None,
    match: str = "rules",
    quotes: pd.DataFrame | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Find words or phrases without a lexicon file, in all their forms.

    `terms` is a list of words and phrases, each a category of its own, or a mapping from the
    name of a category to its terms. `pos` says how they inflect (see
    data/lexicons/README.md); without it each is told from its last letter.

    Returns the columns of `find_themes`; `kind` is "term". Raises InputError for a term
    that is not made of Arabic words, or not of the shape `pos` asks for.

    >>> articles = pd.DataFrame(
    ...     {"article_id": ["1"], "text": ["غرقت المدينة ومدنها."], "skip": [[]]}
    ... )
    >>> find_terms(articles, ["مدينة"])["surface"].tolist()
    ['المدينة', 'ومدنها']
    """
    require_columns(articles, ["article_id", "text", "skip"], name="articles")
    if isinstance(terms, str):
        raise InputError(f"terms is {terms!r}; put it in a list: [{terms!r}].")
    grouped = terms if isinstance(terms, Mapping) else {term: [term] for term in terms}
    categories = tuple(
        Category(name, "term", name, name, tuple(make_term(term, pos) for term in listed))
        for name, listed in grouped.items()
    )
    return _find(articles, (Lexicon("terms", 1, categories),), match, quotes, progress)


def _find(
    articles: pd.DataFrame,
    lexicons: tuple[Lexicon, ...],
    match: str,
    quotes: pd.DataFrame | None,
    progress: bool,
) -> pd.DataFrame:
    require_choice(match, MATCHES, name="match")
    if match == "lemma":
        from analysis.morphology import compile_lexicons_by_lemma as compiled
    else:
        compiled = compile_lexicons
    matcher = compiled(lexicons)
    texts = articles["text"].tolist()
    visible = map(mask_text, texts, articles["skip"])
    bar = tqdm(visible, total=len(texts), disable=not progress, unit="article")
    found = find_terms_in(bar, matcher)
    surfaces = read_surfaces(found, texts)
    mentions = mentions_table(articles["article_id"].tolist(), found, surfaces, matcher.terms)
    if quotes is not None:
        mentions["quote_id"] = _quotes_around(mentions, quotes)
    return mentions


def mentions_table(
    article_ids: Sequence[str],
    found: Found,
    surfaces: Sequence[str],
    terms: Sequence[MatchedTerm],
) -> pd.DataFrame:
    """Return the table of mentions for terms found in texts, none of them in a quote yet."""
    matched = [terms[number] for number in found.term.tolist()]
    table = pd.DataFrame(
        {
            "article_id": [article_ids[number] for number in found.text.tolist()],
            "category": [category.name for _, category, _ in matched],
            "kind": [category.kind for _, category, _ in matched],
            "term": [term.term for term, _, _ in matched],
            "start": found.start,
            "end": found.end,
            "surface": surfaces,
            "quote_id": None,
            "subcategory": [term.subcategory for term, _, _ in matched],
        }
    )
    return table.astype(dict(MENTIONS))


def _quotes_around(mentions: pd.DataFrame, quotes: pd.DataFrame) -> list[str | None]:
    """Return for each mention the shortest quote whose content holds all of it."""
    names = ["article_id", "quote_id", "content_start", "content_end"]
    require_columns(quotes, names, name="quotes")
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for article_id, quote_id, start, end in quotes[names].itertuples(index=False):
        spans.setdefault(article_id, []).append((start, end, quote_id))
    places = mentions[["article_id", "start", "end"]].itertuples(index=False)
    return [
        min(
            (
                (end - start, quote_id)
                for start, end, quote_id in spans.get(article_id, ())
                if start <= first and last <= end
            ),
            default=(0, None),
        )[1]
        for article_id, first, last in places
    ]


def count_themes(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    lexicons: Sequence[Lexicon] | None = None,
) -> pd.DataFrame:
    """Count the mentions of every category in every article, zeros included.

    Returns one row per article and category, in the order of the articles and of the
    lexicons: `article_id`, `outlet`, `published`, `category`, `mentions` (number of
    mentions) and `tokens`, the DENOMINATOR: the words of the article's text outside `skip`.

    Raises InputError when a mention names an article or a category that is not there.

    >>> articles = pd.DataFrame(
    ...     {
    ...         "article_id": ["1"], "outlet": ["صدى المشرق"], "published": [pd.NaT],
    ...         "text": ["بحث الوزيران الهجرة السرية."], "skip": [[]],
    ...     }
    ... )
    >>> counts = count_themes(articles, find_themes(articles))
    >>> counts[["category", "mentions", "tokens"]].values.tolist()[:2]
    [['terrorism', 0, 4], ['migration', 1, 4]]
    """
    require_columns(
        articles, ["article_id", "outlet", "published", "text", "skip"], name="articles"
    )
    require_columns(mentions, ["article_id", "category"], name="mentions")
    categories = list(all_categories(choose_lexicons(lexicons)))
    require_known(
        mentions["category"], categories, "the lexicons", "pass the same lexicons", table="mentions"
    )
    require_known(
        mentions["article_id"],
        articles["article_id"],
        "the articles",
        "pass the same articles",
        table="mentions",
    )
    article = pd.Index(articles["article_id"]).get_indexer(pd.Index(mentions["article_id"]))
    category = pd.Index(categories).get_indexer(pd.Index(mentions["category"]))
    counted = np.zeros((len(articles), len(categories)), np.int64)
    np.add.at(counted, (article, category), 1)
    words = count_words_in(map(mask_text, articles["text"], articles["skip"]))
    return counts_table(articles, categories, counted, words)


def counts_table(
    articles: pd.DataFrame | Mapping[str, Sequence[object]],
    categories: Sequence[str],
    counted: Ints,
    words: Ints,
) -> pd.DataFrame:
    """Return the table of counts for a matrix of mentions, articles by categories."""
    repeated = len(categories)
    return pd.DataFrame(
        {
            **{
                name: pd.Series(articles[name], dtype=COUNTS[name]).repeat(repeated).array
                for name in ("article_id", "outlet", "published")
            },
            "category": list(categories) * len(words),
            "mentions": counted.ravel(),
            "tokens": np.repeat(words, repeated),
        }
    ).astype(dict(COUNTS))


def label_articles(
    counts: pd.DataFrame,
    *,
    mentions: pd.DataFrame | None = None,
    lexicons: Sequence[Lexicon] | None = None,
    present_rate: Mapping[str, float] | None = None,
    dominant_from: int = 3,
    dominant_rate: float = 12.0,
) -> pd.DataFrame:
    """Say for every article which themes and frames it speaks of.

    A category is present when it has `present_from` mentions or more and reaches
    `present_rate` mentions per 1,000 words, both fields of the lexicon: a long article that
    mentions it once does not speak of it, a brief does. With `mentions`, the table the counts
    were made from, one mention of a term that the lexicon marks as `sure` is always enough.
    The present frame with most mentions is dominant when it has `dominant_from` or more and
    reaches `dominant_rate` per 1,000 words, mentions multiplied by the `weight` that the
    lexicon gives the frame; with equal mentions none is. The DENOMINATOR of the rates is
    `tokens`. `present_rate` maps categories to rates that take the place of the lexicon's.

    Returns one row per article in the order of `counts`: `article_id` and a column per
    category, 0 absent, 1 present and, for frames only, 2 dominant.

    What it misses on purpose: whether the mentions stand in one sentence or in many.

    The rates of the shipped lexicons and the defaults were chosen on 252 articles labelled
    by hand (macro F1 0.91 to 0.94). On 100 others, labelled before any prediction was seen,
    macro F1 of being present is 0.85, and the dominant frame is right in 32 of 37; see
    `tests/test_quality.py`.

    >>> counts = pd.DataFrame(
    ...     {
    ...         "article_id": ["1", "1", "1"], "tokens": [200, 200, 200],
    ...         "category": ["terrorism", "security", "diplomacy"], "mentions": [1, 5, 2],
    ...     }
    ... )
    >>> label_articles(counts).values.tolist()
    [['1', 1, 2, 1]]
    """
    require_columns(counts, ["article_id", "category", "mentions", "tokens"], name="counts")
    categories = all_categories(choose_lexicons(lexicons))
    require_known(
        counts["category"],
        list(categories),
        "the lexicons",
        "pass the same lexicons",
        table="counts",
    )
    for name in present_rate or {}:
        require_choice(name, tuple(categories), name="a key of present_rate")
    names = counts["category"].unique()
    ids = counts["article_id"].unique()
    counted = counts.pivot(index="article_id", columns="category", values="mentions")
    counted = counted.loc[ids, names]
    thousands = counts.groupby("article_id")["tokens"].first().loc[ids].clip(lower=1) / 1000
    chosen = {name: categories[name] for name in names}
    rates = {name: category.present_rate for name, category in chosen.items()}
    rates |= dict(present_rate or {})
    labels = counted.ge([category.present_from for category in chosen.values()])
    labels &= counted.div(thousands, axis="index").ge([rates[name] for name in names])
    if mentions is not None:
        labels |= _has_sure_mention(mentions, chosen.values()).reindex(
            index=ids, columns=names, fill_value=False
        )
    frames = [name for name in names if categories[name].kind == "frame"]
    weighted = counted[frames].mul([categories[name].weight for name in frames])
    dominant = (
        labels[frames]
        & (counted[frames] >= dominant_from)
        & (weighted.div(thousands, axis="index") >= dominant_rate)
        & (weighted.rank(axis="columns", ascending=False, method="max") == 1)
    )
    labels = labels.astype("int64")
    labels[frames] += dominant.astype("int64")
    return labels.rename_axis(columns=None).reset_index()


def _has_sure_mention(mentions: pd.DataFrame, categories: Iterable[Category]) -> pd.DataFrame:
    """Say of articles and categories whether a term that is sure is mentioned."""
    require_columns(mentions, ["article_id", "category", "term"], name="mentions")
    sure = {
        (category.name, term.term)
        for category in categories
        for term in category.terms
        if term.sure
    }
    named = zip(mentions["category"], mentions["term"], strict=True)
    found = mentions[[pair in sure for pair in named]]
    return pd.crosstab(found["article_id"], found["category"]) > 0


def require_known(
    values: pd.Series[str], known: Iterable[str], owner: str, remedy: str, *, table: str
) -> None:
    """Raise InputError, with the remedy, unless every value is known to its owner."""
    unknown = values[~values.isin(list(known))].unique()
    if len(unknown):
        raise InputError(
            f"{table} has {values.name} {unknown[0]!r}, which {owner} do not have; {remedy}."
        )
