// Whether a queue keeps its promise, why not, and what to do. Pure: the same facts give the same words.

import { budgetUsed, count, percent, plural, rate, seconds, short } from "./dashboard-kit.js";

/** The words for a state, worst first. `rank` sorts, `word` is shown. */
export const STATES = {
  broken: { rank: 0, word: "broken", icon: "broken" },
  risk: { rank: 1, word: "at risk", icon: "risk" },
  paused: { rank: 2, word: "paused", icon: "paused" },
  keeps: { rank: 4, word: "keeps", icon: "keeps" },
  none: { rank: 5, word: "no promise", icon: "none" },
  idle: { rank: 6, word: "idle", icon: "idle" },
};

/** The figures of a queue that judgement and display need; what nobody knows is null. */
export function factsOf(queue) {
  const total = (status) => Object.values(queue.depth ?? {}).reduce((sum, counts) => sum + (counts[status] ?? 0), 0);
  const promise = queue.sla ?? null;
  return {
    name: queue.name, isPaused: queue.paused === true,
    waiting: queue.waiting ?? total("queued"), running: total("running"), retrying: total("retrying"),
    scheduled: total("scheduled"), dead: total("dead"),
    limit: promise?.limit_seconds ?? null, percentile: promise?.percentile ?? null, contract: promise?.arrival_rate ?? null,
    maxDepth: queue.max_depth ?? null, arrivals: queue.arrival_rate ?? null, service: queue.service_seconds ?? null,
    attempts: queue.retry_amplification ?? null, busy: queue.utilization ?? null,
    predicted: queue.predicted_wait_seconds ?? null, p99: queue.wait_p99_seconds ?? null,
    oldest: queue.oldest_wait_seconds ?? null, attainment: queue.sla_attainment ?? null,
    breaches: queue.sla_breaches ?? 0, refusals: queue.sla_refusals ?? 0, budget: queue.error_budget_used ?? null,
    burn: queue.burn_rates?.[0] ?? null, audit: queue.audit ?? null,
    workers: queue.workers ?? null, desired: queue.desired_workers ?? null, slots: queue.slots ?? null,
    startup: queue.startup_seconds ?? null,
  };
}

/**
 * Judges a queue. `then` is what is known of a minute or more ago: `{ service, refusals, missingFor }`.
 * Answers `{ state, rank, findings }`; a finding is `{ cause, remedy, link? }`, the most telling first.
 */
export function judge(facts, then = {}) {
  const known = { ...facts, then };
  const findings = (facts.isPaused ? [paused, ...ALWAYS] : [...CAUSES, ...ALWAYS]).map((check) => check(known)).filter(Boolean)
    .sort((one, other) => Number(other.isTrouble) - Number(one.isTrouble));
  const state = stateOf(known, findings);
  const isTrouble = findings.some((finding) => finding.isTrouble);
  const rank = state === "none" && isTrouble ? 3 : STATES[state].rank + (findings.length ? 0 : 0.5);
  return { state, rank, findings };
}

function stateOf(q, findings) {
  if (q.isPaused) return "paused";
  if (q.limit === null) return "none";
  if (isLateNow(q) || q.budget > 1) return "broken";
  if (findings.some((finding) => finding.isTrouble)) return "risk";
  return isIdle(q) ? "idle" : "keeps";
}

const isIdle = (q) => q.waiting + q.running + q.retrying === 0 && !(q.arrivals >= 0.01);
const isLateNow = (q) => q.limit !== null && q.waiting > 0 && q.oldest > q.limit;
const hasPromise = (q) => q.limit !== null;
const trouble = (cause, remedy, link) => ({ cause, remedy, link, isTrouble: true });

// MARK: Causes, the most telling first

const CAUSES = [nobodyServes, startsFromNothing, tooFewWorkers, aboveContract, slower, retries, saturated, backlog, refusing,
  wasLate, budget, audit];
const ALWAYS = [deadLetters];

function paused(q) {
  const waits = q.waiting ? `: ${plural(q.waiting, "task")} ${verb(q.waiting)}, the oldest for ${seconds(q.oldest)}`
    : "; nothing waits";
  return trouble(`Paused by an operator${waits}.`, q.waiting && q.limit !== null && q.oldest > q.limit
    ? `Resume it: W = ${seconds(q.limit)} has passed.` : "Resume it once the reason is gone.");
}

function nobodyServes(q) {
  if (q.waiting === 0 || !(q.slots === 0 || q.workers === 0)) return null;
  const command = `sojourn worker --queue ${q.name}`;
  const cause = `No worker serves it: ${plural(q.waiting, "task")} ${verb(q.waiting)}, the oldest for ${seconds(q.oldest)}.`;
  return trouble(cause, q.desired > 0
    ? `${plural(q.desired, "worker")} should run: see the server's log for why none started, or run ${command}.`
    : `Run ${command}, or serve with --autoscale processes.`);
}

function startsFromNothing(q) {
  if (!hasPromise(q) || q.waiting > 0 || q.workers !== 0 || !(q.predicted > q.limit)) return null;
  return trouble(`No worker runs, and the next task would wait ${seconds(q.predicted)} for one; W is ${seconds(q.limit)}.`,
    "Set min_workers to 1 or more, or give it a longer sla_seconds.");
}

function tooFewWorkers(q) {
  if (q.workers === null || !(q.desired > q.workers) || !(q.then.missingFor >= 5 || isLateNow(q))) return null;
  const soon = q.startup === null ? "" : ` One takes about ${seconds(q.startup)} to start.`;
  return trouble(`${q.workers} of ${plural(q.desired, "worker")} run.`,
    `If more do not come, look at the server's log and the machine's limits.${soon}`);
}

function aboveContract(q) {
  if (q.contract === null || !(q.arrivals > q.contract * 1.05)) return null;
  const times = q.arrivals >= q.contract * 1.5 ? `, ${short(q.arrivals / q.contract)} times as much` : "";
  const retried = q.attempts >= 1.2 ? ", retries included," : "";
  return trouble(`λ ${rate(q.arrivals)}${retried} is above the contract of ${rate(q.contract)}${times}.`,
    "Slow the producers, raise arrival_rate and max_workers, or let admission refuse the excess (overflow: reject).");
}

function slower(q) {
  if (!(q.service > 0.02 && q.then.service > 0 && q.service >= q.then.service * 1.8)) return null;
  if (!hasPromise(q)) return null;
  const times = short(q.service / q.then.service);
  return trouble(`Attempts take ${seconds(q.service)}, ${times} times as long as a few minutes ago.`,
    "Look at what the handler waits for; more workers can make a slow dependency slower.");
}

function retries(q) {
  if (!hasPromise(q) || !(q.attempts >= 1.5) || isIdle(q)) return null;
  const isTrouble = q.busy > 0.7 || q.predicted > q.limit / 2;
  const share = percent((q.attempts - 1) / q.attempts);
  const link = { label: "Failing tasks", params: { queue: q.name, status: "retrying" }, page: "tasks" };
  const cause = `Tasks need ${short(q.attempts)} attempts each: retries are ${share} of the load.`;
  return { cause, remedy: "Find out what fails.", link, isTrouble };
}

function saturated(q) {
  const isFull = q.busy >= 0.95 && q.waiting > 0;
  if (!hasPromise(q) || !isFull || !(q.predicted > 0.7 * q.limit || isLateNow(q))) return null;
  const most = q.slots > 0 && q.service > 0
    ? `: ${plural(q.slots, "slot")} of ${seconds(q.service)} start ${rate(q.slots / q.service)} at most` : "";
  return trouble(`The workers are ${percent(Math.min(1, q.busy))} busy${most}.`,
    "Raise max_workers or jobs_per_worker, or make attempts shorter.");
}

function backlog(q) {
  if (!hasPromise(q) || q.waiting === 0) return null;
  if (isLateNow(q)) {
    const cause = `${plural(q.waiting, "task")} ${verb(q.waiting)}, the oldest for ${seconds(q.oldest)}`;
    return trouble(`${cause}; W is ${seconds(q.limit)}.`,
      "Add workers until the backlog is gone; tasks that are late already cannot be saved.");
  }
  if (!(q.predicted > 0.7 * q.limit)) return null;
  return trouble(`A task that comes now will wait ${seconds(q.predicted)}; W is ${seconds(q.limit)}.`,
    "Add workers now, or slow the producers.");
}

function refusing(q) {
  const fresh = q.refusals - (q.then.refusals ?? q.refusals);
  if (!(fresh > 0)) return null;
  return trouble(`${plural(fresh, "task")} refused in the last minute: they could not have started in time.`,
    "Raise max_workers if they should be taken; their producers were told when to try again.");
}

function wasLate(q) {
  if (!hasPromise(q) || !(q.budget > 1) || isLateNow(q)) return null;
  const recent = q.burn ? `, ${q.burn.rate > 0 ? "some" : "none"} of them in the last ${seconds(q.burn.window_seconds)}` : "";
  const share = `${percent(q.attainment)} in time, ${short(q.percentile)} % promised`;
  return trouble(`${plural(q.breaches, "task")} started late or never${recent}: ${share}.`,
    "Nothing is late now. If it comes again: more standing workers (min_workers, burst_factor).");
}

function budget(q) {
  if (!hasPromise(q) || q.budget > 1) return null;
  if (q.burn?.rate > 1) {
    const used = `${budgetUsed(q.budget)} of the error budget is used`;
    return trouble(`Tasks are late ${short(q.burn.rate)} times as often as they may be; ${used}.`,
      "Add workers before the budget is gone.");
  }
  if (!(q.budget >= 0.75)) return null;
  return trouble(`${percent(q.budget)} of the error budget is used.`, "Hold back risky changes; add standing workers.");
}

function audit(q) {
  if (!q.audit || q.audit.diagnosis === "depth and waits agree") return null;
  return trouble(`The audit says: ${q.audit.diagnosis}.`,
    "The figures of this queue may be off; compare them with the store, and report it.");
}

function deadLetters(q) {
  if (q.dead === 0) return null;
  return { cause: `${plural(q.dead, "dead letter")}.`, remedy: "See what they failed with, then replay or delete them.",
    link: { label: "Dead letters", params: { queue: q.name }, page: "dead-letters" }, isTrouble: false };
}

const verb = (number) => (number === 1 ? "waits" : "wait");

/** A promise in words. */
export function promiseInWords(facts) {
  if (facts.limit === null) return "promises nothing";
  const contract = facts.contract === null ? "" : `, up to ${rate(facts.contract)}`;
  return `${short(facts.percentile)} % start within ${seconds(facts.limit)}${contract}`;
}

/** One sentence about all queues, and the rest in numbers. */
export function summary(entries) {
  const number = (state) => entries.filter(({ verdict }) => verdict.state === state).length;
  const others = Object.entries(STATES).filter(([state]) => number(state)).map(([state,
    { word }]) => `${count(number(state))} ${word}`).join(", ");
  const promised = entries.filter(({ facts }) => facts.limit !== null);
  const isPaused = promised.some(({ facts }) => facts.isPaused);
  return { ...headline(number, entries.length, promised.length, isPaused), others };
}

/** `promised`: how many queues promise something; `isPaused`: whether one of those is paused. */
function headline(number, all, promised, isPaused) {
  if (all === 0) return { state: "idle", text: "No queue yet" };
  if (number("broken")) return { state: "broken", text: `${count(number("broken"))} of ${plural(promised, "promise")} broken` };
  if (number("risk")) return { state: "risk", text: `${count(number("risk"))} of ${plural(promised, "promise")} at risk` };
  if (promised === 0) return { state: "none", text: "No queue promises anything" };
  if (isPaused) return { state: "paused",
    text: `${plural(number("paused"), "queue")} paused, all other promises kept` };
  return { state: "keeps", text: promised === 1 ? "The promise is kept" : `All ${count(promised)} promises are kept` };
}
