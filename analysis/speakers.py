"""The table of speakers: who is quoted, what they are, and what an expert is expert in."""

import pandas as pd

from analysis.arabic import count_words, tokenize
from analysis.attribution_lexicon import ARTICLE, Lexicon, load_lexicon
from analysis.document import PUNCTUATION
from analysis.tables import require_columns


def list_speakers(quotes: pd.DataFrame) -> pd.DataFrame:
    """List who is quoted, the most quoted first.

    Returns one row per speaker and source type:

    - `speaker`, `source_type`: as `find_quotes` gives them
    - `role`: the longest role that any article gives, verbatim, or empty
    - `field`: what an expert is expert in (see `expert_field`), else empty
    - `articles`: number of articles that quote the speaker; of all articles read, an article
      without a quote included, which this table does not know
    - `quotes`: number of attributions to the speaker; of those counted here, so that the
      column adds up to all quotes with a known speaker that are not weak
    - `words`: number of words of their contents, quoted or reported

    Weak records (a reported act without a clause) and quotes without a known speaker are left
    out. Merged are speakers of the same name and type, over all articles: two people of one
    name are one row, and so are all unnamed speakers of one description (مسؤول أمني). Not
    merged are two spellings of a name, and a name that one article gives in full and another
    in part. Raises InputError when `quotes` lacks a column.

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


def list_experts(speakers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `list_speakers` that are experts with a name.

    Left out are the unnamed (خبراء), of whom the role is all that is known, and bodies
    (a research centre), which have none. Raises InputError when a column is missing.

    >>> speakers = pd.DataFrame({"speaker": ["سمير الوادي", "خبراء", "مركز المناخ"],
    ...     "role": ["خبير المناخ", "خبراء", ""], "source_type": ["expert"] * 3})
    >>> list_experts(speakers)["speaker"].tolist()
    ['سمير الوادي']
    """
    require_columns(speakers, ["speaker", "role", "source_type"], name="speakers")
    named = (speakers["role"] != speakers["speaker"]) & (speakers["role"] != "")
    return speakers[named & (speakers["source_type"] == "expert")]


def expert_field(role: str) -> str:
    """Return what an expert is expert in, verbatim from the role, or an empty string.

    It is what follows the word for the expert, after في or بشؤون or directly (خبير المناخ), up
    to the body where the expert works. An adjective is a field as it is written, so that
    «السياسي» and «السياسية» are two: fields are quoted, not counted. Those who serve somebody
    (`practitioners` of roles.yml) need في or an adjective: the client of a lawyer and the team
    of a doctor are no fields. The word lists `fields_end` and the research bodies of
    organizations.yml say where a field ends.

    What it misses on purpose: a field said by the title alone (طبيبة أطفال, مؤرخ), and the
    second field of a role with two heads.

    >>> expert_field("الباحثة في علم اجتماع المدن بجامعة الساحل")
    'علم اجتماع المدن'
    >>> expert_field("المحلل السياسي"), expert_field("الخبير بشؤون الطاقة")
    ('السياسي', 'شؤون الطاقة')
    >>> expert_field("طبيب المنتخب"), expert_field("محامي العائلة"), expert_field("وزير الطاقة")
    ('', '', '')
    """
    lexicon = load_lexicon()
    tokens = tokenize(role)
    forms = tokens.forms
    for place, form in enumerate(forms):
        head = lexicon.roles.get(form) or lexicon.roles.get(form.removeprefix("و"))
        if head is None or head.source_type != "expert":
            continue
        start = place + 1
        if head.lemma in lexicon.words["practitioners"] and not _names_field(forms, start, lexicon):
            continue
        while start < len(forms) and (
            forms[start] in lexicon.words["prepositions"]
            or forms[start] in lexicon.words["adjectives"]
        ):
            start += 1
        end = start
        while end < len(forms) and not _leaves_field(forms, end, lexicon, first=end == start):
            end += 1
        if start < end:
            attached = forms[start][0] in "بل" and forms[start][1:] in lexicon.words["construct"]
            return role[tokens.starts[start] + attached : tokens.ends[end - 1]]
    return ""


def _names_field(forms: list[str], place: int, lexicon: Lexicon) -> bool:
    """Tell whether an adjective or في follows: المهندس الزراعي, but not طبيب المنتخب."""
    following = forms[place] if place < len(forms) else ""
    return (
        following == "في"
        or following.endswith(("ي", "يه"))
        or following in lexicon.words["adjectives"]
        or following.removeprefix(ARTICLE) in lexicon.words["adjectives"]
    )


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
