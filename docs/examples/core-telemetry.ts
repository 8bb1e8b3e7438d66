import { observeCache, observeStore } from "@binnacle/core/telemetry";
import { RecordingTelemetry } from "@binnacle/core/testing";
import { MemoryCache, MemoryStore } from "@binnacle/retriever";

const telemetry = new RecordingTelemetry(); // in an app: createOpenTelemetry() or createPrometheusTelemetry()
const cache = observeCache(new MemoryCache(), { telemetry, cache: "embeddings" });
const store = observeStore(new MemoryStore(), { telemetry, system: "memory" });

await store.listCollections();
await cache.getMany(["a key that was never set"]);
console.log(telemetry.spans.map(({ name }) => name));
console.log("misses:", telemetry.values("binnacle.cache.misses"));
await store.close();
