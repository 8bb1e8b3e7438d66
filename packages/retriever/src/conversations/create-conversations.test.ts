import { ConfigurationError } from "@binnacle/core";
import { describe, expect, test, vi } from "vitest";
import type { ConversationKey } from "./conversation-store.ts";
import { createConversations, type Conversations } from "./create-conversations.ts";
import { MemoryConversations } from "./memory/index.ts";

const tokenizer = { count: (text: string) => text.split(" ").length };
const turn = (n: number) => ({ question: `question ${n}`, answer: `answer ${n}` });
const create = (options = {}) =>
  createConversations({ store: new MemoryConversations(), tokenizer, ...options });

async function begin(conversations: Conversations): Promise<ConversationKey> {
  const open = await conversations.open({ owner: "ada" });
  await open.add(turn(1));
  await open.close();
  return { owner: "ada", session: open.session };
}

describe("createConversations", () => {
  test("keeps the newest whole turns within the tokens and the bytes (T6)", async () => {
    for (const bound of [{ maxTokens: 9 }, { maxBytes: 110 }]) {
      const conversations = create(bound);
      const open = await conversations.open({ owner: "ada" });
      for (const n of [1, 2, 3]) await open.add(turn(n));
      expect(open.turns).toEqual([turn(2), turn(3)]);
      const kept = { turns: [turn(2), turn(3)], turnCount: 2, dropped: 1, title: "question 1" };
      expect(await conversations.get({ owner: "ada", session: open.session })).toMatchObject(kept);
    }
  });

  test("has no conversation before its first turn", async () => {
    const conversations = create();
    const open = await conversations.open({ owner: "ada" });
    await open.close();
    expect((await conversations.list("ada", { limit: 10, offset: 0 })).total).toBe(0);
  });

  test("tells a lost conversation and another owner's from a new one (T6)", async () => {
    let now = 1_000_000;
    const clock = { now: () => now };
    const conversations = create({ store: new MemoryConversations({ clock }), clock, ttlMs: 60_000 });
    const open = await conversations.open({ owner: "ada" });
    await open.add(turn(1));
    await open.close();
    const { session } = open;
    const lost = { code: "conversation_not_found", message: expect.stringContaining("begin a new one") };
    await expect(conversations.open({ owner: "grace", session })).rejects.toMatchObject(lost);
    await expect(conversations.get({ owner: "grace", session })).rejects.toMatchObject(lost);
    now += 60_000;
    await expect(conversations.open({ owner: "ada", session })).rejects.toMatchObject(lost);
  });

  test("has one writer at a time, also for a conversation that has just begun", async () => {
    const conversations = create();
    const first = await conversations.open({ owner: "ada" });
    await first.add(turn(1));
    const key = { owner: "ada", session: first.session };
    await expect(conversations.open(key)).rejects.toMatchObject({ code: "conversation_busy" });
    await first.close();
    const second = await conversations.open(key);
    await first.close();
    await expect(conversations.open(key)).rejects.toMatchObject({ code: "conversation_busy" });
    await second.close();
  });

  test("adds no turn to a conversation that was deleted in the meantime", async () => {
    const conversations = create();
    const open = await conversations.open({ owner: "ada" });
    await open.add(turn(1));
    expect(await conversations.forget({ owner: "ada", session: open.session })).toBe(true);
    await expect(open.add(turn(2))).rejects.toMatchObject({ code: "conversation_not_found" });
  });

  test("adds no turn after close", async () => {
    const conversations = create();
    const key = await begin(conversations);
    for (const target of [key, { owner: "ada" }]) {
      const closed = await conversations.open(target);
      await closed.close();
      if (target === key) await conversations.forget(key);
      await expect(closed.add(turn(9))).rejects.toMatchObject({ code: "closed" });
    }
    expect((await conversations.list("ada", { limit: 10, offset: 0 })).total).toBe(0);
  });

  test("keeps the turn of another caller who opened a new conversation before its lock", async () => {
    const store = new MemoryConversations();
    const conversations = create({ store });
    const open = await conversations.open({ owner: "ada" });
    const key = { owner: "ada", session: open.session };
    vi.spyOn(store, "lock").mockResolvedValueOnce("busy");
    expect(await open.add(turn(1))).toEqual([turn(1)]);
    const other = await conversations.open(key);
    await expect(open.add(turn(3))).rejects.toMatchObject({ code: "conversation_busy" });
    await other.add(turn(2));
    await other.close();
    expect(await open.add(turn(3))).toEqual([turn(1), turn(2), turn(3)]);
  });

  test("releases a lock that arrives after close", async () => {
    const store = new MemoryConversations();
    const conversations = create({ store });
    const open = await conversations.open({ owner: "ada" });
    const lock = store.lock.bind(store);
    vi.spyOn(store, "lock").mockImplementationOnce(async (...call) => {
      await open.close();
      return await lock(...call);
    });
    await open.add(turn(1));
    const again = await conversations.open({ owner: "ada", session: open.session });
    expect(again.turns).toEqual([turn(1)]);
  });

  test("refuses a page without entries or before the first", async () => {
    const conversations = create();
    for (const page of [
      { limit: 0 },
      { limit: -1 },
      { limit: 0.5 },
      { offset: -1 },
      { offset: Number.NaN },
    ]) {
      const name = Object.keys(page)[0];
      const listed = conversations.list("ada", { limit: 10, offset: 0, ...page });
      await expect(listed).rejects.toMatchObject({
        code: "invalid_configuration",
        message: expect.stringContaining(`\`${name}\``),
      });
    }
  });

  test("refuses an empty name and an empty turn", async () => {
    const conversations = create();
    await expect(conversations.open({ owner: "" })).rejects.toThrow(ConfigurationError);
    await expect(conversations.get({ owner: "ada", session: "" })).rejects.toThrow(ConfigurationError);
    const open = await conversations.open({ owner: "ada" });
    await expect(open.add({ question: " ", answer: "a" })).rejects.toThrow(ConfigurationError);
  });
});
