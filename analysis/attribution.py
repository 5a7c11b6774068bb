"""Find attributions in one article: the cue, the words attributed, the phrase of the source.

The rule that fired is named in each attribution:

- `verb-clause`, `verb-quote`, `verb-colon`, `verb-question`: a verb before إن or أن, before
  quotation marks, a colon, or an indirect question; `subject-verb-…` when its subject stands
  before it
- `participle`: مضيفا، مشيرا إلى أن
- `nominal`: قوله، بقوله، بالقول
- `postposed-quote`: «…»، قال فلان; `parenthetical`: …، يضيف فلان، …
- `according-to`: وفق، بحسب، كما قال، على حد قوله
- `weak-act`, `weak-participle`: an act of speech without a clause (دعا إلى …)

Who the source is, is settled afterwards for the whole article (`analysis.coreference`).
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from analysis.attribution_lexicon import ARTICLE, CueForm, Lexicon, find_phrase, find_tag
from analysis.contents import (
    Clause,
    Opening,
    clause_around,
    find_act,
    find_content,
    find_opening,
    find_verdict,
    find_words_around,
    follows_remark,
    larger_side,
)
from analysis.document import (
    COMMAS,
    DASHES,
    SPEECH_WORDS,
    Document,
    Range,
    Sentence,
    follows_break,
    written,
)
from analysis.inflection import PRONOUNS
from analysis.source_spans import (
    LONGEST_NAME_IN_MARKS,
    is_anchor,
    is_at_odds,
    is_named_source,
    is_recurring_name,
    is_set_off,
    source_after,
    source_after_preposition,
    without_object,
)
from analysis.sources import describe_source
from analysis.subjects import (
    document_before,
    nearest_before,
    relative_antecedent,
    relative_is_object,
    source_of_earlier_verb,
    source_of_noun,
    subject_before,
    subject_of_sentence,
)

# When and where something was said: يقول فلان منذ أربعين سنة.
_LONGEST_CIRCUMSTANCE = 8
# A noun of saying or a doubtful cue without a subject stands right before its words.
_NOUN_REACH = 4
# عبر الوزير، في كلمة له، عن …: the preposition that makes it this verb.
_REACH_OF_NEED = 14
# What a verb is about, set before it: وعن اللاعبين الجدد في الفريق قال.
_LONGEST_TOPIC = 12
# After so many words a verb without a subject of its own describes a noun.
_FAR_FROM_HEAD = 6


class Attribution(NamedTuple):
    """One attribution, in token numbers but for `content`, which is in offsets of the text.

    `source` is the phrase that names the source at this place; `antecedent` a phrase
    elsewhere in the sentence that is understood to be the subject. `gender` and `number`
    are those of the cue. Speech without a cue (`analysis.uncued`) has an empty range there.
    """

    type: str
    content: Range
    cue: Range
    cue_lemma: str
    cue_kind: str
    gender: str
    number: str
    source: Range | None
    antecedent: Range | None
    weak: bool
    rule: str


def find_attributions(document: Document, lexicon: Lexicon) -> list[Attribution]:
    """Return the attributions of a document in the order of their contents.

    Of two attributions of the same content the one with a source is kept.

    >>> from analysis.attribution_lexicon import load_lexicon
    >>> from analysis.document import read_document
    >>> lexicon = load_lexicon()
    >>> text = "أكدت الوزارة أن المطر قادم، مضيفة: «لا خطر على السدود»."
    >>> found = find_attributions(read_document(text, lexicon), lexicon)
    >>> [(text[slice(*item.content)], item.rule) for item in found]
    [('المطر قادم', 'verb-clause'), ('لا خطر على السدود', 'participle')]
    """
    found: list[Attribution] = []
    for start, end in document.sentences:
        sentence = Sentence(document, lexicon, start, end, document.forms, document.cues)
        found += _cut_contents(sentence, _read_clauses(sentence))
    found.sort(key=lambda item: (item.content, item.source is None, item.cue))
    return [
        item
        for item, before in zip(found, [None, *found], strict=False)
        if before is None or item.content != before.content
    ]


def _read_clauses(sentence: Sentence) -> list[Clause]:
    clauses: list[Clause] = []
    used: set[int] = set()
    done_until = sentence.start
    signals = sentence.document.signals
    first, after = bisect_left(signals, sentence.start), bisect_left(signals, sentence.end)
    for place in signals[first:after]:
        if place < done_until:
            continue
        tagged = _according_to(sentence, place, clauses)
        if tagged:
            clauses.append(tagged)
            done_until = tagged.cue[1]
            continue
        cue = sentence.cues.get(place)
        if cue is None or not _is_asserted(sentence, place, cue):
            continue
        forward = _read_cue(sentence, place, cue, clauses)
        backward = _postposed(sentence, place, cue, used, clauses, forward)
        for clause in (backward, forward):
            if clause is None or (backward and clause.opening.kind != "quote"):
                continue
            if clause.opening.kind == "quote":
                used.add(sentence.document.quoted[clause.opening.at])
            clauses.append(clause)
        if backward and backward.opening.kind == "around":
            clauses.append(backward)
        elif backward and forward is None and (rest := _rest_of_quotation(sentence, backward)):
            used.add(sentence.document.quoted[rest.opening.at])
            clauses.append(rest)
    return clauses


def _cut_contents(sentence: Sentence, clauses: list[Clause]) -> Iterator[Attribution]:
    """Give each clause its words; a clause that has none is left out."""
    for number, clause in enumerate(clauses):
        content = find_content(sentence, clauses, number)
        if content is None:
            continue
        kind, span, in_marks = content
        yield Attribution(
            type=kind,
            content=span,
            cue=clause.cue,
            cue_lemma=clause.form.verb.lemma,
            cue_kind=clause.kind,
            gender=clause.form.gender,
            number=clause.form.number,
            source=clause.source,
            antecedent=clause.antecedent,
            weak=clause.weak and not in_marks,
            rule=clause.rule,
        )


def _is_asserted(sentence: Sentence, place: int, cue: CueForm) -> bool:
    """Reject what the writer says (يذكر أن), what was not said (لم يقل) and first persons."""
    forms, words = sentence.forms, sentence.lexicon.words
    complementizers = sentence.lexicon.complementizers
    form = forms[place]
    following = forms[place + 1] if place + 1 < sentence.end else ""
    if form in words["false_friends"] and following in complementizers:
        return following.startswith("ب")
    if cue.verb.lemma == "رأى" and written(sentence.document, place).endswith("رأي"):
        return False
    if cue.kind != "verb":
        return True
    if _is_first_person(sentence, place, cue):
        return False
    if place == sentence.start or cue.joined:
        return True
    before = forms[place - 1]
    if before in words["frame_prepositions"]:
        return False
    if before not in words["not_asserted_after"] or _follows(sentence, place, "soon_after"):
        return True
    if before == "ما" and cue.verb.document:
        return False
    if before == "ما" and (
        form.endswith(PRONOUNS) or (cue.verb.lemma == "قال" and following in complementizers)
    ):
        return True
    if _follows(sentence, place, "before_going_on"):
        return find_opening(sentence, place, cue) is not None
    if form in words["keeps_negation"] and before not in words["question_words"] | {"ما"}:
        return True
    if before == "لا":
        return False
    return before in words["past_after"] and not form.startswith(("ي", "ت"))


def _follows(sentence: Sentence, place: int, name: str) -> bool:
    """Tell whether two words of a list stand right before (قبل أن يستدرك، سرعان ما استدرك)."""
    two = sentence.forms[max(place - 2, sentence.start) : place]
    return " ".join(two) in sentence.lexicon.words[name]


def _is_first_person(sentence: Sentence, place: int, cue: CueForm) -> bool:
    """Tell أعتقد (I believe) from اعتقد (he believed), and علمتُ from علمت, by the spelling."""
    as_written = written(sentence.document, place).removeprefix(cue.joined)
    if as_written.endswith("تُ"):
        return True
    return cue.verb.lemma.startswith("ا") and as_written.startswith("أ")


# ── cues before the words ────────────────────────────────────────────────────────────────


def _read_cue(sentence: Sentence, place: int, cue: CueForm, clauses: list[Clause]) -> Clause | None:
    opening = find_opening(sentence, place, cue)
    if cue.kind == "nominal":
        return _read_noun(sentence, place, cue, opening, clauses)
    if cue.kind == "participle":
        return _read_participle(sentence, place, cue, opening, clauses)
    return _read_verb(sentence, place, cue, opening, clauses)


def _read_noun(
    sentence: Sentence, place: int, cue: CueForm, opening: Opening | None, clauses: list[Clause]
) -> Clause | None:
    if opening is None or opening.head - place > _NOUN_REACH:
        return None
    if _is_inside(clauses, place) and not follows_break(sentence, place):
        return None
    source, antecedent = source_of_noun(sentence, place, alone=not clauses)
    return Clause(place, (place, place + 1), cue, "nominal", opening, "nominal", source, antecedent)


def _read_participle(
    sentence: Sentence, place: int, cue: CueForm, opening: Opening | None, clauses: list[Clause]
) -> Clause | None:
    if cue.joined == "ف":
        return None
    if _is_inside(clauses, place) and not _participle_stands_alone(sentence, place, cue):
        return None
    if cue.gender == "f" and _is_noun_phrase(sentence, place):
        return None
    opening = opening or find_verdict(sentence, place, cue)
    weak = opening is None
    opening = opening or find_act(sentence, place + 1, cue)
    if opening is None:
        return None
    if (
        opening.kind == "quote"
        and opening.head - place > _NOUN_REACH
        and (sentence.forms[opening.head] != ":")
    ):
        return None
    return Clause(
        place,
        (place, place + 1),
        cue,
        "participle",
        opening,
        "weak-participle" if weak else "participle",
        antecedent=None if clauses else subject_of_sentence(sentence, place),
        weak=weak,
    )


def _read_verb(
    sentence: Sentence, place: int, cue: CueForm, opening: Opening | None, clauses: list[Clause]
) -> Clause | None:
    if opening and _object_comes_first(sentence, place, cue, opening):
        opening = None
    last = min(place + _REACH_OF_NEED, opening.at if opening else sentence.end)
    following = sentence.forms[place + 1 : last]
    if cue.verb.needs and cue.verb.needs.isdisjoint(following):
        return None
    weak = opening is None
    stop = opening.head if opening else sentence.end
    antecedent: Range | None = None
    begin = place
    if cue.joined == "ل":
        if opening is None or opening.head - place > _NOUN_REACH:
            return None
        source = None
        antecedent = subject_of_sentence(sentence, place) if not clauses else None
    elif cue.verb.after:
        source = source_after_preposition(sentence, place, stop, cue)
        if source is None and opening:
            antecedent = document_before(sentence, place, cue)
            source = None if antecedent else _outlet_after(sentence, place, opening)
        if source is None and antecedent is None:
            return None
    else:
        own = _own_prepositions(sentence, cue, opening)
        source = (
            None
            if cue.kind == "verb" and cue.number == "p"
            else source_after(sentence, place + 1, stop, ends_before=own)
        )
        if opening is None and "object" in cue.verb.weak:
            source = _subject_with_object(sentence, source, cue) if source else None
            if source is None:
                return None
        if opening is None:
            opening = find_act(sentence, source[1] if source else place + 1, cue)
        if opening is None and source and "object" not in cue.verb.weak:
            source, opening = None, find_act(sentence, place + 1, cue)
        judges = cue.verb.verdict and opening is not None and opening.kind == "quote"
        if source and judges and is_at_odds(sentence, source, cue):
            source = None
        if source and cue.verb.takes_object:
            source = without_object(sentence, source, cue, stop)
        not_before = clauses[-1].opening.at if clauses else sentence.start
        if _may_follow_subject(sentence, place, cue, source):
            source = subject_before(sentence, place, not_before=not_before) or source
        if source is None:
            before = sentence.forms[place - 1] if place > sentence.start else ""
            hidden = before == "ما" or before in sentence.lexicon.words["who_is"]
            antecedent = (
                nearest_before(sentence, place) if hidden else relative_antecedent(sentence, place)
            )
            if antecedent and is_set_off(sentence, antecedent[0]):
                antecedent = None
            if antecedent is None and cue.joined != "و":
                source = subject_before(sentence, place, not_before=not_before)
            if antecedent is None and source is None and not clauses:
                antecedent = source_of_earlier_verb(sentence, place)
        if source and source[0] < place:
            begin = source[0]
    if opening is None:
        return None
    clause = Clause(
        begin,
        (place, place + 1),
        cue,
        "verb",
        opening,
        "weak-act" if weak else f"{'subject-' * (begin < place)}verb-{opening.kind}",
        source,
        antecedent,
        weak,
    )
    if begin == place and _follows(sentence, place, "before_going_on"):
        clause = clause._replace(begin=place - 2)
    if _is_inside(clauses, place) and not (
        follows_remark(sentence, clauses[-1].opening.at, place)
        or _verb_stands_alone(
            sentence, place, clause, after_phrase=clauses[-1].kind == "according_to"
        )
    ):
        topic = _topic_before(sentence, place)
        if topic is None:
            return None
        if begin < place and begin < topic:
            clause = clause._replace(source=None, rule=clause.rule.removeprefix("subject-"))
        clause = clause._replace(begin=topic)
    return clause if _has_fit_subject(sentence, place, clause) else None


def _topic_before(sentence: Sentence, place: int) -> int | None:
    """Return where the topic begins that is set before a verb (، وعن المدرب قال: «…»)."""
    forms = sentence.forms
    for topic in range(place - 1, max(sentence.start, place - _LONGEST_TOPIC), -1):
        if topic in sentence.cues or forms[topic] in sentence.lexicon.complementizers:
            return None
        if forms[topic] in sentence.lexicon.words["topics"] and follows_break(sentence, topic):
            return topic
    return None


def _subject_with_object(sentence: Sentence, source: Range, cue: CueForm) -> Range | None:
    """Return the named subject of a verb with an object, if it is clear where it ends.

    It ends with a surname, with the name of a body, or before what no name goes on with. An
    adjective agrees with its body (الحكومة النرويجية الهجوم); a noun need not.
    """
    subject = without_object(sentence, source, cue, sentence.end)
    if subject is None or not is_anchor(sentence, subject[0]):
        return None
    forms, lexicon = sentence.forms, sentence.lexicon
    start, end = subject
    if forms[start].startswith(ARTICLE) and forms[start].endswith("ه"):
        agreeing = start + 1
        while agreeing < end and forms[agreeing].endswith("ه"):
            agreeing += 1
        if agreeing < end and forms[agreeing].startswith(ARTICLE):
            return (start, agreeing) if agreeing - start > 1 else None
    described = describe_source(forms, start, end, lexicon)
    if not (described.name or described.definite or described.kind == "body"):
        return None
    following = forms[end] if end < sentence.end else ""
    is_whole = forms[end - 1] in sentence.document.surnames or (
        find_phrase(lexicon.bodies, forms, start) == end - start
    )
    return subject if is_whole or not following.startswith(ARTICLE) else None


def _outlet_after(sentence: Sentence, place: int, opening: Opening) -> Range | None:
    """Return the outlet that relays without saying from whom (نقلت وسائل الإعلام أن)."""
    if opening.kind != "clause" or sentence.forms[place + 1].startswith("عن"):
        return None
    source = source_after(sentence, place + 1, opening.head)
    if source is None:
        return None
    described = describe_source(sentence.forms, *source, sentence.lexicon)
    return source if described.source_type == "media" else None


def _may_follow_subject(sentence: Sentence, place: int, cue: CueForm, source: Range | None) -> bool:
    """Tell whether what follows a verb may be its object or a date, and its subject precedes.

    So after أما فلان فقال, after فلان قد أعلن, and where the person spoken to follows
    (فلان حذر الرئيس من أن).
    """
    topic = sentence.forms[sentence.start] in sentence.lexicon.words["topic_markers"]
    if topic and source and cue.verb.object and sentence.forms[place].endswith(PRONOUNS):
        return False
    if cue.joined == "ف" and topic:
        return True
    if cue.joined or source is None or place == sentence.start:
        return False
    return cue.verb.takes_object or sentence.forms[place - 1] == "قد"


def _object_comes_first(sentence: Sentence, place: int, cue: CueForm, opening: Opening) -> bool:
    """Tell whether marks far off stand inside the object: حذر من المساس بهيئة «…»."""
    if opening.kind != "quote" or sentence.forms[opening.head] == ":":
        return False
    if "object" in cue.verb.weak:
        return False
    source = source_after(
        sentence, place + 1, opening.head, ends_before=_own_prepositions(sentence, cue, None)
    )
    act = find_act(sentence, source[1] if source else place + 1, cue)
    return act is not None and act.at < opening.head


def _own_prepositions(sentence: Sentence, cue: CueForm, opening: Opening | None) -> frozenset[str]:
    """Return the prepositions that belong to the verb, so that they end its subject.

    When the words open without one, a preposition before them is part of the subject.
    """
    if (
        opening
        and sentence.forms[opening.head] not in (sentence.lexicon.words["frame_prepositions"])
    ):
        return frozenset()
    return cue.verb.weak - {"على"}


def _has_fit_subject(sentence: Sentence, place: int, clause: Clause) -> bool:
    """Reject passives of nobody, relative verbs on their own, and homographs by their subject."""
    forms, words, cue = sentence.forms, sentence.lexicon.words, clause.form
    if clause.source is None and forms[place] in words["needs_subject"]:
        return False
    if clause.source is None and clause.antecedent is None:
        before = forms[place - 1] if place > sentence.start else ""
        if before in words["relative_pronouns"] - words["where"]:
            return relative_is_object(sentence, place) and clause.opening.kind == "clause"
        if clause.weak and not cue.joined and before not in words["opposition"]:
            return False
        return not cue.verb.strict or clause.opening.head - place <= _NOUN_REACH
    if clause.source and forms[clause.source[0]] in words["not_speakers"]:
        return forms[clause.source[0]] in sentence.lexicon.given_names
    if cue.verb.strict and clause.source and clause.begin == place and not cue.verb.after:
        return is_named_source(sentence, clause.source)
    return True


def _is_inside(clauses: list[Clause], place: int) -> bool:
    """Tell whether a cue stands in words already attributed to somebody."""
    return bool(clauses) and (
        clauses[-1].opening.kind != "quote" and clauses[-1].opening.at <= place
    )


def _participle_stands_alone(sentence: Sentence, place: int, cue: CueForm) -> bool:
    return (
        follows_break(sentence, place)
        or cue.joined == "و"
        or (cue.gender, cue.number)
        == (
            "m",
            "s",
        )
    )


def _is_noun_phrase(sentence: Sentence, place: int) -> bool:
    """Tell whether a feminine form is a noun or an adjective here, not a participle of state."""
    if place == sentence.start:
        return True
    if sentence.forms[place - 1] in sentence.lexicon.words["frame_prepositions"]:
        return True
    return not (
        follows_break(sentence, place)
        or sentence.cues[place].joined
        or any(earlier in sentence.cues for earlier in range(sentence.start, place))
    )


def _verb_stands_alone(
    sentence: Sentence, place: int, clause: Clause, *, after_phrase: bool
) -> bool:
    """Tell a new attribution from a verb inside the words already attributed to somebody.

    `after_phrase`: those words are attributed by a phrase (وفق فلان), not by a verb.
    """
    forms, cue = sentence.forms, clause.form
    if _follows(sentence, place, "before_going_on"):
        return True
    if clause.antecedent is not None:
        return follows_break(sentence, place - 1)
    if clause.begin == sentence.start:
        return True
    if cue.joined:
        return follows_break(sentence, place) or clause.opening.head - place <= 2
    before = forms[clause.begin - 1]
    if before in sentence.lexicon.complementizers:
        before = forms[clause.begin - 2]
    if before in sentence.lexicon.words["opposition"]:
        return True
    if clause.begin < place:
        return forms[clause.begin].startswith("و") and follows_break(sentence, clause.begin)
    if clause.source is None and not after_phrase:
        return False
    return follows_break(sentence, place) and cue.verb.postposed and not cue.verb.strict


# ── cues after or amid the words ─────────────────────────────────────────────────────────


def _postposed(
    sentence: Sentence,
    place: int,
    cue: CueForm,
    used: set[int],
    clauses: list[Clause],
    forward: Clause | None,
) -> Clause | None:
    """Read a verb that follows or interrupts the words it reports."""
    if cue.kind != "verb" or not cue.verb.postposed or cue.joined or place == sentence.start:
        return None
    forms, document = sentence.forms, sentence.document
    before = place - 1
    thus = forms[before] in sentence.lexicon.words["thus"]
    before -= thus
    first = 0 if before < sentence.start else sentence.start
    while (
        before > first and forms[before] in COMMAS | DASHES | {"."} and document.quoted[before] < 0
    ):
        before -= 1
    number = document.quoted[before] if before >= first else -1
    if number >= 0 and number not in used and not (forward and forward.opening.kind == "clause"):
        span = document.spans[number]
        introduced = forms[span.open - 1] if span.open > sentence.start else ""
        if (
            span.words >= SPEECH_WORDS
            and before == span.close
            and not (cue.verb.strict and not thus and before == place - 1)
            and introduced not in sentence.lexicon.words["scare_quotes_after"]
        ):
            stop = forward.opening.head if forward else sentence.end
            source = source_after(sentence, place + 1, stop)
            opening = Opening("quote", place, span.open)
            return Clause(
                place, (place, place + 1), cue, "verb", opening, "postposed-quote", source
            )
    if forward or forms[place - 1] not in COMMAS | DASHES or _is_inside(clauses, place):
        return None
    source = source_after(sentence, place + 1, sentence.end)
    end = source[1] if source else place + 1
    named = source is not None and is_named_source(sentence, source)
    if end < sentence.end and forms[end] not in COMMAS | DASHES | {"."}:
        after = next((p for p in range(end, sentence.end) if forms[p] in COMMAS), sentence.end)
        if not named or after - end > _LONGEST_CIRCUMSTANCE:
            return None
        end = after
    first, last = clause_around(sentence, place, end)
    around = larger_side((first, place), (min(end + 1, last), last))
    if around is None:
        return None
    opening = Opening("around", around[1], around[0])
    return Clause(place, (place, place + 1), cue, "verb", opening, "parenthetical", source)


def _rest_of_quotation(sentence: Sentence, clause: Clause) -> Clause | None:
    """Read the second half of a quotation that its cue interrupts («…»، قال فلان، «…»)."""
    forms, document = sentence.forms, sentence.document
    for place in range(clause.cue[1], sentence.end):
        number = document.quoted[place]
        if place in sentence.cues or forms[place] in sentence.lexicon.complementizers:
            return None
        if number >= 0 and document.spans[number].words >= SPEECH_WORDS:
            opening = Opening("quote", place, place)
            return clause._replace(opening=opening) if forms[place - 1] in COMMAS else None
    return None


_Tagged = tuple[int, CueForm, Range | None]


def _according_to(sentence: Sentence, place: int, clauses: list[Clause]) -> Clause | None:
    """Read وفق، بحسب، كما قال، على حد قوله with the words before or after them."""
    read = (
        _tag(sentence, place)
        or _verb_in_parenthesis(sentence, place)
        or _preposition_of_source(sentence, place)
    )
    if read is None:
        return None
    cue_end, form, source = read
    last = clauses[-1] if clauses else None
    if last and last.cue[0] < place < last.opening.at:
        return None
    clause = Clause(
        place,
        (place, cue_end),
        form,
        "according_to",
        Opening("none", place, place),
        "according-to",
        source,
    )
    if _is_inside(clauses, place) and not _is_minor(sentence, clauses[-1]):
        return clause
    around = find_words_around(sentence, place, source[1] if source else cue_end)
    if around is None:
        return None
    return clause._replace(opening=Opening("around", around[1], around[0]))


def _is_minor(sentence: Sentence, clause: Clause) -> bool:
    """Tell a clause that is a part of what a phrase after it attributes as a whole.

    So a weak act, and a verb that only describes a noun far from the head of the sentence
    (أوقفت امرأة بسبب مخالفات قالت إنها ارتكبتها، بحسب ما أفادت الشرطة).
    """
    return clause.weak or (clause.source is None and clause.begin - sentence.start > _FAR_FROM_HEAD)


def _verb_in_parenthesis(sentence: Sentence, place: int) -> _Tagged | None:
    """Read كما قال فلان، بحسب ما ذكرت الوكالة، كما جاء على لسان فلان."""
    forms, lexicon = sentence.forms, sentence.lexicon
    verb_place = place + find_phrase(lexicon.phrases["according_to_verb"], forms, place)
    if verb_place == place or verb_place >= sentence.end:
        return None
    cue = sentence.cues.get(verb_place) or _verb_with_object(sentence, verb_place)
    if cue is None or cue.kind != "verb":
        return None
    between_commas = (
        sentence.start < place
        and verb_place + 1 < sentence.end
        and forms[place - 1] in COMMAS
        and forms[verb_place + 1] in COMMAS
    )
    if between_commas:
        return verb_place + 1, cue, None
    if forms[place] in lexicon.words["additive"]:
        if place == sentence.start:
            return None
        if verb_place in sentence.cues:
            opening = find_opening(sentence, verb_place, cue)
            source = source_after(sentence, verb_place + 1, sentence.end)
            act = find_act(sentence, source[1] if source else verb_place + 1, cue)
            if act or (opening and opening.kind != "quote"):
                return None
    if cue.verb.after:
        source = source_after_preposition(sentence, verb_place, sentence.end, cue)
        after = verb_place + 1
        after += after < sentence.end and forms[after] in lexicon.words["prepositions"]
        source = source or source_after(sentence, after, sentence.end)
    else:
        after = verb_place + 1
        after += after < sentence.end and forms[after] in lexicon.words["returning"]
        source = source_after(sentence, after, sentence.end)
    return (verb_place + 1, cue, source) if source else None


def _verb_with_object(sentence: Sentence, place: int) -> CueForm | None:
    """Return the verb of a form that carries an object pronoun (ما ذكرته، ما أكده)."""
    form = sentence.forms[place]
    return sentence.lexicon.cues.get(form[:-1]) if form.endswith("ه") else None


def _preposition_of_source(sentence: Sentence, place: int) -> _Tagged | None:
    """Read وفق فلان; a plan or a wish is no source of information (وفق خطة، حسب الطلب)."""
    length = find_phrase(sentence.lexicon.phrases["according_to"], sentence.forms, place)
    if not length:
        return None
    source = source_after(sentence, place + length, sentence.end)
    if source is None or not _is_informant(sentence, source):
        return None
    source = _without_relative_verb(sentence, source)
    phrase = sentence.forms[place : place + length]
    return place + length, sentence.lexicon.tags[" ".join(phrase)], source


def _without_relative_verb(sentence: Sentence, source: Range) -> Range:
    """Cut off the verb of a relative clause on a document (مذكرة للمرصد اطلعت عليها …)."""
    (start, end), forms, words = source, sentence.forms, sentence.lexicon.words
    relative = end < sentence.end and forms[end] in words["returning"] and forms[end - 1].isalpha()
    return (start, end - 1) if relative and forms[start] in words["documents"] else source


def _is_informant(sentence: Sentence, source: Range) -> bool:
    form, lexicon = sentence.forms[source[0]], sentence.lexicon
    number = sentence.document.quoted[source[0]]
    if number >= 0 and sentence.document.spans[number].words <= LONGEST_NAME_IN_MARKS:
        return True
    return (
        form in lexicon.roles
        or form in lexicon.given_names
        or form in sentence.document.surnames
        or form in lexicon.bodies
        or any(form in lexicon.words[group] for group in ("documents", "titles", "any_source"))
        or (
            not any(word.startswith("ال") for word in sentence.forms[slice(*source)])
            and is_recurring_name(sentence, *source)
        )
    )


def _tag(sentence: Sentence, place: int) -> _Tagged | None:
    """Read على حد قوله، بحسب تعبيرها: the source is the speaker of the words before.

    Without a pronoun who speaks is named after it (على حد تعبير الوزير).
    """
    lexicon, forms = sentence.lexicon, sentence.forms
    length, form = find_tag(lexicon, forms, place)
    if form:
        return place + length, form, None
    for length in (3, 2):
        form = lexicon.tags.get(" ".join(forms[place : place + length]))
        if form and find_phrase(lexicon.phrases["according_to"], forms, place) != length:
            source = source_after(sentence, place + length, sentence.end)
            return (place + length, form, source) if source else None
    return None
