"""Runs that exchange champions through the files of a folder, on one machine or many.

Each run keeps one file there, with its last champion, and at the start of a round reads those of the others. What it
has read, it records with the round: the arrivals. They are offered to the round's archive and may become parents, but
not champions. So a run that is cut off goes on, and is replayed, from its own record alone.
"""

from __future__ import annotations

import platform
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from drq.files import make_folder, write_atomically
from redcode.errors import RedcodeError
from redcode.language.assembler import assemble, read_source
from redcode.rules import Rules


class Islands:
    """The folder, as one run sees it."""

    def __init__(self, folder: Path, run: Path) -> None:
        """``run`` is the directory of this run; raises ConfigError where ``folder`` cannot be written."""
        make_folder(folder, "islands")
        place = f"{platform.node()}:{run.resolve()}"  # two runs may have one name and one seed
        self._own = folder / f"{run.name}_{sha256(place.encode()).hexdigest()[:12]}.red"

    def send(self, text: str) -> None:
        """Put a champion in the place of the one before it."""
        write_atomically(self._own, text.encode("latin-1", "replace"))

    def arrivals(self, rules: Rules) -> list[str]:
        """The texts of the other runs' files, in the order of their names, apart from what is no warrior here."""
        texts = []
        for path in sorted(self._own.parent.glob("*.red")):
            if path == self._own or not path.is_file():
                continue
            with suppress(OSError, RedcodeError), path.open("rb") as file:
                text = read_source(file)
                assemble(text, rules)
                texts.append(text)
        return texts
