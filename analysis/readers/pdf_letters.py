"""The letters of a PDF and their places, read by a process of their own.

A PDF can be made so that its library runs for ever, takes all memory or crashes: a form that
draws itself twice is enough. What is read here is therefore read in another process, with
limits of time and memory, that runs this file and imports nothing of ours.
"""

import array
import ctypes
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

MOST_PAGES = 2_000
MOST_LETTERS = 2_000_000
MOST_SECONDS = 60
"""Of computing; waiting for other programs is not counted, but ends after five times this."""
MOST_MEMORY = 4_000_000_000
_NUMBERS = 6


class Letter(NamedTuple):
    """A letter, where it is set and drawn from left to right, its base line and its size."""

    text: str
    origin: float
    left: float
    right: float
    base: float
    size: float


class Letters(NamedTuple):
    """The letters of each page; `problem` says why there are none.

    `pictures` are the numbers of the pages, from 1, that have pictures but no letters,
    `damaged` those of the pages that cannot be read;
    `page_count` is that of all pages.
    """

    problem: str
    page_count: int = 0
    pages: tuple[list[Letter], ...] = ()
    pictures: tuple[int, ...] = ()
    damaged: tuple[int, ...] = ()
    title: str = ""
    author: str = ""


def read_letters(content: bytes) -> Letters:
    """Return the letters of a PDF, page by page, in the order in which the file lists them.

    White space is left out: the library adds some of its own, and gaps tell words apart.

    >>> read_letters(b"text").problem
    'not a readable PDF (Data format error); save or download it again.'
    """
    limits = [str(limit) for limit in (MOST_PAGES, MOST_LETTERS, MOST_SECONDS, MOST_MEMORY)]
    try:
        done = subprocess.run(  # noqa: S603  (our own file, no shell; the PDF is its input)
            [sys.executable, "-I", str(Path(__file__).resolve()), *limits],
            input=content,
            capture_output=True,
            timeout=5 * MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Letters(_explain_end())
    head, _, numbers = done.stdout.partition(b"\n")
    if done.returncode or not head:
        return Letters(_explain_end())
    found = json.loads(head)
    if found["problem"]:
        return Letters(found["problem"])
    letters = _unpack(numbers)
    pages = tuple([next(letters) for _ in range(length)] for length in found.pop("lengths"))
    numbered = {name: tuple(found[name]) for name in ("pictures", "damaged")}
    return Letters(**found | numbered | {"pages": pages})


def _explain_end() -> str:
    return (
        f"the PDF was not read within {MOST_SECONDS} seconds and {MOST_MEMORY:,} bytes of memory, "
        "or its reader broke off; print it to a new PDF."
    )


def _unpack(content: bytes) -> Iterator[Letter]:
    numbers = array.array("d")
    numbers.frombytes(content)
    for i in range(0, len(numbers), _NUMBERS):
        code, *places = numbers[i : i + _NUMBERS]
        yield Letter(chr(int(code)), *places)


def _main() -> None:
    most_pages, most_letters, seconds, memory = map(int, sys.argv[1:5])
    _limit(seconds, memory)
    numbers = array.array("d")
    found: dict[str, Any] = {"problem": "", "page_count": 0, "title": "", "author": ""}
    found |= {"lengths": [], "pictures": [], "damaged": []}
    try:
        _read_document(sys.stdin.buffer.read(), found, numbers, most_pages, most_letters)
    except Exception as error:  # a hostile file may raise whatever its library does
        found |= {"problem": _explain(error), "lengths": []}
    head = json.dumps(found)
    sys.stdout.buffer.write(
        head.encode() + b"\n" + (b"" if found["problem"] else numbers.tobytes())
    )


def _limit(seconds: int, memory: int) -> None:
    """Bound the time and memory of this process, where the system can."""
    try:
        import resource
    except ImportError:
        return
    for kind, limit in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory)):
        resource.setrlimit(kind, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _explain(error: Exception) -> str:
    message = str(error)
    if "assword" in message or "ecurity" in message:
        return "the PDF is encrypted; open it with its password and print it to a new PDF."
    kind = message.rpartition("PDFium: ")[2].rstrip(").").replace("Success", "no pages")
    return f"not a readable PDF ({kind}); save or download it again."


def _read_document(
    content: bytes, found: dict[str, Any], numbers: Any, most_pages: int, most_letters: int
) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        found["page_count"] = len(document)
        if len(document) > most_pages:
            found["problem"] = (
                f"{len(document):,} pages, of at most {most_pages:,}; divide the PDF."
            )
            return
        properties = document.get_metadata_dict()
        found |= {"title": properties.get("Title", ""), "author": properties.get("Author", "")}
        for number in range(len(document)):
            before = len(numbers)
            try:
                is_picture = _read_page(document[number], numbers, most_letters)
            except pypdfium2.PdfiumError:
                found["damaged"].append(number + 1)
                is_picture = False
            if len(numbers) > _NUMBERS * most_letters:
                found["problem"] = f"more than {most_letters:,} letters; divide the PDF."
                return
            found["lengths"].append((len(numbers) - before) // _NUMBERS)
            if is_picture and len(numbers) == before:
                found["pictures"].append(number + 1)
    finally:
        document.close()


def _read_page(page: Any, numbers: Any, most_letters: int) -> bool:
    """Add the letters of a page, and say whether it has pictures."""
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    try:
        _read_text(text_page, numbers, most_letters)
        return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))
    finally:
        text_page.close()
        page.close()


def _read_text(text_page: Any, numbers: Any, most_letters: int) -> None:
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    box = pdfium.FS_RECTF()
    for i in range(min(text_page.count_chars(), most_letters + 1)):
        code = pdfium.FPDFText_GetUnicode(text_page, i)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            code = 0xFFFD
        if code == 0xAD or chr(code).isspace():
            continue
        pdfium.FPDFText_GetCharOrigin(text_page, i, x, y)
        pdfium.FPDFText_GetLooseCharBox(text_page, i, box)
        size = pdfium.FPDFText_GetFontSize(text_page, i)
        size = max(min(size, 4 * abs(box.top - box.bottom) or size), 1.0)
        right = max(box.right, box.left)
        numbers.extend((code, x.value, box.left, right, y.value, size))


if __name__ == "__main__":
    _main()
