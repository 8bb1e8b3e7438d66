import { ConfigurationError, type ConfigurationIssue } from "../../errors/configuration-error.ts";
import { MAX_FIELDS, type ResolvedSpec } from "./resolve-spec.ts";

/**
 * Returns the stored spec with the fields that `asked` adds. Throws a `ConfigurationError` with code
 * `collection_mismatch` that names every difference.
 */
export function compareSpecs(stored: ResolvedSpec, asked: ResolvedSpec): ResolvedSpec {
  const issues: ConfigurationIssue[] = [];
  const compare = (path: string, was: unknown, is: unknown): void => {
    if (was === is) return;
    issues.push({ path, message: `the collection has ${shown(was)}, but the spec has ${shown(is)}` });
  };
  compare("dense", presence(stored.dense), presence(asked.dense));
  if (stored.dense && asked.dense) {
    compare("dense.spaceId", stored.dense.spaceId, asked.dense.spaceId);
    compare("dense.dimensions", stored.dense.dimensions, asked.dense.dimensions);
    compare("dense.metric", stored.dense.metric, asked.dense.metric);
  }
  compare("sparse", presence(stored.sparse), presence(asked.sparse));
  if (stored.sparse && asked.sparse) {
    compare("sparse.encoderId", stored.sparse.encoderId, asked.sparse.encoderId);
    compare("sparse.idf", stored.sparse.idf, asked.sparse.idf);
    compare("sparse.idfScope", stored.sparse.idfScope, asked.sparse.idfScope);
  }
  compare("tenancy", stored.tenancy, asked.tenancy);
  for (const [name, type] of Object.entries(asked.fields))
    if (Object.hasOwn(stored.fields, name)) compare(`fields.${name}`, stored.fields[name], type);
  const fields = { ...stored.fields, ...asked.fields };
  const count = Object.keys(fields).length;
  // A spec with more fields would be refused, so no spec could describe the collection.
  if (count > MAX_FIELDS)
    issues.push({
      path: "fields",
      message: `the collection would have ${count} fields, but at most ${MAX_FIELDS} can be declared`,
    });
  if (issues.length > 0) throw mismatch(stored.name, issues);
  return { ...stored, fields };
}

function presence(vectors: object | undefined): string {
  return vectors ? "vectors" : "none";
}

function shown(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}

function mismatch(name: string, issues: readonly ConfigurationIssue[]): ConfigurationError {
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return new ConfigurationError(
    `Collection "${name}" differs from the spec: ${list}. Use the collection's spec, or index into a new collection.`,
    { code: "collection_mismatch", issues },
  );
}
