import { RedisCache } from "@binnacle/retriever/redis";

const cache = new RedisCache({
  url: "redis://localhost:6379",
  onEvent: (event) => console.error(event.type === "failure" ? event.error.message : event),
});
await cache.setMany([["greeting", new TextEncoder().encode("hello")]], { ttlMs: 60_000 });
const [greeting] = await cache.getMany(["greeting"]);
console.log(greeting === undefined ? "a miss" : new TextDecoder().decode(greeting));
await cache.close();
