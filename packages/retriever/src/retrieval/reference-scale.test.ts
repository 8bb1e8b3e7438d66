import { FakeEmbedder } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createRetriever } from "./create-retriever.ts";
import { indexed, textDocument } from "./fixtures/indexed.ts";
import { referenceQuestions } from "./reference-questions.ts";
import { spreadOf } from "./similarity-scale.ts";

const pages = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    textDocument(`${i}.txt`, `Sextant ${i} hangs beside capstan ${i}.`),
  );

async function world(count = 3) {
  const embedder = new FakeEmbedder();
  const given = await indexed(pages(count), { embedder });
  const retriever = createRetriever(given);
  const standing = async (query: string): Promise<number | undefined> => {
    const { trace } = await retriever.retrieve(query, { evidence: true });
    return trace.legs.find(({ kind }) => kind === "dense")?.standing;
  };
  return { embedder, given, standing };
}

describe("createReferenceScale", () => {
  test("places a query about the collection above a reference question, with the same figure each time (Q45)", async () => {
    const { standing } = await world();
    const own = (await standing("sextant beside capstan")) ?? Number.NaN;
    expect(own).toBeGreaterThan(1);
    expect(await standing("sextant beside capstan")).toBe(own);
    expect(await standing("Why do parrots whistle at dawn?")).toBeLessThan(own);
  });

  test("embeds the reference questions once, and only if the caller asks for evidence", async () => {
    const { embedder, given, standing } = await world();
    const before = embedder.embedded.length;
    await createRetriever(given).retrieve("sextant");
    expect(embedder.embedded.length).toBe(before + 1);
    await standing("sextant");
    await standing("capstan");
    expect(embedder.embedded.length).toBe(before + 3 + referenceQuestions.length);
  });

  test("leaves the standing undefined if the dense leg has a threshold", async () => {
    const { given } = await world();
    const retriever = createRetriever({ ...given, minScore: { dense: 0.1 } });
    const { trace } = await retriever.retrieve("sextant", { evidence: true });
    expect(trace.legs[0]).toMatchObject({ kind: "dense", minScore: 0.1 });
    expect(trace.legs[0]?.standing).toBeUndefined();
  });

  test("recovers from an abort while the reference questions are embedded", async () => {
    const { standing, given } = await world();
    const retriever = createRetriever(given);
    const abort = new AbortController();
    const reason = new Error("changed my mind");
    const first = retriever.retrieve("sextant", { evidence: true, signal: abort.signal });
    abort.abort(reason);
    await expect(first).rejects.toBe(reason);
    const { trace } = await retriever.retrieve("sextant", { evidence: true });
    expect(trace.legs[0]?.standing).toBe(await standing("sextant"));
  });
});

describe("spreadOf", () => {
  test("returns the upper quartile and the deviation from the quartiles' distance", () => {
    expect(spreadOf([4, 1, 3, 2, 5])).toEqual({ upper: 4, deviation: 2 / 1.349 });
  });
});
