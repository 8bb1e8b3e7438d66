import {
  ConfigurationError,
  type CallOptions,
  type CollectionInfo,
  type CollectionSpec,
  type DocumentSource,
  type Manifest,
  type Metadata,
  type StoredPoint,
  type VectorStore,
} from "@binnacle/core";
import {
  callOptionsFields,
  createDeadline,
  describeChecked,
  once,
  parseOptions,
  part,
} from "@binnacle/core/kit";
import { z } from "zod";
import { imageInputOf } from "./documents/document-images.ts";
import { checkSource } from "./options/check-arguments.ts";
import { createCollectionSpec, indexPart, type Index } from "./options/define-index.ts";
import { checkCollection } from "./opening/check-collection.ts";
import { compareDocuments } from "./verify/compare-documents.ts";
import { compareEntries, compareOrphans } from "./verify/compare-points.ts";
import { Findings, type IndexVerification } from "./verify/findings.ts";

/** Options of {@link verifyIndex}. */
export interface VerifyIndexOptions<M extends Metadata = Metadata> extends CallOptions {
  readonly store: VectorStore;
  readonly index: Index<M>;
  readonly source: DocumentSource;
  /**
   * If given, its entries are compared with the points too. That takes no lease, so the source may be
   * followed meanwhile. A change during the comparison may be reported as a difference.
   * @default not compared
   */
  readonly manifest?: Manifest | undefined;
  readonly tenant?: string | undefined;
  /** Maximum number of differences returned. All are counted. @default 100 */
  readonly maxDifferences?: number | undefined;
}

const schema = once(() =>
  z.strictObject({
    store: part<VectorStore>(
      ["collection", "describeCollection"],
      "a VectorStore, such as new MemoryStore()",
    ),
    index: indexPart(),
    source: z.unknown().optional(),
    manifest: part<Manifest>(["open"], "a Manifest, such as new MemoryManifest()").optional(),
    tenant: z.string().min(1).optional(),
    maxDifferences: z.int().nonnegative().default(100),
    ...callOptionsFields,
  }),
);

/**
 * Compares an index with its source. It reads and chunks every document and compares slots, content, offsets
 * and metadata with every point. It embeds and writes nothing. Rejects if the collection is missing or does
 * not fit the index.
 */
export async function verifyIndex<M extends Metadata>(
  options: VerifyIndexOptions<M>,
): Promise<IndexVerification> {
  const { maxDifferences } = parseOptions("verifyIndex", schema(), options);
  checkSource("verifyIndex", options.source);
  const { source, signal, deadlineAt, traceparent } = options;
  const deadline = createDeadline({ label: `verifyIndex: source "${source.id}"`, signal, deadlineAt });
  deadline.enter("comparing");
  const findings = new Findings(maxDifferences);
  try {
    const call = { signal: deadline.signal, deadlineAt, traceparent };
    const documents = await compareAll(options, call, findings);
    return { ...findings.result(), documents };
  } finally {
    deadline[Symbol.dispose]();
  }
}

/** Returns the number of documents that the source shows. */
async function compareAll<M extends Metadata>(
  { store, index, source, manifest, tenant }: VerifyIndexOptions<M>,
  call: CallOptions,
  findings: Findings,
): Promise<number> {
  const spec = await createCollectionSpec(index, call);
  const info = requireCollection(await store.describeCollection(index.name, call), spec);
  const sourceId = source.id;
  const images = imageInputOf(index.embedder && (await describeChecked(index.embedder, call)).accepts);
  const points = store.collection(index.name, tenant === undefined ? undefined : { tenant });
  const shown = await compareDocuments(
    source,
    { index, spec, images, sourceId, call },
    findings,
    async (documentId) => {
      const found: StoredPoint[] = [];
      for await (const point of points.scan({ ...call, sourceId, documentId })) found.push(point);
      return found;
    },
  );
  const digests = await compareOrphans(points.scan({ ...call, sourceId }), shown, findings, tenant);
  if (manifest !== undefined) {
    const { name: collection, incarnation } = info;
    const view = manifest.view({ sourceId, collection, tenant, incarnation });
    await compareEntries(view.list(call), digests, findings);
  }
  return shown.size;
}

function requireCollection(info: CollectionInfo | undefined, spec: CollectionSpec): CollectionInfo {
  if (info === undefined) {
    throw new ConfigurationError(
      `verifyIndex: there is no collection "${spec.name}"; sync the source first`,
      {
        code: "not_found",
      },
    );
  }
  checkCollection(info, spec);
  return info;
}
