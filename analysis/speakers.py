"""Who speaks: the same person under all their names, their role, and what kind of source."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from analysis.arabic import count_words, tokenize
from analysis.attribution import Attribution
from analysis.attribution_lexicon import Lexicon, load_lexicon
from analysis.document import PUNCTUATION, Document, Range
from analysis.sources import Description, describe_source
from analysis.tables import require_columns

_LONGEST_MENTION = 10


class Speaker(NamedTuple):
    """Who an attribution is from; `speaker` is None when the article does not tell."""

    speaker: str | None
    role: str
    source_type: str


@dataclass
class _Voice:
    """One speaker of an article, as known so far; `kind` is person, role, body or document."""

    kind: str
    names: list[tuple[str, ...]]
    label: str
    role: str = ""
    heads: set[str] = field(default_factory=set)
    source_type: str = "other"
    gender: str = ""
    number: str = ""


class _Mention(NamedTuple):
    """A phrase of the article that names a speaker more fully than another does."""

    place: Range
    described: Description


def resolve_speakers(
    document: Document, attributions: Sequence[Attribution], lexicon: Lexicon
) -> list[Speaker]:
    """Return the speaker of each attribution of one article, in the order given.

    1. A part of a name stands for the full name; the fullest one of the article is kept.
    2. A role or body with the article (الوزير، الشركة) is the latest speaker who fits it in
       kind, gender and number, or else who bears it in the text of the article.
    3. Words that only point (المصدر ذاته) and dropped subjects are the latest speaker.
    4. A document speaks for the body that issued it.
    """
    voices: list[_Voice] = []
    chosen: dict[int, _Voice | None] = {}
    for index in sorted(range(len(attributions)), key=lambda i: attributions[i].cue):
        item = attributions[index]
        phrase = item.source or item.antecedent
        if phrase is None:
            voice = _latest(voices, item.gender, item.number)
        else:
            voice = _voice_of(document, phrase, lexicon, voices)
        chosen[index] = voice
        if voice is not None:
            if item.source and item.cue_kind == "verb" and item.number != "p":
                voice.gender = item.gender
            if voice in voices:
                voices.remove(voice)
            voices.append(voice)
    for voice in voices:
        _complete(document, voice, voices, lexicon)
    return [_speaker(chosen[index]) for index in range(len(attributions))]


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
    return voices[-1] if voices else None


def _voice_of(
    document: Document, phrase: Range, lexicon: Lexicon, voices: list[_Voice]
) -> _Voice | None:
    described = describe_source(document.forms, *phrase, lexicon)
    if described.kind == "pointer":
        pointed = _pointed_at(described, voices)
        if pointed or described.head == "":
            return pointed
        start, end = phrase
        while end > start + 1 and document.forms[end - 1] in lexicon.words["pointers"]:
            end -= 1
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
    for voice in reversed(voices):
        if described.head and described.head not in voice.heads:
            continue
        if described.head and not _agree(described, voice):
            continue
        return voice
    return None


# ── persons ─────────────────────────────────────────────────────────────────────────────


def _person(
    document: Document,
    described: Description,
    name: Range,
    lexicon: Lexicon,
    voices: list[_Voice],
) -> _Voice:
    words = _words(document, name)
    voice = next((known for known in reversed(voices) if _same_name(words, known)), None)
    if voice is None and (len(words) == 1 or words[0] in lexicon.words["name_prefixes"]):
        fuller = _full_name(document, name, lexicon)
        if fuller and len(_words(document, fuller)) > len(words):
            name, words = fuller, _words(document, fuller)
            voice = next((known for known in reversed(voices) if _same_name(words, known)), None)
    if voice is None:
        voice = _Voice("person", [words], _label(document, name), gender=described.gender)
        voices.append(voice)
    elif len(words) > len(voice.names[0]):
        voice.names.insert(0, words)
        voice.label = _label(document, name)
    _learn_role(document, voice, described)
    return voice


def _learn_role(document: Document, voice: _Voice, described: Description) -> None:
    role = _label(document, described.role) if described.role else ""
    if len(role) > len(voice.role):
        voice.role = role
    if described.head:
        voice.heads.add(described.head)
    if voice.source_type == "other":
        voice.source_type = described.source_type or "other"


def _same_name(words: tuple[str, ...], voice: _Voice) -> bool:
    if voice.kind != "person":
        return False
    name = [_bare(word) for word in words]
    for known in voice.names:
        other = [_bare(word) for word in known]
        small, large = sorted((name, other), key=len)
        if small and set(small) <= set(large) and (small[-1] == large[-1] or small[0] == large[0]):
            return True
    return False


def _bare(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def _full_name(document: Document, name: Range, lexicon: Lexicon) -> Range | None:
    """Find another mention of a surname, with the given name before it."""
    forms = document.forms
    surname = forms[name[1] - 1]
    for place, form in enumerate(forms):
        if form != surname or name[0] <= place < name[1]:
            continue
        start = place
        while start > 0 and place - start < 4 and _is_given(document, start - 1, lexicon):
            start -= 1
        if start < place:
            return start, place + 1
    return None


def _is_given(document: Document, place: int, lexicon: Lexicon) -> bool:
    """Tell whether a word is a given name, by the list or by its company.

    A word of no list that stands twice in the article before the same surname is one.
    """
    forms = document.forms
    form = forms[place]
    if form in lexicon.given_names or form in lexicon.words["name_prefixes"]:
        return True
    if not form.isalpha() or len(form) < 3 or form.startswith(("ال", "و", "لل")):
        return False
    if (
        form in lexicon.roles
        or form in lexicon.bodies
        or form in lexicon.cues
        or any(form in lexicon.words[group] for group in _NEVER_GIVEN)
    ):
        return False
    pair = (form, forms[place + 1])
    return sum(pair == other for other in pairwise(forms)) > 1


_NEVER_GIVEN = (
    "titles",
    "source_stops",
    "prepositions",
    "govern_clause",
    "clause_breakers",
    "adverbs",
    "addressees",
    "determiners",
    "relative_pronouns",
)


def _role_around(document: Document, start: int, end: int, lexicon: Lexicon) -> Description | None:
    """Read the role right before or after a name in running text."""
    forms = document.forms
    for place in range(max(0, start - _LONGEST_MENTION), start):
        if (
            forms[place] in lexicon.roles
            and forms[place] not in lexicon.given_names
            and not any(
                forms[p] in PUNCTUATION
                or forms[p] in lexicon.cues
                or forms[p] in lexicon.complementizers
                for p in range(place, start)
            )
        ):
            described = describe_source(forms, place, end, lexicon)
            if described.name and described.name[0] == start:
                return described
    after = end + (end < len(forms) and forms[end] in "،,")
    role = lexicon.roles.get(forms[after]) if after < len(forms) else None
    if role and role.number == "s":
        described = describe_source(
            forms, start, _end_of_mention(document, after, lexicon), lexicon
        )
        return described if described.role else None
    return None


def _end_of_mention(document: Document, place: int, lexicon: Lexicon) -> int:
    """Return where a noun phrase in running text ends at the latest."""
    forms = document.forms
    stop = place + 1
    while stop < min(len(forms), place + _LONGEST_MENTION) and not (
        forms[stop] in PUNCTUATION
        or forms[stop] in lexicon.cues
        or forms[stop] in lexicon.words["source_stops"]
        or forms[stop] in lexicon.words["relative_pronouns"]
        or forms[stop] in lexicon.words["clause_breakers"]
        or forms[stop] in lexicon.complementizers
    ):
        stop += 1
    return stop


# ── roles, bodies, documents ────────────────────────────────────────────────────────────


def _by_role(
    document: Document,
    phrase: Range,
    described: Description,
    lexicon: Lexicon,
    voices: list[_Voice],
) -> _Voice:
    words = _words(document, phrase)
    for voice in reversed(voices):
        if voice.kind == "role" and words in voice.names:
            return voice
    if described.head and (described.definite or (len(words) == 2 and words[1].startswith("ال"))):
        for voice in reversed(voices):
            if (
                described.head in voice.heads
                and _agree(described, voice)
                and (_fits_role(words, voice))
            ):
                return voice
        bearer = _bearer(document, phrase, described, lexicon)
        if bearer and bearer.described.name:
            return _person(document, bearer.described, bearer.described.name, lexicon, voices)
        latest = _latest_person(described, words, lexicon, voices)
        if latest:
            if latest.kind == "person" and described.head not in lexicon.words["general"]:
                _learn_role(document, latest, described)
            return latest
    voice = _Voice(
        "role",
        [words],
        _label(document, phrase),
        role=_role_of_unnamed(document, described),
        heads={described.head},
        source_type=described.source_type or "other",
        gender=described.gender,
        number=described.number,
    )
    voices.append(voice)
    return voice


def _role_of_unnamed(document: Document, described: Description) -> str:
    """Return the role of one unnamed person; groups and bare sources have none."""
    if described.role is None or described.number == "p" or described.source_type == "anonymous":
        return ""
    return _label(document, described.role)


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


_IN_OFFICE = frozenset({"official", "anonymous", "organization"})


def _fits_role(words: tuple[str, ...], voice: _Voice) -> bool:
    """Tell whether a role said in two words or more is not at odds with the one known."""
    known = {_bare(word) for word in _fold_words(voice.role)}
    rest = {_bare(word) for word in words[1:]}
    return not rest or not known or bool(rest & known) or voice.kind == "role"


def _fold_words(text: str) -> list[str]:
    return [token.form for token in tokenize(text)]


def _bearer(
    document: Document, phrase: Range, described: Description, lexicon: Lexicon
) -> _Mention | None:
    """Find who bears a role in the text: الوزير after وزير النقل سعيد …, the nearest first."""
    forms = document.forms
    rest = {_bare(form) for form in forms[phrase[0] + 1 : phrase[1]]}
    places = [
        place
        for place, form in enumerate(forms)
        if form in lexicon.roles
        and lexicon.roles[form].lemma == described.head
        and not phrase[0] <= place < phrase[1]
    ]
    before = [place for place in places if place < phrase[0]]
    after = [place for place in places if place > phrase[0]]
    for place in [*reversed(before), *after]:
        mention = describe_source(forms, place, _end_of_mention(document, place, lexicon), lexicon)
        if (
            mention.name is None
            or mention.role is None
            or not _is_sure_name(document, mention.name[0], lexicon)
        ):
            continue
        if described.gender and mention.gender and described.gender != mention.gender:
            continue
        role_words = {_bare(form) for form in forms[slice(*mention.role)]}
        if rest <= role_words:
            name = (mention.name[0], _end_of_name(document, mention.name, lexicon))
            return _Mention(name, mention._replace(name=name))
    return None


def _is_sure_name(document: Document, place: int, lexicon: Lexicon) -> bool:
    form = document.forms[place]
    return form in lexicon.given_names or form in document.surnames


def _end_of_name(document: Document, name: Range, lexicon: Lexicon) -> int:
    """Return where a name in running text ends: it has no verb after it to say so."""
    forms = document.forms
    end = name[0] + 1
    while (
        end < name[1]
        and end - name[0] < 4
        and (
            forms[end] in document.surnames
            or forms[end] in lexicon.given_names
            or forms[end] in lexicon.words["name_prefixes"]
            or forms[end - 1] in lexicon.words["name_prefixes"]
            or forms[end] in lexicon.words["name_suffixes"]
        )
    ):
        end += 1
    return end


def _body(
    document: Document,
    phrase: Range,
    described: Description,
    lexicon: Lexicon,
    voices: list[_Voice],
) -> _Voice:
    words = _words(document, phrase)
    for voice in reversed(voices):
        if _same_body(words, voice):
            if len(words) > len(voice.names[0]):
                voice.names.insert(0, words)
                voice.label = _label(document, phrase)
            return voice
    if len(words) == 1 and described.definite:
        fuller = _full_body(document, phrase, lexicon)
        if fuller:
            phrase = fuller
            words = _words(document, phrase)
            described = describe_source(document.forms, *phrase, lexicon)
            for voice in reversed(voices):
                if _same_body(words, voice):
                    return voice
    voice = _Voice(
        "body",
        [words],
        _label(document, phrase),
        heads={described.head.removeprefix("ال")},
        source_type=described.source_type or "other",
        gender=described.gender,
        number=described.number,
    )
    voices.append(voice)
    return voice


def _same_body(words: tuple[str, ...], voice: _Voice) -> bool:
    if voice.kind != "body" or not words:
        return False
    name = [_bare(word) for word in words]
    for known in voice.names:
        small, large = sorted((name, [_bare(word) for word in known]), key=len)
        if small and large[: len(small)] == small:
            return True
    return False


def _full_body(document: Document, phrase: Range, lexicon: Lexicon) -> Range | None:
    """Find what a body with the article is in full: الشركة after شركة الوادي للنقل."""
    forms = document.forms
    head = forms[phrase[0]].removeprefix("ال")
    heads = {head, "ل" + head, "ب" + head, "و" + head}
    before = [p for p in range(phrase[0] - 1, -1, -1) if forms[p] in heads]
    after = [p for p in range(phrase[1], len(forms)) if forms[p] in heads]
    for place in [*before, *after]:
        end = place + 1
        if end >= len(forms):
            continue
        if document.quoted[end] >= 0:
            end = document.spans[document.quoted[end]].close + 1
        elif (
            forms[end].isalpha()
            and forms[end] not in lexicon.words["prepositions"]
            and (forms[end] not in lexicon.words["source_stops"])
        ):
            end += 1
            while end < len(forms) and forms[end].startswith(("ال", "لل", "وال")):
                end += 1
        if end > place + 1 and forms[place] == head:
            return place, end
    return None


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
        issuer = _issuer_before(document, phrase, described.head, lexicon)
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
    voice = _Voice(
        "document",
        [_words(document, phrase)],
        _label(document, phrase),
        heads={described.head},
        source_type=described.source_type or "other",
        gender=described.gender,
        number=described.number,
    )
    voices.append(voice)
    return voice


def _issuer_before(document: Document, phrase: Range, head: str, lexicon: Lexicon) -> Range | None:
    """Find who issued a document that was announced before (في بيان لوزارة …)."""
    for place in range(phrase[0] - 1, -1, -1):
        if document.forms[place] == head:
            described = describe_source(
                document.forms, place, _end_of_mention(document, place, lexicon), lexicon
            )
            if described.issuer:
                return described.issuer
    return None


def _issuing_body(
    document: Document, issuer: Range, lexicon: Lexicon, voices: list[_Voice]
) -> _Voice:
    """Return the issuer of a document, its preposition cut off (بيان لوزارة …)."""
    words = _words(document, issuer)
    label = _label(document, issuer)
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
    for voice in reversed(voices):
        if _same_body(words, voice):
            return voice
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


def _agree(described: Description, voice: _Voice) -> bool:
    if described.number and voice.number and described.number != voice.number:
        return False
    return not (described.gender and voice.gender and described.gender != voice.gender)


# ── the whole article ───────────────────────────────────────────────────────────────────


def _complete(document: Document, voice: _Voice, voices: list[_Voice], lexicon: Lexicon) -> None:
    """Add to a speaker what other places of the article tell."""
    if voice.kind == "person" and not voice.role:
        described = _role_in_text(document, voice, lexicon)
        if described:
            _learn_role(document, voice, described)
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


def _role_in_text(document: Document, voice: _Voice, lexicon: Lexicon) -> Description | None:
    forms = document.forms
    full, last = voice.names[0], voice.names[0][-1:]
    for words in (full, last):
        for place, form in enumerate(forms):
            if form == words[0] and tuple(forms[place : place + len(words)]) == words:
                described = _role_around(document, place, place + len(words), lexicon)
                if described and described.role:
                    return described
    return None


_EDGES = frozenset("،,.:;؛-–()")


def _label(document: Document, phrase: Range) -> str:
    """Return the words of a phrase as written, without punctuation or marks around it."""
    start, end = phrase
    while start < end and document.forms[start] in _EDGES:
        start += 1
    while end > start and document.forms[end - 1] in _EDGES - {")"}:
        end -= 1
    if start < end and _closes_before(document, start, end):
        end -= 1
    if (
        end - start > 2
        and document.quoted[start] >= 0
        and (document.quoted[start] == document.quoted[end - 1])
    ):
        span = document.spans[document.quoted[start]]
        if span.open == start and span.close == end - 1:
            return document.text[span.start : span.end]
    return document.text[document.starts[start] : document.ends[end - 1]] if start < end else ""


def _closes_before(document: Document, start: int, end: int) -> bool:
    """Tell whether a phrase ends in a closing mark whose opening lies before it."""
    number = document.quoted[end - 1]
    return number >= 0 and (
        document.spans[number].close == end - 1 and document.spans[number].open < start
    )


def _words(document: Document, phrase: Range) -> tuple[str, ...]:
    words = tuple(form for form in document.forms[phrase[0] : phrase[1]] if form not in PUNCTUATION)
    return words or ("",)


def expert_field(role: str) -> str:
    """Return what an expert is expert in, by the words of the role, or an empty string.

    It is what follows the word for the expert, up to the body where the expert works.

    >>> expert_field("الباحثة في علم اجتماع المدن بجامعة وهران")
    'علم اجتماع المدن'
    >>> expert_field("المحلل السياسي")
    'السياسي'
    >>> expert_field("وزير الطاقة")
    ''
    """
    lexicon = load_lexicon()
    tokens = tokenize(role)
    forms = [token.form for token in tokens]
    for place, form in enumerate(forms):
        head = lexicon.roles.get(form) or lexicon.roles.get(form.removeprefix("و"))
        if head is None or head.source_type != "expert":
            continue
        start = place + 1
        while start < len(forms) and (
            forms[start] in lexicon.words["prepositions"]
            or forms[start] in lexicon.words["adjectives"]
        ):
            start += 1
        end = start
        while end < len(forms) and not _leaves_field(forms, end, lexicon, first=end == place + 1):
            end += 1
        if start < end:
            return role[tokens[start].start : tokens[end - 1].end]
    return ""


def _leaves_field(forms: list[str], place: int, lexicon: Lexicon, *, first: bool) -> bool:
    """Tell whether a word is no longer part of what an expert is expert in."""
    form = forms[place]
    if (
        form in PUNCTUATION
        or form in lexicon.words["fields_end"]
        or form in lexicon.words["titles"]
    ):
        return True
    if form.removeprefix("و") in lexicon.roles:
        return not (first and form.endswith(("ي", "يه")))
    if form == "في":
        return place + 1 < len(forms) and forms[place + 1] in lexicon.bodies
    if form[0] in "بل" and form[1:] in lexicon.bodies:
        return True
    return lexicon.body_types.get((form,)) in ("expert", "organization")


def list_speakers(quotes: pd.DataFrame) -> pd.DataFrame:
    """List who is quoted, the most quoted first.

    Weak records (a reported act without a clause) and quotes without a known speaker are
    left out. Speakers are told apart by name and type, over all articles: two people of one
    name are one row. Returns one row per speaker:

    - `speaker`, `source_type`
    - `role`: the fullest role any article gives
    - `field`: what an expert is expert in, else empty
    - `articles`: articles that quote the speaker
    - `quotes`: attributions to the speaker
    - `words`: words of their contents

    >>> quotes = pd.DataFrame({"article_id": ["1"], "speaker": ["سمير الوادي"],
    ...     "role": ["الباحث في علم المناخ"], "source_type": ["expert"],
    ...     "content": ["المطر قليل"], "weak": [False]})
    >>> list_speakers(quotes)[["speaker", "field", "quotes", "words"]].values.tolist()
    [['سمير الوادي', 'علم المناخ', 1, 2]]
    """
    require_columns(
        quotes,
        ["article_id", "speaker", "role", "source_type", "content", "weak"],
        name="quotes",
    )
    spoken = quotes[~quotes["weak"] & quotes["speaker"].notna()]
    counted = spoken.assign(
        words=spoken["content"].map(count_words).astype("int64"),
        length=spoken["role"].fillna("").str.len(),
    ).sort_values("length", ascending=False, kind="stable")
    table = (
        counted.groupby(["speaker", "source_type"], sort=False)
        .agg(
            role=("role", "first"),
            articles=("article_id", "nunique"),
            quotes=("article_id", "size"),
            words=("words", "sum"),
        )
        .reset_index()
    )
    table["field"] = [
        expert_field(role) if source_type == "expert" else ""
        for role, source_type in zip(table["role"], table["source_type"], strict=True)
    ]
    columns = ["speaker", "role", "field", "source_type", "articles", "quotes", "words"]
    return table[columns].sort_values(
        ["quotes", "speaker"], ascending=[False, True], kind="stable", ignore_index=True
    )
