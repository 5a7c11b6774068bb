"""Run the notebooks over a corpus and list the figures they published.

What `make figures` calls: `python -m analysis.notebooks [--corpus PATH] [--figures FOLDER] …`.
"""

import argparse
import csv
import hashlib
import importlib.metadata
import json
import os
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tqdm.auto import tqdm

from analysis.datasets import sample_corpus
from analysis.errors import InputError
from analysis.lexicon import load_lexicons

if TYPE_CHECKING:
    from IPython.display import HTML

_SUFFIXES = (".csv", ".png", ".svg")


class Settings(NamedTuple):
    """What the notebooks run on: the articles, the folder for figures, their language."""

    corpus: Path
    figures: Path
    language: str


def settings() -> Settings:
    """Return what `make figures CORPUS=… FIGURES=… LANGUAGE=…` asked for, or the defaults.

    Those are the sample corpus, a folder `figures` and English, from the environment
    variables KHITAB_CORPUS, KHITAB_FIGURES and KHITAB_LANGUAGE.
    """
    return Settings(
        corpus=Path(os.environ.get("KHITAB_CORPUS") or sample_corpus()),
        figures=Path(os.environ.get("KHITAB_FIGURES") or "figures"),
        language=os.environ.get("KHITAB_LANGUAGE") or "en",
    )


def caption(sentence: str) -> "HTML":
    """Return a sentence to display under a figure, in its own direction, markup escaped."""
    from IPython.display import HTML

    return HTML(f'<p dir="auto">{escape(sentence)}</p>')


def run_notebooks(
    folder: str | Path,
    *,
    figures: str | Path,
    corpus: str | Path | None = None,
    language: str = "en",
) -> list[Path]:
    """Execute every notebook of a folder in order and return the figures it left.

    The notebooks read `corpus` (the sample when None) and save into `figures`, where this
    adds the executed notebooks, `manifest.json` (each figure with the SHA-256 of its data,
    the corpus, the versions of khitab and of its lexicons) and `contents.txt`, the list that
    `make figures` prints.

    Raises InputError when the corpus or the notebooks are not there; an error in a cell is
    raised as nbclient reports it.
    """
    import nbformat
    from nbclient import NotebookClient

    corpus = Path(corpus or sample_corpus()).resolve()
    figures = Path(figures).resolve()
    paths = sorted(Path(folder).glob("*.ipynb"))
    if not paths:
        raise InputError(f"no notebooks in {str(folder)!r}; run this in a checkout of khitab.")
    if not corpus.exists():
        raise InputError(f"the corpus {str(corpus)!r} does not exist; check CORPUS=path.")
    environment = {
        **os.environ,
        "KHITAB_CORPUS": str(corpus),
        "KHITAB_FIGURES": str(figures),
        "KHITAB_LANGUAGE": language,
    }
    executed = figures / "notebooks"
    executed.mkdir(parents=True, exist_ok=True)
    _remove_earlier(figures)
    before = {path: path.stat().st_mtime_ns for path in figures.iterdir()}
    for path in (bar := tqdm(paths, unit=" notebooks")):
        bar.set_description(path.stem)
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(
            notebook,
            timeout=None,
            resources={"metadata": {"path": str(path.parent)}},
            # A kernel on this machine alone: its warning about plain TCP is not for our users.
            extra_arguments=["--log-level=40"],
        )
        client.execute(env=environment)
        nbformat.write(notebook, executed / path.name)
    made = sorted(
        path
        for path in figures.iterdir()
        if path.suffix in _SUFFIXES and path.stat().st_mtime_ns != before.get(path)
    )
    _write_contents(figures, made, corpus)
    return made


def _remove_earlier(figures: Path) -> None:
    """Remove the figures an earlier run listed, and nothing else that stands there."""
    manifest = figures / "manifest.json"
    if manifest.exists():
        for name in json.loads(manifest.read_text("utf-8"))["figures"]:
            for suffix in _SUFFIXES:
                (figures / f"{Path(name).name}{suffix}").unlink(missing_ok=True)


def _write_contents(figures: Path, made: list[Path], corpus: Path) -> None:
    tables = [path for path in made if path.suffix == ".csv"]
    manifest = {
        "khitab": importlib.metadata.version("khitab"),
        "lexicons": {lexicon.name: lexicon.version for lexicon in load_lexicons()},
        "corpus": corpus.name,
        "figures": {
            path.stem: {"data": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in tables
        },
    }
    listed = json.dumps(manifest, ensure_ascii=False, indent=2)
    (figures / "manifest.json").write_text(listed + "\n", encoding="utf-8")
    source = "the sample corpus" if corpus == sample_corpus().resolve() else corpus.name
    lines = [f"{len(tables)} figures from {source}, in {figures.name}/ (SVG, PNG, CSV):"]
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.reader(file)) - 1
        lines.append(f"  {path.stem:<28} {rows:>6} rows plotted")
    (figures / "contents.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Run the notebooks named on the command line."""
    parser = argparse.ArgumentParser(description="Run the notebooks over a corpus.")
    parser.add_argument("--folder", default="notebooks")
    parser.add_argument("--figures", default="figures")
    parser.add_argument("--corpus", default=None)
    parser.add_argument("--language", choices=["en", "ar"], default="en")
    arguments = parser.parse_args()
    try:
        run_notebooks(
            arguments.folder,
            figures=arguments.figures,
            corpus=arguments.corpus or None,
            language=arguments.language,
        )
    except InputError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
