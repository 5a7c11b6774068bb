import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from analysis.arabic import split_paragraphs
from analysis.cleaning import mark_boilerplate, mask_text
from analysis.errors import InputError
from analysis.repeated_lines import (
    choose_repeated,
    count_lines,
    find_repeated_lines,
    join_spans,
    mark_repeated_lines,
    merge_counts,
)

CASES = yaml.safe_load((ROOT / "tests/cases/repeated_lines.yml").read_text("utf-8"))
OUTLET, OTHER = "صدى المشرق", "المرصد"
PARAGRAPH = (
    "أعلنت وزارة النقل في المدينة أمس خطة جديدة لبناء الجسور والطرق في القرى البعيدة رقم {}."
)


def article(number, *lines, outlet=OUTLET, title="", before=False):
    """An article with lines of its own before or after a paragraph of its own."""
    paragraph = PARAGRAPH.format(number).replace("القرى", "القرى والمدن والأحياء")
    parts = [*lines, paragraph] if before else [paragraph, *lines]
    return outlet, title, "\n".join(parts)


def marked(articles, which=0, **options):
    """The lines of one article that are marked when all are counted."""
    repeated = choose_repeated(count_lines(articles), **options)
    outlet, title, text = articles[which]
    spans = find_repeated_lines(text, outlet, repeated, title=title)
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("line", CASES["boilerplate"])
def test_a_line_that_many_articles_share_is_marked(line, before):
    assert marked([article(number, line, before=before) for number in range(12)]) == [line]


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("line", CASES["article"])
def test_a_line_that_belongs_to_articles_is_kept_however_often_it_stands(line, before):
    assert marked([article(number, line, before=before) for number in range(12)]) == []


@pytest.mark.parametrize(
    ("texts", "sharing", "found"),
    [
        (4, 4, True),
        (4, 3, False),
        (10, 4, True),
        (10, 3, False),
        (20, 4, True),
        (20, 3, False),
        (30, 6, True),
        (30, 5, False),
        (50, 10, True),
        (50, 9, False),
        (500, 10, True),
        (500, 9, False),
        (12_000, 12, True),
        (12_000, 11, False),
    ],
)
def test_how_many_articles_must_share_a_line(texts, sharing, found):
    articles = [article(n, "تحرير الضفة") for n in range(sharing)]
    articles += [article(n) for n in range(sharing, texts)]
    assert marked(articles) == ["تحرير الضفة"] * found


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"least_articles": 30}, True),
        ({"least_articles": 31}, False),
        ({"least_share": 0.3}, True),
        ({"least_share": 0.31}, False),
        ({"least_articles": 2, "least_share": 0}, True),
    ],
)
def test_the_limits_can_be_chosen(options, found):
    articles = [article(n, *["تحرير الضفة"] * (n < 30)) for n in range(100)]
    articles += [article(n) for n in range(100, 200)] if "least_articles" in options else []
    assert marked(articles, **options) == ["تحرير الضفة"] * found


def test_a_line_inside_the_article_must_stand_in_a_twentieth_of_the_articles():
    def with_inner(number, line):
        paragraphs = [PARAGRAPH.format(f"{number} {part}") for part in range(8)]
        return OUTLET, "", "\n".join([*paragraphs[:4], *line, *paragraphs[4:]])

    for sharing, found in ((20, True), (19, False)):
        articles = [with_inner(n, ["أداء الأسهم"] * (n < sharing)) for n in range(400)]
        assert marked(articles) == ["أداء الأسهم"] * found


def test_a_line_chosen_at_the_ends_is_marked_wherever_it_stands():
    articles = [article(n, "تحرير الضفة") for n in range(12)]
    paragraphs = [PARAGRAPH.format(f"أ {part}") for part in range(9)]
    articles.append((OUTLET, "", "\n".join([*paragraphs[:4], "تحرير  الضفه", *paragraphs[4:]])))
    assert marked(articles, -1) == ["تحرير  الضفه"]


def test_an_article_that_stands_several_times_counts_once():
    assert marked([article(1, "تحرير الضفة")] * 50) == []
    assert marked([article(n % 3, "تحرير الضفة") for n in range(50)]) == []


def test_a_line_counts_once_for_each_article():
    articles = [article(n, *["تحرير الضفة"] * 5) for n in range(3)]
    assert marked([*articles, *(article(n) for n in range(3, 20))]) == []


def test_each_outlet_has_its_own_lines():
    articles = [article(n, "تحرير الضفة") for n in range(12)]
    articles += [article(n, outlet=OTHER) for n in range(50)]
    articles.append(article(99, "تحرير الضفة", outlet=OTHER))
    assert marked(articles) == ["تحرير الضفة"]
    assert marked(articles, -1) == []
    assert (
        find_repeated_lines("تحرير الضفة", "سواهما", choose_repeated(count_lines(articles))) == []
    )


HEADLINE = "وزير النقل «يفتتح» جسر الوادي"
FILLER = "وقال الوزير إن العمل في الجسر بدأ قبل عامين وإن كلفته لم تتجاوز ما رصد له."


def with_line(line, *, title="", first=False):
    lines = [line, FILLER, FILLER] if first else [FILLER, line, FILLER]
    return OUTLET, title, "\n".join(lines)


@pytest.mark.parametrize(
    ("line", "title", "found"),
    [
        (HEADLINE, HEADLINE, True),
        (HEADLINE, "وزير النقل يفتتح جسر الوادى", True),
        ("• " + HEADLINE, HEADLINE, True),
        (HEADLINE, "وزير النقل يفتتح جسر المدينة", False),
        ("جسر الوادي مفتوح", "جسر الوادي مفتوح", False),
        (HEADLINE + ".", HEADLINE, False),
        (HEADLINE, "", False),
    ],
)
def test_the_headline_of_another_article_is_marked(line, title, found):
    articles = [with_line(line, title="عنوان آخر"), (OUTLET, title, FILLER)]
    assert marked(articles) == [line] * found


def test_the_own_title_and_the_first_line_are_no_headlines_of_other_articles():
    other = (OUTLET, HEADLINE, FILLER)
    assert marked([with_line(HEADLINE, title=HEADLINE), other]) == []
    assert marked([with_line(HEADLINE, first=True), other]) == []
    assert marked([with_line(HEADLINE), (OTHER, HEADLINE, FILLER)]) == []


def test_nothing_is_marked_where_it_would_be_more_than_half_of_the_text():
    articles = [article(n, "تحرير الضفة") for n in range(12)]
    articles += [(OUTLET, "", "تحرير الضفة"), (OUTLET, "", "تحرير الضفة\nنشر الخبر")]
    assert marked(articles, 12) == []
    assert marked(articles, 13) == []
    assert marked([*articles, (OUTLET, "", "تحرير الضفة\nنشر الخبر أمس")], 14) == ["تحرير الضفة"]


@pytest.mark.parametrize("text", ["", "\n \n", "...", "\r", "\u200f", "x" * 300])
def test_texts_without_lines_to_note(text):
    repeated = choose_repeated(count_lines([(OUTLET, text, text)] * 3))
    assert find_repeated_lines(text, OUTLET, repeated, title=text) == []


def test_lone_surrogates_are_letters_like_others():
    assert marked([article(n, "أ\ud800ب") for n in range(12)]) == ["أ\ud800ب"]


def test_no_articles():
    assert count_lines([]) == {}
    assert merge_counts([]) == {}
    assert choose_repeated({}) == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"least_articles": 1}, "least_articles is 1; give a whole number, 2 or more."),
        ({"least_share": -0.1}, "least_share is -0.1; choose a share from 0 to 1."),
        ({"least_share": 1.5}, "least_share is 1.5; choose a share from 0 to 1."),
    ],
)
def test_limits_out_of_range(options, message):
    with pytest.raises(InputError) as error:
        choose_repeated({}, **options)
    assert str(error.value) == message


def make_table(articles):
    return pd.DataFrame(articles, columns=["outlet", "title", "text"])


def test_marks_join_those_that_are_there():
    articles = make_table([article(n, "شارك", "تحرير الضفة") for n in range(12)])
    text = articles["text"][0]
    spans = split_paragraphs(text)[1:]
    assert mark_boilerplate(articles)["skip"][0] == spans[:1]
    assert mark_repeated_lines(articles)["skip"][0] == spans
    known = mark_repeated_lines(articles.assign(skip=[np.array([[0, 5]])] * 12))
    assert known["skip"][0] == [(0, 5), *spans]
    overlapping = [[(spans[1][0] + 3, len(text))]] * 12
    assert mark_repeated_lines(articles.assign(skip=overlapping))["skip"][0] == spans
    assert "skip" not in articles


def test_marking_again_changes_nothing():
    articles = make_table([article(n, "تحرير الضفة") for n in range(12)])
    once = mark_repeated_lines(articles)
    assert mark_repeated_lines(once)["skip"].tolist() == once["skip"].tolist()


def test_missing_outlets_and_titles_count_as_none():
    articles = make_table([article(n, "تحرير الضفة") for n in range(12)])
    articles = articles.assign(outlet=None, title=None)
    assert mark_repeated_lines(articles)["skip"].map(len).tolist() == [1] * 12


def test_an_empty_table_keeps_its_columns():
    columns = mark_repeated_lines(make_table([])).columns.tolist()
    assert columns == ["outlet", "title", "text", "skip"]


def test_marking_needs_texts_and_outlets():
    with pytest.raises(InputError) as error:
        mark_repeated_lines(pd.DataFrame({"text": ["نص"]}))
    assert str(error.value) == "the table `articles` has no column `outlet`; it has: text."


LINES = st.sampled_from(
    [*CASES["boilerplate"][:4], *CASES["article"][:4], HEADLINE, FILLER, "", " \t", "x" * 260]
)
ARTICLES = st.lists(
    st.tuples(
        st.sampled_from([OUTLET, OTHER, ""]),
        st.sampled_from(["", HEADLINE, FILLER]),
        st.lists(LINES, max_size=12).map("\n".join),
    ),
    max_size=12,
)


def plain(counts):
    return {outlet: [column.tolist() for column in lines] for outlet, lines in counts.items()}


@given(ARTICLES, st.data())
def test_counting_in_parts_and_in_any_order_is_the_same(articles, data):
    whole = plain(count_lines(articles))
    shuffled = data.draw(st.permutations(articles))
    assert plain(count_lines(shuffled)) == whole
    cut = data.draw(st.integers(0, len(shuffled)))
    second = data.draw(st.integers(cut, len(shuffled)))
    one, two, three = (
        count_lines(part) for part in (shuffled[:cut], shuffled[cut:second], shuffled[second:])
    )
    assert plain(merge_counts([one, two, three])) == whole
    assert plain(merge_counts([merge_counts([three, one]), two])) == whole
    assert plain(merge_counts([one, merge_counts([two, three])])) == whole


@given(ARTICLES, st.sampled_from([2, 3]))
def test_spans_are_whole_lines_in_order_and_hidden_lines_are_not_found_again(articles, least):
    repeated = choose_repeated(count_lines(articles), least_articles=least)
    for outlet, title, text in articles:
        spans = find_repeated_lines(text, outlet, repeated, title=title)
        assert spans == sorted(set(spans) & set(split_paragraphs(text)))
        assert 2 * sum(end - start for start, end in spans) <= len(text)
        assert find_repeated_lines(mask_text(text, spans), outlet, repeated, title=title) == []


@given(ARTICLES, st.data())
def test_the_order_of_articles_does_not_matter(articles, data):
    table = make_table(articles)
    order = data.draw(st.permutations(range(len(articles))))
    marked_first = mark_repeated_lines(table)["skip"].iloc[list(order)].tolist()
    assert mark_repeated_lines(table.iloc[list(order)])["skip"].tolist() == marked_first


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda s: (s[0], sum(s))))


@given(SPANS, SPANS)
def test_joined_spans_cover_the_same_places_in_order_and_without_overlap(spans, more):
    joined = join_spans(spans, more)
    places = [place for start, end in joined for place in range(start, end)]
    assert places == sorted({p for start, end in [*spans, *more] for p in range(start, end)})


def test_boilerplate_of_real_outlets_is_found(shared):
    articles = pd.read_parquet(shared / "corpora/ant_2018.parquet")
    articles = articles.rename(columns={"source": "outlet"})
    rows = list(articles[["outlet", "title", "text"]].itertuples(index=False, name=None))
    repeated = choose_repeated(count_lines(rows))
    numbers = {outlet: len(lines.lines) for outlet, lines in repeated.items()}
    assert numbers == {"BBC": 0, "CNN": 1, "alarabia": 14, "france24": 2, "skynews": 0}
    found = [find_repeated_lines(text, o, repeated, title=title) for o, title, text in rows]
    by_outlet = articles["outlet"].groupby([bool(spans) for spans in found]).value_counts()
    assert by_outlet[True].to_dict() == {"BBC": 514, "alarabia": 369, "france24": 88, "CNN": 57}
