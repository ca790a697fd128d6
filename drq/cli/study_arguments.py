"""The arguments of commands that study runs: ``RUN… [key=value]…`` to a measured study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from drq.cli.compose import compose_plain
from drq.cli.progress_bar import bar
from drq.errors import ConfigError
from drq.files import user_path
from drq.measurements.measure import PLACEMENTS, SEED
from drq.plain import check_at_least, defaults, from_mapping

if TYPE_CHECKING:
    from drq.analysis.study import Study


@dataclass(frozen=True)
class StudyConfig:
    """The keys of ``configs/analyze.yaml``."""

    opponents: tuple[str, ...] = ()
    """Empty for the held-out warriors that are made for the runs' core."""
    placements: int = PLACEMENTS
    seed: int = SEED
    embedding: dict[str, Any] = field(default_factory=lambda: {"name": "ngrams"})
    engine: dict[str, Any] = field(default_factory=lambda: {"name": "local"})
    threads: int | None = None

    def __post_init__(self) -> None:
        """Check every range."""
        check_at_least("seed", self.seed, 0)
        check_at_least("placements", self.placements, 1)
        check_at_least("threads", self.threads, 1)


def check_installed(command: str, *packages: str) -> None:
    """Raise ConfigError where one of the ``packages`` that ``command`` needs is missing."""
    if missing := [name for name in packages if find_spec(name) is None]:
        raise ConfigError(f"{command} needs {', '.join(missing)}: pip install 'digital-red-queen[analysis]'")


def parse(arguments: Sequence[str]) -> tuple[list[Path], StudyConfig]:
    """Paths of runs, and the settings given with them; raises ConfigError."""
    overrides = [argument for argument in arguments if _is_override(argument)]
    runs = [user_path(argument) for argument in arguments if not _is_override(argument)]
    if not runs:
        hint = "; write ./NAME for a directory whose name looks like a setting" if overrides else ""
        raise ConfigError(f"expected a run, got none{hint}")
    return runs, from_mapping(StudyConfig, compose_plain("analyze", StudyConfig, overrides, lists=("opponents",)))


def measured_study(runs: Sequence[Path], config: StudyConfig) -> Study:
    """The study of these runs, measured with a progress bar."""
    from drq.analysis.open_study import open_study  # heavy libraries: after everything cheap was checked

    with bar(Console(stderr=True)) as progress:
        return open_study(runs, progress=progress, **vars(config))


def _is_override(argument: str) -> bool:
    """Whether it sets a key of the configuration, even if a run in this folder has that name."""
    key, given, _ = argument.partition("=")
    known = key.lstrip("+~").partition(".")[0] in defaults(StudyConfig)
    return bool(given) and (known or not Path(argument).exists())
