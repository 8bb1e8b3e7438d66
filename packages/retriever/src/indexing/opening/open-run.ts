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
import { describeChecked, sleep } from "@binnacle/core/kit";
import { createCollectionSpec, type Index } from "../define-index.ts";
import { dryEntries } from "../dry/dry-entries.ts";
import { dryEmbedder, dryEncoder, dryPoints } from "../dry/dry-points.ts";
import { configFingerprint } from "../fingerprint/document-fingerprint.ts";
import { FencedPoints } from "../points/fenced-points.ts";
import { VectorStash } from "../points/vector-stash.ts";
import { finishRemovals } from "../removals/finish-removals.ts";
import { parseResume } from "../run/checkpoint.ts";
import { unknownScope } from "../run/listing.ts";
import { RetryQueue } from "../run/retry-queue.ts";
import type { AllowMassDelete, IndexParts, RunContext, RunLimits } from "../run/run-context.ts";
import type { Tally } from "../run/tally.ts";
import { WriteLock } from "../run/write-lock.ts";
import { checkCollection } from "./check-collection.ts";
import { closingAfter } from "./closing-after.ts";
import { reconcile } from "./reconcile.ts";

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
  readonly allowMassDelete: AllowMassDelete;
  /** When to stop waiting for the lease, epoch milliseconds. */
  readonly givesUpAt: number;
  readonly leaseMs: number;
  readonly limits: Omit<RunLimits, "embedItems">;
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
  const binding = info && {
    sourceId,
    collection: info.name,
    tenant,
    incarnation: info.incarnation,
    leaseMs: setup.leaseMs,
  };
  const { session, context, epoch } = await openRegistered(setup, spec, binding);
  return await closingAfter(session, async () => {
    const isSettled = epoch !== undefined && epoch === context.entries.epoch;
    if (!isSettled || context.recheck) await compare(context);
    const resume = await resumeOf(context);
    // The source will not speak again of what was being removed there.
    await finishRemovals(context, (scope) => resume.has(scope));
    return await body({ context, resume });
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
  const { store, index, tenant, sourceId, isDry, call, tally, report } = setup;
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
    limits: { ...setup.limits, embedItems: await embedItemsOf(index, call) },
    tally,
    report,
    call,
    recheck,
    allowMassDelete,
    lock: new WriteLock(),
    stash: new VectorStash(),
    index: isDry ? dryParts(index) : index,
    config: configFingerprint(index.chunker.id, spec),
    retries: new RetryQueue(),
    points: new FencedPoints({ points, fence, lease: isDry ? undefined : session, call }),
  };
}

/** As many texts as keep every slot of the model's server busy. */
async function embedItemsOf({ embedder }: IndexParts, call: CallOptions): Promise<number> {
  if (embedder === undefined) return textsWithoutModel;
  const { maxItems, concurrency } = await describeChecked(embedder, call);
  return maxItems * concurrency;
}

// An encoder has no limit of its own; a window of that many texts is enough to be fast.
const textsWithoutModel = 256;

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
