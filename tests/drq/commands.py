"""Run ``drq`` in this process, as its entry point does: quick, for commands that start no threads of their own."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pytest

from drq.cli.main import main


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str


def drq(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: object) -> Done:
    """Exit status and streams of ``drq ARGUMENTS``."""
    monkeypatch.setattr(sys, "argv", ["drq", *map(str, arguments)])
    capsys.readouterr()
    status = 0
    try:
        main()
    except SystemExit as leave:
        status = int(leave.code or 0)
    out, err = capsys.readouterr()
    return Done(status, out, err)
