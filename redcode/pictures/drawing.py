"""SVG pictures of a core, a warrior and a result: pure functions from values to text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from redcode.machine.battle import BattleResult
from redcode.pictures import palette
from redcode.pictures.grid import columns_for
from redcode.pictures.snapshot import Snapshot
from redcode.text import plural, printable
from redcode.warrior import Warrior

CELL = 8
"""Side of a core cell, including its gap, in SVG units."""
HEAD = 3
LINE = 20
"""Height of a line of text."""
INK, SOFT, FAINT, PAPER = "#14171c", "#5b6472", "#e3e6eb", "#ffffff"
SANS = "system-ui, 'Helvetica Neue', Arial, sans-serif"
MONO = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
LISTING_LINES = 40
LISTING_WIDTH = 340
RESULT_WIDTH, BAR_FROM, BAR_LENGTH = 560, 110, 360


def core_svg(picture: Snapshot) -> str:
    """The core as a grid with a legend: the colour shows the last writer, a dot shows a waiting process."""
    columns = columns_for(picture.core_size)
    rows = -(-picture.core_size // columns)
    caption = f"Core of {picture.core_size} cells after {picture.cycle} cycles"
    legend = list(legend_lines(picture))
    below = rows * CELL + CELL
    root = _svg(columns * CELL + 2 * CELL, below + (len(legend) + 2) * LINE, caption)
    _add(root, "rect", width="100%", height="100%", fill=PAPER)
    grid = _add(root, "g", transform=f"translate({CELL} {CELL})")
    for owner in range(-1, len(picture.warriors)):
        fill = palette.EMPTY_LIGHT if owner < 0 else warrior_colour(owner)
        _add(grid, "path", fill=fill, d="".join(_runs(picture, owner, columns)))
    _add(grid, "path", stroke=PAPER, d=_lines(columns, rows))
    for index, addresses in enumerate(picture.processes):
        _add(grid, "path", fill=_darker(warrior_colour(index)), d="".join(_dots(np.unique(addresses), columns)))
    for line, (index, text) in enumerate(legend, 1):
        y = below + line * LINE
        _add(root, "rect", x=CELL, y=y - 10, width=11, height=11, rx=2, fill=warrior_colour(index))
        _text(root, CELL + 18, y, text)
    _text(root, CELL, below + (len(legend) + 1) * LINE, caption, fill=SOFT)
    return tostring(root, encoding="unicode")


def legend_lines(picture: Snapshot) -> Iterator[tuple[int, str]]:
    """For each warrior its index, and a text: its name, processes and share of the core."""
    for index, (warrior, queue) in enumerate(zip(picture.warriors, picture.processes, strict=True)):
        share = np.count_nonzero(picture.owners == index) / picture.core_size
        state = plural(len(queue), "process") if len(queue) else "dead"
        yield index, f"{printable(warrior.name)}: {state}, last writer of {share:.1%} of the core"


def warrior_colour(index: int) -> str:
    """Colour of a warrior on light paper; after eight warriors the colours repeat."""
    return palette.LIGHT[index % len(palette.LIGHT)]


def warrior_svg(warrior: Warrior) -> str:
    """The listing of a warrior, at most 40 instructions; an arrow shows where it starts."""
    shown = warrior.code[:LISTING_LINES]
    more = len(warrior) - len(shown)
    height = (len(shown) + (2 if more else 1)) * LINE + 28
    root = _svg(LISTING_WIDTH, height, printable(warrior.name))
    _add(root, "rect", x=0.5, y=0.5, width=LISTING_WIDTH - 1, height=height - 1, rx=8, fill=PAPER, stroke=FAINT)
    title = _text(root, 14, 24, printable(warrior.name, 28), font_weight=600)
    _add(title, "tspan", fill=SOFT, dx=8, font_weight=400).text = printable(warrior.author, 20)
    for index, instruction in enumerate(shown):
        y = 24 + (index + 1) * LINE
        name, _, operands = str(instruction).partition(" ")
        if index == warrior.start:
            _add(root, "path", fill=warrior_colour(0), d=f"M14 {y - 10}l8 5.5-8 5.5z")
        _text(root, 48, y, str(index), fill=SOFT, font_family=MONO, font_size=12, text_anchor="end")
        _text(root, 62, y, name, font_family=MONO, font_size=12, font_weight=600)
        _text(root, 122, y, operands, font_family=MONO, font_size=12)
    if more:
        _text(root, 62, 24 + (len(shown) + 1) * LINE, f"… {more} more", fill=SOFT)
    return tostring(root, encoding="unicode")


def result_svg(result: BattleResult) -> str:
    """One bar per warrior: rounds won, rounds tied in a lighter tone, and its mean fitness."""
    battles, warriors = result.survived.shape
    height = (warriors + 1) * LINE + 16
    root = _svg(RESULT_WIDTH, height, f"{battles} rounds of {warriors} warriors")
    _add(root, "rect", x=0.5, y=0.5, width=RESULT_WIDTH - 1, height=height - 1, rx=8, fill=PAPER, stroke=FAINT)
    _text(root, 14, 22, plural(battles, "round"), font_weight=600)
    _text(root, BAR_FROM, 22, "won, tied (lighter)", fill=SOFT)
    _text(root, RESULT_WIDTH - 14, 22, "fitness", fill=SOFT, text_anchor="end")
    unit = BAR_LENGTH / max(1, battles)
    for index, (won, tied) in enumerate(zip(result.wins.tolist(), result.ties.tolist(), strict=True)):
        y = 22 + (index + 1) * LINE
        fitness = f"{result.alive_share[:, index].mean():.2f}" if battles else "–"
        _text(root, 14, y, f"Warrior {index}")
        _text(root, RESULT_WIDTH - 14, y, fitness, text_anchor="end")
        for left, rounds, opacity, fill in (
            (0, battles, 1, palette.EMPTY_LIGHT),
            (0, won, 1, warrior_colour(index)),
            (won, tied, 0.4, warrior_colour(index)),
        ):
            place = {"x": f"{BAR_FROM + left * unit:g}", "y": y - 11, "width": f"{rounds * unit:g}", "height": 12}
            _add(root, "rect", fill=fill, fill_opacity=opacity, **place)
    return tostring(root, encoding="unicode")


def _svg(width: int, height: int, title: str) -> Element:
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}", "role": "img"})
    root.set("width", str(width))
    root.set("height", str(height))
    _add(root, "title").text = title
    return root


def _add(parent: Element, tag: str, **attributes: object) -> Element:
    return SubElement(parent, tag, {name.replace("_", "-"): str(value) for name, value in attributes.items()})


def _text(parent: Element, x: float, y: float, text: str, **attributes: object) -> Element:
    style: dict[str, object] = {"font_family": SANS, "font_size": 13, "fill": INK, **attributes}
    node = _add(parent, "text", x=x, y=y, **style)
    node.text = text
    return node


def _runs(picture: Snapshot, owner: int, columns: int) -> Iterator[str]:
    """One rectangle for each run of neighbouring cells in a row with the same owner."""
    cells = np.flatnonzero(picture.owners == owner).tolist()
    for _, group in groupby(enumerate(cells), key=lambda pair: (pair[1] - pair[0], pair[1] // columns)):
        run = [cell for _, cell in group]
        row, column = divmod(run[0], columns)
        yield f"M{column * CELL} {row * CELL}h{len(run) * CELL}v{CELL}h-{len(run) * CELL}z"


def _lines(columns: int, rows: int) -> str:
    """The lines between cells."""
    across = "".join(f"M0 {row * CELL - 0.5:g}h{columns * CELL}" for row in range(1, rows + 1))
    return across + "".join(f"M{column * CELL - 0.5:g} 0v{rows * CELL}" for column in range(1, columns + 1))


def _dots(addresses: Iterable[int], columns: int) -> Iterator[str]:
    inset = (CELL - 1 - HEAD) // 2
    for address in addresses:
        row, column = divmod(int(address), columns)
        yield f"M{column * CELL + inset} {row * CELL + inset}h{HEAD}v{HEAD}h-{HEAD}z"


def _darker(colour: str) -> str:
    return "#" + "".join(f"{int(colour[at : at + 2], 16) * 45 // 100:02x}" for at in (1, 3, 5))
