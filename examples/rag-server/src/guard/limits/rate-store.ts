import type { Rate, RateDecision } from "./rate.ts";

/** Counts requests. */
export interface RateStore {
  /** Decides on one request of a caller. A refused request costs nothing. */
  take(key: string, rate: Rate): Promise<RateDecision>;
  close(): Promise<void>;
}
