import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { TimeoutError } from "../../errors/timeout-error.ts";
import { BINDING, code, entry, listed, type ManifestPromise } from "./contract-entries.ts";

/** Promises about refused calls, aborts, deadlines and closing. */
export const refusalPromises: readonly ManifestPromise[] = [
  [
    "refuses invalid bindings and entries",
    async ({ manifest }) => {
      for (const binding of [
        { ...BINDING, sourceId: "" },
        { ...BINDING, collection: "" },
        { ...BINDING, incarnation: "" },
        { ...BINDING, tenant: "" },
        { ...BINDING, leaseMs: 0 },
        { ...BINDING, tokenAbove: -1 },
        { ...BINDING, tokenAbove: 0.5 },
      ])
        await assert.rejects(manifest.open(binding), ConfigurationError);
      assert.throws(() => manifest.view({ ...BINDING, sourceId: "" }), ConfigurationError);
      const session = await manifest.open(BINDING);
      await assert.rejects(session.put([entry("")]), ConfigurationError);
    },
  ],
  [
    "rejects with the reason of an aborted signal and records nothing",
    async ({ manifest }) => {
      const reason = new Error("enough");
      const options = { signal: AbortSignal.abort(reason) };
      const aborted = (error: unknown): boolean => error === reason;
      await assert.rejects(manifest.open(BINDING, options), aborted);
      const session = await manifest.open(BINDING);
      await assert.rejects(session.put([entry("a")], options), aborted);
      await assert.rejects(session.get(["a"], options), aborted);
      await assert.rejects(session.find(["a"], options), aborted);
      await assert.rejects(session.forget(["a"], options), aborted);
      await assert.rejects(session.seen(["a"], "x", options), aborted);
      await assert.rejects(listed(session, options), aborted);
      await assert.rejects(session.confirm([], { ...options, config: "config" }), aborted);
      await assert.rejects(session.count(options), aborted);
      await assert.rejects(session.scopes(options), aborted);
      await assert.rejects(session.renew(options), aborted);
      await assert.rejects(manifest.view(BINDING).count(options), aborted);
      assert.deepEqual(await listed(session), []);
    },
  ],
  [
    "rejects with a TimeoutError after the deadline and records nothing",
    async ({ manifest }) => {
      const options = { deadlineAt: Date.now() - 1 };
      const late = (error: unknown): boolean => TimeoutError.isInstance(error);
      await assert.rejects(manifest.open(BINDING, options), late);
      const session = await manifest.open(BINDING, { deadlineAt: Date.now() + 60_000 });
      await session.put([entry("b")]);
      await assert.rejects(session.put([entry("a")], options), late);
      await assert.rejects(session.get(["a"], options), late);
      await assert.rejects(session.find(["a"], options), late);
      await assert.rejects(session.forget(["b"], options), late);
      await assert.rejects(session.seen(["b"], "x", options), late);
      await assert.rejects(listed(session, options), late);
      await assert.rejects(session.confirm([], { ...options, config: "config" }), late);
      await assert.rejects(session.count(options), late);
      await assert.rejects(session.scopes(options), late);
      await assert.rejects(session.renew(options), late);
      await assert.rejects(manifest.view(BINDING).count(options), late);
      for await (const found of session.list()) assert.deepEqual(found, entry("b"));
    },
  ],
  [
    "closes a session twice, and then rejects its calls with closed",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      await Promise.all([session.close(), session.close()]);
      await session[Symbol.asyncDispose]();
      const closed = code("closed");
      await assert.rejects(session.put([entry("a")]), closed);
      await assert.rejects(session.get(["a"]), closed);
      await assert.rejects(session.find(["a"]), closed);
      await assert.rejects(listed(session), closed);
      await assert.rejects(session.confirm([], { config: "config" }), closed);
      await assert.rejects(session.count(), closed);
      await assert.rejects(session.scopes(), closed);
      await assert.rejects(session.renew(), closed);
      await assert.rejects(session.forget([]), closed);
      await assert.rejects(session.seen([], "x"), closed);
    },
  ],
  [
    "closes its sessions with the manifest, and may be closed twice",
    async ({ manifest }) => {
      const session = await manifest.open(BINDING);
      const view = manifest.view(BINDING);
      await Promise.all([manifest.close(), manifest.close()]);
      await assert.rejects(view.count(), code("closed"));
      await assert.rejects(session.put([entry("a")]), code("closed"));
      await assert.rejects(manifest.open(BINDING), code("closed"));
    },
  ],
];
