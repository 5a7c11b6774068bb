"""The sample is there; a published corpus is checked before anything of it is used."""

import functools
import hashlib
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
import zipfile
from datetime import date

import pandas as pd
import pytest

from analysis import datasets
from analysis.articles import load_articles
from analysis.cli import main
from analysis.data_files import data_path, load_yaml
from analysis.datasets import fetch_corpus, sample_corpus
from analysis.errors import DataFileError, InputError
from analysis.trec import read_trec_articles

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
def published(tmp_path):
    """A corpus on a server of our own, and the registry that names it."""
    served = tmp_path / "served"
    served.mkdir()
    with zipfile.ZipFile(served / "one.zip", "w") as archive:
        archive.writestr("one.json", json.dumps([ARTICLE, ARTICLE | {"content": "لا."}]))
    checksum = hashlib.sha256((served / "one.zip").read_bytes()).hexdigest()
    handler = functools.partial(QuietHandler, directory=served)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield functools.partial(
            write_registry, tmp_path / "corpora.yml", server.server_address[1], checksum
        )
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def write_registry(path, port, checksum, *, wrong=False):
    path.write_text(
        "composed:\n"
        "  title: A composed corpus\n"
        f"  address: http://127.0.0.1:{port}/\n"
        "  licence: MIT\n"
        "  citation: Nobody, 2031\n"
        f"  files:\n    one.zip: {'0' * 64 if wrong else checksum}\n"
    )
    return path


def test_a_fetched_corpus_loads(published, tmp_path):
    path, terms = fetch_corpus("composed", tmp_path / "corpora", registry=published())
    assert terms == "A composed corpus. Licence: MIT. Cite: Nobody, 2031"
    articles, _ = load_articles(path)
    assert articles["text"].tolist() == ["قال: نعم.", "لا."]
    assert articles["outlet"].tolist() == ["sada", "sada"]


def test_a_file_with_a_wrong_checksum_is_refused(published, tmp_path):
    with pytest.raises(ValueError, match="SHA256 hash of downloaded file"):
        fetch_corpus("composed", tmp_path / "corpora", registry=published(wrong=True))
    assert not list((tmp_path / "corpora").glob("*composed.jsonl*"))


def test_an_unknown_corpus_is_named():
    with pytest.raises(InputError) as error:
        fetch_corpus("reuters")
    assert str(error.value) == "corpus is 'reuters'; choose one of 'ant_2018', 'saudinewsnet'."


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
    monkeypatch.setattr(datasets, limit, 10)
    file, whole = (10, 1_000_000_000) if limit == "_LARGEST_FILE" else (5_000_000, 10)
    with pytest.raises(InputError) as error:
        fetch_corpus("composed", tmp_path / "corpora", registry=registry)
    assert str(error.value) == (
        f"too large to be news: 'README.md' has {size} bytes, all files up to it {size}; "
        f"at most {file:,} and {whole:,} are read."
    )
    assert list((tmp_path / "corpora").iterdir()) == []


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
