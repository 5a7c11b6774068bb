"""JSON documents: whatever holds the articles is found, and a mistake costs one of them."""

import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.readers import json_documents
from analysis.readers.json_documents import read_json_document
from analysis.readers.rows import Failure, Record, Source

A, B = {"text": "أ"}, {"text": "ب"}


def read(content):
    content = content if isinstance(content, bytes) else content.encode()
    return list(read_json_document(Source(io.BytesIO(content), "a.json")))


def fields(content):
    rows = read(content)
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))
    return [row.fields for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    ("document", "articles"),
    [
        ([], []),
        ([A, B], [A, B]),
        (A, [A]),
        ({"title": "نداء"}, [{"title": "نداء"}]),
        ({"status": "ok", "total": 2, "articles": [A, B]}, [A, B]),
        ({"response": {"meta": [{"x": 1}] * 3, "docs": [A]}}, [A]),
        ({"hits": {"total": 1, "hits": [{"_id": "7", "_source": A}]}}, [{"_id": "7", **A}]),
        ({"columns": [{"name": "x"}], "corpus": [A, B]}, [A, B]),
        ({"tags": ["x"], "corpus": {"press": {"of": [A]}}}, [A]),
        ({**A, "items": [B, B]}, [{**A, "items": '[{"text": "ب"}, {"text": "ب"}]'}]),
        ({"Body": "أ", "data": [B]}, [{"Body": "أ", "data": '[{"text": "ب"}]'}]),
    ],
)
def test_the_articles_are_found(document, articles, indent, encoding):
    content = json.dumps(document, ensure_ascii=False, indent=indent).encode(encoding)
    assert fields(content) == articles


@pytest.mark.parametrize(
    "content",
    [
        '{"text": "أ"}\n{"text": "ب"}\n',
        '\n{"text": "أ"}\r\n\r\n{"text": "ب"}',
        '{\n"text": "أ"\n}\n{\n"text": "ب"\n}\n',
        '{\n"text": "أ"},\n{"text": "ب"}',
    ],
)
def test_objects_one_after_the_other_are_articles(content):
    rows = read(content)
    assert [row.fields for row in rows] == [A, B]


def test_a_bad_line_of_json_lines_costs_that_line():
    first, bad, last = read('{"text": "أ"}\n{"text": \n{"text": "ب"}\n')
    assert (first.fields, last.fields) == (A, B)
    assert bad == Failure(
        2, "line 2 is not JSON (Expecting value: line 2 column 1 (char 10)); correct the line."
    )


def test_objects_inside_become_fields_and_lists_text():
    article = {
        "source": {"id": None, "name": "المرصد"},
        "author": {"name": {"first": "ليلى"}},
        "tags": ["نداء"],
        "none": {},
        "skip": [[0, 1]],
        "a": {"b": 1},
        "a.b": 2,
        "wide": {str(i): i for i in range(51)},
    }
    assert fields(json.dumps([article])) == [
        {
            "source.id": None,
            "source.name": "المرصد",
            "author.name": '{"first": "ليلى"}',
            "tags": '["نداء"]',
            "none": "{}",
            "skip": [[0, 1]],
            "a": '{"b": 1}',
            "a.b": 2,
            "wide": json.dumps({str(i): i for i in range(51)}),
        }
    ]


def test_numbers_are_as_exact_as_they_stand():
    large = 2**63
    assert fields(f'[{{"a": {large - 1}, "b": {large}, "c": {-large}, "d": -0.5, "e": 1e3}}]') == [
        {"a": large - 1, "b": str(large), "c": -large, "d": -0.5, "e": 1000.0}
    ]


def test_what_is_no_number_is_missing_and_noted():
    (row,) = read('[{"text": "أ", "a": NaN, "b": -Infinity, "c": NaN}]')
    assert row.fields == {"text": "أ", "a": None, "b": None, "c": None}
    assert row.note == "NaN, -Infinity is no JSON; read as a missing value."


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('{"text": "x", "text": "y"}', "has the key 'text' twice; rename one."),
        ('{"a": {"b": 1, "b": 1}}', "has the key 'b' twice; rename one."),
        ('{"n": ' + "9" * 10_000 + "}", "has a number of 10,000 digits; write it as text."),
        (
            '{"text" "x"}',
            "is not JSON (Expecting ':' delimiter: line 1 column 9 (char 8)); correct it.",
        ),
        (
            '{"text": "x" "y"}',
            "is not JSON (Expecting ',' delimiter: line 1 column 14 (char 13)); correct it.",
        ),
        ('{"a": tru}', "is not JSON (Expecting value: line 1 column 7 (char 6)); correct it."),
        (
            '{"a": "\\x"}',
            "is not JSON (Invalid \\escape: line 1 column 8 (char 7)); correct it.",
        ),
        (
            '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}",
            "is nested too deep; write its lists and objects flat.",
        ),
        ('"x"', 'is no JSON object but str; write {"text": ...}.'),
        ("[1, 2]", 'is no JSON object but list; write {"text": ...}.'),
        ("null", 'is no JSON object but NoneType; write {"text": ...}.'),
    ],
)
@pytest.mark.parametrize("document", ["[%s]", '{"meta": {"x": []}, "data": [%s]}'])
def test_a_mistake_costs_one_entry(document, entry, reason):
    content = document % f'{{"text": "أ"}}, {entry}, {{"text": "ب"}}'
    first, bad, last = read(content)
    assert (first.fields, last.fields) == (A, B)
    assert bad == Failure(2, f"entry 2 {reason}")


@pytest.mark.parametrize(
    ("content", "read_before", "failure"),
    [
        (
            '[{"text": "أ"}, {"text": "ب',
            1,
            Failure(2, "the file breaks off inside entry 2; get it again, or close its brackets."),
        ),
        (
            '[{"text": "أ"}, {"text": {"a": 1}',
            1,
            Failure(2, "the file breaks off inside entry 2; get it again, or close its brackets."),
        ),
        (
            '[{"text": "أ"},',
            1,
            Failure(
                None,
                "the file breaks off after entry 1, before its list is closed; there may be more, "
                "get it again.",
            ),
        ),
        (
            "[",
            0,
            Failure(
                None,
                "the file breaks off after entry 0, before its list is closed; there may be more, "
                "get it again.",
            ),
        ),
        (
            '{"data": [{"text": "أ"}, {"te',
            1,
            Failure(2, "the file breaks off inside entry 2; get it again, or close its brackets."),
        ),
        (
            '{"text": "أ',
            0,
            Failure(
                None,
                "the file breaks off inside the object; get it again, or close its brackets.",
            ),
        ),
        (
            '{\n"text": "أ"}\n{"text": ',
            1,
            Failure(2, "the file breaks off inside entry 2; get it again, or close its brackets."),
        ),
        (
            "[" * 100_000,
            0,
            Failure(1, "the file breaks off inside entry 1; get it again, or close its brackets."),
        ),
        (
            '{"a":' + "[" * 100_000,
            0,
            Failure(
                None,
                "the file breaks off inside the object; get it again, or close its brackets.",
            ),
        ),
        (
            '[{"text": "أ"}] [{"text": "ب"}]',
            1,
            Failure(
                None,
                "after the list there is more, which was not read; put all articles into one list.",
            ),
        ),
        (
            '{"text": "أ"} "x"',
            1,
            Failure(
                None,
                "after the object there is more, which was not read; put all articles into one "
                "list.",
            ),
        ),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_what_stands_before_a_break_is_read(content, read_before, failure):
    *before, last = read(content)
    assert [row.fields for row in before] == [A] * read_before
    assert last == failure


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "the file is empty."),
        (" \n", "the file is empty."),
        (
            "PK\0\3",
            "not JSON, it begins with 'PK\\x00\\x03'; write a list of objects, "
            '[{"text": ...}, ...].',
        ),
        (
            '"قال"',
            'not JSON, it begins with \'"قال"\'; write a list of objects, [{"text": ...}, ...].',
        ),
        ("}", "not JSON, it begins with '}'; write a list of objects, [{\"text\": ...}, ...]."),
    ],
)
def test_a_file_that_is_no_json_is_told(content, told):
    with pytest.raises(InputError) as error:
        read(content)
    assert str(error.value) == told


def test_control_characters_in_a_string_cost_nothing():
    assert fields('[{"text": "قال:\n\tنعم"}]') == [{"text": "قال:\n\tنعم"}]


def test_an_entry_that_is_too_long_fails_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(json_documents, "LONGEST_ENTRY", 100)
    first, long, last = read(json.dumps([A, {"text": "x", "list": [1] * 100}, B]))
    assert (first.fields, last.fields) == (A, B)
    assert long == Failure(
        2, "entry 2 is longer than 100 characters; write one article as one object."
    )


def test_a_string_without_end_is_not_read_without_end(monkeypatch):
    monkeypatch.setattr(json_documents, "LONGEST_ENTRY", 100)
    monkeypatch.setattr(json_documents, "CHUNK", 10)
    rows = read_json_document(Source(io.BytesIO(b'[{"text": "a"}, "' + b"x" * 10_000), "a.json"))
    assert next(rows).fields == {"text": "a"}
    with pytest.raises(InputError) as error:
        next(rows)
    assert str(error.value) == (
        "it has a string longer than 100 characters, or one without end; nothing after it was read."
    )


@pytest.mark.parametrize(("start", "read_before"), [('[{"text": "أ"}, ', 1), ('{"a": ', 0)])
def test_brackets_without_end_are_not_read_without_end(monkeypatch, start, read_before):
    monkeypatch.setattr(json_documents, "_HOPELESS", 2000)
    rows = read_json_document(Source(io.BytesIO((start + "[" * 5000).encode()), "a.json"))
    assert [next(rows).fields for _ in range(read_before)] == [A] * read_before
    with pytest.raises(InputError) as error:
        next(rows)
    assert str(error.value) == (
        "nested deeper than 2,000 levels, and nothing after it was read; write a list of articles."
    )


SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(-1e9, 1e9) | st.text()
)


@given(
    st.lists(st.dictionaries(st.text(min_size=1), SCALARS)),
    st.integers(1, 40),
    st.booleans(),
    st.sampled_from([None, 1, "\t"]),
    st.sampled_from(["[]", "data"]),
)
def test_a_list_is_read_as_it_was_in_chunks_of_any_size(articles, size, ascii_, indent, place):
    document = articles if place == "[]" else {"data": articles}
    content = json.dumps(document, ensure_ascii=ascii_, indent=indent)
    chunk, json_documents.CHUNK = json_documents.CHUNK, size
    try:
        rows = read(content.encode("utf-8", "surrogatepass"))
    finally:
        json_documents.CHUNK = chunk
    if place == "[]" or articles:
        assert [row.fields for row in rows] == articles
    else:
        assert [row.fields for row in rows] == [{"data": "[]"}]


def test_an_object_where_a_key_is_missing_is_no_list():
    assert read('{"meta": {{"x": 1}}}') == [
        Failure(
            1,
            "the object is not JSON (Expecting property name enclosed in double quotes: line 1 "
            "column 11 (char 10)); correct it.",
        )
    ]


@given(st.text(st.sampled_from('{}[]",:\\ \na1')))
def test_nothing_but_a_told_error_comes_out_of_any_text(content):
    try:
        rows = read(content)
    except InputError:
        return
    assert all(isinstance(row, Record | Failure) for row in rows)


@given(st.lists(st.dictionaries(st.sampled_from("أبج"), st.text()), min_size=1), st.data())
def test_of_a_file_cut_off_every_whole_entry_is_read(articles, data):
    content = json.dumps(articles, ensure_ascii=False)
    cut = data.draw(st.integers(1, len(content) - 1))
    decoder, whole, place = json.JSONDecoder(), [], 1
    while place < cut:
        try:
            article, place = decoder.raw_decode(content[:cut], place)
        except ValueError:
            break
        whole.append(article)
        place += 2
    *rows, last = read(content[:cut].encode("utf-8", "surrogatepass"))
    assert [row.fields for row in rows] == whole
    assert "breaks off" in last.reason


@pytest.mark.skipif("KHITAB_SHARED" not in os.environ, reason="needs the shared corpora")
def test_a_published_corpus_is_read_as_it_stands():
    for path in sorted(Path(os.environ["KHITAB_SHARED"]).glob("corpora/saudinewsnet/*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    content = archive.read(name)
                    assert fields(content) == json.loads(content)
