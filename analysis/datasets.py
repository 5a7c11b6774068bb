"""The sample corpus that ships with the library, and published corpora fetched on request."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.data_files import DataFile, data_path, load_yaml
from analysis.errors import require_choice
from analysis.storage import finished_or_gone


def sample_corpus() -> Path:
    """Return the folder of the sample corpus: composed articles of 2014 to 2024.

    >>> sample_corpus().is_dir()
    True
    """
    return data_path("sample", "articles")


def fetch_corpus(
    name: str, folder: str | Path = ".", *, registry: str | Path | None = None
) -> tuple[Path, str]:
    """Download a published corpus, check every file and write it as JSON Lines.

    The corpora, their addresses, checksums, licences and citations stand in
    `data/corpora.yml`; `registry` names another file of that form. A file that is there
    already is checked and kept. Returns the path written and the terms of use.

    Raises InputError for an unknown name, ValueError when a checksum is wrong, and OSError
    when the address cannot be reached.
    """
    source = load_yaml(registry or data_path("corpora.yml"))
    _check_registry(source)
    require_choice(name, sorted(source.content), name="corpus")
    corpus = source.content[name]
    folder = Path(folder)
    path = folder / f"{name}.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    with finished_or_gone(path) as unfinished, unfinished.open("w", encoding="utf-8") as out:
        for file_name, checksum in corpus["files"].items():
            archive = _download(corpus["address"] + file_name, checksum, folder / f"{name}-files")
            for article in _articles_in(archive):
                out.write(json.dumps(article, ensure_ascii=False) + "\n")
    terms = f"{corpus['title']}. Licence: {corpus['licence']}. Cite: {corpus['citation']}"
    return path, terms


def _download(address: str, checksum: str, folder: Path) -> Path:
    import pooch

    downloader = pooch.HTTPDownloader(progressbar=True)
    return Path(pooch.retrieve(address, f"sha256:{checksum}", path=folder, downloader=downloader))


def _articles_in(archive: Path) -> Iterator[Any]:
    """Yield the articles of every JSON list in a zip whose checksum was right."""
    with zipfile.ZipFile(archive) as files:
        for member in sorted(files.namelist()):
            if member.endswith(".json"):
                yield from json.loads(files.read(member))


def _check_registry(source: DataFile) -> None:
    for name, corpus in source.content.items():
        source.check_fields(
            (name,), corpus, required=("title", "address", "licence", "citation", "files")
        )
