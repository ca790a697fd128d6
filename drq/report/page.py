"""The page: the run's records, the people in it and their contests, as data for the scripts beside this file."""

from __future__ import annotations

import html
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from string import Template
from typing import Any

from drq.config import RunConfig
from drq.opponents.held_out import HELD_OUT_BATTLES, shortage
from drq.plain import from_mapping
from drq.report import records
from drq.report.contests import DUEL_BATTLES, Contests, recorded_cycles
from drq.report.people import lineages, people, warrior_of
from drq.store import RunStore
from drq.store.database import RUN_FILE, errors_of, open_for_reading
from drq.store.lock import is_held
from redcode import Warrior
from redcode.pictures.page import VIEWER_SCRIPTS, VIEWER_STYLES, asset, build_page, viewer_assets
from redcode.text import printable

CONTESTANTS = 40
"""Starters and champions that fight each other, at most: the last ones."""
STYLES = ("report.css",)
SCRIPTS = ("charts.js", "people.js", "report.js")


def read_config(directory: Path) -> RunConfig:
    """The configuration that the run in ``directory`` began with; raises StoreError where there is no run."""
    with closing(RunStore.open(directory)) as store, errors_of(store.path):
        return from_mapping(RunConfig, store.config())


def report_page(directory: Path, contests: Contests) -> str:
    """The report of the run in ``directory`` as it is at this moment; raises StoreError."""
    going = is_held(directory)
    path = directory / RUN_FILE
    with closing(open_for_reading(path)) as db, errors_of(path):
        db.execute("BEGIN")  # everything is read from one state of a file that may be growing
        run = _run(db, contests)
    name = "/".join(directory.resolve().parts[-2:])
    run |= {"name": printable(name, 200), "made": time.time(), "going": going}
    body = Template(asset("drq", "report/report.html")).substitute(title=html.escape(run["name"]))
    style = viewer_assets(VIEWER_STYLES) + "\n" + _assets(STYLES)
    script = viewer_assets(VIEWER_SCRIPTS) + "\n" + _assets(SCRIPTS)
    return build_page(f"{run['name']}: Digital Red Queen", body, style, script, {"run": run})


def _assets(names: tuple[str, ...]) -> str:
    return "\n".join(asset("drq", f"report/{name}") for name in names)


def _run(db: sqlite3.Connection, contests: Contests) -> dict[str, Any]:
    text, provenance = db.execute("SELECT config, provenance FROM runs").fetchone()
    settings = json.loads(text)
    config = from_mapping(RunConfig, settings)
    rounds = records.rounds(db)
    champions = {entry["round"]: entry["champion"] for entry in rounds if entry["champion"] is not None}
    chains = lineages(db, champions.values())
    elites = {id for entry in rounds for id in entry["cells"].values()}
    shown = {*champions.values(), *elites}
    software = {key: value for key, value in json.loads(provenance).items() if key != "parameters"}
    return {
        "settings": list(records.flattened(settings)),
        "provenance": list(records.flattened(software)),
        "planned": {"rounds": config.rounds, "proposals": config.initial + config.iterations},
        "coreSize": config.rules.core_size,
        "axes": [{"name": name, "bins": list(config.archive.bins[name])} for name in config.archive.axes],
        "invocations": records.invocations(db),
        "totals": records.totals(db),
        "rounds": rounds,
        "lineages": chains,
        "people": people(db, shown, {id for chain in chains.values() for id in chain}, config.rules),
        "operators": records.operators(db),
        "models": records.models(db),
        "failures": records.failures(db),
        **_contests(db, champions, config, contests),
    }


def _contests(
    db: sqlite3.Connection, champions: dict[int, int], config: RunConfig, contests: Contests
) -> dict[str, Any]:
    """Held-out scores of the champions, and the starters and champions against each other."""
    fought = {digest for (digest,) in db.execute("SELECT digest FROM starters UNION SELECT digest FROM opponents")}
    starters = db.execute("SELECT name, source FROM starters ORDER BY position").fetchall()
    entries: list[tuple[dict[str, Any], Warrior]] = [
        ({"label": printable(name, 20), "id": None}, warrior)
        for name, source in starters
        if (warrior := warrior_of(source, config.rules))
    ]
    for round, id in champions.items():
        source = db.execute("SELECT source FROM candidates WHERE id = ?", (id,)).fetchone()[0]
        if warrior := warrior_of(source, config.rules):
            entries.append(({"label": f"round {round}", "id": id}, warrior))
    scored = [(entry["id"], warrior) for entry, warrior in entries if entry["id"] is not None]
    scores = contests.scores([warrior for _, warrior in scored])
    entries = entries[-CONTESTANTS:]
    warriors = [warrior for _, warrior in entries]
    cycles = recorded_cycles(min(CONTESTANTS, len(starters) + config.rounds), config.rules)
    return {
        "heldOut": {id: score for (id, _), score in zip(scored, scores, strict=True) if score},
        "judges": {
            "names": [printable(judge.name) for judge in contests.judges],
            "shortage": shortage(contests.judges),
            "battles": HELD_OUT_BATTLES,
            "met": [printable(judge.name) for judge in contests.judges if judge.digest in fought],
        },
        "contestants": [entry for entry, _ in entries],
        "duelBattles": DUEL_BATTLES,
        "matrix": contests.matrix(warriors),
        "recordedCycles": None if cycles == config.rules.max_cycles else cycles,
        "battles": contests.recordings(warriors, cycles),
    }
