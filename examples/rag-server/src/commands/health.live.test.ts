import { expect, test } from "vitest";
import { fakeServer } from "../testing/fake-server.ts";
import { onlyJson } from "../testing/run-program.ts";
import { createWorkspace } from "../testing/workspace.ts";

test("reports a stopped model server as down beside the parts that work", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  expect((await work.rag("health")).status).toBe(0);
  const environment = { BINNACLE_LLM_URL: "http://127.0.0.1:2", BINNACLE_EMBED_URL: "http://127.0.0.1:2" };
  const asked = await work.ragWith(environment, "health", "--json");
  expect(asked).toMatchObject({ status: 1, stderr: "" });
  expect(asked.stdout).not.toMatch(/"latencyMs":\d+\.\d\d/);
  expect(onlyJson(asked)).toMatchObject({
    status: "down",
    components: {
      store: { status: "ok", detail: expect.stringMatching(/, 1 collection$/) },
      collection: { status: "ok" },
      llm: { status: "down", detail: expect.stringContaining("BINNACLE_LLM_URL: nothing answers") },
      embedder: { status: "down", detail: expect.stringContaining("BINNACLE_EMBED_URL: nothing answers") },
    },
    index: { documents: 3 },
  });
});

test("does not wait for a model server that is still loading", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const url = await fakeServer((_, response) => response.writeHead(503).end());
  const asked = await work.ragWith({ BINNACLE_LLM_URL: url }, "health", "--json");
  expect(asked.status).toBe(1);
  expect(onlyJson(asked)).toMatchObject({
    status: "degraded",
    components: { llm: { status: "degraded", detail: expect.stringContaining("still loading its model") } },
  });
});

test("fails for a missing index or collection and names ingest", async () => {
  const work = await createWorkspace();
  const empty = await work.rag("health", "--json");
  expect(empty.status).toBe(1);
  expect(onlyJson(empty)).toMatchObject({
    status: "down",
    components: {
      collection: { status: "down", detail: expect.stringContaining("binnacle-rag.ts ingest DIR") },
    },
  });
  await work.data.write({
    "index.sqlite": "no database, though longer than the header of one would be".repeat(9),
  });
  const broken = await work.rag("health", "--json");
  expect(broken.status).toBe(1);
  expect(onlyJson(broken)).toMatchObject({ status: "down", components: { store: { status: "down" } } });
});
