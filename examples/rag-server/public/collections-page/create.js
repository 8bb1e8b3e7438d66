import { Failure, requestJson } from "../request.js";
import { openDialog } from "../form.js";

const dialog = document.getElementById("create");
const rows = document.getElementById("create-fields");
const number = /^\d+$/;

document.getElementById("add-field").addEventListener("click", () => {
  const row = document.getElementById("field-row").content.cloneNode(true).firstElementChild;
  row.querySelector("button").addEventListener("click", () => {
    row.remove();
    document.getElementById("add-field").focus();
  });
  rows.append(row);
  row.querySelector("input").focus();
});

/** Asks for the definition of a collection, creates it and opens it. */
export function openCreate() {
  dialog.querySelector("form").reset();
  rows.replaceChildren();
  openDialog(dialog, async (values) => {
    const { name, outcome } = await requestJson("collections", { body: definitionOf(values) }).catch(
      (error) => {
        throw error.code === "collection_mismatch" ? otherDefinition(values.name, error) : error;
      },
    );
    if (outcome === "exists")
      throw new Failure("", {
        issues: [{ path: "name", message: `"${name}" exists with the same definition.` }],
      });
    location.hash = encodeURIComponent(name);
  });
}

function definitionOf({ name, preset, dimensions, space, metric, text_search, tenancy }) {
  const size = dimensions.trim();
  if (size !== "" && !number.test(size))
    throw new Failure("", { issues: [{ path: "dimensions", message: "must be a whole number" }] });
  const fields = fieldsOf();
  return {
    name: name.trim(),
    ...(preset && { preset }),
    ...(size && { dimensions: Number(size) }),
    ...(space.trim() && { space: space.trim() }),
    metric,
    text_search: text_search !== undefined,
    tenancy: tenancy === undefined ? "none" : "required",
    ...(Object.keys(fields).length > 0 && { fields }),
  };
}

function fieldsOf() {
  const named = [...rows.children].map((row) => [
    row.querySelector(".field-name").value.trim(),
    row.querySelector(".field-type").value,
  ]);
  const names = named.map(([name]) => name).filter((name) => name !== "");
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    throw new Failure("", { issues: [{ path: "fields", message: `The field "${twice}" is there twice.` }] });
  return Object.fromEntries(named.filter(([name]) => name !== ""));
}

function otherDefinition(name, { issues }) {
  const differences = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  const message = `"${name}" exists with another definition. ${differences}`;
  return new Failure(message, { issues: [{ path: "name", message }] });
}
