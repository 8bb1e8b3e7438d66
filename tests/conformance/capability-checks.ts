import assert from "node:assert/strict";
import {
  UnsupportedError,
  type GenerateRequest,
  type Generation,
  type InferenceBackend,
} from "@binnacle/core";
import type { RunningServer } from "./conformance-server.ts";

/** One row of the table. Returns the cell's text, and rejects if the server breaks the row's promise. */
export interface CapabilityCheck {
  /** Title of the row, such as `JSON Schema`. */
  readonly capability: string;
  run(server: RunningServer): Promise<string>;
}

const question = { role: "user" as const, content: "Is the sky blue? Answer yes or no." };
const weather = {
  name: "get_weather",
  description: "Returns the weather of a city.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const asked = { role: "user" as const, content: "What is the weather in Paris?" };
// 32 × 32 white pixels.
const png =
  "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJklEQVR42u3NMQ0AAAwDoPo33arYsQQMkB6LQCAQCAQCgUAg+BIMi1X0ptsIcT0AAAAASUVORK5CYII=";

/** The rows of the table. A capability either works or is refused with an `UnsupportedError`. */
export const capabilityChecks: readonly CapabilityCheck[] = [
  fact("context tokens", async (backend) =>
    String((await backend.capabilities()).contextTokens ?? "unknown"),
  ),
  fact("slots", async (backend) => String((await backend.capabilities()).slots ?? "unknown")),
  fact("exact token counts", async (backend) => {
    const request = { messages: [question], maxTokens: 1, temperature: 0 };
    if (!(await backend.capabilities()).countsTokens) {
      await assert.rejects(backend.countTokens(request), { name: "UnsupportedError" });
      return "refused";
    }
    const { usage } = await backend.generate(request);
    assert.equal(await backend.countTokens(request), usage?.promptTokens);
    return "yes";
  }),
  request(
    "JSON Schema",
    {
      messages: [question],
      jsonSchema: {
        type: "object",
        properties: { answer: { enum: ["yes", "no"] } },
        required: ["answer"],
        additionalProperties: false,
      },
    },
    ({ text }) => assert.match(JSON.parse(text).answer, /^(yes|no)$/),
  ),
  request(
    "grammar: choice",
    { messages: [question], grammar: { syntax: "choice", choices: ["yes", "no"] } },
    ({ text }) => assert.match(text, /^(yes|no)$/),
  ),
  request(
    "grammar: regex",
    { messages: [question], grammar: { syntax: "regex", pattern: "(yes|no)!" } },
    ({ text }) => assert.match(text, /^(yes|no)!$/),
  ),
  request(
    "grammar: gbnf",
    { messages: [question], grammar: { syntax: "gbnf", grammar: 'root ::= "yes" | "no"' } },
    ({ text }) => assert.match(text, /^(yes|no)$/),
  ),
  request(
    "grammar: ebnf",
    { messages: [question], grammar: { syntax: "ebnf", grammar: 'root ::= "yes" | "no"' } },
    ({ text }) => assert.match(text, /^(yes|no)$/),
  ),
  request("tools", { messages: [asked], tools: [weather], toolChoice: "required" }, callsWeather),
  request(
    "tool choice by name",
    { messages: [asked], tools: [weather], toolChoice: { name: weather.name } },
    callsWeather,
  ),
  request("log-probabilities", { messages: [question], maxTokens: 4, logprobs: 2 }, ({ logprobs = [] }) => {
    assert.ok(logprobs.length > 0, "no log-probabilities");
    for (const { logprob, top } of logprobs) assert.ok(logprob <= 0 && top.length === 2, String(top.length));
  }),
  request(
    "images in a prompt",
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image", image: { mediaType: "image/png", data: Buffer.from(png, "base64") } },
          ],
        },
      ],
    },
    ({ finishReason }) => assert.ok(finishReason),
  ),
  request("adapters", { messages: [question], adapter: "none-of-this-name" }, () =>
    assert.fail("the server answered with an adapter that it does not have"),
  ),
  {
    capability: "embeddings",
    async run({ embedder }) {
      if (embedder === undefined) return "–";
      await using subject = await embedder();
      const { space, accepts } = await subject.describe();
      return `${space.dimensions} numbers, ${accepts.join(", ")}`;
    },
  },
  {
    capability: "reranking",
    async run({ reranker }) {
      if (reranker === undefined) return "–";
      await using subject = await reranker();
      return (await subject.describe()).scores;
    },
  },
];

function fact(capability: string, ask: (backend: InferenceBackend) => Promise<string>): CapabilityCheck {
  return {
    capability,
    async run({ backend }) {
      if (backend === undefined) return "–";
      await using subject = await backend();
      return await ask(subject); // before the backend closes
    },
  };
}

function request(
  capability: string,
  sent: GenerateRequest,
  check: (generation: Generation) => void,
): CapabilityCheck {
  return fact(capability, async (backend) => {
    try {
      check(await backend.generate({ temperature: 0, maxTokens: 60, ...sent }));
      return "yes";
    } catch (error) {
      if (UnsupportedError.isInstance(error)) return "refused";
      throw error;
    }
  });
}

function callsWeather({ finishReason, toolCalls = [] }: Generation): void {
  assert.equal(finishReason, "tool-calls");
  assert.equal(toolCalls[0]?.name, weather.name);
  assert.equal(typeof JSON.parse(toolCalls[0]?.arguments ?? ""), "object");
}
