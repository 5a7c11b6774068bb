"""Whose voice: how much each type of source is quoted, and which themes it speaks of."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.arabic import WORD, count_words
from analysis.cleaning import mask_text
from analysis.errors import InputError, require_choice
from analysis.inference import LEVEL, REPLICATES, SEED, check_resampling, resample_sums
from analysis.lexicon import Lexicon, all_categories, choose_lexicons
from analysis.periods import add_up_periods, assign_periods, group_columns
from analysis.tables import SOURCE_TYPES, Columns, require_columns
from analysis.themes import count_themes, require_known

REPORTER = "reporter"
QUOTED = "quoted"
VOICES = (REPORTER, QUOTED, *SOURCE_TYPES)
_REPORTER, _QUOTED, _TYPES = 0, 1, slice(2, None)
_EVERYBODY = [_REPORTER, _QUOTED]
COMPARISON: Columns = {
    "category": "str",
    "voice": "str",
    "articles": "int64",
    "mentions": "int64",
    "words": "int64",
    "share": "float64",
    "per_1000": "float64",
    "log_ratio": "float64",
    "log_ratio_low": "float64",
    "log_ratio_high": "float64",
    "level": "float64",
    "method": "str",
}
VOICES_BY_PERIOD: Columns = {
    "period": "datetime64[us]",
    "source_type": "str",
    "quotes": "int64",
    "all_quotes": "int64",
    "articles_with": "int64",
    "articles_quoting": "int64",
    "articles": "int64",
    "words": "int64",
    "share": "float64",
    "low": "float64",
    "high": "float64",
    "level": "float64",
    "method": "str",
}

Numbers = NDArray[np.float64]


def count_voices(quotes: pd.DataFrame) -> pd.DataFrame:
    """Count the quotes of each source type, types that are never quoted included.

    Weak records (a reported act without a clause) are left out. Returns one row per source
    type, the most quoted first:

    - `source_type`
    - `quotes`: attributions of speech to sources of the type
    - `articles`: articles in which they stand
    - `words`: words of their contents
    - `share`: quotes / all quotes of the table, NaN when there are none

    >>> quotes = pd.DataFrame({"article_id": ["1", "1"], "source_type": ["expert"] * 2,
    ...     "content": ["الحدود هادئة", "نعم"], "weak": [False, False]})
    >>> count_voices(quotes).head(1).to_dict("records")
    [{'source_type': 'expert', 'quotes': 2, 'articles': 1, 'words': 3, 'share': 1.0}]
    """
    require_columns(quotes, ["article_id", "source_type", "content", "weak"], name="quotes")
    spoken = quotes[~quotes["weak"]]
    voices = (
        spoken.assign(words=spoken["content"].map(count_words).astype("int64"))
        .groupby("source_type")
        .agg(
            quotes=("article_id", "size"),
            articles=("article_id", "nunique"),
            words=("words", "sum"),
        )
        .reindex(list(SOURCE_TYPES), fill_value=0)
        .rename_axis("source_type")
        .reset_index()
    )
    voices["share"] = voices["quotes"] / voices["quotes"].sum()
    return voices.sort_values("quotes", ascending=False, kind="stable", ignore_index=True)


def count_voices_by_period(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    freq: str = "MS",
    by: str | Sequence[str] | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Count the quotes of each source type by period, and its share of all quotes.

    Weak records (a reported act without a clause) are left out, and so are articles without a
    date. `freq` and `by` are those of `count_by_period`; `by` names columns of `articles`.
    Returns one row per period, group and source type, sorted by them in the order of
    `SOURCE_TYPES`, from the first dated period to the last; periods without articles and types
    that are never quoted included:

    - `period`: its first day
    - the columns named in `by`
    - `source_type`
    - `quotes`: attributions of speech to sources of the type
    - `all_quotes`: the DENOMINATOR, quotes of all types
    - `articles_with`: articles that quote the type
    - `articles_quoting`: articles that quote anyone, on which the share rests
    - `articles`: all articles of the period and group
    - `words`: words of the contents of `quotes`
    - `share`: quotes / all_quotes, NaN without quotes
    - `low`, `high`: interval of `share`; NaN when fewer than two articles quote anyone
    - `level`: of the interval
    - `method`: how it was made

    The quotes of one article are not independent: who is quoted once is quoted again. So the
    interval does not take each for one observation. It is Wilson's, for as many independent
    quotes as would vary as much as these do from article to article, and with the quantile of
    Student's t for as many degrees of freedom as there are articles that quote, less one. A type
    that nobody quotes, or that alone is quoted, varies nowhere; there each article counts as one
    quote. In simulations of 5 to 50 articles with 4 quotes each it held a true share of .02, .1
    or .5 in 92 to 99 of 100 cases at a level of 95, where a plain Wilson interval fell to 71 and
    standard errors to either side to 17.

    Missed on purpose: quotes that `find_quotes` does not find, and sources it cannot name, which
    are `other`; agency copy, which counts each time.

    Raises InputError when a column is missing, a quote names an article or a source type that is
    not known, no article has a date, or an option is out of range.

    Sources: Wilson (1927), Journal of the American Statistical Association 22, 209-212; for the
    effective number in it, Korn and Graubard (1998), Survey Methodology 24, 193-201; Dean and
    Pagano (2015), Journal of Survey Statistics and Methodology 3, 484-503.

    >>> articles = pd.DataFrame({"article_id": ["1", "2"], "outlet": ["المرصد", "الضفة"],
    ...     "published": pd.to_datetime(["2031-01-09", "2031-01-20"])})
    >>> quotes = pd.DataFrame({"article_id": ["1", "1", "2"], "weak": False,
    ...     "source_type": ["expert", "official", "official"],
    ...     "content": ["الحدود هادئة", "نعم", "لا جديد اليوم"]})
    >>> voices = count_voices_by_period(quotes, articles)
    >>> voices.loc[voices["quotes"] > 0, ["source_type", "quotes", "all_quotes", "words", "share"]]
      source_type  quotes  all_quotes  words     share
    0      expert       1           3      2  0.333333
    1    official       2           3      4  0.666667
    """
    groups = group_columns(by)
    require_columns(quotes, ["article_id", "source_type", "content", "weak"], name="quotes")
    known = list(dict.fromkeys(["article_id", "outlet", "published", *groups]))
    require_columns(articles, known, name="articles")
    _require_articles(quotes, articles)
    check_resampling(level=level, seed=SEED)
    if articles["published"].isna().all():
        raise InputError("no article of `articles` has a date; fill the column `published`.")
    counts = _count_types(quotes, articles[known])
    dated = assign_periods(counts, freq=freq, by=groups)
    table = add_up_periods(dated, counts, freq=freq, by=groups)
    keys = ["period", *groups, "category"]
    table = table.merge(_add_up_squares(dated, keys), on=keys, how="left")
    table["quotes"], table["words"] = table["mentions"], table["tokens"]
    sums = ["all_quotes", "articles_quoting"]
    table[sums] = table[sums].fillna(0)
    table["share"] = table["quotes"] / table["all_quotes"].where(table["all_quotes"] > 0)
    table["low"], table["high"] = _wilson_of_articles(table, level)
    table = table.assign(
        source_type=table["category"],
        place=table["category"].map(SOURCE_TYPES.index),
        level=level,
        method=(
            "share: Wilson score interval of the effective number of quotes, from the variance "
            f"between articles; level {level:g}"
        ),
    ).sort_values(["period", *groups, "place"], ignore_index=True)
    columns = ["period", *groups, *(name for name in VOICES_BY_PERIOD if name != "period")]
    return table[columns].astype(dict(VOICES_BY_PERIOD))


def _count_types(quotes: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Return a row per article and source type, as `count_by_period` takes them."""
    spoken = quotes.loc[~quotes["weak"], ["article_id", "source_type", "content"]]
    said = (
        spoken.assign(words=spoken["content"].map(count_words).astype("int64"))
        .groupby(["article_id", "source_type"])
        .agg(mentions=("words", "size"), tokens=("words", "sum"))
        .rename_axis(["article_id", "category"])
        .reset_index()
    )
    types = pd.DataFrame({"category": SOURCE_TYPES})
    counts = articles.merge(types, how="cross").merge(
        said, on=["article_id", "category"], how="left"
    )
    numbers = ["mentions", "tokens"]
    counts[numbers] = counts[numbers].fillna(0).astype("int64")
    return counts


def _add_up_squares(dated: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return the sums over articles that the variance of a share is made of."""
    quotes = dated["mentions"]
    in_article = quotes.groupby(dated["article_id"]).transform("sum")
    return (
        dated[keys]
        .assign(
            all_quotes=in_article,
            articles_quoting=in_article > 0,
            squares=quotes**2,
            products=quotes * in_article,
            squares_of_all=in_article**2,
        )
        .groupby(keys, dropna=False, observed=True)
        .sum()
        .reset_index()
    )


def _wilson_of_articles(table: pd.DataFrame, level: float) -> tuple[Numbers, Numbers]:
    """Return Wilson's interval for the effective number of quotes, which is at most their own."""
    from scipy.special import stdtrit

    share, quotes = table["share"].to_numpy(), table["all_quotes"].to_numpy("float64")
    articles = table["articles_quoting"].to_numpy("float64")
    articles = np.where(articles > 1, articles, np.nan)
    residuals = (
        table["squares"] - 2 * share * table["products"] + share**2 * table["squares_of_all"]
    )
    variance = np.maximum(residuals, 0) * articles / (articles - 1) / quotes**2
    of_one = share * (1 - share)
    varies = variance > 0
    effective = np.where(varies, of_one / np.where(varies, variance, 1), articles)
    effective = np.where(varies, np.minimum(effective, quotes), effective)
    t = stdtrit(articles - 1, (1 + level) / 2)
    spread = t**2 / effective
    middle = (share + spread / 2) / (1 + spread)
    reach = np.sqrt(spread * (of_one + spread / 4)) / (1 + spread)
    return middle - reach, middle + reach


def compare_voices(
    mentions: pd.DataFrame,
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    lexicons: Sequence[Lexicon] | None = None,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = SEED,
    stratify: str | None = "outlet",
) -> pd.DataFrame:
    """Compare how often each voice speaks of each category: the reporter and those quoted.

    A word or a mention belongs to the shortest content of a quote that holds all of it, and
    so to the source type of that quote; all others are the reporter's. Weak records (a
    reported act without a clause) are the reporter's words. Returns one row per category, in
    the order of the lexicons, and voice, zeros included:

    - `category`
    - `voice`: `reporter` (outside quotes), `quoted` (all quotes together), then every source
      type
    - `articles`: articles in which the voice has a word
    - `mentions`: mentions of the category in that voice
    - `words`: the DENOMINATOR, all words of that voice outside `skip`; those of `reporter` and
      of the source types add up to the words of all articles
    - `share`: mentions / all mentions of the category, NaN when there are none
    - `per_1000`: 1000 * mentions / words, NaN when the voice has no word
    - `log_ratio`: log2 of the rate of the voice over the reporter's, 0 for the reporter: +1 is
      twice as often, -1 half as often. To each of the two voices half a mention is added, with
      the words it takes at the rate of all voices together, so that a voice of few words comes
      near 0:

          log2((mentions + 1/2) / (expected + 1/2)) less the same of the reporter,

      with expected = words * mentions of all voices / words of all voices. NaN when a voice
      has no word or the category no mention
    - `log_ratio_low`, `log_ratio_high`: percentile interval of `log_ratio` from `replicates`
      samples of whole articles, drawn as in `framing_by_period`: the words of an article are
      not independent. NaN when the voice or the reporter has no mention, or stands in a single
      article: nothing varies
    - `level`: of the interval
    - `method`: how it was made, with its seed

    What it misses on purpose: what is claimed (a quote that denies a threat mentions it too),
    quotes that `find_quotes` does not find, which are counted for the reporter, and a mention
    that lies only partly in a quote, the reporter's too. Intervals are not adjusted for the
    number of rows: of twenty that show nothing one leaves 0 out by chance.

    Raises InputError when a column is missing, a mention or a quote names an article, a
    category or a source type that is not known, or an option is out of range.

    Sources: Hardie (2014), "Log Ratio: an informal introduction", ESRC Centre for Corpus
    Approaches to Social Science; for the half mention, an informative prior as in Monroe,
    Colaresi and Quinn (2008), Political Analysis 16, 372-403.

    >>> from analysis.quotes import find_quotes
    >>> from analysis.themes import find_themes
    >>> articles = pd.DataFrame({"article_id": ["1"], "outlet": ["صدى المشرق"],
    ...     "published": [pd.NaT], "skip": [[]],
    ...     "text": ["قال الخبير سمير الوادي إن الهجرة السرية تتراجع. والطقس بارد."]})
    >>> compared = compare_voices(find_themes(articles), find_quotes(articles), articles)
    >>> compared[compared["mentions"] > 0][["category", "voice", "mentions", "words"]]
         category   voice  mentions  words
    11  migration  quoted         1      3
    12  migration  expert         1      3
    """
    check_voice_options(quotes, articles, level, replicates, seed, stratify)
    rows = articles.sort_values("article_id", ignore_index=True)
    counts = count_themes(rows, mentions, lexicons=lexicons)
    categories = list(all_categories(choose_lexicons(lexicons)))
    said, words = count_by_article(counts, mentions, quotes, rows, categories)
    bounds = _bootstrap(
        said,
        words,
        rows[stratify].astype("str").fillna("") if stratify else None,
        level=level,
        replicates=replicates,
        generator=np.random.default_rng(seed),
    )
    heard = (words > 0).sum(axis=0)
    mentions_in_all, words_in_all = said.sum(axis=0), words.sum(axis=0)
    of_category = mentions_in_all[:, _EVERYBODY].sum(axis=1, keepdims=True)
    known = (heard > 0) & (heard[_REPORTER] > 0) & (of_category > 0)
    varying = (heard > 1) & (mentions_in_all > 0)
    varying &= varying[:, [_REPORTER]]
    table = pd.DataFrame(
        {
            "category": np.repeat(categories, len(VOICES)),
            "voice": VOICES * len(categories),
            "articles": np.tile(heard, len(categories)),
            "mentions": mentions_in_all.ravel(),
            "words": np.tile(words_in_all, len(categories)),
            "share": (mentions_in_all / np.where(of_category > 0, of_category, np.nan)).ravel(),
            "log_ratio": np.where(
                known, _log_ratios(mentions_in_all, words_in_all), np.nan
            ).ravel(),
            "log_ratio_low": np.where(varying, bounds[0], np.nan).ravel(),
            "log_ratio_high": np.where(varying, bounds[1], np.nan).ravel(),
        }
    )
    table["per_1000"] = 1000 * table["mentions"] / table["words"].where(table["words"] > 0)
    table["level"] = level
    within = f" within {stratify}" if stratify else ""
    table["method"] = (
        f"log_ratio: percentile bootstrap of articles{within}, {replicates} replicates, "
        f"seed {seed}; level {level:g}"
    )
    return table[list(COMPARISON)].astype(dict(COMPARISON))


def check_voice_options(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    level: float,
    replicates: int,
    seed: int,
    stratify: str | None,
) -> None:
    """Raise InputError when quotes, articles or options cannot be used to compare voices."""
    require_columns(
        quotes, ["article_id", "content_start", "content_end", "source_type", "weak"], name="quotes"
    )
    require_columns(articles, ["article_id", *([stratify] if stratify else [])], name="articles")
    _require_articles(quotes, articles)
    check_resampling(level=level, replicates=replicates, seed=seed)


def _require_articles(quotes: pd.DataFrame, articles: pd.DataFrame) -> None:
    """Raise InputError when a quote names an article or a source type that is not known."""
    require_known(
        quotes["article_id"],
        articles["article_id"],
        "the articles",
        "pass the same articles",
        table="quotes",
    )
    for source_type in quotes["source_type"].unique():
        require_choice(source_type, SOURCE_TYPES, name="a source_type of quotes")


def count_by_article(
    counts: pd.DataFrame,
    mentions: pd.DataFrame,
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    categories: Sequence[str],
) -> tuple[Numbers, Numbers]:
    """Return mentions by article, category and voice, and words by article and voice.

    Articles stand in the order of `articles`, categories in that of `categories`, voices in that
    of VOICES. `counts` has a row for each article and category in the same order, as
    `count_themes` returns them.

    Raises InputError when a column of `mentions` is missing.
    """
    require_columns(mentions, ["article_id", "category", "start", "end"], name="mentions")
    said = np.zeros((len(articles), len(categories), len(VOICES)))
    words = np.zeros((len(articles), len(VOICES)))
    mentioned = mentions.groupby("article_id").indices
    codes = pd.Index(categories).get_indexer(pd.Index(mentions["category"]))
    places = mentions[["start", "end"]].to_numpy("int64")
    numbers = {article_id: number for number, article_id in enumerate(articles["article_id"])}
    for article_id, spoken in quotes[~quotes["weak"]].groupby("article_id"):
        number = numbers[article_id]
        spans = _longest_first(spoken)
        text = mask_text(articles["text"].iloc[number], articles["skip"].iloc[number])
        of_words = np.array([word.span() for word in WORD.finditer(text)], np.int64).reshape(-1, 2)
        words[number] = np.bincount(_find_voices(of_words, spans), minlength=len(VOICES))
        within = mentioned.get(article_id, np.zeros(0, np.intp))
        np.add.at(said[number], (codes[within], _find_voices(places[within], spans)), 1)
    totals = counts["mentions"].to_numpy().reshape(len(articles), len(categories))
    tokens = counts["tokens"].to_numpy()[:: len(categories)]
    said[..., _QUOTED] = said[..., _TYPES].sum(axis=-1)
    words[..., _QUOTED] = words[..., _TYPES].sum(axis=-1)
    said[..., _REPORTER] = totals - said[..., _QUOTED]
    words[..., _REPORTER] = tokens - words[..., _QUOTED]
    return said, words


def _longest_first(quotes: pd.DataFrame) -> list[tuple[int, int, int]]:
    """Return the contents of quotes as (start, end, place of the voice in VOICES)."""
    voices = [VOICES.index(source_type) for source_type in quotes["source_type"]]
    spans = zip(quotes["content_start"], quotes["content_end"], voices, strict=True)
    return sorted(spans, key=lambda span: span[0] - span[1])


def _find_voices(
    places: NDArray[np.int64], spans: Iterable[tuple[int, int, int]]
) -> NDArray[np.intp]:
    """Return the voice of each place: of the last span that holds all of it, or the reporter."""
    voices = np.zeros(len(places), np.intp)
    for start, end, voice in spans:
        voices[(start <= places[:, 0]) & (places[:, 1] <= end)] = voice
    return voices


def _bootstrap(
    said: Numbers,
    words: Numbers,
    strata: pd.Series | None,
    *,
    level: float,
    replicates: int,
    generator: np.random.Generator,
) -> Numbers:
    """Return the bounds of the log ratio by category and voice, from samples of articles."""
    articles, categories, voices = said.shape
    if articles < 2:
        return np.full((2, categories, voices), np.nan)
    values = np.hstack([said.reshape(articles, -1), words])
    draws = resample_sums(values, strata, replicates=replicates, generator=generator)
    ratios = _log_ratios(
        draws[:, :-voices].reshape(replicates, categories, voices), draws[:, -voices:]
    )
    return np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2], axis=0)


def _log_ratios(mentions: Numbers, words: Numbers) -> Numbers:
    """Return the log ratio of each voice to the reporter; the last axes are those of `said`."""
    all_words = np.maximum(words[..., _EVERYBODY].sum(axis=-1), 1)
    rates = mentions[..., _EVERYBODY].sum(axis=-1) / all_words[..., None]
    expected = rates[..., None] * words[..., None, :]
    smoothed = np.log2((mentions + 0.5) / (expected + 0.5))
    return np.asarray(smoothed - smoothed[..., [_REPORTER]])
