import type { CallOptions, CollectionInfo } from "@binnacle/core";
import type { z } from "zod";
import type { ApiParts } from "../shared/api-parts.ts";
import type { describeReply } from "./collection-schemas.ts";

type Engine = z.output<typeof describeReply>["engine"];

/** Describes how the store searches a collection, and the state of its index. */
export async function engineOf(
  { name, fields = {} }: CollectionInfo,
  { store, inspect }: ApiParts,
  options: CallOptions,
): Promise<Engine> {
  const { search } = await store.capabilities(options);
  if (inspect === undefined) {
    const { status } = await store.health(options);
    const embedded = { index: null, quantization: "none", settings: {}, problem: null };
    return { status, search, indexed_fields: Object.keys(fields).toSorted(), ...embedded };
  }
  const state = await inspect(name, options);
  const { settings, indexedVectors: indexed_vectors, segments } = state;
  const graph = { m: settings["hnsw.m"] ?? null, ef_construct: settings["hnsw.efConstruct"] ?? null };
  return {
    status: state.status,
    search,
    index: { kind: "hnsw", ...graph, indexed_vectors, segments },
    quantization: settings["quantization"] ?? "none",
    // The driver keeps the caller's fields below `m`.
    indexed_fields: state.indexedFields.flatMap((field) =>
      field.startsWith("m.") ? [field.slice("m.".length)] : [],
    ),
    settings,
    problem: state.optimizerError ?? null,
  };
}
