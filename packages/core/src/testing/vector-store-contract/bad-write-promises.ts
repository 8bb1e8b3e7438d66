import assert from "node:assert/strict";
import type { Patch, Write } from "../../spec/collection.ts";
import type { JsonValue, Metadata } from "../../spec/metadata.ts";
import type { StoredChunk } from "../../spec/stored-chunk.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  docs,
  hybridUpsert,
  idOf,
  sparse as terms,
  sparseUpsert,
  upsert,
  type StorePromise,
} from "./contract-points.ts";
import { hybridDocs, hybridSpec, withSparse } from "./needs.ts";
import { failureCodes } from "./write-promises.ts";
import { BAD_FIELDS, GOOD_FIELDS, MALFORMED_CHUNKS, MALFORMED_VECTORS } from "./write-samples.ts";

async function allRefused(
  store: VectorStore,
  code: string,
  batch: readonly Write[],
  create = docs,
): Promise<void> {
  const collection = await create(store, { fields: EVERY_TYPE });
  const codes = await failureCodes(collection, batch);
  assert.deepEqual(codes, Object.fromEntries(batch.map((_, position) => [position, code])));
  assert.equal(await collection.count(), 0);
}

const TERMS = terms({ 1: 1 });

const EVERY_TYPE = {
  keyword: "keyword",
  text: "text",
  integer: "integer",
  float: "float",
  boolean: "boolean",
  datetime: "datetime",
} as const;

/** Promises about refused writes. */
export const badWritePromises: readonly StorePromise[] = [
  [
    "refuses dense vectors with NaN, infinities, only zeros or a wrong length, and missing ones",
    (store) =>
      allRefused(store, "invalid_vector", [
        upsert(1, { dense: [NaN, 1, 1] }),
        upsert(2, { dense: [1, Infinity, 1] }),
        upsert(3, { dense: [1, 1, -Infinity] }),
        upsert(4, { dense: [1, 3.5e38, 1] }), // infinite in float32
        upsert(5, { dense: [0, -0, 0] }),
        upsert(6, { dense: [1, 2] }),
        upsert(7, { dense: [1, 2, 3, 4] }),
        upsert(8, { dense: [] }),
        { ...upsert(9), dense: undefined },
      ]),
  ],
  withSparse(
    "refuses sparse vectors that are unsorted, not finite, of uneven length or repeat a term, and missing ones",
    (store) => {
      const bad: readonly (readonly [readonly number[], readonly number[]])[] = [
        [
          [2, 1],
          [1, 1],
        ],
        [
          [1, 1],
          [1, 1],
        ],
        [
          [1, 2],
          [1, NaN],
        ],
        [
          [1, 2],
          [Infinity, 1],
        ],
        [[1, 2], [1]],
      ];
      const batch = bad.map(([indices, values], i) =>
        hybridUpsert(i + 1, { indices: Uint32Array.from(indices), values: Float32Array.from(values) }),
      );
      const missing = { ...hybridUpsert(9, TERMS), sparse: undefined };
      return allRefused(store, "invalid_vector", [...batch, missing], hybridDocs);
    },
  ),
  [
    "refuses a sparse vector if the collection has none",
    (store) => allRefused(store, "invalid_vector", [{ ...upsert(1), sparse: TERMS }]),
  ],
  withSparse("refuses a dense vector if the collection has none", async (store) => {
    const { sparse } = await hybridSpec(store);
    await store.ensureCollection({ name: "docs", sparse });
    const { chunk } = sparseUpsert(1, {});
    const codes = await failureCodes(store.collection("docs"), [{ ...hybridUpsert(1, TERMS), chunk }]);
    assert.deepEqual(codes, { 0: "invalid_vector" });
  }),
  [
    "refuses vectors of another space",
    (store) => {
      const { spaceId: _, ...chunk } = upsert(1).chunk;
      return allRefused(store, "wrong_space", [
        upsert(1, { chunk: { spaceId: "another" } }),
        upsert(2, { chunk: { encoderId: "another" } }),
        { ...upsert(3), chunk },
      ]);
    },
  ],
  withSparse("refuses vectors of another encoder", (store) => {
    const other = hybridUpsert(1, TERMS, { chunk: { encoderId: "another" } });
    const missing = { ...hybridUpsert(2, TERMS), chunk: upsert(2).chunk };
    return allRefused(store, "wrong_space", [other, missing], hybridDocs);
  }),
  [
    "refuses metadata that declared fields cannot hold",
    (store) =>
      allRefused(
        store,
        "invalid_metadata",
        BAD_FIELDS.map((metadata, i) => upsert(i + 1, { metadata })),
      ),
  ],
  [
    "accepts null, one value or a list of values in every declared field",
    async (store) => {
      const collection = await docs(store, { fields: EVERY_TYPE });
      const batch = GOOD_FIELDS.map((metadata, i) => upsert(i + 1, { metadata }));
      assert.deepEqual(await failureCodes(collection, batch), {});
      const points = await collection.get(batch.map(({ id }) => id));
      assert.deepEqual(
        points.map((point) => point?.metadata),
        GOOD_FIELDS,
      );
    },
  ],
  [
    "refuses metadata that JSON and UTF-8 cannot carry unchanged",
    (store) => {
      const cycle: Record<string, JsonValue> = {};
      cycle["self"] = cycle;
      const bad: readonly Metadata[] = [
        cycle,
        { other: NaN },
        { other: [1, -Infinity] },
        { other: "\ud83d" },
        { deep: { list: ["\udc00"] } },
        { "\ud800": 1 },
      ];
      return allRefused(
        store,
        "invalid_metadata",
        bad.map((metadata, i) => upsert(i + 1, { metadata })),
      );
    },
  ],
  [
    "refuses chunks with half of a surrogate pair or a position that is not a whole number",
    (store) => {
      const bad: readonly Partial<StoredChunk>[] = [
        { text: "half \ud83d" },
        { documentId: "\udc00" },
        { path: ["fine", "\ud800"] },
        { slot: -1 },
        { start: 0.5 },
        { tokens: NaN },
      ];
      return allRefused(
        store,
        "invalid_chunk",
        bad.map((chunk, i) => upsert(i + 1, { chunk })),
      );
    },
  ],
  [
    "refuses only the write with wrong types, with the code of its fault, and applies the others",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1)]);
      const bad = [...MALFORMED_CHUNKS.map(badChunk), ...MALFORMED_VECTORS.map(badVector)];
      const chunk: object = { sourceId: undefined };
      const patch: Patch = { type: "patch", id: idOf(1), chunk };
      const type: unknown = "replace";
      const odd = Object.assign(upsert(8), { type });
      assert.deepEqual(await failureCodes(collection, [upsert(2), ...bad, patch, odd, upsert(3)]), {
        ...Object.fromEntries(MALFORMED_CHUNKS.map((_, i) => [1 + i, "invalid_chunk"])),
        ...Object.fromEntries(
          MALFORMED_VECTORS.map((_, i) => [1 + MALFORMED_CHUNKS.length + i, "invalid_vector"]),
        ),
        [1 + bad.length]: "invalid_chunk",
        [2 + bad.length]: "invalid_write",
      });
      assert.equal(await collection.count(), 3);
      assert.equal((await collection.get([idOf(1)]))[0]?.chunk.sourceId, "source");
    },
  ],
  [
    "reports the first of several faults: id, chunk, vectors, metadata, then mismatches with the collection",
    async (store) => {
      const collection = await docs(store);
      const bad = upsert(1, {
        chunk: { slot: -1, spaceId: "another" },
        dense: [NaN, 1, 1],
        metadata: { other: NaN },
      });
      const { slot, ...chunk } = { ...bad.chunk, slot: 0 };
      const dense: unknown = ["1"];
      const metadata = {};
      const faults: readonly Write[] = [
        { ...bad, id: "1" },
        bad,
        Object.assign({ ...bad }, { chunk: { ...chunk, slot }, dense }),
        { ...bad, chunk: { ...chunk, slot } },
        { ...bad, chunk: { ...chunk, slot }, metadata },
        { ...upsert(1), dense: undefined, metadata: { other: NaN } },
      ];
      assert.deepEqual(await failureCodes(collection, faults), {
        0: "invalid_id",
        1: "invalid_chunk",
        2: "invalid_vector",
        3: "invalid_metadata",
        4: "wrong_space",
        5: "invalid_metadata",
      });
    },
  ],
  [
    "refuses ids that are not lower-case UUIDs in writes, and returns undefined for them in reads",
    async (store) => {
      const ids = [
        "",
        "1",
        "../x",
        idOf(10).toUpperCase(),
        `${idOf(1)} `,
        "\ud800",
        idOf(1).replaceAll("-", ""),
      ];
      await allRefused(
        store,
        "invalid_id",
        ids.map((id) => ({ ...upsert(1), id })),
      );
      const list: unknown = [idOf(1)]; // String() of the list equals the id
      assert.deepEqual(
        await failureCodes(store.collection("docs"), [Object.assign(upsert(1), { id: list })]),
        {
          0: "invalid_id",
        },
      );
      const points = await store.collection("docs").get(ids);
      assert.deepEqual(
        points,
        ids.map(() => undefined),
      );
    },
  ],
  [
    "refuses a patch of fields that describe the vectors, and of metadata with wrong types",
    async (store) => {
      const collection = await docs(store);
      await collection.write([upsert(1)]);
      const fixed: Patch = JSON.parse(
        JSON.stringify({ type: "patch", id: idOf(1), chunk: { contentHash: "other" } }),
      );
      const wrong: Patch = { type: "patch", id: idOf(1), metadata: { year: "late" } };
      const broken: Patch = { type: "patch", id: idOf(1), chunk: { text: "\ud800" } };
      const none = [NaN, "", null].map((metadata: unknown) => Object.assign({ ...wrong }, { metadata }));
      assert.deepEqual(await failureCodes(collection, [fixed, wrong, broken, ...none]), {
        0: "invalid_chunk",
        1: "invalid_metadata",
        2: "invalid_chunk",
        3: "invalid_metadata",
        4: "invalid_metadata",
        5: "invalid_metadata",
      });
      const [point] = await collection.get([idOf(1)]);
      assert.deepEqual([point?.chunk.contentHash, point?.metadata["year"]], ["hash-1", 2001]);
    },
  ],
];

function badChunk(chunk: unknown): Write {
  return Object.assign(upsert(9), { chunk });
}

function badVector(vector: object): Write {
  return Object.assign(upsert(9), vector);
}
