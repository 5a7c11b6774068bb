"""Dates are read when they can be read in one way, and never guessed."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
import yaml
from conftest import ROOT
from corpora import read_corpus_texts
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.data_files import data_path
from analysis.dates import (
    Byline,
    day_order,
    find_byline_date,
    find_file_date,
    load_date_words,
    parse_date,
)
from analysis.errors import DataFileError, InputError

# Every scalar as it is written, since YAML would read some of the dates itself.
CASES = yaml.load((ROOT / "tests/cases/dates.yml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506
WORDS = yaml.safe_load(data_path("lexicons", "months.yml").read_text("utf-8"))
NAMES = [
    (number, name)
    for usage in WORDS["months"]["gregorian"].values()
    for number, names in usage.items()
    for name in names
]
NO_DATE = "no date: name its column, or write YYYY-MM-DD into the name of a text file."
TWICE = " stands twice, if letters are folded; remove one."
UNKNOWN = "unknown field `solar`; choose from: "
NO_FORM = " is not in the form YYYY-MM-DD; rewrite it."
OUTSIDE = " is outside the years 1800 to 2100; correct it."
DIGITS = {"Arabic": "٠١٢٣٤٥٦٧٨٩", "Persian": "۰۱۲۳۴۵۶۷۸۹"}
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
BODY = "أعلنت الوزارة خطة لإصلاح الطرق."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2031-05-06", datetime(2031, 5, 6)),
        (" 2031/5/6 ", datetime(2031, 5, 6)),
        ("2031-05-06 07:08", datetime(2031, 5, 6, 7, 8)),
        ("2031-05-06T07:08:09Z", datetime(2031, 5, 6, 7, 8, 9)),
        ("2031-05-06T01:08:09.5+0300", datetime(2031, 5, 6, 1, 8, 9, 500_000)),
        ("٢٠٣١-٠٥-٠٦", datetime(2031, 5, 6)),
        ("2031-05-06" + " " * 1000, datetime(2031, 5, 6)),
        (date(2031, 5, 6), datetime(2031, 5, 6)),
        (datetime(2031, 5, 6, 7, tzinfo=UTC), datetime(2031, 5, 6, 7)),
        (pd.Timestamp("2031-05-06 07:08:09.123456789"), datetime(2031, 5, 6, 7, 8, 9, 123_456)),
    ],
)
def test_dates_that_are_read(value, expected):
    assert parse_date(value) == (expected, "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, NO_DATE),
        ("  ", NO_DATE),
        (" " * 1000, NO_DATE),
        (float("nan"), NO_DATE),
        (pd.NaT, NO_DATE),
        (1935792000, "no date: 1935792000" + NO_FORM),
        (20310506, "no date: 20310506" + NO_FORM),
        (date(1799, 12, 31), "no date: '1799-12-31'" + OUTSIDE),
        (datetime.max.replace(tzinfo=UTC), "no date: '9999-12-31 23:59:59.999999+00:00'" + OUTSIDE),
        ("\0", "no date: '\\x00'" + NO_FORM),
        ("6 مارس 2031" + " س" * 200, f"no date: '6 مارس 2031{' س' * 14} … (too long)'" + NO_FORM),
    ],
)
def test_dates_that_are_not_guessed(value, reason):
    assert parse_date(value) == (None, reason)


@pytest.mark.parametrize(("written", "expected"), CASES["read"])
def test_written_dates_that_are_read(written, expected):
    assert parse_date(written) == (datetime.fromisoformat(expected), "")


@pytest.mark.parametrize(("written", "order", "expected"), CASES["ordered"])
def test_numeric_dates_are_read_in_the_order_that_is_given(written, order, expected):
    assert parse_date(written, order=order) == (datetime.fromisoformat(expected), "")


@pytest.mark.parametrize(("written", "told", "expected"), CASES["hijri"])
def test_hijri_dates_are_converted_and_told(written, told, expected):
    published, note = parse_date(written)
    assert published.date().isoformat() == expected
    assert note == f"the Hijri date '{told}' was converted to {expected}."


@pytest.mark.parametrize(("written", "problem"), CASES["refused"])
def test_written_dates_that_are_refused(written, problem):
    assert parse_date(written) == (None, f"no date: {written!r} {problem}")


def test_a_numeric_date_that_the_order_makes_no_date_is_refused():
    assert parse_date("25/12/2031", order="month") == (
        None,
        "no date: '25/12/2031' is not in the calendar with the month first; correct it.",
    )


def test_an_order_that_is_none_is_told():
    with pytest.raises(
        InputError, match=r"^order is 'year'; choose one of None, 'day', 'month'\.$"
    ):
        parse_date("03/04/2031", order="year")


def test_the_table_of_dates_is_large_and_repeats_nothing():
    written = [entry[0] for part in ("read", "refused", "hijri") for entry in CASES[part]]
    assert len(written) >= 200
    assert [value for value, count in Counter(written).items() if count > 1] == []
    assert len(CASES["bylines"]) + len(CASES["narration"]) >= 50


@given(DAYS, st.sampled_from(NAMES), st.sampled_from(["", *DIGITS]))
@example(date(2031, 2, 28), (2, "شباط"), "Arabic")
def test_every_day_is_read_back_in_every_style(day, named, digits):
    month, name = named
    day = day.replace(month=month, day=min(day.day, 28))
    styles = [
        f"{day.day} {name} {day.year}",
        f"الخميس {day.day:02} {name} {day.year} م",
        f"{name} {day.day}, {day.year}",
        f"{day.day}-{name}-{day.year}",
        f"{day.day} {name} ({name.upper()}) {day.year} - 00:00",
    ]
    for written in styles:
        written = written.translate(_digits(digits))
        assert parse_date(written) == (datetime(day.year, day.month, day.day), ""), written


@given(DAYS, st.sampled_from(["", *DIGITS]))
def test_every_day_is_read_back_in_numbers(day, digits):
    expected = (datetime(day.year, day.month, day.day), "")
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m-%dT00:00:00Z"):
        assert parse_date(_write(day, form).translate(_digits(digits))) == expected
    assert parse_date(_write(day, "%d/%m/%Y").translate(_digits(digits)), order="day") == expected
    assert parse_date(_write(day, "%m.%d.%Y").translate(_digits(digits)), order="month") == expected
    assert parse_date(_write(day, "%d/%m/%Y").translate(_digits(digits)))[0] is None


def test_every_day_of_two_centuries_with_the_names_of_its_month():
    names = dict(reversed(NAMES))
    day = date(1900, 1, 1)
    while day.year < 2100:
        written = f"{day.day} {names[day.month]} {day.year}"
        assert parse_date(written) == (datetime(day.year, day.month, day.day), "")
        day += timedelta(days=1)


@given(DAYS.filter(lambda day: date(1924, 8, 1) <= day <= date(2077, 11, 16)))
def test_hijri_dates_come_back_as_the_day_they_were_made_of(day):
    from hijridate import Gregorian

    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    name = WORDS["months"]["hijri"]["arabic"][hijri.month][0]
    for written in (
        f"{hijri.day} {name} {hijri.year} هـ",
        f"{hijri.year}/{hijri.month}/{hijri.day}",
    ):
        published, note = parse_date(written)
        assert published.date() == day
        assert note.endswith(f" was converted to {day}.")


@given(
    st.text(max_size=60) | st.text(st.sampled_from("0123456789 /-.:مارسهـ٣()،\u200f|"), max_size=60)
)
def test_nothing_written_raises_and_every_refusal_has_a_reason(written):
    published, note = parse_date(written)
    assert note or published
    if published:
        assert 1799 <= published.year <= 2101
    byline = find_byline_date(written)
    if byline:
        assert written[byline.start : byline.end].strip() == written[byline.start : byline.end]
    assert day_order([written]) in (None, "day", "month")
    assert find_file_date(written) is None or parse_date(find_file_date(written))[0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["03/04/2031", "25/04/2031"], "day"),
        (["03/04/2031", "04/25/2031 10:00"], "month"),
        (["٢٥‏/١٢‏/٢٠٣١"], "day"),
        (["25.12.2031 م"], "day"),
        (["03/04/2031", "12/12/2031"], None),
        (["25/04/2031", "04/25/2031"], None),
        (["32/04/2031"], None),
        (["25/04/31"], None),
        (["2031-04-25", "2031/4/25", None, 25, "أمس", "", "س" * 1000], None),
        ([], None),
    ],
)
def test_the_order_of_a_column_is_what_its_dates_prove(values, expected):
    assert day_order(values) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2031-03-04.txt", "2031-03-04"),
        ("almarsad_2031_03_04.html", "2031-03-04"),
        ("المرصد 2031.03.04 خبر.txt", "2031-03-04"),
        ("خبر20310304.txt", "2031-03-04"),
        ("٢٠٣١-٠٣-٠٤.txt", "2031-03-04"),
        ("2031/03/04/خبر.txt", "2031-03-04"),
        ("www/2031/3/4/2031-03-04-خبر.txt", "2031-03-04"),
        ("2031-03-04-12-30.txt", "2031-03-04"),
        ("2031-02-30_2031-03-04.txt", "2031-03-04"),
        ("2031-03-04_2031-03-05.txt", None),
        ("2031/03/04/2031-03-05.txt", None),
        ("2031/03/04.txt", None),  # the fourth article of a month as well
        ("2031/03/خبر.txt", None),
        ("12031/03/04/a.txt", None),
        ("120310304.txt", None),
        ("20310304123.txt", None),
        ("20310304784836.txt", None),
        ("2031-03-041.txt", None),
        ("2031-03_04.txt", None),
        ("04-03-2031.txt", None),
        ("2031-02-30.txt", None),
        ("1438-09-17.txt", None),
        ("18500304.txt", None),
        ("خبر.txt", None),
        ("", None),
    ],
)
def test_dates_in_names_of_files(name, expected):
    assert find_file_date(name) == expected


@pytest.mark.parametrize(("line", "surface", "expected"), CASES["bylines"])
def test_lines_that_give_the_date(line, surface, expected):
    head = f"سياج الحدود\n\n{line}\n{BODY}"
    foot = f"سياج الحدود\n{BODY}\n{BODY}\n" + "وصل الوفد\n" * 9 + f"{line}\n\nشارك"
    for text in (head, foot):
        byline = find_byline_date(text)
        assert byline is not None
        assert byline.published == datetime.fromisoformat(expected)
        assert text[byline.start : byline.end] == surface
        assert byline.note == ""


@pytest.mark.parametrize("line", CASES["narration"])
def test_lines_that_give_no_date(line):
    assert find_byline_date(f"سياج الحدود\n{line}\n{BODY}") is None
    assert find_byline_date(f"{line}\n{BODY}") is None
    assert find_byline_date(f"{BODY}\n{line}") is None


def test_a_hijri_byline_is_told():
    text = f"سياج الحدود\nالضفة - الاثنين 17 رمضان 1438 هـ\n{BODY}"
    note = "the Hijri date '17 رمضان 1438' was converted to 2017-06-12."
    assert find_byline_date(text) == Byline(datetime(2017, 6, 12), 28, 44, note)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["نشر: 3 مارس 2031", "آخر تحديث: 4 مارس 2031"], "2031-03-03"),
        (["آخر تحديث: 4 مارس 2031", "المرصد - 3 مارس 2031"], "2031-03-03"),
        (["المرصد - 3 مارس 2031", "نشر: 4 مارس 2031"], "2031-03-04"),
        (["المرصد - 3 مارس 2031", "الضفة - 3 مارس 2031"], "2031-03-03"),
        (["المرصد - 3 مارس 2031", "الضفة - 4 مارس 2031"], None),
        (["نشر: 3 مارس 2031", "نشر: 4 مارس 2031"], None),
        (["3/4/2031", "الضفة - 3 أبريل 2031"], "2031-04-03"),
        (["3/4/2031", "4/3/2031"], None),
        (["3/4/2031", "الضفة - 3 ماي 2031"], None),
        (["17 رمضان 1438", "الضفة - 12 يونيو 2017"], "2017-06-12"),
        (["17 رمضان 1438", "الضفة - 11 يونيو 2017"], "2017-06-11"),
    ],
)
def test_lines_that_differ(lines, expected):
    byline = find_byline_date("\n".join(["سياج الحدود", *lines, BODY]))
    assert (byline and byline.published.date().isoformat()) == expected


def test_the_order_of_numeric_dates_can_be_given_for_bylines():
    text = f"سياج الحدود\n3/4/2031\n{BODY}"
    assert find_byline_date(text, order="day").published == datetime(2031, 4, 3)
    assert find_byline_date(text, order="month").published == datetime(2031, 3, 4)


def test_a_date_below_the_first_lines_is_one_of_the_story():
    line = "الخميس 6 مارس 2031"
    assert find_byline_date("\n".join(["خبر"] * 5 + [line] + ["خبر"] * 3)) is not None
    assert find_byline_date("\n".join(["خبر"] * 6 + [line] + ["خبر"] * 2)) is None
    assert find_byline_date("\n".join([BODY, line, "خبر", "خبر"])) is not None
    assert find_byline_date("\n".join([BODY, BODY, line, "خبر", "خبر"])) is None
    assert find_byline_date("\n".join(["س" * 201, "س" * 201, line, "خبر", "خبر"])) is None


def test_long_and_empty_texts_have_no_byline():
    for text in ("", "\n" * 100_000, " " * 100_000, "2031 " * 100_000, "مارس 5 " * 100_000):
        assert find_byline_date(text) is None


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("[شباط]", "[شباط, شُباط]", "2: [شباط", "'شُباط'" + TWICE),
        ("[شباط]", "[شباط, يناير]", "2: [شباط", "'يناير'" + TWICE),
        ("صباحا, فجرا", "صباحا, مساءً", "afternoon:", "'مساء'" + TWICE),
        ("2: [شباط]", "13: [شباط]", "13: [", "13 is no month; write 1 to 12."),
        ("2: [شباط]", "second: [شباط]", "second: [", "'second' is no month; write 1 to 12."),
        ("[شباط]", "[]", "2: []", "expected a list of words, found []."),
        ("[شباط]", "شباط", "2: شباط", "expected a list of words, found 'شباط'."),
        ("[شباط]", "[2]", "2: [2]", "2 is no word; write letters alone."),
        ("[شباط]", "['a|b']", "2: ['a|b']", "'a|b' is no word; write letters alone."),
        ("  hijri:\n    arabic", "  solar:\n    arabic", "solar:", UNKNOWN + "gregorian, hijri."),
        ("  updated:", "  solar:", "solar:", UNKNOWN + "published, updated, other."),
    ],
)
def test_mistakes_in_the_words_are_told_with_file_and_line(tmp_path, old, new, line, problem):
    shipped = data_path("lexicons", "months.yml").read_text("utf-8")
    assert old in shipped
    path = tmp_path / "own.yml"
    path.write_text(shipped.replace(old, new, 1), "utf-8")
    number = next(
        i for i, text in enumerate(path.read_text("utf-8").split("\n"), 1) if line in text
    )
    with pytest.raises(DataFileError, match=f"^{re.escape(f'{path}:{number}: {problem}')}$"):
        load_date_words(path)


def test_words_that_are_no_mapping_are_told(tmp_path):
    path = tmp_path / "own.yml"
    path.write_text("[يناير]\n", "utf-8")
    with pytest.raises(DataFileError, match=r"own\.yml:1: expected fields, found \['يناير'\]\.$"):
        load_date_words(path)


def test_every_month_has_a_name_in_the_usages_that_name_all():
    for usage in ("egyptian", "levantine", "english", "french"):
        assert sorted(WORDS["months"]["gregorian"][usage]) == list(range(1, 13))
    assert sorted(WORDS["months"]["hijri"]["arabic"]) == list(range(1, 13))


def test_bylines_of_the_sample_agree_with_its_dates(sample):
    found = {
        row.article_id: (byline.published.date(), row.published.date())
        for row in sample.itertuples()
        if (byline := find_byline_date(row.text))
    }
    assert len(found) == 5
    assert all(byline == known for byline, known in found.values())


def test_bylines_of_real_articles_agree_with_the_day_they_were_fetched(shared):
    """All but a letter of an earlier day, dated at its foot, in the corpora kept aside."""
    saudi = [
        byline.published
        for text in read_corpus_texts(shared / "corpora/saudinewsnet")
        if (byline := find_byline_date(text))
    ]
    assert len(saudi) == 345
    assert all(datetime(2015, 7, 20) <= day <= datetime(2015, 8, 11) for day in saudi)
    press = read_corpus_texts(shared / "corpora/ant_2018.parquet")
    assert sum(find_byline_date(text) is not None for text in press) == 1


def _digits(name: str) -> dict[int, str]:
    return str.maketrans(dict(zip("0123456789", DIGITS[name], strict=True))) if name else {}


def _write(day: date, form: str) -> str:
    return day.strftime(form)
