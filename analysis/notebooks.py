"""Run the notebooks over a corpus and list the figures they published.

What `make figures` calls: `python -m analysis.notebooks [--corpus PATH] [--figures FOLDER] …`;
`make real` adds `--press`, for the one notebook on the press of 2018.
"""

import argparse
import json
import os
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tqdm.auto import tqdm

from analysis.datasets import sample_corpus
from analysis.errors import InputError
from analysis.reproduction import MANIFEST_NAME, Manifest, describe_figures, write_manifest

if TYPE_CHECKING:
    from IPython.display import HTML

PRESS_NOTEBOOK = "06_press_of_2018.ipynb"
PRESS_MISSING = (
    "the articles of 2018 are not here: fetch them with `khitab fetch ant_2018`, then run "
    "`make real`; or name a file of them: `make real REAL=path`."
)
_PRESS_NAMES = ("ant_2018.jsonl", "ant_2018.parquet")
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


def press_corpus() -> Path | None:
    """Return the articles of 2018 that `make real` runs its notebook on, None without them.

    They are named by the environment variable KHITAB_REAL alone, which `make figures` leaves
    empty: what it publishes does not depend on whether this machine has the articles.

    Raises InputError when the file that is named is not there.
    """
    named = os.environ.get("KHITAB_REAL")
    return _check_corpus(Path(named), "REAL") if named else None


def find_press_corpus() -> Path | None:
    """Return where the articles of 2018 are on this machine, None when they are not.

    Looked for are, in this order, what KHITAB_REAL names, `ant_2018.jsonl` (which `khitab
    fetch ant_2018` writes) and `ant_2018.parquet` in the working folder and the one above, and
    `corpora/ant_2018.parquet` in the folder that KHITAB_SHARED names.
    """
    if named := press_corpus():
        return named
    here = Path.cwd()
    places = [folder / name for folder in (here, here.parent) for name in _PRESS_NAMES]
    if shared := os.environ.get("KHITAB_SHARED"):
        places.append(Path(shared, "corpora", "ant_2018.parquet"))
    return next((place for place in places if place.is_file()), None)


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
    adds the executed notebooks, `MANIFEST.json` (see `describe_figures`) and `contents.txt`, the
    list that `make figures` prints. The notebook on the press of 2018 runs without its articles
    and makes nothing: see `run_press_notebook`.

    Raises InputError when the corpus or the notebooks are not there; an error in a cell is
    raised as nbclient reports it.
    """
    paths = sorted(Path(folder).glob("*.ipynb"))
    if not paths:
        raise InputError(f"no notebooks in {str(folder)!r}; run this in a checkout of khitab.")
    corpus = _check_corpus(Path(corpus or sample_corpus()), "CORPUS")
    return _run(paths, figures=Path(figures), corpus=corpus, language=language, press="")


def run_press_notebook(
    folder: str | Path,
    *,
    figures: str | Path,
    corpus: str | Path | None = None,
    language: str = "en",
) -> list[Path]:
    """Execute the notebook on the press of 2018 over its articles and return the figures.

    They are read from `corpus`, or where `find_press_corpus` finds them when None. All else,
    the errors too, is as in `run_notebooks`.
    """
    path = Path(folder, PRESS_NOTEBOOK)
    if not path.is_file():
        raise InputError(f"there is no {str(path)!r}; run this in a checkout of khitab.")
    place = Path(corpus) if corpus else find_press_corpus()
    if place is None:
        raise InputError(PRESS_MISSING)
    articles = _check_corpus(place, "REAL")
    return _run(
        [path], figures=Path(figures), corpus=articles, language=language, press=str(articles)
    )


def _check_corpus(path: Path, variable: str) -> Path:
    path = path.resolve()
    if not path.exists():
        raise InputError(f"the corpus {str(path)!r} does not exist; check {variable}=path.")
    return path


def _run(
    paths: Sequence[Path], *, figures: Path, corpus: Path, language: str, press: str
) -> list[Path]:
    figures = figures.resolve()
    executed = figures / "notebooks"
    executed.mkdir(parents=True, exist_ok=True)
    _remove_earlier(figures)
    before = {path: path.stat().st_mtime_ns for path in figures.iterdir()}
    environment = {
        **os.environ,
        "KHITAB_CORPUS": str(corpus),
        "KHITAB_FIGURES": str(figures),
        "KHITAB_LANGUAGE": language,
        "KHITAB_REAL": press,
    }
    for path in (bar := tqdm(paths, unit=" notebooks")):
        bar.set_description(path.stem)
        _execute(path, executed / path.name, environment)
    made = sorted(
        path
        for path in figures.iterdir()
        if path.suffix in _SUFFIXES and path.stat().st_mtime_ns != before.get(path)
    )
    tables = [path for path in made if path.suffix == ".csv"]
    manifest = describe_figures(tables, corpus=corpus, language=language)
    write_manifest(manifest, figures / MANIFEST_NAME)
    _write_contents(figures, manifest, corpus)
    return made


def _execute(path: Path, out: Path, environment: dict[str, str]) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=None,
        resources={"metadata": {"path": str(path.parent)}},
        # A kernel on this machine alone: its warning about plain TCP is not for our users.
        extra_arguments=["--log-level=40"],
    )
    client.execute(env=environment)
    nbformat.write(notebook, out)


def _remove_earlier(figures: Path) -> None:
    """Remove the figures an earlier run listed, and nothing else that stands there."""
    manifest = figures / MANIFEST_NAME
    if manifest.exists():
        for name in json.loads(manifest.read_text("utf-8"))["figures"]:
            for suffix in _SUFFIXES:
                (figures / f"{Path(name).name}{suffix}").unlink(missing_ok=True)


def _write_contents(figures: Path, manifest: Manifest, corpus: Path) -> None:
    source = "the sample corpus" if corpus == sample_corpus().resolve() else corpus.name
    listed = manifest["figures"]
    lines = [f"{len(listed)} figures from {source}, in {figures.name}/ (SVG, PNG, CSV):"]
    lines += [f"  {name:<28} {figure['rows']:>6} rows plotted" for name, figure in listed.items()]
    (figures / "contents.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Run the notebooks named on the command line."""
    parser = argparse.ArgumentParser(description="Run the notebooks over a corpus.")
    parser.add_argument("--folder", default="notebooks")
    parser.add_argument("--figures", default="figures")
    parser.add_argument("--corpus", default=None)
    parser.add_argument("--language", choices=["en", "ar"], default="en")
    parser.add_argument(
        "--press", action="store_true", help="only the notebook on the press of 2018, over CORPUS"
    )
    arguments = parser.parse_args()
    run = run_press_notebook if arguments.press else run_notebooks
    try:
        run(
            arguments.folder,
            figures=arguments.figures,
            corpus=arguments.corpus or None,
            language=arguments.language,
        )
    except InputError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
