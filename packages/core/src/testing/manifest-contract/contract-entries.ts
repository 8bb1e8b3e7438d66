import { BinnacleError } from "../../errors/binnacle-error.ts";
import type {
  Manifest,
  ManifestBinding,
  ManifestEntry,
  ManifestListOptions,
  ManifestView,
} from "../../spec/manifest.ts";

/** A manifest under test. */
export interface ManifestSubject {
  readonly manifest: Manifest;
  /** Moves the clock without renewals, as if the process had been suspended. */
  advance(ms: number): void;
}

/** One promise of a manifest: its name and its check. */
export type ManifestPromise = readonly [name: string, body: (subject: ManifestSubject) => Promise<void>];

/** The record that most cases use. */
export const BINDING: ManifestBinding = { sourceId: "source", collection: "pages", incarnation: "first" };

/** Returns an entry with defaults. */
export function entry(documentId: string, changes: Partial<ManifestEntry> = {}): ManifestEntry {
  return {
    documentId,
    scope: "scope",
    version: "v1",
    config: "config",
    inputHash: "hash",
    state: "stored",
    seenIn: "listing-1",
    slots: [
      { slot: 0, contentHash: "a" },
      { slot: 3, contentHash: "b" },
    ],
    ...changes,
  };
}

/** Returns a checkpoint of the default scope of entries. */
export function at(resume: string): ReadonlyMap<string, string> {
  return new Map([["scope", resume]]);
}

/** Returns the document ids that a list yields. */
export async function listed(
  session: ManifestView,
  options?: ManifestListOptions,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { documentId } of session.list(options)) ids.push(documentId);
  return ids;
}

/** Returns a matcher for `assert.rejects` by error code. */
export function code(expected: string): (error: unknown) => boolean {
  return (error) => BinnacleError.isInstance(error) && error.code === expected;
}
