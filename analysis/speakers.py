"""The table of speakers: who is quoted, what they are, and what an expert is expert in."""

import pandas as pd

from analysis.arabic import count_words, tokenize
from analysis.attribution_lexicon import Lexicon, load_lexicon
from analysis.document import PUNCTUATION
from analysis.tables import require_columns


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
