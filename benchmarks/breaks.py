"""How often find_breaks errs: false breaks in noise, and planted breaks that it misses.

    python benchmarks/breaks.py [--series 400]

Noise is a first-order autoregression of variance 1; a planted break is a change of one standard
deviation of that noise in the middle of the series, and counts as found when a break is reported
within five periods of it.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from analysis.breaks import find_breaks

HERE = Path(__file__).parent
REPLICATES = 199
NEAR = 5
CASES = [
    (periods, likeness, shift, noise)
    for periods, noise, likenesses in [
        (60, "autocorrelated", (0.0, 0.3, 0.6)),
        (120, "autocorrelated", (0.0, 0.3, 0.6)),
        (60, "independent", (0.0, 0.3, 0.6)),
    ]
    for likeness in likenesses
    for shift in (0.0, 1.0)
]


def main() -> None:
    """Simulate, and write BREAKS.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=400)
    parser.add_argument("--out", default=str(HERE / "BREAKS.md"))
    chosen = parser.parse_args()
    lines = [
        "# Breaks: how often the search errs",
        "",
        f"Written by `python benchmarks/breaks.py --series {chosen.series}`: {chosen.series} series"
        f" a row, {REPLICATES} permutations each, level 0.95. The standard error of a share of"
        f" 5 % is {100 * np.sqrt(0.05 * 0.95 / chosen.series):.1f} points.",
        "",
        "| periods | `noise` | autocorrelation | planted change | any break | within 5 periods |",
        "|--:|---|--:|--:|--:|--:|",
    ]
    with ProcessPoolExecutor() as pool:
        for case, (found, near) in zip(
            CASES, pool.map(simulate, CASES, [chosen.series] * len(CASES)), strict=True
        ):
            periods, likeness, shift, noise = case
            planted = f"{shift:g} sd" if shift else "none"
            lines.append(
                f"| {periods} | {noise} | {likeness:g} | {planted} | {100 * found:.1f} % |"
                f" {f'{100 * near:.1f} %' if shift else ''} |"
            )
            print(lines[-1], flush=True)
    Path(chosen.out).write_text("\n".join(lines) + "\n", "utf-8")


def simulate(case: tuple[int, float, float, str], number: int) -> tuple[float, float]:
    """Return the share of series with any break, and with one near the planted one."""
    periods, likeness, shift, noise = case
    generator = np.random.default_rng([periods, round(100 * likeness), round(100 * shift)])
    days = pd.date_range("2019-01-01", periods=periods, freq="MS")
    found = near = 0
    for _ in range(number):
        steps = generator.normal(size=periods + 100) * np.sqrt(1 - likeness**2)
        values = lfilter([1], [1, -likeness], steps)[-periods:]
        values[periods // 2 :] += shift
        table = pd.DataFrame(
            {"period": days, "category": "security", "articles": 100, "per_1000": values}
        )
        breaks = find_breaks(table, noise=noise, replicates=REPLICATES)
        places = days.get_indexer(breaks["period"])
        found += len(breaks) > 0
        near += bool((abs(places - periods // 2) <= NEAR).any())
    return found / number, near / number


if __name__ == "__main__":
    main()
