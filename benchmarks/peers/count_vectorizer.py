"""scikit-learn's CountVectorizer with a fixed vocabulary of words and phrases."""

from collections.abc import Iterator

import numpy as np
from common import CATEGORIES, read, run
from sklearn.feature_extraction.text import CountVectorizer


def count(path: str, vocabulary: dict[str, list[str]]) -> Iterator[tuple[str, list[int], int]]:
    """Yield the id, the counts by category and the words of every article."""
    ids, texts = zip(*read(path), strict=True)
    forms = sorted({form for listed in vocabulary.values() for form in listed})
    longest = max(form.count(" ") for form in forms) + 1
    vectorizer = CountVectorizer(
        vocabulary=forms,
        ngram_range=(1, longest),
        token_pattern=r"\w+",  # noqa: S106
        lowercase=False,
    )
    counted = vectorizer.transform(texts)
    column = {form: number for number, form in enumerate(forms)}
    sums = np.column_stack(
        [counted[:, [column[form] for form in vocabulary[name]]].sum(axis=1) for name in CATEGORIES]
    )
    tokenize = vectorizer.build_tokenizer()
    for article_id, row, text in zip(ids, np.asarray(sums).tolist(), texts, strict=True):
        yield article_id, row, len(tokenize(text))


run(count)
