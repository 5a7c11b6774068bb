"""Where the labels of points go: beside their points, none on another."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.beside import SIZE
from analysis.figures.layout import PER_INCH, axes_size, root, settle, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_POINT = 3.0
_AIR = 1.5
# Which way a label goes from its point, the best first: right, left, above, below, corners.
_WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


def label_points(
    ax: "Axes",
    points: "Numbers",
    names: Sequence[str],
    *,
    most: int,
    course: "Numbers | None" = None,
) -> list[str]:
    """Write the names of points beside them, the first ones first, where there is room.

    No name covers another, a point or the line that takes this `course`, or leaves the axes.
    Points (x and y of each) come in the order of their importance; of all of them at most `most`
    are named. Returns the names written.
    """
    settle(ax)
    places = _in_points(ax, points)
    sizes = np.array([text_size(ax, name, size=SIZE) for name in names[:most]]).reshape(-1, 2)
    taken = places if course is None else np.vstack([places, _walk(_in_points(ax, course))])
    centres = place_labels(taken, sizes, axes_size(ax))
    written = []
    for name, centre in zip(names, centres, strict=False):
        if np.isnan(centre).any():
            continue
        ax.annotate(
            name,
            (centre[0] / axes_size(ax)[0], centre[1] / axes_size(ax)[1]),
            xycoords="axes fraction",
            size=SIZE,
            ha="center",
            va="center",
        )
        written.append(name)
    return written


def _in_points(ax: "Axes", data: "Numbers") -> "Numbers":
    """Return where values stand in the axes, in points from their lower left corner."""
    corner = ax.get_window_extent()
    places = ax.transData.transform(data) - (corner.x0, corner.y0)
    return np.asarray(places * PER_INCH / root(ax).dpi)


def _walk(course: "Numbers") -> "Numbers":
    """Return places along a line, so close that no label fits between two of them."""
    steps = [
        np.linspace(start, end, 2 + int(np.hypot(*(end - start)) / _POINT))
        for start, end in pairwise(course)
    ]
    return np.vstack([course[:1], *steps])


def place_labels(points: "Numbers", sizes: "Numbers", room: tuple[float, float]) -> "Numbers":
    """Return the centre of each label, NaN for those without room; all in points.

    `points` are the places of all points; the first of them have labels of these `sizes`.
    Labels lie between 0 and `room`.

    >>> points = np.array([[10.0, 10.0], [14.0, 10.0]])
    >>> place_labels(points, np.array([[20.0, 8.0], [20.0, 8.0]]), (60, 20)).tolist()
    [[nan, nan], [28.5, 10.0]]
    """
    taken = np.hstack([points - _POINT, points + _POINT])
    centres = np.full((len(sizes), 2), np.nan)
    for number, size in enumerate(sizes):
        for way in _WAYS:
            centre = points[number] + np.array(way) * (_POINT + _AIR + size / 2)
            low, high = centre - size / 2, centre + size / 2
            if (low < 0).any() or (high > room).any():
                continue
            if not _touches(low, high, taken):
                centres[number] = centre
                taken = np.vstack([taken, np.hstack([low, high])])
                break
    return centres


def _touches(low: "Numbers", high: "Numbers", boxes: "Numbers") -> bool:
    """Return whether a box touches any of others, each from its low to its high corner."""
    apart = (boxes[:, 2:] <= low) | (boxes[:, :2] >= high)
    return bool((~apart.any(axis=1)).any())
