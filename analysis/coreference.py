"""Tell which attributions of an article are from the same speaker, and who that is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.arabic import fold, tokenize
from analysis.attribution import Attribution
from analysis.attribution_lexicon import ARTICLE, Lexicon
from analysis.document import Document, Range, sentence_of
from analysis.inflection import PRONOUNS
from analysis.mentions import (
    bare_words,
    find_announcer,
    find_bearer,
    find_bearer_of_surname,
    find_full_body,
    find_full_name,
    find_issuer_before,
    find_person_before,
    find_publisher,
    find_role,
    find_sender_after,
    find_stance,
    is_same_office,
    label_of,
    without_article,
    words_of,
)
from analysis.sources import Description, describe_source
from analysis.subjects import main_subject, nearest_before

# المصدر is a source that was called so (مصدر أمني), or else the latest one of any kind.
_SOURCE = "مصدر"
# A ministry is الوزارة, also where it was called by its field.
_MINISTRY = "وزاره"
# Two names of a body with the same first word are one when they share so many.
_SHARED_WORDS = 3
# Speakers not heard again while so many others spoke are no longer meant by a name or role.
_REMEMBERED = 50
# المتحدث and الرجل are a person rather than a body, if one is among so many speakers.
_RECENT = 3

_IN_OFFICE = frozenset({"official", "anonymous", "organization"})


class Speaker(NamedTuple):
    """Who an attribution is from; `speaker` is None when the article does not tell."""

    speaker: str | None
    role: str
    source_type: str


@dataclass(eq=False)
class _Voice:
    """One speaker of an article, as known so far; `kind` is person, role, body or document.

    `words` are the bare words of all its names together, `common` those that stand in each.
    """

    kind: str
    names: list[tuple[str, ...]]
    label: str
    role: str = ""
    heads: set[str] = field(default_factory=set)
    source_type: str = "other"
    gender: str = ""
    number: str = ""
    words: frozenset[str] = field(init=False)
    common: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        sets = [_plain_words(name) for name in self.names]
        self.words, self.common = frozenset.union(*sets), frozenset.intersection(*sets)

    def add_name(self, words: tuple[str, ...]) -> None:
        """Put a fuller name first."""
        self.names.insert(0, words)
        self.words |= _plain_words(words)
        self.common &= _plain_words(words)


def _plain_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_without_l, bare_words(words)))


def _alike(kind: str, words: tuple[str, ...], voices: list[_Voice]) -> Iterator[_Voice]:
    """Yield the speakers whose names are worth comparing with a name, the latest first.

    Of two names of one speaker the longer has the words of the shorter, or they share some.
    """
    plain = _plain_words(words)
    for voice in reversed(voices):
        if voice.kind == kind and (
            plain <= voice.words
            or voice.common <= plain
            or (len(plain) >= _SHARED_WORDS and len(plain & voice.words) >= _SHARED_WORDS)
        ):
            yield voice


def resolve_speakers(
    document: Document, attributions: Sequence[Attribution], lexicon: Lexicon
) -> list[Speaker]:
    """Return the speaker of each attribution of one article, in the order given.

    1. A part of a name stands for the full name; the fullest one of the article is kept.
    2. A role or body with the article (الوزير، الشركة) is the latest speaker who fits it in
       kind, gender and number, or else who bears it in the text of the article.
    3. Words that only point (المصدر ذاته) and dropped subjects are the latest speaker.
    4. A document speaks for the body that issued it.

    >>> from analysis.attribution import find_attributions
    >>> from analysis.attribution_lexicon import load_lexicon
    >>> from analysis.document import read_document
    >>> lexicon = load_lexicon()
    >>> document = read_document(
    ...     "قال وزير النقل سمير الوادي إن الطريق مفتوح. وأضاف الوزير أن الجسر مغلق.", lexicon)
    >>> [found.speaker for found in resolve_speakers(
    ...     document, find_attributions(document, lexicon), lexicon)]
    ['سمير الوادي', 'سمير الوادي']
    """
    voices: list[_Voice] = []
    forgotten: list[_Voice] = []
    chosen: dict[int, _Voice | None] = {}
    after = 0
    for index in sorted(range(len(attributions)), key=lambda i: attributions[i].cue):
        item = attributions[index]
        phrase = item.source or item.antecedent
        if phrase is None:
            phrase = _topic(document, item, after, lexicon)
            taken_up = None
        else:
            taken_up = _topic_described(document, item, phrase, after, lexicon, voices)
        after = max(after, item.cue[1])
        if phrase is None:
            voice = _latest(voices, item.gender, item.number)
            goes_on = fold(item.cue_lemma) in lexicon.words["going_on"]
            if voice is None and not (goes_on and voices):
                voice = _named_before(document, item, lexicon, voices)
            if voice is None and voices:
                voice = voices[-1]
        else:
            latest = voices[-1] if voices else None
            known = len(voices)
            voice = _voice_of(document, taken_up or phrase, lexicon, voices)
            if taken_up and voice is not None and voice.kind == "person":
                _learn_role(document, voice, describe_source(document.forms, *phrase, lexicon))
            lemma = fold(item.cue_lemma)
            if len(voices) > known and lemma in lexicon.words["names_afterwards"]:
                voice = _named_afterwards(latest, voice, voices, lexicon)
            if len(voices) > known and lemma in lexicon.words["going_on"]:
                voice = _who_goes_on(document, phrase, latest, voice, voices)
        chosen[index] = voice
        if voice is not None:
            if item.source and item.cue_kind == "verb" and item.number != "p":
                first = document.forms[item.source[0]]
                before = document.forms[item.source[0] - 1] if item.source[0] else ""
                is_subject = before not in lexicon.words["frame_prepositions"]
                if first not in lexicon.words["documents"] and is_subject:
                    voice.gender = item.gender
            was_latest = bool(voices) and voices[-1] is voice
            if voice in voices:
                voices.remove(voice)
            if item.cue_kind == "according_to" and voices and not was_latest:
                voices.insert(-1, voice)
            else:
                voices.append(voice)
            if len(voices) > _REMEMBERED:
                forgotten.append(voices.pop(0))
    for voice in [*forgotten, *voices]:
        _complete(document, voice, voices, lexicon)
    return [_speaker(chosen[index]) for index in range(len(attributions))]


def _topic(document: Document, item: Attribution, after: int, lexicon: Lexicon) -> Range | None:
    """Return the person of whom the text has spoken since the last cue, as its subject.

    Looked at are the sentence of the cue and the one before it. Verbs that go on (وأضاف)
    mean who has spoken, unless that subject has itself done something with words.
    """
    goes_on = fold(item.cue_lemma) in lexicon.words["going_on"]
    place = item.cue[0]
    for _ in range(2):
        sentence = sentence_of(document, lexicon, place)
        if sentence.start < after:
            return None
        subject = main_subject(sentence)
        if subject and subject[1] <= item.cue[0]:
            described = describe_source(document.forms, *subject, lexicon)
            spoke = subject[0] > 0 and subject[0] - 1 in document.cues
            is_here = sentence.start <= item.cue[0] < sentence.end
            if not spoke and (goes_on or (described.kind == "body" and not is_here)):
                return None
            disagree = {item.gender, described.gender} == {"m", "f"}
            return None if disagree or item.number == "p" else subject
        if sentence.start == 0:
            return None
        place = sentence.start - 1
    return None


def _topic_described(
    document: Document,
    item: Attribution,
    phrase: Range,
    after: int,
    lexicon: Lexicon,
    voices: list[_Voice],
) -> Range | None:
    """Return the subject of the text that a description takes up (طرق سمير الباب. قال الشاب).

    The description is a word that only points (الرجل), or a role nobody heard so far bears.
    """
    described = describe_source(document.forms, *phrase, lexicon)
    points = described.kind == "pointer" and described.head == ""
    if not document.forms[phrase[0]].startswith(ARTICLE) or phrase[1] - phrase[0] > 2:
        return None
    if not points and (
        described.kind != "role"
        or described.number == "p"
        or any(described.head in voice.heads for voice in voices)
    ):
        return None
    topic = _topic(document, item, after, lexicon)
    if topic is None or topic[1] > phrase[0]:
        return None
    subject = describe_source(document.forms, *topic, lexicon)
    if subject.kind == "body" or {subject.gender, described.gender} == {"m", "f"}:
        return None
    return topic if points or (subject.name and subject.head in ("", described.head)) else None


def _named_before(
    document: Document, item: Attribution, lexicon: Lexicon, voices: list[_Voice]
) -> _Voice | None:
    """Return who is named last before a cue, when nobody has spoken whom it can mean.

    That is the person or body of the sentence that agrees with the cue in gender, or else
    the last person named.
    """
    place = item.cue[0]
    sentence = sentence_of(document, lexicon, place)
    phrase = nearest_before(sentence, place) if item.gender and place in sentence.cues else None
    if phrase is not None:
        return _voice_of(document, phrase, lexicon, voices)
    name = find_person_before(document, place, item.gender, lexicon)
    if name is None:
        return None
    described = describe_source(document.forms, *name, lexicon)
    return _person(document, described, described.name or name, lexicon, voices)


def _named_afterwards(
    latest: _Voice | None, named: _Voice | None, voices: list[_Voice], lexicon: Lexicon
) -> _Voice | None:
    """Give an unnamed person the name that goes on speaking (قال مسؤول … وأضاف فلان).

    Not to a source (مصدر), and only شخصية may be a man or a woman.
    """
    if (
        latest is None
        or named is None
        or (latest.kind, named.kind) != ("role", "person")
        or latest.number == "p"
        or any(ARTICLE + head in lexicon.words["any_source"] for head in latest.heads)
        or (latest.source_type != "anonymous" and {latest.gender, named.gender} == {"m", "f"})
    ):
        return named
    voices.remove(latest)
    latest.kind, latest.names, latest.label = named.kind, named.names, named.label
    latest.words, latest.common = named.words, named.common
    latest.heads |= named.heads
    latest.gender = named.gender
    latest.role = named.role
    if named.source_type != "other":
        latest.source_type = named.source_type
    voices[voices.index(named)] = latest
    return latest


def _who_goes_on(
    document: Document,
    phrase: Range,
    latest: _Voice | None,
    described: _Voice | None,
    voices: list[_Voice],
) -> _Voice | None:
    """Return the latest speaker, when who goes on is only described (وأضاف المراقب الدولي).

    The description has the article, nobody bears it, and it agrees with the speaker.
    """
    kinds = {"person", "role"}
    if (
        latest is None
        or described is None
        or described.kind not in {"role", "body"}
        or not document.forms[phrase[0]].startswith(ARTICLE)
        or (latest.kind in kinds) != (described.kind in kinds)
        or (latest.number == "p") != (described.number == "p")
        or {latest.gender, described.gender} == {"m", "f"}
    ):
        return described
    voices.remove(described)
    return latest


def _new_voice(
    kind: str,
    words: tuple[str, ...],
    label: str,
    described: Description,
    voices: list[_Voice],
) -> _Voice:
    """Add a speaker known by a description alone."""
    voice = _Voice(
        kind,
        [words],
        label,
        source_type=described.source_type or "other",
        gender=described.gender,
        number=described.number,
    )
    voices.append(voice)
    return voice


def _speaker(voice: _Voice | None) -> Speaker:
    if voice is None:
        return Speaker(None, "", "other")
    return Speaker(voice.label, voice.role, voice.source_type)


def _latest(voices: list[_Voice], gender: str, number: str) -> _Voice | None:
    """Return the latest speaker a dropped subject can stand for."""
    for voice in reversed(voices[-3:]):
        if number == "p" and voice.number == "p":
            return voice
        if number != "p" and (not gender or not voice.gender or voice.gender == gender):
            return voice
    return voices[-1] if voices and number == "p" else None


def _voice_of(
    document: Document, phrase: Range, lexicon: Lexicon, voices: list[_Voice]
) -> _Voice | None:
    described = describe_source(document.forms, *phrase, lexicon)
    if described.kind == "pointer":
        pointed = _pointed_at(described, voices)
        if pointed is None and described.head == "" and described.gender:
            name = find_person_before(document, phrase[0], described.gender, lexicon)
            if name:
                named = describe_source(document.forms, *name, lexicon)
                return _person(document, named, named.name or name, lexicon, voices)
        if pointed or described.head == "":
            return pointed
        start, end = phrase
        while end > start + 1 and document.forms[end - 1] in lexicon.words["pointers"]:
            end -= 1
        if document.forms[start].removeprefix(ARTICLE) in lexicon.words["documents"]:
            plain = describe_source(document.forms, start, end, lexicon)
            if plain.kind == "document":
                return _issuer(document, (start, end), plain, lexicon, voices)
        if document.forms[start] in lexicon.bodies:
            plain = describe_source(document.forms, start, end, lexicon)
            return _body(document, (start, end), plain, lexicon, voices)
        return _by_role(document, (start, end), described, lexicon, voices)
    if described.kind == "document":
        return _issuer(document, phrase, described, lexicon, voices)
    if described.name:
        return _person(document, described, described.name, lexicon, voices)
    if described.kind == "body":
        return _body(document, phrase, described, lexicon, voices)
    return _by_role(document, phrase, described, lexicon, voices)


def _pointed_at(described: Description, voices: list[_Voice]) -> _Voice | None:
    if described.head == _SOURCE:
        heard = next((voice for voice in reversed(voices) if _SOURCE in voice.heads), None)
        return heard or (voices[-1] if voices else None)
    persons = [voice for voice in voices[-_RECENT:] if voice.kind in {"person", "role"}]
    for voice in reversed(voices if described.head else persons or voices):
        if described.head and described.head not in voice.heads:
            continue
        if not _agree(described, voice):
            continue
        return voice
    return voices[-1] if voices and not described.head else None


def _agree(described: Description, voice: _Voice) -> bool:
    if described.number and voice.number and described.number != voice.number:
        return False
    return not (described.gender and voice.gender and described.gender != voice.gender)


# ── persons ──────────────────────────────────────────────────────────────────────────────


def _person(
    document: Document,
    described: Description,
    name: Range,
    lexicon: Lexicon,
    voices: list[_Voice],
) -> _Voice:
    words = words_of(document, name)
    voice = _known_person(words, lexicon, voices)
    if voice is None and len(words) == 1 and words[0] not in lexicon.given_names:
        body = _known_body(words, lexicon, voices)
        if body:
            return body
    if voice is None and (len(words) == 1 or words[0] in lexicon.words["name_prefixes"]):
        fuller = find_full_name(document, name, lexicon)
        if fuller and len(words_of(document, fuller)) > len(words):
            name, words = fuller, words_of(document, fuller)
            voice = _known_person(words, lexicon, voices)
    if voice is None:
        voice = _Voice("person", [words], label_of(document, name), gender=described.gender)
        voices.append(voice)
    elif len(words) > len(voice.names[0]):
        voice.add_name(words)
        voice.label = label_of(document, name)
    _learn_role(document, voice, described)
    return voice


def _learn_role(document: Document, voice: _Voice, described: Description) -> None:
    role = label_of(document, described.role) if described.role else ""
    if len(role) > len(voice.role):
        voice.role = role
    if described.head:
        voice.heads.add(described.head)
    if voice.source_type == "other":
        voice.source_type = described.source_type or "other"


def _known_person(words: tuple[str, ...], lexicon: Lexicon, voices: list[_Voice]) -> _Voice | None:
    """Return the latest speaker of this name; a given name alone is rather a first name."""
    known = [voice for voice in _alike("person", words, voices) if _same_name(words, voice)]
    if len(words) == 1 and words[0] in lexicon.given_names:
        known.sort(key=lambda voice: words[0] not in {name[0] for name in voice.names})
    return known[0] if known else None


def _same_name(words: tuple[str, ...], voice: _Voice) -> bool:
    name = bare_words(words)
    for known in voice.names:
        small, large = sorted((name, bare_words(known)), key=len)
        if small and set(small) <= set(large) and (small[-1] == large[-1] or small[0] == large[0]):
            return True
    return False


# ── roles ────────────────────────────────────────────────────────────────────────────────


def _by_role(
    document: Document,
    phrase: Range,
    described: Description,
    lexicon: Lexicon,
    voices: list[_Voice],
) -> _Voice:
    phrase = described.role or phrase
    words = words_of(document, phrase)
    for voice in reversed(voices if len(words) == 1 else []):
        if voice.kind == "person" and voice.names[0][-1:] == words and len(voice.names[0]) > 1:
            return voice
        if _is_called_so(words[0], voice) and _agree(described, voice):
            return voice
    named = find_bearer_of_surname(document, phrase, lexicon) if len(words) == 1 else None
    if named:
        person = Description("person", "", name=named, gender=described.gender)
        return _person(document, person, named, lexicon, voices)
    for voice in reversed(voices):
        if voice.kind == "role" and words in voice.names:
            return voice
    if described.head and (described.definite or (words[1:2] and words[1].startswith(ARTICLE))):
        for voice in reversed(voices):
            if (
                described.head in voice.heads
                and _agree(described, voice)
                and _fits_role(words, voice, lexicon)
            ):
                return voice
        bearer = find_bearer(document, phrase, described, lexicon)
        if bearer and bearer.name:
            return _person(document, bearer, bearer.name, lexicon, voices)
        latest = _latest_person(described, words, lexicon, voices)
        if latest:
            if latest.kind == "person" and described.head not in lexicon.words["general"]:
                _learn_role(document, latest, described)
            return latest
    voice = _new_voice("role", words, label_of(document, phrase), described, voices)
    voice.role = _role_of_unnamed(document, described)
    voice.heads = {described.head}
    return voice


def _is_called_so(form: str, voice: _Voice) -> bool:
    """Tell whether a word with the article stands in what a person is (الباحثة: أستاذة باحثة)."""
    return (
        voice.kind == "person"
        and form.startswith(ARTICLE)
        and without_article(form) in map(without_article, _fold_words(voice.role))
    )


def _role_of_unnamed(document: Document, described: Description) -> str:
    """Return the role of one unnamed person; groups and bare sources have none."""
    if described.role is None or described.number == "p" or described.source_type == "anonymous":
        return ""
    return label_of(document, described.role)


def _latest_person(
    described: Description, words: tuple[str, ...], lexicon: Lexicon, voices: list[_Voice]
) -> _Voice | None:
    """Return the latest speaker a general word or a first description can mean.

    المسؤول may be a minister; مهرب البشر is the man of whom nothing but a name was told.
    """
    if len(words) > 2 or described.number == "p":
        return None
    for voice in reversed(voices[-2:]):
        if voice.kind not in {"role", "person"} or not _agree(described, voice):
            continue
        if described.head in lexicon.words["general"]:
            if voice.source_type in _IN_OFFICE:
                return voice
        elif voice.kind == "person" and not voice.role:
            return voice
    return None


def _fits_role(words: tuple[str, ...], voice: _Voice, lexicon: Lexicon) -> bool:
    """Tell whether a role said in two words or more is not at odds with the one known.

    A nationality is at odds with another one only (المهاجم البرازيلي after مهاجم النادي).
    """
    known = _fold_words(voice.role)
    if is_same_office(words[1:], known, lexicon) or not known:
        return True
    return len(words) <= 2 and not set(bare_words(words[1:])).isdisjoint(
        map(without_article, known)
    )


def _fold_words(text: str) -> list[str]:
    return tokenize(text).forms


# ── bodies and documents ─────────────────────────────────────────────────────────────────


def _body(
    document: Document,
    phrase: Range,
    described: Description,
    lexicon: Lexicon,
    voices: list[_Voice],
) -> _Voice:
    start, end = phrase
    stances = lexicon.words["stances"]
    phrase = (start, next((p for p in range(start + 1, end) if document.forms[p] in stances), end))
    words = words_of(document, phrase)
    known = _known_body(words, lexicon, voices)
    if known:
        if len(words) > len(known.names[0]):
            known.add_name(words)
            known.label = label_of(document, phrase)
        return known
    alike = _body_of_kind(words, described, lexicon, voices)
    if alike:
        return alike
    if len(words) == 1 and described.definite:
        fuller = find_full_body(document, phrase, lexicon)
        if fuller:
            phrase = fuller
            words = words_of(document, phrase)
            described = describe_source(document.forms, *phrase, lexicon)
            known = _known_body(words, lexicon, voices)
        else:
            known = _body_by_name(words[0], described, lexicon, voices)
        if known:
            return known
    voice = _new_voice("body", words, label_of(document, phrase), described, voices)
    voice.heads = {described.head.removeprefix(ARTICLE)}
    if words[0] in lexicon.words["ministries"]:
        voice.heads.add(_MINISTRY)
    return voice


def _body_by_name(
    form: str, described: Description, lexicon: Lexicon, voices: list[_Voice]
) -> _Voice | None:
    """Return the latest body of a kind that has spoken under a name without a head.

    So الوزارة after الخارجية, and الصحيفة after a newspaper that is called by name alone.
    """
    head = form.removeprefix(ARTICLE)
    for voice in reversed(voices):
        if voice.kind != "body":
            continue
        if head in voice.heads:
            return voice
        named_alone = not any(
            lexicon_head in lexicon.words["body_heads"]
            for lexicon_head in bare_words(voice.names[0])
        )
        if named_alone and voice.source_type == described.source_type == "media":
            return voice
    return None


def _body_of_kind(
    words: tuple[str, ...], described: Description, lexicon: Lexicon, voices: list[_Voice]
) -> _Voice | None:
    """Return the latest body that an adjective only describes (المنظمة الحقوقية).

    Of two adjectives at odds (الحكومة السورية after الحكومة التركية) neither is meant.
    """
    if (
        len(words) != 2
        or not described.definite
        or not words[1].startswith(ARTICLE)
        or (words[1] in lexicon.bodies or (words[0], words[1]) in lexicon.body_types)
    ):
        return None
    head = described.head.removeprefix(ARTICLE)
    for voice in reversed(voices):
        if voice.kind == "body" and head in voice.heads:
            second = voice.names[0][1:2]
            at_odds = bool(second) and second[0].startswith(ARTICLE)
            return None if at_odds else voice
    return None


def _known_body(words: tuple[str, ...], lexicon: Lexicon, voices: list[_Voice]) -> _Voice | None:
    alike = _alike("body", words, voices)
    return next((voice for voice in alike if _same_body(words, lexicon, voice)), None)


def _same_body(words: tuple[str, ...], lexicon: Lexicon, voice: _Voice) -> bool:
    """Tell one body by two names: one begins the other, or leaves out its head (نادي الوادي)."""
    if not words:
        return False
    name = bare_words(words)
    for known in voice.names:
        (small, _), (large, written) = sorted(
            ((name, words), (bare_words(known), known)), key=lambda pair: len(pair[0])
        )
        if small and large[: len(small)] == small:
            return True
        if small and large[0] in lexicon.words["body_heads"] and large[1 : len(small) + 1] == small:
            return small[0] not in lexicon.bodies and not written[1].startswith(ARTICLE)
        shared = {_without_l(word) for word in small} & {_without_l(word) for word in large}
        if name[0] == known[0] and len(shared) >= _SHARED_WORDS and 2 * len(shared) > len(small):
            return True
    return False


def _without_l(word: str) -> str:
    """Return a word without ل before it (تجمع لأهالي …، الأمانة العامة للحزب)."""
    if word.startswith("لل") and len(word) > 4:
        return word[2:]
    return word[1:] if word.startswith("ل") and len(word) > 4 else word


def _issuer(
    document: Document,
    phrase: Range,
    described: Description,
    lexicon: Lexicon,
    voices: list[_Voice],
) -> _Voice:
    issuer = described.issuer
    if issuer is None and described.definite:
        for voice in reversed(voices):
            if described.head in voice.heads:
                return voice
        issuer = find_announcer(document, phrase, described.head, lexicon)
        if issuer is None:
            issuer = find_issuer_before(document, phrase, described.head, lexicon)
    if issuer is None:
        issuer = find_sender_after(document, phrase, lexicon)
    if issuer is None:
        issuer = find_publisher(document, phrase[0], lexicon)
    if issuer is not None:
        voice = _issuing_body(document, issuer, lexicon, voices)
        voice.heads.add(described.head)
        return voice
    pronoun = any(
        form in lexicon.words["issued_by"] and form.endswith(("ه", "ها"))
        for form in document.forms[slice(*phrase)]
    )
    if described.definite or pronoun:
        for voice in reversed(voices):
            if voice.kind == "body":
                voice.heads.add(described.head)
                return voice
    start, end = phrase
    while end > start + 1 and document.forms[end - 1] in lexicon.words["issued_by"]:
        end -= 1
    phrase = (start, end)
    words, label = words_of(document, phrase), label_of(document, phrase)
    voice = _new_voice("document", words, label, described, voices)
    voice.heads = {described.head}
    return voice


def _issuing_body(
    document: Document, issuer: Range, lexicon: Lexicon, voices: list[_Voice]
) -> _Voice:
    """Return the issuer of a document, its preposition cut off (بيان لوزارة …)."""
    words = words_of(document, issuer)
    label = label_of(document, issuer)
    first = words[0]
    if first.startswith("لل") and len(first) > 4:
        words, label = ("ال" + first[2:], *words[1:]), "ال" + label[2:]
    elif first.startswith("ل") and (first[1:] in lexicon.bodies or first[1:] in lexicon.roles):
        words, label = (first[1:], *words[1:]), label[1:]
    else:
        described = describe_source(document.forms, *issuer, lexicon)
        if described.name:
            return _person(document, described, described.name, lexicon, voices)
        if described.kind == "body":
            return _body(document, issuer, described, lexicon, voices)
    known = _known_body(words, lexicon, voices)
    if known:
        return known
    described = describe_source(words, 0, len(words), lexicon)
    voice = _Voice(
        "body",
        [words],
        label,
        source_type=described.source_type or "other",
        gender=described.gender,
    )
    voices.append(voice)
    return voice


# ── the whole article ────────────────────────────────────────────────────────────────────


def _complete(document: Document, voice: _Voice, voices: list[_Voice], lexicon: Lexicon) -> None:
    """Add to a speaker what other places of the article tell."""
    if voice.kind == "person" and _only_relates(voice.role, lexicon):
        described = find_role(document, voice.names[0], lexicon)
        own = label_of(document, described.role) if described and described.role else ""
        if described and own and not _only_relates(own, lexicon):
            voice.role, voice.source_type = own, described.source_type
    if voice.kind == "person" and " " not in voice.role:
        described = find_role(document, voice.names[0], lexicon)
        if described:
            _learn_role(document, voice, described)
    if voice.kind == "body" and len(voice.names[0]) == 1 and " " not in voice.label:
        _complete_body(document, voice, lexicon)
    if voice.kind == "body" and not voice.role:
        stance = find_stance(document, voice.names[0], lexicon)
        voice.role = label_of(document, stance) if stance else ""
    if voice.kind == "role":
        for person in voices:
            if (
                person.kind == "person"
                and person.role
                and (person.role == voice.label or person.role.startswith(voice.label + " "))
            ):
                voice.label, voice.role = person.label, person.role
                voice.source_type = person.source_type
                return


def _only_relates(role: str, lexicon: Lexicon) -> bool:
    """Tell a role that is one to somebody else only (صديقه وزميله)."""
    first = fold(role).partition(" ")[0]
    known = lexicon.roles.get(first)
    return known is not None and known.source_type == "citizen" and first.endswith(PRONOUNS)


def _complete_body(document: Document, voice: _Voice, lexicon: Lexicon) -> None:
    """Call a body known by one word by its full name, where the article tells it."""
    form = voice.names[0][0]
    places = document.places.get(form)
    is_common = without_article(form) in lexicon.words["body_heads"] or form.endswith(PRONOUNS)
    if not places or not is_common:
        return
    fuller = find_full_body(document, (places[0], places[0] + 1), lexicon)
    if fuller:
        voice.label = label_of(document, fuller)
