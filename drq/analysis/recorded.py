"""Recorded runs that are shipped packed, for notebooks and tests."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path


def unpack(archive: Path) -> Path:
    """Unpack a ``.tar.xz`` of runs into a new temporary folder, and return that; raises OSError."""
    folder = Path(tempfile.mkdtemp(prefix="drq_"))
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder
