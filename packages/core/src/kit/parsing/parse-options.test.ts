import { expect, test } from "vitest";
import { z } from "zod";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { parseOptions } from "./parse-options.ts";

const schema = z.strictObject({
  url: z.url(),
  timeoutMs: z.int().positive().default(30_000),
  fields: z.record(z.string(), z.enum(["keyword", "integer"])).optional(),
});

test("fills in defaults", () => {
  expect(parseOptions("Store", schema, { url: "http://h" })).toEqual({ url: "http://h", timeoutMs: 30_000 });
});

test("lists every issue with its path, misspelt keys too, and names the component", () => {
  const attempt = () =>
    parseOptions("QdrantStore", schema, {
      url: "nope",
      timeoutMs: 0,
      fields: { year: "date" },
      tiemoutMs: 1,
    });
  expect(attempt).toThrow(ConfigurationError);
  expect(attempt).toThrow(/^QdrantStore: /);
  expect(attempt).toThrow(
    expect.objectContaining({
      code: "invalid_configuration",
      retryable: false,
      issues: [
        expect.objectContaining({ path: "url" }),
        expect.objectContaining({ path: "timeoutMs" }),
        expect.objectContaining({ path: "fields.year" }),
        expect.objectContaining({ path: "", message: expect.stringContaining("tiemoutMs") }),
      ],
    }),
  );
});

test.each<[value: unknown, message: RegExp]>([
  [0, />0, got the number 0$/],
  [1.5, /expected int, received number 1\.5$/],
  [Number.NaN, /received NaN$/],
])("names the number %s", (timeoutMs, message) => {
  expect(() => parseOptions("Store", schema, { url: "http://h", timeoutMs })).toThrow(message);
});

test("names a value that is not in a list, but no other text, because it may be a secret", () => {
  const secrets = z.strictObject({ key: z.string().min(9), kind: z.enum(["a", "b"]), url: z.url() });
  const attempt = () => parseOptions("Store", secrets, { key: "s3cret", kind: "c", url: "http s3cret" });
  expect(attempt).toThrow(/kind: .*"a"\|"b", got the string "c"/);
  expect(attempt).not.toThrow(/s3cret/);
  expect(() => parseOptions("Store", secrets, { key: "", kind: "a", url: "http://h" })).toThrow(
    /got the string ""/,
  );
});

test("names a promise that was not awaited", () => {
  const lenient = z.strictObject({ limit: z.number().optional() });
  expect(() => parseOptions("Store", lenient, Promise.resolve({}))).toThrow(
    "Store: expected an object of options, got a Promise; await it first",
  );
  expect(() => parseOptions("Store", lenient, new Date(0))).toThrow(ConfigurationError);
});

test("reports an option that cannot be read", () => {
  const options = {
    get url(): string {
      throw new Error("the vault is sealed");
    },
  };
  expect(() => parseOptions("Store", schema, options)).toThrow(
    expect.objectContaining({
      name: "ConfigurationError",
      message: "Store: an option cannot be read: the vault is sealed",
    }),
  );
});

test("refuses options that are not an object", () => {
  for (const options of [undefined, null, "http://h", []]) {
    expect(() => parseOptions("Store", schema, options)).toThrow(ConfigurationError);
  }
});
