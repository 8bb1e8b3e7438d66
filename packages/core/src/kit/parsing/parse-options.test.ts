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

test("refuses options that are not an object", () => {
  for (const options of [undefined, null, "http://h", []]) {
    expect(() => parseOptions("Store", schema, options)).toThrow(ConfigurationError);
  }
});
