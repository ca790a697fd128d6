"""The two sweeps of the study: sixteen runs each, that differ in nothing but the history."""

from __future__ import annotations

from pathlib import Path

import pytest
from hydra import compose, initialize_config_module
from omegaconf import OmegaConf

from drq.cli.configure import CONFIG_MODULE, HYDRA_VERSION_BASE, configure
from redcode import builtin_names
from tests.drq.commands import drq


def swept(name: str) -> list[str]:
    with initialize_config_module(CONFIG_MODULE, version_base=HYDRA_VERSION_BASE):
        composed = compose("config", [f"experiment={name}"], return_hydra_config=True)
        return str(OmegaConf.select(composed, "hydra.sweeper.params.starter")).split(",")


def test_both_sweep_the_same_sixteen_starters() -> None:
    assert swept("study_kall") == swept("study_k1")
    assert len(swept("study_k1")) == 16 and set(swept("study_k1")) == set(builtin_names("starters"))


def test_they_differ_in_their_history_only() -> None:
    alone, last = (configure([f"experiment={name}", "seed=3"]) for name in ("study_kall", "study_k1"))
    assert (alone.config.history, last.config.history) == (None, 1)
    assert {**vars(alone.config), "history": 1} == vars(last.config)
    assert alone.directory == Path("study/kall/3_dwarf")


def test_a_place_in_the_sweep_is_a_seed_and_a_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small = ("rounds=1", "iterations=0", "initial=2", "placements=1", "rules=nano", "threads=1")
    done = drq(capsys, monkeypatch, "evolve", "-m", "experiment=study_k1", *small, "starter=imp,imp")
    assert done.status == 0, done.err
    assert sorted(path.name for path in (tmp_path / "study/k1").iterdir()) == ["0_imp", "1_imp"]
    assert "\nseed: 1\n" in "\n" + (tmp_path / "study/k1/1_imp/config.yaml").read_text()


def test_without_a_sweep_it_says_what_to_give(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = drq(capsys, monkeypatch, "evolve", "experiment=study_k1")
    assert (done.status, done.err) == (
        2,
        "drq: the seed of this experiment is the place in a sweep: give -m, or a seed\n",
    )
