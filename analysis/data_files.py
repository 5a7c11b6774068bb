"""Find and read the language data that ships with the library: YAML with line numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import yaml

from analysis.errors import DataFileError, require_choice

Step = str | int
Place = tuple[Step, ...]


def data_path(*parts: str) -> Path:
    """Return the path of a shipped data file, in a checkout and in an installed wheel."""
    package = Path(__file__).parent
    root = package / "data" if (package / "data").is_dir() else package.parent / "data"
    return root.joinpath(*parts)


@dataclass(frozen=True)
class DataFile:
    """The content of a YAML file, and the line each part of it stands on."""

    path: Path
    content: Any
    lines: dict[Place, int]

    def fail(self, place: Place, problem: str) -> NoReturn:
        """Raise DataFileError that starts with the file and the line of `place`."""
        while place not in self.lines:
            place = place[:-1]
        raise DataFileError(f"{self.path}:{self.lines[place]}: {problem}")

    def check_fields(
        self, place: Place, value: object, *, required: Iterable[str], optional: Iterable[str] = ()
    ) -> None:
        """Raise DataFileError unless `value` is a mapping with these fields and no other."""
        if not isinstance(value, dict):
            self.fail(place, f"expected fields, found {value!r}.")
        known = [*required, *optional]
        for field in value:
            if field not in known:
                self.fail(
                    (*place, field), f"unknown field `{field}`; choose from: {', '.join(known)}."
                )
        for field in required:
            if field not in value:
                self.fail(place, f"the field `{field}` is missing; add it.")


def load_yaml(path: str | Path) -> DataFile:
    """Read a YAML file; a syntax mistake or a duplicate key raises with its file and line."""
    path = Path(path)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise DataFileError(f"{path}:1: there is no such file; check the path.") from None
    except UnicodeDecodeError as error:
        raise DataFileError(
            f"{path}:1: not UTF-8 text (byte {error.start}); save the file as UTF-8."
        ) from None
    try:
        node = _compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataFileError(f"{path}:{line}: not valid YAML: {error.problem}.") from None
    if node is None:
        raise DataFileError(f"{path}:1: the file is empty; see the README beside it.")
    lines: dict[Place, int] = {}
    return DataFile(path, _build(node, (), path, lines), lines)


@cache
def load_words(name: str, language: str) -> dict[str, str]:
    """Return the words of a page in one language, from `data/report/NAME.yml`.

    >>> load_words("words", "ar")["title"]
    'تقرير الخطاب'
    """
    languages = load_yaml(data_path("report", f"{name}.yml")).content
    require_choice(language, sorted(languages), name="language")
    words: dict[str, str] = languages[language]
    return words


def _compose(text: str) -> yaml.Node | None:
    """Parse with libyaml where PyYAML has it; mistakes are always told in PyYAML's own words."""
    try:
        return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _build(node: yaml.Node, place: Place, path: Path, lines: dict[Place, int]) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            line = key_node.start_mark.line + 1
            if key in mapping:
                raise DataFileError(f"{path}:{line}: the key `{key}` stands twice; remove one.")
            mapping[key] = _build(value_node, (*place, key), path, lines)
            lines[*place, key] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*place, i), path, lines) for i, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    return yaml.SafeLoader("").construct_object(node, deep=True)
