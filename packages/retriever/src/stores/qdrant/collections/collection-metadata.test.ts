import type { ResolvedSpec } from "@binnacle/core/stores";
import { expect, test } from "vitest";
import { fieldMetadata, readSpec, specMetadata } from "./collection-metadata.ts";
import { payloadIndexes } from "./payload-indexes.ts";
import { recorded } from "../fixtures/recorded.ts";

const SPEC: ResolvedSpec = {
  name: "docs",
  dense: { spaceId: "space", dimensions: 4, metric: "dot" },
  sparse: { encoderId: "encoder", idf: "bm25", idfScope: "collection" },
  fields: JSON.parse('{"kind": "keyword", "__proto__": "integer", "größe": "float"}'),
  tenancy: "required",
};

test("reads the same spec from the collection's metadata as was written", () => {
  const metadata = JSON.parse(JSON.stringify(specMetadata(SPEC, "i")));
  expect(readSpec("docs", metadata)).toEqual({ recordedName: "docs", spec: SPEC, incarnation: "i" });
  const small: ResolvedSpec = { name: "x", dense: SPEC.dense, fields: {}, tenancy: "none" };
  expect(readSpec("x", specMetadata(small, "i"))?.spec).toEqual(small);
});

test("stores each field under its own key, so that several fields can be added at the same time", () => {
  expect(fieldMetadata({ a: "text", b: undefined })).toEqual({ "binnacle.field.a": "text" });
});

test("reads no spec from a collection of another tool", () => {
  const { result } = JSON.parse(recorded("info").body);
  expect(readSpec("rec", result.config.metadata)).toBeUndefined();
  expect(readSpec("rec", { "some.key": 1 })).toBeUndefined();
});

test("refuses metadata of a newer format", () => {
  expect(() => readSpec("x", { ...specMetadata(SPEC, "i"), "binnacle.format": 2 })).toThrow(/newer version/);
});

test("indexes every field by its type, and the tenant as a tenant", () => {
  const indexes = new Map(payloadIndexes(SPEC).map((index) => [index.field_name, index.field_schema]));
  expect(indexes.get("_t")).toEqual({ type: "keyword", is_tenant: true });
  expect([...indexes.keys()]).toEqual([
    "_t",
    "sourceId",
    "documentId",
    "index",
    "_e",
    "m.kind",
    "m.__proto__",
    'm."größe"',
  ]);
  expect(indexes.get('m."größe"')).toEqual({ type: "float" });
});
