"""Real articles, read from the shared folder of corpora that cannot be shipped."""

import json
import zipfile

import pandas as pd


def read_corpus_texts(path):
    """Return the texts of a Parquet file, of an archive of JSON lists, or of a folder of these."""
    if path.is_dir():
        return [text for file in sorted(path.glob("*.zip")) for text in read_corpus_texts(file)]
    if path.suffix == ".parquet":
        return pd.read_parquet(path, columns=["text"])["text"].tolist()
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".json")]
        return [row["content"] for name in names for row in json.loads(archive.read(name))]
