import { expect, test } from "vitest";
import { METADATA, ok, scriptedServer } from "../fixtures/scripted-server.ts";

test("reports that the setting could not be restored, and the failure of the load", async () => {
  let patches = 0;
  const { store } = scriptedServer(() => {
    patches += 1;
    return patches === 1 ? ok(true) : { status: 500, body: '{"status":{"error":"consensus is down"}}' };
  });
  const loading = store.bulkLoad("docs", () => Promise.reject(new Error("no more documents")));
  await expect(loading).rejects.toMatchObject({
    code: "not_restored",
    message: expect.stringMatching(
      /10000, after the load failed: Error: no more documents\. Run bulkLoad again/,
    ),
  });
});

test("restores the setting although the caller aborted", async () => {
  const { store, requests } = scriptedServer(() => ok(true));
  const controller = new AbortController();
  const reason = new Error("enough");
  const load = async (): Promise<void> => {
    controller.abort(reason);
    controller.signal.throwIfAborted();
  };
  await expect(store.bulkLoad("docs", load, { signal: controller.signal })).rejects.toBe(reason);
  const patches = requests
    .filter(({ method }) => method === "PATCH")
    .map(({ json }) => json["optimizers_config"]);
  expect(patches).toEqual([{ indexing_threshold: 0 }, { indexing_threshold: 10_000 }]);
});

test("restores the setting that an interrupted load had saved", async () => {
  const metadata = { ...METADATA, "binnacle.indexing_threshold": 7_000 };
  const { store, requests } = scriptedServer(() => ok(true), { metadata });
  await store.bulkLoad("docs", async () => {});
  expect(requests.findLast(({ method }) => method === "PATCH")?.json).toEqual({
    optimizers_config: { indexing_threshold: 7_000 },
    metadata: { "binnacle.indexing_threshold": null },
  });
});
