"""How often the intervals of framing_by_period hold the truth, in simulated newspapers.

    python benchmarks/coverage.py [--periods 1000]

Five outlets of unequal size print articles of unequal length. How often an article mentions a
frame differs between outlets (clustering) and between articles (overdispersion: gamma-Poisson
counts). The truth of a period is what its outlets would print on average, each with as many
articles as it has. For comparison the percentile interval of the same bootstrap is given.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.framing import framing_by_period
from analysis.inference import resample_sums, seeded_generator

HERE = Path(__file__).parent
REPLICATES = 400
OUTLETS = np.array([0.35, 0.25, 0.20, 0.12, 0.08])
FEWEST_WORDS, MIDDLE_WORDS, SPREAD_OF_WORDS, SPREAD_OF_LENGTHS = 40, 300, 0.5, 0.3
TO_INTEGRATE = 20_000
CATEGORIES = ("security", "diplomacy")
SIZES = (20, 100, 1000)


class News(NamedTuple):
    """Mentions per 1,000 words of the two frames, how unlike articles and outlets are."""

    rates: tuple[float, float]
    shape: float
    clustering: float


NEWS = {
    "frequent, alike outlets": News((8, 4), 1.0, 0.0),
    "frequent, unlike outlets": News((8, 4), 1.0, 0.5),
    "rare, alike outlets": News((2, 1), 0.5, 0.0),
    "rare, unlike outlets": News((2, 1), 0.5, 0.5),
}


def main() -> None:
    """Simulate, and write COVERAGE.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--periods", type=int, default=1000)
    parser.add_argument("--out", default=str(HERE / "COVERAGE.md"))
    chosen = parser.parse_args()
    cases = [(articles, name) for articles in SIZES for name in NEWS]
    lines = [
        "# Coverage of the intervals",
        "",
        f"Written by `python benchmarks/coverage.py --periods {chosen.periods}`: how often nominal"
        f" 95 % intervals hold the truth in {chosen.periods:,} simulated periods a row"
        f" ({REPLICATES} bootstrap replicates), for both frames. The standard error of one"
        f" figure is about {100 * np.sqrt(0.05 * 0.95 / chosen.periods):.1f} points."
        " Periods without a mention have no interval of the rate and are left out there. The last"
        " two columns are the percentile intervals of the same bootstrap, which we do not use.",
        "",
        "| articles | news | share | rate | balance | percentile: rate | balance |",
        "|--:|---|--:|--:|--:|--:|--:|",
    ]
    with ProcessPoolExecutor() as pool:
        for (articles, name), row in zip(
            cases, pool.map(simulate, cases, [chosen.periods] * len(cases)), strict=True
        ):
            cells = " | ".join(f"{100 * share:.1f}" for share in row)
            lines.append(f"| {articles:,} | {name} | {cells} |")
            print(lines[-1], flush=True)
    Path(chosen.out).write_text("\n".join(lines) + "\n", "utf-8")


def simulate(case: tuple[int, str], periods: int) -> list[float]:
    """Return the coverage of share, rate and balance, and of percentile rate and balance."""
    articles, name = case
    news = NEWS[name]
    generator = seeded_generator(11, articles, name)
    held: list[list[bool]] = [[], [], [], [], []]
    days = pd.date_range("1990-01-01", periods=periods, freq="D")
    for day in days:
        counts, truth = draw_period(news, articles, day, generator)
        framing = framing_by_period(counts, freq="YS", replicates=REPLICATES, pair=CATEGORIES)
        rows = framing.set_index("category").loc[list(CATEGORIES)]
        rate_bounds, balance_bounds = percentile_bounds(counts, day)
        for place, category in enumerate(CATEGORIES):
            row = rows.loc[category]
            held[0].append(row["low"] <= truth["share"][place] <= row["high"])
            if row["mentions"]:
                rate = truth["rate"][place]
                held[1].append(row["per_1000_low"] <= rate <= row["per_1000_high"])
                held[3].append(rate_bounds[0][place] <= rate <= rate_bounds[1][place])
        if rows["mentions"].sum():
            held[2].append(
                rows["balance_low"].iloc[0] <= truth["balance"] <= rows["balance_high"].iloc[0]
            )
            held[4].append(balance_bounds[0] <= truth["balance"] <= balance_bounds[1])
    return [float(np.mean(one)) for one in held]


def draw_period(
    news: News, articles: int, day: pd.Timestamp, generator: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Return the counts of a simulated period, and its true share, rate and balance."""
    sizes = np.maximum(1, np.round(OUTLETS * articles)).astype(int)
    effects = np.exp(generator.normal(0, news.clustering, (len(sizes), 2)))
    lengths = np.exp(generator.normal(0, SPREAD_OF_LENGTHS, len(sizes)))
    outlet = np.repeat(np.arange(len(sizes)), sizes)
    tokens = draw_words(lengths[outlet], generator)
    mentions = draw_mentions(news, effects[outlet], tokens, generator)
    counts = pd.DataFrame(
        {
            "article_id": np.repeat([f"{number:05}" for number in range(len(outlet))], 2),
            "outlet": np.repeat([f"منبر {number}" for number in outlet], 2),
            "published": day,
            "category": list(CATEGORIES) * len(outlet),
            "mentions": mentions.ravel(),
            "tokens": np.repeat(tokens, 2),
        }
    )
    many = draw_words(np.tile(lengths, (TO_INTEGRATE, 1)), generator).T
    means = np.stack(
        [
            [
                rate * effect * many[place] / 1000
                for rate, effect in zip(news.rates, pair, strict=True)
            ]
            for place, pair in enumerate(effects)
        ]
    )
    some = 1 - (news.shape / (news.shape + means)) ** news.shape
    said = (means.mean(axis=2) * sizes[:, None]).sum(axis=0)
    truth = {
        "share": (some.mean(axis=2) * sizes[:, None]).sum(axis=0) / sizes.sum(),
        "rate": 1000 * said / (many.mean(axis=1) * sizes).sum(),
        "balance": np.log2((said[0] + 0.5) / (said[1] + 0.5)),
    }
    return counts, truth


def draw_words(lengths: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return how many words articles have, given the usual length of their outlets."""
    drawn = generator.lognormal(np.log(MIDDLE_WORDS), SPREAD_OF_WORDS, lengths.shape) * lengths
    return np.maximum(FEWEST_WORDS, drawn).round()


def draw_mentions(
    news: News, effects: np.ndarray, tokens: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Return gamma-Poisson counts of the two frames in articles."""
    means = np.array(news.rates) * effects * tokens[:, None] / 1000
    return generator.negative_binomial(news.shape, news.shape / (news.shape + means))


def percentile_bounds(counts: pd.DataFrame, day: pd.Timestamp) -> tuple[np.ndarray, np.ndarray]:
    """Return the percentile intervals of rates and balance."""
    articles = counts.iloc[::2].reset_index(drop=True)
    values = np.column_stack(
        [counts["mentions"].to_numpy(float).reshape(-1, 2), articles["tokens"]]
    )
    draws = resample_sums(
        values,
        articles["outlet"],
        replicates=REPLICATES,
        generator=seeded_generator(12, day),
    )
    rates = np.quantile(1000 * draws[:, :2] / draws[:, 2:], [0.025, 0.975], axis=0)
    balances = np.quantile(np.log2((draws[:, 0] + 0.5) / (draws[:, 1] + 0.5)), [0.025, 0.975])
    return rates, balances


if __name__ == "__main__":
    main()
