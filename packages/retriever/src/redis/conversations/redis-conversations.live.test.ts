import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redisMissing, startRedis, type RedisServer } from "../../../../../tests/servers/redis.ts";
import {
  conversationNamed,
  conversationStoreContract,
} from "../../conversations/fixtures/conversation-store-contract.ts";
import { createConversations } from "../../conversations/create-conversations.ts";
import { RedisConversations } from "./redis-conversations.ts";

const missing = await redisMissing("own");
let made = 0;

describe.skipIf(missing !== undefined)(
  `RedisConversations${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis({ own: true });
    });
    afterAll(() => redis.close());

    const open = (prefix = `test ${made++}:`): RedisConversations =>
      new RedisConversations({ url: redis.url, prefix, timeoutMs: 10_000 });
    const turn = (n: number) => ({ question: `question ${n}`, answer: `answer ${n}` });

    for (const { name, run } of conversationStoreContract)
      test(`${name} (T6)`, async () => {
        const store = open();
        await run(store);
        await store.close();
      });

    for (const { name, run } of conversationStoreContract)
      test(`${name}, with a client that has a keyPrefix (T6)`, async () => {
        const client = new Redis(redis.url, { keyPrefix: "app:" });
        const store = new RedisConversations({ client, prefix: `test ${made++}:`, timeoutMs: 10_000 });
        await run(store);
        await store.close();
        client.disconnect();
      });

    test("holds no lock on a value of another version", async () => {
      const store = open("versions:");
      const lock = { token: "t", forMs: 60_000 };
      await store.write("ada", conversationNamed("s"), { ttlMs: 60_000, maxPerOwner: 10 });
      const keys = (await redis.cli("--scan", "--pattern", "versions:*")).split("\n");
      const key = keys.find((one) => !/(index|summaries)$/.test(one)) ?? "";
      await redis.cli("set", key, "{}");
      expect(await store.lock({ owner: "ada", session: "s" }, lock)).toBe("missing");
      expect(await redis.cli("--scan", "--pattern", "versions:*lock")).not.toContain("lock");
      await store.close();
    });

    test("continues in another process, and refuses the second of two simultaneous turns (T6)", async () => {
      const stores = [open("shared:"), open("shared:")];
      const [here, there] = stores.map((store) => createConversations({ store }));
      const begun = await here?.open({ owner: "ada" });
      await begun?.add(turn(1));
      const key = { owner: "ada", session: begun?.session ?? "" };
      await expect(there?.open(key)).rejects.toMatchObject({ code: "conversation_busy", retryable: true });
      await begun?.close();
      await expect(begun?.add(turn(9))).rejects.toMatchObject({ code: "closed" });
      const continued = await there?.open(key);
      expect(continued?.turns).toEqual([turn(1)]);
      await continued?.add(turn(2));
      await continued?.close();
      expect(await here?.get(key)).toMatchObject({ turns: [turn(1), turn(2)] });
      const keys = (await redis.cli("--scan")).split("\n").filter((one) => one.startsWith("shared:"));
      expect(keys.length).toBeGreaterThan(2);
      for (const one of keys) expect(Number(await redis.cli("pttl", one))).toBeGreaterThan(0);
      expect(keys.join("\n")).not.toContain("ada");
      await Promise.all(stores.map((store) => store.close()));
    });

    test("rejects while the server hangs, and does not begin anew", async () => {
      const store = new RedisConversations({ url: redis.url, prefix: "hung:", timeoutMs: 300 });
      const conversations = createConversations({ store });
      const begun = await conversations.open({ owner: "ada" });
      await begun.add(turn(1));
      await begun.close();
      redis.signal("SIGSTOP");
      const key = { owner: "ada", session: begun.session };
      await expect(conversations.open(key)).rejects.toMatchObject({ code: "timeout" });
      redis.signal("SIGCONT");
      await expect.poll(() => conversations.get(key).catch(() => undefined)).toMatchObject({ turnCount: 1 });
      await store.close();
    });
  },
);
