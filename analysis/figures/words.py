"""The words, names of months and digits of figures, from `data/lexicons/labels.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from analysis.data_files import data_path, load_yaml
from analysis.errors import require_choice

if TYPE_CHECKING:
    from matplotlib.ticker import Formatter

Labels = Mapping[str, str] | None
LANGUAGES = ("en", "ar")
MONTHS = ("general", "levant", "maghreb", "morocco")
DIGITS = ("western", "arabic")

_ARABIC = str.maketrans("0123456789.,%", "٠١٢٣٤٥٦٧٨٩٫٬٪")


@dataclass(frozen=True)
class Writing:
    """How a figure writes: its language, words, twelve names of months, digits and labels."""

    language: str
    words: Mapping[str, str]
    months: tuple[str, ...]
    digits: str
    labels: Mapping[str, str]

    @property
    def is_arabic(self) -> bool:
        """Whether words run from right to left."""
        return self.language == "ar"


def choose_writing(
    language: str, months: str = "general", digits: str = "western", labels: Labels = None
) -> Writing:
    """Return the words of a language; `months` and `digits` change Arabic figures only.

    `labels` names categories, before the names that ship with the library.

    >>> choose_writing("ar", months="levant").months[0]
    'كانون الثاني'
    """
    require_choice(language, LANGUAGES, name="language")
    require_choice(months, MONTHS, name="months")
    require_choice(digits, DIGITS, name="digits")
    known = _load_labels()
    named = {name: text[language] for name, text in known["categories"].items()}
    is_arabic = language == "ar"
    writing = Writing(
        language,
        {name: text[language] for name, text in known["words"].items()},
        tuple(known["months"][months if is_arabic else "english"]),
        digits if is_arabic else "western",
        {**named, **(labels or {})},
    )
    words = {name: write_digits(text, writing) for name, text in writing.words.items()}
    return replace(writing, words=words)


def write_digits(text: str, writing: Writing) -> str:
    """Return a text with the digits, separators and percent signs of the figure.

    >>> write_digits("1,204.5%", choose_writing("ar", digits="arabic"))
    '١٬٢٠٤٫٥٪'
    """
    return text.translate(_ARABIC) if writing.digits == "arabic" else text


def label_of(name: object, writing: Writing) -> str:
    """Return what the figure calls a category, an outlet or another value of a table.

    >>> label_of("armed_conflict", choose_writing("en"))
    'armed conflict'
    """
    return writing.labels.get(str(name), str(name).replace("_", " "))


def number_format(measure: str, writing: Writing) -> "Formatter":
    """Return the formatter of an axis: shares in percent, all else with thousands apart."""
    from matplotlib.ticker import FuncFormatter

    if measure == "share":
        return FuncFormatter(lambda share, _: write_digits(f"{100 * share:.3g}%", writing))
    return FuncFormatter(lambda number, _: write_digits(f"{number:,.10g}", writing))


def write_number(number: float, measure: str, writing: Writing) -> str:
    """Return a number as a cell or a bar shows it: a share in percent, without the sign.

    >>> write_number(0.256, "share", choose_writing("en"))
    '26'
    """
    if measure == "share":
        number *= 100
    fine = {"share": 1, "articles": 0, "quotes": 0}.get(measure, 10)
    text = f"{number:,.1f}" if 0 < number < fine else f"{number:,.0f}"
    return write_digits(text, writing)


def source_type_labels(*, language: str = "en") -> dict[str, str]:
    """Return what figures call each source type.

    >>> source_type_labels(language="ar")["expert"]
    'خبير'
    """
    require_choice(language, LANGUAGES, name="language")
    return {name: text[language] for name, text in _load_labels()["source_types"].items()}


@cache
def _load_labels() -> Any:
    """Read the words of the figures: {section: {name: {"en": ..., "ar": ...}}}."""
    file = load_yaml(data_path("lexicons", "labels.yml"))
    sections = ["words", "source_types", "categories"]
    file.check_fields((), file.content, required=["version", "months", *sections])
    for section in sections:
        for name, text in file.content[section].items():
            file.check_fields((section, name), text, required=["en", "ar"])
    months = file.content["months"]
    file.check_fields(("months",), months, required=["english", *MONTHS])
    for region, names in months.items():
        if len(names) != 12:
            file.fail(("months", region), f"{region} has {len(names)} months; a year has 12.")
    return file.content
