import { FakeInferenceBackend, type FakeReply } from "@binnacle/core/testing";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHandbook, type OpenedHandbook } from "../testing/open-handbook.ts";
import { createApp } from "./create-app.ts";
import { chatReply, type ChatReply } from "./schemas.ts";

let opened: OpenedHandbook;

beforeAll(async () => {
  opened = await openHandbook();
});

afterAll(async () => {
  await opened.dispose();
});

const ask = { method: "POST", url: "/chat", payload: { message: "When are backups taken?" } } as const;
const events = { ...ask, headers: { accept: "text/event-stream" } };

/** Returns the reply of `POST /chat`, after checking that JSON and the last stream event are equal. */
async function repliesOf(app: FastifyInstance): Promise<ChatReply> {
  const reply = chatReply.strict().parse((await app.inject(ask)).json());
  const { body } = await app.inject(events);
  const [, done = ""] = body.split("event: done\ndata: ");
  expect(JSON.parse(done)).toEqual(reply);
  return reply;
}

async function replyTo(said: FakeReply): Promise<ChatReply> {
  const app = await createApp(opened.answeredBy(new FakeInferenceBackend({ replies: [said] })));
  const reply = await repliesOf(app);
  await app.close();
  return reply;
}

describe("the reply of POST /chat", () => {
  test.each([
    ["stop", { text: "Every night at 02:30 [1]." }],
    ["length", { text: "Every night at 02:30 [1].", finishReason: "length" }],
    ["content-filter", { text: "Every night at 02:30 [1].", finishReason: "content-filter" }],
    ["repeated", { text: `Every night [1]. ${"At 02:30 [1]. ".repeat(40)}` }],
  ] as const)("includes the model's finish reason: %s", async (finishReason, said) => {
    expect(await replyTo(said)).toMatchObject({ mode: "generated", finishReason });
  });

  test("includes the sources of the answer, also if nothing is cited", async () => {
    const { citations, sources, answer } = await replyTo("Whenever the weather is fine.");
    expect({ answer, citations }).toEqual({ answer: "Whenever the weather is fine.", citations: [] });
    expect(sources).toMatchObject([
      { number: 1, documentId: "backups.md", title: "Backups", path: ["Backups"], start: 0, end: 162 },
    ]);
  });

  test("includes the answer's confidence, but not for a refusal (Q45)", async () => {
    const { confidence } = await replyTo("Every night at 02:30 [1].");
    expect(confidence).toBeGreaterThan(0.5);
    expect(await replyTo("Nothing in these documents answers that.")).not.toHaveProperty("confidence");
  });

  test("gives a reason for a refusal and the nearest passages, and a request can switch it off (Q45)", async () => {
    const app = await createApp(opened.system);
    const message = "What is the melting point of the backups of tungsten?";
    const post = async (refuse?: string): Promise<ChatReply> =>
      chatReply.parse((await app.inject({ ...ask, payload: { message, refuse } })).json());
    const { mode, refusal } = await post();
    expect({ mode, reason: refusal?.reason }).toEqual({ mode: "none", reason: "unrelated" });
    expect(refusal?.nearest[0]).toMatchObject({ documentId: "backups.md", title: "Backups" });
    const answered = await post("off");
    expect(answered.mode).toBe("extractive");
    expect(answered).not.toHaveProperty("refusal");
    expect((await app.inject({ ...ask, payload: { message, refuse: "never" } })).statusCode).toBe(400);
    await app.close();
  });

  test("has no finish reason without a model", async () => {
    const app = await createApp(opened.system);
    expect(await repliesOf(app)).not.toHaveProperty("finishReason");
    await app.close();
  });

  test("distinguishes two folders without showing this machine's paths", async () => {
    const two = await openHandbook({ "backups.md": "# Backups\n\nBackups are taken at high water too.\n" });
    const app = await createApp(two.system);
    const reply = await repliesOf(app);
    const names = two.paths.map((path) => path.split("/").at(-1));
    expect(new Set(reply.citations.map(({ folder }) => folder))).toEqual(new Set(names));
    expect(new Set(reply.sources.map(({ folder }) => folder))).toEqual(new Set(names));
    for (const path of two.paths) expect(JSON.stringify(reply)).not.toContain(path);
    await app.close();
    await two.dispose();
  });
});
