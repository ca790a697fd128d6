"""The front page is short, and its Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_the_python_of_the_front_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    assert len(names["result"].survived) == 100  # type: ignore[attr-defined]
    assert (tmp_path / "runs/mine/run.sqlite").is_file()


def test_the_front_page_fits() -> None:
    assert README.count("\n") <= 130


def test_every_page_that_the_front_page_names_is_there() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (Path(__file__).parent.parent / link).exists(), link
