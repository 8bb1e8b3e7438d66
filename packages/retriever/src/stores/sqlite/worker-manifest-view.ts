import type {
  CallOptions,
  ManifestEntry,
  ManifestListOptions,
  ManifestPlace,
  ManifestScope,
  ManifestView,
} from "@binnacle/core";
import { checkCall } from "@binnacle/core/kit";
import type { EntriesOf } from "./channel/requests.ts";
import type { WorkerClient } from "./channel/worker-client.ts";

const entriesPerPage = 512;

/** The parts of a view. */
export interface WorkerManifestViewParts {
  readonly client: WorkerClient;
  readonly of: EntriesOf;
  /** Throws if the view may not be read any more. */
  readonly checkOpen: () => void;
}

/** Reads the entries of one record from a worker. */
export class WorkerManifestView implements ManifestView {
  readonly #client: WorkerClient;
  readonly #of: EntriesOf;
  readonly #checkOpen: () => void;

  constructor({ client, of, checkOpen }: WorkerManifestViewParts) {
    this.#client = client;
    this.#of = of;
    this.#checkOpen = checkOpen;
  }

  async get(
    documentIds: readonly string[],
    options?: CallOptions,
  ): Promise<readonly (ManifestEntry | undefined)[]> {
    this.#checkOpen();
    return this.#client.call({ method: "getEntries", params: { of: this.#of, documentIds } }, options);
  }

  async find(contentHashes: readonly string[], options?: CallOptions): Promise<readonly ManifestPlace[]> {
    this.#checkOpen();
    return this.#client.call({ method: "findContents", params: { of: this.#of, contentHashes } }, options);
  }

  async *list(options: ManifestListOptions = {}): AsyncIterable<ManifestEntry> {
    const { scope, notSeenIn, state } = options;
    for (let after: string | undefined; ;) {
      this.#checkOpen();
      const params = { of: this.#of, after, limit: entriesPerPage, scope, notSeenIn, state };
      const page = await this.#client.call({ method: "listEntries", params }, options);
      for (const entry of page) {
        yield entry;
        checkCall(options);
        this.#checkOpen();
      }
      after = page.at(-1)?.documentId;
      if (page.length < entriesPerPage) return;
    }
  }

  async count(options: ManifestListOptions = {}): Promise<number> {
    const { scope, notSeenIn, state } = options;
    this.#checkOpen();
    const params = { of: this.#of, scope, notSeenIn, state };
    return this.#client.call({ method: "countEntries", params }, options);
  }

  async scopes(options?: CallOptions): Promise<readonly ManifestScope[]> {
    this.#checkOpen();
    return this.#client.call({ method: "listScopes", params: { of: this.#of } }, options);
  }
}
