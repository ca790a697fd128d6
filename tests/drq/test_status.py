from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from drq.commands.status import command
from drq.config import RunConfig
from drq.errors import OperatorError
from drq.observer import Observer, Placed
from drq.run import Run
from drq.status import statuses
from drq.store import RunStore
from drq.typed import to_plain
from tests.drq.runs import execute, nano_config, opponent


class StopInRoundOne(Observer):
    def placed(self, event: Placed) -> None:
        if event.round == 1:
            raise OperatorError("enough")


def test_each_run_says_how_far_it_has_come(tmp_path: Path) -> None:
    execute(nano_config(), tmp_path / "a")
    with pytest.raises(OperatorError):
        Run(nano_config(), tmp_path / "b" / "c", [opponent()]).execute(lambda operator: StopInRoundOne())
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "run.sqlite").write_bytes(b"no database" * 100)
    running = RunStore.open_or_create(tmp_path / "e", to_plain(RunConfig()), {}, [])
    with closing(running):
        found = {status.directory.name: status for status in statuses(tmp_path)}
    assert list(found) == ["a", "c", "d", "e"]
    assert [found[name].state for name in "ace"] == ["finished", "stopped", "running"]
    assert "no SQLite database" in found["d"].state
    assert (found["a"].rounds, found["a"].of_rounds, found["a"].candidates) == (2, 2, 24)
    assert (found["c"].rounds, found["c"].candidates) == (1, 12)
    assert found["a"].champion is not None and found["e"].champion is None


def test_the_command_shows_a_row_a_run(tmp_path: Path) -> None:
    execute(nano_config(), tmp_path / "a")
    shown = CliRunner().invoke(command, [str(tmp_path)], catch_exceptions=False).output
    assert "finished" in shown and "2/2" in shown
    (tmp_path / "empty").mkdir()
    assert "no runs in" in CliRunner().invoke(command, [str(tmp_path / "empty")]).output
    assert CliRunner().invoke(command, [str(tmp_path / "absent")]).exit_code == 2
