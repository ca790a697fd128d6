"use strict";
// One card per warrior: what it holds now, when it dies, its listing.

const FEW = 4; // up to so many warriors, each card shows everything
const LISTING_LINES = 400;

class Cards {
  // go(cycle) and pin(cell) are functions of the viewer.
  constructor(battle, go, pin) {
    this.battle = battle;
    this.pin = pin;
    this.root = element("div", { class: battle.warriors.length > FEW ? "cards many" : "cards" });
    this.cards = battle.warriors.map((warrior, index) => this.build(warrior, index, go));
    this.root.append(...this.cards.map((card) => card.root));
  }

  build(warrior, index, go) {
    const card = {
      swatch: element("span", { class: "swatch" }),
      processes: element("span"),
      territory: element("span"),
      bar: element("div"),
      now: element("code", { class: "now" }),
    };
    const death = this.battle.deaths.find((candidate) => candidate.warrior === index);
    const died = death && element("button", { type: "button", class: "link", title: "Jump there", onclick: () => go(death.cycle) },
      `died in cycle ${number(death.cycle)}`);
    card.root = element("article", { class: "card" },
      element("header", {}, card.swatch, element("bdi", { class: "name" }, warrior.name), element("bdi", { class: "author" }, warrior.author)),
      element("div", { class: "bar" }, card.bar),
      element("div", { class: "figures" }, card.processes, card.territory, died ?? null),
      card.now, this.listing(warrior));
    return card;
  }

  // The listing is filled when it is first opened.
  listing(warrior) {
    const list = element("ol", { class: "listing", start: "0" });
    const details = element("details", {
      ontoggle: () => details.open && !list.childElementCount && this.fill(list, warrior),
    }, element("summary", {}, `Listing, ${plural(warrior.code.length / 3, "instruction")}`),
      warrior.strategy ? element("p", { class: "strategy" }, warrior.strategy) : null, list);
    return details;
  }

  fill(list, { code, load, start }) {
    const { size } = this.battle;
    const length = code.length / 3;
    for (let i = 0; i < Math.min(length, LISTING_LINES); i++) {
      const cell = (load + i) % size;
      list.append(element("li", { class: i === start ? "entry" : "", value: i },
        element("button", { type: "button", class: "line", title: `Cell ${cell}`, onclick: () => this.pin(cell) },
          spell(...code.slice(3 * i, 3 * i + 3), size))));
    }
    if (length > LISTING_LINES) list.append(element("li", { class: "more" }, `… ${number(length - LISTING_LINES)} more`));
  }

  colour(colours) {
    this.cards.forEach((card, index) => {
      const { full, notches } = colours.warriors[index];
      card.swatch.style.background = card.bar.style.background = full;
      card.swatch.dataset.notches = notches;
    });
  }

  show() {
    const { battle } = this;
    this.cards.forEach((card, warrior) => {
      const processes = battle.queues[warrior].length;
      const share = battle.territory[warrior] / battle.size;
      const last = battle.last[warrior];
      card.processes.textContent = plural(processes, "process");
      card.territory.textContent = `${percent(share)} of the core`;
      card.bar.style.width = `${100 * share}%`;
      card.now.textContent = last === NONE ? "" : `${String(last).padStart(5)}  ${battle.instruction(last)}`;
      card.root.classList.toggle("dead", processes === 0);
    });
  }
}
