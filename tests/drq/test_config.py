"""The configuration: every shipped experiment is valid, and every mistake is one clear line."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from drq.cli.configure import configure, to_run
from drq.config import ArchiveConfig, Begin, RunConfig, Selection, is_free
from drq.errors import ConfigError
from drq.run.run import Run
from redcode import ICWS94, NANO, PRESETS, builtin, builtin_names
from tests.drq.runs import nano_config, opponent

EXPERIMENTS = sorted(path.name[:-5] for path in (resources.files("drq.configs") / "experiment").iterdir())
SWEEPS = {"study"}
WITH_A_MODEL = {"sequential", "mixed_10", "mixed_50", "mixed_90"}


def test_all_experiments_of_the_study_are_there() -> None:
    study = {
        "smoke",
        "demo",
        "paper",
        "paper_k3",
        "paper_k1",
        "static",
        "zero_shot",
        "best_of_n",
        "single_cell",
        "random",
        "no_fragments",
        "no_habits",
        "shadow",
        "strong",
        "population",
    }
    assert set(EXPERIMENTS) == study | SWEEPS | WITH_A_MODEL


@pytest.mark.parametrize("experiment", sorted(set(EXPERIMENTS) - SWEEPS))
def test_every_experiment_composes_into_a_run_that_fits(experiment: str) -> None:
    model = ["llm=openai", "llm.api_key_env=null"] if experiment in WITH_A_MODEL else []
    run = configure([f"experiment={experiment}", *model])
    run.check()
    assert run.directory == Path("runs") / experiment / "seed_0"


def test_the_paper_s_settings() -> None:
    """Kumar 2026 §4."""
    config = configure(["experiment=paper"]).config
    assert (config.rounds, config.iterations, config.initial, config.placements) == (20, 250, 8, 20)
    assert (config.history, config.new_share, config.crossover_share) == (None, 0.1, 0.0)
    assert config.rules == ICWS94 and config.archive == ArchiveConfig(("spawned", "covered"))
    for k in (1, 3):
        short = configure([f"experiment=paper_k{k}"]).config
        assert short == replace(config, rounds=10, history=k)
    static = configure(["experiment=static"]).config
    assert (static.rounds, static.iterations) == (1, 1000)
    assert configure(["experiment=random"]).config.new_share == 1.0
    for percent in (10, 50, 90):
        mixed = configure([f"experiment=mixed_{percent}", "llm=openai"]).config
        assert mixed == replace(config, operator=mixed.operator, llm=mixed.llm)
        assert mixed.operator["weights"] == {"genetic": (100 - percent) / 100, "llm": percent / 100}
    sequential = configure(["experiment=sequential", "llm=openai"]).config
    assert sequential == replace(config, operator=sequential.operator, llm=sequential.llm, new_share=1.0)
    assert configure(["experiment=shadow"]).config == replace(config, selection=Selection.RANDOM)
    for name, known in (("no_fragments", {}), ("no_habits", {"vocabulary": "uniform"})):
        control = configure([f"experiment={name}"]).config
        assert control == replace(config, operator={**config.operator, "fragments": False, **known})
    assert configure(["experiment=single_cell"]).config.archive.axes == ()
    for name, count in (("zero_shot", 1), ("best_of_n", 8)):
        config = configure([f"experiment={name}"]).config
        assert (config.rounds, config.initial, config.iterations, config.archive.begin) == (1, count, 0, Begin.EMPTY)


@pytest.mark.parametrize("name", PRESETS)
def test_the_rules_group_says_what_the_presets_say(name: str, tmp_path: Path) -> None:
    (tmp_path / "imp.red").write_text("MOV 0, 1\n")
    overrides = [f"rules={name}", f"starter={tmp_path / 'imp.red'}", "experiment=zero_shot"]
    assert configure(overrides).config.rules == PRESETS[name]


def test_groups_and_keys_can_be_overridden() -> None:
    config = configure(["experiment=smoke", "archive=opcodes_length", "seed=7", "starter=[imp,dwarf]"]).config
    assert config.archive.axes == ("opcodes", "length")
    assert (config.seed, config.starter, config.rules) == (7, ("imp", "dwarf"), NANO)


def test_run_dir_is_where_it_is_said_to_be(tmp_path: Path) -> None:
    assert configure([f"run_dir={tmp_path / 'here'}"]).directory == tmp_path / "here"
    assert configure(["run_dir='~/a [b]'"]).directory == Path.home() / "a [b]"


def test_home_needs_no_quotes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("a", "b"):
        (tmp_path / f"{name}.red").write_text(f"MOV 0, {ord(name)}\n")
    run = configure(["starter=[~/a.red,~/b.red]", "run_dir=~/run", "operator=scripted", "operator.warriors=[~/a.red]"])
    assert (run.directory, len(run.starters)) == (tmp_path / "run", 2)
    run.check()


def test_a_setting_need_not_be_in_a_file() -> None:
    """The dataclass that reads it knows the key; what is free, like a request's body, takes any."""
    model = ["operator=llm", "llm=local", "llm.gguf=model.gguf", "llm.extra_body.top_k=40"]
    llm = configure(model).config.llm
    assert llm and llm["extra_body"] == {"top_k": 40}
    assert configure(["operator.edits=3"]).config.operator == {
        "name": "genetic",
        "in_flight": 1,
        "new_length": 8.0,
        "edits": 3.0,
        "fragments": True,
        "vocabulary": "players",
        "numbers": "near",
        "borrow": 0.0,
        "learn": False,
        "effective": False,
    }


def test_without_settings_a_run_is_as_its_dataclass_says() -> None:
    given = configure(["experiment=paper"]).config
    assert given == replace(RunConfig(), operator=given.operator)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["roundz=3"], "unknown key 'roundz'; the nearest is 'rounds'"),
        (["rules.core_sise=80"], "unknown key 'rules.core_sise'; the nearest is 'rules.core_size'"),
        (["+rounds_=3"], "unknown key 'rounds_'; the nearest is 'rounds'"),
        (["experimnt=smoke"], "unknown key 'experimnt'; the nearest is 'experiment'"),
        (["experiment=smok"], f"expected experiment to be one of {', '.join(EXPERIMENTS)}; got 'smok'"),
        (["experiment=study"], "the seed of this experiment is the place in a sweep: give -m, or a seed"),
        (["rules=huge"], "expected rules to be one of icws88, icws94, nano, tiny; got 'huge'"),
        (["operator.edist=2"], "unknown key 'operator.edist'; the nearest is 'operator.edits'"),
        (["operator=llm", "operator.edits=2"], "unknown key 'operator.edits'; the nearest is 'operator.name'"),
        (["roundz.x=3"], "unknown key 'roundz'; the nearest is 'rounds'"),
        (["rounds=many"], "expected rounds to be an integer, got 'many'"),
        (["rounds=0"], "expected rounds to be at least 1, got 0"),
        (["rounds=2.5"], "expected rounds to be an integer, got 2.5"),
        (["initial=0", "iterations=0"], "expected initial + iterations to be at least 1, got 0"),
        (["history=-1"], "expected history to be at least 0, got -1"),
        (["new_share=2"], "expected new_share to be a probability, got 2.0"),
        (["crown.among=0"], "expected crown.among to be at least 1, got 0"),
        (["crown.placements=7"], "expected crown.placements to be at least 8, got 7"),
        (["crown.among=2", "selection=random"], "expected crown.among to be 1 under selection=random, got 2"),
        (["racing.first=1"], "expected racing.first to be at least 2, got 1"),
        (["racing.error=0.5"], "expected racing.error to be between 0 and 0.5, got 0.5"),
        (["experiment=paper", "racing.first=5", "selection=random"],
         "expected racing to be null under selection=random"),
        (["crown.amung=4"], "unknown key 'crown.amung'; the nearest is 'crown.among'"),
        (["starter=[]"], "expected at least one starter, got none"),
        (["rules.core_size=12"], "rules: expected core_size to be an integer from 80 to 65535, got 12"),
        (["archive.axes=[speed]"], "expected an axis among spawned, covered, executed, opcodes, length, got 'speed'"),
        (["archive.axes=[length,length]"], "expected archive.axes to differ, got length, length"),
        (["archive.bins.spawned=[5,1]"], "expected archive.bins.spawned to be rising numbers, got [5.0, 1.0]"),
        (["seed=1,2"], "expected one value of seed, got 1,2: a list is 'seed=[1,2]', and -m makes a sweep"),
        (["rounds"], "expected key=value, got 'rounds'"),
        (["starter=my [w] dir"], "expected starter in Hydra's grammar, got my [w] dir: text with such signs needs two"
         " pairs of quotes, \"starter='…'\""),
        (["starter=${a}.red"], "starter: Interpolation key 'a' not found; a ${ that is to stay is written \\${"),
        (["seed=${a}"], "seed: Interpolation key 'a' not found; a ${ that is to stay is written \\${"),
        (["starter=1"], "expected starter to be text, got 1; for a name that looks like this write ./NAME"),
        (["run_dir=401"], "expected run_dir to be text, got 401; for a name that looks like this write ./NAME"),
        (["run_dir=[a,b]"], "expected run_dir to be text, got ['a', 'b']; for a name that looks like this write"
         " ./NAME"),
        (["operator=replay", "operator.run=7"], "expected operator.run to be text, got 7; for a name that looks like"
         " this write ./NAME"),
        (["llm=openai"], "expected an operator that asks the model of llm, got genetic: add operator=llm or"
         " operator=mixed, or leave llm out"),
        (["operator=replay"], "expected a value for operator.run, got none"),
        (["archive.seeds=false"], "archive.seeds is archive.begin now: champions, company, empty"),
        (["archive.begin=full"], "expected archive.begin to be one of champions, company, empty, got 'full'"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_names_the_key(overrides: list[str], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        configure(overrides)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["operator.edits=0.5"], "expected operator.edits to be at least 1, got 0.5"),
        (["operator.borrow=1.5"], "expected operator.borrow to be a probability, got 1.5"),
        (["operator.new_length=inf"], "expected operator.new_length to be at least 1, got inf"),
        (["operator.edits=nan"], "expected operator.edits to be at least 1, got nan"),
        (["operator=scripted", "operator.in_flight=0"], "expected operator.in_flight to be at least 1, got 0"),
        (["operator=scripted", "operator.warriors=[nobody]"], "expected operator.warriors to be a file, a run,"),
        (
            ["operator=mixed", "operator.weights={genetic:0,llm:0}"],
            "expected operator.weights to be numbers of at least 0, not all 0",
        ),
        (
            ["operator.name=magic"],
            "expected operator.name to be one of genetic, llm, mixed, replay, scripted, sequential",
        ),
        (["engine.name=abacus"], "expected engine.name to be local or ray, got 'abacus'"),
        (["experiment=smoke", "rounds=17"], "expected at most 16 warriors in a battle under these rules, got 18"),
        (
            ["experiment=smoke", "rounds=40", "branch=3", "archive.kept=true"],
            "expected at most 16 warriors in a battle under these rules, got 17",
        ),
    ],
)
def test_an_operator_s_mistakes_are_found_before_anything_is_written(
    overrides: list[str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as error:
        run = configure([*overrides, f"run_dir={tmp_path / 'run'}"])
        run.execute(lambda operator: pytest.fail("it started"))
    assert str(error.value).startswith(message) and "\n" not in str(error.value)
    assert not (tmp_path / "run").exists()


def test_a_malformed_starter_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.red").write_text("MOV.Q 0, 1\nJMP nowhere\n")
    (tmp_path / "empty").mkdir()
    cases = {
        "bad.red": f"expected starter to assemble: {tmp_path / 'bad.red'}:1:",
        "empty": "expected starter to be a folder with .red files or runs, found none in",
        "absent.red": "expected starter to be a file, a run, a built-in warrior or a folder, got",
    }
    for name, message in cases.items():
        with pytest.raises(ConfigError) as error:
            configure([f"starter={tmp_path / name}"])
        assert str(error.value).startswith(message) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("rules", "fitting"),
    [
        ("icws88", "dwarf,imp,mice"),
        ("tiny", "core_clear,dwarf,gate_bomber,imp,imp_spiral,stone"),
        ("nano", "core_clear,dwarf,gate_bomber,imp,stone"),
    ],
)
def test_rules_that_not_all_starters_fit_say_which_do(rules: str, fitting: str) -> None:
    with pytest.raises(ConfigError) as error:
        configure([f"rules={rules}"])
    assert str(error.value).endswith(f"; built-in starters that do: [{fitting}]") and "\n" not in str(error.value)
    assert len(configure([f"rules={rules}", f"starter=[{fitting}]"]).starters) == fitting.count(",") + 1


def test_starters_come_from_files_folders_and_names(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.red").write_text(f";name {name}\nMOV 0, {ord(name)}\n")
    run = configure([f"starter=[{tmp_path / 'b.red'},{tmp_path},imp]"])
    assert [starter.warrior.name for starter in run.starters][:3] == ["b", "a", "b"]
    assert len(run.starters) == 4
    group = configure(["starter=starters"]).starters
    assert [starter.warrior for starter in group] == [builtin(name) for name in builtin_names("starters")]


def test_the_largest_battle_counts_each_starter_once() -> None:
    config = nano_config(rounds=15)
    Run(config, Path("unused"), [opponent(), opponent()]).check()
    with pytest.raises(ConfigError, match="got 17: a candidate, 1 of starter, 15 past champions"):
        Run(replace(config, rounds=16), Path("unused"), [opponent()]).check()
    Run(replace(config, rounds=100, history=14), Path("unused"), [opponent()]).check()


def test_a_wheel_s_configuration_needs_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert configure(["experiment=smoke"]).config.rules == NANO
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("key", "free"),
    [("threads", True), ("engine.name", True), ("llm.max_calls", True), ("llm.max_tokens_total", True),
     ("llm.max_tokens", False), ("llm.model", False), ("seed", False), ("operator.in_flight", False)],
)  # fmt: skip
def test_a_resumed_run_may_change_only_what_leaves_the_rows_alone(key: str, free: bool) -> None:
    assert is_free(key) is free


def test_interpolations_are_resolved_before_the_core_sees_them() -> None:
    composed = OmegaConf.create({"seed": 3, "rounds": "${seed}", "starter": "imp"})
    config = to_run(composed, "x", []).config
    assert (config.seed, config.rounds) == (3, 3)
