"""From bytes to letters: Unicode where the bytes are Unicode, else one of the old Arabic sets."""

import codecs
import contextlib
import functools
import io
import re
from typing import NamedTuple, TextIO

from analysis.errors import InputError
from analysis.readers.rows import Source

SAMPLE = 1_000_000
"""Bytes at the start of a file by which its encoding is told."""
LEGACY = ("cp1256", "iso8859_6", "mac_arabic")
"""Windows, ISO and Macintosh; Windows-1256 is taken where nothing speaks for another."""
MOST_CONTROLS = 0.02
"""The share of control characters from which on a file is no text."""
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_NAMES = {
    "utf_8": "utf-8",
    "utf_16": "utf-16",
    "utf_16_le": "utf-16-le",
    "utf_16_be": "utf-16-be",
    "cp1256": "windows-1256",
    "iso8859_6": "iso-8859-6",
    "mac_arabic": "mac-arabic",
    "cp1252": "windows-1252",
}
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_GOOD_FOR_ONE_BAD = 10
_ARTICLE_WINDOWS = re.compile(rb"(?:^|[\s\xa0])" + "ال".encode("cp1256"))
_ARTICLE_ISO = re.compile(rb"(?:^|[\s\xa0])" + "ال".encode("iso8859_6"))
_ISO_CHARACTERS = bytes(
    byte
    for byte in range(256)
    if byte < 0x80 or (byte >= 0xA0 and bytes([byte]).decode("iso8859_6", "ignore"))
)
_PLAIN = re.compile("[\t\n\r -~\u00a0-\u00ff\u0600-\u06ff\u2010-\u2026]")
_PLAIN_SHARE = 0.95
_ESCAPED = re.compile("[\udc80-\udcff]")


class Decoded(NamedTuple):
    """A text, how its bytes were read, and what was wrong with them, in a sentence."""

    text: str
    encoding: str
    note: str


class Text(NamedTuple):
    """A file as a stream of letters; bytes that are none come out as lone surrogates."""

    lines: TextIO
    encoding: str
    note: str


def decode(content: bytes) -> Decoded:
    """Return the text of some bytes, with the name of the encoding.

    The rules, in order:

    1. A byte-order mark says UTF-8, UTF-16 or UTF-32; it is no part of the text.
    2. What is UTF-8 throughout is UTF-8. Where ten good letters of several bytes stand for
       every bad byte, the text is damaged UTF-8: each bad byte becomes U+FFFD, and the note
       counts them.
    3. Bytes with zeros that are Arabic or Latin in UTF-16 are UTF-16 without a mark.
    4. Otherwise charset-normalizer chooses among Windows-1256, ISO-8859-6 and MacArabic, and
       Windows-1252 for Latin letters, unless the Arabic article ال, which stands at other
       bytes on Windows, speaks against it. Where it cannot, Windows-1256 is taken and the
       note says so.

    >>> decode("قال الوزير".encode("cp1256"))
    Decoded(text='قال الوزير', encoding='windows-1256', note='')
    """
    encoding, note = tell_encoding(content[:SAMPLE], is_whole=len(content) <= SAMPLE)
    text = content.decode(encoding, "surrogateescape" if _keeps_bytes(encoding) else "replace")
    text, bad = _ESCAPED.subn("\ufffd", text)
    if not _keeps_bytes(encoding):
        bad = text.count("\ufffd")
    if bad:
        note = f"{note} {_tell_damage(bad, _name(encoding))}".lstrip()
    return Decoded(text, _name(encoding), note)


def open_text(source: Source) -> Text:
    """Open a file as text by the rules of `decode`, told by its first million bytes.

    Line ends stay as they are. Bytes that are no letters come out as lone surrogates, so
    that the row they stand in can be refused and the others be read.
    """
    start = source.file.tell()
    head = source.file.read(SAMPLE)
    source.file.seek(start)
    encoding, note = tell_encoding(head, is_whole=len(head) < SAMPLE)
    errors = "surrogateescape" if _keeps_bytes(encoding) else "surrogatepass"
    lines = _BorrowedText(source.file, encoding=encoding, errors=errors, newline="")
    return Text(lines, _name(encoding), note)


def refuse_noise(text: str) -> None:
    r"""Raise InputError when more than 2 % of the characters of a text are control characters.

    >>> refuse_noise("قال\x01\x02")
    Traceback (most recent call last):
    analysis.errors.InputError: no text: 2 of 5 characters are control characters; if it is a
    document, give it the suffix of its format.
    """
    controls = len(_CONTROL.findall(text))
    if controls > MOST_CONTROLS * len(text):
        raise InputError(
            f"no text: {controls:,} of {len(text):,} characters are control characters; if it is "
            "a document, give it the suffix of its format."
        )


class _BorrowedText(io.TextIOWrapper):
    """Text over a file that belongs to somebody else, and stays open when this goes."""

    def close(self) -> None:
        with contextlib.suppress(ValueError):
            self.detach()


def _name(encoding: str) -> str:
    return "utf-8" if encoding == "utf-8-sig" else _NAMES.get(encoding, encoding)


def _keeps_bytes(encoding: str) -> bool:
    """Say whether bytes that are no letters can be kept apart: not where letters have two."""
    return not encoding.startswith(("utf-16", "utf_16", "utf-32"))


def _tell_damage(bad: int, encoding: str) -> str:
    subject = "1 place is" if bad == 1 else f"{bad:,} places are"
    return f"{subject} no {encoding} and became \ufffd; the file may be damaged or cut off."


def tell_encoding(head: bytes, *, is_whole: bool) -> tuple[str, str]:
    """Return the encoding of a file by its first bytes, as Python names it, and a note.

    >>> tell_encoding("قال".encode("utf-16"), is_whole=True)
    ('utf-16', '')
    """
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            return encoding, ""
    if _is_utf_8(head, is_whole):
        return "utf-8", ""
    if without_mark := _find_utf_16(head):
        return without_mark, ""
    return _choose_legacy(head)


def _is_utf_8(head: bytes, is_whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=is_whole)
    except UnicodeDecodeError:
        good = sum(1 for _ in _MULTIBYTE.finditer(head))
        bad = sum(byte > 0x7F for byte in _MULTIBYTE.sub(b"", head))
        return good >= _GOOD_FOR_ONE_BAD * bad
    return b"\0" not in head


def _find_utf_16(head: bytes) -> str | None:
    """Tell UTF-16 without a mark: one byte order makes it Arabic or Latin, and nothing else."""
    if not head.count(0):
        return None
    for encoding in ("utf_16_le", "utf_16_be"):
        text = head[: len(head) // 2 * 2].decode(encoding, "replace")
        if len(_PLAIN.findall(text)) >= _PLAIN_SHARE * len(text) > 0:
            return encoding
    return None


@functools.lru_cache(maxsize=64)
def _choose_legacy(head: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = from_bytes(head, cp_isolation=[*LEGACY, "cp1252"], threshold=0.5).best()
    windows, iso = len(_ARTICLE_WINDOWS.findall(head)), len(_ARTICLE_ISO.findall(head))
    if iso > windows:
        return ("mac_arabic" if _is_macintosh(head) else "iso8859_6"), ""
    if best is not None:
        return best.encoding, ""
    if windows:
        return "cp1256", ""
    return "cp1256", "the encoding could not be told; read as windows-1256."


def _is_macintosh(head: bytes) -> bool:
    """Tell MacArabic from ISO-8859-6, which has the same letters, by what stands between them.

    ISO has only controls and gaps where Macintosh has quotation marks and digits, and a
    Macintosh writes the blanks of Arabic with a byte of their own.
    """
    between = head.translate(None, delete=_ISO_CHARACTERS)
    return bool(between) or head.count(b"\xa0") > head.count(b" ")
