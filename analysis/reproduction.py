"""What a run of the notebooks made, written down, and whether it is what was published.

`make figures` ends with `python -m analysis.reproduction`, `make publish` with `--publish`.
With `--strict` the exit status is 1 when anything was not reproduced.
"""

import argparse
import csv
import hashlib
import importlib.metadata
import json
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis.data_files import data_path
from analysis.errors import InputError

Manifest = dict[str, Any]

MANIFEST_NAME = "MANIFEST.json"
PUBLISHED = Path("data", "published_figures.json")
PACKAGES = ("matplotlib", "numpy", "pandas", "ruptures", "scipy", "seaborn", "statsmodels")
"""The packages that move numbers or drawings."""
REPRODUCED = "reproduced"
DRAWING_DIFFERS = "drawing differs"
DATA_DIFFER = "data differ"
NOT_PUBLISHED = "not published"
NOT_MADE = "published, not made"
_DIGITS = 9
_NOTHING = 1e-12
_FLOAT = re.compile(r"[+-]?\d+(\.\d*([eE][+-]?\d+)?|[eE][+-]?\d+)")
_VERSION = re.compile(r"^version: (\d+)", re.MULTILINE)
_FIELDS = ("khitab", "python", "packages", "language", "corpus", "lexicons", "figures")


class FigureOutcome(NamedTuple):
    """A figure and whether it was reproduced: one of the five words of this module."""

    figure: str
    outcome: str


def describe_figures(tables: Iterable[Path], *, corpus: Path, language: str) -> Manifest:
    """Return the manifest of a run: what its figures show, and all that they depend on.

    - `khitab`, `python`, `packages`: versions; of PACKAGES those that are installed
    - `language`: of the words of the figures
    - `corpus`: `name` and `sha256`, see `hash_corpus`
    - `lexicons`: of each file of language data `sha256` and, when it has one, `version`
    - `figures`: of each table plotted its file (`data`), its `rows`, `data_sha256` (see
      `hash_values`) and `svg_sha256`, the hash of the bytes of the drawing beside it, null
      without one
    """
    return {
        "khitab": importlib.metadata.version("khitab"),
        "python": platform.python_version(),
        "packages": dict(_versions(PACKAGES)),
        "language": language,
        "corpus": {"name": corpus.name, "sha256": hash_corpus(corpus)},
        "lexicons": {
            path.stem: _describe_lexicon(path)
            for path in sorted(data_path("lexicons").glob("*.yml"))
        },
        "figures": {path.stem: _describe_figure(path) for path in sorted(tables)},
    }


def hash_values(path: str | Path) -> str:
    r"""Return a SHA-256 of the values of a CSV file that is the same on every machine.

    The last digits of a number depend on the processor. So a number with a decimal point or
    an exponent counts with 9 significant digits, and as 0 when it is nearer to 0 than 1e-12;
    whole numbers and words count as they are written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = [Path(folder, name) for name in ("here.csv", "there.csv")]
    ...     for path, number in zip(paths, ("0.30000000000000004", "0.3"), strict=True):
    ...         _ = path.write_text(f"outlet,share\nالمرصد,{number}\n", "utf-8")
    ...     hash_values(paths[0]) == hash_values(paths[1])
    True
    """
    hashed = hashlib.sha256()
    for row in _read_rows(path):
        line = json.dumps([_round_number(cell) for cell in row], ensure_ascii=False)
        hashed.update(f"{line}\n".encode())
    return hashed.hexdigest()


def hash_corpus(path: str | Path) -> str:
    """Return a SHA-256 of the articles: of the bytes of a file, or of all files of a folder.

    Of a folder every file counts that `load_articles` looks at, in the order of their paths
    below the folder, each as its path, its size and its bytes. Where the folder stands does
    not matter.
    """
    from analysis.readers.folders import find_files

    path = Path(path)
    hashed = hashlib.sha256()
    if path.is_file():
        _add_bytes(hashed, path)
        return hashed.hexdigest()
    files = [file for file in find_files([path]) if not file.status]
    for file in sorted(files, key=lambda file: file.name.as_posix()):
        hashed.update(f"{file.name.as_posix()}\n{file.path.stat().st_size}\n".encode())
        _add_bytes(hashed, file.path)
    return hashed.hexdigest()


def write_manifest(manifest: Manifest, path: str | Path) -> Path:
    """Write a manifest as JSON, whole or not at all."""
    from analysis.storage import finished_or_gone

    path = Path(path)
    listed = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    with finished_or_gone(path) as unfinished:
        unfinished.write_text(f"{listed}\n", encoding="utf-8")
    return path


def read_manifest(path: str | Path) -> Manifest:
    """Return a manifest that `write_manifest` wrote.

    Raises InputError when there is none, or when a part of it is missing.
    """
    try:
        manifest = json.loads(Path(path).read_text("utf-8"))
    except FileNotFoundError:
        raise InputError(f"there is no {str(path)!r}; run `make figures` first.") from None
    except ValueError as error:
        raise InputError(f"{str(path)!r} cannot be read ({error}); make it anew.") from None
    for field in _FIELDS:
        if not isinstance(manifest, dict) or field not in manifest:
            raise InputError(f"{str(path)!r} has no `{field}`; make it anew.")
    return dict(manifest)


def compare_figures(made: Manifest, published: Manifest) -> list[FigureOutcome]:
    """Return for each figure of two manifests whether it was reproduced, in order of name.

    - `reproduced`: the same data; and on the same versions of all packages the same drawing,
      to the byte. Other versions may draw it otherwise.
    - `drawing differs`: the same data, another drawing, though the versions are the same
    - `data differ`
    - `not published`: the published manifest does not have it
    - `published, not made`
    """
    same_versions = all(
        made[field] == published[field] for field in ("khitab", "python", "packages")
    )
    names = sorted({*made["figures"], *published["figures"]})
    return [
        FigureOutcome(
            name,
            _compare_figure(
                made["figures"].get(name), published["figures"].get(name), same_versions
            ),
        )
        for name in names
    ]


def find_differences(made: Manifest, published: Manifest) -> list[str]:
    """Return what figures depend on and what differs between two manifests, each in words.

    Those are the versions of khitab, Python and the packages, and the lexicons.
    """
    versions = [
        {"khitab": manifest["khitab"], "Python": manifest["python"], **manifest["packages"]}
        for manifest in (made, published)
    ]
    found = [
        f"{name} {mine or 'is missing'} (published with {theirs or 'none'})"
        for name, mine, theirs in _pairs(*versions)
        if mine != theirs
    ]
    for name, mine, theirs in _pairs(made["lexicons"], published["lexicons"]):
        if mine != theirs:
            found.append(f"lexicon {name} {_compare_lexicons(mine, theirs)}")
    return found


def explain_incomparable(made: Manifest, published: Manifest) -> str | None:
    """Return in a line why two manifests cannot be compared, None when they can."""
    if made["corpus"]["sha256"] != published["corpus"]["sha256"]:
        return (
            f"Another corpus was read ({made['corpus']['name']}) than the published figures "
            "show; nothing is compared."
        )
    if made["language"] != published["language"]:
        return (
            f"The published figures are in another language ({published['language']}, not "
            f"{made['language']}); nothing is compared."
        )
    return None


def report_reproduction(made: Manifest, published: Manifest | None) -> tuple[list[str], bool]:
    """Return the lines that say what was reproduced, and whether all of it was."""
    if published is None:
        return [
            f"There are no published figures to compare with; `make publish` writes {PUBLISHED}."
        ], False
    if reason := explain_incomparable(made, published):
        return [reason], False
    outcomes = compare_figures(made, published)
    reproduced = sum(outcome == REPRODUCED for _, outcome in outcomes)
    lines = [f"{reproduced} of {len(published['figures'])} published figures were reproduced:"]
    lines += [f"  {figure:<28} {outcome}" for figure, outcome in outcomes]
    complete = reproduced == len(outcomes)
    differences = find_differences(made, published)
    if not complete:
        lines.append(f"What else differs: {'; '.join(differences) or 'no version, no lexicon'}.")
    return lines, complete


def _versions(packages: Iterable[str]) -> Iterator[tuple[str, str]]:
    for package in packages:
        try:
            yield package, importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue


def _describe_lexicon(path: Path) -> dict[str, int | str]:
    content = path.read_bytes()
    version = _VERSION.search(content.decode("utf-8"))
    described: dict[str, int | str] = {"sha256": hashlib.sha256(content).hexdigest()}
    return described | ({"version": int(version[1])} if version else {})


def _describe_figure(table: Path) -> dict[str, int | str | None]:
    drawing = table.with_suffix(".svg")
    return {
        "data": table.name,
        "rows": sum(1 for _ in _read_rows(table)) - 1,
        "data_sha256": hash_values(table),
        "svg_sha256": (
            hashlib.sha256(drawing.read_bytes()).hexdigest() if drawing.exists() else None
        ),
    }


def _read_rows(path: str | Path) -> Iterator[list[str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def _round_number(cell: str) -> str:
    if not _FLOAT.fullmatch(cell):
        return cell
    number = float(cell)
    return "0" if abs(number) < _NOTHING else f"{number:.{_DIGITS}g}"


def _add_bytes(hashed: Any, path: Path) -> None:
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            hashed.update(part)


def _compare_figure(
    made: Mapping[str, Any] | None, published: Mapping[str, Any] | None, same_versions: bool
) -> str:
    if published is None:
        return NOT_PUBLISHED
    if made is None:
        return NOT_MADE
    if made["data_sha256"] != published["data_sha256"]:
        return DATA_DIFFER
    same_drawing = made["svg_sha256"] == published["svg_sha256"]
    return DRAWING_DIFFERS if same_versions and not same_drawing else REPRODUCED


def _pairs(made: Mapping[str, Any], published: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(name, made.get(name), published.get(name)) for name in {**made, **published}]


def _compare_lexicons(made: Mapping[str, Any] | None, published: Mapping[str, Any] | None) -> str:
    if published is None:
        return "is new"
    if made is None:
        return "is missing"
    if made.get("version") == published.get("version"):
        return "was edited"
    return (
        f"has version {made.get('version', 'none')} (published with "
        f"{published.get('version', 'none')})"
    )


def main() -> int:
    """Compare the figures of a folder with the published ones, or publish them."""
    parser = argparse.ArgumentParser(description="Compare figures with the published ones.")
    parser.add_argument("--figures", default="figures", help="the folder of `make figures`")
    parser.add_argument("--published", default=str(PUBLISHED), help="the published manifest")
    parser.add_argument("--publish", action="store_true", help="write that manifest anew")
    parser.add_argument("--strict", action="store_true", help="exit 1 unless all is reproduced")
    chosen = parser.parse_args()
    try:
        made = read_manifest(Path(chosen.figures, MANIFEST_NAME))
        if chosen.publish:
            print(f"{write_manifest(made, chosen.published)}: {len(made['figures'])} figures")
            return 0
        published = read_manifest(chosen.published) if Path(chosen.published).exists() else None
    except InputError as error:
        parser.exit(2, f"{error}\n")
    lines, complete = report_reproduction(made, published)
    print("\n".join(lines))
    return int(chosen.strict and not complete)


if __name__ == "__main__":
    sys.exit(main())
