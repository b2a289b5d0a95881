// The search for tasks, the page of one task, and dead letters.

import {
  api, ask, attempt, between, count, encode, h, instant, link, outside, plural, query, row, say, seconds, setChildren, setText,
    statusBadge, table,
} from "./dashboard-kit.js";

const PAGE = 50;
const STATUSES = ["queued", "running", "retrying", "scheduled", "blocked", "succeeded", "cancelled", "dead"];
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const brief = (id) => h("a", { href: link("tasks", id), title: id }, h("code", null, `…${String(id).slice(-8)}`));

/** A field of a search form. */
function field(label, input) {
  return h("label", { class: "field" }, h("span", null, label), input);
}

function textInput(name, value, more) {
  return h("input", { type: "text", name, value, maxlength: 128, autocomplete: "off", spellcheck: "false", ...more });
}

/** A form whose fields become the address. `cursor` is not kept: another search begins with the newest. */
function searchForm(page, fields) {
  const go = (event) => {
    event.preventDefault();
    const params = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    const id = params.id;
    delete params.id;
    location.hash = ID.test(id ?? "") ? link("tasks", id.toLowerCase()) : link(page, "", params);
    if (id && !ID.test(id)) say("A task ID looks like 01979f3c-7a52-7e10-b6a4-0c8f3d2e1a90.", true);
  };
  const form = h("form", { class: "search panel", role: "search", onsubmit: go }, fields,
    h("p", { class: "actions" }, h("button", { type: "submit", class: "primary" }, "Search"),
      h("a", { class: "button", href: link(page) }, "Clear")));
  return form;
}

/** Links to the newest and to older tasks. */
function paging(page, params, cursor) {
  return h("p", { class: "actions paging" }, params.cursor
    && h("a", { class: "button", href: link(page, "", { ...params, cursor: "" }) }, "Newest"),
    cursor && h("a", { class: "button", href: link(page, "", { ...params, cursor }) }, "Older"));
}

/** Loads a page of a listing; where that fails, the note says why, and the answer is null. */
async function load(path, params, note) {
  setText(note, "Searching…");
  try {
    const answer = await api("GET", `${path}${query({ ...params, limit: PAGE })}`);
    setText(note, answer.tasks.length ? `${count(answer.tasks.length)} shown, newest first` : answer.cursor
      ? "None in this part; older ones may match." : "Nothing matches.");
    return answer;
  } catch (error) {
    setText(note, error.message);
    return null;
  }
}

// MARK: Tasks

const TASK_COLUMNS = [
  { label: "Status" }, { label: "Type" }, { label: "ID" }, { label: "Queue" }, { label: "Priority" }, { label: "Tenant" },
  { label: "Enqueued" }, { label: "Tries", isNumber: true }, { label: "Waited", isNumber: true }, { label: "Promise" },
  { label: "Last error" },
];

/** The verdict on the promise of a task, in words. */
function kept(task) {
  if (!task.sla) return "–";
  if (task.sla.met === null) return `within ${seconds(task.sla.limit_seconds)}`;
  return task.sla.met ? statusText("keeps", "kept") : statusText("broken", "late");
}

const statusText = (state, word) => h("span", { class: `word ${state}` }, word);

const queueLink = (name) => h("a", { href: link("queues", name) }, outside(name, 60));
const errorCell = (text) => h("span", { class: "error" }, outside(text ?? "", 160));

function taskRow(task) {
  return row(TASK_COLUMNS, [
    statusBadge(task.status), outside(task.type, 60), brief(task.task_id), queueLink(task.queue), outside(task.priority, 20),
    outside(task.tenant, 40), instant(task.enqueued_at), count(task.attempt), seconds(task.wait_seconds), kept(task),
    errorCell(task.last_error),
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
    this.body = h("div", null, h("p", null, "Loading…"));
    this.node = h("div", null, h("header", { class: "page-head" },
      h("h1", { tabindex: -1 }, "Task ", h("code", null, outside(name, 60)), " ", this.badge),
      h("p", { class: "actions" }, this.cancelButton)), this.body);
    this.load();
  }

  stop() {
    clearTimeout(this.timer);
    this.isStopped = true;
  }

  async load() {
    clearTimeout(this.timer);
    try {
      this.show(await api("GET", `/tasks/${encode(this.id)}`));
    } catch (error) {
      this.shown = null;
      setChildren(this.body, h("p", { class: "panel" }, error.message));
      const mayPass = error.status === 0 || error.status >= 500;
      if (mayPass && !this.isStopped) this.timer = setTimeout(() => this.load(), 5000);
    }
  }

  show(task) {
    if (this.isStopped) return;
    this.cancelButton.hidden = isOver(task.status) || task.cancel_requested;
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
  if (isMet === false && waited === null) return `Promise broken: it has not started within ${limit}.`;
  if (isMet === false) return `Promise broken: it started after ${seconds(waited)}; W is ${limit}.`;
  return isOver(status) ? `It never started, so its promise of ${limit} has no verdict.` : `It is to start within ${limit}.`;
}

// MARK: Dead letters

const DEAD_COLUMNS = [
  { label: "Select" }, { label: "Type" }, { label: "ID" }, { label: "Queue" }, { label: "Died" },
  { label: "Tries", isNumber: true }, { label: "Because" }, { label: "Last error" }, { label: "Do" },
];
/** Most that one request may name, and as many as are taken where nobody knows how many match. */
const MOST = 100000;
const UNKNOWN = 10000;

/** The page `#/dead-letters`. */
export class DeadLettersPage {
  constructor({ params, store }) {
    Object.assign(this, { title: "Dead letters", params, store, chosen: new Set() });
    this.note = h("p", { class: "small", role: "status" });
    this.result = h("div", null);
    this.selection = h("span", { class: "small" });
    this.bulk = h("div", { class: "actions bulk", hidden: true });
    this.node = h("div", null, h("header", { class: "page-head" }, h("h1", { tabindex: -1 }, "Dead letters"), this.note),
      searchForm("dead-letters", [field("Queue", textInput("queue", params.queue, { "data-search": true })),
        field("Type", textInput("type", params.type)),
        field("Error contains", textInput("error", params.error, { maxlength: 1024 }))]), this.bulk, this.result);
    this.load();
  }

  get filter() {
    const { queue, type, error } = this.params;
    return Object.fromEntries(Object.entries({ queue, type, error }).filter(([, value]) => value));
  }

  async load() {
    const answer = await load("/dead-letters", { ...this.filter, cursor: this.params.cursor }, this.note);
    if (!answer) return;
    this.chosen.clear();
    this.ids = answer.tasks.map((task) => task.task_id);
    const rows = answer.tasks.map((task) => this.row(task));
    setChildren(this.result, rows.length > 0 && h("div", { class: "panel scroll" },
      table("Dead letters, newest first", DEAD_COLUMNS, rows)),
      paging("dead-letters", { ...this.filter, cursor: this.params.cursor }, answer.cursor));
    this.showBulk();
    // The button that was pressed is gone with its row.
    if (this.node.isConnected && document.activeElement === document.body) this.node.querySelector("h1").focus();
  }

  row(task) {
    const box = h("input", { type: "checkbox", "aria-label": `Select ${task.task_id}`, value: task.task_id,
      onchange: () => this.choose([task.task_id], box.checked) });
    const one = { task_ids: [task.task_id] };
    const actions = h("span", { class: "actions" },
      this.button("Replay", (button) => this.replay(button, one, 1)),
      this.button("Delete", (button) => this.remove(button, one, 1)));
    return row(DEAD_COLUMNS, [
      box, outside(task.type, 60), brief(task.task_id), queueLink(task.queue), instant(task.finished_at), count(task.attempt),
      outside(String(task.reason ?? "–").replaceAll("_", " "), 40), errorCell(task.last_error), actions,
    ]);
  }

  button(label, action) {
    return h("button", { type: "button", onclick: (event) => action(event.currentTarget) }, label);
  }

  choose(ids, isChosen) {
    for (const id of ids) isChosen ? this.chosen.add(id) : this.chosen.delete(id);
    this.showBulk();
  }

  showBulk() {
    const chosen = () => ({ task_ids: [...this.chosen] });
    const words = Object.keys(this.filter).length ? "all that match" : "all";
    if (!this.bulk.hasChildNodes()) {
      this.all = h("input", { type: "checkbox", onchange: () => {
        for (const box of this.result.querySelectorAll("td input")) box.checked = this.all.checked;
        this.choose(this.ids, this.all.checked);
      } });
      this.some = [this.button("Replay selected", (button) => this.replay(button, chosen(), this.chosen.size)),
        this.button("Delete selected", (button) => this.remove(button, chosen(), this.chosen.size))];
      setChildren(this.bulk, h("label", { class: "check" }, this.all, "Select this page"), this.selection, this.some,
        this.button(`Replay ${words}…`, (button) => this.replay(button, this.filter, this.known())),
        this.button(`Delete ${words}…`, (button) => this.remove(button, this.filter, this.known())));
    }
    this.bulk.hidden = this.ids.length === 0;
    this.all.checked = this.ids.length > 0 && this.chosen.size === this.ids.length;
    setText(this.selection, this.chosen.size ? `${count(this.chosen.size)} selected` : "");
    for (const button of this.some) button.disabled = this.chosen.size === 0;
  }

  /** How many match, where the depths tell; else null. */
  known() {
    const { queue, type, error } = this.filter;
    if (type || error || this.store.seenAt === 0) return null;
    const entries = [...this.store.queues.values()].filter(({ facts }) => !queue || facts.name === queue);
    return entries.reduce((sum, { facts }) => sum + facts.dead, 0);
  }

  /** What an action is about, in words. */
  about(what, number) {
    const conditions = Object.entries(what).filter(([name]) => name !== "task_ids")
      .map(([name, value]) => `${name} ${name === "error" ? "contains" : "is"} “${value}”`);
    const which = what.task_ids ? "" : conditions.length ? ` where ${conditions.join(" and ")}` : " of all queues";
    return number === null ? `All dead letters${which}; how many is not known, at most ${count(UNKNOWN)} at a time.`
      : `${plural(number, "dead letter")}${which}.`;
  }

  async replay(button, what, number) {
    const speed = h("input", { type: "number", name: "speed", min: 0.01, max: 100000, step: "any", inputmode: "decimal",
      placeholder: "all at once" });
    const hint = "With a rate, the server puts them back bit by bit for as long as it runs.";
    const answer = await ask({ title: "Replay dead letters?", action: "Replay",
      fields: [{ label: "Tasks per second", input: speed, hint }],
      text: [this.about(what, number), "They go back to their queues, oldest first, with all their retries again."] });
    if (!answer) return;
    // A letter that dies again while a slow replay goes on must not be replayed without end.
    const limit = most(number);
    const body = { ...what, limit, ...(answer.speed ? { rate_per_second: Number(answer.speed) } : {}) };
    await attempt(button, async () => {
      const { replayed, in_background: goesOn } = await api("POST", "/dead-letters/replay", { body });
      say(goesOn ? `The server replays them at ${answer.speed} per second.` : outcome("replayed", replayed, number));
    });
    this.load();
  }

  async remove(button, what, number) {
    const answer = await ask({ title: "Delete dead letters?", action: "Delete", isDangerous: true,
      text: [this.about(what, number), "They are gone for good, with their payloads and errors."] });
    if (!answer) return;
    await attempt(button, async () => {
      const params = { ...what, task_ids: what.task_ids?.join(","), limit: most(number) };
      const { deleted } = await api("DELETE", `/dead-letters${query(params)}`);
      say(outcome("deleted", deleted, number));
    });
    this.load();
  }
}

const most = (number) => (number === null ? UNKNOWN : Math.min(MOST, Math.max(1, number)));

function outcome(verb, done, number) {
  const more = done >= most(number) && done !== number ? " More may match: do it again." : "";
  return done === 0 ? "None matched any more." : `${plural(done, "dead letter")} ${verb}.${more}`;
}
