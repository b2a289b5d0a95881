// The search for tasks, and the page of one.

import {
  api, ask, attempt, between, count, encode, h, instant, link, outside, row, say, seconds, setChildren, statusBadge, table,
} from "./dashboard-kit.js";
import { letterButton, remove, replay } from "./dashboard-letters.js";
import { PAGE, brief, errorCell, field, load, paging, queueLink, searchForm, textInput } from "./dashboard-search.js";

const STATUSES = ["queued", "running", "retrying", "scheduled", "blocked", "succeeded", "cancelled", "dead"];

const TASK_COLUMNS = [
  { label: "Status" }, { label: "Type" }, { label: "ID" }, { label: "Queue" }, { label: "Priority" }, { label: "Tenant" },
  { label: "Enqueued" }, { label: "Started" }, { label: "Tries", isNumber: true }, { label: "Waited", isNumber: true },
  { label: "Promise" }, { label: "Last error" },
];

/** The verdict on the promise of a task, in words. */
function kept(task) {
  if (!task.sla) return "–";
  if (task.sla.met === null) return `within ${seconds(task.sla.limit_seconds)}`;
  return task.sla.met ? statusText("keeps", "kept") : statusText("broken", "late");
}

const statusText = (state, word) => h("span", { class: `word ${state}` }, word);

function taskRow(task) {
  return row(TASK_COLUMNS, [
    statusBadge(task.status), outside(task.type, 60), brief(task.task_id), queueLink(task.queue), outside(task.priority, 20),
    outside(task.tenant, 40), instant(task.enqueued_at), instant(task.started_at), count(task.attempt),
    seconds(task.wait_seconds), kept(task), errorCell(task.last_error),
  ]);
}

/** The page `#/tasks`. */
export class TasksPage {
  constructor({ params }) {
    this.title = "Tasks";
    this.note = h("p", { class: "small", role: "status" });
    this.result = h("div", null);
    const select = h("select", { name: "status" }, h("option", { value: "" }, "any"),
      STATUSES.map((status) => h("option", { value: status, selected: params.status === status }, status)));
    const refresh = h("button", { type: "button", onclick: () => this.load(params) }, "Refresh");
    this.node = h("div", null, h("header", { class: "page-head" }, h("h1", { tabindex: -1 }, "Tasks"), this.note, refresh),
      searchForm("tasks", [field("Task ID", textInput("id", "", { "data-search": true })),
        field("Queue", textInput("queue", params.queue)), field("Status", select),
        field("Type", textInput("type", params.type)), field("Tenant", textInput("tenant", params.tenant)),
        field("Tag", textInput("tag", params.tag))]), this.result);
    this.load(params);
  }

  async load({ queue, status, type, tenant, tag, cursor }) {
    const params = { queue, status, type, tenant, tag, cursor };
    const answer = await load("/tasks", params, this.note);
    if (!answer) return;
    const rows = answer.tasks.map(taskRow);
    const found = rows.length > 0 && h("div", { class: "panel scroll" }, table("Tasks, newest first", TASK_COLUMNS, rows));
    setChildren(this.result, found, paging("tasks", params, answer.cursor));
  }
}

// MARK: One task

const ATTEMPT_COLUMNS = [
  { label: "No", isNumber: true }, { label: "Started" }, { label: "Took", isNumber: true }, { label: "Outcome" },
  { label: "Worker" }, { label: "Error" },
];
const SHOWN_BYTES = 20000;
const isOver = (status) => ["succeeded", "cancelled", "dead"].includes(status);

/** The page `#/tasks/ID`. Looks again while the task is not over. */
export class TaskPage {
  constructor({ name }) {
    Object.assign(this, { id: name, title: `Task ${name}` });
    this.badge = h("span", null);
    this.cancelButton = h("button", { type: "button", hidden: true, onclick: () => this.cancel() }, "Cancel task");
    this.letterButtons = h("span", { class: "actions", hidden: true },
      letterButton("Replay", (button) => this.do(replay, button)), letterButton("Delete", (button) => this.do(remove, button)));
    this.body = h("div", null, h("p", null, "Loading…"));
    this.node = h("div", null, h("header", { class: "page-head" },
      h("h1", { tabindex: -1 }, "Task ", h("code", null, outside(name, 60)), " ", this.badge),
      h("p", { class: "actions" }, this.cancelButton, this.letterButtons)), this.body);
    this.load();
  }

  stop() {
    clearTimeout(this.timer);
    this.isStopped = true;
  }

  /** Replays or deletes it, and shows what it is then. */
  async do(action, button) {
    if (await action(button, { task_ids: [this.id] }, 1)) await this.load();
    // The button that was pressed is gone.
    if (this.letterButtons.hidden && document.activeElement === document.body) this.node.querySelector("h1").focus();
  }

  async load() {
    clearTimeout(this.timer);
    try {
      this.show(await api("GET", `/tasks/${encode(this.id)}`));
    } catch (error) {
      this.shown = null;
      this.cancelButton.hidden = true;
      this.letterButtons.hidden = true;
      setChildren(this.badge);
      setChildren(this.body, h("p", { class: "panel" }, error.message));
      const mayPass = error.status === 0 || error.status >= 500;
      if (mayPass && !this.isStopped) this.timer = setTimeout(() => this.load(), 5000);
    }
  }

  show(task) {
    if (this.isStopped) return;
    this.cancelButton.hidden = isOver(task.status) || task.cancel_requested;
    this.letterButtons.hidden = task.status !== "dead";
    if (!isOver(task.status)) this.timer = setTimeout(() => this.load(), 2000);
    const state = JSON.stringify(task);
    if (state === this.shown) return;
    this.shown = state;
    setChildren(this.badge, statusBadge(task.status));
    setChildren(this.body, this.promise(task), h("div", { class: "columns even" }, this.facts(task),
      this.bytes("Payload", task.payload, task.payload_base64)), this.attempts(task),
      (task.result !== undefined || task.result_base64 !== undefined) && this.bytes("Result", task.result, task.result_base64));
  }

  /** The verdict on the promise, in one sentence. */
  promise({ sla, wait_seconds: waited, status }) {
    if (!sla) return null;
    const limit = seconds(sla.limit_seconds);
    const text = promiseSentence(sla.met, waited, limit, status);
    const quote = sla.estimated_start_seconds === null ? ""
      : ` It was told to wait ${seconds(sla.estimated_start_seconds)} at most.`;
    return h("div", { class: `advice ${sla.met === true ? "keeps" : sla.met === false ? "" : "minor"}` },
      h("p", null, h("strong", null, text), quote));
  }

  facts(task) {
    const lines = this.lines(task).map(([label, value]) => h("div", null, h("dt", null, label), h("dd", null, value)));
    const error = task.last_error
      && h("div", null, h("h3", null, "Last error"), h("pre", { tabindex: 0 }, outside(task.last_error, SHOWN_BYTES)));
    return h("section", { class: "panel" }, h("h2", null, "Task"), h("dl", { class: "list" }, lines), error);
  }

  /** Every field that is not shown elsewhere. */
  lines(task) {
    const queue = h("a", { href: link("queues", task.queue) }, outside(task.queue, 128));
    const tags = task.tags.map((tag) => [h("a", { class: "tag", href: link("tasks", "", { tag }) }, outside(tag, 128)), " "]);
    const before = task.attempts_before_replay ? `, ${count(task.attempts_before_replay)} of them before it was replayed` : "";
    const policy = Object.entries(task.retry ?? {}).map(([name, value]) => `${name} ${value}`).join(", ");
    return [
      ["Type", outside(task.type, 128)], ["Queue", queue], ["Tenant", outside(task.tenant, 128)],
      ["Priority", outside(task.priority, 40)], ["Tags", tags.length ? tags : "–"],
      ["Enqueued", instant(task.enqueued_at)], ["Available", instant(task.available_at)],
      ["Started", instant(task.started_at)], ["Finished", instant(task.finished_at)],
      ["Promised start", instant(task.sla?.promised_start)], ["Deadline", instant(task.deadline)],
      ["Waited", seconds(task.wait_seconds)], ["Time limit", seconds(task.timeout_seconds)],
      ["Attempts", count(task.attempt) + before],
      ["Retries", task.max_retries === null ? "as the queue says" : count(task.max_retries)],
      ["Retry policy", policy ? outside(policy) : "default"], ["Crashes", count(task.crashes)],
      ["Dead because", task.reason ? outside(task.reason.replaceAll("_", " ")) : "–"],
      ["Cancel requested", task.cancel_requested ? "yes" : "no"],
      ["Trace", task.traceparent ? h("code", null, outside(task.traceparent, 60)) : "–"],
    ];
  }

  attempts({ attempts }) {
    const shown = attempts.slice(-PAGE).reverse();
    const note = attempts.length === 0 ? "None yet."
      : shown.length < attempts.length ? `The last ${count(PAGE)} of ${count(attempts.length)}, newest first.` : "Newest first.";
    return h("section", { class: "panel scroll" }, h("h2", null, "Attempts"), h("p", { class: "small" }, note),
      shown.length > 0 && table("Attempts, newest first", ATTEMPT_COLUMNS, shown.map(attemptRow)));
  }

  bytes(title, json, base64) {
    const text = base64 !== undefined ? base64 : JSON.stringify(json, null, 2);
    const note = base64 !== undefined ? "Not JSON; shown as base64." : "";
    const cut = text.length > SHOWN_BYTES ? ` The first ${count(SHOWN_BYTES)} of ${count(text.length)} characters.` : "";
    return h("section", { class: "panel" }, h("h2", null, title), (note || cut) && h("p", { class: "small" }, note, cut),
      h("pre", { class: "code", tabindex: 0 }, outside(text.slice(0, SHOWN_BYTES), SHOWN_BYTES)));
  }

  async cancel() {
    const answer = await ask({ title: "Cancel this task?", action: "Cancel task", isDangerous: true,
      text: "If it waits, it will never run. If it runs, its handler is told at its next heartbeat." });
    if (!answer) return;
    await attempt(this.cancelButton, async () => {
      const { status } = await api("POST", `/tasks/${encode(this.id)}/cancel`);
      say(status === "cancelled" ? "The task is cancelled." : "Its handler will be told to stop.");
    });
    this.load();
  }
}

function attemptRow(one) {
  const took = one.finished_at ? seconds(between(one.started_at, one.finished_at)) : "runs";
  return row(ATTEMPT_COLUMNS, [
    count(one.number), instant(one.started_at), took, outside(one.outcome ?? "–", 40), outside(one.worker, 128),
    one.error ? h("pre", null, outside(one.error, 4000)) : "–",
  ]);
}

function promiseSentence(isMet, waited, limit, status) {
  if (isMet === true) return `Promise kept: it started after ${seconds(waited)}, within ${limit}.`;
  if (isMet === false && isOver(status) && waited === null) return `Promise of ${limit} broken: it died in the line.`;
  if (isMet === false && waited === null) return `Promise broken: it has not started within ${limit}.`;
  if (isMet === false) return `Promise broken: it started after ${seconds(waited)}; W is ${limit}.`;
  return isOver(status) ? `It never started, so its promise of ${limit} has no verdict.` : `It is to start within ${limit}.`;
}
