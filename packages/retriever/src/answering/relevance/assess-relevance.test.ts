import type { LegTrace, Retrieval, TermTrace } from "@binnacle/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { retrievalOf } from "../../retrieval/fixtures/retrieval-of.ts";
import { assessRelevance, type RelevanceOptions } from "./assess-relevance.ts";

const term = (word: string, idf: number, passages: readonly number[] = []): TermTrace => ({
  term: word,
  idf,
  known: passages.length > 0,
  matches: passages.map((passage) => ({ passage, start: 0, end: 1 })),
  headings: [],
});
/** The retrieval of a lexical search whose best score is the sum of the known terms' IDFs. */
const found = (query: string, terms: readonly TermTrace[] | undefined, points = 10_000): Retrieval => {
  const retrieval = retrievalOf(["one", "two"], terms);
  const best = (terms ?? []).filter(({ known }) => known).reduce((sum, { idf }) => sum + idf, 0);
  const legs = terms === undefined ? [] : [{ kind: "lexical", found: 2, best } as const];
  return { ...retrieval, query, trace: { ...retrieval.trace, legs, points } };
};
/** Adds a dense leg to a retrieval. */
const foundNear = (retrieval: Retrieval, dense: Partial<LegTrace>): Retrieval => {
  const legs = [...retrieval.trace.legs, { kind: "dense", found: 2, ...dense } as const];
  return { ...retrieval, trace: { ...retrieval.trace, mode: "hybrid", legs } };
};

describe("coverage", () => {
  test("takes the best passage's weighted share, not the sum over passages", () => {
    const split = found("rotate key", [term("rotate", 4, [0]), term("key", 4, [1])]);
    expect(assessRelevance(split)).toMatchObject({ coverage: 0.5 });
    const together = found("rotate key", [term("rotate", 4, [0, 1]), term("key", 4, [1])]);
    expect(assessRelevance(together)).toMatchObject({ relevant: true, coverage: 1, reason: "confidence" });
  });

  test("weighs a rare word more than a common one", () => {
    const rare = assessRelevance(found("common rare", [term("common", 1, [0]), term("rare", 9)]));
    const common = assessRelevance(found("common rare", [term("common", 1), term("rare", 9, [0])]));
    expect(rare.coverage).toBeLessThan(0.3);
    expect(common.coverage).toBeGreaterThan(0.7);
  });

  test("ignores polite words", () => {
    const terms = [term("please", 9), term("explain", 8), term("checkpoints", 5, [0])];
    expect(assessRelevance(found("please explain checkpoints", terms))).toMatchObject({
      coverage: 1,
      relevant: true,
    });
  });

  test.each([
    ["Could you please tell me how the key is rotated?", ["Could", "please", "tell"]],
    ["How long is the key kept?", ["long"]],
    ["What happens to the key?", ["happens"]],
  ])("ignores the asking words of %j", (query, asking) => {
    const terms = [...asking.map((word) => term(word, 3)), term("key", 1, [0])];
    expect(assessRelevance(found(query, terms, 4))).toMatchObject({ coverage: 1, relevant: true });
  });

  test('counts "long" without "how", and asking words if the question has no others', () => {
    const long = [term("long", 3), term("key", 1, [0])];
    expect(assessRelevance(found("long key", long, 4)).coverage).toBeLessThan(0.5);
    expect(assessRelevance(found("help", [term("help", 3)], 4))).toMatchObject({
      coverage: 0,
      relevant: false,
    });
    expect(assessRelevance(found("help", [term("help", 3, [0])], 4))).toMatchObject({ relevant: true });
  });

  test("reads a term of any length once", () => {
    const word = "x".repeat(300_000);
    const started = process.cpuUsage();
    expect(assessRelevance(found(word, [term(word, 9)])).unknownNames).toEqual([]);
    expect(assessRelevance(found(`${word}Y`, [term(`${word}Y`, 9)])).unknownNames).toEqual([`${word}Y`]);
    // A quadratic reading takes more than a minute.
    expect(process.cpuUsage(started).user).toBeLessThan(10_000_000);
  });
});

describe("names", () => {
  test("weighs a name that no document contains three times and names it", () => {
    const terms = [term("replication", 3, [0]), term("lag", 5, [0]), term("Cassandra", 9)];
    const named = assessRelevance(found("monitor replication lag in Cassandra", terms));
    expect(named).toMatchObject({
      relevant: false,
      reason: "unknown-name",
      unknownNames: ["Cassandra"],
      coverage: 16 / (16 + 39),
    });
  });

  test.each([
    ["pgBouncer", "how does pgBouncer pool"],
    ["Neo4j", "Neo4j queries"],
    ["Kafka", "set up Kafka"],
    ["cron", "schedule with pg_cron"],
  ])("takes %s for a name", (name, query) => {
    expect(assessRelevance(found(query, [term(name, 9)])).unknownNames).toEqual([name]);
  });

  test.each([
    ["Rotate", "Rotate the key"],
    ["KEY", "ROTATE THE KEY"],
    ["key", "rotate the key"],
    ["Christmas", "rotate the key at Christmas"],
    ["PR", "review my PR"],
  ])("does not take %s in %j for a name", (word, query) => {
    expect(assessRelevance(found(query, [term(word, 9)])).unknownNames).toEqual([]);
  });

  test("does not take a German noun for a name, but an English word with a capital", () => {
    const german = found("Wann laufen die Sicherungen und wie?", [term("Sicherungen", 9)]);
    expect(assessRelevance(german).unknownNames).toEqual([]);
    expect(assessRelevance(found("What was Kafka for?", [term("Kafka", 9)])).unknownNames).toEqual(["Kafka"]);
  });
});

describe("confidence", () => {
  test("gives the same words less confidence among more points", () => {
    const half = [term("keys", 5, [0]), term("lamps", 5)];
    const [few = 0, many = 0] = [10, 100_000].map((points) => {
      return assessRelevance(found("keys of lamps", half, points)).confidence;
    });
    expect(many).toBeLessThan(few / 2);
  });

  test("judges an empty search as not relevant and a search without evidence as relevant", () => {
    expect(assessRelevance(retrievalOf([]))).toMatchObject({ relevant: false, reason: "nothing-found" });
    expect(assessRelevance(retrievalOf([" \n"]))).toMatchObject({ relevant: false, reason: "nothing-found" });
    const unmeasured = assessRelevance(found("key", undefined));
    expect(unmeasured).toMatchObject({ relevant: true, reason: "not-measured", confidence: undefined });
  });

  test("judges a question in other words as relevant if its vector stands out (Q45)", () => {
    const words = found("undo a bad release", [term("undo", 6), term("bad", 5), term("release", 4)]);
    expect(assessRelevance(words)).toMatchObject({ relevant: false, reason: "unrelated" });
    expect(assessRelevance(foundNear(words, { standing: 3 }))).toMatchObject({ relevant: true, standing: 3 });
    expect(assessRelevance(foundNear(words, { standing: -1 }))).toMatchObject({ relevant: false });
  });

  test("raises the confidence for a shared word and lowers it for an unknown name", () => {
    const confidence = (query: string, terms: readonly TermTrace[]): number =>
      assessRelevance(foundNear(found(query, terms), { standing: 0.5 })).confidence ?? Number.NaN;
    const plain = confidence("undo a release", [term("undo", 6), term("release", 4)]);
    expect(confidence("undo a release", [term("undo", 6), term("release", 4, [0])])).toBeGreaterThan(plain);
    expect(confidence("undo a Kafka release", [term("Kafka", 9), term("release", 4)])).toBeLessThan(plain);
  });

  test("judges by the dense threshold if there is one, unless a name is unknown", () => {
    const swap = found("swap credentials", [term("swap", 5), term("credentials", 6)]);
    const reached = assessRelevance(foundNear(swap, { minScore: 0.5, best: 0.6 }));
    expect(reached).toMatchObject({ relevant: true, reason: "confidence" });
    expect(assessRelevance(foundNear(swap, { minScore: 0.5, best: 0.4 }))).toMatchObject({ relevant: false });
    const named = found("swap Kafka credentials", [term("Kafka", 9), term("credentials", 6)]);
    expect(assessRelevance(foundNear(named, { minScore: 0.5, best: 0.6 }))).toMatchObject({
      relevant: false,
    });
  });
});

describe("refuse", () => {
  test('refuses most at "strict" and least at "off", and takes a number as the least confidence', () => {
    const doubtful = found("keys of lamps", [term("keys", 5, [0]), term("lamps", 5)], 1000);
    const relevant = (refuse: RelevanceOptions["refuse"], retrieval = doubtful): boolean =>
      assessRelevance(retrieval, { refuse }).relevant;
    const { confidence = Number.NaN } = assessRelevance(doubtful);
    expect([relevant("strict"), relevant("clear"), relevant("off")]).toEqual([false, true, true]);
    expect([relevant(confidence), relevant(confidence + 0.01)]).toEqual([true, false]);
    expect(relevant("off", retrievalOf([]))).toBe(false);
  });

  test("refuses a question exactly if its confidence is below the least (Q45)", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const standing = fc.option(fc.double({ min: -5, max: 5, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(share, standing, fc.boolean(), (refuse, value, known) => {
        const words = found("rotate keys", [term("rotate", 5, known ? [0] : []), term("keys", 5)]);
        const { relevant, confidence = -1 } = assessRelevance(foundNear(words, { standing: value }), {
          refuse,
        });
        expect(relevant).toBe(confidence >= refuse);
      }),
    );
  });

  test.each<[what: string, retrieval: unknown, options: unknown, message: RegExp]>([
    ["a question", "how?", {}, /retrieval: expected the result of retrieve\(\), got the string "how\?"/],
    ["a promise", Promise.resolve(), {}, /got a Promise; await it first/],
    ["no trace", { passages: [] }, {}, /retrieval: .*got an object with passages/],
    ["an unknown level", { passages: [], trace: {} }, { refuse: "hard" }, /refuse: .*got the string "hard"/],
    ["NaN as level", { passages: [], trace: {} }, { refuse: Number.NaN }, /refuse: .*got the number NaN/],
  ])("refuses %s as an argument", (_, retrieval, options, message) => {
    expect(() => Reflect.apply(assessRelevance, undefined, [retrieval, options])).toThrow(
      expect.objectContaining({ name: "ConfigurationError", message: expect.stringMatching(message) }),
    );
  });
});
