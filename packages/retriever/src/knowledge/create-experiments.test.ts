import { setTimeout } from "node:timers/promises";
import {
  ConfigurationError,
  type CallOptions,
  type CollectionSpec,
  type EnsuredCollection,
} from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../analytics/seeded-random.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { createExperiments } from "./create-experiments.ts";
import { experimentResult } from "./experiment-result.ts";
import { textSimilarity } from "./text-similarity.ts";
import { welchTest } from "./welch-test.ts";

const tone = { plain: 1, warm: 1 };

/** Rejects the creation of a collection if its signal fires, as a store behind a network does. */
class SlowStore extends MemoryStore {
  override async ensureCollection(spec: CollectionSpec, options?: CallOptions): Promise<EnsuredCollection> {
    await setTimeout(5, undefined, { signal: options?.signal });
    return super.ensureCollection(spec, options);
  }
}

describe("createExperiments", () => {
  test("gives a user the same variant every time, in every process, and after the weights changed (Q60)", async () => {
    const store = new MemoryStore();
    const experiments = createExperiments({ store, experiments: { tone } });
    const users = Array.from({ length: 60 }, (_, n) => `user ${n}`);
    const first = await Promise.all(users.map((user) => experiments.assign("tone", user)));
    expect(new Set(first)).toEqual(new Set(["plain", "warm"]));
    const later = createExperiments({ store, experiments: { tone: { plain: 1, warm: 0 } } });
    expect(await Promise.all(users.map((user) => later.assign("tone", user)))).toEqual(first);
    expect(await later.assign("tone", "a new user")).toBe("plain");
  });

  test("divides users by the weights", async () => {
    const experiments = createExperiments({
      store: new MemoryStore(),
      experiments: { tone: { plain: 3, warm: 1 } },
    });
    const users = Array.from({ length: 400 }, (_, n) => experiments.assign("tone", `user ${n}`));
    const share = (await Promise.all(users)).filter((variant) => variant === "plain").length / 400;
    expect(share).toBeGreaterThan(0.68);
    expect(share).toBeLessThan(0.82);
  });

  test("finds a real effect significant, and finds no effect between equal variants (Q60)", async () => {
    const experiments = createExperiments({ store: new MemoryStore(), experiments: { tone, length: tone } });
    const random = seededRandom(3);
    for (let n = 0; n < 150; n++) {
      const user = `user ${n}`;
      const variant = await experiments.assign("tone", user);
      await experiments.record("tone", user, random() < (variant === "warm" ? 0.8 : 0.4) ? 1 : 0);
      await experiments.assign("length", user);
      await experiments.record("length", user, random() < 0.5 ? 1 : 0);
    }
    const { variants, winner } = await experiments.result("tone");
    expect(winner).toBe("warm");
    expect(variants.map(({ variant }) => variant)).toEqual(["plain", "warm"]);
    expect(variants[1]?.effect?.pValue).toBeLessThan(0.001);
    expect(variants[1]?.effect?.interval[0]).toBeGreaterThan(0);
    expect(variants.reduce((sum, { users }) => sum + users, 0)).toBe(150);
    expect((await experiments.result("length")).winner).toBeUndefined();
  });

  test("counts a user with many outcomes once, and loses none of them", async () => {
    const experiments = createExperiments({ store: new MemoryStore(), experiments: { tone } });
    const variant = await experiments.assign("tone", "ada");
    await Promise.all([1, 0, 1, 1].map((outcome) => experiments.record("tone", "ada", outcome)));
    const { variants } = await experiments.result("tone");
    const own = variants.find((one) => one.variant === variant);
    expect(own).toMatchObject({ assigned: 1, users: 1, mean: 0.75, effect: undefined, isSignificant: false });
  });

  test("deletes a user's assignments and outcomes", async () => {
    const experiments = createExperiments({ store: new MemoryStore(), experiments: { tone } });
    await experiments.assign("tone", "ada");
    expect(await experiments.forget("ada")).toBe(1);
    await expect(experiments.record("tone", "ada", 1)).rejects.toMatchObject({ code: "not_assigned" });
  });

  test("keeps a call running after an abort of the call that creates the collection", async () => {
    const experiments = createExperiments({ store: new SlowStore(), experiments: { tone } });
    const controller = new AbortController();
    const first = experiments.assign("tone", "ada", { signal: controller.signal });
    const second = experiments.assign("tone", "grace");
    controller.abort(new Error("left"));
    await expect(first).rejects.toThrow("left");
    expect(Object.keys(tone)).toContain(await second);
    expect(Object.keys(tone)).toContain(await experiments.assign("tone", "ada"));
  });

  test("refuses unknown experiments, outcomes that are no numbers and a single variant", async () => {
    const experiments = createExperiments({ store: new MemoryStore(), experiments: { tone } });
    await expect(experiments.assign("toString", "ada")).rejects.toThrow(/Known are: tone/);
    await expect(experiments.record("tone", "ada", Number.NaN)).rejects.toThrow(ConfigurationError);
    const single = { store: new MemoryStore(), experiments: { tone: { plain: 1 } } };
    expect(() => createExperiments(single)).toThrow(/two variants/);
  });
});

test("finds no winner between equal outcomes, whose means differ by a rounding error", () => {
  const outcomes = Array.from({ length: 17 }, (_, user) => ({
    variant: user < 2 ? "a" : "b",
    count: 1,
    sum: 0.1,
  }));
  const { variants, winner } = experimentResult(["a", "b"], outcomes);
  expect(winner).toBeUndefined();
  expect(variants[1]).toMatchObject({ effect: undefined, isSignificant: false });
});

// The values come from a numeric integration of the density of Student's t, and from a table of its quantiles.
test("agrees with known values of Welch's test", () => {
  const effect = welchTest({ count: 10, mean: 0, variance: 1 }, { count: 10, mean: 1, variance: 1 });
  // t = 2.236068 with 18 degrees of freedom
  expect(effect?.pValue).toBeCloseTo(0.0382496, 6);
  expect(effect?.interval[0]).toBeCloseTo(1 - 2.100922 * Math.sqrt(0.2), 4);
  const uneven = welchTest({ count: 5, mean: 0, variance: 4 }, { count: 50, mean: 3, variance: 1 });
  expect(uneven?.pValue).toBeCloseTo(0.027467, 5);
  expect(welchTest({ count: 1, mean: 0, variance: 0 }, { count: 9, mean: 1, variance: 1 })).toBeUndefined();
  expect(welchTest({ count: 3, mean: 1, variance: 0 }, { count: 3, mean: 1, variance: 0 })).toBeUndefined();
});

test("measures how similar an answer is to a reference", async () => {
  const embedder = new FakeEmbedder();
  expect(await textSimilarity(embedder, "one two", "one two")).toBeCloseTo(1);
  expect(await textSimilarity(embedder, "one two", "three four")).toBeLessThan(0.5);
});
