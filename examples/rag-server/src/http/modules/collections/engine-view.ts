import type { CollectionInfo } from "@binnacle/core";
import type { z } from "zod";
import type { ApiParts } from "../shared/api-parts.ts";
import type { CollectionCall } from "../shared/open-collection.ts";
import type { describeReply } from "./collection-schemas.ts";

type Engine = z.output<typeof describeReply>["engine"];

/**
 * Describes how the store searches a collection, and the state of its index. A tenant does not see the sizes,
 * settings and errors, because they tell of other tenants' points and of the server.
 */
export async function engineOf(
  { name, fields = {} }: CollectionInfo,
  { store, inspect }: Pick<ApiParts, "store" | "inspect">,
  { request, options }: CollectionCall,
): Promise<Engine> {
  const { search } = await store.capabilities(options);
  if (inspect === undefined) {
    const { status } = await store.health(options);
    const embedded = { index: null, quantization: "none", settings: {}, problem: null };
    return { status, search, indexed_fields: Object.keys(fields).toSorted(), ...embedded };
  }
  const state = await inspect(name, options);
  const { settings, indexedVectors: indexed_vectors, segments } = state;
  const isOperator = request.principal.tenant === undefined;
  const graph = { m: settings["hnsw.m"] ?? null, ef_construct: settings["hnsw.efConstruct"] ?? null };
  return {
    status: state.status,
    search,
    index: { kind: "hnsw", ...graph, ...(isOperator && { indexed_vectors, segments }) },
    quantization: settings["quantization"] ?? "none",
    // The driver keeps the caller's fields below `m`.
    indexed_fields: state.indexedFields.flatMap((field) =>
      field.startsWith("m.") ? [field.slice("m.".length)] : [],
    ),
    settings: isOperator ? settings : {},
    problem: isOperator ? (state.optimizerError ?? null) : null,
  };
}
