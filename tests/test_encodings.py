import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.readers.encodings import Decoded, decode, open_text
from analysis.readers.rows import Source

NEWS = (
    "قالت وزيرة الري في الضفة إن السد الجديد سيفتح أبوابه مطلع الشهر، وأضافت: «لن ننتظر».\n"
    "وحضر الافتتاح 120 ضيفا من المدينة والقرى المجاورة."
)
NAMES = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32",
    "cp1256": "windows-1256",
    "mac_arabic": "mac-arabic",
}


@pytest.mark.parametrize(("encoding", "name"), NAMES.items())
def test_arabic_is_read_in_every_encoding(encoding, name):
    assert decode(NEWS.encode(encoding)) == Decoded(NEWS, name, "")


def test_iso_8859_6_has_no_angled_quotation_marks():
    text = NEWS.replace("«", '"').replace("»", '"')
    assert decode(text.encode("iso8859_6")) == Decoded(text, "iso-8859-6", "")


def test_french_is_not_read_as_arabic():
    text = "Le ministre a déclaré à l'agence que la sécurité était assurée, même à Noël."
    assert decode(text.encode("cp1252")) == Decoded(text, "windows-1252", "")


def test_damaged_utf_8_stays_utf_8():
    damaged = NEWS[:80].encode() + b"\xff" + NEWS[80:].encode()
    decoded = decode(damaged)
    assert decoded.encoding == "utf-8"
    assert decoded.text.count("\ufffd") == 1
    assert decoded.note == (
        "1 place is no utf-8 and became \ufffd; the file may be damaged or cut off."
    )


def test_utf_8_that_breaks_off_inside_a_letter_is_read_to_there():
    decoded = decode(NEWS.encode()[:-2])
    assert decoded.text == NEWS[:-2] + "\ufffd"
    assert decoded.note.startswith("1 place is no utf-8")


def test_bytes_that_tell_nothing_are_windows_1256_and_it_is_said():
    decoded = decode(b"\x81\x8d\x8f\x90" * 3)
    assert decoded.encoding == "windows-1256"
    assert decoded.note in ("", "the encoding could not be told; read as windows-1256.")


def test_a_stream_keeps_line_ends_and_hands_on_bytes_that_are_no_letters():
    content = NEWS.encode() * 3 + b"\r\n\xff\n"
    text = open_text(Source(io.BytesIO(content), "a.csv"))
    assert text.encoding == "utf-8"
    assert text.lines.read() == NEWS * 3 + "\r\n\udcff\n"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_utf_8_without_damage_is_read_as_it_is(text):
    assert decode(text.encode()) == Decoded(text, "utf-8", "")


@given(st.binary(max_size=400))
def test_any_bytes_become_text_that_can_be_written(content):
    decode(content).text.encode()
