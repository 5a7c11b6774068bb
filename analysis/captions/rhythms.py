"""The sentences under figures of rhythms: how fast series change, and which is faster."""

import numpy as np
import pandas as pd

from analysis.captions.words import (
    Q_BELOW,
    Labels,
    Words,
    join_clauses,
    label_of,
    name_group,
    name_series,
    require_rows,
    show_chances,
    show_change_of,
    show_of,
    show_percent,
    show_range,
    show_row_interval,
    show_whole,
)
from analysis.data_files import load_words
from analysis.series import series_groups

_AUTOCORRELATION, _FAST = "autocorrelation", "fast_share"


def describe_rhythms(
    rhythms: pd.DataFrame,
    differences: pd.DataFrame | None = None,
    *,
    language: str = "en",
    labels: Labels = None,
) -> str:
    """Say how fast each series changes, and which of two frames has the faster rhythm.

    Takes a table of `measure_rhythm`, and for the second part that of `compare_rhythms`, whose
    q-values below .05 decide.

    >>> rhythms = pd.DataFrame({"category": ["security"], "measure": "per_1000", "periods": 38,
    ...     "noise_share": 0.1, "shorter_than": 4.0, "fast_share": 0.3, "fast_share_low": 0.1,
    ...     "fast_share_high": 0.6, "half_life": 1.4, "half_life_low": 0.5,
    ...     "half_life_high": np.inf, "level": 0.95})
    >>> describe_rhythms(rhythms)
    'Share of the variance left after sampling noise in changes faster than 4 periods, and half-life
    in periods: security 30.0 % (95 % interval 10.0 % to 60.0 %) and 1.4 (0.5 to ∞); periods with
    articles: 38.'
    """
    spans = [f"{name}{end}" for name in (_FAST, "half_life") for end in ("", "_low", "_high")]
    needed = ["category", "periods", "noise_share", "shorter_than", *spans, "level"]
    require_rows(rhythms, needed, name="rhythms")
    words = load_words("captions", language)
    said = _say_rhythms(rhythms, labels, words)
    if differences is not None:
        columns = ["first", "second", "quantity", "difference", "low", "high"]
        require_rows(differences, [*columns, "p_value", "q_value", "level"], name="differences")
        keys = [str(name) for name in differences][: list(differences).index("second") + 1]
        compared = [
            _say_faster(rows, keys[:-2], labels, words, len(differences))
            for _, rows in differences.groupby(keys, sort=False, dropna=False)
        ]
        said.append(join_clauses(compared, words))
    return " ".join(said)


def _say_rhythms(rhythms: pd.DataFrame, labels: Labels, words: Words) -> list[str]:
    """Return a sentence on the series that could be measured, and one on each kind of others."""
    groups = series_groups(rhythms)
    known = rhythms[rhythms[_FAST].notna()]
    said = []
    if not known.empty:
        clauses = [
            words["rhythm"].format(
                label=name_series(row, groups, labels, words),
                share=show_percent(row[_FAST]),
                share_interval=show_row_interval(
                    row, show_percent, words, _FAST, is_named=number == 0
                ),
                half_life=_show_periods(row["half_life"]),
                half_life_interval=show_row_interval(
                    row, _show_periods, words, "half_life", is_named=False
                ),
            )
            for number, (_, row) in enumerate(known.iterrows())
        ]
        said.append(
            words["rhythms"].format(
                noise=words["rhythm_noise"] if known["noise_share"].notna().any() else "",
                shorter_than=f"{known['shorter_than'].iloc[0]:g}",
                clauses=words["separator"].join(clauses),
                periods=_show_sizes(known, words),
            )
        )
    unknown = rhythms[rhythms[_FAST].isna()]
    is_chance = unknown["noise_share"] >= 1
    for template, rows in (
        ("rhythms_chance", unknown[is_chance]),
        ("rhythms_unmeasured", unknown[~is_chance]),
    ):
        if not rows.empty:
            names = [name_series(row, groups, labels, words) for _, row in rows.iterrows()]
            said.append(
                words[template].format(
                    labels=words["names"].join(names), periods=_show_sizes(rows, words)
                )
            )
    return said


def _show_sizes(rhythms: pd.DataFrame, words: Words) -> str:
    return show_range(rhythms["periods"].min(), rhythms["periods"].max(), show_whole, words)


def _show_periods(number: float) -> str:
    return f"{number:.1f}" if np.isfinite(number) else "∞"


def _say_faster(
    rows: pd.DataFrame, groups: list[str], labels: Labels, words: Words, family: int
) -> str:
    row = rows.iloc[0]
    frames = [label_of(row[name], labels, words) for name in ("first", "second")]
    said = {
        "group": name_group(row, groups, labels, words),
        "first": frames[0],
        "second": frames[1],
    }
    by_quantity = rows.set_index("quantity")
    fast, memory = by_quantity.loc[_FAST], by_quantity.loc[_AUTOCORRELATION]
    if pd.isna(fast["difference"]):
        return words["rhythms_unknown"].format(**said)
    clauses = [
        words[f"faster_{quantity}"].format(
            difference=show(own["difference"]),
            interval=show_row_interval(own, show, words, is_named=quantity == _FAST),
            chance=show_chances(own, words, family),
        )
        for quantity, own, show in (
            (_FAST, fast, show_change_of("share", words)),
            (_AUTOCORRELATION, memory, show_of("balance", words)),
        )
    ]
    # The faster frame has more fast changes and less memory.
    faster = {
        frames[0] if leads > 0 else frames[1]
        for own, leads in ((fast, fast["difference"]), (memory, -memory["difference"]))
        if own["q_value"] < Q_BELOW
    }
    template = ("not_faster", "faster", "faster_unclear")[len(faster)]
    return words[template].format(
        faster=next(iter(faster), ""),
        slower=next((frame for frame in frames if frame not in faster), ""),
        details=words["separator"].join(clauses),
        **said,
    )
