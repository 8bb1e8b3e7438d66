import { describe, expect, test } from "vitest";
import { conversationNamed, conversationStoreContract } from "../fixtures/conversation-store-contract.ts";
import { MemoryConversations } from "./memory-conversations.ts";

describe("MemoryConversations", () => {
  for (const { name, run } of conversationStoreContract)
    test(`${name} (T6)`, async () => {
      const store = new MemoryConversations();
      await run(store);
      await store.close();
    });

  test("drops the oldest conversations of all owners over its bytes", async () => {
    const store = new MemoryConversations({ maxBytes: 1000 });
    const rules = { ttlMs: 60_000, maxPerOwner: 10 };
    for (const owner of ["a", "b", "c", "d", "e"]) await store.write(owner, conversationNamed("s"), rules);
    expect(await store.read({ owner: "a", session: "s" })).toBeUndefined();
    expect(await store.read({ owner: "e", session: "s" })).toEqual(conversationNamed("s"));
  });
});
