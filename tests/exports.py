"""Exports of press databases, composed, and the rows that are read from them."""

from conftest import ROOT

from analysis.readers.rows import Record


def read_lines(name):
    return (ROOT / f"tests/cases/exports/{name}.txt").read_text("utf-8").split("\n")


NUMBERS = ["ALMRSD0020310304ee340000a", "ADDFFA0020310305ee350000b", "ALMRSD0020310306ee360000c"]

NEXIS = read_lines("nexis")

NEXIS_ROWS = [
    Record(
        1,
        {
            "section": "محليات; Pg. 3",
            "length": "523 words",
            "author": "سلمى الهادي",
            "published": "March 4, 2031",
            "outlet": "المرصد",
            "title": "الحكومة تعلن خطة للمياه",
            "text": "أعلنت الحكومة خطة جديدة.\nقال الوزير: «لا تراجع».",
        },
    ),
    Record(
        2,
        {
            "length": "80 words",
            "published": "5 March 2031",
            "outlet": "الضفة",
            "title": "بدء العمل في المحطة",
            "text": "بدأ العمل أمس.",
        },
    ),
]

OLD_NEXIS = read_lines("older_nexis")

FACTIVA = read_lines("factiva")

FACTIVA_ROWS = [
    Record(
        1,
        {
            "section": "محليات",
            "title": "الحكومة تعلن خطة جديدة للمياه",
            "author": "By سلمى الهادي",
            "length": "523 words",
            "published": "4 March 2031",
            "outlet": "المرصد",
            "text": "أعلنت الحكومة خطة جديدة.\nقال الوزير: «لا تراجع».",
            "article_id": NUMBERS[0],
        },
    ),
    Record(
        2,
        {
            "title": "بدء العمل في المحطة الأولى",
            "length": "80 mots",
            "published": "5 mars 2031",
            "outlet": "الضفة",
            "text": "بدأ العمل أمس.",
            "article_id": NUMBERS[1],
        },
    ),
]

TAGS = {
    "SE": "محليات",
    "HD": "الحكومة تعلن خطة جديدة للمياه",
    "BY": "سلمى الهادي",
    "WC": "523 words",
    "PD": "4 March 2031",
    "ET": "10:15",
    "SN": "المرصد",
    "SC": "ALMRSD",
    "LA": "Arabic",
    "CY": "Copyright 2031 المرصد",
    "LP": "أعلنت الحكومة خطة جديدة.",
    "TD": "قال الوزير: «لا تراجع».",
    "NS": "gcat : Political News | gwat : Water",
    "RE": "xcoast : Coast",
    "PUB": "المرصد",
    "AN": f"Document {NUMBERS[0]}",
}
TAGGED_ROW = Record(
    1,
    {
        "section": "محليات",
        "title": "الحكومة تعلن خطة جديدة للمياه",
        "author": "سلمى الهادي",
        "length": "523 words",
        "published": "4 March 2031",
        "outlet": "المرصد",
        "text": "أعلنت الحكومة خطة جديدة.\nقال الوزير: «لا تراجع».",
        "article_id": NUMBERS[0],
    },
)

PROQUEST = read_lines("proquest")
