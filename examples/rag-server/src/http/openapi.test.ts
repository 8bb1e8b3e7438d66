import { ConfigurationError, InferenceError, TimeoutError } from "@binnacle/core";
import { FakeInferenceBackend } from "@binnacle/core/testing";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { openHandbook, type OpenedHandbook } from "../testing/open-handbook.ts";
import { pacedBackend } from "../testing/paced-backend.ts";
import { createApp } from "./create-app.ts";

const described = z.object({
  content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })),
});
const operation = z.object({ responses: z.record(z.string(), described) });
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

const json = { "content-type": "application/json" };
const ask = { method: "POST", url: "/chat", payload: { message: "When are backups taken?" } } as const;
const failing = (error: Error) => new FakeInferenceBackend({ replies: [{ text: "Every ", error }] });

let opened: OpenedHandbook;
let app: FastifyInstance;
let replies: z.output<typeof operation>["responses"];

beforeAll(async () => {
  opened = await openHandbook();
  app = await createApp(opened.system);
  const { paths } = document.parse((await app.inject({ url: "/docs/json" })).json());
  replies = paths["/chat"]?.["post"]?.responses ?? {};
});

afterAll(async () => {
  await app.close();
  await opened.dispose();
});

/** Checks a real reply against the description of its status. */
async function expectAsDescribed(
  reply: Awaited<ReturnType<FastifyInstance["inject"]>>,
  status: number,
): Promise<void> {
  expect(reply.statusCode).toBe(status);
  const [type = ""] = String(reply.headers["content-type"]).split(";");
  const schema = replies[status]?.content[type]?.schema;
  expect(schema, `${status} ${type} is described`).toBeDefined();
  const body: unknown = type === "application/json" ? reply.json() : reply.body;
  z.fromJSONSchema(z.record(z.string(), z.any()).parse(schema)).parse(body);
}

describe("the description of POST /chat", () => {
  test("describes an answer as JSON and as events (T9)", async () => {
    await expectAsDescribed(await app.inject(ask), 200);
    await expectAsDescribed(await app.inject({ ...ask, headers: { accept: "text/event-stream" } }), 200);
    expect(Object.keys(replies["200"]?.content ?? {})).toEqual(["application/json", "text/event-stream"]);
  });

  test("describes the client's faults (T9)", async () => {
    await expectAsDescribed(await app.inject({ ...ask, payload: {} }), 400);
    await expectAsDescribed(await app.inject({ ...ask, headers: json, payload: "{" }), 400);
    await expectAsDescribed(await app.inject({ ...ask, payload: { message: "x".repeat(70_000) } }), 413);
    const xml = { "content-type": "application/xml" };
    await expectAsDescribed(await app.inject({ ...ask, headers: xml, payload: "<message/>" }), 415);
    const strict = await createApp(opened.system, { requestsPerMinute: 0 });
    await expectAsDescribed(await strict.inject(ask), 429);
    await strict.close();
    const narrow = await createApp(opened.system, { hostNames: ["localhost"] });
    await expectAsDescribed(await narrow.inject({ ...ask, headers: { host: "evil.example" } }), 421);
    await narrow.close();
  });

  test.each([
    [409, new ConfigurationError("another model", { code: "wrong_space" })],
    [422, new InferenceError("too long", { kind: "too-long" })],
    [500, new Error("a bug")],
    [502, new InferenceError("gone", { kind: "unreachable" })],
    [504, new TimeoutError("too late", { afterMs: 1, phase: "total" })],
  ])("describes the server's faults: %s (T9)", async (status, error) => {
    const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const broken = await createApp(opened.answeredBy(failing(error)));
    const reply = await broken.inject(ask);
    await broken.close();
    log.mockRestore();
    await expectAsDescribed(reply, status);
  });

  test("describes a server that stops (T9)", async () => {
    const backend = new FakeInferenceBackend({ replies: ["Every night."] });
    const asked = vi.spyOn(backend, "stream");
    const stopping = await createApp(opened.answeredBy(pacedBackend(backend, 60_000)), { graceMs: 10 });
    const reply = stopping.inject(ask);
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    await stopping.close();
    await expectAsDescribed(await reply, 503);
  });
});

test("has a description that another program reads without a complaint (T9)", async () => {
  const found = await new Validator().validate(
    (await app.inject({ url: "/docs/json" })).json<Record<string, unknown>>(),
  );
  expect(found.errors).toBeUndefined();
  expect(found.valid).toBe(true);
});
