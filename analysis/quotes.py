"""Find who said what: every attribution of an article, with its cue, source and speaker."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd
from tqdm.auto import tqdm

from analysis.attribution import Attribution, find_attributions
from analysis.attribution_lexicon import load_lexicon
from analysis.cleaning import mask_text
from analysis.coreference import Speaker, resolve_speakers
from analysis.document import Document, read_document
from analysis.tables import QUOTES, make_table, require_columns
from analysis.uncued import find_uncued


def find_quotes(articles: pd.DataFrame, *, progress: bool = False) -> pd.DataFrame:
    """Find the attributed speech of every article.

    An attribution is some content that the article attributes to a source other than the
    writer, with a cue or, where marks or the layout show it, without one. Places in the `skip`
    of an article are not read; `progress` shows a bar. Returns one row per attribution, in
    text order:

    - `article_id`, `quote_id` (`<article_id>:q<n>`)
    - `type`: direct (in quotation marks, or after a colon), indirect, or mixed (a clause with
      three words or more inside marks and three or more outside)
    - `content`, `cue`, `source`, each with `_start` and `_end`: offsets into the article's
      text, so that `text[start:end]` is the verbatim string; `source` is null when the
      subject is dropped (وأضاف أن …), `cue` when no word announces the speech
    - `cue_lemma`; `cue_kind`: verb, participle, nominal, according_to, or none without a cue
    - `speaker`: the fullest name of the article without titles, or the fullest description
      of an unnamed person or a body; null when the article does not tell
    - `role`: what the article says the speaker is, verbatim, or empty
    - `source_type`: expert, official, organization, media, citizen, armed_group, anonymous
      or other
    - `weak`: a reported act without a clause (دعا إلى …، أكد حرصه), or speech without a cue
    - `repaired`: the marks of a direct quotation were left open, or typed the wrong way round,
      and its end is a guess
    - `rule`: the rule that fired; `analysis.attribution` and `analysis.uncued` list them, and
      their words stand in `data/lexicons/cues.yml`, `roles.yml`, `organizations.yml` and
      `names.yml`

    What it misses on purpose: headings without a person's name, answers in plain paragraphs,
    quotations without a cue away from other speech, words nobody is said to have said
    (يُعتقد أن), what was not said (لم يقل إن), attributions inside somebody's words, titles or
    single words in marks, and speakers known from another article only.
    Raises InputError when `articles` lacks `article_id` or `text`, and DataFileError, with
    file and line, for a mistake in one of the four data files.

    >>> articles = pd.DataFrame({"article_id": ["1"], "skip": [[]],
    ...     "text": ["قال الوزير سمير الوادي إن الطريق مفتوح."]})
    >>> find_quotes(articles)[["speaker", "content", "rule"]].values.tolist()
    [['سمير الوادي', 'الطريق مفتوح', 'verb-clause']]
    """
    require_columns(articles, ["article_id", "text"], name="articles")
    skips = articles["skip"] if "skip" in articles else [()] * len(articles)
    rows: list[dict[str, object]] = []
    with tqdm(total=len(articles), desc="quotes", unit="article", disable=not progress) as bar:
        for article_id, text, skip in zip(
            articles["article_id"], articles["text"], skips, strict=True
        ):
            rows.extend(_quotes_of(article_id, text, skip))
            bar.update()
    return make_table(rows, QUOTES)


def _quotes_of(
    article_id: object, text: object, skip: Iterable[Sequence[int]]
) -> Iterator[dict[str, object]]:
    if not isinstance(text, str):
        return
    lexicon = load_lexicon()
    document = read_document(mask_text(text, skip), lexicon)
    cued = find_attributions(document, lexicon)
    attributions = sorted(
        [*cued, *find_uncued(document, cued, lexicon)], key=lambda item: item.content
    )
    speakers = resolve_speakers(document, attributions, lexicon)
    for number, (item, speaker) in enumerate(zip(attributions, speakers, strict=True), start=1):
        yield {
            "article_id": article_id,
            "quote_id": f"{article_id}:q{number}",
            **_spans(text, document, item),
            **_facts(item, speaker),
            "repaired": _is_repaired(document, item),
        }


def _spans(text: str, document: Document, item: Attribution) -> dict[str, object]:
    places = {"content": item.content}
    if item.cue_kind != "none":
        places["cue"] = _offsets(document, *item.cue)
    if item.source:
        places["source"] = _offsets(document, *item.source)
    row: dict[str, object] = {}
    for name, (start, end) in places.items():
        row |= {name: text[start:end], f"{name}_start": start, f"{name}_end": end}
    return row


def _offsets(document: Document, first: int, after: int) -> tuple[int, int]:
    return document.starts[first], document.ends[after - 1]


def _is_repaired(document: Document, item: Attribution) -> bool:
    """Tell whether the marks around the words were left open or typed the wrong way round."""
    first = bisect_left(document.starts, item.content[0])
    number = document.quoted[first]
    return item.type == "direct" and number >= 0 and document.spans[number].repaired


def _facts(item: Attribution, speaker: Speaker) -> dict[str, object]:
    return {
        "type": item.type,
        "cue_lemma": item.cue_lemma or None,
        "cue_kind": item.cue_kind,
        "speaker": speaker.speaker,
        "role": speaker.role,
        "source_type": speaker.source_type,
        "weak": item.weak,
        "rule": item.rule,
    }
