"""The study: two sweeps of sixteen runs each, that differ in nothing but the history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hydra import compose, initialize_config_module
from omegaconf import OmegaConf

from drq.cli.compose import CONFIG_MODULE, HYDRA_VERSION_BASE
from drq.cli.configure import configure
from redcode import builtin_names
from tests.drq.commands import drq


def test_it_sweeps_sixteen_starters() -> None:
    configure(["experiment=study", "seed=0"])
    with initialize_config_module(CONFIG_MODULE, version_base=HYDRA_VERSION_BASE):
        composed = compose("config", ["experiment=study"], return_hydra_config=True)
    swept = str(OmegaConf.select(composed, "hydra.sweeper.params.starter")).split(",")
    assert len(swept) == 16 and set(swept) == set(builtin_names("starters"))


def test_its_halves_differ_in_their_history_only() -> None:
    whole, last = (configure(["experiment=study", "seed=3", *more]) for more in ((), ("history=1",)))
    assert last.config == replace(whole.config, history=1) != whole.config
    assert (whole.directory, last.directory) == (Path("study/kall/3_dwarf"), Path("study/k1/3_dwarf"))


def test_a_place_in_the_sweep_is_a_seed_and_a_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small = ("rounds=1", "iterations=0", "initial=2", "placements=1", "rules=nano", "threads=1")
    done = drq(capsys, monkeypatch, "evolve", "-m", "experiment=study", "history=1", *small, "starter=imp,imp")
    assert done.status == 0, done.err
    assert sorted(path.name for path in (tmp_path / "study/k1").iterdir()) == ["0_imp", "1_imp"]
    assert "\nseed: 1\n" in "\n" + (tmp_path / "study/k1/1_imp/config.yaml").read_text()


def test_without_a_sweep_it_says_what_to_give(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = drq(capsys, monkeypatch, "evolve", "experiment=study")
    assert (done.status, done.err) == (
        2,
        "drq: the seed of this experiment is the place in a sweep: give -m, or a seed\n",
    )
