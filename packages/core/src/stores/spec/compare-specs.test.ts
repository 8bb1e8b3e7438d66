import { expect, test } from "vitest";
import { compareSpecs } from "./compare-specs.ts";
import { resolveSpec } from "./resolve-spec.ts";

const capabilities = { metrics: ["cosine"], maxDimensions: 8, sparse: true, idfScopes: ["tenant"] } as const;

test("counts added fields together with existing fields", () => {
  const withFields = (from: number, to: number) => {
    const names = Array.from({ length: to - from }, (_, i) => `field-${from + i}`);
    const fields = Object.fromEntries(names.map((name) => [name, "keyword"] as const));
    const spec = { name: "docs", sparse: { encoderId: "encoder" }, fields };
    return resolveSpec("test", spec, capabilities);
  };
  const full = compareSpecs(withFields(0, 200), withFields(100, 256));
  expect(Object.keys(full.fields)).toHaveLength(256);
  expect(compareSpecs(full, full)).toEqual(full);
  expect(() => compareSpecs(full, withFields(256, 257))).toThrow("would have 257 fields, but at most 256");
});
