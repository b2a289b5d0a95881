// What listings of tasks have in common: the form, the pages, the cells.

import { api, count, h, link, outside, query, say, setText } from "./dashboard-kit.js";

export const PAGE = 50;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const brief = (id) => h("a", { href: link("tasks", id), title: id }, h("code", null, `…${String(id).slice(-8)}`));

/** A field of a search form. */
export function field(label, input) {
  return h("label", { class: "field" }, h("span", null, label), input);
}

export function textInput(name, value, more) {
  return h("input", { type: "text", name, value, maxlength: 128, autocomplete: "off", spellcheck: "false", ...more });
}

/** A form whose fields become the address. `cursor` is not kept: another search begins with the newest. */
export function searchForm(page, fields) {
  const go = (event) => {
    event.preventDefault();
    const params = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    const id = params.id;
    delete params.id;
    const place = ID.test(id ?? "") ? link("tasks", id.toLowerCase()) : link(page, "", params);
    // The same search again: the address does not change, and nothing else would look anew.
    if (place === location.hash) dispatchEvent(new HashChangeEvent("hashchange"));
    else location.hash = place;
    if (id && !ID.test(id)) say("A task ID looks like 01979f3c-7a52-7e10-b6a4-0c8f3d2e1a90.", true);
  };
  const form = h("form", { class: "search panel", role: "search", onsubmit: go }, fields,
    h("p", { class: "actions" }, h("button", { type: "submit", class: "primary" }, "Search"),
      h("a", { class: "button", href: link(page) }, "Clear")));
  return form;
}

/** Links to the newest and to older tasks. */
export function paging(page, params, cursor) {
  return h("p", { class: "actions paging" }, params.cursor
    && h("a", { class: "button", href: link(page, "", { ...params, cursor: "" }) }, "Newest"),
    cursor && h("a", { class: "button", href: link(page, "", { ...params, cursor }) }, "Older"));
}

/** Loads a page of a listing; where that fails, the note says why, and the answer is null. */
export async function load(path, params, note) {
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

/** What is outside, as cells of a listing. */
export const queueLink = (name) => h("a", { href: link("queues", name) }, outside(name, 60));
export const errorCell = (text) => h("span", { class: "error" }, outside(text ?? "", 160));
