from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from analysis import morphology
from analysis.errors import InputError
from analysis.lexicon import Category, Exceptions, Lexicon, Term
from analysis.lexicon_audit import (
    AUDIT,
    AUDIT_SUMMARY,
    audit_lexicon,
    show_audit,
    summarise_audit,
)
from analysis.lexicon_suggestions import suggest_terms
from analysis.tables import make_table

MakeArticles = Callable[..., pd.DataFrame]


def lexicon(*terms: Term, name: str = "mine") -> tuple[Lexicon, ...]:
    return (Lexicon(name, 1, (Category(name, "theme", name, name, terms),)),)


def column(table: pd.DataFrame, wanted: str, **where: object) -> list[object]:
    for name, value in where.items():
        table = table[table[name] == value]
    return table[wanted].tolist()


@pytest.mark.usefixtures("camel")
class TestAudit:
    def audit(self, articles: pd.DataFrame, *terms: Term, **options: int) -> pd.DataFrame:
        return audit_lexicon(articles, lexicons=lexicon(*terms), **{"min_frequency": 1} | options)

    def test_a_form_carries_its_hits_its_share_and_its_articles(self, make_articles) -> None:
        articles = make_articles("وصل اللاجئون ثم اللاجئون", "عاد اللاجئون مع لاجئ")
        audit = self.audit(articles, Term("لاجئ"))
        names = ["category", "term", "form", "status", "hits", "share", "articles"]
        assert audit.columns.tolist() == list(AUDIT)
        assert audit[names].values.tolist() == [
            ["mine", "لاجئ", "اللاجئون", "found", 3, 0.75, 2],
            ["mine", "لاجئ", "لاجئ", "found", 1, 0.25, 1],
        ]
        assert audit["lemma"].tolist() == ["لاجِئ", "لاجِئ"]
        assert not audit["doubtful"].any()

    def test_spellings_of_one_form_are_one_row_shown_as_most_frequent(self, make_articles) -> None:
        audit = self.audit(make_articles("مسؤول مسئول مسئول"), Term("مسؤول"))
        assert audit[["form", "hits"]].values.tolist() == [["مسئول", 3]]

    def test_a_broken_plural_that_the_lexicon_misses_is_listed(self, make_articles) -> None:
        audit = self.audit(make_articles("عدة براغيث", "البراغيث كلها"), Term("برغوث"))
        missed = audit[audit["status"] == "missed"]
        assert missed[["form", "hits", "articles", "lemma"]].values.tolist() == [
            ["البراغيث", 1, 1, "بَرْغُوث"],
            ["براغيث", 1, 1, "بَرْغُوث"],
        ]
        assert missed["share"].isna().all()
        assert column(audit, "examples", form="براغيث") == ["عدة [براغيث]"]

    def test_an_entry_that_asks_for_its_spelling_misses_nothing(self, make_articles) -> None:
        audit = self.audit(make_articles("برغوث وبراغيث"), Term("برغوث", pos="exact"))
        assert audit["status"].tolist() == ["found"]

    def test_what_a_condition_of_the_term_leaves_out_is_not_missed(self, make_articles) -> None:
        term = Term("لاجئ", near=("خيمة",), exceptions=Exceptions(forms=("لاجئات",)))
        audit = self.audit(make_articles("لاجئون ولاجئات"), term)
        assert audit[["form", "status", "hits"]].values.tolist() == [["لاجئ", "absent", 0]]

    def test_what_another_term_of_the_category_finds_is_not_missed(self, make_articles) -> None:
        articles = make_articles("براغيث")
        audit = self.audit(articles, Term("برغوث"), Term("براغيث"))
        assert audit[["term", "status"]].values.tolist() == [
            ["برغوث", "absent"],
            ["براغيث", "found"],
        ]

    def test_rare_words_are_not_looked_through_for_missed_forms(self, make_articles) -> None:
        articles = make_articles("براغيث والبراغيث براغيث")
        audit = self.audit(articles, Term("برغوث"), min_frequency=2)
        assert column(audit, "form", status="missed") == ["براغيث"]

    def test_a_form_whose_frequent_lemma_is_another_word_is_doubtful(self, make_articles) -> None:
        audit = self.audit(make_articles("بحارون في البحار مع بحارون"), Term("بحار", pos="person"))
        assert audit[["form", "lemma", "doubtful"]].values.tolist() == [
            ["بحارون", "بَحّار", False],
            ["البحار", "بَحْر", True],
        ]
        assert "بَحّار" in str(column(audit, "other_lemmas", form="البحار")[0])

    def test_a_form_that_the_author_lists_is_not_doubtful(self, make_articles) -> None:
        term = Term("واسطة", pos="name", forms=("وسائط",))
        audit = self.audit(make_articles("وسائط"), term)
        assert audit[["lemma", "doubtful"]].values.tolist() == [["واسِطَة", False]]
        audit = self.audit(make_articles("وسائط"), Term("وسيط", pos="name", forms=("وسائط",)))
        assert audit["doubtful"].tolist() == [False]

    def test_a_verb_is_read_as_a_verb(self, make_articles) -> None:
        audit = self.audit(make_articles("اعتقلت الشرطة اثنين"), Term("اعتقل", pos="verb"))
        assert audit[["form", "doubtful"]].values.tolist() == [["اعتقلت", False]]

    def test_a_verb_entered_without_inflection_is_neither_doubtful_nor_missed(
        self, make_articles
    ) -> None:
        term = Term("استهدفت", pos="invariable", forms=("استهدف",))
        audit = self.audit(make_articles("استهدفت الطائرات ثم تستهدف"), term)
        assert audit[["form", "status", "doubtful"]].values.tolist() == [
            ["استهدفت", "found", False]
        ]

    def test_a_phrase_is_shown_whole_and_without_lemmas(self, make_articles) -> None:
        audit = self.audit(make_articles("الهجرة  السرية\nوهجرة سرية"), Term("هجرة سرية"))
        names = ["form", "lemma", "other_lemmas", "doubtful"]
        assert audit[names].values.tolist() == [
            ["الهجرة السرية", "", "", False],
            ["وهجرة سرية", "", "", False],
        ]

    def test_examples_are_of_different_articles_and_drawn_by_seed(self, make_articles) -> None:
        texts = [f"خبر {number} عن لاجئ وعن لاجئ" for number in range(20)]
        draws = [
            self.audit(make_articles(*texts), Term("لاجئ"), seed=seed)["examples"][0]
            for seed in (1, 1, 2)
        ]
        assert draws[0] == draws[1]
        assert draws[0] != draws[2]
        numbers = [line.split()[1] for line in draws[0].split("\n")]
        assert len(set(numbers)) == 3

    def test_skipped_places_are_neither_found_nor_missed(self, make_articles) -> None:
        articles = make_articles("برغوث براغيث لاجئ").assign(skip=[[(0, 13)]])
        audit = self.audit(articles, Term("برغوث"), Term("لاجئ"))
        assert audit["status"].tolist() == ["absent", "found"]

    def test_without_articles_every_term_is_absent(self, make_articles) -> None:
        audit = self.audit(make_articles(), Term("لاجئ"), Term("هجرة سرية"))
        assert audit["status"].tolist() == ["absent", "absent"]
        assert audit.dtypes.equals(make_table([], AUDIT).dtypes)

    def test_articles_stay_as_they_are(self, make_articles) -> None:
        articles = make_articles("لاجئ")
        before = articles.copy(deep=True)
        self.audit(articles, Term("لاجئ"))
        pd.testing.assert_frame_equal(articles, before)


def test_without_the_database_the_message_says_how_to_install_it(
    make_articles: MakeArticles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    morphology.load_morphology.cache_clear()
    database = tmp_path / "data" / "morphology_db" / morphology.DATABASE / "morphology.db"
    for ask in (audit_lexicon, suggest_terms):
        with pytest.raises(InputError) as error:
            ask(make_articles(), lexicons=lexicon(Term("هجرة سرية")))
        assert str(error.value) == (
            f"the morphology of CAMeL Tools is not installed: there is no {database}; install "
            "it with `camel_data -i morphology-db-msa-r13`, or set CAMELTOOLS_DATA to the folder "
            "that holds it."
        )


@pytest.mark.parametrize(
    ("ask", "options", "message"),
    [
        (audit_lexicon, {"examples": -1}, "examples is -1; give a whole number, 0 or more."),
        (
            audit_lexicon,
            {"min_frequency": 0},
            "min_frequency is 0; give a whole number, 1 or more.",
        ),
        (suggest_terms, {"limit": 0}, "limit is 0; give a whole number, 1 or more."),
        (suggest_terms, {"min_articles": 0}, "min_articles is 0; give a whole number, 1 or more."),
        (suggest_terms, {"category": "x"}, "category is 'x'; choose one of 'mine'."),
    ],
)
def test_a_wrong_option_is_named(ask, options, message, make_articles) -> None:
    with pytest.raises(InputError) as error:
        ask(make_articles("لاجئ"), lexicons=lexicon(Term("لاجئ")), **options)
    assert str(error.value) == message


def audit_rows(*rows: Sequence[object]) -> pd.DataFrame:
    names = ["term", "status", "hits", "lemma", "doubtful"]
    return make_table(
        [{"category": "c", "subcategory": ""} | dict(zip(names, row, strict=True)) for row in rows],
        AUDIT | {"hits": "Int64", "articles": "Int64"},
    )


def test_a_summary_sorts_terms_by_what_is_doubtful_then_by_what_is_missed() -> None:
    summary = summarise_audit(
        audit_rows(
            ["سليم", "found", 9, "سَلِيم", False],
            ["غائب", "absent", 0, "", False],
            ["ناقص", "missed", 7, "ناقِص", False],
            ["ناقص", "found", 2, "", False],
            ["مريب", "found", 3, "مُرِيب", False],
            ["مريب", "found", 1, "رَيْب", True],
            ["مريب", "found", 4, "", False],
        )
    )
    assert summary.columns.tolist() == list(AUDIT_SUMMARY)
    assert summary.drop(columns=["category", "subcategory"]).fillna(-1).values.tolist() == [
        ["مريب", 8, 3, 4, 1, 0.25, 0, 0],
        ["ناقص", 2, 1, 0, 0, -1, 1, 7],
        ["سليم", 9, 1, 9, 0, 0, 0, 0],
        ["غائب", 0, 0, 0, 0, -1, 0, 0],
    ]


def test_a_summary_of_nothing_is_empty() -> None:
    summary = summarise_audit(make_table([], AUDIT))
    assert summary.empty
    assert summary.dtypes.equals(make_table([], AUDIT_SUMMARY).dtypes)


def test_an_audit_can_be_read_on_a_screen() -> None:
    rows = [
        {
            "category": "health",
            "term": "بحار",
            "form": "البحار",
            "status": "found",
            "hits": 2,
            "lemma": "بَحْر",
            "other_lemmas": "بَحْر",
            "doubtful": True,
            "examples": "عبرت السفن [البحار] كلها\nسطر آخر",
        },
        {
            "category": "health",
            "term": "بحار",
            "form": "بحارة",
            "status": "missed",
            "hits": 1,
            "lemma": "بَحّار",
            "other_lemmas": "",
            "doubtful": False,
            "examples": "جاء [بحارة]",
        },
        {
            "category": "health",
            "term": "مرفأ",
            "form": "مرفأ",
            "status": "absent",
            "hits": 0,
            "lemma": "",
            "other_lemmas": "",
            "doubtful": False,
            "examples": "",
        },
    ]
    audit = make_table(
        [row | {"subcategory": "", "share": 0.0, "articles": 1} for row in rows], AUDIT
    )
    assert show_audit(audit).splitlines() == [
        "",
        "health · بحار · hits: 2, 2 of 2 analysed doubtful",
        "  ? البحار 2 (or: بَحْر)",
        "      عبرت السفن [البحار] كلها",
        "  missed: بحارة 1",
        "      جاء [بحارة]",
        "",
        "Nowhere in these articles: مرفأ",
    ]
