"""Tables as the analyses give them, for the tests of their figures."""

import numpy as np
import pandas as pd
from drawing import make_counts

from analysis.periods import count_by_period
from analysis.tables import SOURCE_TYPES
from analysis.voices import count_voices_by_period

OUTLETS = ("المرصد", "الضفة", "صدى المشرق")


def make_lags(groups=None, beyond=True):
    """Build correlations at five lags: one beyond all bands, one beyond its own band only."""
    rows = [
        {"lag": lag, "pairs": 30 - abs(lag), "correlation": value if beyond else value / 2}
        for lag, value in zip(range(-2, 3), (-0.1, 0.2, 0.45, -0.7, 0.05), strict=True)
    ]
    table = pd.DataFrame(rows).assign(
        first="security",
        second="diplomacy",
        measure="per_1000",
        low=-0.4,
        high=0.4,
        band_low=-0.6,
        band_high=0.6,
        level=0.95,
    )
    if groups is None:
        return table
    return pd.concat([table.assign(outlet=name) for name in groups], ignore_index=True)


def make_shift(category="security"):
    """Build what five terms add to a difference of +0.9."""
    rows = [
        # term, difference, low, high, articles of both sets
        ("جيش", 1.0, 0.6, 1.4, 40, 60),
        ("شرطة", -0.6, -0.9, -0.3, 30, 20),
        ("حدود", 0.5, -0.1, 1.1, 2, 1),
        ("سلاح", -0.2, -0.5, 0.1, 9, 4),
        ("حاجز", 0.2, 0.1, 0.3, 5, 8),
    ]
    names = ["term", "difference", "low", "high", "articles_first", "articles_second"]
    return pd.DataFrame(rows, columns=names).assign(
        category=category, difference_of_category=0.9, level=0.95
    )


def make_decomposition(copies=True, measure="per_1000", outlets=OUTLETS):
    """Build the parts of a change of -2: each outlet adds a third of each part."""
    parts = {"outlet mix": 1.0, "within outlets": -2.5, "copies": -0.5, "total": -2.0}
    if not copies:
        parts = {"outlet mix": 0.5, "within outlets": -2.5, "total": -2.0}
    scale = 100 if measure == "share" else 1
    rows = []
    for part, value in parts.items():
        for place, group in enumerate(["", *outlets]):
            own = value / scale if not group else value / scale / len(outlets) * (1 + place / 100)
            rows.append(
                {
                    "part": part,
                    "group": group,
                    "articles_before": 300 if not group else 100 - place,
                    "articles_after": 270 if not group else 90 - place,
                    "value": own,
                    "low": own - 0.4 / scale,
                    "high": own + 0.4 / scale,
                    "share_of_change": own * scale / -2,
                }
            )
    return pd.DataFrame(rows).assign(
        category="security",
        measure=measure,
        before=25.0 / scale,
        after=23.0 / scale,
        level=0.95,
    )


def make_changes(measure="per_1000"):
    """Build changes around three events with articles, and one without."""
    rows = [
        # event, date, category, articles before and after, change, low, high, q-value
        ("truce", "2031-06-01", "security", 40, 50, -2, -4, 0, 0.2),
        ("truce", "2031-06-01", "diplomacy", 40, 50, 3, 2, 4, 0.01),
        ("crossing", "2031-02-20", "security", 30, 3, 1, -8, 10, np.nan),
        ("crossing", "2031-02-20", "diplomacy", 30, 3, np.nan, np.nan, np.nan, np.nan),
        ("harbours", "2031-02-03", "security", 60, 70, 0.5, 0.1, 0.9, 0.04),
        ("old", "2019-01-01", "security", 0, 0, np.nan, np.nan, np.nan, np.nan),
    ]
    names = ["event", "date", "category", "articles_before", "articles_after"]
    names += ["change", "change_low", "change_high", "q_value"]
    table = pd.DataFrame(rows, columns=names).assign(measure=measure, level=0.95)
    return table.assign(date=pd.to_datetime(table["date"]))


def make_grid(windows=("as given", "shorter", "longer", "apart"), parts=1, seed=3):
    """Build a table of specifications with changes around -2 standard errors."""
    generator = np.random.default_rng(seed)
    lexicons = ["all terms", "without the most frequent term"]
    lexicons += [f"without security/part_{number}" for number in range(parts)]
    rows = [
        {"measure": measure, "window": window, "lexicon": lexicon, "copies": copies}
        for measure in ("per_1000", "share")
        for window in windows
        for lexicon in lexicons
        for copies in ("count", "weight", "drop")
    ]
    table = pd.DataFrame(rows)
    table["standardised_change"] = generator.normal(-2, 1.5, len(table))
    table.loc[0, "standardised_change"] = -2.5
    table["agrees"] = table["standardised_change"] < 0
    return table.assign(main=table.index == 0)


def make_dispersion():
    """Build how evenly six terms of two categories are spread."""
    rows = [
        ("security", "جيش", 900, 300, 0.3, 0.1),
        ("security", "شرطة", 400, 100, 0.5, 0.2),
        ("security", "حاجز", 5, 2, 0.95, 0.9),
        ("diplomacy", "سفير", 300, 120, 0.4, 0.25),
        ("diplomacy", "قمة", 40, 20, 0.8, 0.6),
        ("diplomacy", "وفد", 0, 0, np.nan, np.nan),
    ]
    names = ["category", "term", "mentions", "articles_with", "dispersion", "dispersion_by_chance"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(dispersion_normalised=table["dispersion"] * 1.01, parts=1500)


def make_dated():
    """Build mentions of three terms on days of five months, one of them without a date."""
    generator = np.random.default_rng(2)
    days = pd.date_range("2031-01-10", periods=150)
    rows = [
        {"article_id": f"{day:%m-%d}", "term": term, "published": day}
        for term, number in (("جيش", 60), ("شرطة", 25), ("حاجز", 6))
        for day in generator.choice(days, number)
        for day in [pd.Timestamp(day)]
    ]
    rows.append({"article_id": "undated", "term": "جيش", "published": pd.NaT})
    return pd.DataFrame(rows).astype({"published": "datetime64[us]"})


def make_keyness():
    """Build six key words, of which two have no interval and one too large a q-value."""
    rows = [
        # word, log ratio, low, high, q-value, articles of both sets
        ("المعبر", 4.0, np.nan, np.nan, 0.01, 12, 0),
        ("الهدنة", 2.5, 1.5, 3.5, 0.01, 30, 6),
        ("القمة", 1.0, 0.2, 1.8, 0.04, 3, 1),
        ("اليوم", 0.2, -0.2, 0.6, 0.80, 90, 80),
        ("الحصاد", -1.5, -2.5, -0.5, 0.02, 5, 14),
        ("الميناء", -3.0, np.nan, np.nan, 0.01, 0, 11),
    ]
    names = ["word", "log_ratio", "low", "high", "q_value", "articles_first", "articles_second"]
    return pd.DataFrame(rows, columns=names).assign(
        articles_in_first=813, articles_in_second=687, level=0.95
    )


def make_quotes():
    """Build articles of seven months, two of them empty, and three quotes of each article."""
    generator = np.random.default_rng(4)
    articles = make_counts().drop_duplicates("article_id")
    articles = articles[["article_id", "outlet", "published"]].reset_index(drop=True)
    rows = [
        {"article_id": article, "source_type": kind, "content": "الحدود هادئة", "weak": False}
        for article in articles["article_id"]
        for kind in generator.choice(["official", "expert", "citizen"], 3, p=[0.6, 0.3, 0.1])
    ]
    return articles, pd.DataFrame(rows)


def make_voices_over_time(by=None):
    articles, quotes = make_quotes()
    return count_voices_by_period(quotes, articles, by=by)


def make_carried(within="sentence"):
    """Build shares of two themes in two frames over six months, the third without articles."""
    rows = [
        {
            "period": period,
            "frame": frame,
            "theme": theme,
            "articles": 0 if place == 2 else 3 if place == 5 else 20,
            "units_frame": 0 if place == 2 else 40,
            "units_both": 0 if place == 2 else 4 * number + place,
        }
        for place, period in enumerate(pd.date_range("2031-01-01", periods=6, freq="MS"))
        for frame in ("security", "diplomacy")
        for number, theme in enumerate(("migration", "terrorism"))
    ]
    table = pd.DataFrame(rows).assign(within=within, level=0.95)
    table["share"] = table["units_both"] / table["units_frame"].where(table["units_frame"] > 0)
    return table.assign(low=(table["share"] - 0.1).clip(lower=0), high=table["share"] + 0.1)


def make_balances():
    """Build the balance of two frames for ten voices, one of which says nothing of them."""
    rows = [
        {
            "voice": voice,
            "articles": 100 - 12 * place,
            "first_mentions": 0 if voice == "citizen" else 80 - place,
            "second_mentions": 0 if voice == "citizen" else 20 + place,
            "balance": 0.0 if voice == "citizen" else 2 - place / 2,
        }
        for place, voice in enumerate(["reporter", "quoted", *SOURCE_TYPES])
    ]
    table = pd.DataFrame(rows).assign(pair="security / diplomacy", level=0.95)
    table["articles"] = table["articles"].clip(lower=3)
    return table.assign(balance_low=table["balance"] - 1, balance_high=table["balance"] + 1)


def make_periods():
    days = pd.date_range("2031-01-01", periods=6, freq="MS").strftime("%Y-%m")
    return count_by_period(make_counts(dict.fromkeys(days, 6)))


def points_of(axes):
    """Return the points of the axes, from left to right: x, y, whether filled, and the marker."""
    found = []
    for line in axes.lines:
        if line.get_linestyle() == "None" and line.get_marker() not in {"|", "None"}:
            filled = line.get_markerfacecolor() != "white"
            found += [(x, y, filled, line.get_marker()) for x, y in np.asarray(line.get_xydata())]
    return sorted(found, key=lambda point: point[:2])


def spans_of(collection):
    """Return the ends of the strokes of a collection, one row of four numbers each."""
    return [
        segment.ravel().round(6).tolist()
        for segment in collection.get_segments()
        if len(segment) and not np.isnan(segment).any()
    ]


def columns_of(axes):
    """Return the texts beside the rows of the axes, by row."""
    rows = {}
    for text in axes.texts:
        if text.xycoords == ("axes fraction", "data"):
            rows.setdefault(text.xy[1], []).append(text.get_text())
    return rows


def names_of(axes):
    """Return the names of the rows, in one line each."""
    return [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]


def measure_of(axes):
    """Return the line under the title, in one line."""
    return axes.get_ylabel().replace("\n", " ")
