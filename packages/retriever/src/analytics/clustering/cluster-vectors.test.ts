import { ConfigurationError } from "@binnacle/core";
import { describe, expect, test } from "vitest";
import { blobs } from "../fixtures/blobs.ts";
import { clusterVectors } from "./cluster-vectors.ts";

/** The set of clusters in each group of `size` vectors. */
function clustersOfGroups(assignments: Uint32Array, size: number): readonly number[][] {
  return Array.from({ length: assignments.length / size }, (_, group) => [
    ...new Set(assignments.subarray(group * size, (group + 1) * size)),
  ]);
}

describe("clusterVectors", () => {
  test("finds separate groups, and their number by itself (Q28)", async () => {
    const result = await clusterVectors(blobs(5, 40, 16));
    expect(result.clusters.map(({ size }) => size)).toEqual([40, 40, 40, 40, 40]);
    const groups = clustersOfGroups(result.assignments, 40);
    expect(groups.every((clusters) => clusters.length === 1)).toBe(true);
    expect(new Set(groups.flat()).size).toBe(5);
    expect(result.silhouette).toBeGreaterThan(0.5);
  });

  test("gives the same clusters for the same seed, regardless of the vectors' lengths", async () => {
    const vectors = blobs(3, 30, 8, 0.9);
    const first = await clusterVectors(vectors, { clusters: 3, seed: 5 });
    const again = await clusterVectors(
      vectors.map((vector, at) => vector.map((value) => value * 2 ** (at % 4))),
      { clusters: 3, seed: 5 },
    );
    expect(again.assignments).toEqual(first.assignments);
  });

  test("never lowers the objective below that of a single cluster", async () => {
    const vectors = blobs(4, 25, 8, 1.5);
    const cohesion = async (clusters: number) =>
      (await clusterVectors(vectors, { clusters })).clusters.reduce(
        (sum, one) => sum + one.cohesion * one.size,
        0,
      );
    const values = [await cohesion(1), await cohesion(4), await cohesion(12)];
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  test("describes each cluster by its nearest vectors and a centroid of length 1", async () => {
    const vectors = blobs(2, 20, 4);
    const { clusters, assignments } = await clusterVectors(vectors, { clusters: 2, exemplars: 2 });
    for (const [at, { exemplars, centroid, cohesion }] of clusters.entries()) {
      expect(exemplars).toHaveLength(2);
      expect(exemplars.every((row) => assignments[row] === at)).toBe(true);
      expect(Math.hypot(...centroid)).toBeCloseTo(1, 5);
      expect(cohesion).toBeGreaterThan(0.8);
    }
  });

  test("puts equal vectors into one cluster, however many are asked for", async () => {
    const vectors = Array.from({ length: 9 }, () => Float32Array.of(1, 2, 3));
    const { clusters } = await clusterVectors(vectors, { clusters: 4 });
    expect(clusters.map(({ size }) => size)).toEqual([9]);
  });

  test("returns no cluster for no vectors", async () => {
    expect((await clusterVectors([])).clusters).toEqual([]);
  });

  test("refuses more clusters than vectors, and vectors without a direction", async () => {
    const two = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    await expect(clusterVectors(two, { clusters: 3 })).rejects.toThrow(/only 2 vectors/);
    await expect(clusterVectors([...two, Float32Array.of(0, 0)])).rejects.toThrow(ConfigurationError);
    await expect(clusterVectors([...two, Float32Array.of(1)])).rejects.toThrow(/vectors\[2\]/);
    await expect(clusterVectors(two, { clusters: 0 })).rejects.toThrow(ConfigurationError);
  });

  test("lets other work run while it calculates, and stops when the signal fires", async () => {
    const controller = new AbortController();
    let turns = 0;
    const other = setInterval(() => {
      turns += 1;
      if (turns === 3) controller.abort(new Error("left"));
    }, 0);
    const work = clusterVectors(blobs(10, 300, 64, 3), { clusters: 40, signal: controller.signal });
    await expect(work).rejects.toThrow("left");
    clearInterval(other);
    expect(turns).toBe(3);
  });
});
