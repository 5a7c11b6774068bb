"""Shares, rates and the balance of two frames over time, each with an interval."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import (
    LEVEL,
    REPLICATES,
    SEED,
    check_resampling,
    count_strata,
    resample_sums,
    seeded_generator,
    t_interval,
)
from analysis.periods import (
    PERIODS,
    add_up_periods,
    assign_periods,
    group_columns,
    period_columns,
)
from analysis.tables import Columns, require_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FRAMING: Columns = {
    **PERIODS,
    "low": "float64",
    "high": "float64",
    "per_1000_low": "float64",
    "per_1000_high": "float64",
    "pair": "str",
    "balance": "float64",
    "balance_low": "float64",
    "balance_high": "float64",
    "level": "float64",
    "method": "str",
}
PAIR_SEPARATOR = " / "


def framing_by_period(
    counts: pd.DataFrame,
    *,
    freq: str = "MS",
    windows: pd.DataFrame | None = None,
    by: str | Sequence[str] | None = None,
    copies: str = "count",
    pair: tuple[str, str] = ("security", "diplomacy"),
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
    stratify: str | None = "outlet",
) -> pd.DataFrame:
    """Add intervals, and the balance of a pair of frames, to the counts of each period.

    Returns the rows and columns of `count_by_period`, which says what `freq`, `windows`, `by`
    and `copies` do, and:

    - `low`, `high`: Wilson score interval of `share`; NaN without articles
    - `per_1000_low`, `per_1000_high`: bootstrap interval of `per_1000`; NaN when fewer
      than two articles, or none with a mention, leave nothing to vary
    - `pair`: the two frames of the balance, "security / diplomacy"
    - `balance`: log2((first + 1/2) / (second + 1/2)) of the period's mentions of the pair,
      repeated on each row of the period and group: 0 is as many of both, +1 twice as
      many of the first, -1 twice as many of the second; NaN without articles
    - `balance_low`, `balance_high`: bootstrap interval of `balance`, from the same
      resampled articles for both frames; NaN as above
    - `level`: the level of all intervals
    - `method`: how each interval was made, with its seed

    The bootstrap draws whole articles, because the words of one article are not independent,
    and draws them within each outlet (`stratify`), so that the outlets' shares of the period
    stay as they are: the intervals are about the articles these outlets could have printed. Of
    n articles it draws n - 1 with replacement and weights them by n / (n - 1): otherwise outlets
    with few articles would give intervals that are too narrow. Outlets with a single article
    in the period are resampled together; a lone one joins the outlet with the fewest articles.
    An interval reaches t standard errors of the replicates to either side, on the scale of the
    logarithm (of a rate with half a mention added), where such numbers are nearly symmetrical;
    t is that of Student's distribution for as many degrees of freedom as articles less strata.
    Percentiles of the replicates would cover too little where articles are few: of nominal
    95 %, 85 to 92 at 20 articles (`benchmarks/COVERAGE.md`). The draws of a period depend on
    nothing but its own articles and `seed`: not on row order, nor on the other periods and
    groups in the table.

    With `copies="weight"` a mention weighs what its article does, and the Wilson interval
    takes (sum of weights)^2 / (sum of squared weights) for the number of articles.

    Missed on purpose: without marks of `mark_copies`, agency copy that several outlets print
    counts each time; and errors of the word lists are no part of the intervals.

    Raises InputError as `count_by_period` does, and when a frame of `pair` is not in
    `counts` or an option is out of range.

    Sources: Wilson (1927), Journal of the American Statistical Association 22, 209-212;
    Rao, Wu and Yue (1992), Survey Methodology 18, 209-217; for the interval of standard errors,
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 12; for the effective
    number, Kish (1965), Survey Sampling.

    >>> from analysis.tables import COUNTS, make_table
    >>> counts = make_table(
    ...     [
    ...         {"article_id": "1", "outlet": "المرصد", "published": pd.Timestamp("2031-01-09"),
    ...          "category": category, "mentions": mentions, "tokens": 500}
    ...         for category, mentions in [("security", 3), ("diplomacy", 0)]
    ...     ],
    ...     COUNTS,
    ... )
    >>> framing_by_period(counts)[["category", "share", "low", "high", "balance"]].round(2)
        category  share   low  high  balance
    0  diplomacy    0.0  0.00  0.79     2.81
    1   security    1.0  0.21  1.00     2.81
    """
    groups = group_columns(by)
    dated = assign_periods(counts, freq=freq, windows=windows, by=groups, copies=copies)
    table = add_up_periods(dated, counts, freq=freq, windows=windows, by=groups)
    _check_options(counts, pair, level, replicates, seed, stratify)
    cell = [*period_columns(windows), *groups]
    resampled = _bootstrap_cells(
        dated,
        cell,
        pair=pair,
        level=level,
        replicates=replicates,
        seed=seed,
        stratify=stratify,
    )
    table = table.merge(resampled, on=[*cell, "category"], how="left")
    table["low"], table["high"] = _wilson(
        table["share"], table["effective"].fillna(table["articles"]), level
    )
    table["pair"] = PAIR_SEPARATOR.join(pair)
    table["level"] = level
    within = f" within {stratify}" if stratify else ""
    table["method"] = (
        f"share: Wilson score; per_1000 and balance: t interval of the logarithm, standard error "
        f"from a bootstrap of articles{within}, {replicates} replicates, seed {seed}; "
        f"copies: {copies}; level {level:g}"
    )
    return table[[*cell, *(name for name in FRAMING if name != "period")]]


def _check_options(
    counts: pd.DataFrame,
    pair: tuple[str, str],
    level: float,
    replicates: int,
    seed: int,
    stratify: str | None,
) -> None:
    categories = sorted(counts["category"].unique())
    missing = [frame for frame in pair if frame not in categories]
    if missing:
        raise InputError(
            f"pair names {', '.join(map(repr, missing))}, which `counts` does not hold; "
            f"choose two of its categories: {', '.join(map(repr, categories))}."
        )
    if len(set(pair)) != 2:
        raise InputError(f"pair is {pair!r}; name two different categories.")
    check_resampling(level=level, replicates=replicates, seed=seed)
    if stratify is not None:
        require_columns(counts, [stratify], name="counts")


def _wilson(shares: pd.Series, articles: pd.Series, level: float) -> "Numbers":
    from statsmodels.stats.proportion import proportion_confint

    some = (articles > 0).to_numpy()
    bounds = np.full((2, len(articles)), np.nan)
    trials = articles.to_numpy("float64")[some]
    bounds[:, some] = proportion_confint(
        shares.to_numpy()[some] * trials, trials, alpha=1 - level, method="wilson"
    )
    return bounds


def _bootstrap_cells(
    dated: pd.DataFrame,
    cell: list[str],
    *,
    pair: tuple[str, str],
    level: float,
    replicates: int,
    seed: int,
    stratify: str | None,
) -> pd.DataFrame:
    """Return per cell and category the balance, the intervals and the effective articles."""
    rows = dated.sort_values([*cell, "article_id", "category"], ignore_index=True)
    categories = sorted(rows["category"].unique())
    frames = [categories.index(frame) for frame in pair]
    articles = rows.iloc[:: len(categories)].reset_index(drop=True)
    mentions = rows["mentions"].to_numpy("float64").reshape(-1, len(categories))
    values = np.column_stack([mentions, articles["tokens"].to_numpy("float64")])
    weights = articles["weight"].to_numpy() if "weight" in articles else np.ones(len(articles))
    values *= weights[:, None]
    strata = articles[stratify].astype("str").fillna("") if stratify else None

    tables = []
    for key, members in articles.groupby(cell, dropna=False, observed=True):
        chosen, own = values[members.index], weights[members.index]
        within = strata[members.index] if strata is not None else None
        draws = resample_sums(
            chosen, within, replicates=replicates, generator=seeded_generator(seed, *key)
        )
        sums = chosen.sum(axis=0)
        freedom = len(chosen) - count_strata(within)
        counted = sums[:-1] > 0
        rate = 1000 * np.where(counted & (sums[-1] > 0), sums[:-1], np.nan) / max(sums[-1], 1)
        low, high = t_interval(np.log(rate), _log_rates(draws), level=level, freedom=freedom)
        balance = _balance(sums[frames])
        bounds = t_interval(balance, _balance(draws[:, frames]), level=level, freedom=freedom)
        tables.append(
            members[cell]
            .iloc[[0] * len(categories)]
            .assign(
                category=categories,
                per_1000_low=np.exp(low),
                per_1000_high=np.minimum(np.exp(high), 1000),
                balance=balance,
                balance_low=bounds[0] if counted[frames].any() else np.nan,
                balance_high=bounds[1] if counted[frames].any() else np.nan,
                effective=own.sum() ** 2 / (own**2).sum(),
            )
        )
    return pd.concat(tables, ignore_index=True)


def _log_rates(sums: "Numbers") -> "Numbers":
    return np.asarray(np.log(sums[:, :-1] + 0.5) - np.log(np.maximum(sums[:, -1:], 1)))


def _balance(sums: "Numbers") -> "Numbers":
    smoothed = np.log2(sums + 0.5)
    return np.asarray(smoothed[..., 0] - smoothed[..., 1])
