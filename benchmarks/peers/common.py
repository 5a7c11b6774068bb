"""What every peer shares: reading articles, folding letters, writing counts."""

import csv
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.arabic import _FOLD

CATEGORIES = ["terrorism", "migration", "cybercrime", "olympics", "security", "diplomacy"]


def read(path: str) -> Iterator[tuple[str, str]]:
    """Yield the id and the folded text of every article."""
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield article["article_id"], article["text"].translate(_FOLD)


def run(count: Callable[[str, dict[str, list[str]]], Iterator[tuple[str, list[int], int]]]) -> None:
    """Count with a peer: SCRIPT ARTICLES.jsonl FORMS.json OUT.csv."""
    articles, forms, out = sys.argv[1:4]
    vocabulary = json.loads(Path(forms).read_text("utf-8"))
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["article_id", "category", "mentions", "tokens"])
        for article_id, counts, tokens in count(articles, vocabulary):
            for category, mentions in zip(CATEGORIES, counts, strict=True):
                table.writerow([article_id, category, mentions, tokens])
