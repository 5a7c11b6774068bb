"""The sentence a reader may write under a figure, from the very table the figure shows."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.data_files import load_words
from analysis.periods import FREQUENCIES
from analysis.tables import require_choice, require_columns

_MARKS = {"W": "%Y-%m-%d", "MS": "%Y-%m", "YS": "%Y"}


def describe_articles(periods: pd.DataFrame, *, freq: str, language: str = "en") -> str:
    """Say how many articles a table of `count_by_period(…, by="outlet")` holds, and when.

    >>> from analysis.tables import COUNTS, make_table
    >>> from analysis.periods import count_by_period
    >>> counts = make_table(
    ...     [{"article_id": "1", "outlet": "صدى", "published": pd.Timestamp("2031-02-03"),
    ...       "category": "security", "mentions": 1, "tokens": 90}], COUNTS)
    >>> describe_articles(count_by_period(counts, freq="MS", by="outlet"), freq="MS")
    '1 articles of 1 outlets, 2031-02 to 2031-02; the fullest period is 2031-02 with 1, and
    0 of 1 periods are empty.'
    """
    require_columns(periods, ["period", "outlet", "category", "articles"], name="periods")
    one = periods[periods["category"] == periods["category"].iloc[0]]
    per_period = one.groupby("period")["articles"].sum()
    return load_words("captions", language)["articles"].format(
        articles=_whole(per_period.sum()),
        outlets=one.loc[one["articles"] > 0, "outlet"].nunique(),
        first=name_period(per_period.index[0], freq),
        last=name_period(per_period.index[-1], freq),
        peak=name_period(per_period.idxmax(), freq),
        most=_whole(per_period.max()),
        empty=int((per_period == 0).sum()),
        periods=len(per_period),
    )


def describe_themes(
    periods: pd.DataFrame,
    categories: Sequence[str],
    *,
    freq: str,
    language: str = "en",
    labels: Mapping[str, str] | None = None,
) -> str:
    """Say of each category how many articles mention it, and in which period most do."""
    words = load_words("captions", language)
    clauses = []
    for label, rows, whole in _each(periods, categories, labels):
        part = rows["articles_with"].sum()
        if part == 0:
            clauses.append(words["absent"].format(label=label, whole=_whole(whole)))
            continue
        peak = _row_of(rows["share"].idxmax(), rows)
        clauses.append(
            words["theme"].format(
                label=label,
                share=_percent(part / whole),
                part=_whole(part),
                whole=_whole(whole),
                peak=name_period(peak["period"], freq),
                high=_percent(peak["share"]),
                high_part=_whole(peak["articles_with"]),
                high_whole=_whole(peak["articles"]),
            )
        )
    return words["themes"].format(clauses=words["separator"].join(clauses))


def describe_framing(
    framing: pd.DataFrame,
    categories: Sequence[str],
    *,
    freq: str,
    measure: str = "share",
    language: str = "en",
    labels: Mapping[str, str] | None = None,
) -> str:
    """Say of each frame how common it is and when most, with the interval of that period."""
    require_choice(measure, ["share", "per_1000"], name="measure")
    words = load_words("captions", language)
    clauses = []
    for label, rows, whole in _each(framing, categories, labels):
        if rows["mentions"].sum() == 0:
            clauses.append(words["absent"].format(label=label, whole=_whole(whole)))
            continue
        peak = _row_of(rows[measure].idxmax(), rows)
        shared = {
            "label": label,
            "whole": _whole(whole),
            "peak": name_period(peak["period"], freq),
            "high_whole": _whole(peak["articles"]),
        }
        if measure == "share":
            part = rows["articles_with"].sum()
            clause = words["frame"].format(
                **shared,
                share=_percent(part / whole),
                part=_whole(part),
                high=_percent(peak["share"]),
                low_bound=_percent(peak["low"]),
                high_bound=_percent(peak["high"]),
            )
        else:
            mentions, tokens = rows["mentions"].sum(), rows["tokens"].sum()
            clause = words["rate"].format(
                **shared,
                rate=_decimal(1000 * mentions / tokens),
                mentions=_whole(mentions),
                tokens=_whole(tokens),
                high=_decimal(peak["per_1000"]),
                low_bound=_decimal(peak["per_1000_low"]),
                high_bound=_decimal(peak["per_1000_high"]),
            )
        clauses.append(clause)
    return words["framing"].format(clauses=words["separator"].join(clauses))


def describe_balance(
    framing: pd.DataFrame,
    *,
    freq: str,
    pair: tuple[str, str] = ("security", "diplomacy"),
    language: str = "en",
    labels: Mapping[str, str] | None = None,
) -> str:
    """Say in how many periods the first frame leads, and where the balance is extreme."""
    rows = framing[(framing["category"] == pair[0]) & framing["balance"].notna()]
    peak = _row_of(rows["balance"].idxmax(), rows)
    trough = _row_of(rows["balance"].idxmin(), rows)
    first, second = ((labels or {}).get(frame, frame) for frame in pair)
    return load_words("captions", language)["balance"].format(
        first=first,
        second=second,
        above=int((rows["balance"] > 0).sum()),
        periods=len(rows),
        peak=name_period(peak["period"], freq),
        high=_signed(peak["balance"]),
        high_low=_signed(peak["balance_low"]),
        high_high=_signed(peak["balance_high"]),
        trough=name_period(trough["period"], freq),
        low=_signed(trough["balance"]),
        low_low=_signed(trough["balance_low"]),
        low_high=_signed(trough["balance_high"]),
    )


def describe_voices(
    voices: pd.DataFrame, *, language: str = "en", labels: Mapping[str, str] | None = None
) -> str:
    """Say how many quotes each source type has, of all quotes in the table.

    >>> voices = pd.DataFrame({"source_type": ["expert", "official"], "quotes": [3, 9]})
    >>> describe_voices(voices)
    'Of 12 quotes, 9 (75.0 %) come from: official; 3 (25.0 %) come from: expert.'
    """
    require_columns(voices, ["source_type", "quotes"], name="voices")
    words = load_words("captions", language)
    whole = voices["quotes"].sum()
    ordered = voices.sort_values("quotes", ascending=False, kind="stable")
    clauses = [
        words["voice"].format(
            label=(labels or {}).get(source_type, source_type),
            part=_whole(quotes),
            share=_percent(quotes / whole),
        )
        for source_type, quotes in zip(ordered["source_type"], ordered["quotes"], strict=True)
    ]
    return words["voices"].format(quotes=_whole(whole), clauses=words["separator"].join(clauses))


def describe_experts(experts: pd.DataFrame, speakers: pd.DataFrame, *, language: str = "en") -> str:
    """Say how many experts are quoted, how much of all quotes is theirs, and who leads.

    `experts` are the rows of `speakers` (from `list_speakers`) to speak of.
    """
    require_columns(experts, ["speaker", "field", "quotes", "articles"], name="experts")
    words = load_words("captions", language)
    whole = speakers["quotes"].sum()
    if experts.empty:
        return words["no_expert"].format(quotes=_whole(whole))
    first = experts.sort_values(["quotes", "speaker"], ascending=[False, True]).iloc[0]
    return words["experts"].format(
        experts=_whole(len(experts)),
        part=_whole(experts["quotes"].sum()),
        quotes=_whole(whole),
        share=_percent(experts["quotes"].sum() / whole),
        speaker=first["speaker"],
        field=first["field"] or "–",
        most=_whole(first["quotes"]),
        articles=_whole(first["articles"]),
    )


def name_period(start: pd.Timestamp, freq: str) -> str:
    """Return the name of the period that begins on a day, such as 2031-Q1; a week is its Monday.

    >>> name_period(pd.Timestamp("2031-04-01"), "QS")
    '2031-Q2'
    """
    require_choice(freq, FREQUENCIES, name="freq")
    return f"{start.year}-Q{start.quarter}" if freq == "QS" else f"{start:{_MARKS[freq]}}"


def _each(
    table: pd.DataFrame, categories: Sequence[str], labels: Mapping[str, str] | None
) -> list[tuple[str, pd.DataFrame, int]]:
    needed = ["period", "category", "articles", "articles_with", "share"]
    require_columns(table, needed, name="periods")
    return [
        ((labels or {}).get(name, name), rows, int(rows["articles"].sum()))
        for name in categories
        for rows in [table[table["category"] == name]]
    ]


def _row_of(label: Any, rows: pd.DataFrame) -> Any:
    return rows.loc[label]


def _whole(number: float) -> str:
    return f"{int(number):,}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _decimal(number: float) -> str:
    return "–" if pd.isna(number) else f"{number:.2f}"


def _signed(number: float) -> str:
    return "–" if pd.isna(number) else f"{number:+.1f}"
