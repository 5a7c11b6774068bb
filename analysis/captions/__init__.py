"""The sentence a reader may write under a figure, from the very table the figure shows.

Each function takes the table of a figure and returns one or two plain sentences, in English or
Arabic, with denominators and intervals. Where nothing is found it says so, and that this is
no proof that there is nothing. `labels` names categories, outlets and other values of the table.
"""

from analysis.captions.changes import describe_breaks, describe_event_changes
from analysis.captions.corpus import describe_articles, describe_copies
from analysis.captions.drivers import (
    describe_decomposition,
    describe_influence,
    describe_robustness,
    describe_shift,
)
from analysis.captions.leads import describe_falling, describe_lags
from analysis.captions.over_time import (
    describe_balance,
    describe_carried_themes,
    describe_framing,
    describe_themes,
)
from analysis.captions.periods import FEW, name_period
from analysis.captions.rhythms import describe_rhythms
from analysis.captions.voices import (
    describe_balance_by_voice,
    describe_experts,
    describe_voices,
    describe_voices_over_time,
)
from analysis.captions.wording import describe_collocates, describe_dispersion, describe_keyness

__all__ = [
    "FEW",
    "describe_articles",
    "describe_balance",
    "describe_balance_by_voice",
    "describe_breaks",
    "describe_carried_themes",
    "describe_collocates",
    "describe_copies",
    "describe_decomposition",
    "describe_dispersion",
    "describe_event_changes",
    "describe_experts",
    "describe_falling",
    "describe_framing",
    "describe_influence",
    "describe_keyness",
    "describe_lags",
    "describe_rhythms",
    "describe_robustness",
    "describe_shift",
    "describe_themes",
    "describe_voices",
    "describe_voices_over_time",
    "name_period",
]
