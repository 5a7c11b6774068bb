"""Discourse analysis of Arabic news: themes, quotes and framing over time.

Articles go in; every mention and every quote comes out with its exact place; counts with
denominators are made from them, framing with intervals from the counts, figures from the
framing. Each step is one function from plain tables to a plain table.
"""

from analysis.articles import load_articles
from analysis.concordance import find_in_context
from analysis.figures import plot_framing, save_figure
from analysis.framing import framing_by_period
from analysis.lexicon import load_lexicons
from analysis.periods import count_by_period, suggest_frequency
from analysis.pipeline import run
from analysis.quotes import find_quotes
from analysis.speakers import list_speakers
from analysis.themes import count_themes, find_themes, label_articles

__version__ = "0.1.0"

__all__ = [
    "count_by_period",
    "count_themes",
    "find_in_context",
    "find_quotes",
    "find_themes",
    "framing_by_period",
    "label_articles",
    "list_speakers",
    "load_articles",
    "load_lexicons",
    "plot_framing",
    "run",
    "save_figure",
    "suggest_frequency",
]
