import type { Manifest } from "../../spec/manifest.ts";
import { contractCases, type ContractCase } from "../contract-case.ts";
import type { ManifestSubject } from "./contract-entries.ts";
import { entryPromises } from "./entry-promises.ts";
import { findPromises } from "./find-promises.ts";
import { leasePromises } from "./lease-promises.ts";
import { refusalPromises } from "./refusal-promises.ts";
import { statePromises } from "./state-promises.ts";

/** Options of a manifest under test. */
export interface ManifestSetup {
  /** Returns the time for leases in epoch milliseconds. The contract moves this clock. */
  readonly now: () => number;
}

/** The contract of manifests. `create` returns an empty manifest. */
export function manifestContract(
  create: (setup: ManifestSetup) => Promise<Manifest>,
): readonly ContractCase[] {
  const createSubject = async (): Promise<ManifestSubject> => {
    let advancedMs = 0;
    const manifest = await create({ now: () => Date.now() + advancedMs });
    return {
      manifest,
      advance: (ms) => {
        advancedMs += ms;
      },
    };
  };
  return contractCases(createSubject, ({ manifest }) => manifest.close(), [
    ...entryPromises,
    ...findPromises,
    ...statePromises,
    ...leasePromises,
    ...refusalPromises,
  ]);
}
