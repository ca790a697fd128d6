import os
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty", reason="expected a system with terminals")

REDCODE = [sys.executable, "-c", "from redcode.commands.cli import main; main()"]
HOSTILE = b";name a\x1b]0;pwn\x07\xc2\x9b2J\n;author b\tc\n;strategy \x1b[8m\nmov 0, 1\n"
RESET = "\x1b[0m"
"""What colorama, which numba uses where it is installed, sends when a process ends."""


@pytest.fixture
def hostile(tmp_path):
    path = tmp_path / "hostile.red"
    path.write_bytes(HOSTILE)
    return path


def on_a_terminal(*arguments):
    """What a command sends to the terminal that is its standard output."""
    terminal, end = pty.openpty()
    chunks = []
    with subprocess.Popen([*REDCODE, *map(str, arguments)], stdout=end) as process:
        os.close(end)
        try:
            while chunk := os.read(terminal, 4096):
                chunks.append(chunk)
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(terminal)
    assert process.returncode == 0
    return b"".join(chunks).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("arguments", [["fight"], ["fight", "-b"], ["disassemble"]])
def test_a_name_cannot_command_a_terminal(hostile, arguments):
    shown = on_a_terminal(*arguments, hostile).removesuffix(RESET)
    assert "a␛]0;pwn" in shown
    assert all(character.isprintable() or character in "\n\t" for character in shown)


@pytest.mark.parametrize("arguments", [["fight"], ["disassemble"]])
def test_a_file_gets_the_name_as_it_is(hostile, arguments):
    done = subprocess.run([*REDCODE, *arguments, str(hostile)], capture_output=True, check=True)
    assert b"a\x1b]0;pwn\x07\xc2\x9b2J" in done.stdout
