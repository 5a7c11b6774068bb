"""Derive the forms that occur in news from a few principal parts; all forms are folded."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from analysis.arabic import fold

PRONOUNS = ("ه", "ها", "هم")


# Verbal nouns of derived verbs: إصلاح، اتخاذ, إعادة, استخدام, تقديم.
_VERBAL_NOUN = re.compile("ا..ا.|ا.ا.ه|است.ا?..?|ت..ي.ه?")


def looks_like_verbal_noun(form: str) -> bool:
    """Tell a folded word that has the pattern of a derived verb's noun.

    >>> [looks_like_verbal_noun(form) for form in ("تقديم", "اعاده", "اتخاذ", "سمير")]
    [True, True, True, False]
    """
    return _VERBAL_NOUN.fullmatch(form) is not None


class Form(NamedTuple):
    """One inflected form; gender is m or f, number s (singular), d (dual) or p (plural)."""

    form: str
    kind: str
    gender: str
    number: str


def inflect_verb(past: str, parts: Mapping[str, Any]) -> Iterator[Form]:
    """Inflect a verb in the third person, and its participle in the accusative.

    >>> [form.form for form in inflect_verb("نفى", {"present": "ينفي", "participle": "نافي"})]
    ['نفي', 'نفت', 'نفوا', 'نفيا', 'نفتا', 'ينفي', 'تنفي', 'ينفون', 'نافيا', 'نافيه', 'نافين',
     'نافيات']
    """
    past = fold(past)
    has_weak_end = past.endswith(("ي", "ا"))
    stem = past[:-1] if has_weak_end else past
    yield Form(past, "verb", "m", "s")
    yield Form(stem + "ت", "verb", "f", "s")
    yield Form(stem + "وا", "verb", "m", "p")
    yield Form(stem + "يا" if has_weak_end else past + "ا", "verb", "m", "d")
    yield Form(stem + "تا", "verb", "f", "d")
    if not has_weak_end:
        yield Form(past + "ن", "verb", "f", "p")
    if "present" in parts:
        present = fold(parts["present"])
        yield Form(present, "verb", "m", "s")
        yield Form("ت" + present[1:], "verb", "f", "s")
        yield Form(_without_weak_end(present) + "ون", "verb", "m", "p")
    if "participle" in parts:
        participle = fold(parts["participle"])
        yield Form(participle + "ا", "participle", "m", "s")
        yield Form(participle + "ه", "participle", "f", "s")
        yield Form(_without_weak_end(participle) + "ين", "participle", "m", "p")
        yield Form(participle + "ات", "participle", "f", "p")
    if parts.get("object"):
        singular = [past, stem + "ت"]
        if "present" in parts:
            singular += [present, "ت" + present[1:]]
        for number, form in enumerate(singular):
            for pronoun in PRONOUNS:
                yield Form(form + pronoun, "verb", "fm"[number % 2 == 0], "s")


def inflect_noun(noun: str) -> Iterator[Form]:
    """Add the pronouns to a verbal noun, bare and after ب.

    >>> [form.form for form in inflect_noun("إشارة")]
    ['اشارته', 'باشارته', 'اشارتها', 'باشارتها', 'اشارتهم', 'باشارتهم']
    """
    base = fold(noun)
    stem = base[:-1] + "ت" if base.endswith("ه") else base
    for pronoun, gender, number in zip(PRONOUNS, "mfm", "ssp", strict=True):
        for prefix in ("", "ب"):
            yield Form(prefix + stem + pronoun, "nominal", gender, number)


def inflect_role(role: str, plurals: Sequence[str]) -> Iterator[Form]:
    """Inflect a word for what somebody is: feminine, accusative, plurals, with a pronoun.

    Words of two letters and feminine ones (سيدة) have no forms by rule but the pronoun. Of the
    plural in ي those are left out that are written like an adjective: مساعديه like عالمية, and
    before a noun (محللي السوق) all but those of participles with م, which need no broken plural.
    Broken plurals take a pronoun when they begin with أ (أقاربه، أعضاؤها).

    >>> [form.form for form in inflect_role("خبير", ["خبراء"])][:4]
    ['خبير', 'خبراء', 'خبيره', 'خبيرا']
    """
    base = fold(role)
    is_feminine = base.endswith("ه")
    is_plural = base.endswith("ون")
    yield Form(base, "role", "f" if is_feminine else "m", "p" if is_plural else "s")
    for plural in plurals:
        yield Form(fold(plural), "role", "m", "p")
        if plural.startswith("أ") and len(plural) > 4 and not plural.endswith("ة"):
            yield from _with_pronouns(fold(plural))
    if is_feminine:
        for pronoun in PRONOUNS:
            yield Form(base[:-1] + "ت" + pronoun, "role", "f", "s")
    elif len(base) > 2:
        yield Form(base + "ه", "role", "f", "s")
        if not base.endswith("ا"):
            yield Form(base + "ا", "role", "m", "s")
        yield Form(base + "ان", "role", "m", "d")
        yield Form(base + "تان", "role", "f", "d")
        yield Form(base + "ون", "role", "m", "p")
        yield Form(base + "ين", "role", "m", "p")
        yield Form(base + "ات", "role", "f", "p")
        yield Form(base + "و", "role", "m", "p")
        for pronoun in ("ها", "هم", "نا"):
            yield Form(base + pronoun, "role", "m", "s")
        for pronoun in ("ه", "ها", "هم"):
            yield Form(base + "ت" + pronoun, "role", "f", "s")
        for pronoun in PRONOUNS:
            yield Form(base + "و" + pronoun, "role", "m", "p")
        for pronoun in ("ها", "هم"):
            yield Form(base + "ي" + pronoun, "role", "m", "p")
        if base.startswith("م") and len(base) > 3 and not plurals and base[-1] not in "ين":
            yield Form(base + "ي", "role", "m", "p")


def _with_pronouns(plural: str) -> Iterator[Form]:
    """Add the pronouns to a broken plural; its hamza stands on the letter of its case."""
    stems = [plural[:-1] + "ؤ", plural[:-1] + "ئ", plural] if plural.endswith("ء") else [plural]
    for stem in stems:
        for pronoun in PRONOUNS:
            yield Form(stem + pronoun, "role", "m", "p")


def _without_weak_end(form: str) -> str:
    return form[:-1] if form.endswith(("ي", "و")) else form
