"""Discourse analysis of Arabic news: themes, quotes and framing over time.

Articles go in; every mention and every quote comes out with its exact place; counts with
denominators are made from them, framing with intervals from the counts, figures from the
framing. Each step is one function from plain tables to a plain table.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.articles import load_articles
    from analysis.concordance import find_in_context
    from analysis.datasets import load_sample
    from analysis.figures import plot_framing, save_figure
    from analysis.framing import framing_by_period
    from analysis.lexicon import load_lexicons
    from analysis.periods import count_by_period, suggest_frequency
    from analysis.pipeline import run
    from analysis.quotes import find_quotes
    from analysis.speakers import count_speakers
    from analysis.themes import count_themes, find_terms, find_themes, label_articles

__version__ = "0.1.0"

# Each name is imported from its module when it is first used: a command, and a process that
# works on a part of a corpus, loads nothing it does not need.
_MODULES = {
    "count_by_period": "periods",
    "count_speakers": "speakers",
    "count_themes": "themes",
    "find_in_context": "concordance",
    "find_quotes": "quotes",
    "find_terms": "themes",
    "find_themes": "themes",
    "framing_by_period": "framing",
    "label_articles": "themes",
    "load_articles": "articles",
    "load_lexicons": "lexicon",
    "load_sample": "datasets",
    "plot_framing": "figures",
    "run": "pipeline",
    "save_figure": "figures",
    "suggest_frequency": "periods",
}

__all__ = [
    "count_by_period",
    "count_speakers",
    "count_themes",
    "find_in_context",
    "find_quotes",
    "find_terms",
    "find_themes",
    "framing_by_period",
    "label_articles",
    "load_articles",
    "load_lexicons",
    "load_sample",
    "plot_framing",
    "run",
    "save_figure",
    "suggest_frequency",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
