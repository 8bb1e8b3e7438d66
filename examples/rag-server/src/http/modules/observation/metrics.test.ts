import { expect, test } from "vitest";
import { openApi } from "../../../testing/open-api.ts";

/** A line of a sample: a name, labels and a number. */
const sample = /^([a-z_]+)(\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)*\})? (\S+)$/;

test("reports stores, models and requests as Prometheus text, and no caller's path (Q19)", async () => {
  const { call, close } = await openApi();
  await call("POST", "/collections", { name: "counted", dimensions: 2, space: "own" });
  await call("POST", "/vectors/insert", { collection: "counted", id: "secret-id", vector: [1, 0] });
  await call("GET", "/vectors/secret-id?collection=counted");
  const reply = await call("GET", "/metrics");
  await close();
  expect(reply.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  const lines = reply.body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of lines) {
    expect(line).toMatch(sample);
    expect(Number(sample.exec(line)?.[3])).not.toBeNaN();
  }
  expect(reply.body).toMatch(/binnacle_store_points\{.*collection="counted".*\} 1/);
  expect(reply.body).toMatch(/binnacle_http_duration_seconds_count\{.*route="\/api\/v1\/vectors\/:id".*\} 1/);
  expect(reply.body).not.toContain("secret-id");
});
