import { createHash, randomBytes } from "node:crypto";
import type { WriteEpochs } from "@binnacle/core";
import type { QdrantCondition } from "../wire/qdrant-filter.ts";

/** Key of the collection's epoch in the sentinel's payload. It changes with every write. */
const EPOCH = "e";
/** Key of the part of every source's epoch that unfenced writes change. */
const UNFENCED = "u";
/** The value before the first write. A missing sentinel counts as a sentinel with these values. */
const INITIAL = "0";

/** The payload of the point that holds the epochs of a tenant, or of a collection without tenants. */
export type Sentinel = Readonly<Record<string, string>>;

/** A random token. */
export type NewToken = () => string;

/** One operation of `points/batch`. */
export type EpochOperation =
  | {
      readonly set_payload: {
        readonly payload: Sentinel;
        readonly filter: {
          readonly must: readonly QdrantCondition[];
          readonly must_not?: readonly QdrantCondition[];
        };
      };
    }
  | {
      readonly upsert: {
        readonly points: readonly [
          { readonly id: string; readonly vector: object; readonly payload: Sentinel },
        ];
        readonly update_mode: "insert_only";
      };
    };

/** The operation that gives new tokens to the epochs of all tenants. Sources keep theirs: the incarnation, or
 * `u`, is part of every source's epoch. */
export function renewal(token: NewToken = newToken): object {
  const payload = { [EPOCH]: token(), [UNFENCED]: token() };
  return { set_payload: { payload, filter: { must_not: [{ is_empty: { key: EPOCH } }] } } };
}

/** The operations that a write adds to its request to change the epochs. */
export interface EpochStep {
  readonly before: readonly EpochOperation[];
  readonly after: readonly EpochOperation[];
  /** The sentinel after the write if no other writer writes. */
  readonly next: Sentinel;
}

/** Creates the tokens of an {@link EpochStep}. */
export function newToken(): string {
  return randomBytes(9).toString("base64url");
}

/** Returns the key of a source's epoch. It is a hash, because a payload key must be a path. */
export function sourceKey(sourceId: string): string {
  return `s_${createHash("sha256").update(sourceId).digest("hex").slice(0, 32)}`;
}

/** Returns the epoch of the collection or of a source. */
export function epochText(incarnation: string, sentinel: Sentinel, sourceId?: string): string {
  const held = (key: string): string => sentinel[key] ?? INITIAL;
  if (sourceId === undefined) return `${incarnation}:${held(EPOCH)}`;
  return `${incarnation}:${held(UNFENCED)}:${held(sourceKey(sourceId))}`;
}

/**
 * Returns the operations that change the epochs around a write. Retries use the same tokens. The last token
 * remains only if the sentinel equalled `known` at the start and no other writer wrote in between. The chain
 * of epochs needs no reads, because each operation requires the state that the operation before left.
 */
export function epochStep(
  id: string,
  known: Sentinel,
  sourceId: string | undefined,
  token: NewToken = newToken,
): EpochStep {
  const chained = sourceId === undefined ? EPOCH : sourceKey(sourceId);
  const beside = sourceId === undefined ? UNFENCED : EPOCH;
  const [entered, entered2, left, left2] = [token(), token(), token(), token()];
  const [during, afterwards] = [token(), token()];
  const here: QdrantCondition = { has_id: [id] };
  // An unfenced write of another writer changes every source's epoch, and so breaks the chain of this one.
  const unbroken = sourceId === undefined ? [] : [holds(UNFENCED, known[UNFENCED] ?? INITIAL)];
  const set = (
    chain: string,
    other: string,
    must: readonly QdrantCondition[],
    mustNot: readonly QdrantCondition[] = [],
  ): EpochOperation => ({
    set_payload: {
      payload: { [chained]: chain, [beside]: other },
      filter: { must: [here, ...must], ...(mustNot.length > 0 && { must_not: mustNot }) },
    },
  });
  return {
    before: [
      {
        upsert: {
          points: [{ id, vector: {}, payload: { [EPOCH]: INITIAL, [UNFENCED]: INITIAL } }],
          update_mode: "insert_only",
        },
      },
      set(entered, during, [holds(chained, known[chained]), ...unbroken]),
      set(entered2, during, [], [{ key: chained, match: { any: [entered, left] } }]),
    ],
    after: [
      set(left, afterwards, [holds(chained, entered), ...unbroken]),
      set(left2, afterwards, [], [{ key: chained, match: { value: left } }]),
    ],
    next: { ...known, [chained]: left, [beside]: afterwards },
  };
}

/** Returns the epochs of a write that began at one sentinel and ended at another. */
export function epochsBetween(
  incarnation: string,
  known: Sentinel,
  next: Sentinel,
  sourceId: string | undefined,
): WriteEpochs {
  return {
    before: epochText(incarnation, known, sourceId),
    after: epochText(incarnation, next, sourceId),
  };
}

function holds(key: string, value: string | undefined): QdrantCondition {
  if (value !== undefined) return { key, match: { value } };
  return key === EPOCH || key === UNFENCED ? { key, match: { value: INITIAL } } : { is_empty: { key } };
}
