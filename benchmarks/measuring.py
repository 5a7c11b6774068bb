"""What every benchmark needs: the articles, and the time and memory of a process."""

import json
import os
import shutil
import subprocess
import threading
import time
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from analysis.articles import load_articles
from analysis.datasets import sample_corpus

HERE = Path(__file__).parent
REPEATS_OF_THE_SAMPLE = 200


class Run(NamedTuple):
    """Wall seconds of a process, and the memory of it and its children together at the peak."""

    seconds: float
    megabytes: float


def prepare(path: str | None, out: Path) -> Path:
    """Write the articles as JSON Lines with the fields that every contender reads."""
    shared = os.environ.get("KHITAB_SHARED")
    archives = sorted(Path(shared, "corpora", "saudinewsnet").glob("*.zip")) if shared else []
    if path:
        shutil.copy(path, out)
    elif archives:
        write_articles(out, (row for archive in archives for row in read_archive(archive)))
    else:
        sample, _ = load_articles(sample_corpus())
        rows = (
            {"text": text} for _ in range(REPEATS_OF_THE_SAMPLE) for text in sample["text"].tolist()
        )
        write_articles(out, rows)
    return out


def read_archive(path: Path):
    """Yield the articles of one archive of SaudiNewsNet."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                for row in json.loads(archive.read(name)):
                    yield {
                        "outlet": row["source"],
                        "published": row["date_extracted"][:10],
                        "title": row["title"],
                        "text": row["content"] or "",
                    }


def write_articles(out: Path, rows) -> None:
    """Write rows with an id of their own."""
    with out.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            file.write(json.dumps({"article_id": str(number), **row}, ensure_ascii=False) + "\n")


def measure(command: list[str]) -> Run:
    """Run a command and return its wall time and the memory of all its processes."""
    environment = os.environ | {"PYTHONPATH": str(HERE.parent)}
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    peak = [0.0]
    done = threading.Event()
    watcher = threading.Thread(target=watch, args=(process.pid, peak, done))
    watcher.start()
    _, errors = process.communicate()
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors}")
    return Run(seconds, peak[0])


def watch(root: int, peak: list[float], done: threading.Event) -> None:
    """Keep the largest sum of the memory of a process and its descendants (Linux only)."""
    while not done.wait(0.1):
        peak[0] = max(peak[0], sum(map(proportional_memory, tree(root))))


def tree(root: int) -> list[int]:
    """Return a process and its descendants."""
    children: dict[int, list[int]] = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        children[int(fields[1])].append(int(status.parent.name))
    found = [root]
    for process in found:
        found += children[process]
    return found


def proportional_memory(process: int) -> float:
    """Return the megabytes of a process, pages it shares counted in part."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000
