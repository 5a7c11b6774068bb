"""How fast quotes are found, from JSON Lines on disk to a table of quotes on disk.

    python benchmarks/quotes.py [ARTICLES.jsonl] [--rounds 3] [--peers PYTHON]

Beside `khitab quotes` stand, in the same rounds, the plain dictionary tally of the benchmark of
themes, and the step that every route over spaCy begins with: its own tokenizer over the same
articles. textacy's direct quotations for English need a parsed text besides; for them the
published figure is given. Hostile texts are read at two sizes, which shows how time grows.
"""

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pandas as pd
from measuring import HERE, Run, measure, prepare

from analysis.quotes import find_quotes

# The Gender Gap Tracker's pipeline for English news: 26,000 articles in about 45 minutes.
PUBLISHED = 26_000 / (45 * 60)
SYLLABLES = ["با", "دو", "سي", "را", "مو", "نا", "كا", "لي", "شو", "حا"]
SIZE = 25_000


def main() -> None:
    """Measure, and write QUOTES.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, help="a Python that has spaCy")
    parser.add_argument("--out", default=str(HERE / "QUOTES.md"))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        articles = prepare(chosen.articles, work / "articles.jsonl")
        report = [*describe(articles, chosen), *compare(articles, work, chosen), *hostile()]
    Path(chosen.out).write_text("\n".join(report) + "\n", "utf-8")
    print("\n".join(report))


def describe(articles: Path, chosen: argparse.Namespace) -> list[str]:
    """Return the head of the report."""
    with articles.open(encoding="utf-8") as lines:
        number = sum(1 for _ in lines)
    return [
        "# Quotes: speed and memory",
        "",
        "Written by `make bench`; see `benchmarks/quotes.py` for what each contender does.",
        "",
        f"- {number:,} articles, {articles.stat().st_size / 1e6:.0f} MB of JSON Lines on disk to a"
        " table on disk, whole process",
        f"- medians of {chosen.rounds} rounds in turn, on a machine shared with others: look at"
        " the ratios",
        f"- {platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python"
        f" {platform.python_version()}",
        "",
    ]


def compare(articles: Path, work: Path, chosen: argparse.Namespace) -> list[str]:
    """Time every contender in turn and return the table."""
    (work / "forms.json").write_text(json.dumps(dictionary()), "utf-8")
    ours = [sys.executable, "-m", "analysis", "quotes", str(articles), "--out"]
    forms = str(work / "forms.json")
    commands: dict[str, Callable[[str], list[str]]] = {
        "plain dictionary over str.split": lambda out: [
            chosen.peers, str(HERE / "peers/plain_dictionary.py"), str(articles), forms, out
        ],
        "**khitab quotes**": lambda out: [*ours, f"{out}.parquet", "--processes", "2"],
        "khitab quotes --processes 1": lambda out: [*ours, f"{out}.parquet", "--processes", "1"],
        "spaCy's tokenizer alone": lambda out: [
            chosen.peers, str(HERE / "peers/tokenizer.py"), str(articles), out
        ],
    }  # fmt: skip
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(chosen.rounds):
        for place, (name, command) in enumerate(commands.items()):
            runs[name].append(measure(command(str(work / f"{number}-{place}"))))
            print(f"round {number + 1}: {name}: {runs[name][-1].seconds:.1f} s", file=sys.stderr)
    base = statistics.median(run.seconds for run in next(iter(runs.values())))
    table = [
        "| contender | seconds | times the dictionary | MB at the peak, all processes |",
        "|---|--:|--:|--:|",
    ]
    for name, measured in runs.items():
        seconds = statistics.median(run.seconds for run in measured)
        megabytes = statistics.median(run.megabytes for run in measured)
        table.append(f"| {name} | {seconds:.1f} | {seconds / base:.1f} | {megabytes:.0f} |")
    with articles.open(encoding="utf-8") as lines:
        published = sum(1 for _ in lines) / PUBLISHED
    table.append(
        f"| English pipeline on spaCy, as published, so many articles | {published:,.0f} |"
        f" {published / base:.0f} | |"
    )
    return table


def dictionary() -> dict[str, list[str]]:
    """Return the vocabulary of the plain dictionary: the single words of our lexicons."""
    from analysis.arabic import fold
    from analysis.lexicon import load_lexicons

    return {
        category.name: sorted({fold(term.term) for term in category.terms if " " not in term.term})
        for lexicon in load_lexicons()
        for category in lexicon.categories
    }


# ── hostile texts ────────────────────────────────────────────────────────────────────────


def words(seed: int = 1) -> Iterator[str]:
    """Yield words that no lexicon knows."""
    draw = random.Random(seed)  # noqa: S311
    while True:
        yield "".join(draw.choice(SYLLABLES) for _ in range(3))


def repeat(pattern: str, times: int, separator: str = " ") -> str:
    """Write a pattern many times, each gap filled with a new word."""
    supply = words()
    gaps = pattern.count("{}")
    return separator.join(pattern.format(*islice(supply, gaps)) for _ in range(times))


HOSTILE: dict[str, Callable[[int], str]] = {
    "one paragraph without a stop": lambda size: repeat("{} {} {} {} {} {} {}", size),
    "quotation marks": lambda size: repeat('" {} {} "', size // 5),
    "opening marks only": lambda size: repeat('"{}', size // 10),
    "bare cues": lambda size: repeat("قال", size),
    "cues with words": lambda size: repeat("قال {} إن {} {}", size),
    "clauses joined by commas": lambda size: repeat("وأضاف {} أن {} {} {}", size, "، "),
    "distinct speakers": lambda size: repeat("وقال الوزير محمد {}{} إن {} {}", size, ". "),
    "a line a cue": lambda size: repeat("قال: {}", size, "\n"),
}


def hostile() -> list[str]:
    """Time texts made to be slow, at two sizes, and return the table."""
    table = [
        "",
        "## Hostile texts",
        "",
        f"One article of {SIZE:,} and of {4 * SIZE:,} such pieces (marks: a fifth and a tenth of"
        " it). In proportion the growth is 4.",
        "",
        "| text | MB | seconds | seconds at four times the size | growth |",
        "|---|--:|--:|--:|--:|",
    ]
    seconds_of("قال")
    for name, write in HOSTILE.items():
        small, large = write(SIZE), write(4 * SIZE)
        first, second = seconds_of(small), seconds_of(large)
        table.append(
            f"| {name} | {len(large.encode()) / 1e6:.1f} | {first:.1f} | {second:.1f} |"
            f" {second / max(first, 0.01):.1f} |"
        )
    return table


def seconds_of(text: str) -> float:
    """Return how long the quotes of one article take."""
    articles = pd.DataFrame({"article_id": ["a"], "text": [text], "skip": [[]]})
    start = time.perf_counter()
    find_quotes(articles)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
