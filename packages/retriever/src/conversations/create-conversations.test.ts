import { ConfigurationError } from "@binnacle/core";
import { describe, expect, test } from "vitest";
import { MemoryCache } from "../caches/memory/index.ts";
import { createConversations } from "./create-conversations.ts";

const tokenizer = { count: (text: string) => text.split(" ").length };
const key = { owner: "ada", session: "s" };
const turn = (n: number) => ({ question: `question ${n}`, answer: `answer ${n}` });

describe("createConversations", () => {
  test("keeps the newest whole turns within the tokens (T6)", async () => {
    const conversations = createConversations({ cache: new MemoryCache(), maxTokens: 9, tokenizer });
    for (const n of [1, 2, 3]) await conversations.append(key, turn(n));
    expect(await conversations.turns(key)).toEqual([turn(2), turn(3)]);
  });

  test("keeps the turns of another owner or session apart", async () => {
    const conversations = createConversations({ cache: new MemoryCache(), tokenizer });
    await conversations.append(key, turn(1));
    expect(await conversations.turns({ owner: "grace", session: "s" })).toEqual([]);
    expect(await conversations.turns({ owner: "ada", session: "other" })).toEqual([]);
  });

  test("loses no turn of concurrent calls", async () => {
    const conversations = createConversations({ cache: new MemoryCache(), tokenizer });
    await Promise.all([1, 2, 3, 4].map((n) => conversations.append(key, turn(n))));
    expect(await conversations.turns(key)).toEqual([1, 2, 3, 4].map(turn));
  });

  test("forgets a conversation, and begins anew after a damaged value or a closed cache", async () => {
    const cache = new MemoryCache();
    const conversations = createConversations({ cache, tokenizer });
    await conversations.append(key, turn(1));
    await conversations.forget(key);
    expect(await conversations.turns(key)).toEqual([]);
    const damaged = createConversations({
      cache: Object.assign(new MemoryCache(), { getMany: async () => [Uint8Array.of(1, 2)] }),
    });
    expect(await damaged.append(key, turn(2))).toEqual([turn(2)]);
    await cache.close();
    expect(await conversations.append(key, turn(3))).toEqual([turn(3)]);
  });

  test("refuses an empty name and an empty turn", async () => {
    const conversations = createConversations({ cache: new MemoryCache() });
    await expect(conversations.turns({ owner: "", session: "s" })).rejects.toThrow(ConfigurationError);
    await expect(conversations.append(key, { question: " ", answer: "a" })).rejects.toThrow(
      ConfigurationError,
    );
  });
});
