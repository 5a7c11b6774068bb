"""spaCy's PhraseMatcher over its Arabic tokenizer."""

from collections.abc import Iterator

import spacy
from common import CATEGORIES, read, run
from spacy.matcher import PhraseMatcher


def count(path: str, vocabulary: dict[str, list[str]]) -> Iterator[tuple[str, list[int], int]]:
    """Yield the id, the counts by category and the words of every article."""
    language = spacy.blank("ar")
    matcher = PhraseMatcher(language.vocab, attr="ORTH")
    for name in CATEGORIES:
        matcher.add(name, [language.make_doc(form) for form in vocabulary[name]])
    number = {language.vocab.strings[name]: place for place, name in enumerate(CATEGORIES)}
    for article_id, text in read(path):
        document = language.make_doc(text)
        counts = [0] * len(CATEGORIES)
        for name, _, _ in matcher(document):
            counts[number[name]] += 1
        yield article_id, counts, sum(not token.is_punct for token in document)


run(count)
