"""How fast JSON Lines and Parquet are read, against polars reading the same columns.

    python benchmarks/reading.py [ARTICLES.jsonl] [--rounds 3] [--peers PYTHON]

Each contender reads the same articles in a process of its own, in turns, and says how many
seconds reading took, imports not counted: polars into its own table, our readers row by row
with every string checked, and `load_articles`, which also parses dates, marks boilerplate, finds
lines that outlets repeat, and accounts for every row. Written to READING.md.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from measuring import prepare

HERE = Path(__file__).parent
PEER = "polars"
POLARS = """
import sys, time
import polars
path = sys.argv[1]
scan = polars.scan_ndjson if path.endswith(".jsonl") else polars.scan_parquet
start = time.perf_counter()
table = scan(path).collect()
print(time.perf_counter() - start)
"""
ROWS = """
import sys, time
from pathlib import Path
import pyarrow.parquet
from analysis.readers import FORMATS, Source, read_rows
path = Path(sys.argv[1])
start = time.perf_counter()
with path.open("rb") as file:
    rows = list(read_rows(Source(file, path.name), FORMATS[path.suffix]))
print(time.perf_counter() - start)
"""
ARTICLES = """
import sys, time
from analysis.articles import load_articles
start = time.perf_counter()
load_articles(sys.argv[1])
print(time.perf_counter() - start)
"""


def main() -> None:
    """Measure, and write READING.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, help="a Python that has polars")
    chosen = parser.parse_args()
    lines = [
        "# Reading: JSON Lines and Parquet",
        "",
        "Written by `make bench`; see `benchmarks/reading.py`. Seconds without imports, medians of "
        f"{chosen.rounds} rounds in turn.",
        "",
        "| format | contender | seconds | times polars |",
        "|---|---|--:|--:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        articles = prepare(chosen.articles, Path(folder) / "articles.jsonl")
        table = pd.read_json(articles, lines=True, dtype=False).astype("str")
        parquet = articles.with_suffix(".parquet")
        table.to_parquet(parquet, index=False)
        for path in (articles, parquet):
            lines += compare(path, chosen.peers, chosen.rounds)
    lines[2] += f" {len(table):,} articles of {len(table.columns)} columns."
    (HERE / "READING.md").write_text("\n".join(lines) + "\n", "utf-8")


def compare(path: Path, peers: str, rounds: int) -> list[str]:
    """Return the rows of the table for one file."""
    contenders = {
        PEER: (peers, POLARS),
        "our reader, row by row": (sys.executable, ROWS),
        "`load_articles`": (sys.executable, ARTICLES),
    }
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (python, script) in contenders.items():
            done = subprocess.run(
                [python, "-c", script, str(path)],
                capture_output=True,
                text=True,
                check=True,
                cwd=HERE.parent,
            )
            seconds[name].append(float(done.stdout))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    return [
        f"| {path.suffix} | {name} | {median:.2f} | {median / medians[PEER]:.1f} |"
        for name, median in medians.items()
    ]


if __name__ == "__main__":
    main()
