"""Read files row by row, as they stand: one small generator for each format.

A reader takes a `Source` and yields a `Record` for every article it can read and a
`Failure` for every one it cannot, and raises InputError when the file as a whole is
unreadable. `register_format` adds a reader of one's own. Which bytes a reader sees, in a
folder or an archive, is the work of `parts` and `containers`.
"""

from typing import Any

from analysis.errors import InputError
from analysis.readers.formats import FORMATS, Format, register_format
from analysis.readers.rows import Failure, Reader, Record, Rows, Source

__all__ = [
    "FORMATS",
    "Failure",
    "Format",
    "Reader",
    "Record",
    "Rows",
    "Source",
    "read_rows",
    "register_format",
]


def read_rows(source: Source, form: Format) -> Rows:
    """Read a file in a format; whatever is wrong with it becomes a Failure.

    A row is a Failure too when one of its strings is no text: undecoded bytes, a NUL, or
    half of a surrogate pair.
    """
    try:
        for row in form.read(source):
            problem = None
            if isinstance(row, Record) and not row.is_text:
                problem = _look_for_damage(row.fields)
            yield row if problem is None else Failure(row.row, problem)
    except InputError as error:
        yield Failure(None, str(error))
    except UnicodeError as error:
        yield Failure(None, f"not valid text ({error}); save the file as UTF-8.")
    except OSError as error:
        yield Failure(None, f"cannot be read: {error.strerror or error}.")
    except Exception as error:  # a library or a reader of one's own met what it does not expect
        problem = " ".join(f"{type(error).__name__}: {error}".split())
        yield Failure(None, f"cannot be read ({problem:.200}); save it in another format.")


def _look_for_damage(fields: dict[str, Any]) -> str | None:
    try:
        return _find_damage(fields)
    except RecursionError:
        return "nested too deep; write its lists and objects flat."


def _find_damage(fields: dict[str, Any]) -> str | None:
    """Say what makes a string of this row unusable as text, if anything does."""
    for name, value in fields.items():
        if not name.isprintable() and _find_damage_in("name", name):
            return f"the name of the field {name!r} is no text; correct it."
        problem = _find_damage_in(name, value)
        if problem:
            return problem
    return None


def _find_damage_in(name: str, value: Any) -> str | None:
    if isinstance(value, list | tuple):
        return next((p for each in value if (p := _find_damage_in(name, each))), None)
    if isinstance(value, dict):
        return _find_damage({f"{name}.{key}": each for key, each in value.items()})
    if not isinstance(value, str):
        return None
    if "\0" in value:
        return f"the field {name!r} holds a NUL character; save the file as UTF-8 text."
    try:
        value.encode()
    except UnicodeEncodeError as error:
        code = ord(value[error.start])
        if 0xDC80 <= code <= 0xDCFF:
            byte = code - 0xDC00
            return f"the field {name!r} is not UTF-8 (byte {byte:#x}); save the file as UTF-8."
        return f"the field {name!r} holds half a character (\\u{code:04x}); remove it."
    return None
