import type { Metadata, StoredChunk } from "@binnacle/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkPayload } from "../fixtures/chunk-payload.ts";
import { metadataPayload } from "./metadata-payload.ts";
import { patchPayload, pointPayload, readPayload } from "./point-payload.ts";
import { rfc3339 } from "./rfc3339.ts";

const CHUNK: StoredChunk = { ...chunkPayload, path: ["A"], spaceId: "space" };
const FACTS = { version: 7, owner: undefined, norm: 2.5 };
const wire = (payload: object): unknown => JSON.parse(JSON.stringify(payload));

test("reads back any metadata as it was written", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const metadata: Metadata = JSON.parse(JSON.stringify(value));
      const read = readPayload(wire(pointPayload(CHUNK, metadata, {}, FACTS)));
      expect(JSON.stringify(read.metadata)).toBe(JSON.stringify(metadata));
      expect(read.chunk).toEqual(CHUNK);
      expect([read.version, read.norm]).toEqual([7, 2.5]);
    }),
  );
});

test("keeps a key __proto__, and separates the app's keys from the SDK's", () => {
  const metadata: Metadata = JSON.parse('{"__proto__": {"a": 1}, "_t": "other", "text": "mine"}');
  const read = readPayload(wire(pointPayload(CHUNK, metadata, {}, FACTS)));
  expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
  expect([read.tenant, read.chunk.text]).toEqual([undefined, "text"]);
});

test("keeps numbers as text only if Qdrant's parser may return a neighbour", () => {
  const exact = (value: number) => metadataPayload({ value }, {})._j;
  for (const value of [0, -1, 0.1, 2.5, 123_456.789, Number.MAX_SAFE_INTEGER, 1e22])
    expect(exact(value), String(value)).toBeNull();
  for (const value of [0.1 + 0.2, 1e-300, 1.7976931348623157e308, Math.PI])
    expect(exact(value), String(value)).toBe(JSON.stringify({ value }));
});

test("stores a datetime only up to microseconds, and returns it as it was written", () => {
  const metadata = { at: "2024-02-29T23:59:00.1234567+05:30", plain: "2024-02-29T23:59:00.1234567+05:30" };
  const payload = metadataPayload(metadata, { at: "datetime" });
  expect(payload.m).toEqual({ ...metadata, at: "2024-02-29T18:29:00.123456Z" });
  const stored = wire(pointPayload(CHUNK, metadata, { at: "datetime" }, FACTS));
  expect(readPayload(stored).metadata).toEqual(metadata);
  for (const text of ["2024-06-30", "2024-01-01T00:00:00Z", "2024-01-01T02:00:00.123456+02:00", "soon"])
    expect(rfc3339(text)).toBe(text);
});

test("names the fields that hold an empty list", () => {
  expect(metadataPayload({ tags: [], more: [[]], kind: "a" }, {})._e).toEqual(["tags"]);
  expect(metadataPayload({ kind: "a" }, {})._e).toBeNull();
});

test("replaces the named fields by a patch, and removes those given as undefined", () => {
  expect(patchPayload({ title: undefined, index: 3 }, undefined, {}, 9)).toEqual({
    title: null,
    index: 3,
    _v: 9,
  });
  expect(patchPayload(undefined, { kind: "b" }, {}, 9)).toEqual({
    m: { kind: "b" },
    _e: null,
    _j: null,
    _v: 9,
  });
});

test("refuses a payload that this driver did not write", () => {
  expect(() => readPayload({ text: "from another tool" })).toThrow(/a point's payload/);
});
