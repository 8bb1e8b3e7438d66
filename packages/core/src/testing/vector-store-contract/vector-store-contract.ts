import type { VectorStore } from "../../spec/vector-store.ts";
import { contractCases, type ContractCase } from "../contract-case.ts";
import { badWritePromises } from "./bad-write-promises.ts";
import { collectionPromises } from "./collection-promises.ts";
import { fencePromises } from "./fence-promises.ts";
import { filterPromises } from "./filter-promises.ts";
import { fusionPromises } from "./fusion-promises.ts";
import { lifecyclePromises } from "./lifecycle-promises.ts";
import { readPromises } from "./read-promises.ts";
import { searchPromises } from "./search-promises.ts";
import { tenantPromises } from "./tenant-promises.ts";
import { writePromises } from "./write-promises.ts";

/** The promises every store keeps. `create` makes a store without any collection. */
export function vectorStoreContract(create: () => Promise<VectorStore>): readonly ContractCase[] {
  return contractCases(create, (store) => store.close(), [
    ...collectionPromises,
    ...writePromises,
    ...badWritePromises,
    ...readPromises,
    ...searchPromises,
    ...fusionPromises,
    ...filterPromises,
    ...tenantPromises,
    ...fencePromises,
    ...lifecyclePromises,
  ]);
}
