import { z } from "zod";
import type { Blame } from "../../errors/blame-of.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { parseEjectionOptions, type EjectionOptions, type EjectionSettings } from "./ejection-options.ts";
import { EndpointHealth, type EndpointState } from "./endpoint-health.ts";

/** Options of {@link createEjector}. */
export interface EjectorOptions extends EjectionOptions {
  /** Names of the endpoints, which differ from each other. */
  readonly endpoints: readonly string[];
  /**
   * Most endpoints that failures may eject, as a share of all: one of them at least if there are several, and never all
   * unless the share is 1. Endpoints beyond that keep taking calls. @default 0.5
   */
  readonly maxEjectedShare?: number | undefined;
  /** Which endpoints take calls if none is left: `all` is the panic rule. @default "all" */
  readonly ifNoneIsLeft?: "all" | "none" | undefined;
}

/** How a call ended: `success`, or who is to blame. Only `replica` and `starting` count against the endpoint. */
export type CallOutcome = "success" | Blame;

/** One call to an endpoint. End or dispose of it on every path. */
export interface EndpointCall extends Disposable {
  /** Only the first call counts. */
  end(outcome: CallOutcome): void;
  /** Ends the call without a verdict, if it has not ended. */
  [Symbol.dispose](): void;
}

/** The endpoints that may take a call now. */
export interface Candidates {
  readonly endpoints: readonly string[];
  /** Whether none is left and the panic rule offers all of them. */
  readonly isPanic: boolean;
}

/** What an ejector knows of one endpoint. */
export interface EndpointStatus {
  readonly endpoint: string;
  readonly state: EndpointState;
  readonly consecutiveFailures: number;
  /** Ejections in a row. */
  readonly ejections: number;
  /** Milliseconds until it may be probed; 0 if it is not ejected. */
  readonly leftMs: number;
}

/** Decides which endpoints of a set take calls, from how their calls end. */
export interface Ejector {
  candidates(): Candidates;
  /** Begins a call. Undefined if the endpoint takes none now, or is not one of the set. */
  begin(endpoint: string): EndpointCall | undefined;
  status(): readonly EndpointStatus[];
  /** Replaces the set; endpoints that stay keep their record. */
  setEndpoints(endpoints: readonly string[]): void;
}

const schema = z.strictObject({
  endpoints: z.array(z.string()),
  maxEjectedShare: z.number().min(0).max(1).default(0.5),
  ifNoneIsLeft: z.enum(["all", "none"]).default("all"),
});

/** Makes an ejector; all its endpoints are available. Throws `ConfigurationError`. */
export function createEjector(options: EjectorOptions): Ejector {
  const { endpoints, maxEjectedShare, ifNoneIsLeft, ...ejection } = options;
  const settings = parseOptions("createEjector", schema, { endpoints, maxEjectedShare, ifNoneIsLeft });
  return new OutlierEjector(settings, parseEjectionOptions("createEjector", ejection));
}

class OutlierEjector implements Ejector {
  readonly #maxEjectedShare: number;
  readonly #panics: boolean;
  readonly #ejection: EjectionSettings;
  #endpoints: ReadonlyMap<string, EndpointHealth> = new Map();

  constructor(settings: z.output<typeof schema>, ejection: EjectionSettings) {
    this.#maxEjectedShare = settings.maxEjectedShare;
    this.#panics = settings.ifNoneIsLeft === "all";
    this.#ejection = ejection;
    this.setEndpoints(settings.endpoints);
  }

  setEndpoints(endpoints: readonly string[]): void {
    if (new Set(endpoints).size < endpoints.length) {
      throw new ConfigurationError(`createEjector: endpoints must differ, got ${endpoints.join(", ")}`);
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
        return; // none of these says that the endpoint is broken
      default:
        outcome satisfies never;
        return this.#fail(health); // an outcome from untyped code must not hide a broken endpoint
    }
  }

  #fail(health: EndpointHealth): void {
    if (health.fail() && this.#mayEject(health)) health.eject();
  }

  #mayEject(health: EndpointHealth): boolean {
    if (health.state !== "available") return true; // it is out already
    const all = [...this.#endpoints.values()];
    const out = all.filter(({ state }) => state !== "available").length;
    return out < mostEjected(all.length, this.#maxEjectedShare);
  }
}

function mostEjected(count: number, share: number): number {
  if (share === 0 || share === 1) return count * share;
  return Math.min(count - 1, Math.max(1, Math.floor(count * share)));
}
