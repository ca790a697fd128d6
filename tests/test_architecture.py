"""The arrows between the files point one way, and every package is shipped."""

from __future__ import annotations

import ast
import re
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def files_listed(package: str) -> list[str]:
    """The names at the beginning of a line in the docstring of a package, in their order."""
    text = (ROOT / package.replace(".", "/") / "__init__.py").read_text()
    return re.findall(r"^``(\w+)``", ast.get_docstring(ast.parse(text)) or "", re.MULTILINE)


REDCODE_ORDER = files_listed("redcode")
"""Each file of redcode uses only those before it."""

MAY_NOT_IMPORT = {
    "redcode": ("drq",),
    "drq.store": ("drq.operators.llm", "drq.llm.", "drq.evolve", "drq.red_queen", "drq.analysis", "drq.plots"),
    "drq.operators": ("drq.evolve", "drq.red_queen", "drq.analysis", "drq.plots", "drq.main", "drq.commands"),
    "drq.llm": ("drq.evolve", "drq.red_queen", "drq.store", "drq.analysis", "drq.plots", "drq.commands"),
    "drq.evolve": ("drq.red_queen", "drq.tournament", "drq.analysis", "drq.plots", "drq.commands"),
    "drq.red_queen": ("drq.tournament", "drq.analysis", "drq.plots", "drq.commands"),
    "drq.analysis": ("drq.plots", "drq.commands", "drq.evolve", "drq.red_queen", "drq.operators."),
    "drq.plots": ("drq.store", "drq.commands", "drq.evolve", "drq.operators", "redcode.battle"),
}
"""Prefixes of what a package, or a file, must not import."""


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path, names: set[str]) -> set[str]:
    """Our modules that a file imports when it is itself imported, so not those inside functions."""
    tree = ast.parse(path.read_text())
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    deepest = {name for name in found if name in names}
    return {name for name in deepest if not any(other.startswith(f"{name}.") for other in deepest)}


FILES = {name_of(path): path for package in ("redcode", "drq") for path in sorted((ROOT / package).rglob("*.py"))}
IMPORTS = {name: imports_of(path, set(FILES)) for name, path in FILES.items()}


def test_imports_form_no_circle() -> None:
    order = list(TopologicalSorter(IMPORTS).static_order())
    assert len(order) >= len(FILES)


def test_redcode_keeps_its_order() -> None:
    ranks = {f"redcode.{name}": rank for rank, name in enumerate(REDCODE_ORDER)}
    files = {name for name in FILES if name.startswith("redcode.") and ".commands" not in name}
    assert files == set(ranks)
    backwards = {
        (name, other)
        for name in files
        for other in IMPORTS[name]
        if other == "redcode" or ".commands" in other or ranks.get(other, -1) >= ranks[name]
    }
    assert backwards == set()


@pytest.mark.parametrize("package", ["drq", "drq.analysis", "drq.llm", "drq.plots", "drq.report"])
def test_packages_list_their_files(package: str) -> None:
    depth = package.count(".") + 1
    there = {name.split(".")[depth] for name in FILES if name.startswith(f"{package}.")}
    assert sorted(files_listed(package)) == sorted(there)


@pytest.mark.parametrize("place", MAY_NOT_IMPORT)
def test_arrows_point_one_way(place: str) -> None:
    forbidden = [
        (name, other)
        for name, others in IMPORTS.items()
        if name == place or name.startswith(f"{place}.")
        for other in others
        if other.startswith(MAY_NOT_IMPORT[place])
    ]
    assert forbidden == []


def test_every_package_is_shipped() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    there = {name_of(path) for package in ("redcode", "drq") for path in (ROOT / package).rglob("__init__.py")}
    assert set(listed) == there | {"drq.configs"}


def test_no_file_is_too_long_to_read() -> None:
    lengths = {name: path.read_text().count("\n") for name, path in FILES.items() if name != "redcode.kernel"}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}
