"""Whose voice: how much each type of source is quoted, and which themes it speaks of."""

import pandas as pd

from analysis.arabic import count_words
from analysis.tables import SOURCE_TYPES, require_columns

REPORTER = "reporter"


def count_voices(quotes: pd.DataFrame) -> pd.DataFrame:
    """Count the quotes of each source type, types that are never quoted included.

    Weak records (a reported act without a clause) are left out. Returns one row per source
    type, the most quoted first:

    - `source_type`
    - `quotes`: attributions of speech to sources of the type
    - `articles`: articles in which they stand
    - `words`: words of their contents
    - `share`: quotes / all quotes of the table, NaN when there are none

    >>> quotes = pd.DataFrame({"article_id": ["1", "1"], "source_type": ["expert"] * 2,
    ...     "content": ["الحدود هادئة", "نعم"], "weak": [False, False]})
    >>> count_voices(quotes).head(1).to_dict("records")
    [{'source_type': 'expert', 'quotes': 2, 'articles': 1, 'words': 3, 'share': 1.0}]
    """
    require_columns(quotes, ["article_id", "source_type", "content", "weak"], name="quotes")
    spoken = quotes[~quotes["weak"]]
    voices = (
        spoken.assign(words=spoken["content"].map(count_words).astype("int64"))
        .groupby("source_type")
        .agg(
            quotes=("article_id", "size"),
            articles=("article_id", "nunique"),
            words=("words", "sum"),
        )
        .reindex(list(SOURCE_TYPES), fill_value=0)
        .rename_axis("source_type")
        .reset_index()
    )
    voices["share"] = voices["quotes"] / voices["quotes"].sum()
    return voices.sort_values("quotes", ascending=False, kind="stable", ignore_index=True)


def count_mentions_by_voice(mentions: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Count who speaks of each category: the reporter, or a source of some type in a quote.

    `mentions` come from `find_themes(articles, quotes=quotes)`, which says in which quote a
    mention stands. Returns one row per category and voice, zeros included:

    - `category`
    - `voice`: `reporter` outside quotes, else the source type of the quote
    - `mentions`: mentions of the category in that voice
    - `share`: mentions / all mentions of the category
    """
    require_columns(mentions, ["category", "quote_id"], name="mentions")
    require_columns(quotes, ["quote_id", "source_type"], name="quotes")
    types = quotes.set_index("quote_id")["source_type"]
    voice = mentions["quote_id"].map(types).fillna(REPORTER)
    counted = mentions.assign(voice=voice).groupby(["category", "voice"]).size()
    every = pd.MultiIndex.from_product(
        [sorted(mentions["category"].unique()), (REPORTER, *SOURCE_TYPES)],
        names=["category", "voice"],
    )
    table = counted.reindex(every, fill_value=0).rename("mentions").reset_index()
    table["share"] = table["mentions"] / table.groupby("category")["mentions"].transform("sum")
    return table
