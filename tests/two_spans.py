"""Articles of two months, made up: what tests of a change between two spans are made of."""

import numpy as np
import pandas as pd

from analysis.tables import COUNTS, MENTIONS, make_table

SPANS = {"before": ("2031-01-01", "2031-01-31"), "after": ("2031-02-01", "2031-02-28")}
EARLIER, LATER = "2031-01-15", "2031-02-15T18:30"
SECURITY = {"category": "security"}
PAIR = ("security", "diplomacy")
INTERVAL = ["low", "high"]
TERMS = {
    "أمن": ("security", "state/order"),
    "شرطة": ("security", "state"),
    "جيش": ("security", "army"),
    "سفير": ("diplomacy", "people"),
    "قمة": ("diplomacy", ""),
}
# Of the words المرصد prints 1/4, then 3/4; its rate is 40, then 50; that of الضفة 10, then 6.
BY_HAND = [
    ("المرصد", EARLIER, 100, {"أمن": 4}),
    ("الضفة", EARLIER, 300, {"أمن": 3}),
    ("المرصد", LATER, 600, {"أمن": 30}),
    ("الضفة", LATER, 200, {"جيش": 1, "سفير": 9}),
]


def make_tables(articles):
    """Build counts and mentions from (outlet, date, words, {term: mentions}), one per article."""
    counts, mentions = [], []
    for number, (outlet, published, tokens, terms) in enumerate(articles):
        article_id = f"م{number:05}"
        counts.extend(
            {
                "article_id": article_id,
                "outlet": outlet,
                "published": pd.Timestamp(published),
                "category": category,
                "mentions": sum(n for term, n in terms.items() if TERMS[term][0] == category),
                "tokens": tokens,
            }
            for category in PAIR
        )
        mentions.extend(
            {"article_id": article_id, "category": TERMS[term][0], "term": term, "start": 0,
             "end": 1, "subcategory": TERMS[term][1]}
            for term, times in terms.items()
            for _ in range(times)
        )  # fmt: skip
    return make_table(counts, COUNTS), make_table(mentions, MENTIONS)


def make_counts(articles):
    return make_tables(articles)[0]


def draw_articles(seed, size, *, date=EARLIER, outlets=("المرصد", "الضفة"), rate=2.0):
    generator = np.random.default_rng(seed)
    return [
        (
            outlets[number % len(outlets)],
            date,
            int(generator.integers(80, 120)),
            {term: int(generator.poisson(rate / 2)) for term in ("أمن", "جيش", "سفير", "قمة")},
        )
        for number in range(size)
    ]


def two_months(seed, size, **options):
    return draw_articles(seed, size, **options) + draw_articles(seed + 1, size, date=LATER)
