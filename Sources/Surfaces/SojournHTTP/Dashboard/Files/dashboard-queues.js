// The overview of all queues, and the page of one.

import { Chart, Sparkline } from "./dashboard-chart.js";
import {
  Bar, Figure, api, ask, attempt, budgetUsed, clock, count, encode, h, icon, instant, keyed, link, outside, percent, plural,
  rate, row, say, seconds, setAttribute, setChildren, setText, short, statusBadge, table, zone,
} from "./dashboard-kit.js";
import { STATES, factsOf, promiseInWords, summary } from "./dashboard-verdict.js";

const MOST_ROWS = 100;

/** The state of a queue: a picture and the word. Changes in place. */
class StateBadge {
  constructor() {
    this.node = h("span", { class: "state" });
  }

  update(state, word = STATES[state].word) {
    if (this.state === state && this.word === word) return;
    Object.assign(this, { state, word });
    setAttribute(this.node, "class", `state ${state}`);
    setChildren(this.node, icon(STATES[state].icon), word);
  }
}

/** The estimate of how busy workers are can be above all they have. */
const busy = (q) => (q.busy === null ? null : Math.min(1, q.busy));

const outOf = (desired) => (desired === null ? "" : ` of ${count(desired)}`);

/** More than all, by more than a rounding error. */
const MORE = 1.000001;
const tone = (value, risk, broken) => (value >= broken ? "broken" : value >= risk ? "risk" : "");

/** The sentences about a queue: what is wrong, and what to do. */
class Advice {
  constructor(most) {
    this.most = most;
    this.node = h("div", { class: "advice" });
  }

  update(findings) {
    const shown = findings.slice(0, this.most);
    const state = JSON.stringify(shown);
    this.node.hidden = shown.length === 0;
    if (state === this.state) return;
    this.state = state;
    setChildren(this.node, shown.map(({ cause, remedy, link: to, isTrouble }) => h("p", { class: isTrouble ? "" : "minor" },
      h("strong", null, cause), " ", remedy, to && [" ", h("a", { href: link(to.page, "", to.params) }, to.label)])));
  }
}

// MARK: Overview

class QueueRow {
  constructor({ facts }) {
    this.badge = new StateBadge();
    this.promise = h("span", { class: "small" });
    this.depthBar = new Bar();
    this.budgetBar = new Bar();
    this.spark = new Sparkline(["predicted", "p99"]);
    this.advice = new Advice(1);
    this.figures = {
      waiting: new Figure("Waiting", this.depthBar.node), wait: new Figure("Predicted wait", this.spark.node),
      inTime: new Figure("In time"), budget: new Figure("Budget used", this.budgetBar.node), arrivals: new Figure("λ"),
      busy: new Figure("Busy"), workers: new Figure("Workers"), oldest: new Figure("Oldest"),
      running: new Figure("In flight"), dead: new Figure("Dead"),
    };
    const head = h("div", { class: "head" }, this.badge.node,
      h("h3", null, h("a", { href: link("queues", facts.name) }, outside(facts.name, 128))), this.promise);
    this.node = h("li", { class: "queue" }, head, h("dl", { class: "figures" },
      Object.values(this.figures).map((figure) => figure.node)), this.advice.node);
  }

  update({ facts, verdict, history }) {
    this.badge.update(verdict.state);
    setAttribute(this.node, "class", `queue is-${verdict.state}`);
    setText(this.promise, promiseInWords(facts));
    this.advice.update(verdict.findings);
    this.updateFigures(facts);
    this.spark.update(history, facts.limit, Date.now());
  }

  updateFigures(q) {
    const { figures } = this;
    const depth = q.maxDepth ? q.waiting / q.maxDepth : null;
    const fullness = tone(depth, 0.7, MORE);
    figures.waiting.update(count(q.waiting), q.maxDepth === null ? "" : ` of L ${short(q.maxDepth)}`, fullness);
    this.depthBar.update(depth, fullness);
    const waits = q.limit === null ? "" : ` of W ${seconds(q.limit)} · p99 ${seconds(q.p99)}`;
    figures.wait.update(seconds(q.predicted), waits, q.limit === null ? "" : tone(q.predicted / q.limit, 0.7, MORE));
    figures.inTime.update(percent(q.attainment), q.breaches ? ` ${count(q.breaches)} late` : "");
    figures.budget.update(budgetUsed(q.budget), "", tone(q.budget, 0.75, MORE));
    this.budgetBar.update(q.budget, tone(q.budget, 0.75, MORE));
    const isAbove = q.contract !== null && q.arrivals > q.contract * 1.05;
    figures.arrivals.update(rate(q.arrivals), q.contract === null ? "" : ` of ${rate(q.contract)}`, isAbove ? "risk" : "");
    figures.busy.update(percent(busy(q)));
    figures.workers.update(count(q.workers), outOf(q.desired), q.desired > q.workers ? "risk" : "");
    figures.oldest.update(seconds(q.oldest), "", q.limit && q.oldest > q.limit ? "broken" : "");
    figures.running.update(count(q.running));
    figures.dead.update(count(q.dead), "", q.dead ? "risk" : "");
  }
}

const TOTALS = [
  ["Waiting", (all) => count(sum(all, "waiting"))], ["In flight", (all) => count(sum(all, "running"))],
  ["Arriving", (all) => rate(sum(all, "arrivals"))], ["Retrying", (all) => count(sum(all, "retrying"))],
  ["Workers", (all) => count(sum(all, "workers"))], ["Late since start", (all) => count(sum(all, "breaches"))],
  ["Refused since start", (all) => count(sum(all, "refusals"))], ["Dead letters", (all) => count(sum(all, "dead"))],
];

const sum = (all, name) => all.reduce((total, facts) => total + (facts[name] ?? 0), 0);

/** The page `#/`. */
export class Overview {
  constructor({ params }) {
    this.title = "Overview";
    this.rows = new Map();
    this.badge = new StateBadge();
    this.asOf = h("span", { class: "small" });
    this.totals = TOTALS.map(([label]) => new Figure(label));
    this.filter = h("input", { type: "search", id: "queue-filter", placeholder: "Filter queues", autocomplete: "off",
      spellcheck: "false", maxlength: 128, "data-search": true, value: params.q, oninput: () => this.find() });
    this.shown = h("p", { class: "small", role: "status" });
    this.list = h("ul", { class: "queues" });
    this.feed = new Feed();
    this.decisions = new Decisions(true);
    this.node = h("div", null,
      h("header", { class: "page-head" }, h("h1", { class: "headline", tabindex: -1 }, this.badge.node), this.asOf),
      h("dl", { class: "totals" }, this.totals.map((figure) => figure.node)),
      h("section", { "aria-label": "Queues" },
        h("div", { class: "bar-line" }, h("h2", null, "Queues, worst first"), this.shown,
          h("label", { class: "hidden", for: "queue-filter" }, "Filter queues by name or state"), this.filter),
        this.list),
      h("div", { class: "columns" }, this.feed.node, this.decisions.node));
    setText(this.badge.node, "Waiting for the first figures…");
  }

  update(store) {
    this.store = store;
    if (store.seenAt === 0) return;
    const all = store.worstFirst();
    const { state, text, others } = summary(all);
    this.badge.update(state, text);
    setText(this.asOf, `${others} · as of ${clock(new Date(store.seenAt))} ${zone()}`);
    const facts = all.map((entry) => entry.facts);
    TOTALS.forEach(([, figure], index) => this.totals[index].update(figure(facts)));
    this.updateRows(all);
    this.feed.update(store);
    this.decisions.update(store.decisions.slice(0, 30));
  }

  /** Shows what matches; the address keeps it, for the way back. */
  find() {
    history.replaceState(null, "", link("", "", { q: this.filter.value.trim() }));
    if (this.store) this.update(this.store);
  }

  updateRows(all) {
    const words = this.filter.value.trim().toLowerCase();
    const isFound = ({ facts, verdict }) => `${facts.name} ${STATES[verdict.state].word}`.toLowerCase().includes(words);
    const found = words ? all.filter(isFound) : all;
    const rows = found.slice(0, MOST_ROWS);
    setAttribute(this.list, "class", rows.length > 30 ? "queues many" : "queues");
    keyed(this.list, this.rows, rows, (entry) => entry.facts.name, (entry) => new QueueRow(entry));
    setText(this.shown, remark(all.length, found.length, rows.length));
  }
}

/** What is shown of all queues, where that is not all. */
function remark(all, found, shown) {
  if (all === 0) return "None yet: they appear with their first task, or in sojourn.yaml.";
  if (found === 0) return "No queue matches.";
  if (shown < found) return `${count(shown)} of ${plural(found, "queue")} shown; filter to see others`;
  return found < all ? `${count(found)} of ${count(all)}` : "";
}

const FEED_COLUMNS = [
  { label: "Ended" }, { label: "How" }, { label: "Task" }, { label: "Queue" }, { label: "Try", isNumber: true },
  { label: "Waited", isNumber: true }, { label: "Ran", isNumber: true }, { label: "Worker" }, { label: "Error" },
];

/** Tasks that ended, as they end. It can be held, because nobody can read what moves. */
class Feed {
  constructor() {
    this.rows = new Map();
    this.body = h("tbody", null);
    this.note = h("p", { class: "small" });
    this.button = h("button", { type: "button", "aria-pressed": "false", onclick: () => this.hold() }, "Hold");
    this.node = h("section", { class: "panel", "aria-label": "Ended tasks" },
      h("div", { class: "bar-line" }, h("h2", null, "Ended tasks"), this.note, this.button),
      h("div", { class: "scroll feed", tabindex: 0, role: "group", "aria-label": "Ended tasks" },
        table("Ended tasks, newest first", FEED_COLUMNS, [], this.body)));
  }

  hold() {
    this.isHeld = !this.isHeld;
    setAttribute(this.button, "aria-pressed", String(this.isHeld));
    setText(this.button, this.isHeld ? "Go on" : "Hold");
  }

  update(store) {
    if (this.isHeld) return;
    keyed(this.body, this.rows, store.tasks, (task) => task.serial, (task) => ({ node: feedRow(task) }));
    const missed = store.missed ? `; ${count(store.missed)} events missed, this page was too slow` : "";
    setText(this.note, store.tasks.length === 0 ? "None since this page opened."
      : `${store.omitted ? `A sample: ${count(store.omitted)} more since this page opened` : ""}${missed}`);
  }
}

function feedRow(task) {
  const type = h("a", { href: link("tasks", task.task_id) }, outside(task.type, 60));
  const queue = h("a", { href: link("queues", task.queue) }, outside(task.queue, 60));
  return row(FEED_COLUMNS, [instant(task.at), statusBadge(task.status), type, queue, count(task.attempt),
    seconds(task.wait_seconds), seconds(task.run_seconds), outside(task.worker ?? "", 40),
    h("span", { class: "error" }, outside(task.error ?? "", 160))]);
}

/** Scaling decisions and why. */
class Decisions {
  constructor(hasQueue) {
    this.rows = new Map();
    this.hasQueue = hasQueue;
    this.none = h("p", { class: "small" }, "None yet. They come from serve --autoscale.");
    this.list = h("ol", { class: "decisions" });
    this.node = h("section", { class: "panel", "aria-label": "Scaling decisions" },
      h("div", { class: "bar-line" }, h("h2", null, "Scaling decisions")), this.none,
      h("div", { class: "scroll feed", tabindex: 0, role: "group", "aria-label": "Scaling decisions, newest first" },
        this.list));
  }

  update(decisions) {
    this.none.hidden = decisions.length > 0;
    keyed(this.list, this.rows, decisions, (one) => one.id ?? one.at, (one) => ({ node: this.item(one) }));
  }

  item({ at, from, to, queue, reason }) {
    const name = this.hasQueue && [h("a", { href: link("queues", queue) }, outside(queue, 60)), " "];
    return h("li", null, h("p", null, name, h("b", null, `${count(from)} → ${plural(to, "worker")}`), " ",
      h("span", { class: "small" }, instant(at))), h("p", null, outside(reason, 400)));
  }
}

// MARK: One queue

const CHARTS = [
  { title: "Wait", about: "How long tasks wait for their start, against the promise W.", limit: "W", isTime: true,
    format: seconds, of: (facts) => facts.limit,
    series: [{ name: "predicted", label: "predicted" }, { name: "oldest", label: "oldest waiting" },
      { name: "p99", label: "p99 since start" }] },
  { title: "Depth", about: "How many tasks wait, against L = λ·W.", limit: "L", isWhole: true, format: short,
    of: (facts) => facts.maxDepth,
    series: [{ name: "waiting", label: "waiting" }] },
  { title: "Arrivals", about: "Tasks that come per second, against the contract.", limit: "contract", format: rate,
    of: (facts) => facts.contract,
    series: [{ name: "arrivals", label: "λ" }] },
  { title: "Workers", about: "Workers that run and that should.", isWhole: true, format: short, of: () => null,
    series: [{ name: "desired", label: "desired", isStep: true }, { name: "workers", label: "run", isStep: true }] },
];

const DETAILS = [
  ["In time since start", (q) => percent(q.attainment)], ["Late since start", (q) => count(q.breaches)],
  ["Budget used", (q) => budgetUsed(q.budget)], ["Refused since start", (q) => count(q.refusals)],
  ["Predicted wait", (q) => seconds(q.predicted)], ["Quoted wait", (q, raw) => seconds(raw.quoted_wait_seconds)],
  ["Quotes held", (q, raw) => percent(raw.quotes_held)], ["p99 since start", (q) => seconds(q.p99)],
  ["Oldest wait", (q) => seconds(q.oldest)], ["Busy", (q) => percent(busy(q))],
  ["Workers", (q) => count(q.workers) + outOf(q.desired)], ["Slots", (q) => count(q.slots)],
  ["Attempt takes", (q) => seconds(q.service)], ["Its variation c²", (q, raw) => plain(raw.service_variation)],
  ["Tries per task", (q) => plain(q.attempts)], ["Worker starts in", (q) => seconds(q.startup)],
];

const plain = (value) => (value === null || value === undefined ? "–" : short(value));

const STATUSES = ["queued", "running", "retrying", "scheduled", "blocked", "succeeded", "cancelled", "dead"];

/** The page `#/queues/NAME`. */
export class QueuePage {
  constructor({ name }) {
    Object.assign(this, { name, title: `Queue ${name}` });
    this.badge = new StateBadge();
    this.promise = h("p", { class: "small" });
    this.advice = new Advice(10);
    this.toggle = h("button", { type: "button", onclick: () => this.pauseOrResume() }, "Pause");
    this.charts = CHARTS.map((chart) => new Chart(chart));
    this.figures = DETAILS.map(([label]) => new Figure(label));
    this.counts = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Tasks by priority and status" });
    this.burn = h("dl", { class: "list" });
    this.decisions = new Decisions(false);
    this.empty = h("p", null, "Looking for this queue…");
    this.content = h("div", { hidden: true }, this.advice.node,
      h("div", { class: "charts" }, this.charts.map((chart) => chart.node)),
      h("section", { class: "panel" }, h("h2", null, "Figures"),
        h("dl", { class: "totals inner" }, this.figures.map((figure) => figure.node))),
      h("section", { class: "panel" }, h("h2", null, "Tasks by priority and status"), this.counts),
      h("div", { class: "columns" }, this.decisions.node,
        h("section", { class: "panel" }, h("h2", null, "Burn rates and audit"), this.burn)));
    const actions = h("p", { class: "actions" },
      h("a", { class: "button", href: link("tasks", "", { queue: name }) }, "Tasks"),
      h("a", { class: "button", href: link("dead-letters", "", { queue: name }) }, "Dead letters"), this.toggle);
    this.node = h("div", null,
      h("header", { class: "page-head" },
        h("div", null, h("h1", { tabindex: -1 }, outside(name, 128), " ", this.badge.node), this.promise), actions),
      this.empty, this.content);
    this.toggle.hidden = true;
    this.load();
  }

  /** The stream may not know the queue yet, or never. */
  async load() {
    try {
      this.loaded = await api("GET", `/queues/${encode(this.name)}`);
      if (this.store) this.update(this.store);
    } catch (error) {
      setText(this.empty, error.message);
    }
  }

  update(store) {
    this.store = store;
    // Once: after that the stream knows better which queues there are.
    if (this.loaded && !this.isTaken && !store.queues.has(this.name)) store.takeQueue(this.loaded, Date.now());
    this.isTaken ||= this.loaded !== undefined;
    const entry = store.queues.get(this.name);
    if (!entry) return this.miss(store);
    this.isTaken = true;
    this.empty.hidden = true;
    this.content.hidden = false;
    this.toggle.hidden = false;
    this.show(entry);
  }

  /** The queue was here, or should be, and all that there is does not have it. */
  miss(store) {
    if (!this.isTaken) return;
    this.content.hidden = true;
    this.toggle.hidden = true;
    this.empty.hidden = false;
    setText(this.empty, "This queue is gone: none of its tasks is left, and the configuration does not name it.");
  }

  show({ facts, queue, verdict, history }) {
    this.badge.update(verdict.state);
    setText(this.promise, promiseInWords(facts));
    setText(this.toggle, facts.isPaused ? "Resume" : "Pause");
    this.advice.update(verdict.findings);
    setAttribute(this.advice.node, "class", `advice is-${verdict.state}`);
    this.charts.forEach((chart, index) => chart.update(history, CHARTS[index].of(facts), Date.now()));
    DETAILS.forEach(([, figure], index) => this.figures[index].update(figure(facts, queue)));
    this.decisions.update(queue.decisions ?? []);
    this.showCounts(queue.depth ?? {});
    this.showBurn(queue);
  }

  showCounts(depth) {
    const state = JSON.stringify(depth);
    if (state === this.countsShown) return;
    this.countsShown = state;
    const heads = ["Priority", ...STATUSES].map((label, index) => h("th", { scope: "col", class: index && "number" }, label));
    const body = Object.entries(depth).map(([priority, counts]) => h("tr", null,
      h("th", { scope: "row" }, outside(priority, 40)),
      STATUSES.map((status) => h("td", { class: counts[status] ? "number" : "number zero" },
        this.countLink(status, counts[status] ?? 0)))));
    setChildren(this.counts, h("table", null, h("caption", { class: "hidden" }, "Tasks by priority and status"),
      h("thead", null, h("tr", null, heads)), h("tbody", null, body)));
  }

  countLink(status, value) {
    return value ? h("a", { href: link("tasks", "", { queue: this.name, status }) }, count(value)) : "0";
  }

  showBurn({ burn_rates: rates = [], audit }) {
    const lines = rates.map((one) => [`Last ${seconds(one.window_seconds)}`, `${short(one.rate)} × of what may be late`]);
    if (audit) lines.push(["Audit", audit.diagnosis], ["∫ depth − Σ waits",
      `${short(audit.gap_task_seconds)} task-seconds (${percent(Math.abs(audit.gap_ratio))})`]);
    const state = JSON.stringify(lines);
    if (state === this.burnShown) return;
    this.burnShown = state;
    setChildren(this.burn, lines.map(([label, text]) =>
      h("div", null, h("dt", null, label), h("dd", null, outside(text, 300)))));
  }

  async pauseOrResume() {
    const facts = this.store.queues.get(this.name).facts;
    const action = facts.isPaused ? "Resume" : "Pause";
    const waiting = `${plural(facts.waiting, "task")} ${facts.waiting === 1 ? "waits" : "wait"} there now.`;
    const text = facts.isPaused ? [`Workers get its tasks again. ${waiting}`]
      : [`No worker gets its tasks until it is resumed. What runs goes on, and new tasks are taken. ${waiting}`];
    if (!facts.isPaused && facts.limit !== null) text.push("While it is paused, its promise is not kept.");
    const answer = await ask({ title: `${action} ${this.name}?`, action, isDangerous: !facts.isPaused, text });
    if (!answer) return;
    await attempt(this.toggle, async () => {
      const queue = await api("POST", `/queues/${encode(this.name)}/${action.toLowerCase()}`);
      this.store.takeQueue(queue, Date.now());
      this.update(this.store);
      say(`${this.name} is ${factsOf(queue).isPaused ? "paused" : "resumed"}.`);
    });
  }
}
