import { BinnacleError, type Chunk, type MediaPart, type Metadata, type StoredChunk } from "@binnacle/core";
import { abortable, chunkChecked } from "@binnacle/core/kit";
import { metadataIssue } from "@binnacle/core/stores";
import { canonicalJson } from "../fingerprint/canonical-json.ts";
import { contentHash, inputFingerprint, sha256 } from "../fingerprint/document-fingerprint.ts";
import { payloadKey } from "../fingerprint/points-digest.ts";
import { embeddedImages, imageIssue, isImageDocument } from "./document-images.ts";
import { documentIssue, withDefaults } from "./document-issue.ts";
import type { IndexRequest } from "../run/index-request.ts";
import type { RunContext } from "../run/run-context.ts";

/** A document that was loaded and checked. */
export interface ReadDocument {
  readonly request: IndexRequest;
  readonly document: ReturnType<typeof withDefaults>;
  readonly metadataJson: string;
  /** {@link DocumentFingerprint.input} */
  readonly input: string;
}

/** A point that a document should have, without a slot. */
export interface DraftPoint {
  readonly chunk: Omit<StoredChunk, "slot">;
  readonly contentHash: string;
  readonly payload: string;
  /** The image to embed. Undefined: the point has the vectors of its text. */
  readonly image: MediaPart | undefined;
}

/** The part of a run that reading and chunking need. */
export type ReadContext = Pick<RunContext, "index" | "spec" | "images" | "sourceId" | "call">;

/**
 * Loads and checks a document. Returns undefined if the document is gone. Waits only until the signal fires.
 */
export async function readDocument(
  context: ReadContext,
  request: IndexRequest,
): Promise<ReadDocument | undefined> {
  const loaded = await abortable(request.load(context.call), context.call.signal);
  if (loaded === undefined) return undefined;
  const issue = documentIssue(request.documentId, loaded);
  if (issue !== undefined) throw issue;
  const refused = imageIssue(loaded, context.images);
  if (refused !== undefined) throw refused;
  const metadata = await checkedMetadata(context, loaded.metadata);
  // The store's own check, so that nothing is embedded that the store would refuse.
  const refusal = metadataIssue(metadata, context.spec.fields ?? {});
  if (refusal !== undefined) throw refusal;
  const { observed } = loaded;
  if (observed !== undefined) canonicalJson(observed, "observed");
  const metadataJson = canonicalJson(metadata);
  const document = { ...withDefaults(loaded), metadata };
  return { request, document, metadataJson, input: inputFingerprint(document, metadataJson) };
}

/**
 * Makes a document's points: one for each image, and one for each chunk of its text. An image has the place and
 * the words of the first chunk. If the document is an image, the first chunk has no other point.
 */
export function draftPoints(context: ReadContext, read: ReadDocument): readonly DraftPoint[] {
  const { document } = read;
  const chunks = [...chunkChecked(context.index.chunker, document)];
  const [first] = chunks;
  const images = first === undefined ? [] : embeddedImages(document, context.images);
  const texts = isImageDocument(document) ? chunks.slice(1) : chunks;
  const pictured = images.flatMap((image) => (first === undefined ? [] : [{ chunk: first, image }]));
  return [...pictured, ...texts.map((chunk) => ({ chunk, image: undefined }))].map(
    ({ chunk, image }, index) => draftPoint(context, read, { ...chunk, index, image }),
  );
}

/** Bytes that a loaded document holds. */
export function documentBytes({ document: { text, media = [] } }: ReadDocument): number {
  return media.reduce((sum, { data }) => sum + data.byteLength, 2 * text.length);
}

function draftPoint(
  { sourceId, spec }: ReadContext,
  { document, request, metadataJson }: ReadDocument,
  { start, end, text, context, tokens, path, index, image }: Chunk & Pick<DraftPoint, "image">,
): DraftPoint {
  const { mediaType, title, uri, observed } = document;
  const imageHash = image && sha256(image.data);
  const hash = contentHash({ context, text, imageHash });
  const chunk = {
    sourceId,
    documentId: document.id,
    index,
    start,
    end,
    text,
    context,
    tokens,
    path,
    contentHash: hash,
    documentVersion: request.version,
    mediaType,
    ...(imageHash !== undefined && { imageHash }),
    ...(spec.dense && { spaceId: spec.dense.spaceId }),
    ...(spec.sparse && { encoderId: spec.sparse.encoderId }),
    ...(title !== undefined && { title }),
    ...(uri !== undefined && { uri }),
    ...(observed !== undefined && { observed }),
  };
  return { chunk, contentHash: hash, payload: payloadKey(chunk, metadataJson), image };
}

async function checkedMetadata(context: ReadContext, metadata: Metadata): Promise<Metadata> {
  const { schema } = context.index;
  if (schema === undefined) return metadata;
  const result = await schema["~standard"].validate(metadata);
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(({ path = [], message }) => {
    const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
    return keys.length === 0 ? message : `${keys.join(".")}: ${message}`;
  });
  throw new BinnacleError(
    "invalid_metadata",
    `the index's schema refuses the metadata: ${issues.join("; ")}`,
  );
}
