"""A data set: any number of runs, and what was measured of their champions, as Parquet tables with a data card.

Nothing that the clock or the machine decides is in it, so runs that are made again give the same bytes (with one
version of pyarrow).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet

from drq.analysis.activity import activity_table
from drq.analysis.cycles import matrix_table
from drq.analysis.dataset_tables import RECORDED, RUN, STUDIED
from drq.analysis.phylogeny import phylogeny_table
from drq.analysis.study import Study
from drq.config import RunConfig, is_free
from drq.files import replacing, write_atomically
from drq.plain import to_plain
from drq.store.reader import reading
from redcode.text import plural

CARD = "README.md"
LICENCE = (
    "Apache-2.0, as the software that made it. Starters that are not built in keep the licence of their authors; of "
    "the warriors measured against, the data set holds names and digests only."
)
Columns = Mapping[str, tuple[str, str]]


def write_dataset(study: Study, folder: Path) -> list[Path]:
    """Write the tables of ``study`` and of its runs' files into ``folder``; returns the files.

    An earlier data set there is replaced. Raises StoreError for a run that cannot be read, OSError where ``folder``
    cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    for name, table in _studied(study).items():
        rows[name] = _write(folder / f"{name}.parquet", STUDIED[name], [table])
    for name, columns in RECORDED.items():
        rows[name] = _write(folder / f"{name}.parquet", {**RUN, **columns}, _recorded(study, name, list(columns)))
    files = [folder / f"{name}.parquet" for name in rows]
    write_atomically(folder / CARD, _card(study, rows, files).encode())
    return [*files, folder / CARD]


def _write(path: Path, columns: Columns, tables: Iterable[pd.DataFrame]) -> int:
    schema = pyarrow.schema([(name, _type(kind)) for name, (kind, _) in columns.items()])
    count = 0
    with replacing(path) as file, pyarrow.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(pyarrow.Table.from_pandas(table[list(columns)], schema, preserve_index=False))
            count += len(table)
    return count


def _type(kind: str) -> Any:
    return pyarrow.list_(pyarrow.float64()) if kind == "list<float64>" else pyarrow.type_for_alias(kind)


def _recorded(study: Study, table: str, columns: list[str]) -> Iterator[pd.DataFrame]:
    """Rows of a table of every run's file, run by run."""
    for run in study.runs:
        with reading(run.directory) as record:
            rows = record.ordered_rows(table, columns)
        yield pd.DataFrame(rows, columns=columns, dtype=object).assign(run=run.label)


def _studied(study: Study) -> dict[str, pd.DataFrame]:
    champions = study.champions.drop(columns="run").rename(columns={"label": "run"})
    opponents = np.arange(len(study.opponents))
    return {
        "runs": pd.DataFrame([_run(study, i) for i in range(len(study.runs))]),
        "champions": champions,
        "measured_against": pd.DataFrame(
            [(i, name, warrior.digest) for i, (name, warrior) in enumerate(study.opponents)],
            columns=list(STUDIED["measured_against"]),
        ),
        "measures": _by_opponent(
            champions[["run", "round"]],
            opponents,
            fitness=study.phenotypes,
            defeats=study.defeats,
            ties=study.ties,
        ),
        "matrices": matrix_table(study).reindex(columns=list(STUDIED["matrices"])),
        "baselines": _by_opponent(
            study.baselines.assign(
                run=[study.runs[i].label for i in study.baselines["run"]], position=range(len(study.baselines))
            ),
            opponents,
            defeats=study.baseline_defeats,
            ties=study.baseline_ties,
        ),
        "activity": activity_table(study),
        "phylogenies": phylogeny_table(study),
        "genotypes": champions[["run", "round"]].assign(embedding=study.embedding, vector=list(study.genotypes)),
    }


def _by_opponent(rows: pd.DataFrame, opponents: Any, **values: Any) -> pd.DataFrame:
    """A row for each of ``rows`` and each opponent; ``values`` are (rows, opponents)."""
    long = rows.loc[rows.index.repeat(len(opponents))].reset_index(drop=True)
    return long.assign(
        opponent=np.tile(opponents, len(rows)), **{name: table.ravel() for name, table in values.items()}
    )


def _run(study: Study, position: int) -> dict[str, Any]:
    run = study.runs[position]
    with reading(run.directory) as record:
        digest = record.provenance().get("code_digest")
    return {
        "run": run.label,
        "group": run.group,
        "family": run.family,
        "seed": run.config.seed,
        "rounds": run.rounds,
        "config": json.dumps(_settings(run.config), sort_keys=True),
        "code_digest": digest,
    }


def _settings(config: RunConfig) -> dict[str, Any]:
    """What decides the run's rows: where it was made and how much it might ask a model is left out."""
    plain = {key: value for key, value in to_plain(config).items() if not is_free(key)}
    if model := plain.get("llm"):
        plain["llm"] = {key: value for key, value in model.items() if not is_free(f"llm.{key}")}
    return plain


def _card(study: Study, rows: Mapping[str, int], files: Iterable[Path]) -> str:
    """The data card: what it is, how it was made, every column, licence, and the digest of every table."""
    groups = [
        f"| {group} | {len(runs)} | {len({run.family for run in runs})} | {sum(run.rounds for run in runs)} |"
        for group in study.groups
        for runs in [[run for run in study.runs if run.group == group]]
    ]
    parts = [
        "# Data set: warriors evolved by Digital Red Queen",
        f"{plural(len(study.runs), 'run')} of `drq evolve` with every candidate, evaluation and champion, and the "
        "battles of the champions against warriors that they are measured against.",
        "## How it was made",
        "`drq export RUNS -o FOLDER` reads the runs' files and fights the champions. `runs.parquet` holds the settings "
        "of each run, with which `drq evolve` makes it again, and a digest of the software. Champions are measured "
        f"against {plural(len(study.opponents), 'warrior')}, one on one, in {plural(study.placements, 'placement')} a "
        f"pair drawn from seed {study.seed}; the core has {study.rules.core_size} addresses and a battle "
        f"{study.rules.max_cycles} cycles at most. Exchanges with a language model stay in the runs' files.",
        "\n".join(["| group | runs | families | finished rounds |", "|---|---|---|---|", *groups]),
        "## Tables",
        "Rounds count from 0. A candidate is named by `run` and `id`.",
        *(
            _described(name, {**RUN, **RECORDED[name]} if name in RECORDED else STUDIED[name], rows[name])
            for name in rows
        ),
        "## Licence",
        LICENCE,
        "## Digests",
        "\n".join(["| file | SHA-256 |", "|---|---|", *(f"| `{file.name}` | `{_digest(file)}` |" for file in files)]),
    ]
    return "\n\n".join(parts) + "\n"


def _described(name: str, columns: Columns, rows: int) -> str:
    lines = [f"| `{column}` | {kind} | {meaning} |" for column, (kind, meaning) in columns.items()]
    return "\n".join(
        [f"### `{name}.parquet`: {plural(rows, 'row')}", "", "| column | type | |", "|---|---|---|", *lines]
    )


def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()
