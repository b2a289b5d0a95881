// The frame of the dashboard: addresses, keys, theme, the state of the connection, the API key.

import { ask, clock, count, h, key, link, say, setAttribute, setText, unauthorized, visible } from "./dashboard-kit.js";
import { DeadLettersPage } from "./dashboard-letters.js";
import { Store, Stream } from "./dashboard-live.js";
import { Overview, QueuePage } from "./dashboard-queues.js";
import { TaskPage, TasksPage } from "./dashboard-tasks.js";

/** With more queues than this, the page of one asks the server for that one alone. */
const FEW = 50;
const main = document.getElementById("main");
const store = new Store();
const stream = new Stream(store, showConnection);
let page = null;

// MARK: Addresses

/** `#/queues/mail?x=y` as its parts; null where it cannot be read. */
function parse(hash) {
  try {
    const [path, search = ""] = hash.replace(/^#\/?/, "").split("?");
    const [place = "", ...rest] = path.split("/");
    return { place, name: decodeURIComponent(rest.join("/")), params: Object.fromEntries(new URLSearchParams(search)) };
  } catch {
    return null;
  }
}

function pageFor(route) {
  const context = { ...route, store };
  if (!route) return new Nowhere();
  if (route.place === "") return new Overview(context);
  if (route.place === "queues" && route.name) return new QueuePage(context);
  if (route.place === "tasks") return route.name ? new TaskPage(context) : new TasksPage(context);
  return route.place === "dead-letters" ? new DeadLettersPage(context) : new Nowhere();
}

/** What a wrong address shows. */
class Nowhere {
  constructor() {
    this.title = "Not found";
    this.node = h("div", null, h("h1", { tabindex: -1 }, "There is no such page"),
      h("p", null, h("a", { href: "#/" }, "To the overview")));
  }
}

function open() {
  if (location.hash === "#main") return main.focus();
  const route = parse(location.hash);
  const isFirst = page === null;
  page?.stop?.();
  page = pageFor(route);
  main.replaceChildren(page.node);
  for (const item of document.querySelectorAll("nav a")) setAttribute(item, "aria-current", route
    && item.dataset.page === route.place ? "page" : null);
  if (!isFirst) {
    scrollTo(0, 0);
    page.node.querySelector("h1")?.focus({ preventScroll: true });
  }
  follow(route);
  changed();
}

/** Follows all queues, or one where there are many. */
function follow(route) {
  const one = route?.place === "queues" && store.queues.size > FEW ? route.name : "";
  if (one !== stream.queue) stream.start(one);
}

// MARK: Drawing

let isDrawing = false;

/** Draws at most once per frame. */
function changed() {
  // A hidden tab draws no frames, and its title is what is seen of it.
  if (document.hidden) return frame([...store.queues.values()]);
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    page?.update?.(store);
    frame([...store.queues.values()]);
  });
}

/** What tells the state from every page, and from another tab. */
function frame(entries) {
  const dead = entries.reduce((sum, { facts }) => sum + facts.dead, 0);
  const pill = document.getElementById("dead-count");
  pill.hidden = dead === 0;
  setText(pill, count(dead));
  const broken = entries.filter(({ verdict }) => verdict.state === "broken").length;
  const mark = connection.state === "asleep" ? "(asleep) " : broken ? `(${broken} broken) ` : "";
  const title = `${mark}${visible(page.title)} · Sojourn`;
  if (document.title !== title) document.title = title;
}

let connection = { state: "connecting" };

const CONNECTION = { connecting: "Connecting…", live: "Live", asleep: "Asleep while hidden", locked: "Needs an API key" };

function showConnection(state, pause, why) {
  connection = { state, pause, why };
  tellConnection();
  if (page) changed();
}

/** What the line does, and how old the figures are: a server that answers may have a store that does not. */
function tellConnection() {
  const { state, pause, why } = connection;
  const isOld = store.isOld(Date.now());
  const since = isOld || (state === "waiting" && store.seenAt) ? `; figures of ${clock(new Date(store.seenAt))}` : "";
  const again = pause > 1500 ? ` in ${Math.round(pause / 1000)} s` : "";
  const words = state === "waiting" ? `${why ? `${why} ` : ""}Reconnecting${again}`
    : state === "live" && isOld ? "The server answers, its store does not" : CONNECTION[state];
  const area = document.getElementById("connection");
  setAttribute(area, "class", `connection ${state === "live" && isOld ? "waiting" : state}`);
  setAttribute(document.body, "class", isOld || (state === "waiting" && store.seenAt) ? "stale" : null);
  setText(area, `${words}${since}`);
  document.getElementById("enter").hidden = state !== "locked";
}

setInterval(tellConnection, 1000);
// What was not drawn while nobody looked.
document.addEventListener("visibilitychange", () => document.hidden || changed());

// MARK: The API key

let isAsking = false;

/** Asks for the key, once at a time, and begins anew with it. */
unauthorized.run = async () => {
  if (isAsking) return;
  isAsking = true;
  const input = h("input", { type: "password", name: "key", required: true, minlength: 1, maxlength: 512,
    pattern: "[\\x21-\\x7e]+", title: "Letters, digits and signs of ASCII, without blanks", autocomplete: "off" });
  const answer = await ask({ title: "API key", action: "Continue",
    fields: [{ label: "Key", input, hint: "It stays in this tab and is forgotten when the tab closes." }],
    text: key.get() ? "The server did not accept this key. It wants one of server.api_keys."
      : "This server wants one of its API keys (server.api_keys)." });
  isAsking = false;
  if (!answer) return;
  key.set(answer.key);
  begin();
};

function begin() {
  document.getElementById("forget").hidden = !key.get();
  stream.start();
  open();
}

document.getElementById("enter").addEventListener("click", () => unauthorized.run());
document.getElementById("forget").addEventListener("click", () => {
  key.set("");
  location.reload();
});

// MARK: Theme

const THEMES = ["auto", "light", "dark"];

function theme(next) {
  if (next) localStorage.setItem("sojourn.theme", next);
  const stored = localStorage.getItem("sojourn.theme");
  const now = THEMES.includes(stored) ? stored : "auto";
  setAttribute(document.documentElement, "data-theme", now === "auto" ? null : now);
  setText(document.getElementById("theme"), `Theme: ${now}`);
  return now;
}

document.getElementById("theme").addEventListener("click", () => theme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]));

// MARK: Keys

const KEYS = [["/", "search on this page"], ["g o", "overview"], ["g t", "tasks"], ["g d", "dead letters"], ["?", "these keys"],
  ["Esc", "close, or leave a field"]];
const PLACES = { o: "", t: "tasks", d: "dead-letters" };
let isGoing = 0;

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, select, textarea")) return event.key === "Escape" ? event.target.blur() : undefined;
  const goes = Date.now() - isGoing < 1500;
  isGoing = event.key === "g" ? Date.now() : 0;
  if (goes && event.key in PLACES) location.hash = link(PLACES[event.key]);
  else if (event.key === "/") search(event);
  else if (event.key === "?") showKeys();
}

function search(event) {
  event.preventDefault();
  if (!page.node.querySelector("[data-search]")) {
    location.hash = link("tasks");
    return addEventListener("hashchange", () => main.querySelector("[data-search]")?.focus(), { once: true });
  }
  page.node.querySelector("[data-search]").focus();
}

function showKeys() {
  const close = () => dialog.close();
  const dialog = h("dialog", { "aria-labelledby": "keys-title", onclose: () => dialog.remove() },
    h("h2", { id: "keys-title" }, "Keys"),
    h("dl", { class: "list" }, KEYS.map(([name, what]) =>
      h("div", null, h("dt", null, h("kbd", null, name)), h("dd", null, what)))),
    h("p", { class: "actions" }, h("button", { type: "button", class: "primary", onclick: close }, "Close")));
  document.body.append(dialog);
  dialog.showModal();
}

document.getElementById("keys").addEventListener("click", showKeys);
document.addEventListener("keydown", pressed);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", open);
addEventListener("unhandledrejection", (event) => say(event.reason?.message ?? "Something went wrong on this page.", true));
store.onchange = changed;
theme();
begin();
