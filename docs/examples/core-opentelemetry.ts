import { createOpenTelemetry } from "@binnacle/core/opentelemetry";
import { observeStore } from "@binnacle/core/telemetry";
import { MemoryStore } from "@binnacle/retriever";

// Reports to the providers that the app registered with OpenTelemetry's own SDK.
const telemetry = createOpenTelemetry();
const store = observeStore(new MemoryStore(), { telemetry, system: "memory" });
console.log(await store.listCollections()); // a span `list_collections` with kind CLIENT
await store.close();
