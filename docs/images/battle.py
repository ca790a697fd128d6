"""Makes ``battle.gif``, the moving picture of the front page: python docs/images/battle.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.colors import to_rgb
from PIL import Image

import redcode
from redcode.machine.events import Event, Executed, Wrote
from redcode.machine.reference import Machine
from redcode.pictures.palette import DARK, EMPTY_DARK

WARRIORS, STARTS = ("paper", "vampire"), (0, 4000)
FRAMES, CYCLES_PER_FRAME, COLUMNS, CELL = 72, 60, 100, 4
GLOW = 3
"""Frames in which an executed cell is brighter."""

rules = redcode.ICWS94
colours = np.array([to_rgb(EMPTY_DARK), *(to_rgb(colour) for colour in DARK)])
owner = np.zeros(rules.core_size, dtype=int)
heat = np.zeros(rules.core_size)
warriors = [redcode.builtin(name) for name in WARRIORS]
for index, (warrior, start) in enumerate(zip(warriors, STARTS, strict=True)):
    owner[start : start + len(warrior)] = index + 1


def note(event: Event) -> None:
    """Remember who wrote a cell and which cells were executed."""
    if isinstance(event, Wrote):
        owner[event.address] = event.warrior + 1
    elif isinstance(event, Executed):
        heat[event.address] = 1.0


def picture() -> Image.Image:
    """The core now: last writers, executed cells towards white."""
    cells = colours[owner] + (1 - colours[owner]) * heat[:, None] * 0.75
    grid = (cells.reshape(-1, COLUMNS, 3) * 255).astype(np.uint8)
    big = np.kron(grid, np.ones((CELL, CELL, 1), dtype=np.uint8))
    big[::CELL], big[:, ::CELL] = 0, 0
    return Image.fromarray(big).quantize(48, dither=Image.Dither.NONE)


machine = Machine(rules, warriors, STARTS, watch=note)
frames = []
for _ in range(FRAMES):
    for _ in range(CYCLES_PER_FRAME):
        machine.play_cycle()
    frames.append(picture())
    heat *= 1 - 1 / GLOW
first, *rest = frames
first.save(
    Path(__file__).with_suffix(".gif"), save_all=True, append_images=rest, duration=[80] * len(rest) + [2000], loop=0
)
