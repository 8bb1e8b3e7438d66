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
  /** Moves the clock without letting sessions renew themselves, as a suspended process would see it. */
  advance(ms: number): void;
}

/** One promise of a manifest, with the test of it. */
export type ManifestPromise = readonly [name: string, body: (subject: ManifestSubject) => Promise<void>];

/** The source that most cases are about. */
export const BINDING: ManifestBinding = { sourceId: "source", collection: "pages", incarnation: "first" };

/** An entry with defaults. */
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

/** A checkpoint of the scope that entries have by default. */
export function at(resume: string): ReadonlyMap<string, string> {
  return new Map([["scope", resume]]);
}

/** The ids that a list yields. */
export async function listed(
  session: ManifestView,
  options?: ManifestListOptions,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { documentId } of session.list(options)) ids.push(documentId);
  return ids;
}

/** A matcher for `assert.rejects` by error code. */
export function code(expected: string): (error: unknown) => boolean {
  return (error) => BinnacleError.isInstance(error) && error.code === expected;
}
