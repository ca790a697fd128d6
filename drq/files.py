"""Paths as users write them, and files that are replaced whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from drq.errors import ConfigError


def user_path(text: str | Path) -> Path:
    """``text`` as a path, with ``~`` expanded; unchanged if there is no such user."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file beside ``path`` to write to, renamed over it at the end; an error leaves the old file as it was.

    Raises OSError, which names ``path``.
    """
    temporary = path.with_name(path.name + ".tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:  # of a write, which does not say where
        temporary.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None
    except BaseException:  # Ctrl-C too leaves no half file behind
        temporary.unlink(missing_ok=True)
        raise


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path``; raises OSError, leaving the old file as it was."""
    with replacing(path) as file:
        file.write(data)


def make_folder(path: Path, key: str) -> None:
    """Make the folder ``path`` if needed, before there is anything to write into it.

    Raises ConfigError, naming ``key``, where it cannot be made or written to.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise ConfigError(f"expected {key} to be a folder that can be written, got {path}: {error.strerror}") from None
