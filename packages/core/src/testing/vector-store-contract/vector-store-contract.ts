import type { VectorStore } from "../../spec/vector-store.ts";
import { contractCases, type ContractCase } from "../contract-case.ts";
import { aliasPromises } from "./alias-promises.ts";
import { argumentPromises } from "./argument-promises.ts";
import { badWritePromises } from "./bad-write-promises.ts";
import { collectionPromises } from "./collection-promises.ts";
import { durabilityPromises } from "./durability-promises.ts";
import { epochPromises } from "./epoch-promises.ts";
import { facetPromises } from "./facet-promises.ts";
import { featurePromises } from "./feature-promises.ts";
import { fencePromises } from "./fence-promises.ts";
import { filterPromises } from "./filter-promises.ts";
import { fusionPromises } from "./fusion-promises.ts";
import { lifecyclePromises } from "./lifecycle-promises.ts";
import { discoverPromises } from "./discover-promises.ts";
import { likePromises } from "./like-promises.ts";
import { orderedScanPromises } from "./ordered-scan-promises.ts";
import { rankingPromises } from "./ranking-promises.ts";
import { readPromises } from "./read-promises.ts";
import { searchPromises } from "./search-promises.ts";
import { snapshotPromises } from "./snapshot-promises.ts";
import { sparsePromises } from "./sparse-promises.ts";
import { tenantPromises } from "./tenant-promises.ts";
import { writePromises } from "./write-promises.ts";

/** Options of {@link vectorStoreContract}. */
export interface VectorStoreContractOptions {
  /** Opens the store of `create` again after the contract closed it. @default durability is not checked */
  readonly reopen?: ((closed: VectorStore) => Promise<VectorStore>) | undefined;
}

/**
 * The contract of stores. `create` returns a store without collections. A case may have a different expected
 * outcome for each value of a capability. The store's own capabilities select the outcome.
 */
export function vectorStoreContract(
  create: () => Promise<VectorStore>,
  options: VectorStoreContractOptions = {},
): readonly ContractCase[] {
  return contractCases(create, (store) => store.close(), [
    ...collectionPromises,
    ...writePromises,
    ...badWritePromises,
    ...argumentPromises,
    ...readPromises,
    ...searchPromises,
    ...sparsePromises,
    ...fusionPromises,
    ...filterPromises,
    ...tenantPromises,
    ...fencePromises,
    ...epochPromises,
    ...aliasPromises,
    ...rankingPromises,
    ...likePromises,
    ...discoverPromises,
    ...orderedScanPromises,
    ...facetPromises,
    ...featurePromises,
    ...snapshotPromises,
    ...lifecyclePromises,
    ...(options.reopen ? durabilityPromises(options.reopen) : []),
  ]);
}
