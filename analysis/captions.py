"""The sentence a reader may write under a figure, from the very table the figure shows.

Highest and lowest are sought among the periods of at least `FEW` articles, where there are
any: a share of one article in one is no peak. Of periods that tie all are named, the one with
the most articles first.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from analysis.data_files import load_words
from analysis.errors import require_choice
from analysis.tables import FREQUENCIES, require_columns

FEW = 5
_MARKS = {"W": "%Y-%m-%d", "MS": "%Y-%m", "YS": "%Y"}

Labels = Mapping[str, str] | None


class _Extreme(NamedTuple):
    """The row of the highest or lowest period, the names of it and its ties, and the choice."""

    row: Any
    name: str
    leaves_out: bool


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
    peak = _extreme(per_period, "articles", freq, words)
    known = one.loc[(one["articles"] > 0) & (one["outlet"] != ""), "outlet"]
    return words["articles"].format(
        articles=_whole(per_period["articles"].sum()),
        outlets=known.nunique(),
        first=name_period(per_period["period"].iloc[0], freq),
        last=name_period(per_period["period"].iloc[-1], freq),
        peak=peak.name,
        most=_whole(peak.row["articles"]),
        empty=int((per_period["articles"] == 0).sum()),
        periods=len(per_period),
    )


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
    for label, rows, whole in _each(periods, categories, labels):
        part = rows["articles_with"].sum()
        if part == 0:
            clauses.append(words["absent"].format(label=label, whole=_whole(whole)))
            continue
        peak = _extreme(rows, "share", freq, words)
        extremes.append(peak)
        clauses.append(
            words["theme"].format(
                label=label,
                share=_percent(part / whole),
                part=_whole(part),
                whole=_whole(whole),
                peak=peak.name,
                high=_percent(peak.row["share"]),
                high_part=_whole(peak.row["articles_with"]),
                high_whole=_whole(peak.row["articles"]),
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
    for label, rows, whole in _each(framing, categories, labels):
        mentions, tokens = rows["mentions"].sum(), rows["tokens"].sum()
        part = rows["articles_with"].sum()
        if mentions == 0:
            clauses.append(words["absent"].format(label=label, whole=_whole(whole)))
            continue
        peak = _extreme(rows, measure, freq, words)
        extremes.append(peak)
        shown = _percent if measure == "share" else _decimal
        low, high = ("low", "high") if measure == "share" else ("per_1000_low", "per_1000_high")
        clauses.append(
            words["frame" if measure == "share" else "rate"].format(
                label=label,
                share=_percent(part / whole),
                part=_whole(part),
                whole=_whole(whole),
                rate=_decimal(1000 * mentions / tokens),
                mentions=_whole(mentions),
                tokens=_whole(tokens),
                peak=peak.name,
                high=shown(peak.row[measure]),
                interval=_interval(peak.row[low], peak.row[high], shown, words),
                high_whole=_whole(peak.row["articles"]),
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
    peak = _extreme(rows, "balance", freq, words)
    trough = _extreme(rows, "balance", freq, words, lowest=True)
    first, second = ((labels or {}).get(frame, frame) for frame in pair)
    said = words["balance"].format(
        first=first,
        second=second,
        above=int((rows["balance"] > 0).sum()),
        periods=len(rows),
        peak=peak.name,
        high=_signed(peak.row["balance"]),
        high_interval=_interval(peak.row["balance_low"], peak.row["balance_high"], _signed, words),
        trough=trough.name,
        low=_signed(trough.row["balance"]),
        low_interval=_interval(
            trough.row["balance_low"], trough.row["balance_high"], _signed, words
        ),
    )
    return said + (words["few"].format(few=FEW) if peak.leaves_out else "")


def describe_voices(voices: pd.DataFrame, *, language: str = "en", labels: Labels = None) -> str:
    """Say how many quotes each source type has, of all quotes in the table.

    >>> voices = pd.DataFrame({"source_type": ["expert", "media", "official"], "quotes": [3, 0, 9]})
    >>> describe_voices(voices)
    'Quotes: 12; of these official 9 (75.0 %), expert 3 (25.0 %).'
    """
    require_columns(voices, ["source_type", "quotes"], name="voices")
    words = load_words("captions", language)
    whole = voices["quotes"].sum()
    heard = voices[voices["quotes"] > 0]
    ordered = heard.sort_values("quotes", ascending=False, kind="stable")
    clauses = [
        words["voice"].format(
            label=(labels or {}).get(source_type, source_type),
            part=_whole(quotes),
            share=_percent(quotes / whole),
        )
        for source_type, quotes in zip(ordered["source_type"], ordered["quotes"], strict=True)
    ]
    return words["voices"].format(quotes=_whole(whole), clauses=words["comma"].join(clauses))


def describe_experts(experts: pd.DataFrame, quotes: int, *, language: str = "en") -> str:
    """Say how many experts are quoted, how much of all quotes is theirs, and who leads.

    `experts` are rows of `count_speakers`; `quotes` is the number of all quotes.
    """
    require_columns(experts, ["speaker", "field", "quotes", "articles"], name="experts")
    words = load_words("captions", language)
    if experts.empty:
        return words["no_expert"].format(quotes=_whole(quotes))
    first = experts.sort_values(["quotes", "speaker"], ascending=[False, True]).iloc[0]
    return words["experts"].format(
        experts=_whole(len(experts)),
        part=_whole(experts["quotes"].sum()),
        quotes=_whole(quotes),
        share=_percent(experts["quotes"].sum() / quotes),
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
    table: pd.DataFrame, categories: Sequence[str], labels: Labels
) -> list[tuple[str, pd.DataFrame, int]]:
    needed = ["period", "category", "articles", "articles_with", "share"]
    require_columns(table, needed, name="periods")
    return [
        ((labels or {}).get(name, name), rows, int(rows["articles"].sum()))
        for name in categories
        for rows in [table[table["category"] == name]]
    ]


def _extreme(
    rows: pd.DataFrame, measure: str, freq: str, words: Mapping[str, str], *, lowest: bool = False
) -> _Extreme:
    known = rows[(rows["articles"] > 0) & rows[measure].notna()]
    enough = known[known["articles"] >= FEW]
    eligible = known if enough.empty else enough
    best = eligible[measure].min() if lowest else eligible[measure].max()
    tied = eligible[eligible[measure] == best].sort_values(
        "articles", ascending=False, kind="stable"
    )
    name, *others = (name_period(start, freq) for start in tied["period"])
    if others:
        name = words["as_in"].format(period=name, others=words["comma"].join(others))
    return _Extreme(tied.iloc[0], name, len(eligible) < len(known))


def _sentence(
    clauses: Sequence[str], extremes: Sequence[_Extreme], words: Mapping[str, str]
) -> str:
    few = words["few"].format(few=FEW) if any(each.leaves_out for each in extremes) else ""
    return f"{words['separator'].join(clauses)}.{few}"


def _interval(low: float, high: float, shown: Any, words: Mapping[str, str]) -> str:
    if pd.isna(low):
        return words["no_interval"]
    return words["interval"].format(low=shown(low), high=shown(high))


def _whole(number: float) -> str:
    return f"{int(number):,}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _decimal(number: float) -> str:
    return f"{number:.2f}"


def _signed(number: float) -> str:
    return f"{number:+.1f}"
