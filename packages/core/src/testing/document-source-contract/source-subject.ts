import assert from "node:assert/strict";
import type { Document } from "../../spec/document.ts";
import type {
  ChangesOptions,
  DocumentSource,
  SourceChange,
  UpsertChange,
} from "../../spec/document-source.ts";

/** A source under test. Only the test itself may change its content. */
export interface DocumentSourceSubject {
  readonly source: DocumentSource;
  /** The ids that a complete read shows: at least two documents, all readable. */
  readonly documentIds: readonly string[];
  /** True if the source lists its scopes, so that missing documents may be removed. */
  readonly lists: boolean;
  /** Changes the content. Needed if {@link DocumentSourceAbilities.changes} is true. */
  readonly content?: ChangeableContent | undefined;
  /** Makes the source list one of its scopes again while it is followed. Needed if the source relists. */
  readonly relist?: (() => Promise<void>) | undefined;
  /** Degrades a scope and returns a function that restores it. Needed if the source degrades. */
  readonly degrade?: (() => Promise<DegradedScope>) | undefined;
  /** Releases the resources of the subject. */
  dispose(): Promise<void>;
}

/** Content that a test can change. */
export interface ChangeableContent {
  /** Adds a document, or gives it another text. */
  put(documentId: string): Promise<void>;
  /** Removes the document. */
  remove(documentId: string): Promise<void>;
}

/** Optional abilities of a source. The contract tests each ability that is declared. */
export interface DocumentSourceAbilities {
  /** True: the source reports changes while it is followed. @default false */
  readonly changes?: boolean | undefined;
  /** True: the source sends checkpoints and resumes from them. Needs `changes`. If false, it must send no
   * checkpoints.
   * @default false */
  readonly resumes?: boolean | undefined;
  /** True: a test can make the source list a scope again. @default false */
  readonly relists?: boolean | undefined;
  /** True: a test can degrade a scope. @default false */
  readonly degrades?: boolean | undefined;
}

/** One promise of a source: its name and its check. */
export type SourcePromise = readonly [name: string, body: (subject: DocumentSourceSubject) => Promise<void>];

/** Options of a read that ends after the listing. */
export const once: ChangesOptions = { follow: false };

/** Returns all changes of one complete read. */
export async function readAll(
  source: DocumentSource,
  options: ChangesOptions = once,
): Promise<readonly SourceChange[]> {
  const changes: SourceChange[] = [];
  for await (const change of source.changes(options)) changes.push(change);
  return changes;
}

/** Returns the changes that show a document. */
export function upserts(changes: readonly SourceChange[]): readonly UpsertChange[] {
  return changes.filter((change) => change.type === "upsert");
}

/** Loads a document and asserts that it exists. */
export async function loaded(change: UpsertChange): Promise<Document> {
  const document = await change.load();
  assert.ok(document, `${change.documentId} is gone`);
  return document;
}

/** Follows the source until `isEnough` returns true, and returns the changes until then. Calls `meanwhile`
 * after the first complete listing, and drops the changes before that. */
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

/** Returns true if at least one scope was named, and every named scope is completely listed. */
export function isWhole(said: readonly SourceChange[]): boolean {
  const named = said.flatMap((change) => (change.type === "scopes" ? change.scopes : []));
  return named.length > 0 && named.every((scope) => isListed(said, scope));
}

/** Returns true if the scope is completely listed. */
export function isListed(said: readonly SourceChange[], scope: string): boolean {
  return said.some(
    (change) => change.type === "listing" && change.scope === scope && change.state === "complete",
  );
}

/** Returns true if the source reported that the document is gone, by a `remove` or by a complete listing
 * without it. */
export function isGone(said: readonly SourceChange[], documentId: string, scope: string): boolean {
  if (said.some((change) => change.type === "remove" && change.documentId === documentId)) return true;
  return isListed(said, scope) && !upserts(said).some((change) => change.documentId === documentId);
}

/** A scope that a test has degraded. */
export interface DegradedScope {
  /** Ends the degraded state. */
  recover(): Promise<void>;
}
