"""Dates as tables and file names write them: read only when they can be read in one way."""

import functools
import re
from datetime import UTC, date, datetime, time

_DATE = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_DAY_AND_MONTH = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*")


def parse_date(value: object) -> tuple[datetime | None, str]:
    """Return a date without time zone, or None and the reason why there is none.

    Read are dates of Python and Parquet, YYYY-MM-DD and YYYY/MM/DD, alone or followed by
    HH:MM, seconds and time zone. A time zone is converted to UTC, then dropped.

    >>> parse_date("2018-03-04T01:30+03:00")[0].isoformat()
    '2018-03-03T22:30:00'
    >>> parse_date("03/04/2018")[1]
    "no date: '03/04/2018' puts the day or the month first; write it as YYYY-MM-DD."
    """
    if is_missing(value):
        return None, "no date: name its column, or write YYYY-MM-DD into the name of a text file."
    if hasattr(value, "to_pydatetime"):  # a timestamp of pandas: its nanoseconds are let go
        value = value.to_pydatetime(warn=False)
    if isinstance(value, datetime):
        return _without_zone(value), ""
    if isinstance(value, date):
        return datetime.combine(value, time()), ""
    if isinstance(value, str):
        return _parse_written(value)
    return None, f"no date: {value!r} is not in the form YYYY-MM-DD; rewrite it."


@functools.lru_cache(maxsize=8192)
def _parse_written(value: str) -> tuple[datetime | None, str]:
    match = _DATE.fullmatch(value.strip())
    if match is None:
        if _DAY_AND_MONTH.fullmatch(value.strip()):
            return (
                None,
                f"no date: {value!r} puts the day or the month first; write it as YYYY-MM-DD.",
            )
        return None, f"no date: {value!r} is not in the form YYYY-MM-DD; rewrite it."
    year, _, month, day, hour, minute, second, fraction, zone = match.groups()
    numbers = [int(part or 0) for part in (year, month, day, hour, minute, second)]
    iso = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*numbers)
    try:
        return _without_zone(datetime.fromisoformat(f"{iso}{fraction or ''}{zone or ''}")), ""
    except (ValueError, OverflowError):
        return None, f"no date: {value!r} is not in the calendar; correct it."


def _without_zone(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def is_missing(value: object) -> bool:
    """Say whether a cell is empty: nothing, not a number, or white space."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())
