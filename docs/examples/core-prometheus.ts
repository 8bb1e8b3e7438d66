import { createPrometheusTelemetry } from "@binnacle/core/prometheus";
import { observeStore } from "@binnacle/core/telemetry";
import { MemoryStore } from "@binnacle/retriever";
import { Registry } from "prom-client";

const registry = new Registry();
const telemetry = createPrometheusTelemetry({ registry });
const store = observeStore(new MemoryStore(), { telemetry, system: "memory" });
await store.listCollections();

const text = await registry.metrics(); // serve it at GET /metrics
console.log(text.split("\n").find((line) => line.startsWith("binnacle_store_duration_seconds_count")));
await store.close();
