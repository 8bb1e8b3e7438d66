import { openDialog } from "../form.js";
import { dom } from "../dom.js";
import { Failure, request, requestJson } from "../request.js";
import { rankingOf } from "./list.js";
import { showPoints } from "./points.js";
import { showSnapshots } from "./snapshots.js";

const byId = (id) => document.getElementById(id);

/** Shows one collection: its definition, its points and its snapshots. */
export async function showDetail(name, signal) {
  const collection = await requestJson(`collections/${encodeURIComponent(name)}`, { signal });
  byId("detail-title").textContent = name;
  byId("facts").replaceChildren(...factsOf(collection).map(fact));
  byId("open-delete").onclick = () => openDelete(name);
  await Promise.all([showPoints(collection, signal), showSnapshots(name, signal)]);
}

function factsOf(collection) {
  const { points, dimensions, metric, space, tenancy, fields, engine } = collection;
  const named = Object.entries(fields).map(([name, type]) => `${name} (${type})`);
  return [
    ["Points", points?.toLocaleString("en") ?? "by tenant"],
    ["Status", engine.problem === null ? engine.status : `${engine.status}: ${engine.problem}`],
    ["Dimensions", dimensions === null ? "no vectors" : `${dimensions}, ${metric}`],
    ["Model", space ?? "none"],
    ["Searched by", `${rankingOf(collection).toLowerCase()}, ${engine.search}`],
    ...(tenancy === "required" ? [["Tenants", "kept apart"]] : []),
    ["Fields for filters", named.join(", ") || "none"],
  ];
}

function fact([name, value]) {
  return dom.element("div", [dom.element("dt", [name]), dom.element("dd", [value])]);
}

function openDelete(name) {
  const dialog = byId("remove");
  byId("remove-title").textContent = `Delete ${name}?`;
  byId("remove-what").textContent = "Every point of the collection is lost.";
  byId("remove-name").value = "";
  byId("remove-field").hidden = false;
  openDialog(dialog, async (values) => {
    if (values.name !== name)
      throw new Failure("", { issues: [{ path: "name", message: `Type ${name} to delete it.` }] });
    await request(`collections/${encodeURIComponent(name)}?confirm=${encodeURIComponent(name)}`, {
      method: "DELETE",
    });
    location.hash = "";
  });
}
