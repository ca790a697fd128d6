"use strict";
// One candidate, opened: what it is and did, its listing, its battles, and the line it comes from.

const STEPS_SHOWN = 8; // of a lineage, until more are asked for
const SHARES_MEAN = "Its mean share; blue: it defeats that one, orange: it loses";

// A unified diff: lines that went and came with those around them, and where.
function changeView(change) {
  if (change === "") return element("p", { class: "hint" }, "The same code.");
  const classOf = { "+": "add", "-": "cut", "@": "skip" };
  return element("div", { class: "code" }, ...change.split("\n").map((line) => element("span", { class: classOf[line[0]] ?? "" }, `${line}\n`)));
}

const authorOf = (candidate) => (candidate.kind === "seed" ? "carried over" : `${candidate.operator}, ${candidate.kind}`);

class CandidateSheet {
  constructor(dialog, run, openBattle) {
    this.dialog = dialog;
    this.run = run;
    this.openBattle = openBattle;
  }

  open(id) {
    const { run } = this;
    const candidate = run.candidates[id];
    const round = run.rounds.find(({ champion }) => champion === id);
    const place = round ? `Champion of round ${round.round}` : `Candidate ${number(id)}, an elite of round ${candidate.round}`;
    fillSheet(this.dialog, place, candidate.name,
      element("div", { class: "columns" },
        element("section", {}, element("h3", {}, `Listing, ${plural(candidate.code.length / 3, "instruction")}`), this.listing(candidate),
          element("details", {}, element("summary", {}, "As it was written"), element("pre", { class: "code" }, candidate.source))),
        element("section", {}, element("h3", {}, "Measures"), this.facts(candidate), ...this.battles(id), ...this.heldOut(id))),
      ...this.lineage(id));
  }

  listing(candidate) {
    const lines = Array.from({ length: candidate.code.length / 3 }, (_, i) =>
      `${i === candidate.start ? "▸" : " "} ${String(i).padStart(2)}  ${spell(...candidate.code.slice(3 * i, 3 * i + 3), this.run.coreSize)}`);
    return element("pre", { class: "code" }, lines.join("\n"));
  }

  facts(candidate) {
    const score = this.run.heldOut[candidate.id];
    const crowned = this.run.rounds.find(({ champion }) => champion === candidate.id);
    const finals = crowned && crowned.fitness !== candidate.fitness;
    const parents = candidate.parents.length ? ` from ${candidate.parents.map((id) => number(id)).join(" and ")}` : "";
    const facts = [
      ...(finals ? [["Fitness", `${number(crowned.fitness, 4)} in the last heat of its finals`]] : []),
      [finals ? "In its round" : "Fitness", number(candidate.fitness, 4)],
      ...(score ? [["Held-out", `defeats ${score.defeats}, ties ${score.ties}, loses to ${score.loses} of ${score.shares.length}`]] : []),
      ["Survived", `${percent(candidate.survived)} of its battles`],
      ["Spawned", plural(Math.round(candidate.spawned), "process")],
      ["Covered", `${number(candidate.covered)} addresses, executed ${number(candidate.executed)}`],
      ["Opcodes", number(candidate.opcodes)],
      ["Written by", element("bdi", {}, authorOf(candidate) + parents)],
      ["Proposed", `round ${candidate.round}, iteration ${candidate.iteration}, candidate ${number(candidate.id)}`],
      ["Digest", element("code", {}, (candidate.digest ?? "").slice(0, 16))],
    ];
    return element("dl", { class: "facts" }, ...facts.flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]));
  }

  battles(id) {
    const { warriors, matrix, recordedCycles } = this.run.duels;
    const own = warriors.findIndex((warrior) => warrior.id === id);
    if (own < 0) return [];
    const buttons = warriors.map((other, index) => {
      if (matrix[own][index] === null) return null;
      return element("button", {
        type: "button", class: outcomeOf(matrix[own][index], matrix[index][own]), title: "Watch",
        onclick: () => this.openBattle(own, index),
      }, element("i"), element("bdi", {}, other.label), number(matrix[own][index], 2));
    });
    return [element("h3", {}, "Battles"), element("div", { class: "duels" }, ...buttons.filter(Boolean)),
      element("p", { class: "hint" }, `${SHARES_MEAN}. Each opens ${recordedCycles === null ? "" : `the first ${plural(recordedCycles, "cycle")} of `}a battle.`)];
  }

  // The held-out opponents, those that it does worst against first.
  heldOut(id) {
    const score = this.run.heldOut[id];
    if (!score) return [];
    const { names, battles } = this.run.heldOutOpponents;
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
    const candidate = run.candidates[id];
    const parent = run.candidates[parentId];
    const crowned = run.rounds.some(({ champion }) => champion === id);
    const gain = parent && candidate.fitness !== null && candidate.round === parent.round ? candidate.fitness - parent.fitness : null;
    const head = element("p", {},
      element("b", {}, ...this.placeOf(candidate, crowned)),
      element("span", { class: "hint" }, `  ${candidate.kind === "seed" ? "" : `${authorOf(candidate)}, `}fitness ${number(candidate.fitness, 3)}`,
        gain === null ? "" : ` (${gain < 0 ? "−" : "+"}${number(Math.abs(gain), 3)})`,
        candidate.parents.length > 1 ? `, crossed with candidate ${number(candidate.parents[1])}` : ""));
    const change = candidate.change !== undefined
      ? changeView(candidate.change)
      : element("p", { class: "hint" }, candidate.parents.length ? "Older ancestors are not shown." : "The first of its line.");
    return element("li", { class: crowned ? "champion" : "" }, head, change);
  }

  placeOf({ kind, round, iteration, parents, name }, crowned) {
    if (crowned) return [`Champion of round ${round}`];
    if (kind !== "seed") return [`Round ${round}, iteration ${iteration}`];
    if (parents.length) return [`Carried into round ${round}`];
    return ["Starter ", element("bdi", {}, name || "Unknown"), `, placed in round ${round}`];
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
