"""What the study ships: ``python -m tests.model_study.pack FOLDER DATA``.

Writes children.csv.xz, champions.csv, replies.tar.xz and runs.tar.xz into DATA, from what the other commands have left
in FOLDER. The record of a run is packed without what only a run under way needs.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from tests.model_study.arms import ARMS, ASKING, GENETIC

KEYS = ("family", "round", "place", "child")
"""What a child is known by, beside its arm."""


def flagged(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with ``better``, and no for what was not asked of a child that could not fight."""
    table = table.copy()
    for flag in ("survived", "new_cell", "copies_parent", "copies_example", "copies_known"):
        table[flag] = table[flag].eq(True) if flag in table else False
    for number in ("fitness", "length", "edits", "held_out_gain"):
        table[number] = pd.to_numeric(table[number]) if number in table else float("nan")
    table["better"] = table["fitness"] > table["parent_fitness"]
    return table


def children(folder: Path) -> pd.DataFrame:
    """All arms in one table, judged before fitness is rounded."""
    files = {arm: folder / "children" / f"{arm}.csv" for arm in ARMS}
    tables = [pd.read_csv(file).assign(arm=arm) for arm, file in files.items()]
    return flagged(pd.concat(tables, ignore_index=True))


def flat(file: Path, to: Path) -> None:
    """A copy of a database as one file, with what its log still holds."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(file) as db:
        db.execute("VACUUM INTO ?", (str(to),))
    db.close()


def packed(files: dict[str, Path], archive: Path) -> None:
    """Databases as a compressed archive that is the same whenever it is made of the same."""
    with TemporaryDirectory() as place, tarfile.open(archive, "w:xz", preset=9) as tar:
        for name, file in sorted(files.items()):
            flat(file, Path(place) / name)
            info = tar.gettarinfo(str(Path(place) / name), name)
            info.mtime, info.uid, info.gid, info.uname, info.gname = 0, 0, 0, "", ""
            with (Path(place) / name).open("rb") as content:
                tar.addfile(info, content)


def main(folder: Path, data: Path) -> None:
    """Write all."""
    children(folder).to_csv(data / "children.csv.xz", index=False, float_format="%.6g")
    shutil.copy(folder / "champions.csv", data)
    packed(
        {f"{arm}.sqlite": folder / "replies" / f"{arm}.sqlite" for arm in ARMS if arm not in GENETIC},
        data / "replies.tar.xz",
    )
    runs = {
        path.parent.relative_to(folder / "runs"): path
        for arm in ASKING
        for path in (folder / "runs" / arm).glob("*/run.sqlite")
    }
    packed({f"{name}/run.sqlite": path for name, path in runs.items()}, data / "runs.tar.xz")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
