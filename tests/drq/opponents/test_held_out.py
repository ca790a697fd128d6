from __future__ import annotations

from dataclasses import replace

import pytest

from drq.opponents.held_out import held_out, shortage
from redcode import ICWS94, NANO, TINY, Rules, builtin


@pytest.mark.parametrize(("rules", "name"), [(ICWS94, "hydra"), (TINY, "tiny_bite"), (NANO, "nano_shot")])
def test_held_out_warriors_are_those_made_for_the_core(rules: Rules, name: str) -> None:
    assert builtin(name, rules) in held_out(rules)


def test_it_says_why_there_are_so_few() -> None:
    assert shortage(held_out(ICWS94), ICWS94) is None
    short = replace(ICWS94, max_length=5)
    assert (
        shortage(held_out(short), short) == f"{len(held_out(short))} of 18 held-out warriors assemble under these rules"
    )
    assert 0 < len(held_out(short)) < 18
