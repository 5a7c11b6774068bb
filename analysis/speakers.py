"""The table of speakers: who is quoted, what they are, and what an expert is expert in."""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.arabic import count_words, tokenize
from analysis.attribution_lexicon import ARTICLE, Role, load_lexicon
from analysis.attribution_lexicon import Lexicon as AttributionLexicon
from analysis.document import PUNCTUATION
from analysis.errors import InputError, require_choice
from analysis.identities import Aliases, compared_words, name_speakers, role_head
from analysis.lexicon import Lexicon, all_categories, choose_lexicons
from analysis.tables import SOURCE_TYPES, Columns, require_columns
from analysis.themes import require_known

ALL = "all"
SPEAKERS: Columns = {
    "speaker": "str",
    "role": "str",
    "role_head": "str",
    "field": "str",
    "source_type": "str",
    "spellings": "int64",
    "articles": "int64",
    "outlets": "int64",
    "first": "datetime64[us]",
    "last": "datetime64[us]",
    "quotes": "int64",
    "words": "int64",
}
_OF_ARTICLES = ("outlets", "first", "last")
_PERSON = ["speaker", "source_type"]
_AND = "و"
_IN = "في"
_PLACES = (_IN, "من")
# 0.1 of 30 is a little more than 3 in binary numbers.
_ROUNDING = 1e-9


def count_speakers(
    quotes: pd.DataFrame,
    *,
    articles: pd.DataFrame | None = None,
    mentions: pd.DataFrame | None = None,
    lexicons: Sequence[Lexicon] | None = None,
    aliases: Aliases | None = None,
) -> pd.DataFrame:
    """Count who is quoted, the most quoted first, one person under one name.

    Weak records (see `find_quotes`) and quotes without a known speaker are left out. Returns one
    row per speaker and source type, as `name_speakers` joins them: its table names the quotes
    behind each row, and its docstring says what is joined wrongly or missed.

    - `speaker`, `source_type`: as `name_speakers` gives them
    - `role`: the role that most articles give, of equally frequent ones the longest, verbatim;
      empty when none gives one; the speaker again for somebody unnamed
    - `role_head`: the word of the role that says what the speaker is (وزير), or empty
    - `field`: what an expert is expert in (see `expert_field`), from the most frequent role
      that says it; else empty
    - `spellings`: number of different spellings of the name in the quotes counted here
    - `articles`: number of articles that quote the speaker; of all articles read, an article
      without a quote included, which `quotes` does not know
    - `outlets`, `first`, `last`, with `articles` only: number of outlets that quote the
      speaker, of those of all articles, articles without one left out; the days of the first
      and the last dated article that does, NaT when none is dated
    - `quotes`: number of attributions to the speaker; of those counted here, so that the
      column adds up to all quotes with a known speaker that are not weak
    - `words`: number of words of their contents, quoted or reported; of all such words
    - with `mentions` one column per category of `lexicons` (the shipped ones when None):
      number of mentions in these contents, zeros included; of all mentions whose `quote_id` is
      a quote counted here. Its rate is this / `words`

    Raises InputError when a column is missing, when a quote is of an article that `articles`
    does not have, when a mention is of a category that `lexicons` do not have, and when a
    category is named like one of these columns.

    >>> quotes = pd.DataFrame({"article_id": ["1", "2"], "content": ["المطر قليل", "البحر دافئ"],
    ...     "speaker": ["سامر عبد الله", "سامر عبدالله"], "source_type": ["expert"] * 2,
    ...     "role": ["الباحث", "الباحث في علم المناخ"], "weak": [False] * 2})
    >>> count_speakers(quotes)[["speaker", "field", "spellings", "quotes"]].values.tolist()
    [['سامر عبد الله', 'علم المناخ', 2, 2]]
    """
    require_columns(
        quotes,
        ["article_id", "speaker", "role", "source_type", "content", "weak"],
        name="quotes",
    )
    spoken = _spoken(quotes, name_speakers(quotes, aliases=aliases))
    table = (
        spoken.groupby(_PERSON)
        .agg(
            spellings=("spelling", "nunique"),
            articles=("article_id", "nunique"),
            quotes=("article_id", "size"),
            words=("words", "sum"),
        )
        .join(_roles(spoken))
    )
    columns = [name for name in SPEAKERS if articles is not None or name not in _OF_ARTICLES]
    if articles is not None:
        table = table.join(_outlets_and_days(spoken, articles))
    if mentions is not None:
        themes = _count_themes(spoken, mentions, lexicons)
        table = table.join(themes)
        columns += themes.columns.tolist()
    types = {name: SPEAKERS.get(name, "int64") for name in columns}
    return (
        table.reset_index()[columns]
        .astype(types)
        .sort_values(
            ["quotes", *_PERSON], ascending=[False, True, True], kind="stable", ignore_index=True
        )
    )


def _spoken(quotes: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Return the quotes that are counted, with the names of their speakers as joined."""
    unnamed = quotes["role"] == quotes["speaker"]
    spoken = quotes.assign(
        spelling=quotes["speaker"],
        speaker=named["speaker"],
        source_type=named["source_type"],
        role=quotes["role"].fillna("").mask(unnamed, named["speaker"]),
    )[~quotes["weak"] & quotes["speaker"].notna()]
    return spoken.assign(words=spoken["content"].map(count_words).astype("int64"))


def _roles(spoken: pd.DataFrame) -> pd.DataFrame:
    """Return role, role head and field of each person."""
    roles = spoken.groupby([*_PERSON, "role"])["article_id"].nunique().rename("given").reset_index()
    roles = roles.assign(without=roles["role"] == "", length=-roles["role"].str.len())
    roles = roles.sort_values(
        ["without", "given", "length", "role"], ascending=[True, False, True, True], kind="stable"
    )
    roles["field"] = [
        expert_field(role) if source_type == "expert" else ""
        for role, source_type in zip(roles["role"], roles["source_type"], strict=True)
    ]
    first = roles.drop_duplicates(_PERSON).set_index(_PERSON)
    fields = roles[roles["field"] != ""].drop_duplicates(_PERSON).set_index(_PERSON)
    return pd.DataFrame(
        {
            "role": first["role"],
            "role_head": first["role"].map(role_head),
            "field": fields["field"].reindex(first.index, fill_value=""),
        }
    )


def _outlets_and_days(spoken: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    require_columns(articles, ["article_id", "outlet", "published"], name="articles")
    require_known(
        spoken["article_id"],
        articles["article_id"],
        "the articles",
        "pass the same articles",
        table="quotes",
    )
    where = articles.drop_duplicates("article_id").set_index("article_id")
    outlets = spoken["article_id"].map(where["outlet"])
    days = pd.to_datetime(spoken["article_id"].map(where["published"])).dt.normalize()
    return (
        spoken[_PERSON]
        .assign(outlet=outlets.mask(outlets == ""), day=days)
        .groupby(_PERSON)
        .agg(outlets=("outlet", "nunique"), first=("day", "min"), last=("day", "max"))
    )


def _count_themes(
    spoken: pd.DataFrame, mentions: pd.DataFrame, lexicons: Sequence[Lexicon] | None
) -> pd.DataFrame:
    """Return one row per person and one column per category: mentions in the contents."""
    require_columns(spoken, ["quote_id"], name="quotes")
    require_columns(mentions, ["category", "quote_id"], name="mentions")
    categories = list(all_categories(choose_lexicons(lexicons)))
    for category in categories:
        if category in SPEAKERS:
            raise InputError(
                f"a category is named {category!r}, like a column of this table; rename it."
            )
    require_known(
        mentions["category"], categories, "the lexicons", "pass the same lexicons", table="mentions"
    )
    inside = mentions[["category", "quote_id"]].dropna().astype("str")
    said = spoken[[*_PERSON, "quote_id"]].astype("str").merge(inside, on="quote_id")
    counted = said.groupby([*_PERSON, "category"]).size().unstack(fill_value=0)
    persons = pd.MultiIndex.from_frame(spoken[_PERSON].drop_duplicates())
    return counted.reindex(index=persons, columns=categories, fill_value=0)


def count_experts_by_field(speakers: pd.DataFrame) -> pd.DataFrame:
    """Count the experts with a name by what they are expert in, the most quoted field first.

    `speakers` is a table of `count_speakers`. Fields are one when their words are equal but for
    the letters that news writes loosely and the article, and an adjective alone in both genders
    (الاقتصادي, اقتصادية). Returns one row per field that occurs:

    - `field`: the spelling with most quotes, empty for the experts whose field no role says
    - `experts`: number of experts; of the rows of `list_experts`, to which the column adds up
    - `quotes`, `words`: of these experts, each of all that the experts with a name have
    - `share`: quotes / all quotes of the experts with a name

    What it misses on purpose: fields that mean one thing in other words (الطقس, المناخ), and
    the second field of an expert in two. Raises InputError when a column is missing.

    >>> speakers = pd.DataFrame({"speaker": ["سمير الوادي", "ليلى الساحلي"],
    ...     "role": ["الخبير الاقتصادي", "الخبيرة الاقتصادية"], "source_type": ["expert"] * 2,
    ...     "field": ["الاقتصادي", "الاقتصادية"], "quotes": [3, 1], "words": [40, 9]})
    >>> count_experts_by_field(speakers).values.tolist()
    [['الاقتصادي', 2, 4, 49, 1.0]]
    """
    require_columns(speakers, ["field", "quotes", "words"], name="speakers")
    experts = list_experts(speakers)
    spelled = experts.assign(same=experts["field"].map(_compared_field))
    shown = (
        spelled.groupby(["same", "field"])["quotes"]
        .sum()
        .reset_index()
        .sort_values(["quotes", "field"], ascending=[False, True], kind="stable")
        .drop_duplicates("same")
        .set_index("same")["field"]
    )
    fields = spelled.groupby("same").agg(
        experts=("speaker", "size"), quotes=("quotes", "sum"), words=("words", "sum")
    )
    fields.insert(0, "field", shown)
    fields["share"] = fields["quotes"] / fields["quotes"].sum()
    return fields.sort_values(
        ["quotes", "field"], ascending=[False, True], kind="stable", ignore_index=True
    )


def _compared_field(field: str) -> str:
    words = compared_words(field) if field else ()
    return (
        words[0].removesuffix("ه")
        if len(words) == 1 and words[0].endswith("يه")
        else " ".join(words)
    )


def measure_concentration(speakers: pd.DataFrame, *, share: float = 0.5) -> pd.DataFrame:
    """Measure how few speakers have how much of what is quoted, by source type.

    `speakers` is a table of `count_speakers`, or the part of it whose concentration is asked:
    everybody whom articles call خبراء is one row there, so that `list_experts(speakers)` tells
    how few experts with a name there are. Returns one row per source type, types that are never
    quoted included, then the row `all`:

    - `source_type`
    - `speakers`: number of rows of `speakers`; who has two source types counts in both, and
      twice in `all`
    - `quotes`: the DENOMINATOR, their quotes
    - `speakers_for_share`: the smallest number of speakers who together have `share` of the
      quotes or more; 0 when there are none
    - `largest_share`: quotes of the most quoted speaker / quotes, NaN when there are none
    - `share`: as asked

    Raises InputError when a column is missing, a source type is not known, or `share` is not
    above 0 and at most 1.

    >>> speakers = pd.DataFrame({"source_type": ["expert"] * 3, "quotes": [6, 3, 1]})
    >>> measure_concentration(speakers).iloc[[0, -1], :5].values.tolist()
    [['expert', 3, 10, 1, 0.6], ['all', 3, 10, 1, 0.6]]
    """
    require_columns(speakers, ["source_type", "quotes"], name="speakers")
    for source_type in speakers["source_type"].unique():
        require_choice(source_type, SOURCE_TYPES, name="a source_type of speakers")
    if not 0 < share <= 1:
        raise InputError(f"share is {share!r}; choose a number above 0, at most 1, such as 0.5.")
    by_type = {
        source_type: speakers.loc[speakers["source_type"] == source_type, "quotes"]
        for source_type in SOURCE_TYPES
    }
    rows = [
        {
            "source_type": name,
            "speakers": len(quotes),
            "quotes": int(quotes.sum()),
            "speakers_for_share": _count_for_share(quotes, share),
            "largest_share": quotes.max() / quotes.sum() if quotes.sum() else float("nan"),
            "share": share,
        }
        for name, quotes in (by_type | {ALL: speakers["quotes"]}).items()
    ]
    return pd.DataFrame(rows)


def _count_for_share(quotes: Iterable[int], share: float) -> int:
    """Return how many of the largest numbers make this share of their sum."""
    ordered = sorted(quotes, reverse=True)
    missing = share * sum(ordered) - _ROUNDING
    count = 0
    while missing > 0:
        missing -= ordered[count]
        count += 1
    return count


def list_experts(speakers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `count_speakers` that are experts with a name.

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
    to the next في or the body where the expert works. Words of rank and time (الشهير, السابق)
    are no field, nor is an adjective before في (الخبير السعودي في الطاقة), nor whom those
    serve who serve somebody (`practitioners` of roles.yml): after them it takes في or an
    adjective (محامي العائلة, but المحامي الجنائي). The word lists `fields_end` and the bodies
    of organizations.yml say where a field ends.

    What it misses on purpose: a field said by the title alone (طبيبة أطفال, مؤرخ), the second
    field of a role with two heads, and that a nationality after an adjective is no part of the
    field (المحلل السياسي اللبناني).

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
        start = _field_start(forms, place, head, lexicon)
        end = start
        while end < len(forms) and not _leaves_field(forms, end, lexicon, first=end == start):
            end += 1
        while end > start and (forms[end - 1] == _AND or _says_no_field(forms[end - 1], lexicon)):
            end -= 1
        if start < end:
            return role[
                tokens.starts[start] + _is_attached(forms[start], lexicon) : tokens.ends[end - 1]
            ]
    return ""


def _field_start(forms: list[str], place: int, head: Role, lexicon: AttributionLexicon) -> int:
    """Return where the field after a word for an expert begins; the end when there is none."""
    start = place + 1
    while start < len(forms) and _is_general(forms[start], lexicon):
        start += 1
    serves = head.lemma in lexicon.words["practitioners"]
    if serves and not _names_field(forms, place, start, head):
        return len(forms)
    while start < len(forms) and _says_no_field(forms[start], lexicon):
        start += 1
    after = start
    while after < len(forms) and _is_definite_adjective(forms[after], lexicon):
        after += 1
    following = forms[after + 1] if after + 1 < len(forms) and forms[after] == _IN else ""
    if after > start and following.isalpha() and following not in lexicon.bodies and not serves:
        return after + 1
    works_there = start < len(forms) and forms[start - 1] == _IN and forms[start] in lexicon.bodies
    if works_there and forms[start].removeprefix(ARTICLE) not in lexicon.words["fields"]:
        return len(forms)
    return start


def _names_field(forms: list[str], place: int, start: int, head: Role) -> bool:
    """Tell whether في or an adjective of the head follows: المهندس الزراعي, not طبيب المنتخب."""
    following = forms[start] if start < len(forms) else ""
    if following == _IN:
        return True
    in_construct = not head.definite and forms[place].endswith("ي")
    return (
        _is_adjective(following)
        and following.startswith(ARTICLE) == head.definite
        and not in_construct
    )


def _is_adjective(form: str) -> bool:
    """Tell an adjective by its ending, as of السياسي and السياسية."""
    return form.endswith(("ي", "يه")) and form != _IN


def _is_definite_adjective(form: str, lexicon: AttributionLexicon) -> bool:
    return (
        form.startswith(ARTICLE) and _is_adjective(form) and form not in lexicon.words["fields_end"]
    )


def _is_general(form: str, lexicon: AttributionLexicon) -> bool:
    """Tell an adjective that goes with every role (الشهير, سابق), but for those of rank."""
    adjectives = lexicon.words["adjectives"]
    return form not in lexicon.words["fields_end"] and (
        form in adjectives or form.removeprefix(ARTICLE) in adjectives
    )


def _says_no_field(form: str, lexicon: AttributionLexicon) -> bool:
    return _is_general(form, lexicon) or (
        form in lexicon.words["prepositions"] and form not in lexicon.words["fields_end"]
    )


def _is_attached(form: str, lexicon: AttributionLexicon) -> bool:
    """Tell whether a word begins with ب or ل that is no part of it: بشؤون, بالشؤون."""
    return form.startswith("بال") or (form[0] in "بل" and form[1:] in lexicon.words["construct"])


def _leaves_field(
    forms: list[str], place: int, lexicon: AttributionLexicon, *, first: bool
) -> bool:
    """Tell whether a word is no longer part of what an expert is expert in."""
    form = forms[place]
    if (
        form in PUNCTUATION
        or form.isdigit()
        or form in _PLACES
        or form in lexicon.words["fields_end"]
        or form in lexicon.words["titles"]
    ):
        return True
    if form in lexicon.roles:
        return not (_is_adjective(form) and (first or form.startswith(ARTICLE)))
    if form.removeprefix("و") in lexicon.roles:
        return True
    if form.startswith("لل") or (form[0] in "بل" and form[1:] in lexicon.bodies):
        return True
    if not first and form[0] == "ل" and form[1:] in lexicon.words["construct"]:
        return True
    if not first and forms[place - 1] in lexicon.words["construct"]:
        return False
    if form.removeprefix(ARTICLE) in lexicon.words["fields"]:
        return False
    return lexicon.body_types.get((form,)) in ("expert", "organization")
