"""Look in the running text of an article for a fuller mention of a speaker.

A quote names its source at one place; who that is may stand at another: the given name
before the surname, the role beside the name, the body in full, the issuer of a document.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

from analysis.attribution_lexicon import ARTICLE, Lexicon, Role, find_phrase
from analysis.document import (
    COMMAS,
    PUNCTUATION,
    Document,
    Range,
    Sentence,
    once_per_document,
    sentence_of,
    written,
)
from analysis.inflection import PRONOUNS
from analysis.source_spans import LONGEST_NAME_IN_MARKS, is_anchor, source_after
from analysis.sources import Description, body_type, describe_source, is_adjective
from analysis.subjects import main_subject

# A role and a name in running text; farther on the words are another phrase.
_LONGEST_MENTION = 10
# Given names, father's and grandfather's name before a surname.
_LONGEST_GIVEN_NAME = 4
# The name of a body in brackets.
_LONGEST_BRACKET = 6
# A sentence about one person's posts; what is longer is a list.
_LONGEST_LIFE = 100
# الذي كان يشغل حينها منصب …
_LONGEST_LINK = 5
# A person named farther back is no longer the one spoken of.
_REACH_BACK = 120
# Of a word that stands very often in a text, only so many places are looked at.
_PLACES = 20

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

_EDGES = frozenset("،,.:;؛-–()")


def _nearest(
    document: Document, forms: Iterable[str], phrase: Range
) -> tuple[list[int], list[int]]:
    """Return where these forms stand before a phrase, the nearest first, and where after it."""
    before: list[int] = []
    after: list[int] = []
    for form in forms:
        places = document.places.get(form, [])
        first, last = bisect_left(places, phrase[0]), bisect_left(places, phrase[1])
        before += places[max(first - _PLACES, 0) : first]
        after += places[last : last + _PLACES]
    return sorted(before, reverse=True)[:_PLACES], sorted(after)[:_PLACES]


def words_of(document: Document, phrase: Range) -> tuple[str, ...]:
    """Return the folded words of a phrase, punctuation left out."""
    words = tuple(form for form in document.forms[phrase[0] : phrase[1]] if form not in PUNCTUATION)
    return words or ("",)


def label_of(document: Document, phrase: Range) -> str:
    """Return the words of a phrase as written, without punctuation or marks around it.

    The article that ل hides is given back (وفقا للسلطات: السلطات).
    """
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
    if start >= end:
        return ""
    label = document.text[document.starts[start] : document.ends[end - 1]]
    is_cut = document.forms[start].startswith(ARTICLE) and label.startswith("ل")
    return "ا" + label if is_cut else label


def _closes_before(document: Document, start: int, end: int) -> bool:
    """Tell whether a phrase ends in a closing mark whose opening lies before it."""
    number = document.quoted[end - 1]
    return number >= 0 and (
        document.spans[number].close == end - 1 and document.spans[number].open < start
    )


def without_article(word: str) -> str:
    """Return a word without its article; in a short word ال may be part of the stem.

    >>> without_article("الخطيب"), without_article("الا")
    ('خطيب', 'الا')
    """
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


@lru_cache(maxsize=1 << 12)
def bare_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without their articles.

    >>> bare_words(("سمير", "الوادي"))
    ('سمير', 'وادي')
    """
    return tuple(map(without_article, words))


# ── names ────────────────────────────────────────────────────────────────────────────────


def find_full_name(document: Document, name: Range, lexicon: Lexicon) -> Range | None:
    """Find another mention of a surname, with the given name before it."""
    places = document.places[document.forms[name[1] - 1]]
    others = list(islice((p for p in places if not name[0] <= p < name[1]), _PLACES))
    for find in (_name_up_to, _introduced_name):
        for place in others:
            found = find(document, place, lexicon)
            if found:
                return found
    return None


@once_per_document
def _name_up_to(document: Document, place: int, lexicon: Lexicon) -> Range | None:
    """Find the full name that ends in a surname, by the given names before it."""
    start = place
    while (
        start > 0
        and place - start < _LONGEST_GIVEN_NAME
        and _is_given(document, start - 1, lexicon)
    ):
        start -= 1
    return (start, place + 1) if start < place else None


def find_bearer_of_surname(document: Document, phrase: Range, lexicon: Lexicon) -> Range | None:
    """Find the full name of which a word that can be a role is the surname (يوسف الشاهد)."""
    for place in document.places[document.forms[phrase[0]]][:_PLACES]:
        if place and document.forms[place - 1] in lexicon.given_names:
            return place - 1, place + 1
    return None


def find_person_before(
    document: Document, place: int, gender: str, lexicon: Lexicon
) -> Range | None:
    """Find the person named last before a place, of this gender when it is told."""
    for start in range(place - 1, max(place - _REACH_BACK, 0) - 1, -1):
        form = document.forms[start]
        if form not in lexicon.given_names or document.quoted[start] >= 0:
            continue
        if start and document.forms[start - 1] in lexicon.given_names:
            continue
        if gender and lexicon.given_names[form] != gender:
            continue
        end = _end_of_name(document, (start, place), lexicon)
        if end - start > 1:
            return start, end
    return None


@once_per_document
def _introduced_name(document: Document, place: int, lexicon: Lexicon) -> Range | None:
    """Find the full name around a word of it that is introduced with a role.

    The given name may be of no list: the role before it, or after a comma, shows where the
    name begins and ends (رئيس النادي … الوادي; … الوادي، رئيس النادي).
    """
    described = _role_before(document, place, lexicon)
    if described and described.name and described.name[1] - described.name[0] > 1:
        return described.name
    for first in (place - 1, place):
        after = first + 2
        if (
            first >= 0
            and after + 1 < len(document.forms)
            and document.forms[after] in COMMAS
            and document.forms[after + 1] in lexicon.roles
            and all(_may_be_name(document.forms[p], lexicon) for p in range(first, after))
        ):
            return first, after
    return None


def _role_before(document: Document, place: int, lexicon: Lexicon) -> Description | None:
    """Read the role and the name that ends at `place`, a comma between them or none."""
    forms = document.forms
    for start in range(max(0, place - _LONGEST_MENTION), place):
        if (
            forms[start] not in lexicon.roles
            or forms[start] in lexicon.given_names
            or any(
                (forms[p] in PUNCTUATION and not (forms[p] in COMMAS and p > place - 4))
                or forms[p] in lexicon.cues
                or forms[p] in lexicon.complementizers
                or forms[p] in lexicon.words["relative_pronouns"]
                for p in range(start, place)
            )
        ):
            continue
        described = describe_source(forms, start, place + 1, lexicon)
        if (
            described.name
            and described.name[1] == place + 1
            and all(_may_be_name(forms[p], lexicon) for p in range(described.name[0], place))
        ):
            return described
    return None


def _may_be_name(form: str, lexicon: Lexicon) -> bool:
    """Tell whether nothing speaks against a word as the first part of a name."""
    if form in lexicon.given_names or form in lexicon.words["name_prefixes"]:
        return True
    return (
        form.isalpha()
        and len(form) > 2
        and not form.startswith(("ال", "لل", "وال", "بال"))
        and form not in lexicon.roles
        and form not in lexicon.bodies
        and form not in lexicon.cues
        and form not in lexicon.words["adjectives"]
        and not any(form in lexicon.words[group] for group in _NEVER_GIVEN)
    )


def _is_given(document: Document, place: int, lexicon: Lexicon) -> bool:
    """Tell whether a word is a given name, by the list or by its company.

    A word of no list that stands twice in the article before the same surname is one.
    """
    forms = document.forms
    form = forms[place]
    if form in lexicon.given_names or form in lexicon.words["name_prefixes"]:
        return True
    if form.startswith("و") or not _may_be_name(form, lexicon):
        return False
    return document.pairs[form, forms[place + 1]] > 1


def _end_of_name(document: Document, name: Range, lexicon: Lexicon) -> int:
    """Return where a name in running text ends: it has no verb after it to say so."""
    forms = document.forms
    end = name[0] + 1
    while (
        end < name[1]
        and end - name[0] < _LONGEST_GIVEN_NAME
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


def _is_sure_name(document: Document, place: int, lexicon: Lexicon) -> bool:
    form = document.forms[place]
    return form in lexicon.given_names or form in document.surnames


# ── roles, bodies, documents ─────────────────────────────────────────────────────────────


def find_role(document: Document, name: tuple[str, ...], lexicon: Lexicon) -> Description | None:
    """Find what the text says a person is, beside the full name or else the surname.

    Of several roles, before the name and after it, the longest is given, and last one that
    only relates the person to another (نظيره), or only names a body.
    """
    return (
        _role_beside(document, name, lexicon)
        or _role_beside(document, name[-1:], lexicon)
        or _role_beside_title(document, name[0], lexicon)
    )


@once_per_document
def _role_beside(
    document: Document, words: tuple[str, ...], lexicon: Lexicon
) -> Description | None:
    rarest = min(range(len(words)), key=lambda number: document.count(words[number]))
    roles: list[Description] = []
    for found in document.places.get(words[rarest], ())[:_PLACES]:
        place = found - rarest
        if place >= 0 and tuple(document.forms[place : place + len(words)]) == words:
            roles += _roles_at(document, (place, place + len(words)), lexicon)
    return max(roles, key=lambda role: _weight(document, role), default=None)


@once_per_document
def _role_beside_title(document: Document, given: str, lexicon: Lexicon) -> Description | None:
    """Find the role beside a title and the given name alone (الشيخ سالم، وهو رئيس النادي)."""
    forms = document.forms
    roles: list[Description] = []
    for place in document.places.get(given, ())[:_PLACES]:
        alone = place + 1 >= len(forms) or not _is_sure_name(document, place + 1, lexicon)
        if place and alone and forms[place - 1] in lexicon.words["titles"]:
            roles += _roles_at(document, (place, place + 1), lexicon)
    return max(roles, key=lambda role: _weight(document, role), default=None)


def _roles_at(document: Document, name: Range, lexicon: Lexicon) -> Iterator[Description]:
    for described in (
        _role_in_front(document, *name, lexicon),
        _role_behind(document, *name, lexicon),
        _post_held(document, name, lexicon),
    ):
        if described and described.role:
            yield described


def _post_held(document: Document, name: Range, lexicon: Lexicon) -> Description | None:
    """Read the post that the first person of a sentence holds (… وشغل منصب رئيس النادي)."""
    forms, words = document.forms, lexicon.words
    start, end = document.sentence_around(name[0])
    if end - start > _LONGEST_LIFE:
        return None
    if any(_is_sure_name(document, place, lexicon) for place in range(start, name[0])):
        return None
    for place in range(name[1] + 1, end - 1):
        if (
            forms[place] in words["posts"]
            and forms[place - 1].removeprefix("و") in words["holding"]
            and forms[place + 1] in lexicon.roles
        ):
            last = _end_of_mention(document, place + 1, lexicon)
            return describe_source(forms, place + 1, last, lexicon)._replace(name=name)
    return None


def _weight(document: Document, described: Description) -> tuple[bool, bool, int]:
    start, end = described.role or (0, 0)
    form = document.forms[start]
    is_relative = form.endswith(PRONOUNS) and not form.startswith(ARTICLE)
    return bool(described.head), not is_relative, end - start


def _role_in_front(
    document: Document, start: int, end: int, lexicon: Lexicon
) -> Description | None:
    """Read the role right before a name in running text."""
    forms = document.forms
    for place in range(max(0, start - _LONGEST_MENTION), start):
        if (
            forms[place] in lexicon.roles
            and lexicon.roles[forms[place]].number == "s"
            and forms[place] not in lexicon.given_names
            and forms[place] not in lexicon.words["source_stops"]
            and not _is_adjective_of_venue(document, place, lexicon)
            and not any(
                (forms[p] in PUNCTUATION and not (p == start - 1 and forms[p] in COMMAS))
                or forms[p] in lexicon.cues
                or forms[p] in lexicon.complementizers
                for p in range(place, start)
            )
        ):
            described = describe_source(forms, place, end, lexicon)
            is_own = not _belongs_to_another(document, place, start, lexicon)
            if described.name and described.name[0] == start and is_own:
                return described
    return None


def _role_behind(document: Document, start: int, end: int, lexicon: Lexicon) -> Description | None:
    """Read the role right after a name in running text; no accusative is one (عمل محاسبا)."""
    forms = document.forms
    after = _after_link(document, end, lexicon)
    role = lexicon.roles.get(forms[after]) if after < len(forms) else None
    if role is None or role.number != "s":
        return _affiliation(document, (start, end), lexicon) or _unknown_role(
            document, (start, end), after, lexicon
        )
    if after <= end + 1 and forms[after].endswith("ا") and not role.lemma.endswith("ا"):
        return None
    last = _end_of_mention(document, after, lexicon)
    described = describe_source(forms, start, last, lexicon)
    if described.role and described.role[0] >= end:
        return described
    described = describe_source(forms, after, last, lexicon)
    if described.name and _is_womans_alone(document, role, described.name, lexicon):
        return described._replace(name=None, role=(after, last))
    names_another = described.name and _is_sure_name(document, described.name[0], lexicon)
    return described if described.role and not names_another else None


def _is_womans_alone(document: Document, role: Role, name: Range, lexicon: Lexicon) -> bool:
    """Tell a noun that is a woman's name too, after a man's role (بائع زهور)."""
    woman = lexicon.given_names.get(document.forms[name[0]]) == "f"
    return woman and role.gender == "m" and name[1] - name[0] == 1


def _unknown_role(
    document: Document, name: Range, place: int, lexicon: Lexicon
) -> Description | None:
    """Read what a person is said to be, in a word of no list (فلان، وهو راع من شمال البلاد).

    It is an indefinite noun that an adjective, its origin, or the end of the clause follows; who
    is called so without an office is taken for a citizen.
    """
    forms, words = document.forms, lexicon.words
    if place + 1 >= len(forms) or forms[place - 1] not in words["who_is"]:
        return None
    form, following = forms[place], forms[place + 1]
    if (
        not form.isalpha()
        or form.startswith((ARTICLE, "ي", "ت", "ن"))
        or written(document, place).endswith("ا")
        or lexicon.is_known(form)
        or form in words["states"]
        or form.removeprefix("ب") in lexicon.bodies
    ):
        return None
    if not (
        following in PUNCTUATION
        or following in {"من", "ل"}
        or is_adjective(following, lexicon)
        or following.startswith(("لل", "ل", "ب"))
    ):
        return None
    last = _end_of_mention(document, place, lexicon)
    return Description("person", "", name=name, role=(place, last), source_type="citizen")


def find_stance(document: Document, name: tuple[str, ...], lexicon: Lexicon) -> Range | None:
    """Find what a body is near to, beside its name or its first word (المركز القريب من …)."""
    forms = document.forms
    first = without_article(name[0])
    for words in (name, (ARTICLE + first,)):
        for place in document.places.get(words[0], ())[:_PLACES]:
            after = place + len(words)
            if after + 2 >= len(forms) or tuple(forms[place:after]) != words:
                continue
            if forms[after] in lexicon.words["stances"]:
                return after, _end_of_body(document, after + 2, lexicon)
    return None


def _affiliation(document: Document, name: Range, lexicon: Lexicon) -> Description | None:
    """Read what somebody leads or is of (الذي يقود جماعة محلية، من جامعة الشمال)."""
    forms, words = document.forms, lexicon.words
    place = name[1] + (name[1] < len(forms) and forms[name[1]] in COMMAS)
    if place + 2 >= len(forms):
        return None
    leads = forms[place] in words["relative_pronouns"] and forms[place + 1] in words["leads"]
    if not leads and not (forms[place] == "من" and forms[place + 1] in words["body_heads"]):
        return None
    role = (place + 1, _end_of_mention(document, place + 1, lexicon))
    source_type = body_type(forms, *role, lexicon) or "organization"
    return Description("person", "", name=name, role=role, source_type=source_type)


def _after_link(document: Document, end: int, lexicon: Lexicon) -> int:
    """Return where a role after a name may begin, past what links it to the name.

    That is a comma, a dash or a bracket, وهو، بصفته, and الذي يشغل منصب.
    """
    forms, words = document.forms, lexicon.words
    after = end + (end < len(forms) and (forms[end] in COMMAS or forms[end] in "-–—("))
    if after >= len(forms):
        return after
    if forms[after] in words["who_is"] or forms[after] in words["capacities"]:
        return after + 1
    if forms[after] in words["relative_pronouns"]:
        for place in range(after + 1, min(after + _LONGEST_LINK, len(forms))):
            if forms[place] in words["posts"]:
                return place + 1
    return after


def _is_adjective_of_venue(document: Document, place: int, lexicon: Lexicon) -> bool:
    """Tell مؤتمر صحفي from a journalist."""
    before = without_article(document.forms[place - 1]) if place else ""
    return before in lexicon.words["venues"] and document.forms[place].endswith(("ي", "يه"))


def _belongs_to_another(document: Document, place: int, name: int, lexicon: Lexicon) -> bool:
    """Tell the role of somebody who serves the one named (محامي الرئيس فلان) from his own."""
    forms, roles = document.forms, lexicon.roles
    serves = (
        roles[forms[place]].lemma in lexicon.words["practitioners"]
        or roles[forms[place]].source_type == "citizen"
    )
    between = (
        "ال" + form[2:] if form.startswith("لل") else form for form in forms[place + 1 : name]
    )
    return serves and any(
        form in roles and roles[form].definite and roles[form].number == "s" for form in between
    )


def find_bearer(
    document: Document, phrase: Range, described: Description, lexicon: Lexicon
) -> Description | None:
    """Find who bears a role in the text: الوزير after وزير النقل سعيد …, the nearest first.

    Several (المحامون) are no one person.
    """
    if described.number == "p":
        return None
    forms = document.forms
    rest = forms[phrase[0] + 1 : phrase[1]]
    before, after = _nearest(document, lexicon.role_forms.get(described.head, ()), phrase)
    for place in [*before, *after]:
        for mention in _read_bearers(document, place, lexicon):
            if (
                mention.name is None
                or mention.role is None
                or not _is_sure_name(document, mention.name[0], lexicon)
            ):
                continue
            if described.gender and mention.gender and described.gender != mention.gender:
                continue
            if is_same_office(rest, forms[slice(*mention.role)], lexicon):
                name = (mention.name[0], _end_of_name(document, mention.name, lexicon))
                return mention._replace(name=name)
    return None


def _read_bearers(document: Document, place: int, lexicon: Lexicon) -> Iterator[Description]:
    """Read the role at `place` with the name after it, or else with the name before it.

    A comma may stand between them (الأمين العام للنقابة، سمير الوادي).
    """
    forms = document.forms
    end = _end_of_mention(document, place, lexicon)
    mention = describe_source(forms, place, end, lexicon)
    yield mention
    if mention.name is None and forms[end : end + 1] in ([","], ["،"]):
        named = _end_of_mention(document, end, lexicon)
        yield describe_source(forms, place, named, lexicon)
    name_end = place - (place > 0 and forms[place - 1] in COMMAS)
    start = name_end
    while (
        start > 0
        and name_end - start < _LONGEST_GIVEN_NAME
        and (
            _is_sure_name(document, start - 1, lexicon)
            or forms[start - 1] in lexicon.words["name_prefixes"]
        )
    ):
        start -= 1
    if mention.name is None and name_end - start > 1 and forms[start] in lexicon.given_names:
        yield mention._replace(
            name=(start, name_end), gender=lexicon.given_names[forms[start]] or mention.gender
        )


def is_same_office(spoken: Iterable[str], known: Iterable[str], lexicon: Lexicon) -> bool:
    """Tell whether the words after a head are said of the office known, or are not at odds.

    Every word must be known but a nationality, which is at odds with another one only.

    >>> from analysis.attribution_lexicon import load_lexicon
    >>> lexicon = load_lexicon()
    >>> office = ["وزير", "الداخليه", "بمملكه", "البحرين"]
    >>> is_same_office(["الداخليه", "البحريني"], office, lexicon)
    True
    >>> is_same_office(["الداخليه", "الفرنسي"], ["وزير", "الداخليه", "الالماني"], lexicon)
    False
    """
    office = {_without_gender(form) for form in known}
    office |= {word.removeprefix("ل") for word in office}
    nations = [word for word in office if word.endswith("ي") and is_adjective(word, lexicon)]
    for form in spoken:
        word = _without_gender(form)
        if word in office:
            continue
        is_nation = word.endswith("ي") and is_adjective(word, lexicon)
        if not is_nation or (nations and word.removesuffix("ي") not in office):
            return False
    return True


def _without_gender(form: str) -> str:
    """Return a word without its article, with ل before it too, and the ending of the feminine."""
    bare = form[2:] if form.startswith("لل") else without_article(form)
    return bare.removesuffix("ه")


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
        or _opens_venue(forms, stop, lexicon)
        or (stop > place + 1 and _is_spoken_to(forms, stop, lexicon))
    ):
        stop += 1
    return stop


def _is_spoken_to(forms: Sequence[str], place: int, lexicon: Lexicon) -> bool:
    """Tell whom somebody spoke to from whom he serves (للصحفيين، لوكالة، not للرئيس)."""
    form = forms[place]
    rest = ARTICLE + form[2:] if form.startswith("لل") else form[1:]
    tokens = (rest, *forms[place + 1 : place + _LONGEST_LINK])
    length = find_phrase(lexicon.bodies, tokens, 0)
    if form.startswith("ل") and length:
        return lexicon.body_types[tokens[:length]] == "media"
    return form in lexicon.words["addressees"]


def _opens_venue(forms: Sequence[str], place: int, lexicon: Lexicon) -> bool:
    """Tell في before what somebody said something in (في رسالة) from one inside a role."""
    following = forms[place + 1] if place + 1 < len(forms) else ""
    return forms[place] == "في" and following in lexicon.words["venues"]


def find_full_body(document: Document, phrase: Range, lexicon: Lexicon) -> Range | None:
    """Find what a body called by one word is in full, the nearest mention first.

    الشركة stands for شركة الوادي للنقل or شركة «الوادي», المرصد for المرصد الوطني للمناخ,
    الخارجية for وزارة الخارجية, عائلته for عائلة الوادي. One adjective is no name (الشرطة
    المحلية).
    """
    form = words_of(document, phrase)[0]
    if not form:
        return None
    owned = form.removesuffix("ها").removesuffix("ه").removesuffix("ت")
    heads = [form.removeprefix(ARTICLE)] if form.startswith(ARTICLE) else [owned, owned + "ه"]
    before, after = _nearest(document, [*heads, form], phrase)
    for place in [*before, *after]:
        end = _end_of_body(document, place, lexicon)
        start = place
        if form in lexicon.words["ministries"] and place and document.forms[place - 1] == "وزاره":
            start -= 1
        is_described = document.forms[start] == form and end - start == 2
        if end - start > 1 and not is_described:
            return start, end
    return None


def _end_of_body(document: Document, place: int, lexicon: Lexicon) -> int:
    """Return where the name of a body ends whose first word stands at `place`.

    A head without the article takes the next word, marks or brackets with it; then go on
    words with the article, and after a head with the article adjectives.
    """
    forms, words = document.forms, lexicon.words
    end = place + 1
    if end >= len(forms):
        return end
    definite = forms[place].startswith(ARTICLE)
    opens_bracket = forms[end] == "(" and end + 1 < len(forms)
    quoted = end + 1 if opens_bracket else end
    number = document.quoted[quoted]
    if number >= 0 and not definite:
        span = document.spans[number]
        is_name = span.words <= LONGEST_NAME_IN_MARKS
        return span.close + 1 + opens_bracket if is_name else end
    if opens_bracket and not definite:
        last = min(end + _LONGEST_BRACKET, len(forms))
        return next((p + 1 for p in range(end, last) if forms[p] == ")"), end)
    described = is_adjective(forms[end], lexicon) and definite == forms[end].startswith(ARTICLE)
    if definite != described:
        return end
    if not forms[end].isalpha() or forms[end] in words["prepositions"]:
        return end
    while end < len(forms) and not (
        forms[end] in words["source_stops"]
        or forms[end] in words["adverbs"]
        or forms[end] in words["relative_pronouns"]
        or forms[end] in words["dates"]
        or forms[end] in words["time_nouns"]
        or not (
            end == place + 1
            or forms[end].startswith(("ال", "لل", "وال"))
            or _is_purpose(forms, end)
        )
    ):
        end += 1
    return end


def _is_purpose(forms: Sequence[str], place: int) -> bool:
    """Tell what a body is for (المرصد الوطني لحقوق الإنسان)."""
    following = forms[place + 1] if place + 1 < len(forms) else ""
    return forms[place].startswith("ل") and following.startswith(ARTICLE)


def find_issuer_before(
    document: Document, phrase: Range, head: str, lexicon: Lexicon
) -> Range | None:
    """Find who issued a document that was announced before (في بيان لوزارة …)."""
    before, _ = _nearest(document, [head], phrase)
    for place in before:
        described = describe_source(
            document.forms, place, _end_of_mention(document, place, lexicon), lexicon
        )
        if described.issuer:
            return described.issuer
    return None


def find_announcer(document: Document, phrase: Range, head: str, lexicon: Lexicon) -> Range | None:
    """Find who issued a document by the verb (أصدر المجلس بيانا، قالت الوزارة في بيان).

    The verb is one of saying, or one of `issued_by` without its pronoun (أصدره). With the
    pronoun of its issuer the document may be named afterwards too (أضاف المجلس في تقريره).
    """
    forms = document.forms
    owned = [head + "ه", head + "ها"]
    before, _ = _nearest(document, [head, head + "ا", *owned], phrase)
    _, after = _nearest(document, owned, phrase)
    for place in [*before, *after]:
        start, end = document.sentence_around(place)
        sentence = Sentence(document, lexicon, start, end, forms, document.cues)
        for verb in range(start, place):
            cue = document.cues.get(verb)
            is_saying = (
                cue is not None and cue.kind == "verb" and not (cue.verb.after or cue.verb.strict)
            )
            if is_saying or _is_issuing(forms[verb], lexicon):
                source = source_after(sentence, verb + 1, place, open_ended=True)
                if source and is_anchor(sentence, source[0]):
                    return source
    for place in before:
        publisher = find_publisher(document, place, lexicon)
        if publisher:
            return publisher
    return None


def find_publisher(document: Document, place: int, lexicon: Lexicon) -> Range | None:
    """Find who put out a document by the subject of its sentence (وزع المرصد بلاغا، … بيان لها).

    The document is an object with its alif, or said to be its own.
    """
    forms = document.forms
    own = forms[place + 1 : place + 2] in (["له"], ["لها"], ["لهم"])
    if not own and not (forms[place].endswith("ا") and not forms[place].startswith(ARTICLE)):
        return None
    subject = main_subject(sentence_of(document, lexicon, place))
    return subject if subject and subject[1] <= place else None


def _is_issuing(form: str, lexicon: Lexicon) -> bool:
    """Tell a verb of `issued_by` without its pronoun (أصدر، أصدرت), with و or without."""
    verbs = {form, form.removeprefix("و")}
    return any(verb + "ه" in lexicon.words["issued_by"] for verb in verbs)


def find_sender_after(document: Document, phrase: Range, lexicon: Lexicon) -> Range | None:
    """Find who issued a document by the relative clause after it (البرقية التي بعثها فلان)."""
    forms = document.forms
    verb = phrase[1] + 1
    start, end = document.sentence_around(phrase[0])
    if (
        verb + 1 < end
        and forms[phrase[1]] in lexicon.words["relative_pronouns"]
        and forms[verb] in lexicon.words["issued_by"]
        and forms[verb].endswith(("ه", "ها"))
    ):
        sentence = Sentence(document, lexicon, start, end, forms, document.cues)
        stop = next((p for p in range(verb + 2, end) if document.quoted[p] >= 0), end)
        source = source_after(sentence, verb + 1, stop, open_ended=True)
        if source and is_anchor(sentence, source[0]):
            return source
    return None
