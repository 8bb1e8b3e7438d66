import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../tests/servers/llama-server.ts";
import { redisMissing, startRedis, type RedisServer } from "../../../../tests/servers/redis.ts";
import { onlyJson } from "../testing/run-program.ts";
import { createWorkspace } from "../testing/workspace.ts";

// Needs a server of its own, because it is killed.
const missing = (await redisMissing("own")) ?? (await llamaServerMissing("own"));

describe.skipIf(missing !== undefined)(`REDIS_URL${missing === undefined ? "" : `: ${missing}`}`, () => {
  let redis: RedisServer;
  let embed: LlamaServer;
  beforeAll(async () => {
    [redis, embed] = await Promise.all([
      startRedis({ own: true, args: ["--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"] }),
      startLlamaServer({ kind: "embed", args: ["--no-webui"] }),
    ]);
  });
  afterAll(() => Promise.all([redis.close(), embed.close()]));
  const environment = () => ({ REDIS_URL: redis.url, BINNACLE_EMBED_URL: embed.url });

  it("keeps the vectors of one process for another, and goes on with a warning if Redis dies (T34, T8)", async () => {
    const first = await createWorkspace();
    expect(await first.ragWith(environment(), "ingest", first.docs.path)).toMatchObject({
      status: 0,
      stderr: "",
    });
    const values = Number(await redis.cli("dbsize"));
    expect(values).toBeGreaterThan(2);

    const second = await createWorkspace();
    expect(await second.ragWith(environment(), "ingest", second.docs.path)).toMatchObject({ status: 0 });
    expect(Number(await redis.cli("dbsize"))).toBe(values);
    expect(await redis.cli("info", "stats")).toMatch(/keyspace_hits:[1-9]/);
    const health = await second.ragWith(environment(), "health", "--json");
    expect(onlyJson(health)).toMatchObject({ status: "ok", components: { cache: { status: "ok" } } });

    redis.signal("SIGKILL");
    const search = await second.ragWith(environment(), "search", "backups", "--json");
    expect(search).toMatchObject({ status: 0, stderr: expect.stringContaining("REDIS_URL: ") });
    const without = await second.ragWith(environment(), "health", "--json");
    expect(onlyJson(without)).toMatchObject({
      status: "degraded",
      components: { cache: { status: "degraded" } },
    });
  });
});
