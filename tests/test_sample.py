"""The sample corpus: what its data sheet promises."""

import importlib.util
import json
import re
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from corpora import read_corpus_texts

from analysis.arabic import fold, split_sentences
from analysis.breaks import find_breaks
from analysis.data_files import data_path
from analysis.datasets import load_sample_gold
from analysis.framing import framing_by_period
from analysis.quotes import find_quotes
from analysis.scoring import score_mentions, score_quotes
from analysis.tables import SOURCE_TYPES
from analysis.themes import count_themes, find_themes

SAMPLE = data_path("sample")
CORPORA = ("ant_2018.parquet", "moroccan_2019.parquet", "saudinewsnet")
# A run of so many words stands in no real article.
RUN = 8


def read_gold(name):
    return pd.read_csv(SAMPLE / "gold" / name, keep_default_na=False)


@pytest.fixture(scope="module")
def gold():
    return load_sample_gold()


@pytest.fixture(scope="module")
def datasheet():
    spec = importlib.util.spec_from_file_location("datasheet", SAMPLE / "datasheet.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def own_text(article):
    kept, start = [], 0
    for begin, end in article.skip:
        kept.append(article.text[start:begin])
        start = end
    return "".join([*kept, article.text[start:]])


def copies():
    plan = read_gold("plan.csv")
    return plan[plan["copy_of"] != ""].set_index("article_id")["copy_of"].to_dict()


# ── composition ──────────────────────────────────────────────────────────────────────────


def test_every_quarter_has_three_articles_of_three_outlets(sample):
    quarters = sample.groupby(sample["published"].dt.to_period("Q"))["outlet"]
    assert len(quarters) == 44
    assert quarters.size().min() >= 3
    assert quarters.nunique().min() == 3
    assert len(sample) >= 132


def test_articles_have_150_to_450_words_in_paragraphs(sample):
    for article in sample.itertuples():
        text = own_text(article)
        assert 150 <= len(text.split()) <= 450
        assert len(text.strip().splitlines()) >= 3


def test_outlets_keep_their_habits(sample):
    texts = sample[sample["source_file"].str.endswith("jsonl")].groupby("outlet")["text"]
    joined = texts.apply("\n".join)
    assert "«" in joined["أطلس برس"]
    assert "«" not in joined["وكالة المنارة للأنباء"]
    assert "«" not in joined["صدى المشرق"]
    assert re.search("دجنبر|غشت|شتنبر|يوليوز", joined["أطلس برس"])
    assert not re.search("دجنبر|غشت|شتنبر|يوليوز", joined["وكالة المنارة للأنباء"])
    assert "(تموز)" in joined["صدى المشرق"]


def sentences_of(article):
    text = own_text(article)
    for start, end in split_sentences(text):
        words = [fold(word) for word in re.findall(r"\w+", text[start:end])]
        if len(words) >= 6:
            yield " ".join(words)


def test_only_wire_copies_share_sentences(sample):
    where = defaultdict(set)
    for article in sample.itertuples():
        for sentence in sentences_of(article):
            where[sentence].add(article.article_id)
    allowed = [{copy, wire} for copy, wire in copies().items()]
    shared = [places for places in where.values() if len(places) > 1]
    assert [places for places in shared if places not in allowed] == []


def test_wire_copies_change_a_little(sample):
    articles = {article.article_id: article for article in sample.itertuples()}
    assert len(copies()) >= 7
    for copy, wire in copies().items():
        mine, theirs = set(sentences_of(articles[copy])), set(sentences_of(articles[wire]))
        assert 0.5 <= len(mine & theirs) / len(mine) < 1
        assert articles[copy].outlet != articles[wire].outlet
        assert 0 <= (articles[copy].published - articles[wire].published).days <= 1


def test_pages_tell_the_articles_they_are_named_after(sample):
    pages = sorted((SAMPLE / "pages").glob("*.html"))
    assert len(pages) >= 4
    for page in pages:
        raw = page.read_bytes()
        encoding = "cp1256" if b"windows-1256" in raw else "utf-8"
        html = raw.decode(encoding)
        article = sample[sample["article_id"] == page.stem].iloc[0]
        assert article["title"] in html
        for paragraph in article["text"].splitlines():
            assert paragraph in html


@pytest.mark.parametrize("name", CORPORA)
def test_nothing_is_copied_from_real_articles(shared, sample, name):
    codes = {}
    for article in sample.itertuples():
        for word in words_of(own_text(article)):
            codes.setdefault(word, len(codes) + 1)
    ours = {run for article in sample.itertuples() for run in runs(own_text(article), codes)}
    found = set()
    for text in read_corpus_texts(shared / "corpora" / name):
        found |= ours.intersection(runs(text, codes))
    names = list(codes)
    assert [" ".join(names[code - 1] for code in run) for run in found] == []


def words_of(text):
    return re.sub(r"[^\w\s]|[\u064b-\u0652\u0640]", " ", text).split()


def runs(text, codes):
    """Return the runs of words that all stand in the sample, as tuples of their codes."""
    numbers = np.array([codes.get(word, 0) for word in words_of(text)])
    known = np.flatnonzero(
        np.convolve(numbers > 0, np.ones(RUN, dtype=int), mode="valid") == RUN
        if len(numbers) >= RUN
        else np.array([], dtype=bool)
    )
    return {tuple(numbers[start : start + RUN].tolist()) for start in known}


# ── the gold ─────────────────────────────────────────────────────────────────────────────


def test_offsets_of_the_gold_slice_back(sample, gold):
    texts = sample.set_index("article_id")["text"]
    quotes, mentions = gold
    for quote in quotes.itertuples():
        text = texts[quote.article_id]
        for part in ("content", "cue", "source"):
            start = getattr(quote, f"{part}_start")
            if not pd.isna(start):
                assert text[start : getattr(quote, f"{part}_end")] == getattr(quote, part)
    for mention in mentions.itertuples():
        assert texts[mention.article_id][mention.start : mention.end] == mention.surface


def test_no_mention_overlaps_another(gold):
    _, mentions = gold
    for _, part in mentions.groupby("article_id"):
        ordered = part.sort_values("start")
        assert (ordered["end"].to_numpy()[:-1] <= ordered["start"].to_numpy()[1:]).all()


def test_every_article_stands_in_the_plan_and_none_else(sample):
    assert sorted(read_gold("plan.csv")["article_id"]) == sorted(sample["article_id"])


def test_speech_is_attributed_in_every_way(gold):
    quotes, _ = gold
    assert set(quotes["source_type"]) == set(SOURCE_TYPES)
    assert set(quotes["type"]) == {"direct", "indirect", "mixed"}
    assert 0.2 < quotes["source"].isna().mean() < 0.6
    sources = " ".join(quotes["source"].dropna())
    for way in ("ذاته", "نفسه", "المصدر", "بيان", "دراسة"):
        assert way in sources
    cues = set(quotes["cue"].dropna())
    assert {"مضيفا", "لافتا", "قائلا", "وبحسب", "وفق", "على حد تعبيره"} <= cues


def test_every_article_attributes_speech(sample, gold):
    quotes, _ = gold
    assert quotes.groupby("article_id").size().reindex(sample["article_id"]).min() >= 5


def test_our_extractors_find_the_gold(sample, gold):
    quotes, mentions = gold
    half = score_quotes(quotes, find_quotes(sample)).iloc[0]
    print(half.round(3).to_string())
    assert half["f1"] >= 0.93
    assert half["attribution_f1"] >= 0.83
    assert half["source_type"] >= 0.78
    assert half["role"] >= 0.84
    marked = score_mentions(mentions, find_themes(sample)).set_index("category")
    assert marked.loc["all", "f1"] >= 0.58
    assert marked.drop(["security", "all"])["precision"].min() >= 0.80


def test_two_readers_agree(datasheet):
    told = dict(re.findall(r"\| (.*?) \| (?:F1 )?([\d.]+) \|", datasheet.tables()["agreement"]))
    assert float(told["quotes: the same content and speaker"]) >= 0.95
    assert float(told["mentions that overlap"]) >= 0.85


# ── what was planted ─────────────────────────────────────────────────────────────────────

BREAKS = [
    (1, 2, "balance", 1), (1, 2, "security", 1), (1, 2, "diplomacy", -1),
    (2, 3, "balance", -1),
    (3, 4, "balance", -1), (3, 4, "security", -1),
    (4, 5, "diplomacy", -1),
    (5, 6, "diplomacy", 1),
    (6, 7, "balance", 1), (6, 7, "security", 1), (6, 7, "diplomacy", -1),
    (7, 8, "balance", -1), (7, 8, "diplomacy", 1),
]  # fmt: skip


@pytest.fixture(scope="module")
def counts(sample):
    return count_themes(sample, find_themes(sample))


def phases():
    return pd.read_csv(SAMPLE / "gold" / "phases.csv", parse_dates=["start", "end"])


def test_phases_cover_the_decade_without_a_gap():
    table = phases()
    assert table["start"].iloc[0] == pd.Timestamp("2014-01-01")
    assert table["end"].iloc[-1] == pd.Timestamp("2024-12-31")
    assert (table["start"].iloc[1:].to_numpy() - table["end"].iloc[:-1].to_numpy()
            == np.timedelta64(1, "D")).all()  # fmt: skip


def difference(counts, first, second, measure):
    """Return how much a measure changes from one part to the next, and how rare that is.

    A part is a pair of dates; by chance the articles of both are dealt to the parts anew. The
    measure is the rate of a frame per 1,000 words, or the balance of the two.
    """
    wide = counts.pivot(index="article_id", columns="category", values="mentions")
    one_each = counts.drop_duplicates("article_id").set_index("article_id")
    wide = wide.assign(tokens=one_each["tokens"], published=one_each["published"])
    parts = [wide[wide["published"].between(*part)] for part in (first, second)]
    numbers = pd.concat(parts)[["security", "diplomacy", "tokens"]].to_numpy()
    of_second = np.arange(len(numbers)) >= len(parts[0])

    def level(chosen):
        security, diplomacy, tokens = numbers[chosen].sum(axis=0)
        if measure == "balance":
            return np.log2((security + 0.5) / (diplomacy + 0.5))
        return 1000 * {"security": security, "diplomacy": diplomacy}[measure] / tokens

    def change(chosen):
        return level(chosen) - level(~chosen)

    dealt = np.random.default_rng(1)
    chance = np.array([change(dealt.permutation(of_second)) for _ in range(2000)])
    observed = change(of_second)
    return observed, (1 + (np.abs(chance) >= abs(observed)).sum()) / (1 + len(chance))


@pytest.mark.parametrize(("before", "after", "measure", "sign"), BREAKS)
def test_the_breaks_are_where_they_were_planted(counts, before, after, measure, sign):
    dates = phases().set_index("phase")[["start", "end"]]
    observed, chance = difference(counts, dates.loc[before], dates.loc[after], measure)
    assert np.sign(observed) == sign
    assert chance < 0.01


@pytest.mark.parametrize("phase", [2, 4, 7])
@pytest.mark.parametrize("measure", ["balance", "security", "diplomacy"])
def test_no_break_within_a_long_phase(counts, phase, measure):
    start, end = phases().set_index("phase").loc[phase, ["start", "end"]]
    middle = start + (end - start) / 2
    assert difference(counts, (start, middle), (middle, end), measure)[1] > 0.05


def test_the_breaks_are_found_without_being_told(counts):
    framing = framing_by_period(counts, freq="QS", replicates=100)
    frames = framing[framing["category"].isin(["security", "diplomacy"])]
    alone = find_breaks(frames, noise="independent")
    jointly = find_breaks(frames, measure="share", jointly=True, noise="independent")
    found = pd.concat([alone, jointly])["period"].dt.to_period("Q").unique()
    planted = phases()["start"].iloc[1:].dt.to_period("Q")
    nearest = [min(abs((one - other).n) for other in found) for one in planted]
    assert max(nearest) <= 1
    assert all(min(abs((one - other).n) for other in planted) <= 1 for one in found)


# ── the data sheet ───────────────────────────────────────────────────────────────────────


def test_the_data_sheet_says_what_the_files_say(datasheet):
    text = datasheet.README.read_text("utf-8")
    quotes, mentions = load_sample_gold()
    assert f"{len(quotes):,} attributions and {len(mentions):,} mentions" in text.replace("\n", " ")
    for name, table in datasheet.tables().items():
        if name not in ("variety", "dev"):
            assert f"<!-- {name} -->\n\n{table}\n\n<!-- /{name} -->" in text, name


def test_the_sample_is_as_varied_as_real_articles(datasheet, shared):
    rows = [row.split(" | ") for row in datasheet.tables()["variety"].splitlines()[2:]]
    ratio = {row[0].strip("| "): float(row[1]) for row in rows}
    assert ratio["the sample"] >= min(ratio.values())
    length = {row[0].strip("| "): float(row[2]) for row in rows}
    assert length["the sample"] > 12
    connectives = {row[0].strip("| "): int(row[4]) for row in rows}
    assert connectives["the sample"] >= 0.8 * min(connectives.values())


def test_lines_of_articles_are_json_with_the_fields_of_the_contract():
    for path in sorted((SAMPLE / "articles").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            fields = ["article_id", "outlet", "published", "title", "text", "url"]
            assert list(json.loads(line)) == fields
