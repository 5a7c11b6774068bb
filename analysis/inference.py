"""What intervals and tests are made of: resampling with a seed, and p-values of many tests."""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.intp]

LEVEL = 0.95
REPLICATES = 1000
SEED = 20240726
_FEWEST_REPLICATES = 100
_DRAWS_AT_ONCE = 2_000_000


def check_resampling(*, level: float = LEVEL, replicates: int = REPLICATES, seed: int) -> None:
    """Raise InputError when the options of an interval cannot be used.

    >>> check_resampling(level=95, seed=1)
    Traceback (most recent call last):
    analysis.errors.InputError: level is 95; choose a number between 0 and 1, such as 0.95.
    """
    if not 0 < level < 1:
        raise InputError(f"level is {level!r}; choose a number between 0 and 1, such as 0.95.")
    if replicates < _FEWEST_REPLICATES:
        raise InputError(
            f"replicates is {replicates!r}; choose at least {_FEWEST_REPLICATES}, "
            "1000 for results to publish."
        )
    if seed < 0:
        raise InputError(f"seed is {seed!r}; choose a whole number from 0 up.")


def seeded_generator(seed: int, *key: object) -> np.random.Generator:
    """Return a generator of random numbers that depends on the seed and the key alone.

    With the name of a period as its key, what is drawn for the period does not depend on the
    others in the table.

    >>> [int(seeded_generator(7, "المرصد").integers(1000)) for _ in range(2)]
    [179, 179]
    """
    text = "\n".join(map(str, key))
    return np.random.default_rng([seed, int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])])


def resample_sums(
    values: "Numbers",
    strata: pd.Series | None,
    *,
    replicates: int,
    generator: np.random.Generator,
) -> "Numbers":
    """Return the column sums of `replicates` resamples of the rows, drawn within strata.

    The shape is (replicates, columns); `values` may be a sparse matrix, a `csr_array` of scipy.
    Of n rows n - 1 are drawn with replacement and weighted by n / (n - 1), without which small
    strata would give intervals that are too narrow; strata of one row are drawn together, and a
    lone one joins the smallest of the others.

    Source: Rao, Wu and Yue (1992), Survey Methodology 18, 209-217.
    """
    if strata is None:
        return _resample_stratum(values, replicates, generator)
    codes = _strata_codes(strata)
    sums = np.zeros((replicates, values.shape[1]))
    for code in np.unique(codes):
        sums += _resample_stratum(values[codes == code], replicates, generator)
    return sums


def count_strata(strata: pd.Series | None) -> int:
    """Return in how many strata `resample_sums` draws.

    >>> count_strata(pd.Series(["المرصد", "المرصد", "الضفة"])), count_strata(None)
    (1, 1)
    """
    return 1 if strata is None else len(np.unique(_strata_codes(strata)))


def t_interval(
    estimate: "ArrayLike", draws: "Numbers", *, level: float, freedom: int
) -> tuple["Numbers", "Numbers"]:
    """Return the bounds of an interval that reaches t standard errors to either side.

    The standard error is the standard deviation of the resampled estimates, `draws`, along
    their first axis; t is the quantile of Student's distribution with `freedom` degrees of
    freedom. NaN when nothing is free to vary.

    >>> low, high = t_interval(5, np.array([4.0, 5.0, 6.0]), level=0.95, freedom=10)
    >>> round(float(low), 2), round(float(high), 2)
    (2.77, 7.23)
    """
    from scipy.special import stdtrit

    middle = np.asarray(estimate, "float64")
    if freedom < 1:
        return np.full(middle.shape, np.nan), np.full(middle.shape, np.nan)
    reach = stdtrit(freedom, (1 + level) / 2) * draws.std(axis=0, ddof=1)
    return np.asarray(middle - reach), np.asarray(middle + reach)


def _strata_codes(strata: pd.Series) -> "Indices":
    return _join_single_rows(pd.factorize(strata, sort=True)[0])


def _join_single_rows(codes: "Indices") -> "Indices":
    """Put strata of one row, which could not vary, into one stratum of two or more."""
    sizes = np.bincount(codes)
    joined = sizes == 1
    if joined.sum() == 1 and len(sizes) > 1:
        joined[np.argmin(np.where(joined, len(codes), sizes))] = True
    return np.where(joined[codes], -1, codes)


def _resample_stratum(
    values: "Numbers", replicates: int, generator: np.random.Generator
) -> "Numbers":
    size: int = values.shape[0]
    if size == 1:
        return np.asarray(np.ones((replicates, 1)) @ values)
    draws = size - 1
    at_once = max(1, _DRAWS_AT_ONCE // size)
    sums = []
    for first in range(0, replicates, at_once):
        rows = min(at_once, replicates - first)
        drawn = generator.integers(size, size=(rows, draws)) + size * np.arange(rows)[:, None]
        times = np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
        sums.append(times.astype("float64") @ values)
    return np.concatenate(sums) * (size / draws)


def suggest_block_length(values: "ArrayLike") -> int:
    """Return how many neighbouring periods to draw together, so that their likeness is kept.

    One period for a series whose neighbours are not alike, more the more alike they are, at
    most a quarter of the series. NaN values are passed over.

    Source: Politis and White (2004), Econometric Reviews 23, 53-70, for the circular block
    bootstrap of a first-order autoregression.

    >>> suggest_block_length([1, 2, 1, 2, 1, 2, 1, 2]), suggest_block_length(range(40))
    (1, 10)
    """
    series = np.asarray(values, "float64")
    series = series[~np.isnan(series)]
    likeness = min(max(autocorrelation(series), 0.0), 0.97)
    length = (6 * (likeness / (1 - likeness**2)) ** 2 * len(series)) ** (1 / 3)
    return int(np.clip(round(length), 1, max(1, len(series) // 4)))


def autocorrelation(values: "Numbers") -> float:
    """Return the correlation of a series with itself one period later, 0 when it is constant."""
    centred = values - values.mean() if len(values) else values
    spread = (centred**2).sum()
    return float((centred[1:] * centred[:-1]).sum() / spread) if spread > 0 else 0.0


def draw_blocks(
    size: int, *, length: int, replicates: int, generator: np.random.Generator
) -> "Indices":
    """Return indices of `replicates` resamples of a series of `size` periods, in whole blocks.

    The shape is (replicates, size). Blocks of `length` neighbouring periods start anywhere,
    the last period being followed by the first, so that every period is drawn equally often.

    Source: Politis and Romano (1992), A circular block-resampling procedure for stationary
    data, in Exploring the Limits of Bootstrap.
    """
    blocks = -(-size // length)
    starts = generator.integers(size, size=(replicates, blocks, 1))
    return np.asarray(((starts + np.arange(length)) % size).reshape(replicates, -1)[:, :size])


def permute_blocks(
    size: int, *, length: int, replicates: int, generator: np.random.Generator
) -> "Indices":
    """Return indices of `replicates` orders of a series in which whole blocks change places.

    The shape is (replicates, size); every period stands once in each row. Where the first
    block begins is drawn too, the last period being followed by the first.
    """
    blocks = -(-size // length)
    edges = np.minimum(np.arange(blocks + 1) * length, size)
    orders = []
    for _ in range(replicates):
        turned = (np.arange(size) + generator.integers(size)) % size
        orders.append(
            np.concatenate([turned[edges[i] : edges[i + 1]] for i in generator.permutation(blocks)])
        )
    return np.array(orders)


def adjust_p_values(p_values: Iterable[float]) -> "Numbers":
    """Return the p-values adjusted to the false discovery rate of all of them, NaN left out.

    Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57,
    289-300.

    >>> adjust_p_values([0.01, 0.04, float("nan"), 0.2]).round(3).tolist()
    [0.03, 0.06, nan, 0.2]
    """
    from statsmodels.stats.multitest import multipletests

    given = np.asarray(list(p_values), "float64")
    known = ~np.isnan(given)
    adjusted = np.full(len(given), np.nan)
    if known.any():
        adjusted[known] = multipletests(given[known], method="fdr_bh")[1]
    return adjusted
