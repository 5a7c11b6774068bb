import io
import json
import re

import pytest
import yaml
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataFileError, InputError
from analysis.readers import FORMATS, Failure, Record, Source, read_rows
from analysis.readers.page_labels import load_page_labels
from analysis.readers.page_metadata import find_day_in_url
from analysis.readers.web_pages import LARGEST_MARKUP, decode_page, read_mhtml, read_web_page

PAGES = ROOT / "tests/cases/pages"
SAMPLE = ROOT / "data/sample"
CASES = yaml.safe_load((PAGES / "pages.yml").read_text("utf-8"))
FIELDS = ("title", "published", "outlet", "url", "author")
FIRST = "أعلنت الوزارة خطة للمياه تشمل أربع مدن على الساحل، ويبدأ العمل بها في الربيع."
SECOND = "وقال المهندس وسام الجندي إن الأنابيب القديمة ستبدل كلها قبل نهاية الصيف المقبل."
PROSE = f"<p>{FIRST}</p><p>{SECOND}</p>"
NO_TEXT = "save the page again, or its text as .txt."


def read(content, reader=read_web_page):
    content = content if isinstance(content, bytes) else content.encode()
    (row,) = reader(Source(io.BytesIO(content), "page.html"))
    return row


def read_file(name):
    return read(
        (PAGES / name).read_bytes(), read_mhtml if name.endswith("mhtml") else read_web_page
    )


def articles_of_the_sample():
    rows = {}
    for file in (SAMPLE / "articles").glob("*.jsonl"):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            rows[row["article_id"]] = row
    return rows


@pytest.mark.parametrize("name", CASES)
def test_a_page_is_read_without_loss_and_without_its_surroundings(name):
    expected = CASES[name]
    row = read_file(name)
    lines = row.fields["text"].split("\n")
    byline = [line for line in lines if line not in expected["paragraphs"]]
    assert [line for line in lines if line not in byline] == expected["paragraphs"]
    assert byline == [line for line in expected.get("byline", []) if line in byline]
    assert {field: row.fields.get(field) for field in FIELDS} == {
        field: expected.get(field) for field in FIELDS
    }
    assert (row.row, row.note) == (None, expected.get("note", ""))


def test_the_pages_of_the_folder_are_all_expected():
    assert {file.name for file in PAGES.iterdir()} == {*CASES, "pages.yml"}


@pytest.mark.parametrize(
    ("name", "byline", "published", "outlet", "encoding"),
    [
        ("atlas-2017-06-29", "أطلس برس - الخميس 29 يونيو 2017", "2017-06-29", "أطلس برس", "utf-8"),
        ("atlas-2020-05-14", "14 ماي 2020 - 11:20", None, "أطلس برس", "utf-8"),
        ("atlas-2023-09-21", "21 شتنبر 2023", "2023-09-21", None, "utf-8"),
        ("manara-2018-02-12", "12/2/2018", None, "وكالة المنارة للأنباء", "windows-1256"),
    ],
)
def test_the_pages_of_the_sample_give_its_articles(name, byline, published, outlet, encoding):
    article = articles_of_the_sample()[name]
    row = read((SAMPLE / "pages" / f"{name}.html").read_bytes())
    assert row.fields["text"] == f"{byline}\n{article['text']}"
    assert row.fields["title"] == article["title"]
    assert row.fields.get("published") == published
    assert row.fields.get("outlet") == outlet
    assert row.encoding == encoding


@pytest.mark.parametrize(
    ("head", "published", "note"),
    [
        ("", None, ""),
        ('<meta name="date" content="3/4/2031">', "3/4/2031", ""),
        ('<meta name="date" content="0000-00-00">', None, ""),
        ('<meta property="article:modified_time" content="2031-05-06">', None, ""),
        ('<meta name="Last-Modified" content="2031-05-06">', None, ""),
        ('<meta name="PubDate" content="٥ آذار ٢٠٣١">', "٥ آذار ٢٠٣١", ""),
        (
            '<meta name="date" content="2031-05-06">'
            '<meta property="article:published_time" content="2031-05-04">',
            "2031-05-04",
            "",
        ),
        ('<link rel="canonical" href="https://marsad.example/2031/05/water">', None, ""),
        (
            '<link rel="canonical" href="https://marsad.example/2031/5/4/water">',
            "2031-05-04",
            "the date is that of the page's address.",
        ),
        ('<link rel="canonical" href="https://marsad.example/2031/15/40/water">', None, ""),
        ('<script type="application/ld+json">{"@type":"NewsArticle","dateModified":"2031"}'
         "</script>", None, ""),
    ],
)  # fmt: skip
def test_a_date_is_taken_from_metadata_as_it_is_written(head, published, note):
    row = read(f"<head>{head}</head><h1>خطة</h1>{PROSE}")
    assert (row.fields.get("published"), row.note) == (published, note)


@pytest.mark.parametrize(
    ("body", "published"),
    [
        (f'<h1>خطة</h1><time datetime="2031-05-04">أمس</time>{PROSE}', "2031-05-04"),
        (f'<h1>خطة</h1><abbr class="published" title="2031-05-04">x</abbr>{PROSE}', "2031-05-04"),
        (f'<h1>خطة</h1><time class="updated" datetime="2031-05-04">x</time>{PROSE}', None),
        (f'<h1>خطة</h1>{PROSE}<aside><time datetime="2031-05-04">x</time></aside>', None),
        (f'<h1>خطة</h1><div class="related"><time datetime="2031-05-04">x</time></div>{PROSE}',
         None),
        (f"<h1>خطة</h1><time>4 أيار 2031</time>{PROSE}", None),
    ],
)  # fmt: skip
def test_a_time_counts_where_it_stands_with_the_title(body, published):
    assert read(body).fields.get("published") == published


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://marsad.example/2031/03/04/water", "2031-03-04"),
        ("https://marsad.example/news/2031-03-04", "2031-03-04"),
        ("https://marsad.example/news/2031-03-04-water", "2031-03-04"),
        ("https://marsad.example/04/03/2031/water", ""),
        ("https://marsad.example/20310304/water", ""),
        ("https://marsad.example/2031/02/30/water", ""),
        ("https://marsad.example/2031/03/045", ""),
        ("https://marsad.example/?d=/2031/03/04/", ""),
        ("", ""),
    ],
)
def test_a_day_in_an_address_is_year_month_and_day(url, day):
    assert find_day_in_url(url) == day


@pytest.mark.parametrize(
    ("head", "title", "outlet"),
    [
        ("<title>خطة للمياه - المرصد</title>", "خطة للمياه", "المرصد"),
        ("<title>المرصد | خطة جديدة للمياه في الساحل</title>", "خطة جديدة للمياه في الساحل",
         "المرصد"),
        ("<title>خطة للمياه - محليات - المرصد</title>", "خطة للمياه - محليات", "المرصد"),
        ("<title>خطة للمياه</title>", "خطة للمياه", None),
        ("<title>خطة ما-بعد للمياه</title>", "خطة ما-بعد للمياه", None),
        ('<meta property="og:title" content="خطة للمياه | المرصد"><title>س</title>'
         '<meta property="og:site_name" content="المرصد">', "خطة للمياه", "المرصد"),
        ('<script type="application/ld+json">{"@type":"Article","headline":"خطة","publisher":'
         '[{"name":"الضفة"}]}</script><meta property="og:site_name" content="المرصد">', "خطة",
         "الضفة"),
        ('<link rel="canonical" href="https://www.marsad.example/7"><title>سد جديد - المرصد'
         "</title>", "سد جديد", "marsad.example"),
        ('<script type="application/ld+json">// <![CDATA[\n{"@type":"Article",\n"headline":'
         '"خطة &amp; «سد»",}\n// ]]></script>', "خطة & «سد»", None),
        ('<script type="application/ld+json">{"@type":"Article","headline":</script>'
         "<title>خطة</title>", "خطة", None),
    ],
)  # fmt: skip
def test_title_and_outlet_are_told_apart(head, title, outlet):
    fields = read(f"<head>{head}</head><body>{PROSE}").fields
    assert (fields["title"], fields.get("outlet")) == (title, outlet)


def test_a_line_of_the_page_settles_what_of_title_is_the_outlet():
    page = f"<title>الضفة: خطة: من يدفع؟</title><div><b>خطة: من يدفع؟</b>{PROSE}</div>"
    fields = read(page).fields
    assert (fields["title"], fields["outlet"]) == ("خطة: من يدفع؟", "الضفة")


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ('<meta name="author" content="هالة الديب">', "هالة الديب"),
        ('<meta property="article:author" content="https://fb.example/hala">', None),
        ('<a rel="author" href="/h">هالة الديب</a>', "هالة الديب"),
        ('<script type="application/ld+json">{"@type":"Article","author":[{"name":"أ"},"ب",'
         '{"name":"أ"}]}</script>', "أ; ب"),
    ],
)  # fmt: skip
def test_an_author_is_a_name(author, expected):
    assert read(f"{author}<h1>خطة</h1>{PROSE}").fields.get("author") == expected


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "/2031/01/02", "http://[x", "https:///x", "x y"],
)
def test_an_address_is_one_of_the_web(address):
    page = f'<link rel="canonical" href="{address}"><base href="{address}"><h1>خطة</h1>{PROSE}'
    assert read(page) == Record(
        None, {"text": f"{FIRST}\n{SECOND}", "title": "خطة"}, encoding="utf-8"
    )


def test_text_is_verbatim_and_holds_no_script():
    page = (
        "<h1>خطة</h1><script>var x = '<p>سر</p>';</script><style>p { color: red }</style>"
        f"<p>{FIRST} &lt;b&gt;&amp;amp; &quot;نعم&quot;\n  ثم\tعاد&nbsp;&#x202B;‌.</p><p>{SECOND}"
        "<noscript>فعل جافا سكريبت</noscript><template><p>قالب</p></template></p>"
    )
    assert read(page).fields["text"] == (
        f'{FIRST} <b>&amp; "نعم" ثم عاد\xa0\u202b\u200c.\n{SECOND}'
    )


def test_paragraphs_without_end_and_bare_text_are_paragraphs():
    page = (
        f"<body><b>خطة</b><p>{FIRST}<p>{SECOND}<br><br>{FIRST[::-1]}.<pre>{SECOND}\n{FIRST}</pre>"
    )
    assert read(page).fields["text"].split("\n") == [
        FIRST, SECOND, FIRST[::-1] + ".", SECOND, FIRST,
    ]  # fmt: skip


def test_a_page_that_does_not_open_its_body_has_its_text():
    page = f'<meta name="date" content="2031-05-04"><article><h1>خطة</h1>{PROSE}</article>'
    assert read(page).fields == {
        "text": f"{FIRST}\n{SECOND}",
        "title": "خطة",
        "published": "2031-05-04",
    }


def test_an_article_longer_than_its_name_says_is_still_the_article():
    page = f'<div class="sidebar widget"><h1>خطة</h1>{PROSE}</div><p>© المرصد</p>'
    assert read(page).fields["text"] == f"{FIRST}\n{SECOND}"


def test_of_several_articles_the_one_with_the_title_is_read():
    other = "".join(f"<p>{number} {SECOND[::-1]}</p>" for number in range(9))
    page = (
        f'<meta property="og:type" content="article"><article><h2>س</h2>{other}</article>'
        f"<article><h1>خطة</h1>{PROSE}</article>"
    )
    assert read(page).fields["text"] == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", "the file is empty"),
        (" \n ", "the file is empty"),
        ("\ufeff", "the file is empty"),
        ("<!-- تعليق", "the file is empty"),
        ("<html></html>", "the page has none outside its menus"),
        ('<title>المرصد</title><div id="root"></div><script src="a.js"></script>',
         "the page writes its text by script, or has none outside its menus"),
        ('<frameset cols="20%,80%"><frame src="menu.htm"><frame src="main.htm"></frameset>',
         "the page is made of frames"),
        ("<nav>" + '<a href="/a">سياسة واقتصاد</a> ' * 20 + "</nav>",
         "the page has none outside its menus"),
        ("<h1>خطة</h1>", "the page has none outside its menus"),
    ],
)  # fmt: skip
def test_a_page_without_text_says_why(page, reason):
    assert read(page) == Failure(None, f"no running text found: {reason}; {NO_TEXT}")


@pytest.mark.parametrize(
    ("declared", "written", "told"),
    [
        ("utf-8", "utf-8", "utf-8"),
        ("utf-8", "cp1256", "windows-1256"),
        ("windows-1256", "cp1256", "windows-1256"),
        ("windows-1256", "utf-8", "utf-8"),
        ("windows-1256", "iso8859_6", "iso-8859-6"),
        ("iso-8859-6", "iso8859_6", "iso-8859-6"),
        ("iso-8859-6", "cp1256", "windows-1256"),
        ("iso-8859-1", "cp1256", "windows-1256"),
        ("koi8-r", "cp1256", "windows-1256"),
        ("", "cp1256", "windows-1256"),
        ("null", "cp1256", "windows-1256"),
        ("hex", "cp1256", "windows-1256"),
        ("punycode", "cp1256", "windows-1256"),
        ("utf-16", "utf-8", "utf-8"),
        ("windows-1256", "utf-16", "utf-16"),
    ],
)
def test_a_wrong_charset_is_found_out(declared, written, told):
    body = f"<h1>خطة المياه</h1><p>{FIRST}</p><p>{SECOND}</p>"
    page = f'<html><head><meta charset="{declared}"></head><body>{body}</body></html>'
    row = read(page.encode(written))
    assert (row.fields["text"], row.encoding) == (f"{FIRST}\n{SECOND}", told)


def test_a_latin_page_keeps_what_it_declares():
    content = '<meta charset="iso-8859-2"><p>Příliš žluťoučký kůň'.encode("iso-8859-2")
    assert decode_page(content) == (content.decode("iso-8859-2"), "iso-8859-2", "")


def test_zero_bytes_are_left_out_and_told():
    row = read(f"<h1>خطة</h1>{PROSE}".replace("المياه", "الم\0ياه").replace("خطة", "خ\0طة"))
    zeros = 2  # the title's, and the word of the first paragraph
    assert row.fields == {"text": f"{FIRST}\n{SECOND}", "title": "خطة"}
    assert row.note == f"{zeros} zero bytes were left out."


MAIL = (
    "From: <Saved>\nSubject: =?utf-8?B?2K7Yt9ip?=\nMIME-Version: 1.0\n"
    'Content-Type: multipart/related; boundary="X"\n\n'
)


@pytest.mark.parametrize(
    ("saved", "row"),
    [
        (
            f"{MAIL}--X\nContent-Type: text/plain\n\nلا\n--X\nContent-Type: text/html; "
            f"charset=utf-8\nContent-Location: https://marsad.example/a\n\n{PROSE}\n--X--\n",
            Record(
                None,
                {
                    "text": f"{FIRST}\n{SECOND}",
                    "title": "خطة",
                    "outlet": "marsad.example",
                    "url": "https://marsad.example/a",
                },
                encoding="utf-8",
            ),
        ),
        (
            f"{MAIL}--X\nContent-Type: image/png\n\nx\n--X--\n",
            Failure(None, "no page of HTML in this file; save the page again as .html."),
        ),
        ("", Failure(None, "no page of HTML in this file; save the page again as .html.")),
        (
            f"{MAIL}--X\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n!!!\n",
            Failure(None, f"no running text found: the file is empty; {NO_TEXT}"),
        ),
    ],
)
def test_a_page_saved_in_one_file_is_read(saved, row):
    assert read(saved, read_mhtml) == row


@pytest.mark.parametrize(
    ("before", "note"),
    [
        ("<div>" * 100_000, "nested too deep for its layout to be read."),
        ("<font>" * 3000, "nested too deep for its layout to be read."),
        ("<table><tr><td>" * 3000, "nested too deep for its layout to be read."),
        ("<article>" * 1500, ""),
        (" " * 50_000_000, ""),
        ("&nbsp;" * 100_000, ""),
        ("<script>" + "x=1;" * 1_000_000 + "</script>", ""),
        ('<img src="data:image/png;base64,' + "A" * 30_000_000 + '">', ""),
        ("<i " + " ".join(f"a{i}=1" for i in range(100_000)) + "></i>", ""),
        ('<i class="' + "a-B" * 1_000_000 + '"></i>', ""),
        ("<meta " * 100_000 + ">", ""),
        ('<base href="file:///etc/">', ""),
        ('<script type="application/ld+json">' + "[" * 200_000 + "</script>", ""),
        ('<script type="application/ld+json">{"@type":{},"author":[[{}]],"url":5}</script>', ""),
        ('<script type="application/ld+json">{"@type":"Article","headline":{"a":1},"author":'
         '{"@id":["x"]},"publisher":7,"url":[],"articleBody":[],"datePublished":5}</script>', ""),
        ('<script type="application/ld+json">' + "/" * 1_000_000 + " x</script>", ""),
    ],
    ids=map(str, range(16)),
)  # fmt: skip
def test_a_hostile_page_gives_its_article(before, note):
    row = read(f"{before}{PROSE}")
    assert row.fields["text"].split("\n")[-2:] == [FIRST, SECOND]
    assert row.note == note


@pytest.mark.parametrize(
    "opening",
    [
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "سر"><!ENTITY b "&a;&a;">]><p>&b;</p>',
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>',
        '<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd"><p>&x;</p>',
    ],
)
def test_entities_of_a_page_are_not_expanded(opening):
    text = read(f"{opening}{PROSE}").fields["text"]
    assert text.endswith(f"{FIRST}\n{SECOND}")
    assert "سر" not in text
    assert "root:" not in text


def test_a_page_too_large_is_refused():
    with pytest.raises(InputError) as error:
        read("a" * (LARGEST_MARKUP + 1))
    assert str(error.value) == (
        "more than 20,000,000 letters, the most that is read as one page; save its text as .txt."
    )


def test_a_half_character_in_metadata_is_replaced():
    head = (
        r'<script type="application/ld+json">{"@type":"Article","headline":"\ud83d خطة"}</script>'
    )
    assert read(f"{head}{PROSE}").fields["title"] == "\ufffd خطة"


def test_a_page_of_a_press_database_gives_its_articles():
    lines = ["HD", "خطة للمياه", "PD", "4 March 2031", "LP", FIRST, "TD", SECOND]
    page = "".join(f"<p>{line}</p>" for line in lines)
    ends = [f"<p>Document ALMRSD0020310304ee34000{letter}a</p>" for letter in "05"]
    content = "".join(page + end for end in ends).encode()
    rows = list(read_web_page(Source(io.BytesIO(content), "a.html")))
    assert [(row.row, row.fields["text"]) for row in rows] == [
        (1, f"{FIRST}\n{SECOND}"),
        (2, f"{FIRST}\n{SECOND}"),
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ((r"aside_tags:", "side_tags:"), "unknown field `side_tags`"),
        ((r"  - nav\n", "  - Nav\n"), "expected a name in lower case, found 'Nav'."),
        ((r"  - nav\n", "  - 7\n"), "expected a name in lower case, found 7."),
    ],
)
def test_a_mistake_in_the_labels_is_told_with_its_line(tmp_path, change, problem):
    text = (ROOT / "data/lexicons/page_labels.yml").read_text("utf-8")
    path = tmp_path / "labels.yml"
    path.write_text(re.sub(*change, text, count=1), "utf-8")
    with pytest.raises(DataFileError, match=rf"labels\.yml:\d+: {re.escape(problem)}"):
        load_page_labels(path)


ALL_PAGES = sorted(PAGES.glob("*.*htm*")) + sorted((SAMPLE / "pages").glob("*.html"))


@st.composite
def damaged_pages(draw):
    content = bytearray(draw(st.sampled_from(ALL_PAGES)).read_bytes())
    for _ in range(draw(st.integers(1, 6))):
        start, stop = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        kind = draw(st.sampled_from(["cut", "end", "flip", "double", "insert"]))
        if kind == "cut":
            del content[start:stop]
        elif kind == "end":
            del content[stop:]
        elif kind == "double":
            content[stop:stop] = content[start:stop]
        elif kind == "insert":
            content[start:start] = draw(st.binary(max_size=20))
        elif start < len(content):
            content[start] = draw(st.integers(0, 255))
    return bytes(content[:100_000])


@settings(max_examples=150, deadline=None)
@given(damaged_pages(), st.sampled_from([read_web_page, read_mhtml]))
def test_a_damaged_page_is_an_article_or_a_failure(content, reader):
    for row in reader(Source(io.BytesIO(content), "page.html")):
        if isinstance(row, Failure):
            assert row.reason.startswith("no ")
            continue
        assert row.fields["text"].strip()
        for value in row.fields.values():
            assert "\0" not in value
            value.encode()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet='<>/!-"=& abdhiloprstuvy\n', max_size=300))
def test_anything_is_an_article_or_a_failure(content):
    row = read(content, lambda source: read_rows(source, FORMATS[".html"]))
    assert isinstance(row, Record) or row.reason.startswith(
        ("no running text found: ", "no text: ")
    )
