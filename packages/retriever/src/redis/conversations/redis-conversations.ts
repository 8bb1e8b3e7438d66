import type { CallOptions } from "@binnacle/core";
import { canonicalDigest, parseResponse } from "@binnacle/core/kit";
import { z } from "zod";
import { RedisLink } from "../link/redis-link.ts";
import { parseRedisOptions, type RedisCacheOptions } from "../redis-options.ts";
import type {
  Conversation,
  ConversationKey,
  ConversationPage,
  ConversationStore,
  ConversationWrite,
  LockOutcome,
  PageRequest,
} from "../../conversations/conversation-store.ts";
import { parseConversation, parseSummary, summaryOf } from "../../conversations/stored-conversation.ts";
import { listScript, lockScript, removeScript, unlockScript, writeScript } from "./scripts.ts";

/** Options of {@link RedisConversations}. Give exactly one of `url`, `cluster`, `sentinel` and `client`. */
export type RedisConversationsOptions = Pick<
  RedisCacheOptions,
  "url" | "cluster" | "sentinel" | "client" | "tls" | "prefix" | "timeoutMs" | "onEvent"
>;

/** Bytes of a script and its keys on the wire. */
const commandBytes = 2048;

const lockReply = z.union([
  z.tuple([z.literal("locked"), z.string()]),
  z.tuple([z.enum(["busy", "missing"])]),
]);
const listReply = z.tuple([z.coerce.number().int()], z.string());
const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);

interface OwnerKeys {
  /** Prefix of the owner's conversations. Its braces keep all keys of the owner in one slot of a cluster. */
  readonly base: string;
  readonly index: string;
  readonly summaries: string;
}

interface ConversationKeys extends OwnerKeys {
  readonly name: string;
  readonly conversation: string;
  readonly lock: string;
}

/**
 * Keeps conversations in Redis, for all processes together. A server that evicts keys may drop a conversation
 * early. The names of owners and sessions appear in no key.
 */
export class RedisConversations implements ConversationStore {
  readonly #link: RedisLink;
  readonly #prefix: string;

  /** Creates the client but does not connect. Throws a `ConfigurationError` if an option is wrong. */
  constructor(options: RedisConversationsOptions) {
    const parsed = parseRedisOptions(options, "RedisConversations");
    this.#link = new RedisLink(parsed, "RedisConversations");
    this.#prefix = parsed.prefix;
  }

  async read(key: ConversationKey, options?: CallOptions): Promise<Conversation | undefined> {
    const { conversation } = this.#keysOf(key);
    const value = await this.#link.run(commandBytes, (client) => client.get(conversation), options);
    return value === null ? undefined : parseConversation(value);
  }

  async list(
    owner: string,
    { limit, offset }: PageRequest,
    options?: CallOptions,
  ): Promise<ConversationPage> {
    const { index, summaries } = this.#ownerKeys(owner);
    const reply = await this.#eval(listScript, [index, summaries], [offset, limit], options);
    const [total, ...texts] = this.#parse(listReply, reply);
    return { conversations: texts.flatMap((text) => parseSummary(text) ?? []), total };
  }

  async lock(
    key: ConversationKey,
    { token, forMs }: { readonly token: string; readonly forMs: number },
    options?: CallOptions,
  ): Promise<LockOutcome> {
    const { conversation, lock } = this.#keysOf(key);
    const reply = await this.#eval(lockScript, [conversation, lock], [token, forMs], options);
    const [status, value] = this.#parse(lockReply, reply);
    if (status !== "locked") return status;
    const found = parseConversation(value ?? "");
    if (found !== undefined) return found;
    // A value of another version of this library counts as no conversation.
    await this.unlock(key, token);
    return "missing";
  }

  async unlock(key: ConversationKey, token: string, options?: CallOptions): Promise<void> {
    await this.#eval(unlockScript, [this.#keysOf(key).lock], [token], options);
  }

  async write(
    owner: string,
    conversation: Conversation,
    { token = "", ttlMs, maxPerOwner, ...options }: ConversationWrite,
  ): Promise<boolean> {
    const keys = this.#keysOf({ owner, session: conversation.session });
    const value = JSON.stringify(conversation);
    const summary = JSON.stringify(summaryOf(conversation));
    const reply = await this.#eval(
      writeScript,
      [keys.index, keys.summaries, keys.conversation, keys.lock],
      [keys.name, value, summary, token, ttlMs, maxPerOwner],
      options,
    );
    return this.#parse(flag, reply);
  }

  async remove(key: ConversationKey, options?: CallOptions): Promise<boolean> {
    const { index, summaries, name } = this.#keysOf(key);
    return this.#parse(flag, await this.#eval(removeScript, [index, summaries], [name], options));
  }

  /** Closes the connection. The conversations stay in Redis. */
  async close(): Promise<void> {
    this.#link.close();
  }

  /** Closes the connection, as `close()` does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #eval(
    script: string,
    keys: readonly string[],
    values: readonly (string | number)[],
    options: CallOptions | undefined,
  ): Promise<unknown> {
    const bytes = values.reduce<number>((sum, value) => sum + String(value).length, commandBytes);
    return await this.#link.run(
      bytes,
      (client) => client.eval(script, keys.length, ...keys, ...values),
      options,
    );
  }

  #parse<S extends z.ZodType>(schema: S, reply: unknown): z.output<S> {
    return parseResponse("RedisConversations", schema, reply);
  }

  #ownerKeys(owner: string): OwnerKeys {
    const base = `${this.#prefix}conversations:{${canonicalDigest(["owner", owner])}}:`;
    return { base, index: `${base}index`, summaries: `${base}summaries` };
  }

  #keysOf({ owner, session }: ConversationKey): ConversationKeys {
    const keys = this.#ownerKeys(owner);
    const name = canonicalDigest(["session", session]);
    const conversation = keys.base + name;
    return { ...keys, name, conversation, lock: `${conversation}:lock` };
  }
}
