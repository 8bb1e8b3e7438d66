import { clearErrors, showFailure } from "../form.js";
import { Failure, requestJson } from "../request.js";
import { counted } from "../words.js";
import { pointCard } from "./point-card.js";
import { tell } from "../trouble.js";

const byId = (id) => document.getElementById(id);
const pageSize = 20;
/** The server skips no more. */
const mostSkipped = 10_000;
const rankings = { hybrid: "by words and meaning", lexical: "by words", dense: "by meaning" };

/** Shows the points of a collection by pages, or those that a search finds. */
export async function showPoints(collection, signal) {
  const form = byId("search");
  form.reset();
  clearErrors(form);
  prepare(form, collection);
  const show = (offset) => showPage({ collection, form, offset, signal });
  form.onsubmit = (event) => {
    event.preventDefault();
    void show(0);
  };
  byId("show-all").onclick = () => {
    for (const name of ["text", "filter"]) form.elements.namedItem(name).value = "";
    void show(0);
    byId("search-text").focus();
  };
  await show(0);
}

/** Hides the choices that the collection does not have. */
function prepare(form, { name, points, dimensions, text_search, fields }) {
  const modes = form.elements.namedItem("mode");
  modes.closest(".field").hidden = dimensions === null || !text_search;
  const examples = Object.entries(fields).slice(0, 2).map(exampleOf);
  byId("filter-field").hidden = examples.length === 0;
  byId("search-filter-hint").textContent = `Such as ${examples.join(" or ")}`;
  byId("tenant-field").hidden = points !== null;
  byId("points").setAttribute("aria-label", `Points of ${name}`);
}

function exampleOf([field, type]) {
  const value = { integer: '{"$gte":1}', float: '{"$gte":0.5}', boolean: "true" }[type] ?? '"…"';
  return `{"${field}":${value}}`;
}

async function showPage({ collection, form, offset, signal }) {
  const values = Object.fromEntries(new FormData(form));
  const state = byId("points-state");
  clearErrors(form);
  tell(undefined);
  if (collection.points === null && values.tenant.trim() === "") {
    byId("points").replaceChildren();
    state.textContent = "Name a tenant to see its points.";
    return;
  }
  try {
    const page = await readPage({ collection, values, offset, signal });
    byId("points").replaceChildren(...page.points.map(pointCard));
    state.textContent = page.state;
    byId("show-all").hidden = !page.isSearch;
    turnTo("previous", offset === 0 ? undefined : Math.max(0, offset - pageSize));
    turnTo("next", page.next);
  } catch (error) {
    if (error.name !== "AbortError") showFailure(form, error);
  }

  function turnTo(id, target) {
    byId(id).hidden = target === undefined || target > mostSkipped;
    byId(id).onclick = async () => {
      await showPage({ collection, form, offset: target, signal });
      byId("points-title").scrollIntoView({ block: "start", behavior: "instant" });
    };
  }
}

async function readPage({ collection: { name, points: total }, values, offset, signal }) {
  const { text, filter, mode } = values;
  const tenant = values.tenant.trim();
  const where = filterOf(filter);
  if (text.trim() === "") {
    const query = new URLSearchParams({ collection: name, limit: pageSize, offset });
    if (where !== undefined) query.set("filter", JSON.stringify(where));
    const { points, next } = await requestJson(`vectors?${query}`, { signal, tenant });
    const state = rangeText(points.length, offset, where === undefined ? total : null);
    return { points, next: next ?? undefined, isSearch: where !== undefined, state };
  }
  const body = {
    collection: name,
    text: text.trim(),
    limit: pageSize,
    offset,
    ...(mode && { mode }),
    ...(where && { filter: where }),
  };
  const { hits, mode: used, took_ms } = await requestJson("vectors/search", { body, signal, tenant });
  const found =
    offset === 0 && hits.length < pageSize ? counted(hits.length, "hit") : hitsText(hits.length, offset);
  const state = `${found} ${rankings[used]}, in ${took_ms.toFixed(1)} ms`;
  return {
    points: hits,
    next: hits.length < pageSize ? undefined : offset + pageSize,
    isSearch: true,
    state,
  };
}

function rangeText(count, offset, total) {
  if (count === 0) return total === 0 ? "The collection has no points yet." : "No points.";
  const range = `Points ${offset + 1} to ${offset + count}`;
  return total === null ? range : `${range} of ${Math.max(total, offset + count).toLocaleString("en")}`;
}

function hitsText(count, offset) {
  return count === 0 ? "No more hits" : `Hits ${offset + 1} to ${offset + count}`;
}

function filterOf(text) {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw issue("filter", 'This is not JSON. Names and texts need double quotes, such as {"topic":"ops"}.');
  }
}

function issue(path, message) {
  return new Failure(message, { issues: [{ path, message }] });
}
