from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from redcode import ICWS94, PRESETS, Rules
from redcode.commands.options import rule_flags, rules_options


@pytest.mark.parametrize(
    "rules",
    [*PRESETS.values(), Rules(max_cycles=7, min_distance=101, pspace_size=9), Rules(max_length=4, min_distance=4)],
)
def test_the_flags_of_rules_mean_those_rules(rules: Rules) -> None:
    taken = []

    @click.command()
    @rules_options
    def command(rules: Rules) -> None:
        taken.append(rules)

    assert CliRunner().invoke(command, rule_flags(rules)).exit_code == 0
    assert taken == [rules]


def test_only_what_is_not_default_has_a_flag() -> None:
    assert rule_flags(ICWS94) == ""
    assert rule_flags(PRESETS["nano"]) == "-s 80 -c 800 -p 80 -l 5"
    assert rule_flags(PRESETS["icws88"]) == "-8"
