"""The errors a user can mend: each message says where, what was wrong and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class InputError(ValueError):
    """An input or an argument that cannot be used; the message says what to change."""


class DataFileError(InputError):
    """A mistake in a YAML file of language data; the message starts with `file:line`."""


class NothingUsable(InputError):  # noqa: N818  (it names the outcome, like StopIteration)
    """No article could be read; `manifest` says why for every input."""

    def __init__(self, message: str, manifest: pd.DataFrame) -> None:
        super().__init__(message)
        self.manifest = manifest


def require_choice(value: object, allowed: Sequence[object], *, name: str) -> None:
    """Raise InputError when an argument is none of the allowed values.

    >>> require_choice("fr", ["ar", "en"], name="language")
    Traceback (most recent call last):
    analysis.errors.InputError: language is 'fr'; choose one of 'ar', 'en'.
    """
    if value not in allowed:
        raise InputError(f"{name} is {value!r}; choose one of {', '.join(map(repr, allowed))}.")


def require_at_least(least: int, value: int, *, name: str) -> None:
    """Raise InputError when a number is too small.

    >>> require_at_least(1, 0, name="limit")
    Traceback (most recent call last):
    analysis.errors.InputError: limit is 0; give a whole number, 1 or more.
    """
    if value < least:
        raise InputError(f"{name} is {value!r}; give a whole number, {least} or more.")
