import assert from "node:assert/strict";
import {
  constrained,
  counting,
  picture,
  refusesBothWays,
  schema,
  toolUse,
  unsupported,
  withLogprobs,
  type Promised,
} from "./contract-requests.ts";

/** Promises about capabilities: a backend supports what they declare and refuses the rest. */
export const capabilityPromises: readonly Promised[] = [
  [
    "describes its capabilities, and the same way again",
    async (backend) => {
      const capabilities = await backend.capabilities();
      assert.notEqual(capabilities.model, "");
      assert.deepEqual(await backend.capabilities(), capabilities);
    },
  ],
  [
    "counts a longer request as more tokens, or refuses to count as its capabilities say",
    async (backend) => {
      const { countsTokens } = await backend.capabilities();
      if (!countsTokens) return assert.rejects(backend.countTokens(counting), unsupported("countsTokens"));
      const [message] = counting.messages;
      assert.ok(message);
      const one = await backend.countTokens(counting);
      const two = await backend.countTokens({ ...counting, messages: [message, message] });
      assert.ok(Number.isInteger(one) && one > 0 && two > one, `${one} and ${two}`);
    },
  ],
  [
    "answers with JSON that satisfies the schema, or refuses one as its capabilities say",
    async (backend) => {
      const { jsonSchema } = await backend.capabilities();
      if (!jsonSchema) return refusesBothWays(backend, schema, unsupported("jsonSchema"));
      const answer: unknown = JSON.parse((await backend.generate(schema)).text);
      assert.ok(typeof answer === "object" && answer !== null && "answer" in answer);
      assert.equal(typeof answer.answer, "boolean");
    },
  ],
  [
    "answers about an image, or refuses one as its capabilities say",
    async (backend) => {
      const { vision } = await backend.capabilities();
      if (!vision) return refusesBothWays(backend, picture, unsupported("vision"));
      assert.notEqual((await backend.generate(picture)).text, "");
    },
  ],
  [
    "calls a tool that it must call, or refuses tools as its capabilities say",
    async (backend) => {
      const { tools } = await backend.capabilities();
      if (tools !== true) return refusesBothWays(backend, toolUse, unsupported("tools"));
      const { toolCalls = [], finishReason } = await backend.generate(toolUse);
      const [call] = toolCalls;
      assert.ok(call, "no call");
      assert.equal(call.name, "weather");
      assert.notEqual(call.id, "");
      const given: unknown = JSON.parse(call.arguments);
      assert.ok(typeof given === "object" && given !== null && "city" in given);
      assert.equal(finishReason, "tool-calls");
    },
  ],
  [
    "calls the tool that the request names, or refuses a name as its capabilities say",
    async (backend) => {
      const { tools, namedToolChoice } = await backend.capabilities();
      if (tools !== true) return;
      const request = { ...toolUse, toolChoice: { name: "weather" } };
      if (namedToolChoice !== true) return refusesBothWays(backend, request, unsupported("namedToolChoice"));
      assert.equal((await backend.generate(request)).toolCalls?.[0]?.name, "weather");
    },
  ],
  [
    "keeps its text to a grammar of each syntax that its capabilities name, and refuses the others",
    async (backend) => {
      const { grammars = [] } = await backend.capabilities();
      for (const request of constrained) {
        if (grammars.includes(request.grammar.syntax))
          assert.match((await backend.generate(request)).text, /^(yes|no)$/);
        else await refusesBothWays(backend, request, unsupported("grammars"));
      }
    },
  ],
  [
    "returns log-probabilities of its tokens, or refuses them as its capabilities say",
    async (backend) => {
      const { logprobs: can } = await backend.capabilities();
      if (can !== true) return refusesBothWays(backend, withLogprobs, unsupported("logprobs"));
      const { logprobs = [], text } = await backend.generate(withLogprobs);
      assert.ok(logprobs.length > 0, "no log-probability");
      assert.ok(
        logprobs
          .map(({ token }) => token)
          .join("")
          .startsWith(text.trimEnd()),
        text,
      );
      for (const { logprob, top } of logprobs) {
        assert.ok(Number.isFinite(logprob) && logprob <= 0, String(logprob));
        assert.ok(top.length <= 2);
      }
    },
  ],
  [
    "is healthy, and reports how long the check took",
    async (backend) => {
      const { status, latencyMs } = await backend.health();
      assert.equal(status, "ok");
      assert.ok(latencyMs >= 0);
    },
  ],
];
