import { observeRetriever, observeStore } from "@binnacle/core/telemetry";
import { RecordingTelemetry, retrieverContract, vectorStoreContract } from "@binnacle/core/testing";
import { describe, test } from "vitest";
import { createRetriever } from "../retrieval/create-retriever.ts";
import { indexed } from "../retrieval/fixtures/indexed.ts";
import { MemoryStore } from "../stores/memory/index.ts";

// The contracts ran for the parts themselves already. These runs show that observing changes nothing, and they
// are too long for the unit tests.
describe("an observed store", () => {
  const create = async () =>
    observeStore(new MemoryStore(), { telemetry: new RecordingTelemetry(), system: "memory" });
  for (const { name, run } of vectorStoreContract(create, { reopen: create })) test(name, run);
});

describe("an observed retriever", () => {
  const telemetry = new RecordingTelemetry();
  for (const { name, run } of retrieverContract(async (given) => {
    const { store, index } = await indexed(given, { fields: { kind: "keyword" } });
    return {
      retriever: observeRetriever(createRetriever({ store, index }), { telemetry, retriever: "test" }),
    };
  }))
    test(name, run);
});
