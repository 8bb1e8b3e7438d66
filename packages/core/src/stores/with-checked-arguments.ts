import { z } from "zod";
import { ConfigurationError } from "../errors/configuration-error.ts";
import { callOptionsFields, parseCallOptions } from "../kit/parsing/call-options.ts";
import { describeValue } from "../kit/parsing/describe-value.ts";
import { parseOptions } from "../kit/parsing/parse-options.ts";
import type { Collection } from "../spec/collection.ts";

const fence = z.strictObject({ sourceId: z.string(), token: z.number() });
const writeSchema = z.strictObject({ ...callOptionsFields, fence: fence.optional() }).default({});
const getSchema = z
  .strictObject({ ...callOptionsFields, includeVectors: z.boolean().optional() })
  .default({});
const epochSchema = z
  .strictObject({ ...callOptionsFields, sourceId: z.string().min(1).optional() })
  .default({});
const scanSchema = z
  .strictObject({
    ...callOptionsFields,
    filter: z.unknown().optional(),
    sourceId: z.unknown().optional(),
    documentId: z.unknown().optional(),
    index: z.unknown().optional(),
    pageSize: z.unknown().optional(),
    includeVectors: z.boolean().optional(),
  })
  .default({});

/**
 * Checks the options and lists that a collection's methods are given, so that every store refuses the same mistakes in the same
 * words, before its own code runs. Throws `ConfigurationError`. Single writes, selectors, queries and filters are checked by
 * the functions for each.
 */
export function withCheckedArguments(collection: Collection): Collection {
  return {
    name: collection.name,
    write: async (batch, options) => {
      checkList("write", "batch", batch);
      parseOptions("write", writeSchema, options);
      return collection.write(batch, options);
    },
    deleteWhere: async (selector, options) => {
      parseOptions("deleteWhere", writeSchema, options);
      return collection.deleteWhere(selector, options);
    },
    get: async (ids, options) => {
      checkList("get", "ids", ids);
      parseOptions("get", getSchema, options);
      return collection.get(ids, options);
    },
    scan: (options) => ({
      [Symbol.asyncIterator]: () => {
        parseOptions("scan", scanSchema, options);
        return collection.scan(options)[Symbol.asyncIterator]();
      },
    }),
    count: async (selector, options) => {
      parseCallOptions("count", options);
      return collection.count(selector, options);
    },
    search: async (query, options) => {
      parseCallOptions("search", options);
      return collection.search(query, options);
    },
    searchMany: async (queries, options) => {
      checkList("searchMany", "queries", queries);
      parseCallOptions("searchMany", options);
      return collection.searchMany(queries, options);
    },
    termStatistics: async (indices, options) => {
      parseCallOptions("termStatistics", options);
      return collection.termStatistics(indices, options);
    },
    epoch: async (options) => {
      parseOptions("epoch", epochSchema, options);
      return collection.epoch(options);
    },
  };
}

function checkList(method: string, name: string, value: unknown): void {
  if (Array.isArray(value)) return;
  throw new ConfigurationError(`${method}: ${name}: expected an array, got ${describeValue(value)}`);
}
