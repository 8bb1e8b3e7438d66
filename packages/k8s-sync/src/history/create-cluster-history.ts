import type {
  CallOptions,
  Collection,
  Document,
  DocumentSource,
  Filter,
  SourceChange,
  StoredPoint,
} from "@binnacle/core";
import { parseOptions, part, metadataText } from "@binnacle/core/kit";
import { z } from "zod";
import { formatHistory, parseHistory, type HistoryEntry } from "./history-entry.ts";
import type { HistoryMetadata } from "./history-metadata.ts";
import { hasPoints, readStoredText, scanned } from "./stored-text.ts";
import { textDifference } from "./text-difference.ts";

/** Options of {@link createClusterHistory}. */
export interface ClusterHistoryOptions {
  /** Name of the cluster: the id of its source. */
  readonly cluster: string;
  /** The collection of the objects' documents. It holds the last state of each object. */
  readonly objects: Collection;
  /** The collection of the histories. It needs no vectors. */
  readonly histories: Collection;
  /** Adds or replaces histories, such as by `indexer.upsert`. */
  readonly write: (documents: readonly Document<HistoryMetadata>[]) => Promise<void>;
  /** Removes histories, such as by `indexer.remove`. */
  readonly remove: (documentIds: readonly string[]) => Promise<void>;
  /** Most states of one object. The oldest leave first. @default 10 */
  readonly maxStates?: number | undefined;
  /** Most objects with a history. Those that changed longest ago leave first. @default 2_000 */
  readonly maxObjects?: number | undefined;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** Records how the objects of a cluster change, as differences between their redacted documents. */
export interface ClusterHistory {
  /** Returns the source with its changes recorded. The first list of a new cluster is no change. */
  record(source: DocumentSource): DocumentSource;
  /** Writes what was recorded. Call it about once a second while following, and after a sync. A state that is not written
   * yet is lost if the process ends. */
  flush(): Promise<void>;
}

type Settings = {
  readonly [K in keyof ClusterHistoryOptions]-?: NonNullable<ClusterHistoryOptions[K]>;
};

const isFunction = (value: unknown): boolean => typeof value === "function";
const schema = z.strictObject({
  cluster: z.string().min(1),
  objects: part<Collection>(["scan"], "a Collection, such as store.collection(name)"),
  histories: part<Collection>(["scan"], "a Collection, such as store.collection(name)"),
  write: z.custom<Settings["write"]>(isFunction, "expected a function"),
  remove: z.custom<Settings["remove"]>(isFunction, "expected a function"),
  maxStates: z.int().positive().default(10),
  maxObjects: z.int().positive().default(2_000),
  now: z.custom<() => number>(isFunction, "expected a function").default(() => Date.now),
});

/** Creates a history without I/O. */
export function createClusterHistory(options: ClusterHistoryOptions): ClusterHistory {
  return new Recorder(parseOptions("createClusterHistory", schema, options));
}

/** An object's names, and the entries that are not written yet. */
interface Pending {
  readonly about: Omit<HistoryMetadata, "change" | "changedAt" | "cluster">;
  readonly entries: readonly HistoryEntry[];
}

class Recorder implements ClusterHistory {
  readonly #settings: Settings;
  #pending: Map<string, Pending> = new Map();
  /** Ids of the histories, the one that changed longest ago first. */
  #known: Set<string> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  record(source: DocumentSource): DocumentSource {
    const changes = (options: Parameters<DocumentSource["changes"]>[0]): AsyncIterable<SourceChange> =>
      this.#recorded(source.changes(options), options);
    const close = source.close?.bind(source);
    return { id: source.id, changes, ...(close === undefined ? {} : { close }) };
  }

  async flush(): Promise<void> {
    const { write, remove, maxObjects } = this.#settings;
    if (this.#pending.size === 0) return;
    const taken = this.#pending;
    this.#pending = new Map();
    try {
      const known = (this.#known ??= await this.#readKnown());
      await write(await Promise.all([...taken].map((each) => this.#document(each))));
      for (const [id] of taken) {
        known.delete(id);
        known.add(id);
      }
      const oldest = [...known].slice(0, Math.max(0, known.size - maxObjects));
      if (oldest.length > 0) await remove(oldest);
      for (const id of oldest) known.delete(id);
    } catch (error) {
      for (const [id, { about, entries }] of taken) this.#add(id, about, entries);
      throw error;
    }
  }

  async *#recorded(
    changes: AsyncIterable<SourceChange>,
    call: CallOptions,
  ): AsyncGenerator<SourceChange, void, undefined> {
    const { objects, cluster } = this.#settings;
    const isKnown = await hasPoints(objects, { ...readOptions(call), sourceId: cluster, index: 0 });
    const listings = new Map<string, Set<string>>();
    const listed = new Set<string>();
    for await (const change of changes) {
      // A first list shows what was there before. It is no change.
      if (!isKnown && "scope" in change && !listed.has(change.scope)) {
        if (change.type === "listing" && change.state === "complete") listed.add(change.scope);
        yield change;
        continue;
      }
      if (change.type === "upsert") {
        listings.get(change.scope)?.add(change.documentId);
        yield { ...change, load: (options) => this.#loaded(change, options) };
        continue;
      }
      if (change.type === "remove") await this.#removed(change.documentId, change.scope, call);
      else if (change.type === "removed") await this.#vanished(change.scope, new Set(), call);
      else if (change.type === "listing" && change.state === "started") listings.set(change.scope, new Set());
      else if (change.type === "listing") {
        const shown = listings.get(change.scope);
        listings.delete(change.scope);
        if (change.state === "complete" && shown !== undefined)
          await this.#vanished(change.scope, shown, call);
      }
      if (change.type === "unreadable") listings.get(change.scope)?.add(change.documentId);
      yield change;
    }
  }

  async #loaded(
    { load, scope }: Extract<SourceChange, { type: "upsert" }>,
    options: CallOptions = {},
  ): Promise<Document | undefined> {
    const document = await load(options);
    if (document === undefined) return undefined;
    const stored = await readStoredText(this.#settings.objects, document.id, readOptions(options));
    const lines = stored === undefined ? [] : textDifference(stored.text, document.text);
    if (stored !== undefined && lines.length === 0) return document;
    const resourceVersion = metadataText(document.observed ?? {}, "resourceVersion");
    const change = stored === undefined ? "created" : "changed";
    this.#note(document.id, scope, document.metadata, { change, resourceVersion, lines });
    return document;
  }

  async #removed(documentId: string, scope: string, call: CallOptions): Promise<void> {
    const stored = await readStoredText(this.#settings.objects, documentId, readOptions(call));
    if (stored !== undefined) this.#note(documentId, scope, stored.metadata, deletion);
  }

  /** Notes the objects of a scope that a complete list does not show. */
  async #vanished(scope: string, shown: ReadonlySet<string>, call: CallOptions): Promise<void> {
    const { objects, cluster } = this.#settings;
    const [resource = "", namespace] = scope.split("/");
    const filter: Filter = { resource, ...(namespace === undefined ? {} : { namespace }) };
    for (const point of await scanned(objects, { ...readOptions(call), sourceId: cluster, index: 0, filter }))
      if (!shown.has(point.chunk.documentId))
        this.#note(point.chunk.documentId, scope, point.metadata, deletion);
  }

  #note(
    objectId: string,
    scope: string,
    metadata: StoredPoint["metadata"],
    entry: Omit<HistoryEntry, "at">,
  ): void {
    const { namespace } = metadata;
    const about = {
      ...(typeof namespace === "string" ? { namespace } : {}),
      kind: metadataText(metadata, "kind"),
      resource: metadataText(metadata, "resource"),
      name: metadataText(metadata, "name"),
      key: metadataText(metadata, "key"),
      objectId,
      scope,
    };
    this.#add(`${objectId}/history`, about, [{ at: this.#settings.now(), ...entry }]);
  }

  /** Adds entries in front of newer ones. A second read of the same state adds nothing. */
  #add(id: string, about: Pending["about"], entries: readonly HistoryEntry[]): void {
    const before = this.#pending.get(id)?.entries ?? [];
    this.#pending.set(id, { about, entries: merged(entries, before, this.#settings.maxStates) });
  }

  async #document([id, { about, entries }]: readonly [string, Pending]): Promise<Document<HistoryMetadata>> {
    const { histories, cluster, maxStates } = this.#settings;
    const stored = await readStoredText(histories, id, {});
    const all = merged(entries, stored === undefined ? [] : parseHistory(stored.text), maxStates);
    const [newest] = all;
    const { change = "changed", at = 0, resourceVersion = "" } = newest ?? {};
    const title =
      about.namespace === undefined
        ? `${about.kind} ${about.name}`
        : `${about.kind} ${about.namespace}/${about.name}`;
    return {
      id,
      title: `History of ${title}`,
      text: formatHistory(title, all),
      mediaType: "text/markdown",
      metadata: { cluster, ...about, change, changedAt: new Date(at).toISOString() },
      observed: { resourceVersion },
    };
  }

  async #readKnown(): Promise<Set<string>> {
    const { histories, cluster } = this.#settings;
    const points = await scanned(histories, { filter: { cluster }, index: 0 });
    const oldestFirst = points.toSorted((a, b) => timeOf(a) - timeOf(b));
    return new Set(oldestFirst.map(({ chunk }) => chunk.documentId));
  }
}

const deletion = { change: "deleted", resourceVersion: "", lines: [] } as const;

/** Returns the newest entries, newest first. */
function merged(
  a: readonly HistoryEntry[],
  b: readonly HistoryEntry[],
  most: number,
): readonly HistoryEntry[] {
  const byState = new Map<string, HistoryEntry>();
  for (const entry of [...a, ...b].toSorted((x, y) => x.at - y.at)) {
    // A document may be read twice, or be written again after a failure.
    const key = `${entry.change} ${entry.resourceVersion} ${entry.lines.join("\n")}`;
    if (!byState.has(key)) byState.set(key, entry);
  }
  return [...byState.values()].toSorted((x, y) => y.at - x.at).slice(0, most);
}

function timeOf({ metadata }: StoredPoint): number {
  return Date.parse(metadataText(metadata, "changedAt")) || 0;
}

/** Only the options of the call itself. */
function readOptions({ signal, deadlineAt, traceparent }: CallOptions): CallOptions {
  return { signal, deadlineAt, traceparent };
}
