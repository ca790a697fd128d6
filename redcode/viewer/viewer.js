"use strict";
// One battle to watch: core, transport, curves, warriors, and the cell under the pointer.

const SPEEDS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000];
const WHOLE_BATTLE_SECONDS = 40; // at the speed chosen at first
const FADE_SECONDS = 0.35;
const FADE_CYCLES = [6, 600]; // at least and at most
const FEW = 4; // warriors whose cards show all they can
const LISTING_LINES = 400;
const WIDE = 860; // CSS pixels from which the warriors stand beside the core
const ASIDE = 330; // what they take there at least, with the gap
const BELOW = 174; // height of what stands below the core, so that all of it shows without scrolling
const CURVES = 70;
const AROUND = 3; // cells shown before and after the inspected one
const ICONS = {
  play: "M5 3.2v13.6L17 10z",
  pause: "M4.5 3.5h4v13h-4zM11.5 3.5h4v13h-4z",
  back: "M14.5 3.5v13L6.5 10zM4 3.5h2.2v13H4z",
  forward: "M5.5 3.5v13l8-6.5zM13.8 3.5H16v13h-2.2z",
};

class Viewer {
  static async mount(host, data) {
    const viewer = new Viewer(host, await Battle.open(data));
    viewer.start();
    return viewer;
  }

  constructor(host, battle) {
    this.host = host;
    this.battle = battle;
    this.playing = false;
    this.owed = 0; // fractions of a cycle left over from the last frame
    this.speed = SPEEDS.findLastIndex((speed) => speed <= Math.max(5, battle.data.cycles / WHOLE_BATTLE_SECONDS));
    this.speed = Math.max(0, this.speed);
    this.pinned = null;
    this.pointed = null;
    this.build();
  }

  // --- the page -----------------------------------------------------------------------------------------------------

  build() {
    const { battle } = this;
    const cycles = battle.data.cycles;
    const button = (name, label, action) =>
      element("button", { type: "button", title: label, "aria-label": label, onclick: action }, icon(ICONS[name]));
    this.parts = {
      core: element("canvas", { class: "core", tabindex: "0", role: "img", "aria-label": "The core: one square a cell" }),
      play: button("play", "Play or pause (space)", () => this.toggle()),
      cycle: element("input", {
        type: "number", class: "cycle", min: "0", max: String(cycles), value: "0", "aria-label": "Cycle",
        onchange: (event) => this.go(Number(event.target.value)),
      }),
      speed: element("input", {
        type: "range", min: "0", max: String(SPEEDS.length - 1), value: String(this.speed), "aria-label": "Speed",
        oninput: (event) => this.setSpeed(Number(event.target.value)),
      }),
      pace: element("output", { class: "pace" }),
      curves: element("canvas", { class: "curves" }),
      scrub: element("input", {
        type: "range", class: "scrub", min: "0", max: String(cycles), value: "0", "aria-label": "Scrub to a cycle",
        oninput: (event) => this.go(Number(event.target.value)),
      }),
      playhead: element("div", { class: "playhead" }),
      cards: element("div", { class: battle.warriors.length > FEW ? "cards many" : "cards" }),
      inspector: element("section", { class: "inspector", "aria-live": "off" }),
      result: element("p", { class: "result" }, this.outcome()),
    };
    const p = this.parts;
    p.play.classList.add("primary");
    const death = element("button", {
      type: "button", class: "wordy", title: "Jump to the next death (d)", onclick: () => this.nextDeath(1),
    }, "Next death");
    death.hidden = !battle.deaths.length;
    const transport = element("div", { class: "transport" },
      element("div", { class: "group" },
        button("back", "One cycle back (←)", () => this.go(battle.cycle - 1)), p.play,
        button("forward", "One cycle forward (→)", () => this.go(battle.cycle + 1)), death),
      element("label", { class: "group where" }, element("span", {}, "Cycle"), p.cycle, element("span", {}, `of ${number(cycles)}`)),
      element("label", { class: "group speed" }, p.speed, p.pace));
    this.strip = element("div", { class: "strip" },
      element("span", { class: "tag" }, "Processes"), element("span", { class: "tag" }, "Territory"),
      p.curves, p.playhead, p.scrub);
    this.marks = ["pointed", "pinned"].map((name) => element("div", { class: `mark ${name}`, hidden: true }));
    const legend = element("p", { class: "hint legend" }, ...[
      ["owner", "last written by"], ["head", "a process waits"], ["executed", "executed"], ["read", "read"],
    ].flatMap(([name, text]) => [element("span", {}, element("i", { class: name }), text)]),
      element("span", {
        class: "keys",
        title: "space: play or pause\n← →: one cycle, with shift 100\nhome, end: start, end\n+ −: speed\nd, D: next, previous death\nt: light or dark",
      }, "keys: space  ← →  + −  d  t"));
    this.stage = element("div", { class: "stage" },
      element("div", { class: "frame" }, p.core, ...this.marks), transport, this.strip, legend);
    this.root = element("div", { class: "viewer" }, this.stage,
      element("aside", {}, p.result, p.cards, p.inspector));
    this.buildCards();
    this.host.replaceChildren(this.root);
  }

  buildCards() {
    this.cards = this.battle.warriors.map((warrior, index) => {
      const card = {
        swatch: element("span", { class: "swatch" }),
        processes: element("span", { class: "figure" }),
        territory: element("span", { class: "figure" }),
        bar: element("div", { class: "bar" }, element("div")),
        now: element("code", { class: "now" }),
        state: element("span", { class: "state" }),
      };
      const listing = element("ol", { class: "listing", start: "0" });
      const details = element("details", {
        ontoggle: () => details.open && !listing.childElementCount && this.fillListing(listing, warrior),
      }, element("summary", {}, `Listing, ${plural(warrior.code.length / 3, "instruction")}`),
        warrior.strategy ? element("p", { class: "strategy" }, warrior.strategy) : null, listing);
      const death = this.battle.deaths.find((candidate) => candidate.warrior === index);
      if (death) {
        card.state.append(element("button", {
          type: "button", class: "link", title: "Jump there", onclick: () => this.go(death.cycle),
        }, `died in cycle ${number(death.cycle)}`));
      }
      this.parts.cards.append(element("article", { class: "card" },
        element("header", {}, card.swatch, element("bdi", { class: "name" }, warrior.name),
          element("bdi", { class: "author" }, warrior.author)),
        card.bar,
        element("div", { class: "figures" }, card.processes, card.territory, card.state), card.now, details));
      return card;
    });
  }

  fillListing(listing, warrior) {
    const { code } = warrior;
    const size = this.battle.size;
    const lines = Math.min(code.length / 3, LISTING_LINES);
    for (let i = 0; i < lines; i++) {
      const text = spell(code[3 * i], code[3 * i + 1], code[3 * i + 2], size);
      const cell = (warrior.load + i) % size;
      listing.append(element("li", { class: i === warrior.start ? "entry" : "", value: i },
        element("button", { type: "button", class: "line", title: `Cell ${cell}`, onclick: () => this.pin(cell) }, text)));
    }
    if (lines < code.length / 3) listing.append(element("li", { class: "more" }, `… ${number(code.length / 3 - lines)} more`));
  }

  outcome() {
    const { battle } = this;
    const { cycles, ended } = battle.data;
    if (!ended) return `The first ${plural(cycles, "cycle")}`;
    const dead = new Set(battle.deaths.map(({ warrior }) => warrior));
    const alive = battle.warriors.filter((_, index) => !dead.has(index));
    if (alive.length === 1 && dead.size) return element("span", {}, element("bdi", {}, alive[0].name), ` won in cycle ${number(cycles)}`);
    if (!alive.length) return `Nobody survived cycle ${number(cycles)}`;
    return battle.warriors.length === 1 ? `Alive after ${plural(cycles, "cycle")}` : `A tie of ${alive.length} after ${plural(cycles, "cycle")}`;
  }

  // --- life -----------------------------------------------------------------------------------------------------------

  start() {
    this.board = new Board(this.parts.core, this.battle);
    this.chart = new Strip(this.parts.curves, this.battle);
    this.listen();
    this.setSpeed(this.speed);
    this.fit();
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(this.host);
    this.onTheme = () => this.fit();
    Theme.watchers.add(this.onTheme);
  }

  destroy() {
    this.pause();
    this.resizing.disconnect();
    Theme.watchers.delete(this.onTheme);
    document.removeEventListener("keydown", this.onKey);
    window.removeEventListener("resize", this.onResize);
    this.root.remove();
  }

  fit() {
    const dark = Theme.dark;
    const wide = this.host.clientWidth >= WIDE;
    this.root.classList.toggle("wide", wide);
    const width = this.host.clientWidth - (wide ? ASIDE : 0);
    const height = wide ? Math.max(260, window.innerHeight - this.host.getBoundingClientRect().top - window.scrollY - BELOW) : Infinity;
    this.board.resize(width, height, dark);
    const stage = this.board.canvas.width / this.board.scale;
    this.stage.style.width = `${stage}px`;
    this.chart.resize(stage, CURVES, dark);
    this.markCells();
    this.cards.forEach((card, index) => {
      const colour = this.board.colours.warriors[index];
      card.swatch.style.background = colour.full;
      card.swatch.dataset.notches = colour.notches;
      card.bar.firstChild.style.background = colour.full;
    });
    this.show();
  }

  listen() {
    const { core } = this.parts;
    const cellOf = (event) => this.board.cellAt(event.offsetX, event.offsetY);
    core.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.point(cellOf(event)));
    core.addEventListener("pointerleave", () => this.point(null));
    core.addEventListener("mousedown", (event) => event.preventDefault()); // arrow keys stay with the transport
    core.addEventListener("click", (event) => {
      const cell = cellOf(event);
      this.pin(cell === this.pinned ? null : cell);
    });
    core.addEventListener("keydown", (event) => this.walk(event));
    this.onKey = (event) => this.key(event);
    this.onResize = () => this.fit();
    document.addEventListener("keydown", this.onKey);
    window.addEventListener("resize", this.onResize);
  }

  // Arrow keys move the inspected cell while the core has the focus.
  walk(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.board.columns, ArrowDown: this.board.columns }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const size = this.battle.size;
    this.pin(((this.pinned ?? 0) + step + size) % size);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const tag = event.target.tagName;
    const arrows = event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End";
    if (tag === "INPUT" && (arrows || event.target.type !== "range")) return;
    if (event.key === " " && (tag === "BUTTON" || tag === "SUMMARY")) return;
    const { battle } = this;
    const jump = event.shiftKey ? 100 : 1;
    const actions = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.go(battle.cycle - jump),
      ArrowRight: () => this.go(battle.cycle + jump),
      Home: () => this.go(0),
      End: () => this.go(battle.data.cycles),
      "+": () => this.setSpeed(this.speed + 1),
      "=": () => this.setSpeed(this.speed + 1),
      "-": () => this.setSpeed(this.speed - 1),
      d: () => this.nextDeath(1),
      D: () => this.nextDeath(-1),
      t: () => Theme.toggle(),
      Escape: () => this.pinned !== null && this.pin(null),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  // --- time -----------------------------------------------------------------------------------------------------------

  toggle() {
    if (this.playing) return this.pause();
    if (this.battle.cycle >= this.battle.data.cycles) this.go(0);
    this.playing = true;
    this.before = null;
    this.owed = 0;
    this.showPlaying();
    this.request = requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.request);
    this.showPlaying();
  }

  tick(now) {
    if (!this.playing) return;
    const { battle } = this;
    const seconds = this.before === null ? 0 : Math.min(0.1, (now - this.before) / 1000);
    this.before = now;
    this.owed += seconds * SPEEDS[this.speed];
    const due = Math.min(Math.floor(this.owed), battle.data.cycles - battle.cycle);
    this.owed -= due;
    if (due) {
      for (let i = 0; i < due; i++) battle.playCycle();
      this.board.paint();
      this.show();
    }
    if (battle.cycle >= battle.data.cycles) return this.pause();
    this.request = requestAnimationFrame((next) => this.tick(next));
  }

  go(cycle) {
    if (this.battle.seek(Number.isFinite(cycle) ? cycle : 0)) this.board.paintAll();
    else this.board.paint();
    this.owed = 0;
    this.show();
  }

  setSpeed(speed) {
    this.speed = Math.max(0, Math.min(SPEEDS.length - 1, speed));
    this.parts.speed.value = this.speed;
    this.parts.pace.value = `${number(SPEEDS[this.speed])} cycle${this.speed ? "s" : ""}/s`;
    const [least, most] = FADE_CYCLES;
    this.board.fade = Math.min(most, Math.max(least, SPEEDS[this.speed] * FADE_SECONDS));
    if (this.board.colours) this.board.paintAll();
  }

  nextDeath(direction) {
    const { deaths, cycle } = this.battle;
    const found = direction > 0 ? deaths.find((death) => death.cycle > cycle) : deaths.findLast((death) => death.cycle < cycle);
    if (found) this.go(found.cycle);
  }

  // --- what is shown --------------------------------------------------------------------------------------------------

  showPlaying() {
    this.parts.play.replaceChildren(icon(this.playing ? ICONS.pause : ICONS.play));
    this.parts.play.setAttribute("aria-pressed", String(this.playing));
  }

  show() {
    const { battle, parts } = this;
    if (document.activeElement !== parts.cycle) parts.cycle.value = battle.cycle;
    parts.scrub.value = battle.cycle;
    parts.playhead.style.transform = `translateX(${this.chart.x(battle.cycle)}px)`;
    this.cards.forEach((card, warrior) => this.showCard(card, warrior));
    this.showCell();
  }

  showCard(card, warrior) {
    const { battle } = this;
    const processes = battle.queues[warrior].length;
    const share = battle.territory[warrior] / battle.size;
    const last = battle.last[warrior];
    card.processes.textContent = plural(processes, "process");
    card.territory.textContent = `${percent(share)} of the core`;
    card.bar.firstChild.style.width = `${100 * share}%`;
    card.now.textContent = last === NOBODY ? "" : `${String(last).padStart(5)}  ${battle.instruction(last)}`;
    card.state.parentNode.parentNode.classList.toggle("dead", processes === 0);
  }

  point(cell) {
    this.pointed = cell;
    this.markCells();
  }

  pin(cell) {
    this.pinned = cell;
    this.markCells();
  }

  markCells() {
    [this.pointed, this.pinned].forEach((cell, i) => this.board.outline(this.marks[i], cell));
    this.showCell();
  }

  showCell() {
    const cell = this.pointed ?? this.pinned;
    const { inspector } = this.parts;
    if (cell === null) {
      inspector.replaceChildren(element("p", { class: "hint" }, "Point at a cell, or tap it, to see its instruction and who wrote it. Click to keep it."));
      return;
    }
    inspector.replaceChildren(
      element("header", {}, element("h2", {}, `Cell ${number(cell)}`),
        element("span", { class: "hint" }, cell === this.pinned ? "pinned" : "")),
      element("code", { class: "instruction" }, this.battle.instruction(cell)),
      element("dl", {}, ...this.facts(cell).flatMap(([term, ...value]) => [element("dt", {}, term), element("dd", {}, ...value)])),
      element("ol", { class: "around" }, ...this.neighbours(cell)));
  }

  facts(cell) {
    const { cells, waiting } = this.battle;
    const when = (at) => ` in cycle ${number(at + 1)}`;
    const facts = [["Written by", ...(cells.owner[cell] === NOBODY
      ? ["nobody: empty since the start"]
      : [this.who(cells.owner[cell]), cells.writtenAt[cell] === LOADED ? " when it was loaded" : when(cells.writtenAt[cell])])]];
    if (cells.executedBy[cell] !== NOBODY) facts.push(["Executed by", this.who(cells.executedBy[cell]), when(cells.executedAt[cell])]);
    if (cells.readBy[cell] !== NOBODY) facts.push(["Read by", this.who(cells.readBy[cell]), when(cells.readAt[cell])]);
    waiting.forEach((counts, warrior) => {
      if (counts[cell]) facts.push(["Waiting", this.who(warrior), ` with ${plural(counts[cell], "process")}`]);
    });
    return facts;
  }

  who(warrior) {
    const swatch = element("span", { class: "swatch small" });
    swatch.style.background = this.board.colours.warriors[warrior].full;
    return element("span", { class: "who" }, swatch, element("bdi", {}, this.battle.warriors[warrior].name));
  }

  neighbours(cell) {
    const { battle } = this;
    return Array.from({ length: 2 * AROUND + 1 }, (_, i) => (cell + i - AROUND + battle.size) % battle.size).map((near) => {
      const owner = battle.cells.owner[near];
      const line = element("li", { class: near === cell ? "here" : "" },
        element("span", { class: "address" }, String(near)), element("code", {}, battle.instruction(near)));
      line.style.borderColor = owner === NOBODY ? "transparent" : this.board.colours.warriors[owner].full;
      return line;
    });
  }
}
