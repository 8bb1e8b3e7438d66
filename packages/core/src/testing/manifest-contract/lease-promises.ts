import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import { at, BINDING, code, entry, listed, type ManifestPromise } from "./contract-entries.ts";

/** Promises about leases and tokens. */
export const leasePromises: readonly ManifestPromise[] = [
  [
    "refuses a second session on a record with lease_held, which is retryable",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await assert.rejects(manifest.open(BINDING), (error) => {
        assert.ok(BinnacleError.isInstance(error));
        assert.deepEqual([error.code, error.retryable], ["lease_held", true]);
        return true;
      });
      await session.close();
      await (await manifest.open(BINDING)).close();
    },
  ],
  [
    "gives the lease to one of many simultaneous sessions",
    async ({ manifest }) => {
      const opened = await Promise.allSettled(Array.from({ length: 8 }, () => manifest.open(BINDING)));
      assert.equal(opened.filter(({ status }) => status === "fulfilled").length, 1);
    },
  ],
  [
    "gives a higher token with every lease",
    async ({ manifest }) => {
      let last = -1;
      for (let i = 0; i < 5; i++) {
        const session = await manifest.open(BINDING);
        assert.ok(Number.isSafeInteger(session.token) && session.token > last);
        last = session.token;
        await session.close();
      }
    },
  ],
  [
    "gives a token above the requested one, and higher tokens afterwards",
    async ({ manifest }) => {
      const tokenAbove = Date.now() + 1e9;
      const first = await manifest.open({ ...BINDING, tokenAbove });
      assert.ok(Number.isSafeInteger(first.token) && first.token > tokenAbove);
      await first.close();
      const second = await manifest.open({ ...BINDING, tokenAbove: 5 });
      assert.ok(second.token > first.token);
    },
  ],
  [
    "keeps a live lease if another session requests a token",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await assert.rejects(manifest.open({ ...BINDING, tokenAbove: session.token + 10 }), code("lease_held"));
      await session.put([entry("a")]);
    },
  ],
  [
    "passes an expired lease to the next session, and rejects all calls of its old holder",
    async ({ manifest, advance }) => {
      const old = await manifest.open({ ...BINDING, leaseMs: 60_000 });
      await old.put([entry("a")]);
      advance(60_001);
      const next = await manifest.open(BINDING);
      assert.ok(next.token > old.token);
      const lost = code("lease_lost");
      await assert.rejects(old.put([entry("a", { version: "late" })], { resume: at("late") }), lost);
      await assert.rejects(old.get(["a"]), lost);
      await assert.rejects(old.forget(["a"]), lost);
      await assert.rejects(old.seen(["a"], "late"), lost);
      await assert.rejects(listed(old), lost);
      await assert.rejects(old.confirm([], { config: "config" }), lost);
      await assert.rejects(old.count(), lost);
      await assert.rejects(old.scopes(), lost);
      await assert.rejects(old.renew(), lost);
      await old.close();
      await assert.rejects(manifest.open(BINDING), code("lease_held"));
      assert.deepEqual(await next.get(["a"]), [entry("a")]);
      assert.equal(next.resume.size, 0);
    },
  ],
  [
    "keeps a lease that has not expired",
    async ({ manifest, advance }) => {
      const session = await manifest.open({ ...BINDING, leaseMs: 60_000 });
      advance(40_000);
      await assert.rejects(manifest.open(BINDING), code("lease_held"));
      await session.put([entry("a")]);
    },
  ],
  [
    "reports when a session's lease expires, and renews it on request",
    async ({ manifest, advance }) => {
      const openedAt = Date.now();
      const session = await manifest.open({ ...BINDING, leaseMs: 60_000 });
      const { expiresAt } = session;
      assert.ok(expiresAt >= openedAt + 60_000 && expiresAt <= Date.now() + 60_000);
      advance(40_000);
      await sleep(2);
      await session.renew();
      assert.ok(session.expiresAt > expiresAt);
      advance(40_000);
      await assert.rejects(manifest.open(BINDING), code("lease_held"));
    },
  ],
  [
    "renews the lease of an open session by itself",
    async ({ manifest }) => {
      const session = await manifest.open({ ...BINDING, leaseMs: 300 });
      await sleep(700);
      await assert.rejects(manifest.open(BINDING), code("lease_held"));
      await session.put([entry("a")]);
    },
  ],
];
