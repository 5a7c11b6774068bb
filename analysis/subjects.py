"""Whom a verb or participle speaks of when its source does not follow it.

The subject stands before the verb, or is understood: from an earlier verb of the sentence,
from the noun that a relative clause takes up, or from the sentence before.
"""

from analysis.attribution_lexicon import ARTICLE, CueForm, Lexicon, find_phrase
from analysis.document import COMMAS, PUNCTUATION, Range, Sentence
from analysis.inflection import PRONOUNS
from analysis.source_spans import is_anchor, is_recurring_name, source_after, without_object
from analysis.sources import describe_source

# All are numbers of words and punctuation marks.
# A subject before its verb is shorter than one after it: no second role follows it.
_LONGEST_SUBJECT = 18
# A role and its adjectives before a verb that describes it.
_LONGEST_DESCRIPTION = 6
# What a relative clause takes up stands right before it.
_LONGEST_RELATIVE = 9
# Of the cues of a sentence the first few are looked at for the subject.
_EARLIER_VERBS = 8
# نقلت الوكالة عن فلان … قوله: between the preposition and the noun stand a name and a role.
_REACH_OF_PREPOSITION = 16
# A participle far in a sentence has the subject that stands near its head.
_REACH_OF_SUBJECT = 14
# في الأسبوع الماضي، خلال لقاء مع الصحفيين في العاصمة: before the verb.
_LONGEST_CIRCUMSTANCE = 14
# … and so has one that follows a whole clause of speech.
_REACH_OF_VERB = 80


def source_of_noun(
    sentence: Sentence, place: int, *, alone: bool
) -> tuple[Range | None, Range | None]:
    """Return the source of قوله، بقوله, and else the understood subject of the sentence.

    The source stands after عن (نقلت وكالة عن فلان قوله), after إلى (نسبت إلى فلان قوله) or
    after the verb that governs the noun (رد فلان بقوله). `alone` says that nobody has spoken in
    the sentence before.
    """
    first = max(sentence.start, place - _REACH_OF_PREPOSITION)
    ascribed = any(
        form in sentence.lexicon.words["ascribing"]
        for form in sentence.forms[sentence.start : place]
    )
    prepositions = ("عن", "الي") if ascribed else ("عن",)
    for position in range(place - 1, first - 1, -1):
        if sentence.forms[position] in prepositions and sentence.document.quoted[position] < 0:
            return source_after(sentence, position + 1, place), None
        governing = sentence.cues.get(position)
        if governing and governing.kind == "verb" and not governing.verb.after:
            source = source_after(sentence, position + 1, place)
            if source:
                return source, None
    return None, subject_of_sentence(sentence, place) if alone else None


def subject_before(sentence: Sentence, place: int, *, not_before: int) -> Range | None:
    """Return the subject that stands before its verb (العثماني أوضح أن …).

    It must reach from the head of the sentence, or from a word that sets it off (لكن), to
    the verb; nothing before `not_before` is looked at.
    """
    forms, words, document = sentence.forms, sentence.lexicon.words, sentence.document
    start = sentence.start
    for position in range(place - 1, sentence.start - 1, -1):
        if (
            forms[position] in words["opposition"]
            or forms[position] in sentence.lexicon.complementizers
        ):
            start = position + 1
            break
    if start < not_before:
        return None
    start = _after_connectors(sentence, start, place)
    end = place
    while (
        end > start
        and document.quoted[end - 1] < 0
        and (forms[end - 1] in PUNCTUATION or forms[end - 1] in words["adverbs"])
    ):
        end -= 1
    if not 0 < end - start <= _LONGEST_SUBJECT or _has_clause(sentence, start, end):
        return None
    if (
        forms[start] in words["topic_verbs"]
        or forms[start].removeprefix("و") in words["prepositions"]
    ):
        return None
    number = document.quoted[start]
    if number >= 0 and end < place and document.spans[number].close >= end - 1:
        return None
    opener = start + (number >= 0)
    if not (
        is_anchor(sentence, opener)
        or is_recurring_name(sentence, start, end)
        or (forms[start].startswith("ال") and end - start <= 3)
    ):
        return None
    source = source_after(sentence, start, end)
    if source and (source[1] == end or forms[source[1]] in COMMAS | {"(", "-"}):
        return source
    return None


def _has_clause(sentence: Sentence, start: int, end: int) -> bool:
    return any(
        (place in sentence.cues and not sentence.cues[place].verb.strict)
        or sentence.forms[place] in sentence.lexicon.complementizers
        for place in range(start, end)
    )


def nearest_before(sentence: Sentence, place: int) -> Range | None:
    """Return the person or body named last before a cue that agrees with it in gender.

    So after ما, which hides the subject: قدم الوزير ما قال إنه دليل.
    """
    cue = sentence.cues[place]
    for anchor in range(place - 2, max(sentence.start, place - _REACH_OF_SUBJECT) - 1, -1):
        if sentence.document.quoted[anchor] >= 0 or not is_anchor(sentence, anchor):
            continue
        if anchor > sentence.start and is_anchor(sentence, anchor - 1):
            continue
        source = source_after(sentence, anchor, place - 1, open_ended=True)
        if source:
            gender = describe_source(sentence.forms, *source, sentence.lexicon).gender
            if not (cue.gender and gender) or cue.gender == gender:
                return source
    return None


def subject_of_sentence(sentence: Sentence, place: int) -> Range | None:
    """Return the subject that a participle or قائلا is understood to have.

    It is the source of an earlier verb of saying, or the first person or body named near
    the head of the sentence that agrees with the participle in gender.
    """
    earlier = source_of_earlier_verb(sentence, place)
    if earlier:
        return earlier
    cue = sentence.cues[place]
    last = min(place, sentence.start + _REACH_OF_SUBJECT)
    for anchor in range(sentence.start, last):
        if sentence.document.quoted[anchor] >= 0 or not is_anchor(sentence, anchor):
            continue
        if not _may_be_subject(sentence, anchor):
            continue
        source = source_after(sentence, anchor, place, open_ended=True)
        if source:
            gender = describe_source(sentence.forms, *source, sentence.lexicon).gender
            if cue.number == "p" or not (cue.gender and gender) or cue.gender == gender:
                return source
    return None


def _may_be_subject(sentence: Sentence, place: int) -> bool:
    """Tell a noun after a preposition, or a plural in ين, from a subject."""
    form, lexicon = sentence.forms[place], sentence.lexicon
    role = lexicon.roles.get(form)
    is_oblique = role is not None and role.number == "p" and form.endswith("ين")
    before = sentence.forms[place - 1] if place > sentence.start else ""
    return not is_oblique and before not in lexicon.words["prepositions"]


def source_of_earlier_verb(sentence: Sentence, place: int) -> Range | None:
    """Return the source of the first verb of saying that stands earlier in the sentence."""
    last = min(place, sentence.start + _REACH_OF_VERB)
    cues = [earlier for earlier in range(sentence.start, last) if earlier in sentence.cues]
    for earlier in cues[:_EARLIER_VERBS]:
        cue = sentence.cues[earlier]
        if cue.kind == "verb" and cue.joined != "ل":
            source = source_after(
                sentence,
                earlier + 1,
                place,
                ends_before=cue.verb.weak - {"على"},
                open_ended=True,
            )
            if source and cue.verb.takes_object:
                source = without_object(sentence, source, cue, place)
            if source and (
                _is_person(sentence, source) if cue.verb.strict else is_anchor(sentence, source[0])
            ):
                return source
    return None


def _is_person(sentence: Sentence, source: Range) -> bool:
    form, document = sentence.forms[source[0]], sentence.document
    return (
        form in sentence.lexicon.given_names
        or form in sentence.lexicon.words["name_prefixes"]
        or form in document.surnames
    )


def relative_antecedent(sentence: Sentence, place: int) -> Range | None:
    """Return the noun phrase that a relative verb takes up again (الممثلة التي أضافت أن).

    A noun without the article needs no pronoun for that (ممثلة شابة قالت إن).
    """
    forms = sentence.forms
    if place - 1 <= sentence.start:
        return None
    if forms[place - 1] not in sentence.lexicon.words["relative_pronouns"]:
        return _described_noun(sentence, place)
    if relative_is_object(sentence, place):
        return None
    if forms[place - 1] in sentence.lexicon.words["where"]:
        subject = main_subject(sentence)
        if subject and subject[1] < place:
            return subject
    end = place - 1
    while end > sentence.start and forms[end - 1] in PUNCTUATION:
        end -= 1
    first = end
    joined = forms[place - 1].startswith("و")
    reach = 3 * _LONGEST_RELATIVE if joined else _LONGEST_RELATIVE
    while first > max(sentence.start, end - reach) and not (
        first - 1 in sentence.cues or forms[first - 1] in sentence.lexicon.complementizers
    ):
        first -= 1
    for start in range(first, end):
        if sentence.document.quoted[start] < 0 and is_anchor(sentence, start):
            is_place = (
                forms[place - 1] in sentence.lexicon.words["where"]
                and start > sentence.start
                and forms[start - 1] in sentence.lexicon.words["frame_prepositions"]
            )
            return None if is_place else source_after(sentence, start, end, open_ended=True)
    return None


def relative_is_object(sentence: Sentence, place: int) -> bool:
    """Tell by its gender a pronoun that is not the subject of its verb (الخطط التي أكد أنها)."""
    pronoun, cue = sentence.forms[place - 1].removeprefix("و"), sentence.cues[place]
    return (pronoun, cue.gender) in {("التي", "m"), ("الذي", "f")}


def _described_noun(sentence: Sentence, place: int) -> Range | None:
    """Return the role without article, right before a verb that describes who bears it."""
    forms, lexicon, cue = sentence.forms, sentence.lexicon, sentence.cues[place]
    if cue.joined or forms[place - 1] in PUNCTUATION or cue.verb.strict:
        return None
    for start in range(place - 1, max(sentence.start + 1, place - _LONGEST_DESCRIPTION), -1):
        form = forms[start]
        if form in PUNCTUATION or form in lexicon.words["clause_breakers"]:
            return None
        role = lexicon.roles.get(form)
        if role and not role.definite and not form.startswith(ARTICLE):
            return (start, place) if role.gender == cue.gender and role.number == "s" else None
    return None


def document_before(sentence: Sentence, place: int, cue: CueForm) -> Range | None:
    """Return the document before a verb that takes it up again (رسالة … جاء فيها، بيان جاء فيه)."""
    following = sentence.forms[place + 1] if place + 1 < sentence.end else ""
    prepositions = {phrase[0] for phrase in cue.verb.after}
    if not cue.verb.document or not any(
        following == preposition + pronoun for preposition in prepositions for pronoun in PRONOUNS
    ):
        return None
    documents = sentence.lexicon.words["documents"]
    for position in range(place - 1, max(sentence.start, place - _REACH_OF_SUBJECT) - 1, -1):
        form = sentence.forms[position]
        if form in documents or form.removesuffix("ا") in documents:
            return position, position + 1
    return None


def main_subject(sentence: Sentence) -> Range | None:
    """Return the person or body that a sentence is about: its subject, by the verb or first.

    Persons named or called by an office are meant; each may be the source of a later cue
    without a subject (رفض الوزير اللقاء. وقال إن …).

    >>> from analysis.attribution_lexicon import load_lexicon
    >>> from analysis.document import read_document, sentence_of
    >>> lexicon = load_lexicon()
    >>> document = read_document("ورفض وزير النقل سمير الوادي لقاء الصحفيين", lexicon)
    >>> start, end = main_subject(sentence_of(document, lexicon, 0))
    >>> document.forms[start:end]
    ['وزير', 'النقل', 'سمير', 'الوادي']
    """
    forms, lexicon = sentence.forms, sentence.lexicon
    start = _after_connectors(sentence, sentence.start, sentence.end)
    if start < sentence.end and _opens_circumstance(forms[start], lexicon):
        last = min(start + _LONGEST_CIRCUMSTANCE, sentence.end)
        comma = next((p for p in range(start, last) if forms[p] in COMMAS), None)
        start = (
            _after_circumstance(sentence, start)
            if comma is None
            else _after_connectors(sentence, comma, sentence.end)
        )
    if start < sentence.end and forms[start].removeprefix("و") in lexicon.words["before_verbs"]:
        start += 1
    for place in range(start, min(start + 2, sentence.end)):
        if sentence.document.quoted[place] >= 0 or forms[place] in PUNCTUATION:
            return None
        if is_anchor(sentence, place):
            return _person_or_body(sentence, place)
        if _describes_a_name(sentence, place):
            return _person_or_body(sentence, place + 1)
        if not _may_be_verb(sentence, place):
            return None
    return None


def _opens_circumstance(form: str, lexicon: Lexicon) -> bool:
    return form in lexicon.words["circumstances"] or form.removeprefix("و").startswith("بال")


def _describes_a_name(sentence: Sentence, place: int) -> bool:
    """Tell an unknown noun with the article before a name (الراعي سمير)."""
    following = sentence.forms[place + 1] if place + 1 < sentence.end else ""
    return sentence.forms[place].startswith(ARTICLE) and (
        following in sentence.lexicon.given_names or following in sentence.document.surnames
    )


def _person_or_body(sentence: Sentence, place: int) -> Range | None:
    """Return a body, a person named, or one called by an office, from `place` on."""
    source = source_after(sentence, place, sentence.end, open_ended=True)
    if source is None:
        return None
    described = describe_source(sentence.forms, *source, sentence.lexicon)
    if described.kind == "body":
        return source
    is_office = described.head and described.number == "s"
    return source if described.name or (described.kind == "role" and is_office) else None


def _after_circumstance(sentence: Sentence, start: int) -> int:
    """Return the verb after when or where, with a person after it (في بداية اللقاء شكر …)."""
    last = min(start + _LONGEST_CIRCUMSTANCE, sentence.end - 1)
    for place in range(start + 2, last):
        after = place + 1
        if (
            sentence.document.quoted[place] < 0
            and sentence.forms[place].isalpha()
            and _may_be_verb(sentence, place)
            and not is_anchor(sentence, place)
            and sentence.forms[place - 1] not in sentence.lexicon.words["prepositions"]
            and (
                _is_person(sentence, (after, after))
                or sentence.forms[after] in sentence.lexicon.words["titles"]
            )
        ):
            return place
    return sentence.end


def _may_be_verb(sentence: Sentence, place: int) -> bool:
    form, words = sentence.forms[place], sentence.lexicon.words
    return not (
        form.startswith(("ال", "لل", "بال", "وال"))
        or form in words["frame_prepositions"]
        or form in words["adverbs"]
        or form in words["dates"]
        or form in words["prepositions"]
        or form in words["circumstances"]
        or form in words["relative_pronouns"]
    )


def _after_connectors(sentence: Sentence, start: int, end: int) -> int:
    """Return the first word after what leads over from the clause before."""
    while start < end:
        length = find_phrase(sentence.lexicon.phrases["connectors"], sentence.forms, start)
        in_marks = sentence.document.quoted[start] >= 0
        if not length and not (sentence.forms[start] in PUNCTUATION and not in_marks):
            break
        start += length or 1
    return start
