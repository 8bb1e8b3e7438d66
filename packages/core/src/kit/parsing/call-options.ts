import { z } from "zod";
import type { CallOptions } from "../../spec/call-options.ts";
import { once } from "../once.ts";
import { describeValue } from "./describe-value.ts";
import { parseOptions } from "./parse-options.ts";

/** The schemas of the fields of {@link CallOptions}. */
export interface CallOptionsFields {
  readonly signal: z.ZodOptional<z.ZodType<AbortSignal>>;
  readonly deadlineAt: z.ZodOptional<z.ZodNumber>;
  readonly traceparent: z.ZodOptional<z.ZodString>;
}

const signal = once(() =>
  z
    .custom<AbortSignal>((value) => value instanceof AbortSignal, {
      error: ({ input }) =>
        `expected an AbortSignal, such as AbortSignal.timeout(5000), got ${describeValue(input)}`,
    })
    .optional(),
);
const deadlineAt = once(() =>
  z
    .number({
      error: ({ input }) =>
        `expected epoch milliseconds, such as Date.now() + 5000, got ${describeValue(input)}`,
    })
    .optional(),
);
const traceparent = once(() => z.string().optional());

/** The schemas of the call options. Spread them into a method's strict schema, so that all methods check them
 * alike. Spread them inside of `once`, because each schema is built when it is read. */
export const callOptionsFields: CallOptionsFields = {
  get signal() {
    return signal();
  },
  get deadlineAt() {
    return deadlineAt();
  },
  get traceparent() {
    return traceparent();
  },
};

const schema = once(() => z.strictObject(callOptionsFields));
const none: CallOptions = Object.freeze({});

/** Checks the options of a method that takes only {@link CallOptions}. Throws a `ConfigurationError`. */
export function parseCallOptions(method: string, options: unknown): CallOptions {
  return options === undefined ? none : parseOptions(method, schema(), options);
}
