"""Where the phrase that names a source begins and ends.

Every function works on token numbers of a sentence and returns a range, or None when the
sentence names no source at the place asked for.

>>> from analysis.attribution_lexicon import load_lexicon
>>> from analysis.document import read_document
>>> lexicon = load_lexicon()
>>> document = read_document("وقال وزير النقل سمير الوادي لوكالة الأفق إن المطر قادم", lexicon)
>>> sentence = Sentence(
...     document, lexicon, *document.sentences[0], document.forms, document.cues)
>>> start, end = source_after(sentence, 1, document.forms.index("ان"))
>>> document.forms[start:end]
['وزير', 'النقل', 'سمير', 'الوادي']
"""

from analysis.attribution_lexicon import ARTICLE, CueForm, Lexicon, find_phrase
from analysis.document import COMMAS, PUNCTUATION, Document, Range, Sentence, written
from analysis.inflection import PRONOUNS, looks_like_verbal_noun
from analysis.sources import describe_source, is_adjective

_NOTHING: frozenset[str] = frozenset()
_ARTICLES = ("ال", "لل", "بال", "وال")
# All are numbers of words and punctuation marks.
# Name, role and body, a bracket and a second role: the longest phrases of news.
_LONGEST_SOURCE = 32
# نقلت وكالة … عن فلان: the preposition stands so near the verb.
_REACH_OF_PREPOSITION = 18
# An age, a party or a name in other letters; more in brackets is a remark.
_LONGEST_BRACKET = 12
# Names of bodies in marks are short; more words are speech.
LONGEST_NAME_IN_MARKS = 8
# لصحيفة «…» اليومية الصادرة في …
_LONGEST_ADDRESSEE = 8
# One to three words that recur are a name; more are a phrase.
_LONGEST_UNKNOWN_NAME = 3
# نفسه stands before or right after the words of the verdict (وصف الوزير … نفسه بأنه).
_REACH_OF_REFLEXIVE = 12


def source_after(
    sentence: Sentence,
    start: int,
    stop: int,
    *,
    ends_before: frozenset[str] = _NOTHING,
    open_ended: bool | None = None,
) -> Range | None:
    """Return the phrase that names the source after a verb, up to the frame of the speech.

    The phrase goes on over commas between a role and a name, over brackets and over short
    words in marks. It ends before where, when and to whom it was said, before a relative
    clause, and before the prepositions `ends_before` that belong to the verb itself. When
    nothing shows how far it can reach (`open_ended`, by default up to the end of the
    sentence), it also ends before what looks like the object.
    """
    if open_ended is None:
        open_ended = stop == sentence.end
    forms, document, words = sentence.forms, sentence.document, sentence.lexicon.words
    start = _skip_addressee(sentence, start, stop)
    if start >= stop or not _can_open_source(sentence, start):
        return None
    if "ب" in ends_before and _is_act(sentence, start):
        return None
    place = start
    limit = min(stop, start + _LONGEST_SOURCE)
    while place < limit:
        form = forms[place]
        if form in words["called_forms"] and written(document, place) in words["called"]:
            place += 2
            continue
        if document.quoted[place] >= 0:
            span = document.spans[document.quoted[place]]
            if span.words > LONGEST_NAME_IN_MARKS or _is_object_in_marks(sentence, start, place):
                break
            place = span.close + 1
            if span.open > start and _is_of_issuer(sentence, start, span.open - 1):
                break
            if place < limit and _leaves_marks(sentence, start, place, open_ended=open_ended):
                break
            continue
        if form == "(":
            closing = closing_bracket(sentence, place, limit)
            if not closing:
                break
            place = closing + 1
            continue
        if form in COMMAS:
            if not _goes_on_after_comma(sentence, start, place, stop):
                break
        elif form in ".-":
            if not _is_inside_name(document, place):
                break
        elif (
            form in PUNCTUATION
            or _ends_source(sentence, start, place, ends_before)
            or (open_ended and _begins_object(sentence, start, place))
        ):
            break
        place += 1
    end = min(place, stop)
    while end > start and (
        (forms[end - 1] in PUNCTUATION and forms[end - 1] not in ')»"”')
        or forms[end - 1] in sentence.lexicon.words["frame_prepositions"]
    ):
        end -= 1
    return (start, end) if end > start else None


def _leaves_marks(sentence: Sentence, start: int, place: int, *, open_ended: bool) -> bool:
    """Tell what follows a body in marks from an adjective or a part of it (شركة «الأفق» للنقل).

    A name in marks by itself takes an adjective only («أوبر» تقديم …).
    """
    form, lexicon = sentence.forms[place], sentence.lexicon
    if not form.isalpha() or is_adjective(form, lexicon) or form in lexicon.words["pointers"]:
        return False
    if sentence.document.quoted[start] >= 0:
        return form not in lexicon.roles and form not in lexicon.words["prepositions"]
    return (
        open_ended
        and not form.startswith(("لل", "ل", "ب", "و"))
        and form not in lexicon.roles
        and form not in lexicon.given_names
        and form not in lexicon.words["prepositions"]
        and form not in lexicon.words["titles"]
        and form not in sentence.document.surnames
    )


def source_after_preposition(
    sentence: Sentence, place: int, stop: int, cue: CueForm
) -> Range | None:
    """Return the source of a verb that names it after a preposition (نقلت وكالة عن فلان أن)."""
    forms = sentence.forms
    for phrase in cue.verb.after:
        for position in range(place + 1, min(stop, place + _REACH_OF_PREPOSITION)):
            if tuple(forms[position : position + len(phrase)]) == phrase:
                source = source_after(sentence, position + len(phrase), stop)
                if source and cue.verb.document and len(phrase) == 1:
                    is_document = forms[source[0]] in sentence.lexicon.words["documents"]
                    return source if is_document else None
                return source
    return None


def without_object(sentence: Sentence, source: Range, cue: CueForm, stop: int) -> Range | None:
    """Cut the object off subject and object (وصف الوزير القرار); alone, it is the object."""
    forms, lexicon = sentence.forms, sentence.lexicon
    reflexives = lexicon.words["reflexives"]
    start, end = source
    if forms[start] in reflexives:
        return None
    if (
        forms[start].startswith(ARTICLE)
        and forms[start].endswith("ين")
        and forms[start] in lexicon.roles
        and lexicon.roles[forms[start]].number == "p"
    ):
        return None
    if forms[start] in lexicon.words["determiners"]:
        return source
    described = describe_source(forms, start, end, lexicon)
    if is_at_odds(sentence, source, cue):
        return None
    if start > sentence.start + 1 and not forms[start - 1].endswith(PRONOUNS):
        relative = forms[start - 2] in lexicon.words["relative_pronouns"]
        if relative and forms[start - 2] not in lexicon.words["where"]:
            return None
    if end - start == 1:
        is_person = (
            forms[start] in lexicon.given_names or forms[start] in sentence.document.surnames
        )
        if is_person and not cue.verb.object:
            return source
        reflexive = any(
            form in reflexives for form in forms[end : min(end + _REACH_OF_REFLEXIVE, stop)]
        )
        is_group = described.number == "p" and not forms[start].endswith("ون")
        return None if cue.joined and not reflexive and (cue.verb.object or is_group) else source
    for place in range(start + 1, end):
        form = forms[place]
        if form in lexicon.words["pointers"]:
            return start, place + 1
        if form in lexicon.words["determiners"] and described.kind != "role":
            return start, place
        if forms[place - 1] in lexicon.words["determiners"]:
            continue
        inside_role = described.role and described.role[0] <= place < described.role[1]
        inside_name = (
            forms[place - 1] in lexicon.words["name_prefixes"]
            or form in lexicon.words["name_suffixes"]
        )
        if inside_name or (inside_role and described.kind != "role"):
            continue
        is_body = bool(find_phrase(lexicon.bodies, forms, place))
        is_definite = form.startswith("ال")
        if described.name and described.name[0] < place:
            after_first_name = forms[place - 1] in lexicon.given_names or forms[place - 2] in COMMAS
            precedes_object = place == described.name[0] + 1 and place + 1 < end
            surname = (form.endswith("ي") and after_first_name) or precedes_object
            if is_body or (is_definite and not surname):
                return start, place
        elif described.kind == "body":
            is_named = forms[start] not in lexicon.words["body_heads"]
            is_person = form in lexicon.roles and is_definite
            if (
                (is_body and (place > start + 1 or (is_named and is_definite)))
                or (is_person and place > start + 1)
                or _is_after_body(sentence, start, place)
            ):
                return start, place
        elif (
            described.kind == "role"
            and (
                forms[start].startswith("ال")
                or forms[place - 1] in lexicon.words["adjectives"]
                or (
                    place > start + 1
                    and not forms[place - 1].startswith("ال")
                    and forms[place - 1].endswith(("ي", "يه"))
                )
            )
            and is_definite
            and not form.endswith(("ي", "يه"))
        ):
            return start, place
    return source


def is_at_odds(sentence: Sentence, source: Range, cue: CueForm) -> bool:
    """Tell an object by its gender: a verb before its subject agrees with it.

    A feminine verb may stand before a plural, so that only one man, or an unknown noun
    without a feminine ending, is at odds with it.
    """
    described = describe_source(sentence.forms, *source, sentence.lexicon)
    if described.kind == "body":
        return cue.gender == "m" and described.gender == "f"
    if cue.gender != "f" or described.number != "s" or described.kind not in {"role", "person"}:
        return False
    if described.head:
        return described.gender == "m" and described.name is None
    form = sentence.forms[source[0]]
    return (
        form.isalpha()
        and not form.endswith(("ه", "ا", "ي"))
        and form not in sentence.lexicon.given_names
        and form not in sentence.document.surnames
        and not sentence.lexicon.is_known(form)
        and sentence.document.count(form) == 1
    )


def _is_after_body(sentence: Sentence, start: int, place: int) -> bool:
    """Tell an object from the adjective of a body with the article: it does not agree.

    So the embassy and whom it warned (السفارة الرعايا), the centre and whom it praised
    (المركز سميرا), but not المديرية العامة.
    """
    form, head = sentence.forms[place], sentence.forms[start]
    if not head.startswith(ARTICLE) or not form.isalpha() or place > start + 1:
        return False
    if find_phrase(sentence.lexicon.bodies, sentence.forms, start) > 1 or form[0] in "لبو":
        return False
    return not form.startswith(ARTICLE) or head.endswith("ه") != form.endswith("ه")


def is_named_source(sentence: Sentence, source: Range) -> bool:
    """Tell whether a phrase opens like the name of somebody who can speak."""
    start = source[0]
    return (
        is_anchor(sentence, start)
        or sentence.document.quoted[start] >= 0
        or sentence.forms[start] in sentence.lexicon.words["documents"]
        or sentence.forms[start] in sentence.lexicon.words["courtesies"]
        or is_recurring_name(sentence, *source)
    )


def is_anchor(sentence: Sentence, place: int) -> bool:
    """Tell whether a word opens the name of a person or a body."""
    form = sentence.forms[place]
    lexicon = sentence.lexicon
    if form in lexicon.words["determiners"]:
        return place + 1 < sentence.end and sentence.forms[place + 1] in lexicon.roles
    return (
        form in lexicon.roles
        or (form in lexicon.words["titles"] and len(form) > 2)
        or form in lexicon.given_names
        or form in sentence.document.surnames
        or form in lexicon.words["any_source"]
        or bool(find_phrase(lexicon.bodies, sentence.forms, place))
    )


def is_set_off(sentence: Sentence, place: int) -> bool:
    """Tell a noun that begins a clause (لكن متحدثا باسم الوزارة قال، غير أن مسؤولا قال)."""
    before = sentence.forms[place - 1] if place > sentence.start else ""
    lexicon = sentence.lexicon
    return before in lexicon.words["opposition"] or before in lexicon.complementizers


def is_recurring_name(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether one to three unknown words are a name, by standing again in the article."""
    form = sentence.forms[end - 1]
    return (
        end - start <= _LONGEST_UNKNOWN_NAME
        and len(form) > 2
        and not any(form in sentence.lexicon.words[group] for group in _NEVER_A_NAME)
        and sentence.document.count(form) > 1
    )


_NEVER_A_NAME = (
    "govern_clause",
    "clause_breakers",
    "source_stops",
    "relative_pronouns",
    "frame_prepositions",
)


def closing_bracket(sentence: Sentence, opening: int, limit: int) -> int:
    """Return where a bracket closes, or 0 when it does not within a few words."""
    for place in range(opening, min(opening + _LONGEST_BRACKET, limit)):
        if sentence.forms[place] == ")":
            return place
    return 0


def is_act_noun(sentence: Sentence, form: str) -> bool:
    """Tell whether a word is a verbal noun of the list, with a pronoun or without (حرصه)."""
    nouns = sentence.lexicon.words["act_nouns"]
    if form in nouns:
        return True
    for pronoun in PRONOUNS:
        stem = form.removesuffix(pronoun)
        if stem != form and (stem in nouns or (stem[-1:] == "ت" and stem[:-1] + "ه" in nouns)):
            return True
    return False


def _skip_addressee(sentence: Sentence, start: int, stop: int) -> int:
    """Move past adverbs and the person spoken to (قال لصحيفة «…» مدير …) to the source."""
    forms, document, words = sentence.forms, sentence.document, sentence.lexicon.words
    while start < stop and (length := _passed_over(sentence, start)):
        start += length
    if start + 1 >= stop:
        return start
    if forms[start] == "ل" and document.quoted[start + 1] >= 0:
        return _after_outlet(sentence, document.spans[document.quoted[start + 1]].close + 1, stop)
    if forms[start].startswith("ل") and any(letter.isascii() for letter in forms[start]):
        return start + 1
    if forms[start] == "ل" and forms[start + 1] == "(":
        closing = closing_bracket(sentence, start + 1, stop)
        return closing + 1 if closing else start
    if forms[start] not in words["addressees"]:
        return start
    for place in range(start + 1, min(start + _LONGEST_ADDRESSEE, stop)):
        if forms[place] in words["frame_prepositions"] or forms[place] in COMMAS:
            break
        if document.quoted[place] >= 0:
            return _after_outlet(sentence, document.spans[document.quoted[place]].close + 1, stop)
        if forms[place] in sentence.lexicon.roles or forms[place] in words["titles"]:
            return place
    return stop


def _after_outlet(sentence: Sentence, place: int, stop: int) -> int:
    """Move past the adjectives of an outlet in marks (لشبكة «…» الإخبارية الأميركية)."""
    while (
        place < stop
        and sentence.forms[place].startswith(ARTICLE)
        and is_adjective(sentence.forms[place], sentence.lexicon)
        and sentence.forms[place] not in sentence.lexicon.roles
    ):
        place += 1
    return place


def _is_object_in_marks(sentence: Sentence, start: int, place: int) -> bool:
    """Tell marks after a complete office (اتهم الرئيس الأميركي «…») from the name of a body."""
    before, lexicon = sentence.forms[place - 1], sentence.lexicon
    return (
        place > start
        and before.startswith(ARTICLE)
        and before.endswith(("ي", "يه"))
        and before not in lexicon.roles
        and sentence.forms[start] in lexicon.roles
    )


def _passed_over(sentence: Sentence, place: int) -> int:
    """Return how many words from `place` on are adverbs or a date between verb and subject."""
    forms, words = sentence.forms, sentence.lexicon.words
    form = forms[place]
    following = forms[place + 1] if place + 1 < sentence.end else ""
    if length := find_phrase(sentence.lexicon.phrases["adverb_phrases"], forms, place):
        return length
    if form in words["adverbs"] or form in words["light_words"]:
        return 1
    if following in words["time_adjectives"] and form in words["source_stops"]:
        return 2
    if form in words["years"] and following[:1].isdigit():
        return 2
    if form in words["dates"] or (form.isdigit() and following in words["dates"]):
        return 1
    return 2 if form in words["time_nouns"] and following in words["time_adjectives"] else 0


def _can_open_source(sentence: Sentence, place: int) -> bool:
    forms, lexicon = sentence.forms, sentence.lexicon
    form, words = forms[place], lexicon.words
    if form in words["demonstratives"]:
        return place + 1 < sentence.end and _can_speak(forms[place + 1], lexicon)
    if (form in PUNCTUATION and form not in '("«“”»') or form in lexicon.complementizers:
        return False
    if form not in lexicon.roles and any(form in words[group] for group in _NEVER_OPENS):
        return False
    if is_act_noun(sentence, form):
        return False
    if form.startswith("لل"):
        return False
    if written(sentence.document, place).endswith(("اً", "ًا")) and not (
        form in lexicon.roles and is_set_off(sentence, place)
    ):
        return False
    if _is_accusative(form, lexicon):
        return False
    if _is_venue(sentence, form) and _has_pronoun(sentence, place):
        return False
    if form.startswith("ل") and form not in lexicon.roles and form not in lexicon.given_names:
        addressed = form[1:]
        if len(addressed) > 2 and (addressed in lexicon.roles or addressed in words["body_heads"]):
            return False
    if (
        form.startswith("ب")
        and form not in lexicon.roles
        and (_is_venue(sentence, form[1:]) or form[1:] in lexicon.bodies)
    ):
        return False
    cue = sentence.cues.get(place)
    if cue is None or cue.verb.strict:
        return True
    following = sentence.forms[place + 1] if place + 1 < sentence.end else ""
    return cue.kind == "verb" and form in lexicon.roles and not following.startswith("ب")


def _is_act(sentence: Sentence, place: int) -> bool:
    """Tell ب before what is done from a name that begins with it (طالب بإعادة …, not بوتين)."""
    form = sentence.forms[place]
    return _opens_act(sentence, place) and (
        looks_like_verbal_noun(form[1:])
        or form.startswith("بال")
        or form[1:] in sentence.lexicon.words["determiners"]
    )


def _is_accusative(form: str, lexicon: Lexicon) -> bool:
    """Tell an indefinite object by its alif (دعت دولا أخرى)."""
    noun = form.removesuffix("ا")
    return (
        noun != form
        and not lexicon.is_known(form)
        and (noun in lexicon.roles or noun in lexicon.words["body_heads"])
    )


def _can_speak(form: str, lexicon: Lexicon) -> bool:
    """Tell a noun after هذا، تلك that can be a source (هذه المصادر, not تلك الاتهامات)."""
    return form.startswith(ARTICLE) and (
        form in lexicon.roles
        or form in lexicon.bodies
        or form in lexicon.words["documents"]
        or form in lexicon.words["any_source"]
    )


_NEVER_OPENS = (
    "frame_prepositions",
    "source_stops",
    "relative_pronouns",
    "clause_breakers",
    "not_openers",
)


def _ends_source(sentence: Sentence, start: int, place: int, own: frozenset[str]) -> bool:
    """Tell whether a word no longer belongs to the source that began at `start`."""
    forms, lexicon = sentence.forms, sentence.lexicon
    form, before, words = forms[place], forms[place - 1], lexicon.words
    following = forms[place + 1] if place + 1 < sentence.end else ""
    if place == start or (form in words["name_suffixes"] and before in lexicon.given_names):
        return False
    if before[-1:].isdigit():
        return False
    if _is_womans_name(sentence, start, place):
        return True
    is_titled = before in words["titles"] and len(before) > 2 and form.isalpha()
    if is_titled and not (
        form in words["relative_pronouns"]
        or form in words["frame_prepositions"]
        or form in words["adverbs"]
        or _is_possessed(sentence, place)
    ):
        return False
    if form in words["addressees"]:
        return forms[start] not in words["documents"]
    if (
        form in words["relative_pronouns"]
        or form in words["clause_breakers"]
        or form in lexicon.complementizers
        or (form in ("ل", "ب") and not _is_of_issuer(sentence, start, place))
        or (form.startswith("ل") and len(form) > 1 and form[1:].isascii())
        or (form.removeprefix("و") in words["frame_prepositions"] and form.startswith("و"))
        or _answers_topic(sentence, place)
        or written(sentence.document, place) in words["resumptive"]
    ):
        return True
    if form in words["time_nouns"]:
        return following in words["time_adjectives"]
    if form in words["years"] and following[:1].isdigit():
        return True
    if before in sentence.document.surnames and form.endswith("يا") and len(form) > 5:
        return form not in lexicon.given_names and form not in sentence.document.surnames
    if _is_complete_name(sentence, start, place) or _is_verb_like(sentence, start, place):
        return True
    if _describes_the_named(sentence, place):
        return True
    if _is_weak_verb(sentence, place):
        return True
    if _is_possessed(sentence, place) or (
        form in words["adverbs"]
        and form not in words["dates"]
        and form not in words["issue_adverbs"]
    ):
        return True
    if (
        place > start + 1
        and before in words["adjectives"]
        and forms[start] in lexicon.roles
        and form in lexicon.bodies
        and form.removeprefix(ARTICLE) not in words["body_heads"]
    ):
        return True
    if form in words["demonstratives"]:
        return before not in lexicon.roles and not any(
            before in words[group] for group in ("prepositions", "construct", "body_heads")
        )
    if form in lexicon.role_prepositions:
        reach = 2 if form in words["close_prepositions"] else 5
        near = forms[max(start, place - (1 if form in own else reach)) : place]
        return not any(
            word.removeprefix(ARTICLE) in lexicon.role_prepositions[form] for word in near
        )
    if form == "لدي":
        return _has_pronoun(sentence, place + 1)
    if form == "في":
        return _is_bare_surname(sentence, start, place) or (
            _is_venue(sentence, following)
            or following[:1].isdigit()
            or (_has_pronoun(sentence, place + 1) and not _names_soon(sentence, place))
        )
    if form == "من":
        return following in words["from_frames"]
    if _may_be_addressed(form, lexicon) and _is_addressed(sentence, start, place):
        return True
    if ("ب" in own or before in sentence.document.surnames) and _opens_act(sentence, place):
        return following not in COMMAS
    if form in words["addressee_objects"]:
        return before not in lexicon.bodies and before not in lexicon.roles
    if form in words["source_stops"]:
        return form not in lexicon.roles or form.startswith(ARTICLE)
    if is_act_noun(sentence, form) and form not in lexicon.given_names:
        return not _takes_noun(sentence, place - 1)
    cue = sentence.cues.get(place)
    if cue is None or not cue.verb.strict:
        return cue is not None
    return form.startswith("ي") and len(form) > 4 and forms[start] in lexicon.roles


def _is_of_issuer(sentence: Sentence, start: int, place: int) -> bool:
    """Tell whose document it is, in marks (دراسة لـ«مركز …»), from whom it speaks to."""
    return (
        sentence.forms[place] == "ل"
        and sentence.forms[start] in sentence.lexicon.words["documents"]
        and place + 1 < sentence.end
        and sentence.document.quoted[place + 1] >= 0
    )


def _is_bare_surname(sentence: Sentence, start: int, place: int) -> bool:
    """Tell a name without a role, to which no place belongs (قال ترامب في المكتب …)."""
    opener, lexicon = sentence.forms[start], sentence.lexicon
    is_name = opener in sentence.document.surnames or opener in lexicon.given_names
    return is_name and not any(
        form in lexicon.roles or form in lexicon.bodies for form in sentence.forms[start:place]
    )


def _is_complete_name(sentence: Sentence, start: int, place: int) -> bool:
    """Tell whether a capital, a country or an agency stands before, to which nothing belongs."""
    forms, lexicon = sentence.forms, sentence.lexicon
    return (
        forms[start] in lexicon.bodies
        and forms[start].removeprefix(ARTICLE) not in lexicon.words["body_heads"]
        and forms[start] not in lexicon.words["body_heads"]
        and forms[start] not in lexicon.roles
        and find_phrase(lexicon.bodies, forms, start) == place - start
        and forms[place].isalpha()
        and not forms[place].startswith(ARTICLE)
        and forms[place] not in lexicon.words["prepositions"]
    )


def _names_soon(sentence: Sentence, place: int) -> bool:
    """Tell whether a name follows a few words on (رئيس المجلس في دورته الحالية إبراهيم …)."""
    names = sentence.lexicon.given_names
    return any(form in names for form in sentence.forms[place + 2 : min(place + 5, sentence.end)])


def _is_verb_like(sentence: Sentence, start: int, place: int) -> bool:
    """Tell a verb after a description without a name (ناطقة باسم الوزارة تشرف على …)."""
    form, lexicon = sentence.forms[place], sentence.lexicon
    opener, before = lexicon.roles.get(sentence.forms[start]), sentence.forms[place - 1]
    return (
        form.startswith(("ي", "ت"))
        and len(form) > 3
        and form.isalpha()
        and opener is not None
        and (before.startswith(_ARTICLES) or not opener.definite)
        and not lexicon.is_known(form)
        and form not in sentence.document.surnames
        and sentence.document.count(form) == 1
        and not form.endswith(("يه", "ات", "ه", "ين", "ون"))
        and (not form.endswith("ي") or (place == start + 1 and opener.definite))
        and not _is_last_before_speech(sentence, place)
    )


def _describes_the_named(sentence: Sentence, place: int) -> bool:
    """Tell a participle with its object after a surname (رونالدو المتوج بالجائزة) from a name."""
    form, lexicon = sentence.forms[place], sentence.lexicon
    following = sentence.forms[place + 1] if place + 1 < sentence.end else ""
    return (
        form.startswith("الم")
        and sentence.forms[place - 1] in sentence.document.surnames
        and sentence.forms[place - 1] not in lexicon.roles
        and following.startswith("بال")
        and form not in lexicon.roles
        and form not in lexicon.given_names
        and not form.endswith("ي")
    )


def _is_womans_name(sentence: Sentence, start: int, place: int) -> bool:
    """Tell a woman's name that is a noun, after a man's role (طالب … أسماء الضحايا)."""
    if sentence.lexicon.given_names.get(sentence.forms[place]) != "f":
        return False
    opener = sentence.lexicon.roles.get(sentence.forms[start])
    following = sentence.forms[place + 1] if place + 1 < sentence.end else ""
    return (
        opener is not None
        and (opener.gender, opener.number) == ("m", "s")
        and following.startswith(ARTICLE)
        and following not in sentence.document.surnames
        and not following.endswith("ي")
    )


def _is_last_before_speech(sentence: Sentence, place: int) -> bool:
    """Tell an unknown name right before the words (المدعي تولوس تاريهوران: …) from a verb."""
    lexicon = sentence.lexicon
    for after in range(place, min(place + 4, sentence.end)):
        form = sentence.forms[after]
        if form == ":" or sentence.document.quoted[after] >= 0 or form in lexicon.complementizers:
            return after > place
        if not form.isalpha() or form.startswith(ARTICLE) or form in lexicon.words["prepositions"]:
            return False
    return False


def _is_weak_verb(sentence: Sentence, place: int) -> bool:
    """Tell a verb of no list by ى at its end (أبدى، يخشى)."""
    form = sentence.forms[place]
    return (
        written(sentence.document, place).endswith("ى")
        and form.startswith(("ا", "ي", "ت"))
        and not form.startswith(ARTICLE)
        and not is_adjective(form, sentence.lexicon)
        and form not in sentence.document.surnames
        and not sentence.lexicon.is_known(form)
    )


def _is_possessed(sentence: Sentence, place: int) -> bool:
    """Tell the object of an act (تنفي إيران سعيها) from a part of the source (الوزير ونائبه)."""
    form, lexicon = sentence.forms[place], sentence.lexicon
    return (
        _has_pronoun(sentence, place)
        and sentence.forms[place - 1] not in lexicon.words["frame_prepositions"]
        and not _is_bare_role(sentence, place - 1)
        and not form.startswith(("ال", "و", "ب", "ل"))
        and form not in lexicon.roles
        and form not in lexicon.bodies
        and form not in lexicon.given_names
        and form not in sentence.document.surnames
        and form not in lexicon.words["pointers"]
        and form not in lexicon.words["issued_by"]
        and "ة" in sentence.document.text
    )


def _is_bare_role(sentence: Sentence, place: int) -> bool:
    """Tell a role that takes the next noun with it (وكيلة أعماله)."""
    role = sentence.lexicon.roles.get(sentence.forms[place])
    return role is not None and not role.definite and role.number == "s"


def _takes_noun(sentence: Sentence, place: int) -> bool:
    """Tell the head of a body that an act belongs to (قوات تحالف دعم الشرعية)."""
    form, heads = sentence.forms[place], sentence.lexicon.words["body_heads"]
    return form in heads or form.removeprefix("ل") in heads


def _opens_act(sentence: Sentence, place: int) -> bool:
    """Tell ب before what is done (أشاد فلان بالقرار) from a name or a place (مدير بالشركة)."""
    form = sentence.forms[place]
    return (
        form.startswith("ب")
        and len(form) > 3
        and not _takes_noun(sentence, place - 1)
        and form not in sentence.lexicon.given_names
        and form not in sentence.document.surnames
        and form not in sentence.lexicon.bodies
        and form not in sentence.lexicon.roles
        and form[1:] not in sentence.lexicon.bodies
    )


def _answers_topic(sentence: Sentence, place: int) -> bool:
    """Tell the verb with ف that answers أما (أما فلان فختم حديثه بالقول …)."""
    form, lexicon = sentence.forms[place], sentence.lexicon
    return (
        sentence.forms[sentence.start] in lexicon.words["topic_markers"]
        and form.startswith("ف")
        and len(form) > 3
        and form not in lexicon.given_names
        and form not in lexicon.roles
        and form not in lexicon.bodies
        and sentence.document.count(form) == 1
    )


def _may_be_addressed(form: str, lexicon: Lexicon) -> bool:
    """Tell ل before a noun with the article, or before a body without one (لهيئة الإذاعة)."""
    rest = form.removeprefix("ل")
    return form.startswith("لل") or (
        rest != form and (rest in lexicon.bodies or rest in lexicon.roles)
    )


def _is_addressed(sentence: Sentence, start: int, place: int) -> bool:
    """Tell the person spoken to from part of a role (فلان للاعبين، مدير الشركة للتسويق)."""
    forms, lexicon = sentence.forms, sentence.lexicon
    return not forms[start].startswith("ال") and not any(
        word in lexicon.roles or word in lexicon.bodies or word in lexicon.words["documents"]
        for word in forms[start:place]
    )


def _is_venue(sentence: Sentence, form: str) -> bool:
    """Tell whether a word says where or when something was said, with the article or without."""
    venues = sentence.lexicon.words["venues"]
    return form in venues or form.removeprefix(ARTICLE) in venues


def _has_pronoun(sentence: Sentence, place: int) -> bool:
    """Tell whether a word ends in a possessive pronoun (في تدخله), by its spelling."""
    form = sentence.forms[place] if place < sentence.end else ""
    return len(form) >= 5 and (
        form.endswith("ها") or written(sentence.document, place).endswith("ه")
    )


def _goes_on_after_comma(sentence: Sentence, start: int, comma: int, stop: int) -> bool:
    """Tell whether a comma stands between a role and a name, or between two roles."""
    forms, lexicon, words = sentence.forms, sentence.lexicon, sentence.lexicon.words
    following = comma + 1
    if following >= stop or following in sentence.cues:
        return False
    form = forms[following]
    if form in lexicon.complementizers or any(
        form in words[group] for group in ("frame_prepositions", "adjectives")
    ):
        return False
    if form in lexicon.roles or form.removeprefix("و") in lexicon.roles:
        return True
    if form in words["source_stops"] or form in words["relative_pronouns"]:
        return False
    if describe_source(forms, start, comma, lexicon).kind != "role":
        return False
    head = lexicon.roles.get(forms[start])
    one_of = any(form in words["determiners"] for form in forms[max(start - 2, 0) : start])
    if head and head.number == "p" and not one_of:
        return False
    if form in words["titles"] or form in lexicon.given_names:
        return True
    if form in lexicon.bodies or form.startswith(_ARTICLES):
        return False
    if form[0] in "بول" and (
        form[1:] in lexicon.bodies
        or form[1:] in lexicon.roles
        or _is_venue(sentence, form[1:])
        or form[1:] in words["construct"]
    ):
        return False
    return stop - following <= 6 or any(form in COMMAS for form in forms[following:stop][1:5])


def _is_inside_name(document: Document, place: int) -> bool:
    """Tell a hyphen inside a name and the stop of a title (د.) from a dash and a full stop."""
    if document.forms[place] == ".":
        return len(document.forms[place - 1]) <= 2
    return (
        0 < place < len(document.forms) - 1
        and document.ends[place - 1] == document.starts[place]
        and document.ends[place] == document.starts[place + 1]
    )


def _begins_object(sentence: Sentence, start: int, place: int) -> bool:
    """Tell whether a bare noun after an article begins the next phrase (الوزارة خطة …).

    Needed only where no clause or mark shows how far the source can reach.
    """
    form, before = sentence.forms[place], sentence.forms[place - 1]
    lexicon, surnames = sentence.lexicon, sentence.document.surnames
    if place == start or form in lexicon.roles or form in lexicon.words["name_suffixes"]:
        return False
    if before in surnames and form[0] in "لب" and form not in surnames:
        return form not in lexicon.bodies and form[1:] not in lexicon.bodies
    is_person = sentence.forms[start] in lexicon.roles and not before.startswith(ARTICLE)
    if is_person and find_phrase(lexicon.bodies, sentence.forms, place) > 1 and place > start + 2:
        return form.startswith(ARTICLE) and not _takes_noun(sentence, place - 1)
    is_body = find_phrase(lexicon.bodies, sentence.forms, start) > 0
    if is_body and before not in lexicon.words["prepositions"] and _opens_act(sentence, place):
        return form[1:] not in lexicon.words["construct"] and form[1:] not in lexicon.roles
    is_document = form.removesuffix("ا") in lexicon.words["documents"] and before != form
    if is_document and not form.startswith(ARTICLE) and not _takes_noun(sentence, place - 1):
        return sentence.forms[start] not in lexicon.words["documents"]
    if form.startswith(_ARTICLES):
        return before in surnames and not form.endswith("ي")
    ends_name = before in surnames and before not in lexicon.given_names
    if ends_name and sentence.document.pairs[before, form] < 2:
        return form[0].isalpha() and form not in lexicon.given_names
    if _is_after_full_name(sentence, start, place):
        return True
    if (
        before.startswith(ARTICLE)
        and looks_like_verbal_noun(form)
        and form not in surnames
        and not lexicon.is_known(form)
    ):
        return True
    return before.startswith(_ARTICLES) and not (
        form in PUNCTUATION
        or form[0] in "ولب"
        or form in lexicon.bodies
        or form in lexicon.given_names
        or form in surnames
        or any(form in lexicon.words[group] for group in _CONTINUES)
        or (before in lexicon.given_names and before not in surnames)
        or (place - start > 1 and sentence.forms[place - 2] in lexicon.words["name_prefixes"])
        or sentence.forms[start] in lexicon.roles
    )


def _is_after_full_name(sentence: Sentence, start: int, place: int) -> bool:
    """Tell whether a given name and a surname stand right before: what follows is no name."""
    forms, lexicon = sentence.forms, sentence.lexicon
    prefixes = lexicon.words["name_prefixes"] | lexicon.words["name_suffixes"]
    form = forms[place]
    if not form.isalpha() or form in prefixes or form in lexicon.given_names:
        return False
    if form in sentence.document.surnames or any(form in lexicon.words[g] for g in _CONTINUES):
        return False
    surname = place - 1
    if forms[surname] in lexicon.given_names:
        two = surname > start and forms[surname - 1] in lexicon.given_names
        return two and form.startswith("ي") and not form.endswith("ي")
    if not forms[surname].isalpha():
        return False
    first = surname - 1
    while first > start and (forms[first] in prefixes or forms[first + 1] in prefixes):
        first -= 1
    return (
        first >= start and forms[first] in lexicon.given_names and forms[place - 1] not in prefixes
    )


_CONTINUES = ("titles", "pointers", "name_prefixes", "prepositions")
