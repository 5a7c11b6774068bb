"""The sample corpus that ships with the library, and published corpora fetched on request."""

import bz2
import json
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, cast

import pandas as pd

from analysis.articles import load_articles
from analysis.data_files import DataFile, data_path, load_yaml
from analysis.downloads import (
    choose_cache,
    download,
    download_newest,
    find_recorded,
    lock_folder,
    record_download,
    writing_in,
)
from analysis.errors import InputError, require_choice
from analysis.git_archives import fetch_commit, read_archive
from analysis.readers.mediawiki import read_mediawiki_dump
from analysis.readers.rows import Failure, Source
from analysis.readers.trec_documents import read_trec_articles
from analysis.storage import finished_or_gone

_COMMIT = re.compile("[0-9a-f]{40}")
_SHA256 = re.compile("[0-9a-f]{64}")
_LISTED = re.compile(r"([0-9a-fA-F]{40})\s+\*?(\S+)")
_DAY = "{day}"
_KINDS = {"commit": ("commit", "first_day"), "dump": ("dump", "checksums"), "files": ("files",)}


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
    name: str,
    folder: str | Path = ".",
    *,
    cache: str | Path | None = None,
    registry: str | Path | None = None,
) -> tuple[Path, str]:
    """Download a published corpus, check every file and write it as JSON Lines.

    The corpora, their addresses, checksums, licences and citations stand in
    `data/corpora.yml`; `registry` names another file of that form. Returns the path written,
    NAME.jsonl in `folder`, and the terms of use. The rules, in order:

    1. What is downloaded is kept in a folder of the corpus in `cache`, else in the folder that
       the environment variable KHITAB_CACHE names, else where the system keeps such files.
       What is there and has the right checksum is used, without any connection.
    2. A download that was interrupted goes on where it stopped. A file whose checksum is wrong
       is removed. A second call for the same corpus waits for the first.
    3. A corpus in a git repository is fetched at one commit, whose name is the checksum of all
       it holds; its articles are read as `read_trec_articles` says.
    4. Of a dump, the newest is fetched that the list of its publisher names, and it is checked
       against the checksum in that list. Later calls give the same dump, until its folder in
       the cache is removed. Its articles are read as `read_mediawiki_dump` says, and a warning
       counts the pages that cannot be read.

    Raises InputError for an unknown name, a wrong checksum, where git is needed and missing
    and for a repository that is larger than news can be, and OSError when an address cannot be
    reached or does not have the file, and when a folder is full or cannot be written.
    """
    source = load_yaml(registry or data_path("corpora.yml"))
    names = _check_registry(source)
    require_choice(name, sorted(names), name="corpus")
    name = names[name]
    corpus = source.content[name]
    place = choose_cache(cache) / name
    path = Path(folder) / f"{name}.jsonl"
    with lock_folder(place), writing_in(path.parent, advice="name another with --out"):
        path.parent.mkdir(parents=True, exist_ok=True)
        edition, articles = _open_corpus(corpus, place)
        with finished_or_gone(path) as unfinished, unfinished.open("w", encoding="utf-8") as out:
            for article in articles:
                out.write(json.dumps(article, ensure_ascii=False) + "\n")
    terms = f"{corpus['title']}{edition}. Licence: {corpus['licence']}. Cite: {corpus['citation']}"
    return path, terms


def _open_corpus(corpus: Mapping[str, Any], place: Path) -> tuple[str, Iterator[Any]]:
    """Return the articles of a corpus that is on the disk by now, and which edition it is."""
    if "commit" in corpus:
        files = read_archive(fetch_commit(corpus["address"], corpus["commit"], place))
        texts = (file for file in files if file[0].endswith(".txt"))
        return "", iter(read_trec_articles(texts, first_day=corpus["first_day"]))
    if "dump" in corpus:
        dump = _fetch_dump(corpus, place)
        return f" ({dump.name})", _read_dump(dump)
    archives = [
        download(corpus["address"] + file_name, f"sha256:{checksum}", place / file_name)
        for file_name, checksum in corpus["files"].items()
    ]
    return "", (article for archive in archives for article in _read_zip(archive))


def _fetch_dump(corpus: Mapping[str, Any], place: Path) -> Path:
    """Return the dump that was fetched before, or else the newest, checked by its published list.

    A dump is not kept for ever by its publisher: the list of checksums that names it is kept
    beside it, with a record of what was fetched.
    """
    known = find_recorded(place)
    if known is not None:
        return known
    checksums = download_newest(
        corpus["address"] + corpus["checksums"], place / Path(corpus["checksums"]).name
    )
    digest, name = _find_newest(checksums, corpus["dump"])
    address = corpus["address"] + name
    path = download(address, f"sha1:{digest}", place / Path(name).name)
    record_download(place, path, {"address": address, "sha1": digest})
    return path


def _find_newest(checksums: Path, dump: str) -> tuple[str, str]:
    """Return the SHA-1 and the name of the newest dump in a list, its day filled in."""
    file_name = re.escape(Path(dump).name).replace(re.escape(_DAY), r"(\d{8}|latest)")
    found = [
        (named[1], line[1].lower())
        for line in _LISTED.finditer(checksums.read_text("utf-8", "replace"))
        if (named := re.fullmatch(file_name, line[2]))
    ]
    if not found:
        raise InputError(
            f"{checksums} names no file {Path(dump).name}; a new dump may be in the making, "
            "fetch again in some days."
        )
    day, digest = max(found)
    return digest, dump.replace(_DAY, day)


def _read_dump(path: Path) -> Iterator[Any]:
    faults = []
    try:
        with bz2.open(path) as file:
            for row in read_mediawiki_dump(Source(cast(BinaryIO, file), path.name)):
                if isinstance(row, Failure):
                    faults.append(row.reason)
                elif row.fields["text"]:
                    yield row.fields
    except (EOFError, OSError) as error:
        raise InputError(
            f"{path} cannot be unpacked ({error}); remove it and fetch again."
        ) from None
    if faults:
        warnings.warn(
            f"not all of {path.name} could be read ({len(faults)} failures); "
            f"the first: {faults[0]}",
            stacklevel=2,
        )


def _read_zip(archive: Path) -> Iterator[Any]:
    """Yield the articles of every JSON list in a zip whose checksum was right."""
    with zipfile.ZipFile(archive) as files:
        for member in sorted(files.namelist()):
            if member.endswith(".json"):
                yield from json.loads(files.read(member))


def _check_registry(source: DataFile) -> dict[str, str]:
    """Check a registry of corpora; return the name of the corpus for each name it goes by."""
    source.check_fields((), source.content, required=(), optional=source.content)
    names: dict[str, str] = {}
    for name, corpus in source.content.items():
        kind = next((kind for kind in _KINDS if kind in corpus), "files")
        source.check_fields(
            (name,),
            corpus,
            required=("title", "address", "licence", "citation", *_KINDS[kind]),
            optional=("aliases",),
        )
        _CHECKS[kind](source, name, corpus)
        for each in (name, *corpus.get("aliases", ())):
            if each in names or (each != name and each in source.content):
                source.fail((name,), f"the name {each!r} belongs to two corpora; rename one.")
            names[each] = name
    return names


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


def _check_dump(source: DataFile, name: str, corpus: Mapping[str, Any]) -> None:
    if _DAY not in str(corpus["dump"]).rpartition("/")[2]:
        source.fail(
            (name, "dump"),
            f"dump is {corpus['dump']!r}; write {_DAY} where the day stands in the file name.",
        )


def _check_files(source: DataFile, name: str, corpus: Mapping[str, Any]) -> None:
    if not isinstance(corpus["files"], dict):
        source.fail((name, "files"), "files is no list of names with their SHA-256.")
    for file_name, checksum in corpus["files"].items():
        if not (isinstance(checksum, str) and _SHA256.fullmatch(checksum)):
            source.fail(
                (name, "files", file_name),
                f"the SHA-256 of {file_name} is {checksum!r}; write its 64 digits and letters "
                "a to f, in quotation marks if they are all digits.",
            )
        if Path(str(file_name)).name != file_name:
            source.fail((name, "files", file_name), f"{file_name!r} is no plain file name.")


_CHECKS = {"commit": _check_commit, "dump": _check_dump, "files": _check_files}
