"""Compare quotes and mentions that were found with hand-coded ones.

A quote found is the coded one when their contents overlap: the letters in both, out of those
in either (the Jaccard index), are at least half. Pairs are taken one to one, the closest first.
A coded quote that is `weak` is neither missed when it is not found nor wrong when it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.arabic import fold
from analysis.attribution_lexicon import ARTICLE, load_lexicon
from analysis.tables import require_columns

_QUOTE_COLUMNS = [
    "article_id", "content_start", "content_end", "type", "weak",
    "speaker", "role", "source_type",
]  # fmt: skip
_MENTION_COLUMNS = ["article_id", "category", "start", "end"]
# Two roles are the same when they share half of their words (the Dice coefficient).
_SAME_ROLE = 0.5


def compare_quotes(
    coded: pd.DataFrame, found: pd.DataFrame, *, least_overlap: float = 0.5
) -> pd.DataFrame:
    """Pair the quotes found with the coded ones, article by article.

    Both tables have `article_id`, `content_start`, `content_end`, `type`, `weak`, `speaker`,
    `role` and `source_type`. Returns one row per pair and per quote left over:

    - `article_id`, `outcome`: matched, missed (coded only) or extra (found only)
    - `coded`, `found`: row numbers in the two tables, null where there is none
    - `overlap`: letters in both contents out of those in either, from 0 to 1
    - `weak`: whether the coded quote is; such rows count for nothing in `score_quotes`
    - `speaker`, `type`, `source_type`, `role`: whether the two agree; null when unpaired, and
      `role` also when the coded quote has none. Speakers agree when, without titles and
      articles, one name holds all words of the other and they share the last, or two words;
      roles when they share half of their words.

    Raises InputError when a column is missing.

    >>> coded = pd.DataFrame({"article_id": ["1"], "content_start": [10], "content_end": [30],
    ...     "type": ["indirect"], "weak": [False], "speaker": ["سمير الوادي"], "role": ["الوزير"],
    ...     "source_type": ["official"]})
    >>> compare_quotes(coded, coded.assign(content_end=26, speaker="الوادي"))[
    ...     ["outcome", "overlap", "speaker", "role"]].values.tolist()
    [['matched', 0.8, True, True]]
    """
    require_columns(coded, _QUOTE_COLUMNS, name="coded")
    require_columns(found, _QUOTE_COLUMNS, name="found")
    titles = load_lexicon().words["titles"]
    left, right = (_by_article(table, _QUOTE_COLUMNS) for table in (coded, found))
    rows: list[dict[str, Any]] = []
    for article_id in sorted({*left, *right}):
        rows += _pair(article_id, left.get(article_id, []), right.get(article_id, []),
                      least_overlap, titles)  # fmt: skip
    columns = ["article_id", "outcome", "coded", "found", "overlap", "weak",
               "speaker", "type", "source_type", "role"]  # fmt: skip
    agreeing = dict.fromkeys(("speaker", "type", "source_type", "role"), "boolean")
    types: dict[str, Any] = {"coded": "Int64", "found": "Int64", "weak": "bool", **agreeing}
    return pd.DataFrame(rows, columns=columns).astype(types)


def score_quotes(
    coded: pd.DataFrame, found: pd.DataFrame, *, least_overlap: float = 0.5
) -> pd.DataFrame:
    """Measure the quotes found against coded ones of the same articles, in one row.

    - `coded`, `found`: quotes that count, weak ones left out; `matched`: pairs of them
    - `precision` of the found, `recall` of the coded, `f1` their harmonic mean
    - `attribution_f1`: the same when a pair counts only if the speakers agree
    - `speaker`, `type`, `source_type`: shares of the matched that agree; `role`: of the matched
      whose coded quote has a role. Null when nothing matched.

    The tables, the rule of matching and the errors are those of `compare_quotes`.

    >>> coded = pd.DataFrame({"article_id": ["1"], "content_start": [10], "content_end": [30],
    ...     "type": ["indirect"], "weak": [False], "speaker": ["سمير الوادي"], "role": ["الوزير"],
    ...     "source_type": ["official"]})
    >>> score_quotes(coded, coded.assign(speaker="ليلى"))[["f1", "attribution_f1"]].values.tolist()
    [[1.0, 0.0]]
    """
    pairs = compare_quotes(coded, found, least_overlap=least_overlap)
    pairs = pairs[~pairs["weak"]]
    matched = pairs[pairs["outcome"] == "matched"]
    n_coded = len(matched) + int((pairs["outcome"] == "missed").sum())
    n_found = len(matched) + int((pairs["outcome"] == "extra").sum())
    precision, recall, f1 = _precision_recall(len(matched), n_found, n_coded)
    row = {
        "coded": n_coded,
        "found": n_found,
        "matched": len(matched),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "attribution_f1": _precision_recall(int(matched["speaker"].sum()), n_found, n_coded)[2],
        **{name: matched[name].mean() for name in ("speaker", "type", "source_type", "role")},
    }
    return pd.DataFrame([row])


def score_mentions(coded: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Measure the mentions found against coded ones of the same articles, per category.

    Both tables have `article_id`, `category`, `start` and `end`. A mention counts as found when
    one of its category overlaps it by a letter or more, and the other way round, because readers
    mark longer and shorter phrases (هجوم، هجوم انتحاري). Returns one row per category, and one
    for `all`: `category`, `coded` and `found` (mentions), `precision` (of those found), `recall`
    (of those coded) and `f1`.

    Raises InputError when a column is missing.

    >>> coded = pd.DataFrame({"article_id": ["1", "1"], "category": ["security"] * 2,
    ...     "start": [0, 50], "end": [4, 60]})
    >>> score_mentions(coded, coded.head(1))[["category", "precision", "recall"]].values.tolist()
    [['security', 1.0, 0.5], ['all', 1.0, 0.5]]
    """
    require_columns(coded, _MENTION_COLUMNS, name="coded")
    require_columns(found, _MENTION_COLUMNS, name="found")
    kept, right = _overlapping(coded, found), _overlapping(found, coded)
    rows = []
    for category in [*sorted({*coded["category"], *found["category"]}), "all"]:
        of_coded = kept if category == "all" else kept[coded["category"] == category]
        of_found = right if category == "all" else right[found["category"] == category]
        recall, precision = of_coded.mean(), of_found.mean()
        rows.append({
            "category": category, "coded": len(of_coded), "found": len(of_found),
            "precision": precision, "recall": recall,
            "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _by_article(table: pd.DataFrame, columns: list[str]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    numbered = table[columns].reset_index(drop=True)
    for row in numbered.itertuples():
        rows.setdefault(str(row.article_id), []).append(row)
    return rows


def _pair(
    article_id: str,
    coded: list[Any],
    found: list[Any],
    least: float,
    titles: frozenset[str],
) -> Iterable[dict[str, Any]]:
    closest = sorted(
        ((_overlap(one, other), i, j) for i, one in enumerate(coded)
         for j, other in enumerate(found)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )  # fmt: skip
    used: set[int] = set()
    taken: set[int] = set()
    for overlap, i, j in closest:
        if overlap < least or overlap == 0 or i in used or j in taken:
            continue
        used.add(i)
        taken.add(j)
        one, other = coded[i], found[j]
        yield {
            "article_id": article_id, "outcome": "matched", "coded": one.Index,
            "found": other.Index, "overlap": overlap, "weak": one.weak,
            "speaker": _same_speaker(_words(one.speaker, titles), _words(other.speaker, titles)),
            "type": one.type == other.type, "source_type": one.source_type == other.source_type,
            "role": _same_role(_words(one.role, titles), _words(other.role, titles)),
        }  # fmt: skip
    for i, one in enumerate(coded):
        if i not in used:
            yield {"article_id": article_id, "outcome": "missed", "coded": one.Index,
                   "overlap": 0.0, "weak": one.weak}  # fmt: skip
    for j, other in enumerate(found):
        if j not in taken:
            yield {"article_id": article_id, "outcome": "extra", "found": other.Index,
                   "overlap": 0.0, "weak": False}  # fmt: skip


def _overlap(one: Any, other: Any) -> float:
    both = min(one.content_end, other.content_end) - max(one.content_start, other.content_start)
    either = max(one.content_end, other.content_end) - min(one.content_start, other.content_start)
    return both / either if both > 0 else 0.0


def _words(name: object, titles: frozenset[str]) -> list[str]:
    """Return the words of a name, folded, without titles, بن and the article."""
    folded = fold(re.sub(r"[^\w\s]", " ", name)).split() if isinstance(name, str) else []
    return [
        word.removeprefix(ARTICLE) if len(word) > 4 else word
        for word in folded
        if word not in titles and word != "بن"
    ]


def _same_speaker(one: list[str], other: list[str]) -> bool:
    if not one or not other:
        return one == other
    small, large = sorted((set(one), set(other)), key=len)
    return one == other or (small <= large and (one[-1] == other[-1] or len(small) > 1))


def _same_role(coded: list[str], found: list[str]) -> bool | None:
    if not coded:
        return None
    one, other = set(coded), set(found)
    return 2 * len(one & other) / (len(one) + len(other)) >= _SAME_ROLE


def _precision_recall(right: int, found: int, coded: int) -> tuple[float, float, float]:
    precision = right / found if found else 0.0
    recall = right / coded if coded else 0.0
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def _overlapping(mentions: pd.DataFrame, others: pd.DataFrame) -> pd.Series[bool]:
    """Tell of each mention whether one of the others of its article and category overlaps it."""
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for key, start, end in _spans(others):
        spans.setdefault(key, []).append((start, end))
    return pd.Series(
        [
            any(start < other_end and other < end for other, other_end in spans.get(key, ()))
            for key, start, end in _spans(mentions)
        ],
        index=mentions.index,
        dtype=bool,
    )


def _spans(mentions: pd.DataFrame) -> Iterable[tuple[tuple[str, str], int, int]]:
    columns = (mentions[name].tolist() for name in _MENTION_COLUMNS)
    for article_id, category, start, end in zip(*columns, strict=True):
        yield (article_id, category), start, end
