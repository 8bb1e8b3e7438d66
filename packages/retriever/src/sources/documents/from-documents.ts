import {
  BinnacleError,
  ConfigurationError,
  type ChangesOptions,
  type DocumentSource,
  type Metadata,
  type SourceChange,
} from "@binnacle/core";
import { abortable, createDeadline, describeValue, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { checkChangesOptions } from "../check-changes-options.ts";
import { pull } from "./pull.ts";
import { shownDocument, type SourceDocument } from "./shown-document.ts";

/** Documents at hand or produced as they are asked for. */
export type Documents<M extends Metadata = Metadata> =
  Iterable<SourceDocument<M>> | AsyncIterable<SourceDocument<M>>;

/** Options of {@link fromDocuments}. */
export interface FromDocumentsOptions {
  /** Stable name of the source; part of every point's id. */
  readonly id: string;
  /**
   * True: the iterable is the whole, and indexed documents that it does not hold are removed. False: it only adds and
   * replaces. There is no default, because the wrong one deletes.
   */
  readonly complete: boolean;
}

const schema = z.strictObject({ id: z.string().min(1), complete: z.boolean() });

const scope = "documents";

/**
 * An app's own documents as a source. Give an array, or a function that starts reading anew: a generator or any other
 * async iterable can be read only once, and reading it again is refused with a `ConfigurationError` rather than taken
 * for an empty listing. Where the iterable fails, a complete listing is reported as broken off and removes nothing;
 * an incomplete one rejects with code `source_failed`.
 */
export function fromDocuments<M extends Metadata = Metadata>(
  documents: Documents<M> | (() => Documents<M>),
  options: FromDocumentsOptions,
): DocumentSource<M> {
  const { id, complete } = parseOptions("fromDocuments", schema, options);
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
    // Nothing more can come; without a signal nothing could end the wait.
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

/** What can be read again and again is; what cannot is read once. */
function readable<M extends Metadata>(documents: Documents<M>, sourceId: string): () => Documents<M> {
  checkIterable(documents);
  // Only a sync iterable that makes a new iterator each time is known to start over. A stream that was read looks empty.
  if (Symbol.iterator in documents && !(Symbol.asyncIterator in documents)) {
    const iterator: unknown = documents[Symbol.iterator]();
    if (iterator !== documents) return () => documents;
  }
  let isRead = false;
  return () => {
    if (isRead) {
      throw new ConfigurationError(
        `fromDocuments: "${sourceId}" was given an iterable that can be read only once, and it was read; pass a function that returns a new one`,
      );
    }
    isRead = true;
    return documents;
  };
}

function sourceFailed(sourceId: string, cause: unknown): BinnacleError {
  if (BinnacleError.isInstance(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BinnacleError("source_failed", `fromDocuments: reading "${sourceId}" failed: ${reason}`, {
    cause,
  });
}
