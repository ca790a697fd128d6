import base64
import json
import re
import zlib

import pytest
from click.testing import CliRunner

from redcode import NANO, Warrior, assemble
from redcode.commands.cli import group
from redcode.pictures.page import battle_data, battle_page, embedded_json
from redcode.pictures.trace import record

NANO_FLAGS = ["-s", "80", "-c", "800", "-p", "80", "-l", "5"]
IMP = assemble(";name Imp\nmov 0, 1", NANO)


@pytest.fixture
def files(tmp_path):
    for name, source in {"imp": ";name Imp\nmov 0, 1", "dat": ";name Dat\ndat 0, 0", "bad": "mov 0,"}.items():
        (tmp_path / f"{name}.red").write_text(source)
    return {path.stem: str(path) for path in tmp_path.glob("*.red")}


def run(*arguments):
    return CliRunner().invoke(group, [*map(str, arguments)])


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1])


def test_watch_writes_a_page_with_the_whole_battle(files, tmp_path):
    output = tmp_path / "new" / "battle.html"
    result = run("watch", files["imp"], files["dat"], *NANO_FLAGS, "-F", 40, "-o", output)
    assert result.exit_code == 0, result.output
    assert result.output == f"{output}: 1 cycle, 0.1 MB\n"
    battle = data_of(output.read_text(encoding="utf-8"))["battle"]
    assert [warrior["load"] for warrior in battle["warriors"]] == [0, 40]
    assert (battle["cycles"], battle["ended"], battle["counts"]["steps"]) == (1, True, 2)


def test_a_seed_places_the_second_warrior_the_same_way_each_time(files, tmp_path):
    loads = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        run("watch", files["imp"], files["imp"], *NANO_FLAGS, "--seed", seed, "-o", tmp_path / f"{name}.html")
        loads.append(data_of((tmp_path / f"{name}.html").read_text())["battle"]["warriors"][1]["load"])
    assert loads[0] == loads[1] != loads[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["watch", "{bad}"], "bad.red:1:6"),
        (["watch", "{imp}", "{imp}", "-s", "79"], "core_size"),
        (["watch", "{imp}", "{imp}", "-F", "7"], "position"),
        (["draw", "{imp}", "-o", "battle.jpg"], ".svg or .png"),
        (["watch", "no_such_warrior"], "expected a file or the name of a built-in warrior, "),
    ],
)
def test_a_mistake_is_one_clear_error(files, arguments, message):
    result = run(*(argument.format(**files) for argument in arguments))
    assert result.exit_code != 0
    assert message in result.output + str(result.exception)


def test_a_warrior_may_be_a_built_in_one(tmp_path):
    output = tmp_path / "imp.svg"
    assert run("draw", "imp", "--cycle", 3, "-o", output).exit_code == 0
    assert "Imp: 1 process" in output.read_text()


@pytest.mark.parametrize("command", ["watch", "draw"])
def test_a_warrior_sees_how_many_there_are(tmp_path, command):
    path = tmp_path / "asserting.red"
    path.write_text(";assert WARRIORS == 2 && ROUNDS == 1\njmp 0\n")
    result = run(command, path, "imp", "-c", 10, "-o", tmp_path / "battle.svg")
    assert result.exit_code == 0, result.exception


@pytest.mark.parametrize(("suffix", "start"), [("svg", b"<svg "), ("png", b"\x89PNG")])
def test_draw_writes_a_picture_of_the_core(files, tmp_path, suffix, start):
    output = tmp_path / "new" / f"battle.{suffix}"
    result = run("draw", files["imp"], files["dat"], *NANO_FLAGS, "--cycle", 1, "-o", output)
    assert result.exit_code == 0, result.output
    assert output.read_bytes().startswith(start)


def test_the_columns_come_in_the_order_that_the_page_reads():
    trace = record([IMP, IMP], NANO, [0, 40])
    data = battle_data(trace)
    raw = zlib.decompress(base64.b64decode(data["trace"]))
    counts = data["counts"]
    assert len(raw) == 2 * (counts["reads"] + counts["joined"] + 4 * counts["writes"]) + counts["steps"]
    assert raw[-counts["steps"] :] == trace.steps.tobytes()


def test_a_page_is_one_file_that_may_load_nothing():
    page = battle_page(record([IMP, IMP], NANO, [0, 40]))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r'(src|href)\s*=\s*["\']|url\(|@import', page.partition('id="data"')[0])


def test_hostile_text_does_not_leave_its_place():
    name = '</script><img src=x onerror=alert(1)>"\u2028\x00' + "y" * 10**6
    warrior = Warrior(IMP.code, name=name, author="&<b>", strategy="z" * 10**6)
    page = battle_page(record([warrior, warrior], NANO, [0, 40]))
    assert len(page) < 100_000
    assert "<img" not in page
    assert page.count("</script>") == 2
    assert data_of(page)["battle"]["warriors"][0]["name"].startswith("</script><img src=x onerror=alert(1)>")


def test_json_inside_a_page_cannot_end_its_element():
    assert embedded_json({"a": "</script><!--\u2028"}) == '{"a":"\\u003c/script>\\u003c!--\\u2028"}'
