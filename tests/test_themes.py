from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.lexicon import Category, Lexicon, Term, load_lexicon, load_lexicons
from analysis.tables import COUNTS, MENTIONS, QUOTES, make_table
from analysis.themes import count_themes, find_terms, find_themes, label_articles

MakeArticles = Callable[..., pd.DataFrame]
CATEGORIES = ["terrorism", "migration", "cybercrime", "olympics", "security", "diplomacy"]


@pytest.fixture
def articles(make_articles: MakeArticles) -> pd.DataFrame:
    return make_articles(
        "ناقش الوزيران الهجرة السرية.\nونددا بالإرهاب وبمكافحة الإرهاب.", "افتتح المعرض أمس."
    )


def quotes_at(*spans: tuple[int, int], article_id: str = "a0") -> pd.DataFrame:
    rows = [
        {
            "article_id": article_id,
            "quote_id": f"q{number}",
            "content_start": start,
            "content_end": end,
            "weak": False,
        }
        for number, (start, end) in enumerate(spans)
    ]
    return make_table(rows, QUOTES)


def test_mentions_name_their_place_entry_and_kind(articles: pd.DataFrame) -> None:
    mentions = find_themes(articles)
    assert mentions.columns.tolist() == list(MENTIONS)
    assert mentions.drop(columns=["article_id", "quote_id", "subcategory"]).values.tolist() == [
        ["migration", "theme", "هجرة سرية", 14, 27, "الهجرة السرية"],
        ["terrorism", "theme", "إرهاب", 35, 43, "بالإرهاب"],
        ["security", "frame", "إرهاب", 35, 43, "بالإرهاب"],
        ["terrorism", "theme", "مكافحة إرهاب", 44, 60, "وبمكافحة الإرهاب"],
        ["security", "frame", "إرهاب", 53, 60, "الإرهاب"],
    ]
    assert set(mentions["article_id"]) == {"a0"}
    assert mentions["quote_id"].isna().all()


def test_articles_are_not_changed(articles: pd.DataFrame) -> None:
    before = articles.copy(deep=True)
    count_themes(articles, find_themes(articles))
    pd.testing.assert_frame_equal(articles, before)


def test_no_article_gives_empty_tables_with_their_columns(make_articles: MakeArticles) -> None:
    none = make_articles()
    mentions = find_themes(none)
    assert mentions.columns.tolist() == list(MENTIONS)
    counts = count_themes(none, mentions)
    assert counts.columns.tolist() == list(COUNTS)
    assert counts.empty
    assert label_articles(counts).empty


def test_skipped_places_are_neither_found_nor_counted(make_articles: MakeArticles) -> None:
    articles = make_articles("الهجرة خبر. الهجرة إعلان")
    articles["skip"] = [[(12, 24)]]
    mentions = find_themes(articles)
    assert mentions[["start", "end"]].values.tolist() == [[0, 6]]
    assert count_themes(articles, mentions)["tokens"].unique().tolist() == [2]


def test_the_title_is_not_searched(make_articles: MakeArticles) -> None:
    articles = make_articles("خبر قصير").assign(title="الهجرة")
    assert find_themes(articles).empty


def test_a_mention_belongs_to_the_shortest_quote_that_holds_it(
    make_articles: MakeArticles,
) -> None:
    own = [
        Lexicon(
            "own", 1, (Category("art", "theme", "فن", "Art", (Term("لوحة فنية"), Term("لوحة"))),)
        )
    ]
    articles = make_articles("اللوحة واللوحة ولوحة فنية")
    quotes = quotes_at((0, 25), (7, 14), (16, 20))
    mentions = find_themes(articles, lexicons=own, quotes=quotes)
    assert mentions["quote_id"].tolist() == ["q0", "q1", "q0"]
    elsewhere = quotes_at((0, 25), article_id="a9")
    assert find_themes(articles, lexicons=own, quotes=elsewhere)["quote_id"].isna().all()


def test_counts_keep_zeros_and_the_order_of_articles_and_lexicons(articles: pd.DataFrame) -> None:
    counts = count_themes(articles, find_themes(articles))
    assert counts["category"].tolist() == CATEGORIES * 2
    assert counts["article_id"].tolist() == ["a0"] * 6 + ["a1"] * 6
    assert counts["mentions"].tolist() == [2, 1, 0, 0, 2, 0] + [0] * 6
    assert counts["tokens"].tolist() == [8] * 6 + [3] * 6
    assert counts["published"].tolist() == articles["published"].repeat(6).tolist()


def test_own_lexicons_replace_the_shipped_ones(make_articles: MakeArticles) -> None:
    own = [Lexicon("own", 1, (Category("art", "theme", "فن", "Art", (Term("معرض"),)),))]
    articles = make_articles("افتتح المعرض أمس والهجرة مستمرة.")
    mentions = find_themes(articles, lexicons=own)
    assert mentions["category"].tolist() == ["art"]
    counts = count_themes(articles, mentions, lexicons=own)
    assert label_articles(counts, lexicons=own).to_dict("records") == [
        {"article_id": "a0", "art": 1}
    ]


def test_a_mention_names_its_subcategory(make_articles: MakeArticles, tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(
        """\
version: 1
kind: theme
categories:
  care:
    label: {ar: الرعاية, en: Care}
    terms: [علاج]
    categories:
      places:
        label: {ar: الأماكن, en: Places}
        terms: [مستشفى]
        categories:
          field:
            label: {ar: في الميدان, en: In the field}
            terms: [خيمة]
""",
        "utf-8",
    )
    own = [load_lexicon(path)]
    articles = make_articles("علاج في الخيمة", "قرب المستشفى")
    mentions = find_themes(articles, lexicons=own)
    assert mentions[["category", "subcategory", "surface"]].values.tolist() == [
        ["care", "", "علاج"],
        ["care", "places/field", "الخيمة"],
        ["care", "places", "المستشفى"],
    ]
    counts = count_themes(articles, mentions, lexicons=own)
    assert counts[["category", "mentions"]].values.tolist() == [["care", 2], ["care", 1]]


def test_terms_without_a_lexicon_are_a_category_each(make_articles: MakeArticles) -> None:
    articles = make_articles("غرقت المدينة ومدنها في بحر.", "", "وغرقت سفينة شحن بالبحر")
    mentions = find_terms(articles, iter(["مدينة", "سفينة شحن", "بحر"]))
    assert mentions.columns.tolist() == list(MENTIONS)
    assert mentions[["article_id", "category", "term", "surface"]].values.tolist() == [
        ["a0", "مدينة", "مدينة", "المدينة"],
        ["a0", "مدينة", "مدينة", "ومدنها"],
        ["a0", "بحر", "بحر", "بحر"],
        ["a2", "سفينة شحن", "سفينة شحن", "سفينة شحن"],
        ["a2", "بحر", "بحر", "بالبحر"],
    ]
    assert set(mentions["kind"]) == {"term"}
    assert set(mentions["subcategory"]) == {""}
    assert mentions["quote_id"].isna().all()


def test_terms_may_be_grouped_in_categories(make_articles: MakeArticles) -> None:
    articles = make_articles("سفينة شحن في البحر والسفينة بعيدة")
    mentions = find_terms(articles, {"sea": ["بحر", "سفينة", "سفينة شحن"], "trade": ["شحن"]})
    assert mentions[["category", "term", "start", "end"]].values.tolist() == [
        ["sea", "سفينة شحن", 0, 9],
        ["trade", "شحن", 6, 9],
        ["sea", "بحر", 13, 18],
        ["sea", "سفينة", 19, 27],
    ]


def test_pos_says_how_terms_inflect(make_articles: MakeArticles) -> None:
    articles = make_articles("فجر يفجرونها في الفجر")
    assert find_terms(articles, ["فجر"], pos="verb")["surface"].tolist() == ["فجر", "يفجرونها"]
    assert find_terms(articles, ["فجر"])["surface"].tolist() == ["فجر", "الفجر"]
    assert find_terms(articles, ["فجر"], pos="exact")["surface"].tolist() == ["فجر"]


def test_terms_are_found_in_quotes_and_not_in_skipped_places(make_articles: MakeArticles) -> None:
    articles = make_articles("بحر وبحر والبحر")
    articles["skip"] = [[(0, 3)]]
    mentions = find_terms(articles, ["بحر"], quotes=quotes_at((4, 8)))
    assert mentions["start"].tolist() == [4, 9]
    assert mentions["quote_id"].isna().tolist() == [False, True]


def test_no_term_is_found_nowhere(articles: pd.DataFrame) -> None:
    for none in ([], {}, {"sea": []}):
        mentions = find_terms(articles, none)
        assert mentions.empty
        assert mentions.dtypes.to_dict() == make_table([], MENTIONS).dtypes.to_dict()


@pytest.mark.parametrize(
    ("terms", "pos", "problem"),
    [
        (
            ["بحر", "sea"],
            None,
            "'sea' is not an Arabic word or phrase; write it in Arabic letters.",
        ),
        (
            {"sea": ["بحر", ""]},
            None,
            "'' is not an Arabic word or phrase; write it in Arabic letters.",
        ),
        (["بحر"], "nisba", "`بحر` does not end as pos 'nisba' asks; see clitics.yml."),
    ],
)
def test_what_is_no_term_is_refused(
    articles: pd.DataFrame, terms: list[str], pos: str | None, problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        find_terms(articles, terms, pos=pos)
    assert str(caught.value) == problem


def test_an_unknown_way_to_match_is_refused(articles: pd.DataFrame) -> None:
    for find in (find_themes, lambda table, match: find_terms(table, ["بحر"], match=match)):
        with pytest.raises(InputError) as caught:
            find(articles, match="bogus")
        assert str(caught.value) == "match is 'bogus'; choose one of 'rules', 'lemma'."


PIECES = st.sampled_from(
    ["الهجرة السرية", "بالإرهاب", "ومكافحة", "الأمن", "السفير", "باب", "، ", ". ", "\n", "«", "3.5"]
)
TEXTS = st.lists(PIECES, max_size=12).map(" ".join)


# make_articles keeps nothing from one example to the next.
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, max_size=6), at=st.integers(0, 6))
def test_counts_of_the_parts_of_a_corpus_add_up_to_those_of_the_whole(
    make_articles: MakeArticles, texts: list[str], at: int
) -> None:
    articles = make_articles(*texts)
    whole, *parts = (
        count_themes(part, find_themes(part))
        for part in (articles, articles.iloc[:at], articles.iloc[at:])
    )
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    totals = [
        counts.groupby("category")[["mentions", "tokens"]].sum().reindex(CATEGORIES, fill_value=0)
        for counts in (whole, *parts)
    ]
    pd.testing.assert_frame_equal(totals[1] + totals[2], totals[0])


def test_mentions_of_other_lexicons_or_articles_are_refused(
    articles: pd.DataFrame, make_articles: MakeArticles
) -> None:
    mentions = find_themes(articles)
    with pytest.raises(InputError) as caught:
        count_themes(articles, mentions, lexicons=load_lexicons()[1:])
    assert str(caught.value) == (
        "mentions has category 'migration', which the lexicons do not have; pass the same lexicons."
    )
    with pytest.raises(InputError) as caught:
        count_themes(make_articles(), mentions)
    assert str(caught.value) == (
        "mentions has article_id 'a0', which the articles do not have; pass the same articles."
    )
    with pytest.raises(InputError) as caught:
        label_articles(count_themes(articles, mentions), lexicons=load_lexicons()[:1])
    assert str(caught.value) == (
        "counts has category 'security', which the lexicons do not have; pass the same lexicons."
    )


def counts_of(tokens: int, **mentions: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "article_id": "a0",
            "category": CATEGORIES,
            "mentions": [mentions.get(category, 0) for category in CATEGORIES],
            "tokens": tokens,
        }
    )


def label(tokens: int, **mentions: int) -> dict[str, int]:
    labels = label_articles(counts_of(tokens, **mentions)).iloc[0].drop("article_id")
    return {name: value for name, value in labels.items() if value}


@pytest.mark.parametrize(
    ("tokens", "mentions", "expected"),
    [
        (100, {}, {}),
        (0, {}, {}),
        (900, {"terrorism": 1}, {"terrorism": 1}),
        (333, {"olympics": 1}, {"olympics": 1}),
        (334, {"olympics": 1}, {}),
        (334, {"olympics": 2}, {"olympics": 1}),
        (125, {"security": 1}, {"security": 1}),
        (126, {"security": 1}, {}),
        (100, {"security": 2}, {"security": 1}),
        (250, {"security": 3}, {"security": 2}),
        (251, {"security": 3}, {"security": 1}),
        (500, {"diplomacy": 3}, {"diplomacy": 2}),
        (501, {"diplomacy": 3}, {"diplomacy": 1}),
        (100, {"security": 7, "diplomacy": 3}, {"security": 2, "diplomacy": 1}),
        (100, {"security": 5, "diplomacy": 3}, {"security": 1, "diplomacy": 2}),
        (100, {"security": 6, "diplomacy": 3}, {"security": 1, "diplomacy": 1}),
        (100, {"terrorism": 9}, {"terrorism": 1}),
    ],
)
def test_labels(tokens: int, mentions: dict[str, int], expected: dict[str, int]) -> None:
    assert label(tokens, **mentions) == expected


def test_thresholds_are_options() -> None:
    counts = counts_of(1000, security=3)
    strict = label_articles(counts, present_rate={"security": 3.1})
    loose = label_articles(counts, present_rate={"security": 3}, dominant_rate=3)
    assert (strict.loc[0, "security"], loose.loc[0, "security"]) == (0, 2)
    with pytest.raises(InputError) as caught:
        label_articles(counts, present_rate={"sport": 1})
    assert str(caught.value).startswith("a key of present_rate is 'sport'; choose one of ")


def test_one_mention_of_a_sure_term_is_enough(make_articles: MakeArticles) -> None:
    own = [
        Lexicon(
            "own",
            1,
            (
                Category(
                    "art",
                    "theme",
                    "فن",
                    "Art",
                    (Term("معرض"), Term("معرض فني", sure=True)),
                    present_rate=100,
                ),
            ),
        )
    ]
    long = " كلام" * 50
    articles = make_articles("افتتح المعرض الفني" + long, "افتتح المعرض" + long)
    mentions = find_themes(articles, lexicons=own)
    counts = count_themes(articles, mentions, lexicons=own)
    labels = label_articles(counts, mentions=mentions, lexicons=own)
    assert labels["art"].tolist() == [1, 0]
    assert label_articles(counts, lexicons=own)["art"].tolist() == [0, 0]


def test_seed_article_shows_every_category(shared: Path, make_articles: MakeArticles) -> None:
    articles = make_articles((shared / "seed" / "article.txt").read_text("utf-8"))
    mentions = find_themes(articles)
    counts = count_themes(articles, mentions)
    assert (counts["mentions"] > 0).all()
    labels = label_articles(counts, mentions=mentions).iloc[0]
    assert (labels[CATEGORIES] > 0).all()
    assert labels["security"] == 2


def test_labels_of_hand_labelled_articles(shared: Path, make_articles: MakeArticles) -> None:
    gold = pd.read_json(shared / "eval" / "dev" / "labels.jsonl", lines=True)
    articles = make_articles(*gold["text"])
    labels = label_articles(count_themes(articles, find_themes(articles)))
    right = (labels[CATEGORIES] > 0).to_numpy() == (gold[CATEGORIES] > 0).to_numpy()
    assert right.mean() > 0.93
