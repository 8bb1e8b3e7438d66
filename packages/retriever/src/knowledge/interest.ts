import { normalized } from "@binnacle/core/kit";

/** A decayed mean of vectors. */
export interface Interest {
  /** Direction of the mean, of length 1. */
  readonly direction: Float32Array;
  /** Length of the mean, from 0 to 1. */
  readonly focus: number;
  /** Sum of the weights at the time `at`. */
  readonly mass: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Adds a vector to an interest, whose mass falls by half in each half-life. */
export function addInterest(
  before: Interest | undefined,
  vector: Float32Array,
  { weight, now, halfLifeMs }: { readonly weight: number; readonly now: number; readonly halfLifeMs: number },
): Interest {
  const unit = normalized(vector);
  const kept = before === undefined ? 0 : before.mass * 0.5 ** (Math.max(0, now - before.at) / halfLifeMs);
  const mass = kept + Math.abs(weight);
  const mean = new Float32Array(unit.length);
  for (let i = 0; i < mean.length; i++) {
    const old = (before?.direction[i] ?? 0) * (before?.focus ?? 0) * kept;
    mean[i] = mass === 0 ? 0 : (old + (unit[i] ?? 0) * weight) / mass;
  }
  const focus = Math.min(1, Math.hypot(...mean));
  // Interests that cancel each other leave no direction, so the old direction stays without weight.
  const direction = focus < 1e-6 ? (before?.direction ?? unit) : normalized(mean);
  return { direction, focus: focus < 1e-6 ? 0 : focus, mass, at: now };
}

/** Returns the query, turned towards a profile. Its length is that of the query. */
export function blendVectors(
  query: Float32Array,
  { vector, focus }: { readonly vector: Float32Array; readonly focus: number },
  weight: number,
): Float32Array {
  const length = Math.hypot(...query);
  const blended = new Float32Array(query.length);
  for (let i = 0; i < blended.length; i++)
    blended[i] = ((1 - weight) * (query[i] ?? 0)) / length + weight * focus * (vector[i] ?? 0);
  // A profile that is opposite to the query would leave nothing to search with.
  if (Math.hypot(...blended) < 1e-6) return query;
  return normalized(blended).map((value) => value * length);
}
