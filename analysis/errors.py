"""The two errors a user can mend: each message says where, what was wrong and what to do."""


class InputError(ValueError):
    """An input or an argument that cannot be used; the message says what to change."""


class DataFileError(InputError):
    """A mistake in a YAML file of language data; the message starts with `file:line`."""
