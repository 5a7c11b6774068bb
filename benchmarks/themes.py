"""How fast themes are counted, from JSON Lines on disk to counts on disk, against four peers.

    python benchmarks/themes.py [ARTICLES.jsonl] [--rounds 3] [--peers PYTHON] [--copies 1,4,10]

Every contender is a process of its own, timed whole, in rounds that take turns; the tables show
medians. The peers get the forms that our lexicons' entries really take in these articles, folded
once, and must only count: no contexts, no boilerplate, no overlaps, no ids to check. Without
a file it uses the articles of SaudiNewsNet in KHITAB_SHARED, or else the sample, repeated.
"""

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

from measuring import Run, measure, prepare

from analysis.arabic import fold
from analysis.counting import count_files
from analysis.lexicon import load_lexicons

HERE = Path(__file__).parent
PEERS = {
    "plain dictionary over str.split (words only)": "plain_dictionary.py",
    "pandas str.count (one pattern a category)": "str_count.py",
    "scikit-learn CountVectorizer (with phrases)": "count_vectorizer.py",
    "spaCy PhraseMatcher": "phrase_matcher.py",
}


def main() -> None:
    """Measure, and write RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--copies", default="1,4,10", help="sizes to show how time and memory grow")
    parser.add_argument("--out", default=str(HERE / "RESULTS.md"))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        articles = prepare(chosen.articles, work / "articles.jsonl")
        forms = write_forms(articles, work / "forms.json")
        copies = [int(number) for number in chosen.copies.split(",")]
        report = [
            *describe(articles, forms, chosen),
            *compare(articles, work / "forms.json", work, chosen),
            *grow(articles, copies, work),
        ]
    Path(chosen.out).write_text("\n".join(report) + "\n", "utf-8")
    print("\n".join(report))


def write_forms(articles: Path, out: Path) -> dict[str, list[str]]:
    """Write, for each category, the folded forms its entries take in these articles."""
    forms: dict[str, set[str]] = defaultdict(set)
    for tables in count_files(articles, mentions=True):
        pairs = tables.mentions[["category", "surface"]].drop_duplicates()
        for category, surface in pairs.itertuples(index=False):
            forms[category].add(" ".join(fold(surface).split()))
    for lexicon in load_lexicons():
        for category in lexicon.categories:
            stems = {fold(term.term).rstrip("ه") for term in category.terms}
            forms[f"{category.name} stems"] = {stem for stem in stems if len(stem) > 2}
    listed = {name: sorted(found) for name, found in forms.items()}
    out.write_text(json.dumps(listed, ensure_ascii=False), "utf-8")
    return listed


def describe(articles: Path, forms: dict[str, list[str]], chosen) -> list[str]:
    """Return the head of the report."""
    size = articles.stat().st_size / 1e6
    with articles.open(encoding="utf-8") as lines:
        number = sum(1 for _ in lines)
    vocabulary = sum(len(found) for name, found in forms.items() if " stems" not in name)
    peers = subprocess.run(
        [
            chosen.peers,
            "-c",
            "import spacy, sklearn, pandas; print(f'spaCy {spacy.__version__}, '"
            "f'scikit-learn {sklearn.__version__}, pandas {pandas.__version__}')",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    return [
        "# Themes: speed against named peers",
        "",
        "Written by `make bench`; see `benchmarks/themes.py` for what each contender does.",
        "",
        f"- {number:,} articles, {size:.0f} MB of JSON Lines on disk to a table of counts on disk,"
        " whole process",
        f"- the peers look for {vocabulary:,} forms: those our entries take in these articles",
        f"- medians of {chosen.rounds} rounds in turn, on a machine shared with others: look at"
        " the ratios",
        f"- {platform.system()} {platform.machine()}, {os.cpu_count()} processors, Python"
        f" {platform.python_version()}, NumPy {version('numpy')}, pandas {version('pandas')};"
        f" {peers}",
        "",
    ]


def compare(articles: Path, forms: Path, work: Path, chosen) -> list[str]:
    """Time every contender in turn and return the table."""
    ours = [sys.executable, "-m", "analysis", "counts", str(articles), "--out"]
    mentions = str(work / "mentions.parquet")
    commands = {
        "**khitab counts**": [*ours, str(work / "counts.parquet")],
        "khitab counts --mentions": [*ours, str(work / "c.parquet"), "--mentions", mentions],
        "khitab counts --processes 1": [*ours, str(work / "one.parquet"), "--processes", "1"],
    } | {
        name: [
            chosen.peers,
            str(HERE / "peers" / script),
            str(articles),
            str(forms),
            str(work / f"{script}.csv"),
        ]
        for name, script in PEERS.items()
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(chosen.rounds):
        for name, command in commands.items():
            runs[name].append(measure(command))
            print(f"round {number + 1}: {name}: {runs[name][-1].seconds:.1f} s", file=sys.stderr)
    base = statistics.median(run.seconds for run in next(iter(runs.values())))
    table = [
        "| contender | seconds | times khitab | MB at the peak | mentions |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, measured in runs.items():
        seconds = statistics.median(run.seconds for run in measured)
        megabytes = statistics.median(run.megabytes for run in measured)
        found = tally(Path(commands[name][-1])) if name in PEERS else ""
        table.append(
            f"| {name} | {seconds:.1f} | {seconds / base:.1f} | {megabytes:.0f} | {found} |"
        )
    return table


def tally(path: Path) -> str:
    """Return how many mentions a peer counted."""
    with path.open(encoding="utf-8") as file:
        return f"{sum(int(row['mentions']) for row in csv.DictReader(file)):,}"


def grow(articles: Path, copies: list[int], work: Path) -> list[str]:
    """Measure ours over copies of the articles under new ids, and return the table."""
    table = [
        "",
        "## Growth",
        "",
        "| copies | MB | seconds | seconds a copy | MB at the peak |",
        "|--:|--:|--:|--:|--:|",
    ]
    for number in copies:
        path = work / "copies.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for copy in range(number):
                for line in articles.open(encoding="utf-8"):
                    out.write(line.replace('{"article_id": "', f'{{"article_id": "{copy}-', 1))
        run = measure(
            [
                sys.executable,
                "-m",
                "analysis",
                "counts",
                str(path),
                "--out",
                str(work / "copies.parquet"),
            ]
        )
        size = path.stat().st_size / 1e6
        table.append(
            f"| {number} | {size:.0f} | {run.seconds:.1f} | {run.seconds / number:.1f} |"
            f" {run.megabytes:.0f} |"
        )
        path.unlink()
    return table


if __name__ == "__main__":
    main()
