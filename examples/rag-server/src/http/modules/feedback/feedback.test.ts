import { FakeEmbedder, FakeInferenceBackend } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ingestFolder } from "../../../commands/ingest.ts";
import { createKeyRing } from "../../../guard/keys/key-ring.ts";
import { handbook } from "../../../testing/handbook.ts";
import { openApi, type OpenedApi } from "../../../testing/open-api.ts";
import { temporaryFolder } from "../../../testing/temporary-folder.ts";
import { testKey } from "../../../testing/test-keys.ts";
import { localPrincipal } from "../../../guard/principal.ts";
import { createLearning } from "./learning.ts";
import { chatReply, type ChatReply } from "../../schemas.ts";

const acme = testKey("acme", { roles: ["reader"], tenant: "acme" });
const rival = testKey("rival", { roles: ["reader"], tenant: "rival" });
const admin = testKey("admin", { roles: ["admin"] });
const backend = new FakeInferenceBackend({ replies: () => "At half past two [1]." });
const question = "When are backups taken?";

let api: OpenedApi;

beforeAll(async () => {
  const keys = createKeyRing(() => [acme.stored, rival.stored, admin.stored]);
  api = await openApi({ keys, parts: { backend, embedder: new FakeEmbedder({ dimensions: 64 }) } });
  const folder = await temporaryFolder(handbook);
  await ingestFolder(api.system, { place: folder.path });
  await folder.dispose();
});

afterAll(() => api.close());

async function ask(key: typeof acme, more: object = {}): Promise<ChatReply> {
  const payload = { message: question, ...more };
  const reply = await api.app.inject({ method: "POST", url: "/chat", payload, headers: key.headers });
  expect(reply.statusCode, reply.body).toBe(200);
  return chatReply.parse(reply.json());
}

const judge = (key: typeof acme, body: object) => api.call("POST", "/feedback", body, key.headers);
const lastPrompt = (): string => JSON.stringify(backend.requests.at(-1)?.messages);

async function judged(key: typeof acme, more: object = {}) {
  const { session } = await ask(key, { sessionId: "new" });
  return await judge(key, { session_id: session?.id, feedback: 1, consent: true, ...more });
}

describe("answers that learn from feedback", () => {
  test("shows the model a liked answer, only if the request asks for it (Q56)", async () => {
    expect(await ask(acme, { learn: true })).toMatchObject({ examples: 0 });
    expect((await judged(acme)).json()).toEqual({ outcome: "stored", question });
    expect(await ask(acme)).not.toHaveProperty("examples");
    expect(lastPrompt()).not.toContain("earlier answers helpful");
    expect(await ask(acme, { learn: true })).toMatchObject({ examples: 1 });
    expect(lastPrompt()).toContain("earlier answers helpful");
    expect(lastPrompt()).toContain("Answer: At half past two.");
  });

  test("keeps what a tenant taught from other tenants and from the operator (Q56, Q53)", async () => {
    expect(await ask(rival, { learn: true })).toMatchObject({ examples: 0 });
    expect(await ask(admin, { learn: true })).toMatchObject({ examples: 0 });
    expect((await judged(admin)).json()).toMatchObject({ outcome: "stored" });
    expect(await ask(admin, { learn: true })).toMatchObject({ examples: 1 });
    const { session } = await ask(acme, { sessionId: "new" });
    const foreign = await judge(rival, { session_id: session?.id, feedback: 1, consent: true });
    expect(foreign.statusCode).toBe(404);
  });

  test("keeps the collection of feedback out of every other route (Q56)", async () => {
    const name = "binnacle_feedback_of_tenants";
    expect((await api.system.store.listCollections()).map((one) => one.name)).toContain(name);
    const list = await api.call("GET", "/collections", undefined, admin.headers);
    expect(list.body).not.toContain("binnacle_");
    const forged = { collection: name, text: "x", metadata: {} };
    const written = await api.call("POST", "/vectors/insert", forged, {
      ...admin.headers,
      "x-tenant": "acme",
    });
    expect(written.statusCode).toBe(404);
    const created = { name: "binnacle_mine", dimensions: 2 };
    expect((await api.call("POST", "/collections", created, admin.headers)).statusCode).toBe(403);
  });

  test("stores nothing without consent, and forgets a user (Q56)", async () => {
    expect((await judged(rival, { consent: false })).json()).toMatchObject({ outcome: "no_consent" });
    expect(await ask(rival, { learn: true })).toMatchObject({ examples: 0 });
    await judged(rival, { user: "u-1" });
    expect(await ask(rival, { learn: true })).toMatchObject({ examples: 1 });
    const forget = (user: string) =>
      api.call("DELETE", `/feedback?user=${user}`, undefined, rival.headers).then((reply) => reply.json());
    expect(await forget("u-2")).toEqual({ deleted: 0 });
    expect(await forget("u-1")).toEqual({ deleted: 1 });
    expect(await ask(rival, { learn: true })).toMatchObject({ examples: 0 });
  });

  test.each([
    ["feedback out of range", { session_id: "s", feedback: 2, consent: true }, 400],
    ["a lost session", { session_id: "s", feedback: 1, consent: true }, 404],
    ["an answer that the caller wrote", { question: "Q", answer: "A", feedback: 1, consent: true }, 400],
  ])("refuses %s", async (_, body, status) => {
    expect((await judge(acme, body)).statusCode).toBe(status);
  });

  test("answers without examples and still forgets, after the embedder changed or was removed (Q56)", async () => {
    const learn = async (embedder: FakeEmbedder) => {
      const learning = createLearning(api.system.store, embedder);
      const outcome = { question, answer: "At two.", user: "u-9", feedback: 1, consent: true };
      expect(await learning.learn(localPrincipal, outcome, {})).toBe("stored");
    };
    const { store } = api.system;
    for (const embedder of [new FakeEmbedder({ dimensions: 16 }), undefined]) {
      await learn(new FakeEmbedder({ dimensions: 64 }));
      const log: string[] = [];
      const parts = { backend, store, embedder };
      const changed = await openApi({ parts, log: { write: (line: string) => void log.push(line) } });
      const payload = { message: question, learn: true };
      const reply = await changed.app.inject({ method: "POST", url: "/chat", payload });
      expect(reply.json()).toMatchObject(embedder ? { examples: 0 } : { code: "no_embedder" });
      if (embedder) expect(log.join("")).toContain("collection_mismatch");
      const forgotten = await changed.call("DELETE", "/feedback?user=u-9");
      await changed.close();
      expect(forgotten.json()).toEqual({ deleted: 1 });
    }
  });

  test("needs an embedder to learn", async () => {
    const plain = await openApi({ parts: { backend, embedder: undefined } });
    const reply = await plain.app.inject({
      method: "POST",
      url: "/chat",
      payload: { message: "When?", learn: true },
    });
    expect(reply.json()).toMatchObject({ code: "no_embedder" });
    expect(reply.statusCode).toBe(501);
    await plain.close();
  });
});
