// Started by the stampede. On a signal many callers ask for one key. Prints the loads, and the callers with a
// wrong value or none.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createTieredCache, MemoryCache } from "@binnacle/retriever";
import { RedisCache } from "@binnacle/retriever/redis";

const [url = "", key = "", callers = "0"] = process.argv.slice(2);
const far = new RedisCache({ url, timeoutMs: 2_000 });
const cache = createTieredCache({ near: new MemoryCache(), far, timeoutMs: 3_000 });
const value = new TextEncoder().encode(`value of ${key}`);
let loads = 0;
const load = async (): Promise<Uint8Array> => {
  loads += 1;
  await sleep(200); // a slow load
  return value;
};
await far.health(); // connected beforehand
process.stdout.write("ready");
await once(process.stdin, "data");
const found = await Promise.allSettled(
  Array.from({ length: Number(callers) }, () => cache.getOrLoad(key, load)),
);
const wrong = found.filter(
  (one) => one.status === "rejected" || one.value === undefined || Buffer.compare(one.value, value) !== 0,
).length;
await cache.close();
await far.close();
process.stdout.write(`${loads} ${wrong}`);
