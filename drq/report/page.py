"""The page: what the run's file says and what its champions' battles show, as data for the scripts beside this file."""

from __future__ import annotations

import html
import time
from pathlib import Path
from string import Template
from typing import Any

from drq.config import RunConfig
from drq.objective import Counted
from drq.opponents.held_out import shortage
from drq.report import records
from drq.report.candidates import candidates, lineages, warrior_of
from drq.report.champion_duels import ChampionDuels, recorded_cycles
from drq.store.lock import is_held
from drq.store.reader import RunReader, reading
from redcode import Warrior
from redcode.pictures.page import VIEWER_SCRIPTS, VIEWER_STYLES, asset, build_page, viewer_assets
from redcode.text import printable

IN_MATRIX = 40
"""Starters and champions that fight each other, at most: the last ones."""
ARCHIVES = 40
"""Rounds whose archives are shown, at most: the last ones."""
STYLES = ("report.css",)
SCRIPTS = ("charts.js", "candidate.js", "report.js")


def read_config(directory: Path) -> RunConfig:
    """The configuration that the run in ``directory`` began with; raises StoreError where there is no run."""
    with reading(directory) as run:
        return run.run_config()


def report_page(directory: Path, duels: ChampionDuels) -> str:
    """The report of the run in ``directory`` as it is at this moment; raises StoreError."""
    going = is_held(directory)
    with reading(directory) as record:
        run = _run(record, duels)
    name = "/".join(directory.resolve().parts[-2:])
    run |= {"name": printable(name, 200), "made": time.time(), "going": going}
    body = Template(asset("drq", "report/report.html")).substitute(title=html.escape(run["name"]))
    style = viewer_assets(VIEWER_STYLES) + "\n" + _assets(STYLES)
    script = viewer_assets(VIEWER_SCRIPTS) + "\n" + _assets(SCRIPTS)
    return build_page(f"{run['name']}: Digital Red Queen", body, style, script, {"run": run})


def _assets(names: tuple[str, ...]) -> str:
    return "\n".join(asset("drq", f"report/{name}") for name in names)


def _run(run: RunReader, duels: ChampionDuels) -> dict[str, Any]:
    config = run.run_config()
    rounds = records.rounds(run)
    for entry in rounds[:-ARCHIVES]:
        entry["cells"] = {}
    champions = {entry["round"]: entry["champion"] for entry in rounds if entry["champion"] is not None}
    chains = lineages(run, champions.values())
    shown = {*champions.values(), *(id for entry in rounds for id in entry["cells"].values())}
    even = 1 if config.objective.counted is Counted.SHARE else None
    software = {key: value for key, value in run.provenance().items() if key != "parameters"}
    return {
        "settings": list(records.flattened(run.config())),
        "provenance": list(records.flattened(software)),
        "planned": {
            "rounds": None if config.minutes is not None else config.rounds,
            "proposals": config.initial + config.iterations,
        },
        "objective": {"unit": config.objective.unit, "name": config.objective.name, "even": even},
        "population": config.archive.size,
        "branch": config.branch,
        "coreSize": config.rules.core_size,
        "axes": [{"name": name, "bins": list(config.archive.bins[name])} for name in config.archive.axes],
        "invocations": records.invocations(run),
        "totals": records.totals(run),
        "rounds": rounds,
        "lineages": chains,
        "candidates": candidates(run, shown, chains, config.rules),
        "operators": records.operators(run),
        "models": records.models(run),
        "failures": records.failures(run),
        **_duels(run, champions, config, duels),
    }


def _duels(run: RunReader, champions: dict[int, int], config: RunConfig, duels: ChampionDuels) -> dict[str, Any]:
    """Held-out scores of the starters and champions, and all of these against each other."""
    met, starters = run.met(), run.starters()
    entries: list[tuple[dict[str, Any], Warrior]] = [
        ({"label": printable(starter.name, 20), "id": None, "length": len(warrior)}, warrior)
        for starter in starters
        if (warrior := warrior_of(starter.source, config.rules))
    ]
    for round, id in champions.items():
        if warrior := warrior_of(run.candidate(id).source, config.rules):
            entries.append(({"label": f"round {round}", "id": id}, warrior))
    scores = duels.scores([warrior for _, warrior in entries])
    scored = list(zip([entry for entry, _ in entries], scores, strict=True))
    entries = entries[-IN_MATRIX:]
    warriors = [warrior for _, warrior in entries]
    cycles = recorded_cycles(min(IN_MATRIX, len(starters) + config.rounds), config.rules)
    return {
        "starters": [{**entry, "score": score} for entry, score in scored if entry["id"] is None],
        "heldOut": {entry["id"]: score for entry, score in scored if score and entry["id"] is not None},
        "heldOutOpponents": {
            "names": [printable(opponent.name) for opponent in duels.opponents],
            "shortage": shortage(duels.opponents, config.rules),
            "battles": duels.conditions.placements,
            "met": [printable(opponent.name) for opponent in duels.opponents if opponent.digest in met],
        },
        "duels": {
            "warriors": [entry for entry, _ in entries],
            "battles": duels.conditions.placements,
            "matrix": duels.matrix(warriors),
            "recordedCycles": None if cycles == config.rules.max_cycles else cycles,
            "recordings": duels.recordings(warriors, cycles),
        },
    }
