"use strict";
// Draws the core on a canvas, one square per cell. It repaints only cells that changed or still fade.

const RAMP = 12; // steps between a cell's resting colour and its colour at the moment of a write
const REST = 0.62; // how much of the owner's colour a cell keeps at rest
const TEXT_FROM = 40; // cells of at least this side, in CSS pixels, show their instructions

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const mix = (from, to, share) => {
  const [start, end] = [rgb(from), rgb(to)];
  return `#${start.map((value, i) => Math.round(value + (end[i] - value) * share).toString(16).padStart(2, "0")).join("")}`;
};

function coloursOf(warriors, dark) {
  const palette = PAGE.palette[dark ? "dark" : "light"];
  const [paper, ink] = dark ? ["#0e1116", "#ffffff"] : ["#ffffff", "#14171c"];
  return {
    empty: palette.empty,
    paper,
    ink,
    text: dark ? "#9aa3b2" : "#5b6472",
    warriors: warriors.map((_, index) => {
      const full = palette.warriors[index % palette.warriors.length];
      return {
        full,
        head: mix(full, ink, dark ? 0.62 : 0.5),
        ramp: Array.from({ length: RAMP + 1 }, (_, level) => mix(palette.empty, full, REST + ((1 - REST) * level) / RAMP)),
        notches: Math.floor(index / palette.warriors.length), // distinguishes warriors of the same colour
      };
    }),
  };
}

class Board {
  constructor(canvas, battle) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.battle = battle;
    this.columns = battle.data.columns;
    this.rows = Math.ceil(battle.size / this.columns);
    this.fade = 1;
    this.fading = new Set();
  }

  // Fit into a box of CSS pixels; the side of a cell is a whole number of device pixels.
  resize(width, height, dark) {
    const scale = window.devicePixelRatio || 1;
    this.cell = Math.max(1, Math.floor(Math.min(width / this.columns, height / this.rows) * scale));
    this.written = this.cell / scale >= TEXT_FROM;
    this.gap = this.cell >= 12 ? 2 : this.cell >= 4 ? 1 : 0;
    this.scale = scale;
    this.canvas.width = this.cell * this.columns - this.gap;
    this.canvas.height = this.cell * this.rows - this.gap;
    this.canvas.style.width = `${this.canvas.width / scale}px`;
    this.canvas.style.height = `${this.canvas.height / scale}px`;
    this.colours = coloursOf(this.battle.warriors, dark);
    this.paintAll();
  }

  cellAt(x, y) {
    const column = Math.floor((x * this.scale) / this.cell);
    const row = Math.floor((y * this.scale) / this.cell);
    const cell = row * this.columns + column;
    const inside = column >= 0 && column < this.columns && row >= 0 && cell < this.battle.size;
    return inside ? cell : null;
  }

  // Put an outline (an element of the page) around a cell, or hide it.
  outline(mark, cell) {
    mark.hidden = cell === null;
    if (cell === null) return;
    const [left, top] = [(cell % this.columns) * this.cell, Math.floor(cell / this.columns) * this.cell];
    mark.style.transform = `translate(${left / this.scale}px, ${top / this.scale}px)`;
    mark.style.width = mark.style.height = `${(this.cell - this.gap) / this.scale}px`;
  }

  paintAll() {
    this.context.fillStyle = this.colours.paper;
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.fading.clear();
    for (let cell = 0; cell < this.battle.size; cell++) {
      if (this.paintCell(cell)) this.fading.add(cell);
    }
    this.battle.forgetTouched();
  }

  // Paint the cells that changed since the last call, and those that still fade.
  paint() {
    for (const cell of this.battle.touched) this.fading.add(cell);
    this.battle.forgetTouched();
    for (const cell of this.fading) {
      if (!this.paintCell(cell)) this.fading.delete(cell);
    }
  }

  // 1 in the cycle of the event; then it falls to 0.
  glow(at) {
    return Math.max(0, 1 - (this.battle.cycle - 1 - at) / this.fade);
  }

  // Returns whether the cell still fades.
  paintCell(cell) {
    const { context, cell: step, gap, colours, battle } = this;
    const { owner, writtenAt, executedAt, readAt, readBy } = battle.cells;
    const side = step - gap;
    const x = (cell % this.columns) * step;
    const y = Math.floor(cell / this.columns) * step;
    const written = writtenAt[cell] < 0 ? 0 : this.glow(writtenAt[cell]);
    const read = this.glow(readAt[cell]);
    const executed = this.glow(executedAt[cell]);
    const who = colours.warriors[owner[cell]];
    context.fillStyle = who ? who.ramp[Math.round(written * RAMP)] : colours.empty;
    context.fillRect(x, y, side, side);
    if (who?.notches && side >= 5) this.notch(x, y, side, who.notches);
    if (read > 0) {
      context.globalAlpha = read * 0.85;
      this.frame(x, y, side, Math.max(1, Math.min(Math.round(side / 8), Math.round(3 * this.scale))), colours.warriors[readBy[cell]].head);
    }
    if (executed > 0) {
      context.globalAlpha = executed * 0.9;
      context.fillStyle = colours.ink;
      const inset = Math.round(side * (this.written ? 0.34 : 0.16));
      context.fillRect(x + inset, y + inset, side - 2 * inset, side - 2 * inset);
    }
    context.globalAlpha = 1;
    this.heads(cell, x, y, side);
    if (this.written) this.write(cell, x, y, side);
    return written > 0 || read > 0 || executed > 0;
  }

  // Draw a dot in every cell where a process waits; dots of several warriors stand side by side.
  heads(cell, x, y, side) {
    const { context, battle, colours } = this;
    let first = NONE;
    let second = NONE;
    for (let warrior = 0; warrior < battle.waiting.length && second === NONE; warrior++) {
      if (battle.waiting[warrior][cell]) [first, second] = first === NONE ? [warrior, NONE] : [first, warrior];
    }
    if (first === NONE) return;
    const dot = Math.max(1, Math.round(side * (this.written ? 0.18 : 0.4)));
    const at = Math.floor((side - dot) / 2);
    context.fillStyle = colours.warriors[first].head;
    context.fillRect(x + at, y + at, dot, dot);
    if (second === NONE) return;
    context.fillStyle = colours.warriors[second].head;
    context.fillRect(x + at + Math.floor(dot / 2), y + at, Math.ceil(dot / 2), dot);
  }

  notch(x, y, side, notches) {
    const { context, colours } = this;
    const cut = Math.max(2, Math.round(side * 0.3));
    context.fillStyle = colours.paper;
    if (notches & 1) context.fillRect(x, y, cut, cut);
    if (notches & 2) context.fillRect(x + side - cut, y, cut, cut);
    if (notches & 4) context.fillRect(x, y + side - cut, cut, cut);
  }

  write(cell, x, y, side) {
    const { context, colours, battle } = this;
    const [name, ...operands] = battle.instruction(cell).split(/\s+/);
    context.font = `${Math.round(side * 0.17)}px ui-monospace, Menlo, Consolas, monospace`;
    context.textAlign = "center";
    context.fillStyle = battle.cells.owner[cell] === NONE ? colours.text : colours.ink;
    context.fillText(name, x + side / 2, y + side * 0.22, side - 4);
    context.fillText(operands.join(" "), x + side / 2, y + side * 0.9, side - 4);
  }

  frame(x, y, side, width, colour) {
    const { context } = this;
    context.fillStyle = colour;
    context.fillRect(x, y, side, width);
    context.fillRect(x, y + side - width, side, width);
    context.fillRect(x, y + width, width, side - 2 * width);
    context.fillRect(x + side - width, y + width, width, side - 2 * width);
  }
}
