/** The facts that decide which replica gets a call. */
export interface Choosable {
  readonly name: string;
  readonly weight: number;
  /** Number of running calls. */
  readonly inUse: number;
  /** Estimated tokens of the running calls. */
  readonly outstanding: number;
  /** Usual latency, or undefined before the first call. */
  readonly expectedMs: number | undefined;
  /** Factor for recent failures, at least 1. A replica that fails fast would otherwise look idle. */
  readonly penalty: number;
  readonly hasFreeSlot: boolean;
}

/** A call that needs a replica. */
export interface Choice {
  /** Estimated tokens of the call. */
  readonly cost: number;
  /** Calls with the same text prefer the same replica. */
  readonly affinity?: string | undefined;
  /** The preferred replica may have this many times the average load. */
  readonly affinityLoad: number;
  /** Returns a number from 0 to below 1. */
  readonly random: () => number;
}

/**
 * Chooses a replica with a free slot. The key of a call with an affinity orders the replicas. The call takes
 * the first whose load is within the bound (rendezvous hashing with bounded loads). Any other call takes the better of
 * two random replicas, by outstanding tokens × latency ÷ weight. Returns undefined if no slot is free.
 */
export function chooseReplica<R extends Choosable>(replicas: readonly R[], choice: Choice): R | undefined {
  const free = replicas.filter(({ hasFreeSlot }) => hasFreeSlot);
  return preferred(replicas, free, choice) ?? betterOfTwo(free, choice);
}

function preferred<R extends Choosable>(
  all: readonly R[],
  free: readonly R[],
  { affinity, affinityLoad }: Choice,
): R | undefined {
  if (affinity === undefined || all.length < 2) return undefined;
  const total = sum(all.map(({ outstanding }) => outstanding));
  const weights = sum(all.map(({ weight }) => weight));
  const isWithinBound = ({ inUse, outstanding, weight, penalty }: R): boolean =>
    penalty < 2 && (inUse === 0 || outstanding <= (affinityLoad * total * weight) / weights);
  const key = hash(affinity, 2166136261);
  return free
    .filter(isWithinBound)
    .map((replica) => ({ replica, rank: rankOf(replica, key) }))
    .toSorted((a, b) => b.rank - a.rank)[0]?.replica;
}

/** Weighted rendezvous hashing: the ranks of a key differ between replicas, and do not depend on the set. */
function rankOf({ name, weight }: Choosable, key: number): number {
  const share = (hash(name, key) + 1) / (2 ** 32 + 1);
  return -weight / Math.log(share);
}

function betterOfTwo<R extends Choosable>(free: readonly R[], { cost, random }: Choice): R | undefined {
  const [first, second] = twoOf(free, random);
  if (first === undefined || second === undefined) return first ?? second;
  // Each replica computes it anew, so it is read once.
  const expected = new Map(free.map((replica) => [replica, replica.expectedMs]));
  const known = [...expected.values()].filter((value) => value !== undefined);
  // A replica without a measurement counts as average, so that it is tried but not flooded.
  const average = known.length === 0 ? 1 : sum(known) / known.length;
  const load = (replica: R): number => {
    const { outstanding, weight, penalty } = replica;
    const expectedMs = expected.get(replica) ?? average;
    return ((outstanding + cost) * Math.max(expectedMs, Number.MIN_VALUE) * penalty) / weight;
  };
  return load(second) < load(first) ? second : first;
}

function twoOf<R>(items: readonly R[], random: () => number): readonly [R | undefined, R | undefined] {
  const first = Math.floor(random() * items.length);
  const other = Math.floor(random() * (items.length - 1));
  return [items[first], items.length < 2 ? undefined : items[other >= first ? other + 1 : other]];
}

/** FNV-1a with a final mix, because the last characters of a name must change all bits. */
function hash(text: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  value = Math.imul(value ^ (value >>> 16), 2246822507);
  value = Math.imul(value ^ (value >>> 13), 3266489909);
  return (value ^ (value >>> 16)) >>> 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
