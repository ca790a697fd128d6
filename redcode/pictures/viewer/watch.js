"use strict";
// The page of `redcode watch`: a title and one battle. battle.html#3000 opens it after 3000 cycles,
// battle.html#3000/17 also pins cell 17.

async function startWatch() {
  Theme.start();
  document.getElementById("tools").append(Theme.button());
  const host = document.getElementById("viewer");
  try {
    const viewer = await Viewer.mount(host, PAGE.battle);
    const [cycle, cell] = location.hash.slice(1).split("/").map(Number);
    viewer.go(cycle);
    if (cell >= 0 && cell < viewer.battle.size) viewer.pin(Math.floor(cell));
    window.viewer = viewer;
  } catch (error) {
    host.replaceChildren(element("p", { class: "failure" }, `This browser cannot show the battle: ${error.message}`));
    throw error;
  }
}

startWatch();
