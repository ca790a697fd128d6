"""``redcode fight`` beside what pMARS printed, byte for byte, and by itself.

PMARS may name a pMARS that fights without a display (the server build); else one in PATH is tried.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from redcode.commands.cli import group
from redcode.commands.scores import Row, koth_lines, points, result_lines
from redcode.machine.placement import combinations
from redcode.rules import NANO
from redcode.warrior import Warrior
from tests.pmars import COMMAND_LINES, WARRIORS, output_of, recorded, words

NANO_FLAGS = ["-s", "80", "-c", "800", "-p", "80", "-l", "5"]


def run(*arguments, stdin=None):
    return CliRunner().invoke(group, ["fight", *map(str, arguments)], input=stdin)


@cache
def pmars():
    """A pMARS that fights here, or None."""
    program = os.environ.get("PMARS") or shutil.which("pmars")
    if program is None:
        return None
    try:
        done = subprocess.run([program, "-b", "-k", *words("imp imp")], capture_output=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if done.stdout == b"0 1\n0 1\n" else None


@pytest.fixture
def files(tmp_path):
    (tmp_path / "bad.red").write_text("mov 0,")
    return {"bad": str(tmp_path / "bad.red"), "dies": WARRIORS["dies"]}


@pytest.mark.parametrize("line", recorded())
def test_the_output_is_that_of_pmars(line):
    assert run(*words(line)).stdout == recorded()[line]


def test_the_record_holds_every_command_line():
    assert list(recorded()) == list(COMMAND_LINES)


def test_the_record_is_that_of_the_pmars_at_hand():
    if pmars() is None:
        pytest.skip("expected a pmars that fights without a display in PATH or PMARS")
    assert {line: output_of(pmars(), line) for line in COMMAND_LINES} == recorded()


def test_two_warriors_have_wins_and_ties(files):
    assert run("-b", "imp", files["dies"], "-r", 4).stdout == (
        "Imp by Digital Red Queen scores 12\nDies by Digital Red Queen scores 0\nResults: 4 0 0\n"
    )
    assert run("-b", "-k", "imp", files["dies"], "-r", 4).stdout == "4 0\n0 0\n"


def test_more_warriors_have_survivals_by_survivors():
    a, b, c = (Warrior((), name=name, author="X") for name in "abc")
    rows = [Row(a, [0, 2, 0], 4, 8), Row(b, [1, 2, 0], 3, 16), Row(c, [0, 0, 0], 6, 0)]
    assert koth_lines(rows) == ["8 0 2 0 4", "16 1 2 0 3", "0 0 0 0 6"]
    assert result_lines(rows)[:3] == ["a by X scores 8", "  Results: 0 2 0 4", "b by X scores 16"]
    assert result_lines(rows, by_score=True)[0] == "b by X scores 16"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("(W*W-1)/S", [8, 4, 2]),
        ("W/S*10", [30, 10, 10]),
        ("(S==1)*5 + (S==2)*3", [5, 3, 0]),
        ("(x=W-S+1)*(x+1)/2", [6, 3, 1]),
    ],
)
def test_a_formula_gives_points_by_survivors(formula, expected):
    assert points(formula, 3) == expected


@pytest.mark.parametrize("formula", ["", "W S", "1/0", "S==1?5", "__import__('os')", "Q2", "(" * 50_000])
def test_what_is_no_formula_is_refused_in_one_line(formula):
    done = run("-b", f"-={formula}", "imp", "imp")
    assert done.exit_code == 2 and "expected -= to be a formula over W and S" in done.output
    assert "Traceback" not in done.output


def test_a_formula_decides_the_score_and_o_the_order(files):
    done = run("-b", "-o", "-=", "3-S", files["dies"], "imp", "-r", 4)
    assert done.stdout.splitlines() == [
        "Imp by Digital Red Queen scores 8",
        "Dies by Digital Red Queen scores 0",
        "Results: 4 0 0",
    ]


def test_a_parameter_file_stands_where_it_is_named(files, tmp_path):
    (tmp_path / "inner.opt").write_text("-r 4 ; four rounds\n")
    (tmp_path / "hill.opt").write_text(f"; a hill\n-b -k\n-@ '{tmp_path}/inner.opt' imp $ -r 9 not read\n")
    assert run("-@", tmp_path / "hill.opt", files["dies"]).stdout == "4 0\n0 0\n"
    assert run(f"-@{tmp_path}/hill.opt", files["dies"]).stdout == "4 0\n0 0\n"
    assert run("-@", "-", files["dies"], stdin="-bk imp -r 2").stdout == "2 0\n0 0\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "expected -@ to name a file"),
        ("-@ me.opt", "at most 8 parameter files"),
        ("'open", "no closing quotation"),
    ],
)
def test_a_bad_parameter_file_is_one_line(text, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "me.opt").write_text(text)
    done = run("-@", "me.opt", "imp")
    assert done.exit_code == 2 and message in done.output and "Traceback" not in done.output


def test_the_verbose_option_of_pmars_is_accepted():
    assert run("-b", "-k", "-V", "imp", "imp").stdout == "0 1\n0 1\n"


def test_a_lone_warrior_survives_in_the_lines_of_pmars_alone(files):
    assert run("-b", "-k", files["dies"], "-r", 3).stdout == "0 3 0\n"
    (dead,) = json.loads(run("--json", files["dies"], "-r", 3).stdout)["warriors"]
    assert (dead["survived"], dead["lost"]) == ([0], 3)
    assert run("-b", "-k", "imp", "-r", 3).stdout == "0 3 0\n"


@pytest.mark.parametrize(("cycles", "lives"), [(10, True), (11, False)])
def test_the_turn_of_a_death_counts_twice(cycles, lives, files, tmp_path):
    """Ends would die in the very last turn of ten cycles."""
    (tmp_path / "waits.red").write_text("jmp 0\n")
    (tmp_path / "ends.red").write_text("nop 0\n" * 9 + "dat 0\n")
    done = run("-b", "-k", "-c", cycles, files["dies"], tmp_path / "waits.red", tmp_path / "ends.red")
    assert done.stdout == ("0 0 0 0 1\n4 0 1 0 0\n4 0 1 0 0\n" if lives else "0 0 0 0 1\n8 1 0 0 0\n0 0 0 0 1\n")


def test_a_death_in_the_very_last_turn_comes_too_late_to_end_the_round(files, tmp_path):
    """It plays on until one is left; Ends dies in the tenth cycle."""
    (tmp_path / "waits.red").write_text("jmp 0\n")
    (tmp_path / "ends.red").write_text("nop 0\n" * 9 + "dat 0\n")
    warriors = tmp_path / "waits.red", tmp_path / "ends.red", files["dies"]
    assert run("-b", "-k", "-c", 1, *warriors).stdout == "8 1 0 0 0\n0 0 0 0 1\n0 0 0 0 1\n"


def test_every_combination_is_visited_unless_rounds_say_otherwise():
    flags = [*NANO_FLAGS, "imp", "imp", "-P", "--json"]
    assert json.loads(run(*flags).stdout)["rounds"] == combinations(NANO) == 142
    assert json.loads(run(*flags, "-r", 3).stdout)["rounds"] == 3


def test_a_seed_repeats_the_battle():
    outputs = [run("-b", "dwarf", "mice", "-r", 30, "--seed", seed).stdout for seed in (1, 1, 2)]
    assert outputs[0] == outputs[1] != outputs[2]


def test_json_holds_the_same_numbers(files):
    answer = json.loads(run("imp", files["dies"], "-r", 2, "-c", 100, "--json").stdout)
    assert (answer["rounds"], answer["cycles"]) == (2, 2)
    imp, dies = answer["warriors"]
    assert (imp["file"], imp["name"], imp["score"], imp["survived"], imp["lost"]) == ("imp", "Imp", 6, [2, 0], 0)
    assert (dies["survived"], dies["lost"], len(dies["digest"])) == ([0, 0], 2, 64)
    assert (imp["alive_share"], dies["alive_share"]) == (2, 0)


def test_json_of_no_rounds_is_json_too():
    answer = json.loads(run("imp", "dwarf", "-r", 0, "--json").stdout)
    assert (answer["rounds"], answer["cycles"]) == (0, 0)
    assert [(row["score"], row["survived"], row["lost"], row["alive_share"]) for row in answer["warriors"]] == [
        (0, [0, 0], 0, None)
    ] * 2


def test_a_warrior_comes_from_standard_input(files):
    source = Path(files["dies"]).read_text()
    assert run("-b", "-k", "imp", "-", stdin=source).stdout == "1 0\n0 0\n"
    assert "<stdin>:1:" in str(run("imp", "-", stdin="mov 0,").exception)
    assert "expected - once" in run("-", "-", stdin=source).stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="expected a system with named pipes")
def test_a_warrior_comes_from_a_pipe(files, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as writer:
        written = writer.submit(pipe.write_text, Path(files["dies"]).read_text())
        assert run("-b", "-k", "imp", pipe).stdout == "1 0\n0 0\n"
        written.result()


def test_warnings_go_to_standard_error(tmp_path):
    (tmp_path / "bare.red").write_text("equ 5\njmp 0\n")
    result = run("-b", "-k", tmp_path / "bare.red", "imp")
    assert result.stdout == "0 1\n0 1\n"
    assert "bare.red: warning: line 1: EQU without a label" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("{bad} imp", "bad.red:1:"),
        ("imp imp -F 99", "expected a position"),
        ("imp imp -F 4000 -f", "expected -f or -F, got both"),
        ("imp imp -F text -f", "expected -f or -F, got both"),
        ("imp imp -F a", "expected a text that pMARS reads as 100 or more, got b'a', which is 49: take a longer one"),
        ("imp imp -P -F tournament", "expected -F with -P to be a text that pMARS reads as less"),
        ("imp imp -F 99999999999999999999", "expected a position"),
        ("imp imp imp -P", "expected two warriors with -P, got 3"),
        ("imp imp -s 150 -l 80", "expected at most 1 warriors"),
        ("imp -s 79", "core_size"),
        ("imp -r -1", "-r"),
        ("dwraf", "expected a file or the name of a built-in warrior, got 'dwraf': did you mean 'dwarf'?"),
    ],
)
def test_a_mistake_is_an_error_without_a_traceback(files, arguments, message):
    command = [
        sys.executable,
        "-c",
        "from redcode.commands.cli import main; main()",
        "fight",
        *arguments.format(**files).split(),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="expected a system with signals")
def test_ctrl_c_ends_a_long_fight_quietly():
    arguments = ["fight", "paper", "stone", "-r", "100000"]
    command = [sys.executable, "-c", "from redcode.commands.cli import main; main()", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("Program")  # the listings are out, the battles begin
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Results" not in output
    assert errors == ""
