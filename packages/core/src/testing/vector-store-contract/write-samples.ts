import type { Metadata } from "../../spec/metadata.ts";
import { upsert } from "./contract-points.ts";

/** Chunks with wrong types, which plain JavaScript can pass. */
export const MALFORMED_CHUNKS: readonly unknown[] = [
  { ...upsert(9).chunk, documentId: undefined },
  { ...upsert(9).chunk, sourceId: 5 },
  { ...upsert(9).chunk, text: null },
  { ...upsert(9).chunk, tokens: "2" },
  { ...upsert(9).chunk, path: "Chapter" },
  { ...upsert(9).chunk, path: ["Chapter", 5] },
  { ...upsert(9).chunk, path: Object.assign([], { length: 1 }) },
  { ...upsert(9).chunk, title: () => "a function" },
  { ...upsert(9).chunk, uri: new Date(0) },
  { ...upsert(9).chunk, author: "nobody" },
  "text",
  [],
];

/** Vectors of the wrong kind or beyond a float32. */
export const MALFORMED_VECTORS: readonly object[] = [
  { dense: Float64Array.of(1e300, 1, 1) },
  { dense: [1e300, 1, 1] },
  { dense: [1e-300, 0, 0] },
  { dense: ["1", 1, 1] },
  { dense: "123" },
  { dense: null },
  { dense: BigInt64Array.of(1n, 1n, 1n) },
  { dense: () => 1 },
  { sparse: {} },
  { sparse: null },
  { sparse: { indices: [1], values: [1e300] } },
  { sparse: { indices: [0.5], values: [1] } },
  { sparse: { indices: [-1], values: [1] } },
];

/** Values that do not have the declared type of a field. */
export const BAD_FIELDS: readonly Metadata[] = [
  { keyword: 1 },
  { keyword: ["a", 1] },
  { keyword: { a: 1 } },
  { text: true },
  { integer: 1.5 },
  { integer: "1" },
  { integer: 2 ** 53 },
  { integer: [[1]] },
  { float: "1" },
  { boolean: "true" },
  { boolean: 0 },
  { datetime: 0 },
  { datetime: "yesterday" },
  { datetime: "2024-02-30" },
  { datetime: "2024-01-01T25:00:00Z" },
  { datetime: "2024-01-01T10:00Z" },
  { datetime: "2024-01-01 10:00:00Z" },
  { datetime: "2024-01-01T10:00:00+0100" },
  { datetime: "2024-01-01t10:00:00z" },
];

/** Values that have the declared type of a field. */
export const GOOD_FIELDS: readonly Metadata[] = [
  { keyword: null, text: null, integer: null, float: null, boolean: null, datetime: null },
  {
    keyword: "",
    text: "",
    integer: -1,
    float: 1e-300,
    boolean: false,
    datetime: "2024-02-29T23:59:59.123456+05:30",
  },
  { keyword: [], text: [], integer: [], float: [], boolean: [], datetime: [] },
  {
    keyword: ["a", "b"],
    text: ["x"],
    integer: [1, 2],
    float: [0.5, 1],
    boolean: [true, false],
    datetime: ["2024-01-01", "2024-01-01T10:00:00", "2024-01-01T10:00:00.5Z", "2024-01-01T10:00:00-05:00"],
  },
  { keyword: [null, "a"], integer: Number.MAX_SAFE_INTEGER },
];
