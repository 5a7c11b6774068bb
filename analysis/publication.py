"""When an article was published: the first date that can be read, and where it was found."""

from datetime import datetime
from typing import NamedTuple

from analysis.dates import find_byline_date, is_missing, parse_date

FOUND_IN = ("column", "metadata", "file name", "byline")
"""Where a date is looked for, in this order: `metadata` are those of a page or a document."""


class Publication(NamedTuple):
    """A date or None, where it was found ("" for None), and what there is to say of it."""

    published: datetime | None
    found_in: str
    note: str


def settle_date(
    value: object,
    text: str,
    *,
    origin: str,
    file_date: str | None = None,
    order: str | None = None,
) -> Publication:
    r"""Return the date of an article from its own field, its file's name or its byline.

    `value` is the field, which stands in `origin`; where it is empty or cannot be read, the
    date in the name of the file is taken, and last one in a line of the text that holds
    little else. `order` settles numeric dates as `parse_date` says.

    >>> settle_date(None, "المرصد - 5 ماي 2031\nوصل الوفد.", origin="column").found_in
    'byline'
    """
    published, note = parse_date(value, order=order)
    if published:
        return Publication(published, origin, note)
    told = "" if is_missing(value) else note.removeprefix("no date: ")
    if file_date:
        published, _ = parse_date(file_date)
        if published:
            return Publication(published, "file name", _told(told, "the file's name"))
    byline = find_byline_date(text, order=order)
    if byline:
        found = _told(told, "the byline")
        return Publication(byline.published, "byline", f"{found} {byline.note}".strip())
    return Publication(None, "", note)


def needs_order(value: object) -> bool:
    """Say whether a date can be read only when one knows what comes first in it.

    >>> needs_order("03/04/2031"), needs_order("25/12/2031"), needs_order("2031-04-03")
    (True, True, False)
    """
    if not isinstance(value, str) or parse_date(value)[0]:
        return False
    return any(parse_date(value, order=order)[0] for order in ("day", "month"))


def _told(problem: str, place: str) -> str:
    return f"{problem} The date is that of {place}." if problem else ""
