import { randomUUID } from "node:crypto";
import type { Document, DocumentSource, SourceChange } from "@binnacle/core";
import { canonicalJson } from "../fingerprint/canonical-json.ts";
import { withDefaults } from "../documents/document-issue.ts";
import { inputFingerprint } from "../fingerprint/document-fingerprint.ts";
import { pushedScope as scope } from "../run/listing.ts";

/** Creates a source of documents that an app pushes. It lists no scope. */
export function pushedUpserts(sourceId: string, documents: readonly Document[]): DocumentSource {
  return {
    id: sourceId,
    async *changes() {
      yield* documents.map(pushedUpsert);
    },
  };
}

function pushedUpsert(document: Document): SourceChange {
  const { id: documentId } = document;
  const version = versionOf(document);
  return { type: "upsert", documentId, scope, version, load: () => Promise.resolve(document) };
}

function versionOf(document: Document): string {
  try {
    return inputFingerprint(withDefaults(document), canonicalJson(document.metadata));
  } catch {
    // A document without a fingerprint counts as changed. Reading it then reports the problem of this
    // document.
    return randomUUID();
  }
}
