"""Random programs beside what pMARS 0.9.4 made of them, refusals too."""

from __future__ import annotations

import pytest

from redcode import ICWS88, ICWS94, RedcodeError, Rules, assemble
from redcode.language.disassembler import to_load_file
from tests.assembled import digest, program, recorded


def load_file(source: str, rules: Rules) -> str:
    try:
        return to_load_file(assemble(source, rules, rounds=1), rules)
    except RedcodeError:
        return ""


@pytest.mark.parametrize(("standard", "rules"), [("94", ICWS94), ("88", ICWS88)])
def test_random_programs_assemble_as_in_pmars(standard: str, rules: Rules) -> None:
    answers = recorded(standard)
    differing = [
        number
        for number, theirs in enumerate(answers)
        if theirs is not None and digest(load_file(program(number, standard), rules)) != theirs
    ]
    assert differing == []
    assert sum(bool(theirs) for theirs in answers) > len(answers) / 4
