import { ConfigurationError } from "@binnacle/core";
import { FakeClock, FakeEmbedder } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createRetriever } from "../retrieval/create-retriever.ts";
import { indexed, textDocument } from "../retrieval/fixtures/indexed.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { createProfiles } from "./create-profiles.ts";

const day = 24 * 3_600_000;

function setUp() {
  const clock = new FakeClock();
  const store = new MemoryStore();
  const embedder = new FakeEmbedder({ dimensions: 128 });
  const profiles = createProfiles({ store, embedder, clock, halfLifeMs: 10 * day });
  return { clock, store, embedder, profiles };
}

describe("createProfiles", () => {
  test("leans towards recent interests (Q58)", async () => {
    const { profiles, clock } = setUp();
    const [left, right] = [new Float32Array(128).fill(1, 0, 1), new Float32Array(128).fill(1, 1, 2)];
    await profiles.observe("ada", left);
    await clock.advance(20 * day);
    const { vector, mass, focus } = await profiles.observe("ada", right);
    expect(mass).toBeCloseTo(1.25);
    expect((vector[0] ?? 0) / (vector[1] ?? 1)).toBeCloseTo(0.25);
    expect(focus).toBeCloseTo(Math.hypot(0.2, 0.8));
    expect(await profiles.get("ada")).toMatchObject({ mass, updatedAt: clock.now() });
  });

  test("loses no interest of concurrent calls", async () => {
    const { profiles } = setUp();
    await Promise.all(["a", "b", "c", "d"].map((text) => profiles.observe("ada", text)));
    expect((await profiles.get("ada"))?.mass).toBeCloseTo(4);
  });

  test("moves the user's own passages up, and leaves others' results as they are (Q58)", async () => {
    const { profiles, embedder } = setUp();
    const documents = [
      textDocument("boats.txt", "knots for sailing boats"),
      textDocument("ties.txt", "knots for silk ties"),
    ];
    const { store, index } = await indexed(documents, { embedder, isLexical: false });
    const best = async (own = index.embedder) => {
      const retriever = createRetriever({ store, index: { ...index, embedder: own } });
      return (await retriever.retrieve("knots for")).passages[0]?.documentId;
    };
    await profiles.observe("ada", "sailing boats");
    await profiles.observe("grace", "silk ties");
    expect(await best(profiles.embedderFor("ada", { weight: 0.4 }))).toBe("boats.txt");
    expect(await best(profiles.embedderFor("grace", { weight: 0.4 }))).toBe("ties.txt");
    expect(await best(profiles.embedderFor("unknown"))).toBe(await best());
  });

  test("changes no vector of a document, and none with weight 0", async () => {
    const { profiles, embedder } = setUp();
    await profiles.observe("ada", "sailing boats");
    const own = profiles.embedderFor("ada");
    const plain = await embedder.embed(["knots"], { role: "document" });
    expect((await own.embed(["knots"], { role: "document" })).outcomes).toEqual(plain.outcomes);
    const without = await profiles.embedderFor("ada", { weight: 0 }).embed(["knots"], { role: "query" });
    const [vector] = without.outcomes;
    const [wanted] = plain.outcomes;
    if (!(vector instanceof Float32Array) || !(wanted instanceof Float32Array)) throw new Error("no vector");
    expect(Math.max(...vector.map((value, at) => Math.abs(value - (wanted[at] ?? 0))))).toBeLessThan(1e-6);
  });

  test("keeps a direction when a dislike cancels an interest", async () => {
    const { profiles } = setUp();
    await profiles.observe("ada", "boats");
    const profile = await profiles.observe("ada", "boats", { weight: -1 });
    expect(profile).toMatchObject({ focus: 0, mass: 2 });
    expect(Math.hypot(...profile.vector)).toBeCloseTo(1);
  });

  test("deletes everything about a user", async () => {
    const { profiles, store } = setUp();
    await profiles.observe("ada", "boats");
    await profiles.observe("grace", "ties");
    expect(await profiles.forget("ada")).toBe(true);
    expect(await profiles.forget("ada")).toBe(false);
    expect(await profiles.get("ada")).toBeUndefined();
    expect(await store.collection("user_profiles").count()).toBe(1);
  });

  test("refuses a weight out of range and an empty user", async () => {
    const { profiles } = setUp();
    await expect(profiles.observe("ada", "a", { weight: 3 })).rejects.toThrow(ConfigurationError);
    await expect(profiles.observe("", "a")).rejects.toThrow(ConfigurationError);
    expect(() => profiles.embedderFor("ada", { weight: 2 })).toThrow(ConfigurationError);
  });
});
