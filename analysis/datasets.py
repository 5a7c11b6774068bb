"""The sample corpus that ships with the library, and published corpora fetched on request."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.articles import load_articles
from analysis.data_files import DataFile, data_path, load_yaml
from analysis.errors import InputError, require_choice
from analysis.storage import finished_or_gone
from analysis.trec import read_trec_articles

_COMMIT = re.compile("[0-9a-f]{40}")
_LARGEST_FILE = 5_000_000
_LARGEST_REPOSITORY = 1_000_000_000


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
    already is checked and kept. A corpus that is published as a git repository is fetched at
    one commit, whose name is the checksum of all it holds; its articles are read as
    `read_trec_articles` says. Returns the path written and the terms of use.

    Raises InputError for an unknown name, where git is needed and missing and for a repository
    that is larger than news can be, ValueError when a checksum is wrong, and OSError when the
    address cannot be reached or does not have the commit.
    """
    source = load_yaml(registry or data_path("corpora.yml"))
    _check_registry(source)
    require_choice(name, sorted(source.content), name="corpus")
    corpus = source.content[name]
    folder = Path(folder)
    path = folder / f"{name}.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    with finished_or_gone(path) as unfinished, unfinished.open("w", encoding="utf-8") as out:
        for article in _fetch_articles(name, corpus, folder):
            out.write(json.dumps(article, ensure_ascii=False) + "\n")
    terms = f"{corpus['title']}. Licence: {corpus['licence']}. Cite: {corpus['citation']}"
    return path, terms


def _fetch_articles(name: str, corpus: Mapping[str, Any], folder: Path) -> Iterator[Any]:
    if "commit" in corpus:
        texts = (file for file in _files_of_commit(corpus, folder) if file[0].endswith(".txt"))
        yield from read_trec_articles(texts, first_day=corpus["first_day"])
        return
    for file_name, checksum in corpus["files"].items():
        archive = _download(corpus["address"] + file_name, checksum, folder / f"{name}-files")
        yield from _articles_in(archive)


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


def _files_of_commit(corpus: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files of a commit, none of which is written to disk.

    git names every object by the hash of its content and the commit by all of them, so what
    was fetched under the name of the commit is what was published.
    """
    git = shutil.which("git")
    if git is None:
        raise InputError(f"{corpus['address']} is fetched with git; install git and try again.")
    progress = "--progress" if sys.stderr.isatty() else "--quiet"
    commit = corpus["commit"]
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder) as repository:
        of_repository = [git, "-c", "init.defaultBranch=main", "--git-dir", repository]
        _run_git([*of_repository, "init", "--quiet", "--bare", "--template="])
        fetch = ["fetch", progress, "--depth=1", "--no-tags", "--", corpus["address"], commit]
        _run_git([*of_repository, *fetch])
        archive = Path(repository, "files.tar")
        _run_git([*of_repository, "archive", "--format=tar", f"--output={archive}", commit])
        yield from _read_archive(archive)


def _run_git(command: list[str]) -> None:
    """Run git, which writes to standard error itself, and never lets it ask for a password."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603  (no shell)
    if done.returncode:
        raise OSError(f"git ended with exit status {done.returncode}; see what it said above.")


def _read_archive(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the ordinary files of an archive; links are passed over."""
    size = 0
    with tarfile.open(archive, "r:") as files:
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            if content is None:
                continue
            size += member.size
            if member.size > _LARGEST_FILE or size > _LARGEST_REPOSITORY:
                raise InputError(
                    f"too large to be news: {member.name!r} has {member.size:,} bytes, all files "
                    f"up to it {size:,}; at most {_LARGEST_FILE:,} and {_LARGEST_REPOSITORY:,} "
                    "are read."
                )
            yield member.name, content.read()


def _check_registry(source: DataFile) -> None:
    for name, corpus in source.content.items():
        kind = ("commit", "first_day") if "commit" in corpus else ("files",)
        source.check_fields(
            (name,), corpus, required=("title", "address", "licence", "citation", *kind)
        )
        if "commit" in corpus:
            _check_commit(source, name, corpus)


def _check_commit(source: DataFile, name: str, corpus: Mapping[str, Any]) -> None:
    if not (isinstance(corpus["commit"], str) and _COMMIT.fullmatch(corpus["commit"])):
        source.fail(
            (name, "commit"),
            f"commit is {corpus['commit']!r}; write its whole name, 40 digits and letters a to f, "
            "in quotation marks.",
        )
    if type(corpus["first_day"]) is not date:
        source.fail(
            (name, "first_day"), f"first_day is {corpus['first_day']!r}; write it as YYYY-MM-DD."
        )
