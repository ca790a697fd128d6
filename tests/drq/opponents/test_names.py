"""Files of warriors named in a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from drq.errors import ConfigError
from drq.opponents.names import load_warriors
from redcode import NANO
from redcode.language.assembler import MAX_SOURCE

SOURCE = ";name Dürer\nmov 0, 1\n"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_file_is_read_as_the_assembler_reads_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "imp.red"
    file.write_text(SOURCE, encoding)
    [starter] = load_warriors([str(file)], NANO, "starter")
    assert (starter.source, starter.warrior.name) == (SOURCE, "Dürer")


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "huge.red"
    with file.open("wb") as sparse:
        sparse.truncate(2**40)
    with pytest.raises(ConfigError, match=f"at most {MAX_SOURCE} characters"):
        load_warriors([str(file)], NANO, "starter")
