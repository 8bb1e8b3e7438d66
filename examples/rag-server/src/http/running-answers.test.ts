import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { InferenceBackend } from "@binnacle/core";
import { FakeInferenceBackend } from "@binnacle/core/testing";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { openHandbook, type OpenedHandbook } from "../testing/open-handbook.ts";
import { pacedBackend } from "../testing/paced-backend.ts";
import { createApp } from "./create-app.ts";
import { createRunningAnswers } from "./running-answers.ts";

const talkative = new FakeInferenceBackend({ replies: ["and so on ".repeat(100)] });

let opened: OpenedHandbook;
let app: FastifyInstance;

beforeAll(async () => {
  opened = await openHandbook();
});

afterEach(() => app.close());
afterAll(() => opened.dispose());

async function listen(backend: InferenceBackend, graceMs: number): Promise<string> {
  app = await createApp(opened.answeredBy(backend), { graceMs });
  return await app.listen({ host: "127.0.0.1", port: 0 });
}

function ask(url: string, accept: string): Promise<Response> {
  return fetch(new URL("/chat", url), {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify({ message: "When are backups taken?" }),
  });
}

describe("a server that stops", () => {
  test("lets a running answer end while the server stops, and refuses new requests", async () => {
    const { promise: written, resolve: write } = Promise.withResolvers<string>();
    const asked = vi.fn(() => written);
    const url = await listen(new FakeInferenceBackend({ replies: asked }), 30_000);
    const stream = ask(url, "text/event-stream").then((response) => response.text());
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());

    const closing = app.close();
    const refused = await ask(url, "application/json");
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: "stopped" });
    write("Every night at 02:30 [1].");
    expect(await stream).toMatch(/event: done\ndata: .*02:30.*\n\n$/);
    await closing;
    await expect(ask(url, "application/json")).rejects.toThrow();
  });

  test("reports the stop in an answer that takes too long", async () => {
    const url = await listen(pacedBackend(talkative, 50), 200);
    const stream = (await ask(url, "text/event-stream")).text();
    const startedAt = performance.now();
    const [events] = await Promise.all([stream, app.close()]);
    expect(events).toMatch(/event: error\ndata: \{"code":"stopped",.*\n\n$/);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test("replies 503 instead if there is no stream", async () => {
    const url = await listen(pacedBackend(talkative, 50), 200);
    const asked = vi.spyOn(talkative, "stream");
    const reply = ask(url, "application/json");
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    asked.mockRestore();
    await app.close();
    expect((await reply).status).toBe(503);
    expect(await (await reply).json()).toMatchObject({ code: "stopped" });
  });

  test("waits at most a second for a client that reads nothing", async () => {
    const running = createRunningAnswers();
    const signal = running.signalOf(new ServerResponse(new IncomingMessage(new Socket())));
    const startedAt = performance.now();
    await running.stop(200);
    expect(signal.reason).toMatchObject({ code: "stopped" });
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
