import type { Metadata, UnparsedFilter } from "@binnacle/core";
import { isPlainObject } from "@binnacle/core/kit";
import { z } from "zod";

/** The collection that a request means if it names none. */
export const defaultCollection = "knowledge_base";

/** Most characters of one text. */
export const maxTextLength = 100_000;

export const collectionName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/,
    "must be 1 to 128 letters, digits, _ or -, beginning with a letter or a digit",
  );

export const collectionField = collectionName
  .default(defaultCollection)
  .describe(`Name of the collection; ${defaultCollection} by default.`);

export const vectorId = z.string().min(1).max(512).describe("Any string. The server makes a UUID from it.");

/** Numbers, checked without a schema call for each number, because a batch may hold a million. */
export const numbers = z
  .custom<readonly number[]>(
    (value) => Array.isArray(value) && value.length > 0 && value.every(Number.isFinite),
    "must be a list of finite numbers",
  )
  .meta({ type: "array", items: { type: "number" }, minItems: 1 });

/** An object from JSON. The store checks the declared fields. */
export const metadata = z
  .custom<Metadata>(isPlainObject, "must be an object")
  .meta({ type: "object", additionalProperties: true });

export const filter = z.custom<UnparsedFilter>(isPlainObject, "must be an object of conditions").meta({
  type: "object",
  additionalProperties: true,
  description: 'Conditions on declared fields, such as {"category":"ops","year":{"$gte":2025}}.',
});

export const text = z.string().max(maxTextLength);

export const expectedVersion = z
  .int()
  .min(0)
  .describe("Version that the point must have, as a read shows it. 0: the point must not exist.");

export const itemError = z.object({ code: z.string(), message: z.string() });
