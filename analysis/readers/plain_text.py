"""Text files: one article each, or the export of a press database."""

from analysis.readers.encodings import decode, refuse_noise
from analysis.readers.press_exports import add_encoding, split_press_export
from analysis.readers.rows import Record, Rows, Source, read_bytes


def read_text(source: Source) -> Rows:
    """Read a text file as one article, verbatim; one that is a press export as its articles.

    InputError is raised for a file that is no text: where more than 2 % are control characters.
    """
    text, encoding, note = decode(read_bytes(source))
    refuse_noise(text)
    rows = split_press_export(text.splitlines()) or [Record(None, {"text": text})]
    yield from add_encoding(rows, encoding, note)
