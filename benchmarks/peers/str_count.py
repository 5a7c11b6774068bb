"""pandas' `str.count` with one regular expression for each category."""

import re
from collections.abc import Iterator

import pandas as pd
from common import CATEGORIES, read, run


def count(path: str, vocabulary: dict[str, list[str]]) -> Iterator[tuple[str, list[int], int]]:
    """Yield the id, the counts by category and the words of every article."""
    table = pd.DataFrame(read(path), columns=["article_id", "text"], dtype="object")
    counted = {}
    for name in CATEGORIES:
        stems = sorted(vocabulary[f"{name} stems"], key=len, reverse=True)
        pattern = rf"\b[وف]?[بكل]?(?:ال|ل)?(?:{'|'.join(map(re.escape, stems))})\w{{0,4}}\b"
        counted[name] = table["text"].str.count(pattern)
    tokens = table["text"].str.count(r"\w+")
    rows = zip(*(counted[name].tolist() for name in CATEGORIES), strict=True)
    for article_id, row, words in zip(table["article_id"], rows, tokens, strict=True):
        yield article_id, list(row), words


run(count)
