import type { Registry } from "prom-client";
import { z } from "zod";
import { part } from "../../kit/parsing/part.ts";
import { once } from "../../kit/once.ts";
import { parseOptions } from "../../kit/parsing/parse-options.ts";

/** Options of {@link createPrometheusTelemetry}. */
export interface PrometheusTelemetryOptions {
  /** The registry of the app's other metrics. The app serves its text. */
  readonly registry: Registry;
  /**
   * Most series of one metric. Once they exist, each new combination of labels counts in a single series, whose
   * labels are all `other`. This bounds memory even if callers choose names, such as those of collections.
   * @default 200
   */
  readonly maxSeries?: number | undefined;
}

const schema = once(() =>
  z.strictObject({
    registry: part<Registry>(["registerMetric", "getSingleMetric", "metrics"], "a Registry of prom-client"),
    maxSeries: z.int().positive().default(200),
  }),
);

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parsePrometheusOptions(options: PrometheusTelemetryOptions): {
  readonly registry: Registry;
  readonly maxSeries: number;
} {
  return parseOptions("createPrometheusTelemetry", schema(), options);
}
