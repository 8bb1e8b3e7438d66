import { z } from "zod";

/**
 * Time limits of a generation in milliseconds. A generation that exceeds one ends with a `TimeoutError` that
 * names its phase.
 */
export interface StreamTimeouts {
  /**
   * Most milliseconds until the first text or reasoning, with the wait in the server's queue and the reading
   * of the prompt. @default 300_000
   */
  readonly firstTokenTimeoutMs?: number | undefined;
  /**
   * Most milliseconds of silence after the first token. A stopped server keeps its socket open, so only this
   * timer notices. @default 60_000
   */
  readonly idleTimeoutMs?: number | undefined;
  /** Most milliseconds for the whole generation, with the reader's own pauses. @default 600_000 */
  readonly totalTimeoutMs?: number | undefined;
}

/** {@link StreamTimeouts} with the defaults filled in. */
export interface StreamTimeoutSettings {
  readonly firstTokenTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

interface StreamTimeoutFields {
  readonly firstTokenTimeoutMs: z.ZodDefault<z.ZodInt>;
  readonly idleTimeoutMs: z.ZodDefault<z.ZodInt>;
  readonly totalTimeoutMs: z.ZodDefault<z.ZodInt>;
}

/** Creates the schema fields of {@link StreamTimeouts}, for a driver's schema. */
export function streamTimeoutFields(): StreamTimeoutFields {
  const milliseconds = (byDefault: number): z.ZodDefault<z.ZodInt> => z.int().positive().default(byDefault);
  return {
    firstTokenTimeoutMs: milliseconds(300_000),
    idleTimeoutMs: milliseconds(60_000),
    totalTimeoutMs: milliseconds(600_000),
  };
}
