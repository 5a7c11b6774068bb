"""The sentences under figures of two frames: who moves first, and who holds when one falls."""

from typing import Any

import pandas as pd

from analysis.captions.words import (
    Q_BELOW,
    Labels,
    Words,
    join_clauses,
    label_of,
    list_numbers,
    name_group,
    require_rows,
    show_chances,
    show_change,
    show_change_of,
    show_correlation,
    show_level,
    show_row_interval,
)
from analysis.data_files import load_words
from analysis.leads import summarise_lead
from analysis.tables import require_columns


def describe_lags(
    lags: pd.DataFrame,
    lead: pd.DataFrame | None = None,
    *,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say which of two frames moves first, and how strongly the other follows.

    Takes a table of `correlate_at_lags`, and that of `summarise_lead` if it has been made; one
    clause for each group. `labels` names frames and groups.

    >>> lags = pd.DataFrame({"first": "security", "second": "diplomacy", "measure": "per_1000",
    ...     "lag": [0, 1], "pairs": [39, 38], "correlation": [0.1, 0.91], "band_low": -0.52,
    ...     "band_high": 0.52, "p_simultaneous": [0.9, 0.001], "level": 0.95})
    >>> describe_lags(lags)
    'Security moves before diplomacy: their changes from period to period correlate most with
    security ahead by 1 (in periods; r = .91; 95 % band of unrelated series over all lags −.52 to
    .52; p < .01; pairs of periods: 38). That one moves first is no proof that it moves the other.'
    """
    bands = ["correlation", "band_low", "band_high"]
    require_rows(lags, ["first", "second", "lag", "pairs", *bands, "level"], name="lags")
    words = load_words("captions", language)
    lead = summarise_lead(lags) if lead is None else lead
    require_columns(lead, ["lag", "leads", "p_value", "q_value", "lags_outside"], name="lead")
    groups = [str(name) for name in lead][: list(lead).index("first")]
    clauses = [_say_lead(row, lags, groups, labels, words, len(lead)) for _, row in lead.iterrows()]
    known = lead[lead["lag"].notna()]
    ends = {
        "lag_no_cause": (~known["leads"].isin(["together", "none"])).any(),
        "lag_no_proof": (known["leads"] == "none").any(),
    }
    return join_clauses(clauses, words) + "".join(
        words[end] for end, holds in ends.items() if holds
    )


def _say_lead(
    row: Any, lags: pd.DataFrame, groups: list[str], labels: Labels, words: Words, family: int
) -> str:
    frames = [row["first"], row["second"]]
    first, second = (label_of(frame, labels, words) for frame in frames)
    said = {"group": name_group(row, groups, labels, words), "first": first, "second": second}
    if pd.isna(row["lag"]):
        return words["lag_unknown"].format(**said)
    own = lags
    for name in [*groups, "first", "second"]:
        own = own[(own[name] == row[name]) | (own[name].isna() & pd.isna(row[name]))]
    at_lag = own[own["lag"] == row["lag"]].iloc[0]
    said["details"] = _say_correlation(at_lag, row, words, family)
    leads = row["leads"]
    if leads == "together":
        return words["lag_together"].format(**said)
    if leads == "none":
        lowest, highest, lag = (
            list_numbers([int(number)], words)
            for number in (own["lag"].min(), own["lag"].max(), row["lag"])
        )
        return words["lag_none"].format(lowest=lowest, highest=highest, lag=lag, **said)
    leader, follower = (first, second) if leads == frames[0] else (second, first)
    return words["lag_leads"].format(
        leader=leader, follower=follower, lag=abs(int(row["lag"])), **said
    )


def _say_correlation(at_lag: Any, lead: Any, words: Words, family: int) -> str:
    said = words["lag_details"].format(
        correlation=show_correlation(at_lag["correlation"], words),
        level=show_level(at_lag["level"]),
        low=show_correlation(at_lag["band_low"], words),
        high=show_correlation(at_lag["band_high"], words),
        chance=show_chances(lead, words, family),
        pairs=at_lag["pairs"],
    )
    outside = [int(lag) for lag in lead["lags_outside"].split(", ") if lag]
    others = [lag for lag in outside if lag != lead["lag"]]
    if not others:
        return said
    return said + words["lag_others"].format(lags=list_numbers(others, words))


def describe_falling(falling: pd.DataFrame, *, language: str = "en", labels: Labels = None) -> str:
    """Say how one frame changes when another falls and when it rises.

    Takes a table of `compare_when_falling`; one clause for each group. Whether the two move
    together is told by the q-value, below .05.

    >>> falling = pd.DataFrame({"first": ["security"], "second": "diplomacy",
    ...     "measure": "per_1000", "periods_falling": 14, "periods_rising": 23,
    ...     "second_when_falling": -2.0, "second_when_rising": 1.5, "change_when_falling": -1.5,
    ...     "change_when_falling_low": -3.5, "change_when_falling_high": 0.5,
    ...     "change_when_rising": 1.5, "change_when_rising_low": -0.5,
    ...     "change_when_rising_high": 3.5, "difference": -3.0, "difference_low": -5.0,
    ...     "difference_high": -1.0, "p_value": 0.01, "q_value": 0.01, "level": 0.95})
    >>> describe_falling(falling)
    'When diplomacy falls (periods: 14; on average −2.00 mentions per 1,000 words), security
    changes by −1.50 (95 % interval −3.50 to +0.50), when it rises (periods: 23; on average +1.50),
    by +1.50 (−0.50 to +3.50); the two move together (difference −3.00; −5.00 to −1.00; p = .01).'
    """
    changes = ["change_when_falling", "change_when_rising", "difference"]
    spans = [f"{name}{end}" for name in changes for end in ("", "_low", "_high")]
    sizes = [
        f"{name}_{way}" for name in ("periods", "second_when") for way in ("falling", "rising")
    ]
    needed = ["first", "second", "measure", *sizes, *spans, "p_value", "q_value", "level"]
    require_rows(falling, needed, name="falling")
    words = load_words("captions", language)
    groups = [str(name) for name in falling][: list(falling).index("first")]
    clauses = [
        _say_falling(row, groups, labels, words, len(falling)) for _, row in falling.iterrows()
    ]
    return join_clauses(clauses, words)


def _say_falling(row: Any, groups: list[str], labels: Labels, words: Words, family: int) -> str:
    measure = row["measure"]
    show = show_change_of(measure, words)
    said = {
        "group": name_group(row, groups, labels, words),
        "first": label_of(row["first"], labels, words),
        "second": label_of(row["second"], labels, words),
        "falling": row["periods_falling"],
        "rising": row["periods_rising"],
    }
    if pd.isna(row["difference"]):
        return words["falling_unknown"].format(**said)
    verdict = "falling_none"
    if row["q_value"] < Q_BELOW:
        verdict = "falling_with" if row["difference"] < 0 else "falling_instead"
    said["verdict"] = words[verdict].format(
        first=said["first"],
        difference=show(row["difference"]),
        interval=show_row_interval(row, show, words, "difference", is_named=False),
        chance=show_chances(row, words, family),
    )
    return words["falling"].format(
        fall=show_change(row["second_when_falling"], measure, words),
        when_falling=show(row["change_when_falling"]),
        falling_interval=show_row_interval(row, show, words, "change_when_falling"),
        rise=show(row["second_when_rising"]),
        when_rising=show(row["change_when_rising"]),
        rising_interval=show_row_interval(row, show, words, "change_when_rising", is_named=False),
        **said,
    )
