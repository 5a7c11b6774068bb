"""Feed readers and finders damaged and invented input, guided by coverage, and count what fails.

    pip install atheris
    python benchmarks/fuzzing.py TARGET [--seconds N] [--list]

A target is the suffix of a format, or a finder. The good files of `tests/damage.py` are where
the fuzzer begins. Anything that a reader raises beyond what it may raise, a record that breaks
its contract, and a span outside its text count as found; the input is kept under
`build/fuzzing/TARGET/`. Cases that were found and mended are kept in `tests/cases/found/`.
"""

import argparse
import io
import logging
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import atheris

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

with atheris.instrument_imports(include=["analysis"]):
    import damage

    from analysis.cleaning import find_boilerplate
    from analysis.dates import find_byline_date, parse_date
    from analysis.quotes import find_quotes
    from analysis.readers import Record, Source, read_rows
    from analysis.readers.containers import iter_members
    from analysis.readers.encodings import decode
    from analysis.readers.formats import FORMATS
    from analysis.tables import ARTICLES, make_table
    from analysis.themes import find_themes


def read_with(suffix: str) -> Callable[[bytes], None]:
    """Return what reads bytes as a file of a format and checks what comes out."""
    form = FORMATS[f".{suffix}"]

    def read(content: bytes) -> None:
        for row in read_rows(Source(io.BytesIO(content), f"a.{suffix}"), form):
            if isinstance(row, Record):
                assert all(isinstance(name, str) for name in row.fields), row
                if isinstance(text := row.fields.get("text"), str):
                    text.encode()
            else:
                assert row.reason.rstrip().endswith((".", "!", ")")), row

    return read


def unpack(content: bytes) -> None:
    """Open every member of an archive."""
    for member in iter_members(io.BytesIO(content), PurePosixPath("a.zip")):
        assert member.file is not None or member.reason, member
        if member.file:
            member.file.read()


def find(content: bytes) -> None:
    """Find the themes and quotes of a text, whose spans must be what the text says."""
    text = content.decode("utf-8", "replace").replace("\0", " ")
    articles = make_table(
        [{"article_id": "a", "outlet": "", "title": "", "text": text, "source_file": ""}], ARTICLES
    )
    articles["skip"] = [find_boilerplate(text)]
    quotes = find_quotes(articles)
    for row in quotes.itertuples():
        assert text[row.content_start : row.content_end] == row.content, row
    for row in find_themes(articles, quotes=quotes).itertuples():
        assert text[row.start : row.end] == row.surface, row


def clean(content: bytes) -> None:
    """Mark boilerplate: spans in order, inside the text."""
    text = content.decode("utf-8", "replace")
    end_before = 0
    for start, end in find_boilerplate(text, outlet="صدى المشرق"):
        assert end_before <= start < end <= len(text)
        end_before = end


def date(content: bytes) -> None:
    """Read dates and bylines."""
    text = content.decode("utf-8", "replace")
    parse_date(text)
    parse_date(text, order="day")
    if byline := find_byline_date(text):
        assert 0 <= byline.start < byline.end <= len(text)


FINDERS = {
    "archive": (unpack, ("zip", "tar", "jsonl.gz", "jsonl.bz2", "jsonl.xz", "jsonl.zst")),
    "encoding": (lambda content: decode(content).text.encode(), ("txt",)),
    "cleaning": (clean, ("txt",)),
    "dates": (date, ("txt",)),
    "finders": (find, ("txt",)),
}


def main() -> None:
    """Fuzz one target for a while and say how many inputs were tried and what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", nargs="?")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--list", action="store_true", help="the names of all targets")
    chosen = parser.parse_args()
    readers = [suffix for suffix in damage.GOOD if f".{suffix}" in FORMATS]
    if chosen.list or chosen.target not in [*readers, *FINDERS]:
        print(*readers, *FINDERS, sep="\n")
        return
    work, seeds = FINDERS.get(chosen.target) or (read_with(chosen.target), (chosen.target,))
    folder = HERE.parent / "build" / "fuzzing" / chosen.target
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    for suffix in seeds:
        content = damage.GOOD[suffix]()
        (folder / "seeds" / f"good.{suffix}").write_bytes(content)
        for name, harm in damage.DAMAGE.items():
            (folder / "seeds" / f"{name}.{suffix}").write_bytes(harm(content))
    run(chosen.target, work, folder, chosen.seconds)


def run(target: str, work: Callable[[bytes], None], folder: Path, seconds: int) -> None:
    """Let the fuzzer call `work`; what it raises is kept and the fuzzing goes on."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    seen: dict[str, int] = {}
    slow: list[float] = []
    tried = 0
    end = time.monotonic() + seconds

    def once(content: bytes) -> None:
        nonlocal tried
        tried += 1
        begun = time.monotonic()
        try:
            work(content)
        except Exception as error:
            place = error.__traceback__
            while place and place.tb_next:
                place = place.tb_next
            where = f"{type(error).__name__} in {place.tb_frame.f_code.co_name}" if place else ""
            if where not in seen:
                (folder / f"found-{len(seen)}").write_bytes(content)
                print(f"{target}: {where}: {error!r:.200}", flush=True)
            seen[where] = seen.get(where, 0) + 1
        took = time.monotonic() - begun
        if took > max([1.0, *slow]):
            slow.append(took)
            (folder / f"slow-{len(slow)}").write_bytes(content)
        if time.monotonic() > end:
            print(
                f"RESULT {target}: {tried:,} inputs in {seconds} s, {len(seen)} kinds of failure, "
                f"slowest {max([0.0, *slow]):.1f} s",
                flush=True,
            )
            sys.stdout.flush()
            import os

            os._exit(0)

    arguments = [
        sys.argv[0],
        "-rss_limit_mb=4000",
        "-timeout=120",
        "-max_len=20000",
        "-verbosity=0",
    ]
    atheris.Setup([*arguments, str(folder / "seeds")], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
