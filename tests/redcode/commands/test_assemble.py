import pytest
from click.testing import CliRunner

from redcode import assemble, builtin_source
from redcode.commands.cli import group
from redcode.language.assembler import MAX_SOURCE

DWARF = ";name Dwarf\nadd #4, 3\nmov 2, @2\njmp -2\ndat #0, #0\n"
LISTING = """       ORG          0
       ADD.AB #     4, $     3     
       MOV.I  $     2, @     2     
       JMP.B  $    -2, $     0     
       DAT.F  #     0, #     0     
       END
"""  # noqa: W291 - pMARS ends its lines so


def run(*arguments, stdin=None):
    return CliRunner().invoke(group, [*map(str, arguments)], input=stdin)


@pytest.fixture
def dwarf(tmp_path):
    path = tmp_path / "dwarf.red"
    path.write_text(DWARF)
    return path


def test_it_prints_the_load_file(dwarf):
    result = run("assemble", dwarf, dwarf)
    assert (result.exit_code, result.stdout, result.stderr) == (0, LISTING * 2, "")


def test_it_reads_standard_input():
    assert run("assemble", "-", stdin=DWARF).stdout == LISTING
    assert run("assemble", "-", stdin="mov").stderr.startswith("<stdin>:1:1: expected an operand for mov")


def test_errors_go_to_stderr_and_the_other_files_are_printed(dwarf, tmp_path):
    bad = tmp_path / "bad.red"
    bad.write_text("mov\njmp nowhere\n")
    result = run("assemble", bad, dwarf)
    assert result.exit_code == 2
    assert result.stdout == LISTING
    lines = result.stderr.splitlines()
    assert lines[0] == f"{bad}:1:1: expected an operand for mov, got the end of the line"
    assert lines[3:6] == [f"{bad}:2:5: expected a defined name, got 'nowhere'", "    jmp nowhere", "        ^"]


@pytest.mark.parametrize("command", ["assemble", "disassemble"])
def test_a_file_that_cannot_be_read_does_not_stop_the_others(command, dwarf, tmp_path):
    result = run(command, tmp_path, dwarf)
    assert result.exit_code == 2
    assert (
        f"expected a file or the name of a built-in warrior, got '{tmp_path}': the built-in groups are" in result.stderr
    )
    assert result.stdout == run(command, dwarf).stdout != ""


@pytest.mark.parametrize("command", ["assemble", "disassemble"])
def test_a_name_is_that_of_a_built_in_warrior(command):
    assert run(command, "imp").stdout == run(command, "-", stdin=builtin_source("imp")).stdout != ""


def test_a_file_without_end_is_refused():
    result = run("assemble", "-", stdin=b"\n" * 8 * MAX_SOURCE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"<stdin>:{MAX_SOURCE + 1}:1: expected at most {MAX_SOURCE} characters of source, ")


@pytest.mark.parametrize("command", ["assemble", "disassemble"])
def test_warnings_are_apart(command, tmp_path):
    path = tmp_path / "odd.red"
    path.write_text("equ 5\nnop 0\n")
    result = run(command, path)
    assert result.exit_code == 0
    assert result.stderr == f"{path}: warning: line 1: EQU without a label is ignored\n"


def test_warnings_come_below_the_errors():
    lines = run("assemble", "-", stdin="mov 0 1\n").stderr.splitlines()
    assert lines[0] == "<stdin>:1:1: expected two operands for mov, got one"
    assert lines[3:] == ["<stdin>: warning: line 1: '0 1' is read as one number: is a comma missing?"]


@pytest.mark.parametrize(
    ("flags", "condition"),
    [
        (["-s", 800], "CORESIZE == 800"),
        (["-c", 900], "MAXCYCLES == 900"),
        (["-p", 70], "MAXPROCESSES == 70"),
        (["-l", 20], "MAXLENGTH == 20 && MINDISTANCE == 20"),
        (["-d", 200], "MINDISTANCE == 200"),
        (["-S", 250], "PSPACESIZE == 250"),
        ([], "CORESIZE == 8000 && MAXLENGTH == 100"),
    ],
)
def test_flags_are_pmars_own(tmp_path, flags, condition):
    path = tmp_path / "asserting.red"
    path.write_text(f";assert {condition}\nnop 0\n")
    assert run("assemble", *flags, path).exit_code == 0


def test_the_older_standard(dwarf):
    assert "CMP" not in run("assemble", "-8", dwarf).stdout
    assert "ADD    #     4, $     3" in run("assemble", "-8", dwarf).stdout
    result = run("assemble", "-8", "-", stdin="mov.i 0, 1")
    assert result.exit_code == 2
    assert "ICWS'88" in result.stderr


@pytest.mark.parametrize("command", ["assemble", "disassemble"])
def test_help_names_the_flags_and_shows_an_example(command):
    text = run(command, "--help").stdout
    assert all(flag in text for flag in ("-8", "-s", "-c", "-p", "-l", "-d", "-S"))
    assert f"  redcode {command} " in text


def test_the_disassembler_prints_what_assembles_again(dwarf):
    text = run("disassemble", dwarf).stdout
    assert text.startswith(";redcode-94\n;name Dwarf\n")
    assert assemble(text) == assemble(DWARF)
    assert run("disassemble", "-", stdin=LISTING).stdout.endswith("DAT.F #0, #0\nEND\n")


def test_the_disassembler_reports_errors():
    result = run("disassemble", "-", "-8", stdin="nop 0")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "<stdin>:1:1" in result.stderr
