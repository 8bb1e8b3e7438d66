import type { Attributes as OtelAttributes, Meter } from "@opentelemetry/api";
import type { Attributes, InstrumentOptions, Telemetry } from "../../spec/telemetry.ts";
import { bucketsOf } from "../buckets.ts";
import { conventionOfInstrument, translateAttributes, ucum } from "./translate.ts";

/** Creates instruments of one meter. The meter returns the same instrument for the same name. */
export function createInstruments(meter: Meter): Pick<Telemetry, "counter" | "histogram" | "gauge"> {
  return {
    counter: (name, options) => {
      const { theirs, settings, scale, translate } = instrument(name, options);
      const counter = meter.createCounter(theirs, settings);
      return { add: (amount, attributes) => counter.add(amount * scale, translate(attributes)) };
    },
    histogram: (name, options) => {
      const { theirs, settings, scale, translate } = instrument(name, options);
      const advice = { explicitBucketBoundaries: [...bucketsOf[options.unit]] };
      const histogram = meter.createHistogram(theirs, { ...settings, advice });
      return { record: (value, attributes) => histogram.record(value * scale, translate(attributes)) };
    },
    gauge: (name, options) => {
      const { theirs, settings, scale, translate } = instrument(name, options);
      const gauge = meter.createGauge(theirs, settings);
      return { set: (value, attributes) => gauge.record(value * scale, translate(attributes)) };
    },
  };
}

function instrument(name: string, { unit, description, attributes: allowed = [] }: InstrumentOptions) {
  const convention = conventionOfInstrument(name);
  const names = new Set(allowed);
  return {
    theirs: convention.theirs ?? name,
    settings: { unit: ucum[unit], description },
    scale: unit === "ms" ? 0.001 : 1,
    translate: (attributes: Attributes = {}): OtelAttributes => {
      const known = Object.entries(attributes).filter(([key]) => names.has(key));
      return { ...convention.fixed, ...translateAttributes(convention, Object.fromEntries(known)) };
    },
  };
}
