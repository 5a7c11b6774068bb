"""Text files: one article each, or the export of a press database."""

import re

from analysis.readers.encodings import decode, refuse_noise
from analysis.readers.press_exports import add_encoding, split_press_export
from analysis.readers.rows import Record, Rows, Source, read_bytes

LEAST_DIVIDERS = 2
"""Lines of signs (=====) from which on a text may hold several articles, which is noted."""
_DIVIDER = re.compile(r"^[ \t]*(?:={5,}|\*{5,}|#{5,}|_{5,}|-{5,})[ \t]*$", re.MULTILINE)


def read_text(source: Source) -> Rows:
    """Read a text file as one article, verbatim; one that is a press export as its articles.

    InputError is raised for a file that is no text: where more than 2 % are control characters.
    """
    text, encoding, note = decode(read_bytes(source))
    refuse_noise(text)
    dividers = len(_DIVIDER.findall(text))
    if dividers >= LEAST_DIVIDERS:
        note = f"{note} {dividers} lines of signs divide it; save each article by itself.".lstrip()
    rows = split_press_export(text.splitlines()) or [Record(None, {"text": text})]
    yield from add_encoding(rows, encoding, note)
