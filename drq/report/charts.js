"use strict";
// The three pictures of a run: fitness within the rounds, the archives, champions against each other.

const CHART_HEIGHT = 250;
const MARGIN = { left: 34, right: 8, top: 14, bottom: 24 };

const shape = (tag, attributes, ...children) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

// Rounds side by side: quartiles and best so far over their iterations, a dot for the champion.
function fitnessChart(run, width, openCandidate) {
  const highest = 1.06 * Math.max(1, ...run.rounds.flatMap(({ curve }) => curve.best));
  const plot = { width: width - MARGIN.left - MARGIN.right, height: CHART_HEIGHT - MARGIN.top - MARGIN.bottom };
  const perRound = plot.width / Math.max(run.planned.rounds ?? 0, run.rounds.length, 1);
  const y = (fitness) => MARGIN.top + plot.height * (1 - fitness / highest);
  const chart = shape("svg", { class: "chart", viewBox: `0 0 ${width} ${CHART_HEIGHT}`, height: CHART_HEIGHT, role: "img", "aria-label": "Fitness within each round" });
  for (let tick = 0; tick <= highest; tick += highest > 3 ? 1 : 0.5) {
    chart.append(
      shape("line", { class: tick === run.objective.even ? "even" : "rule", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(tick), y2: y(tick) }),
      shape("text", { x: MARGIN.left - 6, y: y(tick) + 4, "text-anchor": "end" }, String(tick)));
  }
  const labelEvery = Math.ceil(28 / perRound);
  chart.append(shape("text", { x: MARGIN.left - 6, y: CHART_HEIGHT - 6, "text-anchor": "end" }, "round"));
  run.rounds.forEach((round, index) => {
    const left = MARGIN.left + index * perRound;
    const last = Math.max(run.planned.proposals, round.curve.at.at(-1) ?? 0);
    const x = (iteration) => left + (Math.max(0, iteration) / last) * (perRound - Math.min(3, perRound / 4)); // a champion carried over was there before
    if (index % labelEvery === 0) chart.append(shape("text", { x: left, y: CHART_HEIGHT - 6 }, String(round.round)));
    if (round.curve.at.length) drawCurve(chart, round.curve, round.curve.at.at(-1), x, y);
    const champion = run.candidates[round.champion];
    if (champion) {
      const dot = shape("circle", { class: "champion", cx: x(champion.iteration + 1), cy: y(champion.fitness), r: 5, tabindex: 0, role: "button" },
        shape("title", {}, `Champion of round ${round.round}: ${number(champion.fitness, 3)}`));
      dot.addEventListener("click", () => openCandidate(champion.id));
      dot.addEventListener("keydown", (event) => event.key === "Enter" && openCandidate(champion.id));
      chart.append(dot);
    }
  });
  return chart;
}

function drawCurve(chart, curve, end, x, y) {
  const point = (iteration, fitness) => `${x(iteration).toFixed(1)} ${y(fitness).toFixed(1)}`;
  const line = (values) => curve.at.map((iteration, i) => point(iteration, values[i]));
  const steps = curve.best.map((fitness, i) => `${i ? "H" : "M"}${i ? x(curve.bestAt[i]).toFixed(1) : point(curve.bestAt[i], fitness)}V${y(fitness).toFixed(1)}`);
  chart.append(
    shape("path", { class: "band", d: `M${[...line(curve.high), ...line(curve.low).reverse()].join("L")}Z` }),
    shape("path", { class: "middle", d: `M${line(curve.middle).join("L")}` }),
    shape("path", { class: "best", d: `${steps.join("")}H${x(end).toFixed(1)}` }));
}

// The cells of one round's archive: its first axis up, its second across, as in drq analyze; a single one lies across.
// Where there are more, the fittest of the rest shows.
function archiveMap(run, round, highest, openCandidate) {
  const [up, across] = run.axes.length === 1 ? [undefined, run.axes[0]] : run.axes;
  const columns = across ? across.bins.length + 1 : 1;
  const rows = up ? up.bins.length + 1 : 1;
  const fittest = new Map();
  for (const [cell, id] of Object.entries(round.cells)) {
    const bins = cell === "" ? [] : cell.split(",").map(Number);
    const key = up ? `${bins[0]},${bins[1]}` : `0,${bins[0] ?? 0}`;
    const best = run.candidates[fittest.get(key)];
    if (!best || run.candidates[id].fitness > best.fitness) fittest.set(key, id);
  }
  const grid = element("div", { class: "cells" });
  grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, ${rows * columns === 1 ? "60px" : "1fr"}))`;
  for (let j = rows - 1; j >= 0; j--) {
    for (let i = 0; i < columns; i++) grid.append(archiveCell(run, round, fittest.get(`${j},${i}`), highest, openCandidate));
  }
  const filled = Object.keys(round.cells).length;
  return element("article", { class: "archive" },
    element("h3", {}, `Round ${round.round}`, element("span", {}, `${filled} of ${run.axes.reduce((cells, axis) => cells * (axis.bins.length + 1), 1)}`)),
    grid,
    element("div", { class: "axis" }, element("span", {}, up ? `↑ ${up.name}` : ""), element("span", {}, across ? `${across.name} →` : "")));
}

// The members of one round's population, the fittest first.
function populationMap(run, round, highest, openCandidate) {
  const members = Object.values(round.cells).sort((one, other) => run.candidates[other].fitness - run.candidates[one].fitness);
  const grid = element("div", { class: "cells" }, ...members.map((id) => archiveCell(run, round, id, highest, openCandidate)));
  grid.style.gridTemplateColumns = "repeat(10, minmax(0, 1fr))";
  return element("article", { class: "archive" },
    element("h3", {}, `Round ${round.round}`, element("span", {}, `${members.length} of ${run.population}`)), grid);
}

function archiveCell(run, round, id, highest, openCandidate) {
  if (id === undefined) return element("div");
  const elite = run.candidates[id];
  const text = [`fitness ${number(elite.fitness, 3)}`, ...run.axes.map(({ name }) => `${name} ${number(elite[name])}`)].join(", ");
  const button = element("button", { type: "button", title: text, "aria-label": text, class: id === round.champion ? "crown" : "", onclick: () => openCandidate(id) });
  button.style.setProperty("--share", `${8 + (92 * elite.fitness) / highest}%`);
  return button;
}

// Rows against columns: blue where the row defeats the column, orange where it loses.
function duelMatrix(run, openBattle) {
  const { warriors, matrix } = run.duels;
  const grid = element("div", { class: "matrix" });
  grid.style.gridTemplateColumns = `auto repeat(${warriors.length}, minmax(12px, 44px))`;
  grid.append(element("span"), ...warriors.map(({ label }) => element("span", { class: "top-label" }, element("bdi", {}, label))));
  warriors.forEach((row, i) => {
    grid.append(element("span", {}, element("bdi", {}, row.label)));
    warriors.forEach((column, j) => {
      const own = matrix[i][j];
      if (own === null) return grid.append(element("div"));
      const other = matrix[j][i];
      const button = element("button", {
        type: "button", class: outcomeOf(own, other), title: `${row.label} ${number(own, 2)}, ${column.label} ${number(other, 2)}: watch`,
        onclick: () => openBattle(i, j),
      }, warriors.length <= 14 ? number(own, 2) : "");
      button.style.setProperty("--share", `${Math.min(100, 15 + 50 * Math.abs(own - other))}%`);
      grid.append(button);
    });
  });
  return grid;
}

// As drq.battles.scoring.outcome: shares that differ by rounding only are equal.
function outcomeOf(own, other) {
  if (Math.abs(own - other) <= 1e-9) return "ties";
  return own > other ? "wins" : "loses";
}
