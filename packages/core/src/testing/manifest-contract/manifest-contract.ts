import type { Manifest } from "../../spec/manifest.ts";
import { contractCases, type ContractCase } from "../contract-case.ts";
import type { ManifestSubject } from "./contract-entries.ts";
import { entryPromises } from "./entry-promises.ts";
import { findPromises } from "./find-promises.ts";
import { leasePromises } from "./lease-promises.ts";
import { refusalPromises } from "./refusal-promises.ts";
import { statePromises } from "./state-promises.ts";

/** What a manifest under test is made with. */
export interface ManifestSetup {
  /** The clock that leases are measured by, in epoch milliseconds. The contract moves it. */
  readonly now: () => number;
}

/** The promises every manifest keeps. `create` makes an empty one. */
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
