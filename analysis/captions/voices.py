"""The sentences under figures of voices: who is quoted, when, and in which frame."""

from functools import partial

import pandas as pd

from analysis.captions.periods import find_extreme, say_few
from analysis.captions.words import (
    Labels,
    Words,
    label_of,
    require_one_row_each,
    require_rows,
    show_percent,
    show_row_interval,
    show_row_intervals,
    show_signed,
    show_whole,
    split_pair,
)
from analysis.data_files import load_words
from analysis.errors import require_choice
from analysis.tables import FREQUENCIES, require_columns
from analysis.voices import QUOTED, REPORTER


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
            label=label_of(source_type, labels, words),
            part=show_whole(quotes),
            share=show_percent(quotes / whole),
        )
        for source_type, quotes in zip(ordered["source_type"], ordered["quotes"], strict=True)
    ]
    return words["voices"].format(quotes=show_whole(whole), clauses=words["comma"].join(clauses))


def describe_experts(experts: pd.DataFrame, quotes: int, *, language: str = "en") -> str:
    """Say how many experts are quoted, how much of all quotes is theirs, and who leads.

    `experts` are rows of `count_speakers`; `quotes` is the number of all quotes.
    """
    require_columns(experts, ["speaker", "field", "quotes", "articles"], name="experts")
    words = load_words("captions", language)
    if experts.empty:
        return words["no_expert"].format(quotes=show_whole(quotes))
    first = experts.sort_values(["quotes", "speaker"], ascending=[False, True]).iloc[0]
    return words["experts"].format(
        experts=show_whole(len(experts)),
        part=show_whole(experts["quotes"].sum()),
        quotes=show_whole(quotes),
        share=show_percent(experts["quotes"].sum() / quotes),
        speaker=first["speaker"],
        field=first["field"] or "–",
        most=show_whole(first["quotes"]),
        articles=show_whole(first["articles"]),
    )


def describe_voices_over_time(
    voices: pd.DataFrame,
    *,
    freq: str,
    most: int = 3,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say how much of all quotes each source type has, and in which periods most and least.

    Takes a table of `count_voices_by_period`, of one group; the `most` quoted types are named.
    Highest and lowest are sought among the periods with at least `FEW` articles that quote
    anyone.

    >>> voices = pd.DataFrame({"period": pd.to_datetime(["2031-01-01"]), "quotes": 2,
    ...     "source_type": "expert", "all_quotes": 2, "articles_quoting": 1, "articles": 3,
    ...     "share": 1.0, "low": float("nan"), "high": float("nan"), "level": 0.95})
    >>> describe_voices_over_time(voices, freq="MS")
    'Quotes: 2 (articles with quotes: 1 of 3); of these expert 100.0 % (2), at its highest in
    2031-01 with 100.0 % (no interval; quotes: 2) and at its lowest in 2031-01 with 100.0 %
    (no interval; quotes: 2).'
    """
    counted = ["quotes", "all_quotes", "articles_quoting", "articles"]
    needed = ["period", "source_type", *counted, "share", "low", "high", "level"]
    require_rows(voices, needed, name="voices")
    require_one_row_each(voices, ["period", "source_type"], name="voices")
    words = load_words("captions", language)
    once = voices.drop_duplicates("period")
    whole, quoting, articles = once[["all_quotes", "articles_quoting", "articles"]].sum()
    if whole == 0:
        return words["no_quote"].format(articles=show_whole(articles))
    clauses, extremes = [], []
    quotes = voices.groupby("source_type", sort=False)["quotes"].sum()
    heard = quotes[quotes > 0].sort_values(ascending=False, kind="stable").head(most)
    for name, part in heard.items():
        rows = voices[voices["source_type"] == name]
        peak, trough = (
            find_extreme(rows, "share", freq, words, size="articles_quoting", lowest=lowest)
            for lowest in (False, True)
        )
        high_interval, low_interval = show_row_intervals(
            [peak.row, trough.row], show_percent, words
        )
        extremes.append(peak)
        clauses.append(
            words["voice_over_time"].format(
                label=label_of(name, labels, words),
                share=show_percent(part / whole),
                part=show_whole(part),
                peak=peak.name,
                high=show_percent(peak.row["share"]),
                high_interval=high_interval,
                high_whole=show_whole(peak.row["all_quotes"]),
                trough=trough.name,
                low=show_percent(trough.row["share"]),
                low_interval=low_interval,
                low_whole=show_whole(trough.row["all_quotes"]),
            )
        )
    said = words["voices_over_time"].format(
        quotes=show_whole(whole),
        quoting=show_whole(quoting),
        articles=show_whole(articles),
        clauses=words["separator"].join(clauses),
    )
    return said + say_few(extremes, words, units="quoting")


def describe_balance_by_voice(
    balances: pd.DataFrame,
    *,
    freq: str | None = None,
    voice: str = QUOTED,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say which voice speaks more in one of two frames than the reporter does.

    Takes a table of `balance_by_voice`. Without periods it gives the balance of the reporter and
    of all who are quoted, then the source types whose difference from the reporter has an
    interval without 0. With periods (name their `freq`) it says of one `voice` in how many it
    stands above the reporter. `labels` names frames and voices.

    >>> balances = pd.DataFrame({"voice": ["reporter", "quoted", "official"],
    ...     "first_mentions": [40, 10, 10], "second_mentions": [20, 20, 20],
    ...     "balance": [1.0, -1.0, -1.0], "balance_low": [0.5, -1.5, -1.5],
    ...     "balance_high": [1.5, -0.5, -0.5], "difference": [0.0, -2.0, -2.0],
    ...     "difference_low": [0.0, -3.0, -3.0], "difference_high": [0.0, -1.0, -1.0],
    ...     "pair": "security / diplomacy", "level": 0.95})
    >>> describe_balance_by_voice(balances)
    'Balance of security and diplomacy: the reporter +1.00 (95 % interval +0.50 to +1.50;
    mentions: 40 and 20); all who are quoted −1.00 (95 % interval −1.50 to −0.50; mentions: 10
    and 20). Closer to diplomacy than the reporter: official (difference −2.00; 95 % interval
    −3.00 to −1.00). The intervals are not adjusted for the number of voices (2).'
    """
    spans = [f"{name}{end}" for name in ("balance", "difference") for end in ("", "_low", "_high")]
    needed = ["voice", "first_mentions", "second_mentions", *spans, "pair", "level"]
    require_rows(balances, needed, name="balances")
    words = load_words("captions", language)
    labels = {name: words[name] for name in (REPORTER, QUOTED)} | dict(labels or {})
    if "period" in balances:
        require_choice(voice, list(balances["voice"].unique()), name="voice")
        require_choice(freq, FREQUENCIES, name="freq")
        return _voice_by_period(balances, str(freq), voice, labels, words)
    require_one_row_each(balances, ["voice"], name="balances")
    first, second = split_pair(balances["pair"].iloc[0], labels, words)
    heard = [
        _balance_of_voice(row, label_of(name, labels, words), words)
        for name in (REPORTER, QUOTED)
        for _, row in balances[balances["voice"] == name].iterrows()
    ]
    return words["balance_by_voice"].format(
        first=first,
        second=second,
        clauses=words["separator"].join(heard),
        differences=_say_differences(balances, (first, second), labels, words),
        voices=len(balances) - 1,
    )


def _balance_of_voice(row: pd.Series, voice: str, words: Words) -> str:
    if pd.isna(row["balance"]):
        return words["voice_unheard"].format(voice=voice)
    show = partial(show_signed, words=words, digits=2)
    return words["balance_of_voice"].format(
        voice=voice,
        balance=show(row["balance"]),
        interval=show_row_interval(row, show, words, "balance"),
        first_mentions=show_whole(row["first_mentions"]),
        second_mentions=show_whole(row["second_mentions"]),
    )


def _say_differences(
    balances: pd.DataFrame, frames: tuple[str, str], labels: Labels, words: Words
) -> str:
    """Say which source types differ from the reporter, for each of the two frames."""
    show = partial(show_signed, words=words, digits=2)
    types = balances[~balances["voice"].isin([REPORTER, QUOTED])]
    said = []
    for frame, rows in zip(
        frames,
        (types[types["difference_low"] > 0], types[types["difference_high"] < 0]),
        strict=True,
    ):
        order = rows["difference"].abs().sort_values(ascending=False, kind="stable").index
        ordered = [row for _, row in rows.loc[order].iterrows()]
        intervals = show_row_intervals(ordered, show, words, "difference")
        clauses = [
            words["difference_of_voice"].format(
                voice=label_of(row["voice"], labels, words),
                difference=show(row["difference"]),
                interval=interval,
            )
            for row, interval in zip(ordered, intervals, strict=True)
        ]
        if clauses:
            joined = words["separator"].join(clauses)
            said.append(words["more_of"].format(frame=frame, clauses=joined))
    return " ".join(said) or words["no_voice_differs"]


def _voice_by_period(
    balances: pd.DataFrame, freq: str, voice: str, labels: Labels, words: Words
) -> str:
    rows = balances[balances["voice"] == voice]
    require_one_row_each(rows, ["period"], name="balances")
    first, second = split_pair(rows["pair"].iloc[0], labels, words)
    name = label_of(voice, labels, words)
    known = rows[rows["difference"].notna()]
    if known.empty:
        return words["voice_in_no_period"].format(
            first=first, second=second, voice=name, periods=len(rows)
        )
    show = partial(show_signed, words=words, digits=2)
    peak, trough = (
        find_extreme(known, "difference", freq, words, lowest=lowest) for lowest in (False, True)
    )
    said = words["voice_by_period"].format(
        first=first,
        second=second,
        voice=name,
        above=int((known["difference"] > 0).sum()),
        periods=len(known),
        peak=peak.name,
        high=show(peak.row["difference"]),
        high_interval=show_row_interval(peak.row, show, words, "difference"),
        trough=trough.name,
        low=show(trough.row["difference"]),
        low_interval=show_row_interval(trough.row, show, words, "difference"),
    )
    return said + say_few([peak], words)
