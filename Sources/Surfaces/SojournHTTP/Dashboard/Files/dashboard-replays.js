// Replays with a rate that the server goes on with: how far they are, and a button that stops them.

import {
  api, attempt, count, encode, h, instant, keyed, outside, plural, rate, say, setChildren,
} from "./dashboard-kit.js";

/** Between two looks: while one goes on, and after a look that failed. */
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
    Object.assign(this, { changed, rows: new Map() });
    this.list = h("ul", { class: "decisions" });
    this.node = h("section", { class: "panel replays", "aria-label": "Replays that go on", hidden: true },
      h("h2", null, "Replays that go on"), this.list);
    this.load();
  }

  stop() {
    clearTimeout(this.timer);
    this.isStopped = true;
  }

  async load() {
    clearTimeout(this.timer);
    let pause = PATIENCE;
    try {
      const { replays } = await api("GET", "/dead-letters/replays");
      if (this.isStopped) return;
      const before = this.rows.size;
      this.show(replays);
      if (replays.length < before) this.changed();
      pause = replays.length && PAUSE;
    } catch {
      // The listing below says what is wrong.
    }
    if (pause && !this.isStopped) this.timer = setTimeout(() => this.load(), pause);
  }

  show(replays) {
    this.node.hidden = replays.length === 0;
    keyed(this.list, this.rows, replays, (one) => one.replay_id,
      (one) => new Row(one, (button) => this.end(button, one)));
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
