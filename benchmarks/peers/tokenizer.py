"""spaCy's Arabic tokenizer and nothing else: where every route over spaCy begins."""

import json
import sys
from pathlib import Path

import spacy

articles, out = sys.argv[1:3]
language = spacy.blank("ar")
total = 0
with Path(articles).open(encoding="utf-8") as lines:
    for line in lines:
        total += len(language.make_doc(json.loads(line)["text"]))
Path(out).write_text(str(total), "utf-8")
