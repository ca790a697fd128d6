"""The study of docs/study.md: sweeps over one list of starters, which differ in one setting each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from drq.analysis.runs import to_flat
from drq.cli.configure import configure
from drq.opponents.held_out import held_out_groups
from redcode import Rules, builtin, builtin_names
from tests.drq.commands import drq
from tests.measure_study import ARMS, SECOND, jobs, starters


def test_it_sweeps_all_starters_in_the_order_of_their_digests() -> None:
    swept = starters()
    assert sorted(swept) == sorted((*builtin_names("starters"), *builtin_names("strong")))
    assert swept == sorted(swept, key=lambda name: builtin(name).digest)
    assert not set(swept).intersection(*map(builtin_names, held_out_groups(Rules())))


@pytest.mark.parametrize("arm", [arm for arm in ARMS if arm != "kall"])
def test_every_arm_has_as_many_candidates_and_differs_from_the_first_in_what_it_names(arm: str) -> None:
    common = ("experiment=study", "seed=3")
    whole, other = (configure([*common, *more]).config for more in ((), ARMS[arm]))
    assert whole.rounds * (whole.initial + whole.iterations) == other.rounds * (other.initial + other.iterations)
    one, two = to_flat(whole), to_flat(other)
    named = {setting.partition("=")[0] for setting in ARMS[arm]}
    assert {key.partition(".axes")[0] for key in one if one[key] != two[key]} == named


def test_families_come_whole_and_the_headline_has_a_second_seed() -> None:
    made = list(jobs())
    assert len({job.folder for job in made}) == len(made) == 33 * (len(ARMS) + 2)
    first = [job.arm for job in made if job.seed in (0, SECOND)]
    assert sorted(first) == sorted([*ARMS, "kall", "k0"])


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
