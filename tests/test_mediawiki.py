"""Dumps of MediaWiki: which pages are articles, what of wikitext is text, and hostile XML."""

import io
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.data_files import load_yaml
from analysis.errors import DataFileError
from analysis.readers import mediawiki
from analysis.readers.mediawiki import read_mediawiki_dump
from analysis.readers.rows import Failure, Record, Source

HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="ar">
<siteinfo><sitename>ويكي المرصد</sitename><dbname>arwiki</dbname>
<base>https://marsad.example/wiki/%D8%A7%D9%84</base>
<namespaces><namespace key="-2" case="first-letter">وسائط</namespace><namespace key="0" />
<namespace key="6">وثيقة</namespace><namespace key="10">قالب</namespace>
<namespace key="14">تصنيف</namespace></namespaces></siteinfo>
"""


def page(wikitext, *, title="هدوء", namespace="<ns>0</ns>", more="", number=7):
    return (
        f"<page><title>{title}</title>{namespace}<id>{number}</id>{more}<revision><id>70</id>"
        "<parentid>6</parentid><timestamp>2031-03-05T10:00:00Z</timestamp><contributor>"
        "<username>كاتب</username><id>3</id></contributor><comment>تعديل</comment>"
        f'<text bytes="9" xml:space="preserve">{escape(wikitext)}</text></revision></page>\n'
    )


def read(content):
    content = content if isinstance(content, bytes) else content.encode()
    return list(read_mediawiki_dump(Source(io.BytesIO(content), "dump.xml")))


def read_one(wikitext, **options):
    (row,) = read(HEAD + page(wikitext, **options) + "</mediawiki>")
    return row


def text_of(wikitext):
    row = read_one(wikitext)
    assert isinstance(row, Record), row
    return row.fields["text"]


def test_an_article_has_its_fields():
    assert read_one("{{تاريخ|4 مارس 2031}}\n\nالميناء هادئ.", title="هدوء في الميناء؟") == Record(
        1,
        {
            "article_id": "7",
            "title": "هدوء في الميناء؟",
            "text": "الميناء هادئ.",
            "revised": "2031-03-05T10:00:00Z",
            "outlet": "ويكي المرصد",
            "url": "https://marsad.example/wiki/" + quote("هدوء_في_الميناء؟"),
            "published": "4 مارس 2031",
        },
    )


@pytest.mark.parametrize(
    ("options", "wikitext", "note"),
    [
        ({"more": '<redirect title="جديد" />'}, "#تحويل [[جديد]]", "a redirect."),
        ({}, "#تحويل [[جديد]]", "a redirect."),
        ({}, " #REDIRECT [[جديد]]", "a redirect."),
        ({"namespace": "<ns>10</ns>"}, "نص", "namespace 10, no article."),
        ({"namespace": "", "title": "قالب:تاريخ"}, "نص", "namespace 10, no article."),
        ({}, " \n", "a page without words."),
        (
            {},
            "{{صندوق}}[[تصنيف:موانئ]][[ملف:ميناء.jpg|تصغير|ميناء]]",
            "nothing but templates, pictures and categories.",
        ),
    ],
)
def test_a_page_that_is_no_article_has_no_text_and_a_reason(options, wikitext, note):
    row = read_one(wikitext, **options)
    assert (row.row, row.fields["text"], row.note) == (1, "", note)
    assert row.fields["article_id"] == "7"


def test_a_title_with_a_colon_is_no_namespace_of_its_own():
    assert read_one("نص", namespace="", title="الوزير: الميناء هادئ").fields["text"] == "نص"


def test_pages_are_counted_in_their_order():
    pages = [page("أ", number=4), page("ب", namespace="<ns>4</ns>"), page("ج", number=9)]
    rows = read(HEAD + "".join(pages) + "</mediawiki>")
    assert [(row.row, row.fields["text"]) for row in rows] == [(1, "أ"), (2, ""), (3, "ج")]
    assert [row.fields["article_id"] for row in rows] == ["4", "7", "9"]


def test_of_several_revisions_the_last_is_read():
    older = page("قديم").replace("</page>", "")
    newer = "<revision><timestamp>2031-04-01T00:00:00Z</timestamp><text>جديد</text></revision>"
    (row,) = read(f"{HEAD}{older}{newer}</page></mediawiki>")
    assert (row.fields["text"], row.fields["revised"]) == ("جديد", "2031-04-01T00:00:00Z")
    hidden = (
        '<revision><timestamp>2031-05-01T00:00:00Z</timestamp><text deleted="deleted"/></revision>'
    )
    (row,) = read(f"{HEAD}{older}{hidden}</page></mediawiki>")
    assert (row.fields["text"], row.note) == ("", "a page without words.")


@pytest.mark.parametrize(
    "head",
    [
        "<mediawiki>",
        '<mw:mediawiki xmlns:mw="http://x">',
        '<?xml version="1.0" encoding="utf-8"?><!-- dump --><mediawiki>',
    ],
)
def test_what_a_dump_does_not_say_is_left_out(head):
    prefix = "mw:" if "mw:" in head else ""
    body = f"<{prefix}page><{prefix}title>هدوء</{prefix}title><{prefix}revision>"
    body += f"<{prefix}text>نص</{prefix}text></{prefix}revision></{prefix}page></{prefix}mediawiki>"
    assert read(head + body) == [Record(1, {"title": "هدوء", "text": "نص"})]


def test_an_address_that_is_none_of_the_web_is_left_out():
    head = HEAD.replace("https://marsad.example/wiki/%D8%A7%D9%84", "javascript:alert(1)/")
    (row,) = read(head + page("نص") + "</mediawiki>")
    assert "url" not in row.fields
    head = HEAD.replace("https://marsad.example/wiki/", "https://marsad.example/index.php?title=")
    (row,) = read(head + page("نص", title="a b") + "</mediawiki>")
    assert row.fields["url"] == "https://marsad.example/index.php?title=a_b"


@pytest.mark.parametrize(
    ("template", "published"),
    [
        ("{{تاريخ|4 مارس 2031}}", "4 مارس 2031"),
        ("{{ تاريخ | 4 آذار (مارس) 2031 }}", "4 آذار (مارس) 2031"),
        ("{{تاريخ|٤|مارس|٢٠٣١}}", "٤ مارس ٢٠٣١"),
        ("{{date|March 4, 2031}}", "March 4, 2031"),
        ("{{Date|2031|3|4}}", "2031-3-4"),
        ("{{تاريخ|4|3|2031}}", "4/3/2031"),
        ("{{تاريخ|يوم=4|شهر=3|سنة=2031}}", "2031-3-4"),
        ("{{تاريخ|سنة=2031|شهر=مارس|يوم=4}}", "4 مارس 2031"),
        ("{{تاريخ|[[4 مارس]] [[2031]]}}", "4 مارس 2031"),
        ("{{تاريخ_الخبر|4 مارس 2031}}", "4 مارس 2031"),
        ("{{تاريخ}}{{تاريخ|4 مارس 2031}}", "4 مارس 2031"),
        ("{{تاريخ|}}", None),
        ("{{تاريخ النشر الأول|4 مارس 2031}}", None),
        ("<ref>{{تاريخ|4 مارس 2030}}</ref>", None),
        ("{{مصدر|{{تاريخ|4 مارس 2030}}}}", None),
        ("[[4 مارس]] 2031", None),
    ],
)
def test_the_day_is_what_the_date_template_says(template, published):
    assert read_one(f"{template} نص").fields.get("published") == published


@pytest.mark.parametrize(
    ("wikitext", "text"),
    [
        ("قال [[وزير|الوزير]] في [[ميناء]].", "قال الوزير في ميناء."),
        ("[[:تصنيف:موانئ]] و[[w:ميناء|ميناء]]", "تصنيف:موانئ وميناء"),
        ("نص[[ملف:a.jpg|تصغير|قال [[وزير]]]]", "نص"),
        ("نص [[File:a.jpg]][[صورة:b.png]][[وثيقة:c.png|ج]]", "نص"),
        ("نص\n[[تصنيف:موانئ]]\n[[Category:Ports]]\n[[en:Port]]\n[[zh-min-nan:Port]]", "نص"),
        ("قال<ref name=a>{{مصدر}} [http://a.example ب]</ref> نعم<ref name=a />.", "قال نعم."),
        ("قال<ref name='a'>مصدر</ref> نعم.", "قال نعم."),
        ("'''قال''' ''نعم'' <b>و</b><span style=\"x\">لا</span>", "قال نعم ولا"),
        (
            "[http://a.example الموقع] [http://b.example] http://c.example",
            "الموقع http://c.example",
        ),
        ("أ\n\nب\n\n\n\nج", "أ\nب\nج"),
        ("سطر\nمكسور\n\nفقرة", "سطر مكسور\nفقرة"),
        ("مقدمة\n== عنوان ==\nنص\n=== [[فرع]] ===\nنص آخر", "مقدمة\nعنوان\nنص\nفرع\nنص آخر"),
        ("قائمة:\n* أول\n* [[ثان]]\n** فرع\n# رقم\nبعدها", "قائمة:\nأول\nثان\nفرع\nرقم\nبعدها"),
        ("<ul><li>أول</li><li>ثان</ul>", "أول\nثان"),
        ("; مصطلح : شرح\n: رد", "مصطلح شرح\nرد"),
        ("نص\n{| class=x\n! رأس\n|-\n| خلية\n|}\nبعد", "نص\nبعد"),
        ("نص<table><tr><td>خلية</td></tr></table>", "نص"),
        ("نص<br>بعد<br />آخر<p>فقرة</p>", "نص\nبعد\nآخر\nفقرة"),
        ("<!-- ملاحظة -->نص", "نص"),
        ("نص__لا_فهرس__ __NOTOC__", "نص"),
        (
            "زار {{w|القاهرة}} و{{w|Beirut|بيروت}} {{lang|en|Reuters}}{{بذرة}}",
            "زار القاهرة وبيروت Reuters",
        ),
        ("{{اقتباس|لن نتراجع|الوزير}}\n\n{{quote|text=نعم}}", "لن نتراجع\nنعم"),
        ("{{#if:x|أ}}{{PAGENAME}}نص", "نص"),
        ("3 &lt; 4 &amp; &quot;نعم&quot;&nbsp;.", '3 < 4 & "نعم"\xa0.'),
        ("&#0; &#30; &#xD800; نص&zwnj;ها &لا;", "&#0; &#30; &#xD800; نص\u200cها &لا;"),
        ("<nowiki>[[لا]] {{لا}}</nowiki>", "[[لا]] {{لا}}"),
        ("<gallery>\nملف:a.jpg|أ\n</gallery>نص<math>x^2</math>", "نص"),
        ("3 < 4 و5 > 4", "3 < 4 و5 > 4"),
    ],
)
def test_wikitext_becomes_text(wikitext, text):
    assert text_of(wikitext) == text


@pytest.mark.parametrize(
    ("wikitext", "text"),
    [
        ("قال [[وزير في الميناء.", "قال [[وزير في الميناء."),
        ("قال {{وزير [[ميناء]].", "قال {{وزير ميناء."),
        ("قال <b>وزير.", "قال <b>وزير."),
        ("قال <ref>مصدر [[ميناء]].", "قال <ref>مصدر ميناء."),
        ("قال <ref name=", "قال <ref name="),
        ("قال [http://a.example", "قال [http://a.example"),
        ("قال <!-- وزير.", "قال <!-- وزير."),
        ("{| class=x\nقال", "{| class=x قال"),
        ("قال وزير]] }} |} --> </b>", "قال وزير]] }} |} --> </b>"),
        ("<b>[[قال</b> نعم]]", "[[قال نعم]]"),
    ],
)
def test_a_mark_that_is_never_closed_is_text(wikitext, text):
    assert text_of(wikitext) == text


@pytest.mark.parametrize(
    "unit",
    [
        "[[",
        "{{",
        "{{a|",
        "<ref>",
        "<b>",
        "<a ",
        "<!--",
        "{|\n",
        "[http://a ",
        '<b a="',
        "</ref{{a|",
        "{{<td>",
        "'''''a",
        "{{{",
        "<li>",
        "[[a|{{b|<i>",
    ],
)
def test_a_page_of_open_marks_is_read_to_its_end(unit):
    row = read_one(unit * (60_000 // len(unit)) + "\n\nالنهاية")
    assert row.fields["text"].endswith("النهاية")


def test_marks_nested_deeper_than_any_wiki_are_text():
    assert text_of("[[a|" * 40 + "نص" + "]]" * 40).count("[[") == 10


LETTERS = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", min_size=1, max_size=8)


@given(st.lists(st.lists(LETTERS, min_size=1, max_size=6), max_size=5))
def test_text_without_marks_stays_as_it_is(paragraphs):
    lines = [" ".join(words) for words in paragraphs]
    assert text_of("\n\n".join(lines)) == "\n".join(lines)


MARKS = [
    "[[",
    "]]",
    "{{",
    "}}",
    "|",
    "<ref>",
    "</ref>",
    "<b>",
    "</b>",
    "<br>",
    "''",
    "\n",
    "\n* ",
    "\n== ",
    " ==\n",
    "{|\n",
    "\n|}",
    "<!--",
    "-->",
    "[http://a ",
    "]",
    "&lt;",
    "تاريخ",
    "ملف:",
    " ",
]


@given(st.lists(st.sampled_from(MARKS) | LETTERS, max_size=30))
def test_any_marks_give_lines_without_blanks_around_them(pieces):
    row = read_one("".join(pieces))
    assert isinstance(row, Record)
    lines = row.fields["text"].split("\n") if row.fields["text"] else []
    assert all(line and line == line.strip() for line in lines)
    assert bool(lines) != bool(row.note)


@given(st.integers(0, 2_000))
def test_a_dump_that_breaks_off_gives_its_whole_pages_and_one_failure(length):
    whole = (HEAD + page("أ") + page("ب", number=8) + "</mediawiki>").encode()
    rows = read(whole[:length])
    complete = whole[:length].count(b"</page>")
    if length >= len(whole):
        assert [row.row for row in rows] == [1, 2]
        return
    assert [row.row for row in rows] == [*range(1, complete + 1), None]
    assert rows[:-1] == read(whole)[:complete]
    assert isinstance(rows[-1], Failure)
    assert f"whole pages before it: {complete}. Get the file again" in rows[-1].reason


def test_a_broken_dump_says_where():
    assert read(HEAD + page("أ") + "<page><title>ب</oops>")[1] == Failure(
        None,
        "the XML cannot be read from line 8 on (mismatched tag); whole pages before it: "
        "1. Get the file again, it may be cut off.",
    )


DECLARED = (
    "it declares a document type (DOCTYPE), which no dump does and which can hide entities "
    "without end; remove the declaration."
)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE m [<!ENTITY a "ا"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE m SYSTEM "http://127.0.0.1:9/x.dtd">',
        "<!DOCTYPE m [<!ENTITY % a \"<!ENTITY b 'x'>\"> %a;]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_ones_own_are_refused(declaration, encoding):
    content = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}{HEAD}{page("&a;")}'
    assert read((content + "</mediawiki>").encode(encoding)) == [Failure(None, DECLARED)]


def test_an_entity_that_was_not_declared_is_an_error_of_the_xml():
    content = HEAD + page("أ") + "<page><title>&secret;</title></page></mediawiki>"
    assert read(content)[1:] == [
        Failure(
            None,
            "the XML cannot be read from line 8 on (undefined entity); whole pages before it: "
            "1. Get the file again, it may be cut off.",
        )
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "<rss><page/></rss>",
            "its outermost element is <rss>, not <mediawiki>: of XML only dumps of MediaWiki are "
            "read; convert it to .txt, .csv or .jsonl.",
        ),
        (HEAD + "</mediawiki>", "a MediaWiki dump without pages; export it again."),
        (
            "<mediawiki>" + "<a>" * 60,
            "more than 50 elements one inside the other; no dump.",
        ),
        (
            "",
            "the XML cannot be read from line 1 on (no element found); whole pages before it: "
            "0. Get the file again, it may be cut off.",
        ),
        (
            "ليس إكس إم إل",
            "the XML cannot be read from line 1 on (syntax error); whole pages before it: 0. "
            "Get the file again, it may be cut off.",
        ),
    ],
)
def test_what_is_no_dump_says_so(content, reason):
    assert read(content) == [Failure(None, reason)]


def test_bytes_that_are_no_letters_end_the_reading():
    content = (HEAD + page("أ")).encode() + b"<page><title>\xc7\xe1</title></page></mediawiki>"
    assert read(content)[1:] == [
        Failure(
            None,
            "the XML cannot be read from line 8 on (not well-formed (invalid token)); whole "
            "pages before it: 1. Get the file again, it may be cut off.",
        )
    ]


def test_a_tag_without_end_is_given_up(monkeypatch):
    monkeypatch.setattr(mediawiki, "LONGEST_TAG", 200_000)
    content = HEAD + page("أ") + "<!--" + "x" * 1_000_000
    assert read(content)[1:] == [
        Failure(None, "a tag of more than 200,000 bytes; get the file again.")
    ]


def test_a_page_that_is_too_long_fails_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(mediawiki, "LARGEST_PAGE", 100)
    rows = read(HEAD + page("أ" * 101) + page("ب" * 100, number=8) + "</mediawiki>")
    assert rows[0] == Failure(
        1, "the page 'هدوء' has more than 100 letters; divide it on the wiki."
    )
    assert rows[1].fields["text"] == "ب" * 100


def test_what_the_parser_cannot_read_fails_alone(monkeypatch):
    import mwparserfromhell

    parse = mwparserfromhell.parse

    def fail_once(wikitext):
        monkeypatch.setattr(mwparserfromhell, "parse", parse)
        raise RecursionError("too deep")

    monkeypatch.setattr(mwparserfromhell, "parse", fail_once)
    rows = read(HEAD + page("أ") + page("ب", number=8) + "</mediawiki>")
    assert rows[0] == Failure(
        1,
        "the wikitext of 'هدوء' cannot be read (RecursionError: too deep); correct it on the wiki.",
    )
    assert rows[1].fields["text"] == "ب"


def test_pages_are_read_one_by_one():
    class Watched(io.BytesIO):
        def read(self, size=-1):
            return super().read(size)

    content = (HEAD + page("نص " * 20_000) * 50 + "</mediawiki>").encode()
    file = Watched(content)
    next(read_mediawiki_dump(Source(file, "dump.xml")))
    assert file.tell() < len(content) // 10


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("redirects:\n", "redirect:\n", "unknown field `redirect`"),
        ("  - file\n", "  - 6\n", "6 is no word; write it in quotation marks."),
        ("  day: [يوم, اليوم, day]", "  day: يوم", "expected a list of words, found 'يوم'."),
        ('  nowrap: ["1"]', "  nowrap: [1]", "1 is no word; write it in quotation marks."),
    ],
)
def test_mistakes_in_the_words_are_told_with_their_line(tmp_path, old, new, message):
    shipped = mediawiki.data_path("lexicons", "mediawiki.yml").read_text("utf-8")
    assert old in shipped
    path = tmp_path / "mediawiki.yml"
    path.write_text(shipped.replace(old, new), "utf-8")
    line = shipped[: shipped.index(old)].count("\n") + 1
    with pytest.raises(DataFileError) as error:
        mediawiki._parse_words(load_yaml(path))
    assert str(error.value).startswith(f"{path}:{line}: {message}")
