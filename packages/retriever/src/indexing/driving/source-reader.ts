import {
  InvalidResponseError,
  type ChangesOptions,
  type DocumentSource,
  type SourceChange,
} from "@binnacle/core";
import { abortable, describeValue } from "@binnacle/core/kit";
import { changeIssue } from "./change-issue.ts";

/** The source's next change, its end, or its error. */
export type NextChange = { readonly result: IteratorResult<SourceChange> } | { readonly error: unknown };

/** Reads a source that may hang. It waits only until the caller's signal fires or the run is over. */
export class SourceReader {
  readonly #iterator: AsyncIterator<SourceChange>;
  readonly #sourceId: string;
  readonly #signal: AbortSignal | undefined;
  readonly #release: AbortController = new AbortController();
  #state: "idle" | "waiting" | "over" = "idle";

  /** Nothing is read yet. */
  constructor(source: DocumentSource, options: ChangesOptions) {
    this.#signal = options.signal;
    const signal = AbortSignal.any([this.#release.signal, ...(options.signal ? [options.signal] : [])]);
    const changes: AsyncIterable<SourceChange> = source.changes({ ...options, signal });
    this.#sourceId = source.id;
    if (!isAsyncIterable(changes))
      throw unusable(
        this.#sourceId,
        `changes() must return an async iterable, got ${describeValue(changes)}`,
      );
    this.#iterator = changes[Symbol.asyncIterator]();
  }

  /**
   * Never rejects: an error is a value, so that it may arrive while the run does other work. Allows one call
   * at a time.
   */
  async next(): Promise<NextChange> {
    try {
      return { result: await abortable(this.#pull(), this.#signal) };
    } catch (error) {
      return { error };
    }
  }

  /**
   * Releases the source: aborts its signal and leaves its loop. Never rejects, because the reason for leaving
   * matters more.
   */
  async close(): Promise<void> {
    this.#release.abort();
    if (this.#state === "over") return;
    const left = this.#leave();
    // A generator that waits ends only when its wait is over, which may be never.
    if (this.#state === "idle") await abortable(left, this.#signal).catch(() => undefined);
  }

  async #pull(): Promise<IteratorResult<SourceChange>> {
    this.#state = "waiting";
    let issue: string | undefined;
    try {
      const result = await this.#iterator.next();
      this.#state = result.done === true ? "over" : "idle";
      issue = result.done === true ? undefined : changeIssue(result.value);
      if (issue === undefined) return result;
    } catch (error) {
      this.#state = "over";
      throw error;
    }
    throw unusable(this.#sourceId, issue);
  }

  async #leave(): Promise<void> {
    try {
      await this.#iterator.return?.();
    } catch {
      // The source could not release everything. Nothing more can be done with it.
    }
  }
}

/** Yields everything that a source lists, read by a {@link SourceReader}. */
export async function* readChanges(
  source: DocumentSource,
  options: ChangesOptions,
): AsyncGenerator<SourceChange, void, void> {
  const reader = new SourceReader(source, options);
  try {
    for (;;) {
      const next = await reader.next();
      if ("error" in next) throw next.error;
      if (next.result.done === true) return;
      yield next.result.value;
    }
  } finally {
    await reader.close();
  }
}

function isAsyncIterable(value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function unusable(sourceId: string, message: string): InvalidResponseError {
  return new InvalidResponseError(`the answer of source "${sourceId}" cannot be used: ${message}`);
}
