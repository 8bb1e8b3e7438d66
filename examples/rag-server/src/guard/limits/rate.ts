/** The rate of one caller. */
export interface Rate {
  /** Requests that are allowed within `perMs`, also all at once. */
  readonly requests: number;
  readonly perMs: number;
}

/** The decision on one request. */
export interface RateDecision {
  readonly isAllowed: boolean;
  /** Milliseconds until a request would be allowed. 0 if this one is. */
  readonly waitMs: number;
  /** Requests that would be allowed now, after this one. */
  readonly remaining: number;
}

/**
 * Decides on a request by the generic cell rate algorithm. `wholeAt` is the time at which the whole allowance
 * is free again, or undefined for a new caller. Returns the next `wholeAt` with the decision.
 */
export function decide(
  { requests, perMs }: Rate,
  wholeAt: number | undefined,
  now: number,
): RateDecision & { readonly wholeAt: number } {
  if (requests <= 0) return { isAllowed: false, waitMs: perMs, remaining: 0, wholeAt: now };
  const intervalMs = perMs / requests;
  const next = Math.max(wholeAt ?? now, now) + intervalMs;
  const waitMs = next - now - perMs;
  // Rounding must not refuse the last request of an allowance.
  if (waitMs > 1e-6 * perMs) {
    return { isAllowed: false, waitMs, remaining: 0, wholeAt: Math.max(wholeAt ?? now, now) };
  }
  const remaining = Math.floor((perMs - (next - now)) / intervalMs + 1e-6);
  return { isAllowed: true, waitMs: 0, remaining, wholeAt: next };
}
