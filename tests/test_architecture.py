"""The arrows between the wings point one way, every wing lists its files, and every package is shipped."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("redcode", "drq")
DRAWS_ITSELF = {
    ("redcode.warrior", "redcode.pictures.drawing"),
    ("redcode.machine.result", "redcode.pictures.drawing"),
}
"""A value shows its picture in a notebook: the only arrows that run upward, and only when a notebook asks."""


def listed(package: str) -> list[str]:
    """The names at the beginning of a line in the docstring of a package, in their order."""
    text = (ROOT / package.replace(".", "/") / "__init__.py").read_text()
    return re.findall(r"^``(\w+)``", ast.get_docstring(ast.parse(text)) or "", re.MULTILINE)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path, names: set[str]) -> set[str]:
    """Our modules that a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    deepest = {name for name in found if name in names}
    return {name for name in deepest if not any(other.startswith(f"{name}.") for other in deepest)}


FILES = {name_of(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))}
IMPORTS = {name: imports_of(path, set(FILES)) for name, path in FILES.items()}
ARROWS = {(name, other) for name, others in IMPORTS.items() for other in others} - DRAWS_ITSELF
ORDER = {package: listed(package) for package in PACKAGES}
"""For each package its ground floor and wings, lowest first."""


def part_of(name: str) -> str:
    """The wing, or the file of the ground floor, that a module belongs to."""
    return name.split(".")[1]


def test_the_picture_of_the_wings_is_true() -> None:
    spec = importlib.util.spec_from_file_location("wings", ROOT / "docs/images/wings.py")
    assert spec and spec.loader
    wings = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(wings)
    drawn = (ROOT / "docs/images/wings.svg").read_text()
    assert drawn == wings.svg(ROOT), "the imports have changed: run python docs/images/wings.py"


def test_redcode_knows_nothing_of_drq() -> None:
    assert {arrow for arrow in ARROWS if arrow[0].startswith("redcode") and arrow[1].startswith("drq")} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_arrow_runs_upward(package: str) -> None:
    ranks = {part: rank for rank, part in enumerate(ORDER[package])}
    inside = {(a, b) for a, b in ARROWS if a.startswith(f"{package}.") and b.startswith(f"{package}.")}
    assert {arrow for arrow in inside if ranks[part_of(arrow[1])] > ranks[part_of(arrow[0])]} == set()
    assert {arrow for arrow in ARROWS if arrow[0].startswith(f"{package}.") and arrow[1] == package} == set()


def test_no_circle_of_files() -> None:
    graph: dict[str, set[str]] = {name: set() for name in FILES}
    for name, other in ARROWS:
        graph[name].add(other)
    assert len(list(TopologicalSorter(graph).static_order())) == len(FILES)


@pytest.mark.parametrize("wing", ["language", "machine", "pictures"])
def test_files_of_redcode_use_only_those_before(wing: str) -> None:
    package = f"redcode.{wing}"
    ranks = {f"{package}.{file}": rank for rank, file in enumerate(listed(package))}
    inside = {(a, b) for a, b in ARROWS if a in ranks and b.startswith(package)}
    assert {arrow for arrow in inside if ranks[arrow[1]] >= ranks[arrow[0]]} == set()


@pytest.mark.parametrize("package", sorted({name for name, path in FILES.items() if path.name == "__init__.py"}))
def test_packages_list_their_files(package: str) -> None:
    depth = package.count(".") + 1
    there = {name.split(".")[depth] for name in FILES if name.startswith(f"{package}.")}
    text = ast.get_docstring(ast.parse(FILES[package].read_text())) or ""
    assert there <= set(re.findall(r"``(?:\w+/)?(\w+)(?:\.py)?``", text))


def test_every_package_is_shipped() -> None:
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    there = {name_of(path) for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")}
    assert set(shipped) == there | {"drq.configs"}


def test_no_file_is_too_long_to_read() -> None:
    lengths = {name: path.read_text().count("\n") for name, path in FILES.items() if name != "redcode.machine.kernel"}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}
