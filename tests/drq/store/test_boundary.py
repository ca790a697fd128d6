"""Nothing but the store, and the cache of measurements, speaks SQL or spells what is in a column."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import drq
from drq.candidate import InsertionStatus, Kind

FOLDER = Path(drq.__file__).parent
ALLOWED = {*(FOLDER / "store").glob("*.py"), FOLDER / "measurements/cache.py"}
FILES = sorted(set(FOLDER.rglob("*.py")) - ALLOWED)
SQL = re.compile(r"\bSELECT\b.*\bFROM\b|\bINSERT INTO\b|\bUPDATE \w+ SET\b|\bDELETE FROM\b|\bsqlite3\b", re.DOTALL)
WORDS = {*Kind, *InsertionStatus}


def spelled(text: str) -> list[str]:
    """Kinds and statuses that are compared with as strings."""
    compared = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Compare)]
    constants = [part for node in compared for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return [part.value for part in constants if isinstance(part.value, str) and part.value in WORDS]


def test_there_is_no_sql_and_no_spelled_status() -> None:
    texts = {str(path.relative_to(FOLDER)): path.read_text() for path in FILES}
    assert [name for name, text in texts.items() if SQL.search(text)] == []
    assert {name: words for name, text in texts.items() if (words := spelled(text))} == {}


def test_it_would_be_found() -> None:
    assert all(SQL.search(path.read_text()) for path in ALLOWED if path.stem in ("cache", "reader", "run_store"))
    assert spelled("kind == 'seed' or kind in ('new', 'other')") == ["seed", "new"]
