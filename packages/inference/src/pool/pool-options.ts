import type { Telemetry } from "@binnacle/core";
import {
  createRetryBudget,
  noTelemetry,
  parseOptions,
  part,
  systemClock,
  type Clock,
  type EjectionOptions,
  type RetryBudget,
} from "@binnacle/core/kit";
import { z } from "zod";

/** Limits of the calls that a replica gets at the same time. The pool moves the limit between `min` and `max`. */
export interface ConcurrencyOptions {
  /** The first limit. @default the number of slots that the server reports, or 8 */
  readonly initial?: number | undefined;
  /** The lowest limit. @default 1 */
  readonly min?: number | undefined;
  /** The highest limit. @default 256 */
  readonly max?: number | undefined;
}

/** One server of a pool, and the driver that talks to it. */
export interface PoolReplica<Driver> {
  /** Name for errors, status and metrics, such as the server's address. The names of a pool differ. */
  readonly name: string;
  /** The driver. The pool closes it. Create it with `maxAttempts: 1`, because the pool repeats calls itself. */
  readonly driver: Driver;
  /** Share of the load in comparison with the other replicas of the tier. @default 1 */
  readonly weight?: number | undefined;
  /** Order of failover. A call goes to the lowest tier that has a replica with a free slot. @default 0 */
  readonly tier?: number | undefined;
  /** Limits of the calls at the same time. @default see {@link ConcurrencyOptions} */
  readonly concurrency?: ConcurrencyOptions | undefined;
}

/** Rules for the second attempt of a slow call. */
export interface HedgingOptions {
  /** The second attempt starts after 1.5 times this percentile of the latency. @default 0.95 */
  readonly percentile?: number | undefined;
  /** Shortest delay of the second attempt, in milliseconds. @default 10 */
  readonly minDelayMs?: number | undefined;
  /** Largest share of calls that get a second attempt. @default 0.05 */
  readonly maxShare?: number | undefined;
}

/** A change in a pool, for the operator's log. This union may grow: skip a type that you do not know. */
export type PoolEvent =
  | {
      readonly type: "ejected" | "restored" | "added" | "drained";
      readonly replica: string;
      readonly error?: unknown;
    }
  | { readonly type: "retried" | "hedged"; readonly replica: string; readonly error?: unknown };

/** Options of every pool. */
export interface PoolOptions<Replica> {
  /** The replicas at the start, at least one. */
  readonly replicas: readonly [Replica, ...Replica[]];
  /** Most attempts of a call in total, hedges included. A call's own `maxAttempts` overrides it. @default 3 */
  readonly maxAttempts?: number | undefined;
  /** Most tokens of calls that wait for a free slot. Beyond it, the last calls of the queue are refused.
   * @default 200_000 */
  readonly maxQueuedTokens?: number | undefined;
  /** Budget of all retries and hedges. Share it between pools of the same servers. @default a budget of 15 %
   * of the calls, and one per second */
  readonly budget?: RetryBudget | undefined;
  /** Rules of ejection. @default those of `createEjector`, with 3 failures in a row */
  readonly ejection?: Omit<EjectionOptions, "clock"> | undefined;
  /** Largest share of the replicas that may be ejected. At least one is always left. @default 0.8 */
  readonly maxEjectedShare?: number | undefined;
  /** Longest health check of an ejected replica, in milliseconds. @default 2_000 */
  readonly probeTimeoutMs?: number | undefined;
  /** Rules of hedging. False turns it off. @default see {@link HedgingOptions} */
  readonly hedging?: HedgingOptions | false | undefined;
  /**
   * A replica that a call's affinity prefers may have this many times the average load. Beyond it, the call
   * goes to the next replica in the key's own order. @default 1.25
   */
  readonly affinityLoad?: number | undefined;
  /** Receives spans and measurements. @default none */
  readonly telemetry?: Telemetry | undefined;
  /** Receives the events. @default none */
  readonly onEvent?: ((event: PoolEvent) => void) | undefined;
  /** Returns a number from 0 to below 1. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** Time and timers. Tests pass a clock of their own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
const count = z.int().positive();
const share = z.number().min(0).max(1);

const concurrency = z
  .strictObject({
    initial: z.number().min(1).optional(),
    min: z.number().min(1).default(1),
    max: z.number().min(1).default(256),
  })
  .refine(({ min, max }) => min <= max, "min must not be above max");

/** The schema fields of a replica without its driver. */
export interface ReplicaFields {
  readonly name: z.ZodString;
  readonly weight: z.ZodDefault<z.ZodNumber>;
  readonly tier: z.ZodDefault<z.ZodInt>;
  readonly concurrency: z.ZodType<ConcurrencySettings>;
}

/** Creates the schema fields of {@link PoolReplica} without its driver. */
export function replicaFields(): ReplicaFields {
  return {
    name: z.string().min(1),
    weight: z.number().positive().default(1),
    tier: z.int().min(0).default(0),
    concurrency: concurrency.prefault({}),
  };
}

const hedging = z
  .strictObject({
    percentile: z.number().gt(0).lt(1).default(0.95),
    minDelayMs: z.number().min(0).default(10),
    maxShare: share.default(0.05),
  })
  .prefault({});

const settingsSchema = z.strictObject({
  maxAttempts: count.default(3),
  maxQueuedTokens: z.number().positive().default(200_000),
  budget: part<RetryBudget>(["count", "spend"], "a RetryBudget, such as createRetryBudget()").optional(),
  ejection: z.custom<Omit<EjectionOptions, "clock">>(isObject, "expected an object of options").optional(),
  maxEjectedShare: share.default(0.8),
  probeTimeoutMs: z.number().positive().default(2_000),
  hedging: z.union([z.literal(false), hedging]).prefault({}),
  affinityLoad: z.number().min(1).default(1.25),
  telemetry: part<Telemetry>(["startSpan", "counter", "histogram", "gauge"], "a Telemetry").default(
    noTelemetry,
  ),
  onEvent: z.custom<(event: PoolEvent) => void>(isFunction, "expected a function").optional(),
  random: z.custom<() => number>(isFunction, "expected a function").default(() => Math.random),
  clock: part<Clock>(["now", "monotonicNow", "startTimer"], "a Clock").default(systemClock),
});

/** The options that all kinds of pools share, with their defaults. */
export interface PoolSettings {
  readonly maxAttempts: number;
  readonly maxQueuedTokens: number;
  readonly budget: RetryBudget;
  readonly ejection?: Omit<EjectionOptions, "clock"> | undefined;
  readonly maxEjectedShare: number;
  readonly probeTimeoutMs: number;
  readonly hedging: HedgingSettings | false;
  readonly affinityLoad: number;
  readonly telemetry: Telemetry;
  readonly onEvent?: ((event: PoolEvent) => void) | undefined;
  readonly random: () => number;
  readonly clock: Clock;
}

/** {@link HedgingOptions} with the defaults filled in. */
export interface HedgingSettings {
  readonly percentile: number;
  readonly minDelayMs: number;
  readonly maxShare: number;
}

/** {@link ConcurrencyOptions} with the defaults filled in. */
export interface ConcurrencySettings {
  readonly initial?: number | undefined;
  readonly min: number;
  readonly max: number;
}

/** A replica with its defaults. */
export interface ReplicaSettings<Driver> {
  readonly name: string;
  readonly driver: Driver;
  readonly weight: number;
  readonly tier: number;
  readonly concurrency: ConcurrencySettings;
  readonly models?: Readonly<Record<string, string>> | undefined;
  readonly continuesAnswers?: boolean | undefined;
}

/** Checks the options of a pool without its replicas. Throws a `ConfigurationError` that lists every issue. */
export function parsePoolOptions(component: string, options: object): PoolSettings {
  const settings = parseOptions(component, settingsSchema, options);
  const { clock } = settings;
  return { ...settings, budget: settings.budget ?? createRetryBudget({ share: 0.15, clock }) };
}
