import { BinnacleError, ConfigurationError, type Collection, type CollectionInfo } from "@binnacle/core";
import { pointCopier, type CopyPass } from "./point-copier.ts";
import { heldSources, type HeldSources } from "./held-sources.ts";
import type { ReindexRun } from "./reindex-run.ts";

/** Passes over the points after the first one. The second pass usually finds nothing to do. */
const MAX_PASSES = 10;
/** Points of an existing new collection that are looked up in the old collection before the first pass. */
const SAMPLE = 64;

/**
 * Copies every point of the old collection with vectors of the new index. The passes end when a pass changes
 * nothing and no writer is active. The last pass and the switch hold the lease of every source, so that an
 * indexer cannot write to the old collection in between.
 */
export async function copyCollection(
  tenants: readonly string[] | undefined,
  run: ReindexRun,
  switchAlias: () => Promise<void>,
): Promise<void> {
  const from = await oldCollection(run);
  const bound = boundTenants(tenants, from, run);
  for (const tenant of bound) await copyTenant(tenant, run, from);
  const held: HeldSources[] = [];
  try {
    for (const tenant of bound) held.push(await settleTenant(tenant, run, from));
    await switchAlias();
  } finally {
    for (const { close } of held) await close();
  }
}

async function oldCollection({ store, from = "", call }: ReindexRun): Promise<CollectionInfo> {
  const info = await store.describeCollection(from, call);
  if (info) return info;
  throw new ConfigurationError(`reindex: from: there is no collection "${from}"`, { code: "not_found" });
}

function boundTenants(
  tenants: readonly string[] | undefined,
  { tenancy = "none" }: CollectionInfo,
  { spec }: ReindexRun,
): readonly (string | undefined)[] {
  const refuse = (path: string, message: string): never => {
    throw new ConfigurationError(`reindex: ${path}: ${message}`, { issues: [{ path, message }] });
  };
  if (tenancy !== spec.tenancy)
    refuse("index.tenancy", `the old collection has "${tenancy}", and copied points keep their tenants`);
  if (tenancy === "none") return tenants ? refuse("tenants", "the collection has no tenants") : [undefined];
  return tenants ?? refuse("tenants", "name every tenant, because the collection requires tenants");
}

interface Pair {
  readonly from: Collection;
  readonly to: Collection;
}

function pairOf(tenant: string | undefined, { store, spec }: ReindexRun, { name }: CollectionInfo): Pair {
  const binding = tenant === undefined ? undefined : { tenant };
  return { from: store.collection(name, binding), to: store.collection(spec.name, binding) };
}

async function copyTenant(tenant: string | undefined, run: ReindexRun, info: CollectionInfo): Promise<void> {
  const pair = pairOf(tenant, run, info);
  await checkInto(pair, run);
  await pointCopier(pair, run, info).pass("filling");
}

/**
 * The copier deletes points that the old collection does not have, so it must not meet another collection.
 */
async function checkInto({ from, to }: Pair, { call, spec }: ReindexRun): Promise<void> {
  const ids: string[] = [];
  for await (const { id } of to.scan({ ...call, pageSize: SAMPLE })) {
    ids.push(id);
    if (ids.length === SAMPLE) break;
  }
  const present = await from.get(ids, call);
  if (ids.length === 0 || present.some((point) => point !== undefined)) return;
  const message = `collection "${spec.name}" holds other points. Name a new collection, or delete this one.`;
  throw new ConfigurationError(`reindex: into: ${message}`, { issues: [{ path: "into", message }] });
}

/** Takes the leases and copies until both collections hold the same points. */
async function settleTenant(
  tenant: string | undefined,
  run: ReindexRun,
  info: CollectionInfo,
): Promise<HeldSources> {
  const pair = pairOf(tenant, run, info);
  const { pass } = pointCopier(pair, run, info);
  const held = heldSources({ tenant, info, run });
  try {
    for (let passes = 0; passes < MAX_PASSES; passes++) {
      const before = await pair.from.epoch(run.call);
      const { changes, sourceIds }: CopyPass = await pass("checking");
      const isNew = await held.take(sourceIds);
      const isSettled = changes === 0 && !isNew && before === (await pair.from.epoch(run.call));
      if (isSettled && (await sameCount(pair, run))) return held;
    }
  } catch (error) {
    await held.close();
    throw error;
  }
  await held.close();
  throw new BinnacleError(
    "reindex_differs",
    `collections "${info.name}" and "${run.spec.name}" still differ after ${MAX_PASSES} passes, because somebody writes to "${info.name}". The alias was not switched. Pause the writers, and run reindex again.`,
    { retryable: true },
  );
}

async function sameCount({ from, to }: Pair, { call }: ReindexRun): Promise<boolean> {
  const [old, copied] = await Promise.all([from.count(undefined, call), to.count(undefined, call)]);
  return old === copied;
}
