import assert from "node:assert/strict";
import { InferenceError } from "../../errors/inference-error.ts";
import type { InferenceCallOptions } from "../../spec/call-options.ts";
import type { GenerationEvent, GenerationStream } from "../../spec/generation.ts";
import type { InferenceBackend } from "../../spec/inference-backend.ts";
import { contractCases, type ContractCase } from "../contract-case.ts";
import { capabilityPromises } from "./capability-promises.ts";
import { counting, refusesBothWays, unicode, type Promised } from "./contract-requests.ts";

/**
 * The contract of inference backends. The backend must answer "Count from one to twenty." with at least two
 * tokens, and may stop after 24. The contract makes no other assumption about the model's answers.
 */
export function inferenceBackendContract(create: () => Promise<InferenceBackend>): readonly ContractCase[] {
  return contractCases(create, (backend) => backend.close(), [
    ...generatePromises,
    ...streamPromises,
    ...capabilityPromises,
    ...refusalPromises,
    ...closePromises,
  ]);
}

const generatePromises: readonly Promised[] = [
  [
    "returns text, a finish reason and the model's name",
    async (backend) => {
      const { text, finishReason, model, usage } = await backend.generate(counting);
      assert.notEqual(text, "");
      assert.notEqual(model, "");
      assert.ok(["stop", "length"].includes(finishReason), finishReason);
      const { promptTokens = 0, completionTokens = 0, cachedTokens = 0 } = usage ?? {};
      for (const tokens of [promptTokens, completionTokens, cachedTokens])
        assert.ok(Number.isInteger(tokens) && tokens >= 0, String(tokens));
    },
  ],
  [
    "finishes with `length` if maxTokens cuts the answer",
    async (backend) => {
      assert.equal((await backend.generate({ ...counting, maxTokens: 1 })).finishReason, "length");
    },
  ],
  [
    "accepts and returns whole characters of any script",
    async (backend) => assert.doesNotMatch((await backend.generate(unicode)).text, /\p{Surrogate}/u),
  ],
  [
    "returns its own answer to each of several simultaneous requests",
    async (backend) => {
      const [short, long] = await Promise.all(
        [{ ...counting, maxTokens: 1 }, counting].map((request) => backend.generate(request)),
      );
      assert.equal(short?.finishReason, "length");
      assert.ok((short?.text.length ?? 0) < (long?.text.length ?? 0));
    },
  ],
];

const streamPromises: readonly Promised[] = [
  [
    "streams `start` first and `finish` last, each once, with the result's text between them",
    async (backend) => {
      const stream = backend.stream(counting);
      const events = await collect(stream);
      assert.equal(events[0]?.type, "start");
      assert.equal(events.at(-1)?.type, "finish");
      for (const type of ["start", "finish"])
        assert.equal(events.filter((event) => event.type === type).length, 1);
      const result = await stream.result;
      assert.notEqual(result.text, "");
      assert.equal(events.map((event) => (event.type === "text" ? event.text : "")).join(""), result.text);
      const end = events.at(-1);
      assert.equal(end?.type === "finish" && end.reason, result.finishReason);
    },
  ],
  [
    "returns the result of a stream without a loop",
    async (backend) => assert.notEqual((await backend.stream(counting).result).text, ""),
  ],
  [
    "allows only one loop over a stream",
    async (backend) => {
      const stream = backend.stream(counting);
      await collect(stream);
      await assert.rejects(collect(stream), { code: "already_iterated" });
    },
  ],
  [
    "rejects the result of a stream that was left, with the partial text, and keeps working",
    async (backend) => {
      const stream = backend.stream(counting);
      let seen = "";
      for await (const event of stream) {
        if (event.type !== "text") continue;
        seen = event.text;
        break;
      }
      await assert.rejects(
        stream.result,
        (error) =>
          InferenceError.isInstance(error) && error.kind === "interrupted" && error.partial?.text === seen,
      );
      assert.notEqual((await backend.generate(counting)).text, "");
    },
  ],
  [
    "ends a stream with the reason of an abort in its middle",
    async (backend) => {
      const controller = new AbortController();
      const reason = new Error("enough");
      const stream = backend.stream(counting, { signal: controller.signal });
      const reading = (async () => {
        for await (const event of stream) if (event.type === "text") controller.abort(reason);
      })();
      await assert.rejects(reading, (error) => error === reason);
      await assert.rejects(stream.result, (error) => error === reason);
    },
  ],
];

const refusalPromises: readonly Promised[] = [
  [
    "refuses a request without messages",
    (backend) => refusesBothWays(backend, { messages: [] }, { name: "ConfigurationError" }),
  ],
  [
    "rejects every call with the reason of a signal that is already aborted",
    async (backend) => {
      const reason = new Error("too late");
      const options = { signal: AbortSignal.abort(reason) };
      for (const call of everyCall(backend, options)) await assert.rejects(call, (error) => error === reason);
    },
  ],
  [
    "rejects a running call with the reason of the abort",
    async (backend) => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const answer = backend.generate(counting, { signal: controller.signal });
      controller.abort(reason);
      await assert.rejects(answer, (error) => error === reason);
    },
  ],
  [
    "rejects immediately if the deadline has passed",
    async (backend) => {
      const options = { deadlineAt: Date.now() - 1 };
      await assert.rejects(backend.generate(counting, options), { code: "timeout" });
      await assert.rejects(backend.stream(counting, options).result, { code: "timeout" });
    },
  ],
];

const closePromises: readonly Promised[] = [
  [
    "closes twice, and then rejects every call with `closed`",
    async (backend) => {
      await backend.close();
      await backend.close();
      for (const call of everyCall(backend)) await assert.rejects(call, { code: "closed" });
    },
  ],
];

function everyCall(
  backend: InferenceBackend,
  options?: InferenceCallOptions,
): readonly (() => Promise<unknown>)[] {
  return [
    () => backend.capabilities(options),
    () => backend.generate(counting, options),
    () => backend.stream(counting, options).result,
    () => collect(backend.stream(counting, options)),
    () => backend.countTokens(counting, options),
    () => backend.health(options),
  ];
}

async function collect(stream: GenerationStream): Promise<GenerationEvent[]> {
  const events: GenerationEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
