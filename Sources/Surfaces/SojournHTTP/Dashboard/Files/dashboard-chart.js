// Charts of the last five minutes, in SVG.

import { clock, h, setAttribute, setChildren, setText, svg } from "./dashboard-kit.js";

const SPANS = [60000, 120000, 300000];
/** A line is interrupted where nothing was heard for longer. */
const HOLE = 5000;
const TIME_STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
  3600, 7200, 14400, 43200, 86400];

/** The distance between ticks so that there are about four; what is counted has no halves. */
function tickStep(most, isTime, isWhole) {
  const least = Math.max(most / 4, isWhole ? 1 : 0);
  const known = isTime && TIME_STEPS.find((step) => step >= least);
  if (known) return known;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * 0.999) ?? 10 * power;
}

/** The path of a series; `isStep` draws values that hold until the next one. */
function path(history, name, x, y, isStep) {
  let text = "";
  let before = null;
  history.walk(name, (time, value) => {
    if (Number.isNaN(value)) return (before = null);
    const place = `${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
    if (before === null || time - before > HOLE) text += `M${place}`;
    else text += isStep ? `H${x(time).toFixed(1)}V${y(value).toFixed(1)}` : `L${place}`;
    before = time;
  });
  return text;
}

/** As much time as there is something to show for. */
function spanOf(history, now) {
  let first = now;
  history.walk("waiting", (time) => { if (time < first) first = time; });
  return SPANS.find((span) => now - first < span) ?? SPANS.at(-1);
}

function largest(history, names) {
  let most = 0;
  for (const name of names) history.walk(name, (_, value) => { if (value > most) most = value; });
  return most;
}

// MARK: Small

const WIDE = 160;
const HIGH = 40;

/** A line without axes: predicted and measured wait against W; nothing where there is no W. */
export class Sparkline {
  constructor(names) {
    this.names = names;
    this.limit = svg("line", { class: "limit", x1: 0, x2: WIDE });
    this.paths = names.map((name) => svg("path", { class: `line ${name}` }));
    this.node = svg("svg", { class: "spark", viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none",
      "aria-hidden": "true" }, this.limit, this.paths);
  }

  update(history, limit, now) {
    setAttribute(this.node, "hidden", limit === null);
    if (limit === null) return;
    const most = Math.max(limit * 1.25, largest(history, this.names) * 1.05);
    const span = spanOf(history, now);
    const x = (time) => WIDE - ((now - time) / span) * WIDE;
    const y = (value) => HIGH - 1.5 - (value / most) * (HIGH - 3);
    for (const name of ["y1", "y2"]) setAttribute(this.limit, name, y(limit).toFixed(1));
    this.names.forEach((name, index) => setAttribute(this.paths[index], "d", path(history, name, x, y)));
  }
}

// MARK: Large

const EDGE = { top: 10, right: 8, bottom: 22, left: 54 };
let serial = 0;

/**
 * A chart with axes, a legend that reads out values, and its numbers as a table.
 * `series`: `{ name, label, isStep }`; `limit`: the label of the line that must not be crossed.
 */
export class Chart {
  constructor({ title, about, series, limit, format, isTime = false, isWhole = false, height = 190 }) {
    Object.assign(this, { title, series, format, isTime, isWhole, height, limitLabel: limit });
    serial += 1;
    this.build(`chart-${serial}`, about);
    this.cursor = null;
  }

  build(id, about) {
    this.grid = svg("g", { class: "grid" });
    this.limitLine = svg("line", { class: "limit" });
    this.paths = this.series.map(({ name }) => svg("path", { class: `line ${name}` }));
    this.rule = svg("line", { class: "rule", visibility: "hidden" });
    this.svg = svg("svg", { class: "chart", height: this.height, tabindex: 0, role: "img", "aria-labelledby": `${id}-t ${id}-d`,
      onpointermove: (event) => this.point(event), onpointerleave: () => this.pick(null), onblur: () => this.pick(null),
      onkeydown: (event) => this.step(event) },
    svg("title", { id: `${id}-t` }, this.title), svg("desc", { id: `${id}-d` }, `${about} Arrow keys read out values.`),
    this.grid, this.limitLine, this.paths, this.rule);
    this.values = this.series.map(() => h("b", null, "–"));
    this.limitValue = h("b", null, "–");
    this.moment = h("span", { class: "moment" }, "now");
    const keys = this.series.map(({ name, label }, index) => h("span", { class: "key" }, mark(`line ${name}`), label, " ",
      this.values[index]));
    this.limitKey = this.limitLabel && h("span", { class: "key" }, mark("limit"), this.limitLabel, " ", this.limitValue);
    this.legend = h("p", { class: "legend" }, keys, this.limitKey, this.moment);
    this.table = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `${this.title}, as a table` });
    this.details = h("details", { ontoggle: () => this.details.open && this.tabulate() }, h("summary", null, "As a table"),
      this.table);
    this.node = h("figure", { class: "panel" }, h("figcaption", null, h("h2", null, this.title), this.legend), this.svg,
      this.details);
  }

  /** Draws what is known at `now`. */
  update(history, limit, now) {
    Object.assign(this, { history, limit, now });
    this.width = this.svg.clientWidth || 560;
    this.span = spanOf(history, now);
    const most = Math.max(limit ? limit * 1.2 : 0, largest(history, this.series.map(({ name }) => name)) * 1.1)
      || (this.isTime ? 0.01 : 1);
    const tick = tickStep(most, this.isTime, this.isWhole);
    this.top = Math.ceil(most / tick) * tick;
    this.drawGrid(tick);
    this.series.forEach(({ name, isStep }, index) =>
      setAttribute(this.paths[index], "d", path(history, name, (time) => this.x(time), (value) => this.y(value), isStep)));
    this.drawLimit();
    this.readOut();
  }

  x(time) {
    return this.width - EDGE.right - ((this.now - time) / this.span) * (this.width - EDGE.left - EDGE.right);
  }

  y(value) {
    return this.height - EDGE.bottom - (value / this.top) * (this.height - EDGE.top - EDGE.bottom);
  }

  drawGrid(tick) {
    const state = `${this.width} ${this.top} ${tick} ${this.span}`;
    if (state === this.drawn) return;
    this.drawn = state;
    const parts = [];
    for (let step = 0; step * tick <= this.top * 1.001; step += 1) {
      const y = this.y(step * tick);
      parts.push(svg("line", { x1: EDGE.left, x2: this.width - EDGE.right, y1: y, y2: y }));
      parts.push(svg("text", { x: EDGE.left - 8, y: y + 4, "text-anchor": "end" }, this.format(step * tick)));
    }
    const step = this.span > 60000 ? 60000 : 20000;
    for (let age = 0; age <= this.span; age += step) {
      const anchor = age === 0 ? "end" : age === this.span ? "start" : "middle";
      const label = age === 0 ? "now" : step === 60000 ? `−${age / 60000} min` : `−${age / 1000} s`;
      parts.push(svg("text", { x: this.x(this.now - age), y: this.height - 6, "text-anchor": anchor }, label));
    }
    this.grid.replaceChildren(...parts);
  }

  drawLimit() {
    const hasLimit = this.limit !== null && this.limit !== undefined;
    setAttribute(this.limitLine, "visibility", hasLimit ? null : "hidden");
    if (this.limitKey) this.limitKey.hidden = !hasLimit;
    if (!hasLimit) return;
    const y = this.y(this.limit).toFixed(1);
    for (const [name, value] of Object.entries({ x1: EDGE.left, x2: this.width - EDGE.right, y1: y,
      y2: y })) setAttribute(this.limitLine, name, value);
    setText(this.limitValue, this.format(this.limit));
  }

  // MARK: Reading out

  point(event) {
    const share = (event.offsetX - EDGE.left) / (this.width - EDGE.left - EDGE.right);
    this.pick(this.now - (1 - share) * this.span);
  }

  step(event) {
    if (event.key === "Escape" && this.cursor !== null) return this.pick(null);
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    setAttribute(this.legend, "aria-live", "polite");
    const step = (event.shiftKey ? 10000 : 1000) * (event.key === "ArrowLeft" ? -1 : 1);
    this.pick(Math.min(this.now, Math.max(this.now - this.span, (this.cursor ?? this.now) + step)));
  }

  pick(time) {
    this.cursor = time;
    if (time === null) setAttribute(this.legend, "aria-live", null);
    if (this.history) this.readOut();
  }

  /** Shows the values at the cursor, else the latest. */
  readOut() {
    const time = this.nearest(this.cursor ?? this.now);
    setAttribute(this.rule, "visibility", this.cursor === null || time === null ? "hidden" : null);
    setText(this.moment, this.cursor === null || time === null ? "now" : `at ${clock(new Date(time))}`);
    this.series.forEach(({ name }, index) => setText(this.values[index], this.shown(name, time)));
    if (this.cursor === null || time === null) return;
    for (const [name, value] of Object.entries({ x1: this.x(time), x2: this.x(time), y1: EDGE.top,
      y2: this.height - EDGE.bottom })) setAttribute(this.rule, name, value.toFixed(1));
  }

  nearest(time) {
    let best = null;
    this.history.walk(this.series[0].name, (at) => {
      if (best === null || Math.abs(at - time) < Math.abs(best - time)) best = at;
    });
    return best;
  }

  shown(name, time) {
    let text = "–";
    this.history.walk(name, (at, value) => { if (at === time && !Number.isNaN(value)) text = this.format(value); });
    return text;
  }

  tabulate() {
    if (!this.history) return;
    const times = [];
    this.history.walk(this.series[0].name, (at) => times.push(at));
    const rows = times.reverse().filter((_, index) => index % 15 === 0).map((at) =>
      h("tr", null, h("th", { scope: "row" }, clock(new Date(at))),
        this.series.map(({ name }) => h("td", null, this.shown(name, at)))));
    setChildren(this.table, h("table", null, h("caption", null, `Every 15 s, newest first, as of ${clock(new Date())}.`),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "Time"),
        this.series.map(({ label }) => h("th", { scope: "col" }, label)))),
      h("tbody", null, rows)));
  }
}

/** The sample of a line in a legend. */
function mark(name) {
  return svg("svg", { class: "mark", viewBox: "0 0 18 8", "aria-hidden": "true" },
    svg("line", { class: name, x1: 0, x2: 18, y1: 4, y2: 4 }));
}
