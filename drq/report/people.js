"use strict";
// One candidate, opened: what it is and did, its listing, its battles, and the line it comes from.

const CONTEXT = 2; // unchanged lines shown around a change
const STEPS_SHOWN = 8; // of a lineage, until more are asked for
const SHARES_MEAN = "Its mean share; blue: it defeats that one, orange: it loses";

const listingOf = (person, size) =>
  Array.from({ length: person.code.length / 3 }, (_, i) => spell(...person.code.slice(3 * i, 3 * i + 3), size));

// The longest common subsequence as lines of [" ", "+" or "-", text].
function difference(before, after) {
  const table = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      table[i][j] = before[i] === after[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  const lines = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push([" ", after[j++]]);
      i++;
    } else if (i < before.length && (j === after.length || table[i + 1][j] >= table[i][j + 1])) lines.push(["-", before[i++]]);
    else lines.push(["+", after[j++]]);
  }
  return lines;
}

function differenceView(before, after) {
  const lines = difference(before, after);
  if (lines.every(([sign]) => sign === " ")) return element("p", { class: "hint" }, "The same code.");
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some(([sign]) => sign !== " "));
  const view = element("div", { class: "code" });
  lines.forEach(([sign, text], i) => {
    if (near[i]) view.append(element("span", { class: { "+": "add", "-": "cut", " ": "" }[sign] }, `${sign} ${text}\n`));
    else if (i === 0 || near[i - 1]) view.append(element("span", { class: "skip" }, "  ⋮"));
  });
  return view;
}

const authorOf = (person) => (person.kind === "seed" ? "carried over" : `${person.operator}, ${person.kind}`);

class PersonSheet {
  constructor(dialog, run, openBattle) {
    this.dialog = dialog;
    this.run = run;
    this.openBattle = openBattle;
  }

  open(id) {
    const { run } = this;
    const person = run.people[id];
    const round = run.rounds.find(({ champion }) => champion === id);
    const place = round ? `Champion of round ${round.round}` : `Candidate ${number(id)}, an elite of round ${person.round}`;
    fillSheet(this.dialog, place, person.name,
      element("div", { class: "columns" },
        element("section", {}, element("h3", {}, `Listing, ${plural(person.code.length / 3, "instruction")}`), this.listing(person),
          element("details", {}, element("summary", {}, "As it was written"), element("pre", { class: "code" }, person.source))),
        element("section", {}, element("h3", {}, "Measures"), this.facts(person), ...this.battles(id), ...this.judged(id))),
      ...this.lineage(id));
  }

  listing(person) {
    const lines = listingOf(person, this.run.coreSize).map((text, i) => `${i === person.start ? "▸" : " "} ${String(i).padStart(2)}  ${text}`);
    return element("pre", { class: "code" }, lines.join("\n"));
  }

  facts(person) {
    const score = this.run.heldOut[person.id];
    const parents = person.parents.length ? ` from ${person.parents.map((id) => number(id)).join(" and ")}` : "";
    const facts = [
      ["Fitness", number(person.fitness, 4)],
      ...(score ? [["Held-out", `defeats ${score.defeats}, ties ${score.ties}, loses to ${score.loses} of ${score.shares.length}`]] : []),
      ["Survived", `${percent(person.survived)} of its battles`],
      ["Battles last", plural(Math.round(person.cycles), "cycle")],
      ["Spawned", plural(Math.round(person.spawned), "process")],
      ["Covered", `${number(person.covered)} addresses, executed ${number(person.executed)}`],
      ["Opcodes", number(person.opcodes)],
      ["Written by", element("bdi", {}, authorOf(person) + parents)],
      ["Proposed", `round ${person.round}, iteration ${person.iteration}, candidate ${number(person.id)}`],
      ["Digest", element("code", {}, (person.digest ?? "").slice(0, 16))],
    ];
    return element("dl", { class: "facts" }, ...facts.flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]));
  }

  battles(id) {
    const { contestants, matrix, recordedCycles } = this.run;
    const own = contestants.findIndex((contestant) => contestant.id === id);
    if (own < 0) return [];
    const buttons = contestants.map((other, index) => {
      if (matrix[own][index] === null) return null;
      return element("button", {
        type: "button", class: outcomeOf(matrix[own][index], matrix[index][own]), title: "Watch",
        onclick: () => this.openBattle(own, index),
      }, element("i"), element("bdi", {}, other.label), number(matrix[own][index], 2));
    });
    return [element("h3", {}, "Battles"), element("div", { class: "duels" }, ...buttons.filter(Boolean)),
      element("p", { class: "hint" }, `${SHARES_MEAN}. Each opens ${recordedCycles === null ? "" : `the first ${plural(recordedCycles, "cycle")} of `}a battle.`)];
  }

  // The held-out warriors, those that it fares worst against first.
  judged(id) {
    const score = this.run.heldOut[id];
    if (!score) return [];
    const { names, battles } = this.run.judges;
    const results = score.shares.map(([own, other], i) => ({ own, other, name: names[i] }));
    results.sort((one, two) => one.own - one.other - (two.own - two.other));
    const marks = results.map(({ own, other, name }) => element("span", { class: outcomeOf(own, other), title: `${number(own, 2)} against ${number(other, 2)}` },
      element("i"), element("bdi", {}, name), number(own, 2)));
    return [element("h3", {}, "Held-out warriors"), element("div", { class: "duels" }, ...marks),
      element("p", { class: "hint" }, `${SHARES_MEAN}. ${plural(battles, "battle")} with each, the worst first.`)];
  }

  // Newest first: each step with what it changed in its parent.
  lineage(id) {
    const chain = this.run.lineages[id];
    if (!chain) return [];
    const list = element("ol", { class: "line-of" });
    const steps = [id, ...chain];
    let shown = 0;
    const more = element("button", { type: "button", class: "more-button", onclick: () => add(steps.length) });
    const add = (upTo) => {
      for (; shown < Math.min(upTo, steps.length); shown++) list.append(this.step(steps[shown], steps[shown + 1]));
      more.textContent = `${number(steps.length - shown)} earlier`;
      more.hidden = shown === steps.length;
    };
    add(STEPS_SHOWN);
    return [element("h3", {}, `Line of descent, ${plural(chain.length, "ancestor")}`), list, more];
  }

  step(id, parentId) {
    const { run } = this;
    const person = run.people[id];
    const parent = run.people[parentId];
    const crowned = run.rounds.some(({ champion }) => champion === id);
    const gain = parent && person.fitness !== null && person.round === parent.round ? person.fitness - parent.fitness : null;
    const head = element("p", {},
      element("b", {}, ...this.placeOf(person, crowned)),
      element("span", { class: "hint" }, `  ${person.kind === "seed" ? "" : `${authorOf(person)}, `}fitness ${number(person.fitness, 3)}`,
        gain === null ? "" : ` (${gain < 0 ? "−" : "+"}${number(Math.abs(gain), 3)})`,
        person.parents.length > 1 ? `, crossed with candidate ${number(person.parents[1])}` : ""));
    const change = parent
      ? differenceView(listingOf(parent, run.coreSize), listingOf(person, run.coreSize))
      : element("p", { class: "hint" }, person.parents.length ? "Older ancestors are not shown." : "The first of its line.");
    return element("li", { class: crowned ? "champion" : "" }, head, change);
  }

  placeOf({ kind, round, iteration, parents, name }, crowned) {
    if (crowned) return [`Champion of round ${round}`];
    if (kind !== "seed") return [`Round ${round}, iteration ${iteration}`];
    if (parents.length) return [`Carried into round ${round}`];
    return ["Starter ", element("bdi", {}, name || "Unnamed"), `, placed in round ${round}`];
  }
}

function fillSheet(dialog, title, subtitle, ...content) {
  const close = element("button", { type: "button", class: "quiet", title: "Close (Esc)", "aria-label": "Close", onclick: () => dialog.close() },
    icon("M4.2 5.6l1.4-1.4L10 8.6l4.4-4.4 1.4 1.4L11.4 10l4.4 4.4-1.4 1.4L10 11.4l-4.4 4.4-1.4-1.4L8.6 10z"));
  dialog.replaceChildren(
    element("header", {}, element("div", {}, element("h2", {}, title), element("p", {}, element("bdi", {}, subtitle))), close),
    element("div", { class: "inside" }, ...content));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}
