"""Workbooks of Excel: what Excel shows is read, and no file does harm."""

import datetime
import io
import re
import warnings
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.readers import spreadsheets
from analysis.readers.rows import Failure, Record, Source
from analysis.readers.spreadsheets import read_spreadsheet

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def save(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def make(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    return save(workbook)


def read(content):
    return list(read_spreadsheet(Source(io.BytesIO(content), "a.xlsx")))


def fields(content):
    return [row.fields for row in read(content)]


def told(content):
    with pytest.raises(InputError) as error:
        read(content)
    return str(error.value)


def change(content, part, edit):
    """Return a workbook one part of which is edited, or left out where the edit gives None."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            text = old.read(name)
            text = edit(text) if name == part else text
            if text is not None:
                new.writestr(name, text)
    return file.getvalue()


def with_strings(*texts, before=""):
    """Return a workbook with a column `text` whose cells refer to the texts by number."""
    strings = "".join(f"<si>{text}</si>" for text in ("<t>text</t>", *texts))
    rows = "".join(
        f'<row r="{i + 1}"><c r="A{i + 1}" t="s"><v>{i}</v></c></row>'
        for i in range(len(texts) + 1)
    )
    content = change(
        make(["text"]),
        SHEET,
        lambda sheet: re.sub(rb"<row.*</row>", rows.encode(), sheet, flags=re.DOTALL),
    )
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(
            "xl/sharedStrings.xml", f'{before}<sst xmlns="{NAMESPACE}">{strings}</sst>'
        )
    return file.getvalue()


def with_rows(xml):
    """Return a workbook whose sheet has a header `text`, and these rows as they stand."""
    return change(
        make(["text"], ["أ"]),
        SHEET,
        lambda sheet: re.sub(rb"(<row r=\"2\".*?</row>)", xml.encode(), sheet, flags=re.DOTALL),
    )


def test_values_are_what_excel_shows():
    row = [
        "قال:\n«نعم» & <ثم>",
        7,
        7.0,
        0.5,
        True,
        datetime.datetime(2031, 1, 2),
        datetime.datetime(2031, 1, 2, 3, 4, 5),
        datetime.time(3, 4),
        datetime.timedelta(hours=30),
        -1e20,
    ]
    header = ["text", "whole", "round", "half", "yes", "day", "moment", "time", "span", "far"]
    (record,) = read(make(header, row))
    assert record == Record(
        1,
        dict(zip(header, [*row[:7], "03:04:00", "1 day, 6:00:00", -1e20], strict=True)),
    )
    assert [type(value) for value in record.fields.values()][1:4] == [int, int, float]


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    workbook.active.append(["day"])
    workbook.active.append([datetime.datetime(2031, 1, 2)])
    assert fields(save(workbook)) == [{"day": datetime.datetime(2031, 1, 2)}]


def test_blank_rows_and_columns_are_passed_over():
    content = make(
        [], [None, None, "id", "text"], [], [None, None, 7, "أ"], [None, None, None, ""], [None] * 2
    )
    assert fields(content) == [{"id": 7, "text": "أ"}]


def test_a_title_above_the_header_is_left_out_and_noted():
    first, second = read(make(["تقرير"], [], [None, "2031"], ["id", "text"], [7, "أ"], [8, "ب"]))
    assert (first.row, first.fields) == (1, {"id": 7, "text": "أ"})
    assert first.note == "the rows above the header were left out: تقرير; 2031."
    assert second == Record(2, {"id": 8, "text": "ب"})


def test_a_row_with_a_remark_makes_no_title_of_the_header():
    for remark in (["أ", "?"], ["أ", None, "?"], ["أ" * 61, "?"], ["أ", 1]):
        first, second = read(make(["text"], remark, ["ب"]))
        assert (first.fields, second.fields) == ({"text": remark[0]}, {"text": "ب"})


def test_one_column_has_no_title():
    assert fields(make(["text"], ["أ"], ["ب"], ["ج"], ["د"], ["هـ", "و"])) == [
        {"text": letter} for letter in ("أ", "ب", "ج", "د", "هـ")
    ]


def test_a_column_without_a_name_gets_its_letter():
    assert fields(make(["id", None, "text"], [7, "x", "أ"])) == [
        {"id": 7, "column B": "x", "text": "أ"}
    ]


def test_what_stands_outside_the_table_is_noted():
    (row,) = read(make(["text"], ["أ", None, "?"]))
    assert row == Record(
        1, {"text": "أ"}, note="cell C2 stands outside the table and was left out."
    )


def test_sheets_are_read_one_after_the_other():
    workbook = openpyxl.Workbook()
    workbook.active.title = "الأول"
    workbook.create_sheet("فارغ")
    workbook.create_sheet("الثاني")
    for name, text in (("الأول", "أ"), ("الثاني", "ب")):
        workbook[name].append(["text"])
        workbook[name].append([text])
    assert read(save(workbook)) == [
        Record(1, {"text": "أ", "sheet": "الأول"}),
        Record(2, {"text": "ب", "sheet": "الثاني"}),
    ]


def test_a_column_twice_costs_its_sheet():
    workbook = openpyxl.Workbook()
    workbook.active.append(["text", "text"])
    workbook.create_sheet("b").append(["text"])
    workbook["b"].append(["أ"])
    assert read(save(workbook)) == [
        Failure(None, "sheet 'Sheet': the header has the column 'text' twice; rename one."),
        Record(1, {"text": "أ", "sheet": "b"}),
    ]


def test_a_value_in_merged_cells_counts_for_every_row():
    workbook = openpyxl.Workbook()
    for row in (["day", "text"], ["2031", "أ"], [None, "ب"], [None, "ج"], ["2032", "د"]):
        workbook.active.append(row)
    workbook.active.merge_cells("A2:A3")
    workbook.active.merge_cells("B5:C5")
    assert [(row["day"], row["text"]) for row in fields(save(workbook))] == [
        ("2031", "أ"),
        ("2031", "ب"),
        (None, "ج"),
        ("2032", "د"),
    ]


def test_errors_and_formulas_never_computed_are_empty_and_noted():
    first, second = read(make(["text", "n"], ["أ", "=1+1"], ["#REF!", 2]))
    assert first == Record(
        1,
        {"text": "أ", "n": None},
        note="cell B2 holds a formula that was never computed; it was read as empty.",
    )
    assert second == Record(
        2, {"text": None, "n": 2}, note="cell A3 holds the error #REF!; it was read as empty."
    )


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ('<c r="A2" t="str"><f>A1</f><v>أ</v></c>', "أ", ""),
        ('<c r="A2"><f>1+1</f><v>2</v></c>', 2, ""),
        ('<c r="A2"><v>1.0</v></c>', 1, ""),
        ('<c r="A2"><v>1E3</v></c>', 1000, ""),
        ("<c><v>5</v></c>", 5, ""),
        ('<c r="A2" t="d"><v>2031-01-02T00:00:00</v></c>', "2031-01-02T00:00:00", ""),
        ('<c r="A2" t="b"><v>0</v></c>', False, ""),
        ('<c r="A2" t="inlineStr"><is><r><t>قا</t></r><r><t>ل</t></r></is></c>', "قال", ""),
        (
            '<c r="A2" t="inlineStr"><is><t>漢</t><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',
            "漢",
            "",
        ),
        ('<c r="A2" t="str"><v>a_x000D_\nb_xD83D__xDCF0_c_x005F_x0041_</v></c>', None, ""),
        ('<c r="A2"><v>1e999</v></c>', None, "the number 1e999"),
        ('<c r="A2"><v>x</v></c>', None, "'x' as a number"),
        ('<c r="A2" t="s"><v>99</v></c>', None, "a text that is missing in the file"),
        ('<c r="A2" t="s"><v>-1</v></c>', None, "a text that is missing in the file"),
        ('<c r="A2" t="e"><v>#DIV/0!</v></c>', None, "the error #DIV/0!"),
    ],
)
def test_a_cell_is_read_as_it_stands(cell, value, problem):
    (row,) = read(with_rows(f'<row r="2">{cell}</row>'))
    if "_x000D_" in cell:
        value = "a\r\nb\U0001f4f0c_x0041_"
    note = f"cell A2 holds {problem}; it was read as empty." if problem else ""
    assert row == Record(1, {"text": value}, note=note)


def test_texts_that_cells_refer_to_are_read():
    texts = ["<t>أ</t>", "<r><t>قا</t></r><r><t>ل</t></r>", "<t/>", "<t>漢</t><rPh><t>x</t></rPh>"]
    assert fields(with_strings(*texts)) == [{"text": "أ"}, {"text": "قال"}, {"text": "漢"}]


def test_a_date_out_of_range_is_noted():
    content = make(["day"], [datetime.datetime(2031, 1, 2)])
    content = change(content, SHEET, lambda sheet: re.sub(rb"<v>4\d{4}</v>", b"<v>9e9</v>", sheet))
    (row,) = read(content)
    assert row == Record(
        1, {"day": None}, note="cell A2 holds a date out of range (9e9); it was read as empty."
    )


def test_names_with_a_prefix_are_read():
    def prefix(xml):
        xml = re.sub(rb"<(/?)(?![?/])(\w)", rb"<\1x:\2", xml)
        return xml.replace(b"xmlns=", b"xmlns:x=")

    content = make(["text"], ["أ"])
    for part in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        content = change(content, part, prefix)
    assert fields(content) == [{"text": "أ"}]


def test_rows_out_of_order_and_without_numbers_are_read():
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'
    rows = "".join(
        f"<row{number}>{cell.format(letter)}</row>"
        for number, letter in (('r="9"', "أ"), ('r="3"', "ب"), ("", "ج"), ('r="3"', "د"))
    ).replace("<rowr", "<row r")
    assert fields(with_rows(rows)) == [{"text": letter} for letter in "أبجد"]


def test_a_sheet_that_claims_a_million_rows_has_those_it_has():
    content = change(
        make(["text"], ["أ"]),
        SHEET,
        lambda sheet: re.sub(rb'ref="A1:A2"', b'ref="A1:XFD1048576"', sheet),
    )
    assert fields(content) == [{"text": "أ"}]
    last = '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'
    (row,) = read(with_rows(last))
    assert row.note == "cell XFD1048576 stands outside the table and was left out."


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('<row r="1048577"><c/></row>', "it has a row '1048577', which no sheet has"),
        ('<row r="99999999999999"><c/></row>', "it has a row '99999999999999', which no sheet has"),
        ('<row r="-1"><c/></row>', "it has a row '-1', which no sheet has"),
        ('<row r="2"><c r="ZZZ2"/></row>', "it has a cell 'ZZZ2', which no sheet has"),
        ('<row r="2"><c r="AAAAAAA2"/></row>', "it has a cell 'AAAAAAA2', which no sheet has"),
        ('<row r="2">' + "<c/>" * 16_385 + "</row>", "it has a cell 'None', which no sheet has"),
    ],
    ids=range(6),
)
def test_places_that_no_sheet_has_end_the_sheet(row, reason):
    good = '<row r="2"><c r="A2" t="str"><v>أ</v></c></row>'
    assert read(with_rows(good + row)) == [
        Record(1, {"text": "أ"}),
        Failure(None, f"sheet 'Sheet': {reason}; save it again in Excel."),
    ]


def test_a_sheet_that_breaks_off_is_read_up_to_there():
    content = change(
        make(["text"], ["أ"], ["ب"]), SHEET, lambda sheet: sheet[: sheet.index(b'<row r="3"') + 5]
    )
    first, failure = read(content)
    assert first == Record(1, {"text": "أ"})
    assert failure.row is None
    assert re.fullmatch(
        r"sheet 'Sheet' breaks off or is damaged \(.*\), and nothing after it was read; open it in "
        r"Excel and save it again as \.xlsx\.",
        failure.reason,
    )


def test_a_sheet_that_is_missing_is_passed_over():
    workbook = openpyxl.Workbook()
    workbook.create_sheet("b").append(["text"])
    workbook["b"].append(["أ"])
    content = change(save(workbook), SHEET, lambda _: None)
    assert fields(content) == [{"text": "أ"}]


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("declaration", [BOMB, OUTSIDE])
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused(part, declaration):
    content = change(make(["text"], ["أ"]), part, lambda xml: declaration.encode() + xml)
    assert told(content) == (
        f"'{part}' declares entities of XML, as no workbook does that Excel has written; save it "
        "again as .xlsx."
    )


@pytest.mark.parametrize("declaration", [BOMB, OUTSIDE])
def test_entities_among_the_texts_are_refused(declaration):
    assert told(with_strings("<t>&a;</t>", before=declaration)).startswith(
        "'xl/sharedStrings.xml' declares entities of XML"
    )


def test_entities_in_a_sheet_cost_the_sheet():
    content = change(make(["text"], ["أ"]), SHEET, lambda xml: BOMB.encode() + xml)
    assert read(content) == [
        Failure(
            None,
            f"sheet 'Sheet': '{SHEET}' declares entities of XML, as no workbook does that Excel "
            "has written; save it again as .xlsx.",
        )
    ]


def test_elements_nested_without_end_cost_the_sheet():
    content = with_rows("<a>" * 10_000)
    assert read(content) == [
        Failure(None, f"sheet 'Sheet': '{SHEET}' is nested deeper than 100 levels; save it as CSV.")
    ]


def test_a_text_without_end_costs_the_sheet(monkeypatch):
    monkeypatch.setattr(spreadsheets, "LONGEST_CELL", 1000)
    content = with_rows(f'<row r="2"><c r="A2" t="str"><v>{"x" * 1001}</v></c></row>')
    assert read(content) == [
        Failure(
            None,
            f"sheet 'Sheet': '{SHEET}' has a text of more than 1,000 characters; shorten it.",
        )
    ]


def test_a_bomb_is_told_by_its_ratio():
    content = change(make(["text"]), SHEET, lambda sheet: sheet + b" " * 10_000_001)
    assert told(content) == (
        f"its part '{SHEET}' unpacks to more than 200 times its size, as in an archive made to do "
        "harm; save its sheets as CSV."
    )


def test_a_workbook_that_is_too_large_is_told(monkeypatch):
    monkeypatch.setattr(spreadsheets, "LARGEST_WORKBOOK", 1000)
    content = make(["text"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(part.file_size for part in archive.infolist())
    assert told(content) == (
        f"unpacked the workbook has {size:,} bytes, more than the 1,000 that are read; divide it, "
        "or save its sheets as CSV."
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old workbook (.xls) or one with"),
        (b"", "not a readable workbook (File is not a zip file)"),
        (b"<html><table></table></html>", "not a readable workbook (File is not a zip file)"),
        (make(["text"])[:-200], "not a readable workbook (File is not a zip file)"),
    ],
    ids=range(4),
)
def test_what_is_no_workbook_is_told(content, reason):
    assert told(content).startswith(reason)


def test_what_to_do_with_an_old_workbook_is_told():
    assert told(b"\xd0\xcf\x11\xe0") == (
        "an old workbook (.xls) or one with a password; open it in Excel and save it as .xlsx "
        "without a password."
    )
    assert told(b"PK") == (
        "not a readable workbook (File is not a zip file); open it in Excel and save it again as "
        ".xlsx."
    )


@pytest.mark.parametrize(
    ("member", "told_reason"),
    [
        ("mimetype", "a workbook of the kind .ods; save it as .xlsx."),
        ("xl/workbook.bin", "a workbook of the kind .xlsb; save it as .xlsx."),
    ],
)
def test_other_workbooks_are_told(member, told_reason):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(member, "x")
    assert told(file.getvalue()) == told_reason


@pytest.mark.parametrize("part", ["xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_without_a_part_is_told(part):
    content = change(make(["text"], ["أ"]), part, lambda _: None)
    assert told(content).startswith("not a readable workbook (")


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/theme/theme1.xml", "docProps/core.xml"])
def test_what_only_serves_the_looks_may_be_missing(part):
    content = change(make(["text"], ["أ"]), part, lambda _: None)
    assert fields(content) == [{"text": "أ"}]


def test_no_warning_comes_out():
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    content = change(
        make(["text"], ["أ"]), SHEET, lambda sheet: sheet.replace(b"</worksheet>", extension)
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert fields(content) == [{"text": "أ"}]
    assert caught == []


GOOD = with_strings("<t>قال</t>", "<t>نعم</t>")


@given(st.data())
def test_a_damaged_byte_never_raises_another_error(data):
    place = data.draw(st.integers(0, len(GOOD) - 1))
    byte = data.draw(st.integers(0, 255))
    content = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    try:
        rows = read(content)
    except InputError:
        return
    assert all(isinstance(row, Record | Failure) for row in rows)


@given(
    st.sampled_from([SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]), st.data()
)
def test_a_damaged_part_never_raises_another_error(part, data):
    def damage(xml):
        start = data.draw(st.integers(0, len(xml)))
        stop = data.draw(st.integers(start, min(start + 40, len(xml))))
        piece = data.draw(
            st.sampled_from([b"", b"<c>", b"<v>1</v>", b"</row>", b'r="', b"&a;", b"9"])
        )
        return xml[:start] + piece + xml[stop:]

    try:
        rows = read(change(GOOD, part, damage))
    except InputError:
        return
    assert all(isinstance(row, Record | Failure) for row in rows)


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Z"]), min_size=1).filter(
        lambda text: not text.startswith(("=", "#")) and "_x" not in text
    ),
    st.integers(-(10**15), 10**15),
    st.integers(-(10**6), 10**6).map(lambda number: number + 0.125),
    st.booleans(),
    st.datetimes(datetime.datetime(1901, 1, 1), datetime.datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
)


@given(st.lists(st.tuples(st.just("أ"), CELLS, CELLS), max_size=5))
def test_a_table_written_by_openpyxl_is_read_as_it_was(table):
    content = make(["text", "one", "two"], *map(list, table))
    assert [tuple(row.values()) for row in fields(content)] == table
