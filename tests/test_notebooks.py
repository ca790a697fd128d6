"""The notebooks: short, executed, with their pictures; run again here as they are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 15


def pictures(notebook: nbformat.NotebookNode) -> int:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum(kind.startswith("image/") for output in outputs for kind in output.get("data", {}))


def test_there_are_five() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_short_and_comes_with_its_pictures(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    assert len(notebook.cells) <= 15
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(len(cell.source.splitlines()) <= LONGEST_CELL and "def " not in cell.source for cell in code)
    assert all(cell.execution_count for cell in code) and pictures(notebook) >= 2
    assert "/tmp/" not in path.read_text() and "/home/" not in path.read_text()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path) -> None:
    notebook = nbformat.read(path, 4)
    shown = pictures(notebook)
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    assert pictures(notebook) == shown
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]


def test_a_notebook_runs_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A checkout that is mounted read-only, and no home: the one that reads a recorded run, measures and draws."""
    install = tmp_path / "install"
    for folder in ("redcode", "drq", "configs", "notebooks", "tests/data/study"):
        shutil.copytree(ROOT / folder, install / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (install / "drq" / "configs").symlink_to("../configs")
    mount = ["unshare", "--mount", "sh", "-c", f'mount --bind -o ro {install} {install} && exec "$@"', "sh"]
    if shutil.which("unshare") is None or subprocess.run([*mount, "true"], capture_output=True, check=False).returncode:
        pytest.skip("expected a system that lets us mount a folder read-only")
    code = (
        "import sys, nbformat, drq; from nbclient import NotebookClient; print(drq.__file__);"
        "place = {'metadata': {'path': sys.argv[1]}};"
        "book = nbformat.read(sys.argv[1] + '/' + sys.argv[2], 4);"
        "NotebookClient(book, timeout=300, kernel_name='python3', resources=place).execute()"
    )
    done = subprocess.run(
        [*mount, sys.executable, "-c", code, str(install / "notebooks"), NOTEBOOKS[1].name],
        env={"HOME": "/proc/nowhere", "PYTHONPATH": str(install), "PATH": os.environ["PATH"]},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{install}/drq/__init__.py\n"
