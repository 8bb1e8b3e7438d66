import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContentPart } from "@binnacle/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
} from "../../../../../tests/servers/llama-server.ts";
import { writeVisionProjector } from "../../../../../tests/servers/vision-projector.ts";
import { LlamaCppEmbedder } from "./llama-cpp-embedder.ts";

const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
/** The width of SmolLM2 135M. */
const modelWidth = 576;
const text: ContentPart = { type: "text", text: "a lighthouse" };

function picture(base64: string): ContentPart {
  return {
    type: "image",
    image: { mediaType: "image/png", data: new Uint8Array(Buffer.from(base64, "base64")) },
  };
}
// PNGs of 3 × 2 pixels: blue, and a red one.
const blue = picture(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAFUlEQVR4nGNkYGhgYGBgYGBgYoABAAi8AIR6moFQAAAAAElFTkSuQmCC",
);
const red = picture(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGM8wQAFTDAGAwAPFADMILIQogAAAABJRU5ErkJggg==",
);

describe.skipIf(missing !== undefined)(
  `images on a real llama-server with random vision weights${because}`,
  () => {
    let server: LlamaServer;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "binnacle-vision-"));
      const projector = join(folder, "mmproj.gguf");
      writeVisionProjector(projector, modelWidth);
      const args = ["--embeddings", "--pooling", "mean", "--mmproj", projector, "--no-webui"];
      server = await startLlamaServer({ kind: "chat", args });
    }, 60_000);
    afterAll(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test("embeds texts, images and both into one space, each different (T16, T21)", async () => {
      await using embedder = new LlamaCppEmbedder({ url: server.url });
      expect(await embedder.describe()).toMatchObject({
        accepts: ["text", "image", "text+image"],
        space: { dimensions: modelWidth },
      });
      const inputs = ["a lighthouse", { content: [blue] }, { content: [red] }, { content: [text, blue] }];
      const { outcomes } = await embedder.embed(inputs, { role: "document" });
      expect(outcomes.map((outcome) => outcome instanceof Float32Array)).toEqual([true, true, true, true]);
      expect(new Set(outcomes.map(String)).size).toBe(4);
      const again = await embedder.embed([{ content: [blue] }], { role: "query" });
      expect(cosine(again.outcomes[0], outcomes[1])).toBeGreaterThan(0.999);
    });

    test("reports an image that the server cannot decode in its own outcome", async () => {
      await using embedder = new LlamaCppEmbedder({ url: server.url });
      const damaged: ContentPart = {
        type: "image",
        image: { mediaType: "image/png", data: Uint8Array.of(1, 2, 3) },
      };
      const { outcomes } = await embedder.embed(["a lighthouse", { content: [damaged] }, "a buoy"], {
        role: "document",
      });
      expect(outcomes.map((outcome) => outcome instanceof Float32Array)).toEqual([true, false, true]);
    });
  },
);

function cosine(left: unknown, right: unknown): number {
  if (!(left instanceof Float32Array) || !(right instanceof Float32Array)) return Number.NaN;
  const dot = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return dot(left, right) / Math.sqrt(dot(left, left) * dot(right, right));
}
