import { embedderContract, inferenceBackendContract, rerankerContract } from "@binnacle/core/testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import { capabilityChecks } from "./capability-checks.ts";
import { CapabilityTable } from "./capability-table.ts";
import type { RunningServer } from "./conformance-server.ts";
import { conformanceServers } from "./servers/index.ts";

const table = new CapabilityTable();
const prepared = [];
for (const server of conformanceServers) prepared.push({ server, missing: await server.missing() });

for (const { server, missing } of prepared) {
  const because = missing === undefined ? "" : ` (skipped: ${missing})`;
  describe.skipIf(missing !== undefined)(`${server.name}${because}`, () => {
    let running: RunningServer | undefined;
    beforeAll(async () => (running = await server.start()), 600_000); // vLLM takes minutes
    afterAll(() => running?.close());

    const subject = async <T>(create: (() => Promise<T>) | undefined): Promise<T> => {
      if (create === undefined) throw new Error(`${server.name} has no such driver`);
      return create();
    };
    const has = (part: "backend" | "embedder" | "reranker"): boolean => running?.[part] !== undefined;

    for (const { name, run } of inferenceBackendContract(() => subject(running?.backend)))
      test(`${name}, as a backend (T12)`, (context) => (has("backend") ? run() : context.skip("no backend")));
    for (const { name, run } of embedderContract(() => subject(running?.embedder)))
      test(`${name}, as an embedder (T18)`, (context) =>
        has("embedder") ? run() : context.skip("no embedder"));
    for (const { name, run } of rerankerContract(() => subject(running?.reranker)))
      test(`${name}, as a reranker`, (context) => (has("reranker") ? run() : context.skip("no reranker")));

    test.each(capabilityChecks.map((check) => ({ ...check })))(
      "grants or refuses: $capability",
      async ({ capability, run }) => {
        table.set(server.name, capability, "failed");
        if (running === undefined) throw new Error("the server was not started");
        table.set(server.name, capability, await run(running));
      },
    );
  });
}

afterAll(() => console.log(`\n${table.markdown(capabilityChecks.map(({ capability }) => capability))}\n`));
