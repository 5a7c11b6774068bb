"""Fill the tables of README.md, the data sheet of the sample corpus, from the files beside it.

Run by `make datasheet`. What is compared with real newspapers needs the folder of published
corpora that the environment variable KHITAB_SHARED names; without it those tables stay as they
are.
"""

import json
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

import analysis
from analysis.arabic import fold, split_sentences, tokenize
from analysis.attribution_lexicon import load_lexicon
from analysis.datasets import load_sample, load_sample_gold
from analysis.framing import framing_by_period
from analysis.quotes import find_quotes
from analysis.scoring import compare_quotes, score_mentions, score_quotes

HERE = Path(__file__).parent
README = HERE / "README.md"
SEED = 2014
# The type-token ratio is taken in windows of so many words, because it falls with length.
WINDOW = 100
# The articles of a real corpus that are compared are as long as ours and as many.
SHORTEST, LONGEST = 150, 460
FRAMES = ["security", "diplomacy"]


def main() -> None:
    """Write the tables into the data sheet."""
    text = README.read_text("utf-8")
    for name, table in tables().items():
        text = put_in(text, name, table)
    README.write_text(text, "utf-8")


def tables() -> dict[str, str]:
    """Return every table of the data sheet that can be made here, as Markdown."""
    articles, (quotes, mentions) = load_sample(), load_sample_gold()
    made = {
        "composition": _composition(articles),
        "quotes": _quotes_marked(quotes),
        "mentions": _mentions_marked(mentions, articles),
        "agreement": _agreement(),
        "extractors": _extractors(articles, quotes, mentions),
        "phases": _phases(articles, mentions),
        "articles": _plan(),
    }
    shared = os.environ.get("KHITAB_SHARED")
    if shared:
        made["variety"] = _variety(articles, Path(shared))
        made["dev"] = _beside_real(articles, quotes, Path(shared))
    return made


def put_in(text: str, name: str, table: str) -> str:
    """Replace what stands between the marks of one table."""
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not marks.search(text):
        raise SystemExit(f"{README}: no marks <!-- {name} --> and <!-- /{name} -->; add them.")
    return marks.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", text)


def _markdown(table: pd.DataFrame) -> str:
    rows = [list(table.columns), ["---"] * len(table.columns), *table.astype(str).to_numpy()]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


# ── what is in it ────────────────────────────────────────────────────────────────────────


def _composition(articles: pd.DataFrame) -> str:
    words = _count_words(articles)
    quarters = articles["published"].dt.to_period("Q")
    rows = []
    for outlet, part in articles.groupby("outlet"):
        length = words[part.index]
        rows.append([outlet, len(part), int(length.sum()), int(length.min()),
                     int(length.median()), int(length.max()),
                     quarters[part.index].nunique()])  # fmt: skip
    rows.append(["all", len(articles), int(words.sum()), int(words.min()), int(words.median()),
                 int(words.max()), quarters.nunique()])  # fmt: skip
    columns = ["outlet", "articles", "words", "shortest", "median", "longest", "quarters of 44"]
    return _markdown(pd.DataFrame(rows, columns=columns))


def _count_words(articles: pd.DataFrame) -> pd.Series:
    """Return the words outside boilerplate of each article."""
    counts = analysis.count_themes(articles, analysis.find_themes(articles))
    tokens = counts.drop_duplicates("article_id").set_index("article_id")["tokens"]
    return pd.Series(tokens[articles["article_id"]].to_numpy(), index=articles.index)


def _quotes_marked(quotes: pd.DataFrame) -> str:
    types = quotes.assign(type=quotes["type"].where(~quotes["weak"], "weak"))
    table = pd.crosstab(types["source_type"], types["type"], margins=True, margins_name="all")
    columns = ["direct", "indirect", "mixed", "weak", "all"]
    return _markdown(table[columns].rename_axis("source type").reset_index())


def _mentions_marked(mentions: pd.DataFrame, articles: pd.DataFrame) -> str:
    rows = [
        [category, len(part), part["article_id"].nunique(), part["surface"].nunique()]
        for category, part in mentions.groupby("category")
    ]
    none = len(articles) - mentions["article_id"].nunique()
    rows.append(["none of them", "", none, ""])
    columns = ["category", "mentions", "articles", "different phrases"]
    return _markdown(pd.DataFrame(rows, columns=columns))


# ── how well two readers agree ───────────────────────────────────────────────────────────


def _agreement() -> str:
    """Measure the second reading against the first, both before they were settled."""
    quotes = pd.read_csv(HERE / "gold" / "readings" / "quotes.csv", keep_default_na=False)
    quotes["weak"] = quotes["weak"] == "yes"
    first, second = (quotes[quotes["reader"] == reader] for reader in ("first", "second"))
    relaxed = score_quotes(first, second[~second["weak"] | _in_first(second, first)]).iloc[0]
    mentions = pd.read_csv(HERE / "gold" / "readings" / "mentions.csv")
    one, other = (mentions[mentions["reader"] == reader] for reader in ("first", "second"))
    marked = score_mentions(one, other).set_index("category")["f1"]
    rows = [
        ["quotes: the same content", f"F1 {relaxed['f1']:.3f}"],
        ["quotes: the same content and speaker", f"F1 {relaxed['attribution_f1']:.3f}"],
        *(
            [f"of those: the same {name}", f"{relaxed[name.replace(' ', '_')]:.3f}"]
            for name in ("type", "source type", "role")
        ),
        ["mentions that overlap", f"F1 {marked['all']:.3f}"],
        *([f"… of {category}", f"F1 {f1:.3f}"] for category, f1 in marked.items()
          if category != "all"),
    ]  # fmt: skip
    return _markdown(pd.DataFrame(rows, columns=["what", "agreement"]))


def _in_first(second: pd.DataFrame, first: pd.DataFrame) -> pd.Series:
    """Tell which records of the second reading the first has too, firm or weak."""
    pairs = compare_quotes(first, second)
    paired = pairs.loc[pairs["outcome"] == "matched", "found"].to_numpy(dtype=int)
    return pd.Series(np.isin(np.arange(len(second)), paired), index=second.index)


# ── how well our own extractors do ───────────────────────────────────────────────────────


def _extractors(articles: pd.DataFrame, quotes: pd.DataFrame, mentions: pd.DataFrame) -> str:
    found = find_quotes(articles)
    themes = analysis.find_themes(articles)
    rows = _quote_rows(quotes, found)
    marked = score_mentions(mentions, themes)
    rows += [
        [f"mentions of {row.category}", f"{row.precision:.3f} / {row.recall:.3f} / {row.f1:.3f}"]
        for row in marked.itertuples()
    ]
    return _markdown(pd.DataFrame(rows, columns=["what", "result"]))


def _quote_rows(coded: pd.DataFrame, found: pd.DataFrame) -> list[list[str]]:
    half, most = score_quotes(coded, found).iloc[0], score_quotes(
        coded, found, least_overlap=0.9
    ).iloc[0]  # fmt: skip
    three = f"{half['precision']:.3f} / {half['recall']:.3f} / {half['f1']:.3f}"
    return [
        ["quotes, overlap of half: precision / recall / F1", three],
        ["quotes, overlap of nine tenths: F1", f"{most['f1']:.3f}"],
        ["quotes with the right speaker: F1", f"{half['attribution_f1']:.3f}"],
        *([f"of quotes found: right {name.replace('_', ' ')}", f"{half[name]:.3f}"]
          for name in ("speaker", "type", "source_type", "role")),
    ]  # fmt: skip


def _beside_real(articles: pd.DataFrame, quotes: pd.DataFrame, shared: Path) -> str:
    """Put the figures of the sample beside those of annotated articles of real newspapers."""
    records = [
        json.loads(file.read_text("utf-8"))
        for file in sorted((shared / "eval" / "dev" / "quotes").glob("*.json"))
    ]
    real = pd.DataFrame(
        {"article_id": [str(record["id"]) for record in records],
         "text": [record["text"] for record in records], "skip": [[] for _ in records]}
    )  # fmt: skip
    coded = pd.DataFrame(
        [quote | {"article_id": str(record["id"]), "weak": bool(quote.get("weak"))}
         for record in records for quote in record["quotes"]]
    )  # fmt: skip
    rows = [
        [what, value, other]
        for (what, value), (_, other) in zip(
            _quote_rows(quotes, find_quotes(articles)), _quote_rows(coded, find_quotes(real)),
            strict=True,
        )
    ]  # fmt: skip
    return _markdown(pd.DataFrame(rows, columns=["what", "the sample", "real articles"]))


# ── is it like the real language? ────────────────────────────────────────────────────────


def _variety(articles: pd.DataFrame, shared: Path) -> str:
    texts = {"the sample": [_without_boilerplate(row) for row in articles.itertuples()]}
    for name, corpus in _real_corpora(shared).items():
        fit = [text for text in corpus if SHORTEST <= len(text.split()) <= LONGEST]
        chosen = np.random.default_rng(SEED).choice(len(fit), size=len(articles), replace=False)
        texts[name] = [fit[number] for number in sorted(chosen)]
    rows = [[name, *_measures_of_variety(corpus)] for name, corpus in texts.items()]
    columns = ["corpus", f"type-token ratio in {WINDOW} words", "words per sentence",
               "standard deviation", "different connectives", "connectives per 1,000 words",
               "sentences with an opening of their own"]  # fmt: skip
    return _markdown(pd.DataFrame(rows, columns=columns))


def _without_boilerplate(row: object) -> str:
    text, start, kept = row.text, 0, []
    for begin, end in row.skip:
        kept.append(text[start:begin])
        start = end
    return "".join([*kept, text[start:]])


def _real_corpora(shared: Path) -> dict[str, list[str]]:
    corpora = shared / "corpora"
    found = {
        name: pd.read_parquet(corpora / f"{name}.parquet", columns=["text"])["text"].tolist()
        for name in ("ant_2018", "moroccan_2019")
    }
    return found | {"saudinewsnet": list(islice(_saudi_articles(corpora / "saudinewsnet"), 5000))}


def _saudi_articles(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    for article in json.loads(archive.read(name).decode("utf-8-sig")):
                        yield article["content"]


def _measures_of_variety(texts: Iterable[str]) -> list[str]:
    connectives = load_lexicon().phrases["connectors"]
    ratios: list[float] = []
    lengths: list[int] = []
    openings: Counter[tuple[str, ...]] = Counter()
    used: Counter[str] = Counter()
    words = 0
    for text in texts:
        forms = [form for form in tokenize(text).forms if form[:1].isalpha()]
        words += len(forms)
        ratios += [
            len(set(forms[start : start + WINDOW])) / WINDOW
            for start in range(0, len(forms) - WINDOW + 1, WINDOW)
        ]
        for start, end in split_sentences(text):
            sentence = [fold(word.strip('.،؛:"«»()')) for word in text[start:end].split()]
            if len(sentence) > 2:
                lengths.append(len(sentence))
                openings[tuple(sentence[:2])] += 1
        for place in range(len(forms)):
            for phrase in connectives.get(forms[place], ()):
                if tuple(forms[place : place + len(phrase)]) == phrase:
                    used[" ".join(phrase)] += 1
                    break
    alone = sum(times for times in openings.values() if times == 1)
    return [f"{np.mean(ratios):.3f}", f"{np.mean(lengths):.1f}", f"{np.std(lengths):.1f}",
            str(len(used)), f"{1000 * used.total() / words:.1f}",
            f"{alone / openings.total():.2f}"]  # fmt: skip


# ── what was planted ─────────────────────────────────────────────────────────────────────


def _phases(articles: pd.DataFrame, mentions: pd.DataFrame) -> str:
    """Rates per 1,000 words of each phase with 95 % intervals: as found, and as marked by hand."""
    planted = pd.read_csv(HERE / "gold" / "phases.csv", parse_dates=["start", "end"])
    counts = analysis.count_themes(articles, analysis.find_themes(articles))
    found, marked = _rates_by_phase(counts, planted), _rates_by_phase(
        _counts_of(mentions, counts), planted
    )  # fmt: skip
    rows = []
    for row in planted.itertuples():
        cells = [f"{row.start:%Y-%m} – {row.end:%Y-%m}"]
        for frame in FRAMES:
            cells += [getattr(row, frame), *(_interval(table.loc[(row.phase, frame)])
                                             for table in (found, marked))]  # fmt: skip
        rows.append(cells)
    columns = ["phase", *(name for frame in FRAMES
                          for name in (f"{frame}: planted", "found", "by hand"))]  # fmt: skip
    return _markdown(pd.DataFrame(rows, columns=columns))


def _rates_by_phase(counts: pd.DataFrame, planted: pd.DataFrame) -> pd.DataFrame:
    """Return the rates of the frames, with intervals, by phase and category."""
    spans = pd.IntervalIndex.from_arrays(planted["start"], planted["end"], closed="both")
    phase = spans.get_indexer(counts["published"])
    moved = counts.assign(published=planted["start"].to_numpy()[phase])
    rates = framing_by_period(moved, freq="QS")
    rates = rates[rates["articles"].gt(0) & rates["category"].isin(FRAMES)]
    number = planted.set_index("start")["phase"]
    return rates.assign(phase=rates["period"].map(number)).set_index(["phase", "category"])


def _counts_of(mentions: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Return the table of counts with the mentions marked by hand in place of those found."""
    by_hand = mentions.groupby(["article_id", "category"]).size()
    keys = pd.MultiIndex.from_frame(counts[["article_id", "category"]])
    return counts.assign(mentions=by_hand.reindex(keys, fill_value=0).to_numpy())


def _interval(row: pd.Series) -> str:
    return f"{row['per_1000']:.0f} [{row['per_1000_low']:.0f}, {row['per_1000_high']:.0f}]"


def _plan() -> str:
    table = pd.read_csv(HERE / "gold" / "plan.csv", keep_default_na=False)
    table["note"] = table["note"].where(
        table["copy_of"] == "", "wire copy of " + table["copy_of"]
    )  # fmt: skip
    return _markdown(table[["article_id", "themes", "frames", "note"]].replace("", "–"))


if __name__ == "__main__":
    main()
