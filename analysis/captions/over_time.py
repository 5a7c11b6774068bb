"""The sentences under figures over time: themes, frames, their balance, themes that frames carry.

Highest and lowest are those of `captions.periods`.
"""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from analysis.captions.periods import Extreme, find_extreme, say_few
from analysis.captions.words import (
    Labels,
    Words,
    label_of,
    require_rows,
    show_decimal,
    show_interval,
    show_percent,
    show_row_interval,
    show_signed,
    show_whole,
)
from analysis.data_files import load_words
from analysis.errors import require_choice
from analysis.tables import require_columns


def describe_themes(
    periods: pd.DataFrame,
    categories: Sequence[str],
    *,
    freq: str,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say of each category how many articles mention it, and in which period most do."""
    words = load_words("captions", language)
    clauses, extremes = [], []
    for label, rows, whole in _each(periods, categories, labels, words):
        part = rows["articles_with"].sum()
        if part == 0:
            clauses.append(words["absent"].format(label=label, whole=show_whole(whole)))
            continue
        peak = find_extreme(rows, "share", freq, words)
        extremes.append(peak)
        clauses.append(
            words["theme"].format(
                label=label,
                share=show_percent(part / whole),
                part=show_whole(part),
                whole=show_whole(whole),
                peak=peak.name,
                high=show_percent(peak.row["share"]),
                high_part=show_whole(peak.row["articles_with"]),
                high_whole=show_whole(peak.row["articles"]),
            )
        )
    return _sentence(clauses, extremes, words)


def describe_framing(
    framing: pd.DataFrame,
    categories: Sequence[str],
    *,
    freq: str,
    measure: str = "share",
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say of each frame how common it is and when most, with the interval of that period."""
    require_choice(measure, ["share", "per_1000"], name="measure")
    words = load_words("captions", language)
    clauses, extremes = [], []
    for label, rows, whole in _each(framing, categories, labels, words):
        mentions, tokens = rows["mentions"].sum(), rows["tokens"].sum()
        part = rows["articles_with"].sum()
        if mentions == 0:
            clauses.append(words["absent"].format(label=label, whole=show_whole(whole)))
            continue
        peak = find_extreme(rows, measure, freq, words)
        extremes.append(peak)
        shown = show_percent if measure == "share" else show_decimal
        low, high = ("low", "high") if measure == "share" else ("per_1000_low", "per_1000_high")
        clauses.append(
            words["frame" if measure == "share" else "rate"].format(
                label=label,
                share=show_percent(part / whole),
                part=show_whole(part),
                whole=show_whole(whole),
                rate=show_decimal(1000 * mentions / tokens),
                mentions=show_whole(mentions),
                tokens=show_whole(tokens),
                peak=peak.name,
                high=shown(peak.row[measure]),
                interval=show_interval(peak.row[low], peak.row[high], shown, words),
                high_whole=show_whole(peak.row["articles"]),
            )
        )
    return _sentence(clauses, extremes, words)


def describe_balance(
    framing: pd.DataFrame,
    *,
    freq: str,
    pair: tuple[str, str] = ("security", "diplomacy"),
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say in how many periods the first frame leads, and where the balance is extreme."""
    words = load_words("captions", language)
    rows = framing[(framing["category"] == pair[0]) & framing["balance"].notna()]
    peak = find_extreme(rows, "balance", freq, words)
    trough = find_extreme(rows, "balance", freq, words, lowest=True)
    first, second = (label_of(frame, labels, words) for frame in pair)
    show = partial(show_signed, words=words)
    said = words["balance"].format(
        first=first,
        second=second,
        above=int((rows["balance"] > 0).sum()),
        periods=len(rows),
        peak=peak.name,
        high=show(peak.row["balance"]),
        high_interval=show_interval(peak.row["balance_low"], peak.row["balance_high"], show, words),
        trough=trough.name,
        low=show(trough.row["balance"]),
        low_interval=show_interval(
            trough.row["balance_low"], trough.row["balance_high"], show, words
        ),
    )
    return said + say_few([peak], words)


def describe_carried_themes(
    carried: pd.DataFrame,
    *,
    freq: str,
    most: int = 3,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say which themes stand in the sentences of each frame, and when most.

    Takes a table of `count_carried_themes`; of each frame the `most` frequent themes are named,
    with their share of all its sentences (or other units) and the period with the highest share.

    >>> carried = pd.DataFrame({"period": pd.to_datetime(["2031-01-01"]), "frame": "security",
    ...     "theme": "migration", "within": "sentence", "units_frame": 8, "units_both": 2,
    ...     "share": 0.25, "low": 0.07, "high": 0.59, "level": 0.95})
    >>> describe_carried_themes(carried, freq="MS")
    'security (sentences: 8): migration in 25.0 % (2), at its highest in 2031-01 with 25.0 %
    (95 % interval 7.0 % to 59.0 %; sentences: 8).'
    """
    counted = ["units_frame", "units_both", "share", "low", "high", "level"]
    require_rows(carried, ["period", "frame", "theme", "within", *counted], name="carried")
    words = load_words("captions", language)
    within = carried["within"].iloc[0]
    units = words[f"units_{within}"]
    said, extremes = [], []
    for frame, of_frame in carried.groupby("frame", sort=False):
        totals = of_frame.groupby("theme")["units_both"].sum()
        whole = int(of_frame.drop_duplicates("period")["units_frame"].sum())
        clauses = []
        for theme, part in totals.sort_values(ascending=False, kind="stable").head(most).items():
            label = label_of(theme, labels, words)
            if part == 0:
                clauses.append(words["carried_absent"].format(theme=label))
                continue
            rows = of_frame[of_frame["theme"] == theme]
            peak = find_extreme(rows, "share", freq, words, size="units_frame")
            extremes.append(peak)
            clauses.append(
                words["carried_theme"].format(
                    theme=label,
                    share=show_percent(part / whole),
                    part=show_whole(part),
                    peak=peak.name,
                    high=show_percent(peak.row["share"]),
                    interval=show_row_interval(peak.row, show_percent, words),
                    units=units,
                    high_whole=show_whole(peak.row["units_frame"]),
                )
            )
        said.append(
            words["carried"].format(
                frame=label_of(frame, labels, words),
                units=units,
                whole=show_whole(whole),
                clauses=words["separator"].join(clauses),
            )
        )
    return " ".join(said) + say_few(extremes, words, units=within)


def _each(
    table: pd.DataFrame, categories: Sequence[str], labels: Labels, words: Words
) -> list[tuple[str, pd.DataFrame, int]]:
    needed = ["period", "category", "articles", "articles_with", "share"]
    require_columns(table, needed, name="periods")
    return [
        (label_of(name, labels, words), rows, int(rows["articles"].sum()))
        for name in categories
        for rows in [table[table["category"] == name]]
    ]


def _sentence(clauses: Sequence[str], extremes: Sequence[Extreme], words: Words) -> str:
    return f"{words['separator'].join(clauses)}.{say_few(extremes, words)}"
