import { createRetriever } from "@binnacle/retriever";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { startTriton, tritonMissing, type Triton } from "../../../tests/servers/triton.ts";
import { withRagSystem } from "./rag-system.ts";
import { onlyJson } from "./testing/run-program.ts";
import { createWorkspace } from "./testing/workspace.ts";

const missing = await tritonMissing();
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const hits = z.object({ hits: z.array(z.object({ documentId: z.string(), text: z.string() })) });
const onePixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** A PNG that differs from others by a comment after its head. */
function png(comment: string): Uint8Array {
  const text = Buffer.from(`tEXtComment\0${comment}`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.byteLength - 4);
  return Buffer.concat([onePixel.subarray(0, 33), length, text, Buffer.alloc(4), onePixel.subarray(33)]);
}

const folder = {
  "plans/harbour-plan.png": png("harbour"),
  "plans/crane.png": png("crane"),
  "cut-off.png": png("lighthouse").subarray(0, 50),
  "note.md": "# Tides\n\nThe tide turns at six.\n",
};

describe.skipIf(missing !== undefined)(`images in a folder, embedded by a real Triton${because}`, () => {
  let triton: Triton;
  const environment = (): NodeJS.ProcessEnv => ({
    BINNACLE_EMBED_URL: triton.httpUrl,
    BINNACLE_EMBED_KIND: "triton",
    BINNACLE_EMBED_MODEL: "qwen3-vl",
  });
  beforeAll(async () => {
    triton = await startTriton();
  }, 60_000);
  afterAll(() => triton?.close());

  test("finds images by name and by image, embeds them again only after a change, and verifies them (T16, T21)", async () => {
    const { docs, data, ragWith } = await createWorkspace(folder);
    const rag = (...args: readonly string[]): ReturnType<typeof ragWith> => ragWith(environment(), ...args);
    const first = await rag("ingest", docs.path);
    expect(first.stdout).toContain("+3 ~0 -0 documents, 3 embeddings, 1 failure");
    expect(first.stderr).toMatch(/cut-off\.png.*cannot be read as image\/png/);
    const found = hits.parse(onlyJson(await rag("search", "harbour plan", "--json")));
    expect(found.hits[0]).toEqual({ documentId: "plans/harbour-plan.png", text: "harbour plan" });
    expect((await rag("ingest", docs.path)).stdout).toContain("+0 ~0 -0 documents, 0 embeddings");
    await docs.write({ "plans/crane.png": png("a taller crane") });
    expect((await rag("ingest", docs.path)).stdout).toContain("+0 ~1 -0 documents, 1 embedding,");
    expect(await rag("verify")).toMatchObject({ status: 0, stdout: expect.stringContaining("equal") });
    const options = { data: data.path, collection: "documents", environment: environment() };
    await withRagSystem(options, async ({ store, index }) => {
      const retriever = createRetriever({ store, index, mode: "dense", limit: 1 });
      const image = { mediaType: "image/png", data: new Uint8Array(png("harbour")) };
      const { passages } = await retriever.retrieve({ content: [{ type: "image", image }] });
      expect(passages).toMatchObject([{ documentId: "plans/harbour-plan.png", title: "harbour-plan.png" }]);
    });
  }, 60_000);
});

test("images are skipped without an embedder that accepts them", async () => {
  const { docs, rag } = await createWorkspace(folder);
  const ingested = await rag("ingest", docs.path);
  expect(ingested).toMatchObject({ status: 0, stdout: expect.stringContaining("+1 ~0 -0 documents") });
  expect((await rag("list")).stdout).toMatch(/skipped:.*harbour-plan\.png/);
});
