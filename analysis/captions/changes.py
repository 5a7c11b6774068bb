"""The sentences under figures of change: breaks in a series, and changes around events."""

from itertools import takewhile
from typing import Any

import pandas as pd

from analysis.captions.periods import name_period
from analysis.captions.words import (
    JOINED,
    Q_BELOW,
    Labels,
    Words,
    find_largest,
    label_of,
    name_series,
    require_one_row_each,
    show_chance,
    show_chances,
    show_change,
    show_change_of,
    show_from_to,
    show_level,
    show_range,
    show_row_interval,
    show_whole,
)
from analysis.data_files import load_words
from analysis.errors import require_choice
from analysis.series import series_groups
from analysis.tables import FREQUENCIES, require_columns

_HALF = 0.5


def describe_breaks(
    breaks: pd.DataFrame,
    sweep: pd.DataFrame | None = None,
    *,
    freq: str,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say which series change their level, when, from what to what, and how sure that is.

    `breaks` is a table of `find_breaks`. With the table of `sweep_penalties` for the same
    series, those without a break are named too, each with the lowest p-value of its search;
    without it only the ones with a break can be. Series too short to be searched stand in
    neither table.

    >>> breaks = pd.DataFrame({"category": ["security"], "measure": "per_1000", "break": 1,
    ...     "period": pd.to_datetime(["2032-09-01"]), "before": 2.0, "after": 6.0,
    ...     "period_low": pd.to_datetime(["2032-08-01"]), "p_value": 0.001, "periods": 40,
    ...     "period_high": pd.to_datetime(["2032-11-01"]), "level": 0.95})
    >>> describe_breaks(breaks, freq="MS")
    'Breaks in the level: 1 (averages of the periods). security: in 2032-09 (95 % interval of the
    date 2032-08 to 2032-11; p < .01) from 2.00 to 6.00 mentions per 1,000 words (periods with
    articles: 40).'
    >>> describe_breaks(breaks[:0], freq="MS")
    'No break in the level is found. That is no proof that there is none.'
    """
    dates = ["period", "period_low", "period_high"]
    needed = ["category", "measure", *dates, "before", "after", "p_value", "periods", "level"]
    require_columns(breaks, needed, name="breaks")
    require_choice(freq, FREQUENCIES, name="freq")
    words = load_words("captions", language)
    groups = series_groups(breaks)
    clauses = [
        words["breaks_of"].format(
            label=name_series(rows.iloc[0], groups, labels, words),
            steps=words["then"].join(_say_break(row, freq, words) for _, row in rows.iterrows()),
            periods=rows["periods"].iloc[0],
        )
        for _, rows in breaks.groupby([*groups, "category"], sort=False, dropna=False)
    ]
    said = []
    if clauses:
        joined = words["separator"].join(clauses)
        said.append(words["breaks"].format(breaks=len(breaks), clauses=joined))
    if sweep is not None:
        said += _say_unbroken(breaks, sweep, labels, words)
    return " ".join(said) or words["no_break"]


def _say_break(row: Any, freq: str, words: Words) -> str:
    low, high = (name_period(row[f"period_{side}"], freq) for side in ("low", "high"))
    return words["break"].format(
        period=name_period(row["period"], freq),
        dates=words["break_date" if low == high else "break_dates"].format(
            level=show_level(row["level"]), low=low, high=high
        ),
        chance=show_chance(row["p_value"], words),
        from_to=show_from_to(row, row["measure"], words),
    )


def _say_unbroken(
    breaks: pd.DataFrame, sweep: pd.DataFrame, labels: Labels, words: Words
) -> list[str]:
    """Say which series were searched in vain, if any was."""
    require_columns(sweep, ["category", "p_value", "periods"], name="sweep")
    groups = series_groups(sweep)
    require_columns(breaks, groups, name="breaks")
    broken = set(_series_of(breaks, groups).itertuples(index=False, name=None))
    clauses, periods = [], []
    for (*group, categories), steps in sweep.groupby(
        [column for _, column in _series_of(sweep, groups).items()], sort=False
    ):
        if any((*group, category) in broken for category in str(categories).split(JOINED)):
            continue
        # The search ends at the first p-value above one half; later ones were never candidates.
        searched = [*takewhile(lambda p_value: p_value <= _HALF, steps["p_value"])]
        first = steps.iloc[0]
        periods.append(first["periods"])
        clauses.append(
            words["searched"].format(
                label=name_series(first, groups, labels, words),
                chance=show_chance(min(searched, default=first["p_value"]), words),
            )
        )
    if not clauses:
        return []
    return [
        words["no_break_in"].format(
            clauses=words["names"].join(clauses),
            periods=show_range(min(periods), max(periods), show_whole, words),
        )
    ]


def _series_of(table: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    return table[[*groups, "category"]].astype("str").fillna("")


def describe_event_changes(
    changes: pd.DataFrame,
    *,
    events: pd.DataFrame | None = None,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say how many changes around events were compared, how many stand out, and the largest.

    Takes a table of `compare_around_events`; its rows are the family of the q-values, so pass it
    whole. The largest change is told for each measure: among those with a q-value below .05, or
    among those with a p-value when there is none, or among all. `events` is the table of the
    events, which has their names; `labels` names categories, and events when `events` is not
    given.

    >>> changes = pd.DataFrame({"event": ["summit"], "date": pd.to_datetime(["2031-01-31"]),
    ...     "category": "diplomacy", "measure": "share", "articles_before": 40,
    ...     "articles_after": 50, "before": 0.1, "after": 0.3, "change": 0.2, "change_low": 0.1,
    ...     "change_high": 0.3, "placebos": 45, "p_value": 0.022, "q_value": 0.022, "level": 0.95})
    >>> describe_event_changes(changes)
    'Changes compared around events: 1 (events: 1); with a p-value from placebo dates (for each
    event 45): 1; of these with q < .05: 1. Largest of these: diplomacy around “summit”
    (2031-01-31), from 10.0 % to 30.0 % of the articles, a change of +20.0 percentage points
    (95 % interval +10.0 to +30.0; p = .02; articles before: 40, after: 50; placebo
    dates: 45).'
    """
    sizes = ["articles_before", "articles_after", "placebos"]
    numbers = ["before", "after", "change", "change_low", "change_high", "p_value", "q_value"]
    keys = ["event", "date", "category", "measure"]
    require_columns(changes, [*keys, *sizes, *numbers, "level"], name="changes")
    require_one_row_each(changes, ["event", "category", "measure"], name="changes")
    words = load_words("captions", language)
    if events is not None:
        require_columns(events, ["event", f"name_{language}"], name="events")
        names = dict(zip(events["event"], events[f"name_{language}"], strict=True))
        labels = {**(labels or {}), **names}
    known = changes[changes["change"].notna()]
    tested = known[known["p_value"].notna()]
    sure = tested[tested["q_value"] < Q_BELOW]
    empty = len(changes) - len(known)
    said = words["events_empty"].format(empty=show_whole(empty)) if empty else ""
    return words["events"].format(
        rows=show_whole(len(changes)),
        events=changes["event"].nunique(),
        empty=said,
        tested=_say_tested(tested, len(sure), words),
        largest=_say_largest(known, tested, sure, labels, words),
    )


def _say_tested(tested: pd.DataFrame, sure: int, words: Words) -> str:
    if tested.empty:
        return words["events_untested"]
    placebos = tested["placebos"]
    said = words["events_tested"].format(
        placebos=show_range(placebos.min(), placebos.max(), show_whole, words),
        tested=show_whole(len(tested)),
    )
    return said + (words["events_sure"].format(sure=show_whole(sure)) if sure else "")


def _say_largest(
    known: pd.DataFrame, tested: pd.DataFrame, sure: pd.DataFrame, labels: Labels, words: Words
) -> str:
    if known.empty:
        return words["events_nothing"]
    if not sure.empty:
        template, rows = "events_largest_sure", sure
    elif not tested.empty:
        template, rows = "events_none_sure", tested
    else:
        template, rows = "events_largest", known
    clauses = [
        _say_change(
            find_largest(rows[rows["measure"] == measure], "change"), labels, words, len(tested)
        )
        for measure in rows["measure"].unique()
    ]
    return words[template].format(clauses=words["separator"].join(clauses))


def _say_change(row: Any, labels: Labels, words: Words, family: int) -> str:
    measure = row["measure"]
    return words["event"].format(
        label=label_of(row["category"], labels, words),
        event=label_of(row["event"], labels, words),
        date=f"{row['date']:%Y-%m-%d}",
        from_to=show_from_to(row, measure, words),
        change=show_change(row["change"], measure, words),
        interval=show_row_interval(row, show_change_of(measure, words), words, "change"),
        chance=show_chances(row, words, family),
        before=show_whole(row["articles_before"]),
        after=show_whole(row["articles_after"]),
        placebos=row["placebos"],
    )
