import { BinnacleError, type Metadata, type StoredChunk } from "@binnacle/core";
import { abortable, chunkChecked } from "@binnacle/core/kit";
import { metadataIssue } from "@binnacle/core/stores";
import { canonicalJson } from "../fingerprint/canonical-json.ts";
import { contentHash, inputFingerprint } from "../fingerprint/document-fingerprint.ts";
import { payloadKey } from "../fingerprint/points-digest.ts";
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
}

/** The part of a run that reading and chunking need. */
export type ReadContext = Pick<RunContext, "index" | "spec" | "sourceId" | "call">;

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

/** Cuts a document into points. */
export function draftPoints(context: ReadContext, read: ReadDocument): readonly DraftPoint[] {
  const { document, request, metadataJson } = read;
  const { sourceId, spec, index } = context;
  const { mediaType, title, uri, observed } = document;
  const drafts: DraftPoint[] = [];
  for (const { start, end, text, context: heading, tokens, path, index: position } of chunkChecked(
    index.chunker,
    document,
  )) {
    const hash = contentHash(heading, text);
    const chunk = {
      sourceId,
      documentId: document.id,
      index: position,
      start,
      end,
      text,
      context: heading,
      tokens,
      path,
      contentHash: hash,
      documentVersion: request.version,
      mediaType,
      ...(spec.dense && { spaceId: spec.dense.spaceId }),
      ...(spec.sparse && { encoderId: spec.sparse.encoderId }),
      ...(title !== undefined && { title }),
      ...(uri !== undefined && { uri }),
      ...(observed !== undefined && { observed }),
    };
    drafts.push({ chunk, contentHash: hash, payload: payloadKey(chunk, metadataJson) });
  }
  return drafts;
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
