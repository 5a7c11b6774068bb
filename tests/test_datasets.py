"""The sample is there; a published corpus is checked before anything of it is used."""

import bz2
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import threading
import zipfile
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pooch
import pytest
import requests
from filelock import FileLock
from test_downloads import closed_address, names_in, serving

from analysis import datasets, git_archives
from analysis.articles import load_articles
from analysis.cli import main
from analysis.data_files import data_path, load_yaml
from analysis.datasets import fetch_corpus, sample_corpus
from analysis.errors import DataFileError, InputError
from analysis.readers.trec_documents import read_trec_articles

ARTICLE = {"source": "sada", "date_extracted": "2031-01-02 03:04:05", "content": "قال: نعم."}
DOCUMENT = """<DOC>
<DOCNO>{identifier}</DOCNO>
<URL>http://sada.example/{identifier}</URL>
<SRC>sada</SRC>
<CAT>world</CAT>
<TITLE> هدوء في الميناء </TITLE>
<TIME>Sun, 05 Jan 2031 23:30:00 +0400</TIME>
<AUTHOR></AUTHOR>
<ABSTRACT>
الميناء هادئ
</ABSTRACT>
<TEXT>
{text}
</TEXT>
</DOC>
"""
TEXT = "قال المدير إن الميناء هادئ.\n \n والسفن 3 < 4\xa0"


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path / "served") as server:
        yield server


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache of our own, named as users name theirs."""
    monkeypatch.setenv("KHITAB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "composed"


@pytest.fixture
def published(server, tmp_path):
    """A corpus on a server of our own, and the registry that names it."""
    place = server.folder / "one.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("one.json", json.dumps([ARTICLE, ARTICLE | {"content": "لا."}]))
        archive.writestr("picture.bin", bytes(300_000))
    checksum = hashlib.sha256(place.read_bytes()).hexdigest()
    return functools.partial(write_registry, tmp_path / "corpora.yml", server.address, checksum)


def write_registry(path, address, checksum):
    path.write_text(
        "composed:\n"
        "  title: A composed corpus\n"
        "  aliases: [short]\n"
        f"  address: {address}\n"
        "  licence: MIT\n"
        "  citation: Nobody, 2031\n"
        f'  files:\n    one.zip: "{checksum}"\n'
    )
    return path


def test_a_fetched_corpus_loads(published, tmp_path, cache):
    path, terms = fetch_corpus("composed", tmp_path / "corpora", registry=published())
    assert terms == "A composed corpus. Licence: MIT. Cite: Nobody, 2031"
    assert path == tmp_path / "corpora" / "composed.jsonl"
    articles, _ = load_articles(path)
    assert articles["text"].tolist() == ["قال: نعم.", "لا."]
    assert articles["outlet"].tolist() == ["sada", "sada"]
    assert names_in(cache) == ["one.zip"]


def test_another_name_of_a_corpus_gives_the_same_file(published, tmp_path, server):
    path, _ = fetch_corpus("short", tmp_path / "corpora", registry=published())
    assert path == tmp_path / "corpora" / "composed.jsonl"
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_a_filled_cache_needs_no_connection(published, tmp_path, server):
    registry = published()
    first, _ = fetch_corpus("composed", tmp_path / "first", registry=registry)
    server.requests.clear()
    write_registry(registry, closed_address(), read_checksum(server))
    second, _ = fetch_corpus("composed", tmp_path / "second", registry=registry)
    assert second.read_bytes() == first.read_bytes()
    assert server.requests == []


def read_checksum(server, name="one.zip"):
    return hashlib.sha256((server.folder / name).read_bytes()).hexdigest()


def test_the_argument_goes_before_the_environment(published, tmp_path, cache):
    fetch_corpus("composed", tmp_path, cache=tmp_path / "mine", registry=published())
    assert names_in(tmp_path / "mine" / "composed") == ["one.zip"]
    assert not cache.exists()


def test_a_corpus_that_did_not_arrive_is_not_written(published, server, tmp_path, cache):
    registry = published()
    server.cut_after = 150_000
    with pytest.raises(OSError, match="cannot be downloaded: the connection was cut"):
        fetch_corpus("composed", tmp_path / "corpora", registry=registry)
    write_registry(registry, server.address, "0" * 64)
    server.cut_after = None
    with pytest.raises(InputError, match="its SHA256 is not 0000"):
        fetch_corpus("composed", tmp_path / "corpora", registry=registry)
    assert names_in(cache) == []
    assert list((tmp_path / "corpora").iterdir()) == []


def test_a_cache_that_is_no_folder_is_named(published, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="cannot be written") as error:
        fetch_corpus("composed", tmp_path, cache=tmp_path / "file", registry=published())
    assert str(error.value) == (
        f"{tmp_path / 'file' / 'composed'} cannot be written; name another folder with --cache "
        "or KHITAB_CACHE."
    )


def test_a_full_disk_for_the_corpus_is_named(published, tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / ".composed.jsonl.unfinished").symlink_to("/dev/full")
    with pytest.raises(OSError, match="full") as error:
        fetch_corpus("composed", tmp_path / "corpora", registry=published())
    assert str(error.value) == (
        f"the disk of {tmp_path / 'corpora'} is full; make room, or name another with --out."
    )
    assert list((tmp_path / "corpora").iterdir()) == []


def test_a_second_fetch_waits_for_the_first(published, tmp_path, cache, monkeypatch):
    registry = published()
    cache.mkdir(parents=True)
    results, warned = [], threading.Event()
    monkeypatch.setattr(pooch.get_logger(), "warning", lambda *arguments: warned.set())
    waiting = threading.Thread(
        target=lambda: results.append(fetch_corpus("composed", tmp_path, registry=registry))
    )
    with FileLock(cache / ".lock"):
        waiting.start()
        assert warned.wait(timeout=60)
        assert names_in(cache) == []
    waiting.join()
    assert results[0][0] == tmp_path / "composed.jsonl"
    assert names_in(cache) == ["one.zip"]


PAGES = """<mediawiki><siteinfo><sitename>المرصد</sitename>
<base>https://marsad.example/wiki/Main</base></siteinfo>
<page><title>هدوء في الميناء</title><ns>0</ns><id>7</id><revision><timestamp>2031-03-05T10:00:00Z
</timestamp><text>{{تاريخ|4 مارس 2031}} الميناء هادئ.</text></revision></page>
<page><title>قديم</title><ns>0</ns><id>8</id><redirect title="جديد"/><revision><text>#تحويل [[جديد]]
</text></revision></page></mediawiki>"""


@pytest.fixture
def dumped(server, tmp_path):
    """Two dumps of a wiki and the list of their checksums, and the registry that names them."""
    lines = ["0" * 40 + "  composed-20310101-pages-meta.xml.bz2"]
    for day, pages in {"20310101": PAGES.replace("هادئ", "مغلق"), "20310120": PAGES}.items():
        (server.folder / day).mkdir()
        place = server.folder / day / f"composed-{day}-pages.xml.bz2"
        place.write_bytes(bz2.compress(pages.encode()))
        lines.append(f"{hashlib.sha1(place.read_bytes()).hexdigest()}  {place.name}")  # noqa: S324
    (server.folder / "latest").mkdir()
    (server.folder / "latest" / "sha1sums.txt").write_text("\n".join(lines) + "\n")
    return write_dump_registry(tmp_path / "corpora.yml", server.address)


def write_dump_registry(path, address, dump="{day}/composed-{day}-pages.xml.bz2"):
    path.write_text(
        "composed:\n"
        "  title: A composed wiki\n"
        f"  address: {address}\n"
        "  checksums: latest/sha1sums.txt\n"
        f'  dump: "{dump}"\n'
        "  licence: MIT\n"
        "  citation: Nobody, 2031\n"
    )
    return path


def test_the_newest_dump_is_fetched_and_read(dumped, server, tmp_path, cache):
    path, terms = fetch_corpus("composed", tmp_path, registry=dumped)
    assert terms == (
        "A composed wiki (composed-20310120-pages.xml.bz2). Licence: MIT. Cite: Nobody, 2031"
    )
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [
        {
            "article_id": "7",
            "title": "هدوء في الميناء",
            "text": "الميناء هادئ.",
            "revised": "2031-03-05T10:00:00Z",
            "outlet": "المرصد",
            "url": "https://marsad.example/wiki/" + quote("هدوء_في_الميناء"),
            "published": "4 مارس 2031",
        }
    ]
    dump = server.folder / "20310120" / "composed-20310120-pages.xml.bz2"
    assert names_in(cache) == [dump.name, "record.json", "sha1sums.txt"]
    assert json.loads((cache / "record.json").read_text()) == {
        "file": dump.name,
        "sha256": hashlib.sha256(dump.read_bytes()).hexdigest(),
        "address": f"{server.address}20310120/{dump.name}",
        "sha1": hashlib.sha1(dump.read_bytes()).hexdigest(),  # noqa: S324
    }


def test_a_dump_that_was_fetched_stays_the_same(dumped, server, tmp_path):
    first, _ = fetch_corpus("composed", tmp_path / "first", registry=dumped)
    server.requests.clear()
    (server.folder / "latest" / "sha1sums.txt").write_text("newer")
    second, _ = fetch_corpus("composed", tmp_path / "second", registry=dumped)
    assert second.read_bytes() == first.read_bytes()
    assert server.requests == []


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"file": 7}', '{"file": "x", "sha256": "y"}'])
def test_a_damaged_record_is_made_again(dumped, server, tmp_path, cache, record):
    fetch_corpus("composed", tmp_path, registry=dumped)
    good = (cache / "record.json").read_text()
    (cache / "record.json").write_text(record)
    server.requests.clear()
    fetch_corpus("composed", tmp_path, registry=dumped)
    assert (cache / "record.json").read_text() == good
    assert [path for path, _ in server.requests] == ["/latest/sha1sums.txt"]


def test_a_dump_put_into_the_cache_by_hand_is_checked_by_the_list_beside_it(
    dumped, server, tmp_path, cache
):
    cache.mkdir(parents=True)
    shutil.copy(server.folder / "latest" / "sha1sums.txt", cache)
    shutil.copy(server.folder / "20310120" / "composed-20310120-pages.xml.bz2", cache)
    write_dump_registry(dumped, closed_address())
    path, _ = fetch_corpus("composed", tmp_path, registry=dumped)
    assert len(path.read_text("utf-8").splitlines()) == 1


def test_without_a_network_a_dump_says_where_its_list_belongs(tmp_path, cache):
    address = closed_address()
    registry = write_dump_registry(tmp_path / "corpora.yml", address)
    with pytest.raises(OSError, match="no connection") as error:
        fetch_corpus("composed", tmp_path, registry=registry)
    assert str(error.value) == (
        f"{address}latest/sha1sums.txt cannot be downloaded: there is no connection to the "
        "server. Check the network and fetch again, or put the file there yourself, as "
        f"{cache / 'sha1sums.txt'}."
    )
    assert names_in(cache) == []


def test_a_list_without_the_dump_is_named(dumped, server, tmp_path, cache):
    (server.folder / "latest" / "sha1sums.txt").write_text("0" * 40 + "  other-20310101.bz2\n")
    with pytest.raises(InputError) as error:
        fetch_corpus("composed", tmp_path, registry=dumped)
    assert str(error.value) == (
        f"{cache / 'sha1sums.txt'} names no file composed-{{day}}-pages.xml.bz2; a new dump may "
        "be in the making, fetch again in some days."
    )


def test_a_dump_that_differs_from_the_list_is_refused(dumped, server, tmp_path, cache):
    dump = server.folder / "20310120" / "composed-20310120-pages.xml.bz2"
    dump.write_bytes(bz2.compress(PAGES.replace("هادئ", "مزدحم").encode()))
    with pytest.raises(InputError, match="is not the file that was published: its SHA1 is not"):
        fetch_corpus("composed", tmp_path, registry=dumped)
    assert names_in(cache) == ["sha1sums.txt"]


def publish(server, content):
    dump = server.folder / "20310120" / "composed-20310120-pages.xml.bz2"
    dump.write_bytes(content)
    checksum = hashlib.sha1(content).hexdigest()  # noqa: S324
    (server.folder / "latest" / "sha1sums.txt").write_text(f"{checksum} *{dump.name}\n")


def test_pages_of_a_dump_that_cannot_be_read_are_counted(dumped, server, tmp_path):
    publish(server, bz2.compress(PAGES[: PAGES.index("<page><title>قديم")].encode()))
    with pytest.warns(UserWarning, match="could be read") as caught:
        path, _ = fetch_corpus("composed", tmp_path, registry=dumped)
    assert str(caught[0].message) == (
        "not all of composed-20310120-pages.xml.bz2 could be read (1 failures); the first: the XML "
        "cannot be read from line 5 on (no element found); whole pages before it: 1. Get the file "
        "again, it may be cut off."
    )
    assert len(path.read_text("utf-8").splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            bz2.compress(PAGES.encode())[:-20],
            "Compressed file ended before the end-of-stream marker was reached",
        ),
        (b"no bz2", "Invalid data stream"),
    ],
    ids=["cut off", "other bytes"],
)
def test_a_dump_that_cannot_be_unpacked_is_named(dumped, server, tmp_path, cache, content, problem):
    publish(server, content)
    with pytest.raises(InputError) as error:
        fetch_corpus("composed", tmp_path / "corpora", registry=dumped)
    place = cache / "composed-20310120-pages.xml.bz2"
    assert str(error.value) == (
        f"{place} cannot be unpacked ({problem}); remove it and fetch again."
    )
    assert list((tmp_path / "corpora").iterdir()) == []


def test_an_unknown_corpus_is_named():
    with pytest.raises(InputError) as error:
        fetch_corpus("reuters")
    assert str(error.value) == (
        "corpus is 'reuters'; choose one of 'ant', 'ant_2018', 'saudinewsnet', 'wikinews'."
    )


def document(identifier, text=TEXT):
    return DOCUMENT.format(identifier=identifier, text=text)


def run_git(*arguments):
    # Settings of whoever runs the tests, such as signed commits, are not asked.
    names = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in {"NAME": "khitab", "EMAIL": "khitab@example.org"}.items()
    }
    unread = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **names, **unread},
    )
    return done.stdout.strip()


@pytest.fixture
def git():
    """The program, without which these tests are skipped."""
    if shutil.which("git") is None:
        pytest.skip("needs git")


@pytest.fixture
def repository(tmp_path, git):
    """A git repository of articles, whose first commit is published, and its registry."""
    folder = tmp_path / "published"
    (folder / "Sada" / "world").mkdir(parents=True)
    (folder / "README.md").write_text(document("SD-world-0-20310101"), "utf-8")
    for identifier, text in {
        "SD-world-2-20310106": "بدأ الموسم.",
        "SD-world-1-20310105": TEXT,
        "SD-sport-9-20310107": "بدأ الموسم.",
        "SD-sport-8-20301231": "انتهى الموسم.",
    }.items():
        place = folder / "Sada" / "world" / f"{identifier}.txt"
        place.write_text(document(identifier, text), "utf-8")
    (tmp_path / "secret.txt").write_text(document("SD-world-3-20310108", "سر."), "utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    run_git("init", "--quiet", "--initial-branch=main", folder)
    run_git("-C", folder, "add", ".")
    run_git("-C", folder, "commit", "--quiet", "--message=articles")
    commit = run_git("-C", folder, "rev-parse", "HEAD")
    (folder / "later.txt").write_text(document("SD-world-4-20310109", "لاحق."), "utf-8")
    run_git("-C", folder, "add", ".")
    run_git("-C", folder, "commit", "--quiet", "--message=later")
    return functools.partial(write_git_registry, tmp_path / "corpora.yml", folder, commit)


def write_git_registry(path, folder, published, *, commit=None, first_day="2031-01-01"):
    path.write_text(
        "composed:\n"
        "  title: A composed corpus\n"
        f"  address: {folder}\n"
        f'  commit: "{commit or published}"\n'
        f"  first_day: {first_day}\n"
        "  licence: MIT\n"
        "  citation: Nobody, 2031\n"
    )
    return path


def test_a_corpus_in_a_git_repository_is_read_at_its_commit(repository, tmp_path):
    path, terms = fetch_corpus("composed", tmp_path / "corpora", registry=repository())
    assert terms == "A composed corpus. Licence: MIT. Cite: Nobody, 2031"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert rows[0] == {
        "article_id": "SD-world-1-20310105",
        "title": "هدوء في الميناء",
        "text": "قال المدير إن الميناء هادئ.\nوالسفن 3 < 4",
        "outlet": "sada",
        "url": "http://sada.example/SD-world-1-20310105",
        "category": "world",
        "published": "2031-01-05",
    }
    # Neither the older one, the copy, the link, the README nor the later commit is there.
    assert [row["article_id"] for row in rows[1:]] == ["SD-world-2-20310106"]
    articles, _ = load_articles(path)
    assert articles["published"].tolist() == [pd.Timestamp(2031, 1, 5), pd.Timestamp(2031, 1, 6)]
    assert [path.name for path in (tmp_path / "corpora").iterdir()] == ["composed.jsonl"]


def test_a_commit_that_was_fetched_needs_neither_git_nor_the_repository(
    repository, tmp_path, cache, monkeypatch
):
    registry = repository()
    first, _ = fetch_corpus("composed", tmp_path / "first", registry=registry)
    shutil.rmtree(tmp_path / "published")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    second, _ = fetch_corpus("composed", tmp_path / "second", registry=registry)
    assert second.read_bytes() == first.read_bytes()
    commit = re.search('commit: "(.*)"', registry.read_text())[1]
    assert names_in(cache) == [f"{commit}.tar", "record.json"]
    assert json.loads((cache / "record.json").read_text()) == {
        "file": f"{commit}.tar",
        "sha256": hashlib.sha256((cache / f"{commit}.tar").read_bytes()).hexdigest(),
        "address": str(tmp_path / "published"),
        "commit": commit,
    }


def test_a_damaged_archive_in_the_cache_is_fetched_again(repository, tmp_path, cache):
    registry = repository()
    first, _ = fetch_corpus("composed", tmp_path / "first", registry=registry)
    archive = next(cache.glob("*.tar"))
    archive.write_bytes(archive.read_bytes().replace(b"Sada", b"Sadb"))
    second, _ = fetch_corpus("composed", tmp_path / "second", registry=registry)
    assert second.read_bytes() == first.read_bytes()


def test_git_is_not_led_elsewhere_by_the_environment(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "published" / ".git"))
    path, _ = fetch_corpus("composed", tmp_path / "corpora", registry=repository())
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_a_commit_that_is_not_published_is_refused(repository, tmp_path):
    registry = repository(commit="0" * 40)
    with pytest.raises(OSError, match="git ended with exit status 128; see what it said above"):
        fetch_corpus("composed", tmp_path / "corpora", registry=registry)
    assert list((tmp_path / "corpora").iterdir()) == []


def test_the_command_names_a_corpus_that_could_not_be_fetched(git, tmp_path, monkeypatch, capsys):
    registry = write_git_registry(tmp_path / "corpora.yml", tmp_path / "none", "0" * 40)
    monkeypatch.setattr(datasets, "data_path", lambda name: registry)
    assert main(["fetch", "composed", "--out", str(tmp_path / "corpora")]) == 2
    assert capsys.readouterr().err == (
        "khitab: could not download composed: "
        "git ended with exit status 128; see what it said above.\n"
    )


def test_a_missing_git_is_named(repository, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(InputError) as error:
        fetch_corpus("composed", tmp_path / "corpora", registry=repository())
    assert str(error.value) == (
        f"{tmp_path / 'published'} is fetched with git; install git and try again."
    )


@pytest.mark.parametrize("limit", ["_LARGEST_FILE", "_LARGEST_REPOSITORY"])
def test_a_repository_larger_than_news_is_refused(repository, tmp_path, monkeypatch, limit):
    registry = repository()
    size = len(document("SD-world-0-20310101").encode())
    monkeypatch.setattr(git_archives, limit, 10)
    file, whole = (10, 1_000_000_000) if limit == "_LARGEST_FILE" else (5_000_000, 10)
    with pytest.raises(InputError) as error:
        fetch_corpus("composed", tmp_path / "corpora", registry=registry)
    assert str(error.value) == (
        f"too large to be news: 'README.md' has {size} bytes, all files up to it {size}; "
        f"at most {file:,} and {whole:,} are read."
    )
    assert list((tmp_path / "corpora").iterdir()) == []


def test_a_registry_names_whole_checksums_of_plain_files(tmp_path):
    registry = write_registry(tmp_path / "corpora.yml", "http://sada.example/", "abc")
    with pytest.raises(DataFileError) as error:
        fetch_corpus("composed", registry=registry)
    assert str(error.value) == (
        f"{registry}:8: the SHA-256 of one.zip is 'abc'; write its 64 digits and letters a to f, "
        "in quotation marks if they are all digits."
    )
    write_registry(registry, "http://sada.example/", "0" * 64)
    registry.write_text(registry.read_text().replace("one.zip", "../one.zip"))
    with pytest.raises(DataFileError) as error:
        fetch_corpus("composed", registry=registry)
    assert str(error.value) == f"{registry}:8: '../one.zip' is no plain file name."


def test_a_registry_gives_a_name_to_one_corpus(tmp_path):
    registry = write_registry(tmp_path / "corpora.yml", "http://sada.example/", "0" * 64)
    text = registry.read_text()
    registry.write_text(text + text.replace("composed:", "other:"))
    with pytest.raises(DataFileError) as error:
        fetch_corpus("composed", registry=registry)
    assert str(error.value) == (
        f"{registry}:9: the name 'short' belongs to two corpora; rename one."
    )


def test_a_registry_says_where_the_day_of_a_dump_stands(tmp_path):
    registry = write_dump_registry(tmp_path / "corpora.yml", "http://sada.example/", "{day}/a.bz2")
    with pytest.raises(DataFileError) as error:
        fetch_corpus("composed", registry=registry)
    assert str(error.value) == (
        f"{registry}:5: dump is '{{day}}/a.bz2'; write {{day}} where the day stands in the file "
        "name."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"commit": "f117ce44"},
            "4: commit is 'f117ce44'; write its whole name, 40 digits and letters a to f, "
            "in quotation marks.",
        ),
        ({"first_day": "soon"}, "5: first_day is 'soon'; write it as YYYY-MM-DD."),
    ],
)
def test_a_registry_names_a_whole_commit_and_a_day(repository, options, message):
    registry = repository(**options)
    with pytest.raises(DataFileError) as error:
        fetch_corpus("composed", registry=registry)
    assert str(error.value) == f"{registry}:{message}"


def test_the_first_of_a_text_by_day_and_id_is_kept():
    files = [
        ("c", document("SD-world-10-20310105").encode()),
        ("b", document("SD-economy-3-20310105").encode()),
        ("a", document("SD-economy-1-20310106").encode()),
        ("d", document("SD-world-11", "بلا تاريخ.").encode()),
    ]
    articles = read_trec_articles(files, first_day=date(2031, 1, 1))
    assert [article["article_id"] for article in articles] == [
        "SD-world-11",
        "SD-economy-3-20310105",
    ]
    assert articles[0]["published"] == ""
    assert read_trec_articles(files[::-1], first_day=date(2031, 1, 1)) == articles


def test_files_that_are_no_articles_are_counted():
    files = [
        ("broken.txt", b"<DOCNO>SD-1-20310105</DOCNO><TEXT>\xc7</TEXT>"),
        ("empty.txt", document("SD-world-1-20310105", " \n").encode()),
        ("unnamed.txt", document("").encode()),
        ("one.txt", document("SD-world-1-20310105").encode()),
    ]
    message = (
        "3 files are no articles and were passed over; "
        "the first is broken.txt: not UTF-8 text (byte 34)."
    )
    with pytest.warns(UserWarning, match=f"^{re.escape(message)}$"):
        articles = read_trec_articles(files, first_day=date(2031, 1, 1))
    assert [article["article_id"] for article in articles] == ["SD-world-1-20310105"]
    with pytest.warns(UserWarning, match=r"the first is empty.txt: nothing between <TEXT> and"):
        read_trec_articles(files[1:], first_day=date(2031, 1, 1))


def test_the_rules_of_reading_change_nothing_in_the_shared_copy_of_2018(shared):
    """It has one article of a text, none before February, no empty lines, and this order."""
    copy = pd.read_parquet(shared / "corpora" / "ant_2018.parquet")
    fields = ["id", "date", "text", "title", "source", "url", "category"]
    files = [
        (
            row.id,
            f"<DOCNO>{row.id}</DOCNO>\n<URL>{row.url}</URL><SRC>{row.source}</SRC>"
            f"<CAT>{row.category}</CAT><TITLE>{row.title}</TITLE>"
            f"<TEXT>\n{row.text}\n \n</TEXT>".encode(),
        )
        for row in copy[fields].itertuples()
    ]
    first_day = load_yaml(data_path("corpora.yml")).content["ant_2018"]["first_day"]
    read = pd.DataFrame(read_trec_articles(files[::-1], first_day=first_day))
    pairs = {"article_id": "id", "published": "date", "outlet": "source"}
    for column in read:
        assert read[column].tolist() == copy[pairs.get(column, column)].tolist()


def test_the_shipped_checksums_are_those_of_the_published_files(shared):
    files = load_yaml(data_path("corpora.yml")).content["saudinewsnet"]["files"]
    folder = shared / "corpora" / "saudinewsnet"
    assert {path.name for path in folder.glob("*.zip")} == files.keys()
    for name in sorted(files)[:2]:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == files[name]


def test_the_saudi_corpus_is_read_from_a_filled_cache(shared, tmp_path, monkeypatch):
    def fail(*arguments, **options):
        raise AssertionError("a connection")

    monkeypatch.setattr(requests, "get", fail)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "saudinewsnet").symlink_to(shared / "corpora" / "saudinewsnet")
    path, terms = fetch_corpus("saudinewsnet", tmp_path)
    with path.open(encoding="utf-8") as lines:
        assert sum(1 for _ in lines) == 31_030
    assert terms == (
        "SaudiNewsNet, 31,030 articles of 14 Saudi outlets, 21 July to 11 August 2015. Licence: "
        "CC BY-NC-SA 4.0, research only. Cite: M. Alhagri, Saudi Newspapers Arabic Corpus "
        "(SaudiNewsNet), 2015"
    )


def test_the_sample_has_articles_in_every_quarter_and_invented_outlets(sample):
    quarters = sample["published"].dt.to_period("Q").value_counts()
    assert len(quarters) == 44
    assert sample["published"].notna().all()
    assert set(sample["outlet"]) == {"صدى المشرق", "أطلس برس", "وكالة المنارة للأنباء"}
    assert sample_corpus().is_dir()


def test_the_scraped_pages_of_the_sample_carry_boilerplate(sample):
    scraped = sample[sample["source_file"].str.endswith(".txt")]
    assert len(scraped) == 5
    for text, skip in zip(scraped["text"], scraped["skip"], strict=True):
        marked = [text[start:end] for start, end in skip]
        assert any("JavaScript" in line for line in marked)
        assert any(line.startswith(("اقرأ", "المزيد")) for line in marked)
        assert any("صورة" in line for line in marked)
    assert scraped["title"].tolist()[2:4] == [
        "أسبوع طوكيو الأول: ميداليات في ملاعب صامتة",
        "عند سياج مليلية: الأسئلة التي لم تعبر",
    ]
