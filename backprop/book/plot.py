"""The one style that every figure of the book shares, and the drawings that several chapters make."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito's palette: told apart with every common kind of colour blindness.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#595959",
)
# Ink, paper and what is between: names of their own, since a page in the dark has others.
INK, PAPER, LINE, GRID = "#222222", "#FFFFFF", "#BBBBBB", "#E5E5E5"

# One size of letters in one width of figure: nine pixels where a phone shows it 315 pixels wide.
STYLE: Any = {
    "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.grid": True,
    "grid.color": GRID,
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
    "axes.axisbelow": True,
    "axes.titlesize": "medium",
    "axes.titlelocation": "left",
    "figure.constrained_layout.use": True,
    "figure.dpi": 120,
    "figure.facecolor": "white",
    "figure.figsize": (6.4, 3.6),
    "font.size": 13.5,
    "legend.frameon": False,
    "lines.linewidth": 2,
}


def use() -> None:
    """Set the course's style for every figure made after the call."""
    plt.rcParams.update(STYLE)


def network(ax: Axes, sizes: Sequence[int], names: Sequence[str], colours: Sequence[str] | None = None) -> list[np.ndarray]:
    """Draw a network of layers from left to right as circles joined by lines.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    sizes : sequence of int
        Units in each layer, input first.
    names : sequence of str
        One label a layer; a label with ``{i}`` is filled with the unit's number, from 1.
    colours : sequence of str, optional
        One colour a layer.

    Returns
    -------
    list of numpy.ndarray
        For each layer the (size, 2) centres of its circles, for arrows and notes drawn on top.
    """
    colours = colours or [BLUE, ORANGE, GREEN, RED][: len(sizes)]
    centres = [np.column_stack([np.full(n, 2.0 * k), (n - 1) / 2 - np.arange(n)]) for k, n in enumerate(sizes)]
    for left, right in itertools.pairwise(centres):
        for a in left:
            for b in right:
                ax.plot(*zip(a, b), color=LINE, linewidth=1, zorder=1)
    for layer, name, colour in zip(centres, names, colours):
        for i, (x, y) in enumerate(layer, start=1):
            ax.add_patch(plt.Circle((x, y), 0.32, facecolor=PAPER, edgecolor=colour, linewidth=2, zorder=2))
            ax.text(x, y, name.format(i=i), ha="center", va="center", zorder=3)
    ax.set_aspect("equal")
    ax.autoscale_view()
    ax.axis("off")
    return centres


def number(value: float) -> str:
    """A number as moving pictures write it: whole, or with three decimals; a zero has no sign."""
    return (f"{value + 0.0:.0f}" if value == round(value) else f"{value:.3f}").replace("-", "−")


def products(left: Sequence[float], right: Sequence[float]) -> str:
    """A sum of products, written out."""
    return " + ".join(f"({number(a)})·({number(b)})" for a, b in zip(left, right))


def matrix(
    ax: Axes,
    values: np.ndarray,
    corner: tuple[float, float],
    name: str,
    shown: np.ndarray | None = None,
    framed: tuple[int, int, int, int] | None = None,
) -> None:
    """Draw a matrix as a table of its numbers, two units wide and one high for each.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With y growing downwards.
    values : numpy.ndarray
        (rows, columns)
    corner : (float, float)
        Where its left edge and its top are.
    name : str
        Stands above it.
    shown : numpy.ndarray, optional
        Of values' shape: which of the numbers to write.
    framed : (int, int, int, int), optional
        Row, column, height and width of a part that is framed.
    """
    left, top = corner
    for (r, c), value in np.ndenumerate(values):
        ax.add_patch(plt.Rectangle((left + 2 * c, top + r), 2, 1, facecolor="#F6F6F6", edgecolor="#C8C8C8", linewidth=0.8))
        if shown is None or shown[r, c]:
            words = number(value)
            ax.text(left + 2 * c + 1, top + r + 0.5, words, ha="center", va="center", fontsize=12.5 if len(words) < 6 else 10.5)
    if framed:
        r, c, height, width = framed
        ax.add_patch(
            plt.Rectangle((left + 2 * c, top + r), 2 * width, height, fill=False, edgecolor="black", linewidth=2.2, zorder=3)
        )
    ax.text(left + values.shape[1], top - 0.18, name, ha="center", va="bottom", fontsize=13)


def filling(
    given: dict[str, np.ndarray],
    found: dict[str, np.ndarray],
    places: dict[str, tuple[float, float, str]],
    steps: Iterable[tuple[str | None, dict[str, tuple[int, int, int, int]]]],
    size: tuple[float, float],
) -> Iterator[Figure]:
    """The frames of a moving picture in which matrices fill in, part after part.

    Parameters
    ----------
    given, found : dict
        The matrices that are there from the first, and those that fill in, by a name.
    places : dict
        For each of them its left edge and its top, as `matrix` takes them, and what stands above it.
    steps : iterable of (str or None, dict)
        One a frame: which matrix goes on, and what is framed, as `matrix` takes it: of that matrix, what is new.
    size : (float, float)
        Width and height of a frame, in inches.
    """
    matrices, shown = given | found, {name: np.zeros(values.shape, bool) for name, values in found.items()}
    right = max(left + 2 * matrices[name].shape[1] for name, (left, _, _) in places.items())
    bottom = max(top + matrices[name].shape[0] for name, (_, top, _) in places.items())
    for name, framed in steps:
        if name:
            r, c, height, width = framed[name]
            shown[name][r : r + height, c : c + width] = True
        figure, ax = plt.subplots(figsize=size)
        for each, (left, top, label) in places.items():
            matrix(ax, matrices[each], (left, top), label, shown.get(each), framed.get(each))
        ax.set(xlim=(-0.2, right + 0.2), ylim=(bottom + 0.3, -1.3))
        ax.axis("off")
        yield figure
