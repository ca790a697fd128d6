"""Runs from Python."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import drq
from drq.errors import ConfigError, StoreError
from drq.store.comparison import comparable_rows
from drq.store.reader import reading
from tests.drq.runs import IMP, execute, nano_config

DOCS = Path(__file__).parents[3] / "docs" / "python.md"


def test_the_page_of_the_docs_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for code in re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL):
        exec(code, names)
    run, shuffled = names["run"], names["shuffled"]
    assert [champion.candidate.round for champion in run.champions] == [0, 1]
    champion = run.champions[1]
    assert run.lineage(1)[-1] == champion
    assert {len(cell) for cell in run.archive(1)} == {2} and run.archive(2) == {}
    assert "<svg" in run._repr_html_() and f"{champion.fitness:.3f}" in run._repr_html_()
    assert {champion.candidate.operator for champion in shuffled.champions} == {"Shuffle"}
    with pytest.raises(ConfigError, match="expected a round with a champion, got 7"):
        run.lineage(7)


def test_a_run_is_the_same_from_python_and_inside_a_running_loop(tmp_path: Path) -> None:
    (tmp_path / "imp.red").write_text(IMP)
    config = nano_config(starter=(str(tmp_path / "imp.red"),))

    async def in_a_notebook() -> None:
        drq.evolve(config, tmp_path / "loop")

    asyncio.run(in_a_notebook())
    alone = drq.evolve(config, tmp_path / "alone")
    assert drq.evolve(config, tmp_path / "alone") == alone == drq.open(tmp_path / "alone")
    assert comparable_rows(tmp_path / "loop") == comparable_rows(tmp_path / "alone")


def test_a_notebook_s_stop_leaves_a_run_that_goes_on(tmp_path: Path) -> None:
    """An interrupt reaches the thread of the cell, while the run goes on in another."""
    script = (
        "import asyncio, signal, sys, drq, redcode\n"
        "async def cell():\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "    config = drq.RunConfig(rules=redcode.NANO, starter=('imp',), rounds=2, iterations=3000)\n"
        "    drq.evolve(config, sys.argv[1])\n"
        "asyncio.run(cell())\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "run")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not candidates(tmp_path / "run"):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert "KeyboardInterrupt" in errors
    with reading(tmp_path / "run") as run:
        assert [each.outcome for each in run.invocations()] == ["Interrupted"]


def candidates(directory: Path) -> int:
    try:
        with reading(directory) as run:
            return run.last_id()
    except StoreError:
        return 0


def test_a_directory_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="expected a run, found no"):
        drq.open(tmp_path)


def test_import_is_quick(tmp_path: Path) -> None:
    execute(nano_config(rounds=1), tmp_path / "run")
    code = "import sys, drq; print(sorted({'numpy', 'numba', 'rich', 'hydra', 'omegaconf'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path.cwd())
    assert done.stdout == "[]\n", done.stderr
    code = f"import sys, drq; drq.open({str(tmp_path / 'run')!r}).champions; print('hydra' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path.cwd())
    assert done.stdout == "False\n", done.stderr
