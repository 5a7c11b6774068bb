"""The sample is there; a published corpus is checked before anything of it is used."""

import functools
import hashlib
import http.server
import json
import threading
import zipfile

import pytest

from analysis.articles import load_articles
from analysis.datasets import fetch_corpus, sample_corpus
from analysis.errors import InputError

ARTICLE = {"source": "sada", "date_extracted": "2031-01-02 03:04:05", "content": "قال: نعم."}


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
    assert str(error.value) == "corpus is 'reuters'; choose one of 'saudinewsnet'."


def test_the_shipped_checksums_are_those_of_the_published_files(shared):
    from analysis.data_files import data_path, load_yaml

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
