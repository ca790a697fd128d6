"use strict";
// The two curves below the core: processes and territory of each warrior over the whole battle.

const BAND_GAP = 10;

class Strip {
  constructor(canvas, battle) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.battle = battle;
  }

  resize(width, height, dark) {
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.width = width;
    this.height = height;
    this.colours = coloursOf(this.battle.warriors, dark);
    this.draw();
  }

  x(cycle) {
    return (cycle / Math.max(1, this.battle.data.cycles)) * this.width;
  }

  draw() {
    const { context, width, height, colours } = this;
    const band = (height - BAND_GAP) / 2;
    context.clearRect(0, 0, width, height);
    context.fillStyle = colours.empty;
    context.fillRect(0, 0, width, band);
    context.fillRect(0, band + BAND_GAP, width, band);
    this.drawProcesses(0, band);
    this.drawTerritory(band + BAND_GAP, band);
    this.drawDeaths(height);
  }

  // Lines on a square-root scale, so that a warrior with few processes shows beside one with thousands.
  drawProcesses(top, height) {
    const { context, battle, colours } = this;
    const most = Math.max(2, ...battle.curves.map((curve) => curve.processes.reduce((a, b) => Math.max(a, b), 0)));
    const y = (count) => top + height - 2 - Math.sqrt(count / most) * (height - 4);
    context.lineWidth = 1.5;
    context.lineJoin = "round";
    battle.curves.forEach((curve, warrior) => {
      context.strokeStyle = colours.warriors[warrior].full;
      context.beginPath();
      curve.processes.forEach((count, i) => context.lineTo(this.x(i * battle.sampleGap), y(count)));
      context.stroke();
    });
  }

  // Stacked shares of the core.
  drawTerritory(top, height) {
    const { context, battle, colours } = this;
    const floor = new Float64Array(battle.curves[0].territory.length);
    battle.curves.forEach((curve, warrior) => {
      const y = (cells) => top + height - (cells / battle.size) * height;
      context.fillStyle = colours.warriors[warrior].ramp[RAMP >> 1];
      context.beginPath();
      floor.forEach((below, i) => context.lineTo(this.x(i * battle.sampleGap), y(below)));
      for (let i = floor.length - 1; i >= 0; i--) {
        floor[i] += curve.territory[i];
        context.lineTo(this.x(i * battle.sampleGap), y(floor[i]));
      }
      context.fill();
    });
  }

  drawDeaths(height) {
    const { context, battle, colours } = this;
    for (const { warrior, cycle } of battle.deaths) {
      const x = Math.min(Math.max(this.x(cycle), 1), this.width - 1);
      context.fillStyle = colours.text;
      context.fillRect(x - 0.5, 0, 1, height);
      context.fillStyle = colours.warriors[warrior].full;
      context.beginPath();
      context.arc(x, height / 2, 4, 0, 7);
      context.fill();
    }
  }
}
