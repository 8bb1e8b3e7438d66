import { expect, test } from "vitest";
import { RecordingTelemetry } from "../../testing/recording-telemetry.ts";
import { noTelemetry } from "./no-telemetry.ts";
import { formatTraceparent, parseTraceparent } from "./trace-context.ts";
import { withSpan } from "./with-span.ts";

const name = "binnacle.test.call";

test("passes the span on as the parent and ends it", async () => {
  const telemetry = new RecordingTelemetry();
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const options = { traceparent, limit: 3 };
  const result = await withSpan(telemetry, { name, options, attributes: { k: 3 } }, async (inner, span) => {
    expect(inner).toEqual({ traceparent: span.traceparent, limit: 3 });
    return "done";
  });
  expect(result).toBe("done");
  expect(telemetry.spans).toMatchObject([
    { name, traceId: "a".repeat(32), parentSpanId: "b".repeat(16), attributes: { k: 3 }, isEnded: true },
  ]);
});

test("marks a failure, ends the span and throws the same error", async () => {
  const telemetry = new RecordingTelemetry();
  const error = new Error("broken");
  await expect(withSpan(telemetry, { name, options: {} }, () => Promise.reject(error))).rejects.toBe(error);
  expect(telemetry.spans).toMatchObject([{ error, isEnded: true }]);
});

test("does not count an abort by the caller as a failure", async () => {
  const telemetry = new RecordingTelemetry();
  const options = { signal: AbortSignal.abort("left") };
  await expect(withSpan(telemetry, { name, options }, () => Promise.reject("left"))).rejects.toBe("left");
  expect(telemetry.spans).toMatchObject([
    { error: undefined, attributes: { "binnacle.aborted": true }, isEnded: true },
  ]);
});

test("passes the caller's options unchanged without telemetry", async () => {
  const options = { traceparent: "from outside" };
  await withSpan(noTelemetry, { name, options }, async (inner, span) => {
    expect(inner).toBe(options);
    expect(span.isRecording).toBe(false);
  });
  expect(noTelemetry.startSpan(name)).toBe(noTelemetry.startSpan(name));
});

test("reads and writes a trace context as the standard says", () => {
  const context = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    isSampled: true,
  };
  const header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  expect(formatTraceparent(context)).toBe(header);
  expect(parseTraceparent(header)).toEqual(context);
  expect(parseTraceparent(header.replace(/01$/, "00"))).toMatchObject({ isSampled: false });
  expect(parseTraceparent(header.replace(/^00/, "cc") + "-later")).toEqual(context);
  const malformed = [
    undefined,
    "",
    header.toUpperCase(),
    `${header}-x`,
    header.replace(/^00/, "ff"),
    header.replace("0af7651916cd43dd8448eb211c80319c", "0".repeat(32)),
    header.replace("b7ad6b7169203331", "0".repeat(16)),
    header.slice(0, -1),
  ];
  for (const value of malformed) expect(parseTraceparent(value), value).toBeUndefined();
});
