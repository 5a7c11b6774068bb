"""Kill a run at random moments, let it go on, and compare its tables with an undisturbed run.

    python benchmarks/stopping.py [--articles N] [--kills N] [--seed N]

Articles of the sample corpus are written again and again, each with a number of its own, until
there are enough. One run is left in peace. Then, as often as asked, another is started, its
whole process group is killed (SIGKILL) at a moment drawn uniformly from the time that the first
one took, and it is started again to its end. The results are written to STOPPING.md.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from analysis.datasets import load_sample

HERE = Path(__file__).parent


def main() -> None:
    """Measure, write the results, and exit with 1 when any run differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = write_corpus(folder / "corpus.jsonl", chosen.articles)
        started = time.perf_counter()
        start(corpus, folder / "whole" / "out").wait()
        seconds = time.perf_counter() - started
        expected = digest(folder / "whole" / "out")
        moments = random.Random(chosen.seed)  # noqa: S311  (moments, not secrets)
        same = []
        lines = []
        for number in range(1, chosen.kills + 1):
            out = folder / f"killed-{number}" / "out"
            after = moments.uniform(0, seconds)
            batches = kill(corpus, out, after)
            start(corpus, out).wait()
            same.append(digest(out) == expected)
            lines.append(f"| {number} | {after:.1f} | {batches} | {'yes' if same[-1] else 'NO'} |")
            print(lines[-1], flush=True)
    text = [
        "# Runs that are killed",
        "",
        f"`khitab run` over {chosen.articles:,} articles took {seconds:.1f} s in peace. Killed "
        f"with its processes at {chosen.kills} random moments and started again, {sum(same)} of "
        f"{len(same)} runs left the same files byte for byte (tables, figures and report). Batches "
        "are those of 500 articles that were finished when the run was killed.",
        "",
        "| kill | after (s) | batches finished | same bytes |",
        "|---|---|---|---|",
        *lines,
    ]
    (HERE / "STOPPING.md").write_text("\n".join(text) + "\n", "utf-8")
    sys.exit(not all(same))


def write_corpus(path: Path, number: int) -> Path:
    """Write the sample again and again, each article with a number of its own."""
    sample = load_sample()[["outlet", "published", "title", "text"]].to_dict("records")
    with path.open("w", encoding="utf-8") as file:
        for place in range(number):
            row = {"id": f"a{place}", **sample[place % len(sample)]}
            row["text"] += f"\n{place}"
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    return path


def start(corpus: Path, out: Path) -> subprocess.Popen:
    """Start a run in a process group of its own."""
    command = [sys.executable, "-m", "analysis", "run", str(corpus), "--out", str(out)]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def kill(corpus: Path, out: Path, after: float) -> int:
    """Kill a run after some seconds and return how many batches it had finished."""
    run = start(corpus, out)
    time.sleep(after)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    return sum(path.name.isdigit() for path in (out / "unfinished" / "batches").glob("*"))


def digest(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


if __name__ == "__main__":
    main()
