// What is live: the stream of events, what it said last, and the last five minutes of it.

import { headers, unauthorized } from "./dashboard-kit.js";
import { factsOf, judge } from "./dashboard-verdict.js";

const SPAN = 300;
const FEED = 60;
const CALM = 5000;
/** Figures that are older are old, and samples that are further apart have nothing to do with each other. */
const FRESH = 5000;
/** The same while nobody knows yet how often the server looks; that may be every ten seconds. */
const UNKNOWN = 15000;

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

  /** Too soon after the last one nothing is added. After more than `gap`, or when the clock was set, it begins anew. */
  add(time, facts, gap = FRESH) {
    const since = time - this.times[(this.next + SPAN - 1) % SPAN];
    if (this.length && (since < 0 || since > gap)) this.length = 0;
    if (this.length && since < 500) return;
    this.times[this.next] = time;
    for (const name of SERIES) this.columns[name][this.next] = facts[name] ?? NaN;
    this.next = (this.next + 1) % SPAN;
    this.length = Math.min(this.length + 1, SPAN);
  }

  /** Calls `each(time, value)` for every sample, oldest first. */
  walk(name, each) {
    const column = this.columns[name];
    const newest = this.times[(this.next + SPAN - 1) % SPAN];
    for (let step = 0; step < this.length; step += 1) {
      const index = (this.next - this.length + step + SPAN) % SPAN;
      if (newest - this.times[index] <= SPAN * 1000) each(this.times[index], column[index]);
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
    this.step = 0;
    /** The one queue that is followed; empty where all are. */
    this.followed = "";
    this.onchange = () => {};
  }

  /** Takes one event of the stream. */
  take(event, data) {
    if (event === "queues") this.takeFigures(data);
    else if (event === "tasks") this.takeTasks(data);
    else if (event === "decision") this.takeDecision(data.queue, data);
    else if (event === "gap") this.missed += data.missed ?? 0;
    this.onchange();
  }

  /** A stream begins, at `time` by the server's clock: that says how old its first figures are. */
  begin(time) {
    this.isFirst = true;
    this.serverTime = time;
  }

  /** Figures that are known already say only that the server has no newer ones. */
  takeFigures({ queues = [], at }) {
    const { isFirst, seenAt } = this;
    if (at === this.at && !isFirst) return;
    // Those that follow the first come as they are taken.
    const age = isFirst ? this.serverTime - Date.parse(at) : 0;
    const then = Date.now() - (age > 2000 ? age : 0);
    const now = at === this.at ? seenAt : Math.min(Date.now(), Math.max(seenAt, then));
    this.step = isFirst ? 0 : Math.min(now - seenAt, 60000);
    this.isFirst = false;
    this.at = at;
    this.takeQueues(queues, now);
  }

  /** How far apart figures may be. */
  get gap() { return this.step > 0 ? Math.max(FRESH, 2.5 * this.step) : UNKNOWN; }

  /** What is followed and not listed is gone: the one queue, or any. */
  takeQueues(list, now) {
    this.seenAt = now;
    for (const queue of list) this.takeQueue(queue, now);
    if (list.length === this.queues.size) return;
    const names = new Set(list.map((queue) => queue.name));
    const isFollowed = (name) => !this.followed || name === this.followed;
    for (const name of this.queues.keys()) if (!names.has(name) && isFollowed(name)) this.queues.delete(name);
  }

  /** Whether the figures are older than they should be. */
  isOld(now) { return this.seenAt > 0 && now - this.seenAt > this.gap; }

  takeQueue(queue, now) {
    let entry = this.queues.get(queue.name);
    if (!entry) this.queues.set(queue.name, (entry = { history: new History(), verdict: null, betterSince: 0,
      missingSince: 0 }));
    const facts = factsOf(queue);
    if (!(facts.desired > facts.workers) || now - entry.seenAt > this.gap) entry.missingSince = 0;
    else entry.missingSince ||= now;
    entry.seenAt = now;
    entry.queue = queue;
    entry.facts = facts;
    entry.history.add(now, facts, this.gap);
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
const HIDDEN = 15 * 60000;
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
    if (!response.ok || !response.body) throw new Error(await reason(response));
    this.store.begin(Date.parse(response.headers.get("date") ?? ""));
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
      this.store.followed = this.queue;
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
    this.onstate("waiting", pause, error instanceof TypeError || error?.name === "AbortError" ? "" : error?.message);
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

/** Why the server does not let somebody watch. */
async function reason(response) {
  const { detail } = await response.json().catch(() => ({}));
  return detail || `The server answered ${response.status}.`;
}

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
