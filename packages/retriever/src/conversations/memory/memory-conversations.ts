import { BinnacleError, type CallOptions } from "@binnacle/core";
import { parseOptions, part, systemClock, type Clock, once } from "@binnacle/core/kit";
import { z } from "zod";
import type {
  Conversation,
  ConversationKey,
  ConversationPage,
  ConversationStore,
  ConversationWrite,
  LockOutcome,
  PageRequest,
} from "../conversation-store.ts";
import { summaryOf } from "../stored-conversation.ts";

/** Options of {@link MemoryConversations}. */
export interface MemoryConversationsOptions {
  /** Maximum bytes of all conversations. Those with the oldest last turn are dropped.
   * @default 67_108_864 (64 MiB) */
  readonly maxBytes?: number | undefined;
  /** Ends locks and conversations. @default the system's */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

const schema = once(() =>
  z.strictObject({
    maxBytes: z
      .int()
      .positive()
      .default(64 * 1024 * 1024),
    clock: part<Pick<Clock, "now">>(["now"], "a Clock").default(systemClock),
  }),
);

interface Entry {
  readonly owner: string;
  readonly conversation: Conversation;
  readonly expiresAt: number;
  readonly bytes: number;
}

/** Keeps conversations in the memory of this process. They are lost when it ends. */
export class MemoryConversations implements ConversationStore {
  readonly #maxBytes: number;
  readonly #clock: Pick<Clock, "now">;
  // Both maps are in the order of the last turn.
  readonly #entries = new Map<string, Entry>();
  readonly #owners = new Map<string, Set<string>>();
  readonly #locks = new Map<string, { readonly token: string; readonly until: number }>();
  #bytes = 0;
  #isClosed = false;

  /** Throws a `ConfigurationError` if an option is wrong. */
  constructor(options: MemoryConversationsOptions = {}) {
    const { maxBytes, clock } = parseOptions("MemoryConversations", schema(), options);
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  async read(key: ConversationKey, options?: CallOptions): Promise<Conversation | undefined> {
    this.#check(options);
    return this.#current(idOf(key))?.conversation;
  }

  async list(
    owner: string,
    { limit, offset }: PageRequest,
    options?: CallOptions,
  ): Promise<ConversationPage> {
    this.#check(options);
    const ids = [...(this.#owners.get(owner) ?? [])];
    const all = ids.flatMap((id) => this.#current(id)?.conversation ?? []).toReversed();
    return { conversations: all.slice(offset, offset + limit).map(summaryOf), total: all.length };
  }

  async lock(
    key: ConversationKey,
    { token, forMs }: { readonly token: string; readonly forMs: number },
    options?: CallOptions,
  ): Promise<LockOutcome> {
    this.#check(options);
    const id = idOf(key);
    const entry = this.#current(id);
    if (entry === undefined) return "missing";
    const now = this.#clock.now();
    if ((this.#locks.get(id)?.until ?? 0) > now) return "busy";
    this.#locks.set(id, { token, until: now + forMs });
    return entry.conversation;
  }

  async unlock(key: ConversationKey, token: string, options?: CallOptions): Promise<void> {
    this.#check(options);
    const id = idOf(key);
    if (this.#locks.get(id)?.token === token) this.#locks.delete(id);
  }

  async write(
    owner: string,
    conversation: Conversation,
    { token, ttlMs, maxPerOwner, signal }: ConversationWrite,
  ): Promise<boolean> {
    this.#check({ signal });
    const id = idOf({ owner, session: conversation.session });
    if (token !== undefined && !this.#holds(id, token)) return false;
    this.#put(id, {
      owner,
      conversation,
      expiresAt: this.#clock.now() + ttlMs,
      bytes: JSON.stringify(conversation).length * 2,
    });
    this.#makeRoom(owner, maxPerOwner);
    return true;
  }

  async remove(key: ConversationKey, options?: CallOptions): Promise<boolean> {
    this.#check(options);
    const id = idOf(key);
    const found = this.#current(id) !== undefined;
    this.#drop(id);
    return found;
  }

  /** Drops all conversations. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#entries.clear();
    this.#owners.clear();
    this.#locks.clear();
    this.#bytes = 0;
  }

  /** Closes the store, as `close()` does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #check(options: CallOptions | undefined): void {
    options?.signal?.throwIfAborted();
    if (this.#isClosed)
      throw new BinnacleError("closed", "MemoryConversations: the store is closed. Create a new one.");
  }

  #holds(id: string, token: string): boolean {
    const lock = this.#locks.get(id);
    return this.#current(id) !== undefined && lock?.token === token && lock.until > this.#clock.now();
  }

  #current(id: string): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.expiresAt > this.#clock.now()) return entry;
    this.#drop(id);
    return undefined;
  }

  #put(id: string, entry: Entry): void {
    this.#unlist(id);
    this.#entries.set(id, entry);
    this.#bytes += entry.bytes;
    const own = this.#owners.get(entry.owner) ?? new Set();
    own.add(id);
    this.#owners.set(entry.owner, own);
  }

  #drop(id: string): void {
    this.#unlist(id);
    this.#locks.delete(id);
  }

  #unlist(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#bytes -= entry.bytes;
    const own = this.#owners.get(entry.owner);
    own?.delete(id);
    if (own?.size === 0) this.#owners.delete(entry.owner);
  }

  #makeRoom(owner: string, maxPerOwner: number): void {
    const own = this.#owners.get(owner) ?? new Set();
    for (const id of [...own].slice(0, Math.max(0, own.size - maxPerOwner))) this.#drop(id);
    const now = this.#clock.now();
    for (const [id, { expiresAt }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes && expiresAt > now) return;
      this.#drop(id);
    }
  }
}

function idOf({ owner, session }: ConversationKey): string {
  return JSON.stringify([owner, session]);
}
