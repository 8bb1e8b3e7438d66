import type { Retrieval, TermTrace } from "@binnacle/core";
import { expect, test } from "vitest";
import { retrievalOf } from "../../retrieval/fixtures/retrieval-of.ts";
import { assessRelevance } from "./assess-relevance.ts";

const term = (word: string, idf: number, passages: readonly number[] = []): TermTrace => ({
  term: word,
  idf,
  known: passages.length > 0,
  matches: passages.map((passage) => ({ passage, start: 0, end: 1 })),
  headings: [],
});
const found = (query: string, terms: readonly TermTrace[] | undefined, points = 10_000): Retrieval => {
  const retrieval = retrievalOf(["one", "two"], terms);
  return { ...retrieval, query, trace: { ...retrieval.trace, points } };
};

test("coverage is the best passage's weighted share, not the sum over passages", () => {
  const split = found("rotate key", [term("rotate", 4, [0]), term("key", 4, [1])]);
  expect(assessRelevance(split)).toMatchObject({ relevant: false, coverage: 0.5 });
  const together = found("rotate key", [term("rotate", 4, [0, 1]), term("key", 4, [1])]);
  expect(assessRelevance(together)).toMatchObject({ relevant: true, coverage: 1, reason: "coverage" });
});

test("a rare word weighs more than a common one", () => {
  const rare = assessRelevance(found("common rare", [term("common", 1, [0]), term("rare", 9)]));
  const common = assessRelevance(found("common rare", [term("common", 1), term("rare", 9, [0])]));
  expect(rare.coverage).toBeLessThan(0.3);
  expect(common.coverage).toBeGreaterThan(0.7);
});

test("a name that no document has weighs three times, and is named", () => {
  const terms = [term("replication", 3, [0]), term("lag", 5, [0]), term("Cassandra", 9)];
  const named = assessRelevance(found("monitor replication lag in Cassandra", terms));
  expect(named).toMatchObject({ relevant: false, unknownNames: ["Cassandra"], coverage: 16 / (16 + 39) });
});

test.each([
  ["pgBouncer", "how does pgBouncer pool"],
  ["Neo4j", "Neo4j queries"],
  ["Kafka", "set up Kafka"],
  ["cron", "schedule with pg_cron"],
])("%s is a name", (name, query) => {
  expect(assessRelevance(found(query, [term(name, 9)])).unknownNames).toEqual([name]);
});

test.each([
  ["Rotate", "Rotate the key"],
  ["KEY", "ROTATE THE KEY"],
  ["key", "rotate the key"],
])("%s in %j is none", (word, query) => {
  expect(assessRelevance(found(query, [term(word, 9)])).unknownNames).toEqual([]);
});

test("a German noun is no name, an English one with a capital is, also in the past", () => {
  const german = found("Wann laufen die Sicherungen und wie?", [term("Sicherungen", 9)]);
  expect(assessRelevance(german).unknownNames).toEqual([]);
  expect(assessRelevance(found("What was Kafka for?", [term("Kafka", 9)])).unknownNames).toEqual(["Kafka"]);
});

test("a term of any length is read once", () => {
  const word = "x".repeat(300_000);
  const started = process.cpuUsage();
  expect(assessRelevance(found(word, [term(word, 9)])).unknownNames).toEqual([]);
  expect(assessRelevance(found(`${word}Y`, [term(`${word}Y`, 9)])).unknownNames).toEqual([`${word}Y`]);
  // A quadratic reading takes more than a minute.
  expect(process.cpuUsage(started).user).toBeLessThan(10_000_000);
});

test("politeness does not count", () => {
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
])("the words by which %j asks do not count", (query, asking) => {
  const terms = [...asking.map((word) => term(word, 3)), term("key", 1, [0])];
  expect(assessRelevance(found(query, terms, 4))).toMatchObject({ coverage: 1, relevant: true });
});

test("a long time is no question of degree; a question of nothing but asking words is about them", () => {
  const long = [term("long", 3), term("key", 1, [0])];
  expect(assessRelevance(found("long key", long, 4)).coverage).toBeLessThan(0.5);
  expect(assessRelevance(found("help", [term("help", 3)], 4))).toMatchObject({
    coverage: 0,
    relevant: false,
  });
  expect(assessRelevance(found("help", [term("help", 3, [0])], 4))).toMatchObject({ relevant: true });
});

test("in a small collection half of the question is asked for, however common the words it has are", () => {
  const marathon = [term("run", 0.7, [0]), term("marathon", 2.3)];
  expect(assessRelevance(found("How do I run a marathon?", marathon, 4))).toMatchObject({ relevant: false });
});

test("the coverage asked for grows with the collection, unless the caller gives one", () => {
  const asked = (points: number, minCoverage?: number) =>
    assessRelevance(found("key", [term("key", 1, [0])], points), { minCoverage }).minCoverage;
  expect([asked(10), asked(300), asked(10_000)].map((value) => value?.toFixed(2))).toEqual([
    "0.50",
    "0.52",
    "0.63",
  ]);
  expect(asked(10_000, 0.9)).toBe(0.9);
});

test("nothing found is not relevant; what cannot be measured is said not to be", () => {
  expect(assessRelevance(retrievalOf([]))).toEqual({
    relevant: false,
    reason: "nothing-found",
    unknownNames: [],
  });
  expect(assessRelevance(found("key", undefined))).toEqual({
    relevant: true,
    reason: "not-measured",
    unknownNames: [],
  });
});

test("a caller's 0 refuses only where nothing was found", () => {
  expect(assessRelevance(found("key", [term("key", 5)]), { minCoverage: 0 }).relevant).toBe(true);
});
