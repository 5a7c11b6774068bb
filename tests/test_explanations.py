"""A record explained: its parts in the text, in colour and in brackets, and what its rule means."""

import re
from dataclasses import FrozenInstanceError
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.data_files import data_path
from analysis.errors import DataFileError, InputError
from analysis.explanations import explain_quote, load_rules
from analysis.quotes import find_quotes
from analysis.tables import QUOTES, make_table

CASES = sorted((Path(__file__).parent / "cases" / "quotes").glob("*.yml"))
LABELS = {"source": "المصدر", "cue": "لفظ القول", "content": "المضمون", "speaker": "المتحدث"}
RULES = load_rules()


class Mark(NamedTuple):
    style: str
    label: list[str]
    text: list[str]
    paragraph: int | None


class Page(HTMLParser):
    """The texts of a page: its paragraphs, marks, outlines and table, all without labels."""

    def __init__(self, page):
        super().__init__()
        self.open, self.styles, self.within = [], [], []
        self.paragraphs, self.cells, self.outlined, self.marks = [], [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag == "br":
            return
        self.open.append(tag)
        style = dict(attrs).get("style")
        self.styles += [style] if style else []
        if tag in ("p", "th", "td", "span"):
            kept = {"p": self.paragraphs, "span": self.outlined}.get(tag, self.cells)
            kept.append("")
        if tag == "mark":
            paragraph = len(self.paragraphs) - 1 if "p" in self.open else None
            self.marks.append(Mark(style, [], [], paragraph))
            self.within.append(self.marks[-1])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "mark":
            self.within.pop()

    def handle_data(self, text):
        if "small" in self.open:
            for mark in self.within[-1:]:
                mark.label.append(text)
            return
        for mark in self.within:
            mark.text.append(text)
        for tags, kept in (
            ({"p"}, self.paragraphs),
            ({"th", "td"}, self.cells),
            ({"span"}, self.outlined),
        ):
            if tags & set(self.open):
                kept[-1] += text

    @property
    def shown(self):
        """The paragraphs without the legend, which is the last."""
        return self.paragraphs[:-1]

    @property
    def facts(self):
        heads = [cell.rpartition(" · ")[2] for cell in self.cells[::2]]
        return dict(zip(heads, self.cells[1::2], strict=True))

    def labelled(self, part):
        """The texts of the marks that carry the label of a part."""
        return ["".join(mark.text) for mark in self.marks if mark.label == [LABELS[part]]]

    def coloured(self, part):
        """The texts in the colour that the legend gives a part, without the legend."""
        last = len(self.paragraphs) - 1
        legend = {"".join(mark.text): mark for mark in self.marks if mark.paragraph == last}
        style = legend[f"{LABELS[part]} · {part}"].style
        return [
            "".join(mark.text)
            for mark in self.marks
            if mark.style == style and mark.paragraph is not None and mark.paragraph < last
        ]


def articles_of(text):
    return pd.DataFrame({"article_id": ["a"], "text": [text], "skip": [[]]})


def explain(text, number=1):
    articles = articles_of(text)
    return explain_quote(f"a:q{number}", quotes=find_quotes(articles), articles=articles)


def page_of(explanation):
    return Page(explanation._repr_html_())


def quotes_at(text, *rows):
    """Build quotes from the (start, end) of their parts, whatever stands there."""
    built = []
    for number, places in enumerate(rows, start=1):
        row = {
            "article_id": "a",
            "quote_id": f"a:q{number}",
            "type": "indirect",
            "cue_lemma": "قال",
            "cue_kind": "verb",
            "speaker": "سمير الوادي",
            "role": "",
            "source_type": "expert",
            "weak": False,
            "repaired": False,
            "rule": "verb-clause",
        }
        for part, (start, end) in places.items():
            row |= {part: text[start:end], f"{part}_start": start, f"{part}_end": end}
        built.append(row)
    return make_table(built, QUOTES)


# ── the rules ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_each_rule_finds_its_example(rule):
    assert find_quotes(articles_of(rule.example))["rule"].tolist()[-1:] == [rule.name]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_rule_that_fires_on_the_cases_is_described(path):
    cases = yaml.safe_load(path.read_text("utf-8"))
    articles = pd.DataFrame(
        {"article_id": [case["name"] for case in cases], "text": [case["text"] for case in cases]}
    )
    assert set(find_quotes(articles)["rule"]) <= set(RULES)


def test_every_rule_that_fires_on_the_sample_is_described(sample):
    assert set(find_quotes(sample)["rule"]) <= set(RULES)


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        (
            "    example: قالت الوزيرة هدى المرواني إن الجسر سيفتح غدا.\n",
            "",
            "  verb-clause:",
            "the field `example` is missing; add it.",
        ),
        (
            "example: قالت الوزيرة هدى المرواني إن الجسر سيفتح غدا.",
            "example: she said",
            "    example: she said",
            "example is 'she said'; write an Arabic sentence.",
        ),
        (
            "en: a verb of asking, then the question it reports",
            "en: ''",
            "      en: ''",
            "en is ''; write a few words.",
        ),
        (
            "cue: {en: cue, ar: لفظ القول}",
            "cue: {en: cue}",
            "  cue: {en: cue}",
            "the field `ar` is missing; add it.",
        ),
        (
            "words:",
            "labels:",
            "labels:",
            "unknown field `labels`; choose from: version, rules, words.",
        ),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path, old, new, place, message):
    text = data_path("lexicons", "rules.yml").read_text("utf-8")
    assert old in text
    changed = text.replace(old, new)
    path = tmp_path / "rules.yml"
    path.write_text(changed, "utf-8")
    with pytest.raises(DataFileError) as error:
        load_rules(path)
    line = 1 + changed[: changed.index(place)].count("\n")
    assert str(error.value) == f"{path}:{line}: {message}"


def test_rules_must_have_names(tmp_path):
    path = tmp_path / "rules.yml"
    path.write_text("version: 1\nrules:\n  - verb-clause\nwords: {}\n", "utf-8")
    with pytest.raises(DataFileError) as error:
        load_rules(path)
    assert str(error.value) == f"{path}:2: expected names with fields, found ['verb-clause']."


# ── the parts in the text ────────────────────────────────────────────────────────────────


def test_the_parts_are_marked_and_labelled_where_they_stand():
    text = "مقدمة.\nقال الوزير سمير الوادي إن الطريق مفتوح. وأضاف أن الجسر مغلق.\nخاتمة."
    page = page_of(explain(text))
    assert page.paragraphs[0] == text.splitlines()[1]
    assert page.labelled("cue") == ["قال"]
    assert page.labelled("source") == ["الوزير سمير الوادي"]
    assert page.labelled("content") == ["الطريق مفتوح"]
    assert page.outlined[0] == "الجسر مغلق"


def test_the_legend_names_each_look_in_both_languages():
    legend = page_of(explain("قال الوزير سمير الوادي إن الطريق مفتوح.")).paragraphs[-1]
    for word in ("المصدر · source", "لفظ القول · cue", "المضمون · content"):
        assert word in legend
    assert "مضمون اقتباس آخر · content of another quote" in legend


def test_the_source_may_stand_beside_the_words_or_amid_them():
    text = "سترتفع الأسعار في الصيف، يقول الخبير فؤاد الصالحي، بسبب الجفاف."
    page = page_of(explain(text))
    assert page.labelled("content") == ["سترتفع الأسعار في الصيف"]
    assert page.labelled("source") == ["الخبير فؤاد الصالحي"]
    around = quotes_at(text, {"content": (0, 62), "cue": (25, 29), "source": (30, 49)})
    explanation = explain_quote("a:q1", quotes=around, articles=articles_of(text))
    page = page_of(explanation)
    assert page.labelled("content") == [text[:62]]
    assert page.labelled("source") == ["الخبير فؤاد الصالحي"]
    assert str(explanation).splitlines()[2] == (
        "[المضمون: سترتفع الأسعار في الصيف، [لفظ القول: يقول] [المصدر: الخبير فؤاد الصالحي]، "
        "بسبب الجفاف]."
    )


def test_words_over_two_paragraphs_are_marked_in_both():
    text = "وقالت المديرة سلمى الناصري «الخطة فيها جزآن:\nالأول للمدارس والثاني للمستشفيات»."
    page = page_of(explain(text))
    assert page.paragraphs[:2] == text.splitlines()
    assert page.labelled("content") == ["الخطة فيها جزآن:", "الأول للمدارس والثاني للمستشفيات"]


def a_span(length):
    return st.tuples(st.integers(0, length), st.integers(0, length)).map(sorted)


@st.composite
def an_article(draw):
    text = draw(st.text(alphabet="ابت ،\n<>&\"'", min_size=1, max_size=30))
    parts = st.fixed_dictionaries({"content": a_span(len(text)), "cue": a_span(len(text))})
    rows = [
        draw(parts) | draw(st.fixed_dictionaries({}, optional={"source": a_span(len(text))}))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return text, rows


@given(an_article())
def test_law_marks_change_no_text_and_hold_their_parts(article):
    text, rows = article
    explanation = explain_quote("a:q1", quotes=quotes_at(text, *rows), articles=articles_of(text))
    page = page_of(explanation)
    lines = [line for line in text.split("\n") if line.strip()]
    assert page.shown == [passage.text for passage in explanation.passages]
    assert set(page.shown) <= set(lines)
    for part, (start, end) in rows[0].items():
        held = "".join(text[start:end].split())
        assert "".join("".join(page.coloured(part)).split()) == held
    plain = "\n".join(str(explanation).splitlines()[2 : 2 + len(page.shown)])
    assert re.sub(r"\[(?:المصدر|لفظ القول|المضمون): |\]", "", plain) == "\n".join(page.shown)


def test_articles_are_hostile():
    text = (
        'قال الوزير سمير الوادي إن «الطريق <script>alert(1)</script> & "الجسر" مفتوحان '
        "<img src=x onerror=alert(1)>»."
    )
    html = explain(text)._repr_html_()
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    quotes = find_quotes(articles_of(text)).assign(
        speaker="<b>سمير</b>", role='"><i>', cue_lemma="<u>", article_id="a"
    )
    html = explain_quote("a:q1", quotes=quotes, articles=articles_of(text))._repr_html_()
    assert not re.search("<(b>سمير|i>|u>)", html)


def test_the_page_reads_from_right_to_left_and_needs_nothing_else():
    html = explain("قال الوزير سمير الوادي إن الطريق مفتوح.")._repr_html_()
    assert html.startswith('<div dir="rtl" lang="ar"')
    assert not re.search("left|right|<style|<script|class=|src=|href=", html)
    for english in ("source", "verb-clause", "a:q1", "4–22"):
        assert re.search(rf'<bdi (lang="en" )?dir="ltr">[^<]*{english}', html), english


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_meet_wcag_and_differ():
    # WCAG 2.2: 1.4.3 asks 4.5:1 of text, 1.4.11 asks 3:1 of lines that carry meaning.
    styles = page_of(explain("قال الوزير سمير الوادي إن الطريق مفتوح.")).styles
    pairs = set()
    for style in styles:
        fields = dict(field.split(":") for field in style.split(";") if field)
        if "border-block" in fields:
            assert contrast(fields["border-block"].split()[-1], "#ffffff") >= 3
        if "color" in fields:
            pairs.add((fields["color"], fields["background"]))
    assert len(pairs) == 4
    assert all(contrast(ink, ground) >= 4.5 for ink, ground in pairs)


# ── what is said below ───────────────────────────────────────────────────────────────────


TWICE = "قال الوزير سمير الوادي إن الطريق مفتوح. وأكد الوادي أن الجسر مغلق."


def test_plain_text_of_a_record():
    assert str(explain(TWICE, 2)) == (
        "a:q2\n"
        "\n"
        "قال الوزير سمير الوادي إن الطريق مفتوح. "
        "[لفظ القول: وأكد] [المصدر: الوادي] أن [المضمون: الجسر مغلق].\n"
        "\n"
        "rule         verb-clause: a verb of saying, then the words after إن or أن\n"
        "             فعل قول يليه المضمون بعد إنّ أو أنّ\n"
        "cue lemma    أكد\n"
        "cue kind     فعل · verb\n"
        "speaker      سمير الوادي\n"
        "role         الوزير\n"
        "source type  مسؤول رسمي · official\n"
        "type         غير مباشر · indirect\n"
        "weak         لا · no\n"
        "repaired     لا · no\n"
        "source       45–51 المصدر\n"
        "cue          40–44 لفظ القول\n"
        "content      55–65 المضمون\n"
        "named in     a:q1: قال [المصدر: الوزير سمير الوادي] إن الطريق مفتوح."
    )


def test_the_same_facts_stand_in_the_page():
    explanation = explain(TWICE, 2)
    facts = page_of(explanation).facts
    rule = explanation.rule
    assert facts == {
        "quote id": "a:q2",
        "rule": f"verb-clause{rule.meaning['ar']}{rule.meaning['en']}",
        "cue lemma": "أكد",
        "cue kind": "فعل · verb",
        "speaker": "سمير الوادي",
        "role": "الوزير",
        "source type": "مسؤول رسمي · official",
        "type": "غير مباشر · indirect",
        "weak": "لا · no",
        "repaired": "لا · no",
        "offsets": "المصدر · source 45–51لفظ القول · cue 40–44المضمون · content 55–65",
        "named in": "a:q1قال الوزير سمير الوادي إن الطريق مفتوح.",
    }
    weak = find_quotes(articles_of(TWICE)).assign(weak=True)
    explanation = explain_quote("a:q2", quotes=weak, articles=articles_of(TWICE))
    assert page_of(explanation).facts["weak"] == "نعم · yes"


def test_what_a_record_does_not_have_is_a_dash():
    text = "وأضاف أن الجسر مغلق."
    quotes = find_quotes(articles_of(text)).assign(speaker=None, role="", cue_lemma=None)
    explanation = explain_quote("a:q1", quotes=quotes, articles=articles_of(text))
    facts = page_of(explanation).facts
    assert [facts[name] for name in ("speaker", "role", "cue lemma")] == ["–"] * 3
    assert facts["offsets"].startswith("المصدر · source –لفظ القول")
    assert "named in" not in facts


def test_words_without_a_cue_are_shown_without_one():
    text = "قال الوزير سمير الوادي إن الطريق مفتوح.\n«الجسر مغلق هذا الأسبوع كله»."
    quotes = quotes_at(
        text, {"content": (26, 38), "cue": (0, 3), "source": (4, 22)}, {"content": (41, 67)}
    )
    quotes.loc[1, ["cue_lemma", "cue_kind"]] = [None, "none"]
    explanation = explain_quote("a:q2", quotes=quotes, articles=articles_of(text))
    page = page_of(explanation)
    assert page.shown == [text.splitlines()[1]]
    assert page.labelled("content") == ["الجسر مغلق هذا الأسبوع كله"]
    assert page.labelled("cue") == []
    assert page.facts["cue lemma"] == "–"
    assert page.facts["cue kind"] == "بلا لفظ · none"
    assert explanation.naming.quote_id == "a:q1"


def test_a_speaker_named_here_needs_no_other_place():
    assert explain("قال الوزير سمير الوادي إن الطريق مفتوح.").naming is None
    joined = (
        "قالت المنظمة الدولية للمناخ إن المطر قليل. وأكد بيان للمنظمة الدولية للمناخ أن الثلج نادر."
    )
    assert explain(joined, 2).naming is None


@pytest.mark.parametrize(
    ("earlier", "quote_id", "marked"),
    [
        (
            "قال الوزير سمير الوادي إن الطريق مفتوح. وقال الوادي إن السد ممتلئ.",
            "a:q1",
            "الوزير سمير الوادي",
        ),
        (
            "زار الوزير سمير الوادي الميناء. وقال الوادي إن السد ممتلئ.",
            None,
            "سمير الوادي",
        ),
    ],
)
def test_the_place_where_the_speaker_is_named_is_shown(earlier, quote_id, marked):
    text = f"{earlier}\nوأضاف أن الجسر مغلق."
    quotes = find_quotes(articles_of(text))
    last = quotes["quote_id"].iloc[-1]
    assert quotes["source"].isna().iloc[-1]
    explanation = explain_quote(last, quotes=quotes, articles=articles_of(text))
    naming = explanation.naming
    assert naming.quote_id == quote_id
    (passage,) = naming.passages
    (span,) = passage.spans
    assert passage.text[span.start : span.end] == marked
    assert passage.text == earlier.split(". ")[0] + "."
    page = page_of(explanation)
    assert page.labelled("source" if quote_id else "speaker") == [marked]


def test_a_name_in_part_is_better_than_none_and_none_is_said():
    text = "قال الوادي إن السد ممتلئ. وأضاف أن الجسر مغلق."
    quotes = find_quotes(articles_of(text)).assign(speaker="سمير الوادي")
    naming = explain_quote("a:q2", quotes=quotes, articles=articles_of(text)).naming
    assert naming.quote_id == "a:q1"
    explanation = explain_quote("a:q1", quotes=quotes, articles=articles_of(text))
    assert explanation.naming == (None, ())
    assert str(explanation).splitlines()[-1] == "named in     no earlier place"
    assert page_of(explanation).facts["named in"] == "لم يرد قبل ذلك · no earlier place"


def test_a_table_read_from_csv_is_explained_too(tmp_path):
    text = "قال الوزير سمير الوادي إن الطريق مفتوح. وأضاف أن الجسر مغلق."
    quotes = find_quotes(articles_of(text))
    quotes.to_csv(tmp_path / "quotes.csv", index=False)
    read = pd.read_csv(tmp_path / "quotes.csv")
    for quote_id in quotes["quote_id"]:
        tables = [
            explain_quote(quote_id, quotes=table, articles=articles_of(text))._repr_html_()
            for table in (quotes, read)
        ]
        assert tables[0] == tables[1]


def test_an_explanation_stays_as_it_is_and_shows_itself():
    explanation = explain("قال الوزير سمير الوادي إن الطريق مفتوح.")
    with pytest.raises(FrozenInstanceError):
        explanation.naming = None
    assert repr(explanation) == str(explanation)


def test_every_quote_of_the_sample_can_be_explained(sample):
    quotes = find_quotes(sample)
    for quote_id in quotes["quote_id"]:
        explanation = explain_quote(quote_id, quotes=quotes, articles=sample)
        page = page_of(explanation)
        parts = {span.part for passage in explanation.passages for span in passage.spans}
        for part in parts - {"another"}:
            assert explanation.quote[part] in page.labelled(part)


# ── errors ───────────────────────────────────────────────────────────────────────────────


def message(quote_id, quotes, articles):
    with pytest.raises(InputError) as error:
        explain_quote(quote_id, quotes=quotes, articles=articles)
    return str(error.value)


def test_errors_say_what_to_change():
    articles = articles_of("قال الوزير سمير الوادي إن الطريق مفتوح.")
    quotes = find_quotes(articles)
    assert message("a:q9", quotes, articles) == (
        "quote_id is 'a:q9'; choose one from the column `quote_id` of `quotes`, such as 'a:q1'."
    )
    assert message("a:q1", quotes[:0], articles) == (
        "quote_id is 'a:q1'; choose one from the column `quote_id` of `quotes`, which has no rows."
    )
    assert message("a:q1", quotes, articles.assign(article_id="b")) == (
        "articles has no article 'a', where quote 'a:q1' stands; "
        "pass the articles that the quotes were found in."
    )
    assert message("a:q1", quotes, articles.assign(text="قال الوزير إن المطر قادم.")) == (
        "the source of quote 'a:q1' does not stand at 4 to 22 of article 'a'; "
        "pass the articles that the quotes were found in."
    )
    assert message("a:q1", quotes.assign(rule="guess"), articles) == (
        "quote 'a:q1' has the rule 'guess', which rules.yml does not describe; "
        "find the quotes again with this version."
    )
    assert message("a:q1", quotes.drop(columns="rule"), articles).startswith(
        "the table `quotes` has no column `rule`; it has: article_id, quote_id,"
    )
    assert message("a:q1", quotes, articles.drop(columns="text")) == (
        "the table `articles` has no column `text`; it has: article_id, skip."
    )
