import { randomUUID } from "node:crypto";
import type { CallOptions } from "@binnacle/core";
import { z } from "zod";
import { collectionPath } from "../wire/collection-path.ts";
import type { QdrantApi } from "../wire/qdrant-api.ts";
import { confirm } from "../write/batch-writer.ts";
import { renewal } from "../write/epoch-chain.ts";

/**
 * Gives a restored collection a new incarnation, and new tokens to the epochs of all its tenants. The tokens
 * come first: another process may still hold the old incarnation, and must not see an epoch of the past.
 */
export async function renewCollection(
  name: string,
  api: QdrantApi,
  call: CallOptions | undefined,
): Promise<string> {
  const batch = {
    method: "POST",
    path: collectionPath(name, "/points/batch"),
    query: { wait: true },
    json: { operations: [renewal()] },
    collection: name,
  } as const;
  await api.answer(batch, (value) => confirm(value, name), call);
  const incarnation = randomUUID();
  const json = { metadata: { "binnacle.incarnation": incarnation, "binnacle.name": name } };
  const request = { method: "PATCH", path: collectionPath(name), json, collection: name } as const;
  await api.result(request, z.literal(true), call);
  return incarnation;
}
