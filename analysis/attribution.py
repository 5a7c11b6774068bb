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

Who the source is, is settled afterwards for the whole article (`analysis.speakers`).
"""

from typing import NamedTuple

from analysis.attribution_lexicon import CueForm, Lexicon, find_phrase, find_tag
from analysis.document import (
    COMMAS,
    DASHES,
    PUNCTUATION,
    SPEECH_WORDS,
    STOPS,
    Document,
    Range,
    Sentence,
    follows_break,
    written,
)
from analysis.quotation_marks import QuotedSpan
from analysis.source_spans import (
    closing_bracket,
    is_act_noun,
    is_named_source,
    is_recurring_name,
    relative_antecedent,
    source_after,
    source_after_preposition,
    source_of_earlier_verb,
    source_of_noun,
    subject_before,
    subject_of_sentence,
    without_object,
)

_REACH = 45
_STRICT_REACH = 16
_PARTICIPLE_REACH = 14
_NOUN_REACH = 4
_OBJECT_REACH = 8
_LONGEST_TITLE = 5
_LONGEST_NAME_IN_MARKS = 8
_REACH_AFTER_MARKS = 12


class Attribution(NamedTuple):
    """One attribution, in token numbers but for `content`, which is in offsets of the text.

    `source` is the phrase that names the source at this place; `antecedent` a phrase
    elsewhere in the sentence that is understood to be the subject. `gender` and `number`
    are those of the cue.
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


class _Opening(NamedTuple):
    """Where reported words begin: `head` is the first token after the frame, `at` the words.

    `kind` is clause (إن، أن), quote (marks), colon, question; around, when the words stand
    on one side of the cue and reach from `at` to `head`; or none, when they are another's.
    """

    kind: str
    head: int
    at: int


class _Clause(NamedTuple):
    """A cue accepted in a sentence, from `begin` on, before its content is cut to size."""

    begin: int
    cue: Range
    form: CueForm
    kind: str
    opening: _Opening
    rule: str
    source: Range | None = None
    antecedent: Range | None = None
    weak: bool = False


def find_attributions(document: Document, lexicon: Lexicon) -> list[Attribution]:
    """Return the attributions of a document in the order of their contents."""
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


def _read_clauses(sentence: Sentence) -> list[_Clause]:
    clauses: list[_Clause] = []
    used: set[int] = set()
    done_until = sentence.start
    for place in range(sentence.start, sentence.end):
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
    return clauses


def _is_asserted(sentence: Sentence, place: int, cue: CueForm) -> bool:
    """Reject what the writer says (يذكر أن), what was not said (لم يقل) and first persons."""
    forms, words = sentence.forms, sentence.lexicon.words
    form = forms[place]
    following = forms[place + 1] if place + 1 < sentence.end else ""
    if form in words["false_friends"] and following in sentence.lexicon.complementizers:
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
    if before not in words["not_asserted_after"]:
        return True
    if before == "لا":
        return form in words["keeps_negation"]
    return before in words["past_after"] and not form.startswith(("ي", "ت"))


def _is_first_person(sentence: Sentence, place: int, cue: CueForm) -> bool:
    """Tell أعتقد (I believe) from اعتقد (he believed), and علمتُ from علمت, by the spelling."""
    as_written = written(sentence.document, place).removeprefix(cue.joined)
    if as_written.endswith("تُ"):
        return True
    return cue.verb.lemma.startswith("ا") and as_written.startswith("أ")


# ── where the words begin ───────────────────────────────────────────────────────────────


def _find_opening(sentence: Sentence, place: int, cue: CueForm) -> _Opening | None:
    """Return where the words reported by a cue begin, or None when nothing shows it."""
    forms, document, words = sentence.forms, sentence.document, sentence.lexicon.words
    position = place + 1
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
        if form in sentence.lexicon.complementizers:
            return _clause_opening(sentence, position, cue)
        if cue.verb.question and form in words["question_words"]:
            return _Opening("question", position, position)
        other = sentence.cues.get(position)
        if other and not (other.kind == "verb" and other.verb.strict):
            return None
        if form in words["clause_breakers"] and position > place + 1:
            return None
        position += 1
    return None


def _reach(cue: CueForm) -> int:
    if cue.kind == "participle":
        return _PARTICIPLE_REACH
    return _STRICT_REACH if cue.verb.strict and not cue.verb.after else _REACH


def _clause_opening(sentence: Sentence, place: int, cue: CueForm) -> _Opening | None:
    """Return a clause that begins at a complementizer, unless another word governs it."""
    words = sentence.lexicon.words
    before = sentence.forms[place - 1]
    following = sentence.forms[place + 1] if place + 1 < sentence.end else ""
    if cue.verb.question or before in words["govern_clause"]:
        return None
    if sentence.forms[place] == "ان" and following in words["conditional_before"]:
        return None
    if before not in words["frame_prepositions"]:
        return _Opening("clause", place, place + 1)
    return _Opening("clause", place - 1, place + 1) if before in cue.verb.clause else None


def _is_clock(forms: list[str], place: int) -> bool:
    return (
        0 < place < len(forms) - 1
        and forms[place - 1][-1:].isdigit()
        and forms[place + 1][:1].isdigit()
    )


def _after_colon(sentence: Sentence, colon: int) -> _Opening | None:
    following = colon + 1
    if following >= sentence.end:
        return None
    if sentence.document.quoted[following] >= 0:
        return _Opening("quote", colon, following)
    if sentence.forms[following] in sentence.lexicon.complementizers:
        return _Opening("clause", colon, following + 1)
    return _Opening("colon", colon, following)


def _quote_opening(sentence: Sentence, place: int, opening: int, cue: CueForm) -> _Opening | None:
    """Tell whether the marks at `opening` hold the words of the cue, not a name or a title."""
    forms, document, words = sentence.forms, sentence.document, sentence.lexicon.words
    span = document.spans[document.quoted[opening]]
    before = forms[opening - 1]
    immediate = opening == place + 1
    if span.words < (2 if immediate else SPEECH_WORDS):
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
    return _Opening("quote", head, opening)


def _names_the_source(sentence: Sentence, span: QuotedSpan, cue: CueForm) -> bool:
    """Tell whether words in marks are a name, because a clause follows (قال "تجمع …" إن …)."""
    if span.words > _LONGEST_NAME_IN_MARKS:
        return False
    forms, words = sentence.forms, sentence.lexicon.words
    last = min(span.close + 1 + _REACH_AFTER_MARKS, sentence.end)
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
            or form.startswith("و")
        ):
            return False
    return False


def _weak_opening(sentence: Sentence, after: int, cue: CueForm) -> _Opening | None:
    """Return where the object of a reported act begins (دعا إلى …، أشاد بـ…، أكد أهمية …)."""
    forms, weak = sentence.forms, cue.verb.weak
    position = after
    while position < sentence.end and forms[position] in sentence.lexicon.words["adverbs"]:
        position += 1
    if not weak or position >= sentence.end - 1:
        return None
    form = forms[position]
    if form in sentence.lexicon.words["frame_prepositions"] and form in weak:
        return _Opening("clause", position, position + 1)
    if ("ب" in weak and form.startswith("ب") and len(form) > 3) or (
        "noun" in weak and is_act_noun(sentence, form)
    ):
        return _Opening("clause", position, position)
    if "عن" in weak:
        for far in range(position, min(position + _OBJECT_REACH, sentence.end - 1)):
            if forms[far] == "عن":
                return _Opening("clause", far, far + 1)
            if far in sentence.cues or forms[far] in sentence.lexicon.words["clause_breakers"]:
                break
    return None


# ── cues before the words ───────────────────────────────────────────────────────────────


def _read_cue(
    sentence: Sentence, place: int, cue: CueForm, clauses: list[_Clause]
) -> _Clause | None:
    opening = _find_opening(sentence, place, cue)
    if cue.kind == "nominal":
        return _read_noun(sentence, place, cue, opening, clauses)
    if cue.kind == "participle":
        return _read_participle(sentence, place, cue, opening, clauses)
    return _read_verb(sentence, place, cue, opening, clauses)


def _read_noun(
    sentence: Sentence, place: int, cue: CueForm, opening: _Opening | None, clauses: list[_Clause]
) -> _Clause | None:
    if opening is None or opening.head - place > _NOUN_REACH:
        return None
    if _is_inside(clauses, place) and not follows_break(sentence, place):
        return None
    source, antecedent = source_of_noun(sentence, place, alone=not clauses)
    return _Clause(
        place, (place, place + 1), cue, "nominal", opening, "nominal", source, antecedent
    )


def _read_participle(
    sentence: Sentence, place: int, cue: CueForm, opening: _Opening | None, clauses: list[_Clause]
) -> _Clause | None:
    if _is_inside(clauses, place) and not _participle_stands_alone(sentence, place, cue):
        return None
    if cue.gender == "f" and _is_noun_phrase(sentence, place):
        return None
    weak = opening is None
    opening = opening or _weak_opening(sentence, place + 1, cue)
    if opening is None:
        return None
    if (
        opening.kind == "quote"
        and opening.head - place > _NOUN_REACH
        and (sentence.forms[opening.head] != ":")
    ):
        return None
    return _Clause(
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
    sentence: Sentence, place: int, cue: CueForm, opening: _Opening | None, clauses: list[_Clause]
) -> _Clause | None:
    if opening and _object_comes_first(sentence, place, cue, opening):
        opening = None
    weak = opening is None
    stop = opening.head if opening else sentence.end
    antecedent: Range | None = None
    begin = place
    if cue.verb.after:
        source = source_after_preposition(sentence, place, stop, cue)
        if source is None:
            return None
    else:
        own = _own_prepositions(sentence, cue, opening)
        source = source_after(sentence, place + 1, stop, ends_before=own)
        if opening is None:
            opening = _weak_opening(sentence, source[1] if source else place + 1, cue)
        if opening is None and source:
            source, opening = None, _weak_opening(sentence, place + 1, cue)
        if source and cue.verb.takes_object:
            source = without_object(sentence, source, cue, stop)
        not_before = clauses[-1].opening.at if clauses else sentence.start
        topic = sentence.forms[sentence.start] in sentence.lexicon.words["topic_markers"]
        if cue.joined == "ف" and topic:
            source = subject_before(sentence, place, not_before=not_before) or source
        if source is None:
            antecedent = relative_antecedent(sentence, place)
            if antecedent is None and cue.joined != "و":
                source = subject_before(sentence, place, not_before=not_before)
            if antecedent is None and source is None and not clauses:
                antecedent = source_of_earlier_verb(sentence, place)
        if source and source[0] < place:
            begin = source[0]
    if opening is None:
        return None
    clause = _Clause(
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
    if _is_inside(clauses, place) and not _verb_stands_alone(sentence, place, clause):
        return None
    return clause if _has_fit_subject(sentence, place, clause) else None


def _object_comes_first(sentence: Sentence, place: int, cue: CueForm, opening: _Opening) -> bool:
    """Tell whether marks far off stand inside the object: حذر من المساس بهيئة «…»."""
    if opening.kind != "quote" or sentence.forms[opening.head] == ":":
        return False
    source = source_after(
        sentence, place + 1, opening.head, ends_before=_own_prepositions(sentence, cue, None)
    )
    act = _weak_opening(sentence, source[1] if source else place + 1, cue)
    return act is not None and act.at < opening.head


def _own_prepositions(sentence: Sentence, cue: CueForm, opening: _Opening | None) -> frozenset[str]:
    """Return the prepositions that belong to the verb, so that they end its subject.

    When the words open without one, a preposition before them is part of the subject.
    """
    if (
        opening
        and sentence.forms[opening.head] not in (sentence.lexicon.words["frame_prepositions"])
    ):
        return frozenset()
    return cue.verb.weak - {"على"}


def _has_fit_subject(sentence: Sentence, place: int, clause: _Clause) -> bool:
    """Reject passives of nobody, relative verbs on their own, and homographs by their subject."""
    forms, words, cue = sentence.forms, sentence.lexicon.words, clause.form
    if clause.source is None and forms[place] in words["needs_subject"]:
        return False
    if clause.source is None and clause.antecedent is None:
        before = forms[place - 1] if place > sentence.start else ""
        if before in words["relative_pronouns"]:
            return False
        if clause.weak and not cue.joined and before not in words["opposition"]:
            return False
        return not cue.verb.strict or clause.opening.head - place <= _NOUN_REACH
    if clause.source and forms[clause.source[0]] in words["not_speakers"]:
        return False
    if cue.verb.strict and clause.source and clause.begin == place and not cue.verb.after:
        return is_named_source(sentence, clause.source)
    return True


def _is_inside(clauses: list[_Clause], place: int) -> bool:
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


def _verb_stands_alone(sentence: Sentence, place: int, clause: _Clause) -> bool:
    """Tell a new attribution from a verb inside the words already attributed to somebody."""
    forms, cue = sentence.forms, clause.form
    if clause.antecedent is not None:
        return follows_break(sentence, place - 1)
    if clause.begin == sentence.start:
        return True
    if cue.joined:
        return follows_break(sentence, place) or clause.opening.head - place <= 2
    if forms[clause.begin - 1] in sentence.lexicon.words["opposition"]:
        return True
    if clause.begin < place:
        return forms[clause.begin].startswith("و") and follows_break(sentence, clause.begin)
    return follows_break(sentence, place) and cue.verb.postposed and not cue.verb.strict


# ── cues after or amid the words ────────────────────────────────────────────────────────


def _postposed(
    sentence: Sentence,
    place: int,
    cue: CueForm,
    used: set[int],
    clauses: list[_Clause],
    forward: _Clause | None,
) -> _Clause | None:
    """Read a verb that follows or interrupts the words it reports."""
    if cue.kind != "verb" or not cue.verb.postposed or cue.joined or place == sentence.start:
        return None
    forms, document = sentence.forms, sentence.document
    before = place - 1
    while (
        before > sentence.start
        and forms[before] in COMMAS | DASHES | {"."}
        and document.quoted[before] < 0
    ):
        before -= 1
    number = document.quoted[before]
    if number >= 0 and number not in used and not (forward and forward.opening.kind == "clause"):
        span = document.spans[number]
        introduced = forms[span.open - 1] if span.open > sentence.start else ""
        if (
            span.words >= SPEECH_WORDS
            and before == span.close
            and not (cue.verb.strict and before == place - 1)
            and introduced not in sentence.lexicon.words["scare_quotes_after"]
        ):
            stop = forward.opening.head if forward else sentence.end
            source = source_after(sentence, place + 1, stop)
            opening = _Opening("quote", place, span.open)
            return _Clause(
                place, (place, place + 1), cue, "verb", opening, "postposed-quote", source
            )
    if forward or forms[place - 1] not in COMMAS | DASHES or _is_inside(clauses, place):
        return None
    source = source_after(sentence, place + 1, sentence.end)
    end = source[1] if source else place + 1
    if end < sentence.end and forms[end] not in COMMAS | DASHES | {"."}:
        return None
    around = _larger((sentence.start, place), (min(end + 1, sentence.end), sentence.end))
    if around is None:
        return None
    opening = _Opening("around", around[1], around[0])
    return _Clause(place, (place, place + 1), cue, "verb", opening, "parenthetical", source)


def _larger(left: Range, right: Range) -> Range | None:
    """Return the larger side of a cue amid the words, if it is long enough to say something."""
    larger = max(left, right, key=lambda part: part[1] - part[0])
    return larger if larger[1] - larger[0] >= SPEECH_WORDS else None


def _according_to(sentence: Sentence, place: int, clauses: list[_Clause]) -> _Clause | None:
    """Read وفق، بحسب، كما قال، على حد قوله with the words before or after them."""
    if sentence.document.quoted[place] >= 0:
        return None
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
    clause = _Clause(
        place,
        (place, cue_end),
        form,
        "according_to",
        _Opening("none", place, place),
        "according-to",
        source,
    )
    if _is_inside(clauses, place):
        return clause
    around = _words_around(sentence, place, source[1] if source else cue_end)
    if around is None:
        return None
    return clause._replace(opening=_Opening("around", around[1], around[0]))


_Tagged = tuple[int, CueForm, Range | None]


def _verb_in_parenthesis(sentence: Sentence, place: int) -> _Tagged | None:
    """Read كما قال فلان، بحسب ما ذكرت الوكالة، كما جاء على لسان فلان."""
    forms, lexicon = sentence.forms, sentence.lexicon
    verb_place = place + find_phrase(lexicon.phrases["according_to_verb"], forms, place)
    if verb_place == place or verb_place >= sentence.end:
        return None
    cue = sentence.cues.get(verb_place) or _verb_with_object(sentence, verb_place)
    if cue is None or cue.kind != "verb":
        return None
    if forms[place] in lexicon.words["additive"]:
        if place == sentence.start:
            return None
        if verb_place in sentence.cues:
            opening = _find_opening(sentence, verb_place, cue)
            source = source_after(sentence, verb_place + 1, sentence.end)
            act = _weak_opening(sentence, source[1] if source else verb_place + 1, cue)
            if act or (opening and opening.kind != "quote"):
                return None
    if cue.verb.after:
        source = source_after_preposition(sentence, verb_place, sentence.end, cue)
        source = source or source_after(sentence, verb_place + 2, sentence.end)
    else:
        source = source_after(sentence, verb_place + 1, sentence.end)
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
    phrase = sentence.forms[place : place + length]
    return place + length, sentence.lexicon.tags[" ".join(phrase)], source


def _is_informant(sentence: Sentence, source: Range) -> bool:
    form, lexicon = sentence.forms[source[0]], sentence.lexicon
    return (
        form in lexicon.roles
        or form in lexicon.given_names
        or form in lexicon.bodies
        or any(form in lexicon.words[group] for group in ("documents", "titles", "any_source"))
        or (
            not any(word.startswith("ال") for word in sentence.forms[slice(*source)])
            and is_recurring_name(sentence, *source)
        )
    )


def _tag(sentence: Sentence, place: int) -> _Tagged | None:
    """Read على حد قوله، بحسب تعبيرها: the source is the speaker of the words before."""
    length, form = find_tag(sentence.lexicon, sentence.forms, place)
    return (place + length, form, None) if form else None


def _words_around(sentence: Sentence, place: int, end: int) -> Range | None:
    """Return the words an according-to phrase attributes: the larger side of the sentence."""
    forms, words = sentence.forms, sentence.lexicon.words
    after = end
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
    while before > sentence.start and forms[before - 1] in COMMAS | DASHES | {"("}:
        before -= 1
    if before - sentence.start < SPEECH_WORDS:
        before = sentence.start
    around = _larger((sentence.start, before), (after, sentence.end))
    number = sentence.document.quoted[before - 1] if before > sentence.start else -1
    if number >= 0 and around == (sentence.start, before):
        span = sentence.document.spans[number]
        if span.words >= SPEECH_WORDS and 2 * span.words >= before - sentence.start:
            return max(span.open, sentence.start), before
    return around


# ── where the words end ─────────────────────────────────────────────────────────────────


def _cut_contents(sentence: Sentence, clauses: list[_Clause]) -> list[Attribution]:
    """Give each clause its words: up to the next clause, or to the end of the sentence."""
    found = []
    for number, clause in enumerate(clauses):
        limit = _limit(sentence, clauses, number)
        content = _content(sentence, clause, limit) if limit else None
        if content is None:
            continue
        kind, span, in_marks = content
        found.append(
            Attribution(
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
        )
    return found


def _limit(sentence: Sentence, clauses: list[_Clause], number: int) -> int:
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
        return opening.head
    later = [other.begin for other in clauses[number + 1 :] if other.begin > opening.at]
    return min([sentence.end, *later, *_end_of_subordinate(sentence, clause)])


def _end_of_subordinate(sentence: Sentence, clause: _Clause) -> list[int]:
    """Return the comma that ends a clause opened by بينما at the head of a sentence."""
    subordinate = sentence.forms[sentence.start] in sentence.lexicon.words["subordinators"]
    if not subordinate or clause.begin != sentence.start + 1:
        return []
    commas = (p for p in range(clause.opening.at, sentence.end) if sentence.forms[p] in COMMAS)
    return list(commas)[:1]


def _content(sentence: Sentence, clause: _Clause, limit: int) -> tuple[str, Range, bool] | None:
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
    mostly_quoted = before < SPEECH_WORDS and len(long) == 1 and after <= _least_rest(first)
    if mostly_quoted or before + after < SPEECH_WORDS:
        return "direct", (first.start, first.end), True
    return "mixed", whole, False


def _quoted_content(sentence: Sentence, clause: _Clause, limit: int) -> tuple[str, Range, bool]:
    """Return the words in marks, or the whole clause when most of it stands outside them."""
    document = sentence.document
    span = document.spans[document.quoted[clause.opening.at]]
    end = _trim_end(sentence, span.close + 1, limit)
    if clause.rule != "postposed-quote" and end - span.close - 1 > _least_rest(span):
        return "mixed", (document.starts[clause.opening.at], document.ends[end - 1]), False
    return "direct", (span.start, span.end), span.words >= SPEECH_WORDS


def _least_rest(span: QuotedSpan) -> int:
    """Return how many words may follow marks without being part of the quotation."""
    return max(span.words, 5)


def _trim_end(sentence: Sentence, start: int, limit: int) -> int:
    forms, trailers = sentence.forms, sentence.lexicon.words["trailers"]
    end = limit
    while end > start and sentence.document.quoted[end - 1] < 0:
        form = forms[end - 1]
        if form in ")]" or not (form in PUNCTUATION or (form in trailers and end < sentence.end)):
            break
        end -= 1
    return end


def _colon_end(sentence: Sentence, end: int) -> int:
    """Return where speech after a colon ends: on over sentences said in the first person."""
    document, lexicon = sentence.document, sentence.lexicon
    for start, stop in document.sentences:
        if start < sentence.end:
            continue
        forms = document.forms[start:stop]
        goes_on = any(
            form in lexicon.words["first_person"] or (form.endswith("نا") and len(form) > 4)
            for form in forms
        )
        new_cue = any(form in lexicon.cues for form in forms[:3])
        if "\n" in document.text[end : document.starts[start]] or new_cue or not goes_on:
            break
        while stop > start + 1 and document.forms[stop - 1] in STOPS:
            stop -= 1
        end = document.ends[stop - 1]
    return end
