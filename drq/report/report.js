"use strict";
// The page of `drq report`: sections from the run's data, and the two sheets that open over it.

class Report {
  constructor(run) {
    this.run = run;
    this.candidate = new CandidateSheet(document.getElementById("candidate"), run, (i, j) => this.openBattle(i, j));
    this.battle = document.getElementById("battle");
    this.battle.addEventListener("close", () => this.viewer?.destroy());
    for (const dialog of document.querySelectorAll("dialog")) {
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    }
    this.build();
  }

  openCandidate(id) {
    this.candidate.open(id);
  }

  // Only the battle of each pair's later one with its earlier one is recorded.
  async openBattle(i, j) {
    const { warriors, battles, recordings } = this.run.duels;
    const [later, earlier] = [Math.max(i, j), Math.min(i, j)];
    const host = element("div");
    const nameOf = ({ label, id }) => (id === null ? label : `${label}, ${this.run.candidates[id].name}`);
    fillSheet(this.battle, `${warriors[i].label} against ${warriors[j].label}`,
      `${nameOf(warriors[i])} against ${nameOf(warriors[j])}: one of their ${plural(battles, "battle")}`, host);
    this.viewer = await Viewer.mount(host, recordings[later][earlier]);
  }

  build() {
    const sections = [
      ["run", "The run", this.overview()], ["champions", "Champions", this.champions()], ["fitness", "Fitness", this.fitness()],
      ["archives", this.run.population ? "Populations" : "Archives", this.archives()], ["matrix", "Champions against each other", this.matrix()],
      ["operators", "Operators", this.operators()], ["failures", "Failures", this.failures()], ["settings", "Settings", this.settings()],
    ].filter(([, , content]) => content.length);
    document.getElementById("about").textContent = this.about();
    document.getElementById("nav").append(...sections.map(([id, title]) => element("a", { href: `#${id}` }, title)));
    document.getElementById("report").append(...sections.map(([id, title, content]) =>
      element("section", { id }, id === "run" ? null : element("h2", {}, title), ...content)));
    this.drawFitness();
    new ResizeObserver(() => this.drawFitness()).observe(document.getElementById("fitness-chart"));
  }

  about() {
    const { run } = this;
    const time = new Date(run.made * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
    const last = run.invocations.at(-1)?.outcome;
    const state = run.going ? "the run was going on" : last === "finished" ? "the run is finished" : `the run has stopped${last ? `: ${last}` : ""}`;
    return `Page made ${time}; ${state}`;
  }

  overview() {
    const { totals, rounds, planned, invocations, going, made } = this.run;
    const { calls } = totals;
    const seconds = invocations.reduce((sum, { started, ended }, i) =>
      sum + ((ended ?? (going && i === invocations.length - 1 ? made : started)) - started), 0);
    const tiles = [
      [number(rounds.filter(({ ended }) => ended).length) + (planned.rounds === null ? "" : ` of ${number(planned.rounds)}`), "rounds ended"],
      [number(totals.proposed), "candidates"],
      [percent(totals.proposed ? 1 - totals.failed / totals.proposed : 0), "could fight"],
      [duration(seconds), "at work"],
    ];
    if (calls.done) {
      tiles.push([number(calls.done), `model calls, ${number(calls.failed)} failed`],
        [number(calls.input_tokens + calls.output_tokens), `tokens, ${number(calls.output_tokens)} of them written`],
        [number(calls.cost, 2), "cost, in the currency of the prices given"]);
    }
    return [element("div", { class: "tiles" }, ...tiles.map(([value, label]) => element("div", { class: "tile" }, element("b", {}, value), element("span", {}, label))))];
  }

  champions() {
    const { run } = this;
    const rows = run.rounds.filter(({ ended }) => ended).map((round) => {
      const candidate = run.candidates[round.champion];
      if (!candidate) return element("tr", {}, cell(round.round, true), cell("no champion: no candidate could fight with new code"));
      const score = run.heldOut[candidate.id];
      return element("tr", { class: "opens", onclick: () => this.openCandidate(candidate.id) },
        cell(round.round, true), element("td", { class: "text" }, element("button", { type: "button" }, element("bdi", {}, candidate.name || "Unknown"))),
        cell(number(round.fitness, 3), true),
        heldOutCell(score),
        cell(number(round.opponents), true), cell(number(candidate.spawned), true), cell(number(candidate.covered), true), cell(number(candidate.length), true), cell(authorOf(candidate)));
    });
    if (!rows.length) return [];
    rows.unshift(...run.starters.map(({ label, length, score }) => element("tr", {},
      cell("starter", true), element("td", { class: "text" }, element("bdi", {}, label)), cell("–", true), heldOutCell(score),
      ...["–", "–", "–"].map((none) => cell(none, true)), cell(number(length), true), cell("–"))));
    return [lead(`First what the run began from, then the best warrior of each round that is no starter and no earlier champion; later rounds can meet it.${run.branch ? ` The rounds are cut into branches of ${number(run.branch)}, which begin anew or with the elites of two others.` : ""} ${heldOutOf(run.heldOutOpponents)} Open one to see its code, its battles and its line of descent.`),
      table(["round", "name", "fitness", "held-out", "opponents", "spawned", "covered", "length", "written by"], [0, 2, 3, 4, 5, 6, 7], rows)];
  }

  fitness() {
    const { unit, name } = this.run.objective;
    return [lead(`Fitness is the ${unit}, ${name === "duels" ? "one on one against the opponents" : "in battle with all opponents"} of a candidate's round. Each round has its own opponents, so heights compare within a round, not between rounds.`),
      element("div", { id: "fitness-chart" }),
      element("p", { class: "keyline" },
        element("span", {}, element("i"), "best so far"), element("span", {}, element("i", { class: "band" }), "middle half of the candidates"),
        element("span", {}, element("i", { class: "dot" }), "champion"))];
  }

  drawFitness() {
    const host = document.getElementById("fitness-chart");
    if (host.clientWidth === this.chartWidth) return;
    this.chartWidth = host.clientWidth;
    host.replaceChildren(fitnessChart(this.run, host.clientWidth, (id) => this.openCandidate(id)));
  }

  archives() {
    const { run } = this;
    const rounds = run.rounds.filter(({ cells }) => Object.keys(cells).length);
    if (!rounds.length) return [];
    const highest = Math.max(1e-9, ...rounds.flatMap(({ cells }) => Object.values(cells).map((id) => run.candidates[id].fitness)));
    const only = rounds.length < run.rounds.length ? ` Only the last ${plural(rounds.length, "round")} are shown.` : "";
    if (run.population) {
      return [lead(`The population at the end of a round, the fittest first. Stronger colour is fitter, an outline marks the champion. Open a member to see it.${only}`),
        element("div", { class: "archives" }, ...rounds.map((round) => populationMap(run, round, highest, (id) => this.openCandidate(id))))];
    }
    const bins = run.axes.map(({ name, bins: bounds }) => `${name} in steps at ${bounds.map((bound) => number(bound)).join(", ")}`).join("; ");
    return [lead(`The fittest warrior of each kind of behaviour at the end of a round: ${bins || "a single cell"}. Stronger colour is fitter, an outline marks the champion, unless another in its cell is fitter. Open a cell to see its elite.${only}`),
      element("div", { class: "archives" }, ...rounds.map((round) => archiveMap(run, round, highest, (id) => this.openCandidate(id))))];
  }

  matrix() {
    const { warriors, battles, recordedCycles } = this.run.duels;
    if (warriors.length < 2) return [];
    const shown = warriors.filter(({ id }) => id !== null).length;
    const only = shown < Object.keys(this.run.lineages).length ? ` Only the last ${plural(shown, "champion")} are shown.` : "";
    return [lead(`The row's mean share against the column's warrior, one on one over ${plural(battles, "battle")}: blue where the row defeats it, orange where it loses. Open a field to watch ${recordedCycles === null ? "one" : `the first ${plural(recordedCycles, "cycle")} of one`} of these battles, recorded exactly${recordedCycles === null ? "" : "; redcode watch shows a whole one"}.${only}`),
      element("div", { class: "scroll" }, duelMatrix(this.run, (i, j) => this.openBattle(i, j)))];
  }

  operators() {
    const { operators, models } = this.run;
    if (!operators.length) return [];
    const rows = operators.map((row) => element("tr", {}, cell(row.operator), cell(row.kind), cell(number(row.proposed), true),
      ...[row.proposed - row.failed, row.duplicates, row.new, row.improved].map((count) => share(count, row.proposed)),
      cell(row.mean === null ? "–" : number(row.mean, 3), true), cell(row.best === null ? "–" : number(row.best, 3), true)));
    const content = [lead("What became of the proposals: could fight; had the code of an earlier one; took an empty place of the archive; took the place of a less fit one."),
      table(["operator", "kind", "proposed", "could fight", "duplicates", "new place", "replaced", "mean fitness", "best"], [2, 3, 4, 5, 6, 7, 8], rows)];
    if (models.length) content.push(element("p", { class: "lead" }), this.models());
    return content;
  }

  models() {
    const rows = this.run.models.map((row) => element("tr", {}, element("td", { class: "text" }, row.requested), element("td", { class: "text" }, row.resolved || "–"),
      ...[row.calls, row.failed, row.input_tokens, row.output_tokens].map((count) => cell(number(count), true)), cell(number(row.cost, 2), true), cell(`${number(row.mean_s, 1)} s`, true)));
    return table(["model asked", "model that answered", "calls", "failed", "tokens read", "tokens written", "cost", "mean time"], [2, 3, 4, 5, 6, 7], rows);
  }

  failures() {
    const { failures, totals } = this.run;
    if (!failures.length) return [];
    const rows = failures.map((row) => element("tr", {}, share(row.count, totals.failed), element("td", { class: "text" }, row.cause,
      element("details", {}, element("summary", {}, `Example: round ${row.round}, iteration ${row.iteration}`),
        element("pre", { class: "code" }, row.message), row.text === null ? null : element("pre", { class: "code" }, row.text)))));
    return [lead("Why candidates could not fight, the commonest causes first; positions, names and numbers in the messages make no difference."),
      table(["count", "cause"], [0], rows)];
  }

  settings() {
    const list = (pairs) => element("div", { class: "settings" }, ...pairs.map(([key, value]) => element("div", {}, element("span", {}, key), element("code", {}, value))));
    return [list(this.run.settings), element("p", { class: "lead" }), list(this.run.provenance)];
  }
}

// The share of the held-out warriors that a warrior defeats or ties.
const heldOutCell = (score) => {
  if (!score?.shares) return cell("–", true);
  const share = (score.defeats + score.ties) / score.shares.length;
  const meter = element("span", { class: "meter" }, element("i"));
  meter.firstChild.style.width = `${100 * share}%`;
  return element("td", { class: "number", title: `defeats ${score.defeats}, ties ${score.ties}, loses to ${score.loses}` }, percent(share), meter);
};

// What the column of held-out warriors means, and how much it can mean.
const heldOutOf = ({ names, shortage, battles, met }) => [
  names.length ? `Held-out: the share that it defeats or ties of ${plural(names.length, "built-in warrior")} kept as ${names.length === 1 ? "an opponent" : "opponents"} for this measurement only (${battles} battles each)` : null,
  shortage,
  !names.length ? null : met.length ? `this evolution met ${met.length} of them: ${met.join(", ")}` : "this evolution never met them",
].filter(Boolean).join("; ") + ".";
const lead = (text) => element("p", { class: "lead" }, text);
const cell = (text, isNumber = false) => element("td", { class: isNumber ? "number" : "" }, String(text));
const share = (count, of) => element("td", { class: "number", title: `${number(count)} of ${number(of)}` }, `${number(count)} · ${percent(of ? count / of : 0)}`);
const table = (heads, numbers, rows) => element("div", { class: "scroll" }, element("table", {},
  element("thead", {}, element("tr", {}, ...heads.map((head, i) => element("th", { class: numbers.includes(i) ? "number" : "", scope: "col" }, head)))),
  element("tbody", {}, ...rows)));
const duration = (seconds) => {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours} h ${minutes} min` : minutes ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${number(seconds, 1)} s`;
};

Theme.start();
document.getElementById("tools").append(Theme.button());
document.addEventListener("keydown", (event) => {
  if (event.key === "t" && !document.querySelector("dialog[open]") && event.target.tagName !== "INPUT") Theme.toggle();
});
window.report = new Report(PAGE.run);
