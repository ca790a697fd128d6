"""What ``import redcode`` promises: every public name, and that nothing heavy is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

import redcode


def printed_by(script: str) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout


def test_every_public_name_is_there() -> None:
    script = "import redcode; print(*(getattr(redcode, name).__class__.__name__ for name in redcode.__all__))"
    assert len(printed_by(script).split()) == len(redcode.__all__)
    homes = [name for names in redcode._HOMES.values() for name in names]
    assert sorted([*homes, "reference"]) == sorted(redcode.__all__)
    assert set(redcode.__all__) <= set(dir(redcode))


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="module 'redcode' has no attribute 'assemblr'"):
        redcode.assemblr  # noqa: B018


def test_the_reference_comes_without_the_compiler() -> None:
    script = "import redcode, sys; print(redcode.reference.Machine.__name__, 'numba' in sys.modules)"
    assert printed_by(script) == "Machine False\n"


@pytest.mark.parametrize("module", ["redcode.commands.cli", "drq.cli.main"])
def test_commands_start_at_once(module: str) -> None:
    """Ctrl-C is answered quietly once the command runs, so little may be imported before."""
    assert printed_by(f"import {module}, sys; print('numpy' in sys.modules)") == "False\n"
