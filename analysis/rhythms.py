"""The rhythms of frames: how fast each series changes, and which of two is faster."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_choice
from analysis.inference import (
    LEVEL,
    REPLICATES,
    SEED,
    adjust_p_values,
    check_resampling,
    seeded_generator,
)
from analysis.series import (
    Series,
    arrange_rows,
    require_categories,
    series_groups,
    split_pairs,
    split_series,
)
from analysis.tables import Columns, interval_columns, require_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SAMPLING_NOISE = ("subtract", "keep")
QUANTITIES = ("fast_share", "autocorrelation")
"""The two measures of how fast a rhythm is."""

RHYTHMS: Columns = {
    "category": "str",
    "measure": "str",
    "periods": "int64",
    "periods_empty": "int64",
    "variance": "float64",
    "noise_share": "float64",
    "shorter_than": "float64",
    "fast_share": "float64",
    "fast_share_low": "float64",
    "fast_share_high": "float64",
    "fast_share_raw": "float64",
    "autocorrelation": "float64",
    "autocorrelation_low": "float64",
    "autocorrelation_high": "float64",
    "autocorrelation_raw": "float64",
    "half_life": "float64",
    "half_life_low": "float64",
    "half_life_high": "float64",
    "level": "float64",
    "method": "str",
}
RHYTHM_DIFFERENCES: Columns = {
    "first": "str",
    "second": "str",
    "measure": "str",
    "quantity": "str",
    "first_value": "float64",
    "second_value": "float64",
    "difference": "float64",
    "low": "float64",
    "high": "float64",
    "p_value": "float64",
    "q_value": "float64",
    "shorter_than": "float64",
    "level": "float64",
    "method": "str",
}

_FEWEST_PERIODS = 12
_SHORTEST_CUT = 3
_MOST_NOISE = 0.98
_PERSISTENCE = np.append(np.linspace(-0.95, 0.95, 39), [0.975, 1.0])
_QUANTILES = (np.arange(400) + 0.5) / 400


class _Rhythm(NamedTuple):
    """What is measured of a series, and which persistences it agrees with.

    `curves` holds for each of QUANTITIES and each persistence of `_PERSISTENCE` how many of the
    simulated series are faster than the observed one, as a share.
    """

    variance: float
    noise_share: float
    raw: dict[str, float]
    curves: "dict[str, Numbers]"


def measure_rhythm(
    framing: pd.DataFrame,
    *,
    measure: str = "per_1000",
    categories: Sequence[str] | None = None,
    shorter_than: float = 4,
    sampling_noise: str = "subtract",
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Measure how fast a series changes: the share of its fast changes, and its memory.

    A period with few articles goes up and down by chance, and chance looks like the fastest
    rhythm of all. So the variance that comes from drawing articles alone is subtracted
    (`sampling_noise="keep"` leaves it): of a share p(1 - p) / (n - 1) for n articles, of a rate
    or balance the square of the standard error that the intervals of `framing_by_period`
    were made from. And a short series always looks faster than it is, because the slowest part
    of it goes with its trend. Estimates and intervals are free of this for a series which
    forgets at a constant rate (an autoregression of first order) and has as many periods and
    as much sampling noise.

    Returns a row per group and category, sorted; a balance is one series, its category the
    pair:

    - the columns the table is grouped by
    - `category`, `measure`
    - `periods`: periods with articles; `periods_empty`: those between them without, in which a
      straight line takes the place of the value
    - `variance`: of the values around their straight trend, in squares of the measure
    - `noise_share`: sampling variance / `variance`: from 1 up nothing but chance is seen, and
      the estimates are NaN; NaN with "keep"
    - `shorter_than`: what a fast change is, in periods
    - `fast_share`: variance in changes that come back in fewer periods than that / variance
      without sampling noise, from 0 to 1; with 4 periods 0.5 for a series without memory. With
      its interval
    - `fast_share_raw`: the same as the periodogram gives it, nothing subtracted or mended
    - `autocorrelation`: correlation of a period with the next, with its interval; 1 is a series
      that never comes back to its mean
    - `autocorrelation_raw`: the same, nothing subtracted or mended
    - `half_life`: periods after which half of a deviation is left, log(1/2) /
      log(autocorrelation), with its interval; 0 when the autocorrelation is 0 or less, infinite
      when it is 1
    - `level`: of the intervals
    - `method`: how they were made, with replicates and seed

    All estimates are NaN with fewer than 12 periods with articles, with fewer than twice
    `shorter_than`, and for a series that does not change.

    What it misses on purpose: a rhythm that itself changes, and cycles: a yearly season counts
    as slow in monthly data, and as memory. The standard error of a rate is too large in periods
    of ten articles or fewer, or when few of them hold its mentions: where `noise_share` is then
    near 1 or beyond, shares can still be measured. Copies that several outlets print are more than
    chance but less than news: mark and weigh them first.

    Raises InputError when a column or a category is missing, and when an option is out of
    range.

    Sources: Andrews (1993), Econometrica 61, 139-165, for estimates at which the observed
    value is the median; Hansen (1999), Review of Economics and Statistics 81, 594-607, for the
    intervals; Percival and Walden (1993), Spectral Analysis for Physical Applications.

    >>> slow = np.cumsum(np.random.default_rng(3).normal(size=48))
    >>> framing = pd.DataFrame({"period": pd.date_range("2031-01-01", periods=48, freq="MS"),
    ...     "outlet": "المرصد", "category": "diplomacy", "articles": 90, "per_1000": 30 + slow})
    >>> table = measure_rhythm(framing, sampling_noise="keep")
    >>> table[["fast_share", "fast_share_low", "fast_share_high", "fast_share_raw"]].round(2)
       fast_share  fast_share_low  fast_share_high  fast_share_raw
    0        0.04             0.0             0.17            0.09
    """
    series = split_series(framing, measure=measure)
    if categories is not None:
        if not len(categories):
            raise InputError("categories is []; name at least one, or leave it out for all.")
        require_categories(categories, [each.category for each in series], name="categories")
        series = [each for each in series if each.category in categories]
    _check_rhythm(framing, measure, shorter_than, sampling_noise)
    check_resampling(level=level, replicates=replicates, seed=seed)
    rows = []
    for each in series:
        known = ~np.isnan(each.values)
        rhythm = _measure(each, measure, shorter_than, sampling_noise, replicates, seed)
        rows.append(
            {
                **each.group,
                "category": each.category,
                "periods": known.sum(),
                "periods_empty": (~known[_span(known)]).sum(),
                **_rhythm_values(rhythm, shorter_than, level),
            }
        )
    table = pd.DataFrame(rows).assign(
        measure=measure,
        shorter_than=shorter_than,
        level=level,
        method=_rhythm_method(sampling_noise, replicates, seed, level),
    )
    return arrange_rows(table, series_groups(framing), RHYTHMS, ["category"])


def compare_rhythms(
    framing: pd.DataFrame,
    *,
    pair: tuple[str, str] = ("security", "diplomacy"),
    measure: str = "per_1000",
    shorter_than: float = 4,
    sampling_noise: str = "subtract",
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Say which of two frames has the faster rhythm, by both measures of `measure_rhythm`.

    Returns two rows per group:

    - the columns the table is grouped by
    - `first`, `second`, `measure`
    - `quantity`: "fast_share", larger in the faster frame, or "autocorrelation", smaller in it
    - `first_value`, `second_value`: of each frame, as in `measure_rhythm`
    - `difference`: first_value - second_value, with its interval `low`, `high`
    - `p_value`: that the difference is 0
    - `q_value`: the same adjusted to the false discovery rate over the rows of the table
    - `shorter_than`: what a fast change is, in periods
    - `level`, `method`

    Interval and p-value come from the difference of the two confidence distributions, which
    are those of the intervals of `measure_rhythm`, as if the frames had been observed apart.
    Frames that move together make that too careful, never too bold. Of pairs with one rhythm
    and 60 periods, with and without sampling noise, 1 to 7 of 100 differ at p < .05, but 4 to 14
    when a few periods stand out as days of great news do (a standard deviation of 0.7 to 1.2
    on the scale of the logarithm): then compare by `share`.

    Raises InputError as `correlate_at_lags` and `measure_rhythm` do.

    Source: Xie and Singh (2013), International Statistical Review 81, 3-39.

    >>> generator = np.random.default_rng(3)
    >>> framing = pd.concat(
    ...     pd.DataFrame({"period": pd.date_range("2031-01-01", periods=48, freq="MS"),
    ...         "category": frame, "articles": 90, "per_1000": values})
    ...     for frame, values in [("security", generator.normal(30, 1, 48)),
    ...         ("diplomacy", np.cumsum(generator.normal(0, 1, 48)))]
    ... )
    >>> table = compare_rhythms(framing, sampling_noise="keep")
    >>> table[["quantity", "first_value", "second_value", "difference", "low"]].round(2)
              quantity  first_value  second_value  difference   low
    0  autocorrelation        -0.14          1.00       -1.14 -1.42
    1       fast_share         0.55          0.03        0.52  0.28
    """
    pairs = split_pairs(framing, pair, measure)
    _check_rhythm(framing, measure, shorter_than, sampling_noise)
    check_resampling(level=level, replicates=replicates, seed=seed)
    rows = []
    for frames in pairs:
        rhythms = [
            _measure(each, measure, shorter_than, sampling_noise, replicates, seed)
            for each in frames
        ]
        rows += [
            {
                **frames[0].group,
                **_compare_persistence(
                    rhythms,
                    quantity,
                    shorter_than=shorter_than,
                    level=level,
                    replicates=replicates,
                ),
            }
            for quantity in QUANTITIES
        ]
    table = pd.DataFrame(rows).assign(
        first=pair[0],
        second=pair[1],
        measure=measure,
        shorter_than=shorter_than,
        level=level,
        method=_rhythm_method(sampling_noise, replicates, seed, level),
    )
    table["q_value"] = adjust_p_values(table["p_value"])
    return arrange_rows(table, series_groups(framing), RHYTHM_DIFFERENCES, ["quantity"])


def _check_rhythm(
    framing: pd.DataFrame, measure: str, shorter_than: float, sampling_noise: str
) -> None:
    if not shorter_than >= _SHORTEST_CUT:
        raise InputError(
            f"shorter_than is {shorter_than!r}; give a number of periods, {_SHORTEST_CUT} or more: "
            "a change and its return take two periods at least."
        )
    require_choice(sampling_noise, SAMPLING_NOISE, name="sampling_noise")
    if sampling_noise == "subtract" and measure != "share":
        bounds = interval_columns([measure])
        require_columns(framing, [*bounds, "level"], name="framing")


def _measure(
    series: Series,
    measure: str,
    shorter_than: float,
    sampling_noise: str,
    replicates: int,
    seed: int,
) -> _Rhythm:
    """Measure the rhythm of a series, and hold it against simulated ones of every persistence."""
    known = ~np.isnan(series.values)
    unknown = _Rhythm(np.nan, np.nan, dict.fromkeys(QUANTITIES, np.nan), {})
    if known.sum() < max(_FEWEST_PERIODS, 2 * shorter_than):
        return unknown
    places = np.arange(len(known))[_span(known)]
    values = _take_out_trend(np.interp(places, np.flatnonzero(known), series.values[known]))
    variance = float((values**2).mean())
    if variance < 1e-12 * np.nanmax(series.values**2):
        return unknown._replace(variance=0.0)
    raw = {name: float(value) for name, value in _slowness(values, 0, shorter_than).items()}
    raw["fast_share"] = -raw["fast_share"]
    noise = _sampling_variance(series, measure) if sampling_noise == "subtract" else 0.0
    noise_share = noise / variance
    shown = noise_share if sampling_noise == "subtract" else np.nan
    measured = _Rhythm(variance, shown, raw, {})
    if not noise_share < _MOST_NOISE:
        return measured
    generator = seeded_generator(seed, "rhythm", *series.group.values(), series.category)
    observed = _slowness(values / np.sqrt(variance), noise_share, shorter_than)
    shape = (replicates, len(values))
    news, chance = generator.normal(size=(2, *shape))
    begin = generator.normal(size=(replicates, 1))
    curves: dict[str, list[float]] = {quantity: [] for quantity in QUANTITIES}
    for persistence in _PERSISTENCE:
        signal = _remember(news, begin, persistence)
        simulated = np.sqrt(1 - noise_share) * signal + np.sqrt(noise_share) * chance
        for quantity, slow in _slowness(
            _take_out_trend(simulated), noise_share, shorter_than
        ).items():
            curves[quantity].append(_share_above(slow, float(observed[quantity])))
    return measured._replace(
        curves={name: np.maximum.accumulate(curve) for name, curve in curves.items()}
    )


def _span(known: "Flags") -> slice:
    """Return the places from the first to the last that is known."""
    places = np.flatnonzero(known)
    return slice(places[0], places[-1] + 1) if len(places) else slice(0)


def _take_out_trend(values: "Numbers") -> "Numbers":
    """Subtract the straight trend along the last axis."""
    time = np.arange(values.shape[-1]) - (values.shape[-1] - 1) / 2
    time /= np.sqrt((time**2).sum())
    return np.asarray(
        values - values.mean(axis=-1, keepdims=True) - (values @ time)[..., None] * time
    )


def _slowness(values: "Numbers", noise: float, shorter_than: float) -> "dict[str, Numbers]":
    """Return the two measures of series without trend: the larger, the slower.

    The share of fast changes stands with a minus sign. `noise` is the variance of sampling,
    the same at every frequency and without memory.
    """
    from scipy.signal import periodogram

    frequencies, power = periodogram(values, detrend=False, scaling="spectrum")
    fast = frequencies > 1 / shorter_than
    flat = periodogram(np.eye(1, values.shape[-1])[0], detrend=False, scaling="spectrum")[1][1:]
    noise_fast = noise * flat[fast[1:]].sum() / flat.sum()
    of_fast = np.maximum(power[..., fast].sum(axis=-1) - noise_fast, 0)
    of_slow = np.maximum(power[..., ~fast].sum(axis=-1) - (noise - noise_fast), 0)
    both = of_fast + of_slow
    signal = (values**2).mean(axis=-1) - noise
    next_one = (values[..., 1:] * values[..., :-1]).sum(axis=-1) / values.shape[-1]
    memory = next_one / np.where(signal > 0, signal, np.nan)
    return {
        "fast_share": -of_fast / np.where(both > 0, both, np.nan),
        "autocorrelation": np.clip(memory, -1, 1),
    }


def _sampling_variance(series: Series, measure: str) -> float:
    """Return the mean variance of a period's value that drawing its articles alone would give."""
    from scipy.special import stdtrit

    rows, values = series.rows, series.values
    articles = rows["articles"].to_numpy("float64")
    if measure == "share":
        variances = values * (1 - values) / np.maximum(articles - 1, 1)
    else:
        low, high = (rows[name].to_numpy("float64") for name in interval_columns([measure]))
        width = high - low if measure == "balance" else values * (np.log(high) - np.log(low))
        reach = stdtrit(np.maximum(articles - 1, 1), (1 + rows["level"].to_numpy()) / 2)
        variances = (width / 2 / reach) ** 2
    return float(pd.Series(variances).mean())


def _remember(news: "Numbers", begin: "Numbers", persistence: float) -> "Numbers":
    """Return autoregressions of first order whose variance around their trend is 1 on average."""
    from scipy.signal import lfilter

    start = persistence * begin / np.sqrt(max(1 - persistence**2, 1e-4))
    series = lfilter([1], [1, -persistence], news, zi=start)[0]
    return np.asarray(series / np.sqrt((_take_out_trend(series) ** 2).mean()))


def _share_above(values: "Numbers", observed: float) -> float:
    """Return the share of values above the observed one, half of those equal or unknown to it."""
    above = (values > observed) + 0.5 * ((values == observed) | np.isnan(values))
    return float(above.mean())


def _rhythm_values(rhythm: _Rhythm, shorter_than: float, level: float) -> dict[str, float]:
    row = {"variance": rhythm.variance, "noise_share": rhythm.noise_share}
    probabilities = np.array([0.5, (1 - level) / 2, (1 + level) / 2])
    for quantity in QUANTITIES:
        middle, *bounds = _at(rhythm, quantity, probabilities, shorter_than)
        row |= {f"{quantity}_raw": rhythm.raw[quantity], quantity: middle}
        row |= dict(zip(interval_columns([quantity]), sorted(bounds), strict=True))
    for name in ("", "_low", "_high"):
        row[f"half_life{name}"] = _half_life(row[f"autocorrelation{name}"])
    return row


def _at(rhythm: _Rhythm, quantity: str, probabilities: "Numbers", shorter_than: float) -> "Numbers":
    """Return the values of a quantity that reach these probabilities of persistence."""
    if not rhythm.curves:
        return np.full(len(probabilities), np.nan)
    persistence = np.interp(probabilities, rhythm.curves[quantity], _PERSISTENCE)
    if quantity == "autocorrelation":
        return np.asarray(persistence)
    slow = np.arctan2((1 + persistence) * np.tan(np.pi / shorter_than), 1 - persistence)
    return np.asarray(1 - 2 / np.pi * slow)


def _half_life(autocorrelation: float) -> float:
    if autocorrelation <= 0:
        return 0.0
    return np.inf if autocorrelation == 1 else float(np.log(0.5) / np.log(autocorrelation))


def _compare_persistence(
    rhythms: Sequence[_Rhythm],
    quantity: str,
    *,
    shorter_than: float,
    level: float,
    replicates: int,
) -> dict[str, object]:
    """Return the difference of a quantity between two frames, from all pairs of its quantiles."""
    values = [_at(each, quantity, np.array([0.5]), shorter_than)[0] for each in rhythms]
    first, second = (_at(each, quantity, _QUANTILES, shorter_than) for each in rhythms)
    differences = np.subtract.outer(first, second).ravel()
    low, high = np.quantile(differences, [(1 - level) / 2, (1 + level) / 2])
    below = (differences < 0).mean() + 0.5 * (differences == 0).mean()
    p_value = np.clip(2 * min(below, 1 - below), 1 / (1 + replicates), 1)
    return {
        "quantity": quantity,
        "first_value": values[0],
        "second_value": values[1],
        "difference": values[0] - values[1],
        "low": low,
        "high": high,
        "p_value": p_value if np.isfinite(low) else np.nan,
    }


def _rhythm_method(sampling_noise: str, replicates: int, seed: int, level: float) -> str:
    noise = "subtracted" if sampling_noise == "subtract" else "kept"
    return (
        f"sampling variance {noise}; estimates and intervals: first-order autoregressions of "
        f"{len(_PERSISTENCE)} persistences around a straight trend, {replicates} replicates of "
        f"each, seed {seed}; level {level:g}"
    )
