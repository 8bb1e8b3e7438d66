import assert from "node:assert/strict";
import { BinnacleError } from "../errors/binnacle-error.ts";
import type { InferenceCallOptions } from "../spec/call-options.ts";
import type { Reranker, RerankResult } from "../spec/reranker.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

const query = "When does the harbour master read the tide tables?";
const answer = "The harbour master reads the tide tables when the morning bell rings.";
const other = "Bread rises in a warm kitchen.";
const unicode = "naïve café 🙂 日本語 e\u0301";

/**
 * The contract of rerankers. The model must prefer a sentence with the query's words to one about bread. The
 * contract makes no other assumption about the model.
 */
export function rerankerContract(create: () => Promise<Reranker>): readonly ContractCase[] {
  return contractCases(create, (reranker) => reranker.close(), [...scorePromises, ...callPromises]);
}

type Promised = readonly [name: string, body: (reranker: Reranker) => Promise<void>];

const scorePromises: readonly Promised[] = [
  [
    "describes itself, and the same way again",
    async (reranker) => {
      const info = await reranker.describe();
      assert.notEqual(info.model, "");
      for (const count of [info.maxItems, info.concurrency])
        assert.ok(Number.isInteger(count) && count >= 1, String(count));
      assert.deepEqual(await reranker.describe(), info);
    },
  ],
  [
    "returns a score per document, in order, and a higher score for the document that answers",
    async (reranker) => {
      const [first = 0, second = 0] = scores(await reranker.rerank(query, [other, answer]));
      assert.ok(second > first, `${second} for the answer, ${first} for the other`);
    },
  ],
  [
    "returns scores from 0 to 1 if it promises probabilities",
    async (reranker) => {
      const { scores: kind } = await reranker.describe();
      for (const score of scores(await reranker.rerank(query, [other, answer, unicode])))
        if (kind === "probability") assert.ok(score >= 0 && score <= 1, String(score));
    },
  ],
  [
    "returns no outcomes for no documents",
    async (reranker) => assert.deepEqual((await reranker.rerank(query, [])).outcomes, []),
  ],
  [
    "keeps the order, even in a list longer than its batches",
    async (reranker) => {
      const { maxItems } = await reranker.describe();
      const count = Math.min(2 * maxItems, 200) + 1;
      const documents = Array.from({ length: count }, (_, index) => (index === count - 1 ? answer : other));
      const all = scores(await reranker.rerank(query, documents));
      assert.equal(all.length, count);
      assert.equal(all.indexOf(Math.max(...all)), count - 1);
    },
  ],
  [
    "reports an empty document in its own outcome",
    async (reranker) => {
      const { outcomes } = await reranker.rerank(query, [answer, " ", other]);
      assert.equal(outcomes.length, 3);
      assert.ok(BinnacleError.isInstance(outcomes[1]), "the empty document has no error");
      assert.ok(typeof outcomes[0] === "number" && typeof outcomes[2] === "number", "a good document failed");
    },
  ],
];

const callPromises: readonly Promised[] = [
  [
    "refuses an empty query",
    (reranker) => assert.rejects(reranker.rerank(" ", [answer]), { name: "ConfigurationError" }),
  ],
  [
    "rejects every call with the reason of a signal that is already aborted",
    async (reranker) => {
      const reason = new Error("too late");
      const options = { signal: AbortSignal.abort(reason) };
      for (const call of everyCall(reranker, options))
        await assert.rejects(call, (error) => error === reason);
    },
  ],
  [
    "rejects a running call with the reason of the abort",
    async (reranker) => {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      const result = reranker.rerank(query, [answer, other], { signal: controller.signal });
      controller.abort(reason);
      await assert.rejects(result, (error) => error === reason);
    },
  ],
  [
    "rejects immediately if the deadline has passed",
    (reranker) =>
      assert.rejects(reranker.rerank(query, [answer], { deadlineAt: Date.now() - 1 }), { code: "timeout" }),
  ],
  [
    "closes twice, and then rejects every call with `closed`",
    async (reranker) => {
      await reranker.close();
      await reranker.close();
      for (const call of everyCall(reranker)) await assert.rejects(call, { code: "closed" });
    },
  ],
];

function everyCall(reranker: Reranker, options?: InferenceCallOptions): readonly (() => Promise<unknown>)[] {
  return [() => reranker.describe(options), () => reranker.rerank(query, [answer], options)];
}

function scores({ outcomes }: RerankResult): readonly number[] {
  return outcomes.map((outcome) => {
    assert.ok(typeof outcome === "number" && Number.isFinite(outcome), String(outcome));
    return outcome;
  });
}
