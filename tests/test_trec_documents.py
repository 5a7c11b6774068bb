"""Files in TREC's form: one document or many, what is read of each, and every kind of damage."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.readers.rows import Failure, Record, Source
from analysis.readers.trec_documents import parse_trec_documents, read_trec_documents

ONE = """<DOC>
<DOCNO>SM-world-7-20310105</DOCNO>
<URL>http://sada.example/7</URL>
<SRC>صدى المشرق</SRC>
<CAT>world</CAT>
<TITLE> هدوء في الميناء </TITLE>
<TIME>Sun, 05 Jan 2031 23:30:00 +0400</TIME>
<AUTHOR>ليلى</AUTHOR>
<ABSTRACT>
الميناء هادئ
</ABSTRACT>
<TEXT>
قال المدير إن الميناء هادئ.

والسفن 3 < 4 &amp; 5
</TEXT>
</DOC>
"""
WIRE = """<DOC>
<DOCNO>20310513_DAF_ARB.0001</DOCNO>
<HEADER>ع 1</HEADER>
<BODY>
<HEADLINE>
هدوء في
الميناء
</HEADLINE>
<DATELINE> بيروت 13-5 (الضفة) </DATELINE>
<TEXT>
<P>
قال المدير
إن الميناء &lt;هادئ&gt;.
</P>
<P>
والسوق مفتوحة.
</P>
</TEXT>
</BODY>
</DOC>
"""


def read(content):
    content = content if isinstance(content, bytes) else content.encode()
    return list(read_trec_documents(Source(io.BytesIO(content), "7.txt")))


def document(text="الميناء هادئ.", number="SM-1-20310105"):
    return f"<DOC><DOCNO>{number}</DOCNO><TEXT>{text}</TEXT></DOC>\n"


def test_the_one_document_of_a_file_is_its_article():
    assert read(ONE) == [
        Record(
            None,
            {
                "article_id": "SM-world-7-20310105",
                "text": "قال المدير إن الميناء هادئ.\nوالسفن 3 < 4 &amp; 5",
                "title": "هدوء في الميناء",
                "outlet": "صدى المشرق",
                "url": "http://sada.example/7",
                "category": "world",
                "author": "ليلى",
                "published": "2031-01-05",
            },
            encoding="utf-8",
        )
    ]


def test_paragraphs_of_their_own_are_lines_and_entities_letters():
    assert read(WIRE) == [
        Record(
            None,
            {
                "article_id": "20310513_DAF_ARB.0001",
                "text": "قال المدير إن الميناء <هادئ>.\nوالسوق مفتوحة.",
                "title": "هدوء في الميناء",
                "dateline": "بيروت 13-5 (الضفة)",
                "published": "2031-05-13",
            },
            encoding="utf-8",
        )
    ]


def test_several_documents_are_rows():
    rows = read(ONE + WIRE + "\nbetween\n" + document())
    assert [row.row for row in rows] == [1, 2, 3]
    assert [row.fields["article_id"] for row in rows] == [
        "SM-world-7-20310105",
        "20310513_DAF_ARB.0001",
        "SM-1-20310105",
    ]


def test_the_id_may_stand_in_the_document_itself():
    content = '<DOC id="DAF20310513.0002" type="story" >\n<TEXT>\nنص\n</TEXT>\n</DOC>\n'
    (row,) = read(content)
    assert row.fields == {"article_id": "DAF20310513.0002", "text": "نص", "published": "2031-05-13"}
    (row,) = read(content.replace('"', "'").replace("DOC", "doc").replace("TEXT", "text"))
    assert row.fields["article_id"] == "DAF20310513.0002"


@pytest.mark.parametrize(
    ("number", "tags", "published"),
    [
        ("SM-1-20310105", "", "2031-01-05"),
        ("SM-1-20310105", "<DATE>2031-02-02</DATE>", "2031-01-05"),
        ("SM-1", "<DATE> 5 يناير 2031 </DATE>", "5 يناير 2031"),
        ("SM-1", "<DATE_TIME>2031-02-03 10:00:00</DATE_TIME><DATE>x</DATE>", "2031-02-03 10:00:00"),
        ("SM-1-20311305", "", None),
        ("SM-1-120310105", "", None),
        ("20310105-SM", "", None),
        ("SM-1", "<TIME>Sun, 05 Jan 2031 23:30:00 +0400</TIME>", None),
    ],
)
def test_the_day_stands_in_the_id_or_in_a_tag(number, tags, published):
    (row,) = read(document(number=number).replace("<TEXT>", f"{tags}<TEXT>"))
    assert row.fields.get("published") == published


def test_tags_in_a_text_are_text():
    text = "<TITLE>لا</TITLE> <b>نعم</b> </TEXT> ثم"
    (row,) = read(document(text))
    assert row.fields == {
        "article_id": "SM-1-20310105",
        "text": text,
        "published": "2031-01-05",
    }


NOT_CLOSED = "is not closed; the document may be cut off, get it again."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (document().replace("</TEXT>", ""), f"<TEXT> {NOT_CLOSED}"),
        (document().replace("</DOCNO>", ""), f"<DOCNO> {NOT_CLOSED}"),
        (document(" \n "), "nothing between <TEXT> and </TEXT>."),
        (document(number=" "), "nothing between <DOCNO> and </DOCNO>."),
        ("<DOC><TEXT>نص</TEXT></DOC>", "nothing between <DOCNO> and </DOCNO>."),
        ("<DOC><DOCNO>7</DOCNO></DOC>", "nothing between <TEXT> and </TEXT>."),
        ("<DOC>", "nothing between <TEXT> and </TEXT>."),
        ("", "no documents: there is no <DOC>, <DOCNO> or <TEXT> in the file."),
        ("خبر بلا علامات", "no documents: there is no <DOC>, <DOCNO> or <TEXT> in the file."),
        (
            "<DOCUMENT><TEXTS>نص</TEXTS>",
            "no documents: there is no <DOC>, <DOCNO> or <TEXT> in the file.",
        ),
    ],
)
def test_a_document_without_what_it_needs_fails(content, reason):
    assert read(content) == [Failure(None, reason)]


def test_a_document_that_fails_leaves_the_others():
    rows = read(document() + document().replace("</TEXT>", "") + document("آخر"))
    assert rows[1] == Failure(2, f"<TEXT> {NOT_CLOSED}")
    assert [rows[place].fields["text"] for place in (0, 2)] == ["الميناء هادئ.", "آخر"]


def test_what_else_is_not_closed_is_noted():
    (row,) = read(ONE.replace("</TITLE>", "").replace("</DOC>", ""))
    assert "title" not in row.fields
    assert row.fields["outlet"] == "صدى المشرق"
    assert row.note == f"<DOC> {NOT_CLOSED} <TITLE> {NOT_CLOSED}"


def test_old_encodings_are_read_and_named():
    (row,) = read(ONE.encode("cp1256"))
    assert row.fields["title"] == "هدوء في الميناء"
    assert row.encoding == "windows-1256"


def test_bytes_that_are_no_letters_are_noted():
    good = document("الميناء هادئ والسوق مفتوحة اليوم.")
    (row,) = read(good.encode().replace(b".", b"\xff"))
    assert row.fields["text"].endswith("\ufffd")
    assert row.note == "1 place is no utf-8 and became \ufffd; the file may be damaged or cut off."


@given(st.lists(st.text("ابتثج <>/&;\n", max_size=20), min_size=2, max_size=6))
def test_every_document_has_its_row(texts):
    rows = list(parse_trec_documents("".join(map(document, texts))))
    assert [row.row for row in rows] == list(range(1, len(texts) + 1))
    for row, text in zip(rows, texts, strict=True):
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        assert isinstance(row, Record) == bool(lines)
        if lines:
            assert row.fields["text"] == "\n".join(lines)


@given(st.integers(0, len(ONE) + len(WIRE)))
def test_a_file_that_breaks_off_loses_no_whole_document(length):
    rows = list(parse_trec_documents((ONE + WIRE)[:length]))
    texts = [row.fields["text"] for row in rows if isinstance(row, Record)]
    whole = [
        "قال المدير إن الميناء هادئ.\nوالسفن 3 < 4 &amp; 5",
        "قال المدير إن الميناء <هادئ>.\nوالسوق مفتوحة.",
    ]
    ends = [ONE.index("</TEXT>") + 7, len(ONE) + WIRE.index("</TEXT>") + 7]
    assert texts == [text for text, end in zip(whole, ends, strict=True) if length >= end]


@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            ["<DOC>", "</DOC>", "<DOCNO>", "</DOCNO>", "<TEXT>", "</TEXT>", "<P>", "7", "\n"]
        ),
        max_size=20,
    ).map("".join)
)
def test_anything_is_read_to_the_end(content):
    rows = list(parse_trec_documents(content))
    assert rows
    assert all(row.fields["text"] for row in rows if isinstance(row, Record))
