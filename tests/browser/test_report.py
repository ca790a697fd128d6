import json
import sqlite3
from contextlib import closing

import pytest

from drq.battles.engine import LocalEngine
from drq.config import ArchiveConfig
from drq.plain import to_plain
from drq.report import ChampionDuels, report_page
from drq.run.provenance import provenance
from drq.store import RunStore
from drq.store.reader import Starter
from redcode import NANO
from tests.browser.conftest import wait_for
from tests.drq.hostile import scripted_run
from tests.drq.runs import IMP, execute, nano_config, opponent, population_config

ROUNDS, PROPOSALS = 10, 10_000


def write(directory):
    page = directory.parent / f"{directory.name}.html"
    page.write_text(report_page(directory, ChampionDuels(directory, NANO, LocalEngine(1))), encoding="utf-8")
    return page


@pytest.fixture(scope="module")
def genetic(tmp_path_factory):
    directory = tmp_path_factory.mktemp("runs") / "genetic"
    execute(nano_config(rounds=3, iterations=60), directory)
    return write(directory)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    directory = tmp_path_factory.mktemp("runs") / "hostile<img src=x>"
    scripted_run(directory, nano_config(iterations=30))
    return write(directory)


def text(driver, selector):
    return driver.find_element("css selector", selector).text


def test_a_champion_opens_with_its_listing_and_its_line(browse, genetic):
    driver = browse(genetic, ready="report")
    assert "the run is finished" in text(driver, "#about")
    first = text(driver, "#champions tbody tr")
    assert first.startswith("starter Imp") and "%" in first
    driver.find_elements("css selector", "#champions tbody tr.opens")[2].click()
    assert text(driver, "#candidate h2") == "Champion of round 2"
    sheet = text(driver, "#candidate")
    assert "Held-out\ndefeats" in sheet and "Line of descent" in sheet
    champion = driver.execute_script("return report.run.candidates[report.run.rounds[2].champion]")
    listing = text(driver, "#candidate pre.code").splitlines()
    assert len(listing) == len(champion["code"]) // 3
    assert listing[champion["start"]].startswith("▸")
    assert len(driver.find_elements("css selector", ".line-of li")) > 1
    opponents = driver.find_elements("css selector", "#candidate .duels span")
    score = driver.execute_script("return report.run.heldOut[arguments[0].id]", champion)
    assert [opponent.get_attribute("class") for opponent in opponents] == [
        *["loses"] * score["loses"],
        *["ties"] * score["ties"],
        *["wins"] * score["defeats"],
    ]
    names = driver.execute_script("return report.run.heldOutOpponents.names")
    assert sorted(opponent.text.split("\n")[0] for opponent in opponents) == sorted(names)
    driver.find_element("css selector", "#candidate button[title^='Close']").click()
    assert not driver.find_element("id", "candidate").is_displayed()


def test_a_line_that_begins_with_a_starter_names_it(browse, genetic):
    driver = browse(genetic, ready="report")
    first = driver.execute_script("""
        const { candidates, lineages } = report.run;
        const begun = Object.keys(lineages).find((id) => candidates[lineages[id].at(-1)]?.kind === "seed");
        report.openCandidate(Number(begun));
        document.querySelector("#candidate .more-button").click();
        return [...document.querySelectorAll(".line-of li b")].at(-1).textContent;
        """)
    assert first.startswith("Starter Imp, placed in round ")


def test_whole_battles_are_not_said_to_be_cut(browse, genetic):
    driver = browse(genetic, ready="report")
    lead = text(driver, "#matrix .lead")
    assert "Open a field to watch one of these battles" in lead and "first" not in lead and "redcode watch" not in lead
    assert "this evolution never met them" in text(driver, "#champions .lead")


def test_a_cell_of_an_archive_opens_its_elite(browse, genetic):
    driver = browse(genetic, ready="report")
    cell = driver.find_elements("css selector", ".archive:nth-child(2) .cells button")[0]
    fitness = cell.get_attribute("title").split(",")[0].removeprefix("fitness ")
    cell.click()
    assert float(text(driver, "#candidate .facts dd")) == pytest.approx(float(fitness), abs=1e-3)


def test_a_field_of_the_matrix_opens_the_battle_in_the_viewer(browse, genetic):
    driver = browse(genetic, ready="report")
    driver.find_element("css selector", ".matrix button").click()
    wait_for(driver, "return report.viewer")
    driver.find_element("css selector", "#battle button.primary").click()
    wait_for(driver, "return report.viewer.battle.cycle > 0")
    driver.execute_script("report.viewer.go(3)")
    names = [card.text for card in driver.find_elements("css selector", "#battle .card .name")]
    assert "Imp" in names and len(names) == 2
    driver.find_element("css selector", "#battle button[title^='Close']").click()
    wait_for(driver, "return !document.querySelector('#battle .viewer')")  # the close event comes a task later


def test_a_champions_battle_opens_over_its_sheet(browse, genetic):
    driver = browse(genetic, ready="report")
    driver.find_elements("css selector", ".chart .champion")[1].click()
    driver.find_element("css selector", ".duels button").click()
    wait_for(driver, "return report.viewer")
    assert "round 1" in text(driver, "#battle h2")


def test_changes_are_shown_line_by_line(browse, genetic):
    driver = browse(genetic, ready="report")
    lines = driver.execute_script("""
        const view = changeView("@@ -1,2 +1,2 @@\\n a\\n-b\\n+x");
        return [...view.children].map((line) => [line.className, line.textContent.trimEnd()]);""")
    assert lines == [["skip", "@@ -1,2 +1,2 @@"], ["", " a"], ["cut", "-b"], ["add", "+x"]]
    assert driver.execute_script("return changeView('').textContent") == "The same code."


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (390, False)])
def test_it_fits_the_screen_in_either_theme(browse, genetic, width, dark):
    driver = browse(genetic, width=width, dark=dark, ready="report")
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    colour = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert colour == ("rgb(14, 17, 22)" if dark else "rgb(255, 255, 255)")
    driver.execute_script("report.openCandidate(report.run.rounds[0].champion)")
    assert (
        driver.execute_script(
            "const sheet = document.getElementById('candidate'); return sheet.scrollWidth - sheet.clientWidth"
        )
        == 0
    )


def test_an_archive_has_its_first_axis_up_and_its_second_across(browse, genetic):
    driver = browse(genetic, ready="report")
    cells = driver.execute_script("""
        return report.run.rounds.map((round, i) => {
          const columns = report.run.axes[1].bins.length + 1, rows = report.run.axes[0].bins.length + 1;
          const shown = document.querySelectorAll(".archive")[i].querySelectorAll(".cells > *");
          return [Object.keys(round.cells), [...shown].flatMap((cell, place) =>
            cell.localName === "button" ? [`${rows - 1 - Math.floor(place / columns)},${place % columns}`] : [])];
        });""")
    assert cells and all(sorted(recorded) == sorted(shown) for recorded, shown in cells)
    assert any(
        sorted(recorded) != sorted(",".join(cell.split(",")[::-1]) for cell in recorded) for recorded, _ in cells
    )
    assert text(driver, ".axis") == "↑ spawned\ncovered →"


@pytest.mark.parametrize("width", [1280, 390])
def test_labels_of_the_rounds_do_not_touch(browse, genetic, width):
    driver = browse(genetic, width=width, ready="report")
    boxes = driver.execute_script("""
        return [...document.querySelectorAll(".chart text")].map((label) => {
          const { left, right, top, bottom } = label.getBoundingClientRect();
          return [label.textContent, left, right, top, bottom];
        });""")
    assert [label for label, *_ in boxes][-4:] == ["round", "0", "1", "2"]
    for i, (_, left, right, top, bottom) in enumerate(boxes):
        assert left >= 0 and right <= width
        for _, other_left, other_right, other_top, other_bottom in boxes[:i]:
            assert left >= other_right or other_left >= right or top >= other_bottom or other_top >= bottom


def test_hostile_text_is_shown_as_text(browse, hostile):
    driver = browse(hostile, ready="report")
    assert "<img src=x>" in text(driver, "h1")
    driver.find_element("css selector", "#champions tbody tr.opens").click()
    assert "<script>window.pwned=1</script>" in text(driver, "#candidate header p")
    driver.find_element("css selector", "#candidate summary").click()
    assert len(text(driver, "#candidate details pre")) < 5000
    driver.execute_script("document.getElementById('candidate').close()")
    for summary in driver.find_elements("css selector", "#failures summary"):
        summary.click()
    assert "<img src=x onerror=window.pwned=1>" in text(driver, "#failures")
    assert driver.execute_script("return [window.pwned, document.querySelectorAll('img, script').length]") == [None, 2]


@pytest.mark.parametrize("axes", [(), ("length",), ("spawned", "covered", "length")])
def test_archives_of_any_number_of_axes_have_a_map(browse, tmp_path, axes):
    execute(nano_config(rounds=1, archive=ArchiveConfig(axes=axes)), tmp_path / "run")
    driver = browse(write(tmp_path / "run"), ready="report")
    cells = driver.find_elements("css selector", ".archive .cells > *")
    assert len(cells) == 6 ** min(2, len(axes))
    driver.find_element("css selector", ".archive button").click()
    assert driver.find_element("id", "candidate").is_displayed()


def test_a_run_of_100_000_candidates_stays_small_and_opens(browse, tmp_path):
    directory = tmp_path / "large"
    fabricate(directory)
    page = write(directory)
    assert page.stat().st_size < 20_000_000
    driver = browse(page, ready="report")
    assert "100\u202f000\ncandidates" in text(driver, ".tiles")


def fabricate(directory):
    """A finished run of that size, written straight into its file."""
    starter = opponent(IMP)
    rows = [Starter("Imp", starter.warrior.digest, IMP)]
    RunStore.open_or_create(
        directory, to_plain(nano_config(rounds=ROUNDS, iterations=PROPOSALS - 3)), provenance({}), rows
    ).close()
    with closing(sqlite3.connect(directory / "run.sqlite")) as db:
        for round in range(ROUNDS):
            db.execute("INSERT INTO rounds VALUES (?, '[]', '[]', 0)", (round,))
            ids = range(round * PROPOSALS + 1, (round + 1) * PROPOSALS + 1)
            comment = "; a comment such as a model writes\n" * 60
            source = "MOV.I $0, ${}\nADD.AB #{}, $1\nJMP.B $-1, $0\n" + comment
            db.executemany(
                "INSERT INTO candidates VALUES (?, ?, ?, 'mutate', 'llm', ?, ?, NULL, 'Warrior', ?, NULL, 0)",
                (
                    (
                        id,
                        round,
                        i,
                        json.dumps([max(1, id - 7)] if id > 1 else []),
                        source.format(round, i % 80),
                        str(id),
                    )
                    for i, id in enumerate(ids)
                ),
            )
            db.executemany(
                "INSERT INTO evaluations VALUES (?, ?, 0.5, 800, 1, 2, 3, 4, 5, '[]', '[]')",
                ((id, i / PROPOSALS) for i, id in enumerate(ids)),
            )
            db.executemany(
                "INSERT INTO insertions VALUES (?, ?, 'improved')",
                ((id, json.dumps([i % 6, i // 6 % 6])) for i, id in enumerate(ids)),
            )
            db.execute("INSERT INTO champions VALUES (?, ?)", (round, ids[-1]))
        db.commit()


def test_a_population_fought_for_points_is_shown_as_one(browse, tmp_path):
    directory = tmp_path / "population"
    execute(population_config(minutes=60.0), directory)
    driver = browse(write(directory), ready="report")
    assert text(driver, "#run .tile") == "4\nrounds ended"
    assert text(driver, "#archives h2") == "Populations"
    assert "points a battle" in text(driver, "#fitness .lead") and "even" not in text(driver, "#fitness .lead")
    assert driver.find_elements("css selector", "#fitness-chart .even") == []
    members = driver.find_elements("css selector", "#archives .archive:last-child button")
    shades = driver.execute_script(
        "return arguments[0].map((one) => parseFloat(one.style.getPropertyValue('--share')))", members
    )
    assert len(members) == 5 and shades == sorted(shades, reverse=True)
    members[0].click()
    assert "Fitness" in text(driver, "#candidate")


def test_a_champion_carried_over_is_drawn_in_the_round_that_crowned_it(browse, tmp_path):
    directory = tmp_path / "carried"
    execute(population_config(iterations=2), directory)
    driver = browse(write(directory), ready="report")
    crowned = driver.execute_script(
        "return report.run.rounds.map(({ champion }) => report.run.candidates[champion]?.iteration ?? null)"
    )
    drawn = driver.execute_script(
        "return [...document.querySelectorAll('#fitness-chart .champion')].map((dot) => dot.cx.baseVal.value)"
    )
    width = driver.execute_script("return document.querySelector('#fitness-chart svg').viewBox.baseVal.width")
    each = (width - 34 - 8) / 4
    rounds = [i for i, iteration in enumerate(crowned) if iteration is not None]
    assert any(iteration is not None and iteration < -1 for iteration in crowned)
    assert [int((x - 34) // each) for x in drawn] == rounds
