"""How fast framing is computed from the table of counts, against counting words plainly.

    python benchmarks/framing.py [ARTICLES.jsonl] [--rounds 3] [--peers PYTHON]

`framing_by_period` by month with 2,000 bootstrap replicates, from a Parquet file of counts to a
Parquet file of framing, whole process; beside it, in turns, the plain dictionary count of the
same articles (`benchmarks/themes.py` says what it does). The articles are those of `themes.py`;
without dates of several months, they are spread over the days of a year.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import pandas as pd
from measuring import Run, measure, prepare
from themes import PEERS, write_forms

from analysis.counting import count_files

HERE = Path(__file__).parent
PLAIN = "plain dictionary over str.split (words only)"
REPLICATES = 2000
MONTHS = 9
COMPUTE = f"""
import sys
import pandas as pd
from analysis.framing import framing_by_period
counts = pd.read_parquet(sys.argv[1])
framing_by_period(counts, freq="MS", replicates={REPLICATES}).to_parquet(sys.argv[2])
"""


def main() -> None:
    """Measure, and write FRAMING.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--out", default=str(HERE / "FRAMING.md"))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        articles = prepare(chosen.articles, work / "articles.jsonl")
        write_forms(articles, work / "forms.json")
        counts = spread_over_months(pd.concat(part.counts for part in count_files(articles)))
        counts.to_parquet(work / "counts.parquet")
        commands = {
            f"framing by month, {REPLICATES:,} replicates": [
                sys.executable,
                "-c",
                COMPUTE,
                str(work / "counts.parquet"),
                str(work / "framing.parquet"),
            ],
            PLAIN: [
                chosen.peers,
                str(HERE / "peers" / PEERS[PLAIN]),
                str(articles),
                str(work / "forms.json"),
                str(work / "plain.csv"),
            ],
        }
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(chosen.rounds):
            for name, command in commands.items():
                runs[name].append(measure(command))
        rows = len(pd.read_parquet(work / "framing.parquet"))
    report = describe(runs, counts, rows, chosen.rounds)
    Path(chosen.out).write_text("\n".join(report) + "\n", "utf-8")
    print("\n".join(report))


def spread_over_months(counts: pd.DataFrame) -> pd.DataFrame:
    """Give articles of a few weeks days of several months, in their order."""
    numbers = pd.factorize(counts["article_id"])[0]
    days = pd.date_range("2018-02-01", periods=MONTHS * 30, freq="D")
    return counts.assign(published=days[numbers * len(days) // (numbers.max() + 1)])


def describe(runs: dict[str, list[Run]], counts: pd.DataFrame, rows: int, rounds: int) -> list[str]:
    """Return the report."""
    base = statistics.median(run.seconds for run in runs[PLAIN])
    report = [
        "# Framing: speed from the table of counts",
        "",
        "Written by `make bench`; see `benchmarks/framing.py`.",
        "",
        f"- {counts['article_id'].nunique():,} articles over {MONTHS} months, {len(counts):,} rows"
        f" of counts to {rows} rows of framing, whole process; medians of {rounds} rounds in turn",
        "",
        "| contender | seconds | times plain | MB at the peak |",
        "|---|--:|--:|--:|",
    ]
    for name, measured in runs.items():
        seconds = statistics.median(run.seconds for run in measured)
        megabytes = statistics.median(run.megabytes for run in measured)
        report.append(f"| {name} | {seconds:.1f} | {seconds / base:.2f} | {megabytes:.0f} |")
    return report


if __name__ == "__main__":
    main()
