import { z } from "zod";
import { AdmissionError } from "../../errors/admission-error.ts";
import { blameOf as blameOfError, type Blame } from "../../errors/blame-of.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import { parseOptions } from "../parsing/parse-options.ts";
import { abortable } from "../time/abortable.ts";
import { createEjector } from "./create-ejector.ts";
import { once } from "../once.ts";
import type { EjectionOptions } from "./ejection-options.ts";

/** Options of {@link createCircuitBreaker}. */
export interface CircuitBreakerOptions extends EjectionOptions {
  /** Name of the server for messages, such as `Qdrant` or its address. */
  readonly name: string;
  /** Returns the blame for a rejection. Only `replica` and `starting` open the circuit. @default core's
   * blameOf */
  readonly blameOf?: ((error: unknown) => Blame) | undefined;
}

/** Stops calls to a server that keeps failing, and tests the server from time to time. */
export interface CircuitBreaker {
  /** `closed`: calls pass. `open`: calls are refused. `half-open`: a few calls pass and decide about the
   * state. */
  readonly state: "closed" | "open" | "half-open";
  /**
   * Runs a call. Rejects with an `AdmissionError` of code `circuit_open`, without the call, if the circuit is
   * open. A half-open circuit does the same while all of its probes are running. An abort rejects immediately
   * with `signal.reason`.
   */
  run<T>(call: () => Promise<T>, options?: Pick<CallOptions, "signal">): Promise<T>;
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const schema = once(() =>
  z.strictObject({
    name: z.string(),
    blameOf: z
      .custom<(error: unknown) => Blame>(isFunction, "must be a function")
      .default(() => blameOfError),
  }),
);

const stateNames = { available: "closed", ejected: "open", probing: "half-open" } as const;

/** Creates a circuit breaker: an ejector of one endpoint, without a panic rule. Throws a
 * `ConfigurationError`. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { name: given, blameOf: judge, ...ejection } = options;
  const { name, blameOf } = parseOptions("createCircuitBreaker", schema(), { name: given, blameOf: judge });
  const ejector = createEjector({ ...ejection, endpoints: [name], maxEjectedShare: 1, ifNoneIsLeft: "none" });
  const refusal = (): AdmissionError => {
    const leftMs = Math.ceil(ejector.status()[0]?.leftMs ?? 0);
    const when = leftMs === 0 ? "A trial call is running." : `The next trial is in ${leftMs} ms.`;
    const retryAfterMs = leftMs === 0 ? undefined : leftMs;
    const message = `${name} failed too often, so this call was not sent. ${when} Try again later.`;
    return new AdmissionError("circuit_open", message, { retryAfterMs });
  };
  return {
    get state() {
      return stateNames[ejector.status()[0]?.state ?? "available"];
    },
    async run(call, { signal } = {}) {
      signal?.throwIfAborted();
      using trial = ejector.begin(name);
      if (trial === undefined) throw refusal();
      try {
        // A call that ignores the abort must not keep the slot.
        const result = await abortable(call(), signal);
        trial.end("success");
        return result;
      } catch (error) {
        trial.end(signal?.aborted === true ? "caller" : blameOf(error));
        throw error;
      }
    },
  };
}
