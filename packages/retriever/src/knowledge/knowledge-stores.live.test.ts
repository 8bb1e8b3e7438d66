import { FakeEmbedder } from "@binnacle/core/testing";
import type { VectorStore } from "@binnacle/core";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { qdrantMissing, startQdrant } from "../../../../tests/servers/qdrant.ts";
import { QdrantStore } from "../stores/qdrant/index.ts";
import { SqliteStore } from "../stores/sqlite/index.ts";
import { createExperiments } from "./create-experiments.ts";
import { createKnowledge } from "./create-knowledge.ts";
import { createProfiles } from "./create-profiles.ts";

async function sqlite(): Promise<VectorStore> {
  const folder = await mkdtemp(join(tmpdir(), "binnacle-knowledge-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return new SqliteStore({ path: join(folder, "knowledge.sqlite") });
}

async function qdrant(): Promise<VectorStore> {
  const server = await startQdrant();
  onTestFinished(() => server.close());
  return new QdrantStore({ url: server.url });
}

describe.each([
  { name: "SQLite", create: sqlite, missing: undefined },
  { name: "Qdrant", create: qdrant, missing: qdrantMissing() },
])("on $name", ({ create, missing }) => {
  test.skipIf(missing !== undefined)(
    "learns, personalises and experiments (Q46, Q47, Q58, Q60)",
    async () => {
      const store = await create();
      onTestFinished(() => store.close());
      const embedder = new FakeEmbedder();
      const knowledge = createKnowledge({ store, embedder });
      const interaction = { query: "rotate the key", user: "ada", consent: true };
      await knowledge.learn({ ...interaction, response: "good" }, 1);
      await knowledge.learn({ ...interaction, response: "bad" }, -1);
      const { practices, rejected } = await knowledge.improve("rotate the key");
      expect([practices.map(({ response }) => response), rejected]).toEqual([["good"], 1]);
      expect(await knowledge.optOut("ada")).toBe(2);
      expect(await knowledge.learn({ ...interaction, response: "good" }, 1)).toBe("opted_out");

      const profiles = createProfiles({ store, embedder });
      await Promise.all(["boats", "sails"].map((text) => profiles.observe("ada", text)));
      expect((await profiles.get("ada"))?.mass).toBeCloseTo(2);
      expect(await profiles.forget("ada")).toBe(true);

      const experiments = createExperiments({ store, experiments: { tone: { plain: 1, warm: 1 } } });
      const variant = await experiments.assign("tone", "ada");
      await Promise.all([1, 0].map((outcome) => experiments.record("tone", "ada", outcome)));
      const { variants } = await experiments.result("tone");
      expect(variants.find((one) => one.variant === variant)).toMatchObject({ users: 1, mean: 0.5 });
    },
  );
});
