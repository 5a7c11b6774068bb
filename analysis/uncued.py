"""Find speech that no cue announces: floating quotations, answers, labels.

- `floating-quote`: a sentence wholly in quotation marks right after speech; who spoke goes on
- `answer`: a line after a question in an interview; the person interviewed speaks
- `label`: a name and a colon at the head of a paragraph, then the words
- `colon-quote`: a sentence about a person, then a colon and a quotation (لا يخفي قلقه: «…»)

What is missed on purpose: answers in plain paragraphs, labels of bodies and places, lists
after a question, and labels of names that the article tells nothing of.
"""

from bisect import bisect, bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from analysis.attribution import Attribution
from analysis.attribution_lexicon import Lexicon, find_phrase
from analysis.document import (
    COMMAS,
    DASHES,
    PUNCTUATION,
    SPEECH_WORDS,
    STOPS,
    Document,
    Range,
    Sentence,
    sentence_of,
)
from analysis.inflection import PRONOUNS
from analysis.mentions import find_person_before
from analysis.quotation_marks import MARKS
from analysis.source_spans import source_after
from analysis.sources import describe_source
from analysis.subjects import main_subject

_QUESTION_MARKS = frozenset("؟?")
# A name, its title, a role and an age in brackets stand before the colon of a label.
_LONGEST_LABEL = 14
# Words after a label; fewer are a place, a number or a post.
_LEAST_WORDS = 4
# A quotation by itself says something in so many words; fewer are a heading.
_LEAST_FLOATING = 4


def find_uncued(
    document: Document, attributions: Sequence[Attribution], lexicon: Lexicon
) -> list[Attribution]:
    """Return the speech of a document that stands without a cue; but for `colon-quote` it is weak.

    `attributions` are those with a cue, in order. The cue of what is returned is empty, at
    the first of the words, and its `cue_kind` is none. Speech that goes on has the phrase
    of the attribution before it as its antecedent.

    >>> from analysis.attribution import find_attributions
    >>> from analysis.attribution_lexicon import load_lexicon
    >>> from analysis.document import read_document
    >>> lexicon = load_lexicon()
    >>> text = "قال سمير الوادي إن النهر فاض. «خرجنا جميعا من البيت قبل الفجر»."
    >>> document = read_document(text, lexicon)
    >>> found = find_uncued(document, find_attributions(document, lexicon), lexicon)
    >>> [(text[slice(*item.content)], item.rule) for item in found]
    [('خرجنا جميعا من البيت قبل الفجر', 'floating-quote')]
    """
    turns = [
        *_answers(document, attributions, lexicon),
        *_labels(document, attributions, lexicon),
        *_quotations_after_colons(document, attributions, lexicon),
    ]
    return [*turns, *_floating(document, _in_order([*attributions, *turns]), lexicon)]


def _in_order(attributions: list[Attribution]) -> list[Attribution]:
    return sorted(attributions, key=_begin)


def _begin(item: Attribution) -> int:
    return item.content[0]


def _uncued(
    rule: str,
    content: Range,
    place: int,
    *,
    source: Range | None = None,
    antecedent: Range | None = None,
    agreeing: tuple[str, str] = ("", "s"),
) -> Attribution:
    gender, number = agreeing
    return Attribution(
        type="direct",
        content=content,
        cue=(place, place),
        cue_lemma="",
        cue_kind="none",
        gender=gender,
        number=number,
        source=source,
        antecedent=antecedent,
        weak=True,
        rule=rule,
    )


# ── quotations by themselves ─────────────────────────────────────────────────────────────


def _floating(
    document: Document, attributions: list[Attribution], lexicon: Lexicon
) -> Iterator[Attribution]:
    """Return the sentences in marks that follow a sentence in which somebody spoke."""
    starts = [item.content[0] for item in attributions]
    last: Attribution | None = None
    for before, (start, end) in pairwise(document.sentences):
        first = bisect_left(starts, document.starts[before[0]])
        after = bisect_left(starts, document.starts[start])
        if first < after:
            last = attributions[after - 1]
        elif last and last.cue[0] < before[0]:
            last = None
        if last is None or document.forms[start] not in MARKS or document.quoted[start] < 0:
            continue
        span = document.spans[document.quoted[start]]
        taken = bisect_left(starts, document.starts[min(span.close, end - 1)]) > after
        overrun = last.content[1] > document.starts[start]
        if (
            span.open != start
            or span.words < _LEAST_FLOATING
            or taken
            or overrun
            or not _stands_alone(document, span.close + 1, end)
        ):
            continue
        last = _uncued(
            "floating-quote",
            (span.start, span.end),
            start,
            antecedent=last.source or last.antecedent,
            agreeing=(last.gender, last.number),
        )
        yield last


def _stands_alone(document: Document, after: int, end: int) -> bool:
    """Tell whether marks hold a whole sentence, or one that only a participle goes on from.

    A heading in marks has no full stop.
    """
    rest = document.forms[after:end]
    if all(form in PUNCTUATION for form in rest):
        last = document.forms[after - 2]
        return not STOPS.isdisjoint(rest) or last in STOPS - _QUESTION_MARKS
    cue = document.cues.get(after + 1)
    return rest[0] in COMMAS and cue is not None and cue.kind == "participle"


def _quotations_after_colons(
    document: Document, attributions: Sequence[Attribution], lexicon: Lexicon
) -> Iterator[Attribution]:
    """Return the quotations that end a sentence about a person, after a colon."""
    for start, end in document.sentences:
        for colon in range(start + 2, end - 1):
            number = document.quoted[colon + 1]
            if document.forms[colon] != ":" or document.quoted[colon] >= 0 or number < 0:
                continue
            span = document.spans[number]
            content = (span.start, span.end)
            if (
                span.words < SPEECH_WORDS
                or _is_taken(attributions, *content)
                or _names_a_work(document.forms[colon - 1], lexicon)
            ):
                continue
            sentence = sentence_of(document, lexicon, start)
            subject = main_subject(sentence)
            if (
                subject
                and subject[1] < colon
                and describe_source(document.forms, *subject, lexicon).kind != "body"
                and not any(place in document.cues for place in range(subject[1], colon))
            ):
                said = _uncued("colon-quote", content, colon + 1, antecedent=subject)
                yield said._replace(weak=False)


def _is_taken(attributions: Sequence[Attribution], start: int, end: int) -> bool:
    after = bisect_left(attributions, start, key=_begin)
    return (after > 0 and attributions[after - 1].content[1] > start) or (
        after < len(attributions) and attributions[after].content[0] < end
    )


def _names_a_work(form: str, lexicon: Lexicon) -> bool:
    """Tell a title after its kind (روايته: «…») from speech."""
    stems = {form, *(form.removesuffix(pronoun) for pronoun in PRONOUNS)}
    stems |= {stem[:-1] + "ه" for stem in stems if stem.endswith("ت")}
    return not stems.isdisjoint(lexicon.words["scare_quotes_after"])


# ── turns of an interview ────────────────────────────────────────────────────────────────


def _paragraphs(document: Document) -> list[Range]:
    """Return the ranges of words of the paragraphs."""
    firsts = [
        start
        for start, _ in document.sentences
        if start == 0 or "\n" in document.text[document.ends[start - 1] : document.starts[start]]
    ]
    return list(pairwise([*firsts, len(document.forms)]))


def _answers(
    document: Document, attributions: Sequence[Attribution], lexicon: Lexicon
) -> Iterator[Attribution]:
    """Return the lines with the letter of an answer, or a dash after the line of a question."""
    interviewed: Range | None = None
    is_sought = True
    paragraphs = _paragraphs(document)
    for number, (start, end) in enumerate(paragraphs):
        labelled = _has_letter(document, start, end, lexicon)
        dashed = (
            number > 0
            and document.forms[start] in DASHES
            and _is_question(document, *paragraphs[number - 1])
            and not _is_question(document, start, end)
            and not (
                number + 1 < len(paragraphs)
                and document.forms[paragraphs[number + 1][0]] in DASHES
                and not _is_question(document, *paragraphs[number + 1])
            )
        )
        if not (labelled or dashed):
            continue
        if is_sought:
            interviewed = _interviewed(document, start, lexicon)
            if interviewed is None and labelled:
                interviewed = find_person_before(document, start, "", lexicon)
            is_sought = False
        first = start + 2 if labelled else start + 1
        content = _words_of_turn(document, attributions, first, end)
        if interviewed and content:
            yield _uncued("answer", content, first, antecedent=interviewed)


def _has_letter(document: Document, start: int, end: int, lexicon: Lexicon) -> bool:
    return (
        start + 2 < end
        and document.forms[start] in lexicon.words["answer_labels"]
        and document.forms[start + 1] in DASHES | {":"}
    )


def _is_question(document: Document, start: int, end: int) -> bool:
    while end > start and document.forms[end - 1] in MARKS | {")", "]"}:
        end -= 1
    return end > start and document.forms[end - 1] in _QUESTION_MARKS


def _interviewed(document: Document, before: int, lexicon: Lexicon) -> Range | None:
    """Return the person with whom it is said to be an interview (حوار مع فلان، التقينا فلانا)."""
    phrases = lexicon.phrases["interviews"]
    for place in range(before):
        length = find_phrase(phrases, document.forms, place)
        if not length:
            continue
        sentence = sentence_of(document, lexicon, place)
        source = source_after(sentence, place + length, sentence.end, open_ended=True)
        if source and describe_source(document.forms, *source, lexicon).name:
            return source
    return None


# ── names with a colon ───────────────────────────────────────────────────────────────────


def _labels(
    document: Document, attributions: Sequence[Attribution], lexicon: Lexicon
) -> Iterator[Attribution]:
    """Return the paragraphs that begin with the name of a person and a colon."""
    spoken = {
        form
        for item in attributions
        for phrase in (item.source, item.antecedent)
        if phrase
        for form in document.forms[slice(*phrase)]
    }
    for start, end in _paragraphs(document):
        while start < end and document.forms[start] in DASHES | {"*", "•"}:
            start += 1
        last = min(start + _LONGEST_LABEL, end - 1)
        colon = next((p for p in range(start, last) if document.forms[p] == ":"), None)
        if colon is None or colon == start:
            continue
        sentence = sentence_of(document, lexicon, start)
        source = _person_before_colon(sentence, start, colon, spoken)
        content = _words_of_turn(document, attributions, colon + 1, end) if source else None
        if content and _is_said(document, colon + 1, content, is_headline=start == 0):
            yield _uncued("label", content, colon + 1, source=source)


def _person_before_colon(
    sentence: Sentence, start: int, colon: int, spoken: set[str]
) -> Range | None:
    """Return the name before a colon, of somebody introduced by it or known to the article."""
    document, lexicon = sentence.document, sentence.lexicon
    if any(place in document.cues or document.quoted[place] >= 0 for place in range(start, colon)):
        return None
    source = source_after(sentence, start, colon)
    if source is None or source[1] != colon:
        return None
    described = describe_source(document.forms, *source, lexicon)
    if described.kind == "role" and described.definite and described.number == "s":
        return source if document.forms[source[0]] in spoken else None
    if described.kind != "person" or described.name is None:
        return None
    name = document.forms[slice(*described.name)]
    introduced = name[0] in lexicon.given_names and len(name) > 1
    return source if introduced or spoken.issuperset(name) else None


def _is_said(document: Document, first: int, content: Range, *, is_headline: bool) -> bool:
    """Tell speech after a name from a post, a number, a place or a list."""
    if document.quoted[first] >= 0:
        return True
    end = bisect(document.starts, content[1] - 1)
    words = sum(form not in PUNCTUATION for form in document.forms[first:end])
    following = document.forms[end] if end < len(document.forms) else ""
    return (
        words >= _LEAST_WORDS
        and not document.forms[first][0].isdigit()
        and following not in _QUESTION_MARKS
        and (is_headline or following in STOPS)
    )


def _words_of_turn(
    document: Document, attributions: Sequence[Attribution], first: int, end: int
) -> Range | None:
    """Return the offsets of the words of a turn: up to the end of the paragraph, or a new cue.

    When marks open at once, the words are those in the marks. Words that are attributed
    already are left out.
    """
    if first >= end:
        return None
    number = document.quoted[first]
    if number >= 0 and document.spans[number].open == first:
        span = document.spans[number]
        begin, finish = span.start, span.end
        if span.words < SPEECH_WORDS:
            return None
    else:
        begin = document.starts[first]
        after = bisect_left(attributions, begin, key=_begin)
        if after < len(attributions):
            cue = attributions[after].cue[0]
            sentence = document.sentence_around(max(cue, first))[0]
            end = min(end, sentence) if sentence > first else end
        while end > first and document.forms[end - 1] in PUNCTUATION - {")", "»", '"', "”"}:
            end -= 1
        if end <= first:
            return None
        finish = document.ends[end - 1]
    before = bisect_left(attributions, begin, key=_begin) - 1
    if before >= 0 and attributions[before].content[1] > begin:
        return None
    return begin, finish
