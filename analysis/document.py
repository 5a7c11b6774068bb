"""One article as the attribution rules see it: folded words with places, marks, sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.arabic import Token, tokenize
from analysis.attribution_lexicon import CueForm, Lexicon, find_phrase
from analysis.quotation_marks import MARKS, QuotedSpan, find_quoted_spans

Range = tuple[int, int]

STOPS = frozenset(".!؟?")
COMMAS = frozenset("،,؛")
DASHES = frozenset("-–—")
PUNCTUATION = frozenset("،,.:;؛!?؟-–—()[]\"«»“”„…/'")
# Fewer words than these in marks are a name, a title or a word kept at a distance.
SPEECH_WORDS = 3
# Places, agency and date before the dash of a dateline.
_LONGEST_DATELINE = 14

_NOTHING = frozenset("#_\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_NEVER_A_SURNAME = (
    "source_stops",
    "govern_clause",
    "clause_breakers",
    "adverbs",
    "prepositions",
    "titles",
    "relative_pronouns",
    "addressees",
    "name_prefixes",
)


@dataclass(frozen=True)
class Document:
    """The words of a text (`forms`, folded) and where each stands (`starts`, `ends`).

    `quoted` gives for each word the number of the quoted span it stands in, or -1;
    `sentences` are ranges of words; `surnames` are words that follow a given name somewhere
    in the text; `cues` are the words outside quotation marks that may announce speech.
    """

    text: str
    forms: list[str]
    starts: list[int]
    ends: list[int]
    spans: list[QuotedSpan]
    quoted: list[int]
    sentences: list[Range]
    surnames: frozenset[str]
    cues: dict[int, CueForm]


@dataclass(frozen=True)
class Sentence:
    """One sentence of a document, `forms[start:end]`, with the data the rules look up."""

    document: Document
    lexicon: Lexicon
    start: int
    end: int
    forms: list[str]
    cues: dict[int, CueForm]


def read_document(text: str, lexicon: Lexicon) -> Document:
    """Read a text.

    A full stop inside quotation marks ends no sentence; between Arabic words it does, with
    or without a space after it (النهاية.وقال), because newspapers drop the space.

    >>> from analysis.attribution_lexicon import load_lexicon
    >>> document = read_document("وصل المطر.وقال سمير: «نعم. وصل».", load_lexicon())
    >>> [document.forms[start:end] for start, end in document.sentences]
    [['وصل', 'المطر', '.'], ['وقال', 'سمير', ':', '«', 'نعم', '.', 'وصل', '»', '.']]
    """
    tokens = _tokens(text, lexicon)
    attached = lexicon.words["attached"]
    spans = find_quoted_spans(text, tokens, cues=lexicon.cues, clitics=attached)
    quoted = [-1] * len(tokens)
    for number, span in enumerate(spans):
        is_closed = span.close < len(tokens) and tokens[span.close].form in MARKS
        for place in range(span.open, span.close + is_closed):
            quoted[place] = number
    forms = _forms(text, tokens, lexicon)
    return Document(
        text=text,
        forms=forms,
        starts=[token.start for token in tokens],
        ends=[token.end for token in tokens],
        spans=spans,
        quoted=quoted,
        sentences=_sentences(text, forms, tokens, quoted, spans, lexicon),
        surnames=_surnames(forms, lexicon),
        cues={
            place: lexicon.cues[form]
            for place, form in enumerate(forms)
            if form in lexicon.cues
            and quoted[place] < 0
            and not (place and forms[place - 1] in lexicon.words["before_nouns"])
        },
    )


def written(document: Document, place: int) -> str:
    """Return a word as it is written, not as it is matched.

    >>> from analysis.attribution_lexicon import load_lexicon
    >>> document = read_document("أكّدت الوزارة", load_lexicon())
    >>> document.forms[0], written(document, 0)
    ('اكدت', 'أكّدت')
    """
    return document.text[document.starts[place] : document.ends[place]]


def follows_break(sentence: Sentence, place: int) -> bool:
    """Tell whether a word stands first in its sentence, or after punctuation or marks."""
    return place == sentence.start or (
        sentence.forms[place - 1] in PUNCTUATION or sentence.forms[place - 1] in MARKS
    )


def _tokens(text: str, lexicon: Lexicon) -> list[Token]:
    """Split a text, and cut the preposition off the word after وفقا، so that a source is whole.

    A tatweel by itself is a dash; marks of writing direction and of hashtags are nothing.
    """
    tokens: list[Token] = []
    for token in tokenize(text):
        form = token.form or "-"
        if form in _NOTHING:
            continue
        after_preposition = tokens and tokens[-1].form in lexicon.words["split_after"]
        if after_preposition and form.startswith("ل") and len(form) > 2:
            noun = "ال" + form[2:] if form.startswith("لل") else form[1:]
            tokens.append(Token("ل", token.start, token.start + 1))
            tokens.append(Token(noun, token.start + 1, token.end))
        else:
            tokens.append(Token(form, token.start, token.end))
    return tokens


def _forms(text: str, tokens: list[Token], lexicon: Lexicon) -> list[str]:
    """Return the forms, with the preposition على kept apart from the name علي.

    Egyptian and some Gulf papers write both with yeh: before a clause or an article it is
    the preposition, unless a title or another name stands before it. The words of names
    that look like a complementizer (سي إن إن) are hidden.
    """
    forms = [token.form for token in tokens]
    names = lexicon.phrases["names_with_complementizers"]
    for place, form in enumerate(forms):
        if form in lexicon.words["name_or_preposition"]:
            following = forms[place + 1] if place + 1 < len(forms) else ""
            before = forms[place - 1] if place else ""
            after_name = (
                before in lexicon.given_names
                or before in lexicon.words["name_prefixes"]
                or before in lexicon.words["titles"]
            )
            if text[tokens[place].end - 1] == "ى" or (
                following.startswith(("ال", "ان")) and not after_name
            ):
                forms[place] = form[:-1] + "ى"
        elif form in names:
            for inner in range(place, place + find_phrase(names, forms, place)):
                if forms[inner] in lexicon.complementizers:
                    forms[inner] = "_" + forms[inner]
    return forms


def _surnames(forms: list[str], lexicon: Lexicon) -> frozenset[str]:
    return frozenset(
        after
        for form, after in pairwise(forms)
        if form in lexicon.given_names
        and len(after) > 2
        and after[0].isalpha()
        and after not in lexicon.roles
        and after not in lexicon.cues
        and after not in lexicon.bodies
        and not any(after in lexicon.words[group] for group in _NEVER_A_SURNAME)
    )


def _sentences(
    text: str,
    forms: list[str],
    tokens: Sequence[Token],
    quoted: list[int],
    spans: list[QuotedSpan],
    lexicon: Lexicon,
) -> list[Range]:
    sentences = []
    start = 0
    for place in range(len(tokens) - 1):
        if "\n" in text[tokens[place].end : tokens[place + 1].start]:
            ends = quoted[place] < 0 or quoted[place + 1] != quoted[place]
        elif quoted[place] >= 0:
            ends = _ends_with_quotation(forms, place, spans[quoted[place]], lexicon)
        else:
            ends = (forms[place] in STOPS and not _is_inner_stop(tokens, place)) or _is_dateline(
                forms, start, place
            )
        if ends:
            sentences.append((start, place + 1))
            start = place + 1
    if tokens:
        sentences.append((start, len(tokens)))
    return sentences


def _is_dateline(forms: list[str], start: int, place: int) -> bool:
    """Tell the dash after a dateline (بيروت، لبنان (وكالة) -- …)."""
    if forms[place] not in DASHES or forms[place + 1] in DASHES:
        return False
    before = place - 1 - (forms[place - 1] in DASHES)
    return forms[before] == ")" and 0 < place - start <= _LONGEST_DATELINE


def _ends_with_quotation(forms: list[str], place: int, span: QuotedSpan, lexicon: Lexicon) -> bool:
    """Tell whether a sentence ends with its quotation: «… .» وأضاف, but not «…»، قال فلان."""
    if place != span.close or span.words < SPEECH_WORDS or forms[place - 1] not in STOPS:
        return False
    following = lexicon.cues.get(forms[place + 1])
    postposed = following is not None and following.verb.postposed and not following.joined
    return forms[place + 1] not in COMMAS and not postposed


def _is_inner_stop(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a full stop is part of a number, an abbreviation or a row of dots."""
    if tokens[place].form != "." or place == 0:
        return False
    before, after = tokens[place - 1], tokens[place + 1]
    touches_before = before.end == tokens[place].start
    touches_after = tokens[place].end == after.start
    if "." in (before.form * touches_before, after.form * touches_after):
        return True
    if touches_before and len(before.form) == 1 and before.form.isalpha():
        return True
    numbers = before.form[-1].isdigit() and after.form[0].isdigit()
    latin = (before.form + after.form).isascii() and (before.form + after.form).isalnum()
    return touches_before and touches_after and (numbers or latin)
