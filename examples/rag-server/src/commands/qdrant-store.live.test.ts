import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { qdrantMissing, startQdrant, type QdrantServer } from "../../../../tests/servers/qdrant.ts";
import { onlyJson } from "../testing/run-program.ts";
import { createWorkspace } from "../testing/workspace.ts";

// Needs a server of its own, because every handbook uses the same collection name.
const missing = qdrantMissing("own");

describe.skipIf(missing !== undefined)(`QDRANT_URL${missing === undefined ? "" : `: ${missing}`}`, () => {
  let server: QdrantServer;
  const environment = () => ({ QDRANT_URL: server.url, QDRANT_API_KEY: "right" });
  beforeAll(async () => {
    server = await startQdrant({ apiKey: "right" });
  });
  afterAll(() => server.close());

  test("keeps the index on that server and the manifest in the data directory", async () => {
    const work = await createWorkspace();
    const rag = (...args: readonly string[]) => work.ragWith(environment(), ...args);
    expect(await rag("ingest", work.docs.path)).toMatchObject({ status: 0 });
    expect(onlyJson(await rag("ingest", work.docs.path, "--json"))).toMatchObject({
      documents: { added: 0, unchanged: 3 },
    });
    const files = await readdir(work.data.path);
    expect(files).toContain("manifest.sqlite");
    expect(files).not.toContain("index.sqlite");
    const health = await rag("health", "--json");
    expect(health.status).toBe(0);
    expect(onlyJson(health)).toMatchObject({
      components: { store: { status: "ok", detail: "Qdrant 1.19.0" } },
      index: { documents: 3 },
    });
    expect(await rag("forget", work.docs.path)).toMatchObject({ status: 0 });
    expect(onlyJson(await rag("health", "--json"))).toMatchObject({ index: { documents: 0 } });
  });

  test("explains a wrong key or a missing server and names the way out", async () => {
    const work = await createWorkspace();
    const wrong = await work.ragWith(
      { QDRANT_URL: server.url, QDRANT_API_KEY: "wrong" },
      "ingest",
      work.docs.path,
    );
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining("refuses the API key") });
    expect(wrong.stderr).not.toContain("wrong");
    const gone = await work.ragWith({ QDRANT_URL: "http://127.0.0.1:2" }, "search", "x");
    expect(gone).toMatchObject({ status: 1, stderr: expect.stringContaining("127.0.0.1:2") });
  });
});
