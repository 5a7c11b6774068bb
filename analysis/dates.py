"""Dates as tables, file names and articles write them: read only when they can be read in one way.

The words are data (`data/lexicons/months.yml`); the forms are here. A date that may mean two
days is refused with a reason, never guessed.
"""

import functools
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple

from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.errors import require_choice

FIRST_YEAR, LAST_YEAR = 1800, 2100
HIJRI_YEARS = range(1300, 1501)
"""A year of these is of the Hijri calendar, since no article is that old."""
COMPACT_YEARS = range(1900, 2101)
"""The years of which eight digits without a mark between are taken for a date."""
LONGEST_DATE = 200
"""Letters of a line or cell that may hold a date with little else."""
FIRST_LINES, LAST_LINES = 6, 2
LEAD_LINES = 2
"""Lines of sentences after which a date is one of the story: an abstract and the first of it."""
MOST_WORDS = 8

_ISO = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)Z?)?")
_FILE_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>\d{4})(?P<mark>[-_.])(?P<month>\d{2})(?P=mark)(?P<day>\d{2})"
    r"|(?P<year_>\d{4})(?P<month_>\d\d)(?P<day_>\d\d)"
    r"|(?<![^/])(?P<_year>\d{4})/(?P<_month>\d{1,2})/(?P<_day>\d{1,2})(?=/))(?!\d)"
)
_YEAR = re.compile(r"\d{4}")
_WORD = re.compile(r"[^\W_]+")
_STOPS = re.compile(r"[.!؟?]\s*$")

# What stands in a line for a date without a label and for those with one. The line holds no
# such letter of its own, because `_clean` leaves out all letters of their kind.
_DATE, _PUBLISHED, _UPDATED = "\ufffb", "\ufff9", "\ufffa"
_MARK = f"[{_PUBLISHED}{_UPDATED}]?{_DATE}"
_SEPARATOR = re.compile(rf"[-|,،;؛()\[\]{{}}«»\"“”'/\\•·*_]|:(?=\s*{_MARK})")
_NUMBER_BESIDE = re.compile(
    rf"(?<!\d)\d{{1,2}}[\s\-/.,:]*{_MARK}|{_DATE}[\s\-/.,:]*\d{{1,2}}(?!\d)"
)

_OPENING = re.compile(
    rf"[^.!؟?{_PUBLISHED}{_UPDATED}{_DATE}]*{_MARK}(?:[\s\-/،,]*{_MARK})*\s*"
    r"(?:\([^()]{1,40}\)\s*)?-(?=\s|$)"
)
_SAME_LETTERS = dict(zip("ىةکیھ−", "يهكيه-", strict=True))
_SPELLING = re.compile(r"[^\W\d_]+(?:[ .][^\W\d_]+)*")

_MISSING = "no date: name its column, or write YYYY-MM-DD into the name of a text file."
_NO_FORM = "is not in the form YYYY-MM-DD; rewrite it."
_NO_ORDER = (
    "puts the day or the month first; write it as YYYY-MM-DD or give --date-order day|month."
)
_NO_DAY_SUCH = "is not in the calendar; correct it."
_TWO_DIGITS = "has a year of two digits; write all four."


class Byline(NamedTuple):
    """The date of an article, where it stands in the text, and what there is to say of it."""

    published: datetime
    start: int
    end: int
    note: str


class DateWords(NamedTuple):
    """The words of dates, as patterns over folded text.

    `months` says for each spelling its calendar and its number.
    """

    months: dict[str, tuple[str, int]]
    month: re.Pattern[str]
    date: re.Pattern[str]
    morning: re.Pattern[str]
    hijri: re.Pattern[str]
    weekday: re.Pattern[str]
    joiner: re.Pattern[str]
    around: re.Pattern[str]
    label: re.Pattern[str]
    other: re.Pattern[str]
    without_day: re.Pattern[str]
    without_year: re.Pattern[str]
    short_year: re.Pattern[str]


class _Dated(NamedTuple):
    """A date in a line: its place there, what it may mean, or why it means nothing.

    `written` is the date without its hour, `label` the letter that tells how it is labelled.
    """

    start: int
    end: int
    written: str
    calendar: str
    readings: tuple[datetime, ...]
    problem: str
    has_hour: bool
    label: str = _DATE

    @property
    def note(self) -> str:
        if self.calendar != "hijri" or not self.readings:
            return ""
        day = self.readings[0].date()
        return f"the Hijri date {self.written!r} was converted to {day}."


class _Line(NamedTuple):
    """The dates of a line, and the folded line with a mark in the place of each.

    `bare` is that line without the words that belong to dates (weekdays, الموافق).
    """

    dates: list[_Dated]
    marked: str
    bare: str


class _Numbers(NamedTuple):
    """Year, month and day of a date, and its calendar: gregorian or hijri."""

    year: int
    month: int
    day: int
    calendar: str


def parse_date(value: object, *, order: str | None = None) -> tuple[datetime | None, str]:
    """Return a date without time zone, or None and the reason why there is none.

    Read are dates of Python and Parquet, and written ones of the years 1800 to 2100, alone or
    with weekday, hour and time zone. The zone is dropped: the day is the one that readers of
    the page saw, 4 March for 2018-03-04T01:30+03:00, which is 3 March in Greenwich.

    1. YYYY-MM-DD, YYYY/MM/DD, YYYY.MM.DD, and without marks YYYYMMDD and YYYYMMDDHHMMSS.
    2. Day, month and year, or month, day and year, with the month's name: Arabic in every
       usage (يونيو, حزيران, جوان, غشت), two names of one month (يونيو/حزيران), English, French.
    3. 03/04/2018 when `order` says what comes first, "day" or "month". Without it none such is
       read, not even 25/12/2018: reading only the days above 12 of a column would leave
       every month with its second half alone. `day_order` settles a whole column.
    4. Hijri dates (17 رمضان 1438, 1438/09/17, any year from 1300 to 1500), converted by the
       calendar of Umm al-Qura. Of these, and of no other date, the second value tells what
       was converted. Where the Gregorian date stands beside it, that one is taken.

    A weekday is not compared with the date. What it misses on purpose: a month without a day,
    years of two digits, relative dates (أمس), ordinals (الخامس من مارس).

    >>> parse_date("2018-03-04T01:30+03:00")[0].isoformat()
    '2018-03-04T01:30:00'
    >>> parse_date("الخميس 6 يونيو/حزيران 2031 - 11:20")[0].isoformat()
    '2031-06-06T11:20:00'
    >>> parse_date("17 رمضان 1438")[1]
    "the Hijri date '17 رمضان 1438' was converted to 2017-06-12."
    >>> parse_date("03/04/2018")[1].partition("; ")[0]
    "no date: '03/04/2018' puts the day or the month first"
    """
    if isinstance(value, str):
        return _parse_written(value if len(value) <= LONGEST_DATE else _shorten(value), order)
    if is_missing(value):
        return None, _MISSING
    if hasattr(value, "to_pydatetime"):  # a timestamp of pandas: its nanoseconds are let go
        value = value.to_pydatetime(warn=False)
    if isinstance(value, date):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            return None, f"no date: {str(value)!r} {_outside()}"
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        return _without_zone(moment), ""
    return None, f"no date: {value!r} {_NO_FORM}"


def is_missing(value: object) -> bool:
    """Say whether a cell is empty: nothing, not a number, or white space."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())


def day_order(values: Iterable[object]) -> str | None:
    """Say what comes first in the numeric dates of a column, as far as they prove it.

    "day" when some date has a first number above 12 and none a second, "month" the other way
    round, else None: nothing proves it, or the dates contradict each other.

    >>> day_order(["03/04/2031", "25/04/2031"]), day_order(["03/04/2031"])
    ('day', None)
    """
    proven = set()
    for value in values:
        if isinstance(value, str) and len(value) <= LONGEST_DATE and not _ISO.fullmatch(value):
            for match in _date_words().date.finditer(_clean(value)[0]):
                if match["first"] and len(match["numeric_year"]) == 4:
                    proven |= {"day"} if 12 < int(match["first"]) < 32 else set()
                    proven |= {"month"} if 12 < int(match["second"]) < 32 else set()
    return proven.pop() if len(proven) == 1 else None


def find_byline_date(text: str, *, order: str | None = None) -> Byline | None:
    r"""Return the date that an article gives itself in its first or last lines, or None.

    Looked at are the first six lines that are not empty, or fewer if two of them are
    sentences, and the last two. A date counts

    1. in a short line without a full stop, when it stands apart from what other words there
       are (at most eight): between dashes, bars, commas or brackets, or after «نُشر في»
       and other labels. Words after a date that opens the line count only with a weekday,
       an hour or a label. A line about a picture, an event or a life does not count.
    2. in such a line without any marks, when both calendars stand between a place and an
       agency (الرباط 26 شوال 1452 هـ الموافق 20 فبراير 2031 م المرصد).
    3. at the head of a paragraph, after a place or an outlet and before a dash.

    Where lines differ, a date labelled as that of publication goes before one without label,
    that before one of a later change, and a Gregorian before a Hijri one; if they still
    differ there is none. A numeric date is read when only one reading is in the calendar,
    `order` is given, or another line says which is meant.

    What it misses on purpose: dates in sentences, relative ones, and those beside words
    without a mark between (القاهرة في 5 مارس 2031).

    >>> text = "سياج الحدود\nالمرصد - الخميس 6 مارس 2031\nوصل الوفد أمس."
    >>> byline = find_byline_date(text)
    >>> byline.published.isoformat(), text[byline.start : byline.end]
    ('2031-03-06T00:00:00', '6 مارس 2031')
    """
    dates = [
        found._replace(start=start + found.start, end=start + found.end)
        for start, end in _outer_lines(text)
        for found in _find_in_line(text, start, end, order)
    ]
    chosen = _prefer(dates)
    if not chosen:
        return None
    days = set.intersection(*({moment.date() for moment in found.readings} for found in chosen))
    if len(days) != 1:
        return None
    day = days.pop()
    first = chosen[0]
    published = next(moment for moment in first.readings if moment.date() == day)
    return Byline(published, first.start, first.end, first.note)


def find_file_date(name: str) -> str | None:
    """Return the date in the name or path of a file as YYYY-MM-DD, or None.

    Read are YYYY-MM-DD, YYYY_MM_DD, YYYY.MM.DD and YYYYMMDD that are no part of a longer
    number, and folders in each other such as 2031/03/04/. Two different dates are none.

    >>> find_file_date("المرصد/2031/03/04/خبر.txt"), find_file_date("2031-03-04_2031-03-05.txt")
    ('2031-03-04', None)
    """
    days = set()
    for match in _FILE_DATE.finditer(name):
        numbers = [int(part) for key, part in match.groupdict().items() if part and key != "mark"]
        day = _gregorian(*numbers)
        if day and (match["mark"] or match["_year"] or day.year in COMPACT_YEARS):
            days.add(day.date().isoformat())
    return days.pop() if len(days) == 1 else None


def is_date_part(name: str) -> bool:
    """Say whether the name of a folder is a year, a month or a day and nothing else.

    >>> [is_date_part(name) for name in ("2031", "07", "2031-07", "يوليو 2031", "صدى 24")]
    [True, True, True, True, False]
    """
    words = re.findall(r"[^\W_]+", _clean(name)[0])
    months = _date_words().month
    return bool(words) and all(word.isdigit() or months.fullmatch(word) for word in words)


def load_date_words(path: str | Path | None = None) -> DateWords:
    """Read and check a list of the words of dates; by default the one that ships.

    DataFileError, with file and line, is raised for an unknown field or calendar, a number
    that is no month, a month without a name, a word that is none, and a spelling that stands
    twice in a list.

    >>> load_date_words().months["غشت"]
    ('gregorian', 8)
    """
    file = load_yaml(data_path("lexicons", "months.yml") if path is None else path)
    lists = ["zones", "weekdays", "hours", "joiners", "around"]
    file.check_fields(
        (),
        file.content,
        required=["months", "eras", "halves_of_the_day", "labels", *lists],
    )
    months = _read_months(file)
    eras = _read_lists(file, "eras", ["gregorian", "hijri"])
    halves = _read_lists(file, "halves_of_the_day", ["morning", "afternoon"])
    labels = _read_lists(file, "labels", ["published", "updated", "other"])
    zones, weekdays, hours, joiners, around = (_read_words(file, (name,), set()) for name in lists)
    month = _any_of(months)
    months_written = _months_pattern(month)
    number = r"(?<!\d)\d{1,2}(?:st|nd|rd|th|er)?(?!\d)"
    gap = rf"[ \-/.,،]{{0,3}}(?:{_any_of(joiners)}[ ,:]*){{0,2}}"
    era = _any_of([*eras["gregorian"], *eras["hijri"]])
    beside = _any_of([*around, *weekdays])
    return DateWords(
        months=months,
        month=re.compile(month),
        date=re.compile(
            _date_pattern(
                months=months_written,
                gap=gap,
                era=era,
                half=_any_of([*halves["morning"], *halves["afternoon"]]),
                hour=_any_of(hours),
                zone=_any_of(zones),
                weekday=_any_of(weekdays),
            )
        ),
        morning=re.compile(_any_of(halves["morning"])),
        hijri=re.compile(_any_of(eras["hijri"])),
        weekday=re.compile(_any_of(weekdays)),
        joiner=re.compile(rf"{_any_of([*joiners, *around])} *$"),
        around=re.compile(_any_of([*around, *weekdays, *hours])),
        label=re.compile(
            rf"(?:(?P<published>{_any_of(labels['published'])})|{_any_of(labels['updated'])})"
            rf"[ :\-,،(]*(?:{beside}[ :\-,،(]*){{0,4}}(?={_DATE})"
        ),
        other=re.compile(_any_of(labels["other"])),
        without_day=re.compile(
            rf"{months_written}{gap}\d{{4}}(?: ?{era})?"
            rf"|(?:{number}[-/. ]{{1,3}})?\d{{4}}(?:[-/. ]{{1,3}}{number})?"
        ),
        without_year=re.compile(rf"{number}{gap}{months_written}|{months_written} {number}"),
        short_year=re.compile(rf"{number}{gap}{months_written}{gap}\d\d"),
    )


# The forms of dates


def _date_pattern(
    *, months: str, gap: str, era: str, half: str, hour: str, zone: str, weekday: str
) -> str:
    """Return the pattern of a date with what belongs to it, over folded text.

    `day`, `months` and `year` come with the number of their form, since a name stands once.
    """
    ordinal = r"(?:st|nd|rd|th|er)?(?!\d)"
    forms = [
        rf"(?<!\d)(?P<day1>\d{{1,2}}){ordinal}{gap}(?P<months1>{months}){gap}(?P<year1>\d{{4}})",
        rf"(?P<months2>{months})[ .]{{1,2}}(?P<day2>\d{{1,2}}){ordinal}[ ,،]{{1,3}}"
        r"(?P<year2>\d{4})",
        r"(?<!\d)(?P<year3>\d{4}) ?(?P<mark3>[-/.]) ?(?P<month3>\d{1,2}) ?(?P=mark3) ?"
        r"(?P<day3>\d{1,2})",
        r"(?<!\d)(?P<first>\d{1,2}) ?(?P<mark4>[-/.]) ?(?P<second>\d{1,2}) ?(?P=mark4) ?"
        r"(?P<numeric_year>\d{4}|\d{2})",
    ]
    zones = (
        rf"(?: ?\(?(?P<zone>{zone})\)?)?(?:(?P<offset>(?: ?[+-]\d\d:?\d\d|[+-]\d\d?)(?!\d))"
        rf"(?: ?\(?{zone}\)?)?)?"
    )
    bridge = rf"(?:t(?=\d)|[ ,،\-|@(/]{{1,4}}(?:{hour}[ :,]{{1,2}}){{0,2}})"
    return (
        rf"(?:(?:{hour} ?)?(?<![\d:.]){_clock_pattern(1, half)}[ ,،\-|)/]{{1,4}}"
        rf"(?:{weekday}[ ,،]{{1,3}})?)?"
        rf"(?P<core>{'|'.join(forms)})(?!\d)(?: ?(?P<era>{era}))?"
        rf"(?:{bridge}{_clock_pattern(2, half)}{zones})?"
    )


def _months_pattern(month: str) -> str:
    """Return a pattern for a month under one to three names."""
    return rf"{month}(?:(?: ?[/\-(\[,،] ?| +){month} ?[)\]]?){{0,2}}"


def _clock_pattern(n: int, half: str) -> str:
    return (
        rf"(?P<hour{n}>\d{{1,2}})(?:[:.h](?P<minute{n}>\d\d)"
        rf"(?:[:.](?P<second{n}>\d\d)(?:[.,]\d+)?)?(?!\d)|(?= ?{half}))"
        rf"(?: ?(?P<half{n}>{half}))?"
    )


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, with no letter before or after it."""
    written = sorted(words, key=lambda word: (-len(word), word))
    choices = "|".join(re.escape(word).replace(r"\ ", " +") for word in written)
    return rf"(?<![^\W\d_])(?:{choices})(?![^\W\d_])\.?"


def _read_match(match: re.Match[str], written: str, order: str | None) -> _Dated:
    """Read a date of the pattern; `written` is the original of it without its hour."""
    calendar, readings, problem = _read_core(match, order)
    hijri_era = bool(match["era"] and _date_words().hijri.fullmatch(match["era"]))
    if hijri_era and calendar == "gregorian":
        readings, problem = (), "has a Hijri era and a Gregorian month or year; correct it."
    moments = []
    for day in readings:
        moment = _add_hour(day, match)
        if moment is None:
            problem = _NO_DAY_SUCH
        else:
            moments.append(moment)
    has_hour = bool(match["hour1"] or match["hour2"])
    return _Dated(*match.span(), written, calendar, tuple(moments), problem, has_hour)


def _read_core(match: re.Match[str], order: str | None) -> tuple[str, tuple[datetime, ...], str]:
    """Return the calendar, what the date may mean, and a reason if it cannot be taken."""
    if match["first"]:
        return _read_numeric(match, order)
    if match["year3"]:
        year, month, day = int(match["year3"]), int(match["month3"]), int(match["day3"])
        return _convert(_Numbers(year, month, day, _calendar_of(year)))
    n = "1" if match["year1"] else "2"
    words = _date_words()
    named = {words.months[_one_space(name)] for name in words.month.findall(match[f"months{n}"])}
    if len(named) != 1:
        return "gregorian", (), "names two months; correct it."
    calendar, month = named.pop()
    year = int(match[f"year{n}"])
    if calendar == "hijri" and year not in HIJRI_YEARS:
        return calendar, (), "has a Hijri month and no Hijri year; correct it."
    return _convert(_Numbers(year, month, int(match[f"day{n}"]), calendar))


def _read_numeric(match: re.Match[str], order: str | None) -> tuple[str, tuple[datetime, ...], str]:
    first, second, year = int(match["first"]), int(match["second"]), match["numeric_year"]
    if len(year) == 2:
        return "gregorian", (), _TWO_DIGITS
    calendar = _calendar_of(int(year))
    by_order = {
        "day": _Numbers(int(year), second, first, calendar),
        "month": _Numbers(int(year), first, second, calendar),
    }
    if order is not None:
        _, readings, problem = _convert(by_order[order])
        if problem == _NO_DAY_SUCH:
            problem = f"is not in the calendar with the {order} first; correct it."
        return calendar, readings, problem
    both = [_convert(numbers)[1] for numbers in by_order.values()]
    return calendar, tuple(dict.fromkeys(moment for found in both for moment in found)), _NO_ORDER


def _calendar_of(year: int) -> str:
    return "hijri" if year in HIJRI_YEARS else "gregorian"


def _convert(numbers: _Numbers) -> tuple[str, tuple[datetime, ...], str]:
    *parts, calendar = numbers
    if calendar == "hijri":
        return calendar, *_from_hijri(*parts)
    if not FIRST_YEAR <= numbers.year <= LAST_YEAR:
        return calendar, (), _outside()
    day = _gregorian(*parts)
    return (calendar, (day,), "") if day else (calendar, (), _NO_DAY_SUCH)


def _gregorian(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _from_hijri(year: int, month: int, day: int) -> tuple[tuple[datetime, ...], str]:
    from hijridate import Hijri

    try:
        found = Hijri(year, month, day).to_gregorian()
    except OverflowError:
        return (), "is no Hijri date of 1343 to 1500, which can be converted; write the Gregorian."
    except ValueError:
        return (), _NO_DAY_SUCH
    return (datetime(found.year, found.month, found.day),), ""


def _add_hour(day: datetime, match: re.Match[str]) -> datetime | None:
    """Return the day at the hour that stands beside it."""
    n = "1" if match["hour1"] else "2"
    if not match[f"hour{n}"]:
        return day
    words = _date_words()
    hour, minute, second = (int(match[f"{part}{n}"] or 0) for part in ("hour", "minute", "second"))
    half = match[f"half{n}"]
    if half and hour <= 12:
        hour = hour % 12 + (0 if words.morning.fullmatch(half) else 12)
    elif half and words.morning.fullmatch(half):
        return None
    try:
        return day.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return None


# Cells


@functools.lru_cache(maxsize=8192)
def _parse_written(value: str, order: str | None) -> tuple[datetime | None, str]:
    stripped = value.strip()
    if not stripped:
        return None, _MISSING
    match = _ISO.fullmatch(stripped)
    if match is None:
        compact = _COMPACT.fullmatch(stripped)
        if compact is None or int(compact[1]) not in COMPACT_YEARS:
            return _parse_form(value, order)
        year, month, day, hour, minute, second = compact.groups()
        fraction = zone = None
    else:
        year, _, month, day, hour, minute, second, fraction, zone = match.groups()
    numbers = [int(part or 0) for part in (year, month, day, hour, minute, second)]
    if not FIRST_YEAR <= numbers[0] <= LAST_YEAR:
        return _parse_form(value, order)
    iso = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*numbers)
    try:
        return _without_zone(datetime.fromisoformat(f"{iso}{fraction or ''}{zone or ''}")), ""
    except (ValueError, OverflowError):
        return None, f"no date: {value!r} {_NO_DAY_SUCH}"


def _parse_form(value: str, order: str | None) -> tuple[datetime | None, str]:
    require_choice(order, (None, "day", "month"), name="order")
    line = _read_line(value, order)
    if not line.dates or _WORD.search(line.bare):
        return None, f"no date: {value!r} {_explain(line)}"
    chosen = _prefer(line.dates)
    for found in chosen:
        if found.problem:
            return None, f"no date: {value!r} {found.problem}"
    if len({found.readings[0].date() for found in chosen}) > 1:
        return None, f"no date: {value!r} holds two dates; write the one of publication."
    return chosen[0].readings[0], chosen[0].note


def _shorten(value: str) -> str:
    """Return a long cell without white space around it, or what of it a reason can show."""
    stripped = value.strip()
    return stripped if len(stripped) <= LONGEST_DATE else f"{stripped[:40]}… (too long)"


def _explain(line: _Line) -> str:
    """Say why a cell without a whole date has none."""
    if line.dates:
        return _NO_FORM
    words = _date_words()
    for written in (line.marked.strip(), line.bare.strip()):
        if words.short_year.fullmatch(written):
            return _TWO_DIGITS
        if words.without_day.fullmatch(written):
            return "has no day; write it as YYYY-MM-DD."
        if words.without_year.fullmatch(written):
            return "has no year; write it as YYYY-MM-DD."
    return _NO_FORM


def _outside() -> str:
    return f"is outside the years {FIRST_YEAR} to {LAST_YEAR}; correct it."


def _without_zone(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


# Lines


def _read_line(line: str, order: str | None) -> _Line:
    """Find the dates of a line, with their labels, and mark their places in the folded line."""
    folded, places = _clean(line)
    words = _date_words()
    dates = []
    for match in words.date.finditer(folded):
        start, end = match.span("core")
        found = _read_match(match, line[places[start] : places[end - 1] + 1], order)
        end = len(folded[: found.end].rstrip())
        dates.append(found._replace(start=places[found.start], end=places[end]))
    marked = words.label.sub(_label, words.date.sub(_DATE, folded))
    bare = words.around.sub("", marked)
    return _Line(_with_labels(dates, bare), marked, bare)


def _label(match: re.Match[str]) -> str:
    return _PUBLISHED if match["published"] else _UPDATED


def _with_labels(dates: Sequence[_Dated], bare: str) -> list[_Dated]:
    """Give each date the label before it, or that of the same date in the other calendar."""
    labelled: list[_Dated] = []
    before = bare.split(_DATE)
    for found, words in zip(dates, before, strict=False):
        label = words[-1:] if words[-1:] in (_PUBLISHED, _UPDATED) else _DATE
        if labelled and not _WORD.search(words) and labelled[-1].calendar != found.calendar:
            label = label if label != _DATE else labelled[-1].label
        labelled.append(found._replace(label=label))
    return labelled


def _prefer(dates: Sequence[_Dated]) -> list[_Dated]:
    """Return the dates labelled as published, else those without label, else all.

    Where one of these is Gregorian, the Hijri ones are left out.
    """
    chosen = list(dates)
    for label in (_PUBLISHED, _DATE):
        with_label = [found for found in dates if found.label == label]
        if with_label:
            chosen = with_label
            break
    return [found for found in chosen if found.calendar == "gregorian"] or chosen


def _outer_lines(text: str) -> list[tuple[int, int]]:
    """Return the spans of the first and last lines that are not empty, in order."""
    first = list(_lines_from_start(text))
    last = [span for span in _lines_from_end(text) if span not in first]
    return first + last[::-1]


def _lines_from_start(text: str) -> Iterator[tuple[int, int]]:
    start = count = sentences = 0
    while start < len(text) and count < FIRST_LINES and sentences < LEAD_LINES:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        if line:
            count += 1
            sentences += len(line) > LONGEST_DATE or line[-1] in ".!؟?"
            yield start, end
        start = end + 1


def _lines_from_end(text: str) -> Iterator[tuple[int, int]]:
    end, count = len(text), 0
    while end > 0 and count < LAST_LINES:
        start = text.rfind("\n", 0, end) + 1
        if text[start:end].strip():
            count += 1
            yield start, end
        end = start - 1


def _find_in_line(text: str, start: int, end: int, order: str | None) -> list[_Dated]:
    """Return the dates of a line that are those of the article."""
    line = text[start : min(end, start + LONGEST_DATE)]
    if not _YEAR.search(line):
        return []
    found = _read_line(line, order)
    if not found.dates or _date_words().other.search(found.marked):
        return []
    if end - start <= LONGEST_DATE and (_stands_apart(found) or _is_in_both_calendars(found)):
        return found.dates
    return found.dates[: _count_in_opening(found)]


def _stands_apart(line: _Line) -> bool:
    """Say whether a short line holds dates, and what other words it has stand beside a mark."""
    words = _WORD.findall(line.bare)
    if len(words) > MOST_WORDS or _STOPS.search(line.bare) or not _is_divided(line.bare):
        return False
    before, *_, after = re.split(_MARK, line.bare)
    if _WORD.search(before) or len(_WORD.findall(after)) < 2:
        return True
    first = line.dates[0]
    told = first.has_hour or first.label != _DATE or _date_words().weekday.search(line.marked)
    return bool(told or "|" in after)


def _is_divided(bare: str) -> bool:
    """Say whether a mark stands between each date and every word and small number."""
    if _NUMBER_BESIDE.search(bare):
        return False
    return not any(_WORD.search(piece) for piece in _SEPARATOR.split(bare) if _DATE in piece)


def _is_in_both_calendars(line: _Line) -> bool:
    """Say whether a line is a place, a day in both calendars and an agency, without any marks."""
    if len({found.calendar for found in line.dates}) != 2 or len(line.dates) != 2:
        return False
    before, between, after = line.bare.split(_DATE)
    preceding = line.marked.split(_DATE)[0].rstrip()
    return (
        1 <= len(_WORD.findall(before)) <= 4
        and not _WORD.search(between)
        and 1 <= len(_WORD.findall(after)) <= 2
        and not _date_words().joiner.search(preceding)
        and not _STOPS.search(line.bare)
    )


def _count_in_opening(line: _Line) -> int:
    """Return how many dates stand between a place or an outlet and the dash that opens a text."""
    opening = _OPENING.match(line.bare)
    if not opening:
        return 0
    words = len(_WORD.findall(opening[0]))
    return opening[0].count(_DATE) if 1 <= words <= 5 and _is_divided(opening[0]) else 0


# Letters and words


@functools.cache
def _date_words() -> DateWords:
    return load_date_words()


def _clean(line: str) -> tuple[str, list[int]]:
    """Return a line as its dates are matched, and where each letter and the end stand in it.

    Marks, accents and signs of direction go, digits become ASCII, dashes a hyphen, white
    space a space; tatweel goes inside a word and is a dash elsewhere.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(line):
        for folded in _fold_letter(letter):
            if folded == "\u0640":
                if letters and letters[-1].isalpha():
                    continue
                folded = "-"
            letters.append(folded)
            places.append(place)
    return "".join(letters), [*places, len(line)]


@functools.lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    return "".join(map(_fold_part, unicodedata.normalize("NFKD", letter.casefold())))


def _fold_part(letter: str) -> str:
    if letter.isspace():
        return " "
    match unicodedata.category(letter):
        case "Mn" | "Me" | "Cf" | "Cc" | "Co" | "Cs":
            return ""
        case "Nd":
            return str(unicodedata.decimal(letter))
        case "Pd":
            return "-"
    return _SAME_LETTERS.get(letter, letter)


def _one_space(words: str) -> str:
    return " ".join(words.removesuffix(".").split())


# The list of words


def _read_months(file: DataFile) -> dict[str, tuple[str, int]]:
    calendars = ["gregorian", "hijri"]
    file.check_fields(("months",), file.content["months"], required=calendars)
    months: dict[str, tuple[str, int]] = {}
    for calendar in calendars:
        usages = file.content["months"][calendar]
        if not isinstance(usages, dict):
            file.fail(("months", calendar), f"expected usages with their months, found {usages!r}.")
        for usage, numbers in usages.items():
            place = ("months", calendar, usage)
            if not isinstance(numbers, dict):
                file.fail(place, f"expected numbers of months with names, found {numbers!r}.")
            for number in numbers:
                if type(number) is not int or not 1 <= number <= 12:
                    file.fail((*place, number), f"{number!r} is no month; write 1 to 12.")
                for word in _read_words(file, (*place, number), months):
                    months[word] = calendar, number
    return months


def _read_lists(file: DataFile, field: str, names: Sequence[str]) -> dict[str, list[str]]:
    file.check_fields((field,), file.content[field], required=names)
    known: list[str] = []
    lists = {}
    for name in names:
        lists[name] = _read_words(file, (field, name), known)
        known += lists[name]
    return lists


def _read_words(file: DataFile, place: Place, known: Collection[str]) -> list[str]:
    """Return the folded words of a list; none may be among the known ones."""
    entries = file.content
    for step in place:
        entries = entries[step]
    if not isinstance(entries, list) or not entries:
        file.fail(place, f"expected a list of words, found {entries!r}.")
    words: list[str] = []
    for i, entry in enumerate(entries):
        word = _one_space(_clean(entry)[0]) if isinstance(entry, str) else ""
        if not _SPELLING.fullmatch(word):
            file.fail((*place, i), f"{entry!r} is no word; write letters alone.")
        if word in known or word in words:
            file.fail((*place, i), f"{entry!r} stands twice, if letters are folded; remove one.")
        words.append(word)
    return words
