"""Themes and frames of articles: every mention with its place, counts, and article labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from tqdm.auto import tqdm

from analysis.arabic import count_words
from analysis.cleaning import mask_text
from analysis.errors import InputError
from analysis.lexicon import Lexicon, all_categories, load_lexicons
from analysis.matching import Match, compile_lexicons, find_matches
from analysis.tables import COUNTS, MENTIONS, make_table, require_columns


def find_themes(
    articles: pd.DataFrame,
    *,
    lexicons: Sequence[Lexicon] | None = None,
    quotes: pd.DataFrame | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """Find every mention of a theme or frame in the texts of articles.

    A mention is a lexicon entry in one of its forms: clitics, article, endings, loose
    spellings and phrases (see `expand_phrase`). Within a category the longest entry wins, so
    nested entries count once; categories do not compete. Nothing is found inside `skip`, in
    the title, or where an entry's exceptions hold.

    Returns one row per mention, in the order of the articles and their text: `article_id`,
    `category`, `kind`, `term` (the lexicon entry), `start`, `end`, `surface`
    (`text[start:end]`) and `quote_id`: with `quotes`, the quote whose content holds the
    whole mention (of nested quotes the shortest), else missing.

    What it misses on purpose: synonyms outside the lexicon, pronouns that stand for an
    entry, and irony or negation: it finds what is spoken of, not what is claimed.

    >>> articles = pd.DataFrame(
    ...     {"article_id": ["1"], "text": ["بحث الوزيران الهجرة السرية."], "skip": [[]]}
    ... )
    >>> find_themes(articles)[["category", "term", "start", "end"]].values.tolist()
    [['migration', 'هجرة سرية', 13, 26]]
    """
    require_columns(articles, ["article_id", "text", "skip"], name="articles")
    matcher = compile_lexicons(_chosen(lexicons))
    spans_of = _content_spans(quotes)
    rows = []
    columns = (articles[name].tolist() for name in ("article_id", "text", "skip"))
    for article_id, text, skip in tqdm(
        zip(*columns, strict=True), total=len(articles), disable=not progress, unit="article"
    ):
        quote_spans = spans_of.get(article_id, [])
        for match in find_matches(mask_text(text, skip), matcher):
            rows.append(
                {
                    "article_id": article_id,
                    **match._asdict(),
                    "surface": text[match.start : match.end],
                    "quote_id": _quote_around(match, quote_spans),
                }
            )
    return make_table(rows, MENTIONS)


def _chosen(lexicons: Sequence[Lexicon] | None) -> tuple[Lexicon, ...]:
    return load_lexicons() if lexicons is None else tuple(lexicons)


def _content_spans(quotes: pd.DataFrame | None) -> dict[str, list[tuple[int, int, str]]]:
    if quotes is None:
        return {}
    names = ["article_id", "quote_id", "content_start", "content_end"]
    require_columns(quotes, names, name="quotes")
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for article_id, quote_id, start, end in quotes[names].itertuples(index=False):
        spans.setdefault(article_id, []).append((start, end, quote_id))
    return spans


def _quote_around(match: Match, spans: Sequence[tuple[int, int, str]]) -> str | None:
    around = [
        (end - start, quote_id)
        for start, end, quote_id in spans
        if start <= match.start and match.end <= end
    ]
    return min(around)[1] if around else None


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
    categories = list(all_categories(_chosen(lexicons)))
    _require_known(
        mentions["category"], categories, "the lexicons", "pass the same lexicons", table="mentions"
    )
    _require_known(
        mentions["article_id"],
        articles["article_id"],
        "the articles",
        "pass the same articles",
        table="mentions",
    )
    keys = pd.MultiIndex.from_product(
        [articles["article_id"], categories], names=["article_id", "category"]
    )
    found = mentions.groupby(["article_id", "category"]).size()
    tokens = [
        count_words(mask_text(text, skip))
        for text, skip in zip(articles["text"], articles["skip"], strict=True)
    ]
    counts = articles[["article_id", "outlet", "published"]].assign(tokens=tokens)
    counts = counts.loc[counts.index.repeat(len(categories))].reset_index(drop=True)
    counts["category"] = keys.get_level_values("category")
    counts["mentions"] = found.reindex(keys, fill_value=0).to_numpy()
    return counts[list(COUNTS)].astype(dict(COUNTS))


def label_articles(
    counts: pd.DataFrame,
    *,
    lexicons: Sequence[Lexicon] | None = None,
    frame_rate: float = 4.0,
    dominant_from: int = 4,
    dominant_rate: float = 15.0,
) -> pd.DataFrame:
    """Say for every article which themes and frames it speaks of.

    A category is present from its `present_from` mentions (a field of the lexicon). A frame
    must also reach `frame_rate` mentions per 1,000 words, because words of security and
    diplomacy are frequent in any news. The present frame with most mentions is dominant when
    it has `dominant_from` mentions or more and `dominant_rate` per 1,000 words; with equal
    mentions none is. The DENOMINATOR of both rates is `tokens`. The defaults were chosen on
    52 hand-labelled articles.

    Returns one row per article in the order of `counts`: `article_id` and a column per
    category, 0 absent, 1 present and, for frames only, 2 dominant.

    What it misses on purpose: whether the mentions stand in one sentence or in many.

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
    categories = all_categories(_chosen(lexicons))
    _require_known(
        counts["category"],
        list(categories),
        "the lexicons",
        "pass the same lexicons",
        table="counts",
    )
    names = counts["category"].unique()
    mentions = counts.pivot(index="article_id", columns="category", values="mentions")
    mentions = mentions.loc[counts["article_id"].unique(), names]
    tokens = counts.groupby("article_id")["tokens"].first().loc[mentions.index]
    rates = 1000 * mentions.div(tokens.clip(lower=1), axis="index")
    frames = [name for name in names if categories[name].kind == "frame"]
    labels = mentions.ge([categories[name].present_from for name in names])
    labels[frames] &= rates[frames] >= frame_rate
    dominant = (
        labels[frames]
        & (mentions[frames] >= dominant_from)
        & (rates[frames] >= dominant_rate)
        & (mentions[frames].rank(axis="columns", ascending=False, method="max") == 1)
    )
    labels = labels.astype("int64")
    labels[frames] += dominant.astype("int64")
    return labels.rename_axis(columns=None).reset_index()


def _require_known(
    values: pd.Series[str], known: Iterable[str], owner: str, remedy: str, *, table: str
) -> None:
    unknown = values[~values.isin(list(known))].unique()
    if len(unknown):
        raise InputError(
            f"{table} has {values.name} {unknown[0]!r}, which {owner} do not have; {remedy}."
        )
