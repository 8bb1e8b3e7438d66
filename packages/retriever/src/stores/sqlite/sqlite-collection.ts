import type {
  BinnacleError,
  CallOptions,
  Collection,
  EpochOptions,
  FacetCount,
  FacetOptions,
  GetOptions,
  GroupOptions,
  Hit,
  HitGroup,
  PointSelector,
  ScanOptions,
  SearchQuery,
  StoredPoint,
  TermStatistics,
  Write,
  WriteEpochs,
  WriteOptions,
  WriteResult,
} from "@binnacle/core";
import { elementAt } from "@binnacle/core/kit";
import { readScanOptions, shapeIssue, type ScanPlace } from "@binnacle/core/stores";
import { embeddedCapabilities } from "../shared/embedded-capabilities.ts";
import { compactQueries } from "./channel/compact-queries.ts";
import { unpackTerms } from "./channel/packed-statistics.ts";
import { packWrites, transferables } from "./channel/packed-writes.ts";
import { plainSelector } from "./channel/plain-selector.ts";
import type { Scope } from "./channel/requests.ts";
import { fromWireFailure } from "./channel/wire-error.ts";
import { toHit, toStoredPoint } from "./channel/wire-point.ts";
import type { WorkerClient } from "./channel/worker-client.ts";

// Bounds the time to serialise a message on the caller's thread, and the length of a transaction in the
// worker.
const writesPerRequest = 512;
// Bounds the time in which the caller's thread creates the objects of one result.
const termsPerRequest = 16_384;

const { features } = embeddedCapabilities;

interface WrittenPart {
  readonly failures: readonly (readonly [position: number, error: BinnacleError])[];
  readonly epochs: WriteEpochs;
}

/** A handle. The worker looks up its collection anew in every call. */
export class SqliteCollection implements Collection {
  readonly name: string;
  readonly #client: WorkerClient;
  readonly #scope: Scope;

  constructor(client: WorkerClient, scope: Scope) {
    this.name = scope.collection;
    this.#client = client;
    this.#scope = scope;
  }

  async write(batch: readonly Write[], options?: WriteOptions): Promise<WriteResult> {
    const failures = new Map<number, BinnacleError>();
    let epochs: WriteEpochs | undefined;
    let start = 0;
    do {
      const part = batch.slice(start, start + writesPerRequest);
      const written = await this.#writePart(part, options);
      for (const [position, error] of written.failures) failures.set(start + position, error);
      const { before, after } = written.epochs;
      epochs =
        start === 0 || epochs?.after === before ? { before: epochs?.before ?? before, after } : undefined;
      start += writesPerRequest;
    } while (start < batch.length);
    return { failures, epochs };
  }

  async deleteWhere(selector: PointSelector, options?: WriteOptions): Promise<number> {
    const params = { ...this.#scope, selector: plainSelector(selector), fence: options?.fence };
    return this.#client.call({ method: "deleteWhere", params }, options);
  }

  async get(ids: readonly string[], options?: GetOptions): Promise<readonly (StoredPoint | undefined)[]> {
    const params = { ...this.#scope, ids, includeVectors: options?.includeVectors ?? false };
    const points = await this.#client.call({ method: "get", params }, options);
    return points.map((point) => point && toStoredPoint(point));
  }

  async *scan(options: ScanOptions = {}): AsyncIterable<StoredPoint> {
    const { pageSize, includeVectors, orderBy, ...scan } = readScanOptions(options, features);
    const selector = plainSelector(scan.selector);
    let scope = this.#scope;
    for (let after: ScanPlace | undefined; ;) {
      const params = { ...scope, selector, orderBy, after, limit: pageSize, includeVectors };
      const { points, last, collection } = await this.#client.call({ method: "scanPage", params }, options);
      for (const point of points) {
        yield toStoredPoint(point);
        this.#client.check(options);
      }
      scope = { ...scope, collection };
      after = last;
      if (points.length < pageSize) return;
    }
  }

  async count(selector: PointSelector = {}, options?: CallOptions): Promise<number> {
    const params = { ...this.#scope, selector: plainSelector(selector) };
    return this.#client.call({ method: "count", params }, options);
  }

  async search(query: SearchQuery, options?: CallOptions): Promise<readonly Hit[]> {
    return elementAt(await this.searchMany([query], options), 0);
  }

  async searchMany(
    queries: readonly SearchQuery[],
    options?: CallOptions,
  ): Promise<readonly (readonly Hit[])[]> {
    const params = { ...this.#scope, queries: compactQueries(queries) };
    const results = await this.#client.call({ method: "search", params }, options);
    return results.map((hits) => hits.map(toHit));
  }

  async searchGroups(query: SearchQuery, options: GroupOptions): Promise<readonly HitGroup[]> {
    const { by, size, candidates, ...call } = options;
    const [compact] = compactQueries([query]);
    const params = { ...this.#scope, query: compact ?? query, options: { by, size, candidates } };
    const groups = await this.#client.call({ method: "searchGroups", params }, call);
    return groups.map(({ value, hits }) => ({ value, hits: hits.map(toHit) }));
  }

  async facet(field: string, { filter, limit, ...call }: FacetOptions = {}): Promise<readonly FacetCount[]> {
    const { filter: plain } = plainSelector({ filter });
    const params = { ...this.#scope, field, options: { filter: plain, limit } };
    return this.#client.call({ method: "facet", params }, call);
  }

  async termStatistics(indices: Uint32Array, options?: CallOptions): Promise<TermStatistics> {
    const terms: TermStatistics["terms"][number][] = [];
    let points = 0;
    let start = 0;
    let scope = this.#scope;
    do {
      const part = indices.slice(start, start + termsPerRequest);
      const request = { method: "termStatistics", params: { ...scope, indices: part } } as const;
      const answer = await this.#client.call(request, options, [part.buffer]);
      points = answer.points;
      scope = { ...scope, collection: answer.collection };
      for (const term of unpackTerms(answer)) terms.push(term);
      start += termsPerRequest;
    } while (start < indices.length);
    return { points, terms };
  }

  async epoch(options?: EpochOptions): Promise<string> {
    const params = { ...this.#scope, sourceId: options?.sourceId };
    return this.#client.call({ method: "epoch", params }, options);
  }

  async #writePart(part: readonly Write[], options: WriteOptions | undefined): Promise<WrittenPart> {
    const failures: [number, BinnacleError][] = [];
    const sent: number[] = [];
    for (const [position, write] of part.entries()) {
      const issue = shapeIssue(write);
      if (issue) failures.push([position, issue]);
      else sent.push(position);
    }
    const writes = packWrites(sent.map((position) => elementAt(part, position)));
    const params = { ...this.#scope, writes, fence: options?.fence };
    const request = { method: "write", params } as const;
    const result = await this.#client.call(request, options, transferables(writes));
    for (const [index, error] of result.failures)
      failures.push([elementAt(sent, index), fromWireFailure(error)]);
    failures.sort(([a], [b]) => a - b);
    return { failures, epochs: result.epochs };
  }
}
