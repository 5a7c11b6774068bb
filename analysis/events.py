"""Known events: their dates, windows around them, and what changes there."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.errors import InputError, require_at_least, require_choice
from analysis.framing import PAIR_SEPARATOR
from analysis.inference import (
    LEVEL,
    REPLICATES,
    SEED,
    adjust_p_values,
    check_resampling,
    count_strata,
    resample_sums,
    seeded_generator,
    t_interval,
)
from analysis.periods import assign_periods
from analysis.series import MEASURES, Series, series_groups, split_series
from analysis.tables import Columns, make_table, require_columns
from analysis.trends import estimate_autocorrelation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.intp]

EVENTS: Columns = {
    "event": "str",
    "date": "datetime64[us]",
    "end": "datetime64[us]",
    "name_en": "str",
    "name_ar": "str",
    "source": "str",
    "themes": "str",
}
WINDOWS: Columns = {
    "window": "str",
    "event": "str",
    "side": "str",
    "start": "datetime64[us]",
    "end": "datetime64[us]",
}
EVENT_CHANGES: Columns = {
    "event": "str",
    "date": "datetime64[us]",
    "category": "str",
    "measure": "str",
    "days_before": "int64",
    "days_after": "int64",
    "articles_before": "int64",
    "articles_after": "int64",
    "articles_with_before": "int64",
    "articles_with_after": "int64",
    "mentions_before": "int64",
    "mentions_after": "int64",
    "tokens_before": "int64",
    "tokens_after": "int64",
    "before": "float64",
    "after": "float64",
    "change": "float64",
    "change_low": "float64",
    "change_high": "float64",
    "placebos": "int64",
    "p_value": "float64",
    "q_value": "float64",
    "level": "float64",
    "method": "str",
}
INTERRUPTED: Columns = {
    "category": "str",
    "measure": "str",
    "date": "datetime64[us]",
    "term": "str",
    "estimate": "float64",
    "low": "float64",
    "high": "float64",
    "p_value": "float64",
    "q_value": "float64",
    "periods_before": "int64",
    "periods_after": "int64",
    "lags": "int64",
    "level": "float64",
    "method": "str",
}
SIDES = ("before", "during", "after")
TERMS = ("level_before", "slope_before", "step", "slope_change")
_OF_THE_EVENT = ("step", "slope_change")
FEWEST_PLACEBOS = 19
"""With fewer placebo dates no p-value could fall to .05."""
_FEWEST_ON_A_SIDE = 4
_DAYS_PER_YEAR = 365.25
_ROUNDING = 1e-9
_WEIGHED = ("articles", "mentions", "tokens")


def load_events(path: str | Path | None = None) -> pd.DataFrame:
    """Read and check a list of dated events; by default the one that ships.

    That is `data/lexicons/events.yml`, public events of 2014 to 2024 that touch security,
    diplomacy, terrorism, migration, cybercrime and the Olympic Games, above all around the
    Maghreb; it says at its top what each field means. Returns one row per event, by date:

    - `event`: identifier
    - `date`: its first day
    - `end`: its last day, missing for events of one day
    - `name_en`, `name_ar`
    - `source`: where the date can be checked
    - `themes`: the categories it can be expected to move, with commas between them, or ""

    DataFileError, with file and line, is raised for an unknown or missing field, something
    that is no day, an `end` before the `date`, and an identifier that stands twice.

    >>> events = load_events().set_index("event")
    >>> events.loc["pyeongchang_2018", "name_ar"], events.loc["pyeongchang_2018", "themes"]
    ('الألعاب الأولمبية الشتوية في بيونغ تشانغ', 'olympics,diplomacy')
    """
    file = load_yaml(data_path("lexicons", "events.yml") if path is None else path)
    if not isinstance(file.content, dict):
        file.fail((), f"expected groups with lists of events, found {file.content!r}.")
    found: dict[str, Place] = {}
    rows = []
    for place, entry in _entries(file):
        row = _read_event(file, place, entry)
        identifier = str(row["event"])
        if identifier in found:
            file.fail(
                (*place, "event"),
                f"the event `{identifier}` stands on line {file.lines[found[identifier]]} "
                "already; rename one.",
            )
        found[identifier] = (*place, "event")
        rows.append(row)
    return make_table(rows, EVENTS).sort_values(["date", "event"], ignore_index=True)


def event_windows(events: pd.DataFrame, *, days: int = 28) -> pd.DataFrame:
    """Return the windows before, during and after each event, for `framing_by_period`.

    The window before ends on the day before the event, the one after starts on its first day,
    and both have `days` days, which makes their lengths equal; with whole weeks (7, 14, 28)
    both hold each weekday equally often. An event with an `end` also has a window during, from
    its first day to its last, which overlaps the one after. Returns one row per window, in the
    order of `events`:

    - `window`: the event and the side, "khashoggi before"
    - `event`
    - `side`: before, during or after
    - `start`, `end`: first and last day, both included

    Raises InputError when a column is missing, an event stands twice or has no date, or `days`
    is not a whole number from 1 up.

    >>> games = pd.DataFrame({"event": ["games"], "date": pd.to_datetime(["2031-02-08"]),
    ...     "end": pd.to_datetime(["2031-02-23"])})
    >>> event_windows(games, days=7)[["window", "start", "end"]]
             window      start        end
    0  games before 2031-02-01 2031-02-07
    1  games during 2031-02-08 2031-02-23
    2   games after 2031-02-08 2031-02-14
    """
    _check_events(events, days)
    rows = []
    for event, date, end in zip(events["event"], events["date"], events["end"], strict=True):
        span = pd.Timedelta(days=days)
        day = pd.Timedelta(days=1)
        windows = {
            "before": (date - span, date - day),
            "during": (date, end),
            "after": (date, date + span - day),
        }
        rows += [
            {"window": f"{event} {side}", "event": event, "side": side, "start": first, "end": last}
            for side, (first, last) in windows.items()
            if not pd.isna(last)
        ]
    return make_table(rows, WINDOWS)


def compare_around_events(
    counts: pd.DataFrame,
    events: pd.DataFrame,
    *,
    measures: Sequence[str] = ("share", "per_1000"),
    categories: Sequence[str] | None = None,
    themes_only: bool = False,
    pair: tuple[str, str] = ("security", "diplomacy"),
    days: int = 28,
    fewest_articles: int = 20,
    copies: str = "count",
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
    stratify: str | None = "outlet",
) -> pd.DataFrame:
    """Compare the `days` before each event with the `days` from its first day on.

    A change is told in two ways. Its interval says how far it is known, given that these
    outlets could have printed other articles. Its p-value says how far it stands out from the
    changes that the ordinary course of news makes at any date: it is the share of placebo dates
    with a change at least as large in either direction, (1 + as large) / (1 + placebos).

    `categories` are those of `counts` unless named; with `themes_only` an event has rows only
    for the categories it lists in `themes`, for which its change was expected beforehand, and
    the family of the q-values is as small. A balance has one row per event, of `pair`. `copies`
    is as in `count_by_period`.

    Returns one row per event, category and measure, by date; events outside the dates of the
    corpus keep their rows, with counts of 0:

    - `event`, `date`, `category` (for a balance "security / diplomacy"), `measure`
    - `days_before`, `days_after`: days of the window between the first and the last day of the
      corpus, `days` unless it is cut off there
    - `articles_before`, `articles_after`: articles of the window, the DENOMINATOR of a share
    - `articles_with_before`, `articles_with_after`: those that mention the category, of a pair
      one of the two
    - `mentions_before`, `mentions_after`: mentions of the category, of a pair of both
    - `tokens_before`, `tokens_after`: words of the articles, the DENOMINATOR of per_1000
    - `before`, `after`: the measure in the window, NaN without articles or words
    - `change`: after - before, in points of the measure
    - `change_low`, `change_high`: its interval, NaN when a window has fewer than two articles or
      nothing varies
    - `placebos`: placebo dates it is compared with
    - `p_value`: NaN with fewer than 19 placebo dates, of which none could give .05, and when a
      window of the event has fewer than `fewest_articles`
    - `q_value`: Benjamini-Hochberg over all rows of the table
    - `level`: of the interval
    - `method`: how interval and p-value were made, with the seed, and why there is no p-value

    The interval draws whole articles within window and outlet, as `framing_by_period` does, and
    reaches t standard errors to either side. It is no test of the event: where days differ by
    themselves it leaves out 0 too often without any effect (in the simulations below for 7 to
    15 % of shares and 15 to 24 % of rates).

    A placebo date has windows as long as the event's own, filled with `fewest_articles` each,
    that share no day with the event or its windows. Dates next to each other have nearly the
    same windows and would count one quiet or loud month many times; so they stand as far apart
    as makes the changes of neighbours uncorrelated, two thirds of a window when both are
    equally long, outward from the event. In simulated series of nine months with windows of 28
    days, 8 to 10 % of events without an effect were significant at .05 when every day was a
    placebo date; so spaced, 2 to 5 % (corpora of 262 and 730 days, autocorrelation of days 0 and
    .3, windows of 7, 14 and 28 days). A rate twice as high was found in 67 to 73 % of events with
    windows of 7 days, 80 to 88 % with 14 (262 days), 97 to 100 % with 28 (730 days). A corpus of
    nine months holds some 6 placebo dates for windows of 28 days, 19 for 14, 45 for 7.

    Missed on purpose: dependence that remains between placebo dates of a slow movement; that
    placebo windows hold other events, known or not (that is the ordinary course of news); that
    windows with far fewer articles than the placebo ones change more by chance; and what else
    happened on the same days: a change around a date is not yet its effect.

    Raises InputError as `count_by_period` and `event_windows` do, and when a measure or
    category is unknown or an option is out of range.

    Source: for dates without an event as the yardstick, Abadie, Diamond and Hainmueller
    (2010), Journal of the American Statistical Association 105, 493-505 (placebo studies).

    >>> days = pd.date_range("2031-01-01", periods=60)
    >>> counts = pd.DataFrame({"article_id": [f"{n:02}" for n in range(60)], "outlet": "المرصد",
    ...     "published": days, "category": "diplomacy", "tokens": 400,
    ...     "mentions": [1, 0, 2] * 10 + [4, 2, 3] * 10})
    >>> summit = pd.DataFrame({"event": ["summit"], "date": pd.to_datetime(["2031-01-31"]),
    ...     "end": pd.NaT})
    >>> changes = compare_around_events(counts, summit, measures=["per_1000"], days=14)
    >>> changes[["category", "before", "after", "change", "change_low", "placebos"]].round(2)
        category  before  after  change  change_low  placebos
    0  diplomacy     2.5    7.5     5.0        3.34         0
    """
    _check_events(events, days)
    if themes_only:
        require_columns(events, ["themes"], name="events")
    for measure in measures:
        require_choice(measure, MEASURES, name="measure")
    check_resampling(level=level, replicates=replicates, seed=seed)
    require_at_least(1, fewest_articles, name="fewest_articles")
    if stratify is not None:
        require_columns(counts, [stratify], name="counts")
    dated = assign_periods(counts, copies=copies)
    plan = _plan_rows(dated, categories, measures, pair)
    corpus = _read_days(dated, plan, stratify)
    tables = []
    ordered = events.assign(themes=events.get("themes", "")).sort_values(["date", "event"])
    columns = ordered[["event", "date", "end", "themes"]]
    for event, date, end, themes in columns.itertuples(index=False, name=None):
        windows = _place_windows(corpus, date, end, days)
        table = _compare_windows(
            corpus, plan, windows, level=level, replicates=replicates, seed=seed
        )
        table = table.assign(event=event, date=date)
        table["placebos"], table["p_value"], said = _compare_with_placebos(
            corpus, plan, windows, table["change"].to_numpy(), fewest_articles=fewest_articles
        )
        table["method"] = _say_how(said, stratify, replicates=replicates, seed=seed, level=level)
        if themes_only:
            table = table[_concern(plan, themes)]
        tables.append(table)
    types = dict(EVENT_CHANGES)
    if copies == "weight":
        types |= {name: "float64" for name in types if name.startswith(_WEIGHED)}
    result = pd.concat(tables, ignore_index=True) if tables else make_table([], EVENT_CHANGES)
    result["q_value"] = adjust_p_values(result["p_value"])
    return result.assign(level=level)[list(EVENT_CHANGES)].astype(types)


def interrupted_series(
    framing: pd.DataFrame,
    date: str | datetime.date,
    *,
    measure: str = "per_1000",
    lags: int | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Fit each series by one straight line before a date and another from it on.

    With t the years from the date to the first day of a period, and after = 1 for periods that
    begin on the date or later, 0 before:

        value = level_before + slope_before * t + step * after + slope_change * t * after

    The period that holds the date, unless it begins with it, is of neither side and left out.
    Periods are not weighted by their articles. Returns four rows per group and category, sorted
    by them (for a balance four per group, the pair as its category):

    - the columns `framing` was grouped by
    - `category`, `measure`, `date`
    - `term`: `level_before` (where the first line stands on the date), `slope_before`, `step`
      (how far the second line starts above it) and `slope_change`
    - `estimate`: in the unit of the measure; slopes per year of 365.25 days
    - `low`, `high`: its interval
    - `p_value`: of an estimate this far from 0
    - `q_value`: Benjamini-Hochberg over the rows of `step` and `slope_change`, which ask about
      the event; NaN in the others
    - `periods_before`, `periods_after`: periods with a value on each side
    - `lags`: how many periods back errors are allowed to be alike
    - `level`: of the interval
    - `method`: how it was made

    All numbers of the fit are NaN with fewer than 4 periods on a side; interval and p-values
    also when all values are equal.

    Errors are those of Newey and West: neighbouring periods need not be independent. Without
    `lags` there are floor(4 * (n / 100)^(2/9)) of them for n periods. By themselves such errors
    are much too small in short series: of 60 periods without an event, with autocorrelation 0,
    .3 and .6, they called 10, 14 and 21 % of steps significant at .05. Each is therefore
    enlarged by as much as it falls short on average when the errors are a first-order
    autoregression like these (`estimate_autocorrelation`), and compared with Student's t for
    the degrees of freedom that its own variation then has (Satterthwaite). So corrected it was 4
    to 5 % of steps and 3 to 8 % of changes of slope, in 40, 60 and 120 periods and all three;
    a step of one standard deviation was found in 44, 21 and 15 % of series of 60 periods, in
    75, 49 and 28 % of 120.

    Missed on purpose: a slow movement hidden under much noise (of 60 periods 10 % of steps and
    16 % of changes of slope were called significant when half of the variance was noise and the
    rest autocorrelated at .8); a burst that is over before the next period; and any other event
    at that time.

    Raises InputError as `split_series` does and when the date is no day or an option is out
    of range.

    Sources: Newey and West (1987), Econometrica 55, 703-708, and for the lags (1994), Review of
    Economic Studies 61, 631-653; for enlarging errors by what they fall short under a working
    model, and the degrees of freedom, Bell and McCaffrey (2002), Survey Methodology 28, 169-181,
    and Imbens and Kolesar (2016), Review of Economics and Statistics 98, 701-712.

    >>> framing = pd.DataFrame({"period": pd.date_range("2031-01-01", periods=12, freq="MS"),
    ...     "category": "security", "articles": 40,
    ...     "share": [0.2, 0.3, 0.2, 0.2, 0.3, 0.2, 0.6, 0.5, 0.5, 0.6, 0.6, 0.5]})
    >>> fitted = interrupted_series(framing, "2031-07-01", measure="share")
    >>> fitted[["term", "estimate", "low", "high", "periods_after", "lags"]].round(2)
               term  estimate   low  high  periods_after  lags
    0  level_before      0.23  0.07  0.40              6     2
    1  slope_before      0.00 -0.50  0.51              6     2
    2          step      0.32  0.15  0.50              6     2
    3  slope_change     -0.04 -0.64  0.57              6     2
    """
    day = _read_date(date)
    check_resampling(level=level, seed=0)
    if lags is not None:
        require_at_least(0, lags, name="lags")
    groups = series_groups(framing)
    tables = [
        _interrupt(series, day, lags=lags, level=level)
        for series in split_series(framing, measure=measure)
    ]
    result = pd.concat(tables, ignore_index=True).assign(measure=measure, date=day, level=level)
    result["order"] = result["term"].map(TERMS.index)
    result = result.sort_values([*groups, "category", "order"], ignore_index=True)
    result["q_value"] = adjust_p_values(result["p_value"].where(result["term"].isin(_OF_THE_EVENT)))
    types = {name: framing[name].dtype for name in groups} | dict(INTERRUPTED)
    return result[[*groups, *INTERRUPTED]].astype(types)


# ── the list of events ──────────────────────────────────────────────────────────────────


def _entries(file: DataFile) -> Iterator[tuple[Place, object]]:
    for group, entries in file.content.items():
        if not isinstance(entries, list):
            file.fail((group,), f"expected a list of events, found {entries!r}.")
        for number, entry in enumerate(entries):
            yield (group, number), entry


def _read_event(file: DataFile, place: Place, entry: Any) -> dict[str, object]:
    file.check_fields(
        place, entry, required=["event", "date", "name", "themes", "source"], optional=["end"]
    )
    file.check_fields((*place, "name"), entry["name"], required=["en", "ar"])
    names = {f"name_{language}": entry["name"][language] for language in ("en", "ar")}
    texts = {
        (*place, "event"): entry["event"],
        (*place, "name", "en"): names["name_en"],
        (*place, "name", "ar"): names["name_ar"],
        (*place, "source"): entry["source"],
    }
    for where, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            file.fail(where, f"{where[-1]} is {text!r}; write it in words.")
    for field in ("date", "end"):
        day = entry.get(field)
        if field in entry and type(day) is not datetime.date:
            file.fail((*place, field), f"{field} is {day!r}; write a day such as 2031-01-09.")
    if "end" in entry and entry["end"] < entry["date"]:
        file.fail((*place, "end"), f"the event ends before {entry['date']}; give its last day.")
    themes = entry["themes"]
    if not isinstance(themes, list) or not all(_is_name(theme) for theme in themes):
        file.fail(
            (*place, "themes"),
            f"themes is {themes!r}; write a list of categories such as [diplomacy], or [].",
        )
    return {
        "event": entry["event"],
        "date": pd.Timestamp(entry["date"]),
        "end": pd.Timestamp(entry["end"]) if "end" in entry else pd.NaT,
        **names,
        "source": entry["source"],
        "themes": ",".join(themes),
    }


def _is_name(theme: object) -> bool:
    return isinstance(theme, str) and bool(theme.strip()) and "," not in theme


def _check_events(events: pd.DataFrame, days: int) -> None:
    require_columns(events, ["event", "date", "end"], name="events")
    require_at_least(1, days, name="days")
    for name in ("date", "end"):
        if not (events[name].isna().all() or pd.api.types.is_datetime64_dtype(events[name])):
            raise InputError(
                f"the column `{name}` of `events` holds {events[name].dtype}, not dates without a "
                "time zone; convert it with pandas.to_datetime."
            )
    problems = {
        "has no date; give its first day": events["date"].isna(),
        "ends before it starts; give its last day as `end`": events["end"] < events["date"],
        "stands twice in `events`; give each a name of its own": events["event"].duplicated(),
    }
    for problem, found in problems.items():
        if found.any():
            raise InputError(f"the event {events.loc[found, 'event'].iloc[0]!r} {problem}.")


# ── changes around an event ─────────────────────────────────────────────────────────────


class _Plan(NamedTuple):
    """What is compared: subjects of one category, or two for a balance, each with measures."""

    subjects: list[tuple[str, ...]]
    rows: list[tuple[int, str]]


class _Corpus(NamedTuple):
    """The articles by day, and their sums from the first day up to each day.

    The last axis of values and sums is, for each subject, the articles that mention it, then
    the mentions of its first category, then those of its second; and articles and words.
    """

    first: pd.Timestamp
    values: "Numbers"
    strata: pd.Series | None
    starts: "Indices"
    sums: "Numbers"


class _Windows(NamedTuple):
    """The days of an event's windows that the corpus has, each from its first to before its last.

    `beyond` is the first day that is neither in them nor of the event.
    """

    before: tuple[int, int]
    after: tuple[int, int]
    beyond: int


def _plan_rows(
    counts: pd.DataFrame,
    categories: Sequence[str] | None,
    measures: Sequence[str],
    pair: tuple[str, str],
) -> _Plan:
    known = sorted(counts["category"].unique())
    chosen = known if categories is None else list(dict.fromkeys(categories))
    for category in chosen:
        require_choice(category, known, name="category")
    ratios = [measure for measure in measures if measure != "balance"]
    subjects: list[tuple[str, ...]] = [(category,) for category in chosen] if ratios else []
    rows = [(number, measure) for number in range(len(subjects)) for measure in ratios]
    if "balance" in measures:
        for frame in pair:
            require_choice(frame, known, name="a frame of pair")
        rows.append((len(subjects), "balance"))
        subjects.append(pair)
    if not rows:
        raise InputError("there is nothing to compare; name at least one category and measure.")
    return _Plan(subjects, rows)


def _concern(plan: _Plan, themes: str) -> list[bool]:
    expected = set(themes.split(","))
    return [not expected.isdisjoint(plan.subjects[number]) for number, _ in plan.rows]


def _read_days(dated: pd.DataFrame, plan: _Plan, stratify: str | None) -> _Corpus:
    rows = dated.assign(day=dated["published"].dt.normalize())
    rows = rows.sort_values(["day", "article_id", "category"], ignore_index=True)
    categories = sorted(rows["category"].unique())
    articles = rows.iloc[:: len(categories)].reset_index(drop=True)
    mentions = rows["mentions"].to_numpy("float64").reshape(-1, len(categories))
    first, second = np.zeros((2, len(articles), len(plan.subjects)))
    for number, subject in enumerate(plan.subjects):
        places = [categories.index(category) for category in subject]
        first[:, number] = mentions[:, places[0]]
        if len(places) == 2:
            second[:, number] = mentions[:, places[1]]
    values = np.column_stack(
        [first + second > 0, first, second, np.ones(len(articles)), articles["tokens"]]
    ).astype("float64")
    if "weight" in articles:
        values *= articles["weight"].to_numpy("float64")[:, None]
    numbers = (articles["day"] - articles["day"].iloc[0]).dt.days.to_numpy()
    starts = np.searchsorted(numbers, np.arange(numbers[-1] + 2))
    return _Corpus(
        first=articles["day"].iloc[0],
        values=values,
        strata=articles[stratify].astype("str").fillna("") if stratify else None,
        starts=starts,
        sums=np.vstack([np.zeros(values.shape[1]), values.cumsum(axis=0)])[starts],
    )


def _place_windows(
    corpus: _Corpus, date: pd.Timestamp, end: pd.Timestamp | None, days: int
) -> _Windows:
    number = (date.normalize() - corpus.first).days
    last = number if pd.isna(end) else (end.normalize() - corpus.first).days
    edges = np.clip([number - days, number, number + days], 0, len(corpus.starts) - 1)
    start, middle, stop = (int(edge) for edge in edges)
    return _Windows((start, middle), (middle, stop), max(stop, last + 1))


def _compare_windows(
    corpus: _Corpus,
    plan: _Plan,
    windows: _Windows,
    *,
    level: float,
    replicates: int,
    seed: int,
) -> pd.DataFrame:
    """Return a row for each of the plan: counts and levels of both windows, and the change."""
    subjects = len(plan.subjects)
    numbers = [number for number, _ in plan.rows]
    columns: dict[str, object] = {
        "category": [PAIR_SEPARATOR.join(plan.subjects[number]) for number in numbers],
        "measure": [measure for _, measure in plan.rows],
    }
    for side, (start, stop) in (("before", windows.before), ("after", windows.after)):
        sums = corpus.sums[stop] - corpus.sums[start]
        counted, first, second = sums[:-2].reshape(3, subjects)
        columns |= {
            f"days_{side}": stop - start,
            f"articles_{side}": sums[-2],
            f"articles_with_{side}": counted[numbers],
            f"mentions_{side}": (first + second)[numbers],
            f"tokens_{side}": sums[-1],
            side: _levels(plan, sums),
        }
    table = pd.DataFrame(columns)
    change = table["after"] - table["before"]
    low, high = _resample_change(
        corpus, plan, windows, change.to_numpy(), level=level, replicates=replicates, seed=seed
    )
    return table.assign(change=change, change_low=low, change_high=high)


def _resample_change(
    corpus: _Corpus,
    plan: _Plan,
    windows: _Windows,
    change: "Numbers",
    *,
    level: float,
    replicates: int,
    seed: int,
) -> tuple["Numbers", "Numbers"]:
    drawn = []
    freedom = 0
    for start, stop in (windows.before, windows.after):
        chosen = slice(corpus.starts[start], corpus.starts[stop])
        values = corpus.values[chosen]
        if len(values) < 2:
            return np.full_like(change, np.nan), np.full_like(change, np.nan)
        strata = None if corpus.strata is None else corpus.strata.iloc[chosen]
        days = (corpus.first + pd.Timedelta(days=day) for day in (start, stop))
        sums = resample_sums(
            values, strata, replicates=replicates, generator=seeded_generator(seed, *days)
        )
        drawn.append(_levels(plan, sums))
        freedom += len(values) - count_strata(strata)
    changes = drawn[1] - drawn[0]
    low, high = t_interval(change, changes, level=level, freedom=freedom)
    varies = np.ptp(changes, axis=0) > _ROUNDING
    return np.where(varies, low, np.nan), np.where(varies, high, np.nan)


def _levels(plan: _Plan, sums: "Numbers") -> "Numbers":
    """Return the measure of each row; the last axis of sums is as in `_Corpus`."""
    subjects = len(plan.subjects)
    articles, words = sums[..., -2], sums[..., -1]
    known_articles = np.where(articles > 0, articles, np.nan)
    known_words = np.where(words > 0, words, np.nan)
    levels = []
    for number, measure in plan.rows:
        first, second = sums[..., subjects + number], sums[..., 2 * subjects + number]
        if measure == "share":
            levels.append(sums[..., number] / known_articles)
        elif measure == "per_1000":
            levels.append(1000 * first / known_words)
        else:
            balance = np.log2(first + 0.5) - np.log2(second + 0.5)
            levels.append(np.where(articles > 0, balance, np.nan))
    return np.stack(levels, axis=-1)


def _compare_with_placebos(
    corpus: _Corpus, plan: _Plan, windows: _Windows, change: "Numbers", *, fewest_articles: int
) -> tuple["Indices", "Numbers", str]:
    """Return for each row the number of placebo dates and the p-value; and how, or why not."""
    (start, middle), (_, stop) = windows.before, windows.after
    before, after = middle - start, stop - middle
    none = np.zeros(len(plan.rows), np.intp), np.full(len(plan.rows), np.nan)
    articles = corpus.sums[:, -2]
    if min(articles[middle] - articles[start], articles[stop] - articles[middle]) < fewest_articles:
        return *none, f"none, a window of the event has fewer than {fewest_articles} articles"
    apart = _uncorrelated_after(before, after)
    dates = np.concatenate(
        [
            np.arange(windows.beyond + before, len(corpus.starts) - after, apart),
            np.arange(start - after, before - 1, -apart),
        ]
    )
    filled = [
        articles[dates] - articles[dates - before] >= fewest_articles,
        articles[dates + after] - articles[dates] >= fewest_articles,
    ]
    dates = dates[np.logical_and(*filled)]
    changes = _levels(plan, corpus.sums[dates + after] - corpus.sums[dates])
    changes -= _levels(plan, corpus.sums[dates] - corpus.sums[dates - before])
    placebos = (~np.isnan(changes)).sum(axis=0)
    as_large = (np.abs(changes) >= (1 - _ROUNDING) * np.abs(change)).sum(axis=0)
    testable = (placebos >= FEWEST_PLACEBOS) & ~np.isnan(change)
    p_values = np.where(testable, (1 + as_large) / (1 + placebos), np.nan)
    said = f"share of placebo dates, {apart} days apart, with a change as large"
    if len(dates) < FEWEST_PLACEBOS:
        said = f"none, {len(dates)} placebo dates are fewer than {FEWEST_PLACEBOS}"
    return placebos, p_values, said


def _uncorrelated_after(before: int, after: int) -> int:
    """Return after how many days a change between two windows tells nothing of an earlier one.

    With independent days the covariance of changes h days apart is proportional to
    1 / before + 1 / after - h * (1 / before^2 + 1 / after^2 + 1 / (before * after)).
    """
    shared = before**2 + after**2 + before * after
    return -(-before * after * (before + after) // shared)


# ── a series before and after ───────────────────────────────────────────────────────────


def _read_date(date: str | datetime.date) -> pd.Timestamp:
    try:
        return pd.Timestamp(date).normalize()
    except (TypeError, ValueError, AttributeError):
        raise InputError(f"date is {date!r}; give a day, such as '2031-01-09'.") from None


def _interrupt(
    series: Series, day: pd.Timestamp, *, lags: int | None, level: float
) -> pd.DataFrame:
    periods = series.rows["period"]
    after = (periods >= day).to_numpy()
    whole = after | (periods.shift(-1) <= day).to_numpy()
    places = np.flatnonzero(~np.isnan(series.values) & whole)
    sides = after[places]
    counts = {"periods_before": int((~sides).sum()), "periods_after": int(sides.sum())}
    used = int(4 * (len(places) / 100) ** (2 / 9)) if lags is None else lags
    fitted = np.full((4, len(TERMS)), np.nan)
    if min(counts.values()) >= _FEWEST_ON_A_SIDE:
        years = (periods.iloc[places] - day).dt.days.to_numpy("float64") / _DAYS_PER_YEAR
        design = np.column_stack([np.ones(len(places)), years, sides, sides * years])
        fitted = _fit(series.values[places], design, places, lags=used, level=level)
    return pd.DataFrame(
        {
            **series.group,
            "category": series.category,
            "term": TERMS,
            **dict(zip(("estimate", "low", "high", "p_value"), fitted, strict=True)),
            **counts,
            "lags": used,
            "method": f"segmented least squares of statsmodels, periods not weighted; Newey-West "
            f"errors with {used} lags, enlarged by what they fall short of under a first-order "
            f"autoregression; Satterthwaite's degrees of freedom; level {level:g}",
        }
    )


def _fit(
    values: "Numbers", design: "Numbers", places: "Indices", *, lags: int, level: float
) -> "Numbers":
    """Return the estimate, low, high and p-value of each column of the design."""
    from scipy.special import stdtr, stdtrit
    from statsmodels.regression.linear_model import OLS

    model = OLS(values, design).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False}
    )
    if np.ptp(values) == 0:
        return np.vstack([model.params, np.full((3, len(TERMS)), np.nan)])
    weights = model.model.pinv_wexog
    maker = np.eye(len(values)) - design @ weights
    likeness, _ = estimate_autocorrelation(maker @ values, maker, places)
    errors = likeness ** np.abs(places[:, None] - places)
    residual = maker @ errors @ maker.T
    order = np.arange(len(values))
    kernel = np.maximum(1 - np.abs(order[:, None] - order) / (lags + 1), 0)
    bounds = []
    for number, own in enumerate(weights):
        product = (kernel * np.outer(own, own)) @ residual
        expected = np.trace(product)
        freedom = expected**2 / (product * product.T).sum()
        error = model.bse[number] * np.sqrt(own @ errors @ own / expected)
        estimate = model.params[number]
        reach = stdtrit(freedom, (1 + level) / 2) * error
        p_value = 2 * stdtr(freedom, -abs(estimate / error)) if error > 0 else np.nan
        bounds.append((estimate, estimate - reach, estimate + reach, p_value))
    return np.array(bounds).T


def _say_how(said: str, stratify: str | None, *, replicates: int, seed: int, level: float) -> str:
    within = f"window and {stratify}" if stratify else "window"
    return (
        f"t interval, standard error from a bootstrap of articles within {within}, {replicates} "
        f"replicates, seed {seed}; p_value: {said}; level {level:g}"
    )
