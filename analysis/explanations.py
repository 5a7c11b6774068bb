"""The parse of one quote for a reader: its parts in the text, and the rule that found it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.arabic import fold, split_paragraphs, split_sentences
from analysis.attribution_lexicon import ARTICLE
from analysis.concordance import isolated_html
from analysis.data_files import DataFile, data_path, load_yaml
from analysis.errors import InputError
from analysis.figures import source_type_labels
from analysis.tables import QUOTES, require_columns

PARTS = ("source", "cue", "content")
COLUMNS = (
    "cue_lemma",
    "cue_kind",
    "speaker",
    "role",
    "source_type",
    "type",
    "weak",
    "repaired",
)
_OF_CLOSED_LISTS = {"cue_kind", "source_type", "type", "weak", "repaired"}
ABSENT = "–"

# Dark ink on light tints: a contrast of 12:1 and more, where WCAG 2.2 AA asks for 4.5:1.
_INK = "background:#ffffff;color:#1a1a1a;"
_TINTS = {"source": "#cfe3fb", "speaker": "#cfe3fb", "cue": "#ffdca8", "content": "#d5efd0"}
_OUTLINE = "border-block:1px dashed #6b6b6b;"
_LABEL = (
    "font-size:0.7em;font-weight:bold;vertical-align:super;padding-inline:0.3em;user-select:none"
)
_PAGE = "max-width:52em;padding:0.5em 1em;"
# Notebooks align every paragraph to the left unless it says otherwise itself.
_PARAGRAPH = "text-align:start;margin:0.5em 0;"
_CELL = f"{_INK}text-align:start;vertical-align:top;padding:0.1em 0.5em;"

Quote = Mapping[str, Any]


class Rule(NamedTuple):
    """A rule that finds quotes: what it means, by language, and a sentence it fires in."""

    name: str
    meaning: Mapping[str, str]
    example: str


class Span(NamedTuple):
    """A stretch of a passage and what it is.

    `part` is source, cue or content of the record; another, for the content of another quote;
    or speaker, for a name outside the source of any quote.
    """

    start: int
    end: int
    part: str
    quote_id: str


class Passage(NamedTuple):
    """A paragraph or a sentence, and the spans in it."""

    text: str
    spans: tuple[Span, ...]


class Naming(NamedTuple):
    """Where the speaker is named before: in a quote, or in the text without one, or nowhere."""

    quote_id: str | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True, repr=False)
class Explanation:
    """The parse of one quote: a notebook shows it in colour, `print` in brackets.

    `quote` is the row of the table, with None where it has nothing; `passages` are the
    paragraphs in which its parts stand; `naming` is None when the speaker is named in full
    where the quote stands, or not known at all.
    """

    quote: Quote
    rule: Rule
    passages: tuple[Passage, ...]
    naming: Naming | None

    def __str__(self) -> str:
        """Return the parse as plain text, the parts of the record in brackets."""
        return "\n".join(_plain_lines(self))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _html(self)


def explain_quote(quote_id: str, *, quotes: pd.DataFrame, articles: pd.DataFrame) -> Explanation:
    """Show how one quote was read: its parts where they stand, and the rule that found them.

    `quotes` is a table of `find_quotes`, and `articles` the table it was found in. In a
    notebook the paragraph of the record is shown with source, cue and content in colour and
    labelled, the contents of other quotes outlined; `print` puts the parts in brackets. Below
    stand the rule with its meaning (data/lexicons/rules.yml), cue, speaker and type, and the
    offsets of the parts in the text of the article.

    When the source at this place is missing or is less than the name of the speaker, the
    sentence is shown that names the speaker: of the nearest earlier quote whose source holds
    the name as a whole; else the nearest earlier one in which it is written; else of the
    nearest earlier quote of the speaker with any source. What it misses on purpose: names that
    stand later in the article.

    Raises InputError for a quote that the table does not hold, a missing column, a rule that
    rules.yml does not describe, and articles other than those the quotes were found in.

    >>> from analysis.quotes import find_quotes
    >>> articles = pd.DataFrame({"article_id": ["1"], "skip": [[]],
    ...     "text": ["قال الوزير سمير الوادي إن الطريق مفتوح. وأضاف أن الجسر مغلق."]})
    >>> explanation = explain_quote("1:q2", quotes=find_quotes(articles), articles=articles)
    >>> print(str(explanation).splitlines()[2])
    قال الوزير سمير الوادي إن الطريق مفتوح. [لفظ القول: وأضاف] أن [المضمون: الجسر مغلق].
    >>> explanation.rule.meaning["en"], explanation.naming.quote_id
    ('a verb of saying, then the words after إن or أن', '1:q1')
    """
    require_columns(quotes, QUOTES, name="quotes")
    require_columns(articles, ["article_id", "text"], name="articles")
    quote = _find_quote(quote_id, quotes)
    text = _find_text(quote, articles)
    of_article = [_plain_row(row) for row in _rows(quotes, "article_id", quote["article_id"])]
    others = [
        Span(other["content_start"], other["content_end"], "another", other["quote_id"])
        for other in of_article
        if other["quote_id"] != quote_id
    ]
    spans = _spans_of(quote, text)
    return Explanation(
        quote,
        _rule_of(quote),
        _passages(text, split_paragraphs(text), spans, others),
        _find_naming(quote, of_article, text),
    )


def load_rules(path: str | Path | None = None) -> dict[str, Rule]:
    """Read and check what each rule means; by default from the file that ships.

    Returns the rules by the name they have in the column `rule`. Raises DataFileError, with
    file and line, for a field that is missing, unknown or empty, and an example without
    Arabic letters.

    >>> load_rules()["verb-colon"].example
    'وقالت الطبيبة ليلى الناصري: اللقاح آمن للأطفال.'
    """
    file = _load_file(path)
    rules = {}
    for name, entry in file.content["rules"].items():
        place = ("rules", name)
        file.check_fields(place, entry, required=["meaning", "example"])
        _check_languages(file, (*place, "meaning"), entry["meaning"])
        example = entry["example"]
        if not isinstance(example, str) or not re.search("[ء-ي]", example):
            file.fail((*place, "example"), f"example is {example!r}; write an Arabic sentence.")
        rules[name] = Rule(name, entry["meaning"], example)
    return rules


def _load_file(path: str | Path | None) -> DataFile:
    file = load_yaml(data_path("lexicons", "rules.yml") if path is None else path)
    file.check_fields((), file.content, required=["version", "rules", "words"])
    for section in ("rules", "words"):
        if not isinstance(file.content[section], dict):
            file.fail((section,), f"expected names with fields, found {file.content[section]!r}.")
    for name, word in file.content["words"].items():
        _check_languages(file, ("words", name), word)
    return file


def _check_languages(file: DataFile, place: tuple[str, ...], texts: Any) -> None:
    file.check_fields(place, texts, required=["en", "ar"])
    for language, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            file.fail((*place, language), f"{language} is {text!r}; write a few words.")


@cache
def _shipped_rules() -> Mapping[str, Rule]:
    return load_rules()


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    """Return the words of an explanation: {name: {"en": …, "ar": …}}."""
    words: dict[str, Mapping[str, str]] = _load_file(None).content["words"]
    arabic = source_type_labels(language="ar")
    types = {name: {"en": text, "ar": arabic[name]} for name, text in source_type_labels().items()}
    return {**types, **words}


# ── the record and its place in the text ─────────────────────────────────────────────────


def _find_quote(quote_id: str, quotes: pd.DataFrame) -> Quote:
    for row in _rows(quotes, "quote_id", quote_id):
        return _plain_row(row)
    known = f"such as {quotes['quote_id'].iloc[0]!r}" if len(quotes) else "which has no rows"
    raise InputError(
        f"quote_id is {quote_id!r}; choose one from the column `quote_id` of `quotes`, {known}."
    )


def _rows(table: pd.DataFrame, column: str, value: object) -> list[dict[str, Any]]:
    return table[table[column] == value].to_dict("records")  # type: ignore[return-value]


def _plain_row(row: Mapping[str, Any]) -> Quote:
    """Return the columns of a quote, with None for what is missing, and offsets as int."""
    plain: dict[str, Any] = {name: None if pd.isna(row[name]) else row[name] for name in QUOTES}
    offsets = [f"{part}_{edge}" for part in PARTS for edge in ("start", "end")]
    return plain | {name: int(plain[name]) for name in offsets if plain[name] is not None}


def _find_text(quote: Quote, articles: pd.DataFrame) -> str:
    for article in _rows(articles, "article_id", quote["article_id"]):
        return str(article["text"])
    raise InputError(
        f"articles has no article {quote['article_id']!r}, where quote {quote['quote_id']!r} "
        "stands; pass the articles that the quotes were found in."
    )


def _rule_of(quote: Quote) -> Rule:
    rules = _shipped_rules()
    if quote["rule"] not in rules:
        raise InputError(
            f"quote {quote['quote_id']!r} has the rule {quote['rule']!r}, which rules.yml does "
            "not describe; find the quotes again with this version."
        )
    return rules[quote["rule"]]


def _spans_of(quote: Quote, text: str) -> list[Span]:
    """Return the parts of a record; raise InputError when they are not in the text."""
    spans = []
    for part in PARTS:
        start, end = quote[f"{part}_start"], quote[f"{part}_end"]
        if start is None:
            continue
        if text[start:end] != quote[part]:
            raise InputError(
                f"the {part} of quote {quote['quote_id']!r} does not stand at {start} to {end} "
                f"of article {quote['article_id']!r}; pass the articles that the quotes were "
                "found in."
            )
        spans.append(Span(start, end, part, quote["quote_id"]))
    return spans


def _passages(
    text: str, stretches: Iterable[tuple[int, int]], spans: list[Span], others: list[Span]
) -> tuple[Passage, ...]:
    """Return the stretches of a text that hold a part of the record, with all their spans."""
    return tuple(
        Passage(
            text[start:end],
            tuple(
                span._replace(start=max(span.start, start) - start, end=min(span.end, end) - start)
                for span in (*others, *spans)
                if span.start < end and start < span.end
            ),
        )
        for start, end in stretches
        if any(span.start < end and start < span.end for span in spans)
    )


def _find_naming(quote: Quote, of_article: list[Quote], text: str) -> Naming | None:
    speaker = quote["speaker"]
    if speaker is None or _names_in_full(quote, speaker):
        return None
    earlier = sorted(
        (
            other
            for other in of_article
            if other["speaker"] == speaker
            and other["source"] is not None
            and _begin(other) < _begin(quote)
        ),
        key=_begin,
    )
    in_full = [other for other in earlier if _names_in_full(other, speaker)]
    written = None if in_full else _last_written(speaker, text[: _begin(quote)])
    if written:
        return Naming(None, _sentences_around(Span(*written, "speaker", quote["quote_id"]), text))
    if not earlier:
        return Naming(None, ())
    nearest = (in_full or earlier)[-1]
    source = next(span for span in _spans_of(nearest, text) if span.part == "source")
    return Naming(nearest["quote_id"], _sentences_around(source, text))


def _begin(quote: Quote) -> int:
    starts: list[int | None] = [quote[f"{part}_start"] for part in PARTS]
    return min(start for start in starts if start is not None)


def _names_in_full(quote: Quote, speaker: str) -> bool:
    """Tell whether the source holds the name, whose article لـ may have taken in (للهيئة)."""
    return quote["source"] is not None and fold(speaker).removeprefix(ARTICLE) in fold(
        quote["source"]
    )


def _last_written(name: str, text: str) -> tuple[int, int] | None:
    """Return where a name is written last, alone or with letters joined to its front."""
    places = re.finditer(rf"\b\w{{0,2}}({re.escape(name)})\b", text)
    return max((place.span(1) for place in places), default=None)


def _sentences_around(span: Span, text: str) -> tuple[Passage, ...]:
    return _passages(text, split_sentences(text), [span], [])


# ── showing it ───────────────────────────────────────────────────────────────────────────


def _render(
    passage: Passage,
    *,
    opening: Callable[[Span, bool], str],
    closing: Callable[[Span], str],
    written: Callable[[str], str],
) -> str:
    """Write a passage with its spans properly nested, the longer ones outside.

    A span that another one crosses is closed and opened again; `opening` is told whether
    the span begins there.
    """
    pieces = []
    within: list[Span] = []
    edges = {0, len(passage.text)}.union(*((span.start, span.end) for span in passage.spans))
    for start, end in pairwise(sorted(edges)):
        covering = sorted(
            (span for span in passage.spans if span.start <= start and end <= span.end),
            key=lambda span: span.start - span.end,
        )
        kept = _shared(within, covering)
        pieces += [closing(span) for span in reversed(within[kept:])]
        pieces += [opening(span, span.start == start) for span in covering[kept:]]
        pieces.append(written(passage.text[start:end]))
        within = covering
    pieces += [closing(span) for span in reversed(within)]
    return "".join(pieces)


def _shared(first: list[Span], second: list[Span]) -> int:
    """Return how many spans two lists have in common from their beginning on."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _facts(quote: Quote) -> Iterator[tuple[str, str]]:
    """Yield the columns shown and their values, those of a closed list in both languages."""
    words = _words()
    for name in COLUMNS:
        value = quote[name]
        if name in _OF_CLOSED_LISTS and value is not None:
            known = {True: "yes", False: "no"}.get(value, str(value))
            value = f"{words[known]['ar']} · {words[known]['en']}" if known in words else known
        yield name, value or ABSENT


def _place_without_quote(naming: Naming) -> str:
    return "the_text" if naming.passages else "nowhere"


def _plain_lines(explanation: Explanation) -> Iterator[str]:
    words, quote, rule = _words(), explanation.quote, explanation.rule
    yield quote["quote_id"]
    yield ""
    yield from map(_plain_passage, explanation.passages)
    yield ""
    yield _plain_fact("rule", f"{rule.name}: {rule.meaning['en']}")
    yield _plain_fact("", rule.meaning["ar"])
    for name, value in _facts(quote):
        yield _plain_fact(name, value)
    for part in PARTS:
        yield _plain_fact(part, _offsets(quote, part), note=words[part]["ar"])
    naming = explanation.naming
    if naming:
        place = naming.quote_id or words[_place_without_quote(naming)]["en"]
        shown = " ".join(map(_plain_passage, naming.passages))
        yield _plain_fact("named_in", f"{place}{': ' if shown else ''}{shown}")


def _plain_fact(name: str, value: str, *, note: str = "") -> str:
    label = _words()[name]["en"] if name else ""
    return f"{label:<12} {value}{' ' if note else ''}{note}".rstrip()


def _plain_passage(passage: Passage) -> str:
    parts = tuple(span for span in passage.spans if span.part != "another")
    return _render(
        passage._replace(spans=parts),
        opening=lambda span, begins: f"[{_words()[span.part]['ar']}: ",
        closing=lambda span: "]",
        written=str,
    )


def _offsets(quote: Quote, part: str) -> str:
    start, end = quote[f"{part}_start"], quote[f"{part}_end"]
    return ABSENT if start is None else f"{start}–{end}"


def _html(explanation: Explanation) -> str:
    quote, rule, naming = explanation.quote, explanation.rule, explanation.naming
    meaning = f"{isolated_html(rule.meaning['ar'])}<br>{_english(rule.meaning['en'])}"
    rows = [
        ("quote_id", _left_to_right(quote["quote_id"])),
        ("rule", f"<b>{_left_to_right(rule.name)}</b><br>{meaning}"),
        *((name, isolated_html(value)) for name, value in _facts(quote)),
        ("offsets", _offsets_html(quote)),
    ]
    if naming:
        place = (
            _left_to_right(naming.quote_id)
            if naming.quote_id
            else _in_both(_place_without_quote(naming))
        )
        rows.append(("named_in", "<br>".join([place, *map(_passage_html, naming.passages)])))
    lines = [
        f'<div dir="rtl" lang="ar" style="{_INK}{_PAGE}">',
        *(
            f'<p style="{_PARAGRAPH}line-height:2.2">{_passage_html(passage)}</p>'
            for passage in explanation.passages
        ),
        f'<p style="{_PARAGRAPH}">{_legend_html()}</p>',
        '<table style="border-collapse:collapse;margin:0;font-size:0.9em">',
        *(
            f'<tr style="{_INK}"><th scope="row" style="{_CELL}white-space:nowrap">'
            f'{_in_both(name)}</th><td style="{_CELL}">{value}</td></tr>'
            for name, value in rows
        ),
        "</table>",
        "</div>",
    ]
    return "\n".join(lines) + "\n"


def _passage_html(passage: Passage) -> str:
    return _render(passage, opening=_opening_html, closing=_closing_html, written=escape)


def _opening_html(span: Span, begins: bool) -> str:
    if span.part == "another":
        label = _left_to_right(span.quote_id.rpartition(":")[2])
        tag = f'<span style="{_OUTLINE}">'
    else:
        label = isolated_html(_words()[span.part]["ar"])
        tag = f'<mark style="{_tint(span.part)}">'
    return f'{tag}<small style="{_LABEL}">{label}</small>' if begins else tag


def _closing_html(span: Span) -> str:
    return "</span>" if span.part == "another" else "</mark>"


def _tint(part: str) -> str:
    return f"color:#1a1a1a;background:{_TINTS[part]};padding-block:0.2em;"


def _legend_html() -> str:
    marks = [f'<mark style="{_tint(part)}">{_in_both(part)}</mark>' for part in PARTS]
    return " &nbsp; ".join([*marks, f'<span style="{_OUTLINE}">{_in_both("another")}</span>'])


def _offsets_html(quote: Quote) -> str:
    return "<br>".join(
        f"{_in_both(part)} {_left_to_right(_offsets(quote, part))}" for part in PARTS
    )


def _in_both(name: str) -> str:
    words = _words()[name]
    return f"{isolated_html(words['ar'])} · {_english(words['en'])}"


def _english(text: str) -> str:
    return f'<bdi lang="en" dir="ltr">{escape(text)}</bdi>'


def _left_to_right(text: str) -> str:
    return f'<bdi dir="ltr">{escape(text)}</bdi>'
