import {
  BinnacleError,
  type CallOptions,
  type Manifest,
  type ManifestBinding,
  type ManifestRecordName,
  type ManifestSession,
  type ManifestView,
} from "@binnacle/core";
import { checkCall } from "@binnacle/core/kit";
import { checkRecordName, resolveBinding } from "../shared/check-manifest.ts";
import { ManifestRecord } from "./manifest-record.ts";
import { parseMemoryManifestOptions, type MemoryManifestOptions } from "./memory-manifest-options.ts";
import { MemoryManifestSession } from "./memory-manifest-session.ts";
import { MemoryManifestView } from "./memory-manifest-view.ts";

/** A manifest in the memory of this process. Its entries are lost when the process ends. */
export class MemoryManifest implements Manifest {
  readonly #now: () => number;
  readonly #records = new Map<string, ManifestRecord>();
  readonly #sessions = new Set<MemoryManifestSession>();
  #closed = false;

  constructor(options: MemoryManifestOptions = {}) {
    this.#now = parseMemoryManifestOptions(options).now;
  }

  async open(binding: ManifestBinding, options?: CallOptions): Promise<ManifestSession> {
    this.#check(options);
    const { sourceId, collection, tenant, incarnation, tokenAbove, leaseMs } = resolveBinding(
      "MemoryManifest.open",
      binding,
    );
    const key = keyOf({ tenant, sourceId, collection });
    const record = this.#records.get(key) ?? new ManifestRecord(sourceId, this.#now);
    this.#records.set(key, record);
    const token = record.acquire(leaseMs, tokenAbove);
    const session = new MemoryManifestSession({
      record,
      token,
      incarnation,
      leaseMs,
      onClose: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  view(record: ManifestRecordName): ManifestView {
    const { incarnation, ...name } = checkRecordName("MemoryManifest.view", record);
    const key = keyOf(name);
    return new MemoryManifestView((options) => {
      this.#check(options);
      const found = this.#records.get(key);
      return found?.isOf(incarnation) === true ? found.entries : undefined;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#sessions, (session) => session.close()));
    this.#records.clear();
  }

  /** The same as `close()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #check(options?: CallOptions): void {
    if (this.#closed) throw new BinnacleError("closed", "the MemoryManifest is closed; create a new one");
    checkCall(options);
  }
}

/** JSON keeps ("a", "bc") and ("ab", "c") apart. */
function keyOf({ tenant, sourceId, collection }: Omit<ManifestRecordName, "incarnation">): string {
  return JSON.stringify([tenant ?? null, sourceId, collection]);
}
