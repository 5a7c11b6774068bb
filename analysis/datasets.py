"""The sample corpus that ships with the library, and published corpora fetched on request."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.articles import load_articles
from analysis.data_files import DataFile, data_path, load_yaml
from analysis.errors import require_choice
from analysis.storage import finished_or_gone


def sample_corpus() -> Path:
    """Return the folder of the sample corpus: composed articles of 2014 to 2024.

    >>> sample_corpus().is_dir()
    True
    """
    return data_path("sample", "articles")


def load_sample() -> pd.DataFrame:
    """Return the articles of the sample corpus as `load_articles` does, 2014 to 2024.

    One row per article, composed for this project: `article_id`, `outlet`, `published`,
    `title`, `text`, `skip`, `source_file` and `url` (invented, empty for scraped pages).
    `data/sample/README.md` is its data sheet; it is no evidence about the world.

    >>> articles = load_sample()
    >>> len(articles) >= 132, sorted(articles["outlet"].unique())
    (True, ['أطلس برس', 'صدى المشرق', 'وكالة المنارة للأنباء'])
    """
    return load_articles(sample_corpus())[0]


def load_sample_gold() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the quotes and the mentions of the sample corpus, annotated by hand.

    Two readers marked them, the second without seeing what the first had marked, and settled
    where they differed. The first table has the columns of `find_quotes` but for `cue_lemma`,
    `cue_kind`, `rule` and `repaired`, the second `article_id`, `category`, `kind`, `start`,
    `end` and `surface`; offsets index the `text` of `load_sample`.

    >>> quotes, mentions = load_sample_gold()
    >>> articles = load_sample().set_index("article_id")["text"]
    >>> first = mentions.iloc[0]
    >>> articles[first.article_id][first.start:first.end] == first.surface
    True
    """
    quotes = _read_gold("quotes.csv")
    quotes["weak"] = quotes["weak"] == "yes"
    for name in ("cue", "source"):
        for column in (f"{name}_start", f"{name}_end"):
            quotes[column] = pd.to_numeric(quotes[column]).astype("Int64")
    for name in ("cue", "source", "speaker"):
        quotes[name] = quotes[name].replace("", None)
    return quotes, _read_gold("mentions.csv")


def _read_gold(name: str) -> pd.DataFrame:
    return pd.read_csv(data_path("sample", "gold", name), keep_default_na=False)


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
