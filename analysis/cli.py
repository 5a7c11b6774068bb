"""The command line: `khitab COMMAND INPUT --out FILE`."""

from __future__ import annotations

import argparse
import errno
import os
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import InputError, NothingUsable
from analysis.tables import FREQUENCIES

if TYPE_CHECKING:
    import pandas as pd

    from analysis.counting import Counted
    from analysis.lexicon import Lexicon

_FREQUENCY_HELP = "W weeks, MS months, QS quarters, YS years"
DONE, CANNOT_WRITE, BAD_USAGE, NOTHING_USABLE, SOME_FAILED = 0, 1, 2, 3, 4
_CANNOT_WRITE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG)
FIELDS = {
    "id": "the article's id",
    "text": "its text",
    "title": "its title",
    "published": "its date, YYYY-MM-DD",
    "outlet": "the outlet it appeared in",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0 done, 1 the results cannot be written, 2 bad usage, 3 nothing usable in the input, 4 some
    input failed under --strict.
    """
    chosen = _parser().parse_args(arguments)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("default")
            status: int = chosen.command(chosen)
    except NothingUsable as error:
        print(f"khitab: {error}", file=sys.stderr)
        return NOTHING_USABLE
    except InputError as error:
        print(f"khitab: {error}", file=sys.stderr)
        return BAD_USAGE
    except OSError as error:
        if error.errno not in _CANNOT_WRITE:
            print(f"khitab: {error}; check the paths.", file=sys.stderr)
            return BAD_USAGE
        where = f" {error.filename!r}" if error.filename else ""
        print(
            f"khitab: cannot write{where}: {error.strerror}; what was "
            "finished is kept: make room or choose another place, and run again.",
            file=sys.stderr,
        )
        return CANNOT_WRITE
    for warning in caught:
        print(f"khitab: note: {warning.message}", file=sys.stderr)
    return status


def _run(chosen: argparse.Namespace) -> int:
    from analysis.pipeline import run

    manifest = run(
        chosen.input,
        chosen.out,
        columns=_columns(chosen),
        date_order=chosen.date_order,
        language=chosen.language,
        freq=chosen.freq,
        by=chosen.by,
        processes=chosen.processes,
        progress=True,
    )
    tally = _tally([manifest])
    print(f"{Path(chosen.out) / 'report.html'}: {tally['read']} articles")
    return _status(tally, Path(chosen.out) / "manifest.csv", chosen.strict)


def _themes(chosen: argparse.Namespace) -> int:
    if chosen.no_quotes:
        counted = _count_files(chosen, mentions=True)
        return _save(chosen, (([each.mentions], each.manifest) for each in counted), chosen.out)
    from analysis.quotes import find_quotes
    from analysis.themes import find_themes

    lexicons = _lexicons(chosen)
    return _analyse(
        chosen,
        lambda articles: find_themes(
            articles, lexicons=lexicons, match=chosen.match, quotes=find_quotes(articles)
        ),
    )


def _counts(chosen: argparse.Namespace) -> int:
    outs = [chosen.out] + ([chosen.mentions] if chosen.mentions else [])
    counted = _count_files(chosen, mentions=bool(chosen.mentions))
    tables = (([each.counts, each.mentions][: len(outs)], each.manifest) for each in counted)
    return _save(chosen, tables, *outs)


def _quotes(chosen: argparse.Namespace) -> int:
    from analysis.pipeline import save_quotes
    from analysis.storage import check_table_path, save_table

    out = check_table_path(chosen.out)
    try:
        manifest = save_quotes(
            chosen.input,
            out,
            columns=_columns(chosen),
            date_order=chosen.date_order,
            processes=chosen.processes,
            progress=True,
        )
    except NothingUsable as error:
        save_table(error.manifest, _manifest_path(out))
        raise
    save_table(manifest, _manifest_path(out))
    return _account(_tally([manifest]), out, chosen.strict)


def _label(chosen: argparse.Namespace) -> int:
    from analysis.themes import label_articles

    lexicons = _lexicons(chosen)
    tables = (
        (
            [label_articles(each.counts, mentions=each.mentions, lexicons=lexicons)]
            if len(each.counts)
            else [],
            each.manifest,
        )
        for each in _count_files(chosen, mentions=True)
    )
    return _save(chosen, tables, chosen.out)


def _kwic(chosen: argparse.Namespace) -> int:
    from analysis.concordance import find_in_context

    lexicons = _lexicons(chosen)
    return _analyse(
        chosen, lambda articles: find_in_context(articles, chosen.term, lexicons=lexicons)
    )


def _framing(chosen: argparse.Namespace) -> int:
    import pandas as pd

    from analysis.framing import framing_by_period
    from analysis.storage import check_outside, check_table_path, save_table

    out = check_table_path(chosen.out)
    check_outside(out, chosen.input)
    try:
        counted = list(_count_files(chosen))
    except NothingUsable as error:
        save_table(error.manifest, _manifest_path(out))
        raise
    counts = pd.concat([each.counts for each in counted], ignore_index=True)
    manifest = pd.concat([each.manifest for each in counted], ignore_index=True)
    path = save_table(manifest, _manifest_path(out))
    if counts["published"].isna().all():
        raise NothingUsable(f"no article has a date that could be read; see {path}.", manifest)
    if chosen.copies != "count":
        counts = _mark_copies(counts, chosen)
    framing = framing_by_period(counts, freq=chosen.freq, by=chosen.by, copies=chosen.copies)
    save_table(framing, out)
    return _account(_tally([manifest]), out, chosen.strict)


def _mark_copies(counts: pd.DataFrame, chosen: argparse.Namespace) -> pd.DataFrame:
    from analysis.articles import load_articles
    from analysis.copies import find_copies, mark_copies

    articles, _ = load_articles(
        chosen.input, columns=_columns(chosen), date_order=chosen.date_order
    )
    return mark_copies(counts, find_copies(articles))


def _check(chosen: argparse.Namespace) -> int:
    from analysis.articles import iter_articles
    from analysis.health import survey
    from analysis.health_report import describe_health, health_table
    from analysis.storage import check_outside, check_table_path, open_table, save_table

    batches = iter_articles(chosen.input, columns=_columns(chosen), date_order=chosen.date_order)
    tally: Counter[str] = Counter()
    with ExitStack() as stack:
        keep = None
        if chosen.out:
            check_outside(check_table_path(chosen.out), chosen.input)
            keep = stack.enter_context(open_table(_manifest_path(Path(chosen.out))))
        health = survey(_tally_batches(batches, tally, keep), progress=True)
    print(describe_health(health), end="")
    if chosen.out:
        print(save_table(health_table(health), chosen.out))
    if not tally["read"]:
        return NOTHING_USABLE
    return SOME_FAILED if chosen.strict and tally["failed"] else DONE


def _tally_batches(
    batches: Iterator[tuple[pd.DataFrame, pd.DataFrame]],
    tally: Counter[str],
    keep: Callable[[pd.DataFrame], None] | None,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Hand on batches, count what became of their rows, and keep their manifests."""
    for articles, manifest in batches:
        tally += _tally([manifest])
        if keep:
            keep(manifest)
        yield articles, manifest


def _fetch(chosen: argparse.Namespace) -> int:
    from analysis.datasets import fetch_corpus

    try:
        path, terms = fetch_corpus(chosen.name, chosen.out, cache=chosen.cache)
    except OSError as error:
        raise InputError(f"could not download {chosen.name}: {error}") from None
    print(f"{path}\n{terms}")
    return DONE


def _lexicon_check(chosen: argparse.Namespace) -> int:
    from analysis.lexicon import load_lexicon

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lexicon = load_lexicon(chosen.path)
    for remark in lexicon.remarks:
        print(remark)
    terms = sum(len(category.terms) for category in lexicon.categories)
    print(f"{chosen.path}: {len(lexicon.categories)} categories, {terms} terms, ", end="")
    print(f"{len(lexicon.remarks)} found by another term too")
    return DONE


def _lexicon_audit(chosen: argparse.Namespace) -> int:
    from analysis.lexicon_audit import audit_lexicon, show_audit, summarise_audit
    from analysis.storage import check_table_path, save_table

    out = check_table_path(chosen.out) if chosen.out else None
    articles, lexicons = _articles_and_lexicon(chosen)
    audit = audit_lexicon(articles, lexicons=lexicons, progress=True)
    summary = summarise_audit(audit)
    if out:
        print(save_table(audit, out))
        print(save_table(summary, out.with_name(f"{out.stem}.summary{out.suffix}")))
    else:
        print(show_audit(audit))
    hits, analysed, doubtful, missed = (
        int(summary[name].sum())
        for name in ("hits", "analysed_hits", "doubtful_hits", "missed_hits")
    )
    print(
        f"{len(summary)} terms: {hits} hits in {len(articles)} articles; of {analysed} analysed "
        f"hits {doubtful} doubtful; {missed} words of the terms' lemmas missed"
    )
    return DONE


def _lexicon_expand(chosen: argparse.Namespace) -> int:
    from analysis.lexicon_suggestions import suggest_terms
    from analysis.storage import check_table_path, save_table

    out = check_table_path(chosen.out) if chosen.out else None
    articles, lexicons = _articles_and_lexicon(chosen)
    suggestions = suggest_terms(
        articles, lexicons=lexicons, category=chosen.category, limit=chosen.limit, progress=True
    )
    if out:
        print(save_table(suggestions, out))
    else:
        shown = ["category", "term", "reason", "entries", "hits", "articles", "log_ratio"]
        print(suggestions[shown].to_string(index=False, float_format="%.1f"))
    print(f"{len(suggestions)} terms to consider, from {len(articles)} articles")
    return DONE


def _articles_and_lexicon(chosen: argparse.Namespace) -> tuple[pd.DataFrame, tuple[Lexicon, ...]]:
    """Read the articles of the command, or those of the sample corpus when it names none."""
    from analysis.articles import load_articles
    from analysis.datasets import sample_corpus
    from analysis.lexicon import load_lexicons

    articles, _ = load_articles(
        chosen.input or sample_corpus(),
        columns=_columns(chosen),
        date_order=chosen.date_order,
        progress=True,
    )
    return articles, load_lexicons(chosen.path)


def _count_files(chosen: argparse.Namespace, *, mentions: bool = False) -> Iterator[Counted]:
    from analysis.counting import count_files

    return count_files(
        chosen.input,
        lexicons=_lexicons(chosen),
        columns=_columns(chosen),
        date_order=chosen.date_order,
        match=chosen.match,
        mentions=mentions,
        processes=chosen.processes,
    )


def _analyse(chosen: argparse.Namespace, analyse: Callable[[pd.DataFrame], pd.DataFrame]) -> int:
    """Write what `analyse` makes of each batch of articles, batch after batch."""
    from analysis.articles import iter_articles

    batches = iter_articles(chosen.input, columns=_columns(chosen), date_order=chosen.date_order)
    tables = (
        ([analyse(articles)] if len(articles) else [], manifest) for articles, manifest in batches
    )
    return _save(chosen, tables, chosen.out)


def _save(
    chosen: argparse.Namespace,
    batches: Iterable[tuple[Sequence[pd.DataFrame], pd.DataFrame]],
    *outs: str,
) -> int:
    """Write tables, one to each file, and the manifest, batch after batch."""
    from tqdm.auto import tqdm

    from analysis.storage import check_outside, check_table_path, open_table, save_table

    for out in outs:
        check_outside(check_table_path(out), chosen.input)
    manifest_path = _manifest_path(Path(outs[0]))
    tally: Counter[str] = Counter()
    try:
        with ExitStack() as stack:
            writers = [stack.enter_context(open_table(out)) for out in outs]
            add_to_manifest = stack.enter_context(open_table(manifest_path))
            bar = stack.enter_context(tqdm(unit=" articles"))
            for tables, manifest in batches:
                for write, table in zip(writers, tables, strict=False):
                    write(table)
                add_to_manifest(manifest)
                counted = _tally([manifest])
                tally += counted
                bar.update(counted["read"])
    except NothingUsable as error:
        save_table(error.manifest, manifest_path)
        raise
    return _account(tally, Path(outs[0]), chosen.strict)


def _account(tally: Counter[str], out: Path, strict: bool) -> int:
    print(f"{out}: {tally['read']} articles")
    return _status(tally, _manifest_path(out), strict)


def _manifest_path(out: Path) -> Path:
    return out.with_suffix(".manifest.csv")


def _tally(manifests: Iterable[pd.DataFrame]) -> Counter[str]:
    """Count the rows of manifests by status, and those without a date."""
    tally: Counter[str] = Counter()
    for manifest in manifests:
        tally.update(manifest["status"])
        undated = (manifest["status"] == "read") & (manifest["date_from"] == "")
        tally["undated"] += int(undated.sum())
    return tally


def _status(tally: Counter[str], path: Path, strict: bool) -> int:
    """Say on standard error what was not read as it should be, and return the exit status."""
    if undated := tally["undated"]:
        print(
            f"khitab: note: {undated} of {tally['read']} articles have no date; see {path}",
            file=sys.stderr,
        )
    for status in ("skipped", "duplicate"):
        if number := tally[status]:
            print(f"khitab: note: {number} inputs {status}; see {path}", file=sys.stderr)
    if not tally["failed"]:
        return DONE
    inputs = sum(tally[status] for status in ("read", "skipped", "duplicate", "failed"))
    print(
        f"khitab: warning: {tally['failed']} of {inputs} inputs failed; see {path}",
        file=sys.stderr,
    )
    return SOME_FAILED if strict else DONE


def _lexicons(chosen: argparse.Namespace) -> tuple[Lexicon, ...]:
    from analysis.lexicon import load_lexicons

    return load_lexicons(*chosen.lexicon)


def _columns(chosen: argparse.Namespace) -> dict[str, str]:
    return {field: name for field in FIELDS if (name := getattr(chosen, field))}


def _parser() -> argparse.ArgumentParser:
    from analysis import __version__

    parser = argparse.ArgumentParser(
        prog="khitab",
        description="Discourse analysis of Arabic news: themes, quotes and framing over time.",
        epilog="INPUT is one or more files or folders. The format written follows the suffix of "
        "FILE: .parquet, .csv, .jsonl or .xlsx. Exit status: 0 done, 1 the results cannot be "
        "written, 2 bad usage, 3 nothing usable, 4 some input failed under --strict.",
    )
    parser.add_argument("--version", action="version", version=f"khitab {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    processes: dict[str, Any] = {
        "type": int,
        "default": _processors(),
        "metavar": "N",
        "help": "default: %(default)s",
    }
    fields = argparse.ArgumentParser(add_help=False)
    for field, what in FIELDS.items():
        fields.add_argument(f"--{field}", metavar="COLUMN", help=f"the column of {what}")
    fields.add_argument(
        "--date-order",
        choices=["day", "month"],
        help="what comes first in dates such as 03/04/2018, which are not guessed",
    )
    reading = argparse.ArgumentParser(add_help=False, parents=[fields])
    reading.add_argument("input", metavar="INPUT", nargs="+", help="files or folders of articles")
    reading.add_argument("--strict", action="store_true", help="exit 4 when any input failed")

    def add(
        name: str,
        command: Callable[[argparse.Namespace], int],
        text: str,
        *,
        out: str = "FILE",
        parents: Sequence[argparse.ArgumentParser] = (reading,),
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=f"{text}.", parents=parents)
        if out:
            added.add_argument("--out", metavar=out, required=True)
        added.set_defaults(command=command)
        return added

    whole = add("run", _run, "everything: tables, figures, report.html, manifest", out="DIR")
    whole.add_argument(
        "--language", choices=["en", "ar"], default="en", help="of figures and report"
    )
    whole.add_argument(
        "--freq", choices=FREQUENCIES, help=f"{_FREQUENCY_HELP}; default: what the dates allow"
    )
    whole.add_argument("--by", metavar="COLUMN", help="outlet: a row for each outlet and period")
    whole.add_argument("--processes", **processes)
    themes = add("themes", _themes, "every mention of a theme or frame, with its place")
    themes.add_argument(
        "--no-quotes", action="store_true", help="do not look for the quote around a mention"
    )
    counts = add("counts", _counts, "mentions per article and category, with words as denominator")
    counts.add_argument("--mentions", metavar="FILE", help="write every mention to this file too")
    quotes = add("quotes", _quotes, "every attribution: source, cue, content, speaker, role")
    quotes.add_argument("--processes", **processes)
    label = add("label", _label, "one column per category: 0 absent, 1 present, 2 dominant frame")
    framing = add("framing", _framing, "shares, rates and balance over time, with intervals")
    framing.add_argument(
        "--freq", choices=FREQUENCIES, default="MS", help=f"{_FREQUENCY_HELP}; default: MS"
    )
    framing.add_argument("--by", metavar="COLUMN", help="outlet: a row for each outlet and period")
    framing.add_argument(
        "--copies",
        choices=["count", "weight", "drop"],
        default="count",
        help="articles that copy another: count each (default), let a group of n weigh one, or "
        "keep the first",
    )
    kwic = add("kwic", _kwic, "concordance of a word, a lexicon term or a category")
    kwic.add_argument(
        "term", metavar="TERM", help="a category, an entry of the lexicons or any Arabic word"
    )
    for matching in (themes, counts, label, framing, kwic):
        matching.add_argument(
            "--lexicon",
            action="append",
            default=[],
            metavar="FILE",
            help="a lexicon of yours, instead of the shipped; may be repeated",
        )
    for counting in (themes, counts, label, framing):
        counting.add_argument(
            "--match",
            choices=["rules", "lemma"],
            default="rules",
            help="how a word is known: by our rules, or by its lemma in CAMeL Tools",
        )
        counting.add_argument("--processes", **processes)
    check = add("check", _check, "a health report of a corpus, with what to do", out="")
    check.add_argument("--out", metavar="FILE", help="write what it says as a table too")
    fetch = add("fetch", _fetch, "download a published corpus and check it", out="", parents=())
    fetch.add_argument("name", metavar="NAME", help="such as saudinewsnet")
    fetch.add_argument("--out", metavar="DIR", default=".", help="default: this folder")
    fetch.add_argument(
        "--cache",
        metavar="DIR",
        help="where downloads are kept; default: KHITAB_CACHE or the user's",
    )
    _add_lexicon_commands(commands, fields)
    return parser


def _add_lexicon_commands(commands: Any, fields: argparse.ArgumentParser) -> None:
    text = "check a lexicon, audit it on a corpus, find terms to add"
    lexicon = commands.add_parser("lexicon", help=text, description=f"{text}.")
    actions = lexicon.add_subparsers(title="actions", metavar="ACTION", required=True)
    check = actions.add_parser(
        "check", help="whether it can be read, and which terms find the same words"
    )
    check.set_defaults(command=_lexicon_check)
    audit = actions.add_parser(
        "audit",
        parents=[fields],
        help="each form found, with what else it could be, and forms that are missed",
    )
    audit.set_defaults(command=_lexicon_audit)
    expand = actions.add_parser(
        "expand", parents=[fields], help="words of the same roots and words that are key, to add"
    )
    expand.set_defaults(command=_lexicon_expand)
    expand.add_argument("--category", metavar="NAME", help="only for this one")
    expand.add_argument(
        "--limit", type=int, default=50, metavar="N", help="for each category; default: %(default)s"
    )
    for action in (check, audit, expand):
        action.add_argument("path", metavar="LEXICON", help="a YAML file")
    for action in (audit, expand):
        action.add_argument(
            "input",
            metavar="INPUT",
            nargs="*",
            help="files or folders of articles; default: the sample corpus",
        )
        action.add_argument("--out", metavar="FILE", help="write a table; default: show it here")


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
