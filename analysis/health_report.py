"""The health of a corpus in words: what `khitab check` prints, and as one table."""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Iterator, Sequence
from string import Formatter
from typing import Any, NamedTuple

import pandas as pd

from analysis.data_files import DataFile, Place, data_path, load_yaml
from analysis.duplicates import LEAST_SIMILARITY
from analysis.health import (
    FAR_YEARS,
    LEAST_MONTHS,
    MOST_BOILERPLATE,
    OLDEST,
    SHORTEST,
    Health,
)
from analysis.tables import Columns, make_table
from analysis.text_checks import load_languages

HEALTH: Columns = {
    "check": "str",
    "outlet": "str",
    "period": "str",
    "articles": "int64",
    "of": "int64",
    "detail": "str",
    "advice": "str",
    "example": "str",
}
_WIDTH = 90
_MOST_OUTLETS = 40
_MOST_YEARS = 60
_MOST_ROWS = 10
_LONGEST_NAME = 400
_INDENT = 5
_LAST_COLUMN = 40
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OF_ALL = (
    "failed",
    "skipped",
    "duplicate",
    "noted",
    "legacy_encoding",
    "empty_days",
    "many_outlets",
)
_LIMITS = ("shortest", "longest", "boilerplate", "oldest", "far", "span", "similarity")
_UNITS = ("articles", "rows", "months", "gaps", "outlets")

Row = Sequence[str]


class Check(NamedTuple):
    """A kind of problem: what its number counts, what follows the number, what to do."""

    counts: str
    title: str
    advice: str


def describe_health(health: Health) -> str:
    r"""Return the health of a corpus as a text for the terminal, in plain English.

    Numbers stand before names, so that Arabic names, which run the other way, break no column;
    characters that are not for reading (line breaks in a file's name, marks that turn the
    direction of text) are written as \u....; long lists are cut, and say so. First come the
    tables: inputs, outlets, months, dates, encodings, duplicates, languages; then each problem
    with what to do about it.

    >>> from analysis.health import survey
    >>> print(describe_health(survey([])))
    No article was read, of 0 rows in 0 files.
    <BLANKLINE>
    """
    parts = [
        _describe_corpus(health),
        _section("INPUTS", _list_inputs(health)),
        _section("ARTICLES BY OUTLET", _list_outlets(health.outlets)),
        _section("ARTICLES BY MONTH", _list_months(health.months)),
        _section("HOW DATES WERE FOUND, OR WHY NOT", _list_found(health.dates)),
        _section("ENCODINGS", _list_found(health.encodings)),
        _section("DUPLICATES", _list_duplicates(health)),
        _section("LANGUAGES", _list_languages(health.languages)),
        _describe_problems(health),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def health_table(health: Health) -> pd.DataFrame:
    """Return the health of a corpus as one table, to be kept beside it.

    - `check`: the name of a problem, or "articles": how many an outlet has in a month
    - `outlet`, `period`: "" where all are meant
    - `articles`: of how many articles it is true (of rows, where inputs are meant)
    - `of`: of how many: all of the outlet (where inputs are meant all rows, and for
      crowded_month the dated ones of the outlet), or for "articles" all of the month
    - `detail`: the reason, encoding or language
    - `advice`: what to do
    - `example`: an article_id, or a file and row

    >>> from analysis.health import survey
    >>> health_table(survey([])).columns.tolist()
    ['check', 'outlet', 'period', 'articles', 'of', 'detail', 'advice', 'example']
    """
    checks = load_checks()
    of_month = health.months.groupby("period")["articles"].transform("sum")
    months = health.months.assign(check="articles", of=of_month, detail="", advice="", example="")
    problems = health.problems.assign(
        advice=[_fill(checks[check].advice, health) for check in health.problems["check"]],
    )
    filled = [table[[*HEALTH]] for table in (problems, months) if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else make_table([], HEALTH)


@functools.cache
def load_checks() -> dict[str, Check]:
    """Return the checks with their wording, in the order in which they are told.

    DataFileError, with file and line, is raised for a field that is unknown, missing or no
    text, an unknown unit, and an unknown limit.

    >>> load_checks()["untitled"].title
    'without a title'
    """
    file = load_yaml(data_path("report", "health.yml"))
    file.check_fields((), file.content, required=["checks", "languages"])
    if not isinstance(file.content["checks"], dict):
        file.fail(("checks",), f"expected names of checks, found {file.content['checks']!r}.")
    return {
        name: _read_check(file, ("checks", name), fields)
        for name, fields in file.content["checks"].items()
    }


def _read_check(file: DataFile, place: Place, fields: dict[str, object]) -> Check:
    file.check_fields(place, fields, required=Check._fields)
    for name, value in fields.items():
        if not isinstance(value, str):
            file.fail((*place, name), f"{name} is {value!r}; write a text.")
        for _, limit, _, _ in Formatter().parse(value):
            if limit is not None and limit not in _LIMITS:
                file.fail(
                    (*place, name),
                    f"{name} names {limit!r}; choose from: {', '.join(_LIMITS)}.",
                )
    check = Check(**{name: str(value) for name, value in fields.items()})
    if check.counts not in _UNITS:
        file.fail(
            (*place, "counts"), f"counts is {check.counts!r}; choose one of: {', '.join(_UNITS)}."
        )
    return check


# ── the tables ───────────────────────────────────────────────────────────────────────────


def _describe_corpus(health: Health) -> list[str]:
    read = _count(health.articles, "articles") if health.articles else "No article"
    was = "were" if health.articles > 1 else "was"
    rows = f"{_count(health.rows, 'rows')} in {_count(health.files, 'files')}"
    lines = [f"{read} {was} read, of {rows}."]
    dated = health.outlets.dropna(subset=["first"])
    if len(dated):
        first, last = dated["first"].min(), dated["last"].max()
        lines.append(
            f"{_count(len(health.outlets), 'outlets')}, from {_day(first)} to {_day(last)}."
        )
    return lines


def _list_inputs(health: Health) -> list[str]:
    rows = [
        (f"{row.rows:,}", row.status, _with_example(row.reason, row.example))
        for row in _rows(health.inputs)
        if row.status != "read" or row.reason
    ]
    read = health.inputs[(health.inputs["status"] == "read") & (health.inputs["reason"] == "")]
    if len(read):
        rows.insert(0, (f"{read['rows'].sum():,}", "read", "without any remark"))
    return _table(("rows", "status", "reason"), rows)


def _list_outlets(outlets: pd.DataFrame) -> list[str]:
    total = int(outlets["articles"].sum())
    rows = [
        (
            f"{row.articles:,}",
            _percent(row.articles / total),
            _day(row.first),
            _day(row.last),
            f"{row.undated:,}",
            f"{row.words:,.0f}",
            f"{row.untitled:,}",
            _percent(row.boilerplate),
            f"{row.busiest} {row.busiest_share * 100:.0f} %" if row.busiest else "",
            row.outlet or "(no outlet)",
        )
        for row in _rows(outlets)
    ]
    headers = (
        "articles",
        "share",
        "first",
        "last",
        "undated",
        "words",
        "untitled",
        "skip",
        "busiest",
        "outlet",
    )
    if not rows:
        return []
    return [
        *_table(headers, rows, most=_MOST_OUTLETS),
        *_note(
            "words: the median of an article, without boilerplate; skip: the share of the text "
            "marked as boilerplate; busiest: the month with most articles, and its share."
        ),
    ]


def _list_months(months: pd.DataFrame) -> list[str]:
    of_period = months.groupby("period")["articles"].sum()
    counts = dict(zip(of_period.index.astype("str"), of_period.tolist(), strict=True))
    if not counts:
        return []
    first, last = min(counts), max(counts)
    rows = []
    for year in sorted({period[:4] for period in counts}):
        periods = [f"{year}-{month:02}" for month in range(1, 13)]
        cells = [
            f"{counts.get(period, 0):,}" if first <= period <= last else "" for period in periods
        ]
        rows.append((year, *cells, f"{sum(counts.get(period, 0) for period in periods):,}"))
    table = _table(("year", *_MONTHS, "total"), rows, most=_MOST_YEARS)
    return [*table, *_note("Years without any article are left out.")]


def _list_found(found: pd.DataFrame) -> list[str]:
    rows = [
        (f"{row.articles:,}", _with_example(row.found or "not recorded", row.example))
        for row in _rows(found)
    ]
    return _table(("articles", "found"), rows)


def _list_duplicates(health: Health) -> list[str]:
    kinds = {"exact": "the same text", "near": "nearly the same text"}
    rows = [
        (f"{row.articles:,}", f"{row.groups:,}", f"{row.largest:,}", kinds[row.kind])
        for row in _rows(health.duplicates)
        if row.articles
    ]
    pairs = [
        (f"{row.articles:,}", f"{row.outlet or '(no outlet)'} / {row.other or '(no outlet)'}")
        for row in _rows(health.pairs)
    ]
    lines = _table(("articles", "groups", "largest", "that repeat an earlier article"), rows)
    if pairs:
        lines += ["", *_table(("articles", "that repeat one of the other of two outlets"), pairs)]
    return lines


def _list_languages(languages: pd.DataFrame) -> list[str]:
    rows = [
        (f"{row.articles:,}", _with_example(_name_language(row.found), row.example))
        for row in _rows(languages)
    ]
    return _table(("articles", "language"), rows)


def _name_language(code: str) -> str:
    languages = load_languages()
    names = {"": "too short or too damaged to tell", **languages.other, **languages.arabic_script}
    return names.get(code, code)


# ── the problems ─────────────────────────────────────────────────────────────────────────


def _describe_problems(health: Health) -> list[str]:
    if not health.rows:
        return []
    found = dict(list(health.problems.groupby("check", sort=False)))
    shown = [check for check in load_checks() if check in found]
    lines = ["", f"WHAT TO LOOK AT ({len(shown)})"]
    if not shown:
        return [*lines, *_note("Nothing: no check found anything.")]
    for number, check in enumerate(shown, start=1):
        lines += ["", *_describe_problem(number, load_checks()[check], found[check], health)]
    return lines


def _describe_problem(number: int, check: Check, found: pd.DataFrame, health: Health) -> list[str]:
    of = {"articles": health.articles, "rows": health.rows}.get(check.counts)
    total = int(found["articles"].sum()) if of else len(found)
    share = f" ({_percent(total / of)})" if of else ""
    title = f"{_count(total, check.counts)}{share} {_fill(check.title, health)}"
    rows = [
        (f"{row.articles:,}", f"{row.of:,}", row.period, _name_problem(row)) for row in _rows(found)
    ]
    of_rows = check.counts == "rows"
    headers = (
        "rows" if of_rows else "articles",
        "of all",
        "period",
        "reason" if of_rows else "outlet",
    )
    return [
        *textwrap.wrap(f"{number:>3}. {title}", _WIDTH, subsequent_indent="     "),
        *_note(f"What to do: {_fill(check.advice, health)}"),
        *_table(headers, rows),
    ]


def _name_problem(row: Any) -> str:
    detail = _name_language(row.detail) if row.check == "other_language" else row.detail
    where = row.outlet or ("" if row.check in _OF_ALL else "(no outlet)")
    named = ", ".join(filter(None, [detail, where]))
    return _with_example(named, row.example)


def _fill(words: str, health: Health) -> str:
    """Fill in the limits that a title or an advice names."""
    return words.format(
        shortest=SHORTEST,
        longest=f"{health.longest:,}",
        boilerplate=f"{MOST_BOILERPLATE * 100:.0f} %",
        oldest=OLDEST,
        far=FAR_YEARS,
        span=LEAST_MONTHS,
        similarity=f"{LEAST_SIMILARITY * 100:.0f} %",
    )


def _with_example(text: str, example: str) -> str:
    first = f"first: {example}" if example else ""
    return "; ".join(filter(None, [text.removesuffix("."), first]))


# ── lines ────────────────────────────────────────────────────────────────────────────────


def _rows(table: pd.DataFrame) -> Iterator[Any]:
    return table.itertuples(index=False)


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title, *lines] if lines else []


def _note(text: str) -> list[str]:
    indent = " " * _INDENT
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def _table(headers: Row, rows: Sequence[Row], *, most: int = _MOST_ROWS) -> list[str]:
    """Return rows in columns: numbers to the right, the last column, with names, as it comes.

    Columns without anything in them are left out.
    """
    if not rows:
        return []
    used = [n for n in range(len(headers)) if any(row[n] for row in rows)]
    listed = [[row[n] for n in used] for row in (headers, *rows[:most])]
    widths = [max(map(len, cells)) for cells in zip(*listed, strict=True)]
    start = " " * (_INDENT + sum(width + 2 for width in widths[:-1]))
    lines = []
    for row in listed:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        begin = " " * _INDENT + "".join(f"{cell}  " for cell in cells[:-1])
        lines += textwrap.wrap(
            make_readable(row[-1]) or "-",
            max(_WIDTH, len(start) + _LAST_COLUMN),
            initial_indent=begin,
            subsequent_indent=start,
            break_on_hyphens=False,
        )
    if len(rows) > most:
        lines.append(f"{' ' * _INDENT}... and {len(rows) - most:,} more")
    return lines


def make_readable(text: str) -> str:
    r"""Return a name for the terminal: what is not for reading as its number, and not too long.

    >>> make_readable("خبر\n\u202eأول")
    'خبر\\n\\u202eأول'
    """
    readable = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text[:_LONGEST_NAME]
    )
    return f"{readable}..." if len(text) > _LONGEST_NAME else readable


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"


def _percent(share: float) -> str:
    return "<0.1 %" if 0 < share < 0.001 else f"{share * 100:.1f} %"


def _day(date: pd.Timestamp) -> str:
    return "-" if pd.isna(date) else f"{date:%Y-%m-%d}"
