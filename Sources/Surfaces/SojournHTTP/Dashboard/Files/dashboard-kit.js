// What every page needs: building elements, showing text and numbers, talking to the API, asking people.

// MARK: Text from outside

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Makes characters visible that would hide, reorder or colour text; line breaks and tabs stay. */
export function visible(value) {
  return String(value).replace(/\r\n/g, "\n").replace(HIDDEN, (character) => {
    const code = character.codePointAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
  });
}

/** Text that somebody else wrote: isolated, so that it cannot turn its surroundings around, and cut. */
export function outside(value, most = 200) {
  const text = String(value ?? "");
  if (text.length <= most) return h("bdi", null, text);
  return h("bdi", { title: text.slice(0, 2000) }, `${text.slice(0, most)}…`);
}

/** A path or query component; text that is no valid UTF-16 is repaired instead of throwing. */
export function encode(value) {
  const text = String(value);
  return encodeURIComponent(text.toWellFormed ? text.toWellFormed() : text.replace(/[\ud800-\udfff]/g, "\ufffd"));
}

/** `?a=b&c=d` of what is set, or nothing. */
export function query(params) {
  const parts = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return parts.length ? `?${parts.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&")}` : "";
}

// MARK: Elements

const SVG = "http://www.w3.org/2000/svg";

/** Builds an element. Strings become text, never markup; functions become listeners. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else setAttribute(element, name, value);
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(visible(child))));
}

/** Sets an attribute where it differs; null, undefined and false remove it. */
export function setAttribute(element, name, value) {
  if (/^on/i.test(name) || name === "style") throw new Error(`${name} is not set as an attribute here`);
  if (name === "href" && !String(value).startsWith("#")) throw new Error("links stay on this page");
  if (value === null || value === undefined || value === false) return element.removeAttribute(name);
  const text = value === true ? "" : visible(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Sets the text of an element where it differs, so that nothing is laid out in vain. */
export function setText(element, value) {
  const text = visible(value);
  if (element.textContent !== text) element.textContent = text;
}

/** Puts other children into an element. */
export function setChildren(element, ...children) {
  element.replaceChildren(...nodes(children));
}

/** Brings the children of `parent` in line with `items`, reusing what is there. Rows are `{ node, update(item) }`. */
export function keyed(parent, rows, items, keyOf, create) {
  const wanted = new Set(items.map(keyOf));
  for (const [key, row] of rows) {
    if (wanted.has(key)) continue;
    row.node.remove();
    rows.delete(key);
  }
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  let place = parent.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    let row = rows.get(key);
    if (!row) rows.set(key, (row = create(item)));
    row.update?.(item);
    if (row.node === place) place = place.nextSibling;
    else parent.insertBefore(row.node, place);
  }
  // Moving an element takes the focus away from it.
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

const ICONS = {
  keeps: "M3 8.5l3.2 3.2L13 5", risk: "M8 2.5L14.5 13.5H1.5zM8 7v3M8 11.6v.6", broken: "M4 4l8 8M12 4l-8 8",
  paused: "M5.5 3.5v9M10.5 3.5v9", idle: "M8 3a5 5 0 1 0 .01 0", none: "M4 8h8", scale: "M3 11l4-4 2.5 2.5L13 5M10 5h3v3",
};

/** A small picture next to a word; it says nothing on its own. */
export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: ICONS[name] ?? ICONS.none }));
}

// MARK: Numbers and times

const whole = new Intl.NumberFormat("en");
const NONE = "–";
const missing = (value) => value === null || value === undefined || Number.isNaN(value);

/** A number with three significant digits below 100, whole above. */
export function short(value) {
  if (Math.abs(value) >= 100 || value === 0) return whole.format(Math.round(value));
  return String(Number(value.toPrecision(value < 10 ? 2 : 3)));
}

/** A count. */
export const count = (value) => (missing(value) ? NONE : whole.format(value));

/** `1 task`, `2 tasks`. */
export const plural = (value, word) => `${count(value)} ${word}${value === 1 ? "" : "s"}`;

/** A number per second. */
export const rate = (value) => (missing(value) ? NONE : `${short(value < 0.01 ? 0 : value)}/s`);

/** A length of time. */
export function seconds(value) {
  if (missing(value)) return NONE;
  if (value < 0.9995) return `${short(value * 1000 < 0.05 ? 0 : value * 1000)} ms`;
  if (value < 99.5) return `${short(value)} s`;
  if (value < 5970) return `${short(value / 60)} min`;
  return value < 172800 ? `${short(value / 3600)} h` : `${short(value / 86400)} d`;
}

/** A share. Rounds down near 100 %, because 99.99 % is not all. */
export function percent(value) {
  if (missing(value)) return NONE;
  const hundredth = Math.floor(value * 10000 + 1e-6) / 100;
  if (value >= 0.99 && value < 1) return `${hundredth} %`;
  return `${value * 100 >= 100 ? whole.format(Math.round(value * 100)) : Number((value * 100).toFixed(1))} %`;
}

/** The error budget: beyond ten times it, percentages say nothing. */
export const budgetUsed = (value) => (value >= 10 ? `${short(value)} ×` : percent(value));

/** Seconds between two instants, to the microsecond; a Date knows milliseconds only. */
export function between(from, to) {
  const micros = (text) => Number((/\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? "0").padEnd(3, "0"));
  return (Date.parse(to) - Date.parse(from)) / 1e3 + (micros(to) - micros(from)) / 1e6;
}

const two = (value) => String(value).padStart(2, "0");

/** The name of the local time zone: UTC, GMT+2. */
export const zone = () => new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(new Date())
  .find(({ type }) => type === "timeZoneName")?.value ?? "";

/** The local time of day, with the day where it is not today's. */
export function clock(date, now = new Date()) {
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === now.toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** An RFC 3339 instant as local time; the whole instant is in the title. */
export function instant(text) {
  if (!text) return NONE;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return outside(text, 40);
  return h("time", { datetime: text, title: text }, clock(date));
}

// MARK: The API

const KEY = "sojourn.key";

/** The API key of this tab. */
export const key = {
  get: () => sessionStorage.getItem(KEY) ?? "",
  set: (value) => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY)),
};

/** Headers for a request, with the key where there is one. */
export function headers(more) {
  return key.get() ? { ...more, Authorization: `Bearer ${key.get()}` } : { ...more };
}

/** What the server said in place of an answer. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Called when the server wants a key, or another one. */
export const unauthorized = { run: () => {} };

/** Asks the API for JSON. */
export async function api(method, path, { body, signal } = {}) {
  const isWrite = method !== "GET";
  const options = { method, signal, cache: "no-store", headers: headers(isWrite ? { "Content-Type": "application/json" }
    : {}) };
  if (method === "POST") options.body = JSON.stringify(body ?? {});
  const response = await reach(path, options);
  if (response.status === 401) unauthorized.run();
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, problem(response, text));
  return JSON.parse(text, keepDigits);
}

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "The server does not answer.");
  }
}

function problem(response, text) {
  if (response.status === 401) return "The server asks for an API key.";
  try {
    const { detail, title } = JSON.parse(text);
    return detail || title || `The server answered ${response.status}.`;
  } catch {
    return `The server answered ${response.status}.`;
  }
}

/** Large whole numbers in payloads keep their digits where the browser can do that. */
function keepDigits(name, value, context) {
  const isLarge = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isLarge && context?.source && JSON.rawJSON ? JSON.rawJSON(context.source) : value;
}

// MARK: Asking and telling

/** Tells people what happened; screen readers read it out. */
export function say(message, isBad = false) {
  const area = document.getElementById("status");
  const close = h("button", { type: "button", class: "quiet", onclick: () => note.remove() }, "Close");
  const note = h("p", { class: isBad ? "note bad" : "note" }, h("span", null, message), close);
  area.replaceChildren(note);
  if (!isBad) setTimeout(() => note.remove(), 12000);
}

/** Asks in a dialog. Answers null when people change their mind, else the values of `fields` by name. */
export function ask({ title, text, fields = [], action, isDangerous = false }) {
  return new Promise((resolve) => {
    const values = () => Object.fromEntries(fields.map((field) => [field.input.name, field.input.value.trim()]));
    const done = (answer) => { resolve(answer); dialog.close(); };
    const submit = (event) => { event.preventDefault(); done(values()); };
    const dialog = h("dialog", { "aria-labelledby": "ask-title", onclose: () => { resolve(null); dialog.remove(); } },
      h("form", { onsubmit: submit },
        h("h2", { id: "ask-title" }, title),
        [text].flat().map((line) => h("p", null, line)),
        fields.map((field) => h("label", { class: "field" }, h("span", null, field.label), field.input, field.hint
          && h("small", null, field.hint))),
        h("p", { class: "actions" },
          h("button", { type: "button", onclick: () => done(null) }, "Cancel"),
          h("button", { type: "submit", class: isDangerous ? "primary danger" : "primary" }, action))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Runs an action of a button once at a time, and tells what went wrong; whether nothing did. */
export async function attempt(button, action) {
  const hasFocus = document.activeElement === button;
  button.disabled = true;
  try {
    await action();
    return true;
  } catch (error) {
    say(error.message, true);
    return false;
  } finally {
    button.disabled = false;
    if (hasFocus) button.focus();
  }
}

// MARK: Parts that pages share

const STATUS_ICONS = { succeeded: "keeps", dead: "broken", retrying: "risk", running: "scale", cancelled: "none" };

/** The status of a task: a picture and the word. */
export function statusBadge(status) {
  return h("span", { class: `state ${STATUS_ICONS[status] ?? "idle"}` }, icon(STATUS_ICONS[status] ?? "idle"),
    outside(status, 30));
}

/** A link to a page: `link("queues", "mail")`, `link("tasks", "", { queue: "mail" })`. */
export const link = (page, name = "", params = {}) => `#/${page}${name === "" ? "" : `/${encode(name)}`}${query(params)}`;

/** A table whose cells know their column, so that a narrow screen can show rows as cards. */
export function table(caption, columns, rows, body = h("tbody", null, rows)) {
  const heads = columns.map(({ label, isNumber }) => h("th", { scope: "col", class: isNumber && "number" }, label));
  return h("table", { class: "cards" }, h("caption", { class: "hidden" }, caption), h("thead", null, h("tr", null, heads)),
    body);
}

/** A row of such a table. */
export function row(columns, cells) {
  return h("tr", null, cells.map((cell, index) =>
    h("td", { "data-label": columns[index].label, class: columns[index].isNumber && "number" }, cell)));
}

/** A figure with its name; `tone` is risk or broken where it is part of the trouble. */
export class Figure {
  constructor(label, extra) {
    this.value = h("span", { class: "value" });
    this.small = h("span", { class: "small" });
    this.node = h("div", { class: "figure" }, h("dt", null, label), h("dd", null, this.value, this.small, extra));
  }

  update(value, small = "", tone = "") {
    setText(this.value, value);
    setText(this.small, small);
    setAttribute(this.node, "class", `figure ${value === "–" ? "unknown" : tone}`.trim());
  }
}

/** How full something is; the words next to it say the same. */
export class Bar {
  constructor() {
    this.fill = h("span", null);
    this.node = h("span", { class: "bar", "aria-hidden": "true" }, this.fill);
  }

  update(share, tone) {
    this.node.hidden = share === null;
    this.fill.style.width = `${Math.min(100, Math.max(0, (share ?? 0) * 100)).toFixed(1)}%`;
    setAttribute(this.node, "class", `bar ${tone}`.trim());
  }
}
