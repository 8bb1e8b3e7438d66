import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { AdmissionError } from "../../errors/admission-error.ts";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { RequestError } from "../../errors/request-error.ts";
import { FakeClock } from "../../testing/fake-clock.ts";
import { createCircuitBreaker, type CircuitBreakerOptions } from "./create-circuit-breaker.ts";

const clientError = new Error("your fault");

function breaker(options: Partial<CircuitBreakerOptions> = {}) {
  const clock = new FakeClock();
  const circuit = createCircuitBreaker({
    name: "Store",
    clock,
    consecutiveFailures: 3,
    blameOf: (error) => (error === clientError ? "request" : "replica"),
    ...options,
  });
  const fail = (error: Error = new Error("broken")) =>
    circuit.run(() => Promise.reject(error)).catch((reason: unknown) => reason);
  return { clock, circuit, fail };
}

test("opens after failures, refuses without calling, and closes after a success (Q2)", async () => {
  const { circuit, clock, fail } = breaker();
  for (let failure = 0; failure < 3; failure++) await fail();
  expect(circuit.state).toBe("open");
  let calls = 0;
  const call = () => circuit.run(async () => ++calls);
  const refused = await call().catch((error: unknown) => error);
  expect(AdmissionError.isInstance(refused)).toBe(true);
  expect(refused).toMatchObject({ code: "circuit_open", retryable: true, retryAfterMs: 1_000 });
  await clock.advance(1_000);
  expect(circuit.state).toBe("half-open");
  expect(await call()).toBe(1);
  expect(circuit.state).toBe("closed");
});

test("ignores client errors, in a closed and in a half-open circuit (Q2)", async () => {
  const { circuit, clock, fail } = breaker();
  for (let failure = 0; failure < 100; failure++) expect(await fail(clientError)).toBe(clientError);
  expect(circuit.state).toBe("closed");
  for (let failure = 0; failure < 3; failure++) await fail();
  await clock.advance(1_000);
  await fail(clientError);
  expect(circuit.state).toBe("half-open");
});

test("releases a half-open slot after a success, a failure, a client error, an abort and a throw (Q2)", async () => {
  const { circuit, clock, fail } = breaker({ probeSuccesses: 100 });
  for (let failure = 0; failure < 3; failure++) await fail();
  await clock.advance(1_000);
  const controller = new AbortController();
  const hanging = circuit.run(() => new Promise(() => undefined), { signal: controller.signal });
  await expect(circuit.run(() => Promise.resolve())).rejects.toMatchObject({
    code: "circuit_open",
    retryAfterMs: undefined,
  });
  controller.abort("left");
  await expect(hanging).rejects.toBe("left");
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  await expect(circuit.run(() => Promise.resolve("through"))).resolves.toBe("through");
  await fail(clientError);
  const thrower = () => {
    throw clientError;
  };
  await expect(circuit.run(thrower)).rejects.toBe(clientError);
  await expect(circuit.run(() => Promise.resolve("again"))).resolves.toBe("again");
  await fail();
  expect(circuit.state).toBe("open");
  await clock.advance(2_000);
  await expect(circuit.run(() => Promise.resolve("still"))).resolves.toBe("still");
});

test("makes no call if the signal is already aborted", async () => {
  const { circuit } = breaker();
  const run = circuit.run(() => expect.unreachable(), { signal: AbortSignal.abort("left") });
  await expect(run).rejects.toBe("left");
});

test("uses core's blameOf by default (Q2)", async () => {
  const { circuit, fail } = breaker({ blameOf: undefined });
  const errorOf = (status: number) =>
    new RequestError(`http_${status}`, "refused", { url: "http://h", status, retryable: true });
  for (const status of [400, 404, 429, 503]) for (let one = 0; one < 9; one++) await fail(errorOf(status));
  expect(circuit.state).toBe("closed");
  for (let one = 0; one < 3; one++) await fail(errorOf(502));
  expect(circuit.state).toBe("open");
});

test("refuses invalid options", () => {
  expect(() => breaker({ consecutiveFailures: 0 })).toThrow(ConfigurationError);
});
