import { z } from "zod";

/** How long a generation may take, phase by phase; each ends it with a `TimeoutError` that names the phase. */
export interface StreamTimeouts {
  /** Until the first text or reasoning, waiting in the server's queue and reading the prompt included. @default 300_000 */
  readonly firstTokenTimeoutMs?: number | undefined;
  /** Silence after that. A server that was stopped keeps its socket open, so nothing else would notice. @default 60_000 */
  readonly idleTimeoutMs?: number | undefined;
  /** The whole generation, the reader's own pauses included. @default 600_000 */
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

/** The fields of {@link StreamTimeouts}, to be spread into a driver's schema. */
export function streamTimeoutFields(): StreamTimeoutFields {
  const milliseconds = (byDefault: number): z.ZodDefault<z.ZodInt> => z.int().positive().default(byDefault);
  return {
    firstTokenTimeoutMs: milliseconds(300_000),
    idleTimeoutMs: milliseconds(60_000),
    totalTimeoutMs: milliseconds(600_000),
  };
}
