"""textacy's direct quotations over spaCy's parse: English news with speakers, nearest to ours.

    python direct_quotations.py ARTICLES.jsonl OUT.txt MODEL

It writes how many it found. Entities are not needed, so they are not looked for.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import spacy
from textacy.extract import direct_quotations


def texts(path: str) -> Iterator[str]:
    """Yield the text of every article."""
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


articles, out, model = sys.argv[1:4]
language = spacy.load(model, exclude=["ner"])
found = sum(len(list(direct_quotations(document))) for document in language.pipe(texts(articles)))
Path(out).write_text(str(found), "utf-8")
