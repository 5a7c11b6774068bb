"""Counting straight from files gives the tables of the long way, however the files are divided."""

import json

import pandas as pd
import pytest

from analysis.articles import load_articles
from analysis.counting import count_files
from analysis.errors import InputError, NothingUsable
from analysis.lexicon import Category, Lexicon, Term
from analysis.readers import parts
from analysis.themes import count_themes, find_themes

TEXTS = [
    "ناقش الوزيران الهجرة السرية.\nاقرأ المزيد\nونددا بالإرهاب.",
    "افتتح المعرض أمس.",
    "تعرضت حسابات العملاء للقرصنة، وقالت الشرطة إن التحقيق مستمر.",
]


@pytest.fixture
def corpus(tmp_path):
    """JSON Lines with a duplicate, a second text under an id and a broken line; text files."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    rows = [
        json.dumps(
            {"id": f"n{number % 7}", "date": "2031-01-05", "source": "صدى", "text": text},
            ensure_ascii=False,
        )
        for number, text in enumerate(TEXTS * 5)
    ]
    rows.insert(4, '{"id": "n9", "text": ')
    rows.insert(9, "")
    (folder / "news.jsonl").write_text("\n".join(rows), "utf-8")
    for number, text in enumerate(TEXTS):
        (folder / f"2031-02-0{number + 1}-one.txt").write_text(text, "utf-8")
    (folder / "empty.csv").write_text("id,text\n", "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    return folder


def joined(tables):
    return [
        pd.concat([getattr(table, name) for table in tables], ignore_index=True)
        for name in ("counts", "mentions", "manifest")
    ]


def by_place(manifest):
    return manifest.sort_values(["source_file", "row"], ignore_index=True)


@pytest.mark.parametrize("part_size", [1, 300, 4_000_000])
@pytest.mark.parametrize("processes", [1, 2])
def test_the_tables_are_those_of_the_long_way(corpus, monkeypatch, part_size, processes):
    monkeypatch.setattr(parts, "PART_SIZE", part_size)
    counts, mentions, manifest = joined(
        list(count_files(corpus, mentions=True, processes=processes))
    )
    articles, expected_manifest = load_articles(corpus)
    expected = find_themes(articles)
    pd.testing.assert_frame_equal(mentions, expected)
    pd.testing.assert_frame_equal(counts, count_themes(articles, expected))
    pd.testing.assert_frame_equal(by_place(manifest), by_place(expected_manifest))
    assert (
        manifest["status"].value_counts().to_dict()
        == expected_manifest["status"].value_counts().to_dict()
    )


@pytest.mark.parametrize("part_size", [200, 4_000_000])
@pytest.mark.parametrize("processes", [1, 2])
def test_lines_that_an_outlet_repeats_are_marked_however_files_are_divided(
    tmp_path, monkeypatch, part_size, processes
):
    monkeypatch.setattr(parts, "PART_SIZE", part_size)
    footer = "نشرة الإرهاب والأمن من صدى المشرق"
    rows = [
        {"source": "صدى", "text": f"وصل الوفد رقم {n} إلى الضفة صباح اليوم.\n{footer}"}
        for n in range(40)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    articles, _ = load_articles(path)
    assert all(
        [text[start:end] for start, end in skip] == [footer]
        for text, skip in zip(articles["text"], articles["skip"], strict=True)
    )
    counts, _, _ = joined(list(count_files(path, processes=processes)))
    assert counts["mentions"].sum() == 0
    assert counts["tokens"].unique().tolist() == [8]


def test_mentions_are_left_out_unless_asked_for(corpus):
    _, mentions, _ = joined(list(count_files(corpus)))
    assert mentions.empty


def test_own_lexicons_and_columns(tmp_path):
    own = [Lexicon("own", 1, (Category("art", "theme", "فن", "Art", (Term("معرض"),)),))]
    path = tmp_path / "a.csv"
    path.write_text("nr,words\n1,افتتح المعرض أمس\n", "utf-8")
    (tables,) = count_files(path, lexicons=own, columns={"id": "nr", "text": "words"})
    assert tables.counts[["article_id", "category", "mentions", "tokens"]].values.tolist() == [
        ["1", "art", 1, 3]
    ]


def test_a_large_file_of_blank_lines_is_accounted_for(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "PART_SIZE", 100)
    (tmp_path / "blank.jsonl").write_text("\n" * 1000, "utf-8")
    (tmp_path / "one.txt").write_text(TEXTS[1], "utf-8")
    _, _, manifest = joined(list(count_files(tmp_path)))
    told = manifest.set_index(manifest["source_file"].str.rsplit("/", n=1).str[-1])["reason"]
    assert told.to_dict() == {
        "blank.jsonl": "the file has no rows.",
        "one.txt": "no date: name its column, or write YYYY-MM-DD into the name of a text file.",
    }


def test_nothing_usable_carries_the_manifest(tmp_path):
    (tmp_path / "a.jsonl").write_text("{\n", "utf-8")
    with pytest.raises(NothingUsable) as caught:
        list(count_files(tmp_path))
    assert caught.value.manifest["status"].tolist() == ["failed"]


def test_bad_arguments_are_told_at_once(tmp_path):
    with pytest.raises(InputError):
        count_files(tmp_path / "nowhere")
    with pytest.raises(InputError):
        count_files(tmp_path, columns={"words": "text"})
