import type { Upsert } from "@binnacle/core";
import type { HttpFetch } from "@binnacle/core/kit";
import { expect, test } from "vitest";
import { chunkPayload } from "./fixtures/chunk-payload.ts";
import { confirming, scriptedServer } from "./fixtures/scripted-server.ts";
import { QdrantStore } from "./qdrant-store.ts";

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const query = { legs: [{ dense: Float32Array.of(1, 0, 0) }], limit: 1 } as const;
const upsert = (n: number): Upsert => ({
  type: "upsert",
  id: idOf(n),
  chunk: { ...chunkPayload, spaceId: "space", encoderId: "encoder" },
  metadata: {},
  dense: Float32Array.of(3, 4, 0),
  sparse: { indices: Uint32Array.of(7), values: Float32Array.of(0.5) },
});
/** A server that accepts requests and answers none. */
const silent: HttpFetch = (_, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
const hungStore = () => new QdrantStore({ url: "http://qdrant.test:6333", fetch: silent });

test.each(["search", "write"] as const)(
  "ends a %s at a hung server by the caller's signal or deadline (T26)",
  async (method) => {
    const docs = hungStore().collection("docs");
    const call = (options: object) =>
      method === "search" ? docs.search(query, options) : docs.write([upsert(1)], options);
    const controller = new AbortController();
    const waiting = call({ signal: controller.signal });
    controller.abort("left");
    await expect(waiting).rejects.toBe("left");
    await expect(call({ deadlineAt: Date.now() + 20 })).rejects.toMatchObject({ name: "TimeoutError" });
  },
);

test("lets other work run while it encodes a large batch (T26)", async () => {
  const { store } = scriptedServer(confirming);
  let turns = 0;
  let isRunning = true;
  const count = (): void => {
    turns += 1;
    if (isRunning) setImmediate(count);
  };
  const docs = store.collection("docs");
  await docs.count();
  setImmediate(count);
  const { failures } = await docs.write(Array.from({ length: 320 }, (_, n) => upsert(n)));
  isRunning = false;
  expect(failures.size).toBe(0);
  expect(turns).toBeGreaterThanOrEqual(5);
});
