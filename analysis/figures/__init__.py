"""Figures of the tables this library makes, with English or Arabic words.

Every function draws a table as it is and computes nothing but the layout: which column
stands on which axis is named as in seaborn (`x`, `y`, `hue`), and the axes come back for
changes of one's own. In every chart time runs from left to right, in Arabic too, and the
Arabic one says so. A period without articles is a gap, never a line through nothing; a
period with few articles is hollow or hatched. matplotlib shapes and orders Arabic itself:
passing its labels through a reshaping library would reverse them. Figures belong to no
window and need no closing.
"""

from analysis.figures.balance_by_voice import plot_balance_by_voice
from analysis.figures.corpus import plot_articles
from analysis.figures.decomposition import plot_decomposition
from analysis.figures.dispersion import plot_dispersion
from analysis.figures.events import plot_events
from analysis.figures.heat import plot_heat_map
from analysis.figures.keyness import plot_keyness
from analysis.figures.lags import plot_lags
from analysis.figures.panels import plot_framing_by_group, plot_themes
from analysis.figures.robustness import plot_robustness
from analysis.figures.saving import save_figure
from analysis.figures.series import plot_balance, plot_framing
from analysis.figures.shares import plot_carried_themes, plot_voices_over_time
from analysis.figures.shift import plot_shift
from analysis.figures.strokes import plot_dispersion_strip
from analysis.figures.voices import plot_compared_voices, plot_voices
from analysis.figures.words import source_type_labels

__all__ = [
    "plot_articles",
    "plot_balance",
    "plot_balance_by_voice",
    "plot_carried_themes",
    "plot_compared_voices",
    "plot_decomposition",
    "plot_dispersion",
    "plot_dispersion_strip",
    "plot_events",
    "plot_framing",
    "plot_framing_by_group",
    "plot_heat_map",
    "plot_keyness",
    "plot_lags",
    "plot_robustness",
    "plot_shift",
    "plot_themes",
    "plot_voices",
    "plot_voices_over_time",
    "save_figure",
    "source_type_labels",
]
