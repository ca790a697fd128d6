import re
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest

from redcode import ICWS94, NANO, Warrior, assemble, fight
from redcode.pictures import palette
from redcode.pictures.drawing import core_svg, result_svg, warrior_svg
from redcode.pictures.snapshot import snapshot

SVG = "{http://www.w3.org/2000/svg}"
IMP = assemble(";name Imp\n;author Dewdney\nmov 0, 1", NANO)
DAT = assemble(";name Dat\ndat 0, 0", NANO)
HOSTILE = Warrior(IMP.code, name="</text><script>alert(1)</script>\x00\x1b" + "x" * 10**6, author="a&b<c>\ud800\ufffe")


def texts(svg):
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def area(path):
    """Cells that a path of rectangles covers."""
    return sum(int(width) * int(height) for width, height in re.findall(r"h(\d+)v(\d+)h-", path)) / 64


def test_the_core_shows_each_owners_cells_and_the_processes():
    picture = snapshot([IMP, DAT], NANO, [0, 40], cycle=4, stop="all")
    svg = core_svg(picture)
    paths = [path for path in ElementTree.fromstring(svg).iter(f"{SVG}path") if path.get("fill")]
    covered = {path.get("fill"): area(path.get("d")) for path in paths[:3]}
    assert covered == {palette.EMPTY_LIGHT: 74, palette.LIGHT[0]: 5, palette.LIGHT[1]: 1}
    assert [path.get("d").count("M") for path in paths[3:]] == [1, 0]
    assert texts(svg) == [
        "Imp: 1 process, last writer of 6.2% of the core",
        "Dat: dead, last writer of 1.2% of the core",
        "Core of 80 cells after 4 cycles",
    ]


def test_a_stretch_over_the_end_of_a_row_is_two_rectangles():
    svg = core_svg(snapshot([IMP], NANO, [8], cycle=3, stop="all"))
    path = next(path for path in ElementTree.fromstring(svg).iter(f"{SVG}path") if path.get("fill") == palette.LIGHT[0])
    assert path.get("d") == "M64 0h16v8h-16zM0 8h16v8h-16z"


def test_a_full_core_is_a_small_picture():
    source = "spl 0, 0\nmov 0, }0\n"
    picture = snapshot([assemble(source)] * 2, ICWS94, [0, 4000], cycle=5000)
    assert len(core_svg(picture)) < 300_000


def test_a_listing_marks_the_start_and_is_bounded():
    long = assemble("org 2\n" + "nop 0, 0\n" * 90, ICWS94)
    svg = warrior_svg(long)
    lines = texts(svg)
    assert lines[1:4] == ["0", "NOP.F", "$0, $0"]
    assert lines[-1] == "… 50 more"
    arrow = next(ElementTree.fromstring(svg).iter(f"{SVG}path")).get("d")
    rows = [node.get("y") for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert arrow.startswith(f"M14 {int(rows[1 + 3 * 2]) - 10}")


def test_a_result_has_a_bar_a_warrior():
    result = fight([IMP, DAT], NANO, battles=10)
    svg = result_svg(result)
    bars = [float(bar.get("width")) for bar in ElementTree.fromstring(svg).iter(f"{SVG}rect")][1:]
    assert bars == [360, 360, 0, 360, 0, 0]
    assert texts(svg) == ["10 rounds", "won, tied (lighter)", "fitness", "Warrior 0", "2.00", "Warrior 1", "0.00"]


@pytest.mark.parametrize("draw", [warrior_svg, lambda warrior: core_svg(snapshot([warrior], NANO, [0], cycle=1))])
def test_a_hostile_name_is_text(draw):
    svg = draw(HOSTILE)
    assert len(svg) < 10_000
    assert [node.tag for node in ElementTree.fromstring(svg).iter() if "script" in node.tag] == []
    assert any("</text><script>" in text for text in texts(svg))


def test_warriors_and_results_show_themselves_in_notebooks():
    assert IMP._repr_svg_() == warrior_svg(IMP)
    result = fight([IMP, DAT], NANO)
    assert result._repr_svg_() == result_svg(result)


# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
VISION = {
    "full": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
# Ottosson 2020: linear RGB to cone responses to OKLab.
TO_CONES = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005]]  # fmt: skip
TO_LAB = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099],
          [0.0259040371, 0.7827717662, -0.808675766]]  # fmt: skip


def oklab(colour, vision):
    encoded = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISION[vision]) @ linear, 0, 1)
    return np.array(TO_LAB) @ np.cbrt(np.array(TO_CONES) @ seen)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("colours", [(*palette.LIGHT, palette.EMPTY_LIGHT), (*palette.DARK, palette.EMPTY_DARK)])
def test_colours_of_eight_warriors_stay_apart_for_every_eye(colours, vision):
    apart = [np.linalg.norm(oklab(a, vision) - oklab(b, vision)) for a, b in combinations(colours, 2)]
    assert min(apart) >= 0.1
