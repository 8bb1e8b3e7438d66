import { ConfigurationError, type Document } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { describe, expect, test, onTestFinished, vi } from "vitest";
import { indexed, textDocument } from "../retrieval/fixtures/indexed.ts";
import { clusterCollection } from "./cluster-collection.ts";
import { exploreCollection } from "./explore-collection.ts";
import { collectionStatistics } from "./collection-statistics.ts";
import { topicsOverTime } from "./topics-over-time.ts";

const subjects = {
  baking: ["knead the dough", "bake the dough in the oven", "dough rises near the oven"],
  security: ["rotate the signing key", "signing key expired", "store the signing key safely"],
};
const day = 24 * 3_600_000;

function documents(weeks: { readonly baking: readonly number[]; readonly security: readonly number[] }) {
  const all: Document[] = [];
  for (const subject of ["baking", "security"] as const)
    for (const [at, week] of weeks[subject].entries())
      all.push({
        ...textDocument(`${subject}-${at}`, `${subjects[subject][at % 3]} ${at}`),
        metadata: { subject, written: new Date(Date.UTC(2026, 0, 1) + week * 7 * day).toISOString() },
      });
  return all;
}

const weeks = { baking: [0, 0, 0, 1, 1, 2], security: [0, 1, 1, 2, 2, 2, 2, 2] };
const { store } = await indexed(documents(weeks), {
  embedder: new FakeEmbedder({ dimensions: 128 }),
  fields: { subject: "keyword", written: "datetime" },
});
const collection = store.collection("test");

describe("clusterCollection", () => {
  test("groups points by meaning and names each group by its own words (Q28)", async () => {
    const { clusters, sampled, total } = await clusterCollection(collection, { clusters: 2 });
    expect([sampled, total]).toEqual([14, 14]);
    expect(clusters.map(({ size }) => size)).toEqual([8, 6]);
    expect(clusters[0]?.terms.slice(0, 2).toSorted()).toEqual(["key", "signing"]);
    expect(clusters[1]?.terms[0]).toBe("dough");
    expect(clusters[0]?.exemplars[0]?.documentId).toMatch(/^security/);
    expect(clusters.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  test("samples a larger collection, the same for the same seed", async () => {
    const [first, again] = [
      await clusterCollection(collection, { clusters: 2, maxPoints: 6 }),
      await clusterCollection(collection, { clusters: 2, maxPoints: 6 }),
    ];
    expect(first).toMatchObject({ sampled: 6, total: 14 });
    expect(again).toEqual(first);
  });

  test("clusters only points that match the filter", async () => {
    const filter = { subject: "baking" };
    expect((await clusterCollection(collection, { filter, clusters: 9 })).total).toBe(6);
    expect((await clusterCollection(collection, { filter: { subject: "none" } })).clusters).toEqual([]);
  });
});

describe("collectionStatistics", () => {
  test("counts points, documents, bytes and lengths (Q35)", async () => {
    const statistics = await collectionStatistics(collection);
    expect(statistics).toMatchObject({
      points: 14,
      documents: 14,
      spaces: { fake: 14 },
      dimensions: 128,
      vectorBytes: 14 * 128 * 4,
      duplicates: 0,
      sampled: 14,
    });
    expect(statistics.norms?.p50).toBeCloseTo(1, 5);
    expect(statistics.similarities?.max).toBeLessThanOrEqual(1.00001);
    expect(statistics.textBytes).toBeGreaterThan(14 * 15);
  });

  test("counts texts that occur several times", async () => {
    const twice = [
      textDocument("a", "the same text"),
      textDocument("b", "the same text"),
      textDocument("c", "other"),
    ];
    const { store: other } = await indexed(twice, { embedder: new FakeEmbedder() });
    expect((await collectionStatistics(other.collection("test"))).duplicates).toBe(2);
  });

  test("describes a collection without points", async () => {
    const filter = { subject: "none" };
    const statistics = await collectionStatistics(collection, { filter });
    expect(statistics).toMatchObject({ points: 0, norms: undefined, similarities: undefined });
  });
});

describe("topicsOverTime", () => {
  test("counts each topic per window and tells which one grows (Q59)", async () => {
    const { windows, topics, undated } = await topicsOverTime(collection, {
      timeField: "written",
      windowMs: 7 * day,
      clusters: 2,
    });
    expect(windows.map(({ points }) => points)).toEqual([4, 4, 6]);
    expect(topics.map(({ counts }) => counts)).toEqual([
      [1, 2, 5],
      [3, 2, 1],
    ]);
    expect(topics[0]?.change).toBeCloseTo(5 / 6 - (1 / 4 + 2 / 4) / 2);
    expect(topics[1]?.change).toBeLessThan(0);
    expect(topics[0]?.terms).toContain("signing");
    expect(undated).toBe(0);
  });

  test("leaves points without a readable time out and counts them", async () => {
    const options = { timeField: "subject", clusters: 2 } as const;
    expect(await topicsOverTime(collection, options)).toMatchObject({ topics: [], undated: 14 });
  });

  test("refuses windows that are too short", async () => {
    const options = { timeField: "written", windowMs: 1000 } as const;
    await expect(topicsOverTime(collection, options)).rejects.toThrow(ConfigurationError);
  });
});

describe("exploreCollection", () => {
  test("chooses points that differ, and counts the points that each stands for (Q57)", async () => {
    const { landmarks, coverage, sampled, total } = await exploreCollection(collection, { landmarks: 2 });
    expect([sampled, total]).toEqual([14, 14]);
    const subjectsFound = landmarks.map(({ point }) => point.metadata["subject"]);
    expect(subjectsFound.toSorted()).toEqual(["baking", "security"]);
    expect(landmarks.map(({ size }) => size).toSorted()).toEqual([6, 8]);
    expect(landmarks[0]?.nearest).toBeUndefined();
    expect(landmarks[1]?.nearest).toBeLessThan(0.5);
    const more = await exploreCollection(collection, { landmarks: 6 });
    expect(more.coverage).toBeGreaterThan(coverage);
    expect(await exploreCollection(collection, { landmarks: 6 })).toEqual(more);
  });

  test("lets other work of the process run in its loops, and stops when its signal fires", async () => {
    let now = 0;
    const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 10)); // each slice is used up
    onTestFinished(() => clock.mockRestore());
    let turns = 0;
    const count = (): unknown => setImmediate(() => (turns++ < 1000 ? count() : undefined));
    count();
    const { landmarks, sampled } = await exploreCollection(collection, { landmarks: 6 });
    expect(turns).toBeGreaterThan(landmarks.length * sampled);
    const controller = new AbortController();
    const { signal } = controller;
    setImmediate(() => controller.abort(new Error("the client left")));
    await expect(exploreCollection(collection, { landmarks: 6, signal })).rejects.toThrow("the client left");
  });

  test("stops when every point is equal to a landmark, and knows an empty collection", async () => {
    const all = await exploreCollection(collection, { landmarks: 200 });
    expect(all.landmarks.length).toBeLessThanOrEqual(14);
    expect(all.coverage).toBeCloseTo(1);
    const none = await exploreCollection(collection, { filter: { subject: "none" } });
    expect(none).toEqual({ landmarks: [], coverage: 1, sampled: 0, total: 0 });
  });
});
