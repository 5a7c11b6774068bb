"""Decomposition: how much of a change lies in the mix of outlets, in them, and in copies."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import require_choice
from analysis.inference import LEVEL, REPLICATES, SEED
from analysis.spans import (
    BASES,
    SCALES,
    Days,
    bound,
    choose_resampling,
    count_articles,
    list_strata,
    read_two_spans,
    require_some,
    resample_strata,
    say_method,
    weigh_articles,
)
from analysis.tables import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

DECOMPOSITION: Columns = {
    "category": "str",
    "measure": "str",
    "part": "str",
    "group": "str",
    "occurs": "str",
    "articles_before": "int64",
    "articles_after": "int64",
    "weight_before": "float64",
    "weight_after": "float64",
    "before": "float64",
    "after": "float64",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "share_of_change": "float64",
    "level": "float64",
    "method": "str",
}
_WAYS = ("count", "drop")
_ALL, _KEPT = range(2)
_PARTS = {"outlet mix": _KEPT, "within outlets": _KEPT, "copies": _ALL, "total": _ALL}
"""The parts, and whether the columns beside them are of all articles or leave copies out."""


def decompose_change(
    counts: pd.DataFrame,
    *,
    before: Days,
    after: Days,
    category: str,
    measure: str = "per_1000",
    by: str = "outlet",
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
) -> pd.DataFrame:
    """Split the change of a share or rate between two spans into the parts that make it up.

    A corpus can change because other outlets fill it, though no outlet writes differently. With
    w the weight of an outlet (its part of the articles for `share`, of the words for
    `per_1000`), r its own share or rate, R that of all outlets, the change R2 - R1 is the sum
    over the outlets of

        outlet mix       (w2 - w1) * ((r1 + r2) / 2 - (R1 + R2) / 2)
        within outlets   (r2 - r1) * (w1 + w2) / 2

    An outlet adds to the mix when it grows and stands above the overall level, or shrinks and
    stands below it. The sum is exact, with no rest. An outlet that occurs in only one of the
    spans has no change of its own: its whole contribution is mix, measured from the overall
    level as for the others.

    With a column `copy_of` in `counts` (`mark_copies` adds it), both parts are those of the
    articles that copy no other one, and a third part, `copies`, is the change of all articles
    less the change of these: what the printing of agency copy does to the change.

    `before` and `after` are each a first and a last day, both included.

    Returns for each part, in the order mix, within, copies, total, one row for all outlets and
    one per outlet:

    - `category`, `measure`
    - `part`: "outlet mix", "within outlets", "copies" (with `copy_of` only) or "total"
    - `group`: the outlet, or what `by` names; "" for all of them, missing where it is unknown
    - `occurs`: the spans in which the group has a weight: both, before, after or neither
    - `articles_before`, `articles_after`: articles of the group; like the next four columns they
      leave copies out for mix and within, and count them for copies and total
    - `weight_before`, `weight_after`: articles (for `per_1000` words) of the group / those of
      all groups, 1 for all
    - `before`, `after`: the share (articles with the category / articles) or the rate (mentions
      per 1,000 words) of the group; NaN where it has none
    - `value`: what the part adds to the change, in articles per article or mentions per 1,000
      words; the groups of a part add up to its row for all, the parts to the total
    - `low`, `high`: bootstrap interval of `value`; NaN when a span has too few articles
    - `share_of_change`: value / total change, negative for what runs against it; NaN when
      nothing changed
    - `level`: of the interval
    - `method`: how it was made, with its seed

    The bootstrap draws whole articles within span and outlet, as `framing_by_period` does, and
    the interval reaches t standard errors to either side.

    Missed on purpose: that copies are not independent of the article they copy (with many of
    them the intervals of copies and total are too narrow), and what else changes along with an
    outlet, such as its sections: give them as `by`.

    Raises InputError when a column is missing, a span has no article or no words, the spans
    overlap, the category is unknown or an option is out of range.

    Sources: Kitagawa (1955), Journal of the American Statistical Association 50, 1168-1194;
    Oaxaca (1973), International Economic Review 14, 693-709.

    >>> rows = [("1", "المرصد", "2031-01-05", 4, 200), ("2", "الضفة", "2031-01-06", 1, 200),
    ...         ("3", "المرصد", "2031-02-05", 6, 300), ("4", "الضفة", "2031-02-06", 1, 100)]
    >>> names = ["article_id", "outlet", "published", "mentions", "tokens"]
    >>> counts = pd.DataFrame(rows, columns=names).assign(category="security")
    >>> counts["published"] = pd.to_datetime(counts["published"])
    >>> parts = decompose_change(counts, category="security",
    ...     before=("2031-01-01", "2031-01-31"), after=("2031-02-01", "2031-02-28"))
    >>> parts.loc[parts["group"] == "", ["part", "value", "share_of_change"]].round(3)
                 part  value  share_of_change
    0      outlet mix  3.125            0.625
    3  within outlets  1.875            0.375
    6           total  5.000            1.000
    """
    require_choice(measure, tuple(SCALES), name="measure")
    resampling = choose_resampling(level, replicates, seed)
    spans = read_two_spans(counts, before=before, after=after, categories=[category], stratify=by)
    names = list_strata(spans)
    marked = counts.assign(copy_of=counts.get("copy_of"))
    sums = []
    for span, weights in zip(spans, weigh_articles(marked, spans, _WAYS), strict=True):
        weighed = weights[:, :, None] * count_articles(span, measure)[:, None]
        require_some(span, weighed[:, _KEPT, BASES[measure]].sum())
        sums.append(resample_strata(weighed, span, names, resampling))
    value = SCALES[measure] * _split_change(sums[0], sums[1], BASES[measure])
    low, high = bound(value, [span.strata for span in spans], level=level)
    groups: list[Any] = ["", *(name or None for name in names)]
    tables = [
        _describe_groups([own[0, way] for own in sums], measure).assign(
            part=part,
            group=groups,
            value=value[0, number],
            low=low[number],
            high=high[number],
        )
        for number, (part, way) in enumerate(_PARTS.items())
        if part != "copies" or "copy_of" in counts
    ]
    table = pd.concat(tables, ignore_index=True)
    method = say_method("span", by, resampling)
    return table.assign(
        category=category,
        measure=measure,
        share_of_change=table["value"] / (value[0, -1, 0] or np.nan),
        level=level,
        method=f"symmetrical decomposition of Kitagawa; {method}",
    )[list(DECOMPOSITION)].astype(dict(DECOMPOSITION))


def _split_change(before: "Numbers", after: "Numbers", base: int) -> "Numbers":
    """Return what each part adds, the last axes being the parts and (all, then each) group.

    The last axes of the sums are: all articles, then those that copy nobody; the columns of
    `count_articles`, of which `base` is the denominator; the group.
    """
    ways = [_kitagawa(before[..., way, :, :], after[..., way, :, :], base) for way in (_ALL, _KEPT)]
    total = sum(ways[_ALL])
    mix, within = ways[_KEPT]
    return _with_all(np.stack([mix, within, total - mix - within, total], axis=-2))


def _kitagawa(before: "Numbers", after: "Numbers", base: int) -> tuple["Numbers", "Numbers"]:
    """Return mix and within of each group, the last axis."""
    weights, rates, shares = [], [], []
    for sums in (before, after):
        size, counted = sums[..., base, :], sums[..., -1, :]
        whole = np.maximum(size.sum(axis=-1, keepdims=True), 1)
        weights.append(size / whole)
        rates.append(counted / np.where(size > 0, size, np.nan))
        shares.append(counted / whole)
    # A group of one span has no change of its own.
    within = np.nan_to_num((rates[1] - rates[0]) * (weights[0] + weights[1]) / 2)
    level = (shares[0] + shares[1]).sum(axis=-1, keepdims=True) / 2
    return shares[1] - shares[0] - within - (weights[1] - weights[0]) * level, within


def _describe_groups(sums: Sequence["Numbers"], measure: str) -> pd.DataFrame:
    """Return articles, weight and level before and after of all, then of each group."""
    described = pd.DataFrame(index=range(sums[0].shape[-1] + 1))
    for side, own in zip(("before", "after"), map(_with_all, sums), strict=True):
        _, articles, counted = own
        size = own[BASES[measure]]
        described[f"articles_{side}"] = articles
        described[f"weight_{side}"] = size / size[0]
        described[side] = SCALES[measure] * counted / np.where(size > 0, size, np.nan)
    in_before, in_after = described["before"].notna(), described["after"].notna()
    described["occurs"] = np.select(
        [in_before & in_after, in_before, in_after], ["both", "before", "after"], "neither"
    )
    return described


def _with_all(numbers: "Numbers") -> "Numbers":
    """Return the sum over the last axis, groups, then the number of each."""
    return np.concatenate([numbers.sum(axis=-1, keepdims=True), numbers], axis=-1)
