"""One article as the attribution rules see it: folded words with places, marks, sentences."""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, wraps
from itertools import pairwise
from typing import Any, TypeVar

from analysis.arabic import Tokens, fold, tokenize
from analysis.attribution_lexicon import ARTICLE, CueForm, Lexicon, find_phrase
from analysis.inflection import PRONOUNS
from analysis.quotation_marks import MARKS, QuotedSpan, find_quoted_spans

Range = tuple[int, int]
_Key = TypeVar("_Key", bound=Hashable)
_Answer = TypeVar("_Answer")

STOPS = frozenset(".!؟?")
COMMAS = frozenset("،,؛")
DASHES = frozenset("-–—")
_MAY_END = STOPS | DASHES
PUNCTUATION = frozenset("،,.:;؛!?؟-–—()[]\"«»“”„…/'")
# Fewer words than these in marks are a name, a title or a word kept at a distance.
SPEECH_WORDS = 3
# Lists of names run to two hundred words; quotations of several sentences count as one.
_LONGEST_SENTENCE = 400
# Places, agency and date before the dash of a dateline.
_LONGEST_DATELINE = 14
# لافتة في المقابل إلى أن: so far from a doubtful cue its clause may begin.
_LONGEST_ASIDE = 6

_NOTHING = frozenset("#_\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
# Empty is the form of a tatweel that stands alone.
_TO_MEND = _NOTHING | {""}
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
    "dates",
    "time_nouns",
    "act_nouns",
    "documents",
    "pointers",
    "determiners",
    "light_words",
    "demonstratives",
    "not_openers",
)


@dataclass(frozen=True)
class Document:
    """The words of a text (`forms`, folded) and where each stands (`starts`, `ends`).

    `quoted` gives for each word the number of the quoted span it stands in, or -1;
    `sentences` are ranges of words; `surnames` are words that follow a given name somewhere
    in the text; `signals` are the words outside quotation marks that may open the frame of
    an attribution, in order, and `cues` those of them that announce speech by themselves;
    `answers` are what `once_per_document` keeps.
    """

    text: str
    forms: list[str]
    starts: list[int]
    ends: list[int]
    spans: list[QuotedSpan]
    quoted: list[int]
    sentences: list[Range]
    surnames: frozenset[str]
    signals: list[int]
    cues: dict[int, CueForm]
    answers: dict[tuple[str, Hashable], Any] = field(default_factory=dict, repr=False)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each form stands."""
        places: dict[str, list[int]] = {}
        for place, form in enumerate(self.forms):
            places.setdefault(form, []).append(place)
        return places

    def count(self, form: str) -> int:
        """Return how often a form stands in the text."""
        return len(self.places.get(form, ()))

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """How often each two forms stand side by side."""
        return Counter(pairwise(self.forms))

    def sentence_around(self, place: int) -> Range:
        """Return the sentence in which a word stands."""
        return self.sentences[bisect(self.sentences, place, key=lambda item: item[0]) - 1]


def once_per_document(
    look_up: Callable[[Document, _Key, Lexicon], _Answer],
) -> Callable[[Document, _Key, Lexicon], _Answer]:
    """Keep the answers of a function with the document it asks.

    A name may stand in a text a hundred thousand times; around each place is looked once.
    """

    @wraps(look_up)
    def recall(document: Document, key: _Key, lexicon: Lexicon) -> _Answer:
        question = (look_up.__name__, key)
        if question not in document.answers:
            document.answers[question] = look_up(document, key, lexicon)
        answer: _Answer = document.answers[question]
        return answer

    return recall


@dataclass(frozen=True)
class Sentence:
    """One sentence of a document, `forms[start:end]`, with the data the rules look up."""

    document: Document
    lexicon: Lexicon
    start: int
    end: int
    forms: list[str]
    cues: dict[int, CueForm]


def sentence_of(document: Document, lexicon: Lexicon, place: int) -> Sentence:
    """Return the sentence in which a word stands, as the rules see it."""
    start, end = document.sentence_around(place)
    return Sentence(document, lexicon, start, end, document.forms, document.cues)


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
    spans = find_quoted_spans(text, tokens, cues=lexicon.cues, clitics=lexicon.words["attached"])
    quoted = [-1] * len(tokens.forms)
    for number, span in enumerate(spans):
        is_closed = span.close < len(quoted) and tokens.forms[span.close] in MARKS
        for place in range(span.open, span.close + is_closed):
            quoted[place] = number
    forms = _forms(text, tokens, lexicon)
    signals = [
        place for place, form in enumerate(forms) if form in lexicon.signals and quoted[place] < 0
    ]
    return Document(
        text=text,
        forms=forms,
        starts=tokens.starts,
        ends=tokens.ends,
        spans=spans,
        quoted=quoted,
        sentences=_sentences(text, forms, tokens, quoted, spans, lexicon),
        surnames=_surnames(forms, signals, lexicon),
        signals=signals,
        cues={
            place: cue
            for place in signals
            if (cue := _cue_at(forms, place, lexicon))
            and not (place and forms[place - 1] in lexicon.words["before_nouns"])
            and not _is_called(text, tokens, forms, place, lexicon)
        },
    )


def _cue_at(forms: list[str], place: int, lexicon: Lexicon) -> CueForm | None:
    doubtful = lexicon.doubtful_cues.get(forms[place])
    before = lexicon.cues.get(forms[place - 1]) if place else None
    if before and before.kind == "verb" and forms[place] in lexicon.roles:
        return None
    if doubtful is None:
        cue = lexicon.cues.get(forms[place])
        bare = cue and cue.kind == "nominal" and forms[place].startswith(ARTICLE)
        leads = lexicon.words["leads_to_saying"]
        return None if bare and (not place or forms[place - 1] not in leads) else cue
    for at in range(place + 1, min(place + _LONGEST_ASIDE, len(forms))):
        if forms[at] in PUNCTUATION:
            break
        if forms[at] in lexicon.complementizers:
            clause = doubtful.verb.clause
            attached = "ب" in clause and forms[at].startswith("ب")
            return doubtful if attached or forms[at - 1] in clause else None
    return None


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


def _tokens(text: str, lexicon: Lexicon) -> Tokens:
    """Split a text, and cut the preposition off the word after وفقا، so that a source is whole.

    A tatweel by itself is a dash; marks of writing direction and of hashtags are nothing.
    """
    tokens = tokenize(text)
    cuts = lexicon.words["split_after"]
    if "_" in text:
        tokens = _split_hashtags(text, tokens)
    if (
        cuts.isdisjoint(tokens.forms)
        and _TO_MEND.isdisjoint(tokens.forms)
        and not any(form[:1] == "ف" and _has_conjunction(form, lexicon) for form in tokens.forms)
    ):
        return tokens
    kept: list[tuple[str, int, int]] = []
    before = ""
    for form, start, end in zip(*tokens, strict=True):
        if form in _NOTHING:
            continue
        form = form or "-"
        if before in cuts and form.startswith("ل") and form[1:] not in ("", *PRONOUNS):
            noun = "ال" + form[2:] if form.startswith("لل") else form[1:]
            kept += [("ل", start, start + 1), (noun, start + 1, end)]
        elif form[:1] == "ف" and _has_conjunction(form, lexicon):
            kept += [("ف", start, start + 1), (form[1:], start + 1, end)]
        else:
            kept.append((form, start, end))
        before = form
    forms, starts, ends = map(list, zip(*kept, strict=True)) if kept else ([], [], [])
    return Tokens(forms, starts, ends)


def _has_conjunction(form: str, lexicon: Lexicon) -> bool:
    """Tell ف before whom a sentence goes on to speak of (فالوزير، فسمير) from a part of a word."""
    role = lexicon.roles.get(form[1:])
    named = form[1:] in lexicon.given_names or (role is not None and role.definite)
    return named and len(form) > 4 and not lexicon.is_known(form)


def _split_hashtags(text: str, tokens: Tokens) -> Tokens:
    """Cut the words of a hashtag apart (#محمود_عباس)."""
    parts: list[tuple[str, int, int]] = []
    for form, start, end in zip(*tokens, strict=True):
        if "_" not in form.strip("_"):
            parts.append((form, start, end))
            continue
        for word in re.finditer("[^_]+", text[start:end]):
            parts.append((fold(word.group()), start + word.start(), start + word.end()))
    forms, starts, ends = map(list, zip(*parts, strict=True))
    return Tokens(forms, starts, ends)


def _forms(text: str, tokens: Tokens, lexicon: Lexicon) -> list[str]:
    """Return the forms, with the preposition على kept apart from the name علي.

    Egyptian and some Gulf papers write both with yeh: before a clause or an article it is
    the preposition, unless a title or another name stands before it. The words of names
    that look like a complementizer (سي إن إن) are hidden, and an unknown word with hamza
    (ألفة، إلياس) keeps it, so that it is not taken for one with the article.
    """
    forms = list(tokens.forms)
    names = lexicon.phrases["names_with_complementizers"]
    for place, form in enumerate(forms):
        if form.startswith(ARTICLE) and text[tokens.starts[place]] in "أإآ":
            if not lexicon.is_known(form) or text[tokens.starts[place]] == "آ":
                forms[place] = text[tokens.starts[place]] + form[1:]
        elif form in lexicon.words["name_or_preposition"]:
            following = forms[place + 1] if place + 1 < len(forms) else ""
            before = forms[place - 1] if place else ""
            after_name = (
                before in lexicon.given_names
                or before in lexicon.words["name_prefixes"]
                or before in lexicon.words["titles"]
            )
            if text[tokens.ends[place] - 1] == "ى" or (
                following.startswith(("ال", "ان")) and not after_name
            ):
                forms[place] = form[:-1] + "ى"
        elif form in names:
            for inner in range(place, place + find_phrase(names, forms, place)):
                if forms[inner] in lexicon.complementizers:
                    forms[inner] = "_" + forms[inner]
    return forms


def _is_called(text: str, tokens: Tokens, forms: list[str], place: int, lexicon: Lexicon) -> bool:
    """Tell "is called" from "claims" (شاب يدعى سمير, يدعي أن)."""
    following = forms[place + 1] if place + 1 < len(forms) else ""
    word = text[tokens.starts[place] : tokens.ends[place]]
    return word in lexicon.words["called"] and following not in lexicon.complementizers


def _surnames(forms: list[str], signals: list[int], lexicon: Lexicon) -> frozenset[str]:
    """Return the words that follow a given name, or again and again a verb of saying.

    Only a verb that takes no bare noun shows that a name follows it.
    """
    after_names = {after for form, after in pairwise(forms) if form in lexicon.given_names}
    after_names |= {
        after
        for prefix, name, after in zip(forms, forms[1:], forms[2:], strict=False)
        if name in lexicon.words["name_suffixes"]
        and (prefix in lexicon.words["name_prefixes"] or prefix in lexicon.given_names)
    }
    after_verbs = Counter(
        forms[place + 1]
        for place in signals
        if place + 1 < len(forms)
        and (cue := lexicon.cues.get(forms[place]))
        and cue.kind == "verb"
        and not (cue.verb.strict or cue.verb.weak or cue.verb.after)
    )
    often = {
        word
        for word, times in after_verbs.items()
        if not word.startswith(("ال", "لل")) and (times > 1 or word[0] not in "بولف")
    }
    count = Counter(form for form in forms if form in often)
    after_names |= {
        name
        for name, comma, pronoun, role in zip(forms, forms[1:], forms[2:], forms[3:], strict=False)
        if comma in COMMAS and pronoun in lexicon.words["who_is"] and role in lexicon.roles
        if not name.startswith(ARTICLE) and not lexicon.is_known(name)
    }
    return frozenset(
        word
        for word in after_names | {word for word in often if count[word] > 1}
        if len(word) > 2
        and word[0].isalpha()
        and not (word in lexicon.words["venues"] and word.endswith(PRONOUNS))
        and word not in lexicon.roles
        and word not in lexicon.cues
        and word not in lexicon.bodies
        and word not in lexicon.complementizers
        and not any(word in lexicon.words[group] for group in _NEVER_A_SURNAME)
    )


def _sentences(
    text: str,
    forms: list[str],
    tokens: Tokens,
    quoted: list[int],
    spans: list[QuotedSpan],
    lexicon: Lexicon,
) -> list[Range]:
    sentences = []
    start = 0
    for place, ends_line in _possible_ends(text, forms, tokens, spans):
        if ends_line:
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
    if forms:
        sentences.append((start, len(forms)))
    return [part for sentence in sentences for part in _cut(forms, quoted, *sentence)]


def _cut(forms: list[str], quoted: list[int], start: int, end: int) -> Iterator[Range]:
    """Cut what no writer would take for one sentence, at a comma if there is one.

    The rules look back to the head of a sentence; without a limit the time would grow with
    the square of a text that has no full stops.
    """
    while end - start > _LONGEST_SENTENCE:
        outside = (place for place in range(start + _LONGEST_SENTENCE, end) if quoted[place] < 0)
        at = next(outside, end - 1)
        comma = next(
            (
                p
                for p in range(at, at - _LONGEST_SENTENCE // 2, -1)
                if forms[p] in COMMAS and quoted[p] < 0
            ),
            at,
        )
        yield start, comma + 1
        start = comma + 1
    if start < end:
        yield start, end


def _possible_ends(
    text: str, forms: list[str], tokens: Tokens, spans: list[QuotedSpan]
) -> list[tuple[int, bool]]:
    """Return the places where a sentence may end, and whether a line ends there."""
    breaks = (match.start() for match in re.finditer("\n", text))
    lines = {bisect(tokens.starts, line) - 1 for line in breaks}
    places = lines | {place for place, form in enumerate(forms) if form in _MAY_END}
    places |= {span.close for span in spans}
    return [(place, place in lines) for place in sorted(places) if 0 <= place < len(forms) - 1]


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


def _is_inner_stop(tokens: Tokens, place: int) -> bool:
    """Tell whether a full stop is part of a number, an abbreviation or a row of dots."""
    forms = tokens.forms
    if forms[place] != "." or place == 0:
        return False
    before, after = forms[place - 1], forms[place + 1]
    touches_before = tokens.ends[place - 1] == tokens.starts[place]
    touches_after = tokens.ends[place] == tokens.starts[place + 1]
    if "." in (before * touches_before, after * touches_after):
        return True
    if touches_before and len(before) == 1 and before.isalpha():
        return True
    if touches_before and touches_after and len(before) == len(after) == 2:
        return before.isalpha() and after.isalpha()
    numbers = before[-1].isdigit() and after[0].isdigit()
    latin = (before + after).isascii() and (before + after).isalnum()
    return touches_before and touches_after and (numbers or latin)
