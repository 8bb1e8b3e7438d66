import {
  ConfigurationError,
  type CallOptions,
  type DocumentSource,
  type Manifest,
  type Metadata,
  type StoredPoint,
  type UpsertChange,
  type VectorStore,
} from "@binnacle/core";
import { pointId } from "@binnacle/core/kit";
import { createCollectionSpec, type Index } from "./define-index.ts";
import { contentHash, parseFingerprint } from "./fingerprint/document-fingerprint.ts";
import { PointsDigest, storedPayloadKey } from "./fingerprint/points-digest.ts";
import { checkCollection } from "./sync/check-collection.ts";
import { diffSlots } from "./sync/diff-slots.ts";
import { presentPoint } from "./sync/plan-document.ts";
import { draftPoints, readDocument, type ReadContext } from "./sync/read-document.ts";
import { reason } from "./sync/tally.ts";

/** Options of {@link verifyIndex}. */
export interface VerifyIndexOptions<M extends Metadata = Metadata> extends CallOptions {
  readonly store: VectorStore;
  readonly index: Index<M>;
  readonly source: DocumentSource;
  /** Where given, its entries are compared with the points too; takes the source's lease meanwhile. @default not compared */
  readonly manifest?: Manifest | undefined;
  readonly tenant?: string | undefined;
  /** Most differences returned; all are counted. @default 100 */
  readonly maxDifferences?: number | undefined;
}

/** One way in which the index is not what its source says. */
export interface IndexDifference {
  readonly documentId: string;
  /**
   * `missing`: chunks without a point. `stale`: points that say something else than the document. `orphaned`: points of
   * chunks or documents that are gone. `unreadable`: cannot be compared. `unrecorded`: the manifest knows it otherwise.
   */
  readonly kind: "missing" | "stale" | "orphaned" | "unreadable" | "unrecorded";
  readonly message: string;
}

/** What {@link verifyIndex} found. */
export interface IndexVerification {
  /** True: every document was compared, and nothing differs. */
  readonly ok: boolean;
  readonly documents: number;
  readonly points: number;
  readonly differenceCount: number;
  readonly differences: readonly IndexDifference[];
}

/**
 * Compares an index with its source: reads and chunks every document and compares slots, content, offsets and metadata
 * with every point. Embeds and writes nothing. Rejects where the collection is missing or does not fit the index.
 */
export async function verifyIndex<M extends Metadata>(
  options: VerifyIndexOptions<M>,
): Promise<IndexVerification> {
  const { store, index, source, tenant, signal, deadlineAt, traceparent } = options;
  const call = { signal, deadlineAt, traceparent };
  const spec = await createCollectionSpec(index, call);
  const info = await store.describeCollection(index.name, call);
  if (info === undefined) {
    throw new ConfigurationError(
      `verifyIndex: there is no collection "${index.name}"; sync the source first`,
      {
        code: "not_found",
      },
    );
  }
  checkCollection(info, spec);
  const binding = tenant === undefined ? undefined : { tenant };
  const points = store.collection(index.name, binding);
  const findings = new Findings(options.maxDifferences ?? 100);
  const sourceId = source.id;
  const scan = (documentId?: string): AsyncIterable<StoredPoint> =>
    points.scan({ ...call, sourceId, documentId });
  const shown = await compareDocuments(
    source,
    { index, spec, sourceId, call },
    findings,
    async (documentId) => {
      const found: StoredPoint[] = [];
      for await (const point of scan(documentId)) found.push(point);
      return found;
    },
  );
  const digests = await compareOrphans(scan(), shown, findings, tenant);
  if (options.manifest !== undefined) {
    const session = await options.manifest.open({ sourceId, tenant, incarnation: info.incarnation }, call);
    try {
      for await (const entry of session.list(call)) {
        const points = (digests.get(entry.documentId) ?? new PointsDigest()).value;
        digests.delete(entry.documentId);
        if (entry.state === "stored" && parseFingerprint(entry.inputHash).points === points) continue;
        findings.add(
          entry.documentId,
          "unrecorded",
          `its entry is "${entry.state}" and does not describe its points`,
        );
      }
    } finally {
      await session.close();
    }
    for (const documentId of digests.keys())
      findings.add(documentId, "unrecorded", "no entry speaks of its points");
  }
  return { ...findings.result(), documents: shown.size };
}

async function compareDocuments(
  source: DocumentSource,
  context: ReadContext,
  findings: Findings,
  pointsOf: (documentId: string) => Promise<readonly StoredPoint[]>,
): Promise<ReadonlySet<string>> {
  const shown = new Set<string>();
  for await (const change of source.changes({ ...context.call, follow: false })) {
    if (change.type === "unreadable") findings.add(change.documentId, "unreadable", change.error.message);
    if (change.type === "listing" && change.state === "aborted") {
      findings.add(
        "",
        "unreadable",
        `the listing of "${change.scope}" broke off: ${change.error?.message ?? "no reason given"}`,
      );
    }
    if (change.type === "upsert" || change.type === "unreadable") shown.add(change.documentId);
    if (change.type === "upsert")
      await compareDocument(change, context, findings, await pointsOf(change.documentId));
  }
  return shown;
}

async function compareDocument(
  change: UpsertChange,
  context: ReadContext,
  findings: Findings,
  stored: readonly StoredPoint[],
): Promise<void> {
  const { documentId, scope, version } = change;
  try {
    const request = { documentId, scope, version, listing: undefined, load: change.load.bind(change) };
    const read = await readDocument(context, request);
    const drafts = read === undefined ? [] : draftPoints(context, read);
    const sound = stored.filter(({ chunk }) => chunk.contentHash === contentHash(chunk.context, chunk.text));
    const diff = diffSlots(
      drafts,
      sound.map((point) => presentPoint(context.spec, point)),
    );
    const count = (action: string): number =>
      diff.assignments.filter((made) => made.action === action).length;
    findings.count(count("write"), documentId, "missing", "chunks have no point");
    findings.count(count("patch"), documentId, "stale", "points differ in offsets, title or metadata");
    findings.count(
      stored.length - sound.length,
      documentId,
      "stale",
      "points hold another text than their hash says",
    );
    findings.count(diff.dropped, documentId, "orphaned", "points hold text that the document no longer has");
  } catch (error) {
    context.call.signal?.throwIfAborted();
    findings.add(documentId, "unreadable", reason(error).message);
  }
}

async function compareOrphans(
  points: AsyncIterable<StoredPoint>,
  shown: ReadonlySet<string>,
  findings: Findings,
  tenant: string | undefined,
): Promise<Map<string, PointsDigest>> {
  const digests = new Map<string, PointsDigest>();
  for await (const { id, chunk, metadata } of points) {
    findings.points += 1;
    const { documentId, sourceId, slot } = chunk;
    const digest = digests.get(documentId) ?? new PointsDigest();
    digests.set(documentId, digest);
    digest.add(chunk, storedPayloadKey(chunk, metadata));
    if (id !== pointId({ tenant, sourceId, documentId, slot })) {
      findings.add(documentId, "orphaned", `point ${id} is not the one that slot ${slot} has`);
    }
  }
  for (const documentId of digests.keys()) {
    if (!shown.has(documentId)) findings.add(documentId, "orphaned", "the source does not show it");
  }
  return digests;
}

/** Gathers differences up to a number and counts the rest. */
class Findings {
  points = 0;
  readonly #max: number;
  readonly #differences: IndexDifference[] = [];
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  add(documentId: string, kind: IndexDifference["kind"], message: string): void {
    this.#count += 1;
    if (this.#differences.length < this.#max) this.#differences.push({ documentId, kind, message });
  }

  count(number: number, documentId: string, kind: IndexDifference["kind"], what: string): void {
    if (number > 0) this.add(documentId, kind, `${number} ${what}`);
  }

  result(): Omit<IndexVerification, "documents"> {
    const { points } = this;
    const [differenceCount, differences] = [this.#count, this.#differences];
    return { ok: differenceCount === 0, points, differenceCount, differences };
  }
}
