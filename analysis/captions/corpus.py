"""The sentences under figures of the corpus: its articles and the copies among them."""

from collections import Counter

import pandas as pd

from analysis.captions.periods import find_extreme, name_period
from analysis.captions.words import Labels, label_of, show_percent, show_whole
from analysis.data_files import load_words
from analysis.tables import require_columns


def describe_articles(periods: pd.DataFrame, *, freq: str, language: str = "en") -> str:
    """Say how many articles a table of `count_by_period(…, by="outlet")` holds, and when.

    >>> from analysis.tables import COUNTS, make_table
    >>> from analysis.periods import count_by_period
    >>> counts = make_table(
    ...     [{"article_id": "1", "outlet": "صدى", "published": pd.Timestamp("2031-02-03"),
    ...       "category": "security", "mentions": 1, "tokens": 90}], COUNTS)
    >>> describe_articles(count_by_period(counts, freq="MS", by="outlet"), freq="MS")
    'Articles: 1; outlets: 1; from 2031-02 to 2031-02, most in 2031-02 (1); periods without
    articles: 0 of 1.'
    """
    require_columns(periods, ["period", "outlet", "category", "articles"], name="periods")
    words = load_words("captions", language)
    one = periods[periods["category"] == periods["category"].iloc[0]]
    per_period = one.groupby("period", as_index=False)["articles"].sum()
    peak = find_extreme(per_period, "articles", freq, words)
    known = one.loc[(one["articles"] > 0) & (one["outlet"] != ""), "outlet"]
    return words["articles"].format(
        articles=show_whole(per_period["articles"].sum()),
        outlets=known.nunique(),
        first=name_period(per_period["period"].iloc[0], freq),
        last=name_period(per_period["period"].iloc[-1], freq),
        peak=peak.name,
        most=show_whole(peak.row["articles"]),
        empty=int((per_period["articles"] == 0).sum()),
        periods=len(per_period),
    )


def describe_copies(
    copies: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    most: int = 3,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say how many articles copy an earlier one, and which outlets share most copies.

    `copies` is a table of `find_copies`, `articles` the one it was made from. The `most` pairs of
    outlets come in the order of their copies; which of the two printed first is not told, since
    that shows no source. `labels` names outlets.

    >>> copies = pd.DataFrame({"article_id": ["ب"], "copy_of": ["أ"], "shared": [0.9]})
    >>> articles = pd.DataFrame({"article_id": ["أ", "ب"], "outlet": ["Mirror", "Shore"]})
    >>> describe_copies(copies, articles)
    'Copies of an earlier article: 1 of 2 articles (50.0 %); articles copied: 1; copies in
    another outlet: 1, in the same one: 0. Most are shared by Mirror and Shore (1).'
    """
    require_columns(copies, ["article_id", "copy_of"], name="copies")
    require_columns(articles, ["article_id", "outlet"], name="articles")
    words = load_words("captions", language)
    if copies.empty:
        return words["no_copy"].format(articles=show_whole(len(articles)))
    outlet_of = articles.set_index("article_id")["outlet"].fillna("")
    printed = zip(
        copies["article_id"].map(outlet_of), copies["copy_of"].map(outlet_of), strict=True
    )
    pairs = Counter(tuple(sorted(pair)) for pair in printed)
    apart = {pair: number for pair, number in pairs.items() if pair[0] != pair[1]}
    other = sum(apart.values())
    clauses = [
        words["pair_of_outlets"].format(
            first=label_of(first, labels, words),
            second=label_of(second, labels, words),
            copies=show_whole(number),
        )
        for (first, second), number in sorted(apart.items(), key=lambda item: (-item[1], item[0]))
    ]
    most_shared = words["pairs_of_outlets"].format(clauses=words["comma"].join(clauses[:most]))
    return words["copies"].format(
        copies=show_whole(len(copies)),
        articles=show_whole(len(articles)),
        share=show_percent(len(copies) / len(articles)),
        originals=show_whole(copies["copy_of"].nunique()),
        other=show_whole(other),
        same=show_whole(len(copies) - other),
        pairs=most_shared if clauses else "",
    )
