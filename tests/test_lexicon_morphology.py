"""An outside opinion: the words we match belong, by CAMeL's morphology, to the entry's lemma."""

import pytest

from analysis.arabic import fold
from analysis.lexicon import load_lexicons
from analysis.themes import find_themes

LEAST_AGREEMENT = 0.98


@pytest.fixture(scope="module")
def lemmas(shared):
    """A function from a word to the folded lemmas the analyser gives it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CAMELTOOLS_DATA", str(shared / "camel_data"))
        from camel_tools.morphology.analyzer import Analyzer
        from camel_tools.morphology.database import MorphologyDB

        analyser = Analyzer(MorphologyDB.builtin_db("calima-msa-r13"))

    def of(word: str) -> set[str]:
        return {fold(found["lex"]) for found in analyser.analyze(word)}

    return of


@pytest.mark.filterwarnings("default")
def test_words_matched_in_the_sample_share_a_lemma_with_their_entry(lemmas, sample):
    mentions = find_themes(sample).drop_duplicates(["term", "surface"])
    spellings = {
        term.term: [term.term, *term.forms]
        for lexicon in load_lexicons()
        for category in lexicon.categories
        for term in category.terms
    }
    single = ~mentions["term"].str.contains(" ") & ~mentions["surface"].str.contains(" ")
    pairs = mentions.loc[single, ["term", "surface"]].itertuples(index=False, name=None)
    known = [(term, surface) for term, surface in pairs if lemmas(surface)]
    strange = [
        (term, surface)
        for term, surface in known
        if not lemmas(surface) & {lemma for form in spellings[term] for lemma in lemmas(form)}
    ]
    assert len(known) > 100
    assert len(strange) <= (1 - LEAST_AGREEMENT) * len(known), strange
