"""The sentences under figures of what is behind a change, and of whether it holds."""

from typing import Any

import pandas as pd

from analysis.captions.words import (
    Labels,
    Words,
    capitalise,
    find_largest,
    label_of,
    name_group,
    name_term,
    quote,
    require_rows,
    show_change,
    show_change_of,
    show_decimal,
    show_from_to,
    show_row_interval,
    show_row_intervals,
    show_whole,
)
from analysis.data_files import load_words
from analysis.errors import InputError, require_choice

_CHANGE = ["before", "after", "change", "low", "high", "level"]
_ARTICLES = ["articles_before", "articles_after"]
_PARTS = {
    "outlet mix": "outlet_mix",
    "within outlets": "within_outlets",
    "copies": "copies_part",
}
_SETS = ("first", "second")


def describe_decomposition(
    parts: pd.DataFrame, *, language: str = "en", labels: Labels = None
) -> str:
    """Say how much of a change lies in the mix of outlets, within them, and in copies.

    Takes a table of `decompose_change`; `labels` names its category and its outlets. When the
    interval of the whole change holds 0, that is said too: its parts may still be sure.

    >>> parts = pd.DataFrame({"category": "security", "measure": "per_1000",
    ...     "part": ["outlet mix", "within outlets", "total", "total"],
    ...     "group": ["", "", "", "Mirror"], "articles_before": 40, "articles_after": 50,
    ...     "before": 12.5, "after": 17.5, "value": [3.0, 2.0, 5.0, 4.0], "low": [1.0, 1.0, 2.0, 1],
    ...     "high": [5.0, 3.0, 8.0, 7], "level": 0.95})
    >>> describe_decomposition(parts)
    'security: from 12.50 to 17.50 mentions per 1,000 words (articles before: 40, after: 50), a
    change of +5.00 mentions per 1,000 words (95 % interval +2.00 to +8.00). Of this: outlet mix
    +3.00 (+1.00 to +5.00); within outlets +2.00 (+1.00 to +3.00). Mirror adds most (+4.00; +1.00
    to +7.00).'
    """
    numbers = [*_ARTICLES, "before", "after", "value", "low", "high", "level"]
    require_rows(parts, ["category", "measure", "part", "group", *numbers], name="parts")
    words = load_words("captions", language)
    total = parts[(parts["part"] == "total") & (parts["group"] == "")]
    whole = _only_row(total, "the total", "parts", "decompose_change")
    measure = whole["measure"]
    show = show_change_of(measure, words)
    of_all = parts[(parts["group"] == "") & (parts["part"] != "total")]
    rows = [whole, *(row for _, row in of_all.iterrows())]
    groups = parts[(parts["part"] == "total") & (parts["group"] != "")]
    if groups["value"].any():
        rows.append(find_largest(groups, "value"))
    told = [*zip(rows, show_row_intervals(rows, show, words), strict=True)]
    clauses = [
        words["decomposition_part"].format(
            part=words[_PARTS[row["part"]]], value=show(row["value"]), interval=interval
        )
        for row, interval in told[1 : len(of_all) + 1]
    ]
    most = [
        words["decomposition_most"].format(
            group=label_of(row["group"], labels, words), value=show(row["value"]), interval=interval
        )
        for row, interval in told[len(of_all) + 1 :]
    ]
    return words["decomposition"].format(
        label=label_of(whole["category"], labels, words),
        from_to=show_from_to(whole, measure, words),
        **_show_articles(whole),
        change=show_change(whole["value"], measure, words),
        interval=told[0][1],
        clauses=words["separator"].join(clauses),
        most="".join(most),
        weak=words["decomposition_weak"] if whole["low"] <= 0 <= whole["high"] else "",
    )


def describe_shift(
    shift: pd.DataFrame,
    *,
    category: str | None = None,
    most: int = 3,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say how a category differs between two sets of articles, and which terms add most.

    Takes a table of `compare_terms`; name the `category` when it holds several. The `most` terms
    that add most, upwards or downwards, are named. `labels` names the category, and the two
    sets as `first` and `second`.

    >>> shift = pd.DataFrame({"category": "diplomacy", "term": ["envoy"], "mentions_first": 2,
    ...     "mentions_second": 8, "tokens_first": 1000, "tokens_second": 2000,
    ...     "per_1000_first": 2.0, "per_1000_second": 4.0, "difference": 2.0, "low": 0.5,
    ...     "high": 3.5, "difference_of_category": 2.0, "articles_first": 2,
    ...     "articles_second": 7, "all_articles_first": 10, "all_articles_second": 20,
    ...     "level": 0.95})
    >>> describe_shift(shift)
    'diplomacy: 2.00 mentions per 1,000 words in the first set (2 in 1,000; articles: 10) and 4.00
    in the second set (8 in 2,000; articles: 20), a difference of +2.00. Of the terms (1) these add
    most: “envoy” +2.00 (95 % interval +0.50 to +3.50; articles with it: 2 and 7).'
    """
    sizes = ["mentions", "tokens", "articles", "all_articles"]
    sides = [f"{size}_{name}" for size in sizes for name in _SETS]
    numbers = ["difference", "low", "high", "difference_of_category", "level"]
    require_rows(shift, ["category", "term", *sides, *numbers], name="shift")
    words = load_words("captions", language)
    rows = _choose_category(shift, category)
    show = show_change_of("per_1000", words)
    order = rows["difference"].abs().sort_values(ascending=False, kind="stable").index
    named = [row for _, row in rows.loc[order[:most]].iterrows()]
    clauses = [
        words["shift_term"].format(
            term=quote(row["term"], words),
            difference=show(row["difference"]),
            interval=interval,
            first=show_whole(row["articles_first"]),
            second=show_whole(row["articles_second"]),
        )
        for row, interval in zip(named, show_row_intervals(named, show, words), strict=True)
    ]
    one = rows.iloc[0]
    said: dict[str, str] = {}
    for name in _SETS:
        mentions, tokens = rows[f"mentions_{name}"].sum(), one[f"tokens_{name}"]
        said |= {
            name: (labels or {}).get(name, words[f"{name}_set"]),
            f"{name}_rate": show_decimal(1000 * mentions / tokens),
            f"{name}_mentions": show_whole(mentions),
            f"{name}_tokens": show_whole(tokens),
            f"{name}_articles": show_whole(one[f"all_articles_{name}"]),
        }
    return words["shift"].format(
        label=label_of(one["category"], labels, words),
        difference=show(one["difference_of_category"]),
        terms=show_whole(len(rows)),
        clauses=words["separator"].join(clauses),
        **said,
    )


def _choose_category(shift: pd.DataFrame, category: str | None) -> pd.DataFrame:
    known = shift["category"].unique().tolist()
    if category is None:
        if len(known) > 1:
            raise InputError(
                f"the table `shift` is of {len(known)} categories; name one of them in "
                f"`category`: {', '.join(map(repr, known))}."
            )
        return shift
    require_choice(category, known, name="category")
    return shift[shift["category"] == category]


def describe_influence(left: pd.DataFrame, *, language: str = "en", labels: Labels = None) -> str:
    """Say whether a change keeps its sign without each outlet, or without each term.

    Takes a table of `leave_one_out` or `leave_one_term_out`; `labels` names what is left out.
    The change that differs most from the one with all is told.

    >>> left = pd.DataFrame({"left_out": ["", "Mirror"], "measure": "share",
    ...     "articles_before": [9, 5], "articles_after": [8, 4], "before": [0.2, 0.3],
    ...     "after": [0.6, 0.5], "change": [0.4, 0.2], "low": [0.1, -0.1], "high": [0.7, 0.5],
    ...     "difference": [0.0, -0.2], "sign_holds": True, "level": 0.95})
    >>> describe_influence(left)
    'A change of +40.0 percentage points (95 % interval +10.0 to +70.0; articles before: 9, after:
    8). Left out one at a time: 1; the sign stays in 1 of them, the interval leaves out 0 in 0. The
    change differs most without Mirror: +20.0 percentage points (95 % interval −10.0 to +50.0).'
    """
    needed = ["left_out", "measure", *_ARTICLES, *_CHANGE, "difference", "sign_holds"]
    require_rows(left, needed, name="left")
    words = load_words("captions", language)
    whole = _only_row(left[left["left_out"] == ""], "the change with all", "left", "leave_one_out")
    others = left[left["left_out"] != ""]
    of_terms = "category" in left
    group = name_group(whole, ["category"] if of_terms else [], labels, words)
    most = ""
    if others["difference"].notna().any():
        row = find_largest(others, "difference")
        most = words["influence_most"].format(
            name=name_term(row["left_out"], row["category"], others, labels, words)
            if of_terms
            else label_of(row["left_out"], labels, words),
            **_show_whole_change(row, words),
        )
    said = words["influence_terms" if of_terms else "influence"].format(
        group=group,
        **_show_whole_change(whole, words),
        **_show_articles(whole),
        rows=show_whole(len(others)),
        holds=show_whole(others["sign_holds"].sum()),
        clear=show_whole(_leaves_out_zero(others).sum()),
        most=most,
    )
    return capitalise(said)


def describe_robustness(grid: pd.DataFrame, *, language: str = "en") -> str:
    """Say in how many specifications a change has the sign of the main one and is told from 0.

    Takes a table of `check_robustness`.

    >>> grid = pd.DataFrame({"measure": ["per_1000", "share"], "articles_before": [40.0, 40.0],
    ...     "articles_after": [50.0, 50.0], "before": [2.0, 0.3], "after": [3.5, 0.4],
    ...     "change": [1.5, 0.1], "low": [0.5, -0.1], "high": [2.5, 0.3], "agrees": True,
    ...     "main": [True, False], "level": 0.95})
    >>> describe_robustness(grid)
    'Specifications: 2; 2 agree in sign with the main one, a change of +1.50 mentions per 1,000
    words (95 % interval +0.50 to +2.50; articles before: 40, after: 50). The interval leaves out 0
    in 1, 0 of them with the opposite sign. They are no independent tests.'
    """
    needed = ["measure", *_ARTICLES, *_CHANGE, "agrees", "main"]
    require_rows(grid, needed, name="grid")
    words = load_words("captions", language)
    clear = _leaves_out_zero(grid)
    main = _only_row(grid[grid["main"]], "the main specification", "grid", "check_robustness")
    return words["robustness"].format(
        rows=show_whole(len(grid)),
        agree=show_whole(grid["agrees"].sum()),
        **_show_whole_change(main, words),
        **_show_articles(main),
        clear=show_whole(clear.sum()),
        opposite=show_whole((clear & ~grid["agrees"]).sum()),
    )


def _only_row(rows: pd.DataFrame, what: str, name: str, made_by: str) -> Any:
    if len(rows) != 1:
        raise InputError(
            f"{len(rows)} rows of the table `{name}` are {what}; pass the table of one `{made_by}`."
        )
    return rows.iloc[0]


def _show_whole_change(row: Any, words: Words) -> dict[str, str]:
    show = show_change_of(row["measure"], words)
    return {
        "change": show_change(row["change"], row["measure"], words),
        "interval": show_row_interval(row, show, words),
    }


def _show_articles(row: Any) -> dict[str, str]:
    return {name: show_whole(row[name]) for name in _ARTICLES}


def _leaves_out_zero(changes: pd.DataFrame) -> "pd.Series[bool]":
    return (changes["low"] > 0) | (changes["high"] < 0)
