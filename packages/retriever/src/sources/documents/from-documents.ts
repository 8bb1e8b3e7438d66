import {
  BinnacleError,
  ConfigurationError,
  type ChangesOptions,
  type DocumentSource,
  type Metadata,
  type SourceChange,
} from "@binnacle/core";
import { abortable, createDeadline, describeValue, parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";
import { checkChangesOptions } from "../check-changes-options.ts";
import { pull } from "./pull.ts";
import { shownDocument, type SourceDocument } from "./shown-document.ts";

/** Documents in memory, or documents that are produced one by one. */
export type Documents<M extends Metadata = Metadata> =
  Iterable<SourceDocument<M>> | AsyncIterable<SourceDocument<M>>;

/** Options of {@link fromDocuments}. */
export interface FromDocumentsOptions {
  /** The stable name of the source, which is part of every point's id. */
  readonly id: string;
  /**
   * If true, the iterable contains all documents, and indexed documents that it does not contain are removed.
   * If false, it only adds and replaces. There is no default, because a wrong default would delete documents.
   */
  readonly complete: boolean;
}

const schema = once(() => z.strictObject({ id: z.string().min(1), complete: z.boolean() }));

const scope = "documents";

/**
 * Creates a source from an app's own documents. Pass an array, or a function that returns a new iterable for
 * each read. A generator or other async iterable can be read only once, so a second read rejects with a
 * `ConfigurationError`. If the iterable fails, a complete listing breaks off and removes nothing. An
 * incomplete listing rejects with code `source_failed`.
 */
export function fromDocuments<M extends Metadata = Metadata>(
  documents: Documents<M> | (() => Documents<M>),
  options: FromDocumentsOptions,
): DocumentSource<M> {
  const { id, complete } = parseOptions("fromDocuments", schema(), options);
  const open = typeof documents === "function" ? documents : readable(documents, id);
  return {
    id,
    changes: (call) => {
      checkChangesOptions(`fromDocuments "${id}"`, call);
      return changes(open, id, complete, call);
    },
  };
}

async function* changes<M extends Metadata>(
  open: () => Documents<M>,
  sourceId: string,
  complete: boolean,
  { signal: callerSignal, deadlineAt, follow }: ChangesOptions,
): AsyncGenerator<SourceChange<M>, void, undefined> {
  const deadline = createDeadline({ label: `fromDocuments: ${sourceId}`, signal: callerSignal, deadlineAt });
  const { signal } = deadline;
  try {
    signal.throwIfAborted();
    const documents = open();
    checkIterable(documents);
    yield* list(documents, sourceId, complete, signal);
    // No further change can occur. Without a signal the wait could never end.
    if (follow && callerSignal !== undefined) await abortable(new Promise<never>(() => undefined), signal);
  } finally {
    deadline[Symbol.dispose]();
  }
}

async function* list<M extends Metadata>(
  documents: Documents<M>,
  sourceId: string,
  complete: boolean,
  signal: AbortSignal,
): AsyncGenerator<SourceChange<M>, void, undefined> {
  if (complete) {
    yield { type: "scopes", scopes: [scope] };
    signal.throwIfAborted();
    yield { type: "listing", scope, state: "started" };
  }
  try {
    const seen = new Set<string>();
    let position = 0;
    for await (const document of pull(documents, signal)) {
      const change = shownDocument(document, seen, position++);
      yield { ...change, scope };
    }
  } catch (error) {
    signal.throwIfAborted();
    const failure = sourceFailed(sourceId, error);
    if (!complete) throw failure;
    yield { type: "listing", scope, state: "aborted", error: failure };
    return;
  }
  signal.throwIfAborted();
  if (complete) yield { type: "listing", scope, state: "complete" };
}

function checkIterable(documents: unknown): void {
  const isIterable =
    typeof documents === "object" &&
    documents !== null &&
    (Symbol.iterator in documents || Symbol.asyncIterator in documents);
  if (isIterable) return;
  throw new ConfigurationError(
    `fromDocuments: documents: expected an array or another iterable of documents, got ${describeValue(documents)}`,
  );
}

/**
 * Returns a function that yields the documents for each read. It throws on a second read if they can be read
 * only once.
 */
function readable<M extends Metadata>(documents: Documents<M>, sourceId: string): () => Documents<M> {
  checkIterable(documents);
  // Only a sync iterable that returns a new iterator each time is known to restart. A stream that was read
  // looks empty.
  if (Symbol.iterator in documents && !(Symbol.asyncIterator in documents)) {
    const iterator: unknown = documents[Symbol.iterator]();
    if (iterator !== documents) return () => documents;
  }
  let isRead = false;
  return () => {
    if (isRead) {
      throw new ConfigurationError(
        `fromDocuments: the iterable of "${sourceId}" can be read only once and was already read. Pass a function that returns a new iterable.`,
      );
    }
    isRead = true;
    return documents;
  };
}

function sourceFailed(sourceId: string, cause: unknown): BinnacleError {
  if (BinnacleError.isInstance(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `fromDocuments: the documents of "${sourceId}" could not be read (${reason}). Correct the cause and sync again.`;
  return new BinnacleError("source_failed", message, { cause });
}
