import type { CollectionSpec, MetadataFields, Metric } from "@binnacle/core";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

/** The most dimensions that these stores take, as Qdrant. */
export const MAX_DIMENSIONS = 65_536;
/** The most fields that one collection can declare. */
export const MAX_FIELDS = 256;
const FIELD_NAME = /^[\p{L}_][\p{L}\p{N}_-]{0,63}$/u;

/** A collection's spec with its defaults. */
export interface ResolvedSpec extends CollectionSpec {
  readonly dense?:
    { readonly spaceId: string; readonly dimensions: number; readonly metric: Metric } | undefined;
  readonly sparse?: { readonly encoderId: string; readonly idf: "bm25" | "none" } | undefined;
  readonly fields: MetadataFields;
  readonly tenancy: "none" | "required";
}

const fieldType = z.enum(["keyword", "text", "integer", "float", "boolean", "datetime"]);
type FieldEntry = readonly [name: string, type: z.output<typeof fieldType>];

// Entries, not an object: a field may be called `__proto__`, which assignment would lose.
const fields = z
  .unknown()
  .default({})
  .transform((value, context): readonly FieldEntry[] => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      context.addIssue({ code: "custom", message: "expected an object of field names and types" });
      return z.NEVER;
    }
    const declared: readonly (readonly [string, unknown])[] = Object.entries(value);
    const entries = declared.filter(([, type]) => type !== undefined);
    if (entries.length > MAX_FIELDS)
      context.addIssue({ code: "custom", message: `at most ${MAX_FIELDS} fields can be declared` });
    return entries.flatMap(([name, type]) => {
      const parsed = fieldType.safeParse(type);
      if (!FIELD_NAME.test(name)) {
        context.addIssue({
          code: "custom",
          path: [name],
          message: "a field's name starts with a letter and has at most 64 letters, digits, _ or -",
        });
      }
      if (!parsed.success) {
        context.addIssue({
          code: "custom",
          path: [name],
          message: `expected one of ${fieldType.options.join(", ")}`,
        });
      }
      return parsed.success ? [[name, parsed.data]] : [];
    });
  });

const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/,
    "expected 1 to 128 letters, digits, _ or -, not starting with _ or -",
  );

const schema = z
  .strictObject({
    name: nameSchema,
    dense: z
      .strictObject({
        spaceId: z.string().min(1),
        dimensions: z.int().min(1).max(MAX_DIMENSIONS),
        metric: z.enum(["cosine", "dot", "euclid"]).default("cosine"),
      })
      .optional(),
    sparse: z
      .strictObject({ encoderId: z.string().min(1), idf: z.enum(["bm25", "none"]).default("bm25") })
      .optional(),
    fields,
    tenancy: z.enum(["none", "required"]).default("none"),
  })
  .refine((spec) => spec.dense ?? spec.sparse, "a collection needs dense or sparse vectors, or both");

/** Checks a spec and fills in its defaults. Throws a `ConfigurationError` that lists every issue. */
export function resolveSpec(component: string, spec: CollectionSpec): ResolvedSpec {
  const parsed = parseOptions(component, schema, spec);
  return { ...parsed, fields: Object.fromEntries(parsed.fields) };
}

/** Throws a `ConfigurationError` unless a collection could be called this. */
export function checkCollectionName(component: string, name: string): void {
  parseOptions(component, z.strictObject({ name: nameSchema }), { name });
}
