"""How fast quotes are found, from JSON Lines on disk to a table of quotes on disk.

    python benchmarks/quotes.py [ARTICLES.jsonl] [--rounds 3] [--peers PYTHON] [--model NAME]

Beside `khitab quotes` stands, in the same rounds, the plain dictionary tally of the benchmark of
themes. Timed once are one process of ours, the step that every route over spaCy begins with (its
own tokenizer over the same articles), and textacy's direct quotations for English. No English
news is at hand that we may use: textacy reads sentences composed from the few patterns below,
with as many words an article as the Arabic has, for a part of the articles, and its time is
multiplied up. That shows its speed and nothing about what it finds. Where the English model is
not installed, only the figure published for another route stands. Hostile texts are read at two
sizes, which shows how time grows.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pandas as pd
from measuring import HERE, Run, measure, prepare

from analysis.quotes import find_quotes

# ATAP's Quotation Tool, which has the rules of the Gender Gap Tracker and reads English news over
# spaCy: about 45 minutes for 26,000 articles (54 MB), as published and on a machine of its own.
PUBLISHED = 26_000 / (45 * 60)
# Of so many articles one is composed in English: parsing all would take a quarter of an hour.
SAMPLED = 30
SYLLABLES = ["با", "دو", "سي", "را", "مو", "نا", "كا", "لي", "شو", "حا"]
SIZE = 25_000


def main() -> None:
    """Measure, and write QUOTES.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, help="a Python that has spaCy")
    parser.add_argument("--model", default="en_core_web_sm", help="an English model of spaCy")
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
        f"- the dictionary and `khitab quotes` (two processes): medians of {chosen.rounds} rounds"
        " in turn, the others once; on a machine shared with others: look at the ratios",
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
    }  # fmt: skip
    once: dict[str, Callable[[str], list[str]]] = {
        "khitab quotes --processes 1": lambda out: [*ours, f"{out}.parquet", "--processes", "1"],
        "spaCy's tokenizer alone": lambda out: [
            chosen.peers, str(HERE / "peers/tokenizer.py"), str(articles), out
        ],
    }  # fmt: skip
    runs: dict[str, list[Run]] = {name: [] for name in commands | once}
    for number in range(chosen.rounds):
        turn = commands | once if number == 0 else commands
        for place, (name, command) in enumerate(turn.items()):
            runs[name].append(measure(command(str(work / f"{number}-{place}"))))
            print(f"round {number + 1}: {name}: {runs[name][-1].seconds:.1f} s", file=sys.stderr)
    model = english_model(chosen)
    if model:
        runs[f"textacy on composed English, {model}, one article of {SAMPLED} times {SAMPLED}"] = [
            time_textacy(articles, work, chosen)
        ]
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
        f"| ATAP's Quotation Tool for English, as published for as many articles |"
        f" {published:,.0f} | {published / base:.0f} | |"
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


# ── English ──────────────────────────────────────────────────────────────────────────────

ENGLISH = [
    '"The {thing} will {act} by {day}," said {name}, {role} of the {place}.',
    '{name} said: "We expect the {thing} to {act} before {day}."',
    'The {role}, {name}, told reporters that the {thing} would {act} on {day}.',
    'Residents of the {place} waited near the {thing} until {day} without news.',
    '"Nobody in the {place} asked for a new {thing}," {name} added on {day}.',
    'Work on the {thing} began last {day} after months of delay in the {place}.',
]  # fmt: skip
FILLERS = {
    "thing": ["bridge", "road", "budget", "school", "clinic", "harbour"],
    "act": ["open", "close", "improve", "start", "move", "grow"],
    "day": ["Monday", "Tuesday", "Thursday", "Saturday"],
    "name": ["Anna Redfield", "Omar Halden", "Lucy Marwick", "Peter Stonely"],
    "role": ["mayor", "director", "engineer", "speaker"],
    "place": ["city", "council", "northern district", "port"],
}


def compose_english(number: int) -> str:
    """Compose an English text of about so many words, the same each time."""
    draw = random.Random(number)  # noqa: S311
    written: list[str] = []
    length = 0
    while length < number:
        choice = {name: draw.choice(fillers) for name, fillers in FILLERS.items()}
        written.append(draw.choice(ENGLISH).format(**choice))
        length += len(written[-1].split())
    return " ".join(written)


def english_model(chosen: argparse.Namespace) -> str:
    """Return name and version of the English model, or nothing when it or textacy is missing."""
    asked = subprocess.run(
        [
            chosen.peers,
            "-c",
            "import sys, spacy, textacy; m = sys.argv[1];"
            "print(textacy.__version__, 'with', m, spacy.load(m).meta['version'])",
            chosen.model,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip()


def time_textacy(articles: Path, work: Path, chosen: argparse.Namespace) -> Run:
    """Time textacy over composed texts, and multiply up what it takes beyond its start."""
    english, nothing = work / "english.jsonl", work / "nothing.jsonl"
    nothing.touch()
    with articles.open(encoding="utf-8") as lines, english.open("w", encoding="utf-8") as out:
        for line in islice(lines, 0, None, SAMPLED):
            text = compose_english(len(json.loads(line)["text"].split()))
            out.write(json.dumps({"text": text}) + "\n")
    script = str(HERE / "peers/direct_quotations.py")
    counted = str(work / "textacy.txt")
    start, run = (
        measure([chosen.peers, script, str(path), counted, chosen.model])
        for path in (nothing, english)
    )
    found = Path(counted).read_text("utf-8")
    print(f"textacy: {run.seconds:.1f} s, {found} quotations", file=sys.stderr)
    return run._replace(seconds=start.seconds + (run.seconds - start.seconds) * SAMPLED)


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
    "clauses without a subject": lambda size: repeat("وأضاف أن {} {} {}", size, "، "),
    "distinct bodies": lambda size: repeat("وقالت شركة {}{} إن {} {}", size, ". "),
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
