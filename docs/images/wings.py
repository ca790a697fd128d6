"""Draws ``wings.svg``, the wings of both packages and their imports: python docs/images/wings.py."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[2]
PACKAGES = ("redcode", "drq")
GROUND = "ground floor"
WIDTH, HEIGHT, GAP_X, GAP_Y = 118, 30, 18, 46

Arrows = set[tuple[str, str]]
DRAWN_BY = {(GROUND, "pictures"), ("machine", "pictures")}
"""A warrior and a result draw themselves when a notebook asks: not shown."""


def arrows(root: Path, package: str) -> Arrows:
    """(wing, wing it imports), also inside functions; files beside the wings are the ground floor."""
    wings = {path.name for path in (root / package).iterdir() if (path / "__init__.py").is_file()}

    def part(module: str) -> str:
        name = module.split(".")[1] if "." in module else ""
        return name if name in wings else GROUND

    found = set()
    for path in (root / package).rglob("*.py"):
        if path == root / package / "__init__.py":
            continue
        here = part(".".join(path.relative_to(root).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text())):
            modules = []
            if isinstance(node, ast.ImportFrom) and node.module:
                modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            found |= {(here, part(module)) for module in modules if module.startswith(f"{package}.")}
    return {(a, b) for a, b in found if a != b} - DRAWN_BY


def below(part: str, found: Arrows, seen: frozenset[str] = frozenset()) -> set[str]:
    """All parts that ``part`` reaches."""
    direct = {b for a, b in found if a == part and b not in seen}
    return direct | {deeper for other in direct for deeper in below(other, found, seen | {part})}


def needed(found: Arrows) -> Arrows:
    """The arrows that no longer way implies."""
    return {(a, b) for a, b in found if not any(b in below(c, found) for x, c in found if x == a and c != b)}


def svg(root: Path = ROOT) -> str:
    """Both packages side by side; a wing stands above all that it imports."""
    shapes: list[str] = []
    left, tallest = 20, 0
    for package in PACKAGES:
        found = arrows(root, package)
        parts = sorted({part for arrow in found for part in arrow})
        ranks: dict[str, int] = {}
        while len(ranks) < len(parts):
            for part in parts:
                others = {b for a, b in found if a == part}
                if part not in ranks and others <= set(ranks):
                    ranks[part] = max((ranks[other] + 1 for other in others), default=0)
        rows = [[part for part in parts if ranks[part] == rank] for rank in range(max(ranks.values()) + 1)]
        widest = max(len(row) for row in rows)
        span = widest * (WIDTH + GAP_X) - GAP_X
        at = {}
        for rank, row in enumerate(rows):
            indent = (span - len(row) * (WIDTH + GAP_X) + GAP_X) / 2
            for place, part in enumerate(row):
                at[part] = left + indent + place * (WIDTH + GAP_X), 60 + (len(rows) - 1 - rank) * (HEIGHT + GAP_Y)
        shapes.append(f'<text x="{left + span / 2:g}" y="36" class="title">{package}</text>')
        for a, b in sorted(needed(found)):
            (x, y), (to_x, to_y) = at[a], at[b]
            shapes.append(
                f'<path d="M{x + WIDTH / 2:g} {y + HEIGHT:g} C{x + WIDTH / 2:g} {y + HEIGHT + GAP_Y / 2:g} '
                f'{to_x + WIDTH / 2:g} {to_y - GAP_Y / 2:g} {to_x + WIDTH / 2:g} {to_y:g}"/>'
            )
        for part, (x, y) in at.items():
            shapes.append(f'<rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>')
            shapes.append(f'<text x="{x + WIDTH / 2:g}" y="{y + 20:g}">{escape(part)}</text>')
        left += int(span) + 70
        tallest = max(tallest, len(rows))
    height = 60 + tallest * (HEIGHT + GAP_Y)
    style = (
        "text{font:13px system-ui,sans-serif;text-anchor:middle;fill:#14171c}.title{font-weight:600;font-size:16px}"
        "rect{fill:#f0f1f4;stroke:#5b6472}path{fill:none;stroke:#8a93a1;stroke-width:1.3}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left} {height}"><style>{style}</style>'
        f'<rect width="{left}" height="{height}" style="fill:#fff;stroke:none"/>\n' + "\n".join(shapes) + "\n</svg>\n"
    )


if __name__ == "__main__":
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    Path(__file__).with_suffix(".svg").write_text(svg(root))
