"""Leads of two frames: which moves first, and does one hold when the other falls."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import require_at_least, require_choice
from analysis.inference import (
    LEVEL,
    REPLICATES,
    SEED,
    adjust_p_values,
    check_resampling,
    seeded_generator,
)
from analysis.series import Series, arrange_rows, series_groups, split_pairs
from analysis.tables import Columns, interval_columns, require_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.intp]
    Flags = NDArray[np.bool_]

SEASONS = ("none", "month", "quarter")
"""What is taken out of the changes of a series: nothing, or the mean of each month or quarter."""

CORRELATIONS: Columns = {
    "first": "str",
    "second": "str",
    "measure": "str",
    "lag": "int64",
    "pairs": "int64",
    "correlation": "float64",
    "low": "float64",
    "high": "float64",
    "band_low": "float64",
    "band_high": "float64",
    "p_value": "float64",
    "p_simultaneous": "float64",
    "preparation": "str",
    "order": "Int64",
    "level": "float64",
    "method": "str",
}
LEADS: Columns = {
    "first": "str",
    "second": "str",
    "measure": "str",
    "lags": "int64",
    "lag": "Int64",
    "pairs": "Int64",
    "correlation": "float64",
    "p_value": "float64",
    "q_value": "float64",
    "leads": "str",
    "lags_outside": "str",
    "level": "float64",
}
FALLING: Columns = {
    "first": "str",
    "second": "str",
    "measure": "str",
    "periods_falling": "int64",
    "periods_rising": "int64",
    "second_when_falling": "float64",
    "second_when_rising": "float64",
    "change_when_falling": "float64",
    "change_when_falling_low": "float64",
    "change_when_falling_high": "float64",
    "change_when_rising": "float64",
    "change_when_rising_low": "float64",
    "change_when_rising_high": "float64",
    "difference": "float64",
    "difference_low": "float64",
    "difference_high": "float64",
    "p_value": "float64",
    "q_value": "float64",
    "preparation": "str",
    "order": "Int64",
    "level": "float64",
    "method": "str",
}

_FEWEST_CHANGES = 8
_MOST_LAG = 12
_YEARS_OF_SEASONS = 2
_BURN_IN = 100
_FEWEST_OF_A_KIND = 3


class _Changes(NamedTuple):
    """The changes of a pair from period to period, the season taken out.

    `phases` is the number of the season of each period, when one was taken out.
    """

    first: "Numbers"
    second: "Numbers"
    phases: "Whole | None"
    preparation: str


def correlate_at_lags(
    framing: pd.DataFrame,
    *,
    pair: tuple[str, str] = ("security", "diplomacy"),
    measure: str = "per_1000",
    most_lag: int | None = None,
    season: str | None = None,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Correlate the changes of two frames, the one earlier or later than the other.

    Two series with a trend or a memory of their own look alike although nothing joins them.
    So changes from period to period are correlated, not levels; the season is taken out of
    the changes; and a correlation is held against those of series that are as like their own
    past as the two, but made without any relation. `framing` is a table of `framing_by_period`
    or `count_by_period`, with as many groups as it has.

    `most_lag`: the largest lag, else a quarter of the changes and at most 12. `season`:
    "month" or "quarter" takes out the mean change of each month or quarter, "none" nothing;
    without it monthly and quarterly series of two years or more lose theirs, others nothing.

    Returns a row per group and lag, sorted:

    - the columns the table is grouped by
    - `first`, `second`: the two frames
    - `measure`: of which the changes are taken
    - `lag`: in periods; the first frame at t with the second at t + lag, so that a relation
      at a positive lag means that the first leads
    - `pairs`: the DENOMINATOR, pairs of changes at this lag, both known; a change is known
      when both its periods have articles
    - `correlation`: Pearson's, from -1 to 1; NaN with fewer than 8 pairs and when a frame
      never changes
    - `low`, `high`: the band in which a correlation at this one lag lies if there is NO
      relation; its centre is 0
    - `band_low`, `band_high`: the band in which the correlations at all lags of the group lie
      together if there is none
    - `p_value`: of this lag alone; with 25 lags one in 20 lies below .05 by chance
    - `p_simultaneous`: of this lag among all lags of the group
    - `preparation`: what has been done to the series
    - `order`: of the autoregression of each unrelated series, a quarter of its n periods with
      articles, at most 10 log10(n)
    - `level`: of the bands
    - `method`: how they were made, with replicates and seed

    An unrelated series has the values of its own frame, around their trend and season, in
    another order: that of an autoregression fitted to their normal scores. So it keeps both the
    memory of the frame and its bursts, days of great news that by themselves make a
    correlation. Then its changes are taken in the same way, and what is missing stays missing.
    At 60 periods a lead was found where there is none in 4 to 6 of 100 pairs, in 7 with strong
    bursts; blocks of the changes, drawn anew, gave 6 to 9, and with bursts 10 to 16.

    What it misses on purpose: relations that are not a straight line, or that hold for a part
    of the time only; leads of less than a period, which stand at lag 0. An article that
    speaks of both frames moves both at lag 0: only other lags speak of an order. A lead is no
    cause; a third thing may move both.

    Raises InputError when a frame of `pair` or a column is missing, or an option is out of
    range.

    Sources: Theiler, Eubank, Longtin, Galdrikian and Farmer (1992), Physica D 58, 77-94, for
    series with the same values and memory (amplitude-adjusted surrogate data); Haugh (1976),
    Journal of the American Statistical Association 71, 378-385, for testing two
    autocorrelated series; for bands over all lags Westfall and Young (1993), Resampling-Based
    Multiple Testing.

    >>> generator = np.random.default_rng(5)
    >>> diplomacy = generator.normal(50, 5, 40)
    >>> security = np.append(diplomacy[1:], 50) + generator.normal(0, 2, 40)
    >>> framing = pd.concat(
    ...     pd.DataFrame({"period": pd.date_range("2031-01-01", periods=40, freq="W-MON"),
    ...         "outlet": "صدى المشرق", "category": frame, "articles": 30, "per_1000": values})
    ...     for frame, values in [("security", security), ("diplomacy", diplomacy)]
    ... )
    >>> table = correlate_at_lags(framing, most_lag=2)
    >>> table[["outlet", "lag", "pairs", "correlation", "band_low", "band_high"]].round(2)
           outlet  lag  pairs  correlation  band_low  band_high
    0  صدى المشرق   -2     37        -0.04     -0.51       0.51
    1  صدى المشرق   -1     38        -0.24     -0.49       0.49
    2  صدى المشرق    0     39        -0.27     -0.48       0.48
    3  صدى المشرق    1     38         0.91     -0.49       0.49
    4  صدى المشرق    2     37        -0.43     -0.48       0.48
    """
    pairs = split_pairs(framing, pair, measure)
    _check_options(season, level, replicates, seed)
    if most_lag is not None:
        require_at_least(0, most_lag, name="most_lag")
    rows = []
    for first, second in pairs:
        changes = _prepare(first, second, season)
        table = _correlate(
            changes,
            [first.values, second.values],
            _lags(len(changes.first), most_lag),
            level=level,
            replicates=replicates,
            generator=seeded_generator(seed, "lags", *first.group.values(), *pair),
        )
        table["preparation"] = changes.preparation
        rows += [{**first.group, **row} for row in table.to_dict("records")]
    method = (
        "bands and p-values: the values of each frame in the order of an autoregression of its "
        f"own, {replicates} replicates, seed {seed}; level {level:g}"
    )
    table = pd.DataFrame(rows).assign(
        first=pair[0], second=pair[1], measure=measure, level=level, method=method
    )
    return arrange_rows(table, series_groups(framing), CORRELATIONS, ["lag"])


def summarise_lead(correlations: pd.DataFrame) -> pd.DataFrame:
    """Say for each group which frame leads, by the strongest lag of `correlate_at_lags`.

    The strongest lag is the one whose correlation goes furthest beyond its band over all
    lags. Returns a row per group:

    - the columns the table is grouped by
    - `first`, `second`, `measure`
    - `lags`: how many lags were tried
    - `lag`: the strongest one, in periods; missing when no correlation is known
    - `pairs`: pairs of changes at this lag, the DENOMINATOR of `correlation`
    - `correlation`: at this lag
    - `p_value`: of the strongest lag among all lags
    - `q_value`: the p-value adjusted to the false discovery rate over the rows of the table
    - `leads`: the name of the frame that leads, "together" when the strongest lag is 0, "none"
      when the p-value is above 1 - level
    - `lags_outside`: all lags outside their band over all lags, such as "0, 2"
    - `level`

    One of `lags_outside` is no more proved than another: when lag 0 is there beside the
    strongest one, the frames also move together. Neighbouring lags with the opposite sign
    come from taking changes, and say nothing by themselves.

    Raises InputError when a column is missing.

    >>> correlations = pd.DataFrame({"first": "security", "second": "diplomacy",
    ...     "measure": "share", "lag": [-1, 0, 1], "pairs": [58, 59, 58],
    ...     "correlation": [0.1, 0.2, 0.5], "band_high": 0.4, "p_simultaneous": [0.9, 0.6, 0.01],
    ...     "level": 0.95})
    >>> summarise_lead(correlations)[["lag", "correlation", "p_value", "leads"]].values.tolist()
    [[1, 0.5, 0.01, 'security']]
    """
    names = ["first", "second", "measure", "lag", "pairs", "correlation", "band_high"]
    require_columns(correlations, [*names, "p_simultaneous", "level"], name="correlations")
    columns = [str(name) for name in correlations]
    groups = columns[: columns.index("first")]
    keys = [*groups, "first", "second", "measure", "level"]
    rows = [
        {**dict(zip(keys, key, strict=True)), **_strongest_lag(lags)}
        for key, lags in correlations.groupby(keys, dropna=False, observed=True)
    ]
    table = pd.DataFrame(rows, columns=[*groups, *LEADS])
    table["q_value"] = adjust_p_values(table["p_value"])
    return arrange_rows(table, groups, LEADS, [])


def compare_when_falling(
    framing: pd.DataFrame,
    *,
    pair: tuple[str, str] = ("security", "diplomacy"),
    measure: str = "per_1000",
    season: str | None = None,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Compare how one frame changes when another falls and when it rises.

    A frame that holds when the other falls has a `change_when_falling` near 0, one that
    falls with it a negative one, one that takes its place a positive one. `season` is that of
    `correlate_at_lags`; where a season is taken out, "falls" means: more than usual.

    Returns a row per group:

    - the columns the table is grouped by
    - `first`: the frame whose change is compared; `second`: the one that falls or rises
    - `measure`: the unit of all changes, per period
    - `periods_falling`, `periods_rising`: the DENOMINATORS, periods in which the second frame
      fell or rose against the period before, both with articles; periods in which it stayed
      the same are in neither
    - `second_when_falling`, `second_when_rising`: mean change of the second frame in them, to
      judge the size of the others by
    - `change_when_falling`, `change_when_rising`: mean change of the first frame in them, each
      with its interval (`_low`, `_high`); NaN with fewer than 3 periods of one kind or 8 in all
    - `difference`: when falling less when rising, with its interval: below 0 when the two
      frames move together, above 0 when one takes the place of the other
    - `p_value`: of a difference as large as this if the second frame's falls and rises made
      none
    - `q_value`: the same adjusted to the false discovery rate over the rows of the table
    - `preparation`: what has been done to the series
    - `order`: of the autoregression that the intervals are made from
    - `level`, `method`

    For intervals and p-value the falls and rises of the second frame are kept, and what they
    leave unsaid of the first is replaced by series as like their own past, from an
    autoregression of it (Bühlmann 1997, Bernoulli 3, 123-148); each error is measured by the
    spread of its own series, as in Student's t. Of nominal 95 % they cover 92 to 96 without a
    season, at 24 periods and at 60, and 90 to 91 where the season of exactly two years is taken
    out. That the interval of `change_when_falling` holds 0 does not show that the frame holds:
    look how wide it is beside `second_when_falling`.

    What it misses on purpose: falls that take longer than a period, for which a coarser
    `freq` should be chosen, and responses with a delay, see `correlate_at_lags`.

    Raises InputError as `correlate_at_lags` does.

    >>> diplomacy = np.array([9.0, 5, 8, 4, 9, 3, 8, 2, 7, 4, 8, 3])
    >>> framing = pd.concat(
    ...     pd.DataFrame({"period": pd.date_range("2031-01-01", periods=12, freq="W-MON"),
    ...         "category": frame, "articles": 30, "per_1000": values})
    ...     for frame, values in [("security", 6 - diplomacy / 4), ("diplomacy", diplomacy)]
    ... )
    >>> table = compare_when_falling(framing)
    >>> table[["periods_falling", "second_when_falling", "change_when_falling"]].round(2)
       periods_falling  second_when_falling  change_when_falling
    0                6                -4.67                 1.17
    """
    pairs = split_pairs(framing, pair, measure)
    _check_options(season, level, replicates, seed)
    rows = []
    for first, second in pairs:
        changes = _prepare(first, second, season)
        compared = _compare_changes(
            changes,
            level=level,
            replicates=replicates,
            generator=seeded_generator(seed, "falling", *first.group.values(), *pair),
        )
        rows.append({**first.group, **compared, "preparation": changes.preparation})
    method = (
        "intervals and p-value: series from an autoregression of what the second frame leaves "
        f"of the first, {replicates} replicates, seed {seed}; level {level:g}"
    )
    table = pd.DataFrame(rows).assign(
        first=pair[0], second=pair[1], measure=measure, level=level, method=method
    )
    table["q_value"] = adjust_p_values(table["p_value"])
    return arrange_rows(table, series_groups(framing), FALLING, [])


def _check_options(season: str | None, level: float, replicates: int, seed: int) -> None:
    if season is not None:
        require_choice(season, SEASONS, name="season")
    check_resampling(level=level, replicates=replicates, seed=seed)


def _prepare(first: Series, second: Series, season: str | None) -> _Changes:
    """Return the changes of two series from period to period, the season taken out."""
    periods = pd.DatetimeIndex(first.rows["period"])
    chosen = season or _usual_season(periods)
    changes = _Changes(np.diff(first.values), np.diff(second.values), None, "differenced once")
    if chosen == "none":
        return changes
    phases = np.asarray(getattr(periods, chosen), np.intp)
    return _Changes(
        _take_out(changes.first, phases[1:]),
        _take_out(changes.second, phases[1:]),
        phases,
        f"differenced once, the mean of each {chosen} taken out",
    )


def _usual_season(periods: pd.DatetimeIndex) -> str:
    """Return the season of months or quarters that go over two years or more."""
    days = pd.Series(periods).diff().dt.days.median()
    for season, shortest, longest, per_year in (("month", 28, 31, 12), ("quarter", 89, 92, 4)):
        if shortest <= days <= longest and len(periods) >= _YEARS_OF_SEASONS * per_year:
            return season
    return "none"


def _take_out(changes: "Numbers", phases: "Whole") -> "Numbers":
    """Subtract the mean of each season along the last axis; what is unknown stays unknown."""
    left = changes.copy()
    known = ~np.isnan(changes)
    for phase in np.unique(phases):
        here = phases == phase
        number = np.maximum(known[..., here].sum(axis=-1, keepdims=True), 1)
        left[..., here] -= np.nansum(changes[..., here], axis=-1, keepdims=True) / number
    return left


def _lags(changes: int, most_lag: int | None) -> range:
    furthest = min(_MOST_LAG, changes // 4) if most_lag is None else most_lag
    return range(-furthest, furthest + 1)


def _correlate(
    changes: _Changes,
    values: "Sequence[Numbers]",
    lags: range,
    *,
    level: float,
    replicates: int,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Return the correlations at all lags, with bands from series without a relation."""
    observed, pairs = _correlations(changes.first, changes.second, lags)
    table = pd.DataFrame({"lag": list(lags), "pairs": pairs, "correlation": observed})
    known = ~np.isnan(observed)
    names = ["low", "high", "band_low", "band_high", "p_value", "p_simultaneous", "order"]
    if not known.any():
        return table.assign(**dict.fromkeys(names, np.nan))
    first, second = (
        _simulate_alike(each, changes.phases, replicates=replicates, generator=generator)
        for each in values
    )
    drawn = np.abs(np.nan_to_num(_correlations(first, second, lags)[0][:, known]))
    spread = np.sqrt((drawn**2).mean(axis=0))
    furthest = (drawn / spread).max(axis=1)
    strength = np.abs(observed[known])
    reach = np.quantile(drawn, level, axis=0)
    band = np.quantile(furthest, level) * spread
    alone = _p_values(drawn >= strength)
    among = _p_values(furthest[:, None] >= strength / spread)
    order = np.full(len(strength), _order(int((~np.isnan(values[0])).sum())))
    table.loc[known, names] = np.column_stack([-reach, reach, -band, band, alone, among, order])
    return table


def _p_values(reached: "Flags") -> "Numbers":
    return np.asarray((1 + reached.sum(axis=0)) / (1 + len(reached)))


def _correlations(first: "Numbers", second: "Numbers", lags: range) -> "tuple[Numbers, Whole]":
    """Return Pearson's correlations and the number of pairs for all lags, along the last axis.

    Series stand along the last axis, and all rows of one side are known at the same places.
    """
    size = first.shape[-1]
    known = [~np.isnan(np.atleast_2d(each)[0]) for each in (first, second)]
    correlations, pairs = [], []
    for lag in lags:
        earlier = np.arange(max(0, -lag), min(size, size - lag))
        earlier = earlier[known[0][earlier] & known[1][earlier + lag]]
        pairs.append(len(earlier))
        enough = len(earlier) >= _FEWEST_CHANGES
        found = _pearson(first[..., earlier], second[..., earlier + lag]) if enough else np.nan
        correlations.append(np.broadcast_to(found, first.shape[:-1]))
    return np.stack(correlations, axis=-1), np.array(pairs)


def _pearson(first: "Numbers", second: "Numbers") -> "Numbers":
    left = first - first.mean(axis=-1, keepdims=True)
    right = second - second.mean(axis=-1, keepdims=True)
    spread = np.sqrt((left**2).sum(axis=-1) * (right**2).sum(axis=-1))
    return np.asarray((left * right).sum(axis=-1) / np.where(spread > 1e-20, spread, np.nan))


def _simulate_alike(
    values: "Numbers",
    phases: "Whole | None",
    *,
    replicates: int,
    generator: np.random.Generator,
) -> "Numbers":
    """Return the changes of series with the values of this one, as like their past as it is."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    known = ~np.isnan(values)
    left = _take_out_line(values)
    left = (left if phases is None else _take_out(left, phases))[known]
    scores = ndtri((rankdata(left) - 0.5) / len(left))
    polynomial = _autoregression(scores, _order(len(scores)))
    drawn = generator.normal(size=(replicates, _BURN_IN + len(left)))
    ranks = _run(polynomial, drawn).argsort(axis=1).argsort(axis=1)
    alike = np.full((replicates, len(values)), np.nan)
    alike[:, known] = np.sort(left)[ranks]
    changes = np.diff(alike, axis=1)
    return changes if phases is None else _take_out(changes, phases[1:])


def _simulate_errors(
    errors: "Numbers",
    phases: "Whole | None",
    *,
    replicates: int,
    generator: np.random.Generator,
) -> "Numbers":
    """Return series as like their own past as these errors, from their residuals drawn anew."""
    from scipy.signal import lfilter

    known = ~np.isnan(errors)
    order = _order(int(known.sum()))
    polynomial = _autoregression(errors[known], order)
    residuals = lfilter(polynomial, [1], errors[known])[order:]
    drawn = generator.choice(
        residuals - residuals.mean(), size=(replicates, _BURN_IN + int(known.sum()))
    )
    alike = np.full((replicates, len(errors)), np.nan)
    alike[:, known] = _run(polynomial, drawn)
    return alike if phases is None else _take_out(alike, phases[1:])


def _take_out_line(values: "Numbers") -> "Numbers":
    """Subtract the straight line through the known values."""
    known = ~np.isnan(values)
    time = np.arange(len(values), dtype="float64")
    line = np.polynomial.Polynomial.fit(time[known], values[known], 1)
    return np.asarray(values - line(time))


def _order(changes: int) -> int:
    return min(changes // 4, int(10 * np.log10(changes)))


def _autoregression(centred: "Numbers", order: int) -> "Numbers":
    """Return the polynomial of an autoregression by the equations of Yule and Walker."""
    from scipy.linalg import solve_toeplitz

    size = len(centred)
    likeness = [(centred[: size - lag] * centred[lag:]).sum() for lag in range(order + 1)]
    return np.append(1, -solve_toeplitz(likeness[:-1], likeness[1:]))


def _run(polynomial: "Numbers", news: "Numbers") -> "Numbers":
    """Return what an autoregression makes of news, its first steps left out."""
    from scipy.signal import lfilter

    return np.asarray(lfilter([1], polynomial, news, axis=1)[:, _BURN_IN:])


def _strongest_lag(lags: pd.DataFrame) -> dict[str, object]:
    """Return the strongest of the lags of one group, and who leads by it."""
    reach = (lags["correlation"].abs() / lags["band_high"]).to_numpy()
    outside = ", ".join(map(str, lags.loc[reach > 1, "lag"].sort_values()))
    found: dict[str, object] = {"lags": len(lags), "leads": "none", "lags_outside": outside}
    if np.isnan(reach).all():
        return found
    strongest = lags.iloc[int(np.nanargmax(reach))]
    if strongest["p_simultaneous"] + strongest["level"] <= 1:
        lag = strongest["lag"]
        ahead = strongest["first"] if lag > 0 else strongest["second"]
        found["leads"] = ahead if lag else "together"
    found |= {name: strongest[name] for name in ("lag", "pairs", "correlation")}
    return {**found, "p_value": strongest["p_simultaneous"]}


def _compare_changes(
    changes: _Changes, *, level: float, replicates: int, generator: np.random.Generator
) -> dict[str, object]:
    """Return the mean changes when the second frame falls and rises, and their difference."""
    both = ~np.isnan(changes.first + changes.second)
    second = changes.second[both]
    falling, rising = int((second < 0).sum()), int((second > 0).sum())
    names = ("change_when_falling", "change_when_rising", "difference")
    compared: dict[str, Any] = dict.fromkeys((*names, *interval_columns(names), "order", "p_value"))
    compared |= {"periods_falling": falling, "periods_rising": rising}
    compared["second_when_falling"], compared["second_when_rising"], _ = _means(second, second)
    if min(falling, rising) < _FEWEST_OF_A_KIND or len(second) < _FEWEST_CHANGES:
        return compared
    left = np.full(both.shape, np.nan)
    left[both] = _residuals(changes.first[both], second)
    drawn = _simulate_errors(left, changes.phases, replicates=replicates, generator=generator)
    errors = np.abs(_means(drawn[:, both], second))
    errors *= _spread(left[both]) / _spread(_residuals(drawn[:, both], second))
    means = _means(changes.first[both], second)
    reach = np.quantile(errors, level, axis=0)
    for name, mean, error in zip(names, means, reach, strict=True):
        compared |= {name: mean, f"{name}_low": mean - error, f"{name}_high": mean + error}
    p_value = _p_values(errors[:, 2] >= abs(means[2]))
    return {**compared, "order": _order(len(second)), "p_value": float(p_value)}


def _residuals(first: "Numbers", second: "Numbers") -> "Numbers":
    """Return the first without its means where the second falls, rises and stays."""
    left = first.copy()
    for here in (second < 0, second == 0, second > 0):
        if here.any():
            left[..., here] -= first[..., here].mean(axis=-1, keepdims=True)
    return left


def _spread(values: "Numbers") -> "Numbers":
    return np.asarray(np.sqrt((values**2).mean(axis=-1, keepdims=True)))


def _means(first: "Numbers", second: "Numbers") -> "Numbers":
    """Return along the last axis the mean of the first when the second falls, rises, and both."""
    means = []
    for here in (second < 0, second > 0):
        number = here.sum(axis=-1)
        means.append((first * here).sum(axis=-1) / np.where(number > 0, number, np.nan))
    return np.stack([*means, means[0] - means[1]], axis=-1)
