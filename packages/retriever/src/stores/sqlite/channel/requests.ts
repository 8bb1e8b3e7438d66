import type {
  Alias,
  CallOptions,
  CollectionInfo,
  CollectionSpec,
  EnsuredCollection,
  FacetCount,
  FacetOptions,
  Fence,
  GroupOptions,
  ManifestEntry,
  ManifestListOptions,
  ManifestPlace,
  ManifestRecordName,
  ManifestScope,
  PointSelector,
  ScanOrder,
  SearchQuery,
  WriteEpochs,
} from "@binnacle/core";
import type { Group, ScanPlace } from "@binnacle/core/stores";
import type { PackedStatistics } from "./packed-statistics.ts";
import type { PackedWrites } from "./packed-writes.ts";
import type { WireError } from "./wire-error.ts";
import type { WireHit, WirePoint } from "./wire-point.ts";

/** The points that a handle may see. */
export interface Scope {
  readonly collection: string;
  /** Undefined for an unbound handle. */
  readonly tenant: string | undefined;
}

/** One lease, as its session knows it. */
export interface LeaseKey {
  readonly lease: number;
  readonly token: number;
  /** The incarnation of the session. The record of another incarnation does not belong to it. */
  readonly incarnation: string;
}

/** The record whose entries are read. A lease is checked first; a record is read regardless of its lease. */
export type EntriesOf = LeaseKey | ManifestRecordName;

/** The entries to read. */
export interface EntryQuery extends Pick<ManifestListOptions, "scope" | "notSeenIn" | "state"> {
  readonly of: EntriesOf;
}

/** The result of opening a lease. */
export interface OpenedLease extends LeaseKey {
  readonly isNew: boolean;
  readonly resume: readonly (readonly [scope: string, resume: string])[];
  readonly epoch: string | undefined;
}

/** The error of the write at a position. */
export type WireFailure = readonly [position: number, error: WireError];

/** Every request to the worker, with its parameters and its result. All of it is plain data. */
export interface Requests {
  check: { params: object; result: { readonly version: string; readonly collections: number } };
  ensureCollection: { params: { readonly spec: CollectionSpec }; result: EnsuredCollection };
  describeCollection: { params: { readonly name: string }; result: CollectionInfo | undefined };
  listCollections: { params: object; result: readonly CollectionInfo[] };
  deleteCollection: { params: { readonly name: string }; result: boolean };
  listAliases: { params: object; result: readonly Alias[] };
  /** The previous target. */
  setAlias: { params: { readonly alias: Alias }; result: string | undefined };
  createSnapshot: {
    params: { readonly collection: string; readonly path: string };
    result: { readonly bytes: number; readonly sha256: string };
  };
  restoreSnapshot: { params: { readonly name: string; readonly path: string }; result: CollectionInfo };
  deleteAlias: { params: { readonly name: string }; result: boolean };
  write: {
    params: Scope & { readonly writes: PackedWrites; readonly fence: Fence | undefined };
    result: { readonly failures: readonly WireFailure[]; readonly epochs: WriteEpochs };
  };
  deleteWhere: {
    params: Scope & { readonly selector: PointSelector; readonly fence: Fence | undefined };
    result: number;
  };
  get: {
    params: Scope & { readonly ids: readonly string[]; readonly includeVectors: boolean };
    result: readonly (WirePoint | undefined)[];
  };
  scanPage: {
    params: Scope & {
      readonly selector: PointSelector;
      readonly orderBy: ScanOrder | undefined;
      /** The last place of the page before; undefined for the first page. */
      readonly after: ScanPlace | undefined;
      readonly limit: number;
      readonly includeVectors: boolean;
    };
    /** `collection` is the target of an alias, so that the next page is read from the same collection. */
    result: {
      readonly points: readonly WirePoint[];
      readonly last: ScanPlace | undefined;
      readonly collection: string;
    };
  };
  count: { params: Scope & { readonly selector: PointSelector }; result: number };
  facet: {
    params: Scope & { readonly field: string; readonly options: Omit<FacetOptions, keyof CallOptions> };
    result: readonly FacetCount[];
  };
  searchGroups: {
    params: Scope & {
      readonly query: SearchQuery;
      readonly options: Omit<GroupOptions, keyof CallOptions>;
    };
    result: readonly Group<WireHit>[];
  };
  search: {
    params: Scope & { readonly queries: readonly SearchQuery[] };
    result: readonly (readonly WireHit[])[];
  };
  termStatistics: {
    params: Scope & { readonly indices: Uint32Array };
    /** `collection` is the target of an alias, so that the next terms are read from the same collection. */
    result: PackedStatistics & { readonly collection: string };
  };
  epoch: { params: Scope & { readonly sourceId: string | undefined }; result: string };
  openLease: {
    params: ManifestRecordName & {
      readonly now: number;
      readonly tokenAbove: number;
      readonly leaseMs: number;
    };
    result: OpenedLease;
  };
  renewLease: { params: LeaseKey & { readonly expiresAt: number }; result: undefined };
  closeLease: { params: LeaseKey; result: undefined };
  getEntries: {
    params: { readonly of: EntriesOf; readonly documentIds: readonly string[] };
    result: readonly (ManifestEntry | undefined)[];
  };
  findContents: {
    params: { readonly of: EntriesOf; readonly contentHashes: readonly string[] };
    result: readonly ManifestPlace[];
  };
  putEntries: {
    params: LeaseKey & {
      readonly entries: readonly ManifestEntry[];
      /** Undefined removes the checkpoint of the scope. */
      readonly resume: readonly (readonly [scope: string, resume: string | undefined])[];
      readonly epoch: string | undefined;
    };
    result: undefined;
  };
  forgetEntries: { params: LeaseKey & { readonly documentIds: readonly string[] }; result: undefined };
  markSeen: {
    params: LeaseKey & { readonly documentIds: readonly string[]; readonly seenIn: string };
    result: undefined;
  };
  /** Lists of strings, because objects cost more to send to another thread. */
  confirmEntries: {
    params: LeaseKey & {
      readonly ids: readonly string[];
      readonly scopes: readonly string[];
      readonly versions: readonly string[];
      readonly config: string;
      readonly seenIn: string | undefined;
    };
    /** Slots of each document, or −1 if its entry differs. */
    result: Int32Array;
  };
  listEntries: {
    params: EntryQuery & { readonly after: string | undefined; readonly limit: number };
    result: readonly ManifestEntry[];
  };
  countEntries: { params: EntryQuery; result: number };
  listScopes: { params: { readonly of: EntriesOf }; result: readonly ManifestScope[] };
}

/** Name of a request. */
export type Method = keyof Requests;
/** Parameters of a request. */
export type Params<K extends Method> = Requests[K]["params"];
/** Result of a request. */
export type Result<K extends Method> = Requests[K]["result"];

/** A request of one method with its parameters. */
export type RequestOf<K extends Method = Method> = {
  [P in K]: { readonly method: P; readonly params: Params<P> };
}[K];

/** A message from the caller's thread to the worker. */
export type ToWorker<K extends Method = Method> =
  | {
      readonly type: "request";
      readonly id: number;
      readonly deadlineAt: number | undefined;
      readonly request: RequestOf<K>;
    }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "close" };

/** A message from the worker to the caller's thread. */
export type FromWorker =
  /** `never`, because only the sender of request `id` knows the type. */
  | { readonly type: "result"; readonly id: number; readonly result: never }
  | { readonly type: "error"; readonly id: number; readonly error: WireError }
  | { readonly type: "waiting"; readonly id: number; readonly phase: "lock" };

/** The options of the worker. */
export interface WorkerOptions {
  readonly path: string;
  readonly synchronous: "normal" | "full";
  readonly lockTimeoutMs: number;
  readonly maxIndexBytes: number;
}
