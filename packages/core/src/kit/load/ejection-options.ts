import { z } from "zod";
import { parseOptions } from "../parsing/parse-options.ts";
import { clockSchema } from "../time/clock-schema.ts";
import type { Clock } from "../time/clock.ts";
import type { EjectionRules } from "./endpoint-health.ts";

/** When an endpoint is ejected and how it returns; shared by the ejector and the circuit breaker. */
export interface EjectionOptions {
  /** Failures in a row that eject. @default 5 */
  readonly consecutiveFailures?: number | undefined;
  /** The share of failed calls within `windowMs` that ejects, from `minimumCalls` on. @default 0.5 */
  readonly failureShare?: number | undefined;
  /** Calls within `windowMs` from which `failureShare` counts. @default 10 */
  readonly minimumCalls?: number | undefined;
  /** @default 60_000 */
  readonly windowMs?: number | undefined;
  /** How long the first ejection lasts; it doubles with each ejection in a row. @default 1_000 */
  readonly baseEjectionMs?: number | undefined;
  /** How long an ejection lasts at most. @default 30_000 */
  readonly maxEjectionMs?: number | undefined;
  /** How long an endpoint that is still starting is left alone. @default 1_000 */
  readonly startingMs?: number | undefined;
  /** Calls that an endpoint takes at the same time after an ejection, until they decide. @default 1 */
  readonly maxProbes?: number | undefined;
  /** Successes after an ejection that bring an endpoint back. @default 1 */
  readonly probeSuccesses?: number | undefined;
  /** @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** Ejection options with their defaults. */
export interface EjectionSettings {
  readonly rules: EjectionRules;
  readonly clock: Clock;
}

const count = z.int().positive();
const milliseconds = z.number().positive();
const schema = z.strictObject({
  consecutiveFailures: count.default(5),
  failureShare: z.number().gt(0).max(1).default(0.5),
  minimumCalls: count.default(10),
  windowMs: milliseconds.default(60_000),
  baseEjectionMs: milliseconds.default(1_000),
  maxEjectionMs: milliseconds.default(30_000),
  startingMs: milliseconds.default(1_000),
  maxProbes: count.default(1),
  probeSuccesses: count.default(1),
  clock: clockSchema,
});

/** Checks the options and fills in defaults. Throws `ConfigurationError`, for unknown keys too. */
export function parseEjectionOptions(component: string, options: EjectionOptions): EjectionSettings {
  const { clock, ...rules } = parseOptions(component, schema, options);
  return { rules, clock };
}
