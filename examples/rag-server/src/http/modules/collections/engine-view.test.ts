import { MemoryStore } from "@binnacle/retriever";
import { expect, test } from "vitest";
import { engineOf } from "./engine-view.ts";

const inspect = async () => ({
  status: "yellow" as const,
  points: 1000,
  indexedVectors: 900,
  segments: 4,
  settings: { "hnsw.m": 16, "hnsw.efConstruct": 200, quantization: "int8", "wal.capacityMb": 32 },
  indexedFields: ["m.topic"],
  optimizerError: "no space left in /qdrant/storage/shared",
});

async function engineFor(tenant: string | undefined) {
  const request = { principal: { id: "k", permissions: new Set<never>(), tenant }, headers: {} };
  const parts = { store: new MemoryStore(), inspect };
  return await engineOf({ name: "shared", incarnation: "1", tenancy: "required" }, parts, {
    request,
    options: {},
  });
}

test("shows an operator the sizes, settings and problem of a collection (Q31)", async () => {
  expect(await engineFor(undefined)).toMatchObject({
    index: { m: 16, indexed_vectors: 900, segments: 4 },
    settings: { "wal.capacityMb": 32 },
    problem: "no space left in /qdrant/storage/shared",
  });
});

test("shows a tenant nothing of other tenants' points or of the server (Q31, Q53)", async () => {
  expect(await engineFor("acme")).toEqual({
    status: "yellow",
    search: "exact",
    index: { kind: "hnsw", m: 16, ef_construct: 200 },
    quantization: "int8",
    indexed_fields: ["topic"],
    settings: {},
    problem: null,
  });
});
