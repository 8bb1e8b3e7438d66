import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { InferenceError } from "@binnacle/core";
import { FakeInferenceBackend } from "@binnacle/core/testing";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { ingestFolder } from "../commands/ingest.ts";
import { openRagSystem, type RagSystem } from "../rag-system.ts";
import { handbook } from "../testing/handbook.ts";
import { temporaryFolder, type TemporaryFolder } from "../testing/temporary-folder.ts";
import { createApp } from "./create-app.ts";
import { chatBatchReply, chatReply, healthReply } from "./schemas.ts";

const textEvent = z.object({ text: z.string() });

let docs: TemporaryFolder;
let data: TemporaryFolder;
let system: RagSystem;
let app: FastifyInstance;

beforeAll(async () => {
  docs = await temporaryFolder(handbook);
  data = await temporaryFolder();
  system = await openRagSystem({ data: data.path, collection: "documents", environment: {} });
  await ingestFolder(system, { place: docs.path });
  app = await createApp(system);
});

afterAll(async () => {
  await app.close();
  await system.close();
  await docs.dispose();
  await data.dispose();
});

describe("POST /chat", () => {
  test("answers a chat in JSON with exact citations (T6, T46)", async () => {
    const response = await app.inject({
      method: "POST",
      url: "/chat",
      payload: { message: "How do I rotate the signing key?" },
    });
    expect(response.statusCode).toBe(200);
    const reply = chatReply.parse(response.json());
    expect(reply.mode).toBe("extractive");
    for (const { documentId, start, end, text } of reply.citations)
      expect(handbook[documentId]?.slice(start, end)).toBe(text);
  });

  test("answers a follow-up from the turns that the client sends (T6, T46)", async () => {
    const history = [{ question: "When are backups taken?", answer: "Every night at 02:30 [1]." }];
    const ask = (payload: object) => app.inject({ method: "POST", url: "/chat", payload });
    const followed = chatReply.parse((await ask({ message: "And how long are they kept?", history })).json());
    expect(followed).toMatchObject({ question: "And how long are they kept?", mode: "extractive" });
    expect(followed.completedQuestion).toBe("And how long are they kept? (backups)");
    expect(followed.citations[0]?.documentId).toBe("backups.md");
    const own = chatReply.parse((await ask({ message: "How do I rotate the signing key?", history })).json());
    expect(own.completedQuestion).toBeUndefined();
    expect(own.citations[0]?.documentId).toBe("signing.md");
    const refused = await ask({ message: "And?", history: [{ question: "When?", answer: "" }] });
    expect([refused.statusCode, refused.json().issues[0].path]).toEqual([400, "history/0/answer"]);
  });

  test("streams a chat's text and ends with the whole reply (T47)", async () => {
    const headers = { accept: "text/event-stream" };
    const response = await app.inject({
      method: "POST",
      url: "/chat",
      headers,
      payload: { message: "When are backups taken?" },
    });
    expect(response.headers["content-type"]).toContain("text/event-stream");
    const events = response.body.trimEnd().split("\n\n").map(parseEvent);
    const done = chatReply.parse(events.at(-1)?.data);
    const text = events
      .flatMap(({ name, data }) => (name === "text" ? [textEvent.parse(data).text] : []))
      .join("");
    expect(events.at(-1)?.name).toBe("done");
    expect(text).toBe(done.answer);
  });

  test("keeps cross-origin headers on a stream and shows no path of this machine (T5)", async () => {
    const open = await createApp(system, { allowedOrigins: ["https://intranet.test"] });
    const headers = { accept: "text/event-stream", origin: "https://intranet.test" };
    const payload = { message: "When are backups taken?" };
    const response = await open.inject({ method: "POST", url: "/chat", headers, payload });
    await open.close();
    expect(response.headers["access-control-allow-origin"]).toBe("https://intranet.test");
    expect(response.body).toContain("event: done");
    expect(response.body).not.toContain(docs.path);
  });

  test("streams the usage of the answer with the whole reply (T47)", async () => {
    const usage = { promptTokens: 9, completionTokens: 4 };
    const backend = new FakeInferenceBackend({ replies: [{ text: "Every night [1].", usage }] });
    const counting = await createApp({ ...system, backend });
    const headers = { accept: "text/event-stream" };
    const payload = { message: "When are backups taken?" };
    const response = await counting.inject({ method: "POST", url: "/chat", headers, payload });
    await counting.close();
    expect(response.body).toMatch(/event: done\ndata: .*"usage":\{"promptTokens":9,"completionTokens":4\}/);
  });

  test("answers a batch with an outcome for each question, and passes on the request's id (T6)", async () => {
    const backend = new FakeInferenceBackend({
      replies: ({ messages }) =>
        JSON.stringify(messages).includes("explode")
          ? { text: "", error: new InferenceError("gone", { kind: "unreachable" }) }
          : "Every night [1].",
    });
    const asked = vi.spyOn(backend, "stream");
    const many = await createApp({ ...system, backend });
    const payload = { messages: ["When are backups taken?", "When do backups explode?"], refuse: "off" };
    const headers = { "x-request-id": "r-7" };
    const response = await many.inject({ method: "POST", url: "/chat", payload, headers });
    await many.close();
    expect(response.statusCode).toBe(207);
    expect(chatBatchReply.parse(response.json())).toMatchObject({
      succeeded: 1,
      failed: 1,
      outcomes: [
        { index: 0, status: "ok", reply: { question: "When are backups taken?", mode: "generated" } },
        { index: 1, status: "failed", error: { code: "inference_unreachable" } },
      ],
    });
    expect(asked.mock.calls[0]?.[1]).toMatchObject({ requestId: "r-7" });
    const both = { message: "x", messages: ["y"] };
    expect((await app.inject({ method: "POST", url: "/chat", payload: both })).statusCode).toBe(400);
  });

  test("ends the answer when the client leaves in the middle of the stream", async () => {
    const backend = new FakeInferenceBackend({ replies: ["and so on ".repeat(100_000)] });
    const asked = vi.spyOn(backend, "stream");
    const talkative = await createApp({ ...system, backend });
    const url = await talkative.listen({ host: "127.0.0.1", port: 0 });
    const leave = new AbortController();
    const response = await fetch(new URL("/chat", url), {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ message: "When are backups taken?" }),
      signal: leave.signal,
    });
    await response.body?.getReader().read();
    leave.abort();
    const signal = asked.mock.calls[0]?.[1]?.signal;
    await vi.waitFor(() => expect(signal?.aborted).toBe(true));
    await talkative.close();
  });
});

test("reports an unknown path in the same form as every failure", async () => {
  const response = await app.inject({ url: "/nothing?here=1" });
  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({ code: "not_found", message: expect.stringContaining("/nothing;") });
});

test("refuses a missing, empty, long or misspelt question with status 400 and names the field", async () => {
  for (const payload of [
    {},
    { message: " " },
    { message: "x".repeat(4001) },
    { message: "x", mesage: "y" },
  ]) {
    const response = await app.inject({ method: "POST", url: "/chat", payload });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: "invalid_request" });
    expect(response.body).toMatch(/mes/);
  }
});

describe("GET /health", () => {
  test("asks the store for health and counts what is indexed (T8, Q4, Q18)", async () => {
    const report = healthReply.parse((await app.inject({ url: "/health" })).json());
    expect(report).toMatchObject({
      status: "ok",
      components: { store: { status: "ok" } },
      index: { documents: 3 },
    });
    expect(healthReply.parse((await app.inject({ url: "/api/v1/health" })).json())).toMatchObject({
      components: { store: { status: "ok", since: expect.stringMatching(/^20.*Z$/) } },
    });
    expect((await app.inject({ url: "/health/live" })).json()).toMatchObject({ status: "ok" });
  });

  test("counts the index once, and again after a write", async () => {
    const handle = system.store.collection(system.collection);
    const count = vi.spyOn(handle, "count");
    const handles = vi.spyOn(system.store, "collection").mockReturnValue(handle);
    const counting = await createApp(system);
    for (let i = 0; i < 3; i++) await counting.inject({ url: "/health" });
    expect(count).toHaveBeenCalledTimes(2); // documents and chunks
    await docs.write({ "tides.md": "# Tides\n\nHigh water is at noon.\n" });
    await ingestFolder(system, { place: docs.path });
    expect((await counting.inject({ url: "/health" })).json()).toMatchObject({ index: { documents: 4 } });
    handles.mockRestore();
    await counting.close();
  });
});

test("describes every route from its schemas (T9)", async () => {
  const document = (await app.inject({ url: "/docs/json" })).json<{ paths: Record<string, unknown> }>();
  const routes = app
    .apiRoutes()
    .flatMap(({ method, path, access }) => (access === "public" || method === "HEAD" ? [] : [path]));
  const described = new Set(routes.map((path) => path.replaceAll(/:(\w+)/g, "{$1}")));
  expect(described.size).toBeGreaterThan(10);
  expect(Object.keys(document.paths).sort()).toEqual([...described, "/health/live", "/health/ready"].sort());
  expect(JSON.stringify(document.paths["/chat"])).toContain("UTF-16 index");
});

test("serves the pages and their parts, and forbids loading from elsewhere (T3, Q62)", async () => {
  const pages = await Promise.all(["/", "/collections", "/analytics"].map((url) => app.inject({ url })));
  for (const { headers } of pages) {
    expect(headers["content-type"]).toContain("text/html");
    expect(headers["content-security-policy"]).toContain("default-src 'self'");
    expect(headers["content-security-policy"]).toContain("script-src 'self';");
  }
  const folder = new URL("../../public/", import.meta.url);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8")),
  );
  const scripts = texts.filter((_, at) => files[at]?.name.endsWith(".js")).join("");
  for (const { parentPath, name } of files) {
    if (name !== "index.html")
      expect([...pages.map(({ body }) => body), scripts].join("")).toContain(name.replace(/\.html$/, ""));
    const url = relative(fileURLToPath(folder), join(parentPath, name));
    expect((await app.inject({ url: `/${url}` })).statusCode).toBe(200);
  }
  expect(scripts).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write/);
  expect(pages.map(({ body }) => body).join("")).not.toMatch(
    /<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/,
  );
});

test("asks a client with too many requests to wait, but still serves the page and health (T60)", async () => {
  const strict = await createApp(system, { requestsPerMinute: 2 });
  const ask = { method: "POST", url: "/chat", payload: { message: "When are backups taken?" } } as const;
  const statuses = [];
  for (const path of ["/health/live", "/health", "/health/ready", "/", "/chat.js", "/icon.svg"])
    statuses.push((await strict.inject({ url: path })).statusCode);
  for (let i = 0; i < 2; i++) statuses.push((await strict.inject(ask)).statusCode);
  const refused = await strict.inject(ask);
  statuses.push((await strict.inject({ url: "/health" })).statusCode);
  await strict.close();
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(refused.statusCode).toBe(429);
  expect(refused.json()).toMatchObject({ code: "rate_limited" });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
});

function parseEvent(block: string): { name: string; data: unknown } {
  const [event = "", data = ""] = block.split("\n");
  return { name: event.replace("event: ", ""), data: JSON.parse(data.replace("data: ", "")) };
}
