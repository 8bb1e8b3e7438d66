import { describe, expect, test } from "vitest";
import { noTelemetry } from "../kit/telemetry/no-telemetry.ts";
import { RecordingTelemetry } from "../testing/recording-telemetry.ts";
import { telemetryContract } from "../testing/telemetry-contract.ts";
import { combineTelemetry } from "./combine-telemetry.ts";

describe("combineTelemetry", () => {
  const create = async () => combineTelemetry(noTelemetry, new RecordingTelemetry());
  for (const { name, run } of telemetryContract(create)) test(name, run);

  test("passes spans and measurements on to all", () => {
    const all = [new RecordingTelemetry(), new RecordingTelemetry()];
    const telemetry = combineTelemetry(...all);
    telemetry.startSpan("binnacle.test.call", { attributes: { a: 1 } }).end();
    telemetry.counter("binnacle.test.calls", { unit: "items", description: "Calls." }).add(2);
    for (const one of all) {
      expect(one.spans).toMatchObject([{ attributes: { a: 1 }, isEnded: true }]);
      expect(one.values("binnacle.test.calls")).toEqual([2]);
    }
  });
});
