"""The health of a corpus: what was read, what is missing, and what may bend a count."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.cleaning import mask_text
from analysis.duplicates import (
    Signed,
    group_signatures,
    join_signed,
    order_articles,
    reorder_signed,
    sign_texts,
)
from analysis.errors import NothingUsable
from analysis.tables import ARTICLES, MANIFEST, Columns, make_table, require_columns
from analysis.text_checks import DAMAGE, find_damage, tell_language

SHORTEST = 50
"""Words below which an article is very short."""
LONGEST = 5000
"""Words above which an article is very long, whatever is usual in the corpus."""
MOST_BOILERPLATE = 0.3
"""Share of the characters of an article from which on its boilerplate is looked at."""
OLDEST = 1990
FAR_YEARS, LEAST_DATES = 2, 10
"""Articles so many years away from all others are told, in corpora of so many dated articles."""
"""Year before which a date of Arabic news on the web is probably none."""
LEAST_MONTHS = 6
"""Months of an outlet from which on one with more than half of its articles is told."""

INPUTS: Columns = {"status": "str", "reason": "str", "rows": "int64", "example": "str"}
OUTLETS: Columns = {
    "outlet": "str",
    "articles": "int64",
    "first": "datetime64[us]",
    "last": "datetime64[us]",
    "undated": "int64",
    "words": "float64",
    "untitled": "int64",
    "boilerplate": "float64",
    "busiest": "str",
    "busiest_share": "float64",
}
MONTHS: Columns = {"period": "str", "outlet": "str", "articles": "int64"}
FOUND: Columns = {"found": "str", "articles": "int64", "example": "str"}
GROUPS: Columns = {"kind": "str", "articles": "int64", "groups": "int64", "largest": "int64"}
PAIRS: Columns = {"outlet": "str", "other": "str", "articles": "int64"}
PROBLEMS: Columns = {
    "check": "str",
    "outlet": "str",
    "period": "str",
    "articles": "int64",
    "of": "int64",
    "detail": "str",
    "example": "str",
}

_QUOTED = re.compile(r"(?<![^\s(\[])(?:'(?![.])(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")(?!\w)")
_NUMBER = re.compile(r"(?<![\w,.-])\d++(?:[,.:-]\d++)*+(?! bytes)")
_LONGEST_REASON = 300
_THIN = 0.1
_MONTHS_TO_1970 = 12 * 1970
_LEAST_USUAL = 10
_MOST_GAPS = 3
_LEAST_A_DAY = 3
_LEAST_OUTLETS = 20
_UNICODE = ("utf", "ascii")

Bools = NDArray[np.bool_]
Batches = Iterable[tuple[pd.DataFrame, pd.DataFrame]]


class Health(NamedTuple):
    """What `survey` found, in small tables.

    - `articles`, `rows`, `files`: how many were read, and of how many rows of how many inputs
    - `longest`: the number of words above which an article was taken for very long
    - `inputs`: `status`, `reason` (values and numbers as …), `rows`, the first
      `example`
    - `outlets`: `outlet`, `articles`, the `first` and `last` date, `undated` articles, the
      median of `words` outside `skip`, `untitled` articles, the share of all characters that
      is `boilerplate`, the `busiest` month and its share of the dated articles
    - `months`: `period` (YYYY-MM), `outlet`, `articles`; months without any are left out
    - `dates`, `encodings`, `languages`: what was `found`, in how many `articles`, an `example`
    - `duplicates`: `kind` (exact, near), `articles` that repeat an earlier one, `groups` they
      form, articles of the `largest` with its first
    - `pairs`: `outlet` and `other` with the number of `articles` of either that repeat one of
      the other
    - `problems`: `check` (its name in `data/report/health.yml`), `outlet` and `period` ("" for
      all), `articles` it is true of, `of` how many, `detail`, an `example` (an `article_id`,
      or a file and row)
    """

    articles: int
    rows: int
    files: int
    longest: int
    inputs: pd.DataFrame
    outlets: pd.DataFrame
    months: pd.DataFrame
    dates: pd.DataFrame
    encodings: pd.DataFrame
    languages: pd.DataFrame
    duplicates: pd.DataFrame
    pairs: pd.DataFrame
    problems: pd.DataFrame


class _Batch(NamedTuple):
    """What is kept of a batch: some 700 bytes for each article, however long its text is."""

    notes: pd.DataFrame
    signed: Signed
    inputs: pd.DataFrame
    dates: pd.DataFrame
    encodings: pd.DataFrame
    files: frozenset[str]


def survey(batches: Batches, *, progress: bool = False) -> Health:
    """Look through a corpus for what a scholar should know before counting anything in it.

    `batches` are pairs of articles and manifest, as `iter_articles` yields them; the corpus is
    read once and never in memory as a whole. Told as problems are, of each outlet:

    - rows that failed, were left out or read with a remark; old encodings
    - articles without date, before 1990, or years away from all others
    - months since 1990 without any article, between the first and the last; where there are more
      than 3 such gaps, that the outlet has nothing in most months; months with less than a
      tenth of the median month (where that is 10 or more); of at least 6 months one with more
      than half of the articles; days without any, in a corpus of at least 3 articles a day
    - texts that repeat another (see `find_duplicates`), and of these such of another outlet
    - texts in another language than Arabic (see `tell_language`), and damaged letters (see
      `find_damage`)
    - texts of fewer than 50 words outside `skip`, and of more than ten times the median (at
      least 1,000, at most 5,000 words); with more than 30 % of the characters in `skip`
    - articles without outlet or title

    With `progress` a bar that counts rows goes to standard error. That nothing was usable is no
    error here: the tables of inputs say why. Raises InputError when a column is missing.

    31,000 articles take 20 seconds, without the reading.

    >>> articles = pd.DataFrame({"article_id": ["أ"], "outlet": ["المرصد"], "title": [""],
    ...     "published": pd.to_datetime(["2031-05-01"]), "skip": [[]], "source_file": ["أ.txt"],
    ...     "text": ["قال<br>الوزير"]})
    >>> manifest = pd.DataFrame({"source_file": ["أ.txt"], "row": [None], "status": ["read"],
    ...     "reason": [""], "article_id": ["أ"], "date_from": ["column"], "encoding": [""]})
    >>> survey([(articles, manifest)]).problems["check"].tolist()
    ['very_short', 'untitled', 'html']
    """
    from tqdm.auto import tqdm

    listed = []
    with tqdm(unit=" rows", disable=not progress) as bar:
        for articles, manifest in _until_nothing_usable(batches):
            listed.append(_note_batch(articles, manifest))
            bar.update(len(manifest))
    notes = _concat([batch.notes for batch in listed], _NOTES)
    order = order_articles(notes)
    signed = reorder_signed(join_signed(batch.signed for batch in listed), order)
    notes = notes.iloc[order].reset_index(drop=True)
    return _summarise(
        notes,
        _find_repeated(notes, signed),
        inputs=_add_up([batch.inputs for batch in listed], INPUTS),
        dates=_add_up([batch.dates for batch in listed], FOUND),
        encodings=_add_up([batch.encodings for batch in listed], FOUND),
        files=len(frozenset().union(*(batch.files for batch in listed))),
    )


_NOTES: Columns = {
    "article_id": "str",
    "outlet": "str",
    "published": "datetime64[us]",
    "words": "int32",
    "characters": "int64",
    "skipped": "int64",
    "untitled": "bool",
    "language": "str",
    **dict.fromkeys(DAMAGE, "bool"),
}


def _until_nothing_usable(batches: Batches) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    try:
        yield from batches
    except NothingUsable:
        return


def _note_batch(articles: pd.DataFrame, manifest: pd.DataFrame) -> _Batch:
    require_columns(articles, ARTICLES, name="articles")
    require_columns(manifest, MANIFEST, name="manifest")
    masked = [mask_text(*both) for both in zip(articles["text"], articles["skip"], strict=True)]
    signed = sign_texts(masked, [()] * len(masked))
    damage = [find_damage(text) for text in articles["text"]]
    skip = articles["skip"]
    notes = make_table(
        (
            {
                "article_id": article_id,
                "outlet": outlet or "",
                "published": published,
                "words": words,
                "characters": len(text),
                "skipped": sum(end - start for start, end in spans),
                "untitled": not title,
                "language": "" if _is_unreadable(found) else tell_language(text.lstrip()),
                **{kind: kind in found for kind in DAMAGE},
            }
            for article_id, outlet, published, title, words, text, spans, found in zip(
                articles["article_id"],
                articles["outlet"].fillna(""),
                articles["published"],
                articles["title"].fillna("").str.strip(),
                signed.words.tolist(),
                masked,
                skip,
                damage,
                strict=True,
            )
        ),
        _NOTES,
    )
    inputs = _note_inputs(manifest)
    undated = notes.loc[notes["published"].isna(), "article_id"]
    return _Batch(
        notes,
        signed,
        _count_by(inputs, ["status", "reason"]),
        _note_dates(manifest, inputs, undated),
        _note_encodings(manifest, inputs),
        frozenset(manifest["source_file"]),
    )


def _is_unreadable(damage: tuple[str, ...]) -> bool:
    return not {"mojibake", "lost_letters", "reversed"}.isdisjoint(damage)


# ── inputs ───────────────────────────────────────────────────────────────────────────────


def _note_inputs(manifest: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "status": manifest["status"],
            "reason": manifest["reason"].fillna("").map(_generalise),
            "example": [
                file if pd.isna(row) else f"{file}, row {row}"
                for file, row in zip(manifest["source_file"], manifest["row"], strict=True)
            ],
        }
    )


def _generalise(reason: str) -> str:
    """Leave out the values and numbers of a reason, so that the same is counted together."""
    return _NUMBER.sub("…", _QUOTED.sub("'…'", reason[:_LONGEST_REASON]))


def _count_by(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    groups = table.groupby(by, sort=False)["example"]
    return groups.agg(rows="size", example="first").reset_index()


def _note_dates(manifest: pd.DataFrame, inputs: pd.DataFrame, undated: pd.Series) -> pd.DataFrame:
    """Say how the dates of articles were found, and why others have none."""
    read = manifest["status"] == "read"
    has_none = manifest["article_id"].isin(undated)
    table = inputs.assign(found=manifest["date_from"].fillna("")).where(
        ~has_none, inputs.assign(found=inputs["reason"])
    )
    return _count_found(table[read])


def _note_encodings(manifest: pd.DataFrame, inputs: pd.DataFrame) -> pd.DataFrame:
    table = inputs.assign(found=manifest["encoding"].fillna(""))
    return _count_found(table[table["found"] != ""])


def _count_found(table: pd.DataFrame) -> pd.DataFrame:
    return _count_by(table, ["found"]).rename(columns={"rows": "articles"})[[*FOUND]]


def _add_up(tables: list[pd.DataFrame], columns: Columns) -> pd.DataFrame:
    """Add the counts of batches; the commonest first."""
    table = _concat(tables, columns)
    number = next(name for name, kind in columns.items() if kind == "int64")
    keys = [name for name in columns if name not in (number, "example")]
    groups = table.groupby(keys, sort=False, as_index=False)
    added = groups.agg({number: "sum", "example": "first"})
    return added.sort_values(number, ascending=False, kind="stable", ignore_index=True)[[*columns]]


def _concat(tables: list[pd.DataFrame], columns: Columns) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else make_table([], columns)


# ── the corpus as a whole ────────────────────────────────────────────────────────────────


def _find_repeated(notes: pd.DataFrame, signed: Signed) -> pd.DataFrame:
    """Return the duplicates with the outlets of both articles."""
    duplicates = group_signatures(notes["article_id"].tolist(), signed)
    outlet_of = notes.set_index("article_id")["outlet"]
    return duplicates.assign(
        outlet=duplicates["article_id"].map(outlet_of),
        other=duplicates["duplicate_of"].map(outlet_of),
    )


def _summarise(
    notes: pd.DataFrame,
    repeated: pd.DataFrame,
    *,
    inputs: pd.DataFrame,
    dates: pd.DataFrame,
    encodings: pd.DataFrame,
    files: int,
) -> Health:
    longest = _find_longest(notes)
    outlets = _describe_outlets(notes)
    months = _count_months(notes)
    problems = [
        *_check_inputs(inputs, encodings),
        *_check_dates(notes, outlets, months),
        *_check_repeated(notes, repeated),
        *_check_texts(notes, longest),
    ]
    return Health(
        articles=len(notes),
        rows=int(inputs["rows"].sum()),
        files=files,
        longest=longest,
        inputs=inputs,
        outlets=outlets,
        months=months,
        dates=dates,
        encodings=encodings,
        languages=_count_languages(notes),
        duplicates=_count_groups(repeated),
        pairs=_count_pairs(repeated),
        problems=_concat(problems, PROBLEMS),
    )


def _find_longest(notes: pd.DataFrame) -> int:
    usual = float(notes["words"].median()) if len(notes) else 0.0
    return int(min(LONGEST, max(LONGEST // 5, 10 * usual)))


def _describe_outlets(notes: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for outlet, own in notes.groupby("outlet"):
        months = _month_numbers(own["published"])
        numbers, counts = np.unique(months, return_counts=True)
        busiest = int(counts.argmax()) if len(counts) else None
        rows.append(
            {
                "outlet": outlet,
                "articles": len(own),
                "first": own["published"].min(),
                "last": own["published"].max(),
                "undated": int(own["published"].isna().sum()),
                "words": own["words"].median(),
                "untitled": int(own["untitled"].sum()),
                "boilerplate": own["skipped"].sum() / max(own["characters"].sum(), 1),
                "busiest": "" if busiest is None else _name_month(numbers[busiest]),
                "busiest_share": np.nan if busiest is None else counts[busiest] / len(months),
            }
        )
    return make_table(rows, OUTLETS).sort_values(
        ["articles", "outlet"], ascending=[False, True], ignore_index=True
    )


def _count_months(notes: pd.DataFrame) -> pd.DataFrame:
    dated = notes[notes["published"].notna()]
    counts = (
        dated.assign(number=_month_numbers(dated["published"]))
        .groupby(["number", "outlet"])
        .size()
        .reset_index(name="articles")
    )
    return counts.assign(period=counts["number"].map(_name_month)).astype(dict(MONTHS))[[*MONTHS]]


def _month_numbers(published: pd.Series) -> NDArray[np.int64]:
    months = published.dropna().to_numpy("datetime64[M]").astype(np.int64)
    return months + _MONTHS_TO_1970


def _name_month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _count_languages(notes: pd.DataFrame) -> pd.DataFrame:
    table = notes.rename(columns={"language": "found", "article_id": "example"})
    return _add_up([_count_found(table)], FOUND)


def _count_groups(repeated: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for kind, exact in (("exact", True), ("near", False)):
        sizes = repeated.loc[repeated["exact"] == exact, "duplicate_of"].value_counts()
        largest = int(sizes.max()) + 1 if len(sizes) else 0
        rows.append(
            {
                "kind": kind,
                "articles": int(sizes.sum()),
                "groups": len(sizes),
                "largest": largest,
            }
        )
    return make_table(rows, GROUPS)


def _count_pairs(repeated: pd.DataFrame) -> pd.DataFrame:
    across = repeated[repeated["outlet"] != repeated["other"]]
    both = [sorted(pair) for pair in zip(across["outlet"], across["other"], strict=True)]
    table = pd.DataFrame(both, columns=["outlet", "other"], dtype="str")
    counts = table.value_counts().rename("articles").reset_index()
    return counts.sort_values(
        ["articles", "outlet", "other"], ascending=[False, True, True], ignore_index=True
    ).astype(dict(PAIRS))


# ── the problems ─────────────────────────────────────────────────────────────────────────


def _check_inputs(inputs: pd.DataFrame, encodings: pd.DataFrame) -> Iterator[pd.DataFrame]:
    total = int(inputs["rows"].sum())
    noted = (inputs["status"] == "read") & ~inputs["reason"].str.contains("no date:")
    kinds = {
        **{status: inputs["status"] == status for status in ("failed", "skipped", "duplicate")},
        "noted": noted & (inputs["reason"] != ""),
    }
    for check, rows in kinds.items():
        found = inputs[rows].rename(columns={"rows": "articles", "reason": "detail"})
        yield _as_problems(found, check=check, of=total)
    legacy = encodings[~encodings["found"].str.lower().str.startswith(_UNICODE)]
    yield _as_problems(legacy.rename(columns={"found": "detail"}), "legacy_encoding", of=total)


def _as_problems(table: pd.DataFrame, check: str, **values: str | int) -> pd.DataFrame:
    if table.empty:
        return table
    filled = table.assign(check=check, **values)
    missing = [name for name in ("outlet", "period", "detail", "example") if name not in filled]
    return filled.assign(**dict.fromkeys(missing, "")).astype(dict(PROBLEMS))[[*PROBLEMS]]


def _tell(notes: pd.DataFrame, check: str, found: pd.Series, detail: str = "") -> pd.DataFrame:
    """Return a problem for each outlet with articles of which it is true."""
    if not found.any():
        return notes[:0]
    groups = notes[found].groupby("outlet", sort=False)["article_id"]
    table = groups.agg(articles="size", example="first").reset_index()
    of = table["outlet"].map(notes["outlet"].value_counts())
    ordered = table.assign(of=of).sort_values("articles", ascending=False, kind="stable")
    return _as_problems(ordered, check, detail=detail)


def _check_dates(
    notes: pd.DataFrame, outlets: pd.DataFrame, months: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    yield _tell(notes, "undated", notes["published"].isna())
    yield _tell(notes, "old_dates", notes["published"] < pd.Timestamp(OLDEST, 1, 1))
    yield _tell(notes, "far_dates", _is_far(notes["published"]))
    yield from _check_months(outlets, months[months["period"] >= str(OLDEST)])
    yield _as_problems(_find_empty_days(notes), "empty_days", articles=0, of=len(notes))


def _is_far(published: pd.Series) -> pd.Series:
    """Say of dates whether few stand together, years away from all others."""
    dates = published[published >= pd.Timestamp(OLDEST, 1, 1)].sort_values(kind="stable")
    group = (dates.diff() >= pd.Timedelta(days=FAR_YEARS * 365)).cumsum()
    size = group.map(group.value_counts())
    far = (group.nunique() > 1) & (size <= max(1, len(dates) // 100)) & (len(dates) >= LEAST_DATES)
    return far.reindex(published.index, fill_value=False)


def _check_months(outlets: pd.DataFrame, months: pd.DataFrame) -> Iterator[pd.DataFrame]:
    articles_of = outlets.set_index("outlet")["articles"].to_dict()
    for name, own in months.groupby("outlet"):
        outlet, of = str(name), int(articles_of[name])
        numbers = own["period"].map(_month_number).tolist()
        gaps = _find_gaps(numbers, _name_month)
        span = numbers[-1] - numbers[0] + 1
        if len(gaps) > _MOST_GAPS and 2 * len(numbers) < span:
            period = f"{_name_month(numbers[0])} to {_name_month(numbers[-1])}"
            row = {"period": period, "detail": f"in {len(numbers)} of {span} months"}
            table = pd.DataFrame([row | {"articles": own["articles"].sum()}])
            yield _as_problems(table, "sparse", outlet=outlet, of=of)
        else:
            table = pd.DataFrame({"period": gaps, "articles": 0})
            yield _as_problems(table, "empty_months", outlet=outlet, of=of)
        yield _as_problems(_find_thin_months(own), "thin_months", outlet=outlet, of=of)
        dated = int(own["articles"].sum())
        crowded = own[(own["articles"] * 2 > dated) & (span >= LEAST_MONTHS)]
        yield _as_problems(crowded.drop(columns="outlet"), "crowded_month", outlet=outlet, of=dated)


def _month_number(period: str) -> int:
    return int(period[:-3]) * 12 + int(period[-2:]) - 1


def _find_gaps(numbers: Iterable[int], name: Callable[[int], str]) -> list[str]:
    """Return the names of the first and last of the numbers missing between others."""
    there = sorted(set(numbers))
    return [
        name(before + 1) if after - before == 2 else f"{name(before + 1)} to {name(after - 1)}"
        for before, after in itertools.pairwise(there)
        if after - before > 1
    ]


def _find_thin_months(own: pd.DataFrame) -> pd.DataFrame:
    """Return months that are nearly empty; the first and the last may be parts of months."""
    usual = own["articles"].median()
    inner = own.iloc[1:-1]
    thin = inner["articles"] < _THIN * usual if usual >= _LEAST_USUAL else inner["articles"] < 0
    return inner.loc[thin, ["period", "articles"]]


def _find_empty_days(notes: pd.DataFrame) -> pd.DataFrame:
    days = notes["published"].dropna().to_numpy("datetime64[D]").astype(np.int64)
    often = len(days) >= _LEAST_A_DAY * (np.ptp(days) + 1) if len(days) else False
    gaps = _find_gaps(days.tolist() if often else [], lambda day: str(np.datetime64(day, "D")))
    return pd.DataFrame({"period": gaps})


def _check_repeated(notes: pd.DataFrame, repeated: pd.DataFrame) -> Iterator[pd.DataFrame]:
    across = repeated["outlet"] != repeated["other"]
    kinds = {
        "exact_duplicates": repeated["exact"],
        "near_duplicates": ~repeated["exact"],
        "across_outlets": across,
    }
    for check, rows in kinds.items():
        found = notes["article_id"].isin(repeated.loc[rows, "article_id"])
        yield _tell(notes, check, found)


def _check_texts(notes: pd.DataFrame, longest: int) -> Iterator[pd.DataFrame]:
    for code in sorted(set(notes["language"]) - {"", "ar"}):
        yield _tell(notes, "other_language", notes["language"] == code, code)
    yield _tell(notes, "very_short", notes["words"] < SHORTEST)
    yield _tell(notes, "very_long", notes["words"] > longest)
    share = notes["skipped"] / notes["characters"].clip(lower=1)
    yield _tell(notes, "much_boilerplate", share > MOST_BOILERPLATE)
    yield _tell(notes, "no_outlet", notes["outlet"] == "")
    outlets = notes["outlet"].nunique()
    many = outlets >= _LEAST_OUTLETS and 2 * outlets > len(notes)
    yield _as_problems(
        pd.DataFrame({"articles": [len(notes)] * many}),
        "many_outlets",
        of=len(notes),
        detail=f"{outlets:,} outlets",
        example=", ".join(notes["outlet"].unique()[:3]),
    )
    for kind in ("untitled", *DAMAGE):
        yield _tell(notes, kind, notes[kind])
