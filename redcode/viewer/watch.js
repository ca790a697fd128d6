"use strict";
// The page of `redcode watch`: a title and one battle.

async function startWatch() {
  Theme.start();
  document.getElementById("tools").append(Theme.button());
  const host = document.getElementById("viewer");
  try {
    window.viewer = await Viewer.mount(host, PAGE.battle);
  } catch (error) {
    host.replaceChildren(element("p", { class: "failure" }, `This browser cannot show the battle: ${error.message}`));
    throw error;
  }
}

startWatch();
