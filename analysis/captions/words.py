"""The words and numbers of captions: signs, intervals, p-values, names."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.framing import PAIR_SEPARATOR
from analysis.tables import require_columns

Labels = Mapping[str, str] | None
Words = Mapping[str, str]
Show = Callable[[float], str]

Q_BELOW = 0.05
"""What a q-value must be below to be told from chance, as in the figures."""
JOINED = " + "
"""Stands between categories that are searched together for breaks."""
_USUAL = 0.05
_SMALLEST, _LARGEST = 0.01, 0.99
_MOST_DIGITS = 4
_DIRECTIONS = {"L": "L", "R": "R", "AL": "R"}
"""Which way letters run, by their class in Unicode."""


def require_rows(table: pd.DataFrame, columns: Iterable[str], *, name: str) -> None:
    """Raise InputError when a column is missing or the table has no rows.

    >>> require_rows(pd.DataFrame({"word": []}), ["word"], name="keyness")
    Traceback (most recent call last):
    analysis.errors.InputError: the table `keyness` has no rows; there is nothing to say.
    """
    require_columns(table, columns, name=name)
    if table.empty:
        raise InputError(f"the table `{name}` has no rows; there is nothing to say.")


def require_one_row_each(table: pd.DataFrame, keys: Sequence[str], *, name: str) -> None:
    """Raise InputError when several rows have the same keys, as those of several groups do.

    >>> require_one_row_each(pd.DataFrame({"voice": ["quoted"] * 2}), ["voice"], name="balances")
    Traceback (most recent call last):
    analysis.errors.InputError: the table `balances` has several rows for the same voice; choose
    the rows of one group first.
    """
    if table.duplicated([*keys]).any():
        raise InputError(
            f"the table `{name}` has several rows for the same {' and '.join(keys)}; choose the "
            "rows of one group first."
        )


def find_largest(rows: pd.DataFrame, column: str) -> Any:
    """Return the first row with the number furthest from 0; at least one must be known."""
    return rows.iloc[int(rows[column].abs().fillna(-1).to_numpy().argmax())]


def show_whole(number: float) -> str:
    """Return a count; a sum of weights is rounded.

    >>> show_whole(1204), show_whole(19.7)
    ('1,204', '20')
    """
    return f"{number:,.0f}"


def show_percent(share: float) -> str:
    """Return a share in percent.

    >>> show_percent(0.254)
    '25.4 %'
    """
    return f"{100 * share:.1f} %"


def show_decimal(number: float) -> str:
    """Return a number with two decimals.

    >>> show_decimal(8)
    '8.00'
    """
    return f"{number:.2f}"


def show_signed(number: float, words: Words, *, digits: int = 1) -> str:
    """Return a number with its sign, held on its left in Arabic too; what rounds to 0 has none.

    >>> show_signed(-0.52, {"signed": "{number}"}), show_signed(-0.04, {"signed": "{number}"})
    ('−0.5', '0.0')
    """
    text = f"{number:+.{digits}f}"
    text = text.replace("-", "−") if float(text) else text[1:]
    return words["signed"].format(number=text)


def show_correlation(number: float, words: Words) -> str:
    """Return a correlation, which has no digit before the point unless it is 1.

    >>> show_correlation(-0.526, {"signed": "{number}"})
    '−.53'
    """
    text = f"{number:.2f}".replace("-", "−" if round(number, 2) else "")
    return words["signed"].format(number=text.replace("0.", "."))


def list_numbers(numbers: Iterable[int], words: Words) -> str:
    """Return whole numbers with their signs and commas between them."""
    shown = (words["signed"].format(number=f"{n}".replace("-", "−")) for n in numbers)
    return words["comma"].join(shown)


def show_interval(
    low: float, high: float, show: Show, words: Words, *, level: float | None = None
) -> str:
    """Return an interval in words, with its level when it is given."""
    if pd.isna(low):
        return words["no_interval"]
    if level is None:
        return words["interval"].format(low=show(low), high=show(high))
    return words["level_interval"].format(level=show_level(level), low=show(low), high=show(high))


def show_row_interval(
    row: Any, show: Show, words: Words, name: str = "", *, is_named: bool = True
) -> str:
    """Return the interval of a row with its level, or where it `is_named` already without.

    `name` is what stands before low and high in the names of its columns.
    """
    low, high = (row[f"{name}_{side}" if name else side] for side in ("low", "high"))
    if is_named or pd.isna(low):
        return show_interval(low, high, show, words, level=row["level"])
    return show_range(low, high, show, words)


def show_row_intervals(rows: Iterable[Any], show: Show, words: Words, name: str = "") -> list[str]:
    """Return the interval of each row; the first there is names the level for all."""
    rows = list(rows)
    known = [not pd.isna(row[f"{name}_low" if name else "low"]) for row in rows]
    first = known.index(True) if any(known) else 0
    return [
        show_row_interval(row, show, words, name, is_named=number == first)
        for number, row in enumerate(rows)
    ]


def show_range(low: float, high: float, show: Show, words: Words) -> str:
    """Return the lowest and highest of several numbers, one when they are the same."""
    if low == high:
        return show(low)
    return words["range"].format(low=show(low), high=show(high))


def show_level(level: float) -> str:
    """Return the level of an interval.

    >>> show_level(0.95)
    '95 %'
    """
    return f"{100 * level:g} %"


def show_chance(value: float, words: Words, *, symbol: str = "p") -> str:
    """Return a p-value or q-value; one that rounds to .05 keeps the digits that tell them apart.

    >>> [show_chance(p, {}) for p in (0.0049, 0.042, 0.049, 0.05, 0.9999)]
    ['p < .01', 'p = .04', 'p = .049', 'p = .05', 'p > .99']
    """
    if pd.isna(value):
        return words["no_chance"].format(symbol=symbol)
    if value < _SMALLEST:
        return f"{symbol} < .01"
    if value > _LARGEST:
        return f"{symbol} > .99"
    digits = 2
    while round(value, digits) == _USUAL != value and digits < _MOST_DIGITS:
        digits += 1
    return f"{symbol} = {value:.{digits}f}".replace("0.", ".")


def show_chances(row: Any, words: Words, family: int) -> str:
    """Return the p-value of a row, and its q-value where the family has more than one."""
    said = [show_chance(row["p_value"], words)]
    if family > 1 and not pd.isna(row["p_value"]):
        said.append(show_chance(row["q_value"], words, symbol="q"))
    return words["comma"].join(said)


def show_of(measure: str, words: Words) -> Show:
    """Return how a share, a rate or a balance is written."""
    if measure == "balance":
        return partial(show_signed, words=words, digits=2)
    return show_percent if measure == "share" else show_decimal


def show_change_of(measure: str, words: Words) -> Show:
    """Return how a change of a measure is written: with a sign, of a share in points."""
    if measure == "share":
        return lambda change: show_signed(100 * change, words)
    return partial(show_signed, words=words, digits=2)


def show_from_to(row: Any, measure: str, words: Words) -> str:
    """Return "from … to …" with the unit, of the columns `before` and `after`."""
    show = show_of(measure, words)
    return words[f"from_to_{measure}"].format(before=show(row["before"]), after=show(row["after"]))


def show_change(change: float, measure: str, words: Words) -> str:
    """Return a change with its unit."""
    return words[f"change_{measure}"].format(change=show_change_of(measure, words)(change))


def label_of(name: Any, labels: Labels, words: Words) -> str:
    """Return what a caption calls a value of a table: a category, a pair of them, an outlet.

    A name whose letters run against the direction of the sentence is followed by an invisible
    mark: without it a number after it would stand on its wrong side.

    >>> label_of("security / diplomacy", {"security": "Security"}, {"against": "R"})
    'Security / diplomacy'
    """
    if pd.isna(name) or name == "":
        return words["unknown"]
    parts = [(labels or {}).get(part, part) for part in str(name).split(PAIR_SEPARATOR)]
    return mark(PAIR_SEPARATOR.join(parts), words)


def name_series(row: Any, groups: Sequence[str], labels: Labels, words: Words) -> str:
    """Return the name of a series: its category and, in parentheses, its group.

    >>> row = {"outlet": "Mirror", "category": "security"}
    >>> name_series(row, ["outlet"], {}, {"against": "R", "comma": ", "})
    'security (Mirror)'
    """
    categories = str(row["category"]).split(JOINED)
    name = JOINED.join(label_of(category, labels, words) for category in categories)
    group = words["comma"].join(label_of(row[each], labels, words) for each in groups)
    return f"{name} ({group})" if groups else name


def name_group(row: Any, groups: Sequence[str], labels: Labels, words: Words) -> str:
    """Return the name of a group with a colon after it, nothing where there are no groups."""
    named = words["comma"].join(label_of(row[each], labels, words) for each in groups)
    return f"{named}: " if named else ""


def name_term(term: str, category: str, table: pd.DataFrame, labels: Labels, words: Words) -> str:
    """Return a term in quotation marks, with its category where the table holds several."""
    name = quote(term, words)
    if table["category"].nunique() == 1:
        return name
    return f"{name} ({label_of(category, labels, words)})"


def split_pair(pair: str, labels: Labels, words: Words) -> tuple[str, str]:
    """Return what a caption calls the two categories of a pair.

    >>> split_pair("security / diplomacy", {"security": "Security"}, {"against": "R"})
    ('Security', 'diplomacy')
    """
    first, second = pair.split(PAIR_SEPARATOR)
    return label_of(first, labels, words), label_of(second, labels, words)


def mark(name: str, words: Words) -> str:
    """Return a name, with the mark after it when its last letter runs against the sentence."""
    strong = [kind for kind in map(unicodedata.bidirectional, name) if kind in _DIRECTIONS]
    runs_against = bool(strong) and _DIRECTIONS[strong[-1]] == words["against"]
    return name + words["mark"] if runs_against else name


def quote(name: str, words: Words) -> str:
    """Return a word or term in quotation marks."""
    return words["quoted_word"].format(word=mark(name, words))


def capitalise(text: str) -> str:
    """Return a sentence that begins with a capital, where its letters have any.

    >>> capitalise("no break"), capitalise("لا شيء")
    ('No break', 'لا شيء')
    """
    return text[:1].upper() + text[1:]


def join_clauses(clauses: Iterable[str], words: Words) -> str:
    """Return a sentence of clauses."""
    return capitalise(words["separator"].join(clauses) + ".")
