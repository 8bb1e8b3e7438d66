import { ConfigurationError } from "../../errors/configuration-error.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { CollectionSpec, IdfScope, Metric } from "../../spec/collection-spec.ts";
import type { MetadataFields } from "../../spec/metadata.ts";
import type { StoreCapabilities } from "../../spec/vector-store.ts";
import { parseOptions } from "../../kit/parsing/parse-options.ts";
import { once } from "../../kit/once.ts";
import { z } from "zod";

/** Most fields that a collection can declare. */
export const MAX_FIELDS = 256;
const FIELD_NAME = /^[\p{L}_][\p{L}\p{N}_-]{0,63}$/u;

/** {@link CollectionSpec} with its defaults. */
export interface ResolvedSpec extends CollectionSpec {
  readonly dense?:
    { readonly spaceId: string; readonly dimensions: number; readonly metric: Metric } | undefined;
  readonly sparse?:
    { readonly encoderId: string; readonly idf: "bm25" | "none"; readonly idfScope: IdfScope } | undefined;
  readonly fields: MetadataFields;
  readonly tenancy: "none" | "required";
}

const fieldType = once(() => z.enum(["keyword", "text", "integer", "float", "boolean", "datetime"]));
type FieldEntry = readonly [name: string, type: z.output<ReturnType<typeof fieldType>>];

// Entries, because assigning a field called `__proto__` to an object would lose it.
const fields = once(() =>
  z
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
        const parsed = fieldType().safeParse(type);
        if (!FIELD_NAME.test(name)) {
          context.addIssue({
            code: "custom",
            path: [name],
            message:
              "a field's name must start with a letter or _ and have at most 64 letters, digits, _ or -",
          });
        }
        if (!parsed.success) {
          context.addIssue({
            code: "custom",
            path: [name],
            message: `expected one of ${fieldType().options.join(", ")}`,
          });
        }
        return parsed.success ? [[name, parsed.data]] : [];
      });
    }),
);

/** The name of a collection or alias. */
export const nameSchema: () => z.ZodString = once(() =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/,
      "expected 1 to 128 letters, digits, _ or -, not starting with _ or -",
    ),
);

const schema = once(() =>
  z
    .strictObject({
      name: nameSchema(),
      dense: z
        .strictObject({
          spaceId: z.string().min(1),
          dimensions: z.int().min(1),
          metric: z.enum(["cosine", "dot", "euclid"]).default("cosine"),
        })
        .optional(),
      sparse: z
        .strictObject({
          encoderId: z.string().min(1),
          idf: z.enum(["bm25", "none"]).default("bm25"),
          idfScope: z.enum(["tenant", "collection"]).default("tenant"),
        })
        .optional(),
      fields: fields(),
      tenancy: z.enum(["none", "required"]).default("none"),
    })
    .refine((spec) => spec.dense ?? spec.sparse, "a collection needs dense or sparse vectors, or both"),
);

/** The capabilities that a spec may need. */
export type SpecCapabilities = Pick<StoreCapabilities, "metrics" | "maxDimensions" | "sparse" | "idfScopes">;

/**
 * Checks a spec and adds defaults. Throws a `ConfigurationError` that lists every issue, or an
 * `UnsupportedError` that names the missing capability.
 */
export function resolveSpec(
  component: string,
  spec: CollectionSpec,
  capabilities: SpecCapabilities,
): ResolvedSpec {
  const parsed = parseOptions(component, schema(), spec);
  const resolved = { ...parsed, fields: Object.fromEntries(parsed.fields) };
  checkDense(component, resolved, capabilities);
  checkSparse(component, resolved, capabilities);
  return resolved;
}

function checkDense(
  component: string,
  { dense }: ResolvedSpec,
  { metrics, maxDimensions }: SpecCapabilities,
): void {
  if (!dense) return;
  if (!metrics.includes(dense.metric))
    throw unsupported(component, "metrics", `metric "${dense.metric}". Use one of ${metrics.join(", ")}`);
  if (dense.dimensions <= maxDimensions) return;
  const message = `must be at most ${maxDimensions}, got ${dense.dimensions}`;
  throw new ConfigurationError(`${component}: dense.dimensions: ${message}`, {
    issues: [{ path: "dense.dimensions", message }],
  });
}

function checkSparse(
  component: string,
  { sparse, tenancy }: ResolvedSpec,
  { sparse: takesSparse, idfScopes }: SpecCapabilities,
): void {
  if (!sparse) return;
  if (!takesSparse) throw unsupported(component, "sparse", "sparse vectors. Omit `sparse`");
  if (sparse.idf === "none") return;
  if (idfScopes.length === 0) throw unsupported(component, "sparseStatistics", 'IDF. Use idf: "none"');
  if (tenancy === "required" && !idfScopes.includes(sparse.idfScope))
    throw unsupported(
      component,
      "idfScopes",
      `idfScope "${sparse.idfScope}". Use one of ${idfScopes.join(", ")}`,
    );
}

function unsupported(component: string, capability: string, what: string): UnsupportedError {
  return new UnsupportedError(`${component}: this store does not support ${what}`, { capability });
}

/** Returns true if a collection can have this name. */
export function isCollectionName(name: string): boolean {
  return nameSchema().safeParse(name).success;
}

/** Throws a `ConfigurationError` if a collection cannot have this name. */
export function checkCollectionName(component: string, name: string): void {
  parseOptions(component, z.strictObject({ name: nameSchema() }), { name });
}
