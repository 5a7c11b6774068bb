"""Where the words that a cue attributes begin and end, and whether they stand in marks.

An `Opening` is where they begin; a `Clause` is a cue with its opening, before the words are
cut to size by the clauses around it.

>>> from analysis.attribution_lexicon import load_lexicon
>>> from analysis.document import read_document
>>> lexicon = load_lexicon()
>>> document = read_document("أشار الوزير إلى أن المطر قادم", lexicon)
>>> sentence = Sentence(
...     document, lexicon, *document.sentences[0], document.forms, document.cues)
>>> opening = find_opening(sentence, 0, document.cues[0])
>>> opening.kind, document.forms[opening.head:opening.at], document.forms[opening.at]
('clause', ['الي', 'ان'], 'المطر')
"""

from bisect import bisect_right
from typing import NamedTuple

from analysis.attribution_lexicon import ARTICLE, CueForm, find_phrase
from analysis.document import (
    COMMAS,
    DASHES,
    PUNCTUATION,
    SPEECH_WORDS,
    STOPS,
    Range,
    Sentence,
    written,
)
from analysis.inflection import PRONOUNS, looks_like_verbal_noun
from analysis.quotation_marks import QuotedSpan
from analysis.source_spans import (
    LONGEST_NAME_IN_MARKS,
    closing_bracket,
    is_act_noun,
    is_anchor,
)

# Reaches are counted in words and punctuation marks, from the cue on.
# A subject with a role and a name, and where and when it was said, fits between.
_REACH = 45
# A cue with a frequent homograph counts only with the words close by.
_STRICT_REACH = 16
# A participle has no subject of its own after it, only the person addressed or a place.
_PARTICIPLE_REACH = 14
# فلان، وهو يعمل منذ سنوات في سوق المدينة، أن …
_LONGEST_ASIDE = 24
# كشف النقاب للصحفيين عن …: object and addressee before the preposition of the act.
_OBJECT_REACH = 8
# After وزارة or شركة up to so many words in marks are the name of the body.
_LONGEST_TITLE = 5
# The clause follows a name in marks closely, after a role or a place.
_REACH_AFTER_MARKS = 24
# Speech in the first person goes on over sentences as short as this one that are not.
_SHORT_SENTENCE = 22
# After a quotation of more than a few words a clause of so many is no mere tag of it.
_LEAST_REST = 5
_FEW_WORDS = 4


class Opening(NamedTuple):
    """Where reported words begin: `head` is the first token after the frame, `at` the words.

    `kind` is clause (إن، أن), quote (marks), colon, question; around, when the words stand
    on one side of the cue and reach from `at` to `head`; or none, when they are another's.
    """

    kind: str
    head: int
    at: int


class Clause(NamedTuple):
    """A cue accepted in a sentence, from `begin` on, before its content is cut to size."""

    begin: int
    cue: Range
    form: CueForm
    kind: str
    opening: Opening
    rule: str
    source: Range | None = None
    antecedent: Range | None = None
    weak: bool = False


# ── where the words begin ────────────────────────────────────────────────────────────────


def find_opening(sentence: Sentence, place: int, cue: CueForm) -> Opening | None:
    """Return where the words reported by a cue begin, or None when nothing shows it."""
    forms, document, words = sentence.forms, sentence.document, sentence.lexicon.words
    position = place + 1
    relative = False
    last = min(sentence.end, place + _reach(cue) + 2)
    while position < last:
        form = forms[position]
        if document.quoted[position] >= 0:
            opening = _quote_opening(sentence, place, position, cue)
            if opening:
                return opening
            position = document.spans[document.quoted[position]].close + 1
            continue
        if form == "(" and (closing := closing_bracket(sentence, position, sentence.end)):
            position = closing + 1
            continue
        if form == ":" and not _is_clock(forms, position):
            return _after_colon(sentence, position)
        if form == "." and forms[position - 1] == "." and not _opens_marks(sentence, position + 1):
            return None
        if cue.verb.question and find_phrase(
            sentence.lexicon.phrases["question_words"], forms, position
        ):
            return Opening("question", position, position)
        if written(document, position) in words["negated_complementizers"] and not (
            position > place + 2 and forms[position - 2] in COMMAS
        ):
            return Opening("clause", position, position)
        if form in sentence.lexicon.complementizers:
            opening = _clause_opening(sentence, position, cue)
            if opening or not relative:
                return opening
        relative = relative or form in words["relative_pronouns"]
        other = sentence.cues.get(position)
        denied = forms[position - 1] in words["denials"]
        if other and not (denied or _is_in_frame(sentence, position, other)):
            return None
        if (
            form in words["clause_breakers"]
            and position > place + 1
            and not _tells_who(sentence, position)
            and not (form in words["meanwhile"] and cue.verb.lemma == "قال")
            and not (position + 1 < last and forms[position + 1] in words["dates"])
        ):
            return None
        position += 1
    return None


def _opens_marks(sentence: Sentence, place: int) -> bool:
    return place < sentence.end and sentence.document.quoted[place] >= 0


def _is_in_frame(sentence: Sentence, place: int, cue: CueForm) -> bool:
    """Tell a cue that announces nothing here: a homograph, or a noun after في or خلال."""
    if cue.kind == "nominal":
        return sentence.forms[place - 1] in sentence.lexicon.words["before_venues"]
    return cue.kind == "verb" and cue.verb.strict


def _tells_who(sentence: Sentence, place: int) -> bool:
    """Tell a clause that says what the source is (وهو أحد المشاركين) from a new one."""
    following = sentence.forms[place + 1] if place + 1 < sentence.end else ""
    return sentence.forms[place] in sentence.lexicon.words["who_is"] and (
        following in sentence.lexicon.roles
        or following in sentence.lexicon.words["determiners"]
        or following == "من"
        or _is_aside(sentence, place)
    )


def _is_aside(sentence: Sentence, place: int) -> bool:
    """Tell a clause between two commas before the words (فلان، وهو يعمل في السوق، أن …)."""
    forms = sentence.forms
    if forms[place - 1] not in COMMAS:
        return False
    last = min(place + _LONGEST_ASIDE, sentence.end - 1)
    comma = next((p for p in range(place, last) if forms[p] in COMMAS | {":"}), None)
    if comma is None:
        return False
    if forms[comma] == ":":
        return sentence.document.quoted[comma + 1] >= 0
    after = forms[comma + 1]
    return (
        after in sentence.lexicon.complementizers
        or after in sentence.lexicon.words["addressees"]
        or after in (":", "ل")
        or sentence.document.quoted[comma + 1] >= 0
    )


def find_verdict(sentence: Sentence, place: int, cue: CueForm) -> Opening | None:
    """Return what a participle passes a verdict on, without أن (معتبرا ذلك خطأ)."""
    following = place + 1
    if not cue.verb.verdict or cue.kind != "participle" or following >= sentence.end - 1:
        return None
    form = sentence.forms[following]
    judged = form in sentence.lexicon.words["demonstratives"] or form.startswith("ال")
    return Opening("clause", following, following) if judged else None


def _reach(cue: CueForm) -> int:
    if cue.kind == "participle":
        return _PARTICIPLE_REACH
    return _STRICT_REACH if cue.verb.strict and not cue.verb.after else _REACH


def _clause_opening(sentence: Sentence, place: int, cue: CueForm) -> Opening | None:
    """Return a clause that begins at a complementizer, unless another word governs it."""
    words = sentence.lexicon.words
    before = sentence.forms[place - 1]
    following = sentence.forms[place + 1] if place + 1 < sentence.end else ""
    if cue.verb.question or before in words["govern_clause"]:
        return None
    if sentence.forms[place] == "ان" and following in words["conditional_before"]:
        return None
    if before not in words["frame_prepositions"]:
        return Opening("clause", place, place + 1)
    is_frame = before in cue.verb.clause or cue.kind == "nominal"
    return Opening("clause", place - 1, place + 1) if is_frame else None


def _is_clock(forms: list[str], place: int) -> bool:
    return (
        0 < place < len(forms) - 1
        and forms[place - 1][-1:].isdigit()
        and forms[place + 1][:1].isdigit()
    )


def _after_colon(sentence: Sentence, colon: int) -> Opening | None:
    following = colon + 1
    if following >= sentence.end:
        return None
    if sentence.document.quoted[following] >= 0:
        return Opening("quote", colon, following)
    if sentence.forms[following] in sentence.lexicon.complementizers:
        return Opening("clause", colon, following + 1)
    return Opening("colon", colon, following)


def _quote_opening(sentence: Sentence, place: int, opening: int, cue: CueForm) -> Opening | None:
    """Tell whether the marks at `opening` hold the words of the cue, not a name or a title."""
    forms, document, words = sentence.forms, sentence.document, sentence.lexicon.words
    span = document.spans[document.quoted[opening]]
    before = forms[opening - 1]
    immediate = opening == place + 1
    if span.words < (2 if immediate else SPEECH_WORDS):
        return None
    if immediate and span.words < SPEECH_WORDS and _goes_on_after_marks(sentence, span):
        return None
    if before in words["scare_quotes_after"] and not immediate:
        return None
    if before in words["body_heads"] and span.words <= _LONGEST_TITLE:
        return None
    head = opening
    touches = document.ends[opening - 1] == document.starts[opening]
    if before in words["frame_prepositions"] or (before in words["attached"] and touches):
        if before not in cue.verb.clause | cue.verb.weak:
            return None
        head = opening - 1
    if _names_the_source(sentence, span, cue) or any(
        find_phrase(sentence.lexicon.phrases["according_to"], forms, position)
        for position in range(place + 1, opening)
    ):
        return None
    return Opening("quote", head, opening)


def _goes_on_after_marks(sentence: Sentence, span: QuotedSpan) -> bool:
    """Tell a name in marks after its verb by the object that follows (تبنت «…» الهجوم)."""
    after = span.close + 1
    return after < sentence.end and sentence.forms[after] not in PUNCTUATION


def _names_the_source(sentence: Sentence, span: QuotedSpan, cue: CueForm) -> bool:
    """Tell whether words in marks are a name, because a clause follows (قال "تجمع …" إن …)."""
    if span.words > LONGEST_NAME_IN_MARKS:
        return False
    forms, words = sentence.forms, sentence.lexicon.words
    last = min(span.close + 1 + _REACH_AFTER_MARKS, sentence.end)
    following = forms[span.close + 1] if span.close + 1 < sentence.end else ""
    if following in words["frame_prepositions"] and following in cue.verb.weak:
        return True
    after = forms[span.close + 2] if span.close + 2 < sentence.end else ""
    immediate = forms[span.open - 1] != ":" and span.open - 1 in sentence.cues
    if immediate and following in COMMAS and after.startswith("الم"):
        return True
    for position in range(span.close + 1, last):
        form, before = forms[position], forms[position - 1]
        if form == ":" and position + 1 < sentence.end:
            return sentence.document.quoted[position + 1] >= 0
        if form in sentence.lexicon.complementizers:
            if before in words["frame_prepositions"]:
                return before in cue.verb.clause
            return before not in words["govern_clause"]
        if (
            position in sentence.cues
            or form in words["clause_breakers"]
            or form in STOPS
            or (form.startswith("و") and not _is_noun(sentence, form))
        ):
            return False
    return False


def _is_noun(sentence: Sentence, form: str) -> bool:
    """Tell a word that begins with و by itself (وكالة، وزير) from one it joins."""
    return form in sentence.lexicon.bodies or form in sentence.lexicon.roles


def find_act(sentence: Sentence, after: int, cue: CueForm) -> Opening | None:
    """Return where the object of a reported act begins (دعا إلى …، أشاد بـ…، أكد أهمية …).

    A verb with `object` among them takes any noun (استنكر القرار), a person only when it
    speaks to one (ناشد المحسنين).
    """
    forms, weak = sentence.forms, cue.verb.weak
    position = after
    while position < sentence.end and forms[position] in sentence.lexicon.words["adverbs"]:
        position += 1
    if position + 1 < sentence.end and forms[position] in COMMAS and forms[position + 1] in weak:
        position += 1
    if not weak or position >= sentence.end - 1:
        return None
    form = forms[position]
    if form in sentence.lexicon.words["frame_prepositions"] and form in weak:
        return Opening("clause", position, position + 1)
    if ("ب" in weak and form.startswith("ب") and len(form) > 3) or (
        "noun" in weak and is_act_noun(sentence, form)
    ):
        return Opening("clause", position, position)
    if "object" in weak and _is_object(sentence, position, cue):
        return Opening("clause", position, position)
    if "عن" in weak:
        for far in range(position, min(position + _OBJECT_REACH, sentence.end - 1)):
            if forms[far] == "عن" and not _continues_role(sentence, far):
                return Opening("clause", far, far + 1)
            if far in sentence.cues or forms[far] in sentence.lexicon.words["clause_breakers"]:
                break
    return None


def _continues_role(sentence: Sentence, place: int) -> bool:
    """Tell a preposition that belongs to the role before it (ممثلون عن الحزب)."""
    before = sentence.lexicon.roles.get(sentence.forms[place - 1])
    governing = sentence.lexicon.role_prepositions[sentence.forms[place]]
    return before is not None and before.lemma in governing


def _is_object(sentence: Sentence, place: int, cue: CueForm) -> bool:
    """Tell a noun that is shown to be one: by the article, a demonstrative or ما before it."""
    form, words = sentence.forms[place], sentence.lexicon.words
    if form == "ما":
        return place + 1 not in sentence.cues
    if form in words["demonstratives"]:
        return True
    if any(form in words[group] for group in ("dates", "source_stops", "adverbs")):
        return False
    is_noun = (
        form.startswith(ARTICLE) or looks_like_verbal_noun(form) or is_act_noun(sentence, form)
    )
    return is_noun and (cue.verb.takes_object or not is_anchor(sentence, place))


def find_words_around(sentence: Sentence, place: int, end: int) -> Range | None:
    """Return the words an according-to phrase attributes: the larger side of the sentence.

    Where it was said belongs to the phrase (بحسب ما أفادت عائلته في بيان).
    """
    forms, words = sentence.forms, sentence.lexicon.words
    first, last = clause_around(sentence, place, end)
    after = end
    if after < sentence.end and forms[after][:1] == "ل" and forms[after][1:] in PRONOUNS:
        after += 1
    if after + 1 < sentence.end and forms[after].startswith("ب") and forms[after + 1] in COMMAS:
        after += 1
    if after + 1 < last and not words["returning"].isdisjoint(forms[after : after + 2]):
        after = next((p for p in range(after, last) if forms[p] in COMMAS), after)
    while after < sentence.end and forms[after] in COMMAS | DASHES | {")", ":"}:
        after += 1
    if after < sentence.end and forms[after] in words["relative_pronouns"]:
        commas = [p for p in range(after, sentence.end - 1) if forms[p] in COMMAS]
        after = commas[0] + 1 if commas else sentence.end
    if after < sentence.end and (
        forms[after] in words["resumptive_forms"]
        or forms[after] in sentence.lexicon.complementizers
    ):
        after += 1
    before = place
    while before > first and forms[before - 1] in COMMAS | DASHES | {"("}:
        before -= 1
    if before - first < SPEECH_WORDS:
        before = first
    left, right = (first, before), (min(after, last), last)
    in_phrase = after == end and sentence.forms[after : after + 1] == ["في"]
    if in_phrase and before - first >= SPEECH_WORDS:
        right = (after, after)
    around = larger_side(left, right)
    number = sentence.document.quoted[before - 1] if before > first else -1
    if number >= 0 and around == (first, before):
        span = sentence.document.spans[number]
        if span.words >= SPEECH_WORDS and 2 * span.words >= before - first:
            return max(span.open, first), before
    return around


def clause_around(sentence: Sentence, place: int, end: int) -> Range:
    """Return the part of a sentence between semicolons in which `place` to `end` stand."""
    breaks = [
        position
        for position in range(sentence.start, sentence.end)
        if sentence.forms[position] == "؛" and sentence.document.quoted[position] < 0
    ]
    first = max((position + 1 for position in breaks if position < place), default=sentence.start)
    return first, min((position for position in breaks if position >= end), default=sentence.end)


def larger_side(left: Range, right: Range) -> Range | None:
    """Return the larger side of a cue amid the words, if it is long enough to say something."""
    larger = max(left, right, key=lambda part: part[1] - part[0])
    return larger if larger[1] - larger[0] >= SPEECH_WORDS else None


# ── where the words end ──────────────────────────────────────────────────────────────────


def find_content(
    sentence: Sentence, clauses: list[Clause], number: int
) -> tuple[str, Range, bool] | None:
    """Return the type and the offsets of the words of a clause, and whether marks hold them.

    The words of one clause end where the next clause begins, or with the sentence. The
    answer is None when the words are another's (according-to inside somebody's speech).
    """
    limit = _end_of_content(sentence, clauses, number)
    return _content_up_to(sentence, clauses[number], limit) if limit else None


def _end_of_content(sentence: Sentence, clauses: list[Clause], number: int) -> int:
    """Return the first token after the words of a clause, or 0 when they are another's."""
    clause = clauses[number]
    opening = clause.opening
    if opening.kind == "none":
        return 0
    if opening.kind == "around" and clause.kind == "according_to":
        inner = [
            other.begin
            for other in clauses
            if other.kind != "according_to" and opening.at <= other.cue[0] < opening.head
        ]
        follows = opening.at > clause.cue[0]
        if inner and not (follows and inner[0] - opening.at >= SPEECH_WORDS):
            return 0
        return min([opening.head, *inner])
    if opening.kind == "around":
        amid = [
            other.begin
            for other in clauses[number + 1 :]
            if opening.at + SPEECH_WORDS < other.begin < opening.head
        ]
        return min([opening.head, *amid])
    later = [
        other.begin
        for other in clauses[number + 1 :]
        if other.begin > opening.at and not _is_amid(sentence, other)
    ]
    taken = [
        other.opening.at
        for other in clauses[number + 1 :]
        if other.rule == "postposed-quote" and other.opening.at > opening.at
    ]
    limit = min([sentence.end, *later, *taken, *_end_of_subordinate(sentence, clause)])
    return limit if opening.kind == "colon" else _before_remark(sentence, clause, limit)


def _is_amid(sentence: Sentence, clause: Clause) -> bool:
    """Tell a tag of the speaker that the words go on after (قاموا، حسبه، باجتماعات)."""
    after = clause.cue[1]
    return (
        clause.opening.kind == "none"
        and clause.source is None
        and after < sentence.end - 1
        and (
            sentence.forms[after] not in PUNCTUATION
            or (sentence.forms[after] in COMMAS and not _begins_new(sentence, after + 1))
        )
    )


def _begins_new(sentence: Sentence, place: int) -> bool:
    return place in sentence.cues or sentence.forms[place].startswith("و")


def _before_remark(sentence: Sentence, clause: Clause, limit: int) -> int:
    """Return the comma before what the writer adds about the act of speech, or the limit.

    So a participle of saying, whatever its object (مؤكدا توثيق ذلك), and what was alluded to
    or answered (في إشارة إلى …، وذلك ردا على …).
    """
    forms, document = sentence.forms, sentence.document
    for place in range(clause.opening.at + 1, limit - 1):
        if forms[place] not in COMMAS or document.quoted[place] >= 0:
            continue
        cue = sentence.cues.get(place + 1)
        if cue and cue.kind == "participle" and cue.joined != "ف":
            return place
        if find_phrase(sentence.lexicon.phrases["remarks"], forms, place + 1, end=limit):
            return place
    return limit


def follows_remark(sentence: Sentence, at: int, place: int) -> bool:
    """Tell whether the words that began at `at` have ended in a remark of the writer."""
    forms, remarks = sentence.forms, sentence.lexicon.phrases["remarks"]
    return any(
        forms[comma] in COMMAS
        and sentence.document.quoted[comma] < 0
        and find_phrase(remarks, forms, comma + 1, end=place)
        for comma in range(at + 1, place - 1)
    )


def _end_of_subordinate(sentence: Sentence, clause: Clause) -> list[int]:
    """Return the comma that ends a clause opened by بينما at the head of a sentence."""
    subordinate = sentence.forms[sentence.start] in sentence.lexicon.words["subordinators"]
    if not subordinate or clause.begin != sentence.start + 1:
        return []
    forms = sentence.forms
    commas = (p for p in range(clause.opening.at, sentence.end - 1) if forms[p] in COMMAS)
    comma = next(commas, None)
    return [] if comma is None or forms[comma + 1].startswith(("و", "ف")) else [comma]


def _content_up_to(
    sentence: Sentence, clause: Clause, limit: int
) -> tuple[str, Range, bool] | None:
    """Return the type and the offsets of the words, and whether they stand in marks."""
    forms, document = sentence.forms, sentence.document
    at = clause.opening.at
    if clause.opening.kind == "quote":
        return _quoted_content(sentence, clause, limit)
    while at < limit and forms[at] in PUNCTUATION and document.quoted[at] < 0:
        at += 1
    end = _trim_end(sentence, at, limit)
    if end <= at:
        return None
    whole = (document.starts[at], document.ends[end - 1])
    if clause.opening.kind == "colon":
        finish = whole[1] if limit < sentence.end else _colon_end(sentence, whole[1])
        return "direct", (whole[0], finish), False
    spans = [document.spans[n] for n in sorted({n for n in document.quoted[at:end] if n >= 0})]
    spans = [span for span in spans if span.open >= at]
    if spans and spans[0].open == at and spans[0].close >= end - 1:
        return "direct", (spans[0].start, spans[0].end), False
    long = [span for span in spans if span.words >= SPEECH_WORDS]
    if not long:
        return "indirect", whole, False
    first = long[0]
    before, after = first.open - at, max(end - 1 - first.close, 0)
    mostly_quoted = before < SPEECH_WORDS and len(long) == 1 and _is_rest(sentence, first, end)
    if mostly_quoted or before + after < SPEECH_WORDS:
        return "direct", (first.start, first.end), True
    return "mixed", whole, False


def _quoted_content(sentence: Sentence, clause: Clause, limit: int) -> tuple[str, Range, bool]:
    """Return the words in marks, or the whole clause when most of it stands outside them."""
    document = sentence.document
    span = document.spans[document.quoted[clause.opening.at]]
    end = _trim_end(sentence, span.close + 1, limit)
    if clause.rule != "postposed-quote" and not _is_rest(sentence, span, end):
        return "mixed", (document.starts[clause.opening.at], document.ends[end - 1]), False
    return "direct", (span.start, span.end), span.words >= SPEECH_WORDS


def _is_rest(sentence: Sentence, span: QuotedSpan, end: int) -> bool:
    """Tell whether what follows marks is the writer's: no more words than stand in the marks.

    After a few words in marks the clause goes on ("عدد كبير من الناس" طلب منه ذلك).
    """
    after = span.close + 1
    if end - after < SPEECH_WORDS or span.words > _FEW_WORDS:
        return end - after <= max(span.words, _LEAST_REST)
    return sentence.forms[after] in PUNCTUATION


def _trim_end(sentence: Sentence, start: int, limit: int) -> int:
    forms, trailers = sentence.forms, sentence.lexicon.words["trailers"]
    end = limit
    while end > start and sentence.document.quoted[end - 1] < 0:
        form = forms[end - 1]
        if form in ")]" or not (form in PUNCTUATION or (form in trailers and end < sentence.end)):
            break
        end -= 1
    return end


def _speaks_of_self(sentence: Sentence, start: int, end: int) -> bool:
    """Tell the first person: by the words of the list, or by a verb in أ or ن after a particle."""
    document, words = sentence.document, sentence.lexicon.words
    for place in range(start, end):
        form = document.forms[place]
        if form in words["first_person"] or (form.endswith("نا") and len(form) > 4):
            return True
        before = document.forms[place - 1] if place > start else ""
        if before in words["before_verbs"] and written(document, place).startswith(("أ", "ن")):
            return True
    return False


def _colon_end(sentence: Sentence, end: int) -> int:
    """Return where speech after a colon ends: on over sentences said in the first person."""
    document = sentence.document
    speaks = _speaks_of_self(sentence, sentence.start, sentence.end)
    next_one = bisect_right(document.sentences, (sentence.end - 1, sentence.end))
    for number in range(next_one, len(document.sentences)):
        start, stop = document.sentences[number]
        speaks_on = _speaks_of_self(sentence, start, stop)
        new_cue = any(place in document.cues for place in range(start, min(start + 4, stop)))
        short = stop - start <= _SHORT_SENTENCE
        new_paragraph = "\n" in document.text[end : document.starts[start]]
        if new_paragraph or new_cue or not (speaks_on or (speaks and short)):
            break
        while stop > start + 1 and document.forms[stop - 1] in STOPS:
            stop -= 1
        end = document.ends[stop - 1]
    return end
