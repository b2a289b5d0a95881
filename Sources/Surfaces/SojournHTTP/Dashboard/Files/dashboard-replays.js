// Replays with a rate that the server goes on with: how far they are, and a button that stops them.

import {
  api, attempt, count, encode, h, instant, keyed, outside, plural, rate, say, setChildren, setText,
} from "./dashboard-kit.js";

/** Between two looks: while one goes on, and while none does or the server does not answer. */
const PAUSE = 2000;
const PATIENCE = 10000;

/** Which dead letters are meant, in words that follow theirs. */
export function which({ queue, type, error, task_ids: ids }) {
  if (ids) return "";
  const conditions = Object.entries({ queue, type, error }).filter(([, value]) => value)
    .map(([name, value]) => `${name} ${name === "error" ? "contains" : "is"} “${value}”`);
  return conditions.length ? ` where ${conditions.join(" and ")}` : " of all queues";
}

/** The list; hidden where no replay goes on. `changed` runs after one was stopped, and when one has ended. */
export class Replays {
  constructor(changed) {
    Object.assign(this, { changed, rows: new Map(), looks: 0 });
    this.list = h("ul", { class: "decisions" });
    this.note = h("p", { class: "small", role: "status" });
    this.node = h("section", { class: "panel replays", "aria-label": "Replays that go on", hidden: true },
      h("h2", null, "Replays that go on"), this.list, this.note);
    this.load();
  }

  stop() {
    clearTimeout(this.timer);
    this.isStopped = true;
  }

  async load() {
    clearTimeout(this.timer);
    const look = ++this.looks;
    const answer = await api("GET", "/dead-letters/replays").catch((error) => error);
    // A later look knows better.
    if (this.isStopped || look !== this.looks) return;
    setText(this.note, answer.message ?? "");
    if (answer.replays) this.show(answer.replays);
    this.timer = setTimeout(() => this.load(), answer.replays?.length ? PAUSE : PATIENCE);
  }

  show(replays) {
    this.node.hidden = replays.length === 0;
    const going = new Set(replays.map((one) => one.replay_id));
    const hasEnded = [...this.rows.keys()].some((id) => !going.has(id));
    keyed(this.list, this.rows, replays, (one) => one.replay_id,
      (one) => new Row(one, (button) => this.end(button, one)));
    if (hasEnded) this.changed();
  }

  async end(button, { replay_id: id }) {
    await attempt(button, async () => {
      const { replayed } = await api("DELETE", `/dead-letters/replays/${encode(id)}`);
      say(`Stopped; ${plural(replayed, "dead letter")} replayed.`);
    });
    await this.load();
  }
}

class Row {
  constructor(replay, end) {
    const ids = replay.task_ids;
    const about = ids ? `${count(ids.length)} selected` : `Dead letters${which(replay)}`;
    this.state = h("span", null);
    this.node = h("li", { class: "bar-line" },
      h("div", null, h("p", null, outside(about, 200)), h("p", { class: "small" }, this.state, ", since ",
        instant(replay.started_at))),
      h("button", { type: "button", onclick: (event) => end(event.currentTarget) }, "Stop"));
  }

  update({ replayed, limit, rate_per_second: perSecond, held_up_by: trouble }) {
    const done = `${count(replayed)} of at most ${count(limit)} at ${rate(perSecond)}`;
    setChildren(this.state, done, trouble && [", held up: ", outside(trouble, 160)]);
  }
}
