"""The command line: `khitab COMMAND INPUT --out FILE`."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
from tqdm.auto import tqdm

from analysis.articles import NothingUsable, iter_articles
from analysis.errors import InputError
from analysis.periods import FREQUENCIES
from analysis.storage import check_outside, check_table_path, save_batches, save_table

_FREQUENCY_HELP = "W weeks, MS months, QS quarters, YS years"
DONE, BAD_USAGE, NOTHING_USABLE, SOME_FAILED = 0, 2, 3, 4
FIELDS = {
    "id": "the article's id",
    "text": "its text",
    "title": "its title",
    "published": "its date, YYYY-MM-DD",
    "outlet": "the outlet it appeared in",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0 done, 2 bad usage, 3 nothing usable in the input, 4 some input failed under --strict.
    """
    chosen = _parser().parse_args(arguments)
    try:
        status: int = chosen.command(chosen)
    except NothingUsable as error:
        print(f"khitab: {error}", file=sys.stderr)
        return NOTHING_USABLE
    except InputError as error:
        print(f"khitab: {error}", file=sys.stderr)
        return BAD_USAGE
    return status


def _run(chosen: argparse.Namespace) -> int:
    from analysis.pipeline import run

    manifest = run(
        chosen.input,
        chosen.out,
        columns=_columns(chosen),
        language=chosen.language,
        freq=chosen.freq,
        by=chosen.by,
        processes=chosen.processes,
        progress=True,
    )
    print(f"{Path(chosen.out) / 'report.html'}: {_tally(manifest, 'read')} articles")
    return _status(manifest, Path(chosen.out) / "manifest.csv", chosen.strict)


def _themes(chosen: argparse.Namespace) -> int:
    from analysis.quotes import find_quotes
    from analysis.themes import find_themes

    return _stream(chosen, lambda articles: find_themes(articles, quotes=find_quotes(articles)))


def _counts(chosen: argparse.Namespace) -> int:
    return _stream(chosen, _count)


def _quotes(chosen: argparse.Namespace) -> int:
    from analysis.quotes import find_quotes

    return _stream(chosen, find_quotes)


def _label(chosen: argparse.Namespace) -> int:
    from analysis.themes import label_articles

    return _stream(chosen, lambda articles: label_articles(_count(articles)))


def _kwic(chosen: argparse.Namespace) -> int:
    from analysis.concordance import find_in_context

    return _stream(chosen, lambda articles: find_in_context(articles, chosen.term))


def _framing(chosen: argparse.Namespace) -> int:
    from analysis.framing import framing_by_period

    out = check_table_path(chosen.out)
    check_outside(out, chosen.input)
    manifests: list[pd.DataFrame] = []
    counts = pd.concat(_each_batch(chosen, _count, manifests), ignore_index=True)
    manifest = pd.concat(manifests, ignore_index=True)
    if counts["published"].isna().all():
        path = save_table(manifest, _manifest_path(out))
        raise NothingUsable(f"no article has a date that could be read; see {path}.", manifest)
    save_table(framing_by_period(counts, freq=chosen.freq, by=chosen.by), out)
    return _account(manifest, out, chosen.strict)


def _fetch(chosen: argparse.Namespace) -> int:
    from analysis.datasets import fetch_corpus

    try:
        path, terms = fetch_corpus(chosen.name, chosen.out)
    except OSError as error:
        raise InputError(f"could not download {chosen.name}: {error}") from None
    print(f"{path}\n{terms}")
    return DONE


def _count(articles: pd.DataFrame) -> pd.DataFrame:
    from analysis.themes import count_themes, find_themes

    return count_themes(articles, find_themes(articles))


def _stream(chosen: argparse.Namespace, analyse: Callable[[pd.DataFrame], pd.DataFrame]) -> int:
    """Write what `analyse` makes of each batch of articles, batch after batch."""
    out = check_table_path(chosen.out)
    check_outside(out, chosen.input)
    manifests: list[pd.DataFrame] = []
    save_batches(_each_batch(chosen, analyse, manifests), out)
    return _account(pd.concat(manifests, ignore_index=True), out, chosen.strict)


def _each_batch(
    chosen: argparse.Namespace,
    analyse: Callable[[pd.DataFrame], pd.DataFrame],
    manifests: list[pd.DataFrame],
) -> Iterator[pd.DataFrame]:
    with tqdm(unit=" articles") as bar:
        try:
            for articles, manifest in iter_articles(chosen.input, columns=_columns(chosen)):
                manifests.append(manifest)
                if len(articles):
                    yield analyse(articles)
                    bar.update(len(articles))
        except NothingUsable as error:
            save_table(error.manifest, _manifest_path(check_table_path(chosen.out)))
            raise


def _account(manifest: pd.DataFrame, out: Path, strict: bool) -> int:
    path = save_table(manifest, _manifest_path(out))
    print(f"{out}: {_tally(manifest, 'read')} articles")
    return _status(manifest, path, strict)


def _manifest_path(out: Path) -> Path:
    return out.with_suffix(".manifest.csv")


def _status(manifest: pd.DataFrame, path: Path, strict: bool) -> int:
    """Say on standard error what was not read as it should be, and return the exit status."""
    undated = int(manifest["reason"].str.startswith("no date").sum())
    if undated:
        read = _tally(manifest, "read")
        print(
            f"khitab: note: {undated} of {read} articles have no date; see {path}", file=sys.stderr
        )
    for status in ("skipped", "duplicate"):
        if number := _tally(manifest, status):
            print(f"khitab: note: {number} inputs {status}; see {path}", file=sys.stderr)
    failed = _tally(manifest, "failed")
    if not failed:
        return DONE
    print(
        f"khitab: warning: {failed} of {len(manifest)} inputs failed; see {path}", file=sys.stderr
    )
    return SOME_FAILED if strict else DONE


def _tally(manifest: pd.DataFrame, status: str) -> int:
    return int((manifest["status"] == status).sum())


def _columns(chosen: argparse.Namespace) -> dict[str, str]:
    return {field: name for field in FIELDS if (name := getattr(chosen, field))}


def _parser() -> argparse.ArgumentParser:
    from analysis import __version__

    parser = argparse.ArgumentParser(
        prog="khitab",
        description="Discourse analysis of Arabic news: themes, quotes and framing over time.",
        epilog="INPUT is one or more files or folders. The format written follows the suffix of "
        "FILE: .parquet, .csv or .jsonl. Exit status: 0 done, 2 bad usage, 3 nothing usable, "
        "4 some input failed under --strict.",
    )
    parser.add_argument("--version", action="version", version=f"khitab {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    reading = argparse.ArgumentParser(add_help=False)
    reading.add_argument("input", metavar="INPUT", nargs="+", help="files or folders of articles")
    reading.add_argument("--strict", action="store_true", help="exit 4 when any input failed")
    for field, what in FIELDS.items():
        reading.add_argument(f"--{field}", metavar="COLUMN", help=f"the column of {what}")

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
    whole.add_argument(
        "--processes", type=int, default=_processors(), metavar="N", help="default: %(default)s"
    )
    add("themes", _themes, "every mention of a theme or frame, with its place")
    add("counts", _counts, "mentions per article and category, with words as denominator")
    add("quotes", _quotes, "every attribution: source, cue, content, speaker, role")
    add("label", _label, "one column per category: 0 absent, 1 present, 2 dominant frame")
    framing = add("framing", _framing, "shares, rates and balance over time, with intervals")
    framing.add_argument(
        "--freq", choices=FREQUENCIES, default="MS", help=f"{_FREQUENCY_HELP}; default: MS"
    )
    framing.add_argument("--by", metavar="COLUMN", help="outlet: a row for each outlet and period")
    kwic = add("kwic", _kwic, "concordance of a word, a lexicon term or a category")
    kwic.add_argument(
        "term", metavar="TERM", help="a category, an entry of the lexicons or any Arabic word"
    )
    fetch = add("fetch", _fetch, "download a published corpus and check it", out="", parents=())
    fetch.add_argument("name", metavar="NAME", help="such as saudinewsnet")
    fetch.add_argument("--out", metavar="DIR", default=".", help="default: this folder")
    return parser


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
