"""What is said together: categories in one sentence, themes that frames carry, frames by voice."""

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.arabic import split_paragraphs, split_sentences
from analysis.cleaning import mask_text
from analysis.errors import InputError, require_choice
from analysis.framing import PAIR_SEPARATOR
from analysis.inference import (
    LEVEL,
    REPLICATES,
    SEED,
    check_resampling,
    resample_sums,
    seeded_generator,
    t_interval,
)
from analysis.lexicon import Lexicon, all_categories, choose_lexicons
from analysis.periods import PERIODS, assign_periods, count_by_period
from analysis.tables import Columns, require_columns
from analysis.themes import count_themes, require_known
from analysis.voices import REPORTER, VOICES, check_voice_options, count_by_article

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Spans = list[tuple[int, int]]

UNITS = ("sentence", "paragraph", "article")
"""What holds two mentions that stand together."""
SHARED_WORDS = ("leave", "count")
"""Whether a word that two categories share makes them stand together: no, or yes."""

COOCCURRENCES: Columns = {
    "first": "str",
    "second": "str",
    "within": "str",
    "units": "int64",
    "units_first": "int64",
    "units_second": "int64",
    "units_both": "int64",
    "expected": "float64",
    "log_ratio": "float64",
    "log_ratio_low": "float64",
    "log_ratio_high": "float64",
    "share_of_first": "float64",
    "share_of_second": "float64",
    "articles": "int64",
    "articles_both": "int64",
    "level": "float64",
    "method": "str",
}
CARRIED_THEMES: Columns = {
    "period": PERIODS["period"],
    "frame": "str",
    "theme": "str",
    "within": "str",
    "articles": "int64",
    "units_frame": "int64",
    "units_both": "int64",
    "share": "float64",
    "low": "float64",
    "high": "float64",
    "design_effect": "float64",
    "level": "float64",
    "method": "str",
}
BALANCE_BY_VOICE: Columns = {
    "voice": "str",
    "articles": "int64",
    "words": "int64",
    "first_mentions": "int64",
    "second_mentions": "int64",
    "balance": "float64",
    "balance_low": "float64",
    "balance_high": "float64",
    "difference": "float64",
    "difference_low": "float64",
    "difference_high": "float64",
    "pair": "str",
    "level": "float64",
    "method": "str",
}

_PAIRS_AT_ONCE = 300
_LINE = 2**32


class _Units(NamedTuple):
    """The units that hold a mention: the article of each, and which categories it mentions.

    `of_articles` is the number of all units of each article, those without a mention too;
    `first_end` and `last_start` say where in a unit the first mention of a category ends and
    the last one begins, 0 and beyond the text when words may be shared.
    """

    of_articles: "Whole"
    article: "Whole"
    mentions: "Flags"
    first_end: "Whole"
    last_start: "Whole"

    def hold_both(self, first: "Whole", second: "Whole") -> "Flags":
        """Say of units whether they mention both categories, in places of their own."""
        apart = (self.first_end[:, first] <= self.last_start[:, second]) | (
            self.first_end[:, second] <= self.last_start[:, first]
        )
        return np.asarray(self.mentions[:, first] & self.mentions[:, second] & apart)


def count_cooccurrences(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    within: str = "sentence",
    categories: Sequence[str] | None = None,
    shared_words: str = "leave",
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
    stratify: str | None = "outlet",
) -> pd.DataFrame:
    """Count in how many sentences, paragraphs or articles two categories stand together.

    A mention belongs to the unit that holds its first letter; how often it is repeated there
    does not matter. Sentences and paragraphs are those of `analysis.arabic`, outside `skip`,
    the same in which the lexicons look for the company of a word.

    `categories`: which, in this order; by default all that `mentions` holds, sorted.
    `shared_words`: a word that stands in the lists of both categories (a phrase of security
    that holds one of terrorism) ties them by definition. By default ("leave") a unit therefore
    holds both only when they are mentioned in two places that share no word; "count" takes one
    place for both too.

    Returns one row per pair of categories, each pair once:

    - `first`, `second`
    - `within`: the unit
    - `units`: all units of all articles, the DENOMINATOR
    - `units_first`, `units_second`, `units_both`: those that mention the one, the other,
      both
    - `expected`: units_first * units_second / units, as many as would mention both if neither
      made the other more or less likely; NaN without units
    - `log_ratio`: log2((units_both + 1/2) / (expected + 1/2)): +1 is twice as often together
      as that, -1 half as often
    - `log_ratio_low`, `log_ratio_high`: its interval; NaN when fewer than two articles hold
      both
    - `share_of_first`: units_both / units_first; `share_of_second`: units_both / units_second;
      NaN when there are none
    - `articles`: all articles; `articles_both`: those with such a unit
    - `level`: of the interval
    - `method`: how it was made, with its seed

    The interval draws whole articles within each outlet (`stratify`), as `framing_by_period`
    does, and reaches Student's t times the standard deviation of the draws to either side,
    with as many degrees of freedom as articles that hold both, less one.

    What it misses on purpose: the tie between two words of a unit (that one is denied, or
    said of another country). Two categories whose lists share many words are tied by them even
    so, when a shared word is repeated. In articles, long ones hold everything: a positive log
    ratio is then partly one of length, much less so in sentences.

    Raises InputError when a column is missing, a mention names an article that is not there
    or stands where no unit is, and when an option is out of range.

    Source: Church and Hanks (1990), Computational Linguistics 16, 22-29, for the ratio of
    observed to expected; the half as in Hardie's log ratio, see `compare_voices`.

    >>> from analysis.themes import find_terms
    >>> articles = pd.DataFrame({"article_id": ["1"], "skip": [[]], "outlet": ["المرصد"],
    ...     "text": ["بحث الوزيران أمن الحدود. والطقس بارد. وأغلقت الحدود."]})
    >>> mentions = find_terms(articles, ["أمن", "حدود"])
    >>> table = count_cooccurrences(articles, mentions)
    >>> table[["first", "second", "units", "units_first", "units_second", "units_both"]]
      first second  units  units_first  units_second  units_both
    0   أمن   حدود      3            1             2           1
    """
    check_resampling(level=level, replicates=replicates, seed=seed)
    rows = _sort_articles(articles, [stratify] if stratify else [])
    require_columns(mentions, ["article_id", "category", "start", "end"], name="mentions")
    chosen = sorted(mentions["category"].unique()) if categories is None else list(categories)
    units = _find_units(rows, mentions, within, chosen, shared_words)
    strata = rows[stratify].astype("str").fillna("") if stratify else None
    pairs = list(combinations(range(len(chosen)), 2))
    tables = [
        _count_pairs(
            units,
            pairs[begin : begin + _PAIRS_AT_ONCE],
            strata,
            level=level,
            replicates=replicates,
            generator=seeded_generator(seed, "cooccurrences"),
        )
        for begin in range(0, len(pairs), _PAIRS_AT_ONCE)
    ]
    table = pd.concat([pd.DataFrame(columns=list(COOCCURRENCES)), *tables], ignore_index=True)
    table["first"] = [chosen[first] for first, _ in pairs]
    table["second"] = [chosen[second] for _, second in pairs]
    table["within"] = within
    table["level"] = level
    table["method"] = (
        "log_ratio: bootstrap standard errors, Student's t, articles drawn"
        f"{_within_strata(stratify)}, {replicates} replicates, seed {seed}; level {level:g}"
    )
    return table[list(COOCCURRENCES)].astype(dict(COOCCURRENCES))


def count_carried_themes(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    freq: str = "MS",
    within: str = "sentence",
    frames: Sequence[str] = ("security", "diplomacy"),
    themes: Sequence[str] | None = None,
    shared_words: str = "leave",
    level: float = LEVEL,
) -> pd.DataFrame:
    """Count over time which themes stand in the sentences that speak in a frame.

    What a frame is about may change while its share stays the same: security of borders in
    one year, of networks in the next. Units and `shared_words` are those of
    `count_cooccurrences`: by default a word that is in both lists is not enough.

    `themes`: which, in this order; by default the categories of `mentions` whose kind is
    "theme", sorted. A unit may hold several themes, so that shares need not add up to 1.

    Returns one row per period, frame and theme, from the first dated period to the last,
    periods without articles included:

    - `period`: its first day; `frame`, `theme`; `within`: the unit
    - `articles`: dated articles of the period
    - `units_frame`: the DENOMINATOR, units of these articles that mention the frame
    - `units_both`: those of them that mention the theme too
    - `share`: units_both / units_frame, NaN when there are none
    - `low`, `high`: Wilson score interval of `share` for units_frame / design_effect
      independent units
    - `design_effect`: how many units are worth one, since an article that says something once
      says it again: the variance of the share between articles over that of independent units,
      taken over all periods together, at least 1
    - `level`: of the interval
    - `method`: how it was made

    Articles without a date are left out; `count_undated` says how many. What is missed: see
    `count_cooccurrences`.

    Raises InputError as `count_cooccurrences` does, when `freq` is none of W, MS, QS, YS,
    and when no article has a date.

    Sources: Wilson (1927), Journal of the American Statistical Association 22, 209-212; for
    the design effect Kish (1965), Survey Sampling, and Korn and Graubard (1998), Survey
    Methodology 24, 193-201.

    >>> from analysis.themes import find_themes
    >>> articles = pd.DataFrame({"article_id": ["1"], "skip": [[]], "outlet": ["المرصد"],
    ...     "published": pd.to_datetime(["2031-03-05"]),
    ...     "text": ["عزز الجيش حماية الحدود من الهجرة السرية. وانتشر الجيش في الميناء."]})
    >>> table = count_carried_themes(articles, find_themes(articles), frames=["security"])
    >>> table[["period", "frame", "theme", "units_frame", "units_both", "share"]]
          period     frame      theme  units_frame  units_both  share
    0 2031-03-01  security  migration            2           1    0.5
    """
    check_resampling(level=level, seed=SEED)
    rows = _sort_articles(articles, ["outlet", "published"])
    require_columns(mentions, ["article_id", "category", "kind", "start", "end"], name="mentions")
    if themes is None:
        themes = sorted(mentions.loc[mentions["kind"] == "theme", "category"].unique())
    units = _find_units(rows, mentions, within, [*frames, *themes], shared_words)
    pairs = [(frame, theme) for frame in frames for theme in themes]
    places = np.arange(len(frames), len(frames) + len(themes))
    of_frame = _sums_by_article(units, units.mentions[:, : len(frames)])
    carried = [
        _sums_by_article(units, units.hold_both(np.full(len(themes), number), places))
        for number in range(len(frames))
    ]
    counted = _by_article(rows, of_frame.repeat(len(themes), axis=1), np.hstack(carried))
    if counted.empty:
        return pd.DataFrame(columns=list(CARRIED_THEMES)).astype(dict(CARRIED_THEMES))
    table = _carried_by_period(counted, freq)
    number = table["category"].astype("int64")
    table["frame"] = [pairs[each][0] for each in number]
    table["theme"] = [pairs[each][1] for each in number]
    table["low"], table["high"] = _wilson(
        table["share"], table["units_frame"] / table["design_effect"], level
    )
    table["within"] = within
    table["level"] = level
    table["method"] = f"Wilson score of units_frame / design_effect units; level {level:g}"
    return table[list(CARRIED_THEMES)].astype(dict(CARRIED_THEMES))


def balance_by_voice(
    mentions: pd.DataFrame,
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    freq: str | None = None,
    pair: tuple[str, str] = ("security", "diplomacy"),
    lexicons: Sequence[Lexicon] | None = None,
    level: float = LEVEL,
    replicates: int = REPLICATES,
    seed: int = SEED,
    stratify: str | None = "outlet",
) -> pd.DataFrame:
    """Say which voice speaks in which of two frames: the reporter or those quoted.

    Words and mentions belong to voices as in `compare_voices`. Returns one row per voice, and
    per period when there is a `freq`, periods without articles included:

    - `period`: its first day, only with `freq`
    - `voice`: `reporter` (outside quotes), `quoted` (all quotes together), then every source
      type
    - `articles`: articles in which the voice has a word
    - `words`: all words of the voice outside `skip`
    - `first_mentions`, `second_mentions`: mentions of the two frames in the voice, together
      the DENOMINATOR of its balance
    - `balance`: log2((first + 1/2) / (second + 1/2)): 0 is as many of both, +1 twice as
      many of the first; NaN when the voice has no word
    - `balance_low`, `balance_high`: its interval; NaN when the voice mentions neither frame in
      two articles
    - `difference`: balance less the reporter's, 0 for the reporter, with its interval from the
      same draws of articles: above 0 the voice speaks more in the first frame than the
      reporter does; NaN when one of the two is
    - `pair`: the two frames
    - `level`: of the intervals
    - `method`: how they were made, with replicates and seed

    Intervals draw whole articles within each outlet (`stratify`), as `framing_by_period` does,
    and reach Student's t times the standard deviation of the draws to either side, with as
    many degrees of freedom as articles in which the voice mentions a frame, less one; for a
    difference those of the voice that has fewer. With `freq` articles without a date are left
    out.

    What it misses on purpose: see `compare_voices`. A quote that `find_quotes` does not find
    counts for the reporter and draws the differences towards 0. Which officials a reporter
    chooses to quote is the reporter's doing.

    Raises InputError as `compare_voices` does, when a frame of `pair` is in no lexicon, and
    when `freq` is none of W, MS, QS, YS.

    >>> from analysis.quotes import find_quotes
    >>> from analysis.themes import find_themes
    >>> articles = pd.DataFrame({"article_id": ["1"], "outlet": ["صدى المشرق"],
    ...     "published": [pd.NaT], "skip": [[]],
    ...     "text": ["قال الخبير سمير الوادي إن الجيش يحمي الحدود. وتستمر المفاوضات."]})
    >>> table = balance_by_voice(find_themes(articles), find_quotes(articles), articles)
    >>> table.loc[table["articles"] > 0, ["voice", "words", "first_mentions", "second_mentions"]]
          voice  words  first_mentions  second_mentions
    0  reporter      7               0                1
    1    quoted      3               2                0
    2    expert      3               2                0
    """
    check_voice_options(quotes, articles, level, replicates, seed, stratify)
    rows = articles.sort_values("article_id", ignore_index=True)
    categories = list(all_categories(choose_lexicons(lexicons)))
    require_known(
        pd.Series(pair, name="frame"),
        categories,
        "the lexicons",
        "choose two of their categories",
        table="pair",
    )
    if len(set(pair)) != 2:
        raise InputError(f"pair is {pair!r}; name two different categories.")
    counts = count_themes(rows, mentions, lexicons=lexicons)
    said, words = count_by_article(counts, mentions, quotes, rows, categories)
    frames = said[:, [categories.index(frame) for frame in pair]]
    strata = rows[stratify].astype("str").fillna("") if stratify else None
    tables = []
    for period, members in _members(counts, rows, freq).items():
        table = _balances(
            frames[members],
            words[members],
            strata.iloc[members] if strata is not None else None,
            level=level,
            replicates=replicates,
            generator=seeded_generator(seed, "voices", period),
        )
        table["period"] = period
        tables.append(table)
    table = pd.concat(tables, ignore_index=True)
    table["pair"] = PAIR_SEPARATOR.join(pair)
    table["level"] = level
    table["method"] = (
        "balance and difference: bootstrap standard errors, Student's t, articles drawn"
        f"{_within_strata(stratify)}, {replicates} replicates, seed {seed}; level {level:g}"
    )
    columns = (
        BALANCE_BY_VOICE if freq is None else {"period": PERIODS["period"], **BALANCE_BY_VOICE}
    )
    return table[list(columns)].astype(dict(columns))


def _within_strata(stratify: str | None) -> str:
    return f" within {stratify}" if stratify else ""


def _sort_articles(articles: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    require_columns(articles, ["article_id", "text", "skip", *columns], name="articles")
    return articles.sort_values("article_id", ignore_index=True)


def _find_units(
    articles: pd.DataFrame,
    mentions: pd.DataFrame,
    within: str,
    categories: Sequence[str],
    shared_words: str,
) -> _Units:
    """Return the units of articles and which of the categories each mentions."""
    require_choice(within, UNITS, name="within")
    require_choice(shared_words, SHARED_WORDS, name="shared_words")
    if len(set(categories)) != len(categories):
        raise InputError(f"categories are {list(categories)!r}; name each once.")
    require_known(
        mentions["article_id"],
        articles["article_id"],
        "the articles",
        "pass the same articles",
        table="mentions",
    )
    spans = _split(articles, within)
    of_articles = np.fromiter(map(len, spans), np.int64, len(spans))
    owner = np.arange(len(spans)).repeat(of_articles)
    edges = np.array([edge for each in spans for edge in each], np.int64).reshape(-1, 2)
    code = pd.Index(categories).get_indexer(pd.Index(mentions["category"]))
    counted = mentions[code >= 0]
    article = pd.Index(articles["article_id"]).get_indexer(pd.Index(counted["article_id"]))
    start = counted["start"].to_numpy("int64")
    # Places of all articles on one line, so that one search finds all units.
    unit = np.searchsorted(owner * _LINE + edges[:, 0], article * _LINE + start, "right") - 1
    inside = unit >= 0
    inside[inside] = (owner[unit[inside]] == article[inside]) & (
        start[inside] < edges[unit[inside], 1]
    )
    if not inside.all():
        lost = counted.iloc[int(np.argmin(inside))]
        raise InputError(
            f"mentions has a mention at {lost['start']} of article {lost['article_id']!r}, where "
            f"no {within} stands; pass the articles, with the `skip`, in which it was found."
        )
    held, place = np.unique(unit, return_inverse=True)
    cells = place, code[code >= 0]
    matrix = np.zeros((len(held), len(categories)), np.bool_)
    matrix[cells] = True
    first_end, last_start = np.full((2, *matrix.shape), [[[_LINE]], [[0]]])
    if shared_words == "count":
        return _Units(of_articles, owner[held], matrix, last_start, first_end)
    np.minimum.at(first_end, cells, counted["end"].to_numpy("int64"))
    np.maximum.at(last_start, cells, start)
    return _Units(of_articles, owner[held], matrix, first_end, last_start)


def _split(articles: pd.DataFrame, within: str) -> "list[Spans]":
    """Return the places of the units of each article, in order."""
    if within == "article":
        return [[(0, max(len(text), 1))] for text in articles["text"]]
    split = split_sentences if within == "sentence" else split_paragraphs
    return [split(text) for text in map(mask_text, articles["text"], articles["skip"])]


def _sums_by_article(units: _Units, flags: "Flags") -> "Numbers":
    """Return how many units of each article have each of the flags."""
    sums = np.zeros((len(units.of_articles), flags.shape[1]))
    for number, column in enumerate(flags.T):
        sums[:, number] = np.bincount(units.article[column], minlength=len(sums))
    return sums


def _count_pairs(
    units: _Units,
    pairs: list[tuple[int, int]],
    strata: pd.Series | None,
    *,
    level: float,
    replicates: int,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Return the counts and the log ratio of pairs of categories, with its interval."""
    first, second = np.array(pairs).T
    both = _sums_by_article(units, units.hold_both(first, second))
    single = _sums_by_article(units, units.mentions)
    values = np.column_stack([units.of_articles, single, both])
    sums = values.sum(axis=0)
    of_first, of_second = sums[1 + first], sums[1 + second]
    together = sums[-len(pairs) :]
    some = sums[0] > 0
    expected = of_first * of_second / sums[0] if some else np.full(len(pairs), np.nan)
    ratio = _log_ratios(sums, first, second) if some else expected
    articles_both = (both > 0).sum(axis=0)
    bounds = np.full((2, len(pairs)), np.nan)
    if articles_both.max(initial=0) > 1:
        draws = resample_sums(values, strata, replicates=replicates, generator=generator)
        drawn = _log_ratios(draws, first, second)
        for pair, holding in enumerate(articles_both):
            bounds[:, pair] = t_interval(
                ratio[pair], drawn[:, pair], level=level, freedom=int(holding) - 1
            )
    return pd.DataFrame(
        {
            "units": int(sums[0]),
            "units_first": of_first,
            "units_second": of_second,
            "units_both": together,
            "expected": expected,
            "log_ratio": ratio,
            "log_ratio_low": bounds[0],
            "log_ratio_high": bounds[1],
            "share_of_first": together / np.where(of_first > 0, of_first, np.nan),
            "share_of_second": together / np.where(of_second > 0, of_second, np.nan),
            "articles": len(values),
            "articles_both": articles_both,
        }
    )


def _log_ratios(sums: "Numbers", first: "Whole", second: "Whole") -> "Numbers":
    """Return the log ratio of pairs; along the last axis stand all units, single, both."""
    units = np.maximum(sums[..., [0]], 1)
    expected = sums[..., 1 + first] * sums[..., 1 + second] / units
    return np.asarray(np.log2((sums[..., -len(first) :] + 0.5) / (expected + 0.5)))


def _by_article(articles: pd.DataFrame, of_frame: "Numbers", of_both: "Numbers") -> pd.DataFrame:
    """Return rows like those of counts: units of a frame as mentions, units of both as tokens."""
    size, pairs = of_frame.shape
    table = articles[["article_id", "outlet", "published"]]
    return table.iloc[np.arange(size).repeat(pairs)].assign(
        category=[str(number) for number in range(pairs)] * size,
        mentions=of_frame.astype("int64").ravel(),
        tokens=of_both.astype("int64").ravel(),
    )


def _carried_by_period(counted: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Return units, share and design effect per period and pair of frame and theme."""
    dated = assign_periods(counted, freq=freq)
    table = count_by_period(counted, freq=freq)
    keys = ["period", "category"]
    table["share"] = table["tokens"] / table["mentions"].where(table["mentions"] > 0)
    holding = dated[dated["mentions"] > 0].merge(table[[*keys, "share"]], on=keys)
    holding["apart"] = (holding["tokens"] - holding["share"] * holding["mentions"]) ** 2
    holding["independent"] = holding["share"] * (1 - holding["share"]) * holding["mentions"]
    sums = holding.groupby("category").agg(
        apart=("apart", "sum"),
        independent=("independent", "sum"),
        articles=("apart", "size"),
        periods=("period", "nunique"),
    )
    free = sums["articles"] / (sums["articles"] - sums["periods"]).where(lambda left: left > 0)
    effect = free * sums["apart"] / sums["independent"].where(sums["independent"] > 0)
    table["design_effect"] = table["category"].map(effect.clip(lower=1)).fillna(1)
    table["order"] = table["category"].astype("int64")
    table = table.rename(columns={"mentions": "units_frame", "tokens": "units_both"})
    return table.sort_values(["period", "order"], ignore_index=True)


def _wilson(shares: pd.Series, units: pd.Series, level: float) -> "Numbers":
    from statsmodels.stats.proportion import proportion_confint

    some = (units > 0).to_numpy()
    bounds = np.full((2, len(units)), np.nan)
    trials = units.to_numpy("float64")[some]
    bounds[:, some] = proportion_confint(
        shares.to_numpy("float64")[some] * trials, trials, alpha=1 - level, method="wilson"
    )
    return bounds


def _members(
    counts: pd.DataFrame, articles: pd.DataFrame, freq: str | None
) -> "dict[pd.Timestamp | str, Whole]":
    """Return the numbers of the articles of each period, or of all without a frequency."""
    if freq is None:
        return {"": np.arange(len(articles))}
    periods = count_by_period(counts, freq=freq)["period"].unique()
    dated = assign_periods(counts, freq=freq).drop_duplicates("article_id")
    of_article = articles["article_id"].map(dated.set_index("article_id")["period"])
    return {period: np.flatnonzero(of_article == period) for period in periods}


def _balances(
    frames: "Numbers",
    words: "Numbers",
    strata: pd.Series | None,
    *,
    level: float,
    replicates: int,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Return the balance of each voice and its difference from the reporter, with intervals."""
    sums = frames.sum(axis=0)
    heard = (words > 0).sum(axis=0)
    speaking = (frames.sum(axis=1) > 0).sum(axis=0)
    balance = np.where(heard > 0, _balance(sums), np.nan)
    reporter = VOICES.index(REPORTER)
    difference = balance - balance[reporter]
    bounds = np.full((4, len(VOICES)), np.nan)
    if len(frames) > 1:
        values = frames.reshape(len(frames), -1)
        draws = resample_sums(values, strata, replicates=replicates, generator=generator)
        drawn = _balance(draws.reshape(replicates, 2, -1))
        apart = drawn - drawn[:, [reporter]]
        for voice, freedom in enumerate(speaking - 1):
            fewer = int(min(freedom, speaking[reporter] - 1))
            bounds[:2, voice] = t_interval(
                balance[voice], drawn[:, voice], level=level, freedom=int(freedom)
            )
            bounds[2:, voice] = t_interval(
                difference[voice], apart[:, voice], level=level, freedom=fewer
            )
    return pd.DataFrame(
        {
            "voice": VOICES,
            "articles": heard,
            "words": words.sum(axis=0),
            "first_mentions": sums[0],
            "second_mentions": sums[1],
            "balance": balance,
            "balance_low": bounds[0],
            "balance_high": bounds[1],
            "difference": difference,
            "difference_low": bounds[2],
            "difference_high": bounds[3],
        }
    )


def _balance(sums: "Numbers") -> "Numbers":
    """Return the balance of two frames, which stand along the last axis but one."""
    smoothed = np.log2(sums + 0.5)
    return np.asarray(smoothed[..., 0, :] - smoothed[..., 1, :])
