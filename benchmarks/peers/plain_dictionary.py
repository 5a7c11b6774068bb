"""A dictionary from words to categories, asked for every word that `str.split` gives."""

from collections.abc import Iterator

from common import CATEGORIES, read, run


def count(path: str, vocabulary: dict[str, list[str]]) -> Iterator[tuple[str, list[int], int]]:
    """Yield the id, the counts by category and the words of every article."""
    categories_of: dict[str, list[int]] = {}
    for number, category in enumerate(CATEGORIES):
        for form in vocabulary[category]:
            if " " not in form:
                categories_of.setdefault(form, []).append(number)
    for article_id, text in read(path):
        words = text.split()
        counts = [0] * len(CATEGORIES)
        for word in words:
            if word in categories_of:
                for number in categories_of[word]:
                    counts[number] += 1
        yield article_id, counts, len(words)


run(count)
