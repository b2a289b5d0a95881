// What is live: the stream of events, what it said last, and the last five minutes of it.

import { headers, unauthorized } from "./dashboard-kit.js";
import { factsOf, judge } from "./dashboard-verdict.js";

const SPAN = 300;
const FEED = 60;
const CALM = 5000;

/** The series that are kept per queue, in the order of their columns. */
const SERIES = ["predicted", "p99", "oldest", "waiting", "arrivals", "workers", "desired", "busy", "service", "refusals"];

/** The last five minutes of a queue, one sample a second, in a ring. */
export class History {
  constructor() {
    this.times = new Float64Array(SPAN);
    this.columns = Object.fromEntries(SERIES.map((name) => [name, new Float64Array(SPAN)]));
    this.next = 0;
    this.length = 0;
  }

  add(time, facts) {
    if (this.length && time - this.times[(this.next + SPAN - 1) % SPAN] < 500) return;
    this.times[this.next] = time;
    for (const name of SERIES) this.columns[name][this.next] = facts[name] ?? NaN;
    this.next = (this.next + 1) % SPAN;
    this.length = Math.min(this.length + 1, SPAN);
  }

  /** Calls `each(time, value)` for every sample, oldest first. */
  walk(name, each) {
    const column = this.columns[name];
    for (let step = 0; step < this.length; step += 1) {
      const index = (this.next - this.length + step + SPAN) % SPAN;
      each(this.times[index], column[index]);
    }
  }

  /** The sample of a series that is `age` milliseconds old, or the oldest one since. */
  before(name, now, age) {
    let found;
    this.walk(name, (time, value) => {
      if (found === undefined || time <= now - age) found = value;
    });
    return Number.isNaN(found) ? undefined : found;
  }
}

/** All that is known about all queues. Whoever shows it sets `onchange`. */
export class Store {
  constructor() {
    this.queues = new Map();
    this.tasks = [];
    this.decisions = [];
    this.decided = new Set();
    this.omitted = 0;
    this.missed = 0;
    this.serial = 0;
    this.seenAt = 0;
    this.onchange = () => {};
  }

  /** Takes one event of the stream. */
  take(event, data) {
    if (event === "queues") this.takeQueues(data.queues ?? [], Date.now());
    else if (event === "tasks") this.takeTasks(data);
    else if (event === "decision") this.takeDecision(data.queue, data);
    else if (event === "gap") this.missed += data.missed ?? 0;
    this.onchange();
  }

  /** `isWhole`: queues that are not listed are gone. */
  takeQueues(list, now, isWhole = this.isWhole) {
    this.seenAt = now;
    for (const queue of list) this.takeQueue(queue, now);
    if (!isWhole || list.length === this.queues.size) return;
    const names = new Set(list.map((queue) => queue.name));
    for (const name of this.queues.keys()) if (!names.has(name)) this.queues.delete(name);
  }

  takeQueue(queue, now) {
    let entry = this.queues.get(queue.name);
    if (!entry) this.queues.set(queue.name, (entry = { history: new History(), verdict: null, betterSince: 0,
      missingSince: 0 }));
    const facts = factsOf(queue);
    if (!(facts.desired > facts.workers)) entry.missingSince = 0;
    else entry.missingSince ||= now;
    entry.queue = queue;
    entry.facts = facts;
    entry.history.add(now, facts);
    settle(entry, judge(facts, past(entry, now)), now);
    for (const decision of queue.decisions ?? []) this.takeDecision(queue.name, decision);
  }

  takeTasks({ tasks = [], omitted = 0, at }) {
    this.omitted += omitted;
    const fresh = tasks.map((task) => ({ ...task, at, serial: (this.serial += 1) })).reverse();
    this.tasks = [...fresh, ...this.tasks].slice(0, FEED);
  }

  takeDecision(queue, decision) {
    const id = `${queue} ${decision.at} ${decision.to}`;
    if (this.decided.has(id)) return;
    this.decided.add(id);
    this.decisions.push({ ...decision, queue, id });
    this.decisions.sort((one, other) => (one.at < other.at ? 1 : -1));
    this.decisions.length = Math.min(this.decisions.length, FEED);
    if (this.decided.size > 20000) this.decided = new Set(this.decisions.map((one) => one.id));
  }

  /** Queues, worst first, then by name. */
  worstFirst() {
    return [...this.queues.values()].sort((one, other) =>
      one.verdict.rank - other.verdict.rank || (one.facts.name < other.facts.name ? -1 : 1));
  }
}

function past(entry, now) {
  return {
    service: entry.history.before("service", now, 120000), refusals: entry.history.before("refusals", now, 60000),
    missingFor: entry.missingSince ? (now - entry.missingSince) / 1000 : 0,
  };
}

/** Worse news is shown at once, better news when it lasts: rows that jump cannot be read. */
function settle(entry, verdict, now) {
  const shown = entry.verdict;
  const isBetter = shown && ![shown.state, verdict.state].includes("paused") && verdict.rank > shown.rank;
  entry.betterSince = isBetter ? entry.betterSince || now : 0;
  if (!isBetter || now - entry.betterSince >= CALM) {
    entry.verdict = verdict;
    entry.betterSince = 0;
  }
}

// MARK: The stream

const SILENCE = 30000;
const HIDDEN = 60000;
const LONGEST = 16 * 1024 * 1024;

/** Keeps a stream of events open. `onstate` hears: live, connecting, waiting (with a time), asleep, locked. */
export class Stream {
  constructor(store, onstate) {
    this.store = store;
    this.onstate = onstate;
    this.failures = 0;
    this.queue = "";
    document.addEventListener("visibilitychange", () => this.visibility());
    addEventListener("online", () => !document.hidden && this.start());
  }

  /** Opens the stream anew, for all queues or for one. */
  start(queue = this.queue) {
    this.stop();
    this.queue = queue;
    const controller = (this.controller = new AbortController());
    this.onstate("connecting");
    this.read(controller).then(() => this.again(controller), (error) => this.again(controller, error));
  }

  /** Closes it; nothing comes after that. */
  stop() {
    clearTimeout(this.timer);
    clearTimeout(this.watch);
    this.controller?.abort();
    this.controller = null;
  }

  async read(controller) {
    this.listen(controller);
    const path = this.queue ? `/events?queue=${encodeURIComponent(this.queue)}` : "/events";
    const response = await fetch(path, { signal: controller.signal, cache: "no-store",
      headers: headers({ Accept: "text/event-stream" }) });
    if (response.status === 401) throw new Locked();
    if (!response.ok || !response.body) throw new Error(`The server answered ${response.status}.`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new Parser((event, data) => this.event(event, data));
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.listen(controller);
      parser.take(value);
    }
  }

  event(event, data) {
    if (event === "queues") {
      this.failures = 0;
      this.store.isWhole = this.queue === "";
      this.onstate("live");
    }
    this.store.take(event, data);
  }

  /** Silence of half a minute means that the line is dead. */
  listen(controller) {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => controller.abort(), SILENCE);
  }

  again(controller, error) {
    if (this.controller !== controller) return;
    clearTimeout(this.watch);
    if (error instanceof Locked) {
      this.onstate("locked");
      return unauthorized.run();
    }
    const most = Math.min(1000 * 2 ** this.failures, 15000);
    const pause = most * (0.8 + 0.4 * Math.random());
    this.failures = Math.min(this.failures + 1, 10);
    this.onstate("waiting", pause);
    this.timer = setTimeout(() => this.start(), pause);
  }

  visibility() {
    clearTimeout(this.sleep);
    if (document.hidden) this.sleep = setTimeout(() => this.rest(), HIDDEN);
    else if (!this.controller) this.start();
  }

  /** Nobody looks: the server need not talk. */
  rest() {
    this.stop();
    this.onstate("asleep");
  }
}

class Locked extends Error {}

/** Takes text/event-stream apart. */
class Parser {
  constructor(emit) {
    this.emit = emit;
    this.rest = [];
    this.length = 0;
    this.name = "";
    this.data = [];
  }

  take(text) {
    const lines = text.split("\n");
    const last = lines.pop();
    if (lines.length) {
      lines[0] = this.rest.join("") + lines[0];
      this.rest = [];
      this.length = 0;
    }
    for (const line of lines) this.line(line.endsWith("\r") ? line.slice(0, -1) : line);
    this.rest.push(last);
    this.length += last.length;
    if (this.length > LONGEST) throw new Error("An event is too long.");
  }

  line(line) {
    if (line === "") return this.end();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
  }

  end() {
    const text = this.data.join("\n");
    const name = this.name;
    this.data = [];
    this.name = "";
    if (text) this.emit(name, JSON.parse(text));
  }
}
