"""Read the phrase that names a source: who, what they are, and what kind of source that is."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from analysis.attribution_lexicon import ARTICLE, Lexicon, Role, find_phrase
from analysis.document import COMMAS, PUNCTUATION, Range
from analysis.inflection import PRONOUNS

# First name, three fathers and a family name with its particle; more words are no name.
_LONGEST_NAME = 9
# A name of the list counts as the beginning of the name only so near the end of the phrase.
_REACH_OF_NAME = 14
# Whom a body fights stands right after ضد, or after its kind (ضد تنظيم …).
_REACH_OF_AGAINST = 2
_IN_THE_NAME_OF = "باسم"
# An expert or an official is one whatever noun follows.
_HAVE_CALLINGS = ("citizen", "organization")
_CLOSING = {"«": "»", "“": "”", '"': '"', "(": ")"}


class Description(NamedTuple):
    """What a source phrase says; ranges are token numbers.

    `kind` is person (a name), role (a person without a name), body, document or pointer
    (المصدر ذاته). `head` is the folded word a later mention may repeat.
    """

    kind: str
    head: str
    name: Range | None = None
    role: Range | None = None
    issuer: Range | None = None
    source_type: str = "other"
    gender: str = ""
    number: str = "s"
    definite: bool = False


def describe_source(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> Description:
    """Read the source phrase `forms[start:end]`.

    Titles are peeled off a name. A role may stand before the name, after it, or on both
    sides of a comma. A document speaks for the body that issued it, where it says so.

    >>> from analysis.attribution_lexicon import load_lexicon
    >>> forms = ["الباحثه", "في", "علم", "المناخ", "الدكتوره", "ليلي", "الوادي"]
    >>> described = describe_source(forms, 0, len(forms), load_lexicon())
    >>> described.kind, forms[slice(*described.name)], described.source_type
    ('person', ['ليلي', 'الوادي'], 'expert')
    """
    start, end = _trim(forms, start, end)
    if start >= end:
        return Description("role", "")
    if _is_pointer(forms, start, end, lexicon):
        return _pointer(forms, start, end, lexicon)
    place = start
    while place < end - 1 and (
        forms[place] in lexicon.words["determiners"]
        or (
            forms[place].isdigit()
            and (forms[place + 1] in lexicon.roles or forms[place + 1] in lexicon.bodies)
        )
        or (place > start and forms[place] == "من")
    ):
        place += 1
    if forms[place] in lexicon.words["demonstratives"] and place < end - 1:
        place += 1
    first = forms[place]
    if first in lexicon.titles_of:
        named, _ = _skip_titles(forms, place, end, lexicon)
        if named > place and _is_bare_name(forms[named], lexicon):
            return _person(forms, start, place, end, lexicon)
    is_role = first in lexicon.roles or (
        place == start + 1
        and forms[start] in lexicon.roles
        and lexicon.roles[forms[start]].source_type == "official"
    )
    body_length = find_phrase(lexicon.bodies, forms, place, end=end)
    is_document = _is_document(first, lexicon) and not is_role and body_length < 2
    if is_document and not (body_length and first.startswith(ARTICLE)):
        return _document(forms, start, end, lexicon)
    if (body_length and not is_role) or body_length > 1:
        return Description(
            "body",
            forms[start].removeprefix("ال"),
            source_type=body_type(forms, place, end, lexicon) or "other",
            gender=_gender_of_body(forms, place, end),
            definite=forms[start].startswith("ال"),
        )
    if place == end - 1 and _owned_body(first, lexicon):
        body = _owned_body(first, lexicon)
        return Description("body", body, source_type=lexicon.body_types[(body,)])
    if _is_unknown_body(forms, place, end, lexicon):
        return Description("body", forms[start].removeprefix("ال"), definite=True)
    if _is_unknown_group(forms, place, end, lexicon):
        return Description("role", forms[start], role=(start, end), number="p")
    return _person(forms, start, place, end, lexicon)


def _owned_body(form: str, lexicon: Lexicon) -> str:
    """Return the body in a word with a pronoun (ناديه، شركتها), or an empty string."""
    for pronoun in PRONOUNS:
        stem = form.removesuffix(pronoun)
        for head in (stem, stem[:-1] + "ه" if stem.endswith("ت") else stem):
            if stem != form and (head,) in lexicon.body_types and form not in lexicon.roles:
                return head
    return ""


def _is_document(form: str, lexicon: Lexicon) -> bool:
    """Tell a word for a document, an object with its alif among them (أصدر بيانا)."""
    documents = lexicon.words["documents"]
    return form in documents or (form.removesuffix("ا") in documents and not lexicon.is_known(form))


def _is_unknown_group(forms: Sequence[str], place: int, end: int, lexicon: Lexicon) -> bool:
    """Tell a description that opens with an unknown noun (حسابات في موقع …) from a name."""
    first = forms[place]
    return (
        end - place > 2
        and forms[place + 1] in lexicon.words["frame_prepositions"]
        and first.isalpha()
        and not first.startswith(ARTICLE)
        and not lexicon.is_known(first)
    )


def _is_bare_name(form: str, lexicon: Lexicon) -> bool:
    """Tell a name after a title from the rest of a body (الفريق … الوادي, not الفريق الأحمر)."""
    return form in lexicon.given_names or (
        form.isalpha()
        and not form.startswith(("ال", "لل", "و", "بال"))
        and form not in lexicon.words["prepositions"]
        and form not in lexicon.roles
        and _without_clitic(form, lexicon) not in lexicon.bodies
    )


def _gender_of_body(forms: Sequence[str], start: int, end: int) -> str:
    """Return the gender of a body by its ending or by its adjective's (الأمم المتحدة)."""
    adjective = forms[start + 1] if start + 1 < end else ""
    if forms[start].startswith(ARTICLE) and adjective.startswith(ARTICLE) and adjective[-1] == "ه":
        return "f"
    return _ending_gender(forms[start])


def _ending_gender(form: str) -> str:
    """Return the gender a noun has by its ending; plurals of things are feminine."""
    return "f" if form.endswith(("ه", "ات")) else "m"


def _is_unknown_body(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> bool:
    """Tell a body of no list by its articles throughout (المفوضية العليا للاجئين)."""
    return (
        end - start > 1
        and forms[start] not in lexicon.roles
        and forms[start] not in lexicon.words["titles"]
        and forms[start] not in lexicon.given_names
        and all(form.startswith(("ال", "لل", "وال")) for form in forms[start:end])
    )


def body_type(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> str:
    """Return the source type of the first body named in a phrase, or an empty string.

    A proper name settles it over the general word before it: حركة is one thing, حماس another.
    But armed groups after ضد and مكافحة are whom the others fight, and a country or a capital
    after في, من or ب is a place.
    """
    found = ""
    place = start
    while place < end:
        first = _without_clitic(forms[place], lexicon)
        tokens = (first, *forms[place + 1 : end])
        length = find_phrase(lexicon.bodies, tokens, 0)
        if length:
            source_type = lexicon.body_types[tokens[:length]]
            before = forms[max(start, place - _REACH_OF_AGAINST) : place]
            if (
                source_type == "armed_group" and not lexicon.words["against"].isdisjoint(before)
            ) or (
                " ".join(tokens[:length]) in lexicon.words["places"]
                and ("".join(before[-1:]) in ("في", "من") or forms[place].startswith("ب" + first))
            ):
                place += length
                continue
            if source_type == "armed_group" and first not in lexicon.words["body_heads"]:
                return source_type
            found = found or source_type
        place += max(length, 1)
    return found


def _without_clitic(form: str, lexicon: Lexicon) -> str:
    if form in lexicon.bodies:
        return form
    for clitic, rest in (
        ("لل", "ال" + form[2:]),
        ("ب", form[1:]),
        ("ل", form[1:]),
        ("و", form[1:]),
    ):
        if form.startswith(clitic) and rest in lexicon.bodies:
            return rest
    return form


def _trim(forms: Sequence[str], start: int, end: int) -> Range:
    while start < end and forms[start] in PUNCTUATION and forms[start] not in "(":
        start += 1
    while end > start and forms[end - 1] in PUNCTUATION and forms[end - 1] not in ')»"”':
        end -= 1
    return start, end


def _is_pointer(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> bool:
    words = [form for form in forms[start:end] if form not in PUNCTUATION]
    if not words:
        return False
    is_title = words[0] in lexicon.words["titles"] and words[0] not in lexicon.roles
    if words[0] in lexicon.words["courtesies"] or (is_title and len(words) == 1):
        return True
    if _is_epithet(words, lexicon):
        return True
    if any(form in lexicon.words["pointers"] for form in words[:3]) and len(words) <= 5:
        return words[0].startswith("ال") or words[0] in lexicon.words["pointers"]
    return words[0] in lexicon.words["any_source"] and (
        len(words) == 1 or (len(words) == 2 and words[1].startswith((ARTICLE, "و")))
    )


def _is_epithet(words: Sequence[str], lexicon: Lexicon) -> bool:
    """Tell somebody known by country and age alone (البريطانية البالغة 42 عاما)."""
    first = words[0]
    return (
        first.startswith(ARTICLE)
        and first.endswith(("ي", "يه"))
        and len(first) > 5
        and not lexicon.is_known(first)
        and all(
            word.startswith(ARTICLE) or word.isdigit() or word in lexicon.words["years_old"]
            for word in words[1:]
        )
        and any(word in lexicon.words["years_old"] for word in words)
    )


def _pointer(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> Description:
    words = [form for form in forms[start:end] if form not in PUNCTUATION]
    head = next((word for word in words if word not in lexicon.words["pointers"]), words[0])
    role = lexicon.roles.get(head)
    if role and role.by_body and role.source_type == "anonymous":
        return Description(
            "pointer", role.lemma, source_type=role.source_type, number="", definite=True
        )
    if (
        head in lexicon.words["any_source"]
        or head in lexicon.words["courtesies"]
        or head in lexicon.words["titles"]
        or _is_epithet(words, lexicon)
    ):
        return Description("pointer", "", gender=_ending_gender(head), number="", definite=True)
    if role is None:
        return Description("pointer", head.removeprefix("ال"), number="", definite=True)
    return Description("pointer", role.lemma, gender=role.gender, number=role.number, definite=True)


def _document(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> Description:
    """Read a document: with the article it is a known one, unless it says who issued it.

    It says so by صادر عن and its like, by ل (التقرير السنوي لشركة …) and by من before a body.
    """
    definite = forms[start].startswith("ال")
    issuer = start + 1
    explicit = False
    while issuer < end and not _begins_issuer(forms, issuer, end, lexicon, explicit=explicit):
        explicit = explicit or forms[issuer] in lexicon.words["issued_by"]
        issuer += 1
    if _comes_from(forms, issuer, end, lexicon):
        issuer += 1
        explicit = True
    explicit = explicit or (issuer < end and _is_owner(forms[issuer], lexicon))
    named = (
        issuer < end
        and forms[issuer] not in lexicon.words["pointers"]
        and (explicit or (not definite and _opens_name(forms, issuer, end, lexicon)))
    )
    return Description(
        "document",
        _document_head(forms[start], lexicon),
        issuer=(issuer, end) if named else None,
        source_type=(body_type(forms, issuer, end, lexicon) or "other") if named else "anonymous",
        gender=_ending_gender(forms[start]),
        definite=definite,
    )


def _document_head(form: str, lexicon: Lexicon) -> str:
    bare = form.removesuffix("ا")
    is_object = bare != form and bare in lexicon.words["documents"]
    return bare if is_object else form.removeprefix(ARTICLE)


def _begins_issuer(
    forms: Sequence[str], place: int, end: int, lexicon: Lexicon, *, explicit: bool
) -> bool:
    """Tell the issuer from what stands before it (بيان إعلامي صادر عن …)."""
    form = forms[place]
    following = forms[place + 1] if place + 1 < end else ""
    if (
        form in lexicon.words["issue_adverbs"]
        or form in lexicon.words["issued_by"]
        or form in PUNCTUATION
    ):
        return False
    if explicit or not is_adjective(form, lexicon):
        return True
    return following not in lexicon.words["issued_by"] and (
        form in lexicon.roles or _without_clitic(form, lexicon) in lexicon.bodies
    )


def _comes_from(forms: Sequence[str], place: int, end: int, lexicon: Lexicon) -> bool:
    """Tell من before the body that issued a document from one before a place or an amount."""
    return (
        place + 1 < end
        and forms[place] == "من"
        and forms[place + 1].removeprefix(ARTICLE) in lexicon.words["body_heads"]
    )


def _is_owner(form: str, lexicon: Lexicon) -> bool:
    """Tell ل before a body or a role: of whom something is (لشركة، للوزارة، لوزير)."""
    if not form.startswith("ل") or form in lexicon.bodies or form in lexicon.given_names:
        return False
    rest = "ال" + form[2:] if form.startswith("لل") else form[1:]
    return rest in lexicon.bodies or rest in lexicon.roles


def _opens_name(forms: Sequence[str], place: int, end: int, lexicon: Lexicon) -> bool:
    form = forms[place]
    return (
        form in lexicon.roles
        or form in lexicon.given_names
        or form in lexicon.words["titles"]
        or _without_clitic(form, lexicon) in lexicon.bodies
        or form.startswith(("ال", "لل"))
    )


def _person(
    forms: Sequence[str], start: int, place: int, end: int, lexicon: Lexicon
) -> Description:
    if forms[end - 1] == ")" and "(" in forms[place + 1 : end]:
        end = place + 1 + list(forms[place + 1 : end]).index("(")
    is_called = lexicon.words["called_forms"]
    if not is_called.isdisjoint(forms[place + 1 : end - 1]):
        called = next(at for at in range(place + 1, end - 1) if forms[at] in is_called)
        described = _person(forms, start, place, called, lexicon)
        return described._replace(kind="person", name=(called + 1, end), number="s")
    name: Range | None = None
    roles: list[Range] = []
    title_type = ""
    heads: list[Role] = []
    segments = _segments(forms, start, end)
    for number, (left, right) in enumerate(segments):
        if number == 0 and _is_named_later(forms, left, right, segments[1:], lexicon):
            roles.append((left, right))
            heads.append(lexicon.roles[forms[left]])
            continue
        if number == 0:
            left = max(left, place)
            unnamed = forms[left] not in lexicon.given_names
            if place > start and unnamed and _head(forms[left], lexicon) is None:
                roles.append((start, right))
                ranked = _head(forms[start], lexicon)
                heads += [ranked] if ranked else []
                continue
            if left < right - 1 and _is_nationality(forms, left, lexicon):
                left += 1
        role_range, name_range, title = _read_segment(
            forms, left, right, lexicon, bool(name), bool(roles)
        )
        title_type = title_type or title
        head = _head_of_role(forms, *role_range, lexicon) if role_range else None
        if (
            role_range
            and name_range
            and role_range[0] > name_range[0]
            and head
            and head.number == "p"
        ):
            role_range = None
        if role_range:
            roles.append((start if number == 0 and place > start else role_range[0], role_range[1]))
            if head:
                heads.append(head)
        if name_range and name is None:
            name = name_range
    office = _office_of_title(forms, place, name, lexicon) if name and not roles else None
    if office:
        roles.append(office)
        heads.append(lexicon.roles[forms[office[0]]])
    role = (roles[0][0], roles[-1][1]) if roles else None
    if role and name and role[0] < name[0] < role[1]:
        role = max(roles, key=lambda part: part[1] - part[0])
    gender = heads[0].gender if heads else ""
    if name and not gender:
        gender = lexicon.given_names.get(forms[name[0]], "")
    return Description(
        "person" if name else "role",
        heads[0].lemma if heads else "",
        name=name,
        role=role,
        source_type=_person_type(forms, roles[0] if roles else None, heads, title_type, lexicon),
        gender=gender,
        number=heads[0].number if heads and not name else "s",
        definite=bool(heads and heads[0].definite),
    )


def _is_named_later(
    forms: Sequence[str], start: int, end: int, later: Sequence[Range], lexicon: Lexicon
) -> bool:
    """Tell a role that holds no name, because one with a title follows after a comma.

    So of رئيس مجلس استقلال الشمال، الجنرال سمير الوادي; a given name inside it is its own.
    """
    if forms[start] not in lexicon.roles or not later:
        return False
    if any(form in lexicon.given_names for form in forms[start:end]):
        return False
    first, last = later[0]
    begin, _ = _skip_titles(forms, first, last, lexicon)
    return begin > first and _is_bare_name(forms[begin], lexicon)


def _office_of_title(
    forms: Sequence[str], start: int, name: Range, lexicon: Lexicon
) -> Range | None:
    """Return the title before a name that is an office, and so the role (النائب سمير)."""
    return next(
        (
            (place, place + 1)
            for place in range(start, name[0])
            if forms[place] in lexicon.words["offices"] and forms[place] in lexicon.roles
        ),
        None,
    )


def _is_nationality(forms: Sequence[str], place: int, lexicon: Lexicon) -> bool:
    """Tell whether an adjective stands before a name (البرتغالي جورج …)."""
    form, following = forms[place], forms[place + 1]
    return (
        form.startswith("ال")
        and form.endswith(("ي", "يه"))
        and form not in lexicon.given_names
        and form not in lexicon.roles
        and not following.startswith("ال")
        and following not in PUNCTUATION
        and following not in lexicon.words["prepositions"]
        and following not in lexicon.words["name_prefixes"]
    )


def _segments(forms: Sequence[str], start: int, end: int) -> list[Range]:
    cuts = [start - 1, *(i for i in range(start, end) if forms[i] in COMMAS), end]
    return [(a + 1, b) for a, b in pairwise(cuts) if a + 1 < b]


def _head(form: str, lexicon: Lexicon) -> Role | None:
    return lexicon.roles.get(form) or lexicon.roles.get(form.removeprefix("و"))


def _head_of_role(forms: Sequence[str], place: int, end: int, lexicon: Lexicon) -> Role | None:
    """Return the head of the role that begins here, past what counts or ranks it.

    So of أحد المشاركين and أحد كبار الباحثين the plural, of كبيرة المحللين too, of which one is
    meant; what is no role alone (كبير) needs it.
    """
    first = _head(forms[place], lexicon)
    if forms[place] not in lexicon.words["determiners"] or (first and first.by_body):
        return first
    after = place + 1
    while after < end and forms[after] in lexicon.words["determiners"]:
        after += 1
    counted = _head(forms[after], lexicon) if after < end else None
    if counted is None or counted.number == "s":
        return first
    return counted._replace(number="s", definite=False)


def _person_type(
    forms: Sequence[str],
    role: Range | None,
    heads: list[Role],
    title_type: str,
    lexicon: Lexicon,
) -> str:
    if heads and role:
        head = heads[0]
        body = _type_of_calling(forms, role, head, lexicon)
        if head.by_body and not body:
            body = _type_by_company(forms, role, head, lexicon)
        if head.source_type == "anonymous" and body not in ("official", "organization"):
            return head.source_type
        source_type = body or head.source_type
        if source_type == "expert" and head.lemma in lexicon.words["spokespersons"]:
            return "organization"
        former = any(
            form.removeprefix(ARTICLE) in lexicon.words["former"] for form in forms[slice(*role)]
        )
        return "expert" if former and source_type == "official" else source_type
    if title_type:
        return title_type
    if role:
        return body_type(forms, role[0], role[1], lexicon) or "other"
    return "other"


def _type_of_calling(forms: Sequence[str], role: Range, head: Role, lexicon: Lexicon) -> str:
    """Return the type told by the noun that makes a calling of a word (رجل أعمال، رائد فضاء)."""
    if role[1] - role[0] < 2 or not (head.by_body or head.source_type in _HAVE_CALLINGS):
        return ""
    return lexicon.callings.get(forms[role[0] + 1], "")


def _type_by_company(forms: Sequence[str], role: Range, head: Role, lexicon: Lexicon) -> str:
    """Return the type of the body a role names, or else of a second role word beside the first.

    So of الرئيس التنفيذي, who is no statesman, and of نائب المدير. A deputy عن his party
    sits for the voters.
    """
    after = role[0] + 1
    following = forms[after] if after < role[1] else ""
    if following == "عن":
        return ""
    represents = following.startswith("ل") or body_type(forms, after, role[1], lexicon)
    if head.lemma in lexicon.words["performers"] and not represents:
        return "citizen"
    if head.lemma == "كاتب" and following in lexicon.words["secretaries"]:
        return body_type(forms, after, role[1], lexicon) or "organization"
    if following in lexicon.words["research"]:
        return _type_of_employer(forms, after, role[1], lexicon) or "expert"
    found = _type_of_workplace(forms, after, role[1], lexicon) or body_type(
        forms, after, role[1], lexicon
    )
    if found:
        return found
    if any(form in _CLOSING or form.isascii() for form in forms[after : role[1]] if form != "("):
        return "organization"
    other = lexicon.roles.get(following)
    if other and (not other.by_body and other.source_type == "organization"):
        return other.source_type
    if head.lemma in lexicon.words["determiners"]:
        others = (lexicon.roles.get(form) for form in forms[after : after + 2])
        return next((other.source_type for other in others if other), "")
    return ""


def _type_of_workplace(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> str:
    """Return the type of the body that follows في (مدير العلاقات العامة والإعلام في الشركة)."""
    for place in range(start, end - 1):
        if forms[place] in lexicon.words["workplaces_after"]:
            named = place + 1 + (forms[place + 1] in _CLOSING and place + 2 < end)
            head = _without_clitic(forms[named], lexicon).removeprefix(ARTICLE)
            if head in lexicon.words["body_heads"]:
                return body_type(forms, named, end, lexicon)
    return ""


def _type_of_employer(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> str:
    """Return the type of the body where research is done (مدير البحوث في الشركة، بالشركة).

    A body without في or ب is what the research is about (مدير أبحاث الأمن).
    """
    for place in range(start, end):
        form = forms[place]
        if form[0] in "بل" and _without_clitic(form, lexicon) != form:
            return body_type(forms, place, end, lexicon)
    return _type_of_workplace(forms, start, end, lexicon)


def _read_segment(
    forms: Sequence[str], start: int, end: int, lexicon: Lexicon, has_name: bool, has_role: bool
) -> tuple[Range | None, Range | None, str]:
    """Return the role, the name and the source type of the title in one part between commas."""
    place = start
    while place < end and forms[place] in PUNCTUATION:
        place += 1
    titles, title_type = _skip_titles(forms, place, end, lexicon)
    if titles > place and _head(forms[titles], lexicon) and not _head(forms[place], lexicon):
        place = titles
    if has_name and _head(forms[place], lexicon):
        titles = place
    if titles > place and not _opens_role(forms, titles, end, lexicon):
        name, after = _take_name(forms, titles, end, lexicon)
        role = _role_after_name(forms, after, end, lexicon)
        return role, name, title_type
    if place >= end:
        return None, None, title_type
    role_here = _head_of_role(forms, place, end, lexicon)
    if (
        has_role
        and forms[place] in lexicon.given_names
        and _goes_on_as_name(forms, place, end, lexicon)
    ):
        role_here = None
    if role_here and not (has_name and forms[place] in lexicon.given_names):
        name_start, name_title, role_end = _name_after_role(forms, place, end, role_here, lexicon)
        if name_start < end:
            name, after = _take_name(forms, name_start, end, lexicon)
            if name is None:
                return (place, end), None, title_type
            return (place, role_end), name, title_type or name_title
        return (place, role_end), None, title_type
    if has_name:
        return None, None, title_type
    titled = _title_after(forms, place, end, lexicon)
    if titled < end:
        begin, title_type = _skip_titles(forms, titled, end, lexicon)
        name, _ = _take_name(forms, begin, end, lexicon)
        return (place, titled), name, title_type
    name, after = _take_name(forms, place, end, lexicon)
    role = _role_after_name(forms, after, end, lexicon)
    return role, name, title_type


def _role_after_name(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> Range | None:
    """Return the role that follows a name without a comma (سمير الوادي مدرب الفريق).

    Brackets with an age may stand between them: سمير الوادي (44 عاما) العضو في …
    """
    if start + 1 < end and forms[start] == "(" and forms[start + 1].isdigit():
        start = _after_marks(forms, start, end)
    head = _head_of_role(forms, start, end, lexicon) if start < end else None
    return (start, _end_of_role(forms, start, end, head, lexicon)) if head else None


def _title_after(forms: Sequence[str], start: int, end: int, lexicon: Lexicon) -> int:
    """Return the title that ends a role of no list (آمر القاعدة العميد سمير الوادي), or `end`.

    Two words stand before it at least: one may be a given name of no list.
    """
    if forms[start] in lexicon.given_names or forms[start] in lexicon.words["name_prefixes"]:
        return end
    for place in range(start + 2, end - 1):
        if (
            forms[place] in lexicon.words["titles"]
            and forms[place].startswith(ARTICLE)
            and not _is_governed(forms, place, lexicon)
            and _is_bare_name(forms[place + 1], lexicon)
        ):
            return place
    return end


def _goes_on_as_name(forms: Sequence[str], place: int, end: int, lexicon: Lexicon) -> bool:
    """Tell a given name that is a role too (أمين الوزاني, after the role) from the role."""
    following = forms[place + 1] if place + 1 < end else ""
    return (
        following in lexicon.given_names
        or following.endswith("ي")
        or (following.startswith(ARTICLE) and not lexicon.is_known(following))
    )


def _skip_titles(forms: Sequence[str], place: int, end: int, lexicon: Lexicon) -> tuple[int, str]:
    """Return the first word after the titles that begin here, and the source type they tell."""
    title_type = ""
    while place < end - 1 and (
        forms[place] in lexicon.words["titles"]
        or forms[place] == "."
        or (title_type == "official" and forms[place] in lexicon.words["second_ranks"])
    ):
        title_type = lexicon.titles_of.get(forms[place], title_type)
        place += 1
    return place, title_type


def _opens_role(forms: Sequence[str], place: int, end: int, lexicon: Lexicon) -> bool:
    """Tell whether a word that can be a title is a role here (النائب عن …، القاضي في …)."""
    form = forms[place]
    return (
        form in lexicon.words["prepositions"]
        or (_head(form, lexicon) is not None and form not in lexicon.given_names)
        or (
            end - place > 1
            and forms[place - 1] in lexicon.roles
            and all(word.startswith("ال") for word in forms[place:end])
        )
        or _is_followed_by_adjectives(forms, place, end, lexicon)
    )


def _is_followed_by_adjectives(
    forms: Sequence[str], place: int, end: int, lexicon: Lexicon
) -> bool:
    """Tell adjectives between a role and a name or the end (النائب الأوروبي الفرنسي جيل …)."""
    title = forms[place - 1]
    if title not in lexicon.roles:
        return False
    after = place
    while (
        after < end
        and forms[after].startswith(ARTICLE)
        and (
            is_adjective(forms[after], lexicon)
            or forms[after].removeprefix(ARTICLE) in lexicon.words["adjectives"]
        )
    ):
        after += 1
    if after == place:
        return False
    if after < end and (
        forms[after] in lexicon.words["titles"] or forms[after].startswith(("لل", "بال"))
    ):
        return True
    if lexicon.titles_of.get(title) != "official":
        return after == end or forms[after] in lexicon.given_names
    return after == end or (not forms[after].startswith(ARTICLE) and forms[after].isalpha())


def _take_name(
    forms: Sequence[str], start: int, end: int, lexicon: Lexicon
) -> tuple[Range | None, int]:
    """Return the name that begins here and the first token after it."""
    place = start
    while place < end:
        form = forms[place]
        if form in "()[]":
            break
        if form in PUNCTUATION and form not in '"«»“”-':
            break
        if place > start and (
            (form.isascii() and form != "-" and not forms[place - 1].isascii())
            or form in lexicon.words["prepositions"]
            or form.startswith(("بال", "لل", "وال"))
            or _joins_another(forms, place, lexicon)
        ):
            break
        if (
            place > start
            and _head_of_role(forms, place, end, lexicon)
            and form not in lexicon.given_names
            and forms[place - 1] not in lexicon.words["name_prefixes"]
            and not _is_surname(forms, start, place, end, lexicon)
        ):
            break
        place += 1
    name = (start, place) if place > start and place - start <= _LONGEST_NAME else None
    while name and name[1] > name[0] and forms[name[1] - 1] in "-":
        name = (name[0], name[1] - 1)
    return name, place


def _joins_another(forms: Sequence[str], place: int, lexicon: Lexicon) -> bool:
    """Tell و before a second person (نتانياهو وبوتين) from a name that begins with it."""
    form = forms[place]
    if not form.startswith("و") or len(form) < 4 or form in lexicon.given_names:
        return False
    return form[1:] in lexicon.given_names or form[1:] in forms


def _is_surname(forms: Sequence[str], start: int, place: int, end: int, lexicon: Lexicon) -> bool:
    """Tell whether a word for a role ends a name instead (ربيع القاضي، نور الدين الخطيب)."""
    alone = place + 1 == end or forms[place + 1] in PUNCTUATION
    first = place - start == 1 or (
        place - start == 2 and forms[place - 1] in lexicon.words["name_suffixes"]
    )
    return alone and first and (forms[place].startswith("ال") or place > start)


def _name_after_role(
    forms: Sequence[str], start: int, end: int, head: Role, lexicon: Lexicon
) -> tuple[int, str, int]:
    """Return where the name after a role begins, the type of its title, where the role ends."""
    for place in reversed(range(start + 1, end - 1)):
        first = place - 1 - (forms[place - 1] in lexicon.words["second_ranks"])
        if first >= start and forms[first] in lexicon.words["titles"]:
            continue
        if forms[place] in lexicon.words["titles"] and not _is_governed(forms, place, lexicon):
            begin, title_type = _skip_titles(forms, place, end, lexicon)
            if (
                not _head(forms[begin], lexicon)
                and forms[begin] not in lexicon.words["prepositions"]
            ):
                return begin, title_type, place
    inside = 0
    for place in range(start + 1, end):
        if forms[place] in _CLOSING and place >= inside:
            inside = _after_marks(forms, place, end)
        if (
            place >= inside
            and forms[place] in lexicon.given_names
            and not _is_governed(forms, place, lexicon)
            and end - place <= _REACH_OF_NAME
        ):
            if not head.definite and _serves_another(forms, start, place, head, lexicon):
                return end, "", end
            ends = _end_of_role(forms, start, end, head, lexicon)
            begin = ends if ends == place - 1 else place
            return begin, "", begin
    place = _end_of_role(forms, start, end, head, lexicon)
    if place < end and _is_indefinite(forms, start, head, lexicon):
        return end, "", end if forms[place].startswith("ل") else place
    return place, "", place


def _is_relative(role: Role, lexicon: Lexicon) -> bool:
    """Tell a role that is one only for somebody else (زوجة الرئيس، محامي المتهم)."""
    return role.lemma in lexicon.words["relations"]


def _serves_another(
    forms: Sequence[str], start: int, name: int, head: Role, lexicon: Lexicon
) -> bool:
    """Tell the name of whom somebody works for or belongs to.

    So of متحدث باسم الرئيس سمير الوادي and زوجة الرئيس سمير الوادي; who speaks may be named
    after a comma.
    """
    if not (_is_indefinite(forms, start, head, lexicon) or _is_relative(head, lexicon)):
        return False
    return any(
        forms[place] in lexicon.roles
        and lexicon.roles[forms[place]].definite
        and lexicon.roles[forms[place]].number == "s"
        for place in range(start + 1, name)
    ) and not any(form in COMMAS for form in forms[start:name])


def _is_indefinite(forms: Sequence[str], start: int, head: Role, lexicon: Lexicon) -> bool:
    """Tell a description that no unknown name follows: دبلوماسي أوروبي حضر اللقاء.

    An adjective or a preposition right after a noun without its article shows it; a noun
    there would make it definite (خبير المناخ سمير الوادي).
    """
    following = forms[start + 1] if start + 1 < len(forms) else ""
    return not head.definite and (
        following in lexicon.words["frame_prepositions"]
        or following == _IN_THE_NAME_OF
        or (is_adjective(following, lexicon) and not following.startswith("ال"))
    )


def _is_governed(forms: Sequence[str], place: int, lexicon: Lexicon) -> bool:
    """Tell whether a word belongs to the noun before it (جامعة محمد …، مستشار الملك).

    A title between them belongs to it too: مركز الملك سلمان.
    """
    previous = forms[place - 1]
    return (
        _is_head_of_body(previous, lexicon)
        or _names_a_body(forms, place, lexicon)
        or previous in lexicon.words["prepositions"]
        or previous in lexicon.words["name_prefixes"]
        or previous in lexicon.words["construct"]
        or (
            previous in lexicon.roles
            and not lexicon.roles[previous].definite
            and (
                forms[place] not in lexicon.given_names
                or _is_relative(lexicon.roles[previous], lexicon)
            )
        )
    )


def _names_a_body(forms: Sequence[str], place: int, lexicon: Lexicon) -> bool:
    return (
        place > 1
        and forms[place - 1] in lexicon.words["titles"]
        and _is_head_of_body(forms[place - 2], lexicon)
    )


def _is_head_of_body(form: str, lexicon: Lexicon) -> bool:
    heads = lexicon.words["body_heads"]
    return form in heads or (form[0] in "لب" and form[1:] in heads)


def _end_of_role(forms: Sequence[str], start: int, end: int, head: Role, lexicon: Lexicon) -> int:
    """Return where a role ends by its grammar: the word after which a name can only follow.

    A head without the article takes the next word with it (وزير خارجية النمسا); words with
    the article, adjectives, prepositions and coordinated nouns go on with the role.
    """
    takes_next = not head.definite
    indefinite = not head.definite
    place = start + 1
    while place < end:
        form = forms[place]
        if form in PUNCTUATION:
            place = _after_marks(forms, place, end)
            takes_next = takes_next and form not in _CLOSING
            continue
        if form in lexicon.words["prepositions"] or form in lexicon.words["construct"]:
            takes_next = True
        elif takes_next:
            length = find_phrase(lexicon.bodies, forms, place, end=end)
            known = lexicon.roles.get(form)
            indefinite = indefinite and is_adjective(form, lexicon) and form[:2] != "ال"
            takes_next = not form.startswith("ال") and (
                (length == 1 and form in lexicon.words["body_heads"])
                or (
                    (form in lexicon.words["construct"] or known is not None)
                    and not is_adjective(form, lexicon)
                )
                or (known is not None and known.number == "p" and form.endswith("ي"))
            )
            place += max(length, 1)
            continue
        elif (
            form.startswith(("ال", "لل", "بال"))
            or form in lexicon.words["pointers"]
            or _names_a_body(forms, place, lexicon)
        ):
            pass
        elif form in lexicon.roles or form in lexicon.words["construct"]:
            takes_next = True
        elif form[0] in "بلو" and (
            form[1:] in lexicon.roles
            or form[1:] in lexicon.bodies
            or form[1:] in lexicon.words["construct"]
            or form.startswith("وال")
        ):
            takes_next = not form.startswith("وال")
        elif (
            form in lexicon.bodies
            or _is_purpose(form, lexicon)
            or _has_complement(forms, place, end, lexicon)
        ):
            takes_next = True
        elif (
            form.isdigit()
            or forms[place - 1].isdigit()
            or (indefinite and is_adjective(form, lexicon))
            or (form in lexicon.words["adjectives"])
        ):
            pass
        else:
            return place
        place += 1
    return end


def _after_marks(forms: Sequence[str], place: int, end: int) -> int:
    """Return the first word after marks that open here (منظمة «الأفق الجديد»)."""
    closing = _CLOSING.get(forms[place])
    if closing:
        for after in range(place + 1, end):
            if forms[after] == closing:
                return after + 1
    return place + 1


def _has_complement(forms: Sequence[str], place: int, end: int, lexicon: Lexicon) -> bool:
    """Tell ب or ل before a noun with its genitive (مكلفة بملاحظة الانتخابات) from a name."""
    form = forms[place]
    return (
        form[0] in "بل"
        and len(form) > 4
        and form not in lexicon.given_names
        and place + 1 < end
        and forms[place + 1].startswith(ARTICLE)
    )


def _is_purpose(form: str, lexicon: Lexicon) -> bool:
    """Tell what a body is for (شركة … لتشغيل المطارات، لجنة … لمكافحة الفساد) from a name."""
    return (
        form.startswith("لت") or (form.startswith("لم") and form.endswith("ه"))
    ) and form not in lexicon.given_names


def is_adjective(form: str, lexicon: Lexicon) -> bool:
    """Tell an adjective by the list, in the accusative too (كبيرا), or by its ending (ي، ية)."""
    bare = form.removeprefix("ال")
    if bare in lexicon.words["body_heads"] or bare in lexicon.words["construct"]:
        return False
    adjectives = lexicon.words["adjectives"]
    return (bare in adjectives or bare.removesuffix("ا") in adjectives) or (
        len(bare) > 3
        and bare.endswith(tuple(lexicon.words["adjective_endings"]))
        and form not in lexicon.given_names
    )
