import { createRequire } from "node:module";
import { fetch } from "undici";
import { expect, test } from "vitest";
import { blockedPortIssue } from "./blocked-ports.ts";
import { createHttpClient } from "./http-client.ts";

const require = createRequire(import.meta.url);
const { badPorts }: { badPorts: readonly string[] } = require("undici/lib/web/fetch/constants.js");
const everyPort = Array.from({ length: 65_535 }, (_, index) => index + 1);
const addressOf = (port: number): string => `http://127.0.0.1:${port}`;

test("lists exactly the ports that undici refuses", () => {
  const told = everyPort.filter((port) => blockedPortIssue(addressOf(port)) !== undefined);
  expect(told).toEqual(badPorts.map(Number));
});

test("agrees with the ports that undici's fetch refuses", async () => {
  for (const port of badPorts) {
    const { cause } = await fetch(addressOf(Number(port))).then(
      () => expect.unreachable(),
      (error: Error) => error,
    );
    expect(cause).toMatchObject({ message: "bad port" });
  }
});

test("refuses a client for a blocked port, unless the app passes its own fetch", () => {
  const baseUrl = "http://127.0.0.1:10080";
  expect(() => createHttpClient({ baseUrl })).toThrow(
    /^createHttpClient: baseUrl: fetch never connects to port 10080 .* listen on another port$/,
  );
  createHttpClient({ baseUrl, fetch: () => expect.unreachable() });
  createHttpClient({ baseUrl: "http://127.0.0.1:10081" });
  expect(() => createHttpClient({ baseUrl: "127.0.0.1:10080" })).toThrow(/must be an http or https URL$/);
});
