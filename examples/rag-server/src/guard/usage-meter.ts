import { systemClock, type Clock } from "@binnacle/core/kit";
import type { GenerationUsage } from "@binnacle/core";
import type { Principal } from "./principal.ts";

/** The use of one tenant, or of one key without a tenant, on one day. */
export interface UsageEntry {
  /** Day in UTC, such as `2026-03-01`. */
  readonly day: string;
  readonly tenant: string | undefined;
  /** The key, for callers without a tenant. */
  readonly key: string | undefined;
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Meters the use of a server. */
export interface UsageMeter {
  countRequest(principal: Principal): void;
  /** Adds the tokens of a generation, as the model server counted them. */
  countTokens(principal: Principal, usage: GenerationUsage): void;
  /** Returns all entries, newest day first. */
  entries(): Promise<readonly UsageEntry[]>;
  close(): Promise<void>;
}

/** Most entries that are kept. The oldest leave first. */
const maxEntries = 20_000;

/** Creates a meter in the memory of this process. */
export function createUsageMeter(clock: Clock = systemClock): UsageMeter {
  const entries = new Map<string, UsageEntry>();
  const add = (principal: Principal, change: Partial<UsageEntry>): void => {
    const { tenant } = principal;
    const key = tenant === undefined ? principal.id : undefined;
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    const name = JSON.stringify([day, tenant ?? null, key ?? null]);
    const { requests, promptTokens, completionTokens } = entries.get(name) ?? nothing;
    entries.set(name, {
      day,
      tenant,
      key,
      requests: requests + (change.requests ?? 0),
      promptTokens: promptTokens + (change.promptTokens ?? 0),
      completionTokens: completionTokens + (change.completionTokens ?? 0),
    });
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
  };
  return {
    countRequest: (principal) => add(principal, { requests: 1 }),
    countTokens: (principal, { promptTokens, completionTokens }) =>
      add(principal, { promptTokens, completionTokens }),
    entries: async () =>
      [...entries.values()].toReversed().toSorted((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0)),
    close: async () => entries.clear(),
  };
}

const nothing = { requests: 0, promptTokens: 0, completionTokens: 0 };
