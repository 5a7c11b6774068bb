"""The sentences under figures of wording: key words, collocates, dispersion."""

from functools import partial
from typing import Any

import pandas as pd

from analysis.captions.periods import FEW
from analysis.captions.words import (
    Q_BELOW,
    Labels,
    Words,
    label_of,
    name_term,
    quote,
    require_rows,
    show_decimal,
    show_row_intervals,
    show_signed,
    show_whole,
)
from analysis.data_files import load_words
from analysis.errors import require_at_least

_SETS = ("first", "second")


def describe_keyness(
    keyness: pd.DataFrame,
    *,
    most: int = 3,
    q_below: float = Q_BELOW,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say how many words two sets of articles use unequally, and the foremost of each.

    Takes a table of `compare_wording`. Of the words with a q-value below `q_below` the `most` with
    the largest ratio are named for each set, as in `plot_keyness`. `labels` names the two sets
    as `first` and `second`.

    >>> keyness = pd.DataFrame({"word": ["border"], "words_first": 900, "words_second": 800,
    ...     "articles_first": 9, "articles_second": 1, "articles_in_first": 10,
    ...     "articles_in_second": 12, "log_ratio": 2.8, "low": 1.0, "high": 4.6,
    ...     "q_value": 0.01, "level": 0.95})
    >>> describe_keyness(keyness)
    'Words compared: 1; with q < .05: 1. More in the first set (articles: 10; words: 900): 1, most
    of all “border” (log2 ratio +2.80; 95 % interval +1.00 to +4.60; articles with it: 9 and 1).
    More in the second set (articles: 12; words: 800): none.'
    """
    sizes = [f"{size}_{name}" for size in ("words", "articles", "articles_in") for name in _SETS]
    needed = ["word", *sizes, "log_ratio", "low", "high", "q_value", "level"]
    require_rows(keyness, needed, name="keyness")
    require_at_least(1, most, name="most")
    words = load_words("captions", language)
    sure = keyness[keyness["q_value"] < q_below]
    one = keyness.iloc[0]
    said = {"rows": show_whole(len(keyness)), "q": _show_limit(q_below)}
    if sure.empty:
        articles = {name: show_whole(one[f"articles_in_{name}"]) for name in _SETS}
        return words["no_keyness"].format(**said, **articles)
    ordered = sure.sort_values(["log_ratio", "word"], ascending=[False, True])
    clauses = [
        _say_set(rows, most, name, one, labels, words)
        for name, rows in (
            ("first", ordered[ordered["log_ratio"] > 0]),
            ("second", ordered[ordered["log_ratio"] < 0].iloc[::-1]),
        )
    ]
    return words["keyness"].format(sure=show_whole(len(sure)), clauses=" ".join(clauses), **said)


def _say_set(
    rows: pd.DataFrame, most: int, name: str, one: Any, labels: Labels, words: Words
) -> str:
    """Say how many words are more frequent in one set, and which are foremost."""
    show = partial(show_signed, words=words, digits=2)
    foremost = [row for _, row in rows.head(most).iterrows()]
    clauses = [
        words["keyness_word"].format(
            word=quote(row["word"], words),
            ratio=show(row["log_ratio"]),
            interval=interval,
            first=show_whole(row["articles_first"]),
            second=show_whole(row["articles_second"]),
        )
        for row, interval in zip(foremost, show_row_intervals(foremost, show, words), strict=True)
    ]
    return words["keyness_set" if clauses else "keyness_set_none"].format(
        name=(labels or {}).get(name, words[f"{name}_set"]),
        articles=show_whole(one[f"articles_in_{name}"]),
        tokens=show_whole(one[f"words_{name}"]),
        sure=show_whole(len(rows)),
        clauses=words["separator"].join(clauses),
    )


def describe_collocates(
    collocates: pd.DataFrame,
    node: str | None = None,
    *,
    most: int = 3,
    q_below: float = Q_BELOW,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say how many words seek the company of a node, and which most.

    Takes a table of `find_collocates` and the `node` it is of, which `labels` may name. Of the
    words with a q-value below `q_below` the `most` with the largest ratio are named, where there
    are any among those near it in at least `FEW` articles: a sentence printed three times makes
    large ratios.

    >>> collocates = pd.DataFrame({"word": ["closed"], "together": 9, "mentions": 40,
    ...     "expected": 1.5, "log_ratio": 2.2, "articles_together": 7, "articles": 20,
    ...     "q_value": 0.01})
    >>> describe_collocates(collocates, "border")
    'Mentions of border: 40 (articles: 20); words compared: 1; of these near it more often than
    expected (q < .05): 1. Most of all, in at least 5 articles: “closed” (log2 ratio +2.20;
    together 9, expected 1.50; articles: 7).'
    """
    counted = ["together", "mentions", "expected", "articles_together", "articles"]
    needed = ["word", *counted, "log_ratio", "q_value"]
    require_rows(collocates, needed, name="collocates")
    require_at_least(1, most, name="most")
    words = load_words("captions", language)
    known = collocates[(collocates["q_value"] < q_below) & (collocates["log_ratio"] > 0)]
    enough = known[known["articles_together"] >= FEW]
    ordered = (known if enough.empty else enough).sort_values(
        ["log_ratio", "word"], ascending=[False, True]
    )
    clauses = [
        words["collocate"].format(
            word=quote(row["word"], words),
            ratio=show_signed(row["log_ratio"], words, digits=2),
            together=show_whole(row["together"]),
            expected=show_decimal(row["expected"]),
            articles=show_whole(row["articles_together"]),
        )
        for _, row in ordered.head(most).iterrows()
    ]
    one = collocates.iloc[0]
    return words["collocates" if clauses else "no_collocate"].format(
        node=words["the_node"] if node is None else label_of(node, labels, words),
        mentions=show_whole(one["mentions"]),
        articles=show_whole(one["articles"]),
        rows=show_whole(len(collocates)),
        q=_show_limit(q_below),
        sure=show_whole(len(known)),
        few="" if enough.empty else words["collocates_few"].format(few=FEW),
        clauses=words["separator"].join(clauses),
    )


def describe_dispersion(
    dispersion: pd.DataFrame,
    *,
    most: int = 3,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say how evenly mentions are spread, beside what chance would do with as many.

    Takes a table of `measure_dispersion`. Of more than `most` rows those are named that stand
    together most, by their deviation over that by chance. `labels` names categories.

    >>> dispersion = pd.DataFrame({"category": ["security"], "mentions": 300,
    ...     "articles_with": 40, "articles": 120, "parts": 120, "dispersion": 0.62,
    ...     "dispersion_by_chance": 0.4})
    >>> describe_dispersion(dispersion)
    'Deviation of proportions over 120 parts: security 0.62, by chance 0.40 (mentions: 300; articles
    with it: 40); articles in all: 120.'
    """
    counted = ["mentions", "articles_with", "articles", "parts"]
    needed = ["category", *counted, "dispersion", "dispersion_by_chance"]
    require_rows(dispersion, needed, name="dispersion")
    require_at_least(1, most, name="most")
    words = load_words("captions", language)
    excess = dispersion["dispersion"] - dispersion["dispersion_by_chance"]
    order = excess.sort_values(ascending=False, kind="stable", na_position="last").index
    clauses = [
        words["not_dispersed" if row["mentions"] == 0 else "dispersed"].format(
            label=name_term(row["term"], row["category"], dispersion, labels, words)
            if "term" in row
            else label_of(row["category"], labels, words),
            dispersion=show_decimal(row["dispersion"]),
            chance=show_decimal(row["dispersion_by_chance"]),
            mentions=show_whole(row["mentions"]),
            articles_with=show_whole(row["articles_with"]),
        )
        for _, row in dispersion.loc[order[:most]].iterrows()
    ]
    choice = ""
    if len(dispersion) > most:
        choice = words["dispersion_choice"].format(
            most=show_whole(most), rows=show_whole(len(dispersion))
        )
    return words["dispersion"].format(
        parts=show_whole(dispersion["parts"].max()),
        choice=choice,
        clauses=words["separator"].join(clauses),
        articles=show_whole(dispersion["articles"].max()),
    )


def _show_limit(q_below: float) -> str:
    return f"{q_below:g}".replace("0.", ".", 1)
