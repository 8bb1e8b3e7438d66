import type { CollectionSpec, EmbedderInfo, ManifestSession } from "@binnacle/core";
import { describeChecked } from "@binnacle/core/kit";
import { imageInputOf } from "../documents/document-images.ts";
import { DryEntries } from "../dry/dry-entries.ts";
import { dryEmbedder, dryEncoder, dryPoints } from "../dry/dry-points.ts";
import { configFingerprint } from "../fingerprint/document-fingerprint.ts";
import { FencedPoints } from "../points/fenced-points.ts";
import { VectorStash } from "../points/vector-stash.ts";
import { RetryQueue } from "../run/retry-queue.ts";
import type { IndexParts, RunContext } from "../run/run-context.ts";
import { WriteLock } from "../run/write-lock.ts";
import type { RunSetup } from "./run-setup.ts";

/** Creates the context of a run. A dry run works on copies that remember what a real run would have done. */
export async function createContext(
  { options, mode, tally, report, call }: RunSetup,
  spec: CollectionSpec,
  session: ManifestSession | undefined,
): Promise<RunContext> {
  const { store, tenant, maxBatchBytes, loadConcurrency } = options;
  const { sourceId, isDry = false, recheck = false, allowMassDelete = options.allowMassDelete } = mode;
  const index: IndexParts = mode.isRemoval === true ? { chunker: options.index.chunker } : options.index;
  const collection = store.collection(spec.name, tenant === undefined ? undefined : { tenant });
  const entries = isDry || session === undefined ? new DryEntries(session) : session;
  const isFenced = !isDry && session !== undefined && (await store.capabilities(call)).fences !== "none";
  const fence = isFenced ? { sourceId, token: session.token } : undefined;
  const info = index.embedder && (await describeChecked(index.embedder, call));
  const images = imageInputOf(info?.accepts);
  const points = isDry ? dryPoints(session && collection, sourceId) : collection;
  return {
    spec,
    images,
    sourceId,
    tenant,
    entries,
    limits: { maxBatchBytes, loadConcurrency, embedItems: embedItemsOf(info) },
    tally,
    report,
    call,
    recheck,
    allowMassDelete,
    lock: new WriteLock(),
    stash: new VectorStash(),
    index: isDry ? dryParts(index) : index,
    config: configFingerprint(index.chunker.id, spec, images),
    retries: new RetryQueue(),
    points: new FencedPoints({ points, fence, lease: isDry ? undefined : session, call }),
  };
}

/** Returns the number of texts that keep every slot of the model server busy. */
function embedItemsOf(info: EmbedderInfo | undefined): number {
  return info === undefined ? textsWithoutModel : info.maxItems * info.concurrency;
}

// An encoder has no limit of its own. A window of this size is enough to be fast.
const textsWithoutModel = 256;

function dryParts({ chunker, embedder, sparse, schema }: IndexParts): IndexParts {
  return {
    chunker,
    schema,
    embedder: embedder && dryEmbedder(embedder),
    sparse: sparse && dryEncoder(sparse),
  };
}
