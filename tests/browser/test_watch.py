import pytest

from redcode import NANO, Rules, Warrior, assemble, builtin
from redcode.isa import pack
from redcode.machine.reference import Machine
from redcode.pictures.page import battle_page
from redcode.pictures.trace import record
from tests.browser.conftest import wait_for

RULES = Rules(max_cycles=6000)
IMP = assemble(";name Imp\nmov 0, 1", NANO)
DWARF = assemble(";name Dwarf\nadd #4, 3\nmov 2, @2\njmp -2\ndat #0, #0", NANO)
DAT = assemble(";name Dat\njmp 1\ndat 0, 0", NANO)
STATE = """
const { battle } = viewer;
battle.seek(arguments[0]);
const { code, a, b } = battle.cells;
return {
  core: Array.from(code, (word, cell) => [word, a[cell], b[cell]]),
  queues: battle.queues.map((queue) => [...queue.copy()]),
};
"""


def write(tmp_path, warriors, rules, starts, **options):
    path = tmp_path / "battle.html"
    path.write_text(battle_page(record(warriors, rules, starts, **options)), encoding="utf-8")
    return path


@pytest.fixture
def duel(tmp_path):
    """Imp, dwarf and a warrior that dies at once, in a core of 80."""
    return write(tmp_path, [IMP, DWARF, DAT], NANO, [0, 30, 60])


def cell_position(driver, cell):
    """Where the middle of a cell lies, as an offset from the middle of the canvas."""
    return driver.execute_script(
        """
        const { cell, scale, columns, canvas } = viewer.board;
        const [width, height] = [canvas.clientWidth, canvas.clientHeight];
        const middle = (place) => ((place + 0.5) * cell) / scale;
        const [x, y] = [middle(arguments[0] % columns), middle(Math.floor(arguments[0] / columns))];
        return [Math.round(x - width / 2), Math.round(y - height / 2)];
        """,
        cell,
    )


def click_cell(driver, cell):
    from selenium.webdriver import ActionChains

    canvas = driver.find_element("css selector", "canvas.core")
    ActionChains(driver).move_to_element_with_offset(canvas, *cell_position(driver, cell)).click().perform()


def cycle(driver):
    return driver.execute_script("return viewer.battle.cycle")


def press(driver, *keys):
    from selenium.webdriver import ActionChains

    ActionChains(driver).send_keys(*keys).perform()


def test_every_replayed_state_is_the_references(browse, tmp_path):
    pool = [builtin("paper", RULES), builtin("imp_spiral", RULES), builtin("stone", RULES)]
    starts = [0, 2500, 5200]
    driver = browse(write(tmp_path, pool, RULES, starts))
    machine = Machine(RULES, pool, starts)
    for target in (1, 777, 3000):
        while machine.cycle < target:
            machine.play_cycle()
        driver.execute_script("viewer.battle.seek(6000); viewer.battle.seek(2000)")  # come from either side
        state = driver.execute_script(STATE, target)
        assert state["core"] == [[pack(cell) >> 32, cell.a, cell.b] for cell in machine.core]
        assert state["queues"] == [list(queue) for queue in machine.queues]


def test_play_runs_to_the_end_and_pause_stops(browse, tmp_path):
    driver = browse(write(tmp_path, [IMP, IMP], NANO, [0, 40]))
    play = driver.find_element("css selector", "button.primary")
    play.click()
    wait_for(driver, "return viewer.battle.cycle > 3")
    play.click()
    stopped = cycle(driver)
    assert driver.execute_async_script("setTimeout(() => arguments[0](viewer.battle.cycle), 200)") == stopped < 800
    assert driver.find_element("css selector", ".result").text == "A tie: 2 warriors alive after 800 cycles"
    driver.execute_script("viewer.setSpeed(13)")
    play.click()
    wait_for(driver, "return viewer.battle.cycle === 800 && !viewer.playing")


def test_scrubbing_typing_and_stepping_reach_any_cycle(browse, duel):
    driver = browse(duel)
    driver.execute_script(
        "const scrub = document.querySelector('.scrub'); scrub.value = 9; scrub.dispatchEvent(new Event('input'))"
    )
    assert cycle(driver) == 9
    field = driver.find_element("css selector", "input.cycle")
    field.clear()
    field.send_keys("4\n")
    assert cycle(driver) == 4
    driver.execute_script("document.activeElement.blur()")
    from selenium.webdriver import Keys

    press(driver, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT)
    assert cycle(driver) == 5
    press(driver, Keys.HOME)
    assert cycle(driver) == 0
    press(driver, Keys.END)
    assert cycle(driver) == driver.execute_script("return viewer.battle.data.cycles")


def test_an_address_may_name_a_cycle_and_a_cell(browse, duel):
    driver = browse(duel)
    driver.get(f"{duel.as_uri()}#7/32")
    driver.refresh()
    wait_for(driver, "return Boolean(window.viewer)")
    assert cycle(driver) == 7
    assert "Cell 32" in driver.find_element("css selector", ".inspector").text


def test_a_death_is_one_jump_away(browse, duel):
    driver = browse(duel)
    driver.find_element("xpath", "//button[text()='Next death']").click()
    assert cycle(driver) == 2
    assert [card.get_attribute("class") for card in driver.find_elements("css selector", ".card")] == [
        "card",
        "card",
        "card dead",
    ]
    driver.execute_script("viewer.go(0)")
    driver.find_elements("css selector", ".card button.link")[-1].click()
    assert cycle(driver) == 2


def test_a_click_on_a_cell_tells_its_instruction_and_who_wrote_it(browse, duel):
    driver = browse(duel)
    driver.execute_script("viewer.go(6)")
    click_cell(driver, 4)
    inspector = driver.find_element("css selector", ".inspector").text
    assert "Cell 4" in inspector and "MOV.I  $0, $1" in inspector
    assert "Written by\nImp in cycle 4" in inspector
    assert "Executed by\nImp in cycle 5" in inspector
    click_cell(driver, 32)
    inspector = driver.find_element("css selector", ".inspector").text
    assert "JMP.B  $-2, $0" in inspector and "Dwarf when it was loaded" in inspector
    click_cell(driver, 32)
    assert driver.execute_script("return viewer.pinned") is None


def test_listings_open_and_lead_to_their_cell(browse, duel):
    driver = browse(duel)
    driver.find_elements("css selector", ".card summary")[1].click()
    line = wait_for(driver, "return document.querySelectorAll('.listing .line')[2]")
    assert line.text == "JMP.B  $-2, $0"
    line.click()
    assert "Cell 32" in driver.find_element("css selector", ".inspector").text


@pytest.mark.parametrize("dark", [False, True])
def test_it_follows_the_systems_theme_until_told_otherwise(browse, duel, dark):
    driver = browse(duel, dark=dark)
    paper = "return getComputedStyle(document.body).backgroundColor"
    colours = ["rgb(255, 255, 255)", "rgb(14, 17, 22)"]
    assert driver.execute_script(paper) == colours[dark]
    press(driver, "t")
    assert driver.execute_script(paper) == colours[not dark]
    corner = "return [...viewer.board.context.getImageData(viewer.board.canvas.width - 20, 20, 1, 1).data.slice(0, 3)]"
    assert driver.execute_script(corner) == ([240, 241, 244] if dark else [23, 27, 34])
    driver.execute_script("localStorage.clear()")


def test_a_phone_shows_it_without_scrolling_sideways(browse, duel):
    driver = browse(duel, width=390, height=844)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
    assert driver.find_element("css selector", "canvas.core").size["width"] > 300
    click_cell(driver, 30)
    assert "ADD.AB" in driver.find_element("css selector", ".inspector").text


def test_hostile_text_is_shown_as_text(browse, tmp_path):
    name = "<script>window.pwned=1</script></script><img src=x onerror=window.pwned=1>\u202e\x00"
    hostile = Warrior(
        IMP.code, name=name, author="&lt;b&gt;<b>", strategy="<img src=x onerror=window.pwned=1>" * 40_000
    )
    driver = browse(write(tmp_path, [hostile, IMP], NANO, [0, 40]))
    assert driver.find_element("css selector", ".card .name").text.startswith("<script>window.pwned=1</script>")
    assert "&lt;b&gt;<b>" in driver.find_element("css selector", ".card .author").text
    driver.find_element("css selector", ".card summary").click()
    assert len(driver.find_element("css selector", ".strategy").text) < 1100
    assert driver.execute_script("return [window.pwned, document.querySelectorAll('img, script').length]") == [None, 2]


def test_a_full_battle_is_small_and_plays_on(browse, tmp_path):
    rules = Rules()
    paper = builtin("paper", rules)
    path = write(tmp_path, [paper, paper], rules, [0, 4000])
    assert path.stat().st_size < 8_000_000
    driver = browse(path)
    shown = driver.execute_async_script(
        """
        const done = arguments[0], shown = [], tick = viewer.tick.bind(viewer);
        viewer.go(40000);
        viewer.setSpeed(10);
        viewer.tick = (now) => {
          tick(now);
          shown.push(viewer.battle.cycle);
          if (shown.length === 60) { viewer.pause(); done(shown); }
        };
        viewer.toggle();
        """
    )
    assert shown == sorted(shown) and shown[0] >= 40_000 and shown[-1] > shown[0]
