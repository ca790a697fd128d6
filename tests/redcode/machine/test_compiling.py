"""Compiled code on disk: damaged files, no room and no folder cost time, and no battle."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import redcode

SCRIPT = """
from redcode.machine.compiling import compiled

@compiled
def double(number):
    return number + number

@compiled
def fourfold(number):
    return double(double(number))

print(fourfold(3), fourfold.stats.cache_hits)
"""
FIGHT = """
import redcode
imp = redcode.builtin('imp', redcode.NANO)
print(redcode.fight([imp, imp], redcode.NANO, measures=False).ties)
print(redcode.__file__)
"""
COMPILED, LOADED = ("12 Counter()\n", "12 Counter({(int64,): 1})\n")


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file for all tests, because the cache of compiled code names its path and its time."""
    script = tmp_path_factory.mktemp("code") / "script.py"
    script.write_text(SCRIPT)
    return script


@pytest.fixture(scope="module")
def kept(script: Path) -> Path:
    """The folder of its compiled code."""
    folder = script.parent / "cache"
    assert run(script, folder) == (COMPILED, [])
    return folder


def run(script: Path, cache: Path, limit: Callable[[], None] | None = None) -> tuple[str, list[str]]:
    """What a fresh process prints, and its lines on stderr."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(Path(redcode.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=True, preexec_fn=limit
    )
    return done.stdout, done.stderr.splitlines()


def damage(folder: Path, pattern: str, size: int) -> None:
    files = list(folder.rglob(pattern))
    assert len(files) == 2
    for file in files:
        os.truncate(file, size)


@pytest.mark.parametrize(("pattern", "size"), [("*.nbi", 0), ("*.nbi", 40), ("*.nbc", 0), ("*.nbc", 500)])
def test_damaged_files_are_written_anew(script: Path, kept: Path, tmp_path: Path, pattern: str, size: int) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(kept, cache)
    damage(cache, pattern, size)
    printed, errors = run(script, cache)
    assert printed == COMPILED
    assert [line.startswith("redcode: expected compiled code in ") for line in errors] == [True]
    assert run(script, cache) == (LOADED, [])


def test_a_full_disk_costs_time_only(script: Path, tmp_path: Path) -> None:
    printed, errors = run(script, tmp_path / "cache", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
    assert printed == COMPILED
    assert [line.startswith("redcode: cannot keep compiled code in ") for line in errors] == [True]


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="compiles nothing")
def test_a_read_only_install_without_a_home_fights(tmp_path: Path) -> None:
    install = tmp_path / "install"
    shutil.copytree(Path(redcode.__file__).parent, install / "redcode", ignore=shutil.ignore_patterns("__pycache__"))
    mount = ["unshare", "--mount", "sh", "-c", f'mount --bind -o ro {install} {install} && exec "$@"', "sh"]
    if shutil.which("unshare") is None or subprocess.run([*mount, "true"], capture_output=True, check=False).returncode:
        pytest.skip("expected a system that lets us mount a folder read-only")
    environment = {
        "HOME": "/proc/nowhere",
        "PYTHONPATH": f"{install}:{':'.join(sys.path[1:])}",
        "PATH": os.environ["PATH"],
    }
    command = [*mount, sys.executable, "-c", FIGHT]
    done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"[1 1]\n{install}/redcode/__init__.py\n", "")
