import { FakeClock } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import type { SystemHealth } from "../system-health.ts";
import { createHealthHistory } from "./health-history.ts";

function report(status: "ok" | "down"): SystemHealth {
  const store = { status, latencyMs: 1 };
  return { status, components: { store }, answers: "", index: { documents: 0, chunks: 0 } };
}

test("tells since when a part has its status, and when it last failed (Q4)", async () => {
  const clock = new FakeClock(0);
  const history = createHealthHistory(clock);
  const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
  expect(history(report("ok"))).toEqual({ store: { since: at(0) } });
  await clock.advance(1000);
  expect(history(report("ok"))).toEqual({ store: { since: at(0) } });
  await clock.advance(1000);
  const down = { at: at(2), status: "down" };
  expect(history(report("down"))).toEqual({ store: { since: at(2), lastError: down } });
  await clock.advance(1000);
  expect(history(report("ok"))).toEqual({ store: { since: at(3), lastError: down } });
});
