import type { GenerateRequest, InferenceCallOptions, ModelCapabilities } from "@binnacle/core";
import { sleep } from "@binnacle/core/kit";
import { inferenceBackendContract } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { failureError } from "../failures/failure-error.ts";
import { parseFailure } from "../failures/server-failure.ts";
import { createChatBackend, type ChatBackend, type ChatDialect } from "./create-chat-backend.ts";
import type { GenerationItem } from "./timed-generation.ts";

// A third driver, such as one over gRPC, supplies only a dialect and a table of failures.
const server = {
  label: "GrpcBackend grpc://a:8001",
  address: "grpc://a:8001",
  maxAttempts: 1,
  close: (): Promise<void> => Promise.resolve(),
};
const table = {
  rows: [{ kind: "overloaded" as const, message: /^exceeds maximum queue size/i, statuses: [undefined] }],
};
const refusal = (grpcCode: number, body: string): Error =>
  failureError(parseFailure({ grpcCode, body }), { ...server, table });
const capabilities: ModelCapabilities = {
  model: "m",
  vision: false,
  jsonSchema: false,
  countsTokens: true,
  logprobs: true,
};
const timeouts = { firstTokenTimeoutMs: 5_000, idleTimeoutMs: 5_000, totalTimeoutMs: 5_000 };
const words = ["one", " two", " three", " four"];

async function* events(
  request: GenerateRequest,
  options: InferenceCallOptions,
): AsyncGenerator<GenerationItem> {
  const kept = words.slice(0, request.maxTokens);
  yield { type: "start", model: request.model ?? "m", replica: server.address };
  for (const text of kept) {
    await sleep(0, options);
    const logprobs = [{ token: text, logprob: -1, top: [] }];
    yield { type: "text", text, ...(request.logprobs === undefined ? {} : { logprobs }) };
  }
  yield { type: "finish", reason: kept.length < words.length ? "length" : "stop" };
}

function backendOf(dialect: Partial<ChatDialect> = {}): ChatBackend {
  return createChatBackend({
    server,
    timeouts,
    dialect: {
      ask: () => Promise.resolve(capabilities),
      open: events,
      countTokens: ({ messages }) => Promise.resolve(messages.length),
      askHealth: () => Promise.resolve(undefined),
      wayOut: (capability) => `no ${capability}`,
      ...dialect,
    },
  });
}

for (const { name, run } of inferenceBackendContract(() => Promise.resolve(backendOf())))
  test(`${name}, as a backend without HTTP`, run);

test("asks about each model once, until the server is lost", async () => {
  const asked: (string | undefined)[] = [];
  const backend = backendOf({
    ask: (model = "m") => {
      asked.push(model);
      return Promise.resolve({ ...capabilities, model });
    },
  });
  const calls = [{}, { model: "big" }, { model: "big" }, {}];
  const answers = await Promise.all(calls.map((options) => backend.capabilities(options)));
  expect(answers.map(({ model }) => model)).toEqual(["m", "big", "big", "m"]);
  expect(asked).toEqual(["m", "big"]);
  backend.forget();
  await backend.capabilities();
  expect(asked).toEqual(["m", "big", "m"]);
});

test("remembers a bounded number of models", async () => {
  let asked = 0;
  const ask = (): Promise<ModelCapabilities> =>
    Promise.resolve({ ...capabilities, model: `${(asked += 1)}` });
  const backend = backendOf({ ask });
  for (let index = 0; index <= 64; index++) await backend.capabilities({ model: `model ${index}` });
  expect(await backend.capabilities({ model: "model 64" })).toMatchObject({ model: "65" });
  expect(await backend.capabilities({ model: "model 0" })).toMatchObject({ model: "66" });
});

test("decides by the request's model which requests to refuse, and asks nothing for a plain request", async () => {
  const ask = (model: string | undefined): Promise<ModelCapabilities> =>
    model === undefined
      ? Promise.reject(new Error("asked"))
      : Promise.resolve({ ...capabilities, tools: model === "able" });
  const backend = backendOf({ ask });
  const plain: GenerateRequest = { messages: [{ role: "user", content: "Hi" }] };
  const tools = [{ name: "now", parameters: {} }];
  expect(await backend.generate(plain)).toMatchObject({ replica: server.address });
  expect(await backend.generate({ ...plain, tools, model: "able" })).toMatchObject({ model: "able" });
  await expect(backend.generate({ ...plain, tools, model: "small" })).rejects.toMatchObject({
    message: "GrpcBackend grpc://a:8001: no tools",
    capability: "tools",
    replica: server.address,
  });
});

test.each([
  [
    "loading its model",
    "degraded",
    failureError(parseFailure({ status: 503, body: "Loading model" }), {
      ...server,
      table: { rows: [{ kind: "loading", message: /^loading/i, statuses: [503] }] },
    }),
  ],
  ["Exceeds maximum queue size", "degraded", refusal(14, "Exceeds maximum queue size")],
  ["GRPC server is shutting down", "down", refusal(14, "GRPC server is shutting down")],
  ["no token", "down", refusal(16, "no token")],
])("reports after `%s` the health %s", async (detail, status, error) => {
  const backend = backendOf({ askHealth: () => Promise.reject(error) });
  expect(await backend.health()).toMatchObject({ status, detail: expect.stringContaining(detail) });
});

test("reports degraded health if the dialect finds a fault, and gives up after its own limit", async () => {
  const amiss = backendOf({ askHealth: () => Promise.resolve("one of two models is missing") });
  expect(await amiss.health()).toMatchObject({ status: "degraded", detail: "one of two models is missing" });
  const calls: InferenceCallOptions[] = [];
  const asking = backendOf({
    askHealth: (options) => {
      calls.push(options);
      return Promise.resolve(undefined);
    },
  });
  expect(await asking.health({ deadlineAt: 5, requestId: "7" })).toMatchObject({ status: "ok" });
  await asking.health();
  expect(calls[0]).toMatchObject({ deadlineAt: 5, maxAttempts: 1, requestId: "7" });
  expect(calls[1]?.deadlineAt).toBeGreaterThan(Date.now());
});
