"""How web pages name their parts, from `data/lexicons/page_labels.yml`."""

import functools
import re
from pathlib import Path
from typing import NamedTuple

from analysis.data_files import data_path, load_yaml

_LISTS = (
    "aside_tags",
    "aside_words",
    "byline_words",
    "date_names",
    "author_names",
    "outlet_names",
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")


class PageLabels(NamedTuple):
    """The names that tell the parts of a page, and those of <meta> that hold its fields."""

    aside_tags: frozenset[str]
    aside_words: re.Pattern[str]
    byline_words: re.Pattern[str]
    date_names: tuple[str, ...]
    author_names: tuple[str, ...]
    outlet_names: tuple[str, ...]


def load_page_labels(path: str | Path | None = None) -> PageLabels:
    """Read and check the names; by default those that ship.

    DataFileError, with file and line, is raised for a list that is missing or unknown, and
    for one with anything but lower-case names in it.

    >>> "nav" in load_page_labels().aside_tags
    True
    """
    return _load(None if path is None else str(path))


@functools.lru_cache(maxsize=4)
def _load(path: str | None) -> PageLabels:
    file = load_yaml(data_path("lexicons", "page_labels.yml") if path is None else path)
    file.check_fields((), file.content, required=_LISTS)
    for name in _LISTS:
        names = file.content[name]
        if not isinstance(names, list) or not names:
            file.fail((name,), f"expected a list of names, found {names!r}.")
        for i, one in enumerate(names):
            if not isinstance(one, str) or not one or one != one.lower():
                file.fail((name, i), f"expected a name in lower case, found {one!r}.")
    lists = {name: tuple(file.content[name]) for name in _LISTS}
    return PageLabels(
        frozenset(lists["aside_tags"]),
        _compile(lists["aside_words"]),
        _compile(lists["byline_words"]),
        lists["date_names"],
        lists["author_names"],
        lists["outlet_names"],
    )


def _compile(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?:^|-)(?:{'|'.join(map(re.escape, names))})(?:-|$)")


@functools.lru_cache(maxsize=4096)
def has_word(label: str, words: re.Pattern[str]) -> bool:
    """Say whether a class or an id has one of the words, however it joins them.

    >>> has_word("entry-content relatedPosts", load_page_labels().aside_words)
    True
    >>> has_word("unrelated", load_page_labels().aside_words)
    False
    """
    joined = _NO_WORD.sub("-", _HUMP.sub("-", label[:500]).lower())
    return words.search(joined) is not None
