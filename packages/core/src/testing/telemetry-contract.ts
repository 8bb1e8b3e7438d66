import assert from "node:assert/strict";
import { parseTraceparent } from "../kit/telemetry/trace-context.ts";
import type { Telemetry } from "../spec/telemetry.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const parentSpanId = "b7ad6b7169203331";
const options = {
  unit: "items",
  description: "Things that this contract counts.",
  attributes: ["kind"],
} as const;

/** The contract of `Telemetry` adapters that record spans. */
export function telemetryContract(create: () => Promise<Telemetry>): readonly ContractCase[] {
  return contractCases(create, async () => undefined, [
    ["continues the trace of a traceparent in a new span", continuesTrace],
    ["starts a new trace without a traceparent, or with a malformed one", startsTrace],
    [
      "accepts attributes, events, failures and a second end without throwing, even after the end",
      neverThrows,
    ],
    ["returns working instruments, even if the same name is requested again", repeatsInstruments],
  ]);
}

async function continuesTrace(telemetry: Telemetry): Promise<void> {
  const traceparent = `00-${traceId}-${parentSpanId}-01`;
  const span = telemetry.startSpan("binnacle.contract.child", { traceparent });
  const context = parseTraceparent(span.traceparent);
  assert.equal(context?.traceId, traceId);
  assert.notEqual(context?.spanId, parentSpanId);
  span.end();
}

async function startsTrace(telemetry: Telemetry): Promise<void> {
  const malformed = [undefined, "", "nonsense", `00-${"0".repeat(32)}-${parentSpanId}-01`];
  const seen = malformed.map((traceparent) => {
    const span = telemetry.startSpan("binnacle.contract.root", { traceparent });
    span.end();
    return parseTraceparent(span.traceparent)?.traceId;
  });
  assert.ok(seen.every((one) => one !== undefined && one !== traceId));
  assert.equal(new Set(seen).size, seen.length);
}

async function neverThrows(telemetry: Telemetry): Promise<void> {
  const span = telemetry.startSpan("binnacle.contract.span", { attributes: { a: 1, b: undefined } });
  for (let round = 0; round < 2; round++) {
    span.setAttributes({ a: "text", b: false, c: undefined });
    span.addEvent("happened", { times: 2 });
    for (const error of [new Error("broken"), "a text", undefined]) span.fail(error);
    span.end();
  }
}

async function repeatsInstruments(telemetry: Telemetry): Promise<void> {
  for (let round = 0; round < 2; round++) {
    telemetry.counter("binnacle.contract.things", options).add(1, { kind: "a" });
    telemetry.histogram("binnacle.contract.sizes", options).record(2.5);
    telemetry.gauge("binnacle.contract.level", options).set(-1, { kind: undefined });
  }
}
