import { describe, expect, test } from "vitest";
import { embedderContract } from "./embedder-contract.ts";
import { FakeEmbedder } from "./fake-embedder.ts";

const accepts = ["text", "image", "text+image"] as const;

describe("FakeEmbedder", () => {
  for (const { name, run } of embedderContract(() => Promise.resolve(new FakeEmbedder()))) test(name, run);
});

describe("FakeEmbedder with images", () => {
  for (const { name, run } of embedderContract(() => Promise.resolve(new FakeEmbedder({ accepts }))))
    test(name, run);

  test("gives an image the words in its bytes, and records it", async () => {
    const embedder = new FakeEmbedder({ accepts });
    const image = { mediaType: "image/png", data: new TextEncoder().encode("lighthouse") };
    const inputs = ["lighthouse", { content: [{ type: "image" as const, image }] }];
    const { outcomes } = await embedder.embed(inputs, { role: "document" });
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect([embedder.embedded, embedder.images]).toEqual([["lighthouse"], [image]]);
  });
});
