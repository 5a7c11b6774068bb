"""Write a figure, and the table it shows, to files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.figures.style import figure_style
from analysis.storage import save_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@contextmanager
def _layout_at_rest(drawing: "Figure") -> Iterator[None]:
    """Lay the figure out afresh and keep it so.

    Layout starts from where the last one ended, and would move things by a hair each time.
    """
    engine = drawing.get_layout_engine()
    if engine is None:
        yield
        return
    for ax in drawing.axes:
        if spec := ax.get_subplotspec():
            ax.set_subplotspec(spec)
    for _ in range(2):  # the second time around with the labels that fit what the first has found
        drawing.draw_without_rendering()
    drawing.set_layout_engine("none")
    try:
        yield
    finally:
        drawing.set_layout_engine(engine)


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
    with figure_style(), _layout_at_rest(drawing):
        drawing.savefig(svg, bbox_inches="tight", metadata={"Date": None, "Creator": None})
        drawing.savefig(png, bbox_inches="tight", dpi=150, metadata={"Software": None})
    save_table(table, csv)
    return [svg, png, csv]
