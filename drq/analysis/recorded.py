"""Recorded runs that are shipped packed, for notebooks and tests."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path


def unpack(archive: Path) -> Path:
    """Unpack a ``.tar.xz`` of runs into a new temporary folder, and return that; raises OSError."""
    folder = Path(tempfile.mkdtemp(prefix="drq_"))
    shutil.unpack_archive(archive, folder, filter="data")
    return folder
