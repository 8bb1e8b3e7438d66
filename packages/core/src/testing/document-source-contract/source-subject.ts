import assert from "node:assert/strict";
import type { Document } from "../../spec/document.ts";
import type {
  ChangesOptions,
  DocumentSource,
  SourceChange,
  UpsertChange,
} from "../../spec/document-source.ts";

/** A source with a known content that nobody changes while it is tested, except for the test itself. */
export interface DocumentSourceSubject {
  readonly source: DocumentSource;
  /** The ids that a complete read shows: two documents at least, all of them readable. */
  readonly documentIds: readonly string[];
  /** Whether the source knows when it has shown everything, so that missing documents may be removed. */
  readonly lists: boolean;
  /** Changes the content. Needed if {@link DocumentSourceAbilities.changes} is true. */
  readonly content?: ChangeableContent | undefined;
  /** Makes the source list one of its scopes again while it is followed. Needed if the source relists. */
  readonly relist?: (() => Promise<void>) | undefined;
  /** Makes a scope work less well, and well again. Needed if the source degrades. */
  readonly degrade?: (() => Promise<{ readonly recover: () => Promise<void> }>) | undefined;
  /** Releases what the subject needed. */
  dispose(): Promise<void>;
}

/** What a test changes. */
export interface ChangeableContent {
  /** Adds a document, or gives it another text. */
  put(documentId: string): Promise<void>;
  remove(documentId: string): Promise<void>;
}

/** What a source can do beside listing. Each ability is tested; without it, the contract tests what then holds. */
export interface DocumentSourceAbilities {
  /** It says what changes while it is followed. @default false */
  readonly changes?: boolean | undefined;
  /** It gives checkpoints, and goes on from them. Needs `changes`. @default false */
  readonly resumes?: boolean | undefined;
  /** A test can make it list a scope again. @default false */
  readonly relists?: boolean | undefined;
  /** A test can make a scope work less well. @default false */
  readonly degrades?: boolean | undefined;
}

/** One promise of a source, with the test of it. */
export type SourcePromise = readonly [name: string, body: (subject: DocumentSourceSubject) => Promise<void>];

/** Reads to the end of the listing. */
export const once: ChangesOptions = { follow: false };

/** Everything that one complete read says. */
export async function readAll(
  source: DocumentSource,
  options: ChangesOptions = once,
): Promise<readonly SourceChange[]> {
  const changes: SourceChange[] = [];
  for await (const change of source.changes(options)) changes.push(change);
  return changes;
}

/** The documents that were shown. */
export function upserts(changes: readonly SourceChange[]): readonly UpsertChange[] {
  return changes.filter((change) => change.type === "upsert");
}

/** Loads a document that must be there. */
export async function loaded(change: UpsertChange): Promise<Document> {
  const document = await change.load();
  assert.ok(document, `${change.documentId} is gone`);
  return document;
}

/** Follows the source until `isEnough`; returns what it said until then. */
export async function followUntil(
  source: DocumentSource,
  isEnough: (said: readonly SourceChange[]) => boolean,
  {
    resume,
    meanwhile,
  }: { readonly resume?: ChangesOptions["resume"]; readonly meanwhile?: () => Promise<void> } = {},
): Promise<readonly SourceChange[]> {
  const controller = new AbortController();
  const changes = source.changes({ follow: true, resume, signal: controller.signal })[Symbol.asyncIterator]();
  const said: SourceChange[] = [];
  let isStarted = meanwhile === undefined;
  try {
    for (;;) {
      if (!isStarted && isWhole(said)) {
        isStarted = true;
        said.length = 0;
        await meanwhile?.();
      }
      if (isStarted && isEnough(said)) return said;
      const { value, done } = await changes.next();
      assert.ok(done !== true, "the source ended while it was followed");
      said.push(value);
    }
  } finally {
    controller.abort();
    await changes.return?.();
  }
}

/** Whether every scope that was named is listed whole, and at least one was. */
export function isWhole(said: readonly SourceChange[]): boolean {
  const named = said.flatMap((change) => (change.type === "scopes" ? change.scopes : []));
  return named.length > 0 && named.every((scope) => isListed(said, scope));
}

/** Whether the scope was listed whole. */
export function isListed(said: readonly SourceChange[], scope: string): boolean {
  return said.some(
    (change) => change.type === "listing" && change.scope === scope && change.state === "complete",
  );
}

/** Whether it was said that the document is gone: by itself, or by a whole listing of its scope without it. */
export function isGone(said: readonly SourceChange[], documentId: string, scope: string): boolean {
  if (said.some((change) => change.type === "remove" && change.documentId === documentId)) return true;
  return isListed(said, scope) && !upserts(said).some((change) => change.documentId === documentId);
}
