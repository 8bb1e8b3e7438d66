import { FakeInferenceBackend } from "@binnacle/core/testing";
import { MemoryConversations } from "@binnacle/retriever";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ingestFolder } from "../../../commands/ingest.ts";
import { createKeyRing } from "../../../guard/keys/key-ring.ts";
import { handbook } from "../../../testing/handbook.ts";
import { openApi, type OpenedApi } from "../../../testing/open-api.ts";
import { temporaryFolder } from "../../../testing/temporary-folder.ts";
import { testKey } from "../../../testing/test-keys.ts";
import { chatBatchReply, chatReply, type ChatReply } from "../../schemas.ts";
import { sessionReply, sessionsReply } from "./session-schemas.ts";

const acme = testKey("acme", { roles: ["reader"], tenant: "acme" });
const rival = testKey("rival", { roles: ["reader"], tenant: "rival" });
const backend = new FakeInferenceBackend({ replies: () => "Every night at 02:30 [1]." });

let api: OpenedApi;
const conversations = new MemoryConversations();

beforeAll(async () => {
  const keys = createKeyRing(() => [acme.stored, rival.stored]);
  api = await openApi({ keys, parts: { backend, embedder: undefined }, conversations });
  const folder = await temporaryFolder(handbook);
  await ingestFolder(api.system, { place: folder.path });
  await folder.dispose();
});

afterAll(() => api.close());

const chat = (payload: object, { headers = {}, key = acme } = {}) =>
  api.app.inject({ method: "POST", url: "/chat", payload, headers: { ...key.headers, ...headers } });

async function begin(): Promise<ChatReply> {
  return chatReply.parse((await chat({ message: "When are backups taken?", sessionId: "new" })).json());
}

describe("chat sessions", () => {
  test("keeps the turns on the server, and answers a follow-up from them (T6)", async () => {
    const first = await begin();
    expect(first.session).toEqual({ id: expect.any(String), turns: 1, stored: true });
    const sessionId = first.session?.id ?? "";
    const before = backend.requests.length;
    const next = await chat({ message: "And how long are they kept?", sessionId });
    expect(chatReply.parse(next.json()).session).toEqual({ id: sessionId, turns: 2, stored: true });
    const sent = JSON.stringify(backend.requests.slice(before));
    expect(sent).toContain("When are backups taken?");
  });

  test("keeps a streamed turn before it sends done (T6)", async () => {
    const headers = { accept: "text/event-stream" };
    const asked = await chat({ message: "When are backups taken?", sessionId: "new" }, { headers });
    const [, data = ""] = /event: done\ndata: (.*)/.exec(asked.body) ?? [];
    const { session } = chatReply.parse(JSON.parse(data));
    const follow = await chat({ message: "And how long?", sessionId: session?.id });
    expect(follow.json()).toMatchObject({ session: { turns: 2 } });
  });

  test("answers a batch with a session in order, as its turns (T6)", async () => {
    const messages = ["When are backups taken?", "And how long are they kept?", "Who takes them?"];
    const { outcomes } = chatBatchReply.parse((await chat({ messages, sessionId: "new" })).json());
    expect(outcomes.map(({ reply }) => reply?.session?.turns)).toEqual([1, 2, 3]);
    const id = outcomes[0]?.reply?.session?.id ?? "";
    const read = sessionReply.parse(
      (await api.call("GET", `/sessions/${id}?limit=2&offset=1`, undefined, acme.headers)).json(),
    );
    expect(read.turns.map(({ question }) => question)).toEqual(messages.slice(1));
    expect(read).toMatchObject({ id, title: messages[0], turn_count: 3, next_offset: null });
  });

  test("lists sessions by pages, and deletes one (T6)", async () => {
    const [a, b] = [await begin(), await begin()];
    const list = async (query: string) =>
      sessionsReply.parse((await api.call("GET", `/sessions${query}`, undefined, acme.headers)).json());
    const page = await list("?limit=1");
    expect(page).toMatchObject({ sessions: [{ id: b.session?.id }], next_offset: 1 });
    expect((await list("?limit=1&offset=1")).sessions[0]?.id).toBe(a.session?.id);
    const path = `/sessions/${b.session?.id}`;
    expect((await api.call("DELETE", path, undefined, acme.headers)).json()).toMatchObject({ deleted: true });
    expect((await api.call("DELETE", path, undefined, acme.headers)).json()).toMatchObject({
      deleted: false,
    });
    expect((await api.call("GET", path, undefined, acme.headers)).statusCode).toBe(404);
  });

  test("hides a session from another tenant, in each route that takes its id (T6, Q53)", async () => {
    const id = (await begin()).session?.id ?? "";
    const refused = await chat({ message: "What was asked?", sessionId: id }, { key: rival });
    expect(refused.statusCode).toBe(404);
    expect(refused.json()).toMatchObject({
      code: "session_not_found",
      message: expect.stringMatching(/sessionId "new"/),
    });
    expect((await api.call("GET", `/sessions/${id}`, undefined, rival.headers)).statusCode).toBe(404);
    const deleted = await api.call("DELETE", `/sessions/${id}`, undefined, rival.headers);
    expect(deleted.json()).toEqual({ id, deleted: false });
    expect((await api.call("GET", "/sessions", undefined, rival.headers)).json()).toMatchObject({ total: 0 });
    expect((await api.call("GET", `/sessions/${id}`, undefined, acme.headers)).statusCode).toBe(200);
  });

  test("refuses the second of two simultaneous turns, and takes the next one (T6)", async () => {
    const sessionId = (await begin()).session?.id;
    const both = await Promise.all([1, 2].map(() => chat({ message: "And how long?", sessionId })));
    expect(both.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 409]);
    const busy = both.find(({ statusCode }) => statusCode === 409);
    expect(busy?.json()).toMatchObject({ code: "session_busy" });
    expect(busy?.headers["retry-after"]).toBe("1");
    expect((await chat({ message: "And then?", sessionId })).json()).toMatchObject({ session: { turns: 3 } });
  });

  test("answers although the turn cannot be stored, and says so (T6)", async () => {
    const write = vi.spyOn(conversations, "write").mockRejectedValueOnce(new Error("full"));
    const reply = await begin();
    write.mockRestore();
    expect(reply.answer).toContain("02:30");
    expect(reply.session).toMatchObject({ turns: 0, stored: false });
  });

  test("refuses a session together with a history", async () => {
    const history = [{ question: "When?", answer: "At night." }];
    const refused = await chat({ message: "And how long?", sessionId: "new", history });
    expect(refused.statusCode).toBe(400);
    expect(refused.body).toContain("sessionId");
  });
});
