import type { Collection, Write, WriteResult } from "../spec/collection.ts";
import type { CallOptions } from "../spec/call-options.ts";
import type { Metadata } from "../spec/metadata.ts";
import type { Attributes, Counter, Histogram } from "../spec/telemetry.ts";
import { withParent, type ObservedPart, type OpenCall } from "./observed-part.ts";

/** The instruments of a store. */
export interface StoreMeters {
  readonly writes: Counter;
  readonly hits: Histogram;
}

/** Reports the calls of one handle. */
export function observeCollection<M extends Metadata>(
  inner: Collection<M>,
  part: ObservedPart,
  { writes, hits }: StoreMeters,
): Collection<M> {
  const collection = inner.name;
  const labels = { ...part.labels, collection };
  const run = <T, Options extends CallOptions | undefined>(
    operation: string,
    options: Options,
    call: (options: Options, open: OpenCall) => Promise<T>,
  ): Promise<T> => part.run({ operation, options, attributes: { collection } }, call);
  const found = (open: OpenCall, counts: readonly number[]): void => {
    open.setAttributes({ hits: counts.reduce((sum, count) => sum + count, 0) });
    for (const count of counts) hits.record(count, labels);
  };
  return {
    name: collection,
    write: (batch, options) =>
      run("write", options, async (given, open) => {
        const result = await inner.write(batch, given);
        open.setAttributes({ items: batch.length, failed: result.failures.size });
        countWrites(writes, labels, batch, result);
        return result;
      }),
    deleteWhere: (selector, options) =>
      run("delete_where", options, async (given, open) => {
        const items = await inner.deleteWhere(selector, given);
        open.setAttributes({ items });
        if (items > 0) writes.add(items, { ...labels, type: "delete", outcome: "applied" });
        return items;
      }),
    get: (ids, options) => run("get", options, (given) => inner.get(ids, given)),
    scan: (options) => scanned(inner, part, options),
    count: (selector, options) => run("count", options, (given) => inner.count(selector, given)),
    search: (query, options) =>
      run("search", options, async (given, open) => {
        const result = await inner.search(query, given);
        found(open, [result.length]);
        return result;
      }),
    searchMany: (queries, options) =>
      run("search_many", options, async (given, open) => {
        const results = await inner.searchMany(queries, given);
        open.setAttributes({ items: queries.length });
        found(
          open,
          results.map((result) => result.length),
        );
        return results;
      }),
    ...optionalMethods(inner, run),
    termStatistics: (indices, options) =>
      run("term_statistics", options, (given) => inner.termStatistics(indices, given)),
    epoch: (options) => run("epoch", options, (given) => inner.epoch(given)),
  };
}

type Run = <T, Options extends CallOptions | undefined>(
  operation: string,
  options: Options,
  call: (options: Options, open: OpenCall) => Promise<T>,
) => Promise<T>;

/** A driver may omit these methods, and callers ask for them by their presence. */
function optionalMethods<M extends Metadata>(
  inner: Collection<M>,
  run: Run,
): Pick<Collection<M>, "searchGroups" | "facet"> {
  return {
    ...(inner.searchGroups !== undefined && {
      searchGroups: (query, options) =>
        run("search_groups", options, async (given) => (await inner.searchGroups?.(query, given)) ?? []),
    }),
    ...(inner.facet !== undefined && {
      facet: (field, options) =>
        run("facet", options, async (given) => (await inner.facet?.(field, given)) ?? []),
    }),
  };
}

async function* scanned<M extends Metadata>(
  inner: Collection<M>,
  part: ObservedPart,
  options: Parameters<Collection<M>["scan"]>[0],
) {
  const open = part.start("scan", options?.traceparent, { collection: inner.name });
  let items = 0;
  try {
    for await (const point of inner.scan(withParent(options, open.span.traceparent))) {
      items += 1;
      yield point;
    }
  } catch (error) {
    open.end({ error, isAborted: options?.signal?.aborted === true });
    throw error;
  } finally {
    open.setAttributes({ items });
    open.end();
  }
}

function countWrites<M extends Metadata>(
  writes: Counter,
  labels: Attributes,
  batch: readonly Write<M>[],
  { failures }: WriteResult,
): void {
  const counts = new Map<string, number>();
  for (const [at, write] of batch.entries()) {
    const type = ["upsert", "patch", "delete"].includes(write?.type) ? write.type : "unknown";
    const key = `${type} ${failures.has(at) ? "failed" : "applied"}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, count] of counts) {
    const [type, outcome] = key.split(" ");
    writes.add(count, { ...labels, type, outcome });
  }
}
