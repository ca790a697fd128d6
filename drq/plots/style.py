"""One look for every picture: colours that all eyes can tell apart, thin lines, no boxes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.legend import Legend

from redcode.pictures.palette import LIGHT

COLOURS = LIGHT
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
CHARACTERS_AN_INCH = 135
"""Of text one point high, on the average."""
INK, PALE = "#2b2f36", "#c9ced6"
SEQUENTIAL = "viridis"
ROUND_LABEL = "round"

_STYLE: dict[Any, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 120,
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "axes.grid": False,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "svg.hashsalt": "drq",
    "figure.constrained_layout.use": True,
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw inside this to have the look."""
    with mpl.rc_context(_STYLE):
        yield


def colour(index: int) -> str:
    """Colour of the index-th group."""
    return COLOURS[index % len(COLOURS)]


def marker(index: int) -> str:
    """Marker of the index-th group, so that colour is never the only difference."""
    return MARKERS[index % len(MARKERS)]


def short(text: str, length: int = 36) -> str:
    """``text`` without its middle where it is longer than fits in a picture."""
    return text if len(text) <= length else f"{text[: length // 2]}…{text[-length // 2 + 1 :]}"


def title(ax: Axes, text: str, size: float = 10, lines: int = 2) -> None:
    """The panel's title, broken into lines that fit its width, without its middle where it is longer still."""
    spec = ax.get_subplotspec()
    share = 1.0 if spec is None else spec.get_position(ax.figure).width  # type: ignore[arg-type]
    room = max(12, int(share * ax.figure.get_figwidth() * CHARACTERS_AN_INCH / size))  # type: ignore[union-attr]
    ax.set_title("\n".join(textwrap.wrap(short(text, lines * room - 2), room)[:lines]), fontsize=size)


def shift(index: int, of: int) -> float:
    """How far the index-th ``of`` groups is moved aside, so that points of equal values do not hide each other."""
    return (index - (of - 1) / 2) * 0.12


def whole() -> mpl.ticker.Locator:
    """Ticks at whole numbers only, as rounds are."""
    return mpl.ticker.MaxNLocator(integer=True, min_n_ticks=1)


def whole_rounds(ax: Axes) -> None:
    """Whole numbers on the axis of rounds."""
    ax.xaxis.set_major_locator(whole())
    ax.set_xlabel(ROUND_LABEL)


def round_bar(ax: Axes, norm: mpl.colors.Normalize) -> None:
    """The bar that tells which colour is which round."""
    scale = mpl.cm.ScalarMappable(norm, SEQUENTIAL)
    ax.figure.colorbar(scale, ax=ax, label=ROUND_LABEL, shrink=0.8, ticks=whole())


def below(ax: Axes, columns: int) -> Legend:
    """A legend under the picture, where it hides nothing."""
    return ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=columns)


def say(ax: Axes, text: str) -> None:
    """Write in the middle of an empty picture why it is empty."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, ha="center", va="center", transform=ax.transAxes, wrap=True)
