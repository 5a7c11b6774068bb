"""From files to report: complete, the same every time, and safe to stop."""

import hashlib

import pandas as pd
import pytest

from analysis import pipeline
from analysis.articles import NothingUsable
from analysis.datasets import sample_corpus
from analysis.errors import InputError
from analysis.tables import ARTICLES, COUNTS, MENTIONS, QUOTES

TABLES = {"articles": ARTICLES, "mentions": MENTIONS, "quotes": QUOTES, "counts": COUNTS}


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    pipeline.run(sample_corpus(), folder)
    return folder


def test_a_run_leaves_every_table_with_its_columns(out):
    for name, columns in TABLES.items():
        assert pd.read_parquet(out / f"{name}.parquet").columns.tolist()[: len(columns)] == [
            *columns
        ]
    for name in ("manifest", "periods", "framing", "speakers"):
        assert len(pd.read_csv(out / f"{name}.csv")) > 0
    assert {path.name for path in (out / "figures").iterdir()} == {
        f"{figure}.{suffix}"
        for figure in ("articles", "themes", "framing", "balance", "voices")
        for suffix in ("svg", "png", "csv")
    }
    assert not (out / "unfinished").exists()


def test_articles_that_repeat_another_are_kept_and_marked(tmp_path):
    text = " ".join(f"كلمة{chr(0x627 + n % 20)}{chr(0x62A + n // 20)}" for n in range(60))
    rows = [("b", "2031-02-01", text), ("a", "2031-03-01", f"{text}."), ("c", "2031-03-01", "خبر")]
    path = tmp_path / "news.csv"
    pd.DataFrame(rows, columns=["id", "date", "text"]).to_csv(path, index=False)
    pipeline.run(path, tmp_path / "out")
    articles = pd.read_parquet(tmp_path / "out" / "articles.parquet").set_index("article_id")
    assert articles["duplicate_of"].dropna().to_dict() == {"a": "b"}


def test_every_place_in_a_table_is_what_the_text_says(out):
    texts = pd.read_parquet(out / "articles.parquet").set_index("article_id")["text"]
    mentions = pd.read_parquet(out / "mentions.parquet")
    quotes = pd.read_parquet(out / "quotes.parquet")
    for row in mentions.itertuples():
        assert texts[row.article_id][row.start : row.end] == row.surface
    for row in quotes.itertuples():
        assert texts[row.article_id][row.content_start : row.content_end] == row.content


def test_counts_hold_every_article_and_category(out):
    counts = pd.read_parquet(out / "counts.parquet")
    articles = pd.read_parquet(out / "articles.parquet")
    assert len(counts) == 6 * len(articles)
    mentions = pd.read_parquet(out / "mentions.parquet")
    assert counts["mentions"].sum() == len(mentions)
    assert (counts["mentions"] == 0).any()


def test_small_batches_and_two_processes_give_the_same_bytes(out, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "BATCH", 20)
    pipeline.run(sample_corpus(), tmp_path / "out", processes=2)
    ours, theirs = digests(out), digests(tmp_path / "out")
    # A page is headed by the name of its folder, the same here; Parquet keeps its batches.
    parquet = {name for name in ours if name.endswith(".parquet")}
    assert {name: ours[name] for name in ours.keys() - parquet} == {
        name: theirs[name] for name in theirs.keys() - parquet
    }
    for name in parquet:
        pd.testing.assert_frame_equal(
            pd.read_parquet(out / name), pd.read_parquet(tmp_path / "out" / name)
        )


def test_a_second_run_gives_the_same_bytes(out, tmp_path):
    pipeline.run(sample_corpus(), tmp_path / "out")
    assert digests(tmp_path / "out") == digests(out)


def test_a_stopped_run_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "BATCH", 20)
    done = []
    analyse = pipeline.analyse_batch

    def stopped(articles):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(len(articles))
        return analyse(articles)

    monkeypatch.setattr(pipeline, "analyse_batch", stopped)
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(sample_corpus(), tmp_path / "out")

    again = []

    def counted(articles):
        again.append(len(articles))
        return analyse(articles)

    monkeypatch.setattr(pipeline, "analyse_batch", counted)
    manifest = pipeline.run(sample_corpus(), tmp_path / "out")
    assert sum(done) + sum(again) == (manifest["status"] == "read").sum()
    assert done == [20]


def test_quotes_alone_are_those_of_a_run_and_go_on_after_a_stop(out, tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "BATCH", 20)
    done = []
    find = pipeline.find_quotes

    def stopped(articles):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(set(articles["article_id"]))
        return find(articles)

    path = tmp_path / "quotes.parquet"
    monkeypatch.setattr(pipeline, "find_quotes", stopped)
    with pytest.raises(KeyboardInterrupt):
        pipeline.save_quotes(sample_corpus(), path)
    assert not path.exists()

    again = []

    def counted(articles):
        again.append(set(articles["article_id"]))
        return find(articles)

    monkeypatch.setattr(pipeline, "find_quotes", counted)
    pipeline.save_quotes(sample_corpus(), path)
    assert again
    assert not done[0] & set().union(*again)
    assert [item.name for item in tmp_path.iterdir()] == ["quotes.parquet"]
    pd.testing.assert_frame_equal(
        pd.read_parquet(path), pd.read_parquet(out / "quotes.parquet"), check_dtype=False
    )


def test_other_options_begin_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "summarise", lambda *arguments, **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pipeline.run(sample_corpus(), tmp_path / "out")
    mark = (tmp_path / "out" / "unfinished" / "fingerprint").read_text()
    with pytest.raises(ZeroDivisionError):
        pipeline.run(sample_corpus(), tmp_path / "out", columns={"title": "title"})
    assert (tmp_path / "out" / "unfinished" / "fingerprint").read_text() != mark


def test_nothing_usable_leaves_only_the_manifest(tmp_path):
    (tmp_path / "news.txt").write_bytes(b"\x00\x01")
    with pytest.raises(NothingUsable):
        pipeline.run(tmp_path / "news.txt", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["manifest.csv"]


def test_nothing_of_another_corpus_stays(tmp_path):
    (tmp_path / "one.txt").write_text("قال مصدر أمني إن الشرطة أغلقت الحدود.", "utf-8")
    pipeline.run(sample_corpus(), tmp_path / "out")
    pipeline.run(tmp_path / "one.txt", tmp_path / "out")
    assert not (tmp_path / "out" / "periods.csv").exists()
    assert {path.stem for path in (tmp_path / "out" / "figures").iterdir()} == {"voices"}


def test_a_missing_path_leaves_nothing(tmp_path):
    with pytest.raises(InputError):
        pipeline.run(tmp_path / "none", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_corpus_without_dates_has_no_figures_over_time(tmp_path):
    (tmp_path / "one.txt").write_text("قال مصدر أمني إن الشرطة أغلقت الحدود.", "utf-8")
    pipeline.run(tmp_path / "one.txt", tmp_path / "out")
    assert not (tmp_path / "out" / "framing.csv").exists()
    assert "without a date" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_the_seed_article_from_file_to_report(shared, tmp_path):
    pipeline.run(shared / "seed" / "article.txt", tmp_path / "out")
    mentions = pd.read_parquet(tmp_path / "out" / "mentions.parquet")
    assert set(mentions["category"]) == {
        "terrorism",
        "migration",
        "cybercrime",
        "olympics",
        "security",
        "diplomacy",
    }
    speakers = pd.read_csv(tmp_path / "out" / "speakers.csv")
    experts = speakers[speakers["source_type"] == "expert"].set_index("speaker")["field"]
    assert experts.to_dict() == {
        "أحمد نور الدين": "العلاقات الدولية",
        "إحسان الحافظي": "السياسات الأمنية",
    }
