"""Word documents composed with python-docx and by hand, whole, damaged and hostile."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from exports import FACTIVA_ROWS, NEXIS, NEXIS_ROWS, TAGGED_ROW, TAGS
from hypothesis import given
from hypothesis import strategies as st

from analysis.readers import word_documents
from analysis.readers.rows import Failure, Record, Source
from analysis.readers.word_documents import read_word_document

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def read(content):
    return list(read_word_document(Source(io.BytesIO(content), "a.docx")))


def save(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def compose(*paragraphs, title="", author=""):
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = author
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return document


def pack(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def pack_document(body, *, head="", kind=MAIN, namespace=NAMESPACE):
    return pack(
        {
            "[Content_Types].xml": f'<Types><Override PartName="/word/document.xml" '
            f'ContentType="{kind}"/></Types>',
            "word/document.xml": f'{head}<w:document xmlns:w="{namespace}"><w:body>{body}'
            "</w:body></w:document>",
        }
    )


def repack(content, change):
    """Write an archive again with its members changed by `change(name, content)`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return pack({name: change(name, member) for name, member in members.items()})


def test_paragraphs_and_cells_are_read_in_their_order():
    document = compose("الحكومة تعلن خطة", "")
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "يمين"
    table.cell(0, 1).text = "يسار"
    document.add_paragraph("أعلنت الحكومة\tخطة.\nسطر ثان")
    document.sections[0].header.paragraphs[0].text = "ترويسة"
    document.sections[0].footer.paragraphs[0].text = "تذييل"
    text = "الحكومة تعلن خطة\nيمين\nيسار\nأعلنت الحكومة\tخطة.\nسطر ثان"
    assert read(save(document)) == [Record(None, {"text": text})]


def run(text):
    return f"<w:r><w:rPr><w:rtl/></w:rPr><w:t>{text}</w:t></w:r>"


INSIDE = {
    "insertion": (f"<w:ins>{run('زيد')}</w:ins>", "زيد"),
    "deletion": ("<w:del><w:r><w:delText>حذف</w:delText><w:t>حذف</w:t></w:r></w:del>", ""),
    "moved": (f"<w:moveFrom>{run('حذف')}</w:moveFrom><w:moveTo>{run('نقل')}</w:moveTo>", "نقل"),
    "link": (f"<w:hyperlink>{run('رابط')}</w:hyperlink>", "رابط"),
    "smart tag": (f"<w:smartTag>{run('ذكي')}</w:smartTag>", "ذكي"),
    "content control": (
        f"<w:sdt><w:sdtPr><w:t>اسم</w:t></w:sdtPr><w:sdtContent>{run('حقل')}</w:sdtContent></w:sdt>",
        "حقل",
    ),
    "simple field": (f"<w:fldSimple>{run('رقم')}</w:fldSimple>", "رقم"),
    "field": (f"<w:r><w:instrText>PAGE</w:instrText></w:r>{run('٣')}", "٣"),
    "signs": (
        "<w:r><w:t>أ</w:t><w:tab/><w:t>ب</w:t><w:br/><w:t>ج</w:t><w:noBreakHyphen/></w:r>",
        "أ\tب\nج\u2011",
    ),
    "tab stops": ('<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>', ""),
    "comment": ("<!-- سر --><?a b?>", ""),
    "alternatives": (
        '<m:AlternateContent xmlns:m="m"><m:Choice><w:p><w:r><w:t>إطار</w:t></w:r></w:p></m:Choice>'
        "<m:Fallback><w:p><w:r><w:t>إطار</w:t></w:r></w:p></m:Fallback></m:AlternateContent>",
        "",
    ),
}


@pytest.mark.parametrize("name", INSIDE)
def test_what_stands_inside_a_paragraph(name):
    content, text = INSIDE[name]
    before = "إطار\n" if name == "alternatives" else ""
    body = f"<w:p>{content}{run('آخر')}</w:p>"
    assert read(pack_document(body)) == [Record(None, {"text": f"{before}{text}آخر"})]


@pytest.mark.parametrize(
    "kind",
    [
        MAIN,
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    ],
)
def test_macros_templates_and_strict_documents_are_read(kind):
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    for namespace in (NAMESPACE, strict):
        content = pack_document(f"<w:p>{run('خبر')}</w:p>", kind=kind, namespace=namespace)
        assert read(content) == [Record(None, {"text": "خبر"})]


@pytest.mark.parametrize("style", ["Title", "Heading 1"])
def test_the_title_is_the_paragraph_in_its_style(style):
    document = compose("بقلم سلمى", title="غيره")
    document.add_paragraph("خطة للمياه", style=style)
    text = "بقلم سلمى\nخطة للمياه"
    assert read(save(document)) == [Record(None, {"text": text, "title": "خطة للمياه"})]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("خطة للمياه", {"title": "خطة للمياه"}),
        ("", {}),
        ("Microsoft Word - خطة.doc", {}),
        ("Document1", {}),
        ("Untitled", {}),
        ("مستند 2", {}),
        ("خطة.docx", {}),
    ],
)
def test_a_title_of_the_properties_must_be_one(title, found):
    assert read(save(compose("خبر", title=title))) == [Record(None, {"text": "خبر"} | found)]


def test_an_author_of_the_properties_must_stand_in_the_text_and_dates_are_not_read():
    (row,) = read(save(compose("بقلم سلمى الهادي", author="سلمى الهادي")))
    assert row.fields == {"text": "بقلم سلمى الهادي", "author": "سلمى الهادي"}
    (row,) = read(save(compose("بقلم سلمى الهادي", author="python-docx")))
    assert row.fields == {"text": "بقلم سلمى الهادي"}


def test_an_export_gives_its_articles():
    assert read(save(compose(*NEXIS))) == NEXIS_ROWS
    document = compose()
    table = document.add_table(len(TAGS), 2)
    for row, (tag, value) in zip(table.rows, TAGS.items(), strict=True):
        row.cells[0].text, row.cells[1].text = tag, value
    assert read(save(document)) == [TAGGED_ROW]
    assert len(FACTIVA_ROWS) == 2


def test_a_document_without_text():
    reason = "the document has no text; if it holds pictures of text, recognise them (OCR)."
    assert read(save(compose(" ", ""))) == [Failure(None, reason)]


@pytest.mark.parametrize(
    "rest", [b"", b"\0" * 600, "EncryptedPackage".encode("utf-16-le")], ids=range(3)
)
def test_encrypted_and_old_documents(rest):
    reason = "encrypted or an old .doc; open it in Word, remove the password, save it as .docx."
    assert read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rest) == [Failure(None, reason)]


WHOLE = save(compose("الحكومة تعلن خطة", "أعلنت الحكومة خطة جديدة."))
WHOLE_ROW = Record(None, {"text": "الحكومة تعلن خطة\nأعلنت الحكومة خطة جديدة."})


@pytest.mark.parametrize("length", [0, 1, 4, 100, len(WHOLE) // 2, len(WHOLE) - 30])
def test_a_document_that_breaks_off(length):
    reason = "not a Word document, or cut off (File is not a zip file); save it again as .docx."
    assert read(WHOLE[:length]) == [Failure(None, reason)]


def damaged(error):
    return (
        f"the Word document is damaged ({error}); open it in Word, let it be repaired, and save it "
        "again as .docx."
    )


def test_an_archive_that_is_no_document():
    error = "KeyError: \"There is no item named '[Content_Types].xml' in the archive\""
    assert read(pack({"a.txt": "خبر"})) == [Failure(None, damaged(error))]
    content = pack_document("", kind="application/vnd.ms-excel.sheet.main+xml")
    assert read(content) == [Failure(None, damaged("ValueError: it has no text part"))]


def test_xml_that_breaks_off():
    content = repack(WHOLE, lambda name, member: member[:-40] if name.endswith("t.xml") else member)
    (failure,) = read(content)
    assert failure.row is None
    assert re.fullmatch(
        r"the Word document is damaged \(XMLSyntaxError: .+\); open it in Word, let it be "
        r"repaired, and save it again as \.docx\.",
        failure.reason,
    )


def entities(levels):
    lines = ['<!ENTITY e0 "خبرخبرخبر">']
    lines += [f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, levels)]
    return f"<!DOCTYPE a [{''.join(lines)}]>"


@pytest.mark.parametrize(
    ("head", "written"),
    [
        (entities(2), "&e1;"),
        ('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;"),
        ('<!DOCTYPE a [<!ENTITY % e SYSTEM "http://localhost/a.dtd"> %e;]>', ""),
        ('<!DOCTYPE a SYSTEM "http://localhost/a.dtd">', ""),
    ],
)
def test_entities_are_never_resolved(head, written):
    content = pack_document(f"<w:p><w:r><w:t>خبر{written}</w:t></w:r></w:p>", head=head)
    error = "ValueError: its XML has a document type, which Word never writes"
    assert read(content) == [Failure(None, damaged(error))]


@pytest.mark.parametrize("written", ["&e8;", "خبر"])
def test_a_bomb_of_entities_is_refused(written):
    body = f'<w:p w:a="{written}">{run(written)}</w:p>'
    (failure,) = read(pack_document(body, head=entities(9)))
    assert failure.row is None
    assert failure.reason.startswith("the Word document is damaged (")


def test_deep_xml_is_refused():
    (failure,) = read(pack_document("<w:p>" * 5_000 + "</w:p>" * 5_000))
    assert failure.reason.startswith("the Word document is damaged (XMLSyntaxError: ")


def test_bombs_are_told_by_the_directory_of_the_archive(monkeypatch):
    bomb = repack(
        WHOLE, lambda name, member: b" " * 20_000_000 if name.endswith("t.xml") else member
    )
    (failure,) = read(bomb)
    assert re.fullmatch(
        r"its part 'word/document\.xml' unpacks to 20,000,000 bytes, [\d,]+ times its size, as in "
        r"an archive made to fill the memory; save the document again\.",
        failure.reason,
    )
    monkeypatch.setattr(word_documents, "LARGEST_DOCUMENT", 19_000_000)
    assert read(bomb) == [
        Failure(
            None,
            "more than 19,000,000 bytes or 10,000 parts when unpacked; divide the document, or "
            "take its pictures out.",
        )
    ]


def test_too_many_parts_and_too_large_a_part(monkeypatch):
    monkeypatch.setattr(word_documents, "LARGEST_XML", 10_000)
    (failure,) = read(WHOLE)
    assert re.fullmatch(
        r"its part '[\w/.]+' has more than 10,000 bytes; divide the document\.", failure.reason
    )
    monkeypatch.setattr(word_documents, "MOST_MEMBERS", 2)
    assert read(WHOLE) == [
        Failure(
            None,
            "more than 200,000,000 bytes or 2 parts when unpacked; divide the document, or take "
            "its pictures out.",
        )
    ]


def test_an_archive_with_a_password():
    flagged = bytearray(WHOLE)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(mark), WHOLE):
            flagged[match.start() + place] |= 1
    (failure,) = read(bytes(flagged))
    assert failure.reason.startswith("the Word document is damaged (RuntimeError: File ")


def test_a_part_that_is_not_read_may_be_damaged():
    document = compose("خبر")
    document.element.body.insert(0, parse_xml(f'<w:p xmlns:w="{NAMESPACE}"/>'))
    content = repack(
        save(document), lambda name, member: b"<" if name.endswith("settings.xml") else member
    )
    assert read(content) == [Record(None, {"text": "خبر"})]


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_no_changed_byte_breaks_it(place, byte):
    changed = bytearray(WHOLE)
    changed[place] = byte
    (row,) = read(bytes(changed))
    assert isinstance(row, Failure) or row.fields["text"]


@given(st.binary(max_size=300), st.integers(0, len(WHOLE)))
def test_no_bytes_break_it(content, length):
    for given_content in (content, WHOLE[:length] + content, b"PK\x03\x04" + content):
        (row,) = read(given_content)
        assert isinstance(row, Failure) or row.fields["text"]
