import { BinnacleError, type CollectionInfo, type ManifestSession } from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import type { ReindexRun } from "./reindex-run.ts";

const POLL_MS = 250;

/** Holds the leases on the old collection's sources. */
export interface HeldSources {
  /** Takes the missing leases. Returns true if any was missing. */
  take(sourceIds: Iterable<string>): Promise<boolean>;
  /** Releases all leases. */
  readonly close: () => Promise<void>;
}

/** The collection and tenant whose sources are held. */
export interface HeldSourcesInput {
  readonly tenant: string | undefined;
  readonly info: CollectionInfo;
  readonly run: ReindexRun;
}

/** Holds leases, so that no indexer writes to the old collection. Without a manifest it holds nothing. */
export function heldSources({ tenant, info, run }: HeldSourcesInput): HeldSources {
  const { manifest, call, leaseWaitMs, report } = run;
  const { name: collection, incarnation } = info;
  const sessions = new Map<string, ManifestSession>();
  async function open(sourceId: string): Promise<ManifestSession | undefined> {
    const givesUpAt = Date.now() + leaseWaitMs;
    for (;;) {
      try {
        return await manifest?.open({ sourceId, collection, incarnation, tenant }, call);
      } catch (error) {
        const isHeld = BinnacleError.isInstance(error) && error.code === "lease_held";
        if (!isHeld || Date.now() + POLL_MS > givesUpAt) throw error;
      }
      report({ phase: "waiting", unit: "points", done: 0 });
      await sleep(POLL_MS, call);
    }
  }
  return {
    async take(sourceIds) {
      const missing = [...sourceIds].filter((id) => !sessions.has(id));
      for (const sourceId of missing) {
        const session = await open(sourceId);
        if (session === undefined) return false;
        sessions.set(sourceId, session);
      }
      return missing.length > 0;
    },
    close: async () => {
      for (const session of sessions.values()) await session.close();
      sessions.clear();
    },
  };
}
