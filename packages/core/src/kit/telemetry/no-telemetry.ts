import type { Span, Telemetry } from "../../spec/telemetry.ts";

const nothing = (): void => undefined;

const noSpan: Span = {
  isRecording: false,
  traceparent: undefined,
  setAttributes: nothing,
  addEvent: nothing,
  fail: nothing,
  end: nothing,
};
const noInstrument = { add: nothing, record: nothing, set: nothing };

/** Records nothing and allocates nothing. It is the default of every telemetry option. */
export const noTelemetry: Telemetry = {
  startSpan: () => noSpan,
  counter: () => noInstrument,
  histogram: () => noInstrument,
  gauge: () => noInstrument,
};
