"""The schema of ``run.sqlite``, as a list of steps: a file of any earlier version is brought up to date on opening."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from drq.errors import StoreError

APPLICATION_ID = 0x44525121
"""Marks a SQLite file as a run of this program (``PRAGMA application_id``); in ASCII, ``DRQ!``."""

Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: list[Migration] = []


def migration(step: Migration) -> Migration:
    """Append a step to the list; its place in the list is the schema's version (``PRAGMA user_version``)."""
    MIGRATIONS.append(step)
    return step


def schema_version(db: sqlite3.Connection, path: Path) -> int:
    """The version of the run in ``db``; raises StoreError, naming ``path``, unless this program can read it."""
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError(f"{path}: expected a run of this program, got another SQLite file")
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise StoreError(f"{path}: expected a schema of version {len(MIGRATIONS)} at most, got {version}: update drq")
    return version


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Apply the steps that ``db`` lacks, all of them to a blank file, inside the caller's transaction.

    Raises StoreError as ``schema_version`` does.
    """
    blank = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    version = 0 if blank else schema_version(db, path)
    if version == len(MIGRATIONS):
        return  # the file stays as it is, byte by byte
    for step in MIGRATIONS[version:]:
        step(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


@migration
def m001_initial(db: sqlite3.Connection) -> None:
    """Everything a run records."""
    for statement in _INITIAL.split(";\n"):
        db.execute(statement)


@migration
def m002_outstanding(db: sqlite3.Connection) -> None:
    """A table for the possible costs of requests to a model whose reply is not on record."""
    db.execute("""
CREATE TABLE outstanding (
    id INTEGER PRIMARY KEY,
    round INTEGER NOT NULL,
    iteration INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost REAL NOT NULL
) STRICT""")


@migration
def m003_every_setting_of_a_model(db: sqlite3.Connection) -> None:
    """Add the settings that older configurations leave out, with the defaults of that time."""
    for (text,) in db.execute("SELECT config FROM runs").fetchall():
        config = json.loads(text)
        if llm := config.get("llm"):
            added = {"max_tokens_name": "max_tokens", "prices": {"input": 0.0, "output": 0.0}, "seed": False}
            db.execute("UPDATE runs SET config = ?", (json.dumps({**config, "llm": added | llm}),))


@migration
def m004_insertions(db: sqlite3.Connection) -> None:
    """What the archive does with a candidate is an insertion; a placement is where warriors lie in the core."""
    db.execute("ALTER TABLE placements RENAME TO insertions")


@migration
def m005_evaluations_of_the_candidate_alone(db: sqlite3.Connection) -> None:
    """Cycles and opponents' shares may be null: a battle that ends with the candidate measures neither."""
    db.execute("ALTER TABLE evaluations RENAME TO whole_battles")
    db.execute("""
CREATE TABLE evaluations (
    candidate_id INTEGER PRIMARY KEY REFERENCES candidates,
    fitness REAL NOT NULL,
    survived REAL NOT NULL,
    cycles REAL,
    spawned REAL NOT NULL,
    covered REAL NOT NULL,
    executed REAL NOT NULL,
    opcodes REAL NOT NULL,
    length REAL NOT NULL,
    placement_fitness TEXT NOT NULL,
    opponent_shares TEXT
) STRICT""")
    db.execute("INSERT INTO evaluations SELECT * FROM whole_battles")
    db.execute("DROP TABLE whole_battles")


@migration
def m006_controls(db: sqlite3.Connection) -> None:
    """Add the settings of selection and of the genetic operator's knowledge, which had no other value until then."""
    for (text,) in db.execute("SELECT config FROM runs").fetchall():
        config = {"selection": "fitness", **json.loads(text)}
        operator = config.get("operator", {})
        for settings in (operator, operator.get("of", {})):  # the second is what a replay repeats
            if settings.get("name") == "genetic":
                settings |= {"fragments": True, "vocabulary": "players"} | settings
        db.execute("UPDATE runs SET config = ?", (json.dumps(config),))


@migration
def m007_finals(db: sqlite3.Connection) -> None:
    """What each finalist got in each heat of its round's finals."""
    db.execute("""
CREATE TABLE finals (
    round INTEGER NOT NULL REFERENCES rounds,
    heat INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL REFERENCES candidates,
    fitness REAL NOT NULL,
    placement_fitness TEXT NOT NULL,
    PRIMARY KEY (round, heat, candidate_id)
) STRICT""")


@migration
def m008_arrivals(db: sqlite3.Connection) -> None:
    """The champions of other runs that a round begins with."""
    db.execute("""
CREATE TABLE arrivals (
    round INTEGER NOT NULL,
    position INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (round, position)
) STRICT""")


@migration
def m009_what_an_archive_begins_with(db: sqlite3.Connection) -> None:
    """One setting, where two said whether it begins with the champions, and with which."""
    for (text,) in db.execute("SELECT config FROM runs").fetchall():
        config = json.loads(text)
        if archive := config.get("archive"):
            seeds, fought = archive.pop("seeds", True), archive.pop("seeds_fought", False)
            archive["begin"] = ("company" if fought else "champions") if seeds else "empty"
            db.execute("UPDATE runs SET config = ?", (json.dumps(config),))


_INITIAL = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    config TEXT NOT NULL,
    provenance TEXT NOT NULL,
    created_at REAL NOT NULL
) STRICT;
CREATE TABLE invocations (
    id INTEGER PRIMARY KEY,
    started_at REAL NOT NULL,
    ended_at REAL,
    outcome TEXT,
    provenance TEXT NOT NULL
) STRICT;
CREATE TABLE starters (
    position INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    source TEXT NOT NULL
) STRICT;
CREATE TABLE rounds (
    round INTEGER PRIMARY KEY,
    entrants TEXT NOT NULL,
    starts TEXT NOT NULL,
    started_at REAL NOT NULL
) STRICT;
CREATE TABLE opponents (
    round INTEGER NOT NULL REFERENCES rounds,
    position INTEGER NOT NULL,
    digest TEXT NOT NULL,
    starter INTEGER REFERENCES starters,
    candidate_id INTEGER REFERENCES candidates,
    PRIMARY KEY (round, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE candidates (
    id INTEGER PRIMARY KEY,
    round INTEGER NOT NULL REFERENCES rounds,
    iteration INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('seed', 'new', 'mutate', 'crossover')),
    operator TEXT NOT NULL,
    parents TEXT NOT NULL,
    source TEXT,
    error TEXT,
    name TEXT,
    digest TEXT,
    duplicate_of INTEGER REFERENCES candidates,
    recorded_at REAL NOT NULL,
    UNIQUE (round, iteration)
) STRICT;
CREATE TABLE evaluations (
    candidate_id INTEGER PRIMARY KEY REFERENCES candidates,
    fitness REAL NOT NULL,
    survived REAL NOT NULL,
    cycles REAL NOT NULL,
    spawned REAL NOT NULL,
    covered REAL NOT NULL,
    executed REAL NOT NULL,
    opcodes REAL NOT NULL,
    length REAL NOT NULL,
    placement_fitness TEXT NOT NULL,
    opponent_shares TEXT NOT NULL
) STRICT;
CREATE TABLE placements (
    candidate_id INTEGER PRIMARY KEY REFERENCES candidates,
    cell TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('new', 'improved', 'not added'))
) STRICT;
CREATE TABLE champions (
    round INTEGER PRIMARY KEY REFERENCES rounds,
    candidate_id INTEGER REFERENCES candidates
) STRICT;
CREATE TABLE prompts (
    hash TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE calls (
    round INTEGER NOT NULL,
    iteration INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    requested_model TEXT NOT NULL,
    resolved_model TEXT,
    system_hash TEXT NOT NULL REFERENCES prompts,
    messages TEXT NOT NULL,
    options TEXT NOT NULL,
    reply TEXT,
    finish_reason TEXT,
    error TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cost REAL,
    attempts INTEGER NOT NULL,
    started_at REAL NOT NULL,
    duration_s REAL NOT NULL,
    PRIMARY KEY (round, iteration, turn)
) STRICT;
CREATE INDEX candidates_counted ON candidates (kind, error);
CREATE INDEX calls_summed_up ON calls (cost, error, input_tokens, output_tokens)"""
