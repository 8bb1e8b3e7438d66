import type { JsonValue } from "@binnacle/core";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../redaction/create-redactor.ts";
import { resources } from "../fixtures/resources.ts";
import type { JsonObject } from "./json-at.ts";
import { readDefinition } from "./read-definition.ts";

const secret = "hunter2xy";
const open = "x-kubernetes-preserve-unknown-fields";
const text = { type: "string" };

function shown(schema: JsonValue | undefined, fields: JsonObject, spec: JsonObject = {}): string {
  const version = { name: "v1", ...(schema !== undefined && { schema: { openAPIV3Schema: schema } }) };
  const definition = readDefinition(
    { metadata: { name: "x" }, spec: { ...spec, versions: [version] } },
    "v1",
  );
  const object = { metadata: { name: "thing", labels: { app: "shop" } }, kind: "Thing", ...fields };
  return JSON.stringify(createRedactor()(object, { ...resources.widget, definition })?.object);
}

function nested(depth: number, leaf: JsonValue, wrap: (inner: JsonValue) => JsonValue): JsonValue {
  return depth === 0 ? leaf : wrap(nested(depth - 1, leaf, wrap));
}

describe("a definition", () => {
  const fields = { spec: { backend: secret, size: 3 }, config: secret, status: { note: secret } };

  it("hides all texts but the metadata if its root schema allows any field", () => {
    for (const text of [
      shown({ type: "object", [open]: true }, fields),
      shown({ type: "object", [open]: true, properties: { spec: { type: "object" } } }, fields),
      shown({ type: "object" }, fields, { preserveUnknownFields: true }),
      shown(undefined, fields),
    ]) {
      expect(text).not.toContain(secret);
      for (const kept of ['"name":"thing"', '"app":"shop"', '"kind":"Thing"', '"size":3'])
        expect(text).toContain(kept);
    }
  });

  it("hides all texts below a field that allows any field", () => {
    for (const extra of [{ [open]: true }, { additionalProperties: true }]) {
      const schema = { type: "object", properties: { spec: { type: "object", ...extra }, config: text } };
      expect(shown(schema, { spec: { deep: [{ backend: secret }] } })).not.toContain(secret);
      expect(shown(schema, { config: secret })).toContain(secret);
    }
  });

  it("hides a marked value of a map whose keys hold dots", () => {
    const map = { additionalProperties: { type: "string", format: "password" } };
    expect(
      shown({ properties: { spec: { properties: { map } } } }, { spec: { map: { "a.b": secret } } }),
    ).not.toContain(secret);
  });

  it("hides the texts below the depth to which it is read", () => {
    const schema = nested(40, { type: "string", format: "password" }, (inner) => ({
      properties: { a: inner },
    }));
    const object = nested(39, secret, (inner) => ({ a: inner }));
    expect(shown(schema, { a: object })).not.toContain(secret);
  });

  it("hides all texts of a field in which more secrets are marked than it remembers", () => {
    const names = Array.from({ length: 1_200 }, (_, number) => `field${number}`);
    const marked = Object.fromEntries(names.map((name) => [name, { type: "string", format: "password" }]));
    const schema = { properties: { spec: { properties: marked }, size: { properties: { unit: text } } } };
    const spec = Object.fromEntries(names.map((name) => [name, secret]));
    expect(shown(schema, { spec })).not.toContain(secret);
  });
});

describe("a custom resource without its definition", () => {
  it("shows no text outside its metadata and its status", () => {
    const object = {
      metadata: { name: "thing" },
      config: { entry: secret },
      data: secret,
      status: { phase: "Ready" },
    };
    const redacted = JSON.stringify(createRedactor()(object, resources.widget)?.object);
    expect(redacted).not.toContain(secret);
    expect(redacted).toContain("Ready");
  });
});
