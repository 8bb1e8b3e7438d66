import {
  BinnacleError,
  type CollectionSpec,
  FencedError,
  type ManifestBinding,
  type ManifestSession,
} from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import { createCollectionSpec } from "../options/define-index.ts";
import { finishRemovals } from "../removals/finish-removals.ts";
import { parseResume } from "../run/checkpoint.ts";
import { unknownScope } from "../run/listing.ts";
import type { RunContext } from "../run/run-context.ts";
import { checkCollection } from "./check-collection.ts";
import { closingAfter } from "./closing-after.ts";
import { createContext } from "./create-context.ts";
import { reconcile } from "./reconcile.ts";
import type { RunSetup } from "./run-setup.ts";

/** A run that holds the source's lease and whose manifest describes the collection. */
export interface OpenRun {
  readonly context: RunContext;
  /** The checkpoints from which the source may resume, by scope. The source must list every other scope. */
  readonly resume: ReadonlyMap<string, string>;
}

/**
 * Ensures the collection, takes the lease, fences off earlier runs and runs `body`. First it compares the
 * collection with the manifest, unless the epoch shows that no other process has written. It releases the
 * lease when `body` is done. The run stays in the collection that an alias meant when the run took the lease.
 */
export async function withRun<T>(setup: RunSetup, body: (run: OpenRun) => Promise<T>): Promise<T> {
  const { session, context, epoch } = await openMeant(setup);
  return await closingAfter(session, async () => {
    const isSettled = epoch !== undefined && epoch === context.entries.epoch;
    if (!isSettled || context.recheck) await compare(context);
    const resume = await resumeOf(context);
    // A source that resumes a scope does not mention these documents again.
    await finishRemovals(context, (scope) => resume.has(scope));
    return await body({ context, resume });
  });
}

/**
 * Opens the collection that the index's name means. If the name is an alias that was switched before the run
 * had the lease, it opens the new target instead.
 */
async function openMeant(setup: RunSetup): Promise<RegisteredRun> {
  const { call, options, mode } = setup;
  const { store, index, tenant, leaseMs } = options;
  const { sourceId, isDry = false, isRemoval = false } = mode;
  const existing = await store.describeCollection(index.name, call);
  const isReady = isRemoval && existing !== undefined;
  const asked = isReady ? existing : await createCollectionSpec(index, call);
  if (existing !== undefined) checkCollection(existing, asked);
  const info = isDry || isReady ? existing : await store.ensureCollection(asked, call);
  const spec = { ...asked, name: info?.name ?? asked.name };
  const binding = info && {
    sourceId,
    collection: info.name,
    tenant,
    incarnation: info.incarnation,
    leaseMs,
  };
  const run = await openRegistered(setup, spec, binding);
  if (info === undefined || info.name === index.name) return run;
  const meant = await store.describeCollection(index.name, call);
  if (meant?.incarnation === info.incarnation) return run;
  await run.session?.close();
  return openMeant(setup);
}

interface RegisteredRun {
  readonly session: ManifestSession | undefined;
  readonly context: RunContext;
  readonly epoch: string | undefined;
}

/**
 * Takes the lease and fences off earlier runs. If the store has seen a higher token, it takes the lease again
 * with a token above that one. That happens if the manifest was lost and the clock was set back. It also
 * happens if a successor has taken over; then this run waits for the successor's lease. Nothing was read
 * before, so a later start does no harm.
 */
async function openRegistered(
  setup: RunSetup,
  spec: CollectionSpec,
  binding: ManifestBinding | undefined,
): Promise<RegisteredRun> {
  const session = binding && (await openSession(setup, binding));
  try {
    const context = await createContext(setup, spec, session);
    return { session, context, epoch: await context.points.register() };
  } catch (error) {
    await session?.close().catch(() => undefined);
    const tokenAbove = fencingToken(error);
    if (tokenAbove === undefined || binding === undefined || binding.tokenAbove !== undefined) throw error;
    return openRegistered(setup, spec, { ...binding, tokenAbove });
  }
}

function fencingToken(error: unknown): number | undefined {
  if (!BinnacleError.isInstance(error)) return undefined;
  return FencedError.isInstance(error.cause) ? error.cause.highestToken : undefined;
}

async function compare(context: RunContext): Promise<void> {
  const { tally } = context;
  const { phase } = tally;
  tally.phase = "reconciling";
  context.report();
  await reconcile(context);
  tally.phase = phase;
}

/** Returns the checkpoints to resume from. A scope may resume only if all its documents are as recorded. */
async function resumeOf(context: RunContext): Promise<ReadonlyMap<string, string>> {
  const { entries, call, config, recheck } = context;
  const resume = new Map<string, string>();
  if (entries.isNew || recheck) return resume;
  for (const [scope, recorded] of entries.resume) {
    const checkpoint = parseResume(config, recorded);
    if (checkpoint !== undefined) resume.set(scope, checkpoint);
  }
  for await (const { scope } of entries.list({ ...call, state: "writing" })) {
    // An entry that was rebuilt from points has no scope.
    if (scope === unknownScope) return new Map();
    resume.delete(scope);
  }
  return resume;
}

const pollMs = 250;

async function openSession(
  { options, givesUpAt, tally, report, call }: RunSetup,
  binding: ManifestBinding,
): Promise<ManifestSession> {
  const { phase } = tally;
  for (;;) {
    try {
      const session = await options.manifest.open(binding, call);
      tally.phase = phase;
      return session;
    } catch (error) {
      const isHeld = BinnacleError.isInstance(error) && error.code === "lease_held";
      if (!isHeld || Date.now() + pollMs > givesUpAt) throw error;
    }
    tally.phase = "waiting";
    report();
    await sleep(pollMs, call);
  }
}
