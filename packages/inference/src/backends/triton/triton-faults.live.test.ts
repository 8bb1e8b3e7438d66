import { blameOf } from "@binnacle/core";
import { getEventListeners } from "node:events";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startTriton, tritonMissing, type Triton } from "../../../../../tests/servers/triton.ts";
import { TritonBackend } from "./triton-backend.ts";
import { TritonClient } from "./triton-client.ts";
import { TritonEmbedder } from "./triton-embedder.ts";
import type { InferRequest } from "./wire/infer-message.ts";

const missing = await tritonMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const asked = (content: string) => ({ messages: [{ role: "user" as const, content }] });
const long = asked("word ".repeat(400)); // two seconds
const slow = (ms: number): InferRequest => ({
  model: "slow",
  inputs: [{ name: "ms", datatype: "INT32", shape: [1, 1], data: Int32Array.of(ms) }],
});
const faulty = (mode: string): InferRequest => ({
  model: "faulty",
  inputs: [{ name: "mode", datatype: "BYTES", shape: [1, 1], data: [mode] }],
});

describe.skipIf(missing !== undefined)(`a Triton in trouble${because}`, () => {
  const closables: { close(): Promise<void> }[] = [];
  let shared: Triton;
  beforeAll(async () => {
    shared = await startTriton({ own: true });
  });
  afterAll(() => shared.close());
  const closing = <T extends { close(): Promise<void> }>(one: T): T => {
    closables.push(one);
    return one;
  };
  const backendOf = ({ url }: Triton, maxAttempts = 1): TritonBackend =>
    closing(new TritonBackend({ url, model: "text-stream", maxAttempts }));
  const clientOf = ({ url }: Triton, maxAttempts = 1): TritonClient =>
    closing(new TritonClient({ url, maxAttempts }));
  afterEach(async () => {
    for (const one of closables.splice(0).reverse()) await one.close();
  });

  test("frees the server's slot within 50 ms of an abort, and keeps no listener", async () => {
    const backend = backendOf(shared);
    await backend.generate(asked("warm"));
    const warmMs = await timed(() => backend.generate(asked("warm")));
    const controller = new AbortController();
    const reason = new Error("enough");
    const reading = (async () => {
      for await (const event of backend.stream(long, { signal: controller.signal }))
        if (event.type === "text") controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    // The model answers one request after another, so the next answer waits for the slot.
    expect(await timed(() => backend.generate(asked("next")))).toBeLessThan(warmMs + 50);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  test("ends a call that is aborted before its first token or within a unary call at once", async () => {
    const backend = backendOf(shared);
    const client = clientOf(shared);
    await backend.generate(asked("warm"));
    const busy = backend.generate(asked("word ".repeat(80)));
    for (const call of [
      (signal: AbortSignal) => backend.generate(long, { signal }),
      (signal: AbortSignal) => client.infer(slow(3_000), { signal }),
    ]) {
      const controller = new AbortController();
      const pending = call(controller.signal);
      const left = expect(pending).rejects.toBe("left");
      await setTimeout(60);
      const startedAt = performance.now();
      controller.abort("left");
      await left;
      expect(performance.now() - startedAt).toBeLessThan(50);
      expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    }
    await busy;
    // The sleeping model saw that its request was cancelled.
    expect(await timed(() => client.infer(slow(1)))).toBeLessThan(1_500);
  });

  test("ends by the idle timer when the server stops in mid-stream, and then opens a new connection", async () => {
    const backend = closing(new TritonBackend({ url: shared.url, model: "text-stream", idleTimeoutMs: 400 }));
    const reading = (async () => {
      for await (const event of backend.stream(long)) if (event.type === "text") shared.signal("SIGSTOP");
    })();
    await expect(reading).rejects.toMatchObject({ code: "timeout", phase: "idle" });
    expect(await backend.health({ deadlineAt: Date.now() + 300 })).toMatchObject({ status: "down" });
    shared.signal("SIGCONT");
    expect(await backend.health()).toMatchObject({ status: "ok" });
    expect(await backend.generate(asked("one two"))).toMatchObject({ text: "two one" });
  });

  test("blames the replica for a dead model process, although the server says that it is ready", async () => {
    const client = clientOf(shared);
    expect((await client.infer(faulty("fine"))).outputs).toMatchObject([{ name: "out", shape: [1, 1] }]);
    await expect(client.infer(faulty("EXIT"))).rejects.toThrow();
    const error = await client.infer(faulty("fine")).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "engine-dead", retryable: true });
    expect(blameOf(error)).toBe("replica");
    expect(await client.isReady()).toBe(true);
    expect(await client.isReady({ model: "faulty" })).toBe(true);
    await client.unload("faulty");
    await client.load("faulty");
    expect((await client.infer(faulty("fine"))).model).toBe("faulty");
  });

  test("reports a full queue as overloaded, and waits for a place with further attempts", async () => {
    const client = clientOf(shared);
    const patient = clientOf(shared, 20);
    await client.infer(slow(1));
    const calls = Array.from({ length: 8 }, () => client.infer(slow(150)));
    const results = await Promise.allSettled(calls);
    const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(errors.length).toBeGreaterThanOrEqual(4);
    for (const error of errors) {
      expect(error).toMatchObject({ kind: "overloaded", retryable: true });
      expect(blameOf(error)).toBe("load");
    }
    const all = await Promise.all(Array.from({ length: 8 }, () => patient.infer(slow(20))));
    expect(all).toHaveLength(8);
  });

  test("reports an error in mid-stream with the partial answer, over gRPC and over HTTP", async () => {
    for (const url of [shared.url, shared.httpUrl]) {
      const backend = closing(new TritonBackend({ url, model: "text-stream", maxAttempts: 1 }));
      const error = await backend.generate(asked("never FAIL two one")).catch((thrown: unknown) => thrown);
      expect(error, url).toMatchObject({ kind: "server", partial: { text: "one two" } });
      expect(String(error)).toContain("failed on purpose");
      // Triton 2.51 would be gone if the stream had asked for the status with `triton_grpc_error`.
      // The channel still reports its last failed connection to the first call.
      const answer = await backend.generate(asked("two one"), { maxAttempts: 5 });
      expect(answer).toMatchObject({ text: "one two" });
    }
  });

  test("reports interrupted with the partial answer after a kill in mid-stream, and finds the restarted server", async () => {
    const first = closing(await startTriton({ own: true }));
    const backend = backendOf(first);
    const embedder = closing(new TritonEmbedder({ url: first.url, model: "qwen3-vl", maxAttempts: 10 }));
    await embedder.embed(["a"], { role: "document" });
    let seen = "";
    const reading = (async () => {
      for await (const event of backend.stream(long)) {
        if (event.type !== "text") continue;
        seen += event.text;
        if (seen.length > 40) first.signal("SIGKILL");
      }
    })();
    const error = await reading.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "interrupted", partial: { text: seen }, replica: first.url });
    expect(blameOf(error)).toBe("replica");
    await expect(backend.generate(long)).rejects.toMatchObject({ kind: "unreachable", retryable: true });
    expect(await backend.health()).toMatchObject({ status: "down" });
    await first.close(); // with the models' processes
    closing(await startTriton({ own: true, like: first }));
    const { outcomes } = await embedder.embed(["a"], { role: "document" });
    expect(outcomes).toEqual([expect.any(Float32Array)]);
    // The channel still reports its last failed connection to the first call.
    const answer = await backend.generate(asked("two one"), { maxAttempts: 5 });
    expect(answer).toMatchObject({ text: "one two" });
  });

  test("blames the server, not the request, while the server shuts down", async () => {
    const client = clientOf(shared);
    const endless = backendOf(shared).generate(asked("word ".repeat(3_000)));
    const cut = endless.catch((thrown: unknown) => thrown);
    await client.infer(slow(1));
    shared.signal("SIGTERM");
    const refusal = async (): Promise<unknown> => {
      for (;;) {
        const error = await client.infer(slow(1)).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error !== undefined) return error;
        await setTimeout(50);
      }
    };
    const error = await refusal();
    expect(error).toMatchObject({ retryable: true });
    expect(["starting", "replica"]).toContain(blameOf(error));
    await shared.close();
    // If the driver tried again while the server shut down, the error of that attempt counts.
    expect(await cut).toMatchObject({
      kind: expect.stringMatching(/^(interrupted|loading|unreachable)$/),
      retryable: true,
    });
  });
});

async function timed(call: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await call();
  return performance.now() - startedAt;
}
