import type { CollectionSpec, DenseSpec, Embedder, InferenceCallOptions, SparseSpec } from "@binnacle/core";
import type { ApiParts } from "../shared/api-parts.ts";
import type { Calls } from "../shared/calls.ts";
import type { CreateRequest } from "./collection-schemas.ts";
import { presets, type CollectionPreset } from "./presets.ts";

/** Makes the definition that a request asks for. */
export async function specOf(
  request: CreateRequest,
  parts: Pick<ApiParts, "store" | "embedder" | "sparse">,
  calls: Calls,
): Promise<CollectionSpec> {
  const { name, preset: presetName, fields, tenancy = "none" } = request;
  const preset: CollectionPreset | undefined = presetName && presets[presetName];
  const dimensions = request.dimensions ?? preset?.dimensions;
  const dense = await denseOf({ ...request, dimensions }, parts.embedder, calls.model);
  const sparse = request.text_search ? await sparseOf(tenancy, parts, calls) : undefined;
  return {
    name,
    fields: { ...preset?.fields, ...fields },
    tenancy,
    ...(dense && { dense }),
    ...(sparse && { sparse }),
  };
}

async function sparseOf(
  tenancy: "none" | "required",
  { store, sparse }: Pick<ApiParts, "store" | "sparse">,
  calls: Calls,
): Promise<SparseSpec | undefined> {
  if (sparse === undefined) return undefined;
  if (tenancy === "none") return { encoderId: sparse.id };
  const { idfScopes } = await store.capabilities(calls.store);
  return { encoderId: sparse.id, idfScope: idfScopes.includes("tenant") ? "tenant" : "collection" };
}

async function denseOf(
  { dimensions, space, metric = "cosine" }: Pick<CreateRequest, "dimensions" | "space" | "metric">,
  embedder: Embedder | undefined,
  options: InferenceCallOptions,
): Promise<DenseSpec | undefined> {
  // A definition that is complete needs no model server.
  const isComplete = dimensions !== undefined && space !== undefined;
  const own = isComplete ? undefined : (await embedder?.describe(options))?.space;
  const size = dimensions ?? own?.dimensions;
  if (size === undefined) return undefined;
  const spaceId = space ?? (own?.dimensions === size ? own.id : `external-${size}`);
  return { spaceId, dimensions: size, metric };
}
