import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { WorkerClient } from "./worker-client.ts";
import { workerUrl } from "./worker-url.ts";

const options = {
  path: ":memory:",
  synchronous: "normal",
  lockTimeoutMs: 1000,
  maxIndexBytes: 2 ** 20,
} as const;
const check = { method: "check", params: {} } as const;

test("rejects every running call when the worker dies, and starts another worker for the next call", async () => {
  let entry = new URL("../fixtures/exits.ts", import.meta.url);
  const client = new WorkerClient(options, () => entry);
  const outcomes = await Promise.allSettled([client.call(check), client.call(check)]);
  expect(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason)).toMatchObject([
    { code: "worker_failed", retryable: true, cause: { message: "out of luck" } },
    { code: "worker_failed", retryable: true },
  ]);

  entry = workerUrl();
  expect(await client.call(check)).toMatchObject({ collections: 0 });
  await client.close();
});

test("refuses calls after it is closed, and closes twice, before and after its use", async () => {
  const unused = new WorkerClient(options);
  await unused.close();
  await unused.close();
  await expect(unused.call(check)).rejects.toMatchObject({ code: "closed" });

  const used = new WorkerClient(options);
  const running = used.call(check);
  await used.close();
  await used.close();
  expect(await running).toMatchObject({ collections: 0 });
  await expect(used.call(check)).rejects.toMatchObject({ code: "closed" });
});

test("rejects an aborted call with the signal's own reason, and leaves no listener behind", async () => {
  const client = new WorkerClient(options);
  const reason = new Error("changed my mind");
  const controller = new AbortController();
  const running = client.call(check, { signal: controller.signal });
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  await expect(client.call(check, { signal: controller.signal })).rejects.toBe(reason);

  const { signal } = new AbortController();
  await client.call(check, { signal });
  expect(getEventListeners(signal, "abort")).toEqual([]);
  await client.close();
});

test("rejects a call after its deadline before it asks the worker", async () => {
  const client = new WorkerClient(options);
  await expect(client.call(check, { deadlineAt: Date.now() - 1 })).rejects.toMatchObject({ code: "timeout" });
  await client.close();
});

test("refuses data that cannot be copied to the worker, with an error that blames the caller", async () => {
  const client = new WorkerClient(options);
  let nested: object = {};
  for (let depth = 0; depth < 100_000; depth++) nested = { $not: nested };
  // Only JavaScript callers can do this.
  for (const filter of [{ year: () => 2020 }, nested]) {
    const params: { collection: string; tenant: undefined; selector: object } = {
      collection: "a",
      tenant: undefined,
      selector: { filter },
    };
    await expect(client.call({ method: "count", params })).rejects.toMatchObject({
      name: "ConfigurationError",
    });
  }
  expect(await client.call(check)).toMatchObject({ collections: 0 });
  await client.close();
});
