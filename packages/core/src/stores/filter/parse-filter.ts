import { ConfigurationError, type ConfigurationIssue } from "../../errors/configuration-error.ts";
import type { MetadataFields } from "../../spec/metadata.ts";
import { allOf, anyOf, negation, type FilterNode } from "./filter-node.ts";
import { missing, type FilterParse } from "./filter-parse.ts";
import { parseFieldCondition } from "./parse-field-condition.ts";
import { isPlainObject } from "../../kit/parsing/plain-object.ts";
import { describeValue } from "../../kit/parsing/describe-value.ts";

/** Most levels of nested groups. */
export const MAX_FILTER_DEPTH = 16;
/** Most groups and operators in one filter. */
export const MAX_FILTER_CONDITIONS = 1_000;
const MAX_ISSUES = 50;

/**
 * Checks a filter against the declared fields. The filter may come from outside the app. Throws a
 * `ConfigurationError` that lists up to 50 issues. A missing or empty filter becomes `all`.
 */
export function parseFilter(filter: unknown, fields: MetadataFields): FilterNode {
  if (filter === undefined) return { kind: "all" };
  const issues: ConfigurationIssue[] = [];
  let spent = 0;
  const report = (path: string, message: string): void => {
    if (issues.length < MAX_ISSUES) issues.push({ path, message });
  };
  const spend = (): boolean => {
    spent += 1;
    if (spent === MAX_FILTER_CONDITIONS + 1)
      report("filter", `has more than ${MAX_FILTER_CONDITIONS} conditions. Use $in for long lists`);
    return spent <= MAX_FILTER_CONDITIONS;
  };
  const node = parseGroup(filter, "filter", 1, { fields, report, spend });
  if (issues.length === 0) return node;
  const list = issues.map(({ path, message }) => `${path}: ${message}`).join("; ");
  throw new ConfigurationError(`The filter is invalid: ${list}`, { issues });
}

function parseGroup(group: unknown, path: string, depth: number, parse: FilterParse): FilterNode {
  if (!parse.spend()) return { kind: "none" };
  if (!isPlainObject(group)) {
    parse.report(path, `expected an object of conditions, got ${describeValue(group)}`);
    return { kind: "none" };
  }
  if (depth > MAX_FILTER_DEPTH) {
    parse.report(path, `is nested deeper than ${MAX_FILTER_DEPTH} groups. Use a flatter filter`);
    return { kind: "none" };
  }
  const nodes = Object.entries(group).map(([key, value]): FilterNode => {
    const at = `${path}.${key}`;
    if (value === undefined) return missing(at, parse);
    if (key === "$and") return allOf(parseList(value, at, depth, parse));
    if (key === "$or") return anyOf(parseList(value, at, depth, parse));
    if (key === "$not") return negation(parseGroup(value, at, depth + 1, parse));
    return parseFieldCondition(key, value, at, parse);
  });
  return allOf(nodes);
}

function parseList(list: unknown, path: string, depth: number, parse: FilterParse): readonly FilterNode[] {
  if (!Array.isArray(list)) {
    parse.report(path, `expected a list of filters, got ${describeValue(list)}`);
    return [];
  }
  const groups: readonly unknown[] = list;
  // The loop stops at the limit, so that a list of a million groups costs no more.
  const nodes: FilterNode[] = [];
  for (const [i, group] of groups.entries()) {
    if (nodes.length > MAX_FILTER_CONDITIONS) break;
    nodes.push(parseGroup(group, `${path}.${i}`, depth + 1, parse));
  }
  return nodes;
}
