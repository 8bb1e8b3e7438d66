import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import { at, BINDING, code, entry, listed, type ManifestPromise } from "./contract-entries.ts";

/** What a manifest promises about leases. */
export const leasePromises: readonly ManifestPromise[] = [
  [
    "while a session lives, another one on its record is refused with lease_held, which may be retried",
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
    "of many that open at once, one gets the lease",
    async ({ manifest }) => {
      const opened = await Promise.allSettled(Array.from({ length: 8 }, () => manifest.open(BINDING)));
      assert.equal(opened.filter(({ status }) => status === "fulfilled").length, 1);
    },
  ],
  [
    "tokens grow with every lease",
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
    "a token above the one that was asked for is given, and later ones are higher still",
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
    "a token that is asked for does not take a lease away",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await assert.rejects(manifest.open({ ...BINDING, tokenAbove: session.token + 10 }), code("lease_held"));
      await session.put([entry("a")]);
    },
  ],
  [
    "a lease that ran out passes to the next session, and its old holder can do nothing any more",
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
    "a lease that has not run out is not given away",
    async ({ manifest, advance }) => {
      const session = await manifest.open({ ...BINDING, leaseMs: 60_000 });
      advance(40_000);
      await assert.rejects(manifest.open(BINDING), code("lease_held"));
      await session.put([entry("a")]);
    },
  ],
  [
    "a session knows until when it has its lease, and can renew it",
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
    "an open session renews its lease by itself",
    async ({ manifest }) => {
      const session = await manifest.open({ ...BINDING, leaseMs: 300 });
      await sleep(700);
      await assert.rejects(manifest.open(BINDING), code("lease_held"));
      await session.put([entry("a")]);
    },
  ],
];
