"""Exports of press databases: composed in their forms, whole and damaged."""

import io

import pytest
from exports import (
    FACTIVA,
    FACTIVA_ROWS,
    NEXIS,
    NEXIS_ROWS,
    NUMBERS,
    OLD_NEXIS,
    PROQUEST,
    TAGGED_ROW,
    TAGS,
)
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataFileError
from analysis.readers.press_exports import (
    load_export_labels,
    split_press_export,
)
from analysis.readers.rows import Failure, Record, Source
from analysis.readers.web_pages import read_web_page


def no_text(row):
    return Failure(
        row, f"document {row} of the export has no text; export it again with the full text."
    )


def test_nexis_of_today():
    assert split_press_export(NEXIS) == NEXIS_ROWS


def test_direction_marks_blanks_and_case_do_not_hide_labels():
    changed = [
        f"\u200f {line.replace('Body', 'BODY').replace('End of', 'end  of')}\xa0" for line in NEXIS
    ]
    assert split_press_export(changed) == NEXIS_ROWS


def test_nexis_of_the_past_and_its_broken_lines():
    assert split_press_export(OLD_NEXIS) == [
        Record(
            1,
            {
                "author": "سلمى الهادي",
                "section": "محليات; Pg. 3",
                "length": "20 words",
                "published": "March 4, 2031",
                "outlet": "المرصد",
                "title": "الحكومة تعلن خطة للمياه",
                "text": "أعلنت الحكومة اليوم خطة جديدة لبناء محطات التحلية في ثلاث مدن ساحلية.\n"
                "وقال الوزير إن العمل يبدأ غدا.",
            },
        ),
        Record(
            2,
            {
                "published": "5 March 2031",
                "outlet": "الضفة",
                "title": "بدء العمل في المحطة",
                "text": "بدأ العمل أمس.",
            },
        ),
    ]


def test_factiva_without_tags():
    assert split_press_export(FACTIVA) == FACTIVA_ROWS


@pytest.mark.parametrize("between", ["\n", "\t", "  ", " "])
def test_factiva_with_tags(between):
    lines = [line for tag, value in TAGS.items() for line in f"{tag}{between}{value}".split("\n")]
    assert split_press_export(lines) == [TAGGED_ROW]


def test_a_tag_that_begins_a_sentence_of_the_text_is_no_tag():
    lines = [f"{tag} {value}" for tag, value in TAGS.items()]
    place = lines.index(f"NS {TAGS['NS']}")
    lines[place:place] = ["IN بداية جملة", "BY بداية أخرى"]
    (row,) = split_press_export(lines)
    assert row.fields["text"].split("\n")[2:] == ["IN بداية جملة", "BY بداية أخرى"]


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        (["خطة للمياه"], {"title": "خطة للمياه"}),
        (["محليات", "خطة جديدة للمياه"], {"section": "محليات", "title": "خطة جديدة للمياه"}),
        (
            ["الحكومة تعلن خطة جديدة للمياه", "سلمى الهادي"],
            {"title": "الحكومة تعلن خطة جديدة للمياه", "author": "سلمى الهادي"},
        ),
        (["خطة", "بقلم سلمى الهادي"], {"title": "خطة", "author": "بقلم سلمى الهادي"}),
        (
            ["الحكومة تعلن خطة جديدة للمياه", "ووزير المياه يعد بالعمل في ثلاث مدن"],
            {"title": "الحكومة تعلن خطة جديدة للمياه ووزير المياه يعد بالعمل في ثلاث مدن"},
        ),
    ],
)
def test_what_stands_above_the_count_of_words(heading, fields):
    lines = [*heading, "1,200 words", "4 March 2031", "المرصد", "ALMRSD", "Arabic", "نص الخبر."]
    (row,) = split_press_export([*lines, f"Document {NUMBERS[0]}"])
    found = {
        name: row.fields[name] for name in ("section", "title", "author") if name in row.fields
    }
    assert found == fields
    assert row.fields["text"] == "نص الخبر."


def test_proquest():
    assert split_press_export(PROQUEST) == [
        Record(
            1,
            {
                "author": "سلمى الهادي",
                "text": "أعلنت الحكومة خطة جديدة.\nقال الوزير: «لا تراجع».",
                "title": "الحكومة تعلن خطة للمياه",
                "outlet": "المرصد",
                "published": "Mar 4, 2031",
                "section": "محليات",
                "article_id": "310001",
                "url": "https://example.org/310001",
            },
        ),
        no_text(2),
    ]


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("March 4, 2031 Tuesday", "March 4, 2031"),
        ("Tuesday, March 4, 2031", "March 4, 2031"),
        ("Tuesday 4 March 2031", "4 March 2031"),
        ("4 mars 2031 mardi 10:15 AM GMT", "4 mars 2031"),
        ("2031-03-04", "2031-03-04"),
    ],
)
def test_dates_are_reduced_to_the_day(date, published):
    lines = ["خطة للمياه", "المرصد", date, "Length: 3 words", "Body", "نص.", "End of Document"]
    (row,) = split_press_export(lines)
    assert row.fields["published"] == published


def test_a_document_without_text_is_told_and_the_others_are_read():
    start = NEXIS.index("بدأ العمل أمس.")
    assert split_press_export(NEXIS[:start] + NEXIS[start + 1 :]) == [NEXIS_ROWS[0], no_text(2)]
    bare = ["خطة للمياه", "80 words", "5 March 2031", "الضفة", "ADDFFA", f"Document {NUMBERS[2]}"]
    assert split_press_export([*FACTIVA, *bare])[2] == no_text(3)


def test_a_document_that_cannot_be_taken_apart_is_told():
    lines = [*FACTIVA, "سطر وحيد", f"Document {NUMBERS[2]}"]
    assert split_press_export(lines) == [*FACTIVA_ROWS, no_text(3)]


CUT = "the export ends before the end of this document; it may be cut off."


def test_an_export_that_breaks_off_says_so_with_its_last_document():
    end = NEXIS.index("بدأ العمل أمس.") + 1
    assert split_press_export(NEXIS[:end]) == [NEXIS_ROWS[0], NEXIS_ROWS[1]._replace(note=CUT)]
    end = FACTIVA.index("بدأ العمل أمس.") + 1
    fields = {name: value for name, value in FACTIVA_ROWS[1].fields.items() if name != "article_id"}
    assert split_press_export(FACTIVA[:end]) == [FACTIVA_ROWS[0], Record(2, fields, note=CUT)]


def test_an_export_that_counts_more_documents_than_it_has_says_so():
    lines = [line.replace("of 2 DOCUMENTS", "of 200 DOCUMENTS") for line in OLD_NEXIS]
    assert [row.note for row in split_press_export(lines)] == [
        "",
        "the export counts 200 documents, the file holds 2.",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["خطة للمياه", "أعلنت الوزارة خطة."],
        ["خطة للمياه", "March 4, 2031", "Body", "نص.", "Length: 3 words"],
        ["خطة للمياه", "نص.", "End of Document"],
        ["Document 1 of 3", "نص."],
        ["1 of 3 documents was signed", "Length: 3 words"],
        ["خطة", f"Document {NUMBERS[0]}"],
        ["HD", "خطة", "LP", "نص."],
        ["Document 5 of the treaty", "523 words", "4 March 2031", "المرصد", "نص."],
        ["__________________", "Title: خطة", "نص.", "__________________"],
        ["Full text: نص.", "Publication date: Mar 4, 2031"],
    ],
)
def test_an_article_is_no_export(lines):
    assert split_press_export(lines) is None


def test_every_article_of_the_sample_is_no_export(sample):
    assert {split_press_export(text.split("\n")) is None for text in sample["text"]} == {True}


PIECES = sorted({*NEXIS, *OLD_NEXIS, *FACTIVA, *PROQUEST, *TAGS, *TAGS.values()})


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=30), max_size=60))
def test_no_heap_of_lines_breaks_it_and_its_rows_are_counted(lines):
    rows = split_press_export(lines)
    if rows is not None:
        assert [row.row for row in rows] == list(range(1, len(rows) + 1))
        for row in rows:
            if isinstance(row, Record):
                assert row.fields["text"]
                assert all(isinstance(value, str) and value for value in row.fields.values())


@given(st.integers(0, len(NEXIS)), st.integers(0, len(FACTIVA)))
def test_exports_cut_anywhere_are_read_as_far_as_they_go(nexis, factiva):
    for lines, cut, rows in ((NEXIS, nexis, NEXIS_ROWS), (FACTIVA, factiva, FACTIVA_ROWS)):
        found = split_press_export(lines[:cut]) or []
        closed = [
            i for i, line in enumerate(lines[:cut]) if line.startswith(("End of D", "Document A"))
        ]
        assert found[: len(closed)] == rows[: len(closed)]


def page(lines):
    body = "".join(f"<p>{line.replace('سلمى', '<b>سلمى</b>')}</p>" for line in lines)
    return f"<html><head><title>x</title><style>p{{}}</style></head><body>{body}</body></html>"


def read_page(content):
    return list(read_web_page(Source(io.BytesIO(content), "a.html")))


def test_a_saved_page_is_read_in_each_encoding():
    for encoding in ("utf-8", "windows-1256"):
        rows = read_page(page(NEXIS).encode(encoding))
        assert rows == [row._replace(encoding=encoding) for row in NEXIS_ROWS]


def test_a_table_of_tags_is_read_from_a_page():
    cells = "".join(
        f"<tr><td><b>{tag}</b>&nbsp;</td><td>{value}</td></tr>" for tag, value in TAGS.items()
    )
    rows = read_page(f"<meta charset=utf-8><table>{cells}</table>".encode())
    assert rows == [TAGGED_ROW._replace(encoding="utf-8")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("  closing: [End of Document", "  close: [End of Document"), "unknown field `close`"),
        (("  body: [Body]", "  body: Body"), "expected a list of words, found 'Body'."),
        (("  body: [Body]", "  body: []"), "expected a list of words, found []."),
        (("    HD: title", "    HD: head"), "the field is 'head'; choose one of '', 'section'"),
        (("    HD: title", "    HD: [title]"), "the field is ['title']; choose one of"),
    ],
)
def test_mistakes_in_the_labels_are_told_with_their_line(tmp_path, change, message):
    from analysis.data_files import data_path

    shipped = data_path("lexicons", "export_labels.yml").read_text("utf-8")
    line = shipped[: shipped.index(change[0])].count("\n") + 1
    path = tmp_path / "labels.yml"
    path.write_text(shipped.replace(*change, 1), "utf-8")
    with pytest.raises(DataFileError) as error:
        load_export_labels(path)
    assert str(error.value).startswith(f"{path}:{line}: {message}")
