"use strict";
// Shows the cell under the pointer or the pinned cell: its instruction, who wrote, executed and read it and when, and
// its neighbours.

const AROUND = 3; // cells shown before and after it

class Inspector {
  constructor(battle) {
    this.battle = battle;
    this.root = element("section", { class: "inspector" });
  }

  show(cell, pinned, colours) {
    if (cell === null) {
      this.root.replaceChildren(element("p", { class: "hint" }, "Point at a cell, or tap it, to see its instruction and who wrote it. Click to pin it."));
      return;
    }
    this.colours = colours;
    this.root.replaceChildren(
      element("header", {}, element("h2", {}, `Cell ${number(cell)}`), element("span", { class: "hint" }, pinned ? "pinned" : "")),
      element("code", { class: "instruction" }, this.battle.instruction(cell)),
      element("dl", {}, ...this.facts(cell).flatMap(([term, ...value]) => [element("dt", {}, term), element("dd", {}, ...value)])),
      element("ol", { class: "around" }, ...this.neighbours(cell)));
  }

  facts(cell) {
    const { cells, waiting } = this.battle;
    const when = (at) => (at === LOADED ? " when it was loaded" : ` in cycle ${number(at + 1)}`);
    const facts = [["Written by", ...(cells.owner[cell] === NONE
      ? ["no warrior: empty since the start"] : [this.who(cells.owner[cell]), when(cells.writtenAt[cell])])]];
    if (cells.executedBy[cell] !== NONE) facts.push(["Executed by", this.who(cells.executedBy[cell]), when(cells.executedAt[cell])]);
    if (cells.readBy[cell] !== NONE) facts.push(["Read by", this.who(cells.readBy[cell]), when(cells.readAt[cell])]);
    waiting.forEach((counts, warrior) => {
      if (counts[cell]) facts.push(["Waiting", this.who(warrior), ` with ${plural(counts[cell], "process")}`]);
    });
    return facts;
  }

  who(warrior) {
    const swatch = element("span", { class: "swatch small" });
    swatch.style.background = this.colours.warriors[warrior].full;
    return element("span", {}, swatch, element("bdi", {}, this.battle.warriors[warrior].name));
  }

  neighbours(cell) {
    const { battle } = this;
    return Array.from({ length: 2 * AROUND + 1 }, (_, i) => (cell + i - AROUND + battle.size) % battle.size).map((near) => {
      const owner = battle.cells.owner[near];
      const line = element("li", { class: near === cell ? "here" : "" },
        element("span", { class: "address" }, String(near)), element("code", {}, battle.instruction(near)));
      line.style.borderColor = owner === NONE ? "transparent" : this.colours.warriors[owner].full;
      return line;
    });
  }
}
