r"""Rich text composed by hand: Arabic as \u codes and as bytes, whole, damaged and hostile."""

import io

import pytest
from exports import FACTIVA, FACTIVA_ROWS, TAGGED_ROW, TAGS
from hypothesis import given
from hypothesis import strategies as st

from analysis.readers import rich_text
from analysis.readers.rich_text import read_rich_text
from analysis.readers.rows import Failure, Record, Source


def read(content):
    content = content if isinstance(content, bytes) else content.encode("latin-1")
    return list(read_rich_text(Source(io.BytesIO(content), "a.rtf")))


def text_of(content):
    (row,) = read(content)
    assert isinstance(row, Record), row
    assert row.note == ""
    return row.fields["text"]


def as_codes(text):
    """Write letters as Word does: UTF-16 units with a byte of the code page as stand-in."""
    units = text.encode("utf-16-le")
    numbers = [
        int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2)
    ]
    return "".join(rf"\u{number}\'3f" if number != 10 else "\\par\n" for number in numbers)


def as_bytes(text, encoding="windows-1256"):
    return "".join(rf"\'{byte:02x}" for byte in text.encode(encoding))


ARABIC = "قالت الحكومة: «لا تراجع» عن خطّة ٢٠٣١"


def test_letters_as_codes():
    assert text_of(rf"{{\rtf1\ansi {as_codes(ARABIC)}}}") == ARABIC
    assert text_of(r"{\rtf1\ansi\uc0\u1602\u1575\u1604}") == "قال"
    assert text_of(r"{\rtf1\ansi\uc2 \u1602ab\u1575\'c7c}") == "قا"
    assert text_of(r"{\rtf1{\uc0\u1602}\u1575?{\uc1 \u1604}?}") == "قال?"
    assert text_of(r"{\rtf1\u-1086?\u65021?}") == "\ufbc2\ufdfd"
    assert text_of(r"{\rtf1\u-10179?\u-8704?}") == "\U0001f600"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (r"\ansi\ansicpg1256", "windows-1256"),
        (r"\ansi\ansicpg1256\deff0{\fonttbl{\f0\fcharset0 Arial;}}\f0", "windows-1256"),
        (
            r"\ansi\ansicpg1252\deff1{\fonttbl{\f0 A;}{\f1\froman\fcharset178 B;}}\pard",
            "windows-1256",
        ),
        (r"\ansi{\fonttbl\f0\fcharset0 A;\f1\fcharset178 B;}\f0\plain\f1", "windows-1256"),
        (r"\ansi{\fonttbl{\f7\fcharset178 B;}}\ltrch\f0\rtlch\af7", "windows-1256"),
        (r"\ansi{\fonttbl{\f1\cpg28596 B;}}\f1", "iso8859_6"),
        (r"\mac{\fonttbl{\f1\fcharset84 B;}}\f1", "mac_arabic"),
    ],
)
def test_letters_as_bytes_of_a_code_page(head, encoding):
    written = "قالت الحكومة"
    assert text_of(rf"{{\rtf1{head} {as_bytes(written, encoding)}}}") == written


def test_bytes_that_are_not_escaped_and_latin_letters_among_them():
    content = rb"{\rtf1\ansi\ansicpg1256 " + "قال René".encode("windows-1256") + b"}"
    assert text_of(content) == "قال René"
    assert text_of(r"{\rtf1\ansi caf\'e9}") == "café"
    assert text_of(r"{\rtf1\ansi\ansicpg99999 caf\'e9}") == "café"


def test_fonts_change_the_code_page_only_in_their_group():
    fonts = r"{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset178 B;}}"
    content = rf"{{\rtf1\ansi\ansicpg1252\deff0{fonts}\'e9{{\f1 \'e9}}\'e9\f1\'c7\plain\'e9}}"
    assert text_of(content) == "ééé\u0627é"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"a\par b\line c\sect d\page e", "a\nb\nc\nd\ne"),
        ("a\\\nb\\par\nc\r\nd", "a\nb\ncd"),
        (r"{\trowd\intbl a\cell b\cell\row}c", "a\nb\nc"),
        (r"a\tab b\~c\_d\-e\emdash\endash f", "a\tb\xa0c\u2011de—–f"),
        (r"\{a\}\\b\rquote\ldblquote\zwj\zwnj\rtlmark\ltrmark", "{a}\\b’“\u200d\u200c\u200f\u200e"),
        (r"a{\*\unknown b}c{\*\bkmkstart d}e", "ace"),
        (r"a{\header b}{\footerr c}{\footnote d}{\pict 00ff}e", "ae"),
        (r"a{\field{\*\fldinst HYPERLINK x}{\fldrslt b}}c", "abc"),
        (r"a{\v b}c\v d\v0 e{\deleted f}g\deleted h\plain i", "acegi"),
        (r"a{\upr{b}{\*\ud{c}}}d", "acd"),
        (r"a{\object{\*\objdata 00}{\result b}}c", "abc"),
        (r"{\stylesheet{\s0 Normal;}}{\colortbl;\red0;}a", "a"),
        (r"\rtlpar\qr\rtlch a\ltrch b", "ab"),
        ("a\\bin3 }{\\b", "ab"),
        (r"{\pntext 1.\tab}a", "a"),
    ],
)
def test_signs_and_destinations(written, text):
    assert text_of(rf"{{\rtf1\ansi {written}}}") == text


def test_title_and_author_of_the_properties():
    info = (
        rf"{{\info{{\title {as_codes('خطة للمياه')}}}{{\author {as_codes('سلمى')}}}{{\company c}}}}"
    )
    (row,) = read(rf"{{\rtf1{info}{as_codes('بقلم سلمى')}}}")
    assert row == Record(None, {"text": "بقلم سلمى", "title": "خطة للمياه", "author": "سلمى"})
    (row,) = read(rf"{{\rtf1{info.replace('u1582', 'u1581')}{as_codes('خبر')}}}")
    assert row.fields == {"text": "خبر", "title": "حطة للمياه"}


def test_an_export_gives_its_articles():
    assert read(rf"{{\rtf1\ansi {as_codes(chr(10).join(FACTIVA))}}}") == FACTIVA_ROWS
    rows = "".join(rf"\trowd {tag}\cell {as_codes(value)}\cell\row " for tag, value in TAGS.items())
    assert read(rf"{{\rtf1\ansi {rows}}}") == [TAGGED_ROW]


BROKEN = "the file breaks off inside a group; the text may be cut off."


@pytest.mark.parametrize(
    "rest", ["", "\\", "\\'", "\\'c", "\\u", "{", "{\\pict", "\\bin99999999 a"]
)
def test_a_file_that_breaks_off_keeps_what_was_read(rest):
    (row,) = read(rf"{{\rtf1\ansi {as_codes('خبر')}" + rest)
    assert row == Record(None, {"text": "خبر"}, note=BROKEN)


def test_an_export_that_breaks_off():
    rows = read(rf"{{\rtf1\ansi {as_codes(chr(10).join(FACTIVA))}")
    assert rows == [FACTIVA_ROWS[0], FACTIVA_ROWS[1]._replace(note=BROKEN)]


def test_a_mark_before_the_first_group_is_no_text():
    assert text_of(b"\xef\xbb\xbf\n{\\rtf1 a}") == "a"


def test_what_follows_the_last_group_is_no_text():
    assert text_of(r"{\rtf1 a}b}{c") == "a"


def test_letters_that_cannot_be_read_are_counted():
    (row,) = read(r"{\rtf1\ansi a\u-10179?b\'81}")
    assert row == Record(
        None, {"text": "a\ufffdb\ufffd"}, note="2 letters could not be read and became \ufffd."
    )


@pytest.mark.parametrize(
    "content", ["", "خبر".encode(), b"\0", b"rtf", b"\xd0\xcf\x11\xe0"], ids=range(5)
)
def test_other_files_are_told(content):
    reason = "not rich text: it does not begin with {\\rtf; save it again as .rtf."
    assert read(content) == [Failure(None, reason)]


@pytest.mark.parametrize("content", [r"{\rtf1}", r"{\rtf1\ansi \par\par }", r"{\rtf1{\pict 00}}"])
def test_a_file_without_text(content):
    reason = "the file has no text; open it, and save it again as .docx."
    assert read(content) == [Failure(None, reason)]


def test_groups_nested_without_end():
    reason = "groups nested deeper than 10,000; save it again as .docx."
    assert read(r"{\rtf1" + "{" * 100_000) == [Failure(None, reason)]
    assert text_of(r"{\rtf1" + "{" * 9_000 + "a" + "}" * 9_001) == "a"


def test_a_file_larger_than_can_be_read(monkeypatch):
    from analysis.errors import InputError

    monkeypatch.setattr(
        rich_text, "read_bytes", lambda source: (_ for _ in ()).throw(InputError("x"))
    )
    with pytest.raises(InputError):
        read(r"{\rtf1 a}")


@pytest.mark.parametrize(
    "words",
    [
        r"\bin-5 ",
        r"\uc-3 ",
        r"\uc9999999999 ",
        r"\u9999999999?",
        r"\ansicpg ",
        r"\ansicpg-1 ",
        r"\f ",
        r"\deff ",
        r"\u ",
        r"\fcharset999 ",
        r"\cpg0 ",
    ],
)
def test_numbers_out_of_range(words):
    (row,) = read(rf"{{\rtf1\ansi {words}a{words}b}}")
    assert "b" in row.fields["text"]


WHOLE = (
    r"{\rtf1\ansi\ansicpg1256\deff0{\fonttbl{\f0\fcharset178 A;}}{\info{\title t}}"
    rf"\rtlpar {as_bytes('قال')}\par {as_codes('نعم')}{{\*\x y}}\bin2 ab\par c}}"
).encode()


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, len(WHOLE)))
def test_no_changed_byte_and_no_cut_breaks_it(place, byte, length):
    changed = bytearray(WHOLE)
    changed[place] = byte
    for content in (bytes(changed), WHOLE[:length]):
        (row,) = read(content)
        assert isinstance(row, Failure) or row.fields["text"]


CONTROLS = ["u1602?", "'c7", "par", "f1", "fonttbl", "*", "ud", "uc0", "bin3", "v"]
WORDS = [*"{}a", *(f"\\{word}" for word in CONTROLS)]


@given(st.lists(st.sampled_from(WORDS)))
def test_no_heap_of_words_breaks_it(words):
    (row,) = read(r"{\rtf1 " + " ".join(words))
    assert isinstance(row, Failure) or row.fields["text"]
