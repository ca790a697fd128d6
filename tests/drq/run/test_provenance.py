from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

import pytest

from drq.errors import OperatorError
from drq.files import replacing, write_atomically
from drq.run import provenance as module
from drq.run.observer import Inserted, Observer
from drq.run.provenance import code_digest, provenance
from drq.run.run import Run
from drq.store.comparison import comparable_rows
from tests.drq.runs import execute, nano_config, opponent


def test_software_parameters_and_machine_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    found = provenance({"seed": 3})
    assert found["parameters"] == {"seed": 3}
    assert found["software"]["numpy"] and found["environment"]["python"].startswith("3.")
    assert "sk-very-secret" not in json.dumps(found)


def test_the_commit_is_that_of_a_checkout_and_of_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "__file__", str(tmp_path / "provenance.py"))
    assert provenance({})["git_commit"] is None


def test_the_digest_is_that_of_every_file_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of a copy, laid out as a checkout and then as a wheel."""
    here = provenance({})["code_digest"]
    folders = {"redcode": tmp_path / "redcode", "drq": tmp_path / "drq", "drq.configs": tmp_path / "configs"}
    for package, folder in folders.items():
        shutil.copytree(str(resources.files(package)), folder)
    monkeypatch.setattr(module.resources, "files", folders.__getitem__)
    assert code_digest() == here
    shutil.move(folders["drq.configs"], folders["drq"] / "configs")
    folders["drq.configs"] = folders["drq"] / "configs"
    (folders["drq"] / "__pycache__").mkdir(exist_ok=True)
    (folders["drq"] / "__pycache__" / "compiled.pyc").touch()
    (folders["drq"] / ".run.py.swp").touch()
    assert code_digest() == here
    digests = {here}
    for changed in (
        "drq/run.py",
        "redcode/kernel.py",
        "drq/configs/config.yaml",
        "redcode/warriors/held_out/hydra.red",
    ):
        with (tmp_path / changed).open("ab") as file:
            file.write(b" ")
        digests.add(code_digest())
    (folders["drq"] / "run.py").rename(folders["drq"] / "walk.py")
    assert len(digests | {code_digest()}) == 6


class Breaking(Observer):
    """Ends the run after a few candidates."""

    def inserted(self, event: Inserted) -> None:
        if event.round == 1:
            raise OperatorError("broken")


def test_a_run_goes_on_under_other_code_and_both_are_on_record(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = nano_config()
    execute(config, tmp_path / "whole")
    broken = Run(config, tmp_path / "run", [opponent()])
    with pytest.raises(OperatorError, match="broken"):
        broken.execute(lambda operator: Breaking())
    first = code_digest()
    monkeypatch.setattr(module, "code_digest", lambda: "other")
    execute(config, tmp_path / "run")
    assert comparable_rows(tmp_path / "run") == comparable_rows(tmp_path / "whole")
    with closing(sqlite3.connect(tmp_path / "run" / "run.sqlite")) as db:
        (begun,), *went_on = db.execute("SELECT provenance FROM runs UNION ALL SELECT provenance FROM invocations")
    assert [json.loads(text)["code_digest"] for text in (begun, *(text for (text,) in went_on))] == [
        first,
        first,
        "other",
    ]


def test_a_file_is_old_or_new(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    with pytest.raises(RuntimeError), replacing(path) as file:
        file.write(b"half of the n")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new" and [p.name for p in tmp_path.iterdir()] == ["file"]
