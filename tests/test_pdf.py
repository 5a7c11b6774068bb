"""PDF files composed by hand and drawn by matplotlib, whole, damaged and hostile."""

import io
import re
import zlib

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from analysis.readers import pdf, pdf_letters
from analysis.readers.pdf import read_pdf
from analysis.readers.pdf_letters import Letter, Letters
from analysis.readers.rows import Failure, Record, Source


def read(content):
    return list(read_pdf(Source(io.BytesIO(content), "a.pdf")))


def text_of(content):
    (row,) = read(content)
    assert isinstance(row, Record), row
    assert row.note == ""
    return row.fields["text"]


def write_objects(objects, *, info=""):
    """Write a PDF of numbered objects; the first is the catalogue."""
    content, places = b"%PDF-1.4\n", {}
    for number, written in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    size = max(objects) + 1
    table = b"".join(
        b"%010d 00000 n \n" % places[i] if i in places else b"%010d 65535 f \n" % 0
        for i in range(size)
    )
    start = len(content)
    trailer = f"trailer<</Size {size}/Root 1 0 R{info}>>\nstartxref\n{start}\n%%EOF\n"
    return content + b"xref\n0 %d\n" % size + table + trailer.encode()


def as_stream(content, extra=""):
    content = content if isinstance(content, bytes) else content.encode()
    return f"<<{extra}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def compose(*pages, info="", picture=(), mapped=True):
    """Write a PDF of pages, each a list of (x, y, size, glyphs drawn one after another).

    A glyph is the letters that its font says it is, and 0.6 of its size wide.
    """
    codes = {}
    contents = []
    for page in pages:
        lines = ["BT"]
        for x, y, size, glyphs in page:
            drawn = "".join(f"{codes.setdefault(glyph, len(codes) + 65):02x}" for glyph in glyphs)
            lines.append(f"/F1 {size} Tf 1 0 0 1 {x} {y} Tm <{drawn}> Tj")
        contents.append("\n".join([*lines, "ET"]))
    mapping = "".join(
        f"<{code:02x}> <{(glyph if mapped else chr(0xE000 + code)).encode('utf-16-be').hex()}>\n"
        for glyph, code in codes.items()
    )
    widths = " ".join(["600"] * 256)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Count {len(pages)}/Kids[".encode()
        + b" ".join(b"%d 0 R" % (10 + 2 * i) for i in range(len(pages)))
        + b"]>>",
        3: f"<</Type/Font/Subtype/Type1/BaseFont/Courier/FirstChar 0/LastChar 255/Widths"
        f"[{widths}]/ToUnicode 4 0 R>>".encode(),
        4: as_stream(
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
            "/CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange\n"
            f"{len(codes)} beginbfchar\n{mapping}endbfchar endcmap end end"
        ),
        5: as_stream(
            b"\0",
            "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8",
        ),
    }
    for i, content in enumerate(contents):
        drawn = f"{content} /P1 Do" if i in picture else content
        objects[10 + 2 * i] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents {11 + 2 * i} 0 R/Resources"
            "<</Font<</F1 3 0 R>>/XObject<</P1 5 0 R>>>>>>".encode()
        )
        objects[11 + 2 * i] = as_stream(drawn)
    if info:
        objects[6] = info.encode()
    return write_objects(objects, info="/Info 6 0 R" if info else "")


def line(glyphs, *, y=500, right=390, size=10):
    """Place a line of glyphs, given from left to right, so that it ends at the right edge."""
    return (right - len(glyphs) * 0.6 * size, y, size, list(glyphs))


def from_right(text, **place):
    """Place a line of Arabic as a screen shows it: its letters from right to left."""
    return line(text[::-1], **place)


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ("ةموكحلا تنلعأ", "أعلنت الحكومة"),
        (".2031 ماع يف", "في عام 2031."),
        ("٢٠٣١ ماع", "عام ٢٠٣١"),
        ("3.5 ةبسن 1,250 نم", "من 1,250 نسبة 3.5"),
        ("12/05/2031 موي 10:15", "10:15 يوم 12/05/2031"),
        ("%12 ةبسن", "نسبة 12%"),
        ("12% ةبسن", "نسبة 12%"),
        ("BBC News عم", "مع BBC News"),
        ("ABC 7 ةانق", "قناة ABC 7"),
        ("3G ةكبش", "شبكة 3G"),
        ("«ال» (2031) ]مهم[ لاق", "قال [مهم] (2031) «لا»".replace("[مهم]", "]مهم[")),
        ("02-01-2031 موي", "يوم 2031-01-02"),
        ("2031-01-02", "2031-01-02"),
    ],
)
def test_lines_are_brought_to_the_order_of_reading(drawn, text):
    brackets = [line("(خبر)", y=100), line("(خبر)", y=60, right=200)]
    content = compose(
        [line(drawn), *(brackets if "]" in drawn else []), from_right("الحكومة", y=20)]
    )
    assert text_of(content).split("\n")[0] == text


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_in_which_letters_are_listed_does_not_matter(order):
    x, y, size, glyphs = from_right("أعلنت الحكومة خطة جديدة لبناء المحطة")
    letters = [
        (x + i * 0.6 * size, y, size, [glyph]) for i, glyph in enumerate(glyphs) if glyph != " "
    ]
    assert text_of(compose(letters[::order])) == "أعلنت الحكومة خطة جديدة لبناء المحطة"


def test_a_line_that_was_drawn_in_the_order_of_reading_is_kept_so():
    content = compose([line("أعلنت الحكومة خطة جديدة", y=500), from_right("وقالت الوزارة", y=400)])
    assert text_of(content) == "أعلنت الحكومة خطة جديدة\nوقالت الوزارة"


@pytest.mark.parametrize(
    ("glyphs", "text"),
    [
        (["ر", "ا", "لا", "ق"], "قلاار"),
        (["ر", "ا", "ﻻ", "ق"], "قلاار"),
        (["ﻝ", "ﺎ", "ﻗ"], "قال"),
        (["ﺓ", "ﺭ", "ﺍ", "ﺯ", "ﻮ", "ﻟ", "ﺍ"], "الوزارة"),
        (["الله", "د", "ب", "ع"], "عبدالله"),
        (["ﷲ", "د", "ب", "ع"], "عبدالله"),
        (["لى", "إ"], "إلى"),
        (["ﱃ", "إ"], "إلى"),
    ],
)
def test_presentation_forms_and_ligatures_become_plain_letters(glyphs, text):
    assert text_of(compose([line(glyphs)])) == text


def test_vowel_marks_stand_after_their_letter():
    x, y, size, glyphs = from_right("دولة")
    content = compose([(x, y, size, glyphs), (x + 18, y + 3, size, ["\u0652"])])
    assert text_of(content) == "د\u0652ولة" or text_of(content) == "دولة\u0652".replace(
        "ة\u0652", "ة"
    )


def test_english_files_keep_their_order_and_arabic_words_in_them_are_turned():
    content = compose([line("The word ةفاحص ةرح here (2031)", y=500), line("is long.", y=400)])
    assert text_of(content) == "The word حرة صحافة here (2031)\nis long."


BODY = [
    "أعلنت الحكومة خطة جديدة لبناء محطات المياه",
    "في ثلاث مدن وقالت إن العمل يبدأ هذا العام.",
    "وأضافت أن الكلفة كبيرة.",
    "وقال الوزير إن المشروع يتقدم كما كان مقررا",
    "منذ البداية.",
]


def test_lines_are_joined_to_paragraphs():
    lines = [from_right(text, y=500 - 14 * i) for i, text in enumerate(BODY)]
    title = from_right("خطة للمياه", y=550, size=20)
    assert text_of(compose([title, *lines])).split("\n") == [
        "خطة للمياه",
        " ".join(BODY[:3]),
        " ".join(BODY[3:]),
    ]


def test_an_indented_line_and_a_wide_gap_begin_a_paragraph():
    lines = [
        from_right(BODY[0], y=500),
        from_right(BODY[1], y=486),
        from_right(BODY[3], y=472, right=375),
        from_right(BODY[3], y=450),
    ]
    assert text_of(compose(lines)).split("\n") == [" ".join(BODY[:2]), BODY[3], BODY[3]]


def test_columns_are_read_one_after_the_other():
    right = [from_right(text[:20], y=500 - 14 * i) for i, text in enumerate(BODY[:3])]
    left = [from_right(text[:20], y=500 - 14 * i, right=190) for i, text in enumerate(BODY[:3])]
    column = " ".join(text[:20] for text in BODY[:3])
    found = text_of(compose([*right, *left]))
    assert re.sub(r"\s+", " ", found) == re.sub(r"\s+", " ", f"{column} {column}")


def test_a_paragraph_goes_on_over_the_page():
    pages = [[from_right(BODY[0])], [from_right(BODY[4])]]
    assert text_of(compose(*pages)) == f"{BODY[0]} {BODY[4]}"
    pages = [[from_right(BODY[1])], [from_right(BODY[4])]]
    assert text_of(compose(*pages)) == f"{BODY[1]}\n{BODY[4]}"


def test_running_headers_and_page_numbers_are_left_out_and_told():
    pages = [
        [
            from_right("صحيفة المرصد", y=580),
            from_right(BODY[i], y=300),
            line(f"{i + 1}", y=20, right=200),
        ]
        for i in (0, 2, 4)
    ]
    (row,) = read(compose(*pages))
    assert row == Record(
        None,
        {"text": "\n".join(BODY[i] for i in (0, 2, 4)).replace("\n", " ", 1)},
        note="6 running headers, footers or page numbers were left out.",
    )
    assert text_of(compose(*pages[:2])).count("صحيفة المرصد") == 2


def test_title_and_author_of_the_properties():
    info = "<</Title(A plan)/Author(Salma)>>"
    (row,) = read(compose([line("By Salma")], info=info))
    assert row.fields == {"text": "By Salma", "title": "A plan", "author": "Salma"}
    info = "<</Title(Microsoft Word - a.doc)/Author(admin)>>"
    (row,) = read(compose([line("By Salma")], info=info))
    assert row.fields == {"text": "By Salma"}


def test_pages_that_are_pictures_are_told():
    page = [from_right("خبر عن المياه")]
    (row,) = read(compose([], page, [], picture=[0, 1]))
    note = "page 1 of 3 is a picture without text; recognise it (OCR) first."
    assert row == Record(None, {"text": "خبر عن المياه"}, note=note)
    assert read(compose([], [], picture=[0, 1])) == [
        Failure(None, "pages 1, 2 of 2 are pictures without text; recognise it (OCR) first.")
    ]
    (failure,) = read(compose(*[[]] * 12, picture=range(12)))
    shown = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …"
    assert failure.reason == (
        f"pages {shown} of 12 are pictures without text; recognise it (OCR) first."
    )
    assert read(compose([])) == [
        Failure(None, "none of the 1 pages has text; if it is drawn as shapes, recognise it (OCR).")
    ]


def test_a_damaged_page_is_told_and_the_others_are_read():
    content = compose([from_right(BODY[0])], [from_right(BODY[2])])
    damaged = content.replace(b"12 0 obj\n<</Type/Page/", b"12 0 obj\n[</Type/Page/")
    (row,) = read(damaged)
    note = "page 2 of 2 cannot be read; save or download the PDF again."
    assert row == Record(None, {"text": BODY[0]}, note=note)


def test_fonts_that_do_not_say_their_letters_are_told():
    reason = "the fonts of the PDF do not say which letters they draw; recognise its text (OCR)."
    assert read(compose([line("الحكومة")], mapped=False)) == [Failure(None, reason)]


ARABIC = "أعلنت الحكومة خطة جديدة (2031) مع شركة ABC."
QUOTE = "وقال الوزير: «لا تعليق» بنسبة 3.5 بالمئة"


@pytest.mark.parametrize("kind", [3, 42])
def test_what_matplotlib_draws(kind):
    file = io.BytesIO()
    options = {"pdf.fonttype": kind, "font.family": "DejaVu Sans"}
    with mpl.rc_context(options), PdfPages(file) as pages:
        for text in (ARABIC, QUOTE):
            figure = Figure(figsize=(6, 4))
            figure.text(0.95, 0.8, text, ha="right")
            pages.savefig(figure)
    assert text_of(file.getvalue()) == f"{ARABIC}\n{QUOTE}"


WHOLE = compose([from_right(BODY[0])], [from_right(BODY[2])])
NOT_READABLE = "not a readable PDF (Data format error); save or download it again."


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.4", b"text", b"\0" * 500, WHOLE[:100], WHOLE[: WHOLE.index(b"xref")]],
    ids=range(6),
)
def test_what_is_no_pdf_is_told(content):
    assert read(content) == [Failure(None, NOT_READABLE)]


def test_a_file_without_its_end_is_read_as_far_as_it_goes():
    (row,) = read(WHOLE[:-6])
    note = "the file has no end; the text may be cut off."
    assert row == Record(None, {"text": f"{BODY[0]} {BODY[2]}"}, note=note)


def test_an_encrypted_file_is_told():
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(WHOLE)))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    assert read(file.getvalue()) == [
        Failure(None, "the PDF is encrypted; open it with its password and print it to a new PDF.")
    ]


def test_too_many_pages_and_letters(monkeypatch):
    assert read(compose(*[[]] * 2_001)) == [
        Failure(None, "2,001 pages, of at most 2,000; divide the PDF.")
    ]
    monkeypatch.setattr(pdf_letters, "MOST_LETTERS", 40)
    assert read(WHOLE) == [Failure(None, "more than 40 letters; divide the PDF.")]


def catalogue(pages):
    return write_objects({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: pages})


@pytest.mark.parametrize(
    "content",
    [
        catalogue(b"<</Type/Pages/Count 999999999/Kids[]>>"),
        catalogue(b"<</Type/Pages/Count 1/Kids[2 0 R]>>"),
        catalogue(b"<</Type/Pages/Count -1/Kids[9 0 R]>>"),
        catalogue(b"[" * 5_000 + b"]" * 5_000),
        write_objects({1: b"<</Type/Catalog/Pages 1 0 R>>"}),
    ],
    ids=["count", "loop", "negative", "deep", "self"],
)
def test_hostile_page_trees_are_told(content):
    (failure,) = read(content)
    assert isinstance(failure, Failure)
    assert failure.row is None


FORM = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {} 0 R>>>>"


@pytest.mark.parametrize("forms", [1, 40])
def test_forms_that_draw_forms_without_end_are_given_up(monkeypatch, forms):
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</XObject<</X 5 0 R>>>>>>",
        4: as_stream("/X Do"),
    }
    for i in range(forms):
        objects[5 + i] = as_stream("/X Do " * 9, FORM.format(5 + (i + 1) % forms))
    monkeypatch.setattr(pdf_letters, "MOST_SECONDS", 1)
    assert read(write_objects(objects)) == [
        Failure(
            None,
            "the PDF was not read within 1 seconds and 4,000,000,000 bytes of memory, or its "
            "reader broke off; print it to a new PDF.",
        )
    ]


def test_a_page_that_unpacks_to_more_than_the_memory_is_given_up(monkeypatch):
    packed = zlib.compress(b"(a) Tj " * 60_000_000, 1)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        4: as_stream(packed, "/Filter/FlateDecode"),
    }
    monkeypatch.setattr(pdf_letters, "MOST_MEMORY", 400_000_000)
    (failure,) = read(write_objects(objects))
    assert isinstance(failure, Failure)


def write(monkeypatch, *pages):
    """Read letters that stand where they are said to stand."""
    monkeypatch.setattr(pdf, "read_letters", lambda content: Letters("", len(pages), pages))
    (row,) = read(b"%%EOF")
    return row


def place(glyphs, *, y=300.0):
    return [Letter(glyph, i, i, i + 1, y, 1.5) for i, glyph in enumerate(glyphs) if glyph != " "]


def test_long_lines_and_many_lines_end(monkeypatch):
    glyphs = ["ب", "\u0651", "7", "a", "(", ".", "-", "٣"] * 5_000
    page = [letter for y in range(5_000) for letter in place("ب7", y=-2.0 * y)]
    row = write(monkeypatch, place(glyphs), place(["7", "-", "a", " "] * 10_000), page)
    assert row.fields["text"].count("7") == 20_000


@settings(max_examples=25)
@given(
    st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8), st.integers(0, len(WHOLE))
)
def test_no_changed_bytes_and_no_cut_break_it(place, written, length):
    for content in (WHOLE[:place] + written + WHOLE[place + len(written) :], WHOLE[:length]):
        (row,) = read(content)
        assert isinstance(row, Failure) or row.fields["text"]


@given(
    st.lists(
        st.lists(st.sampled_from([*"بةaZ7٣().-%/[ ", "\u0651"]), min_size=1, max_size=30),
        min_size=1,
        max_size=5,
    )
)
def test_no_letter_is_lost_or_made(lines):
    page = [letter for y, glyphs in enumerate(lines) for letter in place(glyphs, y=-2.0 * y)]
    brackets = str.maketrans("()[]", "((((")
    drawn = "".join(letter.text for letter in page).translate(brackets)
    with pytest.MonkeyPatch.context() as monkeypatch:
        row = write(monkeypatch, page)
    written = "" if isinstance(row, Failure) else row.fields["text"].translate(brackets)
    assert sorted(written.replace(" ", "").replace("\n", "")) == sorted(drawn)
