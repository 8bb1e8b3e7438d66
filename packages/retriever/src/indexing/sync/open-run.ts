import {
  BinnacleError,
  type CallOptions,
  type CollectionSpec,
  FencedError,
  type Manifest,
  type ManifestBinding,
  type ManifestSession,
  type Metadata,
  type VectorStore,
} from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import { createCollectionSpec, type Index } from "../define-index.ts";
import { configFingerprint } from "../fingerprint/document-fingerprint.ts";
import { checkCollection } from "../points/check-collection.ts";
import { dryEntries } from "../points/dry-entries.ts";
import { dryEmbedder, dryEncoder, dryPoints } from "../points/dry-run.ts";
import { FencedPoints } from "../points/fenced-points.ts";
import { reconcile } from "../points/reconcile.ts";
import { closingAfter } from "./closing-after.ts";
import { unknownScope } from "./listing.ts";
import { RetryQueue } from "./retry-queue.ts";
import type { IndexParts, RunContext, RunLimits } from "./run-context.ts";
import { parseResume } from "./sync-run.ts";
import type { Tally } from "./tally.ts";

/** What a run is opened with. */
export interface RunSetup<M extends Metadata = Metadata> {
  readonly store: VectorStore;
  readonly index: Index<M>;
  readonly manifest: Manifest;
  readonly tenant: string | undefined;
  readonly sourceId: string;
  /** True: nothing is embedded, written or recorded. */
  readonly isDry: boolean;
  readonly recheck: boolean;
  readonly allowMassDelete: boolean;
  /** When to stop waiting for the lease, epoch milliseconds. */
  readonly givesUpAt: number;
  readonly limits: RunLimits;
  readonly tally: Tally;
  readonly report: RunContext["report"];
  readonly call: CallOptions;
}

/** A run that holds the source's lease and knows what the collection holds. */
export interface OpenRun {
  readonly context: RunContext;
  /** Where the source may resume, by scope; it must list every other scope. */
  readonly resume: ReadonlyMap<string, string>;
}

/** Makes sure of the collection, takes the lease, fences off every predecessor, and then compares what is there with
 * what was recorded, unless nobody can have written since. Releases the lease when `body` is done. */
export async function withRun<M extends Metadata, T>(
  setup: RunSetup<M>,
  body: (run: OpenRun) => Promise<T>,
): Promise<T> {
  const { store, index, call, tenant, sourceId, isDry } = setup;
  const spec = await createCollectionSpec(index, call);
  const existing = await store.describeCollection(index.name, call);
  if (existing !== undefined) checkCollection(existing, spec);
  const info = isDry ? existing : await store.ensureCollection(spec, call);
  const binding = info && { sourceId, collection: info.name, tenant, incarnation: info.incarnation };
  const { session, context, epoch } = await openRegistered(setup, spec, binding);
  return await closingAfter(session, async () => {
    const isSettled = epoch !== undefined && epoch === context.entries.epoch;
    if (!isSettled || context.recheck) await compare(context);
    return await body({ context, resume: await resumeOf(context) });
  });
}

interface RegisteredRun {
  readonly session: ManifestSession | undefined;
  readonly context: RunContext;
  readonly epoch: string | undefined;
}

/** Takes the lease and fences off every predecessor. Where the store has seen a higher token, the lease is taken once more
 * with one above it: either the manifest was lost and the clock set back, or a successor took over since, whose lease is
 * then waited for. Nothing was read yet, so that starting later is no harm. */
async function openRegistered<M extends Metadata>(
  setup: RunSetup<M>,
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

async function createContext<M extends Metadata>(
  setup: RunSetup<M>,
  spec: CollectionSpec,
  session: ManifestSession | undefined,
): Promise<RunContext> {
  const { store, index, tenant, sourceId, isDry, call, limits, tally, report } = setup;
  const { recheck, allowMassDelete } = setup;
  const collection = store.collection(index.name, tenant === undefined ? undefined : { tenant });
  const entries = isDry || session === undefined ? dryEntries(session) : session;
  const isFenced = !isDry && session !== undefined && (await store.capabilities(call)).fences !== "none";
  const fence = isFenced ? { sourceId, token: session.token } : undefined;
  const points = isDry ? dryPoints(session && collection, sourceId) : collection;
  return {
    spec,
    sourceId,
    tenant,
    entries,
    limits,
    tally,
    report,
    call,
    recheck,
    allowMassDelete,
    index: isDry ? dryParts(index) : index,
    config: configFingerprint(index.chunker.id, spec),
    retries: new RetryQueue(),
    points: new FencedPoints(points, fence, call),
  };
}

function dryParts({ chunker, embedder, sparse, schema }: IndexParts): IndexParts {
  return {
    chunker,
    schema,
    embedder: embedder && dryEmbedder(embedder),
    sparse: sparse && dryEncoder(sparse),
  };
}

async function compare(context: RunContext): Promise<void> {
  const { tally } = context;
  const { phase } = tally;
  tally.phase = "reconciling";
  context.report();
  await reconcile(context);
  tally.phase = phase;
}

/** A scope may go on from its checkpoint only if each of its documents is as it was recorded. */
async function resumeOf(context: RunContext): Promise<ReadonlyMap<string, string>> {
  const { entries, call, config, recheck } = context;
  const resume = new Map<string, string>();
  if (entries.isNew || recheck) return resume;
  for (const [scope, recorded] of entries.resume) {
    const checkpoint = parseResume(config, recorded);
    if (checkpoint !== undefined) resume.set(scope, checkpoint);
  }
  for await (const { scope } of entries.list({ ...call, state: "writing" })) {
    // Rebuilt from points, which do not say where they belong.
    if (scope === unknownScope) return new Map();
    resume.delete(scope);
  }
  return resume;
}

const pollMs = 250;

async function openSession<M extends Metadata>(
  { manifest, givesUpAt, tally, report, call }: RunSetup<M>,
  binding: ManifestBinding,
): Promise<ManifestSession> {
  const { phase } = tally;
  for (;;) {
    try {
      const session = await manifest.open(binding, call);
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
