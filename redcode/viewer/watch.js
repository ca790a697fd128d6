"use strict";
// The page of `redcode watch`: a title and one battle. battle.html#3000 opens it after 3000 cycles.

async function startWatch() {
  Theme.start();
  document.getElementById("tools").append(Theme.button());
  const host = document.getElementById("viewer");
  try {
    const viewer = await Viewer.mount(host, PAGE.battle);
    viewer.go(Number(location.hash.slice(1)));
    window.viewer = viewer;
  } catch (error) {
    host.replaceChildren(element("p", { class: "failure" }, `This browser cannot show the battle: ${error.message}`));
    throw error;
  }
}

startWatch();
