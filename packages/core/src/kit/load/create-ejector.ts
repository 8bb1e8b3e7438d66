import { z } from "zod";
import type { Blame } from "../../errors/blame-of.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { parseEjectionOptions, type EjectionOptions, type EjectionSettings } from "./ejection-options.ts";
import { once } from "../once.ts";
import { EndpointHealth, type EndpointState } from "./endpoint-health.ts";

/** Options of {@link createEjector}. */
export interface EjectorOptions extends EjectionOptions {
  /** Names of the endpoints, all different. */
  readonly endpoints: readonly string[];
  /**
   * Largest share of the endpoints that failures may eject. With several endpoints, at least one may be
   * ejected, but never all unless the share is 1. With share 0 no failure ejects. Further endpoints keep
   * taking calls.
   * @default 0.5
   */
  readonly maxEjectedShare?: number | undefined;
  /** The endpoints that take calls if no endpoint is available. `all` is the panic rule. @default "all" */
  readonly ifNoneIsLeft?: "all" | "none" | undefined;
}

/** Result of a call: `success`, or the blame. Only `replica` and `starting` count against the endpoint. */
export type CallOutcome = "success" | Blame;

/** One call to an endpoint. End it or dispose of it on every path. */
export interface EndpointCall extends Disposable {
  /** Ends the call with a result. Only the first call counts. */
  end(outcome: CallOutcome): void;
  /** Ends the call without a result, unless it has ended. */
  [Symbol.dispose](): void;
}

/** The endpoints that may take a call now. */
export interface Candidates {
  readonly endpoints: readonly string[];
  /** True if no endpoint is available, so that the panic rule offers all. */
  readonly isPanic: boolean;
}

/** The state of one endpoint. */
export interface EndpointStatus {
  readonly endpoint: string;
  readonly state: EndpointState;
  readonly consecutiveFailures: number;
  /** Ejections in a row. */
  readonly ejections: number;
  /** Milliseconds until the endpoint may be probed. 0 if it is not ejected. */
  readonly leftMs: number;
}

/** Decides which endpoints of a set take calls, based on the results of their calls. */
export interface Ejector {
  /** Returns the endpoints that may take a call now. */
  candidates(): Candidates;
  /** Starts a call. Returns undefined if the endpoint takes no call now, or is not in the set. */
  begin(endpoint: string): EndpointCall | undefined;
  /** Returns the state of every endpoint. */
  status(): readonly EndpointStatus[];
  /** Replaces the set. Endpoints that stay keep their record. */
  setEndpoints(endpoints: readonly string[]): void;
}

const schema = once(() =>
  z.strictObject({
    endpoints: z.array(z.string()),
    maxEjectedShare: z.number().min(0).max(1).default(0.5),
    ifNoneIsLeft: z.enum(["all", "none"]).default("all"),
  }),
);

/** Creates an ejector whose endpoints are all available. Throws a `ConfigurationError` for invalid
 * options. */
export function createEjector(options: EjectorOptions): Ejector {
  const { endpoints, maxEjectedShare, ifNoneIsLeft, ...ejection } = options;
  const settings = parseOptions("createEjector", schema(), { endpoints, maxEjectedShare, ifNoneIsLeft });
  return new OutlierEjector(settings, parseEjectionOptions("createEjector", ejection));
}

class OutlierEjector implements Ejector {
  readonly #maxEjectedShare: number;
  readonly #panics: boolean;
  readonly #ejection: EjectionSettings;
  #endpoints: ReadonlyMap<string, EndpointHealth> = new Map();

  constructor(settings: z.output<ReturnType<typeof schema>>, ejection: EjectionSettings) {
    this.#maxEjectedShare = settings.maxEjectedShare;
    this.#panics = settings.ifNoneIsLeft === "all";
    this.#ejection = ejection;
    this.setEndpoints(settings.endpoints);
  }

  setEndpoints(endpoints: readonly string[]): void {
    if (new Set(endpoints).size < endpoints.length) {
      throw new ConfigurationError(`createEjector: \`endpoints\` must differ, got ${endpoints.join(", ")}`);
    }
    const healthOf = (name: string): EndpointHealth =>
      this.#endpoints.get(name) ?? new EndpointHealth(this.#ejection.rules, this.#ejection.clock);
    this.#endpoints = new Map(endpoints.map((name) => [name, healthOf(name)]));
  }

  candidates(): Candidates {
    const all = [...this.#endpoints];
    const usable = all.filter(([, health]) => health.mayTakeCall);
    const isPanic = this.#panics && usable.length === 0 && all.length > 0;
    return { endpoints: (isPanic ? all : usable).map(([name]) => name), isPanic };
  }

  begin(endpoint: string): EndpointCall | undefined {
    const health = this.#endpoints.get(endpoint);
    if (health === undefined) return undefined;
    if (!health.mayTakeCall && !this.candidates().isPanic) return undefined;
    const isProbe = health.state === "probing";
    const { generation } = health;
    if (isProbe) health.holdProbe();
    let isOpen = true;
    const end = (outcome?: CallOutcome): void => {
      if (!isOpen) return;
      isOpen = false;
      if (isProbe) health.releaseProbe();
      if (outcome !== undefined && generation === health.generation) this.#judge(health, outcome);
    };
    return { end, [Symbol.dispose]: end };
  }

  status(): readonly EndpointStatus[] {
    return [...this.#endpoints].map(([endpoint, { state, consecutiveFailures, ejections, leftMs }]) => ({
      endpoint,
      state,
      consecutiveFailures,
      ejections,
      leftMs,
    }));
  }

  #judge(health: EndpointHealth, outcome: CallOutcome): void {
    switch (outcome) {
      case "success":
        return health.succeed();
      case "starting":
        return health.pause();
      case "replica":
        return this.#fail(health);
      case "request":
      case "caller":
      case "load":
        return; // the endpoint itself works
      default:
        outcome satisfies never;
        return this.#fail(health); // an outcome from untyped code must not hide a broken endpoint
    }
  }

  #fail(health: EndpointHealth): void {
    if (health.fail() && this.#mayEject(health)) health.eject();
  }

  #mayEject(health: EndpointHealth): boolean {
    if (health.state !== "available") return true; // already counted as ejected
    const all = [...this.#endpoints.values()];
    const out = all.filter(({ state }) => state !== "available").length;
    return out < mostEjected(all.length, this.#maxEjectedShare);
  }
}

function mostEjected(count: number, share: number): number {
  if (share === 0 || share === 1) return count * share;
  return Math.min(count - 1, Math.max(1, Math.floor(count * share)));
}
