"use strict";
// Replays a recorded battle (redcode/pictures/trace.py). A trace holds the effects of each step. So this file needs no
// interpreter: it starts from the loaded warriors and applies one step after another.

const NONE = -1;
const LOADED = -1; // cycle of the last write to a cell that nothing has written since the battle began
const KEYFRAMES = 40;
const SAMPLES = 1600;

async function inflate(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

class Queue {
  constructor(capacity) {
    let size = 1;
    while (size < capacity + 1) size *= 2;
    this.cells = new Uint16Array(size);
    this.mask = size - 1;
    this.head = 0;
    this.length = 0;
  }

  push(address) {
    this.cells[(this.head + this.length++) & this.mask] = address;
  }

  shift() {
    const address = this.cells[this.head];
    this.head = (this.head + 1) & this.mask;
    this.length--;
    return address;
  }

  at(place) {
    return this.cells[(this.head + place) & this.mask];
  }

  copy() {
    return Uint16Array.from({ length: this.length }, (_, place) => this.at(place));
  }

  restore(addresses) {
    this.cells.set(addresses);
    this.head = 0;
    this.length = addresses.length;
  }
}

class Battle {
  // data: see battle_data in redcode/pictures/page.py; buffer: the inflated columns.
  static async open(data) {
    return new Battle(data, await inflate(data.trace));
  }

  constructor(data, buffer) {
    this.data = data;
    this.size = data.coreSize;
    this.warriors = data.warriors;
    const { reads, joined, writes, steps } = data.counts;
    let offset = 0;
    const column = (length) => {
      const part = new Uint16Array(buffer, offset, length);
      offset += 2 * length;
      return part;
    };
    this.reads = column(reads);
    this.joined = column(joined);
    this.writes = { at: column(writes), code: column(writes), a: column(writes), b: column(writes) };
    this.steps = new Uint8Array(buffer, offset, steps);

    const size = this.size;
    this.cells = {
      code: new Uint16Array(size), a: new Uint16Array(size), b: new Uint16Array(size),
      owner: new Int8Array(size), writtenAt: new Int32Array(size),
      executedBy: new Int8Array(size), executedAt: new Int32Array(size),
      readBy: new Int8Array(size), readAt: new Int32Array(size),
    };
    this.queues = this.warriors.map(() => new Queue(data.maxProcesses));
    this.waiting = this.warriors.map(() => new Uint16Array(size)); // processes of each warrior in each cell
    this.last = new Int32Array(this.warriors.length); // cell each warrior executed last
    this.deaths = []; // {warrior, cycle}, in order
    this.touched = [];
    this.isTouched = new Uint8Array(size);
    this.load();
    this.survey();
  }

  load() {
    const cells = this.cells;
    for (const name of ["code", "a", "b"]) cells[name].fill(0);
    for (const name of ["owner", "executedBy", "readBy"]) cells[name].fill(NONE);
    cells.writtenAt.fill(LOADED);
    cells.executedAt.fill(-(2 ** 30));
    cells.readAt.fill(-(2 ** 30));
    this.last.fill(NONE);
    this.territory = this.warriors.map((warrior) => warrior.code.length / 3);
    this.living = this.warriors.map((_, index) => index);
    this.cycle = this.step = this.read = this.write = this.join = 0;
    this.warriors.forEach((warrior, index) => {
      for (let i = 0; i * 3 < warrior.code.length; i++) {
        const cell = (warrior.load + i) % this.size;
        [cells.code[cell], cells.a[cell], cells.b[cell]] = warrior.code.slice(3 * i, 3 * i + 3);
        cells.owner[cell] = index;
      }
      this.queues[index].restore([(warrior.load + warrior.start) % this.size]);
    });
    this.countWaiting();
  }

  // Play the whole battle once to collect keyframes, curves and deaths; then return to the start.
  survey() {
    const cycles = this.data.cycles;
    const gap = Math.ceil(cycles / KEYFRAMES);
    this.sampleGap = Math.max(1, Math.ceil(cycles / SAMPLES));
    const samples = Math.floor(cycles / this.sampleGap) + 1;
    this.curves = this.warriors.map(() => ({
      processes: new Uint16Array(samples), territory: new Uint16Array(samples),
    }));
    this.keyframes = [this.keyframe()];
    const sample = () => {
      this.curves.forEach((curve, warrior) => {
        curve.processes[this.cycle / this.sampleGap] = this.queues[warrior].length;
        curve.territory[this.cycle / this.sampleGap] = this.territory[warrior];
      });
    };
    sample();
    while (this.cycle < cycles) {
      const before = this.living;
      this.playCycle();
      for (const warrior of before) {
        if (!this.queues[warrior].length) this.deaths.push({ warrior, cycle: this.cycle });
      }
      if (this.cycle % gap === 0) this.keyframes.push(this.keyframe());
      if (this.cycle % this.sampleGap === 0) sample();
      this.forgetTouched();
    }
    this.seek(0);
  }

  // Apply one cycle: every living warrior executes one instruction.
  playCycle() {
    const { size, cells, cycle, steps, reads, joined, writes, isTouched, touched } = this;
    const touch = (cell) => {
      if (!isTouched[cell]) {
        isTouched[cell] = 1;
        touched.push(cell);
      }
    };
    const from = (base, distance) => (base + distance < size ? base + distance : base + distance - size);
    for (const warrior of this.living) {
      if (this.step === steps.length) break; // the battle ended in the middle of this cycle
      const queue = this.queues[warrior];
      const waiting = this.waiting[warrior];
      const effects = steps[this.step++];
      const at = queue.shift();
      waiting[at]--;
      for (let i = effects & 7; i > 0; i--) {
        const cell = from(at, reads[this.read++]);
        cells.readBy[cell] = warrior;
        cells.readAt[cell] = cycle;
        touch(cell);
      }
      for (let i = (effects >> 3) & 3; i > 0; i--) {
        const cell = from(at, writes.at[this.write]);
        cells.code[cell] ^= writes.code[this.write];
        cells.a[cell] = from(cells.a[cell], writes.a[this.write]);
        cells.b[cell] = from(cells.b[cell], writes.b[this.write++]);
        if (cells.owner[cell] !== NONE) this.territory[cells.owner[cell]]--;
        this.territory[warrior]++;
        cells.owner[cell] = warrior;
        cells.writtenAt[cell] = cycle;
        touch(cell);
      }
      cells.executedBy[at] = warrior;
      cells.executedAt[at] = cycle;
      this.last[warrior] = at;
      touch(at);
      for (let i = effects >> 5; i > 0; i--) {
        const cell = from(at, joined[this.join++]);
        queue.push(cell);
        waiting[cell]++;
        touch(cell);
      }
    }
    if (this.living.some((warrior) => !this.queues[warrior].length)) {
      this.living = this.living.filter((warrior) => this.queues[warrior].length);
    }
    this.cycle++;
  }

  // Go to the state after `cycle` cycles. Returns true if it jumped, so that everything has to be repainted.
  seek(cycle) {
    const target = Math.max(0, Math.min(Math.round(cycle), this.data.cycles));
    const frame = this.keyframes.findLast((candidate) => candidate.cycle <= target);
    const jump = target < this.cycle || frame.cycle > this.cycle;
    if (jump) this.restore(frame);
    while (this.cycle < target) this.playCycle();
    return jump;
  }

  forgetTouched() {
    for (const cell of this.touched) this.isTouched[cell] = 0;
    this.touched.length = 0;
  }

  keyframe() {
    const { cycle, step, read, write, join, living } = this;
    return {
      cycle, step, read, write, join, living, territory: [...this.territory], last: this.last.slice(),
      queues: this.queues.map((queue) => queue.copy()),
      cells: Object.fromEntries(Object.entries(this.cells).map(([name, values]) => [name, values.slice()])),
    };
  }

  restore(frame) {
    const { cycle, step, read, write, join, living } = frame;
    Object.assign(this, { cycle, step, read, write, join, living, territory: [...frame.territory] });
    this.last.set(frame.last);
    frame.queues.forEach((addresses, warrior) => this.queues[warrior].restore(addresses));
    for (const name of Object.keys(this.cells)) this.cells[name].set(frame.cells[name]);
    this.countWaiting();
  }

  countWaiting() {
    this.waiting.forEach((counts, warrior) => {
      counts.fill(0);
      for (const address of this.queues[warrior].copy()) counts[address]++;
    });
  }

  // Redcode of one cell, its fields as signed numbers.
  instruction(cell) {
    return spell(this.cells.code[cell], this.cells.a[cell], this.cells.b[cell], this.size);
  }
}

// The tables come from redcode/isa.py with the page.
function spell(code, a, b, size) {
  const { opcodes, modifiers, modes } = PAGE.isa;
  const signed = (field) => (field > size / 2 ? field - size : field);
  const name = `${opcodes[code >> 9]}.${modifiers[(code >> 6) & 7]}`;
  return `${name.padEnd(6)} ${modes[(code >> 3) & 7]}${signed(a)}, ${modes[code & 7]}${signed(b)}`;
}
