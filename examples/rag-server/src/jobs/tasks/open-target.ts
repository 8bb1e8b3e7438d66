import { BinnacleError, type Collection, type CollectionInfo } from "@binnacle/core";
import type { JobRun } from "../run-task.ts";

/** Opens the collection of a job, bound to the job's tenant if the collection has tenants. */
export async function openTarget(
  name: string,
  { store, tenant, call }: Pick<JobRun, "store" | "tenant" | "call">,
): Promise<{ readonly info: CollectionInfo; readonly points: Collection }> {
  const info = await store.describeCollection(name, call);
  if (info === undefined) throw new BinnacleError("not_found", `there is no collection "${name}"`);
  if (info.tenancy !== "required") return { info, points: store.collection(name) };
  if (tenant !== undefined) return { info, points: store.collection(name, { tenant }) };
  throw new BinnacleError("tenant_required", `collection "${name}" is kept apart by tenant`);
}
