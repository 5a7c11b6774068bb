"""Where text goes: everything above a chart, measured in the type it is drawn in, in points."""

from typing import TYPE_CHECKING, Any, Literal

from analysis.figures.words import Writing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

GAP = 4.0
PANEL_TITLE = 9
_NARROW = 5.0
PER_INCH = 72.0


def start_of(writing: Writing) -> Literal["left", "right"]:
    """Return the side where reading begins."""
    return "right" if writing.is_arabic else "left"


def settle(ax: "Axes") -> None:
    """Let the layout of the figure come to rest, so that widths can be measured."""
    root(ax).draw_without_rendering()


def root(ax: "Axes") -> "Figure":
    """Return the whole figure, also when the axes stand in a part of it."""
    figure = ax.get_figure(root=True)
    assert figure is not None  # noqa: S101  (axes without a figure cannot be drawn)
    return figure


def is_narrow(ax: "Axes") -> bool:
    """Return whether the axes leave no room for a legend beside them."""
    return bool(ax.get_position().width * root(ax).get_figwidth() < _NARROW)


def axes_size(ax: "Axes") -> tuple[float, float]:
    """Return the width and height of the axes in points."""
    points = PER_INCH / root(ax).dpi
    box = ax.get_window_extent()
    return points * box.width, points * box.height


def text_size(ax: "Axes", text: str, **font: Any) -> tuple[float, float]:
    """Return the width and height of a text in points."""
    from matplotlib.text import Text

    points = PER_INCH / root(ax).dpi
    box = Text(0, 0, text, figure=root(ax), **font).get_window_extent()
    return points * box.width, points * box.height


def wrap_text(ax: "Axes", text: str, width: float, **font: Any) -> str:
    """Return the text in as many lines as a width in points asks for, broken between words."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or text_size(ax, longer, **font)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def over_axes(ax: "Axes", *, up: float) -> "Transform":
    """Return the transform of the axes, moved up by a number of points."""
    from matplotlib.transforms import ScaledTranslation

    return ax.transAxes + ScaledTranslation(0, up / PER_INCH, root(ax).dpi_scale_trans)


def inches_from(ax: "Axes", foot: float, *, along: "Transform") -> "Transform":
    """Return a transform for heights in inches, counted from the foot (0) or top (1) of the axes.

    Across the figure it follows `along`, such as the dates of the axes.
    """
    from matplotlib.transforms import ScaledTranslation, blended_transform_factory

    place = ScaledTranslation(0, foot, ax.transAxes)  # type: ignore[arg-type]
    return blended_transform_factory(along, root(ax).dpi_scale_trans + place)


def inset_panel(
    ax: "Axes", bounds: tuple[float, float, float, float], *, title: float, **options: Any
) -> "Axes":
    """Return axes within others, at these fractions of them, less `title` points at the top.

    The room for the title is the same at any size the figure is given.
    """
    from matplotlib.transforms import Bbox

    panel = ax.inset_axes(bounds, **options)
    inner = ax.get_figure(root=False) or root(ax)

    def locate(*_: object) -> Bbox:
        box = Bbox.from_bounds(*bounds).transformed(ax.transAxes)
        top = max(box.y0 + 1, box.y1 - title / PER_INCH * root(ax).dpi)
        shown = Bbox([[box.x0, box.y0], [box.x1, top]])
        return shown.transformed(inner.transSubfigure.inverted())

    panel.set_axes_locator(locate)
    return panel


def set_panel_title(panel: "Axes", text: str, writing: Writing) -> None:
    """Write the title of a panel where reading begins."""
    panel.set_title(text, loc=start_of(writing), fontsize=PANEL_TITLE, fontweight="bold", pad=4)


def draw_heading(ax: "Axes", title: str, measure: str, writing: Writing, *, above: float) -> None:
    """Write the title and, under it, what the y axis measures, `above` points over the axes.

    They stand where reading begins. A measure written upright beside the axis would run out
    of a low figure, and Arabic would stand on its head for its readers.
    """
    import matplotlib as mpl

    width = axes_size(ax)[0]
    side = start_of(writing)
    if measure:
        size = mpl.rcParams["axes.labelsize"]
        measure = wrap_text(ax, measure, width, size=size)
        ax.set_ylabel(measure, rotation=0, ha=side, va="bottom", fontsize=size)
        ax.yaxis.set_label_coords(
            int(writing.is_arabic), 1, transform=over_axes(ax, up=above + GAP)
        )
        above += GAP + text_size(ax, measure, size=size)[1]
    font = {"size": mpl.rcParams["axes.titlesize"], "weight": "bold"}
    ax.set_title(wrap_text(ax, title, width, **font), loc=side, fontweight="bold", pad=above + 6)
