"""Runs that exchange champions: each can be cut off, and goes on from its own record."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from drq.candidate import Kind
from drq.cli.configure import configure
from drq.run.islands import Islands
from drq.run.observer import Observer
from drq.store.comparison import comparable_rows
from drq.store.reader import reading
from redcode import NANO, assemble
from tests.drq.runs import DWARF, IMP

DRQ = "from drq.cli.main import main; main()"
COMMAND = ("experiment=population", "rules=nano", "minutes=null", "rounds=12", "iterations=60", "archive.size=20")


def begin(folder: Path, seed: int) -> subprocess.Popen[bytes]:
    settings = (*COMMAND, "threads=1", f"seed={seed}", f"islands={folder / 'islands'}", f"run_dir={folder / str(seed)}")
    return subprocess.Popen([sys.executable, "-c", DRQ, "evolve", *settings], stdout=subprocess.DEVNULL)


def test_two_processes_exchange_champions_and_one_that_is_killed_goes_on(tmp_path: Path) -> None:
    processes = [begin(tmp_path, seed) for seed in (0, 1)]
    deadline = time.monotonic() + 300
    while not list((tmp_path / "islands").glob("0_*.red")):
        assert processes[0].poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    processes[0].send_signal(signal.SIGKILL)
    processes[0].wait()
    assert processes[1].wait(300) == 0
    assert begin(tmp_path, 0).wait(300) == 0
    assert [path.name[:2] for path in sorted((tmp_path / "islands").iterdir())] == ["0_", "1_"]
    with reading(tmp_path / "0") as run:
        arrived = run.arrivals()
        rows = [run.candidate(id) for id in range(1, run.last_id() + 1)]
        champions = [row for row in rows if row.id in run.champions().values()]
    texts = {text for texts in arrived.values() for text in texts}
    assert texts and texts <= {row.source for row in rows if row.kind is Kind.SEED}
    assert not {assemble(text, NANO).digest for text in texts} & {row.digest for row in champions}
    assert next((tmp_path / "islands").glob("0_*.red")).read_text() == champions[-1].source
    shutil.rmtree(tmp_path / "islands")
    again = configure(["operator=replay", f"operator.run={tmp_path / '0'}", f"run_dir={tmp_path / 'again'}"])
    again.execute(lambda operator: Observer())
    one, two = comparable_rows(tmp_path / "0"), comparable_rows(tmp_path / "again")
    assert one.pop("runs") != two.pop("runs")  # one is a replay of the other
    assert one == two


def test_what_is_no_warrior_under_the_rules_does_not_arrive(tmp_path: Path) -> None:
    own, other = (Islands(tmp_path, tmp_path / parent / "seed_0") for parent in ("own", "other"))
    own.send(IMP)
    assert own.arrivals(NANO) == [] and other.arrivals(NANO) == [IMP]
    other.send(DWARF)
    other.send("MOV 0, 1, 2\n")
    assert own.arrivals(NANO) == []
    other.send(DWARF)
    (tmp_path / "a_folder.red").mkdir()
    (tmp_path / "gone.red").symlink_to("nowhere")
    (tmp_path / "huge.red").write_text(DWARF + ";" * 10_000_000)
    assert own.arrivals(NANO) == [DWARF]
