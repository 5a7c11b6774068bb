from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.lexicon import Category, Lexicon, Term, load_lexicons
from analysis.tables import COUNTS, MENTIONS, QUOTES, make_table
from analysis.themes import count_themes, find_themes, label_articles

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
    assert mentions.drop(columns=["article_id", "quote_id"]).values.tolist() == [
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
    articles = make_articles("الهجرة والهجرة وهجرة سرية")
    quotes = quotes_at((0, 25), (7, 14), (16, 20))
    assert find_themes(articles, quotes=quotes)["quote_id"].tolist() == ["q0", "q1", "q0"]
    elsewhere = quotes_at((0, 25), article_id="a9")
    assert find_themes(articles, quotes=elsewhere)["quote_id"].isna().all()


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
        (100, {"olympics": 1}, {}),
        (100, {"olympics": 2}, {"olympics": 1}),
        (100, {"security": 1}, {}),
        (100, {"security": 2}, {"security": 1}),
        (501, {"security": 2}, {}),
        (100, {"security": 4}, {"security": 2}),
        (300, {"security": 4}, {"security": 1}),
        (100, {"security": 5, "diplomacy": 4}, {"security": 2, "diplomacy": 1}),
        (100, {"security": 4, "diplomacy": 5}, {"security": 1, "diplomacy": 2}),
        (100, {"security": 5, "diplomacy": 5}, {"security": 1, "diplomacy": 1}),
        (100, {"terrorism": 9}, {"terrorism": 1}),
    ],
)
def test_labels(tokens: int, mentions: dict[str, int], expected: dict[str, int]) -> None:
    assert label(tokens, **mentions) == expected


def test_thresholds_are_options() -> None:
    counts = counts_of(1000, security=3)
    strict = label_articles(counts, frame_rate=3.1)
    loose = label_articles(counts, frame_rate=3, dominant_from=3, dominant_rate=3)
    assert (strict.loc[0, "security"], loose.loc[0, "security"]) == (0, 2)


def test_seed_article_shows_every_category(shared: Path, make_articles: MakeArticles) -> None:
    articles = make_articles((shared / "seed" / "article.txt").read_text("utf-8"))
    counts = count_themes(articles, find_themes(articles))
    assert (counts["mentions"] > 0).all()
    labels = label_articles(counts).iloc[0]
    assert (labels[CATEGORIES] > 0).all()
    assert labels["security"] == 2


def test_labels_of_hand_labelled_articles(shared: Path, make_articles: MakeArticles) -> None:
    gold = pd.read_json(shared / "eval" / "dev" / "labels.jsonl", lines=True)
    articles = make_articles(*gold["text"])
    labels = label_articles(count_themes(articles, find_themes(articles)))
    right = (labels[CATEGORIES] > 0).to_numpy() == (gold[CATEGORIES] > 0).to_numpy()
    assert right.mean() > 0.93
