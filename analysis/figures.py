"""Figures of the tables this library makes, with English or Arabic words.

Every function draws a table as it is and computes nothing but the layout. In every chart
time runs from left to right, in Arabic too, and the Arabic one says so. A period without
articles is a gap, never a line through nothing; a period with few articles is hollow or
hatched. matplotlib shapes and orders Arabic itself: passing its labels through a reshaping
library would reverse them. Figures belong to no window and need no closing.
"""

import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.data_files import data_path, load_yaml
from analysis.errors import InputError, require_choice
from analysis.framing import PAIR_SEPARATOR
from analysis.storage import save_table
from analysis.tables import require_columns

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import Formatter

Labels = Mapping[str, str] | None
LANGUAGES = ("en", "ar")

# Okabe and Ito (2008), told apart by colour-blind readers; marker and line differ as well,
# for print in black and white.
_STYLES = (
    ("#D55E00", "o", "-"),
    ("#0072B2", "s", "--"),
    ("#009E73", "^", "-."),
    ("#CC79A7", "D", ":"),
    ("#E69F00", "v", "-"),
    ("#56B4E9", "P", "--"),
    ("#000000", "X", "-."),
    ("#7F7F7F", "*", ":"),
)
_GREY = "#B0B0B0"
_EMPTY = "#EBEBEB"
_RC = {
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.constrained_layout.w_pad": 0.12,  # less cuts the title of a colour bar
    "hatch.linewidth": 0.6,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "svg.fonttype": "path",
    "svg.hashsalt": "khitab",
}
_MEASURES = {"share": ("low", "high"), "per_1000": ("per_1000_low", "per_1000_high")}
_MOST_MONTHS = 9
_MOST_DAYS = 6
_MOST_NUMBERS = 12
_MOST_LARGE_POINTS = 24
_PANELS_ABREAST = 3
_LABEL_WIDTH = 34
_TITLE_WIDTH = 24


def plot_framing(
    framing: pd.DataFrame,
    *,
    measure: str = "share",
    categories: Sequence[str] | None = None,
    language: str = "en",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw one line with its interval per category, and the articles of each period below.

    `measure` is `share` or `per_1000` of a table from `framing_by_period`, for one group:
    choose the rows of one outlet first. `labels` names categories; `few` is the number
    of articles below which a point is hollow.

    Raises InputError when a column or a category is missing, when several rows hold the
    same period and category, and for more categories than can be told apart.
    """
    words = _words(language)
    require_choice(measure, list(_MEASURES), name="measure")
    bounds = _MEASURES[measure]
    require_columns(
        framing, ["period", "category", "articles", measure, *bounds, "level"], name="framing"
    )
    shown = _choose_rows(framing, categories, name="framing")
    chosen = shown["category"].unique().tolist()
    if len(chosen) > len(_STYLES):
        raise InputError(
            f"plot_framing tells {len(_STYLES)} categories apart, not {len(chosen)}; "
            "name fewer in `categories`, or use plot_themes."
        )
    with _style():
        ax = ax or _new_axes(8.5, 4.8)
        for category, style in zip(chosen, _STYLES, strict=False):
            rows = shown[shown["category"] == category]
            _draw_series(ax, rows, measure, bounds, style, few, _label(category, labels, language))
        _finish_series(ax, rows, few, words, language)
        ax.set_ylim(0, _reach(shown, measure, bounds, few))
        ax.set_ylabel(words[measure])
        ax.yaxis.set_major_formatter(_number_format(measure))
        _title(ax, words["framing_title"], language)
    return ax


def plot_balance(
    framing: pd.DataFrame,
    *,
    language: str = "en",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the balance of two frames with its interval, around a line of equal mentions.

    Up is more of the first frame of the table's `pair`. Arguments, and InputError, as in
    `plot_framing`.
    """
    words = _words(language)
    bounds = ("balance_low", "balance_high")
    needed = ["period", "category", "articles", "pair", "balance", *bounds, "level"]
    require_columns(framing, needed, name="framing")
    rows = _choose_rows(framing, None, name="framing")
    rows = rows[rows["category"] == rows["category"].iloc[0]]
    first, second = (
        _label(frame, labels, language) for frame in rows["pair"].iloc[0].split(PAIR_SEPARATOR)
    )
    with _style():
        ax = ax or _new_axes(8.5, 4.8)
        ax.axhline(0, color="black", linewidth=0.8)
        _draw_series(ax, rows, "balance", bounds, ("#4B3F8F", "o", "-"), few, None)
        _finish_series(ax, rows, few, words, language)
        reach = _reach(rows, "balance", bounds, few)
        ax.set_ylim(-reach, reach)
        ax.set_ylabel(words["balance"])
        for place, arrow, frame in ((1, "↑", first), (0, "↓", second)):
            ax.annotate(
                f"{arrow} {words['more'].format(frame=frame)}",
                (1.02, place),
                xycoords="axes fraction",
                va="top" if place else "bottom",
            )
        _title(ax, words["balance_title"].format(first=first, second=second), language)
    return ax


def plot_themes(
    periods: pd.DataFrame,
    *,
    measure: str = "share",
    categories: Sequence[str] | None = None,
    language: str = "en",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw one panel per category, each with its own scale from zero, and the articles below.

    Takes a table from `count_by_period` or `framing_by_period`, for one group. The panels
    share the time axis; their heights are not to be compared, and the figure says so.
    Intervals are drawn when the table has them; the widest may leave a panel. Hollow points
    have fewer than `few` articles. The panels, and last the strip of articles, are the
    `child_axes` of the axes returned. Raises InputError when a column or a category is
    missing, and when several rows hold the same period and category.
    """
    words = _words(language)
    require_choice(measure, list(_MEASURES), name="measure")
    require_columns(periods, ["period", "category", "articles", measure], name="periods")
    shown = _choose_rows(periods, categories, name="periods")
    chosen = shown["category"].unique().tolist()
    known = {*_MEASURES[measure], "level"} <= set(shown)
    bounds = _MEASURES[measure] if known else ()
    level = shown["level"].iloc[0] if known else None
    note = words["own_scale"] if len(chosen) > 1 else "{measure}"
    slots = max(2, len(chosen))
    with _style():
        ax = ax or _new_axes(8.5, 2 + 0.95 * slots)
        ax.spines[:].set_visible(False)
        ax.set_yticks([])
        for place, category in enumerate(chosen, start=1):
            rows = shown[shown["category"] == category]
            foot, height = 1 - place / len(chosen), 1 / len(chosen) - 0.28 / slots
            panel = ax.inset_axes((0, foot, 1, height), sharex=ax)
            _draw_panel(panel, rows, measure, bounds, few)
            _title(panel, _label(category, labels, language), language, fontsize="medium")
        _draw_articles_below(ax, rows, few, words, height=0.5 / slots)
        _draw_legend(ax, rows["articles"], few, words, language, beside=True, level=level)
        _title(ax, words["themes_title"], language, pad=22)
        _subtitle(ax, note.format(measure=words[measure]), language)
    return ax


def plot_articles(
    periods: pd.DataFrame,
    *,
    by: str | None = "outlet",
    language: str = "en",
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw how many articles each period has: a strip of cells per outlet, or bars for all.

    Takes a table from `count_by_period` made with the same `by`; None draws the bars. Grey
    cells have no articles, hatched cells and bars fewer than `few`. Raises InputError when a
    column is missing, or when several rows hold the same period, group and category.
    """
    words = _words(language)
    groups = [by] if by else []
    require_columns(periods, ["period", *groups, "category", "articles"], name="periods")
    rows = _choose_rows(periods, None, groups=groups, name="periods")
    rows = rows[rows["category"] == rows["category"].iloc[0]]
    with _style():
        if by is None:
            ax = ax or _new_axes(8.5, 3.2)
            _draw_article_bars(ax, rows, few)
            ax.yaxis.set_major_formatter(_number_format("articles"))
            _label_dates(ax, rows["period"], rows["period"], words)
            ax.set_ylabel(words["articles"])
            ax.set_xlabel(words["time"])
        else:
            cells = rows.assign(**{by: rows[by].fillna("").replace("", words["unknown"])}).pivot(
                index=by, columns="period", values="articles"
            )
            dates = cells.columns.to_series()
            ax = ax or _new_axes(8.5, max(2.3, 1.6 + 0.38 * len(cells)))
            _draw_cells(ax, cells.where(cells > 0), few, words["articles"], language)
            _label_dates(ax, pd.Series(np.arange(len(dates)) + 0.5), dates, words)
            ax.set_xlabel(words["time"])
        _draw_legend(ax, rows["articles"], few, words, language, cells=by is not None)
        _title(ax, words["articles_title"], language)
    return ax


def plot_voices(
    voices: pd.DataFrame,
    *,
    by: str = "source_type",
    most: int = 15,
    language: str = "en",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw a bar per source type or speaker, the longest first, its number at the end.

    Takes a table with the column `by` (source_type or speaker), `quotes` and, when known,
    `articles`: in how many articles these quotes stand. Only the first `most` bars are
    drawn; the axis says of how many, and how many of all quotes they hold. With Arabic
    words the bars grow from right to left. A table without rows gives a figure without
    bars. Raises InputError when a column is missing.
    """
    words = _words(language)
    require_choice(by, ["source_type", "speaker"], name="by")
    require_columns(voices, [by, "quotes"], name="voices")
    rows = voices.sort_values(["quotes", by], ascending=[False, True]).head(most)
    names = rows[by].astype("object").where(rows[by].notna(), words["unknown"])
    if by == "source_type":
        names = names.replace(source_type_labels(language=language))
    with _style():
        ax = ax or _new_axes(8.5, 1.6 + 0.36 * len(rows))
        ax.barh(np.arange(len(rows)), rows["quotes"], color="#0072B2")
        ax.set_yticks(np.arange(len(rows)), [textwrap.fill(name, _LABEL_WIDTH) for name in names])
        ax.set_xlim(0, 1.35 * max([1, *rows["quotes"]]))
        if language == "ar":
            ax.invert_xaxis()
            _labels_on_the_right(ax)
        # Not `bar_label`: on a reversed axis it puts the number of an empty bar on the name.
        for place, number in enumerate(_voice_numbers(rows, words)):
            ax.annotate(
                number,
                (rows["quotes"].iloc[place], place),
                xytext=(-4 if language == "ar" else 4, 0),
                textcoords="offset points",
                ha="right" if language == "ar" else "left",
                va="center",
            )
        ax.set_ylim(max(1, len(rows)) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.set_xlabel(
            words["quotes_shown"].format(
                shown=len(rows),
                rows=len(voices),
                part=f"{rows['quotes'].sum():,}",
                whole=f"{voices['quotes'].sum():,}",
            )
        )
        ax.locator_params(axis="x", integer=True)
        ax.xaxis.set_major_formatter(_number_format("quotes"))
        title = "voices_title" if by == "source_type" else "speakers_title"
        _title(ax, words[title], language)
    return ax


def plot_compared_voices(
    compared: pd.DataFrame,
    *,
    categories: Sequence[str] | None = None,
    language: str = "en",
    labels: Labels = None,
    few: int = 5,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw one panel per category: how often each voice speaks of it against the reporter.

    Takes a table from `compare_voices`. A point is the log ratio of a voice, its line the
    interval; right of zero the voice speaks of the category more often than the reporter.
    All panels have one scale. Hollow points are voices heard in fewer than `few` articles, and
    their intervals may leave the panel; a cross has no mention, and so no interval; a voice
    that is never heard has no mark. The panels are the `child_axes` of the axes returned; in
    Arabic the first is on the right. Raises InputError when a column or a category is missing.
    """
    words = _words(language)
    bounds = ["log_ratio_low", "log_ratio_high"]
    needed = ["category", "voice", "articles", "mentions", "log_ratio", *bounds, "level"]
    require_columns(compared, needed, name="compared")
    if compared.empty:
        raise InputError("the table `compared` has no rows; there is nothing to draw.")
    known = compared["category"].unique().tolist()
    for category in categories or ():
        require_choice(category, known, name="category")
    chosen = list(categories or known)
    shown = compared[compared["category"].isin(chosen) & (compared["voice"] != "reporter")]
    names = {"quoted": words["all_quotes"], **source_type_labels(language=language)}
    reach = _reach(shown, "log_ratio", bounds, few)
    columns = min(_PANELS_ABREAST, len(chosen))
    lines = -(-len(chosen) // columns)
    with _style():
        ax = ax or _new_axes(4 + 2.2 * columns, 1.3 + 2.9 * lines)
        ax.spines[:].set_visible(False)
        ax.set_xticks([])
        ax.set_yticks([])
        for number, category in enumerate(chosen):
            line, column = divmod(number, columns)
            start = column if language == "en" else columns - 0.9 - column
            panel = ax.inset_axes(
                (start / columns, 1 - (line + 0.86) / lines, 0.9 / columns, 0.86 / lines)
            )
            rows = shown[shown["category"] == category].reset_index(drop=True)
            _draw_voices(panel, rows, few)
            panel.set_xlim(-reach, reach)
            panel.set_yticks(
                rows.index, rows["voice"].map(names) if column == 0 else [""] * len(rows)
            )
            if language == "ar":
                _labels_on_the_right(panel)
            if number + columns < len(chosen):
                panel.tick_params(axis="x", labelbottom=False)
            name = textwrap.fill(_label(category, labels, language), _TITLE_WIDTH)
            _title(panel, name, language, fontsize="medium")
        if (shown["log_ratio"].notna() & (shown["mentions"] == 0)).any():
            ax.plot([], [], color=_GREY, marker="x", linestyle="", label=words["unsaid"])
        ax.set_xlabel(words["log_ratio"], labelpad=-10)
        level = shown["level"].iloc[0]
        _draw_legend(ax, shown["articles"], few, words, language, beside=True, level=level)
        legend = ax.get_legend()
        if legend and language == "ar":
            legend.set_loc("center right")
            legend.set_bbox_to_anchor((-0.01, 0.5))
        _title(ax, words["compared_title"], language, pad=26)
    return ax


def source_type_labels(*, language: str = "en") -> dict[str, str]:
    """Return what figures call each source type.

    >>> source_type_labels(language="ar")["expert"]
    'خبير'
    """
    require_choice(language, LANGUAGES, name="language")
    return {name: text[language] for name, text in _load_labels()["source_types"].items()}


def save_figure(figure: "Axes | Figure", path: str | Path, table: pd.DataFrame) -> list[Path]:
    """Write a figure as `path`.svg and `path`.png, and the table it shows as `path`.csv.

    Letters are drawn as outlines, so the SVG looks the same on every machine. The same
    figure gives the same bytes. The folder is made when missing; `path` may carry one of
    the three suffixes. Returns the paths written.
    """
    path = Path(path)
    if path.suffix in {".svg", ".png", ".csv"}:
        path = path.with_suffix("")
    svg, png, csv = (path.with_name(f"{path.name}.{suffix}") for suffix in ("svg", "png", "csv"))
    path.parent.mkdir(parents=True, exist_ok=True)
    drawing: Any = figure.get_figure(root=True)
    with _style():
        drawing.savefig(svg, bbox_inches="tight", metadata={"Date": None, "Creator": None})
        drawing.savefig(png, bbox_inches="tight", dpi=150, metadata={"Software": None})
    save_table(table, csv)
    return [svg, png, csv]


def _new_axes(width: float, height: float) -> "Axes":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").subplots()


def _style() -> "AbstractContextManager[None]":
    import matplotlib as mpl

    return mpl.rc_context(_RC)  # type: ignore[arg-type]


def _draw_series(
    ax: "Axes",
    rows: pd.DataFrame,
    column: str,
    bounds: Sequence[str],
    style: tuple[str, str, str],
    few: int,
    label: str | None,
) -> None:
    colour, marker, line = style
    dates, values, thin = rows["period"], rows[column], rows["articles"] < few
    if bounds:
        low, high = (rows[bound] for bound in bounds)
        ax.fill_between(dates, low, high, where=~thin, color=colour, alpha=0.15, linewidth=0)
        # Hollow points and points between two gaps have no shaded area: a stroke shows theirs.
        ax.vlines(dates, low, high, color=colour, alpha=0.35, linewidth=1)
    look: dict[str, Any] = {
        "color": colour,
        "marker": marker,
        "markersize": 6 if len(rows) <= _MOST_LARGE_POINTS else 4,
        "clip_on": False,
        "zorder": 3,
        # A line without points would count as one in the corner of the page, and widen it.
        "in_layout": False,
    }
    ax.plot(dates, values, linestyle=line, label=label, **look)
    ax.plot(dates[thin], values[thin], linestyle="", markerfacecolor="white", **look)


def _draw_panel(
    ax: "Axes", rows: pd.DataFrame, measure: str, bounds: Sequence[str], few: int
) -> None:
    _draw_series(ax, rows, measure, bounds, ("#0072B2", "o", "-"), few, None)
    # The intervals of a few small periods would flatten the points of a rare theme.
    tallest = 1.4 * _reach(rows, measure, (), few)
    ax.set_ylim(0, min(tallest, _reach(rows, measure, bounds, few)))
    ax.locator_params(axis="y", nbins=3)
    ax.yaxis.set_major_formatter(_number_format(measure))
    ax.grid(color=_EMPTY)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", bottom=False, labelbottom=False)


def _reach(rows: pd.DataFrame, column: str, bounds: Sequence[str], few: int) -> float:
    """Return the largest distance from zero to show.

    The intervals of hollow points may leave the frame, else they would flatten all others.
    """
    plain = rows[rows["articles"] >= few]
    shown = [rows[column], *(plain[bound] for bound in bounds)]
    largest = pd.concat(shown).abs().max()
    return 1.0 if pd.isna(largest) or largest == 0 else 1.08 * float(largest)


def _finish_series(
    ax: "Axes",
    rows: pd.DataFrame,
    few: int,
    words: Mapping[str, str],
    language: str,
) -> None:
    ax.grid(axis="y", color=_EMPTY)
    ax.set_axisbelow(True)
    _draw_articles_below(ax, rows, few, words, height=0.16)
    level = rows["level"].iloc[0]
    _draw_legend(ax, rows["articles"], few, words, language, beside=True, level=level)


def _draw_articles_below(
    ax: "Axes",
    rows: pd.DataFrame,
    few: int,
    words: Mapping[str, str],
    *,
    height: float,
) -> None:
    """Draw a strip of bars under the axes, and the dates under the strip."""
    strip = ax.inset_axes((0, -1.4 * height, 1, height), sharex=ax)
    _draw_article_bars(strip, rows, few)
    most = int(rows["articles"].max())
    strip.set_yticks([most], [f"{most:,}"])
    strip.set_ylabel(words["articles"], rotation=0, ha="right", va="center")
    strip.set_xlabel(words["time"])
    _label_dates(strip, rows["period"], rows["period"], words)
    ax.tick_params(axis="x", bottom=False, labelbottom=False)


def _draw_article_bars(ax: "Axes", rows: pd.DataFrame, few: int) -> None:
    dates = rows["period"]
    step: Any = dates.diff().min() if len(dates) > 1 else pd.Timedelta(days=20)
    bars = ax.bar(dates, rows["articles"], 0.8 * step, color=_GREY, edgecolor=_GREY, linewidth=0)
    ax.margins(x=0.5 / len(dates))
    for bar, articles in zip(bars, rows["articles"], strict=True):
        if articles < few:
            bar.set(facecolor="white", hatch="////", linewidth=1)


def _draw_cells(
    ax: "Axes",
    cells: pd.DataFrame,
    few: int,
    title: str,
    language: str,
) -> None:
    import seaborn as sns
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import MaxNLocator

    sns.heatmap(
        cells,
        mask=cells.isna(),
        annot=cells.shape[1] <= _MOST_NUMBERS,
        fmt=",.0f",
        annot_kws={"size": 8},
        cmap="Blues",
        vmin=0,
        vmax=cells.fillna(1).max(axis=None),
        linewidths=1,
        xticklabels=False,
        cbar_kws={
            "label": title,
            "location": "left" if language == "ar" else "right",
            "format": _number_format("articles"),
            "ticks": MaxNLocator(integer=True),
        },
        ax=ax,
    )
    ax.set_facecolor(_EMPTY)
    for row, column in np.argwhere((cells < few).to_numpy()):
        ax.add_patch(
            Rectangle((column, row), 1, 1, fill=False, hatch="//", edgecolor=_GREY, linewidth=0)
        )
    ax.set(xlabel="", ylabel="")
    ax.tick_params(axis="y", length=0, rotation=0)
    if language == "ar":
        _labels_on_the_right(ax)


def _draw_legend(
    ax: "Axes",
    articles: pd.Series,
    few: int,
    words: Mapping[str, str],
    language: str,
    *,
    beside: bool = False,
    level: float | None = None,
    cells: bool = False,
) -> None:
    """Name the lines, then what their look means; nothing when all is plain."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles, texts = ax.get_legend_handles_labels()
    if level is not None:
        handles.append(Patch(color=_GREY, alpha=0.5, linewidth=0))
        texts.append(words["interval"].format(level=f"{100 * level:g}%"))
    if articles.between(1, few - 1).any():
        hollow = Line2D([], [], color=_GREY, marker="o", markerfacecolor="w", linestyle="")
        hatched = Patch(facecolor="white", edgecolor=_GREY, hatch="////")
        handles.append(hollow if beside else hatched)
        texts.append(words["few"].format(few=few))
    if cells and (articles == 0).any():
        handles.append(Patch(color=_EMPTY))
        texts.append(words["none"])
    if not handles:
        return
    above = "lower left" if language == "ar" else "lower right"
    place: dict[str, Any] = (
        {"loc": "center left", "bbox_to_anchor": (1.01, 0.5)}
        if beside
        else {"loc": above, "bbox_to_anchor": (language == "en", 1), "ncols": len(handles)}
    )
    ax.legend(
        handles,
        texts,
        frameon=False,
        markerfirst=language == "en",
        **place,
    )


def _label_dates(
    ax: "Axes", places: pd.Series, periods: pd.Series, words: Mapping[str, str]
) -> None:
    """Label as many periods as fit side by side, the year under the first of each year.

    Ticks stand on the periods themselves: matplotlib's own date ticks fall between weeks.
    """
    days = periods.diff().dt.days.min()
    every = -(-len(periods) // (_MOST_MONTHS if days >= 28 else _MOST_DAYS))
    texts, year = [], None
    for period in periods[::every]:
        month = words[f"month_{period.month}"]
        if days >= 365:
            text = f"{period.year}"
        else:
            text = month if days >= 28 else f"{period.day} {month}"
            text += f"\n{period.year}" if period.year != year else ""
        year = period.year
        texts.append(text)
    ax.set_xticks(places[::every], texts)


def _number_format(measure: str) -> "Formatter":
    from matplotlib.ticker import FuncFormatter, StrMethodFormatter

    if measure == "share":
        return FuncFormatter(lambda share, _: f"{100 * share:.3g}%")
    return StrMethodFormatter("{x:,.10g}")


def _title(ax: "Axes", text: str, language: str, **look: Any) -> None:
    ax.set_title(text, loc="right" if language == "ar" else "left", fontweight="bold", **look)


def _subtitle(ax: "Axes", text: str, language: str) -> None:
    side, x = ("right", 1) if language == "ar" else ("left", 0)
    ax.annotate(
        text, (x, 1), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points", ha=side
    )


def _labels_on_the_right(ax: "Axes") -> None:
    ax.yaxis.tick_right()
    ax.spines["right"].set_visible(ax.spines["left"].get_visible())
    ax.spines["left"].set_visible(False)


def _draw_voices(ax: "Axes", rows: pd.DataFrame, few: int) -> None:
    colour = "#0072B2"
    ax.axvline(0, color="black", linewidth=0.8)
    ax.hlines(
        rows.index,
        rows["log_ratio_low"],
        rows["log_ratio_high"],
        color=colour,
        alpha=0.35,
        linewidth=4,
    )
    silent, thin = rows["mentions"] == 0, rows["articles"] < few
    marks: list[tuple[pd.Series, dict[str, Any]]] = [
        (silent, {"marker": "x", "color": _GREY}),
        (~silent & ~thin, {"marker": "o", "color": colour}),
        (~silent & thin, {"marker": "o", "color": colour, "markerfacecolor": "white"}),
    ]
    for chosen, look in marks:
        ax.plot(rows["log_ratio"][chosen], rows.index[chosen], linestyle="", **look)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.locator_params(axis="x", nbins=4, integer=True)
    ax.grid(axis="x", color=_EMPTY)
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)


def _voice_numbers(rows: pd.DataFrame, words: Mapping[str, str]) -> list[str]:
    if "articles" not in rows:
        return [f"{quotes:,}" for quotes in rows["quotes"]]
    return [
        words["quotes_and_articles"].format(quotes=f"{quotes:,}", articles=f"{articles:,}")
        for quotes, articles in zip(rows["quotes"], rows["articles"], strict=True)
    ]


def _choose_rows(
    table: pd.DataFrame,
    categories: Sequence[str] | None,
    *,
    name: str,
    groups: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the rows of the chosen categories, in their order and in that of time."""
    if table.empty:
        raise InputError(f"the table `{name}` has no rows; there is nothing to draw.")
    known = table["category"].unique().tolist()
    for category in categories or ():
        require_choice(category, known, name="category")
    keys = ["category", "period", *groups]
    doubled = table.duplicated(keys)
    if doubled.any():
        raise InputError(
            f"the table `{name}` has several rows for {table.loc[doubled, 'category'].iloc[0]!r} "
            "in one period; choose the rows of one group first."
        )
    order = {category: place for place, category in enumerate(categories or known)}
    rows = table[table["category"].isin(list(order))]
    return rows.sort_values(
        keys, key=lambda column: column.map(order) if column.name == "category" else column
    )


def _label(category: str, labels: Labels, language: str) -> str:
    known = {name: text[language] for name, text in _load_labels()["categories"].items()}
    return str({**known, **(labels or {})}.get(category, category.replace("_", " ")))


def _words(language: str) -> dict[str, str]:
    require_choice(language, LANGUAGES, name="language")
    labels = _load_labels()
    months = {f"month_{number}": text for number, text in enumerate(labels["months"], start=1)}
    return {name: text[language] for name, text in {**labels["words"], **months}.items()}


@cache
def _load_labels() -> Any:
    """Read the words of the figures: {section: {name: {"en": ..., "ar": ...}}}."""
    file = load_yaml(data_path("lexicons", "labels.yml"))
    sections = ["words", "months", "source_types", "categories"]
    file.check_fields((), file.content, required=["version", *sections])
    for section in sections:
        names = file.content[section]
        for name in range(len(names)) if section == "months" else names:
            file.check_fields((section, name), names[name], required=["en", "ar"])
    if len(file.content["months"]) != 12:
        file.fail(("months",), f"months has {len(file.content['months'])} entries; a year has 12.")
    return file.content
