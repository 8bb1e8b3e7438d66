import { resolveSpec } from "@binnacle/core/stores";
import { expect, test } from "vitest";
import { collectionSchema, creationBody, type QdrantCollectionOptions } from "./collection-options.ts";

const spec = resolveSpec(
  "test",
  { name: "docs", dense: { spaceId: "space", dimensions: 4 } },
  { metrics: ["cosine"], maxDimensions: 4, sparse: true, idfScopes: ["tenant"] },
);
const layout = (options?: QdrantCollectionOptions) => creationBody(spec, collectionSchema.parse(options), {});

test.each([
  [undefined, 1, 1, 1],
  [{ shards: 6, replicas: 2 }, 6, 2, 2],
  [{ shards: 6, replicas: 3, writeConsistency: 2 }, 6, 3, 2],
])(
  "creates the shards and copies of %j, and waits for all copies by default (T57, Q13)",
  (options, ...wanted) => {
    const { shard_number, replication_factor, write_consistency_factor } = layout(options);
    expect([shard_number, replication_factor, write_consistency_factor]).toEqual(wanted);
  },
);

test("refuses a write consistency above the number of copies", () => {
  expect(() => layout({ replicas: 2, writeConsistency: 3 })).toThrow(/must not be above `replicas`/);
});
