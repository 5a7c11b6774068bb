"""Changepoints: where the level of a series changes, and how sure that is."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError, require_at_least, require_choice
from analysis.inference import (
    LEVEL,
    REPLICATES,
    SEED,
    autocorrelation,
    check_resampling,
    draw_blocks,
    permute_blocks,
    seeded_generator,
)
from analysis.series import Series, series_groups, split_series
from analysis.tables import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

BREAKS: Columns = {
    "category": "str",
    "measure": "str",
    "break": "int64",
    "period": "datetime64[us]",
    "period_low": "datetime64[us]",
    "period_high": "datetime64[us]",
    "before": "float64",
    "after": "float64",
    "change": "float64",
    "p_value": "float64",
    "periods": "int64",
    "level": "float64",
    "method": "str",
}
SWEEP: Columns = {
    "category": "str",
    "measure": "str",
    "penalty": "float64",
    "breaks": "int64",
    "starts": "str",
    "autocorrelation": "float64",
    "p_value": "float64",
    "periods": "int64",
}
NOISE = ("autocorrelated", "independent")
"""What the periods do beside changing their level: resemble their neighbours, or not."""

_FEWEST_PERIODS = 12
_MOST_AUTOCORRELATION = 0.95
# How many standard errors of the autocorrelation its draws are spread by, chosen by simulation
# (benchmarks/breaks.py): with fewer, false breaks pass 5 %; with more, true ones are lost.
_SPREAD = 1.8
_SIMULATED = 150
_GRID = np.linspace(0, 0.9, 10)
_STEP = 0.7
_HALF = 0.5


class _Step(NamedTuple):
    """One segmentation of the sweep: the largest penalty that gives it, and its test."""

    breaks: tuple[int, ...]
    penalty: float
    likeness: float
    p_value: float


def find_breaks(
    framing: pd.DataFrame,
    *,
    measure: str = "per_1000",
    categories: Sequence[str] | None = None,
    jointly: bool = False,
    noise: str = "autocorrelated",
    least_periods: int | None = None,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Find the periods in which the level of a series changes, each with a p-value.

    The penalty of the search (PELT with squared error) is swept from high to low. At each new
    segmentation the largest penalty that still gives it, over the variance left by the breaks
    before and one more, is held against what series without any break give: the residuals,
    whitened by their first autocorrelation, change places in blocks and take the autocorrelation
    on again. A series that merely wanders shows breaks too; only those that such series rarely
    show are kept: the finest segmentation whose p-value is at most 1 - `level`. The sweep goes on
    until a p-value passes one half, because levels that go up and down again are clear only
    once all of them are fitted.

    `measure` is `share`, `per_1000` or `balance`; `categories` chooses some. With `jointly` the
    categories of a group are searched together and share their breaks. `noise="independent"`
    takes neighbouring periods to be unlike but for their level; it finds more, and is right where
    a period has few articles, so that chance rules, and wrong where news goes on for weeks.
    `least_periods` is the shortest stretch between two breaks: a twelfth of the periods and
    three at least, when None.

    Returns one row per break and category, none for a series without breaks:

    - the columns the table is grouped by, `category` (for a balance, the pair) and `measure`
    - `break`: its number within the series, from 1
    - `period`: the first period of the new level
    - `period_low`, `period_high`: interval of that period: the places that the break takes when
      the residuals around the levels are drawn anew in blocks
    - `before`, `after`: mean of the periods of the level before and after, each period counting
      alike; `change` is their difference
    - `p_value`: share of series without a break that show a segmentation as clear; it is of the
      first kept segmentation that has this break, and holds for all of its breaks together
    - `periods`: those with articles, the denominator; empty ones are passed over
    - `level`, `method`

    What it misses on purpose: slow drifts (they give breaks in their middle), changes of spread,
    and breaks fewer than `least_periods` from an end. P-values are of each series alone; adjust
    those of many with `inference.adjust_p_values`. Series of fewer than 12 periods are not
    searched. How often it errs: `benchmarks/BREAKS.md`.

    Raises InputError as `split_series` does, and for an option out of range.

    Sources: Killick, Fearnhead and Eckley (2012), Journal of the American Statistical Association
    107, 1590-1598, for the search; Haynes, Eckley and Fearnhead (2017), Journal of Computational
    and Graphical Statistics 26, 134-143, for the sweep; Andrews and Monahan (1992), Econometrica
    60, 953-966, for whitening.

    >>> noise = np.random.default_rng(7).normal(size=40)
    >>> framing = pd.DataFrame({"period": pd.date_range("2031-01-01", periods=40, freq="MS"),
    ...     "category": "الأمن", "articles": 50, "per_1000": noise + 4 * (np.arange(40) >= 20)})
    >>> found = find_breaks(framing)
    >>> found["period"].dt.strftime("%Y-%m").tolist(), found["p_value"].lt(0.01).tolist()
    (['2032-09'], [True])
    """
    rows = []
    for key, walked in _walk_all(
        framing, measure, categories, jointly, noise, least_periods, level, replicates, seed
    ):
        series, values, least, steps = walked
        kept = [step for step in _until_chance(steps) if step.p_value <= 1 - level]
        if not kept:
            continue
        breaks = kept[-1].breaks
        generator = seeded_generator(seed, *key, "dates")
        bounds = _date_bounds(values, breaks, noise, level, replicates, generator)
        p_values = _p_values(breaks, kept, least)
        rows += [
            row
            for one in series
            for row in _break_rows(one, breaks, bounds, p_values, measure, level, noise, seed)
        ]
    names = [*series_groups(framing), *BREAKS]
    return pd.DataFrame(rows, columns=names).astype(dict(BREAKS))


def sweep_penalties(
    framing: pd.DataFrame,
    *,
    measure: str = "per_1000",
    categories: Sequence[str] | None = None,
    jointly: bool = False,
    noise: str = "autocorrelated",
    least_periods: int | None = None,
    most_breaks: int = 8,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Show the sweep behind `find_breaks`: every segmentation, as the penalty falls.

    Returns one row per segmentation, the coarsest first, until one has more than `most_breaks`
    breaks (searched jointly, the categories stand in one row, joined by " + "):

    - the columns the table is grouped by, `category` and `measure`
    - `penalty`: the largest penalty that gives the segmentation, in units of the variance that
      the breaks of the row before and one more leave
    - `breaks`: how many; `starts`: the first periods of the new levels
    - `autocorrelation`: of the noise, as judged from this segmentation
    - `p_value`: of this segmentation against series without a break
    - `periods`: those with articles

    Raises InputError as `find_breaks` does.

    >>> framing = pd.DataFrame({"period": pd.date_range("2031-01-01", periods=12, freq="MS"),
    ...     "category": "الأمن", "articles": 9, "per_1000": [1, 2, 1, 2, 1, 2, 9, 8, 9, 8, 9, 8]})
    >>> sweep_penalties(framing, replicates=100).head(1)[["breaks", "starts"]].values.tolist()
    [[1, '2031-07-01']]
    """
    require_at_least(1, most_breaks, name="most_breaks")
    rows = []
    for _, walked in _walk_all(
        framing, measure, categories, jointly, noise, least_periods, LEVEL, replicates, seed
    ):
        series, values, _, steps = walked
        days = series[0].rows["period"][~np.isnan(series[0].values)].to_numpy()
        for step in steps:
            if len(step.breaks) > most_breaks:
                break
            rows.append(
                {
                    **series[0].group,
                    "category": " + ".join(one.category for one in series),
                    "measure": measure,
                    "penalty": step.penalty,
                    "breaks": len(step.breaks),
                    "starts": ", ".join(str(days[place])[:10] for place in step.breaks),
                    "autocorrelation": step.likeness,
                    "p_value": step.p_value,
                    "periods": len(values),
                }
            )
    names = [*series_groups(framing), *SWEEP]
    return pd.DataFrame(rows, columns=names).astype(dict(SWEEP))


def _until_chance(steps: Iterator[_Step]) -> Iterator[_Step]:
    """Yield the steps before the first that chance alone would mostly surpass."""
    return takewhile(lambda step: step.p_value <= _HALF, steps)


_Walked = tuple[list[Series], "Numbers", int, Iterator[_Step]]


def _walk_all(
    framing: pd.DataFrame,
    measure: str,
    categories: Sequence[str] | None,
    jointly: bool,
    noise: str,
    least_periods: int | None,
    level: float,
    replicates: int,
    seed: int,
) -> Iterator[tuple[tuple[object, ...], _Walked]]:
    """Yield, for each series or group of series, its key and its walk down the penalties."""
    require_choice(noise, NOISE, name="noise")
    check_resampling(level=level, replicates=replicates, seed=seed)
    if least_periods is not None:
        require_at_least(2, least_periods, name="least_periods")
    for series in _gather(split_series(framing, measure=measure), categories, jointly):
        values = np.column_stack([one.values for one in series])
        values = values[~np.isnan(values).any(axis=1)]
        if len(values) < _FEWEST_PERIODS:
            continue
        spread = values.std(axis=0)
        values = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1)
        least = least_periods or max(3, len(values) // 12)
        key = (*series[0].group.values(), *(one.category for one in series), measure)
        generator = seeded_generator(seed, *key)
        yield key, (series, values, least, _walk(values, least, noise, replicates, generator))


def _gather(
    series: list[Series], categories: Sequence[str] | None, jointly: bool
) -> list[list[Series]]:
    known = [one.category for one in series]
    for category in categories or ():
        require_choice(category, known, name="category")
    chosen = [one for one in series if categories is None or one.category in categories]
    if not jointly:
        return [[one] for one in chosen]
    groups: dict[tuple[object, ...], list[Series]] = {}
    for one in sorted(chosen, key=lambda one: one.category):
        groups.setdefault(tuple(one.group.values()), []).append(one)
    for members in groups.values():
        gaps = {tuple(np.isnan(one.values)) for one in members}
        if len(gaps) > 1:
            raise InputError(
                "the categories have values in different periods; a joint search needs the same."
            )
    return list(groups.values())


def _walk(
    values: "Numbers", least: int, noise: str, replicates: int, generator: np.random.Generator
) -> Iterator[_Step]:
    """Yield the segmentations of a sweep of the penalty from high to low, each tested."""
    search = _Search(values, least)
    penalty, breaks = search.first()
    known: tuple[int, ...] = ()
    likeness = 0.0
    while breaks:
        residuals = subtract_levels(
            values, _add_best(values, known, least) if known else search.best_two()
        )
        if noise == "autocorrelated":
            # Many levels take away what is noise: no finer one may make it look more independent.
            likeness = max(likeness, _judge_likeness(residuals, least))
        clear = penalty / _variance(residuals, max(3, len(known) + 2))
        null = _clearest_of_chance(residuals, likeness, least, noise, replicates, generator)
        p_value = (1 + int((null >= clear).sum())) / (1 + replicates)
        yield _Step(breaks, clear, likeness, p_value)
        known = breaks
        penalty, breaks = search.next(penalty, breaks)


class _Search:
    """The search for the breaks of one series, by ruptures, for any penalty."""

    def __init__(self, values: "Numbers", least: int) -> None:
        from ruptures import KernelCPD

        self._values, self._least = values, least
        self._search = KernelCPD(kernel="linear", min_size=least).fit(values)

    def at(self, penalty: float) -> tuple[int, ...]:
        return tuple(int(place) for place in self._search.predict(pen=penalty)[:-1])

    def best_two(self) -> tuple[int, ...]:
        """Return the two breaks that save most squared error."""
        if len(self._values) < 3 * self._least:
            return ()
        return tuple(int(place) for place in self._search.predict(n_bkps=2)[:-1])

    def first(self) -> tuple[float, tuple[int, ...]]:
        """Return the largest penalty with a break, and the breaks that it gives."""
        gain, place = _best_split(self._values, self._least)
        if gain <= 0:
            return 0.0, ()
        if not self.at(gain * 1.0001):
            return gain, (place,)
        return self._between(gain, float((self._values**2).sum()), 0)

    def next(self, penalty: float, breaks: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        """Return the largest penalty with more breaks than these, and those it gives."""
        floor = 1e-9 * float((self._values**2).sum())
        low = penalty
        while low > floor:
            high, low = low, low * _STEP
            if len(self.at(low)) > len(breaks):
                return self._between(low, high, len(breaks))
        return 0.0, ()

    def _between(self, low: float, high: float, known: int) -> tuple[float, tuple[int, ...]]:
        while high > 1.005 * low:
            middle = (low + high) / 2
            low, high = (middle, high) if len(self.at(middle)) > known else (low, middle)
        return low, self.at(low)


def _best_split(values: "Numbers", least: int) -> tuple[float, int]:
    """Return how much squared error the best single break saves, and where it stands."""
    size = len(values)
    if size < 2 * least:
        return 0.0, 0
    places = np.arange(least, size - least + 1)
    sums = np.cumsum(values - values.mean(axis=0), axis=0)[places - 1]
    gains = (sums**2).sum(axis=1) * size / (places * (size - places))
    return float(gains.max()), int(places[gains.argmax()])


def _add_best(values: "Numbers", breaks: tuple[int, ...], least: int) -> list[int]:
    """Return the breaks and the one more that saves most squared error."""
    edges = [0, *breaks, len(values)]
    splits = []
    for start, end in pairwise(edges):
        gain, place = _best_split(values[start:end], least)
        splits.append((gain, start + place))
    gain, place = max(splits)
    return sorted([*breaks, place]) if gain > 0 else list(breaks)


def subtract_levels(values: "Numbers", breaks: Sequence[int]) -> "Numbers":
    """Return what is left of a series when each stretch between breaks loses its mean.

    >>> subtract_levels(np.array([[1.0], [3.0], [8.0], [8.0]]), [2]).ravel().tolist()
    [-1.0, 1.0, 0.0, 0.0]
    """
    return np.concatenate(
        [stretch - stretch.mean(axis=0) for stretch in np.split(values, list(breaks))]
    )


def _variance(residuals: "Numbers", levels: int) -> float:
    freedom = max(1, len(residuals) - levels)
    return max(float((residuals**2).sum()) / freedom, 1e-12)


def _clearest_of_chance(
    residuals: "Numbers",
    likeness: float,
    least: int,
    noise: str,
    replicates: int,
    generator: np.random.Generator,
) -> "Numbers":
    """Return how clear the clearest segmentation is in series that have no break."""
    from scipy.signal import lfilter

    size = len(residuals)
    steps = residuals[1:] - likeness * residuals[:-1] if likeness else residuals
    steps = steps - steps.mean(axis=0)
    spread = 0.0 if noise == "independent" else _SPREAD * np.sqrt((1 - likeness**2) / size)
    drawn = np.clip(likeness + spread * generator.normal(size=replicates), 0, _MOST_AUTOCORRELATION)
    length = 1 if noise == "independent" else max(1, round(size ** (1 / 3)))
    orders = [
        permute_blocks(len(steps), length=length, replicates=replicates, generator=generator)
        for _ in range(2)
    ]
    clearest = []
    for likeness_drawn, before, after in zip(drawn, *orders, strict=True):
        course = steps[np.concatenate([before, after])]
        values = lfilter([1], [1, -likeness_drawn], course, axis=0)[-size:]
        clearest.append(_clearness(values - values.mean(axis=0), least)[0])
    return np.array(clearest)


def _clearness(values: "Numbers", least: int) -> tuple[float, "Numbers"]:
    search = _Search(values, least)
    residuals = subtract_levels(values, search.best_two())
    return search.first()[0] / _variance(residuals, 3), residuals


def _judge_likeness(residuals: "Numbers", least: int) -> float:
    """Return the autocorrelation of the noise that leaves residuals as like as these are.

    Fitted levels take likeness away; how much is known from simulated series without a break.
    """
    left = _likeness_left(len(residuals), residuals.shape[1], least)
    found = float(np.mean([autocorrelation(column) for column in residuals.T]))
    return float(np.interp(found, left, _GRID))


@lru_cache(maxsize=64)
def _likeness_left(size: int, columns: int, least: int) -> tuple[float, ...]:
    from scipy.signal import lfilter

    generator = np.random.default_rng(size)
    left = []
    for likeness in _GRID:
        found = []
        for _ in range(_SIMULATED):
            course = generator.normal(size=(2 * size + 50, columns))
            values = lfilter([1], [1, -likeness], course, axis=0)[-size:]
            residuals = _clearness(values - values.mean(axis=0), least)[1]
            found.append(np.mean([autocorrelation(column) for column in residuals.T]))
        left.append(float(np.mean(found)))
    return tuple(np.maximum.accumulate(left))


def _p_values(breaks: Sequence[int], steps: Sequence[_Step], least: int) -> list[float]:
    """Return for each break the p-value of the first step that has it, or one close by."""
    return [
        next(
            step.p_value
            for step in steps
            if min(abs(place - other) for other in step.breaks) < least
        )
        for place in breaks
    ]


def _date_bounds(
    values: "Numbers",
    breaks: Sequence[int],
    noise: str,
    level: float,
    replicates: int,
    generator: np.random.Generator,
) -> list[tuple[int, int]]:
    """Return the lowest and highest place of each break, between the breaks beside it."""
    size = len(values)
    residuals = subtract_levels(values, breaks)
    length = 1 if noise == "independent" else max(1, round(size ** (1 / 3)))
    drawn = residuals[draw_blocks(size, length=length, replicates=replicates, generator=generator)]
    courses = values - residuals + drawn
    tails = [(1 - level) / 2, (1 + level) / 2]
    bounds = []
    for before, place, after in zip((0, *breaks[:-1]), breaks, (*breaks[1:], size), strict=True):
        stretch = courses[:, before:after]
        centred = stretch - stretch.mean(axis=1, keepdims=True)
        sums = np.cumsum(centred, axis=1)[:, :-1]
        places = np.arange(1, after - before)
        gains = (sums**2).sum(axis=2) / (places * (after - before - places))
        found = before + places[gains.argmax(axis=1)]
        low, high = np.quantile(found, tails, method="nearest")
        bounds.append((min(int(low), place), max(int(high), place)))
    return bounds


def _break_rows(
    series: Series,
    breaks: Sequence[int],
    bounds: Sequence[tuple[int, int]],
    p_values: Sequence[float],
    measure: str,
    level: float,
    noise: str,
    seed: int,
) -> Iterator[dict[str, object]]:
    known = ~np.isnan(series.values)
    days = series.rows["period"][known].to_numpy()
    levels = [float(stretch.mean()) for stretch in np.split(series.values[known], list(breaks))]
    for number, (place, (low, high), p_value) in enumerate(
        zip(breaks, bounds, p_values, strict=True)
    ):
        yield {
            **series.group,
            "category": series.category,
            "measure": measure,
            "break": number + 1,
            "period": days[place],
            "period_low": days[low],
            "period_high": days[high],
            "before": levels[number],
            "after": levels[number + 1],
            "change": levels[number + 1] - levels[number],
            "p_value": p_value,
            "periods": int(known.sum()),
            "level": level,
            "method": (
                f"PELT, squared error, penalty swept; block permutation of whitened residuals, "
                f"{noise} noise, seed {seed}; level {level:g}"
            ),
        }
