from __future__ import annotations

import json
from pathlib import Path

import pytest

from drq import provenance as module
from drq.files import replacing, write_atomically
from drq.provenance import provenance


def test_software_parameters_and_machine_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    found = provenance({"seed": 3})
    assert found["parameters"] == {"seed": 3}
    assert found["software"]["numpy"] and found["environment"]["python"].startswith("3.")
    assert "sk-very-secret" not in json.dumps(found)


def test_the_commit_is_that_of_a_checkout_and_of_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "__file__", str(tmp_path / "provenance.py"))
    assert provenance({})["git_commit"] is None


def test_a_file_is_old_or_new(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    with pytest.raises(RuntimeError), replacing(path) as file:
        file.write(b"half of the n")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new" and [p.name for p in tmp_path.iterdir()] == ["file"]
