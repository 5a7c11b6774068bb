"""From the tables of a run to its summary: periods, framing, speakers, figures, one page."""

import base64
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import captions
from analysis.concordance import find_in_context
from analysis.data_files import data_path, load_words
from analysis.framing import framing_by_period
from analysis.inference import REPLICATES, SEED
from analysis.lexicon import all_categories, category_labels, load_lexicons
from analysis.periods import (
    count_by_category,
    count_by_period,
    count_undated,
    suggest_frequency,
)
from analysis.speakers import count_speakers, list_experts
from analysis.storage import save_table
from analysis.voices import count_voices

FIGURES = ("articles", "themes", "framing", "balance", "voices")
Rows = Sequence[Mapping[Hashable, Any]]
_OF_QUOTES = ["article_id", "quote_id", "speaker", "role", "source_type", "content", "weak"]
_LINES_IN_CONTEXT = 5
_EXPERTS_SHOWN = 15
_REASONS_SHOWN = 20


def summarise(
    folder: str | Path, *, language: str = "en", freq: str | None = None, by: str | None = None
) -> Path:
    """Make the summary of a run from the tables in its folder; return the path of the page.

    Reads `articles`, `mentions`, `quotes`, `counts` (Parquet) and `manifest.csv`; writes
    `periods.csv`, `framing.csv`, `speakers.csv`, `figures/` and `report.html`, which holds
    everything it shows and asks for nothing from the network. A corpus without any date
    has no periods, no framing and no figures over time; the page says how many articles
    have none.

    Raises InputError for a language, a frequency or a column that does not exist.
    """
    folder = Path(folder)
    words = load_words("words", language)
    counts = pd.read_parquet(folder / "counts.parquet")
    quotes = pd.read_parquet(folder / "quotes.parquet", columns=_OF_QUOTES)
    _remove_earlier(folder)
    speakers = count_speakers(
        quotes,
        articles=counts.drop_duplicates("article_id"),
        mentions=pd.read_parquet(folder / "mentions.parquet", columns=["category", "quote_id"]),
    )
    save_table(speakers, folder / "speakers.csv")
    labels = category_labels(language=language)
    over_time: list[dict[str, str]] = []
    framing = None
    if counts["published"].notna().any():
        freq = freq or suggest_frequency(counts)
        periods = count_by_period(counts, freq=freq, by=by)
        framing = framing_by_period(counts, freq=freq)
        by_group = framing_by_period(counts, freq=freq, by=by) if by else framing
        save_table(periods, folder / "periods.csv")
        save_table(by_group, folder / "framing.csv")
        over_time = _draw_over_time(counts, framing, folder / "figures", freq, language, labels)
    page = _render(
        language=language,
        w=words,
        corpus=_facts(counts) | {"name": folder.resolve().name},
        categories=_labelled(count_by_category(counts), labels),
        figures=over_time,
        voices=_draw_voices(quotes, folder / "figures", language),
        experts=list_experts(speakers).head(_EXPERTS_SHOWN).to_dict("records"),
        contexts=_contexts(folder, labels),
        inputs=_inputs(pd.read_csv(folder / "manifest.csv", dtype="str"), words),
        methods=_methods(counts, framing, words),
    )
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def _remove_earlier(folder: Path) -> None:
    """Remove what another run left here and this one may have no dates or quotes to make."""
    for name in ("periods.csv", "framing.csv"):
        (folder / name).unlink(missing_ok=True)
    for name in FIGURES:
        for suffix in (".svg", ".png", ".csv"):
            (folder / "figures" / f"{name}{suffix}").unlink(missing_ok=True)


def _render(**parts: Any) -> str:
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = data_path("report", "report.html.jinja").read_text("utf-8")
    return environment.from_string(template).render(**parts)


def _draw_over_time(
    counts: pd.DataFrame,
    framing: pd.DataFrame,
    folder: Path,
    freq: str,
    language: str,
    labels: Mapping[str, str],
) -> list[dict[str, str]]:
    from analysis import figures

    themes, frames = (
        [
            name
            for name, category in all_categories(load_lexicons()).items()
            if category.kind == kind
        ]
        for kind in ("theme", "frame")
    )
    by_outlet = count_by_period(counts, freq=freq, by="outlet")
    of_themes = framing[framing["category"].isin(themes)]
    of_frames = framing[framing["category"].isin(frames)]
    words: dict[str, Any] = {"language": language, "labels": labels}
    said: dict[str, Any] = {"freq": freq, **words}
    drawn = {
        "articles": (
            figures.plot_articles(by_outlet, language=language),
            by_outlet[by_outlet["category"] == by_outlet["category"].iloc[0]],
            captions.describe_articles(by_outlet, freq=freq, language=language),
        ),
        "themes": (
            figures.plot_themes(of_themes, categories=themes, **words),
            of_themes,
            captions.describe_themes(of_themes, themes, **said),
        ),
        "framing": (
            figures.plot_framing(of_frames, categories=frames, **words),
            of_frames,
            captions.describe_framing(of_frames, frames, **said),
        ),
        "balance": (
            figures.plot_balance(framing, **words),
            of_frames,
            captions.describe_balance(framing, **said),
        ),
    }
    return [
        {"caption": sentence, "data": _embedded(figures.save_figure(axes, folder / name, table))}
        for name, (axes, table, sentence) in drawn.items()
    ]


def _draw_voices(quotes: pd.DataFrame, folder: Path, language: str) -> dict[str, str] | None:
    from analysis import figures

    if quotes.empty:
        return None
    voices = count_voices(quotes)
    axes = figures.plot_voices(voices, language=language)
    labels = figures.source_type_labels(language=language)
    return {
        "caption": captions.describe_voices(voices, language=language, labels=labels),
        "data": _embedded(figures.save_figure(axes, folder / "voices", voices)),
    }


def _embedded(paths: list[Path]) -> str:
    svg = next(path for path in paths if path.suffix == ".svg")
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.read_bytes()).decode()}"


def _facts(counts: pd.DataFrame) -> dict[str, Any]:
    articles = counts.drop_duplicates("article_id")
    dated = articles["published"].dropna()
    return {
        "articles": len(articles),
        "outlets": articles["outlet"].replace("", None).nunique(),
        "tokens": int(articles["tokens"].sum()),
        "first": dated.min().date() if len(dated) else "",
        "last": dated.max().date() if len(dated) else "",
        "undated": count_undated(counts),
    }


def _labelled(totals: pd.DataFrame, labels: Mapping[str, str]) -> Rows:
    return totals.assign(label=totals["category"].map(labels)).to_dict("records")


def _contexts(folder: Path, labels: Mapping[str, str]) -> Rows:
    """Return a few random mentions of each category with their contexts."""
    mentions = pd.read_parquet(folder / "mentions.parquet")
    drawn = {
        str(category): found.sample(min(_LINES_IN_CONTEXT, len(found)), random_state=SEED)
        for category, found in mentions.groupby("category")
    }
    wanted = {article_id for found in drawn.values() for article_id in found["article_id"]}
    articles = pd.read_parquet(
        folder / "articles.parquet", filters=[("article_id", "in", [*sorted(wanted), ""])]
    )
    blocks: list[dict[Hashable, Any]] = []
    for category, label in labels.items():
        found = drawn.get(category, mentions[:0])
        around = articles[articles["article_id"].isin(found["article_id"])]
        lines = find_in_context(around, category).merge(found[["article_id", "start"]])
        blocks.append({"label": label, "lines": lines.to_dict("records")})
    return blocks


def _inputs(manifest: pd.DataFrame, words: Mapping[str, str]) -> Rows:
    """Return how many inputs had each outcome, the commonest reasons first."""
    outcomes = manifest.fillna({"reason": ""}).value_counts(["status", "reason"], sort=False)
    commonest = outcomes.rename("rows").sort_values(ascending=False, kind="stable")
    shown = commonest.head(_REASONS_SHOWN).reset_index()
    shown["status"] = [words[f"status_{status}"] for status in shown["status"]]
    return shown.to_dict("records")


def _methods(
    counts: pd.DataFrame, framing: pd.DataFrame | None, words: Mapping[str, str]
) -> list[str]:
    from analysis import __version__

    lexicons = [
        words["method_lexicon"].format(
            name=words.get(f"lexicon_{lexicon.name}", lexicon.name), number=lexicon.version
        )
        for lexicon in load_lexicons()
    ]
    facts = _facts(counts)
    paragraphs = [
        words["method_mentions"].format(
            articles=f"{facts['articles']:,}",
            outlets=facts["outlets"],
            tokens=f"{facts['tokens']:,}",
            version=__version__,
            lexicons=words["list_separator"].join(lexicons),
        ),
        words["method_quotes"],
    ]
    if framing is not None:
        paragraphs.append(
            words["method_intervals"].format(
                level=f"{100 * framing['level'].iloc[0]:g}", replicates=REPLICATES, seed=SEED
            )
        )
    return paragraphs
