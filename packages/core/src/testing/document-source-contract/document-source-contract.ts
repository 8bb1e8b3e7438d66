import { contractCases, type ContractCase } from "../contract-case.ts";
import { documentPromises } from "./document-promises.ts";
import { leavingPromises } from "./leaving-promises.ts";
import { listingPromises } from "./listing-promises.ts";
import {
  changePromises,
  degradePromises,
  noResumePromises,
  relistPromises,
  resumePromises,
} from "./live-promises.ts";
import type { DocumentSourceAbilities, DocumentSourceSubject } from "./source-subject.ts";

/** The contract of document sources and of their abilities. It expects order only among the changes of one
 * scope. */
export function documentSourceContract(
  create: () => Promise<DocumentSourceSubject>,
  { changes = false, resumes = false, relists = false, degrades = false }: DocumentSourceAbilities = {},
): readonly ContractCase[] {
  return contractCases(create, (subject) => subject.dispose(), [
    ...listingPromises,
    ...documentPromises,
    ...leavingPromises,
    ...(changes ? changePromises : []),
    ...(resumes ? resumePromises : noResumePromises),
    ...(relists ? relistPromises : []),
    ...(degrades ? degradePromises : []),
  ]);
}
