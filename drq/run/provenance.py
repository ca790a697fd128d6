"""What made a run: enough to make it again, and nothing secret."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterator, Mapping
from importlib import metadata, resources
from pathlib import Path
from typing import Any

OURS = ("redcode", "drq", "drq.configs")
"""Packages whose files the digest of the code is made of."""
PACKAGES = ("digital-red-queen", "numpy", "numba", "llvmlite", "hydra-core", "openai")


def provenance(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Software with versions, commit and digest, ``parameters``, and the machine; no variable of the environment.

    ``parameters`` must be plain data free of secrets: a configuration is, because it holds only the name of
    the variable with the key.
    """
    return {
        "software": {name: _version(name) for name in PACKAGES},
        "git_commit": _git_commit(),
        "code_digest": code_digest(),
        "parameters": dict(parameters),
        "environment": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "machine": platform.machine(),
            "processors": os.cpu_count(),
        },
    }


def code_digest() -> str:
    """SHA-256 of our own files, names and contents: equal for a checkout and what is installed from it."""
    digest = hashlib.sha256()
    for name, path in sorted(set(_files())):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    """Each file with its installed name, without hidden files and compiled ones."""
    for package in OURS:  # an installed drq contains drq.configs, so these files come twice
        folder = Path(str(resources.files(package)))
        for path in folder.rglob("*"):
            name = f"{package.replace('.', '/')}/{path.relative_to(folder).as_posix()}"
            if path.is_file() and "/__pycache__/" not in name and "/." not in name:
                yield name, path


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _git_commit() -> str | None:
    """The commit of the checkout that holds this file, ``+`` if it was changed since; None if git does not know it."""
    folder = Path(__file__).parent
    if _git(folder, "ls-files", "--error-unmatch", Path(__file__).name) is None:
        return None
    commit = _git(folder, "rev-parse", "HEAD")
    return f"{commit}+" if commit and _git(folder, "status", "--porcelain", "--untracked-files=no", "..") else commit


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(("git", "-C", str(folder), *arguments), capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
