"use strict";
// One battle to watch: joins its parts, keeps the time, listens to keys and pointer.

const SPEEDS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000];
const WHOLE_BATTLE_SECONDS = 40; // length of the whole battle at the initial speed
const FADE_SECONDS = 0.35;
const FADE_CYCLES = [6, 600]; // least and most
const WIDE = 860; // from this width, in CSS pixels, the warriors stand beside the core
const ASIDE = 330; // least width that they need there, with the gap
const BELOW = 174; // height of the parts below the core: everything fits without scrolling
const CURVES = 70;
const KEYS = `space: play or pause
← →: one cycle, with shift 100
home, end: start, end
+ −: speed
d, D: next, previous death
t: light or dark`;
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
    const last = String(battle.data.cycles);
    this.core = element("canvas", { class: "core", tabindex: "0", role: "img", "aria-label": "The core: one square per cell" });
    this.marks = ["pointed", "pinned"].map((name) => element("div", { class: `mark ${name}`, hidden: true }));
    this.curves = element("canvas", { class: "curves" });
    this.playhead = element("div", { class: "playhead" });
    this.scrub = element("input", {
      type: "range", class: "scrub", min: "0", max: last, value: "0", "aria-label": "Scrub to a cycle",
      oninput: () => this.go(Number(this.scrub.value)),
    });
    this.cards = new Cards(battle, (cycle) => this.go(cycle), (cell) => this.pin(cell));
    this.inspector = new Inspector(battle);
    const strip = element("div", { class: "strip" },
      element("span", { class: "tag" }, "Processes"), element("span", { class: "tag" }, "Territory"),
      this.curves, this.playhead, this.scrub);
    this.stage = element("div", { class: "stage" },
      element("div", { class: "frame" }, this.core, ...this.marks), this.buildTransport(last), strip, legend());
    this.root = element("div", { class: "viewer" }, this.stage,
      element("aside", {}, element("p", { class: "result" }, this.outcome()), this.cards.root, this.inspector.root));
    this.host.replaceChildren(this.root);
  }

  buildTransport(last) {
    const { battle } = this;
    const button = (name, label, action) =>
      element("button", { type: "button", title: label, "aria-label": label, onclick: action }, icon(ICONS[name]));
    this.play = button("play", "Play or pause (space)", () => this.toggle());
    this.play.classList.add("primary");
    this.cycle = element("input", {
      type: "number", class: "cycle", min: "0", max: last, value: "0", "aria-label": "Cycle",
      onchange: () => this.go(Number(this.cycle.value)),
    });
    this.pace = element("output", { class: "pace" });
    this.slider = element("input", {
      type: "range", min: "0", max: String(SPEEDS.length - 1), "aria-label": "Speed",
      oninput: () => this.setSpeed(Number(this.slider.value)),
    });
    const death = element("button", {
      type: "button", class: "wordy", title: "Jump to the next death (d)", hidden: !battle.deaths.length, onclick: () => this.nextDeath(1),
    }, "Next death");
    return element("div", { class: "transport" },
      element("div", { class: "group" },
        button("back", "One cycle back (←)", () => this.go(battle.cycle - 1)), this.play,
        button("forward", "One cycle forward (→)", () => this.go(battle.cycle + 1)), death),
      element("label", { class: "group where" }, element("span", {}, "Cycle"), this.cycle, element("span", {}, `of ${number(last)}`)),
      element("label", { class: "group speed" }, this.slider, this.pace));
  }

  outcome() {
    const { battle } = this;
    const { cycles, ended } = battle.data;
    if (!ended) return `The first ${plural(cycles, "cycle")}`;
    const dead = new Set(battle.deaths.map(({ warrior }) => warrior));
    const alive = battle.warriors.filter((_, index) => !dead.has(index));
    if (alive.length === 1 && dead.size) return element("span", {}, element("bdi", {}, alive[0].name), ` won in cycle ${number(cycles)}`);
    if (!alive.length) return `No warrior survived cycle ${number(cycles)}`;
    return battle.warriors.length === 1 ? `Alive after ${plural(cycles, "cycle")}` : `A tie: ${plural(alive.length, "warrior")} alive after ${plural(cycles, "cycle")}`;
  }

  // --- life -----------------------------------------------------------------------------------------------------------

  start() {
    this.board = new Board(this.core, this.battle);
    this.chart = new Strip(this.curves, this.battle);
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
    this.cards.colour(this.board.colours);
    this.show();
  }

  listen() {
    const { core } = this;
    const cellOf = (event) => this.board.cellAt(event.offsetX, event.offsetY);
    core.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.point(cellOf(event)));
    core.addEventListener("pointerleave", () => this.point(null));
    core.addEventListener("mousedown", (event) => event.preventDefault()); // so that arrow keys keep controlling time
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
    this.slider.value = this.speed;
    this.pace.value = `${number(SPEEDS[this.speed])} cycle${this.speed ? "s" : ""}/s`;
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
    this.play.replaceChildren(icon(this.playing ? ICONS.pause : ICONS.play));
    this.play.setAttribute("aria-pressed", String(this.playing));
  }

  show() {
    const { cycle } = this.battle;
    if (document.activeElement !== this.cycle) this.cycle.value = cycle;
    this.scrub.value = cycle;
    this.playhead.style.transform = `translateX(${this.chart.x(cycle)}px)`;
    this.cards.show();
    this.showCell();
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
    this.inspector.show(cell, cell === this.pinned, this.board.colours);
  }
}

function legend() {
  const signs = [["owner", "last written by"], ["head", "a process waits"], ["executed", "executed"], ["read", "read"]];
  return element("p", { class: "hint legend" },
    ...signs.map(([name, text]) => element("span", {}, element("i", { class: name }), text)),
    element("span", { class: "keys", title: KEYS }, "keys: space  ← →  + −  d  t"));
}
