"""How fast themes are found, as a ratio against scikit-learn's CountVectorizer in the same run.

    python benchmarks/themes.py [ARTICLES.jsonl] [--rounds 3]

Without a file it uses the sample corpus, repeated. Both get the same texts in memory and the
forms our lexicons expand to; the peer gets only the entries of a single word and counts, while
khitab also matches phrases, checks contexts, gives places and skips boilerplate. Forms are
expanded before the clock starts. Rounds are interleaved; the table shows medians, since a
shared machine is noisy.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import pandas as pd

from analysis.arabic import fold
from analysis.articles import load_articles
from analysis.datasets import sample_corpus
from analysis.lexicon import expand_phrase, load_lexicons
from analysis.themes import count_themes, find_themes

REPEATS_OF_THE_SAMPLE = 40


def main() -> None:
    """Measure and print one line per contender."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    articles = read(chosen.articles)
    megabytes = articles["text"].str.encode("utf-8").str.len().sum() / 1e6
    forms = forms_by_category()
    find_themes(articles[:1])
    contenders: dict[str, Callable[[], object]] = {
        "khitab find_themes + count_themes": lambda: count_themes(articles, find_themes(articles)),
        "scikit-learn CountVectorizer": lambda: count_vectorizer(articles["text"], forms),
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(chosen.rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    ours = statistics.median(next(iter(times.values())))
    print(f"{len(articles):,} articles, {megabytes:.1f} MB, {chosen.rounds} rounds, medians")
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(
            f"{name:36} {median:7.2f} s {megabytes / median:7.1f} MB/s {median / ours:6.2f} x ours"
        )


def read(path: str | None) -> pd.DataFrame:
    """Load the file, or the sample corpus many times over under new ids."""
    if path:
        return load_articles(path)[0]
    sample = load_articles(sample_corpus())[0]
    copies = [
        sample.assign(article_id=sample["article_id"] + f"-{copy}")
        for copy in range(REPEATS_OF_THE_SAMPLE)
    ]
    return pd.concat(copies, ignore_index=True)


def forms_by_category() -> dict[str, set[str]]:
    """Return the folded forms of all entries of one word."""
    return {
        category.name: {
            form
            for term in category.terms
            for phrase in [term.term, *term.forms]
            for words in [expand_phrase(phrase, term.pos)]
            if len(words) == 1
            for form in words[0]
        }
        for lexicon in load_lexicons()
        for category in lexicon.categories
    }


def count_vectorizer(texts: pd.Series, forms: dict[str, set[str]]) -> pd.DataFrame:
    """Count with scikit-learn: one column per form, added up by category."""
    from sklearn.feature_extraction.text import CountVectorizer

    vocabulary = sorted(set.union(*forms.values()))
    counted = CountVectorizer(preprocessor=fold, vocabulary=vocabulary).transform(texts)
    place = {form: number for number, form in enumerate(vocabulary)}
    return pd.DataFrame(
        {
            name: counted[:, [place[form] for form in sorted(chosen)]].sum(axis=1).A1
            for name, chosen in forms.items()
        }
    )


if __name__ == "__main__":
    main()
