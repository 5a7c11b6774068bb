import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles import load_articles
from analysis.readers import Source, parts
from analysis.readers.folders import find_files
from analysis.readers.formats import FORMATS, choose_format
from analysis.readers.parts import open_part, split_file


def split(path):
    (file,) = find_files([path])
    return list(split_file(file))


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\0"))), st.integers(1, 40)
)
def test_parts_together_are_the_file(tmp_path_factory, lines, size):
    path = tmp_path_factory.mktemp("parts") / "a.jsonl"
    content = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PART_SIZE", size)
        found = split(path)
    pieces = []
    for part in found:
        with open_part(part) as file:
            piece = file.read()
            file.seek(0)
            assert file.read() == piece
        pieces.append(piece)
        assert part.first_row == 1 + b"".join(pieces[:-1]).count(b"\n")
    assert b"".join(pieces) == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"text\n" + b"x\n" * 100),
        ("a.jsonl", ('{"text": "أ"}\n' * 100).encode("cp1256")),
        ("a.jsonl", b'[{"text": "x"},\n' + b'{"text": "x"},\n' * 99 + b"{}]"),
        ("a.jsonl", b"\n" * 500),
        ("a.jsonl", b"\0\n" * 500),
    ],
    ids=["a table", "another encoding", "a list", "blank lines", "no text"],
)
def test_only_lines_of_utf_8_are_divided(tmp_path, monkeypatch, name, content):
    monkeypatch.setattr(parts, "PART_SIZE", 50)
    path = tmp_path / name
    path.write_bytes(content)
    (part,) = split(path)
    assert (part.start, part.stop) == (0, None)


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path, monkeypatch):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "نص"}\n', "utf-8")
    read = FORMATS[".jsonl"].read

    def read_and_change(source):
        yield from read(source)
        path.write_text('{"text": "نص آخر تماما"}\n', "utf-8")

    monkeypatch.setitem(FORMATS, ".jsonl", FORMATS[".jsonl"]._replace(read=read_and_change))
    articles, manifest = load_articles(path)
    assert len(articles) == 1
    assert manifest[["status", "reason"]].values.tolist()[-1] == [
        "failed",
        "changed while it was read, and its rows may be torn; run again.",
    ]


@pytest.mark.parametrize(
    ("name", "head", "suffix"),
    [
        ("a.txt", "<!DOCTYPE html><html>", ".html"),
        ("a.txt", "\ufeff  <html>", ".html"),
        ("a.doc", "{\\rtf1", ".rtf"),
        ("a.xls", "<html><table>", ".html"),
        ("a.txt", "<DOC>\n<DOCNO>", ".trec"),
        ("a.xml", '<?xml version="1.0"?>\n<mediawiki>', ".xml"),
        ("a.csv", "<html>,text", ".csv"),
        ("a.csv", "%PDF-1.7", ".pdf"),
        ("A.JSONL", '{"text": 1}', ".jsonl"),
        ("a.jsonl", '[\n{"text": 1}', ".json"),
        ("a.jsonl", '["text"]', ".jsonl"),
        ("no suffix", "%PDF-1.7", ".pdf"),
    ],
)
def test_what_the_bytes_show_goes_before_the_suffix(name, head, suffix):
    file = io.BytesIO(head.encode())
    assert choose_format(Source(file, name)) is FORMATS[suffix]
    assert file.tell() == 0


@pytest.mark.parametrize("name", ["a.unknown", "a", ".hidden", "a.png"])
def test_what_nobody_reads_has_no_format(name):
    assert choose_format(Source(io.BytesIO(b"\x89PNG"), name)) is None
