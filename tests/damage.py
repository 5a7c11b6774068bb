"""Good files of every format, made here, and the ways in which files come to be damaged."""

import bz2
import csv
import gzip
import io
import json
import lzma
import random
import tarfile
import zipfile

import pandas as pd
import zstandard

TITLE = "افتتاح السد الجديد في الضفة"
DATE = "2031-05-06"
OUTLET = "صدى المشرق"
PARAGRAPHS = (
    "قالت وزيرة الري إن السد الجديد سيفتح أبوابه مطلع الشهر المقبل بعد عامين من الأعمال.",
    "وأضافت الوزيرة أن كلفة السد لم تتجاوز ما رصد له في خطة البلاد، وأن القرى المجاورة ستشرب منه.",
    "وحضر الافتتاح مئة وعشرون ضيفا من المدينة، وغاب عنه مندوب المزارعين الذي اعترض على موقعه.",
)
TEXT = "\n".join(PARAGRAPHS)
ROWS = [
    {"id": f"n{number}", "title": TITLE, "date": DATE, "outlet": OUTLET, "text": f"{TEXT} {number}"}
    for number in range(1, 7)
]
_STAMP = (2031, 1, 1, 0, 0, 0)


def make_html():
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f'<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        f"<title>{TITLE}</title>"
        f'<meta property="article:published_time" content="{DATE}T09:00:00+00:00">'
        f"</head><body><article><h1>{TITLE}</h1>{body}</article></body></html>"
    ).encode()


def make_mhtml():
    return (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=cut\r\n\r\n--cut\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + make_html()
        + b"\r\n--cut--\r\n"
    )


def make_docx(paragraphs=PARAGRAPHS):
    from docx import Document

    document = Document()
    document.add_heading(TITLE, 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def make_rtf():
    letters = "".join(
        letter if letter.isascii() else f"\\u{ord(letter)}?" for letter in "\\par ".join(PARAGRAPHS)
    )
    return f"{{\\rtf1\\ansi\\ansicpg1256\\rtlpar {letters}\\par}}".encode()


def make_pdf():
    import matplotlib as mpl
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 6))
    FigureCanvasPdf(figure)
    for place, paragraph in enumerate(PARAGRAPHS):
        figure.text(0.95, 0.9 - 0.1 * place, paragraph, ha="right", fontsize=9)
    made = io.BytesIO()
    with mpl.rc_context({"pdf.fonttype": 42}):
        figure.savefig(made, format="pdf", metadata={"CreationDate": None})
    return made.getvalue()


def make_delimited(delimiter):
    made = io.StringIO()
    writer = csv.DictWriter(made, list(ROWS[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(ROWS)
    return made.getvalue().encode()


def make_xlsx():
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(list(ROWS[0]))
    for row in ROWS:
        book.active.append(list(row.values()))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def make_json():
    return json.dumps(ROWS, ensure_ascii=False, indent=1).encode()


def make_json_lines():
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


def make_parquet():
    made = io.BytesIO()
    pd.DataFrame(ROWS).to_parquet(made)
    return made.getvalue()


def make_dump():
    pages = "".join(
        f"<page><title>{row['title']} {row['id']}</title><ns>0</ns><id>{place}</id><revision>"
        f"<id>{place}</id><timestamp>2031-05-07T00:00:00Z</timestamp>"
        f"<text>{{{{تاريخ|6 مايو 2031}}}}\n{row['text']}</text></revision></page>"
        for place, row in enumerate(ROWS, start=1)
    )
    return (
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="ar"><siteinfo>'
        f"<sitename>صدى</sitename><base>https://sada.example/</base></siteinfo>{pages}</mediawiki>"
    ).encode()


def make_trec():
    return "".join(
        f"<DOC>\n<DOCNO>SD-{row['id']}-20310506</DOCNO>\n<SRC>{OUTLET}</SRC>\n"
        f"<TITLE>{TITLE}</TITLE>\n<TEXT>\n{row['text']}\n</TEXT>\n</DOC>\n"
        for row in ROWS
    ).encode()


def make_zip():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.txt", _STAMP), TEXT)
        archive.writestr(zipfile.ZipInfo("b.jsonl", _STAMP), make_json_lines())
    return made.getvalue()


def make_tar():
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in [("a.txt", TEXT.encode()), ("b.jsonl", make_json_lines())]:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


GOOD = {
    "txt": TEXT.encode,
    "html": make_html,
    "mhtml": make_mhtml,
    "docx": make_docx,
    "rtf": make_rtf,
    "pdf": make_pdf,
    "csv": lambda: make_delimited(","),
    "tsv": lambda: make_delimited("\t"),
    "xlsx": make_xlsx,
    "json": make_json,
    "jsonl": make_json_lines,
    "parquet": make_parquet,
    "xml": make_dump,
    "trec": make_trec,
    "zip": make_zip,
    "tar": make_tar,
    "jsonl.gz": lambda: gzip.compress(make_json_lines(), mtime=0),
    "jsonl.bz2": lambda: bz2.compress(make_json_lines()),
    "jsonl.xz": lambda: lzma.compress(make_json_lines()),
    "jsonl.zst": lambda: zstandard.compress(make_json_lines()),
}
"""How a good file of each suffix is made."""


def _flip(content):
    chance = random.Random(7)  # noqa: S311  (damage, not secrets)
    damaged = bytearray(content)
    for _ in range(max(3, len(content) // 100)):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _overwrite(content, what):
    middle = len(content) // 2
    return content[:middle] + what + content[middle + len(what) :]


DAMAGE = {
    "empty": lambda content: b"",
    "one byte": lambda content: content[:1],
    "cut in half": lambda content: content[: len(content) // 2],
    "last 5 bytes lost": lambda content: content[:-5],
    "first 5 bytes lost": lambda content: content[5:],
    "bits flipped": _flip,
    "NULs inside": lambda content: _overwrite(content, bytes(20)),
    "noise inside": lambda content: _overwrite(content, bytes(range(128, 255)) * 2),
    "twice in a row": lambda content: content * 2,
    "noise only": lambda content: random.Random(7).randbytes(2000),  # noqa: S311
}
"""What happens to files on the way to a scholar."""


def _rezip(content, name, replace):
    """Return a zip file with one of its parts changed."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        assert name in old.namelist()
        for member in old.infolist():
            part = old.read(member)
            new.writestr(
                zipfile.ZipInfo(member.filename, _STAMP),
                replace(part) if member.filename == name else part,
            )
    return made.getvalue()


def _zip(members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _tar(kind):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    return made.getvalue()


def _nested(depth):
    content = _zip({"a.txt": TEXT})
    for _ in range(depth - 1):
        content = _zip({"a.zip": content})
    return content


def _encrypted_zip():
    content = bytearray(make_zip())
    for mark, place in [(b"PK\3\4", 6), (b"PK\1\2", 8)]:
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + place] |= 1
            start += 4
    return bytes(content)


_ENTITIES = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
_OUTSIDE = b'<!DOCTYPE a [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


def _with_entities(doctype):
    def insert(part):
        root = part.partition(b"?>")[2] or part
        start = root.index(b">", root.index(b"<")) + 1
        return doctype + root[:start] + root[start:].replace(b"</", b"&j;</", 1)

    return insert


def _page(body, head=""):
    return f'<!doctype html><html><head><meta charset="utf-8">{head}</head>{body}</html>'.encode()


_BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)

HOSTILE = {
    "an archive whose member leads out of it": ("zip", lambda: _zip({"../../a.txt": TEXT})),
    "an archive with an absolute path": ("zip", lambda: _zip({"/etc/a.txt": TEXT})),
    "an archive with a path of Windows": ("zip", lambda: _zip({"C:\\a.txt": TEXT})),
    "an archive with a bomb and an article": (
        "zip",
        lambda: _zip({"a.txt": TEXT, "bomb.txt": bytes(120_000_000)}),
    ),
    "a bomb of gzip": ("txt.gz", lambda: gzip.compress(bytes(120_000_000), 9, mtime=0)),
    "a bomb of bzip2": ("txt.bz2", lambda: bz2.compress(bytes(120_000_000))),
    "a bomb of xz": ("txt.xz", lambda: lzma.compress(bytes(120_000_000), preset=0)),
    "a bomb of Zstandard": ("txt.zst", lambda: zstandard.compress(bytes(120_000_000))),
    "archives in archives, three deep": ("zip", lambda: _nested(3)),
    "archives in archives, nine deep": ("zip", lambda: _nested(9)),
    "an encrypted archive": ("zip", _encrypted_zip),
    "a symbolic link in an archive": ("tar", lambda: _tar(tarfile.SYMTYPE)),
    "a hard link in an archive": ("tar", lambda: _tar(tarfile.LNKTYPE)),
    "a device in an archive": ("tar", lambda: _tar(tarfile.CHRTYPE)),
    "a pipe in an archive": ("tar", lambda: _tar(tarfile.FIFOTYPE)),
    "an archive of nothing": ("zip", lambda: _zip({})),
    "an archive of an archive's noise": ("zip", lambda: _zip({"a.zip": b"PK\3\4" + bytes(99)})),
    "an archive with names of line breaks": ("zip", lambda: _zip({"a\n\u202eb.txt": TEXT})),
    "a Word file with an entity bomb": (
        "docx",
        lambda: _rezip(make_docx(), "word/document.xml", _with_entities(_ENTITIES)),
    ),
    "a Word file that asks for a file of the machine": (
        "docx",
        lambda: _rezip(make_docx(), "word/document.xml", _with_entities(_OUTSIDE)),
    ),
    "a Word file with a bomb": (
        "docx",
        lambda: _rezip(make_docx(), "word/document.xml", lambda part: part + bytes(250_000_000)),
    ),
    "a Word file without its document": (
        "docx",
        lambda: _zip({"[Content_Types].xml": b"<Types/>"}),
    ),
    "a sheet with an entity bomb": (
        "xlsx",
        lambda: _rezip(make_xlsx(), "xl/worksheets/sheet1.xml", _with_entities(_ENTITIES)),
    ),
    "a sheet that asks for a file of the machine": (
        "xlsx",
        lambda: _rezip(make_xlsx(), "xl/worksheets/sheet1.xml", _with_entities(_OUTSIDE)),
    ),
    "a sheet with a bomb": (
        "xlsx",
        lambda: _rezip(
            make_xlsx(), "xl/worksheets/sheet1.xml", lambda part: part + b" " * 250_000_000
        ),
    ),
    "a dump with an entity bomb": (
        "xml",
        lambda: (
            b'<?xml version="1.0"?>' + _ENTITIES + make_dump().replace(b"</text>", b"&j;</text>")
        ),
    ),
    "a dump that asks for a file of the machine": (
        "xml",
        lambda: (
            b'<?xml version="1.0"?>' + _OUTSIDE + make_dump().replace(b"</text>", b"&j;</text>")
        ),
    ),
    "a page with scripts": (
        "html",
        lambda: _page(f"<body onload=x()><script>alert(1)</script>{_BODY}<img onerror=y()></body>"),
    ),
    "a page of 100,000 boxes one in the other": ("html", lambda: _page("<div>" * 100_000 + _BODY)),
    "a page with a comment that never ends": ("html", lambda: _page(f"{_BODY}<!-- {_BODY}")),
    "a page that is all attribute": (
        "html",
        lambda: _page(f'<p title="{"x" * 3_000_000}">{_BODY}'),
    ),
    "a page of script alone": ("html", lambda: _page("<script>document.write('x')</script>")),
    "a page that declares another encoding": (
        "html",
        lambda: _page(_BODY).replace(b'charset="utf-8"', b'charset="windows-1256"'),
    ),
    "a page in Windows-1256 that declares UTF-8": (
        "html",
        lambda: _page(_BODY).decode().encode("cp1256"),
    ),
    "rich text 100,000 groups deep": ("rtf", lambda: b"{\\rtf1 " + b"{" * 100_000 + b"x"),
    "rich text with a number of 10,000 digits": (
        "rtf",
        lambda: make_rtf().replace(b"\\par ", b"\\par" + b"9" * 10_000 + b" ", 1),
    ),
    "JSON 100,000 lists deep": ("json", lambda: b"[" * 100_000 + b"]" * 100_000),
    "JSON with a number of 10,000 digits": (
        "json",
        lambda: b'[{"text": "x", "n": ' + b"9" * 10_000 + b'}, {"text": "y"}]',
    ),
    "JSON with a key twice": ("json", lambda: b'[{"text": "x", "text": "y"}]'),
    "JSON that is a number": ("json", lambda: b"42"),
    "JSON without articles": ("json", lambda: b'{"status": "ok", "total": 0, "articles": []}'),
    "lines of JSON 100,000 lists deep": (
        "jsonl",
        lambda: b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n" + make_json_lines(),
    ),
    "lines with half a character": ("jsonl", lambda: b'{"text": "\\ud83d"}\n' + make_json_lines()),
    "lines with NaN": ("jsonl", lambda: b'{"text": "x", "n": NaN}\n' + make_json_lines()),
    "lines of other things than objects": (
        "jsonl",
        lambda: b'7\n"x"\n["y"]\nnull\n' + make_json_lines(),
    ),
    "a line of 60 million letters": (
        "jsonl",
        lambda: b'{"text": "' + b"x" * 60_000_000 + b'"}\n' + make_json_lines(),
    ),
    "a table with formulas": ("csv", lambda: b'id,title,text\n1,=1+1,"=HYPERLINK(""x"")"\n2,b,c\n'),
    "a table whose field never ends": ("csv", lambda: make_delimited(",") + b'n7,"x\n' * 50),
    "a table with a field of 12 million letters": (
        "csv",
        lambda: b"id,text\n1," + b"x" * 12_000_000 + b"\n2,y\n",
    ),
    "a table of 50,000 columns": ("csv", lambda: b",".join(b"c%d" % n for n in range(50_000))),
    "a table with a column twice": ("csv", lambda: b"text,text\na,b\n"),
    "a table without a header": ("csv", lambda: make_delimited(",").partition(b"\n")[2]),
    "a table of nothing but its header": ("csv", lambda: b"id,text\n"),
    "rows with too few and too many fields": ("csv", lambda: b"id,text\n1\n2,a,b\n3,c\n"),
    "a text of nothing but blanks": ("txt", lambda: b" \n\t" * 100_000),
    "a text with marks that turn its direction": ("txt", lambda: f"\u202e{TEXT}".encode()),
    "a text of one letter a million times": ("txt", lambda: "ا".encode() * 1_000_000),
    "a picture called a text": (
        "txt",
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    ),
    "a PDF called a text": ("txt", make_pdf),
    "a page called a text": ("txt", make_html),
    "a Word file called a table": ("csv", make_docx),
    "a sheet called a table": ("csv", make_xlsx),
    "rich text called a Word file": ("doc", make_rtf),
    "a page called a sheet": ("xls", make_html),
    "an archive called a text": ("txt", make_zip),
    "lines of JSON called a text": ("json", make_json_lines),
    "an old Word file": ("doc", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)),
    "an encrypted Word file": ("docx", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)),
    "a suffix that nobody knows": ("unknown", TEXT.encode),
    "a PDF whose page draws itself": (
        "pdf",
        lambda: (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
        ),
    ),
}
"""What somebody may have made on purpose, or by a mistake of another kind: suffix and maker."""


def outcome(content, suffix, folder):
    """Read a file beside a good one, and say what became of its rows and the first reason."""
    from analysis.articles import load_articles

    path = folder / f"file.{suffix}"
    path.write_bytes(content)
    (folder / "beside.txt").write_text("وصل الوفد إلى المدينة وغادرها مساء.", "utf-8")
    articles, manifest = load_articles(folder)
    beside = manifest["source_file"] == (folder / "beside.txt").as_posix()
    assert manifest.loc[beside, "status"].tolist() == ["read"]
    assert set(articles["article_id"]) == set(
        manifest.loc[manifest["status"] == "read", "article_id"]
    )
    rows = manifest[~beside]
    assert len(rows)
    told = rows.loc[~rows["status"].isin(["read", "duplicate"]), "reason"]
    assert (told.str.len() > 0).all()
    counts = rows["status"].value_counts().sort_index(ascending=False)
    noted = [*told, *rows.loc[rows["status"] == "read", "reason"]]
    reasons = [reason for reason in noted if reason and not reason.startswith("no date")]
    return ", ".join(f"{number} {status}" for status, number in counts.items()), reasons[:1]


def cases():
    """Yield the name of each case, its suffix and how its file is made."""
    for suffix, make in GOOD.items():
        for name, harm in DAMAGE.items():
            yield f"{suffix}: {name}", suffix, lambda make=make, harm=harm: harm(make())
    for name, (suffix, make) in HOSTILE.items():
        yield name, suffix, make


def write_table():
    """Return the table of docs/reliability.md, from what happens here and now."""
    import tempfile
    from pathlib import Path

    lines = ["| input | what becomes of it | why, in the manifest |", "|---|---|---|"]
    for name, suffix, make in cases():
        with tempfile.TemporaryDirectory() as folder:
            counts, reasons = outcome(make(), suffix, Path(folder))
        reason = "".join(reasons).replace("|", "\\|").replace("<", "&lt;")
        lines.append(f"| {name} | {counts} | {shorten(reason, 120)} |")
    return "\n".join(lines) + "\n"


def shorten(text, length):
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + " …"


if __name__ == "__main__":
    from pathlib import Path

    PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
    BEFORE, MARK, _ = PAGE.read_text("utf-8").partition("| input |")
    PAGE.write_text(BEFORE + write_table(), "utf-8")
