// Dead letters: the listing, and what can be done with them.

import {
  api, ask, attempt, count, h, instant, outside, plural, query, row, say, setChildren, setText, table,
} from "./dashboard-kit.js";
import { Replays, which } from "./dashboard-replays.js";
import { brief, errorCell, field, load, paging, queueLink, searchForm, textInput } from "./dashboard-search.js";

const DEAD_COLUMNS = [
  { label: "Select" }, { label: "Type" }, { label: "ID" }, { label: "Queue" }, { label: "Died" },
  { label: "Tries", isNumber: true }, { label: "Because" }, { label: "Last error" }, { label: "Do" },
];
/** Most that one request takes. */
const MOST = 100000;

/** The page `#/dead-letters`. */
export class DeadLettersPage {
  constructor({ params, store }) {
    Object.assign(this, { title: "Dead letters", params, store, chosen: new Set() });
    this.note = h("p", { class: "small", role: "status" });
    this.result = h("div", null);
    // What is selected stays so; there is a button to look anew.
    this.replays = new Replays(() => this.chosen.size === 0 && this.load());
    this.selection = h("span", { class: "small" });
    this.bulk = h("div", { class: "actions bulk", hidden: true });
    const refresh = h("button", { type: "button", onclick: () => this.loadAll() }, "Refresh");
    this.node = h("div", null,
      h("header", { class: "page-head" }, h("h1", { tabindex: -1 }, "Dead letters"), this.note, refresh),
      searchForm("dead-letters", [field("Queue", textInput("queue", params.queue, { "data-search": true })),
        field("Type", textInput("type", params.type)),
        field("Error contains", textInput("error", params.error, { maxlength: 1024 }))]),
      this.replays.node, this.bulk, this.result);
    this.load();
  }

  stop() {
    this.replays.stop();
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
      letterButton("Replay", (button) => this.do(replay, button, one, 1)),
      letterButton("Delete", (button) => this.do(remove, button, one, 1)));
    return row(DEAD_COLUMNS, [
      box, outside(task.type, 60), brief(task.task_id), queueLink(task.queue), instant(task.finished_at), count(task.attempt),
      outside(String(task.reason ?? "–").replaceAll("_", " "), 40), errorCell(task.last_error), actions,
    ]);
  }

  /** Replays or deletes, and shows what is left. */
  async do(action, button, what, number) {
    if (await action(button, what, number)) await this.loadAll();
  }

  loadAll() {
    return Promise.all([this.load(), this.replays.load()]);
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
      this.some = [letterButton("Replay selected", (button) => this.do(replay, button, chosen(), this.chosen.size)),
        letterButton("Delete selected", (button) => this.do(remove, button, chosen(), this.chosen.size))];
      setChildren(this.bulk, h("label", { class: "check" }, this.all, "Select this page"), this.selection, this.some,
        letterButton(`Replay ${words}…`, (button) => this.do(replay, button, this.filter, this.known())),
        letterButton(`Delete ${words}…`, (button) => this.do(remove, button, this.filter, this.known())));
    }
    this.bulk.hidden = this.ids.length === 0;
    this.all.checked = this.ids.length > 0 && this.chosen.size === this.ids.length;
    setText(this.selection, this.chosen.size ? `${count(this.chosen.size)} selected` : "");
    for (const button of this.some) button.disabled = this.chosen.size === 0;
  }

  /** How many match, where the depths tell; else null. */
  known() {
    const { queue, type, error } = this.filter;
    if (type || error || this.store.seenAt === 0 || this.store.isOld(Date.now())) return null;
    const entries = [...this.store.queues.values()].filter(({ facts }) => !queue || facts.name === queue);
    return entries.reduce((sum, { facts }) => sum + facts.dead, 0);
  }
}

/** A button that acts on dead letters. */
export function letterButton(label, action) {
  return h("button", { type: "button", onclick: (event) => action(event.currentTarget) }, label);
}

/** What an action is about, in words; `number` is null where nobody knows how many match. */
function about(what, number) {
  const most = number === null || number > MOST ? ` At most ${count(MOST)} at a time, the oldest first.` : "";
  return number === null ? `All dead letters${which(what)}; how many is not known.${most}`
    : `${plural(number, "dead letter")}${which(what)}${what.task_ids ? "" : ", as far as is known"}.${most}`;
}

/** Asks, and replays them; whether it was done. */
export async function replay(button, what, number) {
  const speed = h("input", { type: "number", name: "speed", min: 0.01, max: 100000, step: "any", inputmode: "decimal",
    placeholder: "all at once" });
  const hint = "With a rate, the server puts them back bit by bit for as long as it runs, or until somebody stops it.";
  const answer = await ask({ title: "Replay dead letters?", action: "Replay",
    fields: [{ label: "Tasks per second", input: speed, hint }],
    text: [about(what, number), "They go back to their queues, oldest first, with all their retries again."] });
  if (!answer) return false;
  const body = { ...what, limit: MOST, ...(answer.speed ? { rate_per_second: Number(answer.speed) } : {}) };
  return attempt(button, async () => {
    const { replayed, in_background: goesOn } = await api("POST", "/dead-letters/replay", { body });
    say(goesOn ? `The server replays them at ${answer.speed} per second.` : outcome("replayed", replayed));
  });
}

/** Asks, and deletes them; whether it was done. Never more than people were told, where that is known. */
export async function remove(button, what, number) {
  const answer = await ask({ title: "Delete dead letters?", action: "Delete", isDangerous: true,
    text: [about(what, number), "They are gone for good, with their payloads and errors."] });
  if (!answer) return false;
  return attempt(button, async () => {
    const limit = number === null ? MOST : Math.min(MOST, Math.max(1, number));
    const params = { ...what, task_ids: what.task_ids?.join(","), limit };
    const { deleted } = await api("DELETE", `/dead-letters${query(params)}`);
    say(outcome("deleted", deleted));
  });
}

function outcome(verb, done) {
  const more = done >= MOST ? " More may match: do it again." : "";
  return done === 0 ? "None matched any more." : `${plural(done, "dead letter")} ${verb}.${more}`;
}
