import { randomUUID } from "node:crypto";
import type { Document, DocumentSource, SourceChange } from "@binnacle/core";
import { canonicalJson } from "../fingerprint/canonical-json.ts";
import { withDefaults } from "../documents/document-issue.ts";
import { inputFingerprint } from "../fingerprint/document-fingerprint.ts";
import { pushedScope as scope } from "../run/listing.ts";

/** Documents an app pushes, as a source that never claims to be complete. */
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
    // What has no fingerprint equals nothing that was indexed. Reading it says what is wrong, to this document alone.
    return randomUUID();
  }
}
