from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from analysis.lexicon import Category, Lexicon, Term
from analysis.lexicon_suggestions import SUGGESTIONS, _Counts, _keyness, suggest_terms
from analysis.tables import make_table

MakeArticles = Callable[..., pd.DataFrame]


def lexicon(*terms: Term, name: str = "mine") -> tuple[Lexicon, ...]:
    return (Lexicon(name, 1, (Category(name, "theme", name, name, terms),)),)


def column(table: pd.DataFrame, wanted: str, **where: object) -> list[object]:
    for name, value in where.items():
        table = table[table[name] == value]
    return table[wanted].tolist()


def test_g2_is_the_log_likelihood_ratio_of_the_table() -> None:
    hits, rest_hits = np.array([12, 0, 3]), np.array([5, 4, 0])
    counts = _Counts(hits, hits, rest_hits, hits, 200, 900)
    g2, log_ratio = _keyness(counts)
    for number, (near, rest) in enumerate(zip(hits, rest_hits, strict=True)):
        table = [[near, rest], [200 - near, 900 - rest]]
        expected = chi2_contingency(table, correction=False, lambda_="log-likelihood")
        assert g2[number] == pytest.approx(expected.statistic)
    near, rest = 12 + 200 / 1100, 5 + 900 / 1100
    assert log_ratio[0] == pytest.approx(np.log2((near / 200) / (rest / 900)))
    assert log_ratio[1] < 0 < log_ratio[2] < log_ratio[0] + 3


@pytest.mark.usefixtures("camel")
class TestSuggestions:
    near = "غرق القارب وفيه لاجئ."
    rest = "بحث المجلس الميزانية الجديدة في الجلسة."

    def suggest(self, articles: pd.DataFrame, *terms: Term, **options: int) -> pd.DataFrame:
        chosen = {"min_frequency": 1, "min_articles": 2} | options
        return suggest_terms(articles, lexicons=lexicon(*terms), **chosen)

    def corpus(self, make_articles: MakeArticles, *more: str) -> pd.DataFrame:
        return make_articles(*[f"{self.near} {self.rest}"] * 8, *[self.rest] * 8, *more)

    def test_words_of_the_same_sentences_are_key(self, make_articles) -> None:
        found = self.suggest(self.corpus(make_articles), Term("لاجئ"))
        assert found.columns.tolist() == list(SUGGESTIONS)
        assert set(column(found, "term", reason="keyness")) == {"قارب", "غرق"}
        boat = found[found["term"] == "قارب"].iloc[0]
        names = ["hits", "tokens", "articles", "rest_hits", "rest_tokens", "all_articles"]
        assert boat[names].tolist() == [8, 24, 8, 0, 96, 8]
        assert boat["example"] == "غرق [القارب] وفيه لاجئ. بحث المجلس الميزانية الجديدة في الجلسة."
        assert (boat["lemma"], boat["pos"], boat["forms"]) == ("قارِب", "noun", "القارب")

    def test_a_lemma_of_the_same_root_is_proposed_where_it_never_meets_a_mention(
        self, make_articles
    ) -> None:
        articles = self.corpus(make_articles, "ملجأ قديم", "ثم الملجأ")
        found = self.suggest(articles, Term("لاجئ"), Term("لجوء"))
        root = found[found["reason"] == "root"]
        assert root[["term", "entries", "hits", "rest_hits"]].values.tolist() == [
            ["ملجأ", "لاجئ، لجوء", 0, 2]
        ]
        assert "[" in root["example"].iloc[0]

    def test_what_the_lexicon_finds_and_function_words_are_left_out(self, make_articles) -> None:
        found = self.suggest(self.corpus(make_articles), Term("لاجئ"), Term("قارب", near=("عدم",)))
        assert column(found, "term") == ["غرق"]

    def test_words_inside_a_mention_are_no_company(self, make_articles) -> None:
        articles = self.corpus(make_articles, *["غرق القارب المطاطي"] * 3)
        found = self.suggest(articles, Term("غرق القارب"))
        assert not {"قارب", "غرق"} & set(found["term"])

    def test_a_word_of_too_few_articles_is_not_proposed(self, make_articles) -> None:
        assert self.suggest(self.corpus(make_articles), Term("لاجئ"), min_articles=9).empty

    def test_a_word_that_the_morphology_does_not_know_counts_as_written(
        self, make_articles
    ) -> None:
        articles = self.corpus(make_articles, *["زغلبوط مع لاجئ"] * 12)
        found = self.suggest(articles, Term("لاجئ"))
        assert column(found, "pos", term="زغلبوط") == [""]
        assert column(found, "lemma", term="زغلبوط") == [""]

    def test_a_limit_holds_per_reason_and_the_same_seed_gives_the_same_table(
        self, make_articles
    ) -> None:
        articles = self.corpus(make_articles, "ملجأ قديم", "ثم الملجأ")
        first, again = (self.suggest(articles, Term("لاجئ"), limit=1, seed=3) for _ in range(2))
        assert first["reason"].tolist() == ["root", "keyness"]
        pd.testing.assert_frame_equal(first, again)

    def test_one_category_can_be_asked_for(self, make_articles) -> None:
        both = (*lexicon(Term("لاجئ"), name="a"), *lexicon(Term("ميزانية"), name="b"))
        options = {"lexicons": both, "min_frequency": 1, "min_articles": 2}
        articles = self.corpus(make_articles, *["زار الوفد الميناء"] * 30)
        assert suggest_terms(articles, category="a", **options)["category"].unique().tolist() == [
            "a"
        ]
        assert set(suggest_terms(articles, **options)["category"]) == {"a", "b"}

    def test_without_articles_nothing_is_proposed(self, make_articles) -> None:
        found = self.suggest(make_articles(), Term("لاجئ"))
        assert found.empty
        assert found.dtypes.equals(make_table([], SUGGESTIONS).dtypes)
