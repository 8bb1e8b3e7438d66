import { dom } from "../dom.js";
import { requestJson } from "../request.js";
import { openCreate } from "./create.js";
import { openUpload } from "./restore.js";
import { telling } from "../trouble.js";

const byId = (id) => document.getElementById(id);

/** Fills the table of collections. */
export async function showList(signal) {
  const rows = byId("list-table").querySelector("tbody");
  const add = async (after) => {
    const query = new URLSearchParams({ limit: "50", ...(after && { after }) });
    const { collections, next } = await requestJson(`collections?${query}`, { signal });
    if (after === undefined) rows.replaceChildren();
    rows.append(...collections.map(row));
    byId("list-more").hidden = next === null;
    byId("list-more").onclick = telling(() => add(next));
  };
  await add();
  byId("list-empty").hidden = rows.childElementCount > 0;
  byId("list-table").hidden = rows.childElementCount === 0;
  byId("open-create").onclick = openCreate;
  byId("open-upload").onclick = openUpload;
}

function row({ name, points, dimensions, text_search, tenancy }) {
  const link = dom.element("a", [name], { href: `#${encodeURIComponent(name)}` });
  return dom.element("tr", [
    dom.element("th", [link], { scope: "row" }),
    dom.element("td", [statusOf({ points, tenancy })]),
    dom.element("td", [points?.toLocaleString("en") ?? "–"], { class: "number" }),
    dom.element("td", [dimensions === null ? "–" : String(dimensions)], { class: "number" }),
    dom.element("td", [rankingOf({ dimensions, text_search })]),
  ]);
}

function statusOf({ points, tenancy }) {
  if (points === null) return "By tenant";
  const filled = points === 0 ? "Empty" : "Ready";
  return tenancy === "required" ? `${filled}, by tenant` : filled;
}

/** Returns the ways in which a collection can be searched, in words. */
export function rankingOf({ dimensions, text_search }) {
  if (dimensions === null) return text_search ? "Words" : "Nothing";
  return text_search ? "Words and meaning" : "Meaning";
}
