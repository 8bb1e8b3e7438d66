import { RedisCache, type RedisCacheEvent } from "@binnacle/retriever/redis";
import { randomNumbers } from "../../filled-store.ts";
import { redisMissing, startRedis } from "../../../servers/redis.ts";
import { exactly, shown, type Experiment, type Figure } from "../experiment.ts";

const writes = 300;

/** SB-R3: Redis is full, and evicts nothing or nearly everything. */
export const redisFull: Experiment = {
  title: "Redis at maxmemory, under noeviction and under allkeys-lru",
  missing: () => redisMissing("own"),
  run: async ({ seed }) => [...(await fill("noeviction", seed)), ...(await fill("allkeys-lru", seed))],
};

async function fill(policy: "noeviction" | "allkeys-lru", seed: number): Promise<readonly Figure[]> {
  const server = await startRedis({ own: true, args: ["--maxmemory", "4mb", "--maxmemory-policy", policy] });
  const events: RedisCacheEvent[] = [];
  const cache = new RedisCache({ url: server.url, timeoutMs: 5_000, onEvent: (event) => events.push(event) });
  const random = randomNumbers(seed);
  const valueOf = (number: number): Uint8Array =>
    new Uint8Array(50_000 + (number % 7) * 5_000).fill(number % 251);
  let [surfaced, wrong, found] = [0, 0, 0];
  try {
    for (let number = 0; number < writes; number++) {
      try {
        await cache.setMany([[`${number}`, valueOf(number)]]);
        const asked = Math.floor(random() * (number + 1));
        const [value] = await cache.getMany([`${asked}`]);
        if (value !== undefined) found += 1;
        if (value !== undefined && Buffer.compare(value, valueOf(asked)) !== 0) wrong += 1;
      } catch {
        surfaced += 1;
      }
    }
    const told = events.filter(
      (event) => event.type === "failure" && event.error.code === "cache_full",
    ).length;
    const isTold =
      policy === "noeviction"
        ? told === 1 && cache.stats().errors > 0
        : told === 0 && cache.stats().errors === 0;
    return [
      exactly(`${policy}: errors that reached a caller`, surfaced, 0),
      exactly(`${policy}: wrong values`, wrong, 0),
      exactly(`${policy}: told and counted as it should be`, isTold ? 1 : 0, 1),
      shown(`${policy}: refused writes, counted`, cache.stats().errors, "calls"),
      shown(`${policy}: values found`, found, `of ${writes}`),
    ];
  } finally {
    await cache.close();
    await server.close();
  }
}
