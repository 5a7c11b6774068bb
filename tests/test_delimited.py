"""Tables as text: however they are written, they are read as they stand."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.readers import delimited
from analysis.readers.delimited import DELIMITERS, LONGEST_LINE, read_delimited
from analysis.readers.rows import Failure, Record, Source
from analysis.readers.web_exports import explain_missing_text


def read(content, encoding="utf-8"):
    content = content if isinstance(content, bytes) else content.encode(encoding)
    return list(read_delimited(Source(io.BytesIO(content), "a.csv")))


def values(content, encoding="utf-8"):
    return [list(row.fields.values()) for row in read(content, encoding)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_every_delimiter_is_found(delimiter, end, encoding):
    others = "".join(other for other in DELIMITERS if other != delimiter)
    text = f"قال{others}نعم"
    content = end.join([delimiter.join(["id", "text"]), "", delimiter.join(["7", text]), ""])
    (row,) = read(content, encoding)
    assert (row.row, row.fields) == (1, {"id": "7", "text": text})


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("text\nقال, نعم; لا\n\nب\n", [["قال, نعم; لا"], ["ب"]]),
        ('text\n"قال\nنعم"\n', [["قال\nنعم"]]),
        ("sep=;\nid;text, more\n7;أ\n", [["7", "أ"]]),
        ('"sep=|"\r\nid|text\r\n7|أ\r\n', [["7", "أ"]]),
        ("\n \n# المرصد, 2031\n#x\nid,text\n7,أ\n", [["7", "أ"]]),
        ("#,text\n7,أ\n", [["7", "أ"]]),
        ('id;"title, sub, and; more";text\n7;ب;أ\n', [["7", "ب", "أ"]]),
        ("a,b;text\n1;x, y\n2;z\n3;q, r, s\n", [["1", "x, y"], ["2", "z"], ["3", "q, r, s"]]),
        ("id,text\n7,أ,,\n8,ب\n", [["7", "أ"], ["8", "ب"]]),
        ('id, text\n7, "أ, ب"\n', [["7", "أ, ب"]]),
        ("id, text\n7, أ\n", [["7", " أ"]]),
        ('id,text\n7,"C:\\"\n8,"قال ""نعم"""\n', [["7", "C:\\"], ["8", 'قال "نعم"']]),
        (
            'id,text\n7,"قال \\"نعم\\", ثم\\\\"\n\\N,"أ\\\nب"\n9,\\N\n',
            [["7", 'قال "نعم", ثم\\'], ["", "أ\nب"], ["9", ""]],
        ),
        ('id\ttext\n7\t"نعم" قال\n8\t"غاب\n', [["7", '"نعم" قال'], ["8", '"غاب']]),
        ('id\ttext\n7\t"قال ""نعم""\tأ\nب"\n', [["7", 'قال "نعم"\tأ\nب']]),
        ("", []),
        ("\n\n", []),
        ("# المرصد\n", []),
        ("id,text\n", []),
    ],
)
def test_what_is_written_in_any_way_is_read(content, rows):
    assert values(content) == rows


def test_columns_without_a_name_get_one():
    (row,) = read(",text,\n0,أ,x\n")
    assert row.fields == {"column 1": "0", "text": "أ", "column 3": "x"}


def test_old_arabic_letters_are_read_and_the_encoding_told():
    (row,) = read("المعرف,النص\n7,قال الوزير إن البلاد تريد السلام\n", "cp1256")
    assert row.fields == {"المعرف": "7", "النص": "قال الوزير إن البلاد تريد السلام"}
    assert row.encoding == "windows-1256"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            'id,"te"xt\n1,a\n',
            "the header cannot be read (',' expected after '\"'); check its quotes.",
        ),
        (
            '"id,text\n1,a\n',
            "the header cannot be read (unexpected end of data); check its quotes.",
        ),
        ("text,text\na,b\n", "the header has the column 'text' twice; rename one."),
        ("id,te\0xt\n1,a\n", "the header is not valid text; save the file as UTF-8."),
        (
            "7," + "ن" * 201 + "\n8,ب\n",
            f"the first line is no header, it holds {'ن' * 40!r}; put a line with the names of "
            "the columns above it.",
        ),
        (
            "7,https://marsad.example/1,أ\n",
            "the first line is no header, it holds 'https://marsad.example/1'; put a line with "
            "the names of the columns above it.",
        ),
        (
            "\t".join(["20310102030000-T7", "20310102030000", *["x"] * 25]) + "\n",
            "a table of GDELT (GKG), which holds codes and addresses but no articles; get the "
            "articles from the addresses in column 5 (DocumentIdentifier) and give them with a "
            "column `text`.",
        ),
        (
            "\t".join(["1234567890", "20310102", *["x"] * 59]) + "\n",
            "a table of GDELT (events), which holds codes and addresses but no articles; get the "
            "articles from the addresses in column 61 (SOURCEURL) and give them with a column "
            "`text`.",
        ),
        (
            "\t".join(["1234567890", "20310102030000", "20310102030000", *["x"] * 13]) + "\n",
            "a table of GDELT (mentions), which holds codes and addresses but no articles; get the "
            "articles from the addresses in column 6 (MentionIdentifier) and give them with a "
            "column `text`.",
        ),
    ],
)
def test_a_file_that_cannot_be_a_table_is_told(content, told):
    with pytest.raises(InputError) as error:
        read(content)
    assert str(error.value) == told


def test_a_header_that_is_no_text_is_told():
    with pytest.raises(InputError) as error:
        read("id,قال الوزير نعم".encode() + b"\xff\n7,a\n")
    assert str(error.value) == "the header is not valid text; save the file as UTF-8."


def test_an_api_list_of_gdelt_is_explained():
    columns = ["URL", "MobileURL", "Title", "SeenDate", "Domain", "Language", "SourceCountry"]
    assert explain_missing_text(columns) == (
        "an export of the DOC API of GDELT, which holds titles and addresses but no articles; get "
        "the articles from these addresses and give them with a column `text`, or name the column "
        "of the titles with --text title."
    )
    assert explain_missing_text(["DATE", "THEMES", "TONE", "SOURCES", "SOURCEURLS"]) == (
        "an export of the GKG of GDELT, which holds addresses but no articles; get the articles "
        "from these addresses and give them with a column `text`."
    )


def test_an_export_of_media_cloud_is_read():
    header = "id,indexed_date,language,media_name,media_url,publish_date,title,url,text"
    (row,) = read(f"{header}\n7,2031-01-03,ar,المرصد,marsad.example,2031-01-02,نداء,u,قال\n")
    assert row.fields["media_name"] == "المرصد"
    assert row.fields["text"] == "قال"


@pytest.mark.parametrize(
    ("content", "row", "reason"),
    [
        (
            "id,text\n7,أ\n\n8\n9,ج\n",
            2,
            "row 2 (line 4) has 1 fields, the header 2; put fields with a delimiter or a line "
            "break in quotation marks.",
        ),
        (
            "# x\nid,text\n7,أ\n8,ب,,x\n9,ج\n",
            2,
            "row 2 (line 4) has 4 fields, the header 2; put fields with a delimiter or a line "
            "break in quotation marks.",
        ),
        (
            'id,text\n7,أ\n8,"قال "نعم""\n9,ج\n',
            2,
            "row 2 (line 3) cannot be read (',' expected after '\"'); write quotation marks inside "
            "a field twice.",
        ),
    ],
)
def test_a_bad_row_costs_that_row(content, row, reason):
    first, bad, last = read(content)
    assert list(first.fields.values()) == ["7", "أ"]
    assert bad == Failure(row, reason)
    assert (last.row, list(last.fields.values())) == (3, ["9", "ج"])


def test_a_line_without_end_is_not_read_whole():
    content = b"id,text\n1,a\n2," + b"x" * (LONGEST_LINE + 100) + b"\n3,c\n"
    first, bad, last = read(content)
    assert (first.fields, last.fields) == ({"id": "1", "text": "a"}, {"id": "3", "text": "c"})
    assert bad == Failure(
        2,
        "row 2 (line 3) cannot be read (a line of it is longer than 20,000,000 characters); "
        "shorten it.",
    )


def test_a_long_line_of_short_fields_fails_too(monkeypatch):
    monkeypatch.setattr(delimited, "LONGEST_LINE", 20)
    first, bad, last = read("id,text\n1,a\n2," + "x" * 18 + "\n3,c\n")
    assert (first.fields["id"], bad.row, last.fields["id"]) == ("1", 2, "3")


def test_a_header_without_end_is_told(monkeypatch):
    monkeypatch.setattr(delimited, "LONGEST_LINE", 20)
    with pytest.raises(InputError) as error:
        read("id,text" + "x" * 20)
    assert str(error.value) == (
        "the header cannot be read (a line of it is longer than 20 characters); check its quotes."
    )


def test_a_field_that_never_ends_ends_the_reading(monkeypatch):
    monkeypatch.setattr(delimited, "LONGEST_FIELD", 50)
    first, bad = read('id,text\n1,a\n2,"b\n' + "3,c\n" * 20)
    assert first.fields == {"id": "1", "text": "a"}
    assert bad == Failure(
        2,
        "row 2 (line 3) has a field without end, and nothing after it was read; close its "
        "quotation mark.",
    )


def test_how_a_file_is_written_is_told_by_its_beginning(monkeypatch):
    monkeypatch.setattr(delimited, "SAMPLE", 40)
    content = "id;text\n" + "7;أ, ب\n" * 10 + '8;"ج\nد"\n' + "9;هـ\n" * 5
    rows = values(content)
    assert rows == [["7", "أ, ب"]] * 10 + [["8", "ج\nد"]] + [["9", "هـ"]] * 5


@pytest.mark.parametrize("is_left", [False, True])
def test_the_limit_of_the_csv_module_is_put_back(is_left):
    before = csv.field_size_limit()
    rows = read_delimited(Source(io.BytesIO(b"id,text\n1,a\n2,b\n"), "a.csv"))
    assert next(rows).fields == {"id": "1", "text": "a"}
    assert csv.field_size_limit() == before
    if not is_left:
        assert len(list(rows)) == 1
    assert csv.field_size_limit() == before


CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufdd0")
    | st.sampled_from('",;\\\r\n\t|#')
)
NAMES = ["id", "العنوان", "text", "outlet"]


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1)
    ),
    st.sampled_from(DELIMITERS),
    st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\n", csv.QUOTE_ALL), ("\r", csv.QUOTE_ALL)]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_table_written_by_python_is_read_as_it_was(table, delimiter, form, encoding):
    end, quoting = form
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(NAMES[: len(table[0])])
    writer.writerows(table)
    rows = read(file.getvalue(), encoding)
    assert [list(row.fields.values()) for row in rows] == table


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=2)),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_a_table_with_backslashes_is_read_as_it_was(table, delimiter):
    table = [['قال "نعم"', f"{delimiter} ثم"], *table]
    file = io.StringIO()
    writer = csv.writer(
        file, delimiter=delimiter, quoting=csv.QUOTE_ALL, escapechar="\\", doublequote=False
    )
    writer.writerow(NAMES[:2])
    writer.writerows(table)
    rows = read(file.getvalue())
    assert [list(row.fields.values()) for row in rows] == table


@given(st.binary() | st.text(st.sampled_from('id,text;\t"\\\n\r#sep=|')).map(str.encode))
def test_nothing_but_a_told_error_comes_out_of_any_bytes(content):
    try:
        rows = read(content)
    except (InputError, UnicodeError):
        return
    assert all(isinstance(row, Record | Failure) for row in rows)
