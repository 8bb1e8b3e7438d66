import { z } from "zod";
import { parseOptions } from "../parsing/parse-options.ts";
import { clockSchema } from "../time/clock-schema.ts";
import type { Clock } from "../time/clock.ts";
import { once } from "../once.ts";
import type { EjectionRules } from "./endpoint-health.ts";

/** Rules for the ejection of an endpoint and its return, shared by the ejector and the circuit breaker. */
export interface EjectionOptions {
  /** Failures in a row that eject an endpoint. @default 5 */
  readonly consecutiveFailures?: number | undefined;
  /** Share of failed calls within `windowMs` that ejects an endpoint, once it has `minimumCalls`. @default
   * 0.5 */
  readonly failureShare?: number | undefined;
  /** Fewest calls within `windowMs` for which `failureShare` counts. @default 10 */
  readonly minimumCalls?: number | undefined;
  /** Window of `failureShare`, in milliseconds. @default 60_000 */
  readonly windowMs?: number | undefined;
  /** Duration of the first ejection, in milliseconds. It doubles with each ejection in a row. @default
   * 1_000 */
  readonly baseEjectionMs?: number | undefined;
  /** Longest ejection, in milliseconds. @default 30_000 */
  readonly maxEjectionMs?: number | undefined;
  /** Pause for an endpoint that is still starting, in milliseconds. @default 1_000 */
  readonly startingMs?: number | undefined;
  /** Most simultaneous trial calls to an endpoint after an ejection. @default 1 */
  readonly maxProbes?: number | undefined;
  /** Successful trial calls that end an ejection. @default 1 */
  readonly probeSuccesses?: number | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** {@link EjectionOptions} with their defaults. */
export interface EjectionSettings {
  readonly rules: EjectionRules;
  readonly clock: Clock;
}

const count = once(() => z.int().positive());
const milliseconds = once(() => z.number().positive());
const schema = once(() =>
  z.strictObject({
    consecutiveFailures: count().default(5),
    failureShare: z.number().gt(0).max(1).default(0.5),
    minimumCalls: count().default(10),
    windowMs: milliseconds().default(60_000),
    baseEjectionMs: milliseconds().default(1_000),
    maxEjectionMs: milliseconds().default(30_000),
    startingMs: milliseconds().default(1_000),
    maxProbes: count().default(1),
    probeSuccesses: count().default(1),
    clock: clockSchema(),
  }),
);

/** Checks the options and adds defaults. Throws a `ConfigurationError`, also for unknown keys. */
export function parseEjectionOptions(component: string, options: EjectionOptions): EjectionSettings {
  const { clock, ...rules } = parseOptions(component, schema(), options);
  return { rules, clock };
}
