import { ConfigurationError } from "@binnacle/core";
import { FakeClock } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createRetriever } from "../../retrieval/create-retriever.ts";
import { indexed, textDocument } from "../../retrieval/fixtures/indexed.ts";
import { createSearchLog, type SearchLog } from "./create-search-log.ts";
import { logSearches } from "./log-searches.ts";
import { redactQuery } from "./redact-query.ts";
import type { SearchLogOptions } from "./search-log-options.ts";

const day = 24 * 3_600_000;

function setUp(options: SearchLogOptions = {}) {
  const clock = new FakeClock();
  const log = createSearchLog({ clock, ...options });
  const ask = (query: string, rest: Partial<Parameters<SearchLog["record"]>[0]> = {}): void =>
    log.record({ query, durationMs: 10, hits: 3, ...rest });
  return { clock, log, ask };
}

describe("createSearchLog", () => {
  test("summarises latencies, hit rates and scores of what was recorded (Q36)", () => {
    const { log, ask } = setUp();
    for (let n = 1; n <= 100; n++) ask(`query ${n}`, { durationMs: n, hits: n % 5, score: n / 100 });
    ask("broken", { durationMs: 7, hits: 0, error: "timeout" });
    const summary = log.summary();
    expect(summary).toMatchObject({ searches: 101, failed: 1, errors: { timeout: 1 }, zeroHitRate: 0.2 });
    expect(summary.latencyMs).toMatchObject({ p50: 50, p95: 95, p99: 99, max: 100 });
    expect(summary.scores.map(({ searches }) => searches)).toEqual([9, 10, 10, 10, 10, 10, 10, 10, 10, 11]);
  });

  test("divides the period into equal parts with their searches and latencies (Q36)", async () => {
    const { log, clock, ask } = setUp();
    const since = clock.now();
    ask("early", { durationMs: 4 });
    ask("missing", { durationMs: 6, hits: 0 });
    ask("broken", { durationMs: 8, hits: 0, error: "timeout" });
    await clock.advance(day - 1);
    ask("late", { durationMs: 20 });
    const { timeline } = log.summary({ since, until: since + day });
    expect(timeline).toHaveLength(24);
    expect(timeline[0]).toEqual({ from: since, searches: 3, withoutHits: 1, latencyMs: { p50: 6, p95: 8 } });
    expect(timeline[12]).toMatchObject({ from: since + day / 2, searches: 0, latencyMs: { p50: 0, p95: 0 } });
    expect(timeline[23]).toMatchObject({ searches: 1, latencyMs: { p50: 20, p95: 20 } });
    expect(log.summary({ since, until: since }).timeline).toEqual([]);
  });

  test("counts popular and unanswered queries without regard to case (Q37)", () => {
    const { log, ask } = setUp();
    for (const [user, query] of [
      ["a", "Signing key"],
      ["b", "signing key"],
      ["b", " signing  key "],
    ] as const)
      ask(query, { user });
    ask("printer", { hits: 0 });
    expect(log.summary().popular).toEqual([
      { query: "Signing key", searches: 3, users: 2, zeroHitRate: 0 },
      { query: "printer", searches: 1, users: 0, zeroHitRate: 1 },
    ]);
    expect(log.summary().unanswered.map(({ query }) => query)).toEqual(["printer"]);
  });

  test("finds queries that are asked more often than before (Q59)", async () => {
    const { log, clock, ask } = setUp();
    for (let n = 0; n < 12; n++) {
      ask("steady");
      if (n >= 9) for (let times = 0; times < 4; times++) ask("outage");
      await clock.advance(day);
    }
    const { trending } = log.summary({ since: clock.now() - 12 * day, until: clock.now() });
    expect(trending.map(({ query }) => query)).toEqual(["outage"]);
    expect(trending[0]).toMatchObject({ recent: 12, before: 0 });
  });

  test("counts days, hours and users (Q37)", async () => {
    const { log, clock, ask } = setUp();
    ask("one", { user: "ada" });
    ask("two", { user: "ada" });
    await clock.advance(day + 3_600_000);
    ask("three", { user: "grace" });
    const usage = log.usage();
    expect(usage.days).toEqual([
      { day: "2026-01-01", searches: 2, users: 1 },
      { day: "2026-01-02", searches: 1, users: 1 },
    ]);
    expect([usage.hours[0], usage.hours[1], usage.users]).toEqual([2, 1, 2]);
    expect(usage.topUsers.map(({ searches }) => searches)).toEqual([2, 1]);
    expect(JSON.stringify(usage)).not.toContain("ada");
  });

  test("limits a summary to a period", async () => {
    const { log, clock, ask } = setUp();
    ask("early");
    await clock.advance(day);
    const since = clock.now();
    ask("late");
    expect(log.summary({ since }).popular.map(({ query }) => query)).toEqual(["late"]);
    expect(log.summary({ until: since }).searches).toBe(1);
  });

  test("forgets records after the retention, and those of a user at once", async () => {
    const { log, clock, ask } = setUp({ retentionMs: 2 * day });
    ask("old");
    await clock.advance(day);
    ask("mine", { user: "ada" });
    ask("other", { user: "grace" });
    expect(log.forget("ada")).toBe(1);
    await clock.advance(1.5 * day);
    expect(log.stats().records).toBe(1);
    expect(log.summary().popular.map(({ query }) => query)).toEqual(["other"]);
  });

  test("keeps its memory within the bound and counts what it drops", () => {
    const { log, ask } = setUp({ maxBytes: 4096 });
    for (let n = 0; n < 5000; n++) ask(`query ${n}`);
    const { bytes, records, dropped } = log.stats();
    expect(bytes).toBeLessThanOrEqual(4096);
    expect(records + dropped).toBe(5000);
    expect(log.summary({ limit: 1 }).searches).toBe(records);
  });

  test("keeps only hashes if queries must not be read", () => {
    const { log, ask } = setUp({ queries: "hashed", secret: "a secret of the test" });
    ask("my salary");
    ask("My salary ");
    const [popular] = log.summary().popular;
    expect(popular).toMatchObject({ searches: 2 });
    expect(popular?.query).toMatch(/^[0-9a-f]{24}$/);
    expect(JSON.stringify(log.summary())).not.toContain("salary");
  });

  test("refuses figures that are no figures, and an empty log has none", () => {
    const { log, ask } = setUp();
    expect(() => ask("a", { durationMs: Number.NaN })).toThrow(ConfigurationError);
    expect(() => ask("a", { hits: -1 })).toThrow(ConfigurationError);
    expect(log.summary()).toMatchObject({ searches: 0, zeroHitRate: 0, popular: [] });
    expect(() => createSearchLog({ secret: "short" })).toThrow(ConfigurationError);
  });
});

test.each([
  ["call +49 30 1234567 about it", "call [number] about it"],
  ["ada@example.org cannot log in", "[email] cannot log in"],
  ["the password is hunter2 why", "the password is [secret] why"],
  ["password hunter2 fails", "password [secret] fails"],
  ["the password was hunter2", "the password was [secret]"],
  ["password is: hunter2", "password is: [secret]"],
  ["DB_PASSWORD=hunter2", "DB_PASSWORD=[secret]"],
  ["OPENAI_API_KEY=abc123 and x-api-key: abc", "OPENAI_API_KEY=[secret] and x-api-key: [secret]"],
  ["client_secret: abc", "client_secret: [secret]"],
  ["dbPassword = abc", "dbPassword = [secret]"],
  ["pwd=hunter2", "pwd=[secret]"],
  ["Authorization: Bearer abc.def fails", "Authorization: [secret] fails"],
  ["send Bearer abc.def", "send Bearer [secret]"],
  ['password="two words" fails', "password=[secret] fails"],
  ['{"password": "two words", "a": 1}', '{"password": [secret], "a": 1}'],
  ["reset my password, please", "reset my password, please"],
  ["password reset and token 401", "password reset and token 401"],
  ["pinned tokens: what is the password?", "pinned tokens: what is the password?"],
  ["fetch https://host/path?token=1 fails", "fetch [url] fails"],
  ["key sk-abcdef0123456789abcdef leaked", "key [token] leaked"],
  ["host 10.0.0.12 is down", "host [ip] is down"],
  ["error 404 in version 1.2.3", "error 404 in version 1.2.3"],
])("redacts %s", (query, redacted) => {
  expect(redactQuery(query)).toBe(redacted);
});

test("redacts a hostile query in a short time", () => {
  const startedAt = performance.now();
  const units = ["1 ", "a@", "a.", "password ", "password_", 'secret="', "api-", "Bearer .", "x1", "http://"];
  for (const unit of units) redactQuery(unit.repeat(100_000));
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test("records the searches of a retriever, also failed ones", async () => {
  const { store, index } = await indexed([textDocument("keys.txt", "Rotate the signing key.")]);
  const { log } = setUp();
  const inner = createRetriever({ store, index });
  await logSearches(inner, { log, user: "ada" }).retrieve("signing key");
  await logSearches(inner, { log }).retrieve("zebra");
  const failing = { retrieve: () => Promise.reject(new Error("down")) };
  await expect(logSearches(failing, { log }).retrieve("any")).rejects.toThrow("down");
  expect(log.summary()).toMatchObject({ searches: 3, zeroHitRate: 0.5, errors: { unexpected_error: 1 } });
});
