import { z } from "zod";
import { ConfigurationError } from "../errors/configuration-error.ts";
import { callOptionsFields, parseCallOptions } from "../kit/parsing/call-options.ts";
import { describeValue } from "../kit/parsing/describe-value.ts";
import { parseOptions } from "../kit/parsing/parse-options.ts";
import type { Collection, CompleteCollection } from "../spec/collection.ts";
import { checkFilterSize } from "./filter/check-filter-size.ts";
import { parseFacetOptions } from "./reads/count-facet.ts";
import { parseGroupOptions } from "./reads/group-hits.ts";
import { checkFeature } from "./search/check-feature.ts";
import { checkQuerySize } from "./search/check-query-size.ts";
import { checkSelector } from "./search/point-selector.ts";
import { once } from "../kit/once.ts";
import { readScanOptions } from "./search/read-scan-options.ts";

const fence = once(() => z.strictObject({ sourceId: z.string(), token: z.int().min(0) }));
const writeSchema = once(() =>
  z.strictObject({ ...callOptionsFields, fence: fence().optional() }).default({}),
);
const getSchema = once(() =>
  z.strictObject({ ...callOptionsFields, includeVectors: z.boolean().optional() }).default({}),
);
const epochSchema = once(() =>
  z.strictObject({ ...callOptionsFields, sourceId: z.string().min(1).optional() }).default({}),
);
const scanSchema = once(() =>
  z
    .strictObject({
      ...callOptionsFields,
      filter: z.unknown().optional(),
      sourceId: z.unknown().optional(),
      documentId: z.unknown().optional(),
      index: z.unknown().optional(),
      pageSize: z.unknown().optional(),
      includeVectors: z.boolean().optional(),
      orderBy: z
        .strictObject({ field: z.string(), direction: z.enum(["ascending", "descending"]) })
        .optional(),
    })
    .default({}),
);

/**
 * Wraps a collection and checks the types of its methods' arguments before the collection sees them. All
 * stores then refuse the same mistakes with the same errors. The wrapped methods reject with a
 * `ConfigurationError`. Use `writeIssue`, `planSearch` and `parseFilter` for writes, queries and filters.
 */
export function withCheckedArguments(collection: Collection): CompleteCollection {
  return {
    name: collection.name,
    ...checkedChanges(collection),
    ...checkedReads(collection),
    ...checkedSearches(collection),
  };
}

function checkedChanges(collection: Collection): Pick<Collection, "write" | "deleteWhere"> {
  return {
    write: async (batch, options) => {
      checkList("write", "batch", batch);
      parseOptions("write", writeSchema(), options);
      return collection.write(batch, options);
    },
    deleteWhere: async (selector, options) => {
      parseOptions("deleteWhere", writeSchema(), options);
      checkSelector(selector);
      checkFilterSize(selector.filter);
      return collection.deleteWhere(selector, options);
    },
  };
}

function checkedReads(collection: Collection): Pick<Collection, "get" | "scan" | "count" | "epoch"> {
  return {
    get: async (ids, options) => {
      checkIds(ids);
      parseOptions("get", getSchema(), options);
      return collection.get(ids, options);
    },
    scan: (options) => ({
      [Symbol.asyncIterator]: () => {
        parseOptions("scan", scanSchema(), options);
        checkSelector(readScanOptions(options, ["orderBy"]).selector);
        checkFilterSize(options?.filter);
        return collection.scan(options)[Symbol.asyncIterator]();
      },
    }),
    count: async (selector, options) => {
      parseCallOptions("count", options);
      if (selector !== undefined) checkSelector(selector);
      checkFilterSize(selector?.filter);
      return collection.count(selector, options);
    },
    epoch: async (options) => {
      parseOptions("epoch", epochSchema(), options);
      return collection.epoch(options);
    },
  };
}

type Searches = "search" | "searchMany" | "searchGroups" | "facet" | "termStatistics";

function checkedSearches(collection: Collection): Pick<CompleteCollection, Searches> {
  return {
    search: async (query, options) => {
      parseCallOptions("search", options);
      checkQuerySize(query);
      return collection.search(query, options);
    },
    searchMany: async (queries, options) => {
      checkList("searchMany", "queries", queries);
      parseCallOptions("searchMany", options);
      for (const query of queries) checkQuerySize(query);
      return collection.searchMany(queries, options);
    },
    searchGroups: async (query, options) => {
      if (!collection.searchGroups) checkFeature("searchGroups", "groups", []);
      parseGroupOptions(options);
      checkQuerySize(query);
      return (await collection.searchGroups?.(query, options)) ?? [];
    },
    facet: async (field, options) => {
      if (!collection.facet) checkFeature("facet", "facet", []);
      parseFacetOptions(options);
      checkFilterSize(options?.filter);
      return (await collection.facet?.(field, options)) ?? [];
    },
    termStatistics: async (indices, options) => {
      if (!(indices instanceof Uint32Array))
        throw mistake("termStatistics", "indices", "a Uint32Array", indices);
      parseCallOptions("termStatistics", options);
      return collection.termStatistics(indices, options);
    },
  };
}

function checkIds(ids: unknown): void {
  const list = checkList("get", "ids", ids);
  for (const [i, id] of list.entries())
    if (typeof id !== "string") throw mistake("get", `ids.${i}`, "a string", id);
}

function checkList(method: string, path: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw mistake(method, path, "an array", value);
}

function mistake(method: string, path: string, expected: string, value: unknown): ConfigurationError {
  const message = `expected ${expected}, got ${describeValue(value)}`;
  return new ConfigurationError(`${method}: ${path}: ${message}`, { issues: [{ path, message }] });
}
